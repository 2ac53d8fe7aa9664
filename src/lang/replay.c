/* replay.c - a function traced once and run again for other arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/replay.h"

#include <string.h>

#include "lang/live.h"
#include "lang/replay_givens.h"
#include "num/linalg.h"
#include "num/random.h"
#include "val/basic.h"
#include "val/derivative.h"
#include "val/flatten.h"

/* A compiled program with the workspace that it runs in. */
typedef struct Compiled {
  ThProgram *program;
  ThWorkspace *workspace;
  size_t n_leaves; /* inputs before what is open */
} Compiled;

struct ThReplay {
  ThContext *cx;
  const char *name;
  ThValue function;
  ThFlatten form; /* of the point */
  ThTrace trace;
  bool is_traced, is_bound;
  ThNodeId y;
  ThNodeId *gradient;    /* one a leaf, or NULL before it was asked for */
  double *at;            /* where it was traced */
  const double **inputs; /* of a run: of leaves, of directions, of what is open */
  size_t n_places;
  double **outputs;
  size_t length; /* numbers of the value */
  bool is_array; /* the value may have axes */
  Compiled value, slope, product, tangent, bend;
  ThNodeId *directions; /* of products: inputs like the leaves */
  ThGivens givens;
  size_t n_traces, n_runs;
  size_t n_open;                 /* inputs of the graph besides the leaves */
  size_t served, wait, patience; /* runs since it was traced; traces to go before it is compiled again */
};

/* --- The form of the argument */

bool th_replay_takes(ThValue v) {
  const ThValue *values = NULL;
  size_t n = 0;
  if (th_is_record(v)) values = th_as_record(v)->values, n = th_as_record(v)->length;
  else if (th_is_list(v)) values = th_as_list(v)->items, n = th_as_list(v)->length;
  else if (th_is_array(v)) return th_as_array(v)->element != TH_COMPLEX;
  else return th_is_scalar(v) || th_is_range(v) || (th_is_estimate(v) && !th_as_estimate(v)->is_complex);
  for (size_t i = 0; i < n; i++)
    if (!th_replay_takes(values[i])) return false;
  return true;
}

bool th_replay_fits(const ThReplay *r, ThValue value) { return th_flatten_fits(&r->form, value); }

bool th_replay_read(ThReplay *r, ThValue value, double *x, bool *fits) {
  return th_flatten_read(r->cx, &r->form, value, x, fits);
}

bool th_replay_build(ThReplay *r, const double *x, ThValue *out) {
  return th_flatten_build(r->cx, &r->form, x, out);
}

/* --- Life */

ThReplay *th_replay_new(ThContext *cx, const char *name, ThValue function, ThValue point) {
  ThReplay *r = th_alloc(cx, sizeof *r);
  if (!r) return NULL;
  *r = (ThReplay){.cx = cx,
                  .name = name,
                  .length = 1,
                  .function = th_retain(function),
                  .form = {.pattern = th_none()},
                  .givens = {.cx = cx}};
  bool ok = th_flatten_init(cx, point, "x", &r->form);
  ok = ok && (r->at = th_alloc_array(cx, r->form.n + 1, sizeof *r->at));
  if (ok) return r;
  th_replay_free(r);
  return NULL;
}

ThReplay *th_replay_new_array(ThContext *cx, const char *name, ThValue function, ThValue point,
                              size_t length) {
  ThReplay *r = th_replay_new(cx, name, function, point);
  if (r) r->is_array = true, r->length = length;
  return r;
}

void th_replay_set_function(ThReplay *r, ThValue function) {
  th_replace_take(&r->function, th_retain(function));
}

static void drop_compiled(ThContext *cx, Compiled *c) {
  th_workspace_free(cx, c->workspace);
  th_program_free(cx, c->program);
  *c = (Compiled){0};
}

