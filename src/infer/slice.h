/* slice.h - the log likelihood of a fit with some parameters held, at its maximum over the others */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_SLICE_H
#define TH_INFER_SLICE_H

#include "infer/bounds.h"
#include "infer/fit.h"
#include "infer/replay_objective.h"

/* The model is traced once, and each question is some steps of Newton's method, in coordinates without bounds that are
 * measured in standard errors. Of a map fit it is the log posterior density. */
typedef struct ThSlice {
  ThContext *cx;
  const ThFit *fit; /* borrowed */
  size_t k;
  ThRecording r;
  ThValue function;
  ThReplay *replay;
  ThObjective inner; /* minus the log likelihood, of x */
  ThBounds bounds;
  double *block;
  double *lower, *upper; /* (k): where each may lie */
  double *scale;         /* (k): a step of size 1, in free coordinates */
  double *base, *u;      /* (k), (k): free coordinates where a search begins, and is */
  double *wide[3];       /* (k) each: gradient, vector, product */
  size_t *free, n_free;  /* (k): the elements that are not held */
  double log_density;    /* at the estimate */
} ThSlice;

TH_CHECKED bool th_slice_init(ThContext *cx, const ThFit *fit, ThSlice *out);
void th_slice_clear(ThSlice *s);
/* The maximum with n elements held at given values, which lie strictly within their ranges: x (k) comes in as the
 * start, and goes out as the maximum. *log_density is -inf where there is none. */
TH_CHECKED bool th_slice_find(ThSlice *s, size_t n, const size_t *held, const double *values, double *x,
                              double *log_density);

#endif
