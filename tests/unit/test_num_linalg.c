/* test_num_linalg.c - matrices: products, factors, solutions, what is singular */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/random.h"
#include "unit.h"

enum { MOST = 40 };

/* Shapes that all factorisations are tried on: (m, n). */
static const size_t shapes[][2] = {{1, 1},  {3, 3},   {7, 3},   {3, 7},  {40, 1},
                                   {1, 40}, {40, 25}, {25, 40}, {33, 33}};

static void fill_random(uint64_t seed, size_t n, double *a) {
  ThRandom r;
  th_random_seed(&r, seed);
  th_random_fill_normal(&r, n, a);
}

/* c = op(a) op(b), the slow way. */
static void slow_product(bool ta, bool tb, size_t m, size_t n, size_t k, const double *a, const double *b,
                         double *c) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      c[i * n + j] = 0;
      for (size_t l = 0; l < k; l++)
        c[i * n + j] += a[ta ? l * m + i : i * k + l] * b[tb ? j * k + l : l * n + j];
    }
}

static double distance(size_t n, const double *a, const double *b) {
  double largest = 0;
  for (size_t i = 0; i < n; i++) largest = a[i] == a[i] ? fmax(largest, fabs(a[i] - b[i])) : (double)INFINITY;
  return largest;
}

static double complex_distance(size_t n, const double complex *a, const double complex *b) {
  return distance(2 * n, (const double *)a, (const double *)b);
}

/* |A'A - 1| for A (m, n). */
static double from_orthonormal(size_t m, size_t n, const double *a) {
  double g[MOST * MOST], one[MOST * MOST] = {0};
  th_linalg_gram(m, n, a, g);
  for (size_t i = 0; i < n; i++) one[i * n + i] = 1;
  return distance(n * n, g, one);
}

/* --- Products ------------------------------------------------------------------------------------ */

/* Of few terms, which loops sum, and of more, which the library does. */
START_TEST(products) {
  enum { M = 7, N = 5, MOST_K = 31 };
  const size_t K = _i ? MOST_K : 11;
  double a[M * MOST_K], b[MOST_K * N], c[M * N], d[M * N], want[M * N];
  fill_random(1, M * K, a);
  fill_random(2, K * N, b);
  for (int turned = 0; turned < 4; turned++) {
    bool ta = turned & 1, tb = turned & 2;
    fill_random(3, M * N, c);
    slow_product(ta, tb, M, N, K, a, b, want);
    for (size_t i = 0; i < M * N; i++) want[i] = 0.37 * want[i] - 2.385 * c[i];
    th_linalg_gemm(ta, tb, M, N, K, 0.37, a, b, -2.385, c);
    ck_assert(distance(M * N, c, want) < 1e-13);
  }
  for (size_t i = 0; i < M * N; i++) d[i] = (double)NAN;
  th_linalg_gemm(false, false, M, N, 0, 1, a, b, 0, d);
  for (size_t i = 0; i < M * N; i++) ck_assert(d[i] == 0);
  th_linalg_gemm(false, false, 0, N, K, 1, a, b, 0, NULL);
}
END_TEST

START_TEST(complex_products) {
  enum { M = 3, N = 4, MOST_K = 50 };
  const size_t K = _i ? MOST_K : 5;
  double complex a[M * MOST_K], b[MOST_K * N], c[M * N], want[M * N];
  fill_random(1, 2 * M * K, (double *)a);
  fill_random(2, 2 * K * N, (double *)b);
  for (size_t i = 0; i < M; i++)
    for (size_t j = 0; j < N; j++) {
      want[i * N + j] = 0;
      for (size_t l = 0; l < K; l++) want[i * N + j] += a[l * M + i] * b[j * K + l];
    }
  th_linalg_gemm_complex(true, true, M, N, K, 1, a, b, 0, c);
  ck_assert(complex_distance(M * N, c, want) < 1e-13);
}
END_TEST

