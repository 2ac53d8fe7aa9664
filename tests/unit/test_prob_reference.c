/* test_prob_reference.c - families whose parameters are no numbers, against the long table of references */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table is the one of test_num_density.c; without it the test passes unasked. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prob/event.h"
#include "unit.h"

static const double TOLERANCE = 1e-13;

enum { MOST = 64 };

/* The numbers of "[0.2,0.3]" or "[[1,2],[3,4]]"; returns how many. */
static size_t read_numbers(const char *text, double *x) {
  size_t n = 0;
  for (const char *at = text; *at && *at != ';' && n < MOST;) {
    char *end;
    double value = strtod(at, &end);
    if (end > at) x[n++] = value, at = end;
    else at++;
  }
  return n;
}

static ThValue vector(ThContext *cx, const double *x, size_t n) {
  ThValue v;
  ck_assert(th_vector_from(cx, x, n, &v));
  return v;
}

static ThValue matrix(ThContext *cx, const double *x, size_t n) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, n, n);
  ck_assert_ptr_nonnull(a);
  memcpy(a->real, x, n * n * sizeof *x);
  return th_object(a);
}

/* The families by their names in the table. */
static const struct {
  const char *name;
  const ThFamily *family;
} families[] = {
    {"categorical", &th_family_categorical}, {"discrete_range", &th_family_discrete_uniform},
    {"multi_normal", &th_family_mvnormal},   {"dirichlet", &th_family_dirichlet},
    {"multinomial", &th_family_multinomial},
};

static const ThFamily *family_of(const char *name) {
  for (size_t i = 0; i < COUNT(families); i++)
    if (strcmp(name, families[i].name) == 0) return families[i].family;
  return NULL;
}

/* From "mu=[…];Sigma=[[…],[…]]": a number, a vector, or a matrix where there is one. */
static ThDistribution *make(ThContext *cx, const ThFamily *family, const char *text) {
  ThValue d, parameters[2] = {th_unset(), th_unset()};
  for (int j = 0; j < family->n_parameters; j++) {
    double x[MOST];
    const char *start = strchr(text, '=') + 1;
    size_t n = read_numbers(start, x);
    if (start[0] != '[') parameters[j] = th_number(x[0]);
    else if (start[1] != '[') parameters[j] = vector(cx, x, n);
    else parameters[j] = matrix(cx, x, (size_t)(sqrt((double)n) + 0.5));
    text = start;
  }
  ck_assert_msg(th_distribution_new(cx, family, parameters, &d), "%s", cx->error.message);
  th_release_all(parameters, 2);
  return th_as_distribution(d);
}

static double evaluate(ThContext *cx, const ThDistribution *d, const char *quantity, double x) {
  static const struct {
    const char *name;
    int measure, summary;
  } rows[] = {{"logpmf", TH_LOGPDF, -1},     {"pmf", TH_PDF, -1},
              {"cdf", TH_CDF, -1},           {"sf", TH_CCDF, -1},
              {"logcdf", TH_LOGCDF, -1},     {"logsf", TH_LOGCCDF, -1},
              {"quantile", TH_QUANTILE, -1}, {"isf", TH_UPPER_QUANTILE, -1},
              {"mean", -1, TH_MEAN},         {"variance", -1, TH_VARIANCE},
              {"skewness", -1, TH_SKEWNESS}, {"kurtosis_excess", -1, TH_KURTOSIS},
              {"entropy", -1, TH_ENTROPY}};
  double out = (double)NAN;
  double complex phi;
  if (strncmp(quantity, "cf", 2) == 0) {
    ck_assert(th_distribution_cf(cx, d, 0, x, &phi));
    return quantity[3] == 'r' ? creal(phi) : cimag(phi);
  }
  for (size_t i = 0; i < COUNT(rows); i++) {
    if (strcmp(rows[i].name, quantity) != 0) continue;
    if (rows[i].measure >= 0)
      ck_assert(th_distribution_measure(cx, d, 0, (ThMeasure)rows[i].measure, x, &out));
    else ck_assert(th_distribution_summary(cx, d, 0, (ThSummary)rows[i].summary, &out));
  }
  return out;
}

