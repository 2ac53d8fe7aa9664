/* between.c - the probability of an interval, without cancellation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/between.h"

#include "num/quadrature.h"
#include "num/real.h"
#include "num/special.h"

enum { MOST_TERMS = 10000 };

typedef struct Interval {
  ThContext *cx;
  const ThDistribution *d;
  size_t i;
  double a, b;
  double reference; /* the logarithm of the density somewhere inside: taken out of it */
} Interval;

static bool at(const Interval *v, ThMeasure what, double x, double *out) {
  return th_distribution_measure(v->cx, v->d, v->i, what, x, out);
}

/* --- Without differences */

static bool density(void *self, double x, double *y) {
  const Interval *v = self;
  if (!at(v, TH_LOGPDF, x, y)) return false;
  *y = exp(*y - v->reference);
  return true;
}

/* The density is integrated; *done is false where that does not settle. */
static bool integrate(Interval *v, double *log_mass, bool *done) {
  ThQuadratureResult r;
  ThQuadratureGoal goal = {.relative = 1e-14, .max_evaluations = 2000};
  if (!at(v, TH_LOGPDF, 0.5 * v->a + 0.5 * v->b, &v->reference)) return false;
  if (!isfinite(v->reference)) return true;
  if (!th_quadrature_integrate(v->cx, density, v, 1, v->a, v->b, &goal, &r)) return false;
  *done = r.value[0] > 0 && r.error <= 1e-12 * r.value[0];
  if (*done) *log_mass = log(r.value[0]) + v->reference;
  return true;
}

/* The masses of the values inside are added up; *done is false where they are too many. */
static bool add_up(Interval *v, double *log_mass, bool *done) {
  double low = ceil(v->a), high = floor(v->b), y, largest = -TH_INFINITY, sum = 0;
  bool whole = !v->d->family->outcomes && v->d->family->math;
  if (!whole || !(high - low < MOST_TERMS)) return true;
  for (double x = low; x <= high; x++) {
    if (!at(v, TH_LOGPDF, x, &y)) return false;
    if (y == -TH_INFINITY) continue;
    if (y > largest) sum = sum * exp(largest - y) + 1, largest = y;
    else sum += exp(y - largest);
  }
  *log_mass = largest + log(sum);
  *done = true;
  return true;
}

/* --- By differences */

/* log(e^x - e^y), and whether it keeps its digits. */
static double difference(double x, double y, bool *kept) {
  *kept = y == -TH_INFINITY || y < x - 0.2;
  return x > y ? th_special_log_subtract(x, y) : -TH_INFINITY;
}

/* From the tails that do not hold the median; in the middle 1 less both tails. */
static bool by_tails(const Interval *v, double before, double *mass, double *log_mass, bool *kept) {
  const double half = -TH_LOG_2;
  double below_b, above_a, other, cdf, ccdf;
  if (!at(v, TH_LOGCDF, v->b, &below_b) || !at(v, TH_LOGCCDF, before, &above_a)) return false;
  bool left = below_b < half, right = above_a < half;
  ThMeasure tail = left ? TH_CDF : TH_CCDF;
  if (left || right) {
    if (!at(v, left ? TH_LOGCDF : TH_LOGCCDF, left ? before : v->b, &other) ||
        !at(v, tail, left ? v->b : before, &cdf) || !at(v, tail, left ? before : v->b, &ccdf))
      return false;
    *log_mass = difference(left ? below_b : above_a, other, kept);
    *mass = cdf - ccdf;
    if (cdf > 1e-290 && *mass > 0) *log_mass = log(*mass);
    return true;
  }
  if (!at(v, TH_CDF, before, &cdf) || !at(v, TH_CCDF, v->b, &ccdf)) return false;
  *mass = fmax(1 - cdf - ccdf, 0);
  *log_mass = log1p(-fmin(cdf + ccdf, 1));
  *kept = cdf + ccdf < 0.8;
  return true;
}

bool th_between(ThContext *cx, const ThDistribution *d, size_t i, double a, double b, double *mass,
                double *log_mass) {
  Interval v = {.cx = cx, .d = d, .i = i, .a = a, .b = b};
  bool steps = th_distribution_has_steps(d), discrete = th_distribution_is_discrete(d), kept, done = false;
  double before = steps ? nextafter(a, -TH_INFINITY) : a;
  *mass = 0;
  *log_mass = -TH_INFINITY;
  if (!(a <= b)) return true;
  if (!by_tails(&v, before, mass, log_mass, &kept)) return false;
  bool finite = isfinite(a) && isfinite(b);
  if (kept || !finite || (!steps && a == b) || (steps && !discrete)) return true;
  if (!(discrete ? add_up(&v, log_mass, &done) : integrate(&v, log_mass, &done))) return false;
  if (done) *mass = exp(*log_mass);
  return true;
}
