/* numeric.c - what has no formula for a distribution: integrals and sums over its density */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/numeric.h"

#include <math.h>

#include "num/compensated.h"
#include "num/real.h"
#include "prob/mode.h"

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
  for (size_t k = 0; k < sizeof tails / sizeof *tails && *n + 2 <= most; k++, *n += 2)
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

/* The largest component of x f(x). */
static bool tail_height(ThIntegrand f, void *self, size_t n_components, double x, double *y, double *out) {
  if (!f(self, x, y)) return false;
  *out = 0;
  for (size_t c = 0; c < n_components; c++) *out = fmax(*out, fabs(x * y[c]));
  return true;
}

/* A density that falls like a power of x is rounded to 0 too soon: quadrature does not see its end. Far out
 * |x f(x)| ~ x^-α, α from two points; a third one tells slow growth that ends from one that does not. */
bool th_numeric_tail(ThIntegrand f, void *self, size_t n_components, double scale, double *y,
                     double *hidden) {
  double near, far, farther;
  *hidden = 0;
  if (!tail_height(f, self, n_components, scale * 1e20, y, &near) ||
      !tail_height(f, self, n_components, scale * 1e100, y, &farther) ||
      !tail_height(f, self, n_components, scale * 1e60, y, &far))
    return false;
  double alpha = log(near / far) / log(1e40);
  bool grows = isinf(near) || isinf(far) || alpha < 1e-4;
  if (grows && near > 0 && far > 0) *hidden = farther > 0 && farther < 0.5 * far ? 0 : TH_INFINITY;
  else if (near > 0 && far > 0) *hidden = far * pow(1e80, -alpha) / alpha;
  return true;
}

bool th_numeric_scale(ThContext *cx, const ThDistribution *d, size_t i, double *out) {
  double low, high;
  if (!th_distribution_measure(cx, d, i, TH_QUANTILE, 0.05, &low) ||
      !th_distribution_measure(cx, d, i, TH_UPPER_QUANTILE, 0.05, &high))
    return false;
  *out = fmax(fabs(low), fabs(high));
  return true;
}

/* tails: what the lower and the upper one may hide. */
static bool hidden_tails(Weighted *w, double *tails) {
  double ends[2], scale, y[TH_QUADRATURE_MAX];
  th_distribution_support(w->d, w->element, &ends[0], &ends[1]);
  if (!th_numeric_scale(w->cx, w->d, w->element, &scale)) return false;
  for (int side = 0; side < 2; side++) {
    tails[side] = 0;
    if (isinf(ends[side]) &&
        !th_numeric_tail(weighted, w, w->n_components, side ? scale : -scale, y, &tails[side]))
      return false;
  }
  return true;
}

static bool integrate(Weighted *w, ThQuadratureResult *out) {
  enum { MOST_BREAKS = 400 };
  double breaks[MOST_BREAKS], lower, upper, tails[2], *atoms;
  size_t n, n_atoms;
  th_distribution_support(w->d, w->element, &lower, &upper);
  if (!th_numeric_breaks(w->cx, w->d, w->element, breaks, MOST_BREAKS / 2, &n) ||
      !th_distribution_atoms(w->cx, w->d, w->element, &atoms, &n_atoms))
    return false;
  for (size_t k = 0; k < n_atoms && n < MOST_BREAKS; k++) breaks[n++] = atoms[k];
  bool ok = th_quadrature_integrate_breaks(w->cx, weighted, w, w->n_components, lower, upper, breaks, n, NULL,
                                           out) &&
            add_atoms(w, atoms, n_atoms, out) && hidden_tails(w, tails);
  th_free(w->cx, atoms, n_atoms * sizeof *atoms);
  if (!ok) return false;
  out->error += tails[0] + tails[1];
  out->converged &= isfinite(out->error);
  for (size_t c = 0; c < w->n_components; c++) out->converged &= isfinite(out->value[c]);
  return true;
}

/* --- Discrete: all outcomes */

