/* test_num_quadrature.c - integrals whose values are known */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/quadrature.h"
#include "unit.h"

static double gauss(double x) { return exp(-0.5 * x * x); }
static double narrow(double x) { return exp(-0.5 * (x - 2.385) * (x - 2.385) * 1e6); }
static double cauchy(double x) { return 1 / (1 + x * x); }
static double decay(double x) { return exp(-0.37 * x); }
static double slow_decay(double x) { return pow(x, -1.37); }
static double root_pole(double x) { return 1 / sqrt(x); }
static double strong_pole(double x) { return pow(x, -0.9); }
static double log_pole(double x) { return log(x); }
static double both_poles(double x) { return 1 / sqrt(x * (1 - x)); }
static double wave(double x) { return cos(100 * x); }
static double runge(double x) { return 1 / (1e-4 + x * x); }
static double kink(double x) { return fabs(x - 0.37); }
static double power(double x) { return pow(x, 2.385); }
static double gamma_like(double x) { return pow(x, -0.63) * exp(-x); }
static double tail(double x) { return exp(-x * x); }
static double constant(double x) { return x == x ? 2.385 : x; }
static double nothing(double x) { return 0 * x; }

static const struct {
  const char *name;
  double (*f)(double);
  double a, b, value, tolerance;
} rows[] = {
    {"gauss", gauss, -(double)INFINITY, (double)INFINITY, 2.506628274631000502, 1e-13},
    {"half gauss", gauss, 0, (double)INFINITY, 1.253314137315500251, 1e-13},
    {"gauss from below", gauss, -(double)INFINITY, 0.37, 1.6150425423753428606, 1e-13},
    {"turned", gauss, 0.37, -(double)INFINITY, -1.6150425423753428606, 1e-13},
    {"narrow", narrow, 2, 3, 0.002506628274631000502, 1e-12},
    {"cauchy", cauchy, -(double)INFINITY, (double)INFINITY, 3.14159265358979324, 1e-13},
    {"decay", decay, 2.385, (double)INFINITY, 1.1182917227004217543, 1e-13},
    {"slow decay", slow_decay, 1, (double)INFINITY, 2.7027027027027019242, 1e-10},
    {"root pole", root_pole, 0, 1, 2, 1e-12},
    {"strong pole", strong_pole, 0, 1, 10, 1e-11},
    {"log pole", log_pole, 0, 1, -1, 1e-12},
    {"both poles", both_poles, 0, 1, 3.14159265358979324, 1e-7}, /* near 1, 1 - x is rounded */
    {"wave", wave, 0, 2.385, -0.0025808707441124683873, 1e-12},
    {"runge", runge, -1, 1, 312.15933202164626868, 1e-13},
    {"kink", kink, 0, 1, 0.26690000000000000115, 1e-12},
    {"power", power, 0, 1.7, 1.780372698347990334, 1e-13},
    {"gamma-like", gamma_like, 0, (double)INFINITY, 2.4035500200786532783, 1e-12},
    {"far tail", tail, 10, (double)INFINITY, 1.8508739302041394601e-45, 1e-12},
    {"constant", constant, -0.37, 4.5, 2.385 * 4.87, 1e-15},
    {"nothing", nothing, -(double)INFINITY, (double)INFINITY, 0, 0},
    {"empty", constant, 2.385, 2.385, 0, 0},
};

static bool call(void *self, double x, double *y) {
  double (*const *f)(double) = self;
  *y = (*f)(x);
  return true;
}

static void check(const char *name, double got, double want, double tolerance) {
  ck_assert_msg(fabs(got - want) <= tolerance * fabs(want), "%s: got %.17g, want %.17g", name, got, want);
}

/* The value, and the error within its bound. */
START_TEST(known_integrals) {
  ThContext cx;
  ThQuadratureResult r;
  unit_context(&cx);
  double (*f)(double) = rows[_i].f;
  ck_assert(th_quadrature_integrate(&cx, call, &f, 1, rows[_i].a, rows[_i].b, NULL, &r));
  check(rows[_i].name, r.value[0], rows[_i].value, rows[_i].tolerance);
  ck_assert_msg(r.converged || rows[_i].tolerance > 1e-8, "%s: %g, %zu", rows[_i].name, r.error,
                r.evaluations);
  ck_assert(r.error >= fabs(r.value[0] - rows[_i].value) || rows[_i].tolerance >= 1e-9 || r.error < 1e-12);
  ck_assert_ptr_nonnull(r.method);
  unit_done(&cx);
}
END_TEST

static bool wave_packet(void *self, double x, double *y) {
  const double *k = self;
  y[0] = exp(-0.5 * x * x) * cos(*k * x);
  y[1] = exp(-0.5 * x * x) * sin(*k * (x - 0.37));
  return true;
}

/* ∫ e^(-x²/2) (cos kx, sin k(x - 0.37)) = √(2π) e^(-k²/2) (1, -sin 0.37k) */
START_TEST(complex_integrand) {
  ThContext cx;
  ThQuadratureResult r;
  unit_context(&cx);
  double k = 2.385, size = sqrt(2 * 3.14159265358979324) * exp(-0.5 * k * k);
  ck_assert(th_quadrature_integrate(&cx, wave_packet, &k, 2, -(double)INFINITY, (double)INFINITY, NULL, &r));
  check("real", r.value[0], size, 1e-12);
  check("imaginary", r.value[1], -size * sin(0.37 * k), 1e-12);
  ck_assert(r.converged && r.magnitude > r.value[0]);
  unit_done(&cx);
}
END_TEST

/* A jump and a peak that the plain rule would miss, named. */
static double jump(double x) { return x < 12.385 ? 0 : 1; }
static double peak(double x) { return exp(-0.5 * (x - 1000.37) * (x - 1000.37) * 1e8); }

