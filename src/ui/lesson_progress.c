/* lesson_progress.c - how far somebody is in a lesson, kept in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a word and its value, in $XDG_STATE_HOME/theta/lessons/NAME.progress; the first is `theta lesson 1`. A line
 * whose word is not known is passed over: a later version may have written it. */
#include "ui/lesson_progress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ui/history.h"
#include "ui/state.h"

static const char first_line[] = "theta lesson 1\n";
static const char *const done_words[] = {[TH_OPEN] = "open",
                                         [TH_SOLVED] = "solved",
                                         [TH_SHOWN] = "shown",
                                         [TH_SKIPPED] = "skipped",
                                         [TH_PARTLY] = "partly"};
static const char *const typed_words[] = {
    [TH_TYPED_RUN] = "input", [TH_TYPED_UNDONE] = "undone", [TH_TYPED_SAID] = "said"};
enum { N_DONE = sizeof done_words / sizeof *done_words, N_TYPED = sizeof typed_words / sizeof *typed_words };

/* FNV-1a of the lesson's text: has it changed? */
static uint64_t fingerprint(const ThLesson *lesson) {
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < lesson->source->length; i++)
    hash = (hash ^ (unsigned char)lesson->source->text[i]) * 1099511628211u;
  return hash;
}

bool th_progress_path(const ThLesson *lesson, ThText *out) {
  ThText name;
  const char *file = lesson->source->name, *base = th_path_name(file), *extension = th_path_extension(file);
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
    for (int k = 0; k < N_DONE; k++)
      if (strcmp(done_words[k], word) == 0) p->done[i] = (ThDone)k;
  }
}

static bool read_typed(ThProgress *p, ThTypedKind kind, const char *value) {
  char *text;
  unsigned long step = strtoul(value, &text, 10);
  ThText input;
  th_text_init(&input, &p->cx->heap);
  th_history_unescape(text + (*text == ' '), strlen(text + (*text == ' ')), &input);
  bool ok = th_text_ok(&input, p->cx) && th_progress_add(p, kind, step, th_text_string(&input));
  th_text_clear(&input);
  return ok;
}

static bool read_line(ThProgress *p, const char *line, bool *same) {
  if (strncmp(line, "text ", 5) == 0) *same = strtoull(line + 5, NULL, 16) == fingerprint(p->lesson);
  else if (strncmp(line, "step ", 5) == 0) p->step = strtoul(line + 5, NULL, 10);
  else if (strcmp(line, "finished") == 0) p->finished = true;
  else if (strncmp(line, "done ", 5) == 0) read_done(p, line + 5);
  size_t word = strcspn(line, " ");
  for (int k = 0; k < N_TYPED && line[word]; k++)
    if (strlen(typed_words[k]) == word && memcmp(line, typed_words[k], word) == 0)
      return read_typed(p, (ThTypedKind)k, line + word + 1);
  return true;
}

/* The step behind the last question that was done; the beginning when there is none. */
static size_t step_behind_done(const ThProgress *p) {
  size_t step = p->lesson->n_steps;
  while (step > 0 && p->done[step - 1] == TH_OPEN) step--;
  return step;
}

static bool read_lines(ThProgress *p, char *text, ThFound *found) {
  bool same = false, ok = true;
  if (strncmp(text, first_line, strlen(first_line)) != 0) {
    *found = TH_FOUND_BROKEN;
    return true;
  }
  for (char *line = text, *end; ok && *line; line = end) {
    end = line + strcspn(line, "\n");
    if (*end) *end++ = '\0';
    ok = read_line(p, line, &same);
  }
  *found = TH_FOUND;
  if (!ok || (same && p->step <= p->lesson->n_steps)) return ok;
  bool begun = p->step > 0;
  *found = TH_FOUND_OTHER;
  th_progress_restart(p);
  if (begun) p->step = step_behind_done(p);
  return true;
}

bool th_progress_put_aside(const ThProgress *p, ThText *path) {
  ThText old;
  if (p->cx->settings.sandbox) return false;
  th_text_init(&old, &p->cx->heap);
  bool ok = th_progress_path(p->lesson, &old);
  th_text_format(path, "%s.old", th_text_string(&old));
  ok = ok && !path->failed && rename(th_text_string(&old), path->data) == 0;
  th_text_clear(&old);
  return ok;
}

static bool read_file(ThProgress *p, ThFound *found) {
  ThText path, text;
  th_text_init(&path, &p->cx->heap);
  th_text_init(&text, &p->cx->heap);
  bool ok = true;
  *found = TH_FOUND_NOTHING;
  if (th_progress_path(p->lesson, &path) && access(th_text_string(&path), F_OK) == 0) {
    ok = th_read_file(p->cx, th_text_string(&path), &text);
    if (ok && text.data) ok = read_lines(p, text.data, found);
    else if (ok) *found = TH_FOUND_BROKEN; /* an empty file */
  }
  th_text_clear(&path);
  th_text_clear(&text);
  return ok;
}

