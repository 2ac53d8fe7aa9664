/* family_affine.c - scale*X + shift for an X whose family does not hold it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: which element of the inner one, scale, shift. No constructor has this name: 2*d + 1 makes one. */
#include <math.h>

#include "num/real.h"
#include "prob/composite.h"
#include "prob/families.h"
#include "prob/numeric.h"
#include "prob/quantile.h"

enum { INNER, SCALE, SHIFT, N_PARAMETERS };

/* The point that x comes from. Of a discrete one it must be hit exactly: a whole number is taken if it lands on x, and
 * left aside if only rounding makes it do so. */
static double point_of(const ThDistribution *d, const double *p, double x) {
  double y = (x - p[SHIFT]) / p[SCALE], whole = round(y), image = p[SCALE] * whole + p[SHIFT];
  if (!th_distribution_is_discrete(th_composite_inner(d)) || !isfinite(whole)) return y;
  if (image == x) return whole;
  return y == whole ? nextafter(y, (x > image) == (p[SCALE] > 0) ? TH_INFINITY : -TH_INFINITY) : y;
}

static bool density(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double y,
                    double *out) {
  const ThDistribution *inner = th_composite_inner(d);
  double mass = 0;
  if (!th_distribution_measure(cx, inner, th_composite_index(p), what, y, out)) return false;
  if (th_distribution_has_steps(inner) && !th_distribution_mass(cx, inner, th_composite_index(p), y, &mass))
    return false;
  if (mass > 0 || th_distribution_is_discrete(inner)) return true;
  *out = what == TH_PDF ? *out / fabs(p[SCALE]) : *out - log(fabs(p[SCALE]));
  return true;
}

/* For a negative scale P(X <= x) is P(Y >= y), which is P(Y > y') for the double y' before y. */
static bool mirrored_tail(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double y,
                          double *out) {
  static const ThMeasure others[] = {
      [TH_CDF] = TH_CCDF, [TH_CCDF] = TH_CDF, [TH_LOGCDF] = TH_LOGCCDF, [TH_LOGCCDF] = TH_LOGCDF};
  const ThDistribution *inner = th_composite_inner(d);
  if (th_distribution_has_steps(inner)) y = nextafter(y, -TH_INFINITY);
  return th_distribution_measure(cx, inner, th_composite_index(p), others[what], y, out);
}

static bool quantile(ThContext *cx, const ThDistribution *d, const double *p, bool upper, double prob,
                     double *out) {
  const ThDistribution *inner = th_composite_inner(d);
  ThMeasure what = upper == (p[SCALE] > 0) ? TH_UPPER_QUANTILE : TH_QUANTILE;
  if (p[SCALE] < 0 && th_distribution_has_steps(inner)) {
    double low, high;
    size_t i = (size_t)(p - d->p) / d->stride;
    th_distribution_support(d, i, &low, &high);
    return th_quantile_search(cx, d, i, upper, prob, low, high, TH_NAN, out);
  }
  if (!th_distribution_measure(cx, inner, th_composite_index(p), what, prob, out)) return false;
  *out = p[SCALE] * *out + p[SHIFT];
  return true;
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  if (what == TH_QUANTILE || what == TH_UPPER_QUANTILE)
    return quantile(cx, d, p, what == TH_UPPER_QUANTILE, x, out);
  double y = point_of(d, p, x);
  if (what == TH_PDF || what == TH_LOGPDF) return density(cx, d, p, what, y, out);
  if (p[SCALE] < 0) return mirrored_tail(cx, d, p, what, y, out);
  return th_distribution_measure(cx, th_composite_inner(d), th_composite_index(p), what, y, out);
}

/* A finding about the inner one carried over: error and value by the same factor. */
static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  double factor = 1, shift = 0, scale = p[SCALE];
  if (!th_distribution_find(cx, th_composite_inner(d), th_composite_index(p), what, out)) return false;
  switch (what) {
    case TH_MEAN:
    case TH_MODE:
    case TH_MEDIAN: factor = scale, shift = p[SHIFT]; break;
    case TH_VARIANCE: factor = scale * scale; break;
    case TH_SD: factor = fabs(scale); break;
    case TH_SKEWNESS: factor = scale > 0 ? 1 : -1; break;
    case TH_KURTOSIS: break;
    case TH_ENTROPY: shift = th_distribution_is_discrete(d) ? 0 : log(fabs(scale)); break;
  }
  out->value = factor * out->value + shift;
  out->error *= fabs(factor);
  return true;
}

