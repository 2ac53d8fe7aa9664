/* source.h - program text and how a place in it is shown */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_SOURCE_H
#define TH_BASE_SOURCE_H

#include "base/context.h"
#include "base/text.h"

/* A piece of program text with its name: "" at the prompt, else the file's. Counted; holds its own copy. */
struct ThSource {
  uint32_t references;
  ThHeap *heap;
  char *name;
  char *text; /* NUL-terminated */
  size_t length;
};

TH_CHECKED ThSource *th_source_new(ThContext *cx, const char *name, const char *text, size_t length);
ThSource *th_source_retain(ThSource *source);
void th_source_release(ThSource *source); /* NULL is allowed */

/* 1-based line, and column in characters, of a byte offset. */
void th_source_position(const ThSource *source, uint32_t offset, size_t *line, size_t *column);

/* The error record as the person reads it: `NAME:LINE:COLUMN: message`, the line, a caret under the
 * culprit, the hint, then one line for each calling place. At the prompt, where the name is "", the
 * position is left out. */
void th_error_show(const ThError *error, ThText *out);
/* The same with lines of the program cut to `room` columns, where there are fewer than usual. */
void th_error_show_within(const ThError *error, size_t room, ThText *out);

#endif
