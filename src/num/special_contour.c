/* special_contour.c - integrals of analytic functions along lines of the complex plane */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/special_contour.h"

#include "num/real.h"
#include "num/special_complex.h"

static double log_modulus(ThLogIntegrand f, const void *self, double s, double height) {
  return creal(f(self, s + TH_I * height));
}

/* From `start` in steps of `step`, which grow, until the integrand has fallen to e^-42 of the largest seen. */
static double reach(ThLogIntegrand f, const void *self, double start, double height, double step) {
  double s = start, top = log_modulus(f, self, s, height);
  for (int i = 0; i < 400; i++) {
    s += step;
    double here = log_modulus(f, self, s, height);
    top = fmax(top, here);
    if (here < top - 42) break;
    if (i > 8) step *= 1.1;
  }
  return s;
}

ThContour th_special_contour_scan(ThLogIntegrand f, const void *self, double height, double left,
                                  double right, double width) {
  enum { N = 64 };
  double low = reach(f, self, left, height, -width), log_f[N + 1];
  double step = (reach(f, self, right, height, width) - low) / N, top = log_modulus(f, self, left, height);
  for (int i = 0; i <= N; i++) {
    log_f[i] = log_modulus(f, self, low + i * step, height);
    top = fmax(top, log_f[i]);
  }
  int first = 0, last = N;
  while (first < N / 2 && log_f[first + 1] < top - 42) first++;
  while (last > N / 2 && log_f[last - 1] < top - 42) last--;
  return (ThContour){height, low + first * step, low + last * step, top};
}

/* Convergence being geometric, what changes next is the square of what has changed. */
double complex th_special_contour_integrate(ThLogIntegrand f, const void *self, ThContour line) {
  double complex sum = 0, before = TH_NAN;
  double magnitude = 0, step = (line.high - line.low) / 32;
  for (int n = 32, pass = 0; n <= 1 << 13; n *= pass > 0 ? 2 : 1, pass++) {
    double start = line.low + (pass > 0 ? 0.5 * step : 0);
    for (int i = 0; i < n; i++) {
      double complex value = th_complex_exp(f(self, start + i * step + TH_I * line.height) - line.top);
      sum += value;
      magnitude += th_complex_size(value);
    }
    if (pass > 0) step *= 0.5;
    if (th_complex_size(sum * step - before) <= 1e-9 * magnitude * step) break;
    before = sum * step;
  }
  return sum * step;
}

/* While the odds x/y e^s are below 1, in e^s; beyond in e^-s: x s - log(1 + x(e^s - 1)) is
 * -y s - log(1 + y(e^-s - 1)). Where it is small its linear terms are cancelled on paper. */
double complex th_special_log_odds_shape(double x, double y, double complex s) {
  bool beyond = x * exp(creal(s)) > y;
  double complex way = beyond ? -s : s;
  double share = beyond ? y : x, rest = beyond ? x : y;
  double complex rise = th_special_complex_expm1(way), zeta = share * rise;
  if (th_complex_size(zeta) >= 0.4) return share * way - th_complex_log(rest + share * th_complex_exp(way));
  return th_complex_log1p_deviation(zeta) - share * th_complex_exp_deviation(way);
}
