/* vm_chain.c - runs of elementwise operations, found in the code ahead */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When an instruction meets a large array, the straight code from it on is read ahead: as long as each instruction
 * only loads a name or a constant, or is elementwise on what came before, it becomes a step of a chain (num/chain.h)
 * in place of being run. The chain ends at the last instruction after which one result stands and nothing else waits.
 * It is run in one go, its value goes where that instruction puts it, and the machine goes on behind it. Scalar code
 * never comes here, and code that would fail, or means something else (other shapes, arrays of complex numbers,
 * random variables), is left to the instructions themselves.
 *
 * The code is read twice: once to find the end, once to build the chain up to it. */
#include <math.h>
#include <string.h>

#include "lang/builtin.h"
#include "lang/live.h"
#include "num/chain.h"
#include "val/array.h"
#include "val/basic.h"

enum { LEAST_LENGTH = 64, MAX_PENDING = 32, MAX_USED = 32 };

/* What a register will hold: a step's result, a number or array that was loaded, a complex number that was computed, or
 * a function about to be called. */
typedef struct Pending {
  enum { STEP, LOADED, INPUT, FUNCTION } what;
  uint16_t reg;
  ThChainOperand step;
  ThValue value; /* borrowed */
} Pending;

typedef struct Reading {
  ThSession *session;
  ThValue *base;
  const ThPrototype *prototype;
  bool builds;          /* the second time */
  const ThArray *shape; /* an array: all have its shape */
  ThChain chain;
  Pending pending[MAX_PENDING];
  size_t n_pending;
  uint16_t used[MAX_USED]; /* temporaries that held an operand or the function called before */
  size_t n_used;
  uint16_t target; /* where the last step's result goes */
  ThChainGoal goal;
  bool is_mean;
  bool finished; /* by a reduction, or because a local gets the result */
} Reading;

/* --- Registers ahead of time */

static bool is_temporary(const Reading *r, uint16_t reg) { return reg >= r->prototype->n_locals; }

static Pending *find(Reading *r, uint16_t reg) {
  for (size_t i = 0; i < r->n_pending; i++)
    if (r->pending[i].reg == reg) return &r->pending[i];
  return NULL;
}

static void forget(Reading *r, uint16_t reg) {
  Pending *p = find(r, reg);
  if (p) *p = r->pending[--r->n_pending];
}

static bool expect(Reading *r, Pending entry) {
  forget(r, entry.reg);
  if (r->n_pending == MAX_PENDING) return false;
  r->pending[r->n_pending++] = entry;
  return true;
}

static bool expect_loaded(Reading *r, uint16_t reg, ThValue value) {
  return is_temporary(r, reg) && expect(r, (Pending){.what = LOADED, .reg = reg, .value = value});
}

static bool expect_step(Reading *r, uint16_t reg, ThChainOperand step) {
  r->target = reg;
  r->finished = !is_temporary(r, reg);
  return expect(r, (Pending){.what = STEP, .reg = reg, .step = step});
}

/* A number, complex too, or an array of doubles of the common shape, as an input of the chain. */
static bool input(Reading *r, ThValue value, ThChainOperand *out) {
  if (th_is_scalar(value)) return th_chain_scalar(&r->chain, th_as_scalar(value), out);
  if (th_is_complex(value)) {
    double complex z = th_as_complex(value);
    return th_chain_complex(&r->chain, creal(z), cimag(z), out);
  }
  if (!th_is_array(value) || th_as_array(value)->element != TH_DOUBLE) return false;
  const ThArray *a = th_as_array(value);
  if (!r->shape) r->shape = a;
  return th_same_shape(a, r->shape) && th_chain_array(&r->chain, a->real, out);
}

/* A register that was read: if it is a temporary it is empty from now on. */
static bool use_up(Reading *r, uint16_t reg) {
  if (!is_temporary(r, reg)) return true;
  if (find(r, reg)) {
    forget(r, reg);
    return true;
  }
  if (r->n_used == MAX_USED) return false;
  r->used[r->n_used++] = reg;
  return true;
}

