/* vm.h - the machine that runs compiled functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_VM_H
#define TH_LANG_VM_H

#include "lang/code.h"
#include "lang/log.h"
#include "lang/session.h"

enum {
  TH_STACK_VALUES = 1 << 20, /* registers of all running functions */
  TH_MAX_FRAMES = 100000,    /* functions running at once */
  TH_MAX_NESTING = 400       /* built-ins that call functions that call built-ins … */
};

/* A running function. base[-1] holds the function itself; its value goes there. */
typedef struct ThFrame {
  ThPrototype *prototype;
  const ThInstruction *code; /* the prototype's, or a copy that stops where a chosen branch ends */
  const ThInstruction *pc;   /* the next instruction; saved whenever something may fail or look at it */
  ThValue *base;
} ThFrame;

/* Globals that were read while something was evaluated: symbol indices, counted. */
typedef struct ThReads {
  size_t references;
  uint64_t serial; /* of the evaluation that collects them */
  uint32_t *names;
  size_t n, capacity;
} ThReads;

/* The graph of names that follow others: live.h. */
typedef struct ThLiveGraph {
  struct ThDefinition *first, *last; /* in order of definition */
  struct ThLiveNode *nodes;          /* by symbol index */
  size_t n_nodes;                    /* their capacity */
  uint64_t serial;                   /* the last number given to an evaluation, a definition or a `with` */
  struct ThJournal *journal;         /* of the innermost `with` that is running */
  unsigned depth;                    /* definitions being evaluated, one for another */
  size_t n_pictures, n_stale_declared;
} ThLiveGraph;

/* Registers above those of the running frame never hold objects. */
typedef struct ThVm {
  ThValue *stack, *stack_end;
  ThValue *cleared; /* values from here on were never written */
  ThFrame *frames;
  size_t n_frames;
  const ThModelRunner *runner; /* of the model that is running, or NULL */
  size_t n_choices;            /* choices of random variables whose branches it is in */
  const ThTracer *tracer;      /* of the function that is traced, or NULL */
  bool attempting;             /* a call runs that is simulated if it cannot be run once */
  ThReads *reads;              /* collects what a definition reads; NULL mostly */
} ThVm;

/* One global name. */
typedef struct ThGlobal {
  ThValue value;   /* unset when the user has not defined it */
  ThValue builtin; /* a built-in function or constant of this name, or unset */
  uint32_t order;  /* 1, 2, … in order of definition; 0 when not */
  bool defined;    /* has a definition (live.h): an unset value is a stale one */
  bool watched;    /* a definition read it, or it has one: an assignment must tell */
} ThGlobal;

/* A built-in and its name, in order of definition. */
typedef struct ThBuiltinEntry {
  const struct ThBuiltin *row;
  ThSymbol *name;
} ThBuiltinEntry;

struct ThSession {
  ThContext cx; /* first: a context is its session */
  ThVm vm;
  ThGlobal *globals; /* by symbol index */
  size_t n_globals;  /* capacity */
  uint32_t last_order;
  ThValue last; /* _ */
  ThSymbol *last_name;
  ThLanguageHooks hooks;
  ThLiveGraph graph;
  ThBuiltinEntry *builtins;
  size_t n_builtins, builtin_capacity;
  uint64_t seed;
  ThLog log;
  struct ThReplayCache *replays; /* replay_cache.h; NULL before the first */
  struct ThImports {
    char **paths;
    size_t n;
  } imports;
};

/* The global of a symbol; room is made. NULL when memory is out. */
TH_CHECKED ThGlobal *th_session_global(ThSession *session, const ThSymbol *name);
/* Room for a global for every symbol. */
TH_CHECKED bool th_session_reserve(ThSession *session);

TH_CHECKED bool th_vm_init(ThSession *session);
void th_vm_clear(ThSession *session);
/* Runs a function with arguments as th_call does. */
TH_CHECKED bool th_vm_call(ThSession *session, ThValue function, const ThArguments *args, ThValue *out);

/* Runs frames until frame number `entry` (counted from 1) has returned, its value in base[-1] of it, or a
 * STOP is met in it. */
TH_CHECKED bool th_vm_run(ThSession *session, size_t entry);

/* vm_call.c: arguments into a callee's registers R[a + 1] …, and its frame. `n` arguments are there. */
TH_CHECKED bool th_vm_enter(ThSession *session, ThValue *callee, size_t n, const ThNames *names);
TH_CHECKED bool th_vm_call_slow(ThSession *session, ThValue *callee, const ThInstruction *ins);
TH_CHECKED bool th_vm_callee(ThSession *session, uint32_t operand, ThValue *out);
TH_CHECKED bool th_vm_local_callee(ThSession *session, ThValue local, const ThSymbol *name, bool greek,
                                   ThValue *out);
void th_vm_unwind(ThSession *session, size_t entry);

/* vm_slow.c: what instructions do beyond two numbers. Each uses up its temporaries. */
TH_CHECKED bool th_vm_arithmetic(ThSession *session, ThValue *base, const ThInstruction *ins, ThOperator op,
                                 int form);
TH_CHECKED bool th_vm_compare(ThSession *session, ThValue *base, const ThInstruction *ins, ThOperator op,
                              int form, ThValue *out);
