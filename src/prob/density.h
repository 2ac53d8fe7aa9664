/* density.h - densities given by a function of the language */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DENSITY_H
#define TH_PROB_DENSITY_H

#include "num/panels.h"
#include "prob/distribution.h"

/* The panels of a density, by which the function is divided once it is normalised; NULL of any other distribution. The
 * function itself at many points is th_distribution_measure_many(…, TH_PDF, …). */
const ThPanels *th_density_panels(const ThDistribution *d, double *constant);
/* d with its integral brought to 1, d itself where that holds already. */
TH_CHECKED bool th_density_normalize(ThContext *cx, ThValue d, ThValue *out);

#endif
