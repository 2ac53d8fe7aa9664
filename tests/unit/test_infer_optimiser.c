/* test_infer_optimiser.c - the driver of descents, its methods one by one, bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <signal.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/curvature.h"
#include "infer/optimiser.h"
#include "unit.h"

enum { MAX_N = 1000 };

/* Σ w_i (x_i - c_i)² / 2 + quartic Σ (x_i - c_i)⁴, over n variables. */
typedef struct Bowl {
  size_t n;
  double quartic;
  int fail_at; /* the evaluation that sets the interrupt flag; 0: none */
  int count;
  volatile sig_atomic_t *interrupt;
} Bowl;

static double weight(size_t i) { return 1 + 2.385 * (double)(i % 7); }
static double center(size_t i) { return 0.7 * sin((double)i + 1); }

static bool bowl_gradient(ThContext *cx, void *self, const double *x, double *value, double *gradient) {
  Bowl *b = self;
  (void)cx;
  if (++b->count == b->fail_at) *b->interrupt = 1;
  *value = 0.385;
  for (size_t i = 0; i < b->n; i++) {
    double d = x[i] - center(i);
    *value += 0.5 * weight(i) * d * d + b->quartic * d * d * d * d;
    gradient[i] = weight(i) * d + 4 * b->quartic * d * d * d;
  }
  return true;
}
static bool bowl_value(ThContext *cx, void *self, const double *x, double *value) {
  static double ignored[200000];
  return bowl_gradient(cx, self, x, value, ignored);
}
static bool bowl_product(ThContext *cx, void *self, const double *x, const double *v, double *product) {
  const Bowl *b = self;
  (void)cx;
  for (size_t i = 0; i < b->n; i++) {
    double d = x[i] - center(i);
    product[i] = (weight(i) + 12 * b->quartic * d * d) * v[i];
  }
  return true;
}
static ThObjective bowl_objective(Bowl *b) {
  return (ThObjective){.dimension = b->n,
                       .self = b,
                       .value = bowl_value,
                       .value_and_gradient = bowl_gradient,
                       .hessian_vector = bowl_product};
}

static ThDescentOptions options_for(const ThOptimiser *m) {
  ThDescentOptions o = th_descent_defaults();
  o.steps = 20000;
  if (!isnan(m->lr)) o.lr = 0.05;
  o.weight_decay = 0;
  return o;
}

START_TEST(every_method_finds_the_bottom) {
  static const size_t sizes[] = {1, 2, 5};
  const ThOptimiser *m = th_optimisers[_i];
  for (size_t k = 0; k < COUNT(sizes); k++) {
    Bowl bowl = {.n = sizes[k], .quartic = 0.3};
    ThObjective f = bowl_objective(&bowl);
    ThDescentOptions o = options_for(m);
    double x0[MAX_N];
    ThDescent d;
    ThContext cx;
    unit_context(&cx);
    for (size_t i = 0; i < bowl.n; i++) x0[i] = center(i) + 0.5;
    ck_assert(th_optimise(&cx, m, &f, x0, &o, &d));
    ck_assert_msg(d.converged, "%s: %s", m->name, d.why);
    for (size_t i = 0; i < bowl.n; i++)
      ck_assert_msg(fabs(d.x[i] - center(i)) < 2e-7, "%s: x[%zu] = %.10g", m->name, i, d.x[i]);
    ck_assert_double_eq_tol(d.value, 0.385, 1e-12);
    ck_assert_uint_eq(d.history.length, d.step + 1);
    ck_assert_double_eq(th_history_row(&d.history, 0)[TH_HISTORY_X], x0[0]);
    ck_assert_double_eq(th_history_row(&d.history, d.step)[TH_HISTORY_VALUE], d.value);
    ck_assert((m->needs == TH_NEEDS_VALUE) == (f.calls.gradient == 0));
    ck_assert((m->needs == TH_NEEDS_HESSIAN) == (f.calls.hessian > 0));
    th_descent_clear(&cx, &d);
    unit_done(&cx);
  }
}
END_TEST

