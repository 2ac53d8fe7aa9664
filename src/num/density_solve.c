/* density_solve.c - quantiles of continuous families by a search */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/density_solve.h"

#include "num/real.h"

enum { MOST_STEPS = 200 };

/* The middle of a bracket: of exponents, where it spans many on one side of 0. */
static double middle_of(double low, double high) {
  if (low > 0 && high > 4 * low) return sqrt(low) * sqrt(high);
  if (high < 0 && low < 4 * high) return -sqrt(-low) * sqrt(-high);
  return low + 0.5 * (high - low);
}

double th_density_solve_tail(const ThTail *tail, const double *p, double log_q, double near, double far,
                             double guess) {
  double low = near, high = far, x = guess > near && guess < far ? guess : middle_of(near, far);
  if (!(tail->log_tail(far, p) < log_q)) return far;
  for (int i = 0; i < MOST_STEPS; i++) {
    double value = tail->log_tail(x, p), excess = value - log_q;
    if (excess == 0) return x;
    if (excess > 0) low = x;
    else high = x;
    double next = x + excess / exp(tail->log_density(x, p) - value);
    if (fabs(next - x) <= 2 * DBL_EPSILON * fabs(x)) return next >= low && next <= high ? next : x;
    if (!(next > low && next < high)) next = middle_of(low, high);
    if (next == low || next == high) return next;
    x = next;
  }
  return x;
}
