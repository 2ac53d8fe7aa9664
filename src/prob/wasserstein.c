/* wasserstein.c - how far probability must be carried to turn one distribution into another */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On a line the best plan keeps the order: the quantile of every level goes to the quantile of the same
 * level. */
#include <math.h>
#include <stdio.h>

#include "num/compensated.h"
#include "num/real.h"
#include "prob/divergence.h"
#include "prob/event_divergence.h"
#include "prob/numeric.h"

enum { MOST_OUTCOMES = 10000000 };

/* --- Two discrete distributions: mass is carried value by value */

typedef struct Outcomes {
  size_t n;
  double *values, *masses;
} Outcomes;

static void outcomes_clear(ThContext *cx, Outcomes *o) {
  th_free(cx, o->values, o->n * sizeof *o->values);
  th_free(cx, o->masses, o->n * sizeof *o->masses);
  *o = (Outcomes){0};
}

static bool outcomes_of(ThContext *cx, const ThDistribution *d, size_t i, Outcomes *o) {
  ThValue one;
  *o = (Outcomes){0};
  if (!th_distribution_element(cx, d, i, &one)) return false;
  bool ok = th_distribution_outcomes(cx, th_as_distribution(one), 1e-30, MOST_OUTCOMES, &o->values, &o->n);
  th_release(one);
  if (!ok) return false;
  if (o->n == 0) return th_fail(cx, TH_ERROR_LIMIT, "there are more than 1e7 outcomes");
  o->masses = th_alloc_array(cx, o->n, sizeof *o->masses);
  ok = o->masses != NULL;
  for (size_t k = 0; ok && k < o->n; k++)
    ok = th_poll_at(cx, k) && th_distribution_measure(cx, d, i, TH_PDF, o->values[k], &o->masses[k]);
  if (!ok) outcomes_clear(cx, o);
  return ok;
}

/* Σ mass |x - y|^order over the pieces that both lists share. */
static double carried(const Outcomes *a, const Outcomes *b, double order) {
  size_t i = 0, j = 0;
  double left = a->masses[0], needed = b->masses[0];
  ThCompensated sum = {0};
  while (i < a->n && j < b->n) {
    double mass = fmin(left, needed), gap = fabs(a->values[i] - b->values[j]);
    th_compensated_add(&sum, mass * (order == 1 ? gap : pow(gap, order)));
    left -= mass;
    needed -= mass;
    if (left <= 0 && ++i < a->n) left = a->masses[i];
    if (needed <= 0 && ++j < b->n) needed = b->masses[j];
  }
  return th_compensated_total(&sum);
}

static bool between_outcomes(const ThPair *pair, double order, ThFinding *out) {
  Outcomes a, b = {0};
  bool ok = outcomes_of(pair->cx, pair->p, pair->i, &a) && outcomes_of(pair->cx, pair->q, pair->j, &b);
  if (ok) *out = (ThFinding){.value = pow(carried(&a, &b, order), 1 / order)};
  outcomes_clear(pair->cx, &a);
  outcomes_clear(pair->cx, &b);
  return ok;
}

/* --- Order 1: the area between the cdfs */

static bool cdf_gap(void *self, double x, double *y) {
  if (!th_pair_cdf_difference(self, x, y)) return false;
  *y = fabs(*y);
  return true;
}

/* --- Other orders: over the levels u of both lower and upper quantiles, 0 < u < 1/2 */

typedef struct Levels {
  ThPair pair;
  double order;
} Levels;

static bool quantile_gap(void *self, double u, double *y) {
  static const ThMeasure sides[] = {TH_QUANTILE, TH_UPPER_QUANTILE};
  const Levels *l = self;
  const ThPair *pair = &l->pair;
  *y = 0;
  for (int side = 0; side < 2; side++) {
    double p, q;
    if (!th_distribution_measure(pair->cx, pair->p, pair->i, sides[side], u, &p) ||
        !th_distribution_measure(pair->cx, pair->q, pair->j, sides[side], u, &q))
      return false;
    if (p != q) *y += pow(fabs(p - q), l->order);
  }
  return true;
}

