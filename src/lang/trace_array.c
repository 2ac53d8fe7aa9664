/* trace_array.c - derivatives of making and rearranging arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/trace_support.h"
#include "val/basic.h"
#include "val/operations_axis.h"

/* --- Making */

/* fill(value, shape …), reshape(x, shape …), col(x): the result's shape. */
static bool trace_fill(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThArray *result = th_as_array(call->result);
  if (call->nodes[0] == TH_ZERO) return th_trace_plain(cx, call, out);
  th_trace_decided_by(call, 1, call->n_args);
  return th_traced_give(cx, call, th_broadcast_node(call->g, call->nodes[0], result->rank, result->shape),
                        out);
}

static bool trace_reshape(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  if (call->nodes[0] == TH_ZERO) return th_trace_plain(cx, call, out);
  th_trace_decided_by(call, 1, call->n_args);
  return th_trace_give_shaped(cx, call, call->nodes[0], out);
}

/* a + (b - a) t for t from 0 to 1, as a (1 - t) + b t */
static ThNodeId between(const ThTracedCall *call) {
  ThGraph *g = call->g;
  size_t n = th_as_array(call->result)->length;
  th_trace_decided_by(call, 2, 1);
  ThArray *t = th_vector_new(g->cx, TH_DOUBLE, n);
  if (!t) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < n; i++) t->real[i] = n > 1 ? (double)i / (double)(n - 1) : 0;
  ThNodeId part = th_graph_constant(g, th_object(t)), rest = th_subtract(g, th_graph_number(g, 1), part);
  th_release(th_object(t));
  return th_add(g, th_multiply(g, th_traced_argument(call, 0), rest),
                th_multiply(g, th_traced_argument(call, 1), part));
}

static bool trace_linspace(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, between(call), out);
}

static bool trace_logspace(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId exponents = between(call);
  return th_traced_give(cx, call,
                        th_graph_binary(call->g, &th_op_power, th_graph_number(call->g, 10), exponents), out);
}

/* --- Rearranging: each element of the result is one of the argument */

/* What the places of a rearrangement hang on. */
typedef struct Places {
  ThLines from, to;   /* along the axis, before and after */
  size_t k;           /* how far, how often */
  const size_t *rows; /* the row that comes to each of the result, where they are listed */
} Places;
typedef size_t (*Place)(const Places *p,
                        size_t row); /* the row along the axis that comes to a row of the result */

static size_t reversed_row(const Places *p, size_t row) { return p->from.n - 1 - row; }
static size_t rolled_row(const Places *p, size_t row) { return (row + p->from.n - p->k) % p->from.n; }
static size_t repeated_row(const Places *p, size_t row) { return row % p->from.n; }
static size_t spread_row(const Places *p, size_t row) { return row / p->k; }
static size_t listed_row(const Places *p, size_t row) { return p->rows[row]; }

static bool give_rearranged(ThContext *cx, const ThTracedCall *call, ThNodeId x, uint32_t axis, Place place,
                            Places p, ThValue *out) {
  ThGraph *g = call->g;
  if (g->failed) return false;
  const ThGraphNode *node = th_node(g, x);
  const ThArray *result = th_as_array(call->result);
  p.from = th_lines(node->rank, node->shape, axis);
  p.to = th_lines(result->rank, result->shape, axis);
  size_t *at = th_alloc_array(cx, result->length + 1, sizeof *at), inner = p.to.inner;
  if (!at) return false;
  for (size_t i = 0; i < result->length; i++) {
    size_t row = place(&p, i / inner % p.to.n);
    at[i] = (i / (inner * p.to.n) * p.from.n + row) * inner + i % inner;
  }
  bool ok = th_traced_give(cx, call, th_gather(g, x, at, result->rank, result->shape), out);
  th_free(cx, at, (result->length + 1) * sizeof *at);
  return ok;
}

static bool trace_reverse(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_first(call, 0, 1, &axis);
  return give_rearranged(cx, call, x, axis, reversed_row, (Places){0}, out);
}

