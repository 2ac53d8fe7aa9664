/* row_keys.c - rows numbered and ordered by what stands in their key columns */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/row_keys.h"

#include <math.h>
#include <string.h>

#include "val/array.h"
#include "val/table.h"

static bool keys_alloc(ThContext *cx, const ThTable *table, size_t n, ThKeyColumns *keys) {
  *keys = (ThKeyColumns){.n = n, .n_rows = table->n_rows};
  keys->names = th_alloc_array(cx, n, sizeof *keys->names);
  keys->columns = keys->names ? th_alloc_array(cx, n, sizeof *keys->columns) : NULL;
  if (!keys->columns) th_key_columns_clear(cx, keys);
  return keys->columns != NULL;
}

void th_key_columns_clear(ThContext *cx, ThKeyColumns *keys) {
  th_free(cx, keys->names, keys->n * sizeof *keys->names);
  th_free(cx, keys->columns, keys->n * sizeof *keys->columns);
  keys->names = NULL;
  keys->columns = NULL;
}

static bool add_key(ThContext *cx, const ThTable *table, ThValue name, size_t i, ThKeyColumns *keys) {
  char text[96];
  ThValue column;
  if (!th_is_string(name))
    return th_fail(cx, TH_ERROR_TYPE, "a column is named by a string; got %s",
                   th_describe(name, text, sizeof text));
  keys->names[i] = th_symbol(cx, th_as_string(name)->text, th_as_string(name)->length);
  if (!keys->names[i] || !th_get_field(cx, th_object((void *)(uintptr_t)table), keys->names[i], &column))
    return false;
  th_release(column); /* the table holds it */
  keys->columns[i] = column;
  return true;
}

bool th_key_columns_init(ThContext *cx, const ThTable *table, ThValue names, ThKeyColumns *keys) {
  const ThList *list = th_is_list(names) ? th_as_list(names) : NULL;
  size_t n = list ? list->length : 1;
  if (n == 0) return th_fail(cx, TH_ERROR_VALUE, "at least one column must be named");
  if (!keys_alloc(cx, table, n, keys)) return false;
  for (size_t i = 0; i < n; i++) {
    if (add_key(cx, table, list ? list->items[i] : names, i, keys)) continue;
    th_key_columns_clear(cx, keys);
    return false;
  }
  return true;
}

bool th_key_columns_all(ThContext *cx, const ThTable *table, ThKeyColumns *keys) {
  if (!keys_alloc(cx, table, table->n_columns, keys)) return false;
  for (size_t i = 0; i < keys->n; i++) {
    keys->names[i] = table->names[i];
    keys->columns[i] = table->columns[i];
  }
  return true;
}

/* Cells. */

static const ThString *text_at(ThValue column, size_t i) {
  return th_as_string(th_as_list(column)->items[i]);
}

static int compare_texts(const ThString *x, const ThString *y) {
  if (x == y) return 0;
  if (x->length == 0 || y->length == 0) return (x->length == 0) - (y->length == 0);
  return strcmp(x->text, y->text);
}

int th_key_compare_cells(ThValue a, size_t i, ThValue b, size_t j) {
  if (th_is_list(a)) return compare_texts(text_at(a, i), text_at(b, j));
  double x = th_as_array(a)->real[i], y = th_as_array(b)->real[j];
  if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
  return (x > y) - (x < y);
}

int th_key_compare(const ThKeyColumns *a, size_t i, const ThKeyColumns *b, size_t j) {
  int order = 0;
  for (size_t k = 0; k < a->n && order == 0; k++)
    order = th_key_compare_cells(a->columns[k], i, b->columns[k], j);
  return order;
}

bool th_key_cell_is_missing(ThValue column, size_t i) {
  return th_is_list(column) ? text_at(column, i)->length == 0 : isnan(th_as_array(column)->real[i]);
}

bool th_key_is_missing(const ThKeyColumns *keys, size_t i) {
  for (size_t k = 0; k < keys->n; k++)
    if (th_key_cell_is_missing(keys->columns[k], i)) return true;
  return false;
}

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the word moves every bit of the result. */
static uint64_t mix(uint64_t word) {
  word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9u;
  word = (word ^ word >> 27) * 0x94D049BB133111EBu;
  return word ^ word >> 31;
}

static uint64_t hash_text(const ThString *text) {
  uint64_t hash = text->length;
  for (size_t at = 0; at < text->length; at += sizeof hash) {
    uint64_t word = 0;
    size_t left = text->length - at;
    memcpy(&word, text->text + at, left < sizeof word ? left : sizeof word);
    hash = mix(hash ^ word);
  }
  return hash;
}

/* Equal cells have equal hashes: -0 is 0, and every nan is one. */
static uint64_t hash_cell(ThValue column, size_t i) {
  if (th_is_list(column)) return hash_text(text_at(column, i));
  double x = th_as_array(column)->real[i];
  return x == 0 ? 0 : th_number(x).bits;
}

