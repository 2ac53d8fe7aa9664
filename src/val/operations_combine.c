/* operations_combine.c - sums of arrays of one shape, with constant weights */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/operations.h"

/* The attribute is the weights, one an input. */

static bool combine_shape(ThShaping *s) {
  const ThTensor *first = &s->inputs[0];
  s->rank = first->rank;
  for (uint32_t i = 0; i < first->rank; i++) s->shape[i] = first->shape[i];
  s->element = first->element;
  bool fits = first->element != TH_BOOL;
  for (size_t k = 1; k < s->n_inputs; k++) {
    const ThTensor *x = &s->inputs[k];
    fits = fits && x->rank == first->rank && x->element == first->element;
    for (uint32_t i = 0; fits && i < x->rank; i++) fits = x->shape[i] == first->shape[i];
  }
  return fits;
}

static bool combine(ThContext *cx, const ThEvaluation *e) {
  const double *weights = e->attribute;
  size_t n = th_tensor_size(&e->output);
  double *y = e->output.data;
  (void)cx;
  for (size_t i = 0; i < n; i++) y[i] = weights[0] * e->inputs[0].data[i];
  for (size_t k = 1; k < e->n_inputs; k++) {
    const double *x = e->inputs[k].data, weight = weights[k];
    for (size_t i = 0; i < n; i++) y[i] += weight * x[i];
  }
  return true;
}

static ThNodeId combine_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const double *weights = th_node(g, node)->attribute;
  return th_scale(g, weights[k], cotangent);
}

static ThNodeId combine_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_combine(g, th_node(g, node)->attribute, tangents, th_node(g, node)->n_inputs);
}

static const ThOperation combine_operation = {.name = "combine",
                                              .shape = combine_shape,
                                              .evaluate = combine,
                                              .pullback = combine_pullback,
                                              .pushforward = combine_pushforward};

ThNodeId th_combine(ThGraph *g, const double *weights, const ThNodeId *nodes, size_t n) {
  ThNodeId some[TH_COMBINE_MOST];
  double weights_of[TH_COMBINE_MOST];
  size_t n_some = 0;
  for (size_t k = 0; k < n && k < TH_COMBINE_MOST; k++) {
    if (nodes[k] == TH_ZERO || weights[k] == 0) continue;
    some[n_some] = nodes[k];
    weights_of[n_some++] = weights[k];
  }
  if (n_some == 0) return TH_ZERO;
  if (n_some == 1) return th_scale(g, weights_of[0], some[0]);
  return th_graph_apply(g, &combine_operation, some, n_some, weights_of, n_some * sizeof *weights_of);
}
