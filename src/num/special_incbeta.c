/* special_incbeta.c - the incomplete beta function, both tails, logarithms, inverses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As for the incomplete gamma function: one function finds the logarithm of a tail that is not close to 1.
 * Near an end of [0, 1] it is a power series, elsewhere a continued fraction, and for large a and b the
 * density of log(x/(1 - x)) times an integral (special_tail.h). GSL's gsl_sf_beta_inc has neither
 * logarithms nor the upper tail, and fails for parameters beyond 1e5. */
#include "num/special.h"

#include "num/real.h"
#include "num/special_tail.h"

enum { LARGE = 20, MAX_TERMS = 100000 };

double th_special_log_beta_kernel(double a, double b, double x, double y) {
  if (a != a || b != b || x != x || y != y || a <= 0 || b <= 0 || x < 0 || y < 0) return TH_NAN;
  if (x == 0 || y == 0) return -TH_INFINITY;
  if (a < 1 || b < 1) {
    double log_x = x < 0.5 ? log(x) : log1p(-y), log_y = y < 0.5 ? log(y) : log1p(-x);
    return a * log_x + b * log_y - th_special_lbeta(a, b);
  }
  double n = a + b, error = th_special_stirling_error(n);
  error -= th_special_stirling_error(a) + th_special_stirling_error(b);
  double deviance = th_special_deviance(a, n * x) + th_special_deviance(b, n * y);
  return 0.5 * (log(a) - log1p(a / b) - TH_LOG_2PI) + error - deviance;
}

/* Which tail comes as its logarithm, if it is the one that is found. */
typedef struct Scale {
  bool log_lower, log_upper;
} Scale;

/* 1/(a B(a, b)), where that is not too large for a double; Γ(b) = Γ(b + 1)/b keeps the digits of a small b. */
static double inverse_beta(double a, double b, double logarithm) {
  if (a >= LARGE || b >= 1) return exp(logarithm);
  return b / (a + b) * exp(th_special_log_rising(1 + b, a) - th_special_lgamma1p(a));
}

/* Near 0: I = front (1 + a Σ), front = x^a/(a B(a, b)), Σ = Σₙ (1 - b)(2 - b)…(n - b)/n! x^n/(a + n).
 * Both I and 1 - I = (1 - front) - front a Σ come out without cancellation, the latter by expm1. The
 * smaller, or its logarithm: e^log I would have lost digits where I is far from 1, which x^a has. */
static double series(double a, double b, double x, Scale scale, bool *lower) {
  double constant;
  if (a < LARGE) constant = th_special_log_rising(b, a) - th_special_lgamma1p(a);
  else constant = -(log(a) + th_special_lbeta(a, b)); /* the two terms above would be large, and cancel */
  double log_front = a * log(x) + constant;
  double term = 1, sum = 0;
  for (int n = 1; n < MAX_TERMS; n++) {
    term *= (n - b) / n * x;
    sum += term / (a + n);
    if (fabs(term) < 1e-17 * (a + n) * (fabs(sum) + fmin(1, 1 / a))) break; /* 1 - I is a(-log front/a - Σ) */
  }
  *lower = true;
  double log_p = log_front + log1p(a * sum), power = pow(x, a);
  if (log_p < -TH_LOG_2) {
    bool plain = power > 1e-290 && constant < 600;
    if (scale.log_lower) return log_p;
    return plain ? power * inverse_beta(a, b, constant) * (1 + a * sum) : exp(log_p);
  }
  *lower = false;
  double upper = -expm1(log_front) - exp(log_front) * a * sum;
  return scale.log_upper ? log(upper) : upper;
}

/* I = x^a y^b/B(a, b) times this: the continued fraction of DiDonato and Morris (1992, equation 9), by the
 * method of Lentz. It takes y by itself: near x = 1 the plain fraction would lose the digits of 1 - x. */
