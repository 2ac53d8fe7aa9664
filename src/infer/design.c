/* design.c - the matrix of a regression: columns from the terms of a formula, or given */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/factor.h"

const char *th_design_name(const ThDesign *d, size_t j) {
  return th_as_string(th_as_list(d->names)->items[j])->text;
}

void th_design_clear(ThDesign *d) {
  th_release(d->matrix);
  th_release(d->names);
  th_release(d->levels);
  *d = (ThDesign){.matrix = th_none(), .names = th_none(), .levels = th_none()};
}

/* --- Messages */

bool th_design_check_finite(ThContext *cx, const char *what, const ThArray *x) {
  for (size_t i = 0; i < x->length; i++) {
    if (isfinite(x->real[i])) continue;
    const char *bad = isnan(x->real[i]) ? "nan" : "infinite";
    if (x->rank == 2) th_fail(cx, TH_ERROR_VALUE, "`%s` is %s in row %zu", what, bad, i / x->shape[1] + 1);
    else th_fail(cx, TH_ERROR_VALUE, "`%s` is %s in row %zu", what, bad, i + 1);
    return isnan(x->real[i]) ? th_hint(cx, "`drop_missing(d)` is a table without the rows that have gaps")
                             : false;
  }
  return true;
}

void th_design_combination(ThValue names, const double *weights, ThText *out) {
  const ThList *list = th_as_list(names);
  double largest = 0;
  bool first = true;
  for (size_t j = 0; j < list->length; j++) largest = fmax(largest, fabs(weights[j]));
  for (size_t j = 0; j < list->length; j++) {
    double w = weights[j] / largest;
    if (fabs(w) <= 1e-6) continue;
    const char *name = th_as_string(list->items[j])->text;
    bool one = strcmp(name, "intercept") == 0;
    th_text_add(out, first ? (w < 0 ? "-" : "") : w < 0 ? " - " : " + ");
    first = false;
    if (one || fabs(fabs(w) - 1) > 5e-5) th_format_number(fabs(w), 4, out);
    if (!one && fabs(fabs(w) - 1) > 5e-5) th_text_char(out, '*');
    if (!one && strpbrk(name, " +-*/")) th_text_format(out, "(%s)", name);
    else if (!one) th_text_add(out, name);
  }
}

bool th_design_fail_collinear(ThContext *cx, ThValue names, const double *flat, bool least_norm) {
  const ThList *list = th_as_list(names);
  size_t last = 0, n = 0;
  ThText text;
  for (size_t j = 0; j < list->length; j++)
    if (fabs(flat[j]) > 1e-6) last = j, n++;
  const char *name = th_as_string(list->items[last])->text;
  th_text_init(&text, &cx->heap);
  th_design_combination(names, flat, &text);
  if (n == 1) th_fail(cx, TH_ERROR_NUMERIC, "`%s` is 0 in every row: it has no coefficient", name);
  else
    th_fail(cx, TH_ERROR_NUMERIC, "the columns are collinear: %s is 0 in every row", th_text_string(&text));
  th_text_clear(&text);
  if (!least_norm) return th_hint(cx, "leave out `%s`", name);
  return th_hint(
      cx, "leave out `%s`, or give a design matrix to `linreg`, which takes the solution of least norm",
      name);
}

/* --- Terms */

/* One term, read: a number of columns. */
typedef struct Term {
  bool is_intercept;
  ThArray *numbers; /* owned; or NULL, when it is a factor */
  bool scalar;
  ThValue factor; /* the list of strings, borrowed */
  ThValue levels; /* borrowed from the design's list */
  size_t first_level, n_columns, n_rows;
} Term;

typedef struct Build {
  ThContext *cx;
  const ThFormula *formula;
  ThValue values; /* list of the terms' values */
  Term *terms;
  size_t n_terms, n;
  ThDesign *out;
} Build;

/* The text of a term in a buffer that lives as long as *text. */
static const char *term_text(const Build *b, size_t i, ThText *text) {
  th_text_init(text, &b->cx->heap);
  th_formula_text(b->formula, i, text);
  return th_text_string(text);
}

static bool is_text(ThValue v) {
  if (!th_is_list(v) || th_as_list(v)->length == 0) return false;
  for (size_t i = 0; i < th_as_list(v)->length; i++)
    if (!th_is_string(th_as_list(v)->items[i])) return false;
  return true;
}

