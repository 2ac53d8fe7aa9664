/* test_prob_query.c - tests of prob/: exact answers against random draws, linear forms, lack of memory */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "prob/linear.h"
#include "val/basic.h"

/* --- Each answer beside 40000 draws: within five standard errors. One false alarm in 1.7 million. */

static const char *const networks[][2] = {
    {"sick ~ Bernoulli(0.1); test ~ Bernoulli(if sick then 0.95 else 0.2)", "P(sick | test"},
    {"X, Y ~ DiscreteUniform(1, 6); D = X + Y", "P(D > 8 | X != 3"},
    {"X, Y ~ DiscreteUniform(1, 6); D = X + Y", "Var(D*X | Y > 2"},
    {"X, Y ~ DiscreteUniform(1, 6)", "Cov(max(X, Y), X | Y < 5"},
    {"N ~ Poisson(2.385); K ~ Binomial(N, 0.4)", "E(N | K = 2"},
    {"N ~ Poisson(2.385); K ~ Binomial(N, 0.4)", "Corr(N, K"},
    {"Z ~ Normal(0.385, 1.7)", "P(Z^2 > 1 or sin(3*Z) < -0.5"},
    {"Z ~ Normal(0.385, 1.7)", "E(exp(-Z^2) | Z > 0.2"},
    {"Z ~ Normal(0.385, 1.7)", "Sd(abs(Z) | Z < 2"},
    {"K ~ Bernoulli(0.3); W ~ Normal(if K then 2 else -1, 1)", "P(K | W > 0.2"},
    {"K ~ Bernoulli(0.3); W ~ Normal(if K then 2 else -1, 1)", "P(K | W = 0.2"},
    {"K ~ Bernoulli(0.3); W ~ if K then Normal(2, 1) else Gamma(2, 1)", "E(W^2 | W > 0.5"},
    {"m ~ Normal(0, 1); Z ~ Normal(m, 0.5)", "P(m > 0.8 | Z = 1.3"},
    {"m ~ Normal(0, 1); Z ~ Normal(m, 0.5)", "E(m^2 | Z = 1.3"},
    {"m ~ Normal(0, 1); Z ~ Normal(m, 0.5)", "Var(2*m + 1 | Z = 1.3"},
    {"p ~ Beta(2, 3); k ~ Binomial(10, p)", "P(p > 0.5 | k = 7"},
    {"p ~ Beta(2, 3); k ~ Binomial(10, p)", "P(p > 0.5 | k > 6"},
    {"p ~ Uniform(0, 1); a, b, c ~ Bernoulli(p)", "E(p | a, b, not c"},
    {"r ~ Gamma(2, 1); n ~ Poisson(r); t ~ Exponential(r)", "Sd(r | n = 3, t = 0.5"},
    {"A ~ Normal(0, 1); B ~ Normal(A, 1); C ~ Normal(2*B + 1, 1)", "P(A - B > 0.5 | C = 2"},
    {"A ~ Normal(0, 1); B ~ Normal(A, 1); C ~ Normal(2*B + 1, 1)", "Cov(A, B | C = 2"},
    {"A ~ Normal(0, 1); B ~ Normal(A, 1); C ~ Normal(2*B + 1, 1)", "Corr(A, C"},
    {"U[5] ~ Uniform(0, 1)", "Var(mean(U) - 2*U[1]"},
    {"U[5] ~ Bernoulli(0.3)", "P(sum(U) >= 2 | U[1]"},
    {"q ~ Uniform(0, 1); f ~ Bernoulli(q); g ~ Bernoulli(if f then q else 0.5)", "E(q | g"},
};

START_TEST(exact_and_drawn) {
  ThSession *session = unit_session(NULL);
  char text[400];
  double exact, drawn, error;
  th_release(unit_evaluate(session, networks[_i][0]));
  snprintf(text, sizeof text, "%s)", networks[_i][1]);
  ThValue answer = unit_evaluate(session, text);
  ck_assert(th_is_estimate(answer));
  ck_assert_msg(!strstr(th_as_string(th_as_estimate(answer)->method)->text, "Monte"), "%s is only drawn",
                text);
  snprintf(text, sizeof text, "%s, method = \"monte_carlo\", draws = 40000, seed = 2)", networks[_i][1]);
  ThValue draws = unit_evaluate(session, text);
  ck_assert(th_to_number(answer, &exact) && th_to_number(draws, &drawn));
  error = th_as_estimate(draws)->error;
  ck_assert_msg(error > 0 && fabs(exact - drawn) < 5 * error,
                "%s: %.9g, drawn %.9g ± "
                "%.2g",
                networks[_i][1], exact, drawn, error);
  ck_assert_msg(th_as_estimate(answer)->error <= 1e-10 * fmax(1, fabs(exact)), "%s: error %g", text,
                th_as_estimate(answer)->error);
  th_release(answer);
  th_release(draws);
  th_session_free(session);
}
END_TEST

/* --- Linear forms of a and b */

typedef struct Form {
  const char *expression;
  bool linear;
  double constant, a, b; /* of the first element */
} Form;

