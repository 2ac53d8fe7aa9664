/* by_draws.c - what hangs on the parameters of a posterior, draw by draw, where the body takes no random variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/by_draws.h"

#include "infer/chains.h"
#include "infer/law.h"
#include "prob/draws.h"
#include "val/array.h"
#include "val/basic.h"

/* Values of one name: a number, or a vector, in every draw. */
typedef struct Column {
  ThSymbol *name;
  bool is_vector, fits;
  size_t n;        /* of a vector */
  ThArray **items; /* (n, or 1): vectors of a number each draw, owned */
} Column;

static size_t count_draws(const ThPosterior *p) { return p->sample->n_chains * p->sample->n_draws; }
static size_t width_of(const Column *c) { return c->is_vector ? c->n : 1; }

static bool is_vector(ThValue v) {
  return th_is_array(v) && th_as_array(v)->rank == 1 && th_as_array(v)->element != TH_COMPLEX;
}

static void clear_column(ThContext *cx, Column *c) {
  for (size_t i = 0; c->items && i < width_of(c); i++)
    if (c->items[i]) th_release(th_object(c->items[i]));
  if (c->items) th_free(cx, c->items, (width_of(c) + 1) * sizeof(ThArray *));
  c->items = NULL;
}

/* A column for values like this one; none where it is neither a number nor a vector. */
static bool begin_column(const ThPosterior *p, ThSymbol *name, ThValue like, Column *out) {
  double number;
  *out = (Column){.name = name, .is_vector = is_vector(like), .fits = is_vector(like)};
  if (out->is_vector) out->n = th_as_array(like)->length;
  else out->fits = th_to_number(like, &number);
  if (!out->fits) return true;
  out->items = th_alloc_array(p->cx, width_of(out) + 1, sizeof(ThArray *));
  for (size_t i = 0; out->items && i < width_of(out); i++) out->items[i] = NULL;
  bool ok = out->items != NULL;
  for (size_t i = 0; ok && i < width_of(out); i++)
    ok = (out->items[i] = th_vector_new(p->cx, TH_DOUBLE, count_draws(p))) != NULL;
  return ok;
}

static void fill_column(Column *c, size_t draw, ThValue v) {
  double number = 0;
  if (!c->fits) return;
  c->fits = c->is_vector ? is_vector(v) && th_as_array(v)->length == c->n : th_to_number(v, &number);
  for (size_t i = 0; c->fits && i < width_of(c); i++)
    c->items[i]->real[draw] = c->is_vector ? th_datum(v, i) : number;
}

/* The column as a variable, or a vector of them. */
static bool finish_column(const ThPosterior *p, const Column *c, ThValue *out) {
  if (!c->is_vector) return th_draws_variable(p->cx, p->number, c->name, 0, th_object(c->items[0]), out);
  ThVariableArray *a = th_variable_array_new(p->cx, c->name, c->n);
  bool ok = a != NULL;
  for (size_t i = 0; a && i < c->n; i++) {
    a->items[i] = th_number(0);
    ok = ok && th_draws_variable(p->cx, p->number, c->name, i + 1, th_object(c->items[i]), &a->items[i]);
  }
  if (a) th_variable_array_done(p->cx, a);
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}

/* The body with the parameters of a draw; what it says was said for the first. */
static bool run_at(const ThPosterior *p, const ThModelData *data, size_t draw, ThRecording *out) {
  return th_posterior_replay(p, data, p->sample->x + draw * p->k, draw > 0, out);
}

/* --- Derived quantities */

static bool begin_derived(const ThPosterior *p, const ThRecording *r, Column *columns) {
  bool ok = true;
  for (size_t i = 0; ok && i < r->n_derived; i++)
    ok = begin_column(p, r->derived[i].name, r->derived[i].value, &columns[i]);
  return ok;
}

static void fill_derived(const ThRecording *r, Column *columns, size_t n, size_t draw) {
  for (size_t i = 0; i < n; i++) {
    bool same = i < r->n_derived && r->derived[i].name == columns[i].name;
    fill_column(&columns[i], draw, same ? r->derived[i].value : th_none());
  }
}

static bool fill_draws(const ThPosterior *p, Column *columns, size_t n) {
  for (size_t draw = 0; draw < count_draws(p); draw++) {
    ThRecording r;
    if (!run_at(p, &p->question.data, draw, &r)) return false;
    fill_derived(&r, columns, n, draw);
    th_recording_clear(&r);
  }
  return true;
}

static bool finish_derived(const ThPosterior *p, const Column *columns, size_t n, ThRecord *record) {
  for (size_t i = 0; i < n; i++) {
    ThValue v;
    if (!columns[i].fits) continue;
    if (!finish_column(p, &columns[i], &v) || !th_record_set_take(p->cx, record, columns[i].name, v))
      return false;
  }
  return true;
}

bool th_by_draws_derived(const ThPosterior *p, ThRecord **out) {
  ThContext *cx = p->cx;
  ThRecording first;
  if (!run_at(p, &p->question.data, 0, &first)) return false;
  size_t n = first.n_derived;
  Column *columns = th_alloc_array(cx, n + 1, sizeof *columns);
  for (size_t i = 0; columns && i < n; i++) columns[i] = (Column){0};
  *out = columns ? th_record_new(cx, n) : NULL;
  bool ok = *out && begin_derived(p, &first, columns);
  th_recording_clear(&first);
  ok = ok && (n == 0 || fill_draws(p, columns, n)) && finish_derived(p, columns, n, *out);
  for (size_t i = 0; columns && i < n; i++) clear_column(cx, &columns[i]);
  if (columns) th_free(cx, columns, (n + 1) * sizeof *columns);
  if (!ok && *out) th_release(th_object(*out));
  return ok;
}

/* --- A new datum */

static bool draw_datum(const ThPosterior *p, const ThModelData *data, size_t draw, ThSymbol **name,
                       ThValue *out) {
  ThRecording r;
  if (!run_at(p, data, draw, &r)) return false;
  const ThObservation *o = &r.observations[0];
  *name = o->name;
  bool ok = th_law_draw(p->cx, th_as_distribution(o->distribution), SIZE_MAX, out);
  th_recording_clear(&r);
  return ok;
}

bool th_by_draws_predict(const ThPosterior *p, const ThModelData *data, ThValue *out) {
  Column column = {0};
  bool ok = true;
  for (size_t draw = 0; ok && draw < count_draws(p); draw++) {
    ThSymbol *name;
    ThValue v;
    ok = draw_datum(p, data, draw, &name, &v);
    if (!ok) break;
    if (draw == 0) ok = begin_column(p, name, v, &column);
    if (ok) fill_column(&column, draw, v);
    th_release(v);
  }
  if (ok && !column.fits)
    ok = th_fail(p->cx, TH_ERROR_SHAPE, "a new datum is neither a number nor a vector of one length");
  ok = ok && finish_column(p, &column, out);
  clear_column(p->cx, &column);
  return ok;
}
