/* session.h - one session: names, settings, running source text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_SESSION_H
#define TH_LANG_SESSION_H

#include "base/source.h"
#include "val/symbol.h"
#include "val/value.h"

typedef struct ThSession ThSession;

/* A session with no built-ins yet (registry.c defines them); NULL when memory is out. Every function below
 * works on the main thread only. */
ThSession *th_session_new(void);
/* Returns how many bytes of its heap did not come back: 0, or something leaked. */
size_t th_session_free(ThSession *session);
ThContext *th_session_context(ThSession *session);
ThSession *th_session_of(ThContext *cx);

/* How source text is run. */
typedef enum ThRunMode {
  TH_RUN_PROMPT, /* expressions, assignments and declarations echo; an unfinished input is TH_RUN_INCOMPLETE */
  TH_RUN_SCRIPT, /* expressions echo */
  TH_RUN_QUIET   /* nothing echoes */
} ThRunMode;

typedef enum ThRunStatus { TH_RUN_DONE, TH_RUN_FAILED, TH_RUN_INCOMPLETE } ThRunStatus;

/* Runs statements. On TH_RUN_FAILED the error record is filled and nothing has been printed about it: the
 * caller shows it (th_session_take_error_text). Statements before the failing one have taken effect. `name` is
 * the file's name in messages, "" at the prompt. */
ThRunStatus th_session_run(ThSession *session, const char *name, const char *text, size_t length,
                           ThRunMode mode);
/* Whether an input at the prompt is finished, right or wrong: no bracket of it is open, no operator waits. */
bool th_session_is_finished(ThSession *session, const char *text, size_t length);
/* Runs another file, read whole; refused in the sandbox. */
ThRunStatus th_session_run_file(ThSession *session, const char *path, ThRunMode mode);
/* The error record as the person reads it, appended to `out`; clears the record. */
void th_session_take_error_text(ThSession *session, ThText *out);

/* Evaluates text quietly and gives its value (none when the last statement has none). */
TH_CHECKED bool th_session_evaluate(ThSession *session, const char *name, const char *text, size_t length,
                                    ThValue *out);
/* The value of the last expression that ran, as `_`: borrowed; none when there is none. */
ThValue th_session_last(const ThSession *session);

/* Global names. get: borrowed, false when undefined (no error) or waiting to be computed; read computes it first:
 * owned, an error when there is none. set takes the value, and tells what follows the name. */
bool th_session_get(ThSession *session, const ThSymbol *name, ThValue *out);
TH_CHECKED bool th_session_read(ThSession *session, const ThSymbol *name, ThValue *out);
TH_CHECKED bool th_session_set_take(ThSession *session, ThSymbol *name, ThValue value);
/* Whether the user has defined a name. */
bool th_session_owns(const ThSession *session, const ThSymbol *name);
/* The names that the user has defined, in order of definition, NULL after the last; NULL with an error when
 * memory is out. A live name that waits to be computed is among them. */
TH_CHECKED ThSymbol **th_session_names(ThSession *session, size_t *n);
void th_session_names_free(ThSession *session, ThSymbol **names, size_t n);
/* Forgets every name the user defined. */
void th_session_clear(ThSession *session);

/* A checkpoint of all names and of the random generator: cheap, since values are shared until changed. */
typedef struct ThCheckpoint ThCheckpoint;
TH_CHECKED ThCheckpoint *th_session_checkpoint(ThSession *session);
TH_CHECKED bool th_session_restore(ThSession *session, const ThCheckpoint *checkpoint);
/* Has a name another value, or a definition changed, since the checkpoint? */
bool th_session_differs(const ThSession *session, const ThCheckpoint *checkpoint);
void th_checkpoint_free(ThSession *session, ThCheckpoint *checkpoint);

typedef enum ThLiveState {
  TH_LIVE_STALE,
  TH_LIVE_FRESH,
  TH_LIVE_FAILED,
  TH_LIVE_KEPT /* a declared variable: it follows nothing any more, since a name in it now hangs on it */
} ThLiveState;

/* A name with a definition (a live value or a declared variable): its text as typed, its state, and the names of
 * the person's that its value hangs on. They live as long as the definition keeps this value. */
typedef struct ThLiveName {
  ThSymbol *name;
  const char *text; /* of the expression */
  size_t length;
  bool declared;
  bool is_picture;
  ThLiveState state;
  const ThError *failure;      /* failed: why */
  const uint32_t *ingredients; /* indices of symbols, built-ins among them */
  size_t n_ingredients;
} ThLiveName;
/* Calls `see` for each, in order of definition, until it returns false. */
void th_session_live(const ThSession *session, bool (*see)(void *self, const ThLiveName *live), void *self);
/* Does it hang on a name, directly or through others? */
bool th_session_follows(ThSession *session, const ThLiveName *live, const ThSymbol *name);
/* Draws again the pictures that changed, the earlier curves in grey: after each statement, and after a restore.
 * One that fails is a warning. False when interrupted. */
