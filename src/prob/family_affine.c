/* family_affine.c - scale*X + shift for an X whose family does not hold it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: scale, shift. No constructor has this name: 2*d + 1 makes one. */
#include <math.h>

#include "num/real.h"
#include "prob/families.h"

enum { INNER, SCALE, SHIFT };

static const ThDistribution *inner_of(const ThDistribution *d) {
  return th_as_distribution(d->parameters[INNER]);
}

/* The point that x comes from. Of a discrete one it must be hit exactly, so the nearest whole number is
 * tried. */
static double point_of(const ThDistribution *d, const double *p, double x) {
  double y = (x - p[1]) / p[0], whole = round(y);
  bool on_grid = th_distribution_is_discrete(inner_of(d)) && whole != y && p[0] * whole + p[1] == x;
  return on_grid ? whole : y;
}

static bool density(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double y,
                    double *out) {
  const ThDistribution *inner = inner_of(d);
  if (!th_distribution_measure(cx, inner, 0, what, y, out)) return false;
  if (th_distribution_is_discrete(inner)) return true;
  *out = what == TH_PDF ? *out / fabs(p[0]) : *out - log(fabs(p[0]));
  return true;
}

/* P(X <= x) for a negative scale is P(Y >= y): the upper tail, and the mass at y of a discrete one. */
static bool mirrored_tail(ThContext *cx, const ThDistribution *d, ThMeasure what, double y, double *out) {
  bool lower = what == TH_CDF || what == TH_LOGCDF, logarithm = what == TH_LOGCDF || what == TH_LOGCCDF;
  const ThDistribution *inner = inner_of(d);
  double tail, mass = 0;
  if (!th_distribution_measure(cx, inner, 0, lower ? TH_CCDF : TH_CDF, y, &tail)) return false;
  if (th_distribution_is_discrete(inner) && !th_distribution_measure(cx, inner, 0, TH_PDF, y, &mass))
    return false;
  if (mass == 0 && logarithm)
    return th_distribution_measure(cx, inner, 0, lower ? TH_LOGCCDF : TH_LOGCDF, y, out);
  *out = lower ? tail + mass : tail - mass;
  if (logarithm) *out = log(*out);
  return true;
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  const ThDistribution *inner = inner_of(d);
  if (what == TH_QUANTILE || what == TH_UPPER_QUANTILE) {
    ThMeasure other = what == TH_QUANTILE ? TH_UPPER_QUANTILE : TH_QUANTILE;
    if (!th_distribution_measure(cx, inner, 0, p[0] > 0 ? what : other, x, out)) return false;
    *out = p[0] * *out + p[1];
    return true;
  }
  double y = point_of(d, p, x);
  if (what == TH_PDF || what == TH_LOGPDF) return density(cx, d, p, what, y, out);
  return p[0] > 0 ? th_distribution_measure(cx, inner, 0, what, y, out) : mirrored_tail(cx, d, what, y, out);
}

/* A finding about the inner one carried over: error and value by the same factor. */
static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  double factor = 1, shift = 0;
  if (!th_distribution_find(cx, inner_of(d), 0, what, out)) return false;
  switch (what) {
    case TH_MEAN:
    case TH_MODE:
    case TH_MEDIAN: factor = p[0], shift = p[1]; break;
    case TH_VARIANCE: factor = p[0] * p[0]; break;
    case TH_SD: factor = fabs(p[0]); break;
    case TH_SKEWNESS: factor = p[0] > 0 ? 1 : -1; break;
    case TH_KURTOSIS: break;
    case TH_ENTROPY: shift = th_distribution_is_discrete(d) ? 0 : log(fabs(p[0])); break;
  }
  out->value = factor * out->value + shift;
  out->error *= fabs(factor);
  return true;
}

static bool summary(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, double *out) {
  ThFinding finding;
  if (!find(cx, d, p, what, &finding)) return false;
  *out = finding.value;
  return true;
}

/* By the score of the inner one. */
static bool score(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  const ThDistribution *inner = inner_of(d);
  double y = point_of(d, p, x);
  if (inner->family->math) inner->family->math->gradient(y, inner->p, out, NULL);
  else if (!inner->family->law->score)
    return th_fail_argument(cx, 1, TH_ERROR_TYPE, "the score of %s has no rule", inner->family->name);
  else if (!inner->family->law->score(cx, inner, inner->p, y, out)) return false;
  *out /= p[0];
  return true;
}

static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  if (!th_distribution_cf(cx, inner_of(d), 0, p[0] * k, out)) return false;
  *out *= cos(k * p[1]) + TH_I * sin(k * p[1]);
  return true;
}

static bool log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out) {
  if (!th_distribution_log_mgf(cx, inner_of(d), 0, p[0] * t, out)) return false;
  *out += t * p[1];
  return true;
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  if (!th_distribution_sample(cx, inner_of(d), 0, r, n, x)) return false;
  for (size_t i = 0; i < n; i++) x[i] = p[0] * x[i] + p[1];
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  double low, high;
  th_distribution_support(inner_of(d), 0, &low, &high);
  *lower = p[0] * (p[0] > 0 ? low : high) + p[1];
  *upper = p[0] * (p[0] > 0 ? high : low) + p[1];
}

static bool discrete(const ThDistribution *d) { return th_distribution_is_discrete(inner_of(d)); }

static bool outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                     size_t *n) {
  if (!th_distribution_outcomes(cx, inner_of(d), tail, most, values, n)) return false;
  double *x = *values, scale = d->p[0], shift = d->p[1];
  for (size_t i = 0; scale < 0 && i < *n / 2; i++) {
    double swap = x[i];
    x[i] = x[*n - 1 - i];
    x[*n - 1 - i] = swap;
  }
  for (size_t i = 0; i < *n; i++) x[i] = scale * x[i] + shift;
  return true;
}

static bool build(ThContext *cx, ThDistribution *d) {
  if (!th_distribution_room(cx, d, 1, 2)) return false;
  d->p[0] = th_as_scalar(d->parameters[SCALE]);
  d->p[1] = th_as_scalar(d->parameters[SHIFT]);
  return true;
}

static void add_number(ThContext *cx, double x, ThStyle style, ThText *out) {
  if (style == TH_STYLE_SOURCE) th_format_exact(x, out);
  else th_format_number(x, cx->settings.digits, out);
}

/* "2*Gamma(…) - 1" */
static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  double scale = d->p[0], shift = d->p[1];
  if (scale == -1) th_text_char(out, '-');
  else if (scale != 1) add_number(cx, scale, style, out), th_text_char(out, '*');
  if (!th_format(cx, d->parameters[INNER], style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style, out))
    return false;
  if (shift != 0) {
    th_text_add(out, shift < 0 ? " - " : " + ");
    add_number(cx, fabs(shift), style, out);
  }
  return th_text_ok(out, cx);
}

static const ThLaw law = {.measure = measure,
                          .summary = summary,
                          .cf = cf,
                          .log_mgf = log_mgf,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .find = find,
                          .score = score};

const ThFamily th_family_affine = {
    .builtin = {{.signature = "Affine(distribution = …, scale = …, shift = …) -> distribution"}, {0}},
    .name = "Affine",
    .n_parameters = 3,
    .parameters = {{"distribution", TH_DOMAIN_ANY, false, 0},
                   {"scale", TH_DOMAIN_REAL, false, 0},
                   {"shift", TH_DOMAIN_REAL, false, 0}},
    .law = &law,
    .build = build,
    .format = format,
    .outcomes = outcomes,
};
