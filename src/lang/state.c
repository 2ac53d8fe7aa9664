/* state.c - what moves in a differential equation: a number or array, seen as plain doubles */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/state.h"

#include <stdio.h>
#include <string.h>

#include "lang/code.h"
#include "val/basic.h"
#include "val/broadcast.h"

/* --- The state ----------------------------------------------------------------------------------- */

bool th_state_init(ThContext *cx, ThValue v, const char *what, ThState *out) {
  ThArray *a;
  *out = (ThState){0};
  if (!th_to_array(cx, v, what, &out->scalar, &a)) return false;
  out->like = th_array_convert(cx, a, a->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE);
  th_release(th_object(a));
  if (!out->like) return false;
  out->n = out->like->length * (out->like->element == TH_COMPLEX ? 2 : 1);
  return true;
}

void th_state_clear(ThState *state) {
  if (state->like) th_release(th_object(state->like));
  state->like = NULL;
}

const double *th_state_start(const ThState *state) { return state->like->data; }

ThArray *th_state_rows(ThContext *cx, const ThState *state, size_t n_times) {
  size_t shape[TH_MAX_RANK + 1] = {n_times};
  const ThArray *like = state->like;
  uint32_t rank = state->scalar ? 1 : like->rank + 1;
  if (rank > TH_MAX_RANK) {
    th_fail(cx, TH_ERROR_SHAPE, "an array of %u axes is one too many", like->rank);
    return NULL;
  }
  if (!state->scalar) memcpy(shape + 1, like->shape, like->rank * sizeof *shape);
  ThArray *rows = th_array_new(cx, like->element, rank, shape);
  if (rows) memcpy(rows->data, like->data, state->n * sizeof(double));
  return rows;
}

/* --- The function -------------------------------------------------------------------------------- */

static bool is_callable(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->call; }

bool th_state_function_check(const ThStateFunction *f, const char *builtin, bool constants) {
  char got[96];
  ThContext *cx = f->cx;
  if (!is_callable(f->f)) {
    if (constants && (th_is_scalar(f->f) || th_is_array(f->f))) return true;
    return th_fail_argument(cx, f->argument, TH_ERROR_TYPE, "`%s` of `%s` is a function %s(t, %s), got %s",
                            f->name, builtin, f->name, f->y, th_describe(f->f, got, sizeof got));
  }
  if (!th_is_function(f->f)) return true;
  const ThPrototype *p = th_as_function(f->f)->prototype;
  if (p->n_parameters >= 2 && p->n_required <= 2) return true;
  size_t n = p->n_parameters < 2 ? p->n_parameters : p->n_required;
  th_fail_argument(cx, f->argument, TH_ERROR_TYPE,
                   "`%s` calls %s(t, %s) with two arguments; this function takes %zu", builtin, f->name, f->y,
                   n);
  return n == 1 && th_hint(cx, "write (t, %s) -> …", p->local_names[0]->spelling);
}

void th_state_function_clear(ThStateFunction *f) {
  if (f->y_cache) th_release(th_object(f->y_cache));
  f->y_cache = NULL;
}

/* y as a value; the array of the call before serves again when f has not kept it. */
static bool argument_of(ThStateFunction *f, const double *y, ThValue *out) {
  const ThArray *like = f->state->like;
  if (f->state->scalar && like->element == TH_COMPLEX)
    return th_complex(f->cx, th_complex_of(y[0], y[1]), out);
  if (f->state->scalar) {
    *out = th_number(y[0]);
    return true;
  }
  if (!f->y_cache || f->y_cache->object.references > 1) {
    th_state_function_clear(f);
    f->y_cache = th_array_new(f->cx, like->element, like->rank, like->shape);
    if (!f->y_cache) return false;
  }
  memcpy(f->y_cache->data, y, f->state->n * sizeof *y);
  *out = th_retain(th_object(f->y_cache));
  return true;
}

