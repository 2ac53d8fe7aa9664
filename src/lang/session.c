/* session.c - one session: names, settings, running source text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/session.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "lang/builtin.h"
#include "lang/parser.h"
#include "lang/replay_cache.h"
#include "lang/live.h"
#include "lang/replay_cache.h"
#include "num/random.h"
#include "val/basic.h"

enum { DEFAULT_SEED = 1 };

static bool define_constant(ThSession *session, const char *name, double value) {
  ThSymbol *symbol = th_symbol_of(&session->cx, name);
  ThGlobal *global = symbol ? th_session_global(session, symbol) : NULL;
  if (global) global->builtin = th_number(value);
  return global != NULL;
}

static bool session_init(ThSession *session) {
  ThContext *cx = &session->cx;
  cx->session = session;
  cx->settings = (ThSettings){.digits = 6, .width = 80, .height = 24, .utf8 = true};
  session->last = th_none();
  cx->symbols = th_symbols_new(cx);
  if (!cx->symbols || !th_vm_init(session)) return false;
  cx->random = th_alloc(cx, sizeof *cx->random);
  if (!cx->random) return false;
  th_session_seed(session, DEFAULT_SEED);
  session->last_name = th_symbol_of(cx, "_");
  return session->last_name && define_constant(session, "pi", 3.14159265358979323846) &&
         define_constant(session, "inf", (double)INFINITY) && define_constant(session, "nan", (double)NAN);
}

ThSession *th_session_new(void) {
  ThHeap heap = {0};
  ThSession *session = th_heap_alloc(&heap, sizeof *session);
  if (!session) return NULL;
  memset(session, 0, sizeof *session);
  session->cx.heap = heap;
  if (session_init(session)) return session;
  th_session_free(session);
  return NULL;
}

static void free_globals(ThSession *session) {
  for (size_t i = 0; i < session->n_globals; i++) {
    th_release(session->globals[i].value);
    th_release(session->globals[i].builtin);
  }
  th_free(&session->cx, session->globals, session->n_globals * sizeof *session->globals);
  session->n_globals = 0;
  session->globals = NULL;
}

size_t th_session_free(ThSession *session) {
  if (!session) return 0;
  ThContext *cx = &session->cx;
  th_error_clear(cx);
  th_release(session->last);
  th_replay_cache_clear(session);
  th_log_clear(session);
  th_live_clear(session);
  th_live_graph_clear(session);
  free_globals(session);
  for (size_t i = 0; i < session->imports.n; i++)
    th_free(cx, session->imports.paths[i], strlen(session->imports.paths[i]) + 1);
  th_free(cx, session->imports.paths, session->imports.n * sizeof *session->imports.paths);
  th_free(cx, session->builtins, session->builtin_capacity * sizeof *session->builtins);
  th_free(cx, cx->random, sizeof *cx->random);
  th_vm_clear(session);
  th_symbols_free(cx, cx->symbols);
  ThHeap heap = cx->heap;
  th_heap_free(&heap, session, sizeof *session);
  return heap.used;
}

ThContext *th_session_context(ThSession *session) { return &session->cx; }
ThSession *th_session_of(ThContext *cx) { return cx->session; }
void th_session_set_hooks(ThSession *session, const ThLanguageHooks *hooks) { session->hooks = *hooks; }
ThValue th_session_last(const ThSession *session) { return session->last; }

void th_session_seed(ThSession *session, uint64_t seed) {
  if (seed != session->seed) th_live_reseeded(session);
  session->seed = seed;
  th_random_seed(session->cx.random, seed);
}

bool th_session_reserve(ThSession *session) {
  size_t wanted = th_symbol_count(&session->cx);
  if (wanted <= session->n_globals) return true;
  size_t capacity = wanted < 512 ? 1024 : wanted * 2;
  ThGlobal *grown = th_resize(&session->cx, session->globals, session->n_globals * sizeof *grown,
                              capacity * sizeof *grown);
  if (!grown) return false;
  for (size_t i = session->n_globals; i < capacity; i++)
    grown[i] = (ThGlobal){.value = th_unset(), .builtin = th_unset()};
  session->globals = grown;
  session->n_globals = capacity;
  return true;
}

ThGlobal *th_session_global(ThSession *session, const ThSymbol *name) {
  return th_session_reserve(session) ? &session->globals[name->index] : NULL;
}

bool th_session_get(ThSession *session, const ThSymbol *name, ThValue *out) {
  if (name->index >= session->n_globals || th_is_unset(session->globals[name->index].value)) return false;
  *out = session->globals[name->index].value;
  return true;
}

bool th_session_read(ThSession *session, const ThSymbol *name, ThValue *out) {
  return th_session_reserve(session) && th_vm_global(session, name->index, out);
}

bool th_session_set_take(ThSession *session, ThSymbol *name, ThValue value) {
  bool ok = th_session_global(session, name) && th_vm_set_global(session, name->index, &value);
  if (!ok) th_release(value);
  return ok;
}

bool th_session_owns(const ThSession *session, const ThSymbol *name) {
  return name->index < session->n_globals && session->globals[name->index].order != 0;
}

void th_session_clear(ThSession *session) {
  th_log_forget(session);
  th_live_clear(session);
  for (size_t i = 0; i < session->n_globals; i++) {
    th_replace_take(&session->globals[i].value, th_unset());
    session->globals[i].order = 0;
  }
  session->last_order = 0;
  th_replace_take(&session->last, th_none());
}

/* Makes v the value of `_`. */
static void set_last(ThSession *session, ThValue v) {
  ThGlobal *global = &session->globals[session->last_name->index];
  th_replace_take(&session->last, th_retain(v));
  th_replace_take(&global->value, th_retain(v));
  global->order = UINT32_MAX;
}

