/* density_laplace.c - the Laplace (double exponential) distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: location, scale > 0 */
#include "num/density.h"

#include "num/density_support.h"
#include "num/special.h"
#include "num/special_tail.h"

static double z_of(double x, const double *p) { return (x - p[0]) / p[1]; }

static double pdf(double x, const double *p) { return exp(-fabs(z_of(x, p))) / p[1] / 2; }
static double logpdf(double x, const double *p) { return -fabs(z_of(x, p)) - (TH_LOG_2 + log(p[1])); }

static double below(double z) { return z < 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z); }
static double log_below(double z) { return z < 0 ? z - TH_LOG_2 : log1p(-0.5 * exp(-z)); }

static double cdf(double x, const double *p) { return below(z_of(x, p)); }
static double ccdf(double x, const double *p) { return below(-z_of(x, p)); }
static double logcdf(double x, const double *p) { return log_below(z_of(x, p)); }
static double logccdf(double x, const double *p) { return log_below(-z_of(x, p)); }

/* log(2 prob) below the median, where 2 prob, and above it 1 - prob, are exact. */
static double z_quantile(double prob) {
  if (!th_density_is_probability(prob)) return TH_NAN;
  return prob <= 0.5 ? log(2 * prob) : -log(2 * (1 - prob));
}
static double quantile(double prob, const double *p) { return p[0] + p[1] * z_quantile(prob); }
static double upper_quantile(double prob, const double *p) { return p[0] - p[1] * z_quantile(prob); }

static double mean(const double *p) { return th_density_constant(p[0], p, 2); }
static double variance(const double *p) { return th_density_constant(2 * p[1] * p[1], p, 2); }
static double skewness(const double *p) { return th_density_constant(0, p, 2); }
static double kurtosis(const double *p) { return th_density_constant(3, p, 2); }
static double entropy(const double *p) { return th_density_constant(1 + TH_LOG_2 + log(p[1]), p, 2); }

/* 1/(1 + t²), by 1/t where t² might overflow */
static double complex cf(double k, const double *p) {
  double t = fabs(p[1] * k), r = 1 / t;
  return th_density_polar(t <= 1 ? 1 / (1 + t * t) : r * r / (1 + r * r), p[0] * k);
}

static double log_mgf(double t, const double *p) {
  double s = p[1] * t;
  if (fabs(s) >= 1) return th_density_constant(TH_INFINITY, p, 2);
  return p[0] * t - log1p(-s * s);
}

/* An exponential one with a random sign. */
static double sample(const double *p, ThRandom *r) {
  double way = th_random_bits(r) >> 63 ? p[1] : -p[1];
  return p[0] + way * th_random_exponential(r);
}

static void support(const double *p, double *lower, double *upper) {
  th_density_line_support(p, 2, lower, upper);
}

/* At the location itself the density has a corner: 0, the middle of its slopes. */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 2, d_x, d_p)) return;
  double z = z_of(x, p), slope = z > 0 ? 1 : z < 0 ? -1 : 0;
  if (d_x) *d_x = -slope / p[1];
  if (!d_p) return;
  d_p[0] = slope / p[1];
  d_p[1] = (fabs(z) - 1) / p[1];
}

static void fisher(const double *p, double *information) {
  double each = 1 / p[1] / p[1];
  th_density_diagonal(each, each, information);
}

/* With r = b/b' and t = |μ - μ'|/b: r(t + e^-t) - log r - 1, sorted into two terms that are never negative. */
static double kl(const double *p, const double *q) {
  double ratio = p[1] / q[1], t = fabs(p[0] - q[0]) / p[1];
  return ratio * th_special_exp_deviation(t) + th_density_ratio_deviation(p[1], q[1]);
}

const ThFamilyMath th_laplace_math = {
    .name = "Laplace",
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
    .kl = kl,
};
