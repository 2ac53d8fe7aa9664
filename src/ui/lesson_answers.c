/* lesson_answers.c - exercises, quizzes and predictions, as they are answered */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lesson_playing.h"

#include <string.h>

#include "ui/blank.h"
#include "ui/lesson_check.h"
#include "ui/lesson_feedback.h"
#include "ui/lesson_show.h"
#include "val/array.h"

/* --- Exercises */

static void solved(ThPlayer *p) {
  if (p->progress.done[p->step] == TH_OPEN) p->progress.done[p->step] = TH_SOLVED;
  th_show_praise(p->ui, p->step);
  th_player_advance(p);
}

/* Looks whether the exercise is solved; says so, or what is wrong. */
static void grade(ThPlayer *p, const char *input, bool attempt) {
  bool passes = false;
  bool ok = th_check_passes(p->ui, p->lesson, th_player_step(p), &passes);
  if (ok && !passes)
    ok = th_feedback_give(p->ui, p->lesson, th_player_step(p), p->checkpoints[p->step], input, attempt);
  if (!ok) th_ui_show_error(p->ui);
  else if (passes) solved(p);
}

/* What was typed, for the notes and for the next time. */
static void remember(ThPlayer *p, ThTypedKind kind, const char *text) {
  if (!th_progress_add(&p->progress, kind, p->step, text)) th_error_clear(p->ui->cx);
  th_player_save(p);
}

/* --- Predictions */

static bool is_prediction(ThValue v) {
  return th_is_scalar(v) ||
         (th_is_array(v) && th_as_array(v)->length == 2 && th_as_array(v)->element != TH_COMPLEX);
}

bool th_answers_keep_prediction(ThPlayer *p, const char *input) {
  ThValue plain;
  if (th_check_defined(p->ui->cx, input) || !th_decay(p->ui->cx, th_session_last(p->ui->session), &plain)) {
    th_error_clear(p->ui->cx);
    return false;
  }
  if (!is_prediction(plain)) {
    th_release(plain);
    return false;
  }
  th_replace_take(&p->predicted, plain);
  p->predicted_step = p->step;
  return true;
}

void th_answers_judge_prediction(ThPlayer *p) {
  ThValue truth;
  if (th_is_unset(p->predicted) || !th_decay(p->ui->cx, th_session_last(p->ui->session), &truth)) {
    th_error_clear(p->ui->cx);
    return;
  }
  ThDone done = th_show_prediction(p->ui, p->predicted, truth);
  if (p->progress.done[p->predicted_step] == TH_OPEN) p->progress.done[p->predicted_step] = done;
  th_release(truth);
  th_replace_take(&p->predicted, th_unset());
}

static void take_prediction(ThPlayer *p, const char *input) {
  if (!th_answers_keep_prediction(p, input)) return;
  th_show_note(p->ui, "noted");
  th_player_advance(p);
}

/* --- What is typed */

void th_player_after(ThPlayer *p, const char *input, ThRunStatus status, ThErrorCode code) {
  if (p->over || th_player_at_end(p)) return;
  if (status == TH_RUN_FAILED) { /* what stood before the mistake has taken effect */
    if (code != TH_ERROR_SYNTAX && code != TH_ERROR_INTERRUPTED) remember(p, TH_TYPED_RUN, input);
    return;
  }
  remember(p, TH_TYPED_RUN, input);
  if (!p->shown) return;
  if (th_player_step(p)->kind == TH_STEP_EXERCISE)
    grade(p, input, th_check_is_attempt(p->lesson, th_player_step(p), input));
  else if (th_player_step(p)->kind == TH_STEP_PREDICT) take_prediction(p, input);
}

static bool has_typed(const ThPlayer *p) {
  for (size_t i = 0; i < p->progress.n_typed; i++)
    if (p->progress.typed[i].step == p->step && p->progress.typed[i].kind == TH_TYPED_RUN) return true;
  return false;
}

void th_answers_take_up(ThPlayer *p) {
  bool passes = false;
  if (p->over || !th_player_at_question(p) || !p->shown || !has_typed(p)) return;
  if (th_player_step(p)->kind == TH_STEP_PREDICT && !th_is_unset(p->predicted)) {
    th_player_advance(p);
  } else if (th_player_step(p)->kind == TH_STEP_EXERCISE &&
             th_check_passes(p->ui, p->lesson, th_player_step(p), &passes)) {
    if (passes) solved(p);
  }
}

/* --- Starters */

const char *th_player_take_starter(ThPlayer *p) {
  if (p->over || th_player_at_end(p) || !p->starter_due || !p->shown) return "";
  p->starter_due = false;
  if (p->page.length > 0) return th_text_string(&p->page);
  const ThPart *starter = th_step_part(p->lesson, th_player_step(p), TH_PART_STARTER, 0);
  if (!starter) return "";
  size_t length = starter->text.length;
  while (length > 0 && starter->text.text[length - 1] == '\n') length--;
  th_text_bytes(&p->page, starter->text.text, length);
  return th_text_string(&p->page);
}

