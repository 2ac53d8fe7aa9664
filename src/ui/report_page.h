/* report_page.h - the frame of a report: heading, style, contents, foot */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_REPORT_PAGE_H
#define TH_UI_REPORT_PAGE_H

#include "ui/report_markdown.h"

/* What stands above the body: the title in the browser's bar, the heading as HTML, a remark below it ("" when there
 * is none), the list of contents when it is worth one. */
void th_report_page_begin(const char *title, const char *heading, const char *remark, const ThContents *contents,
                          ThText *out);
void th_report_page_end(ThText *out);

#endif
