/* minimize.c - a descent on a function of Theta, from the question to its result */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/minimize.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "infer/bounds.h"
#include "infer/function_objective.h"
#include "infer/oracle.h"
#include "lang/session.h"

/* --- The question */

bool th_minimizing_init(ThContext *cx, ThMinimizing *q, ThFlatten form) {
  *q = (ThMinimizing){.form = form, .options = th_descent_defaults(), .callback = th_unset()};
  q->x = th_alloc_array(cx, form.n, 3 * sizeof *q->x);
  if (!q->x) {
    th_flatten_clear(&q->form);
    return false;
  }
  q->lower = q->x + form.n;
  q->upper = q->lower + form.n;
  for (size_t i = 0; i < form.n; i++) {
    q->lower[i] = -INFINITY;
    q->upper[i] = INFINITY;
    if (th_poll_at(cx, i)) continue;
    th_minimizing_clear(cx, q);
    return false;
  }
  return true;
}

void th_minimizing_clear(ThContext *cx, ThMinimizing *q) {
  th_free(cx, q->x, q->x ? 3 * q->form.n * sizeof *q->x : 0);
  th_flatten_clear(&q->form);
}

/* --- A run */

typedef struct Run {
  ThContext *cx;
  const ThMinimizing *q;
  ThFunctionObjective function;
  ThObjective inner, outer; /* of x; of the free numbers that stand for it, where there are bounds */
  ThBounds bounds;
  ThObjective *f;  /* the one that is minimised */
  ThCalls counted; /* what the oracle has been told */
  double *x;       /* (n): bounded */
  double began, shown;
  void (*note)(void *self, const char *text); /* the host's */
} Run;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The oracle, if the function is one, counts along. */
static void tell_oracle(Run *r) {
  if (!th_is_oracle(r->q->function)) return;
  ThCalls *calls = &th_as_oracle(r->q->function)->calls;
  calls->value += r->f->calls.value - r->counted.value;
  calls->gradient += r->f->calls.gradient - r->counted.gradient;
  calls->hessian += r->f->calls.hessian - r->counted.hessian;
  r->counted = r->f->calls;
}

/* A line of progress from the first second on, ten times a second. */
static void show_progress(Run *r, const ThDescent *d) {
  const ThHost *host = &r->cx->host;
  double t = now();
  if (!host->progress || t - r->began < 1 || t - r->shown < 0.1) return;
  char what[96];
  r->shown = t;
  snprintf(what, sizeof what, "%s, step %zu: %.6g", d->method->name, d->step, d->value);
  host->progress(host->self, (double)d->step / (double)d->options.steps, what);
}

/* The point as a value. */
static bool build_point(Run *r, const double *u, ThValue *out) {
  const double *x = u;
  if (r->q->bounded) {
    th_bounds_bound(&r->bounds, u, r->x);
    x = r->x;
  }
  return th_flatten_build(r->cx, &r->q->form, x, out);
}

