/* linalg_work.c - what the files on dense matrices share: checks, threads, work arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg_work.h"

#include <stdlib.h>

#include "num/real.h"

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

void th_linalg_use_threads(double n_terms) {
  int wanted = n_terms < 3e7 ? 1 : thread_limit();
  if (th_blas()->get_num_threads() != wanted) th_blas()->set_num_threads(wanted);
}
#else
void th_linalg_use_threads(double n_terms) { (void)n_terms; }
#endif

bool th_linalg_is_long(double n_terms) { return n_terms > 5e8; }

bool th_linalg_acceptable(ThContext *cx, size_t m, size_t n, const double *a, size_t n_doubles) {
  if (m > INT32_MAX || n > INT32_MAX)
    return th_fail(cx, TH_ERROR_LIMIT, "a matrix has too many rows or columns");
  for (size_t i = 0; i < n_doubles; i++)
    if (!(fabs(a[i]) <= DBL_MAX)) return th_fail(cx, TH_ERROR_NUMERIC, "a matrix holds nan or inf");
  return true;
}

bool th_linalg_ready(ThContext *cx, size_t m, size_t n, const double *a, size_t n_doubles) {
  return th_linalg_acceptable(cx, m, n, a, n_doubles) && th_blas_load(cx);
}

bool th_linalg_converged(ThContext *cx, int status, const char *what) {
  return status == 0 || th_fail(cx, TH_ERROR_NUMERIC, "the %s did not converge", what);
}

bool th_linalg_work_new(ThContext *cx, ThLinalgWork *w, size_t n_doubles, size_t n_ints) {
  w->size = n_doubles * sizeof(double) + n_ints * sizeof(lapack_int);
  w->used = 0;
  w->block = th_alloc(cx, w->size);
  return w->block != NULL;
}

double *th_linalg_work_doubles(ThLinalgWork *w, size_t n) {
  double *at = (double *)(void *)((char *)w->block + w->used);
  w->used += n * sizeof *at;
  return at;
}

lapack_int *th_linalg_work_ints(ThLinalgWork *w, size_t n) {
  lapack_int *at = (lapack_int *)(void *)((char *)w->block + w->used);
  w->used += n * sizeof *at;
  return at;
}

void th_linalg_work_free(ThContext *cx, ThLinalgWork *w) { th_free(cx, w->block, w->size); }

void th_linalg_fix_signs(size_t n, size_t k, double *v, size_t m, double *u) {
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
