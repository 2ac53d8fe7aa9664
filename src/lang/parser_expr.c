/* parser_expr.c - operators */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Precedence climbing over one table of binary operators. Comparisons gather into chains, `:` into ranges;
 * juxtaposition (2x) stands between products and prefixes. */
#include <string.h>

#include "base/utf8.h"
#include "lang/excerpt.h"
#include "lang/parser_state.h"

enum { MAX_DEPTH = 250 };

static const struct {
  ThTokenKind token;
  int precedence;
  ThOperator op;
} binaries[] = {
    {TH_TOKEN_OR, TH_PRECEDENCE_OR, TH_OP_OR},
    {TH_TOKEN_AND, TH_PRECEDENCE_AND, TH_OP_AND},
    {TH_TOKEN_EQUAL, TH_PRECEDENCE_COMPARE, TH_OP_EQUAL},
    {TH_TOKEN_NOT_EQUAL, TH_PRECEDENCE_COMPARE, TH_OP_NOT_EQUAL},
    {TH_TOKEN_LESS, TH_PRECEDENCE_COMPARE, TH_OP_LESS},
    {TH_TOKEN_LESS_EQUAL, TH_PRECEDENCE_COMPARE, TH_OP_LESS_EQUAL},
    {TH_TOKEN_GREATER, TH_PRECEDENCE_COMPARE, TH_OP_GREATER},
    {TH_TOKEN_GREATER_EQUAL, TH_PRECEDENCE_COMPARE, TH_OP_GREATER_EQUAL},
    {TH_TOKEN_IN, TH_PRECEDENCE_COMPARE, TH_OP_IN},
    {TH_TOKEN_PLUS, TH_PRECEDENCE_SUM, TH_OP_ADD},
    {TH_TOKEN_MINUS, TH_PRECEDENCE_SUM, TH_OP_SUBTRACT},
    {TH_TOKEN_STAR, TH_PRECEDENCE_PRODUCT, TH_OP_MULTIPLY},
    {TH_TOKEN_SLASH, TH_PRECEDENCE_PRODUCT, TH_OP_DIVIDE},
    {TH_TOKEN_PERCENT, TH_PRECEDENCE_PRODUCT, TH_OP_REMAINDER},
    {TH_TOKEN_AT, TH_PRECEDENCE_PRODUCT, TH_OP_MATRIX_PRODUCT},
    {TH_TOKEN_BACKSLASH, TH_PRECEDENCE_PRODUCT, TH_OP_SOLVE},
};

/* The row of the binary operator at hand, or -1. In a query `=` compares. */
static int binary_row(const ThParser *p) {
  ThTokenKind kind = p->token.kind;
  if (kind == TH_TOKEN_ASSIGN && p->query) kind = TH_TOKEN_EQUAL;
  for (int i = 0; i < (int)(sizeof binaries / sizeof *binaries); i++)
    if (binaries[i].token == kind) return i;
  return -1;
}

static ThSpan cover(const ThNode *a, const ThNode *b) { return (ThSpan){a->span.start, b->span.end}; }

static ThNode *binary(ThParser *p, ThOperator op, ThNode *a, ThNode *b) {
  ThNodeKind kind = op == TH_OP_AND ? TH_NODE_AND : op == TH_OP_OR ? TH_NODE_OR : TH_NODE_BINARY;
  ThNode *node = th_node_with(p->tree, kind, cover(a, b), (ThNode *[]){a, b}, 2);
  if (node) node->op = op;
  return node;
}

/* a < b <= c: operands and operators, evaluated once each. */
static ThNode *parse_chain(ThParser *p, ThNode *first) {
  ThNodeList list = {0};
  uint8_t ops[64];
  size_t n_ops = 0;
  if (!th_node_list_add(p, &list, first)) return NULL;
  for (int row; (row = binary_row(p)) >= 0 && binaries[row].precedence == TH_PRECEDENCE_COMPARE;) {
    ThNode *next = NULL;
    if (n_ops == sizeof ops) th_parser_error(p, p->token.span, "a chain of more than 64 comparisons");
    else if (th_parser_advance(p))
      next = binaries[row].op == TH_OP_IN ? th_parse_interval(p) : th_parse_operand(p, TH_PRECEDENCE_RANGE);
    if (!next || !th_node_list_add(p, &list, next)) {
      th_node_list_clear(p, &list);
      return NULL;
    }
    ops[n_ops++] = (uint8_t)binaries[row].op;
  }
  if (n_ops == 1) {
    ThNode *node = binary(p, (ThOperator)ops[0], list.items[0], list.items[1]);
    th_node_list_clear(p, &list);
    return node;
  }
  ThSpan span = cover(list.items[0], list.items[n_ops]);
  ThNode *node = th_node_list_finish(p, &list, TH_NODE_CHAIN, span);
  if (!node || !(node->ops = th_tree_alloc(p->tree, n_ops))) return NULL;
  for (size_t i = 0; i < n_ops; i++) node->ops[i] = ops[i];
  return node;
}

