/* linalg.c - dense matrices: products, factorisations, solutions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row-major matrix is read by LAPACK as its transpose: A x = b is
 * solved from the factors of A', Q R comes from the L Q of A', U and V of the singular values change places.
 * Of LAPACKE only the `_work` forms are called, whose workspace is ours. */
#include "num/linalg.h"

#include <stdlib.h>
#include <string.h>

#include "num/apart.h"
#include "num/blas.h"
#include "num/kernels.h"
#include "num/linalg_small.h"
#include "num/real.h"

enum { COLUMNS = LAPACK_COL_MAJOR };

/* --- Helpers ------------------------------------------------------------------------------------- */

/* Threads cost more than they give until a product has tens of millions of terms. */
#ifdef OPENBLAS_THREAD
static int thread_limit(void) {
  int limit = th_blas()->get_num_procs();
  static const char *const names[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"};
  for (int i = 0; i < 2; i++) {
    const char *text = getenv(names[i]);
    long asked = text ? strtol(text, NULL, 10) : 0;
    if (asked > 0 && asked < limit) limit = (int)asked;
  }
  return limit;
}

static void use_threads(double n_terms) {
  int wanted = n_terms < 3e7 ? 1 : thread_limit();
  if (th_blas()->get_num_threads() != wanted) th_blas()->set_num_threads(wanted);
}
#else
static void use_threads(double n_terms) { (void)n_terms; }
#endif

/* The work of an (m, n) result, each element a sum of k terms; 0 when there are so few elements that dividing
 * them between threads does harm. */
static double terms(size_t m, size_t n, size_t k) {
  double size = (double)m * (double)n;
  return size < 4096 ? 0 : size * (double)k;
}

/* The library for a product of so many terms; NULL when there are few of them, or no library. */
static const ThBlas *library_for(double n_terms) { return n_terms <= TH_SMALL_TERMS ? NULL : th_blas(); }
static double volume(size_t m, size_t n, size_t k) { return (double)m * (double)n * (double)k; }

static int least(size_t n) { return n > 0 ? (int)n : 1; } /* a leading dimension */
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* LAPACK counts in ints, and does not end well on NaN. */
static bool acceptable(ThContext *cx, size_t m, size_t n, const double *a, size_t n_doubles) {
  if (m > INT32_MAX || n > INT32_MAX)
    return th_fail(cx, TH_ERROR_LIMIT, "a matrix has too many rows or columns");
  for (size_t i = 0; i < n_doubles; i++)
    if (!(fabs(a[i]) <= DBL_MAX)) return th_fail(cx, TH_ERROR_NUMERIC, "a matrix holds nan or inf");
  return true;
}

/* The same, with the library loaded. */
static bool ready(ThContext *cx, size_t m, size_t n, const double *a, size_t n_doubles) {
  return acceptable(cx, m, n, a, n_doubles) && th_blas_load(cx);
}

static bool failed_to_converge(ThContext *cx, const char *what) {
  return th_fail(cx, TH_ERROR_NUMERIC, "the %s did not converge", what);
}

/* One block that holds all work arrays of a call; th_free it with its size. */
typedef struct Work {
  void *block;
  size_t size, used;
} Work;

static bool work_new(ThContext *cx, Work *w, size_t n_doubles, size_t n_ints) {
  w->size = n_doubles * sizeof(double) + n_ints * sizeof(lapack_int);
  w->used = 0;
  w->block = th_alloc(cx, w->size);
  return w->block != NULL;
}
/* Doubles are taken before ints, so that both lie aligned. */
static double *work_doubles(Work *w, size_t n) {
  double *at = (double *)(void *)((char *)w->block + w->used);
  w->used += n * sizeof *at;
  return at;
}
static lapack_int *work_ints(Work *w, size_t n) {
  lapack_int *at = (lapack_int *)(void *)((char *)w->block + w->used);
  w->used += n * sizeof *at;
  return at;
}
static void work_free(ThContext *cx, Work *w) { th_free(cx, w->block, w->size); }

static void fill_nan(size_t n, double *x) { th_kernel_fill(n, TH_NAN, x); }

/* --- Products ------------------------------------------------------------------------------------ */

static CBLAS_TRANSPOSE turned(bool transpose) { return transpose ? CblasTrans : CblasNoTrans; }

void th_linalg_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, double alpha,
                    const double *a, const double *b, double beta, double *c) {
  const ThBlas *blas = library_for(volume(m, n, k));
  if (m == 0 || n == 0) return;
  if (!blas) {
    th_small_gemm(transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c);
    return;
  }
  use_threads(terms(m, n, k));
  blas->dgemm(CblasRowMajor, turned(transpose_a), turned(transpose_b), (int)m, (int)n, (int)k, alpha, a,
              least(transpose_a ? m : k), b, least(transpose_b ? k : n), beta, c, (int)n);
}

