/* test_source.c - tests of base/source */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/source.h"

static const char program[] = "x = 1\nβ̂ = θ/0\r\n\ny = 2";

static const struct {
  uint32_t offset;
  size_t line, column;
} positions[] = {
    {0, 1, 1},  {4, 1, 5},  {5, 1, 6},  {6, 2, 1},  {13, 2, 6}, /* two bytes a letter, the mark counts */
    {15, 2, 7}, {19, 3, 1}, {20, 4, 1}, {25, 4, 6}, {9999, 4, 6},
};

START_TEST(tells_line_and_column) {
  ThContext cx;
  size_t line, column;
  unit_context(&cx);
  ThSource *source = th_source_new(&cx, "f", program, strlen(program));
  th_source_position(source, positions[_i].offset, &line, &column);
  ck_assert_uint_eq(line, positions[_i].line);
  ck_assert_uint_eq(column, positions[_i].column);
  th_source_release(source);
  unit_done(&cx);
}
END_TEST

START_TEST(holds_a_copy_and_counts) {
  ThContext cx;
  char text[] = "2.385";
  unit_context(&cx);
  ThSource *source = th_source_new(&cx, "f.theta", text, 5);
  text[0] = '9';
  ck_assert_str_eq(source->text, "2.385");
  ck_assert_uint_eq(source->length, 5);
  ck_assert_ptr_eq(th_source_retain(source), source);
  th_source_release(source);
  ck_assert_str_eq(source->name, "f.theta");
  th_source_release(source);
  th_source_release(NULL);
  unit_done(&cx);
}
END_TEST

static bool make_source(ThContext *cx) {
  ThSource *source = th_source_new(cx, "f.theta", "x = 2.385", 9);
  th_source_release(source);
  return source != NULL;
}

START_TEST(survives_every_refusal) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, make_source);
  unit_done(&cx);
}
END_TEST

/* What a person reads for an error at [start, end) of a text. */
static void expect_shown(const char *name, const char *text, uint32_t start, uint32_t end, const char *hint,
                         const char *expected) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  ThSource *source = th_source_new(&cx, name, text, strlen(text));
  th_fail(&cx, TH_ERROR_NAME, "undefined name `x`");
  if (hint) th_hint(&cx, "%s", hint);
  th_error_place(&cx, source, (ThSpan){start, end});
  th_text_init(&out, &cx.heap);
  th_error_show(&cx.error, &out);
  ck_assert_str_eq(th_text_string(&out), expected);
  th_text_clear(&out);
  th_error_clear(&cx);
  th_source_release(source);
  unit_done(&cx);
}

START_TEST(shows_the_line_with_a_caret) {
  expect_shown("f.theta", "a = 1\nb = a + xy\nc", 14, 16, NULL,
               "f.theta:2:9: undefined name `x`\n"
               "  b = a + xy\n"
               "          ^^\n");
}
END_TEST

START_TEST(shows_the_hint_and_no_position_at_the_prompt) {
  expect_shown("", "exp(1i*k*X)", 7, 8, "define it first",
               "error: undefined name `x`\n"
               "  exp(1i*k*X)\n"
               "         ^\n"
               "  hint: define it first\n");
}
END_TEST

START_TEST(puts_the_caret_by_columns_not_bytes) {
  expect_shown("", "β̂ = 你 + x", 13, 14, NULL,
               "error: undefined name `x`\n"
               "  β̂ = 你 + x\n"
               "           ^\n");
}
END_TEST

START_TEST(ends_the_carets_with_the_line) {
  expect_shown("", "f(a,\n  b)", 1, 9, NULL,
               "error: undefined name `x`\n"
               "  f(a,\n"
               "   ^^^\n");
}
END_TEST