/* --- Where a discrete one steps, an integrand has a corner */

/* The outcomes of the discrete one of the pair; none when neither is. */
static bool steps_of(const ThPair *pair, Outcomes *o) {
  *o = (Outcomes){0};
  if (th_distribution_is_discrete(pair->p)) return outcomes_of(pair->cx, pair->p, pair->i, o);
  return !th_distribution_is_discrete(pair->q) || outcomes_of(pair->cx, pair->q, pair->j, o);
}

/* Its values, or its cumulated probabilities from the nearer end. */
static void add_steps(const Outcomes *o, bool levels, double *breaks) {
  double below = 0, above = 0;
  for (size_t k = 0; k < o->n; k++) above += o->masses[k];
  for (size_t k = 0; k < o->n; k++) {
    below += o->masses[k];
    above -= o->masses[k];
    breaks[k] = levels ? fmin(below, above) : o->values[k];
  }
}

static bool integrate(const ThPair *pair, double order, double *breaks, size_t n, ThQuadratureResult *out) {
  Levels l = {*pair, order};
  ThQuadratureGoal goal = {.max_evaluations = 200000 + 200 * n};
  double lower, upper;
  th_pair_range(pair, &lower, &upper);
  if (order == 1)
    return th_quadrature_integrate_breaks(pair->cx, cdf_gap, &l.pair, 1, lower, upper, breaks, n, &goal, out);
  return th_quadrature_integrate_breaks(pair->cx, quantile_gap, &l, 1, 0, 0.5, breaks, n, &goal, out);
}

/* x |F - G| does not fall far out, or u |F⁻¹ - G⁻¹|^order not towards 0. */
static bool diverges(const ThPair *pair, double order, bool *out) {
  Levels l = {*pair, order};
  double scale, y[2];
  *out = false;
  if (!th_pair_scale(pair, &scale)) return false;
  for (int side = -1; side <= 1; side += 2) {
    for (int k = 0; k < 2; k++) {
      double at = order == 1 ? side * scale * (k ? 1e20 : 1e10) : k ? 1e-100 : 1e-50;
      if (!(order == 1 ? cdf_gap(&l.pair, at, &y[k]) : quantile_gap(&l, at, &y[k]))) return false;
      y[k] *= fabs(at);
    }
    *out |= y[0] > 0 && y[1] > 0.9 * y[0];
  }
  return true;
}

static bool between_any(const ThPair *pair, double order, ThFinding *out) {
  ThQuadratureResult result;
  Outcomes steps;
  size_t n = 0;
  bool infinite = false;
  if (!steps_of(pair, &steps)) return false;
  size_t size = (TH_PAIR_BREAKS + steps.n) * sizeof(double);
  double *breaks = th_alloc(pair->cx, size);
  bool ok = breaks && (order != 1 || th_pair_breaks(pair, th_pair_cdf_difference, breaks, &n));
  if (ok) add_steps(&steps, order != 1, breaks + n);
  ok = ok && integrate(pair, order, breaks, n + steps.n, &result);
  if (ok) ok = diverges(pair, order, &infinite);
  th_free(pair->cx, breaks, size);
  outcomes_clear(pair->cx, &steps);
  if (!ok) return false;
  double value = pow(result.value[0], 1 / order);
  double error = value > 0 ? result.error * value / (order * result.value[0]) : result.error;
  *out = (ThFinding){infinite ? TH_INFINITY : value, error, "quadrature", ""};
  if (infinite) snprintf(out->reason, sizeof out->reason, "the integral diverges: the tails are too heavy");
  return true;
}

bool th_divergence_wasserstein(const ThPair *pair, double order, ThFinding *out) {
  if (th_event_in_pair(pair)) return th_event_wasserstein(pair, order, out);
  bool discrete = th_distribution_is_discrete(pair->p) && th_distribution_is_discrete(pair->q);
  return discrete ? between_outcomes(pair, order, out) : between_any(pair, order, out);
}
