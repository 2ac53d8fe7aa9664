/* html_code.c - Theta code with its parts told apart by colour */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/lexer.h"
#include "ui/html.h"

/* What stands between tokens: blanks, line ends, comments. */
static void put_gap(const char *text, size_t length, ThText *out) {
  const char *mark = memchr(text, '#', length);
  while (mark) {
    size_t before = (size_t)(mark - text);
    const char *end = memchr(mark, '\n', length - before);
    size_t comment = end ? (size_t)(end - mark) : length - before;
    th_html_text(text, before, out);
    th_text_add(out, "<span class=\"c\">");
    th_html_text(mark, comment, out);
    th_text_add(out, "</span>");
    text += before + comment;
    length -= before + comment;
    mark = memchr(text, '#', length);
  }
  th_html_text(text, length, out);
}

/* The words that are reserved only at the start of a line, before a name. */
static bool is_opening_word(const char *text, ThSpan span, ThTokenKind before, ThTokenKind next) {
  static const char *const words[] = {"data", "model", "param", "claim"};
  bool starts = before == TH_TOKEN_LINE || before == TH_TOKEN_SEMICOLON || before == TH_TOKEN_END ||
                before == TH_TOKEN_LEFT_BRACE;
  for (size_t i = 0; starts && i < sizeof words / sizeof *words; i++) {
    size_t length = strlen(words[i]);
    if (span.end - span.start == length && memcmp(text + span.start, words[i], length) == 0)
      return next == TH_TOKEN_NAME;
  }
  return false;
}

static const char *class_of(const char *text, const ThToken *token, ThTokenKind before, ThTokenKind next) {
  switch (token->kind) {
    case TH_TOKEN_NUMBER:
    case TH_TOKEN_IMAGINARY: return "n";
    case TH_TOKEN_STRING: return "s";
    case TH_TOKEN_NAME:
      if (is_opening_word(text, token->span, before, next)) return "k";
      return next == TH_TOKEN_LEFT_PAREN ? "f" : NULL;
    default: return token->kind >= TH_TOKEN_IF && token->kind <= TH_TOKEN_NONE ? "k" : NULL;
  }
}

static void put_token(const char *text, ThSpan span, const char *class, ThText *out) {
  if (class) th_text_format(out, "<span class=\"%s\">", class);
  th_html_text(text + span.start, span.end - span.start, out);
  if (class) th_text_add(out, "</span>");
}

/* Code that the lexer refuses keeps the colours before the fault. */
void th_html_code(ThContext *cx, const char *code, size_t length, ThText *out) {
  ThLexer lexer;
  ThToken token;
  size_t at = 0;
  ThTokenKind before = TH_TOKEN_END;
  ThSource *source = th_source_new(cx, "", code, length);
  if (source) {
    th_lexer_init(&lexer, cx, source, 0, (uint32_t)length);
    while (th_lexer_next(&lexer, &token) && token.kind != TH_TOKEN_END) {
      if (token.kind != TH_TOKEN_LINE && token.span.start >= at && token.span.end <= length) {
        put_gap(code + at, token.span.start - at, out);
        put_token(code, token.span, class_of(code, &token, before, th_lexer_peek(&lexer)), out);
        at = token.span.end;
      }
      before = token.kind;
    }
    th_lexer_clear(&lexer);
  }
  th_source_release(source);
  th_error_clear(cx);
  put_gap(code + at, length - at, out);
}
