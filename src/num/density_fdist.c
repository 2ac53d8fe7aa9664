/* density_fdist.c - Fisher's F distribution, of the ratio of two mean squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: df1 > 0, df2 > 0; the support is x >= 0. x df1/df2 is the odds of a Beta(df1/2, df2/2) variable. */
#include "num/density.h"

#include "num/density_odds.h"
#include "num/density_support.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"

enum { DF1, DF2 };

static bool is_nan(double x, const double *p) { return x != x || p[DF1] != p[DF1] || p[DF2] != p[DF2]; }

static ThOdds odds(double x, const double *p) { return th_density_odds_ratio(x, p[DF2] / p[DF1]); }

/* x at the lower end: the density is 0, 1 (df1 = 2), or unbounded. */
static double at_zero(const double *p) { return p[DF1] < 2 ? TH_INFINITY : p[DF1] == 2 ? 1 : 0; }

static double logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x < 0 || x > DBL_MAX) return -TH_INFINITY;
  if (x == 0) return log(at_zero(p));
  return th_density_odds_log_kernel(0.5 * p[DF1], 0.5 * p[DF2], odds(x, p)) - log(x);
}

static double pdf(double x, const double *p) { return exp(logpdf(x, p)); }

static double cdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x > 0;
  return th_density_odds_p(0.5 * p[DF1], 0.5 * p[DF2], odds(x, p));
}
static double ccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x <= 0;
  return th_density_odds_q(0.5 * p[DF1], 0.5 * p[DF2], odds(x, p));
}
static double logcdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x > 0 ? 0 : -TH_INFINITY;
  return th_density_odds_log_p(0.5 * p[DF1], 0.5 * p[DF2], odds(x, p));
}
static double logccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x > 0 ? -TH_INFINITY : 0;
  return th_density_odds_log_q(0.5 * p[DF1], 0.5 * p[DF2], odds(x, p));
}

static double point(ThOdds at, const double *p) {
  if (at.log_w == at.log_w) return exp(at.log_w + log(p[DF2]) - log(p[DF1]));
  return at.w * (p[DF2] / p[DF1]);
}
static double quantile(double prob, const double *p) {
  return point(th_density_odds_p_inverse(0.5 * p[DF1], 0.5 * p[DF2], prob), p);
}
static double upper_quantile(double prob, const double *p) {
  return point(th_density_odds_q_inverse(0.5 * p[DF1], 0.5 * p[DF2], prob), p);
}

static double mean(const double *p) {
  return th_density_constant(p[DF2] > 2 ? p[DF2] / (p[DF2] - 2) : TH_INFINITY, p, 2);
}
static double variance(const double *p) {
  if (p[DF2] <= 4) return th_density_constant(TH_INFINITY, p, 2);
  double m = mean(p);
  return 2 * m * m * ((p[DF1] + p[DF2] - 2) / p[DF1] / (p[DF2] - 4));
}
static double skewness(const double *p) {
  double m = p[DF1], n = p[DF2];
  if (!(n > 4)) return TH_NAN;
  if (n <= 6) return th_density_constant(TH_INFINITY, p, 2);
  return (2 * m + n - 2) / (n - 6) * sqrt(8 * (n - 4) / m / (m + n - 2));
}
static double kurtosis(const double *p) {
  double m = p[DF1], n = p[DF2];
  if (!(n > 4)) return TH_NAN;
  if (n <= 8) return th_density_constant(TH_INFINITY, p, 2);
  double first = (n - 4) / m * ((n - 2) / (n - 8)) * ((n - 2) / (n - 6)) / (m + n - 2);
  return 12 * (first + (5 * n - 22) / (n - 6) / (n - 8));
}
static double mode(const double *p) {
  return th_density_constant(p[DF1] > 2 ? (p[DF1] - 2) / p[DF1] * (p[DF2] / (p[DF2] + 2)) : 0, p, 2);
}
static double median(const double *p) { return quantile(0.5, p); }