START_TEST(matrix_vector) {
  for (size_t s = 0; s < COUNT(shapes); s++) {
    size_t m = shapes[s][0], n = shapes[s][1];
    double a[MOST * MOST], x[MOST], y[MOST], want[MOST], g[MOST * MOST], want_g[MOST * MOST];
    fill_random(s, m * n, a);
    fill_random(s + 1, MOST, x);
    for (int transpose = 0; transpose < 2; transpose++) {
      size_t rows = transpose ? n : m, inner = transpose ? m : n;
      fill_random(s + 2, MOST, y);
      slow_product(transpose, false, rows, 1, inner, a, x, want);
      for (size_t i = 0; i < rows; i++) want[i] = 2.385 * want[i] + 0.37 * y[i];
      th_linalg_gemv(transpose, m, n, 2.385, a, x, 0.37, y);
      ck_assert(distance(rows, y, want) < 1e-13);
    }
    th_linalg_gram(m, n, a, g);
    slow_product(true, false, n, n, m, a, a, want_g);
    ck_assert(distance(n * n, g, want_g) < 1e-12 && th_linalg_is_symmetric(n, g));
    th_linalg_transpose(m, n, a, g);
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < n; j++) ck_assert(g[j * m + i] == a[i * n + j]);
  }
  double x[] = {0.37, -2.385}, y[] = {45.5, 1.5};
  ck_assert(th_linalg_dot(2, x, y) == 0.37 * 45.5 - 2.385 * 1.5);
  th_linalg_gemv(false, 2, 0, 1, NULL, NULL, 0, y);
  ck_assert(y[0] == 0 && y[1] == 0);
}
END_TEST

/* --- Solutions ----------------------------------------------------------------------------------- */

/* A general, or X'X + 1, which is positive definite. */
static void square_matrix(bool positive, size_t n, double *a) {
  double x[MOST * MOST];
  fill_random(n, n * n, x);
  if (!positive) memcpy(a, x, n * n * sizeof *a);
  else {
    th_linalg_gram(n, n, x, a);
    for (size_t i = 0; i < n; i++) a[i * n + i] += 1;
  }
}

START_TEST(solve) {
  ThContext cx;
  ThSolveReport report;
  unit_context(&cx);
  for (size_t n = 0; n <= MOST; n += n < 12 ? 1 : 14)
    for (size_t n_rhs = 0; n_rhs <= 3; n_rhs++)
      for (int positive = 0; positive < 2; positive++) {
        double a[MOST * MOST], b[MOST * 3], x[MOST * 3], back[MOST * 3];
        square_matrix(positive, n, a);
        fill_random(7, n * n_rhs, b);
        ck_assert(th_linalg_solve(&cx, n, n_rhs, a, b, x, &report));
        ck_assert(report.status == TH_SOLVE_GOOD);
        ck_assert_msg(report.rcond > 1e-6 && report.rcond < 1 + 1e-15, "%zu: %g", n, report.rcond);
        ck_assert(n < 2 || report.cholesky == positive);
        th_linalg_gemm(false, false, n, n_rhs, n, 1, a, x, 0, back);
        ck_assert(distance(n * n_rhs, back, b) < 1e-10);
        ck_assert(th_linalg_solve(&cx, n, n_rhs, a, b, b, &report));
        ck_assert(memcmp(b, x, n * n_rhs * sizeof *x) == 0);
      }
  unit_done(&cx);
}
END_TEST