/* What a register holds by then, as an operand. */
static bool operand(Reading *r, uint16_t reg, ThChainOperand *out) {
  const Pending *p = find(r, reg);
  if (p && p->what == FUNCTION) return false;
  if (p && (p->what == STEP || p->what == INPUT)) *out = p->step;
  else if (!input(r, p ? p->value : r->base[reg], out)) return false;
  return use_up(r, reg);
}

static bool is_scalar(const Reading *r, ThChainOperand x) { return !x.is_step && !r->chain.inputs[x.index]; }
static double scalar_of(const Reading *r, ThChainOperand x) { return r->chain.scalars[x.index]; }

/* --- Instructions */

/* Two scalars: what the machine would compute, where a kernel computes the same. */
static bool scalar_arithmetic(Reading *r, uint16_t reg, ThKernelBinary kernel, double x, double y) {
  double z;
  if (kernel != th_kernel_add && kernel != th_kernel_subtract && kernel != th_kernel_multiply &&
      kernel != th_kernel_divide)
    return false;
  kernel(1, &x, 0, &y, 0, &z);
  return expect_loaded(r, reg, th_number(z));
}

/* Kernels of complex operands: products, sums, and one whole power. Two complex numbers make one here and now. */
static bool combine_complex(Reading *r, uint16_t reg, ThKernelBinary kernel, ThChainOperand x,
                            ThChainOperand y) {
  ThKernelComplexBinary complex_kernel = kernel == th_kernel_add        ? th_kernel_complex_add
                                         : kernel == th_kernel_subtract ? th_kernel_complex_subtract
                                         : kernel == th_kernel_multiply ? th_kernel_complex_multiply
                                         : kernel == th_kernel_power    ? th_kernel_complex_power
                                                                        : NULL;
  ThChainOperand step;
  if (!complex_kernel) return false;
  if (kernel == th_kernel_power) {
    if (!is_scalar(r, y) || th_chain_is_complex(&r->chain, y)) return false;
    double power = scalar_of(r, y);
    if (floor(power) != power || fabs(power) > TH_COMPLEX_POWER_MOST) return false;
  }
  if (!is_scalar(r, x) || !is_scalar(r, y))
    return th_chain_complex_binary(&r->chain, complex_kernel, x, y, &step) && expect_step(r, reg, step);
  double re, im;
  const ThChain *c = &r->chain;
  complex_kernel(1, (ThComplexBlock){&c->scalars[x.index], &c->imaginary[x.index], 0, 0},
                 (ThComplexBlock){&c->scalars[y.index], &c->imaginary[y.index], 0, 0}, &re, &im);
  return is_temporary(r, reg) && th_chain_complex(&r->chain, re, im, &step) &&
         expect(r, (Pending){.what = INPUT, .reg = reg, .step = step});
}

static bool combine(Reading *r, uint16_t reg, ThKernelBinary kernel, ThChainOperand x, ThChainOperand y) {
  ThChainOperand step;
  if (th_chain_is_complex(&r->chain, x) || th_chain_is_complex(&r->chain, y))
    return combine_complex(r, reg, kernel, x, y);
  if (is_scalar(r, x) && is_scalar(r, y))
    return scalar_arithmetic(r, reg, kernel, scalar_of(r, x), scalar_of(r, y));
  /* `Σ^-1` of a matrix is answered with a hint by the operation itself */
  if (kernel == th_kernel_power && is_scalar(r, y) && scalar_of(r, y) == -1 && r->shape->rank == 2)
    return false;
  return th_chain_binary(&r->chain, kernel, x, y, &step) && expect_step(r, reg, step);
}

