/* density_zipf.c - Zipf's distribution on 1, 2, …: the zeta distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: s > 1; P(X = k) = k^-s/ζ(s), P(X > k) = ζ(s, k + 1)/ζ(s). All sums are those of special_zeta.c. The n-th moment
 * is finite for s > n + 1. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

static bool has_nan(double x, const double *p) { return x != x || p[0] != p[0]; }
static double zeta(const double *p) { return 1 + th_special_zeta_minus_1(p[0]); }
static double log_zeta(const double *p) { return log1p(th_special_zeta_minus_1(p[0])); }
static bool is_value(double x) { return x >= 1 && th_density_is_count(x); }

static double logpdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  return is_value(x) ? -p[0] * log(x) - log_zeta(p) : -TH_INFINITY;
}
static double pdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  return is_value(x) ? pow(x, -p[0]) / zeta(p) : 0;
}

/* P(X > k), and P(X <= k) as a sum of its own. */
static double above(double k, const double *p) {
  return pow(k + 1, -p[0]) * th_special_hurwitz_ratio(p[0], k + 1) / zeta(p);
}
static double below(double k, const double *p) {
  return th_special_power_sum_ratio(p[0], 1, k + 1) / zeta(p);
}

static double cdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  if (x < 1 || x > DBL_MAX) return x < 1 ? 0 : 1;
  double tail = above(floor(x), p);
  return tail < 0.5 ? 1 - tail : below(floor(x), p);
}
static double ccdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  return x < 1 ? 1 : x > DBL_MAX ? 0 : above(floor(x), p);
}
static double logcdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  if (x < 1 || x > DBL_MAX) return x < 1 ? -TH_INFINITY : 0;
  double tail = above(floor(x), p);
  return tail < 0.5 ? log1p(-tail) : log(below(floor(x), p));
}
static double logccdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  if (x < 1 || x > DBL_MAX) return x < 1 ? 0 : -TH_INFINITY;
  double k = floor(x), rest = below(k, p);
  if (rest < 0.5) return log1p(-rest);
  return log(th_special_hurwitz_ratio(p[0], k + 1)) - p[0] * log(k + 1) - log_zeta(p);
}

/* --- Moments, about 1: E (X - 1)^n = Σ (k - 1)^n k^-s/ζ(s) */

/* Terms below K singly; above, the powers of k are combined, which there hardly cancel. */
static double moment_about_1(const double *p, int n) {
  enum { K = 16 };
  double s = p[0], sum = 0, choose = 1;
  for (int j = 0; j <= n; j++) {
    double part = choose * pow(K, j - s) * th_special_hurwitz_ratio(s - j, K);
    sum += (n - j) % 2 ? -part : part;
    choose *= (double)(n - j) / (j + 1);
  }
  for (int k = K - 1; k >= 2; k--) sum += pow(k - 1, n) * pow(k, -s);
  return sum / zeta(p);
}

static double mean(const double *p) {
  if (p[0] != p[0]) return TH_NAN;
  return p[0] > 2 ? 1 + moment_about_1(p, 1) : TH_INFINITY;
}
static double variance(const double *p) {
  if (p[0] != p[0]) return TH_NAN;
  if (p[0] <= 3) return TH_INFINITY;
  double m = moment_about_1(p, 1);
  return moment_about_1(p, 2) - m * m;
}
/* Without a variance there is no unit to measure them in. */
static double skewness(const double *p) {
  if (!(p[0] > 3)) return TH_NAN;
  if (p[0] <= 4) return TH_INFINITY;
  double m = moment_about_1(p, 1), v = variance(p);
  return (moment_about_1(p, 3) - 3 * m * moment_about_1(p, 2) + 2 * m * m * m) / (v * sqrt(v));
}
static double kurtosis(const double *p) {
  if (!(p[0] > 3)) return TH_NAN;
  if (p[0] <= 5) return TH_INFINITY;
  double m = moment_about_1(p, 1), square = moment_about_1(p, 2), v = square - m * m;
  double fourth = moment_about_1(p, 4) - 4 * m * moment_about_1(p, 3) + 6 * m * m * square -
                  3 * m * m * m * m;
  return fourth / (v * v) - 3;
}
static double mode(const double *p) { return th_density_constant(1, p, 1); }

/* log ζ + s E log X */
static double entropy(const double *p) {
  double sums[3];
  if (p[0] != p[0]) return TH_NAN;
  th_special_zeta_logs(p[0], sums);
  return log_zeta(p) + p[0] * sums[1] / sums[0];
}

/* --- Quantiles */

/* The search begins where P(X > k) ≈ (k + 1/2)^(1-s)/((s - 1) ζ) says. */
static double search(double prob, const double *p, bool upper) {
  double tail = upper ? prob : 1 - prob, s = p[0];
  double guess = s == s ? floor(pow(tail * (s - 1) * zeta(p), 1 / (1 - s)) + 0.5) : s;
  ThDiscrete d = {.cdf = cdf,
                  .ccdf = ccdf,
                  .logpdf = logpdf,
                  .lower = 1,
                  .upper = TH_INFINITY,
                  .mean = guess > 1e300 ? 1e300 : guess};
  return th_density_discrete_quantile(&d, prob, p, upper);
}
static double quantile(double prob, const double *p) { return search(prob, p, false); }
static double upper_quantile(double prob, const double *p) { return search(prob, p, true); }
static double median(const double *p) { return quantile(0.5, p); }

/* --- Transforms */

static double complex cf(double k, const double *p) { return th_special_polylog_circle(p[0], k) / zeta(p); }
static double log_mgf(double t, const double *p) { return th_special_log_polylog_ratio(p[0], t); }

static double sample(const double *p, ThRandom *r) { return th_random_zipf(r, p[0]); }

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(1, p, 1);
  *upper = th_density_constant(TH_INFINITY, p, 1);
}

/* E log X - log x */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double slope = 0, sums[3];
  if (has_nan(x, p)) {
    slope = TH_NAN;
  } else if (is_value(x)) {
    th_special_zeta_logs(p[0], sums);
    slope = sums[1] / sums[0] - log(x);
  }
  if (d_x) *d_x = slope == slope ? 0 : slope;
  if (d_p) d_p[0] = slope;
}

/* Var log X */
static void fisher(const double *p, double *information) {
  double sums[3];
  th_special_zeta_logs(p[0], sums);
  double mean_log = sums[1] / sums[0];
  *information = p[0] == p[0] ? sums[2] / sums[0] - mean_log * mean_log : TH_NAN;
}

/* log ζ(s') - log ζ(s) + (s' - s) E log X */
static double kl(const double *p, const double *q) {
  double sums[3];
  if (p[0] != p[0] || q[0] != q[0]) return TH_NAN;
  th_special_zeta_logs(p[0], sums);
  return log_zeta(q) - log_zeta(p) + (q[0] - p[0]) * sums[1] / sums[0];
}

const ThFamilyMath th_zipf_math = {
    .name = "Zipf",
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
