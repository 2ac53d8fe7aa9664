/* replay_cache.c - functions that are differentiated again and again */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/replay_cache.h"

#include <string.h>

#include "val/array.h"
#include "val/basic.h"

/* Numbers and arrays that a function captured may be others the next time. */
static bool is_data(ThValue v) { return th_is_number(v) || th_is_array(v); }

static bool same_function(ThValue a, ThValue b) {
  if (a.bits == b.bits) return true;
  if (!th_is_function(a) || !th_is_function(b)) return false;
  const ThFunction *f = th_as_function(a), *g = th_as_function(b);
  if (f->prototype != g->prototype || f->n_captured != g->n_captured) return false;
  for (size_t i = 0; i < f->n_captured; i++)
    if (f->captured[i].bits != g->captured[i].bits && !(is_data(f->captured[i]) && is_data(g->captured[i])))
      return false;
  return true;
}

/* What tells functions apart before they are kept. */
static const void *mark_of(ThValue function) {
  return th_is_function(function) ? (const void *)th_as_function(function)->prototype
                                  : th_as_object(function);
}

static struct ThReplayCache *cache_of(ThSession *session) {
  if (session->replays) return session->replays;
  struct ThReplayCache *cache = th_alloc(&session->cx, sizeof *cache);
  if (!cache) return NULL;
  memset(cache, 0, sizeof *cache);
  return session->replays = cache;
}

/* Was it asked for before? From now on it was. */
static bool was_seen(struct ThReplayCache *cache, ThValue function) {
  const void *mark = mark_of(function);
  for (size_t i = 0; i < TH_REPLAY_ENTRIES; i++)
    if (cache->seen[i] == mark) return true;
  cache->seen[cache->next_seen] = mark;
  cache->next_seen = (cache->next_seen + 1) % TH_REPLAY_ENTRIES;
  return false;
}

static void drop_entry(ThReplayEntry *entry) {
  if (!entry->replay) return;
  th_replay_free(entry->replay);
  th_release(entry->function);
  *entry = (ThReplayEntry){0};
}

/* Is it free, this function's, and for points of this form? */
static bool matches(const ThReplayEntry *entry, ThValue function, ThValue point) {
  return entry->replay && !entry->is_busy && same_function(entry->function, function) &&
         th_replay_fits(entry->replay, point);
}

/* The place of the one that was used longest ago; NULL when all are busy. */
static ThReplayEntry *oldest_entry(struct ThReplayCache *cache) {
  ThReplayEntry *oldest = NULL;
  for (size_t i = 0; i < TH_REPLAY_ENTRIES; i++) {
    ThReplayEntry *entry = &cache->entries[i];
    if (!entry->is_busy && (!oldest || entry->used < oldest->used)) oldest = entry;
  }
  return oldest;
}

static bool add_entry(ThContext *cx, struct ThReplayCache *cache, const char *name, ThValue function,
                      ThValue point, ThReplayEntry **out) {
  ThReplayEntry *entry = *out = oldest_entry(cache);
  if (!entry) return true;
  drop_entry(entry);
  ThReplay *replay = th_replay_new(cx, name, function, point);
  if (!replay) return false;
  *entry = (ThReplayEntry){.function = th_retain(function), .replay = replay};
  return true;
}

bool th_replay_borrow(ThContext *cx, const char *name, ThValue function, ThValue point,
                      ThReplayEntry **entry) {
  struct ThReplayCache *cache = cache_of(th_session_of(cx));
  ThReplayEntry *found = NULL;
  *entry = NULL;
  if (!cache) return false;
  if (!th_is_function(function) || !th_replay_takes(point)) return true;
  for (size_t i = 0; i < TH_REPLAY_ENTRIES && !found; i++)
    if (matches(&cache->entries[i], function, point)) found = &cache->entries[i];
  if (!found) {
    if (!was_seen(cache, function)) return true;
    if (!add_entry(cx, cache, name, function, point, &found)) return false;
  }
  if (!found) return true;
  th_replay_set_function(found->replay, function);
  th_replace_take(&found->function, th_retain(function));
  found->used = ++cache->clock;
  found->is_busy = true;
  *entry = found;
  return true;
}

void th_replay_give_back(ThReplayEntry *entry, bool ok) {
  entry->is_busy = false;
  if (!ok) drop_entry(entry);
}

void th_replay_cache_clear(ThSession *session) {
  if (!session->replays) return;
  for (size_t i = 0; i < TH_REPLAY_ENTRIES; i++) drop_entry(&session->replays->entries[i]);
  th_free(&session->cx, session->replays, sizeof *session->replays);
  session->replays = NULL;
}
