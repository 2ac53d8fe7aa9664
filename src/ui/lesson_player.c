/* lesson_player.c - a lesson being taught, step by step */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The player never reads: the prompt does, and tells the player what was typed. It shows what comes until
 * the person is asked for something, and waits. Every step begins with a checkpoint, so that going back
 * finds the names as they were. Errors of the person's never end a lesson. */
#include "ui/lesson_player.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ui/blank.h"
#include "ui/lesson_check.h"
#include "ui/lesson_library.h"
#include "ui/lesson_notes.h"
#include "ui/lesson_progress.h"
#include "ui/lesson_show.h"

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
  bool starter_due;
  bool over;
  size_t hints;      /* given in this step */
  ThValue predicted; /* what was said of the next value, or unset */
  size_t predicted_step;
};

static ThStep *current(const ThPlayer *p) { return &p->lesson->steps[p->step]; }
static bool at_end(const ThPlayer *p) { return p->step >= p->lesson->n_steps; }
static bool at_question(const ThPlayer *p) { return !at_end(p) && th_step_is_question(current(p)); }
bool th_player_is_over(const ThPlayer *p) { return p->over; }

/* --- Steps */

static void save(ThPlayer *p) {
  p->progress.step = p->step;
  th_progress_save(&p->progress);
}

/* Arrives at a step: its checkpoint is taken anew. */
static bool arrive(ThPlayer *p, size_t step) {
  p->step = step;
  p->shown = false;
  p->hints = 0;
  p->page_at = 0;
  th_text_clear(&p->page);
  if (at_end(p)) return true;
  th_checkpoint_free(p->ui->session, p->checkpoints[step]);
  p->checkpoints[step] = th_session_checkpoint(p->ui->session);
  p->starter_due = current(p)->kind == TH_STEP_EXERCISE;
  return p->checkpoints[step] != NULL;
}

static void fail(ThPlayer *p) {
  th_ui_show_error(p->ui);
  p->over = true;
}

static void next_step(ThPlayer *p) {
  if (!arrive(p, p->step + 1)) fail(p);
}

/* Whether so many lines more fit on the screen below what was printed since the person was last asked. */
static bool fits(const ThPlayer *p, size_t lines) {
  size_t used = p->ui->lines - p->lines;
  return used == 0 || used + lines + 2 <= (size_t)p->ui->cx->settings.height;
}

static void wait_for_enter(ThPlayer *p, const char *text) {
  th_show_note(p->ui, text);
  p->lines = p->ui->lines;
}

/* --- Showing */

/* Prints the prose, or as many whole paragraphs as fit; false when some is left. */
static bool show_prose(ThPlayer *p) {
  if (p->page.length == 0 && !th_show_markdown(p->ui, current(p)->text, &p->page)) {
    fail(p);
    return false;
  }
  size_t used = p->ui->lines - p->lines, height = (size_t)p->ui->cx->settings.height;
  size_t room = used + 5 < height ? height - used - 3 : 0;
  size_t end = th_show_break(th_text_string(&p->page), p->page_at, room, used > 0);
  th_show_slice(p->ui, th_text_string(&p->page) + p->page_at, end - p->page_at);
  p->page_at = end;
  if (end >= p->page.length) return true;
  wait_for_enter(p, "Enter goes on");
  return false;
}

static void show_code(ThPlayer *p) {
  if (!fits(p, th_show_height(current(p)->text) + 2)) {
    wait_for_enter(p, "Enter goes on");
    return;
  }
  th_show_code(p->ui, current(p)->text);
  wait_for_enter(p, "Enter runs it");
  p->shown = true;
}

static void show_question(ThPlayer *p) {
  if (!fits(p, th_show_height(current(p)->text) + 3)) {
    wait_for_enter(p, "Enter goes on");
    return;
  }
  if (!th_show_question(p->ui, p->lesson, current(p))) fail(p);
  p->lines = p->ui->lines;
  p->shown = true;
}

static void finish(ThPlayer *p) {
  p->progress.finished = true;
  p->progress.step = 0;
  th_progress_restart(&p->progress);
  th_progress_save(&p->progress);
  th_ui_write(p->ui, "That was the last step.");
  th_show_score(p->ui, th_progress_score(&p->progress));
  p->over = true;
}

