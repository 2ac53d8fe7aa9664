/* event_verb.c - pdf, mean, sample, …: what may be asked of a distribution of vectors or matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A point is an array of the outcome's axes; with one axis more in front it is several points, answered row by row. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "prob/event.h"
#include "prob/rosetta.h"
#include "val/array_index.h"
#include "val/format.h"

/* --- Points */

/* Whether x is one point or *count of them. */
static bool check_points(ThContext *cx, const ThDistribution *d, const ThArray *x, size_t *count, bool *one) {
  uint32_t rank = d->family->event->rank;
  size_t n = th_event_size(d);
  char got[96];
  bool fits = x->rank == rank || x->rank == rank + 1;
  for (uint32_t k = 0; fits && k < rank; k++) fits = x->shape[x->rank - 1 - k] == n;
  *one = x->rank == rank;
  *count = *one ? 1 : x->shape[0];
  if (fits) return true;
  th_shape_text(x->rank, x->shape, got, sizeof got);
  if (rank == 1)
    th_fail_argument(cx, 2, TH_ERROR_SHAPE,
                     "a point of this %s is a vector of %zu, or a matrix (n, %zu) of points by "
                     "rows; got shape %s",
                     d->family->name, n, n, got);
  else
    th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a point of this %s is a matrix (%zu, %zu), got shape %s",
                     d->family->name, n, n, got);
  return false;
}

typedef bool (*AtPoint)(ThContext *cx, const ThDistribution *d, const double *x, void *out, size_t i);

static bool density_at(ThContext *cx, const ThDistribution *d, const double *x, void *out, size_t i) {
  double *y = &((ThArray *)out)->real[i];
  if (!d->family->event->log_density(cx, d, x, y)) return false;
  *y = exp(*y);
  return true;
}
static bool log_density_at(ThContext *cx, const ThDistribution *d, const double *x, void *out, size_t i) {
  return d->family->event->log_density(cx, d, x, &((ThArray *)out)->real[i]);
}
static bool cf_at(ThContext *cx, const ThDistribution *d, const double *k, void *out, size_t i) {
  return d->family->event->cf(cx, d, k, &((ThArray *)out)->complex_[i]);
}

static bool map_points(ThContext *cx, const ThDistribution *d, ThValue points, AtPoint f, ThElement element,
                       ThValue *out) {
  bool scalar, one;
  ThArray *x;
  size_t count, size = th_event_count(d);
  if (!th_to_real_array(cx, points, "the point", &scalar, &x)) return false;
  ThArray *y = check_points(cx, d, x, &count, &one) ? th_vector_new(cx, element, count) : NULL;
  bool ok = y != NULL;
  for (size_t i = 0; ok && i < count; i++) ok = f(cx, d, x->real + i * size, y, i) && th_poll(cx);
  th_release(th_object(x));
  if (ok) return th_from_array_take(cx, y, one, out);
  if (y) th_release(th_object(y));
  return false;
}

/* --- Arrays of an outcome's shape, with or without an axis in front */

static ThArray *new_outcomes(ThContext *cx, const ThDistribution *d, const size_t *front, uint32_t n_front) {
  size_t shape[TH_MAX_RANK];
  uint32_t rank = d->family->event->rank;
  if (n_front + rank > TH_MAX_RANK) {
    th_fail(cx, TH_ERROR_LIMIT, "a sample has at most %d axes", (int)TH_MAX_RANK);
    return NULL;
  }
  for (uint32_t k = 0; k < n_front; k++) shape[k] = front[k];
  for (uint32_t k = 0; k < rank; k++) shape[n_front + k] = th_event_size(d);
  return th_array_new(cx, TH_DOUBLE, n_front + rank, shape);
}

static bool give(bool ok, ThArray *a, ThValue *out) {
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}

static ThArray *spread(ThContext *cx, const ThDistribution *d, bool root) {
  ThArray *a = new_outcomes(cx, d, NULL, 0);
  if (a) d->family->event->variance(d, a->real);
  for (size_t i = 0; a && root && i < a->length; i++) a->real[i] = sqrt(a->real[i]);
  return a;
}

static ThArray *center(ThContext *cx, const ThDistribution *d) {
  ThArray *a = new_outcomes(cx, d, NULL, 0);
  if (a) d->family->event->mean(d, a->real);
  return a;
}

