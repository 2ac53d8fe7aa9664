/* event_score.c - derivatives of the log density of vectors and matrices, and the information they carry */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/event.h"
#include "val/symbol.h"

/* --- By x */

static bool score_points(ThContext *cx, const ThDistribution *d, const ThArray *x, size_t count,
                         ThValue *out) {
  double *const none[TH_MAX_PARAMETERS] = {NULL};
  size_t size = th_event_count(d);
  ThArray *y = th_array_new(cx, TH_DOUBLE, x->rank, x->shape);
  bool ok = y != NULL;
  for (size_t i = 0; ok && i < count; i++)
    ok = th_poll_at(cx, i) && d->family->event->gradient(cx, d, x->real + i * size, y->real + i * size, none);
  if (ok) *out = th_object(y);
  else if (y) th_release(th_object(y));
  return ok;
}

/* --- By the parameters */

/* An array for parameter j at each of the points: with the points' axis in front unless there is `one`. */
static ThArray *parameter_array(ThContext *cx, const ThDistribution *d, int j, size_t count, bool one) {
  size_t shape[3] = {count};
  const ThArray *p = th_is_array(d->parameters[j]) ? th_as_array(d->parameters[j]) : NULL;
  uint32_t front = one ? 0 : 1, rank = p ? p->rank : 0;
  for (uint32_t k = 0; k < rank; k++) shape[front + k] = p->shape[k];
  return front + rank ? th_array_new(cx, TH_DOUBLE, front + rank, shape) : th_vector_new(cx, TH_DOUBLE, 1);
}

static bool fill_parameters(ThContext *cx, const ThDistribution *d, const ThArray *x, size_t count,
                            ThArray *const *y) {
  double *d_p[TH_MAX_PARAMETERS] = {NULL};
  bool ok = true;
  for (size_t i = 0; ok && i < count; i++) {
    for (int j = 0; j < d->family->n_parameters; j++)
      d_p[j] = y[j]->real + i * th_event_parameter_count(d, j);
    ok = th_poll_at(cx, i) && d->family->event->gradient(cx, d, x->real + i * th_event_count(d), NULL, d_p);
  }
  return ok;
}

/* Takes the array. */
static bool set_field(ThContext *cx, ThRecord *record, const ThDistribution *d, int j, ThArray *y, bool one) {
  ThSymbol *name = th_symbol_of(cx, d->family->parameters[j].name);
  ThValue v;
  bool scalar = one && !th_is_array(d->parameters[j]);
  if (!th_from_array_take(cx, y, scalar, &v)) return false;
  if (name) return th_record_set_take(cx, record, name, v);
  th_release(v);
  return false;
}

static bool score_parameters(ThContext *cx, const ThDistribution *d, const ThArray *x, size_t count, bool one,
                             ThValue *out) {
  int n = d->family->n_parameters, made = 0, given = 0;
  ThArray *y[TH_MAX_PARAMETERS] = {NULL};
  ThRecord *record = th_record_new(cx, (size_t)n);
  bool ok = record != NULL;
  for (; ok && made < n; made += ok) ok = (y[made] = parameter_array(cx, d, made, count, one)) != NULL;
  ok = ok && fill_parameters(cx, d, x, count, y);
  while (ok && given < n) ok = set_field(cx, record, d, given, y[given], one), given++;
  for (int j = given; j < made; j++) th_release(th_object(y[j]));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

bool th_event_score(ThContext *cx, const ThDistribution *d, ThValue points, bool parameters, ThValue *out) {
  bool scalar, one;
  ThArray *x;
  size_t count;
  if (!parameters && d->family->event->discrete) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "a discrete distribution has no density to differentiate by x");
    return th_hint(cx, "by its parameters: `wrt = \"parameters\"`");
  }
  if (!th_to_real_array(cx, points, "the point", &scalar, &x)) return false;
  bool ok = th_event_points(cx, d, x, &count, &one);
  if (ok) ok = parameters ? score_parameters(cx, d, x, count, one, out) : score_points(cx, d, x, count, out);
  th_release(th_object(x));
  return ok;
}

/* --- Fisher information */

bool th_event_fisher(ThContext *cx, const ThDistribution *d, ThValue *out) {
  size_t m = th_event_coordinates(d);
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, m, m);
  bool ok = a && d->family->event->fisher(cx, d, a->real);
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}
