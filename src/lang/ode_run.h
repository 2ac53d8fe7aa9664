/* ode_run.h - the solution of a differential equation of the language, for `ode` and for its derivative */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_ODE_RUN_H
#define TH_LANG_ODE_RUN_H

#include "lang/state.h"
#include "num/ode.h"

typedef enum ThOdeMethod {
  TH_ODE_RK45,
  TH_ODE_RK4,
  TH_ODE_EULER,
  TH_ODE_STIFF,
  TH_ODE_N_METHODS
} ThOdeMethod;

/* By its name; TH_ODE_N_METHODS when there is none. */
ThOdeMethod th_ode_method(const char *name);

typedef struct ThOdeRun {
  ThOdeMethod method;
  size_t substeps;
  double tolerance;
  const ThArray *times;
  ThOdeStep accepted; /* NULL, or what gets the steps; its `self` is the ThStateFunction */
} ThOdeRun;

/* The solution from row 0 into the rows after it (n_times, n): as ode does it, with its messages. */
TH_CHECKED bool th_ode_run(ThContext *cx, const ThOdeRun *run, ThStateFunction *f, double *rows);

#endif
