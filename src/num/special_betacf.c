/* special_betacf.c - the characteristic function of the beta distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kummer's function ₁F₁(a; a + b; ik) by its power series cancels as soon as k is large: e^ikX averages to
 * something tiny. Instead E e^ikX is integrated in the variable w = log(x/(1 - x)), whose density decays
 * exponentially on both sides, along a line moved up into the complex plane through a saddle point, where
 * nothing oscillates that need not (steepest descent). The trapezoidal rule then converges geometrically
 * (Trefethen and Weideman 2014). a, b < 1 are first raised by a contiguous relation. */
#include "num/special.h"

#include "num/real.h"
#include "num/special_complex.h"
#include "num/special_contour.h"

/* The integrand at w = log(a/b) + s: exp(peak + n shape(s) + rate (z - x)), z = x e^s/(1 + x(e^s - 1)). */
typedef struct Transform {
  double a, b, n;      /* n = a + b */
  double x, y;         /* a/n, b/n */
  double peak;         /* log of the density of w at log(a/b) */
  double middle;       /* log(b/a): there z is 1/2 */
  double complex rate; /* i k, or t */
} Transform;

/* The logarithm of the integrand; z - x is x y (e^s - 1)/(1 + x(e^s - 1)), or beyond z = 1/2 the same in e^-s. */
static double complex log_integrand(const void *self, double complex s) {
  const Transform *t = self;
  bool beyond = creal(s) > t->middle;
  double complex rise = th_special_complex_expm1(beyond ? -s : s), zeta = (beyond ? t->y : t->x) * rise;
  double complex shift = t->x * t->y * th_complex_quotient(beyond ? -rise : rise, 1 + zeta);
  return t->peak + t->n * th_special_log_odds_shape(t->x, t->y, s) + th_complex_product(t->rate, shift);
}

/* The saddle points in s: with rate r, r z² + (n - r) z - a = 0. The one that moves from the mode, or the
 * other, which comes down from infinity as |r| grows. */
static double complex saddle(const Transform *t, bool other) {
  double complex middle = t->n - t->rate, root = csqrt(middle * middle + 4 * t->rate * t->a);
  if (creal(conj(middle) * root) < 0) root = -root;
  double complex z = 2 * t->a / (middle + root);
  if (other) z = -t->a / (t->rate * z);
  return clog(z / (1 - z)) - log(t->a / t->b);
}

static ThContour scan(const Transform *t, double height, double left, double right) {
  return th_special_contour_scan(log_integrand, t, height, left, right, sqrt(1 / t->a + 1 / t->b));
}

static double complex integrate(const Transform *t, ThContour line) {
  return th_special_contour_integrate(log_integrand, t, line);
}

static Transform transform_of(double a, double b, double complex rate) {
  Transform t = {.a = a, .b = b, .n = a + b, .x = a / (a + b), .y = b / (a + b), .rate = rate};
  t.peak = th_special_log_beta_kernel(a, b, t.x, t.y);
  t.middle = log(b / a);
  return t;
}

/* a, b >= 1, k > 0. Of the lines through the saddle points, the one whose largest value is smaller. */
static double complex cf_by_descent(double a, double b, double k) {
  Transform t = transform_of(a, b, TH_I * k);
  double complex near = saddle(&t, false), far = saddle(&t, true);
  bool both = cimag(far) > 0 && cimag(far) < 3;
  double left = creal(near), right = both ? creal(far) : left;
  ThContour line = scan(&t, cimag(near), fmin(left, right), fmax(left, right));
  if (both) {
    ThContour other = scan(&t, cimag(far), fmin(left, right), fmax(left, right));
    if (other.top < line.top) line = other;
  }
  if (line.top < -760) return 0; /* below the smallest double */
  return exp(line.top) * (cos(k * t.x) + TH_I * sin(k * t.x)) * integrate(&t, line);
}

/* ₁F₁(a; a + b; ik) by its power series, k > 0; false when the terms grow so large that digits are lost. */
static bool cf_by_series(double a, double c, double k, double complex *out) {
  double term = 1, part[2] = {1, 0}, largest = 1;
  int n = 0;
  for (; n < 500 && term > 1e-18; n++) {
    term *= (a + n) / (c + n) * (k / (n + 1));
    part[(n + 1) & 1] += (n + 1) & 2 ? -term : term; /* i^(n + 1) */
    if (term > largest) largest = term;
    if (largest > 1e3) return false;
  }
  *out = part[0] + TH_I * part[1];
  return n < 500 && largest < 30 * th_complex_size(*out);
}

