/* lesson_show.h - how a lesson looks on the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_SHOW_H
#define TH_UI_LESSON_SHOW_H

#include "ui/lesson.h"
#include "ui/lesson_progress.h"
#include "ui/ui.h"

/* A short remark about how things go on. */
void th_show_note(ThUi *ui, const char *text);
/* Prose as lines for the terminal, after a blank one. */
TH_CHECKED bool th_show_markdown(ThUi *ui, ThSlice text, ThText *out);
/* Where to break text that begins at `from` when `room` lines are left: after the last whole paragraph that
 * fits; its end when all of it fits. When not even one does: `from` itself if that may be, else `room` lines
 * on. A heading stays with what follows it. */
size_t th_show_break(const char *text, size_t from, size_t room, bool may_be_nothing);
void th_show_slice(ThUi *ui, const char *text, size_t length);
size_t th_show_height(ThSlice text); /* its lines */

void th_show_code(ThUi *ui, ThSlice code);
TH_CHECKED bool th_show_question(ThUi *ui, const ThLesson *lesson, const ThStep *step);
void th_show_answers(ThUi *ui, const ThLesson *lesson, const ThStep *step);
/* A hint's text, or the comment in the code of a wrong answer. */
void th_show_feedback(ThUi *ui, ThSlice text, bool comment);
bool th_show_has_comment(ThSlice code);
void th_show_praise(ThUi *ui, size_t number);
void th_show_score(ThUi *ui, ThScore score);
/* What was predicted beside what came; whether it was close: within a tenth, or inside the interval. */
bool th_show_prediction(ThUi *ui, ThValue predicted, ThValue truth);
/* Judges letters or numbers of choices, `a c` or `1 3`; false when the input is something else. */
bool th_show_quiz_answer(ThUi *ui, const ThLesson *lesson, const ThStep *step, const char *input,
                         bool *right);
void th_show_outline(ThUi *ui, const ThLesson *lesson, const ThDone *done, size_t step);

#endif
