/* test_num_stats.c - statistics of arrays, NIST's univariate data among them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NIST's files are read from ../shared/reference/nist, or the folder that THETA_NIST names; without them
 * their test passes unasked. The three NumAcc sets that a loop can write are here in any case, with the exact
 * values for the doubles that their decimals become. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/random.h"
#include "num/stats.h"
#include "unit.h"

enum { MOST = 6000 };
static double x[MOST], y[MOST];

static double relative_error(double got, double want) {
  return got == want ? 0 : fabs(got - want) / fabs(want);
}

#define NEAR(got, want, tolerance) \
  ck_assert_msg(relative_error(got, want) <= (tolerance), #got " is %.17g, want %.17g", got, want)

/* --- NIST ---------------------------------------------------------------------------------------- */

static void acc(double center, double low, double high) {
  x[0] = center;
  for (size_t i = 1; i < 1001; i++) x[i] = i % 2 ? low : high;
}

START_TEST(numerical_accuracy) {
  acc(1.2, 1.1, 1.3);
  NEAR(th_stats_mean(1001, x), 1.2, 2e-16);
  NEAR(th_stats_sd(1001, x, 1), 0.1, 1e-14);
  NEAR(th_stats_autocorrelation(1001, x, 1), -0.999, 1e-14);
  acc(1000000.2, 1000000.1, 1000000.3);
  NEAR(th_stats_mean(1001, x), 1000000.2000000000116, 2e-16);
  NEAR(th_stats_sd(1001, x, 1), 0.10000000003492459655, 1e-15);
  NEAR(th_stats_autocorrelation(1001, x, 1), -0.99899999999941850489, 1e-14);
  acc(10000000.2, 10000000.1, 10000000.3);
  NEAR(th_stats_mean(1001, x), 10000000.200000000185, 2e-16);
  NEAR(th_stats_sd(1001, x, 1), 0.10000000055879354477, 1e-15);
  NEAR(th_stats_autocorrelation(1001, x, 1), -0.99899999999069607814, 1e-14);
}
END_TEST

static FILE *open_nist(const char *name) {
  char path[400];
  const char *folder = getenv("THETA_NIST");
  snprintf(path, sizeof path, "%.200s/%.100s", folder ? folder : "../shared/reference/nist", name);
  return fopen(path, "r");
}

static size_t read_data(const char *name) {
  char path[120], line[100];
  snprintf(path, sizeof path, "data/%.60s.tsv", name);
  FILE *file = open_nist(path);
  size_t n = 0;
  ck_assert_ptr_nonnull(file);
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file)); /* the heading */
  while (n < MOST && fgets(line, sizeof line, file)) x[n++] = strtod(line, NULL);
  fclose(file);
  return n;
}

/* Columns: dataset, level, n_obs, parameter, certified, refined_exact. NumAcc3 and 4 are certified for
 * decimals, of which doubles keep nine digits of the spread. */
START_TEST(nist_univariate) {
  FILE *file = open_nist("univariate.tsv");
  char line[400], name[60], parameter[60], refined[60], last[60] = "";
  size_t n = 0, rows = 0;
  if (!file) return;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%59s %*s %*s %59s %*s %59s", name, parameter, refined) != 3 ||
        strcmp(name, "dataset") == 0)
      continue;
    if (strcmp(name, last) != 0) n = read_data(name);
    memcpy(last, name, sizeof last);
    double want = strtod(refined, NULL), got = strcmp(parameter, "mean") == 0 ? th_stats_mean(n, x)
                                               : strcmp(parameter, "sd_n-1") == 0
                                                   ? th_stats_sd(n, x, 1)
                                                   : th_stats_autocorrelation(n, x, 1);
    bool decimal = strcmp(name, "NumAcc3") == 0 || strcmp(name, "NumAcc4") == 0;
    bool small = strcmp(name, "PiDigits") == 0 && strncmp(parameter, "auto", 4) == 0; /* a sum that cancels */
    double error = relative_error(got, want);
    ck_assert_msg(error <= (decimal ? 1e-8
                            : small ? 5e-13
                                    : 1e-13),
                  "%s %s: %.17g, want %s, error %.1g", name, parameter, got, refined, error);
    rows++;
  }
  fclose(file);
  ck_assert_uint_eq(rows, 27);
}
END_TEST

