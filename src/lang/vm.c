/* vm.c - the machine that runs compiled functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The macros state what each case may rely on:
 *   R(i)     register i of the running frame
 *   K(i)     constant i
 *   SAVE     the frame knows where it is: needed before anything that may fail or call
 *   SET      a register gets a number; what it held is released
 *   PUT      the same for a value that is owned
 *   TRY      a slow path; false goes to the unwinding at the end
 *   TRY_ON   the same of one that may have run some instructions more (vm_chain.c)
 * A case names its operation and does the quick thing (vm_quick.h); the rest is a function in vm_slow.c and
 * neighbours.
 * After a call the frame may be another one: LOAD fetches it. */
#include "lang/live.h"
#include "lang/vm_quick.h"
#include "num/real.h"
#include "val/arithmetic.h"

/* Each case keeps a jump of its own to the next: the processor then foresees what follows what. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

#define R(i) base[i]
#define K(i) constants[i]
#define SAVE (frame->pc = pc)
#define LOAD_FRAME (base = frame->base, constants = frame->prototype->constants, pc = frame->pc)
#define LOAD (frame = &session->vm.frames[session->vm.n_frames - 1], LOAD_FRAME)
#define NEXT                 \
  do {                       \
    ins = pc++;              \
    goto *labels[ins->code]; \
  } while (0)
#define TRY(call)             \
  do {                        \
    SAVE;                     \
    if (!(call)) goto failed; \
  } while (0)
#define TRY_ON(call) \
  do {               \
    TRY(call);       \
    pc = frame->pc;  \
  } while (0)
#define NUMBERS(x, y) (th_is_number(x) && th_is_number(y))
#define SET(i, x) th_quick_set(&R(i), (x))
#define PUT(i, v) th_replace_take(&R(i), (v))
#define INTERRUPTED (session->cx.interrupt && *session->cx.interrupt)
#define CASE(name) op_##name:

static inline double power_of(double x, double y) { return y == 2 ? x * x : th_power(x, y); }

/* The three forms of an arithmetic instruction. */
#define ARITHMETIC_FORM(name, form, X, Y, result)                                                            \
  CASE(name##_##form) {                                                                                      \
    ThValue v = X, w = Y;                                                                                    \
    if (NUMBERS(v, w)) {                                                                                     \
      double x = th_as_number(v), y = th_as_number(w);                                                       \
      SET(ins->a, result);                                                                                   \
      NEXT;                                                                                                  \
    }                                                                                                        \
    TRY_ON(th_vm_arithmetic(session, base, ins, TH_OP_##name, TH_INS_##name##_##form - TH_INS_##name##_RR)); \
    NEXT;                                                                                                    \
  }
#define ARITHMETIC(name, result)                          \
  ARITHMETIC_FORM(name, RR, R(ins->b), R(ins->c), result) \
  ARITHMETIC_FORM(name, RK, R(ins->b), K(ins->c), result) \
  ARITHMETIC_FORM(name, KR, K(ins->b), R(ins->c), result)

/* A comparison and the word after it, where to go when it is false. */
#define COMPARE_FORM(name, form, X, Y, sign)                                                         \
  CASE(name##_##form) {                                                                              \
    ThValue v = X, w = Y;                                                                            \
    if (NUMBERS(v, w)) {                                                                             \
      if (th_as_number(v) sign th_as_number(w)) pc++;                                                \
      else pc = frame->code + pc->offset;                                                            \
      NEXT;                                                                                          \
    }                                                                                                \
    TRY(th_vm_compare(session, base, ins, TH_OP_##name, TH_INS_##name##_##form - TH_INS_##name##_RR, \
                      &condition));                                                                  \
    goto compared;                                                                                   \
  }
#define COMPARE(name, sign)                          \
  COMPARE_FORM(name, RR, R(ins->b), R(ins->c), sign) \
  COMPARE_FORM(name, RK, R(ins->b), K(ins->c), sign) \
  COMPARE_FORM(name, KR, K(ins->b), R(ins->c), sign)

bool th_vm_run(ThSession *session, size_t entry) {
  static const void *const plain[TH_N_INSTRUCTIONS] = {
#define TH_INSTRUCTION_LABEL(name) &&op_##name,
      TH_INSTRUCTIONS(TH_INSTRUCTION_LABEL)
#undef TH_INSTRUCTION_LABEL
  };
  /* while a definition is evaluated, its readings of globals are noted */
  const void *noting[TH_N_INSTRUCTIONS];
  const void *const *labels = plain;
  if (session->vm.reads) {
    memcpy(noting, plain, sizeof noting);
    noting[TH_INS_GLOBAL] = &&op_GLOBAL_NOTED;
    noting[TH_INS_GLOBAL_CALLEE] = &&op_GLOBAL_CALLEE_NOTED;
    labels = noting;
  }
  ThFrame *frame;
  ThValue *base, *constants, condition;
  const ThInstruction *pc, *ins;
  LOAD;
  NEXT;

  CASE(MOVE) {
    ThValue v = R(ins->b);
    if (th_is_unset(v)) TRY(th_vm_unset_local(session, ins->b));
    PUT(ins->a, th_retain(v));
    NEXT;
  }
  CASE(TAKE) {
    ThValue v = R(ins->b);
    R(ins->b) = th_number(0);
    PUT(ins->a, v);
    NEXT;
  }
  CASE(CONSTANT) {
    PUT(ins->a, th_retain(K(ins->b)));
    NEXT;
  }
  CASE(GLOBAL) {
    ThValue v = session->globals[ins->offset].value;
    if (!th_is_unset(v)) th_retain(v);
    else TRY(th_vm_global(session, (size_t)ins->offset, &v));
    PUT(ins->a, v);
    NEXT;
  }
  CASE(GLOBAL_NOTED) {
    ThValue v;
    TRY(th_vm_global_read(session, (size_t)ins->offset, &v));
    PUT(ins->a, v);
    NEXT;
  }
  CASE(GLOBAL_CALLEE_NOTED) {
    ThValue v;
    uint32_t operand = (uint32_t)ins->offset;
    TRY(th_live_read(session, operand & ((uint32_t)TH_CALLEE_BUILTIN - 1)) &&
        th_vm_callee(session, operand, &v));
    PUT(ins->a, v);
    NEXT;
  }
  CASE(GLOBAL_CALLEE) {
    ThValue v;
    uint32_t operand = (uint32_t)ins->offset;
    const ThGlobal *global = &session->globals[operand & ((uint32_t)TH_CALLEE_BUILTIN - 1)];
    if (operand < TH_CALLEE_BUILTIN && th_is_function(global->value)) v = th_retain(global->value);
    else if (operand < TH_CALLEE_BUILTIN && th_quick_builtin(global)) v = th_retain(global->builtin);
    else TRY(th_vm_callee(session, operand, &v));
    PUT(ins->a, v);
    NEXT;
  }
  CASE(LOCAL_CALLEE) {
    ThValue v, local = R(ins->b & (TH_CALLEE_GREEK_LOCAL - 1));
    const ThNames *name = (const ThNames *)th_as_object(K(ins->c));
    if (th_is_function(local)) v = th_retain(local);
    else TRY(th_vm_local_callee(session, local, name->names[0], (ins->b & TH_CALLEE_GREEK_LOCAL) != 0, &v));
    PUT(ins->a, v);
    NEXT;
  }
  CASE(CAPTURED) {
    ThValue v = th_as_function(base[-1])->captured[ins->b];
    if (th_is_unset(v)) TRY(th_vm_unset_local(session, SIZE_MAX - ins->b));
    PUT(ins->a, th_retain(v));
    NEXT;
  }
  CASE(SELF) {
    PUT(ins->a, th_retain(base[-1]));
    NEXT;
  }
  CASE(SET_GLOBAL) {
    ThGlobal *global = &session->globals[ins->offset];
    if (global->order == 0 || global->watched) {
      TRY(th_vm_set_global(session, (size_t)ins->offset, &R(ins->a)));
      NEXT;
    }
    ThValue v = R(ins->a);
    R(ins->a) = th_number(0);
    th_replace_take(&global->value, v);
    NEXT;
  }
  CASE(DROP) {
    PUT(ins->a, th_number(0));
    NEXT;
  }
  CASE(UNSET) {
    PUT(ins->a, th_unset());
    NEXT;
  }

  ARITHMETIC(ADD, x + y)
  ARITHMETIC(SUBTRACT, x - y)
  ARITHMETIC(MULTIPLY, x * y)
  ARITHMETIC(DIVIDE, x / y)
  ARITHMETIC(REMAINDER, th_real_remainder(x, y))
  ARITHMETIC(POWER, power_of(x, y))

  CASE(BINARY) {
    ThValue v;
    if (th_quick_bool((ThOperator)ins->c, &R(ins->b), &v)) PUT(ins->a, v);
    else TRY_ON(th_vm_binary(session, base, ins));
    NEXT;
  }
  CASE(UNARY) {
    TRY_ON(th_vm_unary(session, base, ins, (ThOperator)ins->c));
    NEXT;
  }
  CASE(NEGATE) {
    if (th_is_number(R(ins->b))) SET(ins->a, -th_as_number(R(ins->b)));
    else TRY_ON(th_vm_unary(session, base, ins, TH_OP_NEGATE));
    NEXT;
  }
  CASE(NOT) {
    if (th_is_bool(R(ins->b))) PUT(ins->a, th_bool(!th_as_bool(R(ins->b))));
    else TRY_ON(th_vm_unary(session, base, ins, TH_OP_NOT));
    NEXT;
  }

  CASE(JUMP) {
    pc = frame->code + ins->offset;
    NEXT;
  }
  CASE(LOOP) {
    if (INTERRUPTED) TRY(th_poll(&session->cx));
    pc = frame->code + ins->offset;
    NEXT;
  }
  CASE(JUMP_IF_FALSE) {
    condition = R(ins->a);
    if (th_is_bool(condition)) {
      if (!th_as_bool(condition)) pc = frame->code + ins->offset;
      NEXT;
    }
    if (th_is_unset(condition)) TRY(th_vm_unset_local(session, ins->a));
    th_retain(condition);
    th_vm_used(session, base, ins->a);
    pc--; /* as after a comparison, pc stands at the word that holds the offset */
    goto compared;
  }
  CASE(JUMP_IF_SET) {
    if (!th_is_unset(R(ins->a))) pc = frame->code + ins->offset;
    NEXT;
  }
  CASE(AND) {
    bool decided = th_is_bool(R(ins->a)) && !th_as_bool(R(ins->a));
    if (!th_is_bool(R(ins->a))) TRY(th_vm_logic(session, base, ins, &decided));
    if (decided) pc = frame->code + ins->offset;
    NEXT;
  }
  CASE(OR) {
    bool decided = th_is_bool(R(ins->a)) && th_as_bool(R(ins->a));
    if (!th_is_bool(R(ins->a))) TRY(th_vm_logic(session, base, ins, &decided));
    if (decided) pc = frame->code + ins->offset;
    NEXT;
  }

  COMPARE(LESS, <)
  COMPARE(LESS_EQUAL, <=)
  COMPARE(EQUAL, ==)
  COMPARE(NOT_EQUAL, !=)

compared : { /* the condition of a jump whose offset stands at pc: owned */
  const ThInstruction *resume;
  bool truth = false;
  frame->pc = ins + 1;
  if (th_is_bool(condition)) {
    truth = th_as_bool(condition);
    pc = truth ? pc + 1 : frame->code + pc->offset;
    NEXT;
  }
  bool ok = th_vm_choose(session, ins, condition, &resume);
  if (ok && !resume) ok = th_vm_truth(session, ins, condition, &truth);
  th_release(condition);
  if (!ok) goto failed;
  pc = resume ? resume : truth ? pc + 1 : frame->code + pc->offset;
  NEXT;
}

  CASE(CALL) {
    ThValue *callee = &R(ins->a);
    SAVE;
    if (th_quick_enter(&session->vm, frame, callee, ins)) {
      frame++;
      LOAD_FRAME;
      if (session->cx.interrupt && *session->cx.interrupt) TRY(th_poll(&session->cx));
      NEXT;
    }
    if (th_quick_scalar(callee, ins)) NEXT;
    if (!th_vm_call_slow(session, callee, ins)) goto failed;
    LOAD;
    NEXT;
  }
  CASE(RETURN) {
    ThValue v = R(ins->a);
    R(ins->a) = th_number(0);
    size_t n = ins->b ? frame->prototype->n_registers : frame->prototype->n_locals;
    for (size_t i = 0; i < n; i++)
      if (th_is_object(R(i))) PUT(i, th_number(0));
    th_replace_take(&base[-1], v);
    if (--session->vm.n_frames < entry) return true;
    frame--;
    LOAD_FRAME;
    NEXT;
  }
  CASE(CLOSURE) {
    TRY(th_vm_closure(session, base, ins));
    NEXT;
  }
  CASE(ARRAY)
  CASE(ROWS)
  CASE(LIST)
  CASE(FORMULA)
  CASE(RECORD)
  CASE(RANGE)
  CASE(JOIN)
  CASE(FORMAT) {
    TRY(th_vm_build(session, base, ins));
    NEXT;
  }
  CASE(INTERVAL) {
    TRY(th_vm_interval(session, base, ins));
    NEXT;
  }
  CASE(INDEX_ONE) {
    ThValue v;
    if (!th_quick_index(R(ins->b), &R(ins->c), 1, &v)) TRY(th_vm_index_one(session, base, ins));
    else {
      th_vm_used(session, base, ins->b);
      PUT(ins->a, v);
    }
    NEXT;
  }
  CASE(INDEX) {
    ThValue v;
    if (th_quick_index(R(ins->a), &R(ins->a + 1), ins->b, &v)) PUT(ins->a, v);
    else TRY(th_vm_index(session, base, ins));
    NEXT;
  }
  CASE(FIELD) {
    ThValue v;
    if (!th_quick_field(R(ins->b), ((const ThNames *)th_as_object(K(ins->c)))->names[0], &v))
      TRY(th_vm_field(session, base, ins));
    else {
      th_vm_used(session, base, ins->b);
      PUT(ins->a, v);
    }
    NEXT;
  }
  CASE(LENGTH) {
    TRY(th_vm_length(session, base, ins));
    NEXT;
  }
  CASE(STORE_PATH) {
    const ThPath *path = &frame->prototype->paths[ins->b];
    const ThGlobal *global = ins->a == TH_NO_REGISTER ? &session->globals[path->root->index] : NULL;
    bool told = global && global->watched; /* others hang on it */
    if (told || !th_quick_store(path, global ? global->value : R(ins->a), &R(ins->c)))
      TRY(th_vm_store_path(session, base, ins));
    NEXT;
  }
  CASE(READ_PATH) {
    const ThPath *path = &frame->prototype->paths[ins->b];
    ThValue v, root = ins->a == TH_NO_REGISTER ? session->globals[path->root->index].value : R(ins->a);
    if (th_quick_read(path, root, &R(pc->a), &v)) PUT(ins->c, v);
    else TRY(th_vm_read_path(session, base, ins));
    pc++;
    NEXT;
  }
  CASE(UNPACK) {
    TRY(th_vm_unpack(session, base, ins));
    NEXT;
  }
  CASE(FOR_RANGE) {
    bool empty;
    TRY(th_vm_for_range(session, base, ins, &empty));
    pc = empty ? frame->code + pc->offset : pc + 1;
    NEXT;
  }
  CASE(FOR_RANGE_NEXT) {
    ThValue *loop = &R(ins->a);
    double position = th_as_number(loop[TH_LOOP_POSITION]) + 1;
    if (position >= th_as_number(loop[TH_LOOP_COUNT])) NEXT;
    loop[TH_LOOP_POSITION] = th_number(position);
    th_quick_set(&loop[TH_LOOP_VARIABLE],
                 th_as_number(loop[0]) + position * th_as_number(loop[TH_LOOP_STEP]));
    if (INTERRUPTED) TRY(th_poll(&session->cx));
    pc = frame->code + ins->offset;
    NEXT;
  }
  CASE(FOR_EACH) {
    bool empty;
    TRY(th_vm_for_each(session, base, ins, &empty));
    pc = empty ? frame->code + pc->offset : pc + 1;
    NEXT;
  }
  CASE(FOR_EACH_NEXT) {
    bool done;
    ThValue *loop = &R(ins->a), item;
    double position = th_as_number(loop[TH_LOOP_POSITION]) + 1;
    ThValue index = th_number(position + 1);
    if (!INTERRUPTED && th_quick_index(loop[TH_LOOP_SEQUENCE], &index, 1, &item)) {
      loop[TH_LOOP_POSITION] = th_number(position);
      th_replace_take(&loop[TH_LOOP_VARIABLE], item);
      pc = frame->code + ins->offset;
      NEXT;
    }
    TRY(th_vm_for_each_next(session, base, ins, &done));
    if (!done) pc = frame->code + ins->offset;
    NEXT;
  }
  CASE(GATHER) {
    TRY(th_vm_gather(session, base, ins));
    NEXT;
  }
  CASE(GATHERED) {
    TRY(th_vm_gathered(session, base, ins));
    NEXT;
  }
  CASE(LIVE)
  CASE(DECLARE_LIVE)
  CASE(WITH) {
    TRY(th_vm_live(session, base, ins));
    NEXT;
  }
  CASE(DECLARE)
  CASE(MODEL)
  CASE(PARAMETER)
  CASE(FREE_PARAMETER)
  CASE(OBSERVE)
  CASE(DETERMINISTIC)
  CASE(FACTOR) {
    TRY(th_vm_declare(session, base, ins));
    NEXT;
  }
  CASE(CLAIM) {
    TRY(th_vm_claim(session, base, ins));
    NEXT;
  }
  CASE(STOP) {
    SAVE;
    return true;
  }

failed:
  th_vm_trace(session, entry);
  th_vm_unwind(session, entry);
  return false;
}
