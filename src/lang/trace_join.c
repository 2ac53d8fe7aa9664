/* trace_join.c - derivatives of joining arrays, choosing between them, and leaving rows out */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/trace_support.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/operations_axis.h"

/* --- Joining */

/* A list of arguments first …, traced where they were: of a list its elements, but only of the first unless all are
 * taken apart. */
static bool give_list(ThContext *cx, const ThTracedCall *call, size_t first, bool all_apart, ThValue *out) {
  ThList *list = th_list_new(cx, call->n_args - first);
  bool ok = list != NULL;
  for (size_t i = first; ok && i < call->n_args; i++) {
    bool is_apart = th_is_list(call->given[i]) && (all_apart || i == first);
    const ThList *part = is_apart ? th_as_list(call->given[i]) : NULL;
    for (size_t k = 0; ok && part && k < part->length; k++)
      ok = th_list_push_take(cx, list, th_retain(part->items[k]));
    if (ok && !part) ok = th_list_push_take(cx, list, th_retain(call->given[i]));
  }
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

/* A part of a joint array, with as many axes as that has: `[]` joins anything, a number is a vector of one. */
static ThNodeId part_of(ThGraph *g, ThNodeId part, const ThArray *whole, uint32_t axis) {
  size_t shape[TH_MAX_RANK];
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, part);
  if (node->rank == whole->rank) return part;
  memcpy(shape, whole->shape, whole->rank * sizeof *shape);
  shape[axis] = node->length ? 1 : 0;
  return th_reshape(g, part, whole->rank, shape);
}

/* concat: axis, then the parts */
static bool trace_concat(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  uint32_t axis = (uint32_t)th_as_scalar(call->args[0]) - 1;
  size_t n = call->n_args - 1;
  if (th_is_list(call->result)) return give_list(cx, call, 1, true, out);
  if (!th_is_array(call->result)) return th_trace_plain(cx, call, out);
  th_trace_decided_by(call, 0, 1);
  ThNodeId *parts = th_alloc_array(cx, n, sizeof *parts);
  if (!parts) return false;
  for (size_t i = 0; i < n; i++)
    parts[i] = part_of(g, th_traced_argument(call, i + 1), th_as_array(call->result), axis);
  bool ok = th_traced_give(cx, call, th_join_axis(g, parts, n, axis), out);
  th_free(cx, parts, n * sizeof *parts);
  return ok;
}

/* Each part gets a new axis of length 1: its shape is that of the result but for this. */
static bool trace_stack(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThArray *result = th_as_array(call->result);
  ThGraph *g = call->g;
  size_t n = call->n_args - 1, shape[TH_MAX_RANK];
  uint32_t axis = (uint32_t)th_as_scalar(call->args[0]) - 1;
  memcpy(shape, result->shape, result->rank * sizeof *shape);
  shape[axis] = 1;
  th_trace_decided_by(call, 0, 1);
  ThNodeId *parts = th_alloc_array(cx, n, sizeof *parts);
  if (!parts) return false;
  for (size_t i = 0; i < n; i++)
    parts[i] = th_reshape(g, th_traced_argument(call, i + 1), result->rank, shape);
  bool ok = th_traced_give(cx, call, th_join_axis(g, parts, n, axis), out);
  th_free(cx, parts, n * sizeof *parts);
  return ok;
}

/* push: a list or array, then what comes to its end: of an array of more axes its rows. */
static bool trace_push(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  if (th_is_list(call->result)) return give_list(cx, call, 0, false, out);
  const ThArray *result = th_as_array(call->result);
  ThNodeId *parts = th_alloc_array(cx, call->n_args, sizeof *parts);
  if (!parts) return false;
  for (size_t i = 0; i < call->n_args; i++) {
    parts[i] = th_traced_argument(call, i);
    if (i > 0) parts[i] = th_broadcast_node(g, parts[i], result->rank - 1, result->shape + 1);
  }
  bool ok = th_trace_give_shaped(cx, call, th_join(g, parts, call->n_args), out);
  th_free(cx, parts, call->n_args * sizeof *parts);
  return ok;
}

/* --- Choosing: where(c, a, b). Nothing of the branch that is not taken comes through, not even nan. */

static bool trace_where(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  enum { CONDITION, YES, NO };
  ThElement element;
  bool chooses = call->n_args > NO && th_element_of(call->args[YES], &element) &&
                 th_element_of(call->args[NO], &element);
  if (!chooses) return th_trace_plain(cx, call, out);
  ThNodeId node = th_choose(call->g, th_traced_argument(call, CONDITION), th_traced_argument(call, YES),
                            th_traced_argument(call, NO));
  return th_trace_give_shaped(cx, call, node, out);
}

/* --- Leaving out rows */

static bool has_nan(const ThArray *a, size_t first, size_t n) {
  for (size_t i = first; i < first + n; i++)
    if (a->element != TH_BOOL && isnan(creal(th_array_complex(a, i)) + cimag(th_array_complex(a, i))))
      return true;
  return false;
}

/* Which rows are left hangs on the values. */
static bool trace_drop_missing(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThArray *x = th_as_array(call->args[0]), *result = th_as_array(call->result);
  size_t row = x->shape[0] ? x->length / x->shape[0] : 0, n = 0;
  call->g->is_bound = true;
  size_t *at = th_alloc_array(cx, x->length + 1, sizeof *at);
  if (!at) return false;
  for (size_t i = 0; i < x->length; i += row) {
    if (has_nan(x, i, row)) continue;
    for (size_t k = 0; k < row; k++) at[n++] = i + k;
  }
  bool ok = th_traced_give(cx, call, th_gather(call->g, call->nodes[0], at, result->rank, result->shape),
                           out);
  th_free(cx, at, (x->length + 1) * sizeof *at);
  return ok;
}

/* Rows at random. */
static bool refuse_random(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  if (!th_trace_refuse(cx, call, out))
    th_hint(cx, "it draws rows at random: call it before, and let the function take the rows");
  return false;
}

const ThTraceRule th_trace_join[] = {
    {"concat", trace_concat},       {"stack", trace_stack},
    {"push", trace_push},           {"where", trace_where},
    {"split", refuse_random},       {"drop_missing", trace_drop_missing},
    {"sample_rows", refuse_random}, {"contains", th_trace_plain},
    {"summary", th_trace_refuse},   {0},
};
