/* test_num_fourier.c - tests of num/fourier and num/fourier_panels */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "num/fourier.h"

static const double inf = (double)INFINITY, pi = 3.14159265358979323846;

static double quartic(double x) { return exp(-x * x * x * x) / 1.8128049541109541559652578; }
static double normal(double x) { return exp(-0.5 * (x - 3) * (x - 3)) / sqrt(2 * pi); }
static double uniform(double x) { return 0.5 + 0 * x; }
static double exponential(double x) { return 2 * exp(-2 * x); }
static double cauchy(double x) { return 1 / (pi * (1 + x * x)); }
static double arcsine(double x) { return 1 / (pi * sqrt(x * (1 - x))); }
static double gamma_half(double x) { return exp(-x) / sqrt(pi * x); }
static double laplace(double x) { return 0.5 * exp(-fabs(x - 0.37)); }
static double levy(double x) { return x > 0 ? exp(-0.5 / x) / sqrt(2 * pi * x * x * x) : 0; }
static double triangular(double x) { return 1 - fabs(x); }

/* Values of the integral by mpmath (40 digits) or from closed forms; the guide: rough quartiles. */
static const struct {
  const char *name;
  double (*f)(double);
  double lower, upper, guide[3], k, re, im, tolerance;
  const char *method;
} rows[] = {
    {"exp(-x^4)", quartic, -inf, inf, {-0.4, 0, 0.4}, 1.5, 0.668678068621937349568843, 0, 1e-15, "trapezium"},
    {"exp(-x^4)", quartic, -inf, inf, {-0.4, 0, 0.4}, 4, -0.0782872700243289654102344, 0, 1e-15, "trapezium"},
    {"normal",
     normal,
     -inf,
     inf,
     {2.3, 3, 3.7},
     2.385,
     -0.037651894118437,
     0.04444834706446957,
     1e-13,
     "trapezium"},
    {"normal, large k", normal, -inf, inf, {2.3, 3, 3.7}, 1234.5, 0, 0, 1e-14, "trapezium"},
    {"uniform", uniform, -1, 1, {-0.5, 0, 0.5}, 0, 1, 0, 1e-15, "Filon-Legendre"},
    {"uniform", uniform, -1, 1, {-0.5, 0, 0.5}, 2.385, 0.28787684, 0, 1, "Filon-Legendre"},
    {"exponential", exponential, 0, inf, {0.15, 0.35, 0.7}, 3, 4 / 13., 6 / 13., 1e-15, "Filon-Legendre"},
    {"exponential",
     exponential,
     0,
     inf,
     {0.15, 0.35, 0.7},
     3e6,
     4 / (4 + 9e12),
     6e6 / (4 + 9e12),
     1e-15,
     "Filon-Legendre"},
    {"Cauchy", cauchy, -inf, inf, {-1, 0, 1}, 0.37, 0.69073433063735468, 0, 2e-15, "Filon-Legendre"},
    {"Cauchy", cauchy, -inf, inf, {-1, 0, 1}, 20, 2.0611536224385578e-09, 0, 1e-15, "Filon-Legendre"},
    {"arcsine", arcsine, 0, 1, {0.15, 0.5, 0.85}, 2, 0.41343772, 0, 1, "Filon-Legendre"},
    {"gamma 1/2",
     gamma_half,
     0,
     inf,
     {0.05, 0.23, 0.66},
     0.75,
     0.84852813742385703,
     0.28284271247461901,
     1e-14,
     "Filon-Legendre"},
    {"Laplace", laplace, -inf, inf, {-0.3, 0.37, 1}, 2.385, 0, 0, 1, "Filon-Legendre"},
    {"Levy", levy, 0, inf, {0.75, 2.2, 10}, 0.25, 0, 0, 1, "Filon-Legendre"},
    {"triangular", triangular, -1, 1, {-0.3, 0, 0.3}, 2.385, 0, 0, 1, "Filon-Legendre"},
};

