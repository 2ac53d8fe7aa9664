/* test_num_ode.c - differential equations with known solutions, orders of convergence, stiff problems */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/ode.h"
#include "unit.h"

typedef bool (*Solve)(ThContext *cx, const ThOdeProblem *problem, size_t n_times, const double *times,
                      double *rows, ThOdeResult *out);

static bool oscillator(void *self, double t, const double *y, double *dy) {
  (void)self, (void)t;
  dy[0] = y[1];
  dy[1] = -y[0];
  return true;
}

/* y' = y cos t: y = e^(sin t) */
static bool swing(void *self, double t, const double *y, double *dy) {
  (void)self;
  dy[0] = y[0] * cos(t);
  return true;
}

static bool lotka_volterra(void *self, double t, const double *y, double *dy) {
  (void)self, (void)t;
  dy[0] = 1.5 * y[0] - y[0] * y[1];
  dy[1] = y[0] * y[1] - 3 * y[1];
  return true;
}

static bool robertson(void *self, double t, const double *y, double *dy) {
  (void)self, (void)t;
  dy[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
  dy[2] = 3e7 * y[1] * y[1];
  dy[1] = -dy[0] - dy[2];
  return true;
}

static bool van_der_pol(void *self, double t, const double *y, double *dy) {
  (void)self, (void)t;
  dy[0] = y[1];
  dy[1] = 1e3 * (1 - y[0] * y[0]) * y[1] - y[0];
  return true;
}

static bool van_der_pol_jacobian(void *self, double t, const double *y, double *j) {
  (void)self, (void)t;
  j[0] = 0;
  j[1] = 1;
  j[2] = -2e3 * y[0] * y[1] - 1;
  j[3] = 1e3 * (1 - y[0] * y[0]);
  return true;
}

/* High irradiance responses, a problem of plant physiology (Schäfer 1975; Hairer and Wanner 1996, IV.10). */
static bool hires(void *self, double t, const double *y, double *dy) {
  (void)self, (void)t;
  double meeting = 280 * y[5] * y[7];
  dy[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
  dy[1] = 1.71 * y[0] - 8.75 * y[1];
  dy[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
  dy[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
  dy[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
  dy[5] = -meeting + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
  dy[6] = meeting - 1.81 * y[6];
  dy[7] = -dy[6];
  return true;
}

static bool squared(void *self, double t, const double *y, double *dy) {
  (void)self, (void)t;
  dy[0] = y[0] * y[0];
  return true;
}

static bool broken(void *self, double t, const double *y, double *dy) {
  (void)self;
  dy[0] = t > 0.5 ? (double)NAN : -y[0];
  return true;
}

static bool fast_decay(void *self, double t, const double *y, double *dy) {
  (void)self;
  dy[0] = -1e5 * (y[0] - cos(t));
  return true;
}

/* --- Accuracy ------------------------------------------------------------------------------------ */

enum { TIMES = 401 };

/* The largest error of y' = y cos t at n times up to 20. */
static double swing_error(Solve solve, double tolerance, size_t n) {
  ThContext cx;
  unit_context(&cx);
  ThOdeProblem p = {.f = swing, .n = 1, .tolerance = tolerance};
  ThOdeResult r;
  double times[TIMES], rows[TIMES] = {1}, largest = 0;
  for (size_t i = 0; i < n; i++) times[i] = 20 * (double)i / (double)(n - 1);
  ck_assert(solve(&cx, &p, n, times, rows, &r) && r.status == TH_ODE_DONE && r.t == 20);
  for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(rows[i] - exp(sin(times[i]))));
  unit_done(&cx);
  return largest;
}

/* The error follows the tolerance, at the ends of steps and between them. */
START_TEST(tolerance_is_followed) {
  for (int digits = 3; digits <= 12; digits++) {
    double tolerance = pow(10, -digits);
    double sparse = swing_error(th_ode_explicit, tolerance, 5),
           dense = swing_error(th_ode_explicit, tolerance, TIMES);
    double stiff = swing_error(th_ode_stiff, tolerance, 5);
    ck_assert_msg(sparse < 20 * tolerance + 2e-13 && sparse > 0.001 * tolerance, "%g: %g", tolerance, sparse);
    ck_assert_msg(dense < 50 * tolerance + 2e-13, "%g: %g between steps", tolerance, dense);
    ck_assert_msg(stiff < 20 * tolerance + 1e-11, "%g: %g implicit", tolerance, stiff);
  }
}
END_TEST

/* Error of fixed steps for the oscillator at t = 1. */
static double fixed_error(bool euler, size_t substeps) {
  ThContext cx;
  unit_context(&cx);
  ThOdeProblem p = {.f = oscillator, .n = 2};
  ThOdeResult r;
  double rows[4] = {1, 0};
  ck_assert(th_ode_fixed(&cx, &p, euler, substeps, 2, (double[]){0, 1}, rows, &r));
  ck_assert(r.status == TH_ODE_DONE && r.steps == substeps && r.evaluations == substeps * (euler ? 1 : 4));
  unit_done(&cx);
  return hypot(rows[2] - cos(1), rows[3] + sin(1));
}

START_TEST(orders_of_fixed_steps) {
  for (int euler = 0; euler < 2; euler++) {
    double order = log2(fixed_error(euler, 64) / fixed_error(euler, 128));
    ck_assert_msg(fabs(order - (euler ? 1 : 4)) < 0.05, "order %g", order);
  }
}
END_TEST

/* --- Problems ------------------------------------------------------------------------------------ */

static const struct {
  const char *name;
  Solve solve;
  ThOdeFunction f;
  ThOdeJacobian jacobian;
  double tolerance, end;
  size_t n;
  double start[8], finish[8], relative; /* 0: not compared */
  size_t most;                          /* evaluations */
} problems[] = {
    {"an oscillator, ten turns",
     th_ode_explicit,
     oscillator,
     NULL,
     1e-10,
     62.83185307179586,
     2,
     {1, 0},
     {1},
     1e-8,
     14000},
    {"Robertson, t = 40",
     th_ode_stiff,
     robertson,
     NULL,
     1e-8,
     40,
     3,
     {1, 0, 0},
     {0.7158270687, 9.185534764e-6, 0.2841637457},
     1e-6,
     3500},
    {"Robertson, t = 4e10",
     th_ode_stiff,
     robertson,
     NULL,
     1e-8,
     4e10,
     3,
     {1, 0, 0},
     {5.2083e-8, 2.0833e-13, 0.9999999479},
     1e-4,
     11000},
    {"van der Pol, 1000",
     th_ode_stiff,
     van_der_pol,
     NULL,
     1e-8,
     2000,
     2,
     {2, 0},
     {1.706167732170483, -8.928097010248e-4},
     1e-5,
     20000},
    {"van der Pol, exact Jacobian",
     th_ode_stiff,
     van_der_pol,
     van_der_pol_jacobian,
     1e-8,
     2000,
     2,
     {2, 0},
     {1.706167732170483, -8.928097010248e-4},
     1e-5,
     20000},
    {"HIRES",
     th_ode_stiff,
     hires,
     NULL,
     1e-8,
     321.8122,
     8,
     {1, 0, 0, 0, 0, 0, 0, 0.0057},
     {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
      0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2},
     1e-5,
     10500},
    {"HIRES, explicit",
     th_ode_explicit,
     hires,
     NULL,
     1e-8,
     321.8122,
     8,
     {1, 0, 0, 0, 0, 0, 0, 0.0057},
     {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
      0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2},
     1e-4,
     90000},
};

START_TEST(known_solutions) {
  ThContext cx;
  unit_context(&cx);
  size_t n = problems[_i].n;
  ThOdeProblem p = {
      .f = problems[_i].f, .jacobian = problems[_i].jacobian, .n = n, .tolerance = problems[_i].tolerance};
  ThOdeResult r;
  double rows[16];
  memcpy(rows, problems[_i].start, n * sizeof *rows);
  ck_assert(problems[_i].solve(&cx, &p, 2, (double[]){0, problems[_i].end}, rows, &r));
  ck_assert_msg(r.status == TH_ODE_DONE, "%s: %d at %g", problems[_i].name, (int)r.status, r.t);
  for (size_t i = 0; i < n; i++) {
    double wanted = problems[_i].finish[i];
    ck_assert_msg(wanted == 0 || fabs(rows[n + i] / wanted - 1) < problems[_i].relative, "%s, %zu: %.12g",
                  problems[_i].name, i, rows[n + i]);
  }
  ck_assert_msg(r.evaluations <= problems[_i].most, "%s: %zu evaluations", problems[_i].name, r.evaluations);
  unit_done(&cx);
}
END_TEST

/* Forward and back again. */
START_TEST(backward) {
  ThContext cx;
  unit_context(&cx);
  ThOdeProblem p = {.f = lotka_volterra, .n = 2, .tolerance = 1e-10};
  ThOdeResult r;
  double rows[4] = {10, 5}, back[4];
  ck_assert(th_ode_explicit(&cx, &p, 2, (double[]){0, 15}, rows, &r) && r.status == TH_ODE_DONE);
  for (int stiff = 0; stiff < 2; stiff++) {
    memcpy(back, rows + 2, 2 * sizeof *back);
    Solve solve = stiff ? th_ode_stiff : th_ode_explicit;
    ck_assert(solve(&cx, &p, 2, (double[]){15, 0}, back, &r) && r.status == TH_ODE_DONE);
    ck_assert_double_eq_tol(back[2], 10, 1e-6);
    ck_assert_double_eq_tol(back[3], 5, 1e-6);
  }
  unit_done(&cx);
}
END_TEST

/* --- What goes wrong ----------------------------------------------------------------------------- */

START_TEST(statuses) {
  ThContext cx;
  unit_context(&cx);
  ThOdeResult r;
  double rows[2] = {1};
  ThOdeProblem p = {.f = squared, .n = 1, .tolerance = 1e-8};
  ck_assert(th_ode_explicit(&cx, &p, 2, (double[]){0, 2.385}, rows, &r));
  ck_assert(r.status == TH_ODE_GROWS && fabs(r.t - 1) < 1e-6);
  ck_assert(th_ode_stiff(&cx, &p, 2, (double[]){0, 2.385}, rows, &r));
  ck_assert(r.status == TH_ODE_GROWS && fabs(r.t - 1) < 1e-6);
  ck_assert(th_ode_fixed(&cx, &p, false, 1000, 2, (double[]){0, 2.385}, rows, &r));
  ck_assert(r.status == TH_ODE_GROWS && r.t < 1.1);
  p.f = broken;
  ck_assert(th_ode_explicit(&cx, &p, 2, (double[]){0, 1}, rows, &r));
  ck_assert(r.status == TH_ODE_STUCK && fabs(r.t - 0.5) < 1e-9);
  ck_assert(th_ode_explicit(&cx, &p, 2, (double[]){0.6, 1}, rows, &r) && r.status == TH_ODE_NOT_FINITE);
  p.f = fast_decay;
  ck_assert(th_ode_explicit(&cx, &p, 2, (double[]){0, 1}, rows, &r) && r.status == TH_ODE_DONE && r.stiff);
  p.f = swing;
  ck_assert(th_ode_explicit(&cx, &p, 2, (double[]){0, 1}, rows, &r) && r.status == TH_ODE_DONE && !r.stiff);
  unit_done(&cx);
}
END_TEST

typedef struct Record {
  double t;
  size_t steps;
  double last_stage; /* what Radau's last stage adds to y */
} Record;

static bool record_step(void *self, double t, double h, const double *stages) {
  Record *record = self;
  if (stages) record->last_stage = stages[2];
  ck_assert_double_eq_tol(t, record->t, 1e-12);
  record->t = t + h;
  record->steps++;
  return true;
}

/* The accepted steps follow each other from the first time to the last. */
START_TEST(steps_are_handed_out) {
  ThContext cx;
  unit_context(&cx);
  const Solve solvers[] = {th_ode_explicit, th_ode_stiff};
  for (size_t i = 0; i < 2; i++) {
    Record record = {0};
    ThOdeProblem p = {.f = swing, .self = &record, .accepted = record_step, .n = 1, .tolerance = 1e-6};
    ThOdeResult r;
    double rows[3] = {1};
    ck_assert(solvers[i](&cx, &p, 3, (double[]){0, 0.7, 2.385}, rows, &r));
    ck_assert(r.steps == record.steps && r.steps > 2);
    ck_assert_double_eq_tol(record.t, 2.385, 1e-12);
    ck_assert((record.last_stage != 0) == (solvers[i] == th_ode_stiff));
  }
  unit_done(&cx);
}
END_TEST

static bool attempt_explicit(ThContext *cx) {
  ThOdeProblem p = {.f = swing, .n = 1, .tolerance = 1e-6};
  ThOdeResult r;
  double rows[2] = {1};
  return th_ode_explicit(cx, &p, 2, (double[]){0, 1}, rows, &r);
}

static bool attempt_stiff(ThContext *cx) {
  ThOdeProblem p = {.f = swing, .n = 1, .tolerance = 1e-6};
  ThOdeResult r;
  double rows[2] = {1};
  return th_ode_stiff(cx, &p, 2, (double[]){0, 1}, rows, &r) &&
         th_ode_fixed(cx, &p, false, 3, 2, (double[]){0, 1}, rows, &r);
}

static bool fails(void *self, double t, const double *y, double *dy) {
  dy[0] = y[0];
  return t < 0.5 || th_fail(self, TH_ERROR_VALUE, "not later");
}

START_TEST(failures) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt_explicit);
  unit_refuse_each(&cx, attempt_stiff);
  ThOdeProblem p = {.f = fails, .self = &cx, .n = 1, .tolerance = 1e-6};
  ThOdeResult r;
  double rows[2] = {1};
  const Solve solvers[] = {th_ode_explicit, th_ode_stiff};
  for (size_t i = 0; i < 2; i++) {
    ck_assert(!solvers[i](&cx, &p, 2, (double[]){0, 1}, rows, &r));
    ck_assert_str_eq(cx.error.message, "not later");
    th_error_clear(&cx);
  }
  volatile sig_atomic_t pressed = 1;
  cx.interrupt = &pressed;
  ck_assert(!attempt_explicit(&cx) && cx.error.code == TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  pressed = 1;
  ck_assert(!attempt_stiff(&cx) && cx.error.code == TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_ode(void) {
  Suite *suite = suite_create("num_ode");
  ADD(suite, tolerance_is_followed);
  ADD(suite, orders_of_fixed_steps);
  ADD_ROWS(suite, known_solutions, COUNT(problems));
  ADD(suite, backward);
  ADD(suite, statuses);
  ADD(suite, steps_are_handed_out);
  ADD(suite, failures);
  return suite;
}
