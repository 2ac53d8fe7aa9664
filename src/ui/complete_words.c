/* complete_words.c - what Tab offers besides names: files, data sets, characters, commands */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/complete_words.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lang/builtin.h"
#include "ui/commands.h"
#include "ui/lesson_library.h"
#include "ui/plot_script.h"
#include "ui/symbols.h"
#include "val/basic.h"

static bool begins_with(const char *text, const char *prefix, size_t length) {
  return strncmp(text, prefix, length) == 0;
}

/* --- Files */

static bool is_data_file(const char *name) {
  static const char *const extensions[] = {"csv", "tsv", "txt", "dat"};
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (strcmp(th_path_extension(name), extensions[i]) == 0) return true;
  return false;
}

/* The folder that is listed for a typed path: its own, `~` being home; "." for none. */
static void folder_path(const char *typed, size_t length, ThText *out) {
  const char *home = getenv("HOME");
  if (length == 0) {
    th_text_char(out, '.');
  } else if (length >= 2 && typed[0] == '~' && typed[1] == '/' && home) {
    th_text_add(out, home);
    th_text_bytes(out, typed + 1, length - 1);
  } else {
    th_text_bytes(out, typed, length);
  }
}

static bool is_folder(ThContext *cx, const char *folder, const char *name, bool *yes) {
  ThText path;
  struct stat about;
  th_text_init(&path, &cx->heap);
  th_text_format(&path, "%s/%s", folder, name);
  bool ok = th_text_ok(&path, cx);
  *yes = ok && stat(th_text_string(&path), &about) == 0 && S_ISDIR(about.st_mode);
  th_text_clear(&path);
  return ok;
}

enum { RANK_WANTED, RANK_OTHER };

static bool add_file(const char *typed, size_t typed_length, const char *folder, const char *name, bool data,
                     ThCompletion *c) {
  ThText path;
  th_text_init(&path, &c->cx->heap);
  th_text_bytes(&path, typed, typed_length);
  th_text_add(&path, name);
  bool is_dir, ok = is_folder(c->cx, folder, name, &is_dir), wanted = !data || is_dir || is_data_file(name);
  if (is_dir) th_text_char(&path, '/');
  ok = ok && th_text_ok(&path, c->cx) &&
       th_completion_add(c, th_text_string(&path), NULL, NULL, wanted ? RANK_WANTED : RANK_OTHER);
  th_text_clear(&path);
  return ok;
}

/* Leaves out what is no data file, when some are. */
static void keep_wanted(ThCompletion *c) {
  size_t kept = 0, n = c->n;
  for (size_t i = 0; i < n; i++) kept += c->candidates[i].rank == RANK_WANTED;
  if (kept == 0 || kept == n) return;
  for (size_t i = 0, at = 0; i < n; i++) {
    ThCandidate candidate = c->candidates[i];
    if (candidate.rank != RANK_WANTED) continue;
    c->candidates[i] = c->candidates[at];
    c->candidates[at++] = candidate;
  }
  while (c->n > kept) {
    c->n--;
    th_free(c->cx, c->candidates[c->n].text, strlen(c->candidates[c->n].text) + 1);
  }
}

bool th_complete_string(const char *text, size_t length, bool data, ThCompletion *c) {
  if (length < 2 || text[0] != '~' || text[1] != '/') return th_complete_files(text, length, data, c);
  ThText path;
  th_text_init(&path, &c->cx->heap);
  folder_path(text, length, &path);
  bool ok = th_text_ok(&path, c->cx) && th_complete_files(th_text_string(&path), path.length, data, c);
  th_text_clear(&path);
  return ok;
}

bool th_complete_files(const char *text, size_t length, bool data, ThCompletion *c) {
  size_t start = length;
  while (start > 0 && text[start - 1] != '/') start--;
  ThText folder;
  th_text_init(&folder, &c->cx->heap);
  folder_path(text, start, &folder);
  bool ok = th_text_ok(&folder, c->cx);
  DIR *open = ok ? opendir(th_text_string(&folder)) : NULL;
  const struct dirent *entry;
  while (open && ok && (entry = readdir(open))) {
    bool hidden = entry->d_name[0] == '.' && (start == length || text[start] != '.');
    if (!hidden && begins_with(entry->d_name, text + start, length - start))
      ok = add_file(text, start, th_text_string(&folder), entry->d_name, data, c);
  }
  if (open) closedir(open);
  th_text_clear(&folder);
  if (ok && data) keep_wanted(c);
  return ok;
}

static bool add_dataset(const char *name, ThCompletion *c) {
  ThText closed;
  th_text_init(&closed, &c->cx->heap);
  th_text_format(&closed, "%s\"", name);
  bool ok = th_text_ok(&closed, c->cx) && th_completion_add(c, th_text_string(&closed), name, NULL, 0);
  th_text_clear(&closed);
  return ok;
}

