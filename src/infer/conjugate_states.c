/* conjugate_states.c - one datum after the other taken in by conjugate priors, and by mixtures of them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pair of prob/conjugate.h knows one argument of the likelihood. Where c θ or c/θ stands there, the law of that is
 * updated, and taken back to θ. A mixture updates each part, whose weight grows by the evidence that it gave. */
#include "infer/conjugate.h"

#include <math.h>
#include <string.h>

#include "infer/direct.h"
#include "infer/law_vector.h"
#include "num/real.h"
#include "prob/conjugate.h"
#include "val/array.h"

enum { SIGMA = 1 };           /* of a normal or lognormal distribution */
enum { MINIMUM = 0 };         /* of a Pareto distribution */
enum { RATE = 1, SHAPE = 0 }; /* of a gamma or an inverse gamma distribution */

void th_conjugate_states_clear(ThConjugateStates *s) {
  if (s->of) th_free(s->cx, s->of, s->k * sizeof *s->of);
  if (s->parts) th_free(s->cx, s->parts, s->n_parts * sizeof *s->parts);
  *s = (ThConjugateStates){0};
}

/* --- Priors */

static const char *name_of(const ThRecording *r, size_t element) {
  return r->unknowns[r->elements[element].unknown].name->spelling;
}

/* The prior of an element where it is a mixture, the same for all elements of a vector; else NULL. */
static const ThDistribution *mixture_of(const ThRecording *r, size_t element) {
  ThValue prior = th_recording_law(r, element);
  if (!th_is_distribution(prior) || th_as_distribution(prior)->rank > 0) return NULL;
  return th_as_distribution(prior)->family == &th_family_mixture ? th_as_distribution(prior) : NULL;
}

/* Only where the numbers of a law are its parameters. */
static bool begin_part(const ThFamily *family, const double *p, ThConjugatePart *out) {
  if (!family->math || family->build) return false;
  out->family = th_conjugate_prior(family, p, out->p);
  return true;
}

static ThAttempt read_mixture(const ThRecording *r, size_t element, const ThDistribution *d,
                              ThConjugateState *out, ThReason *why) {
  const ThList *list = th_as_list(d->parameters[1]);
  for (size_t i = 0; i < out->n; i++) {
    const ThDistribution *part = th_as_distribution(list->items[i]);
    out->parts[i].log_weight = log(d->p[i]);
    if (!begin_part(part->family, part->p, &out->parts[i]))
      return th_decline(why, "the mixture of `%s` has a part %s, which goes with no data in closed form",
                        name_of(r, element), part->family->name);
  }
  return TH_ANSWERED;
}

static ThAttempt read_prior(const ThRecording *r, size_t element, ThConjugateState *out, ThReason *why) {
  const ThUnknown *u = &r->unknowns[r->elements[element].unknown];
  const ThDistribution *mixture = mixture_of(r, element);
  const ThFamily *family;
  double p[TH_MAX_PARAMETERS];
  if (mixture) return read_mixture(r, element, mixture, out, why);
  if (th_is_none(u->prior) && th_is_none(r->elements[element].prior)) return TH_ANSWERED;
  if (!th_is_none(u->prior) && th_is_joint_law(u->prior))
    return th_decline(why, "a %s prior, of `%s`, does not go with these data in closed form",
                      th_law_family(u->prior)->name, u->name->spelling);
  if (!th_recording_prior(r, element, &family, p))
    return th_decline(why, "the prior of `%s` hangs on other parameters", u->name->spelling);
  if (begin_part(family, p, &out->parts[0])) return TH_ANSWERED;
  return th_decline(why, "a %s prior, of `%s`, goes with no data in closed form", family->name,
                    u->name->spelling);
}

/* One block of parts for all elements. */
static bool make_states(const ThRecording *r, ThConjugateStates *s) {
  for (size_t i = 0; i < s->k; i++) {
    const ThDistribution *mixture = mixture_of(r, i);
    s->n_parts += mixture ? mixture->stride : 1;
  }
  if (s->k == 0) return true;
  s->of = th_alloc_array(r->cx, s->k, sizeof *s->of);
  s->parts = s->of ? th_alloc_array(r->cx, s->n_parts, sizeof *s->parts) : NULL;
  if (!s->parts) return false;
  memset(s->parts, 0, s->n_parts * sizeof *s->parts);
  size_t used = 0;
  for (size_t i = 0; i < s->k; i++) {
    const ThDistribution *mixture = mixture_of(r, i);
    s->of[i] = (ThConjugateState){.parts = s->parts + used, .n = mixture ? mixture->stride : 1};
    used += s->of[i].n;
  }
  return true;
}

static ThAttempt begin(const ThRecording *r, ThConjugateStates *s, ThReason *why) {
  *s = (ThConjugateStates){.cx = r->cx, .k = r->n_elements};
  if (r->n_factors > 0) return th_decline(why, "it has a `factor`");
  if (r->options.carried) return th_decline(why, "the earlier posterior is a joint one");
  if (!make_states(r, s)) return TH_FAILED;
  ThAttempt attempt = TH_ANSWERED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < s->k; i++) attempt = read_prior(r, i, &s->of[i], why);
  return attempt;
}

