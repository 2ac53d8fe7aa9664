/* linear_fit.c - lm and linreg: the data, what is known of their errors, a penalty or a prior; and the fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With rows X, y of unit variance, or of variance σ² that is estimated, and Λ from ridge or a prior, the coefficients
 * are S⁻¹ (X'y + Λ m) with S = X'X + Λ. Their covariance is σ² times
 *   S⁻¹                    least squares; with a prior the posterior's
 *   S⁻¹ - S⁻¹ Λ S⁻¹        ridge: that of the estimator, whose bias it leaves out.
 * An estimated σ² is the sum of squares divided by n less the trace of what maps y to the fitted values; with a prior
 * it is the scale of the normal-inverse-gamma posterior under a density 1/σ² before. */
#include "infer/linear_fit.h"

#include <math.h>
#include <string.h>

#include "infer/linear_solve.h"
#include "num/linalg.h"
#include "num/real.h"

typedef struct Fit {
  ThContext *cx;
  ThLinearCall *call;
  ThLinearRows rows;
  double *precision, *center,
      *penalty; /* Λ (k, k), m (k), of the lasso (k); one block, which precision begins */
  bool is_ridge, is_prior, is_lasso;
  ThLinearSolution solution;
  ThRegression *r;
  double spent; /* degrees of freedom */
} Fit;

static bool is_given(ThValue v) { return !th_is_unset(v); }

static size_t block_size(size_t k) { return k * k + 2 * k + 1; }

/* --- Penalties */

static bool read_penalties(Fit *f) {
  ThContext *cx = f->cx;
  const ThLinearCall *c = f->call;
  size_t k = f->rows.k;
  f->is_ridge = is_given(c->ridge);
  f->is_prior = is_given(c->prior_precision);
  f->is_lasso = is_given(c->lasso);
  if (is_given(c->prior_mean) && !f->is_prior) {
    th_fail(cx, TH_ERROR_VALUE, "`prior_mean` says nothing without `prior_precision`");
    return th_hint(cx,
                   "a precision is 1/sd²: prior_precision = 1/0.5^2, in units of 1/σ² unless σ is a vector");
  }
  if (f->is_prior && (f->is_ridge || f->is_lasso))
    return th_fail(cx, TH_ERROR_VALUE,
                   "`prior_precision` is the Bayesian form of `ridge`: one of the two, and no lasso");
  if (!f->is_ridge && !f->is_prior && !f->is_lasso) return true;
  f->precision = th_alloc_array(cx, block_size(k), sizeof *f->precision);
  if (!f->precision) return false;
  memset(f->precision, 0, block_size(k) * sizeof *f->precision);
  f->center = f->precision + k * k;
  f->penalty = f->center + k;
  if (f->is_lasso && !th_penalty_vector(cx, "lasso", c->lasso, k, f->penalty)) return false;
  if (f->is_ridge && !th_penalty_matrix(cx, "ridge", c->ridge, k, f->precision)) return false;
  if (f->is_prior && !th_penalty_matrix(cx, "prior_precision", c->prior_precision, k, f->precision))
    return false;
  if (!is_given(c->prior_mean)) return true;
  ThArray *mean;
  bool scalar;
  if (!th_to_real_array(cx, c->prior_mean, "prior_mean", &scalar, &mean)) return false;
  bool ok = scalar || (mean->rank == 1 && mean->length == k);
  if (!ok)
    th_fail(cx, TH_ERROR_SHAPE, "`prior_mean` has %zu numbers; there are %zu columns", mean->length, k);
  for (size_t j = 0; ok && j < k; j++) f->center[j] = mean->real[scalar ? 0 : j];
  th_release(th_object(mean));
  return ok;
}

/* --- Solutions */

static ThLinearProblem problem_of(const Fit *f) {
  ThLinearProblem p = {
      .n = f->rows.n, .k = f->rows.k, .x = f->rows.x, .y = f->rows.y, .scale = f->rows.scale};
  if (f->is_ridge || f->is_prior) p.precision = f->precision;
  if (f->is_prior) p.center = f->center;
  return p;
}

/* G = X'WX + Λ and c = X'Wy of the rows. */
static void write_gram(const Fit *f, double *g, double *c) {
  size_t n = f->rows.n, k = f->rows.k;
  memcpy(g, f->precision, k * k * sizeof *g);
  memset(c, 0, k * sizeof *c);
  for (size_t i = 0; i < n; i++) {
    double w = f->rows.scale ? f->rows.scale[i] * f->rows.scale[i] : 1;
    const double *x = f->rows.x + i * k;
    for (size_t j = 0; j < k; j++) {
      c[j] += w * x[j] * f->rows.y[i];
      for (size_t l = 0; l <= j; l++) g[j * k + l] += w * x[j] * x[l];
    }
  }
  for (size_t j = 0; j < k; j++)
    for (size_t l = 0; l < j; l++) g[l * k + j] = g[j * k + l];
}

