/* trace.c - running a function on traced values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/trace.h"

#include <stdio.h>
#include <string.h>

#include "lang/builtin.h"
#include "lang/code.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/leaves.h"
#include "val/operations.h"

/* --- The argument */

static bool find_graph(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  ThTrace *t = self;
  (void)cx;
  if (th_is_traced(leaf) && !t->graph) t->graph = th_graph_retain(th_as_traced(leaf)->graph);
  *out = th_none();
  return true;
}

/* A graph: that of what is traced already, or of the function that is being traced, whose values this one may have
 * captured; or a new one. */
static bool take_graph(ThTrace *t) {
  ThValue ignored;
  if (!th_leaves_map(t->cx, t->point, find_graph, t, &ignored)) return false;
  th_release(ignored);
  if (!t->graph && t->cx->tracing) t->graph = th_graph_retain(t->cx->tracing);
  t->is_nested = t->graph != NULL;
  if (!t->graph) t->graph = th_graph_new(t->cx);
  if (t->graph) t->graph->call = th_builtin_trace;
  return t->graph != NULL;
}

/* The same number again as a node that is no other's equal, by an attribute of its own. */
static ThNodeId copy_of(ThGraph *g, ThNodeId node) {
  size_t number = g->n_nodes;
  return th_graph_apply(g, &th_op_copy, &node, 1, &number, sizeof number);
}

