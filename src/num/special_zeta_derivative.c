/* special_zeta_derivative.c - derivatives of Riemann's zeta function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power series in ε of ζ(s + ε): Euler-Maclaurin's formula (NIST Handbook 2010, 25.2.9) with series in place of
 * numbers, and left of -1 the functional equation (25.4.1). */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/special.h"
#include "num/special_derivatives.h"
#include "num/special_zeta.h"

enum { MAX_ORDER = 16, N_TERMS = MAX_ORDER + 1 };

/* Coefficients of ε^0 … ε^MAX_ORDER. */
typedef struct Series {
  double c[N_TERMS];
} Series;

static Series product(const Series *a, const Series *b) {
  Series r = {{0}};
  for (int i = 0; i < N_TERMS; i++)
    for (int j = 0; i + j < N_TERMS; j++) r.c[i + j] += a->c[i] * b->c[j];
  return r;
}

/* value · e^(rate ε) */
static Series exponential(double value, double rate) {
  Series r;
  for (int j = 0; j < N_TERMS; j++) {
    r.c[j] = value;
    value *= rate / (j + 1);
  }
  return r;
}

static void add(Series *sum, double factor, const Series *a) {
  for (int j = 0; j < N_TERMS; j++) sum->c[j] += factor * a->c[j];
}

/* What comes of Σ k^-(s+ε) from b on, over b^-(s+ε). */
static Series remainder_of(double s, double b) {
  Series sum = {{0.5}}, rising = {{s, 1}};
  double term = b / (s - 1), power = 1 / b;
  for (int j = 0; j < N_TERMS; j++, term /= 1 - s) sum.c[j] += term;
  for (int i = 0; i < TH_N_BERNOULLI; i++, power /= b * b) {
    add(&sum, th_bernoulli_by_factorial[i] * power, &rising);
    for (int k = 1; k <= 2; k++) {
      Series next = {{s + 2 * i + k, 1}};
      rising = product(&rising, &next);
    }
  }
  return sum;
}

static Series right_of_pole(double s) {
  double b = ceil(fmax(s, 0)) + 13;
  Series sum = {{0}};
  for (double k = 1; k < b; k++) {
    Series term = exponential(pow(k, -s), -log(k));
    add(&sum, 1, &term);
  }
  Series rest = remainder_of(s, b), scale = exponential(pow(b, -s), -log(b)), tail = product(&scale, &rest);
  add(&sum, 1, &tail);
  return sum;
}

/* Γ(x - ε): e to the power of the series of its logarithm. */
static Series gamma_backwards(double x) {
  Series log_gamma = {{0}}, r = {{th_special_gamma(x)}};
  double factor = -1;
  for (int j = 1; j < N_TERMS; j++, factor *= -1.0 / j)
    log_gamma.c[j] = factor * th_special_polygamma_of(j - 1, x);
  for (int n = 1; n < N_TERMS; n++) { /* r' = r (log Γ)' */
    for (int j = 1; j <= n; j++) r.c[n] += j * log_gamma.c[j] * r.c[n - j] / n;
  }
  return r;
}

/* ζ(s) = 2^s π^(s-1) sin(πs/2) Γ(1 - s) ζ(1 - s) */
static Series left_of_zero(double s) {
  Series zeta = right_of_pole(1 - s), gamma = gamma_backwards(1 - s), sine;
  for (int j = 1; j < N_TERMS; j += 2) zeta.c[j] = -zeta.c[j];
  double wave[2] = {th_special_sinpi(s / 2), th_special_cospi(s / 2)}, factor = 1;
  for (int j = 0; j < N_TERMS; j++, factor *= TH_PI / 2 / j)
    sine.c[j] = factor * wave[j % 2] * (j % 4 < 2 ? 1 : -1);
  Series scale = exponential(pow(2 * TH_PI, s) / TH_PI, log(2 * TH_PI));
  Series left = product(&scale, &sine), right = product(&gamma, &zeta);
  return product(&left, &right);
}

double th_special_zeta_derivative(double n, double s) {
  if (!(n >= 0 && n <= MAX_ORDER) || floor(n) != n || s != s) return TH_NAN;
  if (n == 0) return th_special_zeta(s);
  if (s == 1 || s < -150) return TH_NAN;
  if (s > 1000) return 0;
  Series zeta = s < -1 ? left_of_zero(s) : right_of_pole(s);
  return zeta.c[(int)n] * th_special_factorial(n);
}
