/* kde.h - density estimates with a normal kernel, at a cost that does not grow with the data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_KDE_H
#define TH_NUM_KDE_H

#include "base/context.h"

/* The mixture, with equal weights, of normal densities of one width around each of n data. Data are sorted into bins of
 * half a width; a bin with many of them is one power series in the distance of its centre, so that a value takes a few
 * dozen bins, however many data there are. Values and both tails are right to a relative 1e-13 or so, far out, too. */

enum { TH_KDE_TERMS = 30 };

typedef struct ThKdeBin {
  double centre;
  size_t first, count; /* its data */
  double weighted
      [TH_KDE_TERMS]; /* Σ e^(-s²/2) s^k/k!, s the distances of the data from the centre, in bandwidths */
  double plain[TH_KDE_TERMS]; /* Σ s^k/k! */
} ThKdeBin;

typedef struct ThKde {
  size_t n, n_bins;
  double bandwidth;
  double *data; /* ascending */
  ThKdeBin *bins;
} ThKde;

/* The data are copied; finite, n >= 1, bandwidth > 0. */
TH_CHECKED bool th_kde_init(ThContext *cx, ThKde *kde, size_t n, const double *x, double bandwidth);
void th_kde_free(ThHeap *heap, ThKde *kde);

/* log density; the tails P(X <= x), P(X > x), and their logarithms. */
double th_kde_log_density(const ThKde *kde, double x);
/* d log density/dx */
double th_kde_slope(const ThKde *kde, double x);
double th_kde_tail(const ThKde *kde, double x, bool upper);
double th_kde_log_tail(const ThKde *kde, double x, bool upper);

/* 0.9 min(sd, iqr/1.34) n^(-1/5) of sorted data (Silverman 1986, equation 3.31), with the sd alone where the
 * interquartile range is 0. 0 when all data are equal, or there is one only. */
double th_kde_silverman(size_t n, const double *sorted);

#endif
