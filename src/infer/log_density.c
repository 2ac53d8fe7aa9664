/* log_density.c - a model as functions of its parameters: minus its log density, and what its data's laws are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/log_density.h"

#include <math.h>
#include <string.h>

#include "infer/sufficient.h"
#include "lang/builtin.h"
#include "prob/traced_distribution.h"
#include "val/basic.h"

/* What a function gives. */
typedef enum Gives {
  LOG_DENSITY,
  ALL_PARAMETERS, /* of the data's laws */
  FIRST_PARAMETERS,
  UNKNOWNS /* the model's parameters themselves, of relative ones */
} Gives;

typedef struct LogDensity {
  ThObject object;
  const ThRecording *r;
  Gives gives;
  ThRelative relative;
} LogDensity;

/* One run of the body. */
typedef struct Run {
  ThContext *cx;
  const ThRecording *r;
  ThValue x;     /* borrowed */
  ThValue total; /* owned */
  Gives gives;
  ThRelative relative; /* which parameters x tells by their places */
  ThList *values;      /* parameters of laws, or unknowns; owned */
  ThValue *current; /* of each unknown declared in this run what the body goes on with, else unset; owned */
} Run;

/* --- Sums of log densities */

/* Σ weights v; `weights`, or NULL, are one for each of the terms. */
static bool weighted_sum(Run *run, ThValue v, ThArray *weights, ThValue *out) {
  ThValue weighted;
  if (!weights) return th_builtin_call(run->cx, "sum", &v, 1, out);
  if (!th_binary(run->cx, TH_OP_MULTIPLY, v, th_object(weights), 0, &weighted)) return false;
  bool ok = th_builtin_call(run->cx, "sum", &weighted, 1, out);
  th_release(weighted);
  return ok;
}

static bool traced_sum(Run *run, const ThTraced *v, const ThArray *weights, ThValue *out) {
  ThNodeId sum = th_sufficient_sum(v->graph, v->node, weights ? weights->real : NULL);
  return !v->graph->failed && th_traced_new(run->cx, v->graph, sum, out);
}

/* Has it one real number for each weight? */
static bool fits(const ThTraced *v, const ThArray *weights) {
  const ThGraphNode *node = th_node(v->graph, v->node);
  return !weights || (weights->element == TH_DOUBLE && node->rank == 1 && node->length == weights->length);
}

static bool add(Run *run, ThValue v, ThArray *weights) {
  ThValue sum, total;
  bool is_traced = th_is_traced(v) && fits(th_as_traced(v), weights);
  if (!(is_traced ? traced_sum(run, th_as_traced(v), weights, &sum) : weighted_sum(run, v, weights, &sum)))
    return false;
  bool ok = th_binary(run->cx, TH_OP_ADD, run->total, sum, 0, &total);
  th_release(sum);
  if (ok) th_replace_take(&run->total, total);
  return ok;
}

static bool add_log_density(Run *run, ThValue distribution, ThValue value, ThArray *weights) {
  ThValue both[2] = {distribution, value}, density;
  if (!th_builtin_call(run->cx, "logpdf", both, 2, &density)) return false;
  bool ok = add(run, density, weights);
  th_release(density);
  return ok;
}

/* --- Parameters */

static size_t find_unknown(const Run *run, const ThSymbol *name) {
  size_t i = 0;
  while (i < run->r->n_unknowns && run->r->unknowns[i].name != name) i++;
  return i;
}

/* Is x the only parameter itself, a number? */
static bool is_scalar(const Run *run, const ThUnknown *u) {
  if (u->count != SIZE_MAX || run->r->n_elements != 1) return false;
  if (!th_is_traced(run->x)) return th_is_scalar(run->x) || th_is_estimate(run->x);
  const ThTraced *x = th_as_traced(run->x);
  return th_node(x->graph, x->node)->rank == 0;
}

