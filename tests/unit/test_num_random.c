/* test_num_random.c - the generator and the samplers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistical tests have fixed seeds: they pass or fail for ever. Their bounds are such that a right sampler
 * fails with another seed about once in a thousand. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/density.h"
#include "num/random.h"
#include "num/special.h"
#include "num/stats.h"
#include "unit.h"

enum { DRAWS = 200000 };
static double x[DRAWS];

/* Kolmogorov's distance from a cdf, times √n. Sorts x. */
static double distance(size_t n, double (*cdf)(double)) {
  double largest = 0;
  ck_assert(th_stats_sort(&(ThContext){.depth = 0}, n, x));
  for (size_t i = 0; i < n; i++) {
    double p = cdf(x[i]), low = (double)i / (double)n, high = (double)(i + 1) / (double)n;
    largest = fmax(largest, fmax(p - low, high - p));
  }
  return largest * sqrt((double)n);
}

/* The first numbers of seed 2385, as another program computes them from the published algorithm. */
START_TEST(known_bits) {
  static const uint64_t want[] = {0xffdb68ad97c75ca6, 0x48800aea9f36e8d, 0xdeb902ba9abcf0d6,
                                  0x532684690bfdd29d};
  ThRandom r;
  th_random_seed(&r, 2385);
  for (size_t i = 0; i < COUNT(want); i++) ck_assert_uint_eq(th_random_bits(&r), want[i]);
}
END_TEST

/* The same transcript everywhere: the first draws of each sampler for one seed. */
START_TEST(known_draws) {
  ThRandom r;
  th_random_seed(&r, 2385);
  double got[12];
  got[0] = th_random_uniform(&r);
  got[1] = th_random_normal(&r);
  got[2] = th_random_exponential(&r);
  got[3] = th_random_gamma(&r, 2.385);
  got[4] = th_random_gamma(&r, 0.37);
  got[5] = th_random_log_gamma(&r, 1e-5);
  got[6] = th_random_beta(&r, 0.037, 4.5);
  got[7] = th_random_beta(&r, 12.5, 45);
  got[8] = th_random_binomial(&r, 9, 0.37);
  got[9] = th_random_binomial(&r, 1e6, 0.37);
  got[10] = th_random_poisson(&r, 2.385);
  got[11] = th_random_poisson(&r, 1e5);
  static const double want[] = {
      0.9994416641054874,
      0.025627988146084187,
      0.61823910316053232,
      2.7408294147827728,
      0.050515372179910228,
      -65744.890673411806,
      2.4028052948680462e-09,
      0.25669243189117608,
      2,
      369134,
      1,
      100156,
  };
  for (size_t i = 0; i < COUNT(want); i++) ck_assert_msg(got[i] == want[i], "%zu: %.17g", i, got[i]);
}
END_TEST

START_TEST(streams_differ) {
  ThRandom a, b, child;
  th_random_seed(&a, 2385);
  th_random_stream(&b, 2385, 0);
  ck_assert(memcmp(&a, &b, sizeof a) != 0);
  for (uint64_t stream = 0; stream < 4; stream++) {
    double sum = 0;
    th_random_stream(&a, 2385, stream);
    th_random_stream(&b, 2385, stream + 1);
    for (int i = 0; i < 10000; i++) sum += (th_random_uniform(&a) - 0.5) * (th_random_uniform(&b) - 0.5);
    ck_assert(fabs(sum) < 3.3 * sqrt(10000) / 12);
  }
  th_random_split(&a, &child);
  ck_assert(memcmp(&a, &child, sizeof a) != 0);
  ThRandom again = child;
  ck_assert_uint_eq(th_random_bits(&child), th_random_bits(&again));
}
END_TEST

static double uniform_cdf(double t) { return t; }
static double normal_cdf(double t) { return th_special_normal_cdf(t); }
static double exponential_cdf(double t) { return -expm1(-t); }

START_TEST(continuous) {
  ThRandom r;
  th_random_seed(&r, 4711);
  th_random_fill_uniform(&r, DRAWS, x);
  ck_assert(distance(DRAWS, uniform_cdf) < 1.95 && x[0] > 0 && x[DRAWS - 1] < 1);
  th_random_fill_normal(&r, DRAWS, x);
  ck_assert(distance(DRAWS, normal_cdf) < 1.95);
  th_random_fill_exponential(&r, DRAWS, x);
  ck_assert(distance(DRAWS, exponential_cdf) < 1.95 && x[0] > 0);
}
END_TEST

static double shape;
static double gamma_cdf(double t) { return th_special_gamma_p(shape, t); }
static double log_gamma_cdf(double t) { /* below e^-700, P is x^a/Γ(a + 1) */
  return t > -700 ? th_special_gamma_p(shape, exp(t)) : exp(shape * t - th_special_lgamma1p(shape));
}

