/* operations_eigen.c - differentiable eigenvalues and eigenvectors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/operations_spectrum.h"

/* The result is one flat array: n values, then the (n, n) vectors by rows. */

static bool eigen_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  if (!th_shape_square(s)) return false;
  s->rank = 1;
  s->shape[0] = a->shape[0] * (a->shape[0] + 1);
  return true;
}
static bool complex_shape(ThShaping *s) {
  bool fits = eigen_shape(s);
  s->element = TH_COMPLEX;
  return fits;
}

typedef struct Pairs {
  size_t n;
  ThNodeId values, vectors;
} Pairs;

/* Values and vectors, or their cotangents, out of a flat array, of a node. */
static Pairs pairs_of(ThGraph *g, ThNodeId node, ThNodeId flat) {
  Pairs p = {.n = th_node(g, th_node_input(g, node, 0))->shape[0]};
  p.values = th_part(g, flat, 0, p.n);
  p.vectors = th_part_matrix(g, flat, p.n, p.n, p.n);
  return p;
}

static bool find_uses(ThGraph *g, ThNodeId cotangent, size_t n, ThUses *uses) {
  const ThVectors vectors = {.first = n, .rows = n};
  return th_uses_init(g, cotangent, n, 0, &vectors, 1, uses);
}

/* The cotangent of the values as a diagonal matrix. */
static ThNodeId value_part(ThGraph *g, ThNodeId bar, ThNodeId values, const ThUses *uses) {
  return uses->values ? th_diagonal_matrix(g, th_even_values(g, bar, values, uses, false)) : TH_ZERO;
}

/* --- Of a symmetric or Hermitian matrix, taken as its Hermitian part: with P = VᴴdA V, dλ = diag P and
 * dV = V (F∘P), F_ij = 1/(λ_j - λ_i) (Giles 2008, 3.1). Of a Hermitian one the phases of
 * the vectors follow the built-in's (Wan & Zhang 2019 for what does not hang on them). */

static bool eigen_symmetric(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  size_t n = a->shape[0];
  if (n == 0) return true;
  if (a->element != TH_COMPLEX)
    return th_linalg_eigen_symmetric(cx, n, a->data, e->output.data, e->output.data + n);
  /* the values come as doubles, in the lower half of their place, and are spread from the end */
  double *values = e->output.data;
  if (!th_linalg_eigen_hermitian(cx, n, th_tensor_complex(a), values, th_tensor_complex(&e->output) + n))
    return false;
  for (size_t i = n; i-- > 0;) {
    values[2 * i] = values[i];
    values[2 * i + 1] = 0;
  }
  return true;
}

static ThNodeId symmetric_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Pairs p = pairs_of(g, node, node), bar = pairs_of(g, node, cotangent);
  ThNodeId values = th_real_part(g, p.values), adjoint = th_adjoint(g, p.vectors);
  ThUses uses;
  (void)k;
  if (!find_uses(g, cotangent, p.n, &uses)) return 0;
  ThNodeId inner = value_part(g, th_real_part(g, bar.values), values, &uses);
  if (uses.vectors) {
    if (th_node(g, node)->element == TH_COMPLEX)
      bar.vectors = th_free_phase(g, bar.vectors, p.vectors, th_pivots(g, p.vectors, false),
                                  th_turning(g, p.vectors, bar.vectors));
    ThNodeId m = th_even_vectors(g, th_times(g, adjoint, bar.vectors), values, &uses, false);
    ThNodeId divided = th_divided_by_gaps(g, m, values, TH_PAIR_MINUS, false);
    inner = th_add(g, inner, th_scale(g, 0.5, divided));
  }
  th_uses_clear(g, &uses);
  return th_hermitian_part(g, th_times(g, th_times(g, p.vectors, inner), adjoint));
}

static ThNodeId symmetric_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  Pairs p = pairs_of(g, node, node);
  ThNodeId values = th_real_part(g, p.values), moved = th_hermitian_part(g, tangents[0]);
  ThNodeId inner = th_times(g, th_times(g, th_adjoint(g, p.vectors), moved), p.vectors);
  ThNodeId divided = th_divided_by_gaps(g, inner, values, TH_PAIR_PLUS, false);
  ThNodeId vectors = th_times(g, p.vectors, th_scale(g, 0.5, divided));
  if (!g->failed && th_node(g, node)->element == TH_COMPLEX) {
    ThNodeId back = th_phase_back(g, p.vectors, th_pivots(g, p.vectors, false), vectors);
    vectors = th_subtract(g, vectors, th_multiply(g, p.vectors, back));
  }
  const ThNodeId parts[] = {th_even_tangent(g, th_diagonal_of(g, inner), values), vectors};
  return th_join(g, parts, 2);
}

static const ThOperation op_eigen_symmetric = {.name = "eig",
                                               .shape = eigen_shape,
                                               .evaluate = eigen_symmetric,
                                               .pullback = symmetric_pullback,
                                               .pushforward = symmetric_pushforward};

ThNodeId th_eigen_symmetric_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_eigen_symmetric, a); }

/* --- Of any matrix: P = V⁻¹dA V, dλ = diag P, dV = V (F∘P) - V D, where D keeps the norms 1 and the largest component
 * of each vector real, as LAPACK has them. */

static bool eigen_general(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  size_t n = a->shape[0];
  double complex *values = th_tensor_complex(&e->output);
  if (a->element == TH_COMPLEX)
    return th_linalg_eigen_complex(cx, n, th_tensor_complex(a), values, values + n);
  return th_linalg_eigen(cx, n, a->data, values, values + n);
}

