/* replay_objective.c - a replayed function as an objective */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/replay_objective.h"

#include <math.h>
#include <string.h>

bool th_replay_is_undefined(ThContext *cx) {
  if (th_is_final(cx) || (cx->error.code != TH_ERROR_VALUE && cx->error.code != TH_ERROR_NUMERIC))
    return false;
  th_error_clear(cx);
  return true;
}

static bool settle(ThContext *cx, double *value) {
  *value = (double)INFINITY;
  return th_replay_is_undefined(cx);
}

static bool value_of(ThContext *cx, void *self, const double *x, double *value) {
  return th_replay_value(self, x, value) || settle(cx, value);
}

static bool slope_of(ThContext *cx, void *self, const double *x, double *value, double *gradient) {
  if (th_replay_gradient(self, x, value, gradient)) return true;
  memset(gradient, 0, th_replay_dimension(self) * sizeof *gradient);
  return settle(cx, value);
}

static bool product_of(ThContext *cx, void *self, const double *x, const double *v, double *product) {
  (void)cx;
  return th_replay_product(self, x, v, product);
}

ThObjective th_replay_objective(ThReplay *replay) {
  return (ThObjective){.dimension = th_replay_dimension(replay),
                       .self = replay,
                       .value = value_of,
                       .value_and_gradient = slope_of,
                       .hessian_vector = product_of};
}
