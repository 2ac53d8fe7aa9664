/* array_index.h - x[…] and x[…] = v of arrays, and what other sequences take from them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_ARRAY_INDEX_H
#define TH_VAL_ARRAY_INDEX_H

#include "val/array.h"

TH_CHECKED bool th_array_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n,
                                   ThValue *out);
TH_CHECKED bool th_array_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n,
                                   ThValue value);

/* Which positions along one axis an index picks. */
typedef struct ThSelection {
  bool single;  /* one number: the axis disappears */
  size_t count; /* how many positions */
  size_t first; /* the positions are first, first + step, … */
  ptrdiff_t step;
  size_t *list;  /* or these, when not NULL */
  uint32_t rank; /* axes of the result: 0 when single, more than 1 for an index array of many axes */
  size_t shape[TH_MAX_RANK];
} ThSelection;

/* Reads an index for an axis of `length` positions: a number, range, array of numbers, mask, or none for
 * all. `axis` (0-based) is for messages; SIZE_MAX when there is only one. A number that is length + 1
 * is allowed when `grow`. */
TH_CHECKED bool th_select(ThContext *cx, ThValue index, size_t length, size_t axis, bool grow,
                          ThSelection *out);
void th_selection_clear(ThContext *cx, ThSelection *selection);
static inline size_t th_selection_at(const ThSelection *s, size_t i) {
  return s->list ? s->list[i] : (size_t)((ptrdiff_t)s->first + (ptrdiff_t)i * s->step);
}

/* One position: `index` as a whole number from 1 to length; 0-based in *out. */
TH_CHECKED bool th_select_one(ThContext *cx, ThValue index, size_t length, size_t axis, size_t *out);

#endif
