/* law_jacobian.h - how the laws of a model's data hang on its parameters, at one point */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LAW_JACOBIAN_H
#define TH_INFER_LAW_JACOBIAN_H

#include "infer/record.h"

/* Of each observation in order its family's parameters, one after another, each with as many rows as there are data
 * (th_law_values_new). */
typedef struct ThLawJacobian {
  ThContext *cx;
  size_t length, k;
  double *values, *jacobian; /* (length), (length, k) */
} ThLawJacobian;

/* At x (k), for families with numbers as parameters. Clear it. */
TH_CHECKED bool th_law_jacobian_find(const ThRecording *r, const double *x, ThLawJacobian *out);
void th_law_jacobian_clear(ThLawJacobian *j);
/* Numbers of one observation. */
size_t th_law_jacobian_numbers(const ThObservation *o);
/* Does this number hang on any parameter? */
bool th_law_jacobian_hangs(const ThLawJacobian *j, size_t row);

#endif
