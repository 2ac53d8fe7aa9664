/* trace_reduce.c - derivatives of sums, means, products, extremes and norms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "lang/libs.h"
#include "val/basic.h"
#include "val/operations.h"

/* Arguments of most functions here. */
enum { X, AXIS, KEEP };

static bool keeps(const ThTracedCall *call) { return th_as_scalar(call->args[KEEP]) != 0; }

/* The axis, 0-based, which the body has checked; SIZE_MAX: none was given. */
static size_t axis_of(const ThTracedCall *call, ThNodeId x) {
  if (th_is_none(call->args[AXIS])) return SIZE_MAX;
  double axis = th_as_scalar(call->args[AXIS]);
  return (size_t)(axis < 0 ? axis + th_node(call->g, x)->rank : axis - 1);
}

/* Summed over what the call says. */
static ThNodeId sum_over(const ThTracedCall *call, ThNodeId x) {
  ThGraph *g = call->g;
  size_t axis = axis_of(call, x), shape[TH_MAX_RANK];
  if (axis != SIZE_MAX) return th_sum_axis(g, x, (uint32_t)axis, keeps(call));
  if (!keeps(call)) return th_sum_all(g, x);
  uint32_t rank = th_node(g, x)->rank;
  for (uint32_t i = 0; i < rank; i++) shape[i] = 1;
  return th_reshape(g, th_sum_all(g, x), rank, shape);
}

static bool trace_sum(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, sum_over(call, th_traced_argument(call, X)), out);
}

static double count_over(const ThTracedCall *call, ThNodeId x) {
  size_t axis = axis_of(call, x);
  const ThGraphNode *node = th_node(call->g, x);
  return (double)(axis == SIZE_MAX ? node->length : node->shape[axis]);
}

static bool trace_mean(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId x = th_traced_argument(call, X);
  double n = count_over(call, x);
  return th_traced_give(cx, call, th_divide(call->g, sum_over(call, x), th_graph_number(call->g, n)), out);
}

const ThTraceRule th_trace_reduce[] = {
    {"sum", trace_sum},         {"mean", trace_mean},
    {"all", th_trace_plain},    {"any", th_trace_plain},
    {"count", th_trace_plain},  {"argmax", th_trace_plain},
    {"argmin", th_trace_plain}, {0},
};
