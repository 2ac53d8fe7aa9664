/* test_memory.c - tests of base/memory */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

START_TEST(counts_what_is_in_use) {
  ThHeap heap = {0};
  void *a = th_heap_alloc(&heap, 37);
  void *b = th_heap_alloc(&heap, 4099);
  ck_assert_ptr_nonnull(a);
  ck_assert_ptr_nonnull(b);
  ck_assert_uint_eq(heap.used, 37 + 4099);
  ck_assert_uint_eq(heap.allocations, 2);
  th_heap_free(&heap, a, 37);
  ck_assert_uint_eq(heap.used, 4099);
  th_heap_free(&heap, b, 4099);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(size_zero_is_null) {
  ThHeap heap = {0};
  ck_assert_ptr_null(th_heap_alloc(&heap, 0));
  th_heap_free(&heap, NULL, 0);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(is_aligned_for_any_type) {
  ThHeap heap = {0};
  for (size_t size = 1; size < 70; size += 3) {
    void *block = th_heap_alloc(&heap, size);
    ck_assert_uint_eq((uintptr_t)block % _Alignof(max_align_t), 0);
    th_heap_free(&heap, block, size);
  }
}
END_TEST

START_TEST(resize_keeps_the_contents) {
  ThHeap heap = {0};
  char *text = th_heap_resize(&heap, NULL, 0, 6);
  ck_assert_uint_eq(heap.used, 6);
  memcpy(text, "2.385", 6);
  text = th_heap_resize(&heap, text, 6, 50000);
  ck_assert_str_eq(text, "2.385");
  ck_assert_uint_eq(heap.used, 50000);
  text = th_heap_resize(&heap, text, 50000, 4);
  ck_assert_mem_eq(text, "2.38", 4);
  ck_assert_uint_eq(heap.used, 4);
  th_heap_free(&heap, text, 4);
  ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(refuses_beyond_the_limit) {
  ThHeap heap = {.limit = 1000};
  void *a = th_heap_alloc(&heap, 600);
  ck_assert_ptr_nonnull(a);
  ck_assert_ptr_null(th_heap_alloc(&heap, 401));
  ck_assert_uint_eq(heap.used, 600);
  void *b = th_heap_alloc(&heap, 400);
  ck_assert_ptr_nonnull(b);
  ck_assert_ptr_null(th_heap_alloc(&heap, 1));
  ck_assert_ptr_null(th_heap_resize(&heap, a, 600, 601));
  b = th_heap_resize(&heap, b, 400, 137); /* making room is always allowed */
  ck_assert_ptr_nonnull(b);
  a = th_heap_resize(&heap, a, 600, 863);
  ck_assert_ptr_nonnull(a);
  ck_assert_uint_eq(heap.used, 1000);
  th_heap_free(&heap, a, 863);
  th_heap_free(&heap, b, 137);
}
END_TEST

START_TEST(a_limit_below_what_is_used_refuses) {
  ThHeap heap = {0};
  void *a = th_heap_alloc(&heap, 600);
  heap.limit = 500;
  ck_assert_ptr_null(th_heap_alloc(&heap, 3));
  th_heap_free(&heap, a, 600);
}
END_TEST

START_TEST(refuses_the_chosen_request) {
  ThHeap heap = {.fail_at = 2};
  void *a = th_heap_alloc(&heap, 13);
  ck_assert_ptr_nonnull(a);
  memset(a, 'x', 13);
  ck_assert_ptr_null(th_heap_resize(&heap, a, 13, 29));
  ck_assert_uint_eq(heap.used, 13);
  ck_assert_int_eq(((char *)a)[12], 'x');
  void *b = th_heap_alloc(&heap, 29);
  ck_assert_ptr_nonnull(b);
  th_heap_free(&heap, a, 13);
  th_heap_free(&heap, b, 29);
}
END_TEST

static const struct {
  size_t a, b, product;
  bool fits;
} products[] = {
    {37, 53, 1961, true},
    {0, SIZE_MAX, 0, true},
    {SIZE_MAX, 0, 0, true},
    {SIZE_MAX, 1, SIZE_MAX, true},
    {SIZE_MAX / 2 + 1, 2, 0, false},
    {SIZE_MAX, SIZE_MAX, 0, false},
    {SIZE_MAX / 3, 3, SIZE_MAX, true},
    {(size_t)1 << 33, (size_t)1 << 32, 0, false},
};

START_TEST(multiplies_or_says_no) {
  size_t product = 7;
  ck_assert_int_eq(th_size_multiply(products[_i].a, products[_i].b, &product), products[_i].fits);
  ck_assert_uint_eq(product, products[_i].fits ? products[_i].product : 7);
}
END_TEST

Suite *th_suite_memory(void) {
  Suite *suite = suite_create("memory");
  ADD(suite, counts_what_is_in_use);
  ADD(suite, size_zero_is_null);
  ADD(suite, is_aligned_for_any_type);
  ADD(suite, resize_keeps_the_contents);
  ADD(suite, refuses_beyond_the_limit);
  ADD(suite, a_limit_below_what_is_used_refuses);
  ADD(suite, refuses_the_chosen_request);
  ADD_ROWS(suite, multiplies_or_says_no, COUNT(products));
  return suite;
}
