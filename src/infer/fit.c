/* fit.c - a fit: the parameters that make data most probable, and how sure they are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A strategy finds the maximum; everything else about the fit comes from running the model once more at it.
 * */
#include "infer/fit.h"

#include <math.h>
#include <string.h>

#include "infer/ends.h"
#include "infer/law.h"
#include "infer/law_jacobian.h"
#include "infer/observed.h"
#include "infer/starts.h"
#include "infer/strategy.h"
#include "infer/summary.h"
#include "prob/event.h"
#include "num/special.h"
#include "num/stats.h"
#include "val/array.h"

double th_level_quantile(double level) { return th_special_normal_quantile((1 + level) / 2); }

bool th_fit_parameters(const ThFit *fit, const double *x, ThRecord **out) {
  return th_layout_record(fit->cx, &fit->layout, x ? x : fit->estimate, false, out);
}

/* --- Numbers */

static size_t numbers_of(size_t k) { return 2 * k * k + 4 * k; }

static bool take_maximum(ThFit *fit, ThMaximum *m) {
  size_t k = fit->k;
  fit->steps = m->steps;
  m->steps = th_steps_none(fit->cx, k);
  fit->interrupted = m->interrupted;
  fit->method = m->method;
  fit->expected = m->expected;
  fit->constraints = m->constraints;
  fit->calls = m->calls;
  if (!th_text_ok(&m->words, fit->cx)) return false;
  if (m->words.length && !th_string(fit->cx, th_text_string(&m->words), m->words.length - 1, &fit->words))
    return false;
  if (k == 0) return true;
  fit->estimate = th_alloc_array(fit->cx, numbers_of(k), sizeof *fit->estimate);
  if (!fit->estimate) return false;
  fit->se = fit->estimate + k;
  fit->lower = fit->se + k;
  fit->upper = fit->lower + k;
  fit->covariance = fit->upper + k;
  fit->information = fit->covariance + k * k;
  memcpy(fit->estimate, m->estimate, k * sizeof *fit->estimate);
  memcpy(fit->covariance, m->covariance, k * k * sizeof *fit->estimate);
  memcpy(fit->information, m->information, k * k * sizeof *fit->estimate);
  double z = th_level_quantile(fit->question.level);
  for (size_t j = 0; j < k; j++) {
    fit->se[j] = sqrt(m->covariance[j * (k + 1)]);
    bool none = isnan(fit->se[j]);
    fit->lower[j] = none ? (double)NAN : fmax(m->estimate[j] - z * fit->se[j], m->range[2 * j]);
    fit->upper[j] = none ? (double)NAN : fmin(m->estimate[j] + z * fit->se[j], m->range[2 * j + 1]);
  }
  return true;
}

/* --- At the maximum */

/* Σ w log density, and each residual in the units of its standard deviation times √w. */
static bool weigh(ThFit *fit, const ThObservation *o, const ThArray *w, double *log_density, double *sd) {
  const ThDistribution *d = th_as_distribution(o->distribution);
  size_t n = th_value_length(o->data), each = w->length ? n / w->length : 1;
  double *terms = w->length ? th_alloc_array(fit->cx, w->length, sizeof *terms) : NULL;
  bool ok = terms || w->length == 0;
  for (size_t i = 0; ok && i < w->length; i++) {
    double x = th_datum(o->data, i * each), *at = &terms[i];
    ok = d->family->event
             ? d->family->event->log_density(fit->cx, d, th_as_array(o->data)->real + i * each, at)
             : th_distribution_measure(fit->cx, d, d->length == 1 ? 0 : i, TH_LOGPDF, x, at);
    if (w->real[i] == 0) *at = 0;
    else *at *= w->real[i];
    for (size_t k = 0; k < each; k++) sd[i * each + k] *= sqrt(w->real[i]);
  }
  if (ok) *log_density = th_stats_sum(w->length, terms);
  if (terms) th_free(fit->cx, terms, w->length * sizeof *terms);
  return ok;
}

