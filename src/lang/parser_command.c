/* parser_command.c - commands of the prompt where they are none */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `:digits 3` works only at the prompt, which takes such lines before the language sees them. In a script it is
 * an error that says what to write instead. */
#include <string.h>

#include "lang/parser_state.h"

/* `%s` stands for the rest of the line. */
static const struct {
  const char *name, *instead;
} commands[] = {
    {"help", "help(%s)"},
    {"vars", NULL},
    {"live", NULL},
    {"slide", "a loop, or `with %s in …`"},
    {"lesson", "theta lesson %s, from the shell"},
    {"next", NULL},
    {"hint", NULL},
    {"answer", NULL},
    {"check", NULL},
    {"skip", NULL},
    {"back", NULL},
    {"reset", NULL},
    {"outline", NULL},
    {"progress", NULL},
    {"notes", NULL},
    {"demo", "theta demo %s, from the shell"},
    {"load", "import(\"%s\")"},
    {"save", NULL},
    {"transcript", "theta FILE > %s, from the shell"},
    {"plot", "theta --plot %s FILE, from the shell"},
    {"digits", "digits(%s)"},
    {"seed", "seed(%s)"},
    {"time", NULL},
    {"undo", NULL},
    {"clear", NULL},
    {"quit", "a script ends where its text ends"},
};

static bool is_word(const char *text, size_t length, const char *word) {
  return strlen(word) == length && memcmp(text, word, length) == 0;
}

static void hint_instead(ThParser *p, const char *instead, const char *rest, size_t length) {
  char text[200];
  const char *mark = strstr(instead, "%s");
  int before = mark ? (int)(mark - instead) : (int)strlen(instead);
  if (length > sizeof text - 1) length = 0;
  memcpy(text, rest, length);
  text[length] = '\0';
  th_hint(p->cx, "in a script: %.*s%s%s", before, instead, mark ? text : "", mark ? mark + 2 : "");
}

bool th_parser_at_command(const ThParser *p) {
  if (!th_parser_at(p, TH_TOKEN_COLON)) return false;
  size_t length;
  const char *word = th_parser_text(p, p->token.span, &length) + 1;
  length = strspn(word, "abcdefghijklmnopqrstuvwxyz");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (is_word(word, length, commands[i].name)) return true;
  return false;
}

ThNode *th_parser_command(ThParser *p) {
  size_t length;
  const char *word = th_parser_text(p, p->token.span, &length) + 1;
  length = strspn(word, "abcdefghijklmnopqrstuvwxyz");
  ThSpan span = {p->token.span.start, p->token.span.end + (uint32_t)length};
  th_parser_error(p, span, "`:%.*s` is a command of the prompt, not of the language", (int)length, word);
  const char *rest = word + length + strspn(word + length, " \t");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (commands[i].instead && is_word(word, length, commands[i].name))
      hint_instead(p, commands[i].instead, rest, strcspn(rest, "\r\n;"));
  return NULL;
}
