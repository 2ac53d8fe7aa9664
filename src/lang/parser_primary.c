/* parser_primary.c - numbers, names, brackets, if, lambdas, comprehensions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/excerpt.h"
#include "lang/parser_state.h"

static ThNode *number(ThParser *p, ThNodeKind kind) {
  double x = p->token.number;
  ThNode *node = th_parser_leaf(p, kind);
  if (node) node->number = x;
  return node;
}

static ThNode *constant(ThParser *p, ThValue value) {
  ThNode *node = th_parser_leaf(p, TH_NODE_CONSTANT);
  if (node) node->value = value;
  return node;
}

static ThNode *lambda(ThParser *p, ThNode *const *parameters, size_t n, uint32_t start) {
  bool query = p->query;
  p->query = false;
  if (!th_parser_advance(p)) return NULL;
  ThNode *body = th_parse_expression(p);
  p->query = query;
  ThNodeList list = {0};
  for (size_t i = 0; body && i < n; i++)
    if (!th_node_list_add(p, &list, parameters[i])) body = NULL;
  if (!body || !th_node_list_add(p, &list, body)) {
    th_node_list_clear(p, &list);
    return NULL;
  }
  ThNode *node = th_node_list_finish(p, &list, TH_NODE_LAMBDA, (ThSpan){start, body->span.end});
  if (node) node->flags &= ~(uint32_t)TH_FLAG_ASSIGNS;
  return node;
}

static ThNode *name(ThParser *p) {
  ThToken token = p->token;
  size_t length;
  const char *text = th_parser_text(p, token.span, &length);
  if (p->in_index && length == 3 && memcmp(text, "end", 3) == 0) return th_parser_leaf(p, TH_NODE_END);
  ThNode *node = th_parser_leaf(p, TH_NODE_NAME);
  if (!node || !(node->name = th_parser_symbol(p, token.span))) return NULL;
  if ((unsigned char)text[0] == 0xCE || (unsigned char)text[0] == 0xCF) node->flags |= TH_FLAG_GREEK;
  if (th_parser_at(p, TH_TOKEN_ARROW)) return lambda(p, &node, 1, token.span.start);
  return node;
}

ThNode *th_parse_named(ThParser *p) {
  ThToken token = p->token;
  if (!th_parser_advance(p) || !th_parser_advance(p)) return NULL;
  ThNode *value = th_parse_item(p);
  if (!value) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_NAMED, (ThSpan){token.span.start, value->span.end}, &value, 1);
  if (!node || !(node->name = th_parser_symbol(p, token.span))) return NULL;
  return node;
}

static bool all_of_kind(ThNode *const *items, size_t n, ThNodeKind kind) {
  for (size_t i = 0; i < n; i++)
    if (items[i]->kind != kind) return false;
  return n > 0;
}

static bool is_operation(const ThNode *node) {
  return node->kind == TH_NODE_UNARY || node->kind == TH_NODE_BINARY || node->kind == TH_NODE_CHAIN ||
         node->kind == TH_NODE_AND || node->kind == TH_NODE_OR || node->kind == TH_NODE_RANGE;
}

/* What ( … ) was: a lambda's parameters, a record, a tuple, or one expression in brackets. */
static ThNode *finish_paren(ThParser *p, ThNodeList *list, uint32_t start) {
  ThSpan span = {start, p->before.span.end};
  if (th_parser_at(p, TH_TOKEN_ARROW)) {
    ThNode *node = lambda(p, list->items, list->n, start);
    th_node_list_clear(p, list);
    return node;
  }
  if (all_of_kind(list->items, list->n, TH_NODE_NAMED))
    return th_node_list_finish(p, list, TH_NODE_RECORD, span);
  if (list->n == 1) {
    ThNode *node = list->items[0];
    th_node_list_clear(p, list);
    node->flags |= TH_FLAG_PAREN;
    if (is_operation(node)) node->span = span; /* so that messages quote it whole */
    return node;
  }
  size_t n = list->n;
  ThNode *node = th_node_list_finish(p, list, TH_NODE_TUPLE, span);
  if (node && n == 0) {
    th_parser_error(p, span, "`()` holds nothing");
    th_hint(p->cx, "an empty record is record(), a function without arguments () -> …");
    return NULL;
  }
  return node;
}

