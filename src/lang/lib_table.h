/* lib_table.h - joining tables, for the built-in that also joins strings */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIB_TABLE_H
#define TH_LANG_LIB_TABLE_H

#include "lang/builtin.h"

/* join(table, table, by = "column"): arguments 0, 1 and 2. */
TH_CHECKED bool th_table_join(ThContext *cx, const ThCall *call, ThValue *out);

#endif
