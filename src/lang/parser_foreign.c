/* parser_foreign.c - statements of other languages, answered with the form to write here */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the grammar has failed, the words of the line are looked through for one that begins something elsewhere:
 * `def`, `let`, `lambda`. Only then: as names of variables such words are as good as any. */
#include <stdio.h>
#include <string.h>

#include "lang/excerpt.h"
#include "lang/parser_state.h"

enum { FORM_SIZE = 160 };

static const char *text_of(const ThParser *p) { return p->tree->source->text; }

static bool report(ThParser *p, ThSpan word, const char *form) {
  th_parser_error(p, word, "`%.*s` has no meaning here", (int)(word.end - word.start),
                  text_of(p) + word.start);
  return !th_hint(p->cx, "%s", form);
}

/* The text of a span of one line, shortened to "…" when it is long or empty. */
static const char *quoted(const ThParser *p, ThSpan span, char *buffer) {
  return th_excerpt_text(text_of(p), span, "…", buffer);
}

/* What is left of the line after a head: a body, its `return`, `:` or `=` taken off. A block that goes on below is
 * shown as { … }. */
static const char *body_text(const ThParser *p, uint32_t offset, char *buffer) {
  const char *text = text_of(p);
  offset = th_excerpt_skip_blanks(text, offset);
  while (text[offset] == ':' || text[offset] == '=') offset = th_excerpt_skip_blanks(text, offset + 1);
  if (th_excerpt_is(text, th_excerpt_name(text, offset), "return"))
    offset = th_excerpt_skip_blanks(text, offset + 6);
  uint32_t end = th_excerpt_rest(text, offset);
  if (text[offset] == '{' && !th_excerpt_closing(text, offset)) return "{ … }";
  return end == offset ? "{ … }" : quoted(p, (ThSpan){offset, end}, buffer);
}

/* def f(x): …   function f(x) { … }   function y = f(x) */
static bool definition(ThParser *p, ThSpan word) {
  const char *text = text_of(p);
  char form[FORM_SIZE], head[TH_EXCERPT_SIZE], body[TH_EXCERPT_SIZE];
  ThSpan name = th_excerpt_name(text, th_excerpt_skip_blanks(text, word.end));
  uint32_t next = th_excerpt_skip_blanks(text, name.end);
  if (name.end == name.start) return false;
  if (text[next] == '=') {
    name = th_excerpt_name(text, th_excerpt_skip_blanks(text, next + 1));
    next = name.end;
  }
  uint32_t closing = text[next] == '(' ? th_excerpt_closing(text, next) : 0;
  if (!closing) return false;
  snprintf(form, sizeof form, "a function is defined as `%s = %s`",
           quoted(p, (ThSpan){name.start, closing + 1}, head), body_text(p, closing + 1, body));
  return report(p, word, form);
}

/* function(x) x + 1   @(x) x + 1 */
static bool anonymous(ThParser *p, ThSpan word) {
  const char *text = text_of(p);
  char form[FORM_SIZE], head[TH_EXCERPT_SIZE], body[TH_EXCERPT_SIZE];
  uint32_t open = th_excerpt_skip_blanks(text, word.end);
  uint32_t closing = text[open] == '(' ? th_excerpt_closing(text, open) : 0;
  if (!closing) return false;
  bool several = memchr(text + open, ',', closing - open) || closing == open + 1;
  ThSpan parameters = several ? (ThSpan){open, closing + 1} : (ThSpan){open + 1, closing};
  snprintf(form, sizeof form, "a function without a name is `%s -> %s`", quoted(p, parameters, head),
           body_text(p, closing + 1, body));
  return report(p, word, form);
}

static bool definition_or_anonymous(ThParser *p, ThSpan word) {
  return definition(p, word) || anonymous(p, word);
}

/* lambda x, y: x + y */
static bool lambda(ThParser *p, ThSpan word) {
  const char *text = text_of(p);
  char form[FORM_SIZE], head[TH_EXCERPT_SIZE], body[TH_EXCERPT_SIZE];
  uint32_t start = th_excerpt_skip_blanks(text, word.end), colon = start;
  while (text[colon] && text[colon] != ':' && text[colon] != '\n') colon++;
  if (text[colon] != ':') return false;
  bool several = memchr(text + start, ',', colon - start) || colon == start;
  const char *parameters = quoted(p, (ThSpan){start, colon}, head);
  if (colon == start) parameters = "";
  snprintf(form, sizeof form, "a function without a name is `%s%s%s -> %s`", several ? "(" : "", parameters,
           several ? ")" : "", body_text(p, colon + 1, body));
  return report(p, word, form);
}

