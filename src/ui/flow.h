/* flow.h - words laid out in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_FLOW_H
#define TH_UI_FLOW_H

#include "base/text.h"

/* Fills lines of `width` columns with words; lines after the first of a paragraph begin with `indent`
 * blanks. Codes that set colours take no room. */
typedef struct ThFlow {
  ThText *out;
  ThText word;       /* the word being collected */
  size_t word_width; /* its columns */
  size_t width, indent, column;
  bool space; /* a blank is due before the word */
  bool begun; /* a word stands on this line */
} ThFlow;

void th_flow_init(ThFlow *flow, ThText *out, size_t width, size_t indent);
/* Text: words end at blanks and line ends. */
void th_flow_text(ThFlow *flow, const char *text, size_t length);
/* Text that stands as it is, within one word: code with its blanks. */
void th_flow_solid(ThFlow *flow, const char *text, size_t length);
/* A code without width. */
void th_flow_code(ThFlow *flow, const char *code);
/* Ends the line, if there is anything on it. */
void th_flow_line(ThFlow *flow);
/* How many bytes of a text fit in `width` columns, at least one character: up to the last blank in the second
 * half of what fits, when not all of it does. */
size_t th_flow_fit(const char *text, size_t length, size_t width);
/* Appends one line of code with `indent` blanks before it, between two codes of colour; what does not fit in
 * `width` columns goes on below, four columns further in. */
void th_flow_code_line(ThText *out, const char *line, size_t length, size_t width, size_t indent,
                       const char *color, const char *plain);
/* Ends the line and frees what the flow holds. */
void th_flow_clear(ThFlow *flow);

#endif
