/* lib_derivative.c - built-ins: grad, hessian, jacobian, derivative, jvp, vjp */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each runs the function once on traced values, adds the derivative to the graph, and gives its value. Without a point
 * each gives a function of the point. */
#include <math.h>
#include <string.h>

#include "lang/derived.h"
#include "lang/libs.h"
#include "lang/outcome.h"
#include "lang/replay_cache.h"
#include "lang/trace.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/derivative.h"
#include "val/leaves.h"
#include "val/operations.h"

/* --- What all share */

/* The gradient of the traced function by each leaf. */
static bool gradient_nodes(ThTrace *t, const char *name, ThNodeId *y, ThNodeId *gradient) {
  bool hangs;
  if (!th_trace_result(t, name, y, &hangs) || !th_trace_check_number(t, name, *y)) return false;
  for (size_t i = 0; i < t->n_inputs; i++) gradient[i] = TH_ZERO;
  return !hangs || th_pull_back(t->graph, *y, th_graph_number(t->graph, 1), t->inputs, t->n_inputs, gradient);
}

static ThNodeId *node_list(ThTrace *t, size_t n) { return th_alloc_array(t->cx, n + 1, sizeof(ThNodeId)); }
static void drop_list(ThTrace *t, ThNodeId *list, size_t n) {
  if (list) th_free(t->cx, list, (n + 1) * sizeof *list);
}

/* --- grad */

/* The numbers of a point: those of an array where they are. */
typedef struct Numbers {
  const double *x;
  double *copy;
  size_t size;
} Numbers;

static bool numbers_init(ThContext *cx, ThReplay *replay, ThValue point, Numbers *out) {
  bool fits;
  *out = (Numbers){.size = (th_replay_dimension(replay) + 1) * sizeof(double)};
  if (th_is_array(point) && th_as_array(point)->element == TH_DOUBLE) {
    out->x = th_as_array(point)->real;
    return true;
  }
  out->x = out->copy = th_alloc(cx, out->size);
  return out->copy && th_replay_read(replay, point, out->copy, &fits);
}

static void numbers_clear(ThContext *cx, Numbers *numbers) { th_free(cx, numbers->copy, numbers->size); }

/* The gradient by an array goes where it stays. */
static bool array_gradient(ThContext *cx, ThReplay *replay, const ThArray *point, const double *x,
                           ThValue *out) {
  double value;
  ThArray *a = th_array_new(cx, TH_DOUBLE, point->rank, point->shape);
  if (!a) return false;
  *out = th_object(a);
  if (th_replay_gradient(replay, x, &value, a->real)) return true;
  th_release(*out);
  return false;
}

static bool tree_gradient(ThContext *cx, ThReplay *replay, const Numbers *point, ThValue *out) {
  double value, *numbers = th_alloc(cx, point->size);
  if (!numbers) return false;
  bool ok = th_replay_gradient(replay, point->x, &value, numbers) && th_replay_build(replay, numbers, out);
  th_free(cx, numbers, point->size);
  return ok;
}

/* By the replay of a function that was asked for before. */
static bool replayed_gradient(ThContext *cx, ThReplay *replay, ThValue point, ThValue *out) {
  Numbers numbers;
  bool ok = numbers_init(cx, replay, point, &numbers);
  if (ok && th_is_array(point)) ok = array_gradient(cx, replay, th_as_array(point), numbers.x, out);
  else if (ok) ok = tree_gradient(cx, replay, &numbers, out);
  numbers_clear(cx, &numbers);
  return ok;
}

static bool gradient(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  ThTrace t;
  ThNodeId y;
  ThReplayEntry *entry = NULL;
  bool alone = args->count == 1 && !cx->tracing;
  if (alone && !th_replay_borrow(cx, "grad", f, args->values[0], &entry)) return false;
  if (entry) {
    bool found = replayed_gradient(cx, entry->replay, args->values[0], out);
    th_replay_give_back(entry, found);
    return found;
  }
  if (!th_trace(cx, f, args, &t)) return false;
  ThNodeId *nodes = node_list(&t, t.n_inputs);
  bool ok = nodes && gradient_nodes(&t, "grad", &y, nodes) && th_trace_give(&t, nodes, out);
  drop_list(&t, nodes, t.n_inputs);
  th_trace_clear(&t);
  return ok;
}

