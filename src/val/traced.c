/* traced.c - values that remember how they were computed: operators, indices, conditions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of an operation is found in the ordinary way, so that it, and every message, is what it is without tracing;
 * the node is added beside it. */
#include "val/traced.h"

#include <math.h>
#include <string.h>

#include "num/kernels.h"
#include "val/arithmetic.h"
#include "val/array_index.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/leaves.h"
#include "val/operations.h"

/* --- Making and reading */

bool th_traced_new(ThContext *cx, ThGraph *g, ThNodeId node, ThValue *out) {
  if (g->failed) return false;
  ThTraced *t = th_object_new(cx, &th_traced_kind, sizeof *t);
  if (!t) return false;
  t->graph = th_graph_retain(g);
  t->node = node;
  *out = th_object(t);
  return true;
}

static void traced_release(ThObject *self) {
  th_graph_release(((ThTraced *)self)->graph);
  th_object_free(self, sizeof(ThTraced));
}

enum { DEEPEST = 8 }; /* lists in lists that are looked into */

/* Lists count for the distributions in them, and for the numbers in them when `with_numbers`. */
static ThGraph *graph_of(ThValue v, bool with_numbers, int depth) {
  const ThKind *kind = th_kind_of(v);
  if (!th_is_list(v)) return kind && kind->graph ? kind->graph(v) : NULL;
  if (depth == DEEPEST) return NULL;
  const ThList *list = th_as_list(v);
  ThGraph *g = NULL;
  for (size_t i = 0; i < list->length && !g; i++)
    if (with_numbers || !th_is_traced(list->items[i])) g = graph_of(list->items[i], with_numbers, depth + 1);
  return g;
}

static bool plain_leaf(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  (void)self;
  return th_traced_value(cx, leaf, out);
}

bool th_is_undecided(ThValue v) {
  return th_is_object(v) && th_as_object(v)->kind->lift_call && !th_as_object(v)->kind->settle;
}

static bool stand_in(ThContext *cx, ThValue v, ThValue *out) {
  ThStandIns *s = cx->stand_ins;
  for (size_t i = 0; i < s->n; i++)
    if (s->variables[i].bits == v.bits) {
      *out = th_retain(s->values[i]);
      return true;
    }
  if (th_is_none(s->missing)) s->missing = th_retain(v);
  return th_fail(cx, TH_ERROR_TYPE, "a derivative does not go through this %s", th_kind_of(v)->name);
}

bool th_traced_value(ThContext *cx, ThValue v, ThValue *out) {
  if (cx->stand_ins && th_is_undecided(v)) return stand_in(cx, v, out);
  if (!graph_of(v, true, 0)) {
    *out = th_retain(v);
    return true;
  }
  return th_is_list(v) ? th_leaves_map(cx, v, plain_leaf, NULL, out)
                       : th_as_object(v)->kind->plain(cx, v, out);
}

static ThGraph *traced_graph(ThValue self) { return th_as_traced(self)->graph; }
static bool traced_plain(ThContext *cx, ThValue self, ThValue *out) {
  (void)cx;
  return th_graph_value(th_as_traced(self)->graph, th_as_traced(self)->node, out);
}

bool th_traced_settle(ThContext *cx, ThValue v, ThValue *out) {
  if (!th_traced_value(cx, v, out)) return false;
  if (!th_is_traced(v)) return true;
  ThTraced *t = th_as_traced(v);
  if (th_node(t->graph, t->node)->rank > 0 || th_node(t->graph, t->node)->element == TH_COMPLEX)
    t->graph->is_bound = true;
  else if (!th_graph_guard(t->graph, t->node)) {
    th_release(*out);
    return false;
  }
  return true;
}

ThGraph *th_traced_graph(const ThValue *values, size_t n) {
  ThGraph *g = NULL;
  for (size_t i = 0; i < n && !g; i++) g = graph_of(values[i], false, 0);
  return g;
}

bool th_traced_shape(ThValue v, uint32_t *rank, const size_t **shape) {
  if (th_is_array(v)) {
    *rank = th_as_array(v)->rank;
    *shape = th_as_array(v)->shape;
    return true;
  }
  if (!th_is_traced(v)) return false;
  const ThGraphNode *node = th_node(th_as_traced(v)->graph, th_as_traced(v)->node);
  *rank = node->rank;
  *shape = node->shape;
  return node->rank > 0;
}

