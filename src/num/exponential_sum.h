/* exponential_sum.h - Σ c_j e^(i k x_j) for many k */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_EXPONENTIAL_SUM_H
#define TH_NUM_EXPONENTIAL_SUM_H

#include <complex.h>

#include "base/context.h"

/* m terms at places x with weights re + i im: im may be NULL (real weights), re too (all are 1). Empirical
 * characteristic functions, trapezium rules in either direction. */
typedef struct ThExponentialTerms {
  size_t m;
  const double *x, *re, *im;
} ThExponentialTerms;

/* z[l] = Σ_j c_j e^(i k[l] x_j), l < n. Term by term, or, for many terms at an even grid of k, by a non-uniform fast
 * Fourier transform: O(m + n log n). The error is about 1e-15 max(1, |k x|) Σ|c_j| at most, either way. *method
 * (may be NULL) becomes "direct sum" or "non-uniform FFT". Fails for want of memory or when interrupted. */
TH_CHECKED bool th_exponential_sum(ThContext *cx, const ThExponentialTerms *terms, size_t n, const double *k,
                                   double complex *z, const char **method);

/* The same at one k, which needs no memory. */
double complex th_exponential_sum_at(const ThExponentialTerms *terms, double k);

/* Are they first + i step, to rounding? */
bool th_exponential_is_even(size_t n, const double *k, double *step);

#endif