bool th_progress_load(ThContext *cx, const ThLesson *lesson, ThProgress *p, ThFound *found) {
  *p = (ThProgress){.cx = cx, .lesson = lesson};
  p->done = th_alloc_array(cx, lesson->n_steps, sizeof *p->done);
  if (!p->done) return false;
  for (size_t i = 0; i < lesson->n_steps; i++) p->done[i] = TH_OPEN;
  return read_file(p, found);
}

static void forget_typed(ThProgress *p) {
  for (size_t i = 0; i < p->n_typed; i++) th_free(p->cx, p->typed[i].text, strlen(p->typed[i].text) + 1);
  p->n_typed = 0;
}

void th_progress_clear(ThProgress *p) {
  forget_typed(p);
  th_free(p->cx, p->typed, p->capacity * sizeof *p->typed);
  if (p->lesson) th_free(p->cx, p->done, p->lesson->n_steps * sizeof *p->done);
  *p = (ThProgress){.cx = p->cx};
}

void th_progress_restart(ThProgress *p) {
  forget_typed(p);
  p->step = 0;
}

/* --- Changing */

bool th_progress_add(ThProgress *p, ThTypedKind kind, size_t step, const char *text) {
  if (p->n_typed == p->capacity) {
    size_t capacity = p->capacity * 2 + 16, size = sizeof *p->typed;
    ThTyped *grown = th_resize(p->cx, p->typed, p->capacity * size, capacity * size);
    if (!grown) return false;
    p->typed = grown;
    p->capacity = capacity;
  }
  p->typed[p->n_typed] = (ThTyped){kind, step, th_copy_text(p->cx, text, strlen(text))};
  return p->typed[p->n_typed].text && ++p->n_typed;
}

void th_progress_undo(ThProgress *p, size_t step) {
  for (size_t i = 0; i < p->n_typed; i++)
    if (p->typed[i].step >= step && p->typed[i].kind == TH_TYPED_RUN) p->typed[i].kind = TH_TYPED_UNDONE;
}

/* --- Writing */

static void write_lines(const ThProgress *p, ThText *out) {
  const ThLesson *lesson = p->lesson;
  bool at_end = p->step >= lesson->n_steps;
  th_text_format(out, "%stext %llx\nstep %zu\n", first_line, (unsigned long long)fingerprint(lesson),
                 at_end ? 0 : p->step);
  if (p->finished) th_text_add(out, "finished\n");
  for (size_t i = 0; i < lesson->n_steps; i++)
    if (p->done[i] != TH_OPEN)
      th_text_format(out, "done %s %s\n", lesson->steps[i].id, done_words[p->done[i]]);
  for (size_t i = 0; i < p->n_typed && !at_end; i++) {
    th_text_format(out, "%s %zu ", typed_words[p->typed[i].kind], p->typed[i].step);
    th_history_escape(p->typed[i].text, out);
    th_text_char(out, '\n');
  }
}

static bool write_file(const ThProgress *p, const char *path, const ThText *text) {
  if (!th_make_folders(path))
    return th_fail(p->cx, TH_ERROR_IO, "cannot write `%s`: %s", path, strerror(errno));
  if (!th_write_file(p->cx, path, text->data, text->length)) return false;
  chmod(path, 0600);
  return true;
}

bool th_progress_save(const ThProgress *p) {
  if (p->cx->settings.sandbox) return true;
  ThText path, text;
  th_text_init(&path, &p->cx->heap);
  th_text_init(&text, &p->cx->heap);
  write_lines(p, &text);
  bool ok = th_text_ok(&text, p->cx);
  if (ok && !th_progress_path(p->lesson, &path)) ok = th_fail(p->cx, TH_ERROR_IO, "HOME is not set");
  ok = ok && write_file(p, th_text_string(&path), &text);
  th_text_clear(&path);
  th_text_clear(&text);
  return ok;
}

/* --- Looking */

ThScore th_progress_score(const ThProgress *p) {
  ThScore score = {0};
  for (size_t i = 0; i < p->lesson->n_steps; i++) {
    const ThStep *step = &p->lesson->steps[i];
    if (!th_step_is_question(step)) continue;
    score.questions++;
    score.most += step->points;
    score.solved += p->done[i] == TH_SOLVED;
    score.points += p->done[i] == TH_SOLVED ? step->points : p->done[i] == TH_PARTLY ? step->points / 2 : 0;
  }
  return score;
}

int th_progress_percent(const ThLesson *lesson, size_t step) {
  return lesson->n_steps ? (int)(100 * step / lesson->n_steps) : 0;
}
