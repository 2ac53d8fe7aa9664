/* density_normal.c - the normal distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: mu, sigma > 0 */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels.h"
#include "num/kernels_complex.h"
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
  double t = p[1] * k;
  return th_density_polar(exp(-0.5 * t * t), p[0] * k);
}

static void cf_fill(size_t n, const double *k, const double *p, double complex *z) {
  enum { BLOCK = 256 };
  double half = -0.5 * p[1] * p[1], re[BLOCK], im[BLOCK];
  for (size_t i = 0; i < n; i += BLOCK) {
    size_t count = n - i < BLOCK ? n - i : BLOCK;
    th_kernel_multiply(count, k + i, 1, k + i, 1, re);
    th_kernel_multiply(count, re, 1, &half, 0, re);
    th_kernel_multiply(count, k + i, 1, &p[0], 0, im);
    th_kernel_complex_exp(count, re, im, re, im);
    th_kernel_complex_join(count, re, im, z + i);
  }
}

static double log_mgf(double t, const double *p) { return p[0] * t + 0.5 * (p[1] * t) * (p[1] * t); }

static double sample(const double *p, ThRandom *r) { return p[0] + p[1] * th_random_normal(r); }

static void fill(const double *p, ThRandom *r, size_t n, double *x) {
  th_random_fill_normal(r, n, x);
  for (size_t i = 0; i < n; i++) x[i] = p[0] + p[1] * x[i];
}

static void support(const double *p, double *lower, double *upper) {
  th_density_line_support(p, 2, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 2, d_x, d_p)) return;
  double z = z_of(x, p);
  if (d_x) *d_x = -z / p[1];
  if (!d_p) return;
  d_p[0] = z / p[1];
  d_p[1] = (z * z - 1) / p[1];
}

static void fisher(const double *p, double *information) {
  double each = 1 / p[1] / p[1];
  th_density_diagonal(each, 2 * each, information);
}

/* (r² - 1 - log r² + (μ - μ')²/σ'²)/2, r = σ/σ', with r² - 1 = 2(r - 1) + (r - 1)² */
static double kl(const double *p, const double *q) {
  double excess = (p[1] - q[1]) / q[1], shift = (p[0] - q[0]) / q[1];
  return th_density_ratio_deviation(p[1], q[1]) + 0.5 * (excess * excess + shift * shift);
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
    .cf_fill = cf_fill,
    .log_mgf = log_mgf,
    .sample = sample,
    .fill = fill,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
