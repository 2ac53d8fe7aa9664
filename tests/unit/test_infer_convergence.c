/* test_infer_convergence.c - what is told about chains: warnings that are true, and name the place */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/sampled_posterior.h"

/* Notes, one a line. */
static void keep_note(void *self, const char *text) { th_text_format(self, "%s\n", text); }

typedef struct Told {
  ThSession *session;
  ThText notes;
  ThValue posterior;
} Told;

static void tell(Told *t, const char *model, const char *question) {
  t->session = unit_session(NULL);
  ThContext *cx = th_session_context(t->session);
  th_text_init(&t->notes, &cx->heap);
  cx->host = (ThHost){.note = keep_note, .self = &t->notes};
  unit_run(t->session, model);
  t->posterior = unit_evaluate(t->session, question);
}

static void end(Told *t) {
  th_release(t->posterior);
  th_text_clear(&t->notes);
  th_session_free(t->session);
}

static const char *notes_of(const Told *t) { return th_text_string(&t->notes); }

static size_t count_below(const ThChains *s, size_t j, double at, bool only_divergent) {
  size_t n = 0;
  for (size_t i = 0; i < s->n_chains * s->n_draws; i++)
    n += s->x[i * s->k + j] < at && (s->is_divergent[i] || !only_divergent);
  return n;
}

/* "N of M trajectories diverged, K of them where NAME < C (S % of the draws)" about element j. */
static void check_place(const Told *t, size_t j, const char *name) {
  const ThChains *s = th_as_posterior(t->posterior)->sample;
  char before[64];
  double at, share;
  size_t n = 0, all = 0, there = 0;
  ck_assert_int_eq(sscanf(notes_of(t), "%zu of %zu trajectories diverged, %zu", &n, &all, &there), 3);
  snprintf(before, sizeof before, "of them where %s < ", name);
  const char *place = strstr(notes_of(t), before);
  ck_assert_msg(place != NULL, "%s", notes_of(t));
  ck_assert_int_eq(sscanf(place + strlen(before), "%lf (%lf %%", &at, &share), 2);
  ck_assert_uint_eq(n, s->n_divergent);
  ck_assert_uint_eq(all, s->n_chains * s->n_draws);
  ck_assert_uint_eq(there, count_below(s, j, at, true));
  ck_assert_double_eq_tol(share, 100 * (double)count_below(s, j, at, false) / (double)all, 0.5);
  ck_assert_uint_gt(2 * there, n);
}

#define EIGHT                                                                      \
  "d = (y = [28, 8, -3, 7, -1, 1, 18, 12], s = [15, 10, 16, 11, 9, 11, 10, 18])\n" \
  "model eight(y, s) { μ ~ Normal(0, 5); τ ~ HalfCauchy(5); "
#define CENTRED EIGHT "θ[8] ~ Normal(μ, τ); y ~ Normal(θ, s) }"
#define NONCENTRED EIGHT "η[8] ~ Normal(0, 1); y ~ Normal(μ + τ*η, s) }"

/* Effects with a scale are sampled in units of it, once trajectories diverge. */
START_TEST(a_funnel_is_located_and_left) {
  for (int seed = 1; seed <= 4; seed++) {
    Told t;
    char question[96];
    size_t n, all, there;
    snprintf(question, sizeof question, "posterior(eight, d, method = \"nuts\", seed = %d)", seed);
    tell(&t, CENTRED, question);
    ck_assert_int_eq(
        sscanf(notes_of(&t), "%zu of %zu trajectories diverged, %zu of them where τ < ", &n, &all, &there),
        3);
    ck_assert_uint_gt(2 * there, n);
    ck_assert_ptr_nonnull(
        strstr(notes_of(&t),
               "the funnel of a hierarchy. So θ was sampled as μ + τ*η with η[8] ~ Normal(0, 1), and "));
    ck_assert_uint_lt(10 * th_as_posterior(t.posterior)->sample->n_divergent, n);
    ck_assert_ptr_null(strstr(notes_of(&t), "R-hat"));
    end(&t);
  }
}
END_TEST

START_TEST(the_scale_may_be_an_expression_and_names_taken) {
  Told t;
  tell(&t, "model neal(y) { v ~ Normal(0, 3); η[3] ~ Normal(0, exp(v/2)); y ~ Normal(v, 10) }",
       "posterior(neal, (y = 1), method = \"nuts\", seed = 1)");
  ck_assert_ptr_nonnull(
      strstr(notes_of(&t), "So η was sampled as exp(v/2)*z with z[3] ~ Normal(0, 1), and none diverged"));
  end(&t);
}
END_TEST

/* One after another, and with a scale that is computed. */
START_TEST(elements_of_their_own_leave_a_funnel) {
  Told t;
  tell(&t, EIGHT "param θ[8]; for i in 1:8 { θ[i] ~ Normal(μ, variance = τ^2) }; y ~ Normal(θ, s) }",
       "posterior(eight, d, method = \"nuts\", seed = 1)");
  ck_assert_ptr_nonnull(strstr(notes_of(&t), "the funnel of a hierarchy. So "));
  ck_assert_uint_lt(th_as_posterior(t.posterior)->sample->n_divergent, 10);
  end(&t);
}
END_TEST

