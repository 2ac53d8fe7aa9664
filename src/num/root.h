/* root.h - zeros of functions of one variable, a step at a time */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_ROOT_H
#define TH_NUM_ROOT_H

#include "base/context.h"

/* The function at x into *y; false, with the error record filled, stops the search. */
typedef bool (*ThRootFunction)(void *self, double x, double *y);

/* Brent's method (Brent 1973, chapter 4): inverse quadratic interpolation, secant and bisection. The root
 * lies between `root` and `other`; `root` is the better end. */
typedef struct ThRoot {
  ThRootFunction f;
  void *self;
  double root, f_root;
  double other, f_other;
  double last, f_last; /* the end before */
  double step, last_step;
  size_t iterations, evaluations;
  const char *how; /* what the last step did: "bisection", "secant", "inverse quadratic" */
} ThRoot;

/* Evaluates both ends. A value error "… has the same sign at both ends" when they do not bracket a root. */
TH_CHECKED bool th_root_init(ThContext *cx, ThRoot *r, ThRootFunction f, void *self, double a, double b);
/* One step: one evaluation. */
TH_CHECKED bool th_root_step(ThContext *cx, ThRoot *r);
/* Is the bracket at most absolute + relative*|root| wide, or the root exact? */
bool th_root_test(const ThRoot *r, double absolute, double relative);
/* init, then step until the bracket is 1e-12 relative or as narrow as doubles allow; polls for Ctrl-C. */
TH_CHECKED bool th_root_find(ThContext *cx, ThRootFunction f, void *self, double a, double b, double *root,
                             double *error);

#endif
