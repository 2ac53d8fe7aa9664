/* density_sum.h - tails and expectations of discrete families as sums of their masses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_SUM_H
#define TH_NUM_DENSITY_SUM_H

#include <stdbool.h>

/* The masses of a family on the whole numbers lower … upper. */
typedef struct ThMasses {
  double (*log_mass)(double x, const double *p);           /* smooth, also between whole numbers */
  double (*ratio)(double x, double step, const double *p); /* mass(x + step)/mass(x), step 1 or -1 */
  double lower, upper;                                     /* finite */
  double center, width;                                    /* the mean and the standard deviation */
  bool bell; /* log-concave: the masses fall off on both sides of a mode */
} ThMasses;

/* P(X <= x), or of the upper tail P(X > x), or its logarithm: relative accuracy in both tails. */
double th_density_sum_tail(const ThMasses *m, const double *p, double x, bool upper, bool logarithm);
/* -Σ mass log mass. */
double th_density_sum_entropy(const ThMasses *m, const double *p);
/* log Σ mass e^(tx), accurate relative to itself near t = 0 too. */
double th_density_sum_log_mgf(const ThMasses *m, const double *p, double t);
/* ψ(a + n) - ψ(a) = Σ 1/(a + j) over j < n, for whole n >= 0, without cancellation. */
double th_density_digamma_rise(double a, double n);
/* By how much less it rises from a + b on: that of a minus that of a + b, whole n >= 0, without cancellation. */
double th_density_digamma_rise_fall(double a, double b, double n);

#endif
