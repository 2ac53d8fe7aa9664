/* completion.h - what Tab offers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_COMPLETION_H
#define TH_UI_COMPLETION_H

#include "lang/session.h"

/* Candidates that may stand from byte `start` of the line up to the cursor. */
typedef struct ThCompletion {
  ThContext *cx;
  size_t start;
  char **candidates; /* NUL-terminated, sorted, without duplicates */
  size_t n, capacity;
} ThCompletion;

/* The line up to byte `point`, after the unfinished lines `pending` ("" mostly). One candidate replaces what
 * was typed; of several their common beginning does. Commands after a `:` at the start, files in a string,
 * characters after a backslash, fields after a point, else names and the arguments of the call around. */
TH_CHECKED bool th_complete(ThSession *session, const char *pending, const char *line, size_t point,
                            ThCompletion *out);
void th_completion_clear(ThCompletion *completion);
/* Bytes that all candidates begin with, cut at a character's edge. */
size_t th_completion_common(const ThCompletion *completion);
/* Adds a copy of a candidate. */
TH_CHECKED bool th_completion_add(ThCompletion *completion, const char *text, size_t length);

#endif
