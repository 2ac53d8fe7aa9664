/* ast.h - the tree of a program */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_AST_H
#define TH_LANG_AST_H

#include "base/source.h"
#include "val/symbol.h"
#include "val/value.h"

/* One shape of node serves all kinds; the list says which members a kind uses. `items` holds children;
 * a child may be NULL where the list says "or nothing". */
typedef enum ThNodeKind {
  /* expressions */
  TH_NODE_NUMBER,        /* number */
  TH_NODE_IMAGINARY,     /* number: the imaginary part */
  TH_NODE_CONSTANT,      /* value: true, false, none */
  TH_NODE_STRING,        /* text, length */
  TH_NODE_INTERPOLATION, /* items: strings and expressions (each expression a FORMATTED node) */
  TH_NODE_FORMATTED,     /* items[0]; text: the printf-like format, "" for none */
  TH_NODE_NAME,          /* name; flag TH_FLAG_GREEK as typed */
  TH_NODE_ARRAY,         /* items: elements, or ROW nodes when it has `;` */
  TH_NODE_ROW,           /* items */
  TH_NODE_RECORD,        /* items: NAMED */
  TH_NODE_TUPLE,         /* items: (a, b), only before -> or = */
  TH_NODE_NAMED,         /* name, items[0]: an argument or field by name */
  TH_NODE_UNARY,         /* op, items[0] */
  TH_NODE_BINARY,        /* op, items[0], items[1] */
  TH_NODE_CHAIN,         /* items: n operands; ops: n - 1 comparison operators */
  TH_NODE_AND,           /* items[0], items[1] */
  TH_NODE_OR,            /* items[0], items[1] */
  TH_NODE_RANGE,         /* items: first, step or nothing, last */
  TH_NODE_INTERVAL,      /* items: (lower, upper), only after `in` */
  TH_NODE_CALL,          /* items[0] the function, the rest arguments (NAMED or positional or FORMULA) */
  TH_NODE_QUERY,         /* name (P, E, …); items: arguments; count `n_before` stand before the bar */
  TH_NODE_INDEX,         /* items[0] the container, the rest indices */
  TH_NODE_FIELD,         /* items[0], name; n_before: where the name begins */
  TH_NODE_COLON,         /* a bare : in an index */
  TH_NODE_END,           /* end in an index */
  TH_NODE_IF,            /* items: condition, then, else or nothing */
  TH_NODE_BLOCK,         /* items: statements */
  TH_NODE_LAMBDA,        /* items: parameters (NAME, or NAMED with a default), then the body */
  TH_NODE_COMPREHENSION, /* items: value, condition or nothing, then GENERATORs */
  TH_NODE_GENERATOR,     /* name, items[0]: for name in items[0] */
  TH_NODE_WITH,          /* items: expression, then NAMED (=) or GENERATOR (in) */
  TH_NODE_FORMULA,       /* y ~ x in an argument; items: for each name in it a LAMBDA that reads the variable, then the
                          * sides as LAMBDAs of their names; the right one's body is the ROW of the terms */
  /* statements */
  TH_NODE_ASSIGN, /* items: target (NAME, INDEX, FIELD, TUPLE), value; op when compound, else TH_N_OPERATORS */
  TH_NODE_DEFINE,  /* name, items[0]: a LAMBDA */
  TH_NODE_LIVE,    /* name, items[0] */
  TH_NODE_DECLARE, /* items: targets (NAME or INDEX), then the distribution */
  TH_NODE_FOR,     /* name (or TUPLE in items[2]), items: sequence, body, names or nothing */
  TH_NODE_WHILE,   /* items: condition, body */
  TH_NODE_BREAK,
  TH_NODE_CONTINUE,
  TH_NODE_RETURN, /* items[0] or nothing */
  TH_NODE_DATA,   /* name; n_before: the table's index among the tree's values */
  TH_NODE_MODEL,  /* name, items[0]: a LAMBDA whose body is a BLOCK */
  TH_NODE_PARAM,  /* items: NAME or INDEX targets; then INTERVAL or nothing */
  TH_NODE_CLAIM   /* items: left, right, then GENERATORs */
} ThNodeKind;

enum {
  TH_FLAG_SILENT = 1,  /* a statement that ended in ; */
  TH_FLAG_GREEK = 2,   /* a name typed with a Greek letter */
  TH_FLAG_ASSIGNS = 4, /* contains a block, so that evaluating it may change locals */
  TH_FLAG_PAREN = 8    /* stood in round brackets */
};

enum { TH_MAX_TREE_DEPTH = 3000 };

typedef struct ThNode ThNode;
struct ThNode {
  ThNodeKind kind;
  uint32_t flags;
  ThSpan span;
  ThOperator op;
  uint32_t depth; /* of the tree below; at most TH_MAX_TREE_DEPTH, so that walks may recurse */
  size_t n_items, n_before;
  ThNode **items;
  union {
    double number;
    ThSymbol *name;
    ThValue value; /* owned by the tree */
    uint8_t *ops;
    struct {
      const char *text;
      size_t length;
    };
  };
};

/* The tree of one piece of source: owns its nodes. Counted, since functions and models keep their text. */
typedef struct ThTree ThTree;
struct ThTree {
  uint32_t references;
  ThContext *cx;
  ThSource *source;
  struct ThArenaBlock *blocks;
  ThNode *root;    /* a BLOCK of the top-level statements */
  ThValue *values; /* constants that nodes refer to */
  size_t n_values, capacity;
};

TH_CHECKED ThTree *th_tree_new(ThContext *cx, ThSource *source);
ThTree *th_tree_retain(ThTree *tree);
void th_tree_release(ThTree *tree);
/* Memory that lives as long as the tree, zeroed. */
TH_CHECKED void *th_tree_alloc(ThTree *tree, size_t size);
TH_CHECKED ThNode *th_node_new(ThTree *tree, ThNodeKind kind, ThSpan span);
/* The same with children; fewer than n may be given as NULL. Inherits TH_FLAG_ASSIGNS. */
TH_CHECKED ThNode *th_node_with(ThTree *tree, ThNodeKind kind, ThSpan span, ThNode *const *items, size_t n);
/* Hands the tree a value that a node refers to; takes it. */
TH_CHECKED bool th_tree_keep_take(ThTree *tree, ThValue value);

#endif
