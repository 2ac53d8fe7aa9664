/* test_prob_event.c - tests of prob/: derivatives of the log densities of vectors and matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "prob/event.h"

/* A distribution, a point of it, and steps for differences: of the point and of the parameters, relative to each
 * number. */
typedef struct Case {
  const char *distribution, *point;
  double step;
} Case;

static const Case cases[] = {
    {"MvNormal([1.2, -2.3], [2.1, 0.5; 0.5, 1.4])", "[0.3, 0.7]", 1e-3},
    {"MvNormal([1.2, -2.3, 0.4], [1, 0.9, 0.1; 0.9, 1.1, 0.2; 0.1, 0.2, 3])", "[40, -38, 7]", 1e-4},
    {"MvNormal([1e-6, 2e6], [1e-10, 1e-3; 1e-3, 3e4])", "[2.3e-6, 2000123]", 1e-7},
    {"MvNormal([2.385], reshape([0.7], 1, 1))", "[-4.2]", 1e-3},
    {"Dirichlet([2.385, 3.1, 0.7])", "[0.2, 0.35, 0.45]", 1e-3},
    {"Dirichlet([0.01, 0.02])", "[1e-9, 0.999999999]", 1e-3},
    {"Dirichlet([2e5, 3e5, 1e3, 7])", "[0.3971, 0.6009, 0.00198, 0.00002]", 1e-6},
    {"Multinomial(7, [0.2, 0.3, 0.5])", "[1, 2, 4]", 1e-3},
    {"Multinomial(100000, [1e-4, 0.4999, 0.5])", "[12, 50002, 49986]", 1e-5},
    {"Wishart(5.3, [2.1, 0.5; 0.5, 1.4])", "[9.3, 2.2; 2.2, 4.1]", 1e-3},
    {"Wishart(2.01, [1, 0.2, 0.1; 0.2, 2, 0.3; 0.1, 0.3, 1.5])",
     "[2, 0.1, 0.3; 0.1, 1.3, 0.2; 0.3, 0.2, 0.4]", 1e-5},
    {"Wishart(40.5, reshape([2.385], 1, 1))", "reshape([70.1], 1, 1)", 1e-3},
    {"LKJ(2, 0.385)", "[-0.7]", 1e-3},
    {"LKJ(3, 2.385)", "[0.5, 0.2, -0.3]", 1e-3},
    {"LKJ(4, 0.7)", "[0.5, 0.2, -0.3, 0.4, 0.1, -0.4]", 1e-4},
    {"LKJ(3, 1e6)", "[5e-4, -1e-3, 3e-4]", 1e-3},
};

/* What is moved: element k of a vector and, where only directions that keep the sum count, another one against it; or
 * elements (i, j) and (j, i) of a matrix. */
typedef struct Move {
  size_t up, also, down; /* SIZE_MAX: none */
  double size;
} Move;

static Move move_of(const ThArray *a, size_t k, bool keeps_sum, double step) {
  Move m = {k, SIZE_MAX, SIZE_MAX, step * fabs(a->real[k])};
  size_t n = a->shape[a->rank - 1];
  if (a->rank == 2) {
    size_t i = k / n, j = k % n;
    m.size = step * sqrt(a->real[i * n + i] * a->real[j * n + j]);
    if (i != j) m.also = j * n + i;
  }
  if (keeps_sum) {
    m.down = k == 0 ? 1 : 0;
    m.size = step * fmin(fabs(a->real[k]), fabs(a->real[m.down]));
  }
  return m;
}

static void make_move(ThArray *a, const Move *m, double times) {
  a->real[m->up] += times * m->size;
  if (m->also != SIZE_MAX) a->real[m->also] += times * m->size;
  if (m->down != SIZE_MAX) a->real[m->down] -= times * m->size;
}

static double along(const double *gradient, const Move *m) {
  return gradient[m->up] + (m->also == SIZE_MAX ? 0 : gradient[m->also]) -
         (m->down == SIZE_MAX ? 0 : gradient[m->down]);
}

typedef struct Place {
  ThContext *cx;
  const Case *row;
  ThValue distribution;
  ThArray *point;
} Place;

/* The log density with parameter j (none: -1) or the point moved. */
static double moved_density(const Place *p, int j, const Move *m, double times) {
  const ThDistribution *d = th_as_distribution(p->distribution);
  ThValue parameters[TH_MAX_PARAMETERS], made;
  ThArray *x = th_array_copy(p->cx, p->point);
  double out, number;
  for (int k = 0; k < d->family->n_parameters; k++) {
    bool scalar = th_to_number(d->parameters[k], &number);
    if (k != j) parameters[k] = th_retain(d->parameters[k]);
    else if (scalar) parameters[k] = th_number(number + times * m->size);
    else parameters[k] = th_object(th_array_copy(p->cx, th_as_array(d->parameters[k])));
    if (k == j && !scalar) make_move(th_as_array(parameters[k]), m, times);
  }
  if (j < 0) make_move(x, m, times);
  ck_assert_msg(th_distribution_new(p->cx, d->family, parameters, &made), "%s: %s", p->row->distribution,
                p->cx->error.message);
  ck_assert(d->family->event->log_density(p->cx, th_as_distribution(made), x->real, &out));
  th_release(made);
  th_release_all(parameters, (size_t)d->family->n_parameters);
  th_release(th_object(x));
  return out;
}

