/* family_truncated.c - a distribution given that its value lies in an interval */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything is a ratio of probabilities of intervals, each taken from the smaller tails, and in logarithms where the
 * numbers are below the smallest double: Truncated(Normal(0, 1), lower = 30) has as many digits as the normal. */
#include <math.h>

#include "num/real.h"
#include "num/special.h"
#include "prob/between.h"
#include "prob/composite.h"
#include "prob/families.h"
#include "prob/numeric.h"
#include "prob/quantile.h"

/* p: which element of the inner one, the bounds, the probability between them and its logarithm, the tails beyond, the
 * ends of what is left of the support. */
enum {
  INNER,
  LOWER,
  UPPER,
  N_PARAMETERS,
  MASS = N_PARAMETERS,
  LOG_MASS,
  BELOW,
  ABOVE,
  LEAST,
  GREATEST,
  STRIDE
};

#define TINY 1e-280 /* a smaller probability has too few digits to divide by: logarithms then */

/* --- Density and tails */

static bool density(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  bool logarithm = what == TH_LOGPDF;
  if (x < p[LOWER] || x > p[UPPER]) {
    *out = logarithm ? -TH_INFINITY : 0;
    return true;
  }
  bool plain = !logarithm && p[MASS] > TINY;
  if (!th_composite_measure(cx, d, p, plain ? TH_PDF : TH_LOGPDF, x, out)) return false;
  *out = plain ? *out / p[MASS] : *out - p[LOG_MASS];
  if (!plain && !logarithm) *out = exp(*out);
  return true;
}

/* P(X <= x), or P(X > x), and its logarithm. */
static bool tail_of(ThContext *cx, const ThDistribution *d, const double *p, bool upper, double x,
                    double *tail, double *log_tail) {
  const ThDistribution *inner = th_composite_inner(d);
  double after = th_distribution_has_steps(inner) ? nextafter(x, TH_INFINITY) : x;
  double from = upper ? fmax(after, p[LOWER]) : p[LOWER], to = upper ? p[UPPER] : fmin(x, p[UPPER]);
  if (upper ? x < p[LOWER] : x >= p[UPPER]) {
    *tail = 1;
    *log_tail = 0;
    return true;
  }
  if (!th_between(cx, inner, th_composite_index(p), from, to, tail, log_tail)) return false;
  *log_tail = fmin(*log_tail - p[LOG_MASS], 0);
  *tail = p[MASS] > TINY ? fmin(*tail / p[MASS], 1) : exp(*log_tail);
  return true;
}

static bool log_tail_of(ThContext *cx, const ThDistribution *d, const double *p, bool upper, double x,
                        double *out) {
  double tail, other, log_other;
  if (!tail_of(cx, d, p, upper, x, &tail, out)) return false;
  if (*out < -TH_LOG_2) return true;
  if (!tail_of(cx, d, p, !upper, x, &other, &log_other)) return false;
  *out = log1p(-other);
  return true;
}

/* --- Quantiles */

/* By the inner one's, from the tail that the probability lies in; NaN where its numbers are too small. */
static bool guess(ThContext *cx, const ThDistribution *d, const double *p, bool upper, double prob,
                  double *out) {
  double part = prob * p[MASS], rest = (1 - prob) * p[MASS];
  double below = p[BELOW] + (upper ? rest : part), above = p[ABOVE] + (upper ? part : rest);
  *out = TH_NAN;
  if (!(p[MASS] > TINY)) return true;
  bool ok = below <= above ? th_composite_measure(cx, d, p, TH_QUANTILE, below, out)
                           : th_composite_measure(cx, d, p, TH_UPPER_QUANTILE, above, out);
  *out = fmin(fmax(*out, p[LEAST]), p[GREATEST]);
  return ok;
}

