/* special_expint.c - exponential integrals of any order, for transforms of power laws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E_p(z) = ∫₁^∞ e^(-zt) t^-p dt. Near z = 0 by its power series, whose two terms with poles at a whole order are
 * taken together; from |z| = 1 on by its continued fraction. GSL has real arguments and whole orders only. */
#include "num/special.h"

#include "num/real.h"

/* 1/(z + p - 1p/(z + p + 2 - 2(p + 1)/(z + p + 4 - …))) (the even part of DLMF 8.19.17), from behind, where rounding
 * errors die out. Its denominators are Laguerre polynomials at -z, so that n terms leave e^(-4√n Re√z) (Perron's
 * formula: Szegő 1975, theorem 8.22.3): e^-40 for |z| = 1 on the imaginary axis. */
double complex th_special_expint_scaled(double p, double complex z) {
  double size = cabs(z);
  if (!(size <= 1e150)) return size > 1e150 ? 0 : TH_NAN;
  int n = 10 + (int)(200 / fmax(size, 1));
  double complex f = z + p + 2.0 * n;
  for (int j = n; j >= 1; j--) f = z + p + 2.0 * (j - 1) - j * (p + (j - 1)) / f;
  return 1 / f;
}

/* Σ z^n/(n n!), n >= 1, |z| <= 1 */
static double complex entire_part(double complex z) {
  double complex term = 1, sum = 0;
  for (int n = 1; n < 22; n++) {
    term *= z / n;
    sum += term / n;
  }
  return sum;
}

/* E₁(z) for 0 < |z| <= 1 (DLMF 6.6.2) */
static double complex e1_series(double complex z) { return -TH_EULER - clog(z) - entire_part(-z); }

double complex th_special_e1_imaginary(double kappa) {
  if (kappa <= 1) return e1_series(-TH_I * kappa);
  double complex scaled = th_special_expint_scaled(1, -TH_I * kappa);
  return scaled == 0 ? 0 : (cos(kappa) + TH_I * sin(kappa)) * scaled;
}

/* Two terms of a E_{a+1}(z) = Σ (-z)^n/n! a/(a - n) - Γ(1 - a) z^a (DLMF 8.19.10) have a pole at the whole number
 * N next to a = N + ε. Together, divided by (-z)^N/N!, they are a(1 - e^w)/ε with
 *   w = ε log z + log(πε/sin πε) - log(Γ(N + 1 + ε)/N!). */
static double complex pole_exponent(double epsilon, double whole, double complex z) {
  double reflection = th_special_lgamma1p_deviation(epsilon) + th_special_lgamma1p_deviation(-epsilon);
  double rising = epsilon > 0 ? th_special_log_rising(whole + 1, epsilon)
                              : -th_special_log_rising(whole + 1 + epsilon, -epsilon);
  return epsilon * clog(z) + (reflection - rising);
}

static double complex near_pole(double a, double whole, double complex z) {
  double epsilon = a - whole;
  if (epsilon == 0) return -a * (clog(z) - th_special_digamma(whole + 1));
  return -a * th_special_complex_expm1(pole_exponent(epsilon, whole, z)) / epsilon;
}

/* The term n = 0: 1, or where a < 1/2 that of the pole, 1 - e^w; of both only what is added to *leading, 1 or 0. */
static double complex first_term(double a, double complex z, double *leading) {
  *leading = 1;
  if (a >= 0.5) return 0;
  double complex w = pole_exponent(a, 0, z);
  if (creal(w) < -0.7) return -cexp(w);
  *leading = 0;
  return -th_special_complex_expm1(w);
}

/* a E_{a+1}(z) - *leading, 0 < |z| <= 1 */
static double complex power_series(double a, double complex z, double *leading) {
  double nearest = floor(a + 0.5);
  double complex term = 1, sum = first_term(a, z, leading);
  for (int n = 1; n < 22; n++) {
    term *= -z / n;
    sum += term * (n == nearest ? near_pole(a, nearest, z) : a / (a - n));
  }
  return sum;
}

double complex th_special_power_transform(double a, double complex z) {
  double leading;
  if (z == 0) return 1;
  if (cabs(z) <= 1) {
    double complex rest = power_series(a, z, &leading);
    return leading + rest;
  }
  double complex scaled = a * th_special_expint_scaled(a + 1, z);
  return scaled == 0 ? 0 : cexp(-z) * scaled;
}

double th_special_log_power_transform(double a, double z) {
  double leading;
  if (z == 0) return 0;
  if (z > 1) return log(a * creal(th_special_expint_scaled(a + 1, z))) - z;
  double rest = creal(power_series(a, z, &leading));
  return leading == 1 ? log1p(rest) : log(rest);
}

/* f is the imaginary part of e^z E₁(z) at z = -is, and Ci(s) sin s + (π/2 - Si(s)) cos s (DLMF 6.2.17, 6.7.13). */
double th_special_log_auxiliary_f(double s) {
  if (s == 0) return 0;
  if (s > 1) return log(cimag(th_special_expint_scaled(1, -TH_I * s)) / (0.5 * TH_PI));
  double complex waves = entire_part(TH_I * s); /* Ci(s) - γ - log s, Si(s) */
  double half = sin(0.5 * s), ci = TH_EULER + log(s) + creal(waves);
  double deficit = ci * sin(s) - cimag(waves) * cos(s) - TH_PI * half * half;
  return log1p(deficit / (0.5 * TH_PI));
}

/* (e^-s Ei(s) + e^s E₁(s))/2; near 0, where Ei is negative, with the logarithms of both put together. */
double th_special_cauchy_sine(double s) {
  if (s == 0) return 0;
  if (s > 0.5) return 0.5 * (th_special_ei_scaled(s) + th_special_e1_scaled(s));
  double grow = creal(entire_part(s)), fall = creal(entire_part(-s));
  return 0.5 * (exp(-s) * grow - exp(s) * fall) - sinh(s) * (TH_EULER + log(s));
}
