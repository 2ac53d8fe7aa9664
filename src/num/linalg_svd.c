/* linalg_svd.c - singular values, and what follows from them: rank, pseudo-inverse, least squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg.h"

#include <string.h>

#include "num/apart.h"
#include "num/kernels.h"
#include "num/linalg_work.h"
#include "num/real.h"

static bool svd_here(ThContext *cx, size_t m, size_t n, const double *a, double *u, double *s, double *v) {
  size_t k = th_smaller(m, n);
  if (!th_linalg_ready(cx, m, n, a, m * n)) return false;
  if (k == 0) return true;
  char job = u ? 'S' : 'N';
  double asked, unused;
  lapack_int none;
  th_linalg_use_threads(4 * th_linalg_terms(m, n, k));
  th_blas()->dgesdd(TH_COLUMNS, job, (int)n, (int)m, &unused, (int)n, s, &unused, (int)n, &unused, (int)k,
                    &asked, -1, &none);
  size_t n_work = (size_t)asked, n_vectors = u ? n * k : 1;
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, m * n + n_vectors + n_work, 8 * k)) return false;
  double *copy = th_linalg_work_doubles(&work, m * n), *left = th_linalg_work_doubles(&work, n_vectors);
  double *scratch = th_linalg_work_doubles(&work, n_work);
  memcpy(copy, a, m * n * sizeof *a);
  int status = th_blas()->dgesdd(TH_COLUMNS, job, (int)n, (int)m, copy, (int)n, s, left, (int)n,
                                 u ? u : &unused, (int)k, scratch, (int)n_work,
                                 th_linalg_work_ints(&work, 8 * k));
  if (u) { /* what LAPACK calls U is V by columns, and its V' is U by rows */
    th_linalg_transpose(k, n, left, v);
    th_linalg_fix_signs(n, k, v, m, u);
  }
  th_linalg_work_free(cx, &work);
  return th_linalg_converged(cx, status, "singular value decomposition");
}

bool th_linalg_svd(ThContext *cx, size_t m, size_t n, const double *a, double *u, double *s, double *v) {
  size_t k = th_smaller(m, n);
  const ThPart parts[] = {{u, m * k * sizeof(double)}, {s, k * sizeof(double)}, {v, n * k * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * th_linalg_terms(m, n, th_smaller(m, n))), parts, 3))
    return false;
  if (apart.here) apart.ok = svd_here(cx, m, n, a, u, s, v);
  return th_apart_end(cx, &apart);
}

/* What counts as 0 beside the largest singular value. */
static double cutoff(size_t m, size_t n, double rcond) {
  return rcond < 0 ? (double)th_larger(m, n) * DBL_EPSILON : rcond;
}

static size_t count_above(size_t k, const double *s, double rcond) {
  size_t rank = 0;
  while (rank < k && s[rank] > rcond * s[0]) rank++;
  return rank;
}

bool th_linalg_rank(ThContext *cx, size_t m, size_t n, const double *a, double rcond, size_t *rank) {
  size_t k = th_smaller(m, n);
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
  size_t k = th_smaller(m, n);
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, (m + n + 1) * k, 0)) return false;
  double *u = th_linalg_work_doubles(&work, m * k), *s = th_linalg_work_doubles(&work, k),
         *v = th_linalg_work_doubles(&work, n * k);
  bool ok = th_linalg_svd(cx, m, n, a, u, s, v);
  size_t kept = ok ? count_above(k, s, cutoff(m, n, rcond)) : 0;
  if (ok) {
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < k; j++) v[i * k + j] = j < kept ? v[i * k + j] / s[j] : 0;
    th_linalg_gemm(false, true, n, m, k, 1, v, u, 0, pseudo);
    if (rank) *rank = kept;
  }
  th_linalg_work_free(cx, &work);
  return ok;
}

static bool least_squares_here(ThContext *cx, size_t m, size_t n, size_t n_rhs, const double *a,
                               const double *b, double rcond, double *x, size_t *rank) {
  size_t k = th_smaller(m, n), rows = th_larger(m, n);
  *rank = 0;
  if (!th_linalg_ready(cx, m, n, a, m * n) || !th_linalg_acceptable(cx, m, n_rhs, b, m * n_rhs)) return false;
  th_kernel_fill(n * n_rhs, 0, x);
  if (k == 0 || n_rhs == 0) return true;
  double asked, unused;
  lapack_int n_ints, found;
  th_linalg_use_threads(4 * th_linalg_terms(m, n, k));
  th_blas()->dgelsd(TH_COLUMNS, (int)m, (int)n, (int)n_rhs, &unused, (int)m, &unused, (int)rows, &unused,
                    rcond, &found, &asked, -1, &n_ints);
  size_t n_work = (size_t)asked;
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, m * n + rows * n_rhs + k + n_work, (size_t)n_ints)) return false;
  double *columns = th_linalg_work_doubles(&work, m * n), *both = th_linalg_work_doubles(&work, rows * n_rhs);
  double *s = th_linalg_work_doubles(&work, k), *scratch = th_linalg_work_doubles(&work, n_work);
  th_linalg_transpose(m, n, a, columns);
  for (size_t j = 0; j < n_rhs; j++)
    for (size_t i = 0; i < m; i++) both[j * rows + i] = b[i * n_rhs + j];
  int status = th_blas()->dgelsd(TH_COLUMNS, (int)m, (int)n, (int)n_rhs, columns, (int)m, both, (int)rows, s,
                                 cutoff(m, n, rcond), &found, scratch, (int)n_work,
                                 th_linalg_work_ints(&work, (size_t)n_ints));
  for (size_t j = 0; j < n_rhs; j++)
    for (size_t i = 0; i < n; i++) x[i * n_rhs + j] = both[j * rows + i];
  *rank = (size_t)found;
  th_linalg_work_free(cx, &work);
  return th_linalg_converged(cx, status, "least-squares solution");
}

bool th_linalg_least_squares(ThContext *cx, size_t m, size_t n, size_t n_rhs, const double *a,
                             const double *b, double rcond, double *x, size_t *rank) {
  const ThPart parts[] = {{x, n * n_rhs * sizeof(double)}, {rank, sizeof *rank}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * th_linalg_terms(m, n, th_smaller(m, n))), parts, 2))
    return false;
  if (apart.here) apart.ok = least_squares_here(cx, m, n, n_rhs, a, b, rcond, x, rank);
  return th_apart_end(cx, &apart);
}
