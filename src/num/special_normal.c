/* special_normal.c - the error function and the normal distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tail is e^(-x²) times a slow function, erfcx; x² is carried in two doubles, so that the exponential
 * keeps its last digits far out, where erfc(x) of a rounded argument would lose x² of them. */
#include "num/special.h"

#include "num/real.h"

double th_special_erf(double x) { return erf(x); }
double th_special_erfc(double x) { return erfc(x); }

/* e^(sign x² scale), sign x² scale in two parts; scale is a power of 2. */
static double exp_square(double x, double scale) {
  double high = x * x, low = fma(x, x, -high);
  double e = exp(scale * high);
  return e + e * (scale * low);
}

/* Up to 10 from erfc, which there is far from underflow; then the asymptotic series, whose smallest term is
 * of the order e^(-x²). */
double th_special_erfcx(double x) {
  if (x != x) return x;
  if (x < -26.7) return TH_INFINITY;
  if (x < 10) return exp_square(x, 1) * erfc(x);
  double r = 0.5 / (x * x), term = 1, sum = 1;
  for (int n = 1; n < 60 && fabs(term) > 1e-17; n++) {
    term *= -(2 * n - 1) * r;
    sum += term;
  }
  return sum / (x * TH_SQRT_PI);
}

double th_special_normal_pdf(double z) { return fabs(z) > 40 ? 0 : TH_INV_SQRT_2PI * exp_square(z, -0.5); }

double th_special_normal_cdf(double z) {
  if (z > -1) return 0.5 * erfc(-z / TH_SQRT_2);
  if (z < -40) return z != z ? z : 0;
  return 0.5 * exp_square(z, -0.5) * th_special_erfcx(-z / TH_SQRT_2);
}

double th_special_log_normal_cdf(double z) {
  if (z > 0) return log1p(-th_special_normal_cdf(-z));
  if (z > -1) return log(th_special_normal_cdf(z));
  if (z == -TH_INFINITY) return z;
  return -0.5 * z * z + log(0.5 * th_special_erfcx(-z / TH_SQRT_2));
}

double th_special_mills(double z) {
  if (z < 5) return 2 * TH_INV_SQRT_2PI / th_special_erfcx(-z / TH_SQRT_2);
  return th_special_normal_pdf(z) / th_special_normal_cdf(z);
}

/* --- Inverses: algorithm AS 241 (Wichura 1988), PPND16 ------------------------------------------- */

static double polynomial(const double *c, double x) {
  double sum = c[7];
  for (int i = 6; i >= 0; i--) sum = sum * x + c[i];
  return sum;
}

/* Φ⁻¹(1/2 + q) for |q| <= 0.425. */
static double quantile_center(double q) {
  static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                              1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                              3.3430575583588128105e4, 2.5090809287301226727e3};
  static const double b[8] = {1,
                              4.2313330701600911252e1,
                              6.8718700749205790830e2,
                              5.3941960214247511077e3,
                              2.1213794301586595867e4,
                              3.9307895800092710610e4,
                              2.8729085735721942674e4,
                              5.2264952788528545610e3};
  double r = 0.180625 - q * q;
  return q * polynomial(a, r) / polynomial(b, r);
}

/* -Φ⁻¹(e^(-r²)) for r up to 27 */
static double quantile_tail(double r) {
  static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                              3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double d[8] = {1,
                              2.05319162663775882187e0,
                              1.67638483018380384940e0,
                              6.89767334985100004550e-1,
                              1.48103976427480074590e-1,
                              1.51986665636164571966e-2,
                              5.47593808499534494600e-4,
                              1.05075007164441684324e-9};
  static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                              2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[8] = {1,
                              5.99832206555887937690e-1,
                              1.36929880922735805310e-1,
                              1.48753612908506148525e-2,
                              7.86869131145613259100e-4,
                              1.84631831751005468180e-5,
                              1.42151175831644588870e-7,
                              2.04426310338993978564e-15};
  if (r <= 5) return polynomial(c, r - 1.6) / polynomial(d, r - 1.6);
  return polynomial(e, r - 5) / polynomial(f, r - 5);
}

/* -Φ⁻¹(q) for the tail probability q <= 0.075, from its logarithm; beyond AS 241's range by Newton's method
 * on log Φ, which far out is nearly a parabola. */
static double quantile_log_tail(double log_q) {
  double r = sqrt(-log_q);
  if (r <= 27) return quantile_tail(r);
  if (r > 1e150) return TH_SQRT_2 * r;
  double z = TH_SQRT_2 * r;
  for (int i = 0; i < 10; i++) {
    double step = (th_special_log_normal_cdf(-z) - log_q) / th_special_mills(-z);
    z += step;
    if (fabs(step) < 1e-14 * z) break;
  }
  return z;
}

double th_special_normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return TH_NAN;
  double q = p - 0.5;
  if (fabs(q) <= 0.425) return quantile_center(q);
  if (p == 0 || p == 1) return p == 0 ? -TH_INFINITY : TH_INFINITY;
  return q < 0 ? -quantile_log_tail(log(p)) : quantile_log_tail(log1p(-p));
}

double th_special_normal_quantile_log(double log_p) {
  if (!(log_p <= 0)) return TH_NAN;
  if (log_p == 0 || log_p == -TH_INFINITY) return log_p == 0 ? TH_INFINITY : -TH_INFINITY;
  double p = exp(log_p), q = -expm1(log_p);
  if (p < 0.075) return -quantile_log_tail(log_p);
  if (q < 0.075) return quantile_log_tail(log(q));
  return quantile_center(p < 0.5 ? p - 0.5 : 0.5 - q);
}

/* erfinv(p) = Φ⁻¹((1 + p)/2)/√2; (1 ± p)/2 - 1/2 is p/2, and the tail (1 - |p|)/2 exact. */
double th_special_erfinv(double p) {
  if (!(fabs(p) <= 1)) return TH_NAN;
  if (fabs(p) == 1) return copysign(TH_INFINITY, p);
  if (fabs(p) <= 0.85) return quantile_center(0.5 * p) / TH_SQRT_2;
  return copysign(quantile_log_tail(log(0.5 * (1 - fabs(p)))), p) / TH_SQRT_2;
}

double th_special_erfcinv(double q) {
  if (!(q >= 0 && q <= 2)) return TH_NAN;
  if (q == 0 || q == 2) return q == 0 ? TH_INFINITY : -TH_INFINITY;
  if (q >= 0.15 && q <= 1.85) return quantile_center(0.5 * (1 - q)) / TH_SQRT_2;
  return q < 1 ? quantile_log_tail(log(q) - TH_LOG_2) / TH_SQRT_2
               : -quantile_log_tail(log1p(-0.5 * q)) / TH_SQRT_2;
}
