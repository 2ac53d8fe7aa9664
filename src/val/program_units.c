/* program_units.c - the steps of a program: on numbers, in passes over data, of whole operations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/operations.h"
#include "val/program_build.h"

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

static bool add_number(ThBuilder *b, ThNodeId id) {
  ThProgram *p = b->p;
  const ThGraphNode *node = th_node(b->g, id);
  if (!th_program_grow(b->cx, &p->scalars, &p->scalar_capacity, p->n_scalars + 1, sizeof *p->scalars))
    return false;
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

static bool is_inside(const ThBuilder *b, ThNodeId input, int32_t unit) {
  return b->fates[input].role == TH_ROLE_ELEMENT && b->fates[input].unit == unit;
}

static ThPassStep *add_step(ThBuilder *b, ThPass *pass) {
  if (!th_program_grow(b->cx, &pass->steps, &pass->capacity, pass->n_steps + 1, sizeof *pass->steps))
    return NULL;
  ThPassStep *step = &pass->steps[pass->n_steps++];
  *step = (ThPassStep){0};
  return step;
}

static ThBlockOperand from_memory(const ThFate *fate, ThBlockKind kind) {
  return (ThBlockOperand){.kind = kind, .address = fate->address};
}

/* How a step reads an input: a block made before, memory along with it, one number, or a block that repeats a shorter
 * array, which is one step more. */
static bool read_operand(ThBuilder *b, ThPass *pass, const ThGraphNode *over, ThNodeId input, int32_t unit,
                         Buffers *buffers, uint32_t *repeated, ThBlockOperand *out) {
  const ThFate *fate = &b->fates[input];
  const ThGraphNode *node = th_node(b->g, input);
  if (is_inside(b, input, unit) && !fate->stored) {
    *out = (ThBlockOperand){.kind = TH_BLOCK_BUFFER, .buffer = fate->buffer};
    return true;
  }
  if (node->length == 1 || th_program_same_shape(node, over)) {
    *out = from_memory(fate, node->length == 1 ? TH_BLOCK_NUMBER : TH_BLOCK_STREAM);
    return true;
  }
  ThPassStep *step = add_step(b, pass);
  if (!step) return false;
  step->code = TH_PASS_REPEAT;
  step->a = from_memory(fate, TH_BLOCK_STREAM);
  if (!th_program_pattern(node, over, &step->inner, &step->count))
    return false; /* not so: is_element has looked */
  *repeated = take_buffer(buffers);
  step->to = *out = (ThBlockOperand){.kind = TH_BLOCK_BUFFER, .buffer = *repeated};
  return true;
}

/* The buffers of the inputs of id that nothing in the pass reads after `reader` are free. */
static void free_buffers(ThBuilder *b, ThNodeId id, ThNodeId reader, int32_t unit, Buffers *buffers,
                         const uint32_t *repeated) {
  const ThGraphNode *node = th_node(b->g, id);
  for (size_t k = 0; k < node->n_inputs; k++) {
    ThNodeId input = th_node_input(b->g, id, k);
    ThFate *fate = &b->fates[input];
    if (repeated[k] != UINT32_MAX) buffers->free[buffers->n_free++] = repeated[k];
    if (!is_inside(b, input, unit) || fate->stored || fate->last_use != reader) continue;
    buffers->free[buffers->n_free++] = fate->buffer;
    fate->last_use = UINT32_MAX; /* given back once */
  }
}

/* Is it a product, or a square, that nothing but one sum reads? Then the sum multiplies. */
static bool is_summed_product(const ThBuilder *b, ThNodeId id, const ThGraphNode *over) {
  const ThFate *fate = &b->fates[id];
  const ThGraphNode *node = th_node(b->g, id);
  bool multiplies = node->operation == &th_op_multiply || node->operation == &th_op_square;
  if (!multiplies || fate->role != TH_ROLE_ELEMENT || fate->stored || fate->n_uses != 1) return false;
  for (size_t k = 0; k < node->n_inputs; k++)
    if (!th_program_same_shape(th_node(b->g, th_node_input(b->g, id, k)), over)) return false;
  return b->fates[fate->reader].role == TH_ROLE_SUM;
}