/* A term is right to some roundings, and their sum to as many of the sum of their sizes. */
static bool add_outcomes(Weighted *w, const double *values, size_t n, ThQuadratureResult *out) {
  double y[TH_QUADRATURE_MAX], size[TH_QUADRATURE_MAX] = {0};
  ThCompensated sums[TH_QUADRATURE_MAX] = {{0}};
  for (size_t k = 0; k < n; k++) {
    if (!th_poll_at(w->cx, k) || !weighted(w, values[k], y)) return false;
    for (size_t c = 0; c < w->n_components; c++) {
      th_compensated_add(&sums[c], y[c]);
      size[c] += fabs(y[c]);
    }
  }
  for (size_t c = 0; c < w->n_components; c++) {
    out->value[c] = th_compensated_total(&sums[c]);
    out->magnitude = fmax(out->magnitude, size[c]);
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
  bool ok = th_distribution_outcomes(w->cx, th_as_distribution(one), 1e-300, TH_NUMERIC_OUTCOMES, &values,
                                     &n);
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

/* One component, where `sign` is that of f in the lower tail. Where the integral diverges the error is inf, and
 * the value is infinite if one sign prevails, else NaN; where it was not found the value is NaN. */
static bool expect_one(ThContext *cx, const ThDistribution *d, size_t i, ThIntegrand f, void *self, int sign,
                       double *out, double *error) {
  ThQuadratureResult result;
  double tails[2];
  if (!th_numeric_expect(cx, d, i, f, self, 1, &result)) return false;
  *out = result.value[0];
  *error = result.error;
  if (result.converged) return true;
  *out = TH_NAN;
  if (th_distribution_is_discrete(d)) return true;
  Weighted w = {cx, d, i, 1, f, self};
  if (!hidden_tails(&w, tails)) return false;
  bool below = isinf(tails[0]), above = isinf(tails[1]);
  bool nearly = result.error <= 1e-6 * result.magnitude; /* poles may keep it from more digits */
  if (!below && !above && nearly) *out = result.value[0];
  *error = below || above ? TH_INFINITY : result.error;
  if (below && (sign > 0 || !above)) *out = sign > 0 ? TH_INFINITY : -TH_INFINITY;
  else if (above && !below) *out = TH_INFINITY;
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

static bool expect_power(ThContext *cx, const ThDistribution *d, size_t i, Power p, double *out,
                         double *error) {
  return expect_one(cx, d, i, power, &p, p.n % 2 ? -1 : 1, out, error);
}

/* The median and the mean distance from it: what the density's own rounding adds to the integral counts for that
 * distance only. */
static bool mean(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
  Power p = {.n = 1, .scale = 1};
  if (!th_distribution_measure(cx, d, i, TH_QUANTILE, 0.5, &p.center)) return false;
  if (!isfinite(p.center)) p.center = 0;
  if (!expect_power(cx, d, i, p, out, error)) return false;
  *out += p.center;
  return true;
}

bool th_numeric_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out, double *error) {
  return expect_power(cx, d, i, (Power){0, 1, n}, out, error);
}

/* E((X - mean)/sd)^n. */
static bool standardised(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out,
                         double *error) {
  ThFinding mean, sd, moment = {0};
  *out = TH_NAN;
  *error = 0;
  if (!th_distribution_find(cx, d, i, TH_MEAN, &mean) || !th_distribution_find(cx, d, i, TH_SD, &sd))
    return false;
  if (!(sd.value > 0 && isfinite(sd.value))) return true;
  if (!expect_power(cx, d, i, (Power){mean.value, sd.value, n}, &moment.value, &moment.error)) return false;
  th_finding_standardised(&moment, n, &mean, &sd);
  *out = moment.value;
  *error = moment.error;
  return true;
}

static bool variance(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
  Power p = {.n = 2, .scale = 1};
  *out = TH_NAN;
  if (!th_distribution_summary(cx, d, i, TH_MEAN, &p.center)) return false;
  if (isfinite(p.center)) return expect_power(cx, d, i, p, out, error);
  if (isinf(p.center)) *out = TH_INFINITY;
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

/* --- The score, by differences of the logarithm of the density */

/* The slope over a step h to both sides, or (side 1, -1) to one. */
static bool difference(Element *e, double x, double h, int side, double *out) {
  double ends[2];
  for (int k = 0; k < 2; k++) {
    double at = side == 0 ? (k ? x + h : x - h) : k ? x + side * h : x;
    if (!th_distribution_measure(e->cx, e->d, e->i, TH_LOGPDF, at, &ends[k])) return false;
  }
  *out = (ends[1] - ends[0]) / (side == 0 ? 2 * h : side * h);
  return true;
}

/* Steps that shrink from h, and the limit of their slopes by Neville's scheme (Ridders 1982). What a better
 * order changes is the error. */
static bool extrapolate(Element *e, double x, double h, int side, double *out, double *error) {
  enum { LEVELS = 12 };
  const double shrink = 1.6, order = side == 0 ? shrink * shrink : shrink;
  double row[LEVELS], before[LEVELS] = {0};
  *out = TH_NAN;
  *error = TH_INFINITY;
  for (int level = 0; level < LEVELS; level++, h /= shrink) {
    double power = 1;
    if (!difference(e, x, h, side, &row[0])) return false;
    for (int k = 1; k <= level; k++) {
      power *= order;
      row[k] = row[k - 1] + (row[k - 1] - before[k - 1]) / (power - 1);
      double change = fmax(fabs(row[k] - row[k - 1]), fabs(row[k] - before[k - 1]));
      if (change < *error) *error = change, *out = row[k];
    }
    for (int k = 0; k <= level; k++) before[k] = row[k];
  }
  return true;
}

/* To both sides as far as the support goes; near an end also inwards, which is better where nothing happens at the
 * end. NaN where the differences do not settle: at a jump, at a kink. */
bool th_numeric_score(ThContext *cx, const ThDistribution *d, size_t i, double x, double *out) {
  Element e = {cx, d, i};
  double low, high, quartiles[2], error, other, other_error;
  th_distribution_support(d, i, &low, &high);
  *out = isnan(x) ? x : 0;
  if (!(x >= low && x <= high) || isinf(x)) return true;
  if (!th_distribution_measure(cx, d, i, TH_QUANTILE, 0.25, &quartiles[0]) ||
      !th_distribution_measure(cx, d, i, TH_UPPER_QUANTILE, 0.25, &quartiles[1]))
    return false;
  double step = 0.5 * (quartiles[1] - quartiles[0]), room = fmin(x - low, high - x);
  *out = TH_NAN;
  error = TH_INFINITY;
  if (room > 0 && !extrapolate(&e, x, fmin(step, 0.9 * room), 0, out, &error)) return false;
  if (room < step) {
    int side = x - low <= high - x ? 1 : -1;
    if (!extrapolate(&e, x, fmin(step, 0.9 * fmax(x - low, high - x)), side, &other, &other_error))
      return false;
    if (other_error < error) *out = other, error = other_error;
  }
  if (!(error <= 1e-4 * (fabs(*out) + 1 / step))) *out = TH_NAN;
  return true;
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
      if (!th_numeric_summary(cx, d, i, TH_VARIANCE, out, error)) return false;
      *out = sqrt(*out);
      if (isfinite(*error)) *error = *out > 0 ? *error / (2 * *out) : sqrt(*error);
      return true;
    case TH_SKEWNESS: return standardised(cx, d, i, 3, out, error);
    case TH_KURTOSIS:
      if (!standardised(cx, d, i, 4, out, error)) return false;
      *out -= 3;
      return true;
    case TH_MODE: return th_mode_find(cx, d, i, out, error);
    case TH_MEDIAN: return th_distribution_measure(cx, d, i, TH_QUANTILE, 0.5, out);
    case TH_ENTROPY: return expect_one(cx, d, i, surprise, &e, 1, out, error);
  }
  return true;
}

const char *th_numeric_method(const ThDistribution *d) {
  return th_distribution_is_discrete(d) ? "sum" : "quadrature";
}

bool th_numeric_find(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what, ThFinding *out) {
  bool listed = what == TH_MODE && th_distribution_has_steps(d); /* the heaviest of a list */
  *out = (ThFinding){.method = what == TH_MODE ? "search" : th_numeric_method(d)};
  if (listed) out->method = NULL;
  if (!th_numeric_summary(cx, d, i, what, &out->value, &out->error)) return false;
  if (what == TH_MEDIAN) return th_distribution_judge(cx, d, i, TH_QUANTILE, 0.5, out->value, out);
  if (isinf(out->error)) out->method = NULL; /* proved to diverge */
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
