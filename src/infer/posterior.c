/* posterior.c - a posterior: the joint distribution of a model's parameters given data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/posterior.h"

#include <math.h>
#include <string.h>

#include "infer/by_draws.h"
#include "infer/ends.h"
#include "infer/evidence.h"
#include "infer/names.h"
#include "infer/observed.h"
#include "infer/sampled_posterior.h"
#include "infer/starts.h"
#include "infer/strategy.h"
#include "infer/summary.h"
#include "infer/transforms.h"
#include "num/stats.h"
#include "prob/event.h"
#include "val/array.h"

/* --- Filling */

static size_t numbers_of(size_t k) { return 2 * k * k + 2 * k; }

/* root, target, mean, covariance in one block. */
static bool make_numbers(ThPosterior *p) {
  size_t k = p->k;
  if (k == 0 || p->mean) return true;
  p->mean = th_alloc_array(p->cx, numbers_of(k), sizeof *p->mean);
  if (!p->mean) return false;
  memset(p->mean, 0, numbers_of(k) * sizeof *p->mean);
  p->target = p->mean + k;
  p->root = p->target + k;
  p->covariance = p->root + k * k;
  return true;
}

bool th_posterior_set_product(ThPosterior *p, double log_evidence) {
  p->log_evidence = log_evidence;
  if (!make_numbers(p)) return false;
  p->laws = p->k ? th_alloc_array(p->cx, p->k, sizeof *p->laws) : NULL;
  for (size_t i = 0; p->laws && i < p->k; i++) p->laws[i] = (ThElementLaw){0};
  return p->laws || p->k == 0;
}

bool th_posterior_set_law(ThPosterior *p, size_t i, const ThFamily *family, const double *parameters) {
  p->laws[i].family = family;
  memcpy(p->laws[i].p, parameters, (size_t)family->n_parameters * sizeof *parameters);
  p->mean[i] = family->math->mean(parameters);
  p->covariance[i * p->k + i] = family->math->variance(parameters);
  return true;
}

static bool make_vectors(ThPosterior *p) {
  if (p->vectors) return true;
  p->vectors = th_alloc_array(p->cx, p->layout.n, sizeof *p->vectors);
  for (size_t i = 0; p->vectors && i < p->layout.n; i++) p->vectors[i] = th_none();
  return p->vectors != NULL;
}

bool th_posterior_set_vector(ThPosterior *p, size_t entry, ThValue law) {
  const ThDistribution *d = th_as_distribution(law);
  size_t n = th_event_size(d), first = p->layout.entries[entry].first;
  double *covariance = make_vectors(p) ? th_alloc_array(p->cx, n * n, sizeof *covariance) : NULL;
  if (!covariance) return false;
  d->family->event->covariance(d, covariance);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue margin;
    ok = d->family->event->marginal(p->cx, d, i, &margin);
    if (!ok) break;
    ok = th_posterior_set_law(p, first + i, th_as_distribution(margin)->family,
                              th_as_distribution(margin)->p);
    th_release(margin);
    for (size_t j = 0; j < n; j++) p->covariance[(first + i) * p->k + first + j] = covariance[i * n + j];
  }
  th_free(p->cx, covariance, n * n * sizeof *covariance);
  p->vectors[entry] = th_retain(law);
  return ok;
}

bool th_posterior_set_margins(ThPosterior *p, double log_evidence, const char *method) {
  p->log_evidence = log_evidence;
  if (!make_numbers(p) || !th_string_of(p->cx, method, &p->method)) return false;
  p->margins = p->k ? th_alloc_array(p->cx, p->k, sizeof *p->margins) : NULL;
  for (size_t j = 0; p->margins && j < p->k; j++) p->margins[j] = th_none();
  return p->margins || p->k == 0;
}

bool th_posterior_set_margin(ThPosterior *p, size_t j, ThValue law) {
  const ThDistribution *d = th_as_distribution(law);
  th_replace_take(&p->margins[j], th_retain(law));
  return th_distribution_summary(p->cx, d, 0, TH_MEAN, &p->mean[j]) &&
         th_distribution_summary(p->cx, d, 0, TH_VARIANCE, &p->covariance[j * p->k + j]);
}

bool th_posterior_set_joint(ThPosterior *p, ThValue law, double log_evidence, const char *method) {
  const ThDistribution *d = th_as_distribution(law);
  bool ok = th_posterior_set_margins(p, log_evidence, method);
  for (size_t j = 0; ok && j < p->k; j++) {
    ThValue margin;
    ok = d->family->event->marginal(p->cx, d, j, &margin);
    if (!ok) break;
    p->margins[j] = margin;
  }
  if (!ok) return false;
  d->family->event->mean(d, p->mean);
  d->family->event->covariance(d, p->covariance);
  p->joint = th_retain(law);
  return true;
}

