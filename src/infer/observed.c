/* observed.c - what a question's model observes: the data on the left of `~` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/observed.h"

#include "infer/law.h"
#include "num/stats.h"
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
