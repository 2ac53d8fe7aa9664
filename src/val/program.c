/* program.c - a graph compiled: which values are needed, what is computed together, where everything lies */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes that are needed are dealt out to units, which run one after another. Elementwise nodes of one shape join a
 * pass when all that they read is ready before it begins or made in it; numbers join a list of steps likewise. As the
 * gradient of a sum hangs on no sum, forward and backward steps of most losses share one pass over the data. */
#include <string.h>

#include "val/operations.h"
#include "val/program_build.h"

enum { LOOK_AHEAD = 64 }; /* units among which a node looks for one to join */

bool th_program_grow(ThContext *cx, void *array, size_t *capacity, size_t needed, size_t size) {
  void **block = array;
  if (needed <= *capacity) return true;
  size_t larger = needed + needed / 2 + 8;
  void *grown = th_resize(cx, *block, *capacity * size, larger * size);
  if (!grown) return false;
  *block = grown;
  *capacity = larger;
  return true;
}

/* --- What is needed */

static void mark_needed(ThBuilder *b) {
  for (size_t i = b->n; i-- > 0;) {
    const ThGraphNode *node = th_node(b->g, (ThNodeId)i);
    if (!b->fates[i].needed || node->is_constant) continue;
    for (size_t k = 0; k < node->n_inputs; k++) b->fates[th_node_input(b->g, (ThNodeId)i, k)].needed = true;
  }
}

static bool evaluate_constants(ThBuilder *b) {
  ThNodeId *ids = th_alloc_array(b->cx, b->n + 1, sizeof *ids);
  size_t n = 0;
  if (!ids) return false;
  for (size_t i = 0; i < b->n; i++)
    if (b->fates[i].needed && th_node(b->g, (ThNodeId)i)->is_constant) ids[n++] = (ThNodeId)i;
  bool ok = n == 0 || th_graph_evaluate(b->g, ids, n);
  th_free(b->cx, ids, (b->n + 1) * sizeof *ids);
  return ok;
}

/* --- Roles */

static size_t node_size(const ThGraphNode *node) {
  return node->element == TH_COMPLEX ? 2 * node->length : node->length;
}

static bool is_real(const ThBuilder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  bool real = node->element != TH_COMPLEX;
  for (size_t k = 0; real && k < node->n_inputs; k++)
    real = th_node(b->g, th_node_input(b->g, id, k))->element != TH_COMPLEX;
  return real;
}

bool th_program_pattern(const ThGraphNode *small, const ThGraphNode *large, size_t *inner, size_t *count) {
  enum { BEHIND, MOVING, BEFORE } state = BEHIND; /* from the last axis to the first */
  *inner = 1;
  *count = small->length;
  for (uint32_t i = large->rank; i-- > 0;) {
    uint32_t missing = large->rank - small->rank;
    size_t length = i >= missing ? small->shape[i - missing] : 1;
    if (large->shape[i] == 1) continue;
    if (length == 1 && state == BEHIND) *inner *= large->shape[i];
    else if (length == 1) state = BEFORE;
    else if (state == BEFORE) return false;
    else state = MOVING;
  }
  return true;
}

bool th_program_same_shape(const ThGraphNode *a, const ThGraphNode *b) {
  return a->rank == b->rank && (a->rank == 0 || memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0);
}

/* Can each input of an elementwise node be read along with the node? */
static bool is_element(const ThBuilder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  size_t inner, count;
  bool fits = node->operation->elementwise || node->operation == &th_op_broadcast;
  for (size_t k = 0; fits && k < node->n_inputs; k++) {
    const ThGraphNode *input = th_node(b->g, th_node_input(b->g, id, k));
    fits = input->length == 1 || th_program_same_shape(input, node) ||
           th_program_pattern(input, node, &inner, &count);
  }
  return fits && node->length > 1;
}

static ThRole role_of(const ThBuilder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  if (node->is_constant || !node->operation) return TH_ROLE_READY;
  if (node->operation == &th_op_reshape || node->operation == &th_op_part) return TH_ROLE_ALIAS;
  if (!is_real(b, id)) return TH_ROLE_WHOLE;
  if (node->operation->elementwise && node->length == 1) return TH_ROLE_NUMBER;
  if (is_element(b, id)) return TH_ROLE_ELEMENT;
  bool sums = node->operation == &th_op_sum_to && node->length == 1;
  return sums && th_node(b->g, th_node_input(b->g, id, 0))->length > 1 ? TH_ROLE_SUM : TH_ROLE_WHOLE;
}

/* --- Units */

