/* code.h - instructions, and functions compiled to them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_CODE_H
#define TH_LANG_CODE_H

#include "lang/ast.h"
#include "val/value.h"

/* A register machine. R[i] is register i of the running frame, K[i] a constant of its prototype, G[i] the
 * global whose symbol has index i. Registers below the prototype's n_locals are locals; those above hold one
 * temporary each, which the instruction that reads it uses up.
 *
 * One line an instruction: name, operands, effect. RR, RK, KR: which operands of the three are constants.
 * A compare-and-jump is followed by a word whose `offset` is where to go when the comparison is false. */
/* clang-format off */
#define TH_INSTRUCTIONS(X)                                                                                 \
  X(MOVE)             /* R[a] = R[b]; an unset local is an error */                                        \
  X(TAKE)             /* R[a] = R[b], a temporary */                                                       \
  X(CONSTANT)         /* R[a] = K[b] */                                                                    \
  X(GLOBAL)           /* R[a] = G[offset] */                                                               \
  X(GLOBAL_CALLEE)    /* R[a] = G[offset] if callable, else the built-in */                                \
  X(LOCAL_CALLEE)     /* R[a] = R[b] if callable, else the built-in named K[c] */                          \
  X(CAPTURED)         /* R[a] = captured value b of this function */                                       \
  X(SELF)             /* R[a] = this function */                                                           \
  X(SET_GLOBAL)       /* G[offset] = R[a], a temporary */                                                  \
  X(DROP)             /* R[a] is released */                                                               \
  X(UNSET)            /* R[a] = unset */                                                                   \
  X(ADD_RR) X(ADD_RK) X(ADD_KR)                                                                            \
  X(SUBTRACT_RR) X(SUBTRACT_RK) X(SUBTRACT_KR)                                                             \
  X(MULTIPLY_RR) X(MULTIPLY_RK) X(MULTIPLY_KR)                                                             \
  X(DIVIDE_RR) X(DIVIDE_RK) X(DIVIDE_KR)                                                                   \
  X(REMAINDER_RR) X(REMAINDER_RK) X(REMAINDER_KR)                                                          \
  X(POWER_RR) X(POWER_RK) X(POWER_KR)                                                                      \
  X(BINARY)           /* R[a] = R[b] op R[b + 1]; op is c */                                               \
  X(UNARY)            /* R[a] = op R[b]; op is c */                                                        \
  X(NEGATE)           /* R[a] = -R[b] */                                                                   \
  X(NOT)              /* R[a] = not R[b] */                                                                \
  X(JUMP)             /* to offset */                                                                      \
  X(LOOP)             /* to offset, backwards: polls for Ctrl-C */                                         \
  X(JUMP_IF_FALSE)    /* R[a] is a condition */                                                            \
  X(JUMP_IF_SET)      /* R[a] is a parameter that was given */                                             \
  X(AND)              /* R[a] false: to offset, keeping it; else on */                                     \
  X(OR)               /* R[a] true: to offset, keeping it; else on */                                      \
  X(LESS_RR) X(LESS_RK) X(LESS_KR)                                                                         \
  X(LESS_EQUAL_RR) X(LESS_EQUAL_RK) X(LESS_EQUAL_KR)                                                       \
  X(EQUAL_RR) X(EQUAL_RK) X(EQUAL_KR)                                                                      \
  X(NOT_EQUAL_RR) X(NOT_EQUAL_RK) X(NOT_EQUAL_KR)                                                          \
  X(CALL)             /* R[a] = R[a](R[a+1] … R[a+b]); c: constant of names, plus 1 */                     \
  X(RETURN)           /* R[a] is the function's value; b: temporaries are held */                          \
  X(CLOSURE)          /* R[a] = function of K[b] with its captures */                                      \
  X(ARRAY)            /* R[a] = [R[b] …], c of them */                                                     \
  X(ROWS)             /* R[a] = matrix of the c rows R[b] … */                                             \
  X(LIST)             /* R[a] = list(R[b] …), c of them */                                                 \
  X(FORMULA)          /* R[a] = formula of the c values R[b] …: readers, then its two sides */            \
  X(RECORD)           /* R[a] = record of R[a] …; K[b] is the names */                                     \
  X(RANGE)            /* R[a] = R[a]:R[a+1]:R[a+2] */                                                      \
  X(INTERVAL)         /* R[a] = R[a] in (R[a+1], R[a+2]), open */                                          \
  X(INDEX_ONE)        /* R[a] = R[b][R[c]] */                                                              \
  X(INDEX)            /* R[a] = R[a][R[a+1] … R[a+b]] */                                                   \
  X(FIELD)            /* R[a] = R[b].K[c] */                                                               \
  X(LENGTH)           /* R[a] = length of R[b] along axis c, from 0 */                                     \
  X(STORE_PATH)       /* path K[b] into local R[a], or the global it names; operands R[c] …, value last */ \
  X(READ_PATH)        /* R[c] = what the path reads; the next word's a is the first operand */             \
  X(UNPACK)           /* R[a] … R[a+b-1] = the b parts of R[a] */                                          \
  X(JOIN)             /* R[a] = string of the c pieces R[b] … */                                           \
  X(FORMAT)           /* R[a] = R[b] as text; K[c] is the format */                                        \
  X(FOR_RANGE)        /* R[a] first, R[a+1] step, R[a+2] last: sets up; empty: next word's offset */       \
  X(FOR_RANGE_NEXT)   /* R[a+4] is the next number, to offset; else on */                                  \
  X(FOR_EACH)         /* R[a] the sequence: sets up; empty: next word's offset */                          \
  X(FOR_EACH_NEXT)    /* R[a+4] is the next element, to offset; else on */                                 \
  X(GATHER)           /* the list R[a] gets R[b] */                                                        \
  X(GATHERED)         /* R[a], a list, stacked; c loops begin at R[b] */                                   \
  X(DECLARE)          /* R[a] = variable K[b] ~ R[c], count R[c+1] */                                      \
  X(LIVE)             /* K[b] := the thunk R[a] */                                                         \
  X(DECLARE_LIVE)     /* R[a] = variable K[b] ~ the thunk R[c], count R[c+1] */                            \
  X(WITH)             /* R[a] = thunk R[a] with names K[b] = R[a+1] …; bit i of c: in R[a+1+i] */          \
  X(MODEL)            /* R[a] = model K[b] of the function R[a] */                                         \
  X(PARAMETER)        /* R[a]: K[b] ~ R[c], count R[c+1], in a model */                                    \
  X(FREE_PARAMETER)   /* R[a]: param K[b], count R[c], bounds R[c+1], R[c+2] */                            \
  X(OBSERVE)          /* data K[b], its value R[a], ~ R[c] */                                              \
  X(DETERMINISTIC)    /* K[b] = R[a], at the top of a model */                                             \
  X(FACTOR)           /* the log density gets R[a], which becomes none */                                  \
  X(CLAIM)            /* functions R[a], R[a+1] of the names K[b]; their domains R[a+2] … */               \
  X(STOP)             /* ends a stretch that runs on its own (a chosen branch) */
