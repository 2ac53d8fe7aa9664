/* numeric.c - what has no formula for a distribution: integrals and sums over its density */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/numeric.h"

#include <math.h>

#include "num/real.h"

enum { MOST_OUTCOMES = 10000000 };

/* f times the density. */
typedef struct Weighted {
  ThContext *cx;
  const ThDistribution *d;
  size_t element, n_components;
  ThIntegrand f;
  void *self;
} Weighted;

static bool weighted(void *self, double x, double *y) {
  const Weighted *w = self;
  double density;
  if (!th_distribution_measure(w->cx, w->d, w->element, TH_PDF, x, &density)) return false;
  if (density == 0 || !w->f(w->self, x, y)) {
    for (size_t c = 0; c < w->n_components; c++) y[c] = 0;
    return density == 0;
  }
  for (size_t c = 0; c < w->n_components; c++) y[c] *= density;
  return true;
}

/* --- Continuous: where the density has its weight, quadrature looks */

bool th_numeric_breaks(ThContext *cx, const ThDistribution *d, size_t i, double *points, size_t most,
                       size_t *n) {
  static const double tails[] = {1e-12, 1e-4, 0.25};
  const ThLaw *law = d->family->math ? NULL : d->family->law;
  *n = 0;
  if (law && law->breaks) return law->breaks(cx, d, d->p + i * d->stride, points, most, n);
  for (size_t k = 0; k < sizeof tails / sizeof *tails; k++, *n += 2)
    if (!th_distribution_measure(cx, d, i, TH_QUANTILE, tails[k], &points[*n]) ||
        !th_distribution_measure(cx, d, i, TH_UPPER_QUANTILE, tails[k], &points[*n + 1]))
      return false;
  return true;
}

/* What the values with a probability of their own add. */
static bool add_atoms(Weighted *w, const double *atoms, size_t n, ThQuadratureResult *out) {
  double y[TH_QUADRATURE_MAX];
  for (size_t k = 0; k < n; k++) {
    if (!weighted(w, atoms[k], y)) return false;
    for (size_t c = 0; c < w->n_components; c++) {
      out->value[c] += y[c];
      out->magnitude += fabs(y[c]);
    }
  }
  return true;
}

static bool integrate(Weighted *w, ThQuadratureResult *out) {
  enum { MOST_BREAKS = 400 };
  double breaks[MOST_BREAKS], lower, upper, *atoms;
  size_t n, n_atoms;
  th_distribution_support(w->d, w->element, &lower, &upper);
  if (!th_numeric_breaks(w->cx, w->d, w->element, breaks, MOST_BREAKS / 2, &n) ||
      !th_distribution_atoms(w->cx, w->d, w->element, &atoms, &n_atoms))
    return false;
  for (size_t k = 0; k < n_atoms && n < MOST_BREAKS; k++) breaks[n++] = atoms[k];
  bool ok = th_quadrature_integrate_breaks(w->cx, weighted, w, w->n_components, lower, upper, breaks, n, NULL,
                                           out) &&
            add_atoms(w, atoms, n_atoms, out);
  th_free(w->cx, atoms, n_atoms * sizeof *atoms);
  return ok;
}

/* --- Discrete: all outcomes */

static bool add_outcomes(Weighted *w, const double *values, size_t n, ThQuadratureResult *out) {
  double y[TH_QUADRATURE_MAX];
  for (size_t k = 0; k < n; k++) {
    if (k % 4096 == 0 && !th_poll(w->cx)) return false;
    if (!weighted(w, values[k], y)) return false;
    for (size_t c = 0; c < w->n_components; c++) {
      out->value[c] += y[c];
      out->magnitude = fmax(out->magnitude, fabs(out->value[c]));
    }
  }
  out->error = 4 * DBL_EPSILON * out->magnitude;
  out->evaluations = n;
  out->converged = n > 0;
  out->method = "sum";
  return true;
}

static bool add_all(Weighted *w, ThQuadratureResult *out) {
  ThValue one;
  double *values;
  size_t n;
  *out = (ThQuadratureResult){0};
  if (!th_distribution_element(w->cx, w->d, w->element, &one)) return false;
  bool ok = th_distribution_outcomes(w->cx, th_as_distribution(one), 1e-300, MOST_OUTCOMES, &values, &n);
  th_release(one);
  if (!ok) return false;
  ok = add_outcomes(w, values, n, out);
  th_free(w->cx, values, n * sizeof *values);
  return ok;
}

bool th_numeric_expect(ThContext *cx, const ThDistribution *d, size_t i, ThIntegrand f, void *self,
                       size_t n_components, ThQuadratureResult *out) {
  Weighted w = {cx, d, i, n_components, f, self};
  return th_distribution_is_discrete(d) ? add_all(&w, out) : integrate(&w, out);
}

/* One component, or NaN. */
static bool expect_one(ThContext *cx, const ThDistribution *d, size_t i, ThIntegrand f, void *self,
                       double *out, double *error) {
  ThQuadratureResult result;
  if (!th_numeric_expect(cx, d, i, f, self, 1, &result)) return false;
  *out = result.converged ? result.value[0] : TH_NAN;
  *error = result.error;
  return true;
}

/* --- Moments */

