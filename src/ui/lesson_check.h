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
 * is left as it was. `a == b` is true of values that are near (th_values_near), so that 1/3 and 0.333333 both pass. An
 * expression that fails is false. False with an error only when interrupted or out of memory. */
TH_CHECKED bool th_check_passes(ThUi *ui, const ThLesson *lesson, const ThStep *step, bool *passes);
/* The same of one stretch: a hint's condition. */
TH_CHECKED bool th_check_holds(ThUi *ui, const ThLesson *lesson, ThSlice expressions, bool *holds);
/* The same; where an expression failed, *holds is false and its error stays in the record. */
TH_CHECKED bool th_check_why(ThUi *ui, const ThLesson *lesson, ThSlice expressions, bool *holds);

/* The value of `_` after the code has run from a checkpoint on; the session is left as it was. Owned; none
 * when it fails. */
TH_CHECKED bool th_check_value(ThUi *ui, const ThLesson *lesson, const ThCheckpoint *from, ThSlice code,
                               ThValue *out);
/* The name that an input defines by its last statement; NULL when that defines none. */
const ThSymbol *th_check_defined(ThContext *cx, const char *input);
/* The name, of those that the checks speak of and that are not defined, under which a value would pass: NULL when there
 * is none. The session is left as it was. */
const ThSymbol *th_check_other_name(ThUi *ui, const ThLesson *lesson, const ThStep *step, ThValue value);

/* Whether the input tries to solve the exercise: a statement of it defines a name that the check speaks of, or its
 * last one gives a value and the check speaks of `_`. */
bool th_check_is_attempt(const ThLesson *lesson, const ThStep *step, const char *input);

#endif
