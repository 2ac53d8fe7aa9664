/* parameter.c - arguments of a family's constructor turned into its positional parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which alternatives apply hangs only on which arguments were given, so that the choice is made once and the
 * numbers run through it as often as needed. */
#include "prob/parameter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "val/broadcast.h"

/* --- Names */

const char *th_family_argument(const ThFamily *family, size_t i, size_t *length) {
  const char *at = strchr(family->builtin[0].signature, '(') + 1;
  while (*at && *at != ')') {
    *length = strcspn(at, " ,;=)");
    if (i-- == 0) return at;
    at += strcspn(at, ",;)");
    at += strspn(at, ",; ");
  }
  return NULL;
}

size_t th_family_argument_count(const ThFamily *family) {
  size_t n = 0, length;
  while (th_family_argument(family, n, &length)) n++;
  return n;
}

static const char *argument_name(const ThFamily *family, int i, char *buffer, size_t size) {
  size_t length = 0;
  const char *name = th_family_argument(family, (size_t)i, &length);
  snprintf(buffer, size, "%.*s", (int)length, name ? name : "");
  return buffer;
}

int th_family_argument_index(const ThFamily *family, const char *name, size_t length) {
  size_t other_length;
  const char *other;
  for (size_t i = 0; (other = th_family_argument(family, i, &other_length)); i++)
    if (other_length == length && memcmp(name, other, length) == 0) return (int)i;
  return -1;
}

int th_family_argument_indices(const ThFamily *family, const char *names, int *index, int most) {
  int n = 0;
  while (*names && n < most) {
    size_t length = strcspn(names, " ");
    index[n++] = th_family_argument_index(family, names, length);
    names += length;
    names += strspn(names, " ");
  }
  return n;
}

/* "Normal(μ, σ), or by name mean, sd, variance, precision" */
static bool hint_arguments(ThContext *cx, const ThFamily *family) {
  char text[200];
  int used = snprintf(text, sizeof text, "%s(", family->name);
  size_t length, n_positional = (size_t)family->n_parameters;
  const char *name;
  for (size_t i = 0; (name = th_family_argument(family, i, &length)) && used < (int)sizeof text - 40; i++) {
    const char *join = i == 0 ? "" : i == n_positional ? "), or by name " : ", ";
    used += snprintf(text + used, sizeof text - (size_t)used, "%s%.*s", join, (int)length, name);
  }
  return th_hint(cx, "%s%s", text, th_family_argument_count(family) > n_positional ? "" : ")");
}

/* --- The plan */

typedef struct Planner {
  ThContext *cx;
  const ThFamily *family;
  const bool *given;
  bool used[TH_MAX_GIVEN];
  int set_by[TH_MAX_PARAMETERS]; /* the argument that set a parameter; -1: none yet */
  ThParameterPlan *plan;
} Planner;

static bool contradiction(const Planner *b, int first, int second) {
  char x[40], y[40];
  th_fail(b->cx, TH_ERROR_VALUE, "`%s` and `%s` of %s contradict each other: give one of them",
          argument_name(b->family, first, x, sizeof x), argument_name(b->family, second, y, sizeof y),
          b->family->name);
  return hint_arguments(b->cx, b->family);
}

static bool add_step(Planner *b, ThParameterStep step) {
  for (int j = 0; j < step.n_to; j++) {
    int *by = &b->set_by[step.to[j]];
    if (*by >= 0) return contradiction(b, *by, step.from[0]);
    *by = step.from[0];
  }
  for (int i = 0; i < step.n_from; i++) b->used[step.from[i]] = true;
  b->plan->steps[b->plan->n_steps++] = step;
  return true;
}

static bool fits(const Planner *b, const ThParameterStep *step) {
  for (int i = 0; i < step->n_from; i++)
    if (step->from[i] < 0 || !b->given[step->from[i]] || b->used[step->from[i]]) return false;
  return true;
}

static bool plan_alternatives(Planner *b) {
  for (const ThAlternative *a = b->family->alternatives; a && a->names; a++) {
    ThParameterStep step = {.alternative = a};
    step.n_from = th_family_argument_indices(b->family, a->names, step.from, 2);
    step.n_to = th_family_argument_indices(b->family, a->sets, step.to, TH_MAX_SET);
    if (fits(b, &step) && !add_step(b, step)) return false;
  }
  return true;
}