static bool fail_shape(const ThStateFunction *f, double t, ThValue value) {
  char got[96], like[96];
  ThValue y = f->state->scalar ? th_number(0) : th_object(f->state->like);
  if (f->state->scalar && f->state->like->element == TH_COMPLEX)
    snprintf(like, sizeof like, "a complex number");
  else th_describe(y, like, sizeof like);
  return th_fail_argument(f->cx, f->argument, TH_ERROR_SHAPE,
                          "%s(t, %s) must be shaped like %s, %s; at t = %.6g it is %s", f->name, f->y, f->y,
                          like, t, th_describe(value, got, sizeof got));
}

static bool fail_complex(const ThStateFunction *f) {
  th_fail_argument(f->cx, f->argument, TH_ERROR_TYPE, "%s(t, %s) is complex, but %s is real", f->name, f->y,
                   f->y);
  return th_hint(f->cx, "let %s begin complex: `%s + 0i`", f->y, f->state->scalar ? "1" : "[1, 2]");
}

/* The value's numbers into dy; `a` has the state's shape. */
static bool read_array(const ThStateFunction *f, const ThArray *a, double *dy) {
  if (a->element == TH_COMPLEX && f->state->like->element != TH_COMPLEX) return fail_complex(f);
  if (a->element == f->state->like->element) {
    memcpy(dy, a->data, f->state->n * sizeof *dy);
    return true;
  }
  for (size_t i = 0; i < a->length; i++) {
    if (f->state->like->element == TH_COMPLEX) dy[2 * i] = th_array_real(a, i), dy[2 * i + 1] = 0;
    else dy[i] = th_array_real(a, i);
  }
  return true;
}

static bool spread(const ThStateFunction *f, double t, ThValue value, ThArray *a, double *dy) {
  const ThArray *like = f->state->like;
  ThBroadcast plan;
  bool fits = f->broadcasts && th_broadcast(a->rank, a->shape, like->rank, like->shape, &plan) &&
              th_same_dimensions(plan.rank, plan.shape, like->rank, like->shape);
  if (!fits) return fail_shape(f, t, value);
  ThArray *wide = th_broadcast_to(f->cx, a, like->rank, like->shape);
  if (!wide) return false;
  bool ok = read_array(f, wide, dy);
  th_release(th_object(wide));
  return ok;
}

static bool read_value(const ThStateFunction *f, double t, ThValue value, double *dy) {
  const ThState *state = f->state;
  if (th_is_array(value)) {
    ThArray *a = th_as_array(value);
    if (state->scalar) return fail_shape(f, t, value);
    return th_same_shape(a, state->like) ? read_array(f, a, dy) : spread(f, t, value, a, dy);
  }
  bool number = th_is_scalar(value), complex_ = th_is_complex(value);
  if ((!number && !complex_) || (!state->scalar && !f->broadcasts)) return fail_shape(f, t, value);
  if (complex_ && state->like->element != TH_COMPLEX) return fail_complex(f);
  double complex z = complex_ ? th_as_complex(value) : th_as_scalar(value);
  for (size_t i = 0; i < state->like->length; i++) {
    if (state->like->element == TH_COMPLEX) dy[2 * i] = creal(z), dy[2 * i + 1] = cimag(z);
    else dy[i] = creal(z);
  }
  return true;
}

/* The first call has failed inside f: maybe its arguments are meant the other way round. */
static bool fail_first(const ThStateFunction *f) {
  ThContext *cx = f->cx;
  bool about_kind = cx->error.code == TH_ERROR_TYPE || cx->error.code == TH_ERROR_SHAPE;
  if (!f->called && about_kind && cx->error.hint[0] == '\0')
    th_hint(cx, "the time comes first: %s(t, %s)", f->name, f->y);
  return false;
}

bool th_state_call(void *self, double t, const double *y, double *dy) {
  ThStateFunction *f = self;
  ThValue arguments[2] = {th_number(t), th_none()}, value, plain;
  if (!is_callable(f->f)) return read_value(f, t, f->f, dy);
  if (!argument_of(f, y, &arguments[1])) return false;
  bool ok = th_call_values(f->cx, f->f, arguments, 2, &value);
  th_release(arguments[1]);
  if (!ok) return fail_first(f);
  ok = th_decay(f->cx, value, &plain);
  th_release(value);
  if (!ok) return false;
  ok = read_value(f, t, plain, dy);
  th_release(plain);
  f->called = true;
  return ok;
}
