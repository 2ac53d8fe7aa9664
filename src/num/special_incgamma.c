/* special_incgamma.c - the incomplete gamma function, both tails, logarithms, inverses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One function finds the logarithm of whichever tail is not close to 1; all others follow from it without
 * cancellation. For small a: the power series, Legendre's continued fraction. For a >= 20: the density
 * times an integral (special_tail.h), which needs neither many terms near x = a, where series and fraction
 * take √a of them, nor tables of an asymptotic expansion. GSL's gsl_sf_gamma_inc_Q has no logarithms and
 * loses 4 to 8 digits of the tails for large a. */
#include "num/special.h"

#include "num/real.h"
#include "num/special_tail.h"

enum { LARGE = 20, MAX_TERMS = 100000 };

double th_special_log_gamma_kernel(double a, double x) {
  if (a != a || x != x || a <= 0 || x < 0) return TH_NAN;
  if (x == 0 || x > DBL_MAX) return -TH_INFINITY;
  if (a < 1) return a * log(x) - x - th_special_lgamma1p(a) + log(a);
  return 0.5 * (log(a) - TH_LOG_2PI) - th_special_stirling_error(a) - th_special_deviance(a, x);
}

/* log X of a gamma variable has density x^a e^-x/Γ(a). Going down from log x by s multiplies it by
 * exp(-a s - x(e^-s - 1)), going up by exp(a s - x(e^s - 1)). parameters: a - x, x. */
static double log_ratio_down(const double *p, double s) {
  return -p[0] * s - p[1] * th_special_exp_deviation(s);
}
static double log_ratio_up(const double *p, double s) {
  return p[0] * s - p[1] * th_special_exp_deviation(-s);
}

