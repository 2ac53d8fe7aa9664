/* fold.c - lines that a terminal has room for */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fold.h"

#include <string.h>

#include "base/utf8.h"

/* A blank that parts `name = value` is none to break at. */
static bool may_break(const char *line, size_t length, size_t i) {
  return line[i] == ' ' && i > 0 && line[i - 1] != '=' && (i + 1 >= length || line[i + 1] != '=');
}

/* Where the part of a line ends that is to fit in `room` columns: of the blanks that fit the last one that stands in
 * fewest brackets; else the first blank. */
static size_t part_length(const char *line, size_t length, size_t room) {
  size_t most = th_utf8_forward(line, 0, length, room), best = 0, best_depth = SIZE_MAX, depth = 0;
  for (size_t i = 0; i < length && (i <= most || best == 0); i++) {
    depth += line[i] == '(' || line[i] == '[' || line[i] == '{';
    if (depth > 0) depth -= line[i] == ')' || line[i] == ']' || line[i] == '}';
    if (!may_break(line, length, i) || depth > best_depth) continue;
    best = i;
    best_depth = depth;
  }
  return best > 0 ? best : length;
}

void th_fold_line(ThText *out, const char *line, size_t length, size_t column, size_t width, size_t indent) {
  while (column + th_utf8_width(line, length) > width) {
    size_t part = part_length(line, length, column < width ? width - column : 0);
    if (part == length) break;
    size_t shown = part;
    while (shown > 0 && line[shown - 1] == ' ') shown--;
    th_text_bytes(out, line, shown);
    while (part < length && line[part] == ' ') part++;
    line += part;
    length -= part;
    if (length == 0) return;
    th_text_char(out, '\n');
    th_text_repeat(out, ' ', indent);
    column = indent;
  }
  th_text_bytes(out, line, length);
}

void th_fold_lines(ThText *text, size_t start, size_t width) {
  ThText unfolded;
  if (text->failed) return;
  th_text_init(&unfolded, text->heap);
  th_text_bytes(&unfolded, th_text_string(text) + start, text->length - start);
  text->length = start;
  for (const char *line = th_text_string(&unfolded);; line++) {
    size_t length = strcspn(line, "\n"), blanks = strspn(line, " ");
    if (blanks > length) blanks = length;
    th_text_bytes(text, line, blanks);
    th_fold_line(text, line + blanks, length - blanks, blanks, width, blanks + 2);
    line += length;
    if (!*line) break;
    th_text_char(text, '\n');
  }
  text->failed = text->failed || unfolded.failed;
  th_text_clear(&unfolded);
}
