/* special_gammacf.c - transforms of the reciprocal of a gamma variable, and of the ratio of two */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both are Bessel's K and Kummer's U of arguments for which libraries overflow, lose digits or have nothing
 * (complex argument, large order). As integrals over log V, or over the log of the ratio, along a line of the
 * complex plane on which the integrand falls off doubly exponentially, they have full accuracy for all
 * parameters at the same price. */
#include "num/special.h"

#include "num/real.h"
#include "num/special_complex.h"
#include "num/special_contour.h"

/* How far a line is turned from the real one at least, for an integrand whose logarithm has this curvature: far
 * enough to be rid of oscillations in the tails, not so far that its peak grows. */
static double least_turn(double curvature, double most) { return fmin(most, 1 / sqrt(curvature)); }

/* An integral, divided by e^log_scale. */
typedef struct Scaled {
  double log_scale;
  double complex value;
} Scaled;

static Scaled integrate(ThLogIntegrand f, const void *self, double height, double at, double width) {
  ThContour line = th_special_contour_scan(f, self, height, at, at, fmin(width, 2));
  return (Scaled){line.top, th_special_contour_integrate(f, self, line)};
}

static double complex value_of(Scaled integral) {
  return integral.log_scale < -760 ? 0 : exp(integral.log_scale) * integral.value;
}
static double log_of(Scaled integral) { return integral.log_scale + log(creal(integral.value)); }

/* --- E e^(-q/V), V ~ Gamma(a, 1) ----------------------------------------------------------------- */

/* The integrand v^a e^(-v - q/v)/Γ(a) over log v about its saddle point v = a + r, r = q/v:
 * exp(peak - v(e^s - 1 - s) - r(e^-s - 1 + s)). */
typedef struct Reciprocal {
  double complex v, r, peak;
} Reciprocal;

static double complex log_reciprocal(const void *self, double complex s) {
  const Reciprocal *t = self;
  return t->peak - th_complex_product(t->v, th_complex_exp_deviation(s)) -
         th_complex_product(t->r, th_complex_exp_deviation(-s));
}

/* The logarithm at the saddle point is that of a^a e^-a/Γ(a), less a(z - log(1 + z)) + r with z = r/a. */
static Scaled reciprocal_by_descent(double a, double complex q) {
  Reciprocal t;
  t.r = 2 * q / (a + 2 * csqrt(0.25 * a * a + q));
  t.v = a + t.r;
  t.peak = th_special_log_gamma_kernel(a, a) - a * th_complex_log1p_deviation(t.r / a) - t.r;
  double curvature = cabs(t.v + t.r), angle = carg(t.v), turn = 0;
  if (cimag(q) != 0) turn = copysign(fmax(fabs(angle), least_turn(curvature, TH_PI / 4)), cimag(q)) - angle;
  return integrate(log_reciprocal, &t, turn, 0, 1 / sqrt(curvature));
}

/* For small q the difference from 1: v^a e^-v/Γ(a) (e^(-q/v) - 1) about v = a. */
typedef struct Departure {
  double a, peak;
  double complex log_ratio; /* of q/a */
} Departure;

enum { FAR = 600 }; /* e^-e^600 is 0, and e^600 is not yet infinite */

static double complex log_departure(const void *self, double complex s) {
  const Departure *t = self;
  double complex log_rate = t->log_ratio - s, factor = -1;
  if (creal(log_rate) < FAR) factor = th_special_complex_expm1(-th_complex_exp(log_rate));
  return t->peak - t->a * th_complex_exp_deviation(s) + th_complex_log(factor);
}

static Scaled reciprocal_departure(double a, double complex q) {
  Departure t = {a, th_special_log_gamma_kernel(a, a), clog(q / a)};
  double turn = cimag(q) == 0 ? 0 : copysign(least_turn(a, TH_PI / 4), cimag(q));
  return integrate(log_departure, &t, turn, 0, 1 / sqrt(a));
}

static bool is_small(double a, double q_size) { return q_size < 0.05 * a && a > 0.1; }

double complex th_special_reciprocal_gamma_exp(double a, double complex q) {
  double size = cabs(q);
  if (!(a > 0) || q != q) return TH_NAN;
  if (q == 0) return 1;
  if (!(size < 1e300)) return 0;
  if (is_small(a, size)) return 1 + value_of(reciprocal_departure(a, q));
  return value_of(reciprocal_by_descent(a, q));
}

