/* density_voigt.c - the Voigt profile: the sum of a normal and a Cauchy variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: x0, sigma >= 0 of the normal part, gamma >= 0 of the Cauchy part (half its width at half height); not both 0.
 * With either of them 0 it is the other's distribution. The density is Re w(z)/(σ√2π), z = (x - x0 + iγ)/(σ√2),
 * w the Faddeeva function. There is no closed form of its integral (density_voigt_tail.c). */
#include "num/density.h"

#include "num/density_solve.h"
#include "num/density_support.h"
#include "num/density_voigt.h"
#include "num/panel.h"
#include "num/real.h"
#include "num/special.h"

static bool is_nan(double x, const double *p) {
  return x != x || p[0] != p[0] || p[1] != p[1] || p[2] != p[2];
}

static double pdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  return fabs(x) > DBL_MAX ? 0 : th_voigt_density(x - p[0], p[1], p[2]);
}

/* Where the density underflows it is the sum of the parts' own densities, of which one rules. */
static double logpdf(double x, const double *p) {
  double density = pdf(x, p), distance = fabs(x - p[0]);
  if (density >= DBL_MIN || density != density) return log(density);
  if (distance > DBL_MAX) return -TH_INFINITY;
  double cauchy = log(p[2] / TH_PI) - 2 * log(distance), z = distance / p[1];
  if (p[1] == 0) return cauchy;
  return th_special_log_add(cauchy, -0.5 * z * z - (TH_HALF_LOG_2PI + log(p[1])));
}

/* P(X > x) where `above`; the side away from x0 is computed, and the other is 1 less it. */
static double probability(double x, const double *p, bool above) {
  if (is_nan(x, p)) return TH_NAN;
  double distance = fabs(x - p[0]), tail = distance > DBL_MAX ? 0 : th_voigt_tail(distance, p[1], p[2]);
  return above == (x >= p[0]) ? tail : 1 - tail;
}

static double log_probability(double x, const double *p, bool above) {
  if (is_nan(x, p)) return TH_NAN;
  double tail = probability(x, p, x >= p[0]), z = fabs(x - p[0]) / p[1];
  if (above != (x >= p[0])) return log1p(-tail);
  if (tail > 0 || fabs(x) > DBL_MAX || p[1] == 0) return log(tail);
  return th_special_log_normal_cdf(-z);
}

static double cdf(double x, const double *p) { return probability(x, p, false); }
static double ccdf(double x, const double *p) { return probability(x, p, true); }
static double logcdf(double x, const double *p) { return log_probability(x, p, false); }
static double logccdf(double x, const double *p) { return log_probability(x, p, true); }

/* --- Quantiles -------------------------------------------------------------------------------------- */

static double normal_part(double q, double sigma) {
  return sigma == 0 ? 0 : -sigma * th_special_normal_quantile(q);
}
static double cauchy_part(double q, double gamma) { return gamma == 0 ? 0 : gamma / tan(TH_PI * q); }

/* The distance with the probability q < 1/2 beyond it. It is above both parts' own, and below the sum of those
 * for q/2: one of the parts must pass its share. */
static double tail_quantile(double q, double sigma, double gamma) {
  static const ThTail tail = {logccdf, logpdf};
  const double centered[] = {0, sigma, gamma};
  if (gamma == 0) return normal_part(q, sigma);
  if (sigma == 0) return cauchy_part(q, gamma);
  double near = fmax(normal_part(q, sigma), cauchy_part(q, gamma));
  double far = normal_part(0.5 * q, sigma) + cauchy_part(0.5 * q, gamma);
  return th_density_solve_tail(&tail, centered, log(q), 0.999 * near, 1.001 * far, near);
}

static double quantile_of(double prob, const double *p, double sign) {
  if (!(prob >= 0 && prob <= 1) || is_nan(0, p)) return TH_NAN;
  double q = prob < 0.5 ? prob : 1 - prob;
  double distance = q == 0 ? TH_INFINITY : q == 0.5 ? 0 : tail_quantile(q, p[1], p[2]);
  return p[0] + (prob < 0.5 ? -sign : sign) * distance;
}

static double quantile(double prob, const double *p) { return quantile_of(prob, p, 1); }
static double upper_quantile(double prob, const double *p) { return quantile_of(prob, p, -1); }

