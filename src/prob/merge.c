/* merge.c - outcomes that differ only in what is no longer needed are one state */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/merge.h"

#include <math.h>
#include <string.h>

enum {
  MOST_STATES = 1 << 22,
  MOST_WORK = 30000000, /* states made, over all steps */
  MOST_VALUES = 1000000 /* of one variable */
};

/* States by their values: open addressing, at most half full. */
typedef struct Table {
  size_t width, n, capacity, n_slots;
  double *values; /* (n, width) */
  double *weights;
  uint32_t *slots; /* 1 + the state's number; 0: empty */
} Table;

typedef struct Run {
  ThQuery *q;
  const ThMergePlan *plan;
  double tail;
  uint32_t *columns, *next_columns; /* of `now` and of `next` */
  Table now, next;
  size_t work;
  bool fit;
} Run;

static ThNetwork *net_of(const Run *r) { return &r->q->net; }

/* --- The table */

static void table_clear(ThContext *cx, Table *t) {
  th_free(cx, t->values, t->capacity * t->width * sizeof *t->values);
  th_free(cx, t->weights, t->capacity * sizeof *t->weights);
  th_free(cx, t->slots, t->n_slots * sizeof *t->slots);
  *t = (Table){0};
}

static size_t slot_of(const Table *t, const double *values) {
  uint64_t hash = 0x9E3779B97F4A7C15u;
  for (size_t c = 0; c < t->width; c++) {
    uint64_t bits;
    memcpy(&bits, &values[c], sizeof bits);
    hash = (hash ^ bits) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  size_t slot = (size_t)hash & (t->n_slots - 1);
  while (t->slots[slot] &&
         memcmp(t->values + (t->slots[slot] - 1) * t->width, values, t->width * sizeof *values))
    slot = (slot + 1) & (t->n_slots - 1);
  return slot;
}

static bool table_grow(ThContext *cx, Table *t) {
  Table larger = {.width = t->width, .n = t->n, .capacity = t->capacity ? 4 * t->capacity : 64};
  larger.n_slots = 2 * larger.capacity;
  larger.values = th_alloc_array(cx, larger.capacity * larger.width, sizeof *larger.values);
  larger.weights = larger.values ? th_alloc_array(cx, larger.capacity, sizeof *larger.weights) : NULL;
  larger.slots = larger.weights ? th_alloc_array(cx, larger.n_slots, sizeof *larger.slots) : NULL;
  if (!larger.slots) {
    table_clear(cx, &larger);
    return false;
  }
  memset(larger.slots, 0, larger.n_slots * sizeof *larger.slots);
  for (size_t i = 0; i < t->n; i++) {
    const double *values = t->values + i * t->width;
    size_t slot = slot_of(&larger, values);
    memcpy(larger.values + i * t->width, values, t->width * sizeof *values);
    larger.weights[i] = t->weights[i];
    larger.slots[slot] = (uint32_t)i + 1;
  }
  table_clear(cx, t);
  *t = larger;
  return true;
}

static bool table_add(ThContext *cx, Table *t, const double *values, double weight) {
  if (t->n == t->capacity && !table_grow(cx, t)) return false;
  size_t slot = slot_of(t, values);
  if (t->slots[slot]) {
    t->weights[t->slots[slot] - 1] += weight;
    return true;
  }
  memcpy(t->values + t->n * t->width, values, t->width * sizeof *values);
  t->weights[t->n] = weight;
  t->slots[slot] = (uint32_t)++t->n;
  return true;
}

/* --- States in the network */

static void load(const Run *r, const Table *t, const uint32_t *columns, size_t state) {
  for (size_t c = 0; c < t->width; c++)
    th_network_set(net_of(r), columns[c], t->values[state * t->width + c]);
}

/* Nodes without numbers that node i looks through, inputs first; then the node itself. */
static bool compute(ThQuery *q, const ThMergePlan *plan, uint32_t i, bool itself, bool *fit) {
  ThNetworkNode *node = &q->net.nodes[i];
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    uint32_t input = q->net.inputs[node->first_input + j].node;
    if (input == TH_NO_NODE || !plan->transparent[input] || q->net.nodes[input].level == 0) continue;
    bool computed = !q->net.nodes[input].skipped;
    if (!compute(q, plan, input, computed, fit)) return false;
  }
  bool done = true;
  if (itself && !th_network_recompute(&q->net, i, &done)) return false;
  *fit &= done;
  return true;
}

