/* density_student.c - Student's t distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: ν > 0, μ, σ > 0. With z = (x - μ)/σ, z²/ν is the odds of a Beta(1/2, ν/2) variable. */
#include "num/density.h"

#include "num/density_odds.h"
#include "num/density_student.h"
#include "num/density_support.h"
#include "num/kernels.h"
#include "num/real.h"
#include "num/special.h"

/* --- What depends on ν alone ---------------------------------------------------------------------- */

/* a log(1 + 1/2a) - 1/2 + δ(a + 1/2) - δ(a), a = ν/2, with Stirling's error δ: each term is small for large ν. */
double th_density_student_log_ratio(double nu) {
  double a = 0.5 * nu;
  return th_special_stirling_error(a + 0.5) - th_special_stirling_error(a) -
         a * th_special_log1p_deviation(1 / nu);
}

/* f(ν) = f(ν + 2) + 2/(ν(ν + 1)(ν + 2)), and from 30 on the asymptotic series (DLMF 5.11.2 twice). */
double th_density_student_digamma_step(double nu) {
  static const double series[] = {0.5, -0.25, 0.5, -17.0 / 8, 15.5, -172.75, 2730.5};
  double shift = 0, sum = 0;
  for (; nu < 30; nu += 2) shift += 2 / nu / (nu + 1) / (nu + 2);
  double r = 1 / (nu * nu);
  for (int n = 6; n >= 0; n--) sum = (sum + series[n]) * r;
  return shift + sum;
}

double th_density_student_entropy(double nu) {
  double step = th_density_student_digamma_step(nu) + 1 / nu;
  return 0.5 * (nu + 1) * step + TH_HALF_LOG_2PI - th_density_student_log_ratio(nu);
}

/* (ψ'(ν/2) - ψ'((ν + 1)/2))/4 - (ν + 5)/(2ν(ν + 1)(ν + 3)): of the order ν⁻⁴, while its terms are of the order
 * ν⁻²; for large ν the leading terms are cancelled on paper. */
static double information(double nu) {
  static const double series[] = {-1, 3, -17, 155, -2073, 38227};
  if (nu < 40)
    return 0.25 * (th_special_trigamma(0.5 * nu) - th_special_trigamma(0.5 * nu + 0.5)) -
           (nu + 5) / (2 * nu * (nu + 1) * (nu + 3));
  double r = 1 / nu, r2 = r * r, sum = 0;
  for (int n = 5; n >= 0; n--) sum = (sum + series[n]) * r2;
  return 0.5 * r * r2 * ((7 * nu + 3) / (nu + 1) / (nu + 3) + sum);
}

/* Lange, Little and Taylor 1989, appendix B. */
void th_density_student_fisher(double nu, double sigma, double *nu_nu, double *nu_sigma,
                               double *sigma_sigma) {
  *nu_nu = information(nu);
  *nu_sigma = -2 / (sigma * (nu + 1) * (nu + 3));
  *sigma_sigma = 2 * nu / (nu + 3) / sigma / sigma;
}

/* (1 + z²/ν)^(-(ν + 1)/2): as a power far out, where the exponent of an exponential would lose its digits, and so
 * would ν + 1 those of a small ν. */
static double bell(double z, double nu, ThOdds at) {
  if (at.w < 1) return exp(-0.5 * (nu + 1) * log1p(at.w));
  double length = hypot(1, z / sqrt(nu));
  return pow(length, -nu) / length;
}

double th_density_student_pdf(double z, double nu) {
  if (fabs(z) > DBL_MAX) return 0;
  double front = TH_INV_SQRT_2PI * exp(th_density_student_log_ratio(nu));
  return z == 0 ? front : front * bell(z, nu, th_density_odds_square(fabs(z), nu));
}

double th_density_student_logpdf(double z, double nu) {
  if (fabs(z) > DBL_MAX) return -TH_INFINITY;
  double front = th_density_student_log_ratio(nu) - TH_HALF_LOG_2PI;
  return z == 0 ? front : front - 0.5 * (nu + 1) * th_density_odds_log1p(th_density_odds_square(fabs(z), nu));
}

