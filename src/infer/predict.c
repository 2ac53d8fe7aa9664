/* predict.c - what a fit or a posterior says about new data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fit answers with the mean and its error, from the covariance C of the estimates: var = g C g', g the
 * gradient of the mean. A posterior answers with the distribution of one new datum. */
#include "infer/by_draws.h"
#include "infer/by_states.h"
#include "infer/predict.h"
#include "infer/predict_plane.h"

#include <math.h>
#include <string.h>

#include "infer/extrapolation.h"
#include "infer/law.h"
#include "infer/mean.h"
#include "num/stats.h"
#include "prob/conjugate.h"
#include "val/array.h"

/* --- Inputs */

/* A number or array by position: the record (x = …) of the model's one input. Owned. */
static bool name_input(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, ThValue given,
                       ThValue *out) {
  const ThModel *model = th_question_model(q);
  size_t n = q->data.n, count = 0, which = 0;
  bool is_knob, *is_input = n ? th_alloc_array(cx, n, sizeof *is_input) : NULL;
  if (n && !is_input) return false;
  bool ok = th_mean_inputs(cx, q, parameters, is_input);
  for (size_t i = 0; ok && i < n; i++)
    if (is_input[i] && (th_model_argument(model, i, &is_knob), !is_knob)) which = i, count++;
  if (is_input) th_free(cx, is_input, n * sizeof *is_input);
  if (!ok) return false;
  const ThSymbol *name = count ? th_model_argument(model, which, &is_knob) : NULL;
  if (count != 1) {
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "which input is it? model `%s` has %zu", model->name->spelling,
                     count);
    return name ? th_hint(cx, "predict(f, %s = …)", name->spelling) : false;
  }
  ThRecord *record = th_record_new(cx, 1);
  if (!record ||
      !th_record_set_take(cx, record, th_model_argument(model, which, &is_knob), th_retain(given))) {
    if (record) th_release(th_object(record));
    return false;
  }
  *out = th_object(record);
  return true;
}

/* The new data of a call. */
static bool read_inputs(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, ThValue given,
                        const ThRecord *named, ThModelData *out, bool *sd_known, const ThSymbol **missing) {
  if (th_is_unset(given) || th_is_table(given) || th_is_record(given))
    return th_mean_new_data(cx, q, parameters, given, named, out, sd_known, missing);
  ThValue record = th_none();
  if (!name_input(cx, q, parameters, given, &record)) return false;
  bool ok = th_mean_new_data(cx, q, parameters, record, named, out, sd_known, missing);
  th_release(record);
  return ok;
}

/* Notes inputs beyond the data of the fit. */
static void note_range(ThContext *cx, const ThSymbol *name, ThValue old, ThValue new) {
  const ThArray *seen = th_as_array(old);
  double number = th_is_scalar(new) ? th_as_scalar(new) : 0;
  const double *x = th_is_array(new) ? th_as_array(new)->real : &number;
  th_note_outside(cx, name->spelling, (ThInput){seen->real, seen->length, 1},
                  (ThInput){x, th_value_length(new), 1});
}

static bool note_extrapolation(ThContext *cx, const ThQuestion *q, const ThRecord *parameters,
                               const ThModelData *data, bool *is_input) {
  bool is_knob;
  if (!th_mean_inputs(cx, q, parameters, is_input)) return false;
  for (size_t i = 0; i < data->n; i++) {
    ThValue old = q->data.values[i], new = data->values[i];
    if (!is_input[i] || !th_is_array(old) || th_as_array(old)->rank != 1 || th_as_array(old)->length == 0)
      continue;
    note_range(cx, th_model_argument(th_question_model(q), i, &is_knob), old, new);
  }
  return true;
}

/* --- The band of a fit */

void th_band_clear(ThBand *band) {
  if (band->value) th_free(band->cx, band->value, 4 * band->m * sizeof *band->value);
  *band = (ThBand){0};
}

