/* columns.c - columns of tables that answers are made of */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/columns.h"

#include "val/symbol.h"

static bool add_take(ThContext *cx, ThTable *table, const char *name, ThValue column) {
  ThSymbol *symbol = th_symbol_of(cx, name);
  if (symbol) return th_table_set_take(cx, table, symbol, column);
  th_release(column);
  return false;
}

bool th_columns_add_take(ThContext *cx, ThTable *table, const char *name, ThArray *numbers) {
  return numbers && add_take(cx, table, name, th_object(numbers));
}

bool th_columns_add_texts_take(ThContext *cx, ThTable *table, const char *name, ThList *texts) {
  return texts && add_take(cx, table, name, th_object(texts));
}

bool th_columns_add(ThContext *cx, ThTable *table, const char *name, const double *x, size_t stride) {
  ThArray *a = th_vector_new(cx, TH_DOUBLE, table->n_rows);
  for (size_t i = 0; a && i < table->n_rows; i++) a->real[i] = x[i * stride];
  return th_columns_add_take(cx, table, name, a);
}