/* A name that fits no alternative by itself: one that goes with it is named. */
static bool incomplete(const Planner *b, int i) {
  char name[40];
  argument_name(b->family, i, name, sizeof name);
  th_fail(b->cx, TH_ERROR_VALUE, "`%s` alone does not make a %s distribution", name, b->family->name);
  for (const ThAlternative *a = b->family->alternatives; a && a->names; a++) {
    int index[2], n = th_family_argument_indices(b->family, a->names, index, 2);
    if (n != 2 || (index[0] != i && index[1] != i)) continue;
    char other[40];
    return th_hint(b->cx, "give `%s` too",
                   argument_name(b->family, index[0] == i ? index[1] : index[0], other, sizeof other));
  }
  return hint_arguments(b->cx, b->family);
}

static bool check_complete(const Planner *b, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (b->given[i] && !b->used[i]) return incomplete(b, (int)i);
  for (int j = 0; j < b->family->n_parameters; j++) {
    if (b->set_by[j] >= 0 || b->family->parameters[j].optional) continue;
    th_fail(b->cx, TH_ERROR_TYPE, "`%s` needs `%s`", b->family->name, b->family->parameters[j].name);
    return hint_arguments(b->cx, b->family);
  }
  return true;
}

bool th_parameter_plan(ThContext *cx, const ThFamily *family, const bool *given, ThParameterPlan *plan) {
  Planner b = {.cx = cx, .family = family, .given = given, .plan = plan};
  plan->n_steps = 0;
  for (int j = 0; j < TH_MAX_PARAMETERS; j++) b.set_by[j] = -1;
  if (!plan_alternatives(&b)) return false;
  for (int i = 0; i < family->n_parameters; i++) {
    ThParameterStep self = {.n_from = 1, .n_to = 1, .from = {i}, .to = {i}};
    if (given[i] && !b.used[i] && !add_step(&b, self)) return false;
  }
  return check_complete(&b, th_family_argument_count(family));
}

/* --- Ranges */

static bool lies_in(ThDomain domain, double x) {
  switch (domain) {
    case TH_DOMAIN_REAL: return isfinite(x);
    case TH_DOMAIN_POSITIVE: return x > 0 && isfinite(x);
    case TH_DOMAIN_NON_NEGATIVE: return x >= 0 && isfinite(x);
    case TH_DOMAIN_PROBABILITY: return x >= 0 && x <= 1;
    case TH_DOMAIN_OPEN_PROBABILITY: return x > 0 && x < 1;
    case TH_DOMAIN_COUNT: return x >= 0 && floor(x) == x && isfinite(x);
    case TH_DOMAIN_WHOLE: return floor(x) == x && isfinite(x);
    case TH_DOMAIN_ANY: return true;
  }
  return true;
}

static const char *words_of(ThDomain domain, double x) {
  switch (domain) {
    case TH_DOMAIN_REAL: return "be a finite number";
    case TH_DOMAIN_POSITIVE: return isinf(x) && x > 0 ? "be finite" : "be positive";
    case TH_DOMAIN_NON_NEGATIVE: return isinf(x) && x > 0 ? "be finite" : "be 0 or more";
    case TH_DOMAIN_PROBABILITY: return "lie in [0, 1]";
    case TH_DOMAIN_OPEN_PROBABILITY: return "lie between 0 and 1";
    case TH_DOMAIN_COUNT: return "be a whole number, 0 or more";
    case TH_DOMAIN_WHOLE: return "be a whole number";
    case TH_DOMAIN_ANY: break;
  }
  return "be something else";
}

static bool fail_domain(ThContext *cx, const ThFamily *family, const char *name, ThDomain domain, double x,
                        size_t element) {
  char where[48] = "";
  if (element > 0) snprintf(where, sizeof where, " at element %zu", element);
  th_fail(cx, TH_ERROR_VALUE, "`%s` of %s must %s, got %.6g%s", name, family->name, words_of(domain, x), x,
          where);
  size_t length;
  if (domain != TH_DOMAIN_PROBABILITY || isnan(x)) return false;
  for (size_t i = 0; element > 0 && th_family_argument(family, i, &length); i++) {
    const char *other = th_family_argument(family, i, &length);
    if (length == 5 && memcmp(other, "logit", 5) == 0)
      return th_hint(cx, "a linear predictor goes through the logit: `%s(logit = …)`", family->name);
  }
  if (x >= 2 && x <= 100) return th_hint(cx, "%.6g percent is %.6g", x, x / 100);
  return false;
}

bool th_parameter_check(ThContext *cx, const ThFamily *family, const double *p, size_t element) {
  for (int j = 0; j < family->n_parameters; j++) {
    const ThFamilyParameter *parameter = &family->parameters[j];
    if (!lies_in(parameter->domain, p[j]))
      return fail_domain(cx, family, parameter->name, parameter->domain, p[j], element);
  }
  return !family->check || family->check(cx, p);
}

