/* posterior_draws.h - numbers drawn from a posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_POSTERIOR_DRAWS_H
#define TH_INFER_POSTERIOR_DRAWS_H

#include "infer/posterior.h"

/* n joint draws into x (n, k). Of a posterior by draws they are some of these, evenly spaced; of any other one new ones
 * from the generator of the session. */
TH_CHECKED bool th_posterior_draws(const ThPosterior *p, size_t n, double *x);

#endif
