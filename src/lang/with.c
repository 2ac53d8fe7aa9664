/* with.c - one-off values: an expression while names have other values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names are replaced, what hangs on them becomes stale and is computed anew as the expression needs it;
 * then every name and every definition gets back what it had. Nothing is changed behind the person's back.
 * While that goes on, a journal takes down each definition before it changes: the cost is that of what hangs on
 * the names, however many others there are. */
#include <stdio.h>
#include <string.h>

#include "lang/live.h"
#include "num/random.h"

/* What a definition was. */
typedef struct JournalEntry {
  uint32_t name;
  uint64_t id;
  ThValue value;  /* of its global */
  ThValue source; /* declared: the distribution */
  ThLiveState state;
  ThError *failure;
  ThReads *reads;
} JournalEntry;

struct ThJournal {
  struct ThJournal *outer;
  uint64_t serial;
  JournalEntry *entries;
  size_t n, capacity;
};

static JournalEntry *next_entry(ThSession *session, struct ThJournal *journal) {
  if (journal->n == journal->capacity) {
    size_t capacity = journal->capacity * 2 + 8, size = sizeof *journal->entries;
    JournalEntry *grown = th_resize(&session->cx, journal->entries, journal->capacity * size,
                                    capacity * size);
    if (!grown) return NULL;
    journal->entries = grown;
    journal->capacity = capacity;
  }
  return &journal->entries[journal->n++];
}

bool th_journal_note(ThSession *session, ThDefinition *d) {
  struct ThJournal *journal = session->graph.journal;
  if (!journal || d->journaled == journal->serial) return true;
  JournalEntry *entry = next_entry(session, journal);
  if (!entry) return false;
  *entry = (JournalEntry){.name = d->name->index,
                          .id = d->id,
                          .value = th_retain(session->globals[d->name->index].value),
                          .source = th_retain(d->source),
                          .state = d->state,
                          .failure = d->failure,
                          .reads = th_reads_retain(d->reads)};
  d->failure = NULL; /* whoever is about to change the definition has no use for it */
  d->journaled = journal->serial;
  return true;
}

/* A definition as it was. A declared variable gets its distribution back. */
static bool restore(ThSession *session, JournalEntry *entry) {
  ThDefinition *d = th_live_find(session, entry->name);
  bool ok = true;
  if (!d || d->id != entry->id) return true;
  if (d->source.bits != entry->source.bits && !th_is_unset(entry->source) && session->hooks.redeclare)
    ok = session->hooks.redeclare(&session->cx, d->variable, entry->source);
  th_replace_take(&d->source, th_retain(entry->source));
  th_replace_take(&session->globals[entry->name].value, th_retain(entry->value));
  ThReads *reads = d->reads;
  d->reads = entry->reads;
  entry->reads = reads;
  th_live_drop_failure(&session->cx, d);
  d->failure = entry->failure;
  entry->failure = NULL;
  th_live_set_state(session, d, entry->state);
  if (ok && (entry->state == TH_LIVE_STALE || th_live_connect(session, d))) return true;
  if (entry->state != TH_LIVE_STALE) th_live_invalidate(session, d);
  return false;
}

static void entry_clear(ThContext *cx, JournalEntry *entry) {
  ThDefinition holder = {.failure = entry->failure};
  th_live_drop_failure(cx, &holder);
  th_release(entry->value);
  th_release(entry->source);
  th_reads_release(cx, entry->reads);
}

/* Everything as it was, the last change first. */
static bool journal_close(ThSession *session, struct ThJournal *journal) {
  bool ok = true;
  session->graph.journal = journal->outer;
  for (size_t i = journal->n; i-- > 0;) {
    ok = restore(session, &journal->entries[i]) && ok;
    entry_clear(&session->cx, &journal->entries[i]);
  }
  th_free(&session->cx, journal->entries, journal->capacity * sizeof *journal->entries);
  return ok;
}

/* --- Other values for some names */

typedef struct Scene {
  ThSession *session;
  struct ThJournal journal;
  ThSymbol *const *names;
  size_t n;
  ThValue *before; /* the values of the names */
} Scene;

/* Puts the names' values in place; what hangs on them is stale. */
static bool scene_open(Scene *scene, const ThValue *values) {
  ThSession *session = scene->session;
  if (!(scene->before = th_alloc_array(&session->cx, scene->n, sizeof *scene->before))) return false;
  for (size_t i = 0; i < scene->n; i++)
    scene->before[i] = th_retain(session->globals[scene->names[i]->index].value);
  scene->journal = (struct ThJournal){.outer = session->graph.journal, .serial = ++session->graph.serial};
  session->graph.journal = &scene->journal;
  for (size_t i = 0; i < scene->n; i++) {
    ThDefinition *d = th_live_find(session, scene->names[i]->index);
    if (d && !th_live_detach(session, d, TH_LIVE_FRESH)) return false; /* as if its value hung on nothing */
    th_replace_take(&session->globals[scene->names[i]->index].value, th_retain(values[i]));
  }
  for (size_t i = 0; i < scene->n; i++) th_live_changed(session, scene->names[i]->index);
  return true;
}