/* The lasso's coefficients go to a solution that has no inverse; the penalty counts as 0. */
static bool solve_lasso(Fit *f) {
  size_t n = f->rows.n, k = f->rows.k;
  ThLinearProblem none = {.n = n, .k = 0, .x = f->rows.x, .y = f->rows.y, .scale = f->rows.scale};
  double *g = th_alloc_array(f->cx, k * k + k, sizeof *g);
  if (!g) return false;
  write_gram(f, g, g + k * k);
  bool ok = th_linear_solve(f->cx, &none, &f->solution) &&
            th_lasso(f->cx, k, g, g + k * k, f->penalty, f->r->coef);
  th_free(f->cx, g, (k * k + k) * sizeof *g);
  if (!ok) return false;
  th_linalg_gemv(false, n, k, 1, f->rows.x, f->r->coef, 0, f->solution.fitted);
  f->solution.sum_squares = 0;
  for (size_t i = 0; i < n; i++) {
    double r = (f->rows.scale ? f->rows.scale[i] : 1) * (f->rows.y[i] - f->solution.fitted[i]);
    f->solution.sum_squares += r * r;
  }
  size_t used = 0;
  for (size_t j = 0; j < k; j++) used += f->r->coef[j] != 0;
  f->spent = (double)used;
  f->r->errors = TH_ERRORS_NONE;
  f->r->method = "lasso by coordinate descent";
  return th_regression_say(
      f->r, "an L1 penalty leaves no sampling error to quote; %zu of %zu coefficients are not 0", used, k);
}

static bool solve_least_norm(Fit *f) {
  ThLinearProblem p = problem_of(f);
  th_linear_solution_clear(&f->solution);
  if (!th_linear_solve_least_norm(f->cx, &p, &f->solution)) return false;
  f->r->rank = f->solution.rank;
  f->spent = (double)f->solution.rank;
  f->r->method = "least squares of least norm, by singular values";
  return th_regression_say(
      f->r, "rank %zu of %zu columns: many coefficients fit equally well, these have the least norm",
      f->solution.rank, f->rows.k);
}

/* The trace of S⁻¹ Λ, and the number of directions in which the prior says something. */
static double trace_of_penalty(const Fit *f) {
  double sum = 0;
  size_t k = f->rows.k;
  for (size_t i = 0; i < k * k; i++) sum += f->solution.inverse[i] * f->precision[i];
  return sum;
}

static bool count_spent(Fit *f) {
  size_t rank = 0, k = f->rows.k;
  f->spent = (double)k;
  if (f->is_ridge) f->spent -= trace_of_penalty(f);
  if (!f->is_prior) return true;
  if (!th_linalg_rank(f->cx, k, k, f->precision, -1, &rank)) return false;
  f->spent -= (double)rank;
  return true;
}

static bool solve(Fit *f) {
  if (f->is_lasso) return solve_lasso(f);
  ThLinearProblem p = problem_of(f);
  if (!th_linear_solve(f->cx, &p, &f->solution)) return false;
  f->r->method = f->is_prior                           ? "exact: Normal prior"
                 : f->is_ridge                         ? "ridge"
                 : f->rows.kind == TH_SIGMA_COVARIANCE ? "generalised least squares"
                 : f->rows.scale                       ? "weighted least squares"
                                                       : "least squares";
  f->r->errors = f->is_prior ? TH_ERRORS_POSTERIOR : f->is_ridge ? TH_ERRORS_PENALISED : TH_ERRORS_SAMPLING;
  if (f->solution.rank == f->rows.k) return count_spent(f);
  if (th_is_formula(f->call->formula))
    return th_design_fail_collinear(f->cx, f->r->design.names, f->solution.flat, true);
  if (f->is_ridge || f->is_prior)
    return th_fail(f->cx, TH_ERROR_NUMERIC, "`%s` leaves a combination of collinear columns open",
                   f->is_ridge ? "ridge" : "prior_precision");
  return solve_least_norm(f);
}

/* --- What follows from it */

