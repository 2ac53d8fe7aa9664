/* ast.c - the tree of a program */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes come from blocks that are freed together. */
#include "lang/ast.h"

#include <string.h>

enum { BLOCK_SIZE = 8192 };

typedef struct ThArenaBlock {
  struct ThArenaBlock *next;
  size_t size, used;
  max_align_t bytes[];
} ThArenaBlock;

ThTree *th_tree_new(ThContext *cx, ThSource *source) {
  ThTree *tree = th_alloc(cx, sizeof *tree);
  if (!tree) return NULL;
  *tree = (ThTree){.references = 1, .cx = cx, .source = th_source_retain(source)};
  return tree;
}

ThTree *th_tree_retain(ThTree *tree) {
  tree->references++;
  return tree;
}

void th_tree_release(ThTree *tree) {
  if (!tree || --tree->references > 0) return;
  th_release_all(tree->values, tree->n_values);
  th_free(tree->cx, tree->values, tree->capacity * sizeof *tree->values);
  for (ThArenaBlock *block = tree->blocks, *next; block; block = next) {
    next = block->next;
    th_free(tree->cx, block, sizeof *block + block->size);
  }
  th_source_release(tree->source);
  th_free(tree->cx, tree, sizeof *tree);
}

static ThArenaBlock *new_block(ThTree *tree, size_t size) {
  size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
  ThArenaBlock *block = th_alloc(tree->cx, sizeof *block + capacity);
  if (!block) return NULL;
  block->next = tree->blocks;
  block->size = capacity;
  block->used = 0;
  tree->blocks = block;
  return block;
}

void *th_tree_alloc(ThTree *tree, size_t size) {
  size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
  ThArenaBlock *block = tree->blocks;
  if (!block || block->size - block->used < size) block = new_block(tree, size);
  if (!block) return NULL;
  void *bytes = (char *)block->bytes + block->used;
  block->used += size;
  memset(bytes, 0, size);
  return bytes;
}

ThNode *th_node_new(ThTree *tree, ThNodeKind kind, ThSpan span) {
  ThNode *node = th_tree_alloc(tree, sizeof *node);
  if (!node) return NULL;
  node->kind = kind;
  node->span = span;
  node->op = TH_N_OPERATORS;
  return node;
}

static ThNode *too_deep(ThTree *tree, const ThNode *node) {
  th_fail(tree->cx, TH_ERROR_LIMIT, "an expression of more than %d operations within one another",
          TH_MAX_TREE_DEPTH);
  th_error_place(tree->cx, tree->source, node->span);
  th_hint(tree->cx, "split it: give a part a name of its own; many numbers make an array");
  return NULL;
}

ThNode *th_node_with(ThTree *tree, ThNodeKind kind, ThSpan span, ThNode *const *items, size_t n) {
  ThNode *node = th_node_new(tree, kind, span);
  if (!node || n == 0) return node;
  node->items = th_tree_alloc(tree, n * sizeof *node->items);
  if (!node->items) return NULL;
  node->n_items = n;
  for (size_t i = 0; i < n; i++) {
    node->items[i] = items[i];
    if (!items[i]) continue;
    node->flags |= items[i]->flags & TH_FLAG_ASSIGNS;
    if (items[i]->depth >= node->depth) node->depth = items[i]->depth + 1;
  }
  return node->depth <= TH_MAX_TREE_DEPTH ? node : too_deep(tree, node);
}

bool th_tree_keep_take(ThTree *tree, ThValue value) {
  if (tree->n_values == tree->capacity) {
    size_t capacity = tree->capacity ? tree->capacity * 2 : 4;
    ThValue *values = th_resize(tree->cx, tree->values, tree->capacity * sizeof *values,
                                capacity * sizeof *values);
    if (!values) {
      th_release(value);
      return false;
    }
    tree->values = values;
    tree->capacity = capacity;
  }
  tree->values[tree->n_values++] = value;
  return true;
}
