/* test_prob_samplers.c - tests of prob/: the draws of every family against its cdf and its masses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A continuous distribution is held to its cdf by the distance of Kolmogorov and Smirnov and by the counts in its two
 * tails, one with steps by χ² over cells. Each test has level 1e-6, three at most a case: a correct sampler would fail
 * this suite, had it another seed, once in 2000 times. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "num/real.h"
#include "num/stats.h"
#include "prob/distribution.h"
#include "registry.h"

enum { DRAWS = 1000000, FEWER = 100000, SEED = 2385 };
#define LEVEL 1e-6

/* An expression; the family it needs, which may not be in the table yet. */
typedef struct Case {
  const char *family, *text;
  size_t draws;
} Case;

static const Case cases[] = {
    {"Normal", "Normal(1.3, 0.7)", DRAWS},
    {"Normal", "Normal(1e9, 1e-3)", DRAWS},
    {"Uniform", "Uniform(-1.5, 2.385)", DRAWS},
    {"Uniform", "Uniform(1e15, 1e15 + 3)", DRAWS},
    {"Exponential", "Exponential(2.385)", DRAWS},
    {"Exponential", "Exponential(1e-300)", DRAWS},
    {"Gamma", "Gamma(2.385, 1.7)", DRAWS},
    {"Gamma", "Gamma(0.02, 3)", DRAWS},
    {"Gamma", "Gamma(1, 1e-9)", DRAWS},
    {"Gamma", "Gamma(1e7, 2)", DRAWS},
    {"Beta", "Beta(2.385, 3.5)", DRAWS},
    {"Beta", "Beta(0.05, 0.03)", DRAWS},
    {"Beta", "Beta(1, 1)", DRAWS},
    {"Beta", "Beta(1e6, 3)", DRAWS},
    {"Cauchy", "Cauchy(2.385, 0.7)", DRAWS},
    {"Laplace", "Laplace(0.8, 0.5)", DRAWS},
    {"Logistic", "Logistic(0.7, 0.4)", DRAWS},
    {"Gumbel", "Gumbel(0.3, 0.7)", DRAWS},
    {"Weibull", "Weibull(2.385, 1.7)", DRAWS},
    {"Weibull", "Weibull(0.05, 2)", DRAWS},
    {"Weibull", "Weibull(300, 2)", DRAWS},
    {"LogNormal", "LogNormal(0.3, 0.7)", DRAWS},
    {"LogNormal", "LogNormal(-200, 40)", DRAWS},
    {"Pareto", "Pareto(1.3, 2.385)", DRAWS},
    {"Pareto", "Pareto(1e-5, 0.02)", DRAWS},
    {"Triangular", "Triangular(-1.5, 2.385, 0.7)", DRAWS},
    {"Triangular", "Triangular(0, 1, 0)", DRAWS},
    {"Triangular", "Triangular(0, 1, 1)", DRAWS},
    {"LogUniform", "LogUniform(0.5, 4.5)", DRAWS},
    {"LogUniform", "LogUniform(1e-300, 1e300)", DRAWS},
    {"HalfNormal", "HalfNormal(1.3)", DRAWS},
    {"HalfCauchy", "HalfCauchy(1.3)", DRAWS},
    {"SkewNormal", "SkewNormal(0.3, 1.7, 2.385)", DRAWS},
    {"SkewNormal", "SkewNormal(0, 1, -1e4)", DRAWS},
    {"VonMises", "VonMises(0.7, 2.385)", DRAWS},
    {"VonMises", "VonMises(3, 0)", DRAWS},
    {"VonMises", "VonMises(3, 1e-3)", DRAWS},
    {"VonMises", "VonMises(-1, 1e5)", DRAWS},
    {"Voigt", "Voigt(0.7, 1.3, 0.4)", DRAWS},
    {"Voigt", "Voigt(0, 1e-3, 2)", DRAWS},
    {"Voigt", "Voigt(0, 1, 1e-4)", DRAWS},
    {"StudentT", "StudentT(3.5, 0.7, 2)", DRAWS},
    {"StudentT", "StudentT(0.3)", DRAWS},
    {"StudentT", "StudentT(1e9)", DRAWS},
    {"HalfStudentT", "HalfStudentT(2.385, 1.3)", DRAWS},
    {"HalfStudentT", "HalfStudentT(0.5, 1)", DRAWS},
    {"Chi2", "Chi2(2.385)", DRAWS},
    {"Chi2", "Chi2(0.1)", DRAWS},
    {"Chi2", "Chi2(1e6)", DRAWS},
    {"FDist", "FDist(3, 7.5)", DRAWS},
    {"FDist", "FDist(0.3, 0.5)", DRAWS},
    {"FDist", "FDist(1e5, 2)", DRAWS},
    {"InvGamma", "InvGamma(2.385, 1.7)", DRAWS},
    {"InvGamma", "InvGamma(0.05, 1)", DRAWS},
    {"Rayleigh", "Rayleigh(1.3)", DRAWS},
    {"Maxwell", "Maxwell(1.3)", DRAWS},
    {"Levy", "Levy(0.7, 1.3)", DRAWS},
    {"Bernoulli", "Bernoulli(0.385)", DRAWS},
    {"Bernoulli", "Bernoulli(1 - 1e-4)", DRAWS},
    {"Binomial", "Binomial(7, 0.385)", DRAWS},
    {"Binomial", "Binomial(40, 0.25)", DRAWS},
    {"Binomial", "Binomial(1000, 0.9)", DRAWS},
    {"Binomial", "Binomial(1000000000, 1e-9)", DRAWS},
    {"Poisson", "Poisson(2.385)", DRAWS},
    {"Poisson", "Poisson(10)", DRAWS},
    {"Poisson", "Poisson(1e-3)", DRAWS},
    {"Poisson", "Poisson(12345.6)", DRAWS},
    {"DiscreteUniform", "DiscreteUniform(-2, 5)", DRAWS},
    {"DiscreteUniform", "DiscreteUniform(0, 1000000007)", DRAWS},
    {"Discrete", "Discrete([-1, 0.5, 2.385, 9], [1, 0, 3, 0.001])", DRAWS},
    {"Categorical", "Categorical([0.2, 0.5, 0.3])", DRAWS},
    {"Categorical", "Categorical(1:500)", DRAWS},
    {"Geometric", "Geometric(0.385)", DRAWS},
    {"Geometric", "Geometric(1e-6)", DRAWS},
    {"Geometric", "Geometric(1 - 1e-4)", DRAWS},
    {"NegBinomial", "NegBinomial(2.385, 0.3)", DRAWS},
    {"NegBinomial", "NegBinomial(0.02, 0.1)", DRAWS},
    {"NegBinomial", "NegBinomial(500, 0.6)", DRAWS},
    {"Hypergeometric", "Hypergeometric(7, 12, 5)", DRAWS},
    {"Hypergeometric", "Hypergeometric(500, 700, 300)", DRAWS},
    {"Hypergeometric", "Hypergeometric(1000000, 2000000, 100000)", DRAWS},
    {"Hypergeometric", "Hypergeometric(3, 2, 4)", DRAWS},
    {"Zipf", "Zipf(2.385)", DRAWS},
    {"Zipf", "Zipf(1.1)", DRAWS},
    {"Zipf", "Zipf(20)", DRAWS},
    {"Zipf", "Zipf(1.01)", DRAWS},
    {"BetaBinomial", "BetaBinomial(12, 2.385, 0.7)", DRAWS},
    {"BetaBinomial", "BetaBinomial(1000, 0.1, 0.2)", DRAWS},
    {"Point", "Point(2.385)", FEWER},
    {"Empirical", "Empirical([1, 2, 2, 3.5, -7])", DRAWS},
    {"KDE", "KDE([1, 2, 2.5, 4, 7])", DRAWS},
    {"KDE", "KDE([0, 1000], bandwidth = 1e-3)", DRAWS},
    {"Mixture", "Mixture([0.3, 0.7], list(Normal(-1, 1), Gamma(2, 0.5)))", DRAWS},
    {"Mixture", "Mixture([1, 0, 1e-3], list(Normal(0, 1), Cauchy(0, 1), Uniform(50, 51)))", DRAWS},
    {"Mixture", "Mixture([2, 1, 1], list(Exponential(1), Point(0), Poisson(2)))", DRAWS},
    {"Mixture", "Mixture([1, 2], Poisson([2, 30]))", DRAWS},
    {"Truncated", "Truncated(Normal(0, 1), -0.5, 2.385)", DRAWS},
    {"Truncated", "Truncated(Normal(0, 1), lower = 8)", DRAWS},
    {"Truncated", "Truncated(Normal(0, 1), lower = 40)", FEWER},
    {"Truncated", "Truncated(Gamma(3, 2), upper = 0.1)", DRAWS},
    {"Truncated", "Truncated(Poisson(3), 2, 5)", DRAWS},
    {"Truncated", "Truncated(Poisson(3), lower = 9)", FEWER},
    {"Truncated", "Truncated(Mixture([1, 1], list(Normal(0, 1), Point(2))), lower = 1.9)", FEWER},
    {"Censored", "Censored(Normal(0, 1), -1, 2)", DRAWS},
    {"Censored", "Censored(Poisson(3), 2, 5)", DRAWS},
    {"density", "normalize(density(x -> exp(-x^4)))", DRAWS},
    {"density", "normalize(density(x -> 1/sqrt(x), lower = 0, upper = 1))", FEWER},
    {"density", "normalize(density(x -> 1/(1 + x^2)))", FEWER},
    {"density", "normalize(density(x -> if x < 0.3 then 1 else 0.5, lower = 0, upper = 1))", FEWER},
    {"Beta", "3 - 2*Beta(2.385, 0.5)", DRAWS},
    {"Binomial", "-0.1*Binomial(7, 0.385) + 1", DRAWS},
    {"Censored", "1 - 2*Censored(Exponential(1), upper = 2)", DRAWS},
};

