/* mode.c - where a density is highest */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best of a grid of quantiles, then golden sections, then the zero of the slope. */
#include "prob/mode.h"

#include <float.h>
#include <math.h>

#include "num/real.h"
#include "prob/numeric.h"

typedef struct Element {
  ThContext *cx;
  const ThDistribution *d;
  size_t i;
} Element;

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
 * rounding; 60 step times the slope, and what of it may be rounding. */
static bool slope(Element *e, double x, double step, double *out, double *noise) {
  static const double weights[] = {45, -9, 1};
  *out = *noise = 0;
  for (int k = 0; k < 3; k++) {
    double above, below;
    if (!log_density(e, x + (k + 1) * step, &above) || !log_density(e, x - (k + 1) * step, &below))
      return false;
    *out += weights[k] * (above - below);
    *noise += 2 * DBL_EPSILON * fabs(weights[k]) * (2 + fabs(above) + fabs(below));
  }
  return true;
}

/* Where the slope times `sign` stops to be surely positive, between `from`, where it is, and `to`. */
static bool edge_of_rise(Element *e, double step, double sign, double from, double to, double *out) {
  double y, noise;
  for (int k = 0; k < 60 && fabs(to - from) > DBL_EPSILON * fabs(from); k++) {
    double middle = from + 0.5 * (to - from);
    if (!slope(e, middle, step, &y, &noise)) return false;
    if (sign * y > noise) from = middle;
    else to = middle;
  }
  *out = from;
  return true;
}

typedef struct Top {
  double x, error;
} Top;

/* Values near a maximum tell its place to half the digits only; the slope, where the density is smooth, to nearly all.
 * The top is in the middle of where it cannot be told from 0. *found is false where the density is not smooth. */
static bool polish(Element *e, double step, const Top *top, Top *out, bool *found) {
  double low = top->x - step, high = top->x + step, at_low, at_high, noise[2], before, after;
  if (!slope(e, low, step, &at_low, &noise[0]) || !slope(e, high, step, &at_high, &noise[1]) ||
      !log_density(e, top->x, &before))
    return false;
  *found = at_low > noise[0] && at_high < -noise[1] && !isinf(at_low) && !isinf(at_high);
  if (!*found) return true;
  if (!edge_of_rise(e, step, 1, low, high, &low) || !edge_of_rise(e, step, -1, high, low, &high))
    return false;
  out->x = low + 0.5 * (high - low);
  out->error = 0.5 * fabs(high - low) + DBL_EPSILON * fabs(out->x);
  if (!log_density(e, out->x, &after)) return false;
  *found = after >= before - 8 * DBL_EPSILON * fmax(1, fabs(before));
  return true;
}

/* Longer steps see past more of the rounding; they are taken as long as they agree with the shorter ones. */
bool th_mode_climb(ThContext *cx, const ThDistribution *d, size_t i, double low, double high, double *out,
                   double *error) {
  enum { LONGER = 3 };
  Element e = {cx, d, i};
  Top top, next;
  bool found = high > low;
  double step = (high - low) / 64;
  if (!golden(&e, low, high, &top.x)) return false;
  top.error = 1e-8 * (high - low) + 1e-9 * fabs(top.x);
  for (int k = 0; found && k <= LONGER; k++, step *= 4) {
    if (!polish(&e, step, &top, &next, &found)) return false;
    found = found && (k == 0 || (fabs(next.x - top.x) <= top.error && next.error < top.error));
    if (found) top = next;
  }
  *out = top.x;
  *error = top.error;
  return true;
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
    ok = th_distribution_outcomes(e->cx, th_as_distribution(one), 1e-9, TH_NUMERIC_OUTCOMES, &values, &n);
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
static bool try_ends(Element *e, double *out, double *error) {
  double ends[2], best, y;
  th_distribution_support(e->d, e->i, &ends[0], &ends[1]);
  if (!log_density(e, *out, &best)) return false;
  for (int k = 0; k < 2; k++) {
    if (!isfinite(ends[k])) continue;
    if (!log_density(e, ends[k], &y)) return false;
    if (k == 0 ? y >= best : y > best) best = y, *out = ends[k], *error = 0;
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

/* Is the density the same on both sides of c, as far as a few points tell? */
static bool is_symmetric(Element *e, double c, double reach, bool *out) {
  static const double shares[] = {0.3, 0.7, 1.1, 1.9, 3.1};
  *out = true;
  for (size_t k = 0; *out && k < sizeof shares / sizeof *shares; k++) {
    double left, right, distance = shares[k] * reach;
    if (!log_density(e, c - distance, &left) || !log_density(e, c + distance, &right)) return false;
    *out = left == right || fabs(left - right) <= 1e-13 * (1 + fabs(left));
  }
  return true;
}

/* Within the error 0 is as good, and likelier; or the median, where the density is symmetric about it: then that, or
 * 0, is the mode. */
static bool prefer_center(Element *e, double *out, double *error) {
  double median, quartile, center;
  bool symmetric;
  if (fabs(*out) <= *error) *out = 0;
  if (*error == 0) return true;
  if (!th_distribution_measure(e->cx, e->d, e->i, TH_QUANTILE, 0.5, &median) ||
      !th_distribution_measure(e->cx, e->d, e->i, TH_QUANTILE, 0.25, &quartile))
    return false;
  double reach = median - quartile, rounding = 4 * DBL_EPSILON * (fabs(median) + reach);
  center = fabs(median) <= rounding ? 0 : median;
  if (!(fabs(*out - center) <= *error)) return true;
  if (!is_symmetric(e, center, reach, &symmetric)) return false;
  if (symmetric) *out = center, *error = center == 0 ? 0 : fmin(*error, rounding);
  return true;
}

bool th_mode_find(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error) {
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
  return grid_point(&e, at - 1, N, &low) && grid_point(&e, at + 1, N, &high) &&
         th_mode_climb(cx, d, i, low, high, out, error) && try_ends(&e, out, error) &&
         prefer_center(&e, out, error);
}
