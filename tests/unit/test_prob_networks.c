/* test_prob_networks.c - random networks of random variables: every answer beside random draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each network has a few variables of any kind, some of which hang on earlier ones, and one question about them,
 * with conditions or without. What is answered without draws must agree with draws within five standard errors;
 * every way to answer must have answered something. */
#include "unit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/session.h"
#include "num/random.h"
#include "registry.h"
#include "val/basic.h"

enum { N_NETWORKS = 200, MOST = 4, DRAWS = 20000 };

static void ignore(void *self, const char *text, size_t length) { (void)self, (void)text, (void)length; }
static void ignore_note(void *self, const char *text) { (void)self, (void)text; }

/* --- The generator */

typedef enum Kind { REAL, POSITIVE, SHARE, TRUTH, COUNT } Kind; /* what a variable's values are */

typedef struct Network {
  ThRandom random;
  size_t n;
  Kind kinds[MOST];
  char program[1000], question[400];
} Network;

static size_t below(Network *w, size_t n) { return (size_t)(th_random_uniform(&w->random) * (double)n); }
static double number(Network *w, double low, double high) {
  return low + floor(th_random_uniform(&w->random) * 100) / 100 * (high - low);
}
static const char *const names[] = {"A", "B", "C", "D"};

static void add(char *text, size_t size, const char *format, ...) TH_PRINTF(3, 4);
static void add(char *text, size_t size, const char *format, ...) {
  size_t length = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + length, size - length, format, arguments);
  va_end(arguments);
}

/* An earlier variable of this kind; NULL when there is none. */
static const char *earlier(Network *w, Kind kind) {
  size_t start = w->n ? below(w, w->n) : 0;
  for (size_t i = 0; i < w->n; i++)
    if (w->kinds[(start + i) % w->n] == kind) return names[(start + i) % w->n];
  return NULL;
}

#define PROGRAM w->program, sizeof w->program

static Kind declare_free(Network *w, const char *name) {
  add(PROGRAM, "%s ~ ", name);
  switch (below(w, 9)) {
    case 0:
    case 1: add(PROGRAM, "Normal(%g, %g)", number(w, -1, 1), number(w, 0.5, 2)); return REAL;
    case 2: add(PROGRAM, "Uniform(%g, %g)", number(w, -1, 0), number(w, 0.5, 2)); return REAL;
    case 3: add(PROGRAM, "Gamma(%g, %g)", number(w, 1.2, 3), number(w, 1, 3)); return POSITIVE;
    case 4: add(PROGRAM, "Exponential(%g)", number(w, 0.7, 2)); return POSITIVE;
    case 5: add(PROGRAM, "Beta(%g, %g)", number(w, 1, 3), number(w, 1, 3)); return SHARE;
    case 6: add(PROGRAM, "Bernoulli(%g)", number(w, 0.2, 0.8)); return TRUTH;
    case 7: add(PROGRAM, "Poisson(%g)", number(w, 0.8, 3)); return COUNT;
    default: add(PROGRAM, "DiscreteUniform(1, %zu)", 2 + below(w, 5)); return COUNT;
  }
}

/* Hangs on an earlier variable. *fits is false when there is none of the kind wanted. */
static Kind declare_child(Network *w, const char *name, bool *fits) {
  size_t what = below(w, 8);
  const char *of = earlier(w, what < 3 ? REAL : what == 3 ? TRUTH : what < 6 ? POSITIVE : SHARE);
  *fits = of != NULL;
  if (!of) return REAL;
  add(PROGRAM, "%s ~ ", name);
  switch (what) {
    case 0:
    case 1: add(PROGRAM, "Normal(%s, %g)", of, number(w, 0.4, 1.5)); return REAL;
    case 2:
      add(PROGRAM, "Normal(%g*%s + %g, %g)", number(w, -2, 2), of, number(w, -1, 1), number(w, 0.4, 1.5));
      return REAL;
    case 3:
      add(PROGRAM, "Normal(if %s then %g else %g, 1)", of, number(w, 0, 2), number(w, -2, 0));
      return REAL;
    case 4: add(PROGRAM, "Poisson(%s)", of); return COUNT;
    case 5: add(PROGRAM, "Exponential(%s)", of); return POSITIVE;
    case 6: add(PROGRAM, "Bernoulli(%s)", of); return TRUTH;
    default: add(PROGRAM, "Binomial(%zu, %s)", 2 + below(w, 6), of); return COUNT;
  }
}

static void declare_all(Network *w) {
  size_t n = 1 + below(w, 3) + (below(w, 5) == 0);
  for (size_t i = 0; i < n; i++) {
    bool child = w->n > 0 && below(w, 2);
    if (child) w->kinds[i] = declare_child(w, names[i], &child);
    if (!child) w->kinds[i] = declare_free(w, names[i]);
    add(PROGRAM, "\n");
    w->n++;
  }
}

