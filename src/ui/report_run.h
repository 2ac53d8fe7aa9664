/* report_run.h - the body of a report: code run, its output and pictures put on the page */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_REPORT_RUN_H
#define TH_UI_REPORT_RUN_H

#include "ui/lesson.h"
#include "ui/report_markdown.h"
#include "ui/ui.h"

typedef struct ThReport {
  ThUi *ui;             /* of the person who asks */
  ThUi own;             /* of the page: where the code runs */
  ThContext *cx;        /* the page's */
  const char *name;     /* of the file, in messages */
  ThText folder;        /* of the file, "" or ending in a slash */
  ThText body, printed; /* printed: by the code that runs, not yet on the page */
  ThContents contents;
  size_t n_pictures;
  bool ok;
} ThReport;

/* A page about a file. False with a message when memory is out. */
TH_CHECKED bool th_report_begin(ThReport *report, ThUi *ui, const char *name);
void th_report_clear(ThReport *report);

/* Markdown, onto the page. */
void th_report_prose(ThReport *report, ThSlice text);
/* Code, onto the page. */
void th_report_code(ThReport *report, ThSlice code);
/* Runs code; what it prints, draws and complains about goes onto the page. False after an error; one that was
 * interrupted stays in the record, and there is to be no page. */
bool th_report_run(ThReport *report, ThSlice code, ThRunMode mode);
/* An error that has nothing to do with the code: told the person. */
void th_report_fail(ThReport *report);

#endif
