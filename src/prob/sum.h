/* sum.h - the distribution of a linear combination of independent variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_SUM_H
#define TH_PROB_SUM_H

#include "prob/distribution.h"

/* Σ coefficients[i]*X_i + shift of independent X_i, each of one element; coefficients are not 0. */
typedef struct ThSum {
  size_t n;
  const ThValue *distributions; /* borrowed */
  const double *coefficients;
  double shift;
  const char *text; /* how a distribution without a name of its own is called: "dist(X + Y)" */
} ThSum;

/* A family where the sum stays in one (normals, gammas of one rate, …), else the density by convolution of
 * continuous ones. *found is false when neither does; else *out is owned, and `method` tells how: "exact (sum of
 * gammas)", "convolution, error < 1e-13". `error` is a bound for any probability. */
TH_CHECKED bool th_sum_distribution(ThContext *cx, const ThSum *sum, ThValue *out, char *method, size_t size,
                                    double *error, bool *found);

#endif
