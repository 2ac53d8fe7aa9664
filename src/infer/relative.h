/* relative.h - a parameter by where it lies within a range, or on a scale, that hangs on other parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_RELATIVE_H
#define TH_INFER_RELATIVE_H

#include "infer/ends.h"

/* Which parameters are told by their places. */
typedef enum ThRelative {
  TH_RELATIVE_NONE,
  TH_RELATIVE_RANGES, /* those whose range hangs on others: where they lie in it */
  TH_RELATIVE_SCALES /* these, and those whose prior has a location μ and a scale σ that hangs on others: (θ - μ)/σ */
} ThRelative;

/* What is known of an element's place from the record. */
typedef struct ThRelativeKind {
  bool is_placed; /* it is told by its place, */
  bool is_scaled; /* on a scale, not within a range */
  bool is_own;    /* by the prior of this element alone, θ[i] ~ … */
  ThEndsKind ends;
} ThRelativeKind;
TH_CHECKED bool th_relative_kind(const ThRecording *r, size_t element, ThRelative level, ThRelativeKind *out);
/* Which positional parameters of a family are location and scale of all numbers, where it has such: Normal, Laplace,
 * Logistic, Gumbel, Cauchy, StudentT. */
bool th_relative_scale_of(const ThFamily *family, int *location, int *scale);
/* Is some element told by its place on a scale? */
TH_CHECKED bool th_relative_any_scaled(const ThRecording *r, bool *out);

/* Of a place v, a number or a vector, on the scale of such a prior, of numbers or traced: the value μ + σ v. Owned. */
TH_CHECKED bool th_relative_scale(ThContext *cx, ThValue prior, ThValue v, size_t count, ThValue *x,
                                  ThValue *log_volume);
/* Of a place v, a number or a vector: the value lower + v (upper - lower), v between 0 and 1; or as far from the only
 * end as v, which is positive. *log_volume is the logarithm of |∂x/∂v|, of `count` numbers together. Both owned. */
TH_CHECKED bool th_relative_value(ThContext *cx, ThEnds ends, ThValue v, size_t count, ThValue *x,
                                  ThValue *log_volume);
/* 0 where x, a number or a vector, lies strictly within the ends, else -infinity. */
TH_CHECKED bool th_relative_within(ThContext *cx, ThEnds ends, ThValue x, ThValue *log_density);
/* Of the k elements at that level: ranges of places where these stand for values, over those of th_starts_ranges; and
 * a place in their middle, over the values at x. Either may be NULL. */
TH_CHECKED bool th_relative_ranges(const ThRecording *r, ThRelative level, double *lower, double *upper,
                                   double *x);

#endif
