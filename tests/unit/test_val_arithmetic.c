/* test_val_arithmetic.c - tests of operators on all basic values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "val/array.h"
#include "val/basic.h"
#include "val/broadcast.h"

static ThValue vector(ThContext *cx, size_t n, const double *x) {
  ThValue v;
  ck_assert(th_vector_from(cx, x, n, &v));
  return v;
}

static ThValue shaped(ThContext *cx, uint32_t rank, const size_t *shape, const double *x) {
  ThArray *a = th_array_new(cx, TH_DOUBLE, rank, shape);
  ck_assert_ptr_nonnull(a);
  memcpy(a->real, x, a->length * sizeof *x);
  return th_object(a);
}

static ThValue matrix(ThContext *cx, size_t rows, size_t cols, const double *x) {
  return shaped(cx, 2, (size_t[]){rows, cols}, x);
}

static ThValue complex_value(ThContext *cx, double re, double im) {
  ThValue z;
  ck_assert(th_complex(cx, th_complex_of(re, im), &z));
  return z;
}

static ThValue string(ThContext *cx, const char *text) {
  ThValue s;
  ck_assert(th_string_of(cx, text, &s));
  return s;
}

static ThValue range(ThContext *cx, double first, double last) {
  ThValue r;
  ck_assert(th_range(cx, first, 1, last, &r));
  return r;
}

static void check_style(ThContext *cx, ThValue v, ThStyle style, const char *want) {
  ThText text;
  th_text_init(&text, &cx->heap);
  ck_assert(th_format(cx, v, style, &text));
  ck_assert_str_eq(th_text_string(&text), want);
  th_text_clear(&text);
  th_release(v);
}

static void check(ThContext *cx, ThValue v, const char *want) { check_style(cx, v, TH_STYLE_SOURCE, want); }

/* a op b, both taken, prints as `want`. */
static void check_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, const char *want) {
  ThValue out;
  ck_assert_msg(th_binary(cx, op, a, b, 0, &out), "%s", cx->error.message);
  th_release(a);
  th_release(b);
  check(cx, out, want);
}

/* a op b, both taken, fails with these words. */
static void check_error(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThErrorCode code,
                        const char *message, const char *hint) {
  ThValue out;
  ck_assert(!th_binary(cx, op, a, b, 0, &out));
  ck_assert_str_eq(cx->error.message, message);
  ck_assert_str_eq(cx->error.hint, hint);
  ck_assert_int_eq(cx->error.code, code);
  th_error_clear(cx);
  th_release(a);
  th_release(b);
}

static void check_unary(ThContext *cx, ThOperator op, ThValue a, const char *want) {
  ThValue out;
  ck_assert_msg(th_unary(cx, op, a, &out), "%s", cx->error.message);
  th_release(a);
  check_style(cx, out, TH_STYLE_INLINE, want);
}

static const struct {
  ThOperator op;
  double x, y;
  const char *want;
} scalars[] = {
    {TH_OP_ADD, 2.385, 1, "3.385"},
    {TH_OP_SUBTRACT, 2, 5, "-3"},
    {TH_OP_MULTIPLY, 2.5, 4, "10"},
    {TH_OP_DIVIDE, 7, 2, "3.5"},
    {TH_OP_DIVIDE, 1, 0, "inf"},
    {TH_OP_REMAINDER, 7, 3, "1"},
    {TH_OP_REMAINDER, -7, 3, "2"},
    {TH_OP_REMAINDER, 7, -3, "-2"},
    {TH_OP_REMAINDER, 6, 3, "0"},
    {TH_OP_REMAINDER, 5.5, 2, "1.5"},
    {TH_OP_REMAINDER, 1, 0, "nan"},
    {TH_OP_POWER, 2, 10, "1024"},
    {TH_OP_POWER, 2, -1, "0.5"},
    {TH_OP_POWER, -8, 1.0 / 3, "nan"},
    {TH_OP_EQUAL, 2, 2, "true"},
    {TH_OP_EQUAL, (double)NAN, (double)NAN, "false"},
    {TH_OP_NOT_EQUAL, (double)NAN, 1, "true"},
    {TH_OP_LESS, 1, 2, "true"},
    {TH_OP_LESS_EQUAL, 2, 2, "true"},
    {TH_OP_GREATER, 1, 2, "false"},
    {TH_OP_GREATER_EQUAL, 1, 2, "false"},
    {TH_OP_AND, 1, 0, "false"},
    {TH_OP_OR, 1, 0, "true"},
    {TH_OP_SOLVE, 4, 10, "2.5"},
};

