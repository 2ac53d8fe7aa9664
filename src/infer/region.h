/* region.h - where two parameters of a fit may lie together */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_REGION_H
#define TH_INFER_REGION_H

#include "infer/fit.h"

enum { TH_REGION_LEVELS = 4, TH_REGION_ANGLES = 144 };

/* Curves on which twice what the log likelihood has fallen, the other parameters being as they then fit best, is the χ²
 * quantile of two degrees of freedom. */
typedef struct ThRegion {
  ThObject object;
  ThContext *cx;
  ThValue fit; /* a fit */
  size_t elements[2];
  size_t n_levels;
  double levels[TH_REGION_LEVELS], chi2[TH_REGION_LEVELS]; /* ascending */
  double root[4]; /* (2, 2) lower triangular: of the covariance of the two */
  /* Both (n_levels, TH_REGION_ANGLES + 1), the first point again at the end; NaN where the curve is open. */
  double *x, *y;
  ThValue words; /* sentences, one a line, or none */
} ThRegion;

extern const ThKind th_region_kind; /* "region" */
static inline ThRegion *th_as_region(ThValue v) { return (ThRegion *)th_as_object(v); }

/* An error when the two are one, or one has no ± to begin with. levels are ascending, in (0, 1). */
TH_CHECKED bool th_region_find(ThContext *cx, ThFit *fit, const size_t *elements, size_t n_levels,
                               const double *levels, ThValue *out);
/* The same for names as the language writes them, and levels as they are given; none: 68.3 and 95 %. */
TH_CHECKED bool th_region_ask(ThContext *cx, ThFit *fit, const char *a, const char *b, size_t n_levels,
                              const double *levels, ThValue *out);
/* A point of Wald's ellipse, at `size` standard errors. */
void th_region_ellipse(const ThRegion *r, double size, size_t angle, double *x, double *y);
/* Appends the name of one of the two. */
void th_region_name(const ThRegion *r, int which, ThText *out);

/* region_show.c */
TH_CHECKED bool th_region_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_region_plot(ThContext *cx, ThValue self, void *figure);
TH_CHECKED bool th_region_echo(ThContext *cx, ThValue self);

#endif
