/* operations_arithmetic.c - differentiable operators: + - * / ^ %, comparisons, logic, the larger of two */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makers simplify: x + 0, 1 x, -(-x), x^2. What is piecewise constant has derivative zero. */
#include <math.h>

#include "num/kernels.h"
#include "num/real.h"
#include "val/arithmetic.h"
#include "val/loops.h"
#include "val/operations.h"

#define LEFT(g, node) th_node_input(g, node, 0)
#define RIGHT(g, node) th_node_input(g, node, 1)

/* --- Constants among nodes */

/* A constant by itself, not what was computed from some: that may be differentiated by one of them. */
static bool is_literal(const ThGraphNode *node) { return node->is_constant && !node->operation; }

/* Is it a real constant all of whose numbers are x? */
static bool is_number(const ThGraph *g, ThNodeId id, double x) {
  const ThGraphNode *node = th_node(g, id);
  if (!is_literal(node) || node->element == TH_COMPLEX) return false;
  return node->rank == 0 && node->number[0] == x;
}

static bool is_scalar_constant(const ThGraph *g, ThNodeId id, double *x) {
  const ThGraphNode *node = th_node(g, id);
  *x = node->number[0];
  return is_literal(node) && node->rank == 0 && node->element != TH_COMPLEX;
}

/* Real, and of as many axes at least as the other has: x op 0 is then x itself. */
static bool keeps_shape(const ThGraph *g, ThNodeId id) { return th_node(g, id)->element != TH_BOOL; }

/* --- Sums */

static ThNodeId one(ThGraph *g, ThNodeId node, size_t k) {
  (void)node, (void)k;
  return th_graph_number(g, 1);
}
static ThNodeId one_minus_one(ThGraph *g, ThNodeId node, size_t k) {
  (void)node;
  return th_graph_number(g, k == 0 ? 1 : -1);
}
static ThNodeId minus_one(ThGraph *g, ThNodeId node, size_t k) {
  (void)node, (void)k;
  return th_graph_number(g, -1);
}

static double add_two(double x, double y) { return x + y; }
static double subtract_two(double x, double y) { return x - y; }
static double negate_one(double x) { return -x; }
static double complex add_complex(double complex x, double complex y) { return x + y; }
static double complex subtract_complex(double complex x, double complex y) { return x - y; }
static double complex negate_complex(double complex x) { return -x; }

#define BINARY(id, text, kernel, two_numbers, two_complex, kind, rule)                                    \
  static const ThElementwise id##_element = {                                                             \
      .binary = kernel, .two = two_numbers, .complex_two = two_complex, .result = kind, .partial = rule}; \
  const ThOperation th_op_##id = {.name = text, .elementwise = &id##_element};

BINARY(add, "+", th_kernel_add, add_two, add_complex, TH_COMPLEX, one)
BINARY(subtract, "-", th_kernel_subtract, subtract_two, subtract_complex, TH_COMPLEX, one_minus_one)

static void negate_numbers(size_t n, const double *x, double *y) {
  static const double minus = -1;
  th_kernel_multiply(n, x, 1, &minus, 0, y); /* the widest instructions */
}
static const ThElementwise negate_element = {.unary = negate_numbers,
                                             .one = negate_one,
                                             .complex_one = negate_complex,
                                             .result = TH_COMPLEX,
                                             .partial = minus_one};
const ThOperation th_op_negate = {.name = "-", .elementwise = &negate_element};

/* --- Products */

static ThNodeId other_factor(ThGraph *g, ThNodeId node, size_t k) { return th_node_input(g, node, 1 - k); }

/* ∂(x/y)/∂x = 1/y, ∂(x/y)/∂y = -(x/y)/y */
static ThNodeId quotient_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId y = RIGHT(g, node);
  if (k == 0) return th_divide(g, th_graph_number(g, 1), y);
  return th_negate(g, th_divide(g, node, y));
}