START_TEST(numbers) {
  ThContext cx;
  unit_context(&cx);
  check_binary(&cx, scalars[_i].op, th_number(scalars[_i].x), th_number(scalars[_i].y), scalars[_i].want);
  unit_done(&cx);
}
END_TEST

/* Arrays give element by element what numbers give. */
START_TEST(arrays_agree_with_numbers) {
  ThContext cx;
  ThValue want, got, element;
  unit_context(&cx);
  for (size_t i = 0; i < COUNT(scalars); i++) {
    if (scalars[i].op == TH_OP_SOLVE) continue;
    double x[5], y[5];
    for (size_t k = 0; k < 5; k++) x[k] = scalars[i].x, y[k] = scalars[i].y;
    ThValue a = vector(&cx, 5, x), b = vector(&cx, 5, y);
    ThValue pairs[3][2] = {{a, b}, {a, th_number(y[0])}, {th_number(x[0]), b}};
    ck_assert(th_binary(&cx, scalars[i].op, th_number(x[0]), th_number(y[0]), 0, &want));
    for (size_t k = 0; k < 3; k++) {
      ck_assert(th_binary(&cx, scalars[i].op, pairs[k][0], pairs[k][1], 0, &got));
      ck_assert_uint_eq(th_as_array(got)->length, 5);
      ck_assert(th_array_get(&cx, th_as_array(got), 4, &element));
      ck_assert_uint_eq(element.bits, want.bits);
      th_release(got);
    }
    th_release(a);
    th_release(b);
  }
  unit_done(&cx);
}
END_TEST

START_TEST(bools_count_as_numbers) {
  ThContext cx;
  unit_context(&cx);
  check_binary(&cx, TH_OP_ADD, th_bool(true), th_bool(true), "2");
  check_binary(&cx, TH_OP_MULTIPLY, th_bool(true), th_number(2.5), "2.5");
  check_binary(&cx, TH_OP_AND, th_bool(true), th_bool(false), "false");
  check_unary(&cx, TH_OP_NEGATE, th_bool(true), "-1");
  check_unary(&cx, TH_OP_NOT, th_bool(true), "false");
  check_unary(&cx, TH_OP_NOT, th_number(0), "true");
  ThArray *m = th_vector_new(&cx, TH_BOOL, 3);
  memcpy(m->bools, (uint8_t[]){1, 0, 1}, 3);
  check_binary(&cx, TH_OP_ADD, th_retain(th_object(m)), th_retain(th_object(m)), "[2, 0, 2]");
  check_binary(&cx, TH_OP_AND, th_retain(th_object(m)), vector(&cx, 3, (double[]){1, 1, 0}),
               "[true, false, false]");
  check_binary(&cx, TH_OP_OR, th_bool(false), th_retain(th_object(m)), "[true, false, true]");
  check_unary(&cx, TH_OP_NOT, th_retain(th_object(m)), "[false, true, false]");
  check_unary(&cx, TH_OP_NEGATE, th_object(m), "[-1, 0, -1]");
  check_error(&cx, TH_OP_AND, th_number(2.5), th_bool(true), TH_ERROR_TYPE,
              "`and` takes true and false (or 0 and 1); got 2.5", "compare it: `… != 0`, `… > 0`");
  unit_done(&cx);
}
END_TEST

