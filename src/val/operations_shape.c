/* operations_shape.c - differentiable changes of shape: reshape, repeat and sum over what was repeated, permute */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/kernels.h"
#include "num/linalg.h"
#include "val/operations.h"

/* The attribute of most operations here: the shape of the result. */
typedef struct Target {
  size_t rank;
  size_t shape[TH_MAX_RANK];
} Target;

static size_t target_size(uint32_t rank) { return offsetof(Target, shape) + rank * sizeof(size_t); }

static ThNodeId apply_target(ThGraph *g, const ThOperation *operation, ThNodeId a, uint32_t rank,
                             const size_t *shape) {
  Target target = {.rank = rank};
  if (rank) memcpy(target.shape, shape, rank * sizeof *shape);
  return th_graph_apply(g, operation, &a, 1, &target, target_size(rank));
}

static bool target_shape(ThShaping *s) {
  const Target *target = s->attribute;
  s->rank = (uint32_t)target->rank;
  memcpy(s->shape, target->shape, target->rank * sizeof *s->shape);
  s->element = s->inputs[0].element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}

static bool has_shape(const ThGraph *g, ThNodeId a, uint32_t rank, const size_t *shape) {
  const ThGraphNode *node = th_node(g, a);
  return node->rank == rank && (rank == 0 || memcmp(node->shape, shape, rank * sizeof *shape) == 0);
}

/* --- Another shape for the same numbers */

static bool copy_numbers(ThContext *cx, const ThEvaluation *e) {
  return th_copy_bytes(cx, e->output.data, e->inputs[0].data, th_tensor_size(&e->output) * sizeof(double));
}

static ThNodeId reshape_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return th_reshape_like(g, cotangent, th_node_input(g, node, k));
}
const ThOperation th_op_reshape = {
    .name = "reshape", .shape = target_shape, .evaluate = copy_numbers, .pullback = reshape_pullback};

ThNodeId th_reshape(ThGraph *g, ThNodeId a, uint32_t rank, const size_t *shape) {
  if (a == TH_ZERO || g->failed || has_shape(g, a, rank, shape)) return a;
  if (th_node(g, a)->operation == &th_op_reshape) return th_reshape(g, th_node_input(g, a, 0), rank, shape);
  return apply_target(g, &th_op_reshape, a, rank, shape);
}

ThNodeId th_reshape_like(ThGraph *g, ThNodeId a, ThNodeId like) {
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, like);
  return th_reshape(g, a, node->rank, node->shape);
}

ThNodeId th_flat(ThGraph *g, ThNodeId a) {
  if (a == TH_ZERO || g->failed) return a;
  size_t length = th_node(g, a)->length;
  return th_reshape(g, a, 1, &length);
}

/* --- Repetition along axes, and its adjoint */

/* For each axis of `large`: how far one step along it goes in the smaller tensor (0 where that is repeated). */
static void strides_in(const ThTensor *small, const ThTensor *large, size_t *strides) {
  size_t stride = 1;
  for (uint32_t i = large->rank; i-- > 0;) {
    uint32_t missing = large->rank - small->rank;
    size_t length = i >= missing ? small->shape[i - missing] : 1;
    strides[i] = length > 1 ? stride : 0;
    stride *= length;
  }
}

/* Goes through runs along the last axis of `large`: where each begins in it and in the small tensor. */
typedef void (*Run)(size_t n, double *large, double *small, size_t small_step);

static bool walk(ThContext *cx, const ThTensor *small, const ThTensor *large, size_t width, Run run) {
  size_t strides[TH_MAX_RANK], index[TH_MAX_RANK] = {0}, at = 0;
  strides_in(small, large, strides);
  uint32_t last = large->rank - 1;
  size_t n = large->shape[last];
  for (size_t done = 0; done < large->length; done += n) {
    run(n, large->data + done * width, small->data + at * width, strides[last]);
    if (!th_poll_at(cx, done)) return false;
    for (uint32_t axis = last; axis-- > 0;) {
      at += strides[axis];
      if (++index[axis] < large->shape[axis]) break;
      at -= strides[axis] * large->shape[axis];
      index[axis] = 0;
    }
  }
  return true;
}

