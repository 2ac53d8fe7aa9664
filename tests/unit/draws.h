/* draws.h - draws held to the cdf and the masses of their distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_DRAWS_H
#define TH_TESTS_DRAWS_H

#include "prob/distribution.h"

/* The level of each test that is made of some draws, three at most. */
#define UNIT_DRAWS_LEVEL 1e-6

/* Sorts the n draws x of element i of d, and ends the test where they do not look like it: by the distance of
 * Kolmogorov and Smirnov and the counts in both tails of a continuous distribution, by χ² over cells of one with
 * steps. */
void unit_check_draws(ThContext *cx, const ThDistribution *d, size_t i, const char *text, double *x,
                      size_t n);

#endif
