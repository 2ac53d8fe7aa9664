/* operations_determinant.c - differentiable determinants, also of singular matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/derivative.h"
#include "val/operations_linalg.h"

/* ∂ det A/∂A is the matrix of cofactors, C = det A A⁻ᵀ (Magnus & Neudecker 1999, chapter 8). It is smooth where A is
 * singular too, there of rank 1 or 0: from A = U diag(s) Vᴴ it is C = σ conj(U) diag(Π_{j≠i} s_j) Vᵀ with
 * σ = det U conj(det V). Its own derivative along E is, with F = UᴴEV and G_ij = Π_{k≠i,j} s_k,
 * dC = σ conj(U) X Vᵀ, X_ii = Σ_{j≠i} G_ij F_jj, X_ij = -G_ij F_ji. */

/* Below this reciprocal condition number the inverse loses too many digits, and singular values take its place. */
static const double WELL_CONDITIONED = 1e-6;

typedef double complex Complex;

/* --- Singular values of a matrix, with σ; complex numbers throughout, since this way is taken seldom */

typedef struct Frame {
  size_t n;
  Complex *u, *v, *inside, *half; /* (n, n) each; U is conjugated */
  double *s;
  Complex sign;
} Frame;

static size_t frame_size(size_t n) { return 2 * 4 * n * n + n; }

static bool determinant_sign(ThContext *cx, size_t n, const Complex *unitary, Complex *sign) {
  Complex d;
  if (!th_linalg_determinant_complex(cx, n, unitary, &d)) return false;
  *sign = d / cabs(d);
  return true;
}

static bool frame_init(ThContext *cx, const ThTensor *a, double *work, Frame *f) {
  size_t n = a->shape[0];
  Complex left, right;
  *f = (Frame){.n = n, .u = (Complex *)(void *)work};
  f->v = f->u + n * n;
  f->inside = f->v + n * n;
  f->half = f->inside + n * n;
  f->s = (double *)(f->half + n * n);
  if (!th_linalg_svd_complex(cx, n, n, th_tensor_as_complex(a, (double *)f->inside), f->u, f->s, f->v) ||
      !determinant_sign(cx, n, f->u, &left) || !determinant_sign(cx, n, f->v, &right))
    return false;
  for (size_t i = 0; i < n * n; i++) f->u[i] = conj(f->u[i]);
  f->sign = left * conj(right);
  return true;
}

/* The product of the singular values but those at i and j, which may be one. */
static double others(const Frame *f, size_t i, size_t j) {
  double product = 1;
  for (size_t k = 0; k < f->n; k++)
    if (k != i && k != j) product *= f->s[k];
  return product;
}

/* output = σ conj(U) inside Vᵀ */
static void turn_back(const Frame *f, const ThTensor *output) {
  size_t n = f->n;
  th_linalg_gemm_complex(false, false, n, n, n, f->sign, f->u, f->inside, 0, f->half);
  th_linalg_gemm_complex(false, true, n, n, n, 1, f->half, f->v, 0, f->inside);
  for (size_t i = 0; i < n * n; i++) {
    if (output->element == TH_COMPLEX) th_tensor_complex(output)[i] = f->inside[i];
    else output->data[i] = creal(f->inside[i]);
  }
}

/* Inputs of what follows: A, det A, and the direction of the second derivative; or, of a real A, its factors. All but
 * the direction hang on A, and are taken account of there. */
enum { MATRIX, DETERMINANT, DIRECTION, FACTORS = DIRECTION };

/* May the inverse be trusted? */
static bool is_good(const ThSolveReport *report) { return report->rcond > WELL_CONDITIONED; }

/* --- The second derivative, linear in its direction */

static size_t second_work(const ThEvaluation *e) {
  size_t n = e->output.shape[0], width = e->output.element == TH_COMPLEX ? 2 : 1;
  size_t regular = width * 2 * n * n + th_tensor_widening(&e->inputs[DIRECTION], e->output.element);
  return frame_size(n) + regular + 2 * n * n;
}

/* dC = det A (tr(A⁻¹E) A⁻ᵀ - (A⁻¹EA⁻¹)ᵀ), the inverse being in `inverse`. */
static void second_regular(const ThEvaluation *e, const ThTensor *inverse, double *work) {
  size_t n = e->output.shape[0];
  const ThTensor *direction = &e->inputs[DIRECTION];
  ThTensor half = *inverse, whole = *inverse;
  half.data = work;
  if (inverse->element == TH_COMPLEX) {
    const Complex *d = th_tensor_as_complex(direction, half.data + 2 * n * n);
    th_linalg_gemm_complex(false, false, n, n, n, 1, th_tensor_complex(inverse), d, 0,
                           th_tensor_complex(&half));
  } else th_linalg_gemm(false, false, n, n, n, 1, inverse->data, direction->data, 0, half.data);
  Complex trace = 0, det = th_tensor_number(&e->inputs[DETERMINANT], 0);
  for (size_t i = 0; i < n; i++) trace += th_tensor_number(&half, i * (n + 1));
  whole.data = e->output.data;
  if (inverse->element == TH_COMPLEX)
    th_linalg_gemm_complex(true, true, n, n, n, -det, th_tensor_complex(inverse), th_tensor_complex(&half), 0,
                           th_tensor_complex(&whole));
  else th_linalg_gemm(true, true, n, n, n, -creal(det), inverse->data, half.data, 0, whole.data);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      Complex more = det * trace * th_tensor_number(inverse, j * n + i);
      if (whole.element == TH_COMPLEX) th_tensor_complex(&whole)[i * n + j] += more;
      else whole.data[i * n + j] += creal(more);
    }
}

