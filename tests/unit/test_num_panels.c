/* test_num_panels.c - integrals from either side, far into tails and poles; what is amiss with a function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/panels.h"
#include "num/real.h"
#include "unit.h"

static double quartic(double x) { return exp(-x * x * x * x); }
static double normal(double x) { return exp(-0.5 * x * x); }
static double shifted(double x) { return exp(-0.5 * (x - 1000) * (x - 1000)); }
static double narrow(double x) { return exp(-0.5e20 * x * x); }
static double cauchy(double x) { return 1 / (1 + x * x); }
static double pole(double x) { return 1 / sqrt(x); }
static double logarithm(double x) { return -log(x); }
static double jump(double x) { return x < 0.3 ? 1 : 0.5; }
static double arcsine(double x) { return 1 / sqrt(x * (1 - x)); }
static double heavy(double x) { return pow(x, -1.1); }

/* Integrals from the left end to x, by mpmath with 40 digits. */
static const struct {
  const char *name;
  double (*f)(double);
  double lower, upper, x, below, tolerance;
} rows[] = {
    {"quartic", quartic, -INFINITY, INFINITY, INFINITY, 1.812804954110954156, 1e-15},
    {"quartic", quartic, -INFINITY, INFINITY, -5, 7.3529022827159707838e-275, 3e-13},
    {"quartic", quartic, -INFINITY, INFINITY, -2.385, 1.5988717989184711858e-16, 1e-13},
    {"quartic", quartic, -INFINITY, INFINITY, 0.37, 1.2750227868968544294, 1e-15},
    {"normal", normal, -INFINITY, INFINITY, -30.5, 3.265981013260877856e-204, 3e-13},
    {"normal", normal, -INFINITY, INFINITY, -4.5, 8.5167035224022314693e-6, 1e-14},
    {"normal", normal, -INFINITY, INFINITY, 1.25, 2.2418035647492953966, 1e-15},
    {"shifted", shifted, -INFINITY, INFINITY, 995.25, 2.5494496134760917937e-6, 1e-13},
    {"shifted", shifted, -INFINITY, INFINITY, 1001.5, 2.3391674549815168209, 1e-14},
    {"narrow", narrow, -INFINITY, INFINITY, INFINITY, 2.506628274631000502e-10, 1e-14},
    {"cauchy", cauchy, -INFINITY, INFINITY, -1e20, 1e-20, 1e-13},
    {"cauchy", cauchy, -INFINITY, INFINITY, -45.5, 0.021974484296662558205, 1e-14},
    {"cauchy", cauchy, -INFINITY, INFINITY, 2.385, 2.7445707225995205841, 1e-15},
    {"pole", pole, 0, 1, 1e-150, 2.0000000000000000063e-75, 1e-13},
    {"pole", pole, 0, 1, 1e-12, 1.9999999999999999799e-6, 1e-13},
    {"pole", pole, 0, 1, 0.37, 1.2165525060596439305, 1e-14},
    {"logarithm", logarithm, 0, 1, 1e-12, 2.8631021115928547652e-11, 1e-12},
    {"logarithm", logarithm, 0, 1, 0.37, 0.73787334113723075734, 1e-14},
    {"jump", jump, 0, 1, 0.25, 0.25, 1e-14},
    {"jump", jump, 0, 1, 0.37, 0.33499999999999999223, 1e-14},
    {"two poles", arcsine, 0, 1, 1e-12, 2.0000000000003333132e-6, 1e-12},
    {"two poles", arcsine, 0, 1, 0.37, 1.3077741238864277142, 1e-13},
    {"two poles", arcsine, 0, 1, 1, 3.141592653589793238, 1e-11},
    {"heavy", heavy, 1, INFINITY, 1.5, 0.39735499207781935911, 1e-13},
    {"heavy", heavy, 1, INFINITY, 1e30, 9.9899999999999911885, 1e-13},
    {"heavy", heavy, 1, INFINITY, INFINITY, 9.9999999999999911182, 1e-13},
};

typedef struct Function {
  double (*f)(double);
  size_t calls, most; /* fails after so many */
} Function;

static bool call(void *self, size_t n, const double *x, double *y) {
  Function *function = self;
  for (size_t i = 0; i < n; i++) y[i] = function->f(x[i]);
  return function->calls++ < function->most;
}

START_TEST(known_integrals) {
  ThContext cx;
  ThPanels p;
  unit_context(&cx);
  Function f = {rows[_i].f, 0, SIZE_MAX};
  ck_assert(th_panels_build(&cx, call, &f, rows[_i].lower, rows[_i].upper, &p));
  double below = th_panels_below(&p, rows[_i].x);
  ck_assert_msg(fabs(below / rows[_i].below - 1) <= rows[_i].tolerance, "%s at %g: %.17g, off by %.2g",
                rows[_i].name, rows[_i].x, below, below / rows[_i].below - 1);
  ck_assert_msg(fabs(below + th_panels_above(&p, rows[_i].x) - p.total) <= 1e-14 * p.total, "%s",
                rows[_i].name);
  if (rows[_i].x > DBL_MAX)
    ck_assert_msg(fabs(p.total - rows[_i].below) <= fmax(p.error, 2e-16 * p.total), "%s: %g of %g",
                  rows[_i].name, p.total - rows[_i].below, p.error);
  th_panels_clear(&cx, &p);
  unit_done(&cx);
}
END_TEST

