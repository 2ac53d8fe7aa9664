/* special_complex.h - functions of complex numbers, for the integrals that characteristic functions are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The C library's complex functions look after infinities and NaNs that do not occur there, at five times the
 * price. */
#ifndef TH_NUM_SPECIAL_COMPLEX_H
#define TH_NUM_SPECIAL_COMPLEX_H

#include "num/real.h"
#include "num/special.h"

/* |Re z| + |Im z| */
static inline double th_complex_size(double complex z) { return fabs(creal(z)) + fabs(cimag(z)); }

static inline double complex th_complex_log(double complex z) {
  double re = creal(z), im = cimag(z), square = re * re + im * im;
  bool plain = square > 1e-290 && square < 1e290;
  return (plain ? 0.5 * log(square) : log(hypot(re, im))) + TH_I * atan2(im, re);
}

static inline double complex th_complex_exp(double complex z) {
  double modulus = exp(creal(z));
  return modulus * cos(cimag(z)) + TH_I * (modulus * sin(cimag(z)));
}

static inline double complex th_complex_quotient(double complex a, double complex b) {
  double re = creal(b), im = cimag(b), scale = 1 / (re * re + im * im);
  double top_re = creal(a) * re + cimag(a) * im, top_im = cimag(a) * re - creal(a) * im;
  return top_re * scale + TH_I * (top_im * scale);
}

static inline double complex th_complex_product(double complex a, double complex b) {
  return creal(a) * creal(b) - cimag(a) * cimag(b) + TH_I * (creal(a) * cimag(b) + cimag(a) * creal(b));
}

/* e^s - 1 - s, accurate for small |s| */
static inline double complex th_complex_exp_deviation(double complex s) {
  if (th_complex_size(s) >= 0.4) return th_special_complex_expm1(s) - s;
  double complex term = 0.5 * th_complex_product(s, s), sum = term;
  for (int n = 3; n < 30 && th_complex_size(term) > 1e-17 * th_complex_size(sum); n++)
    sum += term = th_complex_product(term, s) / n;
  return sum;
}

/* z - log(1 + z), accurate for small |z|; z is not near the negative axis beyond -1. */
static inline double complex th_complex_log1p_deviation(double complex z) {
  if (th_complex_size(z) >= 0.4) return z - th_complex_log(1 + z);
  double complex r = th_complex_quotient(z, 2 + z), r2 = th_complex_product(r, r), power = r2, sum = 1.0 / 3;
  for (int k = 5; k < 60 && th_complex_size(power) > 1e-17 * k; k += 2, power = th_complex_product(power, r2))
    sum += power / k;
  return th_complex_product(r, z - 2 * th_complex_product(r2, sum));
}

#endif
