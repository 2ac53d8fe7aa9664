/* network.c - lay out the graph of a query's variables, and evaluate it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes are collected from the roots and sorted by age: what a node reads was made before it. Each belongs
 * to the level of the last declared variable it hangs on, so that giving that variable a value computes
 * exactly what has become known; a search over outcomes never computes a node twice for the same values. */
#include "prob/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "prob/distribution_kind.h"
#include "prob/event.h"

/* --- The map from objects to nodes: open addressing, twice as large as what it holds at least */

static size_t slot_of(const ThNetwork *net, ThValue v) {
  uint64_t h = v.bits * 0x9E3779B97F4A7C15u;
  size_t slot = (size_t)(h >> 32) & (net->map_size - 1);
  while (net->map[slot] != TH_NO_NODE && net->nodes[net->map[slot]].source.bits != v.bits)
    slot = (slot + 1) & (net->map_size - 1);
  return slot;
}

static bool map_resize(ThNetwork *net, size_t size) {
  uint32_t *map = th_alloc_array(net->cx, size, sizeof *map);
  if (!map) return false;
  memset(map, 0xFF, size * sizeof *map);
  th_free(net->cx, net->map, net->map_size * sizeof *map);
  net->map = map;
  net->map_size = size;
  for (size_t i = 0; i < net->n_nodes; i++) map[slot_of(net, net->nodes[i].source)] = (uint32_t)i;
  return true;
}

uint32_t th_network_find(const ThNetwork *net, ThValue v) {
  return th_is_object(v) && net->map_size ? net->map[slot_of(net, v)] : TH_NO_NODE;
}

uint32_t th_network_number(const ThNetwork *net, ThValue v) {
  uint32_t node = th_network_find(net, v);
  return node == TH_NO_NODE ? TH_NO_NODE : net->nodes[node].declared;
}

/* --- Collecting nodes */

static uint64_t order_of(ThValue v) {
  if (th_is_variable(v)) return th_as_variable(v)->order;
  return th_is_variable_array(v) ? th_as_variable_array(v)->order : th_as_conditional(v)->order;
}

/* What a node reads, in order. */
static const ThValue *inputs_of(ThValue v, size_t *n) {
  if (th_is_variable_array(v)) {
    *n = th_as_variable_array(v)->length;
    return th_as_variable_array(v)->items;
  }
  if (th_is_conditional(v)) {
    *n = th_as_conditional(v)->n;
    return th_as_conditional(v)->arguments;
  }
  const ThVariable *variable = th_as_variable(v);
  if (variable->what == TH_VARIABLE_DECLARED) {
    *n = 1;
    return &variable->distribution;
  }
  *n = variable->n;
  return variable->arguments;
}

/* A node for v unless it has one or is plain. */
static bool collect(ThNetwork *net, ThValue v) {
  if (!th_is_random(v)) return true;
  if (2 * (net->n_nodes + 1) > net->map_size && !map_resize(net, net->map_size ? 2 * net->map_size : 64))
    return false;
  size_t slot = slot_of(net, v);
  if (net->map[slot] != TH_NO_NODE) return true;
  if (net->n_nodes == net->node_capacity) {
    size_t capacity = net->node_capacity * 2 + 32, size = sizeof *net->nodes;
    ThNetworkNode *nodes = th_resize(net->cx, net->nodes, net->node_capacity * size, capacity * size);
    if (!nodes) return false;
    net->nodes = nodes;
    net->node_capacity = capacity;
  }
  net->map[slot] = (uint32_t)net->n_nodes;
  net->nodes[net->n_nodes++] = (ThNetworkNode){
      .source = v, .order = order_of(v), .declared = TH_NO_NODE, .value = th_none()};
  return true;
}

/* New nodes are appended while the list is walked: no recursion, however long a chain is. */
static bool collect_all(ThNetwork *net, const ThValue *roots, size_t n_roots) {
  for (size_t i = 0; i < n_roots; i++)
    if (!collect(net, roots[i])) return false;
  for (size_t i = 0; i < net->n_nodes; i++) {
    size_t n;
    const ThValue *inputs = inputs_of(net->nodes[i].source, &n);
    for (size_t j = 0; j < n; j++)
      if (!collect(net, inputs[j])) return false;
    net->n_inputs += n;
  }
  return true;
}

static int older_first(const void *a, const void *b) {
  uint64_t x = ((const ThNetworkNode *)a)->order, y = ((const ThNetworkNode *)b)->order;
  return x < y ? -1 : x > y;
}

