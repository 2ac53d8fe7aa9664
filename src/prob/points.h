/* points.h - a function of the language at many points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_POINTS_H
#define TH_PROB_POINTS_H

#include "val/value.h"

/* A function of one number that gives a number. Where it maps arrays it is called with all points at once, which was
 * tried, and compared with single calls, at the first two points; else point by point. */
typedef struct ThPoints {
  ThContext *cx;
  ThValue f;
  const char *what; /* "density": whose function it is, for messages */
  bool asked, maps; /* was it tried; does it map */
} ThPoints;

/* self is a ThPoints. f at n points; fails where f does, or gives anything but a real number. */
TH_CHECKED bool th_points_call(void *self, size_t n, const double *x, double *y);

#endif
