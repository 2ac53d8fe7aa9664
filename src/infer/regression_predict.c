/* regression_predict.c - what a regression says about new data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/regression_predict.h"

#include <math.h>
#include <string.h>

#include "infer/extrapolation.h"
#include "infer/glm.h"
#include "infer/model_data.h"
#include "num/linalg.h"

/* --- Inputs of a formula: names that stood for as many values as there are data */

static bool is_input(const ThRegression *r, ThValue v) {
  if (th_is_list(v)) return th_as_list(v)->length == r->n;
  return th_is_array(v) && th_as_array(v)->shape[0] == r->n;
}

/* What name i of the right side was in the fit: owned. */
static bool read_old(ThContext *cx, const ThRegression *r, size_t i, ThValue *out) {
  bool is_column;
  ThValue v;
  ThFormulaData data = {.data = r->data};
  if (!th_formula_read(cx, th_as_formula(r->formula), TH_FORMULA_RIGHT, i, &data, &is_column, &v))
    return false;
  bool ok = th_model_value(cx, th_formula_name(th_as_formula(r->formula), TH_FORMULA_RIGHT, i), v, out);
  th_release(v);
  return ok;
}

static const ThValue *find_new(const ThFormulaData *data, const ThSymbol *name) {
  const ThValue *v = data->named ? th_record_find(data->named, name) : NULL;
  if (!v && th_is_table(data->data)) v = th_table_find(th_as_table(data->data), name);
  if (!v && th_is_record(data->data)) v = th_record_find(th_as_record(data->data), name);
  return v;
}

bool th_regression_input(ThContext *cx, const ThRegression *r, ThSymbol **name, ThArray **x) {
  ThSymbol *at;
  *name = NULL;
  size_t n = 0;
  for (size_t i = 0; (at = th_formula_name(th_as_formula(r->formula), TH_FORMULA_RIGHT, i)); i++) {
    ThValue old = th_none();
    if (!read_old(cx, r, i, &old)) return false;
    bool plain = th_is_array(old) && th_as_array(old)->rank == 1 && is_input(r, old);
    n += is_input(r, old);
    if (plain && n == 1) {
      *name = at;
      *x = th_as_array(old);
    } else {
      th_release(old);
    }
  }
  if (*name && n > 1) {
    th_release(th_object(*x));
    *name = NULL;
  }
  return true;
}

/* One input of the formula: is it there, and within what the fit has seen? */
static bool check_input(ThContext *cx, const ThRegression *r, size_t i, const ThFormulaData *data) {
  const ThSymbol *name = th_formula_name(th_as_formula(r->formula), TH_FORMULA_RIGHT, i);
  const ThValue *given = find_new(data, name);
  ThValue old = th_none(), new = th_none();
  if (!read_old(cx, r, i, &old)) return false;
  bool ok = true, input = is_input(r, old);
  if (input && !given) {
    th_fail(cx, TH_ERROR_NAME, "`predict` needs the input `%s`", name->spelling);
    ok = th_hint(cx, "predict(f, %s = …)", name->spelling);
  }
  if (ok && input && th_is_array(old)) {
    ok = th_model_value(cx, name, *given, &new);
    double number = ok && th_is_scalar(new) ? th_as_scalar(new) : 0;
    const ThArray *seen = th_as_array(old);
    if (ok && seen->rank == 1 && (th_is_scalar(new) || th_is_array(new)))
      th_note_outside(
          cx, name->spelling, (ThInput){seen->real, seen->length, 1},
          (ThInput){th_is_array(new) ? th_as_array(new)->real : &number, th_value_length(new), 1});
  }
  th_release(old);
  th_release(new);
  return ok;
}

/* By position: the record of the one input. */
static bool name_input(ThContext *cx, const ThRegression *r, ThValue given, ThValue *out) {
  ThSymbol *name;
  ThArray *x;
  if (!th_regression_input(cx, r, &name, &x)) return false;
  if (!name) {
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "which input is it? the formula has not just one");
    name = th_formula_name(th_as_formula(r->formula), TH_FORMULA_RIGHT, 0);
    return name ? th_hint(cx, "predict(f, %s = …)", name->spelling) : false;
  }
  th_release(th_object(x));
  ThRecord *record = th_record_new(cx, 1);
  bool ok = record && th_record_set_take(cx, record, name, th_retain(given));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* --- The new design */

