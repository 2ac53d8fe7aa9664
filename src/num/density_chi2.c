/* density_chi2.c - the χ² distribution: that of Gamma(df/2, 1/2) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/density.h"

#include "num/real.h"
#include "num/special.h"

/* The parameters of the gamma distribution. */
#define AS_GAMMA(p) ((const double[2]){0.5 * (p)[0], 0.5})

static double pdf(double x, const double *p) { return th_gamma_math.pdf(x, AS_GAMMA(p)); }
static double logpdf(double x, const double *p) { return th_gamma_math.logpdf(x, AS_GAMMA(p)); }
static double cdf(double x, const double *p) { return th_gamma_math.cdf(x, AS_GAMMA(p)); }
static double ccdf(double x, const double *p) { return th_gamma_math.ccdf(x, AS_GAMMA(p)); }
static double logcdf(double x, const double *p) { return th_gamma_math.logcdf(x, AS_GAMMA(p)); }
static double logccdf(double x, const double *p) { return th_gamma_math.logccdf(x, AS_GAMMA(p)); }
static double quantile(double prob, const double *p) { return th_gamma_math.quantile(prob, AS_GAMMA(p)); }
static double upper_quantile(double prob, const double *p) {
  return th_gamma_math.upper_quantile(prob, AS_GAMMA(p));
}
static double mean(const double *p) { return p[0]; }
static double variance(const double *p) { return 2 * p[0]; }
static double skewness(const double *p) { return th_gamma_math.skewness(AS_GAMMA(p)); }
static double kurtosis(const double *p) { return 12 / p[0]; }
static double mode(const double *p) { return p[0] <= 2 ? 0 : p[0] - 2; }
static double median(const double *p) { return th_gamma_math.median(AS_GAMMA(p)); }
static double entropy(const double *p) { return th_gamma_math.entropy(AS_GAMMA(p)); }
static double complex cf(double k, const double *p) { return th_gamma_math.cf(k, AS_GAMMA(p)); }
static double log_mgf(double t, const double *p) { return th_gamma_math.log_mgf(t, AS_GAMMA(p)); }
static double sample(const double *p, ThRandom *r) { return 2 * th_random_gamma(r, 0.5 * p[0]); }
static void support(const double *p, double *lower, double *upper) {
  th_gamma_math.support(AS_GAMMA(p), lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double of_gamma[2];
  th_gamma_math.gradient(x, AS_GAMMA(p), d_x, d_p ? of_gamma : NULL);
  if (d_p) d_p[0] = 0.5 * of_gamma[0];
}

static void fisher(const double *p, double *information) {
  *information = 0.25 * th_special_trigamma(0.5 * p[0]);
}
static double kl(const double *p, const double *q) { return th_gamma_math.kl(AS_GAMMA(p), AS_GAMMA(q)); }

const ThFamilyMath th_chi2_math = {
    .name = "Chi2",
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
