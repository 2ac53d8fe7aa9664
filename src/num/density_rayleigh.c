/* density_rayleigh.c - the lengths of normal vectors of the plane and of space: Rayleigh and Maxwell */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: σ > 0; the support is x >= 0. With z = x/σ, z²/2 is a gamma variable of shape 1, or 3/2. Their
 * characteristic functions are derivatives of that of a normal variable's modulus, which is w(kσ/√2), w being
 * the Faddeeva function. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

static bool is_nan(double x, const double *p) { return x != x || p[0] != p[0]; }

static void support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 1, lower, upper);
}

/* The logarithm of a density const z^power e^(-z²/2)/σ has the slopes power/x - x/σ², (z² - power - 1)/σ. */
static void slopes(double power, double x, const double *p, double *d_x, double *d_p) {
  double nothing = is_nan(x, p) ? TH_NAN : 0, z = x / p[0];
  bool inside = x >= 0 && x <= DBL_MAX && nothing == 0;
  if (d_x) *d_x = inside ? (power / z - z) / p[0] : nothing;
  if (d_p) *d_p = inside ? (z * z - power - 1) / p[0] : nothing;
}

/* r - 1 - log r, r = (σ of p/σ of q)²: KL of the exponential distributions that z² has up to scale. */
static double scale_divergence(const double *p, const double *q) {
  double ratio = p[0] / q[0];
  return th_special_log1p_deviation((p[0] - q[0]) / q[0] * (ratio + 1));
}

/* The first two integrals of the complementary error function, with e^(y²) in front: e^(y²) iⁿerfc(y)/erfcx(y), y > 0,
 * n = 1, 2, by the continued fraction of their ratios (Gautschi 1964, from DLMF 7.18.7): no term cancels. */
static double repeated_integral(int n, double y) {
  double ratio = 0, product = 1;
  for (int k = 400; k > 0; k--) {
    ratio = 0.5 / (y + (k + 1) * ratio);
    if (k <= n) product *= ratio;
  }
  return product;
}

/* log of the average of e^(tz) from its difference from 1 for small t, else from itself over e^(y²). */
static double growth(double y, double departure, double rest) {
  return y < 1 ? log1p(departure) : y * y + log(rest);
}

/* --- Rayleigh */

static double rayleigh_pdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  double z = x / p[0];
  return x <= 0 || z > 40 ? 0 : z * TH_SQRT_2PI * th_special_normal_pdf(z) / p[0];
}
static double rayleigh_logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x < 0 || x > DBL_MAX) return -TH_INFINITY;
  double z = x / p[0];
  return log(z) - 0.5 * z * z - log(p[0]);
}
static double half_square(double x, const double *p) {
  double z = x / p[0];
  return x < 0 ? 0.5 * p[0] * 0 : 0.5 * z * z;
}
static double rayleigh_cdf(double x, const double *p) { return -expm1(-half_square(x, p)); }
static double rayleigh_ccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  double z = x / p[0];
  return x <= 0 ? 1 : z > 40 ? 0 : TH_SQRT_2PI * th_special_normal_pdf(z);
}
static double rayleigh_logcdf(double x, const double *p) {
  double half = half_square(x, p);
  return half < 1e-17 && x > 0 ? 2 * (log(x) - log(p[0])) - TH_LOG_2 : th_special_log1mexp(-half);
}
static double rayleigh_logccdf(double x, const double *p) { return 0 - half_square(x, p); }
static double rayleigh_quantile(double prob, const double *p) { return p[0] * sqrt(0 - 2 * log1p(-prob)); }
static double rayleigh_upper_quantile(double prob, const double *p) { return p[0] * sqrt(0 - 2 * log(prob)); }

