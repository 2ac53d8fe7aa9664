/* test_num_kde.c - density estimates beside the sum over all data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/kde.h"
#include "num/random.h"
#include "num/real.h"
#include "num/special.h"
#include "unit.h"

enum { N = 3000 };

/* Two bumps, ties, and one datum far off. */
static void fill(double *x) {
  ThRandom r;
  th_random_seed(&r, 2385);
  for (int i = 0; i < N; i++) x[i] = i % 3 ? th_random_normal(&r) : 6 + 0.3 * th_random_normal(&r);
  for (int i = 0; i < 100; i++) x[i] = 0.731;
  x[N - 1] = 45.5;
}

/* log Σ e^f over the data. */
static double direct(const double *x, double at, double h, int what) {
  double y[N];
  for (int i = 0; i < N; i++) {
    double z = (at - x[i]) / h;
    y[i] = what == 0   ? -0.5 * z * z - TH_HALF_LOG_2PI - log(h)
           : what == 1 ? th_special_log_normal_cdf(z)
                       : th_special_log_normal_cdf(-z);
  }
  return th_special_logsumexp(N, y) - log(N);
}

static bool near(double a, double b) { return fabs(a - b) <= 2e-13 * fmax(1, fabs(b)); }

START_TEST(beside_the_sum) {
  static const double widths[] = {0.0731, 0.45, 3.1};
  double x[N], h = widths[_i];
  ThContext cx;
  ThKde kde;
  unit_context(&cx);
  fill(x);
  ck_assert(th_kde_init(&cx, &kde, N, x, h));
  for (double at = -25; at < 60; at += 0.37) {
    double below = direct(x, at, h, 1), above = direct(x, at, h, 2);
    ck_assert_msg(near(th_kde_log_density(&kde, at), direct(x, at, h, 0)), "density at %g: %.17g, not %.17g",
                  at, th_kde_log_density(&kde, at), direct(x, at, h, 0));
    ck_assert_msg(near(th_kde_log_tail(&kde, at, false), below), "cdf at %g: %.17g, not %.17g", at,
                  th_kde_log_tail(&kde, at, false), below);
    ck_assert_msg(near(th_kde_log_tail(&kde, at, true), above), "ccdf at %g: %.17g, not %.17g", at,
                  th_kde_log_tail(&kde, at, true), above);
    if (below > -600) ck_assert_double_eq_tol(th_kde_tail(&kde, at, false) / exp(below), 1, 1e-12);
    if (above > -600) ck_assert_double_eq_tol(th_kde_tail(&kde, at, true) / exp(above), 1, 1e-12);
  }
  th_kde_free(&cx.heap, &kde);
  unit_done(&cx);
}
END_TEST

START_TEST(edges) {
  static const double x[] = {2.385, -0.37, 2.385};
  ThContext cx;
  ThKde kde;
  unit_context(&cx);
  ck_assert(th_kde_init(&cx, &kde, 3, x, 0.5));
  ck_assert(isnan(th_kde_log_density(&kde, TH_NAN)) && isnan(th_kde_tail(&kde, TH_NAN, true)));
  ck_assert_double_eq(th_kde_log_density(&kde, TH_INFINITY), -TH_INFINITY);
  ck_assert_double_eq(th_kde_tail(&kde, TH_INFINITY, false), 1);
  ck_assert_double_eq(th_kde_tail(&kde, TH_INFINITY, true), 0);
  ck_assert_double_eq(th_kde_tail(&kde, -TH_INFINITY, false), 0);
  th_kde_free(&cx.heap, &kde);
  unit_done(&cx);
}
END_TEST

/* By R: bw.nrd0(c(1, 2, 2.5, 4, 7)), and with interquartile range 0. */
START_TEST(silverman) {
  static const double x[] = {1, 2, 2.5, 4, 7}, flat[] = {1, 2, 2, 2, 2, 2, 7}, same[] = {4.5, 4.5};
  ck_assert_double_eq_tol(th_kde_silverman(5, x), 0.9735847, 1e-7);
  ck_assert_double_eq_tol(th_kde_silverman(7, flat), 0.9 * 1.9880596 * pow(7, -0.2), 1e-6);
  ck_assert_double_eq(th_kde_silverman(2, same), 0);
  ck_assert_double_eq(th_kde_silverman(1, x), 0);
}
END_TEST

static bool refused(ThContext *cx) {
  static const double x[] = {2.385, -0.37, 2.385};
  ThKde kde;
  if (!th_kde_init(cx, &kde, 3, x, 0.5)) return false;
  th_kde_free(&cx->heap, &kde);
  return true;
}

START_TEST(no_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, refused);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_kde(void) {
  Suite *s = suite_create("num_kde");
  ADD_ROWS(s, beside_the_sum, 3);
  ADD(s, edges);
  ADD(s, silverman);
  ADD(s, no_memory);
  return s;
}
