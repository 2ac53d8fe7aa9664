/* excerpt.c - operands and arguments as they stand in the text, for messages that propose a form */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/excerpt.h"

#include <string.h>

#include "base/utf8.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* A byte of a name or number; every byte beyond ASCII counts as a letter. */
static bool is_word_byte(char c) {
  return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

static char closing_of(char c) { return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : '\0'; }
static bool is_closing(char c) { return c == ')' || c == ']' || c == '}'; }

uint32_t th_excerpt_line_start(const char *text, uint32_t offset) {
  while (offset > 0 && text[offset - 1] != '\n') offset--;
  return offset;
}

uint32_t th_excerpt_line_end(const char *text, uint32_t offset) {
  while (text[offset] && text[offset] != '\n') offset++;
  return offset;
}

uint32_t th_excerpt_skip_blanks(const char *text, uint32_t offset) {
  while (is_blank(text[offset])) offset++;
  return offset;
}

/* After the string that begins at `offset`, or at the end of its line. */
static uint32_t skip_string(const char *text, uint32_t offset) {
  for (offset++; text[offset] && text[offset] != '\n'; offset++) {
    if (text[offset] == '"') return offset + 1;
    if (text[offset] == '\\' && text[offset + 1] && text[offset + 1] != '\n') offset++;
  }
  return offset;
}

uint32_t th_excerpt_closing(const char *text, uint32_t offset) {
  size_t depth = 0;
  while (text[offset] && text[offset] != '\n') {
    if (text[offset] == '"') {
      offset = skip_string(text, offset);
      continue;
    }
    if (closing_of(text[offset])) depth++;
    if (is_closing(text[offset]) && --depth == 0) return offset;
    offset++;
  }
  return 0;
}

ThSpan th_excerpt_name(const char *text, uint32_t offset) {
  uint32_t end = offset;
  while (is_word_byte(text[end]) && text[end] != '.') end++;
  return (ThSpan){offset, end};
}

bool th_excerpt_is(const char *text, ThSpan span, const char *word) {
  size_t length = span.end - span.start;
  return strlen(word) == length && memcmp(text + span.start, word, length) == 0;
}

ThSpan th_excerpt_after(const char *text, uint32_t offset) {
  uint32_t start = th_excerpt_skip_blanks(text, offset), end = start;
  if (text[end] == '-') end++;
  if (text[end] == '"') return (ThSpan){start, skip_string(text, end)};
  while (is_word_byte(text[end])) end++;
  while (text[end] == '(' || text[end] == '[') {
    uint32_t closing = th_excerpt_closing(text, end);
    if (!closing) break;
    end = closing + 1;
  }
  if (end == start + 1 && text[start] == '-') end = start;
  return (ThSpan){start, end};
}

/* The beginning of the string whose closing quote stands just before `offset`. */
static uint32_t string_start(const char *text, uint32_t offset) {
  uint32_t start = offset - 1;
  while (start > 0 && text[start - 1] != '\n') {
    start--;
    if (text[start] == '"' && (start == 0 || text[start - 1] != '\\')) return start;
  }
  return offset - 1;
}

uint32_t th_excerpt_opening(const char *text, uint32_t offset) {
  size_t depth = 0;
  for (uint32_t i = offset; i > 0 && text[i - 1] != '\n'; i--) {
    if (text[i - 1] == '"') i = string_start(text, i) + 1;
    if (is_closing(text[i - 1])) depth++;
    if (closing_of(text[i - 1]) && --depth == 0) return i - 1;
  }
  return offset;
}

ThSpan th_excerpt_before(const char *text, uint32_t offset) {
  while (offset > 0 && is_blank(text[offset - 1])) offset--;
  if (offset > 0 && text[offset - 1] == '"') return (ThSpan){string_start(text, offset), offset};
  uint32_t start = offset;
  while (start > 0 && text[start - 1] == '\'') start--;
  while (start > 0 && (text[start - 1] == ')' || text[start - 1] == ']')) {
    uint32_t open = th_excerpt_opening(text, start);
    if (open == start) return (ThSpan){offset, offset};
    start = open;
  }
  while (start > 0 && is_word_byte(text[start - 1])) start--;
  return (ThSpan){start, offset};
}

uint32_t th_excerpt_rest(const char *text, uint32_t offset) {
  uint32_t end = offset;
  while (text[end] && !strchr("\n;#", text[end])) {
    if (is_closing(text[end])) break;
    uint32_t closing = closing_of(text[end]) ? th_excerpt_closing(text, end) : 0;
    if (text[end] == '"') end = skip_string(text, end);
    else end = closing ? closing + 1 : end + 1;
  }
  while (end > offset && is_blank(text[end - 1])) end--;
  return end;
}

/* Without the blanks around it. */
static ThSpan trimmed(const char *text, ThSpan span) {
  while (span.start < span.end && (is_blank(text[span.start]) || text[span.start] == '\n')) span.start++;
  while (span.end > span.start && (is_blank(text[span.end - 1]) || text[span.end - 1] == '\n')) span.end--;
  return span;
}

size_t th_excerpt_split(const char *text, ThSpan inside, ThSpan *parts, size_t most) {
  size_t n = 0, depth = 0;
  uint32_t start = inside.start;
  for (uint32_t i = inside.start; i <= inside.end && n < most; i++) {
    if (i < inside.end && text[i] == '"') {
      i = skip_string(text, i) - 1;
      continue;
    }
    if (i < inside.end && closing_of(text[i])) depth++;
    if (i < inside.end && is_closing(text[i])) depth--;
    if (i < inside.end && (text[i] != ',' || depth > 0)) continue;
    ThSpan part = trimmed(text, (ThSpan){start, i});
    if (part.end > part.start) parts[n++] = part;
    start = i + 1;
  }
  return n;
}

const char *th_excerpt_text(const char *text, ThSpan span, const char *fallback, char *buffer) {
  size_t length = span.end - span.start;
  if (length == 0 || length >= TH_EXCERPT_SIZE || memchr(text + span.start, '`', length) ||
      memchr(text + span.start, '\n', length))
    return fallback;
  memcpy(buffer, text + span.start, length);
  buffer[length] = '\0';
  return buffer;
}

void th_excerpt_fill(const char *form, const char *a, const char *b, char *out, size_t size) {
  size_t used = 0;
  while (*form && used + 1 < size) {
    if (form[0] != '{' || !form[1] || form[2] != '}') {
      out[used++] = *form++;
      continue;
    }
    const char *part = form[1] == 'a' ? a : form[1] == 'b' ? b : strcmp(a, "a") == 0 ? b : a;
    size_t length = strlen(part);
    if (length > size - used - 1) length = size - used - 1;
    memcpy(out + used, part, length);
    used += length;
    form += 3;
  }
  out[used] = '\0';
}
