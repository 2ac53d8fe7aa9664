/* vm_path.c - assignments to parts of values, and taking values apart */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store walks down the path. At each step the part is taken out of its container, so that the container
 * holds the only reference to itself and the part to itself, changed, and put back: values that nobody else
 * holds change in place, however deep. */
#include <stdio.h>

#include "lang/live.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/table.h"

typedef struct Walk {
  ThContext *cx;
  const ThPath *path;
  const ThValue *operands; /* of the steps from here on */
  ThValue value;
} Walk;

static bool get_part(ThContext *cx, ThValue v, const ThStep *step, const ThValue *operands, ThValue *out) {
  return step->field ? th_get_field(cx, v, step->field, out)
                     : th_get_index(cx, v, operands, step->n_indices, out);
}

static bool set_part(ThContext *cx, ThValue *v, const ThStep *step, const ThValue *operands, ThValue part) {
  return step->field ? th_set_field(cx, v, step->field, part)
                     : th_set_index(cx, v, operands, step->n_indices, part);
}

/* The slot of a field or list element, when the container has one and is not shared. */
static ThValue *find_slot(ThValue *v, const ThStep *step, const ThValue *operands) {
  if (!th_is_object(*v) || th_as_object(*v)->references > 1) return NULL;
  if (step->field && th_is_record(*v)) return th_record_find(th_as_record(*v), step->field);
  if (!step->field && th_is_list(*v) && step->n_indices == 1 && th_is_number(operands[0])) {
    double at = th_as_number(operands[0]);
    ThList *list = th_as_list(*v);
    if (at >= 1 && at <= (double)list->length && at == (double)(size_t)at)
      return &list->items[(size_t)at - 1];
  }
  return NULL;
}

/* Do the last two steps from here on pick cells of a table's column: t.x[i]? */
static bool is_cells(const ThPath *path, size_t i, ThValue v) {
  return th_is_table(v) && i + 2 == path->n_steps && path->steps[i].field && !path->steps[i + 1].field &&
         path->steps[i + 1].n_indices == 1;
}

static bool store_at(Walk *walk, ThValue *v, size_t i) {
  const ThStep *step = &walk->path->steps[i];
  const ThValue *operands = walk->operands;
  if (i + 1 == walk->path->n_steps) return set_part(walk->cx, v, step, operands, walk->value);
  if (is_cells(walk->path, i, *v))
    return th_table_set_cells(walk->cx, v, step->field, operands[0], walk->value);
  ThValue *slot = find_slot(v, step, operands), part;
  walk->operands += step->field ? 0 : step->n_indices;
  if (slot) return store_at(walk, slot, i + 1);
  if (!get_part(walk->cx, *v, step, operands, &part)) return false;
  bool ok = store_at(walk, &part, i + 1) && set_part(walk->cx, v, step, operands, part);
  th_release(part);
  return ok;
}

static size_t n_operands(const ThPath *path) {
  size_t n = 0;
  for (size_t i = 0; i < path->n_steps; i++) n += path->steps[i].field ? 0 : path->steps[i].n_indices;
  return n;
}

/* The variable that the path starts from: a local, or a global. */
static bool find_root(ThSession *session, ThValue *base, uint16_t reg, const ThPath *path, ThValue **root) {
  *root = reg == TH_NO_REGISTER ? &session->globals[path->root->index].value : &base[reg];
  if (!th_is_unset(**root)) return true;
  if (reg != TH_NO_REGISTER) return th_vm_unset_local(session, reg);
  ThValue ignored;
  if (!th_is_unset(session->globals[path->root->index].builtin))
    return th_fail(&session->cx, TH_ERROR_NAME, "`%s` is built in, and has no parts to assign",
                   path->root->spelling);
  if (!th_vm_global(session, path->root->index, &ignored)) return false;
  th_release(ignored); /* the value of a live name, which now lies in the global */
  return true;
}

static const ThPath *path_of(const ThSession *session, uint16_t index) {
  return &session->vm.frames[session->vm.n_frames - 1].prototype->paths[index];
}

/* A part of a global was assigned: the global is ordinary from now on, and what hangs on it is stale. */
static void part_changed(ThSession *session, const ThSymbol *name) {
  if (!session->globals[name->index].watched) return;
  if (session->globals[name->index].defined) {
    th_live_forget(session, name->index);
    th_note(&session->cx, "`%s` is an ordinary value now: a part of it was assigned, and it follows nothing",
            name->spelling);
  }
  th_live_changed(session, name->index);
}

bool th_vm_store_path(ThSession *session, ThValue *base, const ThInstruction *ins) {
  const ThPath *path = path_of(session, ins->b);
  ThValue *operands = &base[ins->c], *root;
  size_t n = n_operands(path);
  Walk walk = {.cx = &session->cx, .path = path, .operands = operands, .value = operands[n]};
  bool is_global = ins->a == TH_NO_REGISTER;
  if (!find_root(session, base, ins->a, path, &root)) return false;
  if (is_global && !th_live_keep(session, path->root->index, walk.value)) return false;
  if (!store_at(&walk, root, 0)) return false;
  for (size_t i = 0; i <= n; i++) th_replace_take(&operands[i], th_number(0));
  if (is_global) part_changed(session, path->root);
  return true;
}

bool th_vm_read_path(ThSession *session, ThValue *base, const ThInstruction *ins) {
  const ThPath *path = path_of(session, ins->b);
  const ThValue *operands = &base[ins[1].a];
  ThValue *root;
  if (!find_root(session, base, ins->a, path, &root)) return false;
  ThValue v = th_retain(*root), part;
  for (size_t i = 0; i < path->n_steps; i++) {
    bool ok = get_part(&session->cx, v, &path->steps[i], operands, &part);
    th_release(v);
    if (!ok) return false;
    v = part;
    operands += path->steps[i].field ? 0 : path->steps[i].n_indices;
  }
  th_replace_take(&base[ins->c], v);
  return true;
}

/* Part i of a list, record, array or anything that is indexed. */
static bool nth_part(ThContext *cx, ThValue v, size_t i, ThValue *out) {
  if (th_is_record(v) || th_is_list(v)) {
    *out = th_retain(th_is_list(v) ? th_as_list(v)->items[i] : th_as_record(v)->values[i]);
    return true;
  }
  ThValue index = th_number((double)(i + 1));
  return th_get_index(cx, v, &index, 1, out);
}

static bool not_apart(ThContext *cx, ThValue v, size_t n) {
  char text[96];
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "%zu names, but %s has no parts", n,
                   th_describe(v, text, sizeof text));
  return th_hint(cx,
                 "a list, record or vector is taken apart; several names get one value by `a = …; b = a`");
}

bool th_vm_unpack(ThSession *session, ThValue *base, const ThInstruction *ins) {
  ThContext *cx = &session->cx;
  size_t n = ins->b, length;
  ThValue v = base[ins->a];
  base[ins->a] = th_number(0);
  bool ok = true;
  if (th_is_scalar(v) || th_is_none(v) || th_is_string(v)) ok = not_apart(cx, v, n);
  else if (th_is_record(v)) length = th_as_record(v)->length;
  else ok = th_length(cx, v, SIZE_MAX, &length);
  if (ok && length != n)
    ok = th_fail_argument(cx, 1, TH_ERROR_SHAPE, "%zu names, but a value of %zu part%s", n, length,
                          length == 1 ? "" : "s");
  for (size_t i = 0; ok && i < n; i++) {
    ThValue part;
    ok = nth_part(cx, v, i, &part);
    if (ok) th_replace_take(&base[ins->a + i], part);
  }
  th_release(v);
  return ok;
}
