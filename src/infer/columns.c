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

static bool add_parameters(ThContext *cx, ThTable *table, ThNameOf *name_of, const void *self) {
  ThList *names = th_list_new(cx, table->n_rows);
  bool ok = names != NULL;
  for (size_t j = 0; ok && j < table->n_rows; j++) {
    ThText text;
    ThValue name;
    th_text_init(&text, &cx->heap);
    name_of(self, j, &text);
    ok = th_text_ok(&text, cx) && th_string(cx, th_text_string(&text), text.length, &name) &&
         th_list_push_take(cx, names, name);
    th_text_clear(&text);
  }
  if (ok) return th_columns_add_texts_take(cx, table, "parameter", names);
  if (names) th_release(th_object(names));
  return false;
}

bool th_columns_parameters(ThContext *cx, size_t n_rows, size_t n_columns, const char *const *titles,
                           const double *cells, ThNameOf *name_of, const void *self, ThValue *out) {
  ThTable *table = th_table_new(cx, n_rows);
  bool ok = table && add_parameters(cx, table, name_of, self);
  for (size_t c = 0; ok && c < n_columns; c++)
    ok = th_columns_add(cx, table, titles[c], cells + c, n_columns);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}
