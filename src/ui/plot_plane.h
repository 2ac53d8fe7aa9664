/* plot_plane.h - functions of the plane, and numbers on a grid in it, out of a call's arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_PLANE_H
#define TH_UI_PLOT_PLANE_H

#include "lang/builtin.h"

/* z (ny, nx) at y[i], x[j]; all owned. */
typedef struct ThPlane {
  ThArray *x, *y, *z;
  bool is_matrix; /* it was a matrix alone: x and y count its columns and rows */
} ThPlane;

/* A function, which takes [x₁, x₂] or (x, y). */
bool th_plane_is_function(ThValue v);
TH_CHECKED bool th_plane_call(ThContext *cx, ThValue function, double x, double y, ThValue *out);
/* n places from low to high as argument i, [from, to], says; it may be missing: an error that asks for it. */
TH_CHECKED bool th_plane_axis(ThContext *cx, const ThCall *call, size_t i, size_t n, ThArray **out);
/* (f, [from, to], [from, to]), for which n by n places are taken; (Z); (x, y, Z) with vectors x and y; (x, y, f). The
 * three are the first arguments, none where they are missing. */
TH_CHECKED bool th_plane_read(ThContext *cx, const ThCall *call, size_t n, ThPlane *out);
void th_plane_clear(ThPlane *plane);

#endif