/* clang-format on */

typedef enum ThInstructionCode {
#define TH_INSTRUCTION_ENUM(name) TH_INS_##name,
  TH_INSTRUCTIONS(TH_INSTRUCTION_ENUM)
#undef TH_INSTRUCTION_ENUM
      TH_N_INSTRUCTIONS
} ThInstructionCode;

typedef struct ThInstruction {
  uint16_t code, a;
  union {
    struct {
      uint16_t b, c;
    };
    int32_t offset;
  };
} ThInstruction;

enum { TH_NO_REGISTER = 0xFFFF, TH_MAX_REGISTERS = 4000, TH_MAX_CONSTANTS = 60000 };

/* A loop's registers: sequence or first, step, count, position, the variable. */
enum { TH_LOOP_SEQUENCE, TH_LOOP_STEP, TH_LOOP_COUNT, TH_LOOP_POSITION, TH_LOOP_VARIABLE, TH_LOOP_REGISTERS };

/* Flags in the operand of GLOBAL_CALLEE (of LOCAL_CALLEE: TH_CALLEE_GREEK_LOCAL in b). */
enum { TH_CALLEE_GREEK = 1 << 30, TH_CALLEE_BUILTIN = 1 << 29, TH_CALLEE_GREEK_LOCAL = 1 << 15 };

