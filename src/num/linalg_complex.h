/* linalg_complex.h - factorisations of complex matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_LINALG_COMPLEX_H
#define TH_NUM_LINALG_COMPLEX_H

#include <complex.h>

#include "base/context.h"

/* Matrices are row-major, k = min(m, n), ᴴ is the conjugate transpose. A matrix that holds nan or inf is an
 * error; so is an iteration that does not converge. */

bool th_linalg_is_hermitian(size_t n, const double complex *a);
/* The lower triangular L with A = L Lᴴ, over a (n, n); false when A is not positive definite. */
TH_CHECKED bool th_linalg_cholesky_complex(size_t n, double complex *a);
/* B (n, n_rhs) becomes T⁻¹B, or T⁻ᴴB when `adjoint`, for a triangular T (n, n) whose other triangle is not read. */
void th_linalg_solve_triangular_complex(bool lower, bool adjoint, size_t n, size_t n_rhs,
                                        const double complex *t, double complex *b);
/* A = U diag(s) Vᴴ: u (m, k), s (k) decreasing, v (n, k); u and v may both be NULL. */
TH_CHECKED bool th_linalg_svd_complex(ThContext *cx, size_t m, size_t n, const double complex *a,
                                      double complex *u, double *s, double complex *v);
TH_CHECKED bool th_linalg_rank_complex(ThContext *cx, size_t m, size_t n, const double complex *a,
                                       size_t *rank);
/* pseudo (n, m) */
TH_CHECKED bool th_linalg_pseudo_inverse_complex(ThContext *cx, size_t m, size_t n, const double complex *a,
                                                 double complex *pseudo);
/* x (n, n_rhs) of least norm among those that minimise ‖A x - b‖, b (m, n_rhs) */
TH_CHECKED bool th_linalg_least_squares_complex(ThContext *cx, size_t m, size_t n, size_t n_rhs,
                                                const double complex *a, const double complex *b,
                                                double complex *x);
/* A = Q R: q (m, k) with orthonormal columns, r (k, n) upper triangular with a diagonal that is real, not
 * negative. */
TH_CHECKED bool th_linalg_qr_complex(ThContext *cx, size_t m, size_t n, const double complex *a,
                                     double complex *q, double complex *r);
/* Of a Hermitian matrix: values (n) increasing; the columns of vectors (n, n) orthonormal. */
TH_CHECKED bool th_linalg_eigen_hermitian(ThContext *cx, size_t n, const double complex *a, double *values,
                                          double complex *vectors);
/* Of any square matrix; the columns of vectors (n, n) have norm 1. */
TH_CHECKED bool th_linalg_eigen_complex(ThContext *cx, size_t n, const double complex *a,
                                        double complex *values, double complex *vectors);

#endif