static ThNode *paren(ThParser *p) {
  uint32_t start = p->token.span.start;
  ThNodeList list = {0};
  if (!th_parser_advance(p)) return NULL;
  while (!th_parser_at(p, TH_TOKEN_RIGHT_PAREN)) {
    ThNode *item = th_parser_at_named(p) && !p->query ? th_parse_named(p) : th_parse_expression(p);
    if (!item || !th_node_list_add(p, &list, item)) goto failed;
    if (th_parser_at(p, TH_TOKEN_RIGHT_PAREN)) break;
    if (!th_parser_at(p, TH_TOKEN_COMMA)) {
      th_parser_unexpected(p, "`)` or `,` is missing");
      goto failed;
    }
    if (!th_parser_advance(p)) goto failed;
  }
  if (!th_parser_advance(p)) goto failed;
  return finish_paren(p, &list, start);
failed:
  th_node_list_clear(p, &list);
  return NULL;
}

/* [value for x in xs if condition] after the value was read. */
static ThNode *comprehension(ThParser *p, ThNode *value, uint32_t start) {
  ThNodeList list = {0};
  if (!th_node_list_add(p, &list, value) || !th_node_list_add(p, &list, NULL) ||
      !th_parse_generators(p, &list, false))
    goto failed;
  if (th_parser_at(p, TH_TOKEN_IF)) {
    if (!th_parser_advance(p) || !(list.items[1] = th_parse_expression(p))) goto failed;
    if (th_parser_at(p, TH_TOKEN_ASSIGN)) {
      th_parser_assigns_in_condition(p, list.items[1]);
      goto failed;
    }
  }
  if (!th_parser_expect(p, TH_TOKEN_RIGHT_BRACKET, "the comprehension")) goto failed;
  return th_node_list_finish(p, &list, TH_NODE_COMPREHENSION, (ThSpan){start, p->before.span.end});
failed:
  th_node_list_clear(p, &list);
  return NULL;
}

/* Elements up to `;` or `]`. `first` is an element already read, or NULL. */
static ThNode *parse_row(ThParser *p, ThNode *first) {
  ThNodeList list = {0};
  uint32_t start = first ? first->span.start : p->token.span.start;
  if (first && !th_node_list_add(p, &list, first)) return NULL;
  while (!th_parser_at(p, TH_TOKEN_SEMICOLON) && !th_parser_at(p, TH_TOKEN_RIGHT_BRACKET)) {
    if (list.n > 0 && !th_parser_at(p, TH_TOKEN_COMMA)) {
      th_parser_unexpected(p, "`]`, `,` or `;` is missing");
      goto failed;
    }
    if (list.n > 0 && !th_parser_advance(p)) goto failed;
    if (list.n > 0 && th_parser_at(p, TH_TOKEN_RIGHT_BRACKET)) break; /* a comma may end the list */
    ThNode *item = th_parse_item(p);
    if (!item || !th_node_list_add(p, &list, item)) goto failed;
  }
  uint32_t end = list.n ? p->before.span.end : start; /* an empty row, in [1; ; 2], lies before the `;` */
  return th_node_list_finish(p, &list, TH_NODE_ROW, (ThSpan){start, end});
failed:
  th_node_list_clear(p, &list);
  return NULL;
}

static ThNode *matrix(ThParser *p, ThNode *row, uint32_t start) {
  ThNodeList rows = {0};
  if (!th_node_list_add(p, &rows, row)) return NULL;
  while (th_parser_at(p, TH_TOKEN_SEMICOLON)) {
    if (!th_parser_advance(p)) goto failed;
    if (th_parser_at(p, TH_TOKEN_RIGHT_BRACKET)) break;
    row = parse_row(p, NULL);
    if (!row || !th_node_list_add(p, &rows, row)) goto failed;
  }
  if (!th_parser_expect(p, TH_TOKEN_RIGHT_BRACKET, "the rows")) goto failed;
  return th_node_list_finish(p, &rows, TH_NODE_ARRAY, (ThSpan){start, p->before.span.end});
failed:
  th_node_list_clear(p, &rows);
  return NULL;
}

