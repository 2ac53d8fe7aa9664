/* table.h - what the files of tables share, and the cells of one column assigned in place */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_TABLE_H
#define TH_VAL_TABLE_H

#include "val/basic.h"

TH_CHECKED bool th_table_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n,
                                   ThValue *out);
TH_CHECKED bool th_table_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n,
                                   ThValue value);
/* t.name[rows] = value, where nothing but those cells is touched when the table has one owner. */
TH_CHECKED bool th_table_set_cells(ThContext *cx, ThValue *self, ThSymbol *name, ThValue rows, ThValue value);

/* The table of these rows (0-based), in this order; TH_NO_ROW is a row of missing values. Polls. */
#define TH_NO_ROW SIZE_MAX
TH_CHECKED bool th_table_take_rows(ThContext *cx, const ThTable *table, const size_t *rows, size_t n,
                                   ThValue *out);

/* Makes *self the only reference to the table; its columns may still be shared. */
TH_CHECKED bool th_table_make_own(ThContext *cx, ThValue *self);
/* Adds or replaces a column that is known to be a vector of doubles or a list of strings; an error when it has
 * not as many elements as the table has rows. */
TH_CHECKED bool th_table_add_take(ThContext *cx, ThTable *table, ThSymbol *name, ThValue column);

#endif
