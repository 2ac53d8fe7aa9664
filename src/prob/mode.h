/* mode.h - where a density is highest */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_MODE_H
#define TH_PROB_MODE_H

#include "prob/distribution.h"

/* The mode of element i, of equally high places the first, with a bound for its error; of one with steps the value of
 * the largest probability. NaN when there is none. */
TH_CHECKED bool th_mode_find(ThContext *cx, const ThDistribution *d, size_t i, double *out, double *error);
/* The highest point of the density between low and high, where it has one bump. */
TH_CHECKED bool th_mode_climb(ThContext *cx, const ThDistribution *d, size_t i, double low, double high,
                              double *out, double *error);

#endif
