/* density_voigt_tail.c - the Voigt profile about 0, its tail and its slopes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tail is E atan2(γ, x - σZ)/π, Z normal: positive terms, which the trapezoidal rule sums to e^(-2πd/step),
 * where d = γ/σ is the distance of the branch points from the real line. For γ < σ it is the integral of the
 * density, a positive function that varies over σ, by panels: of width σ as far as the normal part counts, and in
 * 1/x beyond, where the density is a series in 1/x². */
#include "num/density_voigt.h"

#include "num/panel.h"
#include "num/real.h"
#include "num/special.h"

double th_voigt_density(double x, double sigma, double gamma) {
  if (gamma == 0) return th_special_normal_pdf(x / sigma) / sigma;
  if (sigma == 0) return gamma / hypot(x, gamma) / hypot(x, gamma) / TH_PI;
  double complex z = x / sigma / TH_SQRT_2 + TH_I * (gamma / sigma / TH_SQRT_2);
  return creal(th_special_faddeeva(z)) / (sigma * TH_SQRT_2PI);
}

/* --- The tail ------------------------------------------------------------------------------------------ */

/* γ >= σ, in units of σ. */
static double by_angles(double x, double gamma) {
  const double step = 0.125;
  double sum = atan2(gamma, x);
  for (double z = step; z < 9.5; z += step)
    sum += exp(-0.5 * z * z) * (atan2(gamma, x - z) + atan2(gamma, x + z));
  return sum * step * TH_INV_SQRT_2PI / TH_PI;
}

static double density(const void *self, double x) { return th_voigt_density(x, 1, *(const double *)self); }
static double density_of_reciprocal(const void *self, double y) {
  return th_voigt_density(1 / y, 1, *(const double *)self) / (y * y);
}

/* γ < σ, in units of σ. The normal part is done with where it is e^-40 of the Cauchy part. */
static double by_panels(double x, double gamma) {
  double sum = 0, at = x;
  while (at < 38.5 && (at < 8 || exp(-0.5 * at * at) > 1e-18 * gamma / (at * at))) {
    double width = fmin(1, 4 / at), part = th_panel_integral(density, &gamma, at, at + width, 1);
    sum += part;
    at += width;
    if (part < 1e-18 * sum && gamma < 1e-20 * sum) break;
  }
  return sum + th_panel_integral(density_of_reciprocal, &gamma, 0, 1 / at, 1);
}

/* Far out the normal part shifts the tail by a relative (σ/x)². */
double th_voigt_tail(double x, double sigma, double gamma) {
  if (gamma == 0) return th_special_normal_cdf(-x / sigma);
  if (sigma == 0 || x > 1e9 * sigma) return atan2(gamma, x) / TH_PI;
  return gamma >= sigma ? by_angles(x / sigma, gamma / sigma) : by_panels(x / sigma, gamma / sigma);
}

/* --- Slopes --------------------------------------------------------------------------------------------- */

/* Σ (2n - 1)!! (2z²)^-n times (2n + 1), and times (2n + 1)(2n + 2): w' = -i/(√π z²) of the first, w'' = i/(√π z³)
 * of the second (from Abramowitz and Stegun 7.1.23). */
static void slopes_far(double complex z, double complex *slope, double complex *bend) {
  double complex r = 1 / z, half = 0.5 * r * r, term = 1, first = 0, second = 0;
  for (int n = 0; n < 26; n++) {
    first += (2 * n + 1) * term;
    second += (2 * n + 1) * (2 * n + 2) * term;
    term *= (2 * n + 1) * half;
  }
  *slope = -TH_I / TH_SQRT_PI * (r * r) * first;
  *bend = TH_I / TH_SQRT_PI * (r * r * r) * second;
}

double th_voigt_slopes(double x, double gamma, double complex *slope, double complex *bend) {
  double complex z = x / TH_SQRT_2 + TH_I * (gamma / TH_SQRT_2), w = th_special_faddeeva(z);
  if (cabs(z) > 7) {
    slopes_far(z, slope, bend);
    return creal(w);
  }
  *slope = -2 * z * w + TH_I * (2 / TH_SQRT_PI);
  *bend = -2 * w - 2 * z * *slope;
  return creal(w);
}
