/* distribution_verb.c - pdf, cdf, mean, sample, …: what may be asked of a distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verb is a name and a function of the distribution and the call's arguments. With arrays as parameters
 * or as points everything broadcasts. */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "prob/cf.h"
#include "prob/density.h"
#include "prob/distribution_kind.h"
#include "prob/moments.h"
#include "val/broadcast.h"

/* --- Broadcasting a function of (element, number) over the parameters' shape and an array */

typedef bool (*Pointwise)(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, double *out);

/* Where element `at` of the result lies in an operand of the given shape. */
static size_t operand_offset(const ThBroadcast *plan, size_t at, uint32_t rank, const size_t *shape) {
  size_t offset = 0, stride = 1;
  for (uint32_t back = 1; back <= plan->rank; back++) {
    size_t length = plan->shape[plan->rank - back], digit = at % length;
    at /= length;
    if (back > rank) continue;
    size_t own = shape[rank - back];
    if (own > 1) offset += digit * stride;
    stride *= own;
  }
  return offset;
}

static bool map_array(ThContext *cx, const ThDistribution *d, const ThArray *x, Pointwise f, int which,
                      ThValue *out) {
  ThBroadcast plan;
  char first[96], second[96];
  if (!th_broadcast(d->rank, d->shape, x->rank, x->shape, &plan))
    return th_fail(cx, TH_ERROR_SHAPE,
                   "the points have shape %s and the distributions %s: these do not fit each other",
                   th_shape_text(x->rank, x->shape, first, sizeof first),
                   th_shape_text(d->rank, d->shape, second, sizeof second));
  ThArray *y = th_array_new(cx, TH_DOUBLE, plan.rank, plan.shape);
  bool ok = y != NULL;
  for (size_t at = 0; ok && at < plan.length; at++) {
    size_t i = d->rank ? operand_offset(&plan, at, d->rank, d->shape) : 0;
    size_t j = d->rank ? operand_offset(&plan, at, x->rank, x->shape) : at;
    ok = f(cx, d, i, which, x->real[j], &y->real[at]) && (at % 4096 || th_poll(cx));
  }
  if (ok) *out = th_object(y);
  else if (y) th_release(th_object(y));
  return ok;
}

/* A result for each element. */
static bool map_elements(ThContext *cx, const ThDistribution *d, Pointwise f, int which, double x,
                         ThValue *out) {
  double y;
  if (d->rank == 0) {
    if (!f(cx, d, 0, which, x, &y)) return false;
    *out = th_number(y);
    return true;
  }
  ThArray *a = th_array_new(cx, TH_DOUBLE, d->rank, d->shape);
  bool ok = a != NULL;
  for (size_t i = 0; ok && i < d->length; i++)
    ok = f(cx, d, i, which, x, &a->real[i]) && (i % 4096 || th_poll(cx));
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}

static bool map_points(ThContext *cx, const ThDistribution *d, ThValue x, Pointwise f, int which,
                       ThValue *out) {
  double number;
  if (th_to_number(x, &number)) return map_elements(cx, d, f, which, number, out);
  bool scalar;
  ThArray *a;
  if (!th_to_real_array(cx, x, "the argument", &scalar, &a)) return false;
  bool ok = map_array(cx, d, a, f, which, out);
  th_release(th_object(a));
  return ok;
}

/* --- Verbs */

typedef struct Verb Verb;
typedef bool (*VerbBody)(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out);

struct Verb {
  const char *name;
  VerbBody body;
  int which;
};

static bool measure_at(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, double *out) {
  return th_distribution_measure(cx, d, i, (ThMeasure)which, x, out);
}

/* One distribution at an array of points. */
static bool measure_array(ThContext *cx, const ThDistribution *d, ThMeasure what, ThValue x, ThValue *out) {
  bool scalar;
  ThArray *a;
  if (!th_to_real_array(cx, x, "the argument", &scalar, &a)) return false;
  ThArray *y = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  bool ok = y && th_distribution_measure_many(cx, d, 0, what, a->length, a->real, y->real);
  th_release(th_object(a));
  if (ok) return th_from_array_take(cx, y, false, out);
  if (y) th_release(th_object(y));
  return false;
}

