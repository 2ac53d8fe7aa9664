/* compile_claim.c - claim left = right for k in (-5, 5), … */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both sides become functions of the names after `for`; vm_claim.c compares them at points of the domains. */
#include "lang/compiler.h"

enum { MAX_NAMES = 16 };

/* A side as a function of the claim's names. */
static bool compile_side(ThScope *s, const ThNode *node, ThNode *side, uint16_t target) {
  size_t n = node->n_items - 2;
  ThNode *items[MAX_NAMES + 1];
  for (size_t i = 0; i < n; i++) {
    items[i] = th_node_new(s->tree, TH_NODE_NAME, node->items[i + 2]->span);
    if (!items[i]) return false;
    items[i]->name = node->items[i + 2]->name;
  }
  items[n] = side;
  ThNode *lambda = th_node_with(s->tree, TH_NODE_LAMBDA, side->span, items, n + 1);
  return lambda && th_compile_lambda(s, lambda, NULL, false, target);
}

/* The two ends of an interval, or values and none. */
static bool compile_domain(ThScope *s, const ThNode *domain, uint16_t first) {
  uint16_t none;
  if (domain->kind == TH_NODE_INTERVAL)
    return th_compile_to(s, domain->items[0], first) &&
           th_compile_to(s, domain->items[1], (uint16_t)(first + 1));
  return th_compile_to(s, domain, first) && th_constant_take(s, th_none(), &none) &&
         th_emit_abc(s, TH_INS_CONSTANT, (uint16_t)(first + 1), none, 0, domain);
}

bool th_compile_claim(ThScope *s, const ThNode *node) {
  uint16_t base, constant, top = s->top;
  size_t n = node->n_items - 2;
  if (n > MAX_NAMES) return th_compile_error(s, node, "a claim takes at most %d names", MAX_NAMES);
  ThNames *names = th_names_new(s->cx, n);
  if (!names) return false;
  for (size_t i = 0; i < n; i++) names->names[i] = node->items[i + 2]->name;
  bool ok = th_constant_take(s, th_object(names), &constant) && th_temporaries(s, node, 2 + 2 * n, &base) &&
            compile_side(s, node, node->items[0], base) &&
            compile_side(s, node, node->items[1], (uint16_t)(base + 1));
  for (size_t i = 0; ok && i < n; i++)
    ok = compile_domain(s, node->items[i + 2]->items[0], (uint16_t)(base + 2 + 2 * i));
  ThInstruction claim = {.code = TH_INS_CLAIM, .a = base, .b = constant};
  ok = ok && th_emit(s, claim, node, NULL, 0);
  s->top = top;
  return ok;
}
