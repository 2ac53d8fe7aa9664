/* test_infer_least_squares.c - least squares against certified values, and what is flat */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/least_squares.h"
#include "unit.h"

static void check_near(double x, double want, double tolerance) {
  ck_assert_msg(fabs(x - want) <= tolerance * fabs(want), "%.17g instead of %.17g", x, want);
}

/* NIST StRD, Wampler5: a polynomial with all coefficients 1, and large residuals. */
static const double wampler[] = {7590001,   -20479994, 20480063,  -20479636, 25231365,  -20476094, 20489331,
                                 -20460392, 18417449,  -20413570, 20591111,  -20302844, 18651453,  -20077766,
                                 21059195,  -19666384, 26348481,  -18971402, 22480719,  -17866340, 10958421};

static const double wampler_sd[] = {21523262.467816968079, 23635517.346968052086, 7793435.2433158309081,
                                    1014755.0755034964796, 56456.651217075156774, 1123.2485467931193702};

START_TEST(large_residuals_cost_no_digits) {
  enum { N = 21, K = 6 };
  ThContext cx;
  ThLeastSquares s;
  double a[N * K];
  unit_context(&cx);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < K; j++) a[i * K + j] = j ? a[i * K + j - 1] * i : 1;
  ck_assert(th_least_squares(&cx, N, K, a, wampler, &s));
  ck_assert_uint_eq(s.rank, K);
  check_near(s.sum_squares, 8355426800000000.0, 1e-14);
  for (int j = 0; j < K; j++) {
    check_near(s.x[j], 1, 1e-12);
    check_near(sqrt(s.covariance[j * (K + 1)] * s.sum_squares / (N - K)), wampler_sd[j], 1e-12);
  }
  th_least_squares_clear(&s);
  unit_done(&cx);
}
END_TEST

/* NIST StRD, Longley: y, then six columns that nearly hang on each other. */
static const double longley[16][7] = {
    {60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
    {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
    {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
    {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
    {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
    {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
    {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
    {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};

static const double longley_x[] = {-3482258.6345958183253, 15.06187227137329497,   -0.035819179292591016617,
                                   -2.0202298038168250857, -1.0332268671735919755, -0.051104105653580714471,
                                   1829.1514646135518452};

START_TEST(nearly_dependent_columns) {
  enum { N = 16, K = 7 };
  ThContext cx;
  ThLeastSquares s;
  double a[N * K], b[N];
  unit_context(&cx);
  for (int i = 0; i < N; i++) {
    b[i] = longley[i][0];
    a[i * K] = 1;
    memcpy(a + i * K + 1, longley[i] + 1, 6 * sizeof *a);
  }
  ck_assert(th_least_squares(&cx, N, K, a, b, &s));
  for (int j = 0; j < K; j++) check_near(s.x[j], longley_x[j], 1e-12);
  check_near(s.sum_squares, 836424.0555059146225, 1e-12);
  check_near(sqrt(s.covariance[0] * s.sum_squares / (N - K)), 890420.38360737254724, 1e-10);
  th_least_squares_clear(&s);
  unit_done(&cx);
}
END_TEST

/* root' root = A'A, and covariance its inverse. */
START_TEST(root_and_covariance) {
  static const double a[] = {1, 2.385, 1, -0.7, 1, 1e3}, b[] = {0.3, 1.1, -2};
  ThContext cx;
  ThLeastSquares s;
  unit_context(&cx);
  ck_assert(th_least_squares(&cx, 3, 2, a, b, &s));
  double sum = 2.385 - 0.7 + 1e3, squares = 2.385 * 2.385 + 0.49 + 1e6, det = 3 * squares - sum * sum;
  check_near(s.root[0] * s.root[0], 3, 1e-14);
  check_near(s.root[0] * s.root[1], sum, 1e-14);
  check_near(s.root[1] * s.root[1] + s.root[3] * s.root[3], squares, 1e-14);
  ck_assert_double_eq(s.root[2], 0);
  check_near(s.covariance[0], squares / det, 1e-12);
  check_near(s.covariance[1], -sum / det, 1e-12);
  check_near(s.covariance[3], 3 / det, 1e-12);
  th_least_squares_clear(&s);
  unit_done(&cx);
}
END_TEST

/* What does not change A x: (rows, k, A, direction). */
static const struct {
  size_t m, k, rank;
  double a[6], flat[3];
} flats[] = {
    {3, 2, 1, {1, 2, 2, 4, 3, 6}, {1, -0.5}}, {3, 2, 1, {1, 0, 2, 0, -3, 0}, {0, 1}},
    {2, 2, 1, {1, -1e6, 2, -2e6}, {1, 1e-6}}, {1, 2, 1, {4, 5}, {1, -0.8}},
    {2, 2, 0, {0, 0, 0, 0}, {0, 1}},
};

START_TEST(flat_directions) {
  static const double b[] = {1, 2, 3};
  ThContext cx;
  ThLeastSquares s;
  unit_context(&cx);
  ck_assert(th_least_squares(&cx, flats[_i].m, flats[_i].k, flats[_i].a, b, &s));
  ck_assert_uint_eq(s.rank, flats[_i].rank);
  ck_assert(isnan(s.x[0]) && isnan(s.covariance[0]));
  for (size_t j = 0; j < flats[_i].k && flats[_i].rank; j++)
    ck_assert_double_eq_tol(s.flat[j], flats[_i].flat[j], 1e-14);
  th_least_squares_clear(&s);
  unit_done(&cx);
}
END_TEST

START_TEST(nothing_to_solve_for) {
  static const double b[] = {3, 4};
  ThContext cx;
  ThLeastSquares s;
  unit_context(&cx);
  ck_assert(th_least_squares(&cx, 2, 0, NULL, b, &s));
  ck_assert_double_eq(s.sum_squares, 25);
  ck_assert_uint_eq(s.rank, 0);
  th_least_squares_clear(&s);
  unit_done(&cx);
}
END_TEST

static bool attempt(ThContext *cx) {
  static const double a[] = {1, 1, 1, 2, 1, 3}, b[] = {1, 2, 2};
  ThLeastSquares s;
  bool ok = th_least_squares(cx, 3, 2, a, b, &s);
  if (ok) th_least_squares_clear(&s);
  return ok;
}

START_TEST(memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_infer_least_squares(void) {
  Suite *suite = suite_create("infer_least_squares");
  ADD(suite, large_residuals_cost_no_digits);
  ADD(suite, nearly_dependent_columns);
  ADD(suite, root_and_covariance);
  ADD_ROWS(suite, flat_directions, COUNT(flats));
  ADD(suite, nothing_to_solve_for);
  ADD(suite, memory);
  return suite;
}