/* --- Tangents along one number after another */

/* The leaves as one flat vector of nodes: leaf i has n numbers from `first`. */
static size_t count_numbers(const ThTrace *t) {
  size_t n = 0;
  for (size_t i = 0; i < t->n_inputs; i++) n += th_node(t->graph, t->inputs[i])->length;
  return n;
}

/* Tangents of the leaves for a step of 1 along flat number k. */
static void unit_tangents(ThTrace *t, size_t k, ThNodeId *tangents) {
  for (size_t i = 0; i < t->n_inputs; i++) {
    ThGraphNode node = *th_node(t->graph, t->inputs[i]);
    size_t n = node.length;
    tangents[i] = TH_ZERO;
    if (k < n) {
      ThNodeId one = th_graph_number(t->graph, 1);
      tangents[i] = node.rank ? th_scatter(t->graph, one, &k, node.rank, node.shape) : one;
    }
    k = k < n ? SIZE_MAX : k - n;
    if (k >= SIZE_MAX - n) k = SIZE_MAX;
  }
}

/* column[k] = the tangent of y along flat number k, flat. */
static bool push_all(ThTrace *t, ThNodeId y, size_t n, ThNodeId *columns) {
  ThNodeId *tangents = node_list(t, t->n_inputs);
  bool ok = tangents != NULL;
  for (size_t k = 0; ok && k < n; k++) {
    unit_tangents(t, k, tangents);
    ok = th_push_forward(t->graph, y, t->inputs, tangents, t->n_inputs, &columns[k]) && th_poll(t->cx);
    if (ok && columns[k] == TH_ZERO) columns[k] = th_graph_filled(t->graph, 0, y);
  }
  drop_list(t, tangents, t->n_inputs);
  return ok;
}

/* Row k of the Jacobian: the gradient of flat value k. */
static bool pull_all(ThTrace *t, ThNodeId y, size_t m, ThNodeId *rows) {
  ThGraph *g = t->graph;
  ThNodeId *parts = node_list(t, t->n_inputs), flat = th_flat(g, y);
  bool ok = parts != NULL;
  for (size_t k = 0; ok && k < m; k++) {
    ThNodeId seed = th_scatter(g, th_graph_number(g, 1), &k, 1, &m);
    ok = th_pull_back(g, flat, seed, t->inputs, t->n_inputs, parts) && th_poll(t->cx);
    for (size_t i = 0; ok && i < t->n_inputs; i++)
      if (parts[i] == TH_ZERO) parts[i] = th_graph_filled(g, 0, t->inputs[i]);
    if (ok) rows[k] = th_join(g, parts, t->n_inputs);
  }
  drop_list(t, parts, t->n_inputs);
  return ok;
}

/* The Jacobian of y by everything, as a node (m, n): forwards when it has fewer columns than rows. */
static bool jacobian_node(ThTrace *t, ThNodeId y, ThNodeId *out) {
  ThGraph *g = t->graph;
  size_t n = count_numbers(t), m = th_node(g, y)->length;
  bool forward = n <= m;
  size_t count = forward ? n : m;
  const size_t stacked[2] = {count, forward ? m : n};
  ThNodeId *parts = node_list(t, count);
  if (!parts) return false;
  bool ok = forward ? push_all(t, y, n, parts) : pull_all(t, y, m, parts);
  if (ok) {
    ThNodeId all = count ? th_reshape(g, th_join(g, parts, count), 2, stacked) : th_graph_number(g, 0);
    *out = forward && count ? th_transpose_node(g, all) : all;
  }
  drop_list(t, parts, count);
  return ok;
}

/* The shape that a derivative has: that of the value, then that of the argument. Records and lists of several leaves
 * count as one vector. */
static uint32_t derivative_shape(const ThTrace *t, ThNodeId y, size_t *shape) {
  const ThGraphNode *value = th_node(t->graph, y);
  uint32_t rank = 0;
  for (uint32_t i = 0; i < value->rank; i++) shape[rank++] = value->shape[i];
  if (t->n_inputs != 1) {
    shape[rank++] = count_numbers(t);
    return rank;
  }
  const ThGraphNode *input = th_node(t->graph, t->inputs[0]);
  for (uint32_t i = 0; i < input->rank && rank < TH_MAX_RANK; i++) shape[rank++] = input->shape[i];
  return rank;
}

