/* test_prob_draws.c - random variables known by draws: answers, and their errors from the chains */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* u and v are autoregressive chains of standard normal numbers (test_num_diagnostics.c): n of their draws tell as much
 * of a mean as n (1 - φ)/(1 + φ) independent ones, and of a variance as n (1 - φ²)/(1 + φ²). */
#include "prob/draws.h"

#include <math.h>

#include "num/random.h"
#include "unit.h"
#include "val/array.h"
#include "val/basic.h"

enum { N_CHAINS = 4, N_DRAWS = 4000, N = N_CHAINS * N_DRAWS };
#define PHI 0.6

static ThArray *autoregress(ThContext *cx, uint64_t seed) {
  ThRandom r;
  ThArray *a = th_vector_new(cx, TH_DOUBLE, N);
  ck_assert_ptr_nonnull(a);
  th_random_seed(&r, seed);
  for (size_t c = 0; c < N_CHAINS; c++) {
    double at = th_random_normal(&r);
    for (size_t t = 0; t < N_DRAWS; t++) {
      a->real[c * N_DRAWS + t] = at;
      at = PHI * at + sqrt(1 - PHI * PHI) * th_random_normal(&r);
    }
  }
  return a;
}

static void define(ThSession *session, ThValue number, const char *name, uint64_t seed) {
  ThContext *cx = th_session_context(session);
  ThSymbol *symbol = th_symbol_of(cx, name);
  ThValue v, values = th_object(autoregress(cx, seed));
  ck_assert(symbol && th_draws_variable(cx, number, symbol, 0, values, &v));
  th_release(values);
  ck_assert(th_session_set_take(session, symbol, v));
}

/* u and v drawn together, w by another sampler, and the draws of u and v as arrays us and vs. */
static ThSession *session_of_draws(void) {
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue number, other;
  ck_assert(th_draws_declare(cx, N_CHAINS, N_DRAWS, "nuts", &number));
  ck_assert(th_draws_declare(cx, N_CHAINS, N_DRAWS, "nuts", &other));
  define(session, number, "u", 3);
  define(session, number, "v", 4);
  define(session, other, "w", 5);
  th_release(number);
  th_release(other);
  ck_assert(th_session_set_take(session, th_symbol_of(cx, "us"), th_object(autoregress(cx, 3))));
  ck_assert(th_session_set_take(session, th_symbol_of(cx, "vs"), th_object(autoregress(cx, 4))));
  return session;
}

static void hold(const char *claim) {
  ThSession *session = session_of_draws();
  ThValue v = unit_evaluate(session, claim);
  ck_assert_msg(th_is_bool(v) && th_as_scalar(v) == 1, "%s", claim);
  th_release(v);
  th_session_free(session);
}

/* Answers are those of the draws. */
static const char *const answers[] = {
    "near(E(u), mean(us), 1e-11)",
    "near(Var(u), var(us)*(1 - 1/length(us)), 1e-11)",
    "near(E(u^2*v + 1), mean(us^2*vs) + 1, 1e-11)",
    "near(P(u > 0.3), mean(us > 0.3), 1e-11)",
    "near(P(u > v), mean(us > vs), 1e-11)",
    "near(P(u > 0 | v > 1), mean(us[vs > 1] > 0), 1e-11)",
    "near(E(u | u > 1), mean(us[us > 1]), 1e-11)",
    "near(Cov(u, v), mean(us*vs) - mean(us)*mean(vs), 1e-11)",
    "near(Corr(u, 2u + 1), 1, 1e-11)",
    "near(quantile(u, 0.5), median(us), 1e-3)",
    "near(mean(u), mean(us), 1e-11) and near(sd(u), sd(us), 1e-4)",
    "is_nan(error(E(u))) == false and E(u + v) == E(v + u)",
};

START_TEST(answers_of_draws) { hold(answers[_i]); }
END_TEST

/* Errors: those of so many independent draws, and an eighth. 0.6: (1 - φ)/(1 + φ) = 1/4. */
static const char *const errors[] = {
    "abs(error(E(u))*sqrt(length(us)/4) - 1) < 0.125",
    "abs(error(E(3u - 2))*sqrt(length(us)/4)/3 - 1) < 0.125",
    "abs(error(Var(u))*sqrt(length(us)*(1 - 0.36)/(1 + 0.36)/2) - 1) < 0.125",
    "abs(error(Sd(u))*sqrt(length(us)*(1 - 0.36)/(1 + 0.36)*2) - 1) < 0.125",
    "error(P(u > 0)) > 0.5/sqrt(length(us)) and error(P(u > 0)) < 1/sqrt(length(us))",
    "error(E(u | v > 1)) > error(E(u))",
    "error(P(u > 100)) == 3/length(us) and P(u > 100) == 0",
};

START_TEST(errors_of_answers) { hold(errors[_i]); }
END_TEST

/* What was drawn by two samplers is independent. */
START_TEST(two_samplers) {
  hold("abs(E(u*w)) < 0.05");
  hold("abs(Var(u + w) - 2) < 0.1");
}
END_TEST

Suite *th_suite_prob_draws(void) {
  Suite *suite = suite_create("prob_draws");
  ADD_ROWS(suite, answers_of_draws, COUNT(answers));
  ADD_ROWS(suite, errors_of_answers, COUNT(errors));
  ADD(suite, two_samplers);
  return suite;
}
