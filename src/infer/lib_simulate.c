/* lib_simulate.c - built-ins: logp, simulate */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both run the body with parameters held at numbers: logp adds up the log densities of everything with a `~`,
 * simulate draws what stands on the left. */
#include <math.h>

#include "infer/awaited.h"
#include "infer/law.h"
#include "infer/libs.h"
#include "infer/record.h"
#include "val/array.h"

static bool check_model(ThContext *cx, const char *verb, ThValue v) {
  char got[96];
  if (th_is_model(v)) return true;
  return th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` takes a model, got %s", verb,
                          th_describe(v, got, sizeof got));
}

/* --- logp */

static bool add_prior(const ThRecording *r, const ThUnknown *u, double *sum) {
  double term;
  if (!u->is_held) {
    th_fail(r->cx, TH_ERROR_VALUE, "`logp` needs a value for `%s`", u->name->spelling);
    return th_hint(r->cx, "logp(m, d, (%s = …))", u->name->spelling);
  }
  if (u->is_free) {
    for (size_t i = 0; i < th_value_length(u->value); i++)
      if (!(th_datum(u->value, i) > u->lower && th_datum(u->value, i) < u->upper)) *sum = -(double)INFINITY;
    return true;
  }
  if (!th_is_distribution(u->prior) ||
      !th_law_log_density(r->cx, u->value, th_as_distribution(u->prior), &term))
    return false;
  *sum += term;
  return true;
}

static bool add_up(const ThRecording *r, double *sum) {
  *sum = 0;
  for (size_t i = 0; i < r->n_unknowns; i++)
    if (!add_prior(r, &r->unknowns[i], sum)) return false;
  for (size_t i = 0; i < r->n_observations; i++) {
    double term;
    if (!th_law_log_density(r->cx, r->observations[i].data,
                            th_as_distribution(r->observations[i].distribution), &term))
      return false;
    *sum += term;
  }
  for (size_t i = 0; i < r->n_held_priors; i++) {
    double term;
    if (!th_law_log_density(r->cx, r->held_priors[i].data, th_as_distribution(r->held_priors[i].distribution),
                            &term))
      return false;
    *sum += term;
  }
  for (size_t i = 0; i < r->n_factors; i++) {
    double x;
    if (!th_to_number(r->factors[i], &x)) return false;
    *sum += x;
  }
  return true;
}

/* logp: m, d, params, then knobs. */
static bool body_logp(ThContext *cx, const ThCall *call, ThValue *out) {
  ThModelData data;
  ThRecording r;
  double sum;
  if (!check_model(cx, "logp", call->args[0])) return false;
  const ThModel *model = th_as_model(call->args[0]);
  ThRecordOptions options = {
      .verb = TH_VERB_POSTERIOR, .verb_name = "logp", .fix = th_as_record(call->args[2])};
  if (!th_model_data_bind(cx, "logp", model, call->args[1], th_as_record(call->args[3]), NULL, &data))
    return false;
  bool ok = th_record_model(cx, model, &data, &options, &r);
  if (ok) {
    ok = add_up(&r, &sum);
    th_recording_clear(&r);
  }
  th_model_data_clear(cx, &data);
  if (ok) *out = th_number(sum);
  return ok;
}

/* --- simulate */

/* One more draw of a name: a number that stands alone, or the next of several. */
static bool add_draw_take(ThContext *cx, ThRecord *record, ThSymbol *name, ThValue draw) {
  ThValue *slot = th_record_find(record, name), both;
  if (!slot) return th_record_set_take(cx, record, name, draw);
  size_t n = th_value_length(*slot), more = th_value_length(draw);
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n + more);
  if (a) {
    for (size_t i = 0; i < n; i++) a->real[i] = th_datum(*slot, i);
    for (size_t i = 0; i < more; i++) a->real[n + i] = th_datum(draw, i);
    both = th_object(a);
    th_replace_take(slot, both);
  }
  th_release(draw);
  return a != NULL;
}

/* The parameters that were drawn, and the data. */
static bool gather(const ThRecording *r, bool with_parameters, ThValue *out) {
  ThRecord *record = th_record_new(r->cx, r->n_unknowns + 1);
  bool ok = record != NULL;
  for (size_t i = 0; ok && with_parameters && i < r->n_unknowns; i++)
    ok = th_record_set_take(r->cx, record, r->unknowns[i].name, th_retain(r->unknowns[i].value));
  for (size_t i = 0; ok && i < r->n_observations; i++)
    ok = add_draw_take(r->cx, record, r->observations[i].name, th_retain(r->observations[i].data));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* What is to be drawn has no value yet. */
static bool fill(ThContext *cx, const ThModel *model, ThModelData *data) {
  bool is_knob, ok = true;
  for (size_t i = 0; ok && i < data->n; i++) {
    ThSymbol *name = th_model_argument(model, i, &is_knob);
    if (name && !is_knob && th_is_unset(data->values[i])) ok = th_awaited_new(cx, name, &data->values[i]);
  }
  return ok;
}

/* simulate: m, params, inputs, then names. */
static bool body_simulate(ThContext *cx, const ThCall *call, ThValue *out) {
  ThModelData data;
  ThRecording r;
  if (!check_model(cx, "simulate", call->args[0])) return false;
  const ThModel *model = th_as_model(call->args[0]);
  bool given = th_is_record(call->args[1]);
  ThValue inputs = th_is_none(call->args[2]) ? th_unset() : call->args[2];
  ThRecordOptions options = {.verb = TH_VERB_POSTERIOR,
                             .verb_name = "simulate",
                             .draws = true,
                             .is_replay = true,
                             .fix = given ? th_as_record(call->args[1]) : NULL};
  if (!th_model_data_bind(cx, "simulate", model, inputs, th_as_record(call->args[3]), th_model_observes,
                          &data))
    return false;
  bool ok = fill(cx, model, &data) && th_record_model(cx, model, &data, &options, &r);
  if (ok) {
    ok = gather(&r, !given, out);
    th_recording_clear(&r);
  }
  th_model_data_clear(cx, &data);
  return ok;
}

#define SECTION "models"

const ThBuiltin th_lib_simulate[] = {
    {"logp(m: any, d: table|record, params: record; ...knobs) -> number", body_logp, SECTION,
     "the log density of data and parameters together under a model",
     "Everything with a `~` counts, priors too, and `factor`.",
     "model coin(y) { p ~ Beta(1, 1); y ~ Bernoulli(p) }\n"
     "logp(coin, (y = [1, 1, 0]), (p = 0.5))\n#> -2.07944",
     "posterior simulate", NULL},
    {"simulate(m: any, params: record|none = none, inputs: table|record|none = none; ...names) -> record",
     body_simulate, SECTION, "draws the data of a model",
     "params: values of the parameters; without them, or for those that are left out, they are drawn from "
     "their priors, and stand in the record too when no params were given. inputs: the data that are not drawn.",
     "model coin(y) { p ~ Beta(1, 1); y ~ Bernoulli(p) }\nsimulate(coin, (p = 1))\n#> (y = 1)", "logp sample",
     NULL},
    {0},
};
