/* derivative.h - derivatives of graphs, as graphs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_DERIVATIVE_H
#define TH_VAL_DERIVATIVE_H

#include "val/graph.h"

/* Reverse mode: for each of n nodes x the cotangent ∂(y·seed)/∂x, TH_ZERO where y does not hang on it. The seed has the
 * shape of y; x are taken as independent of each other. False with an error record. */
TH_CHECKED bool th_pull_back(ThGraph *g, ThNodeId y, ThNodeId seed, const ThNodeId *x, size_t n,
                             ThNodeId *cotangents);

/* Forward mode: the tangent of y when x[i] moves by tangents[i] (which may be TH_ZERO). */
TH_CHECKED bool th_push_forward(ThGraph *g, ThNodeId y, const ThNodeId *x, const ThNodeId *tangents, size_t n,
                                ThNodeId *out);

/* The forward rule of an operation that has a backward one only: cotangents are linear in the node's cotangent, and the
 * tangent is what that linear function is pulled back to. */
ThNodeId th_push_by_pulling(ThGraph *g, ThNodeId node, const ThNodeId *tangents);

#endif
