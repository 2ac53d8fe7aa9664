/* operations_running.c - differentiable running sums and products */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products come of the recurrence r[k] = b[k] + a[k] r[k-1], whose derivatives are recurrences again, the other way.
 * Nothing is divided by a factor. */
#include <complex.h>
#include <string.h>

#include "num/kernels.h"
#include "num/real.h"
#include "num/stats.h"
#include "val/operations_axis.h"

typedef struct Along {
  size_t axis, back; /* back: from the last element to the first */
} Along;

static bool along_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0], *b = &s->inputs[s->n_inputs - 1];
  s->rank = a->rank;
  memcpy(s->shape, a->shape, a->rank * sizeof *s->shape);
  s->element = a->element == TH_COMPLEX || b->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  bool fits = a->rank == b->rank && ((const Along *)s->attribute)->axis < a->rank;
  for (uint32_t i = 0; fits && i < a->rank; i++) fits = a->shape[i] == b->shape[i];
  return fits;
}

static ThNodeId apply(ThGraph *g, const ThOperation *operation, ThNodeId a, uint32_t axis, bool back) {
  Along along = {axis, back};
  if (a == TH_ZERO || g->failed) return a;
  return th_graph_apply(g, operation, &a, 1, &along, sizeof along);
}

static Along along_of(const ThGraph *g, ThNodeId node) { return *(const Along *)th_node(g, node)->attribute; }

/* Row k of n, counted from the end when it goes back. */
static size_t row_of(const Along *along, size_t n, size_t k) { return along->back ? n - 1 - k : k; }

/* --- Sums */

static bool run_sums(ThContext *cx, const ThEvaluation *e) {
  const Along *along = e->attribute;
  ThLines lines = th_lines_in_memory(&e->output, (uint32_t)along->axis);
  for (size_t o = 0; o < lines.outer; o++) {
    const double *x = e->inputs[0].data + o * lines.n * lines.inner;
    double *y = e->output.data + o * lines.n * lines.inner;
    if (lines.inner == 1 && !along->back) th_stats_cumulative_sum(lines.n, x, y);
    for (size_t k = 0; k < lines.n && (lines.inner > 1 || along->back); k++) {
      size_t row = row_of(along, lines.n, k) * lines.inner;
      if (k == 0) memcpy(y + row, x + row, lines.inner * sizeof *y);
      else
        th_kernel_add(lines.inner, x + row, 1, y + row_of(along, lines.n, k - 1) * lines.inner, 1, y + row);
    }
    if (!th_poll(cx)) return false;
  }
  return true;
}

static ThNodeId sums_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Along along = along_of(g, node);
  (void)k;
  return apply(g, th_node(g, node)->operation, cotangent, (uint32_t)along.axis, !along.back);
}
static const ThOperation op_running_sum = {
    .name = "cumsum", .shape = along_shape, .evaluate = run_sums, .pullback = sums_pullback};

ThNodeId th_running_sum(ThGraph *g, ThNodeId a, uint32_t axis) {
  return apply(g, &op_running_sum, a, axis, false);
}

/* --- Each element one place further, zeros at the beginning */

static bool shift(ThContext *cx, const ThEvaluation *e) {
  const Along *along = e->attribute;
  ThLines lines = th_lines_in_memory(&e->output, (uint32_t)along->axis);
  size_t run = lines.n * lines.inner, moved = run - lines.inner;
  for (size_t o = 0; o < lines.outer && lines.n > 0; o++) {
    const double *x = e->inputs[0].data + o * run;
    double *y = e->output.data + o * run;
    memcpy(along->back ? y : y + lines.inner, along->back ? x + lines.inner : x, moved * sizeof *y);
    memset(along->back ? y + moved : y, 0, lines.inner * sizeof *y);
    if (!th_poll_at(cx, o)) return false;
  }
  return true;
}
static const ThOperation op_shift = {
    .name = "cumprod", .shape = along_shape, .evaluate = shift, .pullback = sums_pullback};

/* --- r[k] = b[k] + a[k] r[k-1], r[0] = b[0] */

static double complex element(const ThTensor *t, size_t i) {
  if (t->element != TH_COMPLEX) return t->data[i];
  return t->data[2 * i] + t->data[2 * i + 1] * TH_I;
}

static void recur_complex(const ThEvaluation *e, ThLines lines, size_t at, size_t before, bool first) {
  for (size_t i = 0; i < lines.inner; i++) {
    double complex r = element(&e->inputs[1], at + i);
    if (!first) r += element(&e->inputs[0], at + i) * element(&e->output, before + i);
    e->output.data[2 * (at + i)] = creal(r);
    e->output.data[2 * (at + i) + 1] = cimag(r);
  }
}