static void drop_trace(ThReplay *r) {
  ThContext *cx = r->cx;
  if (!r->is_traced) return;
  size_t n = r->trace.n_inputs + 1;
  drop_compiled(cx, &r->value);
  drop_compiled(cx, &r->slope);
  drop_compiled(cx, &r->product);
  drop_compiled(cx, &r->tangent);
  drop_compiled(cx, &r->bend);
  if (r->gradient) th_free(cx, r->gradient, n * sizeof *r->gradient);
  if (r->directions) th_free(cx, r->directions, n * sizeof *r->directions);
  th_free(cx, r->inputs, r->n_places * sizeof *r->inputs);
  th_free(cx, r->outputs, n * sizeof *r->outputs);
  r->gradient = r->directions = NULL;
  r->inputs = NULL;
  r->outputs = NULL;
  r->is_traced = false;
  th_trace_clear(&r->trace);
}

void th_replay_free(ThReplay *r) {
  if (!r) return;
  drop_trace(r);
  th_givens_clear(&r->givens);
  th_release(r->function);
  if (r->at) th_free(r->cx, r->at, (r->form.n + 1) * sizeof *r->at);
  th_flatten_clear(&r->form);
  th_free(r->cx, r, sizeof *r);
}

size_t th_replay_dimension(const ThReplay *r) { return r->form.n; }

void th_replay_counts(const ThReplay *r, size_t *n_traces, size_t *n_runs) {
  *n_traces = r->n_traces;
  *n_runs = r->n_runs;
}

/* --- Tracing */

/* Runs the function on traced values, and notes what it read and whether it drew or showed something. */
static bool run_traced(ThReplay *r, ThValue argument) {
  ThContext *cx = r->cx;
  ThSession *session = th_session_of(cx);
  ThReads *outer = session->vm.reads, *reads = th_reads_new(session);
  ThRandom before = *cx->random;
  uint64_t shown = cx->shown;
  if (!reads) return false;
  ThGraph *tracing = cx->tracing; /* a program has a graph of its own */
  session->vm.reads = reads;
  cx->tracing = NULL;
  r->is_traced = th_trace_begin(cx, argument, &r->trace) &&
                 th_givens_call(&r->givens, &r->trace, r->function);
  cx->tracing = tracing;
  session->vm.reads = outer;
  th_reads_settle(session, reads);
  bool ok = r->is_traced && th_givens_note(&r->givens, r->function, reads) &&
            (!outer || th_reads_add_all(session, outer, reads));
  th_reads_release(cx, reads);
  r->is_bound = memcmp(&before, cx->random, sizeof before) != 0 || shown != cx->shown;
  return ok;
}

/* One real number, or as many as there were to be. */
static bool check_value(ThReplay *r) {
  const ThGraphNode *y = th_node(r->trace.graph, r->y);
  if (!r->is_array) return th_trace_check_number(&r->trace, r->name, r->y);
  if (y->element == TH_DOUBLE && y->length == r->length) return true;
  return th_fail(r->cx, TH_ERROR_SHAPE, "`%s`: a function gave %zu numbers, where it gave %zu before",
                 r->name, y->length, r->length);
}

static bool find_value(ThReplay *r) {
  bool hangs;
  size_t n = r->trace.n_inputs + 1;
  r->is_bound = r->is_bound || r->trace.graph->is_bound;
  r->givens.keeps_globals = r->trace.graph->keeps_globals;
  r->n_open = th_givens_count_open(&r->givens);
  r->n_places = 2 * n + r->n_open;
  r->inputs = th_alloc_array(r->cx, r->n_places, sizeof *r->inputs);
  r->outputs = r->inputs ? th_alloc_array(r->cx, n, sizeof *r->outputs) : NULL;
  return r->outputs && th_trace_result(&r->trace, r->name, &r->y, &hangs) && check_value(r);
}

/* A trace that served but few runs was hardly worth compiling: the next ones are used as they are. */
static void note_service(ThReplay *r) {
  enum { FEW = 4, LONGEST = 64 };
  bool compiled = r->value.program || r->slope.program || r->product.program || r->tangent.program ||
                  r->bend.program;
  if (!r->is_traced || !compiled) return;
  if (r->served >= FEW) r->patience = 0;
  else r->patience = r->patience >= LONGEST / 2 ? LONGEST : 2 * r->patience + 1;
  r->wait = r->patience;
}

static bool trace_at(ThReplay *r, const double *x) {
  ThValue argument;
  note_service(r);
  drop_trace(r);
  r->served = 0;
  if (!th_replay_build(r, x, &argument)) return false;
  r->n_traces++;
  memcpy(r->at, x, r->form.n * sizeof *x);
  bool ok = run_traced(r, argument) && find_value(r);
  th_release(argument);
  if (!ok) drop_trace(r);
  return ok;
}

