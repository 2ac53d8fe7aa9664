/* test_num_fft.c - tests of num/fft */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>

#include "num/fft.h"

static const size_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 31, 64, 100, 101, 255, 256, 257};

/* A sequence without symmetry. */
static double complex element(size_t j) {
  return __builtin_complex(sin(1.7 * (double)j) + 0.3, cos(0.9 * (double)(j * j)));
}

START_TEST(agrees_with_the_definition) {
  ThContext cx;
  double complex x[257];
  size_t n = lengths[_i];
  unit_context(&cx);
  for (size_t j = 0; j < n; j++) x[j] = element(j);
  ck_assert(th_fft(&cx, n, x, false));
  for (size_t k = 0; k < n; k++) {
    double complex sum = 0;
    for (size_t j = 0; j < n; j++) {
      double angle = -2 * 3.14159265358979323846 * (double)(j * k % n) / (double)n;
      sum += element(j) * __builtin_complex(cos(angle), sin(angle));
    }
    ck_assert_double_lt(cabs(x[k] - sum), 1e-13 * (double)(n + 10));
  }
  ck_assert(th_fft(&cx, n, x, true));
  for (size_t j = 0; j < n; j++) ck_assert_double_lt(cabs(x[j] - element(j)), 1e-13);
  unit_done(&cx);
}
END_TEST

static bool attempt(ThContext *cx) {
  double complex x[51] = {1, 2, 3, 4, 5}; /* fewer need no memory */
  return th_fft(cx, COUNT(x), x, false);
}

START_TEST(survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_fft(void) {
  Suite *suite = suite_create("num_fft");
  ADD_ROWS(suite, agrees_with_the_definition, COUNT(lengths));
  ADD(suite, survives_refused_memory);
  return suite;
}
