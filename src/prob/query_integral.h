/* query_integral.h - sums over discrete and integrals over up to three continuous variables of a query */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_QUERY_INTEGRAL_H
#define TH_PROB_QUERY_INTEGRAL_H

#include "prob/query.h"

enum { TH_MOST_INTEGRALS = 3 };
enum { TH_SUM_WEIGHT, TH_SUM_FIRST, TH_SUM_SECOND, TH_SUM_THIRD, TH_SUM_ABSOLUTE, TH_N_SUMS };

/* Weighted sums over all that was visited: of 1, and of what the query asks: P: the event; E: real and
 * imaginary part; second moments: squares and product of deviations. The last is of what grows like absolute
 * values, without their kink: it tells an expectation that does not exist. */
typedef struct ThSums {
  double s[TH_N_SUMS];
  double error; /* of any of them */
} ThSums;

/* What is kept of one variable from one integral over it to the next. */
typedef struct ThIntegralLevel {
  ThProbes grid;
  size_t n_inner; /* free continuous variables behind it */
  bool alone;     /* nothing of what comes behind hangs on it */
  bool has_peak;
  double peak, width; /* of the last integrand */
} ThIntegralLevel;

typedef struct ThIntegral {
  ThQuery *q;
  size_t n_free;    /* continuous variables that no condition fixes */
  bool conditional; /* something is observed, or must hold */
  size_t n_levels;
  ThIntegralLevel *levels; /* of the variables, in order */
  bool second;             /* second moments about `mean` */
  double complex mean[2];
  size_t most_evaluations; /* of several integrals within each other */
  bool rough;              /* of three of them: fewer digits will do */
  /* what happened */
  size_t evaluations;
  const char *numeric; /* "quadrature", or how the cdf is found that was used; NULL: formulas alone */
  bool diverged;
  double largest;    /* |value| of what was asked */
  bool rises, falls; /* the first sum goes to inf, to -inf, in a tail */
  bool exhausted;
  bool possible;  /* somewhere the conditions hold, be it far out */
  bool look_only; /* the pattern of events is read, nothing is integrated */
  uint64_t pattern;
} ThIntegral;

/* Puts the variables in a good order. *fits is false when more than `most` are continuous and free, or a
 * support is not known; then nothing else may be called. */
TH_CHECKED bool th_integral_init(ThQuery *q, size_t most, ThIntegral *integral, bool *fits);
/* Adds to *sums. When `exhausted` or `diverged` is set the sums mean nothing. */
TH_CHECKED bool th_integral_sums(ThIntegral *integral, ThSums *sums);
void th_integral_clear(ThIntegral *integral);

#endif
