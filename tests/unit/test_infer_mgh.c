/* test_infer_mgh.c - bfgs, lbfgs and newton on the problems of Moré, Garbow and Hillstrom */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/optimiser.h"
#include "mgh.h"
#include "unit.h"

enum { BFGS, LBFGS, NEWTON, N_METHODS };
static const char *const methods[N_METHODS] = {"bfgs", "lbfgs", "newton"};

/* How many evaluations with gradient each method takes from the standard start, and newton Hessians, to the tolerance
 * of minimize: measured, and not to grow unseen. */
typedef struct Record {
  const char *name;
  size_t gradients[N_METHODS], hessians;
  const char *note;
} Record;

/* clang-format off */
static const Record records[] = {
    {"Rosenbrock", {48, 45, 26}, 22, NULL},
    {"Freudenstein and Roth", {22, 21, 8}, 8, "a local minimum, for every method"},
    {"Powell badly scaled", {219, 216, 57}, 54, NULL},
    {"Brown badly scaled", {27, 28, 32}, 32, NULL},
    {"Beale", {18, 17, 8}, 8, NULL},
    {"Jennrich and Sampson", {38, 47, 11}, 11, NULL},
    {"helical valley", {32, 34, 11}, 10, NULL},
    {"Bard", {27, 27, 12}, 11, NULL},
    {"Gaussian", {12, 11, 3}, 3, NULL},
    {"Meyer", {910, 698, 139}, 127, "ends where rounding hides what is left to gain"},
    {"Gulf", {62, 58, 25}, 22, NULL},
    {"Box", {42, 40, 24}, 20, NULL},
    {"Powell singular", {63, 61, 22}, 22, NULL},
    {"Wood", {46, 122, 40}, 36, NULL},
    {"Kowalik and Osborne", {39, 38, 10}, 8, NULL},
    {"Brown and Dennis", {36, 21, 9}, 9, NULL},
    {"Osborne 1", {112, 145, 31}, 25, NULL},
    {"Biggs", {52, 45, 56}, 42, "bfgs, lbfgs: a local minimum"},
    {"Osborne 2", {85, 133, 24}, 18, NULL},
    {"Watson 6", {58, 62, 13}, 13, NULL},
    {"Watson 9", {127, 326, 14}, 14, NULL},
    {"Watson 12", {159, 4288, 14}, 14, "bfgs, lbfgs: so flat that the gradient is below tol too early"},
    {"Rosenbrock 10", {48, 46, 27}, 23, NULL},
    {"Rosenbrock 100", {48, 50, 27}, 23, NULL},
    {"Powell singular 12", {51, 66, 22}, 22, NULL},
    {"penalty I 4", {74, 71, 21}, 21, NULL},
    {"penalty I 10", {78, 71, 26}, 26, NULL},
    {"penalty II 4", {458, 444, 90}, 88, NULL},
    {"penalty II 10", {320, 314, 69}, 64, NULL},
    {"variably dimensioned 10", {20, 20, 15}, 15, NULL},
    {"trigonometric 10", {33, 33, 14}, 11, "a local minimum, for every method"},
    {"Brown almost linear 10", {21, 21, 2}, 2, NULL},
    {"discrete boundary value 10", {34, 59, 4}, 4, NULL},
    {"discrete integral 10", {11, 9, 4}, 4, NULL},
    {"Broyden tridiagonal 10", {22, 28, 7}, 7, NULL},
    {"Broyden banded 10", {44, 18, 9}, 9, NULL},
    {"linear, full rank", {3, 3, 3}, 3, NULL},
    {"linear, rank 1", {3, 3, 2}, 2, NULL},
    {"linear, rank 1, zeros", {3, 3, 2}, 2, NULL},
    {"Chebyquad 7", {21, 23, 11}, 7, NULL},
    {"Chebyquad 8", {39, 32, 19}, 12, NULL},
    {"Chebyquad 9", {33, 36, 21}, 15, NULL},
    {"Chebyquad 10", {31, 35, 15}, 11, "newton: a lower minimum than the paper has"},
};
/* clang-format on */

static bool has_grown(size_t count, size_t recorded) { return (double)count > 1.1 * (double)recorded + 1; }

/* A run from `scale` times the standard start, from `scale` itself where that is 0. */
static bool run(ThContext *cx, MghProblem *p, int method, double scale, ThObjective *f, ThDescent *d) {
  double x[MGH_MAX_N], size = 0;
  ThDescentOptions options = th_descent_defaults();
  options.steps = scale == 1 ? 10000 : 500;
  mgh_start(p, x);
  for (size_t j = 0; j < p->n; j++) size += fabs(x[j]);
  for (size_t j = 0; j < p->n && scale != 1; j++) x[j] = size == 0 ? scale : scale * x[j];
  *f = mgh_objective(p);
  return th_optimise(cx, th_optimiser_find(methods[method]), f, x, &options, d);
}

static bool is_minimum(const MghProblem *p, double value) {
  for (const double *m = p->minima; *m >= 0; m++)
    if (fabs(value - *m) <= (*m == 0 ? 1e-10 : 1e-6 * *m)) return true;
  return false;
}

