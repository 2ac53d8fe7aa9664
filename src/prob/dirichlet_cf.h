/* dirichlet_cf.h - the characteristic function of the Dirichlet distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DIRICHLET_CF_H
#define TH_PROB_DIRICHLET_CF_H

#include <complex.h>

#include "base/context.h"

/* E e^(ik·X) for n >= 2 shares with parameters alpha; rest[j] is the sum of alpha from j on. Absolute error some 1e-15
 * for each share. Fails for elements of k that differ by more than 1000. */
TH_CHECKED bool th_dirichlet_cf(ThContext *cx, size_t n, const double *alpha, const double *rest,
                                const double *k, double complex *out);

#endif