static bool step_record(Run *r, const ThDescent *d, ThValue *out) {
  ThContext *cx = r->cx;
  ThRecord *record = th_record_new(cx, 4);
  ThValue x;
  bool ok = record && th_record_set_text(cx, record, "step", th_number((double)d->step)) &&
            build_point(r, d->x, &x) && th_record_set_text(cx, record, "x", x) &&
            th_record_set_text(cx, record, "value", th_number(d->value)) &&
            th_record_set_text(cx, record, "grad_norm", th_number(d->grad_norm));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* Points where the function is not defined are left again: what it notes there is of no use to the person. */
static void mute(Run *r, bool muted) { r->cx->host.note = muted ? NULL : r->note; }

/* The callback ends the run by false or "stop". */
static bool call_back(Run *r, const ThDescent *d, bool *go_on) {
  ThValue record, answer;
  if (!step_record(r, d, &record)) return false;
  mute(r, false);
  bool ok = th_call_values(r->cx, r->q->callback, &record, 1, &answer);
  mute(r, true);
  th_release(record);
  if (!ok) return false;
  bool told = th_is_string(answer) && strcmp(th_as_string(answer)->text, "stop") == 0;
  *go_on = !told && !(th_is_bool(answer) && !th_as_bool(answer));
  th_release(answer);
  return true;
}

static bool watch(ThContext *cx, void *self, const ThDescent *d, bool *go_on) {
  Run *r = self;
  (void)cx;
  tell_oracle(r);
  show_progress(r, d);
  return th_is_unset(r->q->callback) || call_back(r, d, go_on);
}

/* --- The result */

/* One column of the history, of whole rows `width`. */
static bool column(Run *r, const ThHistory *h, size_t which, ThValue *out) {
  ThArray *a = th_vector_new(r->cx, TH_DOUBLE, h->length);
  if (!a) return false;
  for (size_t i = 0; i < h->length; i++) a->real[i] = th_history_row(h, i)[which];
  *out = th_object(a);
  return true;
}

static bool path(Run *r, const ThHistory *h, ThValue *out) {
  size_t n = r->q->form.n;
  if (!th_history_has_path(h)) return true;
  bool one = th_is_number(r->q->form.pattern);
  ThArray *a = one ? th_vector_new(r->cx, TH_DOUBLE, h->length)
                   : th_matrix_new(r->cx, TH_DOUBLE, h->length, n);
  if (!a) return false;
  for (size_t i = 0; i < h->length; i++) {
    const double *u = th_history_row(h, i) + TH_HISTORY_X;
    if (r->q->bounded) th_bounds_bound(&r->bounds, u, a->real + i * n);
    else memcpy(a->real + i * n, u, n * sizeof *u);
  }
  *out = th_object(a);
  return true;
}

static bool keep_bounds(Run *r, ThMinimum *m) {
  size_t n = m->form.n;
  if (!r->q->bounded) return true;
  if (!(m->bounds = th_alloc_array(r->cx, n, 2 * sizeof(double)))) return false;
  memcpy(m->bounds, r->q->lower, n * sizeof(double));
  memcpy(m->bounds + n, r->q->upper, n * sizeof(double));
  m->lower = m->bounds;
  m->upper = m->bounds + n;
  return true;
}

static bool give(Run *r, const ThDescent *d, ThValue *out) {
  ThContext *cx = r->cx;
  ThMinimum *m = th_object_new(cx, &th_minimum_kind, sizeof *m);
  if (!m) return false;
  m->cx = cx;
  m->method = d->method;
  m->value = d->value;
  m->grad_norm = d->grad_norm;
  m->n_steps = d->step;
  m->calls = d->f->calls;
  m->converged = d->converged;
  m->function = th_retain(r->q->function);
  m->form = (ThFlatten){r->q->form.n, th_retain(r->q->form.pattern)};
  m->x = m->why = m->values = m->counts = m->path = th_none();
  bool ok = build_point(r, d->x, &m->x) && th_string_of(cx, d->why, &m->why) &&
            column(r, &d->history, TH_HISTORY_VALUE, &m->values) &&
            column(r, &d->history, TH_HISTORY_CALLS, &m->counts) && path(r, &d->history, &m->path) &&
            keep_bounds(r, m);
  if (ok) *out = th_object(m);
  else th_release(th_object(m));
  return ok;
}

/* --- All of it */

static bool prepare(Run *r) {
  const ThMinimizing *q = r->q;
  ThValue f = th_is_oracle(q->function) ? th_as_oracle(q->function)->function : q->function;
  if (!th_function_objective_init(r->cx, f, &q->form, q->name, &r->function)) return false;
  r->inner = th_function_objective(&r->function);
  r->f = &r->inner;
  if (!(r->x = th_alloc_array(r->cx, q->form.n, sizeof *r->x))) return false;
  memcpy(r->x, q->x, q->form.n * sizeof *r->x);
  if (!q->bounded) return true;
  if (!th_bounds_init(r->cx, &r->bounds, &r->inner, q->lower, q->upper)) return false;
  r->outer = th_bounds_objective(&r->bounds);
  r->f = &r->outer;
  th_bounds_free(&r->bounds, q->x, r->x);
  return true;
}

/* A function of several arguments is asked with one. */
static bool hint_arguments(ThContext *cx, const ThMinimizing *q) {
  bool has_default;
  ThText call;
  if (!th_function_parameter(q->function, 1, &has_default) || has_default) return false;
  th_text_init(&call, &cx->heap);
  for (size_t i = 0; th_function_parameter(q->function, i, &has_default) && !has_default; i++)
    th_text_format(&call, "%sv[%zu]", i ? ", " : "", i + 1);
  th_hint(cx, "`minimize` calls it with one value: v -> %s(%s)", q->name, th_text_string(&call));
  th_text_clear(&call);
  return false;
}

static bool begin(Run *r, const ThDescentOptions *options, ThDescent *d) {
  ThContext *cx = r->cx;
  if (th_descent_init(cx, d, r->q->method, r->f, r->x, options)) return true;
  if (cx->error.code == TH_ERROR_MEMORY && r->q->form.n > 1000)
    return th_hint(cx, "of so many variables: the method \"lbfgs\"");
  if (th_is_final(cx) || cx->error.n_places > 0 || cx->error.hint[0]) return false;
  if (cx->error.code == TH_ERROR_NUMERIC) return th_hint(cx, "start where `%s` is defined", r->q->name);
  return hint_arguments(cx, r->q);
}

static bool descend(Run *r, ThValue *out) {
  ThDescent d;
  ThDescentOptions options = r->q->options;
  options.watch = watch;
  options.watcher = r;
  bool ok = begin(r, &options, &d);
  mute(r, true);
  while (ok && d.stop == TH_STOP_NOT) ok = th_descent_advance(r->cx, &d);
  mute(r, false);
  tell_oracle(r);
  if (r->shown > 0) r->cx->host.progress(r->cx->host.self, -1, NULL);
  ok = ok && give(r, &d, out);
  th_descent_clear(r->cx, &d);
  return ok;
}

bool th_minimize(ThContext *cx, const ThMinimizing *q, ThValue *out) {
  Run r = {.cx = cx, .q = q, .began = now(), .note = cx->host.note};
  r.function.function = th_none();
  bool ok = prepare(&r) && descend(&r, out);
  if (q->bounded) th_bounds_clear(cx, &r.bounds);
  th_free(cx, r.x, r.x ? q->form.n * sizeof *r.x : 0);
  th_function_objective_clear(cx, &r.function);
  return ok;
}
