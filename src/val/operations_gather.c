/* operations_gather.c - differentiable picking, placing and joining of elements */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/kernels.h"
#include "val/operations.h"

/* The attribute of gather and scatter: the shape of the result, and positions in the flat larger array. */
typedef struct Positions {
  size_t rank, n;
  size_t shape[TH_MAX_RANK];
  size_t at[];
} Positions;

static size_t positions_size(size_t n) { return sizeof(Positions) + n * sizeof(size_t); }

static ThNodeId apply_positions(ThGraph *g, const ThOperation *operation, ThNodeId a, const size_t *at,
                                size_t n, uint32_t rank, const size_t *shape) {
  size_t size = positions_size(n);
  Positions *p = th_alloc(g->cx, size);
  if (!p) {
    g->failed = true;
    return 0;
  }
  memset(p, 0, sizeof *p);
  p->rank = rank;
  p->n = n;
  if (rank) memcpy(p->shape, shape, rank * sizeof *shape);
  if (n) memcpy(p->at, at, n * sizeof *at);
  ThNodeId id = th_graph_apply(g, operation, &a, 1, p, size);
  th_free(g->cx, p, size);
  return id;
}

static bool positions_shape(ThShaping *s) {
  const Positions *p = s->attribute;
  s->rank = (uint32_t)p->rank;
  memcpy(s->shape, p->shape, p->rank * sizeof *s->shape);
  s->element = s->inputs[0].element;
  return true;
}

static bool gather(ThContext *cx, const ThEvaluation *e) {
  const Positions *p = e->attribute;
  const double *a = e->inputs[0].data;
  double *b = e->output.data;
  bool is_complex = e->output.element == TH_COMPLEX;
  for (size_t i = 0; i < p->n && !is_complex; i++) b[i] = a[p->at[i]];
  for (size_t i = 0; i < p->n && is_complex; i++) memcpy(b + 2 * i, a + 2 * p->at[i], 2 * sizeof *b);
  return th_poll(cx);
}

static bool scatter(ThContext *cx, const ThEvaluation *e) {
  const Positions *p = e->attribute;
  const double *a = e->inputs[0].data;
  double *b = e->output.data;
  bool is_complex = e->output.element == TH_COMPLEX;
  memset(b, 0, th_tensor_size(&e->output) * sizeof *b);
  for (size_t i = 0; i < p->n && !is_complex; i++) b[p->at[i]] += a[i];
  for (size_t i = 0; i < p->n && is_complex; i++) {
    b[2 * p->at[i]] += a[2 * i];
    b[2 * p->at[i] + 1] += a[2 * i + 1];
  }
  return th_poll(cx);
}

static ThNodeId gather_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const Positions *p = th_node(g, node)->attribute;
  const ThGraphNode *a = th_node(g, th_node_input(g, node, k));
  return th_scatter(g, cotangent, p->at, a->rank, a->shape);
}
static ThNodeId scatter_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const Positions *p = th_node(g, node)->attribute;
  const ThGraphNode *a = th_node(g, th_node_input(g, node, k));
  return th_gather(g, cotangent, p->at, a->rank, a->shape);
}
const ThOperation th_op_gather = {
    .name = "indexing", .shape = positions_shape, .evaluate = gather, .pullback = gather_pullback};
const ThOperation th_op_scatter = {
    .name = "indexing", .shape = positions_shape, .evaluate = scatter, .pullback = scatter_pullback};

const size_t *th_gather_positions(const ThGraph *g, ThNodeId node, size_t *n) {
  const Positions *p = th_node(g, node)->attribute;
  *n = p->n;
  return p->at;
}

static size_t length_of(uint32_t rank, const size_t *shape) {
  size_t n = 1;
  for (uint32_t i = 0; i < rank; i++) n *= shape[i];
  return n;
}

ThNodeId th_gather(ThGraph *g, ThNodeId a, const size_t *positions, uint32_t rank, const size_t *shape) {
  if (a == TH_ZERO || g->failed) return a;
  return apply_positions(g, &th_op_gather, a, positions, length_of(rank, shape), rank, shape);
}

ThNodeId th_scatter(ThGraph *g, ThNodeId a, const size_t *positions, uint32_t rank, const size_t *shape) {
  if (a == TH_ZERO || g->failed) return a;
  return apply_positions(g, &th_op_scatter, a, positions, th_node(g, a)->length, rank, shape);
}

/* --- A stretch of the flat array */

typedef struct Stretch {
  size_t first, n;
} Stretch;

static bool part_shape(ThShaping *s) {
  const Stretch *stretch = s->attribute;
  s->rank = 1;
  s->shape[0] = stretch->n;
  s->element = s->inputs[0].element;
  return stretch->first + stretch->n <= s->inputs[0].length;
}

static bool copy_part(ThContext *cx, const ThEvaluation *e) {
  const Stretch *stretch = e->attribute;
  size_t width = e->output.element == TH_COMPLEX ? 2 : 1;
  return th_copy_bytes(cx, e->output.data, e->inputs[0].data + stretch->first * width,
                       stretch->n * width * sizeof(double));
}