bool th_posterior_set_normal(ThPosterior *p, const double *mean, const double *root, const double *covariance,
                             double log_evidence, const char *method) {
  size_t k = p->k;
  p->log_evidence = log_evidence;
  if (!make_numbers(p)) return false;
  if (k) {
    memcpy(p->mean, mean, k * sizeof *mean);
    memcpy(p->root, root, k * k * sizeof *root);
    memcpy(p->covariance, covariance, k * k * sizeof *covariance);
  }
  for (size_t i = 0; i < k; i++) {
    double sum = 0;
    for (size_t j = i; j < k; j++) sum += root[i * k + j] * mean[j];
    p->target[i] = sum;
  }
  return th_string_of(p->cx, method, &p->method);
}

static bool set_sample_moments(ThPosterior *p) {
  const ThChains *s = p->sample;
  size_t n = s->n_chains * s->n_draws, k = p->k;
  double *spare = th_alloc_array(p->cx, n * k, sizeof *spare);
  if (!spare) return false;
  th_stats_covariance_matrix(n, k, s->x, 1, spare, p->covariance);
  for (size_t j = 0; j < k; j++) {
    th_chains_column(s, j, spare);
    p->mean[j] = th_stats_mean(n, spare);
  }
  th_free(p->cx, spare, n * k * sizeof *spare);
  return true;
}

bool th_posterior_set_sample_take(ThPosterior *p, ThChains *sample, const char *method) {
  p->sample = th_alloc(p->cx, sizeof *p->sample);
  if (!p->sample) {
    th_chains_clear(sample);
    return false;
  }
  *p->sample = *sample;
  return make_numbers(p) && set_sample_moments(p) && th_string_of(p->cx, method, &p->method);
}

/* --- Finding */

static ThPosterior *new_posterior(ThContext *cx, ThQuestion *question, const ThRecording *r) {
  ThPosterior *p = th_object_new(cx, &th_posterior_kind, sizeof *p);
  if (!p) return NULL;
  p->cx = cx;
  p->question = *question;
  *question = th_question_none();
  p->k = r->n_elements;
  p->log_evidence = (double)NAN;
  p->method = p->derived = p->joint = p->number = th_none();
  if (th_layout_init(cx, r, &p->layout)) return p;
  th_release(th_object(p));
  return NULL;
}

/* Derived quantities, as expressions in the components; draw by draw, or none, where the body does not take them. */
static bool find_derived(const ThPosterior *p, ThRecord **out) {
  ThContext *cx = p->cx;
  ThRecord *parameters;
  ThRecording r;
  if (!th_posterior_parameters(p, &parameters)) return false;
  bool ok = th_question_replay(cx, &p->question, &p->question.data, parameters, &r);
  th_release(th_object(parameters));
  if (ok) {
    ok = th_derived_record(&r, out);
    th_recording_clear(&r);
    return ok;
  }
  if (!th_record_may_be_plain(cx)) return false;
  th_error_clear(cx);
  if (p->sample) return th_by_draws_derived(p, out);
  *out = th_record_new(cx, 1);
  return *out != NULL;
}

static bool derive(ThPosterior *p) {
  ThRecord *derived;
  if (!find_derived(p, &derived)) return false;
  p->derived = th_object(derived);
  return true;
}

/* --- Methods in turn */

/* Is the method one that was asked for? Laplace's is an approximation, which "auto" does not take. */
static bool is_wanted(const ThPosteriorMethod *m, const char *wanted) {
  return strcmp(m->option, wanted) == 0 || (strcmp(wanted, "auto") == 0 && !m->by_name);
}

/* Why those that were asked declined: of the exact ones the reason that tells most, then the others'. */
typedef struct Declined {
  ThReason exact, other[3];
  const char *options[3];
  size_t n;
} Declined;

static void note_decline(const ThRecording *r, const ThPosteriorMethod *m, const ThReason *why, Declined *d) {
  bool exact = strcmp(m->option, "exact") == 0;
  if (exact && (!d->exact.text[0] || th_recording_is_normal(r))) d->exact = *why;
  if (exact || d->n == sizeof d->other / sizeof *d->other) return;
  d->options[d->n] = m->option;
  d->other[d->n++] = *why;
}

/* What else there is to ask for. */
static bool hint_method(const ThRecording *r, const char *wanted) {
  ThReason why;
  if (r->n_observations && th_transforms_check(r, &why) == TH_DECLINED)
    return th_hint(r->cx, "sum over it: `%s ~ Mixture(weights, [the law for each of its values])`",
                   r->observations[0].name->spelling);
  if (strcmp(wanted, "exact") == 0)
    return th_hint(r->cx, "without `method` it is found on a grid, for two parameters at most, or by draws");
  if (strcmp(wanted, "grid") == 0) return th_hint(r->cx, "`method = \"nuts\"` takes any number of them");
  return false;
}

