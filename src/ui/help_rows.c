/* help_rows.c - help on what is declared in rows: built-ins, words, letters, commands, sections */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/commands.h"
#include "ui/help.h"
#include "ui/help_page.h"
#include "ui/symbols.h"

enum { NAME_SIZE = 64 };

static void see_also(const ThContext *cx, const char *see, ThText *out) {
  if (!see) return;
  th_text_char(out, '\n');
  th_help_page_list(cx, "see also", see, out);
}

void th_help_about_builtin(const ThContext *cx, const ThBuiltin *row, ThText *out) {
  th_help_page_heading(cx, row->signature, out);
  th_help_page_lines(cx, row->brief, 2, out);
  if (row->detail) {
    th_text_char(out, '\n');
    th_help_page_lines(cx, row->detail, 2, out);
  }
  if (row->examples) {
    th_text_char(out, '\n');
    th_help_page_code(cx, row->examples, out);
  }
  see_also(cx, row->see, out);
}

bool th_help_has_name(const char *names, const char *word, size_t length) {
  while (*names) {
    size_t n = strcspn(names, " ");
    if (n == length && memcmp(names, word, n) == 0) return true;
    names += n + strspn(names + n, " ");
  }
  return false;
}

bool th_help_about_word(const ThContext *cx, const char *topic, size_t length, ThText *out) {
  const ThHelpWord *word;
  for (size_t i = 0; (word = th_help_word_at(i)); i++) {
    if (!th_help_has_name(word->names, topic, length)) continue;
    th_help_page_heading(cx, word->names, out);
    th_help_page_lines(cx, word->brief, 2, out);
    if (word->example) {
      th_text_char(out, '\n');
      th_help_page_code(cx, word->example, out);
    }
    see_also(cx, word->see, out);
    return true;
  }
  return false;
}

static bool say_character(const ThContext *cx, const char *text, const char *name, ThText *out) {
  ThText line;
  th_text_init(&line, out->heap);
  th_text_format(&line, "%s is typed \\%s and then Tab.", text, name);
  if (th_greek_letter(name, strlen(name)))
    th_text_format(&line, " The name `%s` is the same: %s1, %s1 and %s₁ are one variable.", name, name, text,
                   text);
  th_help_page_lines(cx, th_text_string(&line), 0, out);
  th_text_clear(&line);
  return true;
}

bool th_help_about_character(const ThContext *cx, const char *topic, size_t length, ThText *out) {
  char text[16];
  if (length == 0 || length >= sizeof text) return false;
  memcpy(text, topic, length);
  text[length] = '\0';
  const char *name = th_character_name(text);
  return name && say_character(cx, text, name, out);
}

bool th_help_about_named_character(const ThContext *cx, const char *topic, size_t length, ThText *out) {
  const char *text = th_character_find(topic, length), *name = text ? th_character_name(text) : NULL;
  return name && say_character(cx, text, name, out);
}

bool th_help_about_command(const ThContext *cx, const char *topic, size_t length, ThText *out) {
  const ThCommand *command;
  char form[64];
  size_t colon = topic[0] == ':';
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    if (strlen(command->name) != length - colon || memcmp(command->name, topic + colon, length - colon) != 0)
      continue;
    snprintf(form, sizeof form, ":%s %s", command->name, command->arguments);
    th_help_page_heading(cx, form, out);
    th_help_page_lines(cx, command->brief, 2, out);
    see_also(cx, "prompt :help", out);
    return true;
  }
  return false;
}

bool th_help_same_word(const char *a, const char *b, size_t length) {
  if (strlen(a) != length) return false;
  for (size_t i = 0; i < length; i++)
    if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i])) return false;
  return true;
}

bool th_help_about_section(ThContext *cx, const char *topic, size_t length, ThText *out) {
  const ThBuiltin *row;
  char name[NAME_SIZE];
  bool any = false;
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++) {
    if (!th_help_same_word(row->section, topic, length)) continue;
    if (!any) th_help_page_heading(cx, row->section, out);
    any = true;
    th_help_page_entry(cx, th_builtin_name(row, name, sizeof name), row->brief, out);
  }
  return any;
}
