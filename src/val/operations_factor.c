/* operations_factor.c - differentiable triangular solutions, Cholesky and Q R factors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/derivative.h"
#include "val/operations_linalg.h"

/* --- X = T⁻¹B or T⁻ᴴB for a triangular T */

typedef struct Triangle {
  bool lower, adjoint;
} Triangle;

static bool triangular_shape(ThShaping *s) {
  const ThTensor *t = &s->inputs[0], *b = &s->inputs[1];
  if (t->rank != 2 || b->rank != 2 || t->shape[0] != t->shape[1] || b->shape[0] != t->shape[0]) return false;
  s->rank = 2;
  s->shape[0] = b->shape[0];
  s->shape[1] = b->shape[1];
  s->element = t->element == TH_COMPLEX || b->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

static size_t triangular_work(const ThEvaluation *e) {
  return th_tensor_widening(&e->inputs[0], e->output.element);
}

static bool triangular(ThContext *cx, const ThEvaluation *e) {
  const Triangle *kind = e->attribute;
  const ThTensor *t = &e->inputs[0], *b = &e->inputs[1], *x = &e->output;
  size_t n = t->shape[0], n_rhs = b->shape[1];
  if (x->element != TH_COMPLEX) {
    if (x->length) memcpy(x->data, b->data, x->length * sizeof *x->data);
    th_linalg_solve_triangular(kind->lower, kind->adjoint, n, n_rhs, t->data, x->data);
    return th_poll(cx);
  }
  for (size_t i = 0; i < x->length; i++)
    th_tensor_complex(x)[i] = b->element == TH_COMPLEX ? th_tensor_complex(b)[i] : b->data[i];
  th_linalg_solve_triangular_complex(kind->lower, kind->adjoint, n, n_rhs, th_tensor_as_complex(t, e->work),
                                     th_tensor_complex(x));
  return th_poll(cx);
}

/* B̄ = T⁻ᴴX̄, T̄ = -B̄Xᴴ; of the conjugate transpose B̄ = T⁻¹X̄, T̄ = -XB̄ᴴ; of T̄ the triangle. */
static ThNodeId triangular_pullback(ThGraph *g, ThNodeId x, ThNodeId cotangent, size_t k) {
  Triangle kind = *(const Triangle *)th_node(g, x)->attribute;
  ThNodeId right = th_triangular_node(g, th_node_input(g, x, 0), cotangent, kind.lower, !kind.adjoint);
  if (k == 1) return right;
  ThNodeId all = kind.adjoint ? th_times(g, x, th_adjoint(g, right)) : th_times(g, right, th_adjoint(g, x));
  return th_negate(g, th_triangle(g, all, kind.lower, 1));
}

static ThNodeId triangular_pushforward(ThGraph *g, ThNodeId x, const ThNodeId *tangents) {
  Triangle kind = *(const Triangle *)th_node(g, x)->attribute;
  ThNodeId moved = th_triangle(g, tangents[0], kind.lower, 1);
  if (kind.adjoint) moved = th_adjoint(g, moved);
  ThNodeId right = th_subtract(g, tangents[1], th_times(g, moved, x));
  return th_triangular_node(g, th_node_input(g, x, 0), right, kind.lower, kind.adjoint);
}

static const ThOperation op_triangular = {.name = "\\",
                                          .shape = triangular_shape,
                                          .work = triangular_work,
                                          .evaluate = triangular,
                                          .pullback = triangular_pullback,
                                          .pushforward = triangular_pushforward};

ThNodeId th_triangular_node(ThGraph *g, ThNodeId t, ThNodeId b, bool lower, bool adjoint) {
  const ThNodeId both[] = {t, b};
  Triangle kind = {lower, adjoint};
  return b == TH_ZERO ? b : th_graph_apply(g, &op_triangular, both, 2, &kind, sizeof kind);
}

/* X T⁻ᴴ, or X T⁻¹: (T⁻¹Xᴴ)ᴴ, (T⁻ᴴXᴴ)ᴴ */
static ThNodeId divide_right(ThGraph *g, ThNodeId x, ThNodeId t, bool lower, bool adjoint) {
  return th_adjoint(g, th_triangular_node(g, t, th_adjoint(g, x), lower, !adjoint));
}

/* --- Cholesky: A = L Lᴴ. A is taken as its Hermitian part, so that a gradient is symmetric, and steps along it stay
 * among such matrices (Murray 2016; Φ halves the diagonal of the lower triangle). */

static bool cholesky(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0], *l = &e->output;
  if (a->length) memcpy(l->data, a->data, th_tensor_size(a) * sizeof *l->data);
  bool positive = l->element == TH_COMPLEX ? th_linalg_cholesky_complex(a->shape[0], th_tensor_complex(l))
                                           : th_linalg_cholesky(a->shape[0], l->data);
  if (!positive) return th_fail(cx, TH_ERROR_NUMERIC, "the matrix is not positive definite");
  return th_poll(cx);
}

/* Ā = L⁻ᴴ Φ(LᴴL̄) L⁻¹, its Hermitian part */
static ThNodeId by_triangles(ThGraph *g, ThNodeId l, ThNodeId cotangent) {
  ThNodeId inner = th_triangle(g, th_times(g, th_adjoint(g, l), cotangent), true, 0.5);
  ThNodeId left = th_triangular_node(g, l, inner, true, true);
  return th_hermitian_part(g, divide_right(g, left, l, true, false));
}

