/* glm_measure.c - how well a generalised linear model fits: beside the intercept alone, and by its own variance */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/glm.h"

static double weight(const ThGlmProblem *p, size_t i) { return p->weights ? p->weights[i] : 1; }
static double trials(const ThGlmProblem *p, size_t i) { return p->trials ? p->trials[i] : 1; }
static double offset(const ThGlmProblem *p, size_t i) { return p->offset ? p->offset[i] : 0; }

/* Σ w (y η - cumulant trials) with η = b + offset, its slope and minus its bend in b. */
static double at_constant(const ThGlmProblem *p, double b, double *slope, double *bend) {
  double sum = 0, value, mean, variance;
  *slope = *bend = 0;
  for (size_t i = 0; i < p->n; i++) {
    double eta = b + offset(p, i), w = weight(p, i), t = trials(p, i);
    p->family->cumulant(1, &eta, &value, &mean, &variance);
    sum += w * (p->y[i] * eta - t * value);
    *slope += w * (p->y[i] - t * mean);
    *bend += w * t * variance;
  }
  return sum;
}

/* Newton's method in one number, from the mean of all data, with steps halved until they go up. */
static double best_constant(const ThGlmProblem *p) {
  enum { STEPS = 100, HALVES = 40 };
  double y = 0, t = 0, slope, bend;
  for (size_t i = 0; i < p->n; i++) y += weight(p, i) * p->y[i], t += weight(p, i) * trials(p, i);
  if (!(y > 0) || (p->family->counts_trials && !(y < t))) return (double)NAN;
  double b = p->family->link(y / t), value = at_constant(p, b, &slope, &bend);
  for (int i = 0; i < STEPS && fabs(slope) > 1e-12 * (1 + y); i++) {
    double step = slope / bend, next_slope, next_bend, next = 0;
    bool up = false;
    for (int half = 0; half < HALVES && !up; half++, step = up ? step : step / 2) {
      next = at_constant(p, b + step, &next_slope, &next_bend);
      up = next >= value;
    }
    if (!up) break;
    bool same = next == value;
    b += step, value = next, slope = next_slope, bend = next_bend;
    if (same) break;
  }
  return value;
}

/* Each class as often as it comes. */
static double best_shares(const ThGlmProblem *p) {
  double sum = 0, all = 0;
  for (size_t i = 0; i < p->n; i++) all += weight(p, i);
  for (size_t c = 0; c <= p->m; c++) {
    double count = 0;
    for (size_t i = 0; i < p->n; i++) count += p->y[i] == (double)c ? weight(p, i) : 0;
    if (count > 0) sum += count * log(count / all);
  }
  return sum;
}

double th_glm_null(const ThGlmProblem *p, bool intercept) {
  double slope, bend;
  if (p->family->has_classes) {
    double all = 0;
    for (size_t i = 0; i < p->n; i++) all += weight(p, i);
    return intercept ? best_shares(p) : -all * log((double)p->m + 1);
  }
  return intercept ? best_constant(p) : at_constant(p, 0, &slope, &bend);
}

double th_glm_pearson(const ThGlmProblem *p, const double *fitted) {
  double sum = 0;
  for (size_t i = 0; i < p->n; i++) {
    double mean = fitted[i], t = trials(p, i), gap = p->y[i] - mean;
    double variance = p->family->counts_trials ? mean * (1 - mean / t) : mean;
    if (variance > 0) sum += weight(p, i) * gap * gap / variance;
  }
  return sum;
}
