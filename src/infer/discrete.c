/* discrete.c - the states of a model's discrete parameters, with what is known of the others in each */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body is run with the first discrete parameter held at each of its values, and so on with the next one that this
 * leaves, until all are held: what is left is a model of its own, whose evidence is the weight of the state. Priors may
 * hang on parameters before them, and branches and loops of the body on what is held. */
#include "infer/discrete.h"

#include <math.h>
#include <string.h>

#include "infer/law_vector.h"
#include "num/real.h"
#include "val/array.h"

enum { MOST_STATES = 1000000, MOST_DISCRETE = 64 };

/* What grows with the states. */
static void free_rows(ThContext *cx, const ThStates *s) {
  if (s->log_weight) th_free(cx, s->log_weight, s->capacity * sizeof *s->log_weight);
  if (s->values) th_free(cx, s->values, s->capacity * s->k * sizeof *s->values);
  if (s->parts) th_free(cx, s->parts, s->capacity * s->k * sizeof *s->parts);
}

void th_states_clear(ThStates *s) {
  ThContext *cx = s->r->cx;
  if (s->is_discrete) th_free(cx, s->is_discrete, s->k * sizeof *s->is_discrete);
  free_rows(cx, s);
  *s = (ThStates){0};
}

/* Twice the room, or none of it. */
static bool grow(ThStates *s) {
  ThContext *cx = s->r->cx;
  size_t k = s->k, n = s->n;
  ThStates old = *s;
  s->capacity = old.capacity ? 2 * old.capacity : 16;
  s->log_weight = th_alloc_array(cx, s->capacity, sizeof *s->log_weight);
  s->values = s->log_weight ? th_alloc_array(cx, s->capacity * k, sizeof *s->values) : NULL;
  s->parts = s->values ? th_alloc_array(cx, s->capacity * k, sizeof *s->parts) : NULL;
  bool ok = s->parts != NULL;
  ThStates unused = ok ? old : *s;
  if (!ok) *s = old;
  if (ok && n > 0) {
    memcpy(s->log_weight, old.log_weight, n * sizeof *s->log_weight);
    memcpy(s->values, old.values, n * k * sizeof *s->values);
    memcpy(s->parts, old.parts, n * k * sizeof *s->parts);
  }
  free_rows(cx, &unused);
  return ok;
}

/* --- Which are discrete */

static bool is_discrete(const ThRecording *r, const ThUnknown *u) {
  if (u->is_held) return false;
  ThValue prior = th_recording_law(r, u->first);
  if (!th_is_law(prior) || th_is_joint_law(prior)) return false;
  return th_is_distribution(prior) ? th_distribution_is_discrete(th_as_distribution(prior))
                                   : th_law_family(prior)->discrete;
}

static const ThUnknown *first_discrete(const ThRecording *r) {
  for (size_t i = 0; i < r->n_unknowns; i++)
    if (is_discrete(r, &r->unknowns[i])) return &r->unknowns[i];
  return NULL;
}

static const ThUnknown *find_unknown(const ThRecording *r, const ThSymbol *name) {
  for (size_t i = 0; i < r->n_unknowns; i++)
    if (r->unknowns[i].name == name) return &r->unknowns[i];
  return NULL;
}

/* --- What is left when all are held */

static bool fail_rest(const ThStates *s, const char *reason) {
  th_fail(s->r->cx, TH_ERROR_VALUE, "given its discrete parameters, the rest of `%s` has no closed form: %s",
          s->r->model->name->spelling, reason);
  return th_hint(s->r->cx, "the others need conjugate priors, or values: `fix = (…)`");
}

/* log of the priors of the held discrete parameters, which must hang on nothing that is left. */
static bool add_priors(ThStates *s, const ThRecording *leaf, double *sum) {
  for (size_t i = 0; i < s->r->n_unknowns; i++) {
    const ThUnknown *u = find_unknown(leaf, s->r->unknowns[i].name);
    double term;
    if (s->r->unknowns[i].is_held || !u || !u->is_held || th_is_none(u->prior)) continue;
    if (!th_is_distribution(u->prior))
      return fail_rest(s, "a discrete parameter's prior hangs on another parameter");
    if (!th_law_log_density(leaf->cx, u->value, th_as_distribution(u->prior), &term)) return false;
    *sum += term;
  }
  for (size_t i = 0; i < leaf->n_held_priors; i++) {
    const ThObservation *o = &leaf->held_priors[i];
    double term;
    if (!th_is_distribution(o->distribution))
      return fail_rest(s, "a discrete parameter's prior hangs on another parameter");
    if (!th_law_log_density(leaf->cx, o->data, th_as_distribution(o->distribution), &term)) return false;
    *sum += term;
  }
  return true;
}

