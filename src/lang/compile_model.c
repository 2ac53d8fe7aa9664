/* compile_model.c - declarations of random variables, and the statements of models */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `name ~ distribution` declares a random variable; in a model it is a parameter with its prior, or, when
 * the name is one of the model's arguments, an observation. */
#include <math.h>

#include "lang/compiler.h"

static bool is_data(const ThScope *s, const ThSymbol *name) {
  const ThNode *lambda = s->prototype->node;
  for (size_t i = 0; i < s->n_data; i++)
    if (lambda->items[i]->name == name) return true;
  return false;
}

/* The count of name[count] into the register after `pair`'s first; none for a single one. */
static bool compile_count(ThScope *s, const ThNode *target, uint16_t reg) {
  uint16_t none;
  if (target->kind == TH_NODE_INDEX) return th_compile_to(s, target->items[1], reg);
  return th_constant_take(s, th_none(), &none) && th_emit_abc(s, TH_INS_CONSTANT, reg, none, 0, target);
}

static const ThNode *root_of(const ThNode *target) {
  return target->kind == TH_NODE_INDEX ? target->items[0] : target;
}

/* One target of a declaration; the distribution stands in `distribution`, and is kept. */
static bool declare_one(ThScope *s, const ThNode *target, uint16_t distribution, const ThNode *site) {
  uint16_t base, name, top = s->top;
  ThSymbol *symbol = root_of(target)->name;
  s->prototype->declares |= !s->is_model && !s->is_main;
  bool ok = th_temporaries(s, site, 3, &base) && th_constant_symbol(s, symbol, &name) &&
            th_emit_abc(s, TH_INS_MOVE, (uint16_t)(base + 1), distribution, 0, site) &&
            compile_count(s, target, (uint16_t)(base + 2)) &&
            th_emit_abc(s, s->is_model ? TH_INS_PARAMETER : TH_INS_DECLARE, base, name, (uint16_t)(base + 1),
                        site) &&
            th_compile_assign_name(s, symbol, base, site);
  s->top = top;
  return ok;
}

/* y ~ dist with y data: its value, or an element's, is observed. */
static bool observe_one(ThScope *s, const ThNode *target, uint16_t distribution, const ThNode *site) {
  uint16_t base, name, top = s->top;
  bool ok = th_temporaries(s, site, 2, &base) && th_constant_symbol(s, root_of(target)->name, &name) &&
            th_compile_to(s, target, base) &&
            th_emit_abc(s, TH_INS_MOVE, (uint16_t)(base + 1), distribution, 0, site) &&
            th_emit_abc(s, TH_INS_OBSERVE, base, name, (uint16_t)(base + 1), site);
  s->top = top;
  return ok;
}

/* At top level a variable follows the names in its distribution, which is kept as a thunk. */
static bool declare_live(ThScope *s, const ThNode *target, ThNode *distribution, const ThNode *site) {
  uint16_t base, name, top = s->top;
  ThSymbol *symbol = root_of(target)->name;
  bool ok = th_temporaries(s, site, 3, &base) && th_constant_symbol(s, symbol, &name) &&
            th_compile_thunk(s, distribution, (uint16_t)(base + 1)) &&
            compile_count(s, target, (uint16_t)(base + 2)) &&
            th_emit_abc(s, TH_INS_DECLARE_LIVE, base, name, (uint16_t)(base + 1), site) &&
            th_emit_abc(s, TH_INS_DROP, base, 0, 0, site);
  s->top = top;
  return ok;
}

bool th_compile_declare(ThScope *s, const ThNode *node) {
  uint16_t distribution, top = s->top;
  size_t n = node->n_items - 1;
  bool ok = true;
  for (size_t i = 0; ok && s->is_main && i < n; i++)
    ok = declare_live(s, node->items[i], node->items[n], node);
  if (!ok || s->is_main) return ok;
  ok = th_temporary(s, node, &distribution) && th_compile_to(s, node->items[n], distribution);
  for (size_t i = 0; ok && i < n; i++) {
    const ThNode *target = node->items[i];
    bool observed = s->is_model && is_data(s, root_of(target)->name);
    ok = observed ? observe_one(s, target, distribution, node) : declare_one(s, target, distribution, node);
  }
  ok = ok && th_emit_abc(s, TH_INS_DROP, distribution, 0, 0, node);
  s->top = top;
  return ok;
}

/* One bound of an interval, or the infinity that stands for none. */
static bool compile_bound(ThScope *s, const ThNode *bounds, size_t i, uint16_t reg, const ThNode *site) {
  uint16_t constant;
  if (bounds) return th_compile_to(s, bounds->items[i], reg);
  double infinity = i == 0 ? -(double)INFINITY : (double)INFINITY;
  return th_constant_take(s, th_number(infinity), &constant) &&
         th_emit_abc(s, TH_INS_CONSTANT, reg, constant, 0, site);
}

bool th_compile_param(ThScope *s, const ThNode *node) {
  size_t n = node->n_items - 1;
  const ThNode *bounds = node->items[n];
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    const ThNode *target = node->items[i];
    ThSymbol *symbol = root_of(target)->name;
    uint16_t base, name, top = s->top;
    if (is_data(s, symbol))
      return th_compile_error(s, target, "`%s` is data of this model, not a parameter", symbol->spelling);
    ok = th_temporaries(s, node, 4, &base) && compile_count(s, target, (uint16_t)(base + 1)) &&
         compile_bound(s, bounds, 0, (uint16_t)(base + 2), node) &&
         compile_bound(s, bounds, 1, (uint16_t)(base + 3), node) && th_constant_symbol(s, symbol, &name) &&
         th_emit_abc(s, TH_INS_FREE_PARAMETER, base, name, (uint16_t)(base + 1), node) &&
         th_compile_assign_name(s, symbol, base, node);
    s->top = top;
  }
  return ok;
}
