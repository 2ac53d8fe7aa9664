/* fit_fields.c - the fields of a fit: f.a, f.se.a, f.chi2, … */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/family_fields.h"

#include "infer/expected.h"
#include "infer/names.h"
#include "infer/oracle.h"
#include "val/array.h"

/* --- Parameters */

static bool parameter(ThContext *cx, const ThFit *fit, const ThLayoutEntry *e, ThValue *out) {
  if (e->is_held) {
    *out = th_retain(e->held);
    return true;
  }
  if (e->count != SIZE_MAX || isnan(fit->se[e->first]))
    return th_layout_value(cx, e, fit->estimate, false, out);
  return th_estimate(cx, fit->estimate[e->first], fit->se[e->first], fit->method, NULL, out);
}

/* A record over the estimated parameters; `get` gives each its value. */
typedef bool (*Part)(ThContext *cx, const ThFit *fit, const ThLayoutEntry *e, ThValue *out);

static bool parts(ThContext *cx, const ThFit *fit, Part get, ThValue *out) {
  ThRecord *record = th_record_new(cx, fit->layout.n);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < fit->layout.n; i++) {
    ThValue v;
    const ThLayoutEntry *e = &fit->layout.entries[i];
    if (e->is_held) continue;
    ok = get(cx, fit, e, &v) && th_record_set_take(cx, record, e->name, v);
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

static bool part_se(ThContext *cx, const ThFit *fit, const ThLayoutEntry *e, ThValue *out) {
  return th_layout_value(cx, e, fit->se, true, out);
}

/* [lower, upper], a row of that for each element of a vector; none where there is no error. */
static bool part_interval(ThContext *cx, const ThFit *fit, const ThLayoutEntry *e, ThValue *out) {
  size_t n = th_entry_size(e);
  if (e->count == SIZE_MAX && isnan(fit->se[e->first])) {
    *out = th_none();
    return true;
  }
  ThArray *a = e->count == SIZE_MAX ? th_vector_new(cx, TH_DOUBLE, 2) : th_matrix_new(cx, TH_DOUBLE, n, 2);
  if (!a) return false;
  for (size_t i = 0; i < n; i++) {
    a->real[2 * i] = fit->lower[e->first + i];
    a->real[2 * i + 1] = fit->upper[e->first + i];
  }
  *out = th_object(a);
  return true;
}

/* --- Fields */

typedef bool (*Field)(ThContext *cx, const ThFit *fit, ThValue *out);

static bool square(ThContext *cx, size_t k, const double *x, ThValue *out) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, k, k);
  if (!a) return false;
  if (k) memcpy(a->real, x, k * k * sizeof *x);
  *out = th_object(a);
  return true;
}

static bool number(double x, ThValue *out) {
  *out = th_number(x);
  return true;
}

/* What its words begin with: an end of a range, a flat direction, Ctrl-C. */
static bool fail_errors(ThContext *cx, const ThFit *fit) {
  const char *words = th_is_string(fit->words) ? th_as_string(fit->words)->text : "the curvature gives none";
  size_t length = strcspn(words, "\n");
  if (length && words[length - 1] == ':') length--;
  return th_fail(cx, TH_ERROR_NUMERIC, "there are no errors: %.*s", (int)length, words);
}

static bool has_curvature(ThContext *cx, const ThFit *fit) {
  for (size_t j = 0; j < fit->k; j++)
    if (isnan(fit->se[j])) return fail_errors(cx, fit);
  return true;
}

