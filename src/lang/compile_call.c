/* compile_call.c - calls, queries, indices and assignments to parts of values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/compiler.h"

static bool is_call_operand_plain(const ThNode *node) {
  return node->kind == TH_NODE_NAME && !(node->flags & TH_FLAG_PAREN);
}

/* The function to call: a name that holds something that cannot be called reaches the built-in. */
static bool compile_callee(ThScope *s, const ThNode *node, uint16_t target) {
  if (!is_call_operand_plain(node)) return th_compile_to(s, node, target);
  ThWhere where;
  uint16_t index, name;
  if (!th_resolve(s, node->name, &where, &index)) return false;
  bool greek = (node->flags & TH_FLAG_GREEK) != 0;
  if (where == TH_LOCAL_NAME)
    return th_constant_symbol(s, node->name, &name) &&
           th_emit_abc(s, TH_INS_LOCAL_CALLEE, target,
                       (uint16_t)(index | (greek ? TH_CALLEE_GREEK_LOCAL : 0)), name, node);
  if (where != TH_GLOBAL_NAME) return th_compile_to(s, node, target);
  ThInstruction callee = {.code = TH_INS_GLOBAL_CALLEE, .a = target};
  callee.offset = (int32_t)(node->name->index | (greek ? (uint32_t)TH_CALLEE_GREEK : 0));
  return th_emit(s, callee, node, NULL, 0);
}

/* The constant that names the arguments: 0 when all are positional, else its index + 1. */
static bool argument_names(ThScope *s, const ThNode *node, size_t first, uint16_t *names_index) {
  size_t n = node->n_items - first;
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    bool named = node->items[first + i]->kind == TH_NODE_NAMED;
    if (any && !named) {
      th_compile_error(s, node->items[first + i], "a positional argument after a named one");
      return th_hint(s->cx, "named arguments come last");
    }
    any |= named;
  }
  *names_index = 0;
  if (!any) return true;
  ThNames *names = th_names_new(s->cx, n);
  if (!names) return false;
  for (size_t i = 0; i < n; i++) {
    const ThNode *item = node->items[first + i];
    names->names[i] = item->kind == TH_NODE_NAMED ? item->name : NULL;
  }
  uint16_t index;
  if (!th_constant_take(s, th_object(names), &index)) return false;
  *names_index = (uint16_t)(index + 1);
  return true;
}

static bool compile_argument(ThScope *s, const ThNode *node, uint16_t target) {
  return th_compile_to(s, node->kind == TH_NODE_NAMED ? node->items[0] : node, target);
}

/* factor(x) in a model is a statement of the model. */
static bool is_factor(const ThScope *s, const ThNode *node) {
  return s->is_model && node->items[0]->kind == TH_NODE_NAME &&
         strcmp(node->items[0]->name->name, "factor") == 0 && node->n_items == 2;
}

static bool compile_factor(ThScope *s, const ThNode *node, uint16_t target) {
  return th_compile_to(s, node->items[1], target) && th_emit_abc(s, TH_INS_FACTOR, target, 0, 0, node);
}

/* x = f(x): the local lets go of its value before the call, which may then change it in place. Nothing can look at
 * the local until it has its new value: if the call fails, this function ends. */
static bool let_go(ThScope *s, const ThNode *node, uint16_t target, const ThSymbol *renewed) {
  for (size_t i = 1; renewed && i < node->n_items; i++)
    if (node->items[i]->kind == TH_NODE_NAME && node->items[i]->name == renewed)
      return th_emit_abc(s, TH_INS_DROP, target, 0, 0, node->items[i]);
  return true;
}

bool th_compile_call(ThScope *s, const ThNode *node, uint16_t target, const ThSymbol *renewed) {
  if (is_factor(s, node)) return compile_factor(s, node, target);
  uint16_t base, names = 0, top = s->top;
  size_t n = node->n_items - 1;
  if (n > 1000) return th_compile_error(s, node, "a call with more than 1000 arguments");
  /* a result that goes to the newest temporary can be computed where it stands */
  bool in_place = target + 1 == s->top && !th_is_local(s, target);
  if (in_place) s->top = target;
  bool ok = th_temporaries(s, node, n + 1, &base) && compile_callee(s, node->items[0], base);
  for (size_t i = 0; ok && i < n; i++) ok = compile_argument(s, node->items[i + 1], (uint16_t)(base + 1 + i));
  ok = ok && argument_names(s, node, 1, &names) && let_go(s, node, target, renewed) &&
       th_emit_abc(s, TH_INS_CALL, base, (uint16_t)n, names, node);
  s->top = top;
  return ok && (in_place || th_emit_abc(s, TH_INS_TAKE, target, base, 0, node));
}

/* Options of a query after its items: method, draws, seed, error. */
static bool is_option(const ThNode *item) { return item->kind == TH_NODE_NAMED; }

