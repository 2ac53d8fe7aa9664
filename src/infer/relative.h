/* relative.h - a parameter by where it lies within a range that hangs on other parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_RELATIVE_H
#define TH_INFER_RELATIVE_H

#include "infer/ends.h"

/* Of a place v, a number or a vector: the value lower + v (upper - lower), v between 0 and 1; or as far from the only
 * end as v, which is positive. *log_volume is the logarithm of |∂x/∂v|, of `count` numbers together. Both owned. */
TH_CHECKED bool th_relative_value(ThContext *cx, ThEnds ends, ThValue v, size_t count, ThValue *x,
                                  ThValue *log_volume);
/* 0 where x, a number or a vector, lies strictly within the ends, else -infinity. */
TH_CHECKED bool th_relative_within(ThContext *cx, ThEnds ends, ThValue x, ThValue *log_density);
/* Of the k elements: ranges of places where these stand for values, over those of th_starts_ranges; and a place in
 * their middle, over the values at x. Either may be NULL. */
TH_CHECKED bool th_relative_ranges(const ThRecording *r, double *lower, double *upper, double *x);

#endif
