/* session_names.c - known names */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lang/lexer.h"
#include "lang/vm.h"

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
