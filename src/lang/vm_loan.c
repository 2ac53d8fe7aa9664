/* vm_loan.c - a variable about to be overwritten lends its value */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In `x = x + 1` and `l = push(l, 3)` the old value is held by the variable and by the register of the
 * operand, so it seems shared, and would be copied: a loop that lengthens a list would take quadratic time.
 * But the next instruction throws the variable's reference away. Whoever changes the value in place asks for
 * that reference beforehand, and returns it if the operation fails. */
#include "lang/vm.h"

/* The variable that the next instruction overwrites by the result of this one, or NULL. */
static ThValue *next_target(ThSession *session) {
  const ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  const ThInstruction *next = frame->pc;
  uint16_t result = next[-1].a;
  if (next->code == TH_INS_SET_GLOBAL && next->a == result) return &session->globals[next->offset].value;
  if (next->code == TH_INS_TAKE && next->b == result && !th_vm_is_temporary(session, next->a))
    return &frame->base[next->a];
  return NULL;
}

ThLoan th_vm_lend(ThSession *session, ThValue v, size_t own) {
  if (!th_is_object(v) || th_as_object(v)->references != own + 1) return (ThLoan){0};
  ThValue *variable = next_target(session);
  if (!variable || variable->bits != v.bits) return (ThLoan){0};
  th_replace_take(variable, th_number(0));
  return (ThLoan){variable, v};
}

void th_vm_take_back(const ThLoan *loan) {
  if (loan->variable) th_replace_take(loan->variable, th_retain(loan->value));
}
