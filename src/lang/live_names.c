/* live_names.c - what the code of a definition names, before it runs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an evaluation reads is known when it has run. The names in the code are a guess at it, made when it has
 * not: for errors at the definition, and for what depends on a name in a branch that was not taken. */
#include "lang/builtin.h"
#include "lang/live.h"

#include <string.h>

enum { MAX_CAPTURES_DEEP = 8 };

/* The next global that an instruction of `p` reads. */
static bool next_global(const ThPrototype *p, uint32_t *at, size_t *index, bool *called) {
  for (; *at < p->n_code; ++*at) {
    const ThInstruction *ins = &p->code[*at];
    *called = ins->code == TH_INS_GLOBAL_CALLEE;
    if (ins->code != TH_INS_GLOBAL && !*called) continue;
    *index = (size_t)ins->offset & (*called ? (size_t)TH_CALLEE_BUILTIN - 1 : SIZE_MAX);
    ++*at;
    return true;
  }
  return false;
}

static bool is_function_of_global(const ThSession *session, size_t index) {
  return th_is_function(session->globals[index].value) && !th_live_find(session, index);
}

static bool add_code(ThSession *session, ThReads *names, const ThPrototype *p, unsigned flags) {
  size_t index;
  bool called;
  for (uint32_t at = 0; next_global(p, &at, &index, &called);) {
    if ((flags & TH_NAMES_RUN) && !called && is_function_of_global(session, index)) continue;
    if (!th_reads_add(session, names, index)) return false;
  }
  for (uint32_t i = 0; i < p->n_constants && !(flags & TH_NAMES_RUN); i++)
    if (th_is(p->constants[i], &th_prototype_kind) &&
        !add_code(session, names, th_as_prototype(p->constants[i]), flags))
      return false;
  return true;
}

static bool add_function(ThSession *session, ThReads *names, ThValue f, unsigned flags, int deep) {
  if (!th_is_function(f)) return true;
  const ThFunction *function = th_as_function(f);
  if (!add_code(session, names, function->prototype, flags)) return false;
  for (size_t i = 0; deep > 0 && i < function->n_captured; i++)
    if (!add_function(session, names, function->captured[i], flags, deep - 1)) return false;
  return true;
}

ThReads *th_live_names(ThSession *session, ThValue thunk, unsigned flags) {
  ThReads *names = th_reads_new(session);
  bool ok = names && add_function(session, names, thunk, flags, MAX_CAPTURES_DEEP);
  for (size_t i = 0; ok && i < names->n; i++) {
    const ThDefinition *d = th_live_find(session, names->names[i]);
    if (!d || !d->declared)
      ok = add_function(session, names, session->globals[names->names[i]].value, flags, MAX_CAPTURES_DEEP);
    if (ok && d && d->state != TH_LIVE_KEPT && (flags & TH_NAMES_THROUGH))
      ok = add_function(session, names, d->thunk, flags, 0);
  }
  if (ok) return names;
  th_reads_release(&session->cx, names);
  return NULL;
}

/* --- Errors at the definition */

static bool is_known(const ThSession *session, size_t index) {
  const ThGlobal *global = &session->globals[index];
  return !th_is_unset(global->value) || !th_is_unset(global->builtin) || global->defined;
}

static bool fail_unknown(ThSession *session, size_t index) {
  ThValue v;
  if (index == session->last_name->index) {
    th_fail(&session->cx, TH_ERROR_NAME, "`_` is another value after every line: nothing can follow it");
    return th_hint(&session->cx, "give it a name first: `x = _`");
  }
  if (th_vm_global(session, index, &v)) th_release(v);
  return false;
}

/* Names that do not exist, in the code and in functions made in it. */
static bool check_known(ThSession *session, const ThSymbol *name, const ThPrototype *p) {
  size_t index;
  bool called;
  for (uint32_t at = 0; next_global(p, &at, &index, &called);) {
    if (index == name->index || (is_known(session, index) && index != session->last_name->index)) continue;
    fail_unknown(session, index);
    th_error_place(&session->cx, p->tree->source, p->sites[at - 1].span);
    return false;
  }
  for (uint32_t i = 0; i < p->n_constants; i++)
    if (th_is(p->constants[i], &th_prototype_kind) &&
        !check_known(session, name, th_as_prototype(p->constants[i])))
      return false;
  return true;
}

