/* kernels_plain.c - arithmetic and reductions over arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops over packs of eight doubles (kernels_width.h). Only additions, multiplications and the like, in an order
 * that is written down: every instruction set gives the same bits. */
#include "num/kernels.h"

#include "num/kernels_width.h"
#include "num/real.h"

#include <string.h>

enum { BLOCK = 128 }; /* doubles that a sum takes before it is split; also of scratch on the stack */

/* --- Binary operations --------------------------------------------------------------------------- */

#define BINARY_PARAMETERS \
  (size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z)
#define BINARY_ARGUMENTS (n, x, x_step, y, y_step, z)

/* A loop over x and y: PUT does something to z + i with packs a and b, `put` the same to z[i] with numbers. */
#define BINARY(name, PUT, put)                             \
  INLINE int name##_body BINARY_PARAMETERS {               \
    size_t i = 0;                                          \
    Pack a = {0}, b = {0};                                 \
    if (n >= PACK && !x_step) a = a + *x;                  \
    if (n >= PACK && !y_step) b = b + *y;                  \
    for (; i + PACK <= n; i += PACK) {                     \
      if (x_step) a = *(const Pack *)(x + i);              \
      if (y_step) b = *(const Pack *)(y + i);              \
      PUT;                                                 \
    }                                                      \
    for (; i < n; i++) put;                                \
    return 0;                                              \
  }                                                        \
  VERSIONS(int, name, BINARY_PARAMETERS, BINARY_ARGUMENTS) \
  void th_kernel_##name BINARY_PARAMETERS { name##_everywhere BINARY_ARGUMENTS; }

/* z = x op y; STORE puts a pack of results into memory. */
#define ELEMENTWISE(name, op, STORE) BINARY(name, STORE(z + i, a op b), z[i] = x[i * x_step] op y[i * y_step])

#define STORE_NUMBERS(at, pack) *(Pack *)(at) = (pack)
/* 1 where it holds, else 0: the bits of 1.0 under the comparison's mask. */
#define STORE_TRUTH(at, mask) *(Mask *)(at) = (mask) & (Mask)((Pack){0} + 1.0)

ELEMENTWISE(add, +, STORE_NUMBERS)
ELEMENTWISE(subtract, -, STORE_NUMBERS)
ELEMENTWISE(multiply, *, STORE_NUMBERS)
ELEMENTWISE(divide_plain, /, STORE_NUMBERS)
ELEMENTWISE(equal, ==, STORE_TRUTH)
ELEMENTWISE(not_equal, !=, STORE_TRUTH)
ELEMENTWISE(less, <, STORE_TRUTH)
ELEMENTWISE(less_equal, <=, STORE_TRUTH)
ELEMENTWISE(greater, >, STORE_TRUTH)
ELEMENTWISE(greater_equal, >=, STORE_TRUTH)

/* The bits of y under the mask. */
BINARY(pick, *(Mask *)(z + i) = (a != 0) & (Mask)b, z[i] = x[i * x_step] != 0 ? y[i * y_step] : 0)

void th_kernel_remainder(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                         double *z) {
  for (size_t i = 0; i < n; i++) z[i] = th_real_remainder(x[i * x_step], y[i * y_step]);
}

void th_kernel_maximum(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z) {
  for (size_t i = 0; i < n; i++) {
    double a = x[i * x_step], b = y[i * y_step];
    z[i] = a > b || a != a ? a : b;
  }
}

void th_kernel_minimum(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z) {
  for (size_t i = 0; i < n; i++) {
    double a = x[i * x_step], b = y[i * y_step];
    z[i] = a < b || a != a ? a : b;
  }
}

/* Are all above -inf, and none NaN? */
INLINE int all_finite_below_body(size_t n, const double *x) {
  size_t i = 0;
  Mask all = (Mask){0} - 1;
  int rest = 1;
  for (; i + PACK <= n; i += PACK) all &= *(const Pack *)(x + i) > (Pack){0} - TH_INFINITY;
  for (size_t k = 0; k < PACK; k++) rest &= all[k] != 0;
  for (; i < n; i++) rest &= x[i] > -TH_INFINITY;
  return rest;
}
VERSIONS(int, all_finite_below, (size_t n, const double *x), (n, x))

/* pow(-0, 0.5) is 0 and pow(-inf, 0.5) inf, unlike the square root. */
static void power_half(size_t n, const double *x, double *z) {
  static const double zero = 0;
  if (!all_finite_below_everywhere(n, x)) {
    for (size_t i = 0; i < n; i++) z[i] = pow(x[i], 0.5);
    return;
  }
  th_kernel_add(n, x, 1, &zero, 0, z);
  th_kernel_sqrt(n, z, z);
}

void th_kernel_power(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z) {
  static const double one = 1;
  double power = y_step || n == 0 ? TH_NAN : *y;
  if (power == 2) th_kernel_multiply(n, x, x_step, x, x_step, z);
  else if (power == -1) th_kernel_divide(n, &one, 0, x, x_step, z);
  else if (power == 1) th_kernel_multiply(n, x, x_step, &one, 0, z);
  else if (power == 3)
    for (size_t i = 0; i < n; i++) z[i] = x[i * x_step] * (x[i * x_step] * x[i * x_step]);
  else if (power == 0.5 && x_step == 1) power_half(n, x, z);
  else th_kernel_pow(n, x, x_step, y, y_step, z);
}

/* --- Unary operations ---------------------------------------------------------------------------- */

void th_kernel_negate(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = -x[i];
}

void th_kernel_abs(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = fabs(x[i]);
}

void th_kernel_square(size_t n, const double *x, double *y) { th_kernel_multiply(n, x, 1, x, 1, y); }

