/* variable_arrange.c - calls that pick random variables, or add them up, one by one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/variable_arrange.h"

#include "lang/builtin.h"
#include "val/array.h"

/* How many numbers a vector has, of variables or not; 1 for a number. False for matrices and other values. */
static bool length_of(ThValue v, size_t *out) {
  *out = 1;
  if (th_is_scalar(v) || th_is_variable(v)) return true;
  if (th_is_variable_array(v)) {
    *out = th_as_variable_array(v)->length;
    return th_as_variable_array(v)->columns == 0;
  }
  if (!th_is_array(v) || th_as_array(v)->rank != 1 || th_as_array(v)->element == TH_COMPLEX) return false;
  *out = th_as_array(v)->length;
  return true;
}

static bool fits(size_t n, size_t wanted) { return n == wanted || n == 1; }

/* Of vectors whose lengths are known. */
static bool choose_all(ThContext *cx, const ThValue *v, size_t n, ThValue *out) {
  ThVariableArray *array = th_variable_array_new(cx, NULL, n);
  if (!array) return false;
  for (size_t i = 0; i < n; i++) {
    bool holds = th_as_scalar(th_variable_element(v[0], i)) != 0;
    array->items[i] = th_retain(th_variable_element(holds ? v[1] : v[2], i));
  }
  th_variable_array_done(cx, array);
  *out = th_object(array);
  return true;
}

static bool choose(ThContext *cx, const ThArguments *args, bool *done, ThValue *out) {
  size_t n, a, b;
  const ThValue *v = args->values;
  bool known = th_is_array(v[0]) && length_of(v[0], &n) && length_of(v[1], &a) && length_of(v[2], &b);
  *done = known && n > 0 && fits(a, n) && fits(b, n);
  return !*done || choose_all(cx, v, n, out);
}

static bool running_sums(ThContext *cx, ThValue x, ThValue *out) {
  const ThVariableArray *from = th_as_variable_array(x);
  ThVariableArray *array = th_variable_array_new(cx, NULL, from->length);
  if (!array) return false;
  *out = th_object(array);
  for (size_t i = 0; i < from->length; i++) {
    bool ok = true;
    if (i == 0) array->items[0] = th_retain(from->items[0]);
    else ok = th_binary(cx, TH_OP_ADD, array->items[i - 1], from->items[i], 0, &array->items[i]);
    if (ok) continue;
    array->items[i] = th_unset();
    th_release(*out);
    return false;
  }
  th_variable_array_done(cx, array);
  return true;
}

/* reshape(x, n) or reshape(x, rows, columns), row by row. */
static bool shape_anew(ThContext *cx, const ThArguments *args, bool *done, ThValue *out) {
  const ThVariableArray *from = th_as_variable_array(args->values[0]);
  double rows = th_as_scalar(args->values[1]), columns = args->count > 2 ? th_as_scalar(args->values[2]) : 1;
  *done = rows > 0 && columns > 0 && rows * columns == (double)from->length;
  if (!*done) return true;
  ThVariableArray *array = th_variable_array_new(cx, NULL, from->length);
  if (!array) return false;
  array->columns = args->count > 2 ? (size_t)columns : 0;
  for (size_t i = 0; i < from->length; i++) array->items[i] = th_retain(from->items[i]);
  th_variable_array_done(cx, array);
  *out = th_object(array);
  return true;
}

static bool is_reshape(ThValue function, const ThArguments *args) {
  bool counts = args->count > 1 && args->count < 4 && th_is_variable_array(args->values[0]);
  for (size_t i = 1; counts && i < args->count; i++) counts = th_is_scalar(args->values[i]);
  return counts && th_builtin_is(function, "reshape");
}

bool th_variable_arrange(ThContext *cx, ThValue function, const ThArguments *args, bool *done, ThValue *out) {
  *done = false;
  if (args->names) return true;
  if (args->count == 3 && th_builtin_is(function, "where")) return choose(cx, args, done, out);
  if (is_reshape(function, args)) return shape_anew(cx, args, done, out);
  bool sums = args->count == 1 && th_is_variable_array(args->values[0]) &&
              th_as_variable_array(args->values[0])->columns == 0 && th_builtin_is(function, "cumsum");
  if (!sums) return true;
  *done = true;
  return running_sums(cx, args->values[0], out);
}
