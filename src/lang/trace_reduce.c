/* trace_reduce.c - derivatives of sums, means, products, extremes and norms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/trace_support.h"
#include "val/basic.h"
#include "val/operations_axis.h"

/* Arguments of all functions here; others come after them. */
enum { X, AXIS, KEEP, REST };

static bool trace_sum(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_lines(call, X, AXIS, &axis);
  return th_trace_give_shaped(cx, call, th_sum_axis(call->g, x, axis, true), out);
}

static bool trace_mean(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThGraph *g = call->g;
  ThNodeId x = th_trace_lines(call, X, AXIS, &axis);
  if (g->failed) return false;
  ThNodeId n = th_graph_number(g, (double)th_node(g, x)->shape[axis]);
  return th_trace_give_shaped(cx, call, th_divide(g, th_sum_axis(g, x, axis, true), n), out);
}

static bool trace_prod(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_lines(call, X, AXIS, &axis);
  return th_trace_give_shaped(cx, call, th_product_axis(call->g, x, axis), out);
}

/* --- Extremes: of elements that are equal each has its part */

/* max(a, b, c, …): repeated to one shape and stacked, so that all ties count alike. */
static ThNodeId extreme_of_several(const ThTracedCall *call, bool largest) {
  ThGraph *g = call->g;
  const ThArray *result = th_is_array(call->result) ? th_as_array(call->result) : NULL;
  size_t n = call->n_args - REST + 1, shape[TH_MAX_RANK + 1] = {n};
  uint32_t rank = result ? result->rank : 0;
  if (rank) memcpy(shape + 1, result->shape, rank * sizeof *shape);
  ThNodeId *parts = th_alloc_array(g->cx, n, sizeof *parts);
  if (!parts) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < n && !g->failed; i++)
    parts[i] = th_broadcast_node(g, th_traced_argument(call, i == 0 ? X : REST + i - 1), rank, shape + 1);
  ThNodeId stacked = g->failed ? 0 : th_reshape(g, th_join(g, parts, n), rank + 1, shape);
  th_free(g->cx, parts, n * sizeof *parts);
  return th_extreme_axis(g, stacked, 0, largest);
}

static bool trace_extreme(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  bool largest = strcmp(call->name, "max") == 0;
  ThNodeId node;
  if (call->n_args == REST + 1) {
    node = th_graph_binary(call->g, largest ? &th_op_maximum : &th_op_minimum, th_traced_argument(call, X),
                           th_traced_argument(call, REST));
  } else if (call->n_args > REST) {
    node = extreme_of_several(call, largest);
  } else {
    ThNodeId x = th_trace_lines(call, X, AXIS, &axis);
    node = th_extreme_axis(call->g, x, axis, largest);
  }
  return th_trace_give_shaped(cx, call, node, out);
}

/* --- Norms, of complex numbers by their moduli */

enum { P = REST };

/* (Σ|x|^p)^(1/p) for an order that is differentiated by too. */
static ThNodeId norm_by_order(ThGraph *g, ThNodeId size, uint32_t axis, ThNodeId p) {
  ThNodeId powers = th_graph_binary(g, &th_op_power, size, p);
  return th_graph_binary(g, &th_op_power, th_sum_axis(g, powers, axis, true), th_power_to(g, p, -1));
}

static bool trace_norm(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThGraph *g = call->g;
  ThNodeId x = th_trace_lines(call, X, AXIS, &axis), p = call->nodes[P];
  if (g->failed) return false;
  if (th_node(g, x)->element == TH_COMPLEX) x = th_graph_unary(g, &th_op_abs, x);
  ThNodeId norm = p == TH_ZERO ? th_norm_axis(g, x, axis, th_as_scalar(call->args[P]))
                               : norm_by_order(g, th_graph_unary(g, &th_op_abs, x), axis, p);
  return th_trace_give_shaped(cx, call, norm, out);
}

const ThTraceRule th_trace_reduce[] = {
    {"sum", trace_sum},         {"mean", trace_mean},       {"prod", trace_prod},
    {"max", trace_extreme},     {"min", trace_extreme},     {"norm", trace_norm},
    {"all", th_trace_plain},    {"any", th_trace_plain},    {"count", th_trace_plain},
    {"argmax", th_trace_plain}, {"argmin", th_trace_plain}, {0},
};
