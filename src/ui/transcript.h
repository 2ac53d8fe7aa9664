/* transcript.h - what is typed and shown, kept in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_TRANSCRIPT_H
#define TH_UI_TRANSCRIPT_H

#include <stdio.h>

#include "ui/ui.h"

/* From now on inputs and what is shown are appended to the file, at once. False with an error; refused in the
 * sandbox. A transcript that is open is closed first. */
TH_CHECKED bool th_transcript_open(ThUi *ui, const char *path);
/* Ends it; returns whether there was one. */
bool th_transcript_close(ThUi *ui);
/* An input, behind its prompt, `.. ` before its further lines: what is written can be pasted again. */
void th_transcript_input(ThUi *ui, const char *prompt, const char *text);
/* What was shown; escape sequences are left out. */
void th_transcript_output(ThUi *ui, const char *text, size_t length);

#endif
