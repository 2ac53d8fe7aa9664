/* points.h - a function of the language at many points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_POINTS_H
#define TH_LANG_POINTS_H

#include "val/array.h"

/* What the function gives: a real number; a complex one, two doubles; an array, as many doubles as it has, twice as
 * many when it is complex. */
typedef enum ThPointsValue { TH_POINTS_REAL, TH_POINTS_COMPLEX, TH_POINTS_ARRAY } ThPointsValue;

/* A function of one number. Where it maps arrays it is called with all points at once, which was tried, and compared
 * with single calls, at a few points; else point by point. */
typedef struct ThPoints {
  ThContext *cx;
  ThValue f;
  const char *what; /* "the function of a density": for messages */
  bool asked, maps; /* was it tried; does it map */
  ThPointsValue value;
  bool met_complex; /* a call failed because a value is complex, and `value` not yet */
  ThArray *shape;   /* of TH_POINTS_ARRAY: the first value, owned */
} ThPoints;

/* Tries the function at n points, at most 4: sets `value`, `shape` and `maps`. Any scalar or array will do. */
TH_CHECKED bool th_points_ask(ThPoints *p, size_t n, const double *x);
/* How many doubles a value is. */
size_t th_points_width(const ThPoints *p);
/* self is a ThPoints. f at n points into y (n, width); fails where f does, or gives anything else than `value`, which
 * is a real number unless th_points_ask found otherwise. */
TH_CHECKED bool th_points_call(void *self, size_t n, const double *x, double *y);
void th_points_clear(ThPoints *p);

#endif
