/* special_derivatives.c - derivatives of special functions, of any order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/special_derivatives.h"

#include <math.h>

#include "num/real.h"
#include "num/special.h"

enum { MAX_ORDER = 60 };

static bool is_order(double n, int max) { return n >= 0 && n <= max && floor(n) == n; }

/* --- Polygamma functions */

/* d^n cot(z)/dz^n: polynomials in the cotangent c, P' = -(1 + c²) dP/dc. */
static double cotangent_derivative(int n, double c) {
  double p[MAX_ORDER + 3] = {0, 1}, q[MAX_ORDER + 3];
  for (int order = 0; order < n; order++) {
    for (int j = 0; j <= order + 2; j++) q[j] = -(j + 1) * p[j + 1] - (j > 0 ? (j - 1) * p[j - 1] : 0);
    for (int j = 0; j <= order + 2; j++) p[j] = q[j];
  }
  double sum = 0;
  for (int j = n + 1; j >= 0; j--) sum = sum * c + p[j];
  return sum;
}

/* Of negative x by reflection: (-1)^n ψ⁽ⁿ⁾(1 - x) - ψ⁽ⁿ⁾(x) = dⁿ(π cot πx)/dxⁿ (NIST Handbook 2010, 5.15.6). */
double th_special_polygamma_of(double n, double x) {
  if (!is_order(n, MAX_ORDER)) return TH_NAN;
  int order = (int)n;
  if (order < 2 || x > 0 || x != x) return th_special_polygamma(order, x);
  if (floor(x) == x) return order % 2 ? TH_INFINITY : TH_NAN;
  double mirrored = th_special_polygamma(order, 1 - x), sine = th_special_sinpi(x);
  double reflected = pow(TH_PI, n + 1) * cotangent_derivative(order, th_special_cospi(x) / sine);
  return (order % 2 ? -mirrored : mirrored) - reflected;
}

/* ψ(x) = log x - L(x): the logarithms' difference keeps its digits, and those of L cancel only what is small. */
double th_special_digamma_rise(double a, double b) {
  if (!(a > 0) || !(a + b > 0)) return th_special_digamma(a + b) - th_special_digamma(a);
  if (fabs(b) < 1e-5 * a && a >= 1) { /* its Taylor series, of which the rest is below b³/a³ */
    double second = th_special_polygamma(2, a), third = th_special_polygamma(3, a);
    return b * (th_special_trigamma(a) + b * (second / 2 + b * third / 6));
  }
  return log1p(b / a) + (th_special_log_minus_digamma(a) - th_special_log_minus_digamma(a + b));
}

/* --- e^(x²) erfc(x): dⁿ/dxⁿ is (-2)ⁿ n! e^(x²) iⁿerfc(x) (NIST Handbook 2010, 7.18.9) with iⁿerfc = -(x/n) iⁿ⁻¹erfc +
 * (1/2n) iⁿ⁻²erfc. In terms of the derivatives y: y[n] = 2x y[n-1] + 2(n-1) y[n-2]. For large positive x they shrink
 * faster than other solutions: the recurrence is run backwards there (Miller's algorithm). */

static double backwards(int n, double x) {
  int start = n + 30 + (int)(200 / (x * x));
  /* ratio r[k] = y[k]/y[k-1] = -2k/(2x - …): from y[k+1] = 2x y[k] + 2k y[k-1], r[k] = 2k/(r[k+1] - 2x) */
  double ratio = 0, product = 1;
  for (int k = start; k >= 1; k--) {
    ratio = 2 * k / (ratio - 2 * x);
    if (k <= n) product *= ratio;
  }
  return product * th_special_erfcx(x);
}

double th_special_erfcx_derivative(double n, double x) {
  if (!is_order(n, MAX_ORDER) || x != x) return TH_NAN;
  if (x > DBL_MAX) return 0;
  if (n == 0) return th_special_erfcx(x);
  if (x >= 1) return backwards((int)n, x);
  double before = th_special_erfcx(x), y = 2 * x * before - 2 / sqrt(TH_PI);
  for (int k = 2; k <= (int)n; k++) {
    double next = 2 * x * y + 2 * (k - 1) * before;
    before = y;
    y = next;
  }
  return y;
}

/* --- The incomplete gamma function by its shape a

 * ∂P/∂a = ∫₀ˣ f(t) (log t - ψ(a)) dt with the gamma density f, and that of Q over the rest; the weight has one sign on
 * the side of a's mean that is integrated over. With t = x + u above and x e^-u below, the integrands decay like
 * exponentials of u, and u = w e^(π/2 sinh v) makes the trapezoidal rule exponentially accurate (Takahasi and Mori
 * 1974). */

/* log of t^a e^-t/Γ(a), given log t. */
static double log_kernel(double a, double t, double log_t) {
  if (a < 1) return a * log_t - t - th_special_lgamma1p(a) + log(a);
  return t > 0 ? th_special_log_gamma_kernel(a, t) : -TH_INFINITY;
}

typedef double (*Weight)(double away, double a); /* away: log t - ψ(a) */

static double first_weight(double away, double a) {
  (void)a;
  return away;
}
static double second_weight(double away, double a) { return away * away - th_special_trigamma(a); }

static double shape_integral(double a, double x, Weight weight) {
  if (a != a || x != x || !(a > 0) || x < 0) return TH_NAN;
  if (x == 0 || x > DBL_MAX || a > DBL_MAX) return 0;
  const double step = 1.0 / 24;
  bool upper = x > a;
  double width = (upper ? x : 1) / (sqrt(upper ? x : a) + fabs(x - a)), log_x = log(x), sum = 0;
  double begin = log(x / a) + th_special_log_minus_digamma(a); /* log x - ψ(a) */
  for (int k = -110; k <= 110; k++) {
    double v = k * step, u = width * exp(TH_PI / 2 * sinh(v));
    double move = upper ? log1p(u / x) : -u, t = upper ? x + u : x * exp(-u);
    double kernel = exp(log_kernel(a, t, log_x + move)) / (upper ? t : 1);
    if (kernel > 0) sum += kernel * weight(begin + move, a) * u * (TH_PI / 2) * cosh(v);
  }
  return upper ? -sum * step : sum * step;
}

double th_special_gamma_p_shape(double a, double x) { return shape_integral(a, x, first_weight); }
double th_special_gamma_p_shape2(double a, double x) { return shape_integral(a, x, second_weight); }

double th_special_gamma_density(double a, double x) {
  if (a != a || x != x || x < 0) return TH_NAN;
  if (a <= 0 && floor(a) == a) return 0;
  if (x == 0) return a == 1 ? 1 : a > 1 ? 0 : a > 0 ? TH_INFINITY : TH_NAN;
  if (a > 0) return exp(th_special_log_gamma_kernel(a, x)) / x;
  return pow(x, a - 1) * exp(-x) / th_special_gamma(a);
}
