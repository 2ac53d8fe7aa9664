/* test_num_apart.c - tests of num/apart: results, errors, interruption, memory of a calculation in a process apart */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <unistd.h>

#include "num/apart.h"

static volatile sig_atomic_t flag;

static void begin(ThContext *cx) {
  unit_context(cx);
  flag = 0;
  cx->interrupt = &flag;
}

/* x[i] = i^2 + 2.385, in the process that is told to. */
static bool squares(ThContext *cx, bool is_long, size_t n, double *x, bool *here) {
  const ThPart parts[] = {{x, n * sizeof *x}, {NULL, 8}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, is_long, parts, 2)) return false;
  *here = apart.here;
  if (apart.here) {
    for (size_t i = 0; i < n; i++) x[i] = (double)(i * i) + 2.385;
    apart.ok = true;
  }
  return th_apart_end(cx, &apart);
}

START_TEST(results) {
  ThContext cx;
  double x[100] = {0};
  bool here;
  begin(&cx);
  for (int is_long = 0; is_long < 2; is_long++) {
    x[99] = 0;
    ck_assert(squares(&cx, is_long, 100, x, &here));
    ck_assert_int_eq(here, !is_long);
    ck_assert_double_eq(x[99], 9803.385);
  }
  unit_done(&cx);
}
END_TEST

START_TEST(failure) {
  ThContext cx;
  ThApart apart;
  begin(&cx);
  ck_assert(th_apart_begin(&cx, &apart, true, NULL, 0));
  if (apart.here) {
    apart.ok = th_fail(&cx, TH_ERROR_NUMERIC, "it did not converge");
    th_hint(&cx, "try 2.385");
  }
  ck_assert(!th_apart_end(&cx, &apart));
  ck_assert_int_eq(cx.error.code, TH_ERROR_NUMERIC);
  ck_assert_str_eq(cx.error.message, "it did not converge");
  ck_assert_str_eq(cx.error.hint, "try 2.385");
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

START_TEST(interruption) {
  ThContext cx;
  ThApart apart;
  begin(&cx);
  ck_assert(th_apart_begin(&cx, &apart, true, NULL, 0));
  if (apart.here) sleep(100); /* the child, which is ended */
  flag = 1;
  ck_assert(!th_apart_end(&cx, &apart));
  ck_assert_int_eq(cx.error.code, TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

START_TEST(ended_from_outside) {
  ThContext cx;
  ThApart apart;
  begin(&cx);
  ck_assert(th_apart_begin(&cx, &apart, true, NULL, 0));
  if (apart.here) _exit(3);
  ck_assert(!th_apart_end(&cx, &apart));
  ck_assert_int_eq(cx.error.code, TH_ERROR_MEMORY);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

START_TEST(limit) {
  ThContext cx;
  static double x[10000];
  bool here;
  begin(&cx);
  cx.heap.limit = 50000;
  ck_assert(!squares(&cx, true, 10000, x, &here));
  ck_assert_int_eq(cx.error.code, TH_ERROR_MEMORY);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_apart(void) {
  Suite *suite = suite_create("num_apart");
  ADD(suite, results);
  ADD(suite, failure);
  ADD(suite, interruption);
  ADD(suite, ended_from_outside);
  ADD(suite, limit);
  return suite;
}
