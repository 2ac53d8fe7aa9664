/* quasi_newton.c - a step along a direction that earlier gradients have shaped */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/quasi_newton.h"

#include <math.h>

#include "infer/line_search.h"
#include "num/kernels.h"

static bool search(ThContext *cx, ThDescent *d, ThMetric *metric, double slope, ThLineEnd *end) {
  ThLine line = {.f = d->f,
                 .x = d->x,
                 .direction = metric->direction,
                 .value = d->value,
                 .slope = slope,
                 .first = metric->fresh ? 1 / d->grad_norm : 1, /* the first step has length 1 */
                 .at = d->trial,
                 .gradient = d->trial_gradient};
  *end = TH_LINE_FLOOR;
  if (!(slope < 0)) return true;
  if (!th_line_search(cx, &line, end)) return false;
  d->trial_value = line.at_value;
  if (*end == TH_LINE_FOUND) metric->learn(d, line.step);
  return true;
}

/* Steps among values that rounding has made equal may go on for ever. */
static bool is_idle(const ThDescent *d, ThMetric *metric) {
  enum { PATIENCE = 10 };
  bool lower = d->trial_value < d->best_value;
  bool smaller = th_norm(d->n, d->trial_gradient) < fmin(d->grad_norm, d->best_norm);
  metric->n_idle = lower || smaller ? 0 : metric->n_idle + 1;
  return metric->n_idle >= PATIENCE;
}

/* What the best step straight downhill would gain, by the change of the slope over a short one. */
static bool downhill_gain(ThContext *cx, ThDescent *d, double *out) {
  double norm = d->grad_norm, length = 1e-7 * fmax(1, th_norm(d->n, d->x));
  for (size_t i = 0; i < d->n; i++) d->trial[i] = d->x[i] - length / norm * d->gradient[i];
  if (!th_descent_try(cx, d)) return false;
  double change = norm * norm - th_kernel_sum_product(d->n, d->gradient, d->trial_gradient);
  double curvature = change / (norm * length);
  *out = curvature > 0 ? 0.5 * norm * norm / curvature : INFINITY;
  return true;
}

/* No step is seen to go down; this one should have gained `decrease`. */
static bool end_at_floor(ThContext *cx, ThDescent *d, double decrease) {
  double gain;
  if (!downhill_gain(cx, d, &gain)) return false;
  th_descent_floor(d, fmax(decrease, gain));
  return true;
}

bool th_quasi_newton_step(ThContext *cx, ThDescent *d, ThMetric *metric) {
  ThLineEnd end;
  double decrease = 0;
  for (;;) {
    bool fresh = metric->fresh;
    metric->aim(d);
    double slope = th_kernel_sum_product(d->n, metric->direction, d->gradient);
    if (decrease == 0) decrease = -0.5 * slope;
    if (!search(cx, d, metric, slope, &end)) return false;
    if (end != TH_LINE_FLOOR || fresh) break;
    metric->forget(d);
  }
  if (end == TH_LINE_FLOOR || is_idle(d, metric)) return end_at_floor(cx, d, decrease);
  th_descent_move(d);
  if (end == TH_LINE_UNBOUNDED) d->stop = TH_STOP_UNBOUNDED;
  return true;
}
