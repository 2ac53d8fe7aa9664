/* conjugate.c - parameters whose posterior stays in the family of the prior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each element of the model has its own prior and its own data; then the posterior is a product, and every
 * factor is found by taking in one datum after the other with the rule of prob/conjugate.h. The maximum is
 * the mode of that. */
#include "prob/conjugate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/direct.h"
#include "infer/law_vector.h"
#include "infer/posterior.h"

/* The posterior of one element so far. */
typedef struct State {
  const ThFamily *family;
  double p[TH_MAX_PARAMETERS];
  const ThFamily *likelihood; /* the last one, for the method's name; NULL: no data yet */
  bool improper;              /* it began as `param`, without a prior */
} State;

typedef struct States {
  ThContext *cx;
  size_t k;
  State *of;
  double log_evidence;
} States;

static void clear_states(States *s) {
  if (s->of) th_free(s->cx, s->of, s->k * sizeof *s->of);
  s->of = NULL;
}

/* --- Priors */

/* A parameter without a prior: flat where its law allows it, found when the first datum names the family. */
static bool begin_flat(State *s, const ThFamily *likelihood, double lower, double upper) {
  bool probability = likelihood == &th_family_bernoulli || likelihood == &th_family_binomial;
  bool rate = likelihood == &th_family_poisson || likelihood == &th_family_exponential;
  if (probability && lower <= 0 && upper >= 1)
    *s = (State){.family = &th_family_beta, .p = {1, 1}, .improper = true};
  else if (rate && lower <= 0 && upper == (double)INFINITY)
    *s = (State){.family = &th_family_gamma, .p = {1, 0}, .improper = true};
  return s->family != NULL;
}

static ThAttempt read_prior(const ThRecording *r, size_t element, State *out, ThReason *why) {
  const ThUnknown *u = &r->unknowns[r->elements[element].unknown];
  *out = (State){0};
  if (th_is_none(u->prior) && th_is_none(r->elements[element].prior)) return TH_ANSWERED;
  double p[TH_MAX_PARAMETERS];
  if (th_is_joint_law(u->prior))
    return th_decline(why, "a %s prior, of `%s`, does not go with these data in closed form",
                      th_law_family(u->prior)->name, u->name->spelling);
  if (!th_recording_prior(r, element, &out->family, p))
    return th_decline(why, "the prior of `%s` hangs on other parameters", u->name->spelling);
  out->family = th_conjugate_prior(out->family, p, out->p);
  return TH_ANSWERED;
}

static ThAttempt begin(const ThRecording *r, States *s, ThReason *why) {
  *s = (States){.cx = r->cx, .k = r->n_elements};
  if (r->n_factors > 0) return th_decline(why, "it has a `factor`");
  if (r->options.carried) return th_decline(why, "the earlier posterior is a joint normal one");
  s->of = s->k ? th_alloc_array(r->cx, s->k, sizeof *s->of) : NULL;
  if (s->k && !s->of) return TH_FAILED;
  ThAttempt attempt = TH_ANSWERED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < s->k; i++) attempt = read_prior(r, i, &s->of[i], why);
  return attempt;
}

/* --- Data */

static ThAttempt no_pair(const ThRecording *r, size_t element, const ThDirect *d, const State *s,
                         ThReason *why) {
  const char *name = r->unknowns[r->elements[element].unknown].name->spelling,
             *parameter = d->family->parameters[d->unknown].name;
  if (!s->family) return th_decline(why, "`%s` has no prior, and a flat one is not proper here", name);
  return th_decline(why, "a %s prior of `%s` does not go with %s's `%s` in closed form", s->family->name,
                    name, d->family->name, parameter);
}

static ThAttempt take_data(const ThRecording *r, const ThDirect *d, States *states, ThReason *why) {
  for (size_t i = 0; i < d->n; i++) {
    double x, p[TH_MAX_PARAMETERS], next[TH_MAX_PARAMETERS] = {0};
    size_t element = th_direct_datum(r, d, i, &x, p);
    State *s = &states->of[element];
    const ThUnknown *u = &r->unknowns[r->elements[element].unknown];
    bool known = s->family || begin_flat(s, d->family, u->lower, u->upper);
    const ThConjugate *pair = known ? th_conjugate_find(s->family, d->family, d->unknown) : NULL;
    if (!pair || (pair->fits && !pair->fits(p))) return no_pair(r, element, d, s, why);
    states->log_evidence += pair->log_predictive(s->p, p, x);
    pair->update(s->p, p, x, next);
    memcpy(s->p, next, sizeof next);
    s->likelihood = d->family;
  }
  return TH_ANSWERED;
}

static ThAttempt take_observation(const ThRecording *r, const ThObservation *o, States *states,
                                  ThReason *why) {
  ThDirect d;
  ThAttempt attempt = th_direct_read(r, o, &d, why);
  if (attempt != TH_ANSWERED) return attempt;
  double constant;
  if (d.unknown >= 0) attempt = take_data(r, &d, states, why);
  else if (!th_law_log_density(r->cx, o->data, th_as_distribution(o->distribution), &constant))
    attempt = TH_FAILED;
  else states->log_evidence += constant;
  th_direct_clear(&d);
  return attempt;
}

/* Every element must have a family now, and a proper law. */
static ThAttempt check_states(const ThRecording *r, const States *s, ThReason *why) {
  for (size_t i = 0; i < s->k; i++) {
    const char *name = r->unknowns[r->elements[i].unknown].name->spelling;
    if (!s->of[i].family) return th_decline(why, "`%s` has neither a prior nor data", name);
    if (s->of[i].improper && s->of[i].family == &th_family_gamma && !(s->of[i].p[1] > 0))
      return th_decline(why, "`%s` has no prior, and no data decide on it", name);
  }
  return TH_ANSWERED;
}

