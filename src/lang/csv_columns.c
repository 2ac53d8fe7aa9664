/* csv_columns.c - cells to columns of numbers or strings */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <strings.h>
#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "lang/csv_reader.h"

enum { MAX_COLUMNS = 32768 };

static bool is_among(const char *text, size_t length, const char *const *words) {
  for (size_t i = 0; words[i]; i++)
    if (strlen(words[i]) == length && strncasecmp(words[i], text, length) == 0) return true;
  return false;
}

/* Missing in any column. */
static bool is_missing(const char *text, size_t length) {
  static const char *const words[] = {"NA", "N/A", "#N/A", "nan", "null", NULL};
  return length == 0 || (length <= 4 && is_among(text, length, words));
}

/* Missing, or without end, in a column of numbers. */
static bool word_number(const char *text, size_t length, double *out) {
  static const char *const infinite[] = {"inf", "+inf", "infinity", "+infinity", NULL};
  static const char *const negative[] = {"-inf", "-infinity", NULL}, *const dots[] = {".", "-", "+nan",
                                                                                      "-nan", NULL};
  if (is_missing(text, length) || is_among(text, length, dots)) *out = (double)NAN;
  else if (is_among(text, length, infinite)) *out = (double)INFINITY;
  else if (is_among(text, length, negative)) *out = (double)-INFINITY;
  else return false;
  return true;
}

bool th_csv_is_number(const char *text, size_t length, char point, double *out) {
  const char *stop = length > 0 ? th_decimal_parse(text, point, out) : NULL;
  return stop ? stop == text + length : word_number(text, length, out);
}

/* Columns and rows. */

static void fail_at(ThCsvReader *r, const char *problem) {
  th_fail(r->cx, TH_ERROR_VALUE, "%s, line %zu, column %zu: %s", r->path, r->line, r->cell + 1, problem);
}

static bool has_name(const ThCsvReader *r, const ThSymbol *name) {
  for (size_t i = 0; i < r->n_columns; i++)
    if (r->columns[i].name == name) return true;
  return false;
}

/* A name that no column has: the text itself, or with _2, _3, … behind it; "x3" for an empty one. */
static ThSymbol *free_name(ThCsvReader *r, const char *text, size_t length) {
  ThSymbol *name = NULL;
  for (size_t k = 1; k == 1 || (name && has_name(r, name)); k++) {
    ThText spelling;
    th_text_init(&spelling, &r->cx->heap);
    if (length == 0) th_text_format(&spelling, "x%zu", r->n_columns + 1);
    else th_text_bytes(&spelling, text, length);
    if (k > 1) th_text_format(&spelling, "_%zu", k);
    name = th_text_ok(&spelling, r->cx) ? th_symbol(r->cx, spelling.data, spelling.length) : NULL;
    th_text_clear(&spelling);
  }
  return name;
}

bool th_csv_add_column(ThCsvReader *r, const char *text, size_t length) {
  size_t n = r->n_columns;
  if (n == MAX_COLUMNS)
    return th_fail(r->cx, TH_ERROR_LIMIT, "`%s` has more than %d columns", r->path, MAX_COLUMNS);
  ThSymbol *name = free_name(r, text, length);
  ThCsvColumn *grown = name ? th_resize(r->cx, r->columns, n * sizeof *grown, (n + 1) * sizeof *grown) : NULL;
  if (!grown) return false;
  grown[n] = (ThCsvColumn){.name = name, .unnamed = length == 0, .all_missing = true};
  r->columns = grown;
  r->columns[n].numbers = th_vector_new(r->cx, TH_DOUBLE, r->row_capacity);
  r->n_columns++;
  return r->columns[n].numbers != NULL;
}

bool th_csv_grow_rows(ThCsvReader *r) {
  size_t capacity = r->row_capacity ? r->row_capacity + r->row_capacity / 2 : 256;
  for (size_t j = 0; j < r->n_columns; j++)
    if (!r->columns[j].is_text && !th_array_reserve(r->cx, r->columns[j].numbers, capacity)) return false;
  r->row_capacity = capacity;
  return true;
}

bool th_csv_mark_text(ThCsvReader *r) {
  bool found = false;
  for (size_t j = 0; j < r->n_columns; j++) {
    ThCsvColumn *column = &r->columns[j];
    if (column->first_text_line == 0 || column->is_text) continue;
    column->is_text = found = true;
    if (column->numbers) th_release(th_object(column->numbers));
    column->numbers = NULL;
  }
  return found;
}

static void recent_clear(ThCsvReader *r, ThCsvColumn *column) {
  if (!column->recent) return;
  th_release_all(column->recent, TH_CSV_RECENT);
  th_free(r->cx, column->recent, TH_CSV_RECENT * sizeof *column->recent);
}

void th_csv_columns_clear(ThCsvReader *r) {
  for (size_t j = 0; j < r->n_columns; j++) {
    ThCsvColumn *column = &r->columns[j];
    if (column->numbers) th_release(th_object(column->numbers));
    if (column->texts) th_release(th_object(column->texts));
    recent_clear(r, column);
  }
  th_free(r->cx, r->columns, r->n_columns * sizeof *r->columns);
}

