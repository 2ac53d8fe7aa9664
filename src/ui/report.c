/* report.c - a lesson or a script as one HTML page */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/report.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lang/lexer.h"
#include "ui/html.h"
#include "ui/lesson_show.h"
#include "ui/report_page.h"
#include "ui/report_run.h"

/* --- The questions of a lesson */

typedef struct Page {
  ThReport report;
  const ThLesson *lesson;
  size_t n_exercises, n_questions;
  bool predicts; /* the next code reveals what was to be predicted */
} Page;

static void begin_question(Page *p, const ThStep *step) {
  ThText *out = &p->report.body;
  th_text_add(out, "<section class=\"question\">\n<h3>");
  if (step->kind == TH_STEP_EXERCISE) th_text_format(out, "Exercise %zu", ++p->n_exercises);
  else if (step->kind == TH_STEP_QUIZ) th_text_format(out, "Question %zu", ++p->n_questions);
  else th_text_add(out, "Before you look");
  if (step->points == 1) th_text_add(out, " <span>(1 point)</span></h3>\n");
  else th_text_format(out, " <span>(%.6g points)</span></h3>\n", step->points);
  th_report_prose(&p->report, step->text);
}

static void end_question(Page *p) { th_text_add(&p->report.body, "</section>\n"); }

static void begin_fold(Page *p, const char *summary) {
  th_text_format(&p->report.body, "<details>\n<summary>%s</summary>\n", summary);
}

static void end_fold(Page *p) { th_text_add(&p->report.body, "</details>\n"); }

/* The first answer is run, since what follows may need its names. */
static void put_answers(Page *p, const ThStep *step) {
  const ThPart *answer;
  begin_fold(p, "Answer");
  for (size_t i = 0; (answer = th_step_part(p->lesson, step, TH_PART_ANSWER, i)); i++) {
    if (i > 0) th_text_add(&p->report.body, "<p>or</p>\n");
    th_report_code(&p->report, answer->text);
    if (i == 0 && !th_report_run(&p->report, answer->text, TH_RUN_PROMPT)) break;
  }
  end_fold(p);
}

/* Those that say what is wrong with them. */
static void put_mistakes(Page *p, const ThStep *step) {
  const ThPart *wrong;
  for (size_t i = 0; (wrong = th_step_part(p->lesson, step, TH_PART_WRONG, i)); i++) {
    if (!th_show_has_comment(wrong->text)) continue;
    begin_fold(p, "A likely mistake");
    th_report_code(&p->report, wrong->text);
    end_fold(p);
  }
}

static void put_exercise(Page *p, const ThStep *step) {
  const ThPart *part = th_step_part(p->lesson, step, TH_PART_STARTER, 0);
  char summary[32];
  size_t n_hints = 0;
  begin_question(p, step);
  if (part) th_report_code(&p->report, part->text);
  for (size_t i = 0; (part = th_step_part(p->lesson, step, TH_PART_HINT, i)); i++) {
    snprintf(summary, sizeof summary, "Hint %zu", n_hints + 1);
    n_hints += part->when.length == 0;
    begin_fold(p, part->when.length == 0 ? summary : "A hint for a likely wrong answer");
    th_report_prose(&p->report, part->text);
    end_fold(p);
  }
  put_mistakes(p, step);
  put_answers(p, step);
  end_question(p);
}

static void put_verdict(Page *p, const ThPart *choice, size_t i) {
  ThText *out = &p->report.body;
  th_text_format(out, "<p><strong>%c</strong> is %s.</p>\n", (int)('a' + i),
                 choice->right ? "right" : "wrong");
  if (choice->when.length > 0) th_report_prose(&p->report, choice->when);
}

static void put_quiz(Page *p, const ThStep *step) {
  const ThPart *choice;
  begin_question(p, step);
  th_text_add(&p->report.body, "<ol class=\"choices\">\n");
  for (size_t i = 0; (choice = th_step_part(p->lesson, step, TH_PART_CHOICE, i)); i++) {
    th_text_add(&p->report.body, "<li>");
    th_report_prose(&p->report, choice->text);
    th_text_add(&p->report.body, "</li>\n");
  }
  th_text_add(&p->report.body, "</ol>\n");
  begin_fold(p, "Answer");
  for (size_t i = 0; (choice = th_step_part(p->lesson, step, TH_PART_CHOICE, i)); i++)
    put_verdict(p, choice, i);
  end_fold(p);
  end_question(p);
}

