/* density_binomial.c - the Bernoulli and the binomial distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: (n,) p. Both are written for (n, p); Bernoulli's functions put n = 1 in front. The cdf is an incomplete
 * beta function: P(X <= k) = I_q(n - k, k + 1). */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

static bool has_nan(double x, const double *p) { return x != x || p[0] != p[0] || p[1] != p[1]; }

static double logpdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  if (!th_density_is_count(x)) return -TH_INFINITY;
  return th_special_log_binomial(x, p[0], p[1], 1 - p[1]);
}

/* The masses of one trial are the parameter itself. */
static double pdf(double x, const double *p) {
  if (p[0] == 1 && (x == 0 || x == 1)) return x == 1 ? p[1] : 1 - p[1];
  return exp(logpdf(x, p));
}

/* A tail by one of the incomplete beta functions; `below` and `above` are its values outside [0, n). */
static double tail(double x, const double *p, bool upper, double below, double above,
                   double (*incomplete)(double, double, double, double)) {
  if (has_nan(x, p)) return TH_NAN;
  if (x < 0) return below;
  if (x >= p[0]) return above;
  double k = floor(x), success = p[1], failure = 1 - p[1];
  return upper ? incomplete(k + 1, p[0] - k, success, failure)
               : incomplete(p[0] - k, k + 1, failure, success);
}

static double cdf(double x, const double *p) { return tail(x, p, false, 0, 1, th_special_beta_p); }
static double ccdf(double x, const double *p) { return tail(x, p, true, 1, 0, th_special_beta_p); }
static double logcdf(double x, const double *p) {
  return tail(x, p, false, -TH_INFINITY, 0, th_special_log_beta_p);
}
static double logccdf(double x, const double *p) {
  return tail(x, p, true, 0, -TH_INFINITY, th_special_log_beta_p);
}

static double mean(const double *p) { return p[0] * p[1]; }
static double variance(const double *p) { return p[0] * p[1] * (1 - p[1]); }
/* The shape of a distribution at one point is undefined. */
static double skewness(const double *p) {
  double v = variance(p);
  return v == 0 ? TH_NAN : (1 - 2 * p[1]) / sqrt(v);
}
static double kurtosis(const double *p) {
  double v = variance(p);
  return v == 0 ? TH_NAN : (1 - 6 * p[1] * (1 - p[1])) / v;
}
/* Masses grow while k < (n + 1)p. */
static double mode(const double *p) {
  double last = ceil((p[0] + 1) * p[1]) - 1;
  return th_density_constant(fmin(fmax(last, 0), p[0]), p, 2);
}

static ThDiscrete discrete(const double *p) {
  double v = variance(p);
  return (ThDiscrete){.cdf = cdf,
                      .ccdf = ccdf,
                      .logpdf = logpdf,
                      .lower = 0,
                      .upper = p[0],
                      .mean = mean(p),
                      .sd = sqrt(v),
                      .skewness = v > 0 ? skewness(p) : 0};
}
static double quantile(double prob, const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_quantile(&d, prob, p, false);
}
static double upper_quantile(double prob, const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_quantile(&d, prob, p, true);
}
static double median(const double *p) { return quantile(0.5, p); }
static double entropy(const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_entropy(&d, p);
}

/* (q + p e^ik)^n in polar form: |q + p e^ik|² = 1 - 4pq sin²(k/2). */
static double complex cf(double k, const double *p) {
  double half = sin(0.5 * k), success = p[1], failure = 1 - p[1];
  double modulus = exp(0.5 * p[0] * log1p(-4 * success * failure * half * half));
  double phase = p[0] * atan2(success * sin(k), 1 - 2 * success * half * half);
  if (modulus == 0) return 0;
  return modulus * cos(phase) + TH_I * (modulus * sin(phase));
}

/* n log(1 + p(e^t - 1)), for large t with e^t taken out. */
static double log_mgf(double t, const double *p) {
  if (p[0] == 0 || p[1] == 0) return th_density_constant(0, p, 2) + t * 0;
  return p[0] * (t < 1 ? log1p(p[1] * expm1(t)) : t + log1p((1 - p[1]) * expm1(-t)));
}

static double sample(const double *p, ThRandom *r) { return th_random_binomial(r, p[0], p[1]); }

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(0, p, 2);
  *upper = th_density_constant(p[0], p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double n = p[0], success = p[1], failure = 1 - p[1], slope = 0;
  if (has_nan(x, p)) slope = TH_NAN;
  else if (x == 0) slope = -n / failure;
  else if (x == n) slope = n / success;
  else if (x > 0 && x < n && th_density_is_count(x)) slope = (x - n * success) / success / failure;
  if (d_x) *d_x = slope == slope ? 0 : slope;
  if (!d_p) return;
  d_p[0] = slope == slope ? 0 : slope;
  d_p[1] = slope;
}