/* A variable that got another distribution is older than what it hangs on now: then age is no guide, and nodes
 * are put after their inputs by a walk in depth, oldest first. */
typedef struct Walker {
  uint32_t node, next; /* the input to look at next */
} Walker;

static bool is_ordered(const ThNetwork *net) {
  for (size_t i = 0; i < net->n_nodes; i++) {
    size_t n;
    const ThValue *inputs = inputs_of(net->nodes[i].source, &n);
    for (size_t j = 0; j < n; j++) {
      uint32_t input = th_network_find(net, inputs[j]);
      if (input != TH_NO_NODE && input > i) return false;
    }
  }
  return true;
}

/* Appends to `sorted` what hangs below node `start`, inputs first. `seen` marks nodes that were met. */
static void walk_down(const ThNetwork *net, uint32_t start, Walker *stack, bool *seen, ThNetworkNode *sorted,
                      size_t *n) {
  size_t depth = 0;
  if (seen[start]) return;
  seen[start] = true;
  stack[depth++] = (Walker){start, 0};
  while (depth > 0) {
    Walker *top = &stack[depth - 1];
    size_t n_inputs;
    const ThValue *inputs = inputs_of(net->nodes[top->node].source, &n_inputs);
    if (top->next == n_inputs) {
      sorted[(*n)++] = net->nodes[top->node];
      depth--;
      continue;
    }
    uint32_t input = th_network_find(net, inputs[top->next++]);
    if (input == TH_NO_NODE || seen[input]) continue;
    seen[input] = true;
    stack[depth++] = (Walker){input, 0};
  }
}

static bool put_in_order(ThNetwork *net) {
  if (is_ordered(net)) return true;
  ThContext *cx = net->cx;
  size_t n = net->n_nodes, count = 0;
  Walker *stack = th_alloc_array(cx, n, sizeof *stack);
  bool *seen = stack ? th_alloc_array(cx, n, sizeof *seen) : NULL;
  ThNetworkNode *sorted = seen ? th_alloc_array(cx, net->node_capacity, sizeof *sorted) : NULL;
  if (sorted) {
    memset(seen, 0, n * sizeof *seen);
    for (size_t i = 0; i < n; i++) walk_down(net, (uint32_t)i, stack, seen, sorted, &count);
    th_free(cx, net->nodes, net->node_capacity * sizeof *net->nodes);
    net->nodes = sorted;
  }
  th_free(cx, seen, n * sizeof *seen);
  th_free(cx, stack, n * sizeof *stack);
  return sorted && map_resize(net, net->map_size);
}

static uint32_t max_level(const ThNetwork *net, const ThNetworkNode *node) {
  uint32_t level = 0;
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    const ThInput *input = &net->inputs[node->first_input + j];
    if (input->node != TH_NO_NODE && net->nodes[input->node].level > level)
      level = net->nodes[input->node].level;
  }
  return level;
}

/* Inputs as node numbers, levels, and the list of declared variables. */
static bool connect(ThNetwork *net) {
  uint32_t at = 0;
  net->inputs = th_alloc_array(net->cx, net->n_inputs + 1, sizeof *net->inputs);
  if (!net->inputs) return false;
  net->input_capacity = net->n_inputs + 1;
  for (size_t i = 0; i < net->n_nodes; i++) {
    ThNetworkNode *node = &net->nodes[i];
    size_t n;
    const ThValue *inputs = inputs_of(node->source, &n);
    node->first_input = at;
    node->n_inputs = (uint32_t)n;
    for (size_t j = 0; j < n; j++) net->inputs[at++] = (ThInput){th_network_find(net, inputs[j]), inputs[j]};
    node->level = max_level(net, node);
    bool declared = th_is_variable(node->source) &&
                    th_as_variable(node->source)->what == TH_VARIABLE_DECLARED;
    if (!declared) continue;
    node->declared = (uint32_t)net->n_variables++;
    node->level = node->declared + 1;
  }
  return true;
}

