/* test_val_basic.c - tests of strings, lists, records, tables, ranges, estimates, figures as values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "val/array.h"
#include "val/basic.h"
#include "val/figure.h"

static void begin(ThContext *cx) {
  unit_context(cx);
  cx->symbols = th_symbols_new(cx);
  ck_assert_ptr_nonnull(cx->symbols);
}

static void end(ThContext *cx) {
  th_symbols_free(cx, cx->symbols);
  unit_done(cx);
}

static ThValue string(ThContext *cx, const char *text) {
  ThValue s;
  ck_assert(th_string_of(cx, text, &s));
  return s;
}

static ThValue vector(ThContext *cx, size_t n, const double *x) {
  ThValue v;
  ck_assert(th_vector_from(cx, x, n, &v));
  return v;
}

static ThValue range(ThContext *cx, double first, double step, double last) {
  ThValue r;
  ck_assert(th_range(cx, first, step, last, &r));
  return r;
}

static void check(ThContext *cx, ThValue v, const char *want) {
  ThText text;
  th_text_init(&text, &cx->heap);
  ck_assert(th_format(cx, v, TH_STYLE_SOURCE, &text));
  ck_assert_str_eq(th_text_string(&text), want);
  th_text_clear(&text);
  th_release(v);
}

static void check_index(ThContext *cx, ThValue v, ThValue index, const char *want) {
  ThValue out;
  ck_assert_msg(th_get_index(cx, v, &index, 1, &out), "%s", cx->error.message);
  th_release(index);
  check(cx, out, want);
}

static void check_error(ThContext *cx, bool ok, ThErrorCode code, const char *message) {
  ck_assert(!ok);
  ck_assert_str_eq(cx->error.message, message);
  ck_assert_int_eq(cx->error.code, code);
  th_error_clear(cx);
}

START_TEST(strings_index_by_code_point) {
  ThContext cx;
  ThValue out, six = th_number(6);
  size_t n;
  begin(&cx);
  ThValue s = string(&cx, "naïve");
  ck_assert(th_length(&cx, s, SIZE_MAX, &n));
  ck_assert_uint_eq(n, 5);
  check_index(&cx, s, th_number(3), "\"ï\"");
  check_index(&cx, s, range(&cx, 2, 1, 4), "\"aïv\"");
  check_index(&cx, s, range(&cx, 5, -2, 1), "\"eïn\"");
  check_index(&cx, s, th_none(), "\"naïve\"");
  check_error(&cx, th_get_index(&cx, s, &six, 1, &out), TH_ERROR_VALUE,
              "index 6 is past the end of this value, which has length 5");
  th_release(s);
  end(&cx);
}
END_TEST

START_TEST(lists_hold_anything) {
  ThContext cx;
  ThValue out;
  begin(&cx);
  ThList *list = th_list_new(&cx, 0);
  ck_assert(th_list_push_take(&cx, list, th_number(1)));
  ck_assert(th_list_push_take(&cx, list, string(&cx, "a")));
  ThValue l = th_object(list), same = th_retain(l);
  check_index(&cx, l, th_number(2), "\"a\"");
  check_index(&cx, l, range(&cx, 2, -1, 1), "list(\"a\", 1)");
  ck_assert(th_set_index(&cx, &l, (ThValue[]){th_number(3)}, 1, th_number(2.5)));
  ck_assert(th_set_index(&cx, &l, (ThValue[]){th_number(1)}, 1, th_none()));
  check(&cx, th_retain(l), "list(none, \"a\", 2.5)");
  check(&cx, same, "list(1, \"a\")");
  check_error(&cx, th_set_index(&cx, &l, (ThValue[]){th_number(5)}, 1, th_none()), TH_ERROR_VALUE,
              "index 5 is past the end of this value, which has length 3");
  check_error(&cx, th_get_index(&cx, l, (ThValue[]){th_number(1), th_number(1)}, 2, &out), TH_ERROR_SHAPE,
              "a list takes 1 index; got 2");
  th_release(l);
  end(&cx);
}
END_TEST

START_TEST(equality_is_deep) {
  ThContext cx;
  bool equal;
  begin(&cx);
  ThValue pair[2];
  for (size_t i = 0; i < 2; i++) {
    ThList *list = th_list_new(&cx, 0);
    ThRecord *record = th_record_new(&cx, 0);
    ck_assert(
        th_record_set_text(&cx, record, i ? "v" : "a", i ? vector(&cx, 1, (double[]){2}) : th_number(1)));
    ck_assert(
        th_record_set_text(&cx, record, i ? "a" : "v", i ? th_number(1) : vector(&cx, 1, (double[]){2})));
    ck_assert(th_list_push_take(&cx, list, th_object(record)));
    pair[i] = th_object(list);
  }
  ck_assert(th_equal(&cx, pair[0], pair[1], &equal) && equal);
  ThRecord *inner = th_as_record(th_as_list(pair[1])->items[0]);
  ck_assert(th_record_set_text(&cx, inner, "a", th_number(3)));
  ck_assert(th_equal(&cx, pair[0], pair[1], &equal) && !equal);
  th_release_all(pair, 2);
  end(&cx);
}
END_TEST

START_TEST(records_share_until_changed) {
  ThContext cx;
  ThValue out;
  begin(&cx);
  ThRecord *record = th_record_new(&cx, 0);
  ck_assert(th_record_set_text(&cx, record, "alpha", th_number(1)));
  ThValue r = th_object(record), same = th_retain(r);
  ck_assert(th_set_field(&cx, &r, th_symbol_of(&cx, "b"), th_number(2)));
  ck_assert(th_set_field(&cx, &r, th_symbol_of(&cx, "α"), th_number(3)));
  check(&cx, th_retain(r), "(alpha = 3, b = 2)");
  check(&cx, same, "(alpha = 1)");
  check_index(&cx, r, string(&cx, "b"), "2");
  ck_assert(!th_get_field(&cx, r, th_symbol_of(&cx, "c"), &out));
  ck_assert_str_eq(cx.error.message, "a record has no field `c`");
  th_error_clear(&cx);
  check_error(&cx, th_get_index(&cx, r, (ThValue[]){th_number(1)}, 1, &out), TH_ERROR_TYPE,
              "a record has named fields, no numbered elements");
  th_release(r);
  end(&cx);
}
END_TEST

static ThValue table(ThContext *cx) {
  ThTable *t = th_table_new(cx, 3);
  ThList *names = th_list_new(cx, 3);
  for (size_t i = 0; i < 3; i++) ck_assert(th_list_push_take(cx, names, string(cx, i == 1 ? "b" : "a")));
  ck_assert(th_table_set_take(cx, t, th_symbol_of(cx, "x"), range(cx, 1, 1, 3)));
  ck_assert(th_table_set_take(cx, t, th_symbol_of(cx, "g"), th_object(names)));
  return th_object(t);
}

START_TEST(tables_give_rows_and_columns) {
  ThContext cx;
  ThValue out, mask;
  size_t n;
  begin(&cx);
  ThValue t = table(&cx);
  check_index(&cx, t, th_number(2), "(x = 2, g = \"b\")");
  check_index(&cx, t, range(&cx, 2, 1, 3), "table(x = [2, 3], g = list(\"b\", \"a\"))");
  ck_assert(th_get_field(&cx, t, th_symbol_of(&cx, "x"), &out));
  ck_assert(th_binary(&cx, TH_OP_NOT_EQUAL, out, th_number(2), 0, &mask));
  th_release(out);
  check_index(&cx, t, mask, "table(x = [1, 3], g = list(\"a\", \"a\"))");
  check_index(&cx, t, string(&cx, "g"), "list(\"a\", \"b\", \"a\")");
  ck_assert(th_length(&cx, t, SIZE_MAX, &n) && n == 3);
  ck_assert(th_length(&cx, t, 1, &n) && n == 2);
  check_error(&cx, th_get_index(&cx, t, (ThValue[]){th_number(4)}, 1, &out), TH_ERROR_VALUE,
              "row 4 is past the end of this value, which has 3 rows");
  th_release(t);
  end(&cx);
}
END_TEST

START_TEST(columns_are_set_and_checked) {
  ThContext cx;
  begin(&cx);
  ThValue t = table(&cx), same = th_retain(t), four = range(&cx, 1, 1, 4);
  ThSymbol *z = th_symbol_of(&cx, "z");
  ck_assert(th_set_field(&cx, &t, z, th_number(2.5)));
  check(&cx, th_retain(t), "table(x = [1, 2, 3], g = list(\"a\", \"b\", \"a\"), z = [2.5, 2.5, 2.5])");
  check(&cx, same, "table(x = [1, 2, 3], g = list(\"a\", \"b\", \"a\"))");
  check_error(&cx, th_set_field(&cx, &t, z, four), TH_ERROR_SHAPE, "column `z` has 4 rows, the table 3");
  check_error(&cx, th_set_field(&cx, &t, z, th_none()), TH_ERROR_TYPE,
              "column `z` must be a vector or a list of strings; got none");
  ThList *mixed = th_list_new(&cx, 3);
  ck_assert(th_list_push_take(&cx, mixed, th_number(1)) && th_list_push_take(&cx, mixed, string(&cx, "a")));
  check_error(&cx, th_set_field(&cx, &t, z, th_object(mixed)), TH_ERROR_TYPE,
              "column `z` must hold numbers only, or strings only");
  th_release(th_object(mixed));
  th_release(four);
  th_release(t);
  end(&cx);
}
END_TEST

static const struct {
  double first, step, last;
  size_t length;
} ranges[] = {{1, 1, 10, 10}, {0, 0.1, 1, 11}, {5, -1, 1, 5}, {3, 1, 1, 0},
              {1, -1, 3, 0},  {0, 0.3, 1, 4},  {2, 1, 2, 1},  {0, 1e-3, 1, 1001}};

START_TEST(ranges_include_both_ends) {
  ThContext cx;
  size_t n;
  begin(&cx);
  ThValue r = range(&cx, ranges[_i].first, ranges[_i].step, ranges[_i].last), v;
  ck_assert(th_length(&cx, r, SIZE_MAX, &n));
  ck_assert_uint_eq(n, ranges[_i].length);
  ck_assert(th_decay(&cx, r, &v));
  ck_assert_uint_eq(th_as_array(v)->length, n);
  th_release(v);
  th_release(r);
  end(&cx);
}
END_TEST

START_TEST(bad_ranges_are_errors) {
  ThContext cx;
  ThValue r;
  begin(&cx);
  check_error(&cx, th_range(&cx, 1, 0, 3, &r), TH_ERROR_VALUE, "a range has the step 0");
  check_error(&cx, th_range(&cx, 1, (double)NAN, 3, &r), TH_ERROR_VALUE,
              "a range has an end or step that is nan");
  check_error(&cx, th_range(&cx, 1, 1, (double)INFINITY, &r), TH_ERROR_VALUE, "a range must be finite");
  check_error(&cx, th_range(&cx, 0, 1e-300, 1, &r), TH_ERROR_LIMIT, "a range of 1e+300 elements is too long");
  end(&cx);
}
END_TEST

/* |x - 0.2|, with a kink. */
static bool kink(ThContext *cx, void *self, double x, double *y) {
  (void)cx;
  ++*(size_t *)self;
  *y = fabs(x - 0.2);
  return true;
}

