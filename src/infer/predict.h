/* predict.h - what a fit or a posterior says about new data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_PREDICT_H
#define TH_INFER_PREDICT_H

#include "infer/fit.h"
#include "infer/posterior.h"

/* `given`: a table or record of inputs, a number or array for a model with one input, or unset. `named`:
 * inputs by name, a record. */
TH_CHECKED bool th_predict_fit(ThContext *cx, const ThFit *fit, ThValue given, const ThRecord *named,
                               double level, ThValue *out);
TH_CHECKED bool th_predict_posterior(ThContext *cx, const ThPosterior *p, ThValue given,
                                     const ThRecord *named, ThValue *out);

/* The mean of the data at new inputs with its standard errors; for pictures too. */
typedef struct ThBand {
  ThContext *cx;
  size_t m;
  double *value, *se, *noise; /* (m): mean, its standard error, the σ of a datum */
  double *most;               /* (m): as in ThMean */
} ThBand;
TH_CHECKED bool th_band_find(ThContext *cx, const ThFit *fit, const ThModelData *data, ThBand *out,
                             bool *scalar, bool *normal);
void th_band_clear(ThBand *band);
/* z standard errors from mean i: of a mean that is bounded in a coordinate without bounds, its logit or logarithm. */
double th_band_end(const ThBand *band, size_t i, double z);

/* predict_scaled.c: m new data under a posterior with a normal-inverse-gamma law; *known is false of any other. */
TH_CHECKED bool th_predict_scaled(ThContext *cx, const ThPosterior *p, const ThModelData *data, size_t m,
                                  bool scalar, bool *known, ThValue *out);

#endif
