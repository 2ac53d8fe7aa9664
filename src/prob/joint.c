/* joint.c - X ~ d of vectors and matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The components are declared one after the other, each given those before it: by an expression in them where the
 * family has one, else by a node that asks the family for the distribution once it knows their values. */
#include "prob/joint.h"

#include "prob/parameter.h"
#include "prob/variable_kind.h"
#include "val/arithmetic.h"

/* --- The object */

static void joint_release(ThObject *self) {
  th_release(((ThJoint *)self)->law);
  th_object_free(self, sizeof(ThJoint));
}

const ThKind th_joint_kind = {.name = "joint law", .release = joint_release};

static bool joint_new(ThContext *cx, ThValue law, ThValue *out) {
  ThJoint *j = th_object_new(cx, &th_joint_kind, sizeof *j);
  if (!j) return false;
  j->law = th_retain(law);
  *out = th_object(j);
  return true;
}

const ThDistribution *th_joint_law(const ThVariable *v) {
  const ThJoint *j = th_joint_of(v);
  return j && th_is_distribution(j->law) ? th_as_distribution(j->law) : NULL;
}

static const ThFamily *family_of(ThValue law) {
  if (th_is_distribution(law)) return th_as_distribution(law)->family;
  return th_is_conditional(law) ? th_as_conditional(law)->family : NULL;
}

bool th_is_joint_law(ThValue v) {
  const ThFamily *family = family_of(v);
  return family && family->event;
}

/* --- How many components */

/* The length of a parameter that is a vector or a square matrix, as far as it is known: else 0. */
static bool side_of(ThContext *cx, ThValue v, size_t *out) {
  const ThVariableArray *a = th_is_variable_array(v) ? th_as_variable_array(v) : NULL;
  *out = 0;
  if (a) *out = a->columns ? a->columns : a->length;
  else if (th_is_array(v)) *out = th_as_array(v)->rank ? th_as_array(v)->shape[0] : 0;
  return !th_is_variable(v) || th_variable_length(cx, v, out);
}

bool th_joint_size(ThContext *cx, const ThSymbol *name, ThValue law, size_t count, size_t *out) {
  size_t n = 0;
  if (th_is_distribution(law)) {
    n = th_event_size(th_as_distribution(law));
  } else {
    const ThConditional *c = th_as_conditional(law);
    const ThEventLaw *event = c->family->event;
    if (event->count && !event->count(cx, c->arguments, &n)) return false;
    for (size_t i = 0; !event->count && n == 0 && i < c->n; i++)
      if (!side_of(cx, c->arguments[i], &n)) return false;
  }
  if (n && count != SIZE_MAX && n != count)
    return th_fail(cx, TH_ERROR_SHAPE, "`%s[%zu]` of %zu distributions: the numbers must agree",
                   name->spelling, count, n);
  *out = n ? n : count;
  if (*out != SIZE_MAX) return true;
  th_fail(cx, TH_ERROR_SHAPE,
          "how many components `%s` has is not known: its parameters are computed from variables",
          name->spelling);
  return th_hint(cx, "say it: `%s[3] ~ %s(…)`", name->spelling, family_of(law)->name);
}

/* --- The law of a component given those before it */

/* By a node: when the values of the others are known. */
static bool node_law(ThContext *cx, ThValue law, const ThValue *before, size_t i, ThValue *out) {
  size_t size = (i + 1) * sizeof(ThValue);
  ThValue *arguments = th_alloc(cx, size);
  if (!arguments) return false;
  arguments[0] = law;
  for (size_t k = 0; k < i; k++) arguments[k + 1] = before[k];
  bool ok = th_variable_component(cx, arguments, i + 1, out);
  th_free(cx, arguments, size);
  return ok;
}

/* Of a law with random parameters: an expression where the family has one. */
static bool conditional_law(ThContext *cx, const ThConditional *c, size_t n, const ThValue *before, size_t i,
                            ThValue *out, bool *fixed, bool *known) {
  ThValue parameters[TH_MAX_PARAMETERS];
  *known = false;
  if (!c->family->event->given_random) return true;
  if (!th_parameter_values(cx, c->family, c->arguments, parameters)) return false;
  bool ok = true, all = true;
  for (int j = 0; j < c->family->n_parameters; j++) all &= !th_is_unset(parameters[j]);
  if (all) ok = c->family->event->given_random(cx, parameters, n, before, i, out, fixed, known);
  th_release_all(parameters, (size_t)c->family->n_parameters);
  return ok;
}