static bool quantile(ThContext *cx, const ThDistribution *d, const double *p, bool upper, double prob,
                     double *out) {
  double start;
  size_t i = (size_t)(p - d->p) / d->stride;
  return guess(cx, d, p, upper, prob, &start) &&
         th_quantile_search(cx, d, i, upper, prob, p[LEAST], p[GREATEST], start, out);
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  double other;
  if (isnan(x)) {
    *out = x;
    return true;
  }
  switch (what) {
    case TH_PDF:
    case TH_LOGPDF: return density(cx, d, p, what, x, out);
    case TH_CDF: return tail_of(cx, d, p, false, x, out, &other);
    case TH_CCDF: return tail_of(cx, d, p, true, x, out, &other);
    case TH_LOGCDF: return log_tail_of(cx, d, p, false, x, out);
    case TH_LOGCCDF: return log_tail_of(cx, d, p, true, x, out);
    case TH_QUANTILE: return quantile(cx, d, p, false, x, out);
    case TH_UPPER_QUANTILE: return quantile(cx, d, p, true, x, out);
  }
  return true;
}

/* --- Summaries */

/* One bound of a normal, no more than 5 sd out: with h = φ(α)/(1 - Φ(α)), α measured towards the kept side, mean μ + σh
 * and variance σ²(1 - h(h - α)) (Johnson, Kotz and Balakrishnan 1994, 13.134-135). Further out the variance is a
 * difference of large numbers, and quadrature is better. */
static bool normal_formula(const ThDistribution *d, const double *p, ThSummary what, double *out) {
  const ThDistribution *inner = th_composite_inner(d);
  bool left = isinf(p[UPPER]), one_sided = left != (bool)isinf(p[LOWER]);
  if (inner->family != &th_family_normal || !one_sided || what > TH_SD) return false;
  const double *q = inner->p + th_composite_index(p) * inner->stride;
  double alpha = left ? (p[LOWER] - q[0]) / q[1] : (q[0] - p[UPPER]) / q[1], h = th_special_mills(-alpha);
  if (!(alpha < 5)) return false;
  double variance = q[1] * q[1] * (1 - h * (h - alpha));
  *out = what == TH_MEAN ? q[0] + (left ? q[1] : -q[1]) * h : what == TH_SD ? sqrt(variance) : variance;
  return true;
}

/* An exponential above a bound is one again, from there on. */
static bool exponential_formula(const ThDistribution *d, const double *p, ThSummary what, double *out) {
  const ThDistribution *inner = th_composite_inner(d);
  if (inner->family != &th_family_exponential || !isinf(p[UPPER])) return false;
  double scale = 1 / inner->p[th_composite_index(p) * inner->stride], start = p[LEAST];
  switch (what) {
    case TH_MEAN: *out = start + scale; break;
    case TH_VARIANCE: *out = scale * scale; break;
    case TH_SD: *out = scale; break;
    case TH_SKEWNESS: *out = 2; break;
    case TH_KURTOSIS: *out = 6; break;
    case TH_MODE: *out = start; break;
    case TH_MEDIAN: *out = start + scale * TH_LOG_2; break;
    case TH_ENTROPY: *out = 1 + log(scale); break;
  }
  return true;
}

/* The inner mode where it is kept. */
static bool mode(ThContext *cx, const ThDistribution *d, const double *p, size_t i, ThFinding *out) {
  if (!th_distribution_find(cx, th_composite_inner(d), th_composite_index(p), TH_MODE, out)) return false;
  if (out->value >= p[LOWER] && out->value <= p[UPPER]) return true;
  return th_numeric_find(cx, d, i, TH_MODE, out);
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  size_t i = (size_t)(p - d->p) / d->stride;
  *out = (ThFinding){0};
  if (normal_formula(d, p, what, &out->value) || exponential_formula(d, p, what, &out->value)) return true;
  return what == TH_MODE ? mode(cx, d, p, i, out) : th_numeric_find(cx, d, i, what, out);
}

static bool score(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  *out = isnan(x) ? x : 0;
  if (!(x >= p[LOWER] && x <= p[UPPER])) return true;
  return th_distribution_score(cx, th_composite_inner(d), th_composite_index(p), x, out);
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  *out = 0;
  return t == 0 || th_numeric_log_mgf(cx, d, (size_t)(p - d->p) / d->stride, t, out, relative);
}

/* --- Samples */