/* V⁻¹B or V⁻ᴴB; V is singular where there is no basis of eigenvectors. */
static bool solve_basis(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *v = &e->inputs[0], *b = &e->inputs[1];
  ThSolveReport report;
  if (!th_linalg_solve_complex(cx, v->shape[0], b->shape[1], th_tensor_complex(v),
                               th_tensor_as_complex(b, e->work), th_tensor_complex(&e->output), &report))
    return false;
  if (report.status == TH_SOLVE_GOOD) return true;
  return th_fail(cx, TH_ERROR_NUMERIC,
                 "the matrix has no basis of eigenvectors: they have no derivative here");
}
static size_t basis_work(const ThEvaluation *e) { return th_tensor_widening(&e->inputs[1], TH_COMPLEX); }
static bool basis_shape(ThShaping *s) {
  const ThTensor *b = &s->inputs[1];
  bool fits = th_shape_square(s) && b->rank == 2 && b->shape[0] == s->shape[0];
  s->shape[1] = fits ? b->shape[1] : 0;
  s->element = TH_COMPLEX;
  return fits;
}
static const ThOperation op_basis = {.name = "eig",
                                     .shape = basis_shape,
                                     .work = basis_work,
                                     .evaluate = solve_basis,
                                     .pullback = th_pull_solution,
                                     .pushforward = th_push_solution};

/* How much each vector grows: the diagonal of Re VᴴT, as a row. */
static ThNodeId growth(ThGraph *g, ThNodeId vectors, ThNodeId t) {
  return th_sum_axis(g, th_real_part(g, th_multiply(g, th_conjugate(g, vectors), t)), 0, true);
}

/* Ā = V⁻ᴴ (diag λ̄ + F*∘VᴴV̄) Vᴴ */
static ThNodeId general_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Pairs p = pairs_of(g, node, node), bar = pairs_of(g, node, cotangent);
  ThNodeId adjoint = th_adjoint(g, p.vectors);
  ThUses uses;
  (void)k;
  if (!find_uses(g, cotangent, p.n, &uses)) return 0;
  ThNodeId inner = value_part(g, bar.values, p.values, &uses);
  if (uses.vectors) {
    ThNodeId along = th_multiply(g, p.vectors, growth(g, p.vectors, bar.vectors));
    ThNodeId turning = th_turning(g, p.vectors, bar.vectors);
    ThNodeId kept = th_free_phase(g, bar.vectors, p.vectors, th_pivots(g, p.vectors, true), turning);
    ThNodeId m = th_times(g, adjoint, th_subtract(g, kept, along));
    m = th_even_vectors(g, m, p.values, &uses, false);
    inner = th_add(g, inner, th_divided_by_gaps(g, m, th_conjugate(g, p.values), TH_PAIR_PLAIN, false));
  }
  th_uses_clear(g, &uses);
  return th_graph_binary(g, &op_basis, adjoint, th_times(g, inner, adjoint));
}

static ThNodeId general_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  Pairs p = pairs_of(g, node, node);
  ThNodeId inner = th_graph_binary(g, &op_basis, p.vectors, th_times(g, tangents[0], p.vectors));
  ThNodeId divided = th_divided_by_gaps(g, inner, p.values, TH_PAIR_PLAIN, false);
  ThNodeId free = th_times(g, p.vectors, divided);
  ThNodeId back = th_phase_back(g, p.vectors, th_pivots(g, p.vectors, true), free);
  ThNodeId held = th_multiply(g, p.vectors, th_add(g, back, growth(g, p.vectors, free)));
  const ThNodeId parts[] = {th_even_tangent(g, th_diagonal_of(g, inner), p.values),
                            th_subtract(g, free, held)};
  return th_join(g, parts, 2);
}

static const ThOperation op_eigen_general = {.name = "eig",
                                             .shape = complex_shape,
                                             .evaluate = eigen_general,
                                             .pullback = general_pullback,
                                             .pushforward = general_pushforward};

ThNodeId th_eigen_general_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_eigen_general, a); }

/* --- Which of the two a matrix is for */

static bool bool_shape(ThShaping *s) {
  s->rank = 0;
  s->element = TH_BOOL;
  return true;
}
static bool is_symmetric(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  e->output.data[0] = a->element == TH_COMPLEX ? th_linalg_is_hermitian(a->shape[0], th_tensor_complex(a))
                                               : th_linalg_is_symmetric(a->shape[0], a->data);
  return th_poll(cx);
}
static bool is_real(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  e->output.data[0] = 1;
  for (size_t i = 0; i < a->length && a->element == TH_COMPLEX; i++)
    if (a->data[2 * i + 1] != 0) e->output.data[0] = 0;
  return th_poll(cx);
}
static const ThOperation op_is_symmetric = {.name = "eig",
                                            .shape = bool_shape,
                                            .evaluate = is_symmetric,
                                            .pullback = th_pull_nothing,
                                            .pushforward = th_push_nothing};
static const ThOperation op_is_real = {.name = "eig",
                                       .shape = bool_shape,
                                       .evaluate = is_real,
                                       .pullback = th_pull_nothing,
                                       .pushforward = th_push_nothing};

ThNodeId th_is_symmetric_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_is_symmetric, a); }
ThNodeId th_is_real_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_is_real, a); }
