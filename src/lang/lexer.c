/* lexer.c - source text to tokens */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unicode signs are read as their ASCII twins here, once, so that the parser knows one spelling of each.
 * The table of signs is searched longest first. */
#include "lang/lexer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "lang/excerpt.h"

enum { MAX_OPEN = 200 }; /* brackets within brackets */

static const struct {
  const char *word;
  ThTokenKind kind;
} words[] = {
    {"if", TH_TOKEN_IF},         {"then", TH_TOKEN_THEN},
    {"else", TH_TOKEN_ELSE},     {"for", TH_TOKEN_FOR},
    {"while", TH_TOKEN_WHILE},   {"in", TH_TOKEN_IN},
    {"break", TH_TOKEN_BREAK},   {"continue", TH_TOKEN_CONTINUE},
    {"return", TH_TOKEN_RETURN}, {"and", TH_TOKEN_AND},
    {"or", TH_TOKEN_OR},         {"not", TH_TOKEN_NOT},
    {"with", TH_TOKEN_WITH},     {"true", TH_TOKEN_TRUE},
    {"false", TH_TOKEN_FALSE},   {"none", TH_TOKEN_NONE},
};
enum { N_WORDS = sizeof words / sizeof *words };

/* Signs, longer ones before their beginnings. */
static const struct {
  const char *sign;
  ThTokenKind kind;
} signs[] = {
    {":=", TH_TOKEN_LIVE},
    {"->", TH_TOKEN_ARROW},
    {"|>", TH_TOKEN_PIPE},
    {"+=", TH_TOKEN_PLUS_ASSIGN},
    {"-=", TH_TOKEN_MINUS_ASSIGN},
    {"*=", TH_TOKEN_STAR_ASSIGN},
    {"/=", TH_TOKEN_SLASH_ASSIGN},
    {"^=", TH_TOKEN_CARET_ASSIGN},
    {"==", TH_TOKEN_EQUAL},
    {"!=", TH_TOKEN_NOT_EQUAL},
    {"<=", TH_TOKEN_LESS_EQUAL},
    {">=", TH_TOKEN_GREATER_EQUAL},
    {"(", TH_TOKEN_LEFT_PAREN},
    {")", TH_TOKEN_RIGHT_PAREN},
    {"[", TH_TOKEN_LEFT_BRACKET},
    {"]", TH_TOKEN_RIGHT_BRACKET},
    {"{", TH_TOKEN_LEFT_BRACE},
    {"}", TH_TOKEN_RIGHT_BRACE},
    {",", TH_TOKEN_COMMA},
    {".", TH_TOKEN_DOT},
    {":", TH_TOKEN_COLON},
    {"=", TH_TOKEN_ASSIGN},
    {"~", TH_TOKEN_TILDE},
    {"|", TH_TOKEN_BAR},
    {"'", TH_TOKEN_QUOTE},
    {"+", TH_TOKEN_PLUS},
    {"-", TH_TOKEN_MINUS},
    {"*", TH_TOKEN_STAR},
    {"/", TH_TOKEN_SLASH},
    {"%", TH_TOKEN_PERCENT},
    {"^", TH_TOKEN_CARET},
    {"@", TH_TOKEN_AT},
    {"\\", TH_TOKEN_BACKSLASH},
    {"<", TH_TOKEN_LESS},
    {">", TH_TOKEN_GREATER},
    {";", TH_TOKEN_SEMICOLON},
    {"≤", TH_TOKEN_LESS_EQUAL},
    {"≥", TH_TOKEN_GREATER_EQUAL},
    {"≠", TH_TOKEN_NOT_EQUAL},
    {"∈", TH_TOKEN_IN},
    {"⋅", TH_TOKEN_AT},
    {"·", TH_TOKEN_AT},
    {"√", TH_TOKEN_ROOT},
    {"∩", TH_TOKEN_AND},
    {"∪", TH_TOKEN_OR},
    {"¬", TH_TOKEN_NOT},
    {"−", TH_TOKEN_MINUS},
    {"–", TH_TOKEN_MINUS},
    {"—", TH_TOKEN_MINUS},
    {"×", TH_TOKEN_STAR},
    {"÷", TH_TOKEN_SLASH},
    {"→", TH_TOKEN_ARROW},
    {"‘", TH_TOKEN_QUOTE},
    {"’", TH_TOKEN_QUOTE},
    {"′", TH_TOKEN_QUOTE},
    {"∼", TH_TOKEN_TILDE},
    {"∣", TH_TOKEN_BAR},
};
enum { N_SIGNS = sizeof signs / sizeof *signs };