void th_kernel_floor(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = floor(x[i]);
}

void th_kernel_ceil(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = ceil(x[i]);
}

void th_kernel_map(size_t n, double (*f)(double), const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = f(x[i]);
}

void th_kernel_fill(size_t n, double value, double *x) {
  for (size_t i = 0; i < n; i++) x[i] = value;
}

/* The bits of what is positive, or NaN, are kept; no branch. */
INLINE int relu_body(size_t n, const double *x, double *y) {
  size_t i = 0;
  for (; i + PACK <= n; i += PACK) *(Mask *)(y + i) = ~(*(const Pack *)(x + i) <= 0) & *(const Mask *)(x + i);
  for (; i < n; i++) y[i] = x[i] <= 0 ? 0 : x[i];
  return 0;
}
VERSIONS(int, relu, (size_t n, const double *x, double *y), (n, x, y))

void th_kernel_relu(size_t n, const double *x, double *y) { relu_everywhere(n, x, y); }

/* e^-|x| of up to BLOCK elements: never overflows. */
static void exp_minus_abs(size_t n, const double *x, double *e) {
  for (size_t i = 0; i < n; i++) e[i] = -fabs(x[i]);
  th_kernel_exp(n, e, e);
}

/* 1/(1 + e^-x) of e = e^-|x|: where x < 0 it is e/(1 + e). No branch: random signs make one slow. */
INLINE int share_body(size_t n, const double *x, const double *e, double *y) {
  size_t i = 0;
  const Pack one = (Pack){0} + 1.0;
  for (; i + PACK <= n; i += PACK) {
    Mask negative = *(const Pack *)(x + i) < 0;
    Mask above = (negative & *(const Mask *)(e + i)) | (~negative & (Mask)one);
    *(Pack *)(y + i) = (Pack)above / (one + *(const Pack *)(e + i));
  }
  for (; i < n; i++) y[i] = (x[i] < 0 ? e[i] : 1) / (1 + e[i]);
  return 0;
}
VERSIONS(int, share, (size_t n, const double *x, const double *e, double *y), (n, x, e, y))

void th_kernel_sigmoid(size_t n, const double *x, double *y) {
  double e[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    exp_minus_abs(count, x + start, e);
    share_everywhere(count, x + start, e, y + start);
  }
}

void th_kernel_softplus(size_t n, const double *x, double *y) {
  double e[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    exp_minus_abs(count, x + start, e);
    th_kernel_log1p(count, e, e);
    th_kernel_relu(count, x + start, y + start);
    th_kernel_add(count, y + start, 1, e, 1, y + start);
  }
}

/* --- Sums ---------------------------------------------------------------------------------------- */

#define AXPY_PARAMETERS (size_t n, double a, const double *x, double *y)

INLINE int axpy_body AXPY_PARAMETERS {
  size_t i = 0;
  for (; i + PACK <= n; i += PACK) *(Pack *)(y + i) += a * *(const Pack *)(x + i);
  for (; i < n; i++) y[i] += a * x[i];
  return 0;
}
VERSIONS(int, axpy, AXPY_PARAMETERS, (n, a, x, y))

void th_kernel_axpy(size_t n, double a, const double *x, double *y) { axpy_everywhere(n, a, x, y); }

BINARY(add_product, *(Pack *)(z + i) += a * b, z[i] += x[i * x_step] * y[i * y_step])

/* A sum of `term` over [0, n), n <= BLOCK, in eight partial sums; TERM and term are the same for a pack. */
#define SUM(name, parameters, arguments, TERM, term)                 \
  INLINE double name##_body parameters {                             \
    size_t i = 0;                                                    \
    Pack partial = {0};                                              \
    for (; i + PACK <= n; i += PACK) partial += TERM;                \
    for (; i < n; i++) partial[i % PACK] += term;                    \
    return ((partial[0] + partial[4]) + (partial[2] + partial[6])) + \
           ((partial[1] + partial[5]) + (partial[3] + partial[7]));  \
  }                                                                  \
  VERSIONS(double, name, parameters, arguments)

SUM(sum_block, (size_t n, const double *x), (n, x), *(const Pack *)(x + i), x[i])
SUM(product_block, (size_t n, const double *x, const double *y), (n, x, y),
    *(const Pack *)(x + i) * *(const Pack *)(y + i), x[i] * y[i])

/* The first of two halves: a whole number of blocks. */
static size_t half(size_t n) { return (n / 2 + BLOCK - 1) / BLOCK * BLOCK; }

double th_kernel_sum(size_t n, const double *x) {
  if (n <= BLOCK) return sum_block_everywhere(n, x);
  size_t left = half(n);
  return th_kernel_sum(left, x) + th_kernel_sum(n - left, x + left);
}

double th_kernel_sum_product(size_t n, const double *x, const double *y) {
  if (n <= BLOCK) return product_block_everywhere(n, x, y);
  size_t left = half(n);
  return th_kernel_sum_product(left, x, y) + th_kernel_sum_product(n - left, x + left, y + left);
}

double th_kernel_sum_square(size_t n, const double *x) { return th_kernel_sum_product(n, x, x); }

double th_kernel_max(size_t n, const double *x) {
  double largest = -TH_INFINITY;
  for (size_t i = 0; i < n; i++)
    if (!(x[i] <= largest)) {
      largest = x[i];
      if (x[i] != x[i]) break;
    }
  return largest;
}

double th_kernel_min(size_t n, const double *x) {
  double least = TH_INFINITY;
  for (size_t i = 0; i < n; i++)
    if (!(x[i] >= least)) {
      least = x[i];
      if (x[i] != x[i]) break;
    }
  return least;
}
