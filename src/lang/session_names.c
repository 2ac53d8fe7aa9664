/* session_names.c - known names, checkpoints */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lang/lexer.h"
#include "lang/live.h"
#include "num/random.h"

static bool is_known(const ThSession *session, size_t index) {
  return index < session->n_globals &&
         (session->globals[index].defined || !th_is_unset(session->globals[index].value) ||
          !th_is_unset(session->globals[index].builtin));
}

static bool starts_with(const char *name, const char *prefix, size_t length) {
  return strncmp(name, prefix, length) == 0;
}

/* --- Names in order of definition */

typedef struct Named {
  uint32_t order;
  ThSymbol *name;
} Named;

static int by_order(const void *a, const void *b) {
  uint32_t p = ((const Named *)a)->order, q = ((const Named *)b)->order;
  return (p > q) - (p < q);
}

static bool is_defined(const ThSession *session, size_t index) {
  return session->globals[index].order > 0 && index != session->last_name->index;
}

ThSymbol **th_session_names(ThSession *session, size_t *n) {
  ThContext *cx = &session->cx;
  size_t count = 0, at = 0;
  for (size_t i = 0; i < session->n_globals; i++) count += is_defined(session, i);
  *n = 0;
  Named *named = th_alloc_array(cx, count + 1, sizeof *named);
  ThSymbol **names = named ? th_alloc_array(cx, count + 1, sizeof *names) : NULL;
  for (size_t i = 0; names && i < session->n_globals; i++)
    if (is_defined(session, i)) named[at++] = (Named){session->globals[i].order, th_symbol_at(cx, i)};
  if (at > 1) qsort(named, at, sizeof *named, by_order);
  for (size_t i = 0; i < at; i++) names[i] = named[i].name;
  if (names) names[count] = NULL;
  th_free(cx, named, (count + 1) * sizeof *named);
  *n = at;
  return names;
}

void th_session_names_free(ThSession *session, ThSymbol **names, size_t n) {
  th_free(&session->cx, names, (n + 1) * sizeof *names);
}

/* --- Names that are near */

/* How far a known name is from one that is not: the beginning of a name is near it, and so is another case; what
 * the person defined is nearer than what is built in. In halves. */
static size_t distance_of(const ThSession *session, const ThSymbol *known, const ThSymbol *name) {
  size_t length = strlen(name->name);
  size_t distance = 2 * th_name_distance(known->name, name->name);
  if (strcasecmp(known->name, name->name) == 0) distance = 0;
  else if (length >= 3 && starts_with(known->name, name->name, length)) distance = 2;
  return distance + (session->globals[known->index].order == 0);
}

/* Names of one or two letters are near everything: they are offered only for a change of case. */
const char *th_session_nearest_name(ThSession *session, const ThSymbol *name) {
  size_t length = strlen(name->name);
  size_t nearest = length <= 2 ? 2 : length <= 4 ? 4 : 6;
  const char *best = NULL;
  for (size_t i = 0; i < th_symbol_count(&session->cx); i++) {
    const ThSymbol *other = th_symbol_at(&session->cx, i);
    if (other == name || !is_known(session, i) || strcmp(other->name, "_") == 0) continue;
    size_t distance = distance_of(session, other, name);
    if (distance < nearest) nearest = distance, best = other->spelling;
  }
  return best;
}

void th_session_complete(ThSession *session, const char *prefix, size_t length,
                         bool (*found)(void *self, const char *name), void *self) {
  for (size_t i = 0; i < th_symbol_count(&session->cx); i++) {
    const ThSymbol *name = th_symbol_at(&session->cx, i);
    if (!is_known(session, i)) continue;
    if (!starts_with(name->spelling, prefix, length) && !starts_with(name->name, prefix, length)) continue;
    if (!found(self, name->spelling)) return;
  }
  const char *word;
  for (size_t i = 0; (word = th_reserved_word(i)); i++)
    if (starts_with(word, prefix, length) && !found(self, word)) return;
}

/* A copy of every global's value; values are shared until somebody changes theirs. */
struct ThCheckpoint {
  size_t n_globals;
  uint32_t last_order;
  uint64_t seed;
  size_t log_start, n_log;
  ThRandom random;
  ThValue last;
  ThDefinition *definitions;
  struct {
    ThValue value;
    uint32_t order;
  } globals[];
};

static size_t checkpoint_size(size_t n) {
  const ThCheckpoint *c = NULL;
  return sizeof *c + n * sizeof c->globals[0];
}

ThCheckpoint *th_session_checkpoint(ThSession *session) {
  size_t n = session->n_globals;
  ThCheckpoint *c = th_alloc(&session->cx, checkpoint_size(n));
  if (!c) return NULL;
  c->n_globals = n;
  c->last_order = session->last_order;
  c->seed = session->seed;
  c->log_start = session->log.start;
  c->n_log = session->log.n;
  c->random = *session->cx.random;
  c->last = th_retain(session->last);
  if (!th_live_copy(session, &c->definitions)) {
    th_release(c->last);
    th_free(&session->cx, c, checkpoint_size(n));
    return NULL;
  }
  for (size_t i = 0; i < n; i++) {
    c->globals[i].value = th_retain(session->globals[i].value);
    c->globals[i].order = session->globals[i].order;
  }
  return c;
}

bool th_session_restore(ThSession *session, const ThCheckpoint *c) {
  if (!th_session_reserve(session) || !th_live_restore(session, c->definitions)) return false;
  for (size_t i = 0; i < session->n_globals; i++) {
    bool kept = i < c->n_globals;
    th_replace_take(&session->globals[i].value, kept ? th_retain(c->globals[i].value) : th_unset());
    session->globals[i].order = kept ? c->globals[i].order : 0;
  }
  session->last_order = c->last_order;
  session->seed = c->seed;
  th_log_rewind(session, c->log_start, c->n_log);
  *session->cx.random = c->random;
  th_replace_take(&session->last, th_retain(c->last));
  return true;
}

bool th_session_differs(const ThSession *session, const ThCheckpoint *c) {
  for (size_t i = 0; i < session->n_globals; i++) {
    if (i == session->last_name->index) continue;
    uint32_t order = i < c->n_globals ? c->globals[i].order : 0;
    bool had = i < c->n_globals && !session->globals[i].defined;
    if (session->globals[i].order != order) return true;
    if (had && session->globals[i].value.bits != c->globals[i].value.bits) return true;
  }
  const ThDefinition *now = session->definitions, *then = c->definitions;
  for (; now && then; now = now->next, then = then->next)
    if (now->name != then->name || now->thunk.bits != then->thunk.bits) return true;
  return now || then;
}

void th_checkpoint_free(ThSession *session, ThCheckpoint *c) {
  if (!c) return;
  for (size_t i = 0; i < c->n_globals; i++) th_release(c->globals[i].value);
  th_release(c->last);
  th_live_free(session, c->definitions);
  th_free(&session->cx, c, checkpoint_size(c->n_globals));
}
