/* trace_activation.c - derivatives of the bends between layers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learn/libs.h"
#include "num/real.h"
#include "val/operations_axis.h"
#include "val/operations_learning.h"
#include "val/operations_special.h"

static bool trace_relu(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_graph_unary(call->g, &th_op_relu, th_traced_argument(call, 0)), out);
}

/* x Φ(x) and x σ(x) as products, so that their derivatives share Φ and σ. */
static bool trace_gelu(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId x = th_traced_argument(call, 0);
  ThNodeId tail = th_graph_unary(g, th_operation_special("erfc"), th_scale(g, -1 / TH_SQRT_2, x));
  return th_traced_give(cx, call, th_multiply(g, x, th_scale(g, 0.5, tail)), out);
}
static bool trace_silu(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId x = th_traced_argument(call, 0);
  return th_traced_give(cx, call, th_multiply(call->g, x, th_graph_unary(call->g, &th_op_sigmoid, x)), out);
}

static bool trace_softmax(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId x = th_traced_argument(call, 0);
  if (call->g->failed) return false;
  return th_traced_give(cx, call, th_softmax_axis(call->g, x, th_node(call->g, x)->rank - 1), out);
}
static bool trace_log_softmax(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_log_softmax_node(call->g, th_traced_argument(call, 0)), out);
}

const ThTraceRule th_trace_activation[] = {
    {"relu", trace_relu},
    {"gelu", trace_gelu},
    {"silu", trace_silu},
    {"softmax", trace_softmax},
    {"log_softmax", trace_log_softmax},
    {0},
};
