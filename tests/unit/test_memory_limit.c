/* test_memory_limit.c - tests of a session with little memory: errors, and it goes on */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "lang/session.h"

/* Each needs more than LIMIT, in its own way. */
static const char *const greedy[] = {
    "zeros(1e7)",
    "[1, 2; 3, 4] + zeros(1e7)",
    "x = zeros(1e5); while true { x = concat(x, x) }",
    "x = []; for i in 1:1e8 { x[end + 1] = i }",
    "[i^2 for i in 1:1e8]",
    "s = \"abc\"; while true { s = s + s }",
    "repeat(\"abc\", 1e8)",
    "\"$(zeros(1e7))\"",
    "l = list(); while true { l = push(l, zeros(1e5)) }",
    "r = record(); while true { r = (a = r, b = zeros(1e5)) }",
    "f(x) = f(concat(x, x)); f(zeros(1e4))",
    "f(n) = f(n + 1) + 1; f(1)",
    "sample(Normal(0, 1), 1e7)",
    "U[10000000] ~ Normal(0, 1)",
    "A = ones(1500, 1500); A @ A",
    "table(x = 1:1e7)",
    "sort(zeros(3e6))",
    "fft(zeros(1e6))",
    "y := zeros(1e7)\ny",
};

enum { LIMIT = 40 << 20 };

START_TEST(goes_on) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue value;
  cx->heap.limit = LIMIT;
  ck_assert_msg(th_session_run(session, "", greedy[_i], strlen(greedy[_i]), TH_RUN_QUIET) == TH_RUN_FAILED,
                "%s", greedy[_i]);
  ThErrorCode code = cx->error.code;
  ck_assert_msg(code == TH_ERROR_MEMORY || code == TH_ERROR_LIMIT, "%s: %s", greedy[_i], cx->error.message);
  th_error_clear(cx);
  ck_assert(th_session_evaluate(session, "", "sum(zeros(1000) + 2.385)", 24, &value));
  ck_assert_double_eq_tol(th_as_scalar(value), 2385, 1e-9);
  th_session_clear(session);
  ck_assert_msg(cx->heap.used < LIMIT / 2, "%s: %zu bytes stay in use", greedy[_i], cx->heap.used);
  th_session_free(session);
}
END_TEST

Suite *th_suite_memory_limit(void) {
  Suite *suite = suite_create("memory_limit");
  ADD_ROWS(suite, goes_on, COUNT(greedy));
  return suite;
}
