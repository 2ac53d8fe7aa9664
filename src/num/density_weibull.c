/* density_weibull.c - the Weibull distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: shape > 0, scale > 0; the support is x >= 0. (X/scale)^shape is exponential with mean 1. Its transforms are
 * in density_weibull_cf.c. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/density_transforms.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"
#include "num/special_tail.h"

static bool is_nan(double x, const double *p) { return x != x || p[0] != p[0] || p[1] != p[1]; }

/* x at the lower end: the density is 0, 1/scale, or unbounded. */
static double at_zero(const double *p) { return p[0] < 1 ? TH_INFINITY : p[0] == 1 ? 1 / p[1] : 0; }

static double logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x < 0 || x > DBL_MAX) return -TH_INFINITY;
  if (x == 0) return log(at_zero(p));
  return log(p[0] / p[1]) + (p[0] - 1) * log(x / p[1]) - pow(x / p[1], p[0]);
}

static double pdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x < 0 || x > DBL_MAX) return 0;
  if (x == 0) return at_zero(p);
  double y = x / p[1], power = pow(y, p[0] - 1);
  if (power > DBL_MAX || power < DBL_MIN) return exp(logpdf(x, p));
  return p[0] / p[1] * power * exp(-pow(y, p[0]));
}

/* (x/scale)^shape, exponential */
static double hazard(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : x <= 0 ? 0 : pow(x / p[1], p[0]);
}

static double cdf(double x, const double *p) { return -expm1(-hazard(x, p)); }
static double ccdf(double x, const double *p) { return exp(-hazard(x, p)); }
static double logccdf(double x, const double *p) { return -hazard(x, p); }
static double logcdf(double x, const double *p) {
  double t = hazard(x, p);
  return t < DBL_MIN && x > 0 ? p[0] * log(x / p[1]) : th_special_log1mexp(-t);
}

static double quantile(double prob, const double *p) {
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  return p[1] * pow(-log1p(-prob), 1 / p[0]);
}
static double upper_quantile(double prob, const double *p) {
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  return p[1] * pow(-log(prob), 1 / p[0]);
}

/* --- Moments ---------------------------------------------------------------------------------------- */

static double mean(const double *p) { return p[1] * th_special_gamma(1 + 1 / p[0]); }

/* E (T^u - E T^u)^n for exponential T and u = 1/shape < 1, n = 2, 3, 4: with v = log T, the integral of
 * e^(v - e^v) ((e^(uv) - 1) - (E T^u - 1))^n by the trapezoidal rule, whose error is e^(-π²/step). The differences
 * of gamma functions that it equals cancel for large shapes. */
static double central(double u, int n) {
  const double step = 0.2;
  double sum = 0, offset = expm1(th_special_lgamma1p(u));
  for (double v = -45; v < 4.6; v += step) sum += exp(v - exp(v)) * pow(expm1(u * v) - offset, n);
  return sum * step;
}

/* E T^nu/(E T^u)^n */
static double ratio(double u, int n) { return exp(th_special_lgamma1p(n * u) - n * th_special_lgamma1p(u)); }

/* The n-th central moment of X/scale over the n-th power of its mean. */
static double relative_moment(double shape, int n) {
  double u = 1 / shape;
  if (u < 1) return central(u, n) * exp(-n * th_special_lgamma1p(u));
  double second = ratio(u, 2);
  if (n == 2) return second - 1;
  double third = ratio(u, 3);
  return n == 3 ? third - 3 * second + 2 : ratio(u, 4) - 4 * third + 6 * second - 3;
}

static double variance(const double *p) {
  double m = mean(p);
  return relative_moment(p[0], 2) * m * m;
}
static double skewness(const double *p) {
  if (is_nan(0, p)) return TH_NAN;
  return relative_moment(p[0], 3) / pow(relative_moment(p[0], 2), 1.5);
}
static double kurtosis(const double *p) {
  double second = relative_moment(p[0], 2);
  if (is_nan(0, p)) return TH_NAN;
  return relative_moment(p[0], 4) / (second * second) - 3;
}

static double mode(const double *p) { /* scale (1 - 1/shape)^(1/shape) */
  return th_density_constant(p[0] > 1 ? p[1] * exp(log1p(-1 / p[0]) / p[0]) : 0, p, 2);
}
static double median(const double *p) { return p[1] * pow(TH_LOG_2, 1 / p[0]); }
static double entropy(const double *p) { return TH_EULER * (1 - 1 / p[0]) + log(p[1] / p[0]) + 1; }

/* --- Samples, slopes, information ---------------------------------------------------------------------- */

static double sample(const double *p, ThRandom *r) {
  return p[1] * th_kernel_exp_portable(th_kernel_log_portable(th_random_exponential(r)) / p[0]);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(0, p, 2);
  *upper = th_density_constant(TH_INFINITY, p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x >= 0, x, p, 2, d_x, d_p)) return;
  double t = hazard(x, p), logarithm = log(x / p[1]);
  if (d_x) *d_x = p[0] == 1 ? -1 / p[1] : (p[0] * (1 - t) - 1) / x;
  if (!d_p) return;
  d_p[0] = 1 / p[0] + (t == 1 ? 0 : logarithm * (1 - t));
  d_p[1] = p[0] / p[1] * (t - 1);
}

/* With ψ(2) = 1 - γ and ψ'(1) = π²/6. */
static void fisher(const double *p, double *information) {
  double slope = 1 - TH_EULER;
  if (is_nan(0, p)) slope = TH_NAN;
  information[0] = (slope * slope + TH_PI * TH_PI / 6) / p[0] / p[0];
  information[1] = information[2] = -slope / p[1];
  information[3] = slope == slope ? p[0] / p[1] * (p[0] / p[1]) : TH_NAN;
}

/* log Γ(1 + e) + γ e >= 0; near 0 by its series (Abramowitz and Stegun 6.1.33). */
static double log_gamma_deviation(double e) {
  double power = -e, sum = 0;
  if (fabs(e) > 0.25) return th_special_lgamma1p(e) + TH_EULER * e;
  for (int k = 2; k < 30; k++) sum += th_special_zeta(k) / k * (power *= -e);
  return sum;
}

/* Bauckhage 2013, equation 14, brought into two terms that are each >= 0: with 1 + e the ratio of the shapes and
 * w = log E (X/scale_q)^shape_q they are e^w - 1 - w and log Γ(1 + e) + γ e. */
static double kl(const double *p, const double *q) {
  double e = (q[0] - p[0]) / p[0], apart = (p[1] - q[1]) / q[1];
  double growth = fabs(e) < 0.5 ? log1p(e) + th_special_lgamma1p(e) : th_special_lgamma1p(q[0] / p[0]);
  double w = q[0] * (fabs(apart) < 0.5 ? log1p(apart) : log(p[1] / q[1])) + growth;
  return th_special_exp_deviation(-w) + log_gamma_deviation(e);
}

const ThFamilyMath th_weibull_math = {
    .name = "Weibull",
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
    .cf = th_weibull_cf,
    .log_mgf = th_weibull_log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