/* Cells. */

static bool check_text(ThCsvReader *r, const char *text, size_t length) {
  if (memchr(text, '\0', length)) {
    fail_at(r, "this cell holds the byte 0");
    return false;
  }
  if (th_utf8_find_invalid(text, length) == length) return true;
  fail_at(r, "this cell is not UTF-8");
  return th_hint(r->cx, "a file from western Europe: `read_csv(\"%s\", encoding = \"latin1\")`", r->path);
}

static bool header_cell(ThCsvReader *r, const char *text, size_t length, bool quoted) {
  r->names_quoted = r->names_quoted && quoted;
  r->needless_quotes = r->needless_quotes || (quoted && !th_csv_needs_quotes(text, length));
  if (r->widths_known) return true; /* the second time */
  return check_text(r, text, length) && th_csv_add_column(r, text, length);
}

static bool text_begin(ThCsvReader *r, ThCsvColumn *column) {
  column->texts = th_list_new(r->cx, 0);
  if (!column->texts || column->recent) return column->texts != NULL;
  column->recent = th_alloc_array(r->cx, TH_CSV_RECENT, sizeof *column->recent);
  for (size_t i = 0; column->recent && i < TH_CSV_RECENT; i++) column->recent[i] = th_none();
  return column->recent != NULL;
}

static uint32_t hash_text(const char *text, size_t length) {
  uint32_t hash = 2166136261u; /* FNV-1a (Fowler, Noll, Vo) */
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
  return hash ^ hash >> 15;
}

static bool text_cell(ThCsvReader *r, ThCsvColumn *column, const char *text, size_t length, bool quoted) {
  if (!column->texts && !text_begin(r, column)) return false;
  if (!quoted && is_missing(text, length)) length = 0;
  ThValue *slot = &column->recent[hash_text(text, length) % TH_CSV_RECENT], string;
  const ThString *last = th_is_string(*slot) ? th_as_string(*slot) : NULL;
  if (!last || last->length != length || memcmp(last->text, text, length) != 0) {
    if (!check_text(r, text, length) || !th_string(r->cx, text, length, &string)) return false;
    th_replace_take(slot, string);
  }
  return th_list_push_take(r->cx, column->texts, th_retain(*slot));
}

static void note_first_text(const ThCsvReader *r, ThCsvColumn *column, const char *text, size_t length) {
  size_t shown = length < sizeof column->first_text - 1 ? length : sizeof column->first_text - 1;
  column->first_text_line = r->line;
  memcpy(column->first_text, text, shown);
  column->first_text[shown] = '\0';
  if (shown < length) th_utf8_cut(column->first_text, shown);
}

static bool data_cell(ThCsvReader *r, const char *text, size_t length, bool quoted) {
  if (!r->widths_known && !th_csv_add_column(r, "", 0)) return false;
  if (r->cell >= r->n_columns) return true; /* the row's end reports it */
  ThCsvColumn *column = &r->columns[r->cell];
  if (column->is_text) return text_cell(r, column, text, length, quoted);
  if (r->n_rows >= r->row_capacity && !th_csv_grow_rows(r)) return false;
  double x = 0;
  bool number = th_csv_is_number(text, length, r->point, &x) &&
                (!quoted || (r->names_quoted && r->needless_quotes));
  if (!number && column->first_text_line == 0) note_first_text(r, column, text, length);
  column->all_missing = column->all_missing && number && isnan(x);
  column->numbers->real[r->n_rows] = x;
  return true;
}

void th_csv_add_cell(ThCsvReader *r, const char *text, size_t length, bool quoted) {
  if (r->failed) return;
  if (!(r->in_header ? header_cell : data_cell)(r, text, length, quoted)) r->failed = true;
  r->cell++;
  if (length > 0 || quoted) r->n_filled = r->cell;
}

/* A separator too many at the end of a row says nothing. */
static bool check_width(ThCsvReader *r) {
  if (r->in_header || !r->widths_known || (r->n_filled <= r->n_columns && r->cell >= r->n_columns))
    return true;
  th_fail(r->cx, TH_ERROR_VALUE, "%s, line %zu: %zu cell%s, where the first row has %zu", r->path, r->line,
          r->cell, r->cell == 1 ? "" : "s", r->n_columns);
  bool heading = r->n_rows == 0 && r->cell > r->n_columns;
  return heading
             ? th_hint(r->cx, "lines above the table are left out with `skip = %zu`", r->line - 1)
             : th_hint(r->cx, "text with the separator in it stands in quotes; a missing cell is left empty");
}

void th_csv_end_row(ThCsvReader *r) {
  if (r->failed) return;
  if (!check_width(r)) {
    r->failed = true;
    return;
  }
  if (!r->in_header && ++r->n_rows == 1) r->first_line = r->line;
  r->widths_known = true;
  r->in_header = false;
  r->cell = r->n_filled = 0;
}