/* Distributions at once; their draws have one column each. */
static const char *const several[] = {
    "Normal([0, 2.385], [1, 2])",
    "Gamma([0.05, 0.02; 3, 4], [1, 20])",
    "Poisson([0.5, 2.385, 40])",
    "Truncated(Normal([0, 1], 1), lower = [1, 2.385])",
    "2*Censored(Exponential([1, 3]), upper = 1) - [0, 5]",
};

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

/* --- The tests */

static void ignore(void *self, const char *text, size_t length) { (void)self, (void)text, (void)length; }
static void ignore_note(void *self, const char *text) { (void)self, (void)text; }

static ThSession *begin(void) {
  ThSession *session = th_session_new();
  ck_assert_ptr_nonnull(session);
  th_session_context(session)->host = (ThHost){.write = ignore, .note = ignore_note};
  ck_assert(th_registry_define(session));
  return session;
}

static ThValue evaluate(ThSession *session, const char *text) {
  ThValue v;
  bool ok = th_session_evaluate(session, "", text, strlen(text), &v);
  ck_assert_msg(ok, "%s: %s", text, th_session_context(session)->error.message);
  return v;
}

START_TEST(draws) {
  static double x[DRAWS];
  const Case *c = &cases[_i];
  if (!th_family_find(c->family)) return;
  ThSession *session = begin();
  ThContext *cx = th_session_context(session);
  ThValue v = evaluate(session, c->text);
  Draws s = {cx, th_as_distribution(v), c->text, 0, c->draws, x};
  ThRandom r;
  th_random_seed(&r, SEED + (uint64_t)_i);
  ck_assert_msg(th_distribution_sample(cx, s.d, 0, &r, s.n, x), "%s: %s", c->text, cx->error.message);
  check(&s);
  th_release(v);
  th_session_free(session);
}
END_TEST

