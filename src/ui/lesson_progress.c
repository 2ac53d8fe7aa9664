/* lesson_progress.c - how far somebody is in a lesson, kept in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a word and its value, in $XDG_STATE_HOME/theta/lessons/NAME.progress. A line that is not
 * understood is passed over. */
#include "ui/lesson_progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ui/history.h"
#include "ui/state.h"

static const char *const done_words[] = {"open", "solved", "shown", "skipped"};

/* FNV-1a of the lesson's text: has it changed? */
static uint64_t fingerprint(const ThLesson *lesson) {
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < lesson->source->length; i++)
    hash = (hash ^ (unsigned char)lesson->source->text[i]) * 1099511628211u;
  return hash;
}

/* The path of the progress of the lesson whose file has this name, with or without `.md`. */
static bool progress_path(const char *file, ThText *out) {
  ThText name;
  const char *base = th_path_name(file), *extension = th_path_extension(file);
  th_text_init(&name, out->heap);
  th_text_add(&name, "lessons/");
  th_text_bytes(&name, base, strlen(base) - (extension[0] ? strlen(extension) + 1 : 0));
  th_text_add(&name, ".progress");
  bool ok = !name.failed && th_state_path(th_text_string(&name), out);
  th_text_clear(&name);
  return ok;
}

/* --- Reading */

static void read_done(ThProgress *p, const char *value) {
  char id[TH_ID_SIZE], word[16];
  if (sscanf(value, "%47s %15s", id, word) != 2) return;
  for (size_t i = 0; i < p->lesson->n_steps; i++) {
    if (strcmp(p->lesson->steps[i].id, id) != 0) continue;
    for (int k = 0; k < 4; k++)
      if (strcmp(done_words[k], word) == 0) p->done[i] = (ThDone)k;
  }
}

static bool read_input(ThProgress *p, const char *value) {
  char *text;
  unsigned long step = strtoul(value, &text, 10);
  ThText input;
  th_text_init(&input, &p->cx->heap);
  th_history_unescape(text + (*text == ' '), strlen(text + (*text == ' ')), &input);
  bool ok = th_text_ok(&input, p->cx) && th_progress_add_input(p, step, th_text_string(&input));
  th_text_clear(&input);
  return ok;
}

static bool read_line(ThProgress *p, const char *line, bool *same) {
  if (strncmp(line, "text ", 5) == 0) *same = strtoull(line + 5, NULL, 16) == fingerprint(p->lesson);
  else if (strncmp(line, "step ", 5) == 0) p->step = strtoul(line + 5, NULL, 10);
  else if (strcmp(line, "finished") == 0) p->finished = true;
  else if (strncmp(line, "done ", 5) == 0) read_done(p, line + 5);
  else if (strncmp(line, "input ", 6) == 0) return read_input(p, line + 6);
  return true;
}

static bool read_lines(ThProgress *p, char *text) {
  bool same = false, ok = true;
  for (char *line = text, *end; ok && *line; line = end) {
    end = line + strcspn(line, "\n");
    if (*end) *end++ = '\0';
    ok = read_line(p, line, &same);
  }
  if (ok && (!same || p->step > p->lesson->n_steps)) th_progress_restart(p);
  return ok;
}

static bool read_file(ThProgress *p) {
  ThText path, text;
  th_text_init(&path, &p->cx->heap);
  th_text_init(&text, &p->cx->heap);
  bool ok = true;
  if (progress_path(p->lesson->source->name, &path) && access(th_text_string(&path), R_OK) == 0) {
    if (th_read_file(p->cx, th_text_string(&path), &text) && text.data) ok = read_lines(p, text.data);
    else th_error_clear(p->cx);
  }
  th_text_clear(&path);
  th_text_clear(&text);
  return ok;
}

bool th_progress_load(ThContext *cx, const ThLesson *lesson, ThProgress *p) {
  *p = (ThProgress){.cx = cx, .lesson = lesson};
  p->done = th_alloc_array(cx, lesson->n_steps, sizeof *p->done);
  if (!p->done) return false;
  for (size_t i = 0; i < lesson->n_steps; i++) p->done[i] = TH_OPEN;
  if (read_file(p)) return true;
  th_progress_clear(p);
  return false;
}

