/* derivative.c - derivatives of graphs, as graphs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/derivative.h"

#include <string.h>

#include "num/kernels.h"
#include "val/operations.h"

/* --- Which nodes hang on some x */

/* One flag a node from the first of x to y: does y's computation go through it, and does it hang on an x? */
typedef struct Reach {
  ThGraph *g;
  ThNodeId first, last;
  bool *flags;
} Reach;

static bool reaches(const Reach *r, ThNodeId id) {
  return id >= r->first && id <= r->last && r->flags[id - r->first];
}

/* What y's computation does not go through is no longer marked: nodes that other derivatives have added meanwhile. */
static bool keep_needed(Reach *r) {
  ThGraph *g = r->g;
  size_t count = (size_t)(r->last - r->first) + 1;
  bool *needed = th_alloc(g->cx, count);
  if (!needed) return false;
  memset(needed, 0, count);
  needed[count - 1] = true;
  for (size_t at = count; at-- > 0;) {
    r->flags[at] = r->flags[at] && needed[at];
    if (!r->flags[at]) continue;
    ThNodeId id = r->first + (ThNodeId)at;
    for (size_t k = 0; k < th_node(g, id)->n_inputs; k++) {
      ThNodeId input = th_node_input(g, id, k);
      if (input >= r->first) needed[input - r->first] = true;
    }
  }
  th_free(g->cx, needed, count);
  return true;
}

static bool reach_init(ThGraph *g, ThNodeId y, const ThNodeId *x, size_t n, Reach *out) {
  ThNodeId first = y;
  for (size_t i = 0; i < n; i++) first = x[i] < first ? x[i] : first;
  *out = (Reach){.g = g, .first = first, .last = y};
  size_t count = (size_t)(y - first) + 1;
  out->flags = th_alloc(g->cx, count);
  if (!out->flags) return false;
  memset(out->flags, 0, count);
  for (size_t i = 0; i < n; i++)
    if (x[i] <= y) out->flags[x[i] - first] = true;
  for (ThNodeId id = first; id <= y; id++) {
    const ThGraphNode *node = th_node(g, id);
    for (size_t k = 0; k < node->n_inputs && !out->flags[id - first]; k++)
      out->flags[id - first] = reaches(out, th_node_input(g, id, k));
  }
  return keep_needed(out);
}

static void reach_clear(Reach *r) { th_free(r->g->cx, r->flags, (size_t)(r->last - r->first) + 1); }

static bool is_among(ThNodeId id, const ThNodeId *x, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (x[i] == id) return true;
  return false;
}

/* --- One node backwards */

static ThNodeId project(ThGraph *g, ThNodeId cotangent, ThNodeId input) {
  if (cotangent == TH_ZERO || g->failed) return cotangent;
  bool narrows = th_node(g, cotangent)->element == TH_COMPLEX && th_node(g, input)->element != TH_COMPLEX;
  return narrows ? th_graph_unary(g, &th_op_re, cotangent) : cotangent;
}

/* cotangent · partial. Where the cotangent was picked, so is the product: of a branch that was not taken it is 0, even
 * when the partial is infinite. */
static ThNodeId scaled(ThGraph *g, ThNodeId cotangent, ThNodeId partial) {
  if (g->failed || partial == TH_ZERO || th_node(g, cotangent)->operation != &th_op_pick)
    return th_multiply(g, cotangent, partial);
  ThNodeId condition = th_node_input(g, cotangent, 0), value = th_node_input(g, cotangent, 1);
  return th_graph_binary(g, &th_op_pick, condition, th_multiply(g, value, partial));
}

static ThNodeId pull_node(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const ThOperation *operation = th_node(g, node)->operation;
  ThNodeId input = th_node_input(g, node, k), result;
  if (operation->pullback) {
    result = operation->pullback(g, node, cotangent, k);
  } else {
    ThNodeId partial = operation->elementwise->partial(g, node, k);
    if (partial != TH_ZERO && th_node(g, partial)->element == TH_COMPLEX)
      partial = th_graph_unary(g, &th_op_conj, partial);
    result = scaled(g, cotangent, partial);
  }
  result = project(g, result, input);
  return operation->elementwise ? th_sum_to_like(g, result, input) : result;
}

/* --- Elements that were picked out of one array

 * Each pick by itself would give its array a cotangent of full length, mostly zeros. They wait until all are there, and
 * become one: their parts side by side, or added at their positions. */

static bool is_pick(const ThGraphNode *node) {
  return node->operation == &th_op_part || node->operation == &th_op_gather;
}

/* The positions that pick `id` took, added to a list. */
static size_t add_positions(const ThGraph *g, ThNodeId id, size_t *at) {
  const ThGraphNode *node = th_node(g, id);
  if (node->operation == &th_op_gather) {
    size_t n;
    const size_t *positions = th_gather_positions(g, id, &n);
    memcpy(at, positions, n * sizeof *at);
    return n;
  }
  size_t first = *(const size_t *)node->attribute; /* operations_gather.c: a stretch begins with its first */
  for (size_t i = 0; i < node->length; i++) at[i] = first + i;
  return node->length;
}

