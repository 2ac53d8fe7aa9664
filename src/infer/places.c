/* places.c - relative parameters (relative.h) as values, and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/places.h"

#include <string.h>

#include "infer/log_density.h"
#include "val/array.h"

/* The values as a function of the places, for points like `point`. */
static ThReplay *values_replay(const ThTarget *t, const double *point) {
  ThValue function, v;
  ThReplay *replay = NULL;
  if (!th_unknowns_new(t->r, t->relative, &function)) return NULL;
  if (th_vector_from(t->cx, point, t->k, &v)) {
    replay = th_replay_new_array(t->cx, t->r->options.verb_name, function, v, t->k);
    th_release(v);
  }
  th_release(function);
  return replay;
}

bool th_places_to_values(const ThTarget *t, size_t n, double *x) {
  if (!t->relative || n == 0) return true;
  double *values = th_alloc_array(t->cx, t->k, sizeof *values);
  ThReplay *replay = values ? values_replay(t, x) : NULL;
  bool ok = replay != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    ok = th_poll_at(t->cx, i) && th_replay_value(replay, x + i * t->k, values);
    if (ok) memcpy(x + i * t->k, values, t->k * sizeof *x);
  }
  if (replay) th_replay_free(replay);
  if (values) th_free(t->cx, values, t->k * sizeof *values);
  return ok;
}

/* Every value is linear in its own place, and hangs on places before it: one after another. */
static bool find_places(const ThTarget *t, ThReplay *replay, const double *x, double *place, double *at) {
  const ThRecording *r = t->r;
  for (size_t j = 0; j < t->k; j++) {
    ThRelativeKind kind;
    double low, high;
    if (!th_relative_kind(r, j, t->relative, &kind)) return false;
    place[j] = x[j];
    if (!kind.is_placed) continue;
    place[j] = 0.25;
    if (!th_replay_value(replay, place, at)) return false;
    low = at[j];
    place[j] = 0.75;
    if (!th_replay_value(replay, place, at)) return false;
    high = at[j];
    place[j] = 0.25 + 0.5 * (x[j] - low) / (high - low);
  }
  return true;
}

bool th_places_from_values(const ThTarget *t, double *x) {
  size_t k = t->k;
  if (!t->relative) return true;
  double *place = th_alloc_array(t->cx, 2 * k, sizeof *place);
  if (!place) return false;
  memcpy(place, x, k * sizeof *x);
  bool ok = th_relative_ranges(t->r, t->relative, NULL, NULL, place);
  ThReplay *replay = ok ? values_replay(t, place) : NULL;
  ok = replay && find_places(t, replay, x, place, place + k);
  if (ok) memcpy(x, place, k * sizeof *x);
  if (replay) th_replay_free(replay);
  th_free(t->cx, place, 2 * k * sizeof *place);
  return ok;
}
