/* lib_activation.c - built-ins: the bends between the layers of a network */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "lang/lib_support.h"
#include "learn/libs.h"
#include "num/kernels.h"
#include "num/softmax.h"
#include "num/special.h"

/* --- Element by element. Far below 0 gelu and silu vanish, also at -inf, where the product would be nan. */

static double relu(double x) { return x > 0 || x != x ? x : 0; }
static double gelu(double x) {
  double share = th_special_normal_cdf(x);
  return share == 0 ? 0 : x * share;
}
static double silu(double x) {
  double share = th_special_sigmoid(x);
  return share == 0 ? 0 : x * share;
}
static void silu_kernel(size_t n, const double *x, double *y) {
  th_kernel_sigmoid(n, x, y);
  for (size_t i = 0; i < n; i++) y[i] = y[i] == 0 ? 0 : x[i] * y[i];
}

static bool body_relu(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_map_real(cx, call, relu, th_kernel_relu, out);
}
static bool body_gelu(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_map_real(cx, call, gelu, NULL, out);
}
static bool body_silu(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_map_real(cx, call, silu, silu_kernel, out);
}

/* --- Over the last axis */

static bool map_rows(ThContext *cx, const ThCall *call, ThKernelUnary of_row, ThValue *out) {
  bool scalar;
  ThArray *x;
  if (!th_arg_real_array(cx, call, 0, &scalar, &x)) return false;
  ThArray *y = th_array_new(cx, TH_DOUBLE, x->rank, x->shape);
  size_t n = x->shape[x->rank - 1];
  bool ok = y != NULL;
  for (size_t i = 0; ok && i < x->length; i += n) {
    of_row(n, x->real + i, y->real + i);
    ok = th_poll_at(cx, i / n);
  }
  th_release(th_object(x));
  if (ok) *out = th_object(y);
  else if (y) th_release(th_object(y));
  return ok;
}

static bool body_softmax(ThContext *cx, const ThCall *call, ThValue *out) {
  return map_rows(cx, call, th_softmax, out);
}
static bool body_log_softmax(ThContext *cx, const ThCall *call, ThValue *out) {
  return map_rows(cx, call, th_log_softmax, out);
}

#define SECTION "networks"

const ThBuiltin th_lib_activation[] = {
    {"relu(x: real) -> real", body_relu, SECTION, "max(x, 0), element by element",
     "Its derivative at 0 is taken as 0.", "relu([-1.5, 0, 2.5])\n#> [0, 0, 2.5]", "gelu silu softplus max",
     relu},
    {"gelu(x: real) -> real", body_gelu, SECTION, "x Φ(x), with the normal distribution's cdf Φ",
     "Exact, not the approximation by tanh.", "gelu([-1, 0, 2])\n#> [-0.158655, 0, 1.9545]", "relu silu erf",
     gelu},
    {"silu(x: real) -> real", body_silu, SECTION, "x sigmoid(x), element by element", "Also called swish.",
     "silu([-1, 0, 2])\n#> [-0.268941, 0, 1.76159]", "relu gelu sigmoid", silu},
    {"softmax(x: array) -> array", body_softmax, SECTION, "exp(x)/sum(exp(x)) over the last axis",
     "Logits to probabilities: every row of the result, of the shape of x, sums to 1. The largest number of a row is "
     "subtracted first, so that nothing overflows.",
     "softmax([1, 2, 3])\n#> [0.0900306, 0.244728, 0.665241]\nsoftmax([1000, 1000; 0, log(3)])\n"
     "#> [0.5,  0.5;\n#>  0.25, 0.75]",
     "log_softmax cross_entropy_loss logsumexp sigmoid", NULL},
    {"log_softmax(x: array) -> array", body_log_softmax, SECTION,
     "log(softmax(x)), accurate for small probabilities", "Over the last axis: x - logsumexp(x) of each row.",
     "log_softmax([0, 1000])\n#> [-1000, 0]", "softmax cross_entropy_loss logsumexp", NULL},
    {0},
};
