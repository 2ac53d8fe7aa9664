/* memory.h - a counted heap with a limit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_BASE_MEMORY_H
#define TH_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Every block that Theta owns comes from a heap, which knows how many bytes are in use, refuses what
 * would pass its limit, and can be told to refuse one chosen allocation, so that tests can visit every
 * failure. Blocks are returned with their size; they carry no header. */
typedef struct ThHeap {
  size_t used;        /* bytes in use */
  size_t limit;       /* bytes allowed; 0 is no limit */
  size_t allocations; /* requests served or refused so far */
  size_t fail_at;     /* the number of the request to refuse; 0 is none */
  unsigned releasing; /* objects being released, one inside the other (val/value.c) */
  void *waiting;      /* objects that wait for these */
} ThHeap;

/* To be called once, at start-up: the C library keeps some tens of megabytes of what was returned, because fresh pages
 * cost more than most of what is computed on them. */
void th_memory_init(void);

/* A block of `size` bytes, aligned for any type, or NULL. A size of 0 gives NULL. */
void *th_heap_alloc(ThHeap *heap, size_t size);

/* The block grown or shrunk to `size` bytes, contents kept; NULL, and the old block intact, when refused. */
void *th_heap_resize(ThHeap *heap, void *block, size_t old_size, size_t size);

/* Returns a block; NULL is allowed. */
void th_heap_free(ThHeap *heap, void *block, size_t size);

/* *product = a * b; false when that does not fit. */
bool th_size_multiply(size_t a, size_t b, size_t *product);

#endif
