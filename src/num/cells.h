/* cells.h - a non-negative function of two variables as polynomials on squares, with its integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_CELLS_H
#define TH_NUM_CELLS_H

#include "base/context.h"

enum { TH_CELL_NODES = 16, TH_CELL_POINTS = 8 };

/* A square: four smaller ones, from `child` on; or, child 0, a Chebyshev sum in both directions, or nothing. */
typedef struct ThCell {
  double x, y, half; /* its middle, half its side */
  size_t child;
  size_t leaf; /* its coefficients are the pool's from leaf*NODES² on; SIZE_MAX: it is 0 there */
} ThCell;

typedef struct ThCells {
  ThContext *cx;
  size_t n, capacity, n_roots; /* the roots are no cell's children, and come first in `roots` */
  ThCell *cells;
  size_t *roots, root_capacity;
  double *pool;
  size_t n_leaves, pool_capacity;
  double node[TH_CELL_NODES], weight[TH_CELL_NODES]; /* of Gauss-Legendre quadrature */
  double reach;                                      /* the roots fill [-reach, reach]² */
  double total;                                      /* the integral */
  double error; /* a bound for the error of any integral, in units of the total */
} ThCells;

/* The function at (x, y); false, with the error record filled, stops. */
typedef bool (*ThCellFunction)(void *self, double x, double y, double *out);

/* Where f is to be looked at closely: a peak and how wide it is. */
typedef struct ThCellPoint {
  double x, y, width;
} ThCellPoint;

/* Fits f, whose bulk lies within some units of the origin, on squares that are quartered until polynomials follow f to
 * `tolerance` of the total; farther out in rings of squares, each ring twice as large, until one carries nothing.
 * *converged is false when there were too many squares, or the rings do not end: then *fades is false. */
TH_CHECKED bool th_cells_fit(ThContext *cx, ThCellFunction f, void *self, const ThCellPoint *points, size_t n,
                             double tolerance, ThCells *out, bool *converged, bool *fades);
void th_cells_clear(ThCells *c);
double th_cells_value(const ThCells *c, double x, double y);
/* ∫ f(x + t dx, y + t dy) dt */
double th_cells_line(const ThCells *c, double x, double y, double dx, double dy);
/* ∫∫ f g */
double th_cells_expect(const ThCells *c, double (*g)(void *self, double x, double y), void *self);

#endif
