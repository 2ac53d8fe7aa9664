/* test_val_array.c - tests of arrays: making, indexing, assigning, stacking */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "val/array.h"
#include "val/basic.h"

static ThValue vector(ThContext *cx, size_t n, const double *x) {
  ThValue v;
  ck_assert(th_vector_from(cx, x, n, &v));
  return v;
}

/* 1, 2, 3, … row by row */
static ThValue counted(ThContext *cx, uint32_t rank, const size_t *shape) {
  ThArray *a = th_array_new(cx, TH_DOUBLE, rank, shape);
  ck_assert_ptr_nonnull(a);
  for (size_t i = 0; i < a->length; i++) a->real[i] = (double)i + 1;
  return th_object(a);
}

static ThValue mask(ThContext *cx, size_t n, const uint8_t *bits) {
  ThArray *a = th_vector_new(cx, TH_BOOL, n);
  ck_assert_ptr_nonnull(a);
  memcpy(a->bools, bits, n);
  return th_object(a);
}

static ThValue range(ThContext *cx, double first, double step, double last) {
  ThValue r;
  ck_assert(th_range(cx, first, step, last, &r));
  return r;
}

/* The value, taken, prints on one line as `want`. */
static void check(ThContext *cx, ThValue v, const char *want) {
  ThText text;
  th_text_init(&text, &cx->heap);
  ck_assert(th_format(cx, v, TH_STYLE_SOURCE, &text));
  ck_assert_str_eq(th_text_string(&text), want);
  th_text_clear(&text);
  th_release(v);
}

/* v[i…] prints as `want`; takes the indices. */
static void check_index(ThContext *cx, ThValue v, size_t n, ThValue *indices, const char *want) {
  ThValue out;
  ck_assert_msg(th_get_index(cx, v, indices, n, &out), "%s", cx->error.message);
  th_release_all(indices, n);
  check(cx, out, want);
}

/* v[i…] = value makes *v print as `want`; takes indices and value. */
static void check_assign(ThContext *cx, ThValue *v, size_t n, ThValue *indices, ThValue value,
                         const char *want) {
  ck_assert_msg(th_set_index(cx, v, indices, n, value), "%s", cx->error.message);
  th_release_all(indices, n);
  th_release(value);
  check(cx, th_retain(*v), want);
}

static void check_error(ThContext *cx, ThErrorCode code, const char *message) {
  ck_assert_int_eq(cx->error.code, code);
  ck_assert_str_eq(cx->error.message, message);
  th_error_clear(cx);
}

START_TEST(vectors_are_indexed_from_one) {
  ThContext cx;
  unit_context(&cx);
  ThValue v = vector(&cx, 4, (double[]){5, 3, 8, 1.5});
  check_index(&cx, v, 1, (ThValue[]){th_number(1)}, "5");
  check_index(&cx, v, 1, (ThValue[]){th_number(4)}, "1.5");
  check_index(&cx, v, 1, (ThValue[]){th_none()}, "[5, 3, 8, 1.5]");
  check_index(&cx, v, 1, (ThValue[]){range(&cx, 2, 1, 3)}, "[3, 8]");
  check_index(&cx, v, 1, (ThValue[]){range(&cx, 4, -2, 1)}, "[1.5, 3]");
  check_index(&cx, v, 1, (ThValue[]){range(&cx, 3, 1, 2)}, "[]");
  check_index(&cx, v, 1, (ThValue[]){vector(&cx, 3, (double[]){1, 3, 1})}, "[5, 8, 5]");
  check_index(&cx, v, 1, (ThValue[]){mask(&cx, 4, (uint8_t[]){1, 0, 1, 0})}, "[5, 8]");
  check_index(&cx, v, 1, (ThValue[]){counted(&cx, 2, (size_t[]){2, 2})}, "[5, 3; 8, 1.5]");
  th_release(v);
  unit_done(&cx);
}
END_TEST