/* k > 0, or k < 0 by conjugation. X and 1 - X exchange a and b. From an integration by parts,
 * cf(a, b) = cf(a + 1, b) - ik b/(c(c + 1)) cf(a + 1, b + 1). */
static double complex cf(double a, double b, double k) {
  double c = a + b;
  double complex value, turn;
  if (k < 0) return conj(cf(a, b, -k));
  if (cf_by_series(a, c, k, &value)) return value;
  turn = cos(k) + TH_I * sin(k);
  if (cf_by_series(b, c, k, &value)) return turn * conj(value);
  if (a < 1) return cf(a + 1, b, k) - TH_I * k * (b / (c * (c + 1))) * cf(a + 1, b + 1, k);
  if (b < 1) return turn * conj(cf(b, a, k));
  return cf_by_descent(a, b, k);
}

double complex th_special_beta_cf(double a, double b, double k) {
  if (!(a > 0 && b > 0) || k != k) return TH_NAN;
  if (k == 0) return 1;
  return fabs(k) > DBL_MAX ? 0 : cf(a, b, k);
}

/* --- The moment generating function -------------------------------------------------------------- */

/* log ₁F₁(a; c; t) for t > 0 by its series of positive terms, kept below overflow. */
static double log_series(double a, double c, double t) {
  double term = 1, sum = 1, scale = 0;
  for (int n = 0; n < 10000000; n++) {
    term *= (a + n) / (c + n) * (t / (n + 1));
    sum += term;
    if (term < 1e-17 * sum && n > t) break;
    if (sum > 1e250) {
      term *= 1e-250;
      sum *= 1e-250;
      scale += 575.64627324851142100449786367109;
    }
  }
  return scale + log(sum);
}

/* log of E e^(t(X - 1)), t large against a b: Γ(c)/Γ(a) t^-b Σ (1 - a)ₙ (b)ₙ/n! t^-n (DLMF 13.7.1). */
static double log_asymptotic(double a, double b, double t) {
  double term = 1, sum = 1;
  for (int n = 0; n < 40 && fabs(term) > 1e-17; n++) sum += term *= (1 - a + n) * (b + n) / ((n + 1) * t);
  return th_special_log_rising(a, b) - b * log(t) + log(sum);
}
static bool is_asymptotic(double a, double b, double t) { return (fabs(1 - a) + 20) * (b + 20) < 0.3 * t; }

/* a, b >= 1: the integral along the real line, about its peak z: t z² + (n - t) z - a = 0. */
static double log_integral(double a, double b, double t) {
  Transform transform = transform_of(a, b, t);
  double n = a + b, root = sqrt((n - t) * (n - t) + 4 * t * a);
  double near = t < n ? 2 * a / (n - t + root) : (root - (n - t)) / (2 * t);
  double far = t > -n ? 2 * b / (n + t + root) : (root - (n + t)) / (-2 * t); /* 1 - z */
  double peak = log(near / far) - log(a / b);
  ThContour line = scan(&transform, 0, peak, peak);
  return t * transform.x + line.top + log(creal(integrate(&transform, line)));
}

/* t < 0, |t| not small. For a < 1 by the contiguous relation of cf, both of whose terms are positive here. */
static double log_mgf_below(double a, double b, double t) {
  double c = a + b;
  if (is_asymptotic(b, a, -t)) return log_asymptotic(b, a, -t);
  if (b < 1) return t + log_series(b, c, -t);
  if (a >= 1) return log_integral(a, b, t);
  double raised = log_integral(a + 1, b, t), second = log_integral(a + 1, b + 1, t);
  return th_special_log_add(raised, log(-t * b / c / (c + 1)) + second);
}

double th_special_beta_log_mgf(double a, double b, double t) {
  if (!(a > 0 && b > 0) || t != t) return TH_NAN;
  if (fabs(t) > DBL_MAX) return t;
  if (fabs(t) * (a + 1) < 0.3 * (a + b + 1) &&
      fabs(t) < 2 + 0.3 * (a + b)) { /* near 0, where its log is small */
    double term = 1, sum = 0;
    for (int n = 0; n < 60; n++) sum += term *= (a + n) / (a + b + n) * (t / (n + 1));
    return log1p(sum);
  }
  if (t < 0) return log_mgf_below(a, b, t);
  if (t < 1e4) return log_series(a, a + b, t);
  if (is_asymptotic(a, b, t)) return t + log_asymptotic(a, b, t);
  return a < 1 || b < 1 ? log_series(a, a + b, t) : log_integral(a, b, t);
}
