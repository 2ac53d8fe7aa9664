/* operations_mathematics.c - differentiable functions of one number: exp, log, sin, …, and parts of complex ones */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row is the function, its kernel, its continuation to complex numbers, and its derivative as a node. */
#include <math.h>
#include <string.h>

#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"
#include "val/basic.h"
#include "val/operations.h"

/* The derivative of `name` at x, given that node is its value. */
#define PARTIAL(id, expression)                                       \
  static ThNodeId id##_partial(ThGraph *g, ThNodeId node, size_t k) { \
    ThNodeId x = th_node_input(g, node, 0);                           \
    (void)k, (void)x;                                                 \
    return (expression);                                              \
  }
/* The kernel of a function that has none of its own. */
#define MAP(id, f) \
  static void id##_map(size_t n, const double *x, double *y) { th_kernel_map(n, f, x, y); }
#define ROW(id, kernel, scalar, complex_scalar)                             \
  static const ThElementwise id##_element = {.unary = kernel,               \
                                             .one = scalar,                 \
                                             .complex_one = complex_scalar, \
                                             .result = TH_COMPLEX,          \
                                             .partial = id##_partial};      \
  const ThOperation th_op_##id = {.name = #id, .elementwise = &id##_element};

static ThNodeId inverse(ThGraph *g, ThNodeId x) { return th_power_to(g, x, -1); }
static ThNodeId square(ThGraph *g, ThNodeId x) { return th_power_to(g, x, 2); }
static ThNodeId one_minus_square(ThGraph *g, ThNodeId x) {
  return th_subtract(g, th_graph_number(g, 1), square(g, x));
}
static ThNodeId one_plus_square(ThGraph *g, ThNodeId x) { return th_shift(g, square(g, x), 1); }
static ThNodeId apply(ThGraph *g, const ThOperation *operation, ThNodeId x) {
  return th_graph_unary(g, operation, x);
}

/* --- Powers, exponentials, logarithms */

static double square_one(double x) { return x * x; }
static double complex square_complex(double complex z) { return z * z; }
static double reciprocal_one(double x) { return 1 / x; }
static double complex reciprocal_complex(double complex z) { return 1 / z; }
static void reciprocals(size_t n, const double *x, double *y) {
  static const double one = 1;
  th_kernel_divide(n, &one, 0, x, 1, y);
}
static double complex log2_complex(double complex z) { return clog(z) / TH_LOG_2; }
static double complex log10_complex(double complex z) { return clog(z) * 0.4342944819032518276511289; }
static double complex expm1_complex(double complex z) { return th_special_expm1_complex(creal(z), cimag(z)); }
static double complex log1p_complex(double complex z) { return clog(1 + z); }
MAP(cbrt, cbrt)

PARTIAL(exp, node)
PARTIAL(expm1, th_shift(g, node, 1))
PARTIAL(log, inverse(g, x))
PARTIAL(log2, th_scale(g, 1 / TH_LOG_2, inverse(g, x)))
PARTIAL(log10, th_scale(g, 0.4342944819032518276511289, inverse(g, x))) /* 1/log 10 */
PARTIAL(log1p, inverse(g, th_shift(g, x, 1)))
PARTIAL(sqrt, th_scale(g, 0.5, inverse(g, node)))
PARTIAL(cbrt, th_scale(g, 1.0 / 3, inverse(g, square(g, node))))
PARTIAL(square, th_scale(g, 2, x))
PARTIAL(reciprocal, th_negate(g, square(g, node)))

ROW(exp, th_kernel_exp, exp, cexp)
ROW(expm1, th_kernel_expm1, expm1, expm1_complex)
ROW(log, th_kernel_log, log, clog)
ROW(log2, th_kernel_log2, log2, log2_complex)
ROW(log10, th_kernel_log10, log10, log10_complex)
ROW(log1p, th_kernel_log1p, log1p, log1p_complex)
ROW(sqrt, th_kernel_sqrt, sqrt, csqrt)
ROW(cbrt, cbrt_map, cbrt, NULL)
ROW(square, th_kernel_square, square_one, square_complex)
ROW(reciprocal, reciprocals, reciprocal_one, reciprocal_complex)

/* --- Circular and hyperbolic functions */

