/* density_invgamma.c - the inverse gamma distribution: that of scale/V, V ~ Gamma(shape, 1) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: shape > 0, scale > 0; the support is x > 0. The lower tail of x is the upper one of V. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"

enum { SHAPE, SCALE };

static bool is_nan(double x, const double *p) {
  return x != x || p[SHAPE] != p[SHAPE] || p[SCALE] != p[SCALE];
}

/* Where scale/x underflows: log of u^a/Γ(a). */
static double log_leading(double x, const double *p) {
  return p[SHAPE] * (log(p[SCALE]) - log(x)) - th_special_lgamma(p[SHAPE]);
}

static double logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return -TH_INFINITY;
  double u = p[SCALE] / x;
  return (u < 1e-290 ? log_leading(x, p) : th_special_log_gamma_kernel(p[SHAPE], u)) - log(x);
}

/* Far out, where x^(-shape - 1) alone counts, as a power: its logarithm, large as it is, loses digits. */
static double pdf(double x, const double *p) {
  double a = p[SHAPE], u = p[SCALE] / x;
  if (x > 0 && u < 0.1 && a < 100) {
    double power = pow(u, a);
    if (power > 1e-290) return power * exp(-u) / th_special_gamma(a) / x;
  }
  return exp(logpdf(x, p));
}

static double cdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  return x <= 0 ? 0 : th_special_gamma_q(p[SHAPE], p[SCALE] / x);
}
static double ccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  return x <= 0 ? 1 : th_special_gamma_p(p[SHAPE], p[SCALE] / x);
}
static double logcdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  return x <= 0 ? -TH_INFINITY : th_special_log_gamma_q(p[SHAPE], p[SCALE] / x);
}
static double logccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0) return 0;
  double u = p[SCALE] / x;
  if (x <= DBL_MAX && u < 1e-290) return log_leading(x, p) - log(p[SHAPE]);
  return th_special_log_gamma_p(p[SHAPE], u);
}
static double quantile(double prob, const double *p) {
  return p[SCALE] / th_special_gamma_q_inverse(p[SHAPE], prob);
}
static double upper_quantile(double prob, const double *p) {
  return p[SCALE] / th_special_gamma_p_inverse(p[SHAPE], prob);
}

static double mean(const double *p) {
  return th_density_constant(p[SHAPE] > 1 ? p[SCALE] / (p[SHAPE] - 1) : TH_INFINITY, p, 2);
}
static double variance(const double *p) {
  double m = mean(p);
  return th_density_constant(p[SHAPE] > 2 ? m * m / (p[SHAPE] - 2) : TH_INFINITY, p, 2);
}
static double skewness(const double *p) {
  double a = p[SHAPE];
  if (!(a > 2)) return TH_NAN;
  return th_density_constant(a > 3 ? 4 * sqrt(a - 2) / (a - 3) : TH_INFINITY, p, 2);
}
static double kurtosis(const double *p) {
  double a = p[SHAPE];
  if (!(a > 2)) return TH_NAN;
  return th_density_constant(a > 4 ? 6 * (5 * a - 11) / (a - 3) / (a - 4) : TH_INFINITY, p, 2);
}
static double mode(const double *p) { return p[SCALE] / (p[SHAPE] + 1); }
static double median(const double *p) { return quantile(0.5, p); }

/* a + log(scale Γ(a)) - (1 + a)ψ(a), with Stirling's forms put in. */
static double entropy(const double *p) {
  double a = p[SHAPE];
  return log(p[SCALE]) + TH_HALF_LOG_2PI - 1.5 * log(a) + th_special_stirling_error(a) +
         (1 + a) * th_special_log_minus_digamma(a);
}

static double complex cf(double k, const double *p) {
  if (is_nan(k, p)) return TH_NAN;
  double rate = k * p[SCALE];
  return fabs(rate) > DBL_MAX ? 0 : th_special_reciprocal_gamma_exp(p[SHAPE], -TH_I * rate);
}

static double log_mgf(double t, const double *p) {
  if (is_nan(t, p)) return TH_NAN;
  if (t >= 0) return t > 0 ? TH_INFINITY : 0;
  return th_special_reciprocal_gamma_log_mgf(p[SHAPE], -t * p[SCALE]);
}

static double sample(const double *p, ThRandom *r) {
  if (p[SHAPE] >= 1) return p[SCALE] / th_random_gamma(r, p[SHAPE]);
  double log_scale = th_kernel_log_portable(p[SCALE]);
  return th_kernel_exp_portable(log_scale -
                                th_random_log_gamma(r, p[SHAPE])); /* the draw itself may underflow */
}

static void support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 2, lower, upper);
}

/* ∂/∂shape = log u - ψ(shape), u = scale/x. */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x > 0, x, p, 2, d_x, d_p)) return;
  double a = p[SHAPE], u = p[SCALE] / x, excess = (u - a) / a;
  if (d_x) *d_x = (u - a - 1) / x;
  if (!d_p) return;
  double log_ratio = fabs(excess) < 0.5 ? log1p(excess) : log(p[SCALE]) - log(x) - log(a);
  d_p[SHAPE] = log_ratio + th_special_log_minus_digamma(a);
  d_p[SCALE] = (a - u) / p[SCALE];
}

/* As of the gamma variable 1/X, whose rate is our scale: neither changes when X is mapped one to one. */
static void fisher(const double *p, double *information) { th_gamma_math.fisher(p, information); }
static double kl(const double *p, const double *q) { return th_gamma_math.kl(p, q); }

const ThFamilyMath th_inv_gamma_math = {
    .name = "InvGamma",
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
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
