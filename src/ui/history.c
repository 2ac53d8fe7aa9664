/* history.c - inputs of earlier sessions, in a file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $XDG_STATE_HOME/theta/history, readable by its owner only. Sessions that run side by side append to it,
 * each entry in one write. A history that cannot be kept is no reason to bother anybody. */
#include "ui/history.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ui/state.h"

void th_history_escape(const char *entry, ThText *out) {
  for (; *entry; entry++) {
    if (*entry == '\n') th_text_add(out, "\\n");
    else if (*entry == '\\') th_text_add(out, "\\\\");
    else th_text_char(out, *entry);
  }
}

void th_history_unescape(const char *line, size_t length, ThText *out) {
  for (size_t i = 0; i < length; i++) {
    bool escaped = line[i] == '\\' && i + 1 < length;
    if (escaped) i++;
    th_text_char(out, escaped && line[i] == 'n' ? '\n' : line[i]);
  }
}

static size_t count_lines(const ThText *text) {
  size_t n = 0;
  for (size_t i = 0; i < text->length; i++) n += text->data[i] == '\n';
  return n;
}

/* The start of the last `most` lines. */
static const char *tail_of(const ThText *text, size_t most) {
  size_t skip = count_lines(text), at = 0;
  for (skip = skip > most ? skip - most : 0; skip > 0; at++) skip -= text->data[at] == '\n';
  return th_text_string(text) + at;
}

static void give_all(ThContext *cx, const char *lines, void (*give)(const char *entry)) {
  ThText entry;
  th_text_init(&entry, &cx->heap);
  for (size_t length; *lines; lines += length + (lines[length] == '\n')) {
    length = strcspn(lines, "\n");
    th_text_clear(&entry);
    th_history_unescape(lines, length, &entry);
    if (entry.length && !entry.failed) give(th_text_string(&entry));
  }
  th_text_clear(&entry);
}

/* For nobody else's eyes, not even for a moment. What cannot be written stays as it was. */
static void rewrite(ThContext *cx, const char *path, const char *text) {
  mode_t before = umask(077);
  if (!th_write_file(cx, path, text, strlen(text))) th_error_clear(cx);
  umask(before);
}

void th_history_load(ThContext *cx, size_t most, void (*give)(const char *entry)) {
  ThText path, text;
  th_text_init(&path, &cx->heap);
  th_text_init(&text, &cx->heap);
  if (th_state_path("history", &path) && access(th_text_string(&path), R_OK) == 0 &&
      th_read_file(cx, th_text_string(&path), &text)) {
    const char *tail = tail_of(&text, most);
    if (count_lines(&text) > 2 * most) rewrite(cx, th_text_string(&path), tail);
    give_all(cx, tail, give);
  }
  th_error_clear(cx);
  th_text_clear(&path);
  th_text_clear(&text);
}

static void append_line(const char *path, const ThText *line) {
  if (!th_make_folders(path)) return;
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  ssize_t sent = write(file, line->data, line->length);
  (void)sent;
  close(file);
}

void th_history_append(ThContext *cx, const char *entry) {
  if (cx->settings.sandbox) return;
  ThText path, line;
  th_text_init(&path, &cx->heap);
  th_text_init(&line, &cx->heap);
  th_history_escape(entry, &line);
  th_text_char(&line, '\n');
  if (th_state_path("history", &path) && !line.failed) append_line(th_text_string(&path), &line);
  th_text_clear(&path);
  th_text_clear(&line);
}
