/* fft.h - the discrete Fourier transform */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_FFT_H
#define TH_NUM_FFT_H

#include <complex.h>

#include "base/context.h"

/* In place: x[k] = Σ_j x[j] e^(-2πi jk/n), in O(n log n) for every n; the inverse has e^(+2πi jk/n) and
 * divides by n. Fails for want of memory, or when interrupted: x is spoilt then. */
TH_CHECKED bool th_fft(ThContext *cx, size_t n, double complex *x, bool inverse);

#endif
