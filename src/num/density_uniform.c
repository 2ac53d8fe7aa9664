/* density_uniform.c - the uniform distribution on an interval */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: a < b; the ends belong to the support. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/special.h"

/* NaN, or -1, 0, 1: x below, in, above the interval. */
static double place(double x, const double *p) {
  if (x != x || p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  return x < p[0] ? -1 : x > p[1] ? 1 : 0;
}

static double pdf(double x, const double *p) {
  double at = place(x, p);
  return at != at ? at : at == 0 ? 1 / (p[1] - p[0]) : 0;
}

static double logpdf(double x, const double *p) {
  double at = place(x, p);
  return at != at ? at : at == 0 ? -log(p[1] - p[0]) : -TH_INFINITY;
}

static double cdf(double x, const double *p) {
  double at = place(x, p);
  return at == 0 ? (x - p[0]) / (p[1] - p[0]) : 0.5 + 0.5 * at;
}

static double ccdf(double x, const double *p) {
  double at = place(x, p);
  return at == 0 ? (p[1] - x) / (p[1] - p[0]) : 0.5 - 0.5 * at;
}

static double logcdf(double x, const double *p) { return th_density_log_share(cdf(x, p), ccdf(x, p)); }
static double logccdf(double x, const double *p) { return th_density_log_share(ccdf(x, p), cdf(x, p)); }

/* Measured from the nearer end. */
static double quantile(double prob, const double *p) {
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  return prob <= 0.5 ? p[0] + prob * (p[1] - p[0]) : p[1] - (1 - prob) * (p[1] - p[0]);
}
static double upper_quantile(double prob, const double *p) {
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  return prob <= 0.5 ? p[1] - prob * (p[1] - p[0]) : p[0] + (1 - prob) * (p[1] - p[0]);
}

static double mean(const double *p) { return 0.5 * p[0] + 0.5 * p[1]; }
static double variance(const double *p) { return (p[1] - p[0]) * (p[1] - p[0]) / 12; }
static double skewness(const double *p) { return th_density_constant(0, p, 2); }
static double kurtosis(const double *p) { return th_density_constant(-1.2, p, 2); }
static double mode(const double *p) { return th_density_constant(p[0], p, 2); }
static double entropy(const double *p) { return log(p[1] - p[0]); }

static double complex cf(double k, const double *p) {
  return th_density_polar(th_special_sinc(0.5 * (p[1] - p[0]) * k), mean(p) * k);
}

/* log of e^(mt) sinh(z)/z, z = (b - a)t/2. */
static double log_mgf(double t, const double *p) {
  return mean(p) * t + th_special_log_sinhc(0.5 * (p[1] - p[0]) * t);
}

static double sample(const double *p, ThRandom *r) { return p[0] + (p[1] - p[0]) * th_random_uniform(r); }

static void fill(const double *p, ThRandom *r, size_t n, double *x) {
  th_random_fill_uniform(r, n, x);
  for (size_t i = 0; i < n; i++) x[i] = p[0] + (p[1] - p[0]) * x[i];
}

static void support(const double *p, double *lower, double *upper) {
  *lower = p[0];
  *upper = p[1];
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(place(x, p) == 0, x, p, 2, d_x, d_p)) return;
  double slope = 1 / (p[1] - p[0]);
  if (d_x) *d_x = 0;
  if (!d_p) return;
  d_p[0] = slope;
  d_p[1] = -slope;
}

/* The support moves with both parameters. */
static void fisher(const double *p, double *information) {
  (void)p;
  for (int j = 0; j < 4; j++) information[j] = TH_NAN;
}

/* log(w'/w), from w' - w, which is the sum of what sticks out on both sides */
static double kl(const double *p, const double *q) {
  if (p[0] < q[0] || p[1] > q[1]) return TH_INFINITY;
  return log1p(((p[0] - q[0]) + (q[1] - p[1])) / (p[1] - p[0]));
}

const ThFamilyMath th_uniform_math = {
    .name = "Uniform",
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
    .median = mean,
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
