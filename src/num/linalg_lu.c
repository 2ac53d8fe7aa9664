/* linalg_lu.c - triangular factors of square matrices: determinants, inverses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/apart.h"
#include "num/kernels.h"
#include "num/linalg.h"
#include "num/linalg_small.h"
#include "num/linalg_work.h"
#include "num/real.h"

/* LAPACK factors A', which is what it takes a row-major A for; the loops for few rows factor A itself. Both give the
 * same determinant. */

static bool lu_here(ThContext *cx, size_t n, const double *a, double *lu, double *pivots) {
  ThLinalgWork work;
  bool small = n <= TH_SMALL_ROWS;
  if (!th_linalg_acceptable(cx, n, n, a, n * n) || (!small && !th_blas_load(cx))) return false;
  if (!th_linalg_work_new(cx, &work, 0, n)) return false;
  lapack_int *order = th_linalg_work_ints(&work, n);
  if (n) memcpy(lu, a, n * n * sizeof *a);
  if (small) (void)th_small_lu(n, lu, order);
  else {
    th_linalg_use_threads(th_linalg_terms(n, n, n) / 3);
    th_blas()->dgetrf(TH_COLUMNS, (int)n, (int)n, lu, (int)n, order);
  }
  for (size_t i = 0; i < n; i++) pivots[i] = (double)order[i];
  th_linalg_work_free(cx, &work);
  return true;
}

bool th_linalg_lu(ThContext *cx, size_t n, const double *a, double *lu, double *pivots) {
  const ThPart parts[] = {{lu, n * n * sizeof(double)}, {pivots, n * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(th_linalg_terms(n, n, n) / 3), parts, 2)) return false;
  if (apart.here) apart.ok = lu_here(cx, n, a, lu, pivots);
  return th_apart_end(cx, &apart);
}

void th_linalg_lu_determinant(size_t n, const double *lu, const double *pivots, ThDeterminant *out) {
  double product = 1, sign = 1;
  int exponent = 0, shift;
  out->log_abs = 0;
  for (size_t i = 0; i < n; i++) {
    double pivot = lu[i * n + i];
    if (pivots[i] != (double)(i + 1)) pivot = -pivot;
    product = frexp(product * pivot, &shift);
    exponent += shift;
    sign *= (pivot > 0) - (pivot < 0);
    out->log_abs += log(fabs(pivot));
  }
  out->value = ldexp(product, exponent);
  out->sign = sign;
}

bool th_linalg_determinant(ThContext *cx, size_t n, const double *a, ThDeterminant *out) {
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, n * n + n, 0)) return false;
  double *lu = th_linalg_work_doubles(&work, n * n), *pivots = th_linalg_work_doubles(&work, n);
  bool ok = th_linalg_lu(cx, n, a, lu, pivots);
  if (ok) th_linalg_lu_determinant(n, lu, pivots, out);
  th_linalg_work_free(cx, &work);
  return ok;
}

static bool inverse_here(ThContext *cx, size_t n, const double *a, const double *lu, const double *pivots,
                         double *inverse, ThSolveReport *report) {
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, 64 * n, n)) return false;
  double *scratch = th_linalg_work_doubles(&work, 64 * n);
  lapack_int *order = th_linalg_work_ints(&work, n);
  bool singular = false;
  for (size_t i = 0; i < n; i++) {
    order[i] = (lapack_int)pivots[i];
    singular = singular || lu[i * n + i] == 0;
  }
  *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
  if (singular) {
    th_kernel_fill(n * n, TH_NAN, inverse);
  } else {
    memcpy(inverse, lu, n * n * sizeof *lu);
    th_linalg_use_threads(th_linalg_terms(n, n, n));
    th_blas()->dgetri(TH_COLUMNS, (int)n, inverse, (int)n, order, scratch, (int)(64 * n));
    double rcond = 1 / (th_linalg_one_norm(n, a, scratch) * th_linalg_one_norm(n, inverse, scratch));
    *report = (ThSolveReport){.status = th_linalg_status(n, rcond), .rcond = rcond};
  }
  th_linalg_work_free(cx, &work);
  return true;
}

bool th_linalg_lu_inverse(ThContext *cx, size_t n, const double *a, const double *lu, const double *pivots,
                          double *inverse, ThSolveReport *report) {
  if (n <= TH_SMALL_ROWS) return th_linalg_inverse(cx, n, a, inverse, report);
  const ThPart parts[] = {{inverse, n * n * sizeof(double)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(th_linalg_terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = inverse_here(cx, n, a, lu, pivots, inverse, report);
  return th_apart_end(cx, &apart);
}