static bool component_law(ThContext *cx, ThValue law, size_t n, const ThValue *before, size_t i, ThValue *out,
                          bool *fixed) {
  bool known = false;
  *fixed = false;
  if (th_is_distribution(law) && th_as_distribution(law)->family->event->given)
    return th_event_component(cx, th_as_distribution(law), before, i, out, fixed);
  if (th_is_conditional(law) &&
      !conditional_law(cx, th_as_conditional(law), n, before, i, out, fixed, &known))
    return false;
  return known || node_law(cx, law, before, i, out);
}

/* --- Places */

static size_t count_components(const ThFamily *family, size_t n) {
  return family->event->rank == 1 ? n : n * (n + 1) / 2;
}

static void put(ThVariableArray *a, const ThFamily *family, size_t k, ThValue item) {
  size_t row, column;
  th_event_place(family->event, k, &row, &column);
  if (family->event->rank == 1) {
    a->items[k] = item;
    return;
  }
  a->items[row * a->columns + column] = item;
  if (row != column) a->items[column * a->columns + row] = th_retain(item);
}

/* The variable of component k, which is not fixed. */
static bool make_component(ThContext *cx, ThSymbol *name, const ThFamily *family, ThValue joint, ThValue law,
                           size_t k, ThValue *out) {
  size_t row, column;
  if (!th_variable_new(cx, name, k + 1, law, out)) return false;
  ThVariable *v = th_as_variable(*out);
  th_event_place(family->event, k, &row, &column);
  v->object.flags |= TH_VARIABLE_SHOWS_MARGINAL;
  v->joint = th_retain(joint);
  v->component = k;
  if (family->event->rank == 1) return true;
  v->index = row + 1;
  v->column = column + 1;
  return true;
}

/* --- Declarations */

static bool fill(ThContext *cx, ThSymbol *name, ThValue law, ThValue joint, size_t n, ThVariableArray *a) {
  const ThFamily *family = family_of(law);
  size_t count = count_components(family, n), done = 0;
  ThValue *before = th_alloc_array(cx, count, sizeof *before); /* borrowed */
  bool ok = before != NULL;
  for (; ok && done < count; done += ok) {
    ThValue one;
    bool fixed;
    ok = component_law(cx, law, n, before, done, &one, &fixed);
    if (!ok) break;
    before[done] = one;
    if (!fixed) {
      ok = make_component(cx, name, family, joint, one, done, &before[done]);
      th_release(one);
    }
    if (ok) put(a, family, done, before[done]);
  }
  th_free(cx, before, count * sizeof *before);
  return ok;
}

bool th_joint_declare(ThContext *cx, ThSymbol *name, ThValue law, size_t count, ThValue *out) {
  const ThFamily *family = family_of(law);
  bool matrix = family->event->rank == 2;
  ThValue joint;
  size_t n;
  if (!th_joint_size(cx, name, law, count, &n)) return false;
  ThVariableArray *a = th_variable_array_new(cx, name, matrix ? n * n : n);
  if (!a) return false;
  *out = th_object(a);
  if (matrix) a->columns = n;
  bool ok = joint_new(cx, law, &joint);
  if (ok) {
    ok = fill(cx, name, law, joint, n, a);
    th_release(joint);
  }
  if (ok) th_variable_array_done(cx, a);
  else th_release(*out);
  return ok;
}

/* The component k of an array of n of them. */
static ThValue item_of(const ThVariableArray *a, const ThFamily *family, size_t k) {
  size_t row, column;
  th_event_place(family->event, k, &row, &column);
  return a->items[a->columns ? row * a->columns + column : k];
}

bool th_joint_redeclare(ThContext *cx, ThVariableArray *array, ThValue law) {
  const ThFamily *family = family_of(law);
  size_t n, length = array->columns ? array->columns : array->length,
            count = count_components(family, length);
  ThValue joint;
  if (!th_joint_size(cx, array->name, law, length, &n) || !joint_new(cx, law, &joint)) return false;
  ThValue *before = th_alloc_array(cx, count, sizeof *before); /* borrowed */
  bool ok = before != NULL;
  for (size_t k = 0; ok && k < count; k++) before[k] = item_of(array, family, k);
  for (size_t k = 0; ok && k < count; k++) {
    ThValue one;
    bool fixed;
    ok = component_law(cx, law, n, before, k, &one, &fixed);
    if (!ok) break;
    if (!fixed) {
      ThVariable *v = th_as_variable(before[k]);
      th_replace_take(&v->distribution, th_retain(one));
      th_replace_take(&v->joint, th_retain(joint));
    }
    th_release(one);
  }
  th_free(cx, before, count * sizeof *before);
  th_release(joint);
  return ok;
}
