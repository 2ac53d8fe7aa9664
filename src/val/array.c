/* array.c - dense arrays: making, copying, converting, stacking */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements lie in a block of their own, which may be longer than needed; the shape lies behind the
 * head. Nothing here looks at more than one array's elements at a time, but for stacking. */
#include "val/array.h"

#include <stdio.h>
#include <string.h>

#include "val/array_index.h"
#include "val/basic.h"
#include "val/format.h"

size_t th_element_size(ThElement element) {
  static const size_t sizes[] = {
      [TH_BOOL] = 1, [TH_DOUBLE] = sizeof(double), [TH_COMPLEX] = sizeof(double complex)};
  return sizes[element];
}

static size_t head_size(uint32_t rank) { return sizeof(ThArray) + rank * sizeof(size_t); }

static bool count_elements(uint32_t rank, const size_t *shape, size_t *count) {
  *count = 1;
  for (uint32_t i = 0; i < rank; i++) {
    if (!th_size_multiply(*count, shape[i], count)) return false;
  }
  return true;
}

/* Says which array did not fit, after th_alloc has said how many bytes were missing. */
static ThArray *no_room(ThContext *cx, uint32_t rank, const size_t *shape, size_t length, size_t size) {
  static const char *const units[] = {"MB", "GB", "TB", "PB", "EB", "ZB"};
  char text[160];
  size_t unit = 0;
  double bytes = (double)size;
  for (uint32_t i = 0; i < rank; i++) bytes *= (double)shape[i];
  th_shape_text(rank, shape, text, sizeof text);
  if (bytes < 1e6) {
    th_fail_memory(cx, length * size);
    return NULL;
  }
  for (bytes /= 1e6; bytes >= 1000 && unit < 5; unit++) bytes /= 1000;
  th_fail(cx, TH_ERROR_MEMORY, "not enough memory for an array %s: it needs %.3g %s", text, bytes,
          units[unit]);
  return NULL;
}

/* More than a terabyte is refused without asking, since a system that promises memory freely may say yes. */
static const size_t largest = SIZE_MAX >> 24;

ThArray *th_array_new(ThContext *cx, ThElement element, uint32_t rank, const size_t *shape) {
  size_t length, bytes, size = th_element_size(element);
  if (rank < 1 || rank > TH_MAX_RANK) {
    th_fail(cx, TH_ERROR_LIMIT, "an array has at most %d axes; got %u", (int)TH_MAX_RANK, (unsigned)rank);
    return NULL;
  }
  if (!count_elements(rank, shape, &length) || !th_size_multiply(length, size, &bytes) || bytes > largest) {
    return no_room(cx, rank, shape, SIZE_MAX / size, size);
  }
  ThArray *a = th_object_new(cx, &th_array_kind, head_size(rank));
  if (!a) return NULL;
  a->element = element;
  a->rank = rank;
  a->length = length;
  memcpy(a->shape, shape, rank * sizeof *shape);
  a->data = th_alloc(cx, bytes);
  if (!a->data) {
    th_object_free(&a->object, head_size(rank));
    return no_room(cx, rank, shape, length, size);
  }
  a->capacity = length;
  return a;
}

ThArray *th_vector_new(ThContext *cx, ThElement element, size_t length) {
  return th_array_new(cx, element, 1, &length);
}

ThArray *th_matrix_new(ThContext *cx, ThElement element, size_t rows, size_t cols) {
  return th_array_new(cx, element, 2, (size_t[]){rows, cols});
}

bool th_vector_from(ThContext *cx, const double *x, size_t n, ThValue *out) {
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
  if (!a) return false;
  if (n) memcpy(a->data, x, n * sizeof *x);
  *out = th_object(a);
  return true;
}

ThArray *th_array_reshape(ThContext *cx, const ThArray *a, uint32_t rank, const size_t *shape) {
  ThArray *b = th_array_new(cx, a->element, rank, shape);
  if (!b || th_copy_bytes(cx, b->data, a->data, a->length * th_element_size(a->element))) return b;
  th_release(th_object(b));
  return NULL;
}

