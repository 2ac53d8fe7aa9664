/* minimum.h - what minimize found, and how it went there */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MINIMUM_H
#define TH_INFER_MINIMUM_H

#include "val/flatten.h"
#include "infer/optimiser.h"

typedef struct ThMinimum {
  ThObject object;
  ThContext *cx;
  const ThOptimiser *method;
  ThValue function; /* what was minimised */
  ThFlatten form;   /* of its argument */
  ThValue x;        /* the lowest point found, of that form */
  double value, grad_norm;
  size_t n_steps;
  ThCalls calls;
  bool converged;
  ThValue why; /* a string */
  ThValue values, counts,
      path; /* a vector each: value and calls so far, step by step; a matrix (steps + 1, n), or a
                                    vector for one number, or none */
  const double *lower, *upper; /* NULL: none; */
  double *bounds;              /* their memory (2 n) */
} ThMinimum;

extern const ThKind th_minimum_kind; /* "minimum" */
static inline bool th_is_minimum(ThValue v) { return th_is(v, &th_minimum_kind); }
static inline ThMinimum *th_as_minimum(ThValue v) { return (ThMinimum *)th_as_object(v); }

/* minimum_plot.c: for two numbers the path over level lines, else the value against calls. */
TH_CHECKED bool th_minimum_plot(ThContext *cx, ThValue self, void *figure);

#endif
