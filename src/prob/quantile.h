/* quantile.h - quantiles of distributions that know their tails only */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_QUANTILE_H
#define TH_PROB_QUANTILE_H

#include "prob/distribution.h"

/* The least x in [low, high] with cdf(x) >= prob, or, of the upper tail, with ccdf(x) <= prob; NaN for a probability
 * outside [0, 1]. The ends may be infinite; they are the answers for 0 and 1. Continuous distributions by Newton steps
 * in the logarithm of the smaller tail, kept within a shrinking bracket; those with steps by bisection down to
 * neighbouring doubles, where tails equal to within some roundings count as equal. */
TH_CHECKED bool th_quantile_search(ThContext *cx, const ThDistribution *d, size_t i, bool upper, double prob,
                                   double low, double high, double *out);

#endif
