/* quantile.c - quantiles of distributions that know their tails only */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/quantile.h"

#include "num/density_support.h"
#include "num/real.h"

typedef struct Search {
  ThContext *cx;
  const ThDistribution *d;
  size_t i;
  bool upper;       /* the smaller tail is the upper one */
  double log_tail;  /* that it is to have */
  double low, high; /* the answer lies between */
} Search;

static bool is_adjacent(double low, double high) { return th_real_place(high) - th_real_place(low) <= 1; }

static double middle_of(double low, double high) {
  uint64_t a = th_real_place(low), b = th_real_place(high);
  return th_real_at_place(a + (b - a) / 2);
}

/* --- Continuous */

/* How much more, in logarithms, the tail at x holds than wanted, and the Newton step from x. */
static bool excess(const Search *s, double x, double *out, double *step) {
  double log_tail, log_density;
  if (!th_distribution_measure(s->cx, s->d, s->i, s->upper ? TH_LOGCCDF : TH_LOGCDF, x, &log_tail) ||
      !th_distribution_measure(s->cx, s->d, s->i, TH_LOGPDF, x, &log_density))
    return false;
  *out = log_tail - s->log_tail;
  double slope = exp(log_density - log_tail);
  *step = s->upper ? *out / slope : -*out / slope;
  return true;
}

/* The next point: Newton's, or the middle of the bracket where Newton leaves it, or has been slow. */
static double next_point(const Search *s, double x, double step, int turn) {
  double next = x + step;
  bool inside = next > s->low && next < s->high;
  return inside && (turn < 20 || turn % 2) ? next : middle_of(s->low, s->high);
}

static bool solve(Search *s, double *out) {
  double x = middle_of(s->low, s->high), f, step;
  if (isfinite(s->low) && isfinite(s->high) && x != 0) x = 0.5 * s->low + 0.5 * s->high;
  for (int turn = 0; turn < 200 && !is_adjacent(s->low, s->high); turn++) {
    if (!excess(s, x, &f, &step)) return false;
    *out = x;
    if (fabs(f) <= DBL_EPSILON * fmax(1, fabs(s->log_tail)) || !(f == f)) return true;
    if ((f > 0) == s->upper) s->low = x;
    else s->high = x;
    if (fabs(step) <= DBL_EPSILON * fabs(x)) return true;
    x = next_point(s, x, step, turn);
  }
  *out = s->high;
  return true;
}

/* --- With steps */

static bool meets(const Search *s, const ThDensityBound *bound, double x, bool *out) {
  double tail;
  if (!th_distribution_measure(s->cx, s->d, s->i, bound->upper ? TH_CCDF : TH_CDF, x, &tail)) return false;
  *out = bound->upper ? tail <= bound->limit : tail >= bound->limit;
  return true;
}

static bool bisect(Search *s, double prob, bool upper, double *out) {
  ThDensityBound bound = th_density_bound(prob, upper);
  bool met;
  if (!meets(s, &bound, s->low, &met)) return false;
  if (met) s->high = s->low;
  while (!is_adjacent(s->low, s->high)) {
    double x = middle_of(s->low, s->high);
    if (!meets(s, &bound, x, &met)) return false;
    if (met) s->high = x;
    else s->low = x;
  }
  *out = s->high + 0.0; /* no negative zero */
  return true;
}

static bool has_steps(const ThDistribution *d) {
  return th_distribution_is_discrete(d) || (!d->family->math && d->family->law->atoms);
}

bool th_quantile_search(ThContext *cx, const ThDistribution *d, size_t i, bool upper, double prob, double low,
                        double high, double *out) {
  Search s = {.cx = cx, .d = d, .i = i, .low = low, .high = high};
  *out = !(prob >= 0 && prob <= 1) ? TH_NAN : prob == (upper ? 1 : 0) ? low : high;
  if (!(prob > 0 && prob < 1)) return true;
  if (has_steps(d)) return bisect(&s, prob, upper, out);
  s.upper = prob <= 0.5 ? upper : !upper;
  s.log_tail = prob <= 0.5 ? log(prob) : log1p(-prob);
  return solve(&s, out);
}
