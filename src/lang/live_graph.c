/* live_graph.c - which definitions hang on which names */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every name knows its readers. A reader is an entry with the number that the definition's edges had when it
 * was made: a later evaluation takes a new number, and the old entries count no more. They are dropped when a
 * list is full, or when the name changes: then every reader is stale, and makes a new entry when it is next
 * evaluated. Marking and evaluating therefore take time in proportion to what they touch. */
#include "lang/live.h"

#include <string.h>

ThLiveNode *th_live_node(const ThSession *session, size_t index) {
  return index < session->graph.n_nodes ? &session->graph.nodes[index] : NULL;
}

ThLiveNode *th_live_node_make(ThSession *session, size_t index) {
  ThLiveGraph *graph = &session->graph;
  if (index >= graph->n_nodes) {
    size_t n = graph->n_nodes * 2 > index ? graph->n_nodes * 2 : index + 64;
    ThLiveNode *grown = th_resize(&session->cx, graph->nodes, graph->n_nodes * sizeof *grown,
                                  n * sizeof *grown);
    if (!grown) return NULL;
    memset(grown + graph->n_nodes, 0, (n - graph->n_nodes) * sizeof *grown);
    graph->nodes = grown;
    graph->n_nodes = n;
  }
  return &graph->nodes[index];
}

ThDefinition *th_live_find(const ThSession *session, size_t index) {
  const ThLiveNode *node = th_live_node(session, index);
  return node ? node->definition : NULL;
}

void th_live_graph_clear(ThSession *session) {
  ThLiveGraph *graph = &session->graph;
  for (size_t i = 0; i < graph->n_nodes; i++) {
    ThLiveNode *node = &graph->nodes[i];
    th_free(&session->cx, node->readers, node->capacity * sizeof *node->readers);
    th_reads_release(&session->cx, node->origin);
  }
  th_free(&session->cx, graph->nodes, graph->n_nodes * sizeof *graph->nodes);
  graph->nodes = NULL;
  graph->n_nodes = 0;
}

/* --- Sets of names */

ThReads *th_reads_new(ThSession *session) {
  ThReads *reads = th_alloc(&session->cx, sizeof *reads);
  if (reads) *reads = (ThReads){.references = 1, .serial = ++session->graph.serial};
  return reads;
}

ThReads *th_reads_retain(ThReads *reads) {
  if (reads) reads->references++;
  return reads;
}

void th_reads_release(ThContext *cx, ThReads *reads) {
  if (!reads || --reads->references > 0) return;
  th_free(cx, reads->names, reads->capacity * sizeof *reads->names);
  th_free(cx, reads, sizeof *reads);
}

bool th_reads_add(ThSession *session, ThReads *reads, size_t index) {
  ThLiveNode *node = th_live_node_make(session, index);
  if (!node) return false;
  if (node->noted == reads->serial) return true;
  if (reads->n == reads->capacity) {
    size_t capacity = reads->capacity ? reads->capacity * 2 : 8;
    uint32_t *grown = th_resize(&session->cx, reads->names, reads->capacity * sizeof *grown,
                                capacity * sizeof *grown);
    if (!grown) return false;
    reads->names = grown;
    reads->capacity = capacity;
  }
  node->noted = reads->serial;
  reads->names[reads->n++] = (uint32_t)index;
  return true;
}

bool th_reads_add_all(ThSession *session, ThReads *reads, const ThReads *more) {
  for (size_t i = 0; i < more->n; i++)
    if (!th_reads_add(session, reads, more->names[i])) return false;
  return true;
}

bool th_reads_has(const ThReads *reads, size_t index) {
  for (size_t i = 0; i < reads->n; i++)
    if (reads->names[i] == index) return true;
  return false;
}

void th_reads_settle(ThSession *session, ThReads *reads) {
  size_t kept = 0;
  reads->serial = ++session->graph.serial;
  for (size_t i = 0; i < reads->n; i++) {
    ThLiveNode *node = &session->graph.nodes[reads->names[i]];
    if (node->noted == reads->serial) continue;
    node->noted = reads->serial;
    reads->names[kept++] = reads->names[i];
  }
  reads->n = kept;
}

bool th_live_read(ThSession *session, size_t index) {
  ThReads *reads = session->vm.reads;
  if (!reads) return true;
  session->globals[index].watched = true;
  return th_reads_add(session, reads, index);
}

/* The definitions that are met wait in a list. */
static void meet(ThSession *session, uint64_t visit, size_t index, ThDefinition **waiting) {
  ThDefinition *d = th_live_find(session, index);
  if (!d || d->visit == visit) return;
  d->visit = visit;
  d->link = *waiting;
  *waiting = d;
}

