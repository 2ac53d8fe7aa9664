/* report_markdown.h - the Markdown of a lesson as HTML */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_REPORT_MARKDOWN_H
#define TH_UI_REPORT_MARKDOWN_H

#include "base/text.h"

/* What headings leave behind for the list of contents. */
typedef struct ThContents {
  ThText entries; /* an `<li>` for each heading of the second level */
  size_t n_entries, n_headings;
} ThContents;

/* Appends Markdown as HTML. HTML in it is left out; links lead to the web, to mail or within the page; pictures
 * beside the lesson, in `folder` ("" or ending in a slash), become part of the page. `contents` may be NULL. */
TH_CHECKED bool th_report_markdown(ThContext *cx, const char *text, size_t length, const char *folder,
                                   ThContents *contents, ThText *out);

#endif