START_TEST(curves_are_refined_where_they_bend) {
  ThContext cx;
  size_t calls = 0;
  begin(&cx);
  ThFigure *figure = th_figure_new(&cx);
  ck_assert_ptr_nonnull(figure);
  ck_assert(th_figure_curve(&cx, figure, TH_MARK_LINE, kink, &calls, -3, 3.1, "curve"));
  ck_assert(th_figure_text(&cx, &figure->title, "a title"));
  const ThSeries *series = &figure->series[0];
  ck_assert_uint_eq(calls, series->columns[0]->length);
  ck_assert_uint_ge(calls, 401);
  ck_assert_uint_lt(calls, 440);
  for (size_t i = 1; i < calls; i++)
    ck_assert_double_gt(series->columns[0]->real[i], series->columns[0]->real[i - 1]);
  ThText text;
  th_text_init(&text, &cx.heap);
  ck_assert(th_format(&cx, th_object(figure), TH_STYLE_INLINE, &text));
  ck_assert_str_eq(th_text_string(&text), "<plot of 1 series: a title>");
  th_text_clear(&text);
  th_release(th_object(figure));
  end(&cx);
}
END_TEST

static bool attempt_figure(ThContext *cx) {
  size_t calls = 0;
  ThFigure *figure = th_figure_new(cx);
  if (!figure) return false;
  bool ok = th_figure_curve(cx, figure, TH_MARK_LINE, kink, &calls, 0, 1, "curve") &&
            th_figure_text(cx, &figure->xlabel, "x");
  th_release(th_object(figure));
  return ok;
}

