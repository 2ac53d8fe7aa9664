/* density_skew_normal.c - the skew normal distribution (Azzalini 1985) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: xi, omega > 0, alpha. With z = (x - xi)/omega the density is 2 φ(z) Φ(αz)/omega.
 *
 * The tails are Φ(∓z) ± 2T(z, α) with Owen's function T (1956), whose integrand, with x = sinh u,
 *   e^(-z²cosh²u/2)/(2π cosh u),
 * is positive: T is its integral from 0 to asinh α, and because the integral to inf is Φ(-|z|)/2, the tail that
 * would be a difference is twice the integral from asinh α to inf. Both keep their relative accuracy. Negative
 * alpha is the mirror image. */
#include "num/density.h"

#include "num/density_solve.h"
#include "num/density_support.h"
#include "num/panel.h"
#include "num/real.h"
#include "num/special.h"

static const double ROOT_2_OVER_PI = 0.7978845608028653558799;

static double z_of(double x, const double *p) { return (x - p[0]) / p[1]; }

static double pdf(double x, const double *p) {
  double z = z_of(x, p);
  if (fabs(z) > DBL_MAX) return p[2] != p[2] ? TH_NAN : 0;
  return 2 * th_special_normal_pdf(z) * th_special_normal_cdf(p[2] * z) / p[1];
}

static double logpdf(double x, const double *p) {
  double z = z_of(x, p);
  if (fabs(z) > DBL_MAX) return p[2] != p[2] ? TH_NAN : -TH_INFINITY;
  return TH_LOG_2 - 0.5 * z * z - (TH_HALF_LOG_2PI + log(p[1])) + th_special_log_normal_cdf(p[2] * z);
}

/* --- The tails, for alpha >= 0 and omega = 1 ------------------------------------------------------- */

/* The integrand from u = start on, relative to its value there. */
typedef struct Owen {
  double half_square; /* z²/2 */
  double start, cosh_start;
} Owen;

static double owen_ratio(const void *self, double s) {
  const Owen *o = self;
  double rise = sinh(s) * sinh(2 * o->start + s); /* cosh²u - cosh² of the start */
  double growth = 2 * sinh(0.5 * s) * sinh(o->start + 0.5 * s) / o->cosh_start;
  return -o->half_square * rise - log1p(growth);
}

/* The integral from u = start over `length`, without the factor e^(-z²cosh²(start)/2)/π. */
static double owen_integral(double z, double start, double length) {
  Owen o = {0.5 * z * z, start, cosh(start)};
  return th_panel_decay(owen_ratio, &o, length, 1.5) / o.cosh_start;
}

/* log P(Z <= z) for z <= 0. */
static double log_lower(double z, double alpha) {
  double away = alpha * z;
  if (fabs(away) > 1e150) return -TH_INFINITY;
  return log(owen_integral(z, asinh(alpha), TH_INFINITY)) - TH_LOG_PI - 0.5 * z * z - 0.5 * away * away;
}

/* The same, where it does not underflow: e^(-z²/2 - (αz)²/2) from functions that keep its last digits. */
static double lower(double z, double alpha) {
  double away = alpha * z, rest = fma(alpha, z, -away);
  if (fabs(away) > 40) return 0;
  double height = 2 * th_special_normal_pdf(z) * th_special_normal_pdf(away) * (1 - away * rest);
  return height * owen_integral(z, asinh(alpha), TH_INFINITY);
}

/* P(Z > z)/φ(z) for z >= 0 */
static double upper_ratio(double z, double alpha) {
  return 0.5 * TH_SQRT_2PI * th_special_erfcx(z / TH_SQRT_2) +
         2 * TH_INV_SQRT_2PI * owen_integral(z, 0, asinh(alpha));
}

/* Beyond it Z is half normal to all digits, and cosh² of asinh α might overflow. */
static const double MOST_ALPHA = 1e100;

/* P(Z <= z) of alpha of either sign, or P(Z > z). */
static double probability(double z, double alpha, bool below) {
  if (z != z || alpha != alpha) return TH_NAN;
  if (fabs(z) > DBL_MAX) return below == (z > 0) ? 1 : 0;
  if (alpha < 0) return probability(-z, -alpha, !below);
  alpha = fmin(alpha, MOST_ALPHA);
  double small = z <= 0 ? lower(z, alpha) : th_special_normal_pdf(z) * upper_ratio(z, alpha);
  return below == (z <= 0) ? small : 1 - small;
}

