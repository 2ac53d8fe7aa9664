/* discrete_posterior.c - the posterior of a model with discrete parameters, by its states */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All elements hang on one variable, the number of the state: a discrete one is the value that it has there, any other
 * has the law with the parameters that it has there. By itself an element is a table of values, or a mixture. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/discrete.h"
#include "infer/posterior.h"
#include "num/special.h"
#include "prob/parameter.h"
#include "val/array.h"

enum { MOST_PARTS = 4096 };

typedef struct Giving {
  ThContext *cx;
  ThStates *s;
  ThPosterior *p;
  double *weight; /* (n), of sum 1 */
  double log_evidence;
  ThValue number; /* of the state: a variable */
} Giving;

/* Weights of sum 1; states that are nothing beside the others go. */
static bool find_weights(Giving *g) {
  ThStates *s = g->s;
  size_t kept = 0;
  g->weight = th_alloc_array(g->cx, s->n, sizeof *g->weight);
  if (!g->weight) return false;
  g->log_evidence = th_special_logsumexp(s->n, s->log_weight);
  for (size_t i = 0; i < s->n; i++) {
    double w = exp(s->log_weight[i] - g->log_evidence);
    if (!(w > 0)) continue;
    g->weight[kept] = w;
    memmove(s->values + kept * s->k, s->values + i * s->k, s->k * sizeof *s->values);
    memmove(s->parts + kept * s->k, s->parts + i * s->k, s->k * sizeof *s->parts);
    kept++;
  }
  s->n = kept;
  return true;
}

/* --- Moments and margins */

static void moments_at(const Giving *g, size_t i, size_t j, double *mean, double *variance) {
  const ThConjugatePart *part = &g->s->parts[i * g->s->k + j];
  *mean = g->s->is_discrete[j] ? g->s->values[i * g->s->k + j] : part->family->math->mean(part->p);
  *variance = g->s->is_discrete[j] ? 0 : part->family->math->variance(part->p);
}

/* Within each state the elements are independent. */
static void set_moments(const Giving *g) {
  size_t k = g->s->k;
  double mean, variance, other, unused;
  for (size_t j = 0; j < k; j++) {
    g->p->mean[j] = 0;
    for (size_t i = 0; i < g->s->n; i++) {
      moments_at(g, i, j, &mean, &variance);
      g->p->mean[j] += g->weight[i] * mean;
    }
  }
  memset(g->p->covariance, 0, k * k * sizeof *g->p->covariance);
  for (size_t i = 0; i < g->s->n; i++)
    for (size_t j = 0; j < k; j++)
      for (size_t l = 0; l < k; l++) {
        moments_at(g, i, j, &mean, &variance);
        moments_at(g, i, l, &other, &unused);
        double product = (mean - g->p->mean[j]) * (other - g->p->mean[l]) + (j == l ? variance : 0);
        g->p->covariance[j * k + l] += g->weight[i] * product;
      }
}

static bool table_of(const Giving *g, size_t j, ThValue *out) {
  double *values = th_alloc_array(g->cx, g->s->n, sizeof *values);
  if (!values) return false;
  for (size_t i = 0; i < g->s->n; i++) values[i] = g->s->values[i * g->s->k + j];
  bool ok = th_distribution_discrete(g->cx, values, g->weight, g->s->n, out);
  th_free(g->cx, values, g->s->n * sizeof *values);
  return ok;
}

/* Equal parts in a row are one. */
static bool mixture_of(const Giving *g, size_t j, ThValue *out) {
  ThConjugateState state = {0};
  size_t n = g->s->n, k = g->s->k;
  state.parts = th_alloc_array(g->cx, n, sizeof *state.parts);
  if (!state.parts) return false;
  for (size_t i = 0; i < n; i++) {
    ThConjugatePart part = g->s->parts[i * k + j];
    ThConjugatePart *last = state.n ? &state.parts[state.n - 1] : NULL;
    bool same = last && last->family == part.family && memcmp(last->p, part.p, sizeof part.p) == 0;
    part.log_weight = log(g->weight[i]);
    if (same) last->log_weight = log(exp(last->log_weight) + g->weight[i]);
    else state.parts[state.n++] = part;
  }
  bool ok = th_conjugate_law(g->cx, &state, out);
  th_free(g->cx, state.parts, n * sizeof *state.parts);
  return ok;
}

static bool set_margins(const Giving *g) {
  for (size_t j = 0; j < g->s->k; j++) {
    ThValue law;
    if (!(g->s->is_discrete[j] ? table_of(g, j, &law) : mixture_of(g, j, &law))) return false;
    th_replace_take(&g->p->margins[j], law);
  }
  return true;
}

/* --- Variables */

/* The values of element j, or parameter `parameter` of its laws, by the number of the state; a number where they are
 * equal. */