bool th_live_depends(ThSession *session, const ThReads *reads, size_t index) {
  uint64_t visit = ++session->graph.serial;
  ThDefinition *waiting = NULL;
  bool found = false;
  while (!found && reads) {
    found = th_reads_has(reads, index);
    for (size_t i = 0; i < reads->n; i++) meet(session, visit, reads->names[i], &waiting);
    reads = NULL;
    while (waiting && !reads) {
      reads = waiting->reads;
      waiting = waiting->link;
    }
  }
  return found;
}

/* --- Readers of a name */

/* The definition of an entry that still counts, or NULL. */
static ThDefinition *reader_of(const ThSession *session, const ThReader *reader) {
  ThDefinition *d = th_live_find(session, reader->name);
  return d && d->edges == reader->edges ? d : NULL;
}

/* Room for one more: entries that count no more go; the list doubles when that frees less than half of it. */
static bool make_room(ThSession *session, ThLiveNode *node) {
  size_t kept = 0;
  for (size_t i = 0; i < node->n_readers; i++)
    if (reader_of(session, &node->readers[i])) node->readers[kept++] = node->readers[i];
  node->n_readers = kept;
  if (2 * kept < node->capacity) return true;
  size_t capacity = node->capacity ? node->capacity * 2 : 4;
  ThReader *grown = th_resize(&session->cx, node->readers, node->capacity * sizeof *grown,
                              capacity * sizeof *grown);
  if (!grown) return false;
  node->readers = grown;
  node->capacity = capacity;
  return true;
}

bool th_live_make_room(ThSession *session, const ThReads *reads) {
  for (size_t i = 0; i < reads->n; i++) {
    ThLiveNode *node = th_live_node_make(session, reads->names[i]);
    if (!node || (node->n_readers == node->capacity && !make_room(session, node))) return false;
  }
  return true;
}

bool th_live_connect(ThSession *session, ThDefinition *d) {
  if (!th_live_make_room(session, d->reads)) return false;
  d->edges = ++session->graph.serial;
  for (size_t i = 0; i < d->reads->n; i++) {
    size_t index = d->reads->names[i];
    ThLiveNode *node = th_live_node(session, index);
    node->readers[node->n_readers++] = (ThReader){.name = d->name->index, .edges = d->edges};
    session->globals[index].watched = true;
  }
  return true;
}

/* --- Becoming stale */

static size_t is_stale_declared(const ThDefinition *d) { return d->declared && !th_live_is_settled(d); }

void th_live_set_state(ThSession *session, ThDefinition *d, ThLiveState state) {
  session->graph.n_stale_declared -= is_stale_declared(d);
  d->state = state;
  session->graph.n_stale_declared += is_stale_declared(d);
}

/* That the journal of a `with` has no room is no harm here: what it does not know of is stale afterwards too. */
static void note_quietly(ThSession *session, ThDefinition *d) {
  ThError error;
  if (!session->graph.journal) return;
  th_error_take(&session->cx, &error);
  if (!th_journal_note(session, d)) th_error_clear(&session->cx);
  th_error_restore(&session->cx, &error);
}

/* Takes the value or the failure of a definition away. */
static void make_stale(ThSession *session, ThDefinition *d) {
  note_quietly(session, d);
  th_live_drop_failure(&session->cx, d);
  th_live_set_state(session, d, TH_LIVE_STALE);
  th_replace_take(&session->globals[d->name->index].value, th_unset());
}

static void mark_readers(ThSession *session, size_t index, bool variables_too, ThDefinition **waiting) {
  ThLiveNode *node = th_live_node(session, index);
  if (!node) return;
  size_t n = node->n_readers;
  node->n_readers = 0;
  for (size_t i = 0; i < n; i++) {
    ThDefinition *d = reader_of(session, &node->readers[i]);
    if (!d || d->state == TH_LIVE_STALE || (d->declared && !variables_too)) continue;
    make_stale(session, d);
    d->link = *waiting;
    *waiting = d;
  }
}

static void mark_waiting(ThSession *session, ThDefinition *waiting) {
  while (waiting) {
    const ThDefinition *d = waiting;
    waiting = d->link;
    mark_readers(session, d->name->index, true, &waiting);
  }
}

void th_live_changed(ThSession *session, size_t index) {
  ThDefinition *waiting = NULL;
  mark_readers(session, index, true, &waiting);
  mark_waiting(session, waiting);
}

void th_live_redeclared(ThSession *session, size_t index) {
  ThDefinition *waiting = NULL;
  mark_readers(session, index, false, &waiting);
  mark_waiting(session, waiting);
}

void th_live_invalidate(ThSession *session, ThDefinition *d) {
  make_stale(session, d);
  th_live_changed(session, d->name->index);
}
