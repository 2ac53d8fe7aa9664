/* explain_states.c - a discrete parameter, and a mixture of conjugate priors, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both are a sum over cases: the values of the parameter, or the parts of the prior. */
#include <math.h>
#include <string.h>

#include "infer/discrete.h"
#include "infer/explain.h"
#include "infer/posterior.h"

/* $w the prior probabilities of the cases, $l the log likelihoods, $p the posterior probabilities. */
static const ThLine lines[] = {
    {.words = "$intro", .sides = {{"$w"}, {"{$w}"}}},
    {.words = "The logarithm of the probability of the data in each case:", .sides = {{"$l"}, {"{$l}"}}},
    {.words = "The evidence is the sum over the cases:",
     .sides = {{"log P(data)", "$e"},
               {"log Σⱼ $wⱼ·exp($lⱼ)", "log(sum(exp(log($w) + $l - max($l)))) + max($l)"},
               {"{$e}"}}},
    {.words = "Bayes' formula, for each case:",
     .define = "$p",
     .sides = {{"$p"}, {"$w·exp($l)/P(data)", "$w*exp($l - $e)"}, {"{$p}"}}},
    {0},
};

static const ThLine mean_line = {
    .words = "The mean over the values:",
    .sides = {{"E($t | data)", "sum($p*$v)"}, {"Σⱼ $pⱼ·$vⱼ", "sum($v*$p)"}, {"{sum($p*$v)}"}}};

/* The cases: n prior probabilities and log likelihoods, one block. */
typedef struct Cases {
  ThContext *cx;
  ThExplanation *e;
  size_t n;
  double *prior, *log_likelihood;
} Cases;

static bool make_cases(Cases *c, size_t n) {
  c->n = n;
  c->prior = th_alloc_array(c->cx, 2 * n, sizeof *c->prior);
  c->log_likelihood = c->prior ? c->prior + n : NULL;
  return c->prior != NULL;
}
static void clear_cases(Cases *c) { th_free(c->cx, c->prior, 2 * c->n * sizeof *c->prior); }

static bool give_vector(const Cases *c, const char *symbol, const char *name, const double *x) {
  ThValue v;
  return th_vector_from(c->cx, x, c->n, &v) && th_explanation_pick_take(c->e, symbol, name, v);
}

/* log Σ prior·exp(log likelihood) */
static double evidence_of(const Cases *c) {
  double largest = -(double)INFINITY, sum = 0;
  for (size_t i = 0; i < c->n; i++) largest = fmax(largest, c->log_likelihood[i]);
  for (size_t i = 0; i < c->n; i++) sum += c->prior[i] * exp(c->log_likelihood[i] - largest);
  return largest + log(sum);
}

static bool add_cases(const Cases *c, const char *intro) {
  return th_explanation_symbol(c->e, "intro", intro) && give_vector(c, "w", "w", c->prior) &&
         give_vector(c, "l", "l", c->log_likelihood) &&
         th_explanation_pick_take(c->e, "e", "log_evidence", th_number(evidence_of(c))) &&
         th_explanation_pick(c->e, "p", "p") && th_explanation_add_all(c->e, lines);
}

/* --- One discrete parameter */

static bool explain_values(Cases *c, const ThRecording *r, const ThStates *s) {
  const ThUnknown *u = &r->unknowns[r->elements[0].unknown];
  if (!make_cases(c, s->n)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < s->n; i++) {
    ok = th_distribution_mass(c->cx, th_as_distribution(u->prior), 0, s->values[i], &c->prior[i]);
    c->log_likelihood[i] = s->log_weight[i] - log(c->prior[i]);
  }
  ok = ok && th_explanation_symbol(c->e, "t", u->name->spelling) && give_vector(c, "v", "v", s->values) &&
       th_explanation_add(
           c->e, &(ThLine){.words = "The values of $t that the data allow:", .sides = {{"$v"}, {"{$v}"}}}) &&
       add_cases(c, "Their prior probabilities:") && th_explanation_add(c->e, &mean_line);
  clear_cases(c);
  return ok;
}

static bool explain_discrete(Cases *c, const ThRecording *r, bool *done) {
  ThStates states;
  ThReason why;
  const ThUnknown *u = &r->unknowns[r->elements[0].unknown];
  if (!th_is_distribution(u->prior) || !th_distribution_is_discrete(th_as_distribution(u->prior)))
    return true;
  ThAttempt attempt = th_states_find(r, &states, &why);
  if (attempt != TH_ANSWERED) return attempt == TH_DECLINED;
  *done = true;
  bool ok = explain_values(c, r, &states);
  th_states_clear(&states);
  return ok;
}

/* --- A mixture of conjugate priors */

/* "Beta(α = 15, β = 15), Beta(α = 21, β = 9)" */
static bool list_parts(const Cases *c, const ThConjugateState *s, ThText *out) {
  for (size_t j = 0; j < s->n; j++) {
    ThValue law;
    if (!th_distribution_of(c->cx, s->parts[j].family, s->parts[j].p, &law)) return false;
    if (j) th_text_add(out, ", ");
    bool ok = th_distribution_text(c->cx, law, out);
    th_release(law);
    if (!ok) return false;
  }
  return th_text_ok(out, c->cx);
}

static bool add_mixture(Cases *c, const ThConjugateState *s) {
  ThText parts;
  th_text_init(&parts, &c->cx->heap);
  bool ok = add_cases(c, "The prior is a mixture; each of its parts is a case, with the weight") &&
            list_parts(c, s, &parts) && th_explanation_symbol(c->e, "parts", th_text_string(&parts)) &&
            th_explanation_add(
                c->e,
                &(ThLine){
                    .words = "Within each the conjugate prior is updated as it is by itself, so that the "
                             "posterior is the mixture with these weights of $parts."});
  th_text_clear(&parts);
  return ok;
}

static bool explain_mixture(Cases *c, const ThRecording *r, bool *done) {
  ThConjugateStates states;
  ThReason why;
  ThValue prior = r->unknowns[r->elements[0].unknown].prior;
  if (!th_is_distribution(prior) || th_as_distribution(prior)->family != &th_family_mixture) return true;
  ThAttempt attempt = th_conjugate_states(r, &states, &why);
  if (attempt != TH_ANSWERED) return attempt == TH_DECLINED;
  const ThConjugateState *s = &states.of[0];
  bool ok = make_cases(c, s->n);
  for (size_t j = 0; ok && j < s->n; j++) {
    c->prior[j] = th_as_distribution(prior)->p[j];
    c->log_likelihood[j] = s->parts[j].log_weight - log(c->prior[j]) + states.constant;
  }
  *done = true;
  ok = ok && add_mixture(c, s);
  if (c->prior) clear_cases(c);
  th_conjugate_states_clear(&states);
  return ok;
}

bool th_explain_states(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  const ThPosterior *p = th_is_posterior(v) ? th_as_posterior(v) : NULL;
  if (!p || p->k != 1 || !p->margins || strncmp(th_as_string(p->method)->text, "exact", 5) != 0) return true;
  ThRecording r; /* of the last data, with the posterior of those before them as the prior */
  Cases c = {.cx = cx, .e = e};
  if (!th_question_reopen(cx, &p->question, &p->question.data, &r)) return false;
  bool ok = explain_discrete(&c, &r, done) && (*done || explain_mixture(&c, &r, done));
  th_recording_clear(&r);
  return ok;
}
