/* regression.c - what lm, linreg and glm give: coefficients, errors, and how well they fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/regression.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/result.h"
#include "infer/summary.h"
#include "num/density.h"

ThRegression *th_regression_new(ThContext *cx, ThDesign *design, size_t k) {
  ThRegression *r = th_object_new(cx, &th_regression_kind, sizeof *r);
  if (!r) {
    th_design_clear(design);
    return NULL;
  }
  r->cx = cx;
  r->design = *design;
  *design = (ThDesign){.matrix = th_none(), .names = th_none(), .levels = th_none()};
  r->n = r->design.n;
  r->k = k;
  r->formula = r->y = r->fitted = r->residuals = r->sigma = r->words = r->classes = th_none();
  r->data = th_unset();
  r->loglik = r->chi2 = r->r2 = r->deviance = r->adjusted_r2 = r->f = r->f_dof = (double)NAN;
  r->null_deviance = r->null_dof = r->dispersion = (double)NAN;
  r->level = 0.95;
  r->rank = k;
  r->given = th_record_new(cx, 3);
  if (r->given && k == 0) return r;
  if (r->given) r->coef = th_alloc_array(cx, k + k * k, sizeof *r->coef);
  if (r->coef) {
    r->covariance = r->coef + k;
    return r;
  }
  th_release(th_object(r));
  return NULL;
}

static void release_regression(ThObject *self) {
  ThRegression *r = (ThRegression *)self;
  ThValue held[] = {r->formula, r->data, r->y, r->fitted, r->residuals, r->sigma, r->words, r->classes};
  th_release_all(held, sizeof held / sizeof *held);
  if (r->given) th_release(th_object(r->given));
  th_design_clear(&r->design);
  if (r->coef) th_free(r->cx, r->coef, (r->k + r->k * r->k) * sizeof *r->coef);
  th_object_free(self, sizeof *r);
}

const ThValue *th_regression_given(const ThRegression *r, const char *name) {
  const ThSymbol *symbol = th_symbol_find(r->cx, name, strlen(name));
  return symbol ? th_record_find(r->given, symbol) : NULL;
}

bool th_regression_give(ThRegression *r, const char *name, const double *x, size_t n, bool square) {
  if (!x) return true;
  ThArray *a = square ? th_matrix_new(r->cx, TH_DOUBLE, n, n) : th_vector_new(r->cx, TH_DOUBLE, n);
  if (!a) return false;
  if (a->length) memcpy(a->real, x, a->length * sizeof *x);
  return th_record_set_text(r->cx, r->given, name, th_object(a));
}

bool th_regression_say(ThRegression *r, const char *format, ...) {
  char sentence[400];
  va_list list;
  va_start(list, format);
  vsnprintf(sentence, sizeof sentence, format, list);
  va_end(list);
  ThText text;
  ThValue words;
  th_text_init(&text, &r->cx->heap);
  if (th_is_string(r->words)) th_text_format(&text, "%s\n", th_as_string(r->words)->text);
  th_text_add(&text, sentence);
  bool ok = th_text_ok(&text, r->cx) && th_string_of(r->cx, th_text_string(&text), &words);
  th_text_clear(&text);
  if (ok) th_replace_take(&r->words, words);
  return ok;
}

bool th_regression_residuals(ThRegression *r) {
  const double *y = th_as_array(r->y)->real, *fitted = th_as_array(r->fitted)->real;
  ThArray *residuals = th_vector_new(r->cx, TH_DOUBLE, r->n);
  if (!residuals) return false;
  for (size_t i = 0; i < r->n; i++) residuals->real[i] = y[i] - fitted[i];
  r->residuals = th_object(residuals);
  return true;
}

static bool is_student(const ThRegression *r) { return r->sigma_kind == TH_SIGMA_ESTIMATED; }

double th_regression_p(const ThRegression *r, double t) {
  double student[] = {r->dof, 0, 1}, normal[] = {0, 1};
  return is_student(r) ? 2 * th_student_t_math.ccdf(fabs(t), student)
                       : 2 * th_normal_math.ccdf(fabs(t), normal);
}

double th_regression_quantile(const ThRegression *r, double level) {
  double student[] = {r->dof, 0, 1}, normal[] = {0, 1}, tail = (1 - level) / 2;
  return is_student(r) ? th_student_t_math.upper_quantile(tail, student)
                       : th_normal_math.upper_quantile(tail, normal);
}

void th_regression_name(const ThRegression *r, size_t j, ThText *out) {
  size_t k = r->design.k;
  if (th_is_list(r->classes))
    th_text_format(out, "%s: ", th_as_string(th_as_list(r->classes)->items[j / k + 1])->text);
  th_text_add(out, th_design_name(&r->design, j % k));
}

static bool call_regression(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  (void)self, (void)args, (void)out;
  return th_result_fail_call(cx, "a regression");
}

static bool verb(ThContext *cx, const char *name, const ThValue *args, size_t n_args, ThValue *out) {
  (void)cx, (void)n_args;
  return strcmp(name, "summary") == 0 && th_summary_regression(th_as_regression(args[0]), out);
}

const ThKind th_regression_kind = {
    .name = "regression",
    .release = release_regression,
    .format = th_regression_format,
    .get_field = th_regression_get_field,
    .field_name = th_regression_field_name,
    .field_note = th_regression_field_note,
    .call = call_regression,
    .plot = th_regression_plot,
    .verb = verb,
};
