/* trace_special.c - derivatives of special functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/trace_support.h"
#include "num/kernels.h"
#include "val/basic.h"
#include "val/operations_axis.h"
#include "val/operations_special.h"

static bool trace_one(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThOperation *operation = th_operation_special(call->name);
  return th_traced_give(cx, call, th_graph_unary(call->g, operation, th_traced_argument(call, 0)), out);
}

static bool trace_two(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThOperation *operation = th_operation_special(call->name);
  ThNodeId x = th_traced_argument(call, 0), y = th_traced_argument(call, 1);
  return th_traced_give(cx, call, th_graph_binary(call->g, operation, x, y), out);
}

/* Bessel functions, in x only: the derivatives by the order are other functions. */
static bool trace_bessel(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_trace_check_plain(cx, call, 0, "its order") && trace_two(cx, call, out);
}

/* --- choose(n, k) in n: for one small k the product of (n - j)/(j + 1), whose derivatives are right where it is 0 too;
 * else by digamma functions. k is whole. */

enum { SMALL = 64 };

static ThNodeId as_product(ThGraph *g, ThNodeId n, size_t k) {
  size_t shape[TH_MAX_RANK];
  const ThGraphNode *node = th_node(g, n);
  uint32_t rank = node->rank;
  if (rank) memcpy(shape, node->shape, rank * sizeof *shape);
  shape[rank] = 1;
  ThArray *steps = th_vector_new(g->cx, TH_DOUBLE, k);
  if (!steps) {
    g->failed = true;
    return 0;
  }
  for (size_t j = 0; j < k; j++) steps->real[j] = (double)j;
  ThNodeId j = th_graph_constant(g, th_object(steps));
  th_release(th_object(steps));
  ThNodeId factors = th_divide(g, th_subtract(g, th_reshape(g, n, rank + 1, shape), j), th_shift(g, j, 1));
  return th_reshape(g, th_product_axis(g, factors, rank), rank, shape);
}

static bool trace_choose(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  enum { N, K };
  if (!th_trace_check_plain(cx, call, K, "`k`, which is whole"))
    return th_hint(cx, "exp(lchoose(n, k)) is the same for any k between 0 and n");
  double k = th_is_scalar(call->args[K]) ? th_as_scalar(call->args[K]) : TH_MAX_RANK + SMALL;
  ThNodeId n = th_traced_argument(call, N);
  if (call->g->failed) return false;
  if (k < 1 || k > SMALL || th_node(call->g, n)->rank + 1 >= TH_MAX_RANK) return trace_two(cx, call, out);
  return th_traced_give(cx, call, as_product(call->g, n, (size_t)k), out);
}

static bool trace_logsumexp(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_lines(call, 0, 1, &axis);
  return th_trace_give_shaped(cx, call, th_logsumexp_axis(call->g, x, axis), out);
}

const ThTraceRule th_trace_special[] = {
    {"gamma", trace_one},
    {"lgamma", trace_one},
    {"digamma", trace_one},
    {"trigamma", trace_one},
    {"factorial", trace_one},
    {"lfactorial", trace_one},
    {"erf", trace_one},
    {"erfc", trace_one},
    {"erfcx", trace_one},
    {"erfinv", trace_one},
    {"erfcinv", trace_one},
    {"logit", trace_one},
    {"log1mexp", trace_one},
    {"sinc", trace_one},
    {"zeta", trace_one},
    {"beta", trace_two},
    {"lbeta", trace_two},
    {"lchoose", trace_two},
    {"choose", trace_choose},
    {"xlogy", trace_two},
    {"gamma_p", trace_two},
    {"gamma_q", trace_two},
    {"bessel_j", trace_bessel},
    {"bessel_y", trace_bessel},
    {"bessel_i", trace_bessel},
    {"bessel_k", trace_bessel},
    {"logsumexp", trace_logsumexp},
    {0},
};
