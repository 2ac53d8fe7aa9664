/* conjugate.h - what is known of a model's elements when each has a conjugate prior of its own */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_CONJUGATE_H
#define TH_INFER_CONJUGATE_H

#include "infer/strategy.h"

/* One law of an element so far, and the logarithm of its weight among the others. */
typedef struct ThConjugatePart {
  const ThFamily *family; /* NULL: there is neither prior nor data yet */
  double p[TH_MAX_PARAMETERS];
  double log_weight; /* with the evidence of the data so far */
} ThConjugatePart;

/* An element: the parts of its mixture, one where its prior is none. */
typedef struct ThConjugateState {
  ThConjugatePart *parts;
  size_t n;
  const ThFamily *likelihood; /* the last one, for the method's name; NULL: no data yet */
  bool improper;              /* it began as `param`, without a prior */
} ThConjugateState;

typedef struct ThConjugateStates {
  ThContext *cx;
  size_t k, n_parts;
  ThConjugateState *of;
  ThConjugatePart *parts;
  double constant; /* log density of data that hang on no element */
} ThConjugateStates;

/* Takes in all priors and all data. On success `out` is to be cleared. */
ThAttempt th_conjugate_states(const ThRecording *r, ThConjugateStates *out, ThReason *why);
void th_conjugate_states_clear(ThConjugateStates *states);
/* Of all data; NaN where a parameter has no proper prior. */
double th_conjugate_log_evidence(const ThConjugateStates *states);
/* log Σ e^log_weight of a state's parts. */
double th_conjugate_log_total(const ThConjugateState *state);
/* The law of an element as a distribution: a mixture where it has several parts. */
TH_CHECKED bool th_conjugate_law(ThContext *cx, const ThConjugateState *state, ThValue *out);

#endif