PARTIAL(sin, apply(g, &th_op_cos, x))
PARTIAL(cos, th_negate(g, apply(g, &th_op_sin, x)))
PARTIAL(tan, one_plus_square(g, node))
PARTIAL(asin, inverse(g, apply(g, &th_op_sqrt, one_minus_square(g, x))))
PARTIAL(acos, th_negate(g, inverse(g, apply(g, &th_op_sqrt, one_minus_square(g, x)))))
PARTIAL(atan, inverse(g, one_plus_square(g, x)))
PARTIAL(sinh, apply(g, &th_op_cosh, x))
PARTIAL(cosh, apply(g, &th_op_sinh, x))
PARTIAL(tanh, one_minus_square(g, node))
PARTIAL(asinh, inverse(g, apply(g, &th_op_sqrt, one_plus_square(g, x))))
PARTIAL(acosh, inverse(g, th_multiply(g, apply(g, &th_op_sqrt, th_shift(g, x, -1)),
                                      apply(g, &th_op_sqrt, th_shift(g, x, 1)))))
PARTIAL(atanh, inverse(g, one_minus_square(g, x)))

ROW(sin, th_kernel_sin, sin, csin)
ROW(cos, th_kernel_cos, cos, ccos)
ROW(tan, th_kernel_tan, tan, ctan)
ROW(asin, th_kernel_asin, asin, casin)
ROW(acos, th_kernel_acos, acos, cacos)
ROW(atan, th_kernel_atan, atan, catan)
ROW(sinh, th_kernel_sinh, sinh, csinh)
ROW(cosh, th_kernel_cosh, cosh, ccosh)
ROW(tanh, th_kernel_tanh, tanh, ctanh)
ROW(asinh, th_kernel_asinh, asinh, casinh)
ROW(acosh, th_kernel_acosh, acosh, cacosh)
ROW(atanh, th_kernel_atanh, atanh, catanh)

/* --- Smooth and broken ramps */

/* σ' = σ (1 - σ), as σ(x) σ(-x) so that neither tail cancels */
PARTIAL(sigmoid, th_multiply(g, node, apply(g, &th_op_sigmoid, th_negate(g, x))))
PARTIAL(softplus, apply(g, &th_op_sigmoid, x))
PARTIAL(log_sigmoid, apply(g, &th_op_sigmoid, th_negate(g, x)))
PARTIAL(relu, th_graph_binary(g, &th_op_greater, x, th_graph_number(g, 0)))
static double relu_one(double x) { return x > 0 || x != x ? x : 0; }
MAP(log_sigmoid, th_special_log_sigmoid)

ROW(sigmoid, th_kernel_sigmoid, th_special_sigmoid, NULL)
ROW(softplus, th_kernel_softplus, th_special_log1pexp, NULL)
ROW(log_sigmoid, log_sigmoid_map, th_special_log_sigmoid, NULL)
ROW(relu, th_kernel_relu, relu_one, NULL)

/* --- Steps: piecewise constant */