static void recur_real(const ThEvaluation *e, ThLines lines, size_t at, size_t before, bool first) {
  const double *a = e->inputs[0].data + at, *b = e->inputs[1].data + at;
  double *r = e->output.data + at, *last = e->output.data + before;
  for (size_t i = 0; i < lines.inner; i++) r[i] = first ? b[i] : b[i] + a[i] * last[i];
}

/* Along the last axis, where a line's numbers are neighbours. */
static void recur_line(const ThEvaluation *e, size_t n, size_t begin, bool back) {
  const double *a = e->inputs[0].data + begin, *b = e->inputs[1].data + begin;
  double *y = e->output.data + begin, r = 0;
  for (size_t k = 0; k < n; k++) {
    size_t at = back ? n - 1 - k : k;
    y[at] = r = k == 0 ? b[at] : b[at] + a[at] * r;
  }
}

static bool recur(ThContext *cx, const ThEvaluation *e) {
  const Along *along = e->attribute;
  ThLines lines = th_lines(e->output.rank, e->output.shape, (uint32_t)along->axis);
  bool is_complex = e->output.element == TH_COMPLEX;
  for (size_t o = 0; o < lines.outer; o++) {
    bool is_line = !is_complex && lines.inner == 1;
    if (is_line) recur_line(e, lines.n, o * lines.n, along->back != 0);
    for (size_t k = 0; k < lines.n && !is_line; k++) {
      size_t at = (o * lines.n + row_of(along, lines.n, k)) * lines.inner;
      size_t before = k == 0 ? at : (o * lines.n + row_of(along, lines.n, k - 1)) * lines.inner;
      (is_complex ? recur_complex : recur_real)(e, lines, at, before, k == 0);
    }
    if (!th_poll(cx)) return false;
  }
  return true;
}

static const ThOperation op_recur;

static ThNodeId recurrence(ThGraph *g, ThNodeId a, ThNodeId b, const Along *along) {
  ThNodeId both[2] = {a, b};
  if (b == TH_ZERO || g->failed) return b;
  return th_graph_apply(g, &op_recur, both, 2, along, sizeof *along);
}

static ThNodeId conjugate(ThGraph *g, ThNodeId a) {
  return th_node(g, a)->element == TH_COMPLEX ? th_graph_unary(g, &th_op_conj, a) : a;
}

/* What hangs on r[k]: s[k] = r̄[k] + a[k+1] s[k+1], the other way; b̄ = s, ā[k] = s[k] r[k-1] */
static ThNodeId recur_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  Along along = along_of(g, node), other = {along.axis, !along.back};
  uint32_t axis = (uint32_t)along.axis;
  ThNodeId next = apply(g, &op_shift, conjugate(g, th_node_input(g, node, 0)), axis, other.back);
  ThNodeId sum = recurrence(g, next, cotangent, &other);
  if (k == 1) return sum;
  return th_multiply(g, sum, conjugate(g, apply(g, &op_shift, node, axis, along.back)));
}
static ThNodeId recur_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  Along along = along_of(g, node);
  ThNodeId before = apply(g, &op_shift, node, (uint32_t)along.axis, along.back);
  ThNodeId moved = th_add(g, tangents[1], th_multiply(g, tangents[0], before));
  return recurrence(g, th_node_input(g, node, 0), moved, &along);
}
static const ThOperation op_recur = {.name = "cumprod",
                                     .shape = along_shape,
                                     .evaluate = recur,
                                     .pullback = recur_pullback,
                                     .pushforward = recur_pushforward};

/* --- Products */

/* 1 for the first of n, or the last, 0 for the others, along an axis with `after` more behind it. */
static ThNodeId end_of(ThGraph *g, size_t n, uint32_t after, bool last) {
  size_t shape[TH_MAX_RANK] = {n};
  for (uint32_t i = 1; i <= after; i++) shape[i] = 1;
  ThArray *a = th_array_new(g->cx, TH_DOUBLE, after + 1, shape);
  if (!a) {
    g->failed = true;
    return 0;
  }
  th_kernel_fill(n, 0, a->real);
  if (n) a->real[last ? n - 1 : 0] = 1;
  ThNodeId id = th_graph_constant(g, th_object(a));
  th_release(th_object(a));
  return id;
}

ThNodeId th_running_product(ThGraph *g, ThNodeId a, uint32_t axis) {
  Along along = {axis, false};
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, a);
  ThNodeId first = end_of(g, node->shape[axis], node->rank - 1 - axis, false);
  return recurrence(g, a, th_graph_binary(g, &th_op_pick, first, a), &along);
}

ThNodeId th_product_before(ThGraph *g, ThNodeId a, uint32_t axis, bool back) {
  Along along = {axis, back};
  if (g->failed) return 0;
  ThGraphNode node = *th_node(g, a);
  ThNodeId first = end_of(g, node.shape[axis], node.rank - 1 - axis, back);
  return recurrence(g, apply(g, &op_shift, a, axis, back), th_broadcast_node(g, first, node.rank, node.shape),
                    &along);
}
