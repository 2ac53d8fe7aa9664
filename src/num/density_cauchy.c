/* density_cauchy.c - the Cauchy distribution, and its half on the positive numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: location, scale > 0; of HalfCauchy sigma > 0, the support being x >= 0. Distances and scales meet in hypot
 * and atan2, which neither overflow nor lose a tail. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/special.h"

/* The density of the scale s at the distance d from the location. */
static double height(double d, double s) {
  double h = hypot(d, s);
  return s / h / (TH_PI * h);
}
static double log_height(double d, double s) {
  double z = fabs(d) / s;
  if (!(z > 1e8)) return -log1p(z * z) - (TH_LOG_PI + log(s));
  return log(s) - TH_LOG_PI - 2 * log(fabs(d));
}

/* P(X <= location + d) */
static double below(double d, double s) { return atan2(s, -d) / TH_PI; }

/* tan(π(prob - 1/2)), for the smaller of prob and 1 - prob as a cotangent. */
static double z_quantile(double prob) {
  if (!th_density_is_probability(prob)) return TH_NAN;
  if (fabs(prob - 0.5) < 0.25) return tan(TH_PI * (prob - 0.5));
  return prob < 0.5 ? -1 / tan(TH_PI * prob) : 1 / tan(TH_PI * (1 - prob));
}

/* --- Cauchy */

static double pdf(double x, const double *p) { return height(x - p[0], p[1]); }
static double logpdf(double x, const double *p) { return log_height(x - p[0], p[1]); }
static double cdf(double x, const double *p) { return below(x - p[0], p[1]); }
static double ccdf(double x, const double *p) { return below(p[0] - x, p[1]); }
static double logcdf(double x, const double *p) { return th_density_log_share(cdf(x, p), ccdf(x, p)); }
static double logccdf(double x, const double *p) { return th_density_log_share(ccdf(x, p), cdf(x, p)); }
static double quantile(double prob, const double *p) { return p[0] + p[1] * z_quantile(prob); }
static double upper_quantile(double prob, const double *p) { return p[0] - p[1] * z_quantile(prob); }

static double undefined(const double *p) {
  (void)p;
  return TH_NAN;
}
static double middle(const double *p) { return th_density_constant(p[0], p, 2); }
static double entropy(const double *p) {
  return th_density_constant(2 * TH_LOG_2 + TH_LOG_PI + log(p[1]), p, 2);
}

static double complex cf(double k, const double *p) {
  return th_density_polar(exp(-p[1] * fabs(k)), p[0] * k);
}

static double log_mgf(double t, const double *p) {
  return t == 0 ? th_density_constant(0, p, 2) : t + th_density_constant(TH_INFINITY, p, 2);
}

/* The ratio of two normal ones. */
static double sample(const double *p, ThRandom *r) {
  double numerator = th_random_normal(r);
  return p[0] + p[1] * (numerator / th_random_normal(r));
}

static void support(const double *p, double *lower, double *upper) {
  th_density_line_support(p, 2, lower, upper);
}

/* With z = d/s: 2z/(1 + z²) is half the derivative's size, (z² - 1)/(z² + 1) that of the scale; by 1/z for large z. */
static void slopes(double z, double *of_z, double *of_scale) {
  bool far = fabs(z) > 1;
  double r = far ? 1 / z : z;
  *of_z = 2 * r / (1 + r * r);
  *of_scale = (far ? 1 - r * r : r * r - 1) / (1 + r * r);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 2, d_x, d_p)) return;
  double of_z, of_scale;
  slopes((x - p[0]) / p[1], &of_z, &of_scale);
  if (d_x) *d_x = -of_z / p[1];
  if (!d_p) return;
  d_p[0] = of_z / p[1];
  d_p[1] = of_scale / p[1];
}

static void fisher(const double *p, double *information) {
  double each = 0.5 / p[1] / p[1];
  th_density_diagonal(each, each, information);
}

/* log(((s + s')² + (μ - μ')²)/(4 s s')) (Chyzak and Nielsen 2019), less 1 inside the logarithm. */
static double divergence(double s, double other, double shift) {
  double spread = s - other;
  return log1p(0.25 * (spread / s * (spread / other) + shift / s * (shift / other)));
}
static double kl(const double *p, const double *q) { return divergence(p[1], q[1], p[0] - q[0]); }

