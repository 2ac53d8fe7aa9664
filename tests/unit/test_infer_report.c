/* test_infer_report.c - numbers with the digits that their errors allow */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/report.h"
#include "unit.h"

static const struct {
  double x, error;
  const char *want;
} numbers[] = {
    {0.094577, 0.133369, "0.09"},
    {1.953362, 0.0596445, "1.953"},
    {0.0596445, 0.0596445, "0.060"},
    {-0.0012, 0.13, "0.00"},
    {-0.0062, 0.13, "-0.01"},
    {1234.6, 230, "1230"},
    {454.158, 74.3, "454"},
    {0.99, 0.0996, "0.99"},
    {0.99, 0.00996, "0.990"},
    {10, 10, "10"},
    {6.02214e23, 3.1e18, "6.02214e23"},
    {1.2385e-12, 3.3e-14, "1.239e-12"},
    {0, 2e-30, "0"},
    {2.385, 0, "2.385"},
    {1.0 / 3, (double)NAN, "0.333333"},
    {2.385, (double)INFINITY, "2.385"},
    {(double)NAN, 0.1, "nan"},
    {(double)INFINITY, 0.1, "inf"},
};

START_TEST(numbers_show_what_is_certain) {
  ThContext cx;
  ThText text;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  th_report_number(numbers[_i].x, numbers[_i].error, 6, &text);
  ck_assert_str_eq(th_text_string(&text), numbers[_i].want);
  th_text_clear(&text);
  unit_done(&cx);
}
END_TEST

START_TEST(intervals_and_levels) {
  ThContext cx;
  ThText text;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  th_report_interval(-0.1668, 0.35597, 0.133, 6, &text);
  th_text_char(&text, ' ');
  th_report_level(0.68, &text);
  th_text_char(&text, ' ');
  th_report_level(0.9973, &text);
  ck_assert_str_eq(th_text_string(&text), "(-0.17, 0.36) 68 % 99.73 %");
  th_text_clear(&text);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_infer_report(void) {
  Suite *suite = suite_create("infer_report");
  ADD_ROWS(suite, numbers_show_what_is_certain, COUNT(numbers));
  ADD(suite, intervals_and_levels);
  return suite;
}
