/* command_line.h - the words that the program was started with */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_COMMAND_LINE_H
#define TH_UI_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* What the program is asked to do. */
typedef enum ThForm {
  TH_FORM_PROMPT, /* no word is left: the prompt, or standard input when that is no terminal */
  TH_FORM_SCRIPT, /* words[0] is a file, or - */
  TH_FORM_CODE,
  TH_FORM_LESSON,
  TH_FORM_DEMO,
  TH_FORM_CHECK,
  TH_FORM_REPORT,
  TH_FORM_HELP
} ThForm;

enum { TH_MAX_CODE = 64 };

typedef struct ThCommandLine {
  ThForm form;
  int n; /* the words behind the form's own, or behind the script's name */
  char *const *words;
  const char *file;                                       /* the script */
  const char *seed, *plot, *digits, *max_memory, *output, *search; /* as written, NULL when left out */
  const char *code[TH_MAX_CODE];                          /* of -e, in order */
  size_t n_code;
  bool quiet, no_rc, sandbox, examples, write, rows, version, help;
} ThCommandLine;

/* Reads the words; they may be reordered. False after a message on standard error. */
bool th_command_line_parse(int n, char **words, ThCommandLine *out);

/* Says on standard error what is wrong; `which`, a word as it was given, may be NULL. */
void th_command_line_complain(const char *what, const char *which);
/* The form that a mistyped word was probably meant to be: "check"; NULL when none is near. */
const char *th_command_line_nearest_form(const char *word);

/* Prints every form and option. */
void th_command_line_usage(void);

/* The i-th form (`check FILE...`) and the i-th option; false after the last. `value` and `brief` may be NULL. */
typedef struct ThCommandLineRow {
  const char *name, *value, *brief;
} ThCommandLineRow;
bool th_command_line_form(size_t i, ThCommandLineRow *out);
bool th_command_line_option(size_t i, ThCommandLineRow *out);

#endif
