/* regression_fields.c - the fields of a regression: coef, se, cov, … */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/names.h"
#include "infer/regression.h"
#include "num/linalg.h"

typedef bool (*Field)(ThContext *cx, const ThRegression *r, ThValue *out);

/* k numbers: a vector, or for several classes a row for each but the base. */
static bool shaped(ThContext *cx, const ThRegression *r, const double *x, ThValue *out) {
  size_t columns = r->design.k;
  if (!th_is_list(r->classes)) return th_vector_from(cx, x, r->k, out);
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, columns ? r->k / columns : 0, columns);
  if (!a) return false;
  if (r->k) memcpy(a->real, x, r->k * sizeof *x);
  *out = th_object(a);
  return true;
}

static bool matrix(ThContext *cx, size_t rows, size_t columns, ThArray **out) {
  *out = th_matrix_new(cx, TH_DOUBLE, rows, columns);
  return *out != NULL;
}

static bool has_errors(ThContext *cx, const ThRegression *r) {
  if (r->errors != TH_ERRORS_NONE) return true;
  const char *words = th_is_string(r->words) ? th_as_string(r->words)->text : "";
  return th_fail(cx, TH_ERROR_VALUE, "there are no standard errors: %.*s", (int)strcspn(words, "\n"), words);
}

static bool number(double x, ThValue *out) {
  *out = th_number(x);
  return true;
}

static bool field_coef(ThContext *cx, const ThRegression *r, ThValue *out) {
  return shaped(cx, r, r->coef, out);
}

static bool field_se(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (!has_errors(cx, r)) return false;
  double *se = th_alloc_array(cx, r->k + 1, sizeof *se);
  if (!se) return false;
  for (size_t j = 0; j < r->k; j++) se[j] = th_regression_se(r, j);
  bool ok = shaped(cx, r, se, out);
  th_free(cx, se, (r->k + 1) * sizeof *se);
  return ok;
}

static bool field_interval(ThContext *cx, const ThRegression *r, ThValue *out) {
  ThArray *a;
  double t = th_regression_quantile(r, r->level);
  if (!has_errors(cx, r) || !matrix(cx, r->k, 2, &a)) return false;
  for (size_t j = 0; j < r->k; j++) {
    a->real[2 * j] = r->coef[j] - t * th_regression_se(r, j);
    a->real[2 * j + 1] = r->coef[j] + t * th_regression_se(r, j);
  }
  *out = th_object(a);
  return true;
}

static bool field_cov(ThContext *cx, const ThRegression *r, ThValue *out) {
  ThArray *a;
  if (!has_errors(cx, r) || !matrix(cx, r->k, r->k, &a)) return false;
  if (r->k) memcpy(a->real, r->covariance, r->k * r->k * sizeof *a->real);
  *out = th_object(a);
  return true;
}

/* The inverse of the covariance: for given σ and for glm the observed information. */
static bool field_fisher(ThContext *cx, const ThRegression *r, ThValue *out) {
  ThArray *a;
  ThSolveReport report;
  if (!has_errors(cx, r) || !matrix(cx, r->k, r->k, &a)) return false;
  *out = th_object(a);
  if (th_linalg_inverse(cx, r->k, r->covariance, a->real, &report)) return true;
  th_release(*out);
  return false;
}

/* Of Normal data, and of a family with its canonical link, it does not hang on y. */
static bool field_expected(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (r->errors == TH_ERRORS_PENALISED || r->errors == TH_ERRORS_POSTERIOR)
    return th_fail(cx, TH_ERROR_VALUE,
                   "the expected information is that of data; here there is a penalty too");
  return field_fisher(cx, r, out);
}

static bool field_trace(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)out;
  return th_fail(cx, TH_ERROR_VALUE,
                 r->family ? "`glm` keeps no trace; `mle` of a model does, as `f.trace`"
                           : "the coefficients were solved for, not iterated to: there is no trace");
}