/* --- Moments ------------------------------------------------------------------------------------- */

START_TEST(moments) {
  static const double a[] = {2.385, -0.37, 45.5, 12.25, 3.5}, b[] = {1.5, 0.25, 30, 11, -2},
                      w[] = {1, 2, 0.5, 0, 3};
  NEAR(th_stats_sum(5, a), 63.265, 1e-15);
  NEAR(th_stats_product(5, a), -1721.494490625, 1e-15);
  NEAR(th_stats_variance(5, a, 1), 359.473895, 1e-15);
  NEAR(th_stats_variance(5, a, 0), 287.579116, 1e-15);
  NEAR(th_stats_skewness(5, a), 1.2869607043713636, 1e-14);
  NEAR(th_stats_kurtosis(5, a), -0.07145670012310701, 1e-13);
  NEAR(th_stats_covariance(5, a, b, 1), 245.1563125, 1e-15);
  NEAR(th_stats_correlation(5, a, b), 0.9808091654231131, 1e-14);
  NEAR(th_stats_weighted_mean(5, a, w), 34.895 / 6.5, 1e-15);
  NEAR(th_stats_weighted_variance(5, a, w), 137.00070147928994, 1e-14);
  ck_assert(th_stats_correlation(5, a, a) == 1);
  ck_assert(isnan(th_stats_variance(1, a, 1)) && isnan(th_stats_mean(0, a)) && th_stats_sum(0, a) == 0);
  ck_assert(th_stats_variance(1, a, 0) == 0 && isnan(th_stats_correlation(1, a, b)));
  const double huge[] = {1e308, 1.5e308, 0.5e308};
  NEAR(th_stats_mean(3, huge), 1e308, 1e-15);
  const double constant[] = {0.1, 0.1, 0.1, 0.1};
  ck_assert(th_stats_variance(4, constant, 1) == 0 && isnan(th_stats_correlation(4, constant, a)));
}
END_TEST

START_TEST(matrices) {
  enum { ROWS = 500, COLS = 3 };
  double data[ROWS * COLS], work[ROWS * COLS], c[COLS * COLS];
  ThRandom r;
  th_random_seed(&r, 2385);
  for (size_t i = 0; i < ROWS; i++) {
    data[i * COLS] = 1e6 + th_random_normal(&r);
    data[i * COLS + 1] = 0.37 * data[i * COLS] + th_random_normal(&r);
    data[i * COLS + 2] = th_random_exponential(&r);
  }
  th_stats_covariance_matrix(ROWS, COLS, data, 1, work, c);
  for (size_t j = 0; j < COLS; j++)
    for (size_t k = 0; k < COLS; k++) {
      for (size_t i = 0; i < ROWS; i++) x[i] = data[i * COLS + j], y[i] = data[i * COLS + k];
      ck_assert(fabs(c[j * COLS + k] - th_stats_covariance(ROWS, x, y, 1)) < 1e-14);
    }
  th_stats_correlation_matrix(ROWS, COLS, data, work, c);
  for (size_t i = 0; i < ROWS; i++) x[i] = data[i * COLS], y[i] = data[i * COLS + 1];
  NEAR(c[1], th_stats_correlation(ROWS, x, y), 1e-14);
  ck_assert(c[0] == 1 && c[1] == c[3]);
}
END_TEST

