/* operations_linalg.c - differentiable inverses and solutions of linear systems */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/size.h"
#include "num/kernels.h"
#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/operations_linalg.h"

/* Of what a replay meets; when a function is traced, the ordinary operation says more. */
static bool check_regular(ThContext *cx, const ThSolveReport *report) {
  if (report->status != TH_SOLVE_SINGULAR) return true;
  return th_fail(cx, TH_ERROR_NUMERIC, "the inverse of a singular matrix is needed");
}

/* --- The inverse: dY = -Y dA Y */

/* Of A, and where there is a second input, from the triangular factors in it. */
bool th_invert(ThContext *cx, const ThEvaluation *e, const ThTensor *factors, double *inverse,
               ThSolveReport *report) {
  const ThTensor *a = &e->inputs[0];
  size_t n = a->shape[0];
  if (a->element == TH_COMPLEX)
    return th_linalg_inverse_complex(cx, n, th_tensor_complex(a), (double complex *)(void *)inverse, report);
  if (!factors) return th_linalg_inverse(cx, n, a->data, inverse, report);
  return th_linalg_lu_inverse(cx, n, a->data, factors->data, factors->data + n * n, inverse, report);
}

static bool inverse(ThContext *cx, const ThEvaluation *e) {
  ThSolveReport report;
  return th_invert(cx, e, e->n_inputs > 1 ? &e->inputs[1] : NULL, e->output.data, &report) &&
         check_regular(cx, &report);
}

static ThNodeId inverse_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId y = th_adjoint(g, node);
  if (k > 0) return TH_ZERO; /* the factors hang on A, which is taken account of there */
  return th_negate(g, th_times(g, th_times(g, y, cotangent), y));
}
static ThNodeId inverse_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_negate(g, th_times(g, th_times(g, node, tangents[0]), node));
}
static const ThOperation op_inverse = {.name = "inv",
                                       .shape = th_shape_square,
                                       .evaluate = inverse,
                                       .pullback = inverse_pullback,
                                       .pushforward = inverse_pushforward};

ThNodeId th_inverse_node(ThGraph *g, ThNodeId a) {
  if (g->failed) return 0;
  return th_node(g, a)->rank == 0 ? th_power_to(g, a, -1) : th_graph_unary(g, &op_inverse, a);
}
ThNodeId th_inverse_of_factors(ThGraph *g, ThNodeId a, ThNodeId factors) {
  return th_graph_binary(g, &op_inverse, a, factors);
}

/* --- X = A⁻¹B for a square A and a matrix B: dX = A⁻¹(dB - dA X) */

static bool solution_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0], *b = &s->inputs[1];
  if (a->rank != 2 || b->rank != 2 || b->shape[0] != a->shape[0]) return false;
  s->rank = 2;
  s->shape[0] = a->shape[1];
  s->shape[1] = b->shape[1];
  s->element = a->element == TH_COMPLEX || b->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

static bool square_solution_shape(ThShaping *s) {
  return solution_shape(s) && s->inputs[0].shape[0] == s->inputs[0].shape[1];
}

static size_t solve_work(const ThEvaluation *e) {
  return th_tensor_widening(&e->inputs[0], e->output.element) +
         th_tensor_widening(&e->inputs[1], e->output.element);
}

static bool solve(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0], *b = &e->inputs[1];
  size_t n = a->shape[0], n_rhs = b->shape[1], wide = th_tensor_widening(a, e->output.element);
  ThSolveReport report;
  bool ok;
  if (e->output.element != TH_COMPLEX)
    ok = th_linalg_solve(cx, n, n_rhs, a->data, b->data, e->output.data, &report);
  else
    ok = th_linalg_solve_complex(cx, n, n_rhs, th_tensor_as_complex(a, e->work),
                                 th_tensor_as_complex(b, e->work + wide), th_tensor_complex(&e->output),
                                 &report);
  return ok && check_regular(cx, &report);
}

static ThNodeId solved_alike(ThGraph *g, ThNodeId node, ThNodeId a, ThNodeId b) {
  return th_graph_binary(g, th_node(g, node)->operation, a, b);
}
ThNodeId th_pull_solution(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId right = solved_alike(g, node, th_adjoint(g, th_node_input(g, node, 0)), cotangent);
  return k == 1 ? right : th_negate(g, th_times(g, right, th_adjoint(g, node)));
}
ThNodeId th_push_solution(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  ThNodeId moved = th_subtract(g, tangents[1], th_times(g, tangents[0], node));
  return solved_alike(g, node, th_node_input(g, node, 0), moved);
}

