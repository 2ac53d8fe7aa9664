/* joined_data.c - the data of a question and more of them, as one set */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/joined_data.h"

#include "infer/observed.h"
#include "lang/builtin.h"
#include "val/array.h"

/* How many data there are, the same of everything observed; SIZE_MAX: not the same. */
static size_t count_rows(const ThQuestion *q, const ThModelData *data) {
  size_t rows = 0;
  bool first = true;
  for (size_t i = th_observed_next(q, 0); i < data->n; i = th_observed_next(q, i + 1), first = false) {
    ThValue v = data->values[i];
    size_t n = th_is_array(v) ? th_as_array(v)->shape[0] : 1;
    if (!first && n != rows) return SIZE_MAX;
    rows = n;
  }
  return rows;
}

static bool is_rows(ThValue v, size_t rows) {
  return th_is_array(v) && th_as_array(v)->rank > 0 && th_as_array(v)->shape[0] == rows;
}

/* Do the rows of two arrays have the same shape? */
static bool is_alike(ThValue a, ThValue b) {
  if (!th_is_array(a) || !th_is_array(b)) return true;
  const ThArray *x = th_as_array(a), *y = th_as_array(b);
  bool alike = x->rank == y->rank;
  for (size_t i = 1; alike && i < x->rank; i++) alike = x->shape[i] == y->shape[i];
  return alike;
}

/* A number as one for each datum; anything else as it is. Owned. */
static bool spread(ThContext *cx, ThValue v, size_t rows, ThValue *out) {
  *out = th_retain(v);
  if (!th_is_scalar(v)) return true;
  ThArray *a = th_vector_new(cx, TH_DOUBLE, rows);
  for (size_t i = 0; a && i < rows; i++) a->real[i] = th_as_scalar(v);
  if (a) *out = th_object(a);
  return a != NULL;
}

static bool fail_join(ThContext *cx, const ThQuestion *q, const ThSymbol *name, bool is_knob, ThValue old,
                      ThValue new) {
  char before[96], now[96];
  if (is_knob)
    th_fail(cx, TH_ERROR_VALUE, "`%s` is not what it was when the posterior was found", name->spelling);
  else
    th_fail(cx, TH_ERROR_VALUE, "`%s` was %s, and is %s in the new data: the two do not join", name->spelling,
            th_describe(old, before, sizeof before), th_describe(new, now, sizeof now));
  return th_hint(cx, "ask for the posterior of all data at once: posterior(%s, …)",
                 th_question_model(q)->name->spelling);
}

typedef struct Join {
  ThContext *cx;
  const ThQuestion *q;
  size_t old_rows, new_rows;
} Join;

/* One argument. Owned. */
static bool join_value(const Join *j, const ThSymbol *name, bool is_knob, ThValue old, ThValue new,
                       ThValue *out) {
  bool same = false, observed = th_model_observes(th_question_model(j->q), name),
       rows = j->old_rows != SIZE_MAX;
  if (th_is_unset(old) || th_is_unset(new)) same = old.bits == new.bits;
  else if (!th_equal(j->cx, old, new, &same)) return false;
  bool both = !is_knob && (observed || (rows && is_rows(old, j->old_rows) && is_rows(new, j->new_rows)));
  if (same && !both) {
    *out = th_retain(new);
    return true;
  }
  bool joins = rows && !is_knob && (th_is_scalar(old) || is_rows(old, j->old_rows)) &&
               (th_is_scalar(new) || is_rows(new, j->new_rows)) && is_alike(old, new);
  if (!joins) return fail_join(j->cx, j->q, name, is_knob, old, new);
  ThValue parts[2];
  if (!spread(j->cx, old, j->old_rows, &parts[0])) return false;
  bool ok = spread(j->cx, new, j->new_rows, &parts[1]);
  if (ok) {
    ok = th_builtin_call(j->cx, "concat", parts, 2, out);
    th_release(parts[1]);
  }
  th_release(parts[0]);
  return ok;
}

bool th_joined_data(ThContext *cx, const ThQuestion *q, const ThModelData *more, ThModelData *out) {
  Join j = {cx, q, count_rows(q, &q->data), count_rows(q, more)};
  bool is_knob;
  if (j.new_rows == SIZE_MAX) j.old_rows = SIZE_MAX;
  if (!th_model_data_copy(cx, &q->data, out)) return false;
  for (size_t i = 0; i < out->n; i++) {
    ThValue v;
    const ThSymbol *name = th_model_argument(th_question_model(q), i, &is_knob);
    if (!join_value(&j, name, is_knob, q->data.values[i], more->values[i], &v)) {
      th_model_data_clear(cx, out);
      return false;
    }
    th_replace_take(&out->values[i], v);
  }
  return true;
}

/* --- Data that were seen before */

/* Rows `from` on of an array, and as many as the other has: are they the same numbers? */
static bool same_rows(const ThArray *all, size_t from, const ThArray *some) {
  size_t width = some->shape[0] ? some->length / some->shape[0] : 0;
  for (size_t i = 0; i < some->length; i++)
    if (th_array_real(all, from * width + i) != th_array_real(some, i)) return false;
  return true;
}

static bool holds_at(const Join *j, const ThModelData *data, size_t from) {
  for (size_t i = 0; i < data->n; i++) {
    ThValue old = j->q->data.values[i], new = data->values[i];
    if (is_rows(old, j->old_rows) && is_rows(new, j->new_rows) && is_alike(old, new) &&
        !same_rows(th_as_array(old), from, th_as_array(new)))
      return false;
  }
  return true;
}

/* Has every datum an argument of its own beside what is observed, in both? */
static bool has_inputs(const Join *j, const ThModelData *data) {
  bool is_knob, any = false;
  for (size_t i = 0; i < data->n; i++) {
    const ThSymbol *name = th_model_argument(th_question_model(j->q), i, &is_knob);
    ThValue old = j->q->data.values[i], new = data->values[i];
    if (th_is_array(old) != th_is_array(new)) return false;
    any = any || (is_rows(old, j->old_rows) && is_rows(new, j->new_rows) && !is_knob &&
                  !th_model_observes(th_question_model(j->q), name));
  }
  return any;
}

bool th_joined_holds(ThContext *cx, const ThQuestion *q, const ThModelData *data, bool *out) {
  Join j = {cx, q, count_rows(q, &q->data), count_rows(q, data)};
  if (!th_model_data_equal(cx, &q->data, data, out)) return false;
  if (*out) return true;
  if (j.old_rows == SIZE_MAX || j.new_rows == SIZE_MAX || j.new_rows == 0 || !has_inputs(&j, data)) return true;
  for (size_t from = 0; !*out && from + j.new_rows <= j.old_rows; from++) {
    if (!th_poll(cx)) return false;
    *out = holds_at(&j, data, from);
  }
  return true;
}

bool th_joined_weights(ThContext *cx, const ThQuestion *q, const ThModelData *more, ThValue *out) {
  ThValue parts[2] = {q->weights, th_none()};
  *out = th_none();
  if (!th_question_weights(q)) return true;
  if (!spread(cx, th_number(1), count_rows(q, more), &parts[1])) return false;
  bool ok = th_builtin_call(cx, "concat", parts, 2, out);
  th_release(parts[1]);
  return ok;
}
