/* vm_call.c - calling: arguments to parameters, frames, unwinding */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "lang/builtin.h"
#include "lang/excerpt.h"
#include "lang/vm.h"

bool th_vm_init(ThSession *session) {
  ThVm *vm = &session->vm;
  vm->stack = th_alloc_array(&session->cx, TH_STACK_VALUES, sizeof *vm->stack);
  vm->frames = vm->stack ? th_alloc_array(&session->cx, TH_MAX_FRAMES, sizeof *vm->frames) : NULL;
  if (!vm->frames) return false;
  vm->stack_end = vm->stack + TH_STACK_VALUES;
  vm->cleared = vm->stack;
  session->cx.operand_text = th_vm_operand_text;
  return true;
}

void th_vm_clear(ThSession *session) {
  th_free(&session->cx, session->vm.stack, TH_STACK_VALUES * sizeof *session->vm.stack);
  th_free(&session->cx, session->vm.frames, TH_MAX_FRAMES * sizeof *session->vm.frames);
}

/* Registers above the running frames hold no objects: fresh ones are made so as the stack first grows. */
static void clear_fresh(ThSession *session, ThValue *end) {
  ThVm *vm = &session->vm;
  while (vm->cleared < end) *vm->cleared++ = th_number(0);
}

static bool too_deep(ThSession *session) {
  th_fail(&session->cx, TH_ERROR_LIMIT, "too deep a recursion: %zu calls are waiting for their values",
          session->vm.n_frames);
  return th_hint(&session->cx, "does the function reach the case that ends it?");
}

static const char *function_name(const ThPrototype *p) {
  return p->name ? p->name->spelling : "this function";
}

