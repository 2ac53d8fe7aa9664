/* sde.h - stochastic differential equations dx = a(t, x) dt + b(t, x) dW with noise of its own for each component */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SDE_H
#define TH_NUM_SDE_H

#include "base/context.h"
#include "num/random.h"

/* a or b at (t, x) into out, n numbers each; false, with the error record filled, stops the path. */
typedef bool (*ThSdeFunction)(void *self, double t, const double *x, double *out);

typedef struct ThSdeProblem {
  ThSdeFunction drift, diffusion;
  void *drift_self, *diffusion_self;
  bool constant; /* the diffusion does not depend on t or x: it is asked once */
  /* Heun's method, which converges to Stratonovich's integral; else Euler's and Maruyama's, to Itô's. With a constant
   * diffusion both are the same integral. */
  bool heun;
  size_t n;
} ThSdeProblem;

/* The places that the work of a problem needs. */
size_t th_sde_work(const ThSdeProblem *problem);
/* x (n) becomes x at t + h, given the increments of W (n), which are normal with variance |h|. first: no step was done
 * in this work before. */
TH_CHECKED bool th_sde_step(const ThSdeProblem *problem, double t, double h, const double *increments,
                            double *x, double *work, bool first);
/* A path at times[1 … n_times - 1], `substeps` equal steps between neighbours, into the rows 1, 2, … of rows (n_times,
 * n), of which row 0 is x at times[0]. *t is where it left off: before the end when x became infinite or NaN. */
TH_CHECKED bool th_sde_path(ThContext *cx, const ThSdeProblem *problem, ThRandom *random, size_t substeps,
                            size_t n_times, const double *times, double *rows, double *t);

#endif
