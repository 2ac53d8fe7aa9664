/* density_support.h - what the families of density.h share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_SUPPORT_H
#define TH_NUM_DENSITY_SUPPORT_H

#include "num/density.h"
#include "num/real.h"

/* The functions of a discrete family that its quantiles need. */
typedef struct ThDiscrete {
  double (*cdf)(double x, const double *p);
  double (*ccdf)(double x, const double *p);
  double (*logpdf)(double x, const double *p);
  double lower, upper;       /* of the support; upper may be inf */
  double mean, sd, skewness; /* where to begin to search */
} ThDiscrete;

/* A probability asked for, as the bound that one tail has to meet: with some roundings of tolerance. */
typedef struct ThDensityBound {
  bool upper; /* ccdf(x) <= limit, else cdf(x) >= limit */
  double limit;
} ThDensityBound;
ThDensityBound th_density_bound(double prob, bool upper);

/* The least whole x with cdf(x) >= prob; or, of the upper tail, with ccdf(x) <= prob. */
double th_density_discrete_quantile(const ThDiscrete *d, double prob, const double *p, bool upper);
/* -Σ m log m over the masses. Where they vary slowly it is a sum over every h-th, times h. */
double th_density_discrete_entropy(const ThDiscrete *d, const double *p);

/* value, or NaN when one of the first n parameters is NaN. */
double th_density_constant(double value, const double *p, int n);
/* A whole number within the support: not NaN, not infinite. */
bool th_density_is_count(double x);

/* The gradient where there is none: outside the support, at an infinite x, for a NaN. Then it is true, and all
 * derivatives are 0, or NaN. */
bool th_density_no_gradient(bool inside, double x, const double *p, int n, double *d_x, double *d_p);

/* Families on the whole line: their support. */
void th_density_line_support(const double *p, int n, double *lower, double *upper);
/* Positive families: the same. */
void th_density_half_line_support(const double *p, int n, double *lower, double *upper);

/* modulus e^(i phase), 0 for the modulus 0 of a frequency that may be infinite. */
static inline double complex th_density_polar(double modulus, double phase) {
  return modulus == 0 ? 0 : modulus * cos(phase) + TH_I * (modulus * sin(phase));
}

/* The logarithm of a probability, from the opposite one where that is the smaller one. */
static inline double th_density_log_share(double share, double other) {
  return share < 0.5 ? log(share) : log1p(-other);
}

/* log(high/low), 0 < low <= high: the difference of neighbours is exact, and a quotient may overflow. */
static inline double th_density_log_ratio(double low, double high) {
  if (high < 2 * low) return log1p((high - low) / low);
  double ratio = high / low;
  return ratio <= DBL_MAX ? log(ratio) : log(high) - log(low);
}

static inline bool th_density_is_probability(double prob) { return prob >= 0 && prob <= 1; }

/* r - 1 - log r >= 0 for r = a/b, a, b > 0: what divergences consist of. */
double th_density_ratio_deviation(double a, double b);
/* Diagonal 2 × 2 information. */
void th_density_diagonal(double first, double second, double *information);

#endif