/* log B(a, b) - (a - 1)(ψ(a) - ψ(b)) + n(ψ(n) - ψ(b)) + log(b/a), n = a + b, with Stirling's forms put in. */
static double entropy(const double *p) {
  double a = 0.5 * p[DF1], b = 0.5 * p[DF2], n = a + b;
  double stirling = th_special_stirling_error(a) + th_special_stirling_error(b) -
                    th_special_stirling_error(n);
  double digammas = (a - 1) * th_special_log_minus_digamma(a) + (b + 1) * th_special_log_minus_digamma(b) -
                    n * th_special_log_minus_digamma(n);
  return TH_HALF_LOG_2PI + 0.5 * log(1 / a + 1 / b) + stirling + digammas;
}

static double complex cf(double k, const double *p) {
  if (is_nan(k, p)) return TH_NAN;
  double rate = k * (p[DF2] / p[DF1]);
  return fabs(rate) > DBL_MAX ? 0 : th_special_odds_exp(0.5 * p[DF1], 0.5 * p[DF2], TH_I * rate);
}

static double log_mgf(double t, const double *p) {
  if (is_nan(t, p)) return TH_NAN;
  if (t >= 0) return t > 0 ? TH_INFINITY : 0;
  return th_special_odds_log_mgf(0.5 * p[DF1], 0.5 * p[DF2], t * (p[DF2] / p[DF1]));
}

static double sample(const double *p, ThRandom *r) {
  double a = 0.5 * p[DF1], b = 0.5 * p[DF2];
  if (a >= 1 && b >= 1) {
    double x = th_random_gamma(r, a) / a;
    return x / (th_random_gamma(r, b) / b);
  }
  double log_x = th_random_log_gamma(r, a) -
                 th_kernel_log_portable(a); /* the draws themselves may underflow */
  return th_kernel_exp_portable(log_x - (th_random_log_gamma(r, b) - th_kernel_log_portable(b)));
}

static void support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 2, lower, upper);
}

/* log(1 + e) - e, where 1 + e is known by its logarithm when it is small. */
static double bend(double e, double log_1_plus_e) {
  return e > -0.5 ? -th_special_log1p_deviation(e) : log_1_plus_e - e;
}

/* With w = x a/b, u = w/(1 + w), a, b = df/2, n = a + b: ∂/∂a is log(1 + e) - e + (log a - ψ(a)) - (log n - ψ(n)) for
 * 1 + e = u n/a, ∂/∂b the same in b with 1 - u. */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x >= 0, x, p, 2, d_x, d_p)) return;
  double a = 0.5 * p[DF1], b = 0.5 * p[DF2], n = a + b, ratio = a / b, rest = 1 / (1 + x * ratio);
  double e = x > 1e200 ? 1 / ratio : (x - 1) * rest, log_rest = -th_density_odds_log1p(odds(x, p));
  if (d_x) *d_x = a == 1 ? -n / b * rest : -(a * e + 1) / x;
  if (!d_p) return;
  double log_n = log1p(ratio) + log_rest;
  d_p[DF1] = 0.5 * (bend(e, log(x) + log_n) + th_special_log_minus_digamma_fall(a, b));
  d_p[DF2] = 0.5 * (bend(-ratio * e, log_n) + th_special_log_minus_digamma_fall(b, a));
}

/* (ψ'(a) - 1/a) - (ψ'(n) - 1/n) - b/(a n (n + 1)), n = a + b: what the three have in common, up to 1/a², is taken out
 * on paper, and leaves positive terms. */
static double variance_of_score(double a, double b) {
  double n = a + b;
  return b / a / n * ((2 * a / n + b + b / n) / (2 * a * (n + 1))) + th_special_trigamma_fall(a, b);
}

/* The covariances of log u - u n/a and log(1 - u) + u n/b, u ~ Beta(a, b), over 4. */
static void fisher(const double *p, double *information) {
  double a = 0.5 * p[DF1], b = 0.5 * p[DF2], n = a + b;
  information[0] = 0.25 * variance_of_score(a, b);
  information[3] = 0.25 * variance_of_score(b, a);
  information[1] = information[2] = 0.25 * (1 / n / (n + 1) - th_special_trigamma_excess(n));
}

const ThFamilyMath th_fdist_math = {
    .name = "FDist",
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
};
