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
#include "ui/lesson_feedback.h"
#include "ui/lesson_library.h"
#include "ui/lesson_notes.h"
#include "ui/lesson_progress.h"
#include "ui/lesson_show.h"
#include "val/array.h"

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

static ThStep *current(const ThPlayer *p) { return &p->lesson->steps[p->step]; }
static bool at_end(const ThPlayer *p) { return p->step >= p->lesson->n_steps; }
static bool at_question(const ThPlayer *p) { return !at_end(p) && th_step_is_question(current(p)); }
bool th_player_is_over(const ThPlayer *p) { return p->over; }

/* --- Steps */

/* Keeps the progress; that it cannot be kept is said once, and the lesson goes on. */
static void keep(ThPlayer *p) {
  if (!th_progress_save(&p->progress) && !p->unsaved) {
    p->unsaved = true;
    th_ui_say(p->ui, "Your progress is not kept: %.300s; `:notes FILE` writes it elsewhere.\n",
              p->ui->cx->error.message);
  }
  th_error_clear(p->ui->cx);
}

static void save(ThPlayer *p) {
  p->progress.step = p->step;
  keep(p);
}

/* Arrives at a step: its checkpoint is taken anew. */
static bool arrive(ThPlayer *p, size_t step) {
  p->step = step;
  p->shown = p->failed = false;
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

static int percent(const ThPlayer *p) { return th_progress_percent(p->lesson, p->step); }

static void wait_for_enter(ThPlayer *p, const char *text) {
  th_show_pause(p->ui, text, percent(p));
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
  if (!th_show_question(p->ui, p->lesson, current(p), percent(p))) fail(p);
  p->lines = p->ui->lines;
  p->shown = true;
}

static void tell_next(ThPlayer *p) {
  ThText number;
  th_text_init(&number, &p->ui->cx->heap);
  if (th_library_next(p->ui->cx, p->lesson->source->name, &number))
    th_ui_print(p->ui, "`:lesson %s` is the next one.\n", th_text_string(&number));
  th_text_clear(&number);
}

static void finish(ThPlayer *p) {
  p->progress.finished = true;
  p->progress.step = 0;
  th_progress_restart(&p->progress);
  keep(p);
  th_ui_write(p->ui, "That was the last step.");
  th_show_score(p->ui, th_progress_score(&p->progress));
  tell_next(p);
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

/* A number, or an interval [low, high], that was said before the value was seen. The first prediction counts. */
static void judge_prediction(ThPlayer *p) {
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

/* Whether the person has changed names, so that a block may fail that would not in the lesson as it is. */
static bool has_own_inputs(const ThPlayer *p) {
  for (size_t i = 0; i < p->progress.n_typed; i++)
    if (p->progress.typed[i].kind == TH_TYPED_RUN) return true;
  return false;
}

/* The lesson's block failed: it stays where the person may have caused that, or stopped it. Else on goes the lesson. */
static bool stays_at_failure(ThPlayer *p) {
  bool interrupted = p->ui->cx->error.code == TH_ERROR_INTERRUPTED;
  th_ui_show_error(p->ui);
  if (interrupted) th_show_note(p->ui, "Enter runs it again");
  else if (has_own_inputs(p)) {
    p->failed = true;
    th_show_note(p->ui, ":reset gives the lesson's own names back, Enter runs it again, :skip goes on");
  }
  return interrupted || p->failed;
}

static void run_code(ThPlayer *p) {
  p->failed = false;
  if (th_lesson_run_aloud(p->ui, p->lesson, current(p)->text) == TH_RUN_DONE) judge_prediction(p);
  else if (stays_at_failure(p)) return;
  next_step(p);
  go_on(p);
}

/* What comes later may use the names of an answer: where the person has none that passes, the lesson's runs unseen. */
static void give_names(ThPlayer *p) {
  bool passes = false;
  const ThPart *answer = th_step_part(p->lesson, current(p), TH_PART_ANSWER, 0);
  if (!answer || (th_check_passes(p->ui, p->lesson, current(p), &passes) && passes)) return;
  if (th_lesson_run(p->ui, p->lesson, answer->text, TH_RUN_QUIET, NULL) != TH_RUN_DONE)
    th_error_clear(p->ui->cx);
}

void th_player_enter(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_end(p)) finish(p);
  else if (current(p)->kind == TH_STEP_CODE && p->shown) run_code(p);
  else if (at_question(p) && p->shown && p->progress.done[p->step] != TH_OPEN) th_player_next(p);
  else if (at_question(p) && p->shown) th_show_waiting(p->ui, current(p));
  else go_on(p);
}

void th_player_next(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_question(p) && p->shown && p->progress.done[p->step] == TH_OPEN) {
    th_ui_write(
        p->ui,
        "This is not answered yet: `:hint` helps, `:answer` shows a solution, `:skip` leaves it out.\n");
  } else if (at_question(p) && p->shown) {
    give_names(p);
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

/* Looks whether the exercise is solved; says so, or what is wrong. */
static void grade(ThPlayer *p, const char *input, bool attempt) {
  bool passes = false;
  bool ok = th_check_passes(p->ui, p->lesson, current(p), &passes);
  if (ok && !passes)
    ok = th_feedback_give(p->ui, p->lesson, current(p), p->checkpoints[p->step], input, attempt);
  if (!ok) th_ui_show_error(p->ui);
  else if (passes) solved(p);
}

static bool is_prediction(ThValue v) {
  return th_is_scalar(v) ||
         (th_is_array(v) && th_as_array(v)->length == 2 && th_as_array(v)->element != TH_COMPLEX);
}

/* Keeps the value of what was typed as the prediction, when it is a number or an interval. */
static bool keep_prediction(ThPlayer *p, const char *input) {
  ThValue plain;
  if (th_check_defined(input) || !th_decay(p->ui->cx, th_session_last(p->ui->session), &plain)) {
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

static void take_prediction(ThPlayer *p, const char *input) {
  if (!keep_prediction(p, input)) return;
  th_show_note(p->ui, "noted");
  next_step(p);
  go_on(p);
}

/* What was typed, for the notes and for the next time. */
static void remember(ThPlayer *p, ThTypedKind kind, const char *text) {
  if (!th_progress_add(&p->progress, kind, p->step, text)) th_error_clear(p->ui->cx);
  save(p);
}

void th_player_after(ThPlayer *p, const char *input, ThRunStatus status, ThErrorCode code) {
  if (p->over || at_end(p)) return;
  if (status == TH_RUN_FAILED) { /* what stood before the mistake has taken effect */
    if (code != TH_ERROR_SYNTAX && code != TH_ERROR_INTERRUPTED) remember(p, TH_TYPED_RUN, input);
    return;
  }
  remember(p, TH_TYPED_RUN, input);
  if (!p->shown) return;
  if (current(p)->kind == TH_STEP_EXERCISE)
    grade(p, input, th_check_is_attempt(p->lesson, current(p), input));
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
  if (at_question(p) && current(p)->kind == TH_STEP_EXERCISE) grade(p, "", true);
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
  remember(p, TH_TYPED_SAID, input);
  if (right) solved(p);
  return true;
}

/* A command without its colon, where that word is no name. */
static bool lacks_colon(ThPlayer *p, const char *input) {
  static const char *const words[] = {"hint", "answer", "next", "skip", "back", "reset", "outline", "progress"};
  size_t length = strcspn(input, " \t\r\n"), i = 0, n = sizeof words / sizeof *words;
  while (i < n && (strlen(words[i]) != length || strncmp(words[i], input, length) != 0)) i++;
  const ThSymbol *name = th_symbol_find(p->ui->cx, input, length);
  if (i == n || input[length] || (name && th_session_owns(p->ui->session, name))) return false;
  th_ui_print(p->ui, "Commands begin with a colon: `:%s`.\n", words[i]);
  return true;
}

bool th_player_takes(ThPlayer *p, const char *input) {
  if (p->over || at_end(p)) return false;
  if (lacks_colon(p, input)) return true;
  if (!at_question(p) || !p->shown) return false;
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
  if (current(p)->kind == TH_STEP_PREDICT) th_ui_write(p->ui, "The next block shows it.\n");
  th_show_answers(p->ui, p->lesson, current(p));
  save(p);
}

void th_player_answer(ThPlayer *p) {
  if (no_question(p, at_question(p)) || !may_show(p)) return;
  show_answer(p);
  th_show_note(p->ui, "try it, or Enter goes on");
}

void th_player_skip(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (at_end(p)) return;
  if (at_question(p)) {
    if (!may_show(p)) return;
    if (p->lesson->skip == TH_SKIP_REVEAL) show_answer(p);
    if (p->progress.done[p->step] == TH_OPEN) p->progress.done[p->step] = TH_SKIPPED;
    give_names(p);
  } else if (current(p)->kind == TH_STEP_CODE &&
             th_lesson_run(p->ui, p->lesson, current(p)->text, TH_RUN_QUIET, NULL) != TH_RUN_DONE) {
    th_error_clear(p->ui->cx); /* it has been shown, or is not wanted */
  }
  next_step(p);
  go_on(p);
}

/* --- Names anew */

static void begin_names(ThPlayer *p) {
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

/* What was typed at the present step. */
static bool run_typed(ThPlayer *p) {
  for (size_t i = 0; i < p->progress.n_typed; i++) {
    const ThTyped *typed = &p->progress.typed[i];
    if (typed->step != p->step || typed->kind != TH_TYPED_RUN) continue;
    if (!run_unseen(p, (ThSlice){typed->text, strlen(typed->text), 0})) return false;
    if (current(p)->kind == TH_STEP_PREDICT) (void)keep_prediction(p, typed->text);
  }
  return true;
}

static bool has_typed(const ThPlayer *p) {
  for (size_t i = 0; i < p->progress.n_typed; i++)
    if (p->progress.typed[i].step == p->step && p->progress.typed[i].kind == TH_TYPED_RUN) return true;
  return false;
}

/* Runs what came before a step, unseen: at each step first what was typed there, then the lesson's own code. */
static bool replay(ThPlayer *p, size_t until) {
  bool ok = arrive(p, 0);
  while (ok && p->step < until) {
    const ThStep *step = current(p);
    ok = run_typed(p);
    if (ok && (step->kind == TH_STEP_SETUP || step->kind == TH_STEP_CODE)) ok = run_unseen(p, step->text);
    if (step->kind == TH_STEP_CODE) th_replace_take(&p->predicted, th_unset());
    if (ok && step->kind == TH_STEP_EXERCISE) give_names(p);
    ok = ok && !th_is_final(p->ui->cx) && arrive(p, p->step + 1);
  }
  return ok;
}

/* --- Moving */

static bool restore(ThPlayer *p, size_t step) {
  if (th_session_restore(p->ui->session, p->checkpoints[step])) return true;
  th_ui_show_error(p->ui);
  return false;
}

/* Makes the lesson's own names up to the present step, with none of what the person did. */
static bool remake(ThPlayer *p) {
  size_t step = p->step;
  th_progress_undo(&p->progress, 0);
  begin_names(p);
  return replay(p, step);
}

void th_player_reset(ThPlayer *p) {
  if (at_end(p)) return;
  bool failed = p->failed, shown = p->shown;
  if (failed ? !remake(p) : !restore(p, p->step)) {
    if (failed) fail(p);
    return;
  }
  th_progress_undo(&p->progress, p->step);
  p->failed = false;
  p->shown = shown;
  p->starter_due = current(p)->kind == TH_STEP_EXERCISE;
  p->hints = 0;
  if (p->shown) th_text_clear(&p->page); /* the starter as it was given */
  save(p);
  th_ui_write(p->ui, failed ? "The names are the lesson's own again.\n"
                            : "The names are as they were at the beginning of this step.\n");
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
  th_progress_undo(&p->progress, step);
  th_replace_take(&p->predicted, th_unset());
  if (arrive(p, step)) go_on(p);
  else fail(p);
}

void th_player_outline(ThPlayer *p) { th_show_outline(p->ui, p->lesson, p->progress.done, p->step); }

void th_player_progress(ThPlayer *p) {
  th_show_percent(p->ui, percent(p));
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

static bool begin_session(ThPlayer *p) {
  begin_names(p);
  size_t until = p->progress.step;
  if (until > 0) th_ui_print(p->ui, "Taking up %s where you left it …\n", p->lesson->title);
  return replay(p, until) && (at_end(p) || run_typed(p));
}

static ThPlayer *new_player(ThUi *ui) {
  ThPlayer *p = th_alloc(ui->cx, sizeof *p);
  if (!p) return NULL;
  *p = (ThPlayer){.ui = ui, .predicted = th_unset()};
  th_text_init(&p->page, &ui->cx->heap);
  return p;
}

/* What was found of the person's progress, where that is not what they expect. */
static void tell_found(ThPlayer *p, ThFound found) {
  ThText path;
  th_text_init(&path, &p->ui->cx->heap);
  if (found >= TH_FOUND_OTHER && th_progress_put_aside(&p->progress, &path))
    th_ui_say(
        p->ui,
        found == TH_FOUND_OTHER
            ? "The lesson has changed since you were here: what you solved stays solved, and what you typed is "
              "in %.1000s\n"
            : "Your progress could not be read: the lesson begins anew, and the file is kept as %.1000s\n",
        th_text_string(&path));
  th_text_clear(&path);
}

static bool load(ThPlayer *p, const char *path) {
  ThContext *cx = p->ui->cx;
  ThFound found;
  p->lesson = th_lesson_read(cx, path);
  if (!p->lesson || !th_progress_load(cx, p->lesson, &p->progress, &found)) return false;
  tell_found(p, found);
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

/* What was typed at the step where the person left may have been all it asked for: the program was ended before the
 * lesson could go on. */
static void take_up(ThPlayer *p) {
  bool passes = false;
  if (p->over || !at_question(p) || !p->shown || !has_typed(p)) return;
  if (current(p)->kind == TH_STEP_PREDICT && !th_is_unset(p->predicted)) {
    next_step(p);
    go_on(p);
  } else if (current(p)->kind == TH_STEP_EXERCISE && th_check_passes(p->ui, p->lesson, current(p), &passes)) {
    if (passes) solved(p);
  }
}

void th_player_begin(ThPlayer *p) {
  p->lines = p->ui->lines;
  go_on(p);
  take_up(p);
}
