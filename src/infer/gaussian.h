/* gaussian.h - models whose errors are Normal with given σ and whose means are linear in the parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_GAUSSIAN_H
#define TH_INFER_GAUSSIAN_H

#include "infer/strategy.h"

/* A joint normal prior of all elements, left by data seen before: root·β - target is standard normal. */
typedef struct ThGaussianPrior {
  size_t k;
  const double *root, *target; /* (k, k) upper triangular, (k) */
  double log_evidence;         /* of those data; NaN where it is not defined */
} ThGaussianPrior;

/* The model as rows (coefficients·β - right)/σ, standard normal each: n of data, then those of the priors. */
typedef struct ThGaussianSystem {
  ThContext *cx;
  size_t k, n_rows, capacity;
  size_t n_data;
  double *rows;     /* (n_rows, k + 1): divided by σ, the right side last */
  double log_scale; /* Σ log σ over all rows */
  double constant;  /* log density of data that hang on no parameter */
  size_t n_proper;  /* elements with a proper prior */
} ThGaussianSystem;

/* A record being read into a system. */
typedef struct ThGaussianReading {
  const ThRecording *r;
  ThGaussianSystem *system;
  const ThVariable **variables; /* of the elements */
  ThReason *why;
} ThGaussianReading;

/* n new rows of zeros; NULL with an error, or when n is 0. */
double *th_gaussian_new_rows(ThGaussianSystem *system, size_t n);
/* gaussian_vector.c: data, and a whole parameter's prior, whose law is MvNormal. */
ThAttempt th_gaussian_read_vectors(const ThGaussianReading *reading, const ThObservation *o);
ThAttempt th_gaussian_read_vector_prior(const ThGaussianReading *reading, const ThUnknown *u);

/* Reads the record; with the priors when `with_priors`. */
ThAttempt th_gaussian_read(const ThRecording *r, bool with_priors, ThGaussianSystem *out, ThReason *why);
void th_gaussian_clear(ThGaussianSystem *system);

#endif
