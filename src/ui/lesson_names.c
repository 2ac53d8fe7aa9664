/* lesson_names.c - the names that a lesson and the person have made */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a lesson is taken up its names are made anew: all code runs again, unseen, what fails as it did before. */
#include "ui/lesson_playing.h"

#include <string.h>

#include "ui/lesson_check.h"

void th_names_begin(ThPlayer *p) {
  th_session_clear(p->ui->session);
  if (p->lesson->seeded) th_session_seed(p->ui->session, p->lesson->seed);
  th_replace_take(&p->predicted, th_unset());
}

/* Runs unseen; what fails does as it did before. False with an error when interrupted or out of memory. */
static bool run_unseen(ThPlayer *p, ThSlice code) {
  if (th_lesson_run(p->ui, p->lesson, code, TH_RUN_QUIET, NULL) == TH_RUN_DONE) return true;
  if (th_is_final(p->ui->cx)) return false;
  th_error_clear(p->ui->cx);
  return true;
}

bool th_names_give(ThPlayer *p) {
  bool passes = false;
  const ThPart *answer = th_step_part(p->lesson, th_player_step(p), TH_PART_ANSWER, 0);
  if (!answer) return true;
  return th_check_passes(p->ui, p->lesson, th_player_step(p), &passes) &&
         (passes || run_unseen(p, answer->text));
}

bool th_names_are_own(const ThPlayer *p) {
  for (size_t i = 0; i < p->progress.n_typed; i++)
    if (p->progress.typed[i].kind == TH_TYPED_RUN) return true;
  return false;
}

bool th_names_run_typed(ThPlayer *p) {
  for (size_t i = 0; i < p->progress.n_typed; i++) {
    const ThTyped *typed = &p->progress.typed[i];
    if (typed->step != p->step || typed->kind != TH_TYPED_RUN) continue;
    if (!run_unseen(p, (ThSlice){typed->text, strlen(typed->text), 0})) return false;
    if (th_player_step(p)->kind == TH_STEP_PREDICT) (void)th_answers_keep_prediction(p, typed->text);
  }
  return true;
}

bool th_names_replay(ThPlayer *p, size_t until) {
  bool ok = th_player_arrive(p, 0);
  while (ok && p->step < until) {
    const ThStep *step = th_player_step(p);
    ok = th_names_run_typed(p);
    if (ok && (step->kind == TH_STEP_SETUP || step->kind == TH_STEP_CODE)) ok = run_unseen(p, step->text);
    if (step->kind == TH_STEP_CODE) th_replace_take(&p->predicted, th_unset());
    ok = ok && (step->kind != TH_STEP_EXERCISE || th_names_give(p)) && th_player_arrive(p, p->step + 1);
  }
  return ok;
}
