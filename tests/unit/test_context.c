/* test_context.c - tests of base/context */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/source.h"
#include "base/utf8.h"

START_TEST(allocates_through_the_heap) {
  ThContext cx;
  unit_context(&cx);
  double *x = th_alloc_array(&cx, 385, sizeof *x);
  ck_assert_ptr_nonnull(x);
  x[384] = 2.385;
  ck_assert_uint_eq(cx.heap.used, 385 * sizeof *x);
  x = th_resize(&cx, x, 385 * sizeof *x, 1000 * sizeof *x);
  ck_assert_ptr_nonnull(x);
  ck_assert_double_eq(x[384], 2.385);
  th_free(&cx, x, 1000 * sizeof *x);
  th_free(&cx, NULL, 8);
  void *nothing = th_alloc(&cx, 0);
  ck_assert_ptr_nonnull(nothing);
  th_free(&cx, nothing, 0);
  unit_done(&cx);
}
END_TEST

static const struct {
  size_t count, size;
  const char *message;
} impossible[] = {
    {SIZE_MAX / 4, 8, "not enough memory: the size is beyond this machine's addresses"},
    {1000, 8, "not enough memory for 8 kB"},
    {999, 1, "not enough memory for 999 bytes"},
    {238500000, 10, "not enough memory for 2.38 GB"},
};