static bool by_state(const Giving *g, size_t j, int parameter, ThValue *out) {
  bool equal = true;
  ThArray *a = th_vector_new(g->cx, TH_DOUBLE, g->s->n);
  if (!a) return false;
  for (size_t i = 0; i < g->s->n; i++) {
    size_t at = i * g->s->k + j;
    a->real[i] = g->s->is_discrete[j] ? g->s->values[at] : g->s->parts[at].p[parameter];
    equal = equal && a->real[i] == a->real[0];
  }
  if (equal) *out = th_number(a->real[0]);
  bool ok = equal || th_variable_index(g->cx, th_object(a), &g->number, 1, out);
  th_release(th_object(a));
  return ok;
}

static bool discrete_variable(const Giving *g, size_t j, ThSymbol *name, size_t index, ThValue *out) {
  if (!by_state(g, j, 0, out)) return false;
  if (!th_is_variable(*out)) return true;
  th_as_variable(*out)->name = name;
  th_as_variable(*out)->index = index;
  return true;
}

/* The law that element j has in each state, all of one family. */
static bool law_by_state(const Giving *g, size_t j, ThValue *out) {
  const ThConjugatePart *first = &g->s->parts[j];
  size_t n = th_family_argument_count(first->family);
  ThValue arguments[TH_MAX_GIVEN], parameters[TH_MAX_PARAMETERS];
  bool random = false, ok = true;
  for (size_t i = 0; i < TH_MAX_GIVEN; i++) arguments[i] = th_unset();
  for (int a = 0; ok && a < first->family->n_parameters; a++) {
    ok = by_state(g, j, a, &arguments[a]);
    random = random || th_is_random(arguments[a]);
    parameters[a] = ok ? arguments[a] : th_none();
  }
  if (ok)
    ok = random ? th_conditional_new(g->cx, first->family, arguments, n, out)
                : th_distribution_new(g->cx, first->family, parameters, out);
  th_release_all(arguments, TH_MAX_GIVEN);
  return ok;
}

static bool other_variable(const Giving *g, size_t j, ThSymbol *name, size_t index, ThValue *out) {
  ThValue law;
  for (size_t i = 1; i < g->s->n; i++)
    if (g->s->parts[i * g->s->k + j].family != g->s->parts[j].family)
      return th_fail(
          g->cx, TH_ERROR_VALUE,
          "the posterior of `%s` is of one family for some values of the discrete parameters, of another for others",
          name->spelling);
  if (!law_by_state(g, j, &law)) return false;
  bool ok = th_variable_new(g->cx, name, index, law, out);
  if (ok) th_as_variable(*out)->object.flags |= TH_VARIABLE_SHOWS_MARGINAL;
  th_release(law);
  return ok;
}

static bool declare_number(Giving *g) {
  ThValue law;
  ThSymbol *name = th_symbol_of(g->cx, "state");
  double *values = name ? th_alloc_array(g->cx, g->s->n, sizeof *values) : NULL;
  if (!values) return false;
  for (size_t i = 0; i < g->s->n; i++) values[i] = (double)i + 1;
  bool ok = th_distribution_discrete(g->cx, values, g->weight, g->s->n, &law);
  th_free(g->cx, values, g->s->n * sizeof *values);
  if (!ok) return false;
  ok = th_variable_new(g->cx, name, 0, law, &g->number);
  th_release(law);
  return ok;
}

static bool prepare(Giving *g) {
  size_t k = g->s->k;
  if (!declare_number(g)) return false;
  g->p->prepared = th_alloc_array(g->cx, k, sizeof *g->p->prepared);
  for (size_t j = 0; g->p->prepared && j < k; j++) g->p->prepared[j] = th_none();
  bool ok = g->p->prepared != NULL;
  for (size_t j = 0; ok && j < k; j++) {
    size_t index;
    const ThLayoutEntry *e = th_layout_element(&g->p->layout, j, &index);
    index = e->count == SIZE_MAX ? 0 : index + 1;
    ok = g->s->is_discrete[j] ? discrete_variable(g, j, e->name, index, &g->p->prepared[j])
                              : other_variable(g, j, e->name, index, &g->p->prepared[j]);
  }
  th_release(g->number);
  return ok;
}

/* --- The strategy */

static bool give(Giving *g) {
  char method[96];
  size_t n = g->s->n;
  bool rest = g->s->n_discrete < g->s->k;
  if (!find_weights(g)) return false;
  if (rest && g->s->n > MOST_PARTS)
    return th_fail(g->cx, TH_ERROR_VALUE, "the other parameters would be mixtures of %zu laws", g->s->n);
  snprintf(method, sizeof method, "exact: enumeration of %zu state%s%s", n, n == 1 ? "" : "s",
           rest ? ", conjugate in each" : "");
  if (!th_posterior_set_margins(g->p, g->log_evidence, method) || !set_margins(g)) return false;
  set_moments(g);
  return g->s->k == 1 || prepare(g);
}

ThAttempt th_discrete_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  ThStates states;
  ThAttempt attempt = th_states_find(r, &states, why);
  if (attempt != TH_ANSWERED) return attempt;
  size_t n = states.n;
  Giving g = {.cx = r->cx, .s = &states, .p = out, .number = th_none()};
  bool ok = give(&g);
  if (g.weight) th_free(r->cx, g.weight, n * sizeof *g.weight);
  th_states_clear(&states);
  return ok ? TH_ANSWERED : TH_FAILED;
}
