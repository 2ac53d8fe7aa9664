/* least_squares.c - weighted least squares by QR, with what is known about the solution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A = Q R diag(scale) with unit columns before the scaling. Rank is judged by the singular values of R, which are
 * those of the scaled A. */
#include "infer/least_squares.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/stats.h"

/* Everything for one solution; `rows` is max(m, k), with zeros below A. */
typedef struct Work {
  size_t m, k, rows;
  const double *a, *b;
  double *scaled, *q, *r;         /* (rows, k), (rows, k), (k, k) */
  double *scale, *residual, *step; /* (k), (rows), (k) */
  double *singular, *right;       /* (k), (k, k) */
} Work;

static size_t work_size(size_t rows, size_t k) { return 2 * rows * k + rows + 2 * k * k + 3 * k; }

static void lay_out(Work *w, double *block) {
  size_t rk = w->rows * w->k, kk = w->k * w->k;
  double **parts[] = {&w->scaled, &w->q, &w->r, &w->right, &w->residual, &w->scale, &w->step, &w->singular};
  size_t sizes[] = {rk, rk, kk, kk, w->rows, w->k, w->k, w->k};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    *parts[i] = block;
    block += sizes[i];
  }
}

/* Columns of length 1; a column of zeros stays. */
static void scale_columns(Work *w) {
  for (size_t j = 0; j < w->k; j++) {
    double largest = 0, sum = 0;
    for (size_t i = 0; i < w->m; i++) largest = fmax(largest, fabs(w->a[i * w->k + j]));
    for (size_t i = 0; i < w->m && largest > 0; i++) {
      double part = w->a[i * w->k + j] / largest;
      sum += part * part;
    }
    w->scale[j] = largest > 0 ? largest * sqrt(sum) : 1;
    for (size_t i = 0; i < w->rows; i++) w->scaled[i * w->k + j] = i < w->m ? w->a[i * w->k + j] / w->scale[j] : 0;
  }
}

static size_t rank_of(const Work *w) {
  double limit = w->singular[0] * (double)w->rows * DBL_EPSILON;
  size_t rank = 0;
  while (rank < w->k && w->singular[rank] > limit) rank++;
  return rank;
}

/* residual = b - A x. Cancellation is what refinement lives on, so the sums are kept in extended precision. */
static void find_residual(const Work *w, const double *x) {
  for (size_t i = 0; i < w->rows; i++) {
    long double sum = i < w->m ? (long double)w->b[i] : 0;
    for (size_t j = 0; i < w->m && j < w->k; j++) sum -= (long double)w->a[i * w->k + j] * (long double)x[j];
    w->residual[i] = (double)sum;
  }
}

/* Two steps of refinement after the first solution. */
static void solve(const Work *w, ThLeastSquares *out) {
  memset(out->x, 0, w->k * sizeof *out->x);
  for (int round = 0; round < 3; round++) {
    find_residual(w, out->x);
    th_linalg_gemv(true, w->rows, w->k, 1, w->q, w->residual, 0, w->step);
    th_linalg_solve_triangular(false, false, w->k, 1, w->r, w->step);
    for (size_t j = 0; j < w->k; j++) out->x[j] += w->step[j] / w->scale[j];
  }
  find_residual(w, out->x);
  double norm = th_stats_norm(w->m, w->residual);
  out->sum_squares = norm * norm;
}

/* (A'A)⁻¹ = W W' with W = diag(1/scale) R⁻¹, made in `right`, which is used no more. */
static void find_covariance(const Work *w, ThLeastSquares *out) {
  size_t k = w->k;
  for (size_t i = 0; i < k * k; i++) w->right[i] = i % (k + 1) == 0;
  th_linalg_solve_triangular(false, false, k, k, w->r, w->right);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) w->right[i * k + j] /= w->scale[i];
  th_linalg_gemm(false, true, k, k, k, 1, w->right, w->right, 0, out->covariance);
}

static void find_flat(const Work *w, ThLeastSquares *out) {
  double largest = 0, sign = 0;
  for (size_t j = 0; j < w->k; j++) {
    out->flat[j] = w->right[j * w->k + w->k - 1] / w->scale[j];
    largest = fmax(largest, fabs(out->flat[j]));
  }
  for (size_t j = 0; j < w->k; j++) {
    out->flat[j] /= largest;
    if (fabs(out->flat[j]) < 1e-9) out->flat[j] = 0;
    if (sign == 0 && out->flat[j] != 0) sign = out->flat[j] < 0 ? -1 : 1;
    out->flat[j] *= sign;
  }
}

static bool factorise(ThContext *cx, Work *w, ThLeastSquares *out) {
  size_t k = w->k;
  scale_columns(w);
  if (!th_linalg_qr(cx, w->rows, k, w->scaled, w->q, w->r)) return false;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) out->root[i * k + j] = j < i ? 0 : w->r[i * k + j] * w->scale[j];
  /* the singular vectors need R's strict lower triangle to be zero, as th_linalg_qr leaves it */
  return th_linalg_svd(cx, k, k, w->r, w->scaled, w->singular, w->right);
}

static bool run(ThContext *cx, Work *w, ThLeastSquares *out) {
  if (!factorise(cx, w, out)) return false;
  out->rank = rank_of(w);
  if (out->rank < w->k) {
    find_flat(w, out);
    return true;
  }
  solve(w, out);
  find_covariance(w, out);
  return true;
}

bool th_least_squares(ThContext *cx, size_t m, size_t k, const double *a, const double *b, ThLeastSquares *out) {
  Work w = {.m = m, .k = k, .rows = m > k ? m : k, .a = a, .b = b};
  *out = (ThLeastSquares){.cx = cx, .k = k};
  if (k == 0) {
    double norm = th_stats_norm(m, b);
    out->sum_squares = norm * norm;
    return true;
  }
  out->x = th_alloc_array(cx, 2 * k * k + 2 * k, sizeof *out->x);
  double *block = out->x ? th_alloc_array(cx, work_size(w.rows, k), sizeof *block) : NULL;
  bool ok = block != NULL;
  if (ok) {
    out->flat = out->x + k;
    out->root = out->flat + k;
    out->covariance = out->root + k * k;
    for (size_t i = 0; i < 2 * k * k + 2 * k; i++) out->x[i] = (double)NAN;
    lay_out(&w, block);
    ok = run(cx, &w, out);
  }
  th_free(cx, block, work_size(w.rows, k) * sizeof *block);
  if (!ok) th_least_squares_clear(out);
  return ok;
}

void th_least_squares_clear(ThLeastSquares *s) {
  if (s->x) th_free(s->cx, s->x, (2 * s->k * s->k + 2 * s->k) * sizeof *s->x);
  *s = (ThLeastSquares){0};
}
