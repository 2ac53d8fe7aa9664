/* allocations.c - every allocation of programs is refused, one after the other */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* allocations [--stride K] FILE.theta...   stride K visits every K-th allocation only
 *
 * A file is run statement by statement; a line `## title` begins a section, with a session of its own. A statement runs
 * with its first allocation refused, then with its second, and so on, until none is. Each time it must end in the
 * error "not enough memory", leave every name with its value (loops and blocks, which are many statements, excepted)
 * and the heap as it was. Then it runs as it should, and the next one is taken. Where the statement itself is in error,
 * it is that error in the end. Help and completion are run in the same way in the session that a section leaves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../silent.h"
#include "base/file.h"
#include "lang/parser.h"
#include "lang/replay_cache.h"
#include "lang/session.h"
#include "ui/completion.h"
#include "ui/help.h"
#include "val/basic.h"

/* What is run with allocations refused. */
typedef struct Step {
  const char *file, *text;
  size_t line, length;
  bool spares;      /* it may use `with`, whose journal can do without an entry, and the answer is the same */
  bool many;        /* several statements: an error may leave the first of them done */
  ThErrorCode ends; /* in this error when nothing is refused, whose words may then lack something */
  bool (*run)(ThSession *session, const struct Step *step);
} Step;

static size_t stride = 1, refused, n_faults, n_notes;

static void fault(const Step *step, size_t n, const char *what) {
  printf("%s:%zu: allocation %zu: %s\n  %.*s\n", step->file, step->line, n, what,
         (int)(step->length > 70 ? 70 : step->length), step->text);
  fflush(stdout);
  n_faults++;
}

/* --- The host: what is shown and drawn is thrown away, notes are counted */

static void note_nothing(void *self, const char *text) {
  (void)self, (void)text;
  n_notes++;
}

static ThSession *new_session(void) {
  ThSession *session = silent_session();
  th_session_context(session)->host.note = note_nothing;
  return session;
}

/* --- What must be the same after a refusal */

static bool same_value(ThContext *cx, ThValue a, ThValue b) {
  bool same = a.bits == b.bits;
  if (same) return true;
  ThText x, y;
  th_text_init(&x, &cx->heap);
  th_text_init(&y, &cx->heap);
  bool ok = th_format(cx, a, TH_STYLE_SOURCE, &x) && th_format(cx, b, TH_STYLE_SOURCE, &y);
  same = ok && x.length == y.length && memcmp(th_text_string(&x), th_text_string(&y), x.length) == 0;
  th_text_clear(&x);
  th_text_clear(&y);
  th_error_clear(cx);
  return same;
}

enum { MOST_NAMES = 256 };

/* Names and values, retained. */
typedef struct Names {
  size_t n;
  ThSymbol *names[MOST_NAMES];
  ThValue values[MOST_NAMES];
} Names;

static void take_names(ThSession *session, Names *out) {
  size_t n;
  ThSymbol **names = th_session_names(session, &n);
  out->n = 0;
  for (size_t i = 0; out->n < MOST_NAMES && i < n; i++) {
    out->names[out->n] = names[i];
    if (!th_session_get(session, names[i], &out->values[out->n])) out->values[out->n] = th_unset();
    th_retain(out->values[out->n++]);
  }
  if (names) th_session_names_free(session, names, n);
}

static void drop_names(Names *names) { th_release_all(names->values, names->n); }

/* A live name whose value is stale has none for the moment. */
static bool same_names(ThSession *session, const Names *before) {
  ThContext *cx = th_session_context(session);
  Names now;
  take_names(session, &now);
  bool same = now.n == before->n;
  for (size_t i = 0; same && i < now.n; i++) {
    bool stale = th_is_unset(now.values[i]) || th_is_unset(before->values[i]);
    same = now.names[i] == before->names[i] && (stale || same_value(cx, now.values[i], before->values[i]));
  }
  drop_names(&now);
  return same;
}

static bool usable(ThSession *session) {
  ThValue two;
  ThContext *cx = th_session_context(session);
  bool ok = th_session_evaluate(session, "", "1 + 1", 5, &two);
  ok = ok && th_is_number(two) && th_as_number(two) == 2 && cx->depth == 0 && cx->nesting == 0;
  th_error_clear(cx);
  return ok;
}

