/* distribution_cf.h - characteristic functions of distributions, at many points at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DISTRIBUTION_CF_H
#define TH_PROB_DISTRIBUTION_CF_H

#include <complex.h>

#include "prob/distribution.h"

/* How values of a characteristic function were found: a closed form has no method and no error. */
typedef struct ThCfReport {
  const char *method; /* "trapezium", "Filon-Legendre", "sum", …, or NULL */
  double error;       /* of each value, absolute */
} ThCfReport;

/* z[l] = E e^(i k[l] X) for the element i of d, l < n: by its formula, or from its density or masses. Fails when the
 * integral cannot be found, for want of memory, when interrupted. */
TH_CHECKED bool th_distribution_cf_values(ThContext *cx, const ThDistribution *d, size_t i, size_t n,
                                          const double *k, double complex *z, ThCfReport *report);
/* Is there a formula? */
bool th_distribution_cf_is_closed(const ThDistribution *d);

#endif
