/* family_density.c - a distribution from a function: density(f, lower, upper) and normalize(d) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f is integrated once, when the density is made: panels (num/panels.h) hold its integral from either side, and cdf,
 * quantiles and samples read them. The density itself is f, called each time. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/points.h"
#include "lang/session.h"
#include "num/real.h"
#include "num/special.h"
#include "prob/density.h"
#include "prob/families.h"
#include "prob/numeric.h"

/* p: lower, upper, what f is divided by, the integral of f, a bound for its error. */
enum { FUNCTION, LOWER_BOUND, UPPER_BOUND, CONSTANT, N_PARAMETERS };
enum { LOWER, UPPER, DIVISOR, TOTAL, ERROR, STRIDE };

/* --- The panels, as an object that copies of a distribution share */

typedef struct Held {
  ThObject object;
  ThPanels panels;
} Held;

static void held_release(ThObject *self) {
  th_panels_free(self->heap, &((Held *)self)->panels);
  th_object_free(self, sizeof(Held));
}

static const ThKind held_kind = {.name = "panels of a density", .release = held_release};

static const ThPanels *panels_of(const ThDistribution *d) {
  return &((const Held *)th_as_object(d->held))->panels;
}

const ThPanels *th_density_panels(const ThDistribution *d, double *constant) {
  if (d->family != &th_family_density) return NULL;
  *constant = d->p[DIVISOR];
  return panels_of(d);
}

/* --- What is amiss with a function */

static void add_range(ThContext *cx, double lower, double upper, ThText *out) {
  th_text_char(out, isinf(lower) ? '(' : '[');
  th_format_number(lower, cx->settings.digits, out);
  th_text_add(out, ", ");
  th_format_number(upper, cx->settings.digits, out);
  th_text_char(out, isinf(upper) ? ')' : ']');
}

static bool fail_not_finite(ThContext *cx, const ThPanels *panels) {
  const char *what = isnan(panels->not_finite) ? "nan" : panels->not_finite > 0 ? "inf" : "-inf";
  return th_fail_argument(cx, 1, TH_ERROR_VALUE, "not a density: the function is %s at x = %.6g", what,
                          panels->not_finite_at);
}

/* From the least point in steps that double to where the function is no longer negative, then bisection. */
static bool negative_end(ThPoints *f, double from, double limit, double scale, double *out) {
  double inside = from, step = limit > from ? scale : -scale, outside = limit, y;
  for (int k = 0; k < 60; k++, step *= 2) {
    double x = from + step;
    if ((limit > from) != (x < limit)) break;
    if (!th_points_call(f, 1, &x, &y)) return false;
    if (!(y < 0)) {
      outside = x;
      break;
    }
    inside = x;
  }
  if (isinf(outside) || outside == limit) {
    *out = limit;
    if (isinf(outside)) return true;
  }
  for (int k = 0; k < 200 && fabs(outside - inside) > DBL_EPSILON * fabs(outside); k++) {
    double x = inside + 0.5 * (outside - inside);
    if (!th_points_call(f, 1, &x, &y)) return false;
    if (y < 0) inside = x;
    else outside = x;
  }
  *out = fabs(outside) <= 1e-50 * fabs(from) ? 0 : outside; /* halved 200 times */
  return true;
}

/* Golden sections between the ends. */
static bool least_between(ThPoints *f, double low, double high, double *at, double *least) {
  const double ratio = 0.6180339887498949;
  for (int k = 0; k < 80; k++) {
    double x[2] = {high - ratio * (high - low), low + ratio * (high - low)}, y[2];
    if (!th_points_call(f, 1, &x[0], &y[0]) || !th_points_call(f, 1, &x[1], &y[1])) return false;
    for (int i = 0; i < 2; i++)
      if (y[i] < *least) *least = y[i], *at = x[i];
    if (y[0] < y[1]) high = x[1];
    else low = x[0];
  }
  return true;
}

static bool fail_negative(ThPoints *f, const ThPanels *panels, double lower, double upper) {
  double from, to, least = panels->least, at = panels->least_at, scale = fmax(fabs(at), 1e-3) * 1e-3;
  ThContext *cx = f->cx;
  if (panels->peak > 0 && panels->peak_at < at) lower = panels->peak_at; /* the function is positive there */
  if (panels->peak > 0 && panels->peak_at > at) upper = panels->peak_at;
  if (!negative_end(f, at, lower, scale, &from) || !negative_end(f, at, upper, scale, &to)) return false;
  if (isinf(from) || isinf(to))
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "not a density: the function is negative on (%.6g, %.6g)",
                            from, to);
  if (!least_between(f, from, to, &at, &least)) return false;
  double slack = 1e-9 * (to - from);
  if (at - from < slack) at = from;
  if (to - at < slack) at = to;
  if (fabs(at) < slack) at = 0;
  return th_fail_argument(cx, 1, TH_ERROR_VALUE,
                          "not a density: the function is negative on (%.6g, %.6g), least %.4g at x = %.6g",
                          from, to, least, at);
}

