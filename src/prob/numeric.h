/* numeric.h - what has no formula for a distribution: integrals and sums over its density */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_NUMERIC_H
#define TH_PROB_NUMERIC_H

#include "num/quadrature.h"
#include "prob/distribution.h"

/* E f(X) for the element i of d: quadrature split at quartiles and tails of a continuous distribution, a sum
 * over the outcomes of a discrete one. f has n_components values. out->converged is false where the
 * expectation does not exist or could not be found. */
TH_CHECKED bool th_numeric_expect(ThContext *cx, const ThDistribution *d, size_t i, ThIntegrand f, void *self,
                                  size_t n_components, ThQuadratureResult *out);

/* Up to `most` >= 6 points at which an integral over the density of element i is best split: quartiles and
 * tails, or what the law says. */
TH_CHECKED bool th_numeric_breaks(ThContext *cx, const ThDistribution *d, size_t i, double *points,
                                  size_t most, size_t *n);

/* The same for what density.h leaves out: NaN where the answer does not exist. *error is a bound. */
TH_CHECKED bool th_numeric_summary(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what,
                                   double *out, double *error);
TH_CHECKED bool th_numeric_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out,
                                  double *error);
TH_CHECKED bool th_numeric_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t, double *out,
                                   double *error);

/* The highest point of the density between low and high, where it has one bump. */
TH_CHECKED bool th_numeric_climb(ThContext *cx, const ThDistribution *d, size_t i, double low, double high,
                                 double *out);

#endif