void th_player_return_line(ThPlayer *p, const char *text, size_t length) {
  if (p->over || th_player_at_end(p) || th_player_step(p)->kind != TH_STEP_EXERCISE || !p->shown) return;
  th_text_clear(&p->page);
  th_text_bytes(&p->page, text, length);
  p->starter_due = true;
}

/* A line whose blanks are still there comes back to be filled in. Enter on a starter as it was given goes on where
 * the exercise is done. */
static bool has_blanks(ThPlayer *p, const char *input) {
  size_t at;
  if (th_player_step(p)->kind != TH_STEP_EXERCISE || !th_blank_find(input, 0, &at)) return false;
  const ThPart *starter = th_step_part(p->lesson, th_player_step(p), TH_PART_STARTER, 0);
  bool untouched = starter && strncmp(starter->text.text, input, strlen(input)) == 0;
  if (untouched && p->progress.done[p->step] != TH_OPEN) {
    th_player_next(p);
    return true;
  }
  th_ui_write(p->ui, "Put something in place of each ____ ; Tab goes to the next.\n");
  th_player_return_line(p, input, strlen(input));
  return true;
}

/* --- Quizzes, and commands without a colon */

static bool answers_quiz(ThPlayer *p, const char *input) {
  bool right;
  if (th_player_step(p)->kind != TH_STEP_QUIZ ||
      !th_show_quiz_answer(p->ui, p->lesson, th_player_step(p), input, &right))
    return false;
  p->lines = p->ui->lines;
  remember(p, TH_TYPED_SAID, input);
  if (right) solved(p);
  return true;
}

/* A command without its colon, where that word is no name. */
static bool lacks_colon(ThPlayer *p, const char *input) {
  static const char *const words[] = {"hint", "answer", "next",    "skip",
                                      "back", "reset",  "outline", "progress"};
  size_t length = strcspn(input, " \t\r\n"), i = 0, n = sizeof words / sizeof *words;
  while (i < n && (strlen(words[i]) != length || strncmp(words[i], input, length) != 0)) i++;
  const ThSymbol *name = th_symbol_find(p->ui->cx, input, length);
  if (i == n || input[length] || (name && th_session_owns(p->ui->session, name))) return false;
  th_ui_print(p->ui, "Commands begin with a colon: `:%s`.\n", words[i]);
  return true;
}

bool th_player_takes(ThPlayer *p, const char *input) {
  if (p->over || th_player_at_end(p)) return false;
  if (lacks_colon(p, input)) return true;
  if (!th_player_at_question(p) || !p->shown) return false;
  return has_blanks(p, input) || answers_quiz(p, input);
}

/* --- Help */

/* Says so where no question stands on the screen. */
static bool no_question(ThPlayer *p, bool question) {
  if (question && p->shown) return false;
  th_ui_write(p->ui, question ? "The question comes next: Enter goes on.\n" : "There is no exercise here.\n");
  return true;
}

void th_player_check(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (th_player_at_question(p) && th_player_step(p)->kind == TH_STEP_EXERCISE) grade(p, "", true);
  else th_ui_write(p->ui, "There is no exercise here.\n");
}

void th_player_hint(ThPlayer *p) {
  const ThPart *hint;
  size_t plain = 0;
  if (no_question(p, th_player_at_question(p) && th_player_step(p)->kind == TH_STEP_EXERCISE)) return;
  for (size_t i = 0; (hint = th_step_part(p->lesson, th_player_step(p), TH_PART_HINT, i)); i++)
    if (hint->when.length == 0 && plain++ == p->hints) break;
  if (!hint) {
    th_ui_write(p->ui, "There is no further hint; `:answer` shows a solution.\n");
    return;
  }
  p->hints++;
  th_show_feedback(p->ui, hint->text, false);
}

static bool may_show(ThPlayer *p) {
  if (p->lesson->skip != TH_SKIP_DENY) return true;
  th_ui_write(p->ui, "This lesson wants its exercises solved; `:hint` helps.\n");
  return false;
}

static void show_answer(ThPlayer *p) {
  if (p->progress.done[p->step] == TH_OPEN) p->progress.done[p->step] = TH_SHOWN;
  if (th_player_step(p)->kind == TH_STEP_PREDICT) th_ui_write(p->ui, "The next block shows it.\n");
  th_show_answers(p->ui, p->lesson, th_player_step(p));
  th_player_save(p);
}

void th_player_answer(ThPlayer *p) {
  if (no_question(p, th_player_at_question(p)) || !may_show(p)) return;
  show_answer(p);
  th_show_note(p->ui, "try it, or Enter goes on");
}

void th_player_skip(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (th_player_at_end(p)) return;
  if (th_player_at_question(p)) {
    if (!may_show(p)) return;
    if (p->lesson->skip == TH_SKIP_REVEAL) show_answer(p);
    if (p->progress.done[p->step] == TH_OPEN) p->progress.done[p->step] = TH_SKIPPED;
    if (!th_names_give(p)) th_ui_show_error(p->ui);
  } else if (th_player_step(p)->kind == TH_STEP_CODE &&
             th_lesson_run(p->ui, p->lesson, th_player_step(p)->text, TH_RUN_QUIET, NULL) != TH_RUN_DONE) {
    th_error_clear(p->ui->cx); /* it has been shown, or is not wanted */
  }
  th_player_advance(p);
}
