/* layout.c - the parameters of a fitted model: names, and where each stands in a vector of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/family_model.h"
#include "val/array.h"

bool th_layout_init(ThContext *cx, const ThRecording *r, ThLayout *out) {
  *out = (ThLayout){.n = r->n_unknowns, .k = r->n_elements};
  if (out->n == 0) return true;
  out->entries = th_alloc_array(cx, out->n, sizeof *out->entries);
  if (!out->entries) {
    *out = (ThLayout){0};
    return false;
  }
  for (size_t i = 0; i < out->n; i++) {
    const ThUnknown *u = &r->unknowns[i];
    out->entries[i] = (ThLayoutEntry){.name = u->name,
                                      .count = u->count,
                                      .first = u->first,
                                      .order = u->order,
                                      .is_held = u->is_held,
                                      .held = u->is_held ? th_retain(u->value) : th_none()};
  }
  return true;
}

void th_layout_clear(ThHeap *heap, ThLayout *layout) {
  for (size_t i = 0; i < layout->n; i++) th_release(layout->entries[i].held);
  if (layout->entries) th_heap_free(heap, layout->entries, layout->n * sizeof *layout->entries);
  *layout = (ThLayout){0};
}

const ThLayoutEntry *th_layout_find(const ThLayout *layout, const ThSymbol *name) {
  for (size_t i = 0; i < layout->n; i++)
    if (layout->entries[i].name == name) return &layout->entries[i];
  return NULL;
}

const ThLayoutEntry *th_layout_element(const ThLayout *layout, size_t j, size_t *index) {
  for (size_t i = 0; i < layout->n; i++) {
    const ThLayoutEntry *e = &layout->entries[i];
    if (e->is_held || j < e->first || j >= e->first + th_entry_size(e)) continue;
    *index = j - e->first;
    return e;
  }
  return NULL;
}

static bool fail_unknown(ThContext *cx, const ThLayout *layout, const char *text) {
  ThText names;
  th_text_init(&names, &cx->heap);
  for (size_t j = 0; j < layout->k; j++) {
    if (j) th_text_add(&names, ", ");
    th_layout_name(layout, j, &names);
  }
  if (th_text_ok(&names, cx)) {
    th_fail(cx, TH_ERROR_NAME, "the fit has no parameter `%s`", text);
    if (layout->k > 0) th_hint(cx, "its parameters are %s", th_text_string(&names));
  }
  th_text_clear(&names);
  return false;
}

bool th_layout_parse(ThContext *cx, const ThLayout *layout, const char *text, size_t *element) {
  size_t length = strcspn(text, "[");
  const ThSymbol *name = th_symbol_find(cx, text, length);
  const ThLayoutEntry *e = name ? th_layout_find(layout, name) : NULL;
  if (!e) return fail_unknown(cx, layout, text);
  const char *spelling = e->name->spelling;
  if (e->is_held) return th_fail(cx, TH_ERROR_VALUE, "`%s` is held by `fix`, not estimated", spelling);
  if (e->order)
    return th_fail(cx, TH_ERROR_VALUE,
                   "`%s` is a matrix, of which no element moves alone: it would not stay positive definite", spelling);
  *element = e->first;
  if (e->count == SIZE_MAX) return !text[length] || fail_unknown(cx, layout, text);
  char *end;
  unsigned long index = text[length] ? strtoul(text + length + 1, &end, 10) : 0;
  if (index >= 1 && index <= e->count && strcmp(end, "]") == 0) {
    *element += index - 1;
    return true;
  }
  th_fail(cx, TH_ERROR_NAME, "`%s` has %zu elements; `%s` is none of them", spelling, e->count, text);
  return th_hint(cx, "\"%s[1]\" is the first", spelling);
}

void th_layout_name(const ThLayout *layout, size_t j, ThText *out) {
  size_t index;
  const ThLayoutEntry *e = th_layout_element(layout, j, &index);
  th_text_add(out, e->name->spelling);
  if (e->order) th_packed_name(e->order, index, out);
  else if (e->count != SIZE_MAX) th_text_format(out, "[%zu]", index + 1);
}

static bool matrix(ThContext *cx, const ThLayoutEntry *e, const double *x, ThValue *out) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, e->order, e->order);
  if (!a) return false;
  for (size_t i = 0; i < e->order; i++)
    for (size_t j = 0; j < e->order; j++) a->real[i * e->order + j] = x[th_packed_index(e->order, i, j)];
  *out = th_object(a);
  return true;
}

bool th_layout_value(ThContext *cx, const ThLayoutEntry *e, const double *x, bool gaps, ThValue *out) {
  if (e->order) return matrix(cx, e, x + e->first, out);
  if (e->count != SIZE_MAX) return th_vector_from(cx, x + e->first, e->count, out);
  double v = x[e->first];
  *out = gaps && isnan(v) ? th_none() : th_number(v);
  return true;
}

bool th_layout_record(ThContext *cx, const ThLayout *layout, const double *x, bool gaps, ThRecord **out) {
  ThRecord *record = *out = th_record_new(cx, layout->n);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < layout->n; i++) {
    const ThLayoutEntry *e = &layout->entries[i];
    ThValue v;
    if (e->is_held) v = th_retain(e->held);
    else ok = th_layout_value(cx, e, x, gaps, &v);
    ok = ok && th_record_set_take(cx, record, e->name, v);
  }
  if (!ok && record) th_release(th_object(record));
  return ok;
}