START_TEST(extremes_and_norm) {
  double a[] = {2.385, -0.37, 45.5, -0.37, 45.5};
  ck_assert(th_stats_min(5, a) == -0.37 && th_stats_max(5, a) == 45.5);
  ck_assert_uint_eq(th_stats_argmin(5, a), 1);
  ck_assert_uint_eq(th_stats_argmax(5, a), 2);
  a[3] = (double)NAN;
  ck_assert(isnan(th_stats_min(5, a)) && th_stats_argmin(5, a) == 3 && th_stats_argmax(5, a) == 3);
  ck_assert(isnan(th_stats_norm(5, a)) && isnan(th_stats_min(0, a)));
  const double great[] = {3e300, -4e300}, tiny[] = {3e-300, 4e-300}, plain[] = {0.3, 0.4};
  NEAR(th_stats_norm(2, great), 5e300, 1e-15);
  NEAR(th_stats_norm(2, tiny), 5e-300, 1e-15);
  NEAR(th_stats_norm(2, plain), 0.5, 1e-15);
  ck_assert(th_stats_norm(0, a) == 0);
}
END_TEST

START_TEST(accumulate) {
  static const double a[] = {2.5, -0.25, 4, 0.5}, sums[] = {2.5, 2.25, 6.25, 6.75},
                      products[] = {2.5, -0.625, -2.5, -1.25};
  double b[4];
  th_stats_cumulative_sum(4, a, b);
  ck_assert(memcmp(b, sums, sizeof b) == 0);
  memcpy(b, a, sizeof b);
  th_stats_cumulative_product(4, b, b);
  ck_assert(memcmp(b, products, sizeof b) == 0);
  for (size_t i = 0; i < 1000; i++) x[i] = 0.1;
  th_stats_cumulative_sum(1000, x, y);
  ck_assert(y[999] == 100);
}
END_TEST

/* --- Order --------------------------------------------------------------------------------------- */

/* Arrays that are hard on quicksort. */
static void fill_pattern(int pattern, size_t n) {
  ThRandom r;
  th_random_seed(&r, (uint64_t)pattern);
  for (size_t i = 0; i < n; i++) {
    double t = (double)i;
    x[i] = pattern == 0   ? th_random_normal(&r)
           : pattern == 1 ? t
           : pattern == 2 ? -t
           : pattern == 3 ? 2.385
           : pattern == 4 ? fmod(t, 7)
           : pattern == 5 ? fmod(t * t, 1009)
           : pattern == 6 ? (i % 5 == 0 ? (double)NAN : th_random_uniform(&r))
                          : (i < n / 2 ? t : (double)n - t);
  }
}

START_TEST(sorting) {
  static size_t index[MOST], work[MOST];
  static double sorted[MOST];
  for (size_t n = 0; n <= MOST; n = n < 60 ? n + 1 : 2 * n + 7) {
    fill_pattern(_i, n);
    memcpy(sorted, x, n * sizeof *x);
    ck_assert(th_stats_sort(&(ThContext){.depth = 0}, n, sorted));
    ck_assert(th_stats_sort_index(&(ThContext){.depth = 0}, n, x, work, index));
    for (size_t i = 0; i < n; i++)
      ck_assert(sorted[i] == x[index[i]] || (isnan(sorted[i]) && isnan(x[index[i]])));
    for (size_t i = 1; i < n; i++) {
      ck_assert(sorted[i - 1] <= sorted[i] || isnan(sorted[i]));
      bool equal = x[index[i]] == x[index[i - 1]] || (isnan(x[index[i]]) && isnan(x[index[i - 1]]));
      ck_assert(!equal || index[i] > index[i - 1]);
    }
    double quantile, selected;
    for (size_t k = 0; k <= n; k = 2 * k + 1) {
      memcpy(y, x, n * sizeof *x);
      ck_assert(th_stats_select_inplace(&(ThContext){.depth = 0}, n, y, k, &selected));
      ck_assert(k < n && !isnan(sorted[k]) ? selected == sorted[k] : isnan(selected));
    }
    if (n == 0 || _i == 6) continue;
    for (double p = 0; p <= 1; p += 0.0731) {
      memcpy(y, x, n * sizeof *x);
      ck_assert(th_stats_quantile_inplace(&(ThContext){.depth = 0}, n, y, p, &quantile));
      ck_assert(quantile == th_stats_quantile_sorted(n, sorted, p));
    }
  }
}
END_TEST

