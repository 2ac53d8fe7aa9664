/* normal_equations.c - information matrices, summed over blocks of rows, and their solutions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/normal_equations.h"

#include <math.h>
#include <string.h>

#include "num/linalg.h"

static size_t size_of(size_t k) { return 3 * k * k + k; }

bool th_normal_equations_init(ThContext *cx, size_t k, ThNormalEquations *out) {
  *out = (ThNormalEquations){.cx = cx, .k = k};
  if (k == 0) return true;
  out->sum = th_alloc_array(cx, size_of(k), sizeof *out->sum);
  if (!out->sum) return false;
  memset(out->sum, 0, size_of(k) * sizeof *out->sum);
  out->inverse = out->sum + k * k;
  out->factor = out->inverse + k * k;
  out->scale = out->factor + k * k;
  return true;
}

void th_normal_equations_clear(ThNormalEquations *e) {
  if (e->sum) th_free(e->cx, e->sum, size_of(e->k) * sizeof *e->sum);
  *e = (ThNormalEquations){0};
}

static double one_norm(size_t k, const double *a) {
  double largest = 0;
  for (size_t i = 0; i < k; i++) {
    double sum = 0;
    for (size_t j = 0; j < k; j++) sum += fabs(a[i * k + j]);
    largest = fmax(largest, sum);
  }
  return largest;
}

/* The scaled S into `factor`; false when a diagonal element is not positive. */
static bool scale(ThNormalEquations *e) {
  size_t k = e->k;
  for (size_t j = 0; j < k; j++) {
    double square = e->sum[j * (k + 1)];
    if (!(square > 0) || isinf(square)) return false;
    e->scale[j] = 1 / sqrt(square);
  }
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j <= i; j++) {
      e->sum[j * k + i] = e->sum[i * k + j];
      e->factor[i * k + j] = e->factor[j * k + i] = e->sum[i * k + j] * e->scale[i] * e->scale[j];
    }
  return true;
}

void th_normal_equations_factorise(ThNormalEquations *e) {
  size_t k = e->k;
  e->condition = (double)INFINITY;
  if (!scale(e)) return;
  double norm = one_norm(k, e->factor);
  if (!th_linalg_cholesky(k, e->factor)) return;
  for (size_t i = 0; i < k * k; i++) e->inverse[i] = i % (k + 1) == 0;
  th_linalg_solve_cholesky(k, k, e->factor, e->inverse);
  e->condition = norm * one_norm(k, e->inverse);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) e->inverse[i * k + j] *= e->scale[i] * e->scale[j];
  th_linalg_symmetrize(k, e->inverse);
}

void th_normal_equations_solve(const ThNormalEquations *e, double *b) {
  for (size_t j = 0; j < e->k; j++) b[j] *= e->scale[j];
  th_linalg_solve_cholesky(e->k, 1, e->factor, b);
  for (size_t j = 0; j < e->k; j++) b[j] *= e->scale[j];
}

size_t th_normal_equations_block(size_t width) {
  enum { CACHED = 1 << 14, LEAST_ROWS = 256 };
  size_t rows = CACHED / (width ? width : 1);
  return rows < LEAST_ROWS ? LEAST_ROWS : rows;
}