/* --- Moments: those of the normal distribution, or none ------------------------------------------------ */

static double moment(double value, const double *p) {
  return p[2] > 0 ? TH_NAN : th_density_constant(value, p, 3);
}
static double mean(const double *p) { return moment(p[0], p); }
static double variance(const double *p) { return moment(p[1] * p[1], p); }
static double zero(const double *p) { return moment(0, p); }
static double center(const double *p) { return th_density_constant(p[0], p, 3); }

static double surprise(const void *self, double x) {
  const double *p = self;
  double density = pdf(x, p);
  return density > 0 ? -density * logpdf(x, p) : 0;
}

/* With x = scale sinh u, over which the density falls like e^-|u|. */
static double surprise_far(const void *self, double u) {
  const double *p = self;
  double scale = p[1] + p[2];
  return surprise(self, scale * sinh(u)) * scale * cosh(u);
}

static double entropy(const double *p) {
  if (is_nan(0, p)) return TH_NAN;
  if (p[2] == 0) return 0.5 + TH_HALF_LOG_2PI + log(p[1]);
  if (p[1] == 0) return log(4 * TH_PI) + log(p[2]);
  double scale = p[1] + p[2];
  const double unit[] = {0, p[1] / scale, p[2] / scale};
  return log(scale) + 2 * th_panel_integral(surprise_far, unit, 0, 44, 88);
}

/* --- Transforms ---------------------------------------------------------------------------------------- */

static double complex cf(double k, const double *p) {
  if (is_nan(k, p)) return TH_NAN;
  double s = p[1] * k, modulus = exp(-0.5 * s * s - (k == 0 ? 0 : p[2] * fabs(k)));
  if (modulus == 0) return 0;
  return modulus * cos(p[0] * k) + TH_I * (modulus * sin(p[0] * k));
}

static double log_mgf(double t, const double *p) {
  if (is_nan(t, p)) return TH_NAN;
  if (t == 0) return 0;
  return p[2] > 0 ? TH_INFINITY : p[0] * t + 0.5 * (p[1] * t) * (p[1] * t);
}

/* --- Samples, slopes ------------------------------------------------------------------------------------ */

/* The ratio of two normal numbers is a Cauchy number. */
static double sample(const double *p, ThRandom *r) {
  double normal = th_random_normal(r), above = th_random_normal(r), below = th_random_normal(r);
  return p[0] + p[1] * normal + p[2] * (above / below);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(-TH_INFINITY, p, 3);
  *upper = th_density_constant(TH_INFINITY, p, 3);
}

/* Of log V for the Cauchy part alone, in x, σ and γ. */
static void cauchy_slopes(double x, double gamma, double *d) {
  double size = hypot(x, gamma);
  d[0] = fabs(x) > DBL_MAX ? 0 : -2 * (x / size) / size;
  d[1] = 0;
  d[2] = 1 / gamma - 2 * (gamma / size) / size;
}

/* Of log V: d/dx and d/dγ from w', d/dσ from w'', because V solves the heat equation ∂V/∂σ = σ ∂²V/∂x². Where V
 * underflows only the Cauchy part is left. */
static void slopes(double x, const double *p, double *d) {
  double sigma = p[1], gamma = p[2], z = x / sigma;
  double complex slope, bend;
  if (sigma == 0) {
    cauchy_slopes(x, gamma, d);
    return;
  }
  double height = th_voigt_slopes(z, gamma / sigma, &slope, &bend);
  if (height == 0 && gamma > 0) {
    cauchy_slopes(x, gamma, d);
    return;
  }
  d[0] = gamma == 0 ? -z / sigma : creal(slope) / (TH_SQRT_2 * sigma * height);
  d[1] = gamma == 0 ? (z * z - 1) / sigma : creal(bend) / (2 * sigma * height);
  d[2] = height == 0 ? TH_INFINITY : -cimag(slope) / (TH_SQRT_2 * sigma * height);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 3, d_x, d_p)) return;
  double d[3];
  slopes(x - p[0], p, d);
  if (d_x) *d_x = d[0];
  if (!d_p) return;
  d_p[0] = -d[0];
  d_p[1] = d[1];
  d_p[2] = d[2];
}

const ThFamilyMath th_voigt_math = {
    .name = "Voigt",
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
    .skewness = zero,
    .kurtosis = zero,
    .mode = center,
    .median = center,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
};
