/* test_text.c - tests of base/text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/text.h"

START_TEST(empty_text_is_the_empty_string) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  ck_assert_str_eq(th_text_string(&text), "");
  th_text_add(&text, "");
  th_text_bytes(&text, NULL, 0);
  ck_assert_str_eq(th_text_string(&text), "");
  ck_assert_uint_eq(text.length, 0);
  th_text_clear(&text);
  th_text_clear(&text);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(appends_in_order) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  th_text_add(&text, "mean");
  th_text_char(&text, ' ');
  th_text_bytes(&text, "2.385 and more", 5);
  th_text_repeat(&text, '!', 3);
  th_text_code_point(&text, 0x3B8);
  th_text_format(&text, " %d/%s", -17, "x");
  ck_assert_str_eq(th_text_string(&text), "mean 2.385!!!θ -17/x");
  ck_assert_uint_eq(text.length, strlen("mean 2.385!!!θ -17/x"));
  th_text_clear(&text);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(grows_far) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  for (int i = 0; i < 20000; i++) th_text_format(&text, "%05d", i);
  ck_assert_uint_eq(text.length, 100000);
  ck_assert_str_eq(th_text_string(&text) + 99990, "1999819999");
  ck_assert_mem_eq(th_text_string(&text), "0000000001", 10);
  th_text_clear(&text);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(formats_around_the_capacity) {
  ThHeap heap = {0};
  char expected[200];
  for (int width = 50; width < 140; width++) {
    ThText text;
    th_text_init(&text, &heap);
    th_text_format(&text, "%*d", width, 2385);
    memset(expected, ' ', sizeof expected);
    memcpy(expected + width - 4, "2385", 5);
    ck_assert_str_eq(th_text_string(&text), expected);
    ck_assert_uint_eq(text.length, (size_t)width);
    th_text_clear(&text);
  }
}
END_TEST

START_TEST(keeps_nul_bytes) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  th_text_bytes(&text, "a\0b", 3);
  th_text_char(&text, 'c');
  ck_assert_uint_eq(text.length, 4);
  ck_assert_mem_eq(th_text_string(&text), "a\0bc", 5);
  th_text_clear(&text);
}
END_TEST

START_TEST(reset_keeps_the_memory) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  th_text_reset(&text);
  th_text_repeat(&text, 'x', 777);
  size_t used = heap.used;
  th_text_reset(&text);
  ck_assert_str_eq(th_text_string(&text), "");
  ck_assert_uint_eq(text.length, 0);
  th_text_add(&text, "2.385");
  ck_assert_str_eq(th_text_string(&text), "2.385");
  ck_assert_uint_eq(heap.used, used);
  th_text_clear(&text);
}
END_TEST

START_TEST(pads_to_display_columns) {
  ThHeap heap = {0};
  ThText text;
  th_text_init(&text, &heap);
  th_text_add(&text, "θ̂=2"); /* a combining mark has no width: 3 columns */
  th_text_pad(&text, 0, 5);
  size_t start = text.length;
  th_text_add(&text, "你"); /* 2 columns */
  th_text_pad(&text, start, 5);
  th_text_add(&text, "|");
  th_text_pad(&text, 0, 4); /* wide enough already */
  th_text_pad(&text, text.length + 3, 9);
  ck_assert_str_eq(th_text_string(&text), "θ̂=2  你   |");
  th_text_clear(&text);
}
END_TEST

START_TEST(failure_sticks) {
  ThContext cx;
  unit_context(&cx);
  ThText text;
  th_text_init(&text, &cx.heap);
  th_text_add(&text, "kept");
  ck_assert(th_text_ok(&text, &cx));
  cx.heap.limit = cx.heap.used;
  th_text_repeat(&text, 'x', 1000);
  ck_assert(text.failed);
  cx.heap.limit = 0;
  th_text_add(&text, "ignored");
  ck_assert_str_eq(th_text_string(&text), "kept");
  ck_assert(!th_text_ok(&text, &cx));
  ck_assert_int_eq(cx.error.code, TH_ERROR_MEMORY);
  th_error_clear(&cx);
  th_text_reset(&text);
  ck_assert(text.failed);
  th_text_clear(&text);
  th_text_add(&text, "again");
  ck_assert(th_text_ok(&text, &cx));
  ck_assert_str_eq(th_text_string(&text), "again");
  th_text_clear(&text);
  unit_done(&cx);
}
END_TEST

static bool build_text(ThContext *cx) {
  ThText text;
  th_text_init(&text, &cx->heap);
  for (int i = 0; i < 50; i++) th_text_format(&text, "%d θ ", i);
  th_text_pad(&text, 0, 400);
  bool ok = th_text_ok(&text, cx);
  th_text_clear(&text);
  return ok;
}

START_TEST(survives_every_refusal) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, build_text);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_text(void) {
  Suite *suite = suite_create("text");
  ADD(suite, empty_text_is_the_empty_string);
  ADD(suite, appends_in_order);
  ADD(suite, grows_far);
  ADD(suite, formats_around_the_capacity);
  ADD(suite, keeps_nul_bytes);
  ADD(suite, reset_keeps_the_memory);
  ADD(suite, pads_to_display_columns);
  ADD(suite, failure_sticks);
  ADD(suite, survives_every_refusal);
  return suite;
}
