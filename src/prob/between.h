/* between.h - the probability of an interval, without cancellation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_BETWEEN_H
#define TH_PROB_BETWEEN_H

#include "prob/distribution.h"

/* P(a <= X <= b) of element i, and its logarithm, which goes on where the number itself is 0: a difference of the
 * smaller tails; where that would lose digits, the density integrated, or the masses added up. */
TH_CHECKED bool th_between(ThContext *cx, const ThDistribution *d, size_t i, double a, double b, double *mass,
                           double *log_mass);

#endif