ThArray *th_array_copy(ThContext *cx, const ThArray *a) { return th_array_reshape(cx, a, a->rank, a->shape); }

ThArray *th_array_convert(ThContext *cx, ThArray *a, ThElement element) {
  if (a->element >= element) {
    th_retain(th_object(a));
    return a;
  }
  ThArray *b = th_array_new(cx, element, a->rank, a->shape);
  if (!b) return NULL;
  for (size_t i = 0; i < a->length && !th_is_due(cx, i); i++) {
    if (element == TH_DOUBLE) b->real[i] = (double)a->bools[i];
    else b->complex_[i] = th_array_real(a, i);
  }
  if (th_poll(cx)) return b;
  th_release(th_object(b));
  return NULL;
}

bool th_array_reserve(ThContext *cx, ThArray *a, size_t length) {
  if (length <= a->capacity) return true;
  size_t size = th_element_size(a->element), capacity = a->capacity + a->capacity / 2 + 8, bytes;
  if (capacity < length) capacity = length;
  if (!th_size_multiply(capacity, size, &bytes)) return th_fail_memory(cx, SIZE_MAX);
  size_t old = a->capacity * size;
  void *data = th_resize(cx, a->data, old ? old : 1, bytes);
  if (!data) return false;
  a->data = data;
  a->capacity = capacity;
  return true;
}

void th_vector_trim(ThContext *cx, ThArray *a, size_t length) {
  size_t size = th_element_size(a->element);
  a->length = a->shape[0] = length;
  void *data = length > 0 && length < a->capacity
                   ? th_heap_resize(&cx->heap, a->data, a->capacity * size, length * size)
                   : NULL;
  if (!data) return;
  a->data = data;
  a->capacity = length;
}

bool th_array_get(ThContext *cx, const ThArray *a, size_t i, ThValue *out) {
  if (a->element == TH_COMPLEX) return th_complex(cx, a->complex_[i], out);
  *out = a->element == TH_DOUBLE ? th_number(a->real[i]) : th_bool(a->bools[i]);
  return true;
}

double th_array_real(const ThArray *a, size_t i) {
  return a->element == TH_DOUBLE ? a->real[i] : (double)a->bools[i];
}

double complex th_array_complex(const ThArray *a, size_t i) {
  return a->element == TH_COMPLEX ? a->complex_[i] : th_array_real(a, i);
}

bool th_same_dimensions(uint32_t rank_a, const size_t *a, uint32_t rank_b, const size_t *b) {
  return rank_a == rank_b && (rank_a == 0 || memcmp(a, b, rank_a * sizeof *a) == 0);
}

bool th_same_shape(const ThArray *a, const ThArray *b) {
  return th_same_dimensions(a->rank, a->shape, b->rank, b->shape);
}

const char *th_shape_text(uint32_t rank, const size_t *shape, char *buffer, size_t size) {
  size_t used = (size_t)snprintf(buffer, size, "(");
  for (uint32_t i = 0; i < rank && used < size; i++) {
    used += (size_t)snprintf(buffer + used, size - used, "%s%zu", i ? ", " : "", shape[i]);
  }
  if (used < size) snprintf(buffer + used, size - used, ")");
  return buffer;
}

/* Conversions between values and arrays. */

static bool scalar_array(ThContext *cx, ThValue v, ThArray **out) {
  ThElement element = th_is_bool(v) ? TH_BOOL : th_is_number(v) ? TH_DOUBLE : TH_COMPLEX;
  ThArray *a = *out = th_vector_new(cx, element, 1);
  if (!a) return false;
  if (element == TH_BOOL) a->bools[0] = th_as_bool(v);
  else if (element == TH_DOUBLE) a->real[0] = th_as_number(v);
  else a->complex_[0] = th_as_complex(v);
  return true;
}

