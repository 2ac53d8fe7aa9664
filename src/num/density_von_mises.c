/* density_von_mises.c - the von Mises distribution of an angle */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: mu, kappa >= 0; the support is (mu - π, mu + π), all of it taken as one window of the line. With z = x - mu
 * the density is e^(-2κ sin²(z/2))/(2π e^-κ I₀(κ)), which never overflows. Fisher's information, the divergence
 * and maximum likelihood are those of the angle, modulo 2π. */
#include "num/density.h"

#include "num/density_solve.h"
#include "num/density_support.h"
#include "num/density_von_mises.h"
#include "num/kernels.h"
#include "num/panel.h"
#include "num/real.h"
#include "num/special.h"

static const double PI_REST = 1.2246467991473531772e-16; /* π less the double next to it */

/* x - mu in two doubles. */
typedef struct Place {
  double z, rest;
} Place;

static Place place_of(double x, const double *p) {
  double z = x - p[0], back = z - x;
  if (!(fabs(x) <= DBL_MAX)) return (Place){p[0] != p[0] || p[1] != p[1] ? TH_NAN : x, 0};
  return (Place){p[1] != p[1] ? TH_NAN : z, (x - (z - back)) - (p[0] + back)};
}

/* π - |x - mu|: how far it is to the end of the support. Near the end the first difference is exact. */
static double distance_to_end(Place at) {
  return (TH_PI - fabs(at.z)) + (PI_REST - (at.z < 0 ? -at.rest : at.rest));
}

static double log_scale(double kappa) { return TH_LOG_2PI + log(th_special_bessel_i_scaled(0, kappa)); }
static double scale(double kappa) { return 2 * TH_PI * th_special_bessel_i_scaled(0, kappa); }

static double versine(double z) { return 2 * sin(0.5 * z) * sin(0.5 * z); } /* 1 - cos z */

static double logpdf(double x, const double *p) {
  Place at = place_of(x, p);
  if (at.z != at.z) return TH_NAN;
  if (!(distance_to_end(at) >= 0)) return -TH_INFINITY;
  return -p[1] * versine(at.z) - log_scale(p[1]);
}

static double pdf(double x, const double *p) {
  Place at = place_of(x, p);
  if (at.z != at.z) return TH_NAN;
  if (!(distance_to_end(at) >= 0)) return 0;
  return exp(-p[1] * versine(at.z)) / scale(p[1]);
}

/* --- The tail: the density times the integral of its ratios -------------------------------------- */

typedef struct Tail {
  double kappa, size, length; /* |z|, and from there to the end of the support */
} Tail;

/* κ (cos(|z| + s) - cos z), written as a product; of |z| and π - |z| the smaller one has its digits. */
static double tail_ratio(const void *self, double s) {
  const Tail *t = self;
  double middle = t->size < 0.5 * TH_PI ? t->size + 0.5 * s : t->length - 0.5 * s;
  return -2 * t->kappa * sin(middle) * sin(0.5 * s);
}

/* The probability beyond |z|, over the density at z without its constant. */
static double tail_integral(Place at, double length, double kappa) {
  Tail t = {kappa, fabs(at.z), length};
  return th_panel_decay(tail_ratio, &t, length, 1);
}

static double tail(Place at, double length, double kappa) {
  return exp(-kappa * versine(at.z)) * tail_integral(at, length, kappa) / scale(kappa);
}

static double log_tail(Place at, double length, double kappa) {
  return log(tail_integral(at, length, kappa)) - kappa * versine(at.z) - log_scale(kappa);
}

/* The side that `at` lies on is the smaller one where below == (z <= 0). */
static double probability(double x, const double *p, bool below) {
  Place at = place_of(x, p);
  if (at.z != at.z) return TH_NAN;
  double length = distance_to_end(at);
  bool small = below == (at.z <= 0);
  if (!(length > 0)) return small ? 0 : 1;
  double value = tail(at, length, p[1]);
  return small ? value : 1 - value;
}

static double log_probability(double x, const double *p, bool below) {
  Place at = place_of(x, p);
  if (at.z != at.z) return TH_NAN;
  double length = distance_to_end(at);
  bool small = below == (at.z <= 0);
  if (!(length > 0)) return small ? -TH_INFINITY : 0;
  return small ? log_tail(at, length, p[1]) : log1p(-tail(at, length, p[1]));
}

static double cdf(double x, const double *p) { return probability(x, p, true); }
static double ccdf(double x, const double *p) { return probability(x, p, false); }
static double logcdf(double x, const double *p) { return log_probability(x, p, true); }
static double logccdf(double x, const double *p) { return log_probability(x, p, false); }

/* --- Quantiles ------------------------------------------------------------------------------------ */

