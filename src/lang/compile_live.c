/* compile_live.c - live names and `with` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both keep an expression as a thunk, a function without parameters, so that it can be evaluated again. */
#include "lang/compiler.h"

enum { MAX_CLAUSES = 16 };

bool th_compile_thunk(ThScope *s, ThNode *expression, uint16_t target) {
  ThNode *lambda = th_node_with(s->tree, TH_NODE_LAMBDA, expression->span, &expression, 1);
  return lambda && th_compile_lambda(s, lambda, NULL, false, target);
}

bool th_compile_live(ThScope *s, const ThNode *node) {
  uint16_t reg, name, top = s->top;
  bool ok = th_temporary(s, node, &reg) && th_compile_thunk(s, node->items[0], reg) &&
            th_constant_symbol(s, node->name, &name) && th_emit_abc(s, TH_INS_LIVE, reg, name, 0, node);
  s->top = top;
  return ok;
}

/* Its name is global; after `in` stands something with elements. */
static bool check_clause(ThScope *s, const ThNode *clause) {
  ThWhere where;
  uint16_t index;
  const ThNode *values = clause->items[0];
  if (!th_resolve(s, clause->name, &where, &index)) return false;
  if (where != TH_GLOBAL_NAME) {
    th_compile_error(s, clause, "`%s` is a local name here: `with` gives other values to global names",
                     clause->name->spelling);
    return th_hint(s->cx, "make the expression a function of it: `%s -> …`", clause->name->spelling);
  }
  if (clause->kind != TH_NODE_GENERATOR || values->kind != TH_NODE_TUPLE) return true;
  th_compile_error(s, values, "`%s` cannot run through all of an interval", clause->name->spelling);
  return th_hint(s->cx, "some values of it are linspace(low, high, n)");
}

/* expression with a = value, b in values */
bool th_compile_with(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t base, constant, top = s->top;
  size_t n = node->n_items - 1;
  unsigned several = 0;
  if (n > MAX_CLAUSES) return th_compile_error(s, node, "`with` takes at most %d names", MAX_CLAUSES);
  ThNames *names = th_names_new(s->cx, n);
  if (!names) return false;
  for (size_t i = 0; i < n; i++) {
    names->names[i] = node->items[i + 1]->name;
    if (node->items[i + 1]->kind == TH_NODE_GENERATOR) several |= 1u << i;
    if (!check_clause(s, node->items[i + 1])) {
      th_release(th_object(names));
      return false;
    }
  }
  bool ok = th_constant_take(s, th_object(names), &constant) && th_temporaries(s, node, n + 1, &base) &&
            th_compile_thunk(s, node->items[0], base);
  for (size_t i = 0; ok && i < n; i++)
    ok = th_compile_to(s, node->items[i + 1]->items[0], (uint16_t)(base + 1 + i));
  ok = ok && th_emit_abc(s, TH_INS_WITH, base, constant, (uint16_t)several, node) &&
       th_emit_abc(s, TH_INS_TAKE, target, base, 0, node);
  s->top = top;
  return ok;
}
