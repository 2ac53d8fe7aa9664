/* program.c - a graph compiled: which values are needed, what is computed together, where everything lies */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes that are needed are dealt out to units, which run one after another. Elementwise nodes of one shape join a
 * pass when all that they read is ready before it begins or made in it; numbers join a list of steps likewise. As the
 * gradient of a sum hangs on no sum, forward and backward steps of most losses share one pass over the data. */
#include <string.h>

#include "val/operations.h"
#include "val/program_parts.h"

enum { LOOK_AHEAD = 64 }; /* units among which a node looks for one to join */

typedef enum Role { ROLE_NONE, ROLE_READY, ROLE_ALIAS, ROLE_NUMBER, ROLE_ELEMENT, ROLE_SUM, ROLE_WHOLE } Role;

/* What becomes of a node. */
typedef struct Fate {
  Role role;
  bool needed;
  bool stored;   /* others than its own pass read it: it has a place in memory */
  int32_t unit;  /* -1: ready before all units */
  ThNodeId base; /* of an alias: whose numbers it shows, from `shift` on */
  size_t shift;
  ThAddress address;
  uint32_t buffer, n_uses;   /* within its pass */
  ThNodeId reader, last_use; /* the last one that reads it, and the last step in which it is read */
} Fate;

typedef struct Builder {
  ThContext *cx;
  ThGraph *g;
  ThProgram *p;
  Fate *fates;
  size_t n;
} Builder;

