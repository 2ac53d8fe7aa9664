/* density_negbinomial.c - the negative binomial distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: r > 0, p in (0, 1], start, q. With start 0 it is the number of failures before the r-th success, for any real r;
 * with start 1 and a whole r the number of trials, r more. q is 1 - p with digits of its own: where p is nearly 1, as
 * for a mean that is small beside r, 1 - p has lost them; NaN says that there are none. P(X <= k) = I_p(r, k + 1). */
#include "num/density.h"

#include "num/density_sum.h"
#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

enum { R, P, START, Q };

static bool has_nan(double x, const double *p) { return x != x || p[R] != p[R] || p[P] != p[P]; }
static double failure(const double *p) { return p[Q] == p[Q] ? p[Q] : 1 - p[P]; }
static double origin(const double *p) { return p[START] == 0 ? 0 : p[R]; }
static bool is_point(const double *p) { return failure(p) == 0; }

/* r/(r + k) of the binomial mass of k failures among n = r + k, in Loader's form (2000); r is not taken from n,
 * where it may have lost its digits. At k = 0 that is p^r. */
static double log_mass(double k, const double *p) {
  double q = failure(p), r = p[R], n = r + k;
  if (k == 0) return r * (q < 0.5 ? log1p(-q) : log(p[P]));
  if (q == 0) return -TH_INFINITY;
  double error = th_special_stirling_error(n) - th_special_stirling_error(k) - th_special_stirling_error(r);
  double deviance = th_special_deviance(k, n * q) + th_special_deviance(r, n * p[P]);
  return error - deviance - TH_HALF_LOG_2PI + 0.5 * (log(r / n) - log(k));
}

static double logpdf(double x, const double *p) {
  double k = x - origin(p);
  if (has_nan(x, p)) return TH_NAN;
  return k < 0 || !th_density_is_count(k) ? -TH_INFINITY : log_mass(k, p);
}
static double pdf(double x, const double *p) { return exp(logpdf(x, p)); }

static double tail(double x, const double *p, bool upper, double below, double above,
                   double (*incomplete)(double, double, double, double)) {
  if (has_nan(x, p)) return TH_NAN;
  double k = floor(x - origin(p)), q = failure(p);
  if (k < 0) return below;
  if (q == 0 || k > DBL_MAX) return above;
  return upper ? incomplete(k + 1, p[R], q, p[P]) : incomplete(p[R], k + 1, p[P], q);
}

static double cdf(double x, const double *p) { return tail(x, p, false, 0, 1, th_special_beta_p); }
static double ccdf(double x, const double *p) { return tail(x, p, true, 1, 0, th_special_beta_p); }
static double logcdf(double x, const double *p) {
  return tail(x, p, false, -TH_INFINITY, 0, th_special_log_beta_p);
}
static double logccdf(double x, const double *p) {
  return tail(x, p, true, 0, -TH_INFINITY, th_special_log_beta_p);
}

static double failures(const double *p) { return p[R] * failure(p) / p[P]; }
static double mean(const double *p) { return failures(p) + origin(p); }
static double variance(const double *p) { return failures(p) / p[P]; }
static double spread(const double *p) {
  return sqrt(failures(p)) / sqrt(p[P]);
} /* the variance may overflow */
static double skewness(const double *p) {
  double q = failure(p);
  return is_point(p) ? TH_NAN : (1 + q) / sqrt(p[R] * q);
}
static double kurtosis(const double *p) {
  return is_point(p) ? TH_NAN : (6 + p[P] * p[P] / failure(p)) / p[R];
}
/* Masses grow while (k + r) q > k + 1. */
static double mode(const double *p) {
  double last = ceil((p[R] * failure(p) - 1) / p[P]);
  return th_density_constant(fmax(last, 0) + origin(p), p, 2);
}

static ThDiscrete discrete(const double *p) {
  return (ThDiscrete){.cdf = cdf,
                      .ccdf = ccdf,
                      .logpdf = logpdf,
                      .lower = origin(p),
                      .upper = is_point(p) ? origin(p) : TH_INFINITY,
                      .mean = mean(p),
                      .sd = spread(p),
                      .skewness = is_point(p) ? 0 : fmin(skewness(p), 10)};
}
static double search(double prob, const double *p, bool upper) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_quantile(&d, prob, p, upper);
}
static double quantile(double prob, const double *p) { return search(prob, p, false); }
static double upper_quantile(double prob, const double *p) { return search(prob, p, true); }
static double median(const double *p) { return quantile(0.5, p); }

static double ratio(double k, double step, const double *p) {
  double q = failure(p);
  return step > 0 ? (k + p[R]) / (k + 1) * q : k / ((k + p[R] - 1) * q);
}

static double entropy(const double *p) {
  if (has_nan(0, p)) return TH_NAN;
  const double counted[] = {p[R], p[P], 0, p[Q]};
  if (p[R] * failure(p) > 6400) { /* a smooth bell, whose mean is 80 sd from 0 */
    ThDiscrete d = discrete(counted);
    return th_density_discrete_entropy(&d, counted);
  }
  ThMasses m = {.log_mass = log_mass,
                .ratio = ratio,
                .upper = upper_quantile(1e-22, counted),
                .center = failures(p),
                .width = spread(p),
                .bell = p[R] >= 1};
  return th_density_sum_entropy(&m, counted);
}

/* (p/(1 - q e^ik))^r in polar form: |1 - q e^ik|² = p² + 4q sin²(k/2). */
static double complex cf(double k, const double *p) {
  double q = failure(p), half = sin(0.5 * k), odd = 2 * half / p[P];
  double modulus = exp(-0.5 * p[R] * log1p(q * odd * odd));
  double phase = p[R] * atan2(q * sin(k), p[P] + 2 * q * half * half) + k * origin(p);
  if (modulus == 0) return 0;
  return modulus * cos(phase) + TH_I * (modulus * sin(phase));
}

static double log_mgf(double t, const double *p) {
  double at = failure(p) / p[P] * expm1(t);
  if (has_nan(t, p)) return TH_NAN;
  return at < 1 ? -p[R] * log1p(-at) + t * origin(p) : TH_INFINITY;
}

/* A Poisson number whose rate is a gamma variable (Greenwood and Yule 1920). */
static double sample(const double *p, ThRandom *r) {
  if (has_nan(0, p)) return TH_NAN;
  return th_random_poisson(r, th_random_gamma(r, p[R]) * (failure(p) / p[P])) + origin(p);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(origin(p), p, 2);
  *upper = th_density_constant(is_point(p) ? origin(p) : TH_INFINITY, p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double k = x - origin(p), d_r = 0, slope = 0;
  if (has_nan(x, p)) {
    d_r = slope = TH_NAN;
  } else if (k >= 0 && th_density_is_count(k)) {
    d_r = th_density_digamma_rise(p[R], k) + (failure(p) < 0.5 ? log1p(-failure(p)) : log(p[P]));
    slope = p[R] / p[P] - (k == 0 ? 0 : k / failure(p));
  }
  if (d_x) *d_x = slope == slope ? 0 : slope;
  if (!d_p) return;
  d_p[R] = p[START] == 0 ? d_r : d_r * 0; /* counting trials, r is a whole number */
  d_p[P] = slope;
}

const ThFamilyMath th_negative_binomial_math = {
    .name = "NegBinomial",
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
};