START_TEST(gammas) {
  static const double shapes[] = {0.0037, 0.37, 0.99, 1, 2.385, 45.5, 1e6};
  ThRandom r;
  th_random_stream(&r, 4711, (uint64_t)_i);
  shape = shapes[_i];
  for (size_t i = 0; i < DRAWS / 4; i++) x[i] = th_random_log_gamma(&r, shape);
  ck_assert(distance(DRAWS / 4, log_gamma_cdf) < 1.95);
  for (size_t i = 0; i < DRAWS / 4; i++) x[i] = th_random_gamma(&r, shape);
  if (shape > 0.1) ck_assert(distance(DRAWS / 4, gamma_cdf) < 1.95);
}
END_TEST

/* The tails of the ziggurats: the share beyond z among 20 million draws. */
START_TEST(tails) {
  enum { N = 20000000 };
  size_t beyond_layer = 0, beyond_4 = 0, beyond_10 = 0;
  ThRandom r;
  th_random_seed(&r, 99);
  for (int i = 0; i < N; i++) {
    double z = fabs(th_random_normal(&r)), e = th_random_exponential(&r);
    beyond_layer += z > 3.6541528853610088;
    beyond_4 += z > 4;
    beyond_10 += e > 10;
  }
  double want_layer = 2.0 * N * th_special_normal_cdf(-3.6541528853610088);
  double want_4 = 2.0 * N * th_special_normal_cdf(-4), want_10 = N * exp(-10);
  ck_assert(fabs((double)beyond_layer - want_layer) < 3.3 * sqrt(want_layer));
  ck_assert(fabs((double)beyond_4 - want_4) < 3.3 * sqrt(want_4));
  ck_assert(fabs((double)beyond_10 - want_10) < 3.3 * sqrt(want_10));
}
END_TEST

/* Pearson's statistic over the outcomes that are expected at least 20 times, as a normal deviate. */
static double chi_square(const double *counts, const double *masses, size_t n_outcomes, double n) {
  double sum = 0, rest_count = n, rest = n, cells = 0;
  for (size_t k = 0; k < n_outcomes; k++) {
    double want = n * masses[k];
    if (want < 20) continue;
    sum += (counts[k] - want) * (counts[k] - want) / want;
    rest -= want;
    rest_count -= counts[k];
    cells++;
  }
  if (rest > 20) sum += (rest_count - rest) * (rest_count - rest) / rest;
  return (sum - cells) / sqrt(2 * cells);
}

START_TEST(whole_families) {
  enum { OUTCOMES = 4000 };
  static const struct {
    double n, p; /* p = 0: Poisson(n) */
  } rows[] = {{9, 0.37},  {30, 0.3}, {100, 0.97}, {1000, 0.37}, {3000, 0.5},
              {2.385, 0}, {9.99, 0}, {12.5, 0},   {1000, 0}};
  static double counts[OUTCOMES], masses[OUTCOMES];
  ThRandom r;
  double n = rows[_i].n, p = rows[_i].p;
  th_random_stream(&r, 4711, (uint64_t)_i);
  for (size_t k = 0; k < OUTCOMES; k++) {
    double outcome = (double)k;
    counts[k] = 0;
    masses[k] = exp(p == 0 ? th_special_log_poisson(outcome, n)
                           : th_special_log_binomial(outcome, n, p, 1 - p));
  }
  for (size_t i = 0; i < DRAWS; i++) {
    double k = p == 0 ? th_random_poisson(&r, n) : th_random_binomial(&r, n, p);
    ck_assert(k >= 0 && k < OUTCOMES && floor(k) == k);
    counts[(size_t)k]++;
  }
  ck_assert_msg(fabs(chi_square(counts, masses, OUTCOMES, DRAWS)) < 3.3, "%g",
                chi_square(counts, masses, OUTCOMES, DRAWS));
}
END_TEST

/* Great parameters: mean and variance. */
START_TEST(large_counts) {
  ThRandom r;
  th_random_seed(&r, 4711);
  for (size_t i = 0; i < DRAWS; i++) x[i] = th_random_poisson(&r, 1e15);
  ck_assert(fabs(th_stats_mean(DRAWS, x) - 1e15) < 3.3 * sqrt(1e15 / DRAWS));
  ck_assert(fabs(th_stats_variance(DRAWS, x, 1) / 1e15 - 1) < 3.3 * sqrt(2.0 / DRAWS));
  for (size_t i = 0; i < DRAWS; i++) x[i] = th_random_binomial(&r, 1e12, 0.37);
  ck_assert(fabs(th_stats_mean(DRAWS, x) - 3.7e11) < 3.3 * sqrt(1e12 * 0.37 * 0.63 / DRAWS));
  for (size_t i = 0; i < DRAWS; i++) x[i] = th_random_binomial(&r, 1e12, 1e-12);
  ck_assert(fabs(th_stats_mean(DRAWS, x) - 1) < 3.3 / sqrt(DRAWS));
}
END_TEST

