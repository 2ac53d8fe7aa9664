/* mean.h - the mean of a model's data at other inputs: for predictions and pictures */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MEAN_H
#define TH_INFER_MEAN_H

#include "infer/result.h"

/* Means and standard deviations of the data at given parameters. */
typedef struct ThMean {
  ThContext *cx;
  ThSymbol *observed;     /* "y" */
  const ThFamily *family; /* of its law */
  bool scalar;            /* one datum, not a vector of them */
  size_t m;
  double *mean, *sd; /* (m) */
  double *most;      /* (m): 0 < mean < most where data are counts or positive; else NaN */
} ThMean;

/* Runs the body at `parameters` (a record of numbers) on `data`. The model must have one line `y ~ …`. */
TH_CHECKED bool th_mean_find(ThContext *cx, const ThQuestion *q, const ThModelData *data,
                             const ThRecord *parameters, ThMean *out);
void th_mean_clear(ThMean *mean);

/* ∂ mean / ∂ elements, (m, k), exact where the mean is linear in the parameters, else by central differences
 * about the estimates x (k) of `layout`. *linear may be NULL. */
TH_CHECKED bool th_mean_gradient(ThContext *cx, const ThQuestion *q, const ThLayout *layout,
                                 const ThModelData *data, const double *x, const ThMean *at, double *gradient,
                                 bool *linear);

/* Which arguments the mean hangs on: `is_input` has one flag an argument of the model. Arguments that were
 * given no number or array, and the observed ones, are none. */
TH_CHECKED bool th_mean_inputs(ThContext *cx, const ThQuestion *q, const ThRecord *parameters,
                               bool *is_input);

/* Data for a prediction: arguments of `given` (a table, record or unset) and `named` (may be NULL) are bound;
 * numbers and knobs of the fit stay; an array that the mean does not hang on may be missing, and *sd_known is
 * then false if the σ hangs on it (*missing: its name). An input that is missing is an error. */
TH_CHECKED bool th_mean_new_data(ThContext *cx, const ThQuestion *q, const ThRecord *parameters,
                                 ThValue given, const ThRecord *named, ThModelData *out, bool *sd_known,
                                 const ThSymbol **missing);

#endif
