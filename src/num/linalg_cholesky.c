/* linalg_cholesky.c - derivatives through a Cholesky factor */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg.h"
#include "num/linalg_work.h"

/* Murray (2016), "Differentiation of the Cholesky decomposition": the steps of the factorisation in reverse. A block of
 * columns is done at once, so that most of the work is products of matrices; it takes twice the work of the
 * factorisation. */

enum { BLOCK = 32 };

/* The columns of a block (n, n) of L on the diagonal, from the last to the first; rows are `lead` doubles apart. */
static void block_backwards(size_t n, size_t lead, const double *l, double *bar) {
  for (size_t j = n; j-- > 0;) {
    double pivot = l[j * lead + j], own = bar[j * lead + j];
    for (size_t i = j + 1; i < n; i++) own -= l[i * lead + j] * bar[i * lead + j] / pivot;
    own /= pivot;
    for (size_t k = 0; k < j; k++) bar[j * lead + k] -= own * l[j * lead + k];
    for (size_t i = j + 1; i < n; i++) {
      double below = bar[i * lead + j] /= pivot;
      for (size_t k = 0; k < j; k++) {
        bar[j * lead + k] -= below * l[i * lead + k];
        bar[i * lead + k] -= below * l[j * lead + k];
      }
    }
    bar[j * lead + j] = 0.5 * own;
  }
}

/* Rows and columns start … end - 1 are the block; what is left of it, below, and both. */
static void panel_backwards(size_t n, size_t start, size_t end, const double *l, double *bar) {
  const ThBlas *blas = th_blas();
  size_t width = end - start, below = n - end;
  const double *left = l + start * n, *both = l + end * n;
  double *left_bar = bar + start * n, *both_bar = bar + end * n, twice[BLOCK * BLOCK];
  int lead = (int)n, w = (int)width, s = (int)start, b = (int)below;
  if (below) {
    blas->dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, b, w, 1, left + start,
                lead, both_bar + start, lead);
    if (start)
      blas->dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, b, s, w, -1, both_bar + start, lead, left, lead,
                  1, both_bar, lead);
    blas->dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, w, w, b, -1, both_bar + start, lead, both + start,
                lead, 1, left_bar + start, lead);
  }
  block_backwards(width, n, left + start, left_bar + start);
  if (start == 0) return;
  if (below)
    blas->dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, w, s, b, -1, both_bar + start, lead, both, lead, 1,
                left_bar, lead);
  for (size_t i = 0; i < width; i++)
    for (size_t j = 0; j <= i; j++) {
      double x = left_bar[i * n + start + j];
      twice[i * width + j] = twice[j * width + i] = i == j ? 2 * x : x;
    }
  blas->dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, w, s, w, -1, twice, w, left, lead, 1, left_bar,
              lead);
}

void th_linalg_cholesky_backwards(size_t n, const double *l, double *bar) {
  if (n <= BLOCK || !th_blas()) block_backwards(n, n, l, bar);
  else {
    th_linalg_use_threads(th_linalg_terms(n, n, n) / 3);
    for (size_t end = n; end > 0;) {
      size_t start = end > BLOCK ? end - BLOCK : 0;
      panel_backwards(n, start, end, l, bar);
      end = start;
    }
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) bar[i * n + j] = bar[j * n + i] = 0.5 * bar[i * n + j];
}
