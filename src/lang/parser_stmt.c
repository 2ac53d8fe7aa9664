/* parser_stmt.c - statements and blocks */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/excerpt.h"
#include "lang/parser_state.h"

static bool statements(ThParser *p, ThNodeList *list) {
  while (th_parser_skip_lines(p) && !th_parser_at(p, TH_TOKEN_RIGHT_BRACE)) {
    ThNode *statement = th_parse_statement(p);
    if (!statement || !th_node_list_add(p, list, statement)) return false;
    if (th_parser_at(p, TH_TOKEN_SEMICOLON)) statement->flags |= TH_FLAG_SILENT;
    else if (!th_parser_at(p, TH_TOKEN_LINE) && !th_parser_at(p, TH_TOKEN_RIGHT_BRACE)) {
      th_parser_unexpected(p, "statements in { } stand on lines of their own or are separated by `;`");
      return false;
    }
  }
  return p->cx->error.code == TH_OK;
}

ThNode *th_parse_block(ThParser *p) {
  uint32_t start = p->token.span.start;
  uint32_t statement = p->statement, head = p->head;
  bool query = p->query, in_index = p->in_index;
  p->query = p->in_index = false;
  p->head = 0;
  ThNodeList list = {0};
  bool ok = th_parser_expect(p, TH_TOKEN_LEFT_BRACE, "this") && statements(p, &list) && th_parser_advance(p);
  p->query = query;
  p->in_index = in_index;
  p->statement = statement;
  p->head = head;
  if (!ok) {
    th_node_list_clear(p, &list);
    return NULL;
  }
  ThNode *node = th_node_list_finish(p, &list, TH_NODE_BLOCK, (ThSpan){start, p->before.span.end});
  if (node) node->flags |= TH_FLAG_ASSIGNS;
  return node;
}

ThNode *th_parse_body(ThParser *p, uint32_t head) {
  if (th_parser_at(p, TH_TOKEN_LEFT_BRACE)) return th_parse_block(p);
  p->head = head + 1;
  return th_parser_missing_block(p);
}

/* What stands between `if` or `while` and the block. */
ThNode *th_parse_condition(ThParser *p, uint32_t head) {
  uint32_t outer = p->head;
  p->head = head + 1;
  ThNode *condition = th_parse_operand(p, TH_PRECEDENCE_PIPE);
  if (condition && th_parser_at(p, TH_TOKEN_ASSIGN)) condition = th_parser_assigns_in_condition(p, condition);
  p->head = outer;
  return condition;
}

/* `NAME in expression`; with `intervals`, (a, b) and bare domains are allowed. */
static ThNode *generator(ThParser *p, bool intervals) {
  if (!th_parser_at(p, TH_TOKEN_NAME)) return th_parser_loop_head(p);
  ThToken name = p->token;
  if (!th_parser_advance(p)) return NULL;
  if (th_parser_at(p, TH_TOKEN_ASSIGN) || th_parser_at(p, TH_TOKEN_COMMA)) return th_parser_loop_head(p);
  if (!th_parser_expect(p, TH_TOKEN_IN, "the name")) return NULL;
  ThNode *sequence = intervals ? th_parse_interval(p) : th_parse_operand(p, TH_PRECEDENCE_PIPE);
  if (!sequence) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_GENERATOR, (ThSpan){name.span.start, sequence->span.end},
                              &sequence, 1);
  if (!node || !(node->name = th_parser_symbol(p, name.span))) return NULL;
  return node;
}

ThNode *th_parse_generators(ThParser *p, ThNodeList *list, bool intervals) {
  ThNode *node = NULL;
  do {
    node = th_parser_advance(p) ? generator(p, intervals) : NULL;
    if (!node || !th_node_list_add(p, list, node)) return NULL;
  } while (th_parser_at(p, TH_TOKEN_COMMA) || th_parser_at(p, TH_TOKEN_FOR));
  return node;
}

static ThNode *for_loop(ThParser *p) {
  uint32_t start = p->token.span.start, outer = p->head;
  if (!th_parser_advance(p)) return NULL;
  p->head = start + 1;
  ThNode *header = generator(p, false);
  p->head = outer;
  ThNode *body = header ? th_parse_body(p, start) : NULL;
  if (!body) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_FOR, (ThSpan){start, body->span.end},
                              (ThNode *[]){header->items[0], body}, 2);
  if (node) node->name = header->name;
  return node;
}

static ThNode *while_loop(ThParser *p) {
  uint32_t start = p->token.span.start;
  if (!th_parser_advance(p)) return NULL;
  ThNode *condition = th_parse_condition(p, start);
  ThNode *body = condition ? th_parse_body(p, start) : NULL;
  if (!body) return NULL;
  return th_node_with(p->tree, TH_NODE_WHILE, (ThSpan){start, body->span.end}, (ThNode *[]){condition, body},
                      2);
}

