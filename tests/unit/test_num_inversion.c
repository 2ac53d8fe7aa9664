/* test_num_inversion.c - tests of num/inversion */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "num/inversion.h"

static const double pi = 3.14159265358979323846;

typedef double complex (*Phi)(double k);

static double complex normal(double k) { return cexp(3.0 * k * _Complex_I - 0.5 * k * k); }
static double complex logistic(double k) { return k == 0 ? 1 : pi * k / sinh(pi * k); }
static double complex cauchy(double k) { return cexp(-fabs(k) + 0.37 * k * _Complex_I); }
static double complex exponential(double k) { return 1 / (1 - 0.5 * k * _Complex_I); }
static double complex gamma_half(double k) { return 1 / csqrt(1 - k * _Complex_I); }
static double complex laplace(double k) { return cexp(2.0 * k * _Complex_I) / (1 + k * k); }
static double complex levy(double k) { return cexp(-csqrt(-2.0 * k * _Complex_I)); }
static double complex student3(double k) { return (1 + sqrt(3) * fabs(k)) * exp(-sqrt(3) * fabs(k)); }
static double complex far_normal(double k) { return cexp(1e6 * k * _Complex_I - 0.5e-6 * k * k); }
static double complex poisson(double k) { return cexp(2.385 * (cexp(k * _Complex_I) - 1)); }
static double complex half_die(double k) {
  double complex sum = 0;
  for (int j = 0; j < 6; j++) sum += cexp((0.25 + 0.5 * j) * k * _Complex_I) / 6;
  return sum;
}
static double complex certain(double k) { return cexp(2.385 * k * _Complex_I); }
static double complex atom(double k) { return 0.5 + 0.5 * exp(-0.5 * k * k); }

static bool call(void *self, size_t n, const double *k, double complex *z) {
  const Phi *f = self;
  for (size_t j = 0; j < n; j++) z[j] = (*f)(k[j]);
  return true;
}

/* x, the density, the tails below and above: closed forms, evaluated by mpmath with 40 digits. */
static const struct {
  const char *name;
  Phi phi;
  ThInversionKind kind;
  double x, pdf, cdf, ccdf, tolerance;
} rows[] = {
    {"normal", normal, TH_INVERSION_TRAPEZIUM, 3.5, 0.35206532676429947777, 0.69146246127401310364,
     0.30853753872598689636, 1e-15},
    {"normal, tail", normal, TH_INVERSION_TRAPEZIUM, 8, 1.4867195147342977e-6, 0.99999971334842807,
     2.8665157187919391e-7, 1e-15},
    {"normal, far off", normal, TH_INVERSION_TRAPEZIUM, 300, 0, 1, 0, 1e-15},
    {"logistic", logistic, TH_INVERSION_TRAPEZIUM, 2, 0.10499358540350651, 0.88079707797788243,
     0.11920292202211757, 1e-15},
    {"logistic, tail", logistic, TH_INVERSION_TRAPEZIUM, -20, 2.0611536139418517e-9, 2.0611536181902037e-9,
     0.9999999979388464, 1e-15},
    {"Cauchy", cauchy, TH_INVERSION_PANELS, 2.37, 0.063661977236758134, 0.85241638234956672,
     0.14758361765043327, 3e-16},
    {"Cauchy, tail", cauchy, TH_INVERSION_PANELS, -9999.63, 3.1830988300069184153e-9,
     3.1830988512275772396e-5, 0.99996816901148772422, 3e-16},
    {"exponential", exponential, TH_INVERSION_PANELS, 0.37, 0.95422783104206877577, 0.52288608447896560788,
     0.47711391552103439212, 2e-15},
    {"exponential, left", exponential, TH_INVERSION_PANELS, -0.37, 0, 0, 1, 2e-15},
    {"gamma 1/2", gamma_half, TH_INVERSION_PANELS, 0.1, 1.6143422587153619, 0.34527915398142298,
     0.65472084601857702, 2e-14},
    {"Laplace", laplace, TH_INVERSION_PANELS, 2, 0.5, 0.5, 0.5, 2e-15},
    {"Laplace, tail", laplace, TH_INVERSION_PANELS, 12, 2.2699964881242426e-5, 0.99997730003511876,
     2.2699964881242426e-5, 2e-15},
    {"Levy", levy, TH_INVERSION_PANELS, 0.5, 0.41510749742059475, 0.15729920705028513, 0.84270079294971487,
     2e-15},
    {"Levy, tail", levy, TH_INVERSION_PANELS, 1e6, 3.98942080930342345e-10, 0.99920211557217787483,
     7.9788442782212516918e-4, 2e-15},
    {"Student 3", student3, TH_INVERSION_PANELS, 2.5, 0.03866148572716730223, 0.956146676495967226,
     0.043853323504032774, 2e-15},
    {"normal, far and narrow", far_normal, TH_INVERSION_TRAPEZIUM, 1000000.0005, 352.06532676429947,
     0.69146246127401310, 0.30853753872598690, 1e-4},
};