bool th_traced_node(ThContext *cx, ThGraph *g, ThValue v, ThNodeId *out) {
  ThElement element;
  ThValue plain;
  if (th_is_traced(v)) {
    *out = th_as_traced(v)->node;
    if (th_as_traced(v)->graph == g) return true;
    return th_fail(cx, TH_ERROR_VALUE,
                   "a value that was kept from an earlier derivative cannot be used in this one");
  }
  if (!th_decay(cx, v, &plain)) return false;
  bool fine = th_element_of(plain, &element);
  if (fine) *out = th_graph_constant(g, plain);
  th_release(plain);
  char got[96];
  if (!fine)
    return th_fail(cx, TH_ERROR_TYPE, "derivatives go through numbers and arrays, not through %s",
                   th_describe(v, got, sizeof got));
  return !g->failed;
}

/* A node's value, as the operation gave it, and the traced value: takes `value`. */
static bool give_take(ThContext *cx, ThGraph *g, ThNodeId node, ThValue value, ThValue *out) {
  if (!g->failed) th_graph_give_value(g, node, value);
  th_release(value);
  return th_traced_new(cx, g, node, out);
}

/* --- Operators */

static const ThOperation *elementwise_of(ThOperator op) {
  static const ThOperation *const rows[TH_N_OPERATORS] = {
      [TH_OP_ADD] = &th_op_add,
      [TH_OP_SUBTRACT] = &th_op_subtract,
      [TH_OP_MULTIPLY] = &th_op_multiply,
      [TH_OP_DIVIDE] = &th_op_divide,
      [TH_OP_REMAINDER] = &th_op_remainder,
      [TH_OP_POWER] = &th_op_power,
      [TH_OP_EQUAL] = &th_op_equal,
      [TH_OP_NOT_EQUAL] = &th_op_not_equal,
      [TH_OP_LESS] = &th_op_less,
      [TH_OP_LESS_EQUAL] = &th_op_less_equal,
      [TH_OP_GREATER] = &th_op_greater,
      [TH_OP_GREATER_EQUAL] = &th_op_greater_equal,
      [TH_OP_AND] = &th_op_and,
      [TH_OP_OR] = &th_op_or,
  };
  return rows[op];
}

/* Is this a constant number, and which? */
static bool is_exponent(const ThGraph *g, ThNodeId id, double *x) {
  const ThGraphNode *node = th_node(g, id);
  *x = node->number[0];
  return node->is_constant && !node->operation && node->rank == 0 && node->element != TH_COMPLEX;
}

static ThNodeId operate(ThGraph *g, ThOperator op, ThNodeId a, ThNodeId b) {
  double exponent;
  switch (op) {
    case TH_OP_ADD: return th_add(g, a, b);
    case TH_OP_SUBTRACT: return th_subtract(g, a, b);
    case TH_OP_MULTIPLY: return th_multiply(g, a, b);
    case TH_OP_DIVIDE: return th_divide(g, a, b);
    case TH_OP_POWER:
      if (is_exponent(g, b, &exponent) && exponent != 0) return th_power_to(g, a, exponent);
      return th_graph_binary(g, &th_op_power, a, b);
    case TH_OP_MATRIX_PRODUCT: return th_product_of(g, a, b);
    case TH_OP_SOLVE: return th_solve_node(g, a, b);
    default: return th_graph_binary(g, elementwise_of(op), a, b);
  }
}

/* Texts, lists, none, functions compare with anything, and may hold it: the plain value is all there is to it. */
static bool is_data(ThValue v) {
  if (th_is_none(v) || th_is_string(v) || th_is_list(v) || th_is_table(v)) return true;
  return th_is_object(v) && th_as_object(v)->kind->call && !th_as_object(v)->kind->binary;
}
/* Other kinds that do arithmetic of their own (random variables) know nothing of tracing, but for those (distributions)
 * that have rules. */
static bool is_foreign(ThValue v) {
  return th_is_object(v) && !th_is_traced(v) && th_as_object(v)->kind->binary && !is_data(v) &&
         !th_is_record(v);
}
static bool takes_traced(ThValue v) { return is_foreign(v) && th_as_object(v)->kind->trace; }

/* With a random variable on one side: what stands for it. */
static bool binary_of_outcome(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse,
                              ThValue *out) {
  bool left = th_is_undecided(a);
  ThValue value;
  th_as_traced(left ? b : a)->graph->is_bound = true;
  if (!th_traced_value(cx, left ? a : b, &value)) return false;
  bool ok = th_binary(cx, op, left ? value : a, left ? b : value, reuse, out);
  th_release(value);
  return ok;
}

