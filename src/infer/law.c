/* law.c - the right side of `~` in a model: a distribution, given parameters or not */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/law_vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/stats.h"
#include "prob/parameter.h"
#include "val/array.h"

const ThFamily *th_law_family(ThValue law) {
  return th_is_conditional(law) ? th_as_conditional(law)->family : th_as_distribution(law)->family;
}

bool th_law_parameters(ThContext *cx, ThValue law, const ThFamily **family, ThValue *parameters) {
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) parameters[j] = th_unset();
  *family = th_law_family(law);
  if (th_is_conditional(law))
    return th_parameter_values(cx, *family, th_as_conditional(law)->arguments, parameters);
  for (int j = 0; j < (*family)->n_parameters; j++)
    parameters[j] = th_retain(th_as_distribution(law)->parameters[j]);
  return true;
}

size_t th_law_parameter_length(ThValue parameter) {
  if (th_is_variable_array(parameter)) return th_as_variable_array(parameter)->length;
  return th_is_array(parameter) ? th_as_array(parameter)->length : 1;
}

double th_datum(ThValue data, size_t i) {
  return th_is_array(data) ? th_as_array(data)->real[i] : th_as_scalar(data);
}

/* --- Checks */

static size_t law_length(ThValue law) {
  size_t length = 1;
  if (th_is_distribution(law)) return th_as_distribution(law)->length;
  const ThConditional *c = th_as_conditional(law);
  if (th_family_takes_vectors(c->family)) return 1;
  for (size_t i = 0; i < c->n; i++) {
    size_t n = th_law_parameter_length(c->arguments[i]);
    if (n != 1) length = n;
  }
  return length;
}

bool th_law_fail_length(ThContext *cx, const ThModel *model, const ThModelData *all, const ThSymbol *name,
                        size_t n, size_t length) {
  bool is_knob;
  th_fail(cx, TH_ERROR_SHAPE, "`%s` has %zu value%s, but its distribution stands for %zu", name->spelling, n,
          n == 1 ? "" : "s", length);
  for (size_t i = 0; i < all->n; i++) {
    const ThSymbol *other = th_model_argument(model, i, &is_knob);
    if (other == name || !th_is_array(all->values[i]) || th_as_array(all->values[i])->length != length)
      continue;
    return th_hint(cx, "`%s` has %zu values, `%s` has %zu", name->spelling, n, other->spelling, length);
  }
  return false;
}

static bool check_length(ThContext *cx, const ThModel *model, const ThModelData *all, const ThSymbol *name,
                         ThValue data, ThValue law) {
  size_t n = th_value_length(data), length = law_length(law);
  return length == 1 || length == n || th_law_fail_length(cx, model, all, name, n, length);
}

/* "`y` is 2 at datum 3", and what is wrong with it. */
static bool fail_datum(ThContext *cx, const ThSymbol *name, ThValue data, size_t i, const char *is,
                       const char *problem) {
  char where[48] = "";
  if (th_is_array(data)) snprintf(where, sizeof where, " at datum %zu", i + 1);
  return th_fail(cx, TH_ERROR_VALUE, "`%s` is %s%s%s", name->spelling, is, where, problem);
}

static bool check_missing(ThContext *cx, const ThSymbol *name, ThValue data) {
  for (size_t i = 0; i < th_value_length(data); i++) {
    if (!isnan(th_datum(data, i))) continue;
    fail_datum(cx, name, data, i, "missing (nan)", "");
    return th_hint(cx, "`drop_missing(d)` leaves such rows out");
  }
  return true;
}

/* A value that a parameter may have, for asking where the distribution lies. */
static double nominal(ThDomain domain, double part) {
  switch (domain) {
    case TH_DOMAIN_PROBABILITY:
    case TH_DOMAIN_OPEN_PROBABILITY: return 0.3 + 0.4 * part;
    case TH_DOMAIN_POSITIVE:
    case TH_DOMAIN_NON_NEGATIVE: return 1.5 + part;
    case TH_DOMAIN_COUNT:
    case TH_DOMAIN_WHOLE: return 1 + part;
    case TH_DOMAIN_REAL:
    case TH_DOMAIN_ANY: break;
  }
  return part;
}

/* Where datum i may lie; false when that hangs on parameters. */
static bool support_at(const ThFamily *family, const ThValue *parameters, size_t i, double *lower,
                       double *upper) {
  double ends[2][2];
  if (!family->math || !family->math->support || family->build) return false;
  for (int round = 0; round < 2; round++) {
    double p[TH_MAX_PARAMETERS];
    for (int j = 0; j < family->n_parameters; j++) {
      ThValue v = th_is_unset(parameters[j]) ? parameters[j] : th_law_element(parameters[j], i);
      if (!th_to_number(v, &p[j])) p[j] = nominal(family->parameters[j].domain, round);
    }
    family->math->support(p, &ends[round][0], &ends[round][1]);
  }
  *lower = ends[0][0];
  *upper = ends[0][1];
  return ends[0][0] == ends[1][0] && ends[0][1] == ends[1][1];
}

