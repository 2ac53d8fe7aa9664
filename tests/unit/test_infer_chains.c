/* test_infer_chains.c - chains on threads: the same draws however many there are, and where they begin */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/chains.h"

#include <math.h>
#include <string.h>

#include "unit.h"

enum { N_CHAINS = 5, N_DRAWS = 120 };

/* A model's density as the sampler sees it. */
typedef struct Sampled {
  ThSession *session;
  ThContext *cx;
  ThValue model, data, none;
  ThModelData bound;
  ThRecording r;
  ThSampledDensity density;
} Sampled;

static void begin(Sampled *s, const char *model, const char *data) {
  ThReason why;
  s->session = unit_session(NULL);
  s->cx = th_session_context(s->session);
  unit_run(s->session, model);
  s->model = unit_evaluate(s->session, "m");
  s->data = unit_evaluate(s->session, data);
  s->none = unit_evaluate(s->session, "record()");
  ThRecordOptions options = {.verb = TH_VERB_POSTERIOR, .verb_name = "posterior"};
  ck_assert(th_model_data_bind(s->cx, "posterior", th_as_model(s->model), s->data, th_as_record(s->none),
                               NULL, &s->bound));
  ck_assert(th_record_model(s->cx, th_as_model(s->model), &s->bound, &options, &s->r));
  ck_assert_int_eq(th_sampled_density_init(&s->r, TH_RELATIVE_RANGES, &s->density, &why), TH_ANSWERED);
}

static void end(Sampled *s) {
  th_sampled_density_clear(&s->density);
  th_recording_clear(&s->r);
  th_model_data_clear(s->cx, &s->bound);
  th_release(s->none);
  th_release(s->data);
  th_release(s->model);
  th_session_free(s->session);
}

static void sample(Sampled *s, unsigned max_threads, uint64_t seed, ThChains *out) {
  ThChainOptions options = {
      .n_chains = N_CHAINS, .n_warmup = 150, .n_draws = N_DRAWS, .seed = seed, .max_threads = max_threads};
  ck_assert(th_chains_run(&s->density, &options, out));
  ck_assert_uint_eq(out->n_draws, N_DRAWS);
}

static bool are_equal(const ThChains *a, const ThChains *b) {
  size_t n = N_CHAINS * N_DRAWS;
  return a->n_gradients == b->n_gradients && memcmp(a->x, b->x, n * a->k * sizeof *a->x) == 0 &&
         memcmp(a->log_density, b->log_density, n * sizeof *a->log_density) == 0;
}

/* Two models that threads may run, and one whose branches may turn out otherwise, so that it is run in turn. */
static const char *const models[][2] = {
    {"model m(y) { μ ~ Normal(0, 3); τ ~ HalfCauchy(2); η[3] ~ Normal(0, 1); y ~ Normal(μ + τ*η, 1.2) }",
     "(y = [2.385, -0.4, 1.1])"},
    {"model m(y) { w ~ Dirichlet([1, 2, 3]); a ~ Uniform(0, w[1]); y ~ Categorical(w) }",
     "(y = [1, 3, 2, 3])"},
    {"f(x) = if x > 0.5 then x else 2x - 0.5\nmodel m(y) { μ ~ Normal(0, 1); y ~ Normal(f(μ), 0.7) }",
     "(y = [0.3, 0.9])"},
};

START_TEST(the_same_on_any_number_of_threads) {
  static const unsigned threads[] = {2, 3, 8};
  Sampled s;
  ThChains one, other;
  begin(&s, models[_i][0], models[_i][1]);
  sample(&s, 1, 7, &one);
  for (size_t i = 0; i < COUNT(threads); i++) {
    sample(&s, threads[i], 7, &other);
    ck_assert_msg(are_equal(&one, &other), "%u threads", threads[i]);
    th_chains_clear(&other);
  }
  sample(&s, 1, 8, &other);
  ck_assert(!are_equal(&one, &other));
  th_chains_clear(&other);
  th_chains_clear(&one);
  end(&s);
}
END_TEST

/* Where |θ| > 1 the errors grow without bound along the series, and the logarithm of the density is beyond what doubles
 * tell apart: no chain begins there. */
START_TEST(begins_where_it_can_move) {
  Sampled s;
  ThChains chains;
  begin(
      &s,
      "model m(y) { θ ~ Normal(0, 2); e = 0; for t in 1:length(y) { e = y[t] - θ*e; y[t] ~ Normal(y[t] - e, 1) } }",
      "(y = sin(1:300))");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    sample(&s, 1, seed, &chains);
    for (size_t i = 0; i < N_CHAINS * N_DRAWS; i++) ck_assert_double_lt(fabs(chains.x[i]), 1.05);
    ck_assert_uint_lt(chains.n_gradients, 30 * N_CHAINS * N_DRAWS);
    th_chains_clear(&chains);
  }
  end(&s);
}
END_TEST

Suite *th_suite_infer_chains(void) {
  Suite *suite = suite_create("infer_chains");
  ADD_ROWS(suite, the_same_on_any_number_of_threads, COUNT(models));
  ADD(suite, begins_where_it_can_move);
  return suite;
}
