/* chebyshev.h - values of sums of Chebyshev polynomials */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_CHEBYSHEV_H
#define TH_NUM_CHEBYSHEV_H

#include <stddef.h>

/* Σ c[k] T_k(t), k < n, n > 0, by Clenshaw's recurrence (1955). */
static inline double th_chebyshev_value(size_t n, const double *c, double t) {
  double b1 = 0, b2 = 0;
  for (size_t k = n; k-- > 1;) {
    double b = 2 * t * b1 - b2 + c[k];
    b2 = b1;
    b1 = b;
  }
  return t * b1 - b2 + c[0];
}

#endif
