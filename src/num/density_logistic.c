/* density_logistic.c - the logistic distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: location, scale > 0. Of z and -z the one whose exponential is small is used. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels.h"
#include "num/special.h"

static double z_of(double x, const double *p) { return (x - p[0]) / p[1]; }

static double pdf(double x, const double *p) {
  double e = exp(-fabs(z_of(x, p)));
  return e / (1 + e) / (1 + e) / p[1];
}
static double logpdf(double x, const double *p) {
  double z = fabs(z_of(x, p));
  return -z - 2 * log1p(exp(-z)) - log(p[1]);
}

static double cdf(double x, const double *p) { return th_special_sigmoid(z_of(x, p)); }
static double ccdf(double x, const double *p) { return th_special_sigmoid(-z_of(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log_sigmoid(z_of(x, p)); }
static double logccdf(double x, const double *p) { return th_special_log_sigmoid(-z_of(x, p)); }
static double quantile(double prob, const double *p) { return p[0] + p[1] * th_special_logit(prob); }
static double upper_quantile(double prob, const double *p) { return p[0] - p[1] * th_special_logit(prob); }

static double mean(const double *p) { return th_density_constant(p[0], p, 2); }
static double variance(const double *p) {
  return th_density_constant(p[1] * p[1] * (TH_PI * TH_PI / 3), p, 2);
}
static double skewness(const double *p) { return th_density_constant(0, p, 2); }
static double kurtosis(const double *p) { return th_density_constant(1.2, p, 2); }
static double entropy(const double *p) { return th_density_constant(2 + log(p[1]), p, 2); }

/* e^(iμk) πsk/sinh(πsk) */
static double complex cf(double k, const double *p) {
  double y = TH_PI * p[1] * fabs(k);
  double modulus = y < 1 ? exp(-th_special_log_sinhc(y)) : 2 * y * exp(-y) / -expm1(-2 * y);
  return th_density_polar(y > 800 ? 0 : modulus, p[0] * k);
}

/* μt + log(Γ(1 + s)Γ(1 - s)) with s = scale t, in which γs - γs is left out. */
static double log_mgf(double t, const double *p) {
  double s = p[1] * t;
  if (fabs(s) >= 1) return th_density_constant(TH_INFINITY, p, 2);
  return p[0] * t + (th_special_lgamma1p_deviation(s) + th_special_lgamma1p_deviation(-s));
}

/* The logarithm of the ratio of two exponential ones. */
static double sample(const double *p, ThRandom *r) {
  double first = th_random_exponential(r), second = th_random_exponential(r);
  return p[0] + p[1] * (th_kernel_log_portable(first) - th_kernel_log_portable(second));
}

static void support(const double *p, double *lower, double *upper) {
  th_density_line_support(p, 2, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 2, d_x, d_p)) return;
  double z = z_of(x, p), slope = tanh(0.5 * z);
  if (d_x) *d_x = -slope / p[1];
  if (!d_p) return;
  d_p[0] = slope / p[1];
  d_p[1] = (z * slope - 1) / p[1];
}

static void fisher(const double *p, double *information) {
  double each = 1 / p[1] / p[1];
  th_density_diagonal(each / 3, each * ((3 + TH_PI * TH_PI) / 9), information);
}

const ThFamilyMath th_logistic_math = {
    .name = "Logistic",
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
    .mode = mean,
    .median = mean,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
};
