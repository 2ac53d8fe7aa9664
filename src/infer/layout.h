/* layout.h - the parameters of a fitted model: names, and where each stands in a vector of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LAYOUT_H
#define TH_INFER_LAYOUT_H

#include "infer/record.h"

typedef struct ThLayoutEntry {
  ThSymbol *name;
  size_t count; /* of a vector; SIZE_MAX for a number */
  size_t first; /* of its elements in the vector */
  size_t order; /* of a symmetric matrix, which count counts once; else 0 */
  bool is_held; /* by fix = (…): it has no elements */
  ThValue held; /* then its value, owned */
} ThLayoutEntry;

typedef struct ThLayout {
  size_t n, k; /* parameters; their elements that are not held */
  ThLayoutEntry *entries;
} ThLayout;

TH_CHECKED bool th_layout_init(ThContext *cx, const ThRecording *r, ThLayout *out);
void th_layout_clear(ThHeap *heap, ThLayout *layout);
/* The entry of a name, or NULL. */
const ThLayoutEntry *th_layout_find(const ThLayout *layout, const ThSymbol *name);
static inline size_t th_entry_size(const ThLayoutEntry *e) { return e->count == SIZE_MAX ? 1 : e->count; }
/* The entry of element j; *index is its place in it. */
const ThLayoutEntry *th_layout_element(const ThLayout *layout, size_t j, size_t *index);
/* The element that a text names, "a" or "β[2]"; an error when it names none, or several. */
TH_CHECKED bool th_layout_parse(ThContext *cx, const ThLayout *layout, const char *text, size_t *element);
/* Appends "a" or "β[2]". */
void th_layout_name(const ThLayout *layout, size_t j, ThText *out);

/* The numbers of one parameter: a number, or a vector; x has k numbers. NaN becomes none when `gaps`. */
TH_CHECKED bool th_layout_value(ThContext *cx, const ThLayoutEntry *e, const double *x, bool gaps,
                                ThValue *out);
/* All parameters as a record, held ones too. */
TH_CHECKED bool th_layout_record(ThContext *cx, const ThLayout *layout, const double *x, bool gaps,
                                 ThRecord **out);

#endif