static double fraction(double a, double b, double x, double y) {
  double lambda = a * y - b * x, d = (a + 1) / (a * (lambda + 1)), c = 1e300, value = d;
  for (int n = 1; n < MAX_TERMS; n++) {
    double w = n * (b - n) * x / (a + 2 * n - 1);
    double numerator = (a + n - 1) / (a + 2 * n - 1) * ((a + b + n - 1) * x) * w;
    double denominator = n + w + (a + n) / (a + 2 * n + 1) * (lambda + 1 + n * (1 + y));
    d = 1 / (denominator + numerator * d);
    c = denominator + numerator / c;
    value *= c * d;
    if (fabs(c * d - 1) < 1e-16) break;
  }
  return value;
}

/* The density of log(x/(1 - x)) at s below, over that at x: with n = a + b it is
 * exp(-a s - n log(1 + x(e^-s - 1))) = exp(b s - n log(1 + y(e^s - 1))). What is linear in s is taken out,
 * and the smaller of x, y used. parameters: a y - b x, n, x, y. */
static double log_ratio(const double *p, double s) {
  double curved;
  if (p[2] < 0.5) curved = p[2] * th_special_exp_deviation(s) - th_special_log1p_deviation(p[2] * expm1(-s));
  else curved = p[3] * th_special_exp_deviation(-s) - th_special_log1p_deviation(p[3] * expm1(s));
  return -p[0] * s - p[1] * curved;
}

/* log I for x at or below the mean a/(a + b). */
static double log_below_mean(double a, double b, double x, double y) {
  double log_kernel = th_special_log_beta_kernel(a, b, x, y);
  if (a >= LARGE) {
    double n = a + b, linear = a * y - b * x, parameters[4] = {linear, n, x, y};
    double tail = th_special_tail_integral(log_ratio, parameters, -linear, -n * x * y);
    if (tail == tail) return log_kernel + log(tail);
  }
  return log_kernel + log(fraction(a, b, x, y));
}

/* I (*lower true) or 1 - I, or its logarithm; 0 < x, y < 1. */
static double tail_of(double a, double b, double x, double y, Scale scale, bool *lower) {
  if (x <= 0.7 && (b <= 1 || b * x <= 0.7)) return series(a, b, x, scale, lower);
  if (y <= 0.7 && (a <= 1 || a * y <= 0.7)) {
    double tail = series(b, a, y, (Scale){scale.log_upper, scale.log_lower}, lower);
    *lower = !*lower;
    return tail;
  }
  *lower = x * b <= a * y;
  double log_tail = *lower ? log_below_mean(a, b, x, y) : log_below_mean(b, a, y, x);
  return (*lower ? scale.log_lower : scale.log_upper) ? log_tail : exp(log_tail);
}

/* Edges in common. True: *p is I. */
static bool at_edge(double a, double b, double x, double y, double *p) {
  *p = TH_NAN;
  if (a != a || b != b || x != x || y != y) return true;
  if (a <= 0 || b <= 0 || a > DBL_MAX || b > DBL_MAX || x < 0 || x > 1 || y < 0 || y > 1) return true;
  if (x == 0 || y == 0) {
    *p = x == 0 ? 0 : 1;
    return true;
  }
  return false;
}

double th_special_beta_p(double a, double b, double x, double y) {
  bool lower;
  double p;
  if (at_edge(a, b, x, y, &p)) return p;
  double tail = tail_of(a, b, x, y, (Scale){false, false}, &lower);
  return lower ? tail : 1 - tail;
}

double th_special_beta_q(double a, double b, double x, double y) { return th_special_beta_p(b, a, y, x); }

double th_special_log_beta_p(double a, double b, double x, double y) {
  bool lower;
  double p;
  if (at_edge(a, b, x, y, &p)) return log(p);
  double tail = tail_of(a, b, x, y, (Scale){true, false}, &lower);
  return lower ? tail : log1p(-tail);
}

