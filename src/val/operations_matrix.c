/* operations_matrix.c - the differentiable product of matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/kernels.h"
#include "num/linalg.h"
#include "val/broadcast.h"
#include "val/operations_linalg.h"

/* Which factors are transposed before they are multiplied. */
typedef struct Transposed {
  bool a, b;
} Transposed;

/* Matrices (m, k) (k, n), or as many of each in stacks (s, m, k) (s, k, n). */
typedef struct Sizes {
  size_t stack, m, n, k;
} Sizes;

static bool sizes_of(const ThTensor *a, const ThTensor *b, const Transposed *t, Sizes *out) {
  if (a->rank != b->rank || a->rank < 2 || a->rank > 3) return false;
  const size_t *x = a->shape + a->rank - 2, *y = b->shape + b->rank - 2;
  out->stack = a->rank == 3 ? a->shape[0] : 1;
  out->m = t->a ? x[1] : x[0];
  out->k = t->a ? x[0] : x[1];
  out->n = t->b ? y[0] : y[1];
  return out->k == (t->b ? y[1] : y[0]) && (a->rank == 2 || b->shape[0] == out->stack);
}

static bool product_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0], *b = &s->inputs[1];
  Sizes sizes;
  if (!sizes_of(a, b, s->attribute, &sizes)) return false;
  s->rank = a->rank;
  if (s->rank == 3) s->shape[0] = sizes.stack;
  s->shape[s->rank - 2] = sizes.m;
  s->shape[s->rank - 1] = sizes.n;
  s->element = a->element == TH_COMPLEX || b->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

/* Complex products of a real matrix need it as a complex one. */
static size_t product_work(const ThEvaluation *e) {
  return th_tensor_widening(&e->inputs[0], e->output.element) +
         th_tensor_widening(&e->inputs[1], e->output.element);
}

/* A vector times a matrix is no matter for dgemm. */
static void multiply(const Transposed *t, const Sizes *s, const double *a, const double *b, double *c) {
  if (s->n == 1 && s->m > 1) th_linalg_gemv(t->a, t->a ? s->k : s->m, t->a ? s->m : s->k, 1, a, b, 0, c);
  else if (s->m == 1 && s->n > 1)
    th_linalg_gemv(!t->b, t->b ? s->n : s->k, t->b ? s->k : s->n, 1, b, a, 0, c);
  else if (s->m == 1) *c = th_linalg_dot(s->k, a, b);
  else th_linalg_gemm(t->a, t->b, s->m, s->n, s->k, 1, a, b, 0, c);
}

static bool product(ThContext *cx, const ThEvaluation *e) {
  const Transposed *t = e->attribute;
  Sizes s;
  if (!sizes_of(&e->inputs[0], &e->inputs[1], t, &s)) return false;
  if (e->output.length == 0) return true;
  if (s.k == 0) {
    th_kernel_fill(th_tensor_size(&e->output), 0, e->output.data);
    return true;
  }
  bool is_complex = e->output.element == TH_COMPLEX;
  const double *a = is_complex ? (const double *)th_tensor_as_complex(&e->inputs[0], e->work)
                               : e->inputs[0].data;
  const double *b = is_complex ? (const double *)th_tensor_as_complex(&e->inputs[1], e->work)
                               : e->inputs[1].data;
  size_t width = is_complex ? 2 : 1;
  for (size_t i = 0; i < s.stack; i++) {
    const double *x = a + i * s.m * s.k * width, *y = b + i * s.k * s.n * width;
    double *z = e->output.data + i * s.m * s.n * width;
    if (is_complex)
      th_linalg_gemm_complex(t->a, t->b, s.m, s.n, s.k, 1, (const double complex *)(const void *)x,
                             (const double complex *)(const void *)y, 0, (double complex *)(void *)z);
    else multiply(t, &s, x, y, z);
    if (!th_poll(cx)) return false;
  }
  return true;
}

/* Is it a row times a column, one number? */
static bool is_dot(const ThGraph *g, ThNodeId node) {
  const ThGraphNode *product = th_node(g, node);
  return product->rank == 2 && product->length == 1 && product->element != TH_COMPLEX;
}

/* C = A B: Ā = C̄ B^H, B̄ = A^H C̄; of a transposed factor the transposed. One number times a vector is no matter for
 * matrices. */
static ThNodeId product_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Transposed t = *(const Transposed *)th_node(g, node)->attribute;
  ThNodeId a = th_node_input(g, node, 0), b = th_node_input(g, node, 1);
  if (is_dot(g, node)) {
    const ThGraphNode *factor = th_node(g, k == 0 ? a : b);
    ThNodeId other = th_reshape(g, k == 0 ? b : a, factor->rank, factor->shape);
    return th_multiply(g, th_reshape(g, cotangent, 0, NULL), other);
  }
  if (k == 0) {
    b = th_conjugate(g, b);
    return t.a ? th_product(g, b, cotangent, t.b, true) : th_product(g, cotangent, b, false, !t.b);
  }
  a = th_conjugate(g, a);
  return t.b ? th_product(g, cotangent, a, true, t.a) : th_product(g, a, cotangent, !t.a, false);
}

