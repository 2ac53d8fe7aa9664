/* traced_distribution.c - distributions whose parameters are differentiated: life, fields, arithmetic */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/traced_distribution.h"

#include <string.h>

#include "prob/parameter.h"
#include "prob/trace_functions.h"
#include "val/operations.h"

/* --- Life */

static void traced_release(ThObject *self) {
  ThTracedDistribution *d = (ThTracedDistribution *)self;
  th_release_all(d->parameters, TH_MAX_PARAMETERS);
  th_release(d->plain);
  th_release(d->logit);
  th_graph_release(d->graph);
  th_object_free(self, sizeof *d);
}

static ThTracedDistribution *new_traced(ThContext *cx, ThGraph *g, const ThFamily *family, ThValue plain) {
  ThTracedDistribution *d = th_object_new(cx, &th_traced_distribution_kind, sizeof *d);
  if (!d) return NULL;
  d->graph = th_graph_retain(g);
  d->family = family;
  d->plain = th_retain(plain);
  d->logit = th_unset();
  for (int j = 0; j < TH_MAX_PARAMETERS; j++) d->parameters[j] = th_unset();
  return d;
}

/* Gives d, or lets it go. */
static bool give(ThTracedDistribution *d, bool ok, ThValue *out) {
  if (ok) *out = th_object(d);
  else if (d) th_release(th_object(d));
  return ok;
}

static ThGraph *graph_of(ThValue self) { return th_as_traced_distribution(self)->graph; }
static bool plain_of(ThContext *cx, ThValue self, ThValue *out) {
  (void)cx;
  *out = th_retain(th_as_traced_distribution(self)->plain);
  return true;
}

/* --- Constructors */

static bool hangs(ThValue v) { return th_traced_graph(&v, 1) != NULL; }

/* Parameters made up from others are nodes of their own. Vectors of logits, and matrices by other names, too. */
static ThNodeId of_value(ThGraph *g, const char *name, ThNodeId given) {
  if (strcmp(name, "precision") == 0) return th_inverse_node(g, given);
  if (strcmp(name, "cholesky") == 0) return th_product(g, given, given, false, true);
  ThNodeId weights = th_graph_unary(g, &th_op_exp, given); /* logits */
  return th_divide(g, weights, th_sum_all(g, weights));
}

static bool convert(ThContext *cx, const ThTracedCall *call, const ThParameterStep *step,
                    ThTracedDistribution *d) {
  const ThAlternative *a = step->alternative;
  ThNodeId in[2] = {0}, out[TH_MAX_SET] = {0};
  for (int i = 0; i < step->n_from; i++) in[i] = th_traced_argument(call, (size_t)step->from[i]);
  if (call->g->failed) return false;
  if (a->convert) a->trace(call->g, in, out);
  else out[0] = of_value(call->g, a->names, in[0]);
  for (int j = 0; j < step->n_to; j++) {
    ThValue v;
    if (!th_traced_new(cx, call->g, out[j], &v)) return false;
    th_replace_take(&d->parameters[step->to[j]], v);
  }
  if (strncmp(a->names, "logit", 5) == 0) d->logit = th_retain(call->given[step->from[0]]);
  return true;
}

/* A whole number stays what it is: nothing can be differentiated by it. */
static bool hold(ThContext *cx, ThGraph *g, ThValue given, ThValue *out) {
  g->is_bound = true;
  return th_traced_value(cx, given, out);
}

static bool run_step(ThContext *cx, const ThTracedCall *call, const ThParameterStep *step,
                     ThTracedDistribution *d) {
  const ThAlternative *a = step->alternative;
  bool some = false;
  for (int i = 0; i < step->n_from; i++) some = some || hangs(call->given[step->from[i]]);
  if (!some) return true; /* the plain distribution has it */
  if (a && (a->convert || d->family->of_value)) return convert(cx, call, step, d);
  ThDomain domain = d->family->parameters[step->to[0]].domain;
  ThValue given = call->given[step->from[0]], v = th_none();
  if (domain == TH_DOMAIN_COUNT || domain == TH_DOMAIN_WHOLE) {
    if (!hold(cx, call->g, given, &v)) return false;
  } else {
    v = th_retain(given);
  }
  th_replace_take(&d->parameters[step->to[0]], v);
  return true;
}

static bool construct(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  const ThFamily *family = th_family_find(call->name);
  bool mask[TH_MAX_GIVEN] = {false};
  ThParameterPlan plan;
  if (!th_is_distribution(call->result)) return th_trace_plain(cx, call, out); /* given random variables */
  for (size_t i = 0; i < call->n_args && i < TH_MAX_GIVEN; i++) mask[i] = !th_is_unset(call->given[i]);
  if (!th_parameter_plan(cx, family, mask, &plan)) return false;
  ThTracedDistribution *d = new_traced(cx, call->g, family, call->result);
  if (!d) return false;
  const ThDistribution *plain = th_as_distribution(call->result);
  for (int j = 0; j < family->n_parameters; j++) d->parameters[j] = th_retain(plain->parameters[j]);
  bool ok = true;
  for (int s = 0; ok && s < plan.n_steps; s++) ok = run_step(cx, call, &plan.steps[s], d);
  return give(d, ok, out);
}