/* The covariance for unit variance, times σ². */
static bool set_covariance(Fit *f, double variance) {
  ThRegression *r = f->r;
  size_t k = f->rows.k;
  const double *inverse = f->solution.inverse;
  memcpy(r->covariance, inverse, k * k * sizeof *inverse);
  if (f->is_ridge && k) {
    double *half = th_alloc_array(f->cx, k * k, sizeof *half);
    if (!half) return false;
    th_linalg_gemm(false, false, k, k, k, 1, inverse, f->precision, 0, half);
    th_linalg_gemm(false, false, k, k, k, -1, half, inverse, 1, r->covariance);
    th_linalg_symmetrize(k, r->covariance);
    th_free(f->cx, half, k * k * sizeof *half);
  }
  for (size_t i = 0; i < k * k; i++) r->covariance[i] *= variance;
  return true;
}

/* Has the design a column that is the same in every row, or the intercept? */
static bool has_constant(const ThDesign *d) {
  const double *x = th_design_numbers(d);
  if (d->intercept) return true;
  for (size_t j = 0; j < d->k; j++) {
    size_t i = 1;
    while (i < d->n && x[i * d->k + j] == x[j]) i++;
    if (i >= d->n && d->n && x[j] != 0) return true;
  }
  return false;
}

/* 1 - RSS/TSS, about the weighted mean when there is a constant, else about 0. */
static double find_r2(const Fit *f) {
  double weight = 0, mean = 0, total = 0;
  size_t n = f->rows.n;
  if (f->rows.kind == TH_SIGMA_COVARIANCE) return (double)NAN;
  bool centered = has_constant(&f->r->design);
  for (size_t i = 0; i < n && centered; i++) {
    double w = f->rows.scale ? f->rows.scale[i] * f->rows.scale[i] : 1;
    weight += w;
    mean += w * f->rows.y[i];
    if (i + 1 == n) mean /= weight;
  }
  for (size_t i = 0; i < n; i++) {
    double s = f->rows.scale ? f->rows.scale[i] : 1, y = s * (f->rows.y[i] - mean);
    total += y * y;
  }
  return total > 0 ? 1 - f->solution.sum_squares / total : (double)NAN;
}

/* Of all columns but the constant. */
static void find_f(Fit *f) {
  ThRegression *r = f->r;
  bool plain = !f->is_lasso && !f->is_ridge && !f->is_prior && r->rank == r->k;
  if (!plain || f->rows.kind != TH_SIGMA_ESTIMATED || r->k < 2 || !(r->dof > 0) || !has_constant(&r->design))
    return;
  r->adjusted_r2 = 1 - (1 - r->r2) * (f->rows.n_data - 1) / r->dof;
  r->f_dof = (double)r->k - 1;
  r->f = r->r2 / r->f_dof / ((1 - r->r2) / r->dof);
}

static bool use_given_sigma(Fit *f) {
  ThRegression *r = f->r;
  double s = f->rows.sigma;
  r->chi2 = f->solution.sum_squares / (s * s);
  r->loglik = -0.5 * r->chi2 + f->rows.log_scale - 0.5 * f->rows.n_data * log(2 * TH_PI);
  r->n_free = f->spent;
  if (f->rows.kind == TH_SIGMA_NUMBER) r->sigma = th_number(s);
  else if (f->rows.kind == TH_SIGMA_VECTOR) r->sigma = th_retain(f->call->sigma);
  else {
    ThArray *sd = th_vector_new(f->cx, TH_DOUBLE, f->rows.n);
    const ThArray *full = th_as_array(f->call->covariance);
    if (!sd) return false;
    r->sigma = th_object(sd);
    for (size_t i = 0; i < f->rows.n; i++) sd->real[i] = sqrt(th_array_real(full, i * (f->rows.n + 1)));
  }
  return f->is_lasso || set_covariance(f, s * s);
}

/* Are the residuals what rounding leaves? */
static bool is_perfect(const Fit *f) {
  double total = 0;
  for (size_t i = 0; i < f->rows.n; i++) {
    double y = (f->rows.scale ? f->rows.scale[i] : 1) * f->rows.y[i];
    total += y * y;
  }
  return f->solution.sum_squares <= 1e-28 * total;
}

static const char perfect[] = "the fit is exact but for rounding: σ and the errors say nothing";

static bool estimate_sigma(Fit *f) {
  ThRegression *r = f->r;
  double n = f->rows.n_data, rss = f->solution.sum_squares,
         all = rss + (f->is_prior ? f->solution.penalty : 0);
  double variance = r->dof > 0 ? all / r->dof : (double)NAN;
  r->sigma = th_number(sqrt(variance));
  r->n_free = f->spent + 1;
  r->loglik = -0.5 * n * (log(2 * TH_PI * rss / n) + 1) + f->rows.log_scale;
  if (f->is_lasso) return true;
  if (r->dof > 0)
    return set_covariance(f, variance) && (!is_perfect(f) || th_regression_say(r, "%s", perfect));
  r->errors = TH_ERRORS_NONE;
  return th_regression_say(r, "as many coefficients as data: nothing is left to estimate σ from");
}