bool th_to_array(ThContext *cx, ThValue v, const char *what, bool *scalar, ThArray **out) {
  *scalar = th_is_scalar(v) || th_is_complex(v);
  if (*scalar) return scalar_array(cx, v, out);
  if (th_is_array(v)) {
    *out = th_as_array(th_retain(v));
    return true;
  }
  if (th_is_object(v) && th_as_object(v)->kind->decay) {
    ThValue plain;
    if (!th_decay(cx, v, &plain)) return false;
    bool ok = th_to_array(cx, plain, what, scalar, out);
    th_release(plain);
    return ok;
  }
  char text[96];
  return th_fail(cx, TH_ERROR_TYPE, "%s must be a number or an array; got %s", what,
                 th_describe(v, text, sizeof text));
}

bool th_to_real_array(ThContext *cx, ThValue v, const char *what, bool *scalar, ThArray **out) {
  ThArray *a;
  if (!th_to_array(cx, v, what, scalar, &a)) return false;
  *out = NULL;
  if (a->element == TH_COMPLEX) th_fail(cx, TH_ERROR_TYPE, "%s must be real; got complex numbers", what);
  else *out = th_array_convert(cx, a, TH_DOUBLE);
  th_release(th_object(a));
  return *out != NULL;
}

bool th_from_array_take(ThContext *cx, ThArray *a, bool scalar, ThValue *out) {
  if (!scalar || a->length != 1) {
    *out = th_object(a);
    return true;
  }
  bool ok = th_array_get(cx, a, 0, out);
  th_release(th_object(a));
  return ok;
}

/* Stacking. */

static ThElement element_of(ThValue v) {
  if (th_is_array(v)) return th_as_array(v)->element;
  return th_is_bool(v) ? TH_BOOL : th_is_number(v) ? TH_DOUBLE : TH_COMPLEX;
}

static void store_scalar(ThArray *a, size_t i, ThValue v) {
  if (a->element == TH_BOOL) a->bools[i] = th_as_bool(v);
  else if (a->element == TH_DOUBLE) a->real[i] = th_as_scalar(v);
  else a->complex_[i] = th_is_complex(v) ? th_as_complex(v) : th_as_scalar(v);
}

static void store_elements(ThArray *to, size_t at, const ThArray *from) {
  size_t size = th_element_size(to->element);
  if (from->element == to->element) {
    memcpy((char *)to->data + at * size, from->data, from->length * size);
  } else if (to->element == TH_DOUBLE) {
    for (size_t i = 0; i < from->length; i++) to->real[at + i] = th_array_real(from, i);
  } else {
    for (size_t i = 0; i < from->length; i++) to->complex_[at + i] = th_array_complex(from, i);
  }
}

/* What the items of [ … ] have in common. */
typedef enum Common { ALL_SCALARS, EQUAL_ARRAYS, MIXED } Common;

static Common common_form(const ThValue *items, size_t n, ThElement *element) {
  bool scalars = true, arrays = true;
  *element = TH_BOOL;
  for (size_t i = 0; i < n; i++) {
    bool scalar = th_is_scalar(items[i]) || th_is_complex(items[i]), array = th_is_array(items[i]);
    scalars = scalars && scalar;
    arrays = arrays && array && th_same_shape(th_as_array(items[i]), th_as_array(items[0]));
    if (!scalars && !arrays) return MIXED;
    if (element_of(items[i]) > *element) *element = element_of(items[i]);
  }
  return scalars ? ALL_SCALARS : EQUAL_ARRAYS;
}

static bool stack_scalars(ThContext *cx, const ThValue *items, size_t n, ThElement element, ThValue *out) {
  ThArray *a = th_vector_new(cx, n ? element : TH_DOUBLE, n);
  if (!a) return false;
  for (size_t i = 0; i < n; i++) store_scalar(a, i, items[i]);
  *out = th_object(a);
  return true;
}

