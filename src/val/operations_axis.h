/* operations_axis.h - differentiable operations along an axis: extremes, norms, running sums, order, transforms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_OPERATIONS_AXIS_H
#define TH_VAL_OPERATIONS_AXIS_H

#include "val/operations.h"

/* An array along one axis: outer × n × inner numbers. */
typedef struct ThLines {
  size_t outer, n, inner;
} ThLines;
ThLines th_lines(uint32_t rank, const size_t *shape, uint32_t axis);
/* Of a tensor in memory: a complex number counts as two along `inner`. */
ThLines th_lines_in_memory(const ThTensor *t, uint32_t axis);

/* In all makers `axis` is 0-based, and an argument has it; they are linear where they take TH_ZERO. */

/* Pieces (operations_axis.c). Elements first … first + n - 1 along an axis, and arrays one after another along it. */
ThNodeId th_slice_axis(ThGraph *g, ThNodeId a, uint32_t axis, size_t first, size_t n);
ThNodeId th_join_axis(ThGraph *g, const ThNodeId *parts, size_t n, uint32_t axis);

/* The product (operations_reduce.c), which keeps the axis; of complex numbers too. */
ThNodeId th_product_axis(ThGraph *g, ThNodeId a, uint32_t axis);

/* Other reductions (operations_reduce.c); the axis stays with length 1. Real arguments. */
ThNodeId th_extreme_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool largest); /* ties share the derivative */
ThNodeId th_norm_axis(ThGraph *g, ThNodeId a, uint32_t axis,
                      double p); /* 1 <= p <= inf; at 0 its derivative is 0 */
ThNodeId th_logsumexp_axis(ThGraph *g, ThNodeId a, uint32_t axis);
/* exp(a - logsumexp(a)): of a's shape, and sums to 1 along the axis. */
ThNodeId th_softmax_axis(ThGraph *g, ThNodeId a, uint32_t axis);

/* Running sums and products (operations_running.c). No quotients: zeros among the factors do no harm. */
ThNodeId th_running_sum(ThGraph *g, ThNodeId a, uint32_t axis);
ThNodeId th_running_product(ThGraph *g, ThNodeId a, uint32_t axis);
/* For each element the product of those before it along the axis, or of those behind it; 1 where there are none. */
ThNodeId th_product_before(ThGraph *g, ThNodeId a, uint32_t axis, bool back);

/* Order (operations_order.c). Positions are numbers of the flat array, 0-based, as a node: piecewise constant, found
 * anew in a replay. */
ThNodeId th_order_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool descending); /* the places that sort it */
/* The places of the elements of a few ranks only, 0-based, along the axis: found without sorting. */
enum { TH_MAX_RANKS = 8 };
ThNodeId th_ranked_axis(ThGraph *g, ThNodeId a, uint32_t axis, const size_t *ranks, size_t n_ranks);
ThNodeId th_running_max_places(ThGraph *g, ThNodeId a, uint32_t axis);
/* For each x the place of the last of the increasing vector `knots` that is not above it, but the first where there is
 * none, and at most that before the last. */
ThNodeId th_locate(ThGraph *g, ThNodeId x, ThNodeId knots);
/* a's elements at positions, in the shape of the positions. */
ThNodeId th_take(ThGraph *g, ThNodeId a, ThNodeId positions);
ThNodeId th_sort_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool descending);

/* Transforms (operations_signal.c): the convolution of two vectors, (m) and (n) to (m + n - 1); Fourier's. */
ThNodeId th_convolve(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_fourier_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool inverse);

#endif
