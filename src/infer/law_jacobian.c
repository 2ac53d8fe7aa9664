/* law_jacobian.c - how the laws of a model's data hang on its parameters, at one point */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/law_jacobian.h"

#include "infer/log_density.h"
#include "lang/replay.h"

size_t th_law_jacobian_numbers(const ThObservation *o) {
  return th_value_length(o->data) * (size_t)th_law_family(o->distribution)->n_parameters;
}

static size_t size_of(const ThLawJacobian *j) { return j->length * (j->k + 1) + 1; }

void th_law_jacobian_clear(ThLawJacobian *j) {
  if (j->values) th_free(j->cx, j->values, size_of(j) * sizeof *j->values);
  *j = (ThLawJacobian){0};
}

static bool evaluate(const ThRecording *r, const double *x, ThLawJacobian *j) {
  ThValue function, point;
  ThReplay *replay = NULL;
  if (!th_law_values_new(r, false, &function)) return false;
  if (th_vector_from(r->cx, x, j->k, &point)) {
    replay = th_replay_new_array(r->cx, r->options.verb_name, function, point, j->length);
    th_release(point);
  }
  bool ok = replay && th_replay_value(replay, x, j->values) && th_replay_jacobian(replay, x, j->jacobian);
  th_replay_free(replay);
  th_release(function);
  return ok;
}

bool th_law_jacobian_find(const ThRecording *r, const double *x, ThLawJacobian *out) {
  *out = (ThLawJacobian){.cx = r->cx, .k = r->n_elements};
  for (size_t i = 0; i < r->n_observations; i++) out->length += th_law_jacobian_numbers(&r->observations[i]);
  out->values = th_alloc_array(r->cx, size_of(out), sizeof *out->values);
  if (!out->values) return false;
  out->jacobian = out->values + out->length;
  if (evaluate(r, x, out)) return true;
  th_law_jacobian_clear(out);
  return false;
}

bool th_law_jacobian_hangs(const ThLawJacobian *j, size_t row) {
  for (size_t i = 0; i < j->k; i++)
    if (j->jacobian[row * j->k + i] != 0) return true;
  return false;
}