static ThNode *return_statement(ThParser *p) {
  ThToken token = p->token;
  if (!th_parser_advance(p)) return NULL;
  if (th_parser_at(p, TH_TOKEN_LINE) || th_parser_at(p, TH_TOKEN_SEMICOLON) ||
      th_parser_at(p, TH_TOKEN_RIGHT_BRACE) || th_parser_at(p, TH_TOKEN_END))
    return th_node_new(p->tree, TH_NODE_RETURN, token.span);
  ThNode *value = th_parse_expression(p);
  if (!value) return NULL;
  return th_node_with(p->tree, TH_NODE_RETURN, (ThSpan){token.span.start, value->span.end}, &value, 1);
}

/* The parameters of f(x, k = 2), which was read as a call, followed by the body. */
static ThNode *make_lambda(ThParser *p, ThNode *call, ThNode *body, ThSpan span) {
  ThNodeList list = {0};
  for (size_t i = 1; i < call->n_items; i++) {
    ThNode *parameter = call->items[i];
    if (parameter->kind != TH_NODE_NAME && parameter->kind != TH_NODE_NAMED) {
      th_node_list_clear(p, &list);
      th_parser_error(p, parameter->span, "a parameter is a name, or name = default");
      th_hint(p->cx, "`f(x) = …` defines a function; to compare write `==`");
      return NULL;
    }
    if (!th_node_list_add(p, &list, parameter)) return NULL;
  }
  if (!th_node_list_add(p, &list, body)) return NULL;
  ThNode *lambda = th_node_list_finish(p, &list, TH_NODE_LAMBDA, span);
  if (lambda) lambda->flags &= ~(uint32_t)TH_FLAG_ASSIGNS;
  return lambda;
}

static ThNode *define(ThParser *p, ThNode *call) {
  if (!th_parser_advance(p)) return NULL;
  ThNode *body = th_parse_expression(p);
  if (!body) return NULL;
  ThSpan span = {call->span.start, body->span.end};
  ThNode *lambda = make_lambda(p, call, body, span);
  if (!lambda) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_DEFINE, span, &lambda, 1);
  if (node) node->name = call->items[0]->name;
  return node;
}

/* A target that is none, in words. */
static const char *what_stands(const ThNode *target) {
  switch (target->kind) {
    case TH_NODE_NUMBER:
    case TH_NODE_IMAGINARY: return "a number";
    case TH_NODE_STRING:
    case TH_NODE_INTERPOLATION: return "a string";
    case TH_NODE_CONSTANT: return "a reserved word";
    case TH_NODE_LAMBDA: return "a function";
    case TH_NODE_CALL: return "the value of a call";
    default: return "an expression";
  }
}

static ThNode *not_assignable(ThParser *p, ThNode *target) {
  if (target->kind == TH_NODE_QUERY) {
    th_parser_error(p, target->span,
                    "`%s(…)` is a query of probability: its name cannot be given to a function",
                    target->name->spelling);
    return NULL;
  }
  char a[TH_EXCERPT_SIZE], b[TH_EXCERPT_SIZE];
  const char *text = p->tree->source->text;
  ThSpan after = th_excerpt_after(text, p->token.span.end);
  const char *left = th_excerpt_text(text, target->span, "a", a),
             *right = th_excerpt_text(text, after, "b", b);
  bool type = target->kind == TH_NODE_RANGE && target->items[0]->kind == TH_NODE_NAME;
  th_parser_error(p, target->span, "%s cannot be assigned to", what_stands(target));
  if (type)
    th_hint(p->cx, "types are not declared: write `%s = %s`", target->items[0]->name->spelling, right);
  else if (target->kind == TH_NODE_NUMBER)
    th_hint(p->cx, "a name stands on the left: `%s = %s`; to compare write `%s == %s`", right, left, left,
            right);
  else if (target->kind == TH_NODE_CONSTANT)
    th_hint(p->cx, "give the variable another name, such as `%s_`", left);
  else
    th_hint(p->cx, "to compare write `%s == %s`; a name, an element or a field is assigned to", left, right);
  return NULL;
}

static bool is_target(const ThNode *node) {
  if (node->kind == TH_NODE_TUPLE || node->kind == TH_NODE_ARRAY) {
    for (size_t i = 0; i < node->n_items; i++)
      if (!is_target(node->items[i])) return false;
    return true;
  }
  if (node->kind == TH_NODE_INDEX || node->kind == TH_NODE_FIELD) return is_target(node->items[0]);
  return node->kind == TH_NODE_NAME && !(node->flags & TH_FLAG_PAREN);
}

