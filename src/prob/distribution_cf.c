/* distribution_cf.c - characteristic functions of distributions, at many points at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A formula where the family has one; else the masses of a discrete distribution are summed, and the density of a
 * continuous one is integrated (num/fourier.h). */
#include "prob/distribution_cf.h"

#include <math.h>
#include <stdlib.h>

#include "num/exponential_sum.h"
#include "num/fourier.h"
#include "num/real.h"
#include "prob/composite.h"
#include "prob/families.h"
#include "prob/numeric.h"

enum { MOST_OUTCOMES = 10000000, POLL = 4096 };

bool th_distribution_cf_is_closed(const ThDistribution *d) {
  if (d->family == &th_family_affine) return th_distribution_cf_is_closed(th_composite_inner(d));
  return d->family->math ? d->family->math->cf != NULL : d->family->law->cf != NULL;
}

/* --- Formulas */

static bool by_formula(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                       double complex *z) {
  const double *p = d->p + i * d->stride;
  const ThFamilyMath *math = d->family->math;
  enum { FEW = 8 };
  if (math && math->cf_fill && n >= FEW) {
    for (size_t start = 0; start < n; start += POLL) {
      if (!th_poll(cx)) return false;
      math->cf_fill(n - start < POLL ? n - start : POLL, k + start, p, z + start);
    }
    return true;
  }
  for (size_t l = 0; l < n; l++) {
    if (l % POLL == 0 && !th_poll(cx)) return false;
    if (k[l] == 0) z[l] = 1;
    else if (math) z[l] = math->cf(k[l], p);
    else if (!d->family->law->cf(cx, d, p, k[l], &z[l])) return false;
  }
  return true;
}

/* --- Masses */

static bool sum_masses(ThContext *cx, const ThDistribution *d, const double *values, double *masses, size_t m,
                       size_t n, const double *k, double complex *z, ThCfReport *report) {
  double total = 0;
  for (size_t j = 0; j < m; j++) {
    if (j % POLL == 0 && !th_poll(cx)) return false;
    if (!th_distribution_measure(cx, d, 0, TH_PDF, values[j], &masses[j])) return false;
    total += masses[j];
  }
  ThExponentialTerms terms = {.m = m, .x = values, .re = masses};
  *report = (ThCfReport){"sum", fabs(1 - total) + 1e-15};
  return th_exponential_sum(cx, &terms, n, k, z, NULL);
}

static bool by_masses(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                      double complex *z, ThCfReport *report) {
  ThValue one;
  double *values, *masses = NULL;
  size_t m;
  if (!th_distribution_element(cx, d, i, &one)) return false;
  const ThDistribution *element = th_as_distribution(one);
  bool ok = th_distribution_outcomes(cx, element, 1e-17, MOST_OUTCOMES, &values, &m);
  if (ok) {
    if (m == 0) ok = th_fail(cx, TH_ERROR_LIMIT, "the distribution has too many values to sum over");
    masses = ok ? th_alloc_array(cx, m, sizeof *masses) : NULL;
    ok = masses && sum_masses(cx, element, values, masses, m, n, k, z, report);
    th_free(cx, masses, m * sizeof *masses);
    th_free(cx, values, m * sizeof *values);
  }
  th_release(one);
  return ok;
}

/* --- Densities */

typedef struct Element {
  ThContext *cx;
  const ThDistribution *d;
  size_t i;
} Element;

static bool density(void *self, size_t n, const double *x, double complex *y) {
  enum { BLOCK = 256 };
  const Element *e = self;
  double values[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    if (!th_distribution_measure_many(e->cx, e->d, e->i, TH_PDF, count, x + start, values)) return false;
    for (size_t j = 0; j < count; j++) y[start + j] = values[j];
  }
  return true;
}

/* Where the law says that its density has its bumps, or quantiles, so that no part of it with a thousandth of the mass
 * can be missed. */
enum { MOST_GUIDE = 64 };
static bool find_guide(const Element *e, double *guide, size_t *n) {
  static const double tails[] = {0.001, 0.01, 0.05, 0.125, 0.25, 0.375};
  enum { N = sizeof tails / sizeof *tails };
  const ThLaw *law = e->d->family->math ? NULL : e->d->family->law;
  double q[MOST_GUIDE];
  size_t found = 0;
  if (law && law->breaks) {
    if (!th_numeric_breaks(e->cx, e->d, e->i, q, MOST_GUIDE, &found)) return false;
  } else {
    for (size_t j = 0; j < N; j++, found += 2)
      if (!th_distribution_measure(e->cx, e->d, e->i, TH_QUANTILE, tails[j], &q[found]) ||
          !th_distribution_measure(e->cx, e->d, e->i, TH_UPPER_QUANTILE, tails[j], &q[found + 1]))
        return false;
  }
  qsort(q, found, sizeof *q, th_real_ascending);
  *n = 0;
  for (size_t j = 0; j < found; j++)
    if (isfinite(q[j]) && (*n == 0 || q[j] > guide[*n - 1])) guide[(*n)++] = q[j];
  return true;
}

