/* linalg.c - products of dense matrices, transposition */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg.h"

#include "num/kernels.h"
#include "num/linalg_small.h"
#include "num/linalg_work.h"
#include "num/real.h"

static int least(size_t n) { return n > 0 ? (int)n : 1; } /* a leading dimension */

void th_linalg_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, double alpha,
                    const double *a, const double *b, double beta, double *c) {
  const ThBlas *blas = th_linalg_library(th_linalg_volume(m, n, k));
  if (m == 0 || n == 0) return;
  if (!blas) {
    th_small_gemm(transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c);
    return;
  }
  th_linalg_use_threads(th_linalg_terms(m, n, k));
  blas->dgemm(CblasRowMajor, th_linalg_turned(transpose_a), th_linalg_turned(transpose_b), (int)m, (int)n,
              (int)k, alpha, a, least(transpose_a ? m : k), b, least(transpose_b ? k : n), beta, c, (int)n);
}

void th_linalg_gemm_complex(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                            double complex alpha, const double complex *a, const double complex *b,
                            double complex beta, double complex *c) {
  const ThBlas *blas = th_linalg_library(th_linalg_volume(m, n, k));
  if (m == 0 || n == 0) return;
  if (!blas) {
    th_small_gemm_complex(transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c);
    return;
  }
  th_linalg_use_threads(4 * th_linalg_terms(m, n, k));
  blas->zgemm(CblasRowMajor, th_linalg_turned(transpose_a), th_linalg_turned(transpose_b), (int)m, (int)n,
              (int)k, &alpha, a, least(transpose_a ? m : k), b, least(transpose_b ? k : n), &beta, c, (int)n);
}

/* Blocks of this size take a few hundredths of a second. */
enum { BLOCK = 512, BLOCK_TERMS = 2048 };

/* One block of C (…, n) gets `count` terms of its sums, from `term` on. */
static void add_block(bool is_complex, size_t rows, size_t cols, size_t count, size_t term, size_t n,
                      size_t k, const void *a, const void *b, void *c) {
  double complex one = 1, beta = term > 0;
  if (is_complex)
    th_blas()->zgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)cols, (int)count, &one, a,
                     (int)k, b, (int)n, &beta, c, (int)n);
  else
    th_blas()->dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)cols, (int)count, 1, a,
                     (int)k, b, (int)n, term > 0, c, (int)n);
}

/* C (m, n) = A B; a product of one block, or without a library, is made at once. */
static bool multiply(ThContext *cx, bool is_complex, size_t m, size_t n, size_t k, const char *a,
                     const char *b, char *c) {
  size_t size = is_complex ? sizeof(double complex) : sizeof(double);
  if (th_linalg_terms(m, n, k) <= (double)BLOCK * BLOCK * BLOCK_TERMS || !th_blas()) {
    if (is_complex)
      th_linalg_gemm_complex(false, false, m, n, k, 1, (const void *)a, (const void *)b, 0, (void *)c);
    else th_linalg_gemm(false, false, m, n, k, 1, (const void *)a, (const void *)b, 0, (void *)c);
    return true;
  }
  th_linalg_use_threads(th_linalg_terms(m, n, k));
  for (size_t row = 0; row < m; row += BLOCK)
    for (size_t col = 0; col < n; col += BLOCK)
      for (size_t term = 0; term < k; term += BLOCK_TERMS) {
        if (!th_poll(cx)) return false;
        add_block(is_complex, th_smaller(m - row, BLOCK), th_smaller(n - col, BLOCK),
                  th_smaller(k - term, BLOCK_TERMS), term, n, k, a + (row * k + term) * size,
                  b + (term * n + col) * size, c + (row * n + col) * size);
      }
  return true;
}

bool th_linalg_multiply(ThContext *cx, size_t m, size_t n, size_t k, const double *a, const double *b,
                        double *c) {
  return multiply(cx, false, m, n, k, (const char *)a, (const char *)b, (char *)c);
}

bool th_linalg_multiply_complex(ThContext *cx, size_t m, size_t n, size_t k, const double complex *a,
                                const double complex *b, double complex *c) {
  return multiply(cx, true, m, n, k, (const char *)a, (const char *)b, (char *)c);
}