const ThFamilyMath th_cauchy_math = {
    .name = "Cauchy",
    .n_parameters = 2,
    .pdf = pdf,
    .logpdf = logpdf,
    .cdf = cdf,
    .ccdf = ccdf,
    .logcdf = logcdf,
    .logccdf = logccdf,
    .quantile = quantile,
    .upper_quantile = upper_quantile,
    .mean = undefined,
    .variance = undefined,
    .skewness = undefined,
    .kurtosis = undefined,
    .mode = middle,
    .median = middle,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};

/* --- HalfCauchy */

/* x, 0 below the support */
static double inside(double x) { return x < 0 ? 0 : x; }

static double half_pdf(double x, const double *p) { return x < 0 ? p[0] * 0 : 2 * height(x, p[0]); }
static double half_logpdf(double x, const double *p) {
  return x < 0 ? -TH_INFINITY + p[0] * 0 : TH_LOG_2 + log_height(x, p[0]);
}
static double half_cdf(double x, const double *p) { return atan2(inside(x), p[0]) / (0.5 * TH_PI); }
static double half_ccdf(double x, const double *p) { return atan2(p[0], inside(x)) / (0.5 * TH_PI); }
static double half_logcdf(double x, const double *p) {
  return th_density_log_share(half_cdf(x, p), half_ccdf(x, p));
}
static double half_logccdf(double x, const double *p) {
  return th_density_log_share(half_ccdf(x, p), half_cdf(x, p));
}

static double half_quantile(double prob, const double *p) {
  if (!th_density_is_probability(prob)) return TH_NAN;
  if (prob <= 0.5) return p[0] * tan(0.5 * TH_PI * prob);
  return p[0] / tan(0.5 * TH_PI * (1 - prob));
}
static double half_upper_quantile(double prob, const double *p) {
  if (!th_density_is_probability(prob)) return TH_NAN;
  if (prob <= 0.5) return p[0] / tan(0.5 * TH_PI * prob);
  return p[0] * tan(0.5 * TH_PI * (1 - prob));
}

static double divergent(const double *p) { return th_density_constant(TH_INFINITY, p, 1); }
static double half_mode(const double *p) { return th_density_constant(0, p, 1); }
static double half_median(const double *p) { return p[0]; }
static double half_entropy(const double *p) { return TH_LOG_2PI + log(p[0]); }

/* e^-κ + i(2/π) ∫ sin(κt)/(1 + t²) dt, κ = sigma k */
static double complex half_cf(double k, const double *p) {
  double kappa = p[0] * fabs(k);
  return exp(-kappa) + TH_I * copysign(th_special_cauchy_sine(kappa) / (0.5 * TH_PI), k);
}

static double half_log_mgf(double t, const double *p) {
  return t > 0 ? divergent(p) : th_special_log_auxiliary_f(-t * p[0]);
}

static double half_sample(const double *p, ThRandom *r) {
  double numerator = th_random_normal(r);
  return p[0] * fabs(numerator / th_random_normal(r));
}

static void half_support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 1, lower, upper);
}

static void half_gradient(double x, const double *p, double *d_x, double *d_p) {
  double of_z, of_scale;
  if (th_density_no_gradient(x >= 0, x, p, 1, d_x, d_p)) return;
  slopes(x / p[0], &of_z, &of_scale);
  if (d_x) *d_x = -of_z / p[0];
  if (d_p) d_p[0] = of_scale / p[0];
}

static void half_fisher(const double *p, double *information) { *information = 0.5 / p[0] / p[0]; }

/* Folding both at their common centre loses nothing: it is that of the whole distributions. */
static double half_kl(const double *p, const double *q) { return divergence(p[0], q[0], 0); }

const ThFamilyMath th_half_cauchy_math = {
    .name = "HalfCauchy",
    .n_parameters = 1,
    .pdf = half_pdf,
    .logpdf = half_logpdf,
    .cdf = half_cdf,
    .ccdf = half_ccdf,
    .logcdf = half_logcdf,
    .logccdf = half_logccdf,
    .quantile = half_quantile,
    .upper_quantile = half_upper_quantile,
    .mean = divergent,
    .variance = divergent,
    .skewness = undefined,
    .kurtosis = undefined,
    .mode = half_mode,
    .median = half_median,
    .entropy = half_entropy,
    .cf = half_cf,
    .log_mgf = half_log_mgf,
    .sample = half_sample,
    .support = half_support,
    .gradient = half_gradient,
    .fisher = half_fisher,
    .kl = half_kl,
};
