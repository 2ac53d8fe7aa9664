/* test_num_integral.c - integrals that are known: smooth, singular, infinite, oscillating, hidden, divergent */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/epsilon.h"
#include "num/integral.h"
#include "num/kronrod.h"
#include "unit.h"

#define PI 3.14159265358979323846
#define FOREVER ((double)INFINITY)

static double bell(double x) { return exp(-x * x); }
static double far_bell(double x) { return bell(x - 1000); }
static double narrow_bell(double x) { return bell(1e4 * (x - 0.37)); }
static double needle(double x) { return bell(x / 1e-6); }
static double hill(double x) { return bell(x / 1e6); }
static double inverse_root(double x) { return 1 / sqrt(x); }
static double strong_pole(double x) { return pow(1 - x, -0.9); }
static double weak_pole_inside(double x) { return 1 / sqrt(fabs(x - 0.3)); }
static double pole_unseen(double x) { return 1 / sqrt(fabs(x - 1 / 3.0)); }
static double log_root(double x) { return log(x) / sqrt(x); }
static double kink(double x) { return fabs(x - 0.3); }
static double jumps(double x) { return sin(3 * x) + (x > 0.123) + 2 * (x > 0.777); }
static double wave(double x) { return sin(100 * x); }
static double arcsine(double x) { return 1 / sqrt(x * (1 - x)); }
static double sinc(double x) { return sin(x) / x; }
static double fresnel(double x) { return cos(x * x); }
static double slow_wave(double x) { return sin(x) / sqrt(x); }
static double cauchy(double x) { return 1 / (1 + x * x); }
static double far_cauchy(double x) { return cauchy(x - 1000); }
static double damped_wave(double x) { return cos(x) / (1 + x * x); }
static double decaying_wave(double x) { return exp(-x) * cos(x); }
static double power_tail(double x) { return pow(x, -1.1); }
static double slow_tail(double x) { return pow(x, -1.01); }
static double bose(double x) { return x / expm1(x); }
static double gamma_half(double x) { return exp(-x) / sqrt(x); }
static double one_sided(double x) { return x > 0 ? x * x * exp(-3 * x) : 0; }
static double nothing(double x) { return 0 * x; }

static const struct {
  const char *name;
  double (*f)(double);
  double a, b, value, tolerance;
  size_t most; /* points */
} rows[] = {
    {"exp", exp, 0, 1, 1.718281828459045, 1e-14, 80},
    {"turned", exp, 1, 0, -1.718281828459045, 1e-14, 80},
    {"1/sqrt x", inverse_root, 0, 1, 2, 1e-13, 700},
    {"log x", log, 0, 1, -1, 1e-13, 700},
    {"log x/sqrt x", log_root, 0, 1, -4, 1e-13, 700},
    {"(1 - x)^-0.9", strong_pole, 0, 1, 10, 1e-12, 700},
    {"both ends", arcsine, 0, 1, PI, 1e-13, 1200},
    {"a pole inside", weak_pole_inside, 0, 1, 2.7687651680784798, 1e-12, 2500},
    {"a pole between doubles", pole_unseen, 0, 1, 2.7876937002347076, 1e-12, 2500},
    {"a kink", kink, 0, 1, 0.29, 1e-12, 1200},
    {"jumps", jumps, 0, 1, 1.9863308322001483, 1e-12, 3000},
    {"a wave", wave, 0, 1, 0.0013768112771232, 1e-11, 800},
    {"a wave through 0", sinc, -1, 1, 1.892166140734366, 1e-14, 300},
    {"a narrow bell", narrow_bell, 0, 1, 0.00017724538509055, 1e-12, 6000},
    {"a bell", bell, -FOREVER, FOREVER, 1.772453850905516, 1e-14, 600},
    {"a far bell", far_bell, -FOREVER, FOREVER, 1.772453850905516, 1e-12, 16000},
    {"a needle", needle, -FOREVER, FOREVER, 1.772453850905516e-6, 1e-14, 600},
    {"a hill", hill, -FOREVER, FOREVER, 1.772453850905516e6, 1e-14, 600},
    {"Cauchy", cauchy, -FOREVER, FOREVER, PI, 1e-14, 1300},
    {"Cauchy, far", far_cauchy, -FOREVER, FOREVER, PI, 1e-13, 2500},
    {"x^-1.1", power_tail, 1, FOREVER, 10, 1e-13, 800},
    {"x^-1.01", slow_tail, 1, FOREVER, 100, 1e-12, 1300},
    {"down a tail", power_tail, FOREVER, 1, -10, 1e-13, 800},
    {"Bose", bose, 0, FOREVER, PI *PI / 6, 1e-13, 400},
    {"Gamma(1/2)", gamma_half, 0, FOREVER, 1.772453850905516, 1e-12, 1100},
    {"0 on one side", one_sided, -FOREVER, FOREVER, 2.0 / 27, 1e-13, 700},
    {"sin x/x", sinc, 0, FOREVER, PI / 2, 1e-13, 2200},
    {"sin x/x, both ways", sinc, -FOREVER, FOREVER, PI, 1e-13, 4400},
    {"cos x^2", fresnel, 0, FOREVER, 0.6266570686577501, 1e-12, 2500},
    {"sin x/sqrt x", slow_wave, 0, FOREVER, 1.2533141373155003, 1e-12, 3500},
    {"cos x/(1 + x^2)", damped_wave, -FOREVER, FOREVER, 1.1557273497909217, 1e-12, 4500},
    {"e^-x cos x", decaying_wave, 0, FOREVER, 0.5, 1e-13, 500},
    {"nothing", nothing, 2, 2, 0, 0, 0},
};