START_TEST(complex_arithmetic) {
  ThContext cx;
  unit_context(&cx);
  check_binary(&cx, TH_OP_ADD, th_number(1), complex_value(&cx, 0, 2), "1 + 2i");
  check_binary(&cx, TH_OP_MULTIPLY, complex_value(&cx, 0, 1), complex_value(&cx, 0, 1), "-1 + 0i");
  check_binary(&cx, TH_OP_POWER, complex_value(&cx, 0, 1), th_number(2), "-1 + 0i");
  check_binary(&cx, TH_OP_POWER, complex_value(&cx, 0, 1), th_number(-1), "0 - 1i");
  check_binary(&cx, TH_OP_DIVIDE, complex_value(&cx, 1, 2), complex_value(&cx, 1, 2), "1 + 0i");
  check_binary(&cx, TH_OP_EQUAL, complex_value(&cx, 1, 0), th_number(1), "true");
  check_binary(&cx, TH_OP_ADD, vector(&cx, 2, (double[]){1, 2}), complex_value(&cx, 0, 1),
               "[1 + 1i, 2 + 1i]");
  check_binary(&cx, TH_OP_EQUAL, vector(&cx, 2, (double[]){1, 2}), complex_value(&cx, 2, 0), "[false, true]");
  check_unary(&cx, TH_OP_NEGATE, complex_value(&cx, 1, -2), "-1 + 2i");
  check_error(&cx, TH_OP_LESS, complex_value(&cx, 1, 2), th_number(1), TH_ERROR_TYPE,
              "`<` is not defined for complex numbers", "they have no order; compare `abs(z)` or `re(z)`");
  unit_done(&cx);
}
END_TEST

START_TEST(shapes_broadcast) {
  ThContext cx;
  unit_context(&cx);
  double six[] = {1, 2, 3, 4, 5, 6};
  check_binary(&cx, TH_OP_ADD, matrix(&cx, 2, 3, six), vector(&cx, 3, (double[]){10, 20, 30}),
               "[11, 22, 33; 14, 25, 36]");
  check_binary(&cx, TH_OP_ADD, vector(&cx, 3, (double[]){10, 20, 30}), matrix(&cx, 2, 3, six),
               "[11, 22, 33; 14, 25, 36]");
  check_binary(&cx, TH_OP_SUBTRACT, matrix(&cx, 2, 3, six), matrix(&cx, 2, 1, (double[]){1, 4}),
               "[0, 1, 2; 0, 1, 2]");
  check_binary(&cx, TH_OP_MULTIPLY, matrix(&cx, 2, 1, (double[]){1, 2}),
               matrix(&cx, 1, 3, (double[]){1, 10, 100}), "[1, 10, 100; 2, 20, 200]");
  check_binary(&cx, TH_OP_ADD, shaped(&cx, 3, (size_t[]){2, 1, 2}, (double[]){1, 2, 3, 4}),
               matrix(&cx, 2, 1, (double[]){10, 20}), "[[11, 12; 21, 22], [13, 14; 23, 24]]");
  check_binary(&cx, TH_OP_ADD, matrix(&cx, 2, 3, six), vector(&cx, 1, (double[]){10}),
               "[11, 12, 13; 14, 15, 16]");
  check_binary(&cx, TH_OP_ADD, vector(&cx, 0, six), th_number(1), "[]");
  check_binary(&cx, TH_OP_MULTIPLY, range(&cx, 1, 3), th_number(2), "[2, 4, 6]");
  unit_done(&cx);
}
END_TEST