TH_CHECKED bool th_vm_binary(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_unary(ThSession *session, ThValue *base, const ThInstruction *ins, ThOperator op);
TH_CHECKED bool th_vm_unset_local(ThSession *session, size_t reg);
TH_CHECKED bool th_vm_global(ThSession *session, size_t index, ThValue *out);
TH_CHECKED bool th_vm_set_global(ThSession *session, size_t index, ThValue *value);
/* A global that is read while a definition is evaluated. */
TH_CHECKED bool th_vm_global_read(ThSession *session, size_t index, ThValue *out);
TH_CHECKED bool th_vm_index(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_index_one(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_field(ThSession *session, ThValue *base, const ThInstruction *ins);
/* Part i of a range, its start, step or end, as a number; else the error that says so. */
TH_CHECKED bool th_vm_range_part(ThContext *cx, ThValue v, size_t i, double *out);
TH_CHECKED bool th_vm_length(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_build(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_interval(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_closure(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_logic(ThSession *session, ThValue *base, const ThInstruction *ins, bool *decided);
/* vm_chain.c: an instruction that meets `left` and `right`, one of them a large array, with the elementwise operations
 * that follow it. *done: they were run, and the frame's pc stands behind the last of them. */
TH_CHECKED bool th_vm_chain(ThSession *session, ThValue *base, const ThInstruction *ins, ThValue left,
                            ThValue right, bool *done);
/* vm_loan.c: `x = x + 1` in place. When the next instruction overwrites the variable that holds v, and nobody else
 * does but whoever asks, with `own` references, the variable gives up its reference until then. */
typedef struct ThLoan {
  ThValue *variable; /* NULL: nothing was lent */
  ThValue value;
} ThLoan;
ThLoan th_vm_lend(ThSession *session, ThValue v, size_t own);
void th_vm_take_back(const ThLoan *loan); /* the operation failed: the variable has its value again */
/* vm_path.c */
TH_CHECKED bool th_vm_store_path(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_read_path(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_unpack(ThSession *session, ThValue *base, const ThInstruction *ins);
/* vm_loop.c */
TH_CHECKED bool th_vm_for_range(ThSession *session, ThValue *base, const ThInstruction *ins, bool *empty);
TH_CHECKED bool th_vm_for_each(ThSession *session, ThValue *base, const ThInstruction *ins, bool *empty);
TH_CHECKED bool th_vm_for_each_next(ThSession *session, ThValue *base, const ThInstruction *ins, bool *done);
TH_CHECKED bool th_vm_gather(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_gathered(ThSession *session, ThValue *base, const ThInstruction *ins);
/* vm_random.c: conditions that are random variables, declarations, models. A condition value that is random
 * makes both branches of an `if` expression run; *resume is where to go on, NULL when the condition is plain. */
TH_CHECKED bool th_vm_choose(ThSession *session, const ThInstruction *jump, ThValue condition,
                             const ThInstruction **resume);
/* The truth of a plain condition; else an error at the condition. */
TH_CHECKED bool th_vm_truth(ThSession *session, const ThInstruction *jump, ThValue condition, bool *truth);
/* May the course of a Theta function hang on random variables, among its arguments or declared inside? It is called
 * by th_vm_call then. When it meets a condition that is undecided, a random variable is made of the whole call, whose
 * value is computed for each outcome or draw; of a function that declares variables, by simulation. */
bool th_vm_may_hang(const ThSession *session, ThValue function, const ThValue *values, size_t n);
TH_CHECKED bool th_vm_call_hanging(ThSession *session, ThValue function, const ThArguments *args,
                                   bool (*call)(ThSession *, ThValue, const ThArguments *, ThValue *),
                                   ThValue *out);
TH_CHECKED bool th_vm_declare(ThSession *session, ThValue *base, const ThInstruction *ins);
TH_CHECKED bool th_vm_count(ThSession *session, ThValue v, size_t *count);
/* vm_live.c */
TH_CHECKED bool th_vm_live(ThSession *session, ThValue *base, const ThInstruction *ins);
/* vm_claim.c */
TH_CHECKED bool th_vm_claim(ThSession *session, ThValue *base, const ThInstruction *ins);
/* vm_undefined.c: errors with their hints; false. A missing field, and an index that failed, have
 * filled the error already. */
bool th_vm_undefined(ThSession *session, const ThSymbol *name);
bool th_vm_no_field(ThSession *session);
bool th_vm_not_indexed(ThSession *session, ThValue container);

/* vm_trace.c */
void th_vm_trace(ThSession *session, size_t entry);
/* The text that the running instruction comes from, and its span there; "" outside of code. */
const char *th_vm_site_text(const ThSession *session, ThSpan *span);
void th_vm_operand_text(ThContext *cx, size_t index, char *text, size_t size);

/* The first value above the running frame's registers. */
static inline ThValue *th_vm_top(const ThVm *vm) {
  if (vm->n_frames == 0) return vm->stack;
  const ThFrame *frame = &vm->frames[vm->n_frames - 1];
  return frame->base + frame->prototype->n_registers;
}

static inline bool th_vm_is_temporary(const ThSession *session, size_t reg) {
  return reg >= session->vm.frames[session->vm.n_frames - 1].prototype->n_locals;
}
static inline ThValue *th_vm_constants(const ThSession *session) {
  return session->vm.frames[session->vm.n_frames - 1].prototype->constants;
}
/* Releases register `reg` if it is a temporary. */
static inline void th_vm_used(ThSession *session, ThValue *base, size_t reg) {
  if (th_is_object(base[reg]) && th_vm_is_temporary(session, reg)) {
    ThValue old = base[reg];
    base[reg] = th_number(0);
    th_release(old);
  }
}

#endif