/* "exact: …; grid and nuts: …", or the one reason alone. */
static void tell_reasons(const Declined *d, bool alone, ThText *out) {
  if (d->exact.text[0]) th_text_format(out, "%s%s", alone ? "" : "exact: ", d->exact.text);
  for (size_t i = 0; i < d->n; i++) {
    bool same = i + 1 < d->n && strcmp(d->other[i].text, d->other[i + 1].text) == 0;
    bool before = i > 0 && strcmp(d->other[i].text, d->other[i - 1].text) == 0;
    if (!alone) th_text_format(out, "%s%s", before ? " and " : out->length ? "; " : "", d->options[i]);
    if (!same) th_text_format(out, "%s%s", alone ? "" : ": ", d->other[i].text);
  }
}

static bool fail_none(const ThRecording *r, const char *wanted, const Declined *d) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  tell_reasons(d, strcmp(wanted, "auto") != 0, &text);
  if (th_text_ok(&text, r->cx)) {
    th_fail(r->cx, TH_ERROR_VALUE, "this version cannot find the posterior of `%s`: %s",
            r->model->name->spelling, th_text_string(&text));
    hint_method(r, wanted);
  }
  th_text_clear(&text);
  return false;
}

static ThAttempt attempt_one(const ThRecording *r, const ThPosteriorMethod *m, ThPosterior *p,
                             ThReason *why) {
  if (r->is_plain && !m->takes_plain)
    return th_decline(why,
                      "a branch, a loop or a call in it hangs on parameters, so that its form is not known");
  if (!m->takes_hanging && th_ends_any_declared(r))
    return th_decline(why, "the range of a parameter hangs on others");
  return m->attempt(r, p, why);
}

static bool attempt_all(const ThRecording *r, ThPosterior *p) {
  Declined declined = {.n = 0};
  const char *wanted = p->question.method;
  for (const ThPosteriorMethod *m = th_posterior_methods; m->name; m++) {
    ThReason why = {""};
    if (!is_wanted(m, wanted)) continue;
    ThAttempt attempt = attempt_one(r, m, p, &why);
    if (attempt == TH_ANSWERED) return true;
    if (attempt == TH_FAILED) return false;
    note_decline(r, m, &why, &declined);
  }
  return fail_none(r, wanted, &declined);
}

bool th_posterior_find_take(ThContext *cx, ThQuestion *question, const struct ThGaussianPrior *carried,
                            ThValue *out) {
  const ThQuestion *q = question;
  ThRecordOptions options = {.verb = TH_VERB_POSTERIOR,
                             .verb_name = "posterior",
                             .prior = th_is_record(q->prior) ? th_as_record(q->prior) : NULL,
                             .fix = th_is_record(q->fix) ? th_as_record(q->fix) : NULL,
                             .init = th_is_record(q->init) ? th_as_record(q->init) : NULL,
                             .weights = th_question_weights(q),
                             .carried = carried};
  ThRecording r;
  bool ok = th_record_model(cx, th_question_model(q), &q->data, &options, &r);
  ThPosterior *p = NULL;
  if (ok) {
    bool sound = th_observed_check_weights(&r) && th_starts_check(&r);
    if (sound) p = new_posterior(cx, question, &r);
    if (p) r.data = &p->question.data; /* moved there */
    ok = p && attempt_all(&r, p) && th_posterior_make_components(p) && th_posterior_keep_prior(p, &r);
    th_recording_clear(&r);
    ok = ok && derive(p);
  }
  th_question_clear(cx, question);
  if (ok) *out = th_object(p);
  else if (p) th_release(th_object(p));
  return ok;
}

/* --- Fields */

typedef bool (*Field)(ThContext *cx, const ThPosterior *p, ThValue *out);

static bool field_method(ThContext *cx, const ThPosterior *p, ThValue *out) {
  (void)cx;
  *out = th_retain(p->method);
  return true;
}

static bool field_evidence(ThContext *cx, const ThPosterior *p, ThValue *out) {
  ThFinding found;
  return th_evidence_of(p, 0, &found) && th_finding_value(cx, &found, NULL, out);
}

static bool field_cov(ThContext *cx, const ThPosterior *p, ThValue *out) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, p->k, p->k);
  if (!a) return false;
  if (p->k) memcpy(a->real, p->covariance, p->k * p->k * sizeof *p->covariance);
  *out = th_object(a);
  return true;
}

static bool field_interval(ThContext *cx, const ThPosterior *p, ThValue *out) {
  (void)cx;
  return th_posterior_intervals(p, out);
}

