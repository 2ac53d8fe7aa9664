/* summary.c - a posterior, fit or regression as a table with a row for each number that was found */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/summary.h"

#include <math.h>

#include "infer/columns.h"
#include "infer/sampled_posterior.h"

/* --- A posterior */

enum { MEAN, SD, Q5, Q50, Q95, N_PLAIN, MCSE = N_PLAIN, ESS_BULK, ESS_TAIL, RHAT, N_CELLS };
static const char *const titles[] = {"mean", "sd",       "q5",       "q50", "q95",
                                     "mcse", "ess_bulk", "ess_tail", "rhat"};

static void posterior_name(const void *self, size_t j, ThText *out) {
  th_layout_name(&((const ThPosterior *)self)->layout, j, out);
}

static double round_to(double x, double unit) { return isfinite(x / unit) ? nearbyint(x / unit) * unit : x; }

/* x to a power of ten, written so that 0.1 is 0.1. */
static double round_decimals(double x, int decimals) {
  return decimals > 0 ? nearbyint(x * pow(10, decimals)) / pow(10, decimals)
                      : round_to(x, pow(10, -decimals));
}

static void fill_drawn(const ThDiagnosis *d, double *row) {
  if (d->mcse > 0) {
    int decimals = -(int)floor(log10(d->mcse));
    for (size_t c = 0; c < N_PLAIN; c++) row[c] = round_decimals(row[c], decimals);
    row[MCSE] = round_decimals(d->mcse, decimals);
  } else {
    row[MCSE] = d->mcse;
  }
  row[ESS_BULK] = nearbyint(d->ess_bulk);
  row[ESS_TAIL] = nearbyint(d->ess_tail);
  row[RHAT] = round_decimals(d->rhat, 3);
}

static bool fill_row(const ThPosterior *p, size_t j, const ThDiagnosis *drawn, double *row) {
  static const double probabilities[] = {0.05, 0.5, 0.95};
  row[MEAN] = p->mean[j];
  row[SD] = sqrt(p->covariance[j * (p->k + 1)]);
  if (!th_posterior_quantiles(p, j, 3, probabilities, row + Q5)) return false;
  if (drawn) fill_drawn(drawn, row);
  return true;
}

bool th_summary_posterior(const ThPosterior *p, ThValue *out) {
  const ThDiagnosis *drawn = NULL;
  size_t n = p->sample ? N_CELLS : N_PLAIN, size = p->k * n + 1;
  if (p->sample && !th_sampled_diagnosis(p, &drawn)) return false;
  double *cells = th_alloc_array(p->cx, size, sizeof *cells);
  bool ok = cells != NULL;
  for (size_t j = 0; ok && j < p->k; j++) ok = fill_row(p, j, drawn ? drawn + j : NULL, cells + j * n);
  ok = ok && th_columns_parameters(p->cx, p->k, n, titles, cells, posterior_name, p, out);
  if (cells) th_free(p->cx, cells, size * sizeof *cells);
  return ok;
}

/* --- A fit, a regression */

enum { ESTIMATE, SE, LOWER, UPPER, N_FIT };
static const char *const fit_titles[] = {"estimate", "se", "lower", "upper"};

static void fit_name(const void *self, size_t j, ThText *out) {
  th_layout_name(&((const ThFit *)self)->layout, j, out);
}

bool th_summary_fit(const ThFit *fit, ThValue *out) {
  size_t size = fit->k * N_FIT + 1;
  double *cells = th_alloc_array(fit->cx, size, sizeof *cells);
  if (!cells) return false;
  for (size_t j = 0; j < fit->k; j++) {
    double *row = cells + j * N_FIT;
    row[ESTIMATE] = fit->estimate[j];
    row[SE] = fit->se[j];
    row[LOWER] = isnan(fit->se[j]) ? (double)NAN : fit->lower[j];
    row[UPPER] = isnan(fit->se[j]) ? (double)NAN : fit->upper[j];
  }
  bool ok = th_columns_parameters(fit->cx, fit->k, N_FIT, fit_titles, cells, fit_name, fit, out);
  th_free(fit->cx, cells, size * sizeof *cells);
  return ok;
}

static void regression_name(const void *self, size_t j, ThText *out) { th_regression_name(self, j, out); }

bool th_summary_regression(const ThRegression *r, ThValue *out) {
  size_t size = r->k * N_FIT + 1;
  double t = th_regression_quantile(r, r->level), *cells = th_alloc_array(r->cx, size, sizeof *cells);
  if (!cells) return false;
  for (size_t j = 0; j < r->k; j++) {
    double *row = cells + j * N_FIT, se = r->errors == TH_ERRORS_NONE ? (double)NAN : th_regression_se(r, j);
    row[ESTIMATE] = r->coef[j];
    row[SE] = se;
    row[LOWER] = r->coef[j] - t * se;
    row[UPPER] = r->coef[j] + t * se;
  }
  bool ok = th_columns_parameters(r->cx, r->k, N_FIT, fit_titles, cells, regression_name, r, out);
  th_free(r->cx, cells, size * sizeof *cells);
  return ok;
}
