/* test_prob_verbs.c - tests of prob/: verbs of what has no mean, of what has no formulas, templates of calls */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "lang/session.h"
#include "num/real.h"
#include "prob/distribution_kind.h"
#include "prob/divergence.h"
#include "prob/moments.h"
#include "prob/query.h"
#include "prob/rosetta.h"
#include "registry.h"
#include "val/format.h"

/* --- A family with tails like 1/x^(1 + p), on both sides of 0: Student's t of two degrees at p = 2, Cauchy's at
 * p = 1. Nothing but densities and quantiles is given. */

static double heavy_pdf(double x, const double *p) {
  return p[0] == 1 ? 1 / (TH_PI * (1 + x * x)) : pow(2 + x * x, -1.5);
}
static double heavy_logpdf(double x, const double *p) {
  return p[0] == 1 ? -log(TH_PI) - log1p(x * x) : -1.5 * log(2 + x * x);
}
static double heavy_upper_quantile(double q, const double *p) {
  return p[0] == 1 ? (q == 0.5 ? 0 : 1 / tan(TH_PI * q)) : (1 - 2 * q) / sqrt(2 * q * (1 - q));
}
static double heavy_quantile(double q, const double *p) { return 0 - heavy_upper_quantile(q, p); }
static double heavy_ccdf(double x, const double *p) {
  double z = fabs(x) / sqrt(2 + x * x), tail = 1 / (2 + x * x) / (1 + z);
  return p[0] == 1 ? atan2(1, x) / TH_PI : x > 0 ? tail : 1 - tail;
}
static double heavy_cdf(double x, const double *p) { return heavy_ccdf(-x, p); }
static void heavy_support(const double *p, double *lower, double *upper) {
  (void)p;
  *lower = -TH_INFINITY;
  *upper = TH_INFINITY;
}
static double no_mean(const double *p) { return p[0] == 1 ? TH_NAN : 0; }

#define HEAVY                                                                                     \
  .name = "Heavy", .n_parameters = 1, .pdf = heavy_pdf, .logpdf = heavy_logpdf, .cdf = heavy_cdf, \
  .ccdf = heavy_ccdf, .quantile = heavy_quantile, .upper_quantile = heavy_upper_quantile,         \
  .support = heavy_support

static const ThFamilyMath bare_math = {HEAVY};
static const ThFamilyMath told_math = {HEAVY, .mean = no_mean, .variance = no_mean};
#define ROW .name = "Heavy", .n_parameters = 1, .parameters = {{"p", TH_DOMAIN_POSITIVE, false, 0}}
static const ThFamily bare = {ROW, .math = &bare_math}, told = {ROW, .math = &told_math};

static ThValue make(ThContext *cx, const ThFamily *family, double p) {
  ThValue d;
  ck_assert(th_distribution_of(cx, family, &p, &d));
  return d;
}

/* What the verb prints. */
static void check_text(ThContext *cx, ThValue d, const char *verb, const char *expected) {
  ThValue answer;
  ThText text;
  th_text_init(&text, &cx->heap);
  ck_assert(th_distribution_verb(cx, verb, &d, 1, &answer));
  ck_assert(th_format(cx, answer, TH_STYLE_ECHO, &text));
  ck_assert_msg(strncmp(th_text_string(&text), expected, strlen(expected)) == 0, "%s: %s", verb,
                th_text_string(&text));
  th_text_clear(&text);
  th_release(answer);
}

START_TEST(no_moments_by_formula) {
  ThContext cx;
  unit_context(&cx);
  ThValue d = make(&cx, &told, 1);
  check_text(&cx, d, "mean", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, d, "var", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, d, "sd", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, d, "skewness", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, d, "kurtosis", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, d, "median", "0");
  th_release(d);
  unit_done(&cx);
}
END_TEST

START_TEST(no_moments_by_quadrature) {
  ThContext cx;
  unit_context(&cx);
  ThValue d = make(&cx, &bare, 1), e = make(&cx, &bare, 2);
  check_text(&cx, d, "mean", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, d, "var", "undefined: ∫ |x| p(x) dx diverges");
  check_text(&cx, e, "var", "inf  ∫ x² p(x) dx diverges");
  check_text(&cx, e, "sd", "inf  ∫ x² p(x) dx diverges");
  check_text(&cx, e, "kurtosis", "undefined: ∫ x² p(x) dx diverges");
  check_text(&cx, d, "entropy", "2.53102  quadrature, error < 1e-1"); /* log(4π) */
  check_text(&cx, e, "entropy", "1.96028  quadrature, error < 1e-1");
  th_release(d);
  th_release(e);
  unit_done(&cx);
}
END_TEST

