/* density_gamma.c - the gamma distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: shape > 0, rate > 0; the support is x >= 0. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels_complex.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"

/* x at the lower end: the density is 0, the rate, or unbounded. */
static double at_zero(const double *p) { return p[0] < 1 ? TH_INFINITY : p[0] == 1 ? p[1] : p[0] * p[1] * 0; }

static double logpdf(double x, const double *p) {
  if (x != x || p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  if (x < 0 || x > DBL_MAX) return -TH_INFINITY;
  if (x == 0) return log(at_zero(p));
  double y = p[1] * x;
  if (y > 1e-290) return th_special_log_gamma_kernel(p[0], y) - log(x);
  return p[0] * log(p[1]) + (p[0] - 1) * log(x) - th_special_lgamma(p[0]); /* y underflows; e^-y is 1 */
}

static double pdf(double x, const double *p) { return x == 0 ? at_zero(p) : exp(logpdf(x, p)); }

static double scaled(double x, const double *p) { return x < 0 ? p[1] * 0 : p[1] * x; }

static double cdf(double x, const double *p) { return th_special_gamma_p(p[0], scaled(x, p)); }
static double ccdf(double x, const double *p) { return th_special_gamma_q(p[0], scaled(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log_gamma_p(p[0], scaled(x, p)); }
static double logccdf(double x, const double *p) { return th_special_log_gamma_q(p[0], scaled(x, p)); }
static double quantile(double prob, const double *p) { return th_special_gamma_p_inverse(p[0], prob) / p[1]; }
static double upper_quantile(double prob, const double *p) {
  return th_special_gamma_q_inverse(p[0], prob) / p[1];
}

static double mean(const double *p) { return p[0] / p[1]; }
static double variance(const double *p) { return p[0] / p[1] / p[1]; }
static double skewness(const double *p) { return th_density_constant(2 / sqrt(p[0]), p, 2); }
static double kurtosis(const double *p) { return th_density_constant(6 / p[0], p, 2); }
static double mode(const double *p) { return th_density_constant(p[0] > 1 ? (p[0] - 1) / p[1] : 0, p, 2); }
static double median(const double *p) { return quantile(0.5, p); }

/* a - log rate + log Γ(a) + (1 - a)ψ(a), with Stirling's forms put in, whose large terms cancel on paper. */
static double entropy(const double *p) {
  double a = p[0];
  double stirling = 0.5 * (TH_LOG_2PI + log(a)) + th_special_stirling_error(a);
  return stirling + (a - 1) * th_special_log_minus_digamma(a) - log(p[1]);
}

/* (1 - iκ)^-shape, κ = k/rate, in polar form. */
static double complex cf(double k, const double *p) {
  double kappa = k / p[1], large = fabs(kappa);
  double log_modulus = large < 1e5 ? 0.5 * log1p(kappa * kappa) : log(large) + 0.5 / large / large;
  double modulus = exp(-p[0] * log_modulus), phase = p[0] * atan(kappa);
  if (modulus == 0) return 0;
  return modulus * cos(phase) + TH_I * (modulus * sin(phase));
}

/* A whole shape by multiplication; any other as above. */
static void cf_fill(size_t n, const double *k, const double *p, double complex *z) {
  enum { BLOCK = 256 };
  const double one = 1, minus = -1 / p[1], power = -p[0], zero = 0;
  double re[BLOCK], im[BLOCK];
  bool whole = p[0] == floor(p[0]) && p[0] <= TH_COMPLEX_POWER_MOST;
  for (size_t i = 0; i < n; i += BLOCK) {
    size_t count = n - i < BLOCK ? n - i : BLOCK;
    if (whole) {
      th_kernel_multiply(count, k + i, 1, &minus, 0, im);
      th_kernel_complex_power(count, (ThComplexBlock){&one, im, 0, 1}, (ThComplexBlock){&power, &zero, 0, 0},
                              re, im);
      th_kernel_complex_join(count, re, im, z + i);
    }
    double reach = 1e4 * p[1]; /* beyond, or for a NaN, the power may overflow */
    bool near = th_kernel_all_within(count, k + i, 0, reach);
    for (size_t j = i; !(whole && near) && j < i + count; j++) z[j] = cf(k[j], p);
  }
}

static double log_mgf(double t, const double *p) {
  return t >= p[1] ? TH_INFINITY : -p[0] * log1p(-t / p[1]);
}

static double sample(const double *p, ThRandom *r) { return th_random_gamma(r, p[0]) / p[1]; }

static void fill(const double *p, ThRandom *r, size_t n, double *x) {
  th_random_fill_gamma(r, p[0], n, x);
  for (size_t i = 0; i < n; i++) x[i] /= p[1];
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(0, p, 2);
  *upper = th_density_constant(TH_INFINITY, p, 2);
}

/* ∂/∂shape = log(rate x) - ψ(shape), whose two terms cancel at the mean of a large shape. */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x >= 0, x, p, 2, d_x, d_p)) return;
  double y = p[1] * x, excess = (y - p[0]) / p[0];
  if (d_x) *d_x = p[0] == 1 ? -p[1] : (p[0] - 1) / x - p[1];
  if (!d_p) return;
  double log_ratio = fabs(excess) < 0.5 ? log1p(excess) : log(p[1]) + log(x) - log(p[0]);
  d_p[0] = log_ratio + th_special_log_minus_digamma(p[0]);
  d_p[1] = p[0] / p[1] - x;
}

static void fisher(const double *p, double *information) {
  double nothing = th_density_constant(0, p, 2);
  information[0] = th_special_trigamma(p[0]) + nothing;
  information[1] = information[2] = -1 / p[1] + nothing;
  information[3] = p[0] / p[1] / p[1];
}

/* Bregman's divergence of log Γ, with that of a log a - a taken out, which the one of the rates completes to a
 * deviance: no term is negative. */
static double kl(const double *p, const double *q) {
  double rates = th_special_deviance(q[0], p[0] * (q[1] / p[1]));
  return rates + th_special_lgamma_divergence(p[0], q[0]);
}

const ThFamilyMath th_gamma_math = {
    .name = "Gamma",
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