/* Residuals of one observation into `residual`, and its parts of log likelihood and χ². */
static bool add_observation(ThFit *fit, const ThObservation *o, double *residual, double *sd) {
  ThContext *cx = fit->cx;
  const ThDistribution *d = th_as_distribution(o->distribution);
  size_t n = th_value_length(o->data);
  const ThArray *w = th_question_weights(&fit->question);
  double log_density;
  if (!th_law_log_density(cx, o->data, d, &log_density) || !th_law_moments(cx, d, n, residual, sd))
    return false;
  if (d->family != &th_family_normal) fit->chi2 = (double)NAN;
  for (size_t i = 0; i < n; i++) {
    residual[i] = th_datum(o->data, i) - residual[i];
    sd[i] = residual[i] / sd[i];
  }
  if (w && !weigh(fit, o, w, &log_density, sd)) return false;
  fit->loglik += log_density;
  double norm = th_stats_norm(n, sd);
  fit->chi2 += norm * norm;
  return true;
}

static bool measure(ThFit *fit, const ThRecording *r) {
  size_t n = th_recording_data_count(r), at = 0;
  for (size_t i = 0; i < r->n_observations; i++) fit->n_data += th_observed_terms(&r->observations[i]);
  ThArray *residuals = th_vector_new(fit->cx, TH_DOUBLE, n);
  if (!residuals) return false;
  fit->residuals = th_object(residuals);
  double *sd = n ? th_alloc_array(fit->cx, n, sizeof *sd) : NULL;
  bool ok = sd || n == 0;
  for (size_t i = 0; ok && i < r->n_observations; i++) {
    ok = add_observation(fit, &r->observations[i], residuals->real + at, sd);
    at += th_value_length(r->observations[i].data);
  }
  if (sd) th_free(fit->cx, sd, n * sizeof *sd);
  return ok;
}

static bool finish(ThFit *fit) {
  ThRecord *parameters, *derived;
  ThRecording r;
  if (!th_fit_parameters(fit, NULL, &parameters)) return false;
  bool ok = th_question_replay(fit->cx, &fit->question, &fit->question.data, parameters, &r);
  th_release(th_object(parameters));
  if (!ok) return false;
  ok = measure(fit, &r) && th_derived_record(&r, &derived);
  if (ok) fit->derived = th_object(derived);
  if (fit->sd_estimated || fit->n_data == 0) fit->chi2 = (double)NAN; /* what σ was chosen for; of nothing */
  th_recording_clear(&r);
  return ok;
}

/* --- Finding */

static bool fail_none(const ThRecording *r, const ThReason *why) {
  th_fail(r->cx, TH_ERROR_VALUE, "this version cannot fit `%s`: %s", r->model->name->spelling, why->text);
  return th_hint(
      r->cx,
      "it fits Normal data with given σ whose mean is linear in the parameters, and probabilities and rates");
}

static bool attempt_all(const ThRecording *r, ThMaximum *out) {
  ThReason normal = {""}, other = {""};
  bool hangs = th_ends_any_declared(r);
  for (const ThMaximizer *m = r->is_plain ? th_plain_maximizers : th_maximizers; m->name; m++) {
    ThReason why = {""};
    if (r->options.weights && !m->takes_weights) continue;
    if (hangs && !m->takes_hanging) continue;
    ThAttempt attempt = m->attempt(r, out, &why);
    if (attempt == TH_ANSWERED) return true;
    if (attempt == TH_FAILED) return false;
    bool gaussian = m->attempt == th_gaussian_maximum;
    bool skipped = m->attempt ==
                   (r->options.verb == TH_VERB_MLE ? th_conjugate_maximum : th_closed_form_maximum);
    if (gaussian) normal = why;
    else if (!skipped) other = why;
  }
  return fail_none(r, th_recording_is_normal(r) ? &normal : &other);
}

/* The same where the body ran on numbers, of data that are all Normal: by the derivatives at x. */
static bool find_sd_moves(const ThRecording *r, const double *x, bool *out) {
  ThLawJacobian j;
  size_t first = 0;
  if (!th_recording_is_normal(r)) return true;
  if (!th_law_jacobian_find(r, x, &j)) return false;
  for (size_t i = 0; i < r->n_observations; i++) {
    size_t n = th_value_length(r->observations[i].data);
    for (size_t row = first + n; row < first + 2 * n; row++) *out = *out || th_law_jacobian_hangs(&j, row);
    first += 2 * n;
  }
  th_law_jacobian_clear(&j);
  return true;
}