static ThNodeId merge_picks(ThGraph *g, const ThNodeId *picks, const ThNodeId *cotangents, size_t n,
                            ThNodeId whole) {
  size_t total = 0, done = 0;
  for (size_t i = 0; i < n; i++) total += th_node(g, picks[i])->length;
  size_t *at = th_alloc_array(g->cx, total + 1, sizeof *at);
  if (!at) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < n; i++) done += add_positions(g, picks[i], at + done);
  bool tiles = total == th_node(g, whole)->length;
  for (size_t i = 0; tiles && i < total; i++) tiles = at[i] == i;
  ThNodeId flat = th_join(g, cotangents, n);
  const ThGraphNode *array = th_node(g, whole);
  ThNodeId result = tiles ? th_reshape_like(g, flat, whole)
                          : th_scatter(g, flat, at, array->rank, array->shape);
  th_free(g->cx, at, (total + 1) * sizeof *at);
  return result;
}

/* --- The sweep */

typedef struct Sweep {
  Reach reach;
  ThNodeId *cotangents; /* by node from reach.first */
  ThNodeId *picks;      /* of an array: the pick that was met last; of a pick: the one met before it */
} Sweep;

static size_t sweep_count(const Sweep *s) { return (size_t)(s->reach.last - s->reach.first) + 1; }

static void sweep_clear(Sweep *s) {
  ThContext *cx = s->reach.g->cx;
  size_t count = sweep_count(s);
  th_free(cx, s->picks, s->picks ? count * sizeof *s->picks : 0);
  th_free(cx, s->cotangents, s->cotangents ? count * sizeof *s->cotangents : 0);
  if (s->reach.flags) reach_clear(&s->reach);
}

/* False leaves nothing to clear. */
static bool sweep_init(ThGraph *g, ThNodeId y, const ThNodeId *x, size_t n, Sweep *s) {
  *s = (Sweep){0};
  if (g->failed) return false;
  bool ok = reach_init(g, y, x, n, &s->reach);
  size_t count = sweep_count(s);
  s->cotangents = ok ? th_alloc_array(g->cx, count, sizeof *s->cotangents) : NULL;
  s->picks = s->cotangents ? th_alloc_array(g->cx, count, sizeof *s->picks) : NULL;
  for (size_t i = 0; s->picks && i < count; i++) s->cotangents[i] = s->picks[i] = TH_ZERO;
  if (!s->picks) sweep_clear(s);
  return s->picks != NULL;
}

/* What waits for an array is added to its cotangent: in order of the nodes, which was met last. */
static bool settle_picks(Sweep *s, ThNodeId id) {
  ThGraph *g = s->reach.g;
  ThNodeId first = s->reach.first;
  size_t n = 0;
  for (ThNodeId p = s->picks[id - first]; p != TH_ZERO; p = s->picks[p - first]) n++;
  if (n == 0) return true;
  ThNodeId *both = th_alloc_array(g->cx, 2 * n, sizeof *both);
  if (!both) return false;
  size_t i = 0;
  for (ThNodeId p = s->picks[id - first]; p != TH_ZERO; p = s->picks[p - first], i++) {
    both[i] = p;
    both[n + i] = s->cotangents[p - first];
  }
  ThNodeId merged = merge_picks(g, both, both + n, n, id);
  th_free(g->cx, both, 2 * n * sizeof *both);
  s->cotangents[id - first] = th_add(g, s->cotangents[id - first], project(g, merged, id));
  return true;
}

static void pull_inputs(Sweep *s, ThNodeId id, ThNodeId cotangent) {
  ThGraph *g = s->reach.g;
  size_t n = th_node(g, id)->n_inputs;
  if (is_pick(th_node(g, id))) {
    ThNodeId array = th_node_input(g, id, 0) - s->reach.first;
    s->picks[id - s->reach.first] = s->picks[array];
    s->picks[array] = id;
    return;
  }
  for (size_t k = 0; k < n && !g->failed; k++) {
    ThNodeId input = th_node_input(g, id, k);
    if (!reaches(&s->reach, input)) continue;
    ThNodeId *sum = &s->cotangents[input - s->reach.first];
    *sum = th_add(g, *sum, pull_node(g, id, cotangent, k));
  }
}

