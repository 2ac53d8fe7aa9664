/* test_infer_nist_linear.c - NIST's linear regression sets, with the digits that lm gets right */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files are read from ../shared/reference/nist, or the folder that THETA_NIST names; without them the test says so
 * and passes. The program is Theta itself: formula, columns and all. The digits go to standard output. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/session.h"
#include "registry.h"
#include "unit.h"
#include "val/array.h"

/* A set, its formula over the columns of its file, and the digits that all its numbers must have. Filip's columns are
 * rounded before the fit begins, and its condition number is 1e15. */
static const struct {
  const char *name, *formula;
  double digits;
} sets[] = {
    {"Norris", "y ~ x", 9},
    {"Pontius", "y ~ x + x^2", 9},
    {"NoInt1", "y ~ 0 + x", 9},
    {"NoInt2", "y ~ 0 + x", 9},
    {"Filip", "y ~ x + x^2 + x^3 + x^4 + x^5 + x^6 + x^7 + x^8 + x^9 + x^10", 7},
    {"Longley", "y ~ x1 + x2 + x3 + x4 + x5 + x6", 9},
    {"Wampler1", "y ~ x + x^2 + x^3 + x^4 + x^5", 9},
    {"Wampler2", "y ~ x + x^2 + x^3 + x^4 + x^5", 9},
    {"Wampler3", "y ~ x + x^2 + x^3 + x^4 + x^5", 9},
    {"Wampler4", "y ~ x + x^2 + x^3 + x^4 + x^5", 9},
    {"Wampler5", "y ~ x + x^2 + x^3 + x^4 + x^5", 9},
};
enum { N_SETS = sizeof sets / sizeof *sets };

static const char *folder(void) {
  const char *named = getenv("THETA_NIST");
  return named ? named : "../shared/reference/nist";
}

/* Correct significant digits, at most 15; of a number that is 0, decimals. */
static double digits_of(double got, double want) {
  double error = want == 0 ? fabs(got) : fabs(got - want) / fabs(want);
  return error == 0 ? 15 : fmin(15, -log10(error));
}

/* f.coef, f.se, f.sigma by name of the file's parameters. */
typedef struct Fit {
  ThArray *coef, *se;
  double sigma, r2;
  bool intercept;
} Fit;

static double evaluate(ThSession *session, const char *text, ThArray **array) {
  ThValue v;
  bool ok = th_session_evaluate(session, "", text, strlen(text), &v);
  ck_assert_msg(ok, "%s: %s", text, th_session_context(session)->error.message);
  if (array) {
    *array = th_as_array(v);
    return 0;
  }
  double x = th_is_scalar(v) ? th_as_scalar(v) : (double)NAN;
  th_release(v);
  return x;
}

static void run_set(ThSession *session, size_t i, Fit *fit) {
  char text[600];
  snprintf(text, sizeof text, "d = read_csv(\"%s/data/%s.tsv\"); f = lm(%s, d)", folder(), sets[i].name,
           sets[i].formula);
  (void)evaluate(session, text, NULL);
  (void)evaluate(session, "f.coef", &fit->coef);
  (void)evaluate(session, "f.se", &fit->se);
  fit->sigma = evaluate(session, "f.sigma", NULL);
  fit->r2 = evaluate(session, "f.r2", NULL);
  fit->intercept = !strstr(sets[i].formula, "~ 0");
}

/* The certified number of a row, and what the fit has for it; false for a row of another set or kind. */
static bool compare_row(const char *line, const char *name, const Fit *fit, double *least, double *least_sd) {
  enum { SET = 0, WHAT = 5, CERTIFIED = 8, CERTIFIED_SD = 9, N_FIELDS };
  char fields[N_FIELDS][64];
  const char *at = line, *set = fields[SET], *what = fields[WHAT], *first = fields[CERTIFIED],
             *second = fields[CERTIFIED_SD];
  for (size_t f = 0; f < N_FIELDS; f++) {
    size_t n = strcspn(at, "\t\n");
    snprintf(fields[f], sizeof fields[f], "%.*s", (int)n, at);
    at += n + (at[n] == '\t');
  }
  if (strcmp(set, name) != 0) return false;
  double want = strtod(first, NULL);
  if (what[0] == 'B') {
    size_t j = (size_t)strtoul(what + 1, NULL, 10) - !fit->intercept;
    *least = fmin(*least, digits_of(fit->coef->real[j], want));
    double sd = strtod(second, NULL);
    *least_sd = fmin(*least_sd, digits_of(fit->se->real[j], sd));
  }
  if (strcmp(what, "residual_sd") == 0) *least_sd = fmin(*least_sd, digits_of(fit->sigma, want));
  if (strcmp(what, "r_squared") == 0) *least_sd = fmin(*least_sd, digits_of(fit->r2, want));
  return true;
}

START_TEST(certified) {
  char path[300], line[1000];
  snprintf(path, sizeof path, "%s/linear.tsv", folder());
  FILE *file = fopen(path, "r");
  if (!file) {
    puts("NIST's linear sets: left out, there is no ../shared/reference/nist");
    return;
  }
  ThSession *session = th_session_new();
  Fit fit;
  double least = 15, least_sd = 15;
  size_t rows = 0;
  ck_assert(session && th_registry_define(session));
  run_set(session, (size_t)_i, &fit);
  while (fgets(line, sizeof line, file)) rows += compare_row(line, sets[_i].name, &fit, &least, &least_sd);
  fclose(file);
  printf("%-9s %4.1f digits of the coefficients, %4.1f of sd, residual sd and R²\n", sets[_i].name, least,
         least_sd);
  ck_assert_uint_gt(rows, 4);
  ck_assert_msg(least >= sets[_i].digits && least_sd >= sets[_i].digits, "%s: %.2f and %.2f digits",
                sets[_i].name, least, least_sd);
  th_release(th_object(fit.coef));
  th_release(th_object(fit.se));
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

Suite *th_suite_infer_nist_linear(void) {
  Suite *suite = suite_create("infer_nist_linear");
  TCase *test = tcase_create("linear");
  tcase_add_loop_test(test, certified, 0, N_SETS);
  suite_add_tcase(suite, test);
  return suite;
}
