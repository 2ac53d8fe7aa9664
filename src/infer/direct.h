/* direct.h - observations in whose law one argument is a parameter of the model, or a multiple of a power of one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_DIRECT_H
#define TH_INFER_DIRECT_H

#include "infer/strategy.h"
#include "prob/conjugate_form.h"

/* y ~ Binomial(n, p), y ~ Normal(0, variance = v), y ~ Poisson(λ*t): of the arguments of its law one is c θ^power with
 * an element θ of the model, the others are numbers. */
typedef struct ThDirect {
  const ThObservation *observation;
  const ThFamily *family;
  ThValue parameters[TH_MAX_PARAMETERS]; /* positional; unset where it would have to be computed from θ */
  int unknown;          /* index of the positional parameter; -1: none, or it has another name */
  ThValue given;        /* the argument, borrowed; unset: the law is a plain distribution */
  const char *argument; /* its name, of `length` bytes */
  size_t length;
  size_t n; /* data */
} ThDirect;

ThAttempt th_direct_read(const ThRecording *r, const ThObservation *o, ThDirect *out, ThReason *why);
/* Only where a positional parameter is an element itself. */
ThAttempt th_direct_read_plain(const ThRecording *r, const ThObservation *o, ThDirect *out, ThReason *why);
void th_direct_clear(ThDirect *direct);
/* Is every datum's argument an element itself? */
bool th_direct_is_plain(const ThRecording *r, const ThDirect *direct);

typedef struct ThDirectDatum {
  size_t element; /* which the datum belongs to */
  double x;
  double p[TH_MAX_PARAMETERS]; /* of the law; NaN where unknown */
  ThConjugateForm form;        /* of the argument */
} ThDirectDatum;
void th_direct_datum(const ThRecording *r, const ThDirect *direct, size_t i, ThDirectDatum *out);

#endif
