/* model.c - a model as a value: its name and its body */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model is not run when it is defined. What it holds is found by running its body (record.c); only the
 * mistake that a student makes first, `y = a + b*x` for `y ~ Normal(a + b*x, σ)`, is seen in its text. */
#include "infer/model.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/code.h"
#include "infer/family_model.h"
#include "lang/session.h"

static const ThNode *lambda_of(const ThModel *model) { return th_as_function(model->body)->prototype->node; }

ThSymbol *th_model_argument(const ThModel *model, size_t i, bool *is_knob) {
  if (model->family) {
    *is_knob = false;
    return i == 0 ? model->family->data : NULL;
  }
  return th_function_parameter(model->body, i, is_knob);
}

size_t th_model_argument_index(const ThModel *model, const ThSymbol *name) {
  bool is_knob;
  const ThSymbol *argument;
  for (size_t i = 0; (argument = th_model_argument(model, i, &is_knob)); i++)
    if (argument == name) return i;
  return SIZE_MAX;
}

size_t th_model_argument_count(const ThModel *model) {
  return model->family ? 1 : lambda_of(model)->n_items - 1;
}

void th_model_argument_names(const ThModel *model, bool with_knobs, ThText *out) {
  bool is_knob, first = true;
  const ThSymbol *name;
  for (size_t i = 0; (name = th_model_argument(model, i, &is_knob)); i++) {
    if (is_knob && !with_knobs) continue;
    th_text_format(out, "%s%s", first ? "" : ", ", name->spelling);
    first = false;
  }
}

/* The text of the program. */

typedef bool (*NodeTest)(const ThNode *node, const void *self);

static const ThNode *find_node(const ThNode *node, NodeTest test, const void *self) {
  if (!node) return NULL;
  if (test(node, self)) return node;
  for (size_t i = 0; i < node->n_items; i++) {
    const ThNode *found = find_node(node->items[i], test, self);
    if (found) return found;
  }
  return NULL;
}

/* The name on the left of a statement: of y and of y[i]. */
static const ThSymbol *target_name(const ThNode *target) {
  if (target->kind == TH_NODE_INDEX) target = target->items[0];
  return target->kind == TH_NODE_NAME ? target->name : NULL;
}

typedef struct Target {
  const ThModel *model;
  const ThSymbol *name; /* NULL: any argument */
} Target;

static bool is_target(const Target *t, const ThNode *node) {
  const ThSymbol *name = target_name(node);
  if (!name) return false;
  return t->name ? name == t->name : th_model_argument_index(t->model, name) != SIZE_MAX;
}

static bool is_observation(const ThNode *node, const void *self) {
  if (node->kind != TH_NODE_DECLARE) return false;
  for (size_t i = 0; i + 1 < node->n_items; i++)
    if (is_target(self, node->items[i])) return true;
  return false;
}

static bool is_data_assignment(const ThNode *node, const void *self) {
  return node->kind == TH_NODE_ASSIGN && node->op == TH_N_OPERATORS && is_target(self, node->items[0]);
}

bool th_model_observes(const ThModel *model, const ThSymbol *name) {
  Target target = {model, name};
  if (model->family) return name == model->family->data;
  return find_node(lambda_of(model), is_observation, &target) != NULL;
}

bool th_fail_no_likelihood(ThContext *cx, const ThSymbol *name) {
  return th_fail(cx, TH_ERROR_VALUE, "no likelihood in `%s`: nothing in it has data on the left of `~`",
                 name->spelling);
}

/* `y = a + b*x` where nothing is observed: an error with the line as it was meant. */
static bool check_body(ThContext *cx, const ThModel *model) {
  Target target = {model, NULL};
  const ThNode *lambda = lambda_of(model);
  if (find_node(lambda, is_observation, &target)) return true;
  const ThNode *assignment = find_node(lambda, is_data_assignment, &target);
  if (!assignment) return true;
  const ThSpan span = assignment->items[1]->span;
  const char *text = th_as_function(model->body)->prototype->tree->source->text;
  th_fail_no_likelihood(cx, model->name);
  return th_hint(cx, "did you mean `%s ~ Normal(%.*s, σ)`?", target_name(assignment->items[0])->spelling,
                 (int)(span.end - span.start), text + span.start);
}

bool th_model_make(ThContext *cx, ThSymbol *name, ThValue body, ThValue *out) {
  ThModel *model = th_object_new(cx, &th_model_kind, sizeof *model);
  if (!model) return false;
  model->name = name;
  model->body = th_retain(body);
  model->family = NULL;
  *out = th_object(model);
  if (check_body(cx, model)) return true;
  th_release(*out);
  return false;
}

bool th_model_of_family(ThContext *cx, ThSymbol *name, const ThFamilyModel *family, ThValue *out) {
  ThModel *model = th_object_new(cx, &th_model_kind, sizeof *model);
  if (!model) return false;
  model->name = name;
  model->body = th_none();
  model->family = th_alloc(cx, sizeof *model->family);
  if (model->family) *model->family = *family;
  *out = th_object(model);
  if (model->family) return true;
  th_release(*out);
  return false;
}

/* The kind. */

static void release_model(ThObject *self) {
  ThModel *model = (ThModel *)self;
  th_release(model->body);
  if (model->family) th_heap_free(self->heap, model->family, sizeof *model->family);
  th_object_free(self, sizeof *model);
}

/* model line(x, y, λ = 1) */
static bool format_model(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThModel *model = th_as_model(self);
  (void)style;
  th_text_format(out, "model %s", model->name->spelling);
  if (model->family) return th_text_ok(out, cx);
  const ThNode *lambda = lambda_of(model);
  const char *text = th_as_function(model->body)->prototype->tree->source->text;
  th_text_char(out, '(');
  for (size_t i = 0; i + 1 < lambda->n_items; i++) {
    const ThNode *argument = lambda->items[i];
    th_text_format(out, "%s%s", i ? ", " : "", argument->name->spelling);
    if (argument->kind != TH_NODE_NAMED) continue;
    const ThSpan span = argument->items[0]->span;
    th_text_add(out, " = ");
    th_text_bytes(out, text + span.start, span.end - span.start);
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

static bool call_model(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const char *name = th_as_model(self)->name->spelling;
  (void)args, (void)out;
  th_fail_argument(cx, TH_CALLEE, TH_ERROR_TYPE, "`%s` is a model, not a function", name);
  return th_hint(cx, "fit it to data d: mle(%s, d), map(%s, d) or posterior(%s, d)", name, name, name);
}

static bool equal_models(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  *out = th_as_object(a) == th_as_object(b);
  return true;
}

const ThKind th_model_kind = {
    .name = "model",
    .release = release_model,
    .format = format_model,
    .equal = equal_models,
    .call = call_model,
};