static ThUnit *add_unit(ThBuilder *b, ThUnitKind kind, const ThGraphNode *like) {
  ThProgram *p = b->p;
  if (!th_program_grow(b->cx, &p->units, &p->unit_capacity, p->n_units + 1, sizeof *p->units)) return NULL;
  ThUnit *unit = &p->units[p->n_units++];
  *unit = (ThUnit){.kind = kind};
  if (like) unit->length = like->length, unit->rank = like->rank, unit->shape = like->shape;
  return unit;
}

static bool unit_goes_over(const ThUnit *unit, const ThGraphNode *node) {
  return unit->kind == TH_UNIT_PASS && unit->rank == node->rank && unit->length == node->length &&
         memcmp(unit->shape, node->shape, node->rank * sizeof *node->shape) == 0;
}

/* May node id, which reads `input`, be computed in unit c? */
static bool reads_in(const ThBuilder *b, const ThGraphNode *over, ThNodeId input, int32_t c) {
  const ThFate *fate = &b->fates[input];
  if (fate->role == TH_ROLE_ALIAS && b->fates[fate->base].unit == c) return false;
  if (fate->unit < c) return true;
  if (fate->unit > c) return false;
  if (b->p->units[c].kind == TH_UNIT_NUMBERS) return fate->role == TH_ROLE_NUMBER;
  return fate->role == TH_ROLE_ELEMENT && over && th_program_same_shape(th_node(b->g, input), over);
}

static bool may_join(const ThBuilder *b, ThNodeId id, const ThGraphNode *over, int32_t c) {
  const ThGraphNode *node = th_node(b->g, id);
  const ThUnit *unit = &b->p->units[c];
  bool fits = over ? unit_goes_over(unit, over) : unit->kind == TH_UNIT_NUMBERS;
  for (size_t k = 0; fits && k < node->n_inputs; k++) fits = reads_in(b, over, th_node_input(b->g, id, k), c);
  return fits;
}

/* The first unit that a number (over is NULL) or an element or sum over a shape may join, or a new one. */
static bool join_unit(ThBuilder *b, ThNodeId id, const ThGraphNode *over) {
  const ThGraphNode *node = th_node(b->g, id);
  int32_t first = 0;
  for (size_t k = 0; k < node->n_inputs; k++) {
    int32_t unit = b->fates[th_node_input(b->g, id, k)].unit;
    if (unit > first) first = unit;
  }
  for (int32_t c = first; c < (int32_t)b->p->n_units && c < first + LOOK_AHEAD; c++) {
    if (!may_join(b, id, over, c)) continue;
    b->fates[id].unit = c;
    return true;
  }
  b->fates[id].unit = (int32_t)b->p->n_units;
  return add_unit(b, over ? TH_UNIT_PASS : TH_UNIT_NUMBERS, over) != NULL;
}

static void follow_alias(ThBuilder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  ThNodeId input = th_node_input(b->g, id, 0);
  ThFate *fate = &b->fates[id];
  const ThFate *from = &b->fates[input];
  size_t first = node->operation == &th_op_part ? *(const size_t *)node->attribute : 0;
  if (node->element == TH_COMPLEX) first *= 2;
  fate->base = from->role == TH_ROLE_ALIAS ? from->base : input;
  fate->shift = first + (from->role == TH_ROLE_ALIAS ? from->shift : 0);
  fate->unit = from->unit;
  if (node->length == 1) b->fates[fate->base].picked = true;
}

/* An input that is not read as a block of the same pass must lie in memory. */
static void note_reads(ThBuilder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  for (size_t k = 0; k < node->n_inputs; k++) {
    ThFate *input = &b->fates[th_node_input(b->g, id, k)];
    if (input->role == TH_ROLE_ALIAS) input = &b->fates[input->base];
    bool inside = input->role == TH_ROLE_ELEMENT && input->unit == b->fates[id].unit &&
                  b->fates[id].role != TH_ROLE_ALIAS;
    if (!inside) input->stored = true;
  }
}

static bool deal_out(ThBuilder *b) {
  for (ThNodeId id = 0; id < b->n; id++) {
    ThFate *fate = &b->fates[id];
    if (!fate->needed) continue;
    const ThGraphNode *node = th_node(b->g, id);
    fate->role = role_of(b, id);
    fate->unit = -1;
    bool ok = true;
    switch (fate->role) {
      case TH_ROLE_ALIAS: follow_alias(b, id); break;
      case TH_ROLE_NUMBER: ok = join_unit(b, id, NULL); break;
      case TH_ROLE_ELEMENT: ok = join_unit(b, id, node); break;
      case TH_ROLE_SUM: ok = join_unit(b, id, th_node(b->g, th_node_input(b->g, id, 0))); break;
      case TH_ROLE_WHOLE:
        fate->unit = (int32_t)b->p->n_units;
        ok = add_unit(b, TH_UNIT_WHOLE, NULL) != NULL;
        break;
      default: break;
    }
    if (!ok) return false;
    if (fate->role != TH_ROLE_READY) note_reads(b, id);
  }
  return true;
}

