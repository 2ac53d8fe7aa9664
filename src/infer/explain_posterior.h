/* explain_posterior.h - what explanations of posteriors that are not exact have in common */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXPLAIN_POSTERIOR_H
#define TH_INFER_EXPLAIN_POSTERIOR_H

#include "infer/explain.h"
#include "infer/posterior.h"
#include "infer/target.h"

typedef struct ThApproach {
  ThContext *cx;
  ThExplanation *e;
  ThValue value; /* the posterior, borrowed, */
  const ThPosterior *p;
  const ThTarget *target; /* its loss, and where its elements may lie */
  size_t k;
} ThApproach;

/* Bayes' formula, and the loss as sums. */
TH_CHECKED bool th_explain_add_bayes(const ThApproach *a);
/* k numbers, or (k, k), as a name for which the symbol stands. */
TH_CHECKED bool th_explain_posterior_vector(const ThApproach *a, const char *symbol, const char *wanted,
                                            const double *x);
TH_CHECKED bool th_explain_posterior_matrix(const ThApproach *a, const char *symbol, const char *wanted,
                                            const double *x);
/* The symbol stands for the name of element j. */
TH_CHECKED bool th_explain_posterior_name(const ThApproach *a, const char *symbol, size_t j);

TH_CHECKED bool th_explain_laplace(const ThApproach *a, bool *done); /* explain_laplace.c */
TH_CHECKED bool th_explain_grid(const ThApproach *a, bool *done);    /* explain_grid.c */
TH_CHECKED bool th_explain_draws(const ThApproach *a, bool *done);   /* explain_draws.c */

#endif
