/* explain_regression.c - what explanations of lm, linreg and glm have in common */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/explain_regression.h"

#include <math.h>
#include <string.h>

/* --- Names */

/* Beside the maximum by part of an error, or of the number itself. */
static bool give_point(ThExplanation *e, const ThRegression *r) {
  double *point = th_alloc_array(e->cx, r->k + 1, sizeof *point);
  if (!point) return false;
  for (size_t j = 0; j < r->k; j++) {
    double step = r->errors == TH_ERRORS_NONE ? (double)NAN : th_regression_se(r, j);
    if (!isfinite(step)) step = 0.1 * fabs(r->coef[j]) + 0.01;
    point[j] = r->coef[j] + (0.385 + 0.07 * (double)(j % 5)) * step;
  }
  bool ok = th_explanation_give_vector(e, "β", point, r->k);
  th_free(e->cx, point, (r->k + 1) * sizeof *point);
  return ok;
}

static bool give_errors(ThExplanation *e, const ThRegression *r) {
  if (r->errors == TH_ERRORS_NONE) return true;
  ThArray *a = th_matrix_new(e->cx, TH_DOUBLE, r->k, r->k);
  if (!a) return false;
  if (r->k) memcpy(a->real, r->covariance, r->k * r->k * sizeof *a->real);
  double *se = th_alloc_array(e->cx, r->k + 1, sizeof *se);
  if (!se) th_release(th_object(a));
  bool ok = se && th_explanation_give_take(e, "covariance", th_object(a));
  for (size_t j = 0; ok && j < r->k; j++) se[j] = th_regression_se(r, j);
  ok = ok && th_explanation_give_vector(e, "se", se, r->k);
  if (se) th_free(e->cx, se, (r->k + 1) * sizeof *se);
  return ok;
}

static bool give_terms(ThExplanation *e, const ThRegression *r) {
  ThText text;
  th_text_init(&text, &e->cx->heap);
  for (size_t j = 0; j < r->design.k; j++)
    th_text_format(&text, "%s%s", j ? ", " : "", th_design_name(&r->design, j));
  bool ok = th_text_ok(&text, e->cx) && th_explanation_symbol(e, "terms", th_text_string(&text));
  th_text_clear(&text);
  return ok;
}

bool th_explain_give_regression(ThExplanation *e, const ThRegression *r) {
  bool ok = th_explanation_give_take(e, "X", th_retain(r->design.matrix)) &&
            th_explanation_give_take(e, "y", th_retain(r->y)) &&
            th_explanation_give_number(e, "n", (double)r->n) &&
            th_explanation_give_number(e, "k", (double)r->design.k) &&
            th_explanation_give_vector(e, "estimate", r->coef, r->k) && give_point(e, r) &&
            give_errors(e, r) && give_terms(e, r);
  for (size_t i = 0; ok && i < r->given->length; i++)
    ok = th_explanation_give_take(e, r->given->names[i]->spelling, th_retain(r->given->values[i]));
  return ok;
}

/* --- Lines */

bool th_explain_add_design(ThExplanation *e, const ThRegression *r) {
  static const ThLine large = {.words = "X has a row for each datum, {n} by {k}; its columns are $terms."};
  static const ThLine small[] = {
      {.words = "A row of X for each datum; its columns are $terms:", .sides = {{"X", "X"}, {"{=X}"}}},
      {.sides = {{"y", "y"}, {"{y}"}}},
      {0}};
  bool is_small = r->n <= TH_MOST_SHOWN_ROWS && r->design.k <= TH_MOST_SHOWN_COLUMNS;
  return is_small ? th_explanation_add_all(e, small) : th_explanation_add(e, &large);
}

bool th_explain_add_table(ThExplanation *e, const ThRegression *r) {
  bool student = r->sigma_kind == TH_SIGMA_ESTIMATED;
  static const ThLine errors = {
      .words = "The square roots of its diagonal are the errors:",
      .sides = {
          {"se", "se"}, {"√diag(cov(β\u0302))", "[√(covariance[i, i]) for i in 1:length(se)]"}, {"{se}"}}};
  static const ThLine t_lines[] = {
      {.words =
           "Estimates in units of their errors, and how often chance alone would lead as far from 0, on {dof} "
           "degrees of freedom:",
       .sides = {{"t", "estimate/se"},
                 {"β\u0302/se", "estimate/√([covariance[i, i] for i in 1:length(se)])"},
                 {"{estimate/se}"}}},
      {.sides = {{"p", "2*ccdf(StudentT(dof), abs(estimate/se))"},
                 {"P(|T| > |t|)", "2*cdf(StudentT(dof), -abs(estimate/se))"},
                 {"{2*ccdf(StudentT(dof), abs(estimate/se))}"}}},
      {0}};
  static const ThLine z_lines[] = {
      {.words = "Estimates in units of their errors, and how often chance alone would lead as far from 0:",
       .sides = {{"z", "estimate/se"},
                 {"β\u0302/se", "estimate/√([covariance[i, i] for i in 1:length(se)])"},
                 {"{estimate/se}"}}},
      {.sides = {{"p", "2*ccdf(Normal(0, 1), abs(estimate/se))"},
                 {"P(|Z| > |z|)", "2*cdf(Normal(0, 1), -abs(estimate/se))"},
                 {"{2*ccdf(Normal(0, 1), abs(estimate/se))}"}}},
      {0}};
  for (size_t j = 0; j < r->k; j++)
    if (!(th_regression_se(r, j) > 0)) return th_explanation_add(e, &errors);
  return th_explanation_add(e, &errors) && th_explanation_give_number(e, "dof", r->dof) &&
         th_explanation_add_all(e, student ? t_lines : z_lines);
}
