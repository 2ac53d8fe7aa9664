/* selection.c - which positions along one axis an index picks */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, ranges, `:`, masks and arrays of numbers all become a ThSelection: an arithmetic progression
 * when that is possible, else a list of positions. Positions are 0-based inside, 1-based in messages. */
#include "val/array_index.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "val/basic.h"

enum { NAME_SIZE = 64 };

static bool fail_not_whole(ThContext *cx, double x) {
  th_fail_argument(cx, 2, TH_ERROR_VALUE, "an index is a whole number; got %.6g", x);
  return isfinite(x) ? th_hint(cx, "`floor(i)` or `round(i)` makes it whole") : false;
}

static bool fail_below_one(ThContext *cx, double x) {
  char name[NAME_SIZE];
  th_operand(cx, 0, "x", name, sizeof name);
  th_fail_argument(cx, 2, TH_ERROR_VALUE, "indices start at 1; got %.15g", x);
  if (x == 0) return th_hint(cx, "the first element is `%s[1]`", name);
  if (x == -1) return th_hint(cx, "the last element is `%s[end]`", name);
  return th_hint(cx, "from the end: `%s[end%+.15g]`", name, x + 1);
}

static bool fail_past_end(ThContext *cx, double x, size_t length, size_t axis) {
  char name[NAME_SIZE], of[NAME_SIZE + 4];
  th_operand(cx, 0, "", name, sizeof name);
  snprintf(of, sizeof of, name[0] ? "`%s`" : "this value", name);
  const char *s = length == 1 ? "" : "s";
  if (axis == SIZE_MAX)
    return th_fail_argument(cx, 2, TH_ERROR_VALUE, "index %.15g is past the end of %s, which has length %zu",
                            x, of, length);
  if (axis < 2)
    return th_fail_argument(cx, 2, TH_ERROR_VALUE, "%s %.15g is past the end of %s, which has %zu %s%s",
                            axis ? "column" : "row", x, of, length, axis ? "column" : "row", s);
  return th_fail_argument(cx, 2, TH_ERROR_VALUE,
                          "index %.15g is past the end of %s, which has length %zu along axis %zu", x, of,
                          length, axis + 1);
}

static bool check_position(ThContext *cx, double x, size_t length, size_t axis, bool grow) {
  if (x != floor(x) || !isfinite(x)) return fail_not_whole(cx, x);
  if (x < 1) return fail_below_one(cx, x);
  if (x > (double)(grow ? length + 1 : length)) {
    return fail_past_end(cx, x, length, axis);
  }
  return true;
}

static bool select_number(ThContext *cx, double x, size_t length, size_t axis, bool grow, ThSelection *out) {
  if (!check_position(cx, x, length, axis, grow)) return false;
  *out = (ThSelection){.single = true, .count = 1, .first = (size_t)x - 1, .step = 1};
  return true;
}

static bool select_range(ThContext *cx, const ThRange *r, size_t length, size_t axis, ThSelection *out) {
  *out = (ThSelection){.count = r->length, .step = 1, .rank = 1, .shape = {r->length}};
  if (r->length == 0) return true;
  if (r->step != floor(r->step))
    return fail_not_whole(cx, r->first == floor(r->first) ? th_range_at(r, 1) : r->first);
  if (!check_position(cx, r->first, length, axis, false)) return false;
  if (!check_position(cx, th_range_at(r, r->length - 1), length, axis, false)) return false;
  out->first = (size_t)r->first - 1;
  if (r->length > 1) out->step = (ptrdiff_t)r->step;
  return true;
}

static bool select_mask(ThContext *cx, const ThArray *mask, size_t length, ThSelection *out) {
  char shape[96];
  if (mask->rank != 1 || mask->length != length) {
    return th_fail_argument(cx, 2, TH_ERROR_SHAPE,
                            "the mask has shape %s, but there are %zu elements to choose from",
                            th_shape_text(mask->rank, mask->shape, shape, sizeof shape), length);
  }
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += mask->bools[i];
  size_t *list = th_alloc_array(cx, count, sizeof *list);
  if (!list) return false;
  for (size_t i = 0, k = 0; i < length; i++) {
    if (mask->bools[i]) list[k++] = i;
  }
  *out = (ThSelection){.count = count, .list = list, .rank = 1, .shape = {count}};
  return true;
}

static bool select_array(ThContext *cx, const ThArray *a, size_t length, size_t axis, ThSelection *out) {
  if (a->element == TH_BOOL) return select_mask(cx, a, length, out);
  if (a->element == TH_COMPLEX)
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "an index is a whole number; got complex numbers");
  size_t *list = th_alloc_array(cx, a->length, sizeof *list);
  if (!list) return false;
  *out = (ThSelection){.count = a->length, .list = list, .rank = a->rank};
  memcpy(out->shape, a->shape, a->rank * sizeof *a->shape);
  for (size_t i = 0; i < a->length; i++) {
    if (!th_poll_at(cx, i) || !check_position(cx, a->real[i], length, axis, false)) {
      th_selection_clear(cx, out);
      return false;
    }
    list[i] = (size_t)a->real[i] - 1;
  }
  return true;
}

static bool fail_index_type(ThContext *cx, ThValue index) {
  char text[96];
  th_fail_argument(cx, 2, TH_ERROR_TYPE,
                   "an index is a whole number, a range, a mask or an array of numbers; got %s",
                   th_describe(index, text, sizeof text));
  if (th_is_string(index))
    return th_hint(cx, "a field is reached with a dot: `r.%s`", th_as_string(index)->text);
  return th_is_bool(index) ? th_hint(cx, "a mask is an array of bools, one for each element") : false;
}

bool th_select(ThContext *cx, ThValue index, size_t length, size_t axis, bool grow, ThSelection *out) {
  *out = (ThSelection){.step = 1};
  if (th_is_number(index)) return select_number(cx, th_as_number(index), length, axis, grow, out);
  if (th_is_none(index)) {
    *out = (ThSelection){.count = length, .step = 1, .rank = 1, .shape = {length}};
    return true;
  }
  if (th_is_range(index)) return select_range(cx, th_as_range(index), length, axis, out);
  if (th_is_array(index)) return select_array(cx, th_as_array(index), length, axis, out);
  if (!th_is_object(index) || !th_as_object(index)->kind->decay) return fail_index_type(cx, index);
  ThValue plain;
  if (!th_decay(cx, index, &plain)) return false;
  bool ok = th_select(cx, plain, length, axis, grow, out);
  th_release(plain);
  return ok;
}

void th_selection_clear(ThContext *cx, ThSelection *selection) {
  if (selection->list) th_free(cx, selection->list, selection->count * sizeof *selection->list);
  selection->list = NULL;
}

bool th_select_one(ThContext *cx, ThValue index, size_t length, size_t axis, size_t *out) {
  ThSelection selection;
  if (!th_select(cx, index, length, axis, false, &selection)) return false;
  bool single = selection.single;
  *out = selection.first;
  th_selection_clear(cx, &selection);
  return single || fail_index_type(cx, index);
}
