/* test_val_format.c - tests of how basic values print */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

/* The value, taken, prints as `want`. */
static void check_prints(ThContext *cx, ThValue v, ThStyle style, const char *want) {
  ThText text;
  th_text_init(&text, &cx->heap);
  ck_assert(th_format(cx, v, style, &text));
  ck_assert_str_eq(th_text_string(&text), want);
  th_text_clear(&text);
  th_release(v);
}

static ThValue vector(ThContext *cx, size_t n, const double *x) {
  ThValue v;
  ck_assert(th_vector_from(cx, x, n, &v));
  return v;
}

static ThValue matrix(ThContext *cx, size_t rows, size_t cols, const double *x) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, rows, cols);
  ck_assert_ptr_nonnull(a);
  memcpy(a->real, x, rows * cols * sizeof *x);
  return th_object(a);
}

/* 0, step, 2 step, … */
static ThValue ramp(ThContext *cx, uint32_t rank, const size_t *shape, double step) {
  ThArray *a = th_array_new(cx, TH_DOUBLE, rank, shape);
  ck_assert_ptr_nonnull(a);
  for (size_t i = 0; i < a->length; i++) a->real[i] = step * (double)i;
  return th_object(a);
}

static const struct {
  double x;
  const char *text;
} numbers[] = {
    {3, "3"},
    {-0.0, "0"},
    {2.385, "2.385"},
    {1.0 / 3, "0.333333"},
    {1e-5, "1e-5"},
    {-2.5e-17, "-2.5e-17"},
    {123456789, "123456789"},
    {1e15, "1000000000000000"},
    {1e16, "1e16"},
    {1.234567891e20, "1.23457e20"},
    {1234567.8, "1.23457e6"},
    {123456.7, "123457"},
    {0.1 + 0.2, "0.3"},
    {6.02214076e23, "6.02214e23"},
    {(double)NAN, "nan"},
    {(double)INFINITY, "inf"},
    {(double)-INFINITY, "-inf"},
};

START_TEST(numbers_print_to_six_digits) {
  ThContext cx;
  unit_context(&cx);
  check_prints(&cx, th_number(numbers[_i].x), TH_STYLE_ECHO, numbers[_i].text);
  unit_done(&cx);
}
END_TEST

START_TEST(exact_numbers_read_back) {
  static const double xs[] = {0.1, 1.0 / 3, 2.385, 5e-324, 1.7976931348623157e308, 123456789.123, 1e22, -0.0};
  ThContext cx;
  ThText text;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  for (size_t i = 0; i < COUNT(xs); i++) {
    th_text_reset(&text);
    th_format_exact(xs[i], &text);
    ck_assert_double_eq(strtod(th_text_string(&text), NULL), xs[i]);
  }
  th_text_reset(&text);
  th_format_exact(0.1, &text);
  ck_assert_str_eq(th_text_string(&text), "0.1");
  th_text_clear(&text);
  unit_done(&cx);
}
END_TEST

START_TEST(complex_numbers) {
  ThContext cx;
  ThValue z;
  unit_context(&cx);
  ck_assert(th_complex(&cx, th_complex_of(0.72, 0.54), &z));
  check_prints(&cx, z, TH_STYLE_ECHO, "0.72 + 0.54i");
  ck_assert(th_complex(&cx, th_complex_of(1, -2), &z));
  check_prints(&cx, z, TH_STYLE_INLINE, "1 - 2i");
  ck_assert(th_complex(&cx, th_complex_of(-1, 1.0 / 3), &z));
  check_prints(&cx, z, TH_STYLE_SOURCE, "-1 + 0.3333333333333333i");
  unit_done(&cx);
}
END_TEST

START_TEST(vectors_wrap_and_fold) {
  ThContext cx;
  unit_context(&cx);
  check_prints(&cx, vector(&cx, 3, (double[]){1, 2.5, -3}), TH_STYLE_ECHO, "[1, 2.5, -3]");
  check_prints(&cx, vector(&cx, 0, (double[]){0}), TH_STYLE_ECHO, "[]");
  cx.settings.width = 20;
  check_prints(&cx, ramp(&cx, 1, (size_t[]){8}, 100.5), TH_STYLE_ECHO,
               "[  0,   100.5,\n 201,   301.5,\n 402,   502.5,\n 603,   703.5]");
  cx.settings.width = 80;
  check_prints(&cx, ramp(&cx, 1, (size_t[]){1000}, 1), TH_STYLE_ECHO,
               "[  0,   1,   2,   3,   4,   5,   6,   7,   8,   9,  10,  11,  12,  13,  14,  15,\n"
               "  16,  17,  18,  19,  20,  21,  22,  23,  24,  25,  26,  27,  28,  29,  30,  31,\n"
               " …\n"
               " 984, 985, 986, 987, 988, 989, 990, 991, 992, 993, 994, 995, 996, 997, 998, 999]\n"
               "(1000 numbers)");
  check_prints(&cx, ramp(&cx, 1, (size_t[]){1000}, 1), TH_STYLE_INLINE,
               "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …, 997, 998, 999]");
  unit_done(&cx);
}
END_TEST