START_TEST(densities_and_tails) {
  ThContext cx;
  ThInversion v;
  ThInversionFault fault;
  Phi phi = rows[_i].phi;
  double at, x = rows[_i].x, y;
  unit_context(&cx);
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  ck_assert_int_eq(fault, TH_INVERSION_FINE);
  ck_assert_int_eq(v.kind, rows[_i].kind);
  const double want[] = {rows[_i].pdf, rows[_i].cdf, rows[_i].ccdf};
  for (int which = 0; which < 3; which++) {
    bool ok = which ? th_inversion_cdf(&cx, &v, which == 2, 1, &x, &y) : th_inversion_pdf(&cx, &v, 1, &x, &y);
    double tolerance = rows[_i].tolerance * (which ? 1 : fmax(1, want[0]));
    if (which && rows[_i].phi == far_normal) tolerance = 1e-7; /* x itself is no closer */
    ck_assert(ok);
    ck_assert_msg(fabs(y - want[which]) <= tolerance, "%s, %d: %.17g, want %.17g", rows[_i].name, which, y,
                  want[which]);
  }
  ck_assert(v.pdf_error < 1e-11 * fmax(1, 1 / v.scale) && v.cdf_error < 1e-12);
  th_inversion_clear(&cx.heap, &v);
  unit_done(&cx);
}
END_TEST

/* Many points at once, even or not, are the same as one by one. */
START_TEST(many_points) {
  enum { N = 501 };
  ThContext cx;
  ThInversion v;
  ThInversionFault fault;
  Phi phi = logistic;
  double at, x[N], y[N], one;
  unit_context(&cx);
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  for (int uneven = 0; uneven < 2; uneven++) {
    for (size_t j = 0; j < N; j++) x[j] = 0.1 * ((double)j - 250) + (uneven && j % 2 ? 0.037 : 0);
    ck_assert(th_inversion_pdf(&cx, &v, N, x, y));
    for (size_t j = 0; j < N; j++) {
      double e = exp(-fabs(x[j]));
      ck_assert_double_eq_tol(y[j], e / ((1 + e) * (1 + e)), 2e-15);
    }
    ck_assert(th_inversion_cdf(&cx, &v, false, N, x, y) && th_inversion_cdf(&cx, &v, false, 1, x + 77, &one));
    ck_assert_double_eq_tol(y[77], one, 4e-15);
  }
  x[0] = (double)NAN;
  x[1] = (double)INFINITY;
  x[2] = -(double)INFINITY;
  ck_assert(th_inversion_pdf(&cx, &v, 3, x, y));
  ck_assert(isnan(y[0]) && y[1] == 0 && y[2] == 0);
  ck_assert(th_inversion_cdf(&cx, &v, false, 3, x, y));
  ck_assert(isnan(y[0]) && y[1] == 1 && y[2] == 0);
  th_inversion_clear(&cx.heap, &v);
  unit_done(&cx);
}
END_TEST

