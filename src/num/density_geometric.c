/* density_geometric.c - the geometric distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: p in (0, 1], start. With start 0 it is the number of failures before the first success, P(X = k) = p (1 - p)^k;
 * with start 1 the number of trials, one more. Tails are powers of 1 - p, whose logarithm log1p gives. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

enum { P, START };

static bool has_nan(double x, const double *p) { return x != x || p[P] != p[P]; }
static double log_failure(const double *p) { return log1p(-p[P]); }

static double logpdf(double x, const double *p) {
  double k = x - p[START];
  if (has_nan(x, p)) return TH_NAN;
  if (k < 0 || !th_density_is_count(k)) return -TH_INFINITY;
  return log(p[P]) + (k == 0 ? 0 : k * log_failure(p));
}

static double pdf(double x, const double *p) {
  double k = x - p[START];
  if (has_nan(x, p)) return TH_NAN;
  if (k < 0 || !th_density_is_count(k)) return 0;
  return k == 0 ? p[P] : p[P] * exp(k * log_failure(p));
}

/* log P(X > x). */
static double logccdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  if (x < p[START]) return 0;
  return p[P] == 1 || x > DBL_MAX ? -TH_INFINITY : (floor(x) - p[START] + 1) * log_failure(p);
}
static double ccdf(double x, const double *p) { return exp(logccdf(x, p)); }
static double cdf(double x, const double *p) { return -expm1(logccdf(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log1mexp(logccdf(x, p)); }

static double mean(const double *p) { return (1 - p[P]) / p[P] + p[START]; }
static double variance(const double *p) { return (1 - p[P]) / p[P] / p[P]; }
static double skewness(const double *p) { return p[P] == 1 ? TH_NAN : (2 - p[P]) / sqrt(1 - p[P]); }
static double kurtosis(const double *p) { return p[P] == 1 ? TH_NAN : 6 + p[P] * p[P] / (1 - p[P]); }
static double mode(const double *p) { return th_density_constant(p[START], p, 1); }

/* The search begins where the tail is, so that it ends in a few steps. */
static double search(double prob, const double *p, bool upper) {
  double log_tail = upper ? log(prob) : log1p(-prob), guess = floor(log_tail / log_failure(p));
  ThDiscrete d = {.cdf = cdf,
                  .ccdf = ccdf,
                  .logpdf = logpdf,
                  .lower = p[START],
                  .upper = p[P] == 1 ? p[START] : TH_INFINITY,
                  .mean = p[P] != p[P]    ? p[P]
                          : guess < 1e300 ? guess
                                          : 1e300};
  return th_density_discrete_quantile(&d, prob, p, upper);
}
static double quantile(double prob, const double *p) { return search(prob, p, false); }
static double upper_quantile(double prob, const double *p) { return search(prob, p, true); }
static double median(const double *p) { return quantile(0.5, p); }

/* -(p log p + q log q)/p */
static double entropy(const double *p) { return -log(p[P]) - th_special_xlog1py(1 - p[P], -p[P]) / p[P]; }

/* p/(1 - q e^ik), with the real part of the denominator p + 2q sin²(k/2). */
static double complex cf(double k, const double *p) {
  double failure = 1 - p[P], half = sin(0.5 * k);
  double re = p[P] + 2 * failure * half * half, im = -failure * sin(k), square = re * re + im * im;
  double complex failures = p[P] * re / square - TH_I * (p[P] * im / square);
  return p[START] == 0 ? failures : failures * (cos(k) + TH_I * sin(k));
}

static double log_mgf(double t, const double *p) {
  double at = (1 - p[P]) / p[P] * expm1(t);
  if (t != t || p[P] != p[P]) return TH_NAN;
  return at < 1 ? -log1p(-at) + t * p[START] : TH_INFINITY;
}

/* The whole part of an exponential variable of rate -log(1 - p). */
static double sample(const double *p, ThRandom *r) {
  if (p[P] == 1) return p[START];
  return floor(th_random_exponential(r) / -log_failure(p)) + p[START];
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(p[START], p, 1);
  *upper = th_density_constant(p[P] == 1 ? p[START] : TH_INFINITY, p, 1);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double slope = 0, k = x - p[START];
  if (has_nan(x, p)) slope = TH_NAN;
  else if (k == 0) slope = 1 / p[P];
  else if (k > 0 && th_density_is_count(k)) slope = 1 / p[P] - k / (1 - p[P]);
  if (d_x) *d_x = slope == slope ? 0 : slope;
  if (d_p) d_p[P] = slope;
}

static void fisher(const double *p, double *information) { information[0] = 1 / (p[P] * p[P] * (1 - p[P])); }

/* (p log(p/p') + q log(q/q'))/p, q = 1 - p: a divergence of one trial for each of 1/p trials. */
static double kl(const double *p, const double *q) {
  if (p[START] != q[START]) return TH_INFINITY;
  return (th_special_deviance(p[P], q[P]) + th_special_deviance(1 - p[P], 1 - q[P])) / p[P];
}

const ThFamilyMath th_geometric_math = {
    .name = "Geometric",
    .n_parameters = 1,
    .discrete = true,
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