static bool attempt_table(ThContext *cx) {
  ThValue r = th_none(), row = th_none(), t;
  ThTable *table_ = th_table_new(cx, 2);
  if (!table_) return false;
  t = th_object(table_);
  bool ok = th_range(cx, 1, 1, 2, &r) && th_table_set_take(cx, table_, th_symbol_of(cx, "x"), th_retain(r)) &&
            th_get_index(cx, t, &r, 1, &row);
  th_release_all((ThValue[]){r, row, t}, 3);
  return ok;
}

static bool attempt_list(ThContext *cx) {
  ThList *list = th_list_new(cx, 1);
  if (!list) return false;
  ThValue l = th_object(list), same = th_retain(l), s = th_none();
  bool ok = th_string_of(cx, "x", &s) && th_set_index(cx, &l, (ThValue[]){th_number(1)}, 1, s);
  th_release_all((ThValue[]){l, same, s}, 3);
  return ok;
}

START_TEST(values_survive_refused_memory) {
  ThContext cx;
  begin(&cx);
  ck_assert_ptr_nonnull(th_symbol_of(&cx, "x"));
  unit_refuse_each(&cx, attempt_figure);
  unit_refuse_each(&cx, attempt_table);
  unit_refuse_each(&cx, attempt_list);
  end(&cx);
}
END_TEST

Suite *th_suite_val_basic(void) {
  Suite *suite = suite_create("val_basic");
  ADD(suite, strings_index_by_code_point);
  ADD(suite, lists_hold_anything);
  ADD(suite, equality_is_deep);
  ADD(suite, records_share_until_changed);
  ADD(suite, tables_give_rows_and_columns);
  ADD(suite, columns_are_set_and_checked);
  ADD_ROWS(suite, ranges_include_both_ends, COUNT(ranges));
  ADD(suite, bad_ranges_are_errors);
  ADD(suite, curves_are_refined_where_they_bend);
  ADD(suite, values_survive_refused_memory);
  return suite;
}
