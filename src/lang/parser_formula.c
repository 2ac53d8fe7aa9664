/* parser_formula.c - y ~ 1 + x in an argument: two functions of the names in it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/parser_state.h"

/* Names that stand for values: not those of functions that are called, nor those that the expression binds itself. */
typedef struct Bound {
  const struct Bound *outer;
  const ThSymbol *name;
} Bound;

static bool is_bound(const Bound *bound, const ThSymbol *name) {
  for (; bound; bound = bound->outer)
    if (bound->name == name) return true;
  return false;
}

static bool add_name(ThParser *p, ThNodeList *names, const ThNode *node) {
  for (size_t i = 0; i < names->n; i++)
    if (names->items[i]->name == node->name) return true;
  ThNode *copy = th_node_new(p->tree, TH_NODE_NAME, node->span);
  if (!copy) return false;
  copy->name = node->name;
  copy->flags = node->flags & TH_FLAG_GREEK;
  return th_node_list_add(p, names, copy);
}

static bool collect(ThParser *p, const ThNode *node, const Bound *bound, ThNodeList *names);

/* The children from `i` on, of a node whose children before it may bind names: parameters and generators. */
static bool collect_from(ThParser *p, const ThNode *node, size_t i, const Bound *bound, ThNodeList *names) {
  for (; i < node->n_items; i++)
    if (node->items[i] && !collect(p, node->items[i], bound, names)) return false;
  return true;
}

/* With the names that children `at`, … bind visible in all of them. */
static bool collect_bound(ThParser *p, const ThNode *node, size_t at, size_t end, const Bound *bound,
                          ThNodeList *names) {
  if (at == end) return collect_from(p, node, 0, bound, names);
  Bound inner = {bound, node->items[at]->name};
  return collect_bound(p, node, at + 1, end, &inner, names);
}

static bool collect(ThParser *p, const ThNode *node, const Bound *bound, ThNodeList *names) {
  switch (node->kind) {
    case TH_NODE_NAME: return is_bound(bound, node->name) || add_name(p, names, node);
    case TH_NODE_CALL:
      return collect_from(p, node, node->items[0]->kind == TH_NODE_NAME ? 1 : 0, bound, names);
    case TH_NODE_LAMBDA: return collect_bound(p, node, 0, node->n_items - 1, bound, names);
    case TH_NODE_COMPREHENSION: return collect_bound(p, node, 2, node->n_items, bound, names);
    default: return collect_from(p, node, 0, bound, names);
  }
}

/* A function of the names in `body`, which are appended to `readers` as functions without arguments. */
static ThNode *function_of(ThParser *p, ThNode *body, ThNodeList *readers) {
  ThNodeList names = {0};
  bool ok = collect(p, body, NULL, &names);
  for (size_t i = 0; ok && i < names.n; i++) {
    ThNode *name = names.items[i], *reader = th_node_with(p->tree, TH_NODE_LAMBDA, name->span, &name, 1);
    ok = reader && th_node_list_add(p, readers, reader);
  }
  ok = ok && th_node_list_add(p, &names, body);
  if (ok) return th_node_list_finish(p, &names, TH_NODE_LAMBDA, body->span);
  th_node_list_clear(p, &names);
  return NULL;
}

/* --- Terms */

static bool is_sum(const ThNode *node) {
  return node->kind == TH_NODE_BINARY && node->op == TH_OP_ADD && !(node->flags & TH_FLAG_PAREN);
}

/* `x - 1` and `a + b - c` are read differently elsewhere; x:z is a range. */
static bool check_term(ThParser *p, const ThNode *term) {
  size_t n;
  if (term->flags & TH_FLAG_PAREN) return true;
  if (term->kind == TH_NODE_RANGE) {
    th_parser_error(p, term->span, "`:` makes a range, which is no term of a formula");
    return th_hint(p->cx, "the product of two columns is `x*z`");
  }
  if (term->kind != TH_NODE_BINARY || term->op != TH_OP_SUBTRACT) return true;
  const ThNode *right = term->items[1];
  if (right->kind == TH_NODE_NUMBER && right->number == 1) {
    th_parser_error(p, term->span, "`- 1` takes nothing away from a formula: arithmetic is arithmetic");
    const char *text = th_parser_text(p, term->items[0]->span, &n);
    return th_hint(p->cx, "without the intercept: `0 + %.*s`", (int)n, text);
  }
  if (!is_sum(term->items[0])) return true;
  th_parser_error(p, term->span, "terms separate at `+`: which of them is `-` part of?");
  return th_hint(p->cx, "a difference in brackets is one term: `(x - z)`");
}

static bool split(ThParser *p, ThNode *node, ThNodeList *terms) {
  if (!is_sum(node)) return check_term(p, node) && th_node_list_add(p, terms, node);
  return split(p, node->items[0], terms) && split(p, node->items[1], terms);
}

ThNode *th_parse_formula(ThParser *p, ThNode *left, ThNode *right) {
  ThNodeList terms = {0}, items = {0};
  ThSpan span = {left->span.start, right->span.end};
  if (!split(p, right, &terms)) {
    th_node_list_clear(p, &terms);
    return NULL;
  }
  ThNode *row = th_node_list_finish(p, &terms, TH_NODE_ROW, right->span), *sides[2] = {NULL, NULL};
  bool ok = row && (sides[0] = function_of(p, left, &items)) && (sides[1] = function_of(p, row, &items)) &&
            th_node_list_add(p, &items, sides[0]) && th_node_list_add(p, &items, sides[1]);
  if (ok) return th_node_list_finish(p, &items, TH_NODE_FORMULA, span);
  th_node_list_clear(p, &items);
  return NULL;
}
