/* density_pareto.c - the Pareto distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: minimum > 0, shape > 0; the support is x >= minimum. log(x/minimum) is an exponential variable of rate shape. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels.h"
#include "num/special.h"

/* log(x/minimum) for x >= minimum, 0 below */
static double log_excess(double x, const double *p) {
  return x < p[0] ? p[1] * 0 : th_density_log_ratio(p[0], x);
}

/* Below the support, and nothing NaN. */
static bool is_below(double x, const double *p) { return x < p[0] && p[1] == p[1]; }

static double pdf(double x, const double *p) {
  return is_below(x, p) ? 0 : p[1] / x * exp(-p[1] * log_excess(x, p));
}
static double logpdf(double x, const double *p) {
  return is_below(x, p) ? -TH_INFINITY : log(p[1]) - log(x) - p[1] * log_excess(x, p);
}

static double cdf(double x, const double *p) { return -expm1(-p[1] * log_excess(x, p)); }
static double ccdf(double x, const double *p) { return exp(-p[1] * log_excess(x, p)); }
static double logcdf(double x, const double *p) { return th_special_log1mexp(-p[1] * log_excess(x, p)); }
static double logccdf(double x, const double *p) { return -p[1] * log_excess(x, p); }

static double quantile(double prob, const double *p) {
  return th_density_is_probability(prob) ? p[0] * exp(-log1p(-prob) / p[1]) : TH_NAN;
}
static double upper_quantile(double prob, const double *p) {
  return th_density_is_probability(prob) ? p[0] * exp(-log(prob) / p[1]) : TH_NAN;
}

static double mean(const double *p) {
  double a = p[1];
  return a <= 1 ? th_density_constant(TH_INFINITY, p, 2) : p[0] * (a / (a - 1));
}
static double variance(const double *p) {
  double a = p[1];
  return a <= 2 ? th_density_constant(TH_INFINITY, p, 2) : p[0] / (a - 1) * (p[0] / (a - 1)) * (a / (a - 2));
}
/* Without a finite variance there is nothing to measure them by. */
static double skewness(const double *p) {
  double a = p[1];
  if (!(a > 2)) return TH_NAN;
  return th_density_constant(a <= 3 ? TH_INFINITY : 2 * ((a + 1) / (a - 3)) * sqrt((a - 2) / a), p, 2);
}
/* 6(a³ + a² - 6a - 2)/(a(a - 3)(a - 4)), by powers of 1/a, which do not overflow. */
static double kurtosis(const double *p) {
  double a = p[1], r = 1 / a;
  if (!(a > 2)) return TH_NAN;
  double value = 6 * (a / (a - 3)) * (1 / (1 - 4 * r)) * (1 + r * (1 - r * (6 + 2 * r)));
  return th_density_constant(a <= 4 ? TH_INFINITY : value, p, 2);
}
static double mode(const double *p) { return th_density_constant(p[0], p, 2); }
static double median(const double *p) { return p[0] * exp(TH_LOG_2 / p[1]); }
static double entropy(const double *p) { return log(p[0]) - log(p[1]) + 1 + 1 / p[1]; }

static double complex cf(double k, const double *p) {
  double kappa = p[0] * fabs(k);
  if (th_density_constant(kappa, p, 2) != kappa) return TH_NAN;
  double complex value = th_special_power_transform(p[1], -TH_I * kappa);
  return k < 0 ? conj(value) : value;
}

static double log_mgf(double t, const double *p) {
  double bad = t + th_density_constant(0, p, 2);
  if (bad != bad) return bad;
  return t > 0 ? TH_INFINITY : th_special_log_power_transform(p[1], -t * p[0]);
}

static double sample(const double *p, ThRandom *r) {
  return p[0] * th_kernel_exp_portable(th_random_exponential(r) / p[1]);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(p[0], p, 2);
  *upper = th_density_constant(TH_INFINITY, p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x >= p[0], x, p, 2, d_x, d_p)) return;
  if (d_x) *d_x = -(p[1] + 1) / x;
  if (!d_p) return;
  d_p[0] = p[1] / p[0];
  d_p[1] = 1 / p[1] - log_excess(x, p);
}

/* The support moves with the minimum. */
static void fisher(const double *p, double *information) {
  information[0] = information[1] = information[2] = TH_NAN;
  information[3] = 1 / p[1] / p[1];
}

static double kl(const double *p, const double *q) {
  if (p[0] < q[0]) return TH_INFINITY;
  return th_density_ratio_deviation(q[1], p[1]) + q[1] * log_excess(p[0], q);
}

const ThFamilyMath th_pareto_math = {
    .name = "Pareto",
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