/* Of the new data beside the inputs. */
static const char *const extras[] = {"σ", "offset", "trials"};

static bool check_names(ThContext *cx, const ThRegression *r, const ThRecord *named) {
  const ThFormula *f = th_is_formula(r->formula) ? th_as_formula(r->formula) : NULL;
  ThSymbol *at;
  for (size_t i = 0; i < named->length; i++) {
    bool known = false;
    ThNearest nearest = th_nearest_begin(named->names[i]->name);
    for (size_t j = 0; f && (at = th_formula_name(f, TH_FORMULA_RIGHT, j)); j++) {
      known |= at == named->names[i];
      th_nearest_offer(&nearest, at->name, at->spelling);
    }
    for (size_t j = 0; j < sizeof extras / sizeof *extras; j++)
      known |= strcmp(named->names[i]->name, extras[j]) == 0;
    if (known) continue;
    th_fail(cx, TH_ERROR_NAME, "`%s` is not in the formula of the fit", named->names[i]->spelling);
    (void)th_nearest_hint(&nearest, cx);
    return false;
  }
  return true;
}

static bool formula_design(ThContext *cx, const ThRegression *r, ThFormulaData *data, ThDesign *out) {
  const ThFormula *f = th_as_formula(r->formula);
  for (size_t i = 0; th_formula_name(f, TH_FORMULA_RIGHT, i); i++)
    if (!check_input(cx, r, i, data)) return false;
  return th_design_from_formula(cx, f, data, SIZE_MAX, r->design.levels, out);
}

/* Rows of as many numbers as the fit had columns; one row as a vector. */
static bool matrix_design(ThContext *cx, const ThRegression *r, ThValue given, ThDesign *out) {
  ThArray *x;
  bool scalar;
  size_t k = r->design.k;
  if (th_is_unset(given))
    return th_fail(cx, TH_ERROR_TYPE, "`predict` of `linreg` takes rows of %zu numbers", k);
  if (!th_to_real_array(cx, given, "data", &scalar, &x)) return false;
  bool row = x->rank == 1 && x->length == k, ok = row || (x->rank == 2 && x->shape[1] == k);
  if (!ok)
    th_fail_argument(cx, 2, TH_ERROR_SHAPE,
                     "the rows of `linreg` have %zu numbers, the design matrix's columns", k);
  ThArray *rows = ok ? th_array_reshape(cx, x, 2, (size_t[]){x->length / k, k}) : NULL;
  th_release(th_object(x));
  if (!rows) return false;
  ok = th_design_from_matrix(cx, rows, out);
  th_release(th_object(rows));
  if (!ok) return false;
  out->scalar = row;
  for (size_t j = 0; j < k; j++)
    th_note_outside(cx, th_design_name(&r->design, j), (ThInput){th_design_numbers(&r->design) + j, r->n, k},
                    (ThInput){th_design_numbers(out) + j, out->n, k});
  return true;
}

/* --- The answer */

enum { VALUE, SE, LOWER, UPPER, PREDICT_LOWER, PREDICT_UPPER, N_PARTS };

typedef struct Answer {
  ThContext *cx;
  const ThRegression *r;
  ThDesign design;
  size_t m;
  ThArray *parts[N_PARTS]; /* NULL where there is none */
} Answer;

void th_regression_line(const ThRegression *r, size_t m, const double *x, double *eta, double *se) {
  size_t k = r->design.k;
  th_linalg_gemv(false, m, k, 1, x, r->coef, 0, eta);
  for (size_t i = 0; i < m; i++) {
    double sum = 0;
    const double *row = x + i * k;
    for (size_t a = 0; a < k; a++)
      for (size_t b = 0; b < k; b++) sum += row[a] * r->covariance[a * k + b] * row[b];
    se[i] = r->errors == TH_ERRORS_NONE ? (double)NAN : sqrt(fmax(sum, 0));
  }
}

