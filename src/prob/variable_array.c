/* variable_array.c - several random variables in a vector or a matrix: U[10] ~ d */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic and functions of one number go element by element; any other function of the vector is one node,
 * whose argument is the vector of values. */
#include <string.h>

#include "prob/variable_arrange.h"
#include "prob/variable_kind.h"
#include "val/arithmetic.h"
#include "val/array.h"
#include "val/array_index.h"

static size_t array_size(size_t n) { return sizeof(ThVariableArray) + n * sizeof(ThValue); }

ThVariableArray *th_variable_array_new(ThContext *cx, ThSymbol *name, size_t length) {
  if (length > (SIZE_MAX - sizeof(ThVariableArray)) / sizeof(ThValue)) {
    th_fail_memory(cx, SIZE_MAX);
    return NULL;
  }
  ThVariableArray *a = th_object_new(cx, &th_variable_array_kind, array_size(length));
  if (!a) return NULL;
  a->name = name;
  a->length = length;
  for (size_t i = 0; i < length; i++) a->items[i] = th_unset();
  th_variable_array_done(cx, a);
  return a;
}

ThValue th_variable_element(ThValue v, size_t i) {
  if (th_is_variable_array(v)) {
    const ThVariableArray *a = th_as_variable_array(v);
    return a->items[a->length == 1 ? 0 : i];
  }
  if (!th_is_array(v)) return v;
  const ThArray *a = th_as_array(v);
  return th_number(th_array_real(a, a->length == 1 ? 0 : i));
}

void th_variable_array_done(ThContext *cx, ThVariableArray *array) {
  array->order = th_variable_order(cx, array->items, array->length);
}

static void array_release(ThObject *self) {
  ThVariableArray *a = (ThVariableArray *)self;
  th_release_all(a->items, a->length);
  th_object_free(self, array_size(a->length));
}

bool th_variable_array_stack(ThContext *cx, const ThValue *items, size_t n, ThValue *out) {
  ThVariableArray *a = th_variable_array_new(cx, NULL, n);
  if (!a) return false;
  for (size_t i = 0; i < n; i++) a->items[i] = th_retain(items[i]);
  th_variable_array_done(cx, a);
  *out = th_object(a);
  return true;
}

/* --- Element by element */

/* An element of an operand: of an array of variables or of a vector of the same length, or the operand
 * itself. */
static bool element_of(ThContext *cx, ThValue v, size_t i, ThValue *out) {
  if (th_is_variable_array(v)) {
    *out = th_retain(th_as_variable_array(v)->items[i]);
    return true;
  }
  if (th_is_array(v)) return th_array_get(cx, th_as_array(v), i, out);
  *out = th_retain(v);
  return true;
}

/* The shape of an operand: its length, SIZE_MAX of a single value, and the columns of a matrix, 0 of a vector. False
 * for an array of more axes. */
static bool shape_of(ThValue v, size_t *length, size_t *columns) {
  *length = SIZE_MAX;
  *columns = 0;
  if (th_is_variable_array(v)) {
    *length = th_as_variable_array(v)->length;
    *columns = th_as_variable_array(v)->columns;
  } else if (th_is_array(v)) {
    const ThArray *a = th_as_array(v);
    *length = a->length;
    *columns = a->rank == 2 ? a->shape[1] : 0;
    return a->rank == 1 || a->rank == 2;
  }
  return true;
}

/* The common shape of two operands; false with an error. A vector or matrix must fit; a single value always does. */
static bool common_shape(ThContext *cx, ThOperator op, ThValue a, ThValue b, size_t *n, size_t *columns) {
  size_t lengths[2], widths[2];
  bool fine = shape_of(a, &lengths[0], &widths[0]) && shape_of(b, &lengths[1], &widths[1]);
  bool single = lengths[0] == SIZE_MAX || lengths[1] == SIZE_MAX;
  if (!fine || (!single && (widths[0] == 0) != (widths[1] == 0)))
    return th_fail(cx, TH_ERROR_SHAPE, "`%s` of random variables in a %s and an array of other axes",
                   th_operator_text(op),
                   (th_is_variable_array(a) ? widths[0] : widths[1]) ? "matrix" : "vector");
  if (!single && widths[0] != widths[1])
    return th_fail(cx, TH_ERROR_SHAPE, "`%s` of matrices of %zu and %zu columns", th_operator_text(op),
                   widths[0], widths[1]);
  *n = lengths[0] == SIZE_MAX ? lengths[1] : lengths[0];
  *columns = lengths[0] == SIZE_MAX ? widths[1] : widths[0];
  if (single || lengths[0] == lengths[1]) return true;
  return th_fail(cx, TH_ERROR_SHAPE, "`%s` of %s of %zu and %zu elements", th_operator_text(op),
                 *columns ? "matrices" : "vectors", lengths[0], lengths[1]);
}