const ThOperation th_op_product = {.name = "@",
                                   .shape = product_shape,
                                   .work = product_work,
                                   .evaluate = product,
                                   .pullback = product_pullback};

ThNodeId th_product(ThGraph *g, ThNodeId a, ThNodeId b, bool transpose_a, bool transpose_b) {
  ThNodeId both[2] = {a, b};
  Transposed t = {transpose_a, transpose_b};
  if (a == TH_ZERO || b == TH_ZERO || g->failed) return TH_ZERO;
  while (th_node(g, both[0])->operation == &th_op_permute && th_node(g, both[0])->rank == 2) {
    both[0] = th_node_input(g, both[0], 0);
    t.a = !t.a;
  }
  while (th_node(g, both[1])->operation == &th_op_permute && th_node(g, both[1])->rank == 2) {
    both[1] = th_node_input(g, both[1], 0);
    t.b = !t.b;
  }
  return th_graph_apply(g, &th_op_product, both, 2, &t, sizeof t);
}

void th_product_transposed(const ThGraph *g, ThNodeId product, bool transposed[2]) {
  const Transposed *t = th_node(g, product)->attribute;
  transposed[0] = t->a;
  transposed[1] = t->b;
}

/* --- a @ b of the language */

/* The stacks before the last two axes as one axis, repeated to a common shape. */
static ThNodeId stacked(ThGraph *g, ThNodeId a, const ThBroadcast *stack) {
  const ThGraphNode *node = th_node(g, a);
  size_t shape[TH_MAX_RANK], rows = node->shape[node->rank - 2], cols = node->shape[node->rank - 1];
  for (uint32_t i = 0; i < stack->rank; i++) shape[i] = stack->shape[i];
  shape[stack->rank] = rows;
  shape[stack->rank + 1] = cols;
  ThNodeId whole = th_broadcast_node(g, a, stack->rank + 2, shape);
  const size_t flat[3] = {stack->length, rows, cols};
  return th_reshape(g, whole, 3, flat);
}

/* Both of two axes at least. */
static ThNodeId product_of_matrices(ThGraph *g, ThNodeId a, ThNodeId b) {
  const ThGraphNode *x = th_node(g, a), *y = th_node(g, b);
  ThBroadcast stack;
  if (g->failed) return 0; /* a and b may be any node: their ranks tell nothing */
  if (x->rank == 2 && y->rank == 2) return th_product(g, a, b, false, false);
  size_t shape[TH_MAX_RANK], rows = x->shape[x->rank - 2], k = x->shape[x->rank - 1],
                             cols = y->shape[y->rank - 1];
  uint32_t rank = x->rank;
  if (y->rank == 2) { /* one right factor: the left ones are one tall matrix */
    const size_t tall[2] = {x->length / (k ? k : 1), k};
    for (uint32_t i = 0; i + 1 < rank; i++) shape[i] = x->shape[i];
    shape[rank - 1] = cols;
    return th_reshape(g, th_product(g, th_reshape(g, a, 2, tall), b, false, false), rank, shape);
  }
  if (!th_broadcast(x->rank - 2, x->shape, y->rank - 2, y->shape, &stack)) {
    g->failed = !th_fail(g->cx, TH_ERROR_SHAPE, "the stacks of matrices do not match");
    return 0;
  }
  ThNodeId c = th_product(g, stacked(g, a, &stack), stacked(g, b, &stack), false, false);
  for (uint32_t i = 0; i < stack.rank; i++) shape[i] = stack.shape[i];
  shape[stack.rank] = rows;
  shape[stack.rank + 1] = cols;
  return th_reshape(g, c, stack.rank + 2, shape);
}

ThNodeId th_product_of(ThGraph *g, ThNodeId a, ThNodeId b) {
  if (g->failed) return 0;
  bool drop_left = th_node(g, a)->rank == 1, drop_right = th_node(g, b)->rank == 1;
  const size_t row[2] = {1, th_node(g, a)->length}, column[2] = {th_node(g, b)->length, 1};
  ThNodeId x = drop_left ? th_reshape(g, a, 2, row) : a, y = drop_right ? th_reshape(g, b, 2, column) : b;
  if (g->failed) return 0;
  ThNodeId c = product_of_matrices(g, x, y);
  if (g->failed || (!drop_left && !drop_right)) return c;
  const ThGraphNode *node = th_node(g, c);
  size_t shape[TH_MAX_RANK];
  uint32_t rank = 0;
  for (uint32_t i = 0; i < node->rank; i++) {
    bool dropped = (drop_left && i == node->rank - 2) || (drop_right && i == node->rank - 1);
    if (!dropped) shape[rank++] = node->shape[i];
  }
  return th_reshape(g, c, rank, shape);
}
