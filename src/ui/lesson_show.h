/* lesson_show.h - how a lesson looks on the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_SHOW_H
#define TH_UI_LESSON_SHOW_H

#include "ui/lesson.h"
#include "ui/lesson_progress.h"
#include "ui/ui.h"

/* A short remark about how things go on. */
void th_show_note(ThUi *ui, const char *text);
/* The same, and at the right end of the line how far the lesson is. */
void th_show_pause(ThUi *ui, const char *text, int percent);
/* That a question waits, and what may be typed. */
void th_show_waiting(ThUi *ui, const ThStep *step);
/* Prose as lines for the terminal, after a blank one. */
TH_CHECKED bool th_show_markdown(ThUi *ui, ThSlice text, ThText *out);
/* Where to break text that begins at `from` when `room` lines are left: after the last whole paragraph that
 * fits; its end when all of it fits. When not even one does: `from` itself if that may be, else `room` lines
 * on. A heading stays with what follows it. */
size_t th_show_break(const char *text, size_t from, size_t room, bool may_be_nothing);
void th_show_slice(ThUi *ui, const char *text, size_t length);
size_t th_show_height(ThSlice text); /* its lines */

void th_show_code(ThUi *ui, ThSlice code);
/* `percent`: how far the lesson is, -1: not shown. */
TH_CHECKED bool th_show_question(ThUi *ui, const ThLesson *lesson, const ThStep *step, int percent);
void th_show_answers(ThUi *ui, const ThLesson *lesson, const ThStep *step);
/* A hint's text, or the comment in the code of a wrong answer. */
void th_show_feedback(ThUi *ui, ThSlice text, bool comment);
bool th_show_has_comment(ThSlice code);
void th_show_praise(ThUi *ui, size_t number);
void th_show_score(ThUi *ui, ThScore score);
/* A line of how far the lesson is. */
void th_show_percent(ThUi *ui, int percent);
/* What was predicted beside what came, and how close it was. Solved: a number within a tenth of the truth, an interval
 * that holds it and no end of which is further from it than its half. Partly: a number within a half, an interval
 * that holds it and is wider, or one that misses it by a tenth. Else shown. */
ThDone th_show_prediction(ThUi *ui, ThValue predicted, ThValue truth);
/* Judges letters or numbers of choices, `a c`, `ac` or `1 3`; false when the input is something else. A lone
 * letter that names no choice is answered too, unless it is a name of the person's. */
bool th_show_quiz_answer(ThUi *ui, const ThLesson *lesson, const ThStep *step, const char *input,
                         bool *right);
void th_show_outline(ThUi *ui, const ThLesson *lesson, const ThDone *done, size_t step);

#endif