void th_linalg_gemv(bool transpose, size_t m, size_t n, double alpha, const double *a, const double *x,
                    double beta, double *y) {
  size_t length = transpose ? n : m;
  if (length == 0) return;
  if (length == 1 || m == 0 || n == 0) { /* a dot product; or nothing but y to scale */
    double sum = m && n ? th_linalg_dot(transpose ? m : n, a, x) : 0;
    for (size_t i = 0; i < length; i++) y[i] = alpha * sum + (beta == 0 ? 0 : beta * y[i]);
    return;
  }
  const ThBlas *blas = th_linalg_library(th_linalg_volume(m, n, 1));
  if (!blas) {
    th_small_gemm(transpose, false, length, 1, transpose ? m : n, alpha, a, x, beta, y);
    return;
  }
  th_linalg_use_threads(th_linalg_terms(m, n, 1));
  blas->dgemv(CblasRowMajor, th_linalg_turned(transpose), (int)m, (int)n, alpha, a, (int)n, x, 1, beta, y, 1);
}

void th_linalg_symv(size_t n, double alpha, const double *a, const double *x, double *y) {
  const ThBlas *blas = th_linalg_library(th_linalg_volume(n, n, 1));
  if (blas) {
    th_linalg_use_threads(th_linalg_terms(n, n, 1));
    blas->dsymv(CblasRowMajor, CblasLower, (int)n, alpha, a, (int)n, x, 1, 0, y, 1);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const double *row = a + i * n;
    double sum = row[i] * x[i];
    for (size_t j = 0; j < i; j++) {
      sum += row[j] * x[j];
      y[j] += alpha * row[j] * x[i];
    }
    y[i] = alpha * sum;
  }
}

void th_linalg_syr2(size_t n, double alpha, const double *x, const double *y, double *a) {
  const ThBlas *blas = th_linalg_library(th_linalg_volume(n, n, 1));
  if (blas) {
    th_linalg_use_threads(th_linalg_terms(n, n, 1));
    blas->dsyr2(CblasRowMajor, CblasLower, (int)n, alpha, x, 1, y, 1, a, (int)n);
    return;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) a[i * n + j] += alpha * (x[i] * y[j] + y[i] * x[j]);
}

double th_linalg_dot(size_t n, const double *x, const double *y) { return th_kernel_sum_product(n, x, y); }

void th_linalg_gram(size_t m, size_t n, const double *x, double *c) {
  if (n == 0) return;
  const ThBlas *blas = th_linalg_library(th_linalg_volume(n, n, m));
  if (!blas) {
    th_small_gemm(true, false, n, n, m, 1, x, x, 0, c);
    return;
  }
  th_linalg_use_threads(0.5 * th_linalg_terms(n, n, m));
  blas->dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n, (int)m, 1, x, (int)n, 0, c, (int)n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) c[j * n + i] = c[i * n + j];
}

void th_linalg_gram_add(size_t m, size_t n, double alpha, const double *x, double *c) {
  if (n == 0) return;
  const ThBlas *blas = th_linalg_library(th_linalg_volume(n, n, m));
  if (blas) {
    th_linalg_use_threads(0.5 * th_linalg_terms(n, n, m));
    blas->dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n, (int)m, alpha, x, (int)n, 1, c, (int)n);
    return;
  }
  for (size_t row = 0; row < m; row++)
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++) c[i * n + j] += alpha * x[row * n + i] * x[row * n + j];
}

/* In tiles, which stay in the cache on both sides. */
#define TRANSPOSE(m, n, a, b)                                                             \
  do {                                                                                    \
    enum { TILE = 32 };                                                                   \
    for (size_t row = 0; row < m; row += TILE)                                            \
      for (size_t col = 0; col < n; col += TILE)                                          \
        for (size_t i = row; i < m && i < row + TILE; i++)                                \
          for (size_t j = col; j < n && j < col + TILE; j++) b[j * m + i] = a[i * n + j]; \
  } while (0)

void th_linalg_transpose(size_t m, size_t n, const double *a, double *b) { TRANSPOSE(m, n, a, b); }
void th_linalg_transpose_complex(size_t m, size_t n, const double complex *a, double complex *b) {
  TRANSPOSE(m, n, a, b);
}
