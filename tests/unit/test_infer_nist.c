/* test_infer_nist.c - nonlinear models of NIST's reference sets, fitted from both starts with default options */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sets are ../shared/reference/nist, or the folder that THETA_NIST names; without it the test passes unasked.
 *
 * NIST's standard deviations are roots of the diagonal of s²(J'J)⁻¹ with s² = RSS/(n - p). The likelihood is largest at
 * σ̂² = RSS/n, and the expected information of the p parameters of the mean is J'J/σ̂²: its inverse times n/(n - p) is
 * NIST's matrix. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "val/array.h"
#include "val/basic.h"

enum { MOST = 9, FIELDS = 12, LONGEST = 2048 };

/* Digits that are asked for, of estimates and of standard deviations. */
static const double ESTIMATE_DIGITS = 8, SD_DIGITS = 6;

/* Where that cannot be had, and why. */
static const struct {
  const char *set;
  double sd_digits;
  const char *why;
} excused[] = {
    {"Lanczos1", 2,
     "its residuals are 1e-13: reading the decimals of y as doubles changes them in the fourth digit"},
};

typedef struct Set {
  char name[32], model[256];
  size_t p;
  char parameter[MOST][8], start[2][MOST][32];
  double value[MOST], sd[MOST]; /* to 20 digits, which agree with the certified ones */
} Set;

static const char *folder(void) {
  const char *named = getenv("THETA_NIST");
  return named ? named : "../shared/reference/nist";
}

/* The fields of a line with tabs between; returns how many. */
static size_t split(char *line, char **fields) {
  size_t n = 0;
  line[strcspn(line, "\r\n")] = '\0';
  for (char *at = line; at && n < FIELDS; n++) {
    fields[n] = at;
    at = strchr(at, '\t');
    if (at) *at++ = '\0';
  }
  return n;
}

/* The next parameter of a set into it; false when the line begins another one. */
static void add_parameter(Set *set, char *const *fields) {
  size_t i = set->p++;
  ck_assert_uint_lt(i, MOST);
  snprintf(set->parameter[i], sizeof set->parameter[i], "%s", fields[5]);
  snprintf(set->start[0][i], sizeof set->start[0][i], "%s", fields[6]);
  snprintf(set->start[1][i], sizeof set->start[1][i], "%s", fields[7]);
  set->value[i] = strtod(fields[10], NULL);
  set->sd[i] = strtod(fields[11], NULL);
}

/* Names of the data, "y, x", from the head of their file. */
static void data_names(const Set *set, char *out, size_t size) {
  char path[LONGEST], line[LONGEST] = "";
  snprintf(path, sizeof path, "%s/data/%s.tsv", folder(), set->name);
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  fclose(file);
  line[strcspn(line, "\r\n")] = '\0';
  size_t used = 0;
  for (const char *at = line; *at && used + 3 < size; at++) {
    if (*at == '\t') out[used++] = ',', out[used++] = ' ';
    else out[used++] = *at;
  }
  out[used] = '\0';
}

static void join(const Set *set, const char (*values)[32], char *out, size_t size) {
  size_t used = 0;
  for (size_t i = 0; i < set->p; i++)
    used += (size_t)snprintf(out + used, size - used, values ? "%s%s = %s" : "%s%s", i ? ", " : "",
                             set->parameter[i], values ? values[i] : "");
}

static double digits(double x, double want) { return -log10(fmax(fabs(x - want) / fabs(want), 1e-16)); }

static void fit(ThSession *session, const Set *set, int start) {
  char names[64], parameters[64], init[512], text[LONGEST];
  data_names(set, names, sizeof names);
  join(set, NULL, parameters, sizeof parameters);
  join(set, (const char(*)[32])set->start[start], init, sizeof init);
  snprintf(text, sizeof text,
           "d = read_csv(\"%s/data/%s.tsv\")\n%s"
           "model m(%s) { param %s; param σ in (0, inf); y ~ Normal(%s, σ) }\nf = mle(m, d, init = (%s))",
           folder(), set->name, strstr(set->model, "log(y)") ? "d.y = log(d.y)\n" : "", names, parameters,
           set->model, init);
  char *remark = strstr(text, "   [");
  if (remark) memmove(remark, strchr(remark, ']') + 1, strlen(strchr(remark, ']') + 1) + 1);
  unit_run(session, text);
  /* Columns of one length before the inversion: units must not cost digits. */
  unit_run(session, "p = cols(f.expected_fisher) - 1; F = f.expected_fisher[1:p, 1:p]; s = sqrt(diag(F))\n"
                    "sd = sqrt(diag(inv(F/outer(s, s))))/s*sqrt(nrow(d)/(nrow(d) - p))");
}

static void check(ThSession *session, const Set *set, int start) {
  double least_value = 16, least_sd = 16, wanted = SD_DIGITS;
  ThValue sd = unit_evaluate(session, "sd");
  for (size_t i = 0; i < set->p; i++) {
    char text[32];
    snprintf(text, sizeof text, "f.%s + 0", set->parameter[i]);
    double value = th_as_scalar(unit_evaluate(session, text));
    least_value = fmin(least_value, digits(value, set->value[i]));
    least_sd = fmin(least_sd, digits(th_as_array(sd)->real[i], set->sd[i]));
  }
  th_release(sd);
  for (size_t i = 0; i < COUNT(excused); i++)
    if (strcmp(excused[i].set, set->name) == 0) wanted = excused[i].sd_digits;
  printf("%-10s start %d: %4.1f digits of the estimates, %4.1f of the standard deviations\n", set->name,
         start + 1, least_value, least_sd);
  ck_assert_msg(least_value >= ESTIMATE_DIGITS && least_sd >= wanted,
                "%s from start %d: %.1f digits of the estimates, %.1f of the standard deviations", set->name,
                start + 1, least_value, least_sd);
}

static void check_set(const Set *set) {
  for (int start = 0; start < 2; start++) {
    ThSession *session = unit_session(NULL);
    fit(session, set, start);
    check(session, set, start);
    ck_assert_uint_eq(th_session_free(session), 0);
  }
}

START_TEST(nonlinear_sets) {
  char path[LONGEST], line[LONGEST], *fields[FIELDS];
  Set set = {.p = 0};
  size_t n = 0;
  snprintf(path, sizeof path, "%s/nonlinear.tsv", folder());
  FILE *file = fopen(path, "r");
  if (!file) return;
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  while (fgets(line, sizeof line, file)) {
    if (split(line, fields) < FIELDS || fields[5][0] != 'b') continue;
    if (strcmp(fields[0], set.name) != 0) {
      if (set.p) check_set(&set);
      n++;
      set.p = 0;
      snprintf(set.name, sizeof set.name, "%s", fields[0]);
      snprintf(set.model, sizeof set.model, "%s", fields[4]);
    }
    add_parameter(&set, fields);
  }
  fclose(file);
  check_set(&set);
  ck_assert_uint_eq(n, 27);
}
END_TEST

Suite *th_suite_infer_nist(void) {
  Suite *suite = suite_create("infer_nist");
  ADD(suite, nonlinear_sets);
  return suite;
}