static double multiply_two(double x, double y) { return x * y; }
static double divide_two(double x, double y) { return x / y; }
static double complex divide_complex(double complex x, double complex y) { return x / y; }

BINARY(multiply, "*", th_kernel_multiply, multiply_two, th_complex_multiply, TH_COMPLEX, other_factor)
BINARY(divide, "/", th_kernel_divide, divide_two, divide_complex, TH_COMPLEX, quotient_partial)

/* --- Powers */

/* ∂x^y/∂x = y x^(y-1), ∂x^y/∂y = x^y log x, which is 0 where x = 0 and y > 0 */
static ThNodeId power_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId x = LEFT(g, node), y = RIGHT(g, node);
  double exponent;
  if (k == 0) {
    if (is_scalar_constant(g, y, &exponent)) return th_scale(g, exponent, th_power_to(g, x, exponent - 1));
    return th_multiply(g, y, th_graph_binary(g, &th_op_power, x, th_shift(g, y, -1)));
  }
  ThNodeId zero = th_graph_number(g, 0);
  ThNodeId log_x = th_graph_unary(g, &th_op_log, x);
  ThNodeId grows = th_graph_binary(g, &th_op_not_equal, x, zero);
  return th_graph_binary(g, &th_op_pick, grows, th_multiply(g, node, log_x));
}

BINARY(power, "^", th_kernel_power, th_power, th_complex_power, TH_COMPLEX, power_partial)

/* x % y = x - y floor(x/y) */
static ThNodeId remainder_partial(ThGraph *g, ThNodeId node, size_t k) {
  if (k == 0) return th_graph_number(g, 1);
  ThNodeId y = RIGHT(g, node);
  return th_divide(g, th_subtract(g, node, LEFT(g, node)), y);
}
BINARY(remainder, "%", th_kernel_remainder, th_real_remainder, NULL, TH_DOUBLE, remainder_partial)

/* --- Comparisons and logic: 0 or 1, piecewise constant */

static ThNodeId nothing(ThGraph *g, ThNodeId node, size_t k) {
  (void)g, (void)node, (void)k;
  return TH_ZERO;
}

#define COMPARISON(id, text, sign)                                \
  static double id##_two(double x, double y) { return x sign y; } \
  BINARY(id, text, th_kernel_##id, id##_two, NULL, TH_BOOL, nothing)

COMPARISON(equal, "==", ==)
COMPARISON(not_equal, "!=", !=)
COMPARISON(less, "<", <)
COMPARISON(less_equal, "<=", <=)
COMPARISON(greater, ">", >)
COMPARISON(greater_equal, ">=", >=)

static double invert_one(double x) { return x == 0; }
static void invert(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] == 0;
}
static const ThElementwise not_element = {
    .unary = invert, .one = invert_one, .result = TH_BOOL, .partial = nothing};
const ThOperation th_op_not = {.name = "not", .elementwise = &not_element};

/* Of 0 and 1 `and` is the product, `or` the larger. */
BINARY(and, "and", th_kernel_multiply, multiply_two, NULL, TH_BOOL, nothing)
BINARY(or, "or", th_kernel_maximum, fmax, NULL, TH_BOOL, nothing)

/* --- Choices */

/* y where x is true, else 0, whatever y is there */
static double pick_two(double x, double y) { return x != 0 ? y : 0; }
static double complex pick_complex(double complex x, double complex y) { return x != 0 ? y : 0; }
static const ThElementwise pick_element = {.binary = th_kernel_pick,
                                           .two = pick_two,
                                           .complex_two = pick_complex,
                                           .result = TH_COMPLEX,
                                           .partial = nothing};

/* No product: a cotangent that is nan or infinite must not come through where x is false. */
static ThNodeId pick_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  if (k == 0) return TH_ZERO;
  return th_graph_binary(g, &th_op_pick, LEFT(g, node), cotangent);
}
static ThNodeId pick_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  if (tangents[1] == TH_ZERO) return TH_ZERO;
  return th_graph_binary(g, &th_op_pick, LEFT(g, node), tangents[1]);
}
const ThOperation th_op_pick = {.name = "where",
                                .elementwise = &pick_element,
                                .pullback = pick_pullback,
                                .pushforward = pick_pushforward};

