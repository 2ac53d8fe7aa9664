/* report_run.c - the body of a report: code run, its output and pictures put on the page */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's session has a host that writes onto the page, so that text and pictures keep their order. */
#include "ui/report_run.h"

#include <string.h>

#include "base/file.h"
#include "ui/html.h"
#include "ui/plot_text.h"
#include "val/basic.h"

/* --- Text */

/* What was printed so far becomes a block of its own. */
static void put_printed(ThReport *r) {
  size_t length = r->printed.length;
  while (length > 0 && strchr(" \t\r\n", r->printed.data[length - 1])) length--;
  if (length > 0) {
    th_text_add(&r->body, "<pre class=\"output\"><samp>");
    th_html_text(r->printed.data, length, &r->body);
    th_text_add(&r->body, "</samp></pre>\n");
  }
  th_text_reset(&r->printed);
}

static void put_error(ThReport *r) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  th_session_take_error_text(r->own.session, &text);
  th_ui_message(r->ui, "%s", th_text_string(&text));
  th_text_add(&r->body, "<pre class=\"error\"><samp>");
  th_html_text(th_text_string(&text), text.length, &r->body);
  th_text_add(&r->body, "</samp></pre>\n");
  th_text_clear(&text);
  r->ok = false;
}

/* --- Pictures */

static void add_label(const char *before, ThValue label, ThText *out) {
  if (!th_is_string(label)) return;
  th_text_format(out, "%s%s", before, th_as_string(label)->text);
}

/* What a picture shows, in words. */
static void describe(const ThReport *r, const ThFigure *figure, ThText *out) {
  th_text_format(out, "Picture %zu", r->n_pictures);
  add_label(": ", figure->title, out);
  add_label(". Horizontal axis: ", figure->xlabel, out);
  add_label(". Vertical axis: ", figure->ylabel, out);
  const char *before = ". Shown: ";
  for (size_t i = 0; i < figure->n_series; i++) {
    if (!th_is_string(figure->series[i].label)) continue;
    add_label(before, figure->series[i].label, out);
    before = ", ";
  }
}

/* Without gnuplot the picture is drawn in letters, and the reason is given. */
static bool put_drawing(ThReport *r, const ThFigure *figure, const char *words) {
  ThCanvasStyle style = {.utf8 = true};
  ThError error;
  ThText drawing;
  th_error_take(r->cx, &error);
  th_text_init(&drawing, &r->cx->heap);
  bool ok = th_plot_text(r->cx, figure, 78, 22, style, &drawing);
  th_text_add(&r->body, "<pre role=\"img\" aria-label=\"");
  th_html_text(words, strlen(words), &r->body);
  th_text_add(&r->body, "\">");
  th_html_text(th_text_string(&drawing), drawing.length, &r->body);
  th_text_add(&r->body, "</pre>\n<figcaption>Drawn in letters: ");
  th_html_text(error.message, strlen(error.message), &r->body);
  th_text_add(&r->body, ".</figcaption>\n");
  th_text_clear(&drawing);
  if (!ok) th_error_clear(r->cx);
  th_error_restore(r->cx, &error);
  th_error_clear(r->cx);
  return true;
}

static bool put_picture(ThReport *r, const ThFigure *figure) {
  ThText svg, words;
  th_text_init(&svg, &r->cx->heap);
  th_text_init(&words, &r->cx->heap);
  r->n_pictures++;
  describe(r, figure, &words);
  th_text_add(&r->body, "<figure>\n");
  bool ok = th_plotter_svg(r->own.plotter, figure, &svg);
  if (ok) th_html_svg(th_text_string(&svg), svg.length, r->n_pictures, th_text_string(&words), &r->body);
  else if (r->cx->error.code == TH_ERROR_IO) ok = put_drawing(r, figure, th_text_string(&words));
  th_text_add(&r->body, "</figure>\n");
  th_text_clear(&svg);
  th_text_clear(&words);
  return ok;
}

/* --- The host of the page's session */

static void host_write(void *self, const char *text, size_t length) {
  ThReport *r = self;
  th_text_bytes(&r->printed, text, length);
}

static bool host_show(void *self, ThContext *cx, void *figure) {
  (void)cx;
  put_printed(self);
  return put_picture(self, figure);
}

static bool host_save(void *self, ThContext *cx, void *figure, const char *path) {
  ThReport *r = self;
  (void)cx;
  return th_plotter_save(r->own.plotter, figure, path);
}

/* --- All of it */

bool th_report_begin(ThReport *r, ThUi *ui, const char *name) {
  *r = (ThReport){.ui = ui, .name = name, .ok = true};
  if (!th_ui_init_beside(&r->own, ui)) return false;
  r->cx = r->own.cx;
  r->cx->host = (ThHost){.write = host_write, .show_figure = host_show, .save_figure = host_save, .self = r};
  ThText *const texts[] = {&r->folder, &r->body, &r->printed, &r->contents.entries};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_init(texts[i], &r->cx->heap);
  th_text_bytes(&r->folder, name, (size_t)(th_path_name(name) - name));
  return true;
}

void th_report_clear(ThReport *r) {
  ThText *const texts[] = {&r->folder, &r->body, &r->printed, &r->contents.entries};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_clear(texts[i]);
  th_ui_clear(&r->own);
}

void th_report_fail(ThReport *r) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  th_session_take_error_text(r->own.session, &text);
  th_ui_message(r->ui, "%s", th_text_string(&text));
  th_text_clear(&text);
  r->ok = false;
}

void th_report_prose(ThReport *r, ThSlice text) {
  if (!th_report_markdown(r->cx, text.text, text.length, th_text_string(&r->folder), &r->contents, &r->body))
    th_report_fail(r);
}

void th_report_code(ThReport *r, ThSlice code) {
  while (code.length > 0 && strchr(" \t\r\n", code.text[code.length - 1])) code.length--;
  th_text_add(&r->body, "<pre class=\"code\"><code>");
  th_html_code(r->cx, code.text, code.length, &r->body);
  th_text_add(&r->body, "</code></pre>\n");
}

bool th_report_run(ThReport *r, ThSlice code, ThRunMode mode) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  th_lesson_code(code, &text);
  ThRunStatus status = TH_RUN_FAILED;
  if (th_text_ok(&text, r->cx))
    status = th_session_run(r->own.session, r->name, th_text_string(&text), text.length, mode);
  th_text_clear(&text);
  if (status == TH_RUN_INCOMPLETE)
    th_fail(r->cx, TH_ERROR_SYNTAX, "a block is not finished: a bracket or a string is open");
  put_printed(r);
  if (status == TH_RUN_DONE) return true;
  if (r->cx->error.code != TH_ERROR_INTERRUPTED) put_error(r);
  return false;
}
