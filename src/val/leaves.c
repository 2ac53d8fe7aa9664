/* leaves.c - the numbers and arrays inside records and lists */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/leaves.h"

#include "val/basic.h"

static bool map_record(ThContext *cx, const ThRecord *tree, ThLeafMap map, void *self, ThValue *out) {
  ThRecord *record = th_record_new(cx, tree->length);
  if (!record) return false;
  for (size_t i = 0; i < tree->length; i++) {
    ThValue part;
    if (!th_leaves_map(cx, tree->values[i], map, self, &part) ||
        !th_record_set_take(cx, record, tree->names[i], part)) {
      th_release(th_object(record));
      return false;
    }
  }
  *out = th_object(record);
  return true;
}

static bool map_list(ThContext *cx, const ThList *tree, ThLeafMap map, void *self, ThValue *out) {
  ThList *list = th_list_new(cx, tree->length);
  if (!list) return false;
  for (size_t i = 0; i < tree->length; i++) {
    ThValue part;
    if (!th_poll_at(cx, i) || !th_leaves_map(cx, tree->items[i], map, self, &part) ||
        !th_list_push_take(cx, list, part)) {
      th_release(th_object(list));
      return false;
    }
  }
  *out = th_object(list);
  return true;
}

bool th_leaves_map(ThContext *cx, ThValue tree, ThLeafMap map, void *self, ThValue *out) {
  if (!th_is_record(tree) && !th_is_list(tree)) return map(self, cx, tree, out);
  if (!th_nest(cx)) return false;
  bool ok = th_is_record(tree) ? map_record(cx, th_as_record(tree), map, self, out)
                               : map_list(cx, th_as_list(tree), map, self, out);
  th_unnest(cx);
  return ok;
}