/* let x = 3 */
static bool declaration(ThParser *p, ThSpan word) {
  const char *text = text_of(p);
  char form[FORM_SIZE], rest[TH_EXCERPT_SIZE];
  ThSpan name = th_excerpt_name(text, th_excerpt_skip_blanks(text, word.end));
  if (name.end == name.start ||
      word.start != th_excerpt_skip_blanks(text, th_excerpt_line_start(text, word.start)))
    return false;
  bool valued = text[th_excerpt_skip_blanks(text, name.end)] == '=';
  ThSpan whole = valued ? (ThSpan){name.start, th_excerpt_rest(text, name.start)} : name;
  snprintf(form, sizeof form, "a name is assigned as `%s%s`", quoted(p, whole, rest), valued ? "" : " = …");
  return report(p, word, form);
}

static bool else_if(ThParser *p, ThSpan word) { return report(p, word, "write `else if`"); }

/* import numpy as np */
static bool import_statement(ThParser *p, ThSpan word) {
  ThSpan name = th_excerpt_name(text_of(p), th_excerpt_skip_blanks(text_of(p), word.end));
  if (name.end == name.start || word.start != p->statement) return false;
  return report(p, word, "what is built in needs no import; a file is read by import(\"file.theta\")");
}

/* do { … } while c, try { … } catch, switch x { … }, begin … end */
static bool no_such_block(ThParser *p, ThSpan word) {
  if (word.start != p->statement) return false;
  return report(p, word, "the blocks are `if c { … } else { … }`, `for x in xs { … }` and `while c { … }`");
}

/* f(x) = return x: a statement where a value is wanted */
static bool misplaced_statement(ThParser *p, ThSpan word) {
  if (word.start != p->token.span.start) return false;
  const char *text = text_of(p);
  char form[TH_EXCERPT_SIZE];
  uint32_t value = th_excerpt_skip_blanks(text, word.end);
  th_parser_error(p, word, "`%.*s` is a statement, and has no value", (int)(word.end - word.start),
                  text + word.start);
  if (!th_excerpt_is(text, word, "return"))
    return !th_hint(p->cx, "statements stand on lines of their own, or in { }");
  return !th_hint(p->cx, "a function's value is its body: `f(x) = %s`",
                  quoted(p, (ThSpan){value, th_excerpt_rest(text, value)}, form));
}

/* Where ` else ` stands in a span, or 0. */
static uint32_t find_else(const char *text, ThSpan span) {
  for (uint32_t i = span.start; i + 6 <= span.end; i++)
    if (memcmp(text + i, " else ", 6) == 0) return i;
  return 0;
}

/* a if c else b */
static bool choice_behind(ThParser *p, ThSpan word) {
  const char *text = text_of(p);
  char form[FORM_SIZE], a[TH_EXCERPT_SIZE], b[TH_EXCERPT_SIZE], c[TH_EXCERPT_SIZE];
  ThSpan rest = {word.end, th_excerpt_line_end(text, word.end)};
  uint32_t middle = find_else(text, rest);
  if (word.start != p->token.span.start || !middle) return false;
  ThSpan condition = {th_excerpt_skip_blanks(text, word.end), middle};
  snprintf(form, sizeof form, "write `if %s then %s else %s`", quoted(p, condition, c),
           quoted(p, th_excerpt_before(text, word.start), a),
           quoted(p, (ThSpan){middle + 6, th_excerpt_rest(text, middle + 6)}, b));
  th_parser_error(p, word, "`if` stands before what it chooses");
  return !th_hint(p->cx, "%s", form);
}

/* claim a = b, and nothing more */
static bool claim_nowhere(ThParser *p, ThSpan word) {
  bool operand = th_parser_at(p, TH_TOKEN_NUMBER) || th_parser_at(p, TH_TOKEN_NAME);
  if (word.start != p->statement || !operand || p->before.span.end != word.end) return false;
  th_parser_error(p, word, "a claim says where it holds");
  return !th_hint(p->cx, "write `claim left = right for x in (-5, 5)`");
}

/* data lab, without its brace */
static bool table_head(ThParser *p, ThSpan word) {
  char name[TH_EXCERPT_SIZE];
  if (word.start != p->statement || !th_parser_at(p, TH_TOKEN_NAME)) return false;
  th_parser_error(p, p->token.span, "a table is entered between { }");
  return !th_hint(p->cx, "write `data %s {`, a line of names, lines of values, and `}`",
                  quoted(p, p->token.span, name));
}

/* end, at the end of a block */
static bool block_end(ThParser *p, ThSpan word) {
  return word.start == p->token.span.start && !p->in_index && report(p, word, "a block ends with its `}`");
}