/* Of vectors: the log density at a point, a transform, or "mean[2]". */
static double evaluate_event(ThContext *cx, const ThDistribution *d, const char *quantity,
                             const char *argument) {
  double x[MOST] = {0}, y[MOST];
  double complex phi;
  const ThEventLaw *event = d->family->event;
  size_t n = read_numbers(argument, x),
         i = strchr(quantity, '[') ? strtoul(strchr(quantity, '[') + 1, NULL, 10) : 1;
  if (strcmp(quantity, "entropy") == 0) {
    ck_assert(event->entropy(cx, d, y));
  } else if (strncmp(quantity, "logp", 4) == 0) {
    ck_assert(n == th_event_size(d) && event->log_density(cx, d, x, y));
  } else if (strncmp(quantity, "cf", 2) == 0) {
    ck_assert(n == th_event_size(d) && event->cf(cx, d, x, &phi));
    return quantity[3] == 'r' ? creal(phi) : cimag(phi);
  } else {
    (strncmp(quantity, "mean", 4) == 0 ? event->mean : event->variance)(d, y);
    return y[i - 1];
  }
  return y[0];
}

/* One line: id, dist, params, quantity, arg, value, cond. Returns the error. */
static double check_line(ThContext *cx, char *line) {
  char *field[7] = {line};
  for (int i = 1; i < 7; i++) {
    field[i] = strchr(field[i - 1], '\t');
    if (!field[i]) return 0;
    *field[i]++ = '\0';
  }
  const ThFamily *family = family_of(field[1]);
  if (!family) return 0;
  ThDistribution *d = make(cx, family, field[2]);
  double want = strtod(field[5], NULL);
  double got = family->event ? evaluate_event(cx, d, field[3], field[4])
                             : evaluate(cx, d, field[3], strtod(field[4], NULL));
  double error = got == want ? 0
                             : fabs(got - want) / (want == 0 ? 1 : fabs(want)) / (1 + strtod(field[6], NULL));
  ck_assert_msg(error <= TOLERANCE, "%s %s %s(%s) at %s: got %.17g, want %s, error %.2g", field[0], field[1],
                field[3], field[2], field[4], got, field[5], error);
  th_release(th_object(d));
  return error;
}

START_TEST(reference_table) {
  const char *path = getenv("THETA_DISTRIBUTIONS");
  FILE *file = fopen(path ? path : "../shared/reference/distributions/distributions.tsv", "r");
  if (!file) return;
  ThContext cx;
  unit_context(&cx);
  char line[4096];
  double worst = 0;
  while (fgets(line, sizeof line, file))
    if (line[0] == 'D') worst = fmax(worst, check_line(&cx, line));
  fclose(file);
  printf("families with vectors: worst %.1e\n", worst);
  unit_done(&cx);
}
END_TEST

/* Quantiles hang on the smaller of the two tails. */
START_TEST(quantiles_of_tables) {
  ThContext cx;
  unit_context(&cx);
  ThDistribution *d = make(&cx, &th_family_categorical, "theta=[1e-16,0.5,0.5,1e-17]");
  ck_assert(evaluate(&cx, d, "quantile", 1e-15) == 2 && evaluate(&cx, d, "quantile", 1e-17) == 1);
  ck_assert(evaluate(&cx, d, "isf", 1e-16) == 3 && evaluate(&cx, d, "isf", 1e-18) == 4);
  ck_assert(evaluate(&cx, d, "quantile", 0.37) == 2);
  th_release(th_object(d));
  d = make(&cx, &th_family_categorical, "theta=[1,1,1,1,1,1,1,1,1,1]");
  for (double k = 1; k <= 10; k++) {
    double sum = 0;
    for (int i = 0; i < (int)k; i++) sum += 0.1;
    ck_assert(evaluate(&cx, d, "quantile", sum) == k || k == 10);
    ck_assert(evaluate(&cx, d, "isf", 1 - sum) == k || k == 10);
  }
  th_release(th_object(d));
  unit_done(&cx);
}
END_TEST

