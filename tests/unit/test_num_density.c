/* test_num_density.c - the families against values of 25 digits, and against themselves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long table is ../shared/reference/distributions/distributions.tsv, or what THETA_DISTRIBUTIONS names;
 * without it its test passes unasked. Its column `cond` says how far rounding the inputs moves the value;
 * errors are divided by 1 + cond. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/density.h"
#include "num/init.h"
#include "unit.h"

static const double TOLERANCE = 1e-12;

/* The value of a quantity by its name in the table; NaN for an unknown name. */
static double evaluate(const ThFamilyMath *f, const char *quantity, double x, const double *p) {
  const struct {
    const char *name;
    double (*of_x)(double, const double *);
    double (*of_p)(const double *);
  } rows[] = {{"logpdf", f->logpdf, NULL},        {"logpmf", f->logpdf, NULL},
              {"pdf", f->pdf, NULL},              {"pmf", f->pdf, NULL},
              {"cdf", f->cdf, NULL},              {"sf", f->ccdf, NULL},
              {"logcdf", f->logcdf, NULL},        {"logsf", f->logccdf, NULL},
              {"quantile", f->quantile, NULL},    {"isf", f->upper_quantile, NULL},
              {"mean", NULL, f->mean},            {"variance", NULL, f->variance},
              {"skewness", NULL, f->skewness},    {"kurtosis_excess", NULL, f->kurtosis},
              {"entropy", NULL, f->entropy}};
  if (strcmp(quantity, "cf_re") == 0) return creal(f->cf(x, p));
  if (strcmp(quantity, "cf_im") == 0) return cimag(f->cf(x, p));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(quantity, rows[i].name) == 0) return rows[i].of_x ? rows[i].of_x(x, p) : rows[i].of_p(p);
  return (double)NAN;
}

/* |got - want|/|want|, 0 for equal ones (infinities too), inf where that makes no sense. */
static double relative_error(double got, double want) {
  if (got == want || (isnan(got) && isnan(want))) return 0;
  if (!isfinite(got) || !isfinite(want)) return (double)INFINITY;
  return want == 0 ? fabs(got) : fabs(got - want) / fabs(want);
}

/* --- The long table ------------------------------------------------------------------------------ */

/* The family of a name in the table; its parameters stand there in positional order. */
static const ThFamilyMath *family_of(const char *name) {
  static const char *const names[][2] = {{"normal", "Normal"},           {"beta", "Beta"},
                                         {"bernoulli", "Bernoulli"},     {"binomial", "Binomial"},
                                         {"gamma", "Gamma"},             {"poisson", "Poisson"},
                                         {"exponential", "Exponential"}, {"uniform", "Uniform"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i][0]) == 0) return th_density_find(names[i][1]);
  return NULL;
}

static int parse_parameters(const char *text, double *p) {
  int n = 0;
  for (const char *at = text; n < TH_MAX_PARAMETERS && (at = strchr(at, '=')); n++) {
    char *end;
    p[n] = strtod(at + 1, &end);
    at = end;
  }
  return n;
}

typedef struct Worst {
  const ThFamilyMath *family;
  int rows;
  double error;
  char text[200];
} Worst;

static Worst *worst_of(Worst *all, const ThFamilyMath *family) {
  while (all->family && all->family != family) all++;
  all->family = family;
  return all;
}

/* One line of the table: id, dist, params, quantity, arg, value, cond, separated by tabs. */
static void check_line(char *line, Worst *all) {
  char *field[7] = {line};
  for (int i = 1; i < 7; i++) {
    field[i] = strchr(field[i - 1], '\t');
    if (!field[i]) return;
    *field[i]++ = '\0';
  }
  const ThFamilyMath *family = family_of(field[1]);
  if (!family) return;
  double p[TH_MAX_PARAMETERS], want = strtod(field[5], NULL), cond = strtod(field[6], NULL);
  ck_assert_int_eq(parse_parameters(field[2], p), family->n_parameters);
  double got = evaluate(family, field[3], strtod(field[4], NULL), p);
  double error = relative_error(got, want) / (1 + cond);
  Worst *worst = worst_of(all, family);
  worst->rows++;
  if (!(error <= worst->error)) {
    worst->error = error;
    snprintf(worst->text, sizeof worst->text, "%s %s(%s) at %s: got %.17g, want %s", field[0], field[3], field[2],
             field[4], got, field[5]);
  }
  ck_assert_msg(error <= TOLERANCE, "%s %s %s(%s) at %s: got %.17g, want %s, error %.2g", field[0], field[1],
                field[3], field[2], field[4], got, field[5], error);
}

START_TEST(reference_table) {
  const char *path = getenv("THETA_DISTRIBUTIONS");
  FILE *file = fopen(path ? path : "../shared/reference/distributions/distributions.tsv", "r");
  if (!file) return;
  char line[1024];
  Worst all[16] = {0};
  while (fgets(line, sizeof line, file))
    if (line[0] == 'D') check_line(line, all);
  fclose(file);
  for (Worst *w = all; w->family; w++)
    printf("%-12s %3d rows, worst %.1e: %s\n", w->family->name, w->rows, w->error, w->text);
}
END_TEST
