/* epsilon.h - the limit of a sequence from its first terms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_EPSILON_H
#define TH_NUM_EPSILON_H

#include <stddef.h>

enum { TH_EPSILON_TERMS = 48 };

/* The limit of the partial sums s[0 … n - 1], 3 <= n <= TH_EPSILON_TERMS, by Wynn's epsilon algorithm (1956), which is
 * exact for sums of (n - 1)/2 geometric sequences, and a guess of its error: how far the last extrapolations of one
 * order, and of that and the one before, lie apart. */
double th_epsilon_limit(size_t n, const double *s, double *error);

#endif