#define QUESTION w->question, sizeof w->question

/* A number that hangs on the variables. */
static void add_expression(Network *w) {
  const char *x = names[below(w, w->n)], *y = names[below(w, w->n)];
  switch (below(w, 9)) {
    case 0:
    case 1: add(QUESTION, "%s", x); break;
    case 2: add(QUESTION, "%s + %s", x, y); break;
    case 3: add(QUESTION, "%g*%s - %g*%s", number(w, 0.5, 2), x, number(w, 0.5, 2), y); break;
    case 4: add(QUESTION, "%s*%s", x, y); break;
    case 5: add(QUESTION, "sin(%g*%s)", number(w, 0.5, 3), x); break;
    case 6: add(QUESTION, "exp(-abs(%s))", x); break;
    case 7: add(QUESTION, "max(%s, %s)", x, y); break;
    default: add(QUESTION, "(%s - %g)^2", x, number(w, -1, 1)); break;
  }
}

static void add_event(Network *w) {
  if (below(w, 6) == 0) add(QUESTION, "not (");
  else add(QUESTION, "(");
  add_expression(w);
  add(QUESTION, " %s %g)", below(w, 2) ? ">" : "<", number(w, 0, 1.2));
}

/* A value that a variable may well take. */
static void add_condition(Network *w) {
  size_t i = below(w, w->n);
  if (below(w, 2)) {
    add_event(w);
    return;
  }
  bool whole = w->kinds[i] == COUNT || w->kinds[i] == TRUTH;
  add(QUESTION, "%s = %g", names[i], whole ? 1.0 : number(w, 0.1, 0.9));
}

static void ask(Network *w) {
  static const char *const kinds[] = {"P", "P", "P", "E", "E", "Var", "Cov"};
  const char *kind = kinds[below(w, 7)];
  add(QUESTION, "%s(", kind);
  if (kind[0] == 'P') add_event(w);
  else add_expression(w);
  if (kind[0] == 'P' && below(w, 4) == 0) {
    add(QUESTION, below(w, 2) ? " and " : " or ");
    add_event(w);
  }
  if (kind[0] == 'C') {
    add(QUESTION, ", ");
    add_expression(w);
  }
  size_t n_conditions = below(w, 5) / 2;
  for (size_t i = 0; i < n_conditions; i++) {
    add(QUESTION, i ? ", " : " | ");
    add_condition(w);
  }
}

/* Some questions of a kind that chance would rarely make: one for each of the exact ways. */

static void conjugate_pair(Network *w) {
  static const char *const pairs[][2] = {{"Beta(1.3, 2.4)", "Bernoulli(A)"},
                                         {"Uniform(0, 1)", "Binomial(7, A)"},
                                         {"Gamma(2.3, 1.4)", "Poisson(A)"},
                                         {"Exponential(0.7)", "Exponential(A)"},
                                         {"Normal(0.3, 1.2)", "Normal(A, 0.8)"}};
  size_t i = below(w, 5);
  add(PROGRAM, "A ~ %s\nB ~ %s\nC ~ %s\n", pairs[i][0], pairs[i][1], pairs[i][1]);
  const char *target = below(w, 2) ? "P(A > 0.6" : below(w, 2) ? "Sd(2*A - 1" : "E(exp(-A)";
  add(QUESTION, "%s | B = %g, C = %g", target, i < 3 ? 1.0 : number(w, 0.2, 0.8),
      i < 3 ? 0.0 : number(w, 0.2, 0.8));
}

static void sum(Network *w) {
  static const char *const terms[] = {"Uniform(-0.4, 1.3)", "Gamma(0.7, 2)",  "Exponential(1.3)",
                                      "Beta(2, 1.2)",       "Normal(0, 0.7)", "Gamma(2.1, 1.6)"};
  static const char *const closed[] = {"Gamma(1.4, 2)", "Poisson(1.3)", "Normal(0.2, 1)"};
  bool one = below(w, 3) == 0;
  const char *family = closed[below(w, 3)];
  for (w->n = 0; w->n < 3; w->n++) add(PROGRAM, "%s ~ %s\n", names[w->n], one ? family : terms[below(w, 6)]);
  const char *target = one ? "A + B + C" : below(w, 2) ? "A - B + 0.7*C" : "2*A + B/2 + C + 0.3";
  if (below(w, 3) == 0) add(QUESTION, "P(%g < %s < %g", number(w, 0, 1), target, number(w, 1.5, 3));
  else add(QUESTION, "P(%s > %g", target, number(w, 0, 3));
}

