/* compile_stmt.c - statements and blocks to code */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/compiler.h"

bool th_compile_assign_name(ThScope *s, ThSymbol *name, uint16_t temporary, const ThNode *site) {
  ThWhere where;
  uint16_t index;
  if (!th_resolve(s, name, &where, &index)) return false;
  if (where == TH_LOCAL_NAME) return th_emit_abc(s, TH_INS_TAKE, index, temporary, 0, site);
  ThInstruction store = {.code = TH_INS_SET_GLOBAL, .a = temporary};
  store.offset = (int32_t)name->index;
  return th_emit(s, store, site, NULL, 0);
}

/* These write their register before they have read all of their operands. */
static bool compile_via_temporary(const ThNode *value) {
  return value->kind == TH_NODE_BLOCK || value->kind == TH_NODE_IF || value->kind == TH_NODE_RANGE ||
         (value->flags & TH_FLAG_ASSIGNS);
}

static bool assign_name(ThScope *s, ThSymbol *name, const ThNode *value, const ThNode *site) {
  ThWhere where;
  uint16_t index, reg, top = s->top;
  if (!th_resolve(s, name, &where, &index)) return false;
  if (where == TH_LOCAL_NAME && !compile_via_temporary(value)) {
    s->renewed = name;
    return th_compile_to(s, value, index);
  }
  bool ok = th_temporary(s, site, &reg) && th_compile_to(s, value, reg) &&
            th_compile_assign_name(s, name, reg, site);
  s->top = top;
  return ok;
}

/* x op= value, as x = x op value. */
static bool assign_compound(ThScope *s, const ThNode *node) {
  ThNode operation = {
      .kind = TH_NODE_BINARY, .span = node->span, .op = node->op, .n_items = 2, .items = node->items};
  operation.flags = node->flags;
  return assign_name(s, node->items[0]->name, &operation, node);
}

/* (a, b) = value */
static bool unpack(ThScope *s, const ThNode *node) {
  const ThNode *targets = node->items[0];
  uint16_t base, top = s->top;
  bool ok = th_temporaries(s, node, targets->n_items, &base) && th_compile_to(s, node->items[1], base) &&
            th_emit_abc(s, TH_INS_UNPACK, base, (uint16_t)targets->n_items, 0, node);
  for (size_t i = 0; ok && i < targets->n_items; i++) {
    if (targets->items[i]->kind != TH_NODE_NAME)
      ok = th_compile_error(s, targets->items[i], "names stand left of `=` when a value is taken apart");
    else ok = th_compile_assign_name(s, targets->items[i]->name, (uint16_t)(base + i), targets->items[i]);
  }
  s->top = top;
  return ok;
}

static bool compile_assign(ThScope *s, const ThNode *node) {
  const ThNode *target = node->items[0];
  if (target->kind == TH_NODE_TUPLE || target->kind == TH_NODE_ARRAY) {
    if (node->op != TH_N_OPERATORS) return th_compile_error(s, node, "several names take `=` only");
    return unpack(s, node);
  }
  if (target->kind == TH_NODE_NAME)
    return node->op == TH_N_OPERATORS ? assign_name(s, target->name, node->items[1], node)
                                      : assign_compound(s, node);
  return th_compile_store(s, target, node->items[1], node->op, node);
}

static bool compile_define(ThScope *s, const ThNode *node, bool is_model) {
  uint16_t reg, name, top = s->top;
  bool ok = th_temporary(s, node, &reg) && th_compile_lambda(s, node->items[0], node->name, is_model, reg);
  if (ok && is_model)
    ok = th_constant_symbol(s, node->name, &name) && th_emit_abc(s, TH_INS_MODEL, reg, name, 0, node);
  ok = ok && th_compile_assign_name(s, node->name, reg, node);
  s->top = top;
  return ok;
}

static bool compile_data(ThScope *s, const ThNode *node) {
  uint16_t reg, constant, top = s->top;
  ThValue table = th_retain(s->tree->values[node->n_before]);
  bool ok = th_constant_take(s, table, &constant) && th_temporary(s, node, &reg) &&
            th_emit_abc(s, TH_INS_CONSTANT, reg, constant, 0, node) &&
            th_compile_assign_name(s, node->name, reg, node);
  s->top = top;
  return ok;
}

