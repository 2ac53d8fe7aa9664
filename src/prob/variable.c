/* variable.c - random variables: nodes and what makes them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is computed here: an operation on a variable is one node more. A query reads the graph
 * (network.c). */
#include "prob/variable.h"

#include <string.h>

#include "prob/parameter.h"
#include "prob/variable_arrange.h"
#include "prob/variable_kind.h"
#include "val/arithmetic.h"

bool th_is_random(ThValue v) { return th_is_variable(v) || th_is_variable_array(v) || th_is_conditional(v); }
bool th_variable_is_random(ThValue v) { return th_is_variable(v); }

static uint64_t order_of(ThValue v) {
  if (th_is_variable(v)) return th_as_variable(v)->order;
  if (th_is_variable_array(v)) return th_as_variable_array(v)->order;
  return th_is_conditional(v) ? th_as_conditional(v)->order : 0;
}

/* Nodes are counted as they are made, so that the count tells which is younger. */
uint64_t th_variable_order(ThContext *cx, const ThValue *inputs, size_t n) {
  uint64_t order = ++cx->births;
  for (size_t i = 0; i < n; i++) {
    uint64_t input = order_of(inputs[i]);
    if (input >= order) order = input + 1;
  }
  return order;
}

/* --- Nodes */

static size_t node_size(size_t n) { return sizeof(ThVariable) + n * sizeof(ThValue); }

static ThVariable *new_node(ThContext *cx, ThVariableKind what, size_t n) {
  ThVariable *v = th_object_new(cx, &th_variable_kind, node_size(n));
  if (!v) return NULL;
  v->what = what;
  v->n = n;
  v->distribution = v->function = v->joint = th_none();
  for (size_t i = 0; i < n; i++) v->arguments[i] = th_none();
  return v;
}

/* A node with its arguments, borrowed; estimates and ranges among them decay. */
static ThVariable *node_of(ThContext *cx, ThVariableKind what, const ThValue *arguments, size_t n) {
  ThVariable *v = new_node(cx, what, n);
  for (size_t i = 0; v && i < n; i++) {
    if (th_is_none(arguments[i]) || th_is_unset(arguments[i])) {
      v->arguments[i] = arguments[i];
    } else if (!th_decay(cx, arguments[i], &v->arguments[i])) {
      v->arguments[i] = th_none();
      th_release(th_object(v));
      return NULL;
    }
  }
  if (v) v->order = th_variable_order(cx, v->arguments, n);
  return v;
}

static bool give(ThVariable *v, ThValue *out) {
  if (v) *out = th_object(v);
  return v != NULL;
}

/* A chain of nodes may be long (a walk of a million steps): it is released without recursion. */
static void release_later(ThValue v, ThVariable **chain) {
  if (!th_is_variable(v) || th_as_object(v)->references > 1) {
    th_release(v);
    return;
  }
  ThVariable *node = th_as_variable(v);
  th_release(node->function);
  node->function = *chain ? th_object(*chain) : th_none();
  *chain = node;
}

static void variable_release(ThObject *self) {
  ThVariable *chain = (ThVariable *)self;
  th_release(chain->function);
  chain->function = th_none();
  while (chain) {
    ThVariable *v = chain;
    chain = th_is_variable(v->function) ? th_as_variable(v->function) : NULL;
    release_later(v->distribution, &chain);
    th_release(v->joint);
    th_release(v->prior);
    for (size_t i = 0; i < v->n; i++) release_later(v->arguments[i], &chain);
    th_heap_free(v->object.heap, v->names, v->n * sizeof *v->names);
    th_object_free(&v->object, node_size(v->n));
  }
}

bool th_variable_new(ThContext *cx, ThSymbol *name, size_t index, ThValue distribution, ThValue *out) {
  ThVariable *v = new_node(cx, TH_VARIABLE_DECLARED, 0);
  if (!v) return false;
  v->name = name;
  v->index = index;
  v->distribution = th_retain(distribution);
  v->order = th_variable_order(cx, &distribution, 1);
  return give(v, out);
}