/* The forms RR, RK, KR of an arithmetic instruction stand one after another. */
static bool arithmetic(Reading *r, const ThInstruction *ins, ThKernelBinary kernel, int form) {
  const ThValue *constants = r->prototype->constants;
  ThChainOperand x, y;
  return (form == 2 ? input(r, constants[ins->b], &x) : operand(r, ins->b, &x)) &&
         (form == 1 ? input(r, constants[ins->c], &y) : operand(r, ins->c, &y)) &&
         combine(r, ins->a, kernel, x, y);
}

static bool comparison(Reading *r, const ThInstruction *ins) {
  static const ThKernelBinary kernels[TH_N_OPERATORS] = {
      [TH_OP_EQUAL] = th_kernel_equal,     [TH_OP_NOT_EQUAL] = th_kernel_not_equal,
      [TH_OP_LESS] = th_kernel_less,       [TH_OP_LESS_EQUAL] = th_kernel_less_equal,
      [TH_OP_GREATER] = th_kernel_greater, [TH_OP_GREATER_EQUAL] = th_kernel_greater_equal};
  ThChainOperand x, y;
  return kernels[ins->c] && operand(r, ins->b, &x) && operand(r, (uint16_t)(ins->b + 1), &y) &&
         combine(r, ins->a, kernels[ins->c], x, y);
}

static bool negate(Reading *r, const ThInstruction *ins) {
  ThChainOperand x, step;
  if (!operand(r, ins->b, &x) || th_chain_is_complex(&r->chain, x)) return false;
  if (is_scalar(r, x)) return expect_loaded(r, ins->a, th_number(-scalar_of(r, x)));
  return th_chain_unary(&r->chain, th_kernel_negate, x, &step) && expect_step(r, ins->a, step);
}

static bool take(Reading *r, const ThInstruction *ins) {
  const Pending *p = find(r, ins->b);
  if (!p || p->what == FUNCTION || p->what == INPUT) return false;
  Pending moved = *p;
  forget(r, ins->b);
  return moved.what == STEP ? expect_step(r, ins->a, moved.step) : expect_loaded(r, ins->a, moved.value);
}

/* A local, which stays. */
static bool move(Reading *r, const ThInstruction *ins) {
  return !is_temporary(r, ins->b) && !find(r, ins->b) && expect_loaded(r, ins->a, r->base[ins->b]);
}

static bool captured(Reading *r, const ThInstruction *ins) {
  return expect_loaded(r, ins->a, th_as_function(r->base[-1])->captured[ins->b]);
}

/* A global that has its value; one that a definition is still to compute is left to the machine. */
static bool global(Reading *r, const ThInstruction *ins) {
  const ThGlobal *name = &r->session->globals[ins->offset];
  if (th_is_unset(name->value) && name->defined) return false;
  if (r->builds && r->session->vm.reads && !th_live_read(r->session, (size_t)ins->offset)) return false;
  return expect_loaded(r, ins->a, th_is_unset(name->value) ? name->builtin : name->value);
}

/* A built-in by its name, where nothing of the user's has that name. */
static bool callee(Reading *r, const ThInstruction *ins) {
  uint32_t index = (uint32_t)ins->offset;
  if (index & (TH_CALLEE_GREEK | TH_CALLEE_BUILTIN)) return false;
  const ThGlobal *name = &r->session->globals[index];
  if (!th_is_unset(name->value) || name->defined || !th_is(name->builtin, &th_builtin_kind)) return false;
  if (r->builds && r->session->vm.reads && !th_live_read(r->session, index)) return false;
  return is_temporary(r, ins->a) &&
         expect(r, (Pending){.what = FUNCTION, .reg = ins->a, .value = name->builtin});
}

static bool ends_in_comparison(const Reading *r) {
  ThKernelBinary last = r->chain.steps[r->chain.n_steps - 1].binary;
  return last == th_kernel_equal || last == th_kernel_not_equal || last == th_kernel_less ||
         last == th_kernel_less_equal || last == th_kernel_greater || last == th_kernel_greater_equal;
}