TH_CHECKED bool th_session_redraw(ThSession *session);
/* The pictures as they are now have been shown already. */
void th_session_pictures_seen(ThSession *session);
/* Is there a declared variable whose distribution hangs on names that have changed? */
bool th_session_has_stale(const ThSession *session);
/* A query visits this declared variable: if it is stale it gets its distribution anew, and *renewed is set. A live
 * value that asks the query hangs on the variable's name. */
TH_CHECKED bool th_session_visit(ThSession *session, const ThSymbol *name, ThValue variable, bool *renewed);

/* Starts the random draws anew. */
void th_session_seed(ThSession *session, uint64_t seed);

/* Appends the source text of an argument (0-based) of the built-in that is running; false when it is unknown. */
bool th_session_argument_text(ThContext *cx, size_t index, ThText *out);

/* What prob/ and infer/ hand to the language. All take the session's context. */
typedef struct ThLanguageHooks {
  /* X ~ dist: makes the value that X gets; count is the number in X[count], or SIZE_MAX for a single one. */
  bool (*declare)(ThContext *cx, ThSymbol *name, ThValue distribution, size_t count, ThValue *out);
  /* the variable that declare made gets another distribution */
  bool (*redeclare)(ThContext *cx, ThValue variable, ThValue distribution);
  /* does a value, or one that it holds, hang on the variable that declare made, or is it that */
  bool (*hangs_on)(ThContext *cx, ThValue v, ThValue variable, bool *out);
  /* an `if` whose condition is a random variable, its branches both evaluated */
  bool (*choose)(ThContext *cx, ThValue condition, ThValue yes, ThValue no, ThValue *out);
  /* true for values that `choose` takes as conditions */
  bool (*is_random)(ThValue v);
  /* function(args), which declares random variables and goes on as they turn out: the variable that is its value */
  bool (*simulate)(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out);
  /* model NAME(args) { … }: makes the model's value from its body, a function whose parameters are the data
   * and knobs; running it calls the three that follow through th_model_runner */
  bool (*model)(ThContext *cx, ThSymbol *name, ThValue body, ThValue *out);
} ThLanguageHooks;
void th_session_set_hooks(ThSession *session, const ThLanguageHooks *hooks);

/* While a model's body runs, its `~`, `param` and deterministic statements call these. */
typedef struct ThModelRunner {
  void *self;
  /* name ~ distribution, name not among the data: gives the value the body goes on with. count as above. */
  bool (*parameter)(void *self, ThContext *cx, ThSymbol *name, ThValue distribution, size_t count,
                    ThValue *out);
  /* param name in (lower, upper): numbers, or values that hang on parameters */
  bool (*free_parameter)(void *self, ThContext *cx, ThSymbol *name, ThValue lower, ThValue upper,
                         size_t count, ThValue *out);
  /* data ~ distribution; data is the value of the name or of its element */
  bool (*observe)(void *self, ThContext *cx, ThSymbol *name, ThValue data, ThValue distribution);
  /* name = value at the top of the body: reported with the fit */
  bool (*deterministic)(void *self, ThContext *cx, ThSymbol *name, ThValue value);
  /* factor(x) */
  bool (*factor)(void *self, ThContext *cx, ThValue x);
} ThModelRunner;
/* While a function runs under a tracer, each of its declarations asks for a number: name ~ distribution, or an
 * array of `count` of them (SIZE_MAX: a single one). */
typedef struct ThTracer {
  void *self;
  bool (*draw)(void *self, ThContext *cx, ThSymbol *name, ThValue distribution, size_t count, ThValue *out);
} ThTracer;
TH_CHECKED bool th_trace_run(ThContext *cx, ThValue function, const ThArguments *args, const ThTracer *tracer,
                             ThValue *out);
/* Calls the body of a model with its data (as a record or table, or by position) under a runner. */
TH_CHECKED bool th_model_run(ThContext *cx, ThValue body, const ThArguments *data,
                             const ThModelRunner *runner);
/* The body's parameters: name, and whether it has a default (a knob); NULL after the last. */
ThSymbol *th_function_parameter(ThValue function, size_t i, bool *has_default);
/* The text of a parameter's default, borrowed from the function; NULL when it has none. */
const char *th_function_default(ThValue function, size_t i, size_t *length);
ThSymbol *th_function_name(ThValue function); /* NULL when it has none */

/* Every known name (globals, built-ins, reserved words, constants) that starts with `prefix`, for completion:
 * calls `found` for each until it returns false. */
void th_session_complete(ThSession *session, const char *prefix, size_t length,
                         bool (*found)(void *self, const char *name), void *self);
/* The known name nearest to one that is not known, or NULL. */
const char *th_session_nearest_name(ThSession *session, const ThSymbol *name);

#endif
