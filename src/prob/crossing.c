/* crossing.c - two distributions on one line: where one function of them passes the other */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/crossing.h"

#include <math.h>
#include <stdlib.h>

#include "num/real.h"
#include "prob/numeric.h"

enum {
  LEVELS = 50,       /* of quantiles from each tail */
  MOST_OF_ONE = 200, /* breaks of one distribution */
};

_Static_assert(4 * LEVELS + 2 * MOST_OF_ONE + 8 <= TH_PAIR_BREAKS, "room for all breaks");

/* Beyond these quantiles a narrow distribution leaves nothing for the wide pieces of the other one. */
static const double NOTHING = 1e-17;

static bool measures(const ThPair *pair, ThMeasure what, double x, double *of_p, double *of_q) {
  return th_distribution_measure(pair->cx, pair->p, pair->i, what, x, of_p) &&
         th_distribution_measure(pair->cx, pair->q, pair->j, what, x, of_q);
}

bool th_pair_log_ratio(const ThPair *pair, double x, double *out) {
  double log_p, log_q;
  if (!measures(pair, TH_LOGPDF, x, &log_p, &log_q)) return false;
  *out = log_p == log_q ? 0 : log_p - log_q;
  return true;
}

bool th_pair_cdf_difference(const ThPair *pair, double x, double *out) {
  double below_p, below_q, above_p, above_q;
  if (!measures(pair, TH_CDF, x, &below_p, &below_q) || !measures(pair, TH_CCDF, x, &above_p, &above_q))
    return false;
  *out = below_p + below_q < above_p + above_q ? below_p - below_q : above_q - above_p;
  return true;
}

void th_pair_range(const ThPair *pair, double *lower, double *upper) {
  double p[2], q[2];
  th_distribution_support(pair->p, pair->i, &p[0], &p[1]);
  th_distribution_support(pair->q, pair->j, &q[0], &q[1]);
  *lower = fmin(p[0], q[0]);
  *upper = fmax(p[1], q[1]);
}

bool th_pair_scale(const ThPair *pair, double *out) {
  double of_p, of_q;
  if (!th_numeric_scale(pair->cx, pair->p, pair->i, &of_p) ||
      !th_numeric_scale(pair->cx, pair->q, pair->j, &of_q))
    return false;
  *out = fmax(of_p, of_q);
  return true;
}

/* Probabilities of tails: 1e-12 to 1/2, closer together towards the middle. */
static double level(int k) { return k < 12 ? pow(10, k - 12.0) : 0.5 * (k - 11) / (LEVELS - 12); }

/* Quantiles of both, ascending, into x: 4 LEVELS numbers. */
static bool grid(const ThPair *pair, double *x) {
  for (int k = 0; k < LEVELS; k++)
    if (!measures(pair, TH_QUANTILE, level(k), &x[4 * k], &x[4 * k + 1]) ||
        !measures(pair, TH_UPPER_QUANTILE, level(k), &x[4 * k + 2], &x[4 * k + 3]))
      return false;
  qsort(x, 4 * LEVELS, sizeof *x, th_real_ascending);
  return true;
}

/* Where the sign of f turns between low and high, by halving. */
static bool bisect(const ThPair *pair, ThPairDifference f, double low, double high, bool positive,
                   double *out) {
  for (int step = 0; step < 200; step++) {
    double middle = 0.5 * low + 0.5 * high, y;
    if (!(middle > low && middle < high)) break;
    if (!f(pair, middle, &y)) return false;
    if ((y > 0) == positive) low = middle;
    else high = middle;
  }
  *out = high;
  return true;
}

static bool add_crossings(const ThPair *pair, ThPairDifference f, double *breaks, size_t *n) {
  double x[4 * LEVELS], y, at = 0, before = 0;
  if (!grid(pair, x)) return false;
  for (int k = 0; k < 4 * LEVELS; k++) {
    if (!isfinite(x[k])) continue;
    if (!th_poll(pair->cx) || !f(pair, x[k], &y)) return false;
    if (before * y < 0 && !bisect(pair, f, at, x[k], before > 0, &breaks[(*n)++])) return false;
    if (y != 0) before = y > 0 ? 1 : -1, at = x[k];
  }
  return true;
}

bool th_pair_breaks(const ThPair *pair, ThPairDifference f, double *breaks, size_t *n) {
  size_t more;
  *n = 0;
  if (!add_crossings(pair, f, breaks, n) ||
      !th_numeric_breaks(pair->cx, pair->p, pair->i, &breaks[*n], MOST_OF_ONE, &more))
    return false;
  *n += more;
  if (!th_numeric_breaks(pair->cx, pair->q, pair->j, &breaks[*n], MOST_OF_ONE, &more)) return false;
  *n += more;
  th_distribution_support(pair->p, pair->i, &breaks[*n], &breaks[*n + 1]);
  th_distribution_support(pair->q, pair->j, &breaks[*n + 2], &breaks[*n + 3]);
  *n += 4;
  if (!measures(pair, TH_QUANTILE, NOTHING, &breaks[*n], &breaks[*n + 1]) ||
      !measures(pair, TH_UPPER_QUANTILE, NOTHING, &breaks[*n + 2], &breaks[*n + 3]))
    return false;
  *n += 4;
  return true;
}