/* a:b or a:step:b. In an index a colon may also stand before `]` or `,`; that is the caller's. */
static ThNode *parse_range(ThParser *p, ThNode *first) {
  ThNode *items[3] = {first, NULL, NULL};
  if (!th_parser_advance(p)) return NULL;
  if (!(items[2] = th_parse_operand(p, TH_PRECEDENCE_SUM))) return NULL;
  if (th_parser_at(p, TH_TOKEN_COLON)) {
    items[1] = items[2];
    if (!th_parser_advance(p) || !(items[2] = th_parse_operand(p, TH_PRECEDENCE_SUM))) return NULL;
  }
  return th_node_with(p->tree, TH_NODE_RANGE, cover(first, items[2]), items, 3);
}

/* x |> f is f(x). */
static ThNode *parse_pipe(ThParser *p, ThNode *left) {
  if (!th_parser_advance(p)) return NULL;
  ThNode *function = th_parse_operand(p, TH_PRECEDENCE_OR);
  if (!function) return NULL;
  return th_node_with(p->tree, TH_NODE_CALL, cover(left, function), (ThNode *[]){function, left}, 2);
}

static ThNode *unary(ThParser *p, ThOperator op, uint32_t start, ThNode *operand) {
  ThNode *node = th_node_with(p->tree, TH_NODE_UNARY, (ThSpan){start, operand->span.end}, &operand, 1);
  if (node) node->op = op;
  return node;
}

/* √x is sqrt(x). */
static ThNode *root_call(ThParser *p, ThSpan sign, ThNode *operand) {
  ThNode *name = th_node_new(p->tree, TH_NODE_NAME, sign);
  if (!name || !(name->name = th_symbol_of(p->cx, "sqrt"))) return NULL;
  ThSpan span = {sign.start, operand->span.end};
  return th_node_with(p->tree, TH_NODE_CALL, span, (ThNode *[]){name, operand}, 2);
}

/* A power binds to the right; its exponent may begin with a prefix and takes a juxtaposition. */
static ThNode *parse_power(ThParser *p) {
  ThNode *base = th_parse_primary(p);
  if (!base || !th_parser_at(p, TH_TOKEN_CARET)) return base;
  if (!th_parser_advance(p)) return NULL;
  ThNode *exponent = th_parse_operand(p, TH_PRECEDENCE_JUXTAPOSITION);
  return exponent ? binary(p, TH_OP_POWER, base, exponent) : NULL;
}

static ThNode *parse_prefix(ThParser *p) {
  ThToken token = p->token;
  if (token.kind != TH_TOKEN_MINUS && token.kind != TH_TOKEN_PLUS && token.kind != TH_TOKEN_ROOT)
    return parse_power(p);
  if (!th_parser_advance(p)) return NULL;
  ThNode *operand = th_parse_operand(p, TH_PRECEDENCE_PREFIX);
  if (!operand || token.kind == TH_TOKEN_PLUS) return operand;
  if (token.kind == TH_TOKEN_ROOT) return root_call(p, token.span, operand);
  return unary(p, TH_OP_NEGATE, token.span.start, operand);
}

/* True when a number stands directly before a name, √ or ( . */
static bool juxtaposed(const ThParser *p) {
  return p->before.kind == TH_TOKEN_NUMBER && !p->token.spaced &&
         (p->token.kind == TH_TOKEN_NAME || p->token.kind == TH_TOKEN_ROOT ||
          p->token.kind == TH_TOKEN_LEFT_PAREN);
}

static bool number_before_word(ThParser *p) {
  if (p->before.kind != TH_TOKEN_NUMBER || p->token.spaced || p->token.kind < TH_TOKEN_IF ||
      p->token.kind > TH_TOKEN_NONE)
    return false;
  size_t length;
  const char *word = th_parser_text(p, p->token.span, &length);
  if (length == 3 && (unsigned char)*word >= 0x80) return false; /* ∈ and other signs */
  th_parser_error(p, p->token.span, "a number directly before the reserved word `%.*s`", (int)length, word);
  th_hint(p->cx, "leave a blank between them");
  return true;
}

static ThNode *parse_juxtaposition(ThParser *p) {
  ThNode *left = parse_prefix(p);
  while (left && juxtaposed(p)) {
    ThNode *right = parse_prefix(p);
    left = right ? binary(p, TH_OP_MULTIPLY, left, right) : NULL;
  }
  return left && number_before_word(p) ? NULL : left;
}

static ThNode *parse_not(ThParser *p) {
  ThToken token = p->token;
  if (!th_parser_advance(p)) return NULL;
  ThNode *operand = th_parse_operand(p, TH_PRECEDENCE_NOT);
  return operand ? unary(p, TH_OP_NOT, token.span.start, operand) : NULL;
}

