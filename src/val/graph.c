/* graph.c - nodes: making them, sharing equal ones, their values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/graph.h"

#include <stdio.h>
#include <string.h>

#include "num/kernels.h"
#include "val/basic.h"
#include "val/broadcast.h"

/* --- Memory */

enum { BLOCK_BYTES = 1 << 14 };

/* Shapes and attributes live as long as the graph. */
typedef struct ThGraphBlock {
  struct ThGraphBlock *next;
  size_t size, used;
  _Alignas(max_align_t) char bytes[];
} ThGraphBlock;

static void *keep(ThGraph *g, const void *bytes, size_t size) {
  size_t room = (size + 15) & ~(size_t)15;
  if (size == 0) return NULL;
  if (!g->blocks || g->blocks->size - g->blocks->used < room) {
    size_t length = room > BLOCK_BYTES ? room : BLOCK_BYTES;
    ThGraphBlock *block = th_alloc(g->cx, sizeof *block + length);
    if (!block) return NULL;
    *block = (ThGraphBlock){.next = g->blocks, .size = length};
    g->blocks = block;
  }
  char *at = g->blocks->bytes + g->blocks->used;
  g->blocks->used += room;
  memcpy(at, bytes, size);
  return at;
}

ThGraph *th_graph_new(ThContext *cx) {
  ThGraph *g = th_alloc(cx, sizeof *g);
  if (g) *g = (ThGraph){.cx = cx, .references = 1};
  return g;
}

void th_graph_release(ThGraph *g) {
  if (!g || --g->references > 0) return;
  ThContext *cx = g->cx;
  for (size_t i = 0; i < g->n_nodes; i++)
    if (g->nodes[i].array) th_release(th_object(g->nodes[i].array));
  while (g->blocks) {
    ThGraphBlock *block = g->blocks;
    g->blocks = block->next;
    th_free(cx, block, sizeof *block + block->size);
  }
  th_release_all(g->kept, g->n_kept);
  th_free(cx, g->kept, g->kept_capacity * sizeof *g->kept);
  th_free(cx, g->nodes, g->node_capacity * sizeof *g->nodes);
  th_free(cx, g->inputs, g->input_capacity * sizeof *g->inputs);
  th_free(cx, g->guards, g->guard_capacity * sizeof *g->guards);
  th_free(cx, g->table, g->table_size * sizeof *g->table);
  th_free(cx, g, sizeof *g);
}

/* Room for one element more of a growing array. */
static bool grow(ThGraph *g, void *array, size_t *capacity, size_t needed, size_t size) {
  void **block = array;
  if (needed <= *capacity) return true;
  size_t larger = *capacity * 2 > needed ? *capacity * 2 : needed + 32;
  void *grown = th_resize(g->cx, *block, *capacity * size, larger * size);
  if (!grown) return false;
  *block = grown;
  *capacity = larger;
  return true;
}

static ThNodeId fail(ThGraph *g) {
  g->failed = true;
  return 0;
}

void th_graph_keep(ThGraph *g, ThValue v) {
  for (size_t i = 0; i < g->n_kept; i++)
    if (g->kept[i].bits == v.bits) return;
  if (!grow(g, &g->kept, &g->kept_capacity, g->n_kept + 1, sizeof v)) g->failed = true;
  else g->kept[g->n_kept++] = th_retain(v);
}

/* --- Equal nodes */

static uint64_t mix(uint64_t hash, const void *bytes, size_t size) {
  const unsigned char *at = bytes;
  for (size_t i = 0; i < size; i++) hash = (hash ^ at[i]) * 0x100000001B3u;
  return hash;
}

static uint64_t hash_of(const ThOperation *operation, const ThNodeId *inputs, size_t n, const void *attribute,
                        size_t size) {
  uint64_t hash = mix(0xCBF29CE484222325u, &operation, sizeof operation);
  hash = mix(hash, inputs, n * sizeof *inputs);
  hash = mix(hash, attribute, size);
  return hash ^ hash >> 29;
}

