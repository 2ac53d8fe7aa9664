/* vm_loop.c - setting up loops and gathering comprehensions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "lang/excerpt.h"
#include "lang/vm.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/operations.h"
#include "val/traced.h"

/* A range the wrong way round is most likely a slip; it is shown as it was written. */
static void note_empty(ThSession *session, double first, double step, double last) {
  if (last >= first || step != 1 || last == first - 1) return;
  ThSpan span;
  char a[TH_EXCERPT_SIZE], b[TH_EXCERPT_SIZE], from[TH_EXCERPT_SIZE], to[TH_EXCERPT_SIZE];
  const char *text = th_vm_site_text(session, &span);
  const char *colon = memchr(text + span.start, ':', span.end - span.start);
  uint32_t middle = colon ? (uint32_t)(colon - text) : span.start;
  snprintf(from, sizeof from, "%g", first);
  snprintf(to, sizeof to, "%g", last);
  const char *left = th_excerpt_text(text, (ThSpan){span.start, middle}, from, a);
  const char *right = th_excerpt_text(text, (ThSpan){colon ? middle + 1 : span.end, span.end}, to, b);
  th_note(&session->cx, "%s:%s is empty, the loop does not run; counting down is %s:-1:%s", left, right, left,
          right);
}

bool th_vm_for_range(ThSession *session, ThValue *base, const ThInstruction *ins, bool *empty) {
  ThValue *loop = &base[ins->a], range;
  double first, step, last;
  if (!th_vm_range_part(&session->cx, loop[0], 0, &first) ||
      !th_vm_range_part(&session->cx, loop[TH_LOOP_STEP], 1, &step) ||
      !th_vm_range_part(&session->cx, loop[TH_LOOP_COUNT], 2, &last) ||
      !th_range(&session->cx, first, step, last, &range))
    return false;
  double count = (double)th_as_range(range)->length;
  th_release(range);
  *empty = count == 0;
  if (*empty) note_empty(session, first, step, last);
  th_replace_take(&loop[0], th_number(first));
  th_replace_take(&loop[TH_LOOP_STEP], th_number(step));
  th_replace_take(&loop[TH_LOOP_COUNT], th_number(count));
  th_replace_take(&loop[TH_LOOP_POSITION], th_number(0));
  th_replace_take(&loop[TH_LOOP_VARIABLE], th_number(first));
  return true;
}

static bool element(ThSession *session, ThValue *loop, double position) {
  ThValue index = th_number(position + 1), item;
  if (!th_get_index(&session->cx, loop[TH_LOOP_SEQUENCE], &index, 1, &item)) return false;
  th_replace_take(&loop[TH_LOOP_VARIABLE], item);
  return true;
}

bool th_vm_for_each(ThSession *session, ThValue *base, const ThInstruction *ins, bool *empty) {
  ThValue *loop = &base[ins->a];
  size_t length;
  if (th_is_unset(loop[0])) return th_vm_unset_local(session, ins->a);
  if (!th_length(&session->cx, loop[0], SIZE_MAX, &length)) return false;
  *empty = length == 0;
  th_replace_take(&loop[TH_LOOP_COUNT], th_number((double)length));
  th_replace_take(&loop[TH_LOOP_POSITION], th_number(0));
  return *empty || element(session, loop, 0);
}

bool th_vm_for_each_next(ThSession *session, ThValue *base, const ThInstruction *ins, bool *done) {
  ThValue *loop = &base[ins->a];
  double position = th_as_number(loop[TH_LOOP_POSITION]) + 1;
  *done = position >= th_as_number(loop[TH_LOOP_COUNT]);
  if (*done) return true;
  loop[TH_LOOP_POSITION] = th_number(position);
  return th_poll(&session->cx) && element(session, loop, position);
}

bool th_vm_gather(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThValue item = base[ins->b];
  base[ins->b] = th_number(0);
  return th_list_push_take(&session->cx, th_as_list(base[ins->a]), item);
}

/* The lengths of the n loops whose registers follow each other from `first`. False when they do not make
 * up the list, as when an inner range hangs on an outer variable. */
static bool lengths_of(const ThValue *first, size_t n, size_t total, size_t *shape) {
  size_t product = 1;
  for (size_t i = 0; i < n; i++) {
    ThValue count = first[i * TH_LOOP_REGISTERS + TH_LOOP_COUNT];
    shape[i] = th_is_number(count) ? (size_t)th_as_number(count) : 0;
    product *= shape[i];
  }
  return product == total && total > 0;
}

/* Reshapes what the loops have gathered, an array or a traced one, to the lengths of the loops and what each gave. */
static bool reshape_gathered(ThContext *cx, ThValue stacked, const size_t *lengths, size_t n, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  const size_t *own;
  uint32_t rank;
  if (!th_traced_shape(stacked, &rank, &own)) return false;
  if (n + rank - 1 > TH_MAX_RANK)
    return th_fail(cx, TH_ERROR_LIMIT, "an array of more than %d axes", TH_MAX_RANK);
  for (size_t i = 0; i < n; i++) shape[i] = lengths[i];
  for (size_t i = 1; i < rank; i++) shape[n + i - 1] = own[i];
  rank += (uint32_t)n - 1;
  if (th_is_traced(stacked)) {
    ThTraced *t = th_as_traced(stacked);
    return th_traced_new(cx, t->graph, th_reshape(t->graph, t->node, rank, shape), out);
  }
  ThArray *reshaped = th_array_reshape(cx, th_as_array(stacked), rank, shape);
  if (!reshaped) return false;
  *out = th_object(reshaped);
  return true;
}

bool th_vm_gathered(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThContext *cx = &session->cx;
  const ThList *list = th_as_list(base[ins->a]);
  size_t lengths[TH_MAX_RANK], n = ins->c;
  ThValue stacked, shaped = th_none();
  if (!th_stack(cx, list->items, list->length, &stacked)) return false;
  if (n > 1 && n <= TH_MAX_RANK && (th_is_array(stacked) || th_is_traced(stacked)) &&
      lengths_of(&base[ins->b], n, list->length, lengths)) {
    bool ok = reshape_gathered(cx, stacked, lengths, n, &shaped);
    th_release(stacked);
    if (!ok) return false;
    stacked = shaped;
  }
  th_replace_take(&base[ins->a], stacked);
  return true;
}
