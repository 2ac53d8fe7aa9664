/* kernels.h - loops over arrays of doubles */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_KERNELS_H
#define TH_NUM_KERNELS_H

#include <stddef.h>

/* Every kernel allocates nothing and may work in place: an output may be the very array of an input (not
 * one that overlaps it shifted). Elementary functions are within 1 ulp, use the widest instruction set
 * found at run time, and give each element a result that depends on that element alone, never on its
 * place in the array or on n. */

/* y[i] = f(x[i]), i < n. */
typedef void (*ThKernelUnary)(size_t n, const double *x, double *y);

void th_kernel_exp(size_t n, const double *x, double *y);
void th_kernel_exp2(size_t n, const double *x, double *y);
void th_kernel_expm1(size_t n, const double *x, double *y);
void th_kernel_log(size_t n, const double *x, double *y);
void th_kernel_log2(size_t n, const double *x, double *y);
void th_kernel_log10(size_t n, const double *x, double *y);
void th_kernel_log1p(size_t n, const double *x, double *y);
void th_kernel_sqrt(size_t n, const double *x, double *y);
void th_kernel_sin(size_t n, const double *x, double *y);
void th_kernel_cos(size_t n, const double *x, double *y);
void th_kernel_tan(size_t n, const double *x, double *y);
void th_kernel_asin(size_t n, const double *x, double *y);
void th_kernel_acos(size_t n, const double *x, double *y);
void th_kernel_atan(size_t n, const double *x, double *y);
void th_kernel_sinh(size_t n, const double *x, double *y);
void th_kernel_cosh(size_t n, const double *x, double *y);
void th_kernel_tanh(size_t n, const double *x, double *y);
void th_kernel_asinh(size_t n, const double *x, double *y);
void th_kernel_acosh(size_t n, const double *x, double *y);
void th_kernel_atanh(size_t n, const double *x, double *y);
void th_kernel_erf(size_t n, const double *x, double *y);
void th_kernel_sigmoid(size_t n, const double *x, double *y);  /* 1/(1 + e^-x) */
void th_kernel_softplus(size_t n, const double *x, double *y); /* log(1 + e^x) */
void th_kernel_relu(size_t n, const double *x, double *y);     /* max(x, 0) */
void th_kernel_negate(size_t n, const double *x, double *y);
void th_kernel_abs(size_t n, const double *x, double *y);
void th_kernel_square(size_t n, const double *x, double *y);
void th_kernel_floor(size_t n, const double *x, double *y);
void th_kernel_ceil(size_t n, const double *x, double *y);
/* sin and cos at once: s[i], c[i]. */
void th_kernel_sincos(size_t n, const double *x, double *s, double *c);
/* The kernel that maps a function of <math.h>, or NULL. */
ThKernelUnary th_kernel_of(double (*f)(double));
/* Any other function of one number. */
void th_kernel_map(size_t n, double (*f)(double), const double *x, double *y);

/* z[i] = x[i*x_step] op y[i*y_step]; a step is 1, or 0 for a scalar that meets every element. */
typedef void (*ThKernelBinary)(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                               double *z);

void th_kernel_add(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_subtract(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_multiply(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_divide(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
/* x^y as C's pow; and the same with short ways for a scalar power -1, 0.5, 1, 2 or 3. */
void th_kernel_pow(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_power(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
/* The remainder with the divisor's sign; x % 0 is NaN. */
void th_kernel_remainder(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_atan2(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
/* Comparisons: 1 where it holds, else 0. */
void th_kernel_equal(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_not_equal(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_less(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_less_equal(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                          double *z);
void th_kernel_greater(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_greater_equal(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                             double *z);
/* y where x is not 0, else 0. */
void th_kernel_pick(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
/* The larger and the smaller; NaN when either is NaN. */
void th_kernel_maximum(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);
void th_kernel_minimum(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z);

void th_kernel_fill(size_t n, double value, double *x);
/* y[i] += a x[i], and z[i] += x[i] y[i]: the steps of a gradient sweep. Steps of y as above. */
void th_kernel_axpy(size_t n, double a, const double *x, double *y);
void th_kernel_add_product(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                           double *z);

/* Reductions. Sums are pairwise over blocks of 128 with eight partial sums (error about log2(n) ulp), the
 * same on every machine. */
double th_kernel_sum(size_t n, const double *x);
/* The same with the rounding of every addition carried along (Knuth's two-sum): the last bit or so. */
double th_kernel_sum_compensated(size_t n, const double *x);
/* The same sum of n elements that come a stretch at a time, also of two halves that are summed at once: the first
 * half is elements [0, th_sum_half(n)), each half begins with {0}, and every call of th_sum_add but a half's last
 * brings TH_SUM_STRETCH elements. The bits are those of th_kernel_sum_compensated. */
enum { TH_SUM_STRETCH = 1 << 14 };
typedef struct ThSum {
  double total, rest;
} ThSum;
typedef struct ThStretchSum {
  double total[8], rest[8]; /* elements 0, 8, …; 1, 9, …; and what their sums lack */
} ThStretchSum;
size_t th_sum_half(size_t n);
/* Into a stretch's sums, which begin with {0}: n elements, a multiple of 8 but in the stretch's last call. */
void th_stretch_add(ThStretchSum *stretch, size_t n, const double *x);
void th_sum_add(ThSum *sum, const ThStretchSum *stretch);
double th_sum_join(ThSum first, ThSum second);
double th_kernel_sum_product(size_t n, const double *x, const double *y); /* of x[i] y[i] */
double th_kernel_sum_square(size_t n, const double *x);                   /* of x[i]^2, without scaling */
double th_kernel_max(size_t n, const double *x); /* -inf when n is 0; NaN if any is NaN */
double th_kernel_min(size_t n, const double *x); /* inf when n is 0 */

/* exp and log of one number in arithmetic that is the same on every platform (within 1 ulp): for samplers. */
double th_kernel_exp_portable(double x);
double th_kernel_log_portable(double x);

/* "avx512", "avx2", "avx2, 128 bits", "sse2", "neon" or "scalar": what the kernels run on here. */
const char *th_kernel_instructions(void);

#endif
