/* mean.c - the mean of a model's data at other inputs: for predictions and pictures */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is known about a model but what running it shows. What the mean hangs on is found by running the
 * body with one argument changed. */
#include "infer/mean.h"

#include <math.h>
#include <string.h>

#include "infer/law.h"
#include "prob/linear.h"
#include "val/array.h"

/* --- Means */

void th_mean_clear(ThMean *mean) {
  if (mean->mean) th_free(mean->cx, mean->mean, 3 * mean->m * sizeof *mean->mean);
  *mean = (ThMean){0};
}

/* The one observation of a recording. */
static const ThObservation *only_observation(const ThRecording *r) {
  const char *name = r->model->name->spelling;
  if (r->n_observations == 1) return &r->observations[0];
  if (r->n_observations == 0) {
    th_fail_no_likelihood(r->cx, r->model->name);
    return NULL;
  }
  th_fail(r->cx, TH_ERROR_VALUE, "model `%s` has %zu likelihood statements; this version predicts for one",
          name, r->n_observations);
  if (r->observations[0].name == r->observations[1].name)
    th_hint(r->cx, "write a loop over data as one statement: `y ~ Normal(a + b*x, σ)`");
  return NULL;
}

/* The upper end of what the mean can be, where the lower one is 0, whatever the parameters. */
static double most_of(const ThDistribution *d, size_t i) {
  double lower, upper;
  bool shares = d->family == &th_family_bernoulli || d->family == &th_family_binomial;
  th_distribution_support(d, d->rank ? i : 0, &lower, &upper);
  return lower == 0 && (shares || isinf(upper)) ? upper : (double)NAN;
}

static bool read_moments(const ThRecording *r, ThMean *out) {
  const ThObservation *o = only_observation(r);
  if (!o) return false;
  const ThDistribution *d = th_as_distribution(o->distribution);
  *out = (ThMean){
      .cx = r->cx, .observed = o->name, .family = d->family, .scalar = d->rank == 0, .m = d->length};
  if (out->m == 0) return true;
  out->mean = th_alloc_array(r->cx, 3 * out->m, sizeof *out->mean);
  if (!out->mean) return false;
  out->sd = out->mean + out->m;
  out->most = out->sd + out->m;
  for (size_t i = 0; i < out->m; i++) out->most[i] = most_of(d, i);
  if (th_law_moments(r->cx, d, out->m, out->mean, out->sd)) return true;
  th_mean_clear(out);
  return false;
}

bool th_mean_find(ThContext *cx, const ThQuestion *q, const ThModelData *data, const ThRecord *parameters,
                  ThMean *out) {
  ThRecording r;
  *out = (ThMean){0};
  if (!th_question_replay(cx, q, data, parameters, &r)) return false;
  bool ok = read_moments(&r, out);
  th_recording_clear(&r);
  return ok;
}

/* --- Gradients */

/* The coefficients of a linear mean. *linear is false when it is none. */
static bool linear_gradient(const ThRecording *r, const ThMean *at, double *gradient, bool *linear) {
  ThContext *cx = r->cx;
  const ThObservation *o = only_observation(r);
  size_t k = r->n_elements;
  ThValue p[TH_MAX_PARAMETERS];
  const ThFamily *family;
  ThLinear form;
  *linear = false;
  if (!o || th_law_family(o->distribution) != &th_family_normal || !th_is_conditional(o->distribution))
    return o != NULL;
  const ThVariable **variables = th_alloc_array(cx, k, sizeof *variables);
  if (!variables) return false;
  for (size_t j = 0; j < k; j++) variables[j] = r->elements[j].variable;
  bool ok = th_law_parameters(cx, o->distribution, &family, p);
  if (ok) {
    ok = th_is_unset(p[0]) || th_linear_read(cx, p[0], variables, k, &form, linear);
    th_release_all(p, TH_MAX_PARAMETERS);
  }
  if (ok && *linear) {
    for (size_t i = 0; i < at->m; i++)
      memcpy(gradient + i * k, form.coefficients + (form.length == 1 ? 0 : i * k), k * sizeof *gradient);
    th_linear_clear(&form);
  }
  th_free(cx, variables, k * sizeof *variables);
  return ok;
}

/* The means with element j moved by `step`, added to column j times `factor`. */
static bool add_moved(ThContext *cx, const ThQuestion *q, const ThLayout *layout, const ThModelData *data,
                      const double *x, size_t j, double step, double factor, double *gradient) {
  size_t k = layout->k;
  ThRecord *parameters;
  ThMean moved = {0};
  double *y = th_alloc_array(cx, k, sizeof *y);
  if (!y) return false;
  memcpy(y, x, k * sizeof *y);
  y[j] += step;
  bool ok = th_layout_record(cx, layout, y, false, &parameters);
  th_free(cx, y, k * sizeof *y);
  if (!ok) return false;
  ok = th_mean_find(cx, q, data, parameters, &moved);
  th_release(th_object(parameters));
  for (size_t i = 0; ok && i < moved.m; i++) gradient[i * k + j] += factor * moved.mean[i];
  th_mean_clear(&moved);
  return ok;
}

