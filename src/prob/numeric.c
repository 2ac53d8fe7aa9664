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

/* x f(x) p(x) far out: 0 where the integral is finite, not so where it diverges, and there the density itself is soon
 * 0 in double precision, so that quadrature alone would see an end. *sign is that of f where it diverges, else 0; NaN where it falls too slowly
 * for its sum to be had before that end. */
static bool divergence(Weighted *w, bool upper, double *sign) {
  double lower_end, upper_end, quartile, near[TH_QUADRATURE_MAX], far[TH_QUADRATURE_MAX];
  *sign = 0;
  th_distribution_support(w->d, w->element, &lower_end, &upper_end);
  if (isfinite(upper ? upper_end : lower_end)) return true;
  if (!th_distribution_measure(w->cx, w->d, w->element, upper ? TH_UPPER_QUANTILE : TH_QUANTILE, 0.25,
                               &quartile))
    return false;
  double scale = (upper ? 1 : -1) * fmax(fabs(quartile), 1e-30);
  if (!isfinite(scale)) return true;
  if (!weighted(w, 1e30 * scale, near) || !weighted(w, 1e60 * scale, far)) return false;
  for (size_t c = 0; c < w->n_components; c++)
    if (far[c] != 0 && fabs(far[c]) * 1e30 >= 1e-6 * fabs(near[c]))
      *sign = fabs(far[c]) * 1e30 < 0.9 * fabs(near[c]) ? TH_NAN : far[c] > 0 ? 1 : -1;
  return true;
}

/* An integral that diverges: its value is infinite, or NaN where both sides diverge against each other. */
static bool check_divergence(Weighted *w, ThQuadratureResult *out, bool *diverges) {
  double left, right;
  if (!divergence(w, false, &left) || !divergence(w, true, &right)) return false;
  *diverges = left != 0 || right != 0;
  if (!*diverges) return true;
  bool opposed = !(left * right >= 0); /* or NaN */
  double value = opposed ? TH_NAN : left + right > 0 ? TH_INFINITY : -TH_INFINITY;
  *out = (ThQuadratureResult){.error = TH_INFINITY, .method = "asymptotics"};
  for (size_t c = 0; c < w->n_components; c++) out->value[c] = value;
  return true;
}

