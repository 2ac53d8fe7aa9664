/* density_half_normal.c - the half-normal distribution: the absolute value of a centred normal one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: sigma > 0; the support is x >= 0. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/special.h"

/* x/sigma, 0 below the support */
static double z_of(double x, const double *p) { return x < 0 ? p[0] * 0 : x / p[0]; }

static double pdf(double x, const double *p) {
  return x < 0 ? p[0] * 0 : 2 * th_special_normal_pdf(z_of(x, p)) / p[0];
}
static double logpdf(double x, const double *p) {
  double z = z_of(x, p);
  return x < 0 ? -TH_INFINITY + z : -0.5 * z * z - (TH_HALF_LOG_2PI - TH_LOG_2 + log(p[0]));
}

static double cdf(double x, const double *p) { return erf(z_of(x, p) / TH_SQRT_2); }
static double ccdf(double x, const double *p) { return 2 * th_special_normal_cdf(-z_of(x, p)); }
static double logcdf(double x, const double *p) { return th_density_log_share(cdf(x, p), ccdf(x, p)); }
static double logccdf(double x, const double *p) {
  double z = z_of(x, p);
  return z < 0.5 ? log1p(-cdf(x, p)) : TH_LOG_2 + th_special_log_normal_cdf(-z);
}

static double quantile(double prob, const double *p) {
  return p[0] * TH_SQRT_2 * th_special_erfinv(prob >= 0 ? prob : TH_NAN);
}
static double upper_quantile(double prob, const double *p) {
  return prob <= 1 ? p[0] * fabs(th_special_normal_quantile(0.5 * prob)) : TH_NAN;
}

static double mean(const double *p) { return p[0] * 0.7978845608028653558799; }            /* √(2/π) */
static double variance(const double *p) { return p[0] * p[0] * 0.3633802276324186569245; } /* 1 - 2/π */
/* √2 (4 - π)/(π - 2)^1.5 */
static double skewness(const double *p) { return th_density_constant(0.9952717464311560224441, p, 1); }
/* 8(π - 3)/(π - 2)² */
static double kurtosis(const double *p) { return th_density_constant(0.8691773036059741166645, p, 1); }
static double mode(const double *p) { return th_density_constant(0, p, 1); }
static double median(const double *p) { return p[0] * 0.6744897501960817432022; }
static double entropy(const double *p) { return 0.7257913526447274323631 + log(p[0]); } /* (1 + log(π/2))/2 */

/* e^(-t²/2) erfc(-it/√2), t = sigma k: the imaginary part is Dawson's function. */
static double complex cf(double k, const double *p) {
  double t = p[0] * k;
  return exp(-0.5 * t * t) + TH_I * (th_special_dawson(t / TH_SQRT_2) * (2 / TH_SQRT_PI));
}

/* log(2 e^(s²/2) Φ(s)), s = sigma t, whose factors cancel far below 0. */
static double log_mgf(double t, const double *p) {
  double s = p[0] * t;
  return s < -1 ? log(th_special_erfcx(-s / TH_SQRT_2)) : 0.5 * s * s + log1p(erf(s / TH_SQRT_2));
}

static double sample(const double *p, ThRandom *r) { return p[0] * fabs(th_random_normal(r)); }

static void support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 1, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x >= 0, x, p, 1, d_x, d_p)) return;
  double z = z_of(x, p);
  if (d_x) *d_x = -z / p[0];
  if (d_p) d_p[0] = (z * z - 1) / p[0];
}

static void fisher(const double *p, double *information) { *information = 2 / p[0] / p[0]; }

/* That of the whole normal distributions. */
static double kl(const double *p, const double *q) {
  double excess = (p[0] - q[0]) / q[0];
  return th_density_ratio_deviation(p[0], q[0]) + 0.5 * excess * excess;
}

const ThFamilyMath th_half_normal_math = {
    .name = "HalfNormal",
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
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
