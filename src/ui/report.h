/* report.h - a lesson or a script as one HTML page */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_REPORT_H
#define TH_UI_REPORT_H

#include "ui/ui.h"

/* Runs a lesson (`.md`) or a script and writes one page that needs nothing else: prose, code, what it prints,
 * pictures, exercises with their hints and answers folded. `output` is the page's file, "-" standard output, NULL
 * the file's own name with `.html`, in this folder. The same file makes the same page. An error in the code is
 * shown on the page, where it happened, and on standard error. Returns whether all ran and the page is written. */
bool th_report_write(ThUi *ui, const char *path, const char *output);

#endif
