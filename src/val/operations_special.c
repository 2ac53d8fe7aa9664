/* operations_special.c - differentiable special functions: gamma, beta, error functions, logarithms of sums */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row is the function and its derivative as a node, written so that it is accurate in the tails too. */
#include "val/operations_special.h"

#include <math.h>
#include <string.h>

#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"

#define ROW(id, f, kernel)                                                      \
  static const ThElementwise id##_element = {                                   \
      .unary = kernel, .one = f, .result = TH_DOUBLE, .partial = id##_partial}; \
  static const ThOperation op_##id = {.name = #id, .elementwise = &id##_element};
#define MAP(id, f) \
  static void id##_map(size_t n, const double *x, double *y) { th_kernel_map(n, f, x, y); }
/* The derivative at x, given that node is the value; and of two arguments, (x, y), by the k-th. */
#define PARTIAL(id, expression)                                       \
  static ThNodeId id##_partial(ThGraph *g, ThNodeId node, size_t k) { \
    ThNodeId x = th_node_input(g, node, 0);                           \
    (void)k, (void)x;                                                 \
    return (expression);                                              \
  }
#define PARTIALS(id, by_x, by_y)                                           \
  static ThNodeId id##_partial(ThGraph *g, ThNodeId node, size_t k) {      \
    ThNodeId x = th_node_input(g, node, 0), y = th_node_input(g, node, 1); \
    return k == 0 ? (by_x) : (by_y);                                       \
  }
#define PAIR(id, f)                                                                 \
  TH_PAIR_LOOP(id, f)                                                               \
  static const ThElementwise id##_element = {                                       \
      .binary = id##_loop, .two = f, .result = TH_DOUBLE, .partial = id##_partial}; \
  static const ThOperation op_##id = {.name = #id, .elementwise = &id##_element};

static ThNodeId apply(ThGraph *g, const ThOperation *operation, ThNodeId x) {
  return th_graph_unary(g, operation, x);
}
/* factor · e^(sign x²) */
static ThNodeId bell(ThGraph *g, double factor, double sign, ThNodeId x) {
  return th_scale(g, factor, apply(g, &th_op_exp, th_scale(g, sign, th_power_to(g, x, 2))));
}

/* --- Gamma, beta, and counts */

static const ThOperation op_digamma, op_trigamma;

static ThNodeId digamma(ThGraph *g, ThNodeId x) { return apply(g, &op_digamma, x); }
static ThNodeId digamma_after(ThGraph *g, ThNodeId x) { return digamma(g, th_shift(g, x, 1)); }

MAP(gamma, th_special_gamma)
MAP(lgamma, th_special_lgamma)
MAP(digamma, th_special_digamma)
MAP(trigamma, th_special_trigamma)
MAP(factorial, th_special_factorial)
MAP(lfactorial, th_special_lfactorial)
PARTIAL(gamma, th_multiply(g, node, digamma(g, x)))
PARTIAL(lgamma, digamma(g, x))
PARTIAL(digamma, apply(g, &op_trigamma, x))
PARTIAL(trigamma, th_polygamma(g, 2, x))
PARTIAL(factorial, th_multiply(g, node, digamma_after(g, x)))
PARTIAL(lfactorial, digamma_after(g, x))
ROW(gamma, th_special_gamma, gamma_map)
ROW(lgamma, th_special_lgamma, lgamma_map)
ROW(digamma, th_special_digamma, digamma_map)
ROW(trigamma, th_special_trigamma, trigamma_map)
ROW(factorial, th_special_factorial, factorial_map)
ROW(lfactorial, th_special_lfactorial, lfactorial_map)

/* ∂ log B/∂a = ψ(a) - ψ(a + b) */
static ThNodeId minus_rise(ThGraph *g, ThNodeId a, ThNodeId b) {
  return th_negate(g, th_digamma_rise(g, a, b));
}
/* n - k + 1 of n over k = Γ(n + 1)/(Γ(k + 1) Γ(n - k + 1)) */
static ThNodeId rest_of(ThGraph *g, ThNodeId n, ThNodeId k) { return th_shift(g, th_subtract(g, n, k), 1); }
static ThNodeId choices_by_k(ThGraph *g, ThNodeId n, ThNodeId k) {
  return th_subtract(g, digamma(g, rest_of(g, n, k)), digamma_after(g, k));
}

