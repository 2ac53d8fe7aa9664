/* test_reuse.c - tests that a value which nobody else holds changes in place */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "lang/session.h"

/* One more vector of 10^5 numbers does not fit while the statement runs. */
static const struct {
  const char *before, *statement;
} in_place[] = {
    {"x = linspace(0, 1, 100000)", "x = x + 2.385"},
    {"x = linspace(0, 1, 100000)", "x = 2.385*x"},
    {"x = linspace(0, 1, 100000)", "x += 2.385"},
    {"x = linspace(0, 1, 100000); y = 2.385", "x *= y"},
    {"x = linspace(0, 1, 100000)", "x[17] = 2.385"},
    {"x = linspace(0, 1, 100000)", "x[17] += 2.385"},
    {"x = linspace(0, 1, 100000)", "x[2:9] = 2.385"},
    {"x = linspace(0, 1, 100000)", "for i in 1:100 { x[i] *= 2.385 }"},
    {"r = (a = linspace(0, 1, 100000))", "r.a[17] += 2.385"},
    {"r = (a = list(linspace(0, 1, 100000)))", "r.a[1][17] = 2.385"},
    {"f() = { x = linspace(0, 1, 100000); for i in 1:9 { x = x + i; x *= 2; x[i] -= 1 }; x }; x = f()",
     "x = none; x = f()"},
};

START_TEST(arrays) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  unit_run(session, in_place[_i].before);
  unit_run(session,
           "warm = [1.5, 2.5]; warm = warm*2; warm[2] += 1"); /* whatever is allocated once is there */
  cx->heap.limit = cx->heap.used + 400000;
  unit_run(session, in_place[_i].statement);
  th_session_free(session);
}
END_TEST

/* Lengthening something n times asks for memory far less often than n times, and so copies O(n) in all. */
static const char *const growth[] = {
    "l = list(); for i in 1:N { l = push(l, i) }",
    "l = list(); for i in 1:N { l[end + 1] = i }",
    "x = []; for i in 1:N { x = push(x, i) }",
    "x = []; for i in 1:N { x[end + 1] = i }",
    "l = list(); for i in 1:N { l = if i > 0 { push(l, i) } else { l } }",
    "s = \"\"; for i in 1:N { s = if i > 0 then s + \"x\" else { \"y\" + s } }",
    "A = zeros(1, 1); b = [2.5]; for i in 1:N { A = push(A, b) }",
    "A = zeros(1, 1); b = [2.5]; for i in 1:N { A[end + 1, :] = b }",
    "s = \"\"; for i in 1:N { s = s + \"xé\" }",
    "s = \"\"; for i in 1:N { s += \"x\" }",
    "f(n) = { l = list(); for i in 1:n { l = push(l, i) }; length(l) }; f(N)",
    "f(n) = { x = []; for i in 1:n { x = push(x, i) }; length(x) }; f(N)",
    "f(n) = { l = list(); for i in 1:n { l = if i > 0 { push(l, i) } else { l } }; length(l) }; f(N)",
    "f(n) = { s = \"\"; for i in 1:n { s = s + \"xé\" }; length(s) }; f(N)",
    "f(n) = { r = (l = list()); for i in 1:n { r.l[end + 1] = i }; length(r.l) }; f(N)",
};

static size_t allocations_of(const char *code, const char *n) {
  ThSession *session = unit_session(NULL);
  char text[200];
  unit_run(session, "N = 100");
  unit_run(session, code);
  snprintf(text, sizeof text, "N = %s", n);
  unit_run(session, text);
  size_t before = th_session_context(session)->heap.allocations;
  unit_run(session, code);
  size_t after = th_session_context(session)->heap.allocations;
  th_session_free(session);
  return after - before;
}

START_TEST(lengthening) {
  size_t few = allocations_of(growth[_i], "1000"), many = allocations_of(growth[_i], "100000");
  ck_assert_msg(many < few + 60, "%s: %zu requests for 1000, %zu for 100000", growth[_i], few, many);
}
END_TEST