static bool fail_exact(ThContext *cx, const ThPosterior *p) {
  th_fail(cx, TH_ERROR_VALUE, "this posterior is %s, and holds no draws",
          strncmp(th_as_string(p->method)->text, "exact", 5) == 0 ? "exact" : "computed");
  return th_hint(cx, "`sample(p.%s, 1000)` draws from it",
                 p->layout.n ? p->layout.entries[0].name->spelling : "θ");
}

static bool field_draws(ThContext *cx, const ThPosterior *p, ThValue *out) {
  return p->sample ? th_sampled_draws(p, out) : fail_exact(cx, p);
}

static bool field_diagnostics(ThContext *cx, const ThPosterior *p, ThValue *out) {
  return p->sample ? th_sampled_diagnostics(p, out) : fail_exact(cx, p);
}

static const struct {
  ThFieldNote note;
  Field get;
} fields[] = {
    {{"method", "how the posterior was found"}, field_method},
    {{"log_evidence", "the log probability, or density, of the data under the model and its priors"},
     field_evidence},
    {{"cov", "the covariance matrix of the parameters, in their order"}, field_cov},
    {{"interval", "an interval of each parameter, [lower, upper]: a record"}, field_interval},
    {{"draws", "what a sampler drew: a table of the chain, the draw and each parameter"}, field_draws},
    {{"diagnostics", "whether the chains of a sampler agree: see the topic diagnostics"}, field_diagnostics},
};

enum { N_FIELDS = sizeof fields / sizeof *fields };

static const ThFieldNote *field_note(size_t i) { return i < N_FIELDS ? &fields[i].note : NULL; }

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThPosterior *p = th_as_posterior(self);
  const ThLayoutEntry *e = th_layout_find(&p->layout, name);
  if (e) {
    *out = th_retain(p->components[e - p->layout.entries]);
    return true;
  }
  const ThValue *derived = th_record_find(th_as_record(p->derived), name);
  if (derived) {
    *out = th_retain(*derived);
    return true;
  }
  for (size_t i = 0; i < N_FIELDS; i++)
    if (th_is_symbol(cx, name, fields[i].note.name)) return fields[i].get(cx, p, out);
  return false;
}

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  const ThPosterior *p = th_as_posterior(self);
  const ThRecord *derived = th_as_record(p->derived);
  if (i < p->layout.n) return p->layout.entries[i].name;
  i -= p->layout.n;
  if (i < derived->length) return derived->names[i];
  i -= derived->length;
  if (i >= N_FIELDS) return NULL;
  return th_symbol_of(cx, fields[i].note.name);
}

/* --- The kind */

static void release_posterior(ThObject *self) {
  ThPosterior *p = (ThPosterior *)self;
  size_t k = p->k;
  th_question_clear(p->cx, &p->question);
  th_model_data_clear(p->cx, &p->seen);
  if (p->components) {
    th_release_all(p->components, p->layout.n);
    th_free(p->cx, p->components, p->layout.n * sizeof *p->components);
  }
  if (p->vectors) {
    th_release_all(p->vectors, p->layout.n);
    th_free(p->cx, p->vectors, p->layout.n * sizeof *p->vectors);
  }
  th_layout_clear(self->heap, &p->layout);
  if (p->laws) th_free(p->cx, p->laws, k * sizeof *p->laws);
  if (p->sample) {
    th_chains_clear(p->sample);
    th_free(p->cx, p->sample, sizeof *p->sample);
  }
  if (p->margins) {
    th_release_all(p->margins, k);
    th_free(p->cx, p->margins, k * sizeof *p->margins);
  }
  if (p->prepared) {
    th_release_all(p->prepared, k);
    th_free(p->cx, p->prepared, k * sizeof *p->prepared);
  }
  th_posterior_clear_free(p);
  th_release(p->joint);
  if (p->mean) th_free(p->cx, p->mean, numbers_of(k) * sizeof *p->mean);
  th_release(p->method);
  th_release(p->derived);
  th_release(p->number);
  th_object_free(self, sizeof *p);
}

/* A table of all parameters; mean(p), sd(p) would have to say of what. */
static bool verb(ThContext *cx, const char *name, const ThValue *args, size_t n_args, ThValue *out) {
  const ThPosterior *p = th_as_posterior(args[0]);
  (void)n_args;
  if (strcmp(name, "summary") == 0) return th_summary_posterior(p, out);
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` of a posterior: of which parameter?", name);
  return th_hint(cx, "`%s(p.%s)`", name, p->layout.n ? p->layout.entries[0].name->spelling : "θ");
}

const ThKind th_posterior_kind = {
    .name = "posterior",
    .release = release_posterior,
    .format = th_posterior_format,
    .get_field = get_field,
    .field_name = field_name,
    .field_note = field_note,
    .plot = th_posterior_plot,
    .verb = verb,
};
