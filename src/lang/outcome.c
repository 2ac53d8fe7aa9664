/* outcome.c - derivatives of functions that read random variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grad(r -> logpdf(Exponential(r), X), 2) hangs on X, which the function finds by its name. The function is run with
 * nan in place of each variable that it meets, until it meets no other; then the whole derivative becomes a function of
 * the variables' values, applied to the variables. */
#include "lang/outcome.h"

#include <math.h>
#include <string.h>

#include "val/array.h"
#include "val/traced.h"

/* A derivative as a function of the values of variables. */
typedef struct Outcome {
  ThObject object;
  ThDerive derive;
  ThValue function;
  ThValue args[2];
  size_t n_args, n_variables;
  ThValue variables[TH_MAX_STAND_INS];
} Outcome;

static void outcome_release(ThObject *self) {
  Outcome *o = (Outcome *)self;
  th_release(o->function);
  th_release_all(o->args, o->n_args);
  th_release_all(o->variables, o->n_variables);
  th_object_free(self, sizeof *o);
}

static bool run(ThContext *cx, ThStandIns *s, ThDerive derive, ThValue f, const ThArguments *args,
                ThValue *out) {
  ThStandIns *outer = cx->stand_ins;
  cx->stand_ins = s;
  bool ok = derive(cx, f, args, out);
  cx->stand_ins = outer;
  return ok;
}

static bool outcome_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const Outcome *o = (const Outcome *)th_as_object(self);
  ThArguments point = {.count = o->n_args, .values = o->args};
  ThStandIns s = {.n = o->n_variables, .missing = th_none()};
  if (args->count != o->n_variables)
    return th_fail(cx, TH_ERROR_TYPE, "%zu values for %zu random variables", args->count, o->n_variables);
  memcpy(s.variables, o->variables, s.n * sizeof *s.variables);
  memcpy(s.values, args->values, s.n * sizeof *s.values);
  bool ok = run(cx, &s, o->derive, o->function, &point, out);
  th_release(s.missing);
  return ok;
}

static bool outcome_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  (void)style;
  th_text_add(out, "derivative of ");
  return th_format(cx, ((const Outcome *)th_as_object(self))->function, TH_STYLE_INLINE, out);
}

static const ThKind outcome_kind = {
    .name = "function", .release = outcome_release, .format = outcome_format, .call = outcome_call};

/* The derivative of the variables' values, applied to the variables. */
static bool lift(ThContext *cx, const ThStandIns *s, ThDerive derive, ThValue f, const ThArguments *args,
                 ThValue *out) {
  Outcome *o = th_object_new(cx, &outcome_kind, sizeof *o);
  if (!o) return false;
  o->derive = derive;
  o->function = th_retain(f);
  o->n_args = args->count;
  for (size_t i = 0; i < o->n_args; i++) o->args[i] = th_retain(args->values[i]);
  o->n_variables = s->n;
  for (size_t i = 0; i < s->n; i++) o->variables[i] = th_retain(s->variables[i]);
  ThArguments variables = {.count = s->n, .values = o->variables};
  bool ok = th_as_object(s->variables[0])->kind->lift_call(cx, th_object(o), &variables, out);
  th_release(th_object(o));
  return ok;
}

/* nan, or as many as an array of variables has. */
static bool nothing_known(ThContext *cx, ThValue variable, ThValue *out) {
  size_t n;
  *out = th_number(NAN);
  if (!th_as_object(variable)->kind->length) return true;
  if (!th_length(cx, variable, SIZE_MAX, &n)) return false;
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; a && i < n; i++) a->real[i] = NAN;
  if (a) *out = th_object(a);
  return a != NULL;
}

/* The variable that was missing gets a value, and the error is forgotten; *again is false when there was none. */
static bool take_missing(ThContext *cx, ThStandIns *s, bool *again) {
  *again = !th_is_none(s->missing) && s->n < TH_MAX_STAND_INS;
  if (!*again) return false;
  ThValue variable = s->missing;
  s->missing = th_none();
  th_error_clear(cx);
  if (!nothing_known(cx, variable, &s->values[s->n])) {
    th_release(variable);
    return false;
  }
  s->variables[s->n++] = variable;
  return true;
}

bool th_outcome_derive(ThContext *cx, ThDerive derive, ThValue f, const ThArguments *args, ThValue *out) {
  if (cx->stand_ins || args->count > 2) return derive(cx, f, args, out); /* of one outcome, already */
  ThStandIns s = {.missing = th_none()};
  bool ok, again;
  do {
    again = false;
    ok = run(cx, &s, derive, f, args, out) || (take_missing(cx, &s, &again) && again);
  } while (ok && again);
  if (ok && s.n > 0) {
    th_release(*out);
    ok = lift(cx, &s, derive, f, args, out);
  }
  th_release(s.missing);
  th_release_all(s.variables, s.n);
  th_release_all(s.values, s.n);
  return ok;
}