bool th_variable_operator(ThContext *cx, ThOperator op, const ThValue *arguments, size_t n, ThValue *out) {
  ThVariable *v = node_of(cx, TH_VARIABLE_OPERATOR, arguments, n);
  if (v) v->op = op;
  return give(v, out);
}

bool th_variable_apply(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out) {
  ThVariable *v = node_of(cx, TH_VARIABLE_APPLY, args->values, args->count);
  if (!v) return false;
  v->function = th_retain(function);
  *out = th_object(v);
  if (!args->names) return true;
  v->names = th_alloc_array(cx, args->count, sizeof *v->names);
  if (v->names) memcpy(v->names, args->names, args->count * sizeof *v->names);
  else th_release(*out);
  return v->names != NULL;
}

bool th_variable_calls(const ThVariable *v, const char *name) {
  return v->what == TH_VARIABLE_APPLY && v->n == 1 && th_builtin_is(v->function, name);
}

bool th_variable_sum(ThContext *cx, ThValue array, ThValue *out) {
  return give(node_of(cx, TH_VARIABLE_SUM, &array, 1), out);
}

bool th_variable_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  ThVariable *v = new_node(cx, TH_VARIABLE_INDEX, n + 1);
  if (!v) return false;
  v->arguments[0] = th_retain(self);
  for (size_t i = 0; i < n; i++) v->arguments[i + 1] = th_retain(indices[i]);
  v->order = th_variable_order(cx, v->arguments, n + 1);
  return give(v, out);
}

bool th_variable_component(ThContext *cx, const ThValue *arguments, size_t n, ThValue *out) {
  return give(node_of(cx, TH_VARIABLE_COMPONENT, arguments, n), out);
}

bool th_variable_choose(ThContext *cx, ThValue condition, ThValue yes, ThValue no, ThValue *out) {
  ThValue arguments[3] = {condition, yes, no};
  return give(node_of(cx, TH_VARIABLE_CHOOSE, arguments, 3), out);
}

/* --- The kind */

/* What an operator may meet on the other side of a variable. */
static bool may_meet(ThValue v) {
  return th_is_scalar(v) || th_is_variable(v) || th_is_array(v) || th_is_complex(v) || th_is_range(v) ||
         th_is_estimate(v);
}

static bool fail_meeting(ThContext *cx, ThOperator op, ThValue a, ThValue b) {
  ThValue variable = th_is_variable(a) ? a : b, other = th_is_variable(a) ? b : a;
  bool compares = op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL;
  const ThVariable *v = th_as_variable(variable);
  if (compares && th_is_string(other) && v->what == TH_VARIABLE_DECLARED &&
      th_is(v->distribution, &th_distribution_kind)) {
    const ThFamily *family = th_as_distribution(v->distribution)->family;
    const char *takes = family == &th_family_bernoulli ? "true and false" : "numbers";
    return th_fail(cx, TH_ERROR_TYPE, "`%s` takes %s (%s), not \"%s\"", v->name->spelling, takes,
                   family->name, th_as_string(other)->text);
  }
  if (th_is_distribution(other)) {
    th_fail(cx, TH_ERROR_TYPE, "`%s` of a random variable and a distribution", th_operator_text(op));
    return th_hint(cx, "declare a variable with it: `Y ~ %s(…)`, then `X %s Y`",
                   th_as_distribution(other)->family->name, th_operator_text(op));
  }
  return th_fail_operands(cx, op, a, b);
}

static bool variable_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse,
                            ThValue *out) {
  (void)reuse;
  bool fine = may_meet(a) && (may_meet(b) || (op == TH_OP_IN && th_is_list(b)));
  ThValue both[2] = {a, b};
  return fine ? th_variable_operator(cx, op, both, 2, out) : fail_meeting(cx, op, a, b);
}

/* (A @ B)' is B' @ A'; of what goes element by element the operands are transposed. */
static bool transpose_operator(ThContext *cx, const ThVariable *v, ThValue *out) {
  ThValue both[2] = {th_none(), th_none()};
  bool turns = v->op == TH_OP_MATRIX_PRODUCT, ok = true;
  for (size_t i = 0; ok && i < v->n; i++)
    ok = th_unary(cx, TH_OP_TRANSPOSE, v->arguments[turns ? v->n - 1 - i : i], &both[i]);
  if (ok) ok = v->n == 1 ? th_unary(cx, v->op, both[0], out) : th_binary(cx, v->op, both[0], both[1], 0, out);
  th_release_all(both, 2);
  return ok;
}

