/* operations_reduce.c - differentiable extremes, norms, and logarithms of sums of exponentials */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All keep the axis with length 1, so that the result broadcasts against the argument. */
#include <math.h>
#include <string.h>

#include "num/softmax.h"
#include "num/special.h"
#include "num/stats.h"
#include "val/derivative.h"
#include "val/operations_axis.h"

typedef struct Reduction {
  size_t axis;
  double p; /* of a norm */
} Reduction;

static uint32_t axis_of(const ThGraph *g, ThNodeId node) {
  return (uint32_t)((const Reduction *)th_node(g, node)->attribute)->axis;
}

static ThNodeId apply(ThGraph *g, const ThOperation *operation, ThNodeId a, uint32_t axis, double p) {
  Reduction attribute = {axis, p};
  if (g->failed) return 0;
  return th_graph_apply(g, operation, &a, 1, &attribute, sizeof attribute);
}

static bool same_shape(ThShaping *s) {
  s->rank = s->inputs[0].rank;
  memcpy(s->shape, s->inputs[0].shape, s->rank * sizeof *s->shape);
  return s->inputs[0].element != TH_COMPLEX && ((const Reduction *)s->attribute)->axis < s->rank;
}

static bool reduced_shape(ThShaping *s) {
  if (!same_shape(s)) return false;
  s->shape[((const Reduction *)s->attribute)->axis] = 1;
  return true;
}

/* --- Line by line: lines that lie apart in memory are copied together. */

static size_t line_work(const ThEvaluation *e) {
  ThLines lines = th_lines(e->inputs[0].rank, e->inputs[0].shape,
                           (uint32_t)((const Reduction *)e->attribute)->axis);
  return lines.inner == 1 ? 0 : lines.n;
}

typedef double (*Reduce)(size_t n, const double *x, double p);

static bool reduce(ThContext *cx, const ThEvaluation *e, Reduce f) {
  const Reduction *r = e->attribute;
  ThLines lines = th_lines(e->inputs[0].rank, e->inputs[0].shape, (uint32_t)r->axis);
  for (size_t i = 0; i < lines.outer * lines.inner; i++) {
    const double *line = e->inputs[0].data + i / lines.inner * lines.n * lines.inner + i % lines.inner;
    if (lines.inner > 1) {
      for (size_t k = 0; k < lines.n; k++) e->work[k] = line[k * lines.inner];
      line = e->work;
    }
    e->output.data[i] = f(lines.n, line, r->p);
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}

/* y[k] of each line hangs on all of its x. */
typedef void (*Transform)(size_t n, const double *x, double *y);

static size_t transform_work(const ThEvaluation *e) { return 2 * line_work(e); }

static bool transform(ThContext *cx, const ThEvaluation *e, Transform f) {
  ThLines lines = th_lines(e->inputs[0].rank, e->inputs[0].shape,
                           (uint32_t)((const Reduction *)e->attribute)->axis);
  for (size_t i = 0; i < lines.outer * lines.inner && lines.n > 0; i++) {
    size_t begin = i / lines.inner * lines.n * lines.inner + i % lines.inner;
    const double *x = e->inputs[0].data + begin;
    double *y = e->output.data + begin;
    if (lines.inner == 1) {
      f(lines.n, x, y);
    } else {
      for (size_t k = 0; k < lines.n; k++) e->work[k] = x[k * lines.inner];
      f(lines.n, e->work, e->work + lines.n);
      for (size_t k = 0; k < lines.n; k++) y[k * lines.inner] = e->work[lines.n + k];
    }
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}

/* --- Products: the derivative by an element is the product of the others */

static bool find_others(ThContext *cx, const ThEvaluation *e) {
  return transform(cx, e, th_stats_product_of_others);
}

/* The product of those before an element and of those behind it, of which every derivative is known. */
static ThNodeId others_as_product(ThGraph *g, ThNodeId node) {
  uint32_t axis = axis_of(g, node);
  ThNodeId a = th_node_input(g, node, 0);
  return th_multiply(g, th_product_before(g, a, axis, false), th_product_before(g, a, axis, true));
}
static ThNodeId others_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId a = th_node_input(g, node, k), result = TH_ZERO, product = others_as_product(g, node);
  g->failed = g->failed || !th_pull_back(g, product, cotangent, &a, 1, &result);
  return result;
}
static ThNodeId others_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  ThNodeId a = th_node_input(g, node, 0), result = TH_ZERO, product = others_as_product(g, node);
  g->failed = g->failed || !th_push_forward(g, product, &a, tangents, 1, &result);
  return result;
}
static const ThOperation op_others = {.name = "prod",
                                      .shape = same_shape,
                                      .work = transform_work,
                                      .evaluate = find_others,
                                      .pullback = others_pullback,
                                      .pushforward = others_pushforward};

