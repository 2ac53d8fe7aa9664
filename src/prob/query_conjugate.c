/* query_conjugate.c - answers from the exact posterior of one variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a question is about one variable, and the conditions turn its distribution into another known one, the
 * question is asked again of a variable with that distribution, without conditions. */
#include "prob/conjugate_form.h"

#include <stdio.h>
#include <string.h>

#include "prob/families.h"
#include "prob/joint.h"
#include "prob/posterior.h"
#include "prob/query_again.h"

enum { MOST_TARGETS = 8, MOST_CONDITIONS = 32 };

/* --- Conjugate pairs */

/* A variable whose distribution has one unknown: the parameters as numbers, of which the one at `parameter` is the
 * unknown, or -1 when that is given by another name. */
typedef struct Child {
  const ThFamily *family;
  double p[TH_MAX_PARAMETERS];
  int parameter;
  ThValue unknown; /* what stands in its place, borrowed */
  ThConjugateForm form;
  const char *name;
  size_t length;
} Child;

/* Which argument is the unknown, a multiple of a power of the parent; the others must be numbers. */
static bool find_unknown(const ThConditional *c, ThValue parent, Child *child) {
  for (size_t i = 0; i < c->n; i++) {
    ThValue v = c->arguments[i];
    if (th_is_unset(v) || th_is_scalar(v)) continue;
    if (child->name || !th_conjugate_form_read(v, 0, &child->form)) return false;
    if (child->form.variable != th_as_variable(parent)) return false;
    child->unknown = v;
    child->name = th_family_argument(c->family, i, &child->length);
  }
  return child->name != NULL;
}

/* *fits is false when the distribution of variable j is anything else. */
static bool read_child(ThQuery *q, size_t j, ThValue parent, Child *child, bool *fits) {
  ThValue distribution = q->net.variables[j].variable->distribution, values[TH_MAX_PARAMETERS];
  *child = (Child){.parameter = -1};
  *fits = th_is_conditional(distribution) && find_unknown(th_as_conditional(distribution), parent, child);
  if (!*fits) return true;
  const ThConditional *c = th_as_conditional(distribution);
  child->family = c->family;
  if (!th_parameter_values(q->cx, c->family, c->arguments, values)) return false;
  for (int i = 0; i < c->family->n_parameters; i++) {
    if (th_is_scalar(values[i])) child->p[i] = th_as_scalar(values[i]);
    else if (values[i].bits == child->unknown.bits) child->parameter = i;
  }
  th_release_all(values, (size_t)c->family->n_parameters);
  int index = child->parameter;
  const char *given = child->name;
  th_conjugate_form_square(child->family, index, &child->form, &child->name, &child->length);
  if (child->name != given) child->parameter = -1;
  return true;
}

/* The pair of a prior and a child, or NULL. */
static const ThConjugate *pair_of(const ThFamily *prior, const Child *child) {
  const ThConjugate *pair = child->parameter >= 0
                                ? th_conjugate_find(prior, child->family, child->parameter)
                                : th_conjugate_find_named(prior, child->family, child->name, child->length);
  return pair && pair->fits && !pair->fits(child->p) ? NULL : pair;
}

static bool tell_rule(ThQuery *q, const ThConjugate *pair, size_t count) {
  th_text_format(&q->story, "%s prior, %s likelihood, %zu observation%s; each updates to %s\n",
                 pair->prior->name, pair->likelihood->name, count, count == 1 ? "" : "s", pair->rule);
  return th_text_ok(&q->story, q->cx);
}

