/* test_num_exponential_sum.c - tests of num/exponential_sum */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>

#include "num/exponential_sum.h"
#include "num/random.h"

enum { TERMS = 3000, MOST = 4001 };

static double x[TERMS], re[TERMS], im[TERMS], k[MOST];
static double complex z[MOST];

/* The definition, in long doubles. */
static double complex direct(const ThExponentialTerms *terms, double at) {
  long double sum_re = 0, sum_im = 0;
  for (size_t j = 0; j < terms->m; j++) {
    long double phase = (long double)at * terms->x[j], c = cosl(phase), s = sinl(phase);
    long double a = terms->re ? terms->re[j] : 1, b = terms->im ? terms->im[j] : 0;
    sum_re += a * c - b * s;
    sum_im += a * s + b * c;
  }
  return __builtin_complex((double)sum_re, (double)sum_im);
}

static const struct {
  const char *name;
  size_t n;
  double first, step, spread, shift;
  int parts; /* of the weights: 0: all 1, 1: real, 2: complex */
  const char *method;
} rows[] = {
    {"symmetric grid", 2001, -20, 0.02, 1, 0, 0, "non-uniform FFT"},
    {"even number", 2000, -20, 0.02, 1, 0.37, 1, "non-uniform FFT"},
    {"off centre", 501, 2.385, 0.37, 3, -7.3, 2, "non-uniform FFT"},
    {"backwards", 401, 5, -0.05, 1, 100.25, 1, "non-uniform FFT"},
    {"coarse: many turns", 301, -300, 2, 5, 0, 2, "non-uniform FFT"},
    {"few", 31, -3, 0.2, 1, 0, 1, "direct sum"},
    {"one", 1, 2.385, 0, 1, 0, 2, "direct sum"},
    {"long", 4001, -40, 0.02, 0.3, 0, 0, "non-uniform FFT"},
};

START_TEST(agrees_with_the_definition) {
  ThContext cx;
  ThRandom random;
  const char *method;
  unit_context(&cx);
  th_random_seed(&random, 7);
  double total = 0, worst = 0, largest = 0;
  for (size_t j = 0; j < TERMS; j++) {
    x[j] = rows[_i].shift + rows[_i].spread * th_random_normal(&random);
    re[j] = th_random_uniform(&random) - 0.25;
    im[j] = th_random_uniform(&random) - 0.5;
    total += rows[_i].parts ? hypot(re[j], rows[_i].parts > 1 ? im[j] : 0) : 1;
    largest = fmax(largest, fabs(x[j]));
  }
  ThExponentialTerms terms = {TERMS, x, rows[_i].parts ? re : NULL, rows[_i].parts > 1 ? im : NULL};
  for (size_t l = 0; l < rows[_i].n; l++) k[l] = rows[_i].first + rows[_i].step * (double)l;
  ck_assert(th_exponential_sum(&cx, &terms, rows[_i].n, k, z, &method));
  ck_assert_str_eq(method, rows[_i].method);
  double phase = 1 + largest * fmax(fabs(k[0]), fabs(k[rows[_i].n - 1]));
  for (size_t l = 0; l < rows[_i].n; l += 7) {
    worst = fmax(worst, cabs(z[l] - direct(&terms, k[l])));
    ck_assert(cabs(th_exponential_sum_at(&terms, k[l]) - direct(&terms, k[l])) < 2e-16 * phase * total);
  }
  ck_assert_msg(worst < (2e-15 + 2e-16 * phase) * total, "%s: %g", rows[_i].name, worst / total);
  unit_done(&cx);
}
END_TEST

/* Uneven values of k, and places beyond all digits, are summed term by term. */
START_TEST(leaves_what_is_not_even) {
  ThContext cx;
  const char *method;
  unit_context(&cx);
  for (size_t j = 0; j < TERMS; j++) x[j] = sin((double)j);
  for (size_t l = 0; l < 200; l++) k[l] = 0.1 * (double)l;
  ThExponentialTerms terms = {TERMS, x, NULL, NULL};
  k[77] += 1e-9;
  ck_assert(th_exponential_sum(&cx, &terms, 200, k, z, &method));
  ck_assert_str_eq(method, "direct sum");
  ck_assert_double_lt(cabs(z[77] - direct(&terms, k[77])), 1e-10);
  k[77] = 7.7;
  x[3] = 1e9;
  ck_assert(th_exponential_sum(&cx, &terms, 200, k, z, &method));
  ck_assert_str_eq(method, "direct sum");
  x[3] = (double)INFINITY;
  ck_assert(th_exponential_sum(&cx, &terms, 200, k, z, NULL));
  ck_assert(isnan(creal(z[3])));
  unit_done(&cx);
}
END_TEST

static bool attempt(ThContext *cx) {
  for (size_t j = 0; j < TERMS; j++) x[j] = sin((double)j);
  for (size_t l = 0; l < 200; l++) k[l] = 0.1 * (double)l;
  ThExponentialTerms terms = {TERMS, x, NULL, NULL};
  return th_exponential_sum(cx, &terms, 200, k, z, NULL);
}

START_TEST(survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_exponential_sum(void) {
  Suite *suite = suite_create("num_exponential_sum");
  ADD_ROWS(suite, agrees_with_the_definition, COUNT(rows));
  ADD(suite, leaves_what_is_not_even);
  ADD(suite, survives_refused_memory);
  return suite;
}