/* The elements of an unknown out of x, a vector of them all, a record of parameters, or the only one. */
static bool value_of(Run *run, const ThUnknown *u, ThValue *out) {
  ThValue index = th_number((double)u->first + 1);
  if (u->is_held) {
    *out = th_retain(u->value);
    return true;
  }
  if (th_is_record(run->x) || is_scalar(run, u)) {
    const ThValue *given = th_is_record(run->x) ? th_record_find(th_as_record(run->x), u->name) : &run->x;
    if (!given) return th_fail(run->cx, TH_ERROR_NAME, "there is no value of `%s`", u->name->spelling);
    *out = th_retain(*given);
    return true;
  }
  if (u->count == SIZE_MAX) return th_get_index(run->cx, run->x, &index, 1, out);
  if (!th_range(run->cx, (double)u->first + 1, 1, (double)(u->first + u->count), &index)) return false;
  bool ok = th_get_index(run->cx, run->x, &index, 1, out);
  th_release(index);
  return ok;
}

static bool with_priors(const Run *run) {
  return run->r->options.verb != TH_VERB_MLE && run->gives == LOG_DENSITY;
}

/* The range of a parameter in this run: `in` these ends, with this prior or none. */
static ThEnds ends_of(ThEnds in, ThValue prior) {
  if (th_is_traced_distribution(prior)) {
    const ThTracedDistribution *d = th_as_traced_distribution(prior);
    return th_ends_both(in, th_ends_of_family(d->family, d->parameters));
  }
  if (!th_is_distribution(prior)) return in;
  return th_ends_both(
      in, th_ends_of_family(th_as_distribution(prior)->family, th_as_distribution(prior)->parameters));
}

/* What a place says of the density. */
static bool add_term_take(Run *run, ThValue term) {
  bool ok = run->gives != LOG_DENSITY || add(run, term, NULL);
  th_release(term);
  return ok;
}

/* The value of a place, and the logarithm of its volume. */
static bool value_at(Run *run, const ThRelativeKind *kind, ThEnds in, ThValue prior, ThValue v, size_t count,
                     ThValue *x, ThValue *log_volume) {
  if (kind->is_scaled) return th_relative_scale(run->cx, prior, v, count, x, log_volume);
  return th_relative_value(run->cx, ends_of(in, prior), v, count, x, log_volume);
}

/* The value of a parameter that is told by its place. */
static bool place(Run *run, const ThUnknown *u, ThEnds in, ThValue prior, ThValue *v) {
  ThValue term, x;
  ThRelativeKind kind;
  size_t count = u->count == SIZE_MAX ? 1 : u->count;
  if (u->is_held || count == 0) return true;
  if (!run->relative) {
    if (run->gives != LOG_DENSITY || !th_ends_hang(in)) return true; /* a prior knows its support itself */
    return th_relative_within(run->cx, in, *v, &term) && add_term_take(run, term);
  }
  if (!th_relative_kind(run->r, u->first, run->relative, &kind)) return false;
  if (!kind.is_placed || kind.is_own) return true;
  if (!value_at(run, &kind, in, prior, *v, count, &x, &term)) return false;
  th_replace_take(v, x);
  return add_term_take(run, term);
}

/* Elements that are told by places of their own have no value before these. */
static bool hide_elements(Run *run, const ThUnknown *u, ThValue *v) {
  if (!run->relative || u->is_held || u->count == SIZE_MAX || !u->is_free) return true;
  for (size_t i = 0; i < u->count; i++) {
    ThRelativeKind kind;
    ThValue index = th_number((double)i + 1);
    if (!th_relative_kind(run->r, u->first + i, run->relative, &kind)) return false;
    if (kind.is_placed && kind.is_own && !th_set_index(run->cx, v, &index, 1, th_number((double)NAN)))
      return false;
  }
  return true;
}

/* The value that the body goes on with is kept in *current. */
static bool declare(Run *run, const ThUnknown *u, ThEnds in, ThValue prior, ThValue *current, ThValue *out) {
  ThValue v;
  if (!value_of(run, u, &v)) return false;
  th_replace_take(current, v);
  if (!place(run, u, in, prior, current) || !hide_elements(run, u, current)) return false;
  if (with_priors(run) && !th_is_none(prior) && !add_log_density(run, prior, *current, NULL)) return false;
  *out = th_retain(*current);
  return true;
}

