/* member.c - x in set */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "val/arithmetic.h"
#include "val/basic.h"
#include "val/broadcast.h"

static bool holds(const ThArray *set, double complex z) {
  for (size_t i = 0; i < set->length; i++) {
    if (th_array_complex(set, i) == z) return true;
  }
  return false;
}

static bool holds_real(const ThArray *set, double x) {
  if (set->element != TH_DOUBLE) return holds(set, x);
  for (size_t i = 0; i < set->length; i++) {
    if (set->real[i] == x) return true;
  }
  return false;
}

/* Of an array: for each element of x. */
static bool member_of_array(ThContext *cx, ThValue x, const ThArray *set, ThValue *out) {
  if (th_is_complex(x)) {
    *out = th_bool(holds(set, th_as_complex(x)));
    return true;
  }
  if (!th_is_array(x)) {
    *out = th_bool(th_is_scalar(x) && holds_real(set, th_as_scalar(x)));
    return true;
  }
  const ThArray *a = th_as_array(x);
  ThArray *r = th_array_new(cx, TH_BOOL, a->rank, a->shape);
  if (!r) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < a->length; i++) {
    r->bools[i] = a->element == TH_COMPLEX ? holds(set, a->complex_[i])
                                           : holds_real(set, th_array_real(a, i));
    ok = th_poll(cx);
  }
  if (ok) *out = th_object(r);
  else th_release(th_object(r));
  return ok;
}

static bool member_of_list(ThContext *cx, ThValue x, const ThList *set, ThValue *out) {
  bool found = false;
  for (size_t i = 0; i < set->length && !found; i++) {
    if (!th_poll_at(cx, i) || !th_equal(cx, x, set->items[i], &found)) return false;
  }
  *out = th_bool(found);
  return true;
}

/* Of a record or table: is there a field of this name? */
static bool member_of_names(ThContext *cx, ThValue x, ThValue set, ThValue *out) {
  const ThString *name = th_as_string(x);
  ThSymbol *symbol = th_symbol_find(cx, name->text, name->length);
  *out = th_bool(symbol && (th_is_record(set) ? th_record_find(th_as_record(set), symbol)
                                              : th_table_find(th_as_table(set), symbol)) != NULL);
  return true;
}

bool th_member(ThContext *cx, ThValue x, ThValue set, ThValue *out) {
  if (th_is_range(set) && th_is_scalar(x)) {
    *out = th_bool(th_range_holds(th_as_range(set), th_as_scalar(x)));
    return true;
  }
  if (th_is_array(set)) return member_of_array(cx, x, th_as_array(set), out);
  if (th_is_list(set)) return member_of_list(cx, x, th_as_list(set), out);
  if (th_is_string(x) && th_is_string(set)) {
    *out = th_bool(strstr(th_as_string(set)->text, th_as_string(x)->text) != NULL);
    return true;
  }
  if (th_is_string(x) && (th_is_record(set) || th_is_table(set))) return member_of_names(cx, x, set, out);
  if (th_is_object(set) && th_as_object(set)->kind->decay) {
    ThValue plain;
    if (!th_decay(cx, set, &plain)) return false;
    bool ok = th_member(cx, x, plain, out);
    th_release(plain);
    return ok;
  }
  char text[96];
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "`in` looks into an array, list, string or interval; got %s",
                   th_describe(set, text, sizeof text));
  return th_is_scalar(set) ? th_hint(cx, "an interval is `x in (a, b)`; to compare write `==`") : false;
}
