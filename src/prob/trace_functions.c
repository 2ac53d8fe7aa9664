/* trace_functions.c - the differentiable special functions of log densities, as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/trace_functions.h"

#include <math.h>
#include <string.h>

#include "num/density.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"
#include "val/basic.h"
#include "val/operations_special.h"

#define ROW(id, text, scalar)                                                                    \
  static void id##_map(size_t n, const double *x, double *y) { th_kernel_map(n, scalar, x, y); } \
  static const ThElementwise id##_element = {                                                    \
      .unary = id##_map, .one = scalar, .result = TH_DOUBLE, .partial = id##_partial};           \
  static const ThOperation op_##id = {.name = text, .elementwise = &id##_element};
#define PARTIAL(id, expression)                                       \
  static ThNodeId id##_partial(ThGraph *g, ThNodeId node, size_t k) { \
    ThNodeId x = th_node_input(g, node, 0);                           \
    (void)k, (void)x;                                                 \
    return (expression);                                              \
  }

/* --- Functions of the language */

static ThNodeId special(ThGraph *g, const char *name, ThNodeId x) {
  return th_graph_unary(g, th_operation_special(name), x);
}
ThNodeId th_trace_log_gamma(ThGraph *g, ThNodeId x) { return special(g, "lgamma", x); }
ThNodeId th_trace_digamma(ThGraph *g, ThNodeId x) { return special(g, "digamma", x); }
ThNodeId th_trace_log_beta(ThGraph *g, ThNodeId a, ThNodeId b) {
  return th_graph_binary(g, th_operation_special("lbeta"), a, b);
}
ThNodeId th_trace_log_zeta(ThGraph *g, ThNodeId s) {
  return th_graph_unary(g, &th_op_log, th_zeta_derivative(g, 0, s));
}

/* --- The front of t densities: with ψ(x) = log x - δ(x) the derivative is
 * ½ (δ(ν/2) - δ((ν + 1)/2)) - ½ (1/ν - log(1 + 1/ν)), which for large ν loses less than differences of ψ do */

static double student_slope(double nu) {
  double apart = th_special_log_minus_digamma(0.5 * nu) - th_special_log_minus_digamma(0.5 * nu + 0.5);
  return 0.5 * (apart - th_special_log1p_deviation(1 / nu));
}
static double student_front(double nu) { return th_special_log_rising(0.5 * nu, 0.5) - 0.5 * log(0.5 * nu); }
/* ¼ (ψ'((ν + 1)/2) - ψ'(ν/2)) + ½/ν² */
static ThNodeId student_bend(ThGraph *g, ThNodeId nu) {
  ThNodeId half = th_scale(g, 0.5, nu), upper = th_shift(g, half, 0.5);
  ThNodeId apart = th_subtract(g, th_polygamma(g, 1, upper), th_polygamma(g, 1, half));
  return th_add(g, th_scale(g, 0.25, apart), th_scale(g, 0.5, th_power_to(g, nu, -2)));
}
PARTIAL(student_slope, student_bend(g, x))
ROW(student_slope, "t slope", student_slope)
PARTIAL(student_front, th_graph_unary(g, &op_student_slope, x))
ROW(student_front, "t front", student_front)
ThNodeId th_trace_student_front(ThGraph *g, ThNodeId nu) { return th_graph_unary(g, &op_student_front, nu); }

/* --- log Φ: its derivative m = φ/Φ has the derivative -m (x + m) */

PARTIAL(mills, th_negate(g, th_multiply(g, node, th_add(g, x, node))))
ROW(mills, "mills", th_special_mills)
PARTIAL(log_normal_cdf, th_graph_unary(g, &op_mills, x))
ROW(log_normal_cdf, "log Φ", th_special_log_normal_cdf)
ThNodeId th_trace_log_normal_cdf(ThGraph *g, ThNodeId x) { return th_graph_unary(g, &op_log_normal_cdf, x); }

/* --- log I₀: its derivative A = I₁/I₀ has A' = 1 - A/x - A², which the Fisher information of κ is, and
 * A'' = A/x² - A'/x - 2AA' */

static double bessel_slope(double x) {
  double p[2] = {0, x}, information[4];
  th_von_mises_math.fisher(p, information);
  return information[3];
}
static ThNodeId bessel_ratio_of(ThGraph *g, ThNodeId x);
PARTIAL(bessel_slope,
        th_subtract(g, th_divide(g, th_subtract(g, th_divide(g, bessel_ratio_of(g, x), x), node), x),
                    th_scale(g, 2, th_multiply(g, bessel_ratio_of(g, x), node))))
ROW(bessel_slope, "(I₁/I₀)'", bessel_slope)
PARTIAL(bessel_ratio, th_graph_unary(g, &op_bessel_slope, x))
ROW(bessel_ratio, "I₁/I₀", th_special_bessel_ratio)
static ThNodeId bessel_ratio_of(ThGraph *g, ThNodeId x) { return th_graph_unary(g, &op_bessel_ratio, x); }
PARTIAL(log_bessel, bessel_ratio_of(g, x))
ROW(log_bessel, "log I₀", th_special_log_bessel_i0)
ThNodeId th_trace_log_bessel(ThGraph *g, ThNodeId x) { return th_graph_unary(g, &op_log_bessel, x); }
ThNodeId th_trace_bessel_ratio(ThGraph *g, ThNodeId x) { return bessel_ratio_of(g, x); }

