/* compile_loop.c - for, while, comprehensions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every loop owns five registers among the locals, so that its variable is as quick as a local. A range in
 * the header is counted, never built. */
#include "lang/compiler.h"

static ThLoop *enter(ThScope *s, ThLoop *loop) {
  *loop = (ThLoop){.outer = s->loop};
  return s->loop = loop;
}

static void leave(ThScope *s, ThLoop *loop) {
  th_jumps_clear(s, &loop->breaks);
  th_jumps_clear(s, &loop->continues);
  s->loop = loop->outer;
}

bool th_compile_while(ThScope *s, const ThNode *node) {
  ThLoop loop;
  enter(s, &loop);
  uint32_t start = th_here(s);
  ThJumps back = {0};
  s->prototype->decides = true;
  bool ok = th_compile_condition(s, node->items[0], &loop.breaks) && th_compile_effect(s, node->items[1]);
  th_patch_to(s, &loop.continues, start);
  ok = ok && th_emit_jump(s, TH_INS_LOOP, 0, node, &back);
  th_patch_to(s, &back, start);
  th_patch_here(s, &loop.breaks);
  leave(s, &loop);
  return ok;
}

/* Header of a loop over `sequence`, whose registers start at `base`. Jumps to `exit` when it is empty. */
static bool loop_header(ThScope *s, const ThNode *sequence, uint16_t base, const ThNode *site,
                        ThJumps *exit) {
  bool counted = sequence->kind == TH_NODE_RANGE;
  s->prototype->decides = true;
  if (counted) {
    const ThNode *step = sequence->items[1];
    uint16_t one;
    if (!th_compile_to(s, sequence->items[0], base)) return false;
    if (step && !th_compile_to(s, step, (uint16_t)(base + TH_LOOP_STEP))) return false;
    if (!step && !(th_constant_take(s, th_number(1), &one) &&
                   th_emit_abc(s, TH_INS_CONSTANT, (uint16_t)(base + TH_LOOP_STEP), one, 0, sequence)))
      return false;
    if (!th_compile_to(s, sequence->items[2], (uint16_t)(base + TH_LOOP_COUNT))) return false;
  } else if (!th_compile_to(s, sequence, base)) {
    return false;
  }
  return th_emit_abc(s, counted ? TH_INS_FOR_RANGE : TH_INS_FOR_EACH, base, 0, 0, sequence) &&
         th_emit_word(s, site, exit);
}

static bool loop_footer(ThScope *s, const ThNode *sequence, uint16_t base, const ThNode *site,
                        uint32_t body) {
  ThJumps back = {0};
  bool counted = sequence->kind == TH_NODE_RANGE;
  bool ok = th_emit_jump(s, counted ? TH_INS_FOR_RANGE_NEXT : TH_INS_FOR_EACH_NEXT, base, site, &back);
  th_patch_to(s, &back, body);
  return ok;
}

/* What a loop held is let go; a range held only numbers. */
static bool loop_release(ThScope *s, const ThNode *sequence, uint16_t base, const ThNode *site) {
  if (sequence->kind == TH_NODE_RANGE) return true;
  return th_emit_abc(s, TH_INS_UNSET, base, 0, 0, site) &&
         th_emit_abc(s, TH_INS_UNSET, (uint16_t)(base + TH_LOOP_VARIABLE), 0, 0, site);
}

static uint16_t take_loop_registers(ThScope *s) {
  uint16_t base = s->next_loop;
  s->next_loop = (uint16_t)(base + TH_LOOP_REGISTERS);
  return base;
}

bool th_compile_for(ThScope *s, const ThNode *node) {
  ThLoop loop;
  uint16_t base = take_loop_registers(s);
  size_t visible = s->n_locals;
  enter(s, &loop);
  bool ok = loop_header(s, node->items[0], base, node, &loop.breaks);
  uint32_t body = th_here(s);
  ok = ok && th_scope_push(s, node->name, (uint16_t)(base + TH_LOOP_VARIABLE)) &&
       th_compile_effect(s, node->items[1]);
  s->n_locals = visible;
  th_patch_here(s, &loop.continues);
  ok = ok && loop_footer(s, node->items[0], base, node, body);
  th_patch_here(s, &loop.breaks);
  ok = ok && loop_release(s, node->items[0], base, node);
  leave(s, &loop);
  return ok;
}

/* The loops of a comprehension from generator `i` inwards; the innermost gathers the value. */
static bool comprehension_loop(ThScope *s, const ThNode *node, size_t i, uint16_t base, uint16_t list) {
  if (i == node->n_items) {
    uint16_t value, top = s->top;
    ThJumps skip = {0};
    bool ok = !node->items[1] || th_compile_condition(s, node->items[1], &skip);
    ok = ok && th_temporary(s, node, &value) && th_compile_to(s, node->items[0], value) &&
         th_emit_abc(s, TH_INS_GATHER, list, value, 0, node);
    th_patch_here(s, &skip);
    s->top = top;
    return ok;
  }
  const ThNode *generator = node->items[i];
  uint16_t mine = (uint16_t)(base + (i - 2) * TH_LOOP_REGISTERS);
  ThJumps exit = {0};
  bool ok = loop_header(s, generator->items[0], mine, generator, &exit);
  uint32_t body = th_here(s);
  ok = ok && th_scope_push(s, generator->name, (uint16_t)(mine + TH_LOOP_VARIABLE)) &&
       comprehension_loop(s, node, i + 1, base, list) &&
       loop_footer(s, generator->items[0], mine, generator, body);
  th_patch_here(s, &exit);
  return ok && loop_release(s, generator->items[0], mine, generator);
}

bool th_compile_comprehension(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t list, top = s->top, base = s->next_loop;
  size_t visible = s->n_locals, n_loops = node->n_items - 2;
  ThLoop *outer = s->loop;
  s->next_loop = (uint16_t)(base + n_loops * TH_LOOP_REGISTERS);
  s->loop = NULL;
  bool shaped = !node->items[1] && n_loops > 1;
  bool ok = th_temporary(s, node, &list) && th_emit_abc(s, TH_INS_LIST, list, 0, 0, node) &&
            comprehension_loop(s, node, 2, base, list) &&
            th_emit_abc(s, TH_INS_GATHERED, list, base, (uint16_t)(shaped ? n_loops : 1), node) &&
            th_emit_abc(s, TH_INS_TAKE, target, list, 0, node);
  s->loop = outer;
  s->n_locals = visible;
  s->top = top;
  return ok;
}