void th_linalg_gemm_complex(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                            double complex alpha, const double complex *a, const double complex *b,
                            double complex beta, double complex *c) {
  const ThBlas *blas = library_for(volume(m, n, k));
  if (m == 0 || n == 0) return;
  if (!blas) {
    th_small_gemm_complex(transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c);
    return;
  }
  use_threads(4 * terms(m, n, k));
  blas->zgemm(CblasRowMajor, turned(transpose_a), turned(transpose_b), (int)m, (int)n, (int)k, &alpha, a,
              least(transpose_a ? m : k), b, least(transpose_b ? k : n), &beta, c, (int)n);
}

/* Blocks of this size take a few hundredths of a second. */
enum { BLOCK = 512, BLOCK_TERMS = 2048 };

/* One block of C (…, n) gets `count` terms of its sums, from `term` on. */
static void add_block(bool is_complex, size_t rows, size_t cols, size_t count, size_t term, size_t n, size_t k,
                      const void *a, const void *b, void *c) {
  double complex one = 1, beta = term > 0;
  if (is_complex)
    th_blas()->zgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)cols, (int)count, &one, a, (int)k, b,
                     (int)n, &beta, c, (int)n);
  else
    th_blas()->dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)cols, (int)count, 1, a, (int)k, b,
                     (int)n, term > 0, c, (int)n);
}

/* C (m, n) = A B; a product of one block, or without a library, is made at once. */
static bool multiply(ThContext *cx, bool is_complex, size_t m, size_t n, size_t k, const char *a, const char *b,
                     char *c) {
  size_t size = is_complex ? sizeof(double complex) : sizeof(double);
  if (terms(m, n, k) <= (double)BLOCK * BLOCK * BLOCK_TERMS || !th_blas()) {
    if (is_complex) th_linalg_gemm_complex(false, false, m, n, k, 1, (const void *)a, (const void *)b, 0, (void *)c);
    else th_linalg_gemm(false, false, m, n, k, 1, (const void *)a, (const void *)b, 0, (void *)c);
    return true;
  }
  use_threads(terms(m, n, k));
  for (size_t row = 0; row < m; row += BLOCK)
    for (size_t col = 0; col < n; col += BLOCK)
      for (size_t term = 0; term < k; term += BLOCK_TERMS) {
        if (!th_poll(cx)) return false;
        add_block(is_complex, smaller(m - row, BLOCK), smaller(n - col, BLOCK), smaller(k - term, BLOCK_TERMS), term, n,
                  k, a + (row * k + term) * size, b + (term * n + col) * size, c + (row * n + col) * size);
      }
  return true;
}

bool th_linalg_multiply(ThContext *cx, size_t m, size_t n, size_t k, const double *a, const double *b, double *c) {
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
  const ThBlas *blas = library_for(volume(m, n, 1));
  if (!blas) {
    th_small_gemm(transpose, false, length, 1, transpose ? m : n, alpha, a, x, beta, y);
    return;
  }
  use_threads(terms(m, n, 1));
  blas->dgemv(CblasRowMajor, turned(transpose), (int)m, (int)n, alpha, a, (int)n, x, 1, beta, y, 1);
}

double th_linalg_dot(size_t n, const double *x, const double *y) { return th_kernel_sum_product(n, x, y); }

void th_linalg_gram(size_t m, size_t n, const double *x, double *c) {
  if (n == 0) return;
  const ThBlas *blas = library_for(volume(n, n, m));
  if (!blas) {
    th_small_gemm(true, false, n, n, m, 1, x, x, 0, c);
    return;
  }
  use_threads(0.5 * terms(n, n, m));
  blas->dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)n, (int)m, 1, x, (int)n, 0, c, (int)n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) c[j * n + i] = c[i * n + j];
}

/* In tiles, which stay in the cache on both sides. */
#define TRANSPOSE(m, n, a, b)                                                                      \
  do {                                                                                             \
    enum { TILE = 32 };                                                                            \
    for (size_t row = 0; row < m; row += TILE)                                                     \
      for (size_t col = 0; col < n; col += TILE)                                                   \
        for (size_t i = row; i < m && i < row + TILE; i++)                                         \
          for (size_t j = col; j < n && j < col + TILE; j++) b[j * m + i] = a[i * n + j];          \
  } while (0)

void th_linalg_transpose(size_t m, size_t n, const double *a, double *b) { TRANSPOSE(m, n, a, b); }
void th_linalg_transpose_complex(size_t m, size_t n, const double complex *a, double complex *b) {
  TRANSPOSE(m, n, a, b);
}

/* --- Cholesky and triangles ---------------------------------------------------------------------- */

/* L of a row-major matrix is the U of its column-major reading. */
bool th_linalg_cholesky(size_t n, double *a) {
  const ThBlas *blas = n <= TH_SMALL_ROWS ? NULL : th_blas();
  for (size_t i = 0; i < n; i++)
    if (!(a[i * n + i] > 0)) return false;
  if (!blas && !th_small_cholesky(n, a)) return false;
  if (blas) use_threads(terms(n, n, n) / 6);
  if (blas && blas->dpotrf(COLUMNS, 'U', (int)n, a, (int)n) != 0) return false;
  for (size_t i = 0; i < n; i++) {
    if (!(fabs(a[i * n + i]) <= DBL_MAX)) return false;
    th_kernel_fill(n - i - 1, 0, a + i * n + i + 1);
  }
  return true;
}