static bool traced_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  ThValue x, y, value;
  ThGraph *g = th_as_traced(th_is_traced(a) ? a : b)->graph;
  if (cx->stand_ins && (th_is_undecided(a) || th_is_undecided(b)))
    return binary_of_outcome(cx, op, a, b, reuse, out);
  if (th_is_record(a) || th_is_record(b)) /* field by field */
    return th_kind_of(th_is_record(a) ? a : b)->binary(cx, op, a, b, reuse, out);
  if (takes_traced(a) || takes_traced(b))
    return th_as_object(takes_traced(a) ? a : b)->kind->binary(cx, op, a, b, reuse, out);
  if (is_foreign(a) || is_foreign(b))
    return th_fail(cx, TH_ERROR_TYPE, "a derivative does not go through `%s` of %s", th_operator_text(op),
                   is_foreign(a) ? th_kind_of(a)->name : th_kind_of(b)->name);
  if (!th_traced_value(cx, a, &x)) return false;
  bool ok = th_traced_value(cx, b, &y);
  if (ok) {
    ok = th_binary(cx, op, x, y, 0, &value);
    th_release(y);
  }
  th_release(x);
  if (!ok) return false;
  ThNodeId left, right;
  if (op == TH_OP_IN || is_data(a) || is_data(b)) {
    g->is_bound = true;
    *out = value;
    return true;
  }
  ok = th_traced_node(cx, g, a, &left) && th_traced_node(cx, g, b, &right);
  ThNodeId node = ok ? operate(g, op, left, right) : 0;
  if (ok) return give_take(cx, g, node, value, out);
  th_release(value);
  return false;
}

static ThNodeId operate_on(ThGraph *g, ThOperator op, ThNodeId a) {
  switch (op) {
    case TH_OP_NEGATE: return th_negate(g, a);
    case TH_OP_NOT: return th_graph_unary(g, &th_op_not, a);
    case TH_OP_TRANSPOSE: return th_transpose_node(g, a);
    default: return th_inverse_node(g, a);
  }
}

static bool traced_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  ThValue x, value;
  const ThTraced *t = th_as_traced(a);
  if (!th_traced_value(cx, a, &x)) return false;
  bool ok = th_unary(cx, op, x, &value);
  th_release(x);
  return ok && give_take(cx, t->graph, operate_on(t->graph, op, t->node), value, out);
}

/* --- Indices */

/* The positions, in the flat array, of what an index picks: the array 0, 1, … of the same shape is indexed. */
static bool positions(ThContext *cx, const ThGraphNode *node, const ThValue *indices, size_t n,
                      ThValue *out) {
  ThArray *all = th_array_new(cx, TH_DOUBLE, node->rank, node->shape);
  if (!all) return false;
  for (size_t i = 0; i < all->length; i++) all->real[i] = (double)i;
  bool ok = th_get_index(cx, th_object(all), indices, n, out);
  th_release(th_object(all));
  return ok;
}

static bool gather_positions(ThContext *cx, ThGraph *g, ThNodeId node, const ThArray *at, ThNodeId *out) {
  size_t *places = th_alloc_array(cx, at->length + 1, sizeof *places);
  if (!places) return false;
  bool is_stretch = at->length > 0;
  for (size_t i = 0; i < at->length; i++) {
    places[i] = (size_t)at->real[i];
    is_stretch = is_stretch && places[i] == places[0] + i;
  }
  *out = is_stretch ? th_reshape(g, th_part(g, node, places[0], at->length), at->rank, at->shape)
                    : th_gather(g, node, places, at->rank, at->shape);
  th_free(cx, places, (at->length + 1) * sizeof *places);
  return true;
}

/* Indices may be traced too: what they pick hangs on their values. */
static bool settle_all(ThContext *cx, const ThValue *values, size_t n, ThValue *out) {
  for (size_t i = 0; i < n; i++)
    if (!th_traced_settle(cx, values[i], &out[i])) {
      th_release_all(out, i);
      return false;
    }
  return true;
}

