/* csv_dialect.c - separator, decimal sign and header, found from the first lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "lang/csv_reader.h"

enum { SAMPLE = 100, N_SEPARATORS = 3 };

static const char separators[N_SEPARATORS] = {'\t', ';', ','}; /* the less it stands in text, the earlier */

typedef struct Line {
  const char *start, *end;
} Line;

/* The end of the row that begins here: of its line, or of the last that its quotes reach over. */
static const char *row_end(const char *at, const char *end) {
  bool quoted = false;
  for (; at < end; at++) {
    if (*at == '"') quoted = !quoted;
    if (*at == end[-1] && !quoted) return at + 1;
  }
  return end;
}

/* The first lines that hold cells. */
static size_t sample_lines(const char *block, size_t length, Line *lines) {
  size_t n = 0;
  const char *end = block + length, *stop;
  for (const char *at = block; at < end && n < SAMPLE; at = stop) {
    stop = memchr(at, end[-1], (size_t)(end - at));
    stop = stop ? stop + 1 : end;
    if (th_csv_is_skipped(at, stop)) continue;
    stop = row_end(at, end);
    lines[n++] = (Line){at, stop};
  }
  return n;
}

/* How often a character stands in a line, quoted text left out. */
static size_t count(Line line, char c) {
  size_t n = 0;
  bool quoted = false;
  for (const char *at = line.start; at < line.end; at++) {
    if (*at == '"') quoted = !quoted;
    n += !quoted && *at == c;
  }
  return n;
}

/* The separator that stands equally often in every line, else the one that the first line has most of. */
static char find_separator(const Line *lines, size_t n) {
  char best = ' ';
  size_t most = 0;
  for (int k = 0; k < N_SEPARATORS; k++) {
    size_t first = count(lines[0], separators[k]), i = 1;
    while (i < n && count(lines[i], separators[k]) == first) i++;
    if (first > 0 && i == n) return separators[k];
    if (first > most) most = first, best = separators[k];
  }
  if (most > 0) return best;
  const char *text; /* blanks, unless the first line is one word or one text in quotes: a single column */
  size_t length;
  return memchr(lines[0].start, '"', (size_t)(lines[0].end - lines[0].start)) || count(lines[0], ' ') > 0 ||
                 (th_csv_next_cell(lines[0].start, lines[0].end, ' ', &text, &length) != NULL)
             ? ' '
             : ',';
}

/* Decimal commas, when numbers have them and none has a point. */
static char find_point(const Line *lines, size_t n, char separator) {
  bool commas = false;
  for (size_t i = 0; separator != ',' && i < n; i++) {
    const char *at = lines[i].start, *text;
    while (at < lines[i].end && *at == ' ') at++;
    while (at) {
      size_t length;
      double x;
      at = th_csv_next_cell(at, lines[i].end, separator, &text, &length);
      if (th_decimal_parse(text, '.', &x) == text + length && memchr(text, '.', length)) return '.';
      if (th_decimal_parse(text, ',', &x) == text + length && memchr(text, ',', length)) commas = true;
    }
  }
  return commas ? ',' : '.';
}

static const char *pass_blanks(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  return at;
}

/* How many cells a line has that are numbers, some missing; 0 when one is not. */
static size_t count_numbers(Line line, char separator, char point) {
  const char *at = pass_blanks(line.start, line.end), *text;
  size_t n = 0, present = 0, length;
  double x;
  for (; at; n++) {
    at = th_csv_next_cell(at, line.end, separator, &text, &length);
    if (separator == ' ' && length > 0 && *text == '#') break; /* a comment behind the numbers */
    if (!th_csv_is_number(text, length, point, &x)) return 0;
    present += isnan(x) ? 0 : 1;
  }
  return present ? n : 0;
}

/* The comment right above a line, its # left out; empty when there is none. */
static Line comment_above(const char *block, Line line) {
  const char *end = line.start, *start = end;
  while (start > block && (start == end || start[-1] != line.end[-1])) start--;
  start = pass_blanks(start, end);
  if (start == end || *start != '#') return (Line){end, end};
  while (start < end && *start == '#') start++;
  return (Line){pass_blanks(start, end), end};
}

/* Names the n columns by the words of a comment, when these are UTF-8, as many, and none is a number. */
static bool take_names(ThCsvReader *r, Line comment, size_t n) {
  for (int adding = 0; adding < 2; adding++) {
    const char *at = comment.start < comment.end ? comment.start : NULL, *text;
    size_t found = 0, length;
    double x;
    for (; at; found++) {
      at = th_csv_next_cell(at, comment.end, r->separator, &text, &length);
      if (length == 0 || th_csv_is_number(text, length, r->point, &x) ||
          th_utf8_find_invalid(text, length) < length)
        return true;
      if (adding && !th_csv_add_column(r, text, length)) return false;
    }
    if (found != n) return true;
  }
  r->widths_known = r->names_in_comment = true;
  return true;
}

bool th_csv_find_dialect(ThCsvReader *r, const ThCsvOptions *options, const char *block, size_t length) {
  Line lines[SAMPLE];
  size_t n = sample_lines(block, length, lines);
  r->separator = options->separator ? options->separator : n ? find_separator(lines, n) : ',';
  r->point = options->point ? options->point : find_point(lines, n, r->separator);
  r->header = options->header;
  if (r->header != TH_CSV_FIND_HEADER) return true;
  size_t numbers = n ? count_numbers(lines[0], r->separator, r->point) : 0;
  r->header = numbers ? TH_CSV_NO_HEADER : TH_CSV_HEADER;
  return !numbers || take_names(r, comment_above(block, lines[0]), numbers);
}