/* Shows what comes, from the present step on, until the person is asked for something. */
static void go_on(ThPlayer *p) {
  while (!p->over && !at_end(p)) {
    ThStep *step = current(p);
    save(p);
    switch (step->kind) {
      case TH_STEP_PROSE:
        if (!show_prose(p)) return;
        break;
      case TH_STEP_SETUP:
        if (th_lesson_run(p->ui, p->lesson, step->text, TH_RUN_QUIET, NULL) != TH_RUN_DONE)
          th_ui_show_error(p->ui);
        break;
      case TH_STEP_CODE: show_code(p); return;
      default: show_question(p); return;
    }
    next_step(p);
  }
  if (!p->over) finish(p);
}

/* --- Code */

/* A number, or an interval [low, high], that was said before the value was seen. */
static void judge_prediction(ThPlayer *p) {
  ThValue truth;
  if (th_is_unset(p->predicted) || !th_decay(p->ui->cx, th_session_last(p->ui->session), &truth)) {
    th_error_clear(p->ui->cx);
    return;
  }
  bool close = th_show_prediction(p->ui, p->predicted, truth);
  p->progress.done[p->predicted_step] = close ? TH_SOLVED : TH_SHOWN;
  th_release(truth);
  th_replace_take(&p->predicted, th_unset());
}

static void run_code(ThPlayer *p) {
  if (th_lesson_run_aloud(p->ui, p->lesson, current(p)->text) != TH_RUN_DONE) {
    bool interrupted = p->ui->cx->error.code == TH_ERROR_INTERRUPTED;
    th_ui_show_error(p->ui);
    if (interrupted) return; /* Enter runs it again */
  } else {
    judge_prediction(p);
  }
  next_step(p);
  go_on(p);
}

void th_player_enter(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_end(p)) finish(p);
  else if (current(p)->kind == TH_STEP_CODE && p->shown) run_code(p);
  else if (at_question(p) && p->shown && p->progress.done[p->step] != TH_OPEN) th_player_next(p);
  else if (at_question(p) && p->shown)
    th_show_note(p->ui, "the question waits for your answer; :hint helps, :skip leaves it out");
  else go_on(p);
}

void th_player_next(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_question(p) && p->shown && p->progress.done[p->step] == TH_OPEN) {
    th_ui_write(
        p->ui,
        "This is not answered yet: `:hint` helps, `:answer` shows a solution, `:skip` leaves it out.\n");
  } else if (at_question(p) && p->shown) {
    next_step(p);
    go_on(p);
  } else {
    th_player_enter(p);
  }
}

/* --- Exercises */

static void solved(ThPlayer *p) {
  if (p->progress.done[p->step] == TH_OPEN) p->progress.done[p->step] = TH_SOLVED;
  th_show_praise(p->ui, p->step);
  next_step(p);
  go_on(p);
}

/* The wrong answer of the lesson's whose value the person's has, or NULL. */
static const ThPart *matching_wrong(ThPlayer *p) {
  const ThPart *wrong;
  ThContext *cx = p->ui->cx;
  for (size_t i = 0; (wrong = th_step_part(p->lesson, current(p), TH_PART_WRONG, i)); i++) {
    ThValue value;
    if (!th_check_value(p->ui, p->lesson, p->checkpoints[p->step], wrong->text, &value)) return NULL;
    bool same = !th_is_none(value) && th_values_near(cx, value, th_session_last(p->ui->session));
    th_release(value);
    if (same) return wrong;
  }
  return NULL;
}

/* The first hint whose condition holds for what the person has, or NULL. */
static const ThPart *matching_hint(ThPlayer *p) {
  const ThPart *hint;
  bool holds;
  for (size_t i = 0; (hint = th_step_part(p->lesson, current(p), TH_PART_HINT, i)); i++)
    if (hint->when.length > 0 && th_check_holds(p->ui, p->lesson, hint->when, &holds) && holds) return hint;
  return NULL;
}