static bool keep(ThValue v, ThValue *out) {
  *out = th_retain(v);
  return true;
}
static bool field_fitted(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx;
  return keep(r->fitted, out);
}
static bool field_residuals(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (th_is_none(r->residuals)) return th_fail(cx, TH_ERROR_VALUE, "classes have no residuals");
  return keep(r->residuals, out);
}
static bool field_sigma(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (r->sigma_kind == TH_SIGMA_NONE)
    return th_fail(cx, TH_ERROR_VALUE, "the data are not Normal: they have no σ");
  return keep(r->sigma, out);
}
static bool field_terms(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx;
  return keep(r->design.names, out);
}
static bool field_loglik(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx;
  return number(r->loglik, out);
}
static bool field_aic(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx;
  return number(2 * r->n_free - 2 * r->loglik, out);
}
static bool field_bic(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx;
  return number(r->n_free * log((double)r->n) - 2 * r->loglik, out);
}
static bool field_chi2(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->chi2))
    return th_fail(cx, TH_ERROR_VALUE, "χ² is of Normal data with given σ; here `%s` measures the fit",
                   r->sigma_kind == TH_SIGMA_NONE ? "deviance" : "sigma");
  return number(r->chi2, out);
}
static bool field_dof(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx;
  return number(r->dof, out);
}
static bool field_r2(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->r2)) return th_fail(cx, TH_ERROR_VALUE, "R² is of Normal data whose covariance is diagonal");
  return number(r->r2, out);
}
static bool field_deviance(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->deviance))
    return th_fail(cx, TH_ERROR_VALUE, "the deviance is that of a glm; here it is `chi2`, or `sigma`");
  return number(r->deviance, out);
}
static bool field_adjusted(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->adjusted_r2))
    return th_fail(cx, TH_ERROR_VALUE,
                   "an adjusted R² is of least squares with an intercept and an estimated σ");
  return number(r->adjusted_r2, out);
}
static bool field_f(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->f))
    return th_fail(
        cx, TH_ERROR_VALUE,
        "F compares least squares with its intercept alone: it needs both, an estimated σ and a column more");
  return number(r->f, out);
}
static bool field_null(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->null_deviance)) return th_fail(cx, TH_ERROR_VALUE, "the null deviance is that of a glm");
  return number(r->null_deviance, out);
}
static bool field_dispersion(ThContext *cx, const ThRegression *r, ThValue *out) {
  if (isnan(r->dispersion))
    return th_fail(cx, TH_ERROR_VALUE,
                   "the dispersion is that of counts, with more of them than coefficients");
  return number(r->dispersion, out);
}
static bool field_method(ThContext *cx, const ThRegression *r, ThValue *out) {
  return th_string_of(cx, r->method, out);
}
static bool field_converged(ThContext *cx, const ThRegression *r, ThValue *out) {
  (void)cx, (void)r;
  *out = th_bool(true);
  return true;
}

static const struct {
  ThFieldNote note;
  Field get;
} fields[] = {
    {{"coef", "the coefficients, in the order of terms; of several classes a row each"}, field_coef},
    {{"se", "the standard errors of the coefficients"}, field_se},
    {{"cov", "the covariance matrix of the coefficients"}, field_cov},
    {{"interval", "an interval of each coefficient, in rows [lower, upper]"}, field_interval},
    {{"terms", "the names of the coefficients"}, field_terms},
    {{"fitted", "the fitted means of the data"}, field_fitted},
    {{"residuals", "the data less their fitted means"}, field_residuals},
    {{"sigma", "the σ of Normal data, estimated or as given"}, field_sigma},
    {{"loglik", "the log likelihood of the data at the estimates"}, field_loglik},
    {{"aic", "Akaike's criterion, 2k - 2 loglik, of k estimated numbers: less is better"}, field_aic},
    {{"bic", "the Bayesian criterion, k log(n) - 2 loglik, of n data: less is better"}, field_bic},
    {{"chi2", "the sum of the squared residuals, each over its σ², of Normal data with given σ"}, field_chi2},
    {{"dof", "the degrees of freedom: the data less the coefficients"}, field_dof},
    {{"r2", "R², the part of the variance of y that the columns explain"}, field_r2},
    {{"adjusted_r2",
      "R² of variances that are estimated without bias: noise does not raise it on the average"},
     field_adjusted},
    {{"f_statistic", "F: what the columns explain, each on the average, over the estimated variance"},
     field_f},
    {{"deviance", "of a glm: twice the log likelihood that is missing to a passage through each datum"},
     field_deviance},
    {{"null_deviance", "of a glm: the deviance of the intercept alone"}, field_null},
    {{"dispersion", "of counts: Pearson's χ² over dof, about 1 where they scatter as their family says"},
     field_dispersion},
    {{"fisher", "the inverse of cov"}, field_fisher},
    {{"expected_fisher",
      "the information that such data have on the average, a matrix: here the same as fisher"},
     field_expected},
    {{"trace", "a regression keeps none; the mle of a model does"}, field_trace},
    {{"method", "how the coefficients were found"}, field_method},
    {{"converged", "true"}, field_converged},
};

enum { N_FIELDS = sizeof fields / sizeof *fields };

const ThFieldNote *th_regression_field_note(size_t i) { return i < N_FIELDS ? &fields[i].note : NULL; }

bool th_regression_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  for (size_t i = 0; i < N_FIELDS; i++)
    if (th_is_symbol(cx, name, fields[i].note.name)) return fields[i].get(cx, th_as_regression(self), out);
  return false;
}

ThSymbol *th_regression_field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return i < N_FIELDS ? th_symbol_of(cx, fields[i].note.name) : NULL;
}
