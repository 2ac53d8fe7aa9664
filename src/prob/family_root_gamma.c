/* family_root_gamma.c - the square roots of gamma and inverse gamma variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything follows from the law of the square y = x²: the density is 2x times that of y. */
#include "prob/root_gamma.h"

#include <math.h>

#include "num/real.h"
#include "num/special.h"
#include "prob/families.h"

enum { SHAPE, RATE, KIND };

static const ThFamilyMath *of_square(const double *p) {
  return p[KIND] < 0 ? &th_gamma_math : &th_inv_gamma_math;
}

/* Its sign kept, for what is asked below 0. */
static double square(double x) { return x * fabs(x); }

static double outside(double x, const double *p, double value) {
  return isnan(x) || isnan(p[SHAPE]) || isnan(p[RATE]) ? TH_NAN : value;
}

static double pdf(double x, const double *p) {
  return x > 0 && !isinf(x) ? 2 * x * of_square(p)->pdf(x * x, p) : outside(x, p, 0);
}
static double logpdf(double x, const double *p) {
  return x > 0 && !isinf(x) ? of_square(p)->logpdf(x * x, p) + log(2 * x) : outside(x, p, -TH_INFINITY);
}
static double cdf(double x, const double *p) { return of_square(p)->cdf(square(x), p); }
static double ccdf(double x, const double *p) { return of_square(p)->ccdf(square(x), p); }
static double logcdf(double x, const double *p) { return of_square(p)->logcdf(square(x), p); }
static double logccdf(double x, const double *p) { return of_square(p)->logccdf(square(x), p); }
static double quantile(double q, const double *p) { return sqrt(of_square(p)->quantile(q, p)); }
static double upper_quantile(double q, const double *p) { return sqrt(of_square(p)->upper_quantile(q, p)); }
static double median(const double *p) { return sqrt(of_square(p)->median(p)); }
static double sample(const double *p, ThRandom *r) { return sqrt(of_square(p)->sample(p, r)); }
static void support(const double *p, double *lower, double *upper) { of_square(p)->support(p, lower, upper); }

/* log E x^n at rate 1: E x^n = Γ(a ± n/2)/Γ(a) rate^∓n/2 */
static double log_moment(const double *p, int n) {
  double t = 0.5 * n;
  return p[KIND] < 0 ? th_special_log_rising(p[SHAPE], t) : -th_special_log_rising(p[SHAPE] - t, t);
}
static double moment(const double *p, int n) {
  double t = 0.5 * n;
  if (p[KIND] > 0 && !(p[SHAPE] > t)) return TH_INFINITY;
  return exp(log_moment(p, n) + (p[KIND] < 0 ? -t : t) * log(p[RATE]));
}
static double mean(const double *p) { return moment(p, 1); }
/* E x² - (E x)², of which little is left where the shape is large */
static double variance(const double *p) {
  double second = of_square(p)->mean(p);
  return isinf(second) ? second : -second * expm1(2 * log_moment(p, 1) - log_moment(p, 2));
}

static double mode(const double *p) {
  if (p[KIND] > 0) return sqrt(p[RATE] / (p[SHAPE] + 0.5));
  return p[SHAPE] > 0.5 ? sqrt((p[SHAPE] - 0.5) / p[RATE]) : 0;
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  of_square(p)->gradient(square(x), p, d_x, d_p);
  if (d_x && x > 0 && isfinite(x)) *d_x = 2 * x * *d_x + 1 / x;
  if (d_p) d_p[KIND] = 0;
}

static const ThFamilyMath root_gamma_math = {.name = "root of Gamma",
                                             .n_parameters = 3,
                                             .pdf = pdf,
                                             .logpdf = logpdf,
                                             .cdf = cdf,
                                             .ccdf = ccdf,
                                             .logcdf = logcdf,
                                             .logccdf = logccdf,
                                             .quantile = quantile,
                                             .upper_quantile = upper_quantile,
                                             .mean = mean,
                                             .variance = variance,
                                             .mode = mode,
                                             .median = median,
                                             .sample = sample,
                                             .support = support,
                                             .gradient = gradient};

/* "√InvGamma(shape = 3, scale = 2)" */
static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  ThValue law;
  (void)style;
  if (!th_distribution_of(cx, d->p[KIND] < 0 ? &th_family_gamma : &th_family_inv_gamma, d->p, &law))
    return false;
  th_text_add(out, "√");
  bool ok = th_distribution_text(cx, law, out);
  th_release(law);
  return ok;
}

const ThFamily th_family_root_gamma = {
    .builtin = {{.signature = "RootGamma(shape = …, rate = …, kind = …) -> distribution"}, {0}},
    .name = "root of Gamma",
    .n_parameters = 3,
    .parameters = {{"shape", TH_DOMAIN_POSITIVE, false, 0},
                   {"rate", TH_DOMAIN_POSITIVE, false, 0},
                   {"kind", TH_DOMAIN_REAL, false, 0}},
    .math = &root_gamma_math,
    .moment = moment,
    .format = format,
};
