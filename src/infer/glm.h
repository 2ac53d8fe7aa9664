/* glm.h - generalised linear models: yes or no, counts, classes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_GLM_H
#define TH_INFER_GLM_H

#include "infer/normal_equations.h"
#include "infer/regression.h"

/* A family with its canonical link: a datum y of `trials` trials has the log likelihood y η - cumulant(η) trials, up to
 * a constant; η is x β + offset. */
typedef struct ThGlmFamily {
  const char *name, *title; /* "poisson"; "Poisson, log link" */
  bool counts_trials, has_classes;
  /* m numbers each: the cumulant, its derivative (the mean) and second derivative (the variance) of one trial. */
  void (*cumulant)(size_t m, const double *eta, double *value, double *mean, double *variance);
  /* The mean of a start near the datum, inside the range of means; and the η of a mean. */
  double (*start)(double y, double trials);
  double (*link)(double mean);
  /* The largest value of y η - cumulant(η) trials. */
  double (*best)(double y, double trials);
  /* What the log likelihood has beside. */
  double (*constant)(double y, double trials);
  /* The chance that a new datum is y at most. */
  double (*at_most)(double y, double eta, double trials);
} ThGlmFamily;
const ThGlmFamily *th_glm_family(const char *name); /* or NULL */

/* Maximise Σ weight_i log p(y_i | x_i β + offset_i). Of m classes beside the base, y counts from 0, the base, and β is
 * (m, k). */
typedef struct ThGlmProblem {
  const ThGlmFamily *family;
  size_t n, k, m;
  const double *x, *y;
  const double *trials, *weights, *offset; /* (n), or NULL: 1, 1, 0 */
} ThGlmProblem;

/* Value, slope and information at β. */
typedef struct ThGlmState {
  double value;  /* of what depends on β */
  double *slope; /* (m k) */
  ThNormalEquations *information;
} ThGlmState;
/* glm_evaluate.c; at a start, β is not read, and slope/information are those of a first step from 0. */
TH_CHECKED bool th_glm_evaluate(ThContext *cx, const ThGlmProblem *p, const double *beta, bool start,
                                ThGlmState *out);
/* The means: (n), or the probabilities of all classes, (n, m + 1). */
TH_CHECKED bool th_glm_means(ThContext *cx, const ThGlmProblem *p, const double *beta, double *out);

/* glm_separation.c: does the likelihood never fall along this direction (m, k), and rise for some datum? */
TH_CHECKED bool th_glm_recedes(ThContext *cx, const ThGlmProblem *p, const double *direction, bool *recedes,
                               bool *complete);
/* The error that it does. */
bool th_glm_fail_separated(ThContext *cx, const ThGlmProblem *p, const ThRegression *r,
                           const double *direction, bool complete);

/* glm_newton.c: into r->coef and r->covariance, by Newton's method to full convergence. *value is that of the state. */
TH_CHECKED bool th_glm_maximise(ThContext *cx, const ThGlmProblem *p, ThRegression *r, double *value);

/* glm_new_datum.c: the least count y for which a new datum is y at most with the chance q, η being as uncertain as its
 * error says: Normal(eta, se). */
double th_glm_new_datum(const ThGlmFamily *family, double eta, double se, double trials, double q);

/* glm_measure.c: the largest value of y η - cumulant(η) trials with the intercept alone, or with η = offset; NaN where
 * it is only reached in the limit. */
double th_glm_null(const ThGlmProblem *p, bool intercept);
/* Pearson's χ² of counts: Σ weight (y - fitted)²/variance. */
double th_glm_pearson(const ThGlmProblem *p, const double *fitted);

/* What a call says; borrowed, unset where it is not given. */
typedef struct ThGlmCall {
  ThValue formula, data, offset, weights, trials;
  const char *family;
  double level;
} ThGlmCall;
TH_CHECKED bool th_glm_fit(ThContext *cx, const ThGlmCall *call, ThValue *out); /* glm_fit.c */

#endif