double th_special_log_beta_q(double a, double b, double x, double y) {
  return th_special_log_beta_p(b, a, y, x);
}

/* --- Inverses ------------------------------------------------------------------------------------ */

/* A point of (0, 1) with both distances, so that neither loses digits near its end. */
typedef struct Point {
  double x, y;
} Point;

/* The point whose log(x/y) is w, or lies `step` further on. */
static Point at_logit(double w) {
  double e = exp(-fabs(w)), far = e / (1 + e), near = 1 / (1 + e);
  return w < 0 ? (Point){far, near} : (Point){near, far};
}
static Point moved(Point at, double step) {
  double rise = exp(step), total = at.y + at.x * rise;
  return (Point){at.x * rise / total, at.y / total};
}

/* Where to begin: when one parameter is much larger, b x or a y is nearly a gamma variable; else the normal
 * approximation to log(x/y) where it holds, or the leading term near 0. */
static Point first_guess(double a, double b, double target) {
  const double much = 1e4;
  if (a > much * (1 + b)) return at_logit(log(a) - log(th_special_log_gamma_q_inverse(b, target)));
  if (b > much * (1 + a)) return at_logit(log(th_special_log_gamma_p_inverse(a, target)) - log(b));
  double z = th_special_normal_quantile_log(target), sd = sqrt(1 / a + 1 / b);
  if (a >= 1 && b >= 1 && fabs(z) * sd < 2) return at_logit(log(a / b) + z * sd);
  return at_logit(fmin((target + th_special_lgamma1p(a) - th_special_log_rising(b, a)) / a, 40));
}

/* log I is concave in w = log(x/y); Halley's steps there, as for the gamma function. The density of w is
 * the kernel, its logarithmic derivative a y - b x. */
static Point solve_tail(double a, double b, double target) {
  Point at = first_guess(a, b, target);
  for (int i = 0; i < 200; i++) {
    if (!(at.x > 0) || !(at.y > 0)) break;
    double tail = th_special_log_beta_p(a, b, at.x, at.y);
    double slope = exp(th_special_log_beta_kernel(a, b, at.x, at.y) - tail);
    double step = -(tail - target) / slope, bend = a * at.y - b * at.x - slope;
    double correction = 1 + 0.5 * step * bend;
    if (correction > 0.3 && correction < 3) step /= correction;
    double reach = i < 20 ? 5 : 50;
    if (!(fabs(step) <= reach)) step = copysign(reach, step);
    at = moved(at, step);
    if (fabs(step) < 1e-10) break;
  }
  return at;
}

/* x with I_x(a, b) = e^log_p; other is log(1 - e^log_p). The smaller tail is solved for. */
static double inverse(double a, double b, double log_p, double other, double *y) {
  Point at = {TH_NAN, TH_NAN};
  if (a > 0 && b > 0 && log_p <= 0 && other <= 0) {
    if (log_p == -TH_INFINITY || other == -TH_INFINITY) {
      at.x = other == -TH_INFINITY;
      at.y = 1 - at.x;
    } else if (log_p <= other) at = solve_tail(a, b, log_p);
    else {
      Point swapped = solve_tail(b, a, other);
      at = (Point){swapped.y, swapped.x};
    }
  }
  if (y) *y = at.y;
  return at.x;
}

double th_special_beta_p_inverse(double a, double b, double p, double *y) {
  return inverse(a, b, log(p), log1p(-p), y);
}

double th_special_beta_q_inverse(double a, double b, double q, double *y) {
  return inverse(a, b, log1p(-q), log(q), y);
}

double th_special_log_beta_p_inverse(double a, double b, double log_p, double *y) {
  return inverse(a, b, log_p, th_special_log1mexp(log_p), y);
}

double th_special_log_beta_q_inverse(double a, double b, double log_q, double *y) {
  return inverse(a, b, th_special_log1mexp(log_q), log_q, y);
}
