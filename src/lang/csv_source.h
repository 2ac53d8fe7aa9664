/* csv_source.h - a text file, given out in blocks of whole lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_CSV_SOURCE_H
#define TH_LANG_CSV_SOURCE_H

#include "base/text.h"

/* A file that can be read twice is read block by block, so that it never stands in memory as a whole; a pipe,
 * and text that had to be converted to UTF-8, does. Every block ends with a line end, added where the text has
 * none, and a NUL behind it. */
typedef struct ThCsvSource {
  ThContext *cx;
  const char *path;
  int file; /* below 0: the text is `whole` */
  ThText whole;
  size_t taken; /* bytes of `whole` that were given out */
  size_t skip;  /* lines at the top to leave out */
  char *buffer;
  size_t capacity;
  size_t used, given; /* bytes in the buffer, and of the last block in it */
  bool at_end;
  char line_end; /* the last character of a line end; 0 while not known */
} ThCsvSource;

/* Opens a file; `encoding` is "utf-8" or a name that the system's converter knows. Errors name the path: there is
 * no such file, a folder, compressed, a spreadsheet, UTF-16 without a mark. A UTF-16 mark is obeyed. */
TH_CHECKED bool th_csv_source_open(ThContext *cx, const char *path, const char *encoding,
                                   ThCsvSource *source);
/* Text in memory instead, which is copied. */
TH_CHECKED bool th_csv_source_text(ThContext *cx, const char *path, const char *text, size_t length,
                                   ThCsvSource *source);
/* From the top again, without the first `skip` lines; *line is the number of the first line that is left. */
TH_CHECKED bool th_csv_source_rewind(ThCsvSource *source, size_t skip, size_t *line);
/* The next block; *block is NULL at the end. Polls. */
TH_CHECKED bool th_csv_source_next(ThCsvSource *source, const char **block, size_t *length);
void th_csv_source_close(ThCsvSource *source);

#endif