/* When each member of a pass is read for the last time in it. */
static void note_uses(ThBuilder *b, const ThGraphNode *over, int32_t unit, const ThNodeId *members,
                      size_t n) {
  for (size_t round = 0; round < 2;
       round++) /* at first who reads what; then what a sum reads through its product */
    for (size_t i = 0; i < n; i++) {
      ThNodeId reader = members[i];
      if (round == 1 && !is_summed_product(b, reader, over)) continue;
      if (round == 1) reader = b->fates[reader].reader;
      for (size_t k = 0; k < th_node(b->g, members[i])->n_inputs; k++) {
        ThNodeId input = th_node_input(b->g, members[i], k);
        if (!is_inside(b, input, unit)) continue;
        ThFate *fate = &b->fates[input];
        if (round == 0) fate->n_uses++, fate->reader = reader;
        if (reader > fate->last_use) fate->last_use = reader;
      }
    }
}

static bool add_sum(ThBuilder *b, ThPass *pass, const ThGraphNode *over, ThNodeId id, int32_t unit,
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

static bool add_pass_step(ThBuilder *b, ThPass *pass, const ThGraphNode *over, ThNodeId id, int32_t unit,
                          Buffers *buffers) {
  const ThGraphNode *node = th_node(b->g, id);
  ThFate *fate = &b->fates[id];
  ThBlockOperand operands[2] = {0};
  uint32_t repeated[2] = {UINT32_MAX, UINT32_MAX};
  if (fate->role == TH_ROLE_SUM) return add_sum(b, pass, over, id, unit, buffers);
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

static bool build_pass(ThBuilder *b, ThUnit *unit, int32_t number, const ThNodeId *members, size_t n) {
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

static bool add_tensor(ThBuilder *b, ThNodeId id) {
  ThProgram *p = b->p;
  if (!th_program_grow(b->cx, &p->tensors, &p->tensor_capacity, p->n_tensors + 1, sizeof *p->tensors) ||
      !th_program_grow(b->cx, &p->tensor_addresses, &p->address_capacity, p->n_tensors + 1,
                       sizeof *p->tensor_addresses))
    return false;
  const ThGraphNode *node = th_node(b->g, id);
  p->tensors[p->n_tensors] = (ThTensor){
      .length = node->length, .shape = node->shape, .rank = node->rank, .element = node->element};
  p->tensor_addresses[p->n_tensors++] = b->fates[id].address;
  return true;
}

static bool build_whole(ThBuilder *b, ThUnit *unit, ThNodeId id) {
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
  whole->work = th_program_reserve(b->p, node->operation->work(&e));
  return true;
}

/* --- All units */

/* The nodes of each unit in order: `starts` has n_units + 1 places. */
static void sort_members(const ThBuilder *b, size_t *starts, ThNodeId *members) {
  size_t n_units = b->p->n_units;
  for (size_t i = 0; i <= n_units; i++) starts[i] = 0;
  for (size_t i = 0; i < b->n; i++)
    if (b->fates[i].needed && b->fates[i].role >= TH_ROLE_NUMBER) starts[b->fates[i].unit + 1]++;
  for (size_t i = 0; i < n_units; i++) starts[i + 1] += starts[i];
  for (size_t i = 0; i < b->n; i++)
    if (b->fates[i].needed && b->fates[i].role >= TH_ROLE_NUMBER)
      members[starts[b->fates[i].unit]++] = (ThNodeId)i;
  for (size_t i = n_units; i > 0; i--) starts[i] = starts[i - 1];
  starts[0] = 0;
}

static bool build_unit(ThBuilder *b, size_t i, const ThNodeId *members, size_t n) {
  ThUnit *unit = &b->p->units[i];
  if (unit->kind == TH_UNIT_PASS) return build_pass(b, unit, (int32_t)i, members, n);
  if (unit->kind == TH_UNIT_WHOLE) return build_whole(b, unit, members[0]);
  unit->first = b->p->n_scalars;
  unit->n = n;
  for (size_t k = 0; k < n; k++)
    if (!add_number(b, members[k])) return false;
  return true;
}

bool th_program_build_units(ThBuilder *b) {
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
