/* completion.c - what Tab offers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No part of this knows readline: text in, candidates out. */
#include "ui/completion.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "lang/builtin.h"
#include "ui/commands.h"
#include "ui/symbols.h"

bool th_completion_add(ThCompletion *c, const char *text, size_t length) {
  if (c->n == c->capacity) {
    size_t capacity = c->capacity * 2 + 16, size = sizeof *c->candidates;
    char **grown = th_resize(c->cx, c->candidates, c->capacity * size, capacity * size);
    if (!grown) return false;
    c->candidates = grown;
    c->capacity = capacity;
  }
  c->candidates[c->n] = th_copy_text(c->cx, text, length);
  return c->candidates[c->n] && ++c->n;
}

void th_completion_clear(ThCompletion *c) {
  for (size_t i = 0; i < c->n; i++) th_free(c->cx, c->candidates[i], strlen(c->candidates[i]) + 1);
  th_free(c->cx, c->candidates, c->capacity * sizeof *c->candidates);
  *c = (ThCompletion){.cx = c->cx};
}

size_t th_completion_common(const ThCompletion *c) {
  if (c->n == 0) return 0;
  size_t common = strlen(c->candidates[0]);
  for (size_t i = 1; i < c->n; i++) {
    size_t k = 0;
    while (k < common && c->candidates[i][k] == c->candidates[0][k]) k++;
    common = k;
  }
  while (common > 0 && ((unsigned char)c->candidates[0][common] & 0xC0) == 0x80) common--;
  return common;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_unique(ThCompletion *c) {
  size_t kept = 0;
  if (c->n) qsort(c->candidates, c->n, sizeof *c->candidates, by_text);
  for (size_t i = 0; i < c->n; i++) {
    if (kept > 0 && strcmp(c->candidates[i], c->candidates[kept - 1]) == 0)
      th_free(c->cx, c->candidates[i], strlen(c->candidates[i]) + 1);
    else c->candidates[kept++] = c->candidates[i];
  }
  c->n = kept;
}

/* --- Where the cursor is */

/* What the text up to the cursor leaves open: a string, brackets. */
typedef struct Surroundings {
  bool in_string;
  size_t string_start; /* of its contents */
  size_t open;         /* offset of the innermost open `(`, or SIZE_MAX */
} Surroundings;

enum { MAX_DEPTH = 64 };

static Surroundings surroundings_of(const char *text, size_t length) {
  Surroundings s = {.open = SIZE_MAX};
  size_t stack[MAX_DEPTH], depth = 0;
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (s.in_string) {
      if (c == '\\') i++;
      else if (c == '"') s.in_string = false;
    } else if (c == '"') s.in_string = true, s.string_start = i + 1;
    else if (c == '#') i += strcspn(text + i, "\n");
    else if (strchr("([{", c) && c && depth < MAX_DEPTH) stack[depth++] = i;
    else if (strchr(")]}", c) && c && depth > 0) depth--;
  }
  if (depth > 0 && text[stack[depth - 1]] == '(') s.open = stack[depth - 1];
  return s;
}

static bool is_name_character(uint32_t c) {
  if (c < 128) return isalnum((int)c) || c == '_';
  return c != TH_UTF8_INVALID && (th_utf8_is_letter(c) || th_utf8_is_mark(c) || th_utf8_subscript(c) >= 0);
}

/* The offset where the name that ends at `end` begins; `end` when there is none. */
static size_t name_start(const char *text, size_t end) {
  size_t at = end, size;
  while (at > 0) {
    size_t before = at - 1;
    while (before > 0 && ((unsigned char)text[before] & 0xC0) == 0x80) before--;
    if (!is_name_character(th_utf8_decode(text + before, at - before, &size))) break;
    at = before;
  }
  return at;
}

static bool begins_with(const char *text, const char *prefix, size_t length) {
  return strncmp(text, prefix, length) == 0;
}

/* --- Each kind of candidate */

static bool add_found(void *self, const char *name) { return th_completion_add(self, name, strlen(name)); }

static bool complete_names(ThSession *session, const char *prefix, size_t length, ThCompletion *c) {
  th_session_complete(session, prefix, length, add_found, c);
  return c->cx->error.code == TH_OK;
}

static bool complete_commands(const char *prefix, size_t length, ThCompletion *c) {
  const ThCommand *command;
  for (size_t i = 0; (command = th_command_at(i)); i++)
    if (begins_with(command->name, prefix, length) &&
        !th_completion_add(c, command->name, strlen(command->name)))
      return false;
  return true;
}

