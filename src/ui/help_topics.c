/* help_topics.c - pages of help about the language, one file each */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_topics.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ui/markdown.h"

/* --- One file */

/* A topic's parts while it is given. */
typedef struct Parts {
  ThText path, name, text, title, names, brief;
} Parts;

static void init_parts(Parts *p, ThHeap *heap) {
  ThText *const texts[] = {&p->path, &p->name, &p->text, &p->title, &p->names, &p->brief};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_init(texts[i], heap);
}

static bool parts_ok(const Parts *p, ThContext *cx) {
  const ThText *const texts[] = {&p->path, &p->name, &p->text, &p->title, &p->names, &p->brief};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (!th_text_ok(texts[i], cx)) return false;
  return true;
}

static void clear_parts(Parts *p) {
  ThText *const texts[] = {&p->path, &p->name, &p->text, &p->title, &p->names, &p->brief};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_clear(texts[i]);
}

/* Reads the title, the names and the first paragraph. */
static void read_head(Parts *p) {
  static const char mark[] = "<!-- names:";
  const char *line = th_text_string(&p->text);
  bool done = false;
  while (*line && !done) {
    size_t length = strcspn(line, "\n");
    const char *end = line + length;
    if (strncmp(line, "# ", 2) == 0) th_text_bytes(&p->title, line + 2, length - 2);
    else if (strncmp(line, mark, sizeof mark - 1) == 0) {
      const char *from = line + sizeof mark - 1, *to = strstr(from, "-->");
      from += strspn(from, " ");
      while (to && to > from && to[-1] == ' ') to--;
      if (to && to < end) th_text_bytes(&p->names, from, (size_t)(to - from));
    } else if (length > 0) {
      if (p->brief.length) th_text_char(&p->brief, ' ');
      th_text_bytes(&p->brief, line, length);
    } else done = p->brief.length > 0;
    line = *end ? end + 1 : end;
  }
}

static bool give_file(ThContext *cx, const char *folder, const char *file,
                      bool (*give)(void *self, const ThTopic *topic), void *self, bool *more) {
  Parts p;
  init_parts(&p, &cx->heap);
  th_text_format(&p.path, "%s/%s", folder, file);
  th_text_bytes(&p.name, file, strlen(file) - strlen(".md"));
  bool read = !p.path.failed && th_read_file(cx, p.path.data, &p.text);
  if (!read && cx->error.code == TH_ERROR_IO) th_error_clear(cx);
  read_head(&p);
  bool ok = cx->error.code == TH_OK && parts_ok(&p, cx);
  if (ok && read) {
    ThTopic topic = {th_text_string(&p.name), th_text_string(&p.title), th_text_string(&p.names),
                     th_text_string(&p.brief), th_text_string(&p.text)};
    *more = give(self, &topic);
  }
  clear_parts(&p);
  return ok;
}

/* --- All of them */

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}
static int is_page(const struct dirent *entry) {
  return entry->d_name[0] != '.' && strcmp(th_path_extension(entry->d_name), "md") == 0;
}

bool th_topics_in(ThContext *cx, const char *folder, bool (*give)(void *self, const ThTopic *topic),
                  void *self) {
  struct dirent **entries = NULL;
  int n = scandir(folder, &entries, is_page, by_name);
  bool ok = true, more = true;
  for (int i = 0; i < n; i++) {
    if (ok && more) ok = give_file(cx, folder, entries[i]->d_name, give, self, &more);
    free(entries[i]); /* scandir's own */
  }
  free(entries);
  return ok;
}

bool th_topics_each(ThContext *cx, bool (*give)(void *self, const ThTopic *topic), void *self) {
  ThText folder;
  th_text_init(&folder, &cx->heap);
  bool found = th_find_installed("share/help", &folder);
  bool ok = th_text_ok(&folder, cx) && (!found || th_topics_in(cx, folder.data, give, self));
  th_text_clear(&folder);
  return ok;
}

bool th_topic_show(ThContext *cx, const ThTopic *topic, ThText *out) {
  return th_markdown(cx, topic->text, strlen(topic->text), out);
}

/* --- Tables */

/* The next cell of a row behind its bar, without the blanks and backquotes at its ends; `\|` is a bar. */
static const char *take_cell(const char *at, ThText *out) {
  at += strspn(at, " ");
  for (; *at && *at != '\n' && *at != '|'; at++) {
    if (at[0] == '\\' && at[1] == '|') at++;
    th_text_char(out, *at);
  }
  while (out->length > 0 && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
  bool code = out->length > 1 && out->data[0] == '`' &&
              strchr(out->data + 1, '`') == out->data + out->length - 1;
  if (code) {
    memmove(out->data, out->data + 1, out->length - 2);
    out->data[out->length -= 2] = '\0';
  }
  return *at == '|' ? at + 1 : at;
}

bool th_topic_rows(ThContext *cx, const ThTopic *topic,
                   bool (*give)(void *self, const char *theirs, const char *ours), void *self) {
  ThText theirs, ours;
  bool more = true, in_body = false; /* below the rule of a table */
  th_text_init(&theirs, &cx->heap);
  th_text_init(&ours, &cx->heap);
  if (strncmp(topic->name, "coming-from", strlen("coming-from")) != 0) return true;
  for (const char *line = topic->text; *line && more; line += strcspn(line, "\n"), line += *line == '\n') {
    bool is_rule = strncmp(line, "| ---", strlen("| ---")) == 0;
    in_body = line[0] == '|' && (in_body || is_rule);
    if (!in_body || is_rule) continue;
    th_text_reset(&theirs);
    th_text_reset(&ours);
    take_cell(take_cell(line + 1, &theirs), &ours);
    if (theirs.length && ours.length) more = give(self, theirs.data, ours.data);
  }
  bool ok = th_text_ok(&theirs, cx) && th_text_ok(&ours, cx);
  th_text_clear(&theirs);
  th_text_clear(&ours);
  return ok;
}