static bool read_numbers(Build *b, size_t i, ThValue v, const char *text) {
  Term *t = &b->terms[i];
  if (!th_to_real_array(b->cx, v, text, &t->scalar, &t->numbers)) return false;
  if (t->numbers->rank > 2)
    return th_fail(b->cx, TH_ERROR_SHAPE, "`%s` has %u axes: a term is a vector, or a matrix of columns",
                   text, t->numbers->rank);
  t->n_columns = t->numbers->rank == 2 ? t->numbers->shape[1] : 1;
  t->n_rows = t->scalar ? 1 : t->numbers->shape[0];
  return th_design_check_finite(b->cx, text, t->numbers);
}

/* Levels that are known already, or those of these strings; they go to the design's list. */
static bool read_factor(Build *b, size_t i, ThValue v, ThValue known) {
  Term *t = &b->terms[i];
  ThList *all = th_as_list(b->out->levels);
  if (th_is_list(known)) t->levels = th_retain(known);
  else if (!th_factor_levels(b->cx, v, &t->levels)) return false;
  if (!th_list_push_take(b->cx, all, t->levels)) return false;
  t->factor = v;
  t->n_rows = th_is_string(v) ? 1 : th_as_list(v)->length;
  t->scalar = th_is_string(v);
  return true;
}

static bool read_term(Build *b, size_t i, ThValue known) {
  ThText name;
  double literal;
  ThValue v = th_as_list(b->values)->items[i];
  const char *text = term_text(b, i, &name);
  bool number = th_formula_literal(b->formula, i, &literal) && (literal == 0 || literal == 1),
       ok = th_text_ok(&name, b->cx);
  b->terms[i].factor = th_none();
  if (number) {
    b->out->intercept = literal == 1;
    b->terms[i].is_intercept = true;
    b->terms[i].scalar = true;
    b->terms[i].n_rows = 1;
  }
  if (!number && (is_text(v) || (th_is_string(v) && th_is_list(known))))
    ok = ok && read_factor(b, i, v, known);
  else
    ok = ok && (number || read_numbers(b, i, v, text)) &&
         th_list_push_take(b->cx, th_as_list(b->out->levels), th_none());
  th_text_clear(&name);
  return ok;
}

/* The intercept is implied, so that it is there unless a 0 says otherwise; then the columns are counted. */
static bool read_terms(Build *b, ThValue levels) {
  b->out->intercept = true;
  for (size_t i = 0; i < b->n_terms; i++)
    if (!read_term(b, i, th_is_list(levels) ? th_as_list(levels)->items[i] : th_none())) return false;
  bool full = !b->out->intercept;
  b->out->k = b->out->intercept;
  for (size_t i = 0; i < b->n_terms; i++) {
    Term *t = &b->terms[i];
    if (!th_is_none(t->factor)) {
      t->first_level = full ? 0 : 1;
      t->n_columns = th_as_list(t->levels)->length - t->first_level;
      full = false;
    }
    b->out->k += t->n_columns;
  }
  return true;
}

/* The rows: as asked for, or of the first term that is no single number. */
static bool count_rows(Build *b) {
  b->out->scalar = true;
  size_t first = SIZE_MAX;
  for (size_t i = 0; i < b->n_terms; i++) {
    const Term *t = &b->terms[i];
    if (t->scalar) continue;
    b->out->scalar = false;
    if (b->n == SIZE_MAX) b->n = t->n_rows, first = i;
    if (t->n_rows == b->n) continue;
    ThText mine, other;
    const char *text = term_text(b, i, &mine), *than = first == SIZE_MAX ? NULL : term_text(b, first, &other);
    th_fail(b->cx, TH_ERROR_SHAPE, "`%s` has %zu rows, %s%s%s %zu", text, t->n_rows, than ? "`" : "",
            than ? than : "the response", than ? "`" : "", b->n);
    th_text_clear(&mine);
    if (than) th_text_clear(&other);
    return false;
  }
  if (b->n == SIZE_MAX) b->n = 1;
  b->out->n = b->n;
  return true;
}

/* "x"; "X[2]" with an index j from 1, 0 for none; "g = b" with a level. */
static bool add_name(Build *b, const char *text, size_t j, const char *level) {
  ThText name;
  ThValue v;
  th_text_init(&name, &b->cx->heap);
  th_text_add(&name, text);
  if (level) th_text_format(&name, " = %s", level);
  else if (j) th_text_format(&name, "[%zu]", j);
  bool ok = th_text_ok(&name, b->cx) && th_string_of(b->cx, th_text_string(&name), &v) &&
            th_list_push_take(b->cx, th_as_list(b->out->names), v);
  th_text_clear(&name);
  return ok;
}

