/* discrete.h - the states of a model's discrete parameters, with what is known of the others in each */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_DISCRETE_H
#define TH_INFER_DISCRETE_H

#include "infer/conjugate.h"

/* Every combination of values of the discrete parameters that the data allow. Of the k elements of the record those
 * that are discrete have values, the others a law of conjugate kind in each state. */
typedef struct ThStates {
  const ThRecording *r;
  size_t k, n, capacity, n_discrete;
  bool *is_discrete;      /* (k) */
  double *log_weight;     /* (n) of prior and likelihood together */
  double *values;         /* (n, k) */
  ThConjugatePart *parts; /* (n, k) */
} ThStates;

/* TH_DECLINED where no parameter is discrete; a failure says why the states cannot be gone through. On success `out` is
 * to be cleared. */
ThAttempt th_states_find(const ThRecording *r, ThStates *out, ThReason *why);
void th_states_clear(ThStates *states);

#endif
