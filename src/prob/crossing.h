/* crossing.h - two distributions on one line: where one function of them passes the other */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CROSSING_H
#define TH_PROB_CROSSING_H

#include "prob/distribution.h"

/* Element i of p and element j of q. */
typedef struct ThPair {
  ThContext *cx;
  const ThDistribution *p, *q;
  size_t i, j;
} ThPair;

/* p's function minus q's at x, its sign to be relied on. */
typedef bool (*ThPairDifference)(const ThPair *pair, double x, double *out);

/* log p - log q; inf where only q is 0, -inf where only p is, 0 where both are. */
TH_CHECKED bool th_pair_log_ratio(const ThPair *pair, double x, double *out);
/* F(x) - G(x), by the upper tails where they are the smaller ones. */
TH_CHECKED bool th_pair_cdf_difference(const ThPair *pair, double x, double *out);

/* The least and the greatest value of either. */
void th_pair_range(const ThPair *pair, double *lower, double *upper);
/* A length in which both have most of their probability. */
TH_CHECKED bool th_pair_scale(const ThPair *pair, double *out);

/* Points at which to cut the line: where f changes its sign, the ends of both supports, and where quadrature
 * looks. Changes are sought between quantiles of both, 100 of each. At most TH_PAIR_BREAKS; *n is the
 * number. */
enum { TH_PAIR_BREAKS = 640 };
TH_CHECKED bool th_pair_breaks(const ThPair *pair, ThPairDifference f, double *breaks, size_t *n);

#endif
