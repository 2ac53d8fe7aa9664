/* direct.h - observations in which one parameter of the law is a parameter of the model itself */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_DIRECT_H
#define TH_INFER_DIRECT_H

#include "infer/strategy.h"

/* y ~ Binomial(n, p): of its law one positional parameter is an element of the model, the others are numbers.
 * */
typedef struct ThDirect {
  const ThObservation *observation;
  const ThFamily *family;
  ThValue parameters[TH_MAX_PARAMETERS];
  int unknown; /* index of the positional parameter; -1: none, the law is a plain distribution */
  size_t n;    /* data */
} ThDirect;

ThAttempt th_direct_read(const ThRecording *r, const ThObservation *o, ThDirect *out, ThReason *why);
void th_direct_clear(ThDirect *direct);

/* Datum i: which element it belongs to, its value, and the law's parameters as numbers (the unknown one NaN).
 * */
size_t th_direct_datum(const ThRecording *r, const ThDirect *direct, size_t i, double *x, double *p);

#endif
