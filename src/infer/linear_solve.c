/* linear_solve.c - the coefficients of a linear mean: weighted, penalised, or of least norm */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/linear_solve.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "infer/least_squares.h"
#include "infer/normal_equations.h"
#include "num/linalg.h"
#include "num/stats.h"

static size_t size_of(size_t n, size_t k) { return 2 * k + k * k + n; }

static bool solution_init(ThContext *cx, size_t n, size_t k, ThLinearSolution *out) {
  *out = (ThLinearSolution){.cx = cx, .n = n, .k = k};
  size_t size = size_of(n, k);
  if (size == 0) return true;
  out->coef = th_alloc_array(cx, size, sizeof *out->coef);
  if (!out->coef) return false;
  out->flat = out->coef + k;
  out->inverse = out->flat + k;
  out->fitted = out->inverse + k * k;
  for (size_t i = 0; i < 2 * k + k * k; i++) out->coef[i] = (double)NAN;
  return true;
}

void th_linear_solution_clear(ThLinearSolution *s) {
  if (s->coef) th_free(s->cx, s->coef, size_of(s->n, s->k) * sizeof *s->coef);
  *s = (ThLinearSolution){0};
}

static double scale_at(const ThLinearProblem *p, size_t i) { return p->scale ? p->scale[i] : 1; }
static double center_at(const ThLinearProblem *p, size_t j) { return p->center ? p->center[j] : 0; }

/* out (k) = Λ (β - center) */
static void pull(const ThLinearProblem *p, const double *beta, double *out) {
  for (size_t i = 0; i < p->k; i++) {
    out[i] = 0;
    for (size_t j = 0; p->precision && j < p->k; j++)
      out[i] += p->precision[i * p->k + j] * (beta[j] - center_at(p, j));
  }
}

static double penalty_of(const ThLinearProblem *p, const double *beta) {
  double sum = 0;
  for (size_t i = 0; p->precision && i < p->k; i++)
    for (size_t j = 0; j < p->k; j++)
      sum += p->precision[i * p->k + j] * (beta[i] - center_at(p, i)) * (beta[j] - center_at(p, j));
  return sum;
}

/* --- By the normal equations */

/* Above this many elements they are worth their while, where the condition number of the scaled matrix (the square of
 * that of X; in the 1-norm, which is up to k times as large) is below k times this. Corrections by the residuals then
 * make up for all that the coefficients lose; the standard errors keep nine digits. */
enum { MANY = 50000, MOST_CONDITION = 1000000 };

typedef struct Quick {
  const ThLinearProblem *p;
  ThNormalEquations e;
  double *rows, *slope; /* a block of rows; X'W(y - Xβ) - Λ(β - center) */
  size_t block;
} Quick;

/* S = X'WX + Λ and slope = X'Wy + Λ center. */
static bool sum_up(ThContext *cx, Quick *q) {
  const ThLinearProblem *p = q->p;
  size_t k = p->k;
  if (p->precision) memcpy(q->e.sum, p->precision, k * k * sizeof *q->e.sum);
  for (size_t j = 0; j < k; j++) {
    q->slope[j] = 0;
    for (size_t i = 0; p->precision && i < k; i++) q->slope[j] += p->precision[j * k + i] * center_at(p, i);
  }
  for (size_t at = 0; at < p->n; at += q->block) {
    size_t m = p->n - at < q->block ? p->n - at : q->block;
    double *y = q->rows + q->block * k;
    const double *from = p->x + at * k;
    if (!th_poll(cx)) return false;
    for (size_t i = 0; i < m; i++) {
      double s = scale_at(p, at + i);
      y[i] = s * p->y[at + i];
      for (size_t j = 0; j < k; j++) q->rows[i * k + j] = s * from[i * k + j];
    }
    th_linalg_gram_add(m, k, 1, q->rows, q->e.sum);
    th_linalg_gemv(true, m, k, 1, q->rows, y, 1, q->slope);
  }
  return true;
}

