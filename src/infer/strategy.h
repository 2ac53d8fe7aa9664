/* strategy.h - ordered ways to find a maximum or a posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_STRATEGY_H
#define TH_INFER_STRATEGY_H

#include "infer/objective.h"
#include "infer/record.h"
#include "infer/steps.h"

/* What an attempt came to. The first strategy of a table that does not decline has answered. */
typedef enum ThAttempt {
  TH_ANSWERED,
  TH_DECLINED, /* the model is outside what this strategy solves; the reason says which part */
  TH_FAILED    /* with an error record */
} ThAttempt;

/* Why a strategy declined, in words that go on from "this version cannot fit `m`: ". */
typedef struct ThReason {
  char text[240];
} ThReason;

/* Sets the reason; gives TH_DECLINED. */
ThAttempt th_decline(ThReason *why, const char *format, ...) TH_PRINTF(2, 3);

/* A maximum: of the likelihood, or of the posterior density. k numbers in the order of the record's elements.
 * */
typedef struct ThMaximum {
  ThContext *cx;
  size_t k;
  double *estimate;    /* (k) */
  double *covariance;  /* (k, k), the inverse of the information; NaN where there is none */
  double *information; /* (k, k), minus the second derivatives */
  double *range;       /* (k, 2): where each may lie; all numbers unless set */
  size_t constraints;  /* equations that the numbers obey: 1 where they are shares */
  bool expected;       /* the information is the expected one, too */
  const char *method;  /* "exact: …" */
  ThCalls calls;       /* of what was asked on the way; zeros when it was solved for */
  ThSteps steps;       /* of the search; none when it was solved for */
  bool interrupted;    /* by Ctrl-C: the best so far */
  ThText words;        /* sentences for the person, one a line: a boundary */
} ThMaximum;
TH_CHECKED bool th_maximum_init(ThContext *cx, size_t k, ThMaximum *out);
void th_maximum_clear(ThMaximum *maximum);
/* Ctrl-C came before the maximum: the estimate is the best so far, without errors. */
void th_maximum_interrupt(ThMaximum *maximum, const char *method);

typedef struct ThMaximizer {
  const char *name;
  ThAttempt (*attempt)(const ThRecording *r, ThMaximum *out, ThReason *why);
  bool takes_weights; /* of the data: those that do not are passed over where there are some */
  bool takes_hanging; /* can do with ranges whose ends hang on parameters */
} ThMaximizer;

/* In order; each ends with a row without a name. */
extern const ThMaximizer th_maximizers[];
/* Those that can do with a plain recording, of which no structure is known. */
extern const ThMaximizer th_plain_maximizers[];

struct ThPosterior;
typedef struct ThPosteriorMethod {
  const char *name;
  const char *option; /* `method = "…"` that asks for it */
  bool by_name;       /* taken only when it is asked for */
  bool takes_plain;   /* can do with a plain recording */
  bool takes_hanging; /* can do with `param θ in (…)` whose ends hang on parameters */
  ThAttempt (*attempt)(const ThRecording *r, struct ThPosterior *out, ThReason *why);
} ThPosteriorMethod;
extern const ThPosteriorMethod th_posterior_methods[];

/* conjugate.c */
ThAttempt th_conjugate_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
ThAttempt th_conjugate_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* conjugate_vector.c */
ThAttempt th_conjugate_shares_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* closed_form.c */
ThAttempt th_closed_form_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* nonlinear.c */
ThAttempt th_nonlinear_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* absolute_fit.c */
ThAttempt th_absolute_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* sparse.c */
ThAttempt th_sparse_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* shares_maximum.c */
ThAttempt th_shares_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* numeric.c */
ThAttempt th_numeric_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* The same from starts of the caller's, n_starts rows of as many numbers as there are elements, all tried; `solved`:
 * the first one is the maximum, of which only the curvature is asked. */
ThAttempt th_numeric_maximum_from(const ThRecording *r, const double *starts, size_t n_starts, bool solved,
                                  ThMaximum *out, ThReason *why);
/* family_vector.c */
ThAttempt th_family_vector_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* family_maximum.c */
ThAttempt th_family_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
/* grid.c */
ThAttempt th_grid_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* discrete_posterior.c */
ThAttempt th_discrete_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* laplace.c */
ThAttempt th_laplace_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* sampled_posterior.c */
ThAttempt th_nuts_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* gaussian.c */
ThAttempt th_gaussian_maximum(const ThRecording *r, ThMaximum *out, ThReason *why);
ThAttempt th_gaussian_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);
/* normal_inv_gamma.c */
ThAttempt th_normal_inv_gamma_posterior(const ThRecording *r, struct ThPosterior *out, ThReason *why);

#endif