/* Column `at` and on from a term of numbers. */
static void write_numbers(const Build *b, const Term *t, size_t at, double *x) {
  size_t k = b->out->k, m = t->n_columns;
  const double *from = t->numbers->real;
  for (size_t i = 0; i < b->n; i++)
    for (size_t j = 0; j < m; j++) x[i * k + at + j] = from[(t->scalar ? 0 : i * m) + j];
}

static bool write_term(Build *b, size_t i, size_t at, double *x) {
  const Term *t = &b->terms[i];
  ThText name;
  const char *text = term_text(b, i, &name);
  bool ok = th_text_ok(&name, b->cx), factor = !th_is_none(t->factor);
  if (ok && factor)
    ok = th_factor_write(b->cx, text, t->factor, t->levels, t->first_level, b->n, b->out->k, x + at);
  else if (ok && !t->is_intercept) write_numbers(b, t, at, x);
  for (size_t j = 0; ok && j < t->n_columns; j++)
    ok = factor ? add_name(b, text, 0, th_factor_level(t->levels, t->first_level + j))
                : add_name(b, text, t->n_columns > 1 ? j + 1 : 0, NULL);
  th_text_clear(&name);
  return ok;
}

static bool write_all(Build *b) {
  ThDesign *d = b->out;
  ThArray *matrix = th_matrix_new(b->cx, TH_DOUBLE, d->n, d->k);
  if (!matrix) return false;
  d->matrix = th_object(matrix);
  size_t at = d->intercept;
  for (size_t i = 0; d->intercept && i < d->n; i++) matrix->real[i * d->k] = 1;
  if (d->intercept && !add_name(b, "intercept", 0, NULL)) return false;
  for (size_t i = 0; i < b->n_terms; i++) {
    if (!th_poll(b->cx) || !write_term(b, i, at, matrix->real)) return false;
    at += b->terms[i].n_columns;
  }
  return true;
}

static bool init(ThContext *cx, size_t k, ThDesign *out) {
  *out = (ThDesign){.matrix = th_none(), .names = th_none(), .levels = th_none()};
  ThList *names = th_list_new(cx, k), *levels = names ? th_list_new(cx, k) : NULL;
  if (names) out->names = th_object(names);
  if (levels) out->levels = th_object(levels);
  else th_design_clear(out);
  return levels != NULL;
}

bool th_design_from_formula(ThContext *cx, const ThFormula *formula, const ThFormulaData *data, size_t n,
                            ThValue levels, ThDesign *out) {
  Build b = {.cx = cx, .formula = formula, .values = th_none(), .n = n, .out = out};
  b.n_terms = th_formula_term_count(formula);
  if (!init(cx, b.n_terms + 1, out)) return false;
  b.terms = th_alloc_array(cx, b.n_terms, sizeof *b.terms);
  bool ok = b.terms != NULL;
  if (ok) {
    memset(b.terms, 0, b.n_terms * sizeof *b.terms);
    ok = th_formula_evaluate(cx, formula, TH_FORMULA_RIGHT, data, &b.values) && read_terms(&b, levels) &&
         count_rows(&b) && write_all(&b);
    for (size_t i = 0; i < b.n_terms; i++)
      if (b.terms[i].numbers) th_release(th_object(b.terms[i].numbers));
    th_free(cx, b.terms, b.n_terms * sizeof *b.terms);
  }
  th_release(b.values);
  if (!ok) th_design_clear(out);
  return ok;
}

bool th_design_from_matrix(ThContext *cx, ThArray *x, ThDesign *out) {
  Build b = {.cx = cx, .out = out};
  size_t k = x->rank == 2 ? x->shape[1] : 1;
  if (!init(cx, k, out)) return false;
  out->n = x->shape[0];
  out->k = k;
  ThArray *real = th_array_convert(cx, x, TH_DOUBLE);
  bool ok = real != NULL;
  if (ok) out->matrix = th_object(real);
  for (size_t j = 0; ok && j < k; j++) ok = add_name(&b, "β", j + 1, NULL);
  if (!ok) th_design_clear(out);
  return ok;
}