START_TEST(quantiles) {
  ThContext cx;
  unit_context(&cx);
  const double a[] = {45.5, 2.385, -0.37, 12.25, 3.5}, inf[] = {-(double)INFINITY, 1, (double)INFINITY},
               nan[] = {1, (double)NAN};
  double q;
  ck_assert(th_stats_quantile(&cx, 5, a, 0.3, &q));
  NEAR(q, 2.385 + 0.2 * (3.5 - 2.385), 1e-15);
  ck_assert(th_stats_median(&cx, 5, a, &q) && q == 3.5);
  ck_assert(th_stats_quantile(&cx, 5, a, 1, &q) && q == 45.5);
  ck_assert(th_stats_quantile(&cx, 3, inf, 0.5, &q) && q == 1);
  ck_assert(th_stats_quantile(&cx, 3, inf, 0.2, &q) && q == -(double)INFINITY);
  ck_assert(th_stats_quantile(&cx, 2, nan, 0.5, &q) && isnan(q));
  ck_assert(th_stats_quantile(&cx, 0, a, 0.5, &q) && isnan(q));
  ck_assert(th_stats_quantile(&cx, 5, a, 1.01, &q) && isnan(q));
  unit_done(&cx);
}
END_TEST

static bool try_quantile(ThContext *cx) {
  double q;
  return th_stats_quantile(cx, 100, x, 0.37, &q);
}

START_TEST(want_of_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, try_quantile);
  unit_done(&cx);
}
END_TEST

START_TEST(ranks_and_unique) {
  double a[] = {3.5, 1.25, 3.5, (double)NAN, -2, 3.5, (double)NAN}, ranks[7];
  size_t index[7], work[7];
  const double want[] = {4, 2, 4, 6, 1, 4, 7};
  ck_assert(th_stats_sort_index(&(ThContext){.depth = 0}, 7, a, work, index));
  th_stats_ranks(7, a, index, ranks);
  ck_assert(memcmp(ranks, want, sizeof want) == 0);
  ck_assert(th_stats_sort(&(ThContext){.depth = 0}, 7, a));
  ck_assert_uint_eq(th_stats_unique_sorted(7, a), 4);
  ck_assert(a[0] == -2 && a[1] == 1.25 && a[2] == 3.5 && isnan(a[3]));
  ck_assert_uint_eq(th_stats_count_below(3, a, 1.25, false), 1);
  ck_assert_uint_eq(th_stats_count_below(3, a, 1.25, true), 2);
}
END_TEST

START_TEST(histograms) {
  double edges[] = {0, 0.1, 0.2, 0.3, 0.4, 2}, counts[5];
  const double data[] = {0,   0.1,   0.3,       0.30000000000000004, 0.39999, 2,
                         1.5, -1e-9, 2.0000001, (double)NAN,         0.05};
  const double want[] = {2, 1, 0, 3, 2};
  th_stats_histogram(COUNT(data), data, 5, edges, counts);
  ck_assert(memcmp(counts, want, sizeof want) == 0);
  for (size_t i = 0; i < 1000; i++) x[i] = (double)i;
  ck_assert_uint_eq(th_stats_bin_count(1000, x), 10);
  for (size_t i = 0; i < 1000; i++) x[i] = i < 999 ? 2.5 : 7;
  ck_assert_uint_eq(th_stats_bin_count(1000, x), 11);
  ck_assert_uint_eq(th_stats_bin_count(1, x), 1);
  ck_assert_uint_eq(th_stats_bin_count(999, x), 1);
}
END_TEST

Suite *th_suite_num_stats(void) {
  Suite *suite = suite_create("num_stats");
  ADD(suite, numerical_accuracy);
  ADD(suite, nist_univariate);
  ADD(suite, moments);
  ADD(suite, matrices);
  ADD(suite, extremes_and_norm);
  ADD(suite, accumulate);
  ADD_ROWS(suite, sorting, 8);
  ADD(suite, quantiles);
  ADD(suite, want_of_memory);
  ADD(suite, ranks_and_unique);
  ADD(suite, histograms);
  return suite;
}