/* Fitted values of the data themselves: those of whitened rows are others. */
static bool set_fitted(Fit *f) {
  ThRegression *r = f->r;
  const double *fitted = f->solution.fitted;
  ThArray *a = th_vector_new(f->cx, TH_DOUBLE, r->n);
  if (!a) return false;
  r->fitted = th_object(a);
  if (f->rows.white) th_linalg_gemv(false, r->n, r->k, 1, th_design_numbers(&r->design), r->coef, 0, a->real);
  else if (r->n) memcpy(a->real, fitted, r->n * sizeof *fitted);
  return th_regression_residuals(r);
}

static bool finish(Fit *f) {
  ThRegression *r = f->r;
  if (!f->is_lasso && r->k) memcpy(r->coef, f->solution.coef, r->k * sizeof *r->coef);
  r->sigma_kind = f->rows.kind;
  r->dof = f->rows.n_data - f->spent;
  if (r->dof < 1e-9 * f->rows.n_data) r->dof = 0;
  r->r2 = find_r2(f);
  find_f(f);
  return (f->rows.kind == TH_SIGMA_ESTIMATED ? estimate_sigma(f) : use_given_sigma(f)) && set_fitted(f);
}

/* For whom explains the fit. */
static bool keep_given(Fit *f) {
  size_t n = f->rows.n, k = f->rows.k;
  bool weighted = f->rows.kind == TH_SIGMA_ESTIMATED && f->rows.scale, ok = true;
  double *weights = weighted ? th_alloc_array(f->cx, n + 1, sizeof *weights) : NULL;
  if (weighted && !weights) return false;
  for (size_t i = 0; weighted && i < n; i++) weights[i] = f->rows.scale[i] * f->rows.scale[i];
  ok = th_regression_give(f->r, "weights", weights, n, false);
  if (weights) th_free(f->cx, weights, (n + 1) * sizeof *weights);
  if (ok && f->rows.kind == TH_SIGMA_COVARIANCE)
    ok = th_record_set_text(f->cx, f->r->given, "Σ", th_retain(f->call->covariance));
  return ok && th_regression_give(f->r, "Λ", f->is_ridge || f->is_prior ? f->precision : NULL, k, true) &&
         th_regression_give(f->r, "m", f->is_prior ? f->center : NULL, k, false) &&
         th_regression_give(f->r, "λ", f->is_lasso ? f->penalty : NULL, k, false);
}

static bool run(Fit *f, ThValue *out) {
  ThLinearCall *c = f->call;
  bool is_array = is_given(c->ridge) && (th_is_array(c->ridge) || th_is(c->ridge, &th_range_kind));
  if (is_array) {
    ThArray *ridge;
    bool scalar;
    if (!th_to_real_array(f->cx, c->ridge, "ridge", &scalar, &ridge)) return false;
    bool is_path = ridge->rank == 1 && ridge->length != f->rows.k && !is_given(c->lasso);
    bool ok = !is_path || th_ridge_path(f->cx, &f->rows, ridge, out);
    th_release(th_object(ridge));
    if (!ok || is_path) return ok;
  }
  if (!read_penalties(f)) return false;
  size_t k = f->rows.k;
  f->r = th_regression_new(f->cx, &c->design, k);
  if (!f->r) return false;
  f->r->verb = c->verb;
  f->r->formula = th_retain(c->formula);
  f->r->data = th_retain(c->data);
  f->r->y = th_retain(th_object(c->y));
  f->r->level = c->level;
  if (!solve(f) || !finish(f) || !keep_given(f)) return false;
  *out = th_retain(th_object(f->r));
  return true;
}

bool th_linear_fit(ThContext *cx, ThLinearCall *call, ThValue *out) {
  Fit f = {.cx = cx, .call = call};
  if (!th_linear_rows_init(cx, call, &f.rows)) return false;
  size_t k = f.rows.k;
  bool ok = run(&f, out);
  th_linear_solution_clear(&f.solution);
  th_linear_rows_clear(&f.rows);
  if (f.precision) th_free(cx, f.precision, block_size(k) * sizeof *f.precision);
  if (f.r) th_release(th_object(f.r));
  return ok;
}
