/* lib_array.c - built-ins that make and rearrange arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/lib_support.h"
#include "lang/lib_table.h"
#include "lang/libs.h"
#include "num/kernels.h"
#include "val/broadcast.h"

/* Sizes. */

static bool body_shape(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0];
  size_t one, rank = 0, lengths[TH_MAX_RANK] = {0};
  if (th_is_array(v)) {
    rank = th_as_array(v)->rank;
    memcpy(lengths, th_as_array(v)->shape, rank * sizeof *lengths);
  } else if (th_is_table(v)) {
    rank = 2;
    lengths[0] = th_as_table(v)->n_rows;
    lengths[1] = th_as_table(v)->n_columns;
  } else if (!th_is_scalar(v) && !th_is_complex(v) && !th_is_estimate(v)) {
    if (!th_length(cx, v, SIZE_MAX, &one)) return false;
    rank = 1;
    lengths[0] = one;
  }
  ThArray *r = th_vector_new(cx, TH_DOUBLE, rank);
  for (size_t i = 0; r && i < rank; i++) r->real[i] = (double)lengths[i];
  return th_give(r, out);
}

static bool body_length(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0];
  size_t n = 1;
  if (th_is_record(v)) n = th_as_record(v)->length;
  else if (!th_is_scalar(v) && !th_is_complex(v) && !th_is_estimate(v) && !th_length(cx, v, SIZE_MAX, &n))
    return false;
  *out = th_number((double)n);
  return true;
}

static bool along(ThContext *cx, ThValue v, size_t axis, ThValue *out) {
  size_t n;
  if (!th_length(cx, v, axis, &n)) return false;
  *out = th_number((double)n);
  return true;
}

static bool body_rows(ThContext *cx, const ThCall *call, ThValue *out) {
  return along(cx, call->args[0], 0, out);
}

static bool body_cols(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0];
  if (th_is_array(v) && th_as_array(v)->rank == 1) {
    th_fail_argument(cx, 1, TH_ERROR_SHAPE, "a vector of %zu elements has no columns",
                     th_as_array(v)->length);
    return th_hint(cx, "`col(x)` makes it a matrix of one column; its length is `length(x)`");
  }
  return along(cx, v, 1, out);
}

/* Making arrays. */

/* a, taken, or NULL, with every element set. */
static ThArray *fill_take(ThContext *cx, ThArray *a, double value) {
  enum { CHUNK = 1 << 20 };
  for (size_t i = 0; a && i < a->length; i += CHUNK) {
    th_kernel_fill(a->length - i < CHUNK ? a->length - i : CHUNK, value, a->real + i);
    if (th_poll(cx)) continue;
    th_release(th_object(a));
    return NULL;
  }
  return a;
}

static bool filled(ThContext *cx, const ThValue *shape_args, size_t n, double value, ThValue *out) {
  uint32_t rank;
  size_t shape[TH_MAX_RANK];
  if (!th_read_shape(cx, shape_args, n, SIZE_MAX, &rank, shape)) return false;
  return th_give(fill_take(cx, th_array_new(cx, TH_DOUBLE, rank, shape), value), out);
}

static bool body_zeros(ThContext *cx, const ThCall *call, ThValue *out) {
  return filled(cx, call->args, call->n_args, 0, out);
}
static bool body_ones(ThContext *cx, const ThCall *call, ThValue *out) {
  return filled(cx, call->args, call->n_args, 1, out);
}
static bool body_fill(ThContext *cx, const ThCall *call, ThValue *out) {
  return filled(cx, call->args + 1, call->n_args - 1, th_arg_number(call, 0), out);
}

static bool body_eye(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n = th_arg_count(call, 0), m = call->given[1] ? th_arg_count(call, 1) : n;
  ThArray *a = fill_take(cx, th_matrix_new(cx, TH_DOUBLE, n, m), 0);
  for (size_t i = 0; a && i < n && i < m; i++) a->real[i * m + i] = 1;
  return th_give(a, out);
}

