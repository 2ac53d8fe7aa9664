/* density_beta.c - the beta distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: a > 0, b > 0; the support is [0, 1]. 1 - x is exact to rounding wherever it is small. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

/* The density at an end: near is the exponent there. */
static double at_end(double near, double far) {
  return near < 1 ? TH_INFINITY : near == 1 ? far : near * far * 0;
}

static double logpdf(double x, const double *p) {
  if (x != x || p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  if (x < 0 || x > 1) return -TH_INFINITY;
  if (x == 0) return log(at_end(p[0], p[1]));
  if (x == 1) return log(at_end(p[1], p[0]));
  return th_special_log_beta_kernel(p[0], p[1], x, 1 - x) - log(x) - log1p(-x);
}

static double pdf(double x, const double *p) { return exp(logpdf(x, p)); }

static double inside(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

static double cdf(double x, const double *p) {
  return th_special_beta_p(p[0], p[1], inside(x), 1 - inside(x));
}
static double ccdf(double x, const double *p) {
  return th_special_beta_q(p[0], p[1], inside(x), 1 - inside(x));
}
static double logcdf(double x, const double *p) {
  return th_special_log_beta_p(p[0], p[1], inside(x), 1 - inside(x));
}
static double logccdf(double x, const double *p) {
  return th_special_log_beta_q(p[0], p[1], inside(x), 1 - inside(x));
}
static double quantile(double prob, const double *p) {
  return th_special_beta_p_inverse(p[0], p[1], prob, NULL);
}
static double upper_quantile(double prob, const double *p) {
  return th_special_beta_q_inverse(p[0], p[1], prob, NULL);
}

static double mean(const double *p) { return p[0] / (p[0] + p[1]); }
static double variance(const double *p) {
  double n = p[0] + p[1];
  return p[0] / n * (p[1] / n) / (n + 1);
}
static double skewness(const double *p) {
  double n = p[0] + p[1];
  return 2 * (p[1] - p[0]) / (n + 2) * sqrt(n + 1) / sqrt(p[0]) / sqrt(p[1]);
}
static double kurtosis(const double *p) {
  double n = p[0] + p[1], d = p[0] - p[1];
  return 6 * (d / p[0] * (d / p[1]) * ((n + 1) / (n + 2)) - 1) / (n + 3);
}

static double mode(const double *p) {
  double a = p[0], b = p[1];
  if (a != a || b != b || (a < 1 && b < 1)) return TH_NAN;
  if (a > 1 && b > 1) return (a - 1) / (a - 1 + (b - 1));
  return a > b ? 1 : 0;
}

static double median(const double *p) { return quantile(0.5, p); }

/* log B(a, b) - (a - 1)ψ(a) - (b - 1)ψ(b) + (n - 2)ψ(n), n = a + b, with Stirling's forms put in. */
static double entropy(const double *p) {
  double a = p[0], b = p[1], n = a + b;
  double logs = TH_HALF_LOG_2PI + 0.5 * (log(a) + log(b)) - 1.5 * log(n);
  double stirling = th_special_stirling_error(a) + th_special_stirling_error(b) -
                    th_special_stirling_error(n);
  double digammas = (a - 1) * th_special_log_minus_digamma(a) + (b - 1) * th_special_log_minus_digamma(b) -
                    (n - 2) * th_special_log_minus_digamma(n);
  return logs + stirling + digammas;
}

static double complex cf(double k, const double *p) { return th_special_beta_cf(p[0], p[1], k); }
static double log_mgf(double t, const double *p) { return th_special_beta_log_mgf(p[0], p[1], t); }
static double sample(const double *p, ThRandom *r) { return th_random_beta(r, p[0], p[1]); }

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(0, p, 2);
  *upper = th_density_constant(1, p, 2);
}

/* log x - ψ(a) + ψ(n), n = a + b, y = 1 - x: log(x n/a) + (log a - ψ(a)) - (log n - ψ(n)), where x n/a - 1 is
 * x b/a - y. */
static double slope(double x, double y, double a, double b) {
  double excess = x * (b / a) - y, n = a + b;
  double ratio = fabs(excess) < 0.5 ? log1p(excess) : log(x) - log(a / n);
  return ratio + th_special_log_minus_digamma_fall(a, b);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double a = p[0], b = p[1];
  if (th_density_no_gradient(x >= 0 && x <= 1, x, p, 2, d_x, d_p)) return;
  if (d_x) *d_x = (a == 1 ? 0 : (a - 1) / x) - (b == 1 ? 0 : (b - 1) / (1 - x));
  if (!d_p) return;
  d_p[0] = slope(x, 1 - x, a, b);
  d_p[1] = slope(1 - x, x, b, a);
}

static void fisher(const double *p, double *information) {
  double whole = th_special_trigamma(p[0] + p[1]);
  information[0] = th_special_trigamma(p[0]) - whole;
  information[1] = information[2] = -whole;
  information[3] = th_special_trigamma(p[1]) - whole;
}

/* Bregman's divergence of log B. Of its three log Γ that of a log a - a is taken out: it makes two deviances. */
static double kl(const double *p, const double *q) {
  double n = p[0] + p[1], m = q[0] + q[1];
  double leading = th_special_deviance(q[0], m * (p[0] / n)) + th_special_deviance(q[1], m * (p[1] / n));
  return leading + th_special_lgamma_divergence(p[0], q[0]) + th_special_lgamma_divergence(p[1], q[1]) -
         th_special_lgamma_divergence(n, m);
}

const ThFamilyMath th_beta_math = {
    .name = "Beta",
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