START_TEST(run_of_whole_numbers) {
  const ThFamilyMath *f = th_family_discrete_uniform.math;
  const double p[] = {2, 7}, q[] = {-3, 9};
  ck_assert(fabs(f->kl(p, q) - log(13.0 / 6)) < 1e-15 && f->kl(q, p) == (double)INFINITY);
}
END_TEST

/* --- Vectors and matrices ------------------------------------------------------------------------ */

static const struct {
  const ThFamily *family;
  const char *p, *q;
  double kl, entropy; /* computed with 40 digits */
} events[] = {
    {&th_family_mvnormal, "mu=[1.0,-2.0,0.5];Sigma=[[2.0,0.5,-0.3],[0.5,1.0,0.2],[-0.3,0.2,0.7]]",
     "mu=[0.7,-1.5,0.25];Sigma=[[1.5,0.25,0.0],[0.25,2.0,0.3],[0.0,0.3,1.1]]", 0.42706820983217745337,
     4.2543093287022460436},
    {&th_family_dirichlet, "alpha=[2.385,0.7,5.5]", "alpha=[1.5,2.0,3.25]", 1.9454302768912375468,
     -2.1339113915635901798},
    {&th_family_dirichlet, "alpha=[0.25,0.5,0.75,4.0]", "alpha=[1.0,1.0,1.0,1.0]", 4.0861502755208369471,
     -5.8779097447488919479},
    {&th_family_multinomial, "N=12;theta=[0.25,0.125,0.625]", "N=12;theta=[0.375,0.25,0.375]",
     1.575076083080519014, 3.2813092155170971395},
    {&th_family_wishart, "nu=5.5;S=[[2.0,0.5],[0.5,1.0]]", "nu=4.25;S=[[1.5,-0.25],[-0.25,2.0]]",
     1.2017618111315157424, 7.8520071838160447891},
};

START_TEST(divergences) {
  ThContext cx;
  unit_context(&cx);
  ThDistribution *p = make(&cx, events[_i].family, events[_i].p),
                 *q = make(&cx, events[_i].family, events[_i].q);
  double kl, own, entropy;
  ck_assert(p->family->event->kl(&cx, p, q, &kl) && p->family->event->kl(&cx, p, p, &own));
  ck_assert(p->family->event->entropy(&cx, p, &entropy));
  ck_assert_msg(fabs(kl - events[_i].kl) < 1e-13 * (1 + fabs(kl)), "%s: %.17g", p->family->name, kl);
  ck_assert(fabs(own) < 1e-13);
  ck_assert_msg(fabs(entropy - events[_i].entropy) < 1e-13 * (1 + fabs(entropy)), "%s: %.17g",
                p->family->name, entropy);
  th_release(th_object(p));
  th_release(th_object(q));
  unit_done(&cx);
}
END_TEST

/* Means, variances and covariances of 200 000 draws, each within 5 standard errors; the mean of -log density is the
 * entropy; the transform at a point is the mean of e^(ikx). */