/* Operators of at least `precedence`, to the left of them an operand. */
static ThNode *climb(ThParser *p, int precedence) {
  if (precedence == TH_PRECEDENCE_PREFIX) return parse_prefix(p);
  if (precedence >= TH_PRECEDENCE_POWER) return parse_power(p);
  if (precedence == TH_PRECEDENCE_JUXTAPOSITION) return parse_juxtaposition(p);
  ThNode *left = th_parser_at(p, TH_TOKEN_NOT) && precedence <= TH_PRECEDENCE_NOT ? parse_not(p)
                                                                                  : parse_juxtaposition(p);
  while (left) {
    int row = binary_row(p);
    if (row >= 0 && binaries[row].precedence >= precedence) {
      if (binaries[row].precedence == TH_PRECEDENCE_COMPARE) {
        left = parse_chain(p, left);
        continue;
      }
      if (!th_parser_advance(p)) return NULL;
      ThNode *right = th_parse_operand(p, binaries[row].precedence + 1);
      left = right ? binary(p, binaries[row].op, left, right) : NULL;
    } else if (th_parser_at(p, TH_TOKEN_COLON) && precedence <= TH_PRECEDENCE_RANGE) {
      left = parse_range(p, left);
    } else if (th_parser_at(p, TH_TOKEN_PIPE) && precedence <= TH_PRECEDENCE_PIPE) {
      left = parse_pipe(p, left);
    } else {
      break;
    }
  }
  return left;
}

ThNode *th_parse_operand(ThParser *p, int precedence) {
  if (++p->depth > MAX_DEPTH) {
    th_lexer_error(&p->lexer, TH_ERROR_LIMIT, p->token.span, "expressions nested more than %d deep",
                   MAX_DEPTH);
    return NULL;
  }
  ThNode *node = climb(p, precedence);
  p->depth--;
  return node;
}

/* (a, b) after `in` is the open interval; anything else an operand. */
ThNode *th_parse_interval(ThParser *p) {
  ThNode *node = th_parse_operand(p, TH_PRECEDENCE_RANGE);
  if (!node) return NULL;
  if (node->kind == TH_NODE_TUPLE) {
    if (node->n_items != 2) return th_parser_error(p, node->span, "an interval has two ends: (a, b)");
    node->kind = TH_NODE_INTERVAL;
  }
  if (th_parser_at(p, TH_TOKEN_COLON)) return parse_range(p, node);
  return node;
}

/* a = 5, or b in values, after `with`. */
static ThNode *parse_with_clause(ThParser *p) {
  if (!th_parser_at(p, TH_TOKEN_NAME))
    return th_parser_unexpected(p, "after `with` stands a name: `with a = 5`");
  ThToken name = p->token;
  if (!th_parser_advance(p)) return NULL;
  bool in = th_parser_at(p, TH_TOKEN_IN);
  if (!in && !th_parser_at(p, TH_TOKEN_ASSIGN))
    return th_parser_unexpected(p, "write `with a = 5` or `with a in [1, 2]`");
  if (!th_parser_advance(p)) return NULL;
  ThNode *value = th_parse_operand(p, TH_PRECEDENCE_PIPE);
  if (!value) return NULL;
  ThNode *node = th_node_with(p->tree, in ? TH_NODE_GENERATOR : TH_NODE_NAMED,
                              (ThSpan){name.span.start, value->span.end}, &value, 1);
  if (!node || !(node->name = th_parser_symbol(p, name.span))) return NULL;
  return node;
}

/* f(y with a = 5): whether the next item is another name of `with` or another argument could not be told. */
static ThNode *bare_with(ThParser *p, const ThNode *value) {
  const char *text = p->tree->source->text;
  char buffer[TH_EXCERPT_SIZE], names[TH_EXCERPT_SIZE];
  ThSpan with = p->token.span;
  const ThNode *clause = th_parser_advance(p) ? parse_with_clause(p) : NULL;
  if (!clause) return NULL;
  th_parser_error(p, with, "`with` among other items needs round brackets of its own");
  th_hint(p->cx, "write `(%s with %s)`", th_excerpt_text(text, value->span, "x", buffer),
          th_excerpt_text(text, clause->span, "a = 5", names));
  return NULL;
}

ThNode *th_parse_item(ThParser *p) {
  ThNode *node = th_parse_operand(p, TH_PRECEDENCE_PIPE);
  return node && th_parser_at(p, TH_TOKEN_WITH) ? bare_with(p, node) : node;
}

ThNode *th_parse_expression(ThParser *p) {
  ThNode *node = th_parse_operand(p, TH_PRECEDENCE_PIPE);
  if (!node || !th_parser_at(p, TH_TOKEN_WITH)) return node;
  ThNodeList list = {0};
  if (!th_node_list_add(p, &list, node)) return NULL;
  do {
    ThNode *clause = th_parser_advance(p) ? parse_with_clause(p) : NULL;
    if (!clause || !th_node_list_add(p, &list, clause)) {
      th_node_list_clear(p, &list);
      return NULL;
    }
  } while (th_parser_at(p, TH_TOKEN_COMMA));
  return th_node_list_finish(p, &list, TH_NODE_WITH, (ThSpan){node->span.start, p->before.span.end});
}
