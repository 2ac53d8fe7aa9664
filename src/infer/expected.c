/* expected.c - the expected information of a fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/expected.h"

#include <math.h>
#include <string.h>

#include "infer/law_jacobian.h"
#include "num/linalg.h"

/* A family with numbers as parameters, whose information is a formula. */
static bool is_closed(const ThFamily *family) {
  return family->math && family->math->fisher && family->math->n_parameters == family->n_parameters;
}

/* J' I J of one datum, whose m numbers stand in the given rows. Parameters that hang on nothing have no share, as whole
 * numbers must not. */
static void add_datum(const ThLawJacobian *s, const ThFamily *family, const size_t *rows, double scale,
                      double *out) {
  size_t m = (size_t)family->n_parameters, k = s->k;
  double p[TH_MAX_PARAMETERS], information[TH_MAX_PARAMETERS * TH_MAX_PARAMETERS];
  for (size_t a = 0; a < m; a++) p[a] = s->values[rows[a]];
  family->math->fisher(p, information);
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < m; b++) {
      const double *left = s->jacobian + rows[a] * k, *right = s->jacobian + rows[b] * k;
      double weight = scale * information[a * m + b];
      if (weight == 0 || !th_law_jacobian_hangs(s, rows[a]) || !th_law_jacobian_hangs(s, rows[b])) continue;
      for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) out[i * k + j] += left[i] * weight * right[j];
    }
}

/* w: the weights of the data, or NULL. */
static bool add_observation(const ThLawJacobian *s, const ThObservation *o, const ThArray *w, size_t first,
                            double *out) {
  const ThFamily *family = th_law_family(o->distribution);
  size_t n = th_value_length(o->data);
  for (size_t i = 0; i < n; i++) {
    size_t rows[TH_MAX_PARAMETERS];
    if (!th_poll_at(s->cx, i)) return false;
    for (size_t a = 0; a < (size_t)family->n_parameters; a++) rows[a] = first + a * n + i;
    add_datum(s, family, rows, w ? w->real[i] : 1, out);
  }
  return true;
}

static bool add_all(const ThRecording *r, const double *x, double *out) {
  ThLawJacobian j;
  size_t first = 0;
  if (!th_law_jacobian_find(r, x, &j)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < r->n_observations; i++) {
    ok = add_observation(&j, &r->observations[i], r->options.weights, first, out);
    first += th_law_jacobian_numbers(&r->observations[i]);
  }
  th_law_jacobian_clear(&j);
  th_linalg_symmetrize(r->n_elements, out);
  return ok;
}

bool th_expected_information(ThContext *cx, const ThFit *fit, const double *x, double *out, bool *closed,
                             const char **family) {
  ThRecording r;
  if (!th_question_reopen(cx, &fit->question, &fit->question.data, &r)) return false;
  *closed = true;
  memset(out, 0, fit->k * fit->k * sizeof *out);
  for (size_t i = 0; *closed && i < r.n_observations; i++) {
    *closed = is_closed(th_law_family(r.observations[i].distribution));
    if (!*closed) *family = th_law_family(r.observations[i].distribution)->name;
  }
  bool ok = !*closed || add_all(&r, x ? x : fit->estimate, out);
  th_recording_clear(&r);
  return ok;
}
