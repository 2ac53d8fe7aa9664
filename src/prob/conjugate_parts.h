/* conjugate_parts.h - what several conjugate pairs share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CONJUGATE_PARTS_H
#define TH_PROB_CONJUGATE_PARTS_H

#include "prob/conjugate.h"

/* The marginal of an exponential variable whose rate is a gamma one of shape a and rate b, or whose mean is an inverse
 * gamma one of shape a and scale b: log of its density, and the distribution. */
double th_conjugate_log_lomax(const double *prior, const double *likelihood, double x);
TH_CHECKED bool th_conjugate_lomax(ThContext *cx, const double *prior, const double *likelihood,
                                   ThValue *out);
/* The same of a gamma variable of known shape. */
double th_conjugate_log_beta_prime(const double *prior, const double *likelihood, double x);
TH_CHECKED bool th_conjugate_beta_prime(ThContext *cx, const double *prior, const double *likelihood,
                                        ThValue *out);

#endif
