/* operations_matrices.c - what the operations on matrices share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/correlations.h"
#include "num/kernels.h"
#include "val/derivative.h"
#include "val/operations_linalg.h"

/* --- Memory */

size_t th_tensor_widening(const ThTensor *t, ThElement element) {
  return element == TH_COMPLEX && t->element != TH_COMPLEX ? 2 * t->length : 0;
}

const double complex *th_tensor_as_complex(const ThTensor *t, double *work) {
  if (t->element == TH_COMPLEX) return th_tensor_complex(t);
  for (size_t i = 0; i < t->length; i++) work[2 * i] = t->data[i], work[2 * i + 1] = 0;
  return (const double complex *)(const void *)work;
}

/* --- Shapes */

static ThElement number_element(ThElement element) { return element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE; }

static bool is_square(const ThTensor *a) { return a->rank == 2 && a->shape[0] == a->shape[1]; }

bool th_shape_square(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  if (!is_square(a)) return false;
  s->rank = 2;
  s->element = number_element(a->element);
  s->shape[0] = s->shape[1] = a->shape[0];
  return true;
}

bool th_shape_square_number(ThShaping *s) {
  s->rank = 0;
  s->element = number_element(s->inputs[0].element);
  return is_square(&s->inputs[0]);
}

/* --- Nodes */

ThNodeId th_conjugate(ThGraph *g, ThNodeId a) {
  if (a == TH_ZERO || g->failed) return a;
  return th_node(g, a)->element == TH_COMPLEX ? th_graph_unary(g, &th_op_conj, a) : a;
}

ThNodeId th_adjoint(ThGraph *g, ThNodeId a) { return th_transpose_node(g, th_conjugate(g, a)); }

ThNodeId th_real_part(ThGraph *g, ThNodeId a) {
  if (a == TH_ZERO || g->failed || th_node(g, a)->element != TH_COMPLEX) return a;
  return th_graph_unary(g, &th_op_re, a);
}

ThNodeId th_hermitian_part(ThGraph *g, ThNodeId a) {
  return th_scale(g, 0.5, th_add(g, a, th_adjoint(g, a)));
}

ThNodeId th_times(ThGraph *g, ThNodeId a, ThNodeId b) { return th_product(g, a, b, false, false); }

ThNodeId th_triangle(ThGraph *g, ThNodeId a, bool lower, double diagonal) {
  if (a == TH_ZERO || g->failed) return a;
  size_t rows = th_node(g, a)->shape[0], cols = th_node(g, a)->shape[1];
  ThArray *mask = th_matrix_new(g->cx, TH_DOUBLE, rows, cols);
  if (!mask) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) mask->real[i * cols + j] = i == j ? diagonal : (j < i) == lower;
  ThNodeId node = th_graph_constant(g, th_object(mask));
  th_release(th_object(mask));
  return th_multiply(g, node, a);
}

/* Positions first, first + step, … of n elements. */
static size_t *positions_new(ThGraph *g, size_t n, size_t first, size_t step) {
  size_t *at = th_alloc_array(g->cx, n + 1, sizeof *at);
  if (!at) g->failed = true;
  for (size_t i = 0; at && i < n; i++) at[i] = first + i * step;
  return at;
}
static void positions_free(ThGraph *g, size_t *at, size_t n) { th_free(g->cx, at, (n + 1) * sizeof *at); }

ThNodeId th_diagonal_matrix(ThGraph *g, ThNodeId vector) {
  if (vector == TH_ZERO || g->failed) return vector;
  size_t n = th_node(g, vector)->length, *at = positions_new(g, n, 0, n + 1);
  if (!at) return 0;
  ThNodeId node = th_scatter(g, vector, at, 2, (size_t[]){n, n});
  positions_free(g, at, n);
  return node;
}

ThNodeId th_diagonal_of(ThGraph *g, ThNodeId a) {
  if (a == TH_ZERO || g->failed) return a;
  size_t n = th_node(g, a)->shape[0], *at = positions_new(g, n, 0, n + 1);
  if (!at) return 0;
  ThNodeId node = th_gather(g, a, at, 1, &n);
  positions_free(g, at, n);
  return node;
}

/* Each element is one of 1, r. */
ThNodeId th_correlation_node(ThGraph *g, ThNodeId r) {
  if (g->failed) return r;
  size_t side = th_correlations_side(th_node(g, r)->length), *at = positions_new(g, side * side, 0, 0);
  if (!at) return 0;
  for (size_t i = 0, k = 0; i < side; i++)
    for (size_t j = 0; j < i; j++) at[i * side + j] = at[j * side + i] = ++k;
  const ThNodeId parts[] = {th_graph_number(g, 1), r};
  ThNodeId node = th_gather(g, th_join(g, parts, 2), at, 2, (size_t[]){side, side});
  positions_free(g, at, side * side);
  return node;
}

ThNodeId th_columns(ThGraph *g, ThNodeId a, size_t first, size_t n) {
  if (a == TH_ZERO || g->failed) return a;
  size_t rows = th_node(g, a)->shape[0], cols = th_node(g, a)->shape[1];
  if (n == cols) return a;
  size_t *at = positions_new(g, rows * n, 0, 0);
  if (!at) return 0;
  for (size_t i = 0; i < rows * n; i++) at[i] = i / n * cols + first + i % n;
  ThNodeId node = th_gather(g, a, at, 2, (size_t[]){rows, n});
  positions_free(g, at, rows * n);
  return node;
}

ThNodeId th_part_matrix(ThGraph *g, ThNodeId flat, size_t first, size_t rows, size_t cols) {
  return th_reshape(g, th_part(g, flat, first, rows * cols), 2, (size_t[]){rows, cols});
}

ThNodeId th_pull_nothing(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)g, (void)node, (void)cotangent, (void)k;
  return TH_ZERO;
}
ThNodeId th_push_nothing(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  (void)g, (void)node, (void)tangents;
  return TH_ZERO;
}

ThNodeId th_pull_formula(ThGraph *g, ThNodeId formula, ThNodeId cotangent, const ThNodeId inputs[2],
                         size_t k) {
  ThNodeId cotangents[2];
  if (!g->failed && th_pull_back(g, formula, cotangent, inputs, 2, cotangents)) return cotangents[k];
  g->failed = true;
  return 0;
}
