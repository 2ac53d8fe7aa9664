/* test_fold.c - tests of base/fold */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/fold.h"

static const struct {
  const char *text;
  size_t width;
  const char *folded;
} rows[] = {
    {"fits in 20 columns", 20, "fits in 20 columns"},
    {"Σ = σ in 10", 11, "Σ = σ in 10"},
    {"words go on below their first line", 20, "words go on below\n  their first line"},
    {"  in their place, too, a\nshort", 14, "  in their\n    place,\n    too, a\nshort"},
    {"Gamma(shape = 8.501, scale = 0.0033)", 30, "Gamma(shape = 8.501,\n  scale = 0.0033)"},
    {"f(a = [1.5, 2], b = [3, 4, 5, 6]) + 1", 26, "f(a = [1.5, 2],\n  b = [3, 4, 5, 6]) + 1"},
    {"an unbreakable_word_stays", 10, "an\n  unbreakable_word_stays"},
    {"columns      apart, and more", 16, "columns\n  apart, and\n  more"},
};

START_TEST(lines_go_on_below) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  th_text_add(&text, "what stands before the start stays as it is: ");
  size_t start = text.length;
  th_text_add(&text, rows[_i].text);
  th_fold_lines(&text, start, rows[_i].width);
  ck_assert_str_eq(th_text_string(&text) + start, rows[_i].folded);
  th_text_clear(&text);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(a_line_begins_at_a_column) {
  ThHeap heap = {0};
  ThText text;
  static const char line[] = "in place, or below";
  th_text_init(&text, &heap);
  th_fold_line(&text, line, sizeof line - 1, 10, 20, 12);
  ck_assert_str_eq(th_text_string(&text), "in place,\n            or below");
  th_text_clear(&text);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

Suite *th_suite_fold(void) {
  Suite *suite = suite_create("fold");
  ADD_ROWS(suite, lines_go_on_below, COUNT(rows));
  ADD(suite, a_line_begins_at_a_column);
  return suite;
}