/* x =+ 1: the sign of a compound assignment, turned round. True with an error. */
static bool is_turned_round(ThParser *p, const ThNode *target) {
  const char *text = p->tree->source->text;
  uint32_t at = p->token.span.start;
  char sign = text[at + 1], a[TH_EXCERPT_SIZE], b[TH_EXCERPT_SIZE];
  bool turned = th_parser_at(p, TH_TOKEN_ASSIGN) && sign && strchr("+-*/^", sign) &&
                strchr(" \t", text[at + 2]);
  if (!turned) return false;
  const char *name = th_excerpt_text(text, target->span, "x", a);
  const char *value = th_excerpt_text(text, th_excerpt_after(text, at + 2), "y", b);
  th_parser_error(p, (ThSpan){at, at + 2}, "`=%c` is not an operator", sign);
  if (sign == '+' || sign == '-')
    return !th_hint(p->cx, "write `%s %c= %s`, or `%s = %c%s`", name, sign, value, name, sign, value);
  return !th_hint(p->cx, "write `%s %c= %s`", name, sign, value);
}

static ThNode *assign(ThParser *p, ThNode *target, ThOperator op) {
  if (!is_target(target)) return not_assignable(p, target);
  if (is_turned_round(p, target) || !th_parser_advance(p)) return NULL;
  ThNode *value = th_parse_expression(p);
  if (!value) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_ASSIGN, (ThSpan){target->span.start, value->span.end},
                              (ThNode *[]){target, value}, 2);
  if (node) node->op = op;
  return node;
}

/* X, Y ~ dist   U[10] ~ dist */
static ThNode *declare(ThParser *p, ThNode *first) {
  ThNodeList list = {0};
  if (!th_node_list_add(p, &list, first)) return NULL;
  while (th_parser_at(p, TH_TOKEN_COMMA)) {
    ThNode *next = th_parser_advance(p) ? th_parse_primary(p) : NULL;
    if (!next || !th_node_list_add(p, &list, next)) goto failed;
  }
  for (size_t i = 0; i < list.n; i++) {
    ThNode *target = list.items[i];
    bool plain = target->kind == TH_NODE_NAME ||
                 (target->kind == TH_NODE_INDEX && target->items[0]->kind == TH_NODE_NAME &&
                  target->n_items == 2);
    if (plain) continue;
    th_parser_error(p, target->span, "left of `~` stand names, or one name[…]");
    goto failed;
  }
  if (!th_parser_expect(p, TH_TOKEN_TILDE, "the names")) goto failed;
  ThNode *distribution = th_parse_expression(p);
  if (!distribution || !th_node_list_add(p, &list, distribution)) goto failed;
  return th_node_list_finish(p, &list, TH_NODE_DECLARE, (ThSpan){first->span.start, distribution->span.end});
failed:
  th_node_list_clear(p, &list);
  return NULL;
}

/* Left of `:=` stands one name, at top level. */
static bool check_live(ThParser *p, const ThNode *target) {
  const char *text = p->lexer.source->text + target->span.start;
  int length = (int)(target->span.end - target->span.start);
  if (target->kind != TH_NODE_NAME) {
    th_parser_error(p, target->span, "left of `:=` stands one name");
    if (target->kind == TH_NODE_CALL)
      th_hint(p->cx, "a function follows the names in it without that: `%.*s = …`", length, text);
    return false;
  }
  if (p->lexer.n_open == 0) return true;
  th_parser_error(p, p->token.span, "`:=` stands at top level only");
  return th_hint(p->cx, "inside a function or block an assignment is `%s = …`", target->name->spelling);
}

static ThNode *live(ThParser *p, ThNode *target) {
  if (!check_live(p, target)) return NULL;
  if (!th_parser_advance(p)) return NULL;
  ThNode *value = th_parse_expression(p);
  if (!value) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_LIVE, (ThSpan){target->span.start, value->span.end}, &value,
                              1);
  if (node) node->name = target->name;
  return node;
}

/* True when the comma at hand belongs to names before a `~`. */
static bool names_before_tilde(const ThParser *p) {
  const char *text = p->tree->source->text;
  for (uint32_t i = p->token.span.start;
       i < p->lexer.end && text[i] != '\n' && text[i] != ';' && text[i] != '#'; i++)
    if (text[i] == '~') return true;
  return false;
}

