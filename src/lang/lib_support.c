/* lib_support.c - what many built-ins share: axes, shapes, lists of arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers along an axis that is not the last lie apart in memory. They are brought together a few columns
 * at a time, so that every line of the cache that is read is used. */
#include "lang/lib_support.h"

#include <math.h>
#include <string.h>

enum { TILE = 16 }; /* columns gathered at once */

static bool fail_axis(ThContext *cx, const ThArray *a, double axis) {
  char shape[96];
  th_fail(cx, TH_ERROR_VALUE, "there is no axis %.6g: the array has shape %s", axis,
          th_shape_text(a->rank, a->shape, shape, sizeof shape));
  return a->rank == 1 ? th_hint(cx, "a vector has one axis, 1")
                      : th_hint(cx, "axes count from 1, the rows, to %u", (unsigned)a->rank);
}

bool th_axis_init(ThContext *cx, const ThArray *a, ThValue axis, bool keep, ThAxis *out) {
  *out = (ThAxis){.outer = 1, .n = a->length, .inner = 1, .all = true};
  if (!th_is_scalar(axis)) { /* none */
    for (uint32_t i = 0; keep && i < a->rank; i++) out->shape[out->rank++] = 1;
    return true;
  }
  double k = th_as_scalar(axis);
  if (!(k >= 1 && k <= a->rank)) return fail_axis(cx, a, k);
  out->all = false;
  out->axis = (uint32_t)k - 1;
  out->n = a->shape[out->axis];
  for (uint32_t i = 0; i < a->rank; i++) {
    if (i < out->axis) out->outer *= a->shape[i];
    if (i > out->axis) out->inner *= a->shape[i];
    if (i != out->axis) out->shape[out->rank++] = a->shape[i];
    else if (keep) out->shape[out->rank++] = 1;
  }
  return true;
}

bool th_axis_first(ThContext *cx, const ThArray *a, ThValue axis, ThAxis *out) {
  return th_axis_init(cx, a, th_is_scalar(axis) ? axis : th_number(1), false, out);
}

/* Copies columns [from, from + count) of an n × inner block into rows of `tile`. */
static void gather(const double *block, size_t n, size_t inner, size_t from, size_t count, double *tile) {
  for (size_t i = 0; i < n; i++) {
    const double *row = block + i * inner + from;
    for (size_t j = 0; j < count; j++) tile[j * n + i] = row[j];
  }
}

static void scatter(double *block, size_t n, size_t inner, size_t from, size_t count, const double *tile) {
  for (size_t i = 0; i < n; i++) {
    double *row = block + i * inner + from;
    for (size_t j = 0; j < count; j++) row[j] = tile[j * n + i];
  }
}

static size_t tile_width(const ThAxis *axis, size_t from) {
  return axis->inner - from < TILE ? axis->inner - from : TILE;
}

static bool reduce_strided(ThContext *cx, const double *x, const ThAxis *axis, ThReducer f, const void *self,
                           double *y) {
  size_t n = axis->n, size = n * TILE * sizeof(double);
  double *tile = th_alloc(cx, size);
  bool ok = tile != NULL;
  for (size_t o = 0; ok && o < axis->outer; o++) {
    for (size_t from = 0; ok && from < axis->inner; from += TILE) {
      size_t count = tile_width(axis, from);
      gather(x + o * n * axis->inner, n, axis->inner, from, count, tile);
      for (size_t j = 0; ok && j < count; j++)
        ok = f(cx, n, tile + j * n, self, &y[o * axis->inner + from + j]);
      ok = ok && th_poll(cx);
    }
  }
  th_free(cx, tile, size);
  return ok;
}