bool th_parameter_lie(const ThFamily *family, const double *p) {
  for (int j = 0; j < family->n_parameters; j++)
    if (!lies_in(family->parameters[j].domain, p[j])) return false;
  return true;
}

/* Numbers that are each allowed, but not together. */
static bool fail_together(ThContext *cx, const ThFamily *family, const ThParameterStep *step,
                          const double *in, int j, double x) {
  char first[40], second[40];
  return th_fail(cx, TH_ERROR_VALUE, "no %s distribution has %s = %.6g and %s = %.6g: its %s would be %.6g",
                 family->name, argument_name(family, step->from[0], first, sizeof first), in[0],
                 argument_name(family, step->from[1], second, sizeof second), in[1],
                 family->parameters[step->to[j]].name, x);
}

/* One step on numbers: in (n_from) to out (n_to). */
static bool convert(ThContext *cx, const ThFamily *family, const ThParameterStep *step, const double *in,
                    double *out, size_t element) {
  const ThAlternative *a = step->alternative;
  for (int i = 0; a && i < step->n_from; i++) {
    char name[40];
    if (step->from[i] < family->n_parameters || lies_in(a->domain[i], in[i])) continue;
    return fail_domain(cx, family, argument_name(family, step->from[i], name, sizeof name), a->domain[i],
                       in[i], element);
  }
  if (!a || !a->convert) {
    out[0] = in[0];
    return true;
  }
  a->convert(in, out);
  for (int j = 0; step->n_from == 2 && j < step->n_to; j++)
    if (!lies_in(family->parameters[step->to[j]].domain, out[j]))
      return fail_together(cx, family, step, in, j, out[j]);
  return true;
}

bool th_parameter_numbers(ThContext *cx, const ThFamily *family, const ThParameterPlan *plan,
                          const double *given, double *p) {
  for (int j = 0; j < family->n_parameters; j++) p[j] = family->parameters[j].fallback;
  for (int s = 0; s < plan->n_steps; s++) {
    const ThParameterStep *step = &plan->steps[s];
    double in[2] = {0}, out[TH_MAX_SET];
    for (int i = 0; i < step->n_from; i++) in[i] = given[step->from[i]];
    if (!convert(cx, family, step, in, out, 0)) return false;
    for (int j = 0; j < step->n_to; j++) p[step->to[j]] = out[j];
  }
  return th_parameter_check(cx, family, p, 0);
}

/* --- Values */

static bool is_plain(ThValue v) {
  return th_is_scalar(v) || th_is_array(v) || th_is_range(v) || th_is_estimate(v);
}

/* What the elements of one or two broadcast arrays are converted to. */
typedef struct Converted {
  ThContext *cx;
  const ThFamily *family;
  const ThParameterStep *step;
  ThArray *in[2], *out[TH_MAX_SET];
} Converted;

static bool convert_elements(Converted *c) {
  size_t length = c->out[0]->length;
  for (size_t e = 0; e < length; e++) {
    double in[2] = {0}, out[TH_MAX_SET];
    for (int i = 0; i < c->step->n_from; i++) in[i] = c->in[i]->real[e];
    if (!convert(c->cx, c->family, c->step, in, out, e + 1)) return false;
    for (int j = 0; j < c->step->n_to; j++) c->out[j]->real[e] = out[j];
  }
  return true;
}

static void release_array(ThArray *a) {
  if (a) th_release(th_object(a));
}

/* The arguments of a step brought to one shape; owned. */
static bool gather(Converted *c, const ThValue *given) {
  bool scalar;
  ThArray *a[2] = {0};
  bool ok = true;
  for (int i = 0; ok && i < c->step->n_from; i++)
    ok = th_to_real_array(c->cx, given[c->step->from[i]], "a parameter", &scalar, &a[i]);
  ThBroadcast plan;
  const ThArray *second = a[1] ? a[1] : a[0];
  if (ok && !th_broadcast(a[0]->rank, a[0]->shape, second->rank, second->shape, &plan))
    ok = th_fail(c->cx, TH_ERROR_SHAPE, "the parameters of %s have shapes that do not fit each other",
                 c->family->name);
  for (int i = 0; ok && i < c->step->n_from; i++) {
    c->in[i] = th_broadcast_to(c->cx, a[i], plan.rank, plan.shape);
    ok = c->in[i] != NULL;
  }
  for (int j = 0; ok && j < c->step->n_to; j++) {
    c->out[j] = th_array_new(c->cx, TH_DOUBLE, plan.rank, plan.shape);
    ok = c->out[j] != NULL;
  }
  release_array(a[0]);
  release_array(a[1]);
  return ok;
}

