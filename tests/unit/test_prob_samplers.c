/* test_prob_samplers.c - tests of prob/: the draws of every family against its cdf and its masses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A continuous distribution is held to its cdf by the distance of Kolmogorov and Smirnov and by the counts in its two
 * tails, one with steps by χ² over cells. Each test has level 1e-6, three at most a case: a correct sampler would fail
 * this suite, had it another seed, once in 2000 times. */
#include "draws.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "prob/distribution.h"

enum { DRAWS = 1000000, FEWER = 100000, SEED = 2385 };

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

/* --- The tests */

START_TEST(draws) {
  static double x[DRAWS];
  const Case *c = &cases[_i];
  if (!th_family_find(c->family)) return;
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue v = unit_evaluate(session, c->text);
  const ThDistribution *d = th_as_distribution(v);
  ThRandom r;
  th_random_seed(&r, SEED + (uint64_t)_i);
  ck_assert_msg(th_distribution_sample(cx, d, 0, &r, c->draws, x), "%s: %s", c->text, cx->error.message);
  unit_check_draws(cx, d, 0, c->text, x, c->draws);
  th_release(v);
  th_session_free(session);
}
END_TEST

START_TEST(columns) {
  static double x[FEWER];
  char call[160];
  ThSession *session = unit_session(NULL);
  snprintf(call, sizeof call, "seed(%d); sample(%s, %d)", SEED, several[_i], FEWER);
  ThValue v = unit_evaluate(session, several[_i]), all = unit_evaluate(session, call);
  const ThDistribution *d = th_as_distribution(v);
  ck_assert_uint_ge(d->length, 2);
  ck_assert_uint_eq(th_as_array(all)->length, FEWER * d->length);
  for (size_t i = 0; i < d->length; i++) {
    for (size_t k = 0; k < FEWER; k++) x[k] = th_as_array(all)->real[k * d->length + i];
    unit_check_draws(th_session_context(session), d, i, several[_i], x, FEWER);
  }
  th_release(all);
  th_release(v);
  th_session_free(session);
}
END_TEST

/* Every family of one number that has a constructor is among the cases. */
START_TEST(all_families) {
  const ThFamily *family;
  for (size_t f = 0; (family = th_family_at(f)); f++) {
    bool found = !family->builtin[0].body || family->event; /* test_prob_event_draws.c */
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
