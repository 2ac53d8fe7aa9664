/* oracle.c - a function whose calls are counted */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/oracle.h"

#include "infer/names.h"
#include "val/basic.h"
#include "val/leaves.h"
#include "val/traced.h"

bool th_oracle_new(ThContext *cx, ThValue function, ThValue *out) {
  ThOracle *oracle = th_object_new(cx, &th_oracle_kind, sizeof *oracle);
  if (!oracle) return false;
  oracle->function = th_retain(function);
  *out = th_object(oracle);
  return true;
}

/* --- Calls */

bool th_calls_record(ThContext *cx, const ThCalls *calls, ThValue *out) {
  ThRecord *record = th_record_new(cx, 3);
  bool ok = record && th_record_set_text(cx, record, "value", th_number((double)calls->value)) &&
            th_record_set_text(cx, record, "gradient", th_number((double)calls->gradient)) &&
            th_record_set_text(cx, record, "hessian", th_number((double)calls->hessian));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

static void add_count(size_t count, const char *one, const char *many, bool *any, ThText *out) {
  if (count == 0) return;
  th_text_format(out, "%s%zu %s", *any ? ", " : "", count, count == 1 ? one : many);
  *any = true;
}

void th_calls_format(const ThCalls *calls, ThText *out) {
  bool any = false;
  add_count(calls->value, "value", "values", &any, out);
  add_count(calls->gradient, "gradient", "gradients", &any, out);
  add_count(calls->hessian, "Hessian", "Hessians", &any, out);
  if (!any) th_text_add(out, "no calls");
}

/* --- The kind */

static void release(ThObject *self) {
  th_release(((ThOracle *)self)->function);
  th_object_free(self, sizeof(ThOracle));
}

static bool format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThOracle *oracle = th_as_oracle(self);
  th_text_add(out, "oracle(");
  if (!th_format(cx, oracle->function, style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style, out)) return false;
  th_text_char(out, ')');
  if (style != TH_STYLE_ECHO) return th_text_ok(out, cx);
  th_text_add(out, ": ");
  th_calls_format(&oracle->calls, out);
  return th_text_ok(out, cx);
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  return th_is_symbol(cx, name, "calls") && th_calls_record(cx, &th_as_oracle(self)->calls, out);
}

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return i == 0 ? th_symbol_of(cx, "calls") : NULL;
}

/* Keeps the graph of a traced leaf. */
static bool find_graph(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  ThGraph **graph = self;
  (void)cx;
  if (th_is_traced(leaf)) *graph = th_as_traced(leaf)->graph;
  *out = th_none();
  return true;
}

/* Under grad and its kin the argument is traced: a value and a gradient are asked for. The trace must not be used for
 * other arguments without a call, which would not be counted. */
static bool count_call(ThContext *cx, ThOracle *oracle, const ThArguments *args) {
  ThGraph *graph = NULL;
  ThValue ignored;
  for (size_t i = 0; i < args->count; i++) {
    if (!th_leaves_map(cx, args->values[i], find_graph, &graph, &ignored)) return false;
    th_release(ignored);
  }
  oracle->calls.value++;
  if (!graph) return true;
  oracle->calls.gradient++;
  graph->is_bound = true;
  return true;
}

static bool call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  ThOracle *oracle = th_as_oracle(self);
  if (!count_call(cx, oracle, args)) return false;
  return th_call(cx, oracle->function, args, out);
}

const ThKind th_oracle_kind = {.name = "oracle",
                               .release = release,
                               .format = format,
                               .get_field = get_field,
                               .field_name = field_name,
                               .call = call};
