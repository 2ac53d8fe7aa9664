/* target.c - a model's log density as a function of numbers, traced, and where they may lie */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/target.h"

#include <math.h>

#include "infer/log_density.h"
#include "infer/replay_objective.h"
#include "infer/starts.h"
#include "val/array.h"

ThObjective th_target_objective(const ThTarget *target) { return th_replay_objective(target->replay); }

bool th_target_log_density(const ThTarget *target, const double *x, double *out) {
  double value;
  ThObjective f = th_target_objective(target);
  if (!f.value(target->cx, f.self, x, &value)) return false;
  *out = isnan(value) ? -(double)INFINITY : -value;
  return true;
}

/* The replay, of points like `start`. */
static bool trace(ThTarget *t, const double *start) {
  ThValue density, point;
  if (!th_log_density_new(t->r, t->relative, &density)) return false;
  if (th_vector_from(t->cx, start, t->k, &point)) {
    t->replay = th_replay_new(t->cx, t->r->options.verb_name, density, point);
    th_release(point);
  }
  th_release(density);
  return t->replay != NULL;
}

static bool init(const ThRecording *r, ThRelative level, ThTarget *out) {
  size_t k = r->n_elements;
  *out = (ThTarget){.r = r, .cx = r->cx, .k = k, .relative = level};
  out->lower = th_alloc_array(r->cx, 2 * k + 1, sizeof *out->lower);
  double *start = out->lower ? th_alloc_array(r->cx, k + 1, sizeof *start) : NULL;
  if (start) {
    out->upper = out->lower + k;
    th_starts_ranges(r, out->lower, out->upper);
  }
  bool ok = start && th_starts_at(r, 0.5, start) &&
            th_relative_ranges(r, level, out->lower, out->upper, start) && trace(out, start);
  if (start) th_free(r->cx, start, (k + 1) * sizeof *start);
  if (!ok) th_target_clear(out);
  return ok;
}

bool th_target_init(const ThRecording *r, ThTarget *out) { return init(r, TH_RELATIVE_NONE, out); }

bool th_target_init_relative(const ThRecording *r, ThRelative level, ThTarget *out) {
  bool any = false;
  if (level == TH_RELATIVE_SCALES && !th_relative_any_scaled(r, &any)) return false;
  if (any) return init(r, TH_RELATIVE_SCALES, out);
  return th_ends_any(r, &any) && init(r, any ? TH_RELATIVE_RANGES : TH_RELATIVE_NONE, out);
}

void th_target_clear(ThTarget *t) {
  if (t->replay) th_replay_free(t->replay);
  if (t->lower) th_free(t->cx, t->lower, (2 * t->k + 1) * sizeof *t->lower);
  *t = (ThTarget){0};
}
