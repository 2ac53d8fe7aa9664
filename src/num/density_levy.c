/* density_levy.c - the Lévy distribution: that of μ + c/N², N ~ Normal(0, 1) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: μ, c > 0; the support is x > μ. With z = √(c/(x - μ)), P(X > x) = P(|N| < z). */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

enum { MU, C };

static bool is_nan(double x, const double *p) { return x != x || p[MU] != p[MU] || p[C] != p[C]; }

/* 0 for x = inf, inf at and below μ. */
static double standardised(double x, const double *p) {
  return x > p[MU] ? sqrt(p[C] / (x - p[MU])) : TH_INFINITY;
}

static double logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= p[MU] || x > DBL_MAX) return -TH_INFINITY;
  double d = x - p[MU];
  return -TH_HALF_LOG_2PI + 0.5 * log(p[C] / d) - log(d) - 0.5 * p[C] / d;
}

static double pdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  double z = standardised(x, p);
  return z > 40 ? 0 : z * th_special_normal_pdf(z) / (x - p[MU]);
}

static double cdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : 2 * th_special_normal_cdf(-standardised(x, p));
}
static double ccdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : th_special_erf(standardised(x, p) / TH_SQRT_2);
}
static double logcdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  double z = standardised(x, p);
  return z < 1 ? log1p(-th_special_erf(z / TH_SQRT_2)) : th_special_log_normal_cdf(-z) + TH_LOG_2;
}
static double logccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  double z = standardised(x, p);
  return z < 1 ? log(th_special_erf(z / TH_SQRT_2)) : log1p(-th_special_erfc(z / TH_SQRT_2));
}

static double quantile(double prob, const double *p) {
  double z = TH_SQRT_2 * th_special_erfcinv(prob);
  return prob > 1 ? TH_NAN : p[MU] + p[C] / z / z;
}
static double upper_quantile(double prob, const double *p) {
  double z = TH_SQRT_2 * th_special_erfinv(prob);
  return prob < 0 ? TH_NAN : p[MU] + p[C] / z / z;
}

static double mean(const double *p) { return th_density_constant(TH_INFINITY, p, 2); }
static double shape(const double *p) {
  (void)p;
  return TH_NAN; /* no deviations from an infinite mean */
}
static double mode(const double *p) { return p[MU] + p[C] / 3; }
static double median(const double *p) { return quantile(0.5, p); }

/* (1 + 3γ + log 16π)/2 + log c */
static double entropy(const double *p) {
  return th_density_constant(3.324482801396889996816, p, 2) + log(p[C]);
}

/* e^(ikμ - √(-2ick)), √(-2ick) = (1 - i)√(ck) for k > 0 */
static double complex cf(double k, const double *p) {
  if (is_nan(k, p)) return TH_NAN;
  double root = sqrt(p[C] * fabs(k));
  return th_density_polar(exp(-root), p[MU] * k + copysign(root, k));
}

static double log_mgf(double t, const double *p) {
  if (is_nan(t, p)) return TH_NAN;
  return t > 0 ? TH_INFINITY : p[MU] * t - sqrt(-2 * p[C] * t);
}

static double sample(const double *p, ThRandom *r) {
  double z = th_random_normal(r);
  return p[MU] + p[C] / (z * z);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(p[MU], p, 2);
  *upper = th_density_constant(TH_INFINITY, p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(x > p[MU], x, p, 2, d_x, d_p)) return;
  double d = x - p[MU], slope = (p[C] / d - 3) / (2 * d);
  if (d_x) *d_x = slope;
  if (!d_p) return;
  d_p[MU] = -slope;
  d_p[C] = (1 / p[C] - 1 / d) / 2;
}

/* The support moves with μ, but the density vanishes there with all its derivatives: the information exists. From
 * E (X - μ)^-n = (2n - 1)!!/c^n. */
static void fisher(const double *p, double *information) {
  double unit = th_density_constant(1, p, 2) / p[C] / p[C];
  information[0] = 10.5 * unit;
  information[1] = information[2] = 1.5 * unit;
  information[3] = 0.5 * unit;
}

const ThFamilyMath th_levy_math = {
    .name = "Levy",
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
    .variance = mean,
    .skewness = shape,
    .kurtosis = shape,
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
