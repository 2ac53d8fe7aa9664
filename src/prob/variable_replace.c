/* variable_replace.c - an expression with one variable put in place of another */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "prob/network.h"

/* What a node reads after the replacement: borrowed. */
static ThValue replaced(const ThNetwork *net, const ThNetworkNode *node, size_t j, const ThValue *now) {
  const ThInput *input = &net->inputs[node->first_input + j];
  return input->node == TH_NO_NODE ? input->plain : now[input->node];
}

static bool is_touched(const ThNetwork *net, const ThNetworkNode *node, const ThValue *now) {
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    uint32_t input = net->inputs[node->first_input + j].node;
    if (input != TH_NO_NODE && now[input].bits != net->nodes[input].source.bits) return true;
  }
  return false;
}

static bool copy_array(ThContext *cx, const ThNetwork *net, const ThNetworkNode *node, const ThValue *now,
                       ThValue *out) {
  const ThVariableArray *old = th_as_variable_array(node->source);
  ThVariableArray *a = th_variable_array_new(cx, old->name, old->length);
  if (!a) return false;
  a->columns = old->columns;
  for (size_t i = 0; i < a->length; i++) a->items[i] = th_retain(replaced(net, node, i, now));
  th_variable_array_done(cx, a);
  *out = th_object(a);
  return true;
}

static bool are_plain(const ThValue *arguments, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (th_is_random(arguments[i])) return false;
  return true;
}

/* Of arguments that are not random any more: the value. *done is false where it is kept as a node. */
static bool compute(ThContext *cx, const ThVariable *v, const ThValue *arguments, ThValue *out, bool *done) {
  ThArguments args = {.count = v->n, .values = arguments, .names = v->names};
  double x;
  *done = true;
  if (v->what == TH_VARIABLE_CHOOSE && th_to_number(arguments[0], &x)) {
    *out = th_retain(arguments[x != 0 ? 1 : 2]);
    return true;
  }
  bool index = v->what == TH_VARIABLE_INDEX;
  *done = are_plain(arguments, v->n) &&
          (v->what == TH_VARIABLE_OPERATOR || v->what == TH_VARIABLE_APPLY || index);
  if (!*done) return true;
  if (index) return th_get_index(cx, arguments[0], arguments + 1, v->n - 1, out);
  if (v->what == TH_VARIABLE_APPLY) return th_call(cx, v->function, &args, out);
  return v->n == 2 ? th_binary(cx, v->op, arguments[0], arguments[1], 0, out)
                   : th_unary(cx, v->op, arguments[0], out);
}

static bool copy_variable(ThContext *cx, const ThVariable *v, const ThValue *arguments, ThValue *out) {
  bool done;
  if (v->what != TH_VARIABLE_DECLARED && !compute(cx, v, arguments, out, &done)) return false;
  if (v->what != TH_VARIABLE_DECLARED && done) return true;
  ThArguments args = {.count = v->n, .values = arguments, .names = v->names};
  switch (v->what) {
    case TH_VARIABLE_OPERATOR: return th_variable_operator(cx, v->op, arguments, v->n, out);
    case TH_VARIABLE_APPLY: return th_variable_apply(cx, v->function, &args, out);
    case TH_VARIABLE_CHOOSE: return th_variable_choose(cx, arguments[0], arguments[1], arguments[2], out);
    case TH_VARIABLE_SUM: return th_variable_sum(cx, arguments[0], out);
    case TH_VARIABLE_INDEX: return th_variable_index(cx, arguments[0], arguments + 1, v->n - 1, out);
    case TH_VARIABLE_COMPONENT: return th_variable_component(cx, arguments, v->n, out);
    case TH_VARIABLE_DECLARED: break;
  }
  if (!th_variable_new(cx, v->name, v->index, arguments[0], out)) return false;
  th_as_variable(*out)->column = v->column;
  return true;
}

static bool copy_node(ThContext *cx, const ThNetwork *net, const ThNetworkNode *node, const ThValue *now,
                      ThValue *out) {
  if (th_is_variable_array(node->source)) return copy_array(cx, net, node, now, out);
  size_t size = (node->n_inputs + 1) * sizeof(ThValue);
  ThValue *arguments = th_alloc(cx, size);
  if (!arguments) return false;
  for (uint32_t j = 0; j < node->n_inputs; j++) arguments[j] = replaced(net, node, j, now);
  bool ok;
  if (!th_is_conditional(node->source)) ok = copy_variable(cx, th_as_variable(node->source), arguments, out);
  else if (are_plain(arguments, node->n_inputs))
    ok = th_distribution_construct(cx, th_as_conditional(node->source)->family, arguments, out);
  else ok = th_conditional_new(cx, th_as_conditional(node->source)->family, arguments, node->n_inputs, out);
  th_free(cx, arguments, size);
  return ok;
}

bool th_variable_replace_all(ThContext *cx, const ThValue *v, size_t n_values, ThValue from, ThValue to,
                             ThValue *out) {
  ThNetwork net;
  if (!th_network_layout(cx, &net, v, n_values)) return false;
  size_t size = (net.n_nodes + 1) * sizeof(ThValue), n = 0;
  ThValue *now = th_alloc(cx, size); /* owned: what each node has become */
  bool ok = now != NULL;
  for (; ok && n < net.n_nodes; n++) {
    const ThNetworkNode *node = &net.nodes[n];
    if (node->source.bits == from.bits) now[n] = th_retain(to);
    else if (is_touched(&net, node, now)) ok = copy_node(cx, &net, node, now, &now[n]);
    else now[n] = th_retain(node->source);
    if (!ok) break;
  }
  for (size_t i = 0; ok && i < n_values; i++) {
    uint32_t root = th_network_find(&net, v[i]);
    out[i] = th_retain(root == TH_NO_NODE ? v[i] : now[root]);
  }
  if (now) th_release_all(now, n);
  th_free(cx, now, size);
  th_network_clear(&net);
  return ok;
}

bool th_variable_replace(ThContext *cx, ThValue v, ThValue from, ThValue to, ThValue *out) {
  return th_variable_replace_all(cx, &v, 1, from, to, out);
}