START_TEST(shapes_that_do_not_match_are_explained) {
  ThContext cx;
  double x[10] = {0};
  unit_context(&cx);
  check_error(&cx, TH_OP_ADD, matrix(&cx, 5, 2, x), vector(&cx, 3, x), TH_ERROR_SHAPE,
              "shapes (5, 2) and (3) do not match", "");
  check_error(&cx, TH_OP_ADD, matrix(&cx, 5, 2, x), vector(&cx, 5, x), TH_ERROR_SHAPE,
              "shapes (5, 2) and (5) do not match",
              "a vector runs along the last axis; down the rows it is `col(b)`");
  check_error(&cx, TH_OP_MULTIPLY, matrix(&cx, 5, 2, x), matrix(&cx, 2, 3, x), TH_ERROR_SHAPE,
              "shapes (5, 2) and (2, 3) do not match", "`*` is elementwise; the matrix product is `A @ b`");
  check_error(&cx, TH_OP_SUBTRACT, vector(&cx, 4, x), matrix(&cx, 4, 1, x), TH_ERROR_SHAPE,
              "shapes (4) and (4, 1) would broadcast to (4, 4)",
              "make both (4): `y[:, 1]`; a table of all pairs is made by `outer`");
  check_error(&cx, TH_OP_EQUAL, matrix(&cx, 2, 3, x), vector(&cx, 3, x), TH_ERROR_SHAPE,
              "shapes (2, 3) and (3) differ: `==` compares arrays of one shape",
              "whether the shapes agree is `all(shape(…) == shape(…))`");
  check_binary(&cx, TH_OP_ADD, vector(&cx, 1, x), matrix(&cx, 1, 1, x), "[[0]]");
  unit_done(&cx);
}
END_TEST

START_TEST(last_references_are_overwritten) {
  ThContext cx;
  ThValue out;
  unit_context(&cx);
  ThValue a = vector(&cx, 3, (double[]){1, 2, 3}), b = vector(&cx, 3, (double[]){10, 20, 30});
  ck_assert(th_binary(&cx, TH_OP_ADD, a, b, TH_REUSE_LEFT, &out));
  ck_assert_uint_eq(out.bits, a.bits);
  th_release(out);
  ck_assert(th_binary(&cx, TH_OP_SUBTRACT, th_number(1), b, TH_REUSE_RIGHT, &out));
  ck_assert_uint_eq(out.bits, b.bits);
  th_release(out);
  ck_assert(th_binary(&cx, TH_OP_ADD, a, b, 0, &out));
  ck_assert_uint_ne(out.bits, a.bits);
  th_release(out);
  ck_assert(th_binary(&cx, TH_OP_LESS, a, b, TH_REUSE_LEFT | TH_REUSE_RIGHT, &out));
  ck_assert_uint_ne(out.bits, a.bits);
  th_release(out);
  th_retain(a);
  ck_assert(th_binary(&cx, TH_OP_ADD, a, b, TH_REUSE_LEFT, &out));
  ck_assert_uint_ne(out.bits, a.bits);
  th_release_all((ThValue[]){out, a}, 2);
  check(&cx, a, "[11, 22, 33]");
  check(&cx, b, "[-9, -19, -29]");
  unit_done(&cx);
}
END_TEST

START_TEST(matrix_products) {
  ThContext cx;
  unit_context(&cx);
  double x[] = {1, 2, 3, 4};
  ThValue a = matrix(&cx, 2, 2, x), v = vector(&cx, 2, (double[]){1, 10});
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(a), th_retain(a), "[7, 10; 15, 22]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(a), th_retain(v), "[21, 43]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(v), th_retain(a), "[31, 42]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(v), th_retain(v), "101");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, range(&cx, 1, 2), th_retain(v), "21");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, matrix(&cx, 1, 2, x), matrix(&cx, 2, 1, x), "[[5]]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, shaped(&cx, 2, (size_t[]){2, 0}, x),
               shaped(&cx, 2, (size_t[]){0, 2}, x), "[0, 0; 0, 0]");
  check_error(&cx, TH_OP_MATRIX_PRODUCT, matrix(&cx, 1, 2, x), vector(&cx, 3, x), TH_ERROR_SHAPE,
              "`@` sums over the last axis of (1, 2) and the axis of (3), which differ in length", "");
  check_error(&cx, TH_OP_MATRIX_PRODUCT, matrix(&cx, 2, 1, x), vector(&cx, 2, x), TH_ERROR_SHAPE,
              "`@` sums over the last axis of (2, 1) and the axis of (2), which differ in length",
              "`A' @ B` fits");
  check_error(&cx, TH_OP_MATRIX_PRODUCT, th_number(2), vector(&cx, 2, x), TH_ERROR_TYPE,
              "`@` is the product of matrices and vectors; the left side is a number",
              "a number multiplies with `*`: `a*b`");
  th_release(a);
  th_release(v);
  unit_done(&cx);
}
END_TEST