static void not_yet(ThPlayer *p) {
  const ThPart *hint = matching_hint(p), *wrong = hint ? NULL : matching_wrong(p);
  th_error_clear(p->ui->cx);
  if (hint) th_show_feedback(p->ui, hint->text, false);
  else if (wrong && th_show_has_comment(wrong->text)) th_show_feedback(p->ui, wrong->text, true);
  else th_ui_write(p->ui, "Not yet. `:hint` helps.\n");
}

/* Looks whether the exercise is solved; says so, or what is wrong when the input was meant as an answer. */
static void grade(ThPlayer *p, bool attempt) {
  bool passes;
  if (!th_check_passes(p->ui, p->lesson, current(p), &passes)) th_ui_show_error(p->ui);
  else if (passes) solved(p);
  else if (attempt) not_yet(p);
}

static void take_prediction(ThPlayer *p, const char *input) {
  ThValue plain;
  if (th_is_none(th_session_last(p->ui->session)) || strchr(input, '~')) return;
  if (!th_decay(p->ui->cx, th_session_last(p->ui->session), &plain)) return;
  th_replace_take(&p->predicted, plain);
  p->predicted_step = p->step;
  th_show_note(p->ui, "noted");
  next_step(p);
  go_on(p);
}

void th_player_after(ThPlayer *p, const char *input, ThRunStatus status) {
  if (p->over || at_end(p) || status != TH_RUN_DONE) return;
  if (!th_progress_add_input(&p->progress, p->step, input)) th_error_clear(p->ui->cx);
  if (!p->shown) return;
  if (current(p)->kind == TH_STEP_EXERCISE) grade(p, th_check_is_attempt(p->lesson, current(p), input));
  else if (current(p)->kind == TH_STEP_PREDICT) take_prediction(p, input);
}

const char *th_player_take_starter(ThPlayer *p) {
  if (p->over || at_end(p) || !p->starter_due || !p->shown) return "";
  p->starter_due = false;
  if (p->page.length > 0) return th_text_string(&p->page);
  const ThPart *starter = th_step_part(p->lesson, current(p), TH_PART_STARTER, 0);
  if (!starter) return "";
  size_t length = starter->text.length;
  while (length > 0 && starter->text.text[length - 1] == '\n') length--;
  th_text_bytes(&p->page, starter->text.text, length);
  return th_text_string(&p->page);
}

void th_player_check(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_question(p) && current(p)->kind == TH_STEP_EXERCISE) grade(p, true);
  else th_ui_write(p->ui, "There is no exercise here.\n");
}

/* --- Quizzes */

void th_player_return_line(ThPlayer *p, const char *text, size_t length) {
  if (p->over || at_end(p) || current(p)->kind != TH_STEP_EXERCISE || !p->shown) return;
  th_text_clear(&p->page);
  th_text_bytes(&p->page, text, length);
  p->starter_due = true;
}

/* A line whose blanks are still there comes back to be filled in. Enter on a starter as it was given goes on where
 * the exercise is done. */
static bool has_blanks(ThPlayer *p, const char *input) {
  size_t at;
  if (current(p)->kind != TH_STEP_EXERCISE || !th_blank_find(input, 0, &at)) return false;
  const ThPart *starter = th_step_part(p->lesson, current(p), TH_PART_STARTER, 0);
  bool untouched = starter && strncmp(starter->text.text, input, strlen(input)) == 0;
  if (untouched && p->progress.done[p->step] != TH_OPEN) {
    th_player_next(p);
    return true;
  }
  th_ui_write(p->ui, "Put something in place of each ____ ; Tab goes to the next.\n");
  th_player_return_line(p, input, strlen(input));
  return true;
}

static bool answers_quiz(ThPlayer *p, const char *input) {
  bool right;
  if (current(p)->kind != TH_STEP_QUIZ || !th_show_quiz_answer(p->ui, p->lesson, current(p), input, &right))
    return false;
  p->lines = p->ui->lines;
  if (right) solved(p);
  return true;
}

bool th_player_takes(ThPlayer *p, const char *input) {
  if (p->over || !at_question(p) || !p->shown) return false;
  return has_blanks(p, input) || answers_quiz(p, input);
}

/* --- Help */

/* Says so where no question stands on the screen. */
static bool no_question(ThPlayer *p, bool question) {
  if (question && p->shown) return false;
  th_ui_write(p->ui, question ? "The question comes next: Enter goes on.\n" : "There is no exercise here.\n");
  return true;
}

