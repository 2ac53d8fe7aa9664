/* csv_rows.c - lines of text to rows of cells */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows libcsv. Three readers, from quick to general, each of which hands on what it does not
 * know: rows of nothing but numbers go straight into the columns; a line without quotes is split at its separators;
 * anything else goes to libcsv. */
#include "lang/csv_reader.h"

#include <csv.h>
#include <string.h>

#include "base/decimal.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool th_csv_is_skipped(const char *line, const char *end) {
  while (line < end && is_blank(*line)) line++;
  return line == end || *line == '#';
}

/* Rows of numbers. */

/* Where the cell behind this one begins; NULL when the number is not followed by what separates cells. */
static const char *pass_separator(const char *at, char separator) {
  if (separator == ' ') {
    const char *start = at;
    while (*at == ' ' || *at == '\t') at++;
    return at > start ? at : NULL;
  }
  while (*at == ' ') at++;
  return *at == separator ? at + 1 : NULL;
}

/* One row into the columns: where the next line begins, or NULL when this is not a plain row of numbers. */
static const char *quick_row(ThCsvReader *r, const char *at) {
  for (size_t j = 0; j < r->n_columns; j++) {
    double x;
    ThCsvColumn *column = &r->columns[j];
    while (*at == ' ') at++;
    const char *stop = th_decimal_parse(at, r->point, &x);
    if (!stop) return NULL;
    column->numbers->real[r->n_rows] = x;
    column->all_missing = false;
    if (j + 1 < r->n_columns && !(stop = pass_separator(stop, r->separator))) return NULL;
    at = stop;
  }
  while (*at == ' ') at++;
  if (*at == '\r') at++;
  return *at == '\n' ? at + 1 : NULL;
}

static bool all_numbers(const ThCsvReader *r) {
  for (size_t j = 0; j < r->n_columns; j++)
    if (r->columns[j].is_text) return false;
  return true;
}

/* As many plain rows as there are; where the first other line begins. */
static const char *quick_rows(ThCsvReader *r, const char *at, const char *end) {
  while (at < end) {
    if (r->n_rows == r->row_capacity && !th_csv_grow_rows(r)) {
      r->failed = true;
      return at;
    }
    const char *next = quick_row(r, at);
    if (!next) return at;
    at = next;
    if (r->n_rows++ == 0) r->first_line = r->lines;
    r->lines++;
  }
  return at;
}

/* Lines without quotes. */

const char *th_csv_next_cell(const char *at, const char *end, char separator, const char **text,
                             size_t *length) {
  const char *stop = at, *next;
  if (separator == ' ') {
    while (stop < end && !is_blank(*stop)) stop++;
    next = stop;
    while (next < end && is_blank(*next)) next++;
    if (next == end) next = NULL;
  } else {
    stop = memchr(at, separator, (size_t)(end - at));
    next = stop ? stop + 1 : NULL;
    if (!stop) stop = end;
    while (at < stop && is_blank(*at)) at++;
    while (at < stop && is_blank(stop[-1])) stop--;
  }
  *text = at;
  *length = (size_t)(stop - at);
  return next;
}

static void plain_line(ThCsvReader *r, const char *at, const char *end) {
  const char *text;
  size_t length;
  while (r->separator == ' ' && at < end && is_blank(*at)) at++;
  while (at && !r->failed) {
    at = th_csv_next_cell(at, end, r->separator, &text, &length);
    th_csv_add_cell(r, text, length, false);
  }
  th_csv_end_row(r);
}

/* Everything else. */

/* Passes a cell of the text that libcsv is given; was it in quotes? (libcsv does not tell.) */
static bool take_quoted(ThCsvReader *r) {
  const char *at = r->raw, *end = r->raw_end;
  bool inside = r->raw_inside; /* the cell began on an earlier line */
  while (!inside && at < end && *at != r->raw_separator && is_blank(*at)) at++;
  bool quoted = inside || (at < end && *at == '"');
  for (; at < end && (inside || *at != r->raw_separator); at++)
    if (quoted && *at == '"') inside = !inside;
  r->raw = at < end ? at + 1 : at;
  r->raw_inside = false;
  return quoted;
}

static void on_cell(void *bytes, size_t length, void *self) {
  ThCsvReader *r = self;
  th_csv_add_cell(r, bytes ? bytes : "", length, take_quoted(r));
}