static bool echo(ThSession *session, ThValue v) {
  ThContext *cx = &session->cx;
  const ThKind *kind = th_is_object(v) ? th_as_object(v)->kind : NULL;
  if (kind && kind->echo) return kind->echo(cx, v);
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = th_format(cx, v, TH_STYLE_ECHO, &text);
  th_text_char(&text, '\n');
  ok = ok && th_text_ok(&text, cx);
  if (ok) th_write(cx, th_text_string(&text), text.length);
  th_text_clear(&text);
  return ok;
}

/* Runs one statement; *out is what it shows, owned. */
static bool run_statement(ThSession *session, ThTree *tree, const ThNode *statement, ThValue *out,
                          ThShow *shows) {
  ThContext *cx = &session->cx;
  ThPrototype *prototype = th_compile(cx, tree, statement, shows);
  if (!prototype) return false;
  ThFunction *f = th_session_reserve(session) ? th_function_new(cx, prototype) : NULL;
  th_release(th_object(prototype));
  if (!f) return false;
  bool named = statement->kind == TH_NODE_ASSIGN && statement->items[0]->kind == TH_NODE_NAME;
  ThReads *origin = named ? th_live_origin(session, statement->items[0]->name, th_object(f)) : NULL;
  ThArguments none = {0};
  bool ok = (origin || !named) && th_vm_call(session, th_object(f), &none, out);
  if (ok && named) th_live_note_origin_take(session, statement->items[0]->name, origin);
  else th_reads_release(cx, origin);
  th_release(th_object(f));
  return ok;
}

static bool echoes(ThShow shows, const ThNode *statement, ThValue v, ThRunMode mode) {
  if (mode == TH_RUN_QUIET || (statement->flags & TH_FLAG_SILENT) || th_is_none(v)) return false;
  return shows == TH_SHOW_VALUE || (shows == TH_SHOW_ASSIGNED && mode == TH_RUN_PROMPT);
}

/* A live definition is computed at once at the prompt, where it shows, and when it may be a picture. */
static bool show_live(ThSession *session, const ThNode *statement, ThRunMode mode) {
  ThDefinition *d = th_live_find(session, statement->name->index);
  ThValue v;
  if (!d || mode == TH_RUN_QUIET) return true;
  bool may_draw;
  if (!th_live_may_draw(session, d, &may_draw)) return false;
  if (mode == TH_RUN_SCRIPT && !may_draw) return true;
  if (may_draw) th_live_shown(d, th_none()); /* it is drawn as soon as it can be */
  if (!th_vm_global(session, statement->name->index, &v)) {
    if (may_draw && (d = th_live_find(session, statement->name->index))) th_live_draws(session, d);
    return false;
  }
  bool is_picture = th_live_is_picture(v);
  d = th_live_find(session, statement->name->index);
  if (d && is_picture) th_live_shown(d, v);
  bool ok = (statement->flags & TH_FLAG_SILENT) || (mode == TH_RUN_SCRIPT && !is_picture) || echo(session, v);
  set_last(session, v);
  th_release(v);
  return ok;
}

/* X, Y ~ distribution shows each of its variables. */
static bool show_declared(ThSession *session, const ThNode *statement) {
  for (size_t i = 0; i + 1 < statement->n_items; i++) {
    const ThNode *target = statement->items[i];
    if (target->kind == TH_NODE_INDEX) target = target->items[0];
    if (!echo(session, session->globals[target->name->index].value)) return false;
  }
  return true;
}

