/* trace_measure.h - densities, distribution functions and quantiles of a family as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_MEASURE_H
#define TH_PROB_TRACE_MEASURE_H

#include "prob/distribution.h"

/* A measure at x of a family of plain mathematics, whose parameters are nodes: all broadcast. Of a quantile x is the
 * probability. The value is the family's own; where a parameter lies outside its range, as it may when the graph is run
 * again at another point, it is NaN, or for some densities -inf: an optimiser steps back.
 * Derivatives are exact, to any order, but for those of cdfs and quantiles by shape parameters (other than locations
 * and scales), which are found by quadrature, to the second order. Discrete families have derivative zero in x. */
ThNodeId th_trace_measure(ThGraph *g, const ThFamily *family, ThMeasure what, ThNodeId x, const ThNodeId *p);

#endif