static const ThOperation op_solve = {.name = "\\",
                                     .shape = square_solution_shape,
                                     .work = solve_work,
                                     .evaluate = solve,
                                     .pullback = th_pull_solution,
                                     .pushforward = th_push_solution};

/* --- X = A⁺B for an A (m, n) of full rank that is not square, by Q R of A or of Aᴴ.
 *
 * Tall, with the residual R = B - A X: dX = A⁺(dB - dA X) + (AᴴA)⁻¹ dAᴴ R; wide, with D = (AAᴴ)⁻¹B:
 * dX = A⁺(dB - dA X) + (1 - A⁺A) dAᴴ D (Golub & Pereyra 1973, eq. 4.12). (AᴴA)⁻¹ is A⁺(Aᴴ)⁺, and D is (Aᴴ)⁺X, so
 * that every part is a solution of this kind again, and normal equations never square the condition number. */

typedef struct Least {
  size_t m, n, n_rhs, large, small;
  double *turned, *q, *r, *middle; /* Aᴴ of a wide A; its factors; (small, n_rhs) */
} Least;

static size_t least_work(const ThEvaluation *e) {
  const size_t *shape = e->inputs[0].shape, width = e->output.element == TH_COMPLEX ? 2 : 1;
  size_t small = th_smaller(shape[0], shape[1]), length = e->inputs[0].length;
  return solve_work(e) + width * (2 * length + small * (small + e->inputs[1].shape[1]));
}

/* Deals out the work after its first `taken` doubles. */
static Least least_init(const ThEvaluation *e, size_t taken) {
  const ThTensor *a = &e->inputs[0], *b = &e->inputs[1];
  size_t width = e->output.element == TH_COMPLEX ? 2 : 1;
  Least s = {.m = a->shape[0], .n = a->shape[1], .n_rhs = b->shape[1]};
  s.large = th_larger(s.m, s.n);
  s.small = th_smaller(s.m, s.n);
  s.turned = e->work + taken;
  s.q = s.turned + width * a->length;
  s.r = s.q + width * a->length;
  s.middle = s.r + width * s.small * s.small;
  return s;
}

/* Dependent columns show on the diagonal of R. `width`: doubles a number. */
static bool check_rank(ThContext *cx, const Least *s, size_t width) {
  double least = INFINITY, largest = 0;
  for (size_t i = 0; i < s->small; i++) {
    double pivot = s->r[width * i * (s->small + 1)];
    least = fmin(least, pivot);
    largest = fmax(largest, pivot);
  }
  if (least > (double)s->large * DBL_EPSILON * largest) return true;
  return th_fail(cx, TH_ERROR_NUMERIC, "the matrix of a least-squares solution is not of full rank");
}

static bool least_real(ThContext *cx, const Least *s, const double *a, const double *b, double *x) {
  bool tall = s->m > s->n;
  if (!tall) th_linalg_transpose(s->m, s->n, a, s->turned);
  if (!th_linalg_qr(cx, s->large, s->small, tall ? a : s->turned, s->q, s->r) || !check_rank(cx, s, 1))
    return false;
  if (tall) {
    th_linalg_gemm(true, false, s->n, s->n_rhs, s->m, 1, s->q, b, 0, x);
    th_linalg_solve_triangular(false, false, s->n, s->n_rhs, s->r, x);
    return true;
  }
  memcpy(s->middle, b, s->m * s->n_rhs * sizeof *b);
  th_linalg_solve_triangular(false, true, s->m, s->n_rhs, s->r, s->middle);
  th_linalg_gemm(false, false, s->n, s->n_rhs, s->m, 1, s->q, s->middle, 0, x);
  return true;
}

static void conjugate_all(size_t n, double complex *z) {
  for (size_t i = 0; i < n; i++) z[i] = conj(z[i]);
}

static bool least_complex(ThContext *cx, const Least *s, const double complex *a, const double complex *b,
                          double complex *x) {
  double complex *turned = (double complex *)(void *)s->turned, *q = (double complex *)(void *)s->q,
                 *r = (double complex *)(void *)s->r, *middle = (double complex *)(void *)s->middle;
  bool tall = s->m > s->n;
  if (!tall) {
    th_linalg_transpose_complex(s->m, s->n, a, turned);
    conjugate_all(s->m * s->n, turned);
  }
  if (!th_linalg_qr_complex(cx, s->large, s->small, tall ? a : turned, q, r) || !check_rank(cx, s, 2))
    return false;
  if (tall) {
    conjugate_all(s->m * s->n, q);
    th_linalg_gemm_complex(true, false, s->n, s->n_rhs, s->m, 1, q, b, 0, x);
    th_linalg_solve_triangular_complex(false, false, s->n, s->n_rhs, r, x);
    return true;
  }
  memcpy(middle, b, s->m * s->n_rhs * sizeof *b);
  th_linalg_solve_triangular_complex(false, true, s->m, s->n_rhs, r, middle);
  th_linalg_gemm_complex(false, false, s->n, s->n_rhs, s->m, 1, q, middle, 0, x);
  return true;
}