START_TEST(breaks) {
  ThContext cx;
  ThQuadratureResult r;
  unit_context(&cx);
  double (*f)(double) = jump, at[] = {55, 12.385, -3};
  ck_assert(th_quadrature_integrate_breaks(&cx, call, &f, 1, 0, 45.5, at, 3, NULL, &r));
  check("jump", r.value[0], 45.5 - 12.385, 1e-15);
  ck_assert_uint_eq(r.evaluations, 42);
  f = peak;
  double around[] = {1000.3695, 1000.37, 1000.3705};
  ck_assert(th_quadrature_integrate_breaks(&cx, call, &f, 1, -(double)INFINITY, (double)INFINITY, around, 3,
                                           NULL, &r));
  check("peak", r.value[0], 2.506628274631000502e-4, 1e-9); /* x has 13 digits of its distance */
  unit_done(&cx);
}
END_TEST

START_TEST(goals) {
  ThContext cx;
  ThQuadratureResult r, exact;
  unit_context(&cx);
  double (*f)(double) = runge;
  ThQuadratureGoal loose = {.relative = 1e-3}, poor = {.relative = 1e-12, .max_evaluations = 60};
  ck_assert(th_quadrature_integrate(&cx, call, &f, 1, -1, 1, NULL, &exact));
  ck_assert(th_quadrature_integrate(&cx, call, &f, 1, -1, 1, &loose, &r));
  ck_assert(r.converged && r.evaluations < exact.evaluations && r.error <= 0.32);
  ck_assert(th_quadrature_integrate(&cx, call, &f, 1, -1, 1, &poor, &r));
  ck_assert(!r.converged && r.error > 0.1);
  unit_done(&cx);
}
END_TEST

/* An integral that does not exist is not claimed to converge. */
static double divergent(double x) { return 1 / x; }
static double hole(double x) { return x > 0.5 && x < 0.6 ? (double)NAN : 1; }

START_TEST(no_integral) {
  ThContext cx;
  ThQuadratureResult r;
  unit_context(&cx);
  double (*f)(double) = divergent;
  ck_assert(th_quadrature_integrate(&cx, call, &f, 1, 0, 1, NULL, &r));
  ck_assert(!r.converged);
  f = hole;
  ck_assert(th_quadrature_integrate(&cx, call, &f, 1, 0, 1, NULL, &r));
  ck_assert(!r.converged && !isfinite(r.error));
  ck_assert(!th_quadrature_integrate(&cx, call, &f, 1, (double)NAN, 1, NULL, &r));
  ck_assert_int_eq(cx.error.code, TH_ERROR_VALUE);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

static bool fails(void *self, double x, double *y) {
  *y = x;
  return x < 0.9 || th_fail(self, TH_ERROR_VALUE, "beyond 0.9");
}

START_TEST(failing_integrand) {
  ThContext cx;
  ThQuadratureResult r;
  unit_context(&cx);
  ck_assert(!th_quadrature_integrate(&cx, fails, &cx, 1, 0, 1, NULL, &r));
  ck_assert_str_eq(cx.error.message, "beyond 0.9");
  th_error_clear(&cx);
  volatile sig_atomic_t pressed = 1;
  cx.interrupt = &pressed;
  double (*f)(double) = gauss;
  ck_assert(!th_quadrature_integrate(&cx, call, &f, 1, 0, 1, NULL, &r));
  ck_assert_int_eq(cx.error.code, TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

static bool try_integral(ThContext *cx) {
  ThQuadratureResult r;
  double (*f)(double) = strong_pole;
  return th_quadrature_integrate(cx, call, &f, 1, 0, 1, NULL, &r);
}

START_TEST(want_of_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, try_integral);
  unit_done(&cx);
}
END_TEST

/* Exact for polynomials up to degree 2n - 1. */
START_TEST(gauss_rules) {
  static double nodes[200], weights[200];
  for (size_t n = 1; n <= 200; n = 2 * n + 1) {
    double sum = 0, fourth = 0;
    th_quadrature_gauss_legendre(n, nodes, weights);
    for (size_t i = 0; i < n; i++) sum += weights[i], fourth += weights[i] * pow(nodes[i], 4);
    check("∫ 1", sum, 2, 1e-14);
    if (n > 2) check("∫ x^4", fourth, 0.4, 1e-14);
    for (size_t i = 1; i < n; i++) ck_assert(nodes[i] > nodes[i - 1]);
    sum = fourth = 0;
    th_quadrature_gauss_hermite(n, nodes, weights);
    for (size_t i = 0; i < n; i++) sum += weights[i], fourth += weights[i] * pow(nodes[i], 4);
    check("E 1", sum, 1, 1e-13);
    if (n > 2) check("E x^4", fourth, 3, 1e-13);
    for (size_t i = 1; i < n; i++) ck_assert(nodes[i] > nodes[i - 1]);
  }
  th_quadrature_gauss_hermite(200, nodes, weights);
  double cosine = 0;
  for (size_t i = 0; i < 200; i++) cosine += weights[i] * cos(2.385 * nodes[i]);
  check("E cos", cosine, exp(-0.5 * 2.385 * 2.385), 1e-13);
}
END_TEST

Suite *th_suite_num_quadrature(void) {
  Suite *suite = suite_create("num_quadrature");
  ADD_ROWS(suite, known_integrals, COUNT(rows));
  ADD(suite, complex_integrand);
  ADD(suite, breaks);
  ADD(suite, goals);
  ADD(suite, no_integral);
  ADD(suite, failing_integrand);
  ADD(suite, want_of_memory);
  ADD(suite, gauss_rules);
  return suite;
}
