/* kernels_complex.c - loops over complex numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/kernels_complex.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "num/kernels.h"
#include "num/kernels_width.h"

enum { BLOCK = 256 };
static const double REACH = 1e290; /* of |z|² for the quick reciprocal */

/* --- Arithmetic: packs of eight, whatever the steps */

/* The next pack of a part into `pack`; one number for all was spread out before. */
#define LOAD(pack, x, step) \
  if (step) pack = *(const Pack *)((x) + i)

#define PARAMETERS (size_t n, ThComplexBlock x, ThComplexBlock y, double *re, double *im)

/* A loop with x = a + ib, y = c + id; the parts of the result as expressions in a, b, c, d. */
#define ELEMENTWISE(name, real_part, imaginary_part)                                                         \
  INLINE void name##_one(double a, double b, double c, double d, double *re, double *im) {                   \
    *re = real_part;                                                                                         \
    *im = imaginary_part;                                                                                    \
  }                                                                                                          \
  INLINE int name##_body PARAMETERS {                                                                        \
    size_t i = 0;                                                                                            \
    Pack zero = {0}, a = zero, b = zero, c = zero, d = zero;                                                 \
    if (n > 0) a += *x.re, b += *x.im, c += *y.re, d += *y.im;                                               \
    for (; i + PACK <= n; i += PACK) {                                                                       \
      LOAD(a, x.re, x.re_step);                                                                              \
      LOAD(b, x.im, x.im_step);                                                                              \
      LOAD(c, y.re, y.re_step);                                                                              \
      LOAD(d, y.im, y.im_step);                                                                              \
      *(Pack *)(re + i) = real_part;                                                                         \
      *(Pack *)(im + i) = imaginary_part;                                                                    \
    }                                                                                                        \
    for (; i < n; i++)                                                                                       \
      name##_one(x.re[i * x.re_step], x.im[i * x.im_step], y.re[i * y.re_step], y.im[i * y.im_step], re + i, \
                 im + i);                                                                                    \
    return 0;                                                                                                \
  }                                                                                                          \
  VERSIONS(int, name, PARAMETERS, (n, x, y, re, im))                                                         \
  void th_kernel_complex_##name PARAMETERS { name##_everywhere(n, x, y, re, im); }

ELEMENTWISE(add, a + c, b + d)
ELEMENTWISE(subtract, a - c, b - d)
ELEMENTWISE(multiply, a *c - b * d, a *d + b * c)

/* --- Powers */

/* The bits of doubles that are not negative grow with them, a NaN's beyond those of infinity: differences of whole
 * numbers, whose signs are gathered, cost less than comparisons. */
INLINE int all_within_body(size_t n, const double *x, double low, double high) {
  long long least, most, outside = 0;
  const long long magnitude = 0x7FFFFFFFFFFFFFFF;
  memcpy(&least, &low, sizeof least);
  memcpy(&most, &high, sizeof most);
  size_t i = 0;
  Mask signs = {0};
  for (; i + PACK <= n; i += PACK) {
    Mask bits = *(const Mask *)(x + i) & magnitude;
    signs |= (bits - least) | (most - bits);
  }
  for (size_t j = 0; j < PACK; j++) outside |= signs[j];
  for (; i < n; i++) outside |= fabs(x[i]) >= low && fabs(x[i]) <= high ? 0 : -1;
  return outside >= 0;
}
VERSIONS(int, all_within, (size_t n, const double *x, double low, double high), (n, x, low, high))

int th_kernel_all_within(size_t n, const double *x, double low, double high) {
  return all_within_everywhere(n, x, low, high);
}

double complex th_kernel_complex_reciprocal(double complex z) {
  double re = creal(z), im = cimag(z), square = re * re + im * im;
  if (!(square >= 1 / REACH && square <= REACH)) return 1 / z;
  return __builtin_complex(re / square, -im / square);
}

/* square is re² + im². */
INLINE int divide_body(size_t n, const double *square, double *re, double *im) {
  size_t i = 0;
  for (; i + PACK <= n; i += PACK) {
    Pack d = *(const Pack *)(square + i);
    *(Pack *)(re + i) = *(const Pack *)(re + i) / d;
    *(Pack *)(im + i) = -*(const Pack *)(im + i) / d;
  }
  for (; i < n; i++) {
    re[i] = re[i] / square[i];
    im[i] = -im[i] / square[i];
  }
  return 0;
}
VERSIONS(int, divide, (size_t n, const double *square, double *re, double *im), (n, square, re, im))