static bool give_jacobian(ThTrace *t, ThNodeId y, ThValue *out) {
  ThNodeId node;
  size_t shape[TH_MAX_RANK];
  if (th_node(t->graph, y)->rank + 1 >= TH_MAX_RANK)
    return th_fail(t->cx, TH_ERROR_LIMIT, "a derivative of more than %d axes", TH_MAX_RANK);
  if (!jacobian_node(t, y, &node)) return false;
  uint32_t rank = derivative_shape(t, y, shape);
  return th_trace_give_one(t, th_reshape(t->graph, node, rank, shape), out);
}

static bool jacobian(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  ThTrace t;
  ThNodeId y;
  bool hangs;
  if (!th_trace(cx, f, args, &t)) return false;
  bool ok = th_trace_result(&t, "jacobian", &y, &hangs) && give_jacobian(&t, y, out);
  th_trace_clear(&t);
  return ok;
}

/* --- hessian: tangents of the gradient */

static bool replayed_hessian(ThContext *cx, ThReplay *replay, ThValue point, ThValue *out) {
  size_t n = th_replay_dimension(replay), shape[TH_MAX_RANK] = {n, n};
  uint32_t rank = 2;
  if (th_is_scalar(point) || th_is_estimate(point)) rank = 0;
  if (th_is_array(point) && th_as_array(point)->rank <= TH_MAX_RANK / 2) {
    const ThArray *a = th_as_array(point);
    rank = 2 * a->rank;
    for (uint32_t i = 0; i < rank; i++) shape[i] = a->shape[i % a->rank];
  }
  const size_t one = 1;
  Numbers numbers;
  ThArray *whole = th_array_new(cx, TH_DOUBLE, rank ? rank : 1, rank ? shape : &one);
  if (!whole) {
    char f[48], at[48];
    cx->error.argument = 2;
    return th_hint(cx, "its product with a vector v: jvp(grad(%s), %s, v)",
                   th_operand(cx, 0, "f", f, sizeof f), th_operand(cx, 1, "x", at, sizeof at));
  }
  bool ok = numbers_init(cx, replay, point, &numbers) && th_replay_hessian(replay, numbers.x, whole->real);
  numbers_clear(cx, &numbers);
  if (ok) return th_from_array_take(cx, whole, rank == 0, out);
  th_release(th_object(whole));
  return false;
}

/* By a replay of its own, when none is kept: a program is compiled once, and run for each column. */
static bool plain_hessian(ThContext *cx, ThValue f, ThValue point, ThValue *out) {
  ThReplayEntry *entry;
  if (!th_replay_borrow(cx, "hessian", f, point, &entry)) return false;
  if (entry) {
    bool found = replayed_hessian(cx, entry->replay, point, out);
    th_replay_give_back(entry, found);
    return found;
  }
  ThReplay *replay = th_replay_new(cx, "hessian", f, point);
  bool ok = replay && replayed_hessian(cx, replay, point, out);
  th_replay_free(replay);
  return ok;
}

static bool hessian(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  ThTrace t;
  ThNodeId y;
  if (args->count == 1 && !cx->tracing && th_replay_takes(args->values[0]))
    return plain_hessian(cx, f, args->values[0], out);
  if (!th_trace(cx, f, args, &t)) return false;
  ThNodeId *nodes = node_list(&t, t.n_inputs);
  bool ok = nodes && gradient_nodes(&t, "hessian", &y, nodes);
  for (size_t i = 0; ok && i < t.n_inputs; i++)
    if (nodes[i] == TH_ZERO) nodes[i] = th_graph_filled(t.graph, 0, t.inputs[i]);
  if (ok) {
    ThNodeId whole = t.n_inputs == 1 ? nodes[0] : th_join(t.graph, nodes, t.n_inputs);
    ok = give_jacobian(&t, whole, out);
  }
  drop_list(&t, nodes, t.n_inputs);
  th_trace_clear(&t);
  return ok;
}

/* --- derivative(f, x, n) */

static bool check_one_number(ThTrace *t) {
  char got[96];
  const ThGraphNode *node = t->n_inputs == 1 ? th_node(t->graph, t->inputs[0]) : NULL;
  if (node && node->rank == 0) return true;
  th_fail_argument(t->cx, 2, TH_ERROR_TYPE, "`derivative` is by one number, got %s",
                   th_describe(t->point, got, sizeof got));
  return th_hint(t->cx, "by several: grad(f, x) of a number, jacobian(f, x) of an array");
}