/* Draws of the inner one until enough lie between the bounds. */
static bool reject(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  for (size_t kept = 0; kept < n;) {
    size_t start = kept, end = n;
    if (!th_poll(cx) ||
        !th_distribution_sample(cx, th_composite_inner(d), th_composite_index(p), r, end - start, x + start))
      return false;
    for (size_t k = start; k < end; k++)
      if (x[k] >= p[LOWER] && x[k] <= p[UPPER]) x[kept++] = x[k];
  }
  return true;
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  if (p[MASS] > 0.2) return reject(cx, d, p, r, n, x);
  bool direct = p[MASS] > TINY && !th_distribution_has_steps(th_composite_inner(d));
  for (size_t k = 0; k < n; k++) {
    double u = th_random_uniform(r);
    bool upper = u >= 0.5, ok = direct ? guess(cx, d, p, upper, upper ? 1 - u : u, &x[k])
                                       : quantile(cx, d, p, upper, upper ? 1 - u : u, &x[k]);
    if (!ok || !th_poll_at(cx, k)) return false;
  }
  return true;
}

/* --- Where the values lie */

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)d;
  *lower = p[LEAST];
  *upper = p[GREATEST];
}

static bool discrete(const ThDistribution *d) { return th_distribution_is_discrete(th_composite_inner(d)); }

static bool mixed(const ThDistribution *d) { return th_distribution_has_steps(th_composite_inner(d)); }

static bool mass(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  *out = 0;
  if (!(x >= p[LOWER] && x <= p[UPPER])) return true;
  if (!th_distribution_mass(cx, th_composite_inner(d), th_composite_index(p), x, out)) return false;
  *out /= p[MASS];
  return true;
}

static bool atoms(ThContext *cx, const ThDistribution *d, const double *p, double **values, size_t *n) {
  return th_distribution_atoms(cx, th_composite_inner(d), th_composite_index(p), values, n) &&
         th_composite_keep(cx, p[LOWER], p[UPPER], values, n);
}

static bool inner_outcomes(ThContext *cx, const ThDistribution *d, const double *p, double tail, size_t most,
                           double **values, size_t *n) {
  ThValue inner;
  if (!th_distribution_element(cx, th_composite_inner(d), th_composite_index(p), &inner)) return false;
  bool ok = th_distribution_outcomes(cx, th_as_distribution(inner), tail, most, values, n) &&
            th_composite_keep(cx, p[LOWER], p[UPPER], values, n);
  th_release(inner);
  return ok;
}

static bool outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                     size_t *n) {
  return inner_outcomes(cx, d, d->p, fmax(tail * d->p[MASS], 1e-300), most, values, n);
}

/* Where the density has its weight: the quartiles and tails of what is left, and the inner one's breaks. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  static const double tails[] = {1e-12, 1e-4, 0.25};
  size_t inner;
  *n = 0;
  for (size_t k = 0; k < sizeof tails / sizeof *tails; k++)
    for (int upper = 0; upper < 2; upper++)
      if (!quantile(cx, d, p, upper, tails[k], &points[(*n)++])) return false;
  if (most < *n + 6) return true;
  if (!th_numeric_breaks(cx, th_composite_inner(d), th_composite_index(p), points + *n, most - *n, &inner))
    return false;
  *n += inner;
  return true;
}

/* --- Making one */

static bool fail_nothing(ThContext *cx, const ThDistribution *d, const double *p, double low, double high) {
  ThText name;
  th_text_init(&name, &cx->heap);
  if (th_distribution_text(cx, d->parameters[0], &name) && th_text_ok(&name, cx)) {
    const char *why = high < p[LOWER] || low > p[UPPER] ? "lies outside its support"
                      : p[LOWER] == p[UPPER]            ? "is a single value"
                                                        : "has probability 0";
    th_fail(cx, TH_ERROR_VALUE, "nothing is left of %s between %.6g and %.6g: that %s", th_text_string(&name),
            p[LOWER], p[UPPER], why);
    if (p[LOWER] == p[UPPER] && why[0] == 'i')
      th_hint(cx, "`Point(%.6g)` is a value that is certain", p[LOWER]);
    else th_hint(cx, "its support is from %.6g to %.6g", low, high);
  }
  th_text_clear(&name);
  return false;
}