bool th_pull_back(ThGraph *g, ThNodeId y, ThNodeId seed, const ThNodeId *x, size_t n, ThNodeId *cotangents) {
  Sweep s;
  if (!sweep_init(g, y, x, n, &s)) return false;
  bool ok = true;
  ThNodeId first = s.reach.first;
  s.cotangents[y - first] = seed;
  for (ThNodeId id = y; ok && !g->failed; id--) {
    /* the picks of an array come after it, so that all are there when its turn comes; a pick out of a pick has had its
     * own settled before it waits for its array */
    if (reaches(&s.reach, id)) {
      ok = settle_picks(&s, id);
      ThNodeId cotangent = s.cotangents[id - first];
      if (ok && cotangent != TH_ZERO && !is_among(id, x, n)) pull_inputs(&s, id, cotangent);
    }
    ok = ok && th_poll_at(g->cx, id);
    if (id == first) break;
  }
  for (size_t i = 0; i < n; i++) cotangents[i] = x[i] <= y ? s.cotangents[x[i] - first] : TH_ZERO;
  sweep_clear(&s);
  return ok && !g->failed;
}

/* --- Forwards */

/* Σ ∂node/∂input · tangent */
static ThNodeId push_elementwise(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  const ThElementwise *f = th_node(g, node)->operation->elementwise;
  ThNodeId sum = TH_ZERO;
  for (size_t k = 0; k < th_node(g, node)->n_inputs; k++)
    if (tangents[k] != TH_ZERO) sum = th_add(g, sum, th_multiply(g, tangents[k], f->partial(g, node, k)));
  return sum;
}

/* The node again with the tangent in place of each input in turn. */
static ThNodeId push_linear(ThGraph *g, ThNodeId id, const ThNodeId *tangents) {
  ThGraphNode node = *th_node(g, id);
  ThNodeId sum = TH_ZERO, *inputs = th_alloc_array(g->cx, node.n_inputs, sizeof *inputs);
  if (!inputs) {
    g->failed = true;
    return 0;
  }
  for (size_t k = 0; k < node.n_inputs; k++) {
    if (tangents[k] == TH_ZERO) continue;
    for (size_t i = 0; i < node.n_inputs; i++) inputs[i] = th_node_input(g, id, i);
    inputs[k] = tangents[k];
    sum = th_add(
        g, sum,
        th_graph_apply(g, node.operation, inputs, node.n_inputs, node.attribute, node.attribute_size));
  }
  th_free(g->cx, inputs, node.n_inputs * sizeof *inputs);
  return sum;
}

static ThNodeId push_node(ThGraph *g, ThNodeId id, const ThNodeId *tangents) {
  const ThOperation *operation = th_node(g, id)->operation;
  ThNodeId tangent = operation->pushforward   ? operation->pushforward(g, id, tangents)
                     : operation->elementwise ? push_elementwise(g, id, tangents)
                                              : push_linear(g, id, tangents);
  return th_broadcast_like(g, tangent, id);
}

/* The tangents of a node's inputs; false when all are zero. */
static bool input_tangents(const Sweep *s, ThNodeId id, ThNodeId *out) {
  ThGraph *g = s->reach.g;
  bool some = false;
  for (size_t k = 0; k < th_node(g, id)->n_inputs; k++) {
    ThNodeId input = th_node_input(g, id, k);
    out[k] = reaches(&s->reach, input) ? s->cotangents[input - s->reach.first] : TH_ZERO;
    some = some || out[k] != TH_ZERO;
  }
  return some;
}

bool th_push_forward(ThGraph *g, ThNodeId y, const ThNodeId *x, const ThNodeId *tangents, size_t n,
                     ThNodeId *out) {
  Sweep s;
  if (!sweep_init(g, y, x, n, &s)) return false;
  bool ok = true;
  ThNodeId first = s.reach.first;
  for (size_t i = 0; i < n; i++)
    if (x[i] <= y) s.cotangents[x[i] - first] = tangents[i];
  for (ThNodeId id = first; ok && id <= y && !g->failed; id++) {
    size_t n_inputs = th_node(g, id)->n_inputs;
    if (n_inputs == 0 || !reaches(&s.reach, id) || is_among(id, x, n)) continue;
    ThNodeId *in = th_poll_at(g->cx, id) ? th_alloc_array(g->cx, n_inputs, sizeof *in) : NULL;
    ok = in != NULL;
    if (ok && input_tangents(&s, id, in)) s.cotangents[id - first] = push_node(g, id, in);
    th_free(g->cx, in, n_inputs * sizeof *in);
  }
  *out = s.cotangents[y - first];
  sweep_clear(&s);
  return ok && !g->failed;
}

ThNodeId th_push_by_pulling(ThGraph *g, ThNodeId id, const ThNodeId *tangents) {
  ThNodeId seed = th_graph_filled(g, 0, id), sum = TH_ZERO;
  if (g->failed) return 0;
  g->nodes[seed].is_constant = false; /* what the cotangents are linear in */
  for (size_t k = 0; k < th_node(g, id)->n_inputs; k++) {
    if (tangents[k] == TH_ZERO) continue;
    ThNodeId cotangent = pull_node(g, id, seed, k), part;
    if (cotangent == TH_ZERO) continue;
    if (!th_pull_back(g, cotangent, tangents[k], &seed, 1, &part)) {
      g->failed = true;
      return 0;
    }
    sum = th_add(g, sum, part);
  }
  return sum;
}