static bool fail_range(ThContext *cx, const ThPanels *panels, double lower, double upper) {
  ThText text;
  th_text_init(&text, &cx->heap);
  add_range(cx, lower, upper, &text);
  if (!th_text_ok(&text, cx)) {
    th_text_clear(&text);
    return false;
  }
  if (panels->diverges) {
    th_fail_argument(cx, 1, TH_ERROR_VALUE, "∫ diverges at %.6g on %s: no constant normalises it",
                     panels->diverges_at, th_text_string(&text));
  } else if (panels->total > 0) {
    th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "∫ does not settle on %s: it is %.4g, give or take %.2g",
                     th_text_string(&text), panels->total, panels->error);
    th_hint(cx, "its poles or tails are too slow, or it jumps too often");
  } else {
    th_fail_argument(cx, 1, TH_ERROR_VALUE, "the function is 0 wherever it was looked at on %s",
                     th_text_string(&text));
    th_hint(cx, "give `lower` and `upper` around where it is not");
  }
  th_text_clear(&text);
  return false;
}

static bool check_panels(ThPoints *f, const ThPanels *panels, double lower, double upper) {
  if (panels->least < -1e-12 * panels->peak) return fail_negative(f, panels, lower, upper);
  if (!isnan(panels->not_finite_at)) return fail_not_finite(f->cx, panels);
  if (panels->diverges || !(panels->error < 1e-6 * panels->total))
    return fail_range(f->cx, panels, lower, upper);
  return true;
}

/* --- Making one */

static bool is_callable(ThValue v) {
  return th_is_object(v) && th_as_object(v)->kind->call && !th_is_distribution(v);
}

static bool check_arguments(ThContext *cx, const ThDistribution *d, double *lower, double *upper) {
  char got[96];
  if (!is_callable(d->parameters[FUNCTION])) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "`density` takes a function, got %s",
                     th_describe(d->parameters[FUNCTION], got, sizeof got));
    return th_hint(cx, "for example `density(x -> exp(-x^4))`");
  }
  double constant;
  if (!th_to_number(d->parameters[CONSTANT], &constant) || !(constant > 0 && isfinite(constant)))
    return th_fail(cx, TH_ERROR_VALUE,
                   "`constant` of density is a positive number: what the function is divided by");
  if (!th_to_number(d->parameters[LOWER_BOUND], lower) || !th_to_number(d->parameters[UPPER_BOUND], upper))
    return th_fail(cx, TH_ERROR_TYPE, "`lower` and `upper` of density are numbers");
  return *lower < *upper ||
         th_fail(cx, TH_ERROR_VALUE, "`lower` of density must be below `upper`, got %.6g and %.6g", *lower,
                 *upper);
}

static bool build(ThContext *cx, ThDistribution *d) {
  double lower, upper;
  if (!check_arguments(cx, d, &lower, &upper)) return false;
  ThPoints f = {.cx = cx, .f = d->parameters[FUNCTION], .what = "the function of a density"};
  Held *held = th_object_new(cx, &held_kind, sizeof *held);
  if (!held) return false;
  th_replace_take(&d->held, th_object(held));
  if (!th_panels_build(cx, th_points_call, &f, lower, upper, &held->panels)) return false;
  if (!check_panels(&f, &held->panels, lower, upper)) return false;
  if (!th_distribution_room(cx, d, 1, STRIDE)) return false;
  d->p[LOWER] = lower;
  d->p[UPPER] = upper;
  d->p[DIVISOR] = th_as_scalar(d->parameters[CONSTANT]);
  d->p[TOTAL] = held->panels.total;
  d->p[ERROR] = held->panels.error;
  return true;
}

static bool is_normalised(const double *p) {
  return fabs(p[TOTAL] / p[DIVISOR] - 1) <= fmax(1e-9, p[ERROR] / p[DIVISOR]);
}

bool th_density_normalize(ThContext *cx, ThValue v, ThValue *out) {
  const ThDistribution *d = th_as_distribution(v);
  if (d->family != &th_family_density || fabs(d->p[TOTAL] - d->p[DIVISOR]) <= d->p[ERROR]) {
    *out = th_retain(v);
    return true;
  }
  if (!th_distribution_copy(cx, v, out)) return false;
  ThDistribution *made = th_as_distribution(*out);
  made->p[DIVISOR] = d->p[TOTAL];
  made->parameters[CONSTANT] = th_number(d->p[TOTAL]);
  return true;
}