/* A trace that holds at x, unless a decision turns out otherwise; *fresh: it was made there. */
static bool need_trace(ThReplay *r, const double *x, bool *fresh) {
  bool may_be_fresh = r->is_traced && r->served == 0 && r->n_open == 0;
  bool holds = th_givens_hold(&r->givens, r->function);
  *fresh = may_be_fresh && memcmp(r->at, x, r->form.n * sizeof *x) == 0;
  if (r->is_traced && holds && !r->is_bound && r->wait == 0) return true;
  if (r->wait > 0) r->wait--;
  *fresh = true;
  return trace_at(r, x);
}

/* The gradient by each leaf, as nodes: zeros too. */
static bool need_gradient(ThReplay *r) {
  ThTrace *t = &r->trace;
  if (r->gradient) return true;
  r->gradient = th_alloc_array(r->cx, t->n_inputs + 1, sizeof *r->gradient);
  return r->gradient &&
         th_pull_back(t->graph, r->y, th_graph_number(t->graph, 1), t->inputs, t->n_inputs, r->gradient);
}

/* --- Answers from the graph, where it was traced */

static bool read_node(ThReplay *r, ThNodeId node, size_t n, double *out) {
  ThGraph *g = r->trace.graph;
  if (node == TH_ZERO) {
    memset(out, 0, n * sizeof *out);
    return true;
  }
  if (g->failed || !th_graph_evaluate(g, &node, 1)) return false;
  memcpy(out, th_node_tensor(g, node).data, n * sizeof *out);
  return true;
}

static size_t leaf_size(const ThReplay *r, size_t i) {
  return th_node(r->trace.graph, r->trace.inputs[i])->length;
}

static bool read_leaves(ThReplay *r, const ThNodeId *nodes, double *out) {
  for (size_t i = 0; i < r->trace.n_inputs; i++) {
    if (!read_node(r, nodes[i], leaf_size(r, i), out)) return false;
    out += leaf_size(r, i);
  }
  return true;
}

/* --- Answers from programs */

/* The inputs are leaves, or leaves and directions; what is open comes after them. */
static bool compile(ThReplay *r, Compiled *c, const ThNodeId *inputs, size_t n_inputs,
                    const ThNodeId *outputs, size_t n_outputs) {
  if (c->workspace) return true;
  ThNodeId *all = th_alloc_array(r->cx, r->n_places, sizeof *all);
  if (!all) return false;
  memcpy(all, inputs, n_inputs * sizeof *all);
  c->n_leaves = n_inputs;
  th_givens_nodes(&r->givens, all + n_inputs);
  n_inputs += r->n_open;
  c->program = th_program_new(r->cx, r->trace.graph, all, n_inputs, outputs, n_outputs);
  th_free(r->cx, all, r->n_places * sizeof *all);
  if (c->program) c->workspace = th_workspace_new(r->cx, c->program);
  if (!c->workspace) drop_compiled(r->cx, c);
  return c->workspace != NULL;
}

static bool compile_value(ThReplay *r) {
  return compile(r, &r->value, r->trace.inputs, r->trace.n_inputs, &r->y, 1);
}

/* Outputs of the slope and the product: those leaves that are not all zeros. */
static size_t some_nodes(const ThReplay *r, const ThNodeId *nodes, ThNodeId *out) {
  size_t n = 0;
  for (size_t i = 0; i < r->trace.n_inputs; i++)
    if (nodes[i] != TH_ZERO) out[n++] = nodes[i];
  return n;
}

static bool compile_slope(ThReplay *r) {
  if (r->slope.workspace) return true;
  if (!need_gradient(r)) return false;
  size_t n = r->trace.n_inputs + 1;
  ThNodeId *outputs = th_alloc_array(r->cx, n, sizeof *outputs);
  if (!outputs) return false;
  outputs[0] = r->y;
  size_t some = some_nodes(r, r->gradient, outputs + 1);
  bool ok = compile(r, &r->slope, r->trace.inputs, r->trace.n_inputs, outputs, some + 1);
  th_free(r->cx, outputs, n * sizeof *outputs);
  return ok;
}

