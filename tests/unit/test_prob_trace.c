/* test_prob_trace.c - tests of prob/: derivatives of all families' measures, as graphs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First derivatives are held to the family's `gradient` and to differences of the cdf, second ones to differences of
 * the gradient; forwards to backwards. The differences are of the sixth order. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "prob/distribution.h"
#include "prob/trace_law.h"
#include "prob/trace_measure.h"
#include "val/derivative.h"
#include "val/operations.h"

typedef struct Case {
  const ThFamily *family;
  double x, p[TH_MAX_PARAMETERS];
} Case;

static const Case cases[] = {
    {&th_family_normal, 2.385, {1.3, 0.7}},
    {&th_family_uniform, 2.385, {1.3, 2.7}},
    {&th_family_exponential, 2.385, {1.3}},
    {&th_family_gamma, 2.385, {1.7, 1.3}},
    {&th_family_beta, 0.385, {1.7, 2.3}},
    {&th_family_cauchy, 2.385, {1.3, 0.7}},
    {&th_family_laplace, 2.385, {1.3, 0.7}},
    {&th_family_logistic, 2.385, {1.3, 0.7}},
    {&th_family_gumbel, 2.385, {1.3, 0.7}},
    {&th_family_weibull, 2.385, {1.7, 2.3}},
    {&th_family_lognormal, 2.385, {0.3, 0.7}},
    {&th_family_pareto, 2.385, {1.3, 1.7}},
    {&th_family_triangular, 2.385, {0.3, 4.7, 1.9}},
    {&th_family_log_uniform, 2.385, {0.3, 4.7}},
    {&th_family_half_normal, 2.385, {1.7}},
    {&th_family_half_cauchy, 2.385, {1.7}},
    {&th_family_skew_normal, 2.385, {0.3, 1.7, 1.2}},
    {&th_family_von_mises, 1.385, {0.3, 1.7}},
    {&th_family_voigt, 2.385, {0.3, 1.7, 0.6}},
    {&th_family_student_t, 2.385, {3.7, 0.3, 1.7}},
    {&th_family_half_student_t, 2.385, {3.7, 1.7}},
    {&th_family_chi2, 2.385, {3.7}},
    {&th_family_fdist, 2.385, {3.7, 6.1}},
    {&th_family_inv_gamma, 2.385, {2.7, 1.3}},
    {&th_family_rayleigh, 2.385, {1.7}},
    {&th_family_maxwell, 2.385, {1.7}},
    {&th_family_levy, 2.385, {0.3, 1.7}},
    {&th_family_bernoulli, 1, {0.385}},
    {&th_family_binomial, 4, {11, 0.385}},
    {&th_family_poisson, 4, {2.385}},
    {&th_family_geometric, 4, {0.385, 1}},
    {&th_family_negative_binomial, 4, {2.385, 0.385, 0, NAN}},
    {&th_family_zipf, 4, {2.385}},
    {&th_family_beta_binomial, 4, {11, 1.7, 2.385}},
    {&th_family_discrete_uniform, 4, {1, 9}},
    {&th_family_hypergeometric, 4, {9, 11, 7}},
};

enum { N_CASES = sizeof cases / sizeof *cases, MOST_INPUTS = 1 + TH_MAX_PARAMETERS };

typedef struct Traced {
  ThGraph *g;
  size_t n;
  ThNodeId inputs[MOST_INPUTS], y;
} Traced;

static double number_of(ThGraph *g, ThNodeId node) {
  ThValue v;
  if (node == TH_ZERO) return 0;
  ck_assert(th_graph_value(g, node, &v));
  return th_as_number(v);
}

static Traced trace(ThContext *cx, const Case *c, ThMeasure what) {
  Traced t = {.g = th_graph_new(cx), .n = 1 + (size_t)c->family->n_parameters};
  ck_assert_ptr_nonnull(t.g);
  for (size_t k = 0; k < t.n; k++) t.inputs[k] = th_graph_input(t.g, th_number(k == 0 ? c->x : c->p[k - 1]));
  t.y = th_trace_measure(t.g, c->family, what, t.inputs[0], t.inputs + 1);
  ck_assert(!t.g->failed);
  return t;
}

/* Is input k whole, so that there is nothing to differentiate by? */
static bool is_whole(const Case *c, size_t k) {
  if (k == 0) return c->family->discrete;
  ThDomain domain = c->family->parameters[k - 1].domain;
  return (int)k > c->family->math->n_parameters || domain == TH_DOMAIN_COUNT || domain == TH_DOMAIN_WHOLE;
}

/* The family's ∂ log f by input k. */
static double score(const Case *c, size_t k) {
  double d_x, d_p[TH_MAX_PARAMETERS] = {0};
  c->family->math->gradient(c->x, c->p, &d_x, d_p);
  return k == 0 ? d_x : d_p[k - 1];
}

typedef double (*Measured)(const Case *c, size_t k);
static double cdf(const Case *c, size_t k) {
  (void)k;
  return c->family->math->cdf(c->x, c->p);
}