/* Does the σ of some Normal data hang on parameters? x: the estimate. */
static bool find_sd_estimated(const ThRecording *r, const double *x, bool *out) {
  *out = false;
  if (r->is_plain) return find_sd_moves(r, x, out);
  for (size_t i = 0; i < r->n_observations && !*out; i++) {
    const ThFamily *family;
    ThValue p[TH_MAX_PARAMETERS];
    if (!th_is_law(r->observations[i].distribution) ||
        th_law_family(r->observations[i].distribution) != &th_family_normal)
      continue;
    if (!th_law_parameters(r->cx, r->observations[i].distribution, &family, p)) return false;
    *out = th_is_random(p[1]) || th_is_unset(p[1]);
    th_release_all(p, TH_MAX_PARAMETERS);
  }
  return true;
}

static ThFit *new_fit(ThContext *cx, ThQuestion *question, const ThRecording *r) {
  ThFit *fit = th_object_new(cx, &th_fit_kind, sizeof *fit);
  if (!fit) return NULL;
  fit->cx = cx;
  fit->question = *question;
  *question = th_question_none();
  fit->k = r->n_elements;
  fit->steps = th_steps_none(cx, fit->k);
  fit->words = fit->residuals = fit->derived = th_none();
  if (th_layout_init(cx, r, &fit->layout)) return fit;
  th_release(th_object(fit));
  return NULL;
}

static bool find(ThContext *cx, ThQuestion *q, ThFit **out) {
  ThRecordOptions options = {.verb = q->verb,
                             .verb_name = th_verb_name(q->verb),
                             .prior = th_is_record(q->prior) ? th_as_record(q->prior) : NULL,
                             .fix = th_is_record(q->fix) ? th_as_record(q->fix) : NULL,
                             .init = th_is_record(q->init) ? th_as_record(q->init) : NULL,
                             .weights = th_question_weights(q)};
  ThRecording r;
  ThMaximum maximum = {0};
  if (!th_record_model(cx, th_question_model(q), &q->data, &options, &r)) return false;
  bool ok = th_observed_check_weights(&r) && th_starts_check(&r) && attempt_all(&r, &maximum);
  if (ok) {
    bool sd_estimated;
    ok = find_sd_estimated(&r, maximum.estimate, &sd_estimated); /* of data that the fit is about to take */
    *out = ok ? new_fit(cx, q, &r) : NULL;
    ok = *out && take_maximum(*out, &maximum);
    if (ok) (*out)->sd_estimated = sd_estimated;
    th_maximum_clear(&maximum);
  }
  th_recording_clear(&r);
  return ok && finish(*out);
}

bool th_fit_find_take(ThContext *cx, ThQuestion *question, ThValue *out) {
  ThFit *fit = NULL;
  bool ok = find(cx, question, &fit);
  th_question_clear(cx, question);
  if (ok) *out = th_object(fit);
  else if (fit) th_release(th_object(fit));
  return ok;
}

/* --- The kind */

static void release_fit(ThObject *self) {
  ThFit *fit = (ThFit *)self;
  th_question_clear(fit->cx, &fit->question);
  th_layout_clear(self->heap, &fit->layout);
  th_steps_clear(&fit->steps);
  if (fit->estimate) th_free(fit->cx, fit->estimate, numbers_of(fit->k) * sizeof *fit->estimate);
  th_release(fit->words);
  th_release(fit->residuals);
  th_release(fit->derived);
  th_object_free(self, sizeof *fit);
}

static bool call_fit(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  (void)self, (void)args, (void)out;
  return th_result_fail_call(cx, "a fit");
}

static bool verb(ThContext *cx, const char *name, const ThValue *args, size_t n_args, ThValue *out) {
  (void)cx, (void)n_args;
  return strcmp(name, "summary") == 0 && th_summary_fit(th_as_fit(args[0]), out);
}

const ThKind th_fit_kind = {
    .name = "fit",
    .release = release_fit,
    .format = th_fit_format,
    .get_field = th_fit_get_field,
    .field_name = th_fit_name_at,
    .field_note = th_fit_field_note,
    .call = call_fit,
    .plot = th_fit_plot,
    .verb = verb,
};