START_TEST(inverse_and_determinant) {
  ThContext cx;
  ThSolveReport report;
  ThDeterminant det;
  unit_context(&cx);
  for (size_t n = 0; n <= MOST; n += n < 12 ? 1 : 14)
    for (int positive = 0; positive < 2; positive++) {
      double a[MOST * MOST], inverse[MOST * MOST], back[MOST * MOST], one[MOST * MOST] = {0};
      square_matrix(positive, n, a);
      ck_assert(th_linalg_inverse(&cx, n, a, inverse, &report) && report.status == TH_SOLVE_GOOD);
      th_linalg_gemm(false, false, n, n, n, 1, a, inverse, 0, back);
      for (size_t i = 0; i < n; i++) one[i * n + i] = 1;
      ck_assert(distance(n * n, back, one) < 1e-10 && (!positive || th_linalg_is_symmetric(n, inverse)));
      ThDeterminant other;
      ck_assert(th_linalg_determinant(&cx, n, a, &det) && th_linalg_determinant(&cx, n, inverse, &other));
      ck_assert(fabs(det.log_abs + other.log_abs) < 1e-9 && det.sign == other.sign);
      ck_assert(fabs(det.value * other.value - 1) < 1e-9 && (!positive || det.sign == 1));
    }
  const double a[] = {0, 2, 0, 3, 0, 0, 0, 0, -5}, great[] = {1e200, 0, 0, -1e200};
  ck_assert(th_linalg_determinant(&cx, 3, a, &det) && fabs(det.value - 30) < 1e-14 && det.sign == 1);
  ck_assert(th_linalg_determinant(&cx, 2, great, &det));
  ck_assert(det.value == -(double)INFINITY && det.sign == -1 && fabs(det.log_abs - 921.034037197618) < 1e-9);
  unit_done(&cx);
}
END_TEST

START_TEST(singular) {
  ThContext cx;
  ThSolveReport report;
  ThDeterminant det;
  unit_context(&cx);
  double zero_row[] = {1, 2, 0, 0}, equal[] = {2, 2, 2, 2}, hilbert[144], b[12] = {1}, x[144];
  ck_assert(th_linalg_solve(&cx, 2, 1, zero_row, b, x, &report));
  ck_assert(report.status == TH_SOLVE_SINGULAR && report.rcond == 0 && isnan(x[0]) && isnan(x[1]));
  ck_assert(th_linalg_inverse(&cx, 2, equal, x, &report) && report.status == TH_SOLVE_SINGULAR &&
            isnan(x[3]));
  ck_assert(th_linalg_determinant(&cx, 2, equal, &det) && det.value == 0 && det.sign == 0);
  ck_assert(det.log_abs == -(double)INFINITY);
  for (size_t i = 0; i < 12; i++)
    for (size_t j = 0; j < 12; j++) hilbert[i * 12 + j] = 1 / (double)(i + j + 1);
  ck_assert(th_linalg_solve(&cx, 12, 1, hilbert, b, x, &report));
  ck_assert(report.status == TH_SOLVE_ILL_CONDITIONED && report.rcond < 1e-15 && report.rcond > 0);
  unit_done(&cx);
}
END_TEST

START_TEST(complex_systems) {
  enum { N = 9, RHS = 2 };
  ThContext cx;
  ThSolveReport report;
  unit_context(&cx);
  double complex a[N * N], b[N * RHS], x[N * RHS], back[N * RHS], inverse[N * N], det, other;
  fill_random(1, 2 * N * N, (double *)a);
  fill_random(2, 2 * N * RHS, (double *)b);
  ck_assert(th_linalg_solve_complex(&cx, N, RHS, a, b, x, &report) && report.status == TH_SOLVE_GOOD);
  th_linalg_gemm_complex(false, false, N, RHS, N, 1, a, x, 0, back);
  ck_assert(complex_distance(N * RHS, back, b) < 1e-12);
  ck_assert(th_linalg_inverse_complex(&cx, N, a, inverse, &report) && report.rcond > 1e-4);
  th_linalg_gemm_complex(false, false, N, RHS, N, 1, inverse, b, 0, back);
  ck_assert(complex_distance(N * RHS, back, x) < 1e-12);
  ck_assert(th_linalg_determinant_complex(&cx, N, a, &det));
  ck_assert(th_linalg_determinant_complex(&cx, N, inverse, &other) && cabs(det * other - 1) < 1e-12);
  for (size_t i = 0; i < N; i++) a[i] = a[N + i];
  ck_assert(th_linalg_solve_complex(&cx, N, RHS, a, b, x, &report));
  ck_assert(report.status != TH_SOLVE_GOOD);
  unit_done(&cx);
}
END_TEST