START_TEST(reports_what_cannot_be_had) {
  ThContext cx;
  unit_context(&cx);
  cx.heap.limit = 500;
  ck_assert_ptr_null(th_alloc_array(&cx, impossible[_i].count, impossible[_i].size));
  ck_assert_int_eq(cx.error.code, TH_ERROR_MEMORY);
  ck_assert_str_eq(cx.error.message, impossible[_i].message);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

START_TEST(copies_text) {
  ThContext cx;
  unit_context(&cx);
  char *copy = th_copy_text(&cx, "θ = 2.385", 4);
  ck_assert_ptr_nonnull(copy);
  ck_assert_str_eq(copy, "θ =");
  th_free(&cx, copy, 5);
  copy = th_copy_text(&cx, NULL, 0);
  ck_assert_str_eq(copy, "");
  th_free(&cx, copy, 1);
  unit_done(&cx);
}
END_TEST

START_TEST(fails_with_message_argument_and_hint) {
  ThContext cx;
  unit_context(&cx);
  ck_assert(!th_fail_argument(&cx, 2, TH_ERROR_SHAPE, "shapes (%d, %d) and (%d)", 5, 2, 3));
  ck_assert(!th_hint(&cx, "the matrix product is `%s`", "X @ β"));
  ck_assert_int_eq(cx.error.code, TH_ERROR_SHAPE);
  ck_assert_int_eq(cx.error.argument, 2);
  ck_assert_str_eq(cx.error.message, "shapes (5, 2) and (3)");
  ck_assert_str_eq(cx.error.hint, "the matrix product is `X @ β`");
  ck_assert(!th_fail(&cx, TH_ERROR_NAME, "another"));
  ck_assert_int_eq(cx.error.code, TH_ERROR_NAME);
  ck_assert_int_eq(cx.error.argument, 0);
  ck_assert_str_eq(cx.error.hint, "");
  th_error_clear(&cx);
  ck_assert_str_eq(cx.error.message, "");
  unit_done(&cx);
}
END_TEST

/* A message that is too long is cut, and never in the middle of a character. */
START_TEST(cuts_long_messages) {
  ThContext cx;
  unit_context(&cx);
  char long_text[2000];
  for (size_t shift = 0; shift < 4; shift++) {
    memset(long_text, 'x', shift);
    for (size_t i = shift; i + 3 < sizeof long_text; i += 3) memcpy(long_text + i, "₀", 4);
    th_fail(&cx, TH_ERROR_VALUE, "%s", long_text);
    th_hint(&cx, "%s", long_text);
    size_t message = strlen(cx.error.message), hint = strlen(cx.error.hint);
    ck_assert_uint_eq(th_utf8_find_invalid(cx.error.message, message), message);
    ck_assert_uint_eq(th_utf8_find_invalid(cx.error.hint, hint), hint);
    ck_assert_uint_ge(message, TH_MESSAGE_SIZE - 4);
    ck_assert_uint_ge(hint, TH_HINT_SIZE - 4);
    th_error_clear(&cx);
  }
}
END_TEST

START_TEST(keeps_the_innermost_places_and_the_last) {
  ThContext cx;
  unit_context(&cx);
  ThSource *source = th_source_new(&cx, "f.theta", "f(x) = f(x + 1)", 15);
  ck_assert_ptr_nonnull(source);
  th_fail(&cx, TH_ERROR_LIMIT, "too deep");
  for (uint32_t i = 0; i < TH_TRACE_SIZE + 3; i++) th_error_place(&cx, source, (ThSpan){i, i + 1});
  ck_assert_uint_eq(cx.error.n_places, TH_TRACE_SIZE);
  ck_assert_uint_eq(cx.error.n_omitted, 3);
  ck_assert_uint_eq(cx.error.places[TH_TRACE_SIZE - 2].span.start, TH_TRACE_SIZE - 2);
  ck_assert_uint_eq(cx.error.places[TH_TRACE_SIZE - 1].span.start, TH_TRACE_SIZE + 2);
  ck_assert_uint_eq(source->references, 1 + TH_TRACE_SIZE);
  th_error_clear(&cx);
  ck_assert_uint_eq(source->references, 1);
  th_source_release(source);
  unit_done(&cx);
}
END_TEST

START_TEST(sets_an_error_aside) {
  ThContext cx;
  ThError saved;
  unit_context(&cx);
  ThSource *source = th_source_new(&cx, "", "1/x", 3);
  th_fail(&cx, TH_ERROR_NAME, "undefined name `x`");
  th_error_place(&cx, source, (ThSpan){2, 3});
  th_error_take(&cx, &saved);
  ck_assert_int_eq(cx.error.code, TH_OK);
  ck_assert_uint_eq(cx.error.n_places, 0);
  th_fail(&cx, TH_ERROR_VALUE, "in between");
  th_error_place(&cx, source, (ThSpan){0, 1});
  th_error_restore(&cx, &saved);
  ck_assert_int_eq(cx.error.code, TH_ERROR_NAME);
  ck_assert_str_eq(cx.error.message, "undefined name `x`");
  ck_assert_uint_eq(cx.error.places[0].span.start, 2);
  th_error_clear(&cx);
  ck_assert_uint_eq(source->references, 1);
  th_source_release(source);
  unit_done(&cx);
}
END_TEST

START_TEST(polls_the_interrupt_flag_once) {
  ThContext cx;
  volatile sig_atomic_t flag = 0;
  unit_context(&cx);
  ck_assert(th_poll(&cx));
  cx.interrupt = &flag;
  ck_assert(th_poll(&cx));
  flag = 1;
  ck_assert(!th_poll(&cx));
  ck_assert_int_eq(cx.error.code, TH_ERROR_INTERRUPTED);
  th_error_clear(&cx);
  ck_assert(th_poll(&cx));
  unit_done(&cx);
}
END_TEST

static void keep_write(void *self, const char *text, size_t length) { th_text_bytes(self, text, length); }
static void keep_note(void *self, const char *text) { th_text_format(self, "[%s]", text); }

START_TEST(hands_output_to_the_host) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_write(&cx, "lost", 4); /* no host: nothing happens */
  th_note(&cx, "lost");
  th_text_init(&out, &cx.heap);
  cx.host = (ThHost){.write = keep_write, .note = keep_note, .self = &out};
  th_write(&cx, "2.385 more", 5);
  th_note(&cx, "hint: `%s`", "variance = σ^2");
  ck_assert_str_eq(th_text_string(&out), "2.385[hint: `variance = σ^2`]");
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

static void name_operand(ThContext *cx, size_t index, char *text, size_t size) {
  (void)cx;
  if (index == 1 && size > 2) memcpy(text, "β", 3);
}

START_TEST(quotes_operands) {
  ThContext cx;
  char buffer[16];
  unit_context(&cx);
  ck_assert_str_eq(th_operand(&cx, 1, "the right side", buffer, sizeof buffer), "the right side");
  cx.operand_text = name_operand;
  ck_assert_str_eq(th_operand(&cx, 1, "the right side", buffer, sizeof buffer), "β");
  ck_assert_str_eq(th_operand(&cx, 0, "the left side", buffer, sizeof buffer), "the left side");
}
END_TEST

Suite *th_suite_context(void) {
  Suite *suite = suite_create("context");
  ADD(suite, allocates_through_the_heap);
  ADD_ROWS(suite, reports_what_cannot_be_had, COUNT(impossible));
  ADD(suite, copies_text);
  ADD(suite, fails_with_message_argument_and_hint);
  ADD(suite, cuts_long_messages);
  ADD(suite, keeps_the_innermost_places_and_the_last);
  ADD(suite, sets_an_error_aside);
  ADD(suite, polls_the_interrupt_flag_once);
  ADD(suite, hands_output_to_the_host);
  ADD(suite, quotes_operands);
  return suite;
}