/* An option of the new data: one number, or one for each; *given tells whether there is one. */
static bool read_extra(Answer *a, const ThRecord *named, const char *name, double fallback, bool *given,
                       double *out) {
  ThArray *x;
  bool scalar;
  ThSymbol *symbol = th_symbol_of(a->cx, name);
  const ThValue *v = symbol ? th_record_find(named, symbol) : NULL;
  *given = v != NULL;
  for (size_t i = 0; i < a->m; i++) out[i] = fallback;
  if (!symbol || !v) return symbol != NULL;
  if (!th_to_real_array(a->cx, *v, name, &scalar, &x)) return false;
  bool ok = scalar || x->length == a->m;
  if (!ok) th_fail(a->cx, TH_ERROR_SHAPE, "`%s` has %zu numbers for %zu new data", name, x->length, a->m);
  for (size_t i = 0; ok && i < a->m; i++) out[i] = x->real[scalar ? 0 : i];
  th_release(th_object(x));
  return ok;
}

/* The σ of new data: that of the fit when it is one for all, else it has to be given. */
static bool find_noise(Answer *a, const ThRecord *named, bool *known, double *noise) {
  const ThRegression *r = a->r;
  bool one = r->sigma_kind == TH_SIGMA_ESTIMATED || r->sigma_kind == TH_SIGMA_NUMBER, given;
  if (!read_extra(a, named, "σ", one ? th_as_scalar(r->sigma) : (double)NAN, &given, noise)) return false;
  *known = one || given;
  if (!*known) th_note(a->cx, "a new point needs its own `σ` for predict_lower and predict_upper");
  return true;
}

static bool answer_normal(Answer *a, const ThRecord *named, double level, double *noise) {
  bool known, errors = a->r->errors != TH_ERRORS_NONE;
  if (!find_noise(a, named, &known, noise)) return false;
  double t = errors ? th_regression_quantile(a->r, level) : (double)NAN;
  for (size_t i = 0; i < a->m; i++) {
    double value = a->parts[VALUE]->real[i], se = a->parts[SE]->real[i],
           both = sqrt(se * se + noise[i] * noise[i]);
    double numbers[] = {value, se, value - t * se, value + t * se, value - t * both, value + t * both};
    for (int j = 0; j < N_PARTS; j++) a->parts[j]->real[i] = numbers[j];
  }
  for (int j = errors ? known ? N_PARTS : PREDICT_LOWER : SE; j < N_PARTS; j++) {
    th_release(th_object(a->parts[j]));
    a->parts[j] = NULL;
  }
  return true;
}

/* The mean of a family, its error by the delta rule, and the interval of η through the link; and where a new datum
 * lies, a whole number. */
static bool answer_family(Answer *a, const ThRecord *named, double level, double *extra) {
  const ThGlmFamily *family = a->r->family;
  bool given;
  double t = th_regression_quantile(a->r, level), tail = (1 - level) / 2, value, mean, variance;
  if (!read_extra(a, named, "offset", 0, &given, extra)) return false;
  for (size_t i = 0; i < a->m; i++) a->parts[VALUE]->real[i] += extra[i];
  if (!read_extra(a, named, "trials", 1, &given, extra)) return false;
  for (size_t i = 0; i < a->m; i++) {
    double eta = a->parts[VALUE]->real[i], se = a->parts[SE]->real[i], ends[] = {eta - t * se, eta + t * se};
    family->cumulant(1, &eta, &value, &mean, &variance);
    a->parts[VALUE]->real[i] = extra[i] * mean;
    a->parts[SE]->real[i] = extra[i] * variance * se;
    for (int j = 0; j < 2; j++) {
      family->cumulant(1, &ends[j], &value, &mean, &variance);
      a->parts[LOWER + j]->real[i] = extra[i] * mean;
      a->parts[PREDICT_LOWER + j]->real[i] = th_glm_new_datum(family, eta, se, extra[i], j ? 1 - tail : tail);
    }
  }
  return true;
}

static const char *const part_names[] = {"value", "se", "lower", "upper", "predict_lower", "predict_upper"};