static bool body_diag(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThArray *a = th_arg_array(call, 0);
  size_t size = th_element_size(a->element);
  if (a->rank > 2) return th_fail_argument(cx, 1, TH_ERROR_SHAPE, "`diag` takes a vector or a matrix");
  bool makes = a->rank == 1;
  size_t n = makes                       ? a->length
             : a->shape[0] < a->shape[1] ? a->shape[0]
                                         : a->shape[1],
         step = (makes ? n : a->shape[1]) + 1;
  ThArray *r = makes ? th_matrix_new(cx, a->element, n, n) : th_vector_new(cx, a->element, n);
  if (!r) return false;
  const char *from = a->data;
  char *to = r->data;
  if (!th_zero_bytes(cx, to, r->length * size)) {
    th_release(th_object(r));
    return false;
  }
  for (size_t i = 0; i < n; i++)
    memcpy(to + (makes ? i * step : i) * size, from + (makes ? i : i * step) * size, size);
  *out = th_object(r);
  return true;
}

static bool body_linspace(ThContext *cx, const ThCall *call, ThValue *out) {
  double a = th_arg_number(call, 0), b = th_arg_number(call, 1);
  size_t n = th_arg_count(call, 2);
  ThArray *r = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; r && i < n && !th_is_due(cx, i); i++)
    r->real[i] = i + 1 == n && n > 1 ? b : a + (b - a) * (double)i / (double)(n - 1 + (n == 1));
  return th_give_unless_due(cx, r, out);
}

static bool body_logspace(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!body_linspace(cx, call, out)) return false;
  ThArray *r = th_as_array(*out);
  for (size_t i = 0; i < r->length && !th_is_due(cx, i); i++) r->real[i] = pow(10, r->real[i]);
  return th_give_unless_due(cx, r, out);
}

/* Rearranging. */

static bool body_reshape(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  uint32_t rank;
  size_t shape[TH_MAX_RANK], length = 1;
  char have[96], want[96];
  ThArray *a, *r = NULL;
  if (!th_to_array(cx, call->args[0], "the argument", &scalar, &a)) return false;
  if (th_read_shape(cx, call->args + 1, call->n_args - 1, a->length, &rank, shape)) {
    for (uint32_t i = 0; i < rank; i++) length *= shape[i];
    if (length == a->length) r = th_array_reshape(cx, a, rank, shape);
    else
      th_fail(cx, TH_ERROR_SHAPE, "%zu elements of shape %s do not fill %s", a->length,
              th_shape_text(a->rank, a->shape, have, sizeof have),
              th_shape_text(rank, shape, want, sizeof want));
  }
  th_release(th_object(a));
  return th_give(r, out);
}

static bool body_col(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThArray *a = th_arg_array(call, 0);
  return th_give(th_array_reshape(cx, a, 2, (size_t[]){a->length, 1}), out);
}

/* Arguments as arrays of one element type. */
typedef struct Parts {
  size_t n;
  ThArray **arrays;
  ThElement element;
} Parts;

static void parts_clear(ThContext *cx, Parts *parts, size_t n) {
  for (size_t i = 0; i < n; i++) th_release(th_object(parts->arrays[i]));
  th_free(cx, parts->arrays, parts->n * sizeof *parts->arrays);
}

static bool convert_parts(ThContext *cx, Parts *parts) {
  parts->element = TH_BOOL;
  for (size_t i = 0; i < parts->n; i++) {
    if (parts->arrays[i]->element > parts->element) parts->element = parts->arrays[i]->element;
  }
  for (size_t i = 0; i < parts->n; i++) {
    ThArray *a = th_array_convert(cx, parts->arrays[i], parts->element);
    if (!a) return false;
    th_release(th_object(parts->arrays[i]));
    parts->arrays[i] = a;
  }
  return true;
}

static bool parts_init(ThContext *cx, const ThValue *values, size_t n, Parts *parts) {
  bool scalar;
  parts->n = n;
  parts->arrays = th_alloc_array(cx, n, sizeof *parts->arrays);
  if (!parts->arrays) return false;
  size_t done = 0;
  while (done < n && th_to_array(cx, values[done], "an argument", &scalar, &parts->arrays[done])) done++;
  if (done == n && convert_parts(cx, parts)) return true;
  parts_clear(cx, parts, done);
  return false;
}