static void repeat_run(size_t n, double *large, double *small, size_t step) {
  if (step == 0) th_kernel_fill(n, small[0], large);
  else memcpy(large, small, n * sizeof *large);
}
static void repeat_complex_run(size_t n, double *large, double *small, size_t step) {
  for (size_t i = 0; i < n; i++) memcpy(large + 2 * i, small + 2 * i * step, 2 * sizeof *large);
}
static void sum_run(size_t n, double *large, double *small, size_t step) {
  if (step == 0) small[0] += th_kernel_sum(n, large);
  else th_kernel_axpy(n, 1, large, small);
}
static void sum_complex_run(size_t n, double *large, double *small, size_t step) {
  for (size_t i = 0; i < 2 * n; i++) small[2 * (i / 2) * step + i % 2] += large[i];
}

static bool repeat(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  bool is_complex = a->element == TH_COMPLEX;
  if (e->output.rank == 0 || e->output.length == 0) return e->output.length == 0 || copy_numbers(cx, e);
  return walk(cx, a, &e->output, is_complex ? 2 : 1, is_complex ? repeat_complex_run : repeat_run);
}

static bool sum_repeated(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *a = &e->inputs[0];
  bool is_complex = a->element == TH_COMPLEX;
  memset(e->output.data, 0, th_tensor_size(&e->output) * sizeof *e->output.data);
  if (a->length == 0) return true;
  if (a->rank == 0) return copy_numbers(cx, e);
  if (e->output.length == 1 && !is_complex) {
    e->output.data[0] = th_kernel_sum_compensated(a->length, a->data);
    return th_poll(cx);
  }
  return walk(cx, &e->output, a, is_complex ? 2 : 1, is_complex ? sum_complex_run : sum_run);
}

static ThNodeId repeat_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return th_sum_to_like(g, cotangent, th_node_input(g, node, k));
}
static ThNodeId sum_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return th_broadcast_like(g, cotangent, th_node_input(g, node, k));
}
const ThOperation th_op_broadcast = {
    .name = "repeat", .shape = target_shape, .evaluate = repeat, .pullback = repeat_pullback};
const ThOperation th_op_sum_to = {
    .name = "sum", .shape = target_shape, .evaluate = sum_repeated, .pullback = sum_pullback};

ThNodeId th_broadcast_node(ThGraph *g, ThNodeId a, uint32_t rank, const size_t *shape) {
  if (a == TH_ZERO || g->failed || has_shape(g, a, rank, shape)) return a;
  return apply_target(g, &th_op_broadcast, a, rank, shape);
}

ThNodeId th_broadcast_like(ThGraph *g, ThNodeId a, ThNodeId like) {
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, like);
  return th_broadcast_node(g, a, node->rank, node->shape);
}

ThNodeId th_sum_to_like(ThGraph *g, ThNodeId a, ThNodeId like) {
  if (a == TH_ZERO || g->failed) return a;
  const ThGraphNode *node = th_node(g, like);
  if (has_shape(g, a, node->rank, node->shape)) return a;
  if (th_node(g, a)->length == 0) return TH_ZERO; /* a sum of nothing */
  /* what is smaller than `like` stands for its repetition */
  if (th_node(g, a)->length < node->length) return th_broadcast_like(g, a, like);
  if (node->rank == 0) return th_sum_all(g, a);
  return apply_target(g, &th_op_sum_to, a, node->rank, node->shape);
}

/* --- Sums */

ThNodeId th_sum_all(ThGraph *g, ThNodeId a) {
  double factor;
  if (a == TH_ZERO || g->failed || th_node(g, a)->rank == 0) return a;
  ThNodeId rest = th_without_factor(g, a, &factor);
  return th_scale(g, factor, apply_target(g, &th_op_sum_to, rest, 0, NULL));
}

