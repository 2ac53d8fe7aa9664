/* linear_system.h - the variables of a query as linear combinations of independent sources of noise */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_LINEAR_SYSTEM_H
#define TH_PROB_LINEAR_SYSTEM_H

#include "prob/event.h"
#include "prob/linear.h"
#include "prob/query.h"

/* Every variable is its mean plus a combination of independent sources of noise: one for each variable that has a
 * distribution of its own, and one for each normal variable whose mean is linear in others: x = mean + loading @ noise,
 * noise of variance `spread`. The components of a joint law have as many. */
typedef struct ThLinearSystem {
  ThQuery *q;
  size_t n;
  const ThVariable **variables;
  double *mean;     /* (n) */
  double *base;     /* (n): the same with 0 for the mean of each variable with a distribution of its own */
  double *loading;  /* (n, n), row k for variable k */
  double *spread;   /* (n) */
  ThFinding *found; /* (n, 2): how mean and variance of each were found */
  bool all_normal;
  bool has_joint; /* some sources are uncorrelated only, of variance 1: those of components of a joint law */
} ThLinearSystem;

/* A linear expression over the sources. */
typedef struct ThLinearExpression {
  double mean;
  double base;     /* as in ThLinearSystem */
  double *loading; /* (n) */
} ThLinearExpression;

/* Conditions: linear expressions with given values. */
typedef struct ThLinearGiven {
  size_t n, capacity;
  ThLinearExpression *fixed; /* left side minus right side: to be 0 */
  double *loadings;          /* (n, n of the system) */
} ThLinearGiven;

/* *fits is false when a variable is none of these. Clear it in any case. */
TH_CHECKED bool th_linear_system_init(ThQuery *q, ThLinearSystem *s, bool *fits);
void th_linear_system_clear(ThLinearSystem *s);
/* The expression of a value into e->loading, which is the caller's. *linear is false when it is none. */
TH_CHECKED bool th_linear_expression(ThLinearSystem *s, ThValue v, ThLinearExpression *e, bool *linear);
double th_linear_covariance(const ThLinearSystem *s, const ThLinearExpression *a,
                            const ThLinearExpression *b);

/* The equations among the conditions of the query; *fits is false when one is not linear. */
TH_CHECKED bool th_linear_given_init(ThLinearSystem *s, ThLinearGiven *g, bool *fits);
void th_linear_given_clear(const ThLinearSystem *s, ThLinearGiven *g);
/* Means (t) and covariances (t, t) of t expressions given the conditions:
 *   m + A V B'(B V B')⁻¹(y - b),   A V A' - A V B'(B V B')⁻¹B V A'.
 * *fits is false when the conditions are dependent on each other: then the matrix of their covariances has no
 * inverse. */
TH_CHECKED bool th_linear_conditioned(const ThLinearSystem *s, const ThLinearGiven *g,
                                      const ThLinearExpression *e, size_t t, double *mean, double *cov,
                                      bool *fits);
/* The distribution of what is left of e without its base, moved by `shift`: a sum of independent sources, or a
 * combination of the components of one joint law. *found is false when it is not known. */
TH_CHECKED bool th_linear_distribution(const ThLinearSystem *s, const ThLinearExpression *e, double shift,
                                       ThValue *out, ThHow *how, bool *found);
/* What how(x) tells then. */
const char *th_linear_story(const ThLinearSystem *s);

#endif
