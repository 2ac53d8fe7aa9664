/* density.c - what the tests of probability families share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "density.h"

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
