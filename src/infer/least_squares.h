/* least_squares.h - weighted least squares by QR, with what is known about the solution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LEAST_SQUARES_H
#define TH_INFER_LEAST_SQUARES_H

#include "base/context.h"

/* The minimum of |A x - b|², A (m, k). One block; clear it. */
typedef struct ThLeastSquares {
  ThContext *cx;
  size_t k, rank;
  double *x;          /* (k); NaN when rank < k */
  double *root;       /* (k, k) upper triangular, root' root = A'A */
  double *covariance; /* (k, k), (A'A)⁻¹; NaN when rank < k */
  double *flat;       /* (k): when rank < k, a direction along which A x does not change; the first
                       * element that is not 0 is positive, the largest has size 1 */
  double sum_squares; /* at the minimum */
} ThLeastSquares;

/* By Householder QR of A with its columns scaled to about length 1, which makes the answer independent of
 * their units; solution and residual are refined in twice the working precision. */
TH_CHECKED bool th_least_squares(ThContext *cx, size_t m, size_t k, const double *a, const double *b,
                                 ThLeastSquares *out);
void th_least_squares_clear(ThLeastSquares *solution);

#endif
