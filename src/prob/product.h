/* product.h - the distribution of a product or a quotient of independent variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_PRODUCT_H
#define TH_PROB_PRODUCT_H

#include "prob/distribution.h"

extern const ThFamily th_family_product;

/* X*Y or X/Y of independent continuous variables with the distributions x and y, of one element each. A known family
 * where there is one, else by the densities of the logarithms. *found is false when neither does; else *out is owned,
 * and `method` tells how: "exact (quotient of gammas)", "convolution of logarithms, error < 1e-13". `text` names it:
 * "dist(X*Y)". */
TH_CHECKED bool th_product_distribution(ThContext *cx, ThValue x, ThValue y, bool quotient, const char *text,
                                        ThValue *out, char *method, size_t size, bool *found);

/* The same by densities alone; *error is a bound for any probability. */
TH_CHECKED bool th_product_new(ThContext *cx, ThValue x, ThValue y, bool quotient, const char *text,
                               ThValue *out, double *error, bool *found);

#endif
