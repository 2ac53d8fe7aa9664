/* array_index.c - x[…] and x[…] = v of arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An access is a selection per axis. Trailing axes that are taken whole, or as one run, merge into a block
 * that is contiguous in memory; an odometer over the remaining selections visits the blocks, between which
 * and a packed buffer bytes move one way or the other. */
#include "val/array_index.h"

#include <stdio.h>
#include <string.h>

#include "val/basic.h"
#include "val/broadcast.h"

typedef struct Access {
  size_t n; /* selections */
  ThSelection axes[TH_MAX_RANK];
  size_t strides[TH_MAX_RANK]; /* in elements */
  size_t n_loops;              /* leading selections that are not part of the block */
  size_t base, block;          /* offset and length of the first block */
  uint32_t rank;               /* of what is selected; 0 is one element */
  size_t shape[TH_MAX_RANK];
  size_t count; /* elements selected */
} Access;

static void access_clear(ThContext *cx, Access *access) {
  for (size_t i = 0; i < access->n; i++) th_selection_clear(cx, &access->axes[i]);
  access->n = 0;
}

static bool fail_too_many(ThContext *cx, const ThArray *a, size_t n) {
  char shape[96];
  return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "%zu indices for an array of shape %s, which takes %s%u", n,
                          th_shape_text(a->rank, a->shape, shape, sizeof shape), a->rank == 1 ? "" : "up to ",
                          (unsigned)a->rank);
}

/* The shape of the result, axis by axis. */
static bool access_shape(ThContext *cx, Access *access) {
  access->rank = 0;
  access->count = 1;
  for (size_t i = 0; i < access->n; i++) {
    const ThSelection *s = &access->axes[i];
    if (access->rank + s->rank > TH_MAX_RANK) {
      return th_fail_argument(cx, 2, TH_ERROR_LIMIT, "the result would have more than %d axes",
                              (int)TH_MAX_RANK);
    }
    memcpy(access->shape + access->rank, s->shape, s->rank * sizeof *s->shape);
    access->rank += s->rank;
    if (!th_size_multiply(access->count, s->count, &access->count)) return th_fail_memory(cx, SIZE_MAX);
  }
  return true;
}

/* Merges what is contiguous, from the last axis on, into one block. */
static void access_merge(const ThArray *a, Access *access) {
  size_t stride = 1, k = access->n;
  for (size_t i = access->n; i-- > 0; stride *= a->shape[i]) access->strides[i] = stride;
  access->base = 0;
  access->block = 1;
  bool whole = true; /* the axes behind are taken whole */
  while (k > 0 && whole && !access->axes[k - 1].list &&
         (access->axes[k - 1].step == 1 || access->axes[k - 1].count == 1)) {
    const ThSelection *s = &access->axes[k - 1];
    access->base += s->first * access->strides[k - 1];
    access->block = s->count * access->strides[k - 1];
    whole = s->count == a->shape[k - 1];
    k--;
  }
  access->n_loops = k;
}

static bool access_init(ThContext *cx, const ThArray *a, const ThValue *indices, size_t n, Access *access) {
  access->n = 0;
  if (n > a->rank) return fail_too_many(cx, a, n);
  for (size_t i = 0; i < a->rank; i++) {
    ThValue index = i < n ? indices[i] : th_none();
    if (!th_select(cx, index, a->shape[i], a->rank == 1 ? SIZE_MAX : i, false, &access->axes[i])) {
      access_clear(cx, access);
      return false;
    }
    access->n = i + 1;
  }
  access_merge(a, access);
  if (access_shape(cx, access)) return true;
  access_clear(cx, access);
  return false;
}

/* Advances the odometer over the loops before the last; false after the last turn. */
static bool odometer_step(const Access *access, size_t *turns) {
  for (size_t i = access->n_loops - 1; i-- > 0;) {
    if (++turns[i] < access->axes[i].count) return true;
    turns[i] = 0;
  }
  return false;
}

typedef enum Direction { GATHER, SCATTER, FILL } Direction;

enum { LONG_STORE = 1 << 22 }; /* an assignment to fewer elements is not interrupted */