static uint64_t node_hash(const ThGraph *g, const ThGraphNode *node) {
  return hash_of(node->operation, g->inputs + node->first_input, node->n_inputs, node->attribute,
                 node->attribute_size);
}

static bool rehash(ThGraph *g) {
  size_t size = g->table_size ? g->table_size * 4 : 64;
  ThNodeId *table = th_alloc_array(g->cx, size, sizeof *table);
  if (!table) return false;
  for (size_t i = 0; i < size; i++) table[i] = TH_ZERO;
  for (size_t i = 0; i < g->n_nodes; i++) {
    if (!g->nodes[i].operation) continue;
    ThNodeId *slot = &table[node_hash(g, &g->nodes[i]) & (size - 1)];
    g->nodes[i].next = *slot;
    *slot = (ThNodeId)i;
  }
  th_free(g->cx, g->table, g->table_size * sizeof *g->table);
  g->table = table;
  g->table_size = size;
  return true;
}

static ThNodeId find_equal(const ThGraph *g, uint64_t hash, const ThOperation *operation,
                           const ThNodeId *inputs, size_t n, const void *attribute, size_t size) {
  if (g->table_size == 0) return TH_ZERO;
  for (ThNodeId i = g->table[hash & (g->table_size - 1)]; i != TH_ZERO; i = g->nodes[i].next) {
    const ThGraphNode *node = &g->nodes[i];
    if (node->operation == operation && node->n_inputs == n && node->attribute_size == size &&
        memcmp(g->inputs + node->first_input, inputs, n * sizeof *inputs) == 0 &&
        (size == 0 || memcmp(node->attribute, attribute, size) == 0))
      return i;
  }
  return TH_ZERO;
}

/* --- Nodes without inputs */

static ThNodeId add_node(ThGraph *g, ThGraphNode node) {
  if (g->n_nodes >= TH_ZERO - 1) {
    th_fail(g->cx, TH_ERROR_LIMIT, "this computation has too many steps to differentiate");
    return fail(g);
  }
  if (!grow(g, &g->nodes, &g->node_capacity, g->n_nodes + 1, sizeof node)) return fail(g);
  node.next = TH_ZERO;
  g->nodes[g->n_nodes] = node;
  return (ThNodeId)g->n_nodes++;
}

/* An array's numbers as doubles or complex numbers: owned. */
static ThArray *numbers_of(ThContext *cx, ThArray *a) {
  return th_array_convert(cx, a, a->element == TH_BOOL ? TH_DOUBLE : a->element);
}

static ThNodeId add_value(ThGraph *g, ThValue value, bool is_constant) {
  ThGraphNode node = {.has_value = true, .is_constant = is_constant, .length = 1, .element = TH_DOUBLE};
  if (g->failed) return 0;
  if (th_is_array(value)) {
    const ThArray *a = th_as_array(value);
    node.rank = a->rank;
    node.length = a->length;
    node.element = a->element;
    node.shape = keep(g, a->shape, a->rank * sizeof *a->shape);
    node.array = node.shape ? numbers_of(g->cx, th_as_array(value)) : NULL;
    if (!node.array) return fail(g);
  } else if (th_is_complex(value)) {
    node.element = TH_COMPLEX;
    node.number[0] = creal(th_as_complex(value));
    node.number[1] = cimag(th_as_complex(value));
  } else {
    node.element = th_is_bool(value) ? TH_BOOL : TH_DOUBLE;
    node.number[0] = th_as_scalar(value);
  }
  ThNodeId id = add_node(g, node);
  if (g->failed && node.array) th_release(th_object(node.array));
  return id;
}

ThNodeId th_graph_input(ThGraph *g, ThValue value) { return add_value(g, value, false); }
ThNodeId th_graph_constant(ThGraph *g, ThValue value) { return add_value(g, value, true); }
ThNodeId th_graph_number(ThGraph *g, double x) { return add_value(g, th_number(x), true); }