static bool derivative_at(ThContext *cx, ThValue f, const ThArguments *args, size_t order, ThValue *out) {
  ThTrace t;
  ThNodeId y;
  bool hangs;
  if (!th_trace(cx, f, args, &t)) return false;
  bool ok = check_one_number(&t) && th_trace_result(&t, "derivative", &y, &hangs);
  ThNodeId one = ok ? th_graph_number(t.graph, 1) : 0, shape = ok ? y : 0;
  for (size_t i = 0; ok && i < order && y != TH_ZERO; i++)
    ok = th_push_forward(t.graph, y, t.inputs, &one, 1, &y);
  ok = ok && th_trace_give_one(&t, y == TH_ZERO ? th_graph_filled(t.graph, 0, shape) : y, out);
  th_trace_clear(&t);
  return ok;
}

/* --- jvp and vjp */

/* An error of the node of a direction or of weights stands at that argument. */
static bool blame_third(ThContext *cx) {
  cx->error.argument = 3;
  return false;
}

/* Have two trees the same fields and lengths? Their leaves may differ. */
static bool same_form(ThValue a, ThValue b) {
  if (th_is_record(a) && th_is_record(b)) {
    const ThRecord *x = th_as_record(a), *y = th_as_record(b);
    bool same = x->length == y->length;
    for (size_t i = 0; same && i < x->length; i++)
      same = x->names[i] == y->names[i] && same_form(x->values[i], y->values[i]);
    return same;
  }
  if (th_is_list(a) && th_is_list(b)) {
    const ThList *x = th_as_list(a), *y = th_as_list(b);
    bool same = x->length == y->length;
    for (size_t i = 0; same && i < x->length; i++) same = same_form(x->items[i], y->items[i]);
    return same;
  }
  return !th_is_record(a) && !th_is_record(b) && !th_is_list(a) && !th_is_list(b);
}

static bool check_form(ThContext *cx, ThValue x, ThValue v) {
  if (same_form(x, v)) return true;
  char name[48];
  th_fail_argument(cx, 3, TH_ERROR_SHAPE, "the direction has other parts than the argument");
  return th_hint(cx, "it has a number or array for each of `%s`, in the same order",
                 th_operand(cx, 1, "x", name, sizeof name));
}

/* A direction like the argument: its leaves as nodes. */
typedef struct Direction {
  ThTrace *trace;
  ThNodeId *nodes;
  size_t n;
} Direction;

static bool direction_leaf(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  Direction *d = self;
  ThGraph *g = d->trace->graph;
  ThNodeId node;
  *out = th_none();
  if (!th_traced_node(cx, g, leaf, &node)) return blame_third(cx);
  const ThGraphNode *like = th_node(g, d->trace->inputs[d->n]), *own = th_node(g, node);
  char a[96], b[96];
  if (!th_same_dimensions(like->rank, like->shape, own->rank, own->shape))
    return th_fail_argument(cx, 3, TH_ERROR_SHAPE, "the direction has shape %s, the argument %s",
                            th_shape_text(own->rank, own->shape, a, sizeof a),
                            th_shape_text(like->rank, like->shape, b, sizeof b));
  d->nodes[d->n++] = node;
  return true;
}

static bool along(ThContext *cx, ThValue f, ThValue x, ThValue v, ThValue *out) {
  ThTrace t;
  ThNodeId y, tangent;
  ThValue ignored;
  bool hangs;
  ThArguments args = {.count = 1, .values = &x};
  if (!th_trace(cx, f, &args, &t)) return false;
  Direction d = {&t, node_list(&t, t.n_inputs), 0};
  bool ok = d.nodes && check_form(cx, x, v) && th_leaves_map(cx, v, direction_leaf, &d, &ignored);
  if (ok) th_release(ignored);
  ok = ok && th_trace_result(&t, "jvp", &y, &hangs) &&
       th_push_forward(t.graph, y, t.inputs, d.nodes, t.n_inputs, &tangent) &&
       th_trace_give_one(&t, tangent == TH_ZERO ? th_graph_filled(t.graph, 0, y) : tangent, out);
  drop_list(&t, d.nodes, t.n_inputs);
  th_trace_clear(&t);
  return ok;
}

