/* numeric.h - what has no formula for a distribution: integrals and sums over its density */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_NUMERIC_H
#define TH_PROB_NUMERIC_H

#include "num/quadrature.h"
#include "prob/distribution.h"

/* So many outcomes of a discrete one are gone through. */
enum { TH_NUMERIC_OUTCOMES = 10000000 };

/* E f(X) for the element i of d: quadrature split at quartiles and tails of a continuous distribution, a sum
 * over the outcomes of a discrete one. f has n_components values. out->converged is false where the
 * expectation does not exist (the error is then inf) or could not be found. */
TH_CHECKED bool th_numeric_expect(ThContext *cx, const ThDistribution *d, size_t i, ThIntegrand f, void *self,
                                  size_t n_components, ThQuadratureResult *out);

/* Up to `most` >= 6 points at which an integral over the density of element i is best split: quartiles and
 * tails, or what the law says. */
TH_CHECKED bool th_numeric_breaks(ThContext *cx, const ThDistribution *d, size_t i, double *points,
                                  size_t most, size_t *n);

/* The same for what density.h leaves out. *error is a bound: inf where the integral diverges; the value is then
 * infinite, or NaN where it has no sign. */
TH_CHECKED bool th_numeric_summary(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what,
                                   double *out, double *error);
/* The same with the method's name. */
TH_CHECKED bool th_numeric_find(ThContext *cx, const ThDistribution *d, size_t i, ThSummary what,
                                ThFinding *out);
TH_CHECKED bool th_numeric_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out,
                                  double *error);
TH_CHECKED bool th_numeric_log_mgf(ThContext *cx, const ThDistribution *d, size_t i, double t, double *out,
                                   double *error);

/* What the integral of f may hide in a tail, beyond the reach of doubles: f is looked at far out, at multiples
 * of `scale`, which is negative for the lower tail. inf where the integral diverges; y, n_components, is then f
 * out there. */
TH_CHECKED bool th_numeric_tail(ThIntegrand f, void *self, size_t n_components, double scale, double *y,
                                double *hidden);
/* A length in which element i has most of its probability. */
TH_CHECKED bool th_numeric_scale(ThContext *cx, const ThDistribution *d, size_t i, double *out);
/* "quadrature" or "sum" */
const char *th_numeric_method(const ThDistribution *d);
/* d log p/dx of a continuous one, from values of log p: right to about 1e-11 where it is smooth. */
TH_CHECKED bool th_numeric_score(ThContext *cx, const ThDistribution *d, size_t i, double x, double *out);

#endif