/* Zeros around what was taken. */
static ThNodeId zeros(ThGraph *g, size_t n) {
  ThArray *a = th_vector_new(g->cx, TH_DOUBLE, n);
  if (!a) {
    g->failed = true;
    return 0;
  }
  th_kernel_fill(n, 0, a->real);
  ThNodeId id = th_graph_constant(g, th_object(a));
  th_release(th_object(a));
  return id;
}

static ThNodeId part_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Stretch stretch = *(const Stretch *)th_node(g, node)->attribute;
  ThNodeId whole = th_node_input(g, node, k);
  size_t length = th_node(g, whole)->length, end = stretch.first + stretch.n, n = 0;
  ThNodeId parts[3];
  if (stretch.first > 0) parts[n++] = zeros(g, stretch.first);
  parts[n++] = cotangent;
  if (end < length) parts[n++] = zeros(g, length - end);
  return th_reshape_like(g, th_join(g, parts, n), whole);
}
/* By th_part, which finds the part of a join, so that what is not taken is not computed. */
static ThNodeId part_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  Stretch stretch = *(const Stretch *)th_node(g, node)->attribute;
  return th_part(g, tangents[0], stretch.first, stretch.n);
}
const ThOperation th_op_part = {.name = "indexing",
                                .shape = part_shape,
                                .evaluate = copy_part,
                                .pullback = part_pullback,
                                .pushforward = part_pushforward};

/* The part of a join that holds the numbers first … first + n - 1, and where they begin in it; TH_ZERO when they lie in
 * more than one, or become complex numbers in the join. */
static ThNodeId joined_part(const ThGraph *g, ThNodeId join, size_t *first, size_t n) {
  for (size_t k = 0; k < th_node(g, join)->n_inputs; k++) {
    ThNodeId part = th_node_input(g, join, k);
    size_t length = th_node(g, part)->length;
    if (*first < length)
      return *first + n <= length && th_node(g, part)->element == th_node(g, join)->element ? part : TH_ZERO;
    *first -= length;
  }
  return TH_ZERO;
}

ThNodeId th_part(ThGraph *g, ThNodeId a, size_t first, size_t n) {
  if (a == TH_ZERO || g->failed) return a;
  size_t inner = first;
  ThNodeId part = n && th_node(g, a)->operation == &th_op_join ? joined_part(g, a, &inner, n) : TH_ZERO;
  if (part != TH_ZERO) return th_part(g, part, inner, n);
  if (first == 0 && n == th_node(g, a)->length) return th_flat(g, a);
  Stretch stretch = {first, n};
  return th_graph_apply(g, &th_op_part, &a, 1, &stretch, sizeof stretch);
}

/* --- One after another */

static bool join_shape(ThShaping *s) {
  s->rank = 1;
  s->shape[0] = 0;
  s->element = TH_DOUBLE;
  for (size_t i = 0; i < s->n_inputs; i++) {
    s->shape[0] += s->inputs[i].length;
    if (s->inputs[i].element == TH_COMPLEX) s->element = TH_COMPLEX;
  }
  return true;
}

static bool join(ThContext *cx, const ThEvaluation *e) {
  double *to = e->output.data;
  bool is_complex = e->output.element == TH_COMPLEX;
  for (size_t i = 0; i < e->n_inputs; i++) {
    const ThTensor *a = &e->inputs[i];
    if (is_complex && a->element != TH_COMPLEX) {
      for (size_t j = 0; j < a->length; j++, to += 2) to[0] = a->data[j], to[1] = 0;
      continue;
    }
    if (!th_copy_bytes(cx, to, a->data, th_tensor_size(a) * sizeof *to)) return false;
    to += th_tensor_size(a);
  }
  return true;
}

static ThNodeId join_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  size_t first = 0;
  for (size_t i = 0; i < k; i++) first += th_node(g, th_node_input(g, node, i))->length;
  ThNodeId part = th_node_input(g, node, k);
  return th_reshape_like(g, th_part(g, cotangent, first, th_node(g, part)->length), part);
}

/* Zeros where an input has no tangent. */
static ThNodeId join_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  size_t n = th_node(g, node)->n_inputs;
  ThNodeId *parts = th_alloc_array(g->cx, n, sizeof *parts);
  if (!parts) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < n; i++)
    parts[i] = tangents[i] == TH_ZERO ? zeros(g, th_node(g, th_node_input(g, node, i))->length) : tangents[i];
  ThNodeId id = th_join(g, parts, n);
  th_free(g->cx, parts, n * sizeof *parts);
  return id;
}
const ThOperation th_op_join = {.name = "concat",
                                .shape = join_shape,
                                .evaluate = join,
                                .pullback = join_pullback,
                                .pushforward = join_pushforward};

ThNodeId th_join(ThGraph *g, const ThNodeId *parts, size_t n) {
  if (g->failed) return 0;
  return n == 1 ? th_flat(g, parts[0]) : th_graph_apply(g, &th_op_join, parts, n, NULL, 0);
}
