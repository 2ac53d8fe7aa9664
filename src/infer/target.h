/* target.h - a model's log density as a function of numbers, traced, and where they may lie */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_TARGET_H
#define TH_INFER_TARGET_H

#include "infer/objective.h"
#include "infer/relative.h"
#include "lang/replay.h"

/* Minus the log density of a recording's k elements, traced once. The recording must outlive it. */
typedef struct ThTarget {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThReplay *replay;
  double *lower, *upper; /* (k): as th_starts_ranges */
  ThRelative relative;   /* which parameters are told by their places */
} ThTarget;

TH_CHECKED bool th_target_init(const ThRecording *r, ThTarget *out);
/* The same, at that level where it is something else. */
TH_CHECKED bool th_target_init_relative(const ThRecording *r, ThRelative level, ThTarget *out);
void th_target_clear(ThTarget *target);

/* The objective in the model's own coordinates: infinite where the density is 0 or not defined. */
ThObjective th_target_objective(const ThTarget *target);
/* The log density at x: -infinity where it is 0, or not defined. */
TH_CHECKED bool th_target_log_density(const ThTarget *target, const double *x, double *out);

#endif
