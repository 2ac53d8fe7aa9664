/* test_tables.c - tests of the built-ins for tables where memory runs out or Ctrl-C comes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "lang/session.h"
#include "val/basic.h"

static ThSession *begin(UnitOutput *output) {
  ThSession *session = unit_session(output);
  static const char start[] = "t = table(x = [2.5, 1, nan], s = [\"b\", \"a\", \"\"])\n"
                              "u = table(k = [1, 2.5], s = [\"a\", \"b\"])";
  ck_assert_int_eq(th_session_run(session, "", start, strlen(start), TH_RUN_QUIET), TH_RUN_DONE);
  return session;
}

static const char *const statements[] = {
    "t[end + 1] = (x = 7, s = \"q\")",
    "t[2].x = 7",
    "t[t.x > 1] = t[t.x > 1]",
    "t.z = t.x^2",
    "t.s[2:3] = [\"p\", \"q\"]",
    "t[[\"s\", \"x\"]]",
    "t[t.s == \"a\"]",
    "sort_by(t, [\"s\", \"x\"], reverse = [true, false])",
    "group_by(t, [\"s\", \"x\"], n = nrow, m = g -> max(g.x))",
    "group_by(t, \"s\", g -> (a = 1, b = \"w\"))",
    "group_by(t, \"s\")",
    "join(t, u, by = (x = \"k\", s = \"s\"), how = \"outer\")",
    "join(t, u, by = \"s\", how = \"left\")",
    "unique(concat(t, t))",
    "rename(select(t, \"x\"), \"x\", \"y\")",
    "remove(t, \"x\")",
    "drop_missing(t, by = \"x\")",
    "table(to_list(t), w = 3)",
    "split(t, 0.5)",
    "summary(t)",
    "t",
    "data lab {\n x \"y (m)\"\n 1 \"a\\n\"\n 2 b\n}\nlab",
};

static ThRunStatus run(ThSession *session, const char *text) {
  return th_session_run(session, "", text, strlen(text), TH_RUN_PROMPT);
}

/* The n-th allocation of a statement fails, for every n: an error each time, and the table is still one. */
START_TEST(every_allocation) {
  for (size_t n = 1;; n++) {
    UnitOutput output;
    ThSession *session = begin(&output);
    ThContext *cx = th_session_context(session);
    cx->heap.fail_at = cx->heap.allocations + n;
    ThRunStatus status = run(session, statements[_i]);
    bool served = cx->heap.allocations < cx->heap.fail_at;
    ck_assert_msg(status == (served ? TH_RUN_DONE : TH_RUN_FAILED), "allocation %zu: %s", n,
                  cx->error.message);
    if (!served) ck_assert_msg(cx->error.code == TH_ERROR_MEMORY, "allocation %zu: %s", n, cx->error.message);
    cx->heap.fail_at = 0;
    unit_output_clear(&output);
    ck_assert_msg(run(session, "[length(t[name]) == nrow(t) for name in columns(t)] |> all") == TH_RUN_DONE,
                  "after allocation %zu: %s", n, cx->error.message);
    ck_assert_str_eq(output.text, "true\n");
    th_session_free(session);
    if (served) break;
  }
}
END_TEST

/* Ctrl-C pressed before: short calls run through, each of the long ones stops, and the session goes on. */
static const char *const long_ones[] = {
    "sort_by(big, \"x\")",        "group_by(big, \"x\", n = nrow)",
    "join(big, big, by = \"x\")", "unique(big)",
    "drop_missing(big)",          "concat(big, big)",
};

START_TEST(interrupts) {
  UnitOutput output;
  volatile sig_atomic_t pressed = 0;
  ThSession *session = begin(&output);
  ThContext *cx = th_session_context(session);
  cx->interrupt = &pressed;
  ck_assert_int_eq(run(session, "big = table(x = (1:100000) % 1000, y = 2.385);"), TH_RUN_DONE);
  pressed = 1;
  ck_assert_int_eq(run(session, "nrow(big)"), TH_RUN_DONE);
  ck_assert_int_eq(run(session, long_ones[_i]), TH_RUN_FAILED);
  ck_assert_int_eq(cx->error.code, TH_ERROR_INTERRUPTED);
  unit_output_clear(&output);
  ck_assert_int_eq(run(session, "nrow(big)"), TH_RUN_DONE);
  ck_assert_str_eq(output.text, "100000\n");
  th_session_free(session);
}
END_TEST

Suite *th_suite_tables(void) {
  Suite *suite = suite_create("tables");
  ADD_ROWS(suite, every_allocation, COUNT(statements));
  ADD_ROWS(suite, interrupts, COUNT(long_ones));
  return suite;
}