/* 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …: P = x^a e^-x/Γ(a + 1) times this. */
static double lower_series(double a, double x) {
  double term = 1, sum = 1;
  for (int n = 1; n < MAX_TERMS && term > 1e-17 * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/* Q = x^a e^-x/Γ(a) times this: Legendre's continued fraction by the method of Lentz (1976); x > 1. */
static double upper_fraction(double a, double x) {
  double b = x + 1 - a, c = 1e300, d = 1 / b, value = d;
  for (int n = 1; n < MAX_TERMS; n++) {
    double numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= c * d;
    if (fabs(c * d - 1) < 1e-16) break;
  }
  return value;
}

/* Q for a < 1, x < 1.1, where Q is small like a: 1 - x^a/Γ(a + 1) (1 + a Σ (-x)^n/((a + n) n!)), with
 * the first difference by expm1. */
static double upper_small(double a, double x) {
  double log_front = a * log(x) - th_special_lgamma1p(a), term = 1, sum = 0;
  for (int n = 1; n < 40 && fabs(term) > 1e-18; n++) {
    term *= -x / n;
    sum += term / (a + n);
  }
  return -expm1(log_front) - exp(log_front) * a * sum;
}

/* e^log_p, which has lost digits when it is far from 1: x^a by itself has them. */
static double lower_small(double a, double x, double series, double log_p) {
  double power = pow(x, a);
  return a < LARGE && power > 1e-290 ? power * exp(-x - th_special_lgamma1p(a)) * series : exp(log_p);
}

/* Which tail comes as its logarithm, if it is the one that is found. */
typedef struct Scale {
  bool log_lower, log_upper;
} Scale;

/* P (*lower true) or Q, or its logarithm; the other tail is at least about 0.3. a > 0, 0 < x < inf. */
static double tail_of(double a, double x, Scale scale, bool *lower) {
  double parameters[2] = {a - x, x};
  *lower = x < a || (x < 1.1 && a < 1);
  if (a >= LARGE) {
    double sign = *lower ? 1 : -1;
    double tail = th_special_tail_integral(*lower ? log_ratio_down : log_ratio_up, parameters,
                                           -sign * (a - x), -x);
    double log_p = th_special_log_gamma_kernel(a, x) + log(tail);
    if (tail == tail) return (*lower ? scale.log_lower : scale.log_upper) ? log_p : exp(log_p);
  }
  if (!*lower) {
    double log_q = th_special_log_gamma_kernel(a, x) + log(upper_fraction(a, x));
    return scale.log_upper ? log_q : exp(log_q);
  }
  double series = lower_series(a, x), log_p = th_special_log_poisson(a, x) + log(series);
  if (a >= 1 || log_p < -TH_LOG_2) return scale.log_lower ? log_p : lower_small(a, x, series, log_p);
  *lower = false;
  return scale.log_upper ? log(upper_small(a, x)) : upper_small(a, x);
}

/* Edges in common: NaN, domain, 0 and infinity. True: *p is P. */
static bool at_edge(double a, double x, double *p) {
  *p = TH_NAN;
  if (a != a || x != x || a <= 0 || x < 0) return true;
  if (a > DBL_MAX) return true;
  if (x == 0 || x > DBL_MAX) {
    *p = x == 0 ? 0 : 1;
    return true;
  }
  return false;
}

double th_special_gamma_p(double a, double x) {
  bool lower;
  double p;
  if (at_edge(a, x, &p)) return p;
  double tail = tail_of(a, x, (Scale){false, false}, &lower);
  return lower ? tail : 1 - tail;
}

double th_special_gamma_q(double a, double x) {
  bool lower;
  double p;
  if (at_edge(a, x, &p)) return 1 - p;
  double tail = tail_of(a, x, (Scale){false, false}, &lower);
  return lower ? 1 - tail : tail;
}

double th_special_log_gamma_p(double a, double x) {
  bool lower;
  double p;
  if (at_edge(a, x, &p)) return log(p);
  double tail = tail_of(a, x, (Scale){true, false}, &lower);
  return lower ? tail : log1p(-tail);
}

double th_special_log_gamma_q(double a, double x) {
  bool lower;
  double p;
  if (at_edge(a, x, &p)) return log1p(-p);
  double tail = tail_of(a, x, (Scale){false, true}, &lower);
  return lower ? log1p(-tail) : tail;
}

/* --- Inverses ------------------------------------------------------------------------------------ */

/* Where to begin: the normal approximation to log X where it holds, else the leading term of the tail.
 * target is the logarithm of the tail's probability. */
static double first_guess(double a, double target, bool lower) {
  double z = th_special_normal_quantile_log(target);
  if (!lower) z = -z;
  if (a >= 1 && fabs(z) < 3 * sqrt(a)) {
    double cube_root = 1 - 1 / (9 * a) + z / (3 * sqrt(a)); /* Wilson and Hilferty 1931 */
    if (cube_root > 0.2) return a * cube_root * cube_root * cube_root;
  }
  if (lower) return exp((target + th_special_lgamma1p(a)) / a);
  double x = -target - th_special_lgamma(a);
  if (x > 1) return x + (a - 1) * log(fmax(x, a));
  double log_x = (th_special_log1mexp(target) + th_special_lgamma1p(a)) / a;
  return log_x < -750 ? 0 : fmax(exp(log_x), 1e-300); /* below all doubles the leading term is exact */
}

/* log P and log Q are concave in log x, so that Newton's steps, taken there, cannot circle; Halley's
 * correction makes them cubic. d log P/d log x = kernel/P. */
static double solve_tail(double a, double target, bool lower) {
  double x = first_guess(a, target, lower);
  for (int i = 0; i < 100; i++) {
    if (!(x > 0)) return 0;
    double tail = lower ? th_special_log_gamma_p(a, x) : th_special_log_gamma_q(a, x);
    double rate = exp(th_special_log_gamma_kernel(a, x) - tail), slope = lower ? rate : -rate;
    double step = -(tail - target) / slope, bend = (a - x) - slope;
    double correction = 1 + 0.5 * step * bend;
    if (correction > 0.3 && correction < 3) step /= correction;
    if (!(fabs(step) <= 5)) step = copysign(5, step);
    x *= exp(step);
    if (fabs(step) < 1e-10) break; /* the next step would be its cube */
  }
  return x;
}

/* Either tail by its logarithm; the inverse is found from the smaller one. */
static double inverse_log(double a, double log_p, bool lower) {
  if (a != a || log_p != log_p || a <= 0 || log_p > 0) return TH_NAN;
  if (log_p == 0 || log_p == -TH_INFINITY) return (log_p == 0) == lower ? TH_INFINITY : 0;
  if (log_p > -TH_LOG_2) return solve_tail(a, th_special_log1mexp(log_p), !lower);
  return solve_tail(a, log_p, lower);
}

static double inverse(double a, double p, bool lower) {
  if (a != a || p != p || a <= 0 || p < 0 || p > 1) return TH_NAN;
  if (p == 0 || p == 1) return (p == 1) == lower ? TH_INFINITY : 0;
  if (p > 0.5) return solve_tail(a, log1p(-p), !lower);
  return solve_tail(a, log(p), lower);
}

double th_special_gamma_p_inverse(double a, double p) { return inverse(a, p, true); }
double th_special_gamma_q_inverse(double a, double q) { return inverse(a, q, false); }
double th_special_log_gamma_p_inverse(double a, double log_p) { return inverse_log(a, log_p, true); }
double th_special_log_gamma_q_inverse(double a, double log_q) { return inverse_log(a, log_q, false); }
