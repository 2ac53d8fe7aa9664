/* linear_fit.h - lm and linreg: the data, what is known of their errors, a penalty or a prior; and the fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LINEAR_FIT_H
#define TH_INFER_LINEAR_FIT_H

#include "infer/regression.h"

/* What a call says. Values are borrowed, and unset where they are not given. */
typedef struct ThLinearCall {
  const char *verb;
  ThValue formula, data; /* of lm; else none, unset */
  ThDesign design;
  ThArray *y; /* (n) */
  ThValue sigma, covariance, weights, ridge, lasso, prior_mean, prior_precision;
  double level;
} ThLinearCall;

/* The regression, or for several ridge penalties the table of a path. */
TH_CHECKED bool th_linear_fit(ThContext *cx, ThLinearCall *call, ThValue *out);

/* What the errors of the data amount to: the rows to be fitted, and their weights. */
typedef struct ThLinearRows {
  ThContext *cx;
  size_t n, k;
  ThSigmaKind kind;
  const double *x, *y; /* whitened where a covariance is given, else the data themselves */
  double *white;       /* their block, or NULL */
  double *scale;       /* (n) 1/σ_i or √weight, or NULL */
  double sigma;        /* a given σ that is one number, else 1 */
  double log_scale;    /* the sum of log scale, or minus log det of the covariance's factor */
  double n_data;       /* rows of weight above 0 */
} ThLinearRows;
/* linear_rows.c: an error for σ that is not positive, a matrix that is no covariance, lengths that differ. */
TH_CHECKED bool th_linear_rows_init(ThContext *cx, const ThLinearCall *call, ThLinearRows *out);
void th_linear_rows_clear(ThLinearRows *rows);

/* penalty.c: a number, one number for each of k columns, or a matrix: Λ (k, k). An error where it is none. */
TH_CHECKED bool th_penalty_matrix(ThContext *cx, const char *name, ThValue given, size_t k, double *out);
/* A number or one for each of k columns, none below 0. */
TH_CHECKED bool th_penalty_vector(ThContext *cx, const char *name, ThValue given, size_t k, double *out);

/* ridge_path.c: a table with a row for each of several penalties: λ dof rss gcv β1 … */
TH_CHECKED bool th_ridge_path(ThContext *cx, const ThLinearRows *rows, const ThArray *penalties,
                              ThValue *out);

/* lasso.c: minimises ½β'Gβ - c'β + Σ penalty_j |β_j|; G (k, k) symmetric, no eigenvalue below 0. */
TH_CHECKED bool th_lasso(ThContext *cx, size_t k, const double *g, const double *c, const double *penalty,
                         double *beta);

#endif
