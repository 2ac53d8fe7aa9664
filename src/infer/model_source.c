/* model_source.c - the text of a model's statements, for texts about the model */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/model_source.h"

#include <string.h>

#include "lang/code.h"

static const ThNode *lambda_of(const ThModel *model) { return th_as_function(model->body)->prototype->node; }

static const char *source_of(const ThModel *model) {
  return th_as_function(model->body)->prototype->tree->source->text;
}

static const ThNode *body_of(const ThModel *model) {
  const ThNode *lambda = lambda_of(model);
  return lambda->items[lambda->n_items - 1];
}

void th_model_node_text(const ThModel *model, const ThNode *node, ThText *out) {
  th_text_bytes(out, source_of(model) + node->span.start, node->span.end - node->span.start);
}

/* --- Statements */

typedef struct Search {
  const ThModel *model;
  ThSeeLaw see;
  void *self;
  const ThNode *loop;
  bool complete;
} Search;

static bool read_target(const ThModel *model, const ThNode *target, ThLawText *out) {
  if (target->kind == TH_NODE_INDEX) {
    if (target->n_items != 2) return false;
    out->element = target->items[1];
    target = target->items[0];
  }
  if (target->kind != TH_NODE_NAME) return false;
  out->target = target->name;
  out->is_data = th_model_argument_index(model, target->name) != SIZE_MAX;
  return true;
}

static bool read_call(const ThNode *call, ThLawText *out) {
  if (call->kind != TH_NODE_CALL || call->items[0]->kind != TH_NODE_NAME) return false;
  if (call->n_items > TH_MOST_LAW_ARGUMENTS + 1) return false;
  out->call = call;
  out->family = call->items[0]->name;
  out->n_arguments = call->n_items - 1;
  for (size_t i = 0; i < out->n_arguments; i++) {
    const ThNode *argument = call->items[i + 1];
    bool named = argument->kind == TH_NODE_NAMED;
    out->names[i] = named ? argument->name : NULL;
    out->arguments[i] = named ? argument->items[0] : argument;
  }
  return true;
}

static bool see_declaration(Search *s, const ThNode *node) {
  for (size_t i = 0; i + 1 < node->n_items; i++) {
    ThLawText law = {.model = s->model, .loop = s->loop};
    bool read = read_target(s->model, node->items[i], &law) &&
                read_call(node->items[node->n_items - 1], &law);
    if (!read) s->complete = false;
    else if (!s->see(s->self, &law)) return false;
  }
  return true;
}

static bool is_factor(const ThNode *node) {
  return node->kind == TH_NODE_CALL && node->items[0]->kind == TH_NODE_NAME &&
         strcmp(node->items[0]->name->name, "factor") == 0;
}

static bool has_law(const ThNode *node) {
  if (!node) return false;
  if (node->kind == TH_NODE_DECLARE || is_factor(node)) return true;
  for (size_t i = 0; i < node->n_items; i++)
    if (has_law(node->items[i])) return true;
  return false;
}

static bool walk(Search *s, const ThNode *block) {
  for (size_t i = 0; i < block->n_items; i++) {
    const ThNode *statement = block->items[i];
    if (statement->kind == TH_NODE_DECLARE) {
      if (!see_declaration(s, statement)) return false;
    } else if (statement->kind == TH_NODE_FOR && !s->loop && statement->items[1]->kind == TH_NODE_BLOCK) {
      s->loop = statement;
      bool ok = walk(s, statement->items[1]);
      s->loop = NULL;
      if (!ok) return false;
    } else if (has_law(statement)) {
      s->complete = false;
    }
  }
  return true;
}

bool th_model_laws(const ThModel *model, ThSeeLaw see, void *self, bool *complete) {
  Search s = {.model = model, .see = see, .self = self, .complete = true};
  bool ok = walk(&s, body_of(model));
  *complete = s.complete;
  return ok;
}

/* --- What hangs on what */

/* The last assignment of a name at the top of the body, or NULL. */
static const ThNode *find_assignment(const ThModel *model, const ThSymbol *name) {
  const ThNode *block = body_of(model), *found = NULL;
  for (size_t i = 0; i < block->n_items; i++) {
    const ThNode *s = block->items[i];
    if (s->kind == TH_NODE_ASSIGN && s->items[0]->kind == TH_NODE_NAME && s->items[0]->name == name)
      found = s;
  }
  return found;
}

static bool names_target(const ThNode *target, const ThSymbol *name) {
  if (target && target->kind == TH_NODE_INDEX) target = target->items[0];
  return target && target->kind == TH_NODE_NAME && target->name == name;
}

static bool declares(const ThNode *node, const ThSymbol *name) {
  if (!node) return false;
  if (node->kind == TH_NODE_DECLARE || node->kind == TH_NODE_PARAM)
    for (size_t i = 0; i + (node->kind == TH_NODE_DECLARE) < node->n_items; i++)
      if (names_target(node->items[i], name)) return true;
  for (size_t i = 0; i < node->n_items; i++)
    if (declares(node->items[i], name)) return true;
  return false;
}

