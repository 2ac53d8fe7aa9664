/* range.c - first, first + step, … without storing them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A range is what loops run over and indices take; arithmetic sees the vector that it stands for. */
#include <math.h>

#include "val/array.h"
#include "val/array_index.h"
#include "val/basic.h"
#include "val/format.h"

/* Steps from first to last that count as whole when they are off by rounding only. */
static const double rounding = 1e-10;

double th_range_count(double first, double step, double last) {
  double steps = floor((last - first) / step * (1 + rounding) + rounding);
  return steps < 0 ? 0 : steps + 1;
}

bool th_range(ThContext *cx, double first, double step, double last, ThValue *out) {
  if (isnan(first) || isnan(step) || isnan(last))
    return th_fail(cx, TH_ERROR_VALUE, "a range has an end or step that is nan");
  if (step == 0) return th_fail(cx, TH_ERROR_VALUE, "a range has the step 0");
  if (isinf(first) || isinf(step) || isinf(last))
    return th_fail(cx, TH_ERROR_VALUE, "a range must be finite");
  double count = th_range_count(first, step, last);
  if (count > 9e15) return th_fail(cx, TH_ERROR_LIMIT, "a range of %.3g elements is too long", count);
  ThRange *range = th_object_new(cx, &th_range_kind, sizeof *range);
  if (!range) return false;
  range->first = first;
  range->step = step;
  range->length = (size_t)count;
  *out = th_object(range);
  return true;
}

static void range_release(ThObject *self) { th_object_free(self, sizeof(ThRange)); }

static bool range_decay(ThContext *cx, ThValue self, ThValue *out) {
  const ThRange *range = th_as_range(self);
  ThArray *a = th_vector_new(cx, TH_DOUBLE, range->length);
  if (!a) return false;
  for (size_t i = 0; i < range->length && !th_is_due(cx, i); i++) a->real[i] = th_range_at(range, i);
  bool ok = th_poll(cx);
  if (ok) *out = th_object(a);
  else th_release(th_object(a));
  return ok;
}

/* Only what is picked is stored. */
static bool range_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  const ThRange *range = th_as_range(self);
  ThSelection s;
  if (n != 1) return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a range takes 1 index; got %zu", n);
  if (!th_select(cx, indices[0], range->length, SIZE_MAX, false, &s)) return false;
  if (s.single) {
    *out = th_number(th_range_at(range, s.first));
    return true;
  }
  ThArray *a = th_array_new(cx, TH_DOUBLE, s.rank, s.shape);
  for (size_t i = 0; a && i < a->length; i++) a->real[i] = th_range_at(range, th_selection_at(&s, i));
  th_selection_clear(cx, &s);
  if (a) *out = th_object(a);
  return a != NULL;
}

/* n times the middle of the ends; whole numbers stay exact where the sum is. */
double th_range_sum(const ThRange *range) {
  if (range->length == 0) return 0;
  double n = (double)range->length, ends = range->first + th_range_at(range, range->length - 1);
  return range->length % 2 ? n * (ends / 2) : n / 2 * ends;
}

bool th_range_holds(const ThRange *range, double x) {
  double steps = round((x - range->first) / range->step);
  for (double k = steps - 1; k <= steps + 1; k++)
    if (k >= 0 && k < (double)range->length && th_range_at(range, (size_t)k) == x) return true;
  return false;
}

static bool range_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  if (axis != 0 && axis != SIZE_MAX)
    return th_fail(cx, TH_ERROR_SHAPE, "a range has 1 axis; there is no axis %zu", axis + 1);
  *out = th_as_range(self)->length;
  return true;
}

static bool range_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  const ThRange *x = th_as_range(a), *y = th_as_range(b);
  *out = x->length == y->length && (x->length == 0 || x->first == y->first) &&
         (x->length < 2 || x->step == y->step);
  return true;
}

const ThKind th_range_kind = {
    .name = "range",
    .release = range_release,
    .format = th_format_range,
    .equal = range_equal,
    .get_index = range_get_index,
    .length = range_length,
    .decay = range_decay,
};