static bool integrate_density(Weighted *w, ThQuadratureResult *out) {
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

static bool integrate(Weighted *w, ThQuadratureResult *out) {
  bool diverges;
  return check_divergence(w, out, &diverges) && (diverges || integrate_density(w, out));
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
  bool settled = result.converged ||
                 result.error <= 1e-6 * result.magnitude; /* poles may keep it from more digits */
  *out = settled || isinf(result.value[0]) ? result.value[0] : TH_NAN;
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

/* The median and the mean distance from it: what the density's own rounding adds to the integral counts for that
 * distance only. */
static bool mean(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
  Power p = {.n = 1, .scale = 1};
  if (!th_distribution_measure(cx, d, i, TH_QUANTILE, 0.5, &p.center)) return false;
  if (!isfinite(p.center)) p.center = 0;
  if (!expect_one(cx, d, i, power, &p, out, error)) return false;
  *out += p.center;
  return true;
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
  if (!th_distribution_summary(cx, d, i, TH_MEAN, &p.center)) return false;
  if (isfinite(p.center)) return expect_one(cx, d, i, power, &p, out, error);
  *out = isinf(p.center) ? TH_INFINITY : TH_NAN;
  return true;
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

/* --- The mode: the best of a grid of quantiles, then golden sections, then the zero of the slope */

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

/* The slope of the logarithm of the density by differences of sixth order, over steps that are large beside
 * rounding. */
static bool slope(Element *e, double x, double step, double *out) {
  static const double weights[] = {45, -9, 1};
  *out = 0;
  for (int k = 0; k < 3; k++) {
    double above, below;
    if (!log_density(e, x + (k + 1) * step, &above) || !log_density(e, x - (k + 1) * step, &below))
      return false;
    *out += weights[k] * (above - below);
  }
  return true;
}

/* Values near a maximum tell its place to half the digits only; the slope, where the density is smooth, to nearly all.
 * Where it is not, the point found before is kept. */
static bool polish(Element *e, double step, double *x) {
  double low = *x - step, high = *x + step, at_low, at_high, y, before, after;
  if (!slope(e, low, step, &at_low) || !slope(e, high, step, &at_high) || !log_density(e, *x, &before))
    return false;
  if (!(at_low > 0 && at_high < 0) || isinf(at_low) || isinf(at_high)) return true;
  for (int k = 0; k < 60 && high - low > DBL_EPSILON * fabs(low); k++) {
    double middle = 0.5 * (low + high);
    if (!slope(e, middle, step, &y)) return false;
    if (y == 0) low = high = middle;
    else if (y > 0) low = middle;
    else high = middle;
  }
  double found = 0.5 * (low + high);
  if (!log_density(e, found, &after)) return false;
  if (after >= before - 8 * DBL_EPSILON * fmax(1, fabs(before))) *x = found;
  return true;
}

bool th_numeric_climb(ThContext *cx, const ThDistribution *d, size_t i, double low, double high,
                      double *out) {
  Element e = {cx, d, i};
  double step = (high - low) / 64;
  return golden(&e, low, high, out) && (!(step > 0) || polish(&e, step, out));
}

/* The most probable of n values; *out is NaN of none. */
static bool best_of(Element *e, const double *values, size_t n, double *out) {
  double best = -1, y;
  *out = TH_NAN;
  for (size_t k = 0; k < n; k++) {
    if (!th_distribution_measure(e->cx, e->d, e->i, TH_PDF, values[k], &y) || !th_poll_at(e->cx, k))
      return false;
    if (y > best) best = y, *out = values[k];
  }
  return true;
}

/* Of one with steps: the heaviest value; NaN when there is none, or too many. */
static bool heaviest(Element *e, double *out) {
  double *values;
  size_t n;
  ThValue one;
  bool ok;
  if (th_distribution_is_discrete(e->d)) {
    if (!th_distribution_element(e->cx, e->d, e->i, &one)) return false;
    ok = th_distribution_outcomes(e->cx, th_as_distribution(one), 1e-9, MOST_OUTCOMES, &values, &n);
    th_release(one);
  } else {
    ok = th_distribution_atoms(e->cx, e->d, e->i, &values, &n);
  }
  if (!ok) return false;
  ok = best_of(e, values, n, out);
  th_free(e->cx, values, n * sizeof *values);
  return ok;
}

/* The ends of the support that are finite: at one of them the density may be largest. */
static bool try_ends(Element *e, double *out) {
  double ends[2], best, y;
  th_distribution_support(e->d, e->i, &ends[0], &ends[1]);
  if (!log_density(e, *out, &best)) return false;
  for (int k = 0; k < 2; k++) {
    if (!isfinite(ends[k])) continue;
    if (!log_density(e, ends[k], &y)) return false;
    if (k == 0 ? y >= best : y > best) best = y, *out = ends[k];
  }
  return true;
}

/* A quantile of the grid; before the first and after the last the support's end, or a quantile further out. */
static bool grid_point(Element *e, int k, int n, double *out) {
  double ends[2];
  th_distribution_support(e->d, e->i, &ends[0], &ends[1]);
  *out = ends[k >= n];
  if ((k < 0 || k >= n) && isfinite(*out)) return true;
  double prob = k < 0 || k >= n ? 1e-6 : (k + 0.5) / n;
  return th_distribution_measure(e->cx, e->d, e->i, k >= n ? TH_UPPER_QUANTILE : TH_QUANTILE, prob, out);
}

static bool mode(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
  enum { N = 65 };
  Element e = {cx, d, i};
  *out = TH_NAN;
  *error = 0;
  if (th_distribution_has_steps(d) && !heaviest(&e, out)) return false;
  if (!isnan(*out)) return true;
  double x, y, low, high, best = -TH_INFINITY;
  int at = 0;
  for (int k = 0; k < N; k++) {
    if (!grid_point(&e, k, N, &x) || !log_density(&e, x, &y)) return false;
    if (y > best) best = y, at = k, *out = x;
  }
  if (th_distribution_is_discrete(d)) return true;
  *error = 1e-8 * fabs(*out);
  return grid_point(&e, at - 1, N, &low) && grid_point(&e, at + 1, N, &high) &&
         th_numeric_climb(cx, d, i, low, high, out) && try_ends(&e, out);
}

/* --- Everything that a row may leave out */

bool th_numeric_summary(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what, double *out,
                        double *error) {
  Element e = {cx, d, i};
  *error = 0;
  switch (what) {
    case TH_MEAN: return mean(cx, d, i, out, error);
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