const char *th_reserved_word(size_t i) { return i < N_WORDS ? words[i].word : NULL; }

const char *th_token_text(ThTokenKind kind) {
  switch (kind) {
    case TH_TOKEN_END: return "the end";
    case TH_TOKEN_LINE: return "the end of the line";
    case TH_TOKEN_NUMBER:
    case TH_TOKEN_IMAGINARY: return "a number";
    case TH_TOKEN_STRING: return "a string";
    case TH_TOKEN_NAME: return "a name";
    case TH_TOKEN_SUPERSCRIPT: return "a superscript";
    default: break;
  }
  for (size_t i = 0; i < N_WORDS; i++)
    if (words[i].kind == kind) return words[i].word;
  for (size_t i = 0; i < N_SIGNS; i++)
    if (signs[i].kind == kind) return signs[i].sign;
  return "√";
}

void th_lexer_init(ThLexer *lexer, ThContext *cx, const ThSource *source, uint32_t start, uint32_t end) {
  *lexer = (ThLexer){.cx = cx, .source = source, .offset = start, .end = end, .last = TH_TOKEN_LINE};
}

void th_lexer_clear(ThLexer *lexer) {
  th_free(lexer->cx, lexer->open, lexer->open_capacity * sizeof *lexer->open);
  lexer->open = NULL;
}