/* √(g C g') */
static double standard_error(const ThFit *fit, const double *g) {
  double sum = 0;
  for (size_t i = 0; i < fit->k; i++)
    for (size_t j = 0; j < fit->k; j++) sum += g[i] * fit->covariance[i * fit->k + j] * g[j];
  return sqrt(fmax(sum, 0));
}

static bool fill_band(ThContext *cx, const ThFit *fit, const ThModelData *data, const ThMean *mean,
                      ThBand *out) {
  size_t m = mean->m, k = fit->k, size = m * k * sizeof(double);
  *out = (ThBand){.cx = cx, .m = m};
  if (m == 0) return true;
  out->value = th_alloc_array(cx, 4 * m, sizeof *out->value);
  if (!out->value) return false;
  out->se = out->value + m;
  out->noise = out->se + m;
  out->most = out->noise + m;
  memcpy(out->value, mean->mean, m * sizeof *out->value);
  memcpy(out->noise, mean->sd, m * sizeof *out->value);
  memcpy(out->most, mean->most, m * sizeof *out->value);
  for (size_t i = 0; i < m; i++) out->se[i] = 0;
  if (k == 0) return true;
  double *gradient = th_alloc(cx, size);
  bool ok = gradient &&
            th_mean_gradient(cx, &fit->question, &fit->layout, data, fit->estimate, mean, gradient, NULL);
  for (size_t i = 0; ok && i < m; i++) out->se[i] = standard_error(fit, gradient + i * k);
  if (gradient) th_free(cx, gradient, size);
  return ok;
}

bool th_band_find(ThContext *cx, const ThFit *fit, const ThModelData *data, ThBand *out, bool *scalar,
                  bool *normal) {
  ThRecord *parameters;
  ThMean mean;
  *out = (ThBand){0};
  if (!th_fit_parameters(fit, NULL, &parameters)) return false;
  bool ok = th_mean_find(cx, &fit->question, data, parameters, &mean);
  th_release(th_object(parameters));
  if (!ok) return false;
  *scalar = mean.scalar;
  *normal = mean.family == &th_family_normal;
  ok = fill_band(cx, fit, data, &mean, out);
  th_mean_clear(&mean);
  if (!ok) th_band_clear(out);
  return ok;
}

double th_band_end(const ThBand *b, size_t i, double z) {
  double x = b->value[i], most = b->most[i], se = b->se[i];
  if (se == 0 || !(x > 0 && x < most)) return x + z * se;
  if (isinf(most)) return x * exp(z * se / x);
  double logit = log(x / (most - x)) + z * se * most / (x * (most - x));
  return most / (1 + exp(-logit));
}

/* --- The answer of a fit */

enum { VALUE, SE, LOWER, UPPER, PREDICT_LOWER, PREDICT_UPPER, N_PARTS };
static const char *const part_names[] = {"value", "se", "lower", "upper", "predict_lower", "predict_upper"};

static double part(const ThBand *b, size_t i, int which, double z) {
  double both = sqrt(b->se[i] * b->se[i] + b->noise[i] * b->noise[i]);
  switch (which) {
    case VALUE: return b->value[i];
    case SE: return b->se[i];
    case LOWER: return th_band_end(b, i, -z);
    case UPPER: return th_band_end(b, i, z);
    case PREDICT_LOWER: return b->value[i] - z * both;
    default: return b->value[i] + z * both;
  }
}

