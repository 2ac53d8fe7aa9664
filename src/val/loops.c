/* loops.c - elementwise operators as loops over memory */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic on doubles is num/kernels; comparisons, complex numbers and logic are here. Each loop has one
 * form for two arrays and one for each side being a scalar, so that compilers vectorise all three. */
#include "val/loops.h"

#include <complex.h>
#include <math.h>

#include "num/kernels.h"
#include "num/kernels_complex.h"
#include "val/arithmetic.h"
#include "val/basic.h"

double th_power(double x, double y) {
  if (y == 2) return x * x;
  return y == 1 ? x : y == -1 ? 1 / x : pow(x, y);
}

double complex th_complex_multiply(double complex x, double complex y) {
  return th_complex_of(creal(x) * creal(y) - cimag(x) * cimag(y), creal(x) * cimag(y) + cimag(x) * creal(y));
}

double complex th_complex_power(double complex x, double complex y) {
  double n = creal(y);
  if (cimag(y) != 0 || n != floor(n) || fabs(n) > TH_COMPLEX_POWER_MOST) return cpow(x, y);
  double complex product = 1, square = x;
  for (unsigned k = (unsigned)fabs(n); k; k >>= 1) {
    if (k & 1) product = th_complex_multiply(product, square);
    square = th_complex_multiply(square, square);
  }
  return n < 0 ? th_kernel_complex_reciprocal(product) : product;
}

#define LOOP(name, type, result, expression)                                                          \
  static void name(size_t n, const void *pa, size_t a_step, const void *pb, size_t b_step, void *out, \
                   const void *self) {                                                                \
    const type *a = pa, *b = pb;                                                                      \
    result *r = out;                                                                                  \
    (void)self;                                                                                       \
    if (a_step && b_step) {                                                                           \
      for (size_t i = 0; i < n; i++) {                                                                \
        type x = a[i], y = b[i];                                                                      \
        r[i] = (result)(expression);                                                                  \
      }                                                                                               \
    } else if (a_step) {                                                                              \
      type y = *b;                                                                                    \
      for (size_t i = 0; i < n; i++) {                                                                \
        type x = a[i];                                                                                \
        r[i] = (result)(expression);                                                                  \
      }                                                                                               \
    } else {                                                                                          \
      type x = *a;                                                                                    \
      for (size_t i = 0; i < n; i++) {                                                                \
        type y = b[i * b_step];                                                                       \
        r[i] = (result)(expression);                                                                  \
      }                                                                                               \
    }                                                                                                 \
  }

#define KERNEL(name, kernel)                                                                        \
  static void name(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out, \
                   const void *self) {                                                              \
    (void)self;                                                                                     \
    kernel(n, a, a_step, b, b_step, out);                                                           \
  }

KERNEL(add_real, th_kernel_add)
KERNEL(subtract_real, th_kernel_subtract)
KERNEL(multiply_real, th_kernel_multiply)
KERNEL(divide_real, th_kernel_divide)
KERNEL(remainder_real, th_kernel_remainder)
KERNEL(power_real, th_kernel_power)
LOOP(equal_real, double, uint8_t, x == y)
LOOP(not_equal_real, double, uint8_t, x != y)
LOOP(less_real, double, uint8_t, x < y)
LOOP(less_equal_real, double, uint8_t, x <= y)
LOOP(greater_real, double, uint8_t, x > y)
LOOP(greater_equal_real, double, uint8_t, x >= y)

LOOP(add_complex, double complex, double complex, x + y)
LOOP(subtract_complex, double complex, double complex, x - y)
LOOP(multiply_complex, double complex, double complex, th_complex_multiply(x, y))
LOOP(divide_complex, double complex, double complex, x / y)
LOOP(power_complex_any, double complex, double complex, th_complex_power(x, y))
/* One whole power for all. */
static void power_complex(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                          const void *self) {
  const double complex y = n > 0 ? *(const double complex *)b : 0;
  bool whole = a_step && !b_step && cimag(y) == 0 && creal(y) == floor(creal(y));
  if (whole && fabs(creal(y)) <= TH_COMPLEX_POWER_MOST) th_kernel_complex_power_all(n, a, (int)creal(y), out);
  else power_complex_any(n, a, a_step, b, b_step, out, self);
}
LOOP(equal_complex, double complex, uint8_t, x == y)
LOOP(not_equal_complex, double complex, uint8_t, x != y)

LOOP(and_bool, uint8_t, uint8_t, x &y)
LOOP(or_bool, uint8_t, uint8_t, x | y)

ThLoop th_operator_loop(ThOperator op, ThElement operands, ThElement *result) {
  static const ThLoop real[TH_N_OPERATORS] = {
      [TH_OP_ADD] = add_real,
      [TH_OP_SUBTRACT] = subtract_real,
      [TH_OP_MULTIPLY] = multiply_real,
      [TH_OP_DIVIDE] = divide_real,
      [TH_OP_REMAINDER] = remainder_real,
      [TH_OP_POWER] = power_real,
      [TH_OP_EQUAL] = equal_real,
      [TH_OP_NOT_EQUAL] = not_equal_real,
      [TH_OP_LESS] = less_real,
      [TH_OP_LESS_EQUAL] = less_equal_real,
      [TH_OP_GREATER] = greater_real,
      [TH_OP_GREATER_EQUAL] = greater_equal_real,
  };
  static const ThLoop complex_[TH_N_OPERATORS] = {
      [TH_OP_ADD] = add_complex,
      [TH_OP_SUBTRACT] = subtract_complex,
      [TH_OP_MULTIPLY] = multiply_complex,
      [TH_OP_DIVIDE] = divide_complex,
      [TH_OP_POWER] = power_complex,
      [TH_OP_EQUAL] = equal_complex,
      [TH_OP_NOT_EQUAL] = not_equal_complex,
  };
  static const ThLoop bools[TH_N_OPERATORS] = {[TH_OP_AND] = and_bool, [TH_OP_OR] = or_bool};
  bool compares = op >= TH_OP_EQUAL && op <= TH_OP_OR;
  *result = compares ? TH_BOOL : operands;
  return operands == TH_DOUBLE ? real[op] : operands == TH_COMPLEX ? complex_[op] : bools[op];
}
