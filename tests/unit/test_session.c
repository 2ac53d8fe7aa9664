/* test_session.c - tests of lang/session: running, names, checkpoints, memory */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "val/basic.h"

static ThRunStatus run(ThSession *session, const char *text, ThRunMode mode) {
  return th_session_run(session, "", text, strlen(text), mode);
}

START_TEST(modes) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  ck_assert_int_eq(run(session, "x = 2.385\nx + 1; 3\nx", TH_RUN_PROMPT), TH_RUN_DONE);
  ck_assert_str_eq(output.text, "2.385\n3\n2.385\n");
  unit_output_clear(&output);
  ck_assert_int_eq(run(session, "y = 3\ny", TH_RUN_SCRIPT), TH_RUN_DONE);
  ck_assert_str_eq(output.text, "3\n");
  unit_output_clear(&output);
  ck_assert_int_eq(run(session, "y", TH_RUN_QUIET), TH_RUN_DONE);
  ck_assert_str_eq(output.text, "");
  th_session_free(session);
}
END_TEST

START_TEST(incomplete) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  static const char *const unfinished[] = {"f(x) = {", "x = 1 +", "[1,", "data d {\n x\n 1",
                                           "for i in 1:3 {\n print(i)"};
  for (size_t i = 0; i < COUNT(unfinished); i++)
    ck_assert_msg(run(session, unfinished[i], TH_RUN_PROMPT) == TH_RUN_INCOMPLETE, "%s", unfinished[i]);
  for (size_t i = 0; i < COUNT(unfinished); i++)
    ck_assert_msg(run(session, unfinished[i], TH_RUN_SCRIPT) == TH_RUN_FAILED, "%s", unfinished[i]);
  th_session_free(session);
}
END_TEST

/* Statements before an error have taken effect, and the session goes on. */
START_TEST(after_an_error) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  ck_assert_int_eq(run(session, "a = 7\nb = nothing\nc = 8", TH_RUN_PROMPT), TH_RUN_FAILED);
  ck_assert_int_eq(th_session_context(session)->error.code, TH_ERROR_NAME);
  unit_output_clear(&output);
  ck_assert_int_eq(run(session, "a", TH_RUN_PROMPT), TH_RUN_DONE);
  ck_assert_str_eq(output.text, "7\n");
  ck_assert_int_eq(run(session, "c", TH_RUN_PROMPT), TH_RUN_FAILED);
  th_session_free(session);
}
END_TEST

START_TEST(last_value) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  ck_assert_int_eq(run(session, "2.385", TH_RUN_PROMPT), TH_RUN_DONE);
  ck_assert_int_eq(run(session, "_ * 2", TH_RUN_PROMPT), TH_RUN_DONE);
  ck_assert(th_is_number(th_session_last(session)));
  ck_assert_double_eq_tol(th_as_number(th_session_last(session)), 4.77, 1e-15);
  th_session_free(session);
}
END_TEST

START_TEST(checkpoints) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  ck_assert_int_eq(run(session, "x = [1, 2, 3]\ny = 5", TH_RUN_QUIET), TH_RUN_DONE);
  ThCheckpoint *checkpoint = th_session_checkpoint(session);
  ck_assert_ptr_nonnull(checkpoint);
  ck_assert_int_eq(run(session, "x[2] = 9\nz = 1\ny = 6", TH_RUN_QUIET), TH_RUN_DONE);
  ck_assert(th_session_restore(session, checkpoint));
  ck_assert_int_eq(run(session, "x[2]\ny", TH_RUN_PROMPT), TH_RUN_DONE);
  ck_assert_str_eq(output.text, "2\n5\n");
  ck_assert_int_eq(run(session, "z", TH_RUN_PROMPT), TH_RUN_FAILED);
  th_checkpoint_free(session, checkpoint);
  th_session_free(session);
}
END_TEST

START_TEST(interrupts) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  volatile sig_atomic_t flag = 1;
  th_session_context(session)->interrupt = &flag;
  ck_assert_int_eq(run(session, "while true { }", TH_RUN_PROMPT), TH_RUN_FAILED);
  ck_assert_int_eq(th_session_context(session)->error.code, TH_ERROR_INTERRUPTED);
  ck_assert_int_eq(flag, 0);
  flag = 1;
  ck_assert_int_eq(run(session, "for i in 1:1e15 { }", TH_RUN_PROMPT), TH_RUN_FAILED);
  ck_assert_int_eq(run(session, "1 + 1", TH_RUN_PROMPT), TH_RUN_DONE);
  th_session_free(session);
}
END_TEST