static bool fail_support(ThContext *cx, const ThSymbol *name, ThValue data, size_t i, const ThFamily *family,
                         double lower, double upper) {
  char problem[200], is[32], from[32], to[32];
  snprintf(is, sizeof is, "%.6g", th_datum(data, i));
  snprintf(from, sizeof from, "%.6g", lower);
  snprintf(to, sizeof to, "%.6g", upper);
  int used = snprintf(problem, sizeof problem, ", but %s gives %s ", family->name,
                      family->discrete ? "whole numbers" : "numbers");
  size_t room = sizeof problem - (size_t)used;
  if (isinf(lower) && isinf(upper)) snprintf(problem + used, room, "only");
  else if (isinf(upper)) snprintf(problem + used, room, "from %s on", from);
  else snprintf(problem + used, room, "from %s to %s", from, to);
  return fail_datum(cx, name, data, i, is, problem);
}

static bool check_support(ThContext *cx, const ThSymbol *name, ThValue data, ThValue law) {
  const ThFamily *family;
  ThValue parameters[TH_MAX_PARAMETERS];
  if (!th_law_parameters(cx, law, &family, parameters)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < th_value_length(data); i++) {
    double x = th_datum(data, i), lower, upper;
    if (!(ok = th_poll_at(cx, i))) break;
    if (!support_at(family, parameters, i, &lower, &upper)) break;
    bool outside = !(x >= lower && x <= upper) || isinf(x) || (family->discrete && x != floor(x));
    if (outside) ok = fail_support(cx, name, data, i, family, lower, upper);
  }
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return ok;
}

bool th_law_check(ThContext *cx, const ThModel *model, const ThModelData *all, const ThSymbol *name,
                  ThValue data, ThValue law, bool is_final) {
  char got[96];
  if (th_is_joint_law(law)) return th_law_vector_check(cx, name, data, law);
  if (!th_is_scalar(data) && !th_is_array(data))
    return th_fail(cx, TH_ERROR_TYPE, "`%s` must hold numbers, got %s", name->spelling,
                   th_describe(data, got, sizeof got));
  return check_length(cx, model, all, name, data, law) && check_missing(cx, name, data) &&
         (!is_final || check_support(cx, name, data, law));
}

/* --- Numbers */

bool th_law_log_density(ThContext *cx, ThValue data, const ThDistribution *d, double *out) {
  return th_law_log_density_weighted(cx, data, d, NULL, out);
}

bool th_law_log_density_weighted(ThContext *cx, ThValue data, const ThDistribution *d, const ThArray *weights,
                                 double *out) {
  if (d->family->event) return th_law_vector_log_density(cx, data, d, weights, out);
  size_t n = th_value_length(data);
  double *terms = n ? th_alloc_array(cx, n, sizeof *terms) : NULL;
  bool ok = n == 0 || terms;
  for (size_t i = 0; ok && i < n; i++) {
    ok = th_poll_at(cx, i) &&
         th_distribution_measure(cx, d, d->length == 1 ? 0 : i, TH_LOGPDF, th_datum(data, i), &terms[i]);
    if (ok) terms[i] = th_law_weighted(weights, i, terms[i]);
  }
  if (ok) *out = n ? th_stats_sum(n, terms) : 0;
  th_free(cx, terms, n * sizeof *terms);
  return ok;
}

bool th_law_moments(ThContext *cx, const ThDistribution *d, size_t n, double *mean, double *sd) {
  bool ok = true;
  if (d->family->event) return th_law_vector_moments(cx, d, n, mean, sd);
  for (size_t i = 0; ok && i < n; i++) {
    size_t element = d->length == 1 ? 0 : i;
    ok = th_poll_at(cx, i) && (!mean || th_distribution_summary(cx, d, element, TH_MEAN, &mean[i])) &&
         (!sd || th_distribution_summary(cx, d, element, TH_SD, &sd[i]));
  }
  return ok;
}

bool th_law_draw(ThContext *cx, const ThDistribution *d, size_t count, ThValue *out) {
  if (d->family->event) return th_law_vector_draw(cx, d, out);
  bool scalar = count == SIZE_MAX && d->rank == 0;
  ThArray *a = count != SIZE_MAX || scalar ? th_vector_new(cx, TH_DOUBLE, scalar ? 1 : count)
                                           : th_array_new(cx, TH_DOUBLE, d->rank, d->shape);
  bool ok = a != NULL;
  for (size_t i = 0; ok && i < a->length; i++)
    ok = th_distribution_sample(cx, d, d->length == 1 ? 0 : i, cx->random, 1, &a->real[i]);
  if (ok) return th_from_array_take(cx, a, scalar, out);
  if (a) th_release(th_object(a));
  return false;
}