START_TEST(matrices_are_indexed_by_axis) {
  ThContext cx;
  unit_context(&cx);
  ThValue a = counted(&cx, 2, (size_t[]){3, 4});
  check_index(&cx, a, 2, (ThValue[]){th_number(2), th_number(3)}, "7");
  check_index(&cx, a, 1, (ThValue[]){th_number(2)}, "[5, 6, 7, 8]");
  check_index(&cx, a, 2, (ThValue[]){th_number(3), th_none()}, "[9, 10, 11, 12]");
  check_index(&cx, a, 2, (ThValue[]){th_none(), th_number(2)}, "[2, 6, 10]");
  check_index(&cx, a, 2, (ThValue[]){range(&cx, 1, 1, 1), th_none()}, "[[1, 2, 3, 4]]");
  check_index(&cx, a, 2, (ThValue[]){range(&cx, 2, 1, 3), range(&cx, 4, -3, 1)}, "[8, 5; 12, 9]");
  check_index(&cx, a, 2, (ThValue[]){mask(&cx, 3, (uint8_t[]){1, 0, 1}), th_number(4)}, "[4, 12]");
  ThArray *all = th_matrix_new(&cx, TH_BOOL, 3, 4);
  for (size_t i = 0; i < 12; i++) all->bools[i] = i % 5 == 0;
  check_index(&cx, a, 1, (ThValue[]){th_object(all)}, "[1, 6, 11]");
  th_release(a);
  unit_done(&cx);
}
END_TEST

START_TEST(stacks_are_indexed) {
  ThContext cx;
  unit_context(&cx);
  ThValue a = counted(&cx, 3, (size_t[]){2, 3, 2});
  check_index(&cx, a, 1, (ThValue[]){th_number(2)}, "[7, 8; 9, 10; 11, 12]");
  check_index(&cx, a, 3, (ThValue[]){th_none(), th_number(2), th_none()}, "[3, 4; 9, 10]");
  check_index(&cx, a, 3, (ThValue[]){th_number(2), th_none(), th_number(1)}, "[7, 9, 11]");
  check_index(&cx, a, 3, (ThValue[]){th_number(1), th_number(3), th_number(2)}, "6");
  check_index(&cx, a, 2, (ThValue[]){vector(&cx, 2, (double[]){2, 1}), th_number(1)}, "[7, 8; 1, 2]");
  th_release(a);
  unit_done(&cx);
}
END_TEST

static const struct {
  double index;
  const char *message, *hint;
} bad_indices[] = {
    {0, "indices start at 1; got 0", "the first element is `x[1]`"},
    {-1, "indices start at 1; got -1", "the last element is `x[end]`"},
    {-3, "indices start at 1; got -3", "from the end: `x[end-2]`"},
    {4, "index 4 is past the end of this value, which has length 3", ""},
    {2.5, "an index is a whole number; got 2.5", "`floor(i)` or `round(i)` makes it whole"},
    {(double)NAN, "an index is a whole number; got nan", ""},
};

START_TEST(bad_indices_are_errors) {
  ThContext cx;
  ThValue out, index = th_number(bad_indices[_i].index);
  unit_context(&cx);
  ThValue v = vector(&cx, 3, (double[]){1, 2, 3});
  ck_assert(!th_get_index(&cx, v, &index, 1, &out));
  ck_assert_str_eq(cx.error.hint, bad_indices[_i].hint);
  check_error(&cx, TH_ERROR_VALUE, bad_indices[_i].message);
  ThValue same = th_retain(v);
  if (bad_indices[_i].index != 4) ck_assert(!th_set_index(&cx, &v, &index, 1, th_number(1)));
  th_error_clear(&cx);
  th_release(same);
  th_release(v);
  unit_done(&cx);
}
END_TEST