/* A loop over scalars leaves the heap as it found it, and needs none of it. */
START_TEST(no_allocation_in_loops) {
  UnitOutput output;
  ThSession *session = unit_session(&output);
  ThContext *cx = th_session_context(session);
  const char *loop = "f(n) = { s = 0; for i in 1:n { s += i^2 - s/(i + 1) }; s }";
  ck_assert_int_eq(run(session, loop, TH_RUN_QUIET), TH_RUN_DONE);
  ck_assert_int_eq(run(session, "f(10)", TH_RUN_QUIET), TH_RUN_DONE);
  size_t before = cx->heap.allocations;
  ck_assert_int_eq(run(session, "f(10)", TH_RUN_QUIET), TH_RUN_DONE);
  size_t few = cx->heap.allocations - before;
  before = cx->heap.allocations;
  ck_assert_int_eq(run(session, "f(100000)", TH_RUN_QUIET), TH_RUN_DONE);
  ck_assert_uint_eq(cx->heap.allocations - before, few);
  th_session_free(session);
}
END_TEST

/* The n-th allocation of a tour through the language fails, for every n: an error each time, nothing lost. */
START_TEST(every_allocation) {
  static const char tour[] =
      "fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2)\nfib(8)\nx = [1, 2, 3]\nx[end + 1] = 4\nx[2] += 5\n"
      "s = (v = [1, 2, 3], l = list(1, 2))\ns.v[end] = 9\ns.l[1] = \"q\"\ns\ny = [[k, k^2] for k in 1:3]\nz = 3 + 4i\n"
      "(p, q) = [7, 8]\ndata lab {\n x y n\n 1 2 a\n 3 4 b\n}\nlab\nlab.x\nf = x -> y -> x + y\nf(1)(2)\n[1, 2; 3, 4]\n"
      "\"a $(1/3:.3f) $x\"\ng(n, k = 2) = { t = 0; while true { t += n; if t > 10 { return t*k } } }\ng(3, k = 5)\n"
      "for c in \"abc\" { print(c) }\nx*2 + x\nsort([3, 1, 2]) |> sum\nA = [2, 1; 1, 3]\nA \\ [1, 2]\nmean(x)\n"
      "undefined_name\n";
  for (size_t n = 1;; n++) {
    UnitOutput output;
    ThSession *session = unit_session(&output);
    ThContext *cx = th_session_context(session);
    size_t before = cx->heap.allocations;
    cx->heap.fail_at = before + n;
    ck_assert_int_eq(run(session, tour, TH_RUN_PROMPT), TH_RUN_FAILED);
    bool served = cx->heap.allocations < cx->heap.fail_at;
    ck_assert_msg(cx->error.code == (served ? TH_ERROR_NAME : TH_ERROR_MEMORY), "allocation %zu: %s", n,
                  cx->error.message);
    cx->heap.fail_at = 0;
    unit_output_clear(&output);
    ck_assert_msg(run(session, "k(n) = n + 2; k(3)", TH_RUN_PROMPT) == TH_RUN_DONE, "after allocation %zu",
                  n);
    ck_assert_str_eq(output.text, "5\n");
    th_session_free(session);
    if (served) break;
  }
}
END_TEST

static const char *const mistakes[] = {
    "x = 3\ndnorm(x, 0, 2)",
    "x = [1, 2]\nx.mean()",
    "np.random.normal(0, 1, 3)",
    "def f(x): return x",
    "if x > 3: print(x)",
    "a = 2\nb = 3\nab",
    "f(a, b = 2) = a\nf(1, c = 3)",
    "f(a, b) = a\nf(1, a = 3)",
    "data lab {\n beta β\n 1 2\n}",
    "x = [1, 2]\nx(2)",
    "zeros[2]",
    "print x",
    "y = area(2)\narea(r) = r^2",
    "(a = 1, 2)",
};

/* The same in messages that read the program's text: an error each time, and a usable session. */
START_TEST(mistakes_without_memory) {
  bool served = false; /* all allocations there are */
  for (size_t n = 1; !served; n++) {
    UnitOutput output;
    ThSession *session = unit_session(&output);
    ThContext *cx = th_session_context(session);
    size_t before = cx->heap.allocations;
    cx->heap.fail_at = before + n;
    ck_assert_int_eq(run(session, mistakes[_i], TH_RUN_SCRIPT), TH_RUN_FAILED);
    served = cx->heap.allocations < cx->heap.fail_at;
    ck_assert_int_ne(cx->error.code, TH_OK);
    cx->heap.fail_at = 0;
    unit_output_clear(&output);
    ck_assert_int_eq(run(session, "k(n) = n + 2; k(3)", TH_RUN_PROMPT), TH_RUN_DONE);
    ck_assert_str_eq(output.text, "5\n");
    th_session_free(session);
  }
}
END_TEST

Suite *th_suite_session(void) {
  Suite *suite = suite_create("session");
  ADD(suite, modes);
  ADD(suite, incomplete);
  ADD(suite, after_an_error);
  ADD(suite, last_value);
  ADD(suite, checkpoints);
  ADD(suite, interrupts);
  ADD(suite, no_allocation_in_loops);
  ADD(suite, every_allocation);
  ADD_ROWS(suite, mistakes_without_memory, COUNT(mistakes));
  return suite;
}