static bool field_se(ThContext *cx, const ThFit *fit, ThValue *out) { return parts(cx, fit, part_se, out); }
static bool field_interval(ThContext *cx, const ThFit *fit, ThValue *out) {
  return parts(cx, fit, part_interval, out);
}
static bool field_cov(ThContext *cx, const ThFit *fit, ThValue *out) {
  return has_curvature(cx, fit) && square(cx, fit->k, fit->covariance, out);
}
static bool field_fisher(ThContext *cx, const ThFit *fit, ThValue *out) {
  return has_curvature(cx, fit) && square(cx, fit->k, fit->information, out);
}
static bool field_expected(ThContext *cx, const ThFit *fit, ThValue *out) {
  bool closed;
  const char *family = "";
  if (fit->expected) return field_fisher(cx, fit, out);
  if (!th_family_expected(cx, fit, &closed, out)) return false;
  if (closed) return true;
  if (fit->question.verb != TH_VERB_MLE)
    return th_fail(cx, TH_ERROR_VALUE,
                   "the expected information is that of data; `fisher` has the prior too");
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, fit->k, fit->k);
  if (!a) return false;
  bool ok = th_expected_information(cx, fit, NULL, a->real, &closed, &family);
  if (ok && !closed)
    ok = th_fail(cx, TH_ERROR_VALUE,
                 "the expected information of %s has no closed form here; `fisher` is the observed one",
                 family);
  if (ok) *out = th_object(a);
  else th_release(th_object(a));
  return ok;
}
static bool field_loglik(ThContext *cx, const ThFit *fit, ThValue *out) {
  (void)cx;
  return number(fit->loglik, out);
}
static bool field_aic(ThContext *cx, const ThFit *fit, ThValue *out) {
  (void)cx;
  return number(2 * th_fit_free(fit) - 2 * fit->loglik, out);
}
static bool field_bic(ThContext *cx, const ThFit *fit, ThValue *out) {
  (void)cx;
  return number(th_fit_free(fit) * log((double)fit->n_data) - 2 * fit->loglik, out);
}
static bool field_chi2(ThContext *cx, const ThFit *fit, ThValue *out) {
  if (isnan(fit->chi2))
    return th_fail(cx, TH_ERROR_VALUE, "χ² is of Normal data with given σ; here `loglik` measures the fit");
  return number(fit->chi2, out);
}
static bool field_dof(ThContext *cx, const ThFit *fit, ThValue *out) {
  (void)cx;
  return number(th_fit_dof(fit), out);
}
static bool field_residuals(ThContext *cx, const ThFit *fit, ThValue *out) {
  (void)cx;
  *out = th_retain(fit->residuals);
  return true;
}
static bool field_method(ThContext *cx, const ThFit *fit, ThValue *out) {
  return th_string_of(cx, fit->method, out);
}
static bool field_converged(ThContext *cx, const ThFit *fit, ThValue *out) {
  (void)cx;
  *out = th_bool(!fit->interrupted);
  return true;
}
static bool field_trace(ThContext *cx, const ThFit *fit, ThValue *out) {
  if (fit->steps.n)
    return th_steps_table(&fit->steps, &fit->layout,
                          fit->question.verb == TH_VERB_MLE ? "loglik" : "log_density", out);
  return th_fail(cx, TH_ERROR_VALUE, "the maximum was solved for, not iterated to: there is no trace");
}
static bool field_calls(ThContext *cx, const ThFit *fit, ThValue *out) {
  return th_calls_record(cx, &fit->calls, out);
}

static const struct {
  ThFieldNote note;
  Field get;
} fields[] = {
    {{"se", "the standard error of each parameter: a record, as f.se.a"}, field_se},
    {{"interval", "Wald's interval of each parameter, [lower, upper]: a record"}, field_interval},
    {{"cov", "the covariance matrix of the estimates, in the order of the parameters"}, field_cov},
    {{"fisher", "the observed information: how sharply what is maximised bends at the maximum, a matrix"},
     field_fisher},
    {{"loglik", "the log likelihood of the data at the estimates"}, field_loglik},
    {{"expected_fisher",
      "the information that such data have on the average, a matrix; where it has a closed form"},
     field_expected},
    {{"aic", "Akaike's criterion, 2k - 2 loglik, of k estimated parameters: less is better"}, field_aic},
    {{"bic", "the Bayesian criterion, k log(n) - 2 loglik, of n data: less is better"}, field_bic},
    {{"chi2", "the sum of the squared residuals, each over its σ², of Normal data with given σ"}, field_chi2},
    {{"dof", "the degrees of freedom: the data less the estimated parameters"}, field_dof},
    {{"residuals", "the data less their fitted means"}, field_residuals},
    {{"method", "how the maximum was found"}, field_method},
    {{"trace", "the steps of a search: a table"}, field_trace},
    {{"converged", "whether the search came to its end: false after Ctrl-C"}, field_converged},
    {{"calls", "how often values and derivatives were asked for: a record"}, field_calls},
};

enum { N_FIELDS = sizeof fields / sizeof *fields };

const ThFieldNote *th_fit_field_note(size_t i) { return i < N_FIELDS ? &fields[i].note : NULL; }

bool th_fit_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThFit *fit = th_as_fit(self);
  const ThLayoutEntry *e = th_layout_find(&fit->layout, name);
  if (e) return parameter(cx, fit, e, out);
  const ThValue *derived = th_record_find(th_as_record(fit->derived), name);
  if (derived) {
    *out = th_retain(*derived);
    return true;
  }
  if (th_family_field(cx, fit, name, out)) return true;
  if (cx->error.code != TH_OK) return false;
  for (size_t i = 0; i < N_FIELDS; i++)
    if (th_is_symbol(cx, name, fields[i].note.name)) return fields[i].get(cx, fit, out);
  return false;
}

ThSymbol *th_fit_name_at(ThContext *cx, ThValue self, size_t i) {
  const ThFit *fit = th_as_fit(self);
  const ThRecord *derived = th_as_record(fit->derived);
  if (i < fit->layout.n) return fit->layout.entries[i].name;
  i -= fit->layout.n;
  if (i < derived->length) return derived->names[i];
  i -= derived->length;
  if (i >= N_FIELDS) return NULL;
  return th_symbol_of(cx, fields[i].note.name);
}