START_TEST(matrices_align_at_the_point) {
  ThContext cx;
  unit_context(&cx);
  check_prints(&cx, matrix(&cx, 2, 2, (double[]){1, 2.5, 3, -10}), TH_STYLE_ECHO, "[1,   2.5;\n 3, -10]");
  check_prints(&cx, matrix(&cx, 2, 2, (double[]){1, 2.5, 3, -10}), TH_STYLE_INLINE, "[1, 2.5; 3, -10]");
  check_prints(&cx, matrix(&cx, 1, 2, (double[]){1, 2.5}), TH_STYLE_ECHO, "[[1, 2.5]]");
  check_prints(&cx, matrix(&cx, 1, 2, (double[]){1, 2.5}), TH_STYLE_INLINE, "[[1, 2.5]]");
  check_prints(&cx, matrix(&cx, 2, 1, (double[]){1, 2.5}), TH_STYLE_INLINE, "[1; 2.5]");
  check_prints(&cx, ramp(&cx, 2, (size_t[]){0, 3}, 1), TH_STYLE_ECHO, "zeros(0, 3)");
  unit_done(&cx);
}
END_TEST

START_TEST(wide_and_long_matrices_fold) {
  ThContext cx;
  unit_context(&cx);
  cx.settings.width = 24;
  check_prints(&cx, ramp(&cx, 2, (size_t[]){2, 20}, 1), TH_STYLE_ECHO,
               "[ 0,  1,  2,  3, …, 19;\n 20, 21, 22, 23, …, 39]\n(2 rows, 20 columns)");
  check_prints(&cx, ramp(&cx, 2, (size_t[]){30, 1}, 1), TH_STYLE_ECHO,
               "[ 0;\n  1;\n  2;\n  3;\n  4;\n  5;\n  6;\n  7;\n  8;\n  9;\n …\n 27;\n 28;\n 29]\n(30 rows, "
               "1 column)");
  unit_done(&cx);
}
END_TEST

START_TEST(stacks_of_matrices) {
  ThContext cx;
  unit_context(&cx);
  check_prints(&cx, ramp(&cx, 3, (size_t[]){2, 2, 2}, 1), TH_STYLE_ECHO,
               "[[0, 1;  # [1, :, :]\n  2, 3],\n [4, 5;  # [2, :, :]\n  6, 7]]");
  check_prints(
      &cx, ramp(&cx, 3, (size_t[]){9, 1, 2}, 1), TH_STYLE_ECHO,
      "[[[0, 1]],\n [[2, 3]],\n [[4, 5]],\n [[6, 7]],\n [[8, 9]],\n [[10, 11]],\n [[12, 13]],\n [[14, 15]],\n"
      " [[16, 17]]]");
  check_prints(&cx, ramp(&cx, 3, (size_t[]){30, 1, 2}, 1), TH_STYLE_ECHO,
               "[[[0, 1]],\n [[2, 3]],\n …,\n [[58, 59]]]  shape (30, 1, 2)");
  check_prints(&cx, ramp(&cx, 3, (size_t[]){2, 12, 2}, 1), TH_STYLE_ECHO,
               "[[ 0,  1;  # [1, :, :]\n   2,  3;\n   4,  5;\n  …\n  22, 23],\n"
               " [24, 25;  # [2, :, :]\n  26, 27;\n  28, 29;\n  …\n  46, 47]]  shape (2, 12, 2)");
  check_prints(&cx, ramp(&cx, 3, (size_t[]){2, 2, 2}, 1), TH_STYLE_INLINE, "[[0, 1; 2, 3], [4, 5; 6, 7]]");
  unit_done(&cx);
}
END_TEST

