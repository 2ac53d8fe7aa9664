/* kernels_complex.h - loops over complex numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_KERNELS_COMPLEX_H
#define TH_NUM_KERNELS_COMPLEX_H

#include <complex.h>
#include <stddef.h>

/* Real and imaginary parts in blocks of their own, which is what registers like. As in kernels.h: nothing is allocated,
 * an element's result depends on that element alone, outputs may be inputs. */

/* n complex numbers; a step is 1, or 0 for one that meets every element. */
typedef struct ThComplexBlock {
  const double *re, *im;
  size_t re_step, im_step;
} ThComplexBlock;

typedef void (*ThKernelComplexBinary)(size_t n, ThComplexBlock x, ThComplexBlock y, double *re, double *im);
typedef void (*ThKernelComplexUnary)(size_t n, const double *x_re, const double *x_im, double *re,
                                     double *im);

void th_kernel_complex_add(size_t n, ThComplexBlock x, ThComplexBlock y, double *re, double *im);
void th_kernel_complex_subtract(size_t n, ThComplexBlock x, ThComplexBlock y, double *re, double *im);
void th_kernel_complex_multiply(size_t n, ThComplexBlock x, ThComplexBlock y, double *re, double *im);
/* x^y for one whole y, |y| <= 64, by multiplication. */
void th_kernel_complex_power(size_t n, ThComplexBlock x, ThComplexBlock y, double *re, double *im);
enum { TH_COMPLEX_POWER_MOST = 64 };
void th_kernel_complex_exp(size_t n, const double *x_re, const double *x_im, double *re, double *im);

/* 1 if 0 <= low <= |x[i]| <= high for all i, else 0. */
int th_kernel_all_within(size_t n, const double *x, double low, double high);

/* (re, im) to z, and back. */
void th_kernel_complex_join(size_t n, const double *re, const double *im, double complex *z);
void th_kernel_complex_split(size_t n, const double complex *z, double *re, double *im);
/* The same as the kernels above for numbers one after another. */
void th_kernel_complex_exp_all(size_t n, const double complex *x, double complex *y);
void th_kernel_complex_power_all(size_t n, const double complex *x, int power, double complex *y);

/* 1/z, where |z|² neither overflows nor underflows by one real division. */
double complex th_kernel_complex_reciprocal(double complex z);

#endif
