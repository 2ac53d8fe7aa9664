/* live.c - names that follow their ingredients */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One graph: a definition and the globals it read when it was last evaluated. An assignment makes stale what
 * read the name, and what read that, and so on; a stale value is not there, so that the machine's next reading
 * of it comes here. While a definition is evaluated, the machine notes every global it reads. */
#include "lang/live.h"

#include <string.h>

#include "num/random.h"

ThDefinition *th_live_find(const ThSession *session, size_t index) {
  for (ThDefinition *d = session->definitions; d; d = d->next)
    if (d->name->index == index) return d;
  return NULL;
}

void th_reads_clear(ThContext *cx, ThReads *reads) {
  th_free(cx, reads->names, reads->capacity * sizeof *reads->names);
  *reads = (ThReads){0};
}

bool th_reads_copy(ThContext *cx, const ThReads *from, ThReads *to) {
  *to = (ThReads){0};
  if (from->n == 0) return true;
  to->names = th_alloc_array(cx, from->n, sizeof *to->names);
  if (!to->names) return false;
  memcpy(to->names, from->names, from->n * sizeof *to->names);
  to->n = to->capacity = from->n;
  return true;
}

static bool reads_has(const ThReads *reads, size_t index) {
  for (size_t i = 0; i < reads->n; i++)
    if (reads->names[i] == index) return true;
  return false;
}

bool th_live_read(ThSession *session, size_t index) {
  ThReads *reads = session->vm.reads;
  if (!reads || reads_has(reads, index)) return true;
  if (reads->n == reads->capacity) {
    size_t capacity = reads->capacity ? reads->capacity * 2 : 8;
    uint32_t *grown = th_resize(&session->cx, reads->names, reads->capacity * sizeof *grown,
                                capacity * sizeof *grown);
    if (!grown) return false;
    reads->names = grown;
    reads->capacity = capacity;
  }
  reads->names[reads->n++] = (uint32_t)index;
  session->globals[index].watched = true;
  return true;
}

bool th_live_depends(const ThSession *session, const ThReads *reads, size_t index) {
  if (reads_has(reads, index)) return true;
  for (size_t i = 0; i < reads->n; i++) {
    const ThDefinition *d = th_live_find(session, reads->names[i]);
    if (d && th_live_depends(session, &d->reads, index)) return true;
  }
  return false;
}

/* Takes the value of a definition away. */
static void make_stale(ThSession *session, ThDefinition *d) {
  if (!d->fresh) return;
  d->fresh = false;
  th_replace_take(&session->globals[d->name->index].value, th_unset());
  th_live_changed(session, d->name->index);
}

void th_live_changed(ThSession *session, size_t index) {
  for (ThDefinition *d = session->definitions; d; d = d->next)
    if (reads_has(&d->reads, index)) make_stale(session, d);
}

/* A variable was declared anew: what is computed from the name follows, other variables keep the old one. */
static void redeclared(ThSession *session, size_t index) {
  for (ThDefinition *d = session->definitions; d; d = d->next)
    if (!d->declared && reads_has(&d->reads, index)) make_stale(session, d);
}

static void free_definition(ThSession *session, ThDefinition *d) {
  th_release(d->thunk);
  th_release(d->variable);
  th_release(d->source);
  th_reads_clear(&session->cx, &d->reads);
  th_free(&session->cx, d, sizeof *d);
}

void th_live_forget(ThSession *session, size_t index) {
  for (ThDefinition **link = &session->definitions; *link; link = &(*link)->next)
    if ((*link)->name->index == index) {
      ThDefinition *d = *link;
      *link = d->next;
      session->globals[index].defined = false;
      free_definition(session, d);
      return;
    }
}

void th_live_free(ThSession *session, ThDefinition *copy) {
  while (copy) {
    ThDefinition *next = copy->next;
    free_definition(session, copy);
    copy = next;
  }
}

bool th_live_copy(ThSession *session, ThDefinition **out) {
  ThDefinition **link = out;
  *out = NULL;
  for (const ThDefinition *d = session->definitions; d; d = d->next) {
    ThDefinition *copy = th_alloc(&session->cx, sizeof *copy);
    if (!copy) goto failed;
    *copy = *d;
    copy->next = NULL;
    th_retain(copy->thunk);
    th_retain(copy->variable);
    th_retain(copy->source);
    *link = copy;
    link = &copy->next;
    if (!th_reads_copy(&session->cx, &d->reads, &copy->reads)) goto failed;
  }
  return true;
failed:
  th_live_free(session, *out);
  *out = NULL;
  return false;
}