typedef struct Counter {
  double (*f)(double);
  double a, b; /* where it must not be called */
  size_t calls;
} Counter;

static bool call(void *self, size_t n, const double *x, double *y) {
  Counter *counter = self;
  counter->calls += n;
  for (size_t i = 0; i < n; i++) {
    ck_assert(x[i] != counter->a && x[i] != counter->b);
    y[i] = counter->f(x[i]);
  }
  return true;
}

static void check_row(int row, bool many) {
  ThContext cx;
  unit_context(&cx);
  Counter counter = {rows[row].f, rows[row].a, rows[row].b, 0};
  ThIntegralGoal goal = {.many = many};
  ThIntegralResult r;
  double value, size = fabs(rows[row].value);
  ck_assert(th_integral(&cx, call, &counter, 1, rows[row].a, rows[row].b, &goal, &value, &r));
  ck_assert_msg(r.status == TH_INTEGRAL_SETTLED, "%s: %d", rows[row].name, (int)r.status);
  double error = fabs(value - rows[row].value);
  ck_assert_msg(error <= rows[row].tolerance * size, "%s: %.17g", rows[row].name, value);
  ck_assert_msg(error <= 4 * r.error + 1e-15 * size, "%s: error %g, bound %g", rows[row].name, error,
                r.error);
  ck_assert_msg(r.error <= 6e-12 * size, "%s: bound %g", rows[row].name, r.error);
  ck_assert_uint_eq(r.evaluations, counter.calls);
  ck_assert_msg(many || counter.calls <= rows[row].most, "%s: %zu points", rows[row].name, counter.calls);
  unit_done(&cx);
}

START_TEST(known_integrals) {
  check_row(_i, false);
  check_row(_i, true);
}
END_TEST

static struct Parts {
  double width, rest;
  size_t n;
} parts;

static bool add_part(void *self, double from, double to, double wave, bool extrapolated) {
  (void)self;
  ck_assert(wave == 0);
  ck_assert(extrapolated ? to == 0 : from < to);
  if (extrapolated) parts.rest += fabs(to - from);
  else parts.width += to - from;
  parts.n++;
  return true;
}

