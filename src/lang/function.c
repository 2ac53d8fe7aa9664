/* function.c - functions written in Theta, as values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/vm.h"

static void release_function(ThObject *self) {
  ThFunction *f = (ThFunction *)self;
  th_release_all(f->captured, f->n_captured);
  th_release(th_object(f->prototype));
  th_object_free(self, sizeof *f + f->n_captured * sizeof *f->captured);
}

static bool call_function(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  return th_vm_call(th_session_of(cx), self, args, out);
}

/* Its source, as it was typed: the whole in an echo, the first line elsewhere. */
static bool format_function(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThPrototype *p = th_as_function(self)->prototype;
  const char *text = p->tree->source->text + p->node->span.start;
  size_t length = p->node->span.end - p->node->span.start;
  for (size_t i = 0; style != TH_STYLE_ECHO && style != TH_STYLE_SOURCE && i < length; i++)
    if (text[i] == '\n') {
      th_text_bytes(out, text, i);
      th_text_add(out, " …");
      return th_text_ok(out, cx);
    }
  th_text_bytes(out, text, length);
  return th_text_ok(out, cx);
}

static bool equal_functions(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  *out = th_as_object(a) == th_as_object(b);
  return true;
}

const ThKind th_function_kind = {.name = "function",
                                 .release = release_function,
                                 .format = format_function,
                                 .equal = equal_functions,
                                 .call = call_function};

ThFunction *th_function_new(ThContext *cx, ThPrototype *prototype) {
  ThFunction *f = th_object_new(cx, &th_function_kind,
                                sizeof *f + prototype->n_captures * sizeof *f->captured);
  if (!f) return NULL;
  f->prototype = prototype;
  prototype->object.references++;
  f->n_captured = prototype->n_captures;
  for (size_t i = 0; i < f->n_captured; i++) f->captured[i] = th_none();
  return f;
}

ThSymbol *th_function_parameter(ThValue function, size_t i, bool *has_default) {
  if (!th_is_function(function)) return NULL;
  const ThPrototype *p = th_as_function(function)->prototype;
  if (i >= p->n_parameters) return NULL;
  *has_default = p->has_default[i] != 0;
  return p->local_names[i];
}

const char *th_function_default(ThValue function, size_t i, size_t *length) {
  bool has_default;
  if (!th_function_parameter(function, i, &has_default) || !has_default) return NULL;
  const ThPrototype *p = th_as_function(function)->prototype;
  const ThNode *parameter = p->node->items[i];
  if (parameter->kind != TH_NODE_NAMED) return NULL;
  const ThSpan span = parameter->items[0]->span;
  *length = span.end - span.start;
  return p->tree->source->text + span.start;
}

ThSymbol *th_function_name(ThValue function) {
  return th_is_function(function) ? th_as_function(function)->prototype->name : NULL;
}
