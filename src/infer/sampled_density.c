/* sampled_density.c - a model's log density in coordinates without bounds, as samplers see it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/sampled_density.h"

#include <math.h>
#include <string.h>

#include "infer/replay_objective.h"

ThAttempt th_sampled_density_init(const ThRecording *r, ThRelative level, ThSampledDensity *out,
                                  ThReason *why) {
  *out = (ThSampledDensity){.cx = r->cx};
  if (!th_target_init_relative(r, level, &out->target)) return TH_FAILED;
  ThAttempt attempt = th_transforms_init(&out->target, &out->transforms, why);
  if (attempt != TH_ANSWERED) th_sampled_density_clear(out);
  return attempt;
}

void th_sampled_density_clear(ThSampledDensity *d) {
  th_transforms_clear(&d->transforms);
  th_target_clear(&d->target);
  d->program = NULL;
}

bool th_sampled_density_compile(ThSampledDensity *d, const double *u) {
  double log_jacobian, *x = th_alloc_array(d->cx, d->transforms.k, sizeof *x);
  if (!x) return false;
  th_transforms_forward(&d->transforms, u, x, &log_jacobian);
  bool ok = th_replay_slope_program(d->target.replay, x, &d->program);
  th_free(d->cx, x, d->transforms.k * sizeof *x);
  return ok;
}

/* --- Views */

/* An operation that failed for this point: the density is 0 there. */
static bool settle(ThContext *cx, double *value) {
  *value = (double)INFINITY;
  return th_replay_is_undefined(cx);
}

static bool ask(ThContext *cx, ThDensityView *v, double *value) {
  const double *inputs[1] = {v->x};
  double *outputs[2] = {value, v->gradient};
  bool holds = true;
  if (!v->workspace)
    return th_replay_gradient(v->density->target.replay, v->x, value, v->gradient) || settle(cx, value);
  if (!th_program_run(cx, v->workspace, inputs, outputs, &holds)) return settle(cx, value);
  v->fails_to_hold = v->fails_to_hold || !holds;
  if (!holds) *value = (double)INFINITY;
  return true;
}

static bool value_and_gradient(ThContext *cx, void *self, const double *u, double *value, double *gradient) {
  ThDensityView *v = self;
  const ThTransforms *t = &v->density->transforms;
  double log_jacobian;
  th_transforms_forward(t, u, v->x, &log_jacobian);
  if (!ask(cx, v, value)) return false;
  *value -= log_jacobian;
  if (isfinite(*value)) {
    th_transforms_pull(t, u, v->x, v->gradient, -1, gradient);
  } else {
    *value = (double)INFINITY;
    memset(gradient, 0, t->d * sizeof *gradient);
  }
  return true;
}

static bool value_only(ThContext *cx, void *self, const double *u, double *value) {
  ThDensityView *v = self;
  double log_jacobian;
  th_transforms_forward(&v->density->transforms, u, v->x, &log_jacobian);
  if (!ask(cx, v, value)) return false;
  *value = isfinite(*value) ? *value - log_jacobian : (double)INFINITY;
  return true;
}

bool th_density_view_init(ThSampledDensity *d, bool shared, ThDensityView *out) {
  size_t k = d->transforms.k;
  *out = (ThDensityView){.density = d};
  out->objective = (ThObjective){.dimension = d->transforms.d,
                                 .self = out,
                                 .value = value_only,
                                 .value_and_gradient = value_and_gradient};
  out->x = th_alloc_array(d->cx, 2 * k, sizeof *out->x);
  if (!out->x) return false;
  out->gradient = out->x + k;
  if (!shared) return true;
  out->workspace = th_workspace_new(d->cx, d->program);
  return out->workspace != NULL;
}

void th_density_view_clear(ThContext *cx, ThDensityView *v) {
  size_t k = v->density ? v->density->transforms.k : 0;
  th_workspace_free(cx, v->workspace);
  if (v->x) th_free(cx, v->x, 2 * k * sizeof *v->x);
  *v = (ThDensityView){0};
}