static bool is_foreign_arrow(const ThParser *p, const ThNode *node) {
  bool compares = node->kind == TH_NODE_BINARY && node->op == TH_OP_LESS && !(node->flags & TH_FLAG_PAREN);
  if (!compares || node->items[0]->kind != TH_NODE_NAME) return false;
  uint32_t i = node->items[0]->span.end;
  const char *text = p->tree->source->text;
  while (text[i] == ' ') i++;
  return text[i] == '<' && text[i + 1] == '-';
}

static ThNode *expression_statement(ThParser *p) {
  ThNode *node = th_parse_expression(p);
  if (!node) return NULL;
  static const struct {
    ThTokenKind token;
    ThOperator op;
  } compound[] = {
      {TH_TOKEN_ASSIGN, TH_N_OPERATORS},       {TH_TOKEN_PLUS_ASSIGN, TH_OP_ADD},
      {TH_TOKEN_MINUS_ASSIGN, TH_OP_SUBTRACT}, {TH_TOKEN_STAR_ASSIGN, TH_OP_MULTIPLY},
      {TH_TOKEN_SLASH_ASSIGN, TH_OP_DIVIDE},   {TH_TOKEN_CARET_ASSIGN, TH_OP_POWER},
  };
  if (is_foreign_arrow(p, node)) {
    th_parser_error(p, (ThSpan){node->items[0]->span.end, node->items[1]->span.start + 1},
                    "`<-` does not assign");
    size_t n;
    const char *text = p->tree->source->text, *name = th_parser_text(p, node->items[0]->span, &n);
    uint32_t value = th_excerpt_skip_blanks(text, node->items[1]->span.start + 1);
    char buffer[TH_EXCERPT_SIZE];
    const char *rest = th_excerpt_text(text, (ThSpan){value, node->items[1]->span.end}, "…", buffer);
    th_hint(p->cx, "write `%.*s = %s`; a comparison with a negative number is `%.*s < -%s`", (int)n, name,
            rest, (int)n, name, rest);
    return NULL;
  }
  bool plain_call = node->kind == TH_NODE_CALL && node->items[0]->kind == TH_NODE_NAME &&
                    !(node->flags & TH_FLAG_PAREN);
  if (th_parser_at(p, TH_TOKEN_ASSIGN) && plain_call) return define(p, node);
  for (size_t i = 0; i < sizeof compound / sizeof *compound; i++)
    if (p->token.kind == compound[i].token) return assign(p, node, compound[i].op);
  if (th_parser_at(p, TH_TOKEN_TILDE)) return declare(p, node);
  if (th_parser_at(p, TH_TOKEN_COMMA) && names_before_tilde(p)) return declare(p, node);
  if (th_parser_at(p, TH_TOKEN_LIVE)) return live(p, node);
  return node;
}

/* model NAME(parameters) { body } */
static ThNode *model(ThParser *p) {
  uint32_t start = p->token.span.start;
  if (!th_parser_advance(p)) return NULL;
  ThNode *call = th_parse_primary(p);
  if (!call) return NULL;
  if (call->kind != TH_NODE_CALL || call->items[0]->kind != TH_NODE_NAME)
    return th_parser_error(p, call->span, "a model begins `model NAME(data, …) {`");
  bool outer = p->in_model;
  p->in_model = true;
  ThNode *body = th_parse_body(p, start);
  p->in_model = outer;
  ThNode *lambda = body ? make_lambda(p, call, body, (ThSpan){start, body->span.end}) : NULL;
  if (!lambda) return NULL;
  ThNode *node = th_node_with(p->tree, TH_NODE_MODEL, lambda->span, &lambda, 1);
  if (node) node->name = call->items[0]->name;
  return node;
}

/* param A   param p in (0, 1)   param w[3]   param a, b */
static ThNode *param(ThParser *p) {
  uint32_t start = p->token.span.start;
  ThNodeList list = {0};
  ThNode *bounds = NULL;
  do {
    ThNode *target = th_parser_advance(p) ? th_parse_primary(p) : NULL;
    if (!target || !th_node_list_add(p, &list, target)) goto failed;
    bool indexed = target->kind == TH_NODE_INDEX && target->items[0]->kind == TH_NODE_NAME;
    if (target->kind != TH_NODE_NAME && !indexed) {
      th_parser_error(p, target->span, "after `param` stand names: `param a, b`, `param w[3]`");
      goto failed;
    }
  } while (th_parser_at(p, TH_TOKEN_COMMA));
  if (th_parser_at(p, TH_TOKEN_IN)) {
    if (!th_parser_advance(p) || !(bounds = th_parse_interval(p))) goto failed;
    if (bounds->kind != TH_NODE_INTERVAL) {
      th_parser_error(p, bounds->span, "the range of a parameter is an interval: (0, inf)");
      goto failed;
    }
  }
  if (!th_node_list_add(p, &list, bounds)) goto failed;
  return th_node_list_finish(p, &list, TH_NODE_PARAM, (ThSpan){start, p->before.span.end});
failed:
  th_node_list_clear(p, &list);
  return NULL;
}

