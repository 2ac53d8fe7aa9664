/* context.h - what every fallible function is handed: heap, error record, host */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_CONTEXT_H
#define TH_BASE_CONTEXT_H

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

#define TH_CHECKED __attribute__((warn_unused_result))
#define TH_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* The kinds of failure. TH_INCOMPLETE is a status, not a message: the input ends inside a bracket. */
typedef enum ThErrorCode {
  TH_OK,
  TH_ERROR_SYNTAX,
  TH_ERROR_INCOMPLETE,
  TH_ERROR_NAME,
  TH_ERROR_TYPE,
  TH_ERROR_SHAPE,
  TH_ERROR_VALUE,
  TH_ERROR_NUMERIC,
  TH_ERROR_INTERRUPTED,
  TH_ERROR_IO,
  TH_ERROR_MEMORY,
  TH_ERROR_LIMIT
} ThErrorCode;

typedef struct ThSource ThSource;

/* A stretch of program text, in bytes from the start of its source. */
typedef struct ThSpan {
  uint32_t start, end;
} ThSpan;

/* In place of an argument's number: the function that was called. Added to one: the name that the argument is given by,
 * not its value. */
enum { TH_CALLEE = 1 << 20, TH_ARGUMENT_NAME = 1 << 21 };

enum { TH_MESSAGE_SIZE = 640, TH_HINT_SIZE = 320, TH_TRACE_SIZE = 8 };

/* One place in a program. The source is retained. */
typedef struct ThPlace {
  ThSource *source;
  ThSpan span;
} ThPlace;

/* The error record. Its text lies inside it, so that reporting an error never allocates. */
typedef struct ThError {
  ThErrorCode code;
  bool undecided;   /* a condition or a count hangs on a random variable: the call may be lifted */
  int argument;     /* 1-based operand or argument at fault, 0 when none in particular */
  size_t n_places;  /* places filled, innermost call first, the outermost one last */
  size_t n_omitted; /* calls before the last that did not fit */
  ThPlace places[TH_TRACE_SIZE];
  char message[TH_MESSAGE_SIZE];
  char hint[TH_HINT_SIZE];
} ThError;

typedef struct ThContext ThContext;
typedef struct ThText ThText;

/* What lower layers may ask of upper ones. Any member may be NULL. */
typedef struct ThHost {
  /* text for the person: output of programs and echoes; notes and warnings; */
  void (*write)(void *self, const char *text, size_t length);
  void (*note)(void *self, const char *text); /* one line: a hint or a warning, without its line end */
  /* progress of something long: 0 to 1, or below 0 when it is over */
  void (*progress)(void *self, double fraction, const char *what);
  /* show a figure value (ui/ draws it); `figure` is a val/figure.h ThFigure; false with an error record */
  bool (*show_figure)(void *self, ThContext *cx, void *figure);
  bool (*save_figure)(void *self, ThContext *cx, void *figure, const char *path);
  /* wait until the person goes on (Enter); false when nobody is there, who will not be asked again */
  bool (*wait)(void *self);
  void *self;
} ThHost;

/* Advice that a session gives once; TH_ADVICE_INVERSE once in each input, whose answer is hardly what was meant. */
typedef enum ThAdvice {
  TH_ADVICE_VARIANCE = 1,
  TH_ADVICE_MATRIX_PRODUCT = 2,
  TH_ADVICE_MISSING = 4,
  TH_ADVICE_LOGITS = 8,
  TH_ADVICE_INVERSE = 16
} ThAdvice;

/* Settings that formatting and drawing read. */
typedef struct ThSettings {
  int digits;            /* significant digits of a printed number; 6 */
  int width;             /* columns of the terminal; 80 */
  int height;            /* its lines; 24 */
  bool utf8;             /* the terminal shows UTF-8 */
  bool color;            /* and colours */
  bool echo_assignments; /* true at the prompt */
  bool sandbox;          /* no file is written, no file imported */
} ThSettings;