typedef struct Power {
  double center, scale;
  int n;
} Power;

static bool power(void *self, double x, double *y) {
  const Power *p = self;
  *y = pow((x - p->center) / p->scale, p->n);
  return true;
}

bool th_numeric_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out, double *error) {
  Power raw = {0, 1, n};
  return expect_one(cx, d, i, power, &raw, out, error);
}

/* E((X - mean)/sd)^n */
static bool standardised(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out,
                         double *error) {
  Power p = {.n = n};
  if (!th_distribution_summary(cx, d, i, TH_MEAN, &p.center) ||
      !th_distribution_summary(cx, d, i, TH_SD, &p.scale))
    return false;
  if (p.scale > 0 && isfinite(p.scale)) return expect_one(cx, d, i, power, &p, out, error);
  *out = TH_NAN;
  *error = 0;
  return true;
}

static bool variance(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
  Power p = {.n = 2, .scale = 1};
  return th_distribution_summary(cx, d, i, TH_MEAN, &p.center) && expect_one(cx, d, i, power, &p, out, error);
}

/* --- Entropy */

typedef struct Element {
  ThContext *cx;
  const ThDistribution *d;
  size_t i;
} Element;

static bool surprise(void *self, double x, double *y) {
  const Element *e = self;
  if (!th_distribution_measure(e->cx, e->d, e->i, TH_LOGPDF, x, y)) return false;
  *y = -*y;
  return true;
}

/* --- The mode: the best of a grid of quantiles, then golden sections */

static bool log_density(Element *e, double x, double *out) {
  return th_distribution_measure(e->cx, e->d, e->i, TH_LOGPDF, x, out);
}

static bool golden(Element *e, double low, double high, double *out) {
  const double ratio = 0.6180339887498949;
  double x[2] = {high - ratio * (high - low), low + ratio * (high - low)}, y[2];
  if (!log_density(e, x[0], &y[0]) || !log_density(e, x[1], &y[1])) return false;
  while (high - low > 1e-9 * (fabs(low) + fabs(high)) && x[0] < x[1]) {
    bool left = y[0] >= y[1];
    if (left) high = x[1], x[1] = x[0], y[1] = y[0], x[0] = high - ratio * (high - low);
    else low = x[0], x[0] = x[1], y[0] = y[1], x[1] = low + ratio * (high - low);
    if (!log_density(e, x[left ? 0 : 1], &y[left ? 0 : 1])) return false;
  }
  *out = 0.5 * (low + high);
  return true;
}

static bool mode(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
  enum { N = 65 };
  Element e = {cx, d, i};
  double x[N], y, best = -TH_INFINITY;
  int at = 0;
  for (int k = 0; k < N; k++) {
    if (!th_distribution_measure(cx, d, i, TH_QUANTILE, (k + 0.5) / N, &x[k]) || !log_density(&e, x[k], &y))
      return false;
    if (y > best) best = y, at = k;
  }
  *out = x[at];
  *error = 0;
  if (th_distribution_is_discrete(d)) return true;
  *error = 1e-8 * fabs(*out);
  return golden(&e, x[at > 0 ? at - 1 : 0], x[at < N - 1 ? at + 1 : N - 1], out);
}

/* --- Everything that a row may leave out */

bool th_numeric_summary(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what, double *out,
                        double *error) {
  Element e = {cx, d, i};
  *error = 0;
  switch (what) {
    case TH_MEAN: return th_numeric_moment(cx, d, i, 1, out, error);
    case TH_VARIANCE: return variance(cx, d, i, out, error);
    case TH_SD:
      if (!th_distribution_summary(cx, d, i, TH_VARIANCE, out)) return false;
      *out = sqrt(*out);
      return true;
    case TH_SKEWNESS: return standardised(cx, d, i, 3, out, error);
    case TH_KURTOSIS:
      if (!standardised(cx, d, i, 4, out, error)) return false;
      *out -= 3;
      return true;
    case TH_MODE: return mode(cx, d, i, out, error);
    case TH_MEDIAN: return th_distribution_measure(cx, d, i, TH_QUANTILE, 0.5, out);
    case TH_ENTROPY: return expect_one(cx, d, i, surprise, &e, out, error);
  }
  return true;
}

/* --- Transforms */

static bool wave(void *self, double x, double *y) {
  const double *k = self;
  y[0] = cos(*k * x);
  y[1] = sin(*k * x);
  return true;
}

bool th_numeric_cf(ThContext *cx, const ThDistribution *d, size_t i, double k, double complex *out,
                   double *error) {
  ThQuadratureResult result;
  if (!th_numeric_expect(cx, d, i, wave, &k, 2, &result)) return false;
  *out = result.value[0] + TH_I * result.value[1];
  *error = result.error;
  return true;
}

static bool exponential(void *self, double x, double *y) {
  const double *t = self;
  *y = exp(*t * x);
  return true;
}

bool th_numeric_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t, double *out,
                        double *error) {
  ThQuadratureResult result;
  if (!th_numeric_expect(cx, d, i, exponential, &t, 1, &result)) return false;
  *out = result.converged ? log(result.value[0]) : TH_INFINITY;
  *error = result.error / result.value[0];
  return true;
}
