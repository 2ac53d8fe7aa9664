/* help_page.h - how a page of help is laid out */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HELP_PAGE_H
#define TH_UI_HELP_PAGE_H

#include "base/text.h"

/* The columns that a page fills: one less than the terminal has, at most 100. */
size_t th_help_page_width(const ThContext *cx);

void th_help_page_heading(const ThContext *cx, const char *text, ThText *out);
/* Lines of text, each filled on its own, indented. */
void th_help_page_lines(const ThContext *cx, const char *text, size_t indent, ThText *out);
/* A name, and what it is, in two columns. */
void th_help_page_entry(const ThContext *cx, const char *name, const char *brief, ThText *out);
/* `label: ` and words, filled. */
void th_help_page_list(const ThContext *cx, const char *label, const char *words, ThText *out);
/* Lines of code; output, behind `#> `, is shown dim. */
void th_help_page_code(const ThContext *cx, const char *text, ThText *out);

#endif