static uint64_t hash_row(const ThKeyColumns *keys, size_t i) {
  uint64_t hash = 0;
  for (size_t k = 0; k < keys->n; k++) hash = mix(hash * 31 + hash_cell(keys->columns[k], i) + 1);
  return hash;
}

/* Groups. */

enum { FIRST_SLOTS = 64 };

/* One column of numbers: different numbers have different hashes, since mixing can be undone. */
static bool hash_is_key(const ThKeyColumns *keys) { return keys->n == 1 && !th_is_list(keys->columns[0]); }

/* The slot of these keys, or the free one where they belong: probed one after the other. */
static ThRowSlot *find_slot(const ThRowGroups *g, const ThKeyColumns *keys, size_t i, uint64_t hash) {
  bool exact = hash_is_key(keys);
  size_t at = (size_t)hash & (g->n_slots - 1);
  for (; g->slots[at].group; at = (at + 1) & (g->n_slots - 1)) {
    if (g->slots[at].hash != hash) continue;
    if (exact || th_key_compare(g->keys, g->groups[g->slots[at].group - 1].first, keys, i) == 0) break;
  }
  return &g->slots[at];
}

static bool grow_slots(ThContext *cx, ThRowGroups *g) {
  size_t n = g->n_slots ? g->n_slots * 2 : FIRST_SLOTS;
  ThRowSlot *slots = th_alloc_array(cx, n, sizeof *slots);
  if (!slots) return false;
  memset(slots, 0, n * sizeof *slots);
  for (size_t k = 0; k < g->n_slots; k++) {
    if (!g->slots[k].group) continue;
    size_t at = (size_t)g->slots[k].hash & (n - 1);
    while (slots[at].group) at = (at + 1) & (n - 1);
    slots[at] = g->slots[k];
  }
  th_free(cx, g->slots, g->n_slots * sizeof *slots);
  g->slots = slots;
  g->n_slots = n;
  return true;
}

static bool grow_groups(ThContext *cx, ThRowGroups *g) {
  size_t capacity = g->capacity * 2 + FIRST_SLOTS;
  ThRowGroup *groups = th_resize(cx, g->groups, g->capacity * sizeof *groups, capacity * sizeof *groups);
  if (!groups) return false;
  g->groups = groups;
  g->capacity = capacity;
  return true;
}

static bool add_row(ThContext *cx, ThRowGroups *g, size_t i) {
  if (g->n * 2 >= g->n_slots && !grow_slots(cx, g)) return false;
  if (g->n == g->capacity && !grow_groups(cx, g)) return false;
  uint64_t hash = hash_row(g->keys, i);
  ThRowSlot *slot = find_slot(g, g->keys, i, hash);
  if (slot->group == 0) {
    g->groups[g->n] = (ThRowGroup){.first = i};
    *slot = (ThRowSlot){.hash = hash, .group = ++g->n};
  }
  g->groups[slot->group - 1].count++;
  g->of_row[i] = slot->group - 1;
  return true;
}

bool th_row_groups_init(ThContext *cx, const ThKeyColumns *keys, ThRowGroups *g) {
  *g = (ThRowGroups){.keys = keys};
  g->of_row = th_alloc_array(cx, keys->n_rows, sizeof *g->of_row);
  bool ok = g->of_row && grow_slots(cx, g);
  for (size_t i = 0; ok && i < keys->n_rows; i++)
    ok = add_row(cx, g, i) && ((i & 0xFFF) != 0xFFF || th_poll(cx));
  if (!ok) th_row_groups_clear(cx, g);
  return ok;
}

void th_row_groups_clear(ThContext *cx, ThRowGroups *g) {
  th_free(cx, g->of_row, g->keys->n_rows * sizeof *g->of_row);
  th_free(cx, g->groups, g->capacity * sizeof *g->groups);
  th_free(cx, g->slots, g->n_slots * sizeof *g->slots);
  *g = (ThRowGroups){.keys = g->keys};
}

size_t th_row_groups_find(const ThRowGroups *g, const ThKeyColumns *keys, size_t i) {
  size_t group = find_slot(g, keys, i, hash_row(keys, i))->group;
  return group ? group - 1 : TH_NO_ROW;
}

void th_row_groups_order(const ThRowGroups *g, size_t *start, size_t *rows) {
  start[0] = 0;
  for (size_t k = 0; k < g->n; k++) start[k + 1] = start[k] + g->groups[k].count;
  for (size_t i = 0; i < g->keys->n_rows; i++) rows[start[g->of_row[i]]++] = i;
  for (size_t k = g->n; k > 0; k--) start[k] = start[k - 1]; /* each moved to its end */
  start[0] = 0;
}
