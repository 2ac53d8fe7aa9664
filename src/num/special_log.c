/* special_log.c - sums and differences on the log scale, links, sin πx */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/special.h"

#include "num/kernels.h"
#include "num/real.h"

enum { BLOCK = 128 }; /* doubles of scratch on the stack */

double th_special_logsumexp(size_t n, const double *x) {
  double largest = th_kernel_max(n, x), sum = 0;
  if (largest != largest || fabs(largest) > DBL_MAX) return largest;
  double e[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    th_kernel_subtract(count, x + start, 1, &largest, 0, e);
    th_kernel_exp(count, e, e);
    sum += th_kernel_sum(count, e);
  }
  return largest + log(sum);
}

double th_special_log_add(double x, double y) {
  double high = x > y || x != x ? x : y, low = x > y || x != x ? y : x;
  if (high == -TH_INFINITY || high == TH_INFINITY) return low != low ? low : high;
  return high + log1p(exp(low - high));
}

double th_special_log_subtract(double x, double y) {
  if (y == -TH_INFINITY || (x == TH_INFINITY && y < x)) return x;
  return x == y ? -TH_INFINITY : x + th_special_log1mexp(y - x);
}

/* The smaller of the two forms' arguments is the accurate one (Mächler 2012, equation 7). */
double th_special_log1mexp(double x) {
  if (!(x <= 0)) return TH_NAN;
  return x > -TH_LOG_2 ? log(-expm1(x)) : log1p(-exp(x));
}

/* Beyond 34 the next term, e^-x, is below the last digit (Mächler 2012, equation 10). */
double th_special_log1pexp(double x) {
  if (x <= 18) return log1p(exp(x));
  return x <= 34 ? x + exp(-x) : x;
}

double th_special_logexpm1(double x) {
  if (x < 0) return TH_NAN;
  return x <= 18 ? log(expm1(x)) : x + log1p(-exp(-x));
}

double complex th_special_expm1_complex(double x, double y) {
  double half = sin(0.5 * y);
  return expm1(x) * cos(y) - 2 * half * half + TH_I * (exp(x) * sin(y));
}

double th_special_sigmoid(double x) {
  double e = exp(-fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

double th_special_log_sigmoid(double x) { return -th_special_log1pexp(-x); }

/* Near 1/2 the quotient is near 1: (2p - 1)/(1 - p) is exact up to its rounding. */
double th_special_logit(double p) {
  if (!(p >= 0 && p <= 1)) return TH_NAN;
  if (p > 0.3 && p < 0.7) return log1p((2 * p - 1) / (1 - p));
  return log(p) - log1p(-p);
}

double th_special_xlogy(double x, double y) { return x == 0 && y == y ? 0 : x * log(y); }

double th_special_xlog1py(double x, double y) { return x == 0 && y == y ? 0 : x * log1p(y); }

double th_special_sinpi(double x) {
  if (!(fabs(x) <= DBL_MAX)) return TH_NAN;
  double r = fmod(x, 2); /* exact */
  if (fabs(r) > 1) r -= copysign(2, r);
  if (fabs(r) > 0.5) r = copysign(1, r) - r;
  return sin(TH_PI * r);
}

double th_special_cospi(double x) {
  if (!(fabs(x) <= DBL_MAX)) return TH_NAN;
  double r = fabs(fmod(x, 2));
  if (r > 1) r = 2 - r;
  return fabs(r - 0.5) < 0.25 ? sin(TH_PI * (0.5 - r)) : cos(TH_PI * r);
}

double th_special_sinc(double x) {
  return fabs(x) < 1e-8 ? 1 - x * x / 6 : fabs(x) > DBL_MAX ? 0 : sin(x) / x;
}

/* Near 0 the series of sinh(x)/x - 1, whose terms are positive; else |x| + log((1 - e^-2|x|)/2|x|). */
double th_special_log_sinhc(double x) {
  double z = fabs(x), term = 1, sum = 0;
  if (z > DBL_MAX) return z;
  if (z >= 1) return z + log(-expm1(-2 * z) / (2 * z));
  for (int n = 1; n < 10; n++) sum += term *= z * z / (2 * n * (2 * n + 1));
  return log1p(sum);
}

double complex th_special_complex_expm1(double complex s) {
  double half = sin(0.5 * cimag(s)), grow = expm1(creal(s)), size = grow > -0.5 ? grow + 1 : exp(creal(s));
  return grow * cos(cimag(s)) - 2 * half * half + TH_I * (size * sin(cimag(s)));
}