/* --- Verbs */

typedef bool (*VerbBody)(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out);

static bool verb_density(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)n;
  return map_points(cx, d, args[1], strcmp(verb, "pdf") == 0 ? density_at : log_density_at, TH_DOUBLE, out);
}

static bool verb_mean(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args, size_t n,
                      ThValue *out) {
  (void)verb, (void)args, (void)n;
  ThArray *a = center(cx, d);
  return give(a != NULL, a, out);
}

static bool verb_spread(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                        size_t n, ThValue *out) {
  (void)args, (void)n;
  ThArray *a = spread(cx, d, strcmp(verb, "sd") == 0);
  return give(a != NULL, a, out);
}

static bool verb_mode(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args, size_t n,
                      ThValue *out) {
  (void)verb, (void)args, (void)n;
  ThArray *a = new_outcomes(cx, d, NULL, 0);
  return give(a && d->family->event->mode(cx, d, a->real), a, out);
}

static bool verb_entropy(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)verb, (void)args, (void)n;
  double x;
  if (!d->family->event->entropy(cx, d, &x)) return false;
  *out = th_number(x);
  return true;
}

bool th_event_kl(ThContext *cx, const ThDistribution *d, const ThDistribution *q, double *out) {
  if (q->family != d->family)
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "the divergence of a %s is from another %s",
                            d->family->name, d->family->name);
  if (th_event_size(q) != th_event_size(d))
    return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "the distributions have %zu and %zu components",
                            th_event_size(d), th_event_size(q));
  return d->family->event->kl(cx, d, q, out);
}

static bool verb_sample(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                        size_t n, ThValue *out) {
  (void)verb;
  size_t front[TH_MAX_RANK], size = th_event_count(d);
  uint32_t n_front = (uint32_t)(n - 1);
  for (uint32_t k = 0; k < n_front && k < TH_MAX_RANK; k++) front[k] = (size_t)th_as_scalar(args[1 + k]);
  ThArray *a = new_outcomes(cx, d, front, n_front);
  bool ok = a != NULL;
  for (size_t i = 0; ok && i < a->length / size; i++)
    ok = (i % 1024 || th_poll(cx)) && d->family->event->sample(cx, d, cx->random, a->real + i * size);
  return give(ok, a, out);
}

static bool verb_cf(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args, size_t n,
                    ThValue *out) {
  (void)verb;
  char name[64];
  if (!d->family->event->cf)
    return th_fail(cx, TH_ERROR_TYPE, "the characteristic function of %s is not known in closed form",
                   d->family->name);
  if (n > 1 && !th_is_unset(args[1])) return map_points(cx, d, args[1], cf_at, TH_COMPLEX, out);
  th_operand(cx, 0, "d", name, sizeof name);
  th_fail(cx, TH_ERROR_TYPE, "the characteristic function of %s takes a %s", d->family->name,
          d->family->event->rank == 1 ? "vector" : "matrix");
  return th_hint(cx, "its value at k is `cf(%s, k)`", name);
}

static bool verb_rosetta(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)verb, (void)args, (void)n;
  return th_rosetta_table(cx, d, out);
}

static bool is_ordered(const char *verb) {
  static const char *const ordered[] = {"cdf", "ccdf", "logcdf", "logccdf", "quantile", "median", "interval"};
  for (size_t i = 0; i < sizeof ordered / sizeof *ordered; i++)
    if (strcmp(ordered[i], verb) == 0) return true;
  return false;
}