const ThTraceRule th_trace_constructor = {"", construct};

/* --- Arithmetic: a + b X, a family of its own */

static bool image(ThContext *cx, ThValue d, ThValue scale, ThValue shift, ThValue plain, ThValue *out) {
  const ThValue all[3] = {d, scale, shift};
  ThTracedDistribution *made = new_traced(cx, th_traced_graph(all, 3), &th_family_affine, plain);
  for (int j = 0; made && j < 3; j++) made->parameters[j] = th_retain(all[j]);
  return give(made, made != NULL, out);
}

static bool is_law(ThValue v) { return th_is_distribution(v) || th_is_traced_distribution(v); }

/* What scales and shifts the distribution; owned. */
static bool scale_and_shift(ThContext *cx, ThOperator op, bool is_left, ThValue number, ThValue *scale,
                            ThValue *shift) {
  bool negative = op == TH_OP_SUBTRACT;
  *scale = *shift = th_number(0);
  switch (op) {
    case TH_OP_MULTIPLY: *scale = th_retain(number); return true;
    case TH_OP_DIVIDE: return th_binary(cx, op, th_number(1), number, 0, scale);
    default: break;
  }
  *scale = th_number(negative && !is_left ? -1 : 1);
  if (negative && is_left) return th_unary(cx, TH_OP_NEGATE, number, shift);
  *shift = th_retain(number);
  return true;
}

bool th_traced_distribution_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out) {
  ThValue x, y, plain, scale, shift;
  if (!th_traced_value(cx, a, &x)) return false;
  bool ok = th_traced_value(cx, b, &y), is_left = is_law(a);
  if (ok) {
    ok = th_binary(cx, op, x, y, 0, &plain); /* with the ordinary messages */
    th_release(y);
  }
  th_release(x);
  if (!ok) return false;
  if (!th_is_distribution(plain)) {
    *out = plain;
    return true;
  }
  ok = scale_and_shift(cx, op, is_left, is_left ? b : a, &scale, &shift);
  if (ok) ok = image(cx, is_left ? a : b, scale, shift, plain, out);
  th_release(scale);
  th_release(shift);
  th_release(plain);
  return ok;
}

static bool traced_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  (void)reuse;
  return th_traced_distribution_binary(cx, op, a, b, out);
}

static bool traced_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  ThValue plain;
  if (!th_unary(cx, op, th_as_traced_distribution(a)->plain, &plain)) return false;
  bool ok = image(cx, a, th_number(-1), th_number(0), plain, out);
  th_release(plain);
  return ok;
}

/* --- Fields and text */

static bool traced_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThTracedDistribution *d = th_as_traced_distribution(self);
  for (int j = 0; j < d->family->n_parameters; j++)
    if (strcmp(d->family->parameters[j].name, name->spelling) == 0) {
      *out = th_retain(d->parameters[j]);
      return true;
    }
  d->graph->is_bound = true;
  return th_get_field(cx, d->plain, name, out);
}

static bool traced_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThTracedDistribution *d = th_as_traced_distribution(self);
  d->graph->is_bound = true; /* what is shown would not be shown by a replay */
  return th_format(cx, d->plain, style, out);
}

static bool traced_settle(ThContext *cx, ThValue self, ThValue *out) {
  th_as_traced_distribution(self)->graph->is_bound = true;
  return plain_of(cx, self, out);
}

/* --- To compute with */

bool th_traced_law(ThContext *cx, ThGraph *g, ThValue v, ThTracedLaw *out) {
  *out = (ThTracedLaw){.g = g, .logit = th_unset()};
  char got[96];
  if (th_is_distribution(v)) {
    out->plain = th_as_distribution(v);
    out->family = out->plain->family;
    out->parameters = out->plain->parameters;
    return true;
  }
  if (!th_is_traced_distribution(v))
    return th_fail(cx, TH_ERROR_TYPE, "derivatives go through distributions here, not through %s",
                   th_describe(v, got, sizeof got));
  const ThTracedDistribution *d = th_as_traced_distribution(v);
  if (d->graph != g)
    return th_fail(cx, TH_ERROR_VALUE,
                   "a distribution that was kept from an earlier derivative cannot be used in this one");
  out->plain = th_as_distribution(d->plain);
  out->family = d->family;
  out->parameters = d->parameters;
  out->logit = d->logit;
  out->is_traced = true;
  return true;
}

ThNodeId th_traced_parameter(const ThTracedLaw *law, int j) {
  ThNodeId node = 0;
  if (!law->g->failed && !th_traced_node(law->g->cx, law->g, law->parameters[j], &node))
    law->g->failed = true;
  return node;
}

const ThKind th_traced_distribution_kind = {
    .name = "distribution that is differentiated",
    .release = traced_release,
    .format = traced_format,
    .get_field = traced_get_field,
    .binary = traced_binary,
    .unary = traced_unary,
    .settle = traced_settle,
    .graph = graph_of,
    .plain = plain_of,
    .trace = th_traced_distribution_verb,
    .rank = 40,
};
