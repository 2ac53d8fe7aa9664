/* special_contour.h - integrals of analytic functions along lines of the complex plane */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SPECIAL_CONTOUR_H
#define TH_NUM_SPECIAL_CONTOUR_H

#include <complex.h>

/* The logarithm of an integrand at s (of any branch); self: its parameters. */
typedef double complex (*ThLogIntegrand)(const void *self, double complex s);

/* A line of constant Im s, as far as the integrand on it is within e^-42 of its largest modulus, e^top. */
typedef struct ThContour {
  double height, low, high, top;
} ThContour;

/* The line of a height, with the peaks that may stand over the points left to right; width: about that of a peak. */
ThContour th_special_contour_scan(ThLogIntegrand f, const void *self, double height, double left,
                                  double right, double width);

/* The integral of e^-top times the integrand along the line: the trapezoidal rule, which converges geometrically
 * (Trefethen and Weideman 2014), its points doubled until nothing changes. */
double complex th_special_contour_integrate(ThLogIntegrand f, const void *self, ThContour line);

/* log of (density of log(X/(1 - X)) at log(x/y) + s over that at log(x/y))^(1/n) for X a beta variable of
 * a = n x, b = n y, x + y = 1: x s - log(1 + x(e^s - 1)), which is quadratic in s at 0. */
double complex th_special_log_odds_shape(double x, double y, double complex s);

#endif
