/* parser_error.c - what the parser says of a token that does not fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first explanation that fits is given: a bracket that is still open, a word of another language, a block without
 * its braces, two operands side by side; and otherwise what was wanted. Hints are written with the text at hand. */
#include <stdio.h>
#include <string.h>

#include "lang/builtin.h"
#include "lang/excerpt.h"
#include "lang/parser_state.h"
#include "lang/session.h"

static const char *text_of(const ThParser *p) { return p->tree->source->text; }

ThSpan th_parser_after(const ThParser *p) {
  uint32_t end = p->before.span.end;
  return (ThSpan){end, end < p->tree->source->length ? end + 1 : end};
}

/* The place of the current token; the end of a line lies where the line ends. */
static ThSpan place(const ThParser *p) {
  bool at_line = th_parser_at(p, TH_TOKEN_LINE) || th_parser_at(p, TH_TOKEN_END);
  return at_line && p->before.span.end > 0 ? th_parser_after(p) : p->token.span;
}

/* What stands at the current token, as a message shows it. */
static void describe_token(const ThParser *p, char *out, size_t size) {
  size_t length;
  const char *text = th_parser_text(p, p->token.span, &length);
  if (th_parser_at(p, TH_TOKEN_END) || th_parser_at(p, TH_TOKEN_LINE))
    snprintf(out, size, "%s", th_token_text(p->token.kind));
  else snprintf(out, size, "`%.*s`", length > 40 ? 40 : (int)length, text);
}

bool th_parser_on_new_line(const ThParser *p) {
  return p->before.span.end <= th_excerpt_line_start(text_of(p), p->token.span.start) &&
         p->token.span.start > 0;
}

static bool begins_operand(ThTokenKind kind) {
  return kind == TH_TOKEN_NAME || kind == TH_TOKEN_NUMBER || kind == TH_TOKEN_STRING ||
         kind == TH_TOKEN_IMAGINARY || kind == TH_TOKEN_ROOT || kind == TH_TOKEN_LEFT_PAREN ||
         kind == TH_TOKEN_LEFT_BRACKET;
}

/* --- A bracket that is still open although a new line begins is most likely the fault. */

static bool is_opening(ThTokenKind kind) {
  return kind == TH_TOKEN_LEFT_PAREN || kind == TH_TOKEN_LEFT_BRACKET;
}

static bool bracket_open_above(ThParser *p) {
  size_t n = p->lexer.n_open -
             (is_opening(p->token.kind) && p->lexer.n_open > 0); /* opened by the token itself */
  if (n == 0 || p->lexer.open[n - 1].bracket == '{') return false;
  struct ThOpen open = p->lexer.open[n - 1];
  uint32_t start = th_excerpt_line_start(text_of(p), p->token.span.start);
  bool first = th_excerpt_skip_blanks(text_of(p), start) == p->token.span.start;
  bool second = th_parser_at(p, TH_TOKEN_ASSIGN) &&
                p->before.span.start == th_excerpt_skip_blanks(text_of(p), start);
  if (open.offset >= start || !(first || second)) return false;
  size_t line, column;
  th_source_position(p->tree->source, start, &line, &column);
  th_parser_error(p, (ThSpan){open.offset, open.offset + 1}, "this `%c` is still open when line %zu begins",
                  open.bracket, line);
  char closing = open.bracket == '(' ? ')' : ']';
  ThSpan before = th_excerpt_before(text_of(p), open.offset);
  bool list = (open.bracket == '[' || before.end == open.offset) && begins_operand(p->token.kind);
  if (!list) return !th_hint(p->cx, "a `%c` is missing", closing);
  return !th_hint(p->cx, "a `%c` is missing, or a `,` at the end of line %zu", closing, line - 1);
}

/* --- A line that ends in an operator goes on. */

static bool line_goes_on(ThParser *p) {
  const char *text = text_of(p);
  uint32_t start = th_excerpt_line_start(text, p->token.span.start), end = start;
  if (!th_parser_at(p, TH_TOKEN_ASSIGN) || p->lexer.n_open > 0) return false;
  while (end > 0 && strchr(" \t\r\n", text[end - 1])) end--;
  if (end <= p->statement) return false;
  uint32_t sign = end;
  while (sign > p->statement && strchr("=+-*/^%@\\<>~:,|", text[sign - 1])) sign--;
  if (sign == end) return false;
  size_t line, column;
  th_source_position(p->tree->source, sign, &line, &column);
  th_parser_error(p, (ThSpan){sign, end},
                  "nothing follows `%.*s` on line %zu, so that the next line belongs to it",
                  (int)(end - sign), text + sign, line);
  return true;
}

