/* lesson_progress.h - how far somebody is in a lesson, kept in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_PROGRESS_H
#define TH_UI_LESSON_PROGRESS_H

#include "ui/lesson.h"

typedef enum ThDone {
  TH_OPEN,
  TH_SOLVED,
  TH_SHOWN,
  TH_SKIPPED,
  TH_PARTLY
} ThDone; /* partly: half the points */

typedef enum ThTypedKind {
  TH_TYPED_RUN,    /* it ran: replayed when the lesson is taken up */
  TH_TYPED_UNDONE, /* it ran, and its effect was taken back: for the notes only */
  TH_TYPED_SAID    /* the answer to a quiz */
} ThTypedKind;

/* What was typed, and at which step. */
typedef struct ThTyped {
  ThTypedKind kind;
  size_t step;
  char *text;
} ThTyped;

typedef struct ThProgress {
  ThContext *cx;
  const ThLesson *lesson;
  size_t step; /* where the person is */
  bool finished;
  ThDone *done; /* one for each step; of questions it counts */
  ThTyped *typed;
  size_t n_typed, capacity;
} ThProgress;

typedef enum ThFound {
  TH_FOUND_NOTHING,
  TH_FOUND,
  TH_FOUND_OTHER, /* of another version of the lesson: what was done is kept, and `step` stands behind it */
  TH_FOUND_BROKEN /* a file that holds no progress: none is known */
} ThFound;

/* The progress of a lesson, from its file, and what was found there. False with an error: the file cannot be read,
 * memory is out. */
TH_CHECKED bool th_progress_load(ThContext *cx, const ThLesson *lesson, ThProgress *progress, ThFound *found);
/* Renames the file, so that it is not written over, to the path that is appended; false when it cannot. */
bool th_progress_put_aside(const ThProgress *progress, ThText *path);
void th_progress_clear(ThProgress *progress);
/* Begins anew; what was solved stays solved. */
void th_progress_restart(ThProgress *progress);
/* Writes the file, as a whole; behind the last step as one that begins anew, with what was solved. False with an
 * error: the lesson can go on without. In the sandbox nothing is written. */
TH_CHECKED bool th_progress_save(const ThProgress *progress);
TH_CHECKED bool th_progress_add(ThProgress *progress, ThTypedKind kind, size_t step, const char *text);
/* The effect of what was typed at a step and at those after it is taken back. */
void th_progress_undo(ThProgress *progress, size_t step);

typedef struct ThScore {
  size_t questions, solved;
  double points, most;
} ThScore;
ThScore th_progress_score(const ThProgress *progress);

/* How much of a lesson lies before a step, in percent. */
int th_progress_percent(const ThLesson *lesson, size_t step);

/* The path of the file; false when there is no folder for it: neither HOME nor XDG_STATE_HOME is set. */
bool th_progress_path(const ThLesson *lesson, ThText *out);

#endif
