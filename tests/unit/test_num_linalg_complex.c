/* test_num_linalg_complex.c - tests of num/linalg_complex */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <complex.h>
#include <math.h>

#include "num/linalg.h"
#include "num/linalg_complex.h"

typedef double complex Complex;

enum { MANY = 36 };

static const double tolerance = 1e-12;

/* Numbers without pattern, of the size of 1. */
static void fill(size_t n, Complex *x, double seed) {
  for (size_t i = 0; i < n; i++)
    x[i] = __builtin_complex(sin(1.7 * (double)i + seed), cos(2.385 * (double)(i * i) + seed));
}

static void conjugate_transpose(size_t m, size_t n, const Complex *a, Complex *b) {
  th_linalg_transpose_complex(m, n, a, b);
  for (size_t i = 0; i < m * n; i++) b[i] = conj(b[i]);
}

static void check_near(size_t n, const Complex *x, const Complex *y) {
  for (size_t i = 0; i < n; i++) ck_assert_double_lt(cabs(x[i] - y[i]), tolerance);
}

/* The columns of q (m, k) are orthonormal. */
static void check_orthonormal(size_t m, size_t k, const Complex *q) {
  Complex left[MANY], gram[MANY], unit[MANY] = {0};
  conjugate_transpose(m, k, q, left);
  th_linalg_gemm_complex(false, false, k, k, m, 1, left, q, 0, gram);
  for (size_t i = 0; i < k; i++) unit[i * (k + 1)] = 1;
  check_near(k * k, gram, unit);
}

static const struct { size_t m, n; } shapes[] = {{1, 1}, {2, 2}, {3, 2}, {2, 5}, {5, 5}, {6, 4}};

START_TEST(factors_multiply_back) {
  ThContext cx;
  unit_context(&cx);
  size_t m = shapes[_i].m, n = shapes[_i].n, k = m < n ? m : n;
  Complex a[MANY], u[MANY], v[MANY], left[MANY], back[MANY];
  double s[6];
  fill(m * n, a, 0.3);
  ck_assert(th_linalg_svd_complex(&cx, m, n, a, u, s, v));
  check_orthonormal(m, k, u);
  check_orthonormal(n, k, v);
  for (size_t i = 0; i < m * k; i++) u[i] *= s[i % k];
  conjugate_transpose(n, k, v, left);
  th_linalg_gemm_complex(false, false, m, n, k, 1, u, left, 0, back);
  check_near(m * n, back, a);
  ck_assert(th_linalg_qr_complex(&cx, m, n, a, u, v));
  check_orthonormal(m, k, u);
  for (size_t i = 0; i < k; i++) ck_assert(creal(v[i * (n + 1)]) >= 0 && cimag(v[i * (n + 1)]) == 0);
  th_linalg_gemm_complex(false, false, m, n, k, 1, u, v, 0, back);
  check_near(m * n, back, a);
  unit_done(&cx);
}
END_TEST

/* A A⁺ A = A, and the least-squares residual is at right angles to the columns. */
START_TEST(pseudo_inverse_and_least_squares) {
  ThContext cx;
  unit_context(&cx);
  size_t m = shapes[_i].m, n = shapes[_i].n, rank;
  Complex a[MANY], pseudo[MANY], product[MANY], back[MANY], b[6], x[6], residual[6], left[MANY],
      zero[6] = {0};
  fill(m * n, a, 0.7);
  fill(m, b, 1.9);
  ck_assert(th_linalg_pseudo_inverse_complex(&cx, m, n, a, pseudo));
  th_linalg_gemm_complex(false, false, m, m, n, 1, a, pseudo, 0, product);
  th_linalg_gemm_complex(false, false, m, n, m, 1, product, a, 0, back);
  check_near(m * n, back, a);
  ck_assert(th_linalg_rank_complex(&cx, m, n, a, &rank));
  ck_assert_uint_eq(rank, m < n ? m : n);
  ck_assert(th_linalg_least_squares_complex(&cx, m, n, 1, a, b, x));
  th_linalg_gemm_complex(false, false, m, 1, n, 1, a, x, 0, residual);
  for (size_t i = 0; i < m; i++) residual[i] = b[i] - residual[i];
  conjugate_transpose(m, n, a, left);
  th_linalg_gemm_complex(false, false, n, 1, m, 1, left, residual, 0, x);
  check_near(n, x, zero);
  unit_done(&cx);
}
END_TEST

