/* density_solve.h - quantiles of continuous families by a search */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_SOLVE_H
#define TH_NUM_DENSITY_SOLVE_H

/* The logarithm of a tail that falls from x = near on, and of its density, at a point. */
typedef struct ThTail {
  double (*log_tail)(double x, const double *p);
  double (*log_density)(double x, const double *p);
} ThTail;

/* x from near to far (which lies above it) with log_tail(x) = log_q: Newton's method on the logarithm, which
 * for a log-concave tail converges from everywhere, held in a bracket. The nearer end where the range does
 * not reach. guess is where to begin. */
double th_density_solve_tail(const ThTail *tail, const double *p, double log_q, double near, double far,
                             double guess);

#endif