/* Shapes must agree but for the axis. */
static bool joint_shape(ThContext *cx, const Parts *parts, uint32_t axis, size_t *shape) {
  const ThArray *first = parts->arrays[0];
  memcpy(shape, first->shape, first->rank * sizeof *shape);
  shape[axis] = 0;
  for (size_t k = 0; k < parts->n; k++) {
    const ThArray *a = parts->arrays[k];
    bool fits = a->rank == first->rank;
    for (uint32_t i = 0; fits && i < a->rank; i++) fits = i == axis || a->shape[i] == first->shape[i];
    if (!fits) {
      char x[96], y[96];
      return th_fail_argument(cx, (int)k + 1, TH_ERROR_SHAPE,
                              "shapes %s and %s differ elsewhere than along axis %u",
                              th_shape_text(first->rank, first->shape, x, sizeof x),
                              th_shape_text(a->rank, a->shape, y, sizeof y), (unsigned)axis + 1);
    }
    shape[axis] += a->shape[axis];
  }
  return true;
}

/* `[]` joins anything: beside matrices it becomes an empty one. */
static bool adapt_empty(ThContext *cx, Parts *parts, uint32_t axis) {
  const ThArray *model = NULL;
  for (size_t k = 0; k < parts->n && !model; k++)
    if (parts->arrays[k]->rank > 1) model = parts->arrays[k];
  for (size_t k = 0; model && axis < model->rank && k < parts->n; k++) {
    if (parts->arrays[k]->rank != 1 || parts->arrays[k]->length != 0) continue;
    size_t shape[TH_MAX_RANK];
    memcpy(shape, model->shape, model->rank * sizeof *shape);
    shape[axis] = 0;
    ThArray *empty = th_array_new(cx, parts->element, model->rank, shape);
    if (!empty) return false;
    th_release(th_object(parts->arrays[k]));
    parts->arrays[k] = empty;
  }
  return true;
}

static ThArray *concatenate(ThContext *cx, const Parts *parts, uint32_t axis) {
  size_t shape[TH_MAX_RANK], outer = 1, size = th_element_size(parts->element);
  if (!joint_shape(cx, parts, axis, shape)) return NULL;
  ThArray *r = th_array_new(cx, parts->element, parts->arrays[0]->rank, shape);
  if (!r) return NULL;
  for (uint32_t i = 0; i < axis; i++) outer *= shape[i];
  char *to = r->data;
  bool ok = true;
  for (size_t o = 0; ok && o < outer && r->length; o++) {
    for (size_t k = 0; ok && k < parts->n; k++) {
      size_t bytes = parts->arrays[k]->length / outer * size;
      ok = ok && th_copy_bytes(cx, to, (const char *)parts->arrays[k]->data + o * bytes, bytes);
      to += bytes;
    }
  }
  if (ok) return r;
  th_release(th_object(r));
  return NULL;
}

static bool read_axis(ThContext *cx, ThValue v, uint32_t rank, uint32_t *out) {
  double axis = th_as_scalar(v);
  if (!(axis >= 1 && axis <= rank)) {
    return th_fail(cx, TH_ERROR_VALUE, "there is no axis %.6g: the arrays have %u %s", axis, (unsigned)rank,
                   rank == 1 ? "axis" : "axes");
  }
  *out = (uint32_t)axis - 1;
  return true;
}

static bool concat_lists(ThContext *cx, const ThValue *values, size_t n, ThValue *out) {
  ThList *list = th_list_new(cx, 0);
  if (!list) return false;
  *out = th_object(list);
  for (size_t k = 0; k < n; k++) {
    const ThList *part = th_is_list(values[k]) ? th_as_list(values[k]) : NULL;
    for (size_t i = 0; i < (part ? part->length : 1); i++) {
      if (!th_list_push_take(cx, list, th_retain(part ? part->items[i] : values[k]))) {
        th_release(*out);
        return false;
      }
    }
  }
  return true;
}

