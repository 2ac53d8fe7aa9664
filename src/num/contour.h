/* contour.h - level lines of a function that is given on a grid */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_CONTOUR_H
#define TH_NUM_CONTOUR_H

#include "base/context.h"

/* Straight pieces, each x and y of its start, then x and y of its end. Begins as {0}. */
typedef struct ThContourPieces {
  size_t count, capacity;
  double *ends; /* (count, 4) */
} ThContourPieces;

/* Adds the pieces of the line z = level, where z (ny, nx) is given at y[i], x[j], linear between: by the triangles of
 * each cell's corners and its middle. Cells with a corner that is not finite have none. */
TH_CHECKED bool th_contour_add(ThContext *cx, size_t nx, size_t ny, const double *x, const double *y,
                               const double *z, double level, ThContourPieces *out);
void th_contour_clear(ThContext *cx, ThContourPieces *pieces);

#endif