/* --- One datum */

/* What a datum is taken in by. */
typedef struct Step {
  const ThDirect *direct;
  ThDirectDatum datum;
  const char *argument; /* of the law, by which the pair knows its parameter, where it is no positional one */
  size_t length;
  double weight; /* of the log likelihood */
} Step;

static void find_step(const ThRecording *r, const ThDirect *d, size_t i, double weight, Step *out) {
  *out = (Step){.direct = d, .weight = weight};
  th_direct_datum(r, d, i, &out->datum);
  if (d->unknown < 0) out->argument = d->argument, out->length = d->length;
  th_conjugate_form_square(d->family, d->unknown, &out->datum.form, &out->argument, &out->length);
}

static const ThConjugate *pair_of(const Step *s, const ThFamily *prior) {
  const ThDirect *d = s->direct;
  const ThConjugate *pair = s->argument ? th_conjugate_find_named(prior, d->family, s->argument, s->length)
                                        : th_conjugate_find(prior, d->family, d->unknown);
  return pair && pair->fits && !pair->fits(s->datum.p) ? NULL : pair;
}

/* The posterior of a datum whose log likelihood counts `weight` times: parameters that grow by what the datum adds grow
 * by as much of it; a normal one has noise of that precision; a bound counts or does not. */
static void update_weighted(const ThConjugate *pair, const double *p, const Step *s, double *next) {
  double likelihood[TH_MAX_PARAMETERS];
  memcpy(likelihood, s->datum.p, sizeof likelihood);
  bool normal = pair->prior == &th_family_normal;
  if (normal) likelihood[SIGMA] /= sqrt(s->weight);
  pair->update(p, likelihood, s->datum.x, next);
  if (normal) return;
  for (int j = 0; j < pair->prior->n_parameters; j++)
    if (pair->prior != &th_family_pareto || j != MINIMUM) next[j] = p[j] + s->weight * (next[j] - p[j]);
}

/* log ∫ f^w π: with f = π₁ e/π, e the evidence and π₁ the posterior of a whole datum, at a point inside. */
static double log_evidence_weighted(const ThConjugate *pair, const double *p, const Step *s,
                                    const double *next) {
  double whole[TH_MAX_PARAMETERS] = {0};
  const ThFamilyMath *math = pair->prior->math;
  pair->update(p, s->datum.p, s->datum.x, whole);
  double at = math->quantile(0.5, whole);
  return s->weight * (pair->log_predictive(p, s->datum.p, s->datum.x) + math->logpdf(at, whole)) +
         (1 - s->weight) * math->logpdf(at, p) - math->logpdf(at, next);
}

/* False when there is no pair. */
static bool take_datum(const Step *s, ThConjugatePart *part) {
  double next[TH_MAX_PARAMETERS] = {0};
  if (part->log_weight == -TH_INFINITY) return true; /* a datum before could not be */
  if (!th_conjugate_form_law(&s->datum.form, &part->family, part->p)) return false;
  const ThConjugate *pair = pair_of(s, part->family);
  if (!pair) return false;
  if (s->weight == 1) {
    part->log_weight += pair->log_predictive(part->p, s->datum.p, s->datum.x);
    pair->update(part->p, s->datum.p, s->datum.x, next);
  } else if (s->weight == 0) {
    memcpy(next, part->p, sizeof next);
  } else {
    update_weighted(pair, part->p, s, next);
    part->log_weight += log_evidence_weighted(pair, part->p, s, next);
  }
  memcpy(part->p, next, sizeof next);
  return th_conjugate_form_back(&s->datum.form, &part->family, part->p);
}

/* --- Data */

/* A parameter without a prior: flat where a pair's law allows it, found when the first datum names the family. */
static bool begin_flat(const Step *s, double lower, double upper, ThConjugateState *state) {
  static const struct {
    const ThFamily *family;
    double p[2];
  } flat[] = {{&th_family_beta, {1, 1}}, {&th_family_gamma, {1, 0}}, {&th_family_inv_gamma, {-1, 0}}};
  for (size_t i = 0; i < sizeof flat / sizeof *flat && s->datum.form.power == 1; i++) {
    bool shares = flat[i].family == &th_family_beta;
    if (!pair_of(s, flat[i].family) || !(lower <= 0 && upper >= (shares ? 1 : TH_INFINITY))) continue;
    if (shares && s->datum.form.factor != 1) continue;
    state->parts[0].family = flat[i].family;
    memcpy(state->parts[0].p, flat[i].p, sizeof flat[i].p);
    state->improper = true;
    return true;
  }
  return false;
}