/* A number or vector stays. What a function gave may be a matrix. */
static bool transpose(ThContext *cx, ThValue a, ThValue *out) {
  const ThVariable *v = th_as_variable(a);
  bool whole = v->op == TH_OP_SOLVE || v->op == TH_OP_IN;
  if (v->what == TH_VARIABLE_OPERATOR && v->n <= 2 && !whole) return transpose_operator(cx, v, out);
  bool may_be_matrix = v->what == TH_VARIABLE_OPERATOR || v->what == TH_VARIABLE_APPLY;
  for (size_t i = 0; may_be_matrix && i < v->n; i++)
    if (th_is_array(v->arguments[i]) || th_is_variable_array(v->arguments[i]))
      return th_variable_operator(cx, TH_OP_TRANSPOSE, &a, 1, out);
  *out = th_retain(a);
  return true;
}

static bool variable_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  if (op == TH_OP_TRANSPOSE) return transpose(cx, a, out);
  return th_variable_operator(cx, op, &a, 1, out);
}

static bool variable_lift_call(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out) {
  bool done;
  if (!th_variable_arrange(cx, function, args, &done, out)) return false;
  if (done) return true;
  for (size_t i = 0; i < args->count; i++)
    if (th_is_variable_array(args->values[i]))
      return th_variable_array_kind.lift_call(cx, function, args, out);
  return th_variable_apply(cx, function, args, out);
}

static bool variable_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  *out = a.bits == b.bits;
  return true;
}

const ThKind th_variable_kind = {
    .name = "random variable",
    .release = variable_release,
    .format = th_variable_format,
    .equal = variable_equal,
    .get_index = th_variable_index,
    .binary = variable_binary,
    .unary = variable_unary,
    .lift_call = variable_lift_call,
    .stack = th_variable_array_stack,
    .verb = th_variable_verb,
    .plot = th_variable_plot,
    .rank = 20,
};

/* --- Distributions given variables */

static size_t conditional_size(size_t n) { return sizeof(ThConditional) + n * sizeof(ThValue); }

bool th_conditional_new(ThContext *cx, const ThFamily *family, const ThValue *arguments, size_t n,
                        ThValue *out) {
  ThParameterPlan plan;
  bool given[TH_MAX_GIVEN] = {false};
  for (size_t i = 0; i < n; i++) given[i] = !th_is_unset(arguments[i]);
  if (!th_parameter_plan(cx, family, given, &plan)) return false;
  ThConditional *c = th_object_new(cx, &th_conditional_kind, conditional_size(n));
  if (!c) return false;
  c->family = family;
  c->n = n;
  c->order = th_variable_order(cx, arguments, n);
  for (size_t i = 0; i < n; i++) c->arguments[i] = th_unset();
  *out = th_object(c);
  for (size_t i = 0; i < n; i++) {
    if (th_is_unset(arguments[i])) continue;
    if (!th_decay(cx, arguments[i], &c->arguments[i])) {
      c->arguments[i] = th_unset();
      th_release(*out);
      return false;
    }
  }
  return true;
}

static void conditional_release(ThObject *self) {
  ThConditional *c = (ThConditional *)self;
  th_release_all(c->arguments, c->n);
  th_object_free(self, conditional_size(c->n));
}

static bool conditional_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse,
                               ThValue *out) {
  (void)reuse, (void)out;
  ThValue self = th_is_conditional(a) ? a : b;
  th_fail(cx, TH_ERROR_TYPE, "`%s` of a distribution that hangs on random variables", th_operator_text(op));
  return th_hint(cx, "declare a variable with it: `X ~ %s(…)`", th_as_conditional(self)->family->name);
}

const ThKind th_conditional_kind = {
    .name = "distribution given random variables",
    .release = conditional_release,
    .format = th_variable_format,
    .binary = conditional_binary,
    .rank = 15,
};
