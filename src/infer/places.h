/* places.h - relative parameters (relative.h) as values, and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_PLACES_H
#define TH_INFER_PLACES_H

#include "infer/target.h"

/* Of a relative target; others are left as they are. n rows of k numbers, in place: places to the values there. */
TH_CHECKED bool th_places_to_values(const ThTarget *target, size_t n, double *x);
/* k values, in place, to places: 0 and 1, or 0, are ends of the range, and what lies beyond is outside. */
TH_CHECKED bool th_places_from_values(const ThTarget *target, double *x);

#endif
