/* density_half_student.c - the modulus of a variable of Student's t distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: ν > 0, σ > 0; the support is x >= 0. */
#include "num/density.h"

#include "num/density_student.h"
#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"
#include "num/special_complex.h"
#include "num/special_contour.h"

enum { NU, SIGMA };

static bool is_nan(double x, const double *p) { return x != x || p[NU] != p[NU] || p[SIGMA] != p[SIGMA]; }

static double pdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  return x < 0 ? 0 : 2 * th_density_student_pdf(x / p[SIGMA], p[NU]) / p[SIGMA];
}

static double logpdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x < 0) return -TH_INFINITY;
  return th_density_student_logpdf(x / p[SIGMA], p[NU]) + TH_LOG_2 - log(p[SIGMA]);
}

static ThOdds odds(double x, const double *p) {
  return th_density_odds_square(x / p[SIGMA], th_density_student_finite(p[NU]));
}
static double half(const double *p) { return 0.5 * th_density_student_finite(p[NU]); }

/* Near 0 the density is constant, up to its relative change of (ν + 1) z²/2ν; far down, the logarithms through
 * which the odds find a probability lose digits. */
static bool is_flat(double z, double nu) { return z * z * (1 + 1 / nu) < 1e-17; }

static double cdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x > 0;
  double z = x / p[SIGMA];
  if (is_flat(z, p[NU])) return 2 * th_density_student_pdf(0, p[NU]) * z;
  return th_density_odds_p(0.5, half(p), odds(x, p));
}
static double ccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x <= 0;
  return th_density_odds_q(0.5, half(p), odds(x, p));
}
static double logcdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x > 0 ? 0 : -TH_INFINITY;
  return th_density_odds_log_p(0.5, half(p), odds(x, p));
}
static double logccdf(double x, const double *p) {
  if (is_nan(x, p)) return TH_NAN;
  if (x <= 0 || x > DBL_MAX) return x > 0 ? -TH_INFINITY : 0;
  return th_density_odds_log_q(0.5, half(p), odds(x, p));
}

static double point(double outside, double inside, const double *p) {
  if (!(outside >= 0 && inside >= 0) || is_nan(outside, p)) return TH_NAN;
  double z = inside / (2 * th_density_student_pdf(0, p[NU]));
  return p[SIGMA] * (is_flat(z, p[NU]) ? z : th_density_student_point(outside, inside, p[NU]));
}
static double quantile(double prob, const double *p) { return point(1 - prob, prob, p); }
static double upper_quantile(double prob, const double *p) { return point(prob, 1 - prob, p); }

/* E Z for σ = 1: ν/(ν - 1) √(2/π) Γ((ν + 1)/2)/(Γ(ν/2) √(ν/2)). */
static double unit_mean(double nu) {
  return nu / (nu - 1) * (2 * TH_INV_SQRT_2PI) * exp(th_density_student_log_ratio(nu));
}
static double unit_variance(double nu) { return nu / (nu - 2) - unit_mean(nu) * unit_mean(nu); }

static double mean(const double *p) {
  if (p[NU] <= 1) return th_density_constant(TH_INFINITY, p, 2);
  return p[SIGMA] * unit_mean(p[NU]);
}
static double variance(const double *p) {
  if (p[NU] <= 2) return th_density_constant(TH_INFINITY, p, 2);
  return p[SIGMA] * p[SIGMA] * unit_variance(p[NU]);
}

/* E Z³ = E Z 2ν/(ν - 3), E Z⁴ = 3ν²/((ν - 2)(ν - 4)). */
static double skewness(const double *p) {
  double nu = p[NU];
  if (!(nu > 2)) return TH_NAN;
  if (nu <= 3) return th_density_constant(TH_INFINITY, p, 2);
  double m = unit_mean(nu), v = unit_variance(nu), third = m * (2 * nu / (nu - 3) - 3 * v - m * m);
  return th_density_constant(third / (v * sqrt(v)), p, 2);
}
static double kurtosis(const double *p) {
  double nu = p[NU];
  if (!(nu > 2)) return TH_NAN;
  if (nu <= 4) return th_density_constant(TH_INFINITY, p, 2);
  double m = unit_mean(nu), v = unit_variance(nu), mm = m * m;
  double fourth = 3 * nu / (nu - 2) * (nu / (nu - 4)) - 8 * mm * nu / (nu - 3) + mm * (6 * v + 3 * mm);
  return th_density_constant(fourth / (v * v) - 3, p, 2);
}