/* A number found by quadrature becomes an estimate, where the family tells the error. */
static bool add_error(ThContext *cx, const ThDistribution *d, ThMeasure what, ThValue *out) {
  double error = d->family->error ? d->family->error(d, what) : 0;
  if (!(error > 0) || !th_is_number(*out)) return true;
  return th_estimate(cx, th_as_number(*out), error,
                     th_is_string(d->method) ? th_as_string(d->method)->text : "quadrature",
                     th_is_string(d->detail) ? th_as_string(d->detail)->text : NULL, out);
}

static bool verb_measure(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  double number;
  (void)n;
  if (d->rank == 0 && !th_to_number(args[1], &number))
    return measure_array(cx, d, (ThMeasure)verb->which, args[1], out);
  return map_points(cx, d, args[1], measure_at, verb->which, out) &&
         add_error(cx, d, (ThMeasure)verb->which, out);
}

static bool summary_of(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, double *out) {
  (void)x;
  return th_distribution_summary(cx, d, i, (ThSummary)which, out);
}

static bool verb_summary(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)args, (void)n;
  return map_elements(cx, d, summary_of, verb->which, 0, out);
}

/* quantile(d, p, axis, keep, upper) */
static bool quantile_at(ThContext *cx, const ThDistribution *d, size_t i, int which, double p, double *out) {
  if (!(p >= 0 && p <= 1) && !isnan(p)) {
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "a quantile's probability lies between 0 and 1; got %.6g", p);
    return p >= 2 && p <= 100 ? th_hint(cx, "%.6g percent is %.6g", p, p / 100) : false;
  }
  return th_distribution_measure(cx, d, i, (ThMeasure)which, p, out);
}

static bool verb_quantile(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                          size_t n, ThValue *out) {
  (void)verb;
  bool upper = n > 4 && th_is_scalar(args[4]) && th_as_scalar(args[4]) != 0;
  return map_points(cx, d, args[1], quantile_at, upper ? TH_UPPER_QUANTILE : TH_QUANTILE, out);
}

/* mgf, moment, cumulant */
static bool mgf_at(ThContext *cx, const ThDistribution *d, size_t i, int which, double t, double *out) {
  (void)which;
  if (!th_distribution_log_mgf(cx, d, i, t, out)) return false;
  *out = exp(*out);
  return true;
}

static bool verb_mgf(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args, size_t n,
                     ThValue *out) {
  (void)n;
  return map_points(cx, d, args[1], mgf_at, verb->which, out);
}

enum { MOMENT, CUMULANT };

static bool moment_at(ThContext *cx, const ThDistribution *d, size_t i, int which, double n, double *out) {
  double least = which == CUMULANT ? 1 : 0;
  if (!(n >= least && n <= TH_MAX_MOMENT && floor(n) == n))
    return th_fail_argument(cx, 2, TH_ERROR_VALUE,
                            "the order of a %s is a whole number from %.0f to %d, got %.6g",
                            which == CUMULANT ? "cumulant" : "moment", least, TH_MAX_MOMENT, n);
  return which == CUMULANT ? th_distribution_cumulant(cx, d, i, (int)n, out)
                           : th_distribution_moment(cx, d, i, (int)n, out);
}

static bool verb_moment(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                        size_t n, ThValue *out) {
  (void)n;
  return map_points(cx, d, args[1], moment_at, verb->which, out);
}

/* support: [lower, upper]; interval: equal tails. Of several distributions a row each. */
typedef bool (*Pair)(ThContext *cx, const ThDistribution *d, size_t i, double level, double *pair);

static bool pairs(ThContext *cx, const ThDistribution *d, Pair f, double level, ThValue *out) {
  size_t shape[TH_MAX_RANK] = {0};
  if (d->rank == TH_MAX_RANK) return th_fail(cx, TH_ERROR_SHAPE, "the distributions have too many axes");
  for (uint32_t k = 0; k < d->rank; k++) shape[k] = d->shape[k];
  shape[d->rank] = 2;
  ThArray *a = th_array_new(cx, TH_DOUBLE, d->rank + 1, shape);
  bool ok = a != NULL;
  for (size_t i = 0; ok && i < d->length; i++) ok = f(cx, d, i, level, &a->real[2 * i]);
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}

static bool support_pair(ThContext *cx, const ThDistribution *d, size_t i, double level, double *pair) {
  (void)cx, (void)level;
  th_distribution_support(d, i, &pair[0], &pair[1]);
  return true;
}

static bool interval_pair(ThContext *cx, const ThDistribution *d, size_t i, double level, double *pair) {
  double tail = 0.5 * (1 - level);
  return th_distribution_measure(cx, d, i, TH_QUANTILE, tail, &pair[0]) &&
         th_distribution_measure(cx, d, i, TH_UPPER_QUANTILE, tail, &pair[1]);
}