/* clang-format off */
static const struct {
  const char *word;
  bool (*answer)(ThParser *p, ThSpan word);
} words[] = {
    {"def", definition}, {"lambda", lambda},
    {"function", definition_or_anonymous}, {"func", definition_or_anonymous},
    {"fun", definition_or_anonymous}, {"fn", definition_or_anonymous},
    {"let", declaration}, {"var", declaration}, {"const", declaration}, {"local", declaration},
    {"global", declaration}, {"int", declaration}, {"float", declaration}, {"double", declaration},
    {"auto", declaration}, {"val", declaration},
    {"elif", else_if}, {"elseif", else_if}, {"elsif", else_if},
    {"import", import_statement}, {"from", import_statement}, {"using", import_statement},
    {"do", no_such_block}, {"try", no_such_block}, {"switch", no_such_block}, {"begin", no_such_block},
    {"repeat", no_such_block},
    {"end", block_end}, {"endif", block_end}, {"endfor", block_end}, {"endwhile", block_end},
    {"endfunction", block_end},
    {"return", misplaced_statement}, {"break", misplaced_statement}, {"continue", misplaced_statement},
    {"for", misplaced_statement}, {"while", misplaced_statement},
    {"if", choice_behind}, {"data", table_head}, {"claim", claim_nowhere},
};
/* clang-format on */

static bool answer(ThParser *p, ThSpan word) {
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (th_excerpt_is(text_of(p), word, words[i].word)) return words[i].answer(p, word);
  return false;
}

/* @(x) x^2 */
bool th_parser_anonymous(ThParser *p) { return th_parser_at(p, TH_TOKEN_AT) && anonymous(p, p->token.span); }

/* The words from the beginning of the token's line, or of the statement when it began later, to the token. */
bool th_parser_foreign(ThParser *p) {
  const char *text = text_of(p);
  uint32_t i = th_excerpt_line_start(text, p->token.span.start);
  if (i < p->statement && p->statement <= p->token.span.start) i = p->statement;
  while (i <= p->token.span.start && text[i]) {
    ThSpan word = th_excerpt_name(text, i);
    if (word.end > word.start && answer(p, word)) return true;
    if (text[i] == '#') return false;
    if (text[i] == '"') i = th_excerpt_after(text, i).end;
    else i = word.end > word.start ? word.end : i + 1;
    if (text[i - 1] == '.') i = th_excerpt_name(text, i).end + 1; /* a field */
  }
  return false;
}

/* --- Blocks without braces */

/* A colon that ends a head elsewhere: nothing blank before it, a blank or nothing behind it. 0: none. */
static uint32_t head_colon(const char *text, uint32_t start, uint32_t end) {
  for (uint32_t i = start; i < end; i++) {
    uint32_t closing = strchr("([{", text[i]) ? th_excerpt_closing(text, i) : 0;
    if (closing) i = closing;
    else if (text[i] == ':' && text[i - 1] != ' ' && text[i - 1] != ':' && strchr(" \r\n", text[i + 1]))
      return i;
    if (text[i] == '\n' || text[i] == '#') break;
  }
  return 0;
}

bool th_parser_colon_block(ThParser *p) {
  if (!p->head) return false;
  const char *text = text_of(p);
  char form[FORM_SIZE], head[TH_EXCERPT_SIZE], body[TH_EXCERPT_SIZE];
  uint32_t start = p->head - 1, colon = head_colon(text, start, p->token.span.end);
  if (!colon) return false;
  uint32_t rest = th_excerpt_skip_blanks(text, colon + 1);
  snprintf(form, sizeof form, "write `%s { %s }`", quoted(p, (ThSpan){start, colon}, head),
           quoted(p, (ThSpan){rest, th_excerpt_rest(text, rest)}, body));
  th_parser_error(p, (ThSpan){colon, colon + 1}, "a `:` begins no block: blocks stand in { }");
  return !th_hint(p->cx, "%s", form);
}

/* The body that stands on the head's own line: without a `do`, `,` or `=` before it and an `end` behind it. */
static ThSpan body_on_line(const ThParser *p) {
  const char *text = text_of(p);
  bool joined = th_parser_at_word(p, "do") || th_parser_at(p, TH_TOKEN_ASSIGN) ||
                th_parser_at(p, TH_TOKEN_COMMA) || th_parser_at(p, TH_TOKEN_SEMICOLON);
  uint32_t start = joined ? th_excerpt_skip_blanks(text, p->token.span.end) : p->token.span.start;
  ThSpan body = {start, th_excerpt_rest(text, start)};
  if (body.end < start + 4 || memcmp(text + body.end - 4, " end", 4) != 0) return body;
  body.end -= 4;
  while (body.end > start && strchr(" ,", text[body.end - 1])) body.end--;
  return body;
}

