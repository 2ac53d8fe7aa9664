/* linalg_small.c - matrices of a few rows, by plain loops */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg_small.h"

#include <math.h>
#include <string.h>

/* C = alpha A B + beta C; with beta 0 the old C is not read. */
#define GEMM(TYPE)                                                                              \
  for (size_t i = 0; i < m; i++)                                                                \
    for (size_t j = 0; j < n; j++) {                                                            \
      TYPE sum = 0;                                                                             \
      for (size_t p = 0; p < k; p++)                                                            \
        sum += a[transpose_a ? p * m + i : i * k + p] * b[transpose_b ? j * k + p : p * n + j]; \
      c[i * n + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * n + j]);                       \
    }

void th_small_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, double alpha,
                   const double *a, const double *b, double beta, double *c) {
  GEMM(double)
}

void th_small_gemm_complex(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                           double complex alpha, const double complex *a, const double complex *b,
                           double complex beta, double complex *c) {
  GEMM(double complex)
}

/* Row by row: what stands left of and above an element is finished when it is reached. */
bool th_small_cholesky(size_t n, double *a) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = a[i * n + j];
      for (size_t p = 0; p < j; p++) sum -= a[i * n + p] * a[j * n + p];
      if (i == j && !(sum > 0)) return false;
      a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
    }
  return true;
}

/* Forward when the matrix, turned or not, is lower; else from the last row up. */
void th_small_solve_triangular(bool lower, bool transpose, size_t n, size_t n_rhs, const double *t,
                               double *b) {
  bool forward = lower != transpose;
  for (size_t step = 0; step < n; step++) {
    size_t i = forward ? step : n - 1 - step;
    for (size_t j = 0; j < n_rhs; j++) {
      double sum = b[i * n_rhs + j];
      for (size_t p = forward ? 0 : i + 1; p < (forward ? i : n); p++)
        sum -= t[transpose ? p * n + i : i * n + p] * b[p * n_rhs + j];
      b[i * n_rhs + j] = sum / t[i * n + i];
    }
  }
}

static void exchange_rows(size_t n, double *a, size_t i, size_t j) {
  for (size_t k = 0; i != j && k < n; k++) {
    double kept = a[i * n + k];
    a[i * n + k] = a[j * n + k];
    a[j * n + k] = kept;
  }
}

bool th_small_lu(size_t n, double *a, int *pivots) {
  bool regular = true;
  for (size_t k = 0; k < n; k++) {
    size_t largest = k;
    for (size_t i = k + 1; i < n; i++)
      if (fabs(a[i * n + k]) > fabs(a[largest * n + k])) largest = i;
    exchange_rows(n, a, k, largest);
    pivots[k] = (int)largest + 1;
    double pivot = a[k * n + k];
    regular = regular && pivot != 0;
    for (size_t i = k + 1; i < n && pivot != 0; i++) {
      double factor = a[i * n + k] /= pivot;
      for (size_t j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return regular;
}

void th_small_solve(size_t n, size_t n_rhs, const ThSmallFactors *f, double *b) {
  if (f->cholesky) {
    th_small_solve_triangular(true, false, n, n_rhs, f->factors, b);
    th_small_solve_triangular(true, true, n, n_rhs, f->factors, b);
    return;
  }
  for (size_t i = 0; i < n; i++) exchange_rows(n_rhs, b, i, (size_t)f->pivots[i] - 1);
  for (size_t i = 1; i < n; i++)
    for (size_t p = 0; p < i; p++)
      for (size_t j = 0; j < n_rhs; j++) b[i * n_rhs + j] -= f->factors[i * n + p] * b[p * n_rhs + j];
  th_small_solve_triangular(false, false, n, n_rhs, f->factors, b);
}

static void set_identity(size_t n, double *a) {
  for (size_t i = 0; i < n * n; i++) a[i] = i % (n + 1) == 0;
}

bool th_small_factor(size_t n, const double *a, ThSmallFactors *f) {
  f->cholesky = false;
  memcpy(f->factors, a, n * n * sizeof *a);
  if (!th_small_lu(n, f->factors, f->pivots)) return false;
  set_identity(n, f->inverse);
  th_small_solve(n, n, f, f->inverse);
  return true;
}

/* A⁻¹ = (L⁻¹)'L⁻¹ */
bool th_small_factor_symmetric(size_t n, const double *a, ThSmallFactors *f) {
  double inverse_l[TH_SMALL_ROWS * TH_SMALL_ROWS];
  f->cholesky = true;
  memcpy(f->factors, a, n * n * sizeof *a);
  if (!th_small_cholesky(n, f->factors)) return false;
  set_identity(n, inverse_l);
  th_small_solve_triangular(true, false, n, n, f->factors, inverse_l);
  th_small_gemm(true, false, n, n, n, 1, inverse_l, inverse_l, 0, f->inverse);
  return true;
}
