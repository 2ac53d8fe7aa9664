/* unit.c - run every suite of suites.h */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CK_RUN_SUITE=NAME runs one suite, CK_RUN_CASE=NAME one test, CK_FORK=no everything in one process. */
#include "unit.h"

#include <stdlib.h>

static Suite *(*const suites[])(void) = {
#define SUITE(name) th_suite_##name,
#include "suites.h"
#undef SUITE
    NULL,
};

void unit_add(Suite *suite, const char *name, const TTest *test) {
  TCase *single = tcase_create(name);
  tcase_add_test(single, test);
  suite_add_tcase(suite, single);
}

void unit_add_rows(Suite *suite, const char *name, const TTest *test, int count) {
  TCase *rows = tcase_create(name);
  tcase_add_loop_test(rows, test, 0, count);
  suite_add_tcase(suite, rows);
}

void unit_context(ThContext *cx) {
  *cx = (ThContext){.settings = {.digits = 6, .width = 80, .height = 24, .utf8 = true}};
}

void unit_done(ThContext *cx) {
  ck_assert_int_eq(cx->error.code, TH_OK);
  ck_assert_uint_eq(cx->heap.used, 0);
}

void unit_refuse_each(ThContext *cx, bool (*attempt)(ThContext *cx)) {
  size_t used = cx->heap.used;
  size_t n = 0;
  bool done = false;
  while (!done) {
    cx->heap.allocations = 0;
    cx->heap.fail_at = ++n;
    done = attempt(cx);
    if (!done) ck_assert_int_eq(cx->error.code, TH_ERROR_MEMORY);
    th_error_clear(cx);
    ck_assert_uint_eq(cx->heap.used, used);
  }
  cx->heap.fail_at = 0;
  ck_assert_uint_gt(n, 1);
}

int main(void) {
  SRunner *runner = srunner_create(NULL);
  for (size_t i = 0; suites[i]; i++) srunner_add_suite(runner, suites[i]());
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