void th_progress_clear(ThProgress *p) {
  th_progress_drop_inputs(p, 0);
  th_free(p->cx, p->inputs, p->capacity * sizeof *p->inputs);
  if (p->lesson) th_free(p->cx, p->done, p->lesson->n_steps * sizeof *p->done);
  *p = (ThProgress){.cx = p->cx};
}

void th_progress_restart(ThProgress *p) {
  th_progress_drop_inputs(p, 0);
  p->step = 0;
}

/* --- Changing */

bool th_progress_add_input(ThProgress *p, size_t step, const char *text) {
  if (p->n_inputs == p->capacity) {
    size_t capacity = p->capacity * 2 + 16, size = sizeof *p->inputs;
    ThInput *grown = th_resize(p->cx, p->inputs, p->capacity * size, capacity * size);
    if (!grown) return false;
    p->inputs = grown;
    p->capacity = capacity;
  }
  p->inputs[p->n_inputs] = (ThInput){step, th_copy_text(p->cx, text, strlen(text))};
  return p->inputs[p->n_inputs].text && ++p->n_inputs;
}

void th_progress_drop_inputs(ThProgress *p, size_t step) {
  size_t kept = 0;
  for (size_t i = 0; i < p->n_inputs; i++) {
    if (p->inputs[i].step < step) p->inputs[kept++] = p->inputs[i];
    else th_free(p->cx, p->inputs[i].text, strlen(p->inputs[i].text) + 1);
  }
  p->n_inputs = kept;
}

/* --- Writing */

static void write_lines(const ThProgress *p, ThText *out) {
  const ThLesson *lesson = p->lesson;
  th_text_format(out, "theta lesson 1\ntext %llx\nstep %zu\n", (unsigned long long)fingerprint(lesson),
                 p->step);
  if (p->finished) th_text_add(out, "finished\n");
  for (size_t i = 0; i < lesson->n_steps; i++)
    if (p->done[i] != TH_OPEN)
      th_text_format(out, "done %s %s\n", lesson->steps[i].id, done_words[p->done[i]]);
  for (size_t i = 0; i < p->n_inputs; i++) {
    th_text_format(out, "input %zu ", p->inputs[i].step);
    th_history_escape(p->inputs[i].text, out);
    th_text_char(out, '\n');
  }
}

void th_progress_save(const ThProgress *p) {
  if (p->cx->settings.sandbox) return;
  ThText path, text;
  th_text_init(&path, &p->cx->heap);
  th_text_init(&text, &p->cx->heap);
  write_lines(p, &text);
  if (!text.failed && progress_path(p->lesson->source->name, &path) &&
      th_make_folders(th_text_string(&path))) {
    if (th_write_file(p->cx, th_text_string(&path), text.data, text.length))
      chmod(th_text_string(&path), 0600);
    th_error_clear(p->cx);
  }
  th_text_clear(&path);
  th_text_clear(&text);
}

/* --- Looking */

ThScore th_progress_score(const ThProgress *p) {
  ThScore score = {0};
  for (size_t i = 0; i < p->lesson->n_steps; i++) {
    const ThStep *step = &p->lesson->steps[i];
    if (!th_step_is_question(step)) continue;
    score.questions++;
    score.most += step->points;
    if (p->done[i] != TH_SOLVED) continue;
    score.solved++;
    score.points += step->points;
  }
  return score;
}

void th_progress_peek(ThContext *cx, const char *name, bool *begun, bool *finished) {
  ThText path, text;
  th_text_init(&path, &cx->heap);
  th_text_init(&text, &cx->heap);
  *begun = *finished = false;
  if (progress_path(name, &path) && access(th_text_string(&path), R_OK) == 0 &&
      th_read_file(cx, th_text_string(&path), &text)) {
    *finished = strstr(th_text_string(&text), "\nfinished\n") != NULL;
    *begun = strstr(th_text_string(&text), "\nstep 0\n") == NULL;
  }
  th_error_clear(cx);
  th_text_clear(&path);
  th_text_clear(&text);
}