/* Central differences; a step that leaves the range of a parameter is taken to one side only. */
static bool difference_gradient(ThContext *cx, const ThQuestion *q, const ThLayout *layout,
                                const ThModelData *data, const double *x, const ThMean *at,
                                double *gradient) {
  size_t k = layout->k;
  memset(gradient, 0, at->m * k * sizeof *gradient);
  for (size_t j = 0; j < k; j++) {
    double h = 6e-6 * fmax(fabs(x[j]), 1e-3);
    if (!add_moved(cx, q, layout, data, x, j, h, 0.5 / h, gradient)) return false;
    if (!add_moved(cx, q, layout, data, x, j, -h, -0.5 / h, gradient)) return false;
  }
  return true;
}

bool th_mean_gradient(ThContext *cx, const ThQuestion *q, const ThLayout *layout, const ThModelData *data,
                      const double *x, const ThMean *at, double *gradient, bool *linear) {
  ThRecording r;
  bool is_linear = true;
  if (layout->k > 0) {
    if (!th_question_reopen(cx, q, data, &r)) return false;
    bool ok = linear_gradient(&r, at, gradient, &is_linear);
    th_recording_clear(&r);
    if (!ok) return false;
  }
  if (linear) *linear = is_linear;
  return is_linear || difference_gradient(cx, q, layout, data, x, at, gradient);
}

/* --- Inputs */

/* A number or array moved a little, owned. */
static bool nudged(ThContext *cx, ThValue v, ThValue *out) {
  if (th_is_scalar(v)) {
    *out = th_number(th_as_scalar(v) * 1.03125 + 0.0137);
    return true;
  }
  ThArray *a = th_array_copy(cx, th_as_array(v));
  if (!a) return false;
  for (size_t i = 0; i < a->length; i++) a->real[i] = a->real[i] * 1.03125 + 0.0137;
  *out = th_object(a);
  return true;
}

static bool same_numbers(size_t n, size_t m, const double *a, const double *b) {
  if (n != m) return false;
  for (size_t i = 0; i < n; i++)
    if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i]))) return false;
  return true;
}

/* Does the mean change when argument i is nudged? A body that then fails counts as a change. */
static bool changes_mean(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, ThModelData *data,
                         size_t i, const ThMean *at, bool *out) {
  ThValue moved, old = data->values[i];
  ThMean other;
  if (!nudged(cx, old, &moved)) return false;
  data->values[i] = moved;
  bool ran = th_mean_find(cx, q, data, parameters, &other);
  data->values[i] = old;
  th_release(moved);
  *out = !ran || !same_numbers(at->m, other.m, at->mean, other.mean);
  if (ran) th_mean_clear(&other);
  if (!ran && th_is_final(cx)) return false;
  if (!ran) th_error_clear(cx);
  return true;
}

/* An array without a datum gets one, of ones: a model that has seen nothing has a mean all the same. */
static bool fill_empty(ThContext *cx, ThModelData *data) {
  for (size_t i = 0; i < data->n; i++) {
    if (!th_is_array(data->values[i])) continue;
    const ThArray *old = th_as_array(data->values[i]);
    size_t shape[TH_MAX_RANK] = {1};
    if (old->length > 0 || old->rank == 0) continue;
    for (size_t d = 1; d < old->rank; d++) shape[d] = old->shape[d];
    ThArray *a = th_array_new(cx, TH_DOUBLE, old->rank, shape);
    if (!a) return false;
    for (size_t j = 0; j < a->length; j++) a->real[j] = 1;
    th_replace_take(&data->values[i], th_object(a));
  }
  return true;
}

static bool find_inputs(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, ThModelData *data,
                        bool *is_input) {
  const ThModel *model = th_question_model(q);
  ThMean at;
  bool is_knob, ok = true;
  if (!fill_empty(cx, data) || !th_mean_find(cx, q, data, parameters, &at)) return false;
  for (size_t i = 0; ok && i < data->n; i++) {
    ThValue v = data->values[i];
    const ThSymbol *name = th_model_argument(model, i, &is_knob);
    if (!th_is_scalar(v) && !th_is_array(v)) continue;
    if (th_model_observes(model, name)) continue;
    ok = changes_mean(cx, q, parameters, data, i, &at, &is_input[i]);
  }
  th_mean_clear(&at);
  return ok;
}

bool th_mean_inputs(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, bool *is_input) {
  ThModelData data;
  for (size_t i = 0; i < q->data.n; i++) is_input[i] = false;
  if (!th_model_data_copy(cx, &q->data, &data)) return false;
  bool ok = find_inputs(cx, q, parameters, &data, is_input);
  th_model_data_clear(cx, &data);
  return ok;
}

