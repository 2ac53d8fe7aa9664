/* density_weibull_cf.c - the transforms of the Weibull distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With T exponential, u = 1/shape and κ = k scale, E e^(ikX) = E e^(iκT^u) is, for T = e^v,
 *   ∫ e^(v - e^v + iκe^(uv)) dv
 * along a path v = x + iθ(x) from -inf to inf: e^v turns by θ and e^(uv) by uθ, and both exponentials fall while
 * θ < π/2 and uθ < π. For u < 1 the path goes through the saddle point 1 - e^v + iκu e^(uv) = 0, where the modulus
 * on a horizontal line is largest, as far as θ < π/2 allows; for small |e^v|, where any turn is allowed, it bends
 * up to uθ = π/2, on which e^(iκe^(uv)) falls fastest: the end T = 0 rules large κ. For u >= 1 one turn serves
 * all κ. Gauss-Legendre panels follow the path; the part near T = 0, where e^(iκT^u) is 1, is 1 - e^-T. Where the
 * value is near 1, e^w - 1 is integrated in place of e^w. */
#include "num/density_transforms.h"

#include "num/panel.h"
#include "num/real.h"
#include "num/special.h"
#include "num/special_tail.h"

static const double CUT = 45;  /* e^-CUT of the largest value does not count */
static const double BEND = -2; /* the path bends between x = BEND and 0 */

typedef struct Path {
  double kappa, u;
  double right, left; /* θ for x >= 0 and for x <= BEND */
  bool less_one;      /* integrates e^(iκ…) - 1 */
  bool from_one;      /* e^(iκ) is taken out */
} Path;

static double turn_at(const Path *path, double x) {
  if (x >= 0) return path->right;
  if (x <= BEND) return path->left;
  return path->right + (path->left - path->right) * (x / BEND);
}

static double slope_at(const Path *path, double x) {
  return x > BEND && x < 0 ? (path->left - path->right) / BEND : 0;
}

/* The real parts of e^v and of -iκe^(uv), which the integrand falls by. */
static double first_fall(const Path *path, double x) { return exp(x) * cos(turn_at(path, x)); }
static double second_fall(const Path *path, double x) {
  return path->kappa * exp(path->u * x) * sin(path->u * turn_at(path, x));
}

/* log of the integrand's modulus, nearly; |e^w - 1| is about the smaller of 1 and |w|. */
static double log_size(const Path *path, double x) {
  double second = path->less_one ? fmax(0, -(log(path->kappa) + path->u * x)) : second_fall(path, x);
  return x - first_fall(path, x) - second;
}

static double complex integrand(const void *self, double x) {
  const Path *path = self;
  double theta = turn_at(path, x), radius = exp(x), log_growth = path->u * x, angle = path->u * theta;
  double complex growth = path->from_one ? th_special_expm1_complex(log_growth, angle)
                                         : exp(log_growth) * (cos(angle) + TH_I * sin(angle));
  double re = -path->kappa * cimag(growth), im = path->kappa * creal(growth); /* of the second exponent */
  double size = x - radius * cos(theta), phase = theta - radius * sin(theta); /* e^(v - e^v) */
  double complex step = 1 + TH_I * slope_at(path, x);
  if (!path->less_one) return step * (exp(size + re) * (cos(phase + im) + TH_I * sin(phase + im)));
  return step * (exp(size) * (cos(phase) + TH_I * sin(phase))) * th_special_expm1_complex(re, im);
}

/* A panel at x is as wide as the exponents let it be: they change by about 5. */
static double width_at(const Path *path, double x) {
  double rate = exp(x), second = second_fall(path, x) > 60 ? 0 : path->kappa * path->u * exp(path->u * x);
  double width = fmin(fmin(1, 1 / path->u), 5 / (rate + second)) / hypot(1, slope_at(path, x + 1e-9));
  for (int i = 0; i < 2; i++) { /* kinks are ends of panels */
    double kink = i == 0 ? BEND : 0;
    if (x < kink && x + 1.01 * width > kink) width = kink - x;
  }
  return width;
}

/* From x on, as long as something comes. Behind x = 0 the modulus falls once and for all. */
static double complex follow(const Path *path, double x) {
  double complex sum = 0;
  double best = -TH_INFINITY;
  for (int i = 0; i < 100000; i++) {
    double here = log_size(path, x), width = width_at(path, x), next = log_size(path, x + width);
    best = fmax(best, fmax(here, next));
    if (x >= 0 && next < here && here < best - CUT) break;
    if (fmax(here, next) > best - 2 * CUT) sum += th_panel_complex(integrand, path, x, x + width, 1);
    else if (x < 0) width = fmin(-x, x < BEND ? fmin(0.5, BEND - x) : 0.5);
    x += width;
  }
  return sum;
}

/* Im of the saddle point for u < 1, or π/2 and more: v = log(1 + iκu e^(uv)) is a contraction. */
static double saddle_turn(double kappa, double u) {
  double complex v = 0;
  for (int i = 0; i < 60 && cimag(v) < 0.5 * TH_PI; i++) v = clog(1 + TH_I * (kappa * u) * cexp(u * v));
  return cimag(v);
}

static Path path_of(double kappa, double u) {
  Path path = {.kappa = kappa, .u = u, .from_one = u < 0.02};
  path.less_one = kappa * exp2(u) < 1;
  path.right = u < 1 ? fmin(saddle_turn(kappa, u), 0.5 * TH_PI - fmin(0.2, 2 / (1 + kappa * u)))
                     : 0.5 * TH_PI / (1 + u);
  path.left = path.right;
  if (u < 1 && kappa * u > 2) path.left = fmax(path.right, fmin(0.5 * TH_PI / u, path.right + 2 * TH_PI));
  return path;
}

