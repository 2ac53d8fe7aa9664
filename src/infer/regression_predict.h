/* regression_predict.h - what a regression says about new data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_REGRESSION_PREDICT_H
#define TH_INFER_REGRESSION_PREDICT_H

#include "infer/regression.h"

/* A record value se lower upper predict_lower predict_upper, or for arrays a table with the inputs. `given` is a table,
 * a record, numbers, or unset; `named` are inputs by name, and σ, offset, trials of the new data. */
TH_CHECKED bool th_predict_regression(ThContext *cx, const ThRegression *r, ThValue given,
                                      const ThRecord *named, double level, ThValue *out);

/* The mean at the rows of a design (m, k), and its standard error on the scale of x β (NaN where there is none). */
void th_regression_line(const ThRegression *r, size_t m, const double *x, double *eta, double *se);
/* The name of the one input that is a vector of n numbers, and these (owned); a NULL name when there are several. */
TH_CHECKED bool th_regression_input(ThContext *cx, const ThRegression *r, ThSymbol **name, ThArray **x);

#endif