START_TEST(whole_numbers) {
  double seen[7] = {0}, masses[7];
  ThRandom r;
  th_random_seed(&r, 4711);
  for (size_t i = 0; i < 7; i++) masses[i] = 1.0 / 7;
  for (size_t i = 0; i < DRAWS; i++) seen[th_random_below(&r, 7)]++;
  ck_assert(fabs(chi_square(seen, masses, 7, DRAWS)) < 3.3);
  ck_assert_uint_eq(th_random_below(&r, 0), 0);
  ck_assert_uint_eq(th_random_below(&r, 1), 0);
  size_t high = 0, n = 3000;
  for (size_t i = 0; i < n; i++) high += th_random_below(&r, 0xC000000000000001u) >= 0x8000000000000000u;
  ck_assert(fabs((double)high - (double)n / 3) < 3.3 * sqrt((double)n * 2 / 9));
}
END_TEST

START_TEST(permutations) {
  size_t index[5], first[5] = {0};
  ThRandom r;
  th_random_seed(&r, 4711);
  for (int i = 0; i < 10000; i++) {
    size_t seen = 0;
    ck_assert(th_random_permutation(&(ThContext){.depth = 0}, &r, 5, index));
    for (size_t j = 0; j < 5; j++) seen |= (size_t)1 << index[j];
    ck_assert_uint_eq(seen, 31);
    first[index[0]]++;
  }
  for (size_t j = 0; j < 5; j++) ck_assert(fabs((double)first[j] - 2000) < 3.3 * 40);
}
END_TEST

START_TEST(fills_agree) {
  ThRandom a, b;
  th_random_seed(&a, 2385);
  b = a;
  th_random_fill_normal(&a, 1000, x);
  for (size_t i = 0; i < 1000; i++) ck_assert(x[i] == th_random_normal(&b));
  th_random_fill_exponential(&a, 1000, x);
  for (size_t i = 0; i < 1000; i++) ck_assert(x[i] == th_random_exponential(&b));
  th_random_fill_uniform(&a, 1000, x);
  for (size_t i = 0; i < 1000; i++) ck_assert(x[i] == th_random_uniform(&b));
  static const double shapes[] = {0.385, 1, 2.385};
  for (size_t k = 0; k < COUNT(shapes); k++) {
    th_random_fill_gamma(&a, shapes[k], 1000, x);
    for (size_t i = 0; i < 1000; i++) ck_assert(x[i] == th_random_gamma(&b, shapes[k]));
  }
  th_random_fill_gamma(&a, -1, 3, x);
  ck_assert(isnan(x[0]) && isnan(x[2]));
}
END_TEST

/* A family's fill, block by block, gives what its single draws give. */
START_TEST(families_fill_as_they_draw) {
  static const struct {
    const ThFamilyMath *family;
    double p[2];
  } rows[] = {{&th_normal_math, {1.5, 2.385}},
              {&th_uniform_math, {-1.5, 2.385}},
              {&th_exponential_math, {2.385}},
              {&th_gamma_math, {0.385, 1.7}},
              {&th_gamma_math, {2.385, 1.7}}};
  enum { MANY = 5000 };
  ThRandom a, b;
  th_random_seed(&a, 2385);
  b = a;
  for (size_t k = 0; k < COUNT(rows); k++) {
    ck_assert_ptr_nonnull(rows[k].family->fill);
    th_density_sample(rows[k].family, rows[k].p, &a, MANY, x);
    for (size_t i = 0; i < MANY; i++) ck_assert(x[i] == rows[k].family->sample(rows[k].p, &b));
  }
}
END_TEST

START_TEST(edges) {
  ThRandom r;
  th_random_seed(&r, 0);
  ck_assert(isnan(th_random_gamma(&r, 0)) && isnan(th_random_gamma(&r, (double)NAN)));
  ck_assert(isnan(th_random_beta(&r, -1, 2)) && isnan(th_random_log_gamma(&r, -1)));
  ck_assert(isnan(th_random_binomial(&r, 2.5, 0.37)) && isnan(th_random_binomial(&r, 9, 1.01)));
  ck_assert(isnan(th_random_poisson(&r, -1)) && th_random_poisson(&r, 0) == 0);
  ck_assert(th_random_binomial(&r, 9, 0) == 0 && th_random_binomial(&r, 9, 1) == 9);
  double tiny = th_random_log_gamma(&r, 1e-300);
  ck_assert(isfinite(tiny) && tiny < -1e297);
  for (int i = 0; i < 100; i++) {
    double t = th_random_beta(&r, 1e-300, 1e-300);
    ck_assert(t == 0 || t == 1);
  }
}
END_TEST

Suite *th_suite_num_random(void) {
  Suite *suite = suite_create("num_random");
  ADD(suite, known_bits);
  ADD(suite, known_draws);
  ADD(suite, streams_differ);
  ADD(suite, continuous);
  ADD_ROWS(suite, gammas, 7);
  ADD(suite, tails);
  ADD_ROWS(suite, whole_families, 9);
  ADD(suite, large_counts);
  ADD(suite, whole_numbers);
  ADD(suite, permutations);
  ADD(suite, fills_agree);
  ADD(suite, families_fill_as_they_draw);
  ADD(suite, edges);
  return suite;
}