static void second_singular(const ThEvaluation *e, const Frame *f, double *work) {
  size_t n = f->n;
  const Complex *direction = th_tensor_as_complex(&e->inputs[DIRECTION], work);
  th_linalg_gemm_complex(true, false, n, n, n, 1, f->u, direction, 0, f->inside);
  th_linalg_gemm_complex(false, false, n, n, n, 1, f->inside, f->v, 0, f->half);
  for (size_t i = 0; i < n; i++) {
    f->inside[i * (n + 1)] = 0;
    for (size_t j = 0; j < n; j++) {
      if (j == i) continue;
      double product = others(f, i, j);
      f->inside[i * (n + 1)] += product * f->half[j * (n + 1)];
      f->inside[i * n + j] = -product * f->half[j * n + i];
    }
  }
  turn_back(f, &e->output);
}

static bool second(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[MATRIX];
  size_t n = a->shape[0], width = e->output.element == TH_COMPLEX ? 2 : 1;
  ThTensor inverse = e->output;
  inverse.data = e->work + frame_size(n);
  Frame frame;
  ThSolveReport report;
  if (n == 0) return true;
  if (!th_invert(cx, e, NULL, inverse.data, &report)) return false;
  if (is_good(&report)) second_regular(e, &inverse, inverse.data + width * n * n);
  else if (!frame_init(cx, a, e->work, &frame)) return false;
  else second_singular(e, &frame, inverse.data);
  return true;
}

static const ThOperation op_second;
static ThNodeId second_node(ThGraph *g, ThNodeId a, ThNodeId det, ThNodeId direction) {
  const ThNodeId inputs[] = {a, det, direction};
  return direction == TH_ZERO ? direction : th_graph_apply(g, &op_second, inputs, 3, NULL, 0);
}

/* Third derivatives go by way of the inverse. */
static ThNodeId second_by_inverse(ThGraph *g, ThNodeId a, ThNodeId direction) {
  ThNodeId det = th_determinant_node(g, a), inverse = th_inverse_node(g, a);
  ThNodeId turned = th_transpose_node(g, inverse);
  ThNodeId trace = th_sum_all(g, th_multiply(g, turned, direction));
  ThNodeId product = th_times(g, th_times(g, inverse, direction), inverse);
  return th_multiply(g, det, th_subtract(g, th_multiply(g, trace, turned), th_transpose_node(g, product)));
}

static ThNodeId second_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId a = th_node_input(g, node, MATRIX), det = th_node_input(g, node, DETERMINANT);
  if (k == DETERMINANT) return TH_ZERO;
  if (k == DIRECTION) return th_conjugate(g, second_node(g, a, det, th_conjugate(g, cotangent)));
  const ThNodeId inputs[] = {a, th_node_input(g, node, DIRECTION)};
  return th_pull_formula(g, second_by_inverse(g, a, inputs[1]), cotangent, inputs, 0);
}

static const ThOperation op_second = {.name = "det",
                                      .shape = th_shape_square,
                                      .work = second_work,
                                      .evaluate = second,
                                      .pullback = second_pullback,
                                      .pushforward = th_push_by_pulling};

/* --- The cofactors */

static size_t cofactors_work(const ThEvaluation *e) { return frame_size(e->output.shape[0]); }

/* Transposes (n, n) in place, and multiplies by a factor. */
static void turn_real(size_t n, double factor, double *a) {
  for (size_t i = 0; i < n; i++) {
    a[i * (n + 1)] *= factor;
    for (size_t j = i + 1; j < n; j++) {
      double above = a[i * n + j];
      a[i * n + j] = factor * a[j * n + i];
      a[j * n + i] = factor * above;
    }
  }
}
static void turn_complex(size_t n, Complex factor, Complex *a) {
  for (size_t i = 0; i < n; i++) {
    a[i * (n + 1)] *= factor;
    for (size_t j = i + 1; j < n; j++) {
      Complex above = a[i * n + j];
      a[i * n + j] = factor * a[j * n + i];
      a[j * n + i] = factor * above;
    }
  }
}

static bool cofactors(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[MATRIX];
  Frame f;
  ThSolveReport report;
  if (a->length == 0) return true;
  if (!th_invert(cx, e, e->n_inputs > FACTORS ? &e->inputs[FACTORS] : NULL, e->output.data, &report))
    return false;
  if (is_good(&report)) {
    Complex det = th_tensor_number(&e->inputs[DETERMINANT], 0);
    if (e->output.element == TH_COMPLEX) turn_complex(a->shape[0], det, th_tensor_complex(&e->output));
    else turn_real(a->shape[0], creal(det), e->output.data);
    return true;
  }
  if (!frame_init(cx, a, e->work, &f)) return false;
  memset(f.inside, 0, f.n * f.n * sizeof *f.inside);
  for (size_t i = 0; i < f.n; i++) f.inside[i * (f.n + 1)] = others(&f, i, i);
  turn_back(&f, &e->output);
  return true;
}

