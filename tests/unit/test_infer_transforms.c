/* test_infer_transforms.c - coordinates without bounds: volumes, derivatives, and priors sampled in them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/transforms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#define INF ((double)INFINITY)

/* --- Transforms */

enum { K = 17, D = 15, N_POINTS = 5 };

/* Every kind once, shares of three and of two, correlations of four variables and of two at that. */
static ThTransforms all_kinds(ThTransform *items) {
  const ThTransform rows[] = {
      {TH_COORDINATES_SHARES, 3, 0, 0, 0, 1},          {TH_COORDINATES_REAL, 1, 3, 2, -INF, INF},
      {TH_COORDINATES_ABOVE, 1, 4, 3, -1.3, INF},      {TH_COORDINATES_BELOW, 1, 5, 4, -INF, 2.7},
      {TH_COORDINATES_BETWEEN, 1, 6, 5, -2, 5.3},      {TH_COORDINATES_SHARES, 2, 7, 6, 0, 1},
      {TH_COORDINATES_BETWEEN, 1, 9, 7, 0, 1e-3},      {TH_COORDINATES_CORRELATIONS, 6, 10, 8, -1, 1},
      {TH_COORDINATES_CORRELATIONS, 1, 16, 14, -1, 1},
  };
  memcpy(items, rows, sizeof rows);
  return (ThTransforms){.k = K, .d = D, .n = COUNT(rows), .items = items};
}

static const double points[N_POINTS][D] = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {0.3, -0.7, 1.2, -0.4, 0.9, 2.1, -1.1, 0.2, 0.5, -0.3, 0.8, 0.2, -0.9, 0.4, -0.6},
    {-4.2, 3.1, -2.385, 2.5, -3.3, -4.7, 3.9, -5.2, -1.1, 0.7, 1.9, -1.3, 0.6, -2.1, 2.3},
    {6.1, -5.5, 0.1, -6.3, 4.4, 7.9, 6.6, 6.2, 2.4, 1.8, -1.6, 0.1, 2.2, 1.4, -3.1},
    {-0.01, 8.1, 17.2, 3.9, -7.1, -0.02, 0.03, 7.4, -0.02, 2.6, 0.03, -0.4, -1.7, -0.01, 0.02},
};

/* The determinant of an (n, n) matrix, whose place it takes. */
static double determinant(size_t n, double *a) {
  double product = 1;
  for (size_t i = 0; i < n; i++) {
    size_t top = i;
    for (size_t j = i + 1; j < n; j++)
      if (fabs(a[j * n + i]) > fabs(a[top * n + i])) top = j;
    for (size_t c = 0; top != i && c < n; c++) {
      double kept = a[i * n + c];
      a[i * n + c] = a[top * n + c];
      a[top * n + c] = kept;
    }
    product *= top == i ? a[i * n + i] : -a[i * n + i];
    for (size_t j = i + 1; j < n; j++)
      for (size_t c = n; c-- > i;) a[j * n + c] -= a[j * n + i] / a[i * n + i] * a[i * n + c];
  }
  return product;
}

/* The elements that tell the others: the last of some shares follows from the rest of them. */
static const size_t independent[D] = {0, 1, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16};

/* Central differences, with the first error taken out. */
static void difference(const ThTransforms *t, const double *u, size_t i, double *by_u) {
  double low[K], high[K], nearer_low[K], nearer_high[K], at[D], unused, step = 1e-3;
  memcpy(at, u, sizeof at);
  at[i] = u[i] - step, th_transforms_forward(t, at, low, &unused);
  at[i] = u[i] + step, th_transforms_forward(t, at, high, &unused);
  at[i] = u[i] - step / 2, th_transforms_forward(t, at, nearer_low, &unused);
  at[i] = u[i] + step / 2, th_transforms_forward(t, at, nearer_high, &unused);
  for (size_t j = 0; j < K; j++)
    by_u[j] = (4 * (nearer_high[j] - nearer_low[j]) / step - (high[j] - low[j]) / (2 * step)) / 3;
}

