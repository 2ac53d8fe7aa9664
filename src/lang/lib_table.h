/* lib_table.h - what built-ins for other values do with tables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIB_TABLE_H
#define TH_LANG_LIB_TABLE_H

#include "lang/builtin.h"

/* join(table, table, by = …, how = …): arguments 0 to 3. */
TH_CHECKED bool th_table_join(ThContext *cx, const ThCall *call, ThValue *out);
/* concat(table, …): the rows of all, whose columns have the same names. At least one. */
TH_CHECKED bool th_table_concat(ThContext *cx, const ThValue *tables, size_t n, ThValue *out);
/* unique(table): the first of equal rows, in their order. */
TH_CHECKED bool th_table_unique(ThContext *cx, ThValue table, ThValue *out);
/* A list of records of the same fields as a table with a row for each. */
TH_CHECKED bool th_table_of_records(ThContext *cx, const ThList *records, ThValue *out);

#endif