static bool to_record(Answer *a, ThValue *out) {
  ThRecord *record = th_record_new(a->cx, N_PARTS);
  bool ok = record != NULL;
  for (int j = 0; ok && j < N_PARTS; j++)
    ok = th_record_set_text(a->cx, record, part_names[j],
                            a->parts[j] ? th_number(a->parts[j]->real[0]) : th_none());
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* The inputs that are columns of the new data, then the parts. */
static bool to_table(Answer *a, const ThFormulaData *data, ThValue *out) {
  ThTable *table = th_table_new(a->cx, a->m);
  ThSymbol *name;
  bool ok = table != NULL;
  for (size_t i = 0; ok && th_is_formula(a->r->formula) &&
                     (name = th_formula_name(th_as_formula(a->r->formula), TH_FORMULA_RIGHT, i));
       i++) {
    const ThValue *v = find_new(data, name);
    size_t length = 0;
    if (v && (th_is_list(*v) || th_is_array(*v) || th_is(*v, &th_range_kind)))
      ok = th_length(a->cx, *v, 0, &length);
    if (ok && v && length == a->m && !(th_is_array(*v) && th_as_array(*v)->rank > 1))
      ok = th_table_set_take(a->cx, table, name, th_retain(*v));
  }
  for (int j = 0; ok && j < N_PARTS; j++) {
    if (!a->parts[j]) continue;
    name = th_symbol_of(a->cx, part_names[j]);
    ok = name && th_table_set_take(a->cx, table, name, th_retain(th_object(a->parts[j])));
  }
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

/* The probabilities of all classes: (classes), or (m, classes). */
static bool answer_classes(Answer *a, ThValue *out) {
  size_t classes = th_as_list(a->r->classes)->length;
  ThGlmProblem p = {.family = a->r->family, .n = a->m, .k = a->r->design.k, .m = classes - 1};
  p.x = th_design_numbers(&a->design);
  ThArray *means = a->design.scalar ? th_vector_new(a->cx, TH_DOUBLE, classes)
                                    : th_matrix_new(a->cx, TH_DOUBLE, a->m, classes);
  ThRecord *record = means ? th_record_new(a->cx, 2) : NULL;
  bool ok = record && th_glm_means(a->cx, &p, a->r->coef, means->real) &&
            th_record_set_text(a->cx, record, "value", th_retain(th_object(means))) &&
            th_record_set_text(a->cx, record, "classes", th_retain(a->r->classes));
  if (means) th_release(th_object(means));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

static bool answer(Answer *a, const ThFormulaData *data, double level, ThValue *out) {
  ThContext *cx = a->cx;
  bool ok = true;
  a->m = a->design.n;
  if (th_is_list(a->r->classes)) return answer_classes(a, out);
  double *work = th_alloc_array(cx, a->m + 1, sizeof *work);
  for (int j = 0; j < N_PARTS && work && ok; j++)
    ok = (a->parts[j] = th_vector_new(cx, TH_DOUBLE, a->m)) != NULL;
  if (work && ok) {
    th_regression_line(a->r, a->m, th_design_numbers(&a->design), a->parts[VALUE]->real, a->parts[SE]->real);
    ok = (a->r->family ? answer_family(a, data->named, level, work)
                       : answer_normal(a, data->named, level, work)) &&
         (a->design.scalar ? to_record(a, out) : to_table(a, data, out));
  }
  ok &= work != NULL;
  if (work) th_free(cx, work, (a->m + 1) * sizeof *work);
  for (int j = 0; j < N_PARTS; j++)
    if (a->parts[j]) th_release(th_object(a->parts[j]));
  return ok;
}

bool th_predict_regression(ThContext *cx, const ThRegression *r, ThValue given, const ThRecord *named,
                           double level, ThValue *out) {
  Answer a = {.cx = cx, .r = r};
  ThFormulaData data = {.named = named, .data = given};
  ThValue record = th_none();
  bool formula = th_is_formula(r->formula),
       plain = !th_is_unset(given) && !th_is_table(given) && !th_is_record(given);
  if (!check_names(cx, r, named)) return false;
  if (formula && plain) {
    if (!name_input(cx, r, given, &record)) return false;
    data.data = record;
  }
  bool ok = formula ? formula_design(cx, r, &data, &a.design) : matrix_design(cx, r, given, &a.design);
  if (ok) {
    ok = answer(&a, &data, level, out);
    th_design_clear(&a.design);
  }
  th_release(record);
  return ok;
}