void th_linalg_solve_triangular(bool lower, bool transpose, size_t n, size_t n_rhs, const double *t,
                                double *b) {
  if (n == 0 || n_rhs == 0) return;
  const ThBlas *blas = library_for(volume(n, n, n_rhs));
  if (!blas) {
    th_small_solve_triangular(lower, transpose, n, n_rhs, t, b);
    return;
  }
  use_threads(terms(n, n, n_rhs));
  blas->dtrsm(CblasRowMajor, CblasLeft, lower ? CblasLower : CblasUpper, turned(transpose), CblasNonUnit,
              (int)n, (int)n_rhs, 1, t, (int)n, b, (int)n_rhs);
}

void th_linalg_solve_cholesky(size_t n, size_t n_rhs, const double *l, double *b) {
  th_linalg_solve_triangular(true, false, n, n_rhs, l, b);
  th_linalg_solve_triangular(true, true, n, n_rhs, l, b);
}

/* --- Factors of a square matrix ------------------------------------------------------------------ */

/* A' = P L U, or A = L L', in `a`, with what its condition is. */
typedef struct Factors {
  Work work;
  double *a;
  lapack_int *pivots;
  bool cholesky;
} Factors;

/* ‖A‖₁ of the row-major A; sums: n */
static double one_norm(size_t n, const double *a, double *sums) {
  th_kernel_fill(n, 0, sums);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) sums[j] += fabs(a[i * n + j]);
  return n ? th_kernel_max(n, sums) : 1;
}

static ThSolveStatus status_of(size_t n, double rcond) {
  return rcond < DBL_EPSILON * (double)n ? TH_SOLVE_ILL_CONDITIONED : TH_SOLVE_GOOD;
}

/* Factors f->a, a copy of `original`. A matrix that passes for positive definite only by rounding is factored
 * again by LU, whose pivots then tell whether it is singular. */
static void factor_square(size_t n, const double *original, Factors *f, double *scratch,
                          lapack_int *int_scratch, ThSolveReport *report) {
  double norm = one_norm(n, original, scratch), rcond = 0;
  use_threads(terms(n, n, n) / 3);
  f->cholesky = th_linalg_is_symmetric(n, original) && th_linalg_cholesky(n, f->a);
  if (f->cholesky)
    th_blas()->dpocon(COLUMNS, 'U', (int)n, f->a, (int)n, norm, &rcond, scratch, int_scratch);
  if (f->cholesky && status_of(n, rcond) != TH_SOLVE_GOOD) f->cholesky = false;
  if (!f->cholesky) {
    memcpy(f->a, original, n * n * sizeof *f->a);
    *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
    if (th_blas()->dgetrf(COLUMNS, (int)n, (int)n, f->a, (int)n, f->pivots) != 0) return;
    th_blas()->dgecon(COLUMNS, 'I', (int)n, f->a, (int)n, norm, &rcond, scratch, int_scratch);
  }
  *report = (ThSolveReport){.status = status_of(n, rcond), .rcond = rcond, .cholesky = f->cholesky};
}

/* Copies A, which is acceptable, and factors it. False: an error; else work_free(&f->work). */
static bool factors_new(ThContext *cx, size_t n, const double *a, Factors *f, ThSolveReport *report) {
  if (!th_blas_load(cx)) return false;
  if (!work_new(cx, &f->work, n * n + 4 * n, 2 * n)) return false;
  f->a = work_doubles(&f->work, n * n);
  double *scratch = work_doubles(&f->work, 4 * n);
  f->pivots = work_ints(&f->work, n);
  lapack_int *int_scratch = work_ints(&f->work, n);
  if (n) memcpy(f->a, a, n * n * sizeof *a);
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1, .cholesky = true};
  f->cholesky = true;
  if (n) factor_square(n, a, f, scratch, int_scratch, report);
  return true;
}

/* B, column-major (n, n_rhs), becomes A⁻¹B. */
static void solve_columns(size_t n, size_t n_rhs, const Factors *f, double *b) {
  if (f->cholesky) th_blas()->dpotrs(COLUMNS, 'U', (int)n, (int)n_rhs, f->a, (int)n, b, (int)n);
  else th_blas()->dgetrs(COLUMNS, 'T', (int)n, (int)n_rhs, f->a, (int)n, f->pivots, b, (int)n);
}