ThNodeId th_graph_filled(ThGraph *g, double x, ThNodeId like) {
  const ThGraphNode *node = th_node(g, like);
  if (node->rank == 0) return th_graph_number(g, x);
  ThArray *a = th_array_new(g->cx, TH_DOUBLE, node->rank, node->shape);
  if (!a) return fail(g);
  th_kernel_fill(a->length, x, a->real);
  ThNodeId id = th_graph_constant(g, th_object(a));
  th_release(th_object(a));
  return id;
}

ThNodeId th_graph_vector(ThGraph *g, const double *x, size_t n) {
  ThValue v;
  if (g->failed || !th_vector_from(g->cx, x, n, &v)) return fail(g);
  ThNodeId id = th_graph_constant(g, v);
  th_release(v);
  return id;
}

/* --- Nodes with inputs */

ThTensor th_node_tensor(const ThGraph *g, ThNodeId id) {
  const ThGraphNode *node = th_node(g, id);
  ThTensor t = {.length = node->length, .shape = node->shape, .rank = node->rank, .element = node->element};
  if (!node->has_value) return t;
  t.data = node->rank == 0 ? (double *)(uintptr_t)node->number : node->array->real;
  return t;
}

enum { FEW = 8 };

/* The inputs of an operation, in `few` when they fit. */
static ThTensor *tensors(ThGraph *g, const ThNodeId *inputs, size_t n, ThTensor few[FEW]) {
  ThTensor *t = n <= FEW ? few : th_alloc_array(g->cx, n, sizeof *t);
  for (size_t i = 0; t && i < n; i++) t[i] = th_node_tensor(g, inputs[i]);
  return t;
}

static void drop_tensors(ThGraph *g, ThTensor *t, size_t n, const ThTensor few[FEW]) {
  if (t && t != few) th_free(g->cx, t, n * sizeof *t);
}

static ThElement elementwise_result(const ThElementwise *f, const ThTensor *inputs, size_t n) {
  bool is_complex = false;
  for (size_t i = 0; i < n; i++) is_complex = is_complex || inputs[i].element == TH_COMPLEX;
  if (f->result != TH_COMPLEX) return f->result;
  return is_complex ? TH_COMPLEX : TH_DOUBLE;
}

static bool elementwise_shape(const ThElementwise *f, ThShaping *s) {
  ThBroadcast plan;
  s->element = elementwise_result(f, s->inputs, s->n_inputs);
  if (s->n_inputs == 1) {
    s->rank = s->inputs[0].rank;
    for (uint32_t i = 0; i < s->rank; i++) s->shape[i] = s->inputs[0].shape[i];
    return true;
  }
  if (!th_broadcast(s->inputs[0].rank, s->inputs[0].shape, s->inputs[1].rank, s->inputs[1].shape, &plan))
    return false;
  s->rank = plan.rank;
  memcpy(s->shape, plan.shape, plan.rank * sizeof *plan.shape);
  return true;
}

static bool fail_shapes(ThGraph *g, const ThOperation *operation, const ThTensor *inputs, size_t n) {
  char a[96], b[96];
  if (n < 2)
    return th_fail(g->cx, TH_ERROR_SHAPE, "`%s` does not go with shape %s", operation->name,
                   th_shape_text(inputs[0].rank, inputs[0].shape, a, sizeof a));
  return th_fail(g->cx, TH_ERROR_SHAPE, "shapes %s and %s do not go together in `%s`",
                 th_shape_text(inputs[0].rank, inputs[0].shape, a, sizeof a),
                 th_shape_text(inputs[1].rank, inputs[1].shape, b, sizeof b), operation->name);
}