static bool answer_record(ThContext *cx, const ThBand *b, double z, bool predicts, ThValue *out) {
  ThRecord *record = th_record_new(cx, N_PARTS);
  bool ok = record != NULL;
  for (int which = 0; ok && which < N_PARTS; which++) {
    bool none = which >= PREDICT_LOWER && !predicts;
    ok = th_record_set_text(cx, record, part_names[which],
                            none ? th_none() : th_number(part(b, 0, which, z)));
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* The inputs that are columns of the answer: those the mean hangs on, one number a row. */
static bool add_inputs(ThContext *cx, const ThQuestion *q, const ThModelData *data, const bool *is_input,
                       ThTable *table) {
  bool is_knob;
  for (size_t i = 0; i < data->n; i++) {
    ThValue v = data->values[i];
    if (!is_input[i] || !th_is_array(v) || th_as_array(v)->rank != 1 ||
        th_as_array(v)->length != table->n_rows)
      continue;
    if (!th_table_set_take(cx, table, th_model_argument(th_question_model(q), i, &is_knob), th_retain(v)))
      return false;
  }
  return true;
}

static bool add_part(ThContext *cx, const ThBand *b, int which, double z, ThTable *table) {
  ThSymbol *name = th_symbol_of(cx, part_names[which]);
  ThArray *column = name ? th_vector_new(cx, TH_DOUBLE, b->m) : NULL;
  if (!column) return false;
  for (size_t i = 0; i < b->m; i++) column->real[i] = part(b, i, which, z);
  return th_table_set_take(cx, table, name, th_object(column));
}

static bool answer_table(ThContext *cx, const ThQuestion *q, const ThModelData *data, const bool *is_input,
                         const ThBand *b, double z, bool predicts, ThValue *out) {
  ThTable *table = th_table_new(cx, b->m);
  bool ok = table && add_inputs(cx, q, data, is_input, table);
  for (int which = 0; ok && which < (predicts ? N_PARTS : PREDICT_LOWER); which++)
    ok = add_part(cx, b, which, z, table);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

static bool has_curvature(ThContext *cx, const ThFit *fit) {
  for (size_t j = 0; j < fit->k; j++)
    if (isnan(fit->se[j]))
      return th_fail(
          cx, TH_ERROR_NUMERIC,
          "this fit has no errors to predict with: a parameter lies at an end of its range, or at the "
          "kink of its prior");
  return true;
}

static bool answer_fit(ThContext *cx, const ThFit *fit, const ThModelData *data, bool *is_input, double level,
                       bool sd_known, ThValue *out) {
  ThBand band;
  bool scalar, normal;
  double z = th_level_quantile(level);
  if (!th_band_find(cx, fit, data, &band, &scalar, &normal)) return false;
  bool predicts = sd_known && normal;
  bool ok = scalar ? answer_record(cx, &band, z, predicts, out)
                   : answer_table(cx, &fit->question, data, is_input, &band, z, predicts, out);
  th_band_clear(&band);
  return ok;
}

bool th_predict_fit(ThContext *cx, const ThFit *fit, ThValue given, const ThRecord *named, double level,
                    ThValue *out) {
  const ThQuestion *q = &fit->question;
  ThRecord *parameters;
  ThModelData data;
  bool sd_known;
  const ThSymbol *missing;
  if (!has_curvature(cx, fit) || !th_fit_parameters(fit, NULL, &parameters)) return false;
  bool *is_input = th_alloc_array(cx, q->data.n + 1, sizeof *is_input);
  bool ok = is_input && read_inputs(cx, q, parameters, given, named, &data, &sd_known, &missing);
  if (ok) {
    ok = note_extrapolation(cx, q, parameters, &data, is_input) &&
         answer_fit(cx, fit, &data, is_input, level, sd_known, out);
    th_model_data_clear(cx, &data);
    if (ok && !sd_known)
      th_note(cx, "a new point needs its own `%s` for predict_lower and predict_upper", missing->spelling);
  }
  if (is_input) th_free(cx, is_input, (q->data.n + 1) * sizeof *is_input);
  th_release(th_object(parameters));
  return ok;
}

/* --- The answer of a posterior */

/* Normal(mean, √(g C g' + σ²)), element by element. */
static bool answer_normal(ThContext *cx, const ThPosterior *p, const ThMean *mean, const double *gradient,
                          ThValue *out) {
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  size_t k = p->k, m = mean->m;
  ThArray *center = th_vector_new(cx, TH_DOUBLE, m),
          *spread = center ? th_vector_new(cx, TH_DOUBLE, m) : NULL;
  if (!spread) {
    if (center) th_release(th_object(center));
    return false;
  }
  for (size_t r = 0; r < m; r++) {
    double sum = mean->sd[r] * mean->sd[r];
    const double *g = gradient + r * k;
    for (size_t i = 0; i < k; i++)
      for (size_t j = 0; j < k; j++) sum += g[i] * p->covariance[i * k + j] * g[j];
    center->real[r] = mean->mean[r];
    spread->real[r] = sqrt(sum);
  }
  bool ok = th_from_array_take(cx, center, mean->scalar, &parameters[0]);
  if (!ok) th_release(th_object(spread));
  ok = ok && th_from_array_take(cx, spread, mean->scalar, &parameters[1]) &&
       th_distribution_new(cx, &th_family_normal, parameters, out);
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return ok;
}

/* The element that a positional parameter of a law is, when it is one; SIZE_MAX when not. */
static size_t direct_element(const ThPosterior *p, ThValue v) {
  for (size_t i = 0; i < p->layout.n; i++) {
    const ThLayoutEntry *e = &p->layout.entries[i];
    if (e->is_held) continue;
    for (size_t j = 0; j < th_entry_size(e); j++)
      if (th_law_element(p->components[i], j).bits == v.bits) return e->first + j;
  }
  return SIZE_MAX;
}

enum { MOST_OUTCOMES = 100000 };

/* Binomial(n, p) with p ~ Beta: the masses of 0 … n. */
static bool answer_binomial(ThContext *cx, const ThPosterior *p, size_t element, double size, ThValue *out) {
  const ThConjugate *pair = th_conjugate_find(&th_family_beta, &th_family_binomial, 1);
  size_t n = (size_t)size + 1;
  double *values = th_alloc_array(cx, 2 * n, sizeof *values), likelihood[TH_MAX_PARAMETERS] = {size};
  if (!values) return false;
  for (size_t i = 0; i < n; i++) {
    values[i] = (double)i;
    values[n + i] = exp(pair->log_predictive(p->laws[element].p, likelihood, (double)i));
  }
  bool ok = th_distribution_discrete(cx, values, values + n, n, out);
  th_free(cx, values, 2 * n * sizeof *values);
  return ok;
}

/* A closed predictive law of a datum whose law hangs directly on one element. *known is false when there is
 * none. */
static bool answer_direct(ThContext *cx, const ThPosterior *p, const ThFamily *family,
                          const ThValue *parameters, bool *known, ThValue *out) {
  size_t element = SIZE_MAX;
  *known = false;
  if (!p->laws) return true;
  if (family == &th_family_bernoulli) element = direct_element(p, parameters[0]);
  bool sized = th_is_scalar(parameters[0]) && th_as_scalar(parameters[0]) <= MOST_OUTCOMES;
  if (family == &th_family_binomial && sized) element = direct_element(p, parameters[1]);
  if (element == SIZE_MAX || p->laws[element].family != &th_family_beta) return true;
  *known = true;
  if (family == &th_family_binomial) return answer_binomial(cx, p, element, th_as_scalar(parameters[0]), out);
  double probability[TH_MAX_PARAMETERS] = {p->mean[element]};
  return th_distribution_of(cx, &th_family_bernoulli, probability, out);
}

/* What to do about a body that takes no random variables, where there are neither draws nor states. */
static bool hint_body(ThContext *cx, const ThPosterior *p) {
  for (size_t j = 0; p->margins && j < p->k; j++)
    if (th_distribution_is_discrete(th_as_distribution(p->margins[j])))
      return th_hint(
          cx, "with parameters of both kinds the body is made of expressions: `if … then … else`, `[a, b]`");
  return th_hint(cx, "draws are taken one by one: `posterior(…, method = \"nuts\")`");
}

/* The body takes no random variables: it has just failed. */
static bool answer_by_values(ThContext *cx, const ThPosterior *p, const ThModelData *data, ThValue *out) {
  bool by_states = !p->sample && th_by_states_fits(p);
  if (!th_record_may_be_plain(cx)) return false;
  if (!p->sample && !by_states) return hint_body(cx, p);
  th_error_clear(cx);
  return by_states ? th_by_states_predict(p, data, out) : th_by_draws_predict(p, data, out);
}

/* Anything else: a new random variable with the law given the parameters, which queries then sum or integrate
 * over. */
static bool answer_variable(ThContext *cx, const ThPosterior *p, const ThModelData *data, ThValue *out) {
  ThRecord *parameters;
  ThRecording r;
  if (!th_posterior_parameters(p, &parameters)) return false;
  bool ok = th_question_replay(cx, &p->question, data, parameters, &r);
  th_release(th_object(parameters));
  if (!ok) return answer_by_values(cx, p, data, out);
  const ThObservation *o = &r.observations[0];
  const ThFamily *family;
  ThValue values[TH_MAX_PARAMETERS];
  bool known = false;
  ok = th_law_parameters(cx, o->distribution, &family, values);
  if (ok) {
    ok = answer_direct(cx, p, family, values, &known, out);
    th_release_all(values, TH_MAX_PARAMETERS);
  }
  if (ok && !known) ok = th_variable_predicted(cx, o->name, o->distribution, out);
  th_recording_clear(&r);
  return ok;
}

static bool all_normal(const ThPosterior *p) {
  if (p->margins || p->free || p->sample) return false;
  for (size_t i = 0; p->laws && i < p->k; i++)
    if (p->laws[i].family != &th_family_normal) return false;
  return true;
}

static bool answer_posterior(ThContext *cx, const ThPosterior *p, const ThModelData *data,
                             const ThRecord *parameters, ThValue *out) {
  ThMean mean;
  bool linear = false, known = false;
  if (!th_mean_find(cx, &p->question, data, parameters, &mean)) return false;
  size_t size = (mean.m * p->k + 1) * sizeof(double);
  double *gradient = th_alloc(cx, size);
  bool ok = gradient != NULL;
  if (ok && mean.family == &th_family_normal && all_normal(p))
    ok = th_mean_gradient(cx, &p->question, &p->layout, data, p->mean, &mean, gradient, &linear);
  if (ok && !linear) ok = th_predict_scaled(cx, p, data, mean.m, mean.scalar, &known, out);
  if (ok && !linear && !known && mean.scalar) ok = th_predict_plane(cx, p, data, &known, out);
  if (ok && !known)
    ok = linear ? answer_normal(cx, p, &mean, gradient, out) : answer_variable(cx, p, data, out);
  if (gradient) th_free(cx, gradient, size);
  th_mean_clear(&mean);
  return ok;
}

bool th_predict_posterior(ThContext *cx, const ThPosterior *p, ThValue given, const ThRecord *named,
                          ThValue *out) {
  const ThQuestion *q = &p->question;
  ThRecord *parameters;
  ThModelData data;
  bool sd_known;
  const ThSymbol *missing;
  if (!th_posterior_point(p, &parameters)) return false;
  bool *is_input = th_alloc_array(cx, q->data.n + 1, sizeof *is_input);
  bool ok = is_input && read_inputs(cx, q, parameters, given, named, &data, &sd_known, &missing);
  if (ok) {
    if (!sd_known) {
      ok = th_fail(cx, TH_ERROR_VALUE, "a new datum needs its own `%s`: its law hangs on it",
                   missing->spelling);
      th_hint(cx, "predict(p, …, %s = …)", missing->spelling);
    }
    ThQuestion all = th_posterior_question(p);
    ok = ok && (p->forgot || note_extrapolation(cx, &all, parameters, &data, is_input)) &&
         answer_posterior(cx, p, &data, parameters, out);
    th_model_data_clear(cx, &data);
  }
  if (is_input) th_free(cx, is_input, (q->data.n + 1) * sizeof *is_input);
  th_release(th_object(parameters));
  return ok;
}