static bool operate(ThContext *cx, ThOperator op, ThValue a, ThValue b, size_t i, ThValue *out) {
  ThValue x, y;
  if (!element_of(cx, a, i, &x)) return false;
  bool ok = element_of(cx, b, i, &y);
  if (ok) {
    ok = th_binary(cx, op, x, y, 0, out);
    th_release(y);
  }
  th_release(x);
  return ok;
}

static bool elementwise(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out) {
  size_t n = 0, columns = 0;
  if (!common_shape(cx, op, a, b, &n, &columns)) return false;
  ThVariableArray *r = th_variable_array_new(cx, NULL, n);
  if (!r) return false;
  r->columns = columns;
  *out = th_object(r);
  for (size_t i = 0; i < n; i++)
    if (!operate(cx, op, a, b, i, &r->items[i])) {
      r->items[i] = th_unset();
      th_release(*out);
      return false;
    }
  th_variable_array_done(cx, r);
  return true;
}

static bool array_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  (void)reuse;
  ThValue both[2];
  ThValue other = th_is_variable_array(a) ? b : a;
  if (th_is_conditional(other) || th_is_distribution(other)) return th_fail_operands(cx, op, a, b);
  if (!th_decay(cx, a, &both[0])) return false;
  bool ok = th_decay(cx, b, &both[1]);
  if (ok) {
    bool whole = op == TH_OP_MATRIX_PRODUCT || op == TH_OP_SOLVE || op == TH_OP_IN;
    ok = whole ? th_variable_operator(cx, op, both, 2, out) : elementwise(cx, op, both[0], both[1], out);
    th_release(both[1]);
  }
  th_release(both[0]);
  return ok;
}

typedef bool (*Change)(ThContext *cx, ThValue item, const void *self, ThValue *out);

static bool change_all(ThContext *cx, ThValue array, Change change, const void *self, ThValue *out) {
  const ThVariableArray *a = th_as_variable_array(array);
  ThVariableArray *r = th_variable_array_new(cx, NULL, a->length);
  if (!r) return false;
  r->columns = a->columns;
  *out = th_object(r);
  for (size_t i = 0; i < a->length; i++)
    if (!change(cx, a->items[i], self, &r->items[i])) {
      r->items[i] = th_unset();
      th_release(*out);
      return false;
    }
  th_variable_array_done(cx, r);
  return true;
}

static bool change_unary(ThContext *cx, ThValue item, const void *self, ThValue *out) {
  return th_unary(cx, *(const ThOperator *)self, item, out);
}

/* Rows and columns change places. */
static bool transpose(ThContext *cx, const ThVariableArray *a, ThValue *out) {
  size_t columns = a->columns, rows = a->length / columns;
  ThVariableArray *r = th_variable_array_new(cx, NULL, a->length);
  if (!r) return false;
  r->columns = rows;
  for (size_t i = 0; i < a->length; i++) r->items[i % columns * rows + i / columns] = th_retain(a->items[i]);
  th_variable_array_done(cx, r);
  *out = th_object(r);
  return true;
}

static bool array_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  if (op == TH_OP_TRANSPOSE) {
    if (th_as_variable_array(a)->columns) return transpose(cx, th_as_variable_array(a), out);
    *out = th_retain(a);
    return true;
  }
  return change_all(cx, a, change_unary, &op, out);
}

static bool change_call(ThContext *cx, ThValue item, const void *self, ThValue *out) {
  return th_call_values(cx, *(const ThValue *)self, &item, 1, out);
}