void th_player_hint(ThPlayer *p) {
  const ThPart *hint;
  size_t plain = 0;
  if (no_question(p, at_question(p) && current(p)->kind == TH_STEP_EXERCISE)) return;
  for (size_t i = 0; (hint = th_step_part(p->lesson, current(p), TH_PART_HINT, i)); i++)
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
  th_show_answers(p->ui, p->lesson, current(p));
  save(p);
}

void th_player_answer(ThPlayer *p) {
  if (no_question(p, at_question(p)) || !may_show(p)) return;
  show_answer(p);
  th_show_note(p->ui, "try it, or Enter goes on");
}

/* What comes later may use the names of an answer: it runs unseen. */
static void run_answer(ThPlayer *p) {
  const ThPart *answer = th_step_part(p->lesson, current(p), TH_PART_ANSWER, 0);
  if (answer && th_lesson_run(p->ui, p->lesson, answer->text, TH_RUN_QUIET, NULL) != TH_RUN_DONE)
    th_error_clear(p->ui->cx);
}

void th_player_skip(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_end(p)) return;
  if (at_question(p)) {
    if (!may_show(p)) return;
    if (p->lesson->skip == TH_SKIP_REVEAL) show_answer(p);
    if (p->progress.done[p->step] == TH_OPEN) p->progress.done[p->step] = TH_SKIPPED;
    run_answer(p);
  }
  next_step(p);
  go_on(p);
}

/* --- Moving */

static bool restore(ThPlayer *p, size_t step) {
  if (th_session_restore(p->ui->session, p->checkpoints[step])) return true;
  th_ui_show_error(p->ui);
  return false;
}

void th_player_reset(ThPlayer *p) {
  if (at_end(p) || !restore(p, p->step)) return;
  th_progress_drop_inputs(&p->progress, p->step);
  p->starter_due = current(p)->kind == TH_STEP_EXERCISE;
  p->hints = 0;
  if (p->shown) th_text_clear(&p->page); /* the starter as it was given */
  save(p);
  th_ui_write(p->ui, "The names are as they were at the beginning of this step.\n");
}

/* The step before which asked for something, with the prose in front of it. */
static size_t step_back(const ThPlayer *p) {
  size_t step = p->step;
  while (step > 0 && p->lesson->steps[step - 1].kind == TH_STEP_PROSE) step--;
  if (step > 0) step--;
  while (step > 0 && p->lesson->steps[step - 1].kind == TH_STEP_PROSE) step--;
  return step;
}

void th_player_back(ThPlayer *p) {
  size_t step = step_back(p);
  p->lines = p->ui->lines;
  if (p->step == 0 || !p->checkpoints[step]) {
    th_ui_write(p->ui, "This is the beginning.\n");
    return;
  }
  if (!restore(p, step)) return;
  th_progress_drop_inputs(&p->progress, step);
  th_replace_take(&p->predicted, th_unset());
  if (arrive(p, step)) go_on(p);
  else fail(p);
}

void th_player_outline(ThPlayer *p) { th_show_outline(p->ui, p->lesson, p->progress.done, p->step); }

void th_player_progress(ThPlayer *p) {
  th_ui_print(p->ui, "Step %zu of %zu.", at_end(p) ? p->lesson->n_steps : p->step + 1, p->lesson->n_steps);
  th_show_score(p->ui, th_progress_score(&p->progress));
}

bool th_player_write_notes(ThPlayer *p, const char *path) {
  ThText notes;
  th_text_init(&notes, &p->ui->cx->heap);
  p->progress.step = p->step;
  bool ok = th_lesson_notes(p->lesson, &p->progress, &notes) &&
            th_write_file(p->ui->cx, path, th_text_string(&notes), notes.length);
  th_text_clear(&notes);
  return ok;
}

/* --- Opening */

