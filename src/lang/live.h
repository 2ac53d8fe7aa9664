/* live.h - names that follow their ingredients: live values, declared variables, `with` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIVE_H
#define TH_LANG_LIVE_H

#include "lang/vm.h"

/* A definition is a global name whose value a function without arguments, its thunk, computes from other
 * globals. While the value is fresh it lies in the global like any other, and costs nothing to read. When a
 * name that it read changes, the value is taken away, and the next reading computes it anew. An error is
 * kept like a value: it is told again until an ingredient changes. */
typedef struct ThDefinition ThDefinition;
struct ThDefinition {
  ThDefinition *previous, *next; /* in order of definition */
  uint64_t id;                   /* tells it from an earlier definition of the name */
  ThSymbol *name;
  ThValue thunk;
  bool declared;    /* name ~ distribution: the variable stays the same, its distribution follows */
  ThValue variable; /* declared: the variable; else unset */
  ThValue source;   /* declared: the distribution it has now */
  size_t count;     /* declared: as in ThLanguageHooks.declare */
  ThLiveState state;
  bool running;
  bool random;        /* its evaluation drew random numbers */
  bool draws;         /* its value draws itself: again whenever it changes */
  ThValue shown;      /* the picture that was drawn last, or unset */
  ThError *failure;   /* failed: what it said */
  ThReads *reads;     /* what the last evaluation read; before the first, what the code names; or NULL */
  uint64_t edges;     /* number of its entries among the readers of names */
  uint64_t journaled; /* number of the `with` that last wrote it down */
  bool waiting;       /* for its ingredients, while they are evaluated first */
  ThDefinition *link; /* in the list of a walk */
  uint64_t visit;     /* the number of the walk that last met it */
};

/* A definition that has read a name, as long as its `edges` is this number. */
typedef struct ThReader {
  uint32_t name;
  uint64_t edges;
} ThReader;

/* Its value is there, and none of its ingredients has changed. */
static inline bool th_live_is_settled(const ThDefinition *d) {
  return d->state == TH_LIVE_FRESH || d->state == TH_LIVE_KEPT;
}

/* What the graph knows of one global name. */
typedef struct ThLiveNode {
  ThDefinition *definition;
  ThReader *readers; /* those whose value hangs on the name, and some that no longer do */
  size_t n_readers, capacity;
  uint64_t noted;  /* the last evaluation or walk that met the name */
  bool mentioned;  /* some definition leads to it */
  ThReads *origin; /* the names in the expression that a statement assigned to it, for messages; or NULL */
} ThLiveNode;

/* --- live_graph.c: names, what read them, what becomes stale */

/* The definition of a global, or NULL. */
ThDefinition *th_live_find(const ThSession *session, size_t index);
/* What is known of a global: NULL, without an error, when nothing is; or made. */
ThLiveNode *th_live_node(const ThSession *session, size_t index);
TH_CHECKED ThLiveNode *th_live_node_make(ThSession *session, size_t index);
/* A global gets another value: what hangs on it is stale from now on. */
void th_live_changed(ThSession *session, size_t index);
/* The same, but declared variables stay as they are: a variable was declared anew. */
void th_live_redeclared(ThSession *session, size_t index);
/* The value of a definition is taken away, and what hangs on it is stale. */
void th_live_invalidate(ThSession *session, ThDefinition *definition);
void th_live_set_state(ThSession *session, ThDefinition *definition, ThLiveState state);
/* The definition now hangs on what stands in its `reads`. */
TH_CHECKED bool th_live_connect(ThSession *session, ThDefinition *definition);
/* So that the next definition that reads these names can be connected without fail. */
TH_CHECKED bool th_live_make_room(ThSession *session, const ThReads *reads);
void th_live_graph_clear(ThSession *session);

/* An empty set of names, collected under a number of its own; NULL when memory is out. */
TH_CHECKED ThReads *th_reads_new(ThSession *session);
ThReads *th_reads_retain(ThReads *reads);
void th_reads_release(ThContext *cx, ThReads *reads); /* NULL is allowed */
/* Adds a name, unless it is there. */
TH_CHECKED bool th_reads_add(ThSession *session, ThReads *reads, size_t index);
TH_CHECKED bool th_reads_add_all(ThSession *session, ThReads *reads, const ThReads *more);
bool th_reads_has(const ThReads *reads, size_t index);
/* Removes what nested evaluations let in twice. */
void th_reads_settle(ThSession *session, ThReads *reads);
/* Remembers that the evaluation that is running read a global. */
TH_CHECKED bool th_live_read(ThSession *session, size_t index);
/* Is the name among what was read, directly or through definitions? */
bool th_live_depends(ThSession *session, const ThReads *reads, size_t index);