/* A of a few rows, factored by loops. */
static void factor_small(size_t n, const double *a, ThSmallFactors *f, ThSolveReport *report) {
  double sums[TH_SMALL_ROWS];
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1, .cholesky = true};
  f->cholesky = true;
  if (n == 0) return;
  double norm = one_norm(n, a, sums), rcond = 0;
  f->cholesky = th_linalg_is_symmetric(n, a) && th_small_factor_symmetric(n, a, f);
  if (f->cholesky) rcond = 1 / (norm * one_norm(n, f->inverse, sums));
  if (f->cholesky && status_of(n, rcond) != TH_SOLVE_GOOD) f->cholesky = false;
  if (!f->cholesky) {
    *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
    if (!th_small_factor(n, a, f)) return;
    rcond = 1 / (norm * one_norm(n, f->inverse, sums));
  }
  *report = (ThSolveReport){.status = status_of(n, rcond), .rcond = rcond, .cholesky = f->cholesky};
}

static void solve_small(size_t n, size_t n_rhs, const double *a, const double *b, double *x,
                        ThSolveReport *report) {
  ThSmallFactors f;
  factor_small(n, a, &f, report);
  if (n > 0 && n_rhs > 0 && x != b) memcpy(x, b, n * n_rhs * sizeof *b);
  if (report->status == TH_SOLVE_SINGULAR) fill_nan(n * n_rhs, x);
  else th_small_solve(n, n_rhs, &f, x);
}

static bool solve_here(ThContext *cx, size_t n, size_t n_rhs, const double *a, const double *b, double *x,
                     ThSolveReport *report) {
  Factors f;
  Work columns = {0};
  if (!acceptable(cx, n, n, a, n * n)) return false;
  if (n <= TH_SMALL_ROWS) {
    solve_small(n, n_rhs, a, b, x, report);
    return true;
  }
  if (!factors_new(cx, n, a, &f, report)) return false;
  bool ok = n_rhs <= 1 || report->status == TH_SOLVE_SINGULAR || work_new(cx, &columns, n * n_rhs, 0);
  if (ok && report->status == TH_SOLVE_SINGULAR) {
    fill_nan(n * n_rhs, x);
  } else if (ok && n_rhs == 1) {
    if (n && x != b) memcpy(x, b, n * sizeof *b);
    if (n) solve_columns(n, 1, &f, x);
  } else if (ok && n && n_rhs) {
    double *turned_b = work_doubles(&columns, n * n_rhs);
    th_linalg_transpose(n, n_rhs, b, turned_b);
    solve_columns(n, n_rhs, &f, turned_b);
    th_linalg_transpose(n_rhs, n, turned_b, x);
  }
  work_free(cx, &columns);
  work_free(cx, &f.work);
  return ok;
}

bool th_linalg_solve(ThContext *cx, size_t n, size_t n_rhs, const double *a, const double *b, double *x,
                     ThSolveReport *report) {
  const ThPart parts[] = {{x, n * n_rhs * sizeof(double)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(terms(n, n, n / 3 + n_rhs)), parts, 2)) return false;
  if (apart.here) apart.ok = solve_here(cx, n, n_rhs, a, b, x, report);
  return th_apart_end(cx, &apart);
}

static bool inverse_here(ThContext *cx, size_t n, const double *a, double *inverse, ThSolveReport *report) {
  Factors f;
  Work scratch;
  if (!acceptable(cx, n, n, a, n * n)) return false;
  if (n <= TH_SMALL_ROWS) {
    ThSmallFactors small;
    factor_small(n, a, &small, report);
    if (report->status == TH_SOLVE_SINGULAR) fill_nan(n * n, inverse);
    else memcpy(inverse, small.inverse, n * n * sizeof *inverse);
    return true;
  }
  if (!factors_new(cx, n, a, &f, report)) return false;
  bool ok = work_new(cx, &scratch, 64 * n, 0);
  if (ok && report->status == TH_SOLVE_SINGULAR) {
    fill_nan(n * n, inverse);
  } else if (ok && n) {
    memcpy(inverse, f.a, n * n * sizeof *inverse);
    if (!f.cholesky) {
      double *work = work_doubles(&scratch, 64 * n);
      th_blas()->dgetri(COLUMNS, (int)n, inverse, (int)n, f.pivots, work, (int)(64 * n));
    } else {
      th_blas()->dpotri(COLUMNS, 'U', (int)n, inverse, (int)n);
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j];
    }
  }
  if (ok) work_free(cx, &scratch);
  work_free(cx, &f.work);
  return ok;
}

