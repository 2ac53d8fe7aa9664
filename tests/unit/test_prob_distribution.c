/* test_prob_distribution.c - tests of prob/: rows of families, parameters, conjugate pairs, affine images */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "prob/conjugate.h"
#include "prob/distribution_kind.h"
#include "prob/moments.h"
#include "prob/parameter.h"
#include "val/figure.h"

/* Parameters to try a family with. */
typedef struct Probe {
  const ThFamily *family;
  double p[TH_MAX_PARAMETERS];
} Probe;

static const Probe probes[] = {
    {&th_family_normal, {1.3, 0.7}},
    {&th_family_uniform, {-1.5, 2.385}},
    {&th_family_exponential, {2.385}},
    {&th_family_gamma, {2.385, 1.7}},
    {&th_family_beta, {2.385, 3.5}},
    {&th_family_bernoulli, {0.385}},
    {&th_family_binomial, {7, 0.385}},
    {&th_family_poisson, {2.385}},
    {&th_family_discrete_uniform, {-2, 5}},
    {&th_family_point, {2.385}},
    {&th_family_laplace, {0.8, 0.5}},
    {&th_family_logistic, {0.7, 0.4}},
    {&th_family_gumbel, {0.3, 0.7}},
    {&th_family_pareto, {1.3, 30.5}},
    {&th_family_log_uniform, {0.5, 4.5}},
    {&th_family_triangular, {-1.5, 2.385, 0.7}},
    {&th_family_half_normal, {1.3}},
    {&th_family_geometric, {0.785, 1}},
    {&th_family_negative_binomial, {2.385, 0.785, 0, (double)NAN}},
    {&th_family_hypergeometric, {7, 13, 10}},
    {&th_family_zipf, {23.85}},
    {&th_family_beta_binomial, {7, 2.385, 3.5}},
};

static void close_to(double a, double b, double tolerance) {
  ck_assert_msg(fabs(a - b) <= tolerance * fmax(1, fabs(b)), "%.17g is not %.17g", a, b);
}

/* What the row of a constructor says is what the family knows. */
START_TEST(signatures) {
  const ThFamily *family = th_family_at((size_t)_i);
  size_t length, n = th_family_argument_count(family);
  ck_assert_ptr_eq(th_family_find(family->name), family);
  ck_assert_ptr_eq(th_family_of_builtin(family->builtin), family);
  ck_assert_uint_eq(strcspn(family->builtin[0].signature, "("), strlen(family->name));
  ck_assert_ptr_null(family->builtin[1].signature);
  ck_assert_uint_le(n, TH_MAX_GIVEN);
  ck_assert_int_le(family->n_parameters, (int)n);
  for (size_t j = 0; j < (size_t)family->n_parameters; j++) {
    const char *name = th_family_argument(family, j, &length);
    ck_assert_uint_eq(length, strlen(family->parameters[j].name));
    ck_assert_int_eq(memcmp(name, family->parameters[j].name, length), 0);
  }
}
END_TEST

/* Every other name makes up some parameters: alone, or with a second one. */
START_TEST(alternatives) {
  const ThFamily *family = th_family_at((size_t)_i);
  ThContext cx;
  unit_context(&cx);
  for (const ThAlternative *a = family->alternatives; a && a->names; a++) {
    bool given[TH_MAX_GIVEN] = {false};
    ThParameterPlan plan;
    double values[TH_MAX_GIVEN] = {0}, p[TH_MAX_PARAMETERS];
    size_t length;
    const char *name;
    for (size_t i = 0; (name = th_family_argument(family, i, &length)); i++) {
      const char *at = strstr(a->names, " ");
      bool first = strncmp(a->names, name, length) == 0 && (a->names[length] == ' ' || !a->names[length]);
      bool second = at && strncmp(at + 1, name, length) == 0 && !at[1 + length];
      bool set = i < (size_t)family->n_parameters && strstr(a->sets, family->parameters[i].name);
      bool needed = i < (size_t)family->n_parameters && !family->parameters[i].optional;
      given[i] = first || second || (needed && !set);
      values[i] = i == 0 && family == &th_family_binomial ? 5 : 0.25;
      if (length == 5 && memcmp(name, "start", length) == 0) values[i] = 1;
      if (family == &th_family_geometric && i == 2) values[i] = 2.385;
    }
    ck_assert_msg(th_parameter_plan(&cx, family, given, &plan), "%s(%s): %s", family->name, a->names,
                  cx.error.message);
    ck_assert_msg(th_parameter_numbers(&cx, family, &plan, values, p), "%s(%s): %s", family->name, a->names,
                  cx.error.message);
  }
  unit_done(&cx);
}
END_TEST

