/* complete_words.h - what Tab offers besides names: files, data sets, characters, commands */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_COMPLETE_WORDS_H
#define TH_UI_COMPLETE_WORDS_H

#include "ui/completion.h"

/* Each adds what begins with text[0, length). False with an error. */

/* Files by their path, hidden ones only when a point was typed, `~/` being the home folder; of `data` files and
 * folders alone, where there are any. */
TH_CHECKED bool th_complete_files(const char *text, size_t length, bool data, ThCompletion *out);
/* The same in a string of the language, which knows no `~`: the home folder is written out. */
TH_CHECKED bool th_complete_string(const char *text, size_t length, bool data, ThCompletion *out);
/* The data sets that come with Theta. */
TH_CHECKED bool th_complete_datasets(const char *text, size_t length, ThCompletion *out);
/* Characters by the name behind a backslash: an exact name, or the beginning of only one, gives the character;
 * of several it gives the names. */
TH_CHECKED bool th_complete_characters(const char *text, size_t length, ThCompletion *out);
/* A line that begins with a colon: its command, or the command's argument, up to byte `point`; sets
 * out->start. `*code` is where code begins that is completed like any other, or SIZE_MAX. */
TH_CHECKED bool th_complete_command(ThSession *session, const char *line, size_t point, ThCompletion *out,
                                    size_t *code);

#endif