/* Where the leaves lie in a flat x. */
static void point_inputs(ThReplay *r, const double *x, size_t first) {
  for (size_t i = 0; i < r->trace.n_inputs; i++) {
    r->inputs[first + i] = x;
    x += leaf_size(r, i);
  }
}

/* Where the leaves that are some nodes go, zeros in the others. */
static void point_outputs(ThReplay *r, const ThNodeId *nodes, double *out, size_t first) {
  for (size_t i = 0; i < r->trace.n_inputs; i++) {
    size_t n = leaf_size(r, i);
    if (nodes[i] != TH_ZERO) r->outputs[first++] = out;
    else memset(out, 0, n * sizeof *out);
    out += n;
  }
}

static bool run(ThReplay *r, const Compiled *c, bool *holds) {
  th_givens_feed(&r->givens, r->inputs + c->n_leaves);
  r->n_runs++;
  r->served++;
  return th_program_run(r->cx, c->workspace, r->inputs, r->outputs, holds);
}

/* A trace that holds for one point only is not worth making for a value. */
static bool plain_value(ThReplay *r, const double *x, double *value) {
  ThValue argument, result;
  if (!th_replay_build(r, x, &argument)) return false;
  bool ok = th_call(r->cx, r->function, &(ThArguments){.count = 1, .values = &argument}, &result);
  th_release(argument);
  if (!ok) return false;
  ok = th_to_number(result, value);
  th_release(result);
  return ok || th_fail(r->cx, TH_ERROR_TYPE, "`%s`: a function gave no number", r->name);
}

static bool find_values(ThReplay *r, const double *x, double *values) {
  bool fresh, holds;
  if (r->is_traced && r->is_bound && !r->is_array) return plain_value(r, x, values);
  if (!need_trace(r, x, &fresh)) return false;
  if (fresh) return read_node(r, r->y, r->length, values);
  if (!compile_value(r)) return false;
  point_inputs(r, x, 0);
  r->outputs[0] = values;
  if (!run(r, &r->value, &holds)) return false;
  return holds || (trace_at(r, x) && read_node(r, r->y, r->length, values));
}

static bool slope_from_graph(ThReplay *r, double *value, double *gradient) {
  return need_gradient(r) && read_node(r, r->y, 1, value) && read_leaves(r, r->gradient, gradient);
}

static bool find_slope(ThReplay *r, const double *x, double *value, double *gradient) {
  bool fresh, holds;
  if (!need_trace(r, x, &fresh)) return false;
  if (fresh) return slope_from_graph(r, value, gradient);
  if (!compile_slope(r)) return false;
  point_inputs(r, x, 0);
  r->outputs[0] = value;
  point_outputs(r, r->gradient, gradient, 1);
  if (!run(r, &r->slope, &holds)) return false;
  return holds || (trace_at(r, x) && slope_from_graph(r, value, gradient));
}

static bool find_slope_program(ThReplay *r, const double *x, const ThProgram **out) {
  bool fresh;
  *out = NULL;
  if (!need_trace(r, x, &fresh)) return false;
  if (r->is_bound || r->n_open > 0 || r->trace.n_inputs != 1) return true;
  if (!compile_slope(r)) return false;
  if (r->gradient[0] != TH_ZERO) *out = r->slope.program;
  return true;
}

/* --- Products with the Hessian: tangents of the gradient */

/* An input of the shape of a node. */
static bool input_like(ThReplay *r, ThNodeId like, ThNodeId *out) {
  ThGraph *g = r->trace.graph;
  const ThGraphNode *node = th_node(g, like);
  ThValue zero = th_number(0);
  if (node->rank > 0) {
    ThArray *a = th_array_new(r->cx, TH_DOUBLE, node->rank, node->shape);
    if (!a) return false;
    memset(a->real, 0, a->length * sizeof *a->real);
    zero = th_object(a);
  }
  *out = th_graph_input(g, zero);
  th_release(zero);
  return !g->failed;
}

