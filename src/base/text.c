/* text.c - a string that grows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void th_text_init(ThText *text, ThHeap *heap) { *text = (ThText){.heap = heap}; }

void th_text_clear(ThText *text) {
  th_heap_free(text->heap, text->data, text->capacity);
  th_text_init(text, text->heap);
}

void th_text_reset(ThText *text) {
  text->length = 0;
  if (text->data) text->data[0] = '\0';
}

/* Room for `more` bytes and the NUL. */
static bool reserve(ThText *text, size_t more) {
  if (text->failed) return false;
  if (more > SIZE_MAX / 4 - text->length) { /* no capacity could hold it */
    text->failed = true;
    return false;
  }
  if (text->length + more + 1 <= text->capacity) return true;
  size_t capacity = text->capacity ? text->capacity * 2 : 64;
  while (capacity < text->length + more + 1) capacity *= 2;
  char *data = th_heap_resize(text->heap, text->data, text->capacity, capacity);
  if (!data) {
    text->failed = true;
    return false;
  }
  text->data = data;
  text->capacity = capacity;
  return true;
}

void th_text_bytes(ThText *text, const char *bytes, size_t length) {
  if (!reserve(text, length)) return;
  if (length) memcpy(text->data + text->length, bytes, length);
  text->length += length;
  text->data[text->length] = '\0';
}

void th_text_add(ThText *text, const char *string) { th_text_bytes(text, string, strlen(string)); }

void th_text_char(ThText *text, char c) { th_text_bytes(text, &c, 1); }

void th_text_repeat(ThText *text, char c, size_t count) {
  if (!reserve(text, count)) return;
  memset(text->data + text->length, c, count);
  text->length += count;
  text->data[text->length] = '\0';
}

void th_text_code_point(ThText *text, uint32_t code_point) {
  char bytes[4];
  th_text_bytes(text, bytes, th_utf8_encode(code_point, bytes));
}

void th_text_format(ThText *text, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length > 0 && reserve(text, (size_t)length)) {
    vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
    text->length += (size_t)length;
  }
  va_end(again);
}

void th_text_pad(ThText *text, size_t start, size_t width) {
  if (text->failed || start > text->length) return;
  size_t have = th_utf8_width(th_text_string(text) + start, text->length - start);
  if (have < width) th_text_repeat(text, ' ', width - have);
}

const char *th_text_string(const ThText *text) { return text->data ? text->data : ""; }

bool th_text_ok(const ThText *text, ThContext *cx) {
  return !text->failed || th_fail_memory(cx, text->capacity * 2);
}