static void gaussian(Network *w) {
  add(PROGRAM, "A, B ~ Normal(%g, %g)\n", number(w, -1, 1), number(w, 0.5, 1.5));
  add(PROGRAM, "C ~ Normal(%g*A - B, %g)\n", number(w, -1, 1), number(w, 0.5, 1.5));
  add(PROGRAM, "D ~ Normal(C/2 + A, 0.7)\n");
  static const char *const targets[] = {"P(A - B > 0.4", "E(A + C", "Cov(A, B + C", "P(A^2 < 0.8", "Var(A*B"};
  add(QUESTION, "%s | D = %g", targets[below(w, 5)], number(w, 0, 1));
  if (below(w, 3) == 0) add(QUESTION, ", A + B > %g", number(w, -1, 0));
}

static void make(Network *w, unsigned i) {
  switch (i % 10) {
    case 0: conjugate_pair(w); break;
    case 1: sum(w); break;
    case 2: gaussian(w); break;
    default: declare_all(w); ask(w);
  }
}

/* --- One network */

/* How the methods of answers begin; the last fits what the others leave. */
enum { OUTCOMES = 0, MONTE_CARLO = 9 };
static const char *const ways[] = {
    "exact (1",   "exact (cdf",  "exact (linearity", "exact (linear G", "exact (conj", "exact (sum",
    "quadrature", "convolution", "summed series",    "Monte Carlo",     "exact"};
static const char *const names_of_ways[] = {"enumeration", "the cdf",      "linearity",  "linear Gaussian",
                                            "conjugacy",   "closed sums",  "quadrature", "convolution",
                                            "series",      "random draws", "other exact"};
enum { N_WAYS = sizeof ways / sizeof *ways };

static size_t way_of(const char *method) {
  if (strstr(method, "outcome") && !strstr(method, "series")) return OUTCOMES;
  for (size_t i = 1; i < N_WAYS; i++)
    if (strncmp(method, ways[i], strlen(ways[i])) == 0) return i;
  ck_abort_msg("an unknown method: %s", method);
  return 0;
}

static bool evaluate(ThSession *session, const char *text, ThValue *out) {
  return th_session_evaluate(session, "", text, strlen(text), out);
}

/* The answer beside draws. A condition without hits, or one that is impossible, is no question. */
static void compare(ThSession *session, Network *w, unsigned *counts, double *furthest) {
  char text[600];
  ThValue answer, draws;
  double exact, drawn;
  snprintf(text, sizeof text, "%s)", w->question);
  if (!evaluate(session, text, &answer)) {
    const char *message = th_session_context(session)->error.message;
    bool fine = strstr(message, "probability zero") || strstr(message, "too rare") ||
                strstr(message, "so rare") || strstr(message, "does not settle");
    ck_assert_msg(fine, "%s%s: %s", w->program, text, message);
    return;
  }
  ck_assert(th_to_number(answer, &exact));
  if (!th_is_estimate(answer)) return;
  size_t way = way_of(th_as_string(th_as_estimate(answer)->method)->text);
  counts[way]++;
  snprintf(text, sizeof text, "%s, method = \"monte_carlo\", draws = %d, seed = 3)", w->question, (int)DRAWS);
  if (way != MONTE_CARLO && evaluate(session, text, &draws)) {
    double error = th_as_estimate(draws)->error, own = th_as_estimate(answer)->error;
    ck_assert(th_to_number(draws, &drawn));
    double distance = fabs(exact - drawn) / (error + own + 1e-12 * fmax(1, fabs(exact)));
    *furthest = fmax(*furthest, distance);
    ck_assert_msg(distance < 5, "%s%s): %.9g by %s, drawn %.9g ± %.2g", w->program, w->question, exact,
                  th_as_string(th_as_estimate(answer)->method)->text, drawn, error);
    th_release(draws);
  }
  th_release(answer);
}

START_TEST(networks) {
  unsigned counts[N_WAYS] = {0};
  double furthest = 0;
  for (unsigned i = 0; i < N_NETWORKS; i++) {
    Network w = {.n = 0};
    ThValue nothing;
    ThSession *session = th_session_new();
    ck_assert_ptr_nonnull(session);
    th_session_context(session)->host = (ThHost){.write = ignore, .note = ignore_note};
    ck_assert(th_registry_define(session));
    th_random_stream(&w.random, 20261126, i);
    make(&w, i);
    if (getenv("TH_SHOW_NETWORKS")) printf("%u\n%s%s)\n", i, w.program, w.question), fflush(stdout);
    ck_assert_msg(evaluate(session, w.program, &nothing), "%s", w.program);
    th_release(nothing);
    compare(session, &w, counts, &furthest);
    th_session_free(session);
  }
  for (size_t i = 0; i < N_WAYS; i++) {
    printf("%-16s %3u networks\n", names_of_ways[i], counts[i]);
    ck_assert_msg(counts[i] > 0, "no network was answered by %s", names_of_ways[i]);
  }
  printf("furthest from the draws: %.2f standard errors\n", furthest);
}
END_TEST

Suite *th_suite_prob_networks(void) {
  Suite *suite = suite_create("prob_networks");
  TCase *tests = tcase_create("prob_networks");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, networks);
  suite_add_tcase(suite, tests);
  return suite;
}
