/* lesson_run.c - lessons without a person: listed, played through */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "ui/lesson_check.h"
#include "ui/lesson_library.h"
#include "ui/lesson_player.h"
#include "ui/lesson_progress.h"
#include "ui/lesson_show.h"

/* --- The list */

typedef struct Listing {
  ThUi *ui;
  size_t n;
} Listing;

/* How far the person is: "42 %", "done, 11 of 11 points". */
static void add_state(const ThLesson *lesson, ThText *out) {
  ThProgress progress;
  ThFound found;
  if (!th_progress_load(lesson->cx, lesson, &progress, &found)) th_error_clear(lesson->cx);
  else if (progress.finished) {
    ThScore score = th_progress_score(&progress);
    th_text_add(out, "   done");
    if (score.questions > 0) th_text_format(out, ", %.6g of %.6g points", score.points, score.most);
  } else if (progress.step > 0) {
    th_text_format(out, "   %d %%", th_progress_percent(lesson, progress.step));
  }
  th_progress_clear(&progress);
}

/* One lesson's line; a lesson that cannot be read is told, and the list goes on. */
static bool list_one(void *self, const char *name, const char *path) {
  Listing *list = self;
  ThUi *ui = list->ui;
  ThText line;
  ThLesson *lesson = th_lesson_read(ui->cx, path);
  list->n++;
  if (!lesson) {
    th_ui_show_error(ui);
    return true;
  }
  th_text_init(&line, &ui->cx->heap);
  th_text_format(&line, "  %.*s", (int)strcspn(name, "-"), name);
  th_text_pad(&line, 0, 6);
  th_text_add(&line, lesson->title);
  th_text_pad(&line, 0, 48);
  if (lesson->minutes > 0) th_text_format(&line, "%4.6g min", lesson->minutes);
  add_state(lesson, &line);
  th_text_char(&line, '\n');
  th_ui_write(ui, th_text_string(&line));
  th_text_clear(&line);
  th_lesson_free(lesson);
  return true;
}

void th_player_list(ThUi *ui) {
  Listing list = {.ui = ui};
  if (!th_library_list(ui->cx, list_one, &list)) th_ui_show_error(ui);
  else if (list.n == 0) th_ui_write(ui, "No lessons are installed.\n");
  else if (ui->input_is_terminal)
    th_ui_say(
        ui,
        "`theta lesson NUMBER`, or `:lesson NUMBER` at the prompt, begins one, or takes it up where you left "
        "it; a part of the title will do too.\n");
}

/* --- Playing through */

typedef struct Show {
  ThUi *ui;
  const ThLesson *lesson;
  size_t pictures; /* counted so far */
  bool saves;      /* pictures go into a folder */
  bool ok;
} Show;

/* Says that pictures were made since the last time. */
static void mention_pictures(Show *s) {
  size_t n = th_plotter_count(s->ui->plotter);
  for (; s->pictures < n; s->pictures++)
    if (s->saves) th_ui_print(s->ui, "[picture %zu]\n", s->pictures + 1);
}

static void run_code(Show *s, ThSlice code) {
  th_show_code(s->ui, code);
  th_ui_write(s->ui, "\n");
  if (th_lesson_run_aloud(s->ui, s->lesson, code) != TH_RUN_DONE) {
    th_ui_show_error(s->ui);
    s->ok = false;
  }
  mention_pictures(s);
}

static void play_exercise(Show *s, const ThStep *step) {
  const ThPart *answer = th_step_part(s->lesson, step, TH_PART_ANSWER, 0);
  if (!th_show_question(s->ui, s->lesson, step, -1)) th_ui_show_error(s->ui);
  if (step->kind == TH_STEP_QUIZ) th_show_answers(s->ui, s->lesson, step);
  if (!answer) return;
  th_ui_write(s->ui, "\nAnswer:\n");
  run_code(s, answer->text);
}

static void play_prose(Show *s, const ThStep *step) {
  ThText page;
  th_text_init(&page, &s->ui->cx->heap);
  if (th_show_markdown(s->ui, step->text, &page)) th_show_slice(s->ui, th_text_string(&page), page.length);
  else th_ui_show_error(s->ui);
  th_text_clear(&page);
}

static void play_step(Show *s, const ThStep *step) {
  switch (step->kind) {
    case TH_STEP_PROSE: play_prose(s, step); return;
    case TH_STEP_SETUP:
      if (th_lesson_run(s->ui, s->lesson, step->text, TH_RUN_QUIET, NULL) == TH_RUN_DONE) return;
      th_ui_show_error(s->ui);
      s->ok = false;
      return;
    case TH_STEP_CODE: run_code(s, step->text); return;
    default: play_exercise(s, step);
  }
}

/* A folder of its own for the pictures: its path and the pattern of their names. */
static bool picture_folder(ThUi *ui, const ThLesson *lesson, ThText *folder) {
  const char *temporary = getenv("TMPDIR"), *name = th_path_name(lesson->source->name);
  ThText pattern;
  size_t length = strcspn(name, ".");
  if (ui->cx->settings.sandbox || th_plotter_is_set(ui->plotter) || !th_plotter_can_save(ui->plotter))
    return false;
  th_text_format(folder, "%s/theta-%.*s-XXXXXX", temporary && temporary[0] ? temporary : "/tmp", (int)length,
                 name);
  if (folder->failed || !mkdtemp(folder->data)) return false;
  th_text_init(&pattern, &ui->cx->heap);
  th_text_format(&pattern, "%s/%.*s-%%d.png", folder->data, (int)length, name);
  bool ok = !pattern.failed && th_plotter_set_target(ui->plotter, pattern.data);
  th_error_clear(ui->cx);
  th_text_clear(&pattern);
  return ok;
}

static bool play_all(ThUi *ui, const ThLesson *lesson) {
  ThText folder;
  Show s = {.ui = ui, .lesson = lesson, .ok = true};
  th_text_init(&folder, &ui->cx->heap);
  s.saves = picture_folder(ui, lesson, &folder);
  if (lesson->seeded) th_session_seed(ui->session, lesson->seed);
  th_ui_print(ui, "%s\n", lesson->title);
  for (size_t i = 0; i < lesson->n_steps && ui->cx->error.code == TH_OK; i++)
    play_step(&s, &lesson->steps[i]);
  if (s.saves && s.pictures > 0) th_ui_print(ui, "\nThe pictures are in %s\n", th_text_string(&folder));
  else if (s.saves) rmdir(th_text_string(&folder));
  th_text_clear(&folder);
  return s.ok;
}

bool th_player_play_through(ThUi *ui, const char *name) {
  ThText path;
  th_text_init(&path, &ui->cx->heap);
  ThLesson *lesson = th_library_find(ui->cx, name, &path) ? th_lesson_read(ui->cx, th_text_string(&path))
                                                          : NULL;
  th_text_clear(&path);
  if (!lesson) th_ui_show_error(ui);
  bool ok = lesson && play_all(ui, lesson);
  th_lesson_free(lesson);
  return ok;
}
