/* linalg_eigen.c - eigenvalues and eigenvectors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg.h"

#include <string.h>

#include "num/apart.h"
#include "num/linalg_work.h"
#include "num/real.h"

static bool eigen_symmetric_here(ThContext *cx, size_t n, const double *a, double *values, double *vectors) {
  if (!th_linalg_ready(cx, n, n, a, n * n)) return false;
  if (n == 0) return true;
  char job = vectors ? 'V' : 'N';
  double asked, unused;
  lapack_int n_ints;
  th_linalg_use_threads(4 * th_linalg_terms(n, n, n));
  th_blas()->dsyevd(TH_COLUMNS, job, 'U', (int)n, &unused, (int)n, values, &asked, -1, &n_ints, -1);
  size_t n_work = (size_t)asked;
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, n * n + n_work, (size_t)n_ints)) return false;
  double *copy = th_linalg_work_doubles(&work, n * n), *scratch = th_linalg_work_doubles(&work, n_work);
  memcpy(copy, a, n * n * sizeof *a);
  int status = th_blas()->dsyevd(TH_COLUMNS, job, 'U', (int)n, copy, (int)n, values, scratch, (int)n_work,
                                 th_linalg_work_ints(&work, (size_t)n_ints), n_ints);
  if (vectors) {
    th_linalg_transpose(n, n, copy, vectors);
    th_linalg_fix_signs(n, n, vectors, 0, NULL);
  }
  th_linalg_work_free(cx, &work);
  return th_linalg_converged(cx, status, "eigenvalue iteration");
}

bool th_linalg_eigen_symmetric(ThContext *cx, size_t n, const double *a, double *values, double *vectors) {
  const ThPart parts[] = {{values, n * sizeof(double)}, {vectors, n * n * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * th_linalg_terms(n, n, n)), parts, 2)) return false;
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
  if (!th_linalg_ready(cx, n, n, a, n * n)) return false;
  if (n == 0) return true;
  char job = vectors ? 'V' : 'N';
  size_t n_work = 34 * n, n_vectors = vectors ? n * n : 1;
  ThLinalgWork work;
  if (!th_linalg_work_new(cx, &work, n * n + n_vectors + 2 * n + n_work, 0)) return false;
  double *columns = th_linalg_work_doubles(&work, n * n), *right = th_linalg_work_doubles(&work, n_vectors);
  double *re = th_linalg_work_doubles(&work, n), *im = th_linalg_work_doubles(&work, n),
         *scratch = th_linalg_work_doubles(&work, n_work), unused;
  th_linalg_transpose(n, n, a, columns);
  th_linalg_use_threads(10 * th_linalg_terms(n, n, n));
  int status = th_blas()->dgeev(TH_COLUMNS, 'N', job, (int)n, columns, (int)n, re, im, &unused, (int)n, right,
                                (int)n, scratch, (int)n_work);
  for (size_t j = 0; j < n; j++) values[j] = re[j] + TH_I * im[j];
  if (vectors) unpack_vectors(n, right, values, vectors);
  th_linalg_work_free(cx, &work);
  return th_linalg_converged(cx, status, "eigenvalue iteration");
}

bool th_linalg_eigen(ThContext *cx, size_t n, const double *a, double complex *values,
                     double complex *vectors) {
  const ThPart parts[] = {{values, n * sizeof(double complex)}, {vectors, n * n * sizeof(double complex)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(10 * th_linalg_terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = eigen_here(cx, n, a, values, vectors);
  return th_apart_end(cx, &apart);
}