/* Runs what came before the step where the person left, unseen. */
static bool replay(ThPlayer *p, size_t until) {
  bool ok = arrive(p, 0);
  while (ok && p->step < until) {
    const ThStep *step = current(p);
    if (step->kind == TH_STEP_SETUP || step->kind == TH_STEP_CODE)
      ok = th_lesson_run(p->ui, p->lesson, step->text, TH_RUN_QUIET, NULL) == TH_RUN_DONE;
    for (size_t i = 0; ok && i < p->progress.n_inputs; i++) {
      const ThInput *input = &p->progress.inputs[i];
      if (input->step != p->step) continue;
      ThSlice code = {input->text, strlen(input->text), 0};
      ok = th_lesson_run(p->ui, p->lesson, code, TH_RUN_QUIET, NULL) == TH_RUN_DONE;
    }
    ThDone done = p->progress.done[p->step];
    if (ok && step->kind == TH_STEP_EXERCISE && (done == TH_SHOWN || done == TH_SKIPPED)) run_answer(p);
    ok = ok && arrive(p, p->step + 1);
  }
  return ok;
}

static bool begin_session(ThPlayer *p) {
  th_session_clear(p->ui->session);
  if (p->lesson->seeded) th_session_seed(p->ui->session, p->lesson->seed);
  size_t until = p->progress.step;
  if (until > 0) th_ui_print(p->ui, "Taking up %s where you left it …\n", p->lesson->title);
  if (replay(p, until)) return true;
  if (p->ui->cx->error.code == TH_ERROR_INTERRUPTED || p->ui->cx->error.code == TH_ERROR_MEMORY) return false;
  th_error_clear(p->ui->cx); /* the lesson has changed, or an input no longer runs: from the beginning */
  th_progress_restart(&p->progress);
  th_session_clear(p->ui->session);
  if (p->lesson->seeded) th_session_seed(p->ui->session, p->lesson->seed);
  return arrive(p, 0);
}

static ThPlayer *new_player(ThUi *ui) {
  ThPlayer *p = th_alloc(ui->cx, sizeof *p);
  if (!p) return NULL;
  *p = (ThPlayer){.ui = ui, .predicted = th_unset()};
  th_text_init(&p->page, &ui->cx->heap);
  return p;
}

static bool load(ThPlayer *p, const char *path) {
  ThContext *cx = p->ui->cx;
  p->lesson = th_lesson_read(cx, path);
  if (!p->lesson || !th_progress_load(cx, p->lesson, &p->progress)) return false;
  size_t n = p->lesson->n_steps;
  p->checkpoints = th_alloc_array(cx, n, sizeof *p->checkpoints);
  for (size_t i = 0; p->checkpoints && i < n; i++) p->checkpoints[i] = NULL;
  return p->checkpoints != NULL;
}

/* `NAME restart` begins anew. */
static bool split_restart(const char *name, ThText *out) {
  size_t length = strlen(name), word = strlen(" restart");
  bool restart = length > word && strcmp(name + length - word, " restart") == 0;
  th_text_bytes(out, name, restart ? length - word : length);
  return restart;
}

ThPlayer *th_player_open(ThUi *ui, const char *name) {
  ThText path, bare;
  th_text_init(&path, &ui->cx->heap);
  th_text_init(&bare, &ui->cx->heap);
  bool restart = split_restart(name, &bare);
  ThPlayer *p = new_player(ui);
  bool ok = p && th_library_find(ui->cx, th_text_string(&bare), &path) && load(p, th_text_string(&path));
  if (ok && restart) th_progress_restart(&p->progress);
  ok = ok && begin_session(p);
  th_text_clear(&path);
  th_text_clear(&bare);
  if (ok) return p;
  th_player_free(p);
  return NULL;
}

void th_player_free(ThPlayer *p) {
  if (!p) return;
  ThContext *cx = p->ui->cx;
  size_t n = p->lesson ? p->lesson->n_steps : 0;
  for (size_t i = 0; p->checkpoints && i < n; i++) th_checkpoint_free(p->ui->session, p->checkpoints[i]);
  th_free(cx, p->checkpoints, n * sizeof *p->checkpoints);
  if (p->progress.lesson) th_progress_clear(&p->progress);
  th_lesson_free(p->lesson);
  th_release(p->predicted);
  th_text_clear(&p->page);
  th_free(cx, p, sizeof *p);
}

void th_player_begin(ThPlayer *p) {
  p->lines = p->ui->lines;
  go_on(p);
}
