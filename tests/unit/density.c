/* density.c - what the tests of probability families share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "density.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "num/density_von_mises.h"

double unit_density_quantity(const ThFamilyMath *f, const char *quantity, double x, const double *p) {
  const struct {
    const char *name;
    double (*of_x)(double, const double *);
    double (*of_p)(const double *);
  } rows[] = {{"logpdf", f->logpdf, NULL},     {"logpmf", f->logpdf, NULL},
              {"pdf", f->pdf, NULL},           {"pmf", f->pdf, NULL},
              {"cdf", f->cdf, NULL},           {"sf", f->ccdf, NULL},
              {"logcdf", f->logcdf, NULL},     {"logsf", f->logccdf, NULL},
              {"quantile", f->quantile, NULL}, {"isf", f->upper_quantile, NULL},
              {"mean", NULL, f->mean},         {"variance", NULL, f->variance},
              {"skewness", NULL, f->skewness}, {"kurtosis_excess", NULL, f->kurtosis},
              {"mode", NULL, f->mode},         {"median", NULL, f->median},
              {"entropy", NULL, f->entropy}};
  if (strcmp(quantity, "log_mgf") == 0) return f->log_mgf(x, p);
  if (strcmp(quantity, "circular_variance") == 0) return th_von_mises_circle(p[1]).mean;
  if (strcmp(quantity, "cf_re") == 0) return creal(f->cf(x, p));
  if (strcmp(quantity, "cf_im") == 0) return cimag(f->cf(x, p));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(quantity, rows[i].name) == 0) return rows[i].of_x ? rows[i].of_x(x, p) : rows[i].of_p(p);
  return (double)NAN;
}

double unit_relative_error(double got, double want) {
  if (got == want || (isnan(got) && isnan(want))) return 0;
  if (!isfinite(got) || !isfinite(want)) return (double)INFINITY;
  return want == 0 ? fabs(got) : fabs(got - want) / fabs(want);
}

static const double endless = (double)INFINITY;

void unit_density_edges(const ThFamilyMath *f, const double *p) {
  double lower, upper, d_x, d_p[TH_MAX_PARAMETERS];
  f->support(p, &lower, &upper);
  ck_assert(f->cdf(endless, p) == 1 && f->ccdf(endless, p) == 0 && f->cdf(-endless, p) == 0);
  ck_assert(f->ccdf(-endless, p) == 1 && f->logcdf(-endless, p) == -endless &&
            f->logccdf(endless, p) == -endless);
  ck_assert(f->logcdf(endless, p) == 0 && f->logccdf(-endless, p) == 0);
  ck_assert(f->pdf(endless, p) == 0 && f->pdf(-endless, p) == 0);
  ck_assert(f->logpdf(-endless, p) == -endless && f->logpdf(endless, p) == -endless);
  ck_assert(f->quantile(0, p) == lower && f->upper_quantile(0, p) == upper);
  ck_assert(f->quantile(1, p) == upper && f->upper_quantile(1, p) == lower);
  ck_assert(f->cf(0, p) == 1 && f->log_mgf(0, p) == 0 && f->cf(-0.37, p) == conj(f->cf(0.37, p)));
  ck_assert(f->discrete || cabs(f->cf(endless, p)) == 0);
  ck_assert(!f->discrete || f->pdf(lower + 0.37, p) == 0);
  for (int side = 0; side < 2; side++) {
    double step = f->discrete ? 1 : 0.37, outside = side ? upper + step : lower - step;
    if (isinf(outside)) continue;
    ck_assert(f->pdf(outside, p) == 0 && f->logpdf(outside, p) == -endless);
    ck_assert(f->cdf(outside, p) == side && f->ccdf(outside, p) == 1 - side);
    f->gradient(outside, p, &d_x, d_p);
    ck_assert(d_x == 0 && d_p[0] == 0 && d_p[f->n_parameters - 1] == 0);
  }
  f->gradient(f->median(p), p, NULL, NULL);
}

void unit_density_missing(const ThFamilyMath *f, const double *p) {
  const double nan = (double)NAN;
  double (*const of_x[])(double, const double *) = {
      f->pdf, f->logpdf, f->cdf, f->ccdf, f->logcdf, f->logccdf, f->quantile, f->upper_quantile, f->log_mgf};
  double (*const of_p[])(const double *) = {f->mean, f->variance, f->skewness, f->kurtosis,
                                            f->mode, f->median,   f->entropy};
  double lower, upper, d_x, d_p[TH_MAX_PARAMETERS];
  for (size_t i = 0; i < sizeof of_x / sizeof *of_x; i++)
    ck_assert_msg(isnan(of_x[i](nan, p)), "%s %zu", f->name, i);
  ck_assert(isnan(creal(f->cf(nan, p))));
  for (int k = 0; k < f->n_parameters; k++) {
    double bad[TH_MAX_PARAMETERS];
    memcpy(bad, p, sizeof bad);
    bad[k] = nan;
    for (size_t i = 0; i < sizeof of_x / sizeof *of_x; i++)
      ck_assert_msg(isnan(of_x[i](i < 6 ? p[0] : i < 8 ? 0.37 : -0.1, bad)), "%s %zu", f->name, i);
    for (size_t i = 0; i < sizeof of_p / sizeof *of_p; i++)
      ck_assert_msg(isnan(of_p[i](bad)), "%s %zu", f->name, i);
    ck_assert(isnan(creal(f->cf(0.1, bad))));
    f->support(bad, &lower, &upper);
    ck_assert(isnan(lower) || isnan(upper));
    f->gradient(2, bad, &d_x, d_p);
    ck_assert(isnan(d_p[f->n_parameters - 1]));
  }
}
