/* query_tail.c - probabilities of one discrete variable whose masses fall too slowly to be summed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The masses of Zipf(2) would have to be summed to 1e30. Events are looked at for the first values one by one; beyond
 * them they hold always or never, as a rule, and the tail of the distribution has its formula. Where they do not, its
 * probability is the error. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "num/real.h"
#include "prob/finding.h"
#include "prob/query.h"

enum { N_SUMMED = 200000, N_IN_A_ROW = 256 };

/* The event and the conditions, or the conditions alone. */
typedef struct Both {
  double event, condition;
} Both;

static bool look(ThQuery *q, double x, bool *event, bool *condition) {
  double complex truth = 0;
  *event = false;
  if (!th_network_assign(&q->net, 0, x) || !th_query_holds(q, 1, condition)) return false;
  if (*condition && !th_query_target(q, 0, &truth)) return false;
  *event = truth != 0;
  return true;
}

/* The smallest masses first, so that they are not lost beside the larger. */
static bool sum_masses(ThQuery *q, const ThDistribution *d, double first, Both *sum) {
  for (double x = first + N_SUMMED - 1; x >= first; x--) {
    bool event, condition;
    double mass;
    if (!th_distribution_measure(q->cx, d, 0, TH_PDF, x, &mass) || !look(q, x, &event, &condition))
      return false;
    if (fmod(x, 1024) == 0 && !th_poll(q->cx)) return false;
    if (event) sum->event += mass;
    if (condition) sum->condition += mass;
  }
  return true;
}

/* Are the events the same at many values in a row, and far out? */
static bool watch_tail(ThQuery *q, double from, bool *event, bool *condition, bool *constant) {
  if (!look(q, from, event, condition)) return false;
  *constant = true;
  double x = from;
  for (int i = 0; *constant && x < 1e15; i++) {
    bool e, c;
    x = i < N_IN_A_ROW ? x + 1 : floor(1.37 * x) + (i & 1);
    if (!look(q, x, &e, &c)) return false;
    *constant = e == *event && c == *condition;
  }
  return true;
}

static bool applies(const ThQuery *q, const ThDistribution **d, double *first) {
  double upper;
  if (q->kind != TH_QUERY_P || q->net.n_variables != 1 || q->variables[0].observed) return false;
  ThValue v = q->net.variables[0].variable->distribution;
  if (!th_is_distribution(v) || th_as_distribution(v)->rank > 0) return false;
  *d = th_as_distribution(v);
  if (!th_distribution_is_discrete(*d) || (*d)->family->outcomes) return false;
  th_distribution_support(*d, 0, first, &upper);
  return isfinite(*first) && isinf(upper);
}

bool th_answer_tail(ThQuery *q, ThValue *out, bool *done) {
  const ThDistribution *d;
  double first, far, tail;
  Both sum = {0};
  bool event, condition, constant;
  if (!applies(q, &d, &first)) return true;
  if (!th_distribution_measure(q->cx, d, 0, TH_UPPER_QUANTILE, 1e-30, &far)) return false;
  if (far - first < 5 * N_SUMMED) return true; /* the plain series does */
  double last = first + N_SUMMED - 1;
  if (!watch_tail(q, last + 1, &event, &condition, &constant) ||
      !th_distribution_measure(q->cx, d, 0, TH_CCDF, last, &tail))
    return false;
  if (constant && event) sum.event = tail;
  if (constant && condition) sum.condition = tail;
  if (!sum_masses(q, d, first, &sum)) return false;
  bool conditional = q->n_conditions > 0;
  if (conditional && !(sum.condition > 0)) return true;
  ThMoments m = {.mean = {conditional ? sum.event / sum.condition : sum.event}, .weight = sum.condition};
  m.error = (constant ? 4 * DBL_EPSILON : tail) / (conditional ? sum.condition : 1);
  char method[160];
  th_finding_method(&(ThFinding){0, m.error, "summed series, tail by the cdf", ""}, method, sizeof method);
  *done = true;
  return th_query_estimate(q, &m, method, out);
}
