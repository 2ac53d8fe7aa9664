/* parser_state.h - what the files of the parser share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_PARSER_STATE_H
#define TH_LANG_PARSER_STATE_H

#include "lang/ast.h"
#include "lang/lexer.h"

/* One token of look-ahead and the one before. `query` is the depth of query parentheses in which a single
 * `=` compares and `|` conditions; it is set aside inside nested calls, indices and blocks. */
typedef struct ThParser {
  ThContext *cx;
  ThTree *tree;
  ThLexer lexer;
  ThToken token, before;
  bool prompt;
  bool query;         /* `=` compares here */
  bool in_index;      /* `end` and a bare `:` have a meaning here */
  bool in_model;      /* `param` begins a statement */
  uint32_t statement; /* where the statement being read began */
  uint32_t head; /* 1 + where the `if`, `for`, `while` or `else` stands whose head is being read; 0: none */
  unsigned depth;
} ThParser;

/* Children gathered while their number is not known. */
typedef struct ThNodeList {
  size_t n, capacity;
  ThNode **items;
} ThNodeList;

/* tokens */
TH_CHECKED bool th_parser_advance(ThParser *p);
static inline bool th_parser_at(const ThParser *p, ThTokenKind kind) { return p->token.kind == kind; }
/* At `NAME =`, not `==`. */
static inline bool th_parser_at_named(const ThParser *p) {
  return th_parser_at(p, TH_TOKEN_NAME) && th_lexer_peek(&p->lexer) == TH_TOKEN_ASSIGN;
}
/* The token as a node of its own, behind which the parser then stands. */
static inline ThNode *th_parser_leaf(ThParser *p, ThNodeKind kind) {
  ThNode *node = th_node_new(p->tree, kind, p->token.span);
  return node && th_parser_advance(p) ? node : NULL;
}
TH_CHECKED bool th_parser_expect(ThParser *p, ThTokenKind kind, const char *after);
TH_CHECKED bool th_parser_skip_lines(ThParser *p);
bool th_parser_at_word(const ThParser *p, const char *word);
/* The place behind the token before: a character, or none at the end of the source. */
ThSpan th_parser_after(const ThParser *p);
/* Errors at the current token or a span; they return NULL. */
ThNode *th_parser_unexpected(ThParser *p, const char *wanted); /* parser_error.c */
bool th_parser_on_new_line(const ThParser *p); /* the token stands on another line than the one before */
ThNode *th_parser_error(ThParser *p, ThSpan span, const char *format, ...) TH_PRINTF(3, 4);
const char *th_parser_text(const ThParser *p, ThSpan span, size_t *length);
ThSymbol *th_parser_symbol(ThParser *p, ThSpan span);

/* Appends the text of a span, its escapes replaced; a `$` in it is itself. An error for what is no escape. */
TH_CHECKED bool th_parser_plain_text(ThParser *p, ThSpan span, ThText *out);
/* parser_foreign.c: what is written so elsewhere, and how it is written here. The first three are true with an error
 * when they explain the token at hand; the others always give an error, and return NULL. */
bool th_parser_foreign(ThParser *p);
bool th_parser_anonymous(ThParser *p);   /* @(x) x^2 */
bool th_parser_colon_block(ThParser *p); /* while x < 3: */
ThNode *th_parser_missing_block(ThParser *p);
ThNode *th_parser_loop_head(ThParser *p);
ThNode *th_parser_else_condition(ThParser *p, const ThNode *condition);
ThNode *th_parser_assigns_in_condition(ThParser *p, const ThNode *left);

/* lists */
TH_CHECKED bool th_node_list_add(ThParser *p, ThNodeList *list, ThNode *node);
void th_node_list_clear(ThParser *p, ThNodeList *list);
TH_CHECKED ThNode *th_node_list_finish(ThParser *p, ThNodeList *list, ThNodeKind kind, ThSpan span);

/* the grammar, by file */
TH_CHECKED ThNode *th_parse_expression(ThParser *p); /* parser_expr.c: anything, `with` included */
TH_CHECKED ThNode *th_parse_item(ThParser *p);       /* one of several: anything but a bare `with` */
TH_CHECKED ThNode *th_parse_operand(ThParser *p, int precedence); /* operators of at least this precedence */
TH_CHECKED ThNode *th_parse_primary(ThParser *p);                 /* parser_primary.c */
TH_CHECKED ThNode *th_parse_postfix(ThParser *p, ThNode *left); /* parser_postfix.c: calls, indices, fields */
TH_CHECKED ThNode *th_parse_string(ThParser *p, ThSpan span);   /* parser_string.c */
TH_CHECKED ThNode *th_parse_interval(ThParser *p);              /* (a, b) after `in`, or any operand */
TH_CHECKED ThNode *th_parse_block(ThParser *p);                 /* parser_stmt.c: { … } */
TH_CHECKED ThNode *th_parse_body(ThParser *p, uint32_t head);   /* … after the head that began there */
TH_CHECKED ThNode *th_parse_condition(ThParser *p, uint32_t head);
TH_CHECKED ThNode *th_parse_statement(ThParser *p);
TH_CHECKED ThNode *th_parse_generators(ThParser *p, ThNodeList *list,
                                       bool intervals);      /* for a in b, c in d */
TH_CHECKED ThNode *th_parse_data(ThParser *p, ThToken word); /* parser_data.c */
TH_CHECKED ThNode *th_parse_named(ThParser *p);              /* NAME = expression */
TH_CHECKED ThNode *th_parse_formula(ThParser *p, ThNode *left, ThNode *right); /* parser_formula.c: left ~ right */
/* parser_command.c: a statement that is a command of the prompt, `:vars`; an error that says what to write. */
bool th_parser_at_command(const ThParser *p);
TH_CHECKED ThNode *th_parser_command(ThParser *p);
bool th_is_query_name(const char *name, size_t length);
bool th_is_query_option(const char *name, size_t length);

enum {
  TH_PRECEDENCE_PIPE = 1,
  TH_PRECEDENCE_OR,
  TH_PRECEDENCE_AND,
  TH_PRECEDENCE_NOT,
  TH_PRECEDENCE_COMPARE,
  TH_PRECEDENCE_RANGE,
  TH_PRECEDENCE_SUM,
  TH_PRECEDENCE_PRODUCT,
  TH_PRECEDENCE_JUXTAPOSITION,
  TH_PRECEDENCE_PREFIX,
  TH_PRECEDENCE_POWER
};

#endif