START_TEST(volumes) {
  ThTransform items[K];
  ThTransforms t = all_kinds(items);
  double x[K], by_u[K], jacobian[D * D], log_jacobian;
  const double *u = points[_i];
  th_transforms_forward(&t, u, x, &log_jacobian);
  for (size_t i = 0; i < D; i++) {
    difference(&t, u, i, by_u);
    for (size_t j = 0; j < D; j++) jacobian[j * D + i] = by_u[independent[j]];
  }
  ck_assert_double_eq_tol(log_jacobian, log(fabs(determinant(D, jacobian))), 1e-6);
  ck_assert_double_eq_tol(x[0] + x[1] + x[2], 1, 1e-14);
  ck_assert_double_eq_tol(x[7] + x[8], 1, 1e-14);
}
END_TEST

/* A function of the parameters, and its gradient. */
static double function(const double *x, double *by_x) {
  double sum = 0;
  for (size_t j = 0; j < K; j++) {
    double weight = 1.7 - 0.4 * (double)j;
    sum += weight * x[j] + 0.3 * x[j] * x[j] * (j ? x[j - 1] : 1);
    by_x[j] = weight + 0.6 * x[j] * (j ? x[j - 1] : 1) + (j + 1 < K ? 0.3 * x[j + 1] * x[j + 1] : 0);
  }
  return sum;
}

static double of_coordinates(const ThTransforms *t, const double *u, double sign) {
  double x[K], by_x[K], log_jacobian;
  th_transforms_forward(t, u, x, &log_jacobian);
  return function(x, by_x) + sign * log_jacobian;
}

START_TEST(gradients) {
  ThTransform items[K];
  ThTransforms t = all_kinds(items);
  double x[K], by_x[K], by_u[D], at[D], log_jacobian;
  memcpy(at, points[_i], sizeof at);
  for (double sign = -1; sign <= 1; sign += 2) {
    th_transforms_forward(&t, at, x, &log_jacobian);
    function(x, by_x);
    th_transforms_pull(&t, at, x, by_x, sign, by_u);
    for (size_t i = 0; i < D; i++) {
      double u = at[i], step = 1e-4;
      at[i] = u + step;
      double high = of_coordinates(&t, at, sign);
      at[i] = u - step;
      double low = of_coordinates(&t, at, sign);
      at[i] = u;
      double want = (high - low) / (2 * step);
      ck_assert_msg(fabs(by_u[i] - want) < 1e-6 * fmax(1, fabs(want)), "by u[%zu]: %.10g, difference %.10g",
                    i, by_u[i], want);
    }
  }
}
END_TEST

START_TEST(there_and_back) {
  ThTransform items[K];
  ThTransforms t = all_kinds(items);
  double x[K], u[D], log_jacobian;
  th_transforms_forward(&t, points[_i], x, &log_jacobian);
  ck_assert(th_transforms_back(&t, x, u));
  for (size_t i = 0; i < D; i++) ck_assert_double_eq_tol(u[i], points[_i][i], 2e-10);
}
END_TEST

START_TEST(ends_and_beyond) {
  ThTransform items[K];
  ThTransforms t = all_kinds(items);
  const double inside[K] = {0.2,  0.3, 0.5, 7.1,  0.4, 1.6, 4.4, 0.9, 0.1,
                            2e-4, 0.5, 0.2, -0.3, 0.1, 0,   0.4, 0.7};
  const struct {
    size_t place;
    double x;
  } outside[] = {{4, -1.3}, {4, -2}, {5, 2.7}, {5, 3},   {6, -2}, {6, 5.3},     {6, 5.4},
                 {9, 0},    {0, 0},  {0, 0.3}, {10, -1}, {16, 1}, {11, -0.995}, {15, 0.99}};
  double x[K], u[D];
  ck_assert(th_transforms_back(&t, inside, u));
  for (size_t i = 0; i < COUNT(outside); i++) {
    memcpy(x, inside, sizeof x);
    x[outside[i].place] = outside[i].x;
    ck_assert_msg(!th_transforms_back(&t, x, u), "%g as number %zu", outside[i].x, outside[i].place);
  }
}
END_TEST

/* Far out values lie at the ends, and volumes are small, not undefined. */
START_TEST(far_out) {
  ThTransform items[K];
  ThTransforms t = all_kinds(items);
  double x[K], u[D], log_jacobian, by_x[K], by_u[D];
  for (double away = -600; away <= 600; away += 150) {
    for (size_t i = 0; i < D; i++) u[i] = i % 2 ? -away : away;
    th_transforms_forward(&t, u, x, &log_jacobian);
    ck_assert(isfinite(log_jacobian));
    ck_assert(x[6] >= -2 && x[6] <= 5.3 && x[4] >= -1.3 && x[5] <= 2.7);
    for (size_t j = 0; j < K; j++) by_x[j] = 1e-300;
    th_transforms_pull(&t, u, x, by_x, -1, by_u);
    for (size_t i = 0; i < D; i++) ck_assert_msg(!isnan(by_u[i]), "by u[%zu] at %g", i, away);
  }
}
END_TEST

