/* range.c - first, first + step, … without storing them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A range is what loops run over and indices take; arithmetic sees the vector that it stands for. */
#include <math.h>

#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

/* Steps from first to last that count as whole when they are off by rounding only. */
static const double rounding = 1e-10;

bool th_range(ThContext *cx, double first, double step, double last, ThValue *out) {
  if (isnan(first) || isnan(step) || isnan(last))
    return th_fail(cx, TH_ERROR_VALUE, "a range has an end or step that is nan");
  if (step == 0) return th_fail(cx, TH_ERROR_VALUE, "a range has the step 0");
  if (isinf(first) || isinf(step) || isinf(last))
    return th_fail(cx, TH_ERROR_VALUE, "a range must be finite");
  double steps = floor((last - first) / step * (1 + rounding) + rounding);
  if (steps >= 9e15) return th_fail(cx, TH_ERROR_LIMIT, "a range of %.3g elements is too long", steps + 1);
  ThRange *range = th_object_new(cx, &th_range_kind, sizeof *range);
  if (!range) return false;
  range->first = first;
  range->step = step;
  range->length = steps < 0 ? 0 : (size_t)steps + 1;
  *out = th_object(range);
  return true;
}

static void range_release(ThObject *self) { th_object_free(self, sizeof(ThRange)); }

static bool range_decay(ThContext *cx, ThValue self, ThValue *out) {
  const ThRange *range = th_as_range(self);
  ThArray *a = th_vector_new(cx, TH_DOUBLE, range->length);
  if (!a) return false;
  for (size_t i = 0; i < range->length; i++) a->real[i] = th_range_at(range, i);
  *out = th_object(a);
  return true;
}

static bool range_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  const ThRange *range = th_as_range(self);
  double x = n == 1 && th_is_number(indices[0]) ? th_as_number(indices[0]) : 0;
  if (x >= 1 && x <= (double)range->length && x == floor(x)) {
    *out = th_number(th_range_at(range, (size_t)x - 1));
    return true;
  }
  ThValue plain;
  if (!range_decay(cx, self, &plain)) return false;
  bool ok = th_get_index(cx, plain, indices, n, out);
  th_release(plain);
  return ok;
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
