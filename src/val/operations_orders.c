/* operations_orders.c - differentiable families of special functions with an order: polygamma, Bessel, … */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order is a constant, as the first of two inputs. */
#include <math.h>

#include "num/real.h"
#include "num/special.h"
#include "num/special_derivatives.h"
#include "val/operations_special.h"

#define ORDER(g, node) th_node_input(g, node, 0)
#define ARGUMENT(g, node) th_node_input(g, node, 1)

#define FAMILY(id, text, f)                                                         \
  TH_PAIR_LOOP(id, f)                                                               \
  static const ThElementwise id##_element = {                                       \
      .binary = id##_loop, .two = f, .result = TH_DOUBLE, .partial = id##_partial}; \
  static const ThOperation op_##id = {.name = text, .elementwise = &id##_element};

static ThNodeId member(ThGraph *g, const ThOperation *family, double n, ThNodeId x) {
  return g->failed ? 0 : th_graph_binary(g, family, th_graph_number(g, n), x);
}
/* The order of a member that `member` made. */
static double order_of(const ThGraph *g, ThNodeId node) { return th_node(g, ORDER(g, node))->number[0]; }

/* --- Families of which the derivative is the next member */

#define CLIMBING(id, text, f)                                                                \
  static ThNodeId id##_partial(ThGraph *g, ThNodeId node, size_t k) {                        \
    if (k == 0) return TH_ZERO;                                                              \
    return member(g, th_node(g, node)->operation, order_of(g, node) + 1, ARGUMENT(g, node)); \
  }                                                                                          \
  FAMILY(id, text, f)

CLIMBING(polygamma, "trigamma", th_special_polygamma_of)
CLIMBING(erfcx, "erfcx", th_special_erfcx_derivative)
CLIMBING(zeta, "zeta", th_special_zeta_derivative)

ThNodeId th_polygamma(ThGraph *g, double n, ThNodeId x) { return member(g, &op_polygamma, n, x); }
ThNodeId th_erfcx_derivative(ThGraph *g, double n, ThNodeId x) { return member(g, &op_erfcx, n, x); }
ThNodeId th_zeta_derivative(ThGraph *g, double n, ThNodeId s) { return member(g, &op_zeta, n, s); }

/* --- Spherical Bessel functions: j_n' = (n j_(n-1) - (n+1) j_(n+1))/(2n + 1) (NIST Handbook 2010, 10.51.1) */

static ThNodeId spherical_partial(ThGraph *g, ThNodeId node, size_t k) {
  double n = order_of(g, node);
  ThNodeId x = ARGUMENT(g, node);
  if (k == 0) return TH_ZERO;
  ThNodeId below = n > 0 ? th_scale(g, n / (2 * n + 1), th_spherical_bessel(g, n - 1, x)) : TH_ZERO;
  return th_subtract(g, below, th_scale(g, (n + 1) / (2 * n + 1), th_spherical_bessel(g, n + 1, x)));
}
FAMILY(spherical, "sinc", th_special_spherical_bessel)

ThNodeId th_spherical_bessel(ThGraph *g, double n, ThNodeId x) { return member(g, &op_spherical, n, x); }

/* --- ψ(a + b) - ψ(a) */

static ThNodeId rise_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId a = th_node_input(g, node, 0), after = th_polygamma(g, 1, th_add(g, a, th_node_input(g, node, 1)));
  return k == 1 ? after : th_subtract(g, after, th_polygamma(g, 1, a));
}
FAMILY(rise, "lbeta", th_special_digamma_rise)

ThNodeId th_digamma_rise(ThGraph *g, ThNodeId a, ThNodeId b) { return th_graph_binary(g, &op_rise, a, b); }

/* --- The incomplete gamma function's derivatives. f(a, x) = x^(a-1) e^-x/Γ(a): ∂f/∂x = f(a - 1, x) - f(a, x),
 * ∂f/∂a = f (log x - ψ(a)) */

static ThNodeId log_less_digamma(ThGraph *g, ThNodeId a, ThNodeId x) {
  return th_subtract(g, th_graph_unary(g, &th_op_log, x), th_polygamma(g, 0, a));
}
/* density · factor, and 0 where the density is */
static ThNodeId times_density(ThGraph *g, ThNodeId a, ThNodeId x, ThNodeId factor) {
  ThNodeId density = th_gamma_density(g, a, x);
  ThNodeId some = th_graph_binary(g, &th_op_not_equal, density, th_graph_number(g, 0));
  return th_graph_binary(g, &th_op_pick, some, th_multiply(g, density, factor));
}

