/* report_page.h - the frame of a report: heading, style, contents, foot */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_REPORT_PAGE_H
#define TH_UI_REPORT_PAGE_H

#include "ui/report_markdown.h"

typedef struct ThPageHead {
  const char *title;   /* in the browser's bar */
  const char *heading; /* HTML */
  const char *remark;  /* below it; "" when there is none */
} ThPageHead;

/* What stands above the body, the list of contents with it when it is worth one. False with an error when the style
 * sheet cannot be read. */
TH_CHECKED bool th_report_page_begin(ThContext *cx, const ThPageHead *head, const ThContents *contents,
                                     ThText *out);
void th_report_page_end(ThText *out);

#endif