/* Element i of x, put in its place. */
static bool place_element(Run *run, const ThUnknown *u, ThValue prior, size_t i, ThValue *current) {
  ThValue index = th_number((double)i), all, v, x, term;
  ThRelativeKind kind;
  if (!run->relative) return true;
  if (!th_relative_kind(run->r, u->first + i - 1, run->relative, &kind)) return false;
  if (!kind.is_placed || !kind.is_own) return true;
  if (!value_of(run, u, &all)) return false;
  bool ok = th_get_index(run->cx, all, &index, 1, &v);
  th_release(all);
  if (!ok) return false;
  ok = value_at(run, &kind, u->ends, prior, v, 1, &x, &term);
  th_release(v);
  if (!ok) return false;
  ok = th_set_index(run->cx, current, &index, 1, x);
  th_release(x);
  if (ok) return add_term_take(run, term);
  th_release(term);
  return false;
}

/* θ[i] ~ d of a vector that was declared before. */
static bool declare_element(Run *run, const ThUnknown *u, ThValue prior, size_t i, ThValue *current,
                            ThValue *out) {
  ThValue index = th_number((double)i), element;
  if (!u->is_held && u->is_free && !place_element(run, u, prior, i, current)) return false;
  if (with_priors(run) && u->is_free) {
    if (!th_get_index(run->cx, *current, &index, 1, &element)) return false;
    bool ok = add_log_density(run, prior, element, NULL);
    th_release(element);
    if (!ok) return false;
  }
  *out = th_retain(*current);
  return true;
}

static bool run_parameter(void *self, ThContext *cx, ThSymbol *name, ThValue distribution, size_t count,
                          ThValue *out) {
  Run *run = self;
  size_t i = find_unknown(run, name);
  if (i == run->r->n_unknowns)
    return th_fail(cx, TH_ERROR_VALUE, "`%s` is a parameter for some values of the others only",
                   name->spelling);
  const ThUnknown *u = &run->r->unknowns[i];
  if (!th_is_unset(run->current[i]))
    return declare_element(run, u, distribution, count, &run->current[i], out);
  const ThRecord *replaced = run->r->options.prior;
  const ThValue *other = replaced ? th_record_find(replaced, name) : NULL;
  ThEnds in = {th_number(-(double)INFINITY), th_number((double)INFINITY)};
  return declare(run, u, in, other ? *other : distribution, &run->current[i], out);
}

static bool run_free_parameter(void *self, ThContext *cx, ThSymbol *name, ThValue lower, ThValue upper,
                               size_t count, ThValue *out) {
  Run *run = self;
  size_t i = find_unknown(run, name);
  (void)count;
  if (i == run->r->n_unknowns)
    return th_fail(cx, TH_ERROR_VALUE, "`%s` is a parameter for some values of the others only",
                   name->spelling);
  const ThUnknown *u = &run->r->unknowns[i];
  return declare(run, u, (ThEnds){lower, upper}, u->prior, &run->current[i], out);
}

/* --- Data */

/* One number for each datum, as a vector. */
static bool spread(Run *run, ThValue parameter, ThValue data, ThValue *out) {
  ThValue zeros, sum, size[2] = {th_none(), th_number((double)th_value_length(data))};
  bool is_matrix = th_is_array(data) && th_as_array(data)->rank != 1;
  if (is_matrix) {
    if (!th_binary(run->cx, TH_OP_MULTIPLY, data, th_number(0), 0, &zeros)) return false;
  } else if (!th_builtin_call(run->cx, "zeros", &size[1], 1, &zeros)) return false;
  bool ok = th_binary(run->cx, TH_OP_ADD, zeros, parameter, 0, &sum);
  th_release(zeros);
  if (!ok || !is_matrix) {
    if (ok) *out = sum;
    return ok;
  }
  size[0] = sum;
  ok = th_builtin_call(run->cx, "reshape", size, 2, out);
  th_release(sum);
  return ok;
}