/* A token that goes on with the head is another fault than a body without braces. */
static bool begins_body(const ThParser *p) {
  switch (p->token.kind) {
    case TH_TOKEN_NAME:
    case TH_TOKEN_NUMBER:
    case TH_TOKEN_STRING:
    case TH_TOKEN_LEFT_PAREN:
    case TH_TOKEN_LEFT_BRACKET:
    case TH_TOKEN_ASSIGN:
    case TH_TOKEN_COMMA:
    case TH_TOKEN_SEMICOLON:
    case TH_TOKEN_MINUS: return true;
    default: return p->token.kind >= TH_TOKEN_IF && p->token.kind <= TH_TOKEN_NONE;
  }
}

ThNode *th_parser_missing_block(ThParser *p) {
  const char *text = text_of(p);
  char head[TH_EXCERPT_SIZE], body[TH_EXCERPT_SIZE];
  if (!p->head || th_parser_colon_block(p)) return NULL;
  ThSpan keyword = th_excerpt_name(text, p->head - 1);
  ThSpan whole = {keyword.start, p->before.span.end}, rest = {p->token.span.start, p->token.span.start};
  bool below = th_parser_at(p, TH_TOKEN_LINE) || th_parser_at(p, TH_TOKEN_END) || th_parser_on_new_line(p);
  if (!below && !begins_body(p)) return th_parser_unexpected(p, "`{` is missing after the head");
  ThSpan place = below ? th_parser_after(p) : p->token.span;
  if (!below) rest = body_on_line(p);
  th_parser_error(p, place, "the body of `%.*s` stands in { }", (int)(keyword.end - keyword.start),
                  text + keyword.start);
  char hint[FORM_SIZE];
  snprintf(hint, sizeof hint, find_else(text, rest) ? "write `%s then %s`" : "write `%s { %s }`",
           quoted(p, whole, head), quoted(p, rest, body));
  th_hint(p->cx, "%s", hint);
  return NULL;
}

/* for i = 1:10 */
static ThNode *loop_assigns(ThParser *p) {
  const char *text = text_of(p);
  char sequence[TH_EXCERPT_SIZE];
  ThSpan rest = {th_excerpt_skip_blanks(text, p->token.span.end), 0};
  rest.end = rest.start;
  while (text[rest.end] && !strchr(" \t{\n", text[rest.end])) rest.end++;
  th_parser_error(p, p->token.span, "a loop runs `in` something");
  th_hint(p->cx, "write `for %.*s in %s { … }`", (int)(p->before.span.end - p->before.span.start),
          text + p->before.span.start, quoted(p, rest, sequence));
  return NULL;
}

/* for i, x in enumerate(xs) */
static ThNode *loop_of_several(ThParser *p) {
  th_parser_error(p, p->token.span, "a loop has one name");
  th_hint(p->cx, "positions are `for i in 1:length(xs) { … }`, parts are taken apart inside: `(a, b) = x`");
  return NULL;
}

/* for (i in 1:10)   for (int i = 0; i < n; i++), and the two above */
ThNode *th_parser_loop_head(ThParser *p) {
  const char *text = text_of(p);
  char head[TH_EXCERPT_SIZE];
  if (th_parser_at(p, TH_TOKEN_ASSIGN)) return loop_assigns(p);
  if (th_parser_at(p, TH_TOKEN_COMMA)) return loop_of_several(p);
  uint32_t closing = th_parser_at(p, TH_TOKEN_LEFT_PAREN) ? th_excerpt_closing(text, p->token.span.start) : 0;
  if (!closing) return th_parser_unexpected(p, "after `for` stands a name: `for x in xs`");
  ThSpan inside = {p->token.span.start + 1, closing};
  if (th_excerpt_is(text, th_excerpt_name(text, th_excerpt_skip_blanks(text, closing + 1)), "in"))
    return loop_of_several(p);
  th_parser_error(p, p->token.span, "the head of a loop stands without round brackets");
  if (memchr(text + inside.start, ';', inside.end - inside.start))
    th_hint(p->cx, "write `for i in 1:n { … }`");
  else th_hint(p->cx, "write `for %s { … }`", quoted(p, inside, head));
  return NULL;
}

ThNode *th_parser_assigns_in_condition(ThParser *p, const ThNode *left) {
  const char *text = text_of(p);
  char a[TH_EXCERPT_SIZE], b[TH_EXCERPT_SIZE];
  if (th_parser_colon_block(p)) return NULL;
  th_parser_error(p, p->token.span, "`=` assigns; a condition compares");
  th_hint(p->cx, "to compare write `%s == %s`", th_excerpt_text(text, left->span, "a", a),
          th_excerpt_text(text, th_excerpt_after(text, p->token.span.end), "b", b));
  return NULL;
}

/* else x < 3 { … } */
ThNode *th_parser_else_condition(ThParser *p, const ThNode *condition) {
  char buffer[TH_EXCERPT_SIZE];
  th_parser_error(p, condition->span, "`else` takes no condition");
  th_hint(p->cx, "write `else if %s { … }`", quoted(p, condition->span, buffer));
  return NULL;
}