/* Arguments: axis, then the arrays. */
static bool body_concat(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThValue *values = call->args + 1;
  size_t n = call->n_args - 1;
  uint32_t axis;
  Parts parts;
  if (n == 0) return th_fail(cx, TH_ERROR_VALUE, "`concat` needs at least one array");
  if (th_is_table(values[0])) return th_table_concat(cx, values, n, out);
  for (size_t i = 0; i < n; i++) {
    if (th_is_list(values[i])) return concat_lists(cx, values, n, out);
  }
  if (!parts_init(cx, values, n, &parts)) return false;
  size_t first = 0; /* that is not `[]` */
  while (first + 1 < n && parts.arrays[first]->rank == 1 && parts.arrays[first]->length == 0) first++;
  bool ok = read_axis(cx, call->args[0], parts.arrays[first]->rank, &axis) && adapt_empty(cx, &parts, axis);
  ThArray *r = ok ? concatenate(cx, &parts, axis) : NULL;
  parts_clear(cx, &parts, n);
  return th_give(r, out);
}

/* Each array gets a new axis of length 1, along which they are joined. */
static ThArray *stack_parts(ThContext *cx, Parts *parts, ThValue axis_value) {
  uint32_t axis, rank = parts->arrays[0]->rank + 1;
  if (!read_axis(cx, axis_value, rank, &axis)) return NULL;
  for (size_t k = 0; k < parts->n; k++) {
    const ThArray *a = parts->arrays[k];
    char x[96], y[96];
    if (a->rank + 1 != rank ||
        (k > 0 && !th_same_dimensions(a->rank, a->shape, rank - 1, parts->arrays[0]->shape))) {
      th_fail(cx, TH_ERROR_SHAPE, "only arrays of one shape stack; got %s and %s",
              th_shape_text(rank - 1, parts->arrays[0]->shape, x, sizeof x),
              th_shape_text(a->rank, a->shape, y, sizeof y));
      return NULL;
    }
  }
  for (size_t k = 0; k < parts->n; k++) {
    const ThArray *a = parts->arrays[k];
    size_t shape[TH_MAX_RANK + 1];
    memcpy(shape, a->shape, axis * sizeof *shape);
    shape[axis] = 1;
    memcpy(shape + axis + 1, a->shape + axis, (a->rank - axis) * sizeof *shape);
    ThArray *taller = th_array_reshape(cx, a, rank, shape);
    if (!taller) return NULL;
    th_release(th_object(parts->arrays[k]));
    parts->arrays[k] = taller;
  }
  return concatenate(cx, parts, axis);
}

/* stack(x₁, x₂, …, axis = axis) of a list's elements, by the built-in itself, so that what is not plain goes its own
 * way. */
static bool stack_apart(ThContext *cx, ThValue axis, const ThList *list, ThValue *out) {
  size_t n = list->length;
  ThSymbol *stack = th_symbol(cx, "stack", 5), *name = stack ? th_symbol(cx, "axis", 4) : NULL;
  ThValue function, *values = name ? th_alloc_array(cx, n + 1, sizeof *values) : NULL;
  ThSymbol **names = values ? th_alloc_array(cx, n + 1, sizeof *names) : NULL;
  bool ok = names && th_builtin_value(cx, stack, &function);
  for (size_t i = 0; ok && i <= n; i++) {
    values[i] = i < n ? list->items[i] : axis;
    names[i] = i < n ? NULL : name;
  }
  ThArguments args = {.count = n + 1, .values = values, .names = names};
  ok = ok && th_call(cx, function, &args, out);
  th_free(cx, names, names ? (n + 1) * sizeof *names : 0);
  th_free(cx, values, values ? (n + 1) * sizeof *values : 0);
  return ok;
}

static bool body_stack(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThValue *values = call->args + 1;
  size_t n = call->n_args - 1;
  Parts parts;
  if (n == 1 && th_is_list(values[0])) { /* stack(list) */
    const ThList *list = th_as_list(values[0]);
    if (th_traced_graph(list->items, list->length)) return stack_apart(cx, call->args[0], list, out);
    n = th_as_list(values[0])->length;
    values = th_as_list(values[0])->items;
  }
  if (n == 0) return th_fail(cx, TH_ERROR_VALUE, "`stack` needs at least one array");
  if (!parts_init(cx, values, n, &parts)) return false;
  ThArray *r = stack_parts(cx, &parts, call->args[0]);
  parts_clear(cx, &parts, n);
  return th_give(r, out);
}

