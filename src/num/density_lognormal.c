/* density_lognormal.c - the log-normal distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: mu and sigma > 0 of log x; the support is x > 0. Its transforms are in density_lognormal_cf.c. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/density_transforms.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"

/* -inf for x <= 0, where every function takes its limit. */
static double z_of(double x, const double *p) {
  return ((x > 0 || x != x ? log(x) : -TH_INFINITY) - p[0]) / p[1];
}

static double logpdf(double x, const double *p) {
  double z = z_of(x, p);
  if (fabs(z) > DBL_MAX) return -TH_INFINITY;
  return -0.5 * z * z - (TH_HALF_LOG_2PI + log(p[1])) - log(x);
}

/* φ(z) may underflow where φ(z)/x does not. */
static double pdf(double x, const double *p) {
  double z = z_of(x, p);
  if (fabs(z) > DBL_MAX) return 0;
  return fabs(z) > 35 ? exp(logpdf(x, p)) : th_special_normal_pdf(z) / p[1] / x;
}

static double cdf(double x, const double *p) { return th_special_normal_cdf(z_of(x, p)); }
static double ccdf(double x, const double *p) { return th_special_normal_cdf(-z_of(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log_normal_cdf(z_of(x, p)); }
static double logccdf(double x, const double *p) { return th_special_log_normal_cdf(-z_of(x, p)); }
static double quantile(double prob, const double *p) {
  return exp(p[0] + p[1] * th_special_normal_quantile(prob));
}
static double upper_quantile(double prob, const double *p) {
  return exp(p[0] - p[1] * th_special_normal_quantile(prob));
}

static double mean(const double *p) { return exp(p[0] + 0.5 * p[1] * p[1]); }
/* (e^(σ²) - 1) e^(2μ + σ²), in two factors of which neither overflows before the product. */
static double variance(const double *p) {
  double s = p[1] * p[1], half = exp(p[0] + 0.5 * s);
  return -expm1(-s) * exp(s) * half * half;
}
static double skewness(const double *p) {
  double s = p[1] * p[1];
  return th_density_constant((exp(s) + 2) * sqrt(expm1(s)), p, 2);
}
static double kurtosis(const double *p) {
  double s = p[1] * p[1];
  return th_density_constant(expm1(4 * s) + 2 * expm1(3 * s) + 3 * expm1(2 * s), p, 2);
}
static double mode(const double *p) { return exp(p[0] - p[1] * p[1]); }
static double median(const double *p) { return th_density_constant(exp(p[0]), p, 2); }
static double entropy(const double *p) { return p[0] + 0.5 + TH_HALF_LOG_2PI + log(p[1]); }

static double sample(const double *p, ThRandom *r) {
  return th_kernel_exp_portable(p[0] + p[1] * th_random_normal(r));
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(0, p, 2);
  *upper = th_density_constant(TH_INFINITY, p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double z = z_of(x, p);
  bool outside = fabs(z) > DBL_MAX;
  if (d_x) *d_x = outside ? 0 : -(1 + z / p[1]) / x;
  if (!d_p) return;
  d_p[0] = outside ? 0 : z / p[1];
  d_p[1] = outside ? 0 : (z * z - 1) / p[1];
}

static void fisher(const double *p, double *information) {
  information[0] = th_density_constant(1 / (p[1] * p[1]), p, 2);
  information[1] = information[2] = th_density_constant(0, p, 2);
  information[3] = 2 * information[0];
}

/* That of the normal distributions of log x: (r² - 1)/2 - log r + (Δ/σ_q)²/2, r = σ_p/σ_q. */
static double kl(const double *p, const double *q) {
  double excess = (p[1] - q[1]) / q[1], shift = (p[0] - q[0]) / q[1];
  return th_special_log1p_deviation(excess) + 0.5 * excess * excess + 0.5 * shift * shift;
}

const ThFamilyMath th_lognormal_math = {
    .name = "LogNormal",
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
    .skewness = skewness,
    .kurtosis = kurtosis,
    .mode = mode,
    .median = median,
    .entropy = entropy,
    .cf = th_lognormal_cf,
    .log_mgf = th_lognormal_log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