/* The same of real numbers, from L and L̄, with a fourth of the work; its own derivatives are those of the formula. */
static bool cholesky_backwards(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *l = &e->inputs[0];
  if (!th_copy_bytes(cx, e->output.data, e->inputs[1].data, l->length * sizeof *l->data)) return false;
  th_linalg_cholesky_backwards(l->shape[0], l->data, e->output.data);
  return th_poll(cx);
}
static ThNodeId backwards_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const ThNodeId inputs[] = {th_node_input(g, node, 0), th_node_input(g, node, 1)};
  return th_pull_formula(g, by_triangles(g, inputs[0], inputs[1]), cotangent, inputs, k);
}
static const ThOperation op_cholesky_backwards = {.name = "cholesky",
                                                  .shape = th_shape_square,
                                                  .evaluate = cholesky_backwards,
                                                  .pullback = backwards_pullback,
                                                  .pushforward = th_push_by_pulling};

static ThNodeId cholesky_pullback(ThGraph *g, ThNodeId l, ThNodeId cotangent, size_t k) {
  (void)k;
  if (th_node(g, l)->element == TH_COMPLEX) return by_triangles(g, l, cotangent);
  return th_graph_binary(g, &op_cholesky_backwards, l, th_broadcast_like(g, cotangent, l));
}

/* dL = L Φ(L⁻¹ dA L⁻ᴴ) */
static ThNodeId cholesky_pushforward(ThGraph *g, ThNodeId l, const ThNodeId *tangents) {
  ThNodeId left = th_triangular_node(g, l, th_hermitian_part(g, tangents[0]), true, false);
  ThNodeId inner = th_triangle(g, divide_right(g, left, l, true, true), true, 0.5);
  return th_times(g, l, inner);
}

static const ThOperation op_cholesky = {.name = "cholesky",
                                        .shape = th_shape_square,
                                        .evaluate = cholesky,
                                        .pullback = cholesky_pullback,
                                        .pushforward = cholesky_pushforward};

ThNodeId th_cholesky_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_cholesky, a); }

/* --- Q R of a tall or square matrix (m, n): Q (m, n), then R (n, n) in one flat array (Walter & Lehmann 2010; Seeger
 * et al. 2017). With C = QᴴdA R⁻¹ and the upper triangle T of C + Cᴴ, its diagonal halved, dR = T R and
 * dQ = dA R⁻¹ - Q T; the diagonal of R stays real. */

static bool qr_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  if (a->rank != 2 || a->shape[0] < a->shape[1]) return false;
  s->rank = 1;
  s->shape[0] = (a->shape[0] + a->shape[1]) * a->shape[1];
  s->element = a->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

static bool qr(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  size_t m = a->shape[0], n = a->shape[1];
  if (a->element != TH_COMPLEX)
    return th_linalg_qr(cx, m, n, a->data, e->output.data, e->output.data + m * n);
  double complex *q = th_tensor_complex(&e->output);
  return th_linalg_qr_complex(cx, m, n, th_tensor_complex(a), q, q + m * n);
}

typedef struct Factors {
  size_t m, n;
  ThNodeId q, r;
} Factors;

/* Q and R, or their cotangents, out of a flat array, of a node. */
static Factors factors_of(ThGraph *g, ThNodeId node, ThNodeId flat) {
  const size_t *shape = th_node(g, th_node_input(g, node, 0))->shape;
  Factors f = {.m = shape[0], .n = shape[1]};
  f.q = th_part_matrix(g, flat, 0, f.m, f.n);
  f.r = th_part_matrix(g, flat, f.m * f.n, f.n, f.n);
  return f;
}

/* Ā = (Q̄ + Q(W + Wᴴ)) R⁻ᴴ, W the upper triangle of R̄Rᴴ - QᴴQ̄, its diagonal halved */
static ThNodeId qr_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Factors f = factors_of(g, node, node), bar = factors_of(g, node, cotangent);
  ThNodeId inner = th_subtract(g, th_times(g, bar.r, th_adjoint(g, f.r)),
                               th_times(g, th_adjoint(g, f.q), bar.q));
  ThNodeId half = th_triangle(g, inner, false, 0.5);
  ThNodeId whole = th_add(g, bar.q, th_times(g, f.q, th_add(g, half, th_adjoint(g, half))));
  (void)k;
  return divide_right(g, whole, f.r, false, true);
}

static ThNodeId qr_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  Factors f = factors_of(g, node, node);
  ThNodeId scaled = divide_right(g, tangents[0], f.r, false, false);
  ThNodeId c = th_times(g, th_adjoint(g, f.q), scaled);
  ThNodeId t = th_triangle(g, th_add(g, c, th_adjoint(g, c)), false, 0.5);
  const ThNodeId parts[] = {th_subtract(g, scaled, th_times(g, f.q, t)), th_times(g, t, f.r)};
  return th_join(g, parts, 2);
}

static const ThOperation op_qr = {
    .name = "qr", .shape = qr_shape, .evaluate = qr, .pullback = qr_pullback, .pushforward = qr_pushforward};

ThNodeId th_qr_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_qr, a); }
