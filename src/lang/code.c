/* code.c - life of compiled functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/code.h"

#include <stdio.h>

static void release_prototype(ThObject *self) {
  ThPrototype *p = (ThPrototype *)self;
  ThHeap *heap = p->object.heap;
  th_release_all(p->constants, p->n_constants);
  th_heap_free(heap, p->code, p->code_capacity * sizeof *p->code);
  th_heap_free(heap, p->sites, p->code_capacity * sizeof *p->sites);
  th_heap_free(heap, p->operands, p->operand_capacity * sizeof *p->operands);
  th_heap_free(heap, p->constants, p->constant_capacity * sizeof *p->constants);
  th_heap_free(heap, p->local_names, p->n_named * sizeof *p->local_names);
  th_heap_free(heap, p->captures, p->capture_capacity * sizeof *p->captures);
  th_heap_free(heap, p->choices, p->choice_capacity * sizeof *p->choices);
  th_heap_free(heap, p->has_default, p->n_parameters);
  for (uint32_t i = 0; i < p->n_paths; i++)
    th_heap_free(heap, p->paths[i].steps, p->paths[i].n_steps * sizeof *p->paths[i].steps);
  th_heap_free(heap, p->paths, p->path_capacity * sizeof *p->paths);
  th_tree_release(p->tree);
  th_object_free(self, sizeof *p);
}

const ThKind th_prototype_kind = {.name = "compiled function", .release = release_prototype};

ThPrototype *th_prototype_new(ThContext *cx, ThTree *tree, const ThNode *node, ThSymbol *name) {
  ThPrototype *p = th_object_new(cx, &th_prototype_kind, sizeof *p);
  if (!p) return NULL;
  p->tree = th_tree_retain(tree);
  p->node = node;
  p->name = name;
  return p;
}

static void release_names(ThObject *self) {
  th_object_free(self, sizeof(ThNames) + ((ThNames *)self)->length * sizeof(ThSymbol *));
}

const ThKind th_names_kind = {.name = "names", .release = release_names};

ThNames *th_names_new(ThContext *cx, size_t length) {
  ThNames *names = th_object_new(cx, &th_names_kind, sizeof *names + length * sizeof *names->names);
  if (names) names->length = length;
  return names;
}