/* Where an instruction comes from: its span, and those of its operands in the prototype's `operands`. */
typedef struct ThSite {
  ThSpan span;
  uint32_t operands;
  uint16_t n_operands;
  bool is_call; /* operand 0 is the function, argument i operand i */
} ThSite;

/* An `if` expression: the jump at `jump` hangs on a condition; `yes` to `end` and `no` to `end` are its
 * branches, each leaving its value in register `result`. Used when the condition is a random variable. */
typedef struct ThChoice {
  uint32_t jump, yes, no, end;
  uint16_t result;
} ThChoice;

/* Where a closure finds a captured value when it is made. */
typedef struct ThCapture {
  uint16_t index;
  bool from_local; /* a register of the enclosing function, else one of its own captures */
  ThSymbol *name;
} ThCapture;

/* A step of a path on the left of `=`: a field, or an index with n operands. */
typedef struct ThStep {
  ThSymbol *field; /* NULL for an index */
  uint16_t n_indices;
  uint64_t bare; /* bit i: index i is a bare colon, and has no operand */
} ThStep;

typedef struct ThPath {
  ThSymbol *root;
  size_t n_steps;
  ThStep *steps;
} ThPath;

/* A compiled function, as a counted object, so that it may stand among constants. */
typedef struct ThPrototype {
  ThObject object;
  ThSymbol *name; /* NULL without one */
  ThTree *tree;   /* keeps the source */
  const ThNode *node;
  ThInstruction *code;
  ThSite *sites;
  ThSpan *operands;
  ThValue *constants;
  ThSymbol **local_names; /* of the first n_named registers */
  ThCapture *captures;
  ThChoice *choices;
  ThPath *paths;
  uint32_t n_code, code_capacity, n_operands, operand_capacity, n_constants, constant_capacity;
  uint32_t n_captures, capture_capacity, n_choices, choice_capacity, n_paths, path_capacity;
  uint16_t n_parameters, n_required; /* those without a default */
  uint16_t n_leading;                /* up to the last one without a default */
  uint16_t n_named, n_locals, n_registers;
  bool is_model;
  bool declares;        /* it, or a function inside, declares random variables */
  bool decides;         /* a condition or a count, here or in a function inside, may decide what is run */
  uint8_t *has_default; /* per parameter */
} ThPrototype;

extern const ThKind th_prototype_kind;
static inline ThPrototype *th_as_prototype(ThValue v) { return (ThPrototype *)th_as_object(v); }

/* A list of argument names: NULL for positional ones. A constant of kind "names". */
typedef struct ThNames {
  ThObject object;
  size_t length;
  ThSymbol *names[];
} ThNames;
extern const ThKind th_names_kind;
TH_CHECKED ThNames *th_names_new(ThContext *cx, size_t length);

TH_CHECKED ThPrototype *th_prototype_new(ThContext *cx, ThTree *tree, const ThNode *node, ThSymbol *name);

/* A function: a prototype with the values it captured. */
typedef struct ThFunction {
  ThObject object;
  ThPrototype *prototype;
  size_t n_captured;
  ThValue captured[];
} ThFunction;
extern const ThKind th_function_kind; /* "function" */
static inline bool th_is_function(ThValue v) { return th_is(v, &th_function_kind); }
static inline ThFunction *th_as_function(ThValue v) { return (ThFunction *)th_as_object(v); }
/* A function of this prototype, which it retains; what it captures is none as yet. */
TH_CHECKED ThFunction *th_function_new(ThContext *cx, ThPrototype *prototype);

/* Compiles one top-level statement to a function without parameters whose value is the statement's.
 * *shows is what the statement shows at top level. */
typedef enum ThShow { TH_SHOW_NOTHING, TH_SHOW_VALUE, TH_SHOW_ASSIGNED, TH_SHOW_LIVE } ThShow;
TH_CHECKED ThPrototype *th_compile(ThContext *cx, ThTree *tree, const ThNode *statement, ThShow *shows);

#endif