/* The values that have a probability of their own, beside the density. */
static bool add_atoms(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                      double complex *z, double *total) {
  double *values, mass;
  size_t m;
  if (!th_distribution_atoms(cx, d, i, &values, &m)) return false;
  bool ok = true;
  for (size_t j = 0; ok && j < m; j++) {
    ok = th_distribution_mass(cx, d, i, values[j], &mass);
    for (size_t l = 0; ok && l < n; l++)
      z[l] += mass * th_complex_of(cos(k[l] * values[j]), sin(k[l] * values[j]));
    *total += mass;
  }
  th_free(cx, values, m * sizeof *values);
  return ok;
}

static bool by_density(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                       double complex *z, ThCfReport *report) {
  Element e = {cx, d, i};
  double guide[MOST_GUIDE];
  ThFourierAnswer answer;
  ThFourierDensity f = {.f = density, .self = &e, .guide = guide};
  th_distribution_support(d, i, &f.lower, &f.upper);
  if (!find_guide(&e, guide, &f.n_guide)) return false;
  if (f.n_guide < 2) return th_fail(cx, TH_ERROR_NUMERIC, "the density has no width to integrate over");
  if (!th_fourier_transform(cx, &f, n, k, z, &answer)) return false;
  if (!add_atoms(cx, d, i, n, k, z, &answer.mass)) return false;
  *report = (ThCfReport){answer.method, answer.error + fabs(answer.mass - 1)};
  if (report->error < 1e-3) return true;
  th_fail(cx, TH_ERROR_NUMERIC, "the density's integral is %.6g, not 1", answer.mass);
  return th_hint(cx, "`normalize(d)` makes it so");
}

/* --- All */

/* Values of k that are not finite have no answer; 0 has an exact one. */
static bool found(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                  double complex *z, ThCfReport *report) {
  double *finite = th_alloc_array(cx, n ? n : 1, sizeof *finite);
  if (!finite) return false;
  for (size_t l = 0; l < n; l++) finite[l] = isfinite(k[l]) ? k[l] : 0;
  bool ok = th_distribution_is_discrete(d) ? by_masses(cx, d, i, n, finite, z, report)
                                           : by_density(cx, d, i, n, finite, z, report);
  th_free(cx, finite, (n ? n : 1) * sizeof *finite);
  for (size_t l = 0; ok && l < n; l++) {
    if (k[l] == 0) z[l] = 1;
    else if (!isfinite(k[l])) z[l] = TH_NAN;
  }
  return ok;
}

/* Of an image: p holds which element of the inner distribution, scale and shift. */
static bool of_image(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                     double complex *z, ThCfReport *report) {
  const double *p = d->p + i * d->stride, scale = p[1], shift = p[2];
  double *scaled = th_alloc_array(cx, n ? n : 1, sizeof *scaled);
  if (!scaled) return false;
  for (size_t l = 0; l < n; l++) scaled[l] = scale * k[l];
  bool ok = th_distribution_cf_values(cx, th_composite_inner(d), th_composite_index(p), n, scaled, z, report);
  th_free(cx, scaled, (n ? n : 1) * sizeof *scaled);
  for (size_t l = 0; ok && shift != 0 && l < n; l++)
    z[l] *= th_complex_of(cos(k[l] * shift), sin(k[l] * shift));
  return ok;
}

bool th_distribution_cf_values(ThContext *cx, const ThDistribution *d, size_t i, size_t n, const double *k,
                               double complex *z, ThCfReport *report) {
  *report = (ThCfReport){0};
  if (d->family == &th_family_affine) return of_image(cx, d, i, n, k, z, report);
  if (!th_distribution_cf_is_closed(d)) return found(cx, d, i, n, k, z, report);
  return by_formula(cx, d, i, n, k, z);
}

bool th_distribution_cf(ThContext *cx, const ThDistribution *d, size_t i, double k, double complex *out) {
  ThCfReport report;
  return th_distribution_cf_values(cx, d, i, 1, &k, out, &report);
}