/* The z > 0 with the probability q < 1/2 beyond it. */
static double tail_quantile(double q, double kappa) {
  static const ThTail tail_of = {logccdf, logpdf};
  const double centered[] = {0, kappa};
  double guess = kappa > 10 ? -th_special_normal_quantile(q) / sqrt(kappa) : TH_PI * (1 - 2 * q);
  return th_density_solve_tail(&tail_of, centered, log(q), 0, TH_PI, guess);
}

static double quantile_of(double prob, const double *p, double sign) {
  if (!(prob >= 0 && prob <= 1) || p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  double q = prob < 0.5 ? prob : 1 - prob;
  double z = q == 0 ? TH_PI : q == 0.5 ? 0 : tail_quantile(q, p[1]);
  return p[0] + (prob < 0.5 ? -sign : sign) * z;
}

static double quantile(double prob, const double *p) { return quantile_of(prob, p, 1); }
static double upper_quantile(double prob, const double *p) { return quantile_of(prob, p, -1); }

/* --- Moments on the line -------------------------------------------------------------------------- */

typedef struct Moment {
  double kappa;
  int n;
} Moment;

static double weighted_power(const void *self, double z) {
  const Moment *m = self;
  return pow(z, m->n) * exp(-m->kappa * versine(z));
}

/* E (X - mu)^n for even n. Beyond 15/√κ the density is below e^-45 of its largest value. */
static double moment(double kappa, int n) {
  Moment m = {kappa, n};
  double reach = fmin(TH_PI, 15 / sqrt(kappa));
  return 2 * th_panel_integral(weighted_power, &m, 0, reach, 8) / scale(kappa);
}

static double mean(const double *p) { return th_density_constant(p[0], p, 2); }
static double variance(const double *p) { return th_density_constant(moment(p[1], 2), p, 2); }
static double zero(const double *p) { return th_density_constant(0, p, 2); }

/* Excess kurtosis as a series in 1/κ: with s = 2 sin(z/2), whose density is e^(-κs²/2)/√(1 - s²/4), the
 * series of z² and z⁴ in s² have Gaussian moments, and 3 is taken off on paper. */
static double kurtosis_series(double kappa) {
  static const double c[] = {1,
                             2,
                             5.291666666666666666667,
                             16.75,
                             60.88177083333333333333,
                             248.6,
                             1124.946297329695808,
                             5588.040145502645503,
                             30252.60374248417,
                             177464.57129794973,
                             1122408.6717337803,
                             7620457.839762449,
                             55321156.55300465,
                             427880606.0146885,
                             3514353646.830279};
  double sum = 0;
  for (int i = sizeof c / sizeof *c - 1; i >= 0; i--) sum = (sum + c[i]) / kappa;
  return sum;
}

static double kurtosis(const double *p) {
  if (p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  if (p[1] > 50) return kurtosis_series(p[1]);
  double second = moment(p[1], 2);
  return moment(p[1], 4) / (second * second) - 3;
}

/* log(2π I₀(κ)) - κ I₁/I₀, both of which are about κ, with κ taken off them. */
static double entropy(const double *p) {
  return th_density_constant(log_scale(p[1]) + p[1] * th_von_mises_circle(p[1]).mean, p, 2);
}

/* --- Cumulant generating function ----------------------------------------------------------------- */

typedef struct Tilted {
  double kappa, t, cosine; /* cos z at the start */
  double direction;
} Tilted;

static double sine_deviation(double s) { /* s - sin s, s >= 0 */
  if (s > 0.5) return s - sin(s);
  double term = s * s * s / 6, sum = term;
  for (int n = 4; term > 1e-18 * sum || -term > 1e-18 * sum; n += 2) sum += term *= -s * s / (n * (n + 1));
  return sum;
}

/* κ cos z + t z from its inner maximum sin z = t/κ on, without the terms that cancel. */
static double from_peak(const void *self, double s) {
  const Tilted *f = self;
  return f->direction * f->t * sine_deviation(s) - f->kappa * f->cosine * versine(s);
}
static double from_end(const void *self, double s) {
  const Tilted *f = self;
  return f->kappa * versine(s) - f->t * s;
}

/* log of the integral of e^(κ(cos z - 1) + t z) over the support, t > 0: from z = π down, and for t < κ from
 * the inner maximum to both sides, up to the minimum between. */
static double log_tilted(double kappa, double t) {
  Tilted f = {.kappa = kappa, .t = t};
  double peak = t < kappa ? asin(t / kappa) : 0;
  double end = -2 * kappa + TH_PI * t + log(th_panel_decay(from_end, &f, t < kappa ? peak : 2 * TH_PI, 1));
  if (t >= kappa) return end;
  f.cosine = sqrt((1 - t / kappa) * (1 + t / kappa));
  f.direction = 1;
  double inner = th_panel_decay(from_peak, &f, TH_PI - 2 * peak, 1);
  f.direction = -1;
  inner += th_panel_decay(from_peak, &f, TH_PI + peak, 1);
  return th_special_log_add(end, t * peak - kappa * versine(peak) + log(inner));
}

static double weighted_square(const void *self, double z) { /* 2 sinh²(tz/2), t in the second place */
  const double *f = self;
  double half = sinh(0.5 * f[1] * z);
  return 2 * half * half * exp(-f[0] * versine(z));
}

static double log_mgf(double t, const double *p) {
  double kappa = p[1], reach = fmin(TH_PI, 15 / sqrt(kappa)), size = fabs(t);
  if (t != t || p[0] != p[0] || kappa != kappa) return TH_NAN;
  if (t == 0) return 0;
  if (size > DBL_MAX) return TH_INFINITY;
  if (size * reach > 0.5) return p[0] * t + (log_tilted(kappa, size) - log_scale(kappa));
  const double f[] = {kappa, size};
  return p[0] * t + log1p(2 * th_panel_integral(weighted_square, f, 0, reach, 8) / scale(kappa));
}

static double complex cf(double k, const double *p) {
  if (k != k || p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  double modulus = th_von_mises_cf(fabs(k), p[1]), phase = p[0] * k;
  if (modulus == 0) return 0;
  return modulus * cos(phase) + TH_I * (modulus * sin(phase));
}

/* --- Samples, slopes, information ------------------------------------------------------------------ */

/* The cosine of a random angle through 1 - cos and 1 + cos, from a point in the unit disc. */
static void random_angle(ThRandom *r, double *versed, double *coversed) {
  for (;;) {
    double u = 2 * th_random_uniform(r) - 1, v = 2 * th_random_uniform(r) - 1, square = u * u + v * v;
    if (square >= 1 || square == 0) continue;
    *versed = 2 * v * v / square;
    *coversed = 2 * u * u / square;
    return;
  }
}

/* Best and Fisher 1979: rejection from a wrapped Cauchy distribution, with their r = (1 + √(1 + 4κ²))/2κ
 * carried as r - 1, and cosines as 1 - cos, so that no κ is too large. */
static double sample(const double *p, ThRandom *r) {
  double kappa = p[1], root = sqrt(1 + 4 * kappa * kappa), versed, coversed;
  if (kappa < 1e-300) return p[0] + TH_PI * (2 * th_random_uniform(r) - 1);
  if (!(root <= DBL_MAX)) root = 2 * kappa;
  double excess = (0.5 + 0.5 / (root + 2 * kappa)) / kappa;
  for (;;) {
    random_angle(r, &versed, &coversed);
    double drop = excess * versed / (coversed + excess), c = kappa * (excess + drop);
    if (th_random_exponential(r) < c - 1 - th_kernel_log_portable(c)) continue;
    double z = 2 * asin(sqrt(fmin(0.5 * drop, 1)));
    return p[0] + (th_random_bits(r) >> 63 ? z : -z);
  }
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(p[0] - TH_PI, p, 2);
  *upper = th_density_constant(p[0] + TH_PI, p, 2);
}

/* ∂/∂κ = cos z - I₁/I₀ = (1 - I₁/I₀) - (1 - cos z). */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  Place at = place_of(x, p);
  bool inside = distance_to_end(at) >= 0;
  double slope = at.z != at.z ? TH_NAN : inside ? p[1] * sin(at.z) : 0;
  if (d_x) *d_x = -slope;
  if (!d_p) return;
  d_p[0] = slope;
  d_p[1] = at.z != at.z ? TH_NAN : inside ? th_von_mises_circle(p[1]).mean - versine(at.z) : 0;
}

static void fisher(const double *p, double *information) {
  ThCircle c = th_von_mises_circle(p[1]);
  information[0] = th_density_constant(p[1] * th_special_bessel_ratio(p[1]), p, 2);
  information[1] = information[2] = th_density_constant(0, p, 2);
  information[3] = th_density_constant(c.variance, p, 2);
}

/* A(κ) (κ - λ cos δ) + log(I₀(λ)/I₀(κ)), δ the difference of the mean directions. */
static double kl(const double *p, const double *q) {
  double mean_versine = th_von_mises_circle(p[1]).mean;
  return log(th_special_bessel_i_scaled(0, q[1]) / th_special_bessel_i_scaled(0, p[1])) +
         (q[1] - p[1]) * mean_versine + q[1] * th_special_bessel_ratio(p[1]) * versine(p[0] - q[0]);
}

const ThFamilyMath th_von_mises_math = {
    .name = "VonMises",
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
    .skewness = zero,
    .kurtosis = kurtosis,
    .mode = mean,
    .median = mean,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
    .fisher = fisher,
    .kl = kl,
};