static bool find_shape(ThGraph *g, const ThOperation *operation, const ThNodeId *inputs, size_t n,
                       const void *attribute, ThShaping *s) {
  ThTensor few[FEW], *t = tensors(g, inputs, n, few);
  if (!t) return false;
  *s = (ThShaping){.n_inputs = n, .inputs = t, .attribute = attribute, .element = TH_DOUBLE};
  bool fits = operation->elementwise ? elementwise_shape(operation->elementwise, s) : operation->shape(s);
  if (!fits) fail_shapes(g, operation, t, n);
  drop_tensors(g, t, n, few);
  return fits;
}

static bool hangs_on_nothing(const ThGraph *g, const ThNodeId *inputs, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!g->nodes[inputs[i]].is_constant) return false;
  return true;
}

/* A node that there is not yet. */
static ThNodeId add_applied(ThGraph *g, uint64_t hash, const ThOperation *operation, const ThNodeId *inputs,
                            size_t n, const void *attribute, size_t size) {
  ThShaping s;
  if (!find_shape(g, operation, inputs, n, attribute, &s)) return fail(g);
  if (!grow(g, &g->inputs, &g->input_capacity, g->n_inputs + n, sizeof *inputs)) return fail(g);
  ThGraphNode node = {.operation = operation,
                      .attribute_size = (uint32_t)size,
                      .first_input = (uint32_t)g->n_inputs,
                      .n_inputs = (uint32_t)n,
                      .rank = s.rank,
                      .length = 1,
                      .element = s.element,
                      .is_constant = hangs_on_nothing(g, inputs, n)};
  for (uint32_t i = 0; i < s.rank; i++) node.length *= s.shape[i];
  if (s.rank && !(node.shape = keep(g, s.shape, s.rank * sizeof *s.shape))) return fail(g);
  if (size && !(node.attribute = keep(g, attribute, size))) return fail(g);
  memcpy(g->inputs + g->n_inputs, inputs, n * sizeof *inputs);
  g->n_inputs += n;
  ThNodeId id = add_node(g, node);
  if (g->failed) return id;
  if (g->n_nodes > g->table_size / 2) return rehash(g) ? id : fail(g);
  ThNodeId *slot = &g->table[hash & (g->table_size - 1)];
  g->nodes[id].next = *slot;
  *slot = id;
  return id;
}

ThNodeId th_graph_apply(ThGraph *g, const ThOperation *operation, const ThNodeId *inputs, size_t n_inputs,
                        const void *attribute, size_t attribute_size) {
  if (g->failed) return 0;
  uint64_t hash = hash_of(operation, inputs, n_inputs, attribute, attribute_size);
  ThNodeId id = find_equal(g, hash, operation, inputs, n_inputs, attribute, attribute_size);
  if (id != TH_ZERO) return id;
  return add_applied(g, hash, operation, inputs, n_inputs, attribute, attribute_size);
}

ThNodeId th_graph_unary(ThGraph *g, const ThOperation *operation, ThNodeId x) {
  return th_graph_apply(g, operation, &x, 1, NULL, 0);
}

ThNodeId th_graph_binary(ThGraph *g, const ThOperation *operation, ThNodeId x, ThNodeId y) {
  ThNodeId both[2] = {x, y};
  return th_graph_apply(g, operation, both, 2, NULL, 0);
}

void th_graph_give_value(ThGraph *g, ThNodeId id, ThValue value) {
  ThGraphNode *node = &g->nodes[id];
  if (g->failed || node->has_value) return;
  if (node->rank == 0) {
    double complex z = th_is_complex(value) ? th_as_complex(value) : th_as_scalar(value);
    node->number[0] = creal(z);
    node->number[1] = cimag(z);
  } else {
    ThArray *a = th_as_array(value);
    node->array = th_array_convert(g->cx, a, node->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE);
    if (!node->array) {
      fail(g);
      return;
    }
  }
  node->has_value = true;
}

