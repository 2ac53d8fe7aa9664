/* lesson_check.h - is an exercise solved? */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_CHECK_H
#define TH_UI_LESSON_CHECK_H

#include "ui/lesson.h"
#include "ui/ui.h"

/* Runs a stretch of a lesson's code in the session, silently: what it prints goes to `output`, or nowhere
 * when that is NULL, and notes are not shown. TH_RUN_DONE, or TH_RUN_FAILED with the error in the record. */
ThRunStatus th_lesson_run(ThUi *ui, const ThLesson *lesson, ThSlice code, ThRunMode mode, ThText *output);
/* The same aloud. */
ThRunStatus th_lesson_run_aloud(ThUi *ui, const ThLesson *lesson, ThSlice code);

/* Whether all expressions of the step's checks are true of the names and of `_` as they stand; the session
 * is left as it was. An expression that fails is false. False with an error only when interrupted or out
 * of memory. */
TH_CHECKED bool th_check_passes(ThUi *ui, const ThLesson *lesson, const ThStep *step, bool *passes);
/* The same of one stretch: a hint's condition. */
TH_CHECKED bool th_check_holds(ThUi *ui, const ThLesson *lesson, ThSlice expressions, bool *holds);

/* The value of `_` after the code has run from a checkpoint on; the session is left as it was. Owned; none
 * when it fails. */
TH_CHECKED bool th_check_value(ThUi *ui, const ThLesson *lesson, const ThCheckpoint *from, ThSlice code,
                               ThValue *out);
/* Whether two values are equal, numbers to a relative 1e-6: what a person reads off the screen. */
bool th_values_near(ThContext *cx, ThValue a, ThValue b);

/* Whether the input tries to solve the exercise: it defines a name that the check speaks of, or gives a
 * value when the check speaks of `_`. */
bool th_check_is_attempt(const ThLesson *lesson, const ThStep *step, const char *input);

#endif
