/* conjugate.h - pairs of prior and likelihood whose posterior stays in the prior's family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CONJUGATE_H
#define TH_PROB_CONJUGATE_H

#include "prob/distribution.h"

/* One pair. `prior` and `likelihood` hold the positional parameters; of the likelihood's the one at
 * `parameter`, or that which `argument` would give, is the unknown, and is not read. */
typedef struct ThConjugate {
  const ThFamily *prior, *likelihood;
  int parameter;        /* -1: it comes in by another name, then */
  const char *argument; /* names of the likelihood's, by one of which it is given: "scale mean" */
  /* The posterior's parameters after one datum x. */
  void (*update)(const double *prior, const double *likelihood, double x, double *posterior);
  /* log of the marginal density of x under the prior: one factor of the evidence. */
  double (*log_predictive)(const double *prior, const double *likelihood, double x);
  const char *rule; /* "α + x, β + 1 - x": how update goes, for explanations */
  /* The distribution of a datum under the prior; NULL where it is in no known family. */
  bool (*predictive)(ThContext *cx, const double *prior, const double *likelihood, ThValue *out);
  /* Are the known parameters of the likelihood such that the pair holds? NULL: any are. */
  bool (*fits)(const double *likelihood);
} ThConjugate;

/* A prior as the family that has conjugate pairs: Uniform(0, 1) is Beta(1, 1), Exponential(r) is Gamma(1,
 * r), any other itself. Writes its parameters into q. */
const ThFamily *th_conjugate_prior(const ThFamily *family, const double *p, double *q);
/* The pair, or NULL: by the unknown parameter, or by the name under which it is given. */
const ThConjugate *th_conjugate_find(const ThFamily *prior, const ThFamily *likelihood, int parameter);
const ThConjugate *th_conjugate_find_named(const ThFamily *prior, const ThFamily *likelihood,
                                           const char *name, size_t length);
/* The rows, in order; NULL after the last. */
const ThConjugate *th_conjugate_at(size_t i);
/* Those of scales, variances and bounds: rows for th_conjugate_at, the last of which has no prior. */
extern const ThConjugate th_conjugate_scales[];

#endif