/* Without parameters left. */
static bool add_data(const ThRecording *leaf, double *sum) {
  for (size_t i = 0; i < leaf->n_observations; i++) {
    const ThObservation *o = &leaf->observations[i];
    double term;
    const ThDistribution *d = th_as_distribution(o->distribution);
    if (!th_law_log_density_weighted(leaf->cx, o->data, d, leaf->options.weights, &term)) return false;
    *sum += term;
  }
  for (size_t i = 0; i < leaf->n_factors; i++) *sum += th_as_scalar(leaf->factors[i]);
  return true;
}

/* The laws of the elements that are left, at their places among all. */
static bool take_parts(ThStates *s, const ThRecording *leaf, const ThConjugateStates *found) {
  ThConjugatePart *parts = s->parts + s->n * s->k;
  for (size_t j = 0; j < found->k; j++) {
    const ThElementary *e = &leaf->elements[j];
    const ThUnknown *u = find_unknown(s->r, leaf->unknowns[e->unknown].name);
    if (found->of[j].n != 1) return fail_rest(s, "a prior is a mixture");
    parts[u->first + e->index] = found->of[j].parts[0];
  }
  return true;
}

static bool add_rest(ThStates *s, const ThRecording *leaf, double *sum) {
  ThReason why = {""};
  ThConjugateStates found;
  if (leaf->is_plain) return fail_rest(s, "its body takes no random variables");
  if (leaf->n_elements == 0) return add_data(leaf, sum);
  ThAttempt attempt = th_conjugate_states(leaf, &found, &why);
  if (attempt == TH_FAILED) return false;
  if (attempt == TH_DECLINED) return fail_rest(s, why.text);
  double evidence = th_conjugate_log_evidence(&found);
  *sum += evidence;
  bool ok = isnan(evidence) ? fail_rest(s, "a parameter has no proper prior") : take_parts(s, leaf, &found);
  th_conjugate_states_clear(&found);
  return ok;
}

/* Values of the held ones, at their places among all. */
static void take_values(ThStates *s, const ThRecording *leaf) {
  double *values = s->values + s->n * s->k;
  for (size_t i = 0; i < s->r->n_unknowns; i++) {
    const ThUnknown *u = &s->r->unknowns[i], *held = find_unknown(leaf, u->name);
    size_t count = u->count == SIZE_MAX ? 1 : u->count;
    if (u->is_held || !held || !held->is_held) continue;
    for (size_t j = 0; j < count; j++) {
      values[u->first + j] = th_as_scalar(th_law_element(held->value, j));
      s->is_discrete[u->first + j] = true;
    }
  }
}

/* Every state must have the parameters of the record. */
static bool check_same(const ThStates *s, const ThRecording *leaf) {
  bool same = leaf->n_unknowns == s->r->n_unknowns;
  for (size_t i = 0; same && i < leaf->n_unknowns; i++) {
    const ThUnknown *u = find_unknown(s->r, leaf->unknowns[i].name);
    same = u && u->count == leaf->unknowns[i].count;
  }
  return same || fail_rest(s, "a parameter is there for some of their values only");
}

static bool add_state(ThStates *s, const ThRecording *leaf) {
  double sum = 0;
  if (!check_same(s, leaf) || (s->n == s->capacity && !grow(s))) return false;
  memset(s->parts + s->n * s->k, 0, s->k * sizeof *s->parts);
  memset(s->values + s->n * s->k, 0, s->k * sizeof *s->values);
  if (!add_priors(s, leaf, &sum)) return false;
  if (sum > -TH_INFINITY && !add_rest(s, leaf, &sum)) return false;
  take_values(s, leaf);
  s->log_weight[s->n] = sum;
  if (sum > -TH_INFINITY) s->n++;
  return true;
}

/* --- Going through the values */

typedef struct Choice {
  const ThUnknown *u;
  size_t n; /* elements */
  double *values[MOST_DISCRETE];
  size_t count[MOST_DISCRETE], at[MOST_DISCRETE];
} Choice;

static bool fail_infinite(const ThRecording *r, const ThUnknown *u) {
  th_fail(r->cx, TH_ERROR_VALUE, "`%s` is discrete, and has infinitely many values", u->name->spelling);
  return th_hint(r->cx,
                 "a prior with finitely many can be gone through: `%s ~ Truncated(%s(…), upper = 100)`",
                 u->name->spelling, th_law_family(u->prior)->name);
}

static bool fail_many(const ThRecording *r, const ThUnknown *u, double states) {
  th_fail(r->cx, TH_ERROR_VALUE, "the discrete `%s` makes %.3g states; at most %d are gone through",
          u->name->spelling, states, MOST_STATES);
  return th_hint(r->cx, "sum labels out: in place of `%s`, data with the law `Mixture(weights, list(…))`",
                 u->name->spelling);
}

static void clear_choice(const ThRecording *r, Choice *c) {
  for (size_t i = 0; i < c->n; i++)
    if (c->values[i]) th_free(r->cx, c->values[i], c->count[i] * sizeof **c->values);
}