/* --- What can be asked */

static bool check_normalised(ThContext *cx, const double *p) {
  char name[64];
  if (is_normalised(p)) return true;
  th_operand(cx, 0, "…", name, sizeof name);
  th_fail(cx, TH_ERROR_VALUE, "this density integrates to %.6g, not to 1", p[TOTAL] / p[DIVISOR]);
  return th_hint(cx, "probabilities and samples need `normalize(%s)`", strpbrk(name, " <>=(") ? "…" : name);
}

static bool density_at(ThContext *cx, const ThDistribution *d, const double *p, bool logarithm, size_t n,
                       const double *x, double *out) {
  ThPoints f = {.cx = cx, .f = d->parameters[FUNCTION], .what = "the function of a density", .asked = n < 8};
  bool inside = true;
  for (size_t i = 0; i < n; i++) inside = inside && x[i] >= p[LOWER] && x[i] <= p[UPPER];
  if (inside && !th_points_call(&f, n, x, out)) return false;
  for (size_t i = 0; i < n; i++) {
    bool outside = !inside && !(x[i] >= p[LOWER] && x[i] <= p[UPPER]);
    if (outside) out[i] = isnan(x[i]) ? x[i] : 0;
    else if (!inside && !th_points_call(&f, 1, &x[i], &out[i])) return false;
    out[i] = fmax(out[i], 0) / p[DIVISOR];
    if (logarithm) out[i] = log(out[i]);
  }
  return true;
}

static double log_share(double tail, double other, double total) {
  return tail <= other ? log(tail / total) : log1p(-other / total);
}

static double tail_at(const ThPanels *panels, ThMeasure what, double x) {
  double below = th_panels_below(panels, x), above = th_panels_above(panels, x);
  switch (what) {
    case TH_CDF: return below / panels->total;
    case TH_CCDF: return above / panels->total;
    case TH_LOGCDF: return log_share(below, above, panels->total);
    case TH_LOGCCDF: return log_share(above, below, panels->total);
    default: break;
  }
  if (!(x >= 0 && x <= 1)) return TH_NAN;
  return th_panels_quantile(panels, x * panels->total, what == TH_UPPER_QUANTILE);
}

static bool measure_many(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, size_t n,
                         const double *x, double *out) {
  if (what == TH_PDF || what == TH_LOGPDF) return density_at(cx, d, p, what == TH_LOGPDF, n, x, out);
  if (!check_normalised(cx, p)) return false;
  for (size_t i = 0; i < n; i++) out[i] = tail_at(panels_of(d), what, x[i]);
  return true;
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  return measure_many(cx, d, p, what, 1, &x, out);
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  return check_normalised(cx, p) && th_numeric_find(cx, d, 0, what, out);
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  *out = 0;
  return check_normalised(cx, p) && (t == 0 || th_numeric_log_mgf(cx, d, 0, t, out, relative));
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  const ThPanels *panels = panels_of(d);
  if (!check_normalised(cx, p)) return false;
  for (size_t i = 0; i < n; i++) {
    double u = th_random_uniform(r);
    x[i] = th_panels_quantile(panels, (u < 0.5 ? u : 1 - u) * panels->total, u >= 0.5);
  }
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)d;
  *lower = p[LOWER];
  *upper = p[UPPER];
}

static bool discrete(const ThDistribution *d) {
  (void)d;
  return false;
}

/* Quartiles and tails, and the places that the panels closed in on: jumps and kinks. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  static const double tails[] = {1e-12, 1e-4, 0.25};
  const ThPanels *panels = panels_of(d);
  if (!check_normalised(cx, p)) return false;
  *n = 0;
  for (size_t k = 0; k < sizeof tails / sizeof *tails; k++)
    for (int upper = 0; upper < 2; upper++)
      points[(*n)++] = th_panels_quantile(panels, tails[k] * panels->total, upper);
  double range = panels->n > 0 ? points[3] - points[2] : 0;
  for (size_t i = 1; i < panels->n && *n < most; i++) {
    const ThPanel *panel = &panels->panels[i];
    bool closes_in = panel->to - panel->from < 1e-9 * range && panel->from - points[*n - 1] > 1e-9 * range;
    if (closes_in) points[(*n)++] = panel->from;
  }
  return true;
}

/* Also before it is normalised. */
static bool view(ThContext *cx, const ThDistribution *d, double *lower, double *upper) {
  const ThPanels *panels = panels_of(d);
  double low = th_panels_quantile(panels, 0.001 * panels->total, false);
  double high = th_panels_quantile(panels, 0.001 * panels->total, true), near = 0.1 * (high - low);
  (void)cx;
  *lower = low - d->p[LOWER] <= near ? d->p[LOWER] : low - near;
  *upper = d->p[UPPER] - high <= near ? d->p[UPPER] : high + near;
  return true;
}