/* The panels and the rest at 0 are the whole range. */
START_TEST(panels_are_handed_out) {
  ThContext cx;
  unit_context(&cx);
  Counter counter = {inverse_root, 0, 4, 0};
  ThIntegralGoal goal = {.panel = add_part};
  ThIntegralResult r;
  double value;
  parts = (struct Parts){0};
  ck_assert(th_integral(&cx, call, &counter, 1, 0, 4, &goal, &value, &r));
  ck_assert(parts.n > 10 && parts.rest > 0 && parts.rest < 1e-3);
  ck_assert_double_eq_tol(parts.width + parts.rest, 4, 1e-12);
  unit_done(&cx);
}
END_TEST

static double reciprocal(double x) { return 1 / x; }
static double inside_pole(double x) { return 1 / (x - 0.3); }
static double growing_wave(double x) { return x * sin(x); }
static double constant(double x) { return 2.385 + 0 * x; }
static double half_defined(double x) { return sqrt(x - 0.5); }
static double huge(double x) { return exp(x * x); }

static const struct {
  const char *name;
  double (*f)(double);
  double a, b;
  ThIntegralStatus status;
  double at;
} divergent[] = {
    {"1/x at 0", reciprocal, 0, 1, TH_INTEGRAL_DIVERGES, 0},
    {"1/x through 0", reciprocal, -1, 2.385, TH_INTEGRAL_DIVERGES, 0},
    {"1/x at infinity", reciprocal, 1, FOREVER, TH_INTEGRAL_DIVERGES, FOREVER},
    {"1/x at -infinity", reciprocal, -FOREVER, -1, TH_INTEGRAL_DIVERGES, -FOREVER},
    {"1/(x - 0.3)", inside_pole, 0, 1, TH_INTEGRAL_DIVERGES, 0.3},
    {"a constant", constant, 0, FOREVER, TH_INTEGRAL_DIVERGES, FOREVER},
    {"cos x", cos, 0, FOREVER, TH_INTEGRAL_UNDAMPED, FOREVER},
    {"x sin x", growing_wave, 0, FOREVER, TH_INTEGRAL_UNDAMPED, FOREVER},
};

START_TEST(divergent_integrals) {
  ThContext cx;
  unit_context(&cx);
  Counter counter = {divergent[_i].f, divergent[_i].a, divergent[_i].b, 0};
  ThIntegralGoal goal = {0};
  ThIntegralResult r;
  double value;
  ck_assert(th_integral(&cx, call, &counter, 1, divergent[_i].a, divergent[_i].b, &goal, &value, &r));
  ck_assert_msg(r.status == divergent[_i].status, "%s: %d", divergent[_i].name, (int)r.status);
  ck_assert_msg(r.at == divergent[_i].at || fabs(r.at - divergent[_i].at) < 1e-12, "%s: %g",
                divergent[_i].name, r.at);
  unit_done(&cx);
}
END_TEST