static bool compile_return(ThScope *s, const ThNode *node) {
  uint16_t reg, constant, top = s->top;
  if (s->is_main) return th_compile_error(s, node, "`return` stands only in a function");
  bool ok = th_temporary(s, node, &reg);
  if (node->n_items) ok = ok && th_compile_to(s, node->items[0], reg);
  else
    ok = ok && th_constant_take(s, th_none(), &constant) &&
         th_emit_abc(s, TH_INS_CONSTANT, reg, constant, 0, node);
  /* amid an expression, temporaries of its beginning are still held */
  ok = ok && th_emit_abc(s, TH_INS_RETURN, reg, top > s->prototype->n_locals + 1, 0, node);
  s->top = top;
  return ok;
}

static bool compile_jump_out(ThScope *s, const ThNode *node) {
  bool is_break = node->kind == TH_NODE_BREAK;
  if (!s->loop)
    return th_compile_error(s, node, "`%s` stands only in a loop", is_break ? "break" : "continue");
  return th_emit_jump(s, TH_INS_JUMP, 0, node, is_break ? &s->loop->breaks : &s->loop->continues);
}

/* An `if` whose value nobody wants. */
static bool compile_if_effect(ThScope *s, const ThNode *node) {
  ThJumps otherwise = {0}, done = {0};
  s->prototype->decides = true;
  bool ok = th_compile_condition(s, node->items[0], &otherwise) && th_compile_effect(s, node->items[1]);
  if (ok && node->items[2]) ok = th_emit_jump(s, TH_INS_JUMP, 0, node, &done);
  th_patch_here(s, &otherwise);
  if (ok && node->items[2]) ok = th_compile_effect(s, node->items[2]);
  th_patch_here(s, &done);
  return ok;
}

static bool compile_dropped(ThScope *s, const ThNode *node) {
  uint16_t reg, top = s->top;
  bool ok = th_temporary(s, node, &reg) && th_compile_to(s, node, reg) &&
            th_emit_abc(s, TH_INS_DROP, reg, 0, 0, node);
  s->top = top;
  return ok;
}

/* In a model, a name assigned at the top of the body is reported with the fit. */
static bool report_deterministic(ThScope *s, const ThNode *node) {
  uint16_t reg, name, top = s->top;
  if (node->kind != TH_NODE_ASSIGN || node->items[0]->kind != TH_NODE_NAME) return true;
  bool ok = th_temporary(s, node, &reg) && th_compile_to(s, node->items[0], reg) &&
            th_constant_symbol(s, node->items[0]->name, &name) &&
            th_emit_abc(s, TH_INS_DETERMINISTIC, reg, name, 0, node) &&
            th_emit_abc(s, TH_INS_DROP, reg, 0, 0, node);
  s->top = top;
  return ok;
}

static bool effect_of_block(ThScope *s, const ThNode *node) {
  for (size_t i = 0; i < node->n_items; i++)
    if (!th_compile_effect(s, node->items[i])) return false;
  return true;
}

bool th_compile_effect(ThScope *s, const ThNode *node) {
  switch (node->kind) {
    case TH_NODE_ASSIGN: return compile_assign(s, node);
    case TH_NODE_DEFINE: return compile_define(s, node, false);
    case TH_NODE_MODEL: return compile_define(s, node, true);
    case TH_NODE_DATA: return compile_data(s, node);
    case TH_NODE_DECLARE: return th_compile_declare(s, node);
    case TH_NODE_PARAM: return th_compile_param(s, node);
    case TH_NODE_FOR: return th_compile_for(s, node);
    case TH_NODE_WHILE: return th_compile_while(s, node);
    case TH_NODE_RETURN: return compile_return(s, node);
    case TH_NODE_BREAK:
    case TH_NODE_CONTINUE: return compile_jump_out(s, node);
    case TH_NODE_IF: return compile_if_effect(s, node);
    case TH_NODE_BLOCK: return effect_of_block(s, node);
    case TH_NODE_LIVE: return th_compile_live(s, node);
    case TH_NODE_CLAIM: return th_compile_claim(s, node);
    default: return compile_dropped(s, node);
  }
}

bool th_compile_block(ThScope *s, const ThNode *node, uint16_t target) {
  bool top_of_model = s->is_model && !s->loop &&
                      s->prototype->node->items[s->prototype->node->n_items - 1] == node;
  for (size_t i = 0; i < node->n_items; i++) {
    const ThNode *statement = node->items[i];
    bool last = i + 1 == node->n_items;
    if (last && statement->kind < TH_NODE_ASSIGN) return th_compile_to(s, statement, target);
    if (!th_compile_effect(s, statement)) return false;
    if (top_of_model && !report_deterministic(s, statement)) return false;
  }
  uint16_t none;
  return th_constant_take(s, th_none(), &none) && th_emit_abc(s, TH_INS_CONSTANT, target, none, 0, node);
}