static bool scene_close(Scene *scene) {
  ThSession *session = scene->session;
  if (!scene->before) return true;
  for (size_t i = 0; i < scene->n; i++)
    th_replace_take(&session->globals[scene->names[i]->index].value, scene->before[i]);
  th_free(&session->cx, scene->before, scene->n * sizeof *scene->before);
  return journal_close(session, &scene->journal);
}

/* --- Does the expression depend on the names? */

/* An ordinary name that the expression reads, directly or through definitions, and whose value came from
 * `name`; NULL when there is none. */
static bool computed_once(ThSession *session, const ThReads *names, const ThSymbol *name,
                          const ThSymbol **once) {
  bool found = false;
  *once = NULL;
  for (size_t i = 0; !found && i < names->n; i++) {
    if (th_live_find(session, names->names[i])) continue;
    if (!th_live_came_from(session, names->names[i], name->index, &found)) return false;
    if (found) *once = th_symbol_at(&session->cx, names->names[i]);
  }
  return true;
}

/* "it depends on `a`, `b`": the ordinary values that the expression leads to. */
static bool hint_ingredients(ThSession *session, const ThReads *reached) {
  char list[160] = "";
  size_t used = 0, count = 0;
  for (size_t i = 0; i < reached->n && used < sizeof list - 40; i++) {
    const ThGlobal *global = &session->globals[reached->names[i]];
    if (global->order == 0 || global->defined || th_is_function(global->value)) continue;
    int wrote = snprintf(list + used, sizeof list - used, "%s`%s`", count++ ? ", " : "",
                         th_symbol_at(&session->cx, reached->names[i])->spelling);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  return th_hint(&session->cx, count ? "it depends on %s" : "it depends on no name%s", list);
}

static bool not_read(ThSession *session, const ThSymbol *name, ThValue before, const ThReads *reached) {
  const ThGlobal *global = &session->globals[name->index];
  if (th_is_unset(before) && !global->defined && th_is_unset(global->builtin)) {
    th_fail(&session->cx, TH_ERROR_NAME, "`%s` after `with` is not defined", name->spelling);
    const char *nearest = th_session_nearest_name(session, name);
    return nearest ? th_hint(&session->cx, "did you mean `%s`?", nearest) : false;
  }
  const ThSymbol *once;
  if (!computed_once(session, reached, name, &once)) return false;
  th_fail(&session->cx, TH_ERROR_NAME, "the value before `with` does not depend on `%s`", name->spelling);
  if (once) return th_hint(&session->cx, "`%s` was computed with `=`; use `:=`", once->spelling);
  return hint_ingredients(session, reached);
}

/* By what it read, or else by what its code names: a branch that was not taken counts. */
static bool check_depends(ThSession *session, ThValue thunk, const ThReads *reads, const Scene *scene) {
  ThReads *reached = NULL;
  bool ok = true;
  for (size_t i = 0; ok && i < scene->n; i++) {
    if (th_live_depends(session, reads, scene->names[i]->index)) continue;
    if (!reached) reached = th_live_names(session, thunk, TH_NAMES_THROUGH);
    ok = reached && (th_reads_has(reached, scene->names[i]->index) ||
                     not_read(session, scene->names[i], scene->before[i], reached));
  }
  th_reads_release(&session->cx, reached);
  return ok;
}

static bool is_replaced(const Scene *scene, size_t index) {
  for (size_t k = 0; k < scene->n; k++)
    if (scene->names[k]->index == index) return true;
  return false;
}

/* What is evaluated around the `with` hangs on all that the expression hung on, but for the names that had other
 * values: definitions that are stale again afterwards would not tell of a change of theirs. */
static bool tell_outer(ThSession *session, const ThReads *reads, const Scene *scene) {
  if (!session->vm.reads) return true;
  ThReads *all = th_reads_new(session);
  bool ok = all && th_reads_add_all(session, all, reads);
  for (size_t i = 0; ok && i < all->n; i++) {
    const ThDefinition *d = th_live_find(session, all->names[i]);
    if (d && !is_replaced(scene, all->names[i])) ok = th_reads_add_all(session, all, d->reads);
  }
  for (size_t i = 0; ok && i < all->n; i++)
    ok = is_replaced(scene, all->names[i]) || th_live_read(session, all->names[i]);
  th_reads_release(&session->cx, all);
  return ok;
}

bool th_live_with(ThSession *session, ThValue thunk, ThSymbol *const *names, const ThValue *values, size_t n,
                  ThValue *out) {
  Scene scene = {.session = session, .names = names, .n = n};
  ThReads *reads = NULL;
  bool have = false, ok = scene_open(&scene, values);
  if (ok) have = ok = th_live_evaluate(session, NULL, thunk, &reads, NULL, out);
  ok = ok && check_depends(session, thunk, reads, &scene) && tell_outer(session, reads, &scene);
  ThError error;
  th_error_take(&session->cx, &error);
  bool closed = scene_close(&scene);
  if (!ok) th_error_restore(&session->cx, &error);
  ok = ok && closed;
  if (have && !ok) th_release(*out);
  th_reads_release(&session->cx, reads);
  return ok;
}
