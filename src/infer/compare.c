/* compare.c - fits and posteriors of the same data side by side */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/chains.h"
#include "infer/columns.h"
#include "infer/evidence.h"
#include "infer/names.h"
#include "infer/observed.h"
#include "num/stats.h"

/* --- What the three kinds have */

static size_t count_parameters(ThValue v) {
  if (th_is_fit(v)) return th_as_fit(v)->k;
  return th_is_posterior(v) ? th_as_posterior(v)->k : th_as_regression(v)->k;
}

static void parameter_name(ThValue v, size_t j, ThText *out) {
  if (th_is_fit(v)) th_layout_name(&th_as_fit(v)->layout, j, out);
  else if (th_is_posterior(v)) th_layout_name(&th_as_posterior(v)->layout, j, out);
  else th_regression_name(th_as_regression(v), j, out);
}

/* Estimate and error. */
static void parameter_at(ThValue v, size_t j, double *out) {
  if (th_is_fit(v)) {
    out[0] = th_as_fit(v)->estimate[j];
    out[1] = th_as_fit(v)->se[j];
  } else if (th_is_posterior(v)) {
    out[0] = th_as_posterior(v)->mean[j];
    out[1] = sqrt(th_as_posterior(v)->covariance[j * (th_as_posterior(v)->k + 1)]);
  } else {
    const ThRegression *r = th_as_regression(v);
    out[0] = r->coef[j];
    out[1] = r->errors == TH_ERRORS_NONE ? (double)NAN : th_regression_se(r, j);
  }
}

static void describe_fit(const ThFit *f, ThCompared *out) {
  snprintf(out->method, sizeof out->method, "%s", th_verb_name(f->question.verb));
  out->k = th_fit_free(f);
  out->loglik = f->loglik;
  out->aic = 2 * out->k - 2 * f->loglik;
  out->bic = out->k * log((double)f->n_data) - 2 * f->loglik;
}

static void describe_regression(const ThRegression *r, ThCompared *out) {
  snprintf(out->method, sizeof out->method, "%s", r->verb);
  out->k = r->n_free;
  out->loglik = r->loglik;
  out->aic = 2 * r->n_free - 2 * r->loglik;
  out->bic = r->n_free * log((double)r->n) - 2 * r->loglik;
}

/* Numbers that are free: shares, which sum to 1, are one less. */
static size_t count_free(const ThPosterior *p) {
  size_t n = p->k;
  if (p->sample) return p->sample->d;
  for (size_t i = 0; p->vectors && i < p->layout.n; i++)
    n -= th_is_distribution(p->vectors[i]) &&
         th_as_distribution(p->vectors[i])->family == &th_family_dirichlet;
  return n;
}

/* "posterior, exact" of "exact: conjugate" */
static void describe_posterior(const ThPosterior *p, ThCompared *out) {
  const char *method = th_as_string(p->method)->text;
  snprintf(out->method, sizeof out->method, "posterior, %.*s", (int)strcspn(method, ":,"), method);
  out->k = (double)count_free(p);
  out->evidence = p->evidence;
  out->evidence.value = p->log_evidence;
}

static void describe(ThValue v, const char *name, ThCompared *out) {
  double none = (double)NAN;
  *out = (ThCompared){.value = th_retain(v), .loglik = none, .aic = none, .bic = none};
  out->evidence.value = none;
  snprintf(out->name, sizeof out->name, "%s", name);
  if (th_is_fit(v)) describe_fit(th_as_fit(v), out);
  else if (th_is_posterior(v)) describe_posterior(th_as_posterior(v), out);
  else describe_regression(th_as_regression(v), out);
}

/* --- The same data? */

/* Of a regression only the response is known. Owned. */
static bool response(ThContext *cx, const ThRegression *r, ThArray **out) {
  const ThArray *y = th_as_array(r->y);
  ThValue v;
  if (!th_vector_from(cx, y->real, y->length, &v)) return false;
  *out = th_as_array(v);
  if (th_stats_sort(cx, y->length, (*out)->real)) return true;
  th_release(v);
  return false;
}

static ThQuestion question_of(ThValue v) {
  return th_is_fit(v) ? th_as_fit(v)->question : th_posterior_question(th_as_posterior(v));
}

