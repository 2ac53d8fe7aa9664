/* complex.c - a complex number as a value */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/basic.h"
#include "val/format.h"

bool th_complex(ThContext *cx, double complex z, ThValue *out) {
  ThComplex *object = th_object_new(cx, &th_complex_kind, sizeof *object);
  if (!object) return false;
  object->value = z;
  *out = th_object(object);
  return true;
}

static void complex_release(ThObject *self) { th_object_free(self, sizeof(ThComplex)); }

static bool complex_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  *out = th_as_complex(a) == th_as_complex(b);
  return true;
}

const ThKind th_complex_kind = {
    .name = "complex number",
    .release = complex_release,
    .format = th_format_complex_value,
    .equal = complex_equal,
};
