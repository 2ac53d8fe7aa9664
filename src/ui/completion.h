/* completion.h - what Tab offers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_COMPLETION_H
#define TH_UI_COMPLETION_H

#include "lang/session.h"

/* One way to go on. */
typedef struct ThCandidate {
  char *text;  /* what is typed: `sum(`, `upper = ` */
  char *shown; /* how the list shows it: `upper = false`; NULL: as the text */
  char *brief; /* what it is, or NULL */
  size_t rank; /* lower ones come first, equal ones in alphabetical order */
} ThCandidate;

/* Candidates that may stand from byte `start` of the line up to the cursor. */
typedef struct ThCompletion {
  ThContext *cx;
  size_t start;
  ThCandidate *candidates; /* sorted, without duplicates */
  size_t n, capacity;
} ThCompletion;

/* The line up to byte `point`, after the unfinished lines `pending` ("" mostly). One candidate replaces what
 * was typed; of several their common beginning does. Commands after a `:` at the start, files and data sets in
 * a string, characters after a backslash, fields after a point, else the arguments of the call around, the
 * person's names, and those that are built in. */
TH_CHECKED bool th_complete(ThSession *session, const char *pending, const char *line, size_t point,
                            ThCompletion *out);
void th_completion_clear(ThCompletion *completion);
/* Bytes that all candidates begin with, cut at a character's edge. */
size_t th_completion_common(const ThCompletion *completion);
/* Appends the candidates as lines no wider than the terminal: few of them with what they are. */
void th_completion_list(const ThCompletion *completion, ThText *out);

/* For those who find candidates (complete_files.c, complete_commands.c). Adds copies; `shown` and `brief` may
 * be NULL. */
TH_CHECKED bool th_completion_add(ThCompletion *completion, const char *text, const char *shown,
                                  const char *brief, size_t rank);

#endif
