/* query_conjugate.c - answers from the exact posterior of one variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a question is about one variable, and the conditions turn its distribution into another known one, the
 * question is asked again of a variable with that distribution, without conditions. */
#include "prob/conjugate.h"

#include <stdio.h>
#include <string.h>

#include "prob/posterior.h"
#include "prob/query_again.h"

/* --- Conjugate pairs */

/* The parameters of variable j's distribution as numbers, `at` the one that is variable `parent`; false
 * when it is anything else. */
static bool read_child(ThQuery *q, size_t j, ThValue parent, double *p, int *at, bool *fits) {
  ThValue distribution = q->net.variables[j].variable->distribution, values[TH_MAX_PARAMETERS];
  *fits = false;
  *at = -1;
  if (!th_is_conditional(distribution)) return true;
  const ThConditional *c = th_as_conditional(distribution);
  if (!th_parameter_values(q->cx, c->family, c->arguments, values)) return false;
  bool fine = true;
  for (int i = 0; i < c->family->n_parameters; i++) {
    p[i] = 0;
    if (th_is_scalar(values[i])) p[i] = th_as_scalar(values[i]);
    else if (values[i].bits == parent.bits && *at < 0) *at = i;
    else fine = false;
  }
  th_release_all(values, (size_t)c->family->n_parameters);
  *fits = fine && *at >= 0;
  return true;
}

static bool tell_rule(ThQuery *q, const ThConjugate *pair, size_t count) {
  th_text_format(&q->story, "%s prior, %s likelihood, %zu observation%s; each updates to %s\n",
                 pair->prior->name, pair->likelihood->name, count, count == 1 ? "" : "s", pair->rule);
  return th_text_ok(&q->story, q->cx);
}

/* One observation: the posterior's parameters replace those in p. */
static bool update_with(ThQuery *q, size_t j, ThValue parent, const ThFamily *prior, double *p,
                        const ThConjugate **pair, bool *fits) {
  double child[TH_MAX_PARAMETERS], next[TH_MAX_PARAMETERS];
  int at;
  if (!read_child(q, j, parent, child, &at, fits)) return false;
  if (!*fits) return true;
  *pair = th_conjugate_find(prior, th_as_conditional(q->net.variables[j].variable->distribution)->family, at);
  *fits = *pair != NULL;
  if (!*fits) return true;
  if (!((*pair)->log_predictive(p, child, q->variables[j].at) > -1e300)) return th_query_fail_impossible(q);
  (*pair)->update(p, child, q->variables[j].at, next);
  memcpy(p, next, sizeof next);
  return true;
}

bool th_posterior_conjugate(ThQuery *q, size_t k, ThValue *out, bool *found) {
  const ThNetworkVariable *variable = &q->net.variables[k];
  ThValue parent = q->net.nodes[variable->node].source;
  double p[TH_MAX_PARAMETERS] = {0};
  *found = false;
  if (!variable->fixed || !th_is_distribution(variable->distribution)) return true;
  const ThDistribution *prior = th_as_distribution(variable->distribution);
  if (prior->rank > 0 || !prior->family->math || prior->family->build) return true;
  const ThFamily *family = th_conjugate_prior(prior->family, prior->p, p);
  const ThConjugate *pair = NULL;
  for (size_t i = 0; i < q->n_conditions; i++)
    if (!q->conditions[i].observation) return true;
  for (size_t j = 0; j < q->net.n_variables; j++) {
    bool fits;
    if (j == k) continue;
    if (!q->variables[j].observed) return true;
    if (!update_with(q, j, parent, family, p, &pair, &fits)) return false;
    if (!fits) return true;
  }
  if (!pair || q->variables[k].observed) return true;
  *found = true;
  return tell_rule(q, pair, q->net.n_variables - 1) && th_distribution_of(q->cx, family, p, out);
}

/* --- The strategy */

/* The one free variable that the targets read; SIZE_MAX when they read several, or an observed one. */
static bool only_variable(ThQuery *q, size_t *k) {
  size_t n = q->net.n_variables, count = 0;
  bool *reads = th_alloc(q->cx, n + 1);
  bool ok = reads != NULL;
  size_t last = SIZE_MAX;
  for (size_t i = 0; ok && i < q->n_targets; i++) {
    ok = th_network_reads(&q->net, q->targets[i], reads);
    for (size_t j = 0; ok && j < n; j++) {
      if (!reads[j] || j == last) continue;
      last = j;
      count++;
    }
  }
  *k = ok && count == 1 && !q->variables[last].observed ? last : SIZE_MAX;
  th_free(q->cx, reads, n + 1);
  return ok;
}

/* The targets with a fresh variable of distribution d in place of variable k, asked without conditions. */
static bool ask_again(ThQuery *q, size_t k, ThValue d, ThValue *out) {
  const ThVariable *old = q->net.variables[k].variable;
  ThValue from = q->net.nodes[q->net.variables[k].node].source, to, targets[8] = {{0}};
  size_t n = 0;
  if (!th_variable_new(q->cx, old->name, old->index, d, &to)) return false;
  bool ok = q->n_targets <= 8;
  for (; ok && n < q->n_targets; n++) {
    ok = th_variable_replace(q->cx, q->targets[n], from, to, &targets[n]);
    if (!ok) break;
  }
  ok = ok && th_query_ask(q, q->kind, targets, n, NULL, 0, out);
  th_release_all(targets, n);
  th_release(to);
  return ok;
}

static bool sign_estimate(ThQuery *q, ThValue answer, const char *name, ThValue *out) {
  const ThEstimate *e = th_as_estimate(answer);
  char method[120];
  if (e->error == 0) snprintf(method, sizeof method, "exact (%s)", name);
  else snprintf(method, sizeof method, "%s", th_as_string(e->method)->text);
  return th_query_number(q, e->value, e->error, method, out);
}

/* Takes the answer. */
static bool sign_distribution(ThQuery *q, ThValue answer, const char *name, ThValue *out) {
  char method[40];
  snprintf(method, sizeof method, "exact (%s)", name);
  *out = answer;
  if (th_query_sign(q, answer, method)) return true;
  th_release(answer);
  return false;
}

bool th_query_sign_again_take(ThQuery *q, ThValue answer, const char *name, ThValue *out) {
  if (!th_is_estimate(answer)) return sign_distribution(q, answer, name, out);
  bool ok = sign_estimate(q, answer, name, out);
  th_release(answer);
  return ok;
}

static bool tell_posterior(ThQuery *q, ThValue posterior) {
  th_text_add(&q->story, "the posterior is ");
  if (!th_distribution_text(q->cx, posterior, &q->story)) return false;
  th_text_char(&q->story, '\n');
  return true;
}

bool th_answer_conjugate(ThQuery *q, ThValue *out, bool *done) {
  size_t k;
  ThValue posterior, answer;
  bool found = false;
  const char *name = "conjugate";
  if (q->n_conditions == 0 || q->n_targets > 8) return true;
  if (!only_variable(q, &k)) return false;
  if (k == SIZE_MAX) return true;
  if (!th_posterior_conjugate(q, k, &posterior, &found)) return false;
  if (!found) {
    name = "linear Gaussian";
    if (!th_posterior_gaussian(q, k, &posterior, &found)) return false;
  }
  if (!found) return true;
  *done = true;
  bool ok = ask_again(q, k, posterior, &answer);
  if (ok && th_is_estimate(answer) && !tell_posterior(q, posterior)) {
    th_release(answer);
    ok = false;
  }
  ok = ok && th_query_sign_again_take(q, answer, name, out);
  th_release(posterior);
  return ok;
}