START_TEST(standard_start) {
  MghProblem *p = &mgh_problems[_i];
  const Record *record = &records[_i];
  ThContext cx;
  unit_context(&cx);
  ck_assert_str_eq(p->name, record->name);
  for (int k = 0; k < N_METHODS; k++) {
    ThObjective f;
    ThDescent d;
    ck_assert(run(&cx, p, k, 1, &f, &d));
    bool excepted = strcmp(p->name, "Watson 12") == 0 && k != NEWTON && d.value < 2e-8; /* see its note */
    ck_assert_msg(is_minimum(p, d.value) || excepted, "%s, %s: %.10g", p->name, methods[k], d.value);
    ck_assert_msg(d.converged, "%s, %s: %s", p->name, methods[k], d.why);
    ck_assert_msg(!has_grown(f.calls.gradient, record->gradients[k]), "%s, %s: %zu gradients, were %zu",
                  p->name, methods[k], f.calls.gradient, record->gradients[k]);
    ck_assert_msg(!has_grown(f.calls.hessian, k == NEWTON ? record->hessians : 0),
                  "%s: %zu Hessians, were %zu", p->name, f.calls.hessian, record->hessians);
    th_descent_clear(&cx, &d);
  }
  unit_done(&cx);
}
END_TEST

/* From 10 times as far, and from 100 times, where the value may overflow: no minimum is claimed where the gradient is
 * not small, and most of the problems are solved still. */
START_TEST(far_starts) {
  static const size_t solved[][N_METHODS] = {{33, 37, 36}, {29, 33, 32}};
  for (int far = 0; far < 2; far++) {
    size_t count[N_METHODS] = {0};
    for (size_t i = 0; i < mgh_count; i++)
      for (int k = 0; k < N_METHODS; k++) {
        ThContext cx;
        ThObjective f;
        ThDescent d;
        unit_context(&cx);
        bool ran = run(&cx, &mgh_problems[i], k, far ? 100 : 10, &f, &d);
        if (!ran) th_error_clear(&cx);
        count[k] += ran && d.converged && is_minimum(&mgh_problems[i], d.value);
        ck_assert(!ran || !d.converged || d.stop != TH_STOP_FLOOR || is_minimum(&mgh_problems[i], d.value));
        th_descent_clear(&cx, &d);
        unit_done(&cx);
      }
    for (int k = 0; k < N_METHODS; k++)
      ck_assert_msg(count[k] >= solved[far][k], "%s: %zu of %zu", methods[k], count[k], mgh_count);
  }
}
END_TEST

/* The derivatives that are written down, against central differences. */
START_TEST(derivatives) {
  MghProblem *p = &mgh_problems[_i];
  ThObjective f = mgh_objective(p);
  ThContext cx;
  double x[MGH_MAX_N], v[MGH_MAX_N], g[MGH_MAX_N], product[MGH_MAX_N], up[MGH_MAX_N], down[MGH_MAX_N];
  double value, above, below, size = 0, largest = 0;
  unit_context(&cx);
  mgh_start(p, x);
  for (size_t j = 0; j < p->n; j++) {
    x[j] = 1.05 * x[j] + 0.0237 / ((double)j + 1);
    v[j] = cos((double)j + 0.385) * fmax(fabs(x[j]), 0.1); /* along it each variable changes in proportion */
  }
  ck_assert(f.value_and_gradient(&cx, f.self, x, &value, g) && f.hessian_vector(&cx, f.self, x, v, product));
  const double h = 1e-5;
  double shifted[MGH_MAX_N], slope = 0;
  for (size_t j = 0; j < p->n; j++) shifted[j] = x[j] + h * v[j];
  ck_assert(f.value_and_gradient(&cx, f.self, shifted, &above, up));
  for (size_t j = 0; j < p->n; j++) shifted[j] = x[j] - h * v[j];
  ck_assert(f.value_and_gradient(&cx, f.self, shifted, &below, down));
  for (size_t j = 0; j < p->n; j++) {
    slope += g[j] * v[j];
    size += fabs(g[j] * v[j]);
    largest = fmax(largest, fabs(product[j]));
  }
  ck_assert_msg(fabs((above - below) / (2 * h) - slope) <= 1e-7 * (size + value), "%s: slope %.10g, %.10g",
                p->name, slope, (above - below) / (2 * h));
  for (size_t j = 0; j < p->n; j++) {
    double difference = (up[j] - down[j]) / (2 * h);
    ck_assert_msg(fabs(difference - product[j]) <= 1e-6 * (largest + fabs(g[j])),
                  "%s: product %zu is %.10g, %.10g", p->name, j, product[j], difference);
  }
  unit_done(&cx);
}
END_TEST

START_TEST(every_problem_has_a_record) { ck_assert_uint_eq(COUNT(records), mgh_count); }
END_TEST

Suite *th_suite_infer_mgh(void) {
  Suite *suite = suite_create("infer_mgh");
  ADD(suite, every_problem_has_a_record);
  ADD_ROWS(suite, derivatives, mgh_count);
  ADD_ROWS(suite, standard_start, mgh_count);
  ADD(suite, far_starts);
  return suite;
}
