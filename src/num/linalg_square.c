/* linalg_square.c - factors of square matrices: Cholesky, solutions, inverses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg.h"

#include <string.h>

#include "num/apart.h"
#include "num/kernels.h"
#include "num/linalg_small.h"
#include "num/linalg_work.h"
#include "num/real.h"

bool th_linalg_is_symmetric(size_t n, const double *a) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      if (a[i * n + j] != a[j * n + i]) return false;
  return true;
}

void th_linalg_symmetrize(size_t n, double *a) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) a[i * n + j] = a[j * n + i] = 0.5 * (a[i * n + j] + a[j * n + i]);
}

/* --- Cholesky and triangles ---------------------------------------------------------------------- */

/* L of a row-major matrix is the U of its column-major reading. */
bool th_linalg_cholesky(size_t n, double *a) {
  const ThBlas *blas = n <= TH_SMALL_ROWS ? NULL : th_blas();
  for (size_t i = 0; i < n; i++)
    if (!(a[i * n + i] > 0)) return false;
  if (!blas && !th_small_cholesky(n, a)) return false;
  if (blas) th_linalg_use_threads(th_linalg_terms(n, n, n) / 6);
  if (blas && blas->dpotrf(TH_COLUMNS, 'U', (int)n, a, (int)n) != 0) return false;
  for (size_t i = 0; i < n; i++) {
    if (!(fabs(a[i * n + i]) <= DBL_MAX)) return false;
    th_kernel_fill(n - i - 1, 0, a + i * n + i + 1);
  }
  return true;
}

void th_linalg_solve_triangular(bool lower, bool transpose, size_t n, size_t n_rhs, const double *t,
                                double *b) {
  if (n == 0 || n_rhs == 0) return;
  const ThBlas *blas = th_linalg_library(th_linalg_volume(n, n, n_rhs));
  if (!blas) {
    th_small_solve_triangular(lower, transpose, n, n_rhs, t, b);
    return;
  }
  th_linalg_use_threads(th_linalg_terms(n, n, n_rhs));
  blas->dtrsm(CblasRowMajor, CblasLeft, lower ? CblasLower : CblasUpper, th_linalg_turned(transpose),
              CblasNonUnit, (int)n, (int)n_rhs, 1, t, (int)n, b, (int)n_rhs);
}

void th_linalg_solve_cholesky(size_t n, size_t n_rhs, const double *l, double *b) {
  th_linalg_solve_triangular(true, false, n, n_rhs, l, b);
  th_linalg_solve_triangular(true, true, n, n_rhs, l, b);
}

/* --- Factors of a square matrix ------------------------------------------------------------------ */

/* A' = P L U, or A = L L', in `a`, with what its condition is. */
typedef struct Factors {
  ThLinalgWork work;
  double *a;
  lapack_int *pivots;
  bool cholesky;
} Factors;

double th_linalg_one_norm(size_t n, const double *a, double *sums) {
  th_kernel_fill(n, 0, sums);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) sums[j] += fabs(a[i * n + j]);
  return n ? th_kernel_max(n, sums) : 1;
}

/* Factors f->a, a copy of `original`. A matrix that passes for positive definite only by rounding is factored
 * again by LU, whose pivots then tell whether it is singular. */
static void factor_square(size_t n, const double *original, Factors *f, double *scratch,
                          lapack_int *int_scratch, ThSolveReport *report) {
  double norm = th_linalg_one_norm(n, original, scratch), rcond = 0;
  th_linalg_use_threads(th_linalg_terms(n, n, n) / 3);
  f->cholesky = th_linalg_is_symmetric(n, original) && th_linalg_cholesky(n, f->a);
  if (f->cholesky)
    th_blas()->dpocon(TH_COLUMNS, 'U', (int)n, f->a, (int)n, norm, &rcond, scratch, int_scratch);
  if (f->cholesky && th_linalg_status(n, rcond) != TH_SOLVE_GOOD) f->cholesky = false;
  if (!f->cholesky) {
    memcpy(f->a, original, n * n * sizeof *f->a);
    *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
    if (th_blas()->dgetrf(TH_COLUMNS, (int)n, (int)n, f->a, (int)n, f->pivots) != 0) return;
    th_blas()->dgecon(TH_COLUMNS, 'I', (int)n, f->a, (int)n, norm, &rcond, scratch, int_scratch);
  }
  *report = (ThSolveReport){.status = th_linalg_status(n, rcond), .rcond = rcond, .cholesky = f->cholesky};
}

/* Copies A, which is acceptable, and factors it. False: an error; else th_linalg_work_free(&f->work). */
static bool factors_new(ThContext *cx, size_t n, const double *a, Factors *f, ThSolveReport *report) {
  if (!th_blas_load(cx)) return false;
  if (!th_linalg_work_new(cx, &f->work, n * n + 4 * n, 2 * n)) return false;
  f->a = th_linalg_work_doubles(&f->work, n * n);
  double *scratch = th_linalg_work_doubles(&f->work, 4 * n);
  f->pivots = th_linalg_work_ints(&f->work, n);
  lapack_int *int_scratch = th_linalg_work_ints(&f->work, n);
  if (n) memcpy(f->a, a, n * n * sizeof *a);
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1, .cholesky = true};
  f->cholesky = true;
  if (n) factor_square(n, a, f, scratch, int_scratch, report);
  return true;
}

