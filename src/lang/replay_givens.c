/* replay_givens.c - what a replayed function reads besides its argument */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/replay_givens.h"

#include "lang/live.h"

void th_givens_clear(ThGivens *givens) {
  for (size_t i = 0; i < givens->n; i++) th_release(givens->items[i].value);
  th_free(givens->cx, givens->items, givens->capacity * sizeof *givens->items);
  *givens = (ThGivens){.cx = givens->cx};
}

static ThValue global_value(const ThSession *session, uint32_t name) {
  return name < session->n_globals ? session->globals[name].value : th_unset();
}

static ThValue value_now(const ThGivens *givens, const ThGiven *given, ThValue function) {
  if (given->is_global) return global_value(th_session_of(givens->cx), given->index);
  return th_as_function(function)->captured[given->index];
}

/* May v be fed in place of `old`: both numbers, or arrays of doubles of one shape? */
static bool may_be_fed(ThValue old, ThValue v) {
  if (th_is_number(old)) return th_is_number(v);
  if (!th_is_array(old) || !th_is_array(v)) return false;
  const ThArray *a = th_as_array(old), *b = th_as_array(v);
  return a->element == TH_DOUBLE && b->element == TH_DOUBLE && th_same_shape(a, b);
}

bool th_givens_hold(ThGivens *givens, ThValue function) {
  bool hold = true;
  for (size_t i = 0; i < givens->n; i++) {
    ThGiven *given = &givens->items[i];
    ThValue v = value_now(givens, given, function);
    if (v.bits == given->value.bits) continue;
    bool fed = may_be_fed(given->value, v);
    hold = hold && fed && given->is_open;
    bool is_kept = given->is_global &&
                   (givens->keeps_globals || th_live_find(th_session_of(givens->cx), given->index));
    given->is_open = fed && !is_kept;
    th_replace_take(&given->value, th_retain(v));
  }
  return hold;
}

/* --- Noting */

static bool add(ThGivens *givens, ThValue function, bool is_global, uint32_t index) {
  for (size_t i = 0; i < givens->n; i++)
    if (givens->items[i].is_global == is_global && givens->items[i].index == index) return true;
  if (givens->n == givens->capacity) {
    size_t capacity = 2 * givens->capacity + 4;
    ThGiven *grown = th_resize(givens->cx, givens->items, givens->capacity * sizeof *grown,
                               capacity * sizeof *grown);
    if (!grown) return false;
    givens->items = grown;
    givens->capacity = capacity;
  }
  ThGiven *given = &givens->items[givens->n++];
  *given = (ThGiven){.is_global = is_global, .index = index};
  given->value = th_retain(value_now(givens, given, function));
  return true;
}

bool th_givens_note(ThGivens *givens, ThValue function, const ThReads *reads) {
  size_t n = th_is_function(function) ? th_as_function(function)->n_captured : 0;
  for (size_t i = 0; i < n; i++)
    if (!add(givens, function, false, (uint32_t)i)) return false;
  for (size_t i = 0; i < reads->n; i++)
    if (!add(givens, function, true, reads->names[i])) return false;
  return true;
}

/* --- Calling */

/* A function that captured the same values. */
static bool copy_function(ThContext *cx, const ThFunction *f, ThValue *out) {
  ThFunction *copy = th_function_new(cx, f->prototype);
  if (!copy) return false;
  for (size_t i = 0; i < f->n_captured; i++) copy->captured[i] = th_retain(f->captured[i]);
  *out = th_object(copy);
  return true;
}

/* The function with inputs of the graph in place of the open ones among what it captured. */
static bool open_function(const ThGivens *givens, ThGraph *g, ThValue function, ThValue *out) {
  *out = th_retain(function);
  for (size_t i = 0; i < givens->n; i++) {
    const ThGiven *given = &givens->items[i];
    ThValue input;
    if (!given->is_open || given->is_global) continue;
    if (out->bits == function.bits) {
      th_release(*out);
      if (!copy_function(givens->cx, th_as_function(function), out)) return false;
    }
    if (!th_traced_new(givens->cx, g, given->node, &input)) {
      th_release(*out);
      return false;
    }
    th_replace_take(&th_as_function(*out)->captured[given->index], input);
  }
  return true;
}

/* Inputs of the graph in place of the open globals. */
static bool open_globals(const ThGivens *givens, ThGraph *g) {
  ThSession *session = th_session_of(givens->cx);
  for (size_t i = 0; i < givens->n; i++) {
    const ThGiven *given = &givens->items[i];
    ThValue input;
    if (!given->is_open || !given->is_global) continue;
    if (!th_traced_new(givens->cx, g, given->node, &input)) return false;
    th_replace_take(&session->globals[given->index].value, input);
  }
  return true;
}

static void close_globals(const ThGivens *givens) {
  ThSession *session = th_session_of(givens->cx);
  for (size_t i = 0; i < givens->n; i++) {
    const ThGiven *given = &givens->items[i];
    if (given->is_open && given->is_global)
      th_replace_take(&session->globals[given->index].value, th_retain(given->value));
  }
}

bool th_givens_call(ThGivens *givens, ThTrace *trace, ThValue function) {
  ThGraph *g = trace->graph;
  ThArguments args = {.count = 1, .values = &trace->traced};
  ThValue opened;
  for (size_t i = 0; i < givens->n; i++)
    if (givens->items[i].is_open) givens->items[i].node = th_graph_input(g, givens->items[i].value);
  if (g->failed || !open_function(givens, g, function, &opened)) {
    th_trace_clear(trace);
    return false;
  }
  bool ok = open_globals(givens, g);
  if (ok) ok = th_trace_call(trace, opened, &args);
  else th_trace_clear(trace);
  close_globals(givens);
  th_release(opened);
  return ok;
}

/* --- Feeding */

size_t th_givens_count_open(const ThGivens *givens) {
  size_t n = 0;
  for (size_t i = 0; i < givens->n; i++) n += givens->items[i].is_open;
  return n;
}

void th_givens_nodes(const ThGivens *givens, ThNodeId *nodes) {
  for (size_t i = 0; i < givens->n; i++)
    if (givens->items[i].is_open) *nodes++ = givens->items[i].node;
}

void th_givens_feed(ThGivens *givens, const double **inputs) {
  for (size_t i = 0; i < givens->n; i++) {
    ThGiven *given = &givens->items[i];
    if (!given->is_open) continue;
    if (th_is_number(given->value)) given->number = th_as_number(given->value);
    *inputs++ = th_is_number(given->value) ? &given->number : th_as_array(given->value)->real;
  }
}