/* Inputs like the leaves. */
static bool need_directions(ThReplay *r) {
  size_t n = r->trace.n_inputs;
  if (r->directions) return true;
  r->directions = th_alloc_array(r->cx, n + 1, sizeof *r->directions);
  bool ok = r->directions != NULL;
  for (size_t i = 0; ok && i < n; i++) ok = input_like(r, r->trace.inputs[i], &r->directions[i]);
  return ok;
}

/* The tangent of a node; zeros too. `like` has its shape. */
static bool push(ThReplay *r, ThNodeId node, ThNodeId like, ThNodeId *out) {
  ThTrace *t = &r->trace;
  *out = TH_ZERO;
  if (node != TH_ZERO && !th_push_forward(t->graph, node, t->inputs, r->directions, t->n_inputs, out))
    return false;
  if (*out == TH_ZERO) *out = th_graph_filled(t->graph, 0, like);
  return !t->graph->failed;
}

/* Of derivatives by each leaf. */
static bool push_all(ThReplay *r, const ThNodeId *derivatives, ThNodeId *products) {
  for (size_t i = 0; i < r->trace.n_inputs; i++)
    if (!push(r, derivatives[i], r->trace.inputs[i], &products[i])) return false;
  return true;
}

static bool compile_product(ThReplay *r) {
  ThTrace *t = &r->trace;
  size_t n = t->n_inputs;
  if (r->product.workspace) return true;
  if (!need_gradient(r) || !need_directions(r)) return false;
  ThNodeId *nodes = th_alloc_array(r->cx, 3 * n + 1, sizeof *nodes);
  if (!nodes) return false;
  memcpy(nodes, t->inputs, n * sizeof *nodes);
  memcpy(nodes + n, r->directions, n * sizeof *nodes);
  bool ok = push_all(r, r->gradient, nodes + 2 * n) &&
            compile(r, &r->product, nodes, 2 * n, nodes + 2 * n, n);
  th_free(r->cx, nodes, (3 * n + 1) * sizeof *nodes);
  return ok;
}

/* What a product is asked of: a point, a direction, weights where there are such. */
typedef struct Asked {
  const double *x, *v, *weights;
  double *out;
} Asked;
typedef bool (*Run)(ThReplay *r, const Asked *asked, bool *holds);

/* The point and the direction as inputs. */
static void point_both(ThReplay *r, const Asked *a) {
  point_inputs(r, a->x, 0);
  point_inputs(r, a->v, r->trace.n_inputs);
}

/* One output a leaf. */
static void point_products(ThReplay *r, double *out) {
  for (size_t i = 0; i < r->trace.n_inputs; i++) {
    r->outputs[i] = out;
    out += leaf_size(r, i);
  }
}

static bool run_product(ThReplay *r, const Asked *a, bool *holds) {
  if (!compile_product(r)) return false;
  point_both(r, a);
  point_products(r, a->out);
  return run(r, &r->product, holds);
}

/* By the trace that is there, or by one made at the point. */
static bool find_with(ThReplay *r, Run run_it, const Asked *a) {
  bool fresh, holds;
  if (!need_trace(r, a->x, &fresh) || !run_it(r, a, &holds)) return false;
  if (holds) return true;
  if (!trace_at(r, a->x) || !run_it(r, a, &holds)) return false;
  return holds ||
         th_fail(r->cx, TH_ERROR_VALUE, "a function that decides by chance has no second derivatives");
}

/* --- Functions with several values: J v, and products with the Hessian of Σ w y */

static bool compile_tangent(ThReplay *r) {
  size_t n = r->trace.n_inputs;
  ThNodeId tangent;
  if (r->tangent.workspace) return true;
  ThNodeId *nodes = th_alloc_array(r->cx, 2 * n + 1, sizeof *nodes);
  bool ok = nodes && need_directions(r) && push(r, r->y, r->y, &tangent);
  for (size_t i = 0; ok && i < n; i++) nodes[i] = r->trace.inputs[i], nodes[n + i] = r->directions[i];
  ok = ok && compile(r, &r->tangent, nodes, 2 * n, &tangent, 1);
  if (nodes) th_free(r->cx, nodes, (2 * n + 1) * sizeof *nodes);
  return ok;
}

static bool run_tangent(ThReplay *r, const Asked *a, bool *holds) {
  if (!compile_tangent(r)) return false;
  point_both(r, a);
  r->outputs[0] = a->out;
  return run(r, &r->tangent, holds);
}

