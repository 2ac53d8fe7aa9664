/* test_excerpt.c - tests of lang/excerpt: operands and arguments read off the text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "lang/excerpt.h"

/* A text with the place of a `|` in it, which is taken out. */
static uint32_t split_at_bar(const char *marked, char *text) {
  const char *bar = strchr(marked, '|');
  ck_assert_ptr_nonnull(bar);
  memcpy(text, marked, (size_t)(bar - marked));
  memcpy(text + (bar - marked), bar + 1, strlen(bar));
  return (uint32_t)(bar - marked);
}

static void check_text(const char *text, ThSpan span, const char *want) {
  char buffer[TH_EXCERPT_SIZE];
  ck_assert_str_eq(th_excerpt_text(text, span, "", buffer), want);
}

static const struct {
  const char *marked, *before, *after;
} operands[] = {
    {"x | + y", "x", ""},
    {"a && |b", "", "b"},
    {"f(x, \"a)\")| ** g(2)[1]", "f(x, \"a)\")", ""},
    {"x ** | g(2)[1] + 1", "", "g(2)[1]"},
    {"A[1, 2]' |% -3", "A[1, 2]'", ""},
    {"2 // |-3", "", "-3"},
    {"y = \"a b\" |* 2", "\"a b\"", ""},
    {"1 + |\"a, b\" * 2", "", "\"a, b\""},
    {"β̂ |!", "β̂", ""},
    {"(1 + 2)|(3)", "(1 + 2)", "(3)"},
    {"|", "", ""},
    {") |-", "", ""},
};

START_TEST(operands_are_read) {
  char text[80];
  uint32_t at = split_at_bar(operands[_i].marked, text);
  check_text(text, th_excerpt_before(text, at), operands[_i].before);
  if (operands[_i].after[0]) check_text(text, th_excerpt_after(text, at), operands[_i].after);
}
END_TEST

START_TEST(brackets_are_matched) {
  static const char text[] = "f(a, [1, (2)], \")\") + (b\n)";
  ck_assert_uint_eq(th_excerpt_closing(text, 1), 18);
  ck_assert_uint_eq(th_excerpt_closing(text, 22), 0); /* not on this line */
  ck_assert_uint_eq(th_excerpt_opening("g(x)(y)", 7), 4);
  ck_assert_uint_eq(th_excerpt_opening("x)", 2), 2);
}
END_TEST

START_TEST(arguments_are_split) {
  static const char text[] = "f(x + 1, g(a, b), \"c, d\", k = 2)";
  ThSpan parts[8];
  ck_assert_uint_eq(th_excerpt_split(text, (ThSpan){2, 31}, parts, 8), 4);
  check_text(text, parts[0], "x + 1");
  check_text(text, parts[1], "g(a, b)");
  check_text(text, parts[2], "\"c, d\"");
  check_text(text, parts[3], "k = 2");
  ck_assert_uint_eq(th_excerpt_split(text, (ThSpan){2, 31}, parts, 2), 2);
  ck_assert_uint_eq(th_excerpt_split("f( )", (ThSpan){2, 3}, parts, 8), 0);
}
END_TEST

START_TEST(rest_of_a_line) {
  static const char text[] = "y = f(x; 1) # done\nz";
  check_text(text, (ThSpan){4, th_excerpt_rest(text, 4)}, "f(x; 1)");
  static const char nested[] = "(x -> x + 1)";
  check_text(nested, (ThSpan){6, th_excerpt_rest(nested, 6)}, "x + 1");
}
END_TEST

START_TEST(forms_are_filled) {
  char out[20];
  th_excerpt_fill("{a} and {b}", "x", "y[1]", out, sizeof out);
  ck_assert_str_eq(out, "x and y[1]");
  th_excerpt_fill("{x} += 1", "a", "count", out, sizeof out);
  ck_assert_str_eq(out, "count += 1");
  th_excerpt_fill("if {a} then {b}", "something_long", "y", out, sizeof out);
  ck_assert_str_eq(out, "if something_long t"); /* cut to the room there is */
  th_excerpt_fill("{ … }", "x", "y", out, sizeof out);
  ck_assert_str_eq(out, "{ … }");
}
END_TEST

START_TEST(what_cannot_be_quoted) {
  char buffer[TH_EXCERPT_SIZE];
  static const char text[] = "a name that is much too long to be quoted in a message\nx `y`";
  ck_assert_str_eq(th_excerpt_text(text, (ThSpan){0, 50}, "…", buffer), "…");
  ck_assert_str_eq(th_excerpt_text(text, (ThSpan){50, 57}, "…", buffer), "…");
  ck_assert_str_eq(th_excerpt_text(text, (ThSpan){57, 60}, "…", buffer), "…");
}
END_TEST

Suite *th_suite_excerpt(void) {
  Suite *suite = suite_create("excerpt");
  ADD_ROWS(suite, operands_are_read, COUNT(operands));
  ADD(suite, brackets_are_matched);
  ADD(suite, arguments_are_split);
  ADD(suite, rest_of_a_line);
  ADD(suite, forms_are_filled);
  ADD(suite, what_cannot_be_quoted);
  return suite;
}
