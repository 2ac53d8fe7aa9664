/* distribution_verb.c - pdf, cdf, mean, sample, …: what may be asked of a distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verb is a name and a function of the distribution and the call's arguments. With arrays as parameters
 * or as points everything broadcasts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/real.h"
#include "prob/cf.h"
#include "prob/density.h"
#include "prob/distribution_kind.h"
#include "prob/distribution_map.h"
#include "prob/event.h"
#include "prob/moments.h"
#include "prob/rosetta.h"
#include "prob/score.h"

/* --- Verbs */

typedef struct Verb Verb;
typedef bool (*VerbBody)(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out);

struct Verb {
  const char *name;
  VerbBody body;
  int which;
};

static const ThCell one_number = {0};

static bool map_points(ThContext *cx, const ThDistribution *d, ThValue x, ThPointwise f, int which,
                       ThValue *out) {
  return th_distribution_map(cx, d, x, f, which, &one_number, out);
}

/* --- Answers that may be missing, or found by quadrature */

typedef bool (*Find)(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, ThFinding *out);

/* What describes a distribution without a mean: "the median is 0, the mode 0; half of the probability lies
 * between -1 and 1". */
static bool add_other_summaries(ThContext *cx, const ThDistribution *d, ThText *out) {
  double median, mode, low, high;
  if (!th_distribution_summary(cx, d, 0, TH_MEDIAN, &median) ||
      !th_distribution_summary(cx, d, 0, TH_MODE, &mode) ||
      !th_distribution_measure(cx, d, 0, TH_QUANTILE, 0.25, &low) ||
      !th_distribution_measure(cx, d, 0, TH_UPPER_QUANTILE, 0.25, &high))
    return false;
  th_text_format(out, "\nthe median is %.6g", median);
  if (isfinite(mode)) th_text_format(out, ", the mode %.6g", mode);
  th_text_format(out, "; half of the probability lies between %.6g and %.6g", low, high);
  return true;
}

/* "mean of Cauchy(location = 0, scale = 1): undefined: ∫ |x| p(x) dx diverges" and what there is instead. */
static bool tell(ThContext *cx, const ThDistribution *d, const char *name, const ThFinding *finding,
                 ThText *out) {
  char method[160];
  th_finding_method(finding, method, sizeof method);
  th_text_format(out, "%s of ", name);
  if (!th_distribution_text(cx, th_object((void *)(uintptr_t)d), out)) return false;
  if (isinf(finding->value)) th_text_format(out, ": %s", finding->value > 0 ? "inf" : "-inf");
  th_text_format(out, ": %s", method);
  if (th_is_string(d->detail)) th_text_format(out, "\n%s", th_as_string(d->detail)->text);
  return (isfinite(finding->value) || !finding->reason[0] || add_other_summaries(cx, d, out)) &&
         th_text_ok(out, cx);
}

static bool answer(ThContext *cx, const ThDistribution *d, const char *name, const ThFinding *finding,
                   ThValue *out) {
  ThText detail;
  if (!finding->method && isfinite(finding->value)) return th_finding_value(cx, finding, NULL, out);
  th_text_init(&detail, &cx->heap);
  bool ok = tell(cx, d, name, finding, &detail) &&
            th_finding_value(cx, finding, th_text_string(&detail), out);
  th_text_clear(&detail);
  return ok;
}

/* One number of one distribution comes with its method; arrays hold numbers. */
static bool find_points(ThContext *cx, const ThDistribution *d, const Verb *verb, ThValue x, Find find,
                        ThPointwise f, ThValue *out) {
  double number;
  ThFinding finding;
  if (d->rank > 0 || !th_to_number(x, &number)) return map_points(cx, d, x, f, verb->which, out);
  return find(cx, d, 0, verb->which, number, &finding) && answer(cx, d, verb->name, &finding, out);
}

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

/* A number that is not by a formula comes with its method. */
static bool add_error(ThContext *cx, const ThDistribution *d, const Verb *verb, ThMeasure what, ThValue x,
                      ThValue *out) {
  ThFinding finding;
  double at;
  if (d->rank > 0 || d->family->math || !th_is_number(*out) || !th_to_number(x, &at)) return true;
  return th_distribution_judge(cx, d, 0, what, at, th_as_number(*out), &finding) &&
         (!finding.method || answer(cx, d, verb->name, &finding, out));
}

static bool verb_measure(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  double number;
  (void)n;
  if (d->rank == 0 && !th_to_number(args[1], &number))
    return measure_array(cx, d, (ThMeasure)verb->which, args[1], out);
  return map_points(cx, d, args[1], measure_at, verb->which, out) &&
         add_error(cx, d, verb, (ThMeasure)verb->which, args[1], out);
}

static bool find_summary(ThContext *cx, const ThDistribution *d, size_t i, int which, double x,
                         ThFinding *out) {
  (void)x;
  return th_distribution_find(cx, d, i, (ThSummary)which, out);
}

static bool summary_of(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, double *out) {
  (void)x;
  return th_distribution_summary(cx, d, i, (ThSummary)which, out);
}

/* `axis` of mean(x, axis), quantile(x, p, axis) is for arrays. */
static bool check_no_axis(ThContext *cx, const Verb *verb, const ThValue *args, size_t n, size_t axis) {
  if (n <= axis || th_is_unset(args[axis]) || th_is_none(args[axis])) return true;
  return th_fail_argument(cx, (int)axis + 1, TH_ERROR_TYPE, "`%s` of a distribution takes no axis",
                          verb->name);
}