START_TEST(triangles) {
  enum { RHS = 3 };
  const size_t N = _i ? 20 : 5;
  double a[MOST * MOST], l[MOST * MOST], b[MOST * RHS], x[MOST * RHS], back[MOST * RHS];
  square_matrix(true, N, a);
  memcpy(l, a, N * N * sizeof *a);
  ck_assert(th_linalg_cholesky(N, l));
  double product[MOST * MOST];
  slow_product(false, true, N, N, N, l, l, product);
  ck_assert(distance(N * N, product, a) < 1e-12 && l[1] == 0 && l[N - 1] == 0 && l[0] > 0);
  fill_random(5, N * RHS, b);
  memcpy(x, b, sizeof x);
  th_linalg_solve_cholesky(N, RHS, l, x);
  slow_product(false, false, N, RHS, N, a, x, back);
  ck_assert(distance(N * RHS, back, b) < 1e-11);
  memcpy(x, b, sizeof x);
  th_linalg_solve_triangular(true, true, N, RHS, l, x);
  slow_product(true, false, N, RHS, N, l, x, back);
  ck_assert(distance(N * RHS, back, b) < 1e-12);
  double upper[MOST * MOST];
  th_linalg_transpose(N, N, l, upper);
  memcpy(x, b, sizeof x);
  th_linalg_solve_triangular(false, false, N, RHS, upper, x);
  slow_product(false, false, N, RHS, N, upper, x, back);
  ck_assert(distance(N * RHS, back, b) < 1e-12);
  double indefinite[] = {1, 2, 2, 1}, negative[] = {-1}, not_a_number[] = {(double)NAN};
  ck_assert(!th_linalg_cholesky(2, indefinite) && !th_linalg_cholesky(1, negative));
  ck_assert(!th_linalg_cholesky(1, not_a_number) && th_linalg_cholesky(0, NULL));
}
END_TEST

/* --- Factorisations ------------------------------------------------------------------------------ */

START_TEST(factorisations) {
  ThContext cx;
  unit_context(&cx);
  size_t m = shapes[_i][0], n = shapes[_i][1], k = m < n ? m : n;
  double a[MOST * MOST], q[MOST * MOST], r[MOST * MOST], s[MOST], back[MOST * MOST], only[MOST];
  fill_random((uint64_t)_i, m * n, a);
  ck_assert(th_linalg_qr(&cx, m, n, a, q, r));
  slow_product(false, false, m, n, k, q, r, back);
  ck_assert(distance(m * n, back, a) < 1e-13 && from_orthonormal(m, k, q) < 1e-13);
  for (size_t i = 0; i < k; i++) {
    ck_assert(r[i * n + i] >= 0);
    for (size_t j = 0; j < i; j++) ck_assert(r[i * n + j] == 0);
  }
  ck_assert(th_linalg_svd(&cx, m, n, a, q, s, r) && th_linalg_svd(&cx, m, n, a, NULL, only, NULL));
  ck_assert(distance(k, s, only) < 1e-13 && from_orthonormal(m, k, q) < 1e-13 &&
            from_orthonormal(n, k, r) < 1e-13);
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < k; j++) q[i * k + j] *= s[j];
  slow_product(false, true, m, n, k, q, r, back);
  ck_assert(distance(m * n, back, a) < 1e-13);
  for (size_t j = 1; j < k; j++) ck_assert(s[j] <= s[j - 1] && s[j] >= 0);
  unit_done(&cx);
}
END_TEST