/* --- Text */

static bool add_function(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  ThSymbol *name = th_function_name(d->parameters[FUNCTION]);
  if (!name)
    return th_format(cx, d->parameters[FUNCTION], style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style, out);
  th_text_add(out, name->spelling);
  return true;
}

static void add_option(ThContext *cx, const char *name, double x, ThStyle style, ThText *out) {
  if (isinf(x)) return;
  th_text_format(out, ", %s = ", name);
  if (style == TH_STYLE_SOURCE) th_format_exact(x, out);
  else th_format_number(x, cx->settings.digits, out);
}

/* "normalize(density(x -> exp(-x), lower = 0))" */
static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  bool divided = d->p[DIVISOR] == d->p[TOTAL] && d->p[DIVISOR] != 1;
  th_text_add(out, divided ? "normalize(density(" : "density(");
  if (!add_function(cx, d, style, out)) return false;
  add_option(cx, "lower", d->p[LOWER], style, out);
  add_option(cx, "upper", d->p[UPPER], style, out);
  if (!divided && d->p[DIVISOR] != 1) add_option(cx, "constant", d->p[DIVISOR], style, out);
  th_text_add(out, divided ? "))" : ")");
  return th_text_ok(out, cx);
}

/* "quadrature, error < 1e-11" */
static void add_error(double error, ThText *out) {
  int power = (int)ceil(log10(fmax(error, 1e-300)));
  th_text_format(out, "quadrature, error < 1e%d", power);
}

/* A mean of a few roundings is 0. */
static bool add_spread(ThContext *cx, const ThDistribution *d, ThText *out) {
  double x[2];
  if (!th_distribution_summary(cx, d, 0, TH_MEAN, &x[0]) || !th_distribution_summary(cx, d, 0, TH_SD, &x[1]))
    return false;
  if (fabs(x[0]) < 1e-14 * x[1]) x[0] = 0;
  for (int i = 0; i < 2; i++) {
    th_text_add(out, i ? ", sd " : ", mean ");
    if (isnan(x[i])) th_text_add(out, "undefined");
    else th_format_number(x[i], cx->settings.digits, out);
  }
  return true;
}

static bool facts(ThContext *cx, const ThDistribution *d, ThText *out) {
  const double *p = d->p;
  th_text_add(out, "on ");
  add_range(cx, p[LOWER], p[UPPER], out);
  if (!is_normalised(p)) {
    th_text_add(out, ": non-negative, ∫ = ");
    th_format_number(p[TOTAL] / p[DIVISOR], cx->settings.digits, out);
    th_text_add(out, " (");
    add_error(p[ERROR] / p[DIVISOR], out);
    th_text_add(out, "): not normalised");
    return true;
  }
  th_text_add(out, ", normalised");
  if (p[DIVISOR] != 1) th_text_add(out, " by "), th_format_number(p[DIVISOR], cx->settings.digits, out);
  return add_spread(cx, d, out);
}

/* The density is the function itself. */
static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  *method = "quadrature";
  return what == TH_PDF ? 0 : th_panels_error(panels_of(d), x) / p[DIVISOR];
}

static const ThLaw law = {.measure = measure,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .breaks = breaks,
                          .find = find,
                          .find_log_mgf = find_log_mgf,
                          .error = error_of,
                          .measure_many = measure_many};

const ThFamily th_family_density = {
    .builtin =
        {{"density(function = …, lower = -inf, upper = inf, constant = 1) -> distribution",
          th_family_construct, TH_FAMILY_SECTION, "a distribution whose density is a function of one number",
          "integrates the function between `lower` and `upper`, and says whether it is non-negative and "
          "normalised. Until it is, only pdf and logpdf answer; `normalize` makes it so, by a `constant` that "
          "divides the function. The function is called "
          "with many points at once where it maps arrays, which is quicker",
          "q = normalize(density(x -> exp(-x^4)));\ncdf(q, 0.5)\n#> 0.772427  quadrature, error < 1e-14\n"
          "var(normalize(density(x -> x*(1 - x), lower = 0, upper = 1)))\n#> 0.05  quadrature, error < 1e-15",
          "normalize pdf cdf quantile sample mean sd cf plot", NULL},
         {0}},
    .name = "density",
    .n_parameters = N_PARAMETERS,
    .parameters = {{"function", TH_DOMAIN_ANY, false, 0},
                   {"lower", TH_DOMAIN_ANY, true, -INFINITY},
                   {"upper", TH_DOMAIN_ANY, true, INFINITY},
                   {"constant", TH_DOMAIN_ANY, true, 1}},
    .law = &law,
    .build = build,
    .format = format,
    .facts = facts,
    .view = view,
};