/* In a graph that has inputs of its own plain leaves are constants. */
static bool make_input(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  ThTrace *t = self;
  ThElement element;
  ThValue plain;
  ThNodeId node;
  if (t->n_inputs == t->capacity) {
    size_t capacity = t->capacity ? 2 * t->capacity : 4;
    ThNodeId *grown = th_resize(cx, t->inputs, t->capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return false;
    t->inputs = grown;
    t->capacity = capacity;
  }
  if (th_is_traced(leaf)) {
    node = copy_of(t->graph, th_as_traced(leaf)->node);
  } else {
    char got[96];
    if (!th_decay(cx, leaf, &plain)) return false;
    bool fine = th_element_of(plain, &element);
    if (fine && t->is_nested) node = copy_of(t->graph, th_graph_constant(t->graph, plain));
    else if (fine) node = th_graph_input(t->graph, plain);
    th_release(plain);
    if (!fine)
      return th_fail_argument(cx, 2, TH_ERROR_TYPE, "derivatives are by numbers and arrays, not by %s",
                              th_describe(leaf, got, sizeof got));
  }
  t->inputs[t->n_inputs++] = node;
  return th_traced_new(cx, t->graph, node, out);
}

/* --- The run */

/* A function that needs more arguments than it will get: the hint is the function of the first one. */
static bool check_count(ThContext *cx, ThValue f, size_t count) {
  const ThPrototype *p = th_is_function(f) ? th_as_function(f)->prototype : NULL;
  if (!p || p->n_required <= count) return true;
  const char *name = p->name ? p->name->spelling : "f";
  char hint[200];
  size_t used = 0;
  for (size_t i = 0; i < p->n_required && used < sizeof hint; i++) {
    int wrote = snprintf(hint + used, sizeof hint - used, "%s%s", i ? ", " : "", p->local_names[i]->spelling);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  const char *first = p->local_names[0]->spelling;
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "the function needs %u arguments (%s), and is called with %zu",
                   p->n_required, hint, count);
  return th_hint(cx, "by `%s` alone: %s -> %s(%s)", first, first, name, hint);
}

bool th_trace_begin(ThContext *cx, ThValue point, ThTrace *out) {
  *out = (ThTrace){.cx = cx, .point = th_retain(point), .traced = th_none(), .result = th_none()};
  if (take_graph(out) && th_leaves_map(cx, point, make_input, out, &out->traced) && !out->graph->failed)
    return true;
  th_trace_clear(out);
  return false;
}

bool th_trace_call(ThTrace *t, ThValue f, const ThArguments *args) {
  ThContext *cx = t->cx;
  ThValue *values = check_count(cx, f, args->count) ? th_alloc_array(cx, args->count, sizeof *values) : NULL;
  bool ok = values != NULL;
  if (ok) {
    memcpy(values, args->values, args->count * sizeof *values);
    values[0] = t->traced;
    ThArguments with = {.count = args->count, .values = values, .names = args->names};
    ThGraph *outer = cx->tracing;
    cx->tracing = t->graph;
    cx->depth++;
    ok = th_call(cx, f, &with, &t->result);
    cx->depth--;
    cx->tracing = outer;
    if (!ok) t->result = th_none();
    th_free(cx, values, args->count * sizeof *values);
  }
  ok = ok && !t->graph->failed;
  if (!ok) th_trace_clear(t);
  return ok;
}

bool th_trace(ThContext *cx, ThValue f, const ThArguments *args, ThTrace *out) {
  return th_trace_begin(cx, args->values[0], out) && th_trace_call(out, f, args);
}

void th_trace_clear(ThTrace *t) {
  th_release(t->point);
  th_release(t->traced);
  th_release(t->result);
  th_free(t->cx, t->inputs, t->capacity * sizeof *t->inputs);
  th_graph_release(t->graph);
}

/* The value of a function that has no derivative: what it should be instead. */
static bool fail_result(ThTrace *t, const char *name) {
  char got[96];
  bool takes_arrays = strcmp(name, "grad") != 0 && strcmp(name, "hessian") != 0;
  th_fail_argument(t->cx, 1, TH_ERROR_TYPE, "`%s` takes a function with a number%s as its value; got %s",
                   name, takes_arrays ? " or an array" : "", th_describe(t->result, got, sizeof got));
  if (th_is_none(t->result))
    return th_hint(t->cx, "none is what an `if` without `else`, a loop or a function without a value gives");
  if (takes_arrays && (th_is_list(t->result) || th_is_record(t->result)))
    return th_hint(t->cx, "numbers side by side make an array: `x -> [a, b]`");
  return false;
}

bool th_trace_result(ThTrace *t, const char *name, ThNodeId *out, bool *hangs) {
  ThElement element;
  ThValue plain;
  *hangs = th_is_traced(t->result) && th_as_traced(t->result)->graph == t->graph;
  if (*hangs) {
    *out = th_as_traced(t->result)->node;
    return true;
  }
  if (!th_decay(t->cx, t->result, &plain)) return false;
  bool fine = th_element_of(plain, &element);
  if (fine) *out = th_graph_constant(t->graph, plain);
  th_release(plain);
  if (!fine) return fail_result(t, name);
  return !t->graph->failed;
}

bool th_trace_check_number(ThTrace *t, const char *name, ThNodeId y) {
  const ThGraphNode *node = th_node(t->graph, y);
  char got[96];
  if (node->rank == 0 && node->element == TH_DOUBLE) return true;
  if (node->rank == 0 && node->element == TH_BOOL)
    return th_fail_argument(t->cx, 1, TH_ERROR_TYPE,
                            "`%s` takes a function with a number as its value; this one says true or false",
                            name);
  if (node->element == TH_COMPLEX) {
    th_fail_argument(t->cx, 1, TH_ERROR_TYPE, "`%s` takes a function with a real value; this one is complex",
                     name);
    return th_hint(t->cx,
                   "`re`, `im` and `abs` make real numbers; the derivative of a complex function of one "
                   "number is derivative(f, x)");
  }
  th_fail_argument(t->cx, 1, TH_ERROR_TYPE,
                   "`%s` takes a function with one number as its value; got shape %s", name,
                   th_shape_text(node->rank, node->shape, got, sizeof got));
  return th_hint(t->cx,
                 "the derivatives of all values are jacobian(f, x); of their sum, grad(x -> sum(f(x)), x)");
}

/* --- Results in the form of the argument */

typedef struct Giver {
  ThTrace *trace;
  const ThNodeId *nodes;
  size_t next;
} Giver;

bool th_trace_give_one(ThTrace *t, ThNodeId node, ThValue *out) {
  if (t->graph->failed) return false;
  if (t->is_nested) return th_traced_new(t->cx, t->graph, node, out);
  return th_graph_value(t->graph, node, out);
}

static bool give_leaf(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  Giver *giver = self;
  ThTrace *t = giver->trace;
  size_t i = giver->next++;
  ThNodeId node = giver->nodes[i];
  (void)cx, (void)leaf;
  return th_trace_give_one(t, node == TH_ZERO ? th_graph_filled(t->graph, 0, t->inputs[i]) : node, out);
}

bool th_trace_give(ThTrace *t, const ThNodeId *nodes, ThValue *out) {
  Giver giver = {t, nodes, 0};
  ThNodeId *some = th_alloc_array(t->cx, t->n_inputs + 1, sizeof *some);
  if (!some) return false;
  size_t n = 0;
  for (size_t i = 0; i < t->n_inputs; i++)
    if (nodes[i] != TH_ZERO) some[n++] = nodes[i];
  bool ok = t->is_nested || n == 0 || th_graph_evaluate(t->graph, some, n); /* all at once */
  th_free(t->cx, some, (t->n_inputs + 1) * sizeof *some);
  return ok && th_leaves_map(t->cx, t->point, give_leaf, &giver, out);
}