bool th_live_restore(ThSession *session, const ThDefinition *copy) {
  ThDefinition *fresh, *was = session->definitions;
  session->definitions = (ThDefinition *)(uintptr_t)copy;
  bool ok = th_live_copy(session, &fresh);
  session->definitions = was;
  if (!ok) return false;
  th_live_clear(session);
  session->definitions = fresh;
  for (const ThDefinition *d = fresh; d; d = d->next) {
    session->globals[d->name->index].defined = true;
    if (d->declared && session->hooks.redeclare)
      ok = session->hooks.redeclare(&session->cx, d->variable, d->source) && ok;
  }
  return ok;
}

void th_live_clear(ThSession *session) {
  while (session->definitions) th_live_forget(session, session->definitions->name->index);
}

bool th_live_evaluate(ThSession *session, const ThSymbol *name, ThValue thunk, ThReads *reads, ThValue *out) {
  ThContext *cx = &session->cx;
  ThReads *outer = session->vm.reads;
  ThRandom saved = *cx->random;
  ThArguments none = {0};
  th_random_stream(cx->random, session->seed, name ? name->hash : 1);
  session->vm.reads = reads;
  bool ok = th_vm_call(session, thunk, &none, out);
  session->vm.reads = outer;
  *cx->random = saved;
  return ok;
}

static bool circle(ThSession *session, const ThDefinition *d) {
  return th_fail(&session->cx, TH_ERROR_NAME, "`%s` hangs on itself", d->name->spelling);
}

/* The value of a definition from what its thunk gave: the variable for a declaration. Takes `value`. */
static bool settle(ThSession *session, ThDefinition *d, ThValue value, ThValue *out) {
  if (!d->declared) {
    *out = value;
    return true;
  }
  bool ok = !session->hooks.redeclare || session->hooks.redeclare(&session->cx, d->variable, value);
  if (ok) th_replace_take(&d->source, value);
  else th_release(value);
  if (ok) *out = th_retain(d->variable);
  return ok;
}

bool th_live_refresh(ThSession *session, ThDefinition *d) {
  if (d->fresh) return true;
  if (d->running) return circle(session, d);
  ThReads reads = {0};
  ThValue value;
  d->running = true;
  bool ok = th_live_evaluate(session, d->name, d->thunk, &reads, &value) && settle(session, d, value, &value);
  d->running = false;
  if (!ok) { /* what it read up to the error still tells when to try again */
    th_reads_clear(&session->cx, &reads);
    return false;
  }
  th_reads_clear(&session->cx, &d->reads);
  d->reads = reads;
  d->fresh = true;
  d->draws = th_is_object(value) && th_as_object(value)->kind->echo != NULL;
  th_replace_take(&session->globals[d->name->index].value, value);
  return true;
}

/* Puts an empty definition in place of what the name was. */
static ThDefinition *add(ThSession *session, ThSymbol *name, ThValue thunk) {
  ThGlobal *global = th_session_global(session, name);
  ThDefinition *d = global ? th_alloc(&session->cx, sizeof *d) : NULL;
  if (!d) return NULL;
  *d = (ThDefinition){.name = name, .thunk = th_retain(thunk), .variable = th_unset(), .source = th_unset()};
  th_live_forget(session, name->index);
  if (global->order == 0) global->order = ++session->last_order;
  global->defined = global->watched = true;
  ThDefinition **link = &session->definitions;
  while (*link) link = &(*link)->next;
  *link = d;
  return d;
}

/* The globals that a function's code names. */
static bool next_global(const ThPrototype *p, uint32_t *at, size_t *index) {
  for (; *at < p->n_code; ++*at) {
    const ThInstruction *ins = &p->code[*at];
    bool callee = ins->code == TH_INS_GLOBAL_CALLEE;
    if (ins->code != TH_INS_GLOBAL && !callee) continue;
    *index = (size_t)ins->offset & (callee ? (size_t)TH_CALLEE_BUILTIN - 1 : SIZE_MAX);
    ++*at;
    return true;
  }
  return false;
}

