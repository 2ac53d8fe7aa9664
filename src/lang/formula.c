/* formula.c - formulas: y ~ 1 + x in an argument of a call, as a value */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/formula.h"

#include "lang/vm.h"

static const ThPrototype *prototype_of(const ThFormula *f, ThFormulaSide side) {
  return th_as_function(f->sides[side])->prototype;
}

/* The expression of a side: the last child of its function's node. */
static const ThNode *body_of(const ThFormula *f, ThFormulaSide side) {
  const ThNode *node = prototype_of(f, side)->node;
  return node->items[node->n_items - 1];
}

ThSymbol *th_formula_name(const ThFormula *f, ThFormulaSide side, size_t i) {
  bool has_default;
  return th_function_parameter(f->sides[side], i, &has_default);
}

bool th_formula_has_response(const ThFormula *f) {
  return body_of(f, TH_FORMULA_LEFT)->kind != TH_NODE_CONSTANT;
}

size_t th_formula_term_count(const ThFormula *f) { return body_of(f, TH_FORMULA_RIGHT)->n_items; }

void th_formula_text(const ThFormula *f, size_t i, ThText *out) {
  ThFormulaSide side = i == SIZE_MAX ? TH_FORMULA_LEFT : TH_FORMULA_RIGHT;
  const ThNode *node = body_of(f, side);
  if (side == TH_FORMULA_RIGHT) node = node->items[i];
  th_text_bytes(out, prototype_of(f, side)->tree->source->text + node->span.start,
                node->span.end - node->span.start);
}

bool th_formula_literal(const ThFormula *f, size_t i, double *out) {
  const ThNode *node = body_of(f, TH_FORMULA_RIGHT)->items[i];
  if (node->kind == TH_NODE_NUMBER) *out = node->number;
  return node->kind == TH_NODE_NUMBER;
}

/* --- Evaluation */

static ThValue *find_column(const ThFormulaData *data, const ThSymbol *name) {
  ThValue *v = data->named ? th_record_find(data->named, name) : NULL;
  if (!v && th_is_table(data->data)) v = th_table_find(th_as_table(data->data), name);
  if (!v && th_is_record(data->data)) v = th_record_find(th_as_record(data->data), name);
  return v;
}

static void offer_columns(const ThFormulaData *data, ThNearest *nearest) {
  ThSymbol **names = NULL;
  size_t n = 0;
  if (th_is_table(data->data)) names = th_as_table(data->data)->names, n = th_as_table(data->data)->n_columns;
  if (th_is_record(data->data)) names = th_as_record(data->data)->names, n = th_as_record(data->data)->length;
  for (size_t i = 0; i < n; i++) th_nearest_offer(nearest, names[i]->name, names[i]->spelling);
}

/* A name that is nothing: the columns are what was most likely meant. */
static bool fail_unknown(ThContext *cx, const ThSymbol *name, const ThFormulaData *data) {
  char text[64];
  ThNearest nearest = th_nearest_begin(name->name);
  bool has_data = !th_is_unset(data->data);
  if (!has_data) return false; /* what was said of the variable is all there is */
  th_error_clear(cx);
  th_fail_argument(cx, 1, TH_ERROR_NAME, "`%s` is neither a column of `%s` nor a variable", name->spelling,
                   th_operand(cx, 1, "the data", text, sizeof text));
  offer_columns(data, &nearest);
  if (!nearest.best) nearest.best = th_session_nearest_name(th_session_of(cx), name);
  return nearest.best ? th_hint(cx, "did you mean `%s`?", nearest.best) : false;
}

static bool read_variable(ThContext *cx, const ThFormula *f, ThFormulaSide side, size_t i,
                          const ThSymbol *name, ThValue *out) {
  size_t reader = i;
  if (side == TH_FORMULA_RIGHT) reader += prototype_of(f, TH_FORMULA_LEFT)->n_parameters;
  if (!th_is_unset(f->readers[reader])) return th_call_values(cx, f->readers[reader], NULL, 0, out);
  ThSession *session = th_session_of(cx);
  return th_session_reserve(session) && th_vm_global_read(session, name->index, out);
}

bool th_formula_read(ThContext *cx, const ThFormula *f, ThFormulaSide side, size_t i,
                     const ThFormulaData *data, bool *is_column, ThValue *out) {
  const ThSymbol *name = th_formula_name(f, side, i);
  const ThValue *column = find_column(data, name);
  *is_column = column != NULL;
  if (column) {
    *out = th_retain(*column);
    return true;
  }
  if (read_variable(cx, f, side, i, name, out)) return true;
  return cx->error.code == TH_ERROR_NAME && fail_unknown(cx, name, data);
}

bool th_formula_evaluate(ThContext *cx, const ThFormula *f, ThFormulaSide side, const ThFormulaData *data,
                         ThValue *out) {
  size_t n = prototype_of(f, side)->n_parameters, have = 0;
  bool ok = true, is_column;
  ThValue none[1], *values = n ? th_alloc_array(cx, n, sizeof *values) : none;
  if (!values) return false;
  for (; ok && have < n; have += ok) ok = th_formula_read(cx, f, side, have, data, &is_column, &values[have]);
  ok = ok && th_call_values(cx, f->sides[side], values, n, out);
  th_release_all(values, have);
  if (n) th_free(cx, values, n * sizeof *values);
  return ok;
}

/* --- The kind */

bool th_formula_new(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  ThFormula *f = th_object_new(cx, &th_formula_kind, sizeof *f + (n - 2) * sizeof *f->readers);
  if (!f) return false;
  f->n = n - 2;
  for (size_t i = 0; i < f->n; i++) f->readers[i] = th_retain(items[i]);
  for (size_t i = 0; i < 2; i++) f->sides[i] = th_retain(items[f->n + i]);
  *out = th_object(f);
  return true;
}

static void release_formula(ThObject *self) {
  ThFormula *f = (ThFormula *)self;
  th_release_all(f->sides, 2);
  th_release_all(f->readers, f->n);
  th_object_free(self, sizeof *f + f->n * sizeof *f->readers);
}

/* As it was typed. */
static bool format_formula(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThFormula *f = th_as_formula(self);
  (void)style;
  if (th_formula_has_response(f)) {
    th_formula_text(f, SIZE_MAX, out);
    th_text_char(out, ' ');
  }
  th_text_char(out, '~');
  for (size_t i = 0; i < th_formula_term_count(f); i++) {
    th_text_add(out, i ? " + " : " ");
    th_formula_text(f, i, out);
  }
  return th_text_ok(out, cx);
}

const ThKind th_formula_kind = {.name = "formula", .release = release_formula, .format = format_formula};
