/* summary.h - a posterior, fit or regression as a table with a row for each number that was found */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_SUMMARY_H
#define TH_INFER_SUMMARY_H

#include "infer/fit.h"
#include "infer/posterior.h"
#include "infer/regression.h"

/* parameter, mean, sd, q5, q50, q95; of draws also mcse, ess_bulk, ess_tail, rhat, and the numbers before them are
 * rounded as mcse is, to its first digit. */
TH_CHECKED bool th_summary_posterior(const ThPosterior *p, ThValue *out);
/* parameter, estimate, se, lower, upper: the ends of the interval; NaN where there is no error. */
TH_CHECKED bool th_summary_fit(const ThFit *fit, ThValue *out);
TH_CHECKED bool th_summary_regression(const ThRegression *r, ThValue *out);

#endif
