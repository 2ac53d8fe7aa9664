/* log.c - which statements made the names that are in force */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that a statement writes and reads are those in its text. The ones it reads may be too many (a
 * parameter that has a global's name), never too few: what builds on the log is then more careful than it
 * need be. */
#include "lang/log.h"

#include <string.h>

#include "lang/vm.h"

/* --- Names of a statement */

static bool contains(ThSymbol *const *names, size_t n, const ThSymbol *name) {
  for (size_t i = 0; i < n; i++)
    if (names[i] == name) return true;
  return false;
}

static bool add_name(ThContext *cx, ThSymbol ***names, size_t n, ThSymbol *name) {
  ThSymbol **grown = th_resize(cx, *names, n * sizeof *grown, (n + 1) * sizeof *grown);
  if (!grown) return false;
  *names = grown;
  grown[n] = name;
  return true;
}

static bool add_read(ThContext *cx, ThLogEntry *e, ThSymbol *name) {
  if (contains(e->read, e->n_read, name)) return true;
  if (!add_name(cx, &e->read, e->n_read, name)) return false;
  e->n_read++;
  return true;
}

/* With what it holds so far. That another holds it too keeps it from being changed in place. */
static bool add_written(ThContext *cx, ThLogEntry *e, ThSymbol *name) {
  ThSession *session = th_session_of(cx);
  ThLog *log = &session->log;
  size_t n = e->n_written, size = sizeof *log->before;
  if (contains(e->written, n, name)) return true;
  if (!add_name(cx, &e->written, n, name)) return false;
  ThValue *grown = th_resize(cx, log->before, n * size, (n + 1) * size), held = th_unset();
  if (!grown) {
    th_free(cx, e->written, (n + 1) * sizeof *e->written);
    e->written = NULL;
    return false;
  }
  log->before = grown;
  grown[n] = th_session_get(session, name, &held) ? th_retain(held) : th_unset();
  e->n_written++;
  return true;
}

/* x, x[2], r.a, (a, b) on the left of `=` or `~`. */
static bool add_target(ThContext *cx, ThLogEntry *e, const ThNode *target) {
  bool part = false, ok = true;
  for (; target->kind == TH_NODE_INDEX || target->kind == TH_NODE_FIELD; target = target->items[0])
    part = true;
  if (target->kind == TH_NODE_NAME)
    return add_written(cx, e, target->name) && (!part || add_read(cx, e, target->name));
  for (size_t i = 0; ok && target->kind == TH_NODE_TUPLE && i < target->n_items; i++)
    ok = add_target(cx, e, target->items[i]);
  return ok;
}

static bool add_targets(ThContext *cx, ThLogEntry *e, const ThNode *node) {
  switch (node->kind) {
    case TH_NODE_ASSIGN:
      if (node->op != TH_N_OPERATORS && node->items[0]->kind == TH_NODE_NAME &&
          !add_read(cx, e, node->items[0]->name))
        return false;
      return add_target(cx, e, node->items[0]);
    case TH_NODE_DECLARE:
      for (size_t i = 0; i + 1 < node->n_items; i++)
        if (!add_target(cx, e, node->items[i])) return false;
      return true;
    case TH_NODE_DEFINE:
    case TH_NODE_LIVE:
    case TH_NODE_DATA:
    case TH_NODE_MODEL: return add_written(cx, e, node->name);
    default: return true;
  }
}

/* Is the i-th item of a node a name that is only written? */
static bool is_written_only(const ThNode *node, size_t i) {
  bool target = node->kind == TH_NODE_ASSIGN ? i == 0
                                             : node->kind == TH_NODE_DECLARE && i + 1 < node->n_items;
  return target && (node->items[i]->kind == TH_NODE_NAME || node->items[i]->kind == TH_NODE_TUPLE);
}

/* All names below a node; those assigned inside a function are its own. */
static bool add_names(ThContext *cx, ThLogEntry *e, const ThNode *node, bool local) {
  if (!node) return true;
  if (!local && !add_targets(cx, e, node)) return false;
  if ((node->kind == TH_NODE_NAME || node->kind == TH_NODE_QUERY) && !add_read(cx, e, node->name))
    return false;
  bool inside = local || node->kind == TH_NODE_LAMBDA;
  e->functions = e->functions || node->kind == TH_NODE_LAMBDA;
  for (size_t i = 0; i < node->n_items; i++)
    if (!is_written_only(node, i) && !add_names(cx, e, node->items[i], inside)) return false;
  return true;
}

/* --- Entries */

static void clear_before(ThSession *session) {
  ThLog *log = &session->log;
  size_t n = log->open.n_written;
  th_release_all(log->before, n);
  th_free(&session->cx, log->before, n * sizeof *log->before);
  log->before = NULL;
}

static void clear_entry(ThContext *cx, ThLogEntry *e) {
  th_source_release(e->source);
  th_free(cx, e->written, e->n_written * sizeof *e->written);
  th_free(cx, e->read, e->n_read * sizeof *e->read);
  *e = (ThLogEntry){0};
}

static bool reserve(ThSession *session) {
  ThLog *log = &session->log;
  if (log->n < log->capacity) return true;
  size_t capacity = 2 * log->capacity + 64, size = sizeof *log->entries;
  ThLogEntry *grown = th_resize(&session->cx, log->entries, log->capacity * size, capacity * size);
  if (!grown) return false;
  log->entries = grown;
  log->capacity = capacity;
  return true;
}

void th_log_keep(ThSession *session) { session->log.keeps = true; }

const ThLogEntry *th_log_at(const ThSession *session, size_t i) {
  const ThLog *log = &session->log;
  return log->start + i < log->n ? &log->entries[log->start + i] : NULL;
}

static void open_entry(ThLog *log, const ThTree *tree, const ThNode *statement, const ThRandom *random) {
  ThNodeKind kind = statement->kind;
  bool names_function = kind == TH_NODE_ASSIGN && statement->items[0]->kind == TH_NODE_NAME &&
                        statement->items[1]->kind == TH_NODE_LAMBDA;
  log->open = (ThLogEntry){.source = th_source_retain(tree->source),
                           .span = statement->span,
                           .defines = kind == TH_NODE_DEFINE || kind == TH_NODE_MODEL || names_function,
                           .follows = kind == TH_NODE_LIVE || kind == TH_NODE_DECLARE};
  memcpy(&log->random, random, sizeof log->random);
}

static void drop_open(ThSession *session) {
  clear_before(session);
  clear_entry(&session->cx, &session->log.open);
}

bool th_log_begin(ThSession *session, const ThTree *tree, const ThNode *statement) {
  ThLog *log = &session->log;
  if (!log->keeps) return true;
  if (log->depth == 0) {
    if (!reserve(session)) return false;
    open_entry(log, tree, statement, session->cx.random);
  }
  if (!add_names(&session->cx, &log->open, statement, false)) {
    if (log->depth == 0) drop_open(session);
    return false;
  }
  log->depth++;
  return true;
}

/* A statement that failed did not write all its names: those that hold what they held are taken out. */
static void drop_unchanged(ThSession *session) {
  ThLog *log = &session->log;
  ThLogEntry *e = &log->open;
  size_t n = e->n_written, kept = 0;
  for (size_t i = 0; i < n; i++) {
    ThValue now = th_unset();
    if (!th_session_get(session, e->written[i], &now)) now = th_unset();
    bool live = session->globals[e->written[i]->index].defined; /* fresh or stale, by its definition */
    if (!live && now.bits != log->before[i].bits) e->written[kept++] = e->written[i];
  }
  clear_before(session);
  ThSymbol **shrunk = NULL;
  if (kept == 0) th_free(&session->cx, e->written, n * sizeof *shrunk);
  else shrunk = th_heap_resize(&session->cx.heap, e->written, n * sizeof *shrunk, kept * sizeof *shrunk);
  if (kept && !shrunk) return; /* too many names are kept: the error of the statement is what counts */
  e->written = shrunk;
  e->n_written = kept;
}

void th_log_end(ThSession *session, bool ok) {
  ThLog *log = &session->log;
  if (!log->keeps || --log->depth > 0) return;
  log->open.exact = ok && memcmp(&log->random, session->cx.random, sizeof log->random) == 0;
  if (!ok) drop_unchanged(session);
  else clear_before(session);
  if (log->open.n_written > 0) log->entries[log->n++] = log->open;
  else clear_entry(&session->cx, &log->open);
  log->open = (ThLogEntry){0};
}

void th_log_forget(ThSession *session) { session->log.start = session->log.n; }

void th_log_rewind(ThSession *session, size_t start, size_t n) {
  ThLog *log = &session->log;
  while (log->n > n) clear_entry(&session->cx, &log->entries[--log->n]);
  log->start = start;
}

void th_log_clear(ThSession *session) {
  ThLog *log = &session->log;
  th_log_rewind(session, 0, 0);
  drop_open(session);
  th_free(&session->cx, log->entries, log->capacity * sizeof *log->entries);
  *log = (ThLog){0};
}
