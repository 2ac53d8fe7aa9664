/* family_censored.c - a value that is only known to lie beyond a bound is recorded as the bound */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beyond the bounds is heaped up on them: a mixed distribution, with a probability of their own at the bounds
 * and a density in between. */
#include <math.h>

#include "num/real.h"
#include "prob/composite.h"
#include "prob/families.h"
#include "prob/numeric.h"

/* p: which element of the inner one, the bounds, log P(X <= lower), log P(X >= upper) of the inner one. */
enum { INNER, LOWER, UPPER, N_PARAMETERS, LOG_AT_LOWER = N_PARAMETERS, LOG_AT_UPPER, STRIDE };

/* The logarithm of the probability of a bound; NaN when x is none. */
static double log_at_bound(const double *p, double x) {
  if (isinf(x)) return TH_NAN;
  return x == p[LOWER] ? p[LOG_AT_LOWER] : x == p[UPPER] ? p[LOG_AT_UPPER] : TH_NAN;
}

static bool density(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  double log_mass = log_at_bound(p, x);
  if (!isnan(log_mass)) {
    *out = what == TH_PDF ? exp(log_mass) : log_mass;
    return true;
  }
  if (x > p[LOWER] && x < p[UPPER]) return th_composite_measure(cx, d, p, what, x, out);
  *out = what == TH_PDF ? 0 : -TH_INFINITY;
  return true;
}

/* The inner tails between the bounds; none below, all above. */
static bool tail(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                 double *out) {
  if (x >= p[LOWER] && x < p[UPPER]) return th_composite_measure(cx, d, p, what, x, out);
  bool nothing = (x < p[LOWER]) == (what == TH_CDF || what == TH_LOGCDF),
       plain = what == TH_CDF || what == TH_CCDF;
  *out = nothing ? (plain ? 0 : -TH_INFINITY) : plain ? 1 : 0;
  return true;
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  if (isnan(x)) {
    *out = x;
    return true;
  }
  if (what == TH_PDF || what == TH_LOGPDF) return density(cx, d, p, what, x, out);
  if (what != TH_QUANTILE && what != TH_UPPER_QUANTILE) return tail(cx, d, p, what, x, out);
  if (!th_composite_measure(cx, d, p, what, x, out)) return false;
  if (!isnan(*out)) *out = fmin(fmax(*out, p[LOWER]), p[UPPER]);
  return true;
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  return th_numeric_find(cx, d, (size_t)(p - d->p) / d->stride, what, out);
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  *out = 0;
  return t == 0 || th_numeric_log_mgf(cx, d, (size_t)(p - d->p) / d->stride, t, out, relative);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  if (!th_distribution_sample(cx, th_composite_inner(d), th_composite_index(p), r, n, x)) return false;
  for (size_t k = 0; k < n; k++) x[k] = fmin(fmax(x[k], p[LOWER]), p[UPPER]);
  return true;
}

/* --- Where the values lie */

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  double low, high;
  th_distribution_support(th_composite_inner(d), th_composite_index(p), &low, &high);
  *lower = fmin(fmax(low, p[LOWER]), p[UPPER]);
  *upper = fmin(fmax(high, p[LOWER]), p[UPPER]);
}

static bool discrete(const ThDistribution *d) { return th_distribution_is_discrete(th_composite_inner(d)); }

static bool mixed(const ThDistribution *d) {
  (void)d;
  return true;
}

static bool mass(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  double log_mass = log_at_bound(p, x);
  *out = isnan(log_mass) ? 0 : exp(log_mass);
  if (!isnan(log_mass) || !(x > p[LOWER] && x < p[UPPER])) return true;
  return th_distribution_mass(cx, th_composite_inner(d), th_composite_index(p), x, out);
}

/* That of the inner one between the bounds; at a value with a probability of its own there is none. */
static bool score(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  double at_x;
  if (!mass(cx, d, p, x, &at_x)) return false;
  *out = at_x > 0 ? TH_NAN : 0;
  if (at_x > 0 || !(x > p[LOWER] && x < p[UPPER])) return true;
  return th_distribution_score(cx, th_composite_inner(d), th_composite_index(p), x, out);
}

/* The bounds that have a probability join the values strictly between them. */
static bool add_bounds(ThContext *cx, const double *p, double **values, size_t *n) {
  bool low = isfinite(p[LOWER]) && p[LOG_AT_LOWER] > -TH_INFINITY;
  bool high = isfinite(p[UPPER]) && p[LOG_AT_UPPER] > -TH_INFINITY;
  if (!th_composite_keep(cx, nextafter(p[LOWER], TH_INFINITY), nextafter(p[UPPER], -TH_INFINITY), values, n))
    return false;
  size_t count = *n + low + high;
  double *all = count ? th_alloc_array(cx, count, sizeof *all) : NULL;
  if (all && low) all[0] = p[LOWER];
  for (size_t k = 0; all && k < *n; k++) all[low + k] = (*values)[k];
  if (all && high) all[count - 1] = p[UPPER];
  th_free(cx, *values, *n * sizeof **values);
  *values = all;
  *n = all ? count : 0;
  return all || count == 0;
}

static bool atoms(ThContext *cx, const ThDistribution *d, const double *p, double **values, size_t *n) {
  return th_distribution_atoms(cx, th_composite_inner(d), th_composite_index(p), values, n) &&
         add_bounds(cx, p, values, n);
}

static bool outcomes(ThContext *cx, const ThDistribution *d, double tail_mass, size_t most, double **values,
                     size_t *n) {
  ThValue inner;
  if (!th_distribution_element(cx, th_composite_inner(d), th_composite_index(d->p), &inner)) return false;
  bool ok = th_distribution_outcomes(cx, th_as_distribution(inner), fmax(tail_mass, 1e-300), most, values, n);
  th_release(inner);
  return ok && (*n == 0 || add_bounds(cx, d->p, values, n));
}

static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  return th_numeric_breaks(cx, th_composite_inner(d), th_composite_index(p), points, most, n);
}

static bool build(ThContext *cx, ThDistribution *d) {
  if (!th_composite_build(cx, d, STRIDE) || !th_composite_check_bounds(cx, d, false)) return false;
  bool steps = th_distribution_has_steps(th_composite_inner(d));
  for (size_t i = 0; i < d->length; i++) {
    double *p = d->p + i * STRIDE;
    double before = steps ? nextafter(p[UPPER], -TH_INFINITY) : p[UPPER]; /* P(X >= upper) is P(X > before) */
    if (!th_composite_measure(cx, d, p, TH_LOGCDF, p[LOWER], &p[LOG_AT_LOWER]) ||
        !th_composite_measure(cx, d, p, TH_LOGCCDF, before, &p[LOG_AT_UPPER]))
      return false;
  }
  return true;
}

static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  return th_distribution_error(th_composite_inner(d), th_composite_index(p), what, x, method);
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

const ThFamily th_family_censored = {
    .builtin =
        {{"Censored(distribution = …, lower = -inf, upper = inf) -> distribution", th_family_construct,
          TH_FAMILY_SECTION, "a distribution whose values beyond the bounds are recorded as the bounds",
          "the probability beyond a bound is heaped up on it. There pdf is that probability, elsewhere the "
          "density: what a datum adds to a likelihood. The entropy and the mode follow the same rule",
          "d = Censored(Normal(0, 1), lower = -1);\npdf(d, -1)\n#> 0.158655\nmean(d)\n"
          "#> 0.0833155  quadrature, error < 1e-14",
          "Truncated Mixture pdf cdf quantile sample mean sd cf plot", NULL},
         {0}},
    .name = "Censored",
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