bool th_linalg_inverse(ThContext *cx, size_t n, const double *a, double *inverse, ThSolveReport *report) {
  const ThPart parts[] = {{inverse, n * n * sizeof(double)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = inverse_here(cx, n, a, inverse, report);
  return th_apart_end(cx, &apart);
}

static bool determinant_here(ThContext *cx, size_t n, const double *a, ThDeterminant *out) {
  Work work;
  bool small = n <= TH_SMALL_ROWS;
  if (!acceptable(cx, n, n, a, n * n) || (!small && !th_blas_load(cx))) return false;
  if (!work_new(cx, &work, n * n, n)) return false;
  double *lu = work_doubles(&work, n * n);
  lapack_int *pivots = work_ints(&work, n);
  if (n) memcpy(lu, a, n * n * sizeof *a);
  if (small) (void)th_small_lu(n, lu, pivots);
  else {
    use_threads(terms(n, n, n) / 3);
    th_blas()->dgetrf(COLUMNS, (int)n, (int)n, lu, (int)n, pivots);
  }
  double product = 1, sign = 1;
  int exponent = 0, shift;
  out->log_abs = 0;
  for (size_t i = 0; i < n; i++) {
    double pivot = lu[i * n + i];
    if (pivots[i] != (lapack_int)i + 1) pivot = -pivot;
    product = frexp(product * pivot, &shift);
    exponent += shift;
    sign *= (pivot > 0) - (pivot < 0);
    out->log_abs += log(fabs(pivot));
  }
  out->value = ldexp(product, exponent);
  out->sign = sign;
  work_free(cx, &work);
  return true;
}

bool th_linalg_determinant(ThContext *cx, size_t n, const double *a, ThDeterminant *out) {
  const ThPart parts[] = {{out, sizeof *out}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(terms(n, n, n) / 3), parts, 1)) return false;
  if (apart.here) apart.ok = determinant_here(cx, n, a, out);
  return th_apart_end(cx, &apart);
}

/* --- Complex matrices ---------------------------------------------------------------------------- */

/* A' = P L U of a complex matrix: lu (n, n); scratch: 2n complex numbers and 2n doubles. */
static void factor_complex(size_t n, const double complex *a, double complex *lu, lapack_int *pivots,
                           double complex *scratch, double *real_scratch, ThSolveReport *report) {
  double norm = 0, rcond = 0;
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += cabs(a[i * n + j]);
    norm = fmax(norm, sum);
  }
  memcpy(lu, a, n * n * sizeof *a);
  *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
  use_threads(2 * terms(n, n, n));
  if (th_blas()->zgetrf(COLUMNS, (int)n, (int)n, lu, (int)n, pivots) != 0) return;
  th_blas()->zgecon(COLUMNS, 'I', (int)n, lu, (int)n, norm, &rcond, scratch, real_scratch);
  *report = (ThSolveReport){.status = status_of(n, rcond), .rcond = rcond};
}

static bool solve_complex_here(ThContext *cx, size_t n, size_t n_rhs, const double complex *a,
                             const double complex *b, double complex *x, ThSolveReport *report) {
  Work work;
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1};
  if (!ready(cx, n, n, (const double *)a, 2 * n * n)) return false;
  if (!work_new(cx, &work, 2 * (n * n + n * n_rhs + 2 * n) + 2 * n, n)) return false;
  double complex *lu = (double complex *)work_doubles(&work, 2 * n * n);
  double complex *columns = (double complex *)work_doubles(&work, 2 * n * n_rhs);
  double complex *scratch = (double complex *)work_doubles(&work, 4 * n);
  double *real_scratch = work_doubles(&work, 2 * n);
  lapack_int *pivots = work_ints(&work, n);
  if (n) factor_complex(n, a, lu, pivots, scratch, real_scratch, report);
  if (report->status == TH_SOLVE_SINGULAR) {
    for (size_t i = 0; i < n * n_rhs; i++) x[i] = TH_NAN;
  } else if (n && n_rhs) {
    th_linalg_transpose_complex(n, n_rhs, b, columns);
    th_blas()->zgetrs(COLUMNS, 'T', (int)n, (int)n_rhs, lu, (int)n, pivots, columns, (int)n);
    th_linalg_transpose_complex(n_rhs, n, columns, x);
  }
  work_free(cx, &work);
  return true;
}

bool th_linalg_solve_complex(ThContext *cx, size_t n, size_t n_rhs, const double complex *a,
                             const double complex *b, double complex *x, ThSolveReport *report) {
  const ThPart parts[] = {{x, n * n_rhs * sizeof(double complex)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * terms(n, n, n / 3 + n_rhs)), parts, 2)) return false;
  if (apart.here) apart.ok = solve_complex_here(cx, n, n_rhs, a, b, x, report);
  return th_apart_end(cx, &apart);
}

static bool inverse_complex_here(ThContext *cx, size_t n, const double complex *a, double complex *inverse,
                               ThSolveReport *report) {
  Work work;
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1};
  if (!ready(cx, n, n, (const double *)a, 2 * n * n)) return false;
  if (!work_new(cx, &work, 2 * 64 * n + 2 * n, n)) return false;
  double complex *scratch = (double complex *)work_doubles(&work, 2 * 64 * n);
  double *real_scratch = work_doubles(&work, 2 * n);
  lapack_int *pivots = work_ints(&work, n);
  if (n) factor_complex(n, a, inverse, pivots, scratch, real_scratch, report);
  if (report->status != TH_SOLVE_SINGULAR && n)
    th_blas()->zgetri(COLUMNS, (int)n, inverse, (int)n, pivots, scratch, (int)(64 * n));
  if (report->status == TH_SOLVE_SINGULAR)
    for (size_t i = 0; i < n * n; i++) inverse[i] = TH_NAN;
  work_free(cx, &work);
  return true;
}

