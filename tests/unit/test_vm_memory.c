/* test_vm_memory.c - tests that scalar code asks for no memory, and that values go when nothing holds them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "unit.h"

/* --- Scalar code */

/* What is run, of a function of n. */
static const char *const scalar[] = {
    "s = 0; for i in 1:n { s += i/3 - s % 2 }; s",
    "s = 0; for i in 1:n { s = s + (if i % 3 == 0 then 2 else -i) }; s",
    "i = 0; while i < n and i >= 0 { i += 1 }; i",
    "i = 0; done = false; while not done { i += 1; done = i >= n or i < 0 }; i",
    "s = 0; for i in n:-1:1 { if 10 < i <= 20 { s += i } else if i == 5 { continue } }; s",
    "s = 0; for i in 1:n { s += sqrt(i) + abs(-s) + floor(i/2) }; s",
    "s = 0; for i in 1:n { s += min(i, 100) + max(s, 2) + i^2 }; s",
    "g(x, k = 2) = x + k; s = 0; for i in 1:n { s = g(s) + g(s, 3) + g(s, k = 4) }; s",
    "k = 2.385; g = x -> x + k; s = 0; for i in 1:n { s = g(s) }; s",
    "x = zeros(100); s = 0; for i in 1:n { x[i % 100 + 1] += i; s += x[i % 100 + 1] + x[end] }; s",
    "X = zeros(10, 10); for i in 1:n { X[i % 10 + 1, 3] += i; X[2, 2] = X[i % 10 + 1, 1] }; X[2, 2]",
    "r = (a = 1.5, b = list(2.5, 3.5)); for i in 1:n { r.a += r.b[i % 2 + 1] }; r.a",
    "x = linspace(0, 1, 50); s = 0; for i in 1:n/50 { for v in x { s += v } }; s",
    "(a, b) = list(1.5, 2.5); p = list(a, b); for i in 1:n { (a, b) = p }; a",
};

static size_t allocations_of(const char *body, const char *n) {
  ThSession *session = unit_session(NULL);
  char text[300];
  snprintf(text, sizeof text, "f(n) = { %s }", body);
  unit_run(session, text);
  unit_run(session, "result = f(200)"); /* signatures are read, the stack has grown */
  snprintf(text, sizeof text, "result = f(%s)", n);
  size_t before = th_session_context(session)->heap.allocations;
  unit_run(session, text);
  size_t after = th_session_context(session)->heap.allocations;
  th_session_free(session);
  return after - before;
}

START_TEST(scalar_loops) {
  size_t few = allocations_of(scalar[_i], "200"), many = allocations_of(scalar[_i], "200000");
  ck_assert_msg(many == few, "%s: %zu requests in a short loop, %zu in a long one", scalar[_i], few, many);
}
END_TEST

START_TEST(ten_million_steps) {
  const char *logistic = "x = 0.3; s = 0; for i in 1:n { x = 3.7*x*(1 - x); s += x }; s";
  ck_assert_uint_eq(allocations_of(logistic, "1e1"), allocations_of(logistic, "1e7"));
}
END_TEST

/* At the top of a script the names are global. */
START_TEST(global_loops) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  const char *code = "s = 0; for i in 1:N { s = s + i/3; if s > 1e9 { s = 0 } }; "
                     "x = zeros(9); for i in 1:N { x[3] += i }";
  size_t counts[2];
  for (size_t k = 0; k < 2; k++) {
    unit_run(session, k ? "N = 20000" : "N = 20");
    unit_run(session, code);
    size_t before = cx->heap.allocations;
    unit_run(session, code);
    counts[k] = cx->heap.allocations - before;
  }
  ck_assert_uint_eq(counts[0], counts[1]);
  th_session_free(session);
}
END_TEST

/* --- What nothing holds is gone */

/* Vectors of 10^5 numbers; less than the given number of them fit beside each other. */
static const struct {
  const char *code;
  size_t fit;
} passing[] = {
    {"for i in 1:20 { x = zeros(100000) + i }", 4},
    {"for i in 1:20 { s = sum(linspace(0, 1, 100000)) }", 3},
    {"f(n) = { x = zeros(n); y = x + 1; sum(y) }; for i in 1:20 { s = f(100000) }", 4},
    {"x = list(); for i in 1:20 { x = list(zeros(100000)) }", 4},
    {"for i in 1:20 { g = x -> x + 1; s = sum(g(zeros(100000))) }", 4},
    {"set(v, i) = { v[i] = 2.385; v }; f() = { x = zeros(100000); for i in 1:20 { x = set(x, i) }; sum(x) }; s = f()",
     2},
};

START_TEST(passing_values) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  unit_run(session, "warm = sum(linspace(0, 1, 5)) + sum(zeros(5))");
  /* the table of names has grown */
  unit_run(session, "f = 0; g = 0; i = 0; n = 0; s = 0; set = 0; v = 0; x = 0; y = 0");
  size_t before = cx->heap.used;
  cx->heap.limit = before + passing[_i].fit * 800000 - 300000;
  unit_run(session, passing[_i].code);
  unit_run(session, "x = none; g = none");
  ck_assert_msg(cx->heap.used < before + 20000, "%zu bytes are still held", cx->heap.used - before);
  th_session_free(session);
}
END_TEST

Suite *th_suite_vm_memory(void) {
  Suite *suite = suite_create("vm_memory");
  ADD_ROWS(suite, scalar_loops, COUNT(scalar));
  ADD(suite, ten_million_steps);
  ADD(suite, global_loops);
  ADD_ROWS(suite, passing_values, COUNT(passing));
  return suite;
}
