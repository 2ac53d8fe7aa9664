/* operations_svd.c - the differentiable singular value decomposition */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/size.h"
#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/operations_spectrum.h"

/* A = U diag(s) Vᴴ of an (m, n) matrix, k = min(m, n): U (m, k), s (k), V (n, k), one after another in a flat array.
 * With P = UᴴdA V and H± = P ± Pᴴ, E_ij = 1/(s_j - s_i), G_ij = 1/(s_i + s_j):
 *   ds = Re diag P,  dU = U (E∘H₊ + G∘H₋)/2 + (1 - UUᴴ) dA V S⁻¹,  dV = V (E∘H₊ - G∘H₋)/2 + (1 - VVᴴ) dAᴴ U S⁻¹
 * (Townsend 2016; the two fractions apart, so that one stays good where singular values meet; of complex matrices the
 * diagonal of G is Wan & Zhang's (2019) term, which holds for what does not hang on the phase of U and V together: the
 * built-in's choice of that is taken account of by the pivots). */

static bool svd_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  if (a->rank != 2) return false;
  s->rank = 1;
  s->shape[0] = (a->shape[0] + a->shape[1] + 1) * th_smaller(a->shape[0], a->shape[1]);
  s->element = a->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

static bool svd(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  size_t m = a->shape[0], n = a->shape[1], k = th_smaller(m, n);
  double *real = e->output.data;
  if (a->element != TH_COMPLEX) return th_linalg_svd(cx, m, n, a->data, real, real + m * k, real + m * k + k);
  double complex *u = th_tensor_complex(&e->output), *v = u + m * k + k;
  double *s = (double *)(u + m * k);
  if (!th_linalg_svd_complex(cx, m, n, th_tensor_complex(a), u, s, v)) return false;
  for (size_t i = k; i-- > 0;) { /* doubles in the lower half of their place */
    s[2 * i] = s[i];
    s[2 * i + 1] = 0;
  }
  return true;
}

typedef struct Parts {
  size_t m, n, k;
  ThNodeId u, s, v;
} Parts;

/* The three, or their cotangents, out of a flat array, of a node. */
static Parts parts_of(ThGraph *g, ThNodeId node, ThNodeId flat) {
  const size_t *shape = th_node(g, th_node_input(g, node, 0))->shape;
  Parts p = {.m = shape[0], .n = shape[1], .k = th_smaller(shape[0], shape[1])};
  p.u = th_part_matrix(g, flat, 0, p.m, p.k);
  p.s = th_real_part(g, th_part(g, flat, p.m * p.k, p.k));
  p.v = th_part_matrix(g, flat, p.m * p.k + p.k, p.n, p.k);
  return p;
}

static bool find_uses(ThGraph *g, const Parts *p, ThNodeId cotangent, ThUses *uses) {
  size_t values = p->m * p->k;
  const ThVectors vectors[] = {{.first = 0, .rows = p->m}, {.first = values + p->k, .rows = p->n}};
  return th_uses_init(g, cotangent, p->k, values, vectors, 2, uses);
}

/* (1 - QQᴴ) X S⁻¹ */
static ThNodeId outside(ThGraph *g, ThNodeId q, ThNodeId x, ThNodeId s) {
  ThNodeId inside = th_times(g, q, th_times(g, th_adjoint(g, q), x));
  return th_divided_by_values(g, th_subtract(g, x, inside), s);
}

/* Cotangents of U and V that may be of any phase. */
static void free_phases(ThGraph *g, const Parts *p, Parts *bar) {
  ThNodeId turning = th_add(g, th_turning(g, p->u, bar->u), th_turning(g, p->v, bar->v));
  bar->v = th_free_phase(g, bar->v, p->v, th_pivots(g, p->v, false), turning);
}

/* P̄ = (E∘(X + Y - …ᴴ) + G∘(X - Y - …ᴴ))/2 + diag s̄ with X = UᴴŪ, Y = VᴴV̄ */
static ThNodeId inner_cotangent(ThGraph *g, const Parts *p, const Parts *bar, const ThUses *uses) {
  ThNodeId values = TH_ZERO;
  if (uses->values) values = th_diagonal_matrix(g, th_even_values(g, bar->s, p->s, uses, true));
  if (!uses->vectors) return values;
  ThNodeId x = th_times(g, th_adjoint(g, p->u), bar->u), y = th_times(g, th_adjoint(g, p->v), bar->v);
  x = th_even_vectors(g, x, p->s, uses, true);
  ThNodeId e = th_divided_by_gaps(g, th_add(g, x, y), p->s, TH_PAIR_MINUS, true);
  ThNodeId w = th_divided_by_sums(g, th_subtract(g, x, y), p->s, TH_PAIR_MINUS);
  return th_add(g, values, th_scale(g, 0.5, th_add(g, e, w)));
}

static ThNodeId svd_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Parts p = parts_of(g, node, node), bar = parts_of(g, node, cotangent);
  ThNodeId v_adjoint = th_adjoint(g, p.v), sides = TH_ZERO;
  ThUses uses;
  (void)k;
  if (!find_uses(g, &p, cotangent, &uses)) return 0;
  if (uses.vectors && th_node(g, node)->element == TH_COMPLEX) free_phases(g, &p, &bar);
  ThNodeId inner = inner_cotangent(g, &p, &bar, &uses);
  if (uses.vectors && p.m > p.n) sides = th_times(g, outside(g, p.u, bar.u, p.s), v_adjoint);
  if (uses.vectors && p.m < p.n) sides = th_times(g, p.u, th_adjoint(g, outside(g, p.v, bar.v, p.s)));
  th_uses_clear(g, &uses);
  return th_add(g, th_times(g, th_times(g, p.u, inner), v_adjoint), sides);
}

static ThNodeId svd_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  Parts p = parts_of(g, node, node);
  ThNodeId right = th_times(g, tangents[0], p.v), inner = th_times(g, th_adjoint(g, p.u), right);
  ThNodeId e = th_divided_by_gaps(g, inner, p.s, TH_PAIR_PLUS, true);
  ThNodeId w = th_divided_by_sums(g, inner, p.s, TH_PAIR_MINUS);
  ThNodeId u = th_times(g, p.u, th_scale(g, 0.5, th_add(g, e, w)));
  ThNodeId v = th_times(g, p.v, th_scale(g, 0.5, th_subtract(g, e, w)));
  if (p.m > p.n) u = th_add(g, u, outside(g, p.u, right, p.s));
  if (p.m < p.n) v = th_add(g, v, outside(g, p.v, th_times(g, th_adjoint(g, tangents[0]), p.u), p.s));
  if (!g->failed && th_node(g, node)->element == TH_COMPLEX) {
    ThNodeId back = th_phase_back(g, p.v, th_pivots(g, p.v, false), v);
    u = th_subtract(g, u, th_multiply(g, p.u, back));
    v = th_subtract(g, v, th_multiply(g, p.v, back));
  }
  const ThNodeId parts[] = {u, th_even_tangent(g, th_diagonal_of(g, inner), p.s), v};
  return th_join(g, parts, 3);
}

static const ThOperation op_svd = {.name = "svd",
                                   .shape = svd_shape,
                                   .evaluate = svd,
                                   .pullback = svd_pullback,
                                   .pushforward = svd_pushforward};

ThNodeId th_svd_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_svd, a); }