static bool verb_support(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)verb, (void)args, (void)n;
  return pairs(cx, d, support_pair, 0, out);
}

static bool verb_interval(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                          size_t n, ThValue *out) {
  (void)verb, (void)n;
  double level = th_as_scalar(args[1]);
  if (level > 0 && level < 1) return pairs(cx, d, interval_pair, level, out);
  th_fail_argument(cx, 2, TH_ERROR_VALUE, "the probability of an interval lies between 0 and 1, got %.6g",
                   level);
  return level > 1 && level < 100 ? th_hint(cx, "%.6g percent is %.6g", level, level / 100) : false;
}

/* sample(d, n, m, …): an array (n, m, …), followed by the axes of the distributions. */
static bool draw_all(ThContext *cx, const ThDistribution *d, ThArray *a) {
  if (d->rank == 0) return th_distribution_sample(cx, d, 0, cx->random, a->length, a->real);
  for (size_t at = 0; at < a->length; at++)
    if (!th_distribution_sample(cx, d, at % d->length, cx->random, 1, &a->real[at])) return false;
  return true;
}

static bool verb_sample(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                        size_t n, ThValue *out) {
  (void)verb;
  uint32_t rank = (uint32_t)(n - 1);
  size_t shape[2 * TH_MAX_RANK];
  double x;
  if (n - 1 + d->rank > TH_MAX_RANK)
    return th_fail(cx, TH_ERROR_LIMIT, "a sample has at most %d axes", (int)TH_MAX_RANK);
  if (n == 1 && d->rank == 0) {
    if (!th_distribution_sample(cx, d, 0, cx->random, 1, &x)) return false;
    *out = th_number(x);
    return true;
  }
  for (uint32_t k = 0; k < rank; k++) shape[k] = (size_t)th_as_scalar(args[1 + k]);
  for (uint32_t k = 0; k < d->rank; k++) shape[rank + k] = d->shape[k];
  ThArray *a = th_array_new(cx, TH_DOUBLE, rank + d->rank, shape);
  if (a && draw_all(cx, d, a)) {
    *out = th_object(a);
    return true;
  }
  if (a) th_release(th_object(a));
  return false;
}

static bool verb_cf(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args, size_t n,
                    ThValue *out) {
  (void)verb, (void)d, (void)n;
  ThValue cf;
  if (!th_cf_of_distribution(cx, args[0], &cf)) return false;
  if (n < 2 || th_is_unset(args[1])) {
    *out = cf;
    return true;
  }
  bool ok = th_call_values(cx, cf, &args[1], 1, out);
  th_release(cf);
  return ok;
}

static bool verb_normalize(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                           size_t n, ThValue *out) {
  (void)verb, (void)d, (void)n;
  return th_density_normalize(cx, args[0], out);
}

static const Verb verbs[] = {
    {"pdf", verb_measure, TH_PDF},
    {"logpdf", verb_measure, TH_LOGPDF},
    {"cdf", verb_measure, TH_CDF},
    {"ccdf", verb_measure, TH_CCDF},
    {"logcdf", verb_measure, TH_LOGCDF},
    {"logccdf", verb_measure, TH_LOGCCDF},
    {"quantile", verb_quantile, 0},
    {"mean", verb_summary, TH_MEAN},
    {"var", verb_summary, TH_VARIANCE},
    {"sd", verb_summary, TH_SD},
    {"skewness", verb_summary, TH_SKEWNESS},
    {"kurtosis", verb_summary, TH_KURTOSIS},
    {"mode", verb_summary, TH_MODE},
    {"median", verb_summary, TH_MEDIAN},
    {"entropy", verb_summary, TH_ENTROPY},
    {"mgf", verb_mgf, 0},
    {"moment", verb_moment, MOMENT},
    {"cumulant", verb_moment, CUMULANT},
    {"support", verb_support, 0},
    {"interval", verb_interval, 0},
    {"sample", verb_sample, 0},
    {"cf", verb_cf, 0},
    {"normalize", verb_normalize, 0},
};

bool th_distribution_verb(ThContext *cx, const char *name, const ThValue *args, size_t n_args, ThValue *out) {
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verbs[i].name, name) == 0)
      return verbs[i].body(cx, &verbs[i], th_as_distribution(args[0]), args, n_args, out);
  return false;
}
