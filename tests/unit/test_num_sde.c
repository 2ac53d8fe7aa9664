/* test_num_sde.c - random paths: strong orders along one and the same Brownian motion, and what paths are worth */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/sde.h"
#include "unit.h"

enum { PATHS = 2000, FINE = 512 };

static const double rate = 0.7, spread = 0.6;

static bool growth(void *self, double t, const double *x, double *out) {
  (void)self, (void)t;
  for (size_t i = 0; i < PATHS; i++) out[i] = rate * x[i];
  return true;
}

static bool volatility(void *self, double t, const double *x, double *out) {
  (void)self, (void)t;
  for (size_t i = 0; i < PATHS; i++) out[i] = spread * x[i];
  return true;
}

static bool decay(void *self, double t, const double *x, double *out) {
  (void)self, (void)t;
  for (size_t i = 0; i < PATHS; i++) out[i] = -x[i];
  return true;
}

static bool even(void *self, double t, const double *x, double *out) {
  (void)self, (void)t, (void)x;
  for (size_t i = 0; i < PATHS; i++) out[i] = spread;
  return true;
}

/* The fine increments of one Brownian motion a path, over [0, 1]. */
static double increments[FINE][PATHS];

static void draw_increments(void) {
  ThRandom random;
  th_random_seed(&random, 17);
  th_random_fill_normal(&random, (size_t)FINE * PATHS, &increments[0][0]);
  for (size_t k = 0; k < FINE; k++)
    for (size_t i = 0; i < PATHS; i++) increments[k][i] *= sqrt(1.0 / FINE);
}

/* x at 1 by n steps, each with the sum of its fine increments. */
static void walk(const ThSdeProblem *problem, size_t n, double *x) {
  static double work[5 * PATHS], noise[PATHS];
  ck_assert_uint_le(th_sde_work(problem), 5 * PATHS);
  for (size_t i = 0; i < PATHS; i++) x[i] = 1;
  for (size_t k = 0; k < n; k++) {
    memset(noise, 0, sizeof noise);
    for (size_t j = k * FINE / n; j < (k + 1) * FINE / n; j++)
      for (size_t i = 0; i < PATHS; i++) noise[i] += increments[j][i];
    ck_assert(th_sde_step(problem, (double)k / (double)n, 1 / (double)n, noise, x, work, k == 0));
  }
}

static double mean_distance(const double *x, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < PATHS; i++) sum += fabs(x[i] - y[i]);
  return sum / PATHS;
}

/* The order between n and 4 n steps, against `exact`. */
static double strong_order(const ThSdeProblem *problem, size_t n, const double *exact) {
  static double coarse[PATHS], fine[PATHS];
  walk(problem, n, coarse);
  walk(problem, 4 * n, fine);
  return 0.5 * log2(mean_distance(coarse, exact) / mean_distance(fine, exact));
}

/* Geometric Brownian motion: Itô's solution has -spread²/2 in its exponent, Stratonovich's has not. */
START_TEST(multiplicative_noise) {
  static double exact[PATHS];
  draw_increments();
  for (int heun = 0; heun < 2; heun++) {
    for (size_t i = 0; i < PATHS; i++) {
      double w = 0;
      for (size_t k = 0; k < FINE; k++) w += increments[k][i];
      exact[i] = exp(rate - (heun ? 0 : 0.5 * spread * spread) + spread * w);
    }
    ThSdeProblem p = {.drift = growth, .diffusion = volatility, .heun = heun, .n = PATHS};
    double order = strong_order(&p, 16, exact);
    ck_assert_msg(fabs(order - (heun ? 1 : 0.5)) < 0.1, "%s: order %g", heun ? "Heun" : "Euler", order);
  }
}
END_TEST

/* With additive noise Euler's method gains half an order; the finest walk stands for the solution. */
START_TEST(additive_noise) {
  static double exact[PATHS];
  draw_increments();
  ThSdeProblem p = {.drift = decay, .diffusion = even, .constant = true, .heun = true, .n = PATHS};
  walk(&p, FINE, exact);
  p.heun = false;
  double order = strong_order(&p, 8, exact);
  ck_assert_msg(fabs(order - 1) < 0.1, "order %g", order);
}
END_TEST

/* Paths of Ornstein and Uhlenbeck settle at the variance spread²/2. */
START_TEST(paths) {
  ThContext cx;
  unit_context(&cx);
  static double rows[3 * PATHS], again[3 * PATHS];
  const double times[3] = {0, 1.5, 4};
  ThRandom random;
  double reached, sum = 0;
  ThSdeProblem p = {.drift = decay, .diffusion = even, .constant = true, .n = PATHS};
  th_random_seed(&random, 3);
  ck_assert(th_sde_path(&cx, &p, &random, 100, 3, times, rows, &reached) && reached == 4);
  th_random_seed(&random, 3);
  ck_assert(th_sde_path(&cx, &p, &random, 100, 3, times, again, &reached));
  ck_assert_mem_eq(rows, again, sizeof rows);
  for (size_t i = 0; i < PATHS; i++) sum += rows[2 * PATHS + i] * rows[2 * PATHS + i];
  double wanted = 0.5 * spread * spread; /* 5 standard errors */
  ck_assert_double_eq_tol(sum / PATHS, wanted, 5 * wanted * sqrt(2.0 / PATHS));
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_sde(void) {
  Suite *suite = suite_create("num_sde");
  ADD(suite, multiplicative_noise);
  ADD(suite, additive_noise);
  ADD(suite, paths);
  return suite;
}