bool th_linalg_inverse_complex(ThContext *cx, size_t n, const double complex *a, double complex *inverse,
                               ThSolveReport *report) {
  const ThPart parts[] = {{inverse, n * n * sizeof(double complex)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = inverse_complex_here(cx, n, a, inverse, report);
  return th_apart_end(cx, &apart);
}

static bool determinant_complex_here(ThContext *cx, size_t n, const double complex *a, double complex *out) {
  Work work;
  if (!ready(cx, n, n, (const double *)a, 2 * n * n) || !work_new(cx, &work, 2 * n * n, n)) return false;
  double complex *lu = (double complex *)work_doubles(&work, 2 * n * n), product = 1;
  lapack_int *pivots = work_ints(&work, n);
  if (n) memcpy(lu, a, n * n * sizeof *a);
  if (n) th_blas()->zgetrf(COLUMNS, (int)n, (int)n, lu, (int)n, pivots);
  for (size_t i = 0; i < n; i++) product *= pivots[i] == (lapack_int)i + 1 ? lu[i * n + i] : -lu[i * n + i];
  *out = product;
  work_free(cx, &work);
  return true;
}

bool th_linalg_determinant_complex(ThContext *cx, size_t n, const double complex *a, double complex *out) {
  const ThPart parts[] = {{out, sizeof *out}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * terms(n, n, n) / 3), parts, 1)) return false;
  if (apart.here) apart.ok = determinant_complex_here(cx, n, a, out);
  return th_apart_end(cx, &apart);
}

/* --- Singular values ----------------------------------------------------------------------------- */

/* Makes the first sizeable element of each column of v (n, k) positive, turning the columns of u (m, k)
 * along; u may be NULL. Elements above 0.38 of the largest count: rounding does not choose among equals. */
static void fix_signs(size_t n, size_t k, double *v, size_t m, double *u) {
  for (size_t j = 0; j < k; j++) {
    double largest = 0, first = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(v[i * k + j]));
    for (size_t i = 0; i < n && first == 0; i++)
      if (fabs(v[i * k + j]) > 0.38 * largest) first = v[i * k + j];
    if (first >= 0) continue;
    for (size_t i = 0; i < n; i++) v[i * k + j] = -v[i * k + j];
    for (size_t i = 0; u && i < m; i++) u[i * k + j] = -u[i * k + j];
  }
}

static bool svd_here(ThContext *cx, size_t m, size_t n, const double *a, double *u, double *s, double *v) {
  size_t k = smaller(m, n);
  if (!ready(cx, m, n, a, m * n)) return false;
  if (k == 0) return true;
  char job = u ? 'S' : 'N';
  double asked, unused;
  lapack_int none;
  use_threads(4 * terms(m, n, k));
  th_blas()->dgesdd(COLUMNS, job, (int)n, (int)m, &unused, (int)n, s, &unused, (int)n, &unused, (int)k,
                      &asked, -1, &none);
  size_t n_work = (size_t)asked, n_vectors = u ? n * k : 1;
  Work work;
  if (!work_new(cx, &work, m * n + n_vectors + n_work, 8 * k)) return false;
  double *copy = work_doubles(&work, m * n), *left = work_doubles(&work, n_vectors);
  double *scratch = work_doubles(&work, n_work);
  memcpy(copy, a, m * n * sizeof *a);
  int status = th_blas()->dgesdd(COLUMNS, job, (int)n, (int)m, copy, (int)n, s, left, (int)n,
                                   u ? u : &unused, (int)k, scratch, (int)n_work, work_ints(&work, 8 * k));
  if (u) { /* what LAPACK calls U is V by columns, and its V' is U by rows */
    th_linalg_transpose(k, n, left, v);
    fix_signs(n, k, v, m, u);
  }
  work_free(cx, &work);
  return status == 0 || failed_to_converge(cx, "singular value decomposition");
}

bool th_linalg_svd(ThContext *cx, size_t m, size_t n, const double *a, double *u, double *s, double *v) {
  size_t k = smaller(m, n);
  const ThPart parts[] = {{u, m * k * sizeof(double)}, {s, k * sizeof(double)}, {v, n * k * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * terms(m, n, smaller(m, n))), parts, 3)) return false;
  if (apart.here) apart.ok = svd_here(cx, m, n, a, u, s, v);
  return th_apart_end(cx, &apart);
}

/* What counts as 0 beside the largest singular value. */
static double cutoff(size_t m, size_t n, double rcond) {
  return rcond < 0 ? (double)larger(m, n) * DBL_EPSILON : rcond;
}

static size_t count_above(size_t k, const double *s, double rcond) {
  size_t rank = 0;
  while (rank < k && s[rank] > rcond * s[0]) rank++;
  return rank;
}

