/* operations_signal.c - differentiable convolution and Fourier transform */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <complex.h>
#include <string.h>

#include "num/fft.h"
#include "num/kernels.h"
#include "num/real.h"
#include "val/operations_axis.h"

static bool is_complex_pair(const ThTensor *inputs) {
  return inputs[0].element == TH_COMPLEX || inputs[1].element == TH_COMPLEX;
}

static double complex element(const ThTensor *t, size_t i) {
  if (t->element != TH_COMPLEX) return t->data[i];
  return t->data[2 * i] + t->data[2 * i + 1] * TH_I;
}

static void store(const ThTensor *t, size_t i, double complex z) {
  t->data[2 * i] = creal(z);
  t->data[2 * i + 1] = cimag(z);
}

static bool vector_shape(ThShaping *s, size_t n) {
  s->rank = 1;
  s->shape[0] = n;
  s->element = is_complex_pair(s->inputs) ? TH_COMPLEX : TH_DOUBLE;
  return s->inputs[0].rank == 1 && s->inputs[1].rank == 1;
}

/* --- c[i + j] = Σ a[i] b[j] */

static bool convolved_shape(ThShaping *s) {
  return vector_shape(s, s->inputs[0].length + s->inputs[1].length - 1) && s->inputs[0].length > 0 &&
         s->inputs[1].length > 0;
}

static bool convolve(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0], *b = &e->inputs[1], *c = &e->output;
  memset(c->data, 0, th_tensor_size(c) * sizeof *c->data);
  for (size_t i = 0; i < a->length; i++) {
    if (c->element != TH_COMPLEX) th_kernel_axpy(b->length, a->data[i], b->data, c->data + i);
    for (size_t j = 0; c->element == TH_COMPLEX && j < b->length; j++)
      store(c, i + j, element(c, i + j) + element(a, i) * element(b, j));
    if (!th_poll(cx)) return false;
  }
  return true;
}

/* --- Its adjoint, c[i] = Σ a[i + j] conj(b[j]), where all of b lies within a */

static bool correlated_shape(ThShaping *s) {
  bool fits = s->inputs[0].length >= s->inputs[1].length;
  return fits && vector_shape(s, s->inputs[0].length - s->inputs[1].length + 1);
}

static bool correlate(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0], *b = &e->inputs[1], *c = &e->output;
  for (size_t i = 0; i < c->length; i++) {
    double complex sum = 0;
    if (c->element != TH_COMPLEX) c->data[i] = th_kernel_sum_product(b->length, a->data + i, b->data);
    for (size_t j = 0; c->element == TH_COMPLEX && j < b->length; j++)
      sum += element(a, i + j) * conj(element(b, j));
    if (c->element == TH_COMPLEX) store(c, i, sum);
    if (!th_poll(cx)) return false;
  }
  return true;
}

static const ThOperation op_correlate;

static ThNodeId correlation(ThGraph *g, ThNodeId a, ThNodeId b) {
  return a == TH_ZERO || b == TH_ZERO ? TH_ZERO : th_graph_binary(g, &op_correlate, a, b);
}

static ThNodeId convolve_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return correlation(g, cotangent, th_node_input(g, node, 1 - k));
}
static const ThOperation op_convolve = {
    .name = "convolve", .shape = convolved_shape, .evaluate = convolve, .pullback = convolve_pullback};

/* ā = c̄ * b; b enters conjugated, and so does c̄: b̄[j] = Σ a[i + j] conj(c̄[i]) */
static ThNodeId correlate_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  if (k == 0) return th_convolve(g, cotangent, th_node_input(g, node, 1));
  return correlation(g, th_node_input(g, node, 0), cotangent);
}
static ThNodeId correlate_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_add(g, correlation(g, tangents[0], th_node_input(g, node, 1)),
                correlation(g, th_node_input(g, node, 0), tangents[1]));
}
static const ThOperation op_correlate = {.name = "convolve",
                                         .shape = correlated_shape,
                                         .evaluate = correlate,
                                         .pullback = correlate_pullback,
                                         .pushforward = correlate_pushforward};

ThNodeId th_convolve(ThGraph *g, ThNodeId a, ThNodeId b) {
  return a == TH_ZERO || b == TH_ZERO ? TH_ZERO : th_graph_binary(g, &op_convolve, a, b);
}

/* --- Fourier's transform F along an axis, and its inverse F^H/n */

typedef struct Transform {
  size_t axis, inverse;
} Transform;

static bool fourier_shape(ThShaping *s) {
  s->rank = s->inputs[0].rank;
  memcpy(s->shape, s->inputs[0].shape, s->rank * sizeof *s->shape);
  s->element = TH_COMPLEX;
  return ((const Transform *)s->attribute)->axis < s->rank;
}

static size_t fourier_work(const ThEvaluation *e) {
  return 2 * e->output.shape[((const Transform *)e->attribute)->axis];
}

static bool fourier(ThContext *cx, const ThEvaluation *e) {
  const Transform *transform = e->attribute;
  ThLines lines = th_lines(e->output.rank, e->output.shape, (uint32_t)transform->axis);
  double complex *line = (double complex *)(void *)e->work;
  for (size_t i = 0; i < lines.outer * lines.inner && lines.n > 0; i++) {
    size_t begin = i / lines.inner * lines.n * lines.inner + i % lines.inner;
    for (size_t k = 0; k < lines.n; k++) line[k] = element(&e->inputs[0], begin + k * lines.inner);
    if (!th_fft(cx, lines.n, line, transform->inverse != 0)) return false;
    for (size_t k = 0; k < lines.n; k++) store(&e->output, begin + k * lines.inner, line[k]);
    if (!th_poll(cx)) return false;
  }
  return true;
}

static ThNodeId fourier_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Transform transform = *(const Transform *)th_node(g, node)->attribute;
  (void)k;
  double n = (double)th_node(g, node)->shape[transform.axis];
  ThNodeId back = th_fourier_axis(g, cotangent, (uint32_t)transform.axis, !transform.inverse);
  return th_scale(g, transform.inverse ? 1 / n : n, back);
}
static const ThOperation op_fourier = {.name = "fft",
                                       .shape = fourier_shape,
                                       .work = fourier_work,
                                       .evaluate = fourier,
                                       .pullback = fourier_pullback};

ThNodeId th_fourier_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool inverse) {
  Transform transform = {axis, inverse};
  if (a == TH_ZERO || g->failed) return a;
  return th_graph_apply(g, &op_fourier, &a, 1, &transform, sizeof transform);
}
