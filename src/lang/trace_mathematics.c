/* trace_mathematics.c - derivatives of elementary functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "lang/libs.h"
#include "num/kernels.h"
#include "val/basic.h"
#include "val/operations.h"

/* One of val/operations_mathematics.c, of the same name. */
static bool trace_unary(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThOperation *operation = th_operation_unary(call->name);
  return th_traced_give(cx, call, th_graph_unary(call->g, operation, th_traced_argument(call, 0)), out);
}

/* To whole numbers; to other decimals the plain value, which moves in steps. */
static bool trace_round(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  if (th_as_scalar(call->args[1]) != 0) return th_trace_plain(cx, call, out);
  return th_traced_give(cx, call, th_graph_unary(call->g, &th_op_round, th_traced_argument(call, 0)), out);
}

static bool trace_clip(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId raised = th_graph_binary(call->g, &th_op_maximum, th_traced_argument(call, 0),
                                    th_traced_argument(call, 1));
  return th_traced_give(cx, call,
                        th_graph_binary(call->g, &th_op_minimum, raised, th_traced_argument(call, 2)), out);
}

static bool trace_complex(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThValue i;
  if (!th_complex(cx, th_complex_of(0, 1), &i)) return false;
  ThNodeId unit = th_graph_constant(call->g, i);
  th_release(i);
  ThNodeId imaginary = th_multiply(call->g, unit, th_traced_argument(call, 1));
  return th_traced_give(cx, call, th_add(call->g, th_traced_argument(call, 0), imaginary), out);
}

/* --- Of two numbers: atan2(y, x), hypot(x, y) */

static ThNodeId squares(ThGraph *g, ThNodeId a, ThNodeId b) {
  return th_add(g, th_power_to(g, a, 2), th_power_to(g, b, 2));
}
/* ∂/∂y = x/(x² + y²), ∂/∂x = -y/(x² + y²) */
static ThNodeId atan2_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId y = th_node_input(g, node, 0), x = th_node_input(g, node, 1);
  return th_divide(g, k == 0 ? x : th_negate(g, y), squares(g, x, y));
}
static ThNodeId hypot_partial(ThGraph *g, ThNodeId node, size_t k) {
  ThNodeId some = th_graph_binary(g, &th_op_not_equal, node, th_graph_number(g, 0));
  return th_graph_binary(g, &th_op_pick, some, th_divide(g, th_node_input(g, node, k), node));
}
static void hypot_loop(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z) {
  for (size_t i = 0; i < n; i++) z[i] = hypot(x[i * x_step], y[i * y_step]);
}
static const ThElementwise atan2_element = {
    .binary = th_kernel_atan2, .two = atan2, .result = TH_DOUBLE, .partial = atan2_partial};
static const ThElementwise hypot_element = {
    .binary = hypot_loop, .two = hypot, .result = TH_DOUBLE, .partial = hypot_partial};
static const ThOperation op_atan2 = {.name = "atan2", .elementwise = &atan2_element};
static const ThOperation op_hypot = {.name = "hypot", .elementwise = &hypot_element};

static bool trace_atan2(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(
      cx, call, th_graph_binary(call->g, &op_atan2, th_traced_argument(call, 0), th_traced_argument(call, 1)),
      out);
}
static bool trace_hypot(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(
      cx, call, th_graph_binary(call->g, &op_hypot, th_traced_argument(call, 0), th_traced_argument(call, 1)),
      out);
}

const ThTraceRule th_trace_mathematics[] = {
    {"exp", trace_unary},       {"expm1", trace_unary},        {"log", trace_unary},
    {"log2", trace_unary},      {"log10", trace_unary},        {"log1p", trace_unary},
    {"sqrt", trace_unary},      {"cbrt", trace_unary},         {"sin", trace_unary},
    {"cos", trace_unary},       {"tan", trace_unary},          {"asin", trace_unary},
    {"acos", trace_unary},      {"atan", trace_unary},         {"sinh", trace_unary},
    {"cosh", trace_unary},      {"tanh", trace_unary},         {"asinh", trace_unary},
    {"acosh", trace_unary},     {"atanh", trace_unary},        {"sigmoid", trace_unary},
    {"softplus", trace_unary},  {"log_sigmoid", trace_unary},  {"abs", trace_unary},
    {"sign", trace_unary},      {"floor", trace_unary},        {"ceil", trace_unary},
    {"re", trace_unary},        {"im", trace_unary},           {"arg", trace_unary},
    {"conj", trace_unary},      {"round", trace_round},        {"clip", trace_clip},
    {"complex", trace_complex}, {"atan2", trace_atan2},        {"hypot", trace_hypot},
    {"is_nan", th_trace_plain}, {"is_finite", th_trace_plain}, {0},
};