/* Far out the density's series at 0, term by term: Σ (-1)^(j - 1) Γ(jc + 1)/j! (-iκ)^(-jc), c the shape (Watson's
 * lemma; Bleistein and Handelsman 1986, chapter 4). The first term's size is taken out of the others. False where it is
 * not exact to rounding: the terms end too soon, or the saddle point w = (iκu)^(1/(1 - u)), u = 1/c, of exponent
 * w(c - 1), adds to it. */
static bool far_out(double kappa, double shape, double complex *out) {
  double log_kappa = log(kappa), log_first = th_special_lfactorial(shape) - shape * log_kappa, before = 1;
  double complex sum = 0;
  double exponent = shape / (shape - 1); /* 1/(1 - u) */
  double saddle = (shape - 1) * pow(kappa / shape, exponent) * cos(0.5 * TH_PI * exponent);
  if (shape >= 2 && !(saddle < log_first - CUT)) return false;
  for (int j = 1; j < 60; j++) {
    double m = j * shape;
    double size = exp(th_special_lfactorial(m) - th_special_lfactorial(j) - m * log_kappa - log_first);
    if (j > 1 && !(size < 0.5 * before)) return false;
    if (j % 2 == 0) size = -size;
    sum += size * th_special_cospi(0.5 * m) + TH_I * (size * th_special_sinpi(0.5 * m));
    before = fabs(size);
    if (before > 1e-17) continue;
    double power = pow(kappa, -shape), scale = th_special_factorial(shape) * power;
    *out = sum * (power > DBL_MIN && scale <= DBL_MAX ? scale : exp(log_first));
    return true;
  }
  return false;
}

double complex th_weibull_cf(double k, const double *p) {
  double complex far;
  double kappa = fabs(k) * p[1], u = 1 / p[0];
  if (kappa != kappa || u != u) return TH_NAN;
  if (kappa == 0) return 1;
  if (kappa > DBL_MAX) return 0;
  if (kappa > 1 && far_out(kappa, p[0], &far)) return k < 0 ? conj(far) : far;
  Path path = path_of(kappa, u);
  double top = fmax(fmin(0, -log(kappa) / u), -200), first = fmax(top - CUT, -(CUT + log(kappa)) / u);
  double complex sum = follow(&path, first); /* what comes before is 1 - e^-T, unless u is small */
  if (path.less_one) sum += 1;
  else if (path.from_one) sum *= cos(kappa) + TH_I * sin(kappa);
  else sum -= th_special_expm1_complex(-exp(first) * cos(path.left), -exp(first) * sin(path.left));
  return k < 0 ? conj(sum) : sum;
}

/* --- E e^(tX) ------------------------------------------------------------------------------------------ */

/* The exponent v - e^v + τe^(uv) at s from its maximum e^v = E = 1 + τuE^u, less its value there. */
typedef struct Peak {
  double e, u, direction;
} Peak;

static double from_peak(const void *self, double s) {
  const Peak *peak = self;
  double to = -peak->direction * s;
  return (peak->e - 1) / peak->u * th_special_exp_deviation(peak->u * to) -
         peak->e * th_special_exp_deviation(to);
}

/* log E, by bisection: e^v - τu e^(uv) - 1 changes sign once. */
static double peak_of(double tau, double u) {
  double low = 0, high = tau > 0 ? log1p(tau * u) / (1 - u) : 0;
  if (tau < 0) low = fmin(-TH_LOG_2, -log(-2 * tau * u) / u);
  for (int i = 0; i < 200; i++) {
    double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    if (exp(middle) - tau * u * exp(u * middle) < 1) low = middle;
    else high = middle;
  }
  return high;
}

/* Left of the maximum by more than 60/u nothing of τe^(uv) is left, and the integral is 1 - e^-T. */
static double log_by_peak(double tau, double u) {
  double v = peak_of(tau, u), widest = fmin(1, 1.5 / u), length = u > 1 ? 60 / u : TH_INFINITY;
  Peak peak = {exp(v), u, 1};
  if (peak.e > DBL_MAX) return TH_INFINITY;
  double height = v - peak.e + (peak.e - 1) / u, sum = th_panel_decay(from_peak, &peak, TH_INFINITY, widest);
  peak.direction = -1;
  sum += th_panel_decay(from_peak, &peak, length, widest);
  if (u > 1) sum += -expm1(-exp(v - length)) * exp(-height);
  return height + log(sum);
}

static double exponential_less_one(const void *self, double v) {
  const double *f = self; /* τ, u */
  return exp(v - exp(v)) * expm1(f[0] * exp(f[1] * v));
}

/* E e^(τT^u) - 1: from where τe^(uv) begins to count, in steps of 1/u as far as it counts fully. */
static double less_one(double tau, double u) {
  const double f[] = {tau, u}, end = 4.6;
  double turn = -log(fabs(tau)) / u, from = fmax(-CUT, turn - CUT / u), knee = fmin(end, turn + 5 / u);
  double sum = th_panel_integral(exponential_less_one, f, from, knee,
                                 (size_t)ceil((knee - from) * fmax(1.5, u)));
  return knee < end
             ? sum + th_panel_integral(exponential_less_one, f, knee, end, (size_t)ceil(1.5 * (end - knee)))
             : sum;
}

double th_weibull_log_mgf(double t, const double *p) {
  double tau = t * p[1], u = 1 / p[0];
  if (tau != tau || u != u) return TH_NAN;
  if (tau == 0) return 0;
  if (tau > 0 && u >= 1) return u == 1 && tau < 1 ? -log1p(-tau) : TH_INFINITY;
  if (fabs(tau) > DBL_MAX) return tau;
  return fabs(tau) * exp2(u) < 0.5 ? log1p(less_one(tau, u)) : log_by_peak(tau, u);
}