/* Other laws on a scale, and chains that do not diverge but stay out of the funnel. */
START_TEST(other_families_leave_a_funnel) {
  static const char *const laws[] = {"Laplace(0, ", "Logistic(0, ", "StudentT(4, 0, "};
  for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
    Told t;
    char model[160], told[96];
    snprintf(model, sizeof model, "model neal(y) { v ~ Normal(0, 3); η[5] ~ %sexp(v/2)); y ~ Normal(v, 10) }",
             laws[i]);
    snprintf(told, sizeof told, "So η was sampled as exp(v/2)*z with z[5] ~ %s1)", laws[i]);
    tell(&t, model, "posterior(neal, (y = 1), method = \"nuts\", seed = 1)");
    ck_assert_msg(strstr(notes_of(&t), told) != NULL, "%s", notes_of(&t));
    ck_assert_ptr_null(strstr(notes_of(&t), "R-hat"));
    end(&t);
  }
}
END_TEST

/* A funnel that no law shows. */
START_TEST(another_funnel_is_located) {
  Told t;
  tell(
      &t,
      "model neal(y) { v ~ Normal(0, 3); param a, b, c; for x in [a, b, c] { factor(logpdf(Normal(0, exp(v/2)), x)) }; "
      "y ~ Normal(v, 10) }",
      "posterior(neal, (y = 1), method = \"nuts\", seed = 1)");
  check_place(&t, 0, "v");
  ck_assert_ptr_nonnull(strstr(notes_of(&t), "narrower priors or other parameters make it easier"));
  end(&t);
}
END_TEST

START_TEST(few_draws_are_too_few) {
  Told t;
  tell(
      &t, "model line(x, y) { a, b ~ Normal(0, 10); y ~ Normal(a + b*x, 2.385) }",
      "posterior(line, (x = 1:4, y = [2.1, 3.9, 6.2, 7.8]), method = \"nuts\", seed = 1, warmup = 100, draws = 60)");
  ck_assert_msg(strstr(notes_of(&t), "effective draws of ") && strstr(notes_of(&t), ", fewer than 400"), "%s",
                notes_of(&t));
  ck_assert_ptr_nonnull(strstr(notes_of(&t), ": more draws, say warmup = 200, draws = 240\n"));
  ck_assert_ptr_null(strstr(notes_of(&t), "diverged"));
  end(&t);
}
END_TEST

START_TEST(chains_in_two_places_do_not_agree) {
  Told t;
  tell(&t, "model far(y) { a ~ Normal(0, 30); b ~ Normal(0, 1); y ~ Normal(abs(a), 1) }",
       "posterior(far, (y = 20), method = \"nuts\", seed = 2)");
  ck_assert_msg(strstr(notes_of(&t), "R-hat ") && strstr(notes_of(&t), " of a, above 1.01"), "%s",
                notes_of(&t));
  end(&t);
}
END_TEST

/* The echo has one line about the worst of all elements. */
static void check_line(const Told *t) {
  const ThPosterior *p = th_as_posterior(t->posterior);
  const ThDiagnosis *all;
  double rhat = 0, size = 1e9, told[2] = {0, 0};
  char names[2][32];
  ThText echo;
  ck_assert(th_sampled_diagnosis(p, &all));
  for (size_t j = 0; j < p->k; j++) {
    rhat = fmax(rhat, all[j].rhat);
    size = fmin(size, fmin(all[j].ess_bulk, all[j].ess_tail));
  }
  th_text_init(&echo, &p->cx->heap);
  ck_assert(th_format(p->cx, t->posterior, TH_STYLE_ECHO, &echo));
  const char *line = strstr(th_text_string(&echo), "\nworst R-hat");
  ck_assert_ptr_nonnull(line);
  ck_assert_int_eq(sscanf(line, "\nworst R-hat %lf (%31[^)]); least ESS %lf (%31[^)])\nlog evidence",
                          &told[0], names[0], &told[1], names[1]),
                   4);
  ck_assert_double_eq_tol(told[0], rhat, 0.0005);
  ck_assert_double_eq_tol(told[1], size, 0.5);
  ck_assert_ptr_nonnull(strstr(th_text_string(&echo), "bridge sampling"));
  th_text_clear(&echo);
}

START_TEST(good_chains_are_not_spoken_of) {
  Told t;
  tell(&t, NONCENTRED, "posterior(eight, d, method = \"nuts\", seed = 2, draws = 500)");
  ck_assert_str_eq(notes_of(&t), "");
  check_line(&t);
  end(&t);
}
END_TEST

Suite *th_suite_infer_convergence(void) {
  Suite *suite = suite_create("infer_convergence");
  ADD(suite, a_funnel_is_located_and_left);
  ADD(suite, the_scale_may_be_an_expression_and_names_taken);
  ADD(suite, elements_of_their_own_leave_a_funnel);
  ADD(suite, other_families_leave_a_funnel);
  ADD(suite, another_funnel_is_located);
  ADD(suite, few_draws_are_too_few);
  ADD(suite, chains_in_two_places_do_not_agree);
  ADD(suite, good_chains_are_not_spoken_of);
  return suite;
}