/* --- Two operands side by side */

static bool ends_operand(ThTokenKind kind) {
  return kind == TH_TOKEN_NAME || kind == TH_TOKEN_NUMBER || kind == TH_TOKEN_IMAGINARY ||
         kind == TH_TOKEN_STRING || kind == TH_TOKEN_RIGHT_PAREN || kind == TH_TOKEN_RIGHT_BRACKET ||
         kind == TH_TOKEN_SUPERSCRIPT || kind == TH_TOKEN_QUOTE;
}

static bool is_function(const ThParser *p, ThSpan name) {
  const ThSymbol *symbol = th_symbol_find(p->cx, text_of(p) + name.start, name.end - name.start);
  ThValue value;
  if (!symbol) return false;
  if (th_session_get(th_session_of(p->cx), symbol, &value))
    return th_is_object(value) && th_as_object(value)->kind->call;
  return th_builtin_find(p->cx, symbol) != NULL;
}

/* Operators that are words elsewhere: a mod b. */
static const char *word_operator(const ThParser *p) {
  static const struct {
    const char *word, *form;
  } words[] = {{"mod", "the remainder is `{a} % {b}`"},
               {"div", "for whole numbers write `floor({a} / {b})`"},
               {"is", "write `{a} == {b}`"},
               {"xor", "write `{a} != {b}`"},
               {"eq", "write `{a} == {b}`"},
               {"ne", "write `{a} != {b}`"},
               {"gt", "write `{a} > {b}`"},
               {"lt", "write `{a} < {b}`"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (th_parser_at_word(p, words[i].word)) return words[i].form;
  return NULL;
}

/* The form to propose for {a} {b} that stand side by side. */
static const char *form_beside(ThParser *p) {
  size_t n_open = p->lexer.n_open - (is_opening(p->token.kind) && p->lexer.n_open > 0);
  char bracket = n_open ? p->lexer.open[n_open - 1].bracket : '{';
  const char *text = text_of(p);
  ThTokenKind before = p->before.kind;
  uint32_t line = th_excerpt_line_start(text, p->token.span.start);
  if (before == TH_TOKEN_QUOTE || before == TH_TOKEN_SUPERSCRIPT)
    return "a matrix product is written `{a} @ {b}`";
  bool strings = before == TH_TOKEN_STRING && th_parser_at(p, TH_TOKEN_STRING);
  if (strings && bracket != '{') return "a comma is missing: `{a}, {b}`; strings are joined by `+`";
  if (th_parser_at(p, TH_TOKEN_STRING) && before == TH_TOKEN_NAME && !p->token.spaced)
    return "a string needs no letter before it: values are written into it by `$`, as in \"$x\"";
  if (before == TH_TOKEN_STRING) return "a quote inside a string is written \\\"; strings are joined by `+`";
  if (memchr(text + line, '%', p->token.span.start - line))
    return "a comment starts with #; `%` is the remainder";
  if (before == TH_TOKEN_NAME && is_function(p, p->before.span))
    return is_opening(p->token.kind) ? "a call's bracket touches its function: `{a}(…)`"
                                     : "a call is `{a}({b})`";
  if (bracket == '{' && th_parser_at(p, TH_TOKEN_NAME) && th_lexer_peek(&p->lexer) == TH_TOKEN_ASSIGN)
    return "two statements on a line are separated by `;`";
  if (bracket == '[') return "elements are separated by commas: `{a}, {b}`";
  if (bracket == '(') return "a product is `{a}*{b}`; arguments are separated by commas: `{a}, {b}`";
  return "a product is `{a}*{b}`";
}

static bool beside(ThParser *p) {
  if (!begins_operand(p->token.kind) || !ends_operand(p->before.kind)) return false;
  char found[64], left[TH_EXCERPT_SIZE], right[TH_EXCERPT_SIZE], hint[TH_HINT_SIZE];
  const char *text = text_of(p), *word = word_operator(p);
  uint32_t start = word ? p->token.span.end : p->token.span.start;
  const char *a = th_excerpt_text(text, th_excerpt_before(text, p->before.span.end), "a", left);
  const char *b = th_excerpt_text(text, th_excerpt_after(text, start), "b", right);
  describe_token(p, found, sizeof found);
  size_t n;
  const char *before = th_parser_text(p, p->before.span, &n);
  th_excerpt_fill(word ? word : form_beside(p), a, b, hint, sizeof hint);
  if (word) th_parser_error(p, p->token.span, "%s is not an operator", found);
  else
    th_parser_error(p, p->token.span, "%s stands beside `%.*s` without an operator", found,
                    n > 40 ? 40 : (int)n, before);
  return !th_hint(p->cx, "%s", hint);
}

/* --- Signs that mean something elsewhere */

/* What stands between the braces at hand. */
static const char *braced(const ThParser *p, char *buffer) {
  uint32_t open = p->lexer.open[p->lexer.n_open - 1].offset, closing = th_excerpt_closing(text_of(p), open);
  return th_excerpt_text(text_of(p), (ThSpan){open + 1, closing ? closing : open + 1}, "…", buffer);
}

/* 1,000   {1, 2}   a, b = …   a = 1, b = 2 */
static void hint_for_comma(ThParser *p) {
  const char *text = text_of(p);
  char left[TH_EXCERPT_SIZE], right[TH_EXCERPT_SIZE];
  ThSpan after = th_excerpt_after(text, p->token.span.end);
  const char *a = th_excerpt_text(text, p->before.span, "a", left),
             *b = th_excerpt_text(text, after, "b", right);
  bool grouped = p->before.kind == TH_TOKEN_NUMBER && after.start == p->token.span.end &&
                 after.end == after.start + 3 && strchr("0123456789", *b);
  char bracket = p->lexer.n_open ? p->lexer.open[p->lexer.n_open - 1].bracket : '\0';
  bool braces = bracket == '{';
  if (bracket == '(' || bracket == '[') return;
  uint32_t next = th_excerpt_skip_blanks(text, after.end);
  if (text[next] == '-' && text[next + 1] == '>')
    th_hint(p->cx, "several parameters stand in brackets: `(%s, %s) -> …`", a, b);
  else if (grouped) th_hint(p->cx, "digits are grouped by `_`: `%s_%s`", a, b);
  else if (braces && strchr(braced(p, left), ':'))
    th_hint(p->cx, "{ } hold statements; a record is `(name = value, …)`");
  else if (braces) th_hint(p->cx, "{ } hold statements; an array is `[%s]`", braced(p, left));
  else if (p->before.kind == TH_TOKEN_NAME && p->before.span.start == p->statement)
    th_hint(p->cx, "to take a value apart write `(%s, %s) = …`", a, b);
  else th_hint(p->cx, "two statements on a line are separated by `;`");
}

/* x[1:]   x[:3] */
static void hint_for_colon(ThParser *p) {
  const char *text = text_of(p);
  char bound[TH_EXCERPT_SIZE];
  if (th_parser_at(p, TH_TOKEN_RIGHT_BRACKET))
    th_hint(p->cx, "to the end is `%s:end`",
            th_excerpt_text(text, th_excerpt_before(text, p->before.span.start), "1", bound));
  else if (begins_operand(p->token.kind))
    th_hint(p->cx, "from the beginning is `1:%s`",
            th_excerpt_text(text, th_excerpt_after(text, p->token.span.start), "n", bound));
}

static void hint_for_semicolon(ThParser *p) {
  char bracket = p->lexer.n_open ? p->lexer.open[p->lexer.n_open - 1].bracket : '{';
  if (bracket == '(') th_hint(p->cx, "arguments and fields are separated by commas");
  if (bracket == '[') th_hint(p->cx, "indices are separated by commas; `;` ends a row of a matrix");
}

static bool begins_line_with_operator(const ThParser *p) {
  ThTokenKind kind = p->token.kind;
  bool operator= kind == TH_TOKEN_PIPE || kind == TH_TOKEN_AND || kind == TH_TOKEN_OR ||
      kind == TH_TOKEN_STAR || kind == TH_TOKEN_SLASH || kind == TH_TOKEN_CARET || kind == TH_TOKEN_AT ||
      kind == TH_TOKEN_EQUAL || kind == TH_TOKEN_LESS || kind == TH_TOKEN_GREATER || kind == TH_TOKEN_IN ||
      kind == TH_TOKEN_WITH;
  return operator&& p->token.span.start == p->statement && p->statement> 0;
}

/* f(x) { … }   f(x) -> …   x{1} */
static void hint_for_definition(ThParser *p) {
  const char *text = text_of(p);
  char head[TH_EXCERPT_SIZE], rest[TH_EXCERPT_SIZE];
  ThSpan before = th_excerpt_before(text, p->token.span.start);
  uint32_t start = th_parser_at(p, TH_TOKEN_ARROW) ? th_excerpt_skip_blanks(text, p->token.span.end)
                                                   : p->token.span.start;
  uint32_t closing = th_excerpt_closing(text, start);
  const char *name = th_excerpt_text(text, before, "f(x)", head);
  if (p->before.kind == TH_TOKEN_RIGHT_PAREN && before.start == p->statement)
    th_hint(p->cx, "a function is defined as `%s = %s`", name,
            th_excerpt_text(text, (ThSpan){start, th_excerpt_rest(text, start)}, "{ … }", rest));
  else if (p->before.kind == TH_TOKEN_NAME && closing && !p->token.spaced)
    th_hint(p->cx, "an element is `%s[%s]`", name,
            th_excerpt_text(text, (ThSpan){start + 1, closing}, "…", rest));
}

/* mean(x[1] = 0)   y = x = 0 */
static void hint_for_assignment(ThParser *p) {
  const char *text = text_of(p);
  char left[TH_EXCERPT_SIZE], right[TH_EXCERPT_SIZE];
  bool compares = p->lexer.n_open > 0 && p->lexer.open[p->lexer.n_open - 1].bracket != '{';
  if (compares && p->before.kind == TH_TOKEN_STRING)
    th_hint(p->cx, "a name stands left of `=`, without quotes; to compare write `==`");
  else if (compares && ends_operand(p->before.kind))
    th_hint(p->cx, "to compare write `%s == %s`",
            th_excerpt_text(text, th_excerpt_before(text, p->before.span.end), "a", left),
            th_excerpt_text(text, th_excerpt_after(text, p->token.span.end), "b", right));
  else if (p->before.kind == TH_TOKEN_NAME && p->before.span.start > p->statement)
    th_hint(p->cx, "an assignment has no value: write `%s = …` on a line of its own",
            th_excerpt_text(text, p->before.span, "x", left));
}

/* |x|   ~x   % text   (a; b): what the sign at hand was meant to be, or no hint. */
static void hint_for_sign(ThParser *p) {
  char operand[TH_EXCERPT_SIZE];
  bool prefix = !ends_operand(p->before.kind);
  ThSpan after = th_excerpt_after(text_of(p), p->token.span.end);
  if (p->in_index && p->before.kind == TH_TOKEN_COLON) hint_for_colon(p);
  else if (th_parser_at(p, TH_TOKEN_COMMA)) hint_for_comma(p);
  else if (th_parser_at(p, TH_TOKEN_SEMICOLON)) hint_for_semicolon(p);
  else if (begins_line_with_operator(p))
    th_hint(p->cx, "a line goes on when it ends in an operator: put `%s` at the end of the line above",
            th_token_text(p->token.kind));
  else if (th_parser_at(p, TH_TOKEN_LEFT_BRACE) || th_parser_at(p, TH_TOKEN_ARROW)) hint_for_definition(p);
  else if (th_parser_at(p, TH_TOKEN_ASSIGN)) hint_for_assignment(p);
  else if (th_parser_at(p, TH_TOKEN_ELSE))
    th_hint(p->cx,
            "`else` stands on the line of the `}` before it, or in a file at the beginning of the next");
  else if (th_parser_at(p, TH_TOKEN_BAR) && p->before.kind == TH_TOKEN_NAME && is_function(p, p->before.span))
    th_hint(p->cx, "a call is `%s(…)`", th_excerpt_text(text_of(p), p->before.span, "f", operand));
  else if (th_parser_at(p, TH_TOKEN_BAR) && !prefix)
    th_hint(p->cx, "one or the other is `a or b`; a condition stands in a query: P(A | B)");
  else if (th_parser_at(p, TH_TOKEN_BAR)) th_hint(p->cx, "the absolute value is `abs(x)`");
  else if (th_parser_at(p, TH_TOKEN_LIVE) && p->lexer.n_open > 0)
    th_hint(p->cx, "an argument or field by name is `%s = …`",
            th_excerpt_text(text_of(p), p->before.span, "x", operand));
  else if (th_parser_at(p, TH_TOKEN_TILDE) && p->token.span.start == p->statement &&
           text_of(p)[after.end - 1] == ')')
    th_hint(p->cx, "a name stands before it: `X ~ %s`", th_excerpt_text(text_of(p), after, "…", operand));
  else if (th_parser_at(p, TH_TOKEN_TILDE) && prefix)
    th_hint(p->cx, "write `not %s`", th_excerpt_text(text_of(p), after, "x", operand));
  else if (th_parser_at(p, TH_TOKEN_PERCENT) && prefix) th_hint(p->cx, "a comment starts with #");
}

ThNode *th_parser_unexpected(ThParser *p, const char *wanted) {
  if (bracket_open_above(p) || th_parser_foreign(p) || th_parser_colon_block(p) || line_goes_on(p) ||
      beside(p))
    return NULL;
  char found[64];
  describe_token(p, found, sizeof found);
  th_parser_error(p, place(p), "%s was not expected here: %s", found, wanted);
  hint_for_sign(p);
  return NULL;
}