/* --- w(z): w' = 2i/√π - 2zw */

static double complex faddeeva(double complex z) { return th_special_faddeeva(z); }
static ThNodeId faddeeva_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThComplex front = {.object = {.kind = &th_complex_kind, .references = 1},
                     .value = TH_I * (2 / sqrt(TH_PI))};
  (void)k;
  ThNodeId zw = th_multiply(g, th_node_input(g, node, 0), node);
  return th_subtract(g, th_graph_constant(g, th_object(&front)), th_scale(g, 2, zw));
}
static const ThElementwise faddeeva_element = {
    .complex_one = faddeeva, .result = TH_COMPLEX, .partial = faddeeva_partial};
static const ThOperation op_faddeeva = {.name = "w", .elementwise = &faddeeva_element};
ThNodeId th_trace_faddeeva(ThGraph *g, ThNodeId z) { return th_graph_unary(g, &op_faddeeva, z); }

/* --- log(e^x + e^y): the derivatives are the shares of the two */

static ThNodeId log_add_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId ahead = th_subtract(g, th_node_input(g, node, k), th_node_input(g, node, 1 - k));
  return th_graph_unary(g, &th_op_sigmoid, ahead);
}
static void log_add_loop(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                         double *z) {
  enum { BLOCK = 256 };
  double far[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    const double *a = x + start * x_step, *b = y + start * y_step;
    for (size_t i = 0; i < count; i++) far[i] = -fabs(a[i * x_step] - b[i * y_step]);
    th_kernel_softplus(count, far, far);
    for (size_t i = 0; i < count; i++) {
      double larger = a[i * x_step] > b[i * y_step] ? a[i * x_step] : b[i * y_step];
      z[start + i] = isinf(larger) ? larger : larger + far[i];
    }
  }
}
static const ThElementwise log_add_element = {
    .binary = log_add_loop, .two = th_special_log_add, .result = TH_DOUBLE, .partial = log_add_partial};
static const ThOperation op_log_add = {.name = "log_add", .elementwise = &log_add_element};
ThNodeId th_trace_log_add(ThGraph *g, ThNodeId x, ThNodeId y) {
  return th_graph_binary(g, &op_log_add, x, y);
}

/* --- x log y, x log(1 + y) */

/* x/y where x is not 0 */
static ThNodeId share(ThGraph *g, ThNodeId x, ThNodeId y) {
  ThNodeId some = th_graph_binary(g, &th_op_not_equal, x, th_graph_number(g, 0));
  return th_graph_binary(g, &th_op_pick, some, th_divide(g, x, y));
}
static ThNodeId x_log_y_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId x = th_node_input(g, node, 0), y = th_node_input(g, node, 1);
  return k == 0 ? th_graph_unary(g, &th_op_log, y) : share(g, x, y);
}
static ThNodeId x_log1p_y_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId x = th_node_input(g, node, 0), y = th_node_input(g, node, 1);
  return k == 0 ? th_graph_unary(g, &th_op_log1p, y) : share(g, x, th_shift(g, y, 1));
}
static void x_log_y_loop(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                         double *z) {
  for (size_t i = 0; i < n; i++) z[i] = th_special_xlogy(x[i * x_step], y[i * y_step]);
}
static void x_log1p_y_loop(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                           double *z) {
  for (size_t i = 0; i < n; i++) z[i] = th_special_xlog1py(x[i * x_step], y[i * y_step]);
}
static const ThElementwise x_log_y_element = {
    .binary = x_log_y_loop, .two = th_special_xlogy, .result = TH_DOUBLE, .partial = x_log_y_partial};
static const ThElementwise x_log1p_y_element = {
    .binary = x_log1p_y_loop, .two = th_special_xlog1py, .result = TH_DOUBLE, .partial = x_log1p_y_partial};
static const ThOperation op_x_log_y = {.name = "xlogy", .elementwise = &x_log_y_element};
static const ThOperation op_x_log1p_y = {.name = "xlog1py", .elementwise = &x_log1p_y_element};
ThNodeId th_trace_x_log_y(ThGraph *g, ThNodeId x, ThNodeId y) {
  if (!g->failed && th_node(g, y)->operation == &th_op_exp && th_node(g, y)->element == TH_DOUBLE)
    return th_multiply(g, x, th_node_input(g, y, 0));
  return th_graph_binary(g, &op_x_log_y, x, y);
}
ThNodeId th_trace_x_log1p_y(ThGraph *g, ThNodeId x, ThNodeId y) {
  return th_graph_binary(g, &op_x_log1p_y, x, y);
}

/* --- Without a derivative */

static double same(double x) { return x; }
static void copy(size_t n, const double *x, double *y) { memmove(y, x, n * sizeof *x); }
PARTIAL(held, TH_ZERO)
static const ThElementwise held_element = {
    .unary = copy, .one = same, .result = TH_DOUBLE, .partial = held_partial};
static const ThOperation op_held = {.name = "held", .elementwise = &held_element};
ThNodeId th_trace_held(ThGraph *g, ThNodeId x) {
  return g->failed || th_node(g, x)->is_constant ? x : th_graph_unary(g, &op_held, x);
}