bool th_lexer_error(ThLexer *lexer, ThErrorCode code, ThSpan span, const char *format, ...) {
  char message[TH_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  th_fail(lexer->cx, code, "%s", message);
  th_error_place(lexer->cx, (ThSource *)(uintptr_t)lexer->source, span);
  return false;
}

static const char *at(const ThLexer *lexer) { return lexer->source->text + lexer->offset; }
static size_t left(const ThLexer *lexer) { return lexer->end - lexer->offset; }

static bool starts_with(const ThLexer *lexer, const char *text) {
  size_t length = strlen(text);
  return length <= left(lexer) && memcmp(at(lexer), text, length) == 0;
}

/* After these a newline does not end the statement. */
static bool continues(ThTokenKind kind) {
  switch (kind) {
    case TH_TOKEN_COMMA:
    case TH_TOKEN_PLUS:
    case TH_TOKEN_MINUS:
    case TH_TOKEN_STAR:
    case TH_TOKEN_SLASH:
    case TH_TOKEN_PERCENT:
    case TH_TOKEN_CARET:
    case TH_TOKEN_AT:
    case TH_TOKEN_BACKSLASH:
    case TH_TOKEN_ROOT:
    case TH_TOKEN_EQUAL:
    case TH_TOKEN_NOT_EQUAL:
    case TH_TOKEN_LESS:
    case TH_TOKEN_LESS_EQUAL:
    case TH_TOKEN_GREATER:
    case TH_TOKEN_GREATER_EQUAL:
    case TH_TOKEN_AND:
    case TH_TOKEN_OR:
    case TH_TOKEN_NOT:
    case TH_TOKEN_IN:
    case TH_TOKEN_ASSIGN:
    case TH_TOKEN_LIVE:
    case TH_TOKEN_TILDE:
    case TH_TOKEN_PIPE:
    case TH_TOKEN_ARROW:
    case TH_TOKEN_PLUS_ASSIGN:
    case TH_TOKEN_MINUS_ASSIGN:
    case TH_TOKEN_STAR_ASSIGN:
    case TH_TOKEN_SLASH_ASSIGN:
    case TH_TOKEN_CARET_ASSIGN:
    case TH_TOKEN_THEN:
    case TH_TOKEN_ELSE:
    case TH_TOKEN_WITH:
    case TH_TOKEN_COLON:
    case TH_TOKEN_DOT: return true;
    default: return false;
  }
}

static char innermost(const ThLexer *lexer) {
  return lexer->n_open ? lexer->open[lexer->n_open - 1].bracket : '{';
}

/* Bytes of a blank that is not a newline: ASCII blanks, no-break and other Unicode spaces, the byte order mark. */
static size_t blank_size(const ThLexer *lexer) {
  static const char *const wide[] = {"\u00a0", "\u2002", "\u2003", "\u2009", "\u200a",
                                     "\u202f", "\u2007", "\ufeff", "\u200b"};
  char c = *at(lexer);
  if (c == ' ' || c == '\t' || c == '\r') return 1;
  if ((unsigned char)c < 0x80) return 0;
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
    if (starts_with(lexer, wide[i])) return strlen(wide[i]);
  return 0;
}

/* Skips blanks, comments and newlines that are blank; true when a newline that counts was passed. */
static bool skip_blank(ThLexer *lexer, bool *spaced) {
  bool line = false;
  *spaced = false;
  while (lexer->offset < lexer->end) {
    size_t size = blank_size(lexer);
    if (size) {
      lexer->offset += (uint32_t)size;
    } else if (*at(lexer) == '#') {
      while (lexer->offset < lexer->end && *at(lexer) != '\n') lexer->offset++;
    } else if (*at(lexer) == '\n') {
      line |= innermost(lexer) == '{' && !continues(lexer->last);
      lexer->offset++;
    } else {
      break;
    }
    *spaced = true;
  }
  return line;
}

static bool is_name_continuation(uint32_t c) {
  return th_utf8_is_letter(c) || (c < 0x80 && th_decimal_is_digit((char)c)) || th_utf8_is_mark(c) ||
         th_utf8_subscript(c) >= 0 || (c >= 0x2090 && c <= 0x209C) || (c >= 0x1D62 && c <= 0x1D6A) ||
         c == 0x2C7C || c == 0x208A || c == 0x208B;
}

/* A superscript letter (ᵀ and friends) is a letter to Unicode, but ends a name here. */
static bool is_superscript_letter(uint32_t c) { return c == 0x1D40; }

static bool read_name(ThLexer *lexer, ThToken *token) {
  uint32_t start = lexer->offset;
  while (lexer->offset < lexer->end) {
    size_t size;
    uint32_t c = th_utf8_decode(at(lexer), left(lexer), &size);
    if (!is_name_continuation(c) || is_superscript_letter(c)) break;
    lexer->offset += (uint32_t)size;
  }
  token->kind = TH_TOKEN_NAME;
  const char *text = lexer->source->text + start;
  size_t length = lexer->offset - start;
  for (size_t i = 0; i < N_WORDS; i++)
    if (strlen(words[i].word) == length && memcmp(words[i].word, text, length) == 0)
      token->kind = words[i].kind;
  return true;
}

/* Copies digits, without their underscores; *used grows. A name that begins with _ is not part of a number. */
static void copy_digits(ThLexer *lexer, char *digits, size_t size, size_t *used) {
  for (; lexer->offset < lexer->end; lexer->offset++) {
    char c = *at(lexer);
    if (c == '_' && left(lexer) > 1 && th_decimal_is_digit(at(lexer)[1])) continue;
    if (!th_decimal_is_digit(c)) break;
    if (*used < size - 1) digits[(*used)++] = c;
  }
}

/* An exponent counts only when digits follow: 2exp(x) is 2*exp(x). */
static bool exponent_follows(const ThLexer *lexer) {
  size_t n = left(lexer);
  if (n < 2 || (*at(lexer) != 'e' && *at(lexer) != 'E')) return false;
  char next = at(lexer)[1];
  return th_decimal_is_digit(next) ||
         ((next == '+' || next == '-') && n > 2 && th_decimal_is_digit(at(lexer)[2]));
}

static void read_suffix(ThLexer *lexer, ThToken *token) {
  if (left(lexer) == 0 || *at(lexer) != 'i') return;
  size_t size;
  if (left(lexer) > 1 && is_name_continuation(th_utf8_decode(at(lexer) + 1, left(lexer) - 1, &size))) return;
  token->kind = TH_TOKEN_IMAGINARY;
  lexer->offset++;
}

/* 0x1F, 3.4.5: what begins like a number and is none. `start` is its first byte. */
static bool check_number(ThLexer *lexer, uint32_t start) {
  const char *text = lexer->source->text;
  uint32_t end = lexer->offset;
  ThSpan span = {start, (uint32_t)(end + 1)};
  char c = end < lexer->end ? text[end] : '\0';
  char next = end + 1 < lexer->end ? text[end + 1] : '\0';
  if (end == start + 1 && text[start] == '0' && (c == 'x' || c == 'X') && isxdigit((unsigned char)next)) {
    while (span.end < lexer->end && isxdigit((unsigned char)text[span.end])) span.end++;
    th_lexer_error(lexer, TH_ERROR_SYNTAX, span, "`%.*s` is not a number here", (int)(span.end - start),
                   text + start);
    return th_hint(lexer->cx, "numbers are decimal: write `%lu`", strtoul(text + start, NULL, 16));
  }
  if (c == '.' && th_decimal_is_digit(next)) {
    while (span.end < lexer->end && (th_decimal_is_digit(text[span.end]) || text[span.end] == '.'))
      span.end++;
    return th_lexer_error(lexer, TH_ERROR_SYNTAX, span, "the number `%.*s` has two decimal points",
                          (int)(span.end - start), text + start);
  }
  return true;
}

static bool read_number(ThLexer *lexer, ThToken *token) {
  char digits[512];
  size_t used = 0;
  uint32_t start = lexer->offset;
  copy_digits(lexer, digits, sizeof digits - 16, &used);
  bool point = left(lexer) > 0 && *at(lexer) == '.' &&
               !(left(lexer) > 1 && strchr("*/^.", at(lexer)[1]) && at(lexer)[1]);
  if (point) {
    digits[used++] = '.';
    lexer->offset++;
    copy_digits(lexer, digits, sizeof digits - 16, &used);
  }
  if (exponent_follows(lexer)) {
    digits[used++] = 'e';
    lexer->offset++;
    if (!th_decimal_is_digit(*at(lexer))) digits[used++] = *at(lexer), lexer->offset++;
    copy_digits(lexer, digits, sizeof digits, &used);
  }
  digits[used] = '\0';
  token->kind = TH_TOKEN_NUMBER;
  token->number = strtod(digits, NULL);
  read_suffix(lexer, token);
  return check_number(lexer, start);
}

static size_t quote_size(const ThLexer *lexer) {
  static const char *const quotes[] = {"\"", "“", "”", "„", "«", "»"};
  for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
    if (starts_with(lexer, quotes[i])) return strlen(quotes[i]);
  return 0;
}

static bool skip_string(ThLexer *lexer, uint32_t start);

/* Skips the code of $( … ), nested strings and brackets included. */
static bool skip_code(ThLexer *lexer, uint32_t start) {
  size_t depth = 0;
  uint32_t code = lexer->offset - 1;
  while (lexer->offset < lexer->end) {
    char c = *at(lexer);
    if (quote_size(lexer)) {
      if (!skip_string(lexer, start)) break; /* most likely the quote that ends the outer string */
      continue;
    }
    lexer->offset++;
    if (c == '(') depth++;
    if (c == ')' && --depth == 0) return true;
    if (c == '\n') break;
  }
  return th_lexer_error(lexer, TH_ERROR_SYNTAX, (ThSpan){code, code + 2},
                        "this string's `$(` is never closed by `)`");
}

static bool skip_string(ThLexer *lexer, uint32_t start) {
  bool curly = *at(lexer) != '"';
  lexer->offset += (uint32_t)quote_size(lexer);
  while (lexer->offset < lexer->end && *at(lexer) != '\n') {
    size_t quote = quote_size(lexer);
    if (quote && (curly || *at(lexer) == '"')) {
      lexer->offset += (uint32_t)quote;
      return true;
    }
    if (starts_with(lexer, "$(")) {
      lexer->offset++;
      if (!skip_code(lexer, start)) return false;
    } else {
      lexer->offset += *at(lexer) == '\\' && left(lexer) > 1 && at(lexer)[1] != '\n' ? 2 : 1;
    }
  }
  return th_lexer_error(lexer, TH_ERROR_SYNTAX, (ThSpan){start, start + 1},
                        "this string is never closed by `\"`");
}

/* ² ³ ⁻¹ ᵀ … */
static bool read_superscript(ThLexer *lexer, ThToken *token) {
  size_t size;
  uint32_t c = th_utf8_decode(at(lexer), left(lexer), &size);
  bool negative = c == 0x207B;
  uint32_t offset = lexer->offset;
  if (is_superscript_letter(c)) {
    token->kind = TH_TOKEN_SUPERSCRIPT;
    token->number = TH_TRANSPOSE_POWER;
    lexer->offset += (uint32_t)size;
    return true;
  }
  if (negative) offset += (uint32_t)size;
  double power = 0;
  size_t digits = 0;
  for (; offset < lexer->end; offset += (uint32_t)size, digits++) {
    int digit = th_utf8_superscript(th_utf8_decode(lexer->source->text + offset, lexer->end - offset, &size));
    if (digit < 0) break;
    power = 10 * power + digit;
  }
  if (digits == 0) return false;
  token->kind = TH_TOKEN_SUPERSCRIPT;
  token->number = negative ? -power : power;
  lexer->offset = offset;
  return true;
}

static bool push_open(ThLexer *lexer, char bracket, uint32_t offset) {
  if (lexer->n_open == MAX_OPEN)
    return th_lexer_error(lexer, TH_ERROR_LIMIT, (ThSpan){offset, offset + 1},
                          "brackets nested more than %d deep", MAX_OPEN);
  if (lexer->n_open == lexer->open_capacity) {
    size_t capacity = lexer->open_capacity ? lexer->open_capacity * 2 : 8;
    struct ThOpen *open = th_resize(lexer->cx, lexer->open, lexer->open_capacity * sizeof *open,
                                    capacity * sizeof *open);
    if (!open) return false;
    lexer->open = open;
    lexer->open_capacity = capacity;
  }
  lexer->open[lexer->n_open++] = (struct ThOpen){bracket, offset};
  return true;
}

/* Where the indentation of a block's ends first disagrees, a bracket is likely missing, or one too many. */
static void compare_indentation(ThLexer *lexer, uint32_t open, uint32_t close) {
  const char *text = lexer->source->text;
  uint32_t line = close;
  while (line > 0 && (text[line - 1] == ' ' || text[line - 1] == '\t')) line--;
  if (line > 0 && text[line - 1] != '\n') return; /* it does not begin its line */
  uint32_t start = th_excerpt_line_start(text, open);
  uint32_t inner = close - line, outer = th_excerpt_skip_blanks(text, start) - start;
  if (inner < outer && !lexer->unclosed.end) lexer->unclosed = (ThSpan){open, close};
  if (inner > outer && !lexer->surplus.end) lexer->surplus = (ThSpan){close, close + 1};
}

static size_t line_of(const ThLexer *lexer, uint32_t offset) {
  size_t line, column;
  th_source_position(lexer->source, offset, &line, &column);
  return line;
}

static bool closes_nothing(ThLexer *lexer, char closing, char opening, ThSpan here) {
  th_lexer_error(lexer, TH_ERROR_SYNTAX, here, "`%c` closes nothing: there is no open `%c`", closing,
                 opening);
  if (closing != '}' || !lexer->surplus.end) return false;
  return th_hint(lexer->cx, "is the `}` of line %zu one too many?", line_of(lexer, lexer->surplus.start));
}

static bool never_closed(ThLexer *lexer) {
  struct ThOpen open = lexer->open[lexer->n_open - 1];
  bool suspect = open.bracket == '{' && lexer->unclosed.end;
  uint32_t at = suspect ? lexer->unclosed.start : open.offset;
  th_lexer_error(lexer, TH_ERROR_INCOMPLETE, (ThSpan){at, at + 1}, "this `%c` is never closed", open.bracket);
  if (!suspect) return false;
  return th_hint(lexer->cx, "the `}` of line %zu stands too far left to close it",
                 line_of(lexer, lexer->unclosed.end));
}

static bool pop_open(ThLexer *lexer, char closing, uint32_t offset) {
  ThSpan here = {offset, offset + 1};
  char opening = closing == ')' ? '(' : closing == ']' ? '[' : '{';
  if (lexer->n_open == 0) return closes_nothing(lexer, closing, opening, here);
  struct ThOpen open = lexer->open[lexer->n_open - 1];
  if (open.bracket == opening) {
    if (closing == '}') compare_indentation(lexer, open.offset, offset);
    lexer->n_open--;
    return true;
  }
  size_t line, column;
  th_source_position(lexer->source, open.offset, &line, &column);
  char expected = open.bracket == '(' ? ')' : open.bracket == '[' ? ']' : '}';
  size_t line_here = line_of(lexer, offset);
  if (line_here > line) { /* the fault is there, not here */
    th_lexer_error(lexer, TH_ERROR_SYNTAX, (ThSpan){open.offset, open.offset + 1},
                   "this `%c` is still open at the `%c` of line %zu", open.bracket, closing, line_here);
    return th_hint(lexer->cx, "a `%c` is missing", expected);
  }
  th_lexer_error(lexer, TH_ERROR_SYNTAX, here, "`%c` cannot close the `%c` of line %zu, column %zu", closing,
                 open.bracket, line, column);
  return th_hint(lexer->cx, "a `%c` is missing before it", expected);
}

static bool track_brackets(ThLexer *lexer, const ThToken *token) {
  uint32_t offset = token->span.start;
  switch (token->kind) {
    case TH_TOKEN_LEFT_PAREN: return push_open(lexer, '(', offset);
    case TH_TOKEN_LEFT_BRACKET: return push_open(lexer, '[', offset);
    case TH_TOKEN_LEFT_BRACE: return push_open(lexer, '{', offset);
    case TH_TOKEN_RIGHT_PAREN: return pop_open(lexer, ')', offset);
    case TH_TOKEN_RIGHT_BRACKET: return pop_open(lexer, ']', offset);
    case TH_TOKEN_RIGHT_BRACE: return pop_open(lexer, '}', offset);
    default: return true;
  }
}

static bool stray(ThLexer *lexer) {
  size_t size;
  uint32_t c = th_utf8_decode(at(lexer), left(lexer), &size);
  ThSpan span = {lexer->offset, lexer->offset + (uint32_t)size};
  unsigned byte = (unsigned char)*at(lexer);
  if (c == TH_UTF8_INVALID) {
    th_lexer_error(lexer, TH_ERROR_SYNTAX, span, "this byte (0x%02X) is not valid UTF-8", byte);
    return th_hint(lexer->cx, "save the file as UTF-8");
  }
  if (c < 32 || c == 127)
    return th_lexer_error(lexer, TH_ERROR_SYNTAX, span, "a control character (0x%02X) has no meaning here",
                          byte);
  if (c == '$') {
    const char *text = lexer->source->text;
    char left[TH_EXCERPT_SIZE], right[TH_EXCERPT_SIZE];
    th_lexer_error(lexer, TH_ERROR_SYNTAX, span, "`$` has a meaning only inside a string");
    return th_hint(lexer->cx, "a column or field is `%s.%s`",
                   th_excerpt_text(text, th_excerpt_before(text, span.start), "lab", left),
                   th_excerpt_text(text, th_excerpt_after(text, span.end), "x", right));
  }
  return th_lexer_error(lexer, TH_ERROR_SYNTAX, span, "`%.*s` has no meaning here", (int)size, at(lexer));
}

static bool read_sign(ThLexer *lexer, ThToken *token) {
  /* those of two and more characters may begin like one of ours */
  if (th_lexer_foreign(lexer, 2)) return false;
  for (size_t i = 0; i < N_SIGNS; i++)
    if (starts_with(lexer, signs[i].sign)) {
      token->kind = signs[i].kind;
      lexer->offset += (uint32_t)strlen(signs[i].sign);
      return true;
    }
  return th_lexer_foreign(lexer, 1) ? false : stray(lexer);
}

static bool at_end(ThLexer *lexer, ThToken *token) {
  if (lexer->n_open > 0) return never_closed(lexer);
  if (continues(lexer->last))
    return th_lexer_error(lexer, TH_ERROR_INCOMPLETE, lexer->last_span, "nothing follows `%s`",
                          th_token_text(lexer->last));
  token->kind = TH_TOKEN_END;
  return true;
}

/* Special names that are one letter to Unicode: ∞ is inf. */
static bool read_infinity(ThLexer *lexer, ThToken *token) {
  if (!starts_with(lexer, "∞")) return false;
  token->kind = TH_TOKEN_NUMBER;
  token->number = strtod("inf", NULL);
  lexer->offset += (uint32_t)strlen("∞");
  return true;
}

static bool read_token(ThLexer *lexer, ThToken *token) {
  size_t size;
  char c = *at(lexer);
  uint32_t code_point = th_utf8_decode(at(lexer), left(lexer), &size);
  if (th_decimal_is_digit(c) || (c == '.' && left(lexer) > 1 && th_decimal_is_digit(at(lexer)[1]) &&
                                 (token->spaced || lexer->last != TH_TOKEN_NAME)))
    return read_number(lexer, token);
  if (quote_size(lexer)) {
    token->kind = TH_TOKEN_STRING;
    return skip_string(lexer, lexer->offset);
  }
  if ((unsigned char)c >= 0x80 && (read_superscript(lexer, token) || read_infinity(lexer, token)))
    return true;
  if (th_utf8_is_letter(code_point)) return read_name(lexer, token);
  return read_sign(lexer, token);
}

/* The next token, brackets not yet tracked. */
static bool scan(ThLexer *lexer, ThToken *token) {
  *token = (ThToken){0};
  bool line = skip_blank(lexer, &token->spaced);
  token->span.start = token->span.end = lexer->offset;
  bool ok = true;
  if (line && lexer->last != TH_TOKEN_LINE) token->kind = TH_TOKEN_LINE;
  else if (lexer->offset >= lexer->end) ok = at_end(lexer, token);
  else ok = read_token(lexer, token);
  token->span.end = lexer->offset;
  lexer->last = token->kind;
  lexer->last_span = token->span;
  return ok;
}

bool th_lexer_next(ThLexer *lexer, ThToken *token) {
  return scan(lexer, token) && track_brackets(lexer, token);
}

ThTokenKind th_lexer_peek(const ThLexer *lexer) {
  ThLexer ahead = *lexer;
  ThToken token;
  if (scan(&ahead, &token)) return token.kind;
  th_error_clear(lexer->cx);
  return TH_TOKEN_END;
}

bool th_lexer_raw_block(ThLexer *lexer, ThSpan *text) {
  uint32_t brace = lexer->offset - 1;
  text->start = lexer->offset;
  while (lexer->offset < lexer->end && *at(lexer) != '}') {
    if (*at(lexer) == '"') {
      if (!skip_string(lexer, lexer->offset)) return false;
    } else if (*at(lexer) == '#') {
      while (lexer->offset < lexer->end && *at(lexer) != '\n') lexer->offset++;
    } else {
      lexer->offset++;
    }
  }
  text->end = lexer->offset;
  if (lexer->offset == lexer->end)
    return th_lexer_error(lexer, TH_ERROR_INCOMPLETE, (ThSpan){brace, brace + 1}, "this `{` is never closed");
  lexer->offset++;
  lexer->n_open--;
  lexer->last = TH_TOKEN_RIGHT_BRACE;
  return true;
}
