/* event.h - distributions whose outcomes are vectors or matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_EVENT_H
#define TH_PROB_EVENT_H

#include <complex.h>

#include "prob/distribution.h"

/* What such a family knows; it stands in the family's row beside &th_event_law. An outcome is n numbers, or n × n by
 * rows; n is the first of the doubles of d->p. What depends on the order of numbers (cdf, quantiles) has no place
 * here: the verbs say so. NULL where there is no closed form. */
struct ThEventLaw {
  uint32_t rank; /* axes of an outcome: 1 or 2 */
  bool discrete;
  bool (*log_density)(ThContext *cx, const ThDistribution *d, const double *x, double *out);
  void (*mean)(const ThDistribution *d, double *out);
  void (*variance)(const ThDistribution *d, double *out);   /* of each component */
  void (*covariance)(const ThDistribution *d, double *out); /* (n, n), of vectors */
  bool (*mode)(ThContext *cx, const ThDistribution *d, double *out);
  bool (*entropy)(ThContext *cx, const ThDistribution *d, double *out);
  bool (*kl)(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out); /* of equal n */
  bool (*sample)(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out);
  bool (*cf)(ThContext *cx, const ThDistribution *d, const double *k,
             double complex *out); /* E e^(i Σ k x) */
  /* The distribution of component i, and of component i given those before it, which are the variables
   * before[0 … i - 1]: a distribution, one given variables, or a variable whose values are distributions. Counted from
   * 0. Where they leave no choice, *fixed, and *out is what the component equals. */
  bool (*marginal)(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out);
  bool (*given)(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i, ThValue *out,
                bool *fixed);
};

/* The law of these families for those who ask for numbers: an error that says what to ask instead. */
extern const ThLaw th_event_law;

static inline size_t th_event_size(const ThDistribution *d) { return (size_t)d->p[0]; }
/* The numbers of an outcome. */
size_t th_event_count(const ThDistribution *d);

/* --- event.c: reading parameters. A failure names the parameter. */

/* Parameter j as a vector of finite numbers, owned. */
TH_CHECKED bool th_event_vector(ThContext *cx, const ThDistribution *d, int j, ThArray **out);
/* A value as a symmetric positive definite matrix of finite numbers, owned, made exactly symmetric; its lower Cholesky
 * factor into *factor, owned. `name` is the parameter's. */
TH_CHECKED bool th_event_matrix(ThContext *cx, const char *family, const char *name, ThValue v, ThArray **out,
                                ThArray **factor);
/* The conversion of matrices by the names "precision" and "cholesky" into the matrix itself. */
TH_CHECKED bool th_event_matrix_by_name(ThContext *cx, const char *name, ThValue given, ThValue *set);
/* A distribution of the number family, as the marginal or conditional law of a component. */
TH_CHECKED bool th_event_number_law(ThContext *cx, const ThFamily *family, const ThValue *parameters,
                                    ThValue *out);

/* --- event_verb.c */

bool th_event_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out);
/* KL(p‖q) within a family, in nats. */
TH_CHECKED bool th_event_kl(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out);
/* d[i], counted from 1. */
TH_CHECKED bool th_event_index(ThContext *cx, const ThDistribution *d, const ThValue *indices, size_t n,
                               ThValue *out);
/* d.cov: (n, n). */
TH_CHECKED bool th_event_covariance(ThContext *cx, const ThDistribution *d, ThValue *out);
/* "a vector of 2, mean …, sd …": for the echo. */
TH_CHECKED bool th_event_facts(ThContext *cx, const ThDistribution *d, ThText *out);
/* The law of component i (from 0) of declared variables, given those before it. */
TH_CHECKED bool th_event_component(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i,
                                   ThValue *out, bool *fixed);

#endif