struct ThContext {
  ThHeap heap;
  ThError error;
  volatile sig_atomic_t *interrupt; /* set by Ctrl-C; NULL when there is none */
  ThHost host;
  ThSettings settings;
  struct ThSymbols *symbols; /* every name of the session (val/symbol.h) */
  struct ThRandom *random;   /* the session's generator (num/random.h) */
  /* the source text of operand `index` (0-based; SIZE_MAX: the function called) of the operation that is
   * running, "" when unknown */
  void (*operand_text)(ThContext *cx, size_t index, char *text, size_t size);
  void *session;           /* the lang/ session that owns this context */
  struct ThGraph *tracing; /* of the function that is being traced (val/graph.h), or NULL */
  uint64_t shown;  /* texts and figures that were shown, counted: tells whether a function shows something */
  uint64_t births; /* of random variables, counted: tells which is older */
  uint32_t told;   /* advice that was given once: bits of ThAdvice */
  struct ThStandIns *stand_ins; /* values that random variables stand for (val/traced.h), or NULL */
  unsigned depth;               /* nesting of C calls into the evaluator */
  unsigned nesting;             /* of the value that is walked through (val/value.h) */
};

/* Allocation that fills the error record on failure. */
TH_CHECKED void *th_alloc(ThContext *cx, size_t size);
TH_CHECKED void *th_alloc_array(ThContext *cx, size_t count, size_t size);
TH_CHECKED void *th_resize(ThContext *cx, void *block, size_t old_size, size_t size);
void th_free(ThContext *cx, void *block, size_t size);
/* A copy of `length` bytes of text with a final NUL; free with length + 1. */
TH_CHECKED char *th_copy_text(ThContext *cx, const char *text, size_t length);

/* Fill the error record and return false, so that `return th_fail(cx, …)` reads well. The message is
 * lower case, without a full stop, the problem first, names in backquotes. */
bool th_fail(ThContext *cx, ThErrorCode code, const char *format, ...) TH_PRINTF(3, 4);
/* The same, laying the blame on argument or operand `argument` (1-based), where the caret goes. */
bool th_fail_argument(ThContext *cx, int argument, ThErrorCode code, const char *format, ...) TH_PRINTF(4, 5);
/* Adds the hint line that proposes the fix; returns false. */
bool th_hint(ThContext *cx, const char *format, ...) TH_PRINTF(2, 3);
bool th_fail_memory(ThContext *cx, size_t size);
/* Forgets the error, releasing its sources. */
void th_error_clear(ThContext *cx);
/* Adds a place to the error's trace (retains the source). */
void th_error_place(ThContext *cx, ThSource *source, ThSpan span);
/* Moves the record out of the context, or back in, so that something may be tried meanwhile. */
void th_error_take(ThContext *cx, ThError *out);
void th_error_restore(ThContext *cx, ThError *saved);
/* Forgets one that was moved out. */
void th_error_drop(ThError *saved);

/* False, with the error "interrupted", once Ctrl-C was pressed: loops call it. */
TH_CHECKED bool th_poll(ThContext *cx);
/* The same in turn i of a loop of quick steps: every so many turns. */
TH_CHECKED static inline bool th_poll_at(ThContext *cx, size_t i) { return (i & 0x3FFF) != 0 || th_poll(cx); }
/* Is an interruption due, looked at every so many turns? Loops that cannot fail leave off; who called them polls. */
static inline bool th_is_due(const ThContext *cx, size_t i) {
  return (i & 0x3FFF) == 0 && cx->interrupt && *cx->interrupt;
}
/* Is the error one that nothing may turn into an answer: an interruption, or lack of memory? */
static inline bool th_is_final(const ThContext *cx) {
  return cx->error.code == TH_ERROR_INTERRUPTED || cx->error.code == TH_ERROR_MEMORY;
}
/* memset to 0 and memcpy of any length; false when interrupted. */
TH_CHECKED bool th_zero_bytes(ThContext *cx, void *to, size_t size);
TH_CHECKED bool th_copy_bytes(ThContext *cx, void *to, const void *from, size_t size);

/* Printed output of the running program, and a one-line note or warning to the person. */
void th_write(ThContext *cx, const char *text, size_t length);
void th_note(ThContext *cx, const char *format, ...) TH_PRINTF(2, 3);
/* From here on notes are not shown, until th_note_resume gets what this gave: of functions that are called at many
 * points, or once more. */
typedef void (*ThNote)(void *self, const char *text);
ThNote th_note_pause(ThContext *cx);
void th_note_resume(ThContext *cx, ThNote before);
/* True when asked for the first time: the advice is due. */
bool th_advise(ThContext *cx, ThAdvice advice);

/* The source text of operand `index` (0-based; SIZE_MAX: the function called) when it is short enough to quote,
 * else `fallback`;
 * written into buffer, which is returned. */
const char *th_operand(ThContext *cx, size_t index, const char *fallback, char *buffer, size_t size);

#endif