static void put_prediction(Page *p, const ThStep *step) {
  begin_question(p, step);
  end_question(p);
  p->predicts = true;
}

/* --- Lessons */

static void put_code(Page *p, const ThStep *step) {
  th_report_code(&p->report, step->text);
  if (p->predicts) begin_fold(p, "See what comes out");
  (void)th_report_run(&p->report, step->text, TH_RUN_PROMPT);
  if (p->predicts) end_fold(p);
  p->predicts = false;
}

static void put_step(Page *p, const ThStep *step) {
  switch (step->kind) {
    case TH_STEP_PROSE: th_report_prose(&p->report, step->text); return;
    case TH_STEP_SETUP: (void)th_report_run(&p->report, step->text, TH_RUN_QUIET); return;
    case TH_STEP_CODE: put_code(p, step); return;
    case TH_STEP_EXERCISE: put_exercise(p, step); return;
    case TH_STEP_QUIZ: put_quiz(p, step); return;
    case TH_STEP_PREDICT: put_prediction(p, step); return;
  }
}

/* The heading that the prose begins with, cut off it; nothing when there is none. */
static ThSlice take_heading(ThStep *first) {
  ThSlice *text = &first->text, heading = {text->text, 0, text->line};
  const char *start = text->text + strspn(text->text, "\r\n");
  size_t before = (size_t)(start - text->text), length = strcspn(start, "\n");
  if (first->kind != TH_STEP_PROSE || before + length > text->length || strncmp(start, "# ", 2) != 0)
    return heading;
  heading = (ThSlice){start, length, text->line};
  text->text += before + length;
  text->length -= before + length;
  return heading;
}

static void put_remark(const ThLesson *lesson, ThText *out) {
  if (lesson->section[0]) th_text_format(out, "Section %s", lesson->section);
  if (lesson->minutes > 0)
    th_text_format(out, "%sabout %.6g minutes", out->length ? ", " : "", lesson->minutes);
}

/* The page around its body, appended to `out`. `heading` is Markdown, or empty: then the title is shown. */
static bool finish(ThReport *r, const char *title, ThSlice heading, const char *remark, ThText *out) {
  ThText html;
  th_text_init(&html, &r->cx->heap);
  bool ok = true;
  if (heading.length > 0) ok = th_report_markdown(r->cx, heading.text, heading.length, "", NULL, &html);
  else {
    th_text_add(&html, "<h1>");
    th_html_text(title, strlen(title), &html);
    th_text_add(&html, "</h1>\n");
  }
  ThPageHead head = {title, th_text_string(&html), remark};
  ok = ok && th_report_page_begin(r->cx, &head, &r->contents, out);
  th_text_bytes(out, th_text_string(&r->body), r->body.length);
  th_report_page_end(out);
  th_text_clear(&html);
  return ok && th_text_ok(&r->body, r->cx) && th_text_ok(&r->contents.entries, r->cx) &&
         th_text_ok(out, r->cx);
}

static bool make_lesson(Page *p, ThText *out) {
  ThReport *r = &p->report;
  ThLesson *lesson = th_lesson_read(r->cx, r->name);
  ThText remark;
  if (!lesson) return false;
  ThSlice heading = lesson->n_steps ? take_heading(&lesson->steps[0]) : (ThSlice){"", 0, 1};
  p->lesson = lesson;
  if (lesson->seeded) th_session_seed(r->own.session, lesson->seed);
  for (size_t i = 0; i < lesson->n_steps && r->cx->error.code == TH_OK; i++) put_step(p, &lesson->steps[i]);
  th_text_init(&remark, &r->cx->heap);
  put_remark(lesson, &remark);
  bool ok = r->cx->error.code == TH_OK && finish(r, lesson->title, heading, th_text_string(&remark), out);
  th_text_clear(&remark);
  th_lesson_free(lesson);
  return ok;
}

/* --- Scripts */

/* Whether all brackets and strings of some code are closed. */
static bool is_complete(ThContext *cx, ThSlice code) {
  ThLexer lexer;
  ThToken token;
  ThSource *source = th_source_new(cx, "", code.text, code.length);
  if (!source) return true;
  th_lexer_init(&lexer, cx, source, 0, (uint32_t)code.length);
  while (th_lexer_next(&lexer, &token) && token.kind != TH_TOKEN_END) {}
  bool open = cx->error.code == TH_ERROR_INCOMPLETE || lexer.n_open > 0;
  th_lexer_clear(&lexer);
  th_source_release(source);
  th_error_clear(cx);
  return !open;
}

