/* parser_postfix.c - calls, queries, indices, fields, superscripts */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/parser_state.h"

bool th_is_query_name(const char *name, size_t length) {
  static const char *const names[] = {"P", "E", "Var", "Sd", "Cov", "Corr", "dist", "joint", "ℙ", "𝔼"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return true;
  return false;
}

bool th_is_query_option(const char *name, size_t length) {
  static const char *const names[] = {"method", "draws", "seed", "error"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return true;
  return false;
}

/* One argument of a call: name = value, value, or left ~ right. */
static ThNode *argument(ThParser *p) {
  if (th_parser_at_named(p)) return th_parse_named(p);
  ThNode *value;
  if (th_parser_at(p, TH_TOKEN_TILDE)) value = th_node_new(p->tree, TH_NODE_CONSTANT, p->token.span);
  else value = th_parse_item(p);
  if (!value || !th_parser_at(p, TH_TOKEN_TILDE)) return value;
  if (!th_parser_advance(p)) return NULL;
  ThNode *right = th_parse_item(p);
  if (!right) return NULL;
  return th_parse_formula(p, value, right);
}

/* Arguments up to `)`, which is consumed. */
static bool arguments(ThParser *p, ThNodeList *list) {
  while (!th_parser_at(p, TH_TOKEN_RIGHT_PAREN)) {
    ThNode *item = argument(p);
    if (!item || !th_node_list_add(p, list, item)) return false;
    if (th_parser_at(p, TH_TOKEN_RIGHT_PAREN)) break;
    if (!th_parser_at(p, TH_TOKEN_COMMA)) {
      th_parser_unexpected(p, "`)` or `,` is missing");
      return false;
    }
    if (!th_parser_advance(p)) return false;
  }
  return th_parser_advance(p);
}

static ThNode *call(ThParser *p, ThNode *function) {
  bool query = p->query, in_index = p->in_index;
  p->query = false;
  ThNodeList list = {0};
  bool ok = th_node_list_add(p, &list, function) && th_parser_advance(p) && arguments(p, &list);
  p->query = query;
  p->in_index = in_index;
  if (!ok) {
    th_node_list_clear(p, &list);
    return NULL;
  }
  return th_node_list_finish(p, &list, TH_NODE_CALL, (ThSpan){function->span.start, p->before.span.end});
}

/* An item of a query: an option by name, or an event or argument. */
static ThNode *query_item(ThParser *p) {
  size_t length;
  const char *text = th_parser_text(p, p->token.span, &length);
  if (th_parser_at_named(p) && th_is_query_option(text, length)) {
    p->query = false;
    ThNode *option = th_parse_named(p);
    p->query = true;
    return option;
  }
  return th_parse_item(p);
}

/* Items up to `)`; *n_before counts those before the bar. */
static bool query_items(ThParser *p, ThNodeList *list, size_t *n_before) {
  bool bar = false;
  while (!th_parser_at(p, TH_TOKEN_RIGHT_PAREN)) {
    ThNode *item = query_item(p);
    if (!item || !th_node_list_add(p, list, item)) return false;
    if (!bar) *n_before = list->n;
    if (th_parser_at(p, TH_TOKEN_RIGHT_PAREN)) break;
    bool is_bar = th_parser_at(p, TH_TOKEN_BAR);
    if (is_bar && bar) {
      th_parser_error(p, p->token.span, "a second `|`");
      return th_hint(p->cx, "conditions are joined by commas: P(A | B, C)");
    }
    if (!is_bar && !th_parser_at(p, TH_TOKEN_COMMA)) {
      th_parser_unexpected(p, "`)`, `,` or `|` is missing");
      return false;
    }
    bar |= is_bar;
    if (!th_parser_advance(p)) return false;
  }
  return th_parser_advance(p);
}

static ThNode *query(ThParser *p, ThNode *function) {
  bool outer = p->query, in_index = p->in_index;
  size_t n_before = 0;
  p->query = true;
  p->in_index = false;
  ThNodeList list = {0};
  bool ok = th_parser_advance(p) && query_items(p, &list, &n_before);
  p->query = outer;
  p->in_index = in_index;
  if (!ok) {
    th_node_list_clear(p, &list);
    return NULL;
  }
  ThNode *node = th_node_list_finish(p, &list, TH_NODE_QUERY,
                                     (ThSpan){function->span.start, p->before.span.end});
  if (!node) return NULL;
  node->name = function->name;
  node->n_before = n_before;
  return node;
}

/* One index: a bare colon, or an expression. */
static ThNode *index_item(ThParser *p) {
  if (th_parser_at(p, TH_TOKEN_COLON)) {
    ThNode *node = th_node_new(p->tree, TH_NODE_COLON, p->token.span);
    return node && th_parser_advance(p) ? node : NULL;
  }
  return th_parse_item(p);
}

static bool index_items(ThParser *p, ThNodeList *list) {
  if (!th_parser_advance(p)) return false;
  while (!th_parser_at(p, TH_TOKEN_RIGHT_BRACKET)) {
    ThNode *item = index_item(p);
    if (!item || !th_node_list_add(p, list, item)) return false;
    if (th_parser_at(p, TH_TOKEN_RIGHT_BRACKET)) break;
    if (!th_parser_at(p, TH_TOKEN_COMMA)) {
      th_parser_unexpected(p, "`]` or `,` is missing");
      return false;
    }
    if (!th_parser_advance(p)) return false;
  }
  if (list->n == 1) {
    th_parser_error(p, p->token.span, "an index is missing between `[` and `]`");
    return th_hint(p->cx, "x[2] is the second element, x[:] all of them");
  }
  return th_parser_advance(p);
}

static ThNode *parse_index(ThParser *p, ThNode *container) {
  bool query = p->query, in_index = p->in_index;
  p->query = false;
  p->in_index = true;
  ThNodeList list = {0};
  bool ok = th_node_list_add(p, &list, container) && index_items(p, &list);
  p->query = query;
  p->in_index = in_index;
  if (!ok) {
    th_node_list_clear(p, &list);
    return NULL;
  }
  return th_node_list_finish(p, &list, TH_NODE_INDEX, (ThSpan){container->span.start, p->before.span.end});
}

static ThNode *field(ThParser *p, ThNode *record) {
  if (!th_parser_advance(p)) return NULL;
  /* after a dot any word is a field, a reserved one too */
  if (!th_parser_at(p, TH_TOKEN_NAME) && (p->token.kind < TH_TOKEN_IF || p->token.kind > TH_TOKEN_NONE))
    return th_parser_unexpected(p, "after a dot stands the name of a field");
  ThSpan name = p->token.span;
  ThNode *node = th_node_with(p->tree, TH_NODE_FIELD, (ThSpan){record->span.start, name.end}, &record, 1);
  if (!node || !(node->name = th_parser_symbol(p, name)) || !th_parser_advance(p)) return NULL;
  node->n_before = name.start;
  return node;
}

static ThNode *unary(ThParser *p, ThOperator op, ThNode *operand) {
  ThNode *node = th_node_with(p->tree, TH_NODE_UNARY, (ThSpan){operand->span.start, p->before.span.end},
                              &operand, 1);
  if (node) node->op = op;
  return node;
}

/* The power `x²`, made of a node and a number. */
static ThNode *power_node(ThParser *p, ThNode *base, double power, ThSpan where) {
  ThNode *exponent = th_node_new(p->tree, TH_NODE_NUMBER, where);
  if (!exponent) return NULL;
  exponent->number = power;
  ThNode *node = th_node_with(p->tree, TH_NODE_BINARY, (ThSpan){base->span.start, where.end},
                              (ThNode *[]){base, exponent}, 2);
  if (node) node->op = TH_OP_POWER;
  return node;
}

/* sin²(x) is sin(x)^2; sin⁻¹(x) could mean two things. */
static ThNode *power_of_call(ThParser *p, ThNode *function, double power, ThSpan where) {
  size_t n;
  const char *text = th_parser_text(p, function->span, &n);
  int length = (int)n;
  if (power < 0) {
    th_parser_error(p, (ThSpan){function->span.start, where.end},
                    "`%.*s⁻¹(…)` may mean the inverse function or the reciprocal", length, text);
    bool trigonometric = n == 3 && (memcmp(text, "sin", 3) == 0 || memcmp(text, "cos", 3) == 0 ||
                                    memcmp(text, "tan", 3) == 0);
    if (trigonometric) th_hint(p->cx, "write `a%.*s(x)` or `1/%.*s(x)`", length, text, length, text);
    else th_hint(p->cx, "the reciprocal is `1/%.*s(x)`", length, text);
    return NULL;
  }
  ThNode *value = th_is_query_name(text, n) ? query(p, function) : call(p, function);
  return value ? power_node(p, value, power, where) : NULL;
}

static ThNode *superscript(ThParser *p, ThNode *left) {
  ThToken token = p->token;
  if (!th_parser_advance(p)) return NULL;
  if (token.number == TH_TRANSPOSE_POWER) return unary(p, TH_OP_TRANSPOSE, left);
  if (left->kind == TH_NODE_NAME && th_parser_at(p, TH_TOKEN_LEFT_PAREN) && !p->token.spaced)
    return power_of_call(p, left, token.number, token.span);
  if (token.number == -1) return unary(p, TH_OP_INVERSE, left);
  return power_node(p, left, token.number, token.span);
}

static bool is_query_call(const ThParser *p, const ThNode *left) {
  size_t length;
  const char *text = th_parser_text(p, left->span, &length);
  return left->kind == TH_NODE_NAME && !(left->flags & TH_FLAG_PAREN) && th_is_query_name(text, length);
}

ThNode *th_parse_postfix(ThParser *p, ThNode *left) {
  while (left) {
    bool touching = !p->token.spaced;
    if (th_parser_at(p, TH_TOKEN_LEFT_PAREN) && touching)
      left = is_query_call(p, left) ? query(p, left) : call(p, left);
    else if (th_parser_at(p, TH_TOKEN_LEFT_BRACKET) && touching) left = parse_index(p, left);
    else if (th_parser_at(p, TH_TOKEN_DOT)) left = field(p, left);
    else if (th_parser_at(p, TH_TOKEN_SUPERSCRIPT)) left = superscript(p, left);
    else if (th_parser_at(p, TH_TOKEN_QUOTE) && touching)
      left = th_parser_advance(p) ? unary(p, TH_OP_TRANSPOSE, left) : NULL;
    else break;
  }
  return left;
}