static bool number_variables(ThNetwork *net) {
  net->variables = th_alloc_array(net->cx, net->n_variables + 1, sizeof *net->variables);
  if (!net->variables) return false;
  for (size_t k = 0; k <= net->n_variables; k++)
    net->variables[k] = (ThNetworkVariable){.distribution = th_none()};
  for (size_t i = 0; i < net->n_nodes; i++) {
    const ThNetworkNode *node = &net->nodes[i];
    if (node->declared == TH_NO_NODE) continue;
    const ThVariable *variable = th_as_variable(node->source);
    net->variables[node->declared] = (ThNetworkVariable){.node = (uint32_t)i,
                                                         .variable = variable,
                                                         .fixed = !th_is_random(variable->distribution),
                                                         .distribution = th_none()};
  }
  return true;
}

/* Declared variables are given their values; a conditional distribution whose parameters are written in
 * place by everyone who reads it need not be made. */
static bool is_computed(const ThNetworkNode *node) { return node->declared == TH_NO_NODE && !node->skipped; }

/* Nodes to compute, sorted by level; within one they keep their order. */
static void sort_levels(ThNetwork *net) {
  size_t n_levels = net->n_variables + 1;
  memset(net->level_start, 0, (n_levels + 1) * sizeof *net->level_start);
  for (size_t i = 0; i < net->n_nodes; i++)
    if (is_computed(&net->nodes[i])) net->level_start[net->nodes[i].level + 1]++;
  for (size_t k = 1; k <= n_levels; k++) net->level_start[k] += net->level_start[k - 1];
  for (size_t i = 0; i < net->n_nodes; i++)
    if (is_computed(&net->nodes[i])) net->by_level[net->level_start[net->nodes[i].level]++] = (uint32_t)i;
  for (size_t k = n_levels; k > 0; k--) net->level_start[k] = net->level_start[k - 1];
  net->level_start[0] = 0;
}

static bool make_levels(ThNetwork *net) {
  net->by_level = th_alloc_array(net->cx, net->n_nodes + 1, sizeof *net->by_level);
  net->level_start = th_alloc_array(net->cx, net->n_variables + 2, sizeof *net->level_start);
  if (!net->by_level || !net->level_start) return false;
  sort_levels(net);
  return true;
}

void th_network_move(ThNetwork *net, size_t k, size_t to) {
  ThNetworkVariable moved = net->variables[k];
  if (k < to) memmove(net->variables + k, net->variables + k + 1, (to - k) * sizeof moved);
  else memmove(net->variables + to + 1, net->variables + to, (k - to) * sizeof moved);
  net->variables[to] = moved;
  for (size_t j = 0; j < net->n_variables; j++) net->nodes[net->variables[j].node].declared = (uint32_t)j;
  for (size_t i = 0; i < net->n_nodes; i++) {
    ThNetworkNode *node = &net->nodes[i];
    node->level = node->declared == TH_NO_NODE ? max_level(net, node) : node->declared + 1;
  }
  sort_levels(net);
}

static bool prepare_variables(ThNetwork *net);
static bool compute_level(ThNetwork *net, size_t level);

bool th_network_layout(ThContext *cx, ThNetwork *net, const ThValue *roots, size_t n_roots) {
  *net = (ThNetwork){.cx = cx};
  bool ok = collect_all(net, roots, n_roots);
  if (ok && net->n_nodes > 0) {
    qsort(net->nodes, net->n_nodes, sizeof *net->nodes, older_first);
    ok = map_resize(net, net->map_size) && put_in_order(net);
  }
  ok = ok && connect(net);
  if (!ok) th_network_clear(net);
  return ok;
}

bool th_network_init(ThContext *cx, ThNetwork *net, const ThValue *roots, size_t n_roots) {
  if (!th_network_layout(cx, net, roots, n_roots)) return false;
  bool ok = number_variables(net) && prepare_variables(net) && make_levels(net) && compute_level(net, 0);
  if (!ok) th_network_clear(net);
  return ok;
}

void th_network_clear(ThNetwork *net) {
  ThContext *cx = net->cx;
  for (size_t i = 0; i < net->n_nodes; i++) th_release(net->nodes[i].value);
  for (size_t k = 0; net->variables && k < net->n_variables; k++) th_release(net->variables[k].distribution);
  if (net->has_problem) th_error_drop(&net->problem);
  th_free(cx, net->nodes, net->node_capacity * sizeof *net->nodes);
  th_free(cx, net->inputs, net->input_capacity * sizeof *net->inputs);
  th_free(cx, net->map, net->map_size * sizeof *net->map);
  if (net->by_level) th_free(cx, net->by_level, (net->n_nodes + 1) * sizeof *net->by_level);
  if (net->level_start) th_free(cx, net->level_start, (net->n_variables + 2) * sizeof *net->level_start);
  if (net->variables) th_free(cx, net->variables, (net->n_variables + 1) * sizeof *net->variables);
  *net = (ThNetwork){.cx = cx};
}

