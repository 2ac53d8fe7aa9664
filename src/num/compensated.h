/* compensated.h - sums that keep the rounding of every addition */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_COMPENSATED_H
#define TH_NUM_COMPENSATED_H

#include <math.h>

/* Neumaier 1974: the error is that of one rounding, and of second order in the others. {0} is 0. Of arrays
 * th_kernel_sum_compensated does the same faster. */
typedef struct ThCompensated {
  double sum, lost;
} ThCompensated;

static inline void th_compensated_add(ThCompensated *s, double x) {
  double t = s->sum + x;
  s->lost += fabs(s->sum) >= fabs(x) ? (s->sum - t) + x : (x - t) + s->sum;
  s->sum = t;
}

/* An infinite sum has lost nothing. */
static inline double th_compensated_total(const ThCompensated *s) {
  return isfinite(s->sum) ? s->sum + s->lost : s->sum;
}

#endif
