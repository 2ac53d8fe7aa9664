/* density_poisson.c - the Poisson distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: rate >= 0; a rate of 0 is the point 0. P(X <= k) = Q(k + 1, rate). */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

static double logpdf(double x, const double *p) {
  if (x != x || p[0] != p[0]) return TH_NAN;
  if (x < 0 || !th_density_is_count(x)) return -TH_INFINITY;
  return th_special_log_poisson(x, p[0]);
}

static double pdf(double x, const double *p) { return exp(logpdf(x, p)); }

static double tail(double x, const double *p, double below, double above,
                   double (*incomplete)(double, double)) {
  if (x != x || p[0] != p[0]) return TH_NAN;
  if (x < 0) return below;
  return x > DBL_MAX ? above : incomplete(floor(x) + 1, p[0]);
}

static double cdf(double x, const double *p) { return tail(x, p, 0, 1, th_special_gamma_q); }
static double ccdf(double x, const double *p) { return tail(x, p, 1, 0, th_special_gamma_p); }
static double logcdf(double x, const double *p) {
  return tail(x, p, -TH_INFINITY, 0, th_special_log_gamma_q);
}
static double logccdf(double x, const double *p) {
  return tail(x, p, 0, -TH_INFINITY, th_special_log_gamma_p);
}

static double mean(const double *p) { return p[0]; }
static double skewness(const double *p) { return p[0] == 0 ? TH_NAN : 1 / sqrt(p[0]); }
static double kurtosis(const double *p) { return p[0] == 0 ? TH_NAN : 1 / p[0]; }
static double mode(const double *p) { return p[0] <= 1 ? p[0] * 0 : ceil(p[0]) - 1; }

static ThDiscrete discrete(const double *p) {
  return (ThDiscrete){.cdf = cdf,
                      .ccdf = ccdf,
                      .logpdf = logpdf,
                      .lower = 0,
                      .upper = p[0] == 0 ? 0 : TH_INFINITY,
                      .mean = p[0],
                      .sd = sqrt(p[0]),
                      .skewness = p[0] > 0 ? fmin(skewness(p), 10) : 0};
}
static double quantile(double prob, const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_quantile(&d, prob, p, false);
}
static double upper_quantile(double prob, const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_quantile(&d, prob, p, true);
}
static double median(const double *p) { return quantile(0.5, p); }
static double entropy(const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_entropy(&d, p);
}

/* exp(rate(e^ik - 1)), with cos k - 1 = -2 sin²(k/2). */
static double complex cf(double k, const double *p) {
  double half = sin(0.5 * k), modulus = exp(-2 * p[0] * half * half), phase = p[0] * sin(k);
  if (modulus == 0) return 0;
  return modulus * cos(phase) + TH_I * (modulus * sin(phase));
}

static double log_mgf(double t, const double *p) { return p[0] == 0 ? t * 0 : p[0] * expm1(t); }

static double sample(const double *p, ThRandom *r) { return th_random_poisson(r, p[0]); }

static void support(const double *p, double *lower, double *upper) {
  *lower = p[0] * 0;
  *upper = p[0] != p[0] ? p[0] : p[0] == 0 ? 0 : TH_INFINITY;
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double slope = 0;
  if (x != x || p[0] != p[0]) slope = TH_NAN;
  else if (x == 0) slope = -1;
  else if (x > 0 && th_density_is_count(x)) slope = (x - p[0]) / p[0];
  if (d_x) *d_x = slope == slope ? 0 : slope;
  if (d_p) d_p[0] = slope;
}

static void fisher(const double *p, double *information) { *information = 1 / p[0]; }

/* λ log(λ/λ') + λ' - λ. */
static double kl(const double *p, const double *q) { return th_special_deviance(p[0], q[0]); }

const ThFamilyMath th_poisson_math = {
    .name = "Poisson",
    .n_parameters = 1,
    .discrete = true,
    .pdf = pdf,
    .logpdf = logpdf,
    .cdf = cdf,
    .ccdf = ccdf,
    .logcdf = logcdf,
    .logccdf = logccdf,
    .quantile = quantile,
    .upper_quantile = upper_quantile,
    .mean = mean,
    .variance = mean,
    .skewness = skewness,
    .kurtosis = kurtosis,
    .mode = mode,
    .median = median,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