bool th_linalg_rank(ThContext *cx, size_t m, size_t n, const double *a, double rcond, size_t *rank) {
  size_t k = smaller(m, n);
  double *s = th_alloc_array(cx, k, sizeof *s);
  if (!s) return false;
  bool ok = th_linalg_svd(cx, m, n, a, NULL, s, NULL);
  if (ok) *rank = count_above(k, s, cutoff(m, n, rcond));
  th_free(cx, s, k * sizeof *s);
  return ok;
}

/* V diag(1/s) U' over the singular values that count. */
bool th_linalg_pseudo_inverse(ThContext *cx, size_t m, size_t n, const double *a, double rcond,
                              double *pseudo, size_t *rank) {
  size_t k = smaller(m, n);
  Work work;
  if (!work_new(cx, &work, (m + n + 1) * k, 0)) return false;
  double *u = work_doubles(&work, m * k), *s = work_doubles(&work, k), *v = work_doubles(&work, n * k);
  bool ok = th_linalg_svd(cx, m, n, a, u, s, v);
  size_t kept = ok ? count_above(k, s, cutoff(m, n, rcond)) : 0;
  if (ok) {
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < k; j++) v[i * k + j] = j < kept ? v[i * k + j] / s[j] : 0;
    th_linalg_gemm(false, true, n, m, k, 1, v, u, 0, pseudo);
    if (rank) *rank = kept;
  }
  work_free(cx, &work);
  return ok;
}

static bool least_squares_here(ThContext *cx, size_t m, size_t n, size_t n_rhs, const double *a,
                             const double *b, double rcond, double *x, size_t *rank) {
  size_t k = smaller(m, n), rows = larger(m, n);
  *rank = 0;
  if (!ready(cx, m, n, a, m * n) || !acceptable(cx, m, n_rhs, b, m * n_rhs)) return false;
  th_kernel_fill(n * n_rhs, 0, x);
  if (k == 0 || n_rhs == 0) return true;
  double asked, unused;
  lapack_int n_ints, found;
  use_threads(4 * terms(m, n, k));
  th_blas()->dgelsd(COLUMNS, (int)m, (int)n, (int)n_rhs, &unused, (int)m, &unused, (int)rows, &unused,
                      rcond, &found, &asked, -1, &n_ints);
  size_t n_work = (size_t)asked;
  Work work;
  if (!work_new(cx, &work, m * n + rows * n_rhs + k + n_work, (size_t)n_ints)) return false;
  double *columns = work_doubles(&work, m * n), *both = work_doubles(&work, rows * n_rhs);
  double *s = work_doubles(&work, k), *scratch = work_doubles(&work, n_work);
  th_linalg_transpose(m, n, a, columns);
  for (size_t j = 0; j < n_rhs; j++)
    for (size_t i = 0; i < m; i++) both[j * rows + i] = b[i * n_rhs + j];
  int status = th_blas()->dgelsd(COLUMNS, (int)m, (int)n, (int)n_rhs, columns, (int)m, both, (int)rows, s,
                                   cutoff(m, n, rcond), &found, scratch, (int)n_work,
                                   work_ints(&work, (size_t)n_ints));
  for (size_t j = 0; j < n_rhs; j++)
    for (size_t i = 0; i < n; i++) x[i * n_rhs + j] = both[j * rows + i];
  *rank = (size_t)found;
  work_free(cx, &work);
  return status == 0 || failed_to_converge(cx, "least-squares solution");
}

bool th_linalg_least_squares(ThContext *cx, size_t m, size_t n, size_t n_rhs, const double *a,
                             const double *b, double rcond, double *x, size_t *rank) {
  const ThPart parts[] = {{x, n * n_rhs * sizeof(double)}, {rank, sizeof *rank}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * terms(m, n, smaller(m, n))), parts, 2)) return false;
  if (apart.here) apart.ok = least_squares_here(cx, m, n, n_rhs, a, b, rcond, x, rank);
  return th_apart_end(cx, &apart);
}

/* --- Q R ----------------------------------------------------------------------------------------- */

/* A' = L Q in columns: R = L', and the rows of LAPACK's Q are the columns of ours. */
static bool qr_here(ThContext *cx, size_t m, size_t n, const double *a, double *q, double *r) {
  size_t k = smaller(m, n), n_work = 64 * larger(m, n);
  Work work;
  if (!ready(cx, m, n, a, m * n)) return false;
  if (k == 0) return true;
  if (!work_new(cx, &work, m * n + k + n_work, 0)) return false;
  double *copy = work_doubles(&work, m * n), *tau = work_doubles(&work, k),
         *scratch = work_doubles(&work, n_work);
  memcpy(copy, a, m * n * sizeof *a);
  use_threads(2 * terms(m, n, k));
  th_blas()->dgelqf(COLUMNS, (int)n, (int)m, copy, (int)n, tau, scratch, (int)n_work);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < n; j++) r[i * n + j] = j < i ? 0 : copy[i * n + j];
  th_blas()->dorglq(COLUMNS, (int)k, (int)m, (int)k, copy, (int)n, tau, scratch, (int)n_work);
  for (size_t i = 0; i < m; i++) memcpy(q + i * k, copy + i * n, k * sizeof *q);
  for (size_t j = 0; j < k; j++) {
    if (!(r[j * n + j] < 0)) continue;
    for (size_t i = j; i < n; i++) r[j * n + i] = -r[j * n + i];
    for (size_t i = 0; i < m; i++) q[i * k + j] = -q[i * k + j];
  }
  work_free(cx, &work);
  return true;
}