static double mode(const double *p) { return th_density_constant(0, p, 2); }
static double median(const double *p) { return quantile(0.5, p); }
static double entropy(const double *p) {
  return th_density_student_entropy(p[NU]) - TH_LOG_2 + log(p[SIGMA]);
}

/* --- Transforms: those of a normal variable's modulus, averaged over V ~ Gamma(a, a), a = ν/2, which has
 * variance 1/V. The integral goes over log V, where V has density a^a e^-a/Γ(a) e^(-a(e^s - 1 - s)). */

typedef enum Front { SINE, GROWTH, DEPARTURE } Front; /* E sin tZ, E e^(-tZ), 1 - E e^(-tZ) */
typedef struct Average {
  double a, peak, x; /* x = t/√2 */
  Front front;
} Average;

static double complex log_average(const void *self, double complex s) {
  const Average *t = self;
  double x = t->x * exp(-0.5 * creal(s)), front;
  if (t->front == SINE) front = cimag(th_special_faddeeva(x));
  else if (t->front == GROWTH) front = th_special_erfcx(x);
  else front = x < 1 ? erf(x) - expm1(x * x) * erfc(x) : 1 - th_special_erfcx(x);
  return t->peak - t->a * th_complex_exp_deviation(s) + log(front);
}

static double average(Front front, double t, double nu) {
  double a = 0.5 * nu;
  Average self = {a, th_special_log_gamma_kernel(a, a), t / TH_SQRT_2, front};
  ThContour line = th_special_contour_scan(log_average, &self, 0, 0, 0, fmin(1 / sqrt(a), 2));
  return exp(line.top) * creal(th_special_contour_integrate(log_average, &self, line));
}

static double complex cf(double k, const double *p) {
  double t = fabs(p[SIGMA] * k), nu = p[NU];
  if (is_nan(k, p)) return TH_NAN;
  if (t == 0) return 1;
  if (t > 1e150) return 0;
  double complex value = nu > 1e30 ? th_special_faddeeva(t / TH_SQRT_2)
                                   : th_density_student_cf(t, nu) + TH_I * average(SINE, t, nu);
  return k < 0 ? conj(value) : value;
}

static double log_mgf(double t, const double *p) {
  double size = -p[SIGMA] * t, nu = p[NU];
  if (is_nan(t, p)) return TH_NAN;
  if (t >= 0) return t > 0 ? TH_INFINITY : 0;
  if (nu > 1e30) nu = 1e30;
  if (size > 1e150) return -TH_INFINITY;
  double departure = nu > 0.2 && size < 1 ? average(DEPARTURE, size, nu) : 1;
  return departure < 0.5 ? log1p(-departure) : log(average(GROWTH, size, nu));
}

static double sample(const double *p, ThRandom *r) {
  return p[SIGMA] * fabs(th_density_student_sample(p[NU], r));
}

static void support(const double *p, double *lower, double *upper) {
  th_density_half_line_support(p, 2, lower, upper);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double d_z, d_nu, z = x / p[SIGMA];
  if (th_density_no_gradient(x >= 0, x, p, 2, d_x, d_p)) return;
  th_density_student_gradient(z, p[NU], &d_z, &d_nu);
  if (d_x) *d_x = d_z / p[SIGMA];
  if (!d_p) return;
  d_p[NU] = d_nu;
  d_p[SIGMA] = th_density_student_scale_slope(z, p[NU]) / p[SIGMA];
}

static void fisher(const double *p, double *information) {
  double mixed;
  th_density_student_fisher(p[NU], p[SIGMA], &information[0], &mixed, &information[3]);
  information[1] = information[2] = mixed;
}

const ThFamilyMath th_half_student_t_math = {
    .name = "HalfStudentT",
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
};
