/* test_infer_fields.c - tests of what fields fits of each kind have, and of the reason where one is not there */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* A field that is not there has an error, which names the reason: the letter of `reasons`. */
static const char *const fields[] = {"se",        "interval", "cov",   "fisher", "expected_fisher",
                                     "loglik",    "aic",      "bic",   "chi2",   "dof",
                                     "residuals", "method",   "trace", "calls",  "converged"};

static const struct {
  char letter;
  const char *words;
} reasons[] = {
    {'n', "χ² is of Normal data with given σ"},
    {'s', "the maximum was solved for, not iterated to"},
    {'c', "the coefficients were solved for, not iterated to"},
    {'g', "`glm` keeps no trace"},
    {'p', "the expected information is that of data; `fisher` has the prior too"},
    {'q', "the expected information is that of data; here there is a penalty too"},
    {'o', "has no closed form here; `fisher` is the observed one"},
    {'e', "there are no errors: p = 1 is an end of its range"},
    {'u', "there are no errors: a = 1 is an end of the data"},
    {'f', "there are no errors: the likelihood is flat along a - b"},
    {'l', "there are no standard errors: an L1 penalty leaves no sampling error to quote"},
    {'-', "has no field"},
};

#define XY "(x = 1:6, y = [1, 2.5, 3, 4.2, 5.5, 5.1])"
#define LOGIT "(x = [-2, -1.5, -1, -0.5, 0, 0.5, 1], y = [0, 0, 1, 0, 0, 1, 1])"
#define TIMES "[1, 2.5, 3, 4.2]"

/* In the order of `fields`: + it is there, else why it is not. */
static const struct {
  const char *setup, *has;
} rows[] = {
    {"model m(x, y) { param a, b; y ~ Normal(a + b*x, 0.3) }; f = mle(m, " XY ")", "++++++++++++s++"},
    {"model m(x, y) { param a, b; param s in (0, inf); y ~ Normal(a + b*x, s) }; f = mle(m, " XY ")",
     "++++++++n++++++"},
    {"model m(y) { param p in (0, 1); y ~ Bernoulli(p) }; f = mle(m, (y = [1, 0, 1, 1]))", "++++++++n+++s++"},
    {"model m(y) { param p in (0, 1); y ~ Bernoulli(p) }; f = mle(m, (y = [1, 1, 1]))", "++eee+++n+++s++"},
    {"model m(x, y) { param a, b; y ~ Bernoulli(logit = a + b*x) }; f = mle(m, " LOGIT ")",
     "++++++++n++++++"},
    {"model m(x, y) { param a in (0, inf); param b; y ~ Normal(a*exp(-b*x), 0.3) }; f = mle(m, " XY ")",
     "+++++++++++++++"},
    {"model m(x, y) { param a, b, c; y ~ Poisson(exp(a + b + c*x)) }; f = mle(m, (x = 1:4, y = [1, 3, 4, 9]))",
     "++ff++++n++++++"},
    {"model m(y) { a ~ Normal(0, 2); y ~ StudentT(3, a, 1.2) }; f = map(m, (y = " TIMES "))",
     "++++p+++n++++++"},
    {"model m(y) { a ~ Beta(2, 3); y ~ Bernoulli(a) }; f = map(m, (y = [1, 0, 1, 1]))", "++++p+++n+++s++"},
    {"model m(x, y) { b ~ Normal(0, 1); y ~ Normal(b*x, 0.3) }; f = map(m, " XY ")", "++++p+++++++s++"},
    {"f = mle(Normal, " TIMES ")", "++++++++n+++s++"},
    {"f = mle(Gamma, " TIMES ")", "++++++++n++++++"},
    {"f = mle(Uniform, " TIMES ")", "++uuo+++n+++s++"},
    {"f = mle(Categorical, [1, 2, 2, 3])", "++++++++n+++s++"},
    {"f = mle(MvNormal, [1.2, 0.3; 2.1, 1.1; 0.2, 0.9; 1.4, 1.9])", "++++++++n+++s++"},
    {"f = lm(y ~ x, " XY ")", "++++++++n+++c-+"},
    {"f = lm(y ~ x, " XY ", σ = 0.3)", "++++++++++++c-+"},
    {"f = linreg([1, 2; 1, 3; 1, 5], [1, 2, 3.5], ridge = 0.7)", "++++q+++n+++c-+"},
    {"f = linreg([1, 2; 1, 3; 1, 5], [1, 2, 3.5], lasso = 1)", "lllll+++n+++c-+"},
    {"f = glm(y ~ x, " LOGIT ", family = \"bernoulli\")", "++++++++n+++g-+"},
};

static const char *words_of(char letter) {
  for (size_t i = 0; i < COUNT(reasons); i++)
    if (reasons[i].letter == letter) return reasons[i].words;
  return NULL;
}

static void check_field(ThSession *session, const char *field, char has) {
  ThContext *cx = th_session_context(session);
  char text[64];
  ThValue v;
  snprintf(text, sizeof text, "f.%s", field);
  bool there = th_session_evaluate(session, "", text, strlen(text), &v);
  if (has == '+') {
    ck_assert_msg(there, "%s: %s", text, cx->error.message);
    th_release(v);
    return;
  }
  ck_assert_msg(!there, "%s is there", text);
  ck_assert_msg(strstr(cx->error.message, words_of(has)) != NULL, "%s: %s", text, cx->error.message);
  th_error_clear(cx);
}

START_TEST(fields_of) {
  ThSession *session = unit_session(NULL);
  unit_run(session, rows[_i].setup);
  ck_assert_uint_eq(strlen(rows[_i].has), COUNT(fields));
  for (size_t i = 0; i < COUNT(fields); i++) check_field(session, fields[i], rows[_i].has[i]);
  ck_assert_uint_eq(th_session_free(session), 0);
}
END_TEST

Suite *th_suite_infer_fields(void) {
  Suite *suite = suite_create("infer_fields");
  ADD_ROWS(suite, fields_of, COUNT(rows));
  return suite;
}
