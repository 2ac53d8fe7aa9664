/* special_faddeeva.c - the Faddeeva function and its derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For Im z > 0, w(z) = (i/π) ∫ e^(-t²)/(z - t) dt over the real line = (2iz/π) ∫ e^(-t²)/(z² - t²) dt over t > 0.
 * The trapezoidal rule of step h takes this integral to e^(-π²/h²) when the pole at z, if it lies below
 * π/h, is accounted for by a term 2e^(-z²)/(1 ± e^(-2πiz/h)) (Chiarella and Reichel 1968; Al Azah and
 * Chandler-Wilde 2021, equations 8 to 12). Of the two rules, with nodes at 0, h, 2h, … and half way between,
 * the one is used whose nodes are farther from z. In real and imaginary part the sums are y Σ and x Σ: the real
 * part has positive terms only, so that it keeps its digits however small y is, as a Voigt profile needs.
 * GSL has only Dawson's integral, on the real line. */
#include "num/special.h"

#include "num/real.h"

enum { N_NODES = 16 };

static const double step =
    0.4375; /* h: e^(-π²/h²) is 4e-23; a short binary fraction, so that nodes are exact */

/* e^(-t²) at t = (k + 1/2) h, and at k h. */
static const double weights[2][N_NODES] = {
    /* clang-format off */
    {0.9532752783750715049953, 0.6500772594262845013748, 0.3023140012570493561002,
     0.09587341393331282216187, 0.02073407985883873850758, 0.003057862726327565902061,
     0.0003075373352933030732752, 0.00002109232004813446894404, 9.865009361729048207128e-7,
     3.146424351080933045727e-8, 6.843586028613927879763e-10, 1.015071913207284391604e-11,
     1.026730669116234687995e-13, 7.082113820800409514046e-16, 3.331316633863974041717e-18,
     1.068600979735010345829e-20},
    {1.0, 0.825797039950100658873, 0.4650431881340563130339,
     0.1785911346124356219053, 0.04677062238395898365276, 0.008352818518081013506654,
     0.001017277843614700658866, 0.00008448756028504651960588, 0.00000478511739212900908961,
     1.84815787720480327733e-7, 4.867793902108198358097e-9, 8.743230754733760931676e-11,
     1.070923238250807645586e-12, 8.945227455904631277398e-15, 5.095315462737445403183e-17,
     1.979235218654906440765e-19},
    /* clang-format on */
};

/* The rule whose nodes keep away from x, which lie at (k + offset) h. */
typedef struct Rule {
  double offset;
  const double *weights;
} Rule;

static Rule rule_for(double x) {
  double cell = x / step, fraction = cell - floor(cell);
  return fraction > 0.25 && fraction < 0.75 ? (Rule){0, weights[1]} : (Rule){0.5, weights[0]};
}

/* e^(-z²), exponent and angle to twice the precision of a double. */
static double complex exp_minus_square(double x, double y) {
  double xx = x * x, yy = y * y, difference = yy - xx, angle = 2 * x * y;
  double back = difference + xx, rounding = (yy - back) + ((back - difference) - xx);
  double low = rounding + fma(y, y, -yy) - fma(x, x, -xx), low_angle = fma(2 * x, y, -angle);
  double modulus = exp(difference);
  if (modulus == 0) return 0;
  if (modulus <= DBL_MAX) modulus += modulus * low;
  double re = cos(angle) - low_angle * sin(angle), im = sin(angle) + low_angle * cos(angle);
  return (re == 0 ? 0 : modulus * re) - TH_I * (im == 0 ? 0 : modulus * im);
}

/* What the pole adds, over e^(-z²): 2/(1 + e^(-2πiz/h)), with - for the nodes k h. */
static double complex pole(double x, double y, Rule rule) {
  double grow = exp(2 * TH_PI / step * y), turn = 2 * x / step, sign = rule.offset == 0 ? -1 : 1;
  double re = 1 + sign * grow * th_special_cospi(turn), im = -sign * grow * th_special_sinpi(turn);
  double scale = 2 / (re * re + im * im);
  return scale * re - TH_I * (scale * im);
}

static double complex by_trapezium(double x, double y) {
  Rule rule = rule_for(x);
  double xx = x * x, yy = y * y, size = xx + yy, twice = 4 * xx * yy, re = 0, im = 0;
  for (int k = N_NODES - 1; k >= 0; k--) {
    double t = (k + rule.offset) * step, tt = t * t, gap = (x - t) * (x + t) - yy;
    double weight = rule.weights[k] / (gap * gap + twice);
    if (t == 0) weight *= 0.5;
    re += weight * (size + tt);
    im += weight * (size - tt);
  }
  double complex sum = 2 * step / TH_PI * (y * re + TH_I * (x * im));
  if (y >= TH_PI / step) return sum;
  double complex residue = exp_minus_square(x, y);
  if (residue == 0) return sum;
  double complex share = pole(x, y, rule);
  double a = creal(residue), b = cimag(residue), c = creal(share), d = cimag(share);
  return sum + (a * c - b * d) + TH_I * (a * d + b * c);
}