/* What is left of a discrete support: its first and last value. */
static bool set_ends(ThContext *cx, const ThDistribution *d, double *p) {
  const ThFamily *family = th_composite_inner(d)->family;
  double *values;
  size_t n;
  if (!th_distribution_is_discrete(th_composite_inner(d))) return true;
  if (family->math && !family->outcomes) {
    p[LEAST] = ceil(p[LEAST]);
    p[GREATEST] = floor(p[GREATEST]);
    return true;
  }
  if (!inner_outcomes(cx, d, p, 1e-300, 10000000, &values, &n)) return false;
  if (n > 0 && isfinite(p[LEAST])) p[LEAST] = values[0];
  if (n > 0 && isfinite(p[GREATEST])) p[GREATEST] = values[n - 1];
  th_free(cx, values, n * sizeof *values);
  return true;
}

static bool prepare(ThContext *cx, const ThDistribution *d, double *p) {
  const ThDistribution *inner = th_composite_inner(d);
  double low, high, before = th_distribution_has_steps(inner) ? nextafter(p[LOWER], -TH_INFINITY) : p[LOWER];
  th_distribution_support(inner, th_composite_index(p), &low, &high);
  if (!th_between(cx, inner, th_composite_index(p), p[LOWER], p[UPPER], &p[MASS], &p[LOG_MASS])) return false;
  if (!(p[LOG_MASS] > -TH_INFINITY)) return fail_nothing(cx, d, p, low, high);
  p[LEAST] = fmax(low, p[LOWER]);
  p[GREATEST] = fmin(high, p[UPPER]);
  return th_composite_measure(cx, d, p, TH_CDF, before, &p[BELOW]) &&
         th_composite_measure(cx, d, p, TH_CCDF, p[UPPER], &p[ABOVE]) && set_ends(cx, d, p);
}

static bool build(ThContext *cx, ThDistribution *d) {
  if (!th_composite_build(cx, d, STRIDE) || !th_composite_check_bounds(cx, d, true)) return false;
  for (size_t i = 0; i < d->length; i++)
    if (!prepare(cx, d, d->p + i * STRIDE)) return false;
  return true;
}

static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  return th_distribution_error(th_composite_inner(d), th_composite_index(p), what, x, method) / p[MASS];
}

static const ThLaw law = {.measure = measure,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .mixed = mixed,
                          .mass = mass,
                          .atoms = atoms,
                          .breaks = breaks,
                          .find = find,
                          .find_log_mgf = find_log_mgf,
                          .error = error_of,
                          .score = score};

const ThFamily th_family_truncated = {
    .builtin =
        {{"Truncated(distribution = …, lower = -inf, upper = inf) -> distribution", th_family_construct,
          TH_FAMILY_SECTION, "a distribution given that its value lies between bounds, which are included",
          "the bounds may be arrays. Nothing is lost far out: Truncated(Normal(0, 1), lower = 40) has all its "
          "digits. An interval of probability 0 is an error",
          "d = Truncated(Normal(0, 1), lower = 0);\nmean(d)\n#> 0.797885\n"
          "Truncated(Poisson(2), 1, 3)\n"
          "#> Truncated(Poisson(rate = 2), lower = 1, upper = 3)\n"
          "#>   support {1, 2, 3}, mean 1.875, sd 0.780625",
          "Censored Mixture pdf cdf quantile sample mean sd cf plot", NULL},
         {0}},
    .name = "Truncated",
    .n_parameters = N_PARAMETERS,
    .parameters = {{"distribution", TH_DOMAIN_ANY, false, 0},
                   {"lower", TH_DOMAIN_ANY, true, -INFINITY},
                   {"upper", TH_DOMAIN_ANY, true, INFINITY}},
    .law = &law,
    .build = build,
    .image = th_composite_image,
    .element = th_composite_element,
    .format = th_composite_format,
    .outcomes = outcomes,
};