START_TEST(strings_are_quoted_when_echoed) {
  ThContext cx;
  ThValue s;
  unit_context(&cx);
  const char *text = "say \"θ\"\n$x costs $5\t\\ \x01";
  ck_assert(th_string_of(&cx, text, &s));
  check_prints(&cx, th_retain(s), TH_STYLE_ECHO, "\"say \\\"θ\\\"\\n\\$x costs $5\\t\\\\ \\u{1}\"");
  check_prints(&cx, s, TH_STYLE_INLINE, text);
  unit_done(&cx);
}
END_TEST

static const struct {
  double first, step, last;
  const char *text;
} ranges[] = {{1, 1, 10, "1:10"},
              {0, 0.1, 1, "0:0.1:1"},
              {5, -1, 1, "5:-1:1"},
              {3, 1, 1, "3:2"},
              {-2, 0.5, -1.2, "-2:0.5:-1.5"}};

START_TEST(ranges_print_as_ranges) {
  ThContext cx;
  ThValue r;
  unit_context(&cx);
  ck_assert(th_range(&cx, ranges[_i].first, ranges[_i].step, ranges[_i].last, &r));
  check_prints(&cx, r, TH_STYLE_ECHO, ranges[_i].text);
  unit_done(&cx);
}
END_TEST

static const struct {
  double value, error;
  const char *text;
} estimates[] = {
    {0.16101695, 0, "0.161017  m"},          {0.33612, 0.0041, "0.336 ± 0.004  m"},
    {0.33612, 0.0143, "0.336 ± 0.014  m"},   {0.33612, 0.0097, "0.336 ± 0.010  m"},
    {12345.6, 67, "12350 ± 70  m"},          {0.6826894921370859, 2e-14, "0.682689  m"},
    {-2.385, 0.5, "-2.4 ± 0.5  m"},          {0.0003, 0.004, "0.000 ± 0.004  m"},
    {2.5, (double)INFINITY, "2.5 ± inf  m"},
};

START_TEST(estimates_show_what_the_error_allows) {
  ThContext cx;
  ThValue e;
  unit_context(&cx);
  ck_assert(th_estimate(&cx, estimates[_i].value, estimates[_i].error, "m", NULL, &e));
  check_prints(&cx, e, TH_STYLE_ECHO, estimates[_i].text);
  unit_done(&cx);
}
END_TEST

/* (a = 1, name = "x", b = [0, 1, …]) */
static ThValue record(ThContext *cx, size_t n) {
  ThRecord *r = th_record_new(cx, 0);
  ThValue name;
  ck_assert_ptr_nonnull(r);
  ck_assert(th_string_of(cx, "x", &name));
  ck_assert(th_record_set_text(cx, r, "a", th_number(1)));
  ck_assert(th_record_set_text(cx, r, "name", name));
  ck_assert(th_record_set_text(cx, r, "b", ramp(cx, 1, &n, 1)));
  return th_object(r);
}

START_TEST(records_and_lists) {
  ThContext cx;
  unit_context(&cx);
  cx.symbols = th_symbols_new(&cx);
  ThRecord *empty = th_record_new(&cx, 0);
  ThList *list = th_list_new(&cx, 0);
  ck_assert(th_list_push_take(&cx, list, th_number(1)));
  ck_assert(th_list_push_take(&cx, list, record(&cx, 2)));
  check_prints(&cx, th_object(empty), TH_STYLE_ECHO, "record()");
  check_prints(&cx, record(&cx, 3), TH_STYLE_ECHO, "(a = 1, name = \"x\", b = [0, 1, 2])");
  check_prints(&cx, record(&cx, 3), TH_STYLE_INLINE, "(a = 1, name = \"x\", b = [0, 1, 2])");
  check_prints(&cx, th_object(list), TH_STYLE_ECHO, "list(1, (a = 1, name = \"x\", b = [0, 1]))");
  cx.settings.width = 24;
  check_prints(&cx, record(&cx, 12), TH_STYLE_ECHO,
               "(a    = 1,\n name = \"x\",\n b    = [ 0,  1,  2,  3,  4,\n          5,  6,  7,  8,  9,\n"
               "         10, 11])");
  th_symbols_free(&cx, cx.symbols);
  unit_done(&cx);
}
END_TEST

static ThValue table(ThContext *cx, size_t n) {
  ThTable *t = th_table_new(cx, n);
  ThValue name;
  ck_assert_ptr_nonnull(t);
  ck_assert(th_table_set_take(cx, t, th_symbol_of(cx, "x"), ramp(cx, 1, &n, 1)));
  ck_assert(th_table_set_take(cx, t, th_symbol_of(cx, "value"), ramp(cx, 1, &n, -2.5)));
  ck_assert(th_string_of(cx, "θ", &name));
  ck_assert(th_table_set_take(cx, t, th_symbol_of(cx, "kind"), name));
  return th_object(t);
}

