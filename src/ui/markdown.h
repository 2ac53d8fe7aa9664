/* markdown.h - CommonMark as text for a terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_MARKDOWN_H
#define TH_UI_MARKDOWN_H

#include "base/text.h"

/* Appends Markdown as lines no wider than the terminal: headings, emphasis, lists, quotes, code, tables. */
TH_CHECKED bool th_markdown(ThContext *cx, const char *text, size_t length, ThText *out);

#endif
