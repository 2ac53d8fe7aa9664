/* help_table.h - everything that is declared in rows, as one table of text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_TABLE_H
#define TH_UI_HELP_TABLE_H

#include "base/text.h"

/* Appends the table that the manual and the word lists of the editor modes are made from (`theta help --rows`). A line
 * is kind, name, field and text, set apart by tabs; a text of several lines takes several lines of the table:
 *
 *   function   signature, section, brief, detail, example, see
 *   family     parameter (name, domain, default), other (names that may be given instead), values
 *   word       brief, example, see                   the signs and words that have help
 *   reserved   word                                  the words of the lexer
 *   command    arguments, brief                      of the prompt
 *   form       brief;   option  value, brief         of the command line
 *   topic      title, names, brief
 *   peer       form                                  what another language calls something
 */
TH_CHECKED bool th_help_table(ThContext *cx, ThText *out);

#endif