/* One observation: the posterior's parameters replace those in p. */
static bool update_with(ThQuery *q, size_t j, ThValue parent, const ThFamily *prior, double *p,
                        const ThConjugate **pair, bool *fits) {
  double next[TH_MAX_PARAMETERS] = {0}, x = q->variables[j].at;
  Child child;
  if (!read_child(q, j, parent, &child, fits)) return false;
  if (!*fits) return true;
  *fits = th_conjugate_form_law(&child.form, &prior, p);
  *pair = *fits ? pair_of(prior, &child) : NULL;
  *fits = *pair != NULL;
  if (!*fits) return true;
  if (!((*pair)->log_predictive(p, child.p, x) > -1e300)) return th_query_fail_impossible(q);
  (*pair)->update(p, child.p, x, next);
  memcpy(p, next, sizeof next);
  *fits = th_conjugate_form_back(&child.form, &prior, p);
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

/* --- Predictive distributions */

/* The one variable that the distribution of variable k reads; SIZE_MAX when there are others. */
static bool find_parent(ThQuery *q, size_t k, size_t *parent) {
  size_t n = q->net.n_variables, count = 0;
  bool *reads = th_alloc(q->cx, n + 1);
  bool ok = reads && th_network_reads(&q->net, q->net.variables[k].variable->distribution, reads);
  for (size_t j = 0; ok && j < n; j++)
    if (reads[j]) *parent = j, count++;
  if (count != 1 || q->variables[*parent].observed) *parent = SIZE_MAX;
  th_free(q->cx, reads, n + 1);
  return ok;
}

/* Conditions on variable k alone, and observations of others, none of which hangs on k. */
typedef struct Split {
  size_t n_own, n_others;
  ThValue own[MOST_CONDITIONS], others[MOST_CONDITIONS]; /* borrowed */
} Split;

static bool split_conditions(ThQuery *q, size_t k, Split *split, bool *fits) {
  size_t n = q->net.n_variables;
  bool *hangs = th_alloc(q->cx, n + 1);
  bool ok = hangs != NULL;
  *split = (Split){0};
  *fits = q->n_conditions <= MOST_CONDITIONS;
  for (size_t i = 0; ok && *fits && i < q->n_conditions; i++) {
    ThValue event = q->conditions[i].event;
    ok = th_network_ancestors(&q->net, event, hangs);
    if (ok && !hangs[k]) {
      split->others[split->n_others++] = event;
      *fits = q->conditions[i].observation;
      continue;
    }
    ok = ok && th_network_reads(&q->net, event, hangs);
    for (size_t j = 0; ok && j < n; j++) *fits = *fits && hangs[j] == (j == k);
    split->own[split->n_own++] = event;
  }
  th_free(q->cx, hangs, n + 1);
  return ok;
}

static bool is_exact(const ThDistribution *d) {
  return !th_is_string(d->method) || strncmp(th_as_string(d->method)->text, "exact", 5) == 0;
}

/* The predictive distribution of a child whose parent has the distribution d. */
static bool predict_part(ThContext *cx, const ThDistribution *d, const Child *child, ThValue *out,
                         bool *found) {
  double p[TH_MAX_PARAMETERS] = {0};
  bool plain = d->rank == 0 && d->family->math && !d->family->build;
  const ThFamily *family = plain ? th_conjugate_prior(d->family, d->p, p) : NULL;
  bool read = family && th_conjugate_form_law(&child->form, &family, p);
  const ThConjugate *pair = read ? pair_of(family, child) : NULL;
  *found = pair && pair->predictive;
  return !*found || pair->predictive(cx, p, child->p, out);
}

/* Of a mixture the mixture of those of its parts, with the same weights. */
static bool predict_mixture(ThContext *cx, const ThDistribution *d, const Child *child, ThValue *out,
                            bool *found) {
  const ThList *parts = th_as_list(d->parameters[1]);
  ThValue parameters[TH_MAX_PARAMETERS] = {d->parameters[0]}, part;
  ThList *list = th_list_new(cx, parts->length);
  bool ok = list != NULL;
  *found = true;
  for (size_t i = 0; ok && *found && i < parts->length; i++) {
    ok = predict_part(cx, th_as_distribution(parts->items[i]), child, &part, found);
    if (ok && *found) ok = th_list_push_take(cx, list, part);
  }
  if (list) parameters[1] = th_object(list);
  if (ok && *found) ok = th_distribution_new(cx, &th_family_mixture, parameters, out);
  if (list) th_release(parameters[1]);
  return ok;
}

/* Of variable k: that of its parent is known, and the pair has one. */
static bool find_predictive(ThQuery *q, size_t k, const Split *split, ThValue *out, bool *found) {
  size_t parent;
  Child child;
  ThValue prior;
  *found = false;
  if (!find_parent(q, k, &parent)) return false;
  if (parent == SIZE_MAX) return true;
  ThValue source = q->net.nodes[q->net.variables[parent].node].source;
  if (!read_child(q, k, source, &child, found)) return false;
  if (*found && !th_query_part_distribution(q, source, split->others, split->n_others, &prior, found))
    return false;
  if (!*found) return true;
  const ThDistribution *d = th_as_distribution(prior);
  bool mixture = d->family == &th_family_mixture;
  *found = is_exact(d);
  bool ok = !*found || (mixture ? predict_mixture(q->cx, d, &child, out, found)
                                : predict_part(q->cx, d, &child, out, found));
  if (ok && *found)
    th_text_format(&q->story, "%s prior, %s likelihood\n", d->family->name, child.family->name);
  th_release(prior);
  return ok;
}

/* --- Asking again, signing */

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

/* "the posterior is Gamma(shape = 2, rate = 1)" */
static bool tell_distribution(ThQuery *q, const char *what, ThValue distribution) {
  th_text_format(&q->story, "the %s is ", what);
  if (!th_distribution_text(q->cx, distribution, &q->story)) return false;
  th_text_char(&q->story, '\n');
  return true;
}

/* --- The strategy */

/* The targets, and conditions, with a fresh variable of distribution d in place of variable k. */
static bool ask_again(ThQuery *q, size_t k, ThValue d, const ThValue *conditions, size_t n_conditions,
                      ThValue *out) {
  const ThVariable *old = q->net.variables[k].variable;
  ThValue from = q->net.nodes[q->net.variables[k].node].source, to;
  ThValue values[MOST_TARGETS + MOST_CONDITIONS], next[MOST_TARGETS + MOST_CONDITIONS];
  size_t n = q->n_targets;
  for (size_t i = 0; i < n; i++) values[i] = q->targets[i];
  for (size_t i = 0; i < n_conditions; i++) values[n + i] = conditions[i];
  if (!th_variable_new(q->cx, old->name, old->index, d, &to)) return false;
  bool ok = th_variable_replace_all(q->cx, values, n + n_conditions, from, to, next);
  if (ok) {
    ok = th_query_ask(q, q->kind, next, n, next + n, n_conditions, out);
    th_release_all(next, n + n_conditions);
  }
  th_release(to);
  return ok;
}

/* The distribution of variable k given the conditions but its own; *name says how it is known. */
static bool find_distribution(ThQuery *q, size_t k, Split *split, ThValue *out, const char **name,
                              bool *found) {
  bool fits;
  *name = "conjugate";
  *found = false;
  if (q->n_conditions > 0 && !th_posterior_conjugate(q, k, out, found)) return false;
  if (*found) return true;
  *name = "linear Gaussian";
  if (q->n_conditions > 0 && !th_posterior_gaussian(q, k, out, found)) return false;
  if (*found || q->net.variables[k].fixed) return true;
  *name = "predictive";
  if (!split_conditions(q, k, split, &fits)) return false;
  return !fits || find_predictive(q, k, split, out, found);
}

static bool answer_with(ThQuery *q, size_t k, ThValue distribution, const Split *split, const char *name,
                        ThValue *out) {
  bool predictive = strcmp(name, "predictive") == 0;
  bool itself = q->kind == TH_QUERY_DIST && split->n_own == 0 &&
                th_network_number(&q->net, q->targets[0]) == k;
  ThValue answer;
  if (itself)
    return th_distribution_copy(q->cx, distribution, &answer) && sign_distribution(q, answer, name, out);
  if (!ask_again(q, k, distribution, split->own, split->n_own, &answer)) return false;
  if (!th_is_estimate(answer) ||
      tell_distribution(q, predictive ? "distribution" : "posterior", distribution))
    return th_query_sign_again_take(q, answer, name, out);
  th_release(answer);
  return false;
}

bool th_answer_conjugate(ThQuery *q, ThValue *out, bool *done) {
  size_t k;
  ThValue distribution;
  const char *name;
  Split split = {0};
  if (q->n_targets > MOST_TARGETS) return true;
  if (!only_variable(q, &k)) return false;
  if (k == SIZE_MAX) return true;
  if (!find_distribution(q, k, &split, &distribution, &name, done)) return false;
  if (!*done) return true;
  bool ok = answer_with(q, k, distribution, &split, name, out);
  th_release(distribution);
  return ok;
}

/* --- A component of a joint law by itself */

/* The law of variable k where it is a component of a known joint law, and that is known without integrals. */
static bool find_marginal(ThQuery *q, size_t k, ThValue *out, bool *found) {
  const ThVariable *v = q->net.variables[k].variable;
  const ThDistribution *law = th_joint_law(v);
  *found = law && law->family->event->marginal;
  if (!*found) return true;
  if (!law->family->event->marginal(q->cx, law, v->component, out)) return false;
  *found = is_exact(th_as_distribution(*out));
  if (!*found) th_release(*out);
  return true;
}

bool th_answer_marginal(ThQuery *q, ThValue *out, bool *done) {
  size_t k;
  ThValue law;
  Split split = {0};
  if (q->n_targets > MOST_TARGETS || q->n_conditions > 0) return true;
  if (!only_variable(q, &k)) return false;
  if (k == SIZE_MAX) return true;
  if (!find_marginal(q, k, &law, done)) return false;
  if (!*done) return true;
  bool ok = answer_with(q, k, law, &split, "marginal", out);
  th_release(law);
  return ok;
}