/* repeat: x, times, axis, each. */

static bool repeat_text(ThContext *cx, const ThString *s, size_t times, ThValue *out) {
  size_t length;
  bool fits = th_size_multiply(s->length, times, &length);
  char *text = fits ? th_alloc(cx, length) : NULL;
  if (!text) return fits ? false : th_fail_memory(cx, SIZE_MAX);
  bool ok = true;
  for (size_t at = 0; ok && at < length; at += s->length)
    ok = th_copy_bytes(cx, text + at, s->text, s->length);
  ok = ok && th_string(cx, text, length, out);
  th_free(cx, text, length);
  return ok;
}

/* How often n rows come: all together, each of them, or each as often as its own count says. */
typedef struct Times {
  size_t all;
  const ThArray *counts; /* (n), or NULL */
  bool each;
} Times;

static size_t times_of(const Times *t, size_t row) {
  return t->counts ? (size_t)th_array_real(t->counts, row) : t->all;
}

/* The rows that n become. */
static bool count_rows(ThContext *cx, const Times *t, size_t n, size_t *out) {
  double total = 0;
  for (size_t i = 0; t->counts && i < n; i++) total += th_array_real(t->counts, i);
  *out = (size_t)total;
  bool fits = t->counts ? total < 9e15 : th_size_multiply(n, t->all, out);
  return fits || th_fail_memory(cx, SIZE_MAX);
}

static bool check_counts(ThContext *cx, const ThArray *counts, size_t n) {
  for (size_t i = 0; i < counts->length; i++) {
    double x = th_array_real(counts, i);
    if (!(x >= 0 && x < 9e15) || x != floor(x))
      return th_fail_argument(cx, 2, TH_ERROR_VALUE,
                              "`times` of `repeat` holds counts (0, 1, 2, …), got %.6g", x);
  }
  return counts->length == n ||
         th_fail_argument(cx, 2, TH_ERROR_SHAPE, "`times` of `repeat` holds %zu count%s for %zu element%s",
                          counts->length, counts->length == 1 ? "" : "s", n, n == 1 ? "" : "s");
}

static bool repeat_list(ThContext *cx, const ThList *list, const Times *times, ThValue *out) {
  size_t length, n = list->length;
  if (!count_rows(cx, times, n, &length)) return false;
  ThList *r = th_list_new(cx, length);
  if (!r) return false;
  bool together = !times->counts && !times->each;
  for (size_t k = 0; together && k < length; k++) r->items[r->length++] = th_retain(list->items[k % n]);
  for (size_t i = 0; !together && i < n; i++)
    for (size_t k = 0; k < times_of(times, i); k++) r->items[r->length++] = th_retain(list->items[i]);
  *out = th_object(r);
  return true;
}

static ThArray *repeat_array(ThContext *cx, const ThArray *a, const Times *times, uint32_t axis) {
  size_t shape[TH_MAX_RANK], outer = 1, block = th_element_size(a->element), n = a->shape[axis];
  bool each = times->each || times->counts;
  memcpy(shape, a->shape, a->rank * sizeof *shape);
  if (!count_rows(cx, times, n, &shape[axis])) return NULL;
  ThArray *r = th_array_new(cx, a->element, a->rank, shape);
  if (!r || r->length == 0) return r;
  for (uint32_t i = 0; i < a->rank; i++) {
    if (i < axis || (each && i == axis)) outer *= a->shape[i];
    else block *= a->shape[i];
  }
  const char *from = a->data;
  char *to = r->data;
  bool ok = true;
  for (size_t o = 0; ok && o < outer; o++, from += block) {
    size_t count = times_of(times, o % n);
    for (size_t k = 0; ok && k < count; k++, to += block) ok = th_copy_bytes(cx, to, from, block);
  }
  if (ok) return r;
  th_release(th_object(r));
  return NULL;
}