ThNodeId th_sum_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool keep) {
  size_t kept[TH_MAX_RANK], left[TH_MAX_RANK];
  if (a == TH_ZERO || g->failed) return a;
  const ThGraphNode *node = th_node(g, a);
  uint32_t rank = node->rank, n = 0;
  for (uint32_t i = 0; i < rank; i++) {
    kept[i] = i == axis ? 1 : node->shape[i];
    if (i != axis) left[n++] = node->shape[i];
  }
  ThNodeId sum = has_shape(g, a, rank, kept) ? a : apply_target(g, &th_op_sum_to, a, rank, kept);
  return keep ? sum : th_reshape(g, sum, n, left);
}

/* --- Axes in another order */

static bool permuted_shape(ThShaping *s) {
  const uint32_t *order = s->attribute;
  s->rank = s->inputs[0].rank;
  s->element = s->inputs[0].element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  for (uint32_t i = 0; i < s->rank; i++) s->shape[i] = s->inputs[0].shape[order[i]];
  return true;
}

static bool permute(ThContext *cx, const ThEvaluation *e) {
  const uint32_t *order = e->attribute;
  const ThTensor *a = &e->inputs[0], *b = &e->output;
  size_t strides[TH_MAX_RANK], stride = 1, steps[TH_MAX_RANK], index[TH_MAX_RANK] = {0}, at = 0;
  size_t width = a->element == TH_COMPLEX ? 2 : 1;
  if (b->rank == 2 && width == 1 && order[0] == 1) {
    th_linalg_transpose(a->shape[0], a->shape[1], a->data, b->data);
    return th_poll(cx);
  }
  for (uint32_t i = a->rank; i-- > 0; stride *= a->shape[i]) strides[i] = stride;
  for (uint32_t i = 0; i < b->rank; i++) steps[i] = strides[order[i]];
  for (size_t done = 0; done < b->length; done++) {
    memcpy(b->data + done * width, a->data + at * width, width * sizeof *b->data);
    if (!th_poll_at(cx, done)) return false;
    for (uint32_t axis = b->rank; axis-- > 0;) {
      at += steps[axis];
      if (++index[axis] < b->shape[axis]) break;
      at -= steps[axis] * b->shape[axis];
      index[axis] = 0;
    }
  }
  return true;
}

static ThNodeId permute_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const uint32_t *order = th_node(g, node)->attribute;
  uint32_t back[TH_MAX_RANK];
  (void)k;
  for (uint32_t i = 0; i < th_node(g, node)->rank; i++) back[order[i]] = i;
  return th_permute(g, cotangent, back);
}
const ThOperation th_op_permute = {
    .name = "transpose", .shape = permuted_shape, .evaluate = permute, .pullback = permute_pullback};

ThNodeId th_permute(ThGraph *g, ThNodeId a, const uint32_t *order) {
  if (a == TH_ZERO || g->failed) return a;
  const ThGraphNode *node = th_node(g, a);
  bool same = true;
  for (uint32_t i = 0; i < node->rank; i++) same = same && order[i] == i;
  if (same) return a;
  if (node->operation == &th_op_permute && node->rank == 2) return th_node_input(g, a, 0);
  return th_graph_apply(g, &th_op_permute, &a, 1, order, node->rank * sizeof *order);
}

ThNodeId th_transpose_node(ThGraph *g, ThNodeId a) {
  uint32_t order[TH_MAX_RANK];
  if (a == TH_ZERO || g->failed) return a;
  uint32_t rank = th_node(g, a)->rank;
  for (uint32_t i = 0; i < rank; i++) order[i] = i;
  if (rank < 2) return a;
  order[rank - 2] = rank - 1;
  order[rank - 1] = rank - 2;
  return th_permute(g, a, order);
}
