/* memory.c - a counted heap with a limit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file outside ui/ that calls the C library's allocator. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/mman.h>

void th_memory_init(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 24);
  mallopt(M_TRIM_THRESHOLD, 1 << 26);
#endif
}

static bool refused(ThHeap *heap, size_t more) {
  heap->allocations++;
  if (heap->allocations == heap->fail_at) return true;
  return heap->limit > 0 && (heap->used > heap->limit || more > heap->limit - heap->used);
}

/* Asks for huge pages for a large block, where the system has them: to touch a page of 4 KB for the first time
 * takes longer than to compute the numbers on it. The advice may be ignored. */
static void advise_huge_pages(void *block, size_t size) {
#ifdef MADV_HUGEPAGE
  enum { LARGE = 1 << 22, ALIGNMENT = 1 << 16 }; /* a multiple of every page size */
  size_t skipped = (ALIGNMENT - (uintptr_t)block % ALIGNMENT) % ALIGNMENT;
  if (size >= LARGE) (void)madvise((char *)block + skipped, size - skipped, MADV_HUGEPAGE);
#else
  (void)block, (void)size;
#endif
}

void *th_heap_alloc(ThHeap *heap, size_t size) {
  if (size == 0 || refused(heap, size)) return NULL;
  void *block = malloc(size);
  if (!block) return NULL;
  heap->used += size;
  advise_huge_pages(block, size);
  return block;
}

void *th_heap_resize(ThHeap *heap, void *block, size_t old_size, size_t size) {
  if (!block) return th_heap_alloc(heap, size);
  if (size > old_size && refused(heap, size - old_size)) return NULL;
  void *resized = realloc(block, size);
  if (!resized) return NULL;
  heap->used = heap->used - old_size + size;
  if (size > old_size) advise_huge_pages(resized, size);
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