/* sum(…) and its like, of everything that was read. */
static bool reduce(Reading *r, uint16_t reg, const ThBuiltin *row, ThChainOperand x) {
  static const struct {
    const char *call;
    ThChainGoal goal;
    bool is_mean, counts;
  } reductions[] = {{"sum(", TH_CHAIN_SUM, false, false},
                    {"mean(", TH_CHAIN_SUM, true, false},
                    {"count(", TH_CHAIN_SUM, false, true},
                    {"min(", TH_CHAIN_MIN, false, false},
                    {"max(", TH_CHAIN_MAX, false, false}};
  if (!x.is_step || r->n_pending > 0) return false;
  for (size_t i = 0; i < sizeof reductions / sizeof *reductions; i++) {
    if (strncmp(row->signature, reductions[i].call, strlen(reductions[i].call)) != 0) continue;
    if (reductions[i].counts && !ends_in_comparison(r)) return false;
    r->goal = reductions[i].goal;
    r->is_mean = reductions[i].is_mean;
    if (!expect_step(r, reg, x)) return false;
    r->finished = true;
    return true;
  }
  return false;
}

/* A built-in of one argument: elementwise, or a reduction. */
static bool call(Reading *r, const ThInstruction *ins) {
  if (ins->b != 1 || ins->c != 0) return false;
  const Pending *p = find(r, ins->a);
  const ThBuiltin *row = th_builtin_row(p ? p->value : r->base[ins->a]);
  ThChainOperand x, step;
  if (!row || !operand(r, (uint16_t)(ins->a + 1), &x) || !use_up(r, ins->a)) return false;
  if (th_chain_is_complex(&r->chain, x))
    return x.is_step && row->scalar == exp &&
           th_chain_complex_unary(&r->chain, th_kernel_complex_exp, x, &step) && expect_step(r, ins->a, step);
  if (is_scalar(r, x)) {
    double y = row->scalar ? row->scalar(scalar_of(r, x))
                           : (double)NAN; /* of a new nan the function may say why */
    return !isnan(y) && expect_loaded(r, ins->a, th_number(y));
  }
  ThKernelUnary kernel = row->scalar ? th_kernel_of(row->scalar) : NULL;
  if (!kernel) return reduce(r, ins->a, row, x);
  return th_chain_unary(&r->chain, kernel, x, &step) && expect_step(r, ins->a, step);
}

/* The forms of an instruction with one kernel. */
#define ARITHMETIC(name, kernel)                                 \
  case TH_INS_##name##_RR: return arithmetic(r, ins, kernel, 0); \
  case TH_INS_##name##_RK: return arithmetic(r, ins, kernel, 1); \
  case TH_INS_##name##_KR: return arithmetic(r, ins, kernel, 2);

static bool read_instruction(Reading *r, const ThInstruction *ins) {
  switch (ins->code) {
    ARITHMETIC(ADD, th_kernel_add)
    ARITHMETIC(SUBTRACT, th_kernel_subtract)
    ARITHMETIC(MULTIPLY, th_kernel_multiply)
    ARITHMETIC(DIVIDE, th_kernel_divide)
    ARITHMETIC(REMAINDER, th_kernel_remainder)
    ARITHMETIC(POWER, th_kernel_power)
    case TH_INS_BINARY: return comparison(r, ins);
    case TH_INS_NEGATE: return negate(r, ins);
    case TH_INS_CONSTANT: return expect_loaded(r, ins->a, r->prototype->constants[ins->b]);
    case TH_INS_MOVE: return move(r, ins);
    case TH_INS_TAKE: return take(r, ins);
    case TH_INS_GLOBAL: return global(r, ins);
    case TH_INS_CAPTURED: return captured(r, ins);
    case TH_INS_GLOBAL_CALLEE: return callee(r, ins);
    case TH_INS_CALL: return call(r, ins);
    default: return false;
  }
}