/* The number of trials is a whole number, of which there is no derivative. */
static void fisher(const double *p, double *information) {
  information[0] = information[1] = information[2] = TH_NAN;
  information[3] = p[0] / (p[1] * (1 - p[1]));
}

/* Of one trial p log(p/p') + (1 - p) log((1 - p)/(1 - p')), as two deviances, which do not cancel. */
static double trial_kl(double p, double q) {
  return th_special_deviance(p, q) + th_special_deviance(1 - p, 1 - q);
}

/* With unequal numbers of trials the expectation of the logarithms of the binomial coefficients has no closed form. */
static double kl(const double *p, const double *q) {
  if (has_nan(0, p) || has_nan(0, q)) return TH_NAN;
  if (p[0] == q[0]) return p[0] == 0 ? 0 : p[0] * trial_kl(p[1], q[1]);
  double sum = 0;
  for (double k = 0; k <= p[0]; k++) {
    double mass = pdf(k, p);
    if (mass > 0) sum += mass * (logpdf(k, p) - logpdf(k, q));
  }
  return sum;
}

const ThFamilyMath th_binomial_math = {
    .name = "Binomial",
    .n_parameters = 2,
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

/* --- One trial ----------------------------------------------------------------------------------- */

#define ONE(p) ((const double[]){1, (p)[0]})

static double one_pdf(double x, const double *p) { return pdf(x, ONE(p)); }
static double one_logpdf(double x, const double *p) { return logpdf(x, ONE(p)); }
static double one_cdf(double x, const double *p) { return cdf(x, ONE(p)); }
static double one_ccdf(double x, const double *p) { return ccdf(x, ONE(p)); }
static double one_logcdf(double x, const double *p) { return logcdf(x, ONE(p)); }
static double one_logccdf(double x, const double *p) { return logccdf(x, ONE(p)); }
static double one_quantile(double prob, const double *p) { return quantile(prob, ONE(p)); }
static double one_upper_quantile(double prob, const double *p) { return upper_quantile(prob, ONE(p)); }
static double one_mean(const double *p) { return p[0]; }
static double one_variance(const double *p) { return variance(ONE(p)); }
static double one_skewness(const double *p) { return skewness(ONE(p)); }
static double one_kurtosis(const double *p) { return kurtosis(ONE(p)); }
static double one_mode(const double *p) { return mode(ONE(p)); }
static double one_median(const double *p) { return median(ONE(p)); }
static double one_entropy(const double *p) {
  return -th_special_xlogy(p[0], p[0]) - th_special_xlog1py(1 - p[0], -p[0]);
}
static double complex one_cf(double k, const double *p) {
  double half = sin(0.5 * k);
  return 1 - 2 * p[0] * half * half + TH_I * (p[0] * sin(k));
}
static double one_log_mgf(double t, const double *p) { return log_mgf(t, ONE(p)); }
static double one_sample(const double *p, ThRandom *r) {
  return p[0] == p[0] ? th_random_uniform(r) < p[0] : p[0];
}
static void one_support(const double *p, double *lower, double *upper) { support(ONE(p), lower, upper); }
static void one_gradient(double x, const double *p, double *d_x, double *d_p) {
  double both[2];
  gradient(x, ONE(p), d_x, both);
  if (d_p) d_p[0] = both[1];
}

static void one_fisher(const double *p, double *information) { *information = 1 / (p[0] * (1 - p[0])); }
static double one_kl(const double *p, const double *q) { return trial_kl(p[0], q[0]); }
const ThFamilyMath th_bernoulli_math = {
    .name = "Bernoulli",
    .n_parameters = 1,
    .discrete = true,
    .pdf = one_pdf,
    .logpdf = one_logpdf,
    .cdf = one_cdf,
    .ccdf = one_ccdf,
    .logcdf = one_logcdf,
    .logccdf = one_logccdf,
    .quantile = one_quantile,
    .upper_quantile = one_upper_quantile,
    .mean = one_mean,
    .variance = one_variance,
    .skewness = one_skewness,
    .kurtosis = one_kurtosis,
    .mode = one_mode,
    .median = one_median,
    .entropy = one_entropy,
    .cf = one_cf,
    .log_mgf = one_log_mgf,
    .sample = one_sample,
    .support = one_support,
    .gradient = one_gradient,
    .fisher = one_fisher,
    .kl = one_kl,
};