START_TEST(draws) {
  enum { N = 200000 };
  ThContext cx;
  ThRandom r;
  unit_context(&cx);
  th_random_seed(&r, 2385);
  ThDistribution *d = make(&cx, events[_i].family, events[_i].p);
  const ThEventLaw *event = d->family->event;
  size_t count = th_event_count(d), n = th_event_size(d);
  double x[MOST], want[MOST], spread[MOST], covariance[MOST], k[MOST], sums[MOST] = {0}, products[MOST] = {0};
  double surprise = 0, square = 0, entropy, re = 0, im = 0;
  double complex phi;
  event->mean(d, want);
  event->variance(d, spread);
  for (size_t j = 0; j < count; j++) k[j] = (j % 2 ? -0.3 : 0.7) / sqrt(spread[j]);
  for (size_t i = 0; i < N; i++) {
    double log_density, dot = 0;
    ck_assert(event->sample(&cx, d, &r, x) && event->log_density(&cx, d, x, &log_density));
    surprise -= log_density;
    square += log_density * log_density;
    for (size_t j = 0; j < count; j++) sums[j] += x[j], dot += k[j] * x[j];
    for (size_t j = 0; event->covariance && j < n * n; j++)
      products[j] += (x[j / n] - want[j / n]) * (x[j % n] - want[j % n]);
    re += cos(dot);
    im += sin(dot);
  }
  for (size_t j = 0; j < count; j++) ck_assert(fabs(sums[j] / N - want[j]) < 5 * sqrt(spread[j] / N));
  if (event->covariance) event->covariance(d, covariance);
  for (size_t j = 0; event->covariance && j < n * n; j++) {
    double scale = sqrt(covariance[j / n * (n + 1)] * covariance[j % n * (n + 1)]);
    ck_assert(fabs(products[j] / N - covariance[j]) < 10 * scale / sqrt(N));
    ck_assert(j / n != j % n || fabs(covariance[j] - spread[j / n]) < 1e-15 * scale);
  }
  ck_assert(event->entropy(&cx, d, &entropy));
  ck_assert(fabs(surprise / N - entropy) < 5 * sqrt((square / N - entropy * entropy) / N) + 1e-12);
  if (event->cf) {
    ck_assert(event->cf(&cx, d, k, &phi));
    ck_assert(fabs(re / N - creal(phi)) < 5 / sqrt(N) && fabs(im / N - cimag(phi)) < 5 / sqrt(N));
  }
  th_release(th_object(d));
  unit_done(&cx);
}
END_TEST

/* Lauricella's function by its power series with 100 digits. */
static const struct {
  size_t n;
  double alpha[5], k[5], re, im;
} transforms[] = {
    {3, {2.385, 3.0, 5.5}, {1.0, -2.0, 0.5}, 0.93841797152051427039, -0.071454153155967264958},
    {4, {0.01, 0.02, 0.03, 0.04}, {5.0, -3.0, 12.0, 0.0}, 0.39567270127631988381, -0.26826572660826852907},
    {3, {0.5, 0.5, 0.5}, {30.0, -20.0, 5.0}, 0.0044899141188126049071, -0.015178222055404426123},
    {5,
     {100.0, 200.0, 50.0, 30.0, 20.0},
     {40.0, -20.0, 5.0, 0.0, 17.0},
     0.053524289471139169338,
     0.46097936517872340315},
    {3, {0.5, 1.5, 2.5}, {150.0, -50.0, 20.0}, 0.0012156302069093155555, -0.00052502336065279846225},
    {2, {2.385, 3.0}, {7.0, 1.0}, -0.41883112068949907682, -0.20624353732975333491},
};

START_TEST(dirichlet_transforms) {
  ThContext cx;
  ThValue alpha, d;
  double complex phi;
  unit_context(&cx);
  alpha = vector(&cx, transforms[_i].alpha, transforms[_i].n);
  ck_assert(th_distribution_new(&cx, &th_family_dirichlet, &alpha, &d));
  ck_assert(th_family_dirichlet.event->cf(&cx, th_as_distribution(d), transforms[_i].k, &phi));
  ck_assert_msg(fabs(creal(phi) - transforms[_i].re) < 1e-14 && fabs(cimag(phi) - transforms[_i].im) < 1e-14,
                "%.17g %.17g", creal(phi), cimag(phi));
  th_release(d);
  th_release(alpha);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_prob_reference(void) {
  Suite *suite = suite_create("prob_reference");
  ADD(suite, reference_table);
  ADD(suite, quantiles_of_tables);
  ADD(suite, run_of_whole_numbers);
  ADD_ROWS(suite, divergences, COUNT(events));
  ADD_ROWS(suite, draws, COUNT(events));
  ADD_ROWS(suite, dirichlet_transforms, COUNT(transforms));
  return suite;
}