static bool least(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0], *b = &e->inputs[1];
  if (a->length == 0 || b->length == 0) {
    th_kernel_fill(th_tensor_size(&e->output), 0, e->output.data);
    return true;
  }
  size_t taken = solve_work(e), wide = th_tensor_widening(a, e->output.element);
  Least s = least_init(e, taken);
  if (e->output.element != TH_COMPLEX) return least_real(cx, &s, a->data, b->data, e->output.data);
  return least_complex(cx, &s, th_tensor_as_complex(a, e->work), th_tensor_as_complex(b, e->work + wide),
                       th_tensor_complex(&e->output));
}

static const ThOperation op_least;

static bool is_tall(const ThGraph *g, ThNodeId a) {
  const size_t *shape = th_node(g, a)->shape;
  return shape[0] > shape[1];
}

static ThNodeId apply_least(ThGraph *g, ThNodeId a, ThNodeId b) {
  return b == TH_ZERO ? b : th_graph_binary(g, &op_least, a, b);
}

/* B̄ = (Aᴴ)⁺X̄; Ā = -B̄Xᴴ, plus R (A⁺B̄)ᴴ for a tall A, D (X̄ - AᴴB̄)ᴴ for a wide one. */
static ThNodeId least_pullback(ThGraph *g, ThNodeId x, ThNodeId cotangent, size_t k) {
  ThNodeId a = th_node_input(g, x, 0), b = th_node_input(g, x, 1), h = th_adjoint(g, a);
  ThNodeId right = apply_least(g, h, cotangent), rest;
  if (k == 1 || g->failed) return right;
  if (is_tall(g, a)) {
    ThNodeId residual = th_subtract(g, b, th_times(g, a, x));
    rest = th_times(g, residual, th_adjoint(g, apply_least(g, a, right)));
  } else {
    ThNodeId outside = th_subtract(g, cotangent, th_times(g, h, right));
    rest = th_times(g, apply_least(g, h, x), th_adjoint(g, outside));
  }
  return th_subtract(g, rest, th_times(g, right, th_adjoint(g, x)));
}

static ThNodeId least_pushforward(ThGraph *g, ThNodeId x, const ThNodeId *tangents) {
  ThNodeId a = th_node_input(g, x, 0), b = th_node_input(g, x, 1), h = th_adjoint(g, a);
  ThNodeId turned = th_adjoint(g, tangents[0]), rest = TH_ZERO;
  ThNodeId moved = apply_least(g, a, th_subtract(g, tangents[1], th_times(g, tangents[0], x)));
  if (turned != TH_ZERO && !g->failed && is_tall(g, a)) {
    ThNodeId residual = th_subtract(g, b, th_times(g, a, x));
    rest = apply_least(g, a, apply_least(g, h, th_times(g, turned, residual)));
  } else if (turned != TH_ZERO) {
    ThNodeId whole = th_times(g, turned, apply_least(g, h, x));
    rest = th_subtract(g, whole, apply_least(g, a, th_times(g, a, whole)));
  }
  return th_add(g, moved, rest);
}

static const ThOperation op_least = {.name = "\\",
                                     .shape = solution_shape,
                                     .work = least_work,
                                     .evaluate = least,
                                     .pullback = least_pullback,
                                     .pushforward = least_pushforward};

/* --- The pseudo-inverse P of a matrix of full rank: dP = -P dA P, plus PPᴴ dAᴴ (1 - AP) for a tall A,
 * (1 - PA) dAᴴ PᴴP for a wide one (Golub & Pereyra 1973). */

static bool turned_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  if (a->rank != 2) return false;
  s->rank = 2;
  s->shape[0] = a->shape[1];
  s->shape[1] = a->shape[0];
  s->element = a->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

