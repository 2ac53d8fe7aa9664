/* vm_loan.c - a variable about to be overwritten lends its value */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In `x = x + 1` and `l = push(l, 3)` the old value is held by the variable and by the register of the
 * operand, so it seems shared, and would be copied: a loop that lengthens a list would take quadratic time.
 * But the next instruction throws the variable's reference away. Whoever changes the value in place asks for
 * that reference beforehand, and returns it if the operation fails.
 *
 * A local in `x = f(x)` gives up its value in another way as well: the compiler has it dropped before the call
 * (compile_call.c). Neither way can do both. A function of the user's may read a global, and a global keeps its value
 * when the call fails; nothing sees a local while the call goes on, nor after a failure, which ends the function. And
 * to ask here at every call would make all calls slower, while a drop costs those alone that gain by it. */
#include "lang/vm.h"

/* The instruction that takes the result of this one, in a register: it may be reached out of the branch of an `if`, and
 * from one temporary to another. */
static const ThInstruction *taker(const ThSession *session, uint16_t *result) {
  const ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  const ThInstruction *next = frame->pc;
  *result = next[-1].a;
  while (true) {
    if (next->code == TH_INS_JUMP && frame->code + next->offset > next) next = frame->code + next->offset;
    else if (next->code == TH_INS_TAKE && next->b == *result && th_vm_is_temporary(session, next->a))
      *result = (next++)->a;
    else return next;
  }
}

/* The variable that is overwritten by the result of this instruction before anything else happens, or NULL. */
static ThValue *next_target(ThSession *session) {
  uint16_t result;
  const ThInstruction *next = taker(session, &result);
  if (next->code == TH_INS_SET_GLOBAL && next->a == result) return &session->globals[next->offset].value;
  if (next->code == TH_INS_TAKE && next->b == result)
    return &session->vm.frames[session->vm.n_frames - 1].base[next->a];
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
