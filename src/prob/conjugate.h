/* conjugate.h - pairs of prior and likelihood whose posterior stays in the prior's family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CONJUGATE_H
#define TH_PROB_CONJUGATE_H

#include "prob/distribution.h"

/* One pair. `prior` and `likelihood` hold the positional parameters; of the likelihood's the one at
 * `parameter` is the unknown, and is not read. */
typedef struct ThConjugate {
  const ThFamily *prior, *likelihood;
  int parameter;
  /* The posterior's parameters after one datum x. */
  void (*update)(const double *prior, const double *likelihood, double x, double *posterior);
  /* log of the marginal density of x under the prior: one factor of the evidence. */
  double (*log_predictive)(const double *prior, const double *likelihood, double x);
  const char *rule; /* "α + x, β + 1 - x": how update goes, for explanations */
} ThConjugate;

/* A prior as the family that has conjugate pairs: Uniform(0, 1) is Beta(1, 1), Exponential(r) is Gamma(1,
 * r), any other itself. Writes its parameters into q. */
const ThFamily *th_conjugate_prior(const ThFamily *family, const double *p, double *q);
/* The pair, or NULL. */
const ThConjugate *th_conjugate_find(const ThFamily *prior, const ThFamily *likelihood, int parameter);
/* The rows, in order; NULL after the last. */
const ThConjugate *th_conjugate_at(size_t i);

#endif