/* Of low rank: the pseudo-inverse's four conditions come down to A P A = A, P A P = P and symmetry of A P. */
START_TEST(low_rank) {
  ThContext cx;
  unit_context(&cx);
  enum { M = 9, N = 7, R = 3 };
  double left[M * R], right[R * N], a[M * N], p[N * M], ap[M * M], back[M * N], x[N], ax[M], b[M], r[N];
  size_t rank;
  fill_random(1, M * R, left);
  fill_random(2, R * N, right);
  fill_random(3, M, b);
  slow_product(false, false, M, N, R, left, right, a);
  ck_assert(th_linalg_rank(&cx, M, N, a, -1, &rank) && rank == R);
  ck_assert(th_linalg_pseudo_inverse(&cx, M, N, a, -1, p, &rank) && rank == R);
  slow_product(false, false, M, M, N, a, p, ap);
  slow_product(false, false, M, N, M, ap, a, back);
  ck_assert(distance(M * N, back, a) < 1e-12);
  for (size_t i = 0; i < M; i++)
    for (size_t j = 0; j < M; j++) ck_assert(fabs(ap[i * M + j] - ap[j * M + i]) < 1e-12);
  ck_assert(th_linalg_least_squares(&cx, M, N, 1, a, b, -1, x, &rank) && rank == R);
  slow_product(false, false, N, 1, M, p, b, r);
  ck_assert(distance(N, x, r) < 1e-12);
  slow_product(false, false, M, 1, N, a, x, ax);
  for (size_t i = 0; i < M; i++) ax[i] -= b[i];
  slow_product(true, false, N, 1, M, a, ax, r);
  for (size_t i = 0; i < N; i++) ck_assert(fabs(r[i]) < 1e-12);
  unit_done(&cx);
}
END_TEST

/* More unknowns than equations, several right sides: the solution fits, and lies in the row space. */
START_TEST(wide_least_squares) {
  ThContext cx;
  unit_context(&cx);
  enum { M = 4, N = 9, RHS = 3 };
  double a[M * N], b[M * RHS], x[N * RHS], back[M * RHS], p[N * M], other[N * RHS];
  size_t rank;
  fill_random(1, M * N, a);
  fill_random(2, M * RHS, b);
  ck_assert(th_linalg_least_squares(&cx, M, N, RHS, a, b, -1, x, &rank) && rank == M);
  slow_product(false, false, M, RHS, N, a, x, back);
  ck_assert(distance(M * RHS, back, b) < 1e-13);
  ck_assert(th_linalg_pseudo_inverse(&cx, M, N, a, -1, p, NULL));
  slow_product(false, false, N, RHS, M, p, b, other);
  ck_assert(distance(N * RHS, x, other) < 1e-13);
  unit_done(&cx);
}
END_TEST

START_TEST(eigenvalues) {
  ThContext cx;
  unit_context(&cx);
  enum { N = 17 };
  double a[N * N], values[N], vectors[N * N], only[N], back[N * N];
  square_matrix(true, N, a);
  ck_assert(th_linalg_eigen_symmetric(&cx, N, a, values, vectors));
  ck_assert(th_linalg_eigen_symmetric(&cx, N, a, only, NULL) && distance(N, values, only) < 1e-12);
  ck_assert(from_orthonormal(N, N, vectors) < 1e-13);
  slow_product(false, false, N, N, N, a, vectors, back);
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++) ck_assert(fabs(back[i * N + j] - values[j] * vectors[i * N + j]) < 1e-11);
  for (size_t j = 1; j < N; j++) ck_assert(values[j] >= values[j - 1]);
  unit_done(&cx);
}
END_TEST