/* (re, im) to their reciprocals, n <= BLOCK. */
static void invert(size_t n, double *re, double *im) {
  double square[BLOCK];
  th_kernel_multiply(n, re, 1, re, 1, square);
  th_kernel_add_product(n, im, 1, im, 1, square);
  if (th_kernel_all_within(n, square, 1 / REACH, REACH)) {
    divide_everywhere(n, square, re, im);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    double complex z = th_kernel_complex_reciprocal(__builtin_complex(re[i], im[i]));
    re[i] = creal(z);
    im[i] = cimag(z);
  }
}

static ThComplexBlock block_of(const double *re, const double *im) { return (ThComplexBlock){re, im, 1, 1}; }

/* By squaring; the result takes part from its first factor on. */
static void power_block(size_t n, ThComplexBlock x, int power, double *re, double *im) {
  static const double one = 1, zero = 0;
  double square_re[BLOCK], square_im[BLOCK];
  ThComplexBlock square = block_of(square_re, square_im), result = block_of(re, im);
  th_kernel_complex_add(n, x, (ThComplexBlock){&zero, &zero, 0, 0}, square_re, square_im);
  bool started = false;
  for (unsigned k = (unsigned)abs(power); k; k >>= 1) {
    if (k & 1 && started) th_kernel_complex_multiply(n, result, square, re, im);
    else if (k & 1) memcpy(re, square_re, n * sizeof *re), memcpy(im, square_im, n * sizeof *im);
    started |= k & 1;
    if (k > 1) th_kernel_complex_multiply(n, square, square, square_re, square_im);
  }
  if (!started) th_kernel_fill(n, one, re), th_kernel_fill(n, zero, im);
  if (power < 0) invert(n, re, im);
}

static ThComplexBlock from(ThComplexBlock x, size_t i) {
  return (ThComplexBlock){x.re + i * x.re_step, x.im + i * x.im_step, x.re_step, x.im_step};
}

void th_kernel_complex_power PARAMETERS {
  for (size_t i = 0; i < n; i += BLOCK)
    power_block(n - i < BLOCK ? n - i : BLOCK, from(x, i), (int)*y.re, re + i, im + i);
}

/* --- Exponentials: e^(a + ib) = e^a (cos b + i sin b) */

void th_kernel_complex_exp(size_t n, const double *x_re, const double *x_im, double *re, double *im) {
  double modulus[BLOCK], s[BLOCK], c[BLOCK];
  for (size_t i = 0; i < n; i += BLOCK) {
    size_t count = n - i < BLOCK ? n - i : BLOCK;
    th_kernel_exp(count, x_re + i, modulus);
    th_kernel_sincos(count, x_im + i, s, c);
    bool tame = th_kernel_all_within(count, modulus, 0, 1e308) && th_kernel_all_within(count, c, 0, 1);
    for (size_t j = 0; !tame && j < count; j++) {
      if (c[j] == c[j] && modulus[j] < HUGE_VAL) continue;
      double complex z = cexp(
          __builtin_complex(x_re[i + j], x_im[i + j])); /* infinities and NaNs as C has them */
      modulus[j] = 1;
      c[j] = creal(z);
      s[j] = cimag(z);
    }
    th_kernel_multiply(count, modulus, 1, c, 1, re + i);
    th_kernel_multiply(count, modulus, 1, s, 1, im + i);
  }
}

/* --- Numbers one after another */

INLINE int join_body(size_t n, const double *re, const double *im, double *z) {
  for (size_t i = 0; i < n; i++) {
    z[2 * i] = re[i];
    z[2 * i + 1] = im[i];
  }
  return 0;
}
VERSIONS(int, join, (size_t n, const double *re, const double *im, double *z), (n, re, im, z))

void th_kernel_complex_join(size_t n, const double *re, const double *im, double complex *z) {
  join_everywhere(n, re, im, (double *)z);
}

void th_kernel_complex_split(size_t n, const double complex *z, double *re, double *im) {
  const double *x = (const double *)z;
  for (size_t i = 0; i < n; i++) {
    re[i] = x[2 * i];
    im[i] = x[2 * i + 1];
  }
}

void th_kernel_complex_exp_all(size_t n, const double complex *x, double complex *y) {
  double re[BLOCK], im[BLOCK];
  for (size_t i = 0; i < n; i += BLOCK) {
    size_t count = n - i < BLOCK ? n - i : BLOCK;
    th_kernel_complex_split(count, x + i, re, im);
    th_kernel_complex_exp(count, re, im, re, im);
    th_kernel_complex_join(count, re, im, y + i);
  }
}

void th_kernel_complex_power_all(size_t n, const double complex *x, int power, double complex *y) {
  double re[BLOCK], im[BLOCK];
  for (size_t i = 0; i < n; i += BLOCK) {
    size_t count = n - i < BLOCK ? n - i : BLOCK;
    th_kernel_complex_split(count, x + i, re, im);
    power_block(count, block_of(re, im), power, re, im);
    th_kernel_complex_join(count, re, im, y + i);
  }
}
