/* special_zeta.c - sums of powers k^-s: Hurwitz's zeta function, parts of it, logarithmic moments, polylogarithm */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Euler-Maclaurin: terms are added up to an index b >= s + 12, the rest is b^-s (b/(s-1) + 1/2 + Σ c_k
 * s(s+1)…(s+2k-2)/b^(2k-1)) with c_k = B_2k/(2k)! (NIST Handbook 2010, 25.11.5); there ten terms of the
 * series reach the last digit. All sums are relative to their first term, so that none of them underflows. */
#include "num/special_zeta.h"

#include "num/real.h"
#include "num/special.h"

const double th_bernoulli_by_factorial[TH_N_BERNOULLI] = {
    1.0 / 12,
    -1.0 / 720,
    1.0 / 30240,
    -1.0 / 1209600,
    1.0 / 47900160,
    -691.0 / 1307674368000,
    1.0 / 74724249600,
    -3617.0 / 10670622842880000,
    43867.0 / 5109094217170944000,
    -174611.0 / 802857662698291200000.0,
};

/* 1/2 + Σ c_k s(s+1)…(s+2k-2)/b^(2k-1). */
static double correction(double s, double b) {
  double sum = 0, factor = s / b;
  for (int k = 0; k < TH_N_BERNOULLI; k++) {
    sum += th_bernoulli_by_factorial[k] * factor;
    factor *= (s + 2 * k + 1) / b * ((s + 2 * k + 2) / b);
  }
  return 0.5 + sum;
}

/* (a/b)^s; the exponent keeps its relative accuracy for b near a. */
static double power_ratio(double s, double a, double b) { return exp(-s * log1p((b - a) / a)); }

double th_special_hurwitz_ratio(double s, double a) {
  if (s != s || a != a || s <= 1 || a <= 0) return s == 1 ? TH_INFINITY : TH_NAN;
  double sum = 0, b = a;
  for (; b < s + 12; b++) {
    double term = power_ratio(s, a, b);
    sum += term;
    if (term * (b + 1) < 1e-18 * (s - 1)) return sum;
  }
  return sum + power_ratio(s, a, b) * (b / (s - 1) + correction(s, b));
}

double th_special_power_sum_ratio(double s, double a, double end) {
  if (s != s || a != a || end != end || s <= 1) return TH_NAN;
  double sum = 0, b = a;
  for (; b < s + 12; b++) {
    if (b >= end) return sum;
    double term = power_ratio(s, a, b);
    sum += term;
    if (term * (b + 1) < 1e-18 * (s - 1)) return sum;
  }
  if (b >= end) return sum;
  double integral = b * (-expm1((1 - s) * log1p((end - b) / b))) / (s - 1);
  return sum + power_ratio(s, a, b) * (integral + correction(s, b)) -
         power_ratio(s, a, end) * correction(s, end);
}

double th_special_zeta_minus_1(double s) { return exp2(-s) * th_special_hurwitz_ratio(s, 2); }

