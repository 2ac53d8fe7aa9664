/* density_exponential.c - the exponential distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: rate > 0; the support is x >= 0. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/special.h"

static double pdf(double x, const double *p) { return x < 0 ? p[0] * 0 : p[0] * exp(-p[0] * x); }
static double logpdf(double x, const double *p) {
  return x < 0 ? -TH_INFINITY + p[0] * 0 : log(p[0]) - p[0] * x;
}

/* rate x, 0 below the support */
static double scaled(double x, const double *p) { return x < 0 ? p[0] * 0 : p[0] * x; }

static double cdf(double x, const double *p) { return -expm1(-scaled(x, p)); }
static double ccdf(double x, const double *p) { return exp(-scaled(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log1mexp(-scaled(x, p)); }
static double logccdf(double x, const double *p) { return -scaled(x, p); }

static double quantile(double prob, const double *p) {
  return prob >= 0 && prob <= 1 ? -log1p(-prob) / p[0] : TH_NAN;
}
static double upper_quantile(double prob, const double *p) {
  return prob >= 0 && prob <= 1 ? fabs(log(prob)) / p[0] : TH_NAN;
}

static double mean(const double *p) { return 1 / p[0]; }
static double variance(const double *p) { return 1 / p[0] / p[0]; }
static double skewness(const double *p) { return th_density_constant(2, p, 1); }
static double kurtosis(const double *p) { return th_density_constant(6, p, 1); }
static double mode(const double *p) { return th_density_constant(0, p, 1); }
static double median(const double *p) { return TH_LOG_2 / p[0]; }
static double entropy(const double *p) { return 1 - log(p[0]); }

/* 1/(1 - iκ), κ = k/rate; in 1/κ where κ² might overflow. */
static double complex cf(double k, const double *p) {
  double kappa = k / p[0];
  if (fabs(kappa) <= 1) return 1 / (1 + kappa * kappa) + TH_I * (kappa / (1 + kappa * kappa));
  double r = 1 / kappa;
  return r * r / (1 + r * r) + TH_I * (r / (1 + r * r));
}

static double log_mgf(double t, const double *p) { return t >= p[0] ? TH_INFINITY : -log1p(-t / p[0]); }

static double sample(const double *p, ThRandom *r) { return th_random_exponential(r) / p[0]; }

static void fill(const double *p, ThRandom *r, size_t n, double *x) {
  th_random_fill_exponential(r, n, x);
  if (p[0] == 1) return;
  for (size_t i = 0; i < n; i++) x[i] /= p[0];
}

static void support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 1, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x >= 0, x, p, 1, d_x, d_p)) return;
  if (d_x) *d_x = -p[0];
  if (d_p) d_p[0] = 1 / p[0] - x;
}

static void fisher(const double *p, double *information) { *information = 1 / p[0] / p[0]; }

static double kl(const double *p, const double *q) { return th_density_ratio_deviation(q[0], p[0]); }

const ThFamilyMath th_exponential_math = {
    .name = "Exponential",
    .n_parameters = 1,
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
    .skewness = skewness,
    .kurtosis = kurtosis,
    .mode = mode,
    .median = median,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .fill = fill,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