/* ∂/∂ν is half of: ψ((ν + 1)/2) - ψ(ν/2) - 1/ν - log(1 + w) + (1 + 1/ν) u, u = w/(1 + w), w = z²/ν. While w is
 * small, log(1 + w) - u is log(1 + r) - r at r = -u, up to sign. */
void th_density_student_gradient(double z, double nu, double *d_z, double *d_nu) {
  double size = fabs(z), w = size * size / nu, u = w > DBL_MAX ? 1 : w / (1 + w);
  *d_z = size > 1e150 ? -(nu + 1) / z : -(nu + 1) * z / (nu + z * z);
  double spread;
  if (u < 0.5) spread = th_special_log1p_deviation(-u);
  else spread = th_density_odds_log1p(th_density_odds_square(size, nu)) - u;
  *d_nu = 0.5 * (th_density_student_digamma_step(nu) - spread + u / nu);
}

/* σ ∂/∂σ of the logarithm: (ν + 1) z²/(ν + z²) - 1. */
double th_density_student_scale_slope(double z, double nu) {
  return fabs(z) > 1e150 ? nu : nu * ((z - 1) / (nu + z * z) * (z + 1));
}

/* --- The family ---------------------------------------------------------------------------------- */

enum { NU, MU, SIGMA };

static double standardised(double x, const double *p) { return (x - p[MU]) / p[SIGMA]; }
static bool is_nan(double x, const double *p) {
  return x != x || p[NU] != p[NU] || p[MU] != p[MU] || p[SIGMA] != p[SIGMA];
}

static double pdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : th_density_student_pdf(standardised(x, p), p[NU]) / p[SIGMA];
}

static double logpdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : th_density_student_logpdf(standardised(x, p), p[NU]) - log(p[SIGMA]);
}

/* P(T > z); ν as th_density_student_finite gives it. */
static double tail(double z, double nu) {
  if (z < 0) return 1 - tail(-z, nu);
  if (z == 0) return 0.5;
  return z > DBL_MAX ? 0 : 0.5 * th_density_odds_q(0.5, 0.5 * nu, th_density_odds_square(z, nu));
}

static double log_tail(double z, double nu) {
  if (z < 0) return log1p(-tail(-z, nu));
  if (z == 0) return -TH_LOG_2;
  if (z > DBL_MAX) return -TH_INFINITY;
  return th_density_odds_log_q(0.5, 0.5 * nu, th_density_odds_square(z, nu)) - TH_LOG_2;
}

static double cdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : tail(-standardised(x, p), th_density_student_finite(p[NU]));
}
static double ccdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : tail(standardised(x, p), th_density_student_finite(p[NU]));
}
static double logcdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : log_tail(-standardised(x, p), th_density_student_finite(p[NU]));
}
static double logccdf(double x, const double *p) {
  return is_nan(x, p) ? TH_NAN : log_tail(standardised(x, p), th_density_student_finite(p[NU]));
}

/* Newton's steps on the logarithm of the tail, or from the middle on the probability there, from the first terms of
 * Cornish and Fisher's expansion about the normal distribution. */
static double nearly_normal_point(double outside, double inside, double nu) {
  double z = -th_special_normal_quantile(0.5 * outside), step = 1;
  z += z * (z * z + 1) / (4 * nu);
  for (int i = 0; i < 20 && fabs(step) > 1e-9 * z; i++) {
    if (outside < 0.5) {
      double log_prob = log_tail(z, nu);
      step = (log_prob - log(0.5 * outside)) * exp(log_prob - th_density_student_logpdf(z, nu));
    } else {
      double within = th_density_odds_p(0.5, 0.5 * nu, th_density_odds_square(z, nu));
      step = (inside - within) / (2 * th_density_student_pdf(z, nu));
    }
    z += step;
  }
  return z;
}

double th_density_student_point(double outside, double inside, double nu) {
  if (inside == 0 || outside == 0) return inside == 0 ? 0 : TH_INFINITY;
  if (nu > 1e6) return nearly_normal_point(outside, inside, th_density_student_finite(nu));
  ThOdds at = outside < 0.5 ? th_density_odds_q_inverse(0.5, 0.5 * nu, outside)
                            : th_density_odds_p_inverse(0.5, 0.5 * nu, inside);
  return at.log_w == at.log_w ? exp(0.5 * (log(nu) + at.log_w)) : sqrt(nu * at.w);
}