/* `direct`: what stands behind a declared variable is not looked at. */
static bool mark_variables(const ThNetwork *net, ThValue v, bool direct, bool *hangs) {
  uint32_t root = th_network_find(net, v);
  memset(hangs, 0, net->n_variables * sizeof *hangs);
  if (root == TH_NO_NODE) return true;
  bool *needed = th_alloc(net->cx, root + 1u);
  if (!needed) return false;
  memset(needed, 0, root + 1u);
  needed[root] = true;
  for (uint32_t i = root + 1; i-- > 0;) {
    const ThNetworkNode *node = &net->nodes[i];
    if (!needed[i]) continue;
    if (node->declared != TH_NO_NODE) hangs[node->declared] = true;
    if (node->declared != TH_NO_NODE && direct) continue;
    for (uint32_t j = 0; j < node->n_inputs; j++) {
      uint32_t input = net->inputs[node->first_input + j].node;
      if (input != TH_NO_NODE) needed[input] = true;
    }
  }
  th_free(net->cx, needed, root + 1u);
  return true;
}

bool th_network_ancestors(const ThNetwork *net, ThValue v, bool *hangs) {
  return mark_variables(net, v, false, hangs);
}
bool th_network_reads(const ThNetwork *net, ThValue v, bool *reads) {
  return mark_variables(net, v, true, reads);
}

/* --- Evaluation */

static ThValue input_value(const ThNetwork *net, const ThNetworkNode *node, size_t j, bool *failed) {
  const ThInput *input = &net->inputs[node->first_input + j];
  if (input->node == TH_NO_NODE) return input->plain;
  *failed |= net->nodes[input->node].failed;
  return net->nodes[input->node].value;
}

/* Real arithmetic and comparisons, without the detour over values' kinds. */
static bool quick_operator(ThOperator op, ThValue a, ThValue b, ThValue *out) {
  if (!th_is_scalar(a) || !th_is_scalar(b)) return false;
  double x = th_as_scalar(a), y = th_as_scalar(b);
  switch (op) {
    case TH_OP_ADD: *out = th_number(x + y); return true;
    case TH_OP_SUBTRACT: *out = th_number(x - y); return true;
    case TH_OP_MULTIPLY: *out = th_number(x * y); return true;
    case TH_OP_DIVIDE: *out = th_number(x / y); return true;
    case TH_OP_EQUAL: *out = th_bool(x == y); return true;
    case TH_OP_NOT_EQUAL: *out = th_bool(x != y); return true;
    case TH_OP_LESS: *out = th_bool(x < y); return true;
    case TH_OP_LESS_EQUAL: *out = th_bool(x <= y); return true;
    case TH_OP_GREATER: *out = th_bool(x > y); return true;
    case TH_OP_GREATER_EQUAL: *out = th_bool(x >= y); return true;
    case TH_OP_AND: *out = th_bool(x != 0 && y != 0); return (x == 0 || x == 1) && (y == 0 || y == 1);
    case TH_OP_OR: *out = th_bool(x != 0 || y != 0); return (x == 0 || x == 1) && (y == 0 || y == 1);
    default: return false;
  }
}

static bool compute_operator(ThNetwork *net, const ThNetworkNode *node, const ThVariable *v, ThValue *out) {
  bool failed = false;
  ThValue a = input_value(net, node, 0, &failed);
  if (v->n == 1) return failed ? false : th_unary(net->cx, v->op, a, out);
  ThValue b = input_value(net, node, 1, &failed);
  if (failed) return false;
  return quick_operator(v->op, a, b, out) || th_binary(net->cx, v->op, a, b, 0, out);
}

static bool compute_choice(ThNetwork *net, const ThNetworkNode *node, ThValue *out) {
  bool failed = false, condition;
  ThValue c = input_value(net, node, 0, &failed);
  if (failed || !th_condition(net->cx, c, &condition)) return false;
  *out = input_value(net, node, condition ? 1 : 2, &failed);
  if (!failed) th_retain(*out);
  return !failed;
}