/* An exact name, or the beginning of only one, gives its character; of several it gives the names. */
static bool complete_character(const char *prefix, size_t length, ThCompletion *c) {
  const char *exact = th_character_find(prefix, length);
  const ThCharacter *character, *only = NULL;
  size_t n = 0;
  for (size_t i = 0; (character = th_character_at(i)); i++)
    if (begins_with(character->name, prefix, length)) only = character, n++;
  if (!exact && n == 1) exact = only->text;
  if (exact) return th_completion_add(c, exact, strlen(exact));
  for (size_t i = 0; (character = th_character_at(i)); i++) {
    if (!begins_with(character->name, prefix, length)) continue;
    char name[32] = "\\";
    size_t size = strlen(character->name);
    memcpy(name + 1, character->name, size + 1);
    if (!th_completion_add(c, name, size + 1)) return false;
  }
  return true;
}

static bool add_file(const char *folder, size_t folder_length, const struct dirent *entry, ThCompletion *c) {
  ThText path;
  struct stat about;
  th_text_init(&path, &c->cx->heap);
  th_text_bytes(&path, folder, folder_length);
  th_text_add(&path, entry->d_name);
  bool is_folder = !path.failed && stat(th_text_string(&path), &about) == 0 && S_ISDIR(about.st_mode);
  if (is_folder) th_text_char(&path, '/');
  bool ok = th_text_ok(&path, c->cx) && th_completion_add(c, th_text_string(&path), path.length);
  th_text_clear(&path);
  return ok;
}

/* Files whose path begins with what was typed; hidden ones only when a point was. */
static bool complete_files(const char *typed, size_t length, ThCompletion *c) {
  size_t folder = length;
  while (folder > 0 && typed[folder - 1] != '/') folder--;
  char *name = th_copy_text(c->cx, folder ? typed : ".", folder ? folder : 1);
  if (!name) return false;
  DIR *open = opendir(name);
  th_free(c->cx, name, strlen(name) + 1);
  bool ok = true;
  const struct dirent *entry;
  while (open && ok && (entry = readdir(open))) {
    bool hidden = entry->d_name[0] == '.' && (folder == length || typed[folder] != '.');
    if (!hidden && begins_with(entry->d_name, typed + folder, length - folder))
      ok = add_file(typed, folder, entry, c);
  }
  if (open) closedir(open);
  return ok;
}

/* The value of a dotted path, text[0, length); owned. False without an error when there is none. */
static bool path_value(ThSession *session, const char *text, size_t length, ThValue *out) {
  ThContext *cx = th_session_context(session);
  size_t end = 0;
  while (end < length && text[end] != '.') end++;
  const ThSymbol *name = th_symbol_find(cx, text, end);
  ThValue value;
  if (!name || !th_session_get(session, name, &value)) return false;
  th_retain(value);
  while (end < length) {
    size_t start = ++end;
    while (end < length && text[end] != '.') end++;
    ThSymbol *field = th_symbol_find(cx, text + start, end - start);
    ThValue inner;
    bool ok = field && th_get_field(cx, value, field, &inner);
    th_release(value);
    if (!ok) {
      th_error_clear(cx);
      return false;
    }
    value = inner;
  }
  *out = value;
  return true;
}

static bool complete_fields(ThSession *session, const char *path, size_t path_length, const char *prefix,
                            size_t length, ThCompletion *c) {
  ThValue value;
  ThSymbol *field;
  bool ok = true;
  if (!path_value(session, path, path_length, &value)) return true;
  const ThKind *kind = th_is_object(value) ? th_as_object(value)->kind : NULL;
  for (size_t i = 0; ok && kind && kind->field_name && (field = kind->field_name(c->cx, value, i)); i++)
    if (begins_with(field->spelling, prefix, length))
      ok = th_completion_add(c, field->spelling, strlen(field->spelling));
  th_release(value);
  return ok && c->cx->error.code == TH_OK;
}

static bool add_argument(const char *name, const char *prefix, size_t length, ThCompletion *c) {
  if (!begins_with(name, prefix, length)) return true;
  ThText text;
  th_text_init(&text, &c->cx->heap);
  th_text_format(&text, "%s = ", name);
  bool ok = th_text_ok(&text, c->cx) && th_completion_add(c, th_text_string(&text), text.length);
  th_text_clear(&text);
  return ok;
}

