/* trace_ode.h - what the files of the derivative of ode share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_TRACE_ODE_H
#define TH_LANG_TRACE_ODE_H

#include "lang/ode_run.h"
#include "val/graph.h"

/* The steps of the plain solution, taken once more as nodes. */
typedef struct ThOdeWalk {
  ThStateFunction plain; /* the right-hand side without tracing; first, since it is the solver's `self` */
  ThGraph *g;
  ThValue f;      /* the right-hand side as it was given */
  ThNodeId y;     /* the state, where the walk is */
  ThNodeId *rows; /* one a time */
  size_t n_steps, step_capacity;
  double *steps;  /* (n_steps, 2): t and h */
  double *stages; /* (n_steps, 3 n), of Radau's method: what its stages add to the state */
  bool has_stages;
} ThOdeWalk;

/* f(t, y) of a function, as a node. */
ThNodeId th_trace_call_at(ThGraph *g, ThValue f, double t, ThNodeId y);
/* The same of the right-hand side, with the state's elements. */
ThNodeId th_ode_walk_slope(ThOdeWalk *w, double t, ThNodeId y);
/* One step of Radau's method from t to t + h: w->y after it. */
TH_CHECKED bool th_ode_walk_radau(ThOdeWalk *w, double t, double h, const double *stages);

#endif
