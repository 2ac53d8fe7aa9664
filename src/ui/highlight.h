/* highlight.h - which parts of an input are words, strings, comments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_HIGHLIGHT_H
#define TH_UI_HIGHLIGHT_H

#include "lang/session.h"

/* Numbers and the person's own names are plain, and so is a name that nothing defines: it may be defined in a
 * moment. */
typedef enum ThTint {
  TH_TINT_PLAIN,
  TH_TINT_PROMPT,
  TH_TINT_KEYWORD,
  TH_TINT_STRING,
  TH_TINT_COMMENT,
  TH_TINT_BUILTIN, /* a built-in that the person has not hidden; a command of the prompt */
  TH_TINT_WRONG,   /* a closing bracket that closes nothing */
  TH_TINT_MATCH,   /* the brackets at the cursor */
  TH_N_TINTS
} ThTint;

/* The tint of each byte of the text, into tints[0 .. length). The text need not be finished, nor right. */
void th_highlight(ThSession *session, const char *text, size_t length, uint8_t *tints);

/* Marks the bracket before or else at the cursor, and the one it pairs with. */
void th_highlight_match(const char *text, size_t length, size_t point, uint8_t *tints);

/* Appends code with the codes of its tints; a terminal with colours is the caller's to see to. */
void th_highlight_code(ThSession *session, const char *text, size_t length, ThText *out);
/* The same for an error as th_error_show writes it: the program's lines are code, the carets red. */
void th_highlight_error(ThSession *session, const char *text, ThText *out);

/* The codes that set a tint; "\033[0m" takes it back. */
const char *th_tint_code(ThTint tint);

/* What the brackets and quotes of text[0 .. length) leave open, the outermost first: `(` `[` `{`, `"` for a
 * string, `$` for the round bracket of an interpolation. */
enum { TH_MAX_OPEN = 128 };
typedef struct ThOpenBrackets {
  size_t n; /* at most TH_MAX_OPEN are kept */
  struct {
    char bracket;
    size_t offset;
  } open[TH_MAX_OPEN];
} ThOpenBrackets;
void th_open_brackets(const char *text, size_t length, ThOpenBrackets *out);

/* Whether the code point can stand in a name; and where the name that ends at byte `end` begins, or `end`. */
bool th_is_name_character(uint32_t code_point);
size_t th_name_start(const char *text, size_t end);

#endif
