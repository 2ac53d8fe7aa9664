/* lesson_playing.h - what the files of the player share: a lesson under way */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_PLAYING_H
#define TH_UI_LESSON_PLAYING_H

#include "ui/lesson_player.h"
#include "ui/lesson_progress.h"

struct ThPlayer {
  ThUi *ui;
  ThLesson *lesson;
  ThProgress progress;
  ThCheckpoint **checkpoints; /* at the beginning of each step that was reached; else NULL */
  size_t step;
  ThText page;    /* prose that is being shown */
  size_t page_at; /* what of it is left */
  size_t lines;   /* ui->lines when the person was last asked */
  bool shown;     /* the step's code or question stands on the screen */
  bool failed;    /* the step's code has failed, maybe through the person's names */
  bool unsaved;   /* it was said that the progress cannot be kept */
  bool starter_due;
  bool over;
  size_t hints;      /* given in this step */
  ThValue predicted; /* what was said of the next value, or unset */
  size_t predicted_step;
};

static inline ThStep *th_player_step(const ThPlayer *p) { return &p->lesson->steps[p->step]; }
static inline bool th_player_at_end(const ThPlayer *p) { return p->step >= p->lesson->n_steps; }
static inline bool th_player_at_question(const ThPlayer *p) {
  return !th_player_at_end(p) && th_step_is_question(th_player_step(p));
}

/* lesson_player.c: steps. Keeps the progress; that it cannot be kept is said once. */
void th_player_save(ThPlayer *player);
/* At a step, whose checkpoint is taken anew. */
TH_CHECKED bool th_player_arrive(ThPlayer *player, size_t step);
/* To the next step, and on until the person is asked for something. */
void th_player_advance(ThPlayer *player);

/* lesson_names.c: the names that the lesson and the person have made. */
void th_names_begin(ThPlayer *player);
/* What comes later may use the names of an answer: where the person has none that passes, the lesson's runs unseen.
 * False with an error when interrupted or out of memory. */
TH_CHECKED bool th_names_give(ThPlayer *player);
/* Whether the person has changed names, so that a block may fail that would not in the lesson as it is. */
bool th_names_are_own(const ThPlayer *player);
/* What was typed at the present step, run unseen. False with an error when interrupted or out of memory. */
TH_CHECKED bool th_names_run_typed(ThPlayer *player);
/* Runs what came before a step, unseen: at each step first what was typed there, then the lesson's own code. */
TH_CHECKED bool th_names_replay(ThPlayer *player, size_t until);

/* lesson_answers.c: exercises, quizzes, predictions. */
/* Keeps the value of what was typed as the prediction, when it is a number or an interval. */
bool th_answers_keep_prediction(ThPlayer *player, const char *input);
/* The block has run whose value was predicted. The first prediction counts. */
void th_answers_judge_prediction(ThPlayer *player);
/* What was typed at the step where the person left may have been all it asked for: the program was ended before the
 * lesson could go on. */
void th_answers_take_up(ThPlayer *player);

#endif