static bool trace_roll(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  if (call->nodes[0] == TH_ZERO) return th_trace_plain(cx, call, out);
  ThNodeId x = th_trace_first(call, 0, 2, &axis);
  th_trace_decided_by(call, 1, 1);
  if (call->g->failed) return false;
  double n = (double)th_node(call->g, x)->shape[axis], k = fmod(th_as_scalar(call->args[1]), n > 0 ? n : 1);
  return give_rearranged(cx, call, x, axis, rolled_row, (Places){.k = (size_t)(k < 0 ? k + n : k)}, out);
}

/* repeat by counts: row i of the argument comes as often as counts[i] says. */
static bool give_counted(ThContext *cx, const ThTracedCall *call, ThNodeId x, uint32_t axis, ThValue *out) {
  const ThArray *counts = th_as_array(call->args[1]), *result = th_as_array(call->result);
  size_t n = result->shape[axis], *rows = th_alloc_array(cx, n + 1, sizeof *rows);
  if (!rows) return false;
  for (size_t i = 0, at = 0; i < counts->length; i++)
    for (double k = 0; k < th_array_real(counts, i); k++) rows[at++] = i;
  bool ok = give_rearranged(cx, call, x, axis, listed_row, (Places){.rows = rows}, out);
  th_free(cx, rows, (n + 1) * sizeof *rows);
  return ok;
}

/* repeat: x, times, axis, each */
static bool trace_repeat(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  if (call->nodes[0] == TH_ZERO || !th_is_array(call->result)) return th_trace_plain(cx, call, out);
  ThNodeId x = th_trace_first(call, 0, 2, &axis);
  th_trace_decided_by(call, 1, 1);
  if (th_is_array(call->args[1])) return give_counted(cx, call, x, axis, out);
  bool each = th_as_scalar(call->args[3]) != 0;
  return give_rearranged(cx, call, x, axis, each ? spread_row : repeated_row,
                         (Places){.k = (size_t)th_as_scalar(call->args[1])}, out);
}

/* --- diag */

/* The places of a diagonal of n elements in a matrix with so many columns. */
static size_t *diagonal(ThGraph *g, size_t n, size_t columns) {
  size_t *at = th_alloc_array(g->cx, n + 1, sizeof *at);
  if (!at) g->failed = true;
  for (size_t i = 0; at && i < n; i++) at[i] = i * (columns + 1);
  return at;
}

static ThNodeId diagonal_of(ThGraph *g, ThNodeId a) {
  const size_t *shape = th_node(g, a)->shape;
  size_t n = shape[0] < shape[1] ? shape[0] : shape[1], *at = diagonal(g, n, shape[1]);
  if (!at) return 0;
  ThNodeId node = th_gather(g, a, at, 1, &n);
  th_free(g->cx, at, (n + 1) * sizeof *at);
  return node;
}

static bool trace_diag(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId x = call->nodes[0];
  if (th_node(g, x)->rank == 2) return th_traced_give(cx, call, diagonal_of(g, x), out);
  size_t n = th_node(g, x)->length, *at = diagonal(g, n, n);
  const size_t square[2] = {n, n};
  ThNodeId node = at ? th_scatter(g, x, at, 2, square) : 0;
  if (at) th_free(cx, at, (n + 1) * sizeof *at);
  return th_traced_give(cx, call, node, out);
}

const ThTraceRule th_trace_array[] = {
    {"shape", th_trace_shape},
    {"length", th_trace_shape},
    {"rows", th_trace_shape},
    {"cols", th_trace_shape},
    {"typeof", th_trace_shape},
    {"zeros", th_trace_plain},
    {"ones", th_trace_plain},
    {"eye", th_trace_plain},
    {"near", th_trace_plain},
    {"fill", trace_fill},
    {"reshape", trace_reshape},
    {"col", trace_reshape},
    {"linspace", trace_linspace},
    {"logspace", trace_logspace},
    {"reverse", trace_reverse},
    {"roll", trace_roll},
    {"repeat", trace_repeat},
    {"diag", trace_diag},
    {0},
};