/* --- Priors, sampled: the data say nothing */

static const char *const priors[] = {
    "Beta(2.5, 1.2)",
    "Beta(0.7, 0.6)",
    "Gamma(2.5, 0.7)",
    "Gamma(0.8, 2)",
    "InvGamma(7, 3)",
    "Uniform(-2, 5.3)",
    "LogUniform(0.1, 3)",
    "Truncated(Normal(0.3, 1.1), lower = -0.5, upper = 2.1)",
    "Truncated(Normal(0.3, 1.1), upper = 0.4)",
    "HalfNormal(1.7)",
    "Exponential(0.4)",
    "LogNormal(0.2, 0.4)",
    "Weibull(1.8, 0.6)",
    "Normal(-3.1, 0.02)",
    "StudentT(7, 1, 0.3)",
};

/* |mean - m| within four standard errors, and sd within 5 %. */
#define IS_LIKE(p, m, s) \
  "abs(mean(" p ") - (" m ")) < 4*error(mean(" p ")) and abs(sd(" p ")/(" s ") - 1) < 0.05"
#define SAMPLE "p = posterior(m, (y = 2.385), method = \"nuts\", draws = 4000, seed = 1)"

static void check(const char *model, const char *claim) {
  ThSession *session = unit_session(NULL);
  unit_run(session, model);
  unit_run(session, SAMPLE);
  ThValue v = unit_evaluate(session, claim);
  ck_assert_msg(th_is_bool(v) && th_as_scalar(v) == 1, "%s", model);
  th_release(v);
  th_session_free(session);
}

START_TEST(priors_of_numbers) {
  char model[200], claim[300];
  snprintf(model, sizeof model, "model m(y) { x ~ %s; y ~ Normal(0, 1) }", priors[_i]);
  snprintf(claim, sizeof claim, IS_LIKE("p.x", "mean(%s)", "sd(%s)"), priors[_i], priors[_i]);
  check(model, claim);
}
END_TEST

START_TEST(priors_of_vectors) {
  check("model m(y) { w ~ Dirichlet([1.2, 2.3, 0.7]); y ~ Normal(0, 1) }",
        IS_LIKE("p.w[1]", "1.2/4.2", "sqrt(1.2*3/(4.2^2*5.2))") " and " IS_LIKE("p.w[2]", "2.3/4.2",
                                                                                "sqrt(2.3*1.9/(4.2^2*5.2))"));
  check("model m(y) { w ~ Dirichlet([1.2, 2.3, 0.7]); y ~ Normal(0, 1) }",
        IS_LIKE("p.w[3]", "0.7/4.2", "sqrt(0.7*3.5/(4.2^2*5.2))"));
  check("model m(y) { r ~ LKJ(3, 0.7); y ~ Normal(0, 1) }",
        IS_LIKE("p.r[1]", "0", "sqrt(1/3.4)") " and " IS_LIKE("p.r[2]", "0", "sqrt(1/3.4)") " and " IS_LIKE(
            "p.r[3]", "0", "sqrt(1/3.4)"));
  check("model m(y) { v ~ MvNormal([1, -2], [4, 1.5; 1.5, 2]); y ~ Normal(0, 1) }",
        IS_LIKE("p.v[1]", "1", "2") " and abs(Cov(p.v[1], p.v[2]) - 1.5) < 4*error(Cov(p.v[1], p.v[2]))");
}
END_TEST

Suite *th_suite_infer_transforms(void) {
  Suite *suite = suite_create("infer_transforms");
  ADD_ROWS(suite, volumes, N_POINTS);
  ADD_ROWS(suite, gradients, N_POINTS);
  ADD_ROWS(suite, there_and_back, N_POINTS);
  ADD(suite, ends_and_beyond);
  ADD(suite, far_out);
  ADD_ROWS(suite, priors_of_numbers, COUNT(priors));
  ADD(suite, priors_of_vectors);
  return suite;
}