static void move_block(Direction direction, char *in_array, char *packed, size_t block, size_t size) {
  if (direction == GATHER) {
    if (block * size == 8) memcpy(packed, in_array, 8); /* the common case, inlined */
    else memcpy(packed, in_array, block * size);
  } else if (direction == SCATTER) {
    memcpy(in_array, packed, block * size);
  } else {
    for (size_t i = 0; i < block; i++) memcpy(in_array + i * size, packed, size);
  }
}

/* Moves every selected element between the array and the packed buffer (FILL: one element to all). */
static bool move_elements(ThContext *cx, const Access *access, Direction direction, ThArray *a,
                          void *packed) {
  size_t size = th_element_size(a->element), block = access->block, n = access->n_loops, moved = 0;
  char *data = (char *)a->data + access->base * size, *side = packed;
  size_t advance = direction == FILL ? 0 : block * size, turns[TH_MAX_RANK] = {0};
  bool may_stop = direction == GATHER || access->count >= LONG_STORE;
  if (access->count == 0) return true;
  if (n == 0) {
    move_block(direction, data, side, block, size);
    return true;
  }
  const ThSelection *last = &access->axes[n - 1];
  do {
    size_t offset = 0;
    for (size_t i = 0; i + 1 < n; i++)
      offset += th_selection_at(&access->axes[i], turns[i]) * access->strides[i];
    for (size_t i = 0; i < last->count; i++, side += advance) {
      if (i && may_stop && !th_poll_at(cx, i)) return false;
      size_t at = offset + th_selection_at(last, i) * access->strides[n - 1];
      move_block(direction, data + at * size, side, block, size);
    }
    moved += last->count * block;
    if (moved >> 20 && may_stop && (moved = 0, !th_poll(cx))) return false;
  } while (odometer_step(access, turns));
  return true;
}

/* Offset of the element that n numbers point at, when they do and are in bounds. */
static bool direct_offset(const ThArray *a, const ThValue *indices, size_t n, size_t *out) {
  if (n != a->rank) return false;
  size_t offset = 0;
  for (size_t i = 0; i < n; i++) {
    if (!th_is_number(indices[i])) return false;
    double x = th_as_number(indices[i]);
    if (!(x >= 1 && x <= (double)a->shape[i])) return false;
    size_t k = (size_t)x;
    if ((double)k != x) return false;
    offset = offset * a->shape[i] + k - 1;
  }
  *out = offset;
  return true;
}

/* A mask as large as a whole array of more than one axis: the array is taken as one long vector. */
static bool is_full_mask(const ThArray *a, const ThValue *indices, size_t n) {
  if (n != 1 || a->rank == 1 || !th_is_array(indices[0])) return false;
  const ThArray *mask = th_as_array(indices[0]);
  return mask->element == TH_BOOL && th_same_shape(a, mask);
}

static bool gather_masked(ThContext *cx, const ThArray *a, const ThArray *mask, ThValue *out) {
  size_t count = 0, size = th_element_size(a->element);
  for (size_t i = 0; i < mask->length; i++) count += mask->bools[i];
  ThArray *result = th_vector_new(cx, a->element, count);
  if (!result) return false;
  char *to = result->data;
  for (size_t i = 0; i < mask->length; i++) {
    if (!mask->bools[i]) continue;
    memcpy(to, (const char *)a->data + i * size, size);
    to += size;
  }
  *out = th_object(result);
  return true;
}

bool th_array_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  ThArray *a = th_as_array(self);
  size_t offset;
  if (direct_offset(a, indices, n, &offset)) return th_array_get(cx, a, offset, out);
  if (is_full_mask(a, indices, n)) return gather_masked(cx, a, th_as_array(indices[0]), out);
  Access access;
  if (!access_init(cx, a, indices, n, &access)) return false;
  bool ok;
  if (access.rank == 0) {
    ok = th_array_get(cx, a, access.base, out);
  } else {
    ThArray *result = th_array_new(cx, a->element, access.rank, access.shape);
    ok = result && move_elements(cx, &access, GATHER, a, result->data);
    if (ok) *out = th_object(result);
    else if (result) th_release(th_object(result));
  }
  access_clear(cx, &access);
  return ok;
}

/* Assignment. */

/* Makes *self the only reference to an array of at least the given element type. */
static bool make_own(ThContext *cx, ThValue *self, ThElement element) {
  ThArray *a = th_as_array(*self);
  if (a->element < element) a = th_array_convert(cx, a, element);
  else if (a->object.references > 1) a = th_array_copy(cx, a);
  else return true;
  if (!a) return false;
  th_replace_take(self, th_object(a));
  return true;
}

