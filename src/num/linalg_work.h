/* linalg_work.h - what the files on dense matrices share: checks, threads, work arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_LINALG_WORK_H
#define TH_NUM_LINALG_WORK_H

#include <float.h>

#include "base/size.h"
#include "num/blas.h"
#include "num/linalg.h"
#include "num/linalg_small.h"

/* For the files linalg_*.c only. A row-major matrix is read by LAPACK as its transpose: A x = b is solved from the
 * factors of A', Q R comes from the L Q of A', U and V of the singular values change places. Of LAPACKE only the
 * `_work` forms are called, whose workspace is ours. */
enum { TH_COLUMNS = LAPACK_COL_MAJOR };

static inline CBLAS_TRANSPOSE th_linalg_turned(bool transpose) {
  return transpose ? CblasTrans : CblasNoTrans;
}

/* The work of an (m, n) result, each element a sum of k terms; 0 when there are so few elements that dividing
 * them between threads does harm. */
static inline double th_linalg_terms(size_t m, size_t n, size_t k) {
  double size = (double)m * (double)n;
  return size < 4096 ? 0 : size * (double)k;
}

static inline double th_linalg_volume(size_t m, size_t n, size_t k) {
  return (double)m * (double)n * (double)k;
}
/* The library for a product of so many terms; NULL when there are few of them, or no library. */
static inline const ThBlas *th_linalg_library(double n_terms) {
  return n_terms <= TH_SMALL_TERMS ? NULL : th_blas();
}
/* The library, which is loaded, takes as many threads as so many terms are worth. */
void th_linalg_use_threads(double n_terms);

/* LAPACK counts in ints, and does not end well on NaN: else an error. */
TH_CHECKED bool th_linalg_acceptable(ThContext *cx, size_t m, size_t n, const double *a, size_t n_doubles);
/* The same, with the library loaded. */
TH_CHECKED bool th_linalg_ready(ThContext *cx, size_t m, size_t n, const double *a, size_t n_doubles);
/* ‖A‖₁ of a row-major (n, n) matrix, 1 when it is empty; sums: n. */
double th_linalg_one_norm(size_t n, const double *a, double *sums);
/* The status of an iteration of LAPACK; else the error that `what` did not converge. */
TH_CHECKED bool th_linalg_converged(ThContext *cx, int status, const char *what);

/* How well an (n, n) system is posed that can be solved. */
static inline ThSolveStatus th_linalg_status(size_t n, double rcond) {
  return rcond < DBL_EPSILON * (double)n ? TH_SOLVE_ILL_CONDITIONED : TH_SOLVE_GOOD;
}

/* One block that holds all work arrays of a call. Doubles are taken before ints, so that both lie aligned. */
typedef struct ThLinalgWork {
  void *block;
  size_t size, used;
} ThLinalgWork;

TH_CHECKED bool th_linalg_work_new(ThContext *cx, ThLinalgWork *w, size_t n_doubles, size_t n_ints);
double *th_linalg_work_doubles(ThLinalgWork *w, size_t n);
lapack_int *th_linalg_work_ints(ThLinalgWork *w, size_t n);
void th_linalg_work_free(ThContext *cx, ThLinalgWork *w);

/* Makes the first sizeable element of each column of v (n, k) positive, turning the columns of u (m, k)
 * along; u may be NULL. Elements above 0.38 of the largest count: rounding does not choose among equals. */
void th_linalg_fix_signs(size_t n, size_t k, double *v, size_t m, double *u);

#endif