/* The inputs as values in a row; *values is small or a new block of `size` bytes. */
static bool gather_inputs(ThNetwork *net, const ThNetworkNode *node, ThValue *small, size_t n_small,
                          ThValue **values, size_t *size) {
  bool failed = false;
  *size = 0;
  *values = small;
  if (node->n_inputs > n_small) {
    *size = node->n_inputs * sizeof **values;
    *values = th_alloc(net->cx, *size);
    if (!*values) return false;
  }
  for (uint32_t j = 0; j < node->n_inputs; j++) (*values)[j] = input_value(net, node, j, &failed);
  if (failed && *size) th_free(net->cx, *values, *size);
  return !failed;
}

static bool compute_call(ThNetwork *net, const ThNetworkNode *node, const ThVariable *v, ThValue *out) {
  ThValue small[8], *values;
  size_t size;
  const ThBuiltin *row = th_builtin_row(v->function);
  if (!gather_inputs(net, node, small, 8, &values, &size)) return false;
  bool ok = true;
  if (row && row->scalar && v->n == 1 && !v->names && th_is_number(values[0])) {
    *out = th_number(row->scalar(th_as_number(values[0])));
  } else if (v->what == TH_VARIABLE_INDEX) {
    ok = th_get_index(net->cx, values[0], values + 1, v->n - 1, out);
  } else {
    ThArguments args = {.count = v->n, .values = values, .names = v->names};
    ok = th_call(net->cx, v->function, &args, out);
  }
  if (size) th_free(net->cx, values, size);
  return ok;
}

/* The distribution of the next component of a joint law, given the values of those before it. */
static bool compute_component(ThNetwork *net, const ThNetworkNode *node, ThValue *out) {
  ThValue small[8], *values;
  size_t size;
  bool fixed, ok;
  if (!gather_inputs(net, node, small, 8, &values, &size)) return false;
  if (th_is_distribution(values[0]) && th_as_distribution(values[0])->family->event)
    ok = th_event_component(net->cx, th_as_distribution(values[0]), values + 1, node->n_inputs - 1, out,
                            &fixed);
  else ok = th_fail(net->cx, TH_ERROR_TYPE, "a distribution of vectors is needed here");
  if (size) th_free(net->cx, values, size);
  return ok;
}

static bool compute_sum(ThNetwork *net, const ThNetworkNode *node, ThValue *out) {
  bool failed = false;
  ThValue v = input_value(net, node, 0, &failed);
  if (failed) return false;
  if (!th_is_array(v) || th_as_array(v)->element == TH_COMPLEX)
    return th_fail(net->cx, TH_ERROR_TYPE, "only real numbers are summed here");
  const ThArray *a = th_as_array(v);
  double sum = 0;
  for (size_t i = 0; i < a->length; i++) sum += th_array_real(a, i);
  *out = th_number(sum);
  return true;
}

/* Are last time's numbers of an array free to be written over? */
static ThArray *last_numbers(const ThNetworkNode *node) {
  ThArray *a = th_is_array(node->value) ? th_as_array(node->value) : NULL;
  bool fits = a && a->element == TH_DOUBLE && a->object.references == 1 && a->length == node->n_inputs;
  return fits && a->rank == (th_as_variable_array(node->source)->columns ? 2 : 1) ? a : NULL;
}

/* Values that are no numbers: a stack of them. */
static bool compute_stack(ThNetwork *net, const ThNetworkNode *node, ThValue *out) {
  ThValue small[8], *values;
  size_t size;
  if (!gather_inputs(net, node, small, 8, &values, &size)) return false;
  bool ok = th_stack(net->cx, values, node->n_inputs, out);
  if (size) th_free(net->cx, values, size);
  return ok;
}

/* An array of variables: a vector or matrix of numbers where all are numbers, reusing last time's. */
static bool compute_array(ThNetwork *net, ThNetworkNode *node, ThValue *out) {
  size_t columns = th_as_variable_array(node->source)->columns, n = node->n_inputs;
  ThArray *a = last_numbers(node);
  if (a) th_retain(node->value);
  else
    a = columns ? th_matrix_new(net->cx, TH_DOUBLE, n / columns, columns)
                : th_vector_new(net->cx, TH_DOUBLE, n);
  if (!a) return false;
  bool failed = false, numbers = true;
  for (uint32_t j = 0; j < node->n_inputs && numbers; j++) {
    ThValue v = input_value(net, node, j, &failed);
    numbers = th_is_scalar(v);
    if (numbers) a->real[j] = th_as_scalar(v);
  }
  *out = th_object(a);
  if (!failed && numbers) return true;
  th_release(*out);
  return !failed && compute_stack(net, node, out);
}