static ThNode *bracket_content(ThParser *p, uint32_t start) {
  ThNode *first = NULL;
  if (!th_parser_at(p, TH_TOKEN_RIGHT_BRACKET)) {
    first = th_parse_item(p);
    if (!first) return NULL;
    if (th_parser_at(p, TH_TOKEN_FOR)) return comprehension(p, first, start);
  }
  ThNode *row = parse_row(p, first);
  if (!row) return NULL;
  if (th_parser_at(p, TH_TOKEN_SEMICOLON)) return matrix(p, row, start);
  if (!th_parser_expect(p, TH_TOKEN_RIGHT_BRACKET, "the elements")) return NULL;
  row->kind = TH_NODE_ARRAY;
  row->span = (ThSpan){start, p->before.span.end};
  return row;
}

static ThNode *bracket(ThParser *p) {
  uint32_t start = p->token.span.start;
  bool query = p->query;
  p->query = false;
  if (!th_parser_advance(p)) return NULL;
  ThNode *node = bracket_content(p, start);
  p->query = query;
  return node;
}

/* In a file `else` may begin the next line. */
static bool find_else(ThParser *p) {
  if (th_parser_at(p, TH_TOKEN_ELSE)) return true;
  if (!th_parser_at(p, TH_TOKEN_LINE) || (p->prompt && p->lexer.n_open == 0)) return false;
  return th_lexer_peek(&p->lexer) == TH_TOKEN_ELSE && th_parser_advance(p);
}

static ThNode *else_branch(ThParser *p) {
  uint32_t outer = p->head;
  if (th_parser_at(p, TH_TOKEN_LEFT_BRACE)) return th_parse_block(p);
  p->head = p->before.span.start + 1;
  ThNode *value = th_parse_expression(p);
  p->head = outer;
  return value && th_parser_at(p, TH_TOKEN_LEFT_BRACE) ? th_parser_else_condition(p, value) : value;
}

static ThNode *conditional(ThParser *p) {
  ThNode *items[3] = {0};
  uint32_t start = p->token.span.start;
  if (!th_parser_advance(p) || !(items[0] = th_parse_condition(p, start))) return NULL;
  if (th_parser_at(p, TH_TOKEN_THEN)) {
    if (!th_parser_advance(p) || !(items[1] = th_parse_expression(p))) return NULL;
  } else if (!(items[1] = th_parse_body(p, start))) {
    return NULL;
  }
  if (find_else(p)) {
    if (!th_parser_advance(p) || !(items[2] = else_branch(p))) return NULL;
  }
  if (p->cx->error.code != TH_OK) return NULL;
  return th_node_with(p->tree, TH_NODE_IF, (ThSpan){start, p->before.span.end}, items, 3);
}

/* 'text' */
static ThNode *single_quotes(ThParser *p) {
  const char *text = p->tree->source->text;
  char buffer[TH_EXCERPT_SIZE];
  uint32_t start = p->token.span.end, end = start;
  while (text[end] && text[end] != '\n' && text[end] != '\'') end++;
  bool closed = text[end] == '\'';
  th_parser_error(p, (ThSpan){p->token.span.start, closed ? end + 1 : start},
                  "`'` transposes the matrix before it");
  th_hint(p->cx, "a string stands in double quotes: \"%s\"",
          th_excerpt_text(text, (ThSpan){start, closed ? end : start}, "text", buffer));
  return NULL;
}

/* if = 3 */
static ThNode *reserved_word(ThParser *p) {
  size_t n;
  const char *word = th_parser_text(p, p->before.span, &n);
  th_parser_error(p, p->before.span, "`%.*s` is a reserved word", (int)n, word);
  th_hint(p->cx, "give the variable another name, such as `%.*s_`", (int)n, word);
  return NULL;
}

