/* replay_cache.h - functions that are differentiated again and again */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_REPLAY_CACHE_H
#define TH_LANG_REPLAY_CACHE_H

#include "lang/replay.h"
#include "lang/vm.h"

/* grad(f, x) in a loop: the second time that a session is asked for the same function at a point of the same form it
 * keeps the function's replay. A function is the same when its code is, and the values that it captured are, but for
 * numbers and arrays. */
typedef struct ThReplayEntry {
  ThValue function; /* retained once it has a replay */
  ThReplay *replay;
  uint64_t used;
  bool is_busy; /* it runs: it may neither be given out again nor make room for another */
} ThReplayEntry;

enum { TH_REPLAY_ENTRIES = 4 };
struct ThReplayCache {
  ThReplayEntry entries[TH_REPLAY_ENTRIES];
  const void *seen[TH_REPLAY_ENTRIES]; /* what was asked for once: the code; never looked into */
  size_t next_seen;
  uint64_t clock;
};

/* The entry of a function, for points of this form, busy until it is given back. *entry is NULL when there is none
 * (yet). */
TH_CHECKED bool th_replay_borrow(ThContext *cx, const char *name, ThValue function, ThValue point,
                                 ThReplayEntry **entry);
/* An entry with which something went wrong is dropped. */
void th_replay_give_back(ThReplayEntry *entry, bool ok);
void th_replay_cache_clear(ThSession *session);

#endif
