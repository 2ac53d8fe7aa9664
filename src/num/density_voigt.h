/* density_voigt.h - the Voigt profile about 0, its tail and its slopes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_VOIGT_H
#define TH_NUM_DENSITY_VOIGT_H

#include <complex.h>

/* The density at x; sigma, gamma >= 0, not both 0. */
double th_voigt_density(double x, double sigma, double gamma);
/* P(X > x) for x >= 0, with full relative accuracy. */
double th_voigt_tail(double x, double sigma, double gamma);
/* w'(z) and w''(z) of the Faddeeva function at z = (x + i gamma)/√2, gamma >= 0, without the cancellation of
 * large z; returns Re w(z). */
double th_voigt_slopes(double x, double gamma, double complex *slope, double complex *bend);

#endif
