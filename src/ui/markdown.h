/* markdown.h - CommonMark as text for a terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_MARKDOWN_H
#define TH_UI_MARKDOWN_H

#include "base/text.h"

/* Appends Markdown as lines no wider than the terminal: headings, emphasis, lists, quotes, code, tables. */
TH_CHECKED bool th_markdown(ThContext *cx, const char *text, size_t length, ThText *out);
/* The same as an item of a list, behind a mark of ASCII: "  a) ". */
TH_CHECKED bool th_markdown_item(ThContext *cx, const char *mark, const char *text, size_t length, ThText *out);

#endif