static bool number_at(const ThNetwork *net, uint32_t i, double *x) {
  return th_is_scalar(net->nodes[i].value) && th_to_number(net->nodes[i].value, x) && !isnan(*x);
}

/* The values that are remembered after this step, as they are now. */
static bool emit(Run *r, double weight) {
  double small[64], *values = small;
  size_t width = r->next.width;
  if (weight == 0) return true;
  if (width > 64) {
    r->fit = false;
    return true;
  }
  for (size_t c = 0; c < width; c++) {
    if (!number_at(net_of(r), r->next_columns[c], &values[c])) {
      r->fit = false;
      return true;
    }
    values[c] += 0.0; /* -0 is 0 */
  }
  if (++r->work > MOST_WORK || r->next.n > MOST_STATES) r->fit = false;
  if (r->work % 4096 == 0 && !th_poll(r->q->cx)) return false;
  return !r->fit || table_add(r->q->cx, &r->next, values, weight);
}

/* --- Steps */

static bool draw_values(Run *r, uint32_t node, const ThDistribution *d, double weight) {
  double *values;
  size_t n;
  if (!th_distribution_outcomes(r->q->cx, d, r->tail, MOST_VALUES, &values, &n)) return false;
  bool ok = true;
  if (n == 0) r->fit = false;
  for (size_t i = 0; ok && r->fit && i < n; i++) {
    double mass;
    ok = th_distribution_measure(r->q->cx, d, 0, TH_PDF, values[i], &mass);
    th_network_set(net_of(r), node, values[i]);
    ok = ok && emit(r, weight * mass);
  }
  th_free(r->q->cx, values, n * sizeof *values);
  return ok;
}

static bool draw(Run *r, const ThMergeStep *step, double weight) {
  ThQuery *q = r->q;
  size_t k = q->net.nodes[step->node].declared;
  const ThQueryVariable *variable = &q->variables[k];
  const ThDistribution *d;
  if (!compute(q, r->plan, step->node, false, &r->fit)) return false;
  if (!r->fit) return true;
  if (!th_network_distribution(&q->net, k, &d)) return false;
  if (!variable->observed) return draw_values(r, step->node, d, weight);
  double density;
  return th_distribution_measure(q->cx, d, 0, TH_PDF, variable->at, &density) && emit(r, weight * density);
}

static bool compute_step(Run *r, const ThMergeStep *step, double weight) {
  bool holds = true;
  double x;
  if (!compute(r->q, r->plan, step->node, true, &r->fit)) return false;
  if (!r->fit) return true;
  if (step->filter && !th_network_event(net_of(r), r->q->net.nodes[step->node].source, &holds)) return false;
  if (!number_at(net_of(r), step->node, &x)) r->fit = false;
  else th_network_set(net_of(r), step->node, x);
  return !holds || emit(r, weight);
}

static bool add_step(Run *r, const ThMergeStep *step, double weight) {
  double sum = 0, x;
  const ThInput *element = &step->element;
  bool numbers = step->starts || number_at(net_of(r), step->node, &sum);
  if (element->node == TH_NO_NODE) numbers = numbers && th_to_number(element->plain, &x);
  else numbers = numbers && number_at(net_of(r), element->node, &x);
  if (!numbers) {
    r->fit = false;
    return true;
  }
  th_network_set(net_of(r), step->node, sum + x);
  return emit(r, weight);
}

static bool step_state(Run *r, const ThMergeStep *step, double weight) {
  switch (step->act) {
    case TH_MERGE_DRAW: return draw(r, step, weight);
    case TH_MERGE_COMPUTE: return compute_step(r, step, weight);
    case TH_MERGE_ADD: return add_step(r, step, weight);
  }
  return false;
}

/* Columns after a step: those before, and its node, without what is forgotten. */
static void choose_columns(Run *r, size_t at) {
  const ThMergeStep *step = &r->plan->steps[at];
  size_t n = 0;
  bool there = false;
  for (size_t c = 0; c < r->now.width; c++) {
    uint32_t node = r->columns[c];
    if (r->plan->last[node] == at) continue;
    there |= node == step->node;
    r->next_columns[n++] = node;
  }
  if (step->keeps && !there && r->plan->last[step->node] != at) r->next_columns[n++] = step->node;
  r->next.width = n;
}