/* ∂f(…, k)/∂input l by differences of the sixth order. */
static double difference(const Case *c, Measured f, size_t k, size_t l) {
  static const double weights[3] = {45.0 / 60, -9.0 / 60, 1.0 / 60};
  double sum = 0, at = l == 0 ? c->x : c->p[l - 1], h = 4e-3 * fmax(fabs(at), 0.1);
  for (int i = 1; i <= 3; i++) {
    Case up = *c, down = *c;
    *(l == 0 ? &up.x : &up.p[l - 1]) += i * h;
    *(l == 0 ? &down.x : &down.p[l - 1]) -= i * h;
    sum += weights[i - 1] * (f(&up, k) - f(&down, k));
  }
  return sum / h;
}

static void check_near(const Case *c, const char *what, size_t k, size_t l, double got, double want,
                       double tol) {
  ck_assert_msg(fabs(got - want) <= tol * (fabs(want) + 1e-2), "%s, %s by %zu and %zu: %.15g, not %.15g",
                c->family->name, what, k, l, got, want);
}

static void backwards(const Traced *t, ThNodeId y, ThNodeId *out) {
  ck_assert(th_pull_back(t->g, y, th_graph_number(t->g, 1), t->inputs, t->n, out));
}
static double forwards(const Traced *t, ThNodeId y, size_t k) {
  ThNodeId one = th_graph_number(t->g, 1), out;
  if (y == TH_ZERO || y < t->inputs[k]) return 0;
  ck_assert(th_push_forward(t->g, y, &t->inputs[k], &one, 1, &out));
  return number_of(t->g, out);
}

START_TEST(log_densities) {
  const Case *c = &cases[_i];
  ThContext cx;
  unit_context(&cx);
  Traced t = trace(&cx, c, TH_LOGPDF);
  ThNodeId first[MOST_INPUTS], second[MOST_INPUTS];
  backwards(&t, t.y, first);
  for (size_t k = 0; k < t.n; k++) {
    double slope = number_of(t.g, first[k]);
    check_near(c, "log density", k, k, slope, is_whole(c, k) ? 0 : score(c, k), 1e-13);
    check_near(c, "log density forwards", k, k, forwards(&t, t.y, k), slope, 1e-12);
    if (first[k] == TH_ZERO) continue;
    backwards(&t, first[k], second);
    for (size_t l = 0; l < t.n; l++) {
      double bend = number_of(t.g, second[l]);
      double want = is_whole(c, k) || is_whole(c, l) ? 0 : difference(c, score, k, l);
      check_near(c, "log density", k, l, bend, want, 2e-8);
      check_near(c, "log density forwards", k, l, forwards(&t, first[k], l), bend, 1e-12);
    }
  }
  th_graph_release(t.g);
  unit_done(&cx);
}
END_TEST

START_TEST(distribution_functions) {
  const Case *c = &cases[_i];
  ThContext cx;
  unit_context(&cx);
  Traced t = trace(&cx, c, TH_CDF);
  ThNodeId first[MOST_INPUTS];
  backwards(&t, t.y, first);
  for (size_t k = 0; k < t.n; k++) {
    double slope = number_of(t.g, first[k]);
    check_near(c, "cdf", k, k, slope, is_whole(c, k) ? 0 : difference(c, cdf, 0, k), 1e-9);
    check_near(c, "cdf forwards", k, k, forwards(&t, t.y, k), slope, 1e-13);
  }
  th_graph_release(t.g);
  unit_done(&cx);
}
END_TEST

/* Q(F(x, p), p) = x: moving a parameter in both leaves x where it is. */
START_TEST(quantiles) {
  const Case *c = &cases[_i];
  ThContext cx;
  if (c->family->discrete) return;
  unit_context(&cx);
  Traced t = trace(&cx, c, TH_CDF);
  t.y = th_trace_measure(t.g, c->family, TH_QUANTILE, t.y, t.inputs + 1);
  ThNodeId first[MOST_INPUTS];
  backwards(&t, t.y, first);
  for (size_t k = 0; k < t.n; k++)
    check_near(c, "quantile of the cdf", k, k, number_of(t.g, first[k]), k == 0, 1e-8);
  th_graph_release(t.g);
  unit_done(&cx);
}
END_TEST

/* A parameter outside its range, as a replay may have it: nan, and no error. */
START_TEST(outside) {
  ThContext cx;
  unit_context(&cx);
  Case c = {&th_family_beta, 0.385, {-1.7, 2.3}};
  Traced t = trace(&cx, &c, TH_LOGPDF);
  ck_assert(isnan(number_of(t.g, t.y)));
  th_graph_release(t.g);
  unit_done(&cx);
}
END_TEST

/* No family of plain mathematics is forgotten. */
START_TEST(all_families) {
  for (size_t i = 0; th_family_at(i); i++) {
    const ThFamily *family = th_family_at(i);
    if (!family->math || family->build || family->math->n_parameters == 0) continue;
    size_t k = 0;
    while (k < N_CASES && cases[k].family != family) k++;
    ck_assert_msg(k < N_CASES, "%s has no case", family->name);
  }
}
END_TEST

Suite *th_suite_prob_trace(void) {
  Suite *suite = suite_create("prob_trace");
  ADD_ROWS(suite, log_densities, N_CASES);
  ADD_ROWS(suite, distribution_functions, N_CASES);
  ADD_ROWS(suite, quantiles, N_CASES);
  ADD(suite, outside);
  ADD(suite, all_families);
  return suite;
}
