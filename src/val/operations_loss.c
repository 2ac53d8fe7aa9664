/* operations_loss.c - differentiable logarithms of softmax, and cross-entropy, over the last axis */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/softmax.h"
#include "val/operations_axis.h"
#include "val/operations_learning.h"

static uint32_t last_axis(const ThGraph *g, ThNodeId node) { return th_node(g, node)->rank - 1; }

static size_t classes_of(const ThTensor *logits) { return logits->shape[logits->rank - 1]; }

static size_t rows_of(const ThTensor *logits) {
  size_t n = classes_of(logits);
  return n ? logits->length / n : 0;
}

static bool same_shape(ThShaping *s) {
  s->rank = s->inputs[0].rank;
  if (s->rank == 0 || s->inputs[0].element == TH_COMPLEX) return false;
  memcpy(s->shape, s->inputs[0].shape, s->rank * sizeof *s->shape);
  return true;
}

/* --- log softmax: ∂/∂a = 1 - softmax repeated along the axis */

static bool log_softmax(ThContext *cx, const ThEvaluation *e) {
  size_t n = classes_of(&e->inputs[0]), rows = rows_of(&e->inputs[0]);
  for (size_t i = 0; i < rows; i++) {
    th_log_softmax(n, e->inputs[0].data + i * n, e->output.data + i * n);
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}

static ThNodeId log_softmax_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  ThNodeId sum = th_sum_axis(g, cotangent, last_axis(g, node), true);
  return th_subtract(g, cotangent, th_multiply(g, th_graph_unary(g, &th_op_exp, node), sum));
}
static ThNodeId log_softmax_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  ThNodeId part = th_multiply(g, th_graph_unary(g, &th_op_exp, node), tangents[0]);
  return th_subtract(g, tangents[0], th_sum_axis(g, part, last_axis(g, node), true));
}
static const ThOperation op_log_softmax = {.name = "log_softmax",
                                           .shape = same_shape,
                                           .evaluate = log_softmax,
                                           .pullback = log_softmax_pullback,
                                           .pushforward = log_softmax_pushforward};

ThNodeId th_log_softmax_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_log_softmax, a); }

/* --- Cross-entropy with labels */

bool th_label_place(ThContext *cx, double label, size_t n_classes, size_t *out) {
  if (label != floor(label))
    return th_fail(cx, TH_ERROR_VALUE, "labels are whole numbers from 1 to %zu; got %.6g", n_classes, label);
  if (!(label >= 1 && label <= (double)n_classes))
    return th_fail(cx, TH_ERROR_VALUE, "labels run from 1 to %zu; got %.6g", n_classes, label);
  *out = (size_t)label - 1;
  return true;
}

/* Labels (…, 1) for logits (…, K). */
static bool fit_logits(const ThTensor *logits, const ThTensor *labels) {
  if (labels->rank != logits->rank || logits->rank == 0) return false;
  size_t before = (logits->rank - 1) * sizeof *logits->shape;
  return (before == 0 || memcmp(labels->shape, logits->shape, before) == 0) && classes_of(labels) == 1;
}

static bool slope_shape(ThShaping *s) { return same_shape(s) && fit_logits(&s->inputs[0], &s->inputs[1]); }

static bool loss_shape(ThShaping *s) {
  if (!slope_shape(s)) return false;
  s->shape[s->rank - 1] = 1;
  return true;
}

static size_t loss_work(const ThEvaluation *e) { return classes_of(&e->inputs[0]); }

static bool cross_entropy(ThContext *cx, const ThEvaluation *e) {
  size_t n = classes_of(&e->inputs[0]), rows = rows_of(&e->inputs[0]), place = 0;
  for (size_t i = 0; i < rows; i++) {
    if (!th_label_place(cx, e->inputs[1].data[i], n, &place) || !th_poll_at(cx, i)) return false;
    th_log_softmax(n, e->inputs[0].data + i * n, e->work);
    e->output.data[i] = -e->work[place];
  }
  return true;
}

/* softmax less 1 at the label: there it is the sum of the others, with its sign, so that nothing cancels when the
 * label is all but certain. */
static bool cross_entropy_slope(ThContext *cx, const ThEvaluation *e) {
  size_t n = classes_of(&e->inputs[0]), rows = rows_of(&e->inputs[0]), place = 0;
  for (size_t i = 0; i < rows; i++) {
    double *y = e->output.data + i * n, others = 0;
    if (!th_label_place(cx, e->inputs[1].data[i], n, &place) || !th_poll_at(cx, i)) return false;
    th_softmax(n, e->inputs[0].data + i * n, y);
    for (size_t k = 0; k < n; k++) others += k == place ? 0 : y[k];
    y[place] = -others;
  }
  return true;
}

/* The second derivative is that of logsumexp: s (a - Σ s a), of cotangents and tangents alike. */
static ThNodeId curvature(ThGraph *g, ThNodeId node, ThNodeId a) {
  if (a == TH_ZERO) return a;
  uint32_t axis = last_axis(g, node);
  ThNodeId s = th_softmax_axis(g, th_node_input(g, node, 0), axis);
  return th_multiply(g, s, th_subtract(g, a, th_sum_axis(g, th_multiply(g, s, a), axis, true)));
}
static ThNodeId slope_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return k == 0 ? curvature(g, node, cotangent) : TH_ZERO;
}
static ThNodeId slope_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return curvature(g, node, tangents[0]);
}
static const ThOperation op_slope = {.name = "cross_entropy_loss",
                                     .shape = slope_shape,
                                     .evaluate = cross_entropy_slope,
                                     .pullback = slope_pullback,
                                     .pushforward = slope_pushforward};

static ThNodeId slope_of(ThGraph *g, ThNodeId node) {
  return th_graph_binary(g, &op_slope, th_node_input(g, node, 0), th_node_input(g, node, 1));
}
static ThNodeId loss_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return k == 0 ? th_multiply(g, cotangent, slope_of(g, node)) : TH_ZERO;
}
static ThNodeId loss_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  if (tangents[0] == TH_ZERO) return TH_ZERO;
  return th_sum_axis(g, th_multiply(g, slope_of(g, node), tangents[0]), last_axis(g, node), true);
}
static const ThOperation op_cross_entropy = {.name = "cross_entropy_loss",
                                             .shape = loss_shape,
                                             .work = loss_work,
                                             .evaluate = cross_entropy,
                                             .pullback = loss_pullback,
                                             .pushforward = loss_pushforward};

ThNodeId th_cross_entropy_node(ThGraph *g, ThNodeId logits, ThNodeId labels) {
  return th_graph_binary(g, &op_cross_entropy, logits, labels);
}