START_TEST(wrong_shapes_of_indices_are_errors) {
  ThContext cx;
  ThValue out;
  unit_context(&cx);
  ThValue a = counted(&cx, 2, (size_t[]){3, 4}), m = mask(&cx, 2, (uint8_t[]){1, 0}), s;
  ck_assert(!th_get_index(&cx, a, (ThValue[]){th_number(4)}, 1, &out));
  check_error(&cx, TH_ERROR_VALUE, "row 4 is past the end of this value, which has 3 rows");
  ck_assert(!th_get_index(&cx, a, (ThValue[]){th_number(1), th_number(5)}, 2, &out));
  check_error(&cx, TH_ERROR_VALUE, "column 5 is past the end of this value, which has 4 columns");
  ck_assert(!th_get_index(&cx, a, (ThValue[]){th_number(1), th_number(1), th_number(1)}, 3, &out));
  check_error(&cx, TH_ERROR_SHAPE, "3 indices for an array of shape (3, 4), which takes up to 2");
  ck_assert(!th_get_index(&cx, a, &m, 1, &out));
  check_error(&cx, TH_ERROR_SHAPE, "the mask has shape (2), but there are 3 elements to choose from");
  ck_assert(th_string_of(&cx, "x", &s));
  ck_assert(!th_get_index(&cx, a, &s, 1, &out));
  check_error(&cx, TH_ERROR_TYPE,
              "an index is a whole number, a range, a mask or an array of numbers; got a string");
  th_release(s);
  th_release(m);
  th_release(a);
  unit_done(&cx);
}
END_TEST

START_TEST(elements_are_assigned) {
  ThContext cx;
  unit_context(&cx);
  ThValue v = vector(&cx, 4, (double[]){5, 3, 8, 1});
  check_assign(&cx, &v, 1, (ThValue[]){th_number(2)}, th_number(9), "[5, 9, 8, 1]");
  check_assign(&cx, &v, 1, (ThValue[]){mask(&cx, 4, (uint8_t[]){1, 0, 1, 0})}, th_number(0), "[0, 9, 0, 1]");
  check_assign(&cx, &v, 1, (ThValue[]){range(&cx, 1, 1, 3)}, vector(&cx, 3, (double[]){4, 5, 6}),
               "[4, 5, 6, 1]");
  check_assign(&cx, &v, 1, (ThValue[]){vector(&cx, 2, (double[]){4, 1})}, range(&cx, 7, 1, 8),
               "[8, 5, 6, 7]");
  check_assign(&cx, &v, 1, (ThValue[]){th_none()}, th_number(2.5), "[2.5, 2.5, 2.5, 2.5]");
  th_release(v);
  ThValue a = counted(&cx, 2, (size_t[]){2, 3});
  check_assign(&cx, &a, 2, (ThValue[]){th_number(2), th_number(3)}, th_number(0), "[1, 2, 3; 4, 5, 0]");
  check_assign(&cx, &a, 2, (ThValue[]){th_none(), th_number(1)}, vector(&cx, 2, (double[]){7, 8}),
               "[7, 2, 3; 8, 5, 0]");
  check_assign(&cx, &a, 1, (ThValue[]){th_number(1)}, vector(&cx, 3, (double[]){1, 1, 1}),
               "[1, 1, 1; 8, 5, 0]");
  check_assign(&cx, &a, 2, (ThValue[]){th_none(), th_none()}, vector(&cx, 3, (double[]){1, 2, 3}),
               "[1, 2, 3; 1, 2, 3]");
  check_assign(&cx, &a, 2, (ThValue[]){th_none(), th_number(2)}, counted(&cx, 2, (size_t[]){2, 1}),
               "[1, 1, 3; 1, 2, 3]");
  th_release(a);
  unit_done(&cx);
}
END_TEST

START_TEST(assignment_copies_what_is_shared) {
  ThContext cx;
  ThValue one = th_number(1);
  unit_context(&cx);
  ThValue v = vector(&cx, 2, (double[]){5, 3}), same = th_retain(v);
  ck_assert(th_set_index(&cx, &v, &one, 1, th_number(9)));
  check(&cx, th_retain(same), "[5, 3]");
  check(&cx, th_retain(v), "[9, 3]");
  ck_assert_uint_eq(th_as_object(same)->references, 1);
  th_release(same);
  th_release(v);
  unit_done(&cx);
}
END_TEST

