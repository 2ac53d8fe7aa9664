/* trace_measure.h - densities, distribution functions and quantiles of a family as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_MEASURE_H
#define TH_PROB_TRACE_MEASURE_H

#include "prob/distribution.h"

/* A measure at x of a family of plain mathematics, whose parameters are nodes: all broadcast. The value is the family's
 * own; where a parameter lies outside its range, as it may in a replay, it is NaN. Of a quantile x is the probability.
 * Derivatives are exact, to any order but for those of cdfs and quantiles by shape parameters (of which the standardised
 * law hangs), which are found by quadrature, to the second. Discrete families have derivative zero in x. */
ThNodeId th_trace_measure(ThGraph *g, const ThFamily *family, ThMeasure what, ThNodeId x, const ThNodeId *p);

#endif
