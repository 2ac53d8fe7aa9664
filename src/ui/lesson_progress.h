/* lesson_progress.h - how far somebody is in a lesson, kept in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_PROGRESS_H
#define TH_UI_LESSON_PROGRESS_H

#include "ui/lesson.h"

typedef enum ThDone { TH_OPEN, TH_SOLVED, TH_SHOWN, TH_SKIPPED } ThDone;

/* An input that took effect, and the step at which it was typed: replayed when the lesson is taken up. */
typedef struct ThInput {
  size_t step;
  char *text;
} ThInput;

typedef struct ThProgress {
  ThContext *cx;
  const ThLesson *lesson;
  size_t step; /* where the person is */
  bool finished;
  ThDone *done; /* one for each step; of questions it counts */
  ThInput *inputs;
  size_t n_inputs, capacity;
} ThProgress;

/* The progress of a lesson: from its file, or none yet. When the lesson's text has changed since, only the
 * questions that were done are kept. */
TH_CHECKED bool th_progress_load(ThContext *cx, const ThLesson *lesson, ThProgress *progress);
void th_progress_clear(ThProgress *progress);
/* Begins anew; what was solved stays solved. */
void th_progress_restart(ThProgress *progress);
/* Writes the file, as a whole. What cannot be written is not complained of: the lesson matters more. */
void th_progress_save(const ThProgress *progress);
TH_CHECKED bool th_progress_add_input(ThProgress *progress, size_t step, const char *text);
/* Forgets the inputs of a step and of those after it. */
void th_progress_drop_inputs(ThProgress *progress, size_t step);

typedef struct ThScore {
  size_t questions, solved;
  double points, most;
} ThScore;
ThScore th_progress_score(const ThProgress *progress);

/* Of a lesson that is not open, by its name: has it been begun, has it been finished? */
void th_progress_peek(ThContext *cx, const char *name, bool *begun, bool *finished);

#endif
