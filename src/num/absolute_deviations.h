/* absolute_deviations.h - regression by least absolute deviations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_ABSOLUTE_DEVIATIONS_H
#define TH_NUM_ABSOLUTE_DEVIATIONS_H

#include "base/context.h"

/* Minimises Σ weight_i |y_i - x_i β| over β (k), the weights above 0: exactly, at a point where k of the deviations are
 * 0. X is (n, k), of rank k. *found is false when the rank is less, or the steps were used up; *unique: is there one
 * minimum? */
TH_CHECKED bool th_absolute_deviations(ThContext *cx, size_t n, size_t k, const double *x, const double *y,
                                       const double *weight, double *beta, bool *found, bool *unique);

#endif
