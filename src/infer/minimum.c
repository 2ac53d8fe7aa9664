/* minimum.c - what minimize found: its fields, and how it prints */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/minimum.h"

#include "infer/names.h"
#include "infer/oracle.h"
#include "val/format.h"

static void release(ThObject *self) {
  ThMinimum *m = (ThMinimum *)self;
  if (m->bounds) th_heap_free(self->heap, m->bounds, 2 * m->form.n * sizeof *m->bounds);
  th_flatten_clear(&m->form);
  const ThValue held[] = {m->function, m->x, m->why, m->values, m->counts, m->path};
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) th_release(held[i]);
  th_object_free(self, sizeof *m);
}

/* --- Fields */

enum { X, VALUE, VALUES, GRAD_NORM, PATH, CALLS, CONVERGED, WHY, METHOD, STEPS, N_FIELDS };
static const ThFieldNote fields[] = {
    {"x", "where the lowest value was found, in the form of x0"},
    {"value", "the lowest value that was found"},
    {"values", "the value after each step"},
    {"grad_norm", "the norm of the gradient at x"},
    {"path", "the points of the search, a row each"},
    {"calls", "how often values and derivatives were asked for: a record"},
    {"converged", "whether the gradient became as small as was asked for"},
    {"why", "why the search ended"},
    {"method", "the name of the method"},
    {"steps", "how many steps were taken"},
};

static bool give(ThContext *cx, const ThMinimum *m, int field, ThValue *out) {
  switch (field) {
    case X: *out = th_retain(m->x); return true;
    case VALUE: *out = th_number(m->value); return true;
    case VALUES: *out = th_retain(m->values); return true;
    case GRAD_NORM: *out = th_number(m->grad_norm); return true;
    case PATH: *out = th_retain(m->path); return true;
    case CALLS: return th_calls_record(cx, &m->calls, out);
    case CONVERGED: *out = th_bool(m->converged); return true;
    case WHY: *out = th_retain(m->why); return true;
    case METHOD: return th_string_of(cx, m->method->name, out);
    default: *out = th_number((double)m->n_steps); return true;
  }
}

static bool get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  for (int i = 0; i < N_FIELDS; i++)
    if (th_is_symbol(cx, name, fields[i].name)) return give(cx, th_as_minimum(self), i, out);
  return false;
}

static const ThFieldNote *field_note(size_t i) { return i < N_FIELDS ? &fields[i] : NULL; }

static ThSymbol *field_name(ThContext *cx, ThValue self, size_t i) {
  (void)self;
  return i < N_FIELDS ? th_symbol_of(cx, fields[i].name) : NULL;
}

/* --- Text */

/* "at [1, 1]"; of many numbers, how many. */
static bool add_place(ThContext *cx, const ThMinimum *m, ThText *out) {
  enum { WIDEST = 50 };
  ThText place;
  th_text_init(&place, &cx->heap);
  bool ok = m->form.n > 16 || (th_format(cx, m->x, TH_STYLE_INLINE, &place) && th_text_ok(&place, cx));
  if (ok && place.length > 0 && th_text_last_width(&place, 0) <= WIDEST)
    th_text_format(out, " at %s", th_text_string(&place));
  else if (ok) th_text_format(out, " at x, %zu numbers", m->form.n);
  th_text_clear(&place);
  return ok;
}

/* minimum 4.9e-24 at [1, 1]
 * bfgs, 36 steps: 48 values, 48 gradients
 * gradient norm 3.8e-11 below tol = 1e-8 */
static bool format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThMinimum *m = th_as_minimum(self);
  th_text_add(out, m->converged ? "minimum " : "lowest value ");
  th_format_number(m->value, cx->settings.digits, out);
  if (!add_place(cx, m, out)) return false;
  if (style != TH_STYLE_ECHO) {
    th_text_format(out, " (%s)", m->method->name);
    return th_text_ok(out, cx);
  }
  th_text_format(out, "\n%s, %zu step%s: ", m->method->name, m->n_steps, m->n_steps == 1 ? "" : "s");
  th_calls_format(&m->calls, out);
  th_text_format(out, "\n%s%s", m->converged ? "" : "not converged: ", th_as_string(m->why)->text);
  return th_text_ok(out, cx);
}

const ThKind th_minimum_kind = {.name = "minimum",
                                .release = release,
                                .format = format,
                                .get_field = get_field,
                                .field_name = field_name,
                                .field_note = field_note,
                                .plot = th_minimum_plot};
