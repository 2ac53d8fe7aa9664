/* test_lexer.c - tests of lang/lexer */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "lang/lexer.h"

/* Reads `text` to its end; the kinds found go to `kinds`. */
static size_t read_kinds(ThContext *cx, const char *text, ThTokenKind *kinds, size_t most) {
  ThSource *source = th_source_new(cx, "test", text, strlen(text));
  ck_assert_ptr_nonnull(source);
  ThLexer lexer;
  ThToken token;
  size_t n = 0;
  th_lexer_init(&lexer, cx, source, 0, (uint32_t)strlen(text));
  while (n < most && th_lexer_next(&lexer, &token) && token.kind != TH_TOKEN_END) kinds[n++] = token.kind;
  th_lexer_clear(&lexer);
  th_source_release(source);
  return n;
}

static const struct {
  const char *text;
  size_t n;
  ThTokenKind kinds[8];
} streams[] = {
    {"x2 + 3.5", 3, {TH_TOKEN_NAME, TH_TOKEN_PLUS, TH_TOKEN_NUMBER}},
    {"2.5e-3x", 2, {TH_TOKEN_NUMBER, TH_TOKEN_NAME}},
    {"2exp", 2, {TH_TOKEN_NUMBER, TH_TOKEN_NAME}},
    {"3i 3im", 3, {TH_TOKEN_IMAGINARY, TH_TOKEN_NUMBER, TH_TOKEN_NAME}},
    {"1:10", 3, {TH_TOKEN_NUMBER, TH_TOKEN_COLON, TH_TOKEN_NUMBER}},
    {"x := y |> f -> g",
     7,
     {TH_TOKEN_NAME, TH_TOKEN_LIVE, TH_TOKEN_NAME, TH_TOKEN_PIPE, TH_TOKEN_NAME, TH_TOKEN_ARROW,
      TH_TOKEN_NAME}},
    {"x < -3", 4, {TH_TOKEN_NAME, TH_TOKEN_LESS, TH_TOKEN_MINUS, TH_TOKEN_NUMBER}},
    {"a\nb", 3, {TH_TOKEN_NAME, TH_TOKEN_LINE, TH_TOKEN_NAME}},
    {"a +\n\n b", 3, {TH_TOKEN_NAME, TH_TOKEN_PLUS, TH_TOKEN_NAME}},
    {"(a\nb)", 4, {TH_TOKEN_LEFT_PAREN, TH_TOKEN_NAME, TH_TOKEN_NAME, TH_TOKEN_RIGHT_PAREN}},
    {"({a\nb})",
     7,
     {TH_TOKEN_LEFT_PAREN, TH_TOKEN_LEFT_BRACE, TH_TOKEN_NAME, TH_TOKEN_LINE, TH_TOKEN_NAME,
      TH_TOKEN_RIGHT_BRACE, TH_TOKEN_RIGHT_PAREN}},
    {"x⁻² Aᵀ", 4, {TH_TOKEN_NAME, TH_TOKEN_SUPERSCRIPT, TH_TOKEN_NAME, TH_TOKEN_SUPERSCRIPT}},
    {"a ≤ b ∩ ¬c",
     6,
     {TH_TOKEN_NAME, TH_TOKEN_LESS_EQUAL, TH_TOKEN_NAME, TH_TOKEN_AND, TH_TOKEN_NOT, TH_TOKEN_NAME}},
    {"a − b × c", 5, {TH_TOKEN_NAME, TH_TOKEN_MINUS, TH_TOKEN_NAME, TH_TOKEN_STAR, TH_TOKEN_NAME}},
    {"“x” # comment", 1, {TH_TOKEN_STRING}},
    {"\"a $(f(\"b\")) c\"", 1, {TH_TOKEN_STRING}},
    {"X' 'x", 4, {TH_TOKEN_NAME, TH_TOKEN_QUOTE, TH_TOKEN_QUOTE, TH_TOKEN_NAME}},
    {"if θ̂ in xs", 4, {TH_TOKEN_IF, TH_TOKEN_NAME, TH_TOKEN_IN, TH_TOKEN_NAME}},
};

START_TEST(tokens) {
  ThContext cx;
  unit_context(&cx);
  ThTokenKind kinds[16];
  size_t n = read_kinds(&cx, streams[_i].text, kinds, 16);
  ck_assert_msg(cx.error.code == TH_OK, "%s: %s", streams[_i].text, cx.error.message);
  ck_assert_msg(n == streams[_i].n, "%s: %zu tokens", streams[_i].text, n);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(kinds[i] == streams[_i].kinds[i], "%s: token %zu", streams[_i].text, i);
  unit_done(&cx);
}
END_TEST

static const struct {
  const char *text, *message;
  ThErrorCode code;
} faults[] = {
    {"(1", "this `(` is never closed", TH_ERROR_INCOMPLETE},
    {"1 +", "nothing follows `+`", TH_ERROR_INCOMPLETE},
    {"\"abc", "this string is never closed by `\"`", TH_ERROR_SYNTAX},
    {"x ** 2", "`**` is not an operator", TH_ERROR_SYNTAX},
    {"(1]", "`]` cannot close the `(` of line 1, column 1", TH_ERROR_SYNTAX},
    {"1)", "`)` closes nothing: there is no open `(`", TH_ERROR_SYNTAX},
    {"a $ b", "`$` has a meaning only inside a string", TH_ERROR_SYNTAX},
    {"a \x01 b", "a control character (0x01) has no meaning here", TH_ERROR_SYNTAX},
    {"☃", "`☃` has no meaning here", TH_ERROR_SYNTAX},
};

START_TEST(errors) {
  ThContext cx;
  unit_context(&cx);
  ThTokenKind kinds[16];
  read_kinds(&cx, faults[_i].text, kinds, 16);
  ck_assert_str_eq(cx.error.message, faults[_i].message);
  ck_assert_int_eq(cx.error.code, faults[_i].code);
  ck_assert_uint_eq(cx.error.n_places, 1);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

/* Deep nesting is an error, not a crash. */
START_TEST(deep_nesting) {
  ThContext cx;
  unit_context(&cx);
  static char text[10001];
  ThTokenKind kinds[300];
  memset(text, '(', 10000);
  size_t n = read_kinds(&cx, text, kinds, 300);
  ck_assert_uint_eq(n, 200);
  ck_assert_int_eq(cx.error.code, TH_ERROR_LIMIT);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_lexer(void) {
  Suite *suite = suite_create("lexer");
  ADD_ROWS(suite, tokens, COUNT(streams));
  ADD_ROWS(suite, errors, COUNT(faults));
  ADD(suite, deep_nesting);
  return suite;
}
