/* context.c - allocation with errors, the error record, notes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error record is part of the context and of fixed size: running out of memory can be reported
 * without memory. Text that does not fit is cut at a character's edge. */
#include "base/context.h"

#include <stdio.h>
#include <string.h>

#include "base/source.h"
#include "base/utf8.h"

void *th_alloc(ThContext *cx, size_t size) {
  void *block = th_heap_alloc(&cx->heap, size ? size : 1);
  if (!block) th_fail_memory(cx, size);
  return block;
}

void *th_alloc_array(ThContext *cx, size_t count, size_t size) {
  size_t bytes;
  if (!th_size_multiply(count, size, &bytes)) {
    th_fail_memory(cx, SIZE_MAX);
    return NULL;
  }
  return th_alloc(cx, bytes);
}

void *th_resize(ThContext *cx, void *block, size_t old_size, size_t size) {
  void *resized = th_heap_resize(&cx->heap, block, old_size, size);
  if (!resized) th_fail_memory(cx, size);
  return resized;
}

void th_free(ThContext *cx, void *block, size_t size) {
  if (block) th_heap_free(&cx->heap, block, size ? size : 1);
}

char *th_copy_text(ThContext *cx, const char *text, size_t length) {
  char *copy = th_alloc(cx, length + 1);
  if (!copy) return NULL;
  if (length) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

/* What was quoted only in part may have been cut inside a character: its piece goes. */
static void drop_pieces(char *text) {
  size_t length = strlen(text), bad;
  while ((bad = th_utf8_find_invalid(text, length)) < length) {
    memmove(text + bad, text + bad + 1, length - bad);
    length--;
  }
}

TH_PRINTF(3, 0)
static void format_cut(char *out, size_t size, const char *format, va_list args) {
  int length = vsnprintf(out, size, format, args);
  if (length >= 0 && (size_t)length >= size) th_utf8_cut(out, size - 1);
  drop_pieces(out);
}

TH_PRINTF(4, 0)
static void fail(ThContext *cx, int argument, ThErrorCode code, const char *format, va_list args) {
  th_error_clear(cx);
  cx->error.code = code;
  cx->error.argument = argument;
  format_cut(cx->error.message, sizeof cx->error.message, format, args);
}

bool th_fail(ThContext *cx, ThErrorCode code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(cx, 0, code, format, args);
  va_end(args);
  return false;
}

bool th_fail_argument(ThContext *cx, int argument, ThErrorCode code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(cx, argument, code, format, args);
  va_end(args);
  return false;
}

bool th_hint(ThContext *cx, const char *format, ...) {
  va_list args;
  va_start(args, format);
  format_cut(cx->error.hint, sizeof cx->error.hint, format, args);
  va_end(args);
  return false;
}

bool th_fail_memory(ThContext *cx, size_t size) {
  static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  double amount = (double)size;
  size_t unit = 0;
  while (amount >= 1000 && unit < 5) amount /= 1000, unit++;
  if (size == SIZE_MAX)
    return th_fail(cx, TH_ERROR_MEMORY, "not enough memory: the size is beyond this machine's addresses");
  return th_fail(cx, TH_ERROR_MEMORY, "not enough memory for %.3g %s", amount, units[unit]);
}

void th_error_clear(ThContext *cx) {
  th_error_drop(&cx->error);
  cx->error.code = TH_OK;
  cx->error.undecided = false;
  cx->error.argument = 0;
  cx->error.n_omitted = 0;
  cx->error.message[0] = '\0';
  cx->error.hint[0] = '\0';
}

void th_error_place(ThContext *cx, ThSource *source, ThSpan span) {
  if (cx->error.n_places == TH_TRACE_SIZE) { /* the last place makes room: the outermost call is shown */
    th_source_release(cx->error.places[--cx->error.n_places].source);
    cx->error.n_omitted++;
  }
  cx->error.places[cx->error.n_places].source = th_source_retain(source);
  cx->error.places[cx->error.n_places].span = span;
  cx->error.n_places++;
}

void th_error_take(ThContext *cx, ThError *out) {
  *out = cx->error;
  cx->error.n_places = 0;
  th_error_clear(cx);
}

void th_error_restore(ThContext *cx, ThError *saved) {
  th_error_clear(cx);
  cx->error = *saved;
}

void th_error_drop(ThError *saved) {
  for (size_t i = 0; i < saved->n_places; i++) th_source_release(saved->places[i].source);
  saved->n_places = 0;
}

bool th_poll(ThContext *cx) {
  if (!cx->interrupt || !*cx->interrupt) return true;
  *cx->interrupt = 0;
  return th_fail(cx, TH_ERROR_INTERRUPTED, "interrupted");
}

enum { CHUNK = 1 << 22 }; /* bytes between two looks */

bool th_zero_bytes(ThContext *cx, void *to, size_t size) {
  for (size_t at = 0; at < size; at += CHUNK) {
    if (!th_poll(cx)) return false;
    memset((char *)to + at, 0, size - at < CHUNK ? size - at : CHUNK);
  }
  return true;
}

bool th_copy_bytes(ThContext *cx, void *to, const void *from, size_t size) {
  for (size_t at = 0; at < size; at += CHUNK) {
    if (!th_poll(cx)) return false;
    memcpy((char *)to + at, (const char *)from + at, size - at < CHUNK ? size - at : CHUNK);
  }
  return true;
}

void th_write(ThContext *cx, const char *text, size_t length) {
  cx->shown++;
  if (cx->host.write && length) cx->host.write(cx->host.self, text, length);
}

void th_note(ThContext *cx, const char *format, ...) {
  if (!cx->host.note) return;
  char line[TH_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  format_cut(line, sizeof line, format, args);
  va_end(args);
  cx->host.note(cx->host.self, line);
}

ThNote th_note_pause(ThContext *cx) {
  ThNote before = cx->host.note;
  cx->host.note = NULL;
  return before;
}

void th_note_resume(ThContext *cx, ThNote before) { cx->host.note = before; }

bool th_advise(ThContext *cx, ThAdvice advice) {
  bool due = !(cx->told & advice);
  cx->told |= advice;
  return due;
}

const char *th_operand(ThContext *cx, size_t index, const char *fallback, char *buffer, size_t size) {
  buffer[0] = '\0';
  if (cx->operand_text) cx->operand_text(cx, index, buffer, size);
  if (!buffer[0]) snprintf(buffer, size, "%s", fallback);
  return buffer;
}