static bool step_arrays(ThContext *cx, const ThFamily *family, const ThParameterStep *step,
                        const ThValue *given, ThValue *parameters) {
  Converted c = {.cx = cx, .family = family, .step = step};
  bool ok = gather(&c, given) && convert_elements(&c);
  release_array(c.in[0]);
  release_array(c.in[1]);
  for (int j = 0; j < TH_MAX_SET; j++) {
    if (ok && j < step->n_to) parameters[step->to[j]] = th_object(c.out[j]);
    else release_array(c.out[j]);
  }
  return ok;
}

static bool step_numbers(ThContext *cx, const ThFamily *family, const ThParameterStep *step,
                         const ThValue *given, ThValue *parameters) {
  double in[2] = {0}, out[TH_MAX_SET];
  for (int i = 0; i < step->n_from; i++) th_to_number(given[step->from[i]], &in[i]);
  if (!convert(cx, family, step, in, out, 0)) return false;
  for (int j = 0; j < step->n_to; j++) parameters[step->to[j]] = th_number(out[j]);
  return true;
}

/* A name for an argument that the family cannot use: which kind of value it is, too. */
static bool fail_kind(ThContext *cx, const ThFamily *family, int i, ThValue v) {
  char name[40], got[96];
  th_fail(cx, TH_ERROR_TYPE, "`%s` of %s is a number or an array of numbers, got %s",
          argument_name(family, i, name, sizeof name), family->name, th_describe(v, got, sizeof got));
  if (th_is_distribution(v))
    return th_hint(cx,
                   "a parameter with a distribution is a variable: `θ ~ …`, then "
                   "`%s(θ)`",
                   family->name);
  return false;
}

static bool run_step(ThContext *cx, const ThFamily *family, const ThParameterStep *step, const ThValue *given,
                     ThValue *parameters) {
  const ThAlternative *a = step->alternative;
  bool whole = a && family->of_value, renames = !a || (!a->convert && !whole), random = false, numbers = true;
  for (int i = 0; i < step->n_from; i++) {
    ThValue v = given[step->from[i]];
    double x;
    random |= th_is_object(v) && th_as_object(v)->kind->lift_call != NULL;
    numbers &= th_to_number(v, &x);
  }
  if (random) {
    if (renames) parameters[step->to[0]] = th_retain(given[step->from[0]]);
    return true;
  }
  if (whole) return family->of_value(cx, a->names, given[step->from[0]], &parameters[step->to[0]]);
  if (numbers) return step_numbers(cx, family, step, given, parameters);
  bool takes_anything = family->parameters[step->to[0]].domain == TH_DOMAIN_ANY;
  for (int i = 0; i < step->n_from && !takes_anything; i++)
    if (!is_plain(given[step->from[i]])) return fail_kind(cx, family, step->from[i], given[step->from[i]]);
  if (!renames) return step_arrays(cx, family, step, given, parameters);
  ThValue plain;
  if (!th_decay(cx, given[step->from[0]], &plain)) return false;
  parameters[step->to[0]] = plain;
  return true;
}

bool th_parameter_values(ThContext *cx, const ThFamily *family, const ThValue *given, ThValue *parameters) {
  bool mask[TH_MAX_GIVEN] = {false};
  size_t n = th_family_argument_count(family);
  for (size_t i = 0; i < n; i++) mask[i] = !th_is_unset(given[i]);
  ThParameterPlan plan;
  if (!th_parameter_plan(cx, family, mask, &plan)) return false;
  for (int j = 0; j < family->n_parameters; j++) {
    const ThFamilyParameter *parameter = &family->parameters[j];
    parameters[j] = parameter->optional ? th_number(parameter->fallback) : th_unset();
  }
  bool ok = true;
  for (int s = 0; ok && s < plan.n_steps; s++) {
    for (int j = 0; j < plan.steps[s].n_to; j++) parameters[plan.steps[s].to[j]] = th_unset();
    ok = run_step(cx, family, &plan.steps[s], given, parameters);
  }
  if (!ok) th_release_all(parameters, (size_t)family->n_parameters);
  return ok;
}

bool th_distribution_construct(ThContext *cx, const ThFamily *family, const ThValue *given, ThValue *out) {
  ThValue parameters[TH_MAX_PARAMETERS];
  if (!th_parameter_values(cx, family, given, parameters)) return false;
  bool ok = th_distribution_new(cx, family, parameters, out);
  th_release_all(parameters, (size_t)family->n_parameters);
  return ok;
}
