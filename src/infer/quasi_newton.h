/* quasi_newton.h - a step along a direction that earlier gradients have shaped */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_QUASI_NEWTON_H
#define TH_INFER_QUASI_NEWTON_H

#include "infer/optimiser.h"

/* What a method knows of the Hessian. */
typedef struct ThMetric {
  double *direction; /* where `aim` puts -H g */
  void (*aim)(ThDescent *d);
  /* The step to the trial, `step` times the direction, was taken; d->gradient is free to be used. */
  void (*learn)(ThDescent *d, double step);
  void (*forget)(ThDescent *d); /* H is 1 again, */
  bool fresh;                   /* as at the start */
  size_t n_idle; /* steps one after the other that led to no lower value and no smaller gradient */
} ThMetric;

/* A line search along the direction; where that finds nothing lower, once more straight downhill. */
TH_CHECKED bool th_quasi_newton_step(ThContext *cx, ThDescent *d, ThMetric *metric);

#endif
