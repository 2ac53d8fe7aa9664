/* log_density.c - minus the log density of a model as a function of its parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/log_density.h"

#include <string.h>

#include "lang/builtin.h"
#include "val/basic.h"

typedef struct LogDensity {
  ThObject object;
  const ThRecording *r;
} LogDensity;

/* One run of the body. */
typedef struct Run {
  ThContext *cx;
  const ThRecording *r;
  ThValue x;     /* borrowed */
  ThValue total; /* owned */
  bool *seen;    /* of each unknown: it was declared in this run */
} Run;

/* --- Sums of log densities */

static bool call_builtin(ThContext *cx, const char *name, const ThValue *values, size_t n, ThValue *out) {
  const ThSymbol *symbol = th_symbol(cx, name, strlen(name));
  ThValue function;
  if (!symbol || !th_builtin_value(cx, symbol, &function)) return false;
  return th_call_values(cx, function, values, n, out);
}

static bool add(Run *run, ThValue v) {
  ThValue sum, total;
  if (!call_builtin(run->cx, "sum", &v, 1, &sum)) return false;
  bool ok = th_binary(run->cx, TH_OP_ADD, run->total, sum, 0, &total);
  th_release(sum);
  if (ok) th_replace_take(&run->total, total);
  return ok;
}

static bool add_log_density(Run *run, ThValue distribution, ThValue value) {
  ThValue both[2] = {distribution, value}, density;
  if (!call_builtin(run->cx, "logpdf", both, 2, &density)) return false;
  bool ok = add(run, density);
  th_release(density);
  return ok;
}

/* --- Parameters */

static size_t find_unknown(const Run *run, const ThSymbol *name) {
  size_t i = 0;
  while (i < run->r->n_unknowns && run->r->unknowns[i].name != name) i++;
  return i;
}

/* The elements of an unknown out of x. */
static bool value_of(Run *run, const ThUnknown *u, ThValue *out) {
  ThValue index = th_number((double)u->first + 1);
  if (u->is_held) {
    *out = th_retain(u->value);
    return true;
  }
  if (u->count == SIZE_MAX) return th_get_index(run->cx, run->x, &index, 1, out);
  if (!th_range(run->cx, (double)u->first + 1, 1, (double)(u->first + u->count), &index)) return false;
  bool ok = th_get_index(run->cx, run->x, &index, 1, out);
  th_release(index);
  return ok;
}

static bool with_priors(const Run *run) { return run->r->options.verb != TH_VERB_MLE; }

static bool declare(Run *run, const ThUnknown *u, ThValue prior, ThValue *out) {
  if (!value_of(run, u, out)) return false;
  if (!with_priors(run) || th_is_none(prior) || add_log_density(run, prior, *out)) return true;
  th_release(*out);
  return false;
}

/* θ[i] ~ d of a vector that was declared before. */
static bool declare_element(Run *run, const ThUnknown *u, ThValue prior, size_t i, ThValue *out) {
  ThValue index = th_number((double)i), element;
  if (!value_of(run, u, out)) return false;
  if (!with_priors(run) || !u->is_free) return true;
  bool ok = th_get_index(run->cx, *out, &index, 1, &element);
  if (ok) {
    ok = add_log_density(run, prior, element);
    th_release(element);
  }
  if (!ok) th_release(*out);
  return ok;
}

static bool run_parameter(void *self, ThContext *cx, ThSymbol *name, ThValue distribution, size_t count,
                          ThValue *out) {
  Run *run = self;
  size_t i = find_unknown(run, name);
  if (i == run->r->n_unknowns)
    return th_fail(cx, TH_ERROR_VALUE, "`%s` is a parameter for some values of the others only",
                   name->spelling);
  const ThUnknown *u = &run->r->unknowns[i];
  if (run->seen[i]) return declare_element(run, u, distribution, count, out);
  run->seen[i] = true;
  const ThRecord *replaced = run->r->options.prior;
  const ThValue *other = replaced ? th_record_find(replaced, name) : NULL;
  return declare(run, u, other ? *other : distribution, out);
}

static bool run_free_parameter(void *self, ThContext *cx, ThSymbol *name, double lower, double upper,
                               size_t count, ThValue *out) {
  Run *run = self;
  size_t i = find_unknown(run, name);
  (void)lower, (void)upper, (void)count;
  if (i == run->r->n_unknowns)
    return th_fail(cx, TH_ERROR_VALUE, "`%s` is a parameter for some values of the others only",
                   name->spelling);
  run->seen[i] = true;
  return declare(run, &run->r->unknowns[i], run->r->unknowns[i].prior, out);
}

/* --- Data */

static bool observe(void *self, ThContext *cx, ThSymbol *name, ThValue data, ThValue distribution) {
  Run *run = self;
  ThValue plain;
  if (!th_model_value(cx, name, data, &plain)) return false;
  bool ok = add_log_density(run, distribution, plain);
  th_release(plain);
  return ok;
}

static bool run_deterministic(void *self, ThContext *cx, ThSymbol *name, ThValue value) {
  (void)self, (void)cx, (void)name, (void)value;
  return true;
}

static bool run_factor(void *self, ThContext *cx, ThValue x) {
  Run *run = self;
  (void)cx;
  return !with_priors(run) || add(run, x);
}

/* --- The function */

static bool run_body(Run *run, ThValue *out) {
  ThModelRunner runner = {.self = run,
                          .parameter = run_parameter,
                          .free_parameter = run_free_parameter,
                          .observe = observe,
                          .deterministic = run_deterministic,
                          .factor = run_factor};
  return th_record_run(run->cx, run->r->model, run->r->data, &runner) &&
         th_unary(run->cx, TH_OP_NEGATE, run->total, out);
}

static bool density_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const ThRecording *r = ((LogDensity *)th_as_object(self))->r;
  Run run = {.cx = cx, .r = r, .x = args->values[0], .total = th_number(0)};
  run.seen = th_alloc(cx, r->n_unknowns + 1);
  if (!run.seen) return false;
  memset(run.seen, 0, r->n_unknowns + 1);
  bool ok = run_body(&run, out);
  th_free(cx, run.seen, r->n_unknowns + 1);
  th_release(run.total);
  return ok;
}

static void density_release(ThObject *self) { th_object_free(self, sizeof(LogDensity)); }

static const ThKind density_kind = {.name = "function", .release = density_release, .call = density_call};

bool th_log_density_new(const ThRecording *r, ThValue *out) {
  LogDensity *d = th_object_new(r->cx, &density_kind, sizeof *d);
  if (!d) return false;
  d->r = r;
  *out = th_object(d);
  return true;
}