/* fitted, the sum of squares and the slope at `coef`. */
static bool look(ThContext *cx, Quick *q, ThLinearSolution *out) {
  const ThLinearProblem *p = q->p;
  size_t k = p->k;
  pull(p, out->coef, q->slope);
  for (size_t j = 0; j < k; j++) q->slope[j] = -q->slope[j];
  out->sum_squares = 0;
  for (size_t at = 0; at < p->n; at += q->block) {
    size_t m = p->n - at < q->block ? p->n - at : q->block;
    double sum = 0;
    if (!th_poll(cx)) return false;
    th_linalg_gemv(false, m, k, 1, p->x + at * k, out->coef, 0, out->fitted + at);
    for (size_t i = 0; i < m; i++) {
      double s = scale_at(p, at + i), r = s * (p->y[at + i] - out->fitted[at + i]);
      sum += r * r;
      q->rows[i] = s * r;
    }
    out->sum_squares += sum;
    th_linalg_gemv(true, m, k, 1, p->x + at * k, q->rows, 1, q->slope);
  }
  return true;
}

/* The largest change of a coefficient by `slope`, relative to the largest, in units of their columns. */
static double correct(const Quick *q, double *coef) {
  double change = 0, size = 0;
  th_normal_equations_solve(&q->e, q->slope);
  for (size_t j = 0; j < q->p->k; j++) {
    coef[j] += q->slope[j];
    change = fmax(change, fabs(q->slope[j]) / q->e.scale[j]);
    size = fmax(size, fabs(coef[j]) / q->e.scale[j]);
  }
  return size > 0 ? change / size : 0;
}

static bool refine(ThContext *cx, Quick *q, ThLinearSolution *out) {
  enum { MOST_ROUNDS = 4 };
  memset(out->coef, 0, q->p->k * sizeof *out->coef);
  (void)correct(q, out->coef);
  for (int round = 0; round < MOST_ROUNDS; round++) {
    if (!look(cx, q, out)) return false;
    if (correct(q, out->coef) < 50 * DBL_EPSILON) break;
  }
  memcpy(out->inverse, q->e.inverse, q->p->k * q->p->k * sizeof *out->inverse);
  out->rank = q->p->k;
  out->penalty = penalty_of(q->p, out->coef);
  return true;
}

/* *done: it was good enough. */
static bool solve_quickly(ThContext *cx, const ThLinearProblem *p, ThLinearSolution *out, bool *done) {
  Quick q = {.p = p, .block = th_normal_equations_block(p->k + 1)};
  size_t size = q.block * (p->k + 1) + p->k;
  *done = false;
  if (!th_normal_equations_init(cx, p->k, &q.e)) return false;
  q.rows = th_alloc_array(cx, size, sizeof *q.rows);
  bool ok = q.rows != NULL;
  if (ok) {
    q.slope = q.rows + q.block * (p->k + 1);
    ok = sum_up(cx, &q);
    if (ok) th_normal_equations_factorise(&q.e);
    *done = ok && q.e.condition < MOST_CONDITION * (double)p->k;
    if (*done) ok = refine(cx, &q, out);
    th_free(cx, q.rows, size * sizeof *q.rows);
  }
  th_normal_equations_clear(&q.e);
  return ok;
}

/* --- By QR */

/* R (k, k) with R'R = Λ, from its eigenvalues. */
static bool root_of(ThContext *cx, size_t k, const double *precision, double *root) {
  double *vectors = th_alloc_array(cx, k * k + k, sizeof *vectors);
  if (!vectors) return false;
  double *values = vectors + k * k;
  bool ok = th_linalg_eigen_symmetric(cx, k, precision, values, vectors);
  for (size_t i = 0; ok && i < k; i++)
    for (size_t j = 0; j < k; j++) root[i * k + j] = sqrt(fmax(values[i], 0)) * vectors[j * k + i];
  th_free(cx, vectors, (k * k + k) * sizeof *vectors);
  return ok;
}