/* The parameters of the function whose call is open: a built-in's or one of the user's. */
static bool complete_arguments(ThSession *session, const char *text, size_t open, const char *prefix,
                               size_t length, ThCompletion *c) {
  size_t start = name_start(text, open);
  ThSymbol *name = start < open ? th_symbol_find(c->cx, text + start, open - start) : NULL, *parameter;
  ThValue function;
  bool named_only, has_default, ok = true;
  if (!name) return true;
  if (th_session_get(session, name, &function)) {
    for (size_t i = 0; ok && (parameter = th_function_parameter(function, i, &has_default)); i++)
      ok = add_argument(parameter->spelling, prefix, length, c);
    return ok;
  }
  const ThBuiltin *builtin = th_builtin_find(c->cx, name);
  for (size_t i = 0; ok && builtin && (parameter = th_builtin_parameter(c->cx, builtin, i, &named_only)); i++)
    ok = add_argument(parameter->spelling, prefix, length, c);
  return ok && c->cx->error.code == TH_OK; /* no parameter: the last, or no memory to read the signature */
}

/* --- All of it */

static bool complete_code(ThSession *session, const char *text, size_t length, ThCompletion *c,
                          size_t *start) {
  Surroundings s = surroundings_of(text, length);
  if (s.in_string) {
    *start = s.string_start;
    return complete_files(text + *start, length - *start, c);
  }
  *start = name_start(text, length);
  const char *prefix = text + *start;
  size_t prefix_length = length - *start;
  if (*start > 0 && text[*start - 1] == '.') {
    size_t path_start = *start - 1;
    for (;;) {
      size_t name = name_start(text, path_start);
      if (name == path_start) return true; /* `).` or `].`: not a path of names */
      path_start = name;
      if (name == 0 || text[name - 1] != '.') break;
      path_start = name - 1;
    }
    return complete_fields(session, text + path_start, *start - 1 - path_start, prefix, prefix_length, c);
  }
  if (s.open != SIZE_MAX && !complete_arguments(session, text, s.open, prefix, prefix_length, c))
    return false;
  return prefix_length == 0 || complete_names(session, prefix, prefix_length, c);
}

/* Where `\name`, `\_1` or `\^2` before the end begins, or SIZE_MAX. */
static size_t backslash_start(const char *text, size_t length) {
  size_t at = length;
  while (at > 0 && (isalnum((unsigned char)text[at - 1]) || (text[at - 1] && strchr("_^-", text[at - 1]))))
    at--;
  return at > 0 && text[at - 1] == '\\' ? at - 1 : SIZE_MAX;
}

static bool complete_command_line(ThSession *session, const char *line, size_t point, ThCompletion *c) {
  size_t start = strspn(line, " \t") + 1, word = start;
  while (word < point && !isspace((unsigned char)line[word])) word++;
  if (word == point) {
    c->start = start;
    return complete_commands(line + start, point - start, c);
  }
  bool files = begins_with(line + start, "load", 4) || begins_with(line + start, "plot", 4);
  c->start = point;
  while (c->start > word && !isspace((unsigned char)line[c->start - 1])) c->start--;
  if (files) return complete_files(line + c->start, point - c->start, c);
  c->start = name_start(line, point);
  return c->start == point || complete_names(session, line + c->start, point - c->start, c);
}

bool th_complete(ThSession *session, const char *pending, const char *line, size_t point, ThCompletion *out) {
  ThContext *cx = th_session_context(session);
  ThText text;
  size_t before = strlen(pending), start = 0, blanks = strspn(line, " \t");
  *out = (ThCompletion){.cx = cx};
  bool ok;
  th_error_clear(cx);
  size_t backslash = backslash_start(line, point);
  if (backslash != SIZE_MAX) {
    out->start = backslash;
    ok = complete_character(line + backslash + 1, point - backslash - 1, out);
  } else if (before == 0 && line[blanks] == ':' && blanks < point) {
    ok = complete_command_line(session, line, point, out);
  } else {
    th_text_init(&text, &cx->heap);
    th_text_bytes(&text, pending, before);
    th_text_bytes(&text, line, point);
    ok = th_text_ok(&text, cx) && complete_code(session, th_text_string(&text), text.length, out, &start);
    th_text_clear(&text);
    out->start = start >= before ? start - before : 0;
    if (start < before) th_completion_clear(out), out->start = point;
  }
  if (ok) sort_unique(out);
  else th_completion_clear(out);
  return ok;
}
