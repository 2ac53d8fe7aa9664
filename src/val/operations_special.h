/* operations_special.h - the differentiable special functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_OPERATIONS_SPECIAL_H
#define TH_VAL_OPERATIONS_SPECIAL_H

#include "val/operations.h"

/* The operation of one or two real arguments that a function of the language is ("digamma", "lbeta", "bessel_j"), or
 * NULL. All may be differentiated again and again, but for gamma_p and gamma_q by their first argument twice at most;
 * Bessel functions have a derivative in x, their orders are constants. */
const ThOperation *th_operation_special(const char *name);

/* Families with an order n = 0, 1, … (operations_orders.c), of which each member's derivative is made of others. */
ThNodeId th_polygamma(ThGraph *g, double n, ThNodeId x);        /* ψ⁽ⁿ⁾(x) */
ThNodeId th_erfcx_derivative(ThGraph *g, double n, ThNodeId x); /* the n-th derivative of e^(x²) erfc(x) */
ThNodeId th_spherical_bessel(ThGraph *g, double n, ThNodeId x); /* j_n(x) */
ThNodeId th_zeta_derivative(ThGraph *g, double n, ThNodeId s);  /* ζ⁽ⁿ⁾(s) */
ThNodeId th_digamma_rise(ThGraph *g, ThNodeId a, ThNodeId b);   /* ψ(a + b) - ψ(a) */
/* The derivatives of the incomplete gamma function P(a, x) by x, and the first and second by a. */
ThNodeId th_gamma_density(ThGraph *g, ThNodeId a, ThNodeId x);
ThNodeId th_gamma_p_shape(ThGraph *g, ThNodeId a, ThNodeId x);

/* J, Y, I, K of constant orders (operations_orders.c). */
extern const ThOperation th_op_bessel_j, th_op_bessel_y, th_op_bessel_i, th_op_bessel_k;

/* The loop over memory of a function of two numbers. */
#define TH_PAIR_LOOP(id, f)                                                                       \
  static void id##_loop(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, \
                        double *z) {                                                              \
    for (size_t i = 0; i < n; i++) z[i] = f(x[i * x_step], y[i * y_step]);                        \
  }

#endif
