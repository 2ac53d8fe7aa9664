/* posterior.h - the exact distribution of one variable, given the conditions of a query */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_POSTERIOR_H
#define TH_PROB_POSTERIOR_H

#include "prob/query.h"

/* By a conjugate pair: variable k has a fixed prior, every condition observes a variable whose distribution
 * hangs on k alone, through the parameter of the pair. *found says so; then *out is owned. */
TH_CHECKED bool th_posterior_conjugate(ThQuery *q, size_t k, ThValue *out, bool *found);
/* By linear algebra: all variables are normal, with means linear in others. */
TH_CHECKED bool th_posterior_gaussian(ThQuery *q, size_t k, ThValue *out, bool *found);
/* The same of all targets: mean (n), covariance (n, n). */
TH_CHECKED bool th_posterior_normals(ThQuery *q, double *mean, double *cov, bool *found);

#endif