static ThNodeId density_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId a = th_node_input(g, node, 0), x = th_node_input(g, node, 1);
  if (k == 0) return times_density(g, a, x, log_less_digamma(g, a, x));
  return th_subtract(g, th_gamma_density(g, th_shift(g, a, -1), x), node);
}
FAMILY(density, "gamma_p", th_special_gamma_density)

static ThNodeId shape2_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId a = th_node_input(g, node, 0), x = th_node_input(g, node, 1);
  if (k == 0) {
    g->failed = !th_fail(g->cx, TH_ERROR_VALUE,
                         "`gamma_p` has no third derivative by its first argument here");
    return 0;
  }
  ThNodeId squared = th_power_to(g, log_less_digamma(g, a, x), 2);
  return times_density(g, a, x, th_subtract(g, squared, th_polygamma(g, 1, a)));
}
FAMILY(shape2, "gamma_p", th_special_gamma_p_shape2)

static ThNodeId shape_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId a = th_node_input(g, node, 0), x = th_node_input(g, node, 1);
  return k == 0 ? th_graph_binary(g, &op_shape2, a, x) : times_density(g, a, x, log_less_digamma(g, a, x));
}
FAMILY(shape, "gamma_p", th_special_gamma_p_shape)

ThNodeId th_gamma_density(ThGraph *g, ThNodeId a, ThNodeId x) {
  return th_graph_binary(g, &op_density, a, x);
}
ThNodeId th_gamma_p_shape(ThGraph *g, ThNodeId a, ThNodeId x) { return th_graph_binary(g, &op_shape, a, x); }

/* --- Bessel functions: half of the neighbours' sum or difference, but the order below a fractional one under 1 is
 * negative, where the functions have no value: there C' = (ν/x) C ∓ C_(ν+1) (NIST Handbook 2010, 10.6, 10.29) */

static bool has_lower(double order) { return order >= 1 || floor(order) == order; }

static bool all_have_lower(ThGraph *g, ThNodeId orders) {
  if (g->failed || !th_graph_evaluate(g, &orders, 1)) {
    g->failed = true;
    return false;
  }
  const ThTensor t = th_node_tensor(g, orders);
  for (size_t i = 0; i < t.length; i++)
    if (!has_lower(t.data[i])) return false;
  return true;
}

/* sign is that of the neighbour above. */
static ThNodeId bessel_slope(ThGraph *g, ThNodeId node, double sign) {
  const ThOperation *family = th_node(g, node)->operation;
  ThNodeId order = ORDER(g, node), x = ARGUMENT(g, node);
  ThNodeId above = th_scale(g, sign, th_graph_binary(g, family, th_shift(g, order, 1), x));
  if (all_have_lower(g, order)) {
    ThNodeId below = th_graph_binary(g, family, th_shift(g, order, -1), x);
    return th_scale(g, 0.5, th_add(g, below, above));
  }
  return th_add(g, th_multiply(g, th_divide(g, order, x), node), above);
}

static ThNodeId alternating_partial(ThGraph *g, ThNodeId node, size_t k) {
  return k == 0 ? TH_ZERO : bessel_slope(g, node, -1);
}
static ThNodeId bessel_i_partial(ThGraph *g, ThNodeId node, size_t k) {
  return k == 0 ? TH_ZERO : bessel_slope(g, node, 1);
}
/* K of -ν is that of ν. */
static ThNodeId bessel_k_partial(ThGraph *g, ThNodeId node, size_t k) {
  const ThOperation *family = th_node(g, node)->operation;
  ThNodeId order = ORDER(g, node), x = ARGUMENT(g, node);
  if (k == 0) return TH_ZERO;
  return th_scale(g, -0.5,
                  th_add(g, th_graph_binary(g, family, th_shift(g, order, -1), x),
                         th_graph_binary(g, family, th_shift(g, order, 1), x)));
}

#define BESSEL(id, f, rule)                                                 \
  TH_PAIR_LOOP(id, f)                                                       \
  static const ThElementwise id##_element = {                               \
      .binary = id##_loop, .two = f, .result = TH_DOUBLE, .partial = rule}; \
  const ThOperation th_op_##id = {.name = #id, .elementwise = &id##_element};

BESSEL(bessel_j, th_special_bessel_j, alternating_partial)
BESSEL(bessel_y, th_special_bessel_y, alternating_partial)
BESSEL(bessel_i, th_special_bessel_i, bessel_i_partial)
BESSEL(bessel_k, th_special_bessel_k, bessel_k_partial)