bool th_graph_guard(ThGraph *g, ThNodeId id) {
  if (g->nodes[id].is_constant) return true;
  if (!grow(g, &g->guards, &g->guard_capacity, g->n_guards + 1, sizeof *g->guards)) return false;
  g->guards[g->n_guards++] = (ThGuard){id, g->nodes[id].number[0]};
  return true;
}

/* --- Values */

static bool evaluate_into(ThGraph *g, ThNodeId id, ThEvaluation *e) {
  const ThOperation *operation = g->nodes[id].operation;
  if (operation->elementwise) {
    th_elementwise_run(operation->elementwise, e->inputs, &e->output);
    return th_poll(g->cx);
  }
  size_t n_work = operation->work ? operation->work(e) : 0;
  if (n_work && !(e->work = th_alloc_array(g->cx, n_work, sizeof *e->work))) return false;
  bool ok = operation->evaluate(g->cx, e);
  th_free(g->cx, e->work, n_work * sizeof *e->work);
  return ok;
}

static bool evaluate_node(ThGraph *g, ThNodeId id) {
  ThGraphNode *node = &g->nodes[id];
  size_t n = node->n_inputs;
  ThTensor few[FEW], *t = tensors(g, g->inputs + node->first_input, n, few);
  if (!t) return false;
  bool ok = true;
  if (node->rank > 0) {
    node->array = th_array_new(g->cx, node->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE, node->rank,
                               node->shape);
    ok = node->array != NULL;
  }
  if (ok) {
    node->has_value = true;
    ThEvaluation e = {
        .n_inputs = n, .inputs = t, .output = th_node_tensor(g, id), .attribute = node->attribute};
    ok = evaluate_into(g, id, &e);
  }
  drop_tensors(g, t, n, few);
  if (!ok) {
    node->has_value = false;
    if (node->array) th_release(th_object(node->array));
    node->array = NULL;
  }
  return ok;
}

bool th_graph_evaluate(ThGraph *g, const ThNodeId *ids, size_t n) {
  ThNodeId last = 0;
  for (size_t i = 0; i < n; i++) last = ids[i] > last ? ids[i] : last;
  if (g->failed) return false;
  bool *needed = th_alloc(g->cx, last + 1u);
  if (!needed) return false;
  memset(needed, 0, last + 1u);
  for (size_t i = 0; i < n; i++) needed[ids[i]] = true;
  ThNodeId first = last;
  for (ThNodeId id = last;; id--) {
    const ThGraphNode *node = &g->nodes[id];
    needed[id] = needed[id] && !node->has_value;
    if (needed[id]) first = id;
    for (size_t k = 0; needed[id] && k < node->n_inputs; k++) needed[th_node_input(g, id, k)] = true;
    if (id == 0) break;
  }
  bool ok = true;
  for (ThNodeId id = first; ok && id <= last; id++)
    if (needed[id]) ok = evaluate_node(g, id);
  th_free(g->cx, needed, last + 1u);
  return ok;
}

static bool give_bools(ThContext *cx, const ThArray *numbers, ThValue *out) {
  ThArray *a = th_array_new(cx, TH_BOOL, numbers->rank, numbers->shape);
  if (!a) return false;
  for (size_t i = 0; i < a->length; i++) a->bools[i] = numbers->real[i] != 0;
  *out = th_object(a);
  return true;
}

bool th_graph_value(ThGraph *g, ThNodeId id, ThValue *out) {
  if (g->failed || (!g->nodes[id].has_value && !th_graph_evaluate(g, &id, 1))) return false;
  const ThGraphNode *node = &g->nodes[id];
  if (node->rank > 0 && node->element == TH_BOOL) return give_bools(g->cx, node->array, out);
  if (node->rank > 0) *out = th_retain(th_object(node->array));
  else if (node->element == TH_COMPLEX)
    return th_complex(g->cx, th_complex_of(node->number[0], node->number[1]), out);
  else *out = node->element == TH_BOOL ? th_bool(node->number[0] != 0) : th_number(node->number[0]);
  return true;
}