START_TEST(complex_eigenvalues) {
  ThContext cx;
  unit_context(&cx);
  enum { N = 17 };
  double a[N * N];
  double complex values[N], vectors[N * N], only[N], sum = 0;
  fill_random(N, N * N, a);
  ck_assert(th_linalg_eigen(&cx, N, a, values, vectors) && th_linalg_eigen(&cx, N, a, only, NULL));
  double trace = 0;
  size_t n_complex = 0;
  for (size_t j = 0; j < N; j++) {
    double norm = 0;
    sum += values[j];
    trace += a[j * N + j];
    n_complex += cimag(values[j]) != 0;
    for (size_t i = 0; i < N; i++) {
      double complex product = 0;
      for (size_t l = 0; l < N; l++) product += a[i * N + l] * vectors[l * N + j];
      ck_assert(cabs(product - values[j] * vectors[i * N + j]) < 1e-12);
      norm += creal(vectors[i * N + j] * conj(vectors[i * N + j]));
    }
    ck_assert(fabs(norm - 1) < 1e-13);
  }
  ck_assert(n_complex > 1 && cabs(sum - trace) < 1e-12);
  unit_done(&cx);
}
END_TEST

/* Signs do not hang on rounding: [1, -1]/√2 and its like. */
START_TEST(signs) {
  ThContext cx;
  unit_context(&cx);
  const double a[] = {2, -1, -1, 2};
  double values[2], vectors[4], u[4], s[2], v[4];
  ck_assert(th_linalg_eigen_symmetric(&cx, 2, a, values, vectors));
  ck_assert(vectors[0] > 0 && vectors[1] > 0 && vectors[2] > 0 && vectors[3] < 0);
  ck_assert(th_linalg_svd(&cx, 2, 2, a, u, s, v) && v[0] > 0 && v[1] > 0 && u[0] > 0);
  unit_done(&cx);
}
END_TEST

/* --- Failures ------------------------------------------------------------------------------------ */

static const double poisoned[] = {1, 2, (double)NAN, 4};

