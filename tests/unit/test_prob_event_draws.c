/* test_prob_event_draws.c - tests of prob/: the draws of vectors against the laws of combinations of them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of each distribution the laws of some linear combinations are known: of components, of sums, of random directions.
 * The draws of these are held to their cdf or masses as those of one number are (draws.h). */
#include "draws.h"
#include "unit.h"

#include <math.h>
#include <string.h>

#include "prob/event.h"
#include "prob/families.h"

enum { DRAWS = 1000000, SEED = 2385, MOST = 16 };

/* A distribution, and the weights of its numbers; the law of the combination is found by the family. */
typedef struct Case {
  const char *text;
  double weights[MOST];
} Case;

#define BIG_DIRICHLET "Dirichlet([2e5, 3e5, 1e3])"
#define SMALL_DIRICHLET "Dirichlet([0.05, 0.02, 0.4])"
#define WISHART "Wishart(5.3, [2.1, 0.5; 0.5, 1.4])"
#define SMALL_WISHART "Wishart(1.05, [1, 0.9; 0.9, 1])"
#define WISHART_3 "Wishart(7, [2, 0.5, 0.1; 0.5, 1, -0.3; 0.1, -0.3, 1.5])"

static const Case cases[] = {
    {"Dirichlet([2.385, 3.1, 0.7])", {1, 0, 0}},
    {"Dirichlet([2.385, 3.1, 0.7])", {0, 0, 1}},
    {"Dirichlet([2.385, 3.1, 0.7])", {2.5, 0, 2.5}},
    {BIG_DIRICHLET, {0, 1, 0}},
    {BIG_DIRICHLET, {0, 0, 1}},
    {SMALL_DIRICHLET, {1, 0, 0}},
    {SMALL_DIRICHLET, {0, 1, 0}},
    {"Multinomial(7, [0.2, 0.3, 0.5])", {1, 0, 0}},
    {"Multinomial(7, [0.2, 0.3, 0.5])", {0, 1, 1}},
    {"Multinomial(1000, [0.2, 0.003, 0.797])", {0, 1, 0}},
    {"Multinomial(1000, [0.2, 0.003, 0.797])", {0, 0, 1}},
    {"Multinomial(12345, [0.25, 0.25, 0.25, 0.25])", {1, 0, 1, 0}},
    {"LKJ(2, 0.385)", {1}},
    {"LKJ(3, 1.7)", {1, 0, 0}},
    {"LKJ(3, 1.7)", {0, 0, -2.5}},
    {"LKJ(5, 0.6)", {0, 0, 0, 0, 0, 0, 0, 1, 0, 0}},
    {"LKJ(5, 1e5)", {0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
    {WISHART, {1, 0, 0, 0}},
    {WISHART, {0, 0, 0, 1}},
    {WISHART, {0.49, 0.7 * -1.3, 0.7 * -1.3, 1.69}}, /* a'Wa, a = (0.7, -1.3) */
    {WISHART, {1, 0, 0, 1}},
    {WISHART, {0, 0.5, 0.5, 0}},
    {SMALL_WISHART, {1, 0, 0, 0}},
    {SMALL_WISHART, {0, 0, 0, 1}},
    {SMALL_WISHART, {1, -1, -1, 1}},
    {WISHART_3, {0, 0, 0, 0, 0, 0, 0, 0, 1}},
    {WISHART_3, {1, 1, 1, 1, 1, 1, 1, 1, 1}},
};

/* Of each draw the combination, or another number. */
static void draw(ThContext *cx, const ThDistribution *d, int seed,
                 double (*number)(size_t n, const double *x, const double *w), const double *weights,
                 double *out) {
  double x[MOST];
  ThRandom r;
  th_random_seed(&r, SEED + (uint64_t)seed);
  ck_assert_uint_le(th_event_count(d), MOST);
  for (size_t i = 0; i < DRAWS; i++) {
    ck_assert(d->family->event->sample(cx, d, &r, x));
    out[i] = number(th_event_count(d), x, weights);
  }
}

static double combine(size_t n, const double *x, const double *w) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += w[i] * x[i];
  return sum;
}

START_TEST(combinations) {
  static double x[DRAWS];
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  const Case *c = &cases[_i];
  ThValue v = unit_evaluate(session, c->text), law;
  const ThDistribution *d = th_as_distribution(v);
  ThHow how = {.method = "exact", .text = c->text};
  bool known;
  ck_assert(d->family->event->combination(cx, d, c->weights, 0, &law, &how, &known));
  ck_assert_msg(known, "%s", c->text);
  draw(cx, d, _i, combine, c->weights, x);
  unit_check_draws(cx, th_as_distribution(law), 0, c->text, x, DRAWS);
  th_release(law);
  th_release(v);
  th_session_free(session);
}
END_TEST

/* Normal vectors: components, and a direction of their own. */
static const struct {
  const char *text;
  double weights[3];
  const char *law;
} normals[] = {
    {"MvNormal([1.2, -2.3], [2.1, 0.5; 0.5, 1.4])", {1, 0}, "Normal(1.2, sqrt(2.1))"},
    {"MvNormal([1.2, -2.3], [2.1, 0.5; 0.5, 1.4])", {0, 1}, "Normal(-2.3, sqrt(1.4))"},
    {"MvNormal([1.2, -2.3], [2.1, 0.5; 0.5, 1.4])",
     {0.7, -1.3},
     "Normal(0.84 + 2.99, sqrt(0.49*2.1 - 0.91 + 1.69*1.4))"},
    {"MvNormal([0, 0], [1, 0.999; 0.999, 1])", {1, -1}, "Normal(0, sqrt(0.002))"},
    {"MvNormal([0, 1e6, 2], [1, 0, 0.2; 0, 1e-6, 0; 0.2, 0, 4])", {0, 1, 0}, "Normal(1e6, 1e-3)"},
    {"MvNormal([0, 1e6, 2], [1, 0, 0.2; 0, 1e-6, 0; 0.2, 0, 4])",
     {1, 0, 0.5},
     "Normal(1, sqrt(1 + 0.2 + 1))"},
};

START_TEST(normal_vectors) {
  static double x[DRAWS];
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue v = unit_evaluate(session, normals[_i].text), law = unit_evaluate(session, normals[_i].law);
  draw(cx, th_as_distribution(v), _i, combine, normals[_i].weights, x);
  unit_check_draws(cx, th_as_distribution(law), 0, normals[_i].text, x, DRAWS);
  th_release(law);
  th_release(v);
  th_session_free(session);
}
END_TEST

/* 2 √(det W/det S) of matrices (2, 2) is χ² of 2ν - 2 degrees of freedom (Anderson 2003, theorem 7.5.3 and below). */
static double root_determinant(size_t n, const double *x, const double *w) {
  (void)n;
  return 2 * sqrt((x[0] * x[3] - x[1] * x[2]) / w[0]);
}

START_TEST(determinants) {
  static double x[DRAWS];
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue v = unit_evaluate(session, WISHART), law = unit_evaluate(session, "Chi2(2*5.3 - 2)");
  const double determinant = 2.1 * 1.4 - 0.25;
  draw(cx, th_as_distribution(v), 0, root_determinant, &determinant, x);
  unit_check_draws(cx, th_as_distribution(law), 0, WISHART, x, DRAWS);
  th_release(law);
  th_release(v);
  th_session_free(session);
}
END_TEST

/* A count for each vector: none is made of anything but whole numbers that sum to n; shares sum to 1. */
START_TEST(sums) {
  static const struct {
    const char *text;
    double sum, error;
  } rows[] = {{"Multinomial(1000, [0.2, 0.003, 0.797])", 1000, 0}, {SMALL_DIRICHLET, 1, 1e-15}};
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThRandom r;
  double x[MOST];
  th_random_seed(&r, SEED);
  for (size_t k = 0; k < COUNT(rows); k++) {
    ThValue v = unit_evaluate(session, rows[k].text);
    const ThDistribution *d = th_as_distribution(v);
    for (size_t i = 0; i < 10000; i++) {
      double sum = 0;
      ck_assert(d->family->event->sample(cx, d, &r, x));
      for (size_t j = 0; j < th_event_size(d); j++) {
        ck_assert(x[j] >= 0 && (!d->family->event->discrete || floor(x[j]) == x[j]));
        sum += x[j];
      }
      ck_assert_double_le(fabs(sum - rows[k].sum), rows[k].error);
    }
    th_release(v);
  }
  th_session_free(session);
}
END_TEST

static void add_loop(Suite *suite, const char *name, const TTest *test, size_t count) {
  TCase *rows = tcase_create(name);
  tcase_set_timeout(rows, 60);
  tcase_add_loop_test(rows, test, 0, (int)count);
  suite_add_tcase(suite, rows);
}

Suite *th_suite_prob_event_draws(void) {
  Suite *suite = suite_create("prob_event_draws");
  add_loop(suite, "combinations", combinations, COUNT(cases));
  add_loop(suite, "normal_vectors", normal_vectors, COUNT(normals));
  add_loop(suite, "determinants", determinants, 1);
  ADD(suite, sums);
  return suite;
}