/* Inputs: leaves, directions, weights. */
static bool compile_bend(ThReplay *r) {
  ThTrace *t = &r->trace;
  size_t n = t->n_inputs, size = 4 * n + 1;
  if (r->bend.workspace) return true;
  ThNodeId *nodes = th_alloc_array(r->cx, size, sizeof *nodes);
  if (!nodes) return false;
  ThNodeId *weights = nodes + 2 * n, *pulled = weights + 1, *products = pulled + n;
  bool ok = need_directions(r) && input_like(r, r->y, weights) &&
            th_pull_back(t->graph, r->y, *weights, t->inputs, n, pulled) && push_all(r, pulled, products);
  for (size_t i = 0; ok && i < n; i++) nodes[i] = t->inputs[i], nodes[n + i] = r->directions[i];
  ok = ok && compile(r, &r->bend, nodes, 2 * n + 1, products, n);
  th_free(r->cx, nodes, size * sizeof *nodes);
  return ok;
}

static bool run_bend(ThReplay *r, const Asked *a, bool *holds) {
  if (!compile_bend(r)) return false;
  point_both(r, a);
  r->inputs[2 * r->trace.n_inputs] = a->weights;
  point_products(r, a->out);
  return run(r, &r->bend, holds);
}

/* --- What is asked for: after a failure nothing is kept, as a graph may have remained unfinished */

static bool kept(ThReplay *r, bool ok) {
  if (!ok) drop_trace(r);
  return ok;
}

bool th_replay_value(ThReplay *r, const double *x, double *value) {
  return kept(r, find_values(r, x, value));
}

bool th_replay_gradient(ThReplay *r, const double *x, double *value, double *gradient) {
  return kept(r, find_slope(r, x, value, gradient));
}

bool th_replay_slope_program(ThReplay *r, const double *x, const ThProgram **out) {
  return kept(r, find_slope_program(r, x, out));
}

bool th_replay_product(ThReplay *r, const double *x, const double *v, double *product) {
  return kept(r, find_with(r, run_product, &(Asked){.x = x, .v = v, .out = product}));
}

/* Products with each unit direction: a symmetric matrix (n, n). */
static bool find_matrix(ThReplay *r, Run run_it, const double *x, const double *weights, double *matrix) {
  size_t n = r->form.n;
  double *unit = th_alloc_array(r->cx, n + 1, sizeof *unit);
  bool ok = unit != NULL;
  for (size_t j = 0; ok && j < n; j++) unit[j] = 0;
  for (size_t j = 0; ok && j < n; j++) {
    unit[j] = 1;
    ok = kept(r, find_with(r, run_it, &(Asked){x, unit, weights, matrix + j * n}));
    unit[j] = 0;
  }
  if (unit) th_free(r->cx, unit, (n + 1) * sizeof *unit);
  if (ok) th_linalg_symmetrize(n, matrix);
  return ok;
}

bool th_replay_hessian(ThReplay *r, const double *x, double *hessian) {
  return find_matrix(r, run_product, x, NULL, hessian);
}

bool th_replay_bend(ThReplay *r, const double *x, const double *weights, double *bend) {
  return find_matrix(r, run_bend, x, weights, bend);
}

bool th_replay_tangent(ThReplay *r, const double *x, const double *v, double *tangent) {
  return kept(r, find_with(r, run_tangent, &(Asked){.x = x, .v = v, .out = tangent}));
}

bool th_replay_jacobian(ThReplay *r, const double *x, double *jacobian) {
  size_t n = r->form.n, m = r->length;
  double *unit = th_alloc_array(r->cx, n + m + 1, sizeof *unit), *column = unit ? unit + n : NULL;
  bool ok = unit != NULL;
  for (size_t j = 0; ok && j < n; j++) unit[j] = 0;
  for (size_t j = 0; ok && j < n; j++) {
    unit[j] = 1;
    ok = th_replay_tangent(r, x, unit, column);
    unit[j] = 0;
    for (size_t i = 0; ok && i < m; i++) jacobian[i * n + j] = column[i];
  }
  if (unit) th_free(r->cx, unit, (n + m + 1) * sizeof *unit);
  return ok;
}