static bool pick(ThContext *cx, const ThTraced *t, const ThValue *indices, size_t n, ThValue *out) {
  ThGraph *g = t->graph;
  ThNodeId node;
  ThValue at;
  if (th_node(g, t->node)->rank == 0) { /* a number: the ordinary message */
    ThValue plain;
    if (!th_graph_value(g, t->node, &plain)) return false;
    bool ok = th_get_index(cx, plain, indices, n, out);
    th_release(plain);
    return ok;
  }
  if (n == 1 && th_node(g, t->node)->rank == 1 && th_is_number(indices[0])) {
    size_t position;
    if (!th_select_one(cx, indices[0], th_node(g, t->node)->length, SIZE_MAX, &position)) return false;
    node = th_reshape(g, th_part(g, t->node, position, 1), 0, NULL);
    return th_traced_new(cx, g, node, out);
  }
  if (!positions(cx, th_node(g, t->node), indices, n, &at)) return false;
  bool ok = true;
  if (th_is_array(at)) ok = gather_positions(cx, g, t->node, th_as_array(at), &node);
  else node = th_reshape(g, th_part(g, t->node, (size_t)th_as_scalar(at), 1), 0, NULL);
  th_release(at);
  return ok && th_traced_new(cx, g, node, out);
}

static bool traced_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  ThValue settled[TH_MAX_RANK];
  if (n > TH_MAX_RANK) return th_fail(cx, TH_ERROR_SHAPE, "%zu indices are too many", n);
  if (!settle_all(cx, indices, n, settled)) return false;
  bool ok = pick(cx, th_as_traced(self), settled, n, out);
  th_release_all(settled, n);
  return ok;
}

/* array[indices] = value as nodes: where nothing is stored the old elements stay. */
static bool put(ThContext *cx, ThGraph *g, ThNodeId array, const ThArray *at, ThNodeId value, ThNodeId *out) {
  const ThGraphNode *node = th_node(g, array);
  size_t rank = node->rank, length = node->length;
  const size_t *shape = node->shape;
  ThArray *kept = th_array_new(cx, TH_DOUBLE, node->rank, node->shape);
  size_t *places = kept ? th_alloc_array(cx, at->length + 1, sizeof *places) : NULL;
  if (!places) {
    if (kept) th_release(th_object(kept));
    return false;
  }
  th_kernel_fill(length, 1, kept->real);
  for (size_t i = 0; i < at->length; i++) {
    places[i] = (size_t)at->real[i];
    kept->real[places[i]] = 0;
  }
  ThNodeId stored = th_broadcast_node(g, value, at->rank, at->shape);
  *out = th_add(g, th_graph_binary(g, &th_op_pick, th_graph_constant(g, th_object(kept)), array),
                th_scatter(g, stored, places, (uint32_t)rank, shape));
  th_free(cx, places, (at->length + 1) * sizeof *places);
  th_release(th_object(kept));
  return true;
}

/* The positions as an array of the shape that the stored value is repeated to. */
static bool put_at(ThContext *cx, ThGraph *g, ThNodeId array, ThValue at, ThNodeId value, ThNodeId *out) {
  if (th_is_array(at)) return put(cx, g, array, th_as_array(at), value, out);
  double position = th_as_scalar(at);
  ThArray *one = th_vector_new(cx, TH_DOUBLE, 1);
  if (!one) return false;
  one->real[0] = position;
  bool ok = put(cx, g, array, one, value, out);
  th_release(th_object(one));
  return ok;
}

/* *self[indices] = value, one of the two traced. The plain assignment is done too: it checks, and gives the value. */
static bool store(ThContext *cx, ThGraph *g, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  ThValue plain, part, at = th_none();
  ThNodeId array, stored, node;
  if (!th_traced_value(cx, *self, &plain)) return false;
  bool ok = th_traced_value(cx, value, &part);
  if (ok) {
    size_t length = th_is_array(plain) ? th_as_array(plain)->length : 0;
    ok = th_traced_node(cx, g, *self, &array) && th_traced_node(cx, g, value, &stored);
    if (ok && th_is_array(plain) && th_as_array(plain)->object.references > 1) {
      ThArray *own = th_array_copy(cx, th_as_array(plain));
      ok = own != NULL;
      if (ok) th_replace_take(&plain, th_object(own));
    }
    ok = ok && th_set_index(cx, &plain, indices, n, part);
    if (ok && th_is_array(plain) && th_as_array(plain)->length != length)
      ok = th_fail(cx, TH_ERROR_VALUE, "an array cannot grow while it is differentiated");
    th_release(part);
  }
  ok = ok && positions(cx, th_node(g, array), indices, n, &at) && put_at(cx, g, array, at, stored, &node);
  th_release(at);
  if (!ok) {
    th_release(plain);
    return false;
  }
  ThValue result;
  if (!give_take(cx, g, node, plain, &result)) return false;
  th_replace_take(self, result);
  return true;
}