static double rayleigh_mean(const double *p) { return p[0] * 1.253314137315500251207883; } /* √(π/2) */
static double rayleigh_variance(const double *p) { return p[0] * p[0] * (2 - TH_PI / 2); }
static double rayleigh_skewness(const double *p) { /* 2√π(π - 3)/(4 - π)^(3/2) */
  return th_density_constant(0.6311106578189371381919, p, 1);
}
static double rayleigh_kurtosis(const double *p) { /* -(6π² - 24π + 16)/(4 - π)² */
  return th_density_constant(0.2450893006876380628487, p, 1);
}
static double rayleigh_mode(const double *p) { return p[0]; }
static double rayleigh_median(const double *p) { return p[0] * 1.177410022515474691011570; } /* √(2 log 2) */
static double rayleigh_entropy(const double *p) { /* 1 - log √2 + γ/2 */
  return 0.9420342421707937755946 + log(p[0]);
}

static double complex rayleigh_cf(double k, const double *p) {
  double t = k * p[0];
  if (t != t || fabs(t) > DBL_MAX) return t != t ? TH_NAN : 0;
  return t == 0 ? 1 : -TH_I * (0.5 * TH_SQRT_PI) * th_special_faddeeva_derivative(1, t / TH_SQRT_2);
}

/* 1 + √π y e^(y²) (1 + erf y), y = tσ/√2; for y < 0 it is √π e^(y²) i¹erfc(-y). */
static double rayleigh_log_mgf(double t, const double *p) {
  double y = t * p[0] / TH_SQRT_2;
  if (y < -1) return log(TH_SQRT_PI * repeated_integral(1, -y)) + log(th_special_erfcx(-y));
  double rise = TH_SQRT_PI * y * (1 + erf(y));
  return growth(y, rise * exp(y * y), exp(-y * y) + rise);
}

static double rayleigh_sample(const double *p, ThRandom *r) {
  return p[0] * sqrt(2 * th_random_exponential(r));
}
static void rayleigh_gradient(double x, const double *p, double *d_x, double *d_p) {
  slopes(1, x, p, d_x, d_p);
}
static void rayleigh_fisher(const double *p, double *information) { *information = 4 / p[0] / p[0]; }
static double rayleigh_kl(const double *p, const double *q) { return scale_divergence(p, q); }
const ThFamilyMath th_rayleigh_math = {
    .name = "Rayleigh",
    .n_parameters = 1,
    .pdf = rayleigh_pdf,
    .logpdf = rayleigh_logpdf,
    .cdf = rayleigh_cdf,
    .ccdf = rayleigh_ccdf,
    .logcdf = rayleigh_logcdf,
    .logccdf = rayleigh_logccdf,
    .quantile = rayleigh_quantile,
    .upper_quantile = rayleigh_upper_quantile,
    .mean = rayleigh_mean,
    .variance = rayleigh_variance,
    .skewness = rayleigh_skewness,
    .kurtosis = rayleigh_kurtosis,
    .mode = rayleigh_mode,
    .median = rayleigh_median,
    .entropy = rayleigh_entropy,
    .cf = rayleigh_cf,
    .log_mgf = rayleigh_log_mgf,
    .sample = rayleigh_sample,
    .support = support,
    .gradient = rayleigh_gradient,
    .fisher = rayleigh_fisher,
    .kl = rayleigh_kl,
};

/* --- Maxwell */

static double maxwell_pdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  double z = x / p[0];
  return x <= 0 || z > 40 ? 0 : 2 * z * z * th_special_normal_pdf(z) / p[0];
}
static double maxwell_logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x < 0 || x > DBL_MAX) return -TH_INFINITY;
  double z = x / p[0];
  return TH_LOG_2 - TH_HALF_LOG_2PI + 2 * log(z) - 0.5 * z * z - log(p[0]);
}
static double maxwell_cdf(double x, const double *p) { return th_special_gamma_p(1.5, half_square(x, p)); }
static double maxwell_ccdf(double x, const double *p) { return th_special_gamma_q(1.5, half_square(x, p)); }
/* log of √(2/π) z³/3 where z² underflows */
static double maxwell_logcdf(double x, const double *p) {
  double half = half_square(x, p);
  if (half < 1e-290 && x > 0) return 3 * (log(x) - log(p[0])) + TH_LOG_2 - TH_HALF_LOG_2PI - log(3);
  return th_special_log_gamma_p(1.5, half);
}
static double maxwell_logccdf(double x, const double *p) {
  return th_special_log_gamma_q(1.5, half_square(x, p));
}
/* √(2/π) z³/3 (1 + O(z²)) = prob, far down, where the logarithm of prob loses digits */
static double maxwell_quantile(double prob, const double *p) {
  if (prob >= 0 && prob < 1e-25) return p[0] * cbrt(3 / (2 * TH_INV_SQRT_2PI) * prob);
  return p[0] * sqrt(2 * th_special_gamma_p_inverse(1.5, prob));
}
static double maxwell_upper_quantile(double prob, const double *p) {
  return p[0] * sqrt(2 * th_special_gamma_q_inverse(1.5, prob));
}

