/* trace_support.c - what rules of derivatives share: axes, shapes, refusals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/trace_support.h"

#include "val/basic.h"
#include "val/operations.h"

void th_trace_decided_by(const ThTracedCall *call, size_t first, size_t n) {
  for (size_t i = first; i < first + n && i < call->n_args; i++)
    if (call->nodes[i] != TH_ZERO) call->g->is_bound = true;
}

static ThNodeId as_array(const ThTracedCall *call, size_t i) {
  ThNodeId x = th_traced_argument(call, i);
  return call->g->failed || th_node(call->g, x)->rank > 0 ? x : th_flat(call->g, x);
}

ThNodeId th_trace_lines(const ThTracedCall *call, size_t i, size_t axis, uint32_t *out) {
  bool is_given = th_is_scalar(call->args[axis]);
  th_trace_decided_by(call, axis, 2);
  ThNodeId x = as_array(call, i);
  *out = is_given ? (uint32_t)th_as_scalar(call->args[axis]) - 1 : 0;
  return is_given ? x : th_flat(call->g, x);
}

ThNodeId th_trace_first(const ThTracedCall *call, size_t i, size_t axis, uint32_t *out) {
  *out = th_is_scalar(call->args[axis]) ? (uint32_t)th_as_scalar(call->args[axis]) - 1 : 0;
  th_trace_decided_by(call, axis, 2);
  return as_array(call, i);
}

bool th_trace_give_shaped(ThContext *cx, const ThTracedCall *call, ThNodeId node, ThValue *out) {
  if (call->g->failed) return false;
  const ThArray *a = th_is_array(call->result) ? th_as_array(call->result) : NULL;
  return th_traced_give(cx, call, th_reshape(call->g, node, a ? a->rank : 0, a ? a->shape : NULL), out);
}

bool th_trace_shape(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  (void)cx;
  *out = th_retain(call->result);
  return true;
}

static size_t first_traced(const ThTracedCall *call) {
  size_t i = 0;
  while (i + 1 < call->n_args && call->nodes[i] == TH_ZERO) i++;
  return i;
}

bool th_trace_refuse(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  (void)out;
  return th_fail_argument(cx, (int)first_traced(call) + 1, TH_ERROR_TYPE, "`%s` cannot be differentiated",
                          call->name);
}

bool th_trace_check_plain(ThContext *cx, const ThTracedCall *call, size_t i, const char *argument) {
  if (call->nodes[i] == TH_ZERO) return true;
  return th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "`%s` cannot be differentiated by %s", call->name,
                          argument);
}