/* H = A Aᴴ + 1 is Hermitian and positive definite. */
static void hermitian(size_t n, Complex *h) {
  Complex a[MANY], right[MANY];
  fill(n * n, a, 0.4);
  conjugate_transpose(n, n, a, right);
  th_linalg_gemm_complex(false, false, n, n, n, 1, a, right, 0, h);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) h[i * n + j] = i == j ? creal(h[i * n + j]) + 1 : conj(h[j * n + i]);
}

START_TEST(eigenvalues_and_cholesky) {
  ThContext cx;
  unit_context(&cx);
  enum { N = 5 };
  Complex h[N * N], a[N * N], vectors[N * N], left[N * N], back[N * N], values[N];
  double real[N];
  hermitian(N, h);
  ck_assert(th_linalg_is_hermitian(N, h));
  ck_assert(th_linalg_eigen_hermitian(&cx, N, h, real, vectors));
  check_orthonormal(N, N, vectors);
  th_linalg_gemm_complex(false, false, N, N, N, 1, h, vectors, 0, left);
  for (size_t i = 0; i < N * N; i++) back[i] = vectors[i] * real[i % N];
  check_near(N * N, left, back);
  for (size_t i = 1; i < N; i++) ck_assert(real[i] >= real[i - 1]);
  ck_assert(th_linalg_cholesky_complex(N, h));
  conjugate_transpose(N, N, h, left);
  th_linalg_gemm_complex(false, false, N, N, N, 1, h, left, 0, back);
  hermitian(N, h);
  check_near(N * N, back, h);
  fill(N * N, a, 0.9);
  ck_assert(!th_linalg_is_hermitian(N, a));
  ck_assert(th_linalg_eigen_complex(&cx, N, a, values, vectors));
  th_linalg_gemm_complex(false, false, N, N, N, 1, a, vectors, 0, left);
  for (size_t i = 0; i < N * N; i++) back[i] = vectors[i] * values[i % N];
  check_near(N * N, left, back);
  h[0] = -2.385;
  ck_assert(!th_linalg_cholesky_complex(N, h));
  unit_done(&cx);
}
END_TEST

START_TEST(what_is_not_finite_is_refused) {
  ThContext cx;
  unit_context(&cx);
  Complex a[4] = {1, 2, NAN, 4}, u[4], v[4];
  double s[2];
  ck_assert(!th_linalg_svd_complex(&cx, 2, 2, a, u, s, v));
  ck_assert_str_eq(cx.error.message, "a matrix holds nan or inf");
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

static bool attempt(ThContext *cx) {
  Complex a[6], u[6], v[6], values[4];
  double s[2];
  fill(6, a, 0.2);
  return th_linalg_svd_complex(cx, 3, 2, a, u, s, v) && th_linalg_pseudo_inverse_complex(cx, 3, 2, a, u) &&
         th_linalg_qr_complex(cx, 3, 2, a, u, v) && th_linalg_eigen_complex(cx, 2, a, values, v) &&
         th_linalg_least_squares_complex(cx, 3, 2, 1, a, a, v) &&
         th_linalg_eigen_hermitian(cx, 2, (Complex[]){2, 1, 1, 2}, s, v);
}

START_TEST(survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_linalg_complex(void) {
  Suite *suite = suite_create("num_linalg_complex");
  ADD_ROWS(suite, factors_multiply_back, COUNT(shapes));
  ADD_ROWS(suite, pseudo_inverse_and_least_squares, COUNT(shapes));
  ADD(suite, eigenvalues_and_cholesky);
  ADD(suite, what_is_not_finite_is_refused);
  ADD(suite, survives_refused_memory);
  return suite;
}
