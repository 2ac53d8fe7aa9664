/* source.c - program text and how a place in it is shown */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/source.h"

#include <string.h>

#include "base/utf8.h"

enum { LINE_WIDTH = 76 }; /* columns of a source line that are shown */

ThSource *th_source_new(ThContext *cx, const char *name, const char *text, size_t length) {
  if (length >= UINT32_MAX) {
    th_fail(cx, TH_ERROR_LIMIT, "a program may have at most 4 GB");
    return NULL;
  }
  ThSource *source = th_alloc(cx, sizeof *source);
  if (!source) return NULL;
  size_t name_length = strlen(name);
  *source = (ThSource){.references = 1, .heap = &cx->heap, .length = length};
  source->name = th_copy_text(cx, name, name_length);
  source->text = source->name ? th_copy_text(cx, text, length) : NULL;
  if (source->text) return source;
  th_source_release(source);
  return NULL;
}

ThSource *th_source_retain(ThSource *source) {
  source->references++;
  return source;
}

void th_source_release(ThSource *source) {
  if (!source || --source->references > 0) return;
  ThHeap *heap = source->heap;
  if (source->name) th_heap_free(heap, source->name, strlen(source->name) + 1);
  if (source->text) th_heap_free(heap, source->text, source->length + 1);
  th_heap_free(heap, source, sizeof *source);
}

static size_t line_start(const ThSource *source, size_t offset) {
  while (offset > 0 && source->text[offset - 1] != '\n') offset--;
  return offset;
}

static size_t line_end(const ThSource *source, size_t offset) {
  while (offset < source->length && source->text[offset] != '\n' && source->text[offset] != '\r') offset++;
  return offset;
}

void th_source_position(const ThSource *source, uint32_t offset, size_t *line, size_t *column) {
  size_t end = offset < source->length ? offset : source->length;
  *line = 1;
  for (size_t i = 0; i < end; i++) *line += source->text[i] == '\n';
  size_t start = line_start(source, end);
  *column = 1 + th_utf8_count(source->text + start, end - start);
}

/* Writes text[start, end) with control characters shown as blanks, and bytes that are no UTF-8 as U+FFFD. */
static void show_plain(const char *text, size_t start, size_t end, ThText *out) {
  size_t size;
  for (size_t i = start; i < end; i += size) {
    uint32_t c = th_utf8_decode(text + i, end - i, &size);
    if (c == TH_UTF8_INVALID) th_text_add(out, "\uFFFD");
    else if (c < 32 || c == 127) th_text_char(out, ' ');
    else th_text_bytes(out, text + i, size);
  }
}

/* The line around the span with carets under it; a long line is cut to a window around the culprit. */
static void show_line(const ThSource *source, ThSpan span, size_t room, ThText *out) {
  const char *text = source->text;
  size_t from = span.start < source->length ? span.start : source->length;
  size_t start = line_start(source, from), end = line_end(source, from);
  size_t to = span.end < end ? span.end : end;
  if (to < from) to = from;
  bool cut_left = th_utf8_width(text + start, from - start) > room / 2 &&
                  th_utf8_width(text + start, end - start) > room;
  if (cut_left) start = th_utf8_back(text, start, from, room / 2);
  size_t shown_end = th_utf8_forward(text, start, end, room);
  if (to > shown_end) to = shown_end;
  th_text_add(out, cut_left ? "  …" : "  ");
  show_plain(text, start, shown_end, out);
  if (shown_end < end) th_text_add(out, "…");
  th_text_add(out, cut_left ? "\n   " : "\n  ");
  th_text_repeat(out, ' ', th_utf8_width(text + start, from - start));
  size_t width = th_utf8_width(text + from, to - from);
  th_text_repeat(out, '^', width ? width : 1);
  th_text_char(out, '\n');
}

static void show_position(const ThPlace *place, ThText *out) {
  size_t line, column;
  if (!place->source->name[0]) return;
  th_source_position(place->source, place->span.start, &line, &column);
  th_text_format(out, "%s:%zu:%zu: ", place->source->name, line, column);
}

/* A recursion, or the statement around a place that was shown already. */
static bool encloses(const ThPlace *outer, const ThPlace *inner) {
  return outer->source == inner->source && outer->span.start <= inner->span.start &&
         outer->span.end >= inner->span.end;
}

void th_error_show(const ThError *error, ThText *out) { th_error_show_within(error, LINE_WIDTH, out); }

void th_error_show_within(const ThError *error, size_t room, ThText *out) {
  if (error->n_places) show_position(&error->places[0], out);
  th_text_format(out, "%s%s\n",
                 error->n_places && error->places[0].source->name[0] ? "" : "error: ", error->message);
  if (error->n_places) show_line(error->places[0].source, error->places[0].span, room, out);
  if (error->hint[0]) th_text_format(out, "  hint: %s\n", error->hint);
  for (size_t i = 1; i < error->n_places; i++) {
    bool last = i + 1 == error->n_places;
    if (last && error->n_omitted) th_text_format(out, "… %zu more calls\n", error->n_omitted);
    if (encloses(&error->places[i], &error->places[i - 1])) continue;
    show_position(&error->places[i], out);
    th_text_add(out, "called from\n");
    show_line(error->places[i].source, error->places[i].span, room, out);
  }
}