START_TEST(products_of_stacks) {
  ThContext cx;
  unit_context(&cx);
  double x[] = {1, 2, 3, 4, 5, 6, 7, 8}, twice[] = {2, 0, 0, 2};
  ThValue s = shaped(&cx, 3, (size_t[]){2, 2, 2}, x), m = matrix(&cx, 2, 2, twice);
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(s), th_retain(m), "[[2, 4; 6, 8], [10, 12; 14, 16]]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(m), th_retain(s), "[[2, 4; 6, 8], [10, 12; 14, 16]]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(s), th_retain(s), "[[7, 10; 15, 22], [67, 78; 91, 106]]");
  check_binary(&cx, TH_OP_MATRIX_PRODUCT, th_retain(s), vector(&cx, 2, (double[]){1, 1}), "[3, 7; 11, 15]");
  check_unary(&cx, TH_OP_TRANSPOSE, s, "[[1, 3; 2, 4], [5, 7; 6, 8]]");
  th_release(m);
  unit_done(&cx);
}
END_TEST

START_TEST(transposes_and_inverses) {
  ThContext cx;
  unit_context(&cx);
  double x[] = {1, 2, 3, 4, 5, 6};
  check_unary(&cx, TH_OP_TRANSPOSE, matrix(&cx, 2, 3, x), "[1, 4; 2, 5; 3, 6]");
  check_unary(&cx, TH_OP_TRANSPOSE, vector(&cx, 2, x), "[1, 2]");
  check_unary(&cx, TH_OP_TRANSPOSE, th_number(2.5), "2.5");
  check_unary(&cx, TH_OP_INVERSE, th_number(4), "0.25");
  check_unary(&cx, TH_OP_INVERSE, vector(&cx, 2, (double[]){2, 4}), "[0.5, 0.25]");
  check_unary(&cx, TH_OP_INVERSE, matrix(&cx, 2, 2, (double[]){0, 2, 4, 0}), "[0, 0.25; 0.5, 0]");
  ThValue out, wide = matrix(&cx, 2, 3, x);
  ck_assert(!th_unary(&cx, TH_OP_INVERSE, wide, &out));
  ck_assert_str_eq(cx.error.message, "only a square matrix has an inverse; got shape (2, 3)");
  ck_assert_str_eq(cx.error.hint, "least squares is `X \\ y`; the pseudo-inverse is `pinv(X)`");
  th_error_clear(&cx);
  th_release(wide);
  unit_done(&cx);
}
END_TEST

START_TEST(systems_are_solved) {
  ThContext cx;
  unit_context(&cx);
  double a[] = {0, 2, 4, 0}, singular[] = {1, 2, 2, 4};
  check_binary(&cx, TH_OP_SOLVE, matrix(&cx, 2, 2, a), vector(&cx, 2, (double[]){2, 2}), "[0.5, 1]");
  check_binary(&cx, TH_OP_SOLVE, matrix(&cx, 2, 2, a), matrix(&cx, 2, 1, (double[]){2, 2}), "[0.5; 1]");
  check_error(&cx, TH_OP_SOLVE, matrix(&cx, 2, 2, singular), vector(&cx, 2, (double[]){1, 1}),
              TH_ERROR_NUMERIC, "the matrix is singular: rank 1 of 2",
              "the solution of least norm is `pinv(A) @ b`");
  check_error(&cx, TH_OP_SOLVE, matrix(&cx, 2, 2, a), vector(&cx, 3, (double[]){1, 1, 1}), TH_ERROR_SHAPE,
              "`\\` needs as many rows on the right as on the left; got shapes (2, 2) and (3)", "");
  unit_done(&cx);
}
END_TEST

static void name_operand(ThContext *cx, size_t index, char *text, size_t size) {
  (void)cx;
  snprintf(text, size, "%s", index ? "y" : "Φ' @ Φ");
}

