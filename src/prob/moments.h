/* moments.h - moments and cumulants of any order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_MOMENTS_H
#define TH_PROB_MOMENTS_H

#include "prob/distribution.h"

enum { TH_MAX_MOMENT = 100 };

/* E X^n, 0 <= n <= TH_MAX_MOMENT: closed where the family says so, else an integral or a sum over the
 * support. */
TH_CHECKED bool th_distribution_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out);
/* The n-th cumulant, n >= 1: the n-th derivative of log E e^(tX) at 0. */
TH_CHECKED bool th_distribution_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n,
                                         double *out);

/* The same with method, error and, where there is none, the reason. */
TH_CHECKED bool th_distribution_find_moment(ThContext *cx, const ThDistribution *d, size_t i, int n,
                                            ThFinding *out);
TH_CHECKED bool th_distribution_find_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n,
                                              ThFinding *out);
/* E (X - E X)^n, n >= 0. */
TH_CHECKED bool th_distribution_find_central(ThContext *cx, const ThDistribution *d, size_t i, int n,
                                             ThFinding *out);
/* moments[0 … n] from cumulants[1 … n], and back. */
void th_moments_of_cumulants(const double *cumulants, int n, double *moments);
void th_cumulants_of_moments(const double *moments, int n, double *cumulants);
/* The error of moments[n], from those of cumulants[1 … n]; of cumulants[n], from those of moments[0 … n] and the
 * rounding of terms that cancel. */
double th_moment_error(const double *cumulants, const double *moments, int n, const double *of_cumulant);
double th_cumulant_error(const double *moments, const double *cumulants, int n, const double *of_moment);
/* κₙ becomes κₙ/κ₂^(n/2). */
void th_cumulants_standardise(const ThFinding *variance, int n, ThFinding *cumulant);

#endif
