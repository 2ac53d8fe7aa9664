/* csv.c - tables from text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text is read from the top until no column turns out to be text that was taken for numbers: once when all
 * are numbers; the first block shows most others, and then the reading starts again at once. */
#include "lang/csv.h"

#include "lang/csv_reader.h"
#include "lang/csv_source.h"

/* The columns begin again; those that are text stay so. */
static void restart(ThCsvReader *r) {
  for (size_t j = 0; j < r->n_columns; j++) {
    ThCsvColumn *column = &r->columns[j];
    column->all_missing = true;
    if (column->texts) th_release(th_object(column->texts));
    column->texts = NULL;
  }
  r->n_rows = r->cell = r->n_filled = 0;
  r->in_header = r->names_quoted = r->header == TH_CSV_HEADER;
}

/* Up to the end, or to that of the first block when columns of text were found in it. */
static bool read_blocks(ThCsvReader *r, ThCsvSource *source, bool *complete) {
  const char *block;
  size_t length;
  *complete = false;
  for (bool first = true; !r->failed; first = false) {
    if (!th_csv_source_next(source, &block, &length)) return false;
    if (!block) {
      *complete = true;
      return true;
    }
    th_csv_read_lines(r, block, length);
    if (first && !r->failed && th_csv_mark_text(r)) return true;
  }
  return false;
}

/* *again: columns of text were found, and are to be read as such. */
static bool read_pass(ThCsvReader *r, ThCsvSource *source, size_t skip, bool *again) {
  bool complete = false;
  restart(r);
  bool ok = th_csv_source_rewind(source, skip, &r->lines) && th_csv_rows_begin(r) &&
            read_blocks(r, source, &complete);
  th_csv_rows_end(r, complete);
  ok = ok && !r->failed;
  *again = ok && (!complete || th_csv_mark_text(r));
  return ok;
}

static bool find_dialect(ThCsvReader *r, ThCsvSource *source, const ThCsvOptions *options) {
  const char *block;
  size_t length;
  if (!th_csv_source_rewind(source, options->skip, &r->lines) || !th_csv_source_next(source, &block, &length))
    return false;
  if (!block) return th_fail(r->cx, TH_ERROR_VALUE, "`%s` is empty", r->path);
  return th_csv_find_dialect(r, options, block, length);
}

/* What was guessed, where another reading is possible. */
static void note_guesses(const ThCsvReader *r, const ThCsvOptions *options) {
  if (r->names_in_comment)
    th_note(r->cx, "the columns of `%s` are named by the comment above its first row", r->path);
  else if (options->header == TH_CSV_FIND_HEADER && r->header == TH_CSV_NO_HEADER)
    th_note(
        r->cx,
        "`%s` begins with numbers: its columns are x1, x2, …; `header = true` takes the first row as names",
        r->path);
  if (options->point == 0 && r->point == ',')
    th_note(r->cx, "the numbers of `%s` have decimal commas; `decimal = \".\"` takes them as text", r->path);
  for (size_t j = 0; j < r->n_columns; j++) {
    const ThCsvColumn *column = &r->columns[j];
    if (!column->is_text || column->first_text_line <= r->first_line || r->n_rows < 3) continue;
    th_note(r->cx, "column `%s` is text: `%s` in line %zu is not a number", column->name->spelling,
            column->first_text, column->first_text_line);
  }
}

/* The column as a value, taken out of the reader. */
static bool take_column(ThCsvReader *r, ThCsvColumn *column, ThValue *out) {
  if (column->is_text) {
    if (!column->texts && !(column->texts = th_list_new(r->cx, 0))) return false;
    *out = th_object(column->texts);
    column->texts = NULL;
  } else {
    th_vector_trim(r->cx, column->numbers, r->n_rows);
    *out = th_object(column->numbers);
    column->numbers = NULL;
  }
  return true;
}

/* A separator at the end of every row makes a last column without name and cells: it is left out. */
static size_t n_kept(const ThCsvReader *r) {
  size_t n = r->n_columns;
  return n > 1 && r->columns[n - 1].unnamed && r->columns[n - 1].all_missing && !r->columns[n - 1].is_text
             ? n - 1
             : n;
}

static bool make_table(ThCsvReader *r, ThValue *out) {
  if (r->n_columns == 0) return th_fail(r->cx, TH_ERROR_VALUE, "`%s` holds no table", r->path);
  ThTable *table = th_table_new(r->cx, r->n_rows);
  bool ok = table != NULL;
  for (size_t j = 0, n = n_kept(r); ok && j < n; j++) {
    ThValue column;
    ok = take_column(r, &r->columns[j], &column) &&
         th_table_set_take(r->cx, table, r->columns[j].name, column);
  }
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

/* Closes the source. */
static bool read_table(ThContext *cx, ThCsvSource *source, const ThCsvOptions *options, ThValue *out) {
  ThCsvReader r = {.cx = cx, .path = source->path};
  bool again = true, ok = find_dialect(&r, source, options);
  while (ok && again) ok = read_pass(&r, source, options->skip, &again);
  th_csv_source_close(source);
  if (ok) note_guesses(&r, options);
  ok = ok && make_table(&r, out);
  th_csv_columns_clear(&r);
  return ok;
}

bool th_csv_read_file(ThContext *cx, const char *path, const ThCsvOptions *options, ThValue *out) {
  ThCsvSource source;
  return th_csv_source_open(cx, path, options->encoding ? options->encoding : "utf-8", &source) &&
         read_table(cx, &source, options, out);
}

bool th_csv_read(ThContext *cx, const char *path, const char *text, size_t length, ThCsvHeader header,
                 ThValue *out) {
  ThCsvSource source;
  ThCsvOptions options = {.header = header};
  return th_csv_source_text(cx, path, text, length, &source) && read_table(cx, &source, &options, out);
}