/* What is asked of numbers: why not here, and what to ask. */
static bool verb_of_numbers(ThContext *cx, const char *verb, const ThDistribution *d, const ThValue *args,
                            size_t n, ThValue *out) {
  (void)args, (void)out;
  char name[64];
  const char *things = d->family->event->rank == 1 ? "vectors" : "matrices", *rest = n > 1 ? ", …" : "";
  th_operand(cx, 0, "d", name, sizeof name);
  if (is_ordered(verb))
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "%s gives %s, which have no order: there is no `%s`",
                     d->family->name, things, verb);
  else
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` is asked of numbers, and %s gives %s", verb, d->family->name,
                     things);
  if (!d->family->event->marginal) return false;
  if (strcmp(verb, "cdf") == 0 || strcmp(verb, "ccdf") == 0)
    return th_hint(cx,
                   "of a component: `%s(%s[1]%s)`; of an event: `X ~ %s`, then `P(X[1] < a and X[2] < b)`",
                   verb, name, rest, name);
  return th_hint(cx, "of a component: `%s(%s[1]%s)`", verb, name, rest);
}

static const struct {
  const char *name;
  VerbBody body;
} verbs[] = {
    {"pdf", verb_density},         {"logpdf", verb_density},      {"mean", verb_mean},
    {"var", verb_spread},          {"sd", verb_spread},           {"mode", verb_mode},
    {"entropy", verb_entropy},     {"sample", verb_sample},       {"cf", verb_cf},
    {"cdf", verb_of_numbers},      {"ccdf", verb_of_numbers},     {"logcdf", verb_of_numbers},
    {"logccdf", verb_of_numbers},  {"quantile", verb_of_numbers}, {"median", verb_of_numbers},
    {"interval", verb_of_numbers}, {"support", verb_of_numbers},  {"skewness", verb_of_numbers},
    {"kurtosis", verb_of_numbers}, {"mgf", verb_of_numbers},      {"moment", verb_of_numbers},
    {"cumulant", verb_of_numbers}, {"fisher", verb_of_numbers},   {"score", verb_of_numbers},
    {"rosetta", verb_rosetta},
};

bool th_event_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out) {
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verbs[i].name, verb) == 0)
      return verbs[i].body(cx, verb, th_as_distribution(args[0]), args, n_args, out);
  return false;
}

/* --- Parts */

bool th_event_index(ThContext *cx, const ThDistribution *d, const ThValue *indices, size_t n, ThValue *out) {
  size_t i;
  if (!d->family->event->marginal)
    return th_fail_argument(cx, 1, TH_ERROR_TYPE,
                            "the distributions of the elements of a %s are not known here", d->family->name);
  double one;
  if (n != 1 || !th_to_number(indices[0], &one))
    return th_fail(cx, TH_ERROR_TYPE, "`d[i]` is the distribution of one component of %s: i is a number",
                   d->family->name);
  return th_select_one(cx, indices[0], th_event_size(d), SIZE_MAX, &i) &&
         d->family->event->marginal(cx, d, i, out);
}

bool th_event_covariance(ThContext *cx, const ThDistribution *d, ThValue *out) {
  size_t n = th_event_size(d);
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, n, n);
  if (a) d->family->event->covariance(d, a->real);
  return give(a != NULL, a, out);
}

bool th_event_component(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i, ThValue *out,
                        bool *fixed) {
  *fixed = false;
  if (d->family->event->given) return d->family->event->given(cx, d, before, i, out, fixed);
  th_fail(cx, TH_ERROR_TYPE, "a %s declares no random variables: its outcomes are matrices", d->family->name);
  return th_hint(cx, "draws of it: `sample(%s(…), n)`", d->family->name);
}

/* --- Text */

/* ", mean [1, -2]", on a line of its own where the line that began at `start` would become too long. */
static bool add_numbers(ThContext *cx, const char *what, ThArray *a, size_t start, ThText *out) {
  if (!a) return false;
  ThText part;
  th_text_init(&part, &cx->heap);
  th_text_add(&part, what);
  bool ok = th_format_nested(cx, th_object(a), TH_STYLE_INLINE, &part) && th_text_ok(&part, cx) &&
            th_text_ok(out, cx);
  th_release(th_object(a));
  if (ok) {
    const char *line = strrchr(th_text_string(out) + start, '\n');
    line = line ? line + 1 : th_text_string(out) + start;
    size_t width = th_utf8_width(line, strlen(line)) + th_utf8_width(part.data, part.length) + 4;
    th_text_add(out, width > (size_t)cx->settings.width ? ",\n  " : ", ");
    th_text_add(out, th_text_string(&part));
    ok = th_text_ok(out, cx);
  }
  th_text_clear(&part);
  return ok;
}

bool th_event_facts(ThContext *cx, const ThDistribution *d, ThText *out) {
  size_t n = th_event_size(d), start = out->length;
  if (d->family->event->rank == 1) th_text_format(out, "a vector of %zu", n);
  else th_text_format(out, "a symmetric matrix (%zu, %zu)", n, n);
  return add_numbers(cx, "mean ", center(cx, d), start, out) &&
         add_numbers(cx, "sd ", spread(cx, d, true), start, out);
}