/* By a formula of five points, whose error falls with the fourth power of the step. */
static void check_move(const Place *p, int j, const Move *m, double expected) {
  double f[4], scale = 0;
  static const double at[] = {-2, -1, 1, 2}, weight[] = {1.0 / 12, -2.0 / 3, 2.0 / 3, -1.0 / 12};
  double difference = 0;
  for (int k = 0; k < 4; k++) {
    f[k] = moved_density(p, j, m, at[k]);
    difference += weight[k] * f[k] / m->size;
    scale = fmax(scale, fabs(f[k]));
  }
  double tolerance = 1e-7 * fabs(expected) + 40 * DBL_EPSILON * (1 + scale) / m->size + 1e-9;
  ck_assert_msg(fabs(difference - expected) <= tolerance,
                "%s at %s, parameter %d, element %zu: %.17g, by differences %.17g", p->row->distribution,
                p->row->point, j, m->up, expected, difference);
}

START_TEST(by_differences) {
  ThSession *session = unit_session(NULL);
  Place p = {.cx = th_session_context(session), .row = &cases[_i]};
  ThValue point = unit_evaluate(session, cases[_i].point);
  double d_x[16], block[TH_MAX_PARAMETERS][16], *d_p[TH_MAX_PARAMETERS];
  p.distribution = unit_evaluate(session, cases[_i].distribution);
  p.point = th_as_array(point);
  const ThDistribution *d = th_as_distribution(p.distribution);
  bool shares = strcmp(d->family->name, "Dirichlet") == 0, masses = d->family->event->discrete;
  for (int j = 0; j < TH_MAX_PARAMETERS; j++) d_p[j] = block[j];
  ck_assert(d->family->event->gradient(p.cx, d, p.point->real, d_x, d_p));
  for (size_t k = 0; !masses && k < p.point->length; k++) {
    Move m = move_of(p.point, k, shares, cases[_i].step);
    check_move(&p, -1, &m, along(d_x, &m));
  }
  for (int j = 0; j < d->family->n_parameters; j++) {
    const ThArray *a = th_is_array(d->parameters[j]) ? th_as_array(d->parameters[j]) : NULL;
    bool whole = strcmp(d->family->parameters[j].name, "n") == 0 ||
                 strcmp(d->family->parameters[j].name, "d") == 0;
    double number = 0;
    if (!a) th_to_number(d->parameters[j], &number);
    for (size_t k = 0; k < (a ? a->length : 1); k++) {
      Move m = a ? move_of(a, k, masses, cases[_i].step)
                 : (Move){0, SIZE_MAX, SIZE_MAX, cases[_i].step * number};
      if (whole) ck_assert_double_eq(d_p[j][0], 0); /* trials, variables */
      else check_move(&p, j, &m, along(d_p[j], &m));
    }
  }
  th_release(point);
  th_release(p.distribution);
  th_session_free(session);
}
END_TEST

/* The covariance of the score over draws: within 5 standard errors in each of its elements. */
static const char *const informative[] = {
    "MvNormal([1.2, -2.3], [2.1, 0.5; 0.5, 1.4])",
    "Dirichlet([2.385, 3.1, 0.7])",
    "Multinomial(7, [0.2, 0.3, 0.5])",
    "Wishart(5.3, [2.1, 0.5; 0.5, 1.4])",
    "LKJ(3, 2.385)",
    "LKJ(4, 0.7)",
};

/* The derivatives in the coordinates of the information: by a number, a vector, the upper triangle of a matrix. */
static size_t coordinates_of(const ThDistribution *d, double *const *d_p, double *out) {
  size_t m = 0, n = th_event_size(d);
  for (int j = 0; j < d->family->n_parameters; j++) {
    bool matrix = th_is_array(d->parameters[j]) && th_as_array(d->parameters[j])->rank == 2;
    for (size_t k = 0; !matrix && k < th_event_parameter_count(d, j); k++) out[m++] = d_p[j][k];
    for (size_t i = 0; matrix && i < n; i++)
      for (size_t k = i; k < n; k++) out[m++] = (i == k ? 1 : 2) * d_p[j][i * n + k];
  }
  return m;
}

START_TEST(information_of_draws) {
  enum { DRAWS = 200000, MOST = 8 };
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  ThValue v = unit_evaluate(session, informative[_i]);
  const ThDistribution *d = th_as_distribution(v);
  double x[16], block[TH_MAX_PARAMETERS][16], *d_p[TH_MAX_PARAMETERS], s[MOST], information[MOST * MOST];
  double sum[MOST * MOST] = {0}, squares[MOST * MOST] = {0};
  size_t m = th_event_coordinates(d);
  ThRandom r;
  th_random_seed(&r, 2385);
  for (int j = 0; j < TH_MAX_PARAMETERS; j++) d_p[j] = block[j];
  ck_assert_uint_le(m, MOST);
  ck_assert(d->family->event->fisher(cx, d, information));
  for (size_t t = 0; t < DRAWS; t++) {
    ck_assert(d->family->event->sample(cx, d, &r, x) && d->family->event->gradient(cx, d, x, NULL, d_p));
    ck_assert_uint_eq(coordinates_of(d, d_p, s), m);
    for (size_t i = 0; i < m * m; i++) {
      double product = s[i / m] * s[i % m];
      sum[i] += product, squares[i] += product * product;
    }
  }
  for (size_t i = 0; i < m * m; i++) {
    double mean = sum[i] / DRAWS, error = sqrt((squares[i] / DRAWS - mean * mean) / DRAWS);
    if (isnan(information[i])) ck_assert_double_eq(mean, 0);
    else
      ck_assert_msg(fabs(mean - information[i]) <= 5 * error + 1e-12,
                    "%s, element %zu: %.10g, of draws %.10g ± %.2g", informative[_i], i, information[i], mean,
                    error);
  }
  th_release(v);
  th_session_free(session);
}
END_TEST

Suite *th_suite_prob_event(void) {
  Suite *suite = suite_create("prob_event");
  ADD_ROWS(suite, by_differences, COUNT(cases));
  ADD_ROWS(suite, information_of_draws, COUNT(informative));
  return suite;
}