/* --- live.c: defining and evaluating */

/* name := thunk. Names that do not exist and circles are errors now; the value is computed when first needed. */
TH_CHECKED bool th_live_define(ThSession *session, ThSymbol *name, ThValue thunk);
/* name ~ thunk; *out is the variable. */
TH_CHECKED bool th_live_declare(ThSession *session, ThSymbol *name, ThValue thunk, size_t count,
                                ThValue *out);
/* Puts an empty definition at the end; NULL when memory is out. */
TH_CHECKED ThDefinition *th_live_add(ThSession *session, ThSymbol *name, ThValue thunk);
/* The name becomes ordinary: its definition goes. */
void th_live_forget(ThSession *session, size_t index);
void th_live_clear(ThSession *session);
/* A global is about to get the value. A declared variable whose distribution read the global, and on which the value
 * hangs, meant what the global was: it keeps its distribution. */
TH_CHECKED bool th_live_keep(ThSession *session, size_t index, ThValue v);
/* A definition hangs on nothing from now on, in a state in which its value is there. */
TH_CHECKED bool th_live_detach(ThSession *session, ThDefinition *definition, ThLiveState state);
/* Makes a definition's value fresh, in its global. */
TH_CHECKED bool th_live_refresh(ThSession *session, ThDefinition *definition);
/* thunk() with its own stream of random numbers, restarted (of `name`, or the one that all `with` share);
 * *reads is what it read, on an error too, for the caller to release: NULL when memory was out. */
TH_CHECKED bool th_live_evaluate(ThSession *session, const ThSymbol *name, ThValue thunk, ThReads **reads,
                                 bool *random, ThValue *out);
/* The seed is another one: values that were drawn at random are stale. */
void th_live_reseeded(ThSession *session);
void th_live_drop_failure(ThContext *cx, ThDefinition *definition);

/* --- live_plot.c: values that draw themselves */

static inline bool th_live_is_picture(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->echo; }
/* The definition gives pictures: it is looked at after each statement. */
void th_live_draws(ThSession *session, ThDefinition *definition);
/* This value of a definition stands on the screen; none when it should, and could not be drawn yet. */
void th_live_shown(ThDefinition *definition, ThValue v);

/* --- live_names.c: what code names, before it runs */

/* Every global that a thunk's code names, directly and through functions in globals; NULL when memory is out. */
enum {
  TH_NAMES_THROUGH = 1, /* through definitions too */
  TH_NAMES_RUN = 2      /* only what runs: functions that are called, none that are just made or handed on */
};
TH_CHECKED ThReads *th_live_names(ThSession *session, ThValue thunk, unsigned flags);
/* The errors of a definition that its code shows: a name that does not exist, a circle. What it leads to is
 * remembered in *names. */
TH_CHECKED bool th_live_check(ThSession *session, const ThSymbol *name, ThValue thunk, ThReads **names);
/* Some definition leads to these names: whoever defines one of them looks for circles. */
TH_CHECKED bool th_live_mention(ThSession *session, const ThReads *names);
/* May evaluating the definition call a built-in that gives a picture? */
TH_CHECKED bool th_live_may_draw(ThSession *session, const ThDefinition *definition, bool *may);
/* What a compiled statement that assigns to a name reads (NULL with an error), kept with the name once the statement
 * has run; and whether that leads to another name, which would have changed it had it been `:=`. */
TH_CHECKED ThReads *th_live_origin(ThSession *session, const ThSymbol *name, ThValue statement);
void th_live_note_origin_take(ThSession *session, const ThSymbol *name, ThReads *origin);
TH_CHECKED bool th_live_came_from(ThSession *session, size_t index, size_t ingredient, bool *found);

/* --- with.c */

/* thunk() while names have other values. An error when it depends on one of the names not at all. */
TH_CHECKED bool th_live_with(ThSession *session, ThValue thunk, ThSymbol *const *names, const ThValue *values,
                             size_t n, ThValue *out);
/* Writes down what a definition is before it changes, for the `with` that is running. */
TH_CHECKED bool th_journal_note(ThSession *session, ThDefinition *definition);

#endif
