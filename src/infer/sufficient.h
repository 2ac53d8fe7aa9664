/* sufficient.h - sums over data, with what the data alone decide summed beforehand */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_SUFFICIENT_H
#define TH_INFER_SUFFICIENT_H

#include "val/graph.h"

/* Σ weights[i] y[i] over all numbers of a node, as a number; `weights`, of as many numbers, or NULL: 1.
 *
 * A log likelihood hangs on its data by sufficient statistics: Σ (x log λ - λ) is (Σ x) log λ - n λ, and with A = Q R
 * Σ (A b - y)² is |R b - Q'y|² and a constant. These are taken once, so that a value and its gradient cost what the
 * parameters cost, not the data. */
ThNodeId th_sufficient_sum(ThGraph *g, ThNodeId y, const double *weights);

#endif