/* --- Places in memory */

size_t th_program_reserve(ThProgram *p, size_t n) {
  size_t offset = p->n_doubles;
  p->n_doubles += n >= 8 ? (n + 7) & ~(size_t)7 : n; /* long ones begin on cache lines */
  return offset;
}

static bool place_ready(ThBuilder *b, ThNodeId id) {
  ThProgram *p = b->p;
  const ThGraphNode *node = th_node(b->g, id);
  ThFate *fate = &b->fates[id];
  if (node->is_constant && node->rank > 0 && node->length > 1) {
    fate->address.constant = node->array->real;
    return true;
  }
  if (fate->address.slot) return true;
  fate->address.offset = th_program_reserve(p, node_size(node));
  if (!node->is_constant) return true;
  size_t n = node_size(node);
  const double *values = node->rank == 0 ? node->number : node->array->real;
  if (!th_program_grow(b->cx, &p->constants, &p->constant_capacity, p->n_constants + n, sizeof *p->constants))
    return false;
  for (size_t i = 0; i < n; i++)
    p->constants[p->n_constants++] = (ThNumberConstant){fate->address.offset + i, values[i]};
  return true;
}

/* Inputs are read and outputs are made where the caller has them; but numbers, and arrays from which numbers are
 * picked, in the workspace. */
static void give_slots(ThBuilder *b, const ThNodeId *ids, size_t n, size_t first_slot, bool are_inputs) {
  for (size_t i = 0; i < n; i++) {
    ThFate *fate = &b->fates[ids[i]];
    bool fits = are_inputs ? fate->role == TH_ROLE_READY
                           : fate->role == TH_ROLE_ELEMENT || fate->role == TH_ROLE_WHOLE;
    const ThGraphNode *node = th_node(b->g, ids[i]);
    if (fits && node->length > 1 && node->element != TH_COMPLEX && !fate->picked && !fate->address.slot)
      fate->address.slot = first_slot + i;
  }
}

static bool place_all(ThBuilder *b) {
  for (int pass = 0; pass < 2; pass++) { /* numbers lie together, before all arrays */
    for (ThNodeId id = 0; id < b->n; id++) {
      ThFate *fate = &b->fates[id];
      const ThGraphNode *node = th_node(b->g, id);
      if (!fate->needed || fate->role == TH_ROLE_ALIAS || (node->length == 1) != (pass == 0)) continue;
      if (fate->role == TH_ROLE_READY && !place_ready(b, id)) return false;
      if (fate->role == TH_ROLE_READY || (fate->role == TH_ROLE_ELEMENT && !fate->stored)) continue;
      if (fate->address.slot) continue;
      fate->address.offset = th_program_reserve(b->p, node_size(node));
    }
  }
  for (ThNodeId id = 0; id < b->n; id++) {
    ThFate *fate = &b->fates[id];
    if (!fate->needed || fate->role != TH_ROLE_ALIAS) continue;
    fate->address = b->fates[fate->base].address;
    if (fate->address.constant) fate->address.constant += fate->shift;
    else fate->address.offset += fate->shift;
  }
  return b->p->n_doubles < UINT32_MAX || th_fail_memory(b->cx, b->p->n_doubles * sizeof(double));
}

/* --- The program */

static ThProgramPlace *places(ThBuilder *b, const ThNodeId *ids, size_t n) {
  ThProgramPlace *places = th_alloc_array(b->cx, n + 1, sizeof *places);
  for (size_t i = 0; places && i < n; i++)
    places[i] = (ThProgramPlace){b->fates[ids[i]].address, th_node(b->g, ids[i])->length, 0};
  return places;
}

static void give_homes(ThProgram *p) {
  for (size_t i = 0; i < p->n_outputs; i++)
    if (p->outputs[i].address.slot == 1 + p->n_inputs + i)
      p->outputs[i].home = th_program_reserve(p, p->outputs[i].n);
}

static bool list_moving(ThBuilder *b) {
  ThProgram *p = b->p;
  p->moving = th_alloc_array(b->cx, p->n_tensors + 1, sizeof *p->moving);
  for (size_t i = 0; p->moving && i < p->n_tensors; i++)
    if (p->tensor_addresses[i].slot) p->moving[p->n_moving++] = i;
  return p->moving != NULL;
}