static double sign_one(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
MAP(sign, sign_one)
MAP(round, round)
PARTIAL(sign, TH_ZERO)
PARTIAL(floor, TH_ZERO)
PARTIAL(ceil, TH_ZERO)
PARTIAL(round, TH_ZERO)
ROW(sign, sign_map, sign_one, NULL)
ROW(floor, th_kernel_floor, floor, NULL)
ROW(ceil, th_kernel_ceil, ceil, NULL)
ROW(round, round_map, round, NULL)

/* --- The same number again: a node that may be differentiated by alone */

static double same(double x) { return x; }
static double complex same_complex(double complex z) { return z; }
static void copy(size_t n, const double *x, double *y) { memmove(y, x, n * sizeof *x); }
PARTIAL(copy, th_graph_number(g, 1))
ROW(copy, copy, same, same_complex)

/* --- Parts of complex numbers. None has a complex derivative: the rules are written out, for cotangents that are
 * ∂L/∂x + i ∂L/∂y. Of real numbers re, conj are the number, im is 0, abs is |x|, arg 0 or π. */

ThNodeId th_imaginary_unit(ThGraph *g) {
  ThComplex i = {.object = {.kind = &th_complex_kind, .references = 1}, .value = TH_I};
  return th_graph_constant(g, th_object(&i));
}
static bool is_complex(const ThGraph *g, ThNodeId id) { return th_node(g, id)->element == TH_COMPLEX; }

#define PART(id, kernel, scalar, complex_scalar, kind)                      \
  static const ThElementwise id##_element = {.unary = kernel,               \
                                             .one = scalar,                 \
                                             .complex_one = complex_scalar, \
                                             .result = kind,                \
                                             .partial = id##_partial};      \
  const ThOperation th_op_##id = {.name = #id,                              \
                                  .elementwise = &id##_element,             \
                                  .pullback = id##_pullback,                \
                                  .pushforward = id##_pushforward};
#define RULE(id) static ThNodeId id##_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k)
#define TANGENT(id) static ThNodeId id##_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents)

static double complex re_complex(double complex z) { return creal(z); }
static double complex im_complex(double complex z) { return cimag(z); }
static double complex abs_complex(double complex z) { return cabs(z); }
static double complex arg_complex(double complex z) { return carg(z); }
static double nothing_one(double x) { return x != x ? x : 0; }
static double arg_one(double x) { return x < 0 ? TH_PI : nothing_one(x); }
MAP(im, nothing_one)
MAP(arg, arg_one)

PARTIAL(re, th_graph_number(g, 1))
PARTIAL(im, TH_ZERO)
PARTIAL(conj, th_graph_number(g, 1))
PARTIAL(abs, apply(g, &th_op_sign, x))
PARTIAL(arg, TH_ZERO)

RULE(re) {
  (void)g, (void)node, (void)k;
  return cotangent;
}
TANGENT(re) {
  (void)node;
  return apply(g, &th_op_re, tangents[0]);
}
RULE(im) {
  (void)k;
  if (!is_complex(g, th_node_input(g, node, 0))) return TH_ZERO;
  return th_multiply(g, th_imaginary_unit(g), cotangent);
}
TANGENT(im) {
  (void)node;
  return apply(g, &th_op_im, tangents[0]);
}
RULE(conj) {
  (void)node, (void)k;
  return apply(g, &th_op_conj, cotangent);
}
TANGENT(conj) {
  (void)node;
  return apply(g, &th_op_conj, tangents[0]);
}

/* z/|z|, 0 at 0 */
static ThNodeId direction(ThGraph *g, ThNodeId z, ThNodeId modulus) {
  ThNodeId is_some = th_graph_binary(g, &th_op_not_equal, modulus, th_graph_number(g, 0));
  return th_graph_binary(g, &th_op_pick, is_some, th_divide(g, z, modulus));
}
RULE(abs) {
  ThNodeId x = th_node_input(g, node, 0);
  (void)k;
  return th_multiply(g, cotangent, is_complex(g, x) ? direction(g, x, node) : apply(g, &th_op_sign, x));
}
TANGENT(abs) {
  ThNodeId x = th_node_input(g, node, 0);
  if (!is_complex(g, x)) return th_multiply(g, tangents[0], apply(g, &th_op_sign, x));
  ThNodeId toward = apply(g, &th_op_conj, direction(g, x, node));
  return apply(g, &th_op_re, th_multiply(g, toward, tangents[0]));
}
/* arg z = Im log z: ∂arg/∂x + i ∂arg/∂y = (-y + ix)/|z|² = i z/|z|² = i/conj(z) */
RULE(arg) {
  ThNodeId x = th_node_input(g, node, 0);
  (void)k;
  if (!is_complex(g, x)) return TH_ZERO;
  return th_multiply(g, cotangent, th_divide(g, th_imaginary_unit(g), apply(g, &th_op_conj, x)));
}
TANGENT(arg) {
  ThNodeId x = th_node_input(g, node, 0);
  if (!is_complex(g, x)) return TH_ZERO;
  return apply(g, &th_op_im, th_divide(g, tangents[0], x));
}

PART(re, copy, same, re_complex, TH_DOUBLE)
PART(im, im_map, nothing_one, im_complex, TH_DOUBLE)
PART(conj, copy, same, conj, TH_COMPLEX)
PART(abs, th_kernel_abs, fabs, abs_complex, TH_DOUBLE)
PART(arg, arg_map, arg_one, arg_complex, TH_DOUBLE)

/* --- By name */

const ThOperation *th_operation_unary(const char *name) {
  static const ThOperation *const rows[] = {
      &th_op_exp,         &th_op_expm1, &th_op_log,     &th_op_log2, &th_op_log10, &th_op_log1p,
      &th_op_sqrt,        &th_op_cbrt,  &th_op_sin,     &th_op_cos,  &th_op_tan,   &th_op_asin,
      &th_op_acos,        &th_op_atan,  &th_op_sinh,    &th_op_cosh, &th_op_tanh,  &th_op_asinh,
      &th_op_acosh,       &th_op_atanh, &th_op_sigmoid, &th_op_relu, &th_op_sign,  &th_op_softplus,
      &th_op_log_sigmoid, &th_op_floor, &th_op_ceil,    &th_op_re,   &th_op_im,    &th_op_conj,
      &th_op_abs,         &th_op_arg};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i]->name, name) == 0) return rows[i];
  return NULL;
}
