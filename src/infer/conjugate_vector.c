/* conjugate_vector.c - shares with a Dirichlet prior, and counts or categories with those probabilities */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* α grows by the counts; the evidence is the product of what each datum was worth to those before it: n!/Π x!
 * B(α + x)/B(α) for counts, α_x/Σα for a category. A datum with a weight counts as often. */
#include <math.h>
#include <string.h>

#include "infer/law_vector.h"
#include "infer/posterior.h"
#include "infer/strategy.h"
#include "num/special.h"
#include "val/array.h"

typedef struct Shares {
  const ThRecording *r;
  ThReason *why;
  double *alpha; /* as the record's elements */
  double log_evidence;
} Shares;

/* --- Priors */

static ThAttempt read_prior(Shares *s, const ThUnknown *u) {
  if (u->is_held) return TH_ANSWERED;
  const ThDistribution *d = th_is_distribution(u->prior) ? th_as_distribution(u->prior) : NULL;
  if (!d || d->family != &th_family_dirichlet)
    return th_decline(s->why, "the prior of `%s` is not Dirichlet", u->name->spelling);
  memcpy(s->alpha + u->first, d->p + 1, u->count * sizeof *s->alpha);
  return TH_ANSWERED;
}

/* --- Data */

/* The parameter whose elements, all and in order, are v; NULL when it is none. */
static const ThUnknown *whole_unknown(const ThRecording *r, ThValue v) {
  for (size_t i = 0; i < r->n_unknowns; i++)
    if (!r->unknowns[i].is_held && r->unknowns[i].value.bits == v.bits) return &r->unknowns[i];
  return NULL;
}

static ThAttempt fail_counts(const Shares *s, const ThObservation *o, size_t row, const char *problem) {
  th_fail(s->r->cx, TH_ERROR_VALUE, "`%s` %s at datum %zu", o->name->spelling, problem, row + 1);
  return TH_FAILED;
}

/* One vector of counts. */
static ThAttempt take_counts(Shares *s, const ThObservation *o, const ThUnknown *u, double trials,
                             size_t row) {
  double w = th_law_weight(s->r->options.weights, row);
  const double *x = th_as_array(o->data)->real + row * u->count;
  double *alpha = s->alpha + u->first, sum = 0, total = 0;
  for (size_t k = 0; k < u->count; k++) {
    if (!(x[k] >= 0 && floor(x[k]) == x[k])) return fail_counts(s, o, row, "holds no counts");
    sum += x[k];
    total += alpha[k];
  }
  if (sum != trials) return fail_counts(s, o, row, "does not sum to the number of trials");
  s->log_evidence += w * th_special_lfactorial(sum) - th_special_log_rising(total, w * sum);
  for (size_t k = 0; k < u->count; k++) {
    s->log_evidence += th_special_log_rising(alpha[k], w * x[k]) - w * th_special_lfactorial(x[k]);
    alpha[k] += w * x[k];
  }
  return TH_ANSWERED;
}

static ThAttempt take_category(Shares *s, const ThObservation *o, const ThUnknown *u, size_t row) {
  double x = th_datum(o->data, row), *alpha = s->alpha + u->first, total = 0;
  double w = th_law_weight(s->r->options.weights, row);
  if (!(x >= 1 && x <= (double)u->count && floor(x) == x)) return fail_counts(s, o, row, "names no category");
  for (size_t k = 0; k < u->count; k++) total += alpha[k];
  s->log_evidence += th_special_log_rising(alpha[(size_t)x - 1], w) - th_special_log_rising(total, w);
  alpha[(size_t)x - 1] += w;
  return TH_ANSWERED;
}

static ThAttempt take_data(Shares *s, const ThObservation *o, const ThFamily *family, const ThValue *p) {
  bool counts = family == &th_family_multinomial;
  const char *name = o->name->spelling;
  double trials = 0;
  if (!counts && family != &th_family_categorical)
    return th_decline(s->why, "a Dirichlet prior does not go with %s, the law of `%s`, in closed form",
                      family->name, name);
  const ThUnknown *u = whole_unknown(s->r, p[counts ? 1 : 0]);
  if (!u) return th_decline(s->why, "the probabilities of `%s` are an expression in the parameters", name);
  if (counts && !th_to_number(p[0], &trials))
    return th_decline(s->why, "the number of trials of `%s` hangs on parameters", name);
  size_t n = th_value_length(o->data) / (counts ? u->count : 1);
  ThAttempt attempt = TH_ANSWERED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < n; i++) {
    if (!th_poll_at(s->r->cx, i)) return TH_FAILED;
    attempt = counts ? take_counts(s, o, u, trials, i) : take_category(s, o, u, i);
  }
  return attempt;
}

static ThAttempt take_observation(Shares *s, const ThObservation *o) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS];
  if (th_is_distribution(o->distribution)) {
    double constant;
    const ThDistribution *d = th_as_distribution(o->distribution);
    if (!th_law_log_density_weighted(s->r->cx, o->data, d, s->r->options.weights, &constant)) return TH_FAILED;
    s->log_evidence += constant;
    return TH_ANSWERED;
  }
  if (!th_law_parameters(s->r->cx, o->distribution, &family, p)) return TH_FAILED;
  ThAttempt attempt = take_data(s, o, family, p);
  th_release_all(p, TH_MAX_PARAMETERS);
  return attempt;
}

static ThAttempt read_all(Shares *s) {
  const ThRecording *r = s->r;
  ThAttempt attempt = r->n_factors ? th_decline(s->why, "it has a `factor`") : TH_ANSWERED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_unknowns; i++)
    attempt = read_prior(s, &r->unknowns[i]);
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_observations; i++)
    attempt = take_observation(s, &r->observations[i]);
  return attempt;
}

/* --- The posterior */

static bool give_unknown(const Shares *s, const ThUnknown *u, size_t entry, ThPosterior *out) {
  ThValue alpha, law;
  if (!th_vector_from(s->r->cx, s->alpha + u->first, u->count, &alpha)) return false;
  bool ok = th_distribution_new(s->r->cx, &th_family_dirichlet, &alpha, &law);
  th_release(alpha);
  if (!ok) return false;
  ok = th_posterior_set_vector(out, entry, law);
  th_release(law);
  return ok;
}

static bool give(const Shares *s, ThPosterior *out) {
  const ThRecording *r = s->r;
  bool ok = th_posterior_set_product(out, s->log_evidence);
  for (size_t i = 0; ok && i < r->n_unknowns; i++)
    if (!r->unknowns[i].is_held) ok = give_unknown(s, &r->unknowns[i], i, out);
  return ok && th_string_of(r->cx, "exact: conjugate, Dirichlet", &out->method);
}

ThAttempt th_conjugate_shares_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  Shares s = {.r = r, .why = why};
  if (r->n_elements == 0 || r->options.carried) return th_decline(why, "there are no shares");
  s.alpha = th_alloc_array(r->cx, r->n_elements, sizeof *s.alpha);
  if (!s.alpha) return TH_FAILED;
  ThAttempt attempt = read_all(&s);
  if (attempt == TH_ANSWERED && !give(&s, out)) attempt = TH_FAILED;
  th_free(r->cx, s.alpha, r->n_elements * sizeof *s.alpha);
  return attempt;
}
