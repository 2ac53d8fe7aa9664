/* lesson_library.c - which lessons there are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lesson_library.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "ui/lesson.h"
#include "val/symbol.h"

static bool is_file(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && !S_ISDIR(about.st_mode);
}

bool th_library_folder(ThText *out) { return th_find_installed("lessons", out); }

static bool is_lesson(const char *name) {
  return name[0] != '.' && strcmp(th_path_extension(name), "md") == 0 && isdigit((unsigned char)name[0]);
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}
static int choose(const struct dirent *entry) { return is_lesson(entry->d_name); }

static bool give_one(ThContext *cx, const char *folder, const char *file,
                     bool (*give)(void *self, const char *name, const char *path), void *self) {
  ThText path, name;
  th_text_init(&path, &cx->heap);
  th_text_init(&name, &cx->heap);
  th_text_format(&path, "%s/%s", folder, file);
  th_text_bytes(&name, file, strlen(file) - 3);
  bool ok = th_text_ok(&path, cx) && th_text_ok(&name, cx);
  ok = ok && give(self, th_text_string(&name), th_text_string(&path));
  th_text_clear(&path);
  th_text_clear(&name);
  return ok;
}

bool th_library_list(ThContext *cx, bool (*give)(void *self, const char *name, const char *path),
                     void *self) {
  ThText folder;
  struct dirent **entries = NULL;
  th_text_init(&folder, &cx->heap);
  int n = th_library_folder(&folder) ? scandir(th_text_string(&folder), &entries, choose, by_name) : 0;
  bool ok = true;
  for (int i = 0; i < n; i++) {
    ok = ok && give_one(cx, th_text_string(&folder), entries[i]->d_name, give, self);
    free(entries[i]); /* scandir's own */
  }
  free(entries);
  th_text_clear(&folder);
  return ok;
}

/* --- Finding one */

typedef struct Search {
  ThContext *cx;
  const char *wanted;
  ThText *path, nearest;
  size_t distance;
  bool found;
  ThText part_path, parts; /* of the lessons whose name or title has the words in it: one's path, all names */
  size_t n_parts;
} Search;

/* The name behind its number: `bayes` of `01-bayes`. */
static const char *bare_name(const char *name) {
  while (isdigit((unsigned char)*name)) name++;
  return *name == '-' ? name + 1 : name;
}

static bool same_number(const char *wanted, const char *name) {
  char *end_wanted, *end_name;
  unsigned long a = strtoul(wanted, &end_wanted, 10), b = strtoul(name, &end_name, 10);
  return isdigit((unsigned char)wanted[0]) && *end_wanted == '\0' && end_name != name && a == b;
}

/* Whether `part` stands in the text, in letters of either case. */
static bool has_part(const char *text, const char *part) {
  size_t length = strlen(part);
  for (; *text; text++)
    if (strncasecmp(text, part, length) == 0) return true;
  return false;
}

/* Notes a lesson whose name or title has the words in it. */
static void look_for_part(Search *s, const char *name, const char *path) {
  ThLesson front;
  bool has = has_part(name, s->wanted);
  if (!has && th_lesson_read_front(s->cx, path, &front)) has = has_part(front.title, s->wanted);
  th_error_clear(s->cx);
  if (!has) return;
  th_text_format(&s->parts, "%s`%s`", s->n_parts++ > 0 ? ", " : "", name);
  th_text_clear(&s->part_path);
  th_text_add(&s->part_path, path);
}

static bool look_at(void *self, const char *name, const char *path) {
  Search *s = self;
  const char *bare = bare_name(name);
  if (s->found) return true;
  if (strcmp(s->wanted, name) == 0 || strcmp(s->wanted, bare) == 0 || same_number(s->wanted, name)) {
    s->found = true;
    th_text_add(s->path, path);
    return true;
  }
  look_for_part(s, name, path);
  size_t distance = th_name_distance(s->wanted, bare);
  if (distance < s->distance) {
    s->distance = distance;
    th_text_clear(&s->nearest);
    th_text_add(&s->nearest, name);
  }
  return true;
}

/* The lesson that the words are a part of; an error when there is none, or more than one. */
static bool take_part(Search *s) {
  if (s->n_parts == 1) {
    th_text_add(s->path, th_text_string(&s->part_path));
    return true;
  }
  th_fail(s->cx, TH_ERROR_IO,
          s->n_parts ? "several lessons have `%s` in their names" : "there is no lesson `%s`", s->wanted);
  if (s->n_parts) return th_hint(s->cx, "say which: %s", th_text_string(&s->parts));
  if (s->nearest.length)
    return th_hint(s->cx, "did you mean `%s`? `theta lesson` lists them", s->nearest.data);
  return th_hint(s->cx, "`theta lesson` lists them");
}

bool th_library_find(ThContext *cx, const char *name, ThText *path) {
  if (is_file(name)) {
    th_text_add(path, name);
    return th_text_ok(path, cx);
  }
  Search s = {.cx = cx, .wanted = name, .path = path, .distance = 4};
  ThText *const texts[] = {&s.nearest, &s.part_path, &s.parts};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_init(texts[i], &cx->heap);
  bool ok = th_library_list(cx, look_at, &s) && (s.found || take_part(&s));
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) th_text_clear(texts[i]);
  return ok && th_text_ok(path, cx);
}

typedef struct Neighbour {
  const char *path;
  ThText *next;
  bool seen, found;
} Neighbour;

static bool look_behind(void *self, const char *name, const char *path) {
  Neighbour *n = self;
  if (n->seen && !n->found) {
    th_text_bytes(n->next, name, strcspn(name, "-"));
    n->found = true;
  }
  n->seen = n->seen || strcmp(path, n->path) == 0;
  return true;
}

bool th_library_next(ThContext *cx, const char *path, ThText *number) {
  Neighbour n = {.path = path, .next = number};
  bool ok = th_library_list(cx, look_behind, &n);
  if (!ok) th_error_clear(cx);
  return ok && n.found && !number->failed;
}