static bool is_word(ThTokenKind kind) { return kind >= TH_TOKEN_IF && kind <= TH_TOKEN_NONE; }

/* :clear, in a script */
static ThNode *prompt_command(ThParser *p) {
  const char *text = p->tree->source->text;
  ThSpan name = th_excerpt_name(text, p->token.span.end);
  if (name.end == name.start) return th_parser_unexpected(p, "a value is missing before it");
  th_parser_error(p, (ThSpan){p->token.span.start, name.end}, "`:%.*s` is a command of the prompt",
                  (int)(name.end - name.start), text + name.start);
  th_hint(p->cx, "commands begin a fresh line of the prompt, and stand in no script");
  return NULL;
}

/* \theta */
static ThNode *latex(ThParser *p) {
  const char *text = p->tree->source->text;
  ThSpan name = th_excerpt_name(text, p->token.span.end);
  if (name.end == name.start) return th_parser_unexpected(p, "a value is missing before it");
  th_parser_error(p, (ThSpan){p->token.span.start, name.end}, "`\\%.*s` is LaTeX",
                  (int)(name.end - name.start), text + name.start);
  th_hint(p->cx, "a Greek letter is written by its name, or typed at the prompt by `\\theta` and Tab");
  return NULL;
}

static ThNode *unexpected_operand(ThParser *p) {
  if (th_parser_at(p, TH_TOKEN_QUOTE)) return single_quotes(p);
  if (th_parser_at(p, TH_TOKEN_ASSIGN) && is_word(p->before.kind)) return reserved_word(p);
  if (is_word(p->token.kind) && th_lexer_peek(&p->lexer) == TH_TOKEN_ASSIGN) {
    p->before = p->token;
    return reserved_word(p);
  }
  if (th_parser_colon_block(p) || th_parser_anonymous(p)) return NULL;
  if (th_parser_at(p, TH_TOKEN_COLON) && p->token.span.start == p->statement) return prompt_command(p);
  if (th_parser_at(p, TH_TOKEN_BACKSLASH)) return latex(p);
  if (th_parser_at(p, TH_TOKEN_COLON) && !p->in_index) {
    th_parser_error(p, p->token.span, "a `:` with nothing before it");
    th_hint(p->cx, "a range has two ends: 1:10");
    return NULL;
  }
  return th_parser_unexpected(p, "a value is missing before it");
}

static ThNode *atom(ThParser *p) {
  switch (p->token.kind) {
    case TH_TOKEN_NUMBER: return number(p, TH_NODE_NUMBER);
    case TH_TOKEN_IMAGINARY: return number(p, TH_NODE_IMAGINARY);
    case TH_TOKEN_TRUE: return constant(p, th_bool(true));
    case TH_TOKEN_FALSE: return constant(p, th_bool(false));
    case TH_TOKEN_NONE: return constant(p, th_none());
    case TH_TOKEN_NAME: return name(p);
    case TH_TOKEN_LEFT_PAREN: return paren(p);
    case TH_TOKEN_LEFT_BRACKET: return bracket(p);
    case TH_TOKEN_LEFT_BRACE: return th_parse_block(p);
    case TH_TOKEN_IF: return conditional(p);
    case TH_TOKEN_STRING: {
      ThSpan span = p->token.span;
      return th_parser_advance(p) ? th_parse_string(p, span) : NULL;
    }
    default: return unexpected_operand(p);
  }
}

ThNode *th_parse_primary(ThParser *p) {
  bool number_literal = th_parser_at(p, TH_TOKEN_NUMBER);
  ThNode *node = atom(p);
  /* these reach as far right as they can, unless brackets end them */
  bool open_ended = node && (node->kind == TH_NODE_LAMBDA || node->kind == TH_NODE_IF) &&
                    !(node->flags & TH_FLAG_PAREN);
  if (!node || open_ended) return node;
  if (number_literal && th_parser_at(p, TH_TOKEN_LEFT_PAREN)) return node; /* 2(x + 1) is a product */
  return th_parse_postfix(p, node);
}