static bool fail_value_type(ThContext *cx, ThValue value) {
  char text[96];
  th_fail_argument(cx, 0, TH_ERROR_TYPE, "an array holds numbers; got %s",
                   th_describe(value, text, sizeof text));
  return th_hint(cx, "a list holds anything: `list(…)`, `push(l, x)`");
}

/* The value as an array of the element type of `a`, which is at least as general. */
static bool value_array(ThContext *cx, ThValue value, ThElement element, bool *scalar, ThArray **out) {
  ThArray *v;
  if (!th_to_array(cx, value, "the value", scalar, &v)) return false;
  *out = th_array_convert(cx, v, element);
  th_release(th_object(v));
  return *out != NULL;
}

static ThElement value_element(ThValue value) {
  if (th_is_array(value)) return th_as_array(value)->element;
  return th_is_bool(value) ? TH_BOOL : th_is_complex(value) ? TH_COMPLEX : TH_DOUBLE;
}

/* Shapes equal but for axes of length 1. */
static bool fits(const Access *access, const ThArray *v) {
  uint32_t i = 0, j = 0;
  while (true) {
    while (i < access->rank && access->shape[i] == 1) i++;
    while (j < v->rank && v->shape[j] == 1) j++;
    if (i == access->rank || j == v->rank) return i == access->rank && j == v->rank;
    if (access->shape[i++] != v->shape[j++]) return false;
  }
}

/* v repeated to the shape of the place, by the rule of broadcasting. */
static bool repeat_into(ThContext *cx, const Access *access, ThArray *v, ThArray **out) {
  ThBroadcast plan;
  if (!th_broadcast(v->rank, v->shape, access->rank, access->shape, &plan) ||
      !th_same_dimensions(plan.rank, plan.shape, access->rank, access->shape)) {
    char place[96], shape[96];
    return th_fail(cx, TH_ERROR_SHAPE, "the value has shape %s, its place has %s",
                   th_shape_text(v->rank, v->shape, shape, sizeof shape),
                   th_shape_text(access->rank, access->shape, place, sizeof place));
  }
  *out = th_broadcast_to(cx, v, access->rank, access->shape);
  return *out != NULL;
}

static bool store(ThContext *cx, ThArray *a, const Access *access, ThArray *v, bool scalar) {
  if (scalar || (access->count && v->length == 1 && v->rank <= 1))
    return move_elements(cx, access, FILL, a, v->data);
  if (fits(access, v)) return move_elements(cx, access, SCATTER, a, v->data);
  ThArray *repeated = NULL;
  if (!repeat_into(cx, access, v, &repeated)) return false;
  bool ok = move_elements(cx, access, SCATTER, a, repeated->data);
  th_release(th_object(repeated));
  return ok;
}

static bool store_masked(ThContext *cx, ThArray *a, const ThArray *mask, const ThArray *v, bool scalar) {
  size_t size = th_element_size(a->element), count = 0, k = 0;
  for (size_t i = 0; i < mask->length; i++) count += mask->bools[i];
  if (!scalar && v->length != count) {
    return th_fail(cx, TH_ERROR_SHAPE, "%zu values for %zu places that the mask chooses", v->length, count);
  }
  for (size_t i = 0; i < mask->length; i++) {
    if (!mask->bools[i]) continue;
    memcpy((char *)a->data + i * size, (char *)v->data + k * size, size);
    if (!scalar) k++;
  }
  return true;
}

/* x[end + 1] = v and A[end + 1, :] = v: is this one? */
static bool is_append(const ThArray *a, const ThValue *indices, size_t n) {
  if (n < 1 || n > a->rank || !th_is_number(indices[0])) return false;
  for (size_t i = 1; i < n; i++) {
    if (!th_is_none(indices[i])) return false;
  }
  return th_as_number(indices[0]) == (double)a->shape[0] + 1;
}