static void on_row(int end, void *self) {
  (void)end;
  th_csv_end_row(self);
}

/* Text, cells between single separators; `inside` quotes from its start on. */
static void feed(ThCsvReader *r, const char *at, const char *end, char separator, bool inside) {
  r->raw = at;
  r->raw_end = end;
  r->raw_separator = separator;
  r->raw_inside = inside;
  size_t length = (size_t)(end - at);
  if (csv_parse(r->parser, at, length, on_cell, on_row, r) == length) return;
  r->failed = true;
  th_fail_memory(r->cx, length);
}

/* A line whose cells stand between runs of blanks, with single tabs between them. */
static void feed_blanks(ThCsvReader *r, const char *line, const char *end, bool inside) {
  ThText cells;
  th_text_init(&cells, &r->cx->heap);
  bool quoted = inside;
  for (const char *at = line; at < end; at++) {
    if (*at == '"') quoted = !quoted;
    bool blank = !quoted && is_blank(*at);
    if (!blank) th_text_char(&cells, *at);
    else if (cells.length > 0 && cells.data[cells.length - 1] != '\t') th_text_char(&cells, '\t');
  }
  if (!quoted && cells.length > 0 && cells.data[cells.length - 1] == '\t') cells.length--;
  if (!quoted) th_text_char(&cells, '\n');
  if (th_text_ok(&cells, r->cx)) feed(r, cells.data, cells.data + cells.length, '\t', inside);
  else r->failed = true;
  th_text_clear(&cells);
}

/* A quote is open: what follows belongs to the same row. */
static bool inside_row(const ThCsvReader *r) { return r->parser->pstate != 0; }

/* Neither quotes, nor a CR but at the end. */
static bool is_plain(const char *at, const char *end) {
  size_t length = (size_t)(end - at);
  return !memchr(at, '"', length) && (length < 2 || !memchr(at, '\r', length - 2));
}

/* Between blanks a word that begins with # begins a comment, up to the end of the line. */
static const char *cut_comment(const char *at, const char *end) {
  bool quoted = false;
  for (const char *c = at; c < end; c++) {
    if (*c == '"') quoted = !quoted;
    if (*c == '#' && !quoted && c > at && is_blank(c[-1])) return c;
  }
  return end;
}

static void read_line(ThCsvReader *r, const char *at, const char *end) {
  bool inside = inside_row(r);
  if (!inside && th_csv_is_skipped(at, end)) return;
  if (!inside && r->separator == ' ' && memchr(at, '#', (size_t)(end - at))) end = cut_comment(at, end);
  if (!inside) r->line = r->lines;
  if (!inside && is_plain(at, end)) plain_line(r, at, end);
  else if (r->separator == ' ') feed_blanks(r, at, end, inside);
  else feed(r, at, end, r->separator, inside);
}

void th_csv_read_lines(ThCsvReader *r, const char *block, size_t length) {
  const char *at = block, *end = block + length;
  char line_end = end[-1];
  while (at < end && !r->failed) {
    if (line_end == '\n' && r->widths_known && !inside_row(r) && all_numbers(r)) {
      at = quick_rows(r, at, end);
      if (at >= end || r->failed) return;
    }
    const char *stop = memchr(at, line_end, (size_t)(end - at));
    stop = stop ? stop + 1 : end;
    read_line(r, at, stop);
    r->lines++;
    at = stop;
  }
}

bool th_csv_rows_begin(ThCsvReader *r) {
  r->parser = th_alloc(r->cx, sizeof *r->parser);
  if (!r->parser) return false;
  if (csv_init(r->parser, CSV_APPEND_NULL) != 0) return th_fail_memory(r->cx, sizeof *r->parser);
  csv_set_delim(r->parser, (unsigned char)(r->separator == ' ' ? '\t' : r->separator));
  return true;
}

void th_csv_rows_end(ThCsvReader *r, bool complete) {
  if (!r->parser) return;
  if (complete && !r->failed && inside_row(r)) {
    th_fail(r->cx, TH_ERROR_VALUE, "%s, line %zu: a quote is opened and never closed", r->path, r->line);
    th_hint(r->cx, "a quote that is text is written twice, in quotes: \"5\"\" pipe\"");
    r->failed = true;
  }
  csv_free(r->parser);
  th_free(r->cx, r->parser, sizeof *r->parser);
  r->parser = NULL;
}