static double product_of(size_t n, const double *x, double p) {
  (void)p;
  return th_stats_product(n, x);
}
static bool find_product(ThContext *cx, const ThEvaluation *e) { return reduce(cx, e, product_of); }

static ThNodeId others_of(ThGraph *g, ThNodeId node) {
  return apply(g, &op_others, th_node_input(g, node, 0), axis_of(g, node), 0);
}
static ThNodeId product_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return th_multiply(g, cotangent, others_of(g, node));
}
static ThNodeId product_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_sum_axis(g, th_multiply(g, others_of(g, node), tangents[0]), axis_of(g, node), true);
}
static const ThOperation op_product = {.name = "prod",
                                       .shape = reduced_shape,
                                       .work = line_work,
                                       .evaluate = find_product,
                                       .pullback = product_pullback,
                                       .pushforward = product_pushforward};

ThNodeId th_product_axis(ThGraph *g, ThNodeId a, uint32_t axis) {
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, a);
  if (node->element != TH_COMPLEX || node->shape[axis] == 0) return apply(g, &op_product, a, axis, 0);
  return th_slice_axis(g, th_running_product(g, a, axis), axis, node->shape[axis] - 1, 1);
}

/* --- The largest, the smallest: elements that are equal share the derivative */

static double largest_of(size_t n, const double *x, double p) {
  (void)p;
  return th_stats_max(n, x);
}
static double least_of(size_t n, const double *x, double p) {
  (void)p;
  return th_stats_min(n, x);
}
static bool find_largest(ThContext *cx, const ThEvaluation *e) { return reduce(cx, e, largest_of); }
static bool find_least(ThContext *cx, const ThEvaluation *e) { return reduce(cx, e, least_of); }

/* Which elements are the extreme; and what comes to each of them of one number a line. */
static ThNodeId hits_of(ThGraph *g, ThNodeId node) {
  return th_graph_binary(g, &th_op_equal, th_node_input(g, node, 0), node);
}
static ThNodeId share(ThGraph *g, ThNodeId node, ThNodeId hits, ThNodeId a) {
  ThNodeId count = th_sum_axis(g, hits, axis_of(g, node), true);
  return th_graph_binary(g, &th_op_pick, hits, th_divide(g, a, count));
}
static ThNodeId extreme_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return share(g, node, hits_of(g, node), cotangent);
}
static ThNodeId extreme_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_sum_axis(g, share(g, node, hits_of(g, node), tangents[0]), axis_of(g, node), true);
}
static const ThOperation op_largest = {.name = "max",
                                       .shape = reduced_shape,
                                       .work = line_work,
                                       .evaluate = find_largest,
                                       .pullback = extreme_pullback,
                                       .pushforward = extreme_pushforward};
static const ThOperation op_least = {.name = "min",
                                     .shape = reduced_shape,
                                     .work = line_work,
                                     .evaluate = find_least,
                                     .pullback = extreme_pullback,
                                     .pushforward = extreme_pushforward};

ThNodeId th_extreme_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool largest) {
  return apply(g, largest ? &op_largest : &op_least, a, axis, 0);
}

/* --- Norms of order p: ∂‖x‖/∂x = sign(x) (|x|/‖x‖)^(p-1), 0 at 0 */

static double norm_of(size_t n, const double *x, double p) {
  double largest = 0, sum = 0;
  if (p == 2) return th_stats_norm(n, x);
  for (size_t i = 0; i < n; i++) largest = fabs(x[i]) > largest || isnan(x[i]) ? fabs(x[i]) : largest;
  if (!(largest > 0 && isfinite(largest))) return largest;
  for (size_t i = 0; i < n; i++) sum += pow(fabs(x[i]) / largest, p);
  return largest * pow(sum, 1 / p);
}
static bool find_norm(ThContext *cx, const ThEvaluation *e) { return reduce(cx, e, norm_of); }

