/* csv.h - tables from text and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_CSV_H
#define TH_LANG_CSV_H

#include "val/basic.h"

/* Are the first row the names of the columns? */
typedef enum ThCsvHeader { TH_CSV_NO_HEADER, TH_CSV_HEADER, TH_CSV_FIND_HEADER } ThCsvHeader;

typedef struct ThCsvOptions {
  ThCsvHeader header;
  char separator;       /* 0: found from the first lines; ' ' is any run of blanks */
  char point;           /* 0: found from the first lines: '.', or ',' where it does not separate */
  size_t skip;          /* lines at the top that are left out */
  const char *encoding; /* NULL: UTF-8 */
} ThCsvOptions;

/* Reads a table from a file in any common dialect: cells separated by commas, tabs, semicolons or blanks, decimal
 * commas, `#` comment lines (between blanks also at a line's end), quotes, any line ends. A column is numbers, or
 * strings as soon as a cell is neither a number nor missing (empty, NA, nan, …); a quoted cell is a number only where
 * the names are all quoted too, one of them needlessly: in a file that quotes everything. What was guessed and may be
 * wrong is noted. Errors name `path`, line and column. */
TH_CHECKED bool th_csv_read_file(ThContext *cx, const char *path, const ThCsvOptions *options, ThValue *out);
/* The same from text in memory, in a dialect to be found. */
TH_CHECKED bool th_csv_read(ThContext *cx, const char *path, const char *text, size_t length,
                            ThCsvHeader header, ThValue *out);
/* Appends the table as comma-separated text with a header; th_csv_read gives back the same table. */
TH_CHECKED bool th_csv_write(ThContext *cx, const ThTable *table, ThText *out);
/* Is this what a number or a missing value looks like in a cell? */
bool th_csv_is_number(const char *text, size_t length, char point, double *out);
/* Would the text be read back as something else, were it not in quotes? */
bool th_csv_needs_quotes(const char *text, size_t length);

#endif
