/* test_num_root.c - zeros that are known, brackets that hold none */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/root.h"
#include "unit.h"

static double cosine(double x) { return cos(x) - x; }
static double cubic(double x) { return (x - 2.385) * (x * x + 1); }
static double flat(double x) { return pow(x - 0.37, 9); }
static double steep(double x) { return tanh(1e6 * (x - 0.0731)); }
static double at_zero(double x) { return sin(x); }
static double tiny(double x) { return x * x - 1e-200; }
static double step(double x) { return x < 0.2385 ? -1 : 1; }
static double exact(double x) { return x - 0.25; }
static double decreasing(double x) { return 1e-300 * (45.5 - x); }

static const struct {
  const char *name;
  double (*f)(double);
  double a, b, root, tolerance;
  size_t most; /* evaluations */
} rows[] = {
    {"cos x = x", cosine, 0, 1, 0.7390851332151606417, 1e-15, 12},
    {"cubic", cubic, -45.5, 100, 2.385, 1e-15, 30},
    {"turned", cubic, 100, -45.5, 2.385, 1e-15, 30},
    {"flat", flat, -1, 2, 0.37, 1e-12, 200},
    {"steep", steep, -1, 1, 0.0731, 1e-14, 60},
    {"at zero", at_zero, -1, 2, 0, 0, 100},
    {"tiny", tiny, 0, 1, 1e-100, 1e-12, 1000},
    {"step", step, -3, 5, 0.2385, 1e-15, 80},
    {"exact at an end", exact, 0.25, 5, 0.25, 0, 3},
    {"decreasing", decreasing, 0, 100, 45.5, 1e-15, 10},
};

typedef struct Counter {
  double (*f)(double);
  size_t calls;
} Counter;

static bool call(void *self, double x, double *y) {
  Counter *counter = self;
  counter->calls++;
  *y = counter->f(x);
  return true;
}

START_TEST(known_roots) {
  ThContext cx;
  unit_context(&cx);
  Counter counter = {rows[_i].f, 0};
  double root, error;
  ck_assert(th_root_find(&cx, call, &counter, rows[_i].a, rows[_i].b, &root, &error));
  ck_assert_msg(fabs(root - rows[_i].root) <= rows[_i].tolerance * fabs(rows[_i].root) + 1e-300, "%s: %.17g",
                rows[_i].name, root);
  ck_assert_msg(error <= 1e-14 * fabs(root) + 1e-300, "%s: %g", rows[_i].name, error);
  ck_assert_msg(counter.calls <= rows[_i].most, "%s: %zu calls", rows[_i].name, counter.calls);
  unit_done(&cx);
}
END_TEST

/* Step by step: the bracket holds the root and never grows. */
START_TEST(steps) {
  ThContext cx;
  ThRoot r;
  unit_context(&cx);
  Counter counter = {cubic, 0};
  ck_assert(th_root_init(&cx, &r, call, &counter, -45.5, 100));
  ck_assert(r.evaluations == 2 && r.iterations == 0);
  for (int i = 0; i < 60 && !th_root_test(&r, 0, 1e-12); i++) {
    double width = fabs(r.other - r.root);
    ck_assert(th_root_step(&cx, &r));
    ck_assert(fabs(r.other - r.root) <= width && fabs(r.f_root) <= fabs(r.f_other));
    ck_assert((r.f_root > 0) != (r.f_other > 0) || r.f_root == 0);
    ck_assert_uint_gt(strlen(r.how), 5);
  }
  ck_assert(th_root_test(&r, 0, 1e-12) && r.iterations + 2 == r.evaluations);
  ck_assert(th_root_test(&r, 1, 0) && !th_root_test(&(ThRoot){.root = 1, .other = 2, .f_root = 1}, 0.5, 0.1));
  unit_done(&cx);
}
END_TEST

static double above(double x) { return x * x + 1; }
static double below(double x) { return -x * x - 1; }
static double pole(double x) { return 1 / (x - 0.37); }
static double hole(double x) { return x == 0 ? (double)NAN : x; }

static void check_failure(double (*f)(double), double a, double b, ThErrorCode code, const char *message) {
  ThContext cx;
  unit_context(&cx);
  Counter counter = {f, 0};
  double root, error;
  ck_assert(!th_root_find(&cx, call, &counter, a, b, &root, &error));
  ck_assert_int_eq(cx.error.code, code);
  ck_assert_str_eq(cx.error.message, message);
  th_error_clear(&cx);
  unit_done(&cx);
}

START_TEST(no_root) {
  check_failure(above, -1, 2.385, TH_ERROR_VALUE, "the function is positive at both ends, -1 and 2.385");
  check_failure(below, -1, 2.385, TH_ERROR_VALUE, "the function is negative at both ends, -1 and 2.385");
  check_failure(pole, -1, 2.385, TH_ERROR_NUMERIC, "the function changes sign at 0.37 without being 0 there");
  check_failure(hole, 0, 2.385, TH_ERROR_NUMERIC, "the function is nan at 0");
  check_failure(above, 0, (double)INFINITY, TH_ERROR_VALUE,
                "a root is looked for between two finite numbers");
}
END_TEST

static bool fails(void *self, double x, double *y) {
  *y = x;
  return x != 2 || th_fail(self, TH_ERROR_VALUE, "not at 2");
}

START_TEST(failing_function) {
  ThContext cx;
  unit_context(&cx);
  double root, error;
  ck_assert(!th_root_find(&cx, fails, &cx, -1, 2, &root, &error));
  ck_assert_str_eq(cx.error.message, "not at 2");
  th_error_clear(&cx);
  volatile sig_atomic_t pressed = 1;
  Counter counter = {cosine, 0};
  cx.interrupt = &pressed;
  ck_assert(!th_root_find(&cx, call, &counter, 0, 1, &root, &error));
  ck_assert_int_eq(cx.error.code, TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_root(void) {
  Suite *suite = suite_create("num_root");
  ADD_ROWS(suite, known_roots, COUNT(rows));
  ADD(suite, steps);
  ADD(suite, no_root);
  ADD(suite, failing_function);
  return suite;
}