bool th_live_mention(ThSession *session, const ThReads *names) {
  for (size_t i = 0; i < names->n; i++) {
    ThLiveNode *node = th_live_node_make(session, names->names[i]);
    if (!node) return false;
    node->mentioned = true;
  }
  return true;
}

/* The first name in the code of a definition that leads to a target; NULL when that is the target itself. */
static bool leads_to(ThSession *session, ThValue thunk, size_t target, const ThSymbol **through) {
  const ThPrototype *p = th_as_function(thunk)->prototype;
  size_t index;
  bool called;
  *through = NULL;
  for (uint32_t at = 0; !*through && next_global(p, &at, &index, &called);) {
    const ThDefinition *d = th_live_find(session, index);
    if (index == target) return true;
    ThReads *names = th_live_names(session, d ? d->thunk : session->globals[index].value,
                                   TH_NAMES_RUN | TH_NAMES_THROUGH);
    if (!names) return false;
    if (th_reads_has(names, target)) *through = th_symbol_at(&session->cx, index);
    th_reads_release(&session->cx, names);
  }
  return true;
}

static bool fail_circle(ThSession *session, const ThSymbol *name, ThValue thunk) {
  const ThSymbol *through;
  if (!leads_to(session, thunk, name->index, &through)) return false;
  th_fail(&session->cx, TH_ERROR_NAME,
          through ? "`%s` would hang on itself through `%s`" : "`%s` would hang on itself", name->spelling,
          through ? through->spelling : "");
  return th_hint(&session->cx, "`:=` keeps a rule, not a value; to compute once write `%s = …`",
                 name->spelling);
}

/* A name that no definition leads to closes no circle, unless it leads to itself. */
static bool check_circle(ThSession *session, const ThSymbol *name, ThValue thunk) {
  const ThLiveNode *node = th_live_node(session, name->index);
  bool mentioned = node && node->mentioned;
  ThReads *names = th_live_names(session, thunk, mentioned ? TH_NAMES_RUN | TH_NAMES_THROUGH : TH_NAMES_RUN);
  if (!names) return false;
  bool found = th_reads_has(names, name->index);
  th_reads_release(&session->cx, names);
  return !found || fail_circle(session, name, thunk);
}

bool th_live_check(ThSession *session, const ThSymbol *name, ThValue thunk, ThReads **names) {
  if (name == session->last_name)
    return th_fail(&session->cx, TH_ERROR_NAME, "`_` is the last value: no rule can keep it");
  if (!check_known(session, name, th_as_function(thunk)->prototype) || !check_circle(session, name, thunk))
    return false;
  *names = th_live_names(session, thunk, 0);
  if (*names && th_live_mention(session, *names)) return true;
  th_reads_release(&session->cx, *names);
  return false;
}

/* --- Pictures */

bool th_live_may_draw(ThSession *session, const ThDefinition *d, bool *may) {
  ThReads *names = th_live_names(session, d->thunk, 0);
  *may = false;
  for (size_t i = 0; names && !*may && i < names->n; i++) {
    const ThGlobal *global = &session->globals[names->names[i]];
    const ThBuiltin *row = th_is_unset(global->value) ? th_builtin_row(global->builtin) : NULL;
    *may = row && strstr(row->signature, "-> plot");
  }
  th_reads_release(&session->cx, names);
  return names != NULL;
}

/* --- Where an ordinary value came from */

ThReads *th_live_origin(ThSession *session, const ThSymbol *name, ThValue statement) {
  ThReads *names = th_reads_new(session);
  bool ok = names && add_code(session, names, th_as_function(statement)->prototype, 0);
  if (ok && th_live_node_make(session, name->index)) return names;
  th_reads_release(&session->cx, names);
  return NULL;
}

void th_live_note_origin_take(ThSession *session, const ThSymbol *name, ThReads *origin) {
  ThLiveNode *node = th_live_node(session, name->index);
  th_reads_release(&session->cx, node->origin);
  node->origin = origin;
}

bool th_live_came_from(ThSession *session, size_t index, size_t ingredient, bool *found) {
  ThReads *names = th_reads_new(session);
  bool ok = names && th_reads_add(session, names, index);
  *found = false;
  for (size_t i = 0; ok && !*found && i < names->n; i++) {
    const ThLiveNode *node = th_live_node(session, names->names[i]);
    const ThReads *from = node->definition ? node->definition->reads : node->origin;
    *found = names->names[i] == ingredient;
    ok = !from || th_reads_add_all(session, names, from);
  }
  th_reads_release(&session->cx, names);
  return ok;
}
