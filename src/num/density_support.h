/* density_support.h - what the families of density.h share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_SUPPORT_H
#define TH_NUM_DENSITY_SUPPORT_H

#include "num/density.h"

/* The functions of a discrete family that its quantiles need. */
typedef struct ThDiscrete {
  double (*cdf)(double x, const double *p);
  double (*ccdf)(double x, const double *p);
  double (*logpdf)(double x, const double *p);
  double lower, upper;       /* of the support; upper may be inf */
  double mean, sd, skewness; /* where to begin to search */
} ThDiscrete;

/* The least whole x with cdf(x) >= prob; or, of the upper tail, with ccdf(x) <= prob. */
double th_density_discrete_quantile(const ThDiscrete *d, double prob, const double *p, bool upper);
/* -Σ m log m over the masses. Where they vary slowly it is a sum over every h-th, times h. */
double th_density_discrete_entropy(const ThDiscrete *d, const double *p);

/* value, or NaN when one of the first n parameters is NaN. */
double th_density_constant(double value, const double *p, int n);
/* A whole number within the support: not NaN, not infinite. */
bool th_density_is_count(double x);

#endif