START_TEST(shows_a_caret_at_the_end_and_beyond) {
  expect_shown("", "1 +", 3, 3, NULL,
               "error: undefined name `x`\n"
               "  1 +\n"
               "     ^\n");
  expect_shown("", "1 +", 700, 900, NULL,
               "error: undefined name `x`\n"
               "  1 +\n"
               "     ^\n");
  expect_shown("", "", 0, 0, NULL,
               "error: undefined name `x`\n"
               "  \n"
               "  ^\n");
}
END_TEST

START_TEST(shows_tabs_as_blanks) {
  expect_shown("", "\tx", 1, 2, NULL,
               "error: undefined name `x`\n"
               "   x\n"
               "   ^\n");
}
END_TEST

/* A long line is cut to a window, with the caret under the same character. */
START_TEST(cuts_a_long_line) {
  ThContext cx;
  ThText text, out;
  unit_context(&cx);
  th_text_init(&text, &cx.heap);
  th_text_init(&out, &cx.heap);
  for (int i = 0; i < 300; i++) th_text_add(&text, i == 150 ? "θ" : "·");
  ThSource *source = th_source_new(&cx, "", th_text_string(&text), text.length);
  th_fail(&cx, TH_ERROR_VALUE, "bad");
  th_error_place(&cx, source, (ThSpan){300, 302});
  th_error_show(&cx.error, &out);
  const char *line = strchr(th_text_string(&out), '\n') + 1;
  const char *carets = strchr(line, '\n') + 1;
  size_t column = 0;
  for (const char *c = line; strncmp(c, "θ", 2) != 0; c++) column += ((unsigned char)*c & 0xC0) != 0x80;
  ck_assert_uint_lt((size_t)(carets - line), 240);
  ck_assert_uint_eq(strspn(carets, " "), column);
  ck_assert_str_eq(carets + column, "^\n");
  th_text_clear(&text);
  th_text_clear(&out);
  th_error_clear(&cx);
  th_source_release(source);
  unit_done(&cx);
}
END_TEST

START_TEST(shows_the_calling_places) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  ThSource *source = th_source_new(&cx, "f.theta", "f(x) = x/y\nf(3)", 15);
  th_fail(&cx, TH_ERROR_NAME, "undefined name `y`");
  th_error_place(&cx, source, (ThSpan){9, 10});
  th_error_place(&cx, source, (ThSpan){11, 15});
  cx.error.n_omitted = 2;
  th_text_init(&out, &cx.heap);
  th_error_show(&cx.error, &out);
  ck_assert_str_eq(th_text_string(&out), "f.theta:1:10: undefined name `y`\n"
                                         "  f(x) = x/y\n"
                                         "           ^\n"
                                         "… 2 more calls\n"
                                         "f.theta:2:1: called from\n"
                                         "  f(3)\n"
                                         "  ^^^^\n");
  th_text_clear(&out);
  th_error_clear(&cx);
  th_source_release(source);
  unit_done(&cx);
}
END_TEST

START_TEST(shows_an_error_without_a_place) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  th_fail(&cx, TH_ERROR_IO, "cannot read `f.csv`");
  th_error_show(&cx.error, &out);
  ck_assert_str_eq(th_text_string(&out), "error: cannot read `f.csv`\n");
  th_text_clear(&out);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_source(void) {
  Suite *suite = suite_create("source");
  ADD_ROWS(suite, tells_line_and_column, COUNT(positions));
  ADD(suite, holds_a_copy_and_counts);
  ADD(suite, survives_every_refusal);
  ADD(suite, shows_the_line_with_a_caret);
  ADD(suite, shows_the_hint_and_no_position_at_the_prompt);
  ADD(suite, puts_the_caret_by_columns_not_bytes);
  ADD(suite, ends_the_carets_with_the_line);
  ADD(suite, shows_a_caret_at_the_end_and_beyond);
  ADD(suite, shows_tabs_as_blanks);
  ADD(suite, cuts_a_long_line);
  ADD(suite, shows_the_calling_places);
  ADD(suite, shows_an_error_without_a_place);
  return suite;
}
