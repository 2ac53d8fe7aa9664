/* slope.h - the derivative of an expression in one random variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_SLOPE_H
#define TH_PROB_SLOPE_H

#include "prob/network.h"

/* The derivative of each node of a network with respect to variable k, at the current values, into slopes
 * (n_nodes). False when an operation has no rule here. */
bool th_slope_of_nodes(const ThNetwork *net, size_t k, double *slopes);

#endif
