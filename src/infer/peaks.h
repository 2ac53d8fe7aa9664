/* peaks.h - where a posterior density is largest, in coordinates without bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_PEAKS_H
#define TH_INFER_PEAKS_H

#include "infer/bounds.h"
#include "infer/target.h"

enum { TH_MOST_PEAKS = 8 };

/* A local maximum of the density of u, or the highest point that a search found. */
typedef struct ThPeak {
  bool converged;
  double log_density;  /* of u */
  double *u, *hessian; /* (k), (k, k) of minus the log density */
} ThPeak;

/* The density of u is that of x times |dx/du| (bounds.h). Stays where it was made. */
typedef struct ThPeaks {
  ThTarget *target;
  ThObjective inner, free; /* minus the log density of x, and of u */
  ThBounds bounds;
  size_t k, n;
  ThPeak of[TH_MOST_PEAKS]; /* the highest first */
  double *block;
} ThPeaks;

/* Climbs from several quantiles of the priors. n is 0 when the density is 0 at all of them. */
TH_CHECKED bool th_peaks_find(ThTarget *target, ThPeaks *out);
void th_peaks_clear(ThPeaks *peaks);
/* Climbs from one more point, u; a peak that is new is taken in. */
TH_CHECKED bool th_peaks_climb(ThPeaks *peaks, const double *u);
/* The log density of u. */
TH_CHECKED bool th_peaks_log_density(ThPeaks *peaks, const double *u, double *out);

#endif
