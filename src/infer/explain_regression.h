/* explain_regression.h - what explanations of lm, linreg and glm have in common */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXPLAIN_REGRESSION_H
#define TH_INFER_EXPLAIN_REGRESSION_H

#include "infer/explain.h"
#include "infer/regression.h"

enum { TH_MOST_SHOWN_ROWS = 8 };

/* The names X, y, β (a point beside the maximum at which lines in symbols are tried), estimate, covariance, se, n, k;
 * what was given by its name; and $terms, the names of X's columns. */
TH_CHECKED bool th_explain_give_regression(ThExplanation *e, const ThRegression *r);
/* X and y as lines where they are small, else their size and the terms in words. */
TH_CHECKED bool th_explain_add_design(ThExplanation *e, const ThRegression *r);
/* Errors out of the covariance, and the table's t or z and p. */
TH_CHECKED bool th_explain_add_table(ThExplanation *e, const ThRegression *r);

#endif
