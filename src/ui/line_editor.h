/* line_editor.h - readline, and nothing else of it anywhere */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LINE_EDITOR_H
#define TH_UI_LINE_EDITOR_H

#include "ui/ui.h"

typedef enum ThLineStatus {
  TH_LINE_READ,
  TH_LINE_DROPPED, /* Ctrl-C */
  TH_LINE_END      /* Ctrl-D, or the terminal is gone */
} ThLineStatus;

/* Sets readline up and loads the history. Call once. */
void th_editor_init(ThUi *ui);

/* Edits one line: `pending` holds the unfinished lines before it, for completion; `initial` is put on the
 * line to begin with. A pasted text comes back as one, with its line ends. Appends to `out`. */
TH_CHECKED ThLineStatus th_editor_read(const char *prompt, const char *pending, const char *initial,
                                       ThText *out);

/* Whether more input waits already: a paste is under way. */
bool th_editor_input_waits(void);
/* Remembers a whole input, of one or more lines. */
void th_editor_remember(const char *entry);
/* "8.2" */
const char *th_editor_version(void);

#endif
