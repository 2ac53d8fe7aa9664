/* fold.h - lines that a terminal has room for */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_FOLD_H
#define TH_BASE_FOLD_H

#include "base/text.h"

/* Appends a line that begins at `column`; where it would pass `width` columns it goes on below, behind `indent` blanks.
 * It breaks at blanks, outside of brackets where it can, and never beside a `=`; a word that is wider than the line
 * passes its end. */
void th_fold_line(ThText *out, const char *line, size_t length, size_t column, size_t width, size_t indent);
/* The same of each line that a text has from byte `start` on; what goes on below stands two columns further in. */
void th_fold_lines(ThText *text, size_t start, size_t width);

#endif
