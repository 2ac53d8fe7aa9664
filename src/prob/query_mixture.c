/* query_mixture.c - dist(…) as a mixture over the outcomes of a few discrete variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each outcome the discrete variables become numbers, and the distribution of what is left is asked for; the
 * weights are the probabilities of the outcomes, given the conditions. An observed variable has one. */
#include <stdio.h>
#include <string.h>

#include "prob/families.h"
#include "prob/query_again.h"

enum { MOST_OUTCOMES = 64, MOST_DISCRETE = 6 };

typedef struct Mixing {
  ThQuery *q;
  size_t n;                         /* discrete variables */
  ThValue variables[MOST_DISCRETE]; /* borrowed */
  double *values[MOST_DISCRETE];
  size_t n_values[MOST_DISCRETE], at[MOST_DISCRETE];
  size_t n_parts;
  double weights[MOST_OUTCOMES];
  ThValue parts[MOST_OUTCOMES];
  char method[160]; /* of a weight or a part that is not exact; empty: there is none */
} Mixing;

/* --- Which discrete variables there are */

/* As a number a variable tells nothing of what it hangs on: all of that must become numbers too. */
static bool hangs_on_continuous(const ThQuery *q, size_t k, bool *out) {
  bool *hangs = th_alloc_array(q->cx, q->net.n_variables + 1, sizeof *hangs);
  bool ok = hangs && th_network_ancestors(&q->net, q->net.variables[k].variable->distribution, hangs);
  *out = false;
  for (size_t j = 0; ok && j < q->net.n_variables; j++)
    *out |= hangs[j] && q->variables[j].support != TH_SUPPORT_DISCRETE;
  th_free(q->cx, hangs, (q->net.n_variables + 1) * sizeof *hangs);
  return ok;
}

static bool add_variable(Mixing *m, size_t k, bool *fits) {
  ThQuery *q = m->q;
  const ThNetworkVariable *variable = &q->net.variables[k];
  ThValue d = variable->variable->distribution;
  bool continuous;
  if (!hangs_on_continuous(q, k, &continuous)) return false;
  *fits = m->n < MOST_DISCRETE && !continuous;
  if (!*fits) return true;
  double **values = &m->values[m->n];
  size_t *n = &m->n_values[m->n];
  if (q->variables[k].observed) {
    *values = th_alloc_array(q->cx, 1, sizeof **values);
    if (!*values) return false;
    (*values)[0] = q->variables[k].at;
    *n = 1;
  } else if (th_is_conditional(d) && th_as_conditional(d)->family == &th_family_bernoulli) {
    *values = th_alloc_array(q->cx, 2, sizeof **values);
    if (!*values) return false;
    (*values)[0] = 0, (*values)[1] = 1;
    *n = 2;
  } else {
    double lower, upper;
    *fits = variable->fixed && th_is_distribution(d) && th_as_distribution(d)->rank == 0;
    if (!*fits) return true;
    th_distribution_support(th_as_distribution(d), 0, &lower, &upper);
    *fits = upper - lower < 1e9;
    if (!*fits) return true;
    if (!th_distribution_outcomes(q->cx, th_as_distribution(d), 0, MOST_OUTCOMES, values, n)) return false;
    *fits = *n > 0;
  }
  m->variables[m->n++] = q->net.nodes[variable->node].source;
  return true;
}

/* *fits: there are discrete variables of few outcomes beside continuous ones. */
static bool read_variables(Mixing *m, bool *fits) {
  const ThQuery *q = m->q;
  size_t n_continuous = 0, outcomes = 1;
  *fits = true;
  for (size_t k = 0; *fits && k < q->net.n_variables; k++) {
    n_continuous += q->variables[k].support == TH_SUPPORT_CONTINUOUS && !q->variables[k].observed;
    if (q->variables[k].support != TH_SUPPORT_DISCRETE) continue;
    if (!add_variable(m, k, fits)) return false;
    if (*fits) outcomes *= m->n_values[m->n - 1];
    *fits = *fits && outcomes <= MOST_OUTCOMES;
  }
  *fits = *fits && m->n > 0 && n_continuous > 0;
  return true;
}

/* --- One outcome */

static bool note_method(Mixing *m, ThValue method) {
  if (!th_is_string(method) || strncmp(th_as_string(method)->text, "exact", 5) == 0) return true;
  snprintf(m->method, sizeof m->method, "%s", th_as_string(method)->text);
  return strncmp(m->method, "Monte Carlo", 11) != 0;
}