bool th_reduce(ThContext *cx, const ThArray *a, const ThAxis *axis, ThReducer f, const void *self,
               ThValue *out) {
  double number;
  if (axis->rank == 0) {
    if (!f(cx, a->length, a->real, self, &number)) return false;
    *out = th_number(number);
    return true;
  }
  ThArray *r = th_array_new(cx, TH_DOUBLE, axis->rank, axis->shape);
  if (!r) return false;
  bool ok = true;
  if (axis->inner > 1) {
    ok = reduce_strided(cx, a->real, axis, f, self, r->real);
  } else {
    for (size_t o = 0; ok && o < r->length; o++) {
      ok = f(cx, axis->n, a->real + o * axis->n, self, &r->real[o]) && ((o & 0xFFF) || th_poll(cx));
    }
  }
  if (ok) *out = th_object(r);
  else th_release(th_object(r));
  return ok;
}

static bool transform_lines(ThContext *cx, const double *x, const ThAxis *axis, size_t m, ThTransformer f,
                            const void *self, double *y) {
  size_t n = axis->n, inner = axis->inner, in_size = n * TILE * sizeof(double),
         out_size = m * TILE * sizeof(double);
  double *in = th_alloc(cx, in_size), *to = in ? th_alloc(cx, out_size) : NULL;
  bool ok = to != NULL;
  for (size_t o = 0; ok && o < axis->outer; o++) {
    for (size_t from = 0; ok && from < inner; from += TILE) {
      size_t count = tile_width(axis, from);
      gather(x + o * n * inner, n, inner, from, count, in);
      for (size_t j = 0; ok && j < count; j++) ok = f(cx, n, in + j * n, self, to + j * m);
      if (ok) scatter(y + o * m * inner, m, inner, from, count, to);
      ok = ok && th_poll(cx);
    }
  }
  th_free(cx, in, in_size);
  if (to) th_free(cx, to, out_size);
  return ok;
}

bool th_transform(ThContext *cx, const ThArray *a, const ThAxis *axis, size_t m, ThTransformer f,
                  const void *self, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  memcpy(shape, a->shape, a->rank * sizeof *shape);
  shape[axis->axis] = m;
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, shape);
  if (!r) return false;
  bool ok = true;
  if (axis->inner > 1) {
    ok = transform_lines(cx, a->real, axis, m, f, self, r->real);
  } else {
    for (size_t o = 0; ok && o < axis->outer; o++) {
      ok = f(cx, axis->n, a->real + o * axis->n, self, r->real + o * m) && ((o & 0xFFF) || th_poll(cx));
    }
  }
  if (ok) *out = th_object(r);
  else th_release(th_object(r));
  return ok;
}

bool th_stable_order(ThContext *cx, size_t n, ThBefore before, const void *self, size_t *order) {
  size_t *spare = order + n;
  for (size_t i = 0; i < n; i++) order[i] = i;
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t start = 0; start < n; start += 2 * width) {
      size_t middle = start + width < n ? start + width : n, end = middle + width < n ? middle + width : n;
      size_t i = start, j = middle;
      for (size_t k = start; k < end; k++) {
        if (!th_poll_at(cx, k)) return false;
        bool left = i < middle && (j >= end || !before(self, order[j], order[i]));
        spare[k] = left ? order[i++] : order[j++];
      }
    }
    memcpy(order, spare, n * sizeof *order);
  }
  return true;
}

bool th_give_record(ThContext *cx, size_t n, const char *const *names, ThArray *const *arrays, ThValue *out) {
  bool ok = true;
  for (size_t i = 0; i < n; i++) ok = ok && arrays[i];
  ThRecord *record = ok ? th_record_new(cx, n) : NULL;
  if (!record) {
    for (size_t i = 0; i < n; i++) {
      if (arrays[i]) th_release(th_object(arrays[i]));
    }
    return false;
  }
  *out = th_object(record);
  for (size_t i = 0; i < n; i++) ok = th_record_set_text(cx, record, names[i], th_object(arrays[i])) && ok;
  if (!ok) th_release(*out);
  return ok;
}

bool th_give_unless_due(ThContext *cx, ThArray *a, ThValue *out) {
  if (a && th_poll(cx)) return th_give(a, out);
  if (a) th_release(th_object(a));
  return false;
}

bool th_is_numeric(ThValue v) {
  return th_is_scalar(v) || th_is_array(v) || th_is_range(v) || th_is_complex(v) || th_is_estimate(v);
}