/* By the score of the inner one. */
static bool score(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  if (!th_distribution_score(cx, th_composite_inner(d), th_composite_index(p), point_of(d, p, x), out))
    return false;
  *out /= p[SCALE];
  return true;
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  if (!th_distribution_find_log_mgf(cx, th_composite_inner(d), th_composite_index(p), p[SCALE] * t, out,
                                    relative))
    return false;
  *out += t * p[SHIFT];
  return true;
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  if (!th_distribution_sample(cx, th_composite_inner(d), th_composite_index(p), r, n, x)) return false;
  for (size_t i = 0; i < n; i++) x[i] = p[SCALE] * x[i] + p[SHIFT];
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  double low, high;
  th_distribution_support(th_composite_inner(d), th_composite_index(p), &low, &high);
  *lower = p[SCALE] * (p[SCALE] > 0 ? low : high) + p[SHIFT];
  *upper = p[SCALE] * (p[SCALE] > 0 ? high : low) + p[SHIFT];
}

static bool discrete(const ThDistribution *d) { return th_distribution_is_discrete(th_composite_inner(d)); }

/* Values of the inner one become those of d, ascending. */
static void map_values(const double *p, double *x, size_t n) {
  for (size_t i = 0; p[SCALE] < 0 && i < n / 2; i++) {
    double swap = x[i];
    x[i] = x[n - 1 - i];
    x[n - 1 - i] = swap;
  }
  for (size_t i = 0; i < n; i++) x[i] = p[SCALE] * x[i] + p[SHIFT];
}

static bool outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                     size_t *n) {
  ThValue inner;
  if (!th_distribution_element(cx, th_composite_inner(d), th_composite_index(d->p), &inner)) return false;
  bool ok = th_distribution_outcomes(cx, th_as_distribution(inner), tail, most, values, n);
  th_release(inner);
  if (ok) map_values(d->p, *values, *n);
  return ok;
}

static bool mixed(const ThDistribution *d) { return th_distribution_has_steps(th_composite_inner(d)); }

static bool mass(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  return th_distribution_mass(cx, th_composite_inner(d), th_composite_index(p), point_of(d, p, x), out);
}

static bool atoms(ThContext *cx, const ThDistribution *d, const double *p, double **values, size_t *n) {
  if (!th_distribution_atoms(cx, th_composite_inner(d), th_composite_index(p), values, n)) return false;
  map_values(p, *values, *n);
  return true;
}

static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  if (!th_numeric_breaks(cx, th_composite_inner(d), th_composite_index(p), points, most, n)) return false;
  map_values(p, points, *n);
  return true;
}

/* The scale of every element is finite and not 0. */
static bool check_scales(ThContext *cx, const ThDistribution *d) {
  for (size_t i = 0; i < d->length; i++) {
    const double *p = d->p + i * d->stride;
    if (!isfinite(p[SCALE]) || !isfinite(p[SHIFT]))
      return th_fail(cx, TH_ERROR_VALUE, "a distribution can be shifted and scaled by finite numbers only");
    if (p[SCALE] == 0) {
      th_fail(cx, TH_ERROR_VALUE, "several distributions at once cannot be scaled by 0");
      return th_hint(cx, "`Point(0)` is a value that is certain");
    }
  }
  return true;
}

static bool build(ThContext *cx, ThDistribution *d) {
  return th_composite_build(cx, d, N_PARAMETERS) && check_scales(cx, d);
}

static void add_number(ThContext *cx, double x, ThStyle style, ThText *out) {
  if (style == TH_STYLE_SOURCE) th_format_exact(x, out);
  else th_format_number(x, cx->settings.digits, out);
}

static bool is_number(ThValue v, double x) { return th_is_scalar(v) && th_as_scalar(v) == x; }

/* "[2, 3]*Gamma(…) + [0, 1]" */
static bool format_several(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  ThStyle inner = style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style;
  if (!is_number(d->parameters[SCALE], 1)) {
    if (!th_format(cx, d->parameters[SCALE], inner, out)) return false;
    th_text_char(out, '*');
  }
  if (!th_format(cx, d->parameters[INNER], inner, out)) return false;
  if (is_number(d->parameters[SHIFT], 0)) return th_text_ok(out, cx);
  th_text_add(out, " + ");
  return th_format(cx, d->parameters[SHIFT], inner, out) && th_text_ok(out, cx);
}

/* "2*Gamma(…) - 1" */
static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  if (!th_is_scalar(d->parameters[SCALE]) || !th_is_scalar(d->parameters[SHIFT]))
    return format_several(cx, d, style, out);
  double scale = d->p[SCALE], shift = d->p[SHIFT];
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

static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  double error = th_distribution_error(th_composite_inner(d), th_composite_index(p), what,
                                       (x - p[SHIFT]) / p[SCALE], method);
  return what == TH_PDF && error > 0 ? error / fabs(p[SCALE]) : error;
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

const ThFamily th_family_affine = {
    .builtin = {{.signature = "Affine(distribution = …, scale = …, shift = …) -> distribution"}, {0}},
    .name = "Affine",
    .n_parameters = N_PARAMETERS,
    .parameters = {{"distribution", TH_DOMAIN_ANY, false, 0},
                   {"scale", TH_DOMAIN_REAL, false, 0},
                   {"shift", TH_DOMAIN_REAL, false, 0}},
    .law = &law,
    .build = build,
    .format = format,
    .outcomes = outcomes,
    .element = th_composite_element,
};