static bool body_repeat(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0], t = call->args[1];
  Times times = {.each = th_arg_bool(call, 3)};
  bool scalar;
  uint32_t axis;
  if (th_is_array(t)) times.counts = th_as_array(t);
  else times.all = th_arg_count(call, 1);
  if (th_is_string(v) && times.counts)
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "a string is repeated as a whole: `times` is one count");
  if (th_is_string(v)) return repeat_text(cx, th_as_string(v), times.all, out);
  if (th_is_list(v))
    return (!times.counts || check_counts(cx, times.counts, th_as_list(v)->length)) &&
           repeat_list(cx, th_as_list(v), &times, out);
  ThArray *a, *r = NULL;
  if (!th_to_array(cx, v, "the argument", &scalar, &a)) return false;
  if (read_axis(cx, call->args[2], a->rank, &axis) &&
      (!times.counts || check_counts(cx, times.counts, a->shape[axis])))
    r = repeat_array(cx, a, &times, axis);
  th_release(th_object(a));
  return th_give(r, out);
}

static bool body_roll(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThArray *a = th_arg_array(call, 0);
  ThAxis axis;
  if (!th_axis_first(cx, a, call->args[2], &axis)) return false;
  ThArray *r = th_array_new(cx, a->element, a->rank, a->shape);
  if (!r) return false;
  double n = (double)axis.n, shift = fmod(th_arg_number(call, 1), n > 0 ? n : 1);
  size_t by = (size_t)(shift < 0 ? shift + n : shift), row = axis.inner * th_element_size(a->element);
  for (size_t o = 0; o < axis.outer; o++) {
    const char *from = (const char *)a->data + o * axis.n * row;
    char *to = (char *)r->data + o * axis.n * row;
    memcpy(to + by * row, from, (axis.n - by) * row);
    memcpy(to, from + (axis.n - by) * row, by * row);
  }
  *out = th_object(r);
  return true;
}

static ThArray *reversed(ThContext *cx, const ThArray *a, const ThAxis *axis) {
  ThArray *r = th_array_new(cx, a->element, a->rank, a->shape);
  size_t row = axis->inner * th_element_size(a->element);
  for (size_t o = 0; r && o < axis->outer; o++) {
    const char *from = (const char *)a->data + o * axis->n * row;
    char *to = (char *)r->data + o * axis->n * row;
    for (size_t i = 0; i < axis->n; i++) memcpy(to + (axis->n - 1 - i) * row, from + i * row, row);
  }
  return r;
}

static bool reverse_items(ThContext *cx, ThValue v, ThValue *out) {
  size_t n;
  ThValue indices, range;
  if (!th_length(cx, v, SIZE_MAX, &n) || !th_range(cx, (double)n, -1, 1, &range)) return false;
  bool ok = th_decay(cx, range, &indices);
  th_release(range);
  if (!ok) return false;
  ok = th_get_index(cx, v, &indices, 1, out);
  th_release(indices);
  return ok;
}

static bool body_reverse(ThContext *cx, const ThCall *call, ThValue *out) {
  ThAxis axis;
  if (!th_is_array(call->args[0])) return reverse_items(cx, call->args[0], out);
  const ThArray *a = th_arg_array(call, 0);
  return th_axis_first(cx, a, call->args[1], &axis) && th_give(reversed(cx, a, &axis), out);
}

/* near(a, b, tol) */

static void loop_near_reals(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                            const void *self) {
  const double *x = a, *y = b;
  double tolerance = *(const double *)self;
  uint8_t *near = out;
  for (size_t i = 0; i < n; i++) {
    double u = x[i * a_step], v = y[i * b_step], size = fabs(v) > 1 ? fabs(v) : 1;
    near[i] = u == v || (isfinite(v) && fabs(u - v) <= tolerance * size);
  }
}

static void loop_near(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                      const void *self) {
  const double complex *x = a, *y = b;
  double tolerance = *(const double *)self;
  uint8_t *near = out;
  for (size_t i = 0; i < n; i++) {
    double complex u = x[i * a_step], v = y[i * b_step];
    near[i] = u == v || (isfinite(cabs(v)) && cabs(u - v) <= tolerance * fmax(1, cabs(v)));
  }
}