/* --- Refusing */

/* One run with the n-th allocation refused, after which all is as before; false when it was not reached. *grown: by how
 * much the heap has grown. */
static bool refuse_once(ThSession *session, const Step *step, size_t n, const ThCheckpoint *checkpoint,
                        const Names *names, ptrdiff_t *grown) {
  ThContext *cx = th_session_context(session);
  th_replay_cache_clear(session); /* what is kept to be quicker is not counted */
  size_t used = cx->heap.used;
  uint32_t told = cx->told;
  size_t notes = n_notes;
  cx->heap.fail_at = cx->heap.allocations + n;
  bool ok = step->run(session, step);
  bool reached = cx->heap.allocations >= cx->heap.fail_at;
  cx->heap.fail_at = 0;
  if (!reached) {
    th_error_clear(cx);
    return false;
  }
  /* a live picture that cannot be drawn is a warning */
  if (ok && n_notes == notes && !step->spares) fault(step, n, "no error");
  if (!ok && cx->error.code != TH_ERROR_MEMORY && cx->error.code != step->ends)
    fault(step, n, cx->error.message);
  th_error_clear(cx);
  cx->told = told;
  if (!step->many && !same_names(session, names)) fault(step, n, "something was half done");
  if (!th_session_restore(session, checkpoint)) fault(step, n, "the checkpoint is lost");
  if (!usable(session)) fault(step, n, "the session is not usable");
  th_replay_cache_clear(session);
  *grown = (ptrdiff_t)(cx->heap.used - used);
  refused++;
  return true;
}

/* What is made once, new names and signatures of built-ins that are called for the first time, stays: so the heap is
 * looked at when the same is done again. */
static bool refuse(ThSession *session, const Step *step, size_t n, const ThCheckpoint *checkpoint,
                   const Names *names) {
  ptrdiff_t grown = 0;
  char text[64];
  if (!refuse_once(session, step, n, checkpoint, names, &grown)) return false;
  for (int again = 0; grown && again < 20; again++)
    if (!refuse_once(session, step, n, checkpoint, names, &grown)) return false;
  snprintf(text, sizeof text, "the heap has grown by %td bytes", grown);
  if (grown) fault(step, n, text);
  return true;
}

static void refuse_each(ThSession *session, Step *step) {
  Names names;
  ThCheckpoint *checkpoint = th_session_checkpoint(session);
  if (!checkpoint) exit(EXIT_FAILURE);
  step->run(session, step);
  step->ends = th_session_context(session)->error.code;
  th_error_clear(th_session_context(session));
  if (!th_session_restore(session, checkpoint)) exit(EXIT_FAILURE);
  take_names(session, &names);
  for (size_t n = 1; n_faults < 500 && refuse(session, step, n, checkpoint, &names); n += stride) continue;
  drop_names(&names);
  if (!th_session_restore(session, checkpoint)) exit(EXIT_FAILURE);
  th_checkpoint_free(session, checkpoint);
}

static void run_step(ThSession *session, Step *step) {
  refuse_each(session, step);
  step->run(session, step);
  th_error_clear(th_session_context(session));
}

/* --- Statements, help, completion */

static bool run_quietly(ThSession *session, const Step *step) {
  return th_session_run(session, "", step->text, step->length, TH_RUN_QUIET) == TH_RUN_DONE;
}

static bool run_and_show(ThSession *session, const Step *step) {
  return th_session_run(session, "", step->text, step->length, TH_RUN_PROMPT) == TH_RUN_DONE;
}

static bool run_help(ThSession *session, const Step *step) {
  ThText page;
  bool found;
  th_text_init(&page, &th_session_context(session)->heap);
  bool ok = th_help_about(session, step->text, step->length, &found, &page);
  th_text_clear(&page);
  return ok;
}

static bool run_search(ThSession *session, const Step *step) {
  ThText page;
  th_text_init(&page, &th_session_context(session)->heap);
  bool ok = th_help_search(session, step->text, NULL, &page);
  th_text_clear(&page);
  return ok;
}

