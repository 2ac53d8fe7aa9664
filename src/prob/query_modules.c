/* query_modules.c - parts of a question that several variables come in through, as one variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In P(U^2 + V*W > sin(U)) V and W appear in V*W alone. A variable with the distribution of V*W in its place leaves a
 * question about two variables instead of three. */
#include <string.h>

#include "prob/components.h"
#include "prob/query_again.h"

enum { MOST_VARIABLES = 200, MOST_TRIED = 6 };

typedef struct Modules {
  ThQuery *q;
  bool all;      /* only a part that holds all variables will do */
  bool *inside;  /* (variables): those that the node hangs on */
  bool *reached; /* (nodes) */
} Modules;

static uint32_t root_of(const ThQuery *q, size_t i) {
  ThValue root = i < q->n_targets ? q->targets[i] : q->conditions[i - q->n_targets].event;
  return th_network_find(&q->net, root);
}

/* Are the variables inside read through the node alone? */
static bool is_closed(Modules *m, uint32_t node) {
  const ThNetwork *net = &m->q->net;
  memset(m->reached, 0, net->n_nodes * sizeof *m->reached);
  for (size_t i = 0; i < m->q->n_targets + m->q->n_conditions; i++) {
    uint32_t root = root_of(m->q, i);
    if (root != TH_NO_NODE) m->reached[root] = true;
  }
  for (size_t i = net->n_nodes; i-- > 0;) { /* inputs stand before what reads them */
    const ThNetworkNode *at = &net->nodes[i];
    if (!m->reached[i] || i == node) continue;
    if (at->declared != TH_NO_NODE && m->inside[at->declared]) return false;
    for (uint32_t j = 0; j < at->n_inputs; j++) {
      uint32_t input = net->inputs[at->first_input + j].node;
      if (input != TH_NO_NODE) m->reached[input] = true;
    }
  }
  return m->reached[node];
}

/* Conditions that are on the node itself do not matter. */
static bool are_apart(ThQuery *q, const ThValue *sides, bool *out) {
  ThComponents plain;
  size_t n_conditions = q->n_conditions;
  q->n_conditions = 0;
  bool ok = th_components_init(q, &plain) && th_components_are_apart(&plain, sides[0], sides[1], out);
  q->n_conditions = n_conditions;
  th_components_clear(&plain);
  return ok;
}

/* A combination of independent sides, all of continuous variables. */
static bool is_module(Modules *m, uint32_t node, bool *out) {
  ThQuery *q = m->q;
  ThValue v = q->net.nodes[node].source;
  *out = th_is_combination(v);
  if (!*out) return true;
  if (!th_network_ancestors(&q->net, v, m->inside)) return false;
  for (size_t k = 0; k < q->net.n_variables; k++)
    if (m->inside[k] ? q->variables[k].support != TH_SUPPORT_CONTINUOUS : m->all) *out = false;
  *out = *out && is_closed(m, node);
  return !*out || are_apart(q, th_as_variable(v)->arguments, out);
}

/* --- The question with a fresh variable in place of the node */

static const char *method_of(ThValue part) {
  ThValue method = th_as_distribution(part)->method;
  return th_is_string(method) ? th_as_string(method)->text : "exact";
}

static bool is_exact(ThValue part) { return strncmp(method_of(part), "exact", 5) == 0; }

/* What was found is no more exact than the distribution of the part. */
static bool sign(ThQuery *q, ThValue part, ThValue answer, ThValue *out) {
  const char *method = method_of(part);
  bool exact = is_exact(part);
  if (th_is_distribution(answer)) {
    *out = th_retain(answer);
    if (exact || th_query_sign(q, *out, method)) return true;
    th_release(*out);
    return false;
  }
  const ThEstimate *e = th_as_estimate(answer);
  th_text_add(&q->story, "several variables come in through one part, whose distribution is known\n");
  if (exact || e->error > 0) method = th_as_string(e->method)->text;
  return th_query_number(q, e->value, e->error, method, out);
}

/* Asks the question with the fresh variable. That there is no answer for want of digits is no answer. */
static bool ask(ThQuery *q, const ThAsked *question, bool exact, ThValue *answer, bool *found) {
  if (q->kind == TH_QUERY_DIST)
    return th_query_ask_distribution(q, question->values[0], question->values + question->n_targets,
                                     question->n_conditions, answer, found);
  *found = th_query_ask(q, q->kind, question->values, question->n_targets,
                        question->values + question->n_targets, question->n_conditions, answer);
  if (*found || exact || th_is_final(q->cx)) return *found;
  th_error_clear(q->cx);
  return true;
}

static bool ask_without(ThQuery *q, uint32_t node, ThValue part, ThValue *out, bool *done) {
  ThValue from = q->net.nodes[node].source, fresh, answer;
  ThAsked asked;
  ThSymbol *name = th_symbol_of(q->cx, "part");
  if (!name || !th_variable_new(q->cx, name, 0, part, &fresh)) return false;
  bool exact = is_exact(part);
  bool found = false, fits;
  bool ok = th_asked_replace(q, from, fresh, &asked, &fits) &&
            (!fits || ask(q, &asked, exact, &answer, &found));
  th_asked_clear(&asked);
  th_release(fresh);
  if (!ok || !found) return ok;
  *done = !th_query_is_drawn(answer);
  ok = !*done || sign(q, part, answer, out);
  th_release(answer);
  return ok;
}

/* The largest parts first. */
static bool try_nodes(Modules *m, ThValue *out, bool *done) {
  ThQuery *q = m->q;
  uint32_t target = q->kind == TH_QUERY_DIST ? th_network_find(&q->net, q->targets[0]) : TH_NO_NODE;
  for (size_t i = q->net.n_nodes, tried = 0; i-- > 0 && tried < MOST_TRIED;) {
    bool fits, found;
    ThValue part;
    bool itself = i == target && q->n_conditions == 0;
    if (q->net.nodes[i].level == 0 || itself) continue;
    if (!is_module(m, (uint32_t)i, &fits)) return false;
    if (!fits) continue;
    tried++;
    if (!th_query_part_distribution(q, q->net.nodes[i].source, NULL, 0, &part, &found)) return false;
    if (!found) continue;
    bool ok = ask_without(q, (uint32_t)i, part, out, done);
    th_release(part);
    return ok;
  }
  return true;
}

static bool answer(ThQuery *q, bool all, ThValue *out, bool *done) {
  size_t n = q->net.n_variables, n_nodes = q->net.n_nodes;
  Modules m = {.q = q, .all = all};
  if (n < 2 || n > MOST_VARIABLES) return true;
  m.inside = th_alloc_array(q->cx, n + 1, sizeof *m.inside);
  m.reached = th_alloc_array(q->cx, n_nodes + 1, sizeof *m.reached);
  bool ok = m.inside && m.reached && try_nodes(&m, out, done);
  th_free(q->cx, m.inside, (n + 1) * sizeof *m.inside);
  th_free(q->cx, m.reached, (n_nodes + 1) * sizeof *m.reached);
  return ok;
}

bool th_answer_modules(ThQuery *q, ThValue *out, bool *done) { return answer(q, false, out, done); }

/* Where the integrals would be many, or only one is left. */
bool th_answer_large_modules(ThQuery *q, ThValue *out, bool *done) {
  size_t n_free = 0;
  for (size_t k = 0; k < q->net.n_variables; k++)
    n_free += !q->variables[k].observed && q->variables[k].support == TH_SUPPORT_CONTINUOUS;
  return q->kind == TH_QUERY_DIST || n_free < 2 || answer(q, n_free == 2, out, done);
}
