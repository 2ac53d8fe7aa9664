/* list.c - values of any types in order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "val/arithmetic.h"
#include "val/array_index.h"
#include "val/basic.h"
#include "val/format.h"

ThList *th_list_new(ThContext *cx, size_t capacity) {
  ThList *list = th_object_new(cx, &th_list_kind, sizeof *list);
  if (!list || capacity == 0) return list;
  list->items = th_alloc_array(cx, capacity, sizeof *list->items);
  if (!list->items) {
    th_object_free(&list->object, sizeof *list);
    return NULL;
  }
  list->capacity = capacity;
  return list;
}

bool th_list_reserve(ThContext *cx, ThList *list, size_t length) {
  if (length <= list->capacity) return true;
  size_t capacity = list->capacity + list->capacity / 2 + 8, size = sizeof *list->items;
  if (capacity < length) capacity = length;
  ThValue *items = th_resize(cx, list->items, list->capacity * size, capacity * size);
  if (!items) return false;
  list->items = items;
  list->capacity = capacity;
  return true;
}

bool th_list_push_take(ThContext *cx, ThList *list, ThValue item) {
  if (!th_list_reserve(cx, list, list->length + 1)) {
    th_release(item);
    return false;
  }
  list->items[list->length++] = item;
  return true;
}

static void list_release(ThObject *self) {
  ThList *list = (ThList *)self;
  th_release_all(list->items, list->length);
  th_heap_free(self->heap, list->items, list->capacity * sizeof *list->items);
  th_object_free(self, sizeof *list);
}

/* Makes *self the only reference. */
static bool make_own(ThContext *cx, ThValue *self) {
  const ThList *list = th_as_list(*self);
  if (list->object.references == 1) return true;
  ThList *copy = th_list_new(cx, list->length + 1);
  if (!copy) return false;
  for (size_t i = 0; i < list->length; i++) copy->items[i] = th_retain(list->items[i]);
  copy->length = list->length;
  th_replace_take(self, th_object(copy));
  return true;
}

static bool list_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  const ThList *x = th_as_list(a), *y = th_as_list(b);
  *out = x->length == y->length;
  for (size_t i = 0; *out && i < x->length; i++) {
    if (!th_equal(cx, x->items[i], y->items[i], out)) return false;
  }
  return true;
}

static bool list_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  if (axis != 0 && axis != SIZE_MAX)
    return th_fail(cx, TH_ERROR_SHAPE, "a list has 1 axis; there is no axis %zu", axis + 1);
  *out = th_as_list(self)->length;
  return true;
}

static bool one_index(ThContext *cx, size_t n) {
  if (n == 1) return true;
  th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a list takes 1 index; got %zu", n);
  return th_hint(cx, "an element of an element is `l[i][j]`");
}

static bool list_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  const ThList *list = th_as_list(self);
  ThSelection selection;
  if (!one_index(cx, n) || !th_select(cx, indices[0], list->length, SIZE_MAX, false, &selection))
    return false;
  bool ok = true;
  if (selection.single) {
    *out = th_retain(list->items[selection.first]);
  } else {
    ThList *part = th_list_new(cx, selection.count);
    ok = part != NULL;
    for (size_t i = 0; ok && i < selection.count; i++) {
      part->items[part->length++] = th_retain(list->items[th_selection_at(&selection, i)]);
    }
    if (ok) *out = th_object(part);
  }
  th_selection_clear(cx, &selection);
  return ok;
}

/* Several places: a list of as many values, or one value for all. */
static bool set_several(ThContext *cx, ThList *list, const ThSelection *s, ThValue value) {
  const ThList *values = th_is_list(value) ? th_as_list(value) : NULL;
  if (values && values->length != s->count) {
    return th_fail(cx, TH_ERROR_SHAPE, "%zu values for %zu places of the list", values->length, s->count);
  }
  for (size_t i = 0; i < s->count; i++) {
    th_replace_take(&list->items[th_selection_at(s, i)], th_retain(values ? values->items[i] : value));
  }
  return true;
}

static bool list_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  ThSelection selection;
  if (!one_index(cx, n) || !make_own(cx, self)) return false;
  ThList *list = th_as_list(*self);
  if (!th_select(cx, indices[0], list->length, SIZE_MAX, true, &selection)) return false;
  bool ok = true;
  if (!selection.single) ok = set_several(cx, list, &selection, value);
  else if (selection.first == list->length) ok = th_list_push_take(cx, list, th_retain(value));
  else th_replace_take(&list->items[selection.first], th_retain(value));
  th_selection_clear(cx, &selection);
  return ok;
}

static bool list_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  (void)reuse;
  if (th_compares_strings(op, a, b)) return th_compare_strings(cx, op, a, b, out);
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  if (op == TH_OP_IN) return th_member(cx, a, b, out);
  return th_fail_operands(cx, op, a, b);
}

const ThKind th_list_kind = {
    .name = "list",
    .release = list_release,
    .format = th_format_list,
    .equal = list_equal,
    .get_index = list_get_index,
    .set_index = list_set_index,
    .length = list_length,
    .binary = list_binary,
    .rank = 1, /* before strings */
};