static ThNodeId norm_slope(ThGraph *g, ThNodeId node) {
  double p = ((const Reduction *)th_node(g, node)->attribute)->p;
  ThNodeId x = th_node_input(g, node, 0), part = th_divide(g, x, node);
  if (p == 2) return part;
  ThNodeId size = th_power_to(g, th_graph_unary(g, &th_op_abs, part), p - 1);
  return th_multiply(g, th_graph_unary(g, &th_op_sign, x), size);
}
static ThNodeId where_some(ThGraph *g, ThNodeId node, ThNodeId a) {
  return th_graph_binary(g, &th_op_pick, th_graph_binary(g, &th_op_not_equal, node, th_graph_number(g, 0)),
                         a);
}
static ThNodeId norm_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return where_some(g, node, th_multiply(g, cotangent, norm_slope(g, node)));
}
static ThNodeId norm_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  ThNodeId moved = where_some(g, node, th_multiply(g, tangents[0], norm_slope(g, node)));
  return th_sum_axis(g, moved, axis_of(g, node), true);
}
static const ThOperation op_norm = {.name = "norm",
                                    .shape = reduced_shape,
                                    .work = line_work,
                                    .evaluate = find_norm,
                                    .pullback = norm_pullback,
                                    .pushforward = norm_pushforward};

ThNodeId th_norm_axis(ThGraph *g, ThNodeId a, uint32_t axis, double p) {
  if (g->failed) return 0;
  ThNodeId size = p == 1 || isinf(p) ? th_graph_unary(g, &th_op_abs, a) : 0;
  if (p == 1) return th_sum_axis(g, size, axis, true);
  if (isinf(p))
    return th_node(g, a)->length ? th_extreme_axis(g, size, axis, true) : th_sum_axis(g, size, axis, true);
  return apply(g, &op_norm, a, axis, p);
}

/* --- logsumexp, whose gradient is softmax; of nothing but -inf, where all terms vanish, softmax is 0 */

static double logsumexp_of(size_t n, const double *x, double p) {
  (void)p;
  return th_special_logsumexp(n, x);
}
static bool find_logsumexp(ThContext *cx, const ThEvaluation *e) { return reduce(cx, e, logsumexp_of); }

static ThNodeId logsumexp_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return th_multiply(g, cotangent, th_softmax_axis(g, th_node_input(g, node, k), axis_of(g, node)));
}
static ThNodeId logsumexp_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  uint32_t axis = axis_of(g, node);
  ThNodeId part = th_softmax_axis(g, th_node_input(g, node, 0), axis);
  return th_sum_axis(g, th_multiply(g, part, tangents[0]), axis, true);
}
static const ThOperation op_logsumexp = {.name = "logsumexp",
                                         .shape = reduced_shape,
                                         .work = line_work,
                                         .evaluate = find_logsumexp,
                                         .pullback = logsumexp_pullback,
                                         .pushforward = logsumexp_pushforward};

ThNodeId th_logsumexp_axis(ThGraph *g, ThNodeId a, uint32_t axis) {
  return apply(g, &op_logsumexp, a, axis, 0);
}

static bool find_softmax(ThContext *cx, const ThEvaluation *e) { return transform(cx, e, th_softmax); }

/* s (a - Σ s a): of cotangents and tangents alike */
static ThNodeId softmax_move(ThGraph *g, ThNodeId node, ThNodeId a) {
  ThNodeId mean = th_sum_axis(g, th_multiply(g, node, a), axis_of(g, node), true);
  return th_multiply(g, node, th_subtract(g, a, mean));
}
static ThNodeId softmax_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return softmax_move(g, node, cotangent);
}
static ThNodeId softmax_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return softmax_move(g, node, tangents[0]);
}
static const ThOperation op_softmax = {.name = "softmax",
                                       .shape = same_shape,
                                       .work = transform_work,
                                       .evaluate = find_softmax,
                                       .pullback = softmax_pullback,
                                       .pushforward = softmax_pushforward};

ThNodeId th_softmax_axis(ThGraph *g, ThNodeId a, uint32_t axis) { return apply(g, &op_softmax, a, axis, 0); }
