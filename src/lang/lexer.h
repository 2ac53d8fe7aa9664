/* lexer.h - source text to tokens */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LEXER_H
#define TH_LANG_LEXER_H

#include "base/source.h"

typedef enum ThTokenKind {
  TH_TOKEN_END,  /* of the source */
  TH_TOKEN_LINE, /* end of a statement: a newline that counts */
  TH_TOKEN_SEMICOLON,
  TH_TOKEN_NUMBER,    /* number */
  TH_TOKEN_IMAGINARY, /* number */
  TH_TOKEN_STRING,    /* span with its quotes */
  TH_TOKEN_NAME,
  TH_TOKEN_SUPERSCRIPT, /* power in number; TRANSPOSE_POWER for ᵀ */
  /* reserved words */
  TH_TOKEN_IF,
  TH_TOKEN_THEN,
  TH_TOKEN_ELSE,
  TH_TOKEN_FOR,
  TH_TOKEN_WHILE,
  TH_TOKEN_IN,
  TH_TOKEN_BREAK,
  TH_TOKEN_CONTINUE,
  TH_TOKEN_RETURN,
  TH_TOKEN_AND,
  TH_TOKEN_OR,
  TH_TOKEN_NOT,
  TH_TOKEN_WITH,
  TH_TOKEN_TRUE,
  TH_TOKEN_FALSE,
  TH_TOKEN_NONE,
  /* marks */
  TH_TOKEN_LEFT_PAREN,
  TH_TOKEN_RIGHT_PAREN,
  TH_TOKEN_LEFT_BRACKET,
  TH_TOKEN_RIGHT_BRACKET,
  TH_TOKEN_LEFT_BRACE,
  TH_TOKEN_RIGHT_BRACE,
  TH_TOKEN_COMMA,
  TH_TOKEN_DOT,
  TH_TOKEN_COLON,
  TH_TOKEN_ASSIGN,
  TH_TOKEN_LIVE,
  TH_TOKEN_TILDE,
  TH_TOKEN_BAR,
  TH_TOKEN_PIPE,
  TH_TOKEN_ARROW,
  TH_TOKEN_QUOTE,
  TH_TOKEN_PLUS,
  TH_TOKEN_MINUS,
  TH_TOKEN_STAR,
  TH_TOKEN_SLASH,
  TH_TOKEN_PERCENT,
  TH_TOKEN_CARET,
  TH_TOKEN_AT,
  TH_TOKEN_BACKSLASH,
  TH_TOKEN_ROOT,
  TH_TOKEN_PLUS_ASSIGN,
  TH_TOKEN_MINUS_ASSIGN,
  TH_TOKEN_STAR_ASSIGN,
  TH_TOKEN_SLASH_ASSIGN,
  TH_TOKEN_CARET_ASSIGN,
  TH_TOKEN_EQUAL,
  TH_TOKEN_NOT_EQUAL,
  TH_TOKEN_LESS,
  TH_TOKEN_LESS_EQUAL,
  TH_TOKEN_GREATER,
  TH_TOKEN_GREATER_EQUAL,
  TH_N_TOKENS
} ThTokenKind;

enum { TH_TRANSPOSE_POWER = 9999 };

typedef struct ThToken {
  ThTokenKind kind;
  bool spaced; /* blank or newline before it */
  ThSpan span;
  double number;
} ThToken;

/* Innermost brackets decide what a newline means, so the lexer keeps them. */
typedef struct ThLexer {
  ThContext *cx;
  const ThSource *source;
  uint32_t offset, end;
  ThTokenKind last; /* the token before: after an operator or comma a newline is blank */
  ThSpan last_span;
  ThSpan unclosed; /* from a `{` to the `}` that closed it though it stands further left; empty: none */
  ThSpan surplus;  /* a `}` that stands further right than the line of its `{` */
  size_t n_open, open_capacity;
  struct ThOpen {
    char bracket;
    uint32_t offset;
  } * open;
} ThLexer;

void th_lexer_init(ThLexer *lexer, ThContext *cx, const ThSource *source, uint32_t start, uint32_t end);
void th_lexer_clear(ThLexer *lexer);
/* The next token; false with an error at its place. An input that ends inside a bracket or string gives
 * TH_ERROR_INCOMPLETE. */
TH_CHECKED bool th_lexer_next(ThLexer *lexer, ThToken *token);
/* The kind of the token that th_lexer_next would give; never an error (TH_TOKEN_END instead). */
ThTokenKind th_lexer_peek(const ThLexer *lexer);
/* The raw text up to the brace that closes the one just read (for `data { … }`); the brace is consumed. */
TH_CHECKED bool th_lexer_raw_block(ThLexer *lexer, ThSpan *text);
/* An error at a span of the source; returns false. */
bool th_lexer_error(ThLexer *lexer, ThErrorCode code, ThSpan span, const char *format, ...) TH_PRINTF(4, 5);

/* At a sign of another language, of at least `shortest` characters: the error that says so, and true. Else false, and
 * no error. (lexer_foreign.c) */
bool th_lexer_foreign(ThLexer *lexer, size_t shortest);

/* The word or sign of a token kind, for messages: "`)`", "a name". */
const char *th_token_text(ThTokenKind kind);
const char *th_reserved_word(size_t i); /* NULL after the last */

#endif
