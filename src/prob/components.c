/* components.c - which variables of a query have anything to do with each other */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/components.h"

#include <string.h>

/* Everything of component b becomes of component a, or the other way round: the least variable names it. */
static void unite(ThComponents *c, uint32_t a, uint32_t b) {
  uint32_t to = a < b ? a : b, from = a < b ? b : a;
  if (to == from) return;
  for (size_t k = 0; k < c->n; k++)
    if (c->of[k] == from) c->of[k] = to;
}

/* All that c->hangs names become one component: TH_NO_NODE when it names none. */
static uint32_t unite_marked(ThComponents *c) {
  uint32_t one = TH_NO_NODE;
  for (size_t k = 0; k < c->n; k++) {
    if (!c->hangs[k]) continue;
    if (one != TH_NO_NODE) unite(c, one, c->of[k]);
    one = c->of[k];
  }
  return one;
}

bool th_components_join(ThComponents *c, ThValue v, uint32_t *one) {
  if (!th_network_ancestors(&c->q->net, v, c->hangs)) return false;
  *one = unite_marked(c);
  return true;
}

static bool join_all(ThComponents *c) {
  ThQuery *q = c->q;
  uint32_t one;
  for (size_t k = 0; k < c->n; k++) {
    if (q->net.variables[k].fixed) continue;
    if (!th_network_ancestors(&q->net, q->net.variables[k].variable->distribution, c->hangs)) return false;
    c->hangs[k] = true;
    unite_marked(c);
  }
  for (size_t i = 0; i < q->n_conditions; i++)
    if (!th_components_join(c, q->conditions[i].event, &one)) return false;
  return true;
}

bool th_components_init(ThQuery *q, ThComponents *c) {
  *c = (ThComponents){.q = q, .n = q->net.n_variables};
  c->of = th_alloc_array(q->cx, c->n + 1, sizeof *c->of);
  c->hangs = th_alloc_array(q->cx, c->n + 1, sizeof *c->hangs);
  if (!c->of || !c->hangs) return false;
  for (size_t k = 0; k < c->n; k++) c->of[k] = (uint32_t)k;
  return join_all(c);
}

void th_components_clear(ThComponents *c) {
  th_free(c->q->cx, c->of, (c->n + 1) * sizeof *c->of);
  th_free(c->q->cx, c->hangs, (c->n + 1) * sizeof *c->hangs);
  c->of = NULL;
  c->hangs = NULL;
}

bool th_components_read(ThComponents *c, ThValue v, uint32_t *one, size_t *n) {
  if (!th_network_ancestors(&c->q->net, v, c->hangs)) return false;
  *one = TH_NO_NODE;
  *n = 0;
  bool several = false;
  for (size_t k = 0; k < c->n; k++) {
    if (!c->hangs[k]) continue;
    several |= (*n)++ > 0 && c->of[k] != *one;
    *one = c->of[k];
  }
  if (several) *one = TH_NO_NODE;
  return true;
}

bool th_components_are_apart(ThComponents *c, ThValue a, ThValue b, bool *out) {
  ThQuery *q = c->q;
  bool *of_a = th_alloc_array(q->cx, c->n + 1, sizeof *of_a);
  if (!of_a) return false;
  bool ok = th_network_ancestors(&q->net, a, of_a) && th_network_ancestors(&q->net, b, c->hangs);
  *out = ok;
  for (size_t i = 0; ok && i < c->n; i++)
    for (size_t j = 0; of_a[i] && j < c->n; j++)
      if (c->hangs[j] && c->of[i] == c->of[j]) *out = false;
  th_free(q->cx, of_a, (c->n + 1) * sizeof *of_a);
  return ok;
}

bool th_components_conditions(ThComponents *c, uint32_t component, ThValue *events, size_t *n) {
  *n = 0;
  for (size_t i = 0; i < c->q->n_conditions; i++) {
    uint32_t one;
    size_t count;
    ThValue event = c->q->conditions[i].event;
    if (!th_components_read(c, event, &one, &count)) return false;
    if (one == component) events[(*n)++] = event;
  }
  return true;
}