static ThAttempt no_pair(const ThRecording *r, size_t element, const ThDirect *d, const ThConjugatePart *part,
                         ThReason *why) {
  const char *name = name_of(r, element);
  if (!part->family) return th_decline(why, "`%s` has no prior, and a flat one is not proper here", name);
  return th_decline(why, "a %s prior of `%s` does not go with %s's `%.*s` in closed form", part->family->name,
                    name, d->family->name, (int)d->length, d->argument);
}

static ThAttempt take_data(const ThRecording *r, const ThDirect *d, ThConjugateStates *states,
                           ThReason *why) {
  for (size_t i = 0; i < d->n; i++) {
    Step step;
    find_step(r, d, i, th_law_weight(r->options.weights, i), &step);
    size_t element = step.datum.element;
    ThConjugateState *s = &states->of[element];
    const ThUnknown *u = &r->unknowns[r->elements[element].unknown];
    bool known = s->parts[0].family || begin_flat(&step, u->lower, u->upper, s);
    if (!th_poll_at(r->cx, i)) return TH_FAILED;
    for (size_t j = 0; j < s->n; j++) {
      ThConjugatePart before = s->parts[j];
      if (!known || !take_datum(&step, &s->parts[j])) return no_pair(r, element, d, &before, why);
    }
    s->likelihood = d->family;
  }
  return TH_ANSWERED;
}

static ThAttempt take_constant(const ThRecording *r, const ThObservation *o, ThConjugateStates *states) {
  const ThDistribution *d = th_as_distribution(o->distribution);
  double constant;
  if (!th_law_log_density_weighted(r->cx, o->data, d, r->options.weights, &constant)) return TH_FAILED;
  states->constant += constant;
  return TH_ANSWERED;
}

static ThAttempt take_observation(const ThRecording *r, const ThObservation *o, ThConjugateStates *states,
                                  ThReason *why) {
  ThDirect d;
  if (th_is_distribution(o->distribution)) return take_constant(r, o, states);
  ThAttempt attempt = th_direct_read(r, o, &d, why);
  if (attempt != TH_ANSWERED) return attempt;
  attempt = take_data(r, &d, states, why);
  th_direct_clear(&d);
  return attempt;
}

/* Every element must have a family now, and a proper law. */
static ThAttempt check_states(const ThRecording *r, const ThConjugateStates *s, ThReason *why) {
  for (size_t i = 0; i < s->k; i++) {
    const ThConjugatePart *part = &s->of[i].parts[0];
    if (!part->family) return th_decline(why, "`%s` has neither a prior nor data", name_of(r, i));
    bool scales = part->family == &th_family_gamma || part->family == &th_family_inv_gamma;
    if (s->of[i].improper && scales && !(part->p[RATE] > 0 && part->p[SHAPE] > 0))
      return th_decline(why, "`%s` has no prior, and no data decide on it", name_of(r, i));
  }
  return TH_ANSWERED;
}

ThAttempt th_conjugate_states(const ThRecording *r, ThConjugateStates *out, ThReason *why) {
  ThAttempt attempt = begin(r, out, why);
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_observations; i++)
    attempt = take_observation(r, &r->observations[i], out, why);
  if (attempt == TH_ANSWERED) attempt = check_states(r, out, why);
  if (attempt != TH_ANSWERED) th_conjugate_states_clear(out);
  return attempt;
}

/* --- What they come to */

double th_conjugate_log_total(const ThConjugateState *s) {
  double largest = -TH_INFINITY, sum = 0;
  for (size_t j = 0; j < s->n; j++) largest = fmax(largest, s->parts[j].log_weight);
  for (size_t j = 0; j < s->n; j++) sum += exp(s->parts[j].log_weight - largest);
  return isinf(largest) ? largest : largest + log(sum);
}

double th_conjugate_log_evidence(const ThConjugateStates *s) {
  double sum = s->constant;
  for (size_t i = 0; i < s->k; i++) sum += s->of[i].improper ? TH_NAN : th_conjugate_log_total(&s->of[i]);
  return sum;
}

static bool mixture_law(ThContext *cx, const ThConjugateState *s, ThValue *out) {
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  double total = th_conjugate_log_total(s);
  ThArray *weights = th_vector_new(cx, TH_DOUBLE, s->n);
  ThList *list = weights ? th_list_new(cx, s->n) : NULL;
  bool ok = list != NULL;
  for (size_t j = 0; ok && j < s->n; j++) {
    ThValue part;
    weights->real[j] = exp(s->parts[j].log_weight - total);
    ok = th_distribution_of(cx, s->parts[j].family, s->parts[j].p, &part) &&
         th_list_push_take(cx, list, part);
  }
  if (weights) parameters[0] = th_object(weights);
  if (list) parameters[1] = th_object(list);
  ok = ok && th_distribution_new(cx, &th_family_mixture, parameters, out);
  th_release_all(parameters, 2);
  return ok;
}

bool th_conjugate_law(ThContext *cx, const ThConjugateState *s, ThValue *out) {
  return s->n > 1 ? mixture_law(cx, s, out) : th_distribution_of(cx, s->parts[0].family, s->parts[0].p, out);
}