static bool verb_summary(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  if (!check_no_axis(cx, verb, args, n, 1)) return false;
  return find_points(cx, d, verb, th_number(0), find_summary, summary_of, out);
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
  if (!check_no_axis(cx, verb, args, n, 2)) return false;
  bool upper = n > 4 && th_is_scalar(args[4]) && th_as_scalar(args[4]) != 0;
  ThMeasure what = upper ? TH_UPPER_QUANTILE : TH_QUANTILE;
  return map_points(cx, d, args[1], quantile_at, (int)what, out) && add_error(cx, d, verb, what, args[1], out);
}

/* mgf, moment, cumulant */
static bool find_mgf(ThContext *cx, const ThDistribution *d, size_t i, int which, double t, ThFinding *out) {
  (void)which;
  return th_distribution_find_mgf(cx, d, i, t, out);
}

static bool mgf_at(ThContext *cx, const ThDistribution *d, size_t i, int which, double t, double *out) {
  (void)which;
  if (!th_distribution_log_mgf(cx, d, i, t, out)) return false;
  *out = exp(*out);
  return true;
}

static bool verb_mgf(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args, size_t n,
                     ThValue *out) {
  (void)n;
  return find_points(cx, d, verb, args[1], find_mgf, mgf_at, out);
}

enum { MOMENT, CUMULANT };

static bool find_moment(ThContext *cx, const ThDistribution *d, size_t i, int which, double n,
                        ThFinding *out) {
  double least = which == CUMULANT ? 1 : 0;
  if (!(n >= least && n <= TH_MAX_MOMENT && floor(n) == n))
    return th_fail_argument(cx, 2, TH_ERROR_VALUE,
                            "the order of a %s is a whole number from %.0f to %d, got %.6g",
                            which == CUMULANT ? "cumulant" : "moment", least, TH_MAX_MOMENT, n);
  return which == CUMULANT ? th_distribution_find_cumulant(cx, d, i, (int)n, out)
                           : th_distribution_find_moment(cx, d, i, (int)n, out);
}

static bool moment_at(ThContext *cx, const ThDistribution *d, size_t i, int which, double n, double *out) {
  ThFinding finding;
  if (!find_moment(cx, d, i, which, n, &finding)) return false;
  *out = finding.value;
  return true;
}

static bool verb_moment(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                        size_t n, ThValue *out) {
  (void)n;
  return find_points(cx, d, verb, args[1], find_moment, moment_at, out);
}

/* support: [lower, upper]; interval: equal tails. Of several distributions a row each. */
static const ThCell pair_of_numbers = {1, {2}};

static bool support_pair(ThContext *cx, const ThDistribution *d, size_t i, int which, double level,
                         double *pair) {
  (void)cx, (void)which, (void)level;
  th_distribution_support(d, i, &pair[0], &pair[1]);
  return true;
}

static bool interval_pair(ThContext *cx, const ThDistribution *d, size_t i, int which, double level,
                          double *pair) {
  (void)which;
  double tail = 0.5 * (1 - level);
  return th_distribution_measure(cx, d, i, TH_QUANTILE, tail, &pair[0]) &&
         th_distribution_measure(cx, d, i, TH_UPPER_QUANTILE, tail, &pair[1]);
}

static bool verb_support(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)verb, (void)args, (void)n;
  return th_distribution_map_elements(cx, d, 0, support_pair, 0, &pair_of_numbers, out);
}

static bool verb_interval(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                          size_t n, ThValue *out) {
  (void)verb, (void)n;
  double level = th_as_scalar(args[1]);
  if (level > 0 && level < 1)
    return th_distribution_map_elements(cx, d, level, interval_pair, 0, &pair_of_numbers, out);
  th_fail_argument(cx, 2, TH_ERROR_VALUE, "the probability of an interval lies between 0 and 1, got %.6g",
                   level);
  return level > 1 && level < 100 ? th_hint(cx, "%.6g percent is %.6g", level, level / 100) : false;
}

/* sample(d, n, m, …): an array (n, m, …), followed by the axes of the distributions. */
static bool draw_all(ThContext *cx, const ThDistribution *d, ThArray *a) {
  const ThFamilyMath *math = d->family->math;
  if (d->rank == 0) return th_distribution_sample(cx, d, 0, cx->random, a->length, a->real);
  for (size_t at = 0; at < a->length; at++) {
    size_t i = at % d->length;
    if (!th_poll_at(cx, at)) return false;
    if (math) a->real[at] = math->sample(d->p + i * d->stride, cx->random);
    else if (!th_distribution_sample(cx, d, i, cx->random, 1, &a->real[at])) return false;
  }
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

static bool verb_fisher(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                        size_t n, ThValue *out) {
  (void)n;
  ThFinding finding;
  if (d->rank > 0 || d->family->n_parameters != 1) return th_score_fisher(cx, args[0], out);
  return th_score_find_fisher(cx, args[0], &finding) && answer(cx, d, verb->name, &finding, out);
}

/* score(d, x, wrt) */
static bool verb_score(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                       size_t n, ThValue *out) {
  (void)verb;
  bool parameters;
  return th_score_read_wrt(cx, n > 2 ? args[2] : th_unset(), &parameters) &&
         th_score_at(cx, d, args[1], parameters, out);
}

static bool verb_rosetta(ThContext *cx, const Verb *verb, const ThDistribution *d, const ThValue *args,
                         size_t n, ThValue *out) {
  (void)verb, (void)args, (void)n;
  return th_rosetta_table(cx, d, out);
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
    {"fisher", verb_fisher, 0},
    {"score", verb_score, 0},
    {"rosetta", verb_rosetta, 0},
};

bool th_distribution_verb(ThContext *cx, const char *name, const ThValue *args, size_t n_args, ThValue *out) {
  if (th_as_distribution(args[0])->family->event) return th_event_verb(cx, name, args, n_args, out);
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verbs[i].name, name) == 0)
      return verbs[i].body(cx, &verbs[i], th_as_distribution(args[0]), args, n_args, out);
  return false;
}
