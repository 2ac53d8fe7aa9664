/* memory.c - a counted heap with a limit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file outside ui/ that calls the C library's allocator. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>

static bool refused(ThHeap *heap, size_t more) {
  heap->allocations++;
  if (heap->allocations == heap->fail_at) return true;
  return heap->limit > 0 && (heap->used > heap->limit || more > heap->limit - heap->used);
}

void *th_heap_alloc(ThHeap *heap, size_t size) {
  if (size == 0 || refused(heap, size)) return NULL;
  void *block = malloc(size);
  if (block) heap->used += size;
  return block;
}

void *th_heap_resize(ThHeap *heap, void *block, size_t old_size, size_t size) {
  if (!block) return th_heap_alloc(heap, size);
  if (size > old_size && refused(heap, size - old_size)) return NULL;
  void *resized = realloc(block, size);
  if (resized) heap->used = heap->used - old_size + size;
  return resized;
}

void th_heap_free(ThHeap *heap, void *block, size_t size) {
  if (!block) return;
  heap->used -= size;
  free(block);
}

bool th_size_multiply(size_t a, size_t b, size_t *product) {
  if (b != 0 && a > SIZE_MAX / b) return false;
  *product = a * b;
  return true;
}
