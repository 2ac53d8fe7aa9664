/* compiler.h - what the files of the compiler share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_COMPILER_H
#define TH_LANG_COMPILER_H

#include "lang/code.h"

/* Jumps to one place that is not known yet. */
typedef struct ThJumps {
  uint32_t *at;
  size_t n, capacity;
} ThJumps;

typedef struct ThLoop {
  struct ThLoop *outer;
  ThJumps breaks, continues;
} ThLoop;

/* What `end` means in the index being compiled. */
typedef struct ThEnd {
  uint16_t container;
  uint16_t axis;
  bool active;
} ThEnd;

/* One function under compilation. Registers: parameters, assigned names, loops' registers, temporaries. */
typedef struct ThScope ThScope;
struct ThScope {
  ThScope *outer;
  ThContext *cx;
  ThTree *tree;
  ThPrototype *prototype;
  struct ThLocal {
    ThSymbol *name;
    uint16_t reg;
  } * locals; /* visible names, innermost last */
  size_t n_locals, local_capacity;
  uint16_t next_loop; /* next free loop register */
  uint16_t top;       /* next free temporary */
  ThSymbol *self;     /* the name under which this function may call itself */
  ThLoop *loop;
  ThEnd end;
  const ThSymbol *renewed; /* the local whose new value th_compile_to is about to compile; else NULL */
  bool is_main, is_model;
  size_t n_data; /* of a model: its parameters, which are data */
};

/* compile.c: scopes and emission. `site` gives the span; operands may be NULL. */
TH_CHECKED bool th_emit(ThScope *s, ThInstruction instruction, const ThNode *site, ThNode *const *operands,
                        size_t n);
TH_CHECKED bool th_emit_abc(ThScope *s, ThInstructionCode code, uint16_t a, uint16_t b, uint16_t c,
                            const ThNode *site);
TH_CHECKED bool th_emit_jump(ThScope *s, ThInstructionCode code, uint16_t a, const ThNode *site,
                             ThJumps *jumps);
TH_CHECKED bool th_emit_word(ThScope *s, const ThNode *site, ThJumps *jumps); /* a bare offset */
bool th_patch_here(ThScope *s, ThJumps *jumps);                               /* and empties the list */
bool th_patch_to(ThScope *s, ThJumps *jumps, uint32_t target);
void th_jumps_clear(ThScope *s, ThJumps *jumps);
uint32_t th_here(const ThScope *s);
TH_CHECKED bool th_temporary(ThScope *s, const ThNode *site, uint16_t *reg);
TH_CHECKED bool th_temporaries(ThScope *s, const ThNode *site, size_t n, uint16_t *first);
TH_CHECKED bool th_constant_take(ThScope *s, ThValue value, uint16_t *index);
TH_CHECKED bool th_constant_symbol(ThScope *s, ThSymbol *name, uint16_t *index);
bool th_compile_error(ThScope *s, const ThNode *node, const char *format, ...) TH_PRINTF(3, 4);
static inline bool th_is_local(const ThScope *s, uint16_t reg) { return reg < s->prototype->n_locals; }
TH_CHECKED bool th_scope_push(ThScope *s, ThSymbol *name, uint16_t reg);

typedef enum ThWhere { TH_LOCAL_NAME, TH_CAPTURED_NAME, TH_SELF_NAME, TH_GLOBAL_NAME } ThWhere;
TH_CHECKED bool th_resolve(ThScope *s, ThSymbol *name, ThWhere *where, uint16_t *index);

/* compile_expr.c: puts the value of an expression into a register. */
TH_CHECKED bool th_compile_to(ThScope *s, const ThNode *node, uint16_t target);
/* A register that holds the value: the local itself for a name, else a new temporary. */
TH_CHECKED bool th_compile_operand(ThScope *s, const ThNode *node, uint16_t *reg);
/* R[target] = R[first] op R[first + 1], both temporaries. */
TH_CHECKED bool th_emit_operation(ThScope *s, ThOperator op, uint16_t target, uint16_t first,
                                  const ThNode *site);
/* Falls through when the condition holds, else jumps. */
TH_CHECKED bool th_compile_condition(ThScope *s, const ThNode *node, ThJumps *if_false);

/* compile_call.c: calls, queries, indices, paths. `renewed` is the local that gets the call's value, or NULL. */
TH_CHECKED bool th_compile_call(ThScope *s, const ThNode *node, uint16_t target, const ThSymbol *renewed);
TH_CHECKED bool th_compile_query(ThScope *s, const ThNode *node, uint16_t target);
TH_CHECKED bool th_compile_index(ThScope *s, const ThNode *node, uint16_t target);
TH_CHECKED bool th_compile_store(ThScope *s, const ThNode *target, const ThNode *value, ThOperator op,
                                 const ThNode *site);

/* compile_stmt.c: statements for their effect; a block's value */
TH_CHECKED bool th_compile_effect(ThScope *s, const ThNode *node);
TH_CHECKED bool th_compile_block(ThScope *s, const ThNode *node, uint16_t target);
TH_CHECKED bool th_compile_assign_name(ThScope *s, ThSymbol *name, uint16_t temporary, const ThNode *site);
TH_CHECKED bool th_compile_comprehension(ThScope *s, const ThNode *node,
                                         uint16_t target); /* compile_loop.c */
TH_CHECKED bool th_compile_for(ThScope *s, const ThNode *node);
TH_CHECKED bool th_compile_while(ThScope *s, const ThNode *node);
TH_CHECKED bool th_compile_declare(ThScope *s, const ThNode *node); /* compile_model.c */
TH_CHECKED bool th_compile_param(ThScope *s, const ThNode *node);

/* compile_live.c: live names, `with`, and the thunks that both hang on */
TH_CHECKED bool th_compile_thunk(ThScope *s, ThNode *expression, uint16_t target);
TH_CHECKED bool th_compile_live(ThScope *s, const ThNode *node);
TH_CHECKED bool th_compile_with(ThScope *s, const ThNode *node, uint16_t target);

TH_CHECKED bool th_compile_claim(ThScope *s, const ThNode *node); /* compile_claim.c */

/* compile.c: a function from a LAMBDA node */
TH_CHECKED bool th_compile_lambda(ThScope *s, const ThNode *lambda, ThSymbol *name, bool is_model,
                                  uint16_t target);

#endif