static bool conditions_to_list(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t first = 0, top = s->top;
  size_t n = 0;
  for (size_t i = node->n_before; i < node->n_items; i++) n += !is_option(node->items[i]);
  bool ok = th_temporaries(s, node, n, &first);
  uint16_t next = first;
  for (size_t i = node->n_before; ok && i < node->n_items; i++)
    if (!is_option(node->items[i])) ok = th_compile_to(s, node->items[i], next++);
  ok = ok && th_emit_abc(s, TH_INS_LIST, target, first, (uint16_t)n, node);
  s->top = top;
  return ok;
}

static bool query_callee(ThScope *s, const ThNode *node, uint16_t target) {
  const char *name = node->name->name;
  if (strcmp(name, "ℙ") == 0) name = "P";
  if (strcmp(name, "𝔼") == 0) name = "E";
  ThSymbol *symbol = th_symbol_of(s->cx, name);
  if (!symbol) return false;
  ThInstruction callee = {.code = TH_INS_GLOBAL_CALLEE, .a = target};
  callee.offset = (int32_t)(symbol->index | (uint32_t)TH_CALLEE_BUILTIN);
  return th_emit(s, callee, node, NULL, 0);
}

/* P(events | conditions, options) is the call P(events, given = list(conditions), options). */
bool th_compile_query(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t base, top = s->top, names_index;
  size_t n_options = 0, n = 0, n_conditions = 0;
  for (size_t i = 0; i < node->n_items; i++) {
    if (is_option(node->items[i])) n_options++;
    else if (i >= node->n_before) n_conditions++;
  }
  size_t n_events = node->n_items - n_options - n_conditions,
         total = n_events + (n_conditions > 0) + n_options;
  ThNames *names = th_names_new(s->cx, total);
  if (!names || !th_constant_take(s, th_object(names), &names_index)) return false;
  bool ok = th_temporaries(s, node, total + 1, &base) && query_callee(s, node, base);
  for (size_t i = 0; ok && i < node->n_before; i++)
    if (!is_option(node->items[i])) ok = th_compile_to(s, node->items[i], (uint16_t)(base + 1 + n)), n++;
  if (ok && n_conditions > 0) {
    names->names[n] = th_symbol_of(s->cx, "given");
    ok = names->names[n] && conditions_to_list(s, node, (uint16_t)(base + 1 + n));
    n++;
  }
  for (size_t i = 0; ok && i < node->n_items; i++)
    if (is_option(node->items[i])) {
      names->names[n] = node->items[i]->name;
      ok = th_compile_to(s, node->items[i]->items[0], (uint16_t)(base + 1 + n));
      n++;
    }
  ok = ok && th_emit_abc(s, TH_INS_CALL, base, (uint16_t)total, (uint16_t)(names_index + 1), node) &&
       th_emit_abc(s, TH_INS_TAKE, target, base, 0, node);
  s->top = top;
  return ok;
}

/* Index `i` of a container that stands in `container`, for `end`. */
static bool compile_index_item(ThScope *s, const ThNode *item, uint16_t container, size_t axis,
                               uint16_t target) {
  ThEnd outer = s->end;
  s->end = (ThEnd){.container = container, .axis = (uint16_t)axis, .active = true};
  bool ok = th_compile_to(s, item, target);
  s->end = outer;
  return ok;
}

static bool compile_one_index(ThScope *s, const ThNode *node, uint16_t target) {
  uint16_t container, item, top = s->top;
  const ThNode *inside = node->items[1];
  bool ok;
  if (inside->flags & TH_FLAG_ASSIGNS)
    ok = th_temporary(s, node, &container) && th_compile_to(s, node->items[0], container);
  else ok = th_compile_operand(s, node->items[0], &container);
  ThEnd outer = s->end;
  s->end = (ThEnd){.container = container, .axis = 0, .active = true};
  ok = ok && th_compile_operand(s, inside, &item);
  s->end = outer;
  ok = ok && th_emit_abc(s, TH_INS_INDEX_ONE, target, container, item, node);
  s->top = top;
  return ok;
}

bool th_compile_index(ThScope *s, const ThNode *node, uint16_t target) {
  if (node->n_items == 2) return compile_one_index(s, node, target);
  uint16_t base, top = s->top;
  size_t n = node->n_items - 1;
  bool ok = th_temporaries(s, node, n + 1, &base) && th_compile_to(s, node->items[0], base);
  for (size_t i = 0; ok && i < n; i++)
    ok = compile_index_item(s, node->items[i + 1], base, i, (uint16_t)(base + 1 + i));
  ok = ok && th_emit_abc(s, TH_INS_INDEX, base, (uint16_t)n, 0, node) &&
       th_emit_abc(s, TH_INS_TAKE, target, base, 0, node);
  s->top = top;
  return ok;
}

/* True when `end` of this index occurs in the expression. */
static bool mentions_end(const ThNode *node) {
  if (!node || node->kind == TH_NODE_INDEX) return false;
  if (node->kind == TH_NODE_END) return true;
  for (size_t i = 0; i < node->n_items; i++)
    if (mentions_end(node->items[i])) return true;
  return false;
}