START_TEST(how_it_was_found) {
  ThContext cx;
  unit_context(&cx);
  ThValue d = make(&cx, &told, 1), answer;
  ThFinding finding;
  ck_assert(th_distribution_verb(&cx, "mean", &d, 1, &answer));
  ck_assert_str_eq(th_as_string(th_as_estimate(answer)->detail)->text,
                   "mean of Heavy(p = 1): undefined: ∫ |x| p(x) dx diverges\n"
                   "the median is 0, the mode 0; half of the probability lies between -1 and 1");
  ck_assert(isnan(creal(th_as_estimate(answer)->value)));
  th_release(answer);
  ck_assert(th_distribution_find_moment(&cx, th_as_distribution(d), 0, 3, &finding));
  ck_assert_str_eq(finding.reason, "∫ |x|^3 p(x) dx diverges");
  ck_assert(isnan(finding.value));
  th_release(d);
  unit_done(&cx);
}
END_TEST

/* Queries take over what the distribution says. */
START_TEST(expectations_of_variables) {
  ThSession *session = th_session_new();
  ck_assert(session && th_registry_define(session));
  ThContext *cx = th_session_context(session);
  static const struct {
    const ThFamily *family;
    double p;
    ThQueryKind kind;
    const char *expected;
  } rows[] = {{&told, 1, TH_QUERY_E, "undefined: ∫ |x| p(x) dx diverges"},
              {&told, 1, TH_QUERY_SD, "undefined: ∫ |x| p(x) dx diverges"},
              {&bare, 1, TH_QUERY_E, "undefined: ∫ |x| p(x) dx diverges"},
              {&bare, 2, TH_QUERY_VAR, "inf  ∫ x² p(x) dx diverges"},
              {&bare, 2, TH_QUERY_SD, "inf  ∫ x² p(x) dx diverges"}};
  for (size_t k = 0; k < COUNT(rows); k++) {
    ThValue d = make(cx, rows[k].family, rows[k].p), x, answer;
    ThText text;
    th_text_init(&text, &cx->heap);
    ck_assert(th_variable_new(cx, th_symbol_of(cx, "X"), 0, d, &x));
    ck_assert(th_query_simple(cx, rows[k].kind, x, &answer));
    ck_assert(th_format(cx, answer, TH_STYLE_ECHO, &text));
    ck_assert_msg(strncmp(th_text_string(&text), rows[k].expected, strlen(rows[k].expected)) == 0,
                  "row %zu: %s", k, th_text_string(&text));
    th_text_clear(&text);
    th_release(answer);
    th_release(x);
    th_release(d);
  }
  th_session_free(session);
}
END_TEST

/* --- Distances of heavy tails */

START_TEST(heavy_distances) {
  ThContext cx;
  unit_context(&cx);
  static const double unit_normal[2] = {0, 1};
  ThValue d = make(&cx, &bare, 1), moved, normal;
  ck_assert(th_distribution_affine(&cx, d, 1, 2.385, &moved));
  ck_assert(th_distribution_of(&cx, &th_family_normal, unit_normal, &normal));
  ThFinding f;
  ThPair to_normal = {&cx, th_as_distribution(d), th_as_distribution(normal), 0, 0};
  ThPair to_heavy = {&cx, th_as_distribution(normal), th_as_distribution(d), 0, 0};
  ThPair to_moved = {&cx, th_as_distribution(d), th_as_distribution(moved), 0, 0};
  ck_assert(th_divergence_kl(&to_normal, &f));
  ck_assert(isinf(f.value));
  ck_assert_str_eq(f.reason, "∫ p log(p/q) dx diverges");
  ck_assert(th_divergence_kl(&to_heavy, &f)); /* log π - 1/2 - log(2π)/2 + E log(1 + Z²) */
  ck_assert_double_eq_tol(f.value, 0.25924453248886237, 1e-12);
  ck_assert(th_divergence_kl(&to_moved, &f)); /* log(1 + 2.385²/4): Chyzak and Nielsen 2019 */
  ck_assert_double_eq_tol(f.value, log(1 + 2.385 * 2.385 / 4), 1e-11);
  ck_assert(th_divergence_wasserstein(&to_moved, 1, &f));
  ck_assert_double_eq_tol(f.value, 2.385, 1e-10);
  ck_assert(th_divergence_wasserstein(&to_normal, 1, &f));
  ck_assert(isinf(f.value) && f.reason[0]);
  ck_assert(th_divergence_wasserstein(&to_normal, 2, &f));
  ck_assert(isinf(f.value) && f.reason[0]);
  ck_assert(th_divergence_total_variation(&to_moved, &f)); /* 2 atan(2.385/2)/π */
  ck_assert_double_eq_tol(f.value, 2 * atan(2.385 / 2) / TH_PI, 1e-12);
  th_release(d);
  th_release(moved);
  th_release(normal);
  unit_done(&cx);
}
END_TEST

