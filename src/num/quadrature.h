/* quadrature.h - integrals of functions of one variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_QUADRATURE_H
#define TH_NUM_QUADRATURE_H

#include "base/context.h"

enum { TH_QUADRATURE_MAX = 6 }; /* components of an integrand */

/* The integrand at x into y[0 … n_components - 1] (a complex one has two). False, with the error record
 * filled, stops the integral. An infinite value next to an end of the range counts as 0 (an integrable
 * pole); elsewhere, and for NaN, the integral is not finite either. */
typedef bool (*ThIntegrand)(void *self, double x, double *y);

typedef struct ThQuadratureGoal {
  double relative;        /* 0: 1e-12 */
  double absolute;        /* 0: none */
  size_t max_evaluations; /* 0: 200000 */
} ThQuadratureGoal;

typedef struct ThQuadratureResult {
  double value[TH_QUADRATURE_MAX];
  double error;     /* a bound for the error, in the largest norm over the components */
  double magnitude; /* the integral of |f|: error/magnitude says how well the sum is conditioned */
  size_t evaluations;
  bool converged;     /* the goal was met, or the limit of rounding was reached */
  const char *method; /* "Gauss-Kronrod 21" or "double exponential" */
} ThQuadratureResult;

/* The integral of f from a to b (either may be infinite, b < a turns the sign). Adaptive bisection with the
 * Gauss-Kronrod pair of 10 and 21 points (Piessens et al. 1983); when that stalls at an end, the same in
 * the variable of the double exponential substitution (Takahasi and Mori 1974), which takes algebraic and
 * logarithmic endpoint singularities and slow decay. goal may be NULL. Fails when f fails, on Ctrl-C, and
 * for want of memory; not having converged is reported in the result. */
TH_CHECKED bool th_quadrature_integrate(ThContext *cx, ThIntegrand f, void *self, size_t n_components,
                                        double a, double b, const ThQuadratureGoal *goal,
                                        ThQuadratureResult *out);
/* The same with inner points at which the range is split first: kinks, jumps, peaks. breaks: n_breaks
 * numbers in any order, those outside (a, b) are ignored. */
TH_CHECKED bool th_quadrature_integrate_breaks(ThContext *cx, ThIntegrand f, void *self, size_t n_components,
                                               double a, double b, const double *breaks, size_t n_breaks,
                                               const ThQuadratureGoal *goal, ThQuadratureResult *out);

/* Nodes and weights of Gauss-Legendre quadrature on [-1, 1] with n points, to full accuracy, ascending. */
void th_quadrature_gauss_legendre(size_t n, double *nodes, double *weights);
/* The same for the weight e^(-x²/2)/√(2π): expectations under Normal(0, 1). n <= 200. */
void th_quadrature_gauss_hermite(size_t n, double *nodes, double *weights);

#endif