/* An array of bools, one for each pair of elements; owned, or NULL. */
static ThArray *near_elements(ThContext *cx, const ThOperand *a, const ThOperand *b, double tolerance) {
  ThBroadcast plan;
  const size_t one = 1;
  bool reals = a->element == TH_DOUBLE;
  size_t size = reals ? sizeof(double) : sizeof(double complex);
  ThLoop loop = reals ? loop_near_reals : loop_near;
  if (!th_broadcast(a->rank, a->shape, b->rank, b->shape, &plan)) {
    char x[96], y[96];
    th_fail(cx, TH_ERROR_SHAPE, "shapes %s and %s do not match",
            th_shape_text(a->rank, a->shape, x, sizeof x), th_shape_text(b->rank, b->shape, y, sizeof y));
    return NULL;
  }
  ThArray *r = th_array_new(cx, TH_BOOL, plan.rank ? plan.rank : 1, plan.rank ? plan.shape : &one);
  if (!r || th_broadcast_run(cx, &plan, loop, a->data, size, b->data, size, r->data, 1, &tolerance)) return r;
  th_release(th_object(r));
  return NULL;
}

static bool body_near(ThContext *cx, const ThCall *call, ThValue *out) {
  ThOperand a, b;
  ThArray *near = NULL;
  ThElement left = TH_COMPLEX, right = TH_COMPLEX, element = TH_COMPLEX;
  if (th_element_of(call->args[0], &left) && th_element_of(call->args[1], &right) && left <= TH_DOUBLE &&
      right <= TH_DOUBLE)
    element = TH_DOUBLE;
  if (!th_operand_init(cx, &a, call->args[0], element)) return false;
  if (th_operand_init(cx, &b, call->args[1], element)) {
    near = near_elements(cx, &a, &b, th_arg_number(call, 2));
    th_operand_clear(&b);
  }
  th_operand_clear(&a);
  if (!near) return false;
  bool all = true;
  for (size_t i = 0; all && i < near->length; i++) all = near->bools[i];
  th_release(th_object(near));
  *out = th_bool(all);
  return true;
}

#define ARRAYS "arrays"