static bool traced_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  ThGraph *g = th_is_traced(*self) ? th_as_traced(*self)->graph : th_as_traced(value)->graph;
  ThValue settled[TH_MAX_RANK];
  if (n > TH_MAX_RANK) return th_fail(cx, TH_ERROR_SHAPE, "%zu indices are too many", n);
  if (!settle_all(cx, indices, n, settled)) return false;
  th_graph_retain(g);
  bool ok = store(cx, g, self, settled, n, value);
  th_graph_release(g);
  th_release_all(settled, n);
  return ok;
}

static bool traced_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  const ThGraphNode *node = th_node(th_as_traced(self)->graph, th_as_traced(self)->node);
  if (node->rank > 0 && axis < node->rank) {
    *out = node->shape[axis];
    return true;
  }
  if (node->rank > 0 && axis == SIZE_MAX) {
    *out = node->shape[0];
    return true;
  }
  ThValue plain;
  if (!th_traced_value(cx, self, &plain)) return false;
  bool ok = th_length(cx, plain, axis, out);
  th_release(plain);
  return ok;
}

/* --- [a, b, …] */

static bool traced_stack(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  ThGraph *g = th_traced_graph(items, n);
  ThNodeId *parts = th_alloc_array(cx, n, sizeof *parts);
  if (!parts) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) ok = th_traced_node(cx, g, items[i], &parts[i]);
  for (size_t i = 1; ok && i < n; i++) {
    const ThGraphNode *a = th_node(g, parts[0]), *b = th_node(g, parts[i]);
    if (!th_same_dimensions(a->rank, a->shape, b->rank, b->shape))
      ok = th_fail(cx, TH_ERROR_SHAPE, "elements 1 and %zu of [ … ] have different shapes", i + 1);
  }
  if (ok) {
    size_t shape[TH_MAX_RANK + 1] = {n};
    const ThGraphNode *first = th_node(g, parts[0]);
    uint32_t rank = first->rank;
    if (rank) memcpy(shape + 1, first->shape, rank * sizeof *shape);
    ok = th_traced_new(cx, g, th_reshape(g, th_join(g, parts, n), rank + 1, shape), out);
  }
  th_free(cx, parts, n * sizeof *parts);
  return ok;
}

/* --- The rest */

static bool traced_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  ThValue plain;
  th_as_traced(self)->graph->is_bound = true; /* what is shown would not be shown by a replay */
  if (!th_traced_value(cx, self, &plain)) return false;
  bool ok = th_format(cx, plain, style, out);
  th_release(plain);
  return ok;
}

static bool traced_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  ThValue x, y;
  if (!th_traced_settle(cx, a, &x)) return false;
  bool ok = th_traced_settle(cx, b, &y);
  if (ok) {
    ok = th_equal(cx, x, y, out);
    th_release(y);
  }
  th_release(x);
  return ok;
}

/* --- Rules of built-ins */

ThNodeId th_traced_argument(const ThTracedCall *call, size_t i) {
  if (call->nodes[i] != TH_ZERO) return call->nodes[i];
  ThNodeId node = 0;
  if (!call->g->failed && !th_traced_node(call->g->cx, call->g, call->args[i], &node)) call->g->failed = true;
  return node;
}

bool th_traced_give(ThContext *cx, const ThTracedCall *call, ThNodeId node, ThValue *out) {
  if (call->g->failed) return false;
  if (node == TH_ZERO) return th_trace_plain(cx, call, out);
  return give_take(cx, call->g, node, th_retain(call->result), out);
}

bool th_trace_plain(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  (void)cx;
  call->g->is_bound = true;
  *out = th_retain(call->result);
  return true;
}

static bool traced_lift_call(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out) {
  ThGraph *g = th_traced_graph(args->values, args->count);
  return g->call(cx, g, function, args, out);
}

const ThKind th_traced_kind = {
    .name = "number that is differentiated",
    .release = traced_release,
    .format = traced_format,
    .equal = traced_equal,
    .get_index = traced_get_index,
    .set_index = traced_set_index,
    .length = traced_length,
    .binary = traced_binary,
    .unary = traced_unary,
    .stack = traced_stack,
    .lift_call = traced_lift_call,
    .graph = traced_graph,
    .plain = traced_plain,
    .settle = th_traced_settle,
    .put_into = traced_set_index,
    .rank = 30,
};