/* z with P(T > z) = prob. 1 - 2 prob is exact where it is small. */
static double upper_point(double prob, double nu) {
  if (!(prob >= 0 && prob <= 1) || nu != nu) return TH_NAN;
  return prob > 0.5 ? -upper_point(1 - prob, nu) : th_density_student_point(2 * prob, 1 - 2 * prob, nu);
}

static double upper_quantile(double prob, const double *p) {
  return p[MU] + p[SIGMA] * upper_point(prob, p[NU]);
}
static double quantile(double prob, const double *p) { return p[MU] - p[SIGMA] * upper_point(prob, p[NU]); }

static double mean(const double *p) { return p[NU] > 1 ? th_density_constant(p[MU], p, 3) : TH_NAN; }
static double variance(const double *p) {
  if (!(p[NU] > 1)) return TH_NAN;
  double unit = p[NU] > 2 ? p[NU] / (p[NU] - 2) : TH_INFINITY;
  return th_density_constant(unit * p[SIGMA] * p[SIGMA], p, 3);
}
static double skewness(const double *p) { return p[NU] > 3 ? th_density_constant(0, p, 3) : TH_NAN; }
static double kurtosis(const double *p) {
  if (!(p[NU] > 2)) return TH_NAN;
  return th_density_constant(p[NU] > 4 ? 6 / (p[NU] - 4) : TH_INFINITY, p, 3);
}
static double mode(const double *p) { return th_density_constant(p[MU], p, 3); }
static double entropy(const double *p) {
  return th_density_constant(th_density_student_entropy(p[NU]) + log(p[SIGMA]), p, 3);
}

/* With the variance of a normal variable drawn from the reciprocal of Gamma(ν/2, ν/2): e^(-t²/2) averaged. */
double th_density_student_cf(double t, double nu) {
  if (nu > 1e30) return exp(-0.5 * t * t);
  return creal(th_special_reciprocal_gamma_exp(0.5 * nu, 0.25 * nu * t * t));
}

static double complex cf(double k, const double *p) {
  if (is_nan(k, p)) return TH_NAN;
  if (k == 0) return 1;
  return th_density_polar(th_density_student_cf(p[SIGMA] * k, p[NU]), p[MU] * k);
}

static double log_mgf(double t, const double *p) { return is_nan(t, p) ? TH_NAN : t == 0 ? 0 : TH_INFINITY; }

double th_density_student_sample(double nu, ThRandom *r) {
  double z = th_random_normal(r), a = 0.5 * nu;
  if (a >= 1) return z / sqrt(th_random_gamma(r, a) / a);
  double log_ratio = th_kernel_log_portable(a) -
                     th_random_log_gamma(r, a); /* the draw itself may underflow */
  return z * th_kernel_exp_portable(0.5 * log_ratio);
}

static double sample(const double *p, ThRandom *r) {
  return p[MU] + p[SIGMA] * th_density_student_sample(p[NU], r);
}

static void support(const double *p, double *lower, double *upper) {
  th_density_line_support(p, 3, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 3, d_x, d_p)) return;
  double z = standardised(x, p), d_z, d_nu;
  th_density_student_gradient(z, p[NU], &d_z, &d_nu);
  if (d_x) *d_x = d_z / p[SIGMA];
  if (!d_p) return;
  d_p[NU] = d_nu;
  d_p[MU] = -d_z / p[SIGMA];
  d_p[SIGMA] = th_density_student_scale_slope(z, p[NU]) / p[SIGMA];
}

static void fisher(const double *p, double *information_matrix) {
  double nu_nu, nu_sigma, sigma_sigma, sigma = p[SIGMA];
  th_density_student_fisher(p[NU], sigma, &nu_nu, &nu_sigma, &sigma_sigma);
  double mu_mu = (p[NU] + 1) / (p[NU] + 3) / sigma / sigma;
  const double rows[9] = {nu_nu, 0, nu_sigma, 0, mu_mu, 0, nu_sigma, 0, sigma_sigma};
  for (int i = 0; i < 9; i++) information_matrix[i] = th_density_constant(rows[i], p, 3);
}

const ThFamilyMath th_student_t_math = {
    .name = "StudentT",
    .n_parameters = 3,
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
    .median = mode,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
};