const ThBuiltin th_lib_array[] = {
    {"shape(x: any) -> vector", body_shape, ARRAYS, "the lengths of an array along its axes",
     "empty for a number", "shape([1, 2, 3; 4, 5, 6])\n#> [2, 3]", "length rows cols reshape", NULL},
    {"length(x: any) -> count", body_length, ARRAYS, "how many elements a loop over x runs over",
     "of a vector, list or string its elements (characters), of a matrix or table its rows, of a "
     "record its fields",
     "length([5, 3, 8])\n#> 3\nlength(\"θβ\")\n#> 2", "shape rows cols count", NULL},
    {"rows(x: any) -> count", body_rows, ARRAYS, "how many rows a matrix or table has",
     "of a vector its elements; the length along axis 1", "rows(zeros(3, 2))\n#> 3", "cols shape nrow", NULL},
    {"cols(x: any) -> count", body_cols, ARRAYS, "how many columns a matrix or table has",
     "the length along axis 2; a vector has none", "cols(zeros(3, 2))\n#> 2", "rows shape", NULL},
    {"zeros(...n: count|vector) -> array", body_zeros, ARRAYS, "an array of zeros",
     "the lengths along the axes, or one vector of them",
     "zeros(2, 3)\n#> [0, 0, 0;\n#>  0, 0, 0]\nzeros(3)\n#> [0, 0, 0]", "ones fill eye", NULL},
    {"ones(...n: count|vector) -> array", body_ones, ARRAYS, "an array of ones",
     "the lengths along the axes, or one vector of them", "ones(3)\n#> [1, 1, 1]", "zeros fill", NULL},
    {"fill(value: number, ...n: count|vector) -> array", body_fill, ARRAYS, "an array filled with one number",
     "the lengths along the axes, or one vector of them", "fill(2.5, 3)\n#> [2.5, 2.5, 2.5]",
     "zeros ones repeat", NULL},
    {"eye(n: count, m: count = …) -> matrix", body_eye, ARRAYS, "the unit matrix, n × n or n × m",
     "ones where row and column are equal, zeros elsewhere", "eye(2)\n#> [1, 0;\n#>  0, 1]", "diag zeros",
     NULL},
    {"diag(x: array) -> array", body_diag, ARRAYS,
     "the matrix with this diagonal, or the diagonal of a matrix",
     "(n) gives (n, n); (m, n) gives the min(m, n) elements of its diagonal",
     "diag([1, 2])\n#> [1, 0;\n#>  0, 2]\ndiag([1, 2; 3, 4])\n#> [1, 4]", "eye trace", NULL},
    {"linspace(a: number, b: number, n: count) -> vector", body_linspace, ARRAYS,
     "n evenly spaced numbers from a to b", "shape (n); both ends are exact, the step is (b - a)/(n - 1)",
     "linspace(0, 1, 5)\n"
     "#> [0, 0.25, 0.5, 0.75, 1]",
     "logspace", NULL},
    {"logspace(a: number, b: number, n: count) -> vector", body_logspace, ARRAYS,
     "n numbers from 10^a to 10^b, evenly spaced in their logarithm",
     "shape (n); a and b are exponents, as in NumPy", "logspace(-1, 1, 3)\n#> [0.1, 1, 10]", "linspace",
     NULL},
    {"reshape(x: numeric, ...n: integer|vector) -> array", body_reshape, ARRAYS,
     "the same elements, row by row, under another shape", "one length may be -1: it is what remains",
     "reshape(1:6, 2, 3)\n#> [1, 2, 3;\n#>  4, 5, 6]\nreshape([1, 2; 3, 4], -1)\n#> [1, 2, 3, 4]",
     "shape col", NULL},
    {"col(x: array) -> matrix", body_col, ARRAYS, "the elements as a matrix of one column, n × 1",
     "any shape, row by row; x[:, 1] takes the column back", "shape(col([1, 2, 3]))\n#> [3, 1]", "reshape",
     NULL},
    {"concat(...x: any; axis: integer = 1) -> any", body_concat, ARRAYS,
     "arrays, lists, or tables, one after the other",
     "along axis 1 the rows; all other lengths must agree; numbers count as vectors of one, and [] joins anything",
     "concat([1, 2], [3])\n#> [1, 2, 3]\nconcat([1, 2; 3, 4], [5; 6], axis = 2)\n#> [1, 2, 5;\n"
     "#>  3, 4, 6]",
     "stack repeat push", NULL},
    {"stack(...x: any; axis: integer = 1) -> array", body_stack, ARRAYS,
     "arrays of one shape along a new axis",
     "k arrays of shape (m, n) give (k, m, n), or (m, k, n) with axis = 2; stack(list) takes its elements",
     "stack([1, 2], [3, 4], axis = 2)\n#> [1, 3;\n#>  2, 4]", "concat", NULL},
    {"repeat(x: any, times: count|vector, axis: integer = 1, each: bool = false) -> any", body_repeat, ARRAYS,
     "a number, array, list or string several times in a row",
     "each = true repeats element by element; a vector of counts says of each element how often it comes",
     "repeat([1, 2], 2)\n#> [1, 2, 1, 2]\nrepeat([1, 2], 2, each = true)\n#> [1, 1, 2, 2]\n"
     "repeat([1, 2], [3, 4])\n#> [1, 1, 1, 2, 2, 2, 2]\n"
     "repeat(\"ab\", 3)\n#> \"ababab\"",
     "fill concat", NULL},
    {"roll(x: array, k: integer, axis: integer = 1) -> array", body_roll, ARRAYS,
     "elements shifted by k places, round the end",
     "what leaves at one end comes in at the other; k < 0 shifts the other way; by default along axis 1",
     "roll([1, 2, 3, 4], 1)\n"
     "#> [4, 1, 2, 3]",
     "reverse", NULL},
    {"reverse(x: any, axis: integer = 1) -> any", body_reverse, ARRAYS,
     "an array, list or string, last element first",
     "by default along axis 1: a matrix upside down; axis = 2 mirrors it",
     "reverse([1, 2, 3])\n#> [3, 2, 1]\nreverse(\"abc\")\n#> \"cba\"", "roll sort", NULL},
    {"near(a: numeric, b: numeric, tol: number = 1e-9) -> bool", body_near, ARRAYS,
     "do all elements agree to within tol·max(1, |b|)?",
     "element by element, a and b broadcast; equal infinities are near, nan is near nothing",
     "near(0.1 + 0.2, 0.3)\n"
     "#> true",
     "abs", NULL},
    {0},
};