/* An empty vector becomes an empty stack of things shaped like v. */
static bool start_rows(ThContext *cx, ThValue *self, const ThArray *v) {
  size_t shape[TH_MAX_RANK + 1] = {0};
  memcpy(shape + 1, v->shape, v->rank * sizeof *shape);
  ThArray *a = th_array_new(cx, v->element, v->rank + 1, shape);
  if (!a) return false;
  bool ok = th_array_reserve(cx, a, v->length); /* so that appending the first row cannot fail */
  if (ok) th_replace_take(self, th_object(a));
  else th_release(th_object(a));
  return ok;
}

static bool append(ThContext *cx, ThValue *self, ThArray *v, bool scalar) {
  ThArray *a = th_as_array(*self);
  if (!scalar && a->rank == 1 && a->length == 0) {
    if (!start_rows(cx, self, v)) return false;
    a = th_as_array(*self);
  }
  size_t row = 1, size = th_element_size(a->element);
  for (uint32_t i = 1; i < a->rank; i++) row *= a->shape[i];
  if (!scalar && !th_same_dimensions(a->rank - 1, a->shape + 1, v->rank, v->shape) &&
      !(a->rank == 1 && v->length == 1)) {
    char shape[96], place[96];
    return th_fail(cx, TH_ERROR_SHAPE, "a value of shape %s cannot be appended to an array of shape %s",
                   th_shape_text(v->rank, v->shape, shape, sizeof shape),
                   th_shape_text(a->rank, a->shape, place, sizeof place));
  }
  if (!th_array_reserve(cx, a, a->length + row)) return false;
  char *to = (char *)a->data + a->length * size;
  for (size_t i = 0; i < row; i++) memcpy(to + i * size, (char *)v->data + (scalar ? 0 : i * size), size);
  a->shape[0]++;
  a->length += row;
  return true;
}

/* So many elements that it may be interrupted: into a copy, so that nothing is left half done. */
static bool store_long(ThContext *cx, ThValue *self, const Access *access, ThArray *v, bool scalar) {
  ThArray *copy = th_array_copy(cx, th_as_array(*self));
  bool ok = copy && store(cx, copy, access, v, scalar);
  if (ok) th_replace_take(self, th_object(copy));
  else if (copy) th_release(th_object(copy));
  return ok;
}

static bool assign(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThArray *v, bool scalar) {
  ThArray *a = th_as_array(*self);
  if (is_append(a, indices, n)) return append(cx, self, v, scalar);
  if (is_full_mask(a, indices, n)) return store_masked(cx, a, th_as_array(indices[0]), v, scalar);
  Access access;
  if (!access_init(cx, a, indices, n, &access)) return false;
  bool ok = access.count < LONG_STORE ? store(cx, a, &access, v, scalar)
                                      : store_long(cx, self, &access, v, scalar);
  access_clear(cx, &access);
  return ok;
}

/* x[i] = number and x[end + 1] = number, the most frequent assignments, without any detour; false in *done
 * for all others. */
static bool set_directly(ThContext *cx, ThArray *a, const ThValue *indices, size_t n, ThValue value,
                         bool *done) {
  size_t offset;
  *done = false;
  if (a->element != TH_DOUBLE || a->object.references != 1 || !th_is_number(value)) return true;
  if (!direct_offset(a, indices, n, &offset)) {
    if (a->rank != 1 || a->length == 0 || !is_append(a, indices, n)) return true;
    if (!th_array_reserve(cx, a, a->length + 1)) return false;
    offset = a->length++;
    a->shape[0]++;
  }
  *done = true;
  a->real[offset] = th_as_number(value);
  return true;
}

bool th_array_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  bool done;
  if (!set_directly(cx, th_as_array(*self), indices, n, value, &done) || done) return done;
  ThValue plain;
  if (!th_decay(cx, value, &plain)) return false;
  bool numeric = th_is_scalar(plain) || th_is_complex(plain) || th_is_array(plain), scalar;
  ThArray *v = NULL;
  ThElement element = th_as_array(*self)->element;
  bool empty = th_as_array(*self)->length == 0;
  bool ok = numeric || fail_value_type(cx, plain);
  if (ok && value_element(plain) > element) element = value_element(plain);
  if (ok && empty && th_as_array(*self)->rank == 1) element = value_element(plain);
  ok = ok && value_array(cx, plain, element, &scalar, &v);
  ok = ok && make_own(cx, self, element);
  ok = ok && assign(cx, self, indices, n, v, scalar);
  if (v) th_release(th_object(v));
  th_release(plain);
  return ok;
}