static ThDistribution *make(ThContext *cx, const Probe *probe) {
  ThValue d;
  ck_assert(th_distribution_of(cx, probe->family, probe->p, &d));
  return th_as_distribution(d);
}

/* E X^n from moment() against a sum or an integral of x^n pdf by hand. */
START_TEST(moments) {
  ThContext cx;
  unit_context(&cx);
  ThDistribution *d = make(&cx, &probes[_i]);
  double lower, upper, moment, cumulant, mean, variance;
  th_distribution_support(d, 0, &lower, &upper);
  if (isinf(lower)) lower = -15;
  if (isinf(upper)) upper = th_distribution_is_discrete(d) ? 60 : 25;
  size_t steps = th_distribution_is_discrete(d) ? 0 : 200000;
  for (int n = 1; n <= 6; n++) {
    double sum = 0, density, h = (upper - lower) / (double)(steps ? steps : 1);
    for (size_t i = 0; i < steps; i++) {
      double x = lower + h * ((double)i + 0.5);
      ck_assert(th_distribution_measure(&cx, d, 0, TH_PDF, x, &density));
      sum += h * pow(x, n) * density;
    }
    for (double x = lower; !steps && x <= upper; x++) {
      ck_assert(th_distribution_measure(&cx, d, 0, TH_PDF, x, &density));
      sum += pow(x, n) * density;
    }
    ck_assert(th_distribution_moment(&cx, d, 0, n, &moment));
    close_to(moment, sum, steps ? 1e-6 : 1e-12);
  }
  ck_assert(th_distribution_summary(&cx, d, 0, TH_MEAN, &mean) &&
            th_distribution_summary(&cx, d, 0, TH_VARIANCE, &variance));
  ck_assert(th_distribution_cumulant(&cx, d, 0, 1, &cumulant));
  close_to(cumulant, mean, 1e-13);
  ck_assert(th_distribution_cumulant(&cx, d, 0, 2, &cumulant));
  close_to(cumulant, variance, 1e-13);
  th_release(th_object(d));
  unit_done(&cx);
}
END_TEST

/* scale*d + shift, measure by measure. */
START_TEST(affine) {
  ThContext cx;
  unit_context(&cx);
  ThDistribution *d = make(&cx, &probes[_i]);
  static const double maps[][2] = {{2.5, 1}, {-1, 1}, {-0.5, -3}, {1, 4}};
  for (size_t m = 0; m < COUNT(maps); m++) {
    ThValue image;
    double scale = maps[m][0], shift = maps[m][1], x, y, p, q, mass = 0;
    ck_assert(th_distribution_affine(&cx, th_object(d), scale, shift, &image));
    const ThDistribution *e = th_as_distribution(image);
    bool discrete = th_distribution_is_discrete(d);
    ck_assert_int_eq(th_distribution_is_discrete(e), discrete);
    for (double u = 0.11; u < 1; u += 0.13) {
      ck_assert(th_distribution_measure(&cx, d, 0, TH_QUANTILE, u, &x));
      y = scale * x + shift;
      ck_assert(th_distribution_measure(&cx, d, 0, TH_PDF, x, &p) &&
                th_distribution_measure(&cx, e, 0, TH_PDF, y, &q));
      close_to(q, discrete ? p : p / fabs(scale), 1e-12);
      if (discrete) mass = p;
      ck_assert(th_distribution_measure(&cx, d, 0, scale > 0 ? TH_CDF : TH_CCDF, x, &p));
      ck_assert(th_distribution_measure(&cx, e, 0, TH_CDF, y, &q));
      close_to(q, scale > 0 ? p : p + mass, 1e-12);
      ck_assert(th_distribution_measure(&cx, e, 0, TH_LOGCDF, y, &p));
      close_to(p, log(q), 1e-11);
    }
    ck_assert(th_distribution_summary(&cx, d, 0, TH_MEAN, &p) &&
              th_distribution_summary(&cx, e, 0, TH_MEAN, &q));
    close_to(q, scale * p + shift, 1e-13);
    ck_assert(th_distribution_summary(&cx, d, 0, TH_SD, &p) && th_distribution_summary(&cx, e, 0, TH_SD, &q));
    close_to(q, fabs(scale) * p, 1e-13);
    double complex phi, image_phi;
    ck_assert(th_distribution_cf(&cx, d, 0, scale * 0.7, &phi) &&
              th_distribution_cf(&cx, e, 0, 0.7, &image_phi));
    close_to(cabs(image_phi - phi * cexp(I * 0.7 * shift)), 0, 1e-13);
    th_release(image);
  }
  th_release(th_object(d));
  unit_done(&cx);
}
END_TEST

