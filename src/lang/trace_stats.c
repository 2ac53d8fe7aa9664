/* trace_stats.c - derivatives of variances, quantiles, covariances and correlations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/trace_support.h"
#include "num/real.h"
#include "val/basic.h"
#include "val/operations_axis.h"

enum { X, AXIS, KEEP };

/* --- Spread */

/* x minus its mean along an axis. */
static ThNodeId deviations(ThGraph *g, ThNodeId x, uint32_t axis) {
  if (g->failed) return 0;
  ThNodeId n = th_graph_number(g, (double)th_node(g, x)->shape[axis]);
  return th_graph_binary(g, &th_op_subtract, x, th_divide(g, th_sum_axis(g, x, axis, true), n));
}

/* The deviations, of complex numbers their moduli, and how many of them count. */
static ThNodeId spread_of(const ThTracedCall *call, uint32_t *axis, ThNodeId *n) {
  ThGraph *g = call->g;
  ThNodeId x = th_trace_lines(call, X, AXIS, axis), away = deviations(g, x, *axis);
  if (g->failed) return 0;
  *n = th_graph_number(g, (double)th_node(g, x)->shape[*axis] - 1);
  return th_node(g, x)->element == TH_COMPLEX ? th_graph_unary(g, &th_op_abs, away) : away;
}

static bool trace_var(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThGraph *g = call->g;
  ThNodeId n = 0, away = spread_of(call, &axis, &n);
  ThNodeId squares = th_sum_axis(g, th_power_to(g, away, 2), axis, true);
  return th_trace_give_shaped(cx, call, th_divide(g, squares, n), out);
}

/* By the norm, whose derivative is 0 where nothing varies. */
static bool trace_sd(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThGraph *g = call->g;
  ThNodeId n = 0, away = spread_of(call, &axis, &n), norm = th_norm_axis(g, away, axis, 2);
  return th_trace_give_shaped(cx, call, th_divide(g, norm, th_graph_unary(g, &th_op_sqrt, n)), out);
}

/* --- Quantiles: at position (n - 1) p of the sorted numbers, on the line between two of them */

/* The place of the first element of each line, in the shape that the result has with the axis in it. */
static ThNodeId line_begins(ThGraph *g, ThNodeId x, uint32_t axis) {
  const ThGraphNode *node = th_node(g, x);
  ThLines lines = th_lines(node->rank, node->shape, axis);
  size_t shape[TH_MAX_RANK];
  memcpy(shape, node->shape, node->rank * sizeof *shape);
  shape[axis] = 1;
  ThArray *begins = th_array_new(g->cx, TH_DOUBLE, node->rank, shape);
  if (!begins) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < begins->length; i++)
    begins->real[i] = (double)(i / lines.inner * lines.n * lines.inner + i % lines.inner);
  ThNodeId id = th_graph_constant(g, th_object(begins));
  th_release(th_object(begins));
  return id;
}

/* p along the axis, 1 long along the others. */
static ThNodeId along_axis(ThGraph *g, ThNodeId p, uint32_t axis, uint32_t rank) {
  size_t shape[TH_MAX_RANK];
  for (uint32_t i = 0; i < rank; i++) shape[i] = i == axis ? th_node(g, p)->length : 1;
  return th_reshape(g, p, rank, shape);
}

/* Where p is the same for all x: by the elements of the two ranks beside each place. */
static ThNodeId fixed_quantiles(ThGraph *g, ThNodeId x, uint32_t axis, ThNodeId p) {
  size_t ranks[TH_MAX_RANKS], n = th_node(g, x)->shape[axis], m = th_node(g, p)->length;
  ThArray *shares = th_vector_new(g->cx, TH_DOUBLE, m);
  if (!shares) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < m; i++) {
    double at = (double)(n - 1) * th_node_tensor(g, p).data[i], low = fmin(floor(at), (double)n - 2);
    ranks[i] = (size_t)low;
    ranks[m + i] = ranks[i] + 1;
    shares->real[i] = at - low;
  }
  ThNodeId both = th_take(g, x, th_ranked_axis(g, x, axis, ranks, 2 * m));
  ThNodeId share = th_graph_constant(g, th_object(shares));
  th_release(th_object(shares));
  if (g->failed) return 0;
  ThNodeId low = th_slice_axis(g, both, axis, 0, m),
           rise = th_subtract(g, th_slice_axis(g, both, axis, m, m), low);
  return th_add(g, low, th_multiply(g, rise, along_axis(g, share, axis, th_node(g, x)->rank)));
}

