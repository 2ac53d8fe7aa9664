/* stats.h - statistics of arrays of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_STATS_H
#define TH_NUM_STATS_H

#include "base/context.h"

/* x is n doubles. NaN among them gives NaN (and sorts last). Statistics of nothing: sum 0, product 1, all
 * others NaN. None allocates but those that take a context. */

/* Compensated: right to the last bit or so unless the terms cancel to below 1e-16 of their size. */
double th_stats_sum(size_t n, const double *x);
double th_stats_product(size_t n, const double *x);
/* y[i] is the product of all x but x[i]; y is not x. */
void th_stats_product_of_others(size_t n, const double *x, double *y);
double th_stats_mean(size_t n, const double *x);
/* The sum of squared deviations from the mean, in two passes with the correction for the rounding of the
 * mean (Chan, Golub and LeVeque 1983, equation 1.7), divided by n - ddof: ddof 1 for data, 0 for a
 * population. NaN unless n > ddof. */
double th_stats_variance(size_t n, const double *x, double ddof);
double th_stats_sd(size_t n, const double *x, double ddof);
/* Moment coefficients m3/m2^1.5 and m4/m2^2 - 3. */
double th_stats_skewness(size_t n, const double *x);
double th_stats_kurtosis(size_t n, const double *x);
/* With weights w >= 0: sum(w x)/sum(w), and sum(w (x - mean)^2)/sum(w). */
double th_stats_weighted_mean(size_t n, const double *x, const double *w);
double th_stats_weighted_variance(size_t n, const double *x, const double *w);
/* sum (x - x̄)(y - ȳ)/(n - ddof), and Pearson's coefficient, kept within [-1, 1]. */
double th_stats_covariance(size_t n, const double *x, const double *y, double ddof);
double th_stats_correlation(size_t n, const double *x, const double *y);
/* Matrices between the columns of x (n, d) into c (d, d). workspace: n*d doubles. */
void th_stats_covariance_matrix(size_t n, size_t d, const double *x, double ddof, double *workspace,
                                double *c);
void th_stats_correlation_matrix(size_t n, size_t d, const double *x, double *workspace, double *c);
/* Autocorrelation at a lag: sum (x_i - x̄)(x_{i+lag} - x̄)/sum (x_i - x̄)^2. */
double th_stats_autocorrelation(size_t n, const double *x, size_t lag);

double th_stats_min(size_t n, const double *x);
double th_stats_max(size_t n, const double *x);
/* The first index (0-based) of the least, the greatest; a NaN counts as both. n >= 1. */
size_t th_stats_argmin(size_t n, const double *x);
size_t th_stats_argmax(size_t n, const double *x);
/* The Euclidean norm without overflow or underflow. */
double th_stats_norm(size_t n, const double *x);

/* The k-th smallest of n, k from 0, NaN last; reorders x. */
TH_CHECKED bool th_stats_select_inplace(ThContext *cx, size_t n, double *x, size_t k, double *out);
/* Quantile of type 7 (Hyndman and Fan 1996): at position (n - 1)p of sorted x, linear between neighbours.
 * NaN when p is outside [0, 1], n is 0 or x ends with a NaN. */
double th_stats_quantile_sorted(size_t n, const double *sorted, double p);
/* The same of unsorted data; reorders x. */
TH_CHECKED bool th_stats_quantile_inplace(ThContext *cx, size_t n, double *x, double p, double *out);
/* The same, x untouched; fail only for want of memory. */
TH_CHECKED bool th_stats_quantile(ThContext *cx, size_t n, const double *x, double p, double *out);
TH_CHECKED bool th_stats_median(ThContext *cx, size_t n, const double *x, double *out);

/* y[i] = x[0] + … + x[i], compensated; products likewise. y may be x. */
void th_stats_cumulative_sum(size_t n, const double *x, double *y);
void th_stats_cumulative_product(size_t n, const double *x, double *y);

/* Ascending, NaN last, in place. */
TH_CHECKED bool th_stats_sort(ThContext *cx, size_t n, double *x);
/* index: the stable order that sorts x (equal elements keep theirs), 0-based; NaN last. workspace: n. */
TH_CHECKED bool th_stats_sort_index(ThContext *cx, size_t n, const double *x, size_t *workspace,
                                    size_t *index);
/* Ranks from 1, ties averaged, from a sort index. */
void th_stats_ranks(size_t n, const double *x, const size_t *index, double *ranks);
/* Keeps the first of equal neighbours of sorted x, in place; returns how many. NaNs become one. */
size_t th_stats_unique_sorted(size_t n, double *x);
/* The number of elements of sorted x that are <= value, or < value. */
size_t th_stats_count_below(size_t n, const double *sorted, double value, bool or_equal);

/* The number of equal bins for a histogram: Freedman and Diaconis 1981 (width 2 iqr n^-1/3), Sturges when
 * the iqr is 0; from 1 to 1000. sorted, without NaN. */
size_t th_stats_bin_count(size_t n, const double *sorted);
/* counts[j] += the number of x in [edges[j], edges[j+1]), the last bin closed; values outside and NaN are
 * left out. edges: n_bins + 1 numbers, increasing. counts is set, not added to. */
void th_stats_histogram(size_t n, const double *x, size_t n_bins, const double *edges, double *counts);

#endif