/* After the left side: a claim is an equation. */
static bool claim_sign(ThParser *p, const ThNode *left) {
  char a[TH_EXCERPT_SIZE], b[TH_EXCERPT_SIZE];
  const char *text = p->tree->source->text;
  if (left->kind == TH_NODE_BINARY && left->op == TH_OP_EQUAL && !(left->flags & TH_FLAG_PAREN)) {
    uint32_t sign = th_excerpt_skip_blanks(text, left->items[0]->span.end);
    th_parser_error(p, (ThSpan){sign, sign + 2}, "a claim takes a single `=`");
    return th_hint(p->cx, "write `claim %s = %s for …`", th_excerpt_text(text, left->items[0]->span, "a", a),
                   th_excerpt_text(text, left->items[1]->span, "b", b));
  }
  if (th_parser_at(p, TH_TOKEN_FOR)) {
    th_parser_error(p, left->span, "a claim is an equation: left = right");
    return th_hint(p->cx, "write `claim (%s) = true for …`", th_excerpt_text(text, left->span, "a", a));
  }
  return th_parser_expect(p, TH_TOKEN_ASSIGN, "the left side of the claim");
}

/* claim left = right for k in (-5, 5), … */
static ThNode *claim(ThParser *p) {
  uint32_t start = p->token.span.start;
  ThNodeList list = {0};
  if (!th_parser_advance(p)) return NULL;
  ThNode *left = th_parse_operand(p, TH_PRECEDENCE_PIPE);
  if (!left || !th_node_list_add(p, &list, left) || !claim_sign(p, left)) goto failed;
  ThNode *right = th_parse_operand(p, TH_PRECEDENCE_PIPE);
  if (!right || !th_node_list_add(p, &list, right)) goto failed;
  if (!th_parser_at(p, TH_TOKEN_FOR)) {
    th_parser_unexpected(p, "a claim says where it holds: `for x in (-5, 5)`");
    goto failed;
  }
  if (!th_parse_generators(p, &list, true)) goto failed;
  return th_node_list_finish(p, &list, TH_NODE_CLAIM, (ThSpan){start, p->before.span.end});
failed:
  th_node_list_clear(p, &list);
  return NULL;
}

/* `claim` begins a claim only before a blank and an expression, on a line with `for`. */
static bool at_claim(const ThParser *p) {
  if (!th_parser_at_word(p, "claim")) return false;
  const char *text = p->tree->source->text;
  uint32_t i = p->token.span.end;
  ThTokenKind next = th_lexer_peek(&p->lexer);
  if (text[i] != ' ' || next == TH_TOKEN_ASSIGN || next == TH_TOKEN_EQUAL) return false;
  for (; i + 4 < p->lexer.end && text[i] != '\n'; i++)
    if (memcmp(text + i, " for ", 5) == 0) return true;
  return false;
}

/* A word that is a keyword only before a name. */
static bool at_word_and_name(const ThParser *p, const char *word) {
  return th_parser_at_word(p, word) && th_lexer_peek(&p->lexer) == TH_TOKEN_NAME;
}

/* `data NAME {` */
static bool at_data(const ThParser *p) {
  if (!at_word_and_name(p, "data")) return false;
  const char *text = p->tree->source->text;
  for (uint32_t i = p->token.span.end; i < p->lexer.end && text[i] != '\n'; i++)
    if (text[i] == '{') return true;
  return false;
}

ThNode *th_parse_statement(ThParser *p) {
  p->statement = p->token.span.start;
  switch (p->token.kind) {
    case TH_TOKEN_FOR: return for_loop(p);
    case TH_TOKEN_WHILE: return while_loop(p);
    case TH_TOKEN_BREAK: return th_parser_leaf(p, TH_NODE_BREAK);
    case TH_TOKEN_CONTINUE: return th_parser_leaf(p, TH_NODE_CONTINUE);
    case TH_TOKEN_RETURN: return return_statement(p);
    case TH_TOKEN_NAME: break;
    default: return th_parser_at_command(p) ? th_parser_command(p) : expression_statement(p);
  }
  if (at_data(p)) return th_parse_data(p, p->token);
  if (at_word_and_name(p, "model")) return model(p);
  if (p->in_model && at_word_and_name(p, "param")) return param(p);
  if (at_claim(p)) return claim(p);
  return expression_statement(p);
}