START_TEST(a_singular_gram_matrix_suggests_least_squares) {
  ThContext cx;
  ThValue out;
  unit_context(&cx);
  cx.operand_text = name_operand;
  ThValue a = matrix(&cx, 2, 2, (double[]){1, 2, 2, 4});
  ck_assert(!th_unary(&cx, TH_OP_INVERSE, a, &out));
  ck_assert_str_eq(cx.error.message, "`Φ' @ Φ` is singular: rank 1 of 2");
  ck_assert_str_eq(cx.error.hint, "the solution of least norm is `Φ \\ y`");
  th_error_clear(&cx);
  th_release(a);
  unit_done(&cx);
}
END_TEST

START_TEST(strings_join_and_compare) {
  ThContext cx;
  unit_context(&cx);
  check_binary(&cx, TH_OP_ADD, string(&cx, "naï"), string(&cx, "ve"), "\"naïve\"");
  check_binary(&cx, TH_OP_EQUAL, string(&cx, "a"), string(&cx, "a"), "true");
  check_binary(&cx, TH_OP_EQUAL, string(&cx, "a"), th_number(1), "false");
  check_binary(&cx, TH_OP_NOT_EQUAL, th_number(1), string(&cx, "a"), "true");
  check_binary(&cx, TH_OP_LESS, string(&cx, "a"), string(&cx, "b"), "true");
  check_binary(&cx, TH_OP_IN, string(&cx, "aï"), string(&cx, "naïve"), "true");
  check_error(&cx, TH_OP_ADD, string(&cx, "n = "), th_number(3), TH_ERROR_TYPE,
              "`+` is not defined for a string and a number",
              "a value is written into a string by `$`: \"… $x\"");
  check_error(&cx, TH_OP_MULTIPLY, string(&cx, "a"), string(&cx, "b"), TH_ERROR_TYPE,
              "`*` is not defined for a string and a string", "");
  unit_done(&cx);
}
END_TEST

START_TEST(membership) {
  ThContext cx;
  unit_context(&cx);
  check_binary(&cx, TH_OP_IN, th_number(2), vector(&cx, 2, (double[]){1, 2}), "true");
  check_binary(&cx, TH_OP_IN, th_number(2.5), range(&cx, 1, 9), "false");
  check_binary(&cx, TH_OP_IN, range(&cx, 1, 3), vector(&cx, 2, (double[]){1, 3}), "[true, false, true]");
  ThList *list = th_list_new(&cx, 2);
  ck_assert(th_list_push_take(&cx, list, string(&cx, "x")) && th_list_push_take(&cx, list, th_number(2)));
  check_binary(&cx, TH_OP_IN, string(&cx, "x"), th_retain(th_object(list)), "true");
  check_binary(&cx, TH_OP_IN, th_number(3), th_object(list), "false");
  check_error(&cx, TH_OP_IN, th_number(1), th_number(2), TH_ERROR_TYPE,
              "`in` looks into an array, list, string or interval; got a number",
              "an interval is `x in (a, b)`; to compare write `==`");
  unit_done(&cx);
}
END_TEST

static ThValue record(ThContext *cx, double a, const double *b) {
  ThRecord *r = th_record_new(cx, 0);
  ck_assert(th_record_set_text(cx, r, "a", th_number(a)));
  ck_assert(th_record_set_text(cx, r, "b", vector(cx, 2, b)));
  return th_object(r);
}