/* 1 where input k is the larger (smaller), 1/2 where both are equal */
static ThNodeId extreme_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId own = th_node_input(g, node, k), other = th_node_input(g, node, 1 - k);
  ThNodeId chosen = th_graph_binary(g, &th_op_equal, own, node);
  ThNodeId tie = th_graph_binary(g, &th_op_equal, own, other);
  return th_multiply(g, chosen, th_shift(g, th_scale(g, -0.5, tie), 1));
}
static double larger(double x, double y) { return x > y || x != x ? x : y; }
static double smaller(double x, double y) { return x < y || x != x ? x : y; }
BINARY(maximum, "max", th_kernel_maximum, larger, NULL, TH_DOUBLE, extreme_partial)
BINARY(minimum, "min", th_kernel_minimum, smaller, NULL, TH_DOUBLE, extreme_partial)

/* --- Makers */

/* Of a number or array that was repeated to the shape of the other operand the original does as well. */
static ThNodeId unrepeated(const ThGraph *g, ThNodeId a, ThNodeId other) {
  const ThGraphNode *x = th_node(g, a), *y = th_node(g, other);
  bool fits = x->operation == &th_op_broadcast && y->operation != &th_op_broadcast;
  return fits && th_same_dimensions(x->rank, x->shape, y->rank, y->shape) ? LEFT(g, a) : a;
}
static void unrepeat(const ThGraph *g, ThNodeId *a, ThNodeId *b) {
  ThNodeId x = unrepeated(g, *a, *b);
  *b = unrepeated(g, *b, *a);
  *a = x;
}

ThNodeId th_add(ThGraph *g, ThNodeId a, ThNodeId b) {
  if (a == TH_ZERO || g->failed) return b;
  if (b == TH_ZERO) return a;
  unrepeat(g, &a, &b);
  if (is_number(g, a, 0) && keeps_shape(g, b)) return b;
  if (is_number(g, b, 0) && keeps_shape(g, a)) return a;
  if (th_node(g, b)->operation == &th_op_negate) return th_subtract(g, a, LEFT(g, b));
  return th_graph_binary(g, &th_op_add, a, b);
}

ThNodeId th_subtract(ThGraph *g, ThNodeId a, ThNodeId b) {
  if (a == TH_ZERO) return th_negate(g, b);
  if (b == TH_ZERO || g->failed) return a;
  unrepeat(g, &a, &b);
  if (is_number(g, b, 0) && keeps_shape(g, a)) return a;
  return th_graph_binary(g, &th_op_subtract, a, b);
}

/* a = factor * rest, with a constant factor that no rounding but the last depends on much; 1 when there is none. */
static ThNodeId split_factor(const ThGraph *g, ThNodeId a, double *factor) {
  const ThGraphNode *node = th_node(g, a);
  double x;
  *factor = 1;
  if (node->operation == &th_op_negate) {
    *factor = -1;
    return LEFT(g, a);
  }
  if (node->operation != &th_op_multiply || !is_scalar_constant(g, LEFT(g, a), &x)) return a;
  if (!(fabs(x) >= 1e-6 && fabs(x) <= 1e6)) return a;
  *factor = x;
  return RIGHT(g, a);
}

/* Constant factors are gathered in front of products and of sums. */
static ThNodeId multiply_by(ThGraph *g, double factor, ThNodeId a) {
  if (factor == 1) return a;
  if (factor == -1) return th_graph_unary(g, &th_op_negate, a);
  return th_graph_binary(g, &th_op_multiply, th_graph_number(g, factor), a);
}

