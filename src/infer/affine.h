/* affine.h - a node of data that is a linear function of a few numbers, as a matrix */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_AFFINE_H
#define TH_INFER_AFFINE_H

#include "val/graph.h"

/* y = A b + offset: b are the numbers of `parts`, nodes that hang on inputs, one after another; A and the offset are
 * known. Such are a + b*x, X @ β, and sums of them. */
typedef struct ThAffine {
  ThContext *cx;
  size_t n, q;  /* numbers of y and of b */
  double *rows; /* (n, q + 1): of A, and the offset as the last column */
  ThNodeId *parts;
  size_t n_parts, room;
} ThAffine;

/* *found is false, and nothing is to be cleared, when y is no such function, or one of more than n/4 numbers. */
TH_CHECKED bool th_affine_find(ThGraph *g, ThNodeId y, ThAffine *out, bool *found);
void th_affine_clear(ThAffine *a);

/* Σ A[j] b[j] + A[q] for each of m rows (m, q + 1): a vector, or a number when m is 1. */
ThNodeId th_affine_apply(ThGraph *g, const ThAffine *a, size_t m, const double *rows);

#endif