static bool weighted(ThContext *cx, ThValue f, ThValue x, ThValue w, ThValue *out) {
  ThTrace t;
  ThNodeId y, seed;
  bool hangs;
  char a[96], b[96];
  ThArguments args = {.count = 1, .values = &x};
  if (!th_trace(cx, f, &args, &t)) return false;
  ThNodeId *nodes = node_list(&t, t.n_inputs);
  bool ok = nodes && th_trace_result(&t, "vjp", &y, &hangs) &&
            (th_traced_node(cx, t.graph, w, &seed) || blame_third(cx));
  if (ok) {
    const ThGraphNode *value = th_node(t.graph, y), *weight = th_node(t.graph, seed);
    if (!th_same_dimensions(value->rank, value->shape, weight->rank, weight->shape))
      ok = th_fail_argument(cx, 3, TH_ERROR_SHAPE, "the weights have shape %s, the values %s",
                            th_shape_text(weight->rank, weight->shape, a, sizeof a),
                            th_shape_text(value->rank, value->shape, b, sizeof b));
  }
  ok = ok && th_pull_back(t.graph, y, seed, t.inputs, t.n_inputs, nodes) && th_trace_give(&t, nodes, out);
  drop_list(&t, nodes, t.n_inputs);
  th_trace_clear(&t);
  return ok;
}

/* --- Without a point: a function */

typedef struct Derived {
  ThObject object;
  ThDerive derive;
  const char *name;
  ThValue function;
} Derived;

static void derived_release(ThObject *self) {
  th_release(((Derived *)self)->function);
  th_object_free(self, sizeof(Derived));
}

static bool derived_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const Derived *d = (const Derived *)th_as_object(self);
  (void)style;
  th_text_format(out, "%s(", d->name);
  if (!th_format(cx, d->function, TH_STYLE_INLINE, out)) return false;
  th_text_add(out, ")");
  return th_text_ok(out, cx);
}

static bool derived_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const Derived *d = (const Derived *)th_as_object(self);
  if (args->count == 0)
    return th_fail(cx, TH_ERROR_TYPE, "`%s` of a function needs the point: %s(f)(x)", d->name, d->name);
  th_retain(self);
  bool ok = th_outcome_derive(cx, d->derive, d->function, args, out);
  th_release(self);
  if (!ok && cx->error.n_places == 0 && cx->error.argument > 0) /* the function is no argument here */
    cx->error.argument = cx->error.argument == 1 ? TH_CALLEE : cx->error.argument - 1;
  return ok;
}

const ThKind th_derived_kind = {
    .name = "function", .release = derived_release, .format = derived_format, .call = derived_call};

static bool make_derived(ThContext *cx, ThDerive f, const char *name, ThValue function, ThValue *out) {
  Derived *d = th_object_new(cx, &th_derived_kind, sizeof *d);
  if (!d) return false;
  d->derive = f;
  d->name = name;
  d->function = th_retain(function);
  *out = th_object(d);
  return true;
}

ThValue th_derived_function(ThValue derived) { return ((const Derived *)th_as_object(derived))->function; }

bool th_derived_of(ThContext *cx, ThValue derived, ThValue function, ThValue *out) {
  const Derived *d = (const Derived *)th_as_object(derived);
  return make_derived(cx, d->derive, d->name, function, out);
}

static bool derive(ThContext *cx, const ThCall *call, ThDerive f, const char *name, ThValue *out) {
  ThArguments args = {.count = 1, .values = &call->args[1]};
  if (call->given[1]) return th_outcome_derive(cx, f, call->args[0], &args, out);
  return make_derived(cx, f, name, call->args[0], out);
}

/* --- Rows */

