/* csv.c - tables from text and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcsv (only here) finds the cells; this file counts rows and turns cells into columns. Columns begin as
 * numbers; when a cell turns out to be text the column is marked, and the text is read a second time. */
#include "lang/csv.h"

#include <csv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"

enum { MAX_COLUMNS = 4096 };

typedef struct Column {
  ThSymbol *name;
  bool is_text;
  double *numbers;
  ThList *texts;
  size_t first_text_line; /* where the first cell that is no number stood; 0 when all are */
  char first_text[40];
} Column;

typedef struct Reader {
  ThContext *cx;
  const char *path;
  struct csv_parser parser;
  Column *columns;
  size_t n_columns, n_rows, row_capacity;
  size_t cell, line; /* of the row being read; lines count from 1 */
  size_t first_line; /* of the first row of data */
  bool header, in_header, failed, widths_known;
} Reader;

/* A decimal number of at most 15 digits and a small power of ten is exact as a quotient or product of two
 * doubles (Clinger 1990); other spellings go to strtod. */
static bool quick_number(const char *text, size_t length, double *out) {
  static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char *at = text, *end = text + length;
  bool negative = at < end && *at == '-', point = false;
  if (at < end && (*at == '-' || *at == '+')) at++;
  uint64_t digits = 0;
  size_t n = 0, decimals = 0;
  for (; at < end; at++) {
    if (*at == '.' && !point) {
      point = true;
    } else if (*at >= '0' && *at <= '9') {
      digits = digits * 10 + (uint64_t)(*at - '0');
      n++;
      decimals += point;
    } else {
      return false;
    }
  }
  if (n == 0 || n > 15) return false;
  double x = (double)digits / powers[decimals];
  *out = negative ? -x : x;
  return true;
}

static bool is_missing(const char *text, size_t length) {
  static const char *const words[] = {"", "NA", "nan", "NaN", "NAN", "null", "NULL"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) return true;
  return false;
}

static bool parse_number(const char *text, size_t length, double *out) {
  char copy[64];
  char *rest;
  if (quick_number(text, length, out)) return true;
  if (is_missing(text, length)) {
    *out = (double)NAN;
    return true;
  }
  if (length >= sizeof copy || memchr(text, 'x', length) || memchr(text, 'X', length)) return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  *out = strtod(copy, &rest);
  return rest == copy + length;
}

static void fail_at(Reader *r, size_t cell, const char *problem) {
  if (!r->failed) th_fail(r->cx, TH_ERROR_VALUE, "%s, line %zu, column %zu: %s", r->path, r->line, cell, problem);
  r->failed = true;
}

static bool grow_columns(Reader *r) {
  size_t n = r->n_columns;
  if (n == MAX_COLUMNS)
    return th_fail(r->cx, TH_ERROR_LIMIT, "`%s` has more than %d columns", r->path, MAX_COLUMNS);
  Column *grown = th_resize(r->cx, r->columns, n * sizeof *grown, (n + 1) * sizeof *grown);
  if (!grown) return false;
  grown[n] = (Column){.name = NULL};
  r->columns = grown;
  r->n_columns++;
  return true;
}