static bool stack_arrays(ThContext *cx, const ThValue *items, size_t n, ThElement element, ThValue *out) {
  const ThArray *first = th_as_array(items[0]);
  size_t shape[TH_MAX_RANK + 1] = {n};
  memcpy(shape + 1, first->shape, first->rank * sizeof *shape);
  ThArray *a = th_array_new(cx, element, first->rank + 1, shape);
  if (!a) return false;
  for (size_t i = 0; i < n; i++) store_elements(a, i * first->length, th_as_array(items[i]));
  *out = th_object(a);
  return true;
}

static bool make_list(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  ThList *list = th_list_new(cx, n);
  if (!list) return false;
  *out = th_object(list);
  for (size_t i = 0; i < n; i++) {
    if (!th_list_push_take(cx, list, th_retain(items[i]))) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

/* The one kind of those items that are not scalars, if it has arrays of its own. */
static const ThKind *stacking_kind(const ThValue *items, size_t n) {
  const ThKind *kind = NULL;
  for (size_t i = 0; i < n; i++) {
    if (th_is_scalar(items[i])) continue;
    if (!th_is_object(items[i]) || (kind && th_as_object(items[i])->kind != kind)) return NULL;
    kind = th_as_object(items[i])->kind;
  }
  return kind && kind->stack ? kind : NULL;
}

static bool stack_plain(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  ThElement element;
  Common form = common_form(items, n, &element);
  if (form == ALL_SCALARS) return stack_scalars(cx, items, n, element, out);
  if (form == EQUAL_ARRAYS) return stack_arrays(cx, items, n, element, out);
  const ThKind *kind = stacking_kind(items, n);
  return kind ? kind->stack(cx, items, n, out) : make_list(cx, items, n, out);
}

static bool any_decays(const ThValue *items, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (th_is_object(items[i]) && th_as_object(items[i])->kind->decay) return true;
  }
  return false;
}

bool th_stack(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  if (!any_decays(items, n)) return stack_plain(cx, items, n, out);
  ThValue *plain = th_alloc_array(cx, n, sizeof *plain);
  if (!plain) return false;
  size_t done = 0;
  bool ok = true;
  while (ok && done < n) {
    ok = th_decay(cx, items[done], &plain[done]);
    if (ok) done++;
  }
  ok = ok && stack_plain(cx, plain, n, out);
  th_release_all(plain, done);
  th_free(cx, plain, n * sizeof *plain);
  return ok;
}

/* The kind. */

static void array_release(ThObject *self) {
  ThArray *a = (ThArray *)self;
  size_t bytes = a->capacity * th_element_size(a->element);
  th_heap_free(self->heap, a->data, bytes ? bytes : 1);
  th_object_free(self, head_size(a->rank));
}

/* One shape and all elements equal; nan is not equal to nan. */
static bool array_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  const ThArray *x = th_as_array(a), *y = th_as_array(b);
  *out = th_same_shape(x, y);
  for (size_t i = 0; *out && i < x->length; i++) {
    *out = x->element == TH_COMPLEX || y->element == TH_COMPLEX
               ? th_array_complex(x, i) == th_array_complex(y, i)
               : th_array_real(x, i) == th_array_real(y, i);
  }
  return true;
}

static bool array_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  const ThArray *a = th_as_array(self);
  if (axis != SIZE_MAX && axis >= a->rank) {
    return th_fail(cx, TH_ERROR_SHAPE, "the array has %u %s; there is no axis %zu", (unsigned)a->rank,
                   a->rank == 1 ? "axis" : "axes", axis + 1);
  }
  *out = a->shape[axis == SIZE_MAX ? 0 : axis];
  return true;
}

const ThKind th_array_kind = {
    .name = "array",
    .release = array_release,
    .format = th_format_array,
    .equal = array_equal,
    .get_index = th_array_get_index,
    .set_index = th_array_set_index,
    .length = array_length,
};