/* The outcomes of element i. */
static bool read_outcomes(const ThRecording *r, Choice *c, size_t i) {
  ThValue prior = th_recording_law(r, c->u->first + i), law;
  double lower, upper;
  if (!th_is_distribution(prior))
    return th_fail(r->cx, TH_ERROR_VALUE,
                   "the prior of the discrete `%s` hangs on a parameter that is not discrete",
                   c->u->name->spelling);
  const ThDistribution *d = th_as_distribution(prior);
  if (!th_distribution_element(r->cx, d, d->rank ? i : 0, &law)) return false;
  th_distribution_support(th_as_distribution(law), 0, &lower, &upper);
  bool ok = (isfinite(lower) && isfinite(upper)) || fail_infinite(r, c->u);
  ok = ok &&
       th_distribution_outcomes(r->cx, th_as_distribution(law), 0, MOST_STATES, &c->values[i], &c->count[i]);
  if (ok && c->count[i] == 0) ok = fail_many(r, c->u, upper - lower + 1);
  th_release(law);
  return ok;
}

static bool read_choice(const ThRecording *r, const ThUnknown *u, Choice *c) {
  double states = 1;
  *c = (Choice){.u = u, .n = u->count == SIZE_MAX ? 1 : u->count};
  if (c->n > MOST_DISCRETE) {
    c->n = 0;
    return fail_many(r, u, pow(2, (double)u->count));
  }
  bool ok = true;
  for (size_t i = 0; ok && i < c->n; i++) {
    ok = read_outcomes(r, c, i);
    states *= (double)c->count[i];
  }
  return ok && (states <= MOST_STATES || fail_many(r, u, states));
}

/* The next combination; false after the last. */
static bool step(Choice *c) {
  for (size_t i = 0; i < c->n; i++) {
    if (++c->at[i] < c->count[i]) return true;
    c->at[i] = 0;
  }
  return false;
}

/* What is held so far, and this combination. */
static bool fix_with(const ThRecording *r, const Choice *c, ThRecord **out) {
  const ThRecord *old = r->options.fix;
  ThArray *a = th_vector_new(r->cx, TH_DOUBLE, c->n);
  ThValue v;
  ThRecord *fix = *out = a ? th_record_new(r->cx, old ? old->length + 1 : 1) : NULL;
  if (!fix) {
    if (a) th_release(th_object(a));
    return false;
  }
  for (size_t i = 0; i < c->n; i++) a->real[i] = c->values[i][c->at[i]];
  bool ok = th_from_array_take(r->cx, a, c->u->count == SIZE_MAX, &v) &&
            th_record_set_take(r->cx, fix, c->u->name, v);
  for (size_t i = 0; ok && old && i < old->length; i++)
    ok = th_record_set_take(r->cx, fix, old->names[i], th_retain(old->values[i]));
  if (!ok) th_release(th_object(fix));
  return ok;
}

static bool go_through(ThStates *s, const ThRecording *r);

static bool go_on(ThStates *s, const ThRecording *r, const Choice *c) {
  ThRecord *fix;
  ThRecording next;
  ThRecordOptions options = r->options;
  if (!th_poll(r->cx) || !fix_with(r, c, &fix)) return false;
  options.fix = fix;
  options.is_trial = true;
  bool ok = th_record_model(r->cx, r->model, r->data, &options, &next);
  if (ok) {
    ok = go_through(s, &next);
    th_recording_clear(&next);
  }
  th_release(th_object(fix));
  return ok;
}

static bool go_through(ThStates *s, const ThRecording *r) {
  const ThUnknown *u = first_discrete(r);
  Choice c;
  if (!u) return add_state(s, r);
  bool ok = read_choice(r, u, &c);
  do {
    ok = ok && (s->n < MOST_STATES || fail_many(r, u, (double)s->n)) && go_on(s, r, &c);
  } while (ok && step(&c));
  clear_choice(r, &c);
  return ok;
}

ThAttempt th_states_find(const ThRecording *r, ThStates *out, ThReason *why) {
  *out = (ThStates){.r = r, .k = r->n_elements};
  if (!first_discrete(r)) return TH_DECLINED; /* nothing that a person should be told */
  if (r->options.carried) return th_decline(why, "the earlier posterior is a joint one");
  out->is_discrete = th_alloc_array(r->cx, out->k, sizeof *out->is_discrete);
  if (!out->is_discrete) return TH_FAILED;
  for (size_t j = 0; j < out->k; j++) out->is_discrete[j] = false;
  bool ok = go_through(out, r);
  if (ok && out->n == 0)
    ok = th_fail(r->cx, TH_ERROR_VALUE, "no values of the discrete parameters of `%s` allow these data",
                 r->model->name->spelling);
  for (size_t j = 0; j < out->k; j++) out->n_discrete += out->is_discrete[j];
  if (ok) return TH_ANSWERED;
  th_states_clear(out);
  return TH_FAILED;
}
