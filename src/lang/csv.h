/* csv.h - tables from text and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_CSV_H
#define TH_LANG_CSV_H

#include "val/basic.h"

/* Reads a table from text in any common dialect: cells separated by commas, tabs, semicolons or blanks (found
 * from the first line), `#` comment lines, quotes, LF or CR LF. A column is numbers, or strings as soon as a
 * cell is neither a number nor missing (empty, NA, nan). Errors name `path`, line and column. */
TH_CHECKED bool th_csv_read(ThContext *cx, const char *path, const char *text, size_t length, bool header,
                            ThValue *out);
/* Appends the table as comma-separated text with a header. */
TH_CHECKED bool th_csv_write(ThContext *cx, const ThTable *table, ThText *out);

#endif
