/* text.h - a string that grows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_TEXT_H
#define TH_BASE_TEXT_H

#include "base/context.h"

/* Invariant: data is NULL, or holds `length` bytes and a final NUL. An append that finds no memory sets
 * `failed`, and every later append does nothing: callers append freely and ask once, at the end. */
struct ThText {
  ThHeap *heap;
  char *data;
  size_t length, capacity;
  bool failed;
};

void th_text_init(ThText *text, ThHeap *heap);
void th_text_clear(ThText *text); /* frees what it holds; may be used again */
void th_text_reset(ThText *text); /* empties, keeps the memory and a failure */
void th_text_bytes(ThText *text, const char *bytes, size_t length);
void th_text_add(ThText *text, const char *string);
void th_text_char(ThText *text, char c);
void th_text_repeat(ThText *text, char c, size_t count);
void th_text_code_point(ThText *text, uint32_t code_point);
void th_text_format(ThText *text, const char *format, ...) TH_PRINTF(2, 3);
/* Pads with blanks to `width` display columns, counted from byte `start`. */
void th_text_pad(ThText *text, size_t start, size_t width);
/* The text, never NULL. */
const char *th_text_string(const ThText *text);
/* False, with the error "not enough memory", when an append failed. */
TH_CHECKED bool th_text_ok(const ThText *text, ThContext *cx);

#endif
