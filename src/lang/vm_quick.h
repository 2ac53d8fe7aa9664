/* vm_quick.h - what the machine does at once: the common case of an instruction */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_VM_QUICK_H
#define TH_LANG_VM_QUICK_H

#include "lang/builtin.h"
#include "lang/vm.h"
#include "val/array.h"
#include "val/basic.h"

/* Each answers false, without any effect, where the case is not the common one; the slow functions of vm_slow.c and
 * its neighbours then do it. Nothing here fails, allocates or runs other code. */

/* A register gets a number; what it held is released. */
static inline void th_quick_set(ThValue *slot, double x) {
  ThValue old = *slot, v;
  memcpy(&v, &x, sizeof v); /* no arithmetic makes a NaN that looks like a tag */
  *slot = v;
  if (th_is_object(old)) th_release(old);
}

/* The place, from 0, of a whole number among 1 … length. */
static inline bool th_quick_place(ThValue index, size_t length, size_t *place) {
  if (!th_is_number(index)) return false;
  double at = th_as_number(index);
  if (!(at >= 1 && at <= (double)length)) return false;
  int64_t i = (int64_t)at;
  *place = (size_t)i - 1;
  return (double)i == at;
}

/* The place of an element of an array of doubles, by as many numbers as it has axes, one or two. */
static inline bool th_quick_element(const ThArray *a, const ThValue *indices, size_t n, size_t *place) {
  size_t column;
  if (a->element != TH_DOUBLE || a->rank != n || n > 2 || !th_quick_place(indices[0], a->shape[0], place))
    return false;
  if (n == 1) return true;
  if (!th_quick_place(indices[1], a->shape[1], &column)) return false;
  *place = *place * a->shape[1] + column;
  return true;
}

/* container[indices], owned: an element of an array of doubles or of a list. */
static inline bool th_quick_index(ThValue container, const ThValue *indices, size_t n, ThValue *out) {
  size_t place;
  if (th_is_array(container)) {
    const ThArray *a = th_as_array(container);
    if (!th_quick_element(a, indices, n, &place)) return false;
    *out = th_number(a->real[place]);
    return true;
  }
  if (n != 1 || !th_is_list(container)) return false;
  const ThList *list = th_as_list(container);
  if (!th_quick_place(indices[0], list->length, &place)) return false;
  *out = th_retain(list->items[place]);
  return true;
}

/* record.name, owned. */
static inline bool th_quick_field(ThValue v, const ThSymbol *name, ThValue *out) {
  if (!th_is_record(v)) return false;
  const ThValue *value = th_record_find(th_as_record(v), name);
  if (value) *out = th_retain(*value);
  return value != NULL;
}

/* What a path of one step reads, owned. */
static inline bool th_quick_read(const ThPath *path, ThValue root, const ThValue *operands, ThValue *out) {
  const ThStep *step = path->steps;
  if (path->n_steps != 1 || step->bare) return false;
  return step->field ? th_quick_field(root, step->field, out)
                     : th_quick_index(root, operands, step->n_indices, out);
}

/* A path of one step into a value that nobody else holds; the operands, the value last, are used up. */
static inline bool th_quick_store(const ThPath *path, ThValue root, ThValue *operands) {
  const ThStep *step = path->steps;
  size_t n = step->field ? 0 : step->n_indices, place;
  if (path->n_steps != 1 || step->bare || !th_is_object(root) || th_as_object(root)->references != 1)
    return false;
  ThValue *value = &operands[n];
  if (th_is_array(root)) {
    ThArray *a = th_as_array(root);
    if (step->field || !th_is_number(*value) || !th_quick_element(a, operands, n, &place)) return false;
    a->real[place] = th_as_number(*value);
    return true;
  }
  ThValue *slot = NULL;
  if (step->field && th_is_record(root)) slot = th_record_find(th_as_record(root), step->field);
  else if (n == 1 && th_is_list(root) && th_quick_place(operands[0], th_as_list(root)->length, &place))
    slot = &th_as_list(root)->items[place];
  if (!slot) return false;
  ThValue taken = *value;
  *value = th_number(0);
  th_replace_take(slot, taken);
  return true;
}

/* The truth of a comparison of two numbers. */
static inline bool th_quick_compare(ThOperator op, double x, double y, bool *truth) {
  switch (op) {
    case TH_OP_EQUAL: *truth = x == y; return true;
    case TH_OP_NOT_EQUAL: *truth = x != y; return true;
    case TH_OP_LESS: *truth = x < y; return true;
    case TH_OP_LESS_EQUAL: *truth = x <= y; return true;
    case TH_OP_GREATER: *truth = x > y; return true;
    case TH_OP_GREATER_EQUAL: *truth = x >= y; return true;
    default: return false;
  }
}

/* pair[0] op pair[1] of two numbers that are compared, or two bools that are combined. */
static inline bool th_quick_bool(ThOperator op, const ThValue *pair, ThValue *out) {
  bool truth;
  if (th_is_number(pair[0]) && th_is_number(pair[1])) {
    if (!th_quick_compare(op, th_as_number(pair[0]), th_as_number(pair[1]), &truth)) return false;
  } else {
    if (!th_is_bool(pair[0]) || !th_is_bool(pair[1]) || (op != TH_OP_AND && op != TH_OP_OR)) return false;
    bool x = th_as_bool(pair[0]), y = th_as_bool(pair[1]);
    truth = op == TH_OP_AND ? x && y : x || y;
  }
  *out = th_bool(truth);
  return true;
}

/* A built-in function of the name, where the user has none. */
static inline bool th_quick_builtin(const ThGlobal *global) {
  return th_is_unset(global->value) && !global->defined && th_is(global->builtin, &th_builtin_kind);
}

/* f(x) of a built-in function of one number, which takes the place of f. */
static inline bool th_quick_scalar(ThValue *callee, const ThInstruction *ins) {
  if (ins->b != 1 || ins->c != 0 || !th_is(callee[0], &th_builtin_kind) || !th_is_number(callee[1]))
    return false;
  double (*function)(double) = th_builtin_row(callee[0])->scalar;
  if (!function) return false;
  double x = th_as_number(callee[1]), y = function(x);
  if (y != y && x == x) return false; /* a new nan: the body says why */
  th_quick_set(callee, y);
  return true;
}

/* Enters a Theta function that gets arguments by position, the last ones perhaps left out, where there is room. */
static inline bool th_quick_enter(ThVm *vm, ThFrame *caller, ThValue *callee, const ThInstruction *ins) {
  if (!th_is_function(*callee) || ins->c != 0) return false;
  ThPrototype *p = th_as_function(*callee)->prototype;
  ThValue *base = callee + 1;
  size_t n = ins->b;
  if (n > p->n_parameters || n < p->n_leading || vm->n_frames == TH_MAX_FRAMES ||
      base + p->n_registers > vm->cleared)
    return false;
  if (p->declares) return false; /* th_vm_may_hang */
  for (size_t i = 0; p->decides && i < n; i++)
    if (th_is_object(base[i])) return false; /* maybe a random variable */
  for (size_t i = n; i < p->n_locals; i++) base[i] = th_unset();
  caller[1] = (ThFrame){.prototype = p, .code = p->code, .pc = p->code, .base = base};
  vm->n_frames++;
  return true;
}

#endif