/* Reads from `first` to `end` (NULL: as far as it goes). The end of the longest chain, NULL when there is none. */
static const ThInstruction *read_ahead(Reading *r, const ThInstruction *first, const ThInstruction *end) {
  const ThInstruction *last = NULL;
  for (const ThInstruction *ins = first; ins != end && !r->finished && read_instruction(r, ins); ins++)
    if (r->n_pending == 1 && r->pending[0].what == STEP) last = ins + 1;
  return last;
}

/* --- Running */

/* Memory for the result: an array that goes away with this, or a new one. Owned. */
static ThArray *result_array(const Reading *r, ThElement element) {
  ThValue candidates[MAX_USED + 1];
  size_t n = 0;
  for (size_t i = 0; i < r->n_used; i++) candidates[n++] = r->base[r->used[i]];
  if (!is_temporary(r, r->target)) candidates[n++] = r->base[r->target]; /* is overwritten */
  for (size_t i = 0; i < n; i++) {
    if (!th_is_array(candidates[i])) continue;
    ThArray *a = th_as_array(candidates[i]);
    if (a->object.references == 1 && a->element == element && th_same_shape(a, r->shape))
      return th_as_array(th_retain(candidates[i]));
  }
  return th_array_new(&r->session->cx, element, r->shape->rank, r->shape->shape);
}

static bool run_to_array(const Reading *r, ThValue *out) {
  ThChainOperand last = {true, (uint8_t)(r->chain.n_steps - 1)};
  bool bools = ends_in_comparison(r), is_complex = th_chain_is_complex(&r->chain, last);
  ThArray *a = result_array(r, bools ? TH_BOOL : is_complex ? TH_COMPLEX : TH_DOUBLE);
  if (!a) return false;
  ThChainGoal goal = bools ? TH_CHAIN_BOOLS : is_complex ? TH_CHAIN_COMPLEX : TH_CHAIN_DOUBLES;
  if (!th_chain_run(&r->session->cx, &r->chain, a->length, goal, a->data)) {
    th_release(th_object(a));
    return false;
  }
  *out = th_object(a);
  return true;
}

/* A mean whose sum is beyond all doubles is left to the built-in. */
static bool run_to_number(const Reading *r, ThValue *out, bool *done) {
  double x;
  if (!th_chain_run(&r->session->cx, &r->chain, r->shape->length, r->goal, &x)) return false;
  *done = !r->is_mean || isfinite(x);
  *out = th_number(r->is_mean ? x / (double)r->shape->length : x);
  return true;
}

static bool run(const Reading *r, ThValue *out, bool *done) {
  *done = true;
  return r->goal == TH_CHAIN_DOUBLES ? run_to_array(r, out) : run_to_number(r, out, done);
}

/* One operation alone is the instruction's own, unless two threads would share it. */
static bool is_worth_it(const Reading *r) {
  return r->chain.n_steps > 1 || r->goal != TH_CHAIN_DOUBLES || r->shape->length >= TH_CHAIN_THREADED;
}

static bool is_large(ThValue v) {
  return th_is_array(v) && th_as_array(v)->element == TH_DOUBLE && th_as_array(v)->length >= LEAST_LENGTH;
}

bool th_vm_chain(ThSession *session, ThValue *base, const ThInstruction *ins, ThValue left, ThValue right,
                 bool *done) {
  *done = false;
  if (!is_large(left) && !is_large(right)) return true;
  ThFrame *frame = &session->vm.frames[session->vm.n_frames - 1];
  Reading ahead = {.session = session, .base = base, .prototype = frame->prototype};
  const ThInstruction *end = read_ahead(&ahead, ins, NULL);
  if (!end) return true;
  Reading built = {.session = session, .base = base, .prototype = frame->prototype, .builds = true};
  ThValue result;
  if (read_ahead(&built, ins, end) != end || !is_worth_it(&built)) return session->cx.error.code == TH_OK;
  if (!run(&built, &result, done)) return false;
  if (!*done) return true;
  for (size_t i = 0; i < built.n_used; i++) th_vm_used(session, base, built.used[i]);
  th_replace_take(&base[built.target], result);
  frame->pc = end;
  return true;
}