START_TEST(records_go_field_by_field) {
  ThContext cx;
  unit_context(&cx);
  cx.symbols = th_symbols_new(&cx);
  double b[] = {1, 2};
  check_binary(&cx, TH_OP_ADD, record(&cx, 1, b), record(&cx, 2.5, b), "(a = 3.5, b = [2, 4])");
  check_binary(&cx, TH_OP_MULTIPLY, th_number(0.5), record(&cx, 3, b), "(a = 1.5, b = [0.5, 1])");
  check_binary(&cx, TH_OP_EQUAL, record(&cx, 1, b), record(&cx, 1, b), "true");
  check_binary(&cx, TH_OP_EQUAL, record(&cx, 1, b), record(&cx, 2, b), "false");
  check_unary(&cx, TH_OP_NEGATE, record(&cx, 1, b), "(a = -1, b = [-1, -2])");
  ThValue more = record(&cx, 1, b);
  ck_assert(th_record_set_text(&cx, th_as_record(more), "c", th_number(1)));
  check_error(&cx, TH_OP_ADD, record(&cx, 1, b), more, TH_ERROR_VALUE,
              "the records have different fields: only the right one has `c`", "");
  check_error(&cx, TH_OP_LESS, record(&cx, 1, b), th_number(1), TH_ERROR_TYPE,
              "`<` is not defined for a record and a number", "");
  th_symbols_free(&cx, cx.symbols);
  unit_done(&cx);
}
END_TEST

START_TEST(estimates_stand_for_their_values) {
  ThContext cx;
  ThValue e;
  unit_context(&cx);
  ck_assert(th_estimate(&cx, 0.25, 0.01, "Monte Carlo", NULL, &e));
  check_binary(&cx, TH_OP_MULTIPLY, th_number(2), th_retain(e), "0.5");
  check_binary(&cx, TH_OP_ADD, th_retain(e), vector(&cx, 2, (double[]){1, 2}), "[1.25, 2.25]");
  check_binary(&cx, TH_OP_EQUAL, th_retain(e), th_number(0.25), "true");
  check_unary(&cx, TH_OP_NEGATE, e, "-0.25");
  unit_done(&cx);
}
END_TEST

static bool attempt_arithmetic(ThContext *cx) {
  ThValue a, z = th_none(), out = th_none(), more = th_none();
  if (!th_vector_from(cx, (double[]){1, 2, 3}, 3, &a)) return false;
  bool ok = th_complex(cx, th_complex_of(0, 1), &z) && th_binary(cx, TH_OP_MULTIPLY, a, z, 0, &out) &&
            th_binary(cx, TH_OP_ADD, out, a, 0, &more);
  th_release_all((ThValue[]){a, z, out, more}, 4);
  return ok;
}

static bool attempt_record(ThContext *cx) {
  ThValue out = th_none();
  ThRecord *r = th_record_new(cx, 0);
  bool ok = r && th_record_set_text(cx, r, "a", th_number(1)) &&
            th_record_set_text(cx, r, "b", th_number(2)) &&
            th_binary(cx, TH_OP_ADD, th_object(r), th_number(1), 0, &out);
  if (r) th_release(th_object(r));
  th_release(out);
  return ok;
}

START_TEST(arithmetic_survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt_arithmetic);
  cx.symbols = th_symbols_new(&cx);
  ck_assert_ptr_nonnull(th_symbol_of(&cx, "a"));
  ck_assert_ptr_nonnull(th_symbol_of(&cx, "b"));
  unit_refuse_each(&cx, attempt_record);
  th_symbols_free(&cx, cx.symbols);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_val_arithmetic(void) {
  Suite *suite = suite_create("val_arithmetic");
  ADD_ROWS(suite, numbers, COUNT(scalars));
  ADD(suite, arrays_agree_with_numbers);
  ADD(suite, bools_count_as_numbers);
  ADD(suite, complex_arithmetic);
  ADD(suite, shapes_broadcast);
  ADD(suite, shapes_that_do_not_match_are_explained);
  ADD(suite, last_references_are_overwritten);
  ADD(suite, matrix_products);
  ADD(suite, products_of_stacks);
  ADD(suite, transposes_and_inverses);
  ADD(suite, systems_are_solved);
  ADD(suite, a_singular_gram_matrix_suggests_least_squares);
  ADD(suite, strings_join_and_compare);
  ADD(suite, membership);
  ADD(suite, records_go_field_by_field);
  ADD(suite, estimates_stand_for_their_values);
  ADD(suite, arithmetic_survives_refused_memory);
  return suite;
}
