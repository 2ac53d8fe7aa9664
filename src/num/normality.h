/* normality.h - a test of normality */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_NORMALITY_H
#define TH_NUM_NORMALITY_H

#include "base/context.h"

/* The p-value of Anderson and Darling's test that n numbers, in ascending order, come from a normal distribution whose
 * mean and standard deviation are estimated from them (D'Agostino and Stephens 1986, table 4.9). NaN for n < 8, and
 * where all are equal; 0 where one is not finite. */
double th_normality_anderson_darling(size_t n, const double *sorted);

#endif