static bool compute_conditional(ThNetwork *net, const ThNetworkNode *node, ThValue *out) {
  ThValue given[TH_MAX_GIVEN];
  bool failed = false;
  for (uint32_t j = 0; j < node->n_inputs; j++) given[j] = input_value(net, node, j, &failed);
  return !failed && th_distribution_construct(net->cx, th_as_conditional(node->source)->family, given, out);
}

static bool compute_node(ThNetwork *net, ThNetworkNode *node, ThValue *out) {
  if (th_is_variable_array(node->source)) return compute_array(net, node, out);
  if (th_is_conditional(node->source)) return compute_conditional(net, node, out);
  const ThVariable *v = th_as_variable(node->source);
  switch (v->what) {
    case TH_VARIABLE_OPERATOR: return compute_operator(net, node, v, out);
    case TH_VARIABLE_CHOOSE: return compute_choice(net, node, out);
    case TH_VARIABLE_SUM: return compute_sum(net, node, out);
    case TH_VARIABLE_COMPONENT: return compute_component(net, node, out);
    default: return compute_call(net, node, v, out);
  }
}

/* What cannot be computed is remembered: an unchosen branch may be such. Interrupts and lack of memory
 * stop. */
static bool note_problem(ThNetwork *net, ThNetworkNode *node) {
  ThErrorCode code = net->cx->error.code;
  if (th_is_final(net->cx)) return false;
  node->failed = true;
  if (code == TH_OK) return true;
  if (!net->has_problem) {
    th_error_take(net->cx, &net->problem);
    net->has_problem = true;
  }
  th_error_clear(net->cx);
  return true;
}

bool th_network_recompute(ThNetwork *net, uint32_t i, bool *out) {
  ThNetworkNode *node = &net->nodes[i];
  ThValue v;
  node->failed = false;
  if (compute_node(net, node, &v)) th_replace_take(&node->value, v);
  else if (!note_problem(net, node)) return false;
  *out = !node->failed;
  return true;
}

void th_network_set(ThNetwork *net, uint32_t i, double x) {
  net->nodes[i].failed = false;
  th_replace_take(&net->nodes[i].value, th_number(x));
}

static bool compute_level(ThNetwork *net, size_t level) {
  bool ignored;
  for (uint32_t i = net->level_start[level]; i < net->level_start[level + 1]; i++)
    if (!th_network_recompute(net, net->by_level[i], &ignored)) return false;
  return true;
}

static bool fail_with_problem(ThNetwork *net) {
  if (!net->has_problem) return th_fail(net->cx, TH_ERROR_VALUE, "this expression has no value");
  th_error_restore(net->cx, &net->problem);
  net->has_problem = false;
  return false;
}

bool th_network_assign(ThNetwork *net, size_t k, double x) {
  ThNetworkNode *node = &net->nodes[net->variables[k].node];
  th_replace_take(&node->value, th_number(x));
  return compute_level(net, k + 1);
}

bool th_network_value(ThNetwork *net, ThValue v, ThValue *out) {
  uint32_t i = th_network_find(net, v);
  *out = i == TH_NO_NODE ? v : net->nodes[i].value;
  return i == TH_NO_NODE || !net->nodes[i].failed || fail_with_problem(net);
}

static bool fail_no_event(ThNetwork *net, ThValue v, ThValue value) {
  ThText name, what;
  char text[96];
  th_text_init(&name, &net->cx->heap);
  th_text_init(&what, &net->cx->heap);
  bool ok = th_variable_text(net->cx, v, 40, &name);
  if (ok && th_is_scalar(value)) ok = th_format(net->cx, value, TH_STYLE_INLINE, &what);
  else th_text_add(&what, th_describe(value, text, sizeof text));
  if (ok && th_text_ok(&name, net->cx) && th_text_ok(&what, net->cx)) {
    const char *event = th_text_string(&name);
    th_fail(net->cx, TH_ERROR_TYPE, "`%s` is no event: it takes the value %s, and not only true and false",
            event, th_text_string(&what));
    th_hint(net->cx, "compare it: `%s = 1`, `%s > 0`", event, event);
  }
  th_text_clear(&name);
  th_text_clear(&what);
  return false;
}

