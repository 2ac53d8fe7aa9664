/* operations_phase.c - the phases of complex eigenvectors and singular vectors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/kernels.h"
#include "val/operations_spectrum.h"

typedef double complex Complex;

typedef struct Choice {
  size_t largest;
} Choice;

static bool pivots_shape(ThShaping *s) {
  const ThTensor *v = &s->inputs[0];
  if (v->rank != 2) return false;
  s->rank = 2;
  s->shape[0] = v->shape[0];
  s->shape[1] = v->shape[1];
  return true;
}

/* LAPACK leaves the pivot without imaginary part: that tells it from others that are as large. */
static size_t pivot_of(const ThTensor *v, size_t column, bool is_largest) {
  size_t rows = v->shape[0], cols = v->shape[1], at = 0;
  double size = 0, reached = 0;
  for (size_t i = 0; i < rows; i++) size = fmax(size, cabs(th_tensor_number(v, i * cols + column)));
  for (size_t i = 0; i < rows; i++) {
    Complex z = th_tensor_number(v, i * cols + column);
    bool fits = is_largest ? cimag(z) == 0 && cabs(z) > reached : cabs(z) > 0.38 * size;
    if (fits && reached == 0) at = i;
    if (fits && is_largest) at = i;
    if (fits) reached = cabs(z);
  }
  return at;
}

static bool pivots(ThContext *cx, const ThEvaluation *e) {
  const Choice *choice = e->attribute;
  const ThTensor *v = &e->inputs[0];
  th_kernel_fill(e->output.length, 0, e->output.data);
  for (size_t j = 0; j < v->shape[1] && v->length; j++)
    e->output.data[pivot_of(v, j, choice->largest) * v->shape[1] + j] = 1;
  return th_poll(cx);
}
static const ThOperation op_pivots = {.name = "eig",
                                      .shape = pivots_shape,
                                      .evaluate = pivots,
                                      .pullback = th_pull_nothing,
                                      .pushforward = th_push_nothing};

ThNodeId th_pivots(ThGraph *g, ThNodeId vectors, bool is_largest) {
  Choice choice = {is_largest};
  return th_graph_apply(g, &op_pivots, &vectors, 1, &choice, sizeof choice);
}

static ThNodeId imaginary_part(ThGraph *g, ThNodeId z) {
  return z == TH_ZERO ? z : th_graph_unary(g, &th_op_im, z);
}

/* The pivots themselves, as a row. */
static ThNodeId pivot_row(ThGraph *g, ThNodeId vectors, ThNodeId at) {
  return th_sum_axis(g, th_multiply(g, at, th_graph_unary(g, &th_op_re, vectors)), 0, true);
}

ThNodeId th_turning(ThGraph *g, ThNodeId vectors, ThNodeId cotangent) {
  ThNodeId products = th_multiply(g, th_conjugate(g, vectors), cotangent);
  return th_sum_axis(g, imaginary_part(g, products), 0, true);
}

ThNodeId th_free_phase(ThGraph *g, ThNodeId cotangent, ThNodeId vectors, ThNodeId at, ThNodeId turning) {
  if (turning == TH_ZERO || g->failed) return cotangent;
  ThNodeId each = th_multiply(g, th_imaginary_unit(g), th_divide(g, turning, pivot_row(g, vectors, at)));
  return th_subtract(g, cotangent, th_multiply(g, at, each));
}

ThNodeId th_phase_back(ThGraph *g, ThNodeId vectors, ThNodeId at, ThNodeId tangent) {
  if (tangent == TH_ZERO || g->failed) return tangent;
  ThNodeId moved = th_sum_axis(g, th_multiply(g, at, imaginary_part(g, tangent)), 0, true);
  return th_multiply(g, th_imaginary_unit(g), th_divide(g, moved, pivot_row(g, vectors, at)));
}
