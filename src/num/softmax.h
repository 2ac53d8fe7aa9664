/* softmax.h - exponentials that are divided by their sum, and their logarithms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SOFTMAX_H
#define TH_NUM_SOFTMAX_H

#include <stddef.h>

/* Both subtract the largest number first, so that nothing overflows. Where it is inf its places share all; where all
 * numbers are -inf there is nothing to share: zeros, and -inf for the logarithms. */

/* y[k] = e^x[k] / Σ e^x; y may be x. */
void th_softmax(size_t n, const double *x, double *y);
/* y[k] = x[k] - log Σ e^x, y another array than x. Small results keep their relative accuracy: the largest number
 * enters the sum as the 1 of log1p. */
void th_log_softmax(size_t n, const double *x, double *y);

#endif