/* P(K = k, … | …) */
static bool find_weight(Mixing *m, double *weight, bool *fits) {
  ThQuery *q = m->q;
  ThValue events[MOST_DISCRETE], answer;
  size_t n = 0;
  ThValue *conditions = th_alloc_array(q->cx, q->n_conditions + 1, sizeof *conditions);
  bool ok = conditions != NULL;
  for (size_t i = 0; ok && i < q->n_conditions; i++) conditions[i] = q->conditions[i].event;
  for (; ok && n < m->n; n++) {
    ok = th_binary(q->cx, TH_OP_EQUAL, m->variables[n], th_number(m->values[n][m->at[n]]), 0, &events[n]);
    if (!ok) break;
  }
  ok = ok && th_query_ask(q, TH_QUERY_P, events, n, conditions, q->n_conditions, &answer);
  th_release_all(events, n);
  th_free(q->cx, conditions, (q->n_conditions + 1) * sizeof *conditions);
  if (!ok) return false;
  *weight = creal(th_as_estimate(answer)->value);
  *fits = th_as_estimate(answer)->error == 0 || note_method(m, th_as_estimate(answer)->method);
  th_release(answer);
  return true;
}

/* The distribution of the target with the discrete variables as numbers, the youngest first: one may hang on
 * another. */
static bool find_part(Mixing *m, ThValue *out, bool *found) {
  ThQuery *q = m->q;
  ThAsked asked;
  bool possible;
  size_t last = m->n - 1;
  if (!th_asked_replace(q, m->variables[last], th_number(m->values[last][m->at[last]]), &asked, found))
    return false;
  bool ok = true;
  for (size_t i = last; ok && *found && i-- > 0;)
    ok = th_asked_replace_in(q->cx, &asked, m->variables[i], th_number(m->values[i][m->at[i]]));
  ok = ok && th_asked_drop_constants(q->cx, &asked, &possible);
  double x;
  *found = *found && ok && possible;
  if (*found && th_to_number(asked.values[0], &x)) ok = th_distribution_of(q->cx, &th_family_point, &x, out);
  else if (*found)
    ok = th_query_part_distribution(q, asked.values[0], asked.values + 1, asked.n_conditions, out, found);
  th_asked_clear(&asked);
  return ok;
}

static bool add_outcome(Mixing *m, bool *fits) {
  double weight;
  ThValue part;
  if (!find_weight(m, &weight, fits)) return false;
  if (!*fits || weight == 0) return true;
  if (!find_part(m, &part, fits)) return false;
  if (!*fits) return true;
  *fits = th_as_distribution(part)->rank == 0 && note_method(m, th_as_distribution(part)->method);
  m->weights[m->n_parts] = weight;
  m->parts[m->n_parts++] = part;
  return true;
}

/* The next outcome; false after the last. */
static bool step(Mixing *m) {
  for (size_t i = m->n; i-- > 0;) {
    if (++m->at[i] < m->n_values[i]) return true;
    m->at[i] = 0;
  }
  return false;
}

/* --- The answer */

static bool list_of_parts(Mixing *m, ThValue *out) {
  ThList *list = th_list_new(m->q->cx, m->n_parts);
  if (!list) return false;
  *out = th_object(list);
  for (size_t i = 0; i < m->n_parts; i++)
    if (!th_list_push_take(m->q->cx, list, th_retain(m->parts[i]))) return false;
  return true;
}

static bool mix(Mixing *m, ThValue *out) {
  ThContext *cx = m->q->cx;
  ThValue parameters[2] = {th_none(), th_none()};
  ThArray *weights = th_vector_new(cx, TH_DOUBLE, m->n_parts);
  if (!weights) return false;
  memcpy(weights->real, m->weights, m->n_parts * sizeof *weights->real);
  parameters[0] = th_object(weights);
  bool ok = list_of_parts(m, &parameters[1]) && th_distribution_new(cx, &th_family_mixture, parameters, out);
  th_release_all(parameters, 2);
  return ok;
}

static bool answer(Mixing *m, ThValue *out, bool *done) {
  bool fits;
  char method[80];
  if (!read_variables(m, &fits)) return false;
  do {
    if (fits && !add_outcome(m, &fits)) return false;
  } while (fits && step(m));
  if (!fits || m->n_parts == 0) return true;
  bool ok = m->n_parts == 1 ? th_distribution_copy(m->q->cx, m->parts[0], out) : mix(m, out);
  if (!ok) return false;
  *done = true;
  if (m->n_parts == 1) snprintf(method, sizeof method, "exact");
  else snprintf(method, sizeof method, "exact (mixture of %zu)", m->n_parts);
  th_text_add(&m->q->story, "for each outcome of the discrete variables the distribution is known\n");
  if (th_query_sign(m->q, *out, m->method[0] ? m->method : method)) return true;
  th_release(*out);
  return false;
}

bool th_answer_mixture(ThQuery *q, ThValue *out, bool *done) {
  if (q->kind != TH_QUERY_DIST || q->n_targets != 1 || !th_is_variable(q->targets[0])) return true;
  Mixing *m = th_alloc(q->cx, sizeof *m);
  if (!m) return false;
  *m = (Mixing){.q = q};
  bool ok = answer(m, out, done);
  for (size_t i = 0; i < MOST_DISCRETE; i++) th_free(q->cx, m->values[i], m->n_values[i] * sizeof(double));
  th_release_all(m->parts, m->n_parts);
  th_free(q->cx, m, sizeof *m);
  return ok;
}
