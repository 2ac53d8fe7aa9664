/* linalg_small.h - matrices of a few rows, by plain loops */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_LINALG_SMALL_H
#define TH_NUM_LINALG_SMALL_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

/* For a handful of rows a loop is done before a library is loaded, and gives the same digits on every
 * machine. Every matrix is row-major; shapes and meanings as in linalg.h. */

enum {
  TH_SMALL_ROWS = 8,   /* square matrices up to here are factored by loops */
  TH_SMALL_TERMS = 512 /* products of up to so many terms are summed by loops */
};

void th_small_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, double alpha,
                   const double *a, const double *b, double beta, double *c);
void th_small_gemm_complex(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                           double complex alpha, const double complex *a, const double complex *b,
                           double complex beta, double complex *c);
/* L L' = A: L takes the place of A's lower triangle. False when A is not positive definite. */
bool th_small_cholesky(size_t n, double *a);
void th_small_solve_triangular(bool lower, bool transpose, size_t n, size_t n_rhs, const double *t,
                               double *b);
/* P A = L U with partial pivoting, L with a diagonal of ones: both in A's place; row i was exchanged with row
 * pivots[i], counted from 1 as LAPACK does. False when a pivot is 0. */
bool th_small_lu(size_t n, double *a, int *pivots);

/* A square matrix of at most TH_SMALL_ROWS rows: its factors, and its inverse (n, n). */
typedef struct ThSmallFactors {
  double factors[TH_SMALL_ROWS * TH_SMALL_ROWS], inverse[TH_SMALL_ROWS * TH_SMALL_ROWS];
  int pivots[TH_SMALL_ROWS];
  bool cholesky; /* factors is L of L L' = A; else L and U */
} ThSmallFactors;

/* By LU; false when A is singular. */
bool th_small_factor(size_t n, const double *a, ThSmallFactors *f);
/* A symmetric A by Cholesky, whose inverse is symmetric to the last bit; false when A is not positive definite. */
bool th_small_factor_symmetric(size_t n, const double *a, ThSmallFactors *f);
/* B (n, n_rhs) becomes A⁻¹B. */
void th_small_solve(size_t n, size_t n_rhs, const ThSmallFactors *f, double *b);

#endif
