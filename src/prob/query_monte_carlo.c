/* query_monte_carlo.c - answers from random draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observed variables keep their values, and a draw counts with the density of what was observed; other
 * conditions throw draws away. The standard error is that of a ratio of sums. */
#include <math.h>
#include <stdio.h>

#include "lang/vm.h"
#include "num/real.h"
#include "prob/query.h"

void th_query_random(ThQuery *q, ThRandom *r) {
  const ThSession *session = th_session_of(q->cx);
  uint64_t seed = q->options.seeded ? q->options.seed : session ? session->seed : 1;
  th_random_stream(r, seed, UINT64_C(0x5154));
}

bool th_query_draw(ThQuery *q, ThRandom *r, double *weight) {
  bool holds;
  *weight = 1;
  if (!th_query_holds(q, 0, &holds)) return false;
  for (size_t k = 0; holds && *weight > 0 && k < q->net.n_variables; k++) {
    const ThDistribution *d;
    double x = q->variables[k].at, density;
    if (!th_network_distribution(&q->net, k, &d)) return false;
    if (q->variables[k].observed) {
      if (!th_distribution_measure(q->cx, d, 0, TH_PDF, x, &density)) return false;
      *weight *= density;
    } else if (!th_distribution_sample(q->cx, d, 0, r, 1, &x)) {
      return false;
    }
    if (!th_network_assign(&q->net, k, x) || !th_query_holds(q, k + 1, &holds)) return false;
  }
  if (!holds) *weight = 0;
  return true;
}

/* What was drawn: weights and the values of one or two targets. */
typedef struct Draws {
  size_t n, size, n_targets;
  double *weight;
  double complex *x[2];
} Draws;

static void draws_clear(ThContext *cx, Draws *d) {
  th_free(cx, d->weight, d->size * sizeof *d->weight);
  th_free(cx, d->x[0], d->size * sizeof *d->x[0]);
  th_free(cx, d->x[1], d->size * sizeof *d->x[1]);
}

static bool draws_init(ThQuery *q, Draws *d) {
  size_t n = d->size = q->options.draws;
  d->n_targets = q->kind == TH_QUERY_P ? 1 : q->n_targets;
  d->weight = th_alloc_array(q->cx, n, sizeof *d->weight);
  for (size_t i = 0; d->weight && i < d->n_targets; i++) {
    d->x[i] = th_alloc_array(q->cx, n, sizeof *d->x[i]);
    if (!d->x[i]) return false;
  }
  return d->weight != NULL;
}

static bool draw_all(ThQuery *q, Draws *d) {
  ThRandom r;
  th_query_random(q, &r);
  for (size_t i = 0; i < d->size; i++) {
    double weight;
    if (i % 256 == 0 && !th_poll(q->cx)) return false;
    if (!th_query_draw(q, &r, &weight)) return false;
    if (!(weight > 0)) continue;
    for (size_t j = 0; j < d->n_targets; j++)
      if (!th_query_target(q, j, &d->x[j][d->n])) return false;
    d->weight[d->n++] = weight;
  }
  return true;
}

/* The weighted mean of f over the draws, and its standard error. */
typedef double complex (*Feature)(const Draws *d, size_t i, const double complex *mean);

static double complex average(const Draws *d, Feature f, const double complex *mean, double *error) {
  double complex sum = 0;
  double weight = 0, square = 0;
  for (size_t i = 0; i < d->n; i++) sum += d->weight[i] * f(d, i, mean), weight += d->weight[i];
  double complex value = sum / weight;
  for (size_t i = 0; i < d->n; i++) {
    double distance = d->weight[i] * cabs(f(d, i, mean) - value);
    square += distance * distance;
  }
  *error = sqrt(square) / weight;
  return value;
}

static double complex first(const Draws *d, size_t i, const double complex *mean) {
  return (void)mean, d->x[0][i];
}
static double complex second(const Draws *d, size_t i, const double complex *mean) {
  return (void)mean, d->x[1][i];
}
static double complex square_first(const Draws *d, size_t i, const double complex *mean) {
  double a = creal(d->x[0][i] - mean[0]);
  return a * a;
}
static double complex square_second(const Draws *d, size_t i, const double complex *mean) {
  double b = creal(d->x[1][i] - mean[1]);
  return b * b;
}
static double complex product(const Draws *d, size_t i, const double complex *mean) {
  return creal(d->x[0][i] - mean[0]) * creal(d->x[1][i] - mean[1]);
}