bool th_is_complex_valued(ThValue v) {
  return th_is_complex(v) || (th_is_array(v) && th_as_array(v)->element == TH_COMPLEX);
}

bool th_arg_real_array(ThContext *cx, const ThCall *call, size_t i, bool *scalar, ThArray **out) {
  char name[40];
  ThArray *a;
  if (!th_to_array(cx, call->args[i], "the argument", scalar, &a)) return false;
  if (a->element == TH_COMPLEX) {
    th_release(th_object(a));
    return th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "`%s` takes real numbers; got complex ones",
                            th_builtin_name(call->builtin, name, sizeof name));
  }
  *out = th_array_convert(cx, a, TH_DOUBLE);
  th_release(th_object(a));
  return *out != NULL;
}

bool th_map_real(ThContext *cx, const ThCall *call, double (*f)(double), ThKernelUnary kernel, ThValue *out) {
  if (th_is_scalar(call->args[0])) {
    *out = th_number(f(th_arg_number(call, 0)));
    return true;
  }
  bool scalar;
  ThArray *a;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  enum { CHUNK = 1 << 14 };
  bool ok = r != NULL;
  for (size_t i = 0; ok && i < a->length; i += CHUNK) {
    size_t n = a->length - i < CHUNK ? a->length - i : CHUNK;
    if (kernel) kernel(n, a->real + i, r->real + i);
    else th_kernel_map(n, f, a->real + i, r->real + i);
    ok = th_poll(cx);
  }
  th_release(th_object(a));
  if (ok) *out = th_object(r);
  else if (r) th_release(th_object(r));
  return ok;
}

static bool read_length(ThContext *cx, double x, bool infer, size_t *out, size_t *unknown, size_t i) {
  if (infer && x == -1) {
    if (*unknown != SIZE_MAX) return th_fail(cx, TH_ERROR_VALUE, "only one length may be -1");
    *unknown = i;
    *out = 1;
    return true;
  }
  if (!(x >= 0) || x != floor(x))
    return th_fail(cx, TH_ERROR_VALUE, "a length is a whole number, 0 or more; got %.6g", x);
  if (x > 9e18) return th_fail_memory(cx, SIZE_MAX);
  *out = (size_t)x;
  return true;
}

/* Fills in the length that was given as -1. */
static bool infer_length(ThContext *cx, size_t length, uint32_t rank, size_t *shape, size_t unknown) {
  size_t known = 1;
  for (uint32_t i = 0; i < rank; i++) known *= shape[i];
  if (known == 0 || length % known)
    return th_fail(cx, TH_ERROR_SHAPE, "%zu elements do not divide into rows of %zu", length, known);
  shape[unknown] = length / known;
  return true;
}

bool th_read_shape(ThContext *cx, const ThValue *values, size_t n, size_t length, uint32_t *rank,
                   size_t *shape) {
  size_t unknown = SIZE_MAX;
  const ThArray *vector = n == 1 && th_is_array(values[0]) ? th_as_array(values[0]) : NULL;
  size_t count = vector ? vector->length : n;
  if (vector && (vector->rank != 1 || vector->element == TH_COMPLEX))
    return th_fail(cx, TH_ERROR_TYPE, "a shape is a vector of whole numbers");
  if (count < 1) return th_fail(cx, TH_ERROR_VALUE, "a shape needs at least one length");
  if (count > TH_MAX_RANK)
    return th_fail(cx, TH_ERROR_LIMIT, "an array has at most %d axes; got %zu", (int)TH_MAX_RANK, count);
  for (size_t i = 0; i < count; i++) {
    if (!vector && !th_is_scalar(values[i]))
      return th_fail(cx, TH_ERROR_TYPE, "a shape is whole numbers, or one vector of them");
    double x = vector ? th_array_real(vector, i) : th_as_scalar(values[i]);
    if (!read_length(cx, x, length != SIZE_MAX, &shape[i], &unknown, i)) return false;
  }
  *rank = (uint32_t)count;
  return unknown == SIZE_MAX || infer_length(cx, length, *rank, shape, unknown);
}
