/* input.h - what a pasted transcript says */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_INPUT_H
#define TH_UI_INPUT_H

#include "base/text.h"

/* Whether a line begins with Theta's prompt, `θ> ` or `theta> `, or with the two points of an unfinished
 * input; the bytes of it, with the blanks before, in *size. */
bool th_input_has_prompt(const char *line, bool *first, size_t *size);

/* Appends the code of a text: of a transcript the lines behind its prompts, without them, and not what was
 * printed between; else the text as it stands. Returns whether it was a transcript. */
bool th_input_code(const char *text, ThText *out);

/* The offset of the first byte of the line that byte `at` stands in. */
size_t th_input_line_start(const char *text, size_t at);

#endif
