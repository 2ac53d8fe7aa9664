/* awaited.c - data that a model draws: what stands for them while its body runs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/awaited.h"

#include <math.h>

static ThAwaited *as_awaited(ThValue v) { return (ThAwaited *)th_as_object(v); }

bool th_awaited_new(ThContext *cx, ThSymbol *name, ThValue *out) {
  ThAwaited *a = th_object_new(cx, &th_awaited_kind, sizeof *a);
  if (!a) return false;
  a->name = name;
  a->count = a->capacity = 0;
  a->drawn = NULL;
  *out = th_object(a);
  return true;
}

static bool add(ThContext *cx, ThAwaited *a, double x) {
  if (a->count == a->capacity) {
    size_t wanted = a->capacity ? 2 * a->capacity : 16;
    double *grown = th_resize(cx, a->drawn, a->capacity * sizeof *grown, wanted * sizeof *grown);
    if (!grown) return false;
    a->drawn = grown;
    a->capacity = wanted;
  }
  a->drawn[a->count++] = x;
  return true;
}

bool th_awaited_add(ThContext *cx, ThValue awaited, ThValue drawn) {
  ThAwaited *a = as_awaited(awaited);
  if (!th_is_array(drawn)) return add(cx, a, th_as_scalar(drawn));
  for (size_t i = 0; i < th_as_array(drawn)->length; i++)
    if (!add(cx, a, th_array_real(th_as_array(drawn), i))) return false;
  return true;
}

/* --- The kind */

static void release(ThObject *self) {
  ThAwaited *a = (ThAwaited *)self;
  if (a->drawn) th_heap_free(a->object.heap, a->drawn, a->capacity * sizeof *a->drawn);
  th_object_free(self, sizeof *a);
}

static bool fail_index(ThContext *cx, const ThAwaited *a, double i) {
  th_fail(cx, TH_ERROR_VALUE, "`%s[%.6g]` is not drawn yet: %zu of `%s` are", a->name->spelling, i, a->count,
          a->name->spelling);
  return th_hint(cx, "`simulate` draws `%s[1]`, `%s[2]`, … in this order", a->name->spelling,
                 a->name->spelling);
}

static bool element(ThContext *cx, const ThAwaited *a, double i, double *out) {
  if (!(i >= 1 && i <= (double)a->count && i == floor(i))) return fail_index(cx, a, i);
  *out = a->drawn[(size_t)i - 1];
  return true;
}

static bool elements(ThContext *cx, const ThAwaited *a, const ThArray *indices, ThValue *out) {
  ThArray *result = th_vector_new(cx, TH_DOUBLE, indices->length);
  bool ok = result != NULL;
  for (size_t i = 0; ok && i < indices->length; i++)
    ok = element(cx, a, th_array_real(indices, i), &result->real[i]);
  if (ok) *out = th_object(result);
  else if (result) th_release(th_object(result));
  return ok;
}

/* y[i] for a plain i. */
static bool at_index(ThContext *cx, ThAwaited *a, ThValue index, ThValue *out) {
  double i, x;
  if (th_is_array(index)) return elements(cx, a, th_as_array(index), out);
  if (!th_to_number(index, &i))
    return th_fail(cx, TH_ERROR_TYPE, "an index of `%s` is a number", a->name->spelling);
  bool is_next = i == (double)a->count + 1;
  if (!is_next && !element(cx, a, i, &x)) return false;
  *out = is_next ? th_retain(th_object(a)) : th_number(x);
  return true;
}

static bool get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  ThAwaited *a = as_awaited(self);
  ThValue index;
  if (n != 1 || th_is_none(indices[0]))
    return th_fail(cx, TH_ERROR_VALUE, "`%s` is not drawn yet: it has no shape", a->name->spelling);
  if (!th_decay(cx, indices[0], &index)) return false;
  bool ok = at_index(cx, a, index, out);
  th_release(index);
  return ok;
}

static bool length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  const ThAwaited *a = as_awaited(self);
  (void)axis, (void)out;
  th_fail(cx, TH_ERROR_VALUE, "`%s` is to be drawn: how many there are is not known", a->name->spelling);
  return th_hint(cx, "let the model take their number as an argument, or count other data");
}

const ThKind th_awaited_kind = {
    .name = "undrawn value", .release = release, .get_index = get_index, .length = length};
