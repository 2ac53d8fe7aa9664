/* csv_reader.h - what the files that read a table from text share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_CSV_READER_H
#define TH_LANG_CSV_READER_H

#include "lang/csv.h"
#include "val/array.h"

enum { TH_CSV_RECENT = 256 };

/* A column begins as numbers; when a cell turns out to be text the column is marked, and the text is read once
 * more from the top. */
typedef struct ThCsvColumn {
  ThSymbol *name;
  bool unnamed; /* the header's cell was empty */
  bool is_text;
  ThArray *numbers; /* room for row_capacity; NULL for text */
  ThList *texts;
  ThValue *recent; /* TH_CSV_RECENT strings by hash: equal cells share one */
  bool all_missing;
  size_t first_text_line; /* where the first cell that is no number stood; 0 when all are */
  char first_text[40];
} ThCsvColumn;

typedef struct ThCsvReader {
  ThContext *cx;
  const char *path;
  char separator, point;
  ThCsvHeader header;        /* found: never TH_CSV_FIND_HEADER */
  struct csv_parser *parser; /* libcsv's, for csv_rows.c */
  ThCsvColumn *columns;
  size_t n_columns, n_rows, row_capacity;
  size_t cell, n_filled;     /* cells of the row being read, and up to the last that is not empty */
  size_t lines;              /* the number of the line being read, from 1 */
  size_t line;               /* of the line where the row being read began */
  size_t first_line;         /* of the first row of data */
  const char *raw, *raw_end; /* the text that libcsv is reading, from its next cell on */
  char raw_separator;
  bool raw_inside; /* it begins inside quotes */
  bool in_header, failed, widths_known;
  bool names_in_comment; /* the columns were named by a comment above the first row */
  bool names_quoted;     /* every name stands in quotes, */
  bool needless_quotes;  /* and one needs none: the file quotes everything */
} ThCsvReader;

/* csv_dialect.c: fills in what the options leave open, from the first block. A comment above a first row of numbers
 * that has as many words names the columns. */
TH_CHECKED bool th_csv_find_dialect(ThCsvReader *r, const ThCsvOptions *options, const char *block,
                                    size_t length);

/* csv_rows.c: before the first block. */
TH_CHECKED bool th_csv_rows_begin(ThCsvReader *r);
/* Reads the lines of a block; what is left open inside quotes goes on with the next. */
void th_csv_read_lines(ThCsvReader *r, const char *block, size_t length);
/* Behind the last block; `complete` when it was the text's last, where a quote may not be open. */
void th_csv_rows_end(ThCsvReader *r, bool complete);
/* The next cell of a line without quotes, blanks around it left out: its text in *text and *length. Returns where
 * the cell after it begins, or NULL when it was the line's last. */
const char *th_csv_next_cell(const char *at, const char *end, char separator, const char **text,
                             size_t *length);
/* Is there nothing but a comment or blanks on this line? */
bool th_csv_is_skipped(const char *line, const char *end);

/* csv_columns.c: a cell of the row being read, and the row's end. r->failed is set with the error record. */
void th_csv_add_cell(ThCsvReader *r, const char *text, size_t length, bool quoted);
void th_csv_end_row(ThCsvReader *r);
/* A new column at the end; its name is made unlike those before it. */
TH_CHECKED bool th_csv_add_column(ThCsvReader *r, const char *name, size_t length);
TH_CHECKED bool th_csv_grow_rows(ThCsvReader *r);
/* Columns in which a cell was no number become text; true when there are new ones. */
bool th_csv_mark_text(ThCsvReader *r);
void th_csv_columns_clear(ThCsvReader *r);

#endif
