/* row_keys.h - rows numbered and ordered by what stands in their key columns */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_ROW_KEYS_H
#define TH_LANG_ROW_KEYS_H

#include "val/basic.h"

/* Some columns of a table, borrowed from it. */
typedef struct ThKeyColumns {
  size_t n, n_rows;
  ThSymbol **names;
  ThValue *columns;
} ThKeyColumns;

/* The columns that a string names, or each string of a list; an error for one that is not there. */
TH_CHECKED bool th_key_columns_init(ThContext *cx, const ThTable *table, ThValue names, ThKeyColumns *keys);
/* All columns. */
TH_CHECKED bool th_key_columns_all(ThContext *cx, const ThTable *table, ThKeyColumns *keys);
void th_key_columns_clear(ThContext *cx, ThKeyColumns *keys);

/* The keys of row i of one table against row j of another, columns in order: below, at or above 0. Missing values
 * come last, and are equal to one another. */
int th_key_compare_cells(ThValue a, size_t i, ThValue b, size_t j); /* of one column each */
int th_key_compare(const ThKeyColumns *a, size_t i, const ThKeyColumns *b, size_t j);
bool th_key_cell_is_missing(ThValue column, size_t i);
/* Is one of the row's keys missing? */
bool th_key_is_missing(const ThKeyColumns *keys, size_t i);

/* Rows in groups of equal keys, found by hashing; groups are numbered from 0 in order of appearance. */
typedef struct ThRowGroup {
  size_t first, count; /* its first row; how many it has */
} ThRowGroup;

typedef struct ThRowSlot {
  uint64_t hash;
  size_t group; /* its number + 1; 0 for a free slot */
} ThRowSlot;

typedef struct ThRowGroups {
  const ThKeyColumns *keys;
  size_t n, capacity;
  ThRowGroup *groups;
  size_t *of_row;   /* the group of each row */
  ThRowSlot *slots; /* a power of two of them */
  size_t n_slots;
} ThRowGroups;

/* Polls. `keys` is borrowed until the groups are cleared. */
TH_CHECKED bool th_row_groups_init(ThContext *cx, const ThKeyColumns *keys, ThRowGroups *groups);
void th_row_groups_clear(ThContext *cx, ThRowGroups *groups);
/* The group with the keys of row i of another table; TH_NO_ROW when there is none. */
size_t th_row_groups_find(const ThRowGroups *groups, const ThKeyColumns *keys, size_t i);
/* The rows group by group, each group's in their order: `rows` has a place for each, start[g] is where group g
 * begins, with one more for the end. */
void th_row_groups_order(const ThRowGroups *groups, size_t *start, size_t *rows);

#endif