static bool grow_rows(Reader *r) {
  size_t capacity = r->row_capacity ? r->row_capacity + r->row_capacity / 2 : 256;
  for (size_t j = 0; j < r->n_columns; j++) {
    Column *column = &r->columns[j];
    if (column->is_text) continue;
    double *grown = th_resize(r->cx, column->numbers, r->row_capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return false;
    column->numbers = grown;
  }
  r->row_capacity = capacity;
  return true;
}

/* A column's name, "x3" when the cell is empty. */
static bool name_column(Reader *r, size_t j, const char *text, size_t length) {
  ThText name;
  th_text_init(&name, &r->cx->heap);
  if (length == 0) th_text_format(&name, "x%zu", j + 1);
  else th_text_bytes(&name, text, length);
  bool ok = th_text_ok(&name, r->cx);
  if (ok) r->columns[j].name = th_symbol(r->cx, th_text_string(&name), name.length);
  th_text_clear(&name);
  return ok && r->columns[j].name;
}

static bool header_cell(Reader *r, const char *text, size_t length) {
  if (!r->widths_known && !grow_columns(r)) return false;
  if (r->widths_known) return true;
  if (!name_column(r, r->cell, text, length)) return false;
  for (size_t j = 0; j < r->cell; j++)
    if (r->columns[j].name == r->columns[r->cell].name) {
      fail_at(r, r->cell + 1, "this column's name was used before");
      return false;
    }
  return true;
}

static bool text_cell(Reader *r, Column *column, const char *text, size_t length) {
  ThValue string;
  if (!column->texts && !(column->texts = th_list_new(r->cx, 0))) return false;
  if (th_utf8_find_invalid(text, length) < length) {
    fail_at(r, r->cell + 1, "this cell is not UTF-8");
    return th_hint(r->cx, "save the file as UTF-8");
  }
  return th_string(r->cx, text, length, &string) && th_list_push_take(r->cx, column->texts, string);
}

static bool data_cell(Reader *r, const char *text, size_t length) {
  if (!r->widths_known && r->n_columns <= r->cell && !(grow_columns(r) && name_column(r, r->cell, "", 0)))
    return false;
  if (r->cell >= r->n_columns) return true; /* the row's end reports it */
  Column *column = &r->columns[r->cell];
  if (column->is_text) return text_cell(r, column, text, length);
  if (r->n_rows >= r->row_capacity || !column->numbers) {
    if (!grow_rows(r)) return false;
  }
  double x = 0;
  if (!parse_number(text, length, &x) && column->first_text_line == 0) {
    column->first_text_line = r->line;
    size_t shown = length < sizeof column->first_text - 1 ? length : sizeof column->first_text - 1;
    memcpy(column->first_text, text, shown);
    column->first_text[shown] = '\0';
    if (shown < length) th_utf8_cut(column->first_text, shown);
  }
  column->numbers[r->n_rows] = x;
  return true;
}

static void on_cell(void *bytes, size_t length, void *self) {
  Reader *r = self;
  const char *text = bytes ? bytes : "";
  if (r->failed) return;
  if (!(r->in_header ? header_cell : data_cell)(r, text, length)) r->failed = true;
  r->cell++;
}

static void on_row(int end, void *self) {
  Reader *r = self;
  (void)end;
  if (r->failed) return;
  if (!r->in_header && r->cell != r->n_columns && r->widths_known) {
    r->failed = true;
    th_fail(r->cx, TH_ERROR_VALUE, "%s, line %zu: %zu cell%s, where the first row has %zu", r->path, r->line,
            r->cell, r->cell == 1 ? "" : "s", r->n_columns);
    th_hint(r->cx, "text with the separator in it stands in quotes; a missing cell is left empty");
    return;
  }
  if (!r->in_header && ++r->n_rows == 1) r->first_line = r->line;
  if (r->in_header || r->n_rows == 1) r->widths_known = true;
  r->in_header = false;
  r->cell = 0;
}

/* The separator that the first line with cells shows. */
static unsigned char find_separator(const char *text, const char *end) {
  size_t commas = 0, tabs = 0, semicolons = 0;
  bool quoted = false;
  for (; text < end && *text != '\n'; text++) {
    if (*text == '"') quoted = !quoted;
    if (quoted) continue;
    commas += *text == ',';
    tabs += *text == '\t';
    semicolons += *text == ';';
  }
  if (semicolons > 0 && semicolons >= commas && semicolons >= tabs) return ';';
  if (tabs > 0 && tabs >= commas) return '\t';
  return commas > 0 ? ',' : ' ';
}

/* Feeds a line whose cells stand between runs of blanks, with single tabs between them. */
static bool feed_blanks(Reader *r, const char *line, size_t length) {
  ThText cells;
  th_text_init(&cells, &r->cx->heap);
  bool quoted = false;
  for (size_t i = 0; i < length; i++) {
    char c = line[i];
    if (c == '"') quoted = !quoted;
    bool blank = !quoted && (c == ' ' || c == '\t' || c == '\r');
    if (!blank) th_text_char(&cells, c);
    else if (cells.length > 0 && cells.data[cells.length - 1] != '\t') th_text_char(&cells, '\t');
  }
  if (cells.length > 0 && cells.data[cells.length - 1] == '\t') cells.length--;
  bool ok = th_text_ok(&cells, r->cx);
  if (ok && cells.length) csv_parse(&r->parser, cells.data, cells.length, on_cell, on_row, r);
  if (ok) csv_parse(&r->parser, "\n", 1, on_cell, on_row, r);
  th_text_clear(&cells);
  return ok;
}

/* The end of the line at `at`, quoted newlines passed over. */
static const char *row_end(const char *at, const char *end, size_t *lines) {
  bool quoted = false;
  *lines = 1;
  for (; at < end; at++) {
    if (*at == '"') quoted = !quoted;
    if (*at != '\n') continue;
    if (!quoted) return at + 1;
    ++*lines;
  }
  return end;
}

static const char *skip_mark(const char *text, const char *end) {
  return end - text >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text; /* a byte order mark */
}

/* Is there nothing but a comment or blanks on this line? */
static bool is_skipped(const char *line, const char *end) {
  while (line < end && (*line == ' ' || *line == '\t' || *line == '\r' || *line == '\n')) line++;
  return line == end || *line == '#';
}

static bool read_rows(Reader *r, const char *text, const char *end) {
  unsigned char separator = 0;
  r->line = 1;
  for (const char *at = skip_mark(text, end); at < end && !r->failed;) {
    size_t lines;
    const char *stop = row_end(at, end, &lines);
    if (!is_skipped(at, stop)) {
      if (!separator) {
        separator = find_separator(at, stop);
        csv_set_delim(&r->parser, separator == ' ' ? '\t' : separator);
      }
      if (separator == ' ') {
        if (!feed_blanks(r, at, (size_t)(stop - at))) return false;
      } else {
        csv_parse(&r->parser, at, (size_t)(stop - at), on_cell, on_row, r);
        if (stop == end && stop[-1] != '\n') csv_parse(&r->parser, "\n", 1, on_cell, on_row, r);
      }
      if (r->n_rows % 65536 == 0 && !th_poll(r->cx)) return false;
    }
    r->line += lines;
    at = stop;
  }
  return !r->failed;
}

static bool read_pass(Reader *r, const char *text, size_t length) {
  if (csv_init(&r->parser, CSV_APPEND_NULL) != 0) return th_fail_memory(r->cx, sizeof r->parser);
  r->in_header = r->header;
  r->n_rows = r->cell = 0;
  bool ok = read_rows(r, text, text + length);
  csv_free(&r->parser);
  return ok;
}

/* Columns in which a cell was no number become text; true when there are new ones. */
static bool mark_text(Reader *r) {
  bool found = false;
  for (size_t j = 0; j < r->n_columns; j++) {
    Column *column = &r->columns[j];
    if (column->first_text_line == 0 || column->is_text) continue;
    column->is_text = found = true;
    th_free(r->cx, column->numbers, r->row_capacity * sizeof *column->numbers);
    column->numbers = NULL;
  }
  return found;
}

/* A text column whose first cells were numbers has most likely one bad cell: it is named. */
static void note_mixed(const Reader *r) {
  for (size_t j = 0; j < r->n_columns; j++) {
    const Column *column = &r->columns[j];
    if (!column->is_text || column->first_text_line <= r->first_line || r->n_rows < 3) continue;
    th_note(r->cx, "column `%s` is text: `%s` in line %zu is not a number", column->name->spelling,
            column->first_text, column->first_text_line);
  }
}

static bool make_table(Reader *r, ThValue *out) {
  ThTable *table = th_table_new(r->cx, r->n_rows);
  if (!table) return false;
  *out = th_object(table);
  bool ok = true;
  for (size_t j = 0; ok && j < r->n_columns; j++) {
    Column *column = &r->columns[j];
    ThValue value;
    if (column->is_text) {
      value = th_object(column->texts);
      column->texts = NULL;
    } else if (!(ok = th_vector_from(r->cx, column->numbers, r->n_rows, &value))) {
      break;
    }
    ok = th_table_set_take(r->cx, table, column->name, value);
  }
  if (!ok) th_release(*out);
  return ok;
}

static void reader_clear(Reader *r) {
  for (size_t j = 0; j < r->n_columns; j++) {
    th_free(r->cx, r->columns[j].numbers, r->row_capacity * sizeof *r->columns[j].numbers);
    if (r->columns[j].texts) th_release(th_object(r->columns[j].texts));
  }
  th_free(r->cx, r->columns, r->n_columns * sizeof *r->columns);
}

/* Empty columns of a file without rows still need their lists. */
static bool complete(Reader *r) {
  for (size_t j = 0; j < r->n_columns; j++)
    if (r->columns[j].is_text && !r->columns[j].texts && !(r->columns[j].texts = th_list_new(r->cx, 0)))
      return false;
  if (r->n_columns > 0) return true;
  return th_fail(r->cx, TH_ERROR_VALUE, "`%s` holds no table", r->path);
}

bool th_csv_read(ThContext *cx, const char *path, const char *text, size_t length, bool header, ThValue *out) {
  Reader r = {.cx = cx, .path = path, .header = header};
  bool ok = read_pass(&r, text, length);
  if (ok && mark_text(&r)) ok = read_pass(&r, text, length);
  if (ok) note_mixed(&r);
  ok = ok && complete(&r) && make_table(&r, out);
  reader_clear(&r);
  return ok;
}

static void write_cell(const ThTable *table, size_t j, size_t i, ThText *out) {
  ThValue column = table->columns[j];
  if (th_is_list(column)) {
    ThValue cell = th_as_list(column)->items[i];
    const ThString *text = th_is_string(cell) ? th_as_string(cell) : NULL;
    th_text_char(out, '"');
    for (size_t k = 0; text && k < text->length; k++) {
      if (text->text[k] == '"') th_text_char(out, '"');
      th_text_char(out, text->text[k]);
    }
    th_text_char(out, '"');
    return;
  }
  th_format_exact(th_array_real(th_as_array(column), i), out);
}

bool th_csv_write(ThContext *cx, const ThTable *table, ThText *out) {
  for (size_t j = 0; j < table->n_columns; j++)
    th_text_format(out, "%s%s", j ? "," : "", table->names[j]->spelling);
  th_text_char(out, '\n');
  for (size_t i = 0; i < table->n_rows; i++) {
    for (size_t j = 0; j < table->n_columns; j++) {
      if (j) th_text_char(out, ',');
      write_cell(table, j, i, out);
    }
    th_text_char(out, '\n');
    if (i % 65536 == 0 && !th_poll(cx)) return false;
  }
  return th_text_ok(out, cx);
}