START_TEST(tables_print_in_columns) {
  ThContext cx;
  unit_context(&cx);
  cx.symbols = th_symbols_new(&cx);
  check_prints(&cx, table(&cx, 3), TH_STYLE_ECHO, "x  value  kind\n0    0    θ\n1   -2.5  θ\n2   -5    θ");
  check_prints(&cx, table(&cx, 3), TH_STYLE_INLINE, "table(3 rows: x, value, kind)");
  check_prints(&cx, table(&cx, 2), TH_STYLE_SOURCE,
               "table(x = [0, 1], value = [-0, -2.5], kind = list(\"θ\", \"θ\"))");
  ThText text;
  ThValue t = table(&cx, 24);
  th_text_init(&text, &cx.heap);
  ck_assert(th_format(&cx, t, TH_STYLE_ECHO, &text));
  ck_assert_ptr_nonnull(strstr(th_text_string(&text), "\n…\n21  -52.5  θ\n"));
  ck_assert_ptr_nonnull(strstr(th_text_string(&text), "\n(24 rows × 3 columns)"));
  th_text_clear(&text);
  th_release(t);
  th_symbols_free(&cx, cx.symbols);
  unit_done(&cx);
}
END_TEST

static const struct {
  double x;
  const char *spec, *text;
} specs[] = {
    {3.14159265, ".3f", "3.142"},
    {3.14159265, "8.2f", "    3.14"},
    {3.14159265, "08.2f", "00003.14"},
    {-3.14, "08.2f", "-0003.14"},
    {3.14159265, "-8.2f", "3.14    "},
    {2.5, "+.1f", "+2.5"},
    {12345.678, ".2e", "1.23e+04"},
    {0.256, ".1%", "25.6%"},
    {41.6, "d", "42"},
    {2.5, "g", "2.5"},
    {2.5, "s", "2.5"},
    {(double)NAN, ".2f", "nan"},
};

START_TEST(formats_of_the_printf_kind) {
  ThContext cx;
  ThText text;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  ck_assert(th_format_spec(&cx, th_number(specs[_i].x), specs[_i].spec, strlen(specs[_i].spec), &text));
  ck_assert_str_eq(th_text_string(&text), specs[_i].text);
  th_text_clear(&text);
  unit_done(&cx);
}
END_TEST

START_TEST(bad_formats_are_errors) {
  static const char *const bad[] = {"", "f.3", ".3x", "3", "ff", "999999f"};
  ThContext cx;
  ThText text;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  for (size_t i = 0; i < COUNT(bad); i++) {
    ck_assert(!th_format_spec(&cx, th_number(1), bad[i], strlen(bad[i]), &text));
    ck_assert_int_eq(cx.error.code, TH_ERROR_VALUE);
    th_error_clear(&cx);
  }
  th_text_clear(&text);
  unit_done(&cx);
}
END_TEST

static bool attempt_format(ThContext *cx) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, 3, 4);
  if (!a) return false;
  memset(a->data, 0, a->length * sizeof(double));
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = th_format(cx, th_object(a), TH_STYLE_ECHO, &text);
  th_text_clear(&text);
  th_release(th_object(a));
  return ok;
}

START_TEST(formatting_survives_refused_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, attempt_format);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_val_format(void) {
  Suite *suite = suite_create("val_format");
  ADD_ROWS(suite, numbers_print_to_six_digits, COUNT(numbers));
  ADD(suite, exact_numbers_read_back);
  ADD(suite, complex_numbers);
  ADD(suite, vectors_wrap_and_fold);
  ADD(suite, matrices_align_at_the_point);
  ADD(suite, wide_and_long_matrices_fold);
  ADD(suite, stacks_of_matrices);
  ADD(suite, strings_are_quoted_when_echoed);
  ADD_ROWS(suite, ranges_print_as_ranges, COUNT(ranges));
  ADD_ROWS(suite, estimates_show_what_the_error_allows, COUNT(estimates));
  ADD(suite, records_and_lists);
  ADD(suite, tables_print_in_columns);
  ADD_ROWS(suite, formats_of_the_printf_kind, COUNT(specs));
  ADD(suite, bad_formats_are_errors);
  ADD(suite, formatting_survives_refused_memory);
  return suite;
}