START_TEST(not_finite) {
  ThContext cx;
  unit_context(&cx);
  Counter counter = {half_defined, 0, 1, 0};
  ThIntegralGoal goal = {0};
  ThIntegralResult r;
  double value;
  ck_assert(th_integral(&cx, call, &counter, 1, 0, 1, &goal, &value, &r));
  ck_assert(r.status == TH_INTEGRAL_NOT_FINITE && isnan(r.f_at) && r.at > 0 && r.at < 0.5);
  counter = (Counter){huge, 0, 100, 0};
  ck_assert(th_integral(&cx, call, &counter, 1, 0, 100, &goal, &value, &r));
  ck_assert(r.status == TH_INTEGRAL_NOT_FINITE && isinf(r.f_at) && r.at > 26);
  ck_assert(!th_integral(&cx, call, &counter, 1, (double)NAN, 1, &goal, &value, &r));
  ck_assert_str_eq(cx.error.message, "a limit of the integral is nan");
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

/* x, x², e^-x, 2.385 at once. */
static bool vector(void *self, size_t n, const double *x, double *y) {
  (void)self;
  for (size_t i = 0; i < n; i++) {
    y[4 * i] = x[i];
    y[4 * i + 1] = x[i] * x[i];
    y[4 * i + 2] = exp(-x[i]);
    y[4 * i + 3] = 2.385;
  }
  return true;
}

START_TEST(components) {
  ThContext cx;
  unit_context(&cx);
  ThIntegralGoal goal = {0};
  ThIntegralResult r;
  double value[4];
  ck_assert(th_integral(&cx, vector, NULL, 4, 0, 2, &goal, value, &r));
  ck_assert_double_eq_tol(value[0], 2, 1e-14);
  ck_assert_double_eq_tol(value[1], 8.0 / 3, 1e-14);
  ck_assert_double_eq_tol(value[2], 1 - exp(-2), 1e-14);
  ck_assert_double_eq_tol(value[3], 4.77, 1e-14);
  unit_done(&cx);
}
END_TEST

static bool fails(void *self, size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = x[i];
  return th_fail(self, TH_ERROR_VALUE, "not there");
}

static bool attempt(ThContext *cx) {
  Counter counter = {arcsine, 0, 1, 0};
  ThIntegralGoal goal = {0};
  ThIntegralResult r;
  double value;
  return th_integral(cx, call, &counter, 1, 0, 1, &goal, &value, &r);
}

START_TEST(failures) {
  ThContext cx;
  unit_context(&cx);
  ThIntegralGoal goal = {0};
  ThIntegralResult r;
  double value;
  ck_assert(!th_integral(&cx, fails, &cx, 1, 0, 1, &goal, &value, &r));
  ck_assert_str_eq(cx.error.message, "not there");
  th_error_clear(&cx);
  unit_refuse_each(&cx, attempt);
  volatile sig_atomic_t pressed = 1;
  cx.interrupt = &pressed;
  ck_assert(!attempt(&cx) && cx.error.code == TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

/* Sums of geometric sequences are exact, alternating series nearly. */
START_TEST(epsilon) {
  double s[24], sum = 0, error;
  for (int k = 0; k < 9; k++) s[k] = sum += 3 * pow(0.93, k) + pow(0.5, k) - 2 * pow(-0.7, k);
  double limit = th_epsilon_limit(9, s, &error), exact = 3 / 0.07 + 2 - 2 / 1.7;
  ck_assert_double_eq_tol(limit, exact, 1e-9);
  sum = 0;
  for (int k = 0; k < 20; k++) s[k] = sum += (k % 2 ? -1.0 : 1.0) / (k + 1);
  limit = th_epsilon_limit(20, s, &error);
  ck_assert_double_eq_tol(limit, log(2), 1e-13);
  ck_assert(fabs(limit - log(2)) <= error && error < 1e-10);
  for (int k = 0; k < 20; k++) s[k] = 2.385;
  ck_assert_double_eq(th_epsilon_limit(20, s, &error), 2.385);
}
END_TEST

START_TEST(kronrod) {
  double y[2 * TH_KRONROD_POINTS];
  for (size_t i = 0; i < TH_KRONROD_POINTS; i++) {
    double x = th_kronrod_node(i);
    ck_assert(i == 0 || x > th_kronrod_node(i - 1));
    y[2 * i] = pow(x, 30);
  }
  ThKronrod sum = th_kronrod_sum(y, 2, 1);
  ck_assert_double_eq_tol(sum.value, 2.0 / 31, 1e-15);
  ck_assert_double_eq(sum.magnitude, sum.value);
  ck_assert_msg(sum.error > 0 && sum.error < 0.1, "%g", sum.error);
}
END_TEST

Suite *th_suite_num_integral(void) {
  Suite *suite = suite_create("num_integral");
  ADD_ROWS(suite, known_integrals, COUNT(rows));
  ADD_ROWS(suite, divergent_integrals, COUNT(divergent));
  ADD(suite, panels_are_handed_out);
  ADD(suite, not_finite);
  ADD(suite, components);
  ADD(suite, failures);
  ADD(suite, epsilon);
  ADD(suite, kronrod);
  return suite;
}
