/* trace_loss.c - derivatives of losses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/trace_support.h"
#include "learn/libs.h"
#include "val/basic.h"
#include "val/operations.h"
#include "val/operations_learning.h"

enum { LOGITS, LABELS, REDUCE };

/* Labels of the leading shape as (…, 1). */
static ThNodeId as_column(ThGraph *g, ThNodeId labels, ThNodeId logits) {
  const ThGraphNode *z = th_node(g, logits);
  size_t shape[TH_MAX_RANK];
  uint32_t rank = z->rank;
  memcpy(shape, z->shape, rank * sizeof *shape);
  shape[rank - 1] = 1;
  return th_reshape(g, labels, rank, shape);
}

/* -Σ p log_softmax(z); 0 log 0 is 0. */
static ThNodeId loss_of_probabilities(ThGraph *g, ThNodeId logits, ThNodeId p) {
  ThNodeId log_share = th_log_softmax_node(g, logits);
  if (g->failed) return 0;
  uint32_t axis = th_node(g, logits)->rank - 1;
  ThNodeId possible = th_graph_binary(g, &th_op_greater, log_share, th_graph_number(g, -HUGE_VAL));
  ThNodeId weighed = th_graph_binary(g, &th_op_not_equal, p, th_graph_number(g, 0));
  ThNodeId counts = th_graph_binary(g, &th_op_or, possible, weighed);
  ThNodeId terms = th_graph_binary(g, &th_op_pick, counts, th_multiply(g, p, log_share));
  return th_negate(g, th_sum_axis(g, terms, axis, true));
}

static bool trace_cross_entropy(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  const char *reduce = th_as_string(call->args[REDUCE])->text;
  ThNodeId logits = th_traced_argument(call, LOGITS), targets = th_traced_argument(call, LABELS);
  if (g->failed) return false;
  bool are_labels = th_node(g, targets)->rank < th_node(g, logits)->rank;
  ThNodeId losses = are_labels ? th_cross_entropy_node(g, logits, as_column(g, targets, logits))
                               : loss_of_probabilities(g, logits, targets);
  if (g->failed) return false;
  double n = (double)th_node(g, losses)->length;
  if (strcmp(reduce, "none") == 0) return th_trace_give_shaped(cx, call, losses, out);
  ThNodeId sum = th_sum_all(g, losses);
  return th_traced_give(cx, call, reduce[0] == 'm' ? th_divide(g, sum, th_graph_number(g, n)) : sum, out);
}

static bool trace_mse(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId rest = th_subtract(g, th_traced_argument(call, 0), th_traced_argument(call, 1));
  if (g->failed) return false;
  double n = (double)th_node(g, rest)->length;
  ThNodeId sum = th_sum_all(g, th_power_to(g, rest, 2));
  return th_traced_give(cx, call, th_divide(g, sum, th_graph_number(g, n)), out);
}

const ThTraceRule th_trace_loss[] = {
    {"one_hot", th_trace_plain},
    {"cross_entropy_loss", trace_cross_entropy},
    {"mse_loss", trace_mse},
    {0},
};