/* A quantile of the integral is the point again, as far as the integral tells points apart. */
START_TEST(quantiles) {
  ThContext cx;
  ThPanels p;
  unit_context(&cx);
  Function f = {rows[_i].f, 0, SIZE_MAX};
  double x = rows[_i].x;
  ck_assert(th_panels_build(&cx, call, &f, rows[_i].lower, rows[_i].upper, &p));
  if (fabs(x) <= DBL_MAX && x < rows[_i].upper) {
    bool upper = th_panels_above(&p, x) < th_panels_below(&p, x);
    double mass = upper ? th_panels_above(&p, x) : th_panels_below(&p, x);
    double back = th_panels_quantile(&p, mass, upper), density = rows[_i].f(x);
    double slack = 1e-13 * fabs(x) + 1e-13 * mass / density;
    ck_assert_msg(fabs(back - x) <= slack, "%s: %.17g is %.17g, %.2g allowed", rows[_i].name, x, back, slack);
    ck_assert_double_eq_tol(th_panels_value(&p, x) / density, 1, 1e-10);
  }
  ck_assert_double_eq(th_panels_quantile(&p, 0, false), rows[_i].lower);
  ck_assert_double_eq(th_panels_quantile(&p, 0, true), rows[_i].upper);
  th_panels_clear(&cx, &p);
  unit_done(&cx);
}
END_TEST

/* --- What is amiss */

static double cubic(double x) { return x * x * x - x; }
static double growing(double x) { return exp(x); }
static double slow(double x) { return 1 / (1 + fabs(x)); }
static double strong_pole(double x) { return 1 / x; }
static double hole(double x) { return x > 0.4 && x < 0.5 ? NAN : 2.385; }
static double nothing(double x) { return 0 * x; }
static double slower(double x) { return 1 / (x * log(x) * log(x)); }

static void build(ThContext *cx, double (*f)(double), double lower, double upper, ThPanels *p) {
  Function function = {f, 0, SIZE_MAX};
  unit_context(cx);
  ck_assert(th_panels_build(cx, call, &function, lower, upper, p));
}

static void done(ThContext *cx, ThPanels *p) {
  th_panels_clear(cx, p);
  unit_done(cx);
}

START_TEST(amiss) {
  ThContext cx;
  ThPanels p;
  build(&cx, cubic, 0, 2, &p);
  ck_assert_double_eq_tol(p.least, -0.3849, 1e-3);
  ck_assert_double_eq_tol(p.least_at, 0.57735, 0.05);
  done(&cx, &p);
  build(&cx, growing, -INFINITY, INFINITY, &p);
  ck_assert(isinf(p.not_finite) && p.not_finite_at > 709);
  done(&cx, &p);
  build(&cx, slow, -INFINITY, INFINITY, &p);
  ck_assert(p.diverges && isinf(p.diverges_at));
  done(&cx, &p);
  build(&cx, strong_pole, 0, 1, &p);
  ck_assert(p.diverges && p.diverges_at == 0);
  done(&cx, &p);
  build(&cx, hole, 0, 1, &p);
  ck_assert(isnan(p.not_finite) && p.not_finite_at > 0.4 && p.not_finite_at < 0.5);
  done(&cx, &p);
  build(&cx, nothing, 0, 1, &p);
  ck_assert_double_eq(p.total, 0);
  done(&cx, &p);
  build(&cx, slower, 2, INFINITY, &p);
  ck_assert(p.error > 1e-4 * p.total);
  done(&cx, &p);
}
END_TEST

START_TEST(failing_function) {
  ThContext cx;
  ThPanels p;
  unit_context(&cx);
  Function f = {normal, 0, 37};
  ck_assert(!th_panels_build(&cx, call, &f, -INFINITY, INFINITY, &p));
  unit_done(&cx);
}
END_TEST

static bool refused(ThContext *cx) {
  ThPanels p;
  Function f = {quartic, 0, SIZE_MAX};
  if (!th_panels_build(cx, call, &f, -INFINITY, INFINITY, &p)) return false;
  th_panels_clear(cx, &p);
  return true;
}

START_TEST(no_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, refused);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_panels(void) {
  Suite *s = suite_create("num_panels");
  ADD_ROWS(s, known_integrals, COUNT(rows));
  ADD_ROWS(s, quantiles, COUNT(rows));
  ADD(s, amiss);
  ADD(s, failing_function);
  ADD(s, no_memory);
  return s;
}