/* The offset behind the next empty line; the end when there is none. */
static size_t paragraph_end(const char *text, size_t length, size_t at) {
  while (at < length) {
    const char *end = memchr(text + at, '\n', length - at);
    size_t line = end ? (size_t)(end - text) + 1 : length;
    bool blank = strspn(text + at, " \t\r") >= line - at - (end != NULL);
    at = line;
    if (blank) return at;
  }
  return length;
}

static size_t lines_in(const char *text, size_t length) {
  size_t n = 0;
  for (size_t i = 0; i < length; i++) n += text[i] == '\n';
  return n;
}

/* The comments that a paragraph of nothing else consists of, without their marks; false when it has code. */
static bool take_comment(ThSlice paragraph, ThText *out) {
  for (size_t i = 0; i < paragraph.length;) {
    const char *line = paragraph.text + i, *end = memchr(line, '\n', paragraph.length - i);
    size_t length = end ? (size_t)(end - line) : paragraph.length - i, mark = 0;
    if (length > 0 && line[0] != '#' && strspn(line, " \t\r") < length) return false;
    while (mark < length && line[mark] == '#') mark++;
    if (mark == 1 && length > 1 && line[1] == '!') mark = length; /* `#!`: how a shell runs the script */
    mark += mark < length && line[mark] == ' ';
    th_text_bytes(out, line + mark, length - mark);
    th_text_char(out, '\n');
    i += length + 1;
  }
  return true;
}

/* Code or, where only comments stand, prose; true unless the code ended in an error. */
static bool put_paragraph(ThReport *r, ThSlice paragraph) {
  ThText comment;
  bool ok = true;
  th_text_init(&comment, &r->cx->heap);
  if (take_comment(paragraph, &comment))
    th_report_prose(r, (ThSlice){th_text_string(&comment), comment.length, paragraph.line});
  else {
    th_report_code(r, paragraph);
    ok = th_report_run(r, paragraph, TH_RUN_SCRIPT);
  }
  th_text_clear(&comment);
  return ok;
}

static bool make_script(ThReport *r, ThText *out) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  bool ok = th_ui_set_args(&r->own, NULL, 0) && th_read_file(r->cx, r->name, &text);
  bool runs = ok;
  for (size_t at = 0, line = 1; runs && at < text.length;) {
    size_t end = paragraph_end(text.data, text.length, at);
    while (end < text.length && !is_complete(r->cx, (ThSlice){text.data + at, end - at, line}))
      end = paragraph_end(text.data, text.length, end);
    runs = put_paragraph(r, (ThSlice){text.data + at, end - at, line});
    line += lines_in(text.data + at, end - at);
    at = end;
  }
  th_text_clear(&text);
  return ok && r->cx->error.code == TH_OK && finish(r, th_path_name(r->name), (ThSlice){"", 0, 1}, "", out);
}

/* --- The file */

/* NAME.html in this folder. */
static void default_output(const char *path, ThText *out) {
  const char *name = th_path_name(path), *extension = th_path_extension(path);
  th_text_bytes(out, name, strlen(name) - (extension[0] ? strlen(extension) + 1 : 0));
  th_text_add(out, ".html");
}

static bool write_page(ThReport *r, const char *output, const ThText *page) {
  if (strcmp(output, "-") == 0) th_ui_write(r->ui, th_text_string(page));
  else if (!th_write_file(r->cx, output, th_text_string(page), page->length)) return false;
  else if (!r->ui->quiet) th_ui_print(r->ui, "%s: written\n", output);
  return true;
}

static bool make_page(Page *p, const char *output, ThText *page) {
  ThReport *r = &p->report;
  ThText path;
  bool script = strcmp(th_path_extension(r->name), "theta") == 0;
  th_text_init(&path, &r->cx->heap);
  if (output) th_text_add(&path, output);
  else default_output(r->name, &path);
  bool ok = (script ? make_script(r, page) : make_lesson(p, page)) && th_text_ok(&path, r->cx) &&
            write_page(r, th_text_string(&path), page);
  th_text_clear(&path);
  return ok;
}

bool th_report_write(ThUi *ui, const char *path, const char *output) {
  Page p = {.lesson = NULL};
  ThText page;
  if (!th_report_begin(&p.report, ui, path)) return false;
  th_text_init(&page, &p.report.cx->heap);
  if (!make_page(&p, output, &page)) th_report_fail(&p.report);
  th_text_clear(&page);
  bool ok = p.report.ok;
  th_report_clear(&p.report);
  return ok;
}
