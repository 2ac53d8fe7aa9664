/* bounds.h - a function within bounds, as a function of numbers without bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_BOUNDS_H
#define TH_INFER_BOUNDS_H

#include "infer/objective.h"

/* Each x is a smooth monotone function of a free number u:
 *   none           x = u
 *   lower          x = lower + e^u
 *   upper          x = upper - e^-u
 *   both           x = lower + (upper - lower)/(1 + e^-u)
 * so that bounds are only reached in the limit. Of minus the log of a density of x, `is_density`, the function of u is
 * minus the log of the density of u, which has the factor |dx/du|. */
typedef struct ThBounds {
  ThObjective *inner; /* a function of x, borrowed */
  bool is_density;
  size_t n;
  const double *lower, *upper; /* borrowed; ±infinity: none */
  double *block;               /* of the vectors that follow */
  double *x, *slope, *bend;    /* at the last u: x, dx/du, d²x/du² */
  double *gradient, *at;       /* of the inner function at x; the u it belongs to, */
  bool known;                  /* if there is one */
  double *vector, *product;
} ThBounds;

/* Is x strictly within the bounds of coordinate i? */
bool th_bounds_hold(const ThBounds *b, size_t i, double x);

/* inner, lower and upper stay the caller's. */
TH_CHECKED bool th_bounds_init(ThContext *cx, ThBounds *b, ThObjective *inner, const double *lower,
                               const double *upper);
void th_bounds_clear(ThContext *cx, ThBounds *b);
/* u of an x within the bounds, and x of u. */
void th_bounds_free(const ThBounds *b, const double *x, double *u);
void th_bounds_bound(const ThBounds *b, const double *u, double *x);
/* The same of one coordinate: u with du/dx, and x. */
double th_bounds_free_one(double lower, double upper, double x, double *slope);
double th_bounds_bound_one(double lower, double upper, double u);
/* log |dx_i/du_i|. */
double th_bounds_log_slope(const ThBounds *b, size_t i, double u);
/* The function of u, which counts the calls. */
ThObjective th_bounds_objective(ThBounds *b);

#endif
