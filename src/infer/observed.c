/* observed.c - what a question's model observes: the data on the left of `~` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/observed.h"

#include <string.h>

#include "infer/law.h"
#include "num/stats.h"
#include "prob/event.h"
#include "val/array.h"

size_t th_observed_next(const ThQuestion *q, size_t from) {
  bool is_knob;
  const ThModel *model = th_question_model(q);
  while (from < q->data.n && !th_model_observes(model, th_model_argument(model, from, &is_knob))) from++;
  return from;
}

bool th_observed_sorted(ThContext *cx, const ThQuestion *q, ThArray **out) {
  size_t n = 0, at = 0;
  for (size_t i = th_observed_next(q, 0); i < q->data.n; i = th_observed_next(q, i + 1))
    n += th_value_length(q->data.values[i]);
  *out = th_vector_new(cx, TH_DOUBLE, n);
  if (!*out) return false;
  for (size_t i = th_observed_next(q, 0); i < q->data.n; i = th_observed_next(q, i + 1))
    for (size_t j = 0; j < th_value_length(q->data.values[i]); j++)
      (*out)->real[at++] = th_datum(q->data.values[i], j);
  if (th_stats_sort(cx, n, (*out)->real)) return true;
  th_release(th_object(*out));
  return false;
}

bool th_observed_same(ThContext *cx, const ThArray *x, const ThArray *y, const char *const names[2]) {
  if (x->length != y->length)
    return th_fail(cx, TH_ERROR_VALUE, "`%s` and `%s` have not seen the same data: %zu numbers and %zu",
                   names[0], names[1], x->length, y->length);
  if (x->length == 0 || memcmp(x->real, y->real, x->length * sizeof *x->real) == 0) return true;
  return th_fail(cx, TH_ERROR_VALUE, "`%s` and `%s` have not seen the same data", names[0], names[1]);
}

size_t th_observed_terms(const ThObservation *o) {
  const ThFamily *family = th_law_family(o->distribution);
  if (!family->event || !th_is_array(o->data)) return th_value_length(o->data);
  const ThArray *a = th_as_array(o->data);
  return a->rank > family->event->rank ? a->shape[0] : 1;
}

bool th_observed_check_weights(const ThRecording *r) {
  for (size_t i = 0; r->options.weights && i < r->n_observations; i++) {
    const ThObservation *o = &r->observations[i];
    size_t n = th_observed_terms(o), length = r->options.weights->length;
    if (n == length) continue;
    return th_fail(r->cx, TH_ERROR_SHAPE, "`weights` has %zu value%s, `%s` has %zu", length,
                   length == 1 ? "" : "s", o->name->spelling, n);
  }
  return true;
}
