/* lasso.c - a quadratic with an L1 penalty, by coordinate descent */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coordinate descent with soft thresholds (Friedman, Hastie and Tibshirani 2010), on the Gram matrix. It stops where
 * the conditions of Karush, Kuhn and Tucker hold: the slope c - Gβ is ±penalty where β is not 0, and no larger where it
 * is. Then the coefficients that are not 0 are solved for, which makes them exact. */
#include <math.h>
#include <string.h>

#include "infer/linear_fit.h"
#include "num/linalg.h"

typedef struct Lasso {
  size_t k;
  const double *g, *c, *penalty;
  double *beta, *slope; /* slope = c - Gβ */
} Lasso;

static void step(Lasso *l, size_t j, double value) {
  double change = value - l->beta[j];
  if (change == 0) return;
  l->beta[j] = value;
  for (size_t i = 0; i < l->k; i++) l->slope[i] -= change * l->g[j * l->k + i];
}

static void sweep(Lasso *l) {
  for (size_t j = 0; j < l->k; j++) {
    double curvature = l->g[j * (l->k + 1)];
    if (!(curvature > 0)) continue; /* a column of zeros: its coefficient stays 0 */
    double pull = l->slope[j] + curvature * l->beta[j], size = fabs(pull) - l->penalty[j];
    step(l, j, size > 0 ? copysign(size, pull) / curvature : 0);
  }
}

/* How far the conditions are from holding, relative to the largest slope at 0. */
static double violation(const Lasso *l) {
  double largest = 0, scale = 0;
  for (size_t j = 0; j < l->k; j++) {
    double wrong = l->beta[j] != 0 ? fabs(l->slope[j] - copysign(l->penalty[j], l->beta[j]))
                                   : fmax(fabs(l->slope[j]) - l->penalty[j], 0);
    largest = fmax(largest, wrong);
    scale = fmax(scale, fabs(l->c[j]));
  }
  return scale > 0 ? largest / scale : 0;
}

static void set_slope(Lasso *l) {
  memcpy(l->slope, l->c, l->k * sizeof *l->slope);
  th_linalg_gemv(false, l->k, l->k, -1, l->g, l->beta, 1, l->slope);
}

/* G_AA β_A = c_A - penalty sign; kept when the signs stay and nothing gets worse. work: k² + 2 k. */
static void polish(Lasso *l, double *work) {
  size_t k = l->k, n = 0;
  double *right = work + k * k, *old = right + k, before = violation(l);
  memcpy(old, l->beta, k * sizeof *old);
  for (size_t i = 0; i < k; i++) n += old[i] != 0;
  size_t row = 0;
  for (size_t i = 0; i < k; i++) {
    if (old[i] == 0) continue;
    size_t column = 0;
    for (size_t j = 0; j < k; j++)
      if (old[j] != 0) work[row * n + column++] = l->g[i * k + j];
    right[row++] = l->c[i] - copysign(l->penalty[i], old[i]);
  }
  if (n == 0 || !th_linalg_cholesky(n, work)) return;
  th_linalg_solve_cholesky(n, 1, work, right);
  bool same = true;
  row = 0;
  for (size_t i = 0; i < k; i++)
    if (old[i] != 0) {
      same &= right[row] * old[i] > 0;
      l->beta[i] = right[row++];
    }
  set_slope(l);
  if (same && violation(l) <= fmax(before, 1e-13)) return;
  memcpy(l->beta, old, k * sizeof *old);
  set_slope(l);
}

bool th_lasso(ThContext *cx, size_t k, const double *g, const double *c, const double *penalty,
              double *beta) {
  enum { MOST_SWEEPS = 1000000 };
  size_t size = k * k + 3 * k + 1;
  double *work = th_alloc_array(cx, size, sizeof *work);
  if (!work) return false;
  Lasso l = {.k = k, .g = g, .c = c, .penalty = penalty, .beta = beta, .slope = work + k * k + 2 * k};
  memset(beta, 0, k * sizeof *beta);
  set_slope(&l);
  bool ok = true;
  for (size_t i = 0; ok && violation(&l) > 1e-11; i++) {
    ok = th_poll(cx);
    if (i == MOST_SWEEPS)
      ok = th_fail(cx, TH_ERROR_NUMERIC,
                   "the lasso did not converge in %d sweeps: columns that are nearly collinear", MOST_SWEEPS);
    if (ok) sweep(&l);
  }
  if (ok) polish(&l, work);
  th_free(cx, work, size * sizeof *work);
  return ok;
}
