/* least_squares.c - weighted least squares by QR, with what is known about the solution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A = Q R diag(scale), where the scale makes the columns' lengths about 1 and is a power of two, so that
 * nothing is rounded. Rank is judged by the singular values of R, which are those of the scaled A. The
 * solution is refined together with the residual r = b - A x, by the system r + A x = b, A'r = 0 (Björck
 * 1967): where r is large, refining x alone would not help. */
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
  double *scaled, *q, *r;                      /* (rows, k), (rows, k), (k, k) */
  double *right;                               /* (k, k) */
  double *residual, *wrong, *projected;        /* (rows) */
  double *scale, *singular, *x, *slope, *step; /* (k) */
} Work;

static size_t work_size(size_t rows, size_t k) { return 2 * rows * k + 2 * k * k + 3 * rows + 5 * k; }

static void lay_out(Work *w, double *block) {
  size_t n = w->rows, rk = n * w->k, kk = w->k * w->k, k = w->k;
  double **parts[] = {&w->scaled,    &w->q,     &w->r,        &w->right, &w->residual, &w->wrong,
                      &w->projected, &w->scale, &w->singular, &w->x,     &w->slope,    &w->step};
  size_t sizes[] = {rk, rk, kk, kk, n, n, n, k, k, k, k, k};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    *parts[i] = block;
    block += sizes[i];
  }
}

/* The power of two next to the length of column j; 1 for a column of zeros. */
static double column_scale(const Work *w, size_t j) {
  double largest = 0, sum = 0;
  int exponent;
  for (size_t i = 0; i < w->m; i++) largest = fmax(largest, fabs(w->a[i * w->k + j]));
  for (size_t i = 0; i < w->m && largest > 0; i++) {
    double part = w->a[i * w->k + j] / largest;
    sum += part * part;
  }
  frexp(largest * sqrt(sum), &exponent);
  return largest > 0 ? ldexp(1, exponent) : 1;
}

static void scale_columns(Work *w) {
  for (size_t j = 0; j < w->k; j++) {
    w->scale[j] = column_scale(w, j);
    for (size_t i = 0; i < w->rows; i++)
      w->scaled[i * w->k + j] = i < w->m ? w->a[i * w->k + j] / w->scale[j] : 0;
  }
}

static size_t rank_of(const Work *w) {
  double limit = w->singular[0] * (double)w->rows * DBL_EPSILON;
  size_t rank = 0;
  while (rank < w->k && w->singular[rank] > limit) rank++;
  return rank;
}

/* A sum in twice the working precision: products and sums keep their rounding errors (Ogita, Rump and Oishi
 * 2005, algorithm 5.3). */
typedef struct Sum {
  double high, low;
} Sum;

static void add_product(Sum *s, double a, double b) {
  double product = a * b, error = fma(a, b, -product);
  double total = s->high + product, part = total - s->high;
  s->low += (s->high - (total - part)) + (product - part) + error;
  s->high = total;
}

/* wrong = b - r - A x and slope = -A'r: what the two equations still lack. */
static void find_wrong(const Work *w) {
  size_t k = w->k;
  for (size_t i = 0; i < w->rows; i++) {
    Sum s = {i < w->m ? w->b[i] : 0, 0};
    add_product(&s, -1, w->residual[i]);
    for (size_t j = 0; j < k; j++) add_product(&s, -w->scaled[i * k + j], w->x[j]);
    w->wrong[i] = s.high + s.low;
  }
  for (size_t j = 0; j < k; j++) {
    Sum s = {0, 0};
    for (size_t i = 0; i < w->rows; i++) add_product(&s, -w->scaled[i * k + j], w->residual[i]);
    w->slope[j] = s.high + s.low;
  }
}

/* With h = R'⁻¹ slope and d = Q' wrong - h: x grows by R⁻¹ d, r by wrong - Q d. *moved is the largest change
 * of an element of x, relative to the largest. */
static void correct(const Work *w, double *moved) {
  double change = 0, size = 0;
  th_linalg_solve_triangular(false, true, w->k, 1, w->r, w->slope);
  th_linalg_gemv(true, w->rows, w->k, 1, w->q, w->wrong, 0, w->step);
  for (size_t j = 0; j < w->k; j++) w->step[j] -= w->slope[j];
  th_linalg_gemv(false, w->rows, w->k, 1, w->q, w->step, 0, w->projected);
  for (size_t i = 0; i < w->rows; i++) w->residual[i] += w->wrong[i] - w->projected[i];
  th_linalg_solve_triangular(false, false, w->k, 1, w->r, w->step);
  for (size_t j = 0; j < w->k; j++) {
    w->x[j] += w->step[j];
    change = fmax(change, fabs(w->step[j]));
    size = fmax(size, fabs(w->x[j]));
  }
  *moved = size > 0 ? change / size : 0;
}

static bool solve(ThContext *cx, const Work *w, ThLeastSquares *out) {
  enum { MOST_ROUNDS = 8 };
  double moved = (double)INFINITY, before;
  for (size_t j = 0; j < w->k; j++) w->x[j] = 0;
  for (size_t i = 0; i < w->rows; i++) w->residual[i] = 0;
  for (int round = 0; round < MOST_ROUNDS && moved > DBL_EPSILON / 4; round++) {
    before = moved;
    if (!th_poll(cx)) return false;
    find_wrong(w);
    correct(w, &moved);
    if (moved > before / 2) break;
  }
  for (size_t j = 0; j < w->k; j++) out->x[j] = w->x[j] / w->scale[j];
  double norm = th_stats_norm(w->m, w->residual);
  out->sum_squares = norm * norm;
  return true;
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
  if (!th_poll(cx) || !th_linalg_qr(cx, w->rows, k, w->scaled, w->q, w->r) || !th_poll(cx)) return false;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) out->root[i * k + j] = j < i ? 0 : w->r[i * k + j] * w->scale[j];
  /* the left vectors are not wanted: they go where the covariance will stand */
  return th_linalg_svd(cx, k, k, w->r, out->covariance, w->singular, w->right);
}

static bool run(ThContext *cx, Work *w, ThLeastSquares *out) {
  if (!factorise(cx, w, out)) return false;
  out->rank = rank_of(w);
  if (out->rank < w->k) {
    find_flat(w, out);
    for (size_t i = 0; i < w->k * w->k; i++) out->covariance[i] = (double)NAN;
    return true;
  }
  if (!solve(cx, w, out)) return false;
  find_covariance(w, out);
  return true;
}

bool th_least_squares(ThContext *cx, size_t m, size_t k, const double *a, const double *b,
                      ThLeastSquares *out) {
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