static bool show(ThSession *session, const ThNode *statement, ThShow shows, ThValue v, ThRunMode mode) {
  if (shows == TH_SHOW_LIVE) return show_live(session, statement, mode);
  if (statement->kind == TH_NODE_DECLARE && echoes(shows, statement, v, mode))
    return show_declared(session, statement);
  if (echoes(shows, statement, v, mode) && !echo(session, v)) return false;
  if (shows != TH_SHOW_NOTHING) set_last(session, v);
  return true;
}

static bool run_tree(ThSession *session, ThTree *tree, ThRunMode mode) {
  for (size_t i = 0; i < tree->root->n_items; i++) {
    const ThNode *statement = tree->root->items[i];
    ThValue v;
    ThShow shows;
    if (!th_log_begin(session, tree, statement)) return false;
    bool ok = run_statement(session, tree, statement, &v, &shows);
    th_log_end(session, ok);
    if (!ok) return false;
    ok = show(session, statement, shows, v, mode);
    th_release(v);
    ok = ok && (mode == TH_RUN_QUIET || th_session_redraw(session));
    if (!ok) {
      if (session->cx.error.n_places == 0) th_error_place(&session->cx, tree->source, statement->span);
      return false;
    }
  }
  return true;
}

ThRunStatus th_session_run(ThSession *session, const char *name, const char *text, size_t length,
                           ThRunMode mode) {
  ThContext *cx = &session->cx;
  th_error_clear(cx);
  cx->told &= ~(uint32_t)TH_ADVICE_INVERSE;
  ThSource *source = th_source_new(cx, name, text, length);
  if (!source) return TH_RUN_FAILED;
  ThTree *tree = th_parse(cx, source, mode == TH_RUN_PROMPT);
  th_source_release(source);
  if (!tree) {
    if (cx->error.code == TH_ERROR_INCOMPLETE && mode == TH_RUN_PROMPT) return TH_RUN_INCOMPLETE;
    if (cx->error.code == TH_ERROR_INCOMPLETE) cx->error.code = TH_ERROR_SYNTAX;
    return TH_RUN_FAILED;
  }
  bool ok = run_tree(session, tree, mode);
  th_tree_release(tree);
  return ok ? TH_RUN_DONE : TH_RUN_FAILED;
}

bool th_session_is_finished(ThSession *session, const char *text, size_t length) {
  ThContext *cx = &session->cx;
  ThSource *source = th_source_new(cx, "", text, length);
  ThTree *tree = source ? th_parse(cx, source, true) : NULL;
  bool finished = tree || cx->error.code != TH_ERROR_INCOMPLETE;
  th_source_release(source);
  if (tree) th_tree_release(tree);
  th_error_clear(cx);
  return finished;
}

ThRunStatus th_session_run_file(ThSession *session, const char *path, ThRunMode mode) {
  ThText text;
  th_text_init(&text, &session->cx.heap);
  ThRunStatus status = TH_RUN_FAILED;
  if (session->cx.settings.sandbox)
    th_fail(&session->cx, TH_ERROR_IO, "cannot run `%s`: the sandbox runs no other file", path);
  else if (th_read_file(&session->cx, path, &text))
    status = th_session_run(session, path, th_text_string(&text), text.length, mode);
  th_text_clear(&text);
  return status;
}

bool th_session_evaluate(ThSession *session, const char *name, const char *text, size_t length,
                         ThValue *out) {
  ThContext *cx = &session->cx;
  th_error_clear(cx);
  ThSource *source = th_source_new(cx, name, text, length);
  ThTree *tree = source ? th_parse(cx, source, false) : NULL;
  th_source_release(source);
  if (!tree) {
    if (cx->error.code == TH_ERROR_INCOMPLETE) cx->error.code = TH_ERROR_SYNTAX;
    return false;
  }
  *out = th_none();
  bool ok = true;
  for (size_t i = 0; ok && i < tree->root->n_items; i++) {
    ThShow shows;
    ThValue v;
    ok = run_statement(session, tree, tree->root->items[i], &v, &shows);
    if (ok) th_replace_take(out, v);
  }
  if (!ok) th_release(*out);
  th_tree_release(tree);
  return ok;
}

void th_session_take_error_text(ThSession *session, ThText *out) {
  th_error_show(&session->cx.error, out);
  th_error_clear(&session->cx);
}
