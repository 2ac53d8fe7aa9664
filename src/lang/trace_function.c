/* trace_function.c - functions that have captured traced values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/trace_function.h"

#include "lang/code.h"
#include "lang/derived.h"
#include "val/basic.h"
#include "val/leaves.h"

enum { DEEPEST = 50 }; /* lists and functions within each other */

static bool is_function(ThValue v) { return th_is_function(v) || th_is(v, &th_derived_kind); }

static ThGraph *graph_of(ThValue v, int depth);

static ThGraph *graph_among(const ThValue *values, size_t n, int depth) {
  ThGraph *g = NULL;
  for (size_t i = 0; i < n && !g; i++) g = graph_of(values[i], depth);
  return g;
}

/* What a captured value hangs on. */
static ThGraph *graph_of(ThValue v, int depth) {
  if (!th_is_object(v) || depth == DEEPEST) return NULL;
  if (th_is_function(v))
    return graph_among(th_as_function(v)->captured, th_as_function(v)->n_captured, depth + 1);
  if (th_is(v, &th_derived_kind)) return graph_of(th_derived_function(v), depth + 1);
  if (th_is_list(v)) return graph_among(th_as_list(v)->items, th_as_list(v)->length, depth + 1);
  if (th_is_record(v)) return graph_among(th_as_record(v)->values, th_as_record(v)->length, depth + 1);
  const ThKind *kind = th_kind_of(v);
  return kind->graph ? kind->graph(v) : NULL;
}

ThGraph *th_trace_function_graph(ThValue function) {
  return is_function(function) ? graph_of(function, 0) : NULL;
}

ThGraph *th_trace_functions_graph(const ThValue *values, size_t n) {
  ThGraph *g = NULL;
  for (size_t i = 0; i < n && !g; i++) g = th_trace_function_graph(values[i]);
  return g;
}

static bool plain_leaf(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  (void)self;
  return is_function(leaf) ? th_trace_function_plain(cx, leaf, out) : th_traced_value(cx, leaf, out);
}

static bool copy_plain(ThContext *cx, const ThFunction *f, ThValue *out) {
  ThFunction *copy = th_function_new(cx, f->prototype);
  if (!copy) return false;
  *out = th_object(copy);
  for (size_t i = 0; i < f->n_captured; i++) {
    if (th_leaves_map(cx, f->captured[i], plain_leaf, NULL, &copy->captured[i])) continue;
    copy->captured[i] = th_none();
    th_release(*out);
    return false;
  }
  return true;
}

bool th_trace_function_plain(ThContext *cx, ThValue function, ThValue *out) {
  if (!th_trace_function_graph(function)) {
    *out = th_retain(function);
    return true;
  }
  if (th_is_function(function)) return copy_plain(cx, th_as_function(function), out);
  ThValue inner;
  if (!th_trace_function_plain(cx, th_derived_function(function), &inner)) return false;
  bool ok = th_derived_of(cx, function, inner, out);
  th_release(inner);
  return ok;
}
