/* report_page.c - the frame of a report: heading, style, contents, foot */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style, share/report.css, is copied into the page: nothing is fetched, and the page forbids the browser to run
 * or fetch anything. */
#include "ui/report_page.h"

#include <string.h>

#include "base/file.h"
#include "ui/html.h"

enum { FEWEST_CONTENTS = 3 }; /* headings from which on a list of contents helps */

/* Appends the style sheet that comes with the program. */
static bool add_style(ThContext *cx, ThText *out) {
  ThText path;
  th_text_init(&path, &cx->heap);
  th_find_installed("share", &path);
  th_text_add(&path, "/report.css");
  bool ok = th_text_ok(&path, cx) && th_read_file(cx, th_text_string(&path), out);
  th_text_clear(&path);
  return ok;
}

bool th_report_page_begin(ThContext *cx, const ThPageHead *head, const ThContents *contents, ThText *out) {
  th_text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; img-src data:\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"generator\" content=\"Theta " TH_VERSION "\">\n<title>");
  th_html_text(head->title, strlen(head->title), out);
  th_text_add(out, "</title>\n<style>\n");
  bool ok = add_style(cx, out);
  th_text_format(out, "</style>\n</head>\n<body>\n<main>\n%s", head->heading);
  if (head->remark[0]) {
    th_text_add(out, "<p class=\"remark\">");
    th_html_text(head->remark, strlen(head->remark), out);
    th_text_add(out, "</p>\n");
  }
  if (contents->n_entries >= FEWEST_CONTENTS)
    th_text_format(out, "<nav aria-label=\"Contents\">\n<ul>\n%s</ul>\n</nav>\n",
                   th_text_string(&contents->entries));
  return ok;
}

void th_report_page_end(ThText *out) {
  th_text_add(out, "</main>\n<footer>\n<p>Made with Theta " TH_VERSION
                   ". Lines set off by a bar are what the code "
                   "above them prints.</p>\n</footer>\n</body>\n</html>\n");
}
