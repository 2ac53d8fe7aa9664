/* special_derivatives.h - derivatives of special functions, of any order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SPECIAL_DERIVATIVES_H
#define TH_NUM_SPECIAL_DERIVATIVES_H

/* Orders n are whole numbers from 0 on, as doubles so that they may stand in arrays; NaN where one is too high. */

double th_special_polygamma_of(double n, double x); /* ψ⁽ⁿ⁾(x), x < 0 too */
/* ψ(a + b) - ψ(a) for a > 0, b > -a, without cancellation for large a. */
double th_special_digamma_rise(double a, double b);
/* The n-th derivative of e^(x²) erfc(x), without cancellation for large x. */
double th_special_erfcx_derivative(double n, double x);
/* The spherical Bessel function j_n(x), any x (special_gsl.c): j₀ is sin(x)/x, and its derivatives are made of the
 * others. */
double th_special_spherical_bessel(double n, double x);
/* ζ⁽ⁿ⁾(s) for n <= 16. */
double th_special_zeta_derivative(double n, double s);

/* x^(a-1) e^-x/Γ(a), x >= 0: the derivative of P(a, x) by x; a may be any number. */
double th_special_gamma_density(double a, double x);
/* The first and second derivative of P(a, x) by a, for a > 0, x >= 0. */
double th_special_gamma_p_shape(double a, double x);
double th_special_gamma_p_shape2(double a, double x);

#endif