/* Of any p: sorted, and taken at rows that hang on p. */
static ThNodeId sorted_quantiles(ThGraph *g, ThNodeId x, uint32_t axis, ThNodeId p) {
  const ThGraphNode *node = th_node(g, x);
  uint32_t rank = node->rank;
  double n = (double)node->shape[axis], inner = (double)th_lines(rank, node->shape, axis).inner;
  ThNodeId sorted = th_sort_axis(g, x, axis, false), at = th_scale(g, n - 1, along_axis(g, p, axis, rank));
  ThNodeId row = th_graph_binary(g, &th_op_minimum, th_graph_unary(g, &th_op_floor, at),
                                 th_graph_number(g, n - 2));
  ThNodeId place = th_graph_binary(g, &th_op_add, line_begins(g, x, axis), th_scale(g, inner, row));
  ThNodeId low = th_take(g, sorted, place), high = th_take(g, sorted, th_shift(g, place, inner));
  return th_add(g, low, th_multiply(g, th_subtract(g, high, low), th_subtract(g, at, row)));
}

/* The p-th quantiles of x along an axis, which becomes as long as p. */
static ThNodeId quantiles(ThGraph *g, ThNodeId x, uint32_t axis, ThNodeId p) {
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, x), *part = th_node(g, p);
  size_t shape[TH_MAX_RANK], n = node->shape[axis];
  uint32_t rank = node->rank;
  memcpy(shape, node->shape, rank * sizeof *shape);
  shape[axis] = part->length;
  if (n == 0) return th_broadcast_node(g, th_graph_number(g, TH_NAN), rank, shape);
  if (n == 1) return th_broadcast_node(g, x, rank, shape);
  bool is_fixed = part->is_constant && part->length <= TH_MAX_RANKS / 2;
  if (is_fixed && !th_graph_evaluate(g, &p, 1)) {
    g->failed = true;
    return 0;
  }
  return is_fixed ? fixed_quantiles(g, x, axis, p) : sorted_quantiles(g, x, axis, p);
}

static bool trace_median(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_lines(call, X, AXIS, &axis);
  return th_trace_give_shaped(cx, call, quantiles(call->g, x, axis, th_graph_number(call->g, 0.5)), out);
}

static bool trace_quantile(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  enum { P = 1, Q_AXIS, Q_KEEP, UPPER };
  uint32_t axis;
  ThGraph *g = call->g;
  if (call->nodes[X] == TH_ZERO && !th_is_array(call->args[X]) && !th_is_scalar(call->args[X]) &&
      !th_is_range(call->args[X]))
    return th_trace_refuse(cx, call, out);
  th_trace_decided_by(call, UPPER, 1);
  ThNodeId x = th_trace_lines(call, X, Q_AXIS, &axis), p = th_traced_argument(call, P);
  if (th_as_scalar(call->args[UPPER]) != 0) p = th_subtract(g, th_graph_number(g, 1), p);
  return th_trace_give_shaped(cx, call, quantiles(g, x, axis, p), out);
}

/* --- How two variables go together: of two vectors, or of the columns of a matrix */

/* Deviations over √(n - 1), or over their norm. */
static ThNodeId standardised(ThGraph *g, ThNodeId x, bool correlation) {
  ThNodeId away = deviations(g, x, 0);
  if (g->failed) return 0;
  if (correlation) return th_divide(g, away, th_norm_axis(g, away, 0, 2));
  ThNodeId n = th_graph_number(g, (double)th_node(g, x)->shape[0] - 1);
  return th_divide(g, away, th_graph_unary(g, &th_op_sqrt, n));
}

static bool trace_comovement(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  enum { Y = 1 };
  ThGraph *g = call->g;
  bool correlation = strcmp(call->name, "corr") == 0, two = !th_is_array(call->result);
  ThNodeId x = standardised(g, th_traced_argument(call, X), correlation);
  if (!two) return th_traced_give(cx, call, th_product(g, x, x, true, false), out);
  ThNodeId y = standardised(g, th_traced_argument(call, Y), correlation);
  return th_traced_give(cx, call, th_sum_all(g, th_multiply(g, x, y)), out);
}

const ThTraceRule th_trace_stats[] = {
    {"var", trace_var},
    {"sd", trace_sd},
    {"median", trace_median},
    {"quantile", trace_quantile},
    {"cov", trace_comovement},
    {"corr", trace_comovement},
    {"histogram", th_trace_plain},
    {0},
};