PARTIALS(lbeta, minus_rise(g, x, y), minus_rise(g, y, x))
PARTIALS(beta, th_multiply(g, node, minus_rise(g, x, y)), th_multiply(g, node, minus_rise(g, y, x)))
PARTIALS(lchoose, th_digamma_rise(g, rest_of(g, x, y), y), choices_by_k(g, x, y))
PARTIALS(choose, th_multiply(g, node, th_digamma_rise(g, rest_of(g, x, y), y)), TH_ZERO)
PAIR(lbeta, th_special_lbeta)
PAIR(beta, th_special_beta)
PAIR(lchoose, th_special_lchoose)
PAIR(choose, th_special_choose)

PARTIALS(gamma_p, th_gamma_p_shape(g, x, y), th_gamma_density(g, x, y))
PARTIALS(gamma_q, th_negate(g, th_gamma_p_shape(g, x, y)), th_negate(g, th_gamma_density(g, x, y)))
PAIR(gamma_p, th_special_gamma_p)
PAIR(gamma_q, th_special_gamma_q)

/* --- The error function and its kin */

#define ROOT_PI 1.7724538509055160272981674833411

MAP(erfc, th_special_erfc)
MAP(erfcx, th_special_erfcx)
MAP(erfinv, th_special_erfinv)
MAP(erfcinv, th_special_erfcinv)
PARTIAL(erf, bell(g, 2 / ROOT_PI, -1, x))
PARTIAL(erfc, bell(g, -2 / ROOT_PI, -1, x))
PARTIAL(erfcx, th_erfcx_derivative(g, 1, x))
PARTIAL(erfinv, bell(g, ROOT_PI / 2, 1, node))
PARTIAL(erfcinv, bell(g, -ROOT_PI / 2, 1, node))
ROW(erf, th_special_erf, th_kernel_erf)
ROW(erfc, th_special_erfc, erfc_map)
ROW(erfcx, th_special_erfcx, erfcx_map)
ROW(erfinv, th_special_erfinv, erfinv_map)
ROW(erfcinv, th_special_erfcinv, erfcinv_map)

/* --- Logarithms, sinc, zeta */

/* log y; x/y, but 0 for x = y = 0, as the function is there */
static ThNodeId quotient_but_of_zeros(ThGraph *g, ThNodeId x, ThNodeId y) {
  ThNodeId zero = th_graph_number(g, 0);
  ThNodeId some = th_graph_binary(g, &th_op_or, th_graph_binary(g, &th_op_not_equal, x, zero),
                                  th_graph_binary(g, &th_op_not_equal, y, zero));
  return th_graph_binary(g, &th_op_pick, some, th_divide(g, x, y));
}

MAP(logit, th_special_logit)
MAP(log1mexp, th_special_log1mexp)
MAP(sinc, th_special_sinc)
MAP(zeta, th_special_zeta)
PARTIAL(logit, th_power_to(g, th_multiply(g, x, th_subtract(g, th_graph_number(g, 1), x)), -1))
PARTIAL(log1mexp, th_divide(g, apply(g, &th_op_exp, x), apply(g, &th_op_expm1, x)))
PARTIAL(sinc, th_negate(g, th_spherical_bessel(g, 1, x)))
PARTIAL(zeta, th_zeta_derivative(g, 1, x))
PARTIALS(xlogy, apply(g, &th_op_log, y), quotient_but_of_zeros(g, x, y))
ROW(logit, th_special_logit, logit_map)
ROW(log1mexp, th_special_log1mexp, log1mexp_map)
ROW(sinc, th_special_sinc, sinc_map)
ROW(zeta, th_special_zeta, zeta_map)
PAIR(xlogy, th_special_xlogy)

/* --- By name */

const ThOperation *th_operation_special(const char *name) {
  static const ThOperation *const rows[] = {
      &op_gamma, &op_lgamma,     &op_digamma,    &op_trigamma,   &op_factorial, &op_lfactorial, &op_beta,
      &op_lbeta, &op_choose,     &op_lchoose,    &op_gamma_p,    &op_gamma_q,   &op_erf,        &op_erfc,
      &op_erfcx, &op_erfinv,     &op_erfcinv,    &op_logit,      &op_log1mexp,  &op_sinc,       &op_zeta,
      &op_xlogy, &th_op_bessel_j, &th_op_bessel_y, &th_op_bessel_i, &th_op_bessel_k};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i]->name, name) == 0) return rows[i];
  return NULL;
}