/* --- Templates */

static const struct {
  const char *template;
  ThRosettaSystem system;
  double p[3];
  const char *expected; /* NULL: it does not fit */
} calls[] = {
    {"f({x $1}, {1/$2})", TH_ROSETTA_GSL, {1.5, 4, 1}, "f(x - 1.5, 0.25)"},
    {"f({x $1 $2}){/ $2}", TH_ROSETTA_R, {-1.5, 4, 1}, "f((x + 1.5)/4)/4"},
    {"f({x $1 $2}){/ $2}", TH_ROSETTA_R, {0, 1, 1}, "f(x)"},
    {"f({x 0 $2}){/ $2}", TH_ROSETTA_R, {0, 2.5, 1}, "f(x/2.5)/2.5"},
    {"{+ $1 $2}D({$3})", TH_ROSETTA_JULIA, {3, 2, 5}, "3 + 2*D(5)"},
    {"{+ $1 $2}D({$3})", TH_ROSETTA_JULIA, {0, 1, 5}, "D(5)"},
    {"{($3-$1)/($2-$1)}", TH_ROSETTA_SCIPY, {-1, 3, 0}, "0.25"},
    {"{$1/(1-$1)}", TH_ROSETTA_STAN, {0.2, 0, 0}, "0.25"},
    {"{exp($1)} {sqrt($2)*$3} {log($2)-1}", TH_ROSETTA_R, {0, 4, 2.5}, "1 5 0.3862943611198906"},
    {"{$1} {$2}", TH_ROSETTA_JULIA, {TH_INFINITY, -TH_INFINITY, 0}, "Inf -Inf"},
    {"T[{t $1}, {t $2}]", TH_ROSETTA_STAN, {0.5, TH_INFINITY, 0}, "T[0.5, ]"},
    {"f({x $1*$2}){, $3}", TH_ROSETTA_SCIPY, {2, 1.5, 4}, "f(x - 3), 4"},
    {"f({x $1-1}{, $3})", TH_ROSETTA_SCIPY, {1, 1.5, 0}, "f(x)"},
    {"f({$2}){= $1}", TH_ROSETTA_STAN, {0, 1.5, 0}, "f(1.5)"},
    {"f({$2}){= $1}", TH_ROSETTA_STAN, {1, 1.5, 0}, NULL},
    {"{s $1}", TH_ROSETTA_R, {1, 2, 3}, NULL},
    {"{m $1 $2}", TH_ROSETTA_R, {1, 2, 3}, NULL},
    {"{p $1}", TH_ROSETTA_R, {1, 2, 3}, NULL},
    {"{$4}", TH_ROSETTA_R, {1, 2, 3}, NULL},
};

static const ThFamily three = {.name = "Three",
                               .n_parameters = 3,
                               .parameters = {{"a", TH_DOMAIN_REAL, false, 0},
                                              {"b", TH_DOMAIN_REAL, false, 0},
                                              {"c", TH_DOMAIN_REAL, false, 0}},
                               .math = &bare_math};

START_TEST(templates) {
  ThContext cx;
  ThText text;
  ThValue d;
  bool fits;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  ck_assert(th_distribution_of(&cx, &three, calls[_i].p, &d));
  ck_assert(
      th_rosetta_expand(&cx, th_as_distribution(d), calls[_i].system, calls[_i].template, &text, &fits));
  ck_assert_int_eq(fits, calls[_i].expected != NULL);
  if (fits) ck_assert_str_eq(th_text_string(&text), calls[_i].expected);
  th_text_clear(&text);
  th_release(d);
  unit_done(&cx);
}
END_TEST

/* A family without a row has no call. */
START_TEST(unknown_family) {
  ThContext cx;
  ThText text;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  ThValue d = make(&cx, &bare, 1);
  ck_assert(th_rosetta_call(&cx, th_as_distribution(d), TH_ROSETTA_R, &text));
  ck_assert_str_eq(th_text_string(&text), "-");
  th_text_clear(&text);
  th_release(d);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_prob_verbs(void) {
  Suite *suite = suite_create("prob_verbs");
  ADD(suite, no_moments_by_formula);
  ADD(suite, no_moments_by_quadrature);
  ADD(suite, how_it_was_found);
  ADD(suite, expectations_of_variables);
  ADD(suite, heavy_distances);
  ADD_ROWS(suite, templates, COUNT(calls));
  ADD(suite, unknown_family);
  return suite;
}