bool th_variable_array_map(ThContext *cx, ThValue function, ThValue array, ThValue *out) {
  return change_all(cx, array, change_call, &function, out);
}

static bool array_lift_call(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out) {
  const ThBuiltin *row = th_builtin_row(function);
  bool done, single = args->count == 1 && th_is_variable_array(args->values[0]);
  if (!th_variable_arrange(cx, function, args, &done, out)) return false;
  if (done) return true;
  if (single && row && row->scalar) return th_variable_array_map(cx, function, args->values[0], out);
  if (single && th_builtin_is(function, "sum")) return th_variable_sum(cx, args->values[0], out);
  return th_variable_apply(cx, function, args, out);
}

/* --- Indices */

/* The picked rows and columns of an array with `width` columns; a vector counts as one row. `columns` of the result is
 * 0 unless both are several. */
static bool pick(ThContext *cx, const ThVariableArray *a, size_t width, const ThSelection *rows,
                 const ThSelection *columns, ThValue *out) {
  if (rows->single && columns->single) {
    *out = th_retain(a->items[rows->first * width + columns->first]);
    return true;
  }
  ThVariableArray *part = th_variable_array_new(cx, NULL, rows->count * columns->count);
  if (!part) return false;
  part->columns = rows->single || columns->single ? 0 : columns->count;
  for (size_t i = 0; i < rows->count; i++)
    for (size_t j = 0; j < columns->count; j++)
      part->items[i * columns->count + j] = th_retain(
          a->items[th_selection_at(rows, i) * width + th_selection_at(columns, j)]);
  th_variable_array_done(cx, part);
  *out = th_object(part);
  return true;
}

static const ThSelection only_one = {.single = true, .count = 1};

static bool index_vector(ThContext *cx, const ThVariableArray *a, ThValue index, ThValue *out) {
  ThSelection selection;
  if (!th_select(cx, index, a->length, SIZE_MAX, false, &selection)) return false;
  bool ok = pick(cx, a, a->length, &only_one, &selection, out);
  th_selection_clear(cx, &selection);
  return ok;
}

/* W[i, j]; W[i] is a row. */
static bool index_matrix(ThContext *cx, const ThVariableArray *a, const ThValue *indices, size_t n,
                         ThValue *out) {
  ThSelection rows, columns;
  if (!th_select(cx, indices[0], a->length / a->columns, 0, false, &rows)) return false;
  bool ok = th_select(cx, n > 1 ? indices[1] : th_none(), a->columns, 1, false, &columns);
  if (ok) {
    ok = pick(cx, a, a->columns, &rows, &columns, out);
    th_selection_clear(cx, &columns);
  }
  th_selection_clear(cx, &rows);
  return ok;
}

static bool array_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  const ThVariableArray *a = th_as_variable_array(self);
  size_t axes = a->columns ? 2 : 1;
  if (n > axes)
    return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a %s of random variables takes %zu %s; got %zu",
                            a->columns ? "matrix" : "vector", axes, axes == 1 ? "index" : "indices", n);
  for (size_t k = 0; k < n; k++)
    if (th_is_variable(indices[k])) return th_variable_index(cx, self, indices, n, out);
  return a->columns ? index_matrix(cx, a, indices, n, out) : index_vector(cx, a, indices[0], out);
}

static bool array_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  const ThVariableArray *a = th_as_variable_array(self);
  size_t axes = a->columns ? 2 : 1;
  if (axis != SIZE_MAX && axis >= axes)
    return th_fail(cx, TH_ERROR_SHAPE, "a %s has %zu ax%ss; there is no axis %zu",
                   a->columns ? "matrix" : "vector", axes, axes == 1 ? "i" : "e", axis + 1);
  *out = a->columns ? (axis == 1 ? a->columns : a->length / a->columns) : a->length;
  return true;
}

const ThKind th_variable_array_kind = {
    .name = "array of random variables",
    .release = array_release,
    .format = th_variable_format,
    .get_index = array_get_index,
    .length = array_length,
    .binary = array_binary,
    .unary = array_unary,
    .lift_call = array_lift_call,
    .verb = th_variable_array_verb,
    .rank = 30,
};