/* From the second step on memory comes only for the history, by doubling. Newton may have to find eigenvalues. */
START_TEST(steps_allocate_nothing) {
  const ThOptimiser *m = th_optimisers[_i];
  Bowl bowl = {.n = 5, .quartic = 0.3};
  ThObjective f = bowl_objective(&bowl);
  ThDescentOptions o = options_for(m);
  double x0[5] = {3, -2, 1, 4, 0.5};
  ThDescent d;
  ThContext cx;
  unit_context(&cx);
  o.steps = 60;
  ck_assert(th_descent_init(&cx, &d, m, &f, x0, &o));
  ck_assert(th_descent_advance(&cx, &d));
  size_t before = cx.heap.allocations;
  while (d.stop == TH_STOP_NOT) ck_assert(th_descent_advance(&cx, &d));
  ck_assert_msg(cx.heap.allocations == before, "%s: %zu", m->name, cx.heap.allocations - before);
  th_descent_clear(&cx, &d);
  unit_done(&cx);
}
END_TEST

static const ThOptimiser *refused;
static bool attempt(ThContext *cx) {
  Bowl bowl = {.n = 3, .quartic = 0.3};
  ThObjective f = bowl_objective(&bowl);
  ThDescentOptions o = options_for(refused);
  double x0[3] = {3, -2, 1};
  ThDescent d;
  o.steps = 200;
  bool ok = th_optimise(cx, refused, &f, x0, &o, &d);
  th_descent_clear(cx, &d);
  return ok;
}

