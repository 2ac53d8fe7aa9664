/* plane.h - the distribution of two numbers that is known by its density on squares: a posterior's */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_PLANE_H
#define TH_PROB_PLANE_H

#include "num/cells.h"
#include "prob/distribution.h"

extern const ThFamily th_family_plane;

/* How the two numbers x follow from the coordinates z of the squares: u = middle + root z with a lower triangular root,
 * and each x is a monotone function of its u. */
typedef struct ThPlaneMap {
  double middle[2], root[3];                                           /* root: (1, 1), (2, 1), (2, 2) */
  double lower[2], upper[2];                                           /* where x may lie */
  double (*free)(double lower, double upper, double x, double *slope); /* u of x, and du/dx */
  double (*bound)(double lower, double upper, double u);               /* x of u */
} ThPlaneMap;

/* Takes the squares, even when it fails. `text` names either component for its own distribution. */
TH_CHECKED bool th_plane_new_take(ThContext *cx, ThCells *cells, const ThPlaneMap *map,
                                  const char *const text[2], ThValue *out);
/* The nodes of a quadrature over it, `side` in each direction of a square, at most TH_CELL_NODES: n rows of both
 * numbers and a weight. The weights add up to 1, and what carries next to nothing is left out. Owned: 3 n numbers. */
TH_CHECKED bool th_plane_nodes(ThContext *cx, const ThDistribution *d, int side, double **out, size_t *n);

#endif