START_TEST(columns) {
  static double x[FEWER];
  char call[160];
  ThSession *session = begin();
  snprintf(call, sizeof call, "seed(%d); sample(%s, %d)", SEED, several[_i], FEWER);
  ThValue v = evaluate(session, several[_i]), all = evaluate(session, call);
  const ThDistribution *d = th_as_distribution(v);
  ck_assert_uint_ge(d->length, 2);
  ck_assert_uint_eq(th_as_array(all)->length, FEWER * d->length);
  for (size_t i = 0; i < d->length; i++) {
    for (size_t k = 0; k < FEWER; k++) x[k] = th_as_array(all)->real[k * d->length + i];
    check(&(Draws){th_session_context(session), d, several[_i], i, FEWER, x});
  }
  th_release(all);
  th_release(v);
  th_session_free(session);
}
END_TEST

/* Every family of one number that has a constructor is among the cases. */
START_TEST(all_families) {
  static const char *const of_vectors[] = {"Multinomial", "MvNormal", "Dirichlet", "Wishart"};
  const ThFamily *family;
  for (size_t f = 0; (family = th_family_at(f)); f++) {
    bool found = !family->builtin[0].body;
    for (size_t k = 0; k < COUNT(of_vectors); k++) found |= strcmp(of_vectors[k], family->name) == 0;
    for (size_t k = 0; k < COUNT(cases); k++) found |= strcmp(cases[k].family, family->name) == 0;
    ck_assert_msg(found, "no case for the draws of %s", family->name);
  }
}
END_TEST

Suite *th_suite_prob_samplers(void) {
  Suite *suite = suite_create("prob_samplers");
  TCase *rows = tcase_create("draws");
  tcase_set_timeout(rows, 60);
  tcase_add_loop_test(rows, draws, 0, (int)COUNT(cases));
  suite_add_tcase(suite, rows);
  ADD_ROWS(suite, columns, COUNT(several));
  ADD(suite, all_families);
  return suite;
}
