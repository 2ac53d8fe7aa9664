/* lesson_player.c - a lesson being taught, step by step */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The player never reads: the prompt does, and tells the player what was typed. It shows what comes until
 * the person is asked for something, and waits. Every step begins with a checkpoint, so that going back
 * finds the names as they were. Errors of the person's never end a lesson. */
#include "ui/lesson_playing.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ui/lesson_check.h"
#include "ui/lesson_library.h"
#include "ui/lesson_notes.h"
#include "ui/lesson_show.h"

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

void th_player_save(ThPlayer *p) {
  p->progress.step = p->step;
  keep(p);
}

/* Arrives at a step: its checkpoint is taken anew. */
bool th_player_arrive(ThPlayer *p, size_t step) {
  p->step = step;
  p->shown = p->failed = false;
  p->hints = 0;
  p->page_at = 0;
  th_text_clear(&p->page);
  if (th_player_at_end(p)) return true;
  th_checkpoint_free(p->ui->session, p->checkpoints[step]);
  p->checkpoints[step] = th_session_checkpoint(p->ui->session);
  p->starter_due = th_player_step(p)->kind == TH_STEP_EXERCISE;
  return p->checkpoints[step] != NULL;
}

static void fail(ThPlayer *p) {
  th_ui_show_error(p->ui);
  p->over = true;
}

static void next_step(ThPlayer *p) {
  if (!th_player_arrive(p, p->step + 1)) fail(p);
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
  if (p->page.length == 0 && !th_show_markdown(p->ui, th_player_step(p)->text, &p->page)) {
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
  if (!fits(p, th_show_height(th_player_step(p)->text) + 2)) {
    wait_for_enter(p, "Enter goes on");
    return;
  }
  th_show_code(p->ui, th_player_step(p)->text);
  wait_for_enter(p, "Enter runs it");
  p->shown = true;
}

static void show_question(ThPlayer *p) {
  if (!fits(p, th_show_height(th_player_step(p)->text) + 3)) {
    wait_for_enter(p, "Enter goes on");
    return;
  }
  if (!th_show_question(p->ui, p->lesson, th_player_step(p), percent(p))) fail(p);
  p->lines = p->ui->lines;
  p->shown = true;
}

static void tell_what_next(ThPlayer *p) {
  ThText number;
  th_text_init(&number, &p->ui->cx->heap);
  th_ui_write(p->ui, "`:notes FILE` keeps what you did");
  if (th_library_next(p->ui->cx, p->lesson->source->name, &number))
    th_ui_print(p->ui, "; `:lesson %s` is the next one", th_text_string(&number));
  th_ui_write(p->ui, ".\n");
  th_text_clear(&number);
}

static void finish(ThPlayer *p) {
  p->progress.finished = true;
  th_player_save(p);
  th_ui_write(p->ui, "That was the last step.");
  th_show_score(p->ui, th_progress_score(&p->progress));
  tell_what_next(p);
  p->over = true;
}

/* Shows what comes, from the present step on, until the person is asked for something. */
static void go_on(ThPlayer *p) {
  while (!p->over && !th_player_at_end(p)) {
    ThStep *step = th_player_step(p);
    th_player_save(p);
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

/* The lesson's block failed: it stays where the person may have caused that, or stopped it. Else on goes the lesson. */
static bool stays_at_failure(ThPlayer *p) {
  bool interrupted = p->ui->cx->error.code == TH_ERROR_INTERRUPTED;
  th_ui_show_error(p->ui);
  if (interrupted) th_show_note(p->ui, "Enter runs it again");
  else if (th_names_are_own(p)) {
    p->failed = true;
    th_show_note(p->ui, ":reset gives the lesson's own names back, Enter runs it again, :skip goes on");
  }
  return interrupted || p->failed;
}

static void run_code(ThPlayer *p) {
  p->failed = false;
  if (th_lesson_run_aloud(p->ui, p->lesson, th_player_step(p)->text) == TH_RUN_DONE)
    th_answers_judge_prediction(p);
  else if (stays_at_failure(p)) return;
  th_player_advance(p);
}

void th_player_advance(ThPlayer *p) {
  next_step(p);
  go_on(p);
}

void th_player_enter(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (th_player_at_end(p)) finish(p);
  else if (th_player_step(p)->kind == TH_STEP_CODE && p->shown) run_code(p);
  else if (th_player_at_question(p) && p->shown && p->progress.done[p->step] != TH_OPEN) th_player_next(p);
  else if (th_player_at_question(p) && p->shown) th_show_waiting(p->ui, th_player_step(p));
  else go_on(p);
}

void th_player_next(ThPlayer *p) {
  p->lines = p->ui->lines;
  if (th_player_at_question(p) && p->shown && p->progress.done[p->step] == TH_OPEN) {
    th_ui_write(
        p->ui,
        "This is not answered yet: `:hint` helps, `:answer` shows a solution, `:skip` leaves it out.\n");
  } else if (th_player_at_question(p) && p->shown) {
    if (!th_names_give(p)) th_ui_show_error(p->ui);
    th_player_advance(p);
  } else {
    th_player_enter(p);
  }
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
  th_names_begin(p);
  return th_names_replay(p, step);
}

void th_player_reset(ThPlayer *p) {
  if (th_player_at_end(p)) return;
  bool failed = p->failed, shown = p->shown;
  if (failed ? !remake(p) : !restore(p, p->step)) {
    if (failed) fail(p);
    return;
  }
  th_progress_undo(&p->progress, p->step);
  p->failed = false;
  p->shown = shown;
  p->starter_due = th_player_step(p)->kind == TH_STEP_EXERCISE;
  p->hints = 0;
  if (p->shown) th_text_clear(&p->page); /* the starter as it was given */
  th_player_save(p);
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
  if (th_player_arrive(p, step)) go_on(p);
  else fail(p);
}

void th_player_outline(ThPlayer *p) { th_show_outline(p->ui, p->lesson, p->progress.done, p->step); }

void th_player_progress(ThPlayer *p) {
  th_show_percent(p->ui, percent(p));
  th_ui_print(p->ui, "Step %zu of %zu.", th_player_at_end(p) ? p->lesson->n_steps : p->step + 1,
              p->lesson->n_steps);
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
  th_names_begin(p);
  size_t until = p->progress.step;
  if (until > 0) th_ui_print(p->ui, "Taking up %s where you left it …\n", p->lesson->title);
  return th_names_replay(p, until) && (th_player_at_end(p) || th_names_run_typed(p));
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

void th_player_begin(ThPlayer *p) {
  p->lines = p->ui->lines;
  go_on(p);
  th_answers_take_up(p);
}