/* The numbers that were observed, ascending; NULL of a response that is classes. Owned. */
static bool observed(ThContext *cx, ThValue v, ThArray **out) {
  *out = NULL;
  if (th_is_regression(v))
    return !th_is_array(th_as_regression(v)->y) || response(cx, th_as_regression(v), out);
  ThQuestion q = question_of(v);
  return th_observed_sorted(cx, &q, out);
}

static bool check_pair(ThContext *cx, ThValue a, ThValue b, const char *const names[2]) {
  ThArray *x, *y = NULL;
  if (!th_is_regression(a) && !th_is_regression(b)) {
    ThQuestion p = question_of(a), q = question_of(b);
    return th_evidence_same_data(cx, &p, &q, names);
  }
  if (!observed(cx, a, &x)) return false;
  bool ok = observed(cx, b, &y) && (!x || !y || th_observed_same(cx, x, y, names));
  if (x) th_release(th_object(x));
  if (y) th_release(th_object(y));
  return ok;
}

static bool check_data(ThContext *cx, const ThValue *values, const char *const *names, size_t n) {
  for (size_t i = 0; n > 1 && i < n; i++)
    if (th_is_posterior(values[i]) && !th_evidence_knows_data(th_as_posterior(values[i]), names[i]))
      return false;
  for (size_t i = 1; i < n; i++) {
    const char *pair[2] = {names[0], names[i]};
    if (!check_pair(cx, values[0], values[i], pair)) return false;
  }
  return true;
}

/* --- Parameters of all together */

static size_t find_name(const ThList *names, const char *name) {
  size_t i = 0;
  while (i < names->length && strcmp(th_as_string(names->items[i])->text, name) != 0) i++;
  return i;
}

/* The place of parameter j of v among the names; a new one is added. */
static bool place_of(const ThComparison *c, ThValue v, size_t j, size_t *out) {
  ThText name;
  ThValue text;
  th_text_init(&name, &c->cx->heap);
  parameter_name(v, j, &name);
  bool ok = th_text_ok(&name, c->cx);
  *out = ok ? find_name(c->parameters, th_text_string(&name)) : 0;
  if (ok && *out == c->parameters->length)
    ok = th_string(c->cx, th_text_string(&name), name.length, &text) &&
         th_list_push_take(c->cx, c->parameters, text);
  th_text_clear(&name);
  return ok;
}

static bool gather(ThComparison *c) {
  size_t at;
  c->parameters = th_list_new(c->cx, 4);
  if (!c->parameters) return false;
  for (size_t i = 0; i < c->n; i++)
    for (size_t j = 0; j < count_parameters(c->items[i].value); j++)
      if (!place_of(c, c->items[i].value, j, &at)) return false;
  size_t size = 2 * c->n * c->parameters->length;
  c->numbers = size ? th_alloc_array(c->cx, size, sizeof *c->numbers) : NULL;
  if (size && !c->numbers) return false;
  for (size_t i = 0; i < size; i++) c->numbers[i] = (double)NAN;
  for (size_t i = 0; i < c->n; i++)
    for (size_t j = 0; j < count_parameters(c->items[i].value); j++) {
      if (!place_of(c, c->items[i].value, j, &at)) return false;
      parameter_at(c->items[i].value, j, c->numbers + 2 * (i * c->parameters->length + at));
    }
  return true;
}

bool th_compare(ThContext *cx, const ThValue *values, const char *const *names, size_t n, ThValue *out) {
  if (!check_data(cx, values, names, n)) return false;
  ThComparison *c = th_object_new(cx, &th_comparison_kind, sizeof *c);
  if (!c) return false;
  c->cx = cx;
  c->items = th_alloc_array(cx, n, sizeof *c->items);
  if (c->items) c->n = n;
  for (size_t i = 0; i < c->n; i++) describe(values[i], names[i], &c->items[i]);
  if (c->items && gather(c)) {
    *out = th_object(c);
    return true;
  }
  th_release(th_object(c));
  return false;
}

/* --- Fields */

static bool get_texts(const ThComparison *c, size_t offset, ThValue *out) {
  ThList *list = th_list_new(c->cx, c->n);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < c->n; i++) {
    ThValue text;
    ok = th_string_of(c->cx, (const char *)&c->items[i] + offset, &text) &&
         th_list_push_take(c->cx, list, text);
  }
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