static bool run_completion(ThSession *session, const Step *step) {
  ThCompletion completion;
  if (!th_complete(session, "", step->text, step->length, &completion)) return false;
  th_completion_clear(&completion);
  return true;
}

static void run_around(ThSession *session, const char *file) {
  static const struct {
    const char *text;
    bool (*run)(ThSession *session, const Step *step);
  } steps[] = {{"mean", run_help},          {"", run_help},
               {"nothing_of_it", run_help}, {"\\theta", run_help},
               {"fib", run_help},           {"matrix", run_search},
               {"mea", run_completion},     {"\\the", run_completion},
               {"lab.", run_completion},    {"quantile(x, ", run_completion},
               {":", run_completion},       {"read_csv(\"", run_completion}};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    run_step(
        session,
        &(Step){.file = file, .text = steps[i].text, .length = strlen(steps[i].text), .run = steps[i].run});
}

static bool is_many(const ThNode *statement) {
  return statement->kind == TH_NODE_FOR || statement->kind == TH_NODE_WHILE ||
         statement->kind == TH_NODE_BLOCK || statement->kind == TH_NODE_IF ||
         statement->kind == TH_NODE_CALL || (statement->kind == TH_NODE_DECLARE && statement->n_items > 2);
}

/* Once without showing anything, where a refusal must leave everything as it was; then with its echo, which comes
 * when the statement is done. */
static void run_text(ThSession *session, Step step) {
  step.run = run_quietly;
  refuse_each(session, &step);
  step.run = run_and_show;
  step.many = true;
  run_step(session, &step);
}

/* Every statement of a section; where it cannot be parsed, the whole of it is one. */
static void run_section(const char *file, size_t line, const char *text, size_t length, bool last) {
  ThSession *session = new_session();
  ThContext *cx = th_session_context(session);
  ThSource *source = th_source_new(cx, "", text, length);
  ThTree *tree = source ? th_parse(cx, source, false) : NULL;
  th_error_clear(cx);
  if (!tree)
    run_text(session, (Step){.file = file, .line = line, .text = text, .length = length, .many = true});
  for (size_t i = 0; tree && i < tree->root->n_items; i++) {
    const ThNode *statement = tree->root->items[i];
    size_t at, column, end = i + 1 < tree->root->n_items ? tree->root->items[i + 1]->span.start : length;
    th_source_position(source, statement->span.start, &at, &column);
    run_text(session, (Step){.file = file,
                             .line = line + at - 1,
                             .text = text + statement->span.start,
                             .length = end - statement->span.start,
                             .spares = strstr(tree->source->text, " with ") != NULL,
                             .many = is_many(statement)});
  }
  if (last) run_around(session, file);
  th_tree_release(tree);
  th_source_release(source);
  size_t left = th_session_free(session);
  if (left) printf("%s:%zu: %zu bytes leaked in this section\n", file, line, left);
  n_faults += left > 0;
}

static void run_file(const char *path) {
  ThContext cx = {.depth = 0};
  ThText text;
  th_text_init(&text, &cx.heap);
  if (!th_read_file(&cx, path, &text)) {
    printf("%s\n", cx.error.message);
    exit(EXIT_FAILURE);
  }
  const char *at = th_text_string(&text);
  for (size_t line = 1; *at && n_faults < 500;) {
    const char *next = strstr(at + 1, "\n## ");
    size_t length = next ? (size_t)(next + 1 - at) : strlen(at);
    run_section(path, line, at, length, !next);
    for (size_t i = 0; i < length; i++) line += at[i] == '\n';
    at += length;
  }
  th_text_clear(&text);
}

int main(int argc, char **argv) {
  int first = 1;
  if (argc > 2 && strcmp(argv[1], "--stride") == 0) {
    stride = strtoul(argv[2], NULL, 10);
    first = 3;
  }
  for (int i = first; i < argc; i++) run_file(argv[i]);
  printf("%zu passed, %zu failed\n", refused, n_faults);
  return n_faults == 0 && refused > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
