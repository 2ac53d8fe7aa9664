/* construct.c - the constructors: Normal(0, 1), Gamma(shape = 3, scale = 0.5), Bernoulli(sick) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "prob/families.h"
#include "prob/parameter.h"
#include "prob/variable.h"

static bool ends_with(const char *text, const char *end) {
  size_t length = strlen(text), n = strlen(end);
  return length >= n && strcmp(text + length - n, end) == 0;
}

/* Normal(m, σ^2): a square in the place of the standard deviation. */
static void hint_variance(ThContext *cx, const ThCall *call) {
  char text[64];
  if (!call->given[0] || !call->given[1]) return;
  th_operand(cx, 1, "", text, sizeof text);
  bool square = ends_with(text, "^2") || ends_with(text, "²") || strncmp(text, "var", 3) == 0;
  if (square && !strchr(text, '=') && th_advise(cx, TH_ADVICE_VARIANCE))
    th_note(cx, "Normal takes the standard deviation; if `%s` is a variance, write `variance = %s`", text,
            text);
}

static bool holds_random(ThValue v) {
  const ThList *list = th_is_list(v) ? th_as_list(v) : NULL;
  for (size_t i = 0; list && i < list->length; i++)
    if (th_is_random(list->items[i])) return true;
  return false;
}

/* A list of variables, or of distributions given variables, is a variable itself: `list` of them. */
static bool lift_list(ThContext *cx, ThValue *argument) {
  const ThList *list = th_as_list(*argument);
  ThArguments args = {.values = list->items, .count = list->length};
  ThValue function, lifted;
  if (!th_builtin_named(cx, "list", &function)) return false;
  bool ok = th_variable_apply(cx, function, &args, &lifted);
  if (ok) *argument = lifted;
  return ok;
}

/* With lists of variables among the arguments. */
static bool construct_lifted(ThContext *cx, const ThFamily *family, const ThCall *call, ThValue *out) {
  ThValue args[TH_MAX_GIVEN];
  bool ok = true, lifted[TH_MAX_GIVEN] = {false};
  for (size_t i = 0; i < call->n_args; i++) args[i] = call->args[i];
  for (size_t i = 0; ok && i < call->n_args; i++)
    if (holds_random(args[i])) ok = lifted[i] = lift_list(cx, &args[i]);
  ok = ok && th_conditional_new(cx, family, args, call->n_args, out);
  for (size_t i = 0; i < call->n_args; i++)
    if (lifted[i]) th_release(args[i]);
  return ok;
}

static bool any_list_random(const ThCall *call) {
  for (size_t i = 0; i < call->n_args; i++)
    if (holds_random(call->args[i])) return true;
  return false;
}

static bool any_random(const ThCall *call) {
  for (size_t i = 0; i < call->n_args; i++)
    if (th_is_random(call->args[i])) return true;
  return false;
}

bool th_family_construct(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThFamily *family = th_family_of_builtin(call->builtin);
  if (family == &th_family_normal) hint_variance(cx, call);
  if (any_list_random(call)) return construct_lifted(cx, family, call, out);
  if (any_random(call)) return th_conditional_new(cx, family, call->args, call->n_args, out);
  return th_distribution_construct(cx, family, call->args, out);
}