/* What somebody else holds is never changed. */
START_TEST(others_keep_theirs) {
  ThSession *session = unit_session(NULL);
  unit_run(session, "l = list(1.5); m = l; l = push(l, 2.5); assert(length(m) == 1 and length(l) == 2)");
  unit_run(session, "x = [1.5, 2]; y = x; x = x + 1; assert(all(y == [1.5, 2]))");
  unit_run(session, "s = repeat(\"ab\", 50); s = s + \"c\"; u = s + \"d\"; v = s + \"e\"");
  unit_run(session, "assert(u[end] == \"d\" and v[end] == \"e\" and length(s) == 101)");
  unit_run(session, "l = list(1); l = push(l, l); assert(length(l) == 2 and length(l[2]) == 1)");
  unit_run(session,
           "f(l) = { l = push(l, 9); l }; a = list(1); b = f(a); assert(length(a) == 1 and length(b) == 2)");
  unit_run(session, "g = () -> l; l = list(1); l = push(l, 2); assert(length(g()) == 2)");
  th_session_free(session);
}
END_TEST

/* An operation that fails leaves the variable as it was. */
START_TEST(failure_leaves_it) {
  ThSession *session = unit_session(NULL);
  static const char *const failing[] = {"x = x + [1, 2, 3]", "x = x*\"a\"", "x = push(x, \"a\")"};
  unit_run(session, "x = [1.5, 2.5]");
  for (size_t i = 0; i < COUNT(failing); i++) {
    ck_assert_int_eq(th_session_run(session, "", failing[i], strlen(failing[i]), TH_RUN_QUIET),
                     TH_RUN_FAILED);
    unit_run(session, "assert(all(x == [1.5, 2.5]))");
  }
  th_session_free(session);
}
END_TEST

/* So does memory that runs out, for each request that the statement makes. */
START_TEST(refusal_leaves_it) {
  static const char *const statements[] = {"l = push(l, 4, 5)", "x = push(x, 4.5)", "s = s + s", "x = x + y",
                                           "A = push(A, y)"};
  static const char check[] =
      "assert(length(l) == 3 and all(x == [1.5, 2.5]) and s == \"é\" and rows(A) == 1)";
  for (size_t i = 0; i < COUNT(statements); i++) {
    ThSession *session = unit_session(NULL);
    ThContext *cx = th_session_context(session);
    unit_run(session, "l = list(1, 2, 3); x = [1.5, 2.5]; s = \"é\"; y = [1, 2]; A = [[1, 2]]");
    for (size_t n = 1; n < 1000; n++) {
      cx->heap.fail_at = cx->heap.allocations + n;
      ThRunStatus status = th_session_run(session, "", statements[i], strlen(statements[i]), TH_RUN_QUIET);
      cx->heap.fail_at = 0;
      if (status == TH_RUN_DONE) break;
      th_error_clear(cx);
      unit_run(session, check);
    }
    ck_assert(th_session_run(session, "", check, strlen(check), TH_RUN_QUIET) == TH_RUN_FAILED);
    th_session_free(session);
  }
}
END_TEST

/* A checkpoint holds the values that it restores. */
START_TEST(checkpoints_keep_theirs) {
  ThSession *session = unit_session(NULL);
  unit_run(session, "l = list(1, 2); x = [1.5, 2.5]; s = \"a\"");
  ThCheckpoint *checkpoint = th_session_checkpoint(session);
  ck_assert_ptr_nonnull(checkpoint);
  unit_run(session, "l = push(l, 3); x = x + 1; x[1] = 9; s = s + \"b\"");
  unit_run(session, "for i in 1:5 { l = push(l, i); x += 1 }");
  ck_assert(th_session_restore(session, checkpoint));
  unit_run(session, "assert(length(l) == 2 and all(x == [1.5, 2.5]) and s == \"a\")");
  th_checkpoint_free(session, checkpoint);
  th_session_free(session);
}
END_TEST

Suite *th_suite_reuse(void) {
  Suite *suite = suite_create("reuse");
  ADD_ROWS(suite, arrays, COUNT(in_place));
  ADD_ROWS(suite, lengthening, COUNT(growth));
  ADD(suite, others_keep_theirs);
  ADD(suite, failure_leaves_it);
  ADD(suite, refusal_leaves_it);
  ADD(suite, checkpoints_keep_theirs);
  return suite;
}
