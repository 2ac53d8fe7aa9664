/* compile.c - scopes, registers, emission, and functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each function is compiled in one pass after a walk that finds which names it assigns (they are local
 * throughout it) and how many loops it has (each has registers of its own). */
#include <stdio.h>
#include <string.h>

#include "lang/compiler.h"

bool th_compile_error(ThScope *s, const ThNode *node, const char *format, ...) {
  char message[TH_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  th_fail(s->cx, TH_ERROR_SYNTAX, "%s", message);
  th_error_place(s->cx, s->tree->source, node->span);
  return false;
}

/* Makes room for one more element of `size` bytes in a list of the prototype. */
static bool grow(ThContext *cx, void **list, uint32_t count, uint32_t *capacity, size_t size) {
  if (count < *capacity) return true;
  uint32_t wanted = *capacity ? *capacity * 2 : 16;
  void *grown = th_resize(cx, *list, *capacity * size, wanted * size);
  if (!grown) return false;
  *list = grown;
  *capacity = wanted;
  return true;
}

static bool grow_code(ThContext *cx, ThPrototype *p) {
  if (p->n_code < p->code_capacity) return true;
  uint32_t wanted = p->code_capacity ? p->code_capacity * 2 : 32;
  ThInstruction *code = th_alloc_array(cx, wanted, sizeof *code);
  ThSite *sites = code ? th_alloc_array(cx, wanted, sizeof *sites) : NULL;
  if (!sites) {
    th_free(cx, code, wanted * sizeof *code);
    return false;
  }
  if (p->n_code) {
    memcpy(code, p->code, p->n_code * sizeof *code);
    memcpy(sites, p->sites, p->n_code * sizeof *sites);
  }
  th_free(cx, p->code, p->code_capacity * sizeof *code);
  th_free(cx, p->sites, p->code_capacity * sizeof *sites);
  p->code = code;
  p->sites = sites;
  p->code_capacity = wanted;
  return true;
}

bool th_emit(ThScope *s, ThInstruction instruction, const ThNode *site, ThNode *const *operands, size_t n) {
  ThPrototype *p = s->prototype;
  if (!grow_code(s->cx, p)) return false;
  ThSite *where = &p->sites[p->n_code];
  *where = (ThSite){.span = site->span, .operands = p->n_operands, .n_operands = (uint16_t)n};
  where->is_call = instruction.code == TH_INS_CALL && site->kind != TH_NODE_QUERY;
  for (size_t i = 0; i < n; i++) {
    void *list = p->operands;
    if (!grow(s->cx, &list, p->n_operands, &p->operand_capacity, sizeof *p->operands)) return false;
    p->operands = list;
    const ThNode *operand = operands[i];
    if (operand && operand->kind == TH_NODE_NAMED) operand = operand->items[0];
    p->operands[p->n_operands++] = operand ? operand->span : site->span;
  }
  p->code[p->n_code++] = instruction;
  return true;
}

bool th_emit_abc(ThScope *s, ThInstructionCode code, uint16_t a, uint16_t b, uint16_t c, const ThNode *site) {
  return th_emit(s, (ThInstruction){.code = (uint16_t)code, .a = a, .b = b, .c = c}, site, site->items,
                 site->n_items);
}

static bool jumps_add(ThScope *s, ThJumps *jumps, uint32_t at) {
  if (jumps->n == jumps->capacity) {
    size_t capacity = jumps->capacity ? jumps->capacity * 2 : 8;
    uint32_t *grown = th_resize(s->cx, jumps->at, jumps->capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return false;
    jumps->at = grown;
    jumps->capacity = capacity;
  }
  jumps->at[jumps->n++] = at;
  return true;
}

bool th_emit_jump(ThScope *s, ThInstructionCode code, uint16_t a, const ThNode *site, ThJumps *jumps) {
  ThNode *operand = (ThNode *)(uintptr_t)site;
  return th_emit(s, (ThInstruction){.code = (uint16_t)code, .a = a}, site, &operand, 1) &&
         jumps_add(s, jumps, s->prototype->n_code - 1);
}

bool th_emit_word(ThScope *s, const ThNode *site, ThJumps *jumps) {
  return th_emit_jump(s, TH_INS_JUMP, 0, site, jumps);
}

void th_jumps_clear(ThScope *s, ThJumps *jumps) {
  th_free(s->cx, jumps->at, jumps->capacity * sizeof *jumps->at);
  *jumps = (ThJumps){0};
}

bool th_patch_to(ThScope *s, ThJumps *jumps, uint32_t target) {
  for (size_t i = 0; i < jumps->n; i++) s->prototype->code[jumps->at[i]].offset = (int32_t)target;
  th_jumps_clear(s, jumps);
  return true;
}

uint32_t th_here(const ThScope *s) { return s->prototype->n_code; }

bool th_patch_here(ThScope *s, ThJumps *jumps) { return th_patch_to(s, jumps, th_here(s)); }

bool th_temporaries(ThScope *s, const ThNode *site, size_t n, uint16_t *first) {
  if (s->top + n > TH_MAX_REGISTERS) {
    th_compile_error(s, site, "this expression needs too many temporary values");
    return th_hint(s->cx, "split it: give a part a name of its own");
  }
  *first = s->top;
  s->top = (uint16_t)(s->top + n);
  if (s->top > s->prototype->n_registers) s->prototype->n_registers = s->top;
  return true;
}

bool th_temporary(ThScope *s, const ThNode *site, uint16_t *reg) { return th_temporaries(s, site, 1, reg); }

bool th_constant_take(ThScope *s, ThValue value, uint16_t *index) {
  ThPrototype *p = s->prototype;
  for (uint32_t i = 0; i < p->n_constants; i++)
    if (!th_is_object(value) && p->constants[i].bits == value.bits) {
      *index = (uint16_t)i;
      return true;
    }
  void *list = p->constants;
  bool room = p->n_constants < TH_MAX_CONSTANTS ||
              th_fail(s->cx, TH_ERROR_LIMIT, "a function with more than %d constants", TH_MAX_CONSTANTS);
  if (!room || !grow(s->cx, &list, p->n_constants, &p->constant_capacity, sizeof *p->constants)) {
    th_release(value);
    return false;
  }
  p->constants = list;
  *index = (uint16_t)p->n_constants;
  p->constants[p->n_constants++] = value;
  return true;
}

bool th_constant_symbol(ThScope *s, ThSymbol *name, uint16_t *index) {
  ThNames *names = th_names_new(s->cx, 1);
  if (!names) return false;
  names->names[0] = name;
  return th_constant_take(s, th_object(names), index);
}

bool th_scope_push(ThScope *s, ThSymbol *name, uint16_t reg) {
  if (s->n_locals == s->local_capacity) {
    size_t capacity = s->local_capacity ? s->local_capacity * 2 : 8;
    struct ThLocal *locals = th_resize(s->cx, s->locals, s->local_capacity * sizeof *locals,
                                       capacity * sizeof *locals);
    if (!locals) return false;
    s->locals = locals;
    s->local_capacity = capacity;
  }
  s->locals[s->n_locals++] = (struct ThLocal){name, reg};
  return true;
}

static bool find_local(const ThScope *s, const ThSymbol *name, uint16_t *reg) {
  for (size_t i = s->n_locals; i-- > 0;)
    if (s->locals[i].name == name) {
      *reg = s->locals[i].reg;
      return true;
    }
  return false;
}

static bool add_capture(ThScope *s, ThSymbol *name, uint16_t index, bool from_local, uint16_t *out) {
  ThPrototype *p = s->prototype;
  void *list = p->captures;
  if (!grow(s->cx, &list, p->n_captures, &p->capture_capacity, sizeof *p->captures)) return false;
  p->captures = list;
  *out = (uint16_t)p->n_captures;
  p->captures[p->n_captures++] = (ThCapture){index, from_local, name};
  return true;
}

bool th_resolve(ThScope *s, ThSymbol *name, ThWhere *where, uint16_t *index) {
  *index = 0;
  *where = TH_LOCAL_NAME;
  if (find_local(s, name, index)) return true;
  *where = TH_SELF_NAME;
  if (s->self == name) return true;
  *where = TH_CAPTURED_NAME;
  for (uint32_t i = 0; i < s->prototype->n_captures; i++)
    if (s->prototype->captures[i].name == name) {
      *index = (uint16_t)i;
      return true;
    }
  *where = TH_GLOBAL_NAME;
  if (!s->outer) return true;
  ThWhere outer;
  uint16_t outer_index;
  if (!th_resolve(s->outer, name, &outer, &outer_index)) return false;
  if (outer == TH_GLOBAL_NAME) return true;
  *where = TH_CAPTURED_NAME;
  if (outer == TH_SELF_NAME) outer_index = TH_NO_REGISTER; /* the enclosing function itself */
  return add_capture(s, name, outer_index, outer != TH_CAPTURED_NAME, index);
}

/* Adds the root name of an assignment's target to the function's locals. */
static bool collect_target(ThScope *s, const ThNode *target, uint16_t *next) {
  if (!target) return true;
  if (target->kind == TH_NODE_TUPLE || target->kind == TH_NODE_ARRAY) {
    for (size_t i = 0; i < target->n_items; i++)
      if (!collect_target(s, target->items[i], next)) return false;
    return true;
  }
  while (target->kind == TH_NODE_INDEX || target->kind == TH_NODE_FIELD) target = target->items[0];
  uint16_t known;
  if (target->kind != TH_NODE_NAME || s->is_main || find_local(s, target->name, &known)) return true;
  return th_scope_push(s, target->name, (*next)++);
}

static bool collect_named(ThScope *s, ThSymbol *name, uint16_t *next) {
  uint16_t known;
  return s->is_main || find_local(s, name, &known) || th_scope_push(s, name, (*next)++);
}

/* Walks a body: names assigned become locals, loops are counted. Nested functions are left alone. */
static bool collect(ThScope *s, const ThNode *node, uint16_t *next, size_t *n_loops) {
  if (!node) return true;
  bool ok = true;
  switch (node->kind) {
    case TH_NODE_LAMBDA: return true;
    case TH_NODE_ASSIGN: ok = collect_target(s, node->items[0], next); break;
    case TH_NODE_DEFINE: return collect_named(s, node->name, next);
    case TH_NODE_MODEL: return collect_named(s, node->name, next);
    case TH_NODE_DATA: return collect_named(s, node->name, next);
    case TH_NODE_DECLARE:
    case TH_NODE_PARAM:
      for (size_t i = 0; ok && i + 1 < node->n_items; i++) ok = collect_target(s, node->items[i], next);
      break;
    case TH_NODE_FOR:
    case TH_NODE_GENERATOR: (*n_loops)++; break;
    default: break;
  }
  for (size_t i = 0; ok && i < node->n_items; i++) ok = collect(s, node->items[i], next, n_loops);
  return ok;
}

/* Sets aside the registers of locals and loops, and keeps the locals' names for messages. */
static bool lay_out(ThScope *s, const ThNode *site, uint16_t n_named, size_t n_loops) {
  ThPrototype *p = s->prototype;
  size_t n_locals = n_named + n_loops * TH_LOOP_REGISTERS;
  if (n_locals > TH_MAX_REGISTERS / 2)
    return th_compile_error(s, site, "a function with too many names and loops");
  if (n_named) {
    p->local_names = th_alloc_array(s->cx, n_named, sizeof *p->local_names);
    if (!p->local_names) return false;
    for (size_t i = 0; i < s->n_locals; i++) p->local_names[s->locals[i].reg] = s->locals[i].name;
  }
  p->n_named = n_named;
  p->n_locals = p->n_registers = s->top = (uint16_t)n_locals;
  s->next_loop = n_named;
  return true;
}

static bool declare_parameters(ThScope *s, const ThNode *lambda) {
  ThPrototype *p = s->prototype;
  size_t n = lambda->n_items - 1;
  if (n > 1000) return th_compile_error(s, lambda, "a function with more than 1000 parameters");
  if (n && !(p->has_default = th_alloc(s->cx, n))) return false;
  p->n_parameters = (uint16_t)n;
  for (size_t i = 0; i < n; i++) {
    const ThNode *parameter = lambda->items[i];
    uint16_t known;
    if (parameter->kind != TH_NODE_NAME && parameter->kind != TH_NODE_NAMED)
      return th_compile_error(s, parameter, "a parameter is a name, or name = default");
    if (find_local(s, parameter->name, &known))
      return th_compile_error(s, parameter, "two parameters named `%s`", parameter->name->spelling);
    p->has_default[i] = parameter->kind == TH_NODE_NAMED;
    if (!p->has_default[i]) p->n_required++, p->n_leading = (uint16_t)(i + 1);
    if (!th_scope_push(s, parameter->name, (uint16_t)i)) return false;
  }
  return true;
}

/* A parameter that was not given gets its default. */
static bool compile_defaults(ThScope *s, const ThNode *lambda) {
  for (size_t i = 0; i + 1 < lambda->n_items; i++) {
    const ThNode *parameter = lambda->items[i];
    if (parameter->kind != TH_NODE_NAMED) continue;
    ThJumps given = {0};
    bool ok = th_emit_jump(s, TH_INS_JUMP_IF_SET, (uint16_t)i, parameter, &given) &&
              th_compile_to(s, parameter->items[0], (uint16_t)i);
    th_patch_here(s, &given);
    if (!ok) return false;
  }
  return true;
}

static bool compile_body(ThScope *s, const ThNode *body) {
  uint16_t result = 0;
  return th_temporary(s, body, &result) && th_compile_to(s, body, result) &&
         th_emit_abc(s, TH_INS_RETURN, result, 0, 0, body);
}

static void scope_clear(ThScope *s) { th_free(s->cx, s->locals, s->local_capacity * sizeof *s->locals); }

static bool compile_function(ThScope *s, const ThNode *lambda) {
  const ThNode *body = lambda->items[lambda->n_items - 1];
  size_t n_loops = 0;
  if (!declare_parameters(s, lambda)) return false;
  uint16_t next = (uint16_t)s->n_locals;
  for (size_t i = 0; i + 1 < lambda->n_items; i++)
    if (lambda->items[i]->kind == TH_NODE_NAMED && !collect(s, lambda->items[i]->items[0], &next, &n_loops))
      return false;
  return collect(s, body, &next, &n_loops) && lay_out(s, lambda, next, n_loops) &&
         compile_defaults(s, lambda) && compile_body(s, body);
}

bool th_compile_lambda(ThScope *outer, const ThNode *lambda, ThSymbol *name, bool is_model, uint16_t target) {
  ThScope s = {.outer = outer,
               .cx = outer->cx,
               .tree = outer->tree,
               .is_model = is_model,
               .n_data = lambda->n_items - 1};
  s.self = outer->is_main ? NULL : name;
  s.prototype = th_prototype_new(s.cx, s.tree, lambda, name);
  if (!s.prototype) return false;
  s.prototype->is_model = is_model;
  bool ok = compile_function(&s, lambda);
  outer->prototype->decides |= s.prototype->decides;
  outer->prototype->declares |= s.prototype->declares && !outer->is_main && !outer->is_model;
  scope_clear(&s);
  if (!ok) {
    th_release(th_object(s.prototype));
    return false;
  }
  uint16_t constant;
  return th_constant_take(outer, th_object(s.prototype), &constant) &&
         th_emit_abc(outer, TH_INS_CLOSURE, target, constant, 0, lambda);
}

/* The value that an assignment shows at the prompt: its root name's. */
static bool compile_assigned(ThScope *s, const ThNode *statement, ThShow *shows) {
  const ThNode *target = statement->items[0];
  while (target->kind == TH_NODE_INDEX || target->kind == TH_NODE_FIELD) target = target->items[0];
  uint16_t result = 0;
  if (!th_temporary(s, statement, &result)) return false;
  *shows = target->kind == TH_NODE_NAME ? TH_SHOW_ASSIGNED : TH_SHOW_NOTHING;
  if (*shows == TH_SHOW_NOTHING) {
    uint16_t none;
    if (!th_constant_take(s, th_none(), &none) ||
        !th_emit_abc(s, TH_INS_CONSTANT, result, none, 0, statement))
      return false;
  } else if (!th_compile_to(s, target, result)) {
    return false;
  }
  return th_emit_abc(s, TH_INS_RETURN, result, 0, 0, statement);
}

static bool is_statement(const ThNode *node) { return node->kind >= TH_NODE_ASSIGN; }

static bool compile_main(ThScope *s, const ThNode *statement, ThShow *shows) {
  uint16_t next = 0;
  size_t n_loops = 0;
  if (!collect(s, statement, &next, &n_loops) || !lay_out(s, statement, 0, n_loops)) return false;
  *shows = TH_SHOW_VALUE;
  if (!is_statement(statement)) return compile_body(s, statement);
  if (!th_compile_effect(s, statement)) return false;
  if (statement->kind == TH_NODE_ASSIGN || statement->kind == TH_NODE_DECLARE)
    return compile_assigned(s, statement, shows);
  *shows = statement->kind == TH_NODE_LIVE ? TH_SHOW_LIVE : TH_SHOW_NOTHING;
  uint16_t result = 0, none = 0;
  return th_temporary(s, statement, &result) && th_constant_take(s, th_none(), &none) &&
         th_emit_abc(s, TH_INS_CONSTANT, result, none, 0, statement) &&
         th_emit_abc(s, TH_INS_RETURN, result, 0, 0, statement);
}

ThPrototype *th_compile(ThContext *cx, ThTree *tree, const ThNode *statement, ThShow *shows) {
  ThScope s = {.cx = cx, .tree = tree, .is_main = true};
  s.prototype = th_prototype_new(cx, tree, statement, NULL);
  if (!s.prototype) return NULL;
  bool ok = compile_main(&s, statement, shows);
  scope_clear(&s);
  if (ok) return s.prototype;
  th_release(th_object(s.prototype));
  return NULL;
}