START_TEST(refused_memory) {
  ThContext cx;
  unit_context(&cx);
  refused = th_optimisers[_i];
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

/* Ctrl-C during an evaluation or between steps keeps the best point. */
START_TEST(interrupted_runs_keep_the_best) {
  const ThOptimiser *m = th_optimisers[_i];
  volatile sig_atomic_t flag = 0;
  Bowl bowl = {.n = 4, .quartic = 0.3, .fail_at = 7, .interrupt = &flag};
  ThObjective f = bowl_objective(&bowl);
  ThDescentOptions o = options_for(m);
  double x0[4] = {3, -2, 1, 4};
  ThDescent d;
  ThContext cx;
  unit_context(&cx);
  if (!isnan(m->lr)) o.lr = 0.005;
  cx.interrupt = &flag;
  ck_assert(th_optimise(&cx, m, &f, x0, &o, &d));
  ck_assert_str_eq(d.why, "interrupted");
  ck_assert(!d.converged && d.stop == TH_STOP_INTERRUPTED);
  ck_assert(d.value <= d.start_value);
  th_descent_clear(&cx, &d);
  unit_done(&cx);
}
END_TEST

/* Many variables: lbfgs, and newton by conjugate gradients. */
START_TEST(many_variables) {
  static double x0[100000];
  static const char *const names[] = {"lbfgs", "newton"};
  for (int k = 0; k < 2; k++) {
    Bowl bowl = {.n = COUNT(x0), .quartic = 0.3};
    ThObjective f = bowl_objective(&bowl);
    ThDescentOptions o = th_descent_defaults();
    ThDescent d;
    ThContext cx;
    unit_context(&cx);
    for (size_t i = 0; i < bowl.n; i++) x0[i] = center(i) + (i % 3 ? 0.5 : -1);
    ck_assert(th_optimise(&cx, th_optimiser_find(names[k]), &f, x0, &o, &d));
    ck_assert_msg(d.converged && f.calls.gradient < 100, "%s: %s", names[k], d.why);
    ck_assert(!th_history_has_path(&d.history));
    double farthest = 0;
    for (size_t i = 0; i < bowl.n; i++) farthest = fmax(farthest, fabs(d.x[i] - center(i)));
    ck_assert_double_lt(farthest, 1e-5);
    th_descent_clear(&cx, &d);
    unit_done(&cx);
  }
}
END_TEST

/* bfgs where its matrix is the library's work. */
START_TEST(bfgs_of_many_variables) {
  double x0[300];
  Bowl bowl = {.n = 300, .quartic = 0.3};
  ThObjective f = bowl_objective(&bowl);
  ThDescentOptions o = th_descent_defaults();
  ThDescent d;
  ThContext cx;
  unit_context(&cx);
  for (size_t i = 0; i < 300; i++) x0[i] = center(i) + (i % 3 ? 0.5 : -1);
  ck_assert(th_optimise(&cx, th_optimiser_find("bfgs"), &f, x0, &o, &d));
  ck_assert_msg(d.converged, "%s", d.why);
  for (size_t i = 0; i < 300; i++) ck_assert(fabs(d.x[i] - center(i)) < 1e-7);
  th_descent_clear(&cx, &d);
  unit_done(&cx);
}
END_TEST

/* Without an lr the steps are those for the curvature at the start, here 1 + 4*2.385. */
START_TEST(the_first_curvature_is_the_step) {
  Bowl bowl = {.n = 5, .quartic = 0};
  ThObjective f = bowl_objective(&bowl);
  ThDescentOptions o = th_descent_defaults();
  double x0[5] = {3, -2, 1, 4, 0.5};
  ThDescent d;
  ThContext cx;
  unit_context(&cx);
  ck_assert(th_optimise(&cx, th_optimiser_find("gd"), &f, x0, &o, &d));
  ck_assert(d.converged && d.step < 300 && f.calls.hessian < 30);
  ck_assert_double_eq_tol(d.options.lr, 1 / (1 + 4 * 2.385), 0.01);
  th_descent_clear(&cx, &d);
  unit_done(&cx);
}
END_TEST

/* --- Where simplices fail */

/* McKinnon (1998): the simplex of the plain method shrinks to a point that is no minimum, (0, 0); it is (0, -1/2). */
static bool mckinnon(ThContext *cx, void *self, const double *x, double *value) {
  (void)cx, (void)self;
  *value = (x[0] > 0 ? 6 : 360) * x[0] * x[0] + x[1] + x[1] * x[1];
  return true;
}

START_TEST(a_flat_simplex_begins_anew) {
  ThObjective f = {.dimension = 2, .value = mckinnon};
  ThDescentOptions o = th_descent_defaults();
  double x0[2] = {1, 1};
  ThDescent d;
  ThContext cx;
  unit_context(&cx);
  ck_assert(th_optimise(&cx, th_optimiser_find("nelder_mead"), &f, x0, &o, &d));
  ck_assert(d.converged);
  ck_assert_double_eq_tol(d.value, -0.25, 1e-9);
  th_descent_clear(&cx, &d);
  unit_done(&cx);
}
END_TEST

/* --- Functions that are not defined everywhere */

/* -log x - log(1 - x) + 3x for 0 < x < 1. */
static bool inside(ThContext *cx, void *self, const double *x, double *value, double *gradient) {
  (void)cx, (void)self;
  *value = -log(x[0]) - log(1 - x[0]) + 3 * x[0];
  *gradient = -1 / x[0] + 1 / (1 - x[0]) + 3;
  return true;
}
static bool inside_product(ThContext *cx, void *self, const double *x, const double *v, double *product) {
  (void)cx, (void)self;
  *product = v[0] * (1 / (x[0] * x[0]) + 1 / ((1 - x[0]) * (1 - x[0])));
  return true;
}

START_TEST(steps_stay_where_it_is_defined) {
  static const char *const names[] = {"bfgs", "lbfgs", "newton"};
  for (int k = 0; k < 3; k++) {
    ThObjective f = {.dimension = 1, .value_and_gradient = inside, .hessian_vector = inside_product};
    ThDescentOptions o = th_descent_defaults();
    double x0 = 0.999;
    ThDescent d;
    ThContext cx;
    unit_context(&cx);
    ck_assert(th_optimise(&cx, th_optimiser_find(names[k]), &f, &x0, &o, &d));
    ck_assert_msg(d.converged, "%s: %s", names[k], d.why);
    ck_assert_double_eq_tol(d.x[0], (5 - sqrt(13)) / 6, 1e-8);
    th_descent_clear(&cx, &d);
    unit_done(&cx);
  }
}
END_TEST

/* --- Bounds */

/* The chain rule, for every kind of bound, against differences. */
START_TEST(bounded_derivatives) {
  enum { N = 4 };
  const double lower[N] = {-INFINITY, -0.3, -INFINITY, -0.5}, upper[N] = {INFINITY, INFINITY, 1.5, 2.385};
  const double v[N] = {0.4, -1.3, 0.7, 0.9}, h = 1e-5;
  Bowl bowl = {.n = N, .quartic = 0.3};
  ThObjective inner = bowl_objective(&bowl), f;
  ThBounds b;
  ThContext cx;
  double u[N] = {0.3, -0.8, 0.6, 1.2}, x[N], back[N], value, other, g[N], up[N], down[N], product[N],
         shifted[N];
  unit_context(&cx);
  ck_assert(th_bounds_init(&cx, &b, &inner, lower, upper));
  f = th_bounds_objective(&b);
  th_bounds_bound(&b, u, x);
  th_bounds_free(&b, x, back);
  for (int i = 0; i < N; i++) {
    ck_assert(x[i] > lower[i] && x[i] < upper[i]);
    ck_assert_double_eq_tol(back[i], u[i], 1e-12);
  }
  ck_assert(th_objective_gradient(&cx, &f, u, &value, g) && th_objective_product(&cx, &f, u, v, product));
  for (int i = 0; i < N; i++) shifted[i] = u[i] + h * v[i];
  ck_assert(th_objective_gradient(&cx, &f, shifted, &value, up));
  for (int i = 0; i < N; i++) shifted[i] = u[i] - h * v[i];
  ck_assert(th_objective_gradient(&cx, &f, shifted, &other, down));
  double slope = 0;
  for (int i = 0; i < N; i++) {
    slope += g[i] * v[i];
    ck_assert_double_eq_tol((up[i] - down[i]) / (2 * h), product[i], 1e-7);
  }
  ck_assert_double_eq_tol((value - other) / (2 * h), slope, 1e-7);
  ck_assert_uint_eq(f.calls.gradient, 3);
  ck_assert_uint_eq(inner.calls.gradient, 0);
  th_bounds_clear(&cx, &b);
  unit_done(&cx);
}
END_TEST

START_TEST(largest_curvature) {
  enum { N = 5 };
  double x[N] = {0.7 * sin(1), 0, 0, 0, 0}, work[4 * N], with, without;
  Bowl bowl = {.n = N, .quartic = 0};
  ThObjective f = bowl_objective(&bowl);
  ThContext cx;
  unit_context(&cx);
  ck_assert(th_curvature_find(&cx, &f, x, 1e-7, work, &with));
  f.hessian_vector = NULL;
  ck_assert(th_curvature_find(&cx, &f, x, 1e-7, work, &without));
  ck_assert_double_eq_tol(with, 1 + 4 * 2.385, 1e-3);
  ck_assert_double_eq_tol(without, with, 1e-4);
  ck_assert_uint_gt(f.calls.hessian, 2);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_infer_optimiser(void) {
  Suite *suite = suite_create("infer_optimiser");
  size_t n_methods = 0;
  while (th_optimisers[n_methods]) n_methods++;
  ADD_ROWS(suite, every_method_finds_the_bottom, n_methods);
  ADD_ROWS(suite, steps_allocate_nothing, n_methods);
  ADD_ROWS(suite, refused_memory, n_methods);
  ADD_ROWS(suite, interrupted_runs_keep_the_best, n_methods);
  ADD(suite, many_variables);
  ADD(suite, bfgs_of_many_variables);
  ADD(suite, the_first_curvature_is_the_step);
  ADD(suite, a_flat_simplex_begins_anew);
  ADD(suite, steps_stay_where_it_is_defined);
  ADD(suite, bounded_derivatives);
  ADD(suite, largest_curvature);
  return suite;
}
