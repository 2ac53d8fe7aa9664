/* test_num_diagnostics.c - what draws of chains tell, on chains whose answers are known */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An autoregressive chain x_t = φ x_{t-1} + sqrt(1 - φ²) e_t is standard normal, and n of its draws tell as much of the
 * mean as n (1 - φ)/(1 + φ) independent ones. */
#include "num/diagnostics.h"

#include <math.h>

#include "num/random.h"
#include "unit.h"

enum { N_CHAINS = 4, N_DRAWS = 5000, N = N_CHAINS * N_DRAWS };
static double x[N];

/* Chain after chain; chain c is moved by c·shift and stretched by 1 + c·stretch. */
static void autoregress(double phi, double shift, double stretch) {
  ThRandom r;
  th_random_seed(&r, 7);
  for (size_t c = 0; c < N_CHAINS; c++) {
    double at = th_random_normal(&r);
    for (size_t t = 0; t < N_DRAWS; t++) {
      x[c * N_DRAWS + t] = at * (1 + (double)c * stretch) + (double)c * shift;
      at = phi * at + sqrt(1 - phi * phi) * th_random_normal(&r);
    }
  }
}

static const struct {
  double phi, tolerance; /* of the effective number, relative */
} rows[] = {{0, 0.03}, {0.3, 0.05}, {0.5, 0.05}, {0.9, 0.1}, {0.97, 0.2}, {-0.3, 0.05}, {-0.6, 0.08}};

START_TEST(autoregressive_chains) {
  ThContext cx;
  ThDiagnosis d;
  double size, phi = rows[_i].phi, want = N * (1 - phi) / (1 + phi);
  unit_context(&cx);
  autoregress(phi, 0, 0);
  ck_assert(th_effective_size(&cx, N_CHAINS, N_DRAWS, x, &size));
  ck_assert_msg(fabs(size / want - 1) < rows[_i].tolerance, "φ = %g: %g, want %g", phi, size, want);
  ck_assert(th_diagnose(&cx, N_CHAINS, N_DRAWS, x, &d));
  ck_assert_msg(fabs(d.ess_bulk / want - 1) < rows[_i].tolerance, "φ = %g: bulk %g, want %g", phi, d.ess_bulk,
                want);
  ck_assert_double_eq_tol(d.mcse * sqrt(want), 1, 0.5 * rows[_i].tolerance + 0.02);
  /* the mean of n draws has variance 1/size; that of halves tells their mean squares apart by so much */
  ck_assert_double_lt(d.rhat, 1 + 10.0 * 2 * N_CHAINS / want);
  ck_assert_double_ge(d.rhat, 0.999);
  /* of a mark at the 5 % quantile the autocorrelations are weaker than those of the draws */
  if (phi > 0) ck_assert(d.ess_tail > want && d.ess_tail < N);
  if (phi == 0) ck_assert_double_eq_tol(d.ess_tail / N, 1, 0.06);
  unit_done(&cx);
}
END_TEST

/* Swinging from side to side tells more than independence, but not more than log10 n times as much. */
START_TEST(swinging_chains) {
  ThContext cx;
  double size;
  unit_context(&cx);
  autoregress(-0.95, 0, 0);
  ck_assert(th_effective_size(&cx, N_CHAINS, N_DRAWS, x, &size));
  ck_assert_double_eq_tol(size, N * log10(N), 1e-9 * N);
  unit_done(&cx);
}
END_TEST

/* Chains apart by a: means -1.5 a, -a/2, … of variance 5a²/3 (n - 1 in the denominator is that of halves, 8 of them:
 * 1.25 a² · 8/7), so that without ranks R-hat² is 1 + that. Ranks of nearly normal draws change little of it. */
START_TEST(chains_apart) {
  ThContext cx;
  ThDiagnosis d;
  unit_context(&cx);
  autoregress(0, 0.2, 0);
  ck_assert(th_diagnose(&cx, N_CHAINS, N_DRAWS, x, &d));
  ck_assert_double_eq_tol(d.rhat, sqrt(1 + 1.25 * 0.04 * 8 / 7), 3e-3);
  autoregress(0, 3, 0);
  ck_assert(th_diagnose(&cx, N_CHAINS, N_DRAWS, x, &d));
  ck_assert_double_gt(d.rhat, 1.7);
  ck_assert_double_lt(d.ess_bulk, 12);
  unit_done(&cx);
}
END_TEST

/* The same mean, but not the same spread: only the folded ranks tell. */
START_TEST(chains_of_unlike_spread) {
  ThContext cx;
  ThDiagnosis d;
  double size;
  unit_context(&cx);
  autoregress(0, 0, 1);
  ck_assert(th_diagnose(&cx, N_CHAINS, N_DRAWS, x, &d));
  ck_assert_double_gt(d.rhat, 1.1);
  ck_assert(th_effective_size(&cx, N_CHAINS, N_DRAWS, x, &size));
  ck_assert_double_gt(size, 0.9 * N);
  unit_done(&cx);
}
END_TEST

START_TEST(nothing_to_tell) {
  ThContext cx;
  ThDiagnosis d;
  unit_context(&cx);
  for (size_t i = 0; i < N; i++) x[i] = 2.385;
  ck_assert(th_diagnose(&cx, N_CHAINS, N_DRAWS, x, &d));
  ck_assert(isnan(d.rhat) && isnan(d.ess_bulk) && isnan(d.ess_tail) && isnan(d.mcse));
  autoregress(0, 0, 0);
  ck_assert(th_diagnose(&cx, N_CHAINS, 3, x, &d));
  ck_assert(isnan(d.rhat) && isnan(d.ess_bulk) && isnan(d.mcse));
  unit_done(&cx);
}
END_TEST

/* Mean square of changes over variance: 2 (1 - φ). */
START_TEST(energies) {
  static const double phis[] = {0, 0.5, 0.9};
  for (size_t i = 0; i < COUNT(phis); i++) {
    autoregress(phis[i], 0, 0);
    ck_assert_double_eq_tol(th_diagnose_energy(N_DRAWS, x), 2 * (1 - phis[i]), 0.06);
  }
}
END_TEST

static bool attempt(ThContext *cx) {
  ThDiagnosis d;
  return th_diagnose(cx, 2, 50, x, &d);
}

START_TEST(refused_memory) {
  ThContext cx;
  unit_context(&cx);
  autoregress(0.5, 0, 0);
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_num_diagnostics(void) {
  Suite *suite = suite_create("num_diagnostics");
  ADD_ROWS(suite, autoregressive_chains, COUNT(rows));
  ADD(suite, swinging_chains);
  ADD(suite, chains_apart);
  ADD(suite, chains_of_unlike_spread);
  ADD(suite, nothing_to_tell);
  ADD(suite, energies);
  ADD(suite, refused_memory);
  return suite;
}