static const Form forms[] = {
    {"2*a - b/4 + 3", true, 3, 2, -0.25},
    {"-(a + b)*2 - a", true, 0, -3, -2},
    {"a*[1, 2, 3] + b", true, 0, 1, 1},
    {"[1, 2; 3, 4] @ W", true, 0, 1, 2},
    {"sum(W) + mean(W)", true, 0, 1.5, 1.5},
    {"W[2] - 1", true, -1, 0, 1},
    {"7", true, 7, 0, 0},
    {"a*b", false, 0, 0, 0},
    {"a^2", false, 0, 0, 0},
    {"exp(a)", false, 0, 0, 0},
    {"if a > 0 then a else b", false, 0, 0, 0},
    {"a + other", false, 0, 0, 0},
    {"1/a", false, 0, 0, 0},
};

START_TEST(linear_forms) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  const Form *form = &forms[_i];
  ThLinear linear;
  bool is_linear;
  th_release(unit_evaluate(session, "W[2] ~ Normal(0, 1); a = W[1]; b = W[2]; other ~ Normal(0, 1)"));
  ThValue a = unit_evaluate(session, "a"), b = unit_evaluate(session, "b"),
          v = unit_evaluate(session, form->expression);
  const ThVariable *variables[] = {th_as_variable(a), th_as_variable(b)};
  ck_assert(th_linear_read(cx, v, variables, 2, &linear, &is_linear));
  ck_assert_msg(is_linear == form->linear, "%s", form->expression);
  if (is_linear) {
    ck_assert_double_eq(linear.constant[0], form->constant);
    ck_assert_double_eq(linear.coefficients[0], form->a);
    ck_assert_double_eq(linear.coefficients[1], form->b);
    th_linear_clear(&linear);
  }
  th_release(v);
  th_release(a);
  th_release(b);
  th_session_free(session);
}
END_TEST

/* --- The n-th allocation fails: an error of memory, nothing lost (the sanitizer says), the session goes
 * on */

static const char *const programs[] = {
    "sick ~ Bernoulli(0.01); test ~ Bernoulli(if sick then 0.95 else 0.05)\n"
    "P(sick | test); how(P(sick | test))\njoint(sick, test)",
    "Z, m ~ Normal(0, 1); obs ~ Normal(m, 0.5)\nP(Z^2 > 2 | Z > 1)\ndist(m | obs = 1.3)\n"
    "P(m + Z > 0 | obs = 1.3)",
    "d = Normal([0, 1], variance = 4); pdf(d, [1, 2]); d\n2*Gamma(mean = 2, sd = 1) + 1\n"
    "Discrete([1, 2, 3], [1, 2, 3])\n"
    "f = cf(Normal(0, 1))*cf(Poisson(2))^2; f; f([1, 2])\n"
    "bayes(prior = (a = 0.5, b = 0.5), likelihood = (a = 0.1, b = 0.2))",
    "U[4] ~ Uniform(0, 1); E(mean(U)); P(U[1]*U[2] > 0.5*U[1], draws = 50)\n"
    "a ~ Normal(0, 1); y ~ Normal(a*[1, 2], 1)\n"
    "dist(a | y = [1, 2]); N ~ Poisson(3); P(N > 2); y; exp(U)",
    "K ~ Bernoulli(0.3); X, Y ~ Normal(0.4, 1)\ndist(X*K + 1)\nE(X^2*Y | K)\nP(X > 0, Y < 1 | K)\nVar(X*Y + X)\n"
    "p ~ Beta(2, 3); k, m ~ Binomial(4, p)\ndist(k | m = 2)\nP(k > 1 | k > 0)\n"
    "v ~ InvGamma(3, 2); z ~ Normal(1, variance = v)\ndist(v | z = 1.2)",
};

START_TEST(every_allocation) {
  for (size_t n = 1;; n++) {
    ThSession *session = unit_session(NULL);
    ThContext *cx = th_session_context(session);
    cx->heap.fail_at = cx->heap.allocations + n;
    ThRunStatus status = th_session_run(session, "", programs[_i], strlen(programs[_i]), TH_RUN_PROMPT);
    bool served = cx->heap.allocations < cx->heap.fail_at;
    ck_assert_msg(served ? status == TH_RUN_DONE : cx->error.code == TH_ERROR_MEMORY,
                  "allocation %zu: "
                  "%s",
                  n, cx->error.message);
    cx->heap.fail_at = 0;
    th_error_clear(cx);
    double x;
    ck_assert(th_to_number(unit_evaluate(session, "2*pdf(Uniform(0, 4), 1)"), &x) && x == 0.5);
    th_session_free(session);
    if (served) break;
  }
}
END_TEST

Suite *th_suite_prob_query(void) {
  Suite *suite = suite_create("prob_query");
  ADD_ROWS(suite, exact_and_drawn, COUNT(networks));
  ADD_ROWS(suite, linear_forms, COUNT(forms));
  TCase *allocations = tcase_create("every_allocation"); /* a run for each: some seconds */
  tcase_add_loop_test(allocations, every_allocation, 0, (int)COUNT(programs));
  tcase_set_timeout(allocations, 60);
  suite_add_tcase(suite, allocations);
  return suite;
}
