/* checkpoint.c - all names and definitions as they are now, and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values, code and what definitions read are shared with the session until somebody changes theirs: a
 * checkpoint costs some words a name. */
#include <string.h>

#include "lang/live.h"
#include "lang/log.h"
#include "num/random.h"

typedef struct NameCopy {
  uint32_t index, order;
  ThValue value;
} NameCopy;

typedef struct DefinitionCopy {
  ThSymbol *name;
  ThValue thunk, variable, source;
  size_t count;
  ThLiveState state;
  bool declared, random, draws;
  ThReads *reads;
} DefinitionCopy;

struct ThCheckpoint {
  uint32_t last_order;
  uint64_t seed;
  size_t log_start, n_log;
  ThRandom random;
  ThValue last;
  size_t n_names, n_definitions; /* filled */
  size_t name_room, definition_room;
  NameCopy *names; /* in order of index */
  DefinitionCopy *definitions;
};

/* --- Taking one */

static DefinitionCopy copy_definition(const ThDefinition *d) {
  return (DefinitionCopy){.name = d->name,
                          .thunk = th_retain(d->thunk),
                          .variable = th_retain(d->variable),
                          .source = th_retain(d->source),
                          .count = d->count,
                          .declared = d->declared,
                          .state = th_live_is_settled(d) ? d->state : TH_LIVE_STALE,
                          .random = d->random,
                          .draws = d->draws,
                          .reads = th_reads_retain(d->reads)};
}

static void fill(const ThSession *session, ThCheckpoint *c) {
  for (size_t i = 0; i < session->n_globals; i++) {
    const ThGlobal *global = &session->globals[i];
    if (global->order == 0) continue;
    c->names[c->n_names++] = (NameCopy){(uint32_t)i, global->order, th_retain(global->value)};
  }
  for (const ThDefinition *d = session->graph.first; d; d = d->next)
    c->definitions[c->n_definitions++] = copy_definition(d);
}

ThCheckpoint *th_session_checkpoint(ThSession *session) {
  ThContext *cx = &session->cx;
  ThCheckpoint *c = th_alloc(cx, sizeof *c);
  if (!c) return NULL;
  *c = (ThCheckpoint){.last_order = session->last_order,
                      .seed = session->seed,
                      .log_start = session->log.start,
                      .n_log = session->log.n,
                      .random = *cx->random,
                      .last = th_retain(session->last)};
  for (size_t i = 0; i < session->n_globals; i++) c->name_room += session->globals[i].order != 0;
  for (const ThDefinition *d = session->graph.first; d; d = d->next) c->definition_room++;
  c->names = th_alloc_array(cx, c->name_room + 1, sizeof *c->names);
  c->definitions = c->names ? th_alloc_array(cx, c->definition_room + 1, sizeof *c->definitions) : NULL;
  if (c->definitions) {
    fill(session, c);
    return c;
  }
  th_checkpoint_free(session, c);
  return NULL;
}

void th_checkpoint_free(ThSession *session, ThCheckpoint *c) {
  ThContext *cx = &session->cx;
  if (!c) return;
  for (size_t i = 0; i < c->n_names; i++) th_release(c->names[i].value);
  for (size_t i = 0; i < c->n_definitions; i++) {
    const DefinitionCopy *copy = &c->definitions[i];
    th_release(copy->thunk);
    th_release(copy->variable);
    th_release(copy->source);
    th_reads_release(cx, copy->reads);
  }
  th_release(c->last);
  if (c->names) th_free(cx, c->names, (c->name_room + 1) * sizeof *c->names);
  if (c->definitions) th_free(cx, c->definitions, (c->definition_room + 1) * sizeof *c->definitions);
  th_free(cx, c, sizeof *c);
}

/* --- Going back */

/* What stands on the screen now, of each definition that gives pictures. */
typedef struct Shown {
  const ThSymbol *name;
  ThValue value;
} Shown;

static Shown *screen_of(ThSession *session, size_t *n) {
  *n = session->graph.n_pictures;
  Shown *shown = th_alloc_array(&session->cx, *n + 1, sizeof *shown);
  size_t i = 0;
  for (const ThDefinition *d = session->graph.first; shown && d; d = d->next)
    if (d->draws) shown[i++] = (Shown){d->name, th_retain(d->shown)};
  return shown;
}

static void screen_back(ThSession *session, Shown *shown, size_t n) {
  for (size_t i = 0; i < n; i++) {
    ThDefinition *d = th_live_find(session, shown[i].name->index);
    if (d && d->draws) th_live_shown(d, shown[i].value);
    th_release(shown[i].value);
  }
  th_free(&session->cx, shown, (n + 1) * sizeof *shown);
}

static bool restore_definition(ThSession *session, const DefinitionCopy *copy) {
  ThDefinition *d = th_live_add(session, copy->name, copy->thunk);
  bool ok = true;
  if (!d) return false;
  d->variable = th_retain(copy->variable);
  d->source = th_retain(copy->source);
  d->count = copy->count;
  d->random = copy->random;
  d->reads = th_reads_retain(copy->reads);
  if (copy->draws) th_live_draws(session, d);
  if (copy->declared && session->hooks.redeclare)
    ok = session->hooks.redeclare(&session->cx, d->variable, d->source);
  ok = ok && (copy->state == TH_LIVE_STALE || th_live_connect(session, d));
  d->state = ok ? copy->state : TH_LIVE_STALE;
  d->declared = copy->declared;
  session->graph.n_stale_declared += d->declared && !th_live_is_settled(d);
  return ok;
}

static void restore_names(ThSession *session, const ThCheckpoint *c) {
  size_t k = 0;
  for (size_t i = 0; i < session->n_globals; i++) {
    bool kept = k < c->n_names && c->names[k].index == i;
    th_replace_take(&session->globals[i].value, kept ? th_retain(c->names[k].value) : th_unset());
    session->globals[i].order = kept ? c->names[k++].order : 0;
  }
}

bool th_session_restore(ThSession *session, const ThCheckpoint *c) {
  size_t n_shown;
  bool ok = true;
  Shown *shown = th_session_reserve(session) ? screen_of(session, &n_shown) : NULL;
  if (!shown) return false;
  th_live_clear(session);
  restore_names(session, c);
  for (size_t i = 0; ok && i < c->n_definitions; i++) ok = restore_definition(session, &c->definitions[i]);
  screen_back(session, shown, n_shown);
  session->last_order = c->last_order;
  session->seed = c->seed;
  th_log_rewind(session, c->log_start, c->n_log);
  *session->cx.random = c->random;
  th_replace_take(&session->last, th_retain(c->last));
  return ok;
}

/* --- Comparing */

static bool names_differ(const ThSession *session, const ThCheckpoint *c) {
  size_t k = 0;
  for (size_t i = 0; i < session->n_globals; i++) {
    const ThGlobal *global = &session->globals[i];
    const NameCopy *copy = k < c->n_names && c->names[k].index == i ? &c->names[k++] : NULL;
    if (i == session->last_name->index) continue;
    if (global->order != (copy ? copy->order : 0)) return true;
    if (copy && !global->defined && global->value.bits != copy->value.bits) return true;
  }
  return false;
}

bool th_session_differs(const ThSession *session, const ThCheckpoint *c) {
  if (names_differ(session, c)) return true;
  size_t i = 0;
  for (const ThDefinition *d = session->graph.first; d; d = d->next, i++)
    if (i == c->n_definitions || c->definitions[i].name != d->name ||
        c->definitions[i].thunk.bits != d->thunk.bits)
      return true;
  return i != c->n_definitions;
}