static bool grow(ThContext *cx, void *array, size_t *capacity, size_t needed, size_t size) {
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

static void mark_needed(Builder *b) {
  for (size_t i = b->n; i-- > 0;) {
    const ThGraphNode *node = th_node(b->g, (ThNodeId)i);
    if (!b->fates[i].needed || node->is_constant) continue;
    for (size_t k = 0; k < node->n_inputs; k++) b->fates[th_node_input(b->g, (ThNodeId)i, k)].needed = true;
  }
}

static bool evaluate_constants(Builder *b) {
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

static bool is_real(const Builder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  bool real = node->element != TH_COMPLEX;
  for (size_t k = 0; real && k < node->n_inputs; k++)
    real = th_node(b->g, th_node_input(b->g, id, k))->element != TH_COMPLEX;
  return real;
}

/* Is a smaller node's element i / inner % count what meets element i of a larger one? */
static bool find_pattern(const ThGraphNode *small, const ThGraphNode *large, size_t *inner, size_t *count) {
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

static bool same_shape(const ThGraphNode *a, const ThGraphNode *b) {
  return a->rank == b->rank && (a->rank == 0 || memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0);
}

/* Can each input of an elementwise node be read along with the node? */
static bool is_element(const Builder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  size_t inner, count;
  bool fits = node->operation->elementwise || node->operation == &th_op_broadcast;
  for (size_t k = 0; fits && k < node->n_inputs; k++) {
    const ThGraphNode *input = th_node(b->g, th_node_input(b->g, id, k));
    fits = input->length == 1 || same_shape(input, node) || find_pattern(input, node, &inner, &count);
  }
  return fits && node->length > 1;
}

static Role role_of(const Builder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  if (node->is_constant || !node->operation) return ROLE_READY;
  if (node->operation == &th_op_reshape || node->operation == &th_op_part) return ROLE_ALIAS;
  if (!is_real(b, id)) return ROLE_WHOLE;
  if (node->operation->elementwise && node->length == 1) return ROLE_NUMBER;
  if (is_element(b, id)) return ROLE_ELEMENT;
  bool sums = node->operation == &th_op_sum_to && node->length == 1;
  return sums && th_node(b->g, th_node_input(b->g, id, 0))->length > 1 ? ROLE_SUM : ROLE_WHOLE;
}

/* --- Units */

static ThUnit *add_unit(Builder *b, ThUnitKind kind, const ThGraphNode *like) {
  ThProgram *p = b->p;
  if (!grow(b->cx, &p->units, &p->unit_capacity, p->n_units + 1, sizeof *p->units)) return NULL;
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
static bool reads_in(const Builder *b, const ThGraphNode *over, ThNodeId input, int32_t c) {
  const Fate *fate = &b->fates[input];
  if (fate->role == ROLE_ALIAS && b->fates[fate->base].unit == c) return false;
  if (fate->unit < c) return true;
  if (fate->unit > c) return false;
  if (b->p->units[c].kind == TH_UNIT_NUMBERS) return fate->role == ROLE_NUMBER;
  return fate->role == ROLE_ELEMENT && over && same_shape(th_node(b->g, input), over);
}

static bool may_join(const Builder *b, ThNodeId id, const ThGraphNode *over, int32_t c) {
  const ThGraphNode *node = th_node(b->g, id);
  const ThUnit *unit = &b->p->units[c];
  bool fits = over ? unit_goes_over(unit, over) : unit->kind == TH_UNIT_NUMBERS;
  for (size_t k = 0; fits && k < node->n_inputs; k++) fits = reads_in(b, over, th_node_input(b->g, id, k), c);
  return fits;
}

/* The first unit that a number (over is NULL) or an element or sum over a shape may join, or a new one. */
static bool join_unit(Builder *b, ThNodeId id, const ThGraphNode *over) {
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

static void follow_alias(Builder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  ThNodeId input = th_node_input(b->g, id, 0);
  Fate *fate = &b->fates[id];
  const Fate *from = &b->fates[input];
  size_t first = node->operation == &th_op_part ? *(const size_t *)node->attribute : 0;
  if (node->element == TH_COMPLEX) first *= 2;
  fate->base = from->role == ROLE_ALIAS ? from->base : input;
  fate->shift = first + (from->role == ROLE_ALIAS ? from->shift : 0);
  fate->unit = from->unit;
}

/* An input that is not read as a block of the same pass must lie in memory. */
static void note_reads(Builder *b, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  for (size_t k = 0; k < node->n_inputs; k++) {
    Fate *input = &b->fates[th_node_input(b->g, id, k)];
    if (input->role == ROLE_ALIAS) input = &b->fates[input->base];
    bool inside = input->role == ROLE_ELEMENT && input->unit == b->fates[id].unit &&
                  b->fates[id].role != ROLE_ALIAS;
    if (!inside) input->stored = true;
  }
}

static bool deal_out(Builder *b) {
  for (ThNodeId id = 0; id < b->n; id++) {
    Fate *fate = &b->fates[id];
    if (!fate->needed) continue;
    const ThGraphNode *node = th_node(b->g, id);
    fate->role = role_of(b, id);
    fate->unit = -1;
    bool ok = true;
    switch (fate->role) {
      case ROLE_ALIAS: follow_alias(b, id); break;
      case ROLE_NUMBER: ok = join_unit(b, id, NULL); break;
      case ROLE_ELEMENT: ok = join_unit(b, id, node); break;
      case ROLE_SUM: ok = join_unit(b, id, th_node(b->g, th_node_input(b->g, id, 0))); break;
      case ROLE_WHOLE:
        fate->unit = (int32_t)b->p->n_units;
        ok = add_unit(b, TH_UNIT_WHOLE, NULL) != NULL;
        break;
      default: break;
    }
    if (!ok) return false;
    if (fate->role != ROLE_READY) note_reads(b, id);
  }
  return true;
}

/* --- Places in memory */

static size_t reserve(ThProgram *p, size_t n) {
  size_t offset = p->n_doubles;
  p->n_doubles += n >= 8 ? (n + 7) & ~(size_t)7 : n; /* long ones begin on cache lines */
  return offset;
}

static bool place_ready(Builder *b, ThNodeId id) {
  ThProgram *p = b->p;
  const ThGraphNode *node = th_node(b->g, id);
  Fate *fate = &b->fates[id];
  if (node->is_constant && node->rank > 0 && node->length > 1) {
    fate->address.constant = node->array->real;
    return true;
  }
  fate->address.offset = reserve(p, node_size(node));
  if (!node->is_constant) return true;
  size_t n = node_size(node);
  const double *values = node->rank == 0 ? node->number : node->array->real;
  if (!grow(b->cx, &p->constants, &p->constant_capacity, p->n_constants + n, sizeof *p->constants))
    return false;
  for (size_t i = 0; i < n; i++)
    p->constants[p->n_constants++] = (ThNumberConstant){fate->address.offset + i, values[i]};
  return true;
}

static bool place_all(Builder *b) {
  for (int pass = 0; pass < 2; pass++) { /* numbers lie together, before all arrays */
    for (ThNodeId id = 0; id < b->n; id++) {
      Fate *fate = &b->fates[id];
      const ThGraphNode *node = th_node(b->g, id);
      if (!fate->needed || fate->role == ROLE_ALIAS || (node->length == 1) != (pass == 0)) continue;
      if (fate->role == ROLE_READY && !place_ready(b, id)) return false;
      if (fate->role == ROLE_READY || (fate->role == ROLE_ELEMENT && !fate->stored)) continue;
      fate->address.offset = reserve(b->p, node_size(node));
    }
  }
  for (ThNodeId id = 0; id < b->n; id++) {
    Fate *fate = &b->fates[id];
    if (!fate->needed || fate->role != ROLE_ALIAS) continue;
    fate->address = b->fates[fate->base].address;
    if (fate->address.constant) fate->address.constant += fate->shift;
    else fate->address.offset += fate->shift;
  }
  return b->p->n_doubles < UINT32_MAX || th_fail_memory(b->cx, b->p->n_doubles * sizeof(double));
}

/* --- Steps on numbers */

static ThScalarCode scalar_code(const ThOperation *operation) {
  if (operation == &th_op_add) return TH_SCALAR_ADD;
  if (operation == &th_op_subtract) return TH_SCALAR_SUBTRACT;
  if (operation == &th_op_multiply) return TH_SCALAR_MULTIPLY;
  if (operation == &th_op_divide) return TH_SCALAR_DIVIDE;
  if (operation == &th_op_negate) return TH_SCALAR_NEGATE;
  if (operation == &th_op_square) return TH_SCALAR_SQUARE;
  const ThElementwise *f = operation->elementwise;
  return f->one ? TH_SCALAR_UNARY : f->two ? TH_SCALAR_BINARY : TH_SCALAR_KERNEL;
}

static bool add_number(Builder *b, ThNodeId id) {
  ThProgram *p = b->p;
  const ThGraphNode *node = th_node(b->g, id);
  if (!grow(b->cx, &p->scalars, &p->scalar_capacity, p->n_scalars + 1, sizeof *p->scalars)) return false;
  uint32_t in[2];
  for (size_t k = 0; k < 2; k++) {
    ThNodeId input = th_node_input(b->g, id, k < node->n_inputs ? k : 0);
    in[k] = (uint32_t)b->fates[input].address.offset;
  }
  p->scalars[p->n_scalars++] = (ThScalarStep){.f = node->operation->elementwise,
                                              .code = scalar_code(node->operation),
                                              .a = in[0],
                                              .b = in[1],
                                              .to = (uint32_t)b->fates[id].address.offset};
  return true;
}

/* --- Passes */

/* Buffers that are free are kept as a stack. */
typedef struct Buffers {
  uint32_t *free;
  uint32_t n_free, n_made;
} Buffers;

static uint32_t take_buffer(Buffers *buffers) {
  return buffers->n_free ? buffers->free[--buffers->n_free] : buffers->n_made++;
}

static bool is_inside(const Builder *b, ThNodeId input, int32_t unit) {
  return b->fates[input].role == ROLE_ELEMENT && b->fates[input].unit == unit;
}

static ThPassStep *add_step(Builder *b, ThPass *pass) {
  if (!grow(b->cx, &pass->steps, &pass->capacity, pass->n_steps + 1, sizeof *pass->steps)) return NULL;
  ThPassStep *step = &pass->steps[pass->n_steps++];
  *step = (ThPassStep){0};
  return step;
}

static ThBlockOperand from_memory(const Fate *fate, ThBlockKind kind) {
  return (ThBlockOperand){.kind = kind, .address = fate->address};
}

/* How a step reads an input: a block made before, memory along with it, one number, or a block that repeats a shorter
 * array, which is one step more. */
static bool read_operand(Builder *b, ThPass *pass, const ThGraphNode *over, ThNodeId input, int32_t unit,
                         Buffers *buffers, uint32_t *repeated, ThBlockOperand *out) {
  const Fate *fate = &b->fates[input];
  const ThGraphNode *node = th_node(b->g, input);
  if (is_inside(b, input, unit) && !fate->stored) {
    *out = (ThBlockOperand){.kind = TH_BLOCK_BUFFER, .buffer = fate->buffer};
    return true;
  }
  if (node->length == 1 || same_shape(node, over)) {
    *out = from_memory(fate, node->length == 1 ? TH_BLOCK_NUMBER : TH_BLOCK_STREAM);
    return true;
  }
  ThPassStep *step = add_step(b, pass);
  if (!step) return false;
  step->code = TH_PASS_REPEAT;
  step->a = from_memory(fate, TH_BLOCK_STREAM);
  if (!find_pattern(node, over, &step->inner, &step->count)) return false; /* not so: is_element has looked */
  *repeated = take_buffer(buffers);
  step->to = *out = (ThBlockOperand){.kind = TH_BLOCK_BUFFER, .buffer = *repeated};
  return true;
}

/* The buffers of the inputs of id that nothing in the pass reads after `reader` are free. */
static void free_buffers(Builder *b, ThNodeId id, ThNodeId reader, int32_t unit, Buffers *buffers,
                         const uint32_t *repeated) {
  const ThGraphNode *node = th_node(b->g, id);
  for (size_t k = 0; k < node->n_inputs; k++) {
    ThNodeId input = th_node_input(b->g, id, k);
    Fate *fate = &b->fates[input];
    if (repeated[k] != UINT32_MAX) buffers->free[buffers->n_free++] = repeated[k];
    if (!is_inside(b, input, unit) || fate->stored || fate->last_use != reader) continue;
    buffers->free[buffers->n_free++] = fate->buffer;
    fate->last_use = UINT32_MAX; /* given back once */
  }
}

/* Is it a product, or a square, that nothing but one sum reads? Then the sum multiplies. */
static bool is_summed_product(const Builder *b, ThNodeId id, const ThGraphNode *over) {
  const Fate *fate = &b->fates[id];
  const ThGraphNode *node = th_node(b->g, id);
  bool multiplies = node->operation == &th_op_multiply || node->operation == &th_op_square;
  if (!multiplies || fate->role != ROLE_ELEMENT || fate->stored || fate->n_uses != 1) return false;
  for (size_t k = 0; k < node->n_inputs; k++)
    if (!same_shape(th_node(b->g, th_node_input(b->g, id, k)), over)) return false;
  return b->fates[fate->reader].role == ROLE_SUM;
}

/* When each member of a pass is read for the last time in it. */
static void note_uses(Builder *b, const ThGraphNode *over, int32_t unit, const ThNodeId *members, size_t n) {
  for (size_t round = 0; round < 2;
       round++) /* at first who reads what; then what a sum reads through its product */
    for (size_t i = 0; i < n; i++) {
      ThNodeId reader = members[i];
      if (round == 1 && !is_summed_product(b, reader, over)) continue;
      if (round == 1) reader = b->fates[reader].reader;
      for (size_t k = 0; k < th_node(b->g, members[i])->n_inputs; k++) {
        ThNodeId input = th_node_input(b->g, members[i], k);
        if (!is_inside(b, input, unit)) continue;
        Fate *fate = &b->fates[input];
        if (round == 0) fate->n_uses++, fate->reader = reader;
        if (reader > fate->last_use) fate->last_use = reader;
      }
    }
}

static bool add_sum(Builder *b, ThPass *pass, const ThGraphNode *over, ThNodeId id, int32_t unit,
                    Buffers *buffers) {
  ThNodeId input = th_node_input(b->g, id, 0), factors = id;
  uint32_t repeated[2] = {UINT32_MAX, UINT32_MAX};
  ThBlockOperand operands[2] = {0};
  bool is_product = is_inside(b, input, unit) && is_summed_product(b, input, over);
  if (is_product) factors = input;
  size_t n = th_node(b->g, factors)->n_inputs;
  for (size_t k = 0; k < n; k++)
    if (!read_operand(b, pass, over, th_node_input(b->g, factors, k), unit, buffers, &repeated[k],
                      &operands[k]))
      return false;
  ThPassStep *step = add_step(b, pass);
  if (!step) return false;
  free_buffers(b, factors, id, unit, buffers, repeated);
  *step = (ThPassStep){.code = is_product ? TH_PASS_SUM_PRODUCT : TH_PASS_SUM,
                       .a = operands[0],
                       .b = operands[n - 1],
                       .sum = pass->n_sums++,
                       .to = from_memory(&b->fates[id], TH_BLOCK_NUMBER)};
  return true;
}

static bool add_pass_step(Builder *b, ThPass *pass, const ThGraphNode *over, ThNodeId id, int32_t unit,
                          Buffers *buffers) {
  const ThGraphNode *node = th_node(b->g, id);
  Fate *fate = &b->fates[id];
  ThBlockOperand operands[2] = {0};
  uint32_t repeated[2] = {UINT32_MAX, UINT32_MAX};
  if (fate->role == ROLE_SUM) return add_sum(b, pass, over, id, unit, buffers);
  if (is_summed_product(b, id, over)) return true;
  for (size_t k = 0; k < node->n_inputs; k++)
    if (!read_operand(b, pass, over, th_node_input(b->g, id, k), unit, buffers, &repeated[k], &operands[k]))
      return false;
  ThPassStep *step = add_step(b, pass);
  if (!step) return false;
  free_buffers(b, id, id, unit, buffers, repeated);
  step->a = operands[0];
  step->b = operands[1];
  step->f = node->operation == &th_op_broadcast ? th_op_copy.elementwise : node->operation->elementwise;
  if (fate->stored) {
    step->to = from_memory(fate, TH_BLOCK_STREAM);
  } else {
    fate->buffer = take_buffer(buffers);
    step->to = (ThBlockOperand){.kind = TH_BLOCK_BUFFER, .buffer = fate->buffer};
  }
  return true;
}

enum {
  FAST_MEMORY = 3072,
  LONGEST_BLOCK = 512,
  SHORTEST_BLOCK = 64
}; /* doubles: 24 KiB of the first cache */

static void choose_block(ThPass *pass) {
  size_t streams = 1;
  for (size_t i = 0; i < pass->n_steps; i++) streams += pass->steps[i].to.kind == TH_BLOCK_STREAM;
  size_t block = FAST_MEMORY / (pass->n_buffers + streams);
  if (block > LONGEST_BLOCK) block = LONGEST_BLOCK;
  if (block < SHORTEST_BLOCK) block = SHORTEST_BLOCK;
  block -= block % 8;
  pass->block = block < pass->length ? block : pass->length;
}

static bool build_pass(Builder *b, ThUnit *unit, int32_t number, const ThNodeId *members, size_t n) {
  ThGraphNode over = {.rank = unit->rank, .shape = unit->shape, .length = unit->length};
  ThPass *pass = &unit->pass;
  Buffers buffers = {.free = th_alloc_array(b->cx, 3 * n + 1, sizeof *buffers.free)};
  if (!buffers.free) return false;
  pass->length = unit->length;
  note_uses(b, &over, number, members, n);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) ok = add_pass_step(b, pass, &over, members[i], number, &buffers);
  th_free(b->cx, buffers.free, (3 * n + 1) * sizeof *buffers.free);
  pass->n_buffers = buffers.n_made;
  choose_block(pass);
  if (pass->n_buffers > b->p->max_buffers) b->p->max_buffers = pass->n_buffers;
  if (pass->n_sums > b->p->max_sums) b->p->max_sums = pass->n_sums;
  if (pass->block > b->p->max_block) b->p->max_block = pass->block;
  return ok;
}

/* --- Whole operations */

static bool add_tensor(Builder *b, ThNodeId id) {
  ThProgram *p = b->p;
  if (!grow(b->cx, &p->tensors, &p->tensor_capacity, p->n_tensors + 1, sizeof *p->tensors) ||
      !grow(b->cx, &p->tensor_addresses, &p->address_capacity, p->n_tensors + 1, sizeof *p->tensor_addresses))
    return false;
  const ThGraphNode *node = th_node(b->g, id);
  p->tensors[p->n_tensors] = (ThTensor){
      .length = node->length, .shape = node->shape, .rank = node->rank, .element = node->element};
  p->tensor_addresses[p->n_tensors++] = b->fates[id].address;
  return true;
}

static bool build_whole(Builder *b, ThUnit *unit, ThNodeId id) {
  const ThGraphNode *node = th_node(b->g, id);
  ThWhole *whole = &unit->whole;
  *whole = (ThWhole){.operation = node->operation,
                     .attribute = node->attribute,
                     .first_tensor = b->p->n_tensors,
                     .n_inputs = node->n_inputs};
  for (size_t k = 0; k < node->n_inputs; k++)
    if (!add_tensor(b, th_node_input(b->g, id, k))) return false;
  if (!add_tensor(b, id)) return false;
  if (!node->operation->work) return true;
  ThEvaluation e = {.n_inputs = node->n_inputs,
                    .inputs = b->p->tensors + whole->first_tensor,
                    .output = b->p->tensors[whole->first_tensor + node->n_inputs],
                    .attribute = node->attribute};
  whole->work = reserve(b->p, node->operation->work(&e));
  return true;
}

/* --- All units */

/* The nodes of each unit in order: `starts` has n_units + 1 places. */
static void sort_members(const Builder *b, size_t *starts, ThNodeId *members) {
  size_t n_units = b->p->n_units;
  for (size_t i = 0; i <= n_units; i++) starts[i] = 0;
  for (size_t i = 0; i < b->n; i++)
    if (b->fates[i].needed && b->fates[i].role >= ROLE_NUMBER) starts[b->fates[i].unit + 1]++;
  for (size_t i = 0; i < n_units; i++) starts[i + 1] += starts[i];
  for (size_t i = 0; i < b->n; i++)
    if (b->fates[i].needed && b->fates[i].role >= ROLE_NUMBER)
      members[starts[b->fates[i].unit]++] = (ThNodeId)i;
  for (size_t i = n_units; i > 0; i--) starts[i] = starts[i - 1];
  starts[0] = 0;
}

static bool build_unit(Builder *b, size_t i, const ThNodeId *members, size_t n) {
  ThUnit *unit = &b->p->units[i];
  if (unit->kind == TH_UNIT_PASS) return build_pass(b, unit, (int32_t)i, members, n);
  if (unit->kind == TH_UNIT_WHOLE) return build_whole(b, unit, members[0]);
  unit->first = b->p->n_scalars;
  unit->n = n;
  for (size_t k = 0; k < n; k++)
    if (!add_number(b, members[k])) return false;
  return true;
}

static bool build_units(Builder *b) {
  size_t n_units = b->p->n_units;
  size_t *starts = th_alloc_array(b->cx, n_units + 2, sizeof *starts);
  ThNodeId *members = starts ? th_alloc_array(b->cx, b->n + 1, sizeof *members) : NULL;
  bool ok = members != NULL;
  if (ok) sort_members(b, starts, members);
  for (size_t i = 0; ok && i < n_units; i++)
    ok = build_unit(b, i, members + starts[i], starts[i + 1] - starts[i]) && th_poll_at(b->cx, i);
  if (members) th_free(b->cx, members, (b->n + 1) * sizeof *members);
  th_free(b->cx, starts, (n_units + 2) * sizeof *starts);
  return ok;
}

/* --- The program */

static ThProgramPlace *places(Builder *b, const ThNodeId *ids, size_t n) {
  ThProgramPlace *places = th_alloc_array(b->cx, n + 1, sizeof *places);
  for (size_t i = 0; places && i < n; i++)
    places[i] = (ThProgramPlace){b->fates[ids[i]].address, th_node(b->g, ids[i])->length};
  return places;
}

static bool note_guards(Builder *b) {
  ThProgram *p = b->p;
  p->n_guards = b->g->n_guards;
  p->guards = th_alloc_array(b->cx, p->n_guards + 1, sizeof *p->guards);
  p->outcomes = th_alloc_array(b->cx, p->n_guards + 1, sizeof *p->outcomes);
  if (!p->guards || !p->outcomes) return false;
  for (size_t i = 0; i < p->n_guards; i++) {
    p->guards[i] = (ThProgramPlace){b->fates[b->g->guards[i].node].address, 1};
    p->outcomes[i] = b->g->guards[i].outcome;
  }
  return true;
}

/* Roots are needed and lie in memory. */
static void need(Builder *b, ThNodeId id) { b->fates[id].needed = b->fates[id].stored = true; }

static void store_roots(Builder *b, const ThNodeId *ids, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Fate *fate = &b->fates[ids[i]];
    if (fate->role == ROLE_ALIAS) b->fates[fate->base].stored = true;
  }
}

static bool build(Builder *b, const ThNodeId *inputs, size_t n_inputs, const ThNodeId *outputs,
                  size_t n_outputs) {
  ThProgram *p = b->p;
  for (size_t i = 0; i < n_inputs; i++) need(b, inputs[i]);
  for (size_t i = 0; i < n_outputs; i++) need(b, outputs[i]);
  for (size_t i = 0; i < b->g->n_guards; i++) need(b, b->g->guards[i].node);
  mark_needed(b);
  if (!evaluate_constants(b) || !deal_out(b)) return false;
  store_roots(b, outputs, n_outputs);
  for (size_t i = 0; i < b->g->n_guards; i++) store_roots(b, &b->g->guards[i].node, 1);
  if (!place_all(b) || !build_units(b)) return false;
  p->n_inputs = n_inputs;
  p->n_outputs = n_outputs;
  p->inputs = places(b, inputs, n_inputs);
  p->outputs = places(b, outputs, n_outputs);
  return p->inputs && p->outputs && note_guards(b);
}

ThProgram *th_program_new(ThContext *cx, ThGraph *g, const ThNodeId *inputs, size_t n_inputs,
                          const ThNodeId *outputs, size_t n_outputs) {
  if (g->failed) return NULL;
  ThProgram *p = th_alloc(cx, sizeof *p);
  if (!p) return NULL;
  *p = (ThProgram){.graph = th_graph_retain(g)};
  Builder b = {.cx = cx, .g = g, .p = p, .n = g->n_nodes};
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