static double number_at(const ThComparison *c, size_t i, size_t offset) {
  double x;
  memcpy(&x, (const char *)&c->items[i] + offset, sizeof x);
  return x;
}

static bool get_numbers(const ThComparison *c, size_t offset, ThValue *out) {
  ThArray *a = th_vector_new(c->cx, TH_DOUBLE, c->n);
  for (size_t i = 0; a && i < c->n; i++) a->real[i] = number_at(c, i, offset);
  if (a) *out = th_object(a);
  return a != NULL;
}

static const struct {
  ThFieldNote note;
  bool is_text;
  size_t offset;
} fields[] = {
    {{"name", "the names under which they were given"}, true, offsetof(ThCompared, name)},
    {{"method", "mle, map, posterior or the name of a regression"}, true, offsetof(ThCompared, method)},
    {{"k", "how many parameters are free"}, false, offsetof(ThCompared, k)},
    {{"loglik", "the log likelihoods"}, false, offsetof(ThCompared, loglik)},
    {{"aic", "Akaike's criterion, 2k - 2 loglik: less is better"}, false, offsetof(ThCompared, aic)},
    {{"bic", "the Bayesian criterion, k log(n) - 2 loglik: less is better"},
     false,
     offsetof(ThCompared, bic)},
    {{"log_evidence", "of posteriors: the log evidence"},
     false,
     offsetof(ThCompared, evidence) + offsetof(ThFinding, value)},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };
static const ThFieldNote table_note = {"table",
                                       "the other fields as its columns, and the parameters with their ±"};

/* "a", "a ±" */
static bool add_parameter(const ThComparison *c, size_t j, ThTable *table) {
  const char *name = th_as_string(c->parameters->items[j])->text;
  size_t stride = 2 * c->parameters->length;
  ThText error;
  th_text_init(&error, &c->cx->heap);
  th_text_format(&error, "%s ±", name);
  bool ok = th_text_ok(&error, c->cx) &&
            th_columns_add(c->cx, table, name, th_comparison_at(c, 0, j), stride) &&
            th_columns_add(c->cx, table, th_text_string(&error), th_comparison_at(c, 0, j) + 1, stride);
  th_text_clear(&error);
  return ok;
}

static bool get_table(const ThComparison *c, ThValue *out) {
  ThTable *table = th_table_new(c->cx, c->n);
  bool ok = table != NULL;
  for (size_t i = 0; ok && i < N_FIELDS; i++) {
    ThValue v;
    ok = fields[i].is_text ? get_texts(c, fields[i].offset, &v) &&
                                 th_columns_add_texts_take(c->cx, table, fields[i].note.name, th_as_list(v))
                           : get_numbers(c, fields[i].offset, &v) &&
                                 th_columns_add_take(c->cx, table, fields[i].note.name, th_as_array(v));
  }
  for (size_t j = 0; ok && j < c->parameters->length; j++) ok = add_parameter(c, j, table);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThComparison *c = th_as_comparison(self);
  if (th_is_symbol(cx, name, table_note.name)) return get_table(c, out);
  for (size_t i = 0; i < N_FIELDS; i++)
    if (th_is_symbol(cx, name, fields[i].note.name))
      return fields[i].is_text ? get_texts(c, fields[i].offset, out) : get_numbers(c, fields[i].offset, out);
  return false;
}

static const ThFieldNote *field_note(size_t i) {
  if (i < N_FIELDS) return &fields[i].note;
  return i == N_FIELDS ? &table_note : NULL;
}

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return field_note(i) ? th_symbol_of(cx, field_note(i)->name) : NULL;
}

static void release(ThObject *self) {
  ThComparison *c = (ThComparison *)self;
  size_t size = c->parameters ? 2 * c->n * c->parameters->length : 0;
  for (size_t i = 0; i < c->n; i++) th_release(c->items[i].value);
  if (c->items) th_free(c->cx, c->items, c->n * sizeof *c->items);
  if (c->numbers) th_free(c->cx, c->numbers, size * sizeof *c->numbers);
  if (c->parameters) th_release(th_object(c->parameters));
  th_object_free(self, sizeof *c);
}

const ThKind th_comparison_kind = {.name = "comparison",
                                   .release = release,
                                   .format = th_compare_format,
                                   .get_field = get_field,
                                   .field_name = field_name,
                                   .field_note = field_note,
                                   .plot = th_compare_plot};