static double log_probability(double z, double alpha, bool below) {
  if (z != z || alpha != alpha) return TH_NAN;
  if (fabs(z) > DBL_MAX) return below == (z > 0) ? 0 : -TH_INFINITY;
  if (alpha < 0) return log_probability(-z, -alpha, !below);
  alpha = fmin(alpha, MOST_ALPHA);
  if (below != (z <= 0)) return log1p(-probability(z, alpha, !below));
  if (z <= 0) return log_lower(z, alpha);
  return log(upper_ratio(z, alpha)) - 0.5 * z * z - TH_HALF_LOG_2PI;
}

static double cdf(double x, const double *p) { return probability(z_of(x, p), p[2], true); }
static double ccdf(double x, const double *p) { return probability(z_of(x, p), p[2], false); }
static double logcdf(double x, const double *p) { return log_probability(z_of(x, p), p[2], true); }
static double logccdf(double x, const double *p) { return log_probability(z_of(x, p), p[2], false); }

/* --- Quantiles -------------------------------------------------------------------------------------- */

/* z with P(Z > z) = q. |Z| is half normal, so z is below the half-normal quantile, and above minus that. */
static double standard_upper_quantile(double q, double alpha) {
  static const ThTail tail = {logccdf, logpdf};
  const double p[] = {0, 1, alpha};
  double log_q = log(q), reach = -th_special_normal_quantile(0.5 * q), guess = alpha > 0 ? 0.999 * reach : 0;
  double low = fmin(th_special_normal_quantile(0.5 * (1 - q)), -1e-300);
  return th_density_solve_tail(&tail, p, log_q, low, fmax(reach, 0) + 1e-3, guess);
}

static double quantile_of(double prob, const double *p, bool upper) {
  if (!(prob >= 0 && prob <= 1) || p[0] != p[0] || p[1] != p[1] || p[2] != p[2]) return TH_NAN;
  if (prob == 0 || prob == 1) return (prob == 1) == upper ? -TH_INFINITY : TH_INFINITY;
  bool tail_above = upper == (prob <= 0.5);
  double q = prob <= 0.5 ? prob : 1 - prob;
  return tail_above ? p[0] + p[1] * standard_upper_quantile(q, p[2])
                    : p[0] - p[1] * standard_upper_quantile(q, -p[2]);
}

static double quantile(double prob, const double *p) { return quantile_of(prob, p, false); }
static double upper_quantile(double prob, const double *p) { return quantile_of(prob, p, true); }

/* --- Moments ------------------------------------------------------------------------------------------ */

static double delta_of(double alpha) {
  return fabs(alpha) > 1e150 ? copysign(1, alpha) : alpha / hypot(1, alpha);
}
static double standard_mean(double alpha) { return ROOT_2_OVER_PI * delta_of(alpha); }

static double mean(const double *p) { return p[0] + p[1] * standard_mean(p[2]); }
static double variance(const double *p) {
  double m = standard_mean(p[2]);
  return th_density_constant(p[1] * p[1] * (1 - m * m), p, 3);
}
static double skewness(const double *p) {
  double m = standard_mean(p[2]), ratio = m / sqrt(1 - m * m);
  return th_density_constant(0.5 * (4 - TH_PI) * ratio * ratio * ratio, p, 3);
}
static double kurtosis(const double *p) {
  double m = standard_mean(p[2]), ratio = m * m / (1 - m * m);
  return th_density_constant(2 * (TH_PI - 3) * ratio * ratio, p, 3);
}

/* The root of α ζ(αz) = z, ζ = φ/Φ, by Newton's method in a bracket: the left side falls with z. For large α it is
 * about √(2 log α)/α. */