static size_t path_length(const ThNode *target) {
  size_t n = 0;
  for (; target->kind != TH_NODE_NAME; target = target->items[0]) n++;
  return n;
}

static const ThNode *path_step(const ThNode *target, size_t steps, size_t i) {
  for (size_t skip = steps - 1 - i; skip > 0; skip--) target = target->items[0];
  return target;
}

static ThPath *new_path(ThScope *s, const ThNode *target, uint16_t *index) {
  ThPrototype *p = s->prototype;
  if (p->n_paths == p->path_capacity) {
    uint32_t capacity = p->path_capacity ? p->path_capacity * 2 : 4;
    ThPath *grown = th_resize(s->cx, p->paths, p->path_capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return NULL;
    p->paths = grown;
    p->path_capacity = capacity;
  }
  size_t steps = path_length(target);
  ThStep *list = th_alloc_array(s->cx, steps, sizeof *list);
  if (!list) return NULL;
  memset(list, 0, steps * sizeof *list);
  *index = (uint16_t)p->n_paths;
  ThPath *path = &p->paths[p->n_paths++];
  *path = (ThPath){.n_steps = steps, .steps = list};
  while (target->kind != TH_NODE_NAME) target = target->items[0];
  path->root = target->name;
  return path;
}

/* One index of a path into `target`; `end` needs the value before the index, which is dropped again so that
 * the store finds a single reference. */
static bool compile_path_index(ThScope *s, const ThNode *step, size_t i, uint16_t target) {
  const ThNode *item = step->items[i + 1];
  if (!mentions_end(item)) return th_compile_to(s, item, target);
  uint16_t container, top = s->top;
  bool ok = th_temporary(s, step, &container) && th_compile_to(s, step->items[0], container) &&
            compile_index_item(s, item, container, i, target) &&
            th_emit_abc(s, TH_INS_DROP, container, 0, 0, step);
  s->top = top;
  return ok;
}

/* The steps of a path, their operands in consecutive temporaries from *first. */
static bool compile_path(ThScope *s, const ThNode *target, ThPath *path, uint16_t *first) {
  size_t n = 0;
  for (size_t i = 0; i < path->n_steps; i++) {
    const ThNode *step = path_step(target, path->n_steps, i);
    n += step->kind == TH_NODE_INDEX ? step->n_items - 1 : 0;
  }
  if (!th_temporaries(s, target, n + 1, first)) return false; /* one more: the value */
  uint16_t next = *first;
  for (size_t i = 0; i < path->n_steps; i++) {
    const ThNode *step = path_step(target, path->n_steps, i);
    path->steps[i].field = step->kind == TH_NODE_FIELD ? step->name : NULL;
    if (step->kind == TH_NODE_FIELD) continue;
    path->steps[i].n_indices = (uint16_t)(step->n_items - 1);
    for (size_t j = 0; j + 1 < step->n_items; j++)
      if (!compile_path_index(s, step, j, next++)) return false;
  }
  return true;
}

static bool root_register(ThScope *s, const ThNode *target, const ThPath *path, uint16_t *root) {
  ThWhere where;
  if (!th_resolve(s, path->root, &where, root)) return false;
  if (where == TH_GLOBAL_NAME) *root = TH_NO_REGISTER;
  if (where == TH_GLOBAL_NAME || where == TH_LOCAL_NAME) return true;
  return th_compile_error(s, target, "`%s` belongs to an enclosing function and cannot be changed here",
                          path->root->spelling);
}

/* target.path op= value */
bool th_compile_store(ThScope *s, const ThNode *target, const ThNode *value, ThOperator op,
                      const ThNode *site) {
  uint16_t index, root = 0, first = 0, top = s->top;
  ThPath *path = new_path(s, target, &index);
  if (!path) return false;
  ThPath copy = *path; /* the list may move while operands are compiled; the steps do not */
  bool ok = root_register(s, target, &copy, &root) && compile_path(s, target, &copy, &first);
  uint16_t slot = ok ? (uint16_t)(s->top - 1) : 0;
  if (ok && op == TH_N_OPERATORS) {
    ok = th_compile_to(s, value, slot);
  } else if (ok) {
    uint16_t pair;
    ok = th_temporaries(s, site, 2, &pair) && th_emit_abc(s, TH_INS_READ_PATH, root, index, pair, target) &&
         th_emit_abc(s, TH_INS_STOP, first, 0, 0, target) && th_compile_to(s, value, (uint16_t)(pair + 1)) &&
         th_emit_operation(s, op, slot, pair, site);
  }
  ThInstruction store = {.code = TH_INS_STORE_PATH, .a = root, .b = index, .c = first};
  ok = ok && th_emit(s, store, target, target->items, target->n_items);
  s->top = top;
  return ok;
}
