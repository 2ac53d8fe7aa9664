/* live.h - names that follow their ingredients: live values, declared variables, `with` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIVE_H
#define TH_LANG_LIVE_H

#include "lang/vm.h"

/* A definition is a global name whose value a function without arguments, its thunk, computes from other
 * globals. While the value is fresh it lies in the global like any other, and costs nothing to read. When a
 * name that it read changes, the value is taken away, and the next reading computes it anew. */
typedef struct ThDefinition ThDefinition;
struct ThDefinition {
  ThDefinition *next; /* in order of definition */
  ThSymbol *name;
  ThValue thunk;
  bool declared;      /* name ~ distribution: the variable stays the same, its distribution follows */
  ThValue variable;   /* declared: the variable; else unset */
  ThValue source;     /* declared: the distribution it has now */
  size_t count;       /* declared: as in ThLanguageHooks.declare */
  bool fresh, running;
  bool draws;         /* its value draws itself: again whenever it changes */
  ThReads reads;      /* what the last evaluation read */
};

/* name := thunk. Names that do not exist and circles are errors now; the value is computed when first needed. */
TH_CHECKED bool th_live_define(ThSession *session, ThSymbol *name, ThValue thunk);
/* name ~ thunk; *out is the variable. */
TH_CHECKED bool th_live_declare(ThSession *session, ThSymbol *name, ThValue thunk, size_t count, ThValue *out);
/* The definition of a global, or NULL; and the first of all. */
ThDefinition *th_live_find(const ThSession *session, size_t index);
/* Makes a definition's value fresh, in its global. */
TH_CHECKED bool th_live_refresh(ThSession *session, ThDefinition *definition);
/* A global gets another value: what hangs on it is stale from now on. */
void th_live_changed(ThSession *session, size_t index);
/* The name becomes ordinary: its definition goes. */
void th_live_forget(ThSession *session, size_t index);
void th_live_clear(ThSession *session);
/* A copy of all definitions, for checkpoints; *out is NULL when there are none. And back. */
TH_CHECKED bool th_live_copy(ThSession *session, ThDefinition **out);
TH_CHECKED bool th_live_restore(ThSession *session, const ThDefinition *copy);
void th_live_free(ThSession *session, ThDefinition *copy);
/* Draws again the pictures that changed; after each statement at the prompt. */
TH_CHECKED bool th_live_redraw(ThSession *session);

/* thunk() with its own stream of random numbers, restarted (of `name`, or the one that all `with` share), noting
 * what it reads. */
TH_CHECKED bool th_live_evaluate(ThSession *session, const ThSymbol *name, ThValue thunk, ThReads *reads,
                                 ThValue *out);
TH_CHECKED bool th_reads_copy(ThContext *cx, const ThReads *from, ThReads *to);
/* Remembers that the evaluation that is running read a global. */
TH_CHECKED bool th_live_read(ThSession *session, size_t index);
void th_reads_clear(ThContext *cx, ThReads *reads);
/* Is the name among what was read, directly or through definitions? */
bool th_live_depends(const ThSession *session, const ThReads *reads, size_t index);

/* with.c: thunk() while names have other values. An error when it reads one of the names not at all. */
TH_CHECKED bool th_live_with(ThSession *session, ThValue thunk, ThSymbol *const *names, const ThValue *values,
                             size_t n, ThValue *out);

#endif