/* --- New data */

static bool any_argument(const ThModel *model, const ThSymbol *name) {
  (void)model, (void)name;
  return true;
}

/* "x, σ": what a prediction may be given. */
static bool fail_unknown(ThContext *cx, const ThModel *model, const ThSymbol *name) {
  ThText inputs;
  bool is_knob;
  ThSymbol *argument, *names[32];
  size_t n = 0;
  th_text_init(&inputs, &cx->heap);
  for (size_t i = 0; (argument = th_model_argument(model, i, &is_knob)); i++) {
    if (th_model_observes(model, argument)) continue;
    th_text_format(&inputs, "%s%s", inputs.length ? ", " : "", argument->spelling);
    if (n < 32) names[n++] = argument;
  }
  th_fail(cx, TH_ERROR_NAME, "model `%s` has the inputs %s; got `%s`", model->name->spelling,
          th_text_string(&inputs), name->spelling);
  if (n) th_hint_nearest(cx, name, names, n);
  th_text_clear(&inputs);
  return false;
}

static bool check_named(ThContext *cx, const ThModel *model, const ThRecord *named) {
  for (size_t i = 0; named && i < named->length; i++)
    if (th_model_argument_index(model, named->names[i]) == SIZE_MAX)
      return fail_unknown(cx, model, named->names[i]);
  return true;
}

/* Arguments that were not given: the data themselves, numbers and knobs as they were. What is still missing,
 * arrays of the fit, gets `stand_in`; *missing is the first of them. */
static void fill_rest(const ThQuestion *q, double stand_in, ThModelData *data, bool *open,
                      const ThSymbol **missing) {
  const ThModel *model = th_question_model(q);
  bool is_knob;
  for (size_t i = 0; i < data->n; i++) {
    const ThSymbol *name = th_model_argument(model, i, &is_knob);
    ThValue old = q->data.values[i];
    if (!open[i]) continue;
    bool keep = is_knob || !th_is_array(old) || th_model_observes(model, name);
    th_replace_take(&data->values[i], keep ? th_retain(old) : th_number(stand_in));
    if (!keep && !*missing) *missing = name;
  }
}

static bool fail_missing(ThContext *cx, const ThModel *model, const ThSymbol *observed,
                         const ThSymbol *missing) {
  if (th_is_final(cx)) return false;
  th_error_clear(cx);
  if (observed)
    th_fail(cx, TH_ERROR_VALUE, "`predict` needs `%s`: the mean of `%s` hangs on it", missing->spelling,
            observed->spelling);
  else
    th_fail(cx, TH_ERROR_VALUE, "`predict` needs `%s` of model `%s`", missing->spelling,
            model->name->spelling);
  return th_hint(cx, "predict(f, %s = …)", missing->spelling);
}

/* Runs with two stand-ins: what then differs hangs on what is missing. */
static bool probe(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, ThModelData *data,
                  bool *open, bool *sd_known, const ThSymbol **missing) {
  ThMean first, second = {0};
  const ThModel *model = th_question_model(q);
  *missing = NULL;
  fill_rest(q, 1, data, open, missing);
  *sd_known = true;
  if (!*missing) return true;
  if (!th_mean_find(cx, q, data, parameters, &first)) return fail_missing(cx, model, NULL, *missing);
  fill_rest(q, 1.75, data, open, missing);
  bool ok = th_mean_find(cx, q, data, parameters, &second) || fail_missing(cx, model, NULL, *missing);
  if (ok && !same_numbers(first.m, second.m, first.mean, second.mean))
    ok = fail_missing(cx, model, first.observed, *missing);
  if (ok) *sd_known = same_numbers(first.m, second.m, first.sd, second.sd);
  th_mean_clear(&first);
  th_mean_clear(&second);
  return ok;
}

bool th_mean_new_data(ThContext *cx, const ThQuestion *q, const ThRecord *parameters, ThValue given,
                      const ThRecord *named, ThModelData *out, bool *sd_known, const ThSymbol **missing) {
  const ThModel *model = th_question_model(q);
  if (!check_named(cx, model, named)) return false;
  if (!th_model_data_bind(cx, "predict", model, given, named, any_argument, out)) return false;
  bool *open = out->n ? th_alloc_array(cx, out->n, sizeof *open) : NULL;
  bool ok = open || out->n == 0;
  for (size_t i = 0; ok && i < out->n; i++) open[i] = th_is_unset(out->values[i]);
  ok = ok && probe(cx, q, parameters, out, open, sd_known, missing);
  if (open) th_free(cx, open, out->n * sizeof *open);
  if (!ok) th_model_data_clear(cx, out);
  return ok;
}