/* prior(θ) likelihood(x | θ) = evidence(x) posterior(θ) */
/* The unknown at theta: the parameter itself, or that which the argument's name makes of it. */
static void set_unknown(const ThConjugate *pair, double theta, double *likelihood) {
  if (pair->parameter >= 0) likelihood[pair->parameter] = theta;
  else if (strcmp(pair->argument, "variance") == 0) likelihood[1] = sqrt(theta);
  else if (strcmp(pair->argument, "precision") == 0) likelihood[1] = 1 / sqrt(theta);
  else likelihood[pair->likelihood == &th_family_gamma] = 1 / theta; /* a scale, for a rate */
}

/* One that the pair allows, and that makes data near 1 possible. */
static double first_parameter(const ThConjugate *pair) {
  return pair->likelihood == &th_family_pareto ? 0.3 : pair->likelihood == &th_family_uniform ? 0 : 4;
}

START_TEST(conjugate) {
  const ThConjugate *pair = th_conjugate_at((size_t)_i);
  double prior[TH_MAX_PARAMETERS] = {1.3, 2.385}, posterior[TH_MAX_PARAMETERS];
  bool counts = pair->likelihood->discrete;
  for (double x = 0; x <= 1; x++) {
    double datum = counts ? x : x + 0.385, from = pair->prior == &th_family_pareto ? 1.45 : 0.15;
    for (double theta = from; theta < from + 0.85; theta += 0.2) {
      bool geometric = pair->likelihood == &th_family_geometric;
      double likelihood[TH_MAX_PARAMETERS] = {first_parameter(pair), geometric ? 0 : 0.8, 0, (double)NAN};
      pair->update(prior, likelihood, datum, posterior);
      double evidence = pair->log_predictive(prior, likelihood, datum);
      set_unknown(pair, theta, likelihood);
      double left = pair->prior->math->logpdf(theta, prior) +
                    pair->likelihood->math->logpdf(datum, likelihood);
      close_to(left, evidence + pair->prior->math->logpdf(theta, posterior), 1e-12);
    }
  }
  const ThConjugate *found = pair->argument
                                 ? th_conjugate_find_named(pair->prior, pair->likelihood, pair->argument,
                                                           strcspn(pair->argument, " "))
                                 : th_conjugate_find(pair->prior, pair->likelihood, pair->parameter);
  ck_assert_ptr_eq(found, pair);
}
END_TEST

/* Where a density jumps at the end of its support the picture goes on beyond it, at 0; a pole is cut off. */
static const struct {
  Probe probe;
  double from, to, top; /* of what is drawn */
} pictures[] = {
    {{&th_family_uniform, {-1.5, 2.5}}, -1.62, 2.62, 0.25},
    {{&th_family_triangular, {-1.5, 2.5, 0.7}}, -1.5, 2.5, 0.5},
    {{&th_family_beta, {0.5, 0.5}}, -0.03, 1.03, 3.1991344},
};

START_TEST(picture) {
  ThContext cx;
  unit_context(&cx);
  ThDistribution *d = make(&cx, &pictures[_i].probe);
  ThFigure *figure = th_figure_new(&cx);
  ck_assert(figure && th_distribution_plot(&cx, th_object(d), figure));
  const ThSeries *s = &figure->series[0];
  size_t n = s->columns[0]->length;
  double top = 0;
  for (size_t k = 0; k < n; k++)
    if (isfinite(s->columns[1]->real[k])) top = fmax(top, s->columns[1]->real[k]);
  close_to(s->columns[0]->real[0], pictures[_i].from, 1e-12);
  close_to(s->columns[0]->real[n - 1], pictures[_i].to, 1e-12);
  ck_assert(s->columns[1]->real[0] == 0 && s->columns[1]->real[n - 1] == 0);
  close_to(top, pictures[_i].top, 0.01);
  th_release(th_object(figure));
  th_release(th_object(d));
  unit_done(&cx);
}
END_TEST

static size_t family_count(void) {
  size_t n = 0;
  while (th_family_at(n)) n++;
  return n;
}

static size_t pair_count(void) {
  size_t n = 0;
  while (th_conjugate_at(n)) n++;
  return n;
}

Suite *th_suite_prob_distribution(void) {
  Suite *suite = suite_create("prob_distribution");
  ADD_ROWS(suite, signatures, family_count());
  ADD_ROWS(suite, alternatives, family_count());
  ADD_ROWS(suite, moments, COUNT(probes));
  ADD_ROWS(suite, affine, COUNT(probes));
  ADD_ROWS(suite, picture, COUNT(pictures));
  ADD_ROWS(suite, conjugate, pair_count());
  return suite;
}