/* B, column-major (n, n_rhs), becomes A⁻¹B. */
static void solve_columns(size_t n, size_t n_rhs, const Factors *f, double *b) {
  if (f->cholesky) th_blas()->dpotrs(TH_COLUMNS, 'U', (int)n, (int)n_rhs, f->a, (int)n, b, (int)n);
  else th_blas()->dgetrs(TH_COLUMNS, 'T', (int)n, (int)n_rhs, f->a, (int)n, f->pivots, b, (int)n);
}

/* A of a few rows, factored by loops. */
static void factor_small(size_t n, const double *a, ThSmallFactors *f, ThSolveReport *report) {
  double sums[TH_SMALL_ROWS];
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1, .cholesky = true};
  f->cholesky = true;
  if (n == 0) return;
  double norm = th_linalg_one_norm(n, a, sums), rcond = 0;
  f->cholesky = th_linalg_is_symmetric(n, a) && th_small_factor_symmetric(n, a, f);
  if (f->cholesky) rcond = 1 / (norm * th_linalg_one_norm(n, f->inverse, sums));
  if (f->cholesky && th_linalg_status(n, rcond) != TH_SOLVE_GOOD) f->cholesky = false;
  if (!f->cholesky) {
    *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
    if (!th_small_factor(n, a, f)) return;
    rcond = 1 / (norm * th_linalg_one_norm(n, f->inverse, sums));
  }
  *report = (ThSolveReport){.status = th_linalg_status(n, rcond), .rcond = rcond, .cholesky = f->cholesky};
}

static void solve_small(size_t n, size_t n_rhs, const double *a, const double *b, double *x,
                        ThSolveReport *report) {
  ThSmallFactors f;
  factor_small(n, a, &f, report);
  if (n > 0 && n_rhs > 0 && x != b) memcpy(x, b, n * n_rhs * sizeof *b);
  if (report->status == TH_SOLVE_SINGULAR) th_kernel_fill(n * n_rhs, TH_NAN, x);
  else th_small_solve(n, n_rhs, &f, x);
}

static bool solve_here(ThContext *cx, size_t n, size_t n_rhs, const double *a, const double *b, double *x,
                       ThSolveReport *report) {
  Factors f;
  ThLinalgWork columns = {0};
  if (!th_linalg_acceptable(cx, n, n, a, n * n)) return false;
  if (n <= TH_SMALL_ROWS) {
    solve_small(n, n_rhs, a, b, x, report);
    return true;
  }
  if (!factors_new(cx, n, a, &f, report)) return false;
  bool ok = n_rhs <= 1 || report->status == TH_SOLVE_SINGULAR ||
            th_linalg_work_new(cx, &columns, n * n_rhs, 0);
  if (ok && report->status == TH_SOLVE_SINGULAR) {
    th_kernel_fill(n * n_rhs, TH_NAN, x);
  } else if (ok && n_rhs == 1) {
    if (n && x != b) memcpy(x, b, n * sizeof *b);
    if (n) solve_columns(n, 1, &f, x);
  } else if (ok && n && n_rhs) {
    double *turned_b = th_linalg_work_doubles(&columns, n * n_rhs);
    th_linalg_transpose(n, n_rhs, b, turned_b);
    solve_columns(n, n_rhs, &f, turned_b);
    th_linalg_transpose(n_rhs, n, turned_b, x);
  }
  th_linalg_work_free(cx, &columns);
  th_linalg_work_free(cx, &f.work);
  return ok;
}

bool th_linalg_solve(ThContext *cx, size_t n, size_t n_rhs, const double *a, const double *b, double *x,
                     ThSolveReport *report) {
  const ThPart parts[] = {{x, n * n_rhs * sizeof(double)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(th_linalg_terms(n, n, n / 3 + n_rhs)), parts, 2))
    return false;
  if (apart.here) apart.ok = solve_here(cx, n, n_rhs, a, b, x, report);
  return th_apart_end(cx, &apart);
}

static bool inverse_here(ThContext *cx, size_t n, const double *a, double *inverse, ThSolveReport *report) {
  Factors f;
  ThLinalgWork scratch;
  if (!th_linalg_acceptable(cx, n, n, a, n * n)) return false;
  if (n <= TH_SMALL_ROWS) {
    ThSmallFactors small;
    factor_small(n, a, &small, report);
    if (report->status == TH_SOLVE_SINGULAR) th_kernel_fill(n * n, TH_NAN, inverse);
    else memcpy(inverse, small.inverse, n * n * sizeof *inverse);
    return true;
  }
  if (!factors_new(cx, n, a, &f, report)) return false;
  bool ok = th_linalg_work_new(cx, &scratch, 64 * n, 0);
  if (ok && report->status == TH_SOLVE_SINGULAR) {
    th_kernel_fill(n * n, TH_NAN, inverse);
  } else if (ok && n) {
    memcpy(inverse, f.a, n * n * sizeof *inverse);
    if (!f.cholesky) {
      double *work = th_linalg_work_doubles(&scratch, 64 * n);
      th_blas()->dgetri(TH_COLUMNS, (int)n, inverse, (int)n, f.pivots, work, (int)(64 * n));
    } else {
      th_blas()->dpotri(TH_COLUMNS, 'U', (int)n, inverse, (int)n);
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j];
    }
  }
  if (ok) th_linalg_work_free(cx, &scratch);
  th_linalg_work_free(cx, &f.work);
  return ok;
}

bool th_linalg_inverse(ThContext *cx, size_t n, const double *a, double *inverse, ThSolveReport *report) {
  const ThPart parts[] = {{inverse, n * n * sizeof(double)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(th_linalg_terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = inverse_here(cx, n, a, inverse, report);
  return th_apart_end(cx, &apart);
}
