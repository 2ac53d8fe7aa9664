/* with.c - one-off values: an expression while names have other values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names are replaced, what hangs on them becomes stale and is computed anew as the expression needs it;
 * then every name and every definition gets back what it had. Nothing is changed behind the person's back. */
#include <stdio.h>
#include <string.h>

#include "lang/live.h"
#include "num/random.h"

/* What a definition had before. */
typedef struct Kept {
  ThDefinition *definition;
  ThValue value;  /* of its global */
  ThValue source; /* declared: the distribution */
  bool fresh;
  ThReads reads;
} Kept;

typedef struct Scene {
  ThSession *session;
  size_t n_kept;
  Kept *kept;
  ThValue *replaced; /* the values of the names before */
} Scene;

static void kept_clear(ThContext *cx, Kept *kept) {
  th_release(kept->value);
  th_release(kept->source);
  th_reads_clear(cx, &kept->reads);
}

static void scene_clear(Scene *scene, size_t n_names) {
  ThContext *cx = &scene->session->cx;
  for (size_t i = 0; i < scene->n_kept; i++) kept_clear(cx, &scene->kept[i]);
  size_t n = 0;
  for (const ThDefinition *d = scene->session->definitions; d; d = d->next) n++;
  th_free(cx, scene->kept, n * sizeof *scene->kept);
  if (scene->replaced) th_release_all(scene->replaced, n_names);
  th_free(cx, scene->replaced, n_names * sizeof *scene->replaced);
}

/* Remembers every definition and the names' values. */
static bool scene_open(Scene *scene, ThSymbol *const *names, size_t n) {
  ThSession *session = scene->session;
  ThContext *cx = &session->cx;
  size_t count = 0;
  for (const ThDefinition *d = session->definitions; d; d = d->next) count++;
  if (count && !(scene->kept = th_alloc_array(cx, count, sizeof *scene->kept))) return false;
  if (!(scene->replaced = th_alloc_array(cx, n, sizeof *scene->replaced))) return false;
  for (size_t i = 0; i < n; i++) scene->replaced[i] = th_retain(session->globals[names[i]->index].value);
  for (ThDefinition *d = session->definitions; d; d = d->next) {
    Kept *kept = &scene->kept[scene->n_kept];
    if (!th_reads_copy(cx, &d->reads, &kept->reads)) return false;
    scene->n_kept++;
    kept->definition = d;
    kept->value = th_retain(session->globals[d->name->index].value);
    kept->source = th_retain(d->source);
    kept->fresh = d->fresh;
  }
  return true;
}

/* Puts the names' values in place; what hangs on them is stale. */
static void replace(ThSession *session, ThSymbol *const *names, const ThValue *values, size_t n) {
  for (size_t i = 0; i < n; i++) {
    ThDefinition *d = th_live_find(session, names[i]->index);
    if (d) d->fresh = true; /* for the time being it has this value */
    th_replace_take(&session->globals[names[i]->index].value, th_retain(values[i]));
  }
  for (size_t i = 0; i < n; i++) th_live_changed(session, names[i]->index);
}

/* Everything as it was. A declared variable gets its distribution back. */
static bool scene_close(Scene *scene, ThSymbol *const *names, size_t n) {
  ThSession *session = scene->session;
  bool ok = true;
  for (size_t i = 0; i < n; i++) {
    th_replace_take(&session->globals[names[i]->index].value, scene->replaced[i]);
    scene->replaced[i] = th_unset();
  }
  for (size_t i = 0; i < scene->n_kept; i++) {
    Kept *kept = &scene->kept[i];
    ThDefinition *d = kept->definition;
    ThReads reads = d->reads;
    d->reads = kept->reads;
    kept->reads = reads;
    if (d->source.bits != kept->source.bits && !th_is_unset(kept->source) && session->hooks.redeclare)
      ok = session->hooks.redeclare(&session->cx, d->variable, kept->source) && ok;
    th_replace_take(&d->source, th_retain(kept->source));
    th_replace_take(&session->globals[d->name->index].value, th_retain(kept->value));
    d->fresh = kept->fresh;
  }
  return ok;
}

static bool not_read(ThSession *session, const ThSymbol *name) {
  const ThGlobal *global = &session->globals[name->index];
  if (th_is_unset(global->value) && !global->defined && th_is_unset(global->builtin))
    return th_fail(&session->cx, TH_ERROR_NAME, "`%s` after `with` is not defined", name->spelling);
  th_fail(&session->cx, TH_ERROR_NAME, "the value before `with` does not depend on `%s`", name->spelling);
  return th_hint(&session->cx, "a name computed by `=` keeps its value; define it by `:=`, and it follows");
}

bool th_live_with(ThSession *session, ThValue thunk, ThSymbol *const *names, const ThValue *values, size_t n,
                  ThValue *out) {
  Scene scene = {.session = session};
  ThReads reads = {0};
  bool ok = scene_open(&scene, names, n);
  if (ok) {
    replace(session, names, values, n);
    ok = th_live_evaluate(session, NULL, thunk, &reads, out);
    ThError error;
    th_error_take(&session->cx, &error);
    for (size_t i = 0; ok && i < n; i++)
      if (!th_live_depends(session, &reads, names[i]->index)) {
        th_release(*out);
        ok = not_read(session, names[i]);
        th_error_take(&session->cx, &error);
      }
    bool closed = scene_close(&scene, names, n);
    if (!ok) th_error_restore(&session->cx, &error);
    else if (!closed) {
      th_release(*out);
      ok = false;
    }
  }
  th_reads_clear(&session->cx, &reads);
  scene_clear(&scene, n);
  return ok;
}