enum { DEEPEST = 16 }; /* a name that is computed from itself ends here */

static bool hangs(const ThModel *model, const ThNode *node, int depth) {
  if (!node || depth > DEEPEST) return false;
  if (node->kind == TH_NODE_NAME && th_model_argument_index(model, node->name) == SIZE_MAX) {
    if (declares(body_of(model), node->name)) return true;
    const ThNode *assignment = find_assignment(model, node->name);
    if (assignment) return hangs(model, assignment->items[1], depth + 1);
  }
  for (size_t i = 0; i < node->n_items; i++)
    if (hangs(model, node->items[i], depth)) return true;
  return false;
}

bool th_model_hangs_on_parameters(const ThModel *model, const ThNode *node) { return hangs(model, node, 0); }

/* --- Indices */

typedef struct Indexer {
  const ThModel *model;
  ThIsIndexed is_indexed;
  void *self;
  ThText *out;
  uint32_t at; /* the source is written up to here */
} Indexer;

/* Functions of all data together: what stands in their brackets gets no index. */
static bool is_reduction(const ThNode *node) {
  static const char *const names[] = {"sum", "mean", "length", "max",  "min",
                                      "sd",  "var",  "rows",   "cols", "median"};
  if (node->kind != TH_NODE_CALL || node->items[0]->kind != TH_NODE_NAME) return false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(node->items[0]->name->name, names[i]) == 0) return true;
  return false;
}

static bool is_data(const Indexer *x, const ThSymbol *name) {
  bool is_knob;
  size_t at = th_model_argument_index(x->model, name);
  if (at == SIZE_MAX) return false;
  th_model_argument(x->model, at, &is_knob);
  return x->is_indexed ? x->is_indexed(x->self, name) : !is_knob;
}

static bool is_product(const ThNode *node) {
  return node->kind == TH_NODE_BINARY && node->op == TH_OP_MATRIX_PRODUCT;
}

static bool indexed(const Indexer *x, const ThNode *node, int depth) {
  if (!node || depth > DEEPEST || is_reduction(node)) return false;
  if (node->kind == TH_NODE_NAME) {
    if (is_data(x, node->name)) return true;
    const ThNode *assignment = find_assignment(x->model, node->name);
    return assignment && indexed(x, assignment->items[1], depth + 1);
  }
  size_t first = node->kind == TH_NODE_INDEX; /* of x[i] only what stands in the brackets */
  for (size_t i = first; i < node->n_items; i++)
    if (indexed(x, node->items[i], depth)) return true;
  return false;
}

static void copy_to(Indexer *x, uint32_t end) {
  if (end > x->at) th_text_bytes(x->out, source_of(x->model) + x->at, end - x->at);
  x->at = end;
}

static void put(Indexer *x, const ThNode *node) {
  if (!node || is_reduction(node)) return;
  if (node->kind == TH_NODE_NAME && indexed(x, node, 0)) {
    copy_to(x, node->span.end);
    th_text_add(x->out, "ᵢ");
    return;
  }
  if (is_product(node) && indexed(x, node, 0)) {
    bool bracket = !(node->flags & TH_FLAG_PAREN);
    copy_to(x, node->span.start);
    if (bracket) th_text_char(x->out, '(');
    copy_to(x, node->span.end);
    if (bracket) th_text_char(x->out, ')');
    th_text_add(x->out, "ᵢ");
    return;
  }
  if (node->kind == TH_NODE_INDEX && node->n_items > 1 && indexed(x, node->items[1], 0)) {
    put(x, node->items[1]);
    return;
  }
  for (size_t i = 0; i < node->n_items; i++) put(x, node->items[i]);
}

void th_model_indexed_text(const ThModel *model, const ThNode *node, ThIsIndexed is_indexed, void *self,
                           ThText *out) {
  Indexer x = {model, is_indexed, self, out, node->span.start};
  put(&x, node);
  copy_to(&x, node->span.end);
}

bool th_model_is_indexed(const ThModel *model, const ThNode *node, ThIsIndexed is_indexed, void *self) {
  const Indexer x = {model, is_indexed, self, NULL, 0};
  return indexed(&x, node, 0);
}

void th_model_definitions(const ThModel *model, ThIsIndexed is_indexed, void *self, ThText *out) {
  const ThNode *block = body_of(model);
  bool first = true;
  for (size_t i = 0; i < block->n_items; i++) {
    const ThNode *s = block->items[i];
    if (s->kind != TH_NODE_ASSIGN || s->items[0]->kind != TH_NODE_NAME || !hangs(model, s->items[1], 0))
      continue;
    bool many = th_model_is_indexed(model, s->items[1], is_indexed, self);
    th_text_format(out, "\n%s%s%s = ", first ? "with      " : "          ", s->items[0]->name->spelling,
                   many ? "ᵢ" : "");
    th_model_indexed_text(model, s->items[1], is_indexed, self, out);
    first = false;
  }
}
