/* density_lognormal_cf.c - the transforms of the log-normal distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E e^(ikX) = (2π)^(-1/2) ∫ e^(-z²/2 + iκe^(σz)) dz, κ = k e^μ, along any line Im z = τ with 0 <= στ <= π/2: the
 * integrand is entire, and e^(iκe^(σz)) falls there. On the line through the saddle point z = -W(-iκσ²)/σ (W
 * Lambert's function; Asmussen, Jensen and Rojas-Nandayapa 2016) its modulus is largest at the saddle, and the
 * integrand hardly turns: the trapezoidal rule then keeps the relative accuracy of the value. Where the saddle is
 * nearer to the real line than min(2, π/2σ) the line goes there, so that large z do not oscillate (Gubner 2006).
 * Where the value is near 1, e^w - 1 is integrated instead of e^w. */
#include "num/density_transforms.h"

#include "num/real.h"
#include "num/special.h"
#include "num/special_tail.h"

static const double CUT = 45; /* e^-CUT of the largest term does not count */

/* Lambert's W(e^zeta), by Newton's method on w + log w = zeta. */
static double complex lambert(double complex zeta) {
  double complex z = cexp(zeta), w = creal(zeta) < 0.5 ? z / (1 + z) : zeta - clog(zeta);
  for (int i = 0; i < 20; i++) {
    double complex next = w / (1 + w) * (1 + zeta - clog(w));
    double change = cabs(next - w);
    w = next;
    if (change < 1e-15 * cabs(w)) break;
  }
  return w;
}

static double real_lambert(double log_z) { return log_z < -700 ? exp(log_z) : creal(lambert(log_z)); }

/* The line Im z = tau, and where it is sampled. */
typedef struct Line {
  double kappa, sigma, tau, cosine, sine; /* of σ tau */
  bool from_one; /* e^(iκ) is taken out: κ e^(σz) - κ, which for small σ turns less */
} Line;

/* The exponent at z = u + i tau. */
static double complex exponent(const Line *l, double u) {
  double growth = l->kappa * exp(l->sigma * u), re = -0.5 * (u - l->tau) * (u + l->tau), im = -u * l->tau;
  double complex turn = growth * (TH_I * l->cosine - l->sine);
  if (l->from_one) {
    double complex e = l->kappa * th_special_expm1_complex(l->sigma * u, l->sigma * l->tau);
    turn = TH_I * creal(e) - cimag(e);
  }
  return re + TH_I * im + turn;
}

static double step_of(double sigma, double w) { return fmin(fmin(0.2, 0.2 / sigma), 0.4 / sqrt(1 + w)); }

/* Σ over one side of the largest term, which is at `peak`. */
static double complex side(const Line *l, double peak, double step) {
  double complex sum = 0;
  double largest = creal(exponent(l, peak));
  for (double u = peak + step;; u += step) {
    double complex e = exponent(l, u);
    if (!(creal(e) > largest - CUT)) return sum;
    sum += exp(creal(e)) * (cos(cimag(e)) + TH_I * sin(cimag(e)));
  }
}

static double complex by_line(double kappa, double sigma) {
  double log_size = log(kappa) + 2 * log(sigma), least = fmin(2, 0.5 * TH_PI / sigma);
  double complex saddle = lambert(log_size - TH_I * (0.5 * TH_PI));
  Line l = {
      .kappa = kappa, .sigma = sigma, .tau = fmax(least, -cimag(saddle) / sigma), .from_one = log_size < 0};
  l.cosine = cos(sigma * l.tau);
  l.sine = sin(sigma * l.tau);
  double w = real_lambert(log_size + log(l.sine)), peak = -w / sigma, step = step_of(sigma, w);
  double complex top = exponent(&l, peak);
  double complex sum = exp(creal(top)) * (cos(cimag(top)) + TH_I * sin(cimag(top))) + side(&l, peak, step) +
                       side(&l, peak, -step);
  sum *= TH_INV_SQRT_2PI * step;
  return l.from_one ? sum * (cos(kappa) + TH_I * sin(kappa)) : sum;
}

/* E (e^(iκe^(σZ)) - 1); its integrand is largest at about z = σ, or where κe^(σz) reaches 1. */
static double complex less_one(double kappa, double sigma) {
  double tau = fmin(2, 0.5 * TH_PI / sigma), c = cos(sigma * tau), s = sin(sigma * tau);
  double top = fmin(sigma, fmax(0, -log(kappa) / sigma)), step = step_of(sigma, 0);
  double complex sum = 0;
  for (double u = -10; u < top + 10; u += step) {
    double growth = kappa * exp(sigma * u), height = exp(-0.5 * (u - tau) * (u + tau));
    sum += height * (cos(u * tau) - TH_I * sin(u * tau)) * th_special_expm1_complex(-growth * s, growth * c);
  }
  return sum * (TH_INV_SQRT_2PI * step);
}

double complex th_lognormal_cf(double k, const double *p) {
  double kappa = fabs(k) * exp(p[0]), sigma = p[1];
  if (kappa != kappa || sigma != sigma) return TH_NAN;
  if (kappa == 0) return 1;
  if (kappa > DBL_MAX) return 0;
  double complex value = kappa * exp(0.5 * sigma * sigma) < 0.5 ? 1 + less_one(kappa, sigma)
                                                                : by_line(kappa, sigma);
  return k < 0 ? conj(value) : value;
}

/* --- E e^(tX), t <= 0 ------------------------------------------------------------------------------ */

/* log E e^(-κe^(σZ)): the exponent at s from the saddle -w/σ is, less its value there,
 * -s²/2 - (w/σ²)(e^(σs) - 1 - σs). */
static double log_laplace(double kappa, double sigma) {
  double w = real_lambert(log(kappa) + 2 * log(sigma)), step = step_of(sigma, w), sum = 1;
  for (int sign = -1; sign <= 1; sign += 2)
    for (double s = step;; s += step) {
      double fall = 0.5 * s * s + w / sigma / sigma * th_special_exp_deviation(-sign * sigma * s);
      if (fall > CUT) break;
      sum += exp(-fall);
    }
  return -w * (0.5 * w + 1) / sigma / sigma + log(TH_INV_SQRT_2PI * step * sum);
}

static double laplace_less_one(double kappa, double sigma) {
  double top = fmin(sigma, fmax(0, -log(kappa) / sigma)), step = step_of(sigma, 0), sum = 0;
  for (double u = -10; u < top + 10; u += step) sum += exp(-0.5 * u * u) * expm1(-kappa * exp(sigma * u));
  return TH_INV_SQRT_2PI * step * sum;
}

double th_lognormal_log_mgf(double t, const double *p) {
  double kappa = -t * exp(p[0]), sigma = p[1];
  if (kappa != kappa || sigma != sigma) return TH_NAN;
  if (t > 0) return TH_INFINITY;
  if (kappa == 0) return 0;
  if (kappa > DBL_MAX) return -TH_INFINITY;
  return kappa * exp(0.5 * sigma * sigma) < 0.5 ? log1p(laplace_less_one(kappa, sigma))
                                                : log_laplace(kappa, sigma);
}
