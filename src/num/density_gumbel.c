/* density_gumbel.c - the Gumbel distribution, of largest values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: location, scale > 0. With z = (x - location)/scale, e^-z is an exponential variable. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels.h"
#include "num/special.h"
#include "num/special_tail.h"

static double z_of(double x, const double *p) { return (x - p[0]) / p[1]; }

/* -z - e^-z */
static double exponent(double z) { return z < -DBL_MAX ? z : -z - exp(-z); }

static double pdf(double x, const double *p) { return exp(exponent(z_of(x, p))) / p[1]; }
static double logpdf(double x, const double *p) { return exponent(z_of(x, p)) - log(p[1]); }

static double cdf(double x, const double *p) { return exp(-exp(-z_of(x, p))); }
static double ccdf(double x, const double *p) { return -expm1(-exp(-z_of(x, p))); }
static double logcdf(double x, const double *p) { return -exp(-z_of(x, p)); }
static double logccdf(double x, const double *p) { return th_special_log1mexp(-exp(-z_of(x, p))); }

static double quantile(double prob, const double *p) {
  return th_density_is_probability(prob) ? p[0] - p[1] * log(-log(prob)) : TH_NAN;
}
static double upper_quantile(double prob, const double *p) {
  return th_density_is_probability(prob) ? p[0] - p[1] * log(-log1p(-prob)) : TH_NAN;
}

static double mean(const double *p) { return p[0] + TH_EULER * p[1]; }
static double variance(const double *p) {
  return th_density_constant(p[1] * p[1] * (TH_PI * TH_PI / 6), p, 2);
}
/* 12√6 ζ(3)/π³ */
static double skewness(const double *p) { return th_density_constant(1.139547099404648657493, p, 2); }
static double kurtosis(const double *p) { return th_density_constant(2.4, p, 2); }
static double mode(const double *p) { return th_density_constant(p[0], p, 2); }
static double median(const double *p) { return p[0] + 0.3665129205816643270124 * p[1]; } /* -log log 2 */
static double entropy(const double *p) { return th_density_constant(1 + TH_EULER + log(p[1]), p, 2); }

/* arg Γ(1 + iy), y >= 0, up to whole turns: Stirling's series (DLMF 5.11.1) at n + 1 + iy, less the angle of the
 * product (1 + iy)(2 + iy)…(n + iy)/n!. Near 0 both are linear in y and their difference, -γy, loses a factor 5; for
 * large y it is y log y - y, which a rounding of y moves as much. GSL's complex log Γ is worse by a digit or two where
 * y is about 20. */
static double gamma_angle(double y) {
  enum { N = 12 };
  static const double series[] = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360};
  if (y > 1e8) return y * (log(y) - 1) + 0.25 * TH_PI;
  double real = N + 1, size2 = real * real + y * y;
  double complex r = (real - TH_I * y) / size2, r2 = r * r, sum = 0, product = 1;
  for (int i = 5; i >= 0; i--) sum = sum * r2 + series[i];
  for (int i = 1; i <= N; i++) product *= 1 + TH_I * (y / i);
  double stirling = (real - 0.5) * atan2(y, real) + y * (0.5 * log(size2) - 1) + cimag(sum * r);
  return stirling - carg(product);
}

/* e^(iμk) Γ(1 - iy), y = scale k; its modulus is √(πy/sinh πy). */
static double complex cf(double k, const double *p) {
  double y = p[1] * k, size = TH_PI * fabs(y), angle = gamma_angle(fabs(y));
  double modulus = size < 1 ? exp(-0.5 * th_special_log_sinhc(size))
                            : sqrt(2 * size / -expm1(-2 * size)) * exp(-0.5 * size);
  return th_density_polar(size > 1600 ? 0 : modulus, p[0] * k - (y < 0 ? -angle : angle));
}

static double log_mgf(double t, const double *p) {
  double s = p[1] * t;
  return s >= 1 ? th_density_constant(TH_INFINITY, p, 2) : p[0] * t + th_special_lgamma1p(-s);
}

static double sample(const double *p, ThRandom *r) {
  return p[0] - p[1] * th_kernel_log_portable(th_random_exponential(r));
}

static void support(const double *p, double *lower, double *upper) {
  th_density_line_support(p, 2, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 2, d_x, d_p)) return;
  double z = z_of(x, p), slope = -expm1(-z); /* 1 - e^-z */
  if (d_x) *d_x = -slope / p[1];
  if (!d_p) return;
  d_p[0] = slope / p[1];
  d_p[1] = (z * slope - 1) / p[1];
}

/* The moments of (1 - E, -1 - (1 - E) log E) for an exponential E: E^n log E has the mean n! ψ(n + 1). */
static void fisher(const double *p, double *information) {
  double each = 1 / p[1] / p[1], b = 1 - TH_EULER;
  th_density_diagonal(each, each * (TH_PI * TH_PI / 6 + b * b), information);
  information[1] = information[2] = -b * each;
}

/* With r = β/β' and d = (μ - μ')/β': d - log r + γ(r - 1) - 1 + e^-d Γ(1 + r), which is e^-A - 1 + A with
 * A = d - log Γ(1 + r), and log Γ(r) + γ(r - 1): two terms that are never negative. */
static double kl(const double *p, const double *q) {
  double ratio = p[1] / q[1], excess = (p[1] - q[1]) / q[1], d = (p[0] - q[0]) / q[1];
  if (fabs(excess) < 0.5) {
    double a = d - (th_special_lgamma1p(excess) + log1p(excess));
    return th_special_exp_deviation(a) + th_special_lgamma1p_deviation(excess);
  }
  return th_special_exp_deviation(d - th_special_lgamma1p(ratio)) + th_special_lgamma(ratio) +
         TH_EULER * excess;
}

const ThFamilyMath th_gumbel_math = {
    .name = "Gumbel",
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
