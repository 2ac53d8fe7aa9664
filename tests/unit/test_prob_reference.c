/* test_prob_reference.c - families whose parameters are no numbers, against the long table of references */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table is the one of test_num_density.c; without it the test passes unasked. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prob/distribution.h"
#include "unit.h"

static const double TOLERANCE = 1e-13;

/* The numbers of "theta=[0.2,0.3,0.5]" or "l=1;u=6"; returns how many. */
static size_t read_numbers(const char *text, double *x, size_t most) {
  size_t n = 0;
  for (const char *at = text; *at && n < most;) {
    char *end;
    bool starts = at > text && strchr("=[,", at[-1]) && !strchr("[", *at);
    double value = starts ? strtod(at, &end) : 0;
    if (starts && end > at) x[n++] = value, at = end;
    else at++;
  }
  return n;
}

static ThValue vector(ThContext *cx, const double *x, size_t n) {
  ThValue v;
  ck_assert(th_vector_from(cx, x, n, &v));
  return v;
}

static ThDistribution *make(ThContext *cx, const char *name, const double *x, size_t n) {
  ThValue d, parameters[2] = {th_number(x[0]), th_number(x[1])};
  const ThFamily *family = &th_family_discrete_uniform;
  if (strcmp(name, "categorical") == 0) {
    family = &th_family_categorical;
    parameters[0] = vector(cx, x, n);
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

static bool is_ours(const char *name) {
  return strcmp(name, "categorical") == 0 || strcmp(name, "discrete_range") == 0;
}

/* One line: id, dist, params, quantity, arg, value, cond. Returns the error. */
static double check_line(ThContext *cx, char *line) {
  char *field[7] = {line};
  double x[40];
  for (int i = 1; i < 7; i++) {
    field[i] = strchr(field[i - 1], '\t');
    if (!field[i]) return 0;
    *field[i]++ = '\0';
  }
  if (!is_ours(field[1])) return 0;
  ThDistribution *d = make(cx, field[1], x, read_numbers(field[2], x, COUNT(x)));
  double want = strtod(field[5], NULL), got = evaluate(cx, d, field[3], strtod(field[4], NULL));
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
  static char line[4096];
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
  const double rare[] = {1e-16, 0.5, 0.5, 1e-17};
  ThDistribution *d = make(&cx, "categorical", rare, 4);
  ck_assert(evaluate(&cx, d, "quantile", 1e-15) == 2 && evaluate(&cx, d, "quantile", 1e-17) == 1);
  ck_assert(evaluate(&cx, d, "isf", 1e-16) == 3 && evaluate(&cx, d, "isf", 1e-18) == 4);
  ck_assert(evaluate(&cx, d, "quantile", 0.37) == 2);
  th_release(th_object(d));
  const double even[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  d = make(&cx, "categorical", even, COUNT(even));
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
  const double p[] = {2, 7}, q[] = {-3, 9}, x[] = {3, -2, 8, 8}, off[] = {3, 0.5};
  double fitted[2];
  ck_assert(fabs(f->kl(p, q) - log(13.0 / 6)) < 1e-15 && f->kl(q, p) == (double)INFINITY);
  ck_assert_ptr_null(f->mle(4, x, fitted));
  ck_assert(fitted[0] == -2 && fitted[1] == 8);
  ck_assert_str_eq(f->mle(2, off, fitted), "a datum is not a whole number");
}
END_TEST

Suite *th_suite_prob_reference(void) {
  Suite *suite = suite_create("prob_reference");
  ADD(suite, reference_table);
  ADD(suite, quantiles_of_tables);
  ADD(suite, run_of_whole_numbers);
  return suite;
}