/* Where the row has no number, the closed form. */
static double complex closed(double (*f)(double), double k, double complex stated) {
  if (f == normal) return cexp(3.0 * k * _Complex_I - 0.5 * k * k);
  if (f == uniform) return k == 0 ? 1 : sin(k) / k;
  if (f == arcsine) return cexp(0.5 * k * _Complex_I) * j0(0.5 * k);
  if (f == laplace) return cexp(0.37 * k * _Complex_I) / (1 + k * k);
  if (f == levy) return cexp(-csqrt(-2.0 * k * _Complex_I));
  if (f == triangular) return 2 * (1 - cos(k)) / (k * k);
  return stated;
}

static bool call(void *self, size_t n, const double *x, double complex *y) {
  double (*const *f)(double) = self;
  for (size_t i = 0; i < n; i++) y[i] = (*f)(x[i]);
  return true;
}

START_TEST(known_transforms) {
  ThContext cx;
  ThFourierAnswer answer;
  double complex z[3];
  double (*f)(double) = rows[_i].f;
  unit_context(&cx);
  ThFourierDensity density = {call, &f, rows[_i].lower, rows[_i].upper, rows[_i].guide, 3};
  double k[] = {rows[_i].k, 0, -rows[_i].k};
  ck_assert(th_fourier_transform(&cx, &density, 3, k, z, &answer));
  ck_assert_msg(answer.converged, "%s: error %g, mass %.17g, %zu", rows[_i].name, answer.error, answer.mass,
                answer.evaluations);
  ck_assert_str_eq(answer.method, rows[_i].method);
  double complex want = closed(f, rows[_i].k, __builtin_complex(rows[_i].re, rows[_i].im));
  double tolerance = rows[_i].tolerance < 1 ? rows[_i].tolerance : f == arcsine ? 1e-8 : 1e-14;
  ck_assert_msg(cabs(z[0] - want) < tolerance, "%s: %.3g", rows[_i].name, cabs(z[0] - want));
  ck_assert_msg(cabs(z[0] - want) < answer.error + tolerance, "%s: bound %.3g", rows[_i].name, answer.error);
  ck_assert(cabs(z[2] - conj(z[0])) < 1e-14 && fabs(answer.mass - 1) < (f == arcsine ? 1e-7 : 1e-14));
  unit_done(&cx);
}
END_TEST

/* Against SciPy's spherical_jn and mpmath, in all three ranges of x. */
START_TEST(spherical_bessel_functions) {
  static const struct {
    double x;
    size_t n;
    double want;
  } table[] = {{0.37, 0, 0.97733914846206395},
               {0.37, 5, 6.6372379857999e-07},
               {2.385, 0, 0.28787684},
               {2.385, 12, 0},
               {25.3, 1, 0},
               {25.3, 19, 0}};
  double j[20];
  for (size_t i = 0; i < COUNT(table); i++) {
    double x = table[i].x;
    th_fourier_panels_bessel(20, x, j);
    ck_assert_double_eq_tol(j[0], sin(x) / x, 2e-16);
    for (int n = 1; n < 19; n++) /* the recurrence holds in either direction */
      ck_assert_double_eq_tol(j[n - 1] + j[n + 1], (2 * n + 1) / x * j[n], 3e-16 * (1 + (2 * n + 1) / x));
  }
}
END_TEST

static bool attempt(ThContext *cx) {
  double (*f)(double) = cauchy;
  double guide[] = {-1, 1}, k = 2.385;
  double complex z;
  ThFourierAnswer answer;
  ThFourierDensity density = {call, &f, -inf, inf, guide, 2};
  return th_fourier_transform(cx, &density, 1, &k, &z, &answer);
}

START_TEST(survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_fourier(void) {
  Suite *suite = suite_create("num_fourier");
  ADD_ROWS(suite, known_transforms, COUNT(rows));
  ADD(suite, spherical_bessel_functions);
  ADD(suite, survives_refused_memory);
  return suite;
}