/* The scaled rows, and below them those of the penalty. */
static bool write_system(ThContext *cx, const ThLinearProblem *p, double *a, double *b) {
  size_t n = p->n, k = p->k;
  for (size_t i = 0; i < n; i++) {
    double s = scale_at(p, i);
    b[i] = s * p->y[i];
    for (size_t j = 0; j < k; j++) a[i * k + j] = s * p->x[i * k + j];
  }
  if (!p->precision) return true;
  double *root = a + n * k;
  if (!root_of(cx, k, p->precision, root)) return false;
  for (size_t i = 0; i < k; i++) {
    b[n + i] = 0;
    for (size_t j = 0; j < k; j++) b[n + i] += root[i * k + j] * center_at(p, j);
  }
  return true;
}

/* The fitted values; the sum of squares anew where the QR's holds the penalty too. */
static void measure(const ThLinearProblem *p, double total, ThLinearSolution *out) {
  th_linalg_gemv(false, p->n, p->k, 1, p->x, out->coef, 0, out->fitted);
  out->penalty = penalty_of(p, out->coef);
  out->sum_squares = total;
  if (!p->precision) return;
  out->sum_squares = 0;
  for (size_t i = 0; i < p->n; i++) {
    double r = scale_at(p, i) * (p->y[i] - out->fitted[i]);
    out->sum_squares += r * r;
  }
}

static bool solve_by_qr(ThContext *cx, const ThLinearProblem *p, ThLinearSolution *out) {
  size_t k = p->k, rows = p->n + (p->precision ? k : 0), size = rows * (k + 1);
  ThLeastSquares s = {0};
  double *a = th_alloc_array(cx, size, sizeof *a);
  if (!a) return false;
  double *b = a + rows * k;
  bool ok = write_system(cx, p, a, b) && th_least_squares(cx, rows, k, a, b, &s);
  if (ok) {
    out->rank = s.rank;
    if (s.rank < k) memcpy(out->flat, s.flat, k * sizeof *s.flat);
    else {
      memcpy(out->coef, s.x, k * sizeof *s.x);
      memcpy(out->inverse, s.covariance, k * k * sizeof *s.x);
      measure(p, s.sum_squares, out);
    }
    th_least_squares_clear(&s);
  }
  th_free(cx, a, size * sizeof *a);
  return ok;
}

bool th_linear_solve(ThContext *cx, const ThLinearProblem *p, ThLinearSolution *out) {
  bool done = false;
  if (!solution_init(cx, p->n, p->k, out)) return false;
  bool ok = true;
  if (p->k == 0) {
    done = true;
    for (size_t i = 0; i < p->n; i++) {
      double r = scale_at(p, i) * p->y[i];
      out->fitted[i] = 0;
      out->sum_squares += r * r;
    }
  } else if (p->n * p->k >= MANY && p->n > p->k) {
    ok = solve_quickly(cx, p, out, &done);
  }
  if (ok && !done) ok = solve_by_qr(cx, p, out);
  if (!ok) th_linear_solution_clear(out);
  return ok;
}

/* --- Of least norm */

static bool least_norm(ThContext *cx, const ThLinearProblem *p, double *a, double *b, double *pseudo,
                       ThLinearSolution *out) {
  size_t n = p->n, k = p->k;
  if (!write_system(cx, p, a, b)) return false;
  if (!th_linalg_least_squares(cx, n, k, 1, a, b, -1, out->coef, &out->rank) ||
      !th_linalg_pseudo_inverse(cx, n, k, a, -1, pseudo, NULL))
    return false;
  th_linalg_gemm(false, true, k, k, n, 1, pseudo, pseudo, 0, out->inverse);
  th_linalg_gemv(false, n, k, 1, p->x, out->coef, 0, out->fitted);
  for (size_t i = 0; i < n; i++) {
    double r = scale_at(p, i) * (p->y[i] - out->fitted[i]);
    out->sum_squares += r * r;
  }
  return true;
}

bool th_linear_solve_least_norm(ThContext *cx, const ThLinearProblem *p, ThLinearSolution *out) {
  size_t n = p->n, k = p->k, size = n * k * 2 + n;
  if (!solution_init(cx, n, k, out)) return false;
  double *a = th_alloc_array(cx, size, sizeof *a);
  bool ok = a && least_norm(cx, p, a, a + n * k, a + n * k + n, out);
  if (a) th_free(cx, a, size * sizeof *a);
  if (!ok) th_linear_solution_clear(out);
  return ok;
}