START_TEST(not_finite) {
  ThContext cx;
  ThSolveReport report;
  ThDeterminant det;
  unit_context(&cx);
  double x[8], y[8];
  double complex z[8], w[4];
  size_t rank;
  const bool done[] = {
      th_linalg_solve(&cx, 2, 1, poisoned, poisoned, x, &report),
      th_linalg_inverse(&cx, 2, poisoned, x, &report),
      th_linalg_determinant(&cx, 2, poisoned, &det),
      th_linalg_svd(&cx, 2, 2, poisoned, NULL, x, NULL),
      th_linalg_qr(&cx, 2, 2, poisoned, x, y),
      th_linalg_eigen_symmetric(&cx, 2, poisoned, x, NULL),
      th_linalg_eigen(&cx, 2, poisoned, z, NULL),
      th_linalg_rank(&cx, 2, 2, poisoned, -1, &rank),
      th_linalg_pseudo_inverse(&cx, 2, 2, poisoned, -1, x, NULL),
      th_linalg_least_squares(&cx, 2, 2, 1, poisoned, x, -1, y, &rank),
  };
  for (size_t i = 0; i < COUNT(done); i++) ck_assert(!done[i]);
  ck_assert_int_eq(cx.error.code, TH_ERROR_NUMERIC);
  ck_assert_str_eq(cx.error.message, "a matrix holds nan or inf");
  for (size_t i = 0; i < 4; i++) w[i] = poisoned[i];
  ck_assert(!th_linalg_solve_complex(&cx, 2, 1, w, w, z, &report));
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

static double big[MOST * MOST], out[3][MOST * MOST];
static double complex big_complex[MOST * MOST], out_complex[2][MOST * MOST];

static bool try_all(ThContext *cx) {
  ThSolveReport report;
  ThDeterminant det;
  size_t rank;
  double complex z;
  enum { N = 12 };
  return th_linalg_solve(cx, N, 2, big, big, out[0], &report) &&
         th_linalg_inverse(cx, N, big, out[0], &report) && th_linalg_determinant(cx, N, big, &det) &&
         th_linalg_svd(cx, N, 7, big, out[0], out[1], out[2]) && th_linalg_rank(cx, N, 7, big, -1, &rank) &&
         th_linalg_qr(cx, N, 7, big, out[0], out[1]) &&
         th_linalg_pseudo_inverse(cx, N, 7, big, -1, out[0], &rank) &&
         th_linalg_least_squares(cx, N, 7, 2, big, big, -1, out[0], &rank) &&
         th_linalg_eigen_symmetric(cx, N, big, out[0], out[1]) &&
         th_linalg_eigen(cx, N, big, out_complex[0], out_complex[1]) &&
         th_linalg_solve_complex(cx, N, 2, big_complex, big_complex, out_complex[0], &report) &&
         th_linalg_inverse_complex(cx, N, big_complex, out_complex[0], &report) &&
         th_linalg_determinant_complex(cx, N, big_complex, &z);
}

START_TEST(want_of_memory) {
  ThContext cx;
  unit_context(&cx);
  fill_random(1, MOST * MOST, big);
  fill_random(2, 2 * MOST * MOST, (double *)big_complex);
  unit_refuse_each(&cx, try_all);
  unit_done(&cx);
}
END_TEST

/* Large enough for threads. */
START_TEST(large_product) {
  enum { N = 300 };
  static double a[N * N], b[N * N], c[N * N], x[N], y[N], z[N];
  fill_random(1, N * N, a);
  fill_random(2, N * N, b);
  fill_random(3, N, x);
  th_linalg_gemm(false, false, N, N, N, 1, a, b, 0, c);
  th_linalg_gemv(false, N, N, 1, b, x, 0, y);
  th_linalg_gemv(false, N, N, 1, a, y, 0, z);
  th_linalg_gemv(false, N, N, 1, c, x, 0, y);
  ck_assert(distance(N, y, z) < 1e-10);
}
END_TEST

/* y = αAx and A += α(xy' + yx') with a lower triangle only, by loops and by the library. */
START_TEST(symmetric_products) {
  static const size_t sizes[] = {1, 5, 22, 23, 60};
  static double a[60 * 60], whole[60 * 60], x[60], y[60], z[60], want[60];
  for (size_t k = 0; k < COUNT(sizes); k++) {
    size_t n = sizes[k];
    for (size_t i = 0; i < n; i++) {
      x[i] = sin(2.385 * (double)i + 1);
      y[i] = cos(0.7 * (double)i);
      for (size_t j = 0; j < n; j++) {
        whole[i * n + j] = sin((double)(i * j) + 0.3) + (double)(i == j);
        a[i * n + j] = j <= i ? whole[i * n + j] : NAN;
      }
    }
    for (size_t i = 0; i < n; i++) {
      want[i] = 0;
      for (size_t j = 0; j < n; j++) want[i] += -1.3 * whole[i * n + j] * x[j];
    }
    th_linalg_symv(n, -1.3, a, x, z);
    for (size_t i = 0; i < n; i++) ck_assert_double_eq_tol(z[i], want[i], 1e-12);
    th_linalg_syr2(n, 0.4, x, y, a);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++)
        ck_assert_double_eq_tol(a[i * n + j], whole[i * n + j] + 0.4 * (x[i] * y[j] + y[i] * x[j]), 1e-12);
  }
}
END_TEST

Suite *th_suite_num_linalg(void) {
  Suite *suite = suite_create("num_linalg");
  ADD_ROWS(suite, products, 2);
  ADD_ROWS(suite, complex_products, 2);
  ADD(suite, matrix_vector);
  ADD(suite, solve);
  ADD(suite, inverse_and_determinant);
  ADD(suite, singular);
  ADD(suite, complex_systems);
  ADD_ROWS(suite, triangles, 2);
  ADD_ROWS(suite, factorisations, COUNT(shapes));
  ADD(suite, low_rank);
  ADD(suite, wide_least_squares);
  ADD(suite, eigenvalues);
  ADD(suite, complex_eigenvalues);
  ADD(suite, signs);
  ADD(suite, not_finite);
  ADD(suite, want_of_memory);
  ADD(suite, large_product);
  ADD(suite, symmetric_products);
  return suite;
}