/* The call as one would write it: f(x, k = 2). */
static const char *form_of(const ThPrototype *p, char *form, size_t size) {
  const char *text = p->tree->source->text;
  size_t used = (size_t)snprintf(form, size, "%s(", function_name(p));
  for (size_t i = 0; i < p->n_parameters && used < size; i++) {
    ThSpan span = p->node->items[i]->span;
    int wrote = snprintf(form + used, size - used, "%s%.*s", i ? ", " : "", (int)(span.end - span.start),
                         text + span.start);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  if (used < size) snprintf(form + used, size - used, ")");
  return form;
}

static bool wrong_count(ThSession *session, const ThPrototype *p, size_t n) {
  char list[200] = "";
  size_t used = 0;
  for (size_t i = 0; i < p->n_parameters && used < sizeof list; i++) {
    int wrote = snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", p->local_names[i]->spelling);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  int surplus = n > p->n_parameters ? p->n_parameters + 1 : 0;
  return th_fail_argument(&session->cx, surplus, TH_ERROR_TYPE, "`%s` takes %u argument%s%s%s%s, got %zu",
                          function_name(p), p->n_parameters, p->n_parameters == 1 ? "" : "s",
                          list[0] ? " (" : "", list, list[0] ? ")" : "", n);
}

static bool unknown_argument(ThSession *session, const ThPrototype *p, const ThSymbol *name,
                             size_t position) {
  char form[200];
  th_fail_argument(&session->cx, (int)position | TH_ARGUMENT_NAME, TH_ERROR_NAME,
                   "`%s` has no argument named `%s`", function_name(p), name->spelling);
  ThNearest nearest = th_nearest_begin(name->name);
  for (size_t i = 0; i < p->n_parameters; i++)
    th_nearest_offer(&nearest, p->local_names[i]->name, p->local_names[i]->spelling);
  if (!nearest.best) return th_hint(&session->cx, "%s", form_of(p, form, sizeof form));
  return th_hint(&session->cx, "did you mean `%s`? %s", nearest.best, form_of(p, form, sizeof form));
}

static bool missing_argument(ThSession *session, const ThPrototype *p, const ThSymbol *name) {
  char form[200];
  th_fail(&session->cx, TH_ERROR_TYPE, "`%s` needs the argument `%s`", function_name(p), name->spelling);
  return th_hint(&session->cx, "%s", form_of(p, form, sizeof form));
}

/* The place of an argument by name; *index is its position among the arguments before. */
static bool parameter_index(ThSession *session, const ThPrototype *p, const ThSymbol *name, size_t *index) {
  size_t position = *index + 1;
  for (*index = 0; *index < p->n_parameters; ++*index)
    if (p->local_names[*index] == name) return true;
  return unknown_argument(session, p, name, position);
}

/* Moves n arguments from R[0 …] to their places, named ones by name, left-out ones unset. `spare` has room
 * for one value a parameter. */
static bool arrange(ThSession *session, const ThPrototype *p, ThValue *args, size_t n, const ThNames *names,
                    ThValue *spare) {
  for (size_t i = 0; i < p->n_parameters; i++) spare[i] = th_unset();
  for (size_t i = 0; i < n; i++) {
    size_t index = i;
    if (names && names->names[i] && !parameter_index(session, p, names->names[i], &index)) return false;
    if (!th_is_unset(spare[index]))
      return th_fail_argument(&session->cx, (int)(i + 1) | TH_ARGUMENT_NAME, TH_ERROR_TYPE,
                              "`%s` is given twice", p->local_names[index]->spelling);
    spare[index] = args[i];
  }
  for (size_t i = 0; i < p->n_parameters; i++)
    if (th_is_unset(spare[i]) && !p->has_default[i])
      return n < p->n_parameters && !names && p->n_required == p->n_parameters
                 ? wrong_count(session, p, n)
                 : missing_argument(session, p, p->local_names[i]);
  for (size_t i = 0; i < p->n_parameters; i++) args[i] = spare[i];
  for (size_t i = 0; i < p->n_parameters; i++) spare[i] = th_number(0);
  return true;
}

bool th_vm_enter(ThSession *session, ThValue *callee, size_t n, const ThNames *names) {
  ThVm *vm = &session->vm;
  ThPrototype *p = th_as_function(*callee)->prototype;
  ThValue *base = callee + 1;
  size_t room = (size_t)p->n_registers + n + p->n_parameters;
  if (vm->n_frames > 1 && !th_poll(&session->cx)) return false; /* a recursion may last */
  if (vm->n_frames == TH_MAX_FRAMES || (size_t)(vm->stack_end - base) <= room) return too_deep(session);
  if (base + room > vm->cleared) clear_fresh(session, base + room);
  if (n != p->n_parameters || names) {
    if (n > p->n_parameters) return wrong_count(session, p, n);
    ThValue *spare = base + (n > p->n_registers ? n : p->n_registers);
    bool arranged = arrange(session, p, base, n, names, spare);
    if (!arranged) {
      for (size_t i = 0; i < p->n_parameters; i++) spare[i] = th_number(0);
      return false;
    }
  }
  for (size_t i = p->n_parameters; i < p->n_locals; i++) base[i] = th_unset();
  vm->frames[vm->n_frames++] = (ThFrame){.prototype = p, .code = p->code, .pc = p->code, .base = base};
  return true;
}

static bool is_callable(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->call; }

/* x(2) of an array is x[2], of a number x*(2), in the text of the call. */
static bool not_callable(ThSession *session, ThValue callee) {
  ThSpan site;
  char called[TH_EXCERPT_SIZE], inside[TH_EXCERPT_SIZE];
  const char *text = th_vm_site_text(session, &site);
  uint32_t open = th_excerpt_opening(text, site.end);
  if (open <= site.start || open == site.end) return false;
  const char *name = th_excerpt_text(text, th_excerpt_before(text, open), "x", called);
  const char *argument = th_excerpt_text(text, (ThSpan){open + 1, site.end - 1}, "…", inside);
  if (th_is_object(callee) && th_as_object(callee)->kind->get_index)
    return th_hint(&session->cx, "an element is `%s[%s]`", name, argument);
  return th_is_scalar(callee) && th_hint(&session->cx, "a product is `%s*(%s)`", name, argument);
}

/* A call of anything that is not a Theta function with just its arguments, or of one that may hang on a random
 * variable. */
bool th_vm_call_slow(ThSession *session, ThValue *callee, const ThInstruction *ins) {
  const ThNames *names = ins->c ? (const ThNames *)th_as_object(th_vm_constants(session)[ins->c - 1]) : NULL;
  size_t n = ins->b;
  bool entered = th_is_function(*callee) && !th_vm_may_hang(session, *callee, callee + 1, n);
  if (entered) return th_vm_enter(session, callee, n, names);
  if (n == 1) { /* maybe the first of several elementwise operations */
    bool done;
    if (!th_vm_chain(session, callee - ins->a, ins, callee[1], th_none(), &done)) return false;
    if (done) return true;
  }
  ThArguments args = {
      .count = n, .values = callee + 1, .names = names ? names->names : NULL, .given_up = true};
  ThValue result;
  if (!th_call(&session->cx, *callee, &args, &result))
    return is_callable(*callee) ? false : not_callable(session, *callee);
  for (size_t i = 1; i <= n; i++) th_replace_take(&callee[i], th_number(0));
  th_replace_take(callee, result);
  return true;
}

void th_vm_unwind(ThSession *session, size_t entry) {
  ThVm *vm = &session->vm;
  while (vm->n_frames >= entry) {
    ThFrame *frame = &vm->frames[--vm->n_frames];
    for (size_t i = 0; i < frame->prototype->n_registers; i++) th_replace_take(&frame->base[i], th_number(0));
    th_replace_take(&frame->base[-1], th_number(0));
  }
}

/* Copies function and arguments above the running frame, and enters it. */
static bool enter_from_outside(ThSession *session, ThValue function, const ThArguments *args) {
  ThVm *vm = &session->vm;
  ThValue *callee = th_vm_top(vm);
  if ((size_t)(vm->stack_end - callee) <= args->count + 1) return too_deep(session);
  if (callee + args->count + 1 > vm->cleared) clear_fresh(session, callee + args->count + 1);
  ThNames *names = NULL;
  if (args->names) {
    names = th_names_new(&session->cx, args->count);
    if (!names) return false;
    memcpy(names->names, args->names, args->count * sizeof *names->names);
  }
  callee[0] = th_retain(function);
  for (size_t i = 0; i < args->count; i++) callee[1 + i] = th_retain(args->values[i]);
  bool ok = th_vm_enter(session, callee, args->count, names);
  if (!ok)
    for (size_t i = 0; i <= args->count; i++) th_replace_take(&callee[i], th_number(0));
  if (names) th_release(th_object(names));
  return ok;
}

static bool call_frame(ThSession *session, ThValue function, const ThArguments *args, ThValue *out) {
  ThVm *vm = &session->vm;
  ThContext *cx = &session->cx;
  if (cx->depth >= TH_MAX_NESTING) return too_deep(session);
  ThValue *callee = th_vm_top(vm);
  if (!enter_from_outside(session, function, args)) return false;
  cx->depth++;
  bool ok = th_vm_run(session, vm->n_frames);
  cx->depth--;
  if (!ok) return false;
  *out = *callee;
  *callee = th_number(0);
  return true;
}

bool th_vm_call(ThSession *session, ThValue function, const ThArguments *args, ThValue *out) {
  return th_vm_may_hang(session, function, args->values, args->count)
             ? th_vm_call_hanging(session, function, args, call_frame, out)
             : call_frame(session, function, args, out);
}

/* `β(…)` typed in Greek means the variable; the function is spelled beta. */
static bool greek_call(ThSession *session, const ThSymbol *name, bool has_value) {
  th_fail(&session->cx, TH_ERROR_TYPE,
          has_value ? "`%s` holds no function" : "`%s` is not a function you defined", name->name);
  const char *ascii = strcmp(name->name, "β") == 0 ? "beta" : strcmp(name->name, "γ") == 0 ? "gamma" : NULL;
  if (!ascii) return th_hint(&session->cx, "a product is `%s*(…)`", name->name);
  return th_hint(&session->cx, "a product is `%s*(…)`, the function is `%s(…)`", name->name, ascii);
}

bool th_vm_callee(ThSession *session, uint32_t operand, ThValue *out) {
  bool greek = operand & TH_CALLEE_GREEK, builtin_only = operand & TH_CALLEE_BUILTIN;
  size_t index = operand & ((uint32_t)TH_CALLEE_BUILTIN - 1);
  const ThGlobal *global = &session->globals[index];
  const ThSymbol *name = th_symbol_at(&session->cx, index);
  if (global->defined && !builtin_only && th_is_unset(global->value)) {
    if (!th_vm_global(session, index, out)) return false;
    th_release(*out); /* a live name: its value lies in the global now */
    global = &session->globals[index];
  }
  bool has_value = !th_is_unset(global->value);
  if (!builtin_only && is_callable(global->value)) *out = th_retain(global->value);
  else if (greek && is_callable(global->builtin)) return greek_call(session, name, has_value);
  else if (is_callable(global->builtin)) *out = th_retain(global->builtin);
  else return th_vm_global(session, index, out);
  return true;
}

bool th_vm_local_callee(ThSession *session, ThValue local, const ThSymbol *name, bool greek, ThValue *out) {
  ThValue builtin = session->globals[name->index].builtin;
  if (!is_callable(local) && is_callable(builtin)) {
    if (greek) return greek_call(session, name, !th_is_unset(local));
    *out = th_retain(builtin);
    return true;
  }
  if (th_is_unset(local)) {
    ThValue global = session->globals[name->index].value;
    if (is_callable(global)) {
      *out = th_retain(global);
      return true;
    }
    return th_fail(&session->cx, TH_ERROR_NAME, "`%s` has no value yet at this place", name->spelling);
  }
  *out = th_retain(local);
  return true;
}
