/* operations_axis.c - pieces of arrays along an axis, as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/operations_axis.h"

#include <string.h>

ThLines th_lines(uint32_t rank, const size_t *shape, uint32_t axis) {
  ThLines lines = {1, 1, 1};
  for (uint32_t i = 0; i < rank; i++)
    *(i < axis ? &lines.outer : i == axis ? &lines.n : &lines.inner) *= shape[i];
  return lines;
}

ThLines th_lines_in_memory(const ThTensor *t, uint32_t axis) {
  ThLines lines = th_lines(t->rank, t->shape, axis);
  if (t->element == TH_COMPLEX) lines.inner *= 2;
  return lines;
}

static size_t *new_positions(ThGraph *g, size_t n) {
  size_t *at = th_alloc_array(g->cx, n + 1, sizeof *at);
  if (!at) g->failed = true;
  return at;
}

ThNodeId th_slice_axis(ThGraph *g, ThNodeId a, uint32_t axis, size_t first, size_t n) {
  if (a == TH_ZERO || g->failed) return a;
  const ThGraphNode *node = th_node(g, a);
  ThLines lines = th_lines(node->rank, node->shape, axis);
  size_t shape[TH_MAX_RANK], run = n * lines.inner, total = lines.outer * run;
  uint32_t rank = node->rank;
  memcpy(shape, node->shape, rank * sizeof *shape);
  shape[axis] = n;
  if (lines.outer == 1) return th_reshape(g, th_part(g, a, first * lines.inner, run), rank, shape);
  size_t *at = new_positions(g, total);
  if (!at) return 0;
  for (size_t i = 0; i < total; i++) at[i] = (i / run * lines.n + first) * lines.inner + i % run;
  ThNodeId slice = th_gather(g, a, at, rank, shape);
  th_free(g->cx, at, (total + 1) * sizeof *at);
  return slice;
}

/* Where the elements of the parts, joined flat, go when they are joined along an axis: at[i] comes to place i. */
static void joined_positions(const ThGraph *g, const ThNodeId *parts, size_t n, ThLines whole, size_t *at) {
  size_t begin = 0, along = 0;
  for (size_t k = 0; k < n; k++) {
    const ThGraphNode *part = th_node(g, parts[k]);
    size_t run = whole.outer ? part->length / whole.outer : 0;
    for (size_t i = 0; i < part->length; i++)
      at[i / run * whole.n * whole.inner + along + i % run] = begin + i;
    begin += part->length;
    along += run;
  }
}

ThNodeId th_join_axis(ThGraph *g, const ThNodeId *parts, size_t n, uint32_t axis) {
  if (g->failed) return 0;
  size_t shape[TH_MAX_RANK], length = 0;
  const ThGraphNode *first = th_node(g, parts[0]);
  uint32_t rank = first->rank;
  memcpy(shape, first->shape, rank * sizeof *shape);
  shape[axis] = 0;
  for (size_t k = 0; k < n; k++) {
    shape[axis] += th_node(g, parts[k])->shape[axis];
    length += th_node(g, parts[k])->length;
  }
  ThLines whole = th_lines(rank, shape, axis);
  ThNodeId flat = th_join(g, parts, n);
  if (whole.outer <= 1) return th_reshape(g, flat, rank, shape);
  size_t *at = new_positions(g, length);
  if (!at) return 0;
  joined_positions(g, parts, n, whole, at);
  ThNodeId joined = th_gather(g, flat, at, rank, shape);
  th_free(g->cx, at, (length + 1) * sizeof *at);
  return joined;
}