static bool pseudo_inverse(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  if (a->length == 0) return true;
  if (a->element == TH_COMPLEX)
    return th_linalg_pseudo_inverse_complex(cx, a->shape[0], a->shape[1], th_tensor_complex(a),
                                            th_tensor_complex(&e->output));
  return th_linalg_pseudo_inverse(cx, a->shape[0], a->shape[1], a->data, -1, e->output.data, NULL);
}

static ThNodeId pseudo_pullback(ThGraph *g, ThNodeId p, ThNodeId cotangent, size_t k) {
  ThNodeId a = th_node_input(g, p, k), h = th_adjoint(g, p), turned = th_adjoint(g, cotangent), rest;
  ThNodeId minus = th_times(g, th_times(g, h, cotangent), h);
  if (g->failed || th_node(g, a)->shape[0] == th_node(g, a)->shape[1]) return th_negate(g, minus);
  if (is_tall(g, a)) {
    ThNodeId outside = th_subtract(g, turned, th_times(g, a, th_times(g, p, turned)));
    rest = th_times(g, th_times(g, outside, p), h);
  } else {
    ThNodeId outside = th_subtract(g, turned, th_times(g, th_times(g, turned, p), a));
    rest = th_times(g, h, th_times(g, p, outside));
  }
  return th_subtract(g, rest, minus);
}

static ThNodeId pseudo_pushforward(ThGraph *g, ThNodeId p, const ThNodeId *tangents) {
  ThNodeId a = th_node_input(g, p, 0), h = th_adjoint(g, p), turned = th_adjoint(g, tangents[0]), rest;
  ThNodeId minus = th_times(g, th_times(g, p, tangents[0]), p);
  if (g->failed || th_node(g, a)->shape[0] == th_node(g, a)->shape[1]) return th_negate(g, minus);
  if (is_tall(g, a)) {
    ThNodeId outside = th_subtract(g, turned, th_times(g, th_times(g, turned, a), p));
    rest = th_times(g, p, th_times(g, h, outside));
  } else {
    ThNodeId outside = th_subtract(g, turned, th_times(g, p, th_times(g, a, turned)));
    rest = th_times(g, th_times(g, outside, h), p);
  }
  return th_subtract(g, rest, minus);
}

static const ThOperation op_pseudo_inverse = {.name = "pinv",
                                              .shape = turned_shape,
                                              .evaluate = pseudo_inverse,
                                              .pullback = pseudo_pullback,
                                              .pushforward = pseudo_pushforward};

ThNodeId th_pseudo_inverse_node(ThGraph *g, ThNodeId a) { return th_graph_unary(g, &op_pseudo_inverse, a); }

/* --- A \ B */

bool th_check_full_rank(ThGraph *g, ThNodeId a, const char *what) {
  size_t rank;
  if (g->failed || !th_graph_evaluate(g, &a, 1)) return false;
  ThTensor t = th_node_tensor(g, a);
  size_t full = th_smaller(t.shape[0], t.shape[1]);
  if (t.length == 0) return true;
  bool ok = t.element == TH_COMPLEX
                ? th_linalg_rank_complex(g->cx, t.shape[0], t.shape[1], th_tensor_complex(&t), &rank)
                : th_linalg_rank(g->cx, t.shape[0], t.shape[1], t.data, -1, &rank);
  if (!ok || rank == full) return ok;
  return th_fail_argument(
      g->cx, 1, TH_ERROR_NUMERIC,
      "%s jumps where the rank changes: it has no derivative at a matrix of rank %zu of %zu", what, rank,
      full);
}

static ThNodeId fail(ThGraph *g) {
  g->failed = true;
  return 0;
}

/* A constant A may be of any rank: its pseudo-inverse is found once. */
static ThNodeId solve_matrix(ThGraph *g, ThNodeId a, ThNodeId b) {
  const ThGraphNode *node = th_node(g, a);
  if (node->shape[0] == node->shape[1]) return th_graph_binary(g, &op_solve, a, b);
  if (node->is_constant) return th_times(g, th_pseudo_inverse_node(g, a), b);
  if (!th_check_full_rank(g, a, "a least-squares solution")) return fail(g);
  return apply_least(g, a, b);
}

ThNodeId th_solve_node(ThGraph *g, ThNodeId a, ThNodeId b) {
  if (g->failed) return 0;
  if (th_node(g, a)->rank == 0) return th_divide(g, b, a);
  if (th_node(g, b)->rank == 2) return solve_matrix(g, a, b);
  const size_t column[2] = {th_node(g, b)->length, 1};
  return th_flat(g, solve_matrix(g, a, th_reshape(g, b, 2, column)));
}
