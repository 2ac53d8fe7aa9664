/* draws.c - draws held to the cdf and the masses of their distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draws.h"

#include <math.h>

#include "num/real.h"
#include "num/stats.h"
#include "unit.h"

#define LEVEL UNIT_DRAWS_LEVEL

/* The draws of element i, sorted. */
typedef struct Draws {
  ThContext *cx;
  const ThDistribution *d;
  const char *text;
  size_t i, n;
  double *x;
} Draws;

static double measure(const Draws *s, ThMeasure what, double x) {
  double y;
  ck_assert_msg(th_distribution_measure(s->cx, s->d, s->i, what, x, &y), "%s: %s", s->text,
                s->cx->error.message);
  return y;
}

static void check_support(const Draws *s) {
  double low, high;
  th_distribution_support(s->d, s->i, &low, &high);
  ck_assert_msg(s->x[0] >= low && s->x[s->n - 1] <= high, "%s: draws from %.17g to %.17g", s->text, s->x[0],
                s->x[s->n - 1]);
}

/* The distance passes λ/√n with a probability below 2 exp(-2λ²) (Massart 1990). The cdf is asked at some of the draws
 * only, which can but lower the distance; a draw stands for the numbers that are rounded to it. */
static void check_distance(const Draws *s) {
  enum { POINTS = 4000 };
  double most = sqrt(0.5 * log(2 / LEVEL) / (double)s->n);
  for (size_t k = 0; k <= POINTS; k++) {
    size_t j = k * (s->n - 1) / POINTS;
    double below = measure(s, TH_CDF, nextafter(s->x[j], -TH_INFINITY)),
           above = measure(s, TH_CDF, nextafter(s->x[j], TH_INFINITY));
    double share = (double)j / (double)s->n;
    ck_assert_msg(below - share < most && share - above < most, "%s: %g of the draws, P = %.10g below %.17g",
                  s->text, share, below, s->x[j]);
  }
}

/* How many draws lie in a tail of 1e-4: a binomial number. Where that tail is one rounded number nothing is said. */
static void check_tail(const Draws *s, bool upper) {
  const double p[] = {(double)s->n, 1e-4};
  double edge = measure(s, upper ? TH_UPPER_QUANTILE : TH_QUANTILE, p[1]);
  double tail = measure(s, upper ? TH_CCDF : TH_CDF, edge);
  size_t below = th_stats_count_below(s->n, s->x, edge, true), count = upper ? s->n - below : below;
  if (!(fabs(tail / p[1] - 1) < 1e-3)) return;
  ck_assert_msg(th_binomial_math.cdf((double)count, p) > LEVEL / 2 &&
                    th_binomial_math.ccdf((double)count - 1, p) > LEVEL / 2,
                "%s: %zu draws in the %s tail of 1e-4", s->text, count, upper ? "upper" : "lower");
}

/* --- With steps: cells between values that are chosen before anything is drawn */

enum { MOST_EDGES = 4000 };

static void add_edge(double *edges, size_t *n, double x) {
  ck_assert_uint_lt(*n, MOST_EDGES);
  if (isfinite(x)) edges[(*n)++] = x;
}

/* Quantiles, and what has a probability of its own alone. */
static size_t choose_edges(const Draws *s, double *edges) {
  static const double tails[] = {3e-5, 1e-4, 3e-4, 1e-3};
  size_t n = 0, n_atoms;
  double *atoms;
  for (int k = 1; k < 300; k++) add_edge(edges, &n, measure(s, TH_QUANTILE, k / 300.0));
  for (size_t k = 0; k < COUNT(tails); k++) {
    add_edge(edges, &n, measure(s, TH_QUANTILE, tails[k]));
    add_edge(edges, &n, measure(s, TH_UPPER_QUANTILE, tails[k]));
  }
  ck_assert(th_distribution_atoms(s->cx, s->d, s->i, &atoms, &n_atoms));
  for (size_t k = 0; k < n_atoms; k++) {
    if (!(measure(s, TH_PDF, atoms[k]) > 1e-4)) continue;
    add_edge(edges, &n, nextafter(atoms[k], -TH_INFINITY));
    add_edge(edges, &n, atoms[k]);
  }
  th_free(s->cx, atoms, n_atoms * sizeof *atoms);
  ck_assert(th_stats_sort(s->cx, n, edges));
  return th_stats_unique_sorted(n, edges);
}

/* Σ (count - expected)²/expected over cells of at least 20 expected draws. */
static void check_cells(const Draws *s) {
  double edges[MOST_EDGES], statistic = 0, before = 0, expected = 0;
  size_t n = choose_edges(s, edges), counted = 0, cells = 0;
  for (size_t k = 0; k <= n; k++) {
    bool last = k == n;
    double here = last ? 1 : measure(s, TH_CDF, edges[k]), rest = last ? 0 : measure(s, TH_CCDF, edges[k]);
    expected = (double)s->n * (here - before);
    bool enough = expected >= 20 && (last || (double)s->n * rest >= 20 || rest == 0);
    if (!enough && !last) continue;
    size_t below = last ? s->n : th_stats_count_below(s->n, s->x, edges[k], true);
    double excess = (double)(below - counted) - expected;
    if (expected > 0) statistic += excess * excess / expected, cells++;
    else ck_assert_msg(below == counted, "%s: draws where there is no probability", s->text);
    counted = below;
    before = here;
  }
  const double p[] = {0.5 * (double)(cells - 1), 0.5};
  ck_assert_uint_ge(cells, 1);
  ck_assert_msg(cells == 1 || th_gamma_math.ccdf(statistic, p) > LEVEL, "%s: χ² = %g of %zu cells", s->text,
                statistic, cells);
}

/* No draw, of some, is a value that cannot occur; inf is one beyond the largest number. */
static void check_values(const Draws *s) {
  enum { POINTS = 10000 };
  for (size_t k = 0; k < POINTS; k++) {
    double x = s->x[k * (s->n - 1) / (POINTS - 1)];
    ck_assert_msg(isinf(x) || measure(s, TH_PDF, x) > 0, "%s: drew %.17g", s->text, x);
  }
}

static void check(Draws *s) {
  ck_assert(th_stats_sort(s->cx, s->n, s->x));
  check_support(s);
  if (th_distribution_has_steps(s->d)) {
    check_cells(s);
    if (th_distribution_is_discrete(s->d)) check_values(s);
  } else {
    check_distance(s);
    check_tail(s, false);
    check_tail(s, true);
  }
}

void unit_check_draws(ThContext *cx, const ThDistribution *d, size_t i, const char *text, double *x,
                      size_t n) {
  check(&(Draws){cx, d, text, i, n, x});
}
