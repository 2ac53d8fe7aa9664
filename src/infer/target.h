/* target.h - a model's log density as a function of numbers: where they may lie, where to begin, its derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_TARGET_H
#define TH_INFER_TARGET_H

#include "infer/objective.h"
#include "infer/record.h"
#include "lang/replay.h"

/* Minus the log density of a recording's k elements, traced once. The recording must outlive it. */
typedef struct ThTarget {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThValue density;
  ThReplay *replay;
  double *lower, *upper; /* (k): the support of each prior, within `param θ in (…)` */
} ThTarget;

TH_CHECKED bool th_target_init(const ThRecording *r, ThTarget *out);
void th_target_clear(ThTarget *target);

/* A point within the ranges: quantiles of the priors at p where there are such. x has k numbers. */
TH_CHECKED bool th_target_start(const ThTarget *target, double p, double *x);
/* The objective in the model's own coordinates: infinite where the density is 0 or not defined. */
ThObjective th_target_objective(ThTarget *target);
/* The log density at x: -infinity where it is 0, or not defined. */
TH_CHECKED bool th_target_log_density(ThTarget *target, const double *x, double *out);

#endif
