/* help_table.c - everything that is declared in rows, as one table of text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_table.h"

#include <stdio.h>
#include <string.h>

#include "lang/builtin.h"
#include "lang/lexer.h"
#include "prob/distribution.h"
#include "ui/command_line.h"
#include "ui/commands.h"
#include "ui/help.h"
#include "ui/help_peers.h"
#include "ui/help_topics.h"

enum { NAME_SIZE = 64 };

/* The lines of a field; none when there is no text. */
static void add_field(ThText *out, const char *kind, const char *name, const char *field, const char *text) {
  while (text && *text) {
    size_t length = strcspn(text, "\n");
    th_text_format(out, "%s\t%s\t%s\t", kind, name, field);
    th_text_bytes(out, text, length);
    th_text_char(out, '\n');
    text += length + (text[length] == '\n');
  }
}

/* --- Functions and families */

static void add_functions(ThContext *cx, ThText *out) {
  const ThBuiltin *row;
  char name[NAME_SIZE];
  for (size_t i = 0; (row = th_builtin_at(cx, i)); i++) {
    th_builtin_name(row, name, sizeof name);
    add_field(out, "function", name, "signature", row->signature);
    add_field(out, "function", name, "section", row->section);
    add_field(out, "function", name, "brief", row->brief);
    add_field(out, "function", name, "detail", row->detail);
    add_field(out, "function", name, "example", row->examples);
    add_field(out, "function", name, "see", row->see);
  }
}

static const char *domain_text(ThDomain domain) {
  static const char *const texts[] = {
      [TH_DOMAIN_REAL] = "a number",
      [TH_DOMAIN_POSITIVE] = "positive",
      [TH_DOMAIN_NON_NEGATIVE] = "0 or more",
      [TH_DOMAIN_PROBABILITY] = "0 to 1",
      [TH_DOMAIN_OPEN_PROBABILITY] = "between 0 and 1",
      [TH_DOMAIN_COUNT] = "a whole number, 0 or more",
      [TH_DOMAIN_WHOLE] = "a whole number",
      [TH_DOMAIN_ANY] = "",
  };
  return texts[domain];
}

static void add_parameters(const ThFamily *family, ThText *out) {
  for (int i = 0; i < family->n_parameters - family->n_hidden; i++) {
    const ThFamilyParameter *p = &family->parameters[i];
    th_text_format(out, "family\t%s\tparameter\t%s\t%s\t", family->name, p->name, domain_text(p->domain));
    if (p->optional) th_text_format(out, "%g", p->fallback);
    th_text_char(out, '\n');
  }
}

/* A family without a constructor is an answer, nothing that is written. */
static void add_families(ThText *out) {
  const ThFamily *family;
  for (size_t i = 0; (family = th_family_at(i)); i++) {
    if (!family->builtin[0].signature) continue;
    add_parameters(family, out);
    for (const ThAlternative *a = family->alternatives; a && a->names; a++)
      add_field(out, "family", family->name, "other", a->names);
    add_field(out, "family", family->name, "values", family->discrete ? "discrete" : "continuous");
  }
}

/* --- Words, commands, the command line */

static void add_words(ThText *out) {
  const ThHelpWord *word;
  const char *reserved;
  for (size_t i = 0; (word = th_help_word_at(i)); i++) {
    add_field(out, "word", word->names, "brief", word->brief);
    add_field(out, "word", word->names, "example", word->example);
    add_field(out, "word", word->names, "see", word->see);
  }
  for (size_t i = 0; (reserved = th_reserved_word(i)); i++)
    add_field(out, "reserved", reserved, "word", reserved);
}

static void add_commands(ThText *out) {
  const ThCommand *command;
  for (size_t i = 0; (command = th_command_at(i)); i++) {
    add_field(out, "command", command->name, "arguments", command->arguments);
    add_field(out, "command", command->name, "brief", command->brief);
  }
}

static void add_command_line(ThText *out) {
  ThCommandLineRow row;
  for (size_t i = 0; th_command_line_form(i, &row); i++) add_field(out, "form", row.name, "brief", row.brief);
  for (size_t i = 0; th_command_line_option(i, &row); i++) {
    add_field(out, "option", row.name, "value", row.value);
    add_field(out, "option", row.name, "brief", row.brief);
  }
}

/* --- Pages, other languages */

static bool add_topic(void *self, const ThTopic *topic) {
  add_field(self, "topic", topic->name, "title", topic->title);
  add_field(self, "topic", topic->name, "names", topic->names);
  add_field(self, "topic", topic->name, "brief", topic->brief);
  return true;
}

static void add_peer(void *self, const ThHelpPeer *peer) {
  add_field(self, "peer", peer->theirs, "form", peer->ours);
}

bool th_help_table(ThContext *cx, ThText *out) {
  add_functions(cx, out);
  add_families(out);
  add_words(out);
  add_commands(out);
  add_command_line(out);
  return th_topics_each(cx, add_topic, out) && th_help_peers_each(cx, add_peer, out) && th_text_ok(out, cx);
}