START_TEST(lattices) {
  ThContext cx;
  ThInversion v;
  ThInversionFault fault;
  double at, mass = exp(-2.385);
  Phi phi = poisson;
  unit_context(&cx);
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  ck_assert(v.kind == TH_INVERSION_LATTICE && v.span == 1);
  for (int j = 0; j < 20; mass *= 2.385 / ++j) {
    double place = (j - v.first) / v.span;
    ck_assert_double_eq_tol(place, round(place), 1e-9);
    ck_assert_double_eq_tol(v.masses[(size_t)round(place)], mass, 3e-16);
  }
  th_inversion_clear(&cx.heap, &v);
  phi = half_die;
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  ck_assert(v.kind == TH_INVERSION_LATTICE);
  for (int j = -1; j < 7; j++) {
    double place = (0.25 + 0.5 * j - v.first) / v.span;
    ck_assert_double_eq_tol(place, round(place), 1e-6);
    ck_assert_double_eq_tol(v.masses[(size_t)round(place)], j < 0 || j > 5 ? 0 : 1 / 6., 1e-12);
  }
  th_inversion_clear(&cx.heap, &v);
  phi = certain;
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  ck_assert(v.kind == TH_INVERSION_POINT);
  ck_assert_double_eq_tol(v.center, 2.385, 1e-15);
  th_inversion_clear(&cx.heap, &v);
  phi = atom;
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  ck_assert_int_eq(fault, TH_INVERSION_NO_DECAY);
  th_inversion_clear(&cx.heap, &v);
  unit_done(&cx);
}
END_TEST

static const struct {
  const char *name;
  Phi phi;
  double cumulants[5]; /* from the first on; NaN: there is none */
} moment_rows[] = {
    {"normal", normal, {0, 3, 1, 0, 0}},
    {"logistic", logistic, {0, 0, 3.289868133696452873, 0, 12.98787880453365829}},
    {"exponential", exponential, {0, 0.5, 0.25, 0.25, 0.375}},
    {"Laplace", laplace, {0, 2, 2, 0, 12}},
    {"Cauchy", cauchy, {0, NAN, NAN, NAN, NAN}},
    {"Levy", levy, {0, NAN, NAN, NAN, NAN}},
    {"Student 3", student3, {0, 0, 3, NAN, INFINITY}},
};

START_TEST(cumulants_from_phi) {
  ThContext cx;
  ThInversion v;
  ThInversionFault fault;
  Phi phi = moment_rows[_i].phi;
  double at, got[5], error[5];
  unit_context(&cx);
  ck_assert(th_inversion_init(&cx, call, &phi, &v, &fault, &at));
  ck_assert(th_inversion_cumulants(&cx, call, &phi, &v, got, error));
  for (int n = 1; n < 5; n++) {
    double want = moment_rows[_i].cumulants[n];
    bool good = isnan(want) ? isnan(got[n])
                            : got[n] == want || fabs(got[n] - want) < 1e-8 * fmax(1, fabs(want));
    ck_assert_msg(good, "%s, %d: %.17g, want %.17g", moment_rows[_i].name, n, got[n], want);
    if (isfinite(want))
      ck_assert_msg(fabs(got[n] - want) <= 3 * error[n] && error[n] < 1e-7 * fmax(1, fabs(want)),
                    "%s, %d: %.17g, want %.17g within %.3g", moment_rows[_i].name, n, got[n], want, error[n]);
  }
  th_inversion_clear(&cx.heap, &v);
  unit_done(&cx);
}
END_TEST

static bool attempt_smooth(ThContext *cx) {
  ThInversion v;
  ThInversionFault fault;
  Phi phi = normal;
  double at;
  if (!th_inversion_init(cx, call, &phi, &v, &fault, &at)) return false;
  th_inversion_clear(&cx->heap, &v);
  return true;
}

static bool attempt_rough(ThContext *cx) {
  ThInversion v;
  ThInversionFault fault;
  Phi phi = cauchy;
  double at;
  if (!th_inversion_init(cx, call, &phi, &v, &fault, &at)) return false;
  th_inversion_clear(&cx->heap, &v);
  return true;
}

static bool attempt_lattice(ThContext *cx) {
  ThInversion v;
  ThInversionFault fault;
  Phi phi = poisson;
  double at;
  if (!th_inversion_init(cx, call, &phi, &v, &fault, &at)) return false;
  th_inversion_clear(&cx->heap, &v);
  return true;
}

START_TEST(survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt_smooth);
  unit_refuse_each(&cx, attempt_rough);
  unit_refuse_each(&cx, attempt_lattice);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_inversion(void) {
  Suite *suite = suite_create("num_inversion");
  ADD_ROWS(suite, densities_and_tails, COUNT(rows));
  ADD_ROWS(suite, cumulants_from_phi, COUNT(moment_rows));
  ADD(suite, many_points);
  ADD(suite, lattices);
  ADD(suite, survives_refused_memory);
  return suite;
}