bool th_network_event(ThNetwork *net, ThValue v, bool *out) {
  ThValue value;
  if (!th_network_value(net, v, &value)) return false;
  if (th_is_bool(value)) {
    *out = th_as_bool(value);
    return true;
  }
  double x;
  if (th_to_number(value, &x) && (x == 0 || x == 1)) {
    *out = x != 0;
    return true;
  }
  return fail_no_event(net, v, value);
}

bool th_network_number_value(ThNetwork *net, ThValue v, double *out) {
  ThValue value;
  char text[96];
  if (!th_network_value(net, v, &value)) return false;
  if (th_to_number(value, out)) return true;
  return th_fail(net->cx, TH_ERROR_TYPE, "a number is needed here, got %s",
                 th_describe(value, text, sizeof text));
}

/* --- Distributions of declared variables */

/* A conditional one whose arguments are numbers and variables: its parameters are written into one
 * distribution again and again. */
static bool prepare_planned(ThNetwork *net, ThNetworkVariable *k) {
  const ThConditional *c = th_as_conditional(k->variable->distribution);
  bool given[TH_MAX_GIVEN] = {false};
  if (c->family->build) return true;
  for (size_t i = 0; i < c->n; i++) {
    given[i] = !th_is_unset(c->arguments[i]);
    if (given[i] && !th_is_scalar(c->arguments[i]) && !th_is_variable(c->arguments[i])) return true;
  }
  double p[TH_MAX_PARAMETERS] = {0};
  ThValue scratch;
  if (!th_parameter_plan(net->cx, c->family, given, &k->plan) ||
      !th_distribution_of(net->cx, c->family, p, &scratch))
    return false;
  k->planned = true;
  k->distribution = scratch;
  return true;
}

/* Conditional distributions that only variables with a plan read. */
static void mark_skipped(ThNetwork *net) {
  for (size_t i = 0; i < net->n_nodes; i++) net->nodes[i].skipped = th_is_conditional(net->nodes[i].source);
  for (size_t i = 0; i < net->n_nodes; i++) {
    const ThNetworkNode *node = &net->nodes[i];
    if (node->declared != TH_NO_NODE && net->variables[node->declared].planned) continue;
    for (uint32_t j = 0; j < node->n_inputs; j++) {
      uint32_t input = net->inputs[node->first_input + j].node;
      if (input != TH_NO_NODE) net->nodes[input].skipped = false;
    }
  }
}

static bool prepare_variables(ThNetwork *net) {
  for (size_t i = 0; i < net->n_variables; i++) {
    ThNetworkVariable *k = &net->variables[i];
    if (k->fixed) k->distribution = th_retain(k->variable->distribution);
    else if (th_is_conditional(k->variable->distribution) && !prepare_planned(net, k)) return false;
  }
  mark_skipped(net);
  return true;
}

/* *plain: the arguments were numbers, and the parameters are written. */
static bool write_parameters(ThNetwork *net, ThNetworkVariable *k, bool *plain) {
  ThNetworkNode *node = &net->nodes[th_network_find(net, k->variable->distribution)];
  ThDistribution *d = th_as_distribution(k->distribution);
  double given[TH_MAX_GIVEN] = {0};
  bool failed = false;
  *plain = true;
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    ThValue v = input_value(net, node, j, &failed);
    if (failed) return fail_with_problem(net);
    if (!th_is_unset(v) && !th_to_number(v, &given[j])) *plain = false;
  }
  if (*plain) return th_parameter_numbers(net->cx, d->family, &k->plan, given, d->p);
  ThValue made;
  if (!compute_conditional(net, node, &made)) return false;
  th_replace_take(&node->value, made);
  return true;
}

static bool fail_no_distribution(ThNetwork *net, const ThNetworkVariable *k, ThValue v) {
  char text[96];
  return th_fail(net->cx, TH_ERROR_TYPE, "the right of `%s ~ …` must be one distribution, got %s",
                 k->variable->name->spelling,
                 th_is_distribution(v) ? "several" : th_describe(v, text, sizeof text));
}

bool th_network_distribution(ThNetwork *net, size_t number, const ThDistribution **out) {
  ThNetworkVariable *k = &net->variables[number];
  ThValue v = k->distribution;
  bool plain = false;
  if (k->planned && !write_parameters(net, k, &plain)) return false;
  if (!k->fixed && !plain && !th_network_value(net, k->variable->distribution, &v)) return false;
  if (!th_is_distribution(v) || th_as_distribution(v)->rank > 0) return fail_no_distribution(net, k, v);
  *out = th_as_distribution(v);
  return true;
}
