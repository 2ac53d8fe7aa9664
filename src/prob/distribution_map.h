/* distribution_map.h - functions of a distribution and a point, over arrays of both */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DISTRIBUTION_MAP_H
#define TH_PROB_DISTRIBUTION_MAP_H

#include "prob/distribution.h"

/* A function of element i of d and of a number x, which writes a cell of numbers. `which` is the caller's. */
typedef bool (*ThPointwise)(ThContext *cx, const ThDistribution *d, size_t i, int which, double x,
                            double *out);

/* A cell: its axes follow those of the points. rank 0: one number. */
typedef struct ThCell {
  uint32_t rank;
  size_t shape[2];
} ThCell;

/* f at every point: a number, or an array of the shape to which the distributions and the points broadcast,
 * followed by the axes of the cell. x is a number or an array. */
TH_CHECKED bool th_distribution_map(ThContext *cx, const ThDistribution *d, ThValue x, ThPointwise f,
                                    int which, const ThCell *cell, ThValue *out);
/* f at the number x for every element. */
TH_CHECKED bool th_distribution_map_elements(ThContext *cx, const ThDistribution *d, double x, ThPointwise f,
                                             int which, const ThCell *cell, ThValue *out);

#endif
