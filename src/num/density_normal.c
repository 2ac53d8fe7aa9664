/* density_normal.c - the normal distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: mu, sigma > 0 */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

static double z_of(double x, const double *p) { return (x - p[0]) / p[1]; }

static double pdf(double x, const double *p) { return th_special_normal_pdf(z_of(x, p)) / p[1]; }

static double logpdf(double x, const double *p) {
  double z = z_of(x, p);
  return -0.5 * z * z - (TH_HALF_LOG_2PI + log(p[1]));
}

static double cdf(double x, const double *p) { return th_special_normal_cdf(z_of(x, p)); }
static double ccdf(double x, const double *p) { return th_special_normal_cdf(-z_of(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log_normal_cdf(z_of(x, p)); }
static double logccdf(double x, const double *p) { return th_special_log_normal_cdf(-z_of(x, p)); }
static double quantile(double prob, const double *p) {
  return p[0] + p[1] * th_special_normal_quantile(prob);
}
static double upper_quantile(double prob, const double *p) {
  return p[0] - p[1] * th_special_normal_quantile(prob);
}

static double mean(const double *p) { return th_density_constant(p[0], p, 2); }
static double variance(const double *p) { return th_density_constant(p[1] * p[1], p, 2); }
static double zero(const double *p) { return th_density_constant(0, p, 2); }
static double entropy(const double *p) {
  return th_density_constant(0.5 + TH_HALF_LOG_2PI + log(p[1]), p, 2);
}

static double complex cf(double k, const double *p) {
  double t = p[1] * k, modulus = exp(-0.5 * t * t);
  if (modulus == 0) return 0;
  return modulus * cos(p[0] * k) + TH_I * (modulus * sin(p[0] * k));
}

static double log_mgf(double t, const double *p) { return p[0] * t + 0.5 * (p[1] * t) * (p[1] * t); }

static double sample(const double *p, ThRandom *r) { return p[0] + p[1] * th_random_normal(r); }

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(-TH_INFINITY, p, 2);
  *upper = th_density_constant(TH_INFINITY, p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double z = z_of(x, p);
  if (d_x) *d_x = -z / p[1];
  if (!d_p) return;
  d_p[0] = z / p[1];
  d_p[1] = (z * z - 1) / p[1];
}

const ThFamilyMath th_normal_math = {
    .name = "Normal",
    .n_parameters = 2,
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
    .skewness = zero,
    .kurtosis = zero,
    .mode = mean,
    .median = mean,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
};