/* Σ (iz)^n/Γ(n/2 + 1), |z| < 1/2 (Abramowitz and Stegun 7.1.8). The even and the odd terms by themselves. */
static double complex by_series(double x, double y) {
  double complex square = (y * y - x * x) - TH_I * (2 * x * y);
  double complex even = 1, odd = 2 / TH_SQRT_PI, even_sum = 1, odd_sum = odd;
  for (int n = 1; n < 20; n++) {
    even_sum += even *= square / n;
    odd_sum += odd *= square / (n + 0.5);
  }
  return even_sum + (TH_I * x - y) * odd_sum;
}

/* i/(√π z) (1 + 1/(2z²)), |z| >= 1e4 (Abramowitz and Stegun 7.1.23). */
static double complex far_away(double x, double y) {
  double size = hypot(x, y), u = x / size, v = y / size, r = 1 / size;
  double re = 1 + 0.5 * r * r * (u - v) * (u + v), im = -r * r * u * v;
  return r / TH_SQRT_PI * (v * re - u * im + TH_I * (u * re + v * im));
}

/* x, y >= 0 */
static double complex first_quadrant(double x, double y) {
  if (x > DBL_MAX || y > DBL_MAX) return 0;
  if (fmax(x, y) > 1e4) return far_away(x, y);
  return x * x + y * y < 0.25 ? by_series(x, y) : by_trapezium(x, y);
}

double complex th_special_faddeeva(double complex z) {
  double x = creal(z), y = cimag(z);
  if (x != x || y != y) return TH_NAN;
  double complex w = first_quadrant(fabs(x), fabs(y));
  if (x < 0) w = conj(w);
  if (y >= 0) return w;
  /* w(z) = 2e^(-z²) - w(-z), -z being the mirror image of conj(z) in the imaginary axis */
  if (fmax(fabs(x), -y) > 1e150) return fabs(x) > -y ? -conj(w) : fabs(x) < -y ? TH_INFINITY : TH_NAN;
  return 2 * exp_minus_square(x, y) - conj(w);
}

/* --- Derivatives on the real line ---------------------------------------------------------------- */

/* (2ih/π) Σ (e^(-t²))⁽ⁿ⁾ …: the derivatives go over to e^(-t²) (by parts). n = 1: Σ -2t² e^(-t²)/(x² - t²);
 * n = 2: Σ (4t² - 2) e^(-t²) x/(x² - t²), whose leading term x⁻¹ Σ (4t² - 2) e^(-t²) is 0. */
static double derivative_sum(int n, double x, Rule rule) {
  double sum = 0;
  for (int k = N_NODES - 1; k >= 0; k--) {
    double t = (k + rule.offset) * step, tt = t * t;
    double weight = rule.weights[k] * tt / ((x - t) * (x + t));
    sum += n == 1 ? -2 * weight : weight * (4 * tt - 2) / x;
  }
  return 2 * step / TH_PI * sum;
}

/* The imaginary parts for large x: -1/(√π x²) (1 + 3/(2x²) + 15/(4x⁴)), 2/(√π x³) (1 + 3/x² + 45/(4x⁴)). */
static double derivative_far(int n, double x) {
  double r = 1 / x, r2 = r * r;
  return n == 1 ? -r2 / TH_SQRT_PI * (1 + r2 * (1.5 + 3.75 * r2))
                : 2 * r * r2 / TH_SQRT_PI * (1 + r2 * (3 + 11.25 * r2));
}

double complex th_special_faddeeva_derivative(int n, double x) {
  double size = fabs(x);
  if (x != x || n < 0 || n > 2) return TH_NAN;
  if (n == 0) return th_special_faddeeva(x);
  if (x < 0) {
    double complex w = th_special_faddeeva_derivative(n, size);
    return n == 1 ? -conj(w) : conj(w);
  }
  if (x < 0.5) { /* w' = 2i/√π - 2xw, w'' = -2w - 2xw' */
    double complex w = first_quadrant(x, 0), slope = TH_I * (2 / TH_SQRT_PI) - 2 * x * w;
    return n == 1 ? slope : -2 * w - 2 * x * slope;
  }
  double complex gauss = exp_minus_square(x, 0);
  double front = creal(gauss) * (n == 1 ? -2 * x : 4 * x * x - 2);
  if (x > 1e3) return TH_I * derivative_far(n, x);
  Rule rule = rule_for(x);
  return front + TH_I * (front * cimag(pole(x, 0, rule)) + derivative_sum(n, x, rule));
}
