/* operations_linalg.c - differentiable inverses and solutions of linear systems */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/operations.h"

static ThNodeId adjoint(ThGraph *g, ThNodeId a) {
  bool is_complex = th_node(g, a)->element == TH_COMPLEX;
  return th_transpose_node(g, is_complex ? th_graph_unary(g, &th_op_conj, a) : a);
}

/* --- The inverse: dY = -Y dA Y */

static bool square_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  s->rank = 2;
  s->element = a->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  if (a->rank != 2 || a->shape[0] != a->shape[1]) return false;
  s->shape[0] = s->shape[1] = a->shape[0];
  return true;
}

static bool inverse(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  ThSolveReport report;
  if (a->element != TH_COMPLEX) return th_linalg_inverse(cx, a->shape[0], a->data, e->output.data, &report);
  return th_linalg_inverse_complex(cx, a->shape[0], (const double complex *)(const void *)a->data,
                                   (double complex *)(void *)e->output.data, &report);
}

static ThNodeId inverse_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId y = adjoint(g, node);
  (void)k;
  return th_negate(g, th_product(g, th_product(g, y, cotangent, false, false), y, false, false));
}
static ThNodeId inverse_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_negate(g, th_product(g, th_product(g, node, tangents[0], false, false), node, false, false));
}
const ThOperation th_op_inverse = {.name = "inv",
                                   .shape = square_shape,
                                   .evaluate = inverse,
                                   .pullback = inverse_pullback,
                                   .pushforward = inverse_pushforward};

ThNodeId th_inverse_node(ThGraph *g, ThNodeId a) {
  if (g->failed) return 0;
  return th_node(g, a)->rank == 0 ? th_power_to(g, a, -1) : th_graph_unary(g, &th_op_inverse, a);
}

/* --- X = A⁻¹B for a square A and a matrix B: dX = A⁻¹(dB - dA X) */

static bool solve_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0], *b = &s->inputs[1];
  bool fits = a->rank == 2 && b->rank == 2 && a->shape[0] == a->shape[1] && b->shape[0] == a->shape[0];
  s->rank = 2;
  s->shape[0] = b->rank ? b->shape[0] : 0;
  s->shape[1] = b->rank > 1 ? b->shape[1] : 0;
  s->element = a->element == TH_COMPLEX || b->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return fits;
}

static size_t solve_work(const ThEvaluation *e) {
  return e->output.element == TH_COMPLEX ? 2 * (e->inputs[0].length + e->inputs[1].length) : 0;
}

static const double complex *as_complex(const ThTensor *t, double *work) {
  if (t->element == TH_COMPLEX) return (const double complex *)(const void *)t->data;
  for (size_t i = 0; i < t->length; i++) work[2 * i] = t->data[i], work[2 * i + 1] = 0;
  return (const double complex *)(const void *)work;
}

static bool solve(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0], *b = &e->inputs[1];
  ThSolveReport report;
  if (e->output.element != TH_COMPLEX)
    return th_linalg_solve(cx, a->shape[0], b->shape[1], a->data, b->data, e->output.data, &report);
  return th_linalg_solve_complex(cx, a->shape[0], b->shape[1], as_complex(a, e->work),
                                 as_complex(b, e->work + 2 * a->length),
                                 (double complex *)(void *)e->output.data, &report);
}

static const ThOperation op_solve;

static ThNodeId solve_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId right = th_graph_binary(g, &op_solve, adjoint(g, th_node_input(g, node, 0)), cotangent);
  return k == 1 ? right : th_negate(g, th_product(g, right, adjoint(g, node), false, false));
}
static ThNodeId solve_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  ThNodeId moved = th_subtract(g, tangents[1], th_product(g, tangents[0], node, false, false));
  return th_graph_binary(g, &op_solve, th_node_input(g, node, 0), moved);
}
static const ThOperation op_solve = {.name = "\\",
                                     .shape = solve_shape,
                                     .work = solve_work,
                                     .evaluate = solve,
                                     .pullback = solve_pullback,
                                     .pushforward = solve_pushforward};

/* Of A with more rows than columns the least-squares solution, by the normal equations; with fewer, the one of least
 * norm. The ordinary operation gives the value, these nodes its derivatives. */
static ThNodeId solve_matrix(ThGraph *g, ThNodeId a, ThNodeId b) {
  const ThGraphNode *node = th_node(g, a);
  size_t rows = node->shape[0], cols = node->shape[1];
  ThNodeId h = adjoint(g, a);
  if (rows == cols) return th_graph_binary(g, &op_solve, a, b);
  if (rows > cols)
    return th_graph_binary(g, &op_solve, th_product(g, h, a, false, false),
                           th_product(g, h, b, false, false));
  ThNodeId dual = th_graph_binary(g, &op_solve, th_product(g, a, h, false, false), b);
  return th_product(g, h, dual, false, false);
}

ThNodeId th_solve_node(ThGraph *g, ThNodeId a, ThNodeId b) {
  if (g->failed) return 0;
  if (th_node(g, a)->rank == 0) return th_divide(g, b, a);
  if (th_node(g, b)->rank == 2) return solve_matrix(g, a, b);
  const size_t column[2] = {th_node(g, b)->length, 1};
  return th_flat(g, solve_matrix(g, a, th_reshape(g, b, 2, column)));
}

/* --- The determinant: d det A = det A tr(A⁻¹ dA); of a singular matrix the adjugate would be due, which is not found
 * by way of the inverse: its derivative is nan there. */

static bool number_shape(ThShaping *s) {
  s->rank = 0;
  s->element = s->inputs[0].element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return s->inputs[0].rank == 2 && s->inputs[0].shape[0] == s->inputs[0].shape[1];
}

static bool determinant(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  ThDeterminant d;
  if (a->element == TH_COMPLEX)
    return th_linalg_determinant_complex(cx, a->shape[0], (const double complex *)(const void *)a->data,
                                         (double complex *)(void *)e->output.data);
  if (!th_linalg_determinant(cx, a->shape[0], a->data, &d)) return false;
  e->output.data[0] = d.value;
  return true;
}

static ThNodeId determinant_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId a = th_node_input(g, node, k);
  return th_multiply(g, th_multiply(g, cotangent, node), adjoint(g, th_inverse_node(g, a)));
}
static ThNodeId determinant_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  ThNodeId a = th_node_input(g, node, 0);
  ThNodeId turned = th_transpose_node(g, th_inverse_node(g, a));
  return th_multiply(g, node, th_sum_all(g, th_multiply(g, turned, tangents[0])));
}
static const ThOperation op_determinant = {.name = "det",
                                           .shape = number_shape,
                                           .evaluate = determinant,
                                           .pullback = determinant_pullback,
                                           .pushforward = determinant_pushforward};

ThNodeId th_determinant_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_determinant, a); }
