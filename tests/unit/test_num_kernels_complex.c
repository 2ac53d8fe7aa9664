/* test_num_kernels_complex.c - loops over complex numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/kernels_complex.h"
#include "unit.h"

enum { N = 301 };

static double complex z[N], w[N];
static double re[N], im[N], out_re[N], out_im[N];

static void fill(void) {
  for (size_t i = 0; i < N; i++) {
    re[i] = 3 * sin(1.7 * (double)i);
    im[i] = 40 * cos(0.9 * (double)i * (double)i);
    z[i] = __builtin_complex(re[i], im[i]);
  }
}

static bool same(double complex got, double complex want, double ulps) {
  return cabs(got - want) <= ulps * DBL_EPSILON * cabs(want);
}

START_TEST(exponentials) {
  fill();
  z[5] = __builtin_complex(-1000.0, 2.385);
  z[6] = __builtin_complex(2.385, 1e9);
  z[7] = __builtin_complex(800.0, 0.37);
  z[8] = __builtin_complex(-(double)INFINITY, (double)INFINITY);
  z[9] = __builtin_complex((double)NAN, 1.0);
  th_kernel_complex_exp_all(N, z, w);
  for (size_t i = 0; i < N; i++) {
    double complex alone, want = cexp(z[i]);
    th_kernel_complex_exp_all(1, z + i, &alone);
    ck_assert_msg(memcmp(&alone, w + i, sizeof alone) == 0, "%zu", i);
    if (i == 9) ck_assert(isnan(creal(w[9])));
    else if (i == 7) ck_assert(isinf(creal(w[7])) && isinf(cimag(w[7])));
    else ck_assert_msg(same(w[i], want, 3), "%zu: %g%+gi", i, creal(w[i]), cimag(w[i]));
  }
}
END_TEST

static const int powers[] = {0, 1, 2, 3, 7, 12, -1, -2, -3, -7};

START_TEST(whole_powers) {
  fill();
  z[4] = 0;
  z[5] = __builtin_complex(1e200, 1e200);
  z[6] = __builtin_complex(1e-200, -1e-200);
  th_kernel_complex_power_all(N, z, powers[_i], w);
  for (size_t i = 0; i < N; i++) {
    double complex alone;
    th_kernel_complex_power_all(1, z + i, powers[_i], &alone);
    if (i < 4 || i > 6) ck_assert_msg(same(w[i], cpow(z[i], powers[_i]), 150), "%d: %zu", powers[_i], i);
    if (i > 6) ck_assert(same(w[i], alone, 0));
  }
  if (powers[_i] == -1) ck_assert(same(w[5], 1 / z[5], 4) && same(w[6], 1 / z[6], 4));
}
END_TEST

START_TEST(arithmetic) {
  double one_re = 2.385, one_im = -0.37;
  ThComplexBlock x = {re, im, 1, 1}, scalar = {&one_re, &one_im, 0, 0};
  double complex c = __builtin_complex(one_re, one_im);
  fill();
  th_kernel_complex_multiply(N, x, scalar, out_re, out_im);
  for (size_t i = 0; i < N; i++) ck_assert(same(__builtin_complex(out_re[i], out_im[i]), z[i] * c, 2));
  th_kernel_complex_subtract(N, scalar, x, out_re, out_im);
  for (size_t i = 0; i < N; i++) ck_assert(out_re[i] == one_re - re[i] && out_im[i] == one_im - im[i]);
  th_kernel_complex_add(N, x, x, out_re, out_im);
  th_kernel_complex_join(N, out_re, out_im, w);
  for (size_t i = 0; i < N; i++) ck_assert(w[i] == 2 * z[i]);
  th_kernel_complex_multiply(N, x, x, re, im); /* in place */
  for (size_t i = 0; i < N; i++) ck_assert(same(__builtin_complex(re[i], im[i]), z[i] * z[i], 2));
}
END_TEST

START_TEST(ranges) {
  fill();
  ck_assert(th_kernel_all_within(N, re, 0, 3) && !th_kernel_all_within(N, re, 0.01, 3));
  ck_assert(!th_kernel_all_within(N, re, 0, 2.9));
  for (size_t i = 0; i < N; i += 37) {
    double before = re[i];
    re[i] = (double)NAN;
    ck_assert(!th_kernel_all_within(N, re, 0, 3));
    re[i] = -(double)INFINITY;
    ck_assert(!th_kernel_all_within(N, re, 0, DBL_MAX));
    re[i] = before;
  }
}
END_TEST

Suite *th_suite_num_kernels_complex(void) {
  Suite *suite = suite_create("num_kernels_complex");
  ADD(suite, exponentials);
  ADD_ROWS(suite, whole_powers, COUNT(powers));
  ADD(suite, arithmetic);
  ADD(suite, ranges);
  return suite;
}