/* The parameters of a law, traced or not. */
static bool add_values(Run *run, const ThSymbol *name, ThValue law, ThValue data) {
  bool traced = th_is_traced_distribution(law);
  const ThFamily *family = traced ? th_as_traced_distribution(law)->family : th_as_distribution(law)->family;
  const ThValue *values = traced ? th_as_traced_distribution(law)->parameters
                                 : th_as_distribution(law)->parameters;
  int n = run->gives == FIRST_PARAMETERS ? 1 : family->n_parameters;
  for (int j = 0; j < n; j++) {
    ThValue v;
    if (family->parameters[j].domain == TH_DOMAIN_ANY)
      return th_fail(run->cx, TH_ERROR_VALUE, "the law of `%s`, %s, has parameters that are no numbers",
                     name->spelling, family->name);
    if (!spread(run, values[j], data, &v) || !th_list_push_take(run->cx, run->values, v)) return false;
  }
  return true;
}

static bool observe(void *self, ThContext *cx, ThSymbol *name, ThValue data, ThValue distribution) {
  Run *run = self;
  ThValue plain;
  if (!th_model_value(cx, name, data, &plain)) return false;
  bool ok = true;
  if (run->gives == LOG_DENSITY) ok = add_log_density(run, distribution, plain, run->r->options.weights);
  else if (run->gives != UNKNOWNS) ok = add_values(run, name, distribution, plain);
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
  return !with_priors(run) || add(run, x, NULL);
}

/* --- The function */

static bool add_unknowns(Run *run) {
  for (size_t i = 0; i < run->r->n_unknowns; i++)
    if (!run->r->unknowns[i].is_held && !th_list_push_take(run->cx, run->values, th_retain(run->current[i])))
      return false;
  return true;
}

static bool run_body(Run *run, ThValue *out) {
  ThModelRunner runner = {.self = run,
                          .parameter = run_parameter,
                          .free_parameter = run_free_parameter,
                          .observe = observe,
                          .deterministic = run_deterministic,
                          .factor = run_factor};
  if (!th_record_run(run->cx, run->r->model, run->r->data, &runner)) return false;
  if (run->gives == LOG_DENSITY) return th_unary(run->cx, TH_OP_NEGATE, run->total, out);
  if (run->gives == UNKNOWNS && !add_unknowns(run)) return false;
  return th_builtin_call(run->cx, "concat", run->values->items, run->values->length, out);
}

/* What a body notes was told when it was recorded; a search runs it many times. */
static bool run_quietly(Run *run, ThValue *out) {
  ThContext *cx = run->cx;
  ThNote note = th_note_pause(cx);
  bool ok = run_body(run, out);
  th_note_resume(cx, note);
  return ok;
}

static bool density_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const LogDensity *d = (LogDensity *)th_as_object(self);
  const ThRecording *r = d->r;
  Run run = {.cx = cx,
             .r = r,
             .x = args->values[0],
             .total = th_number(0),
             .gives = d->gives,
             .relative = d->relative};
  run.values = th_list_new(cx, r->n_observations);
  if (!run.values) return false;
  size_t n = r->n_unknowns;
  run.current = th_alloc_array(cx, n + 1, sizeof *run.current);
  for (size_t i = 0; run.current && i < n; i++) run.current[i] = th_unset();
  bool ok = run.current && run_quietly(&run, out);
  if (run.current) {
    th_release_all(run.current, n);
    th_free(cx, run.current, (n + 1) * sizeof *run.current);
  }
  th_release(run.total);
  th_release(th_object(run.values));
  return ok;
}

static void density_release(ThObject *self) { th_object_free(self, sizeof(LogDensity)); }

static const ThKind density_kind = {.name = "function", .release = density_release, .call = density_call};

static bool make(const ThRecording *r, Gives gives, ThRelative relative, ThValue *out) {
  LogDensity *d = th_object_new(r->cx, &density_kind, sizeof *d);
  if (!d) return false;
  d->r = r;
  d->gives = gives;
  d->relative = relative;
  *out = th_object(d);
  return true;
}

bool th_log_density_new(const ThRecording *r, ThRelative relative, ThValue *out) {
  return make(r, LOG_DENSITY, relative, out);
}

bool th_unknowns_new(const ThRecording *r, ThRelative relative, ThValue *out) {
  return make(r, UNKNOWNS, relative, out);
}

bool th_law_values_new(const ThRecording *r, bool first_alone, ThValue *out) {
  return make(r, first_alone ? FIRST_PARAMETERS : ALL_PARAMETERS, TH_RELATIVE_NONE, out);
}