bool th_complete_datasets(const char *text, size_t length, ThCompletion *c) {
  ThValue function, names;
  ThArguments none = {0};
  const ThSymbol *name = th_symbol_find(c->cx, "datasets", strlen("datasets"));
  if (!name || !th_builtin_value(c->cx, name, &function)) return true;
  if (!th_call(c->cx, function, &none, &names)) return false;
  const ThList *list = th_as_list(names);
  bool ok = true;
  for (size_t i = 0; ok && i < list->length; i++) {
    const char *dataset = th_as_string(list->items[i])->text;
    if (begins_with(dataset, text, length)) ok = add_dataset(dataset, c);
  }
  th_release(names);
  return ok;
}

/* --- Characters */

bool th_complete_characters(const char *text, size_t length, ThCompletion *c) {
  const char *exact = th_character_find(text, length);
  const ThCharacter *character, *only = NULL;
  size_t n = 0;
  for (size_t i = 0; (character = th_character_at(i)); i++)
    if (begins_with(character->name, text, length)) only = character, n++;
  if (!exact && n == 1) exact = only->text;
  if (exact) return th_completion_add(c, exact, NULL, NULL, 0);
  for (size_t i = 0; (character = th_character_at(i)); i++) {
    if (!begins_with(character->name, text, length)) continue;
    ThText name, shown;
    th_text_init(&name, &c->cx->heap);
    th_text_init(&shown, &c->cx->heap);
    th_text_format(&name, "\\%s", character->name);
    th_text_format(&shown, "\\%s %s", character->name, character->text);
    bool ok = th_text_ok(&name, c->cx) && th_text_ok(&shown, c->cx) &&
              th_completion_add(c, th_text_string(&name), th_text_string(&shown), NULL, i);
    th_text_clear(&name);
    th_text_clear(&shown);
    if (!ok) return false;
  }
  return true;
}

/* --- Commands */

typedef struct Listing {
  ThCompletion *completion;
  const char *prefix;
  size_t length;
} Listing;

static bool add_lesson(void *self, const char *name, const char *path) {
  const Listing *l = self;
  (void)path;
  return !begins_with(name, l->prefix, l->length) || th_completion_add(l->completion, name, NULL, NULL, 0);
}

static bool add_name(void *self, const char *name) {
  const Listing *l = self;
  return th_completion_add(l->completion, name, NULL, NULL, 0);
}

static bool complete_terminals(const char *text, size_t length, ThCompletion *c) {
  static const char *const own[] = {"auto", "text", "none"};
  const ThPlotFormat *format;
  bool ok = true;
  for (size_t i = 0; ok && i < sizeof own / sizeof *own; i++)
    if (begins_with(own[i], text, length)) ok = th_completion_add(c, own[i], NULL, NULL, 0);
  for (size_t i = 0; ok && (format = th_plot_format_at(i)); i++)
    if (format->window && begins_with(format->terminal, text, length))
      ok = th_completion_add(c, format->terminal, NULL, NULL, 0);
  return ok && th_complete_files(text, length, false, c);
}

static bool complete_names(const char *text, size_t length, ThCompletion *c) {
  const ThCommand *command;
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    if (!begins_with(command->name, text, length)) continue;
    ThText shown;
    th_text_init(&shown, &c->cx->heap);
    th_text_format(&shown, ":%s %s", command->name, command->arguments);
    bool ok = th_text_ok(&shown, c->cx) &&
              th_completion_add(c, command->name, th_text_string(&shown), command->brief, i);
    th_text_clear(&shown);
    if (!ok) return false;
  }
  return true;
}

static bool complete_argument(ThSession *session, const ThCommand *command, const char *text, size_t length,
                              ThCompletion *c) {
  Listing listing = {c, text, length};
  if (strstr(command->arguments, "TERMINAL")) return complete_terminals(text, length, c);
  if (strstr(command->arguments, "FILE")) return th_complete_files(text, length, false, c);
  if (strcmp(command->name, "lesson") == 0)
    return th_library_list(c->cx, add_lesson, &listing) &&
           (length == 0 || th_complete_files(text, length, false, c));
  th_session_complete(session, text, length, add_name, &listing);
  return c->cx->error.code == TH_OK;
}

bool th_complete_command(ThSession *session, const char *line, size_t point, ThCompletion *c, size_t *code) {
  size_t start = strspn(line, " \t") + 1, word = start, argument;
  *code = SIZE_MAX;
  while (word < point && !isspace((unsigned char)line[word])) word++;
  c->start = start;
  if (word == point) return complete_names(line + start, point - start, c);
  argument = word + strspn(line + word, " \t");
  if (argument > point) argument = point;
  const ThCommand *command = th_command_find(line + start, word - start);
  c->start = point;
  if (!command || !command->arguments[0]) return true;
  if (strstr(command->arguments, "EXPR")) {
    *code = argument;
    return true;
  }
  c->start = argument; /* a file's name may hold blanks */
  bool file = strstr(command->arguments, "FILE") || strcmp(command->name, "lesson") == 0;
  bool second = memchr(line + argument, ' ', point - argument) != NULL;
  if (second && !file) return true; /* the numbers behind a name */
  return complete_argument(session, command, line + argument, point - argument, c);
}