static ThAttempt find_states(const ThRecording *r, States *out, ThReason *why) {
  ThAttempt attempt = begin(r, out, why);
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_observations; i++)
    attempt = take_observation(r, &r->observations[i], out, why);
  if (attempt == TH_ANSWERED) attempt = check_states(r, out, why);
  if (attempt != TH_ANSWERED) clear_states(out);
  return attempt;
}

/* --- The posterior */

static bool is_proper(const States *s) {
  for (size_t i = 0; i < s->k; i++)
    if (s->of[i].improper) return false;
  return true;
}

static void method_name(const States *s, char *text, size_t size) {
  const State *first = s->k ? &s->of[0] : NULL;
  bool alike = first && first->likelihood;
  for (size_t i = 1; alike && i < s->k; i++)
    alike = s->of[i].family == first->family && s->of[i].likelihood == first->likelihood;
  if (alike) snprintf(text, size, "exact: conjugate, %s–%s", first->family->name, first->likelihood->name);
  else snprintf(text, size, "exact: conjugate");
}

ThAttempt th_conjugate_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  States s;
  char method[96];
  ThAttempt attempt = find_states(r, &s, why);
  if (attempt != TH_ANSWERED) return attempt;
  bool ok = th_posterior_set_product(out, is_proper(&s) ? s.log_evidence : (double)NAN);
  for (size_t i = 0; ok && i < s.k; i++) ok = th_posterior_set_law(out, i, s.of[i].family, s.of[i].p);
  method_name(&s, method, sizeof method);
  ok = ok && th_string_of(r->cx, method, &out->method);
  clear_states(&s);
  return ok ? TH_ANSWERED : TH_FAILED;
}

/* --- The maximum */

/* Where the density is largest, and minus the second derivative of its logarithm there; 0 where it has none:
 * at an end of the range. False when there is no single maximum. */
static bool beta_mode(const double *p, double *mode, double *information) {
  double a = p[0] - 1, b = p[1] - 1;
  if ((a <= 0 && b <= 0)) return false;
  *mode = a <= 0 ? 0 : b <= 0 ? 1 : a / (a + b);
  *information = a <= 0 || b <= 0 ? 0 : a / (*mode * *mode) + b / ((1 - *mode) * (1 - *mode));
  return true;
}

static bool gamma_mode(const double *p, double *mode, double *information) {
  double a = p[0] - 1;
  *mode = a <= 0 ? 0 : a / p[1];
  *information = a <= 0 ? 0 : a / (*mode * *mode);
  return true;
}

static bool normal_mode(const double *p, double *mode, double *information) {
  *mode = p[0];
  *information = 1 / (p[1] * p[1]);
  return true;
}

static const struct {
  const ThFamily *family;
  bool (*mode)(const double *p, double *mode, double *information);
} modes[] = {{&th_family_beta, beta_mode}, {&th_family_gamma, gamma_mode}, {&th_family_normal, normal_mode}};

static ThAttempt no_mode(const ThRecording *r, size_t element, const State *s) {
  const char *name = r->unknowns[r->elements[element].unknown].name->spelling;
  if (s->family == &th_family_beta && s->p[0] == 1 && s->p[1] == 1)
    th_fail(r->cx, TH_ERROR_NUMERIC, "there is no single maximum: the posterior density of `%s` is flat",
            name);
  else
    th_fail(r->cx, TH_ERROR_NUMERIC,
            "there is no maximum: the posterior density of `%s` grows without bound at 0 and at 1", name);
  th_hint(r->cx, "`posterior(%s, d)` shows the whole distribution", r->model->name->spelling);
  return TH_FAILED;
}

static ThAttempt set_mode(const ThRecording *r, size_t i, const State *s, ThMaximum *out) {
  double information;
  for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
    if (modes[m].family != s->family) continue;
    if (!modes[m].mode(s->p, &out->estimate[i], &information)) return no_mode(r, i, s);
    s->family->math->support(s->p, &out->range[2 * i], &out->range[2 * i + 1]);
    out->information[i * out->k + i] = information > 0 ? information : (double)NAN;
    out->covariance[i * out->k + i] = information > 0 ? 1 / information : (double)NAN;
    if (information > 0) return TH_ANSWERED;
    th_unknown_element_name(&r->unknowns[r->elements[i].unknown], r->elements[i].index, &out->words);
    th_text_format(
        &out->words,
        " = %.6g is an end of its range:\nthe density is not level there, so that its curvature gives no ±\n",
        out->estimate[i]);
    return TH_ANSWERED;
  }
  return TH_DECLINED;
}

ThAttempt th_conjugate_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  States s;
  if (r->options.verb == TH_VERB_MLE) return th_decline(why, "priors are left out");
  ThAttempt attempt = find_states(r, &s, why);
  if (attempt != TH_ANSWERED) return attempt;
  if (!th_maximum_init(r->cx, s.k, out)) {
    clear_states(&s);
    return TH_FAILED;
  }
  for (size_t i = 0; attempt == TH_ANSWERED && i < s.k; i++) attempt = set_mode(r, i, &s.of[i], out);
  out->method = "exact: mode of the conjugate posterior";
  clear_states(&s);
  if (attempt != TH_ANSWERED) th_maximum_clear(out);
  return attempt;
}