static ThNodeId cofactors_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  ThNodeId a = th_node_input(g, node, MATRIX), det = th_node_input(g, node, DETERMINANT);
  if (k != MATRIX) return TH_ZERO;
  return th_conjugate(g, second_node(g, a, det, th_conjugate(g, cotangent)));
}
static ThNodeId cofactors_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return second_node(g, th_node_input(g, node, MATRIX), th_node_input(g, node, DETERMINANT),
                     tangents[MATRIX]);
}
static const ThOperation op_cofactors = {.name = "det",
                                         .shape = th_shape_square,
                                         .work = cofactors_work,
                                         .evaluate = cofactors,
                                         .pullback = cofactors_pullback,
                                         .pushforward = cofactors_pushforward};

/* --- Triangular factors of a real matrix: lu (n, n), pivots (n), in one flat array. Nothing is differentiated by way
 * of them. */

static bool factors_shape(ThShaping *s) {
  if (!th_shape_square(s)) return false;
  s->rank = 1;
  s->shape[0] *= s->shape[0] + 1;
  return true;
}
static bool factor(ThContext *cx, const ThEvaluation *e) {
  size_t n = e->inputs[0].shape[0];
  return th_linalg_lu(cx, n, e->inputs[0].data, e->output.data, e->output.data + n * n);
}
static const ThOperation op_factors = {.name = "det",
                                       .shape = factors_shape,
                                       .evaluate = factor,
                                       .pullback = th_pull_nothing,
                                       .pushforward = th_push_nothing};

/* An operation of A, and of its factors where it is real. */
static ThNodeId of_factors(ThGraph *g, const ThOperation *operation, ThNodeId a) {
  if (g->failed) return 0;
  if (th_node(g, a)->element == TH_COMPLEX) return th_graph_unary(g, operation, a);
  return th_graph_binary(g, operation, a, th_graph_unary(g, &op_factors, a));
}

static void determinant_of(const ThEvaluation *e, ThDeterminant *out) {
  size_t n = e->inputs[0].shape[0];
  th_linalg_lu_determinant(n, e->inputs[1].data, e->inputs[1].data + n * n, out);
}

/* --- The determinant */

static bool determinant(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  ThDeterminant d;
  if (a->element == TH_COMPLEX)
    return th_linalg_determinant_complex(cx, a->shape[0], th_tensor_complex(a),
                                         th_tensor_complex(&e->output));
  determinant_of(e, &d);
  e->output.data[0] = d.value;
  return true;
}

static ThNodeId cofactors_node(ThGraph *g, ThNodeId node) {
  bool is_real = th_node(g, node)->n_inputs > 1;
  const ThNodeId inputs[] = {th_node_input(g, node, 0), node, is_real ? th_node_input(g, node, 1) : 0};
  return th_graph_apply(g, &op_cofactors, inputs, is_real ? 3 : 2, NULL, 0);
}
static ThNodeId determinant_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return k == 0 ? th_multiply(g, cotangent, th_conjugate(g, cofactors_node(g, node))) : TH_ZERO;
}
static ThNodeId determinant_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_sum_all(g, th_multiply(g, cofactors_node(g, node), tangents[0]));
}
static const ThOperation op_determinant = {.name = "det",
                                           .shape = th_shape_square_number,
                                           .evaluate = determinant,
                                           .pullback = determinant_pullback,
                                           .pushforward = determinant_pushforward};

ThNodeId th_determinant_node(ThGraph *g, ThNodeId a) { return of_factors(g, &op_determinant, a); }

/* --- log |det A| of a real matrix: d = tr(A⁻¹ dA) */

static bool log_determinant(ThContext *cx, const ThEvaluation *e) {
  ThDeterminant d;
  determinant_of(e, &d);
  e->output.data[0] = d.log_abs;
  return th_poll(cx);
}

static ThNodeId turned_inverse(ThGraph *g, ThNodeId node) {
  return th_transpose_node(g, th_inverse_of_factors(g, th_node_input(g, node, 0), th_node_input(g, node, 1)));
}
static ThNodeId log_determinant_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return k == 0 ? th_multiply(g, cotangent, turned_inverse(g, node)) : TH_ZERO;
}
static ThNodeId log_determinant_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_sum_all(g, th_multiply(g, turned_inverse(g, node), tangents[0]));
}
static const ThOperation op_log_determinant = {.name = "logdet",
                                               .shape = th_shape_square_number,
                                               .evaluate = log_determinant,
                                               .pullback = log_determinant_pullback,
                                               .pushforward = log_determinant_pushforward};

ThNodeId th_log_determinant_node(ThGraph *g, ThNodeId a) { return of_factors(g, &op_log_determinant, a); }