double th_special_reciprocal_gamma_log_mgf(double a, double q) {
  if (!(a > 0) || !(q >= 0)) return TH_NAN;
  if (q == 0 || q > DBL_MAX) return -q;
  if (is_small(a, q)) return log1p(creal(value_of(reciprocal_departure(a, q))));
  return log_of(reciprocal_by_descent(a, q));
}

/* --- E e^(rate W), W = X/(1 - X) for X ~ Beta(a, b) ------------------------------------------------ */

/* The density of log W is exp(peak + n shape(s)) at w = e^s a/b. It is multiplied by e^(rate w), or by e^(rate w) - 1,
 * or by e^(rate w) - 1/(1 + w), whose integrals converge where those without the second term do slowly. */
typedef enum Front { EXPONENTIAL, LESS_1, LESS_POWER } Front;
typedef struct Odds {
  double n, x, y, peak;    /* n = a + b, x = a/n, y = b/n */
  double complex log_rate; /* of the rate times a/b */
  Front front;
} Odds;

static double complex log_odds(const void *self, double complex s) {
  const Odds *t = self;
  double complex value = t->peak + t->n * th_special_log_odds_shape(t->x, t->y, s),
                 log_exponent = t->log_rate + s;
  bool gone = creal(log_exponent) > FAR;
  double complex exponent = gone ? -TH_INFINITY : th_complex_exp(log_exponent), factor;
  if (t->front == EXPONENTIAL) return value + exponent;
  if (t->front == LESS_1) factor = gone ? -1 : th_special_complex_expm1(exponent);
  else if (creal(s) > FAR) return value - s; /* |1/(1 + w)|, up to a constant, far below the peak */
  else if (creal(exponent) < -1)
    factor = (gone ? 0 : th_complex_exp(exponent)) -
             th_complex_quotient(t->y, t->y + t->x * th_complex_exp(s));
  else {
    double complex grow = t->x * th_complex_exp(s);
    factor = th_special_complex_expm1(exponent) + th_complex_quotient(grow, t->y + grow);
  }
  return value + th_complex_log(factor);
}

/* The saddle point solves rate w² + (rate - b) w + a = 0; it moves from a/b. s there. */
static double complex odds_saddle(double a, double b, double complex rate) {
  double complex middle = b - rate, root = csqrt(1 - 4 * (rate / middle) * (a / middle));
  return clog(2 * b / middle / (1 + root));
}

static Scaled odds(double a, double b, double complex rate, Front front) {
  double n = a + b, curvature = a / n * b;
  Odds t = {n, a / n, b / n, 0, clog(rate) + log(a / b), front};
  t.peak = th_special_log_beta_kernel(a, b, t.x, t.y);
  double complex saddle = front == EXPONENTIAL ? odds_saddle(a, b, rate) : 0;
  double turn = cimag(rate) == 0 ? 0 : fmax(cimag(saddle), least_turn(curvature, 1));
  return integrate(log_odds, &t, turn, creal(saddle), 1 / sqrt(curvature));
}

/* Which front: near 1 the difference from 1 is integrated; where X is small most of the time e^(rate w) is 1 far
 * down, and E 1/(1 + W) = b/n is taken out. */
static Front front_for(double a, double b, double complex rate) {
  if (cabs(rate) * a < 0.05 * b && b > 0.1) return LESS_1;
  return a < 0.1 ? LESS_POWER : EXPONENTIAL;
}

double complex th_special_odds_exp(double a, double b, double complex rate) {
  if (!(a > 0 && b > 0) || rate != rate) return TH_NAN;
  if (rate == 0) return 1;
  if (!(cabs(rate) <= DBL_MAX)) return 0;
  if (cimag(rate) < 0) return conj(th_special_odds_exp(a, b, conj(rate)));
  Front front = front_for(a, b, rate);
  double taken_out = front == LESS_1 ? 1 : front == LESS_POWER ? b / (a + b) : 0;
  return taken_out + value_of(odds(a, b, rate, front));
}

double th_special_odds_log_mgf(double a, double b, double rate) {
  if (!(a > 0 && b > 0) || !(rate <= 0)) return TH_NAN;
  if (rate == 0 || rate < -DBL_MAX) return rate;
  Front front = front_for(a, b, rate);
  Scaled integral = odds(a, b, rate, front);
  if (front == EXPONENTIAL) return log_of(integral);
  double value = creal(value_of(integral));
  return front == LESS_1 ? log1p(value) : log(b / (a + b) + value);
}