static void moments(const ThQuery *q, const Draws *d, ThMoments *m) {
  double ignored;
  m->mean[0] = average(d, first, NULL, &m->error);
  if (q->kind == TH_QUERY_P || q->kind == TH_QUERY_E) return;
  if (d->n_targets == 2) m->mean[1] = average(d, second, NULL, &ignored);
  m->variance[0] = creal(average(d, square_first, m->mean, &m->error));
  if (q->kind == TH_QUERY_SD) m->error /= 2 * sqrt(m->variance[0]);
  if (d->n_targets < 2) return;
  m->variance[1] = creal(average(d, square_second, m->mean, &ignored));
  m->covariance = creal(average(d, product, m->mean, &m->error));
  if (q->kind == TH_QUERY_CORR) m->error /= sqrt(m->variance[0] * m->variance[1]);
}

/* "X + Y = 3" of continuous variables never happens in a draw, and has no meaning as a condition either. */
static bool fixes_continuous(ThQuery *q, const ThQueryCondition *condition, bool *out) {
  const ThVariable *v = th_as_variable(condition->event);
  size_t n = q->net.n_variables;
  *out = false;
  if (condition->observation || v->what != TH_VARIABLE_OPERATOR || v->op != TH_OP_EQUAL) return true;
  bool *hangs = th_alloc(q->cx, n + 1);
  bool ok = hangs != NULL && th_network_ancestors(&q->net, condition->event, hangs);
  for (size_t k = 0; ok && k < n; k++)
    *out |= hangs[k] && !q->variables[k].observed && q->variables[k].support != TH_SUPPORT_DISCRETE;
  th_free(q->cx, hangs, n + 1);
  return ok;
}

bool th_query_fail_unmet(ThQuery *q, bool proved) {
  for (size_t i = 0; i < q->n_conditions; i++) {
    bool fixes;
    ThText text;
    if (!fixes_continuous(q, &q->conditions[i], &fixes)) return false;
    if (!fixes) continue;
    th_text_init(&text, &q->cx->heap);
    if (th_variable_text(q->cx, q->conditions[i].event, 80, &text)) {
      th_fail(q->cx, TH_ERROR_VALUE, "`%s` fixes a continuous quantity that is no declared variable",
              th_text_string(&text));
      th_hint(q->cx, "declare what was measured: `obs ~ Normal(…, σ)`, and condition on `obs = …`");
    }
    th_text_clear(&text);
    return false;
  }
  if (proved) return th_query_fail_impossible(q);
  th_fail(q->cx, TH_ERROR_VALUE,
          "the condition is too rare: none of %zu draws met it, so that its probability is below %.1g",
          q->options.draws, 3.0 / (double)q->options.draws);
  return th_hint(q->cx, "more draws: `draws = %zu`", 100 * q->options.draws);
}

static bool answer(ThQuery *q, const Draws *d, ThValue *out) {
  ThMoments m = {0};
  char method[120];
  if (d->n == 0) return th_query_fail_unmet(q, false);
  moments(q, d, &m);
  snprintf(method, sizeof method, "Monte Carlo (%zu draws)", d->size);
  bool never = q->kind == TH_QUERY_P && m.mean[0] == 0, always = q->kind == TH_QUERY_P && m.mean[0] == 1;
  if (never || always) m.error = 3.0 / (double)d->n;
  if (never) {
    snprintf(method, sizeof method, "Monte Carlo (%zu draws): too rare, below %.1g", d->size, m.error);
  }
  if (d->n < d->size) th_text_format(&q->story, "%zu of %zu draws met the conditions\n", d->n, d->size);
  th_text_add(&q->story, "the error is one standard error\n");
  return th_query_estimate(q, &m, method, out);
}

bool th_answer_monte_carlo(ThQuery *q, ThValue *out, bool *done) {
  Draws d = {0};
  if (q->kind == TH_QUERY_DIST) return true;
  bool ok = draws_init(q, &d) && draw_all(q, &d) && answer(q, &d, out);
  draws_clear(q->cx, &d);
  *done = ok;
  return ok;
}