/* The remainder of Σ k^-s log^m k from b on for m = 0, 1, 2, without the factor b^-s. */
static void log_remainder(double s, double b, double *out) {
  double l = log(b), d = s - 1, c[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  out[0] = b / d + 0.5;
  out[1] = b * (l / d + 1 / (d * d)) + 0.5 * l;
  out[2] = b * (l * l / d + 2 * l / (d * d) + 2 / (d * d * d)) + 0.5 * l * l;
  double scale = 1;
  for (int i = 1; i < 2 * TH_N_BERNOULLI; i++) { /* c: the i-th derivative is x^(-s-i) Σ c_j log^j x */
    scale /= b;
    for (int m = 0; m < 3; m++) {
      for (int j = 0; j < 3; j++) c[m][j] = (j < 2 ? (j + 1) * c[m][j + 1] : 0) - (s + i - 1) * c[m][j];
      if (i % 2 == 1)
        out[m] -= th_bernoulli_by_factorial[i / 2] * scale * (c[m][0] + l * (c[m][1] + l * c[m][2]));
    }
  }
}

void th_special_zeta_logs(double s, double *sums) {
  double b = 2, rest[3];
  sums[0] = 1;
  sums[1] = sums[2] = 0;
  for (; b < s + 12; b++) {
    double term = pow(b, -s), l = log(b);
    sums[0] += term;
    sums[1] += term * l;
    sums[2] += term * l * l;
    if (term * (b + 1) < 1e-20 * sums[2] * (s - 1)) return;
  }
  log_remainder(s, b, rest);
  double scale = pow(b, -s);
  for (int m = 0; m < 3; m++) sums[m] += scale * rest[m];
}

/* --- Polylogarithm --------------------------------------------------------------------------------
 * Li_s(z) = 1/Γ(s) ∫ t^(s-1) z/(e^t - z) dt (NIST 25.12.11). In u = log t the integrand has its poles at a
 * distance of π/2 or more from the real line whatever z is on the unit disc, and falls off exponentially on both
 * sides: the trapezoidal rule of step h is exact to about e^(-2π y/h + s(1 - cos y)), y < π/2. Beyond
 * s = 8 the series itself is short. The nodes run from where t^s is lost against both 1 and the distance of z from
 * 1, to where e^-t is. */

enum { SERIES_FROM = 8 };
static const double step = 0.125;

/* The smallest and the largest k are added last and first. */
static double complex series_circle(double s, double k) {
  double re = 0, im = 0;
  for (int n = (int)fmin(pow(10, 18 / s) + 2, 400); n >= 1; n--) {
    double term = pow(n, -s);
    re += term * cos(n * k);
    im += term * sin(n * k);
  }
  return re + TH_I * im;
}

double complex th_special_polylog_circle(double s, double k) {
  const double turn = 6.283185307179586, turn_rest = 2.4492935982947064e-16;
  if (s != s || k != k || s <= 1 || fabs(k) > DBL_MAX) return TH_NAN + TH_I * TH_NAN;
  double turns = rint(k / turn), angle = fma(-turns, turn, k) - turns * turn_rest;
  if (angle == 0) return 1 + th_special_zeta_minus_1(s);
  if (s >= SERIES_FROM) return series_circle(s, angle);
  double half = sin(0.5 * angle), sine = sin(angle), re = 0, im = 0;
  for (double u = log(fmin(fabs(angle), 1)) - 42; u < 4.5; u += step) {
    double t = exp(u), rise = expm1(t), twice = 2 * half * half * (rise + 1);
    double weight = exp(s * u) / (rise * rise + 2 * twice);
    re += weight * (rise - twice);
    im += weight * (rise + 1);
  }
  double scale = step / th_special_gamma(s);
  return scale * re + TH_I * (scale * sine * im);
}

/* What Li_s(e^t) lacks of ζ(s), relative to ζ(s), and Li_s(e^t)/e^t - 1, for s >= 8. */
static void series_real(double s, double t, double zeta, double *missing, double *beyond_first) {
  *missing = *beyond_first = 0;
  for (int n = (int)pow(10, 19 / (s - 1)) + 2; n >= 2; n--) {
    *beyond_first += pow(n, -s) * exp(t * (n - 1));
    *missing -= pow(n, -s) * expm1(t * n);
  }
  *missing = (*missing - expm1(t)) / zeta;
}

/* The same by the integral. Below the first node what is missing falls off like t^(s-1) only, and is summed as the
 * geometric series that it is. */
static void integral_real(double s, double t, double zeta, double *missing, double *beyond_first) {
  double scale = step / th_special_gamma(s), first = log(fmin(-t, 1)) - 42;
  double sum = 0, lack = 0;
  for (double u = first; u < 4.5; u += step) {
    double at = exp(u), weight = exp(s * u), beyond = expm1(at) - expm1(t);
    double term = weight * exp(at) * -expm1(t) / (beyond * expm1(at));
    if (u == first) lack += term / expm1((s - 1) * step);
    sum += weight / beyond;
    lack += term;
  }
  *missing = lack * scale / zeta;
  *beyond_first = sum * scale - 1;
}

double th_special_log_polylog_ratio(double s, double t) {
  double missing, beyond_first;
  if (s != s || t != t || s <= 1) return TH_NAN;
  if (t >= 0) return t == 0 ? 0 : TH_INFINITY;
  double zeta_minus_1 = th_special_zeta_minus_1(s);
  (s >= SERIES_FROM ? series_real : integral_real)(s, t, 1 + zeta_minus_1, &missing, &beyond_first);
  return missing < 0.5 ? log1p(-missing) : t + log1p(beyond_first) - log1p(zeta_minus_1);
}
