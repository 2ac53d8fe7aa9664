/* integral.h - integrals over any range, of functions that are called with many points at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_INTEGRAL_H
#define TH_NUM_INTEGRAL_H

#include "base/context.h"

/* The function at n points into y (n, n_components); false, with the error record filled, stops the integral. It is
 * never called at the ends of the range. */
typedef bool (*ThIntegralFunction)(void *self, size_t n, const double *x, double *y);

/* A part of the range that is done: a panel from `from` to `to`, or, extrapolated, the rest from `from` to an end; when
 * f oscillates there `wave` is the distance between its last two zeros, otherwise 0. */
typedef bool (*ThIntegralPanel)(void *self, double from, double to, double wave, bool extrapolated);

typedef struct ThIntegralGoal {
  double relative;        /* beside the largest component; 0: 1e-12 */
  size_t max_evaluations; /* 0: 200000 */
  bool many;              /* a call with many points costs little more than with one: look around closely */
  ThIntegralPanel panel;  /* NULL, or called with every part in the end: the record that a second pass needs */
} ThIntegralGoal;

typedef enum ThIntegralStatus {
  TH_INTEGRAL_SETTLED,   /* to the goal, or to the limit of rounding */
  TH_INTEGRAL_UNSETTLED, /* the error says how far */
  TH_INTEGRAL_DIVERGES, /* at `at`, which may be infinite: |f| falls no faster than the reciprocal of the distance */
  TH_INTEGRAL_UNDAMPED,  /* f oscillates without dying out */
  TH_INTEGRAL_NOT_FINITE /* f is NaN or infinite at `at` and around it: `f_at` */
} ThIntegralStatus;

typedef struct ThIntegralResult {
  ThIntegralStatus status;
  double at, f_at;
  double error;          /* a bound, in the largest norm over the components */
  double magnitude;      /* the integral of |f|: error/magnitude says how well the sum is conditioned */
  size_t evaluations;    /* points */
  size_t n_panels;       /* a panel has 21 points */
  size_t n_extrapolated; /* ends whose last part was extrapolated */
} ThIntegralResult;

/* The integral of f from a to b into value (n_components); either end may be infinite, b < a turns the sign.
 *
 * Panels with the Gauss-Kronrod pair of 10 and 21 points are halved where the error is; a singular end, found or given,
 * and an infinite one are approached in octaves (an oscillating tail, from zero to zero), whose sums are extrapolated
 * by the epsilon algorithm, so that algebraic and logarithmic singularities and tails cost a few octaves. Before, the
 * range is looked over at points that lie closer near its ends, so that peaks between the nodes are found.
 * Fails when f fails, on Ctrl-C, and for want of memory; all else is told in the result. */
TH_CHECKED bool th_integral(ThContext *cx, ThIntegralFunction f, void *self, size_t n_components, double a,
                            double b, const ThIntegralGoal *goal, double *value, ThIntegralResult *out);

#endif
