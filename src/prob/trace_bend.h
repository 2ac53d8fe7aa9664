/* trace_bend.h - the second derivatives of a cdf by shape parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_BEND_H
#define TH_PROB_TRACE_BEND_H

#include "prob/trace_law.h"

/* (∂²F/∂p[k] ∂p[l])/f at x, f the density or mass: ∫ (∂²log f + ∂log f ∂log f) f over the smaller tail, by the law's
 * formula. False with an error record; Ctrl-C is polled. */
TH_CHECKED bool th_trace_bend(ThContext *cx, const ThTraceLaw *law, double x, const double *p, int k, int l,
                              double *out);
/* Of a discrete law: is a tail above x the smaller one, with a sum that ends soon? */
bool th_trace_sums_upwards(const ThFamilyMath *math, double x, const double *p);
/* ∂y/∂x of two nodes, x a node that nothing else is; TH_ZERO where y does not hang on x. */
ThNodeId th_trace_partial(ThGraph *g, ThNodeId y, ThNodeId x);
/* ∂² formula/∂input k ∂input l, where input 0 is x and input 1 + j parameter j, each taken by itself, also where two of
 * the nodes are one; TH_ZERO where it is zero. */
ThNodeId th_trace_second_derivative(ThGraph *g, const ThTraceLaw *law, const ThNodeId *inputs, size_t k,
                                    size_t l);

#endif