START_TEST(appending_is_amortised) {
  ThContext cx;
  unit_context(&cx);
  ThValue v = vector(&cx, 0, (double[]){0});
  size_t before = cx.heap.allocations;
  for (int i = 1; i <= 10000; i++) {
    ThValue index = th_number(i);
    ck_assert(th_set_index(&cx, &v, &index, 1, th_number(0.5 * i)));
  }
  ck_assert_uint_lt(cx.heap.allocations - before, 40);
  ck_assert_uint_eq(th_as_array(v)->length, 10000);
  ck_assert_double_eq(th_as_array(v)->real[9999], 5000);
  th_release(v);
  ThValue rows = vector(&cx, 0, (double[]){0});
  check_assign(&cx, &rows, 1, (ThValue[]){th_number(1)}, vector(&cx, 2, (double[]){1, 2}), "[[1, 2]]");
  check_assign(&cx, &rows, 2, (ThValue[]){th_number(2), th_none()}, vector(&cx, 2, (double[]){3, 4}),
               "[1, 2; 3, 4]");
  check_assign(&cx, &rows, 1, (ThValue[]){th_number(3)}, th_number(0), "[1, 2; 3, 4; 0, 0]");
  ck_assert(!th_set_index(&cx, &rows, (ThValue[]){th_number(5)}, 1, th_number(0)));
  th_error_clear(&cx);
  ThValue longer = vector(&cx, 3, (double[]){1, 2, 3});
  ck_assert(!th_set_index(&cx, &rows, (ThValue[]){th_number(4)}, 1, longer));
  check_error(&cx, TH_ERROR_SHAPE, "a value of shape (3) cannot be appended to an array of shape (3, 2)");
  th_release(longer);
  th_release(rows);
  unit_done(&cx);
}
END_TEST

START_TEST(element_types_widen) {
  ThContext cx;
  ThValue z, s, one = th_number(1);
  unit_context(&cx);
  ThValue v = mask(&cx, 2, (uint8_t[]){1, 0});
  check_assign(&cx, &v, 1, (ThValue[]){th_number(2)}, th_bool(true), "[true, true]");
  check_assign(&cx, &v, 1, (ThValue[]){th_number(2)}, th_number(2.5), "[1, 2.5]");
  ck_assert(th_complex(&cx, th_complex_of(0, 1), &z));
  check_assign(&cx, &v, 1, (ThValue[]){th_number(1)}, z, "[0 + 1i, 2.5 + 0i]");
  ck_assert(th_string_of(&cx, "no", &s));
  ck_assert(!th_set_index(&cx, &v, &one, 1, s));
  check_error(&cx, TH_ERROR_TYPE, "an array holds numbers; got a string");
  th_release(s);
  th_release(v);
  unit_done(&cx);
}
END_TEST

START_TEST(assigned_shapes_must_fit) {
  ThContext cx;
  unit_context(&cx);
  ThValue a = counted(&cx, 2, (size_t[]){2, 3}), three = vector(&cx, 3, (double[]){1, 2, 3});
  ck_assert(!th_set_index(&cx, &a, (ThValue[]){th_none(), th_number(1)}, 2, three));
  check_error(&cx, TH_ERROR_SHAPE, "the value has shape (3), its place has (2)");
  th_release(three);
  th_release(a);
  unit_done(&cx);
}
END_TEST