static bool body_grad(ThContext *cx, const ThCall *call, ThValue *out) {
  return derive(cx, call, gradient, "grad", out);
}
static bool body_hessian(ThContext *cx, const ThCall *call, ThValue *out) {
  return derive(cx, call, hessian, "hessian", out);
}
static bool body_jacobian(ThContext *cx, const ThCall *call, ThValue *out) {
  return derive(cx, call, jacobian, "jacobian", out);
}
static bool first_derivative(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  return derivative_at(cx, f, args, 1, out);
}
/* args: the point, the order */
static bool nth_derivative(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  ThArguments point = {.count = 1, .values = args->values};
  return derivative_at(cx, f, &point, (size_t)th_as_scalar(args->values[1]), out);
}
static bool body_derivative(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!call->given[1]) return derive(cx, call, first_derivative, "derivative", out);
  ThArguments args = {.count = 2, .values = &call->args[1]};
  return th_outcome_derive(cx, nth_derivative, call->args[0], &args, out);
}
/* args: the point, and the direction or the weights */
static bool derive_along(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  return along(cx, f, args->values[0], args->values[1], out);
}
static bool derive_weighted(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  return weighted(cx, f, args->values[0], args->values[1], out);
}
static bool body_jvp(ThContext *cx, const ThCall *call, ThValue *out) {
  ThArguments args = {.count = 2, .values = &call->args[1]};
  return th_outcome_derive(cx, derive_along, call->args[0], &args, out);
}
static bool body_vjp(ThContext *cx, const ThCall *call, ThValue *out) {
  ThArguments args = {.count = 2, .values = &call->args[1]};
  return th_outcome_derive(cx, derive_weighted, call->args[0], &args, out);
}

#define DERIVATIVES "derivatives"
#define EXACT \
  "exact to rounding, by automatic differentiation: through loops, branches, records, linear algebra, distributions"

const ThBuiltin th_lib_derivative[] = {
    {"grad(f: function, x: any = …) -> any", body_grad, DERIVATIVES,
     "the gradient of a function with one number as its value",
     "shaped like x: a number, an array, or a record or list of them. Without x the function x -> grad(f, x); what it "
     "is given besides x goes to f. f may call grad itself. At a kink, and where a step is: help derivatives. " EXACT,
     "grad(x -> x^3, 2)\n#> 12\ngrad(x -> sum(x^2), [1, 2, 3])\n#> [2, 4, 6]\n"
     "grad(p -> p.a^2*p.b, (a = 3, b = 2))\n#> (a = 12, b = 9)",
     "hessian jacobian derivative minimize derivatives", NULL},
    {"hessian(f: function, x: any = …) -> any", body_hessian, DERIVATIVES,
     "the second derivatives of a function with one number as its value",
     "a matrix (n, n) for a vector of n; a record or list counts as the vector of its numbers. " EXACT,
     "hessian(x -> x[1]^2*x[2], [1, 2])\n#> [4, 2;\n#>  2, 0]\n"
     "hessian(p -> p.a^2*p.b, (a = 3, b = 2))\n#> [4, 6;\n#>  6, 0]",
     "grad jacobian jvp derivatives", NULL},
    {"jacobian(f: function, x: any = …) -> any", body_jacobian, DERIVATIVES,
     "the derivatives of all values by all arguments", "shape: that of f(x), then that of x. " EXACT,
     "jacobian(x -> [x[1]*x[2], x[1]^2], [2, 3])\n#> [3, 2;\n#>  4, 0]", "grad hessian jvp vjp", NULL},
    {"derivative(f: function, x: any = …, n: count = 1) -> any", body_derivative, DERIVATIVES,
     "the n-th derivative of a function of one number",
     "the value of f may be a number, real or complex, or an array; n = 0 is f itself. " EXACT,
     "derivative(x -> exp(2x), 0, 3)\n#> 8\nderivative(sin)(0)\n#> 1\n"
     "derivative(t -> [t^2, t^3], 2)\n#> [4, 12]",
     "grad jacobian derivatives", NULL},
    {"jvp(f: function, x: any, v: any) -> any", body_jvp, DERIVATIVES,
     "the derivative of f at x in the direction v",
     "the Jacobian times v, shaped like f(x); v is shaped like x. " EXACT,
     "jvp(x -> x^2, [1, 2], [1, 0])\n#> [2, 0]\n# the Hessian times v, without the Hessian\n"
     "jvp(grad(x -> sum(x^3)), [1, 2], [1, 0])\n#> [6, 0]",
     "vjp jacobian grad", NULL},
    {"vjp(f: function, x: any, w: any) -> any", body_vjp, DERIVATIVES,
     "the gradient of the sum of w times f(x)",
     "w times the Jacobian, shaped like x; w is shaped like f(x). " EXACT,
     "vjp(x -> x^2, [1, 2], [1, 1])\n#> [2, 4]", "jvp jacobian grad", NULL},
    {0},
};