static double maxwell_mean(const double *p) { return p[0] * (4 * TH_INV_SQRT_2PI); }
static double maxwell_variance(const double *p) { return p[0] * p[0] * (3 - 8 / TH_PI); }
static double maxwell_skewness(const double *p) { /* 2√2(16 - 5π)/(3π - 8)^(3/2) */
  return th_density_constant(0.4856928280495908086639, p, 1);
}
static double maxwell_kurtosis(const double *p) { /* 4(40π - 3π² - 96)/(3π - 8)² */
  return th_density_constant(0.1081638428162941469498, p, 1);
}
static double maxwell_mode(const double *p) { return p[0] * TH_SQRT_2; }
static double maxwell_median(const double *p) { return maxwell_quantile(0.5, p); }
static double maxwell_entropy(const double *p) { /* log √(2π) + γ - 1/2 */
  return 0.9961541981062056023868 + log(p[0]);
}

static double complex maxwell_cf(double k, const double *p) {
  double t = k * p[0];
  if (t != t || fabs(t) > DBL_MAX) return t != t ? TH_NAN : 0;
  return t == 0 ? 1 : -0.5 * th_special_faddeeva_derivative(2, t / TH_SQRT_2);
}

/* 2y/√π + (1 + 2y²) e^(y²) (1 + erf y), y = tσ/√2; for y < 0 it is 4e^(y²) i²erfc(-y). */
static double maxwell_log_mgf(double t, const double *p) {
  double y = t * p[0] / TH_SQRT_2, yy = y * y;
  if (y < -1) return log(4 * repeated_integral(2, -y)) + log(th_special_erfcx(-y));
  double grow = expm1(yy) * (1 + erf(y)) + erf(y), linear = 2 / TH_SQRT_PI * y;
  return growth(y, linear + 2 * yy + (1 + 2 * yy) * grow, linear * exp(-yy) + (1 + 2 * yy) * (1 + erf(y)));
}

static double maxwell_sample(const double *p, ThRandom *r) {
  return p[0] * sqrt(2 * th_random_gamma(r, 1.5));
}
static void maxwell_gradient(double x, const double *p, double *d_x, double *d_p) {
  slopes(2, x, p, d_x, d_p);
}
static void maxwell_fisher(const double *p, double *information) { *information = 6 / p[0] / p[0]; }
static double maxwell_kl(const double *p, const double *q) { return 1.5 * scale_divergence(p, q); }
const ThFamilyMath th_maxwell_math = {
    .name = "Maxwell",
    .n_parameters = 1,
    .pdf = maxwell_pdf,
    .logpdf = maxwell_logpdf,
    .cdf = maxwell_cdf,
    .ccdf = maxwell_ccdf,
    .logcdf = maxwell_logcdf,
    .logccdf = maxwell_logccdf,
    .quantile = maxwell_quantile,
    .upper_quantile = maxwell_upper_quantile,
    .mean = maxwell_mean,
    .variance = maxwell_variance,
    .skewness = maxwell_skewness,
    .kurtosis = maxwell_kurtosis,
    .mode = maxwell_mode,
    .median = maxwell_median,
    .entropy = maxwell_entropy,
    .cf = maxwell_cf,
    .log_mgf = maxwell_log_mgf,
    .sample = maxwell_sample,
    .support = support,
    .gradient = maxwell_gradient,
    .fisher = maxwell_fisher,
    .kl = maxwell_kl,
};