/* Does a stale or fresh definition lead to `target` by the names in its code? */
static bool leads_to(const ThSession *session, const ThPrototype *p, size_t target, unsigned depth) {
  size_t index;
  for (uint32_t at = 0; next_global(p, &at, &index);) {
    if (index == target) return true;
    const ThDefinition *d = th_live_find(session, index);
    if (d && depth < 64 && leads_to(session, th_as_function(d->thunk)->prototype, target, depth + 1)) return true;
  }
  return false;
}

/* Names that do not exist, and circles, are found when the definition is made. */
static bool check_names(ThSession *session, ThSymbol *name, ThValue thunk) {
  const ThPrototype *p = th_as_function(thunk)->prototype;
  size_t index;
  ThValue v;
  for (uint32_t at = 0; next_global(p, &at, &index);) {
    const ThGlobal *global = &session->globals[index];
    bool known = !th_is_unset(global->value) || !th_is_unset(global->builtin) || global->defined;
    if (index != name->index && !known) {
      bool found = th_vm_global(session, index, &v);
      if (found) th_release(v);
      th_error_place(&session->cx, p->tree->source, p->sites[at - 1].span);
      return found;
    }
  }
  if (!leads_to(session, p, name->index, 0)) return true;
  th_fail(&session->cx, TH_ERROR_NAME, "`%s` would hang on itself", name->spelling);
  return th_hint(&session->cx, "`:=` keeps a rule, not a value; to compute once write `%s = …`", name->spelling);
}

bool th_live_define(ThSession *session, ThSymbol *name, ThValue thunk) {
  if (!check_names(session, name, thunk)) return false;
  ThDefinition *d = add(session, name, thunk);
  if (!d) return false;
  th_replace_take(&session->globals[name->index].value, th_unset());
  th_live_changed(session, name->index);
  return true;
}

bool th_live_declare(ThSession *session, ThSymbol *name, ThValue thunk, size_t count, ThValue *out) {
  ThReads reads = {0};
  ThValue distribution, variable;
  bool ok = th_live_evaluate(session, name, thunk, &reads, &distribution);
  if (ok) {
    ok = session->hooks.declare(&session->cx, name, distribution, count, &variable);
    if (!ok) th_release(distribution);
  }
  const ThDefinition *before = th_live_find(session, name->index);
  bool anew = before && before->declared;
  ThDefinition *d = ok ? add(session, name, thunk) : NULL;
  if (!d) {
    if (ok) {
      th_release(variable);
      th_release(distribution);
    }
    th_reads_clear(&session->cx, &reads);
    return false;
  }
  d->declared = d->fresh = true;
  d->count = count;
  d->variable = variable;
  d->source = distribution;
  d->reads = reads;
  th_replace_take(&session->globals[name->index].value, th_retain(variable));
  (anew ? redeclared : th_live_changed)(session, name->index);
  *out = th_retain(variable);
  return true;
}

bool th_session_live_at(const ThSession *session, size_t i, ThLiveName *out) {
  const ThDefinition *d = session->definitions;
  while (d && i-- > 0) d = d->next;
  if (!d) return false;
  const ThPrototype *p = th_as_function(d->thunk)->prototype;
  *out = (ThLiveName){.name = d->name,
                      .text = p->tree->source->text + p->node->span.start,
                      .length = p->node->span.end - p->node->span.start,
                      .declared = d->declared,
                      .fresh = d->fresh};
  return true;
}

bool th_session_has_stale(const ThSession *session) {
  for (const ThDefinition *d = session->definitions; d; d = d->next)
    if (d->declared && !d->fresh) return true;
  return false;
}

bool th_session_visit(ThSession *session, const ThSymbol *name, ThValue variable, bool *renewed) {
  if (session->vm.reads && name->index < session->n_globals && !th_live_read(session, name->index)) return false;
  ThDefinition *d = th_live_find(session, name->index);
  bool whole = d && d->declared && (d->variable.bits == variable.bits || d->count != SIZE_MAX);
  if (!whole || d->fresh) return true;
  *renewed = true;
  return th_live_refresh(session, d);
}

bool th_live_redraw(ThSession *session) {
  for (ThDefinition *d = session->definitions; d; d = d->next) {
    if (d->fresh || !d->draws) continue;
    if (!th_live_refresh(session, d)) return false;
    ThValue v = session->globals[d->name->index].value;
    const ThKind *kind = th_is_object(v) ? th_as_object(v)->kind : NULL;
    if (kind && kind->echo && !kind->echo(&session->cx, v)) return false;
  }
  return true;
}
