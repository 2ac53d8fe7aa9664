/* expected.c - the expected information of a fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/expected.h"

#include <math.h>
#include <string.h>

#include "infer/log_density.h"
#include "lang/replay.h"
#include "num/linalg.h"

typedef struct Sum {
  ThContext *cx;
  const ThFit *fit;
  const ThRecording *r;
  size_t length;      /* numbers that the laws have */
  double *values, *j; /* (length), (length, k) */
} Sum;

/* A family with numbers as parameters, whose information is a formula. */
static bool is_closed(const ThFamily *family) {
  return family->math && family->math->fisher && family->math->n_parameters == family->n_parameters;
}

static bool hangs(const Sum *s, size_t row) {
  for (size_t i = 0; i < s->fit->k; i++)
    if (s->j[row * s->fit->k + i] != 0) return true;
  return false;
}

/* J' I J of one datum, whose m numbers stand in the given rows. Parameters that hang on nothing have no share, as whole
 * numbers must not. */
static void add_datum(const Sum *s, const ThFamily *family, const size_t *rows, double *out) {
  size_t m = (size_t)family->n_parameters, k = s->fit->k;
  double p[TH_MAX_PARAMETERS], information[TH_MAX_PARAMETERS * TH_MAX_PARAMETERS];
  for (size_t a = 0; a < m; a++) p[a] = s->values[rows[a]];
  family->math->fisher(p, information);
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < m; b++) {
      const double *left = s->j + rows[a] * k, *right = s->j + rows[b] * k;
      double weight = information[a * m + b];
      if (weight == 0 || !hangs(s, rows[a]) || !hangs(s, rows[b])) continue;
      for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) out[i * k + j] += left[i] * weight * right[j];
    }
}

static bool add_observation(const Sum *s, const ThObservation *o, size_t first, double *out) {
  const ThFamily *family = th_law_family(o->distribution);
  size_t n = th_value_length(o->data);
  for (size_t i = 0; i < n; i++) {
    size_t rows[TH_MAX_PARAMETERS];
    if (!th_poll_at(s->cx, i)) return false;
    for (size_t a = 0; a < (size_t)family->n_parameters; a++) rows[a] = first + a * n + i;
    add_datum(s, family, rows, out);
  }
  return true;
}

static size_t numbers_of(const ThObservation *o) {
  return th_value_length(o->data) * (size_t)th_law_family(o->distribution)->n_parameters;
}

/* The laws' parameters and their Jacobian at the estimate. */
static bool evaluate(Sum *s) {
  ThValue function, point;
  ThReplay *replay = NULL;
  if (!th_law_values_new(s->r, false, &function)) return false;
  bool ok = th_vector_from(s->cx, s->fit->estimate, s->fit->k, &point);
  if (ok) {
    replay = th_replay_new_array(s->cx, "expected_fisher", function, point, s->length);
    th_release(point);
  }
  ok = replay && th_replay_value(replay, s->fit->estimate, s->values) &&
       th_replay_jacobian(replay, s->fit->estimate, s->j);
  th_replay_free(replay);
  th_release(function);
  return ok;
}

static bool add_all(Sum *s, double *out) {
  size_t first = 0, size = s->length * (s->fit->k + 1);
  s->values = th_alloc_array(s->cx, size + 1, sizeof *s->values);
  if (!s->values) return false;
  s->j = s->values + s->length;
  bool ok = evaluate(s);
  for (size_t i = 0; ok && i < s->r->n_observations; i++) {
    ok = add_observation(s, &s->r->observations[i], first, out);
    first += numbers_of(&s->r->observations[i]);
  }
  th_free(s->cx, s->values, (size + 1) * sizeof *s->values);
  return ok;
}

bool th_expected_information(ThContext *cx, const ThFit *fit, double *out, bool *closed,
                             const char **family) {
  ThRecording r;
  Sum s = {.cx = cx, .fit = fit, .r = &r};
  if (!th_question_reopen(cx, &fit->question, &fit->question.data, &r)) return false;
  *closed = true;
  memset(out, 0, fit->k * fit->k * sizeof *out);
  for (size_t i = 0; *closed && i < r.n_observations; i++) {
    *closed = is_closed(th_law_family(r.observations[i].distribution));
    if (!*closed) *family = th_law_family(r.observations[i].distribution)->name;
    else s.length += numbers_of(&r.observations[i]);
  }
  bool ok = !*closed || add_all(&s, out);
  th_linalg_symmetrize(fit->k, out);
  th_recording_clear(&r);
  return ok;
}
