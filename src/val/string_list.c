/* string_list.c - a list of strings compared with strings, element by element */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column of strings is a list; `t.name == "Ada"`, `t.date >= "2020-01-01"` and `t.name in ["Ada", "Bob"]` are masks,
 * as they are for a column of numbers. Two lists are one comparison, as ever. */
#include <string.h>

#include "val/arithmetic.h"
#include "val/array.h"
#include "val/basic.h"

static bool holds_strings(ThValue v) {
  if (!th_is_list(v)) return false;
  const ThList *list = th_as_list(v);
  for (size_t i = 0; i < list->length; i++)
    if (!th_is_string(list->items[i])) return false;
  return true;
}

static bool is_true(ThOperator op, int order) {
  switch (op) {
    case TH_OP_EQUAL: return order == 0;
    case TH_OP_NOT_EQUAL: return order != 0;
    case TH_OP_LESS: return order < 0;
    case TH_OP_LESS_EQUAL: return order <= 0;
    case TH_OP_GREATER: return order > 0;
    default: return order >= 0;
  }
}

bool th_compares_strings(ThOperator op, ThValue a, ThValue b) {
  if (op == TH_OP_IN) return holds_strings(a) && holds_strings(b) && th_as_list(b)->length > 0;
  if (op < TH_OP_EQUAL || op > TH_OP_GREATER_EQUAL) return false;
  return (holds_strings(a) && th_is_string(b)) || (th_is_string(a) && holds_strings(b));
}

static bool is_member(const ThString *text, const ThList *set) {
  for (size_t i = 0; i < set->length; i++)
    if (strcmp(th_as_string(set->items[i])->text, text->text) == 0) return true;
  return false;
}

bool th_compare_strings(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out) {
  const ThList *list = th_as_list(th_is_list(a) ? a : b);
  ThArray *mask = th_vector_new(cx, TH_BOOL, list->length);
  if (!mask) return false;
  for (size_t i = 0; i < list->length; i++) {
    const ThString *item = th_as_string(list->items[i]);
    if (op == TH_OP_IN) {
      mask->bools[i] = is_member(item, th_as_list(b));
    } else {
      int order = strcmp(item->text, th_as_string(th_is_list(a) ? b : a)->text);
      mask->bools[i] = is_true(op, th_is_list(a) ? order : -order);
    }
  }
  *out = th_object(mask);
  return true;
}