START_TEST(items_stack) {
  ThContext cx;
  ThValue out, z;
  unit_context(&cx);
  ck_assert(th_stack(&cx, NULL, 0, &out));
  check(&cx, out, "[]");
  ck_assert(th_stack(&cx, (ThValue[]){th_number(1), th_bool(true)}, 2, &out));
  check(&cx, out, "[1, 1]");
  ck_assert(th_stack(&cx, (ThValue[]){th_bool(false), th_bool(true)}, 2, &out));
  check(&cx, out, "[false, true]");
  ck_assert(th_complex(&cx, th_complex_of(1, 2), &z));
  ck_assert(th_stack(&cx, (ThValue[]){th_number(1), z}, 2, &out));
  check(&cx, out, "[1 + 0i, 1 + 2i]");
  ThValue a = vector(&cx, 2, (double[]){1, 2}), r = range(&cx, 3, 1, 4), e;
  ck_assert(th_stack(&cx, (ThValue[]){a, r}, 2, &out));
  check(&cx, out, "[1, 2; 3, 4]");
  ck_assert(th_stack(&cx, (ThValue[]){a, th_number(1)}, 2, &out));
  check(&cx, out, "list([1, 2], 1)");
  ck_assert(th_stack(&cx, &a, 1, &out));
  check(&cx, out, "[[1, 2]]");
  ck_assert(th_estimate(&cx, 0.25, 0, "exact", NULL, &e));
  ck_assert(th_stack(&cx, (ThValue[]){e, th_number(1)}, 2, &out));
  check(&cx, out, "[0.25, 1]");
  th_release(e);
  th_release(r);
  th_release(a);
  th_release(z);
  unit_done(&cx);
}
END_TEST

START_TEST(sizes_beyond_memory_fail_at_once) {
  ThContext cx;
  unit_context(&cx);
  size_t huge[2] = {1000000000, 1000000000}, beyond[3] = {SIZE_MAX / 2, 16, 16};
  ck_assert_ptr_null(th_array_new(&cx, TH_DOUBLE, 2, huge));
  check_error(&cx, TH_ERROR_MEMORY, "not enough memory for an array (1000000000, 1000000000): it needs 8 EB");
  ck_assert_ptr_null(th_array_new(&cx, TH_DOUBLE, 3, beyond));
  ck_assert_int_eq(cx.error.code, TH_ERROR_MEMORY);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

static bool attempt_index(ThContext *cx) {
  ThValue out = th_none(), r = th_none();
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, 2, 3);
  if (!a) return false;
  memset(a->data, 0, 6 * sizeof(double));
  bool ok = th_range(cx, 1, 1, 2, &r) &&
            th_get_index(cx, th_object(a), (ThValue[]){r, th_number(2)}, 2, &out);
  th_release_all((ThValue[]){out, r, th_object(a)}, 3);
  return ok;
}

static bool attempt_assign(ThContext *cx) {
  ThValue v, z = th_none(), m = th_none();
  if (!th_vector_from(cx, (double[]){1, 2, 3}, 3, &v)) return false;
  ThValue same = th_retain(v);
  ThArray *b = th_vector_new(cx, TH_BOOL, 3);
  bool ok = b != NULL;
  if (ok) {
    memset(b->bools, 1, 3);
    m = th_object(b);
    ok = th_complex(cx, th_complex_of(0, 1), &z) && th_set_index(cx, &v, &m, 1, z) &&
         th_set_index(cx, &v, (ThValue[]){th_number(4)}, 1, th_number(1));
  }
  th_release_all((ThValue[]){m, z, v, same}, 4);
  return ok;
}

START_TEST(indexing_survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt_index);
  unit_refuse_each(&cx, attempt_assign);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_val_array(void) {
  Suite *suite = suite_create("val_array");
  ADD(suite, vectors_are_indexed_from_one);
  ADD(suite, matrices_are_indexed_by_axis);
  ADD(suite, stacks_are_indexed);
  ADD_ROWS(suite, bad_indices_are_errors, COUNT(bad_indices));
  ADD(suite, wrong_shapes_of_indices_are_errors);
  ADD(suite, elements_are_assigned);
  ADD(suite, assignment_copies_what_is_shared);
  ADD(suite, appending_is_amortised);
  ADD(suite, element_types_widen);
  ADD(suite, assigned_shapes_must_fit);
  ADD(suite, items_stack);
  ADD(suite, sizes_beyond_memory_fail_at_once);
  ADD(suite, indexing_survives_refused_memory);
  return suite;
}
