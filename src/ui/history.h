/* history.h - inputs of earlier sessions, in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HISTORY_H
#define TH_UI_HISTORY_H

#include "base/text.h"

/* One entry per line; a line end inside an entry is written `\n`, a backslash `\\`. */
void th_history_escape(const char *entry, ThText *out);
void th_history_unescape(const char *line, size_t length, ThText *out);

/* Gives every entry of the file, oldest first. A file that has grown far past `most` entries is cut to the
 * newest ones. No file, no error. */
void th_history_load(ThContext *cx, size_t most, void (*give)(const char *entry));
/* Appends an entry at once, so that nothing is lost whatever happens; in the sandbox nothing is written. */
void th_history_append(ThContext *cx, const char *entry);

#endif