static bool run_step(Run *r, size_t at) {
  const ThMergeStep *step = &r->plan->steps[at];
  choose_columns(r, at);
  for (size_t i = 0; r->fit && i < r->now.n; i++) {
    load(r, &r->now, r->columns, i);
    if (!step_state(r, step, r->now.weights[i])) return false;
  }
  table_clear(r->q->cx, &r->now);
  r->now = r->next;
  r->next = (Table){0};
  uint32_t *swap = r->columns;
  r->columns = r->next_columns;
  r->next_columns = swap;
  return true;
}

/* Before the first step there is one state, of weight 1. */
static bool run(Run *r) {
  const ThNetwork *net = net_of(r);
  for (size_t k = 0; k < net->n_variables; k++)
    th_network_set(net_of(r), net->variables[k].node,
                   r->q->variables[k].observed ? r->q->variables[k].at : 0);
  if (!table_add(r->q->cx, &r->now, &(double){0}, 1)) return false;
  for (size_t at = 0; r->fit && at < r->plan->n_steps; at++)
    if (!run_step(r, at)) return false;
  return true;
}

/* --- The result */

bool th_merged_init(ThQuery *q, double tail, ThMerged *merged, bool *out) {
  *merged = (ThMerged){0};
  if (!th_merge_plan_init(q, &merged->plan, out) || !*out) return !*out && q->cx->error.code == TH_OK;
  Run r = {.q = q, .plan = &merged->plan, .tail = tail, .fit = true};
  size_t n = q->net.n_nodes + 1, size = n * sizeof *r.columns;
  r.columns = th_alloc_array(q->cx, n, sizeof *r.columns);
  r.next_columns = r.columns ? th_alloc_array(q->cx, n, sizeof *r.next_columns) : NULL;
  bool ok = r.next_columns && run(&r);
  *out = ok && r.fit;
  if (*out) {
    merged->width = r.now.width;
    merged->n = r.now.n;
    merged->values = r.now.values;
    merged->weights = r.now.weights;
    merged->capacity = r.now.capacity;
    merged->columns = r.columns;
    merged->column_capacity = n;
    r.columns = NULL;
    r.now.values = r.now.weights = NULL;
  }
  table_clear(q->cx, &r.now);
  table_clear(q->cx, &r.next);
  th_free(q->cx, r.columns, size);
  th_free(q->cx, r.next_columns, size);
  if (!*out) th_merged_clear(q, merged);
  return ok;
}

void th_merged_clear(ThQuery *q, ThMerged *m) {
  ThContext *cx = q->cx;
  th_free(cx, m->values, m->capacity * m->width * sizeof *m->values);
  th_free(cx, m->weights, m->capacity * sizeof *m->weights);
  th_free(cx, m->columns, m->column_capacity * sizeof *m->columns);
  th_merge_plan_clear(cx, &m->plan);
  *m = (ThMerged){0};
}

static bool compute_targets(ThQuery *q, const ThMerged *m) {
  bool fit = true;
  for (size_t i = 0; i < q->n_targets; i++) {
    uint32_t node = th_network_find(&q->net, q->targets[i]);
    if (node == TH_NO_NODE || q->net.nodes[node].level == 0) continue;
    bool kept = q->net.nodes[node].declared != TH_NO_NODE;
    for (size_t c = 0; c < m->width; c++) kept |= m->columns[c] == node;
    if (!kept && !compute(q, &m->plan, node, true, &fit)) return false;
  }
  return true;
}

bool th_merged_visit(ThQuery *q, const ThMerged *m, ThVisit visit, void *self) {
  for (size_t i = 0; i < m->n; i++) {
    if (i % 1024 == 0 && !th_poll(q->cx)) return false;
    for (size_t c = 0; c < m->width; c++) th_network_set(&q->net, m->columns[c], m->values[i * m->width + c]);
    if (!compute_targets(q, m) || !visit(self, q, m->weights[i], true)) return false;
  }
  return true;
}