static double mode(const double *p) {
  double alpha = fabs(p[2]), low = 0, high = standard_mean(alpha);
  double z = alpha > 3 ? sqrt(2 * log(alpha)) / alpha : high;
  if (p[0] != p[0] || p[1] != p[1] || alpha != alpha) return TH_NAN;
  for (int i = 0; i < 200 && alpha > 0; i++) {
    double hazard = th_special_mills(alpha * z), excess = alpha * hazard - z;
    if (excess > 0) low = z;
    else high = z;
    double next = z + excess / (1 + alpha * alpha * hazard * (alpha * z + hazard));
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    if (fabs(next - z) <= 1e-16 * z) break;
    z = next;
  }
  return p[0] + p[1] * copysign(z, p[2]);
}

static double median(const double *p) { return quantile(0.5, p); }

/* φ(t) [(1 + e) log(1 + e) + (1 - e) log(1 - e)], e = erf(αt/√2): the integrand of E log 2Φ(αZ) folded at 0. */
static double information_gain(const void *self, double t) {
  double v = *(const double *)self * t / TH_SQRT_2, e = erf(v), gain;
  if (e < 0.5) gain = log1p(-e * e) + 2 * e * atanh(e);
  else {
    double c = erfc(v);
    gain = (2 - c) * log1p(1 - c) + (c > 0 ? c * log(c) : 0);
  }
  return gain * th_special_normal_pdf(t);
}

/* ½ log 2πe + log ω - E log 2Φ(αZ); the integrand bends at 1/α, whence panels that double. */
static double entropy(const double *p) {
  double alpha = fabs(p[2]), from = 0, gain = 0;
  if (p[0] != p[0] || p[1] != p[1] || alpha != alpha) return TH_NAN;
  for (double width = fmin(1, 1 / alpha); from < 9.5; width = fmin(1, from)) {
    gain += th_panel_integral(information_gain, &alpha, from, from + width, 1);
    from += width;
  }
  return 0.5 + TH_HALF_LOG_2PI + log(p[1]) - gain;
}

/* --- Transforms ---------------------------------------------------------------------------------------- */

/* e^(iξk) [e^(-s²/2) + i 2/√π D(y) e^(-s²(1 - δ²)/2)], s = ωk, y = δs/√2 and Dawson's function D: E e^(isZ) is
 * 2 e^(-s²/2) Φ(iδs). */
static double complex cf(double k, const double *p) {
  double s = p[1] * k, delta = delta_of(p[2]), narrow = s / hypot(1, p[2]);
  if (s != s || delta != delta || p[0] != p[0]) return TH_NAN;
  if (fabs(s) > DBL_MAX) return 0;
  double re = exp(-0.5 * s * s);
  double im = exp(-0.5 * narrow * narrow) * cimag(th_special_faddeeva(delta * s / TH_SQRT_2));
  double c = cos(p[0] * k), d = sin(p[0] * k);
  return (re * c - im * d) + TH_I * (re * d + im * c);
}

static double log_mgf(double t, const double *p) {
  double s = p[1] * t, shift = delta_of(p[2]) * s;
  double skew = fabs(shift) < 0.5 ? log1p(erf(shift / TH_SQRT_2))
                                  : TH_LOG_2 + th_special_log_normal_cdf(shift);
  return p[0] * t + 0.5 * s * s + skew;
}

/* --- Samples, slopes ------------------------------------------------------------------------------------ */

/* δ|U| + √(1 - δ²) V (Henze 1986). */
static double sample(const double *p, ThRandom *r) {
  double delta = delta_of(p[2]), u = fabs(th_random_normal(r)), v = th_random_normal(r);
  return p[0] + p[1] * (delta * u + v / hypot(1, p[2]));
}

static void support(const double *p, double *lower_end, double *upper_end) {
  *lower_end = th_density_constant(-TH_INFINITY, p, 3);
  *upper_end = th_density_constant(TH_INFINITY, p, 3);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(true, x, p, 3, d_x, d_p)) return;
  double z = z_of(x, p), hazard = th_special_mills(p[2] * z), slope = p[2] * hazard - z;
  if (d_x) *d_x = slope / p[1];
  if (!d_p) return;
  d_p[0] = -slope / p[1];
  d_p[1] = (-1 - z * slope) / p[1];
  d_p[2] = z * hazard;
}

const ThFamilyMath th_skew_normal_math = {
    .name = "SkewNormal",
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
    .median = median,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
};
