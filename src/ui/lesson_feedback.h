/* lesson_feedback.h - what is said to an answer that does not pass */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_FEEDBACK_H
#define TH_UI_LESSON_FEEDBACK_H

#include "ui/lesson.h"
#include "ui/ui.h"

/* Of the session as it stands, after an input that does not solve the exercise: a remark on a right value that has not
 * the name which was asked for; else, when the input was an attempt, the first hint whose condition holds, the comment
 * of the wrong answer that has the same value, or that it is not right yet. `from` is the checkpoint before the
 * exercise. False with an error when interrupted or out of memory. */
TH_CHECKED bool th_feedback_give(ThUi *ui, const ThLesson *lesson, const ThStep *step,
                                 const ThCheckpoint *from, const char *input, bool attempt);

#endif