ThNodeId th_negate(ThGraph *g, ThNodeId a) {
  double x, factor;
  if (a == TH_ZERO || g->failed) return a;
  if (is_scalar_constant(g, a, &x)) return th_graph_number(g, -x);
  ThNodeId rest = split_factor(g, a, &factor);
  if (rest != a) return multiply_by(g, -factor, rest);
  if (th_node(g, a)->operation == &th_op_subtract) return th_subtract(g, RIGHT(g, a), LEFT(g, a));
  return th_graph_unary(g, &th_op_negate, a);
}

ThNodeId th_multiply(ThGraph *g, ThNodeId a, ThNodeId b) {
  double x, y, factor;
  if (a == TH_ZERO || b == TH_ZERO || g->failed) return TH_ZERO;
  unrepeat(g, &a, &b);
  bool left = is_scalar_constant(g, a, &x), right = is_scalar_constant(g, b, &y);
  if (left && right) return th_graph_number(g, x * y);
  if (left && x == 1 && keeps_shape(g, b)) return b;
  if (right && y == 1 && keeps_shape(g, a)) return a;
  if (left && x == -1) return th_negate(g, b);
  if (right && y == -1) return th_negate(g, a);
  if (left || right) {
    ThNodeId rest = split_factor(g, left ? b : a, &factor);
    if (left) x *= factor;
    else x = y * factor;
    return x == 1 || x == -1 ? multiply_by(g, x, rest)
                             : th_graph_binary(g, &th_op_multiply, th_graph_number(g, x), rest);
  }
  ThNodeId u = split_factor(g, a, &x), v = split_factor(g, b, &y);
  if (u != a || v != b) return th_multiply(g, th_graph_number(g, x * y), th_multiply(g, u, v));
  if (a == b && th_node(g, a)->element != TH_COMPLEX) return th_graph_unary(g, &th_op_square, a);
  if (b < a) return th_graph_binary(g, &th_op_multiply, b, a);
  return th_graph_binary(g, &th_op_multiply, a, b);
}

ThNodeId th_divide(ThGraph *g, ThNodeId a, ThNodeId b) {
  double x;
  if (a == TH_ZERO || g->failed) return a;
  unrepeat(g, &a, &b);
  if (is_number(g, b, 1) && keeps_shape(g, a)) return a;
  if (is_scalar_constant(g, a, &x) && x == 1) return th_power_to(g, b, -1);
  return th_graph_binary(g, &th_op_divide, a, b);
}

ThNodeId th_without_factor(ThGraph *g, ThNodeId a, double *factor) { return split_factor(g, a, factor); }

ThNodeId th_scale(ThGraph *g, double factor, ThNodeId a) {
  return a == TH_ZERO || factor == 0 ? TH_ZERO : th_multiply(g, th_graph_number(g, factor), a);
}

ThNodeId th_shift(ThGraph *g, ThNodeId a, double by) {
  return by == 0 ? a : th_graph_binary(g, &th_op_add, a, th_graph_number(g, by));
}

ThNodeId th_power_to(ThGraph *g, ThNodeId a, double exponent) {
  if (g->failed) return 0;
  bool is_real = th_node(g, a)->element != TH_COMPLEX;
  if (exponent == 0) return th_graph_number(g, 1);
  if (exponent == 1) return a;
  if (exponent == 2 && is_real) return th_graph_unary(g, &th_op_square, a);
  if (exponent == -1) return th_graph_unary(g, &th_op_reciprocal, a);
  return th_graph_binary(g, &th_op_power, a, th_graph_number(g, exponent));
}

ThNodeId th_choose(ThGraph *g, ThNodeId condition, ThNodeId yes, ThNodeId no) {
  ThNodeId where = yes == TH_ZERO ? TH_ZERO : th_graph_binary(g, &th_op_pick, condition, yes);
  if (no == TH_ZERO) return where;
  ThNodeId elsewhere = th_graph_unary(g, &th_op_not, condition);
  return th_add(g, where, th_graph_binary(g, &th_op_pick, elsewhere, no));
}