bool th_linalg_qr(ThContext *cx, size_t m, size_t n, const double *a, double *q, double *r) {
  const ThPart parts[] = {{q, m * smaller(m, n) * sizeof(double)}, {r, smaller(m, n) * n * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(2 * terms(m, n, smaller(m, n))), parts, 2)) return false;
  if (apart.here) apart.ok = qr_here(cx, m, n, a, q, r);
  return th_apart_end(cx, &apart);
}

/* --- Eigenvalues --------------------------------------------------------------------------------- */

static bool eigen_symmetric_here(ThContext *cx, size_t n, const double *a, double *values, double *vectors) {
  if (!ready(cx, n, n, a, n * n)) return false;
  if (n == 0) return true;
  char job = vectors ? 'V' : 'N';
  double asked, unused;
  lapack_int n_ints;
  use_threads(4 * terms(n, n, n));
  th_blas()->dsyevd(COLUMNS, job, 'U', (int)n, &unused, (int)n, values, &asked, -1, &n_ints, -1);
  size_t n_work = (size_t)asked;
  Work work;
  if (!work_new(cx, &work, n * n + n_work, (size_t)n_ints)) return false;
  double *copy = work_doubles(&work, n * n), *scratch = work_doubles(&work, n_work);
  memcpy(copy, a, n * n * sizeof *a);
  int status = th_blas()->dsyevd(COLUMNS, job, 'U', (int)n, copy, (int)n, values, scratch, (int)n_work,
                                   work_ints(&work, (size_t)n_ints), n_ints);
  if (vectors) {
    th_linalg_transpose(n, n, copy, vectors);
    fix_signs(n, n, vectors, 0, NULL);
  }
  work_free(cx, &work);
  return status == 0 || failed_to_converge(cx, "eigenvalue iteration");
}

bool th_linalg_eigen_symmetric(ThContext *cx, size_t n, const double *a, double *values, double *vectors) {
  const ThPart parts[] = {{values, n * sizeof(double)}, {vectors, n * n * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = eigen_symmetric_here(cx, n, a, values, vectors);
  return th_apart_end(cx, &apart);
}

/* LAPACK's vectors by columns, a conjugate pair as its real and imaginary parts, into complex columns. */
static void unpack_vectors(size_t n, const double *columns, const double complex *values,
                           double complex *vectors) {
  for (size_t j = 0; j < n; j++) {
    const double *re = columns + j * n, *im = re + n;
    bool pair = cimag(values[j]) != 0 && j + 1 < n;
    for (size_t i = 0; i < n; i++) vectors[i * n + j] = pair ? re[i] + TH_I * im[i] : re[i];
    if (!pair) continue;
    j++;
    for (size_t i = 0; i < n; i++) vectors[i * n + j] = conj(vectors[i * n + j - 1]);
  }
}

static bool eigen_here(ThContext *cx, size_t n, const double *a, double complex *values,
                     double complex *vectors) {
  if (!ready(cx, n, n, a, n * n)) return false;
  if (n == 0) return true;
  char job = vectors ? 'V' : 'N';
  size_t n_work = 34 * n, n_vectors = vectors ? n * n : 1;
  Work work;
  if (!work_new(cx, &work, n * n + n_vectors + 2 * n + n_work, 0)) return false;
  double *columns = work_doubles(&work, n * n), *right = work_doubles(&work, n_vectors);
  double *re = work_doubles(&work, n), *im = work_doubles(&work, n), *scratch = work_doubles(&work, n_work),
         unused;
  th_linalg_transpose(n, n, a, columns);
  use_threads(10 * terms(n, n, n));
  int status = th_blas()->dgeev(COLUMNS, 'N', job, (int)n, columns, (int)n, re, im, &unused, (int)n, right,
                                  (int)n, scratch, (int)n_work);
  for (size_t j = 0; j < n; j++) values[j] = re[j] + TH_I * im[j];
  if (vectors) unpack_vectors(n, right, values, vectors);
  work_free(cx, &work);
  return status == 0 || failed_to_converge(cx, "eigenvalue iteration");
}

bool th_linalg_eigen(ThContext *cx, size_t n, const double *a, double complex *values,
                     double complex *vectors) {
  const ThPart parts[] = {{values, n * sizeof(double complex)}, {vectors, n * n * sizeof(double complex)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(10 * terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = eigen_here(cx, n, a, values, vectors);
  return th_apart_end(cx, &apart);
}