static bool note_guards(ThBuilder *b) {
  ThProgram *p = b->p;
  p->n_guards = b->g->n_guards;
  p->guards = th_alloc_array(b->cx, p->n_guards + 1, sizeof *p->guards);
  p->outcomes = th_alloc_array(b->cx, p->n_guards + 1, sizeof *p->outcomes);
  if (!p->guards || !p->outcomes) return false;
  for (size_t i = 0; i < p->n_guards; i++) {
    p->guards[i] = (ThProgramPlace){b->fates[b->g->guards[i].node].address, 1, 0};
    p->outcomes[i] = b->g->guards[i].outcome;
  }
  return true;
}

/* Roots are needed and lie in memory. */
static void need(ThBuilder *b, ThNodeId id) { b->fates[id].needed = b->fates[id].stored = true; }

static void store_roots(ThBuilder *b, const ThNodeId *ids, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const ThFate *fate = &b->fates[ids[i]];
    if (fate->role == TH_ROLE_ALIAS) b->fates[fate->base].stored = true;
  }
}

static bool build(ThBuilder *b, const ThNodeId *inputs, size_t n_inputs, const ThNodeId *outputs,
                  size_t n_outputs) {
  ThProgram *p = b->p;
  for (size_t i = 0; i < n_inputs; i++) need(b, inputs[i]);
  for (size_t i = 0; i < n_outputs; i++) need(b, outputs[i]);
  for (size_t i = 0; i < b->g->n_guards; i++) need(b, b->g->guards[i].node);
  mark_needed(b);
  if (!evaluate_constants(b) || !deal_out(b)) return false;
  store_roots(b, outputs, n_outputs);
  for (size_t i = 0; i < b->g->n_guards; i++) store_roots(b, &b->g->guards[i].node, 1);
  give_slots(b, inputs, n_inputs, 1, true);
  give_slots(b, outputs, n_outputs, 1 + n_inputs, false);
  if (!place_all(b) || !th_program_build_units(b) || !list_moving(b)) return false;
  p->n_inputs = n_inputs;
  p->n_outputs = n_outputs;
  p->inputs = places(b, inputs, n_inputs);
  p->outputs = places(b, outputs, n_outputs);
  if (p->outputs) give_homes(p);
  return p->inputs && p->outputs && note_guards(b);
}

ThProgram *th_program_new(ThContext *cx, ThGraph *g, const ThNodeId *inputs, size_t n_inputs,
                          const ThNodeId *outputs, size_t n_outputs) {
  if (g->failed) return NULL;
  ThProgram *p = th_alloc(cx, sizeof *p);
  if (!p) return NULL;
  *p = (ThProgram){.graph = th_graph_retain(g)};
  ThBuilder b = {.cx = cx, .g = g, .p = p, .n = g->n_nodes};
  b.fates = th_alloc_array(cx, b.n, sizeof *b.fates);
  bool ok = b.fates != NULL;
  if (ok) {
    memset(b.fates, 0, b.n * sizeof *b.fates);
    ok = build(&b, inputs, n_inputs, outputs, n_outputs);
    th_free(cx, b.fates, b.n * sizeof *b.fates);
  }
  if (ok) return p;
  th_program_free(cx, p);
  return NULL;
}

static void free_list(ThContext *cx, void *list, size_t n, size_t size) {
  if (list) th_free(cx, list, n * size);
}

void th_program_free(ThContext *cx, ThProgram *p) {
  if (!p) return;
  for (size_t i = 0; i < p->n_units; i++)
    free_list(cx, p->units[i].pass.steps, p->units[i].pass.capacity, sizeof(ThPassStep));
  free_list(cx, p->units, p->unit_capacity, sizeof *p->units);
  free_list(cx, p->scalars, p->scalar_capacity, sizeof *p->scalars);
  free_list(cx, p->tensors, p->tensor_capacity, sizeof *p->tensors);
  free_list(cx, p->tensor_addresses, p->address_capacity, sizeof *p->tensor_addresses);
  free_list(cx, p->moving, p->n_tensors + 1, sizeof *p->moving);
  free_list(cx, p->constants, p->constant_capacity, sizeof *p->constants);
  free_list(cx, p->inputs, p->n_inputs + 1, sizeof *p->inputs);
  free_list(cx, p->outputs, p->n_outputs + 1, sizeof *p->outputs);
  free_list(cx, p->guards, p->n_guards + 1, sizeof *p->guards);
  free_list(cx, p->outcomes, p->n_guards + 1, sizeof *p->outcomes);
  th_graph_release(p->graph);
  th_free(cx, p, sizeof *p);
}

void th_program_counts(const ThProgram *p, size_t *n_passes, size_t *n_steps) {
  *n_passes = *n_steps = 0;
  for (size_t i = 0; i < p->n_units; i++) {
    *n_passes += p->units[i].kind == TH_UNIT_PASS;
    *n_steps += p->units[i].pass.n_steps;
  }
}
