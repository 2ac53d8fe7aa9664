/* table.c - named columns of equal length */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column is a vector of doubles or a list of strings, shared with whoever took it out. */
#include "val/table.h"

#include <string.h>

#include "val/arithmetic.h"
#include "val/array.h"
#include "val/format.h"

ThTable *th_table_new(ThContext *cx, size_t n_rows) {
  ThTable *table = th_object_new(cx, &th_table_kind, sizeof *table);
  if (!table) return NULL;
  table->n_rows = n_rows;
  table->name = th_none();
  return table;
}

static bool grow(ThContext *cx, ThTable *table) {
  size_t old = table->capacity, capacity = old + old / 2 + 4;
  ThSymbol **names = th_alloc_array(cx, capacity, sizeof *names);
  ThValue *columns = names ? th_alloc_array(cx, capacity, sizeof *columns) : NULL;
  if (!columns) {
    th_free(cx, names, capacity * sizeof *names);
    return false;
  }
  if (table->n_columns) {
    memcpy(names, table->names, table->n_columns * sizeof *names);
    memcpy(columns, table->columns, table->n_columns * sizeof *columns);
  }
  if (old) th_free(cx, table->names, old * sizeof *names);
  if (old) th_free(cx, table->columns, old * sizeof *columns);
  table->names = names;
  table->columns = columns;
  table->capacity = capacity;
  return true;
}

ThValue *th_table_find(const ThTable *table, const ThSymbol *name) {
  for (size_t i = 0; i < table->n_columns; i++) {
    if (table->names[i] == name) return &table->columns[i];
  }
  return NULL;
}

/* A list of numbers as a vector, or of strings as it is; anything else is an error. Owned. */
static bool list_column(ThContext *cx, const ThSymbol *name, ThValue column, ThValue *out) {
  const ThList *list = th_as_list(column);
  size_t strings = 0;
  for (size_t i = 0; i < list->length; i++) strings += th_is_string(list->items[i]);
  if (strings == list->length) {
    *out = th_retain(column);
    return true;
  }
  if (strings == 0) {
    if (!th_stack(cx, list->items, list->length, out)) return false;
    if (th_is_array(*out) && th_as_array(*out)->rank == 1) return true;
    th_release(*out);
  }
  return th_fail(cx, TH_ERROR_TYPE, "column `%s` must hold numbers only, or strings only", name->spelling);
}

/* An array as a vector of doubles. Owned. */
static bool array_column(ThContext *cx, const ThSymbol *name, ThValue column, ThValue *out) {
  ThArray *a = th_as_array(column);
  char shape[96];
  if (a->rank != 1) {
    return th_fail(cx, TH_ERROR_SHAPE, "column `%s` must be a vector; got shape %s", name->spelling,
                   th_shape_text(a->rank, a->shape, shape, sizeof shape));
  }
  if (a->element == TH_COMPLEX)
    return th_fail(cx, TH_ERROR_TYPE, "column `%s` holds complex numbers", name->spelling);
  a = th_array_convert(cx, a, TH_DOUBLE);
  if (a) *out = th_object(a);
  return a != NULL;
}

/* A number or string for every row. */
static bool constant_column(ThContext *cx, size_t n_rows, ThValue v, ThValue *out) {
  if (th_is_string(v)) {
    ThList *list = th_list_new(cx, n_rows);
    if (!list) return false;
    for (size_t i = 0; i < n_rows; i++) list->items[list->length++] = th_retain(v);
    *out = th_object(list);
    return true;
  }
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n_rows);
  if (!a) return false;
  for (size_t i = 0; i < n_rows; i++) a->real[i] = th_as_scalar(v);
  *out = th_object(a);
  return true;
}

static bool make_column(ThContext *cx, size_t n_rows, const ThSymbol *name, ThValue v, ThValue *out) {
  char text[96];
  if (th_is_scalar(v) || th_is_string(v)) return constant_column(cx, n_rows, v, out);
  if (th_is_list(v)) return list_column(cx, name, v, out);
  if (th_is_array(v)) return array_column(cx, name, v, out);
  return th_fail(cx, TH_ERROR_TYPE, "column `%s` must be a vector or a list of strings; got %s",
                 name->spelling, th_describe(v, text, sizeof text));
}

static size_t column_length(ThValue column) {
  return th_is_list(column) ? th_as_list(column)->length : th_as_array(column)->length;
}

bool th_table_add_take(ThContext *cx, ThTable *table, ThSymbol *name, ThValue column) {
  size_t length = column_length(column);
  ThValue *slot = th_table_find(table, name);
  bool ok = length == table->n_rows ||
            th_fail(cx, TH_ERROR_SHAPE, "column `%s` has %zu %s, the table %zu", name->spelling, length,
                    length == 1 ? "row" : "rows", table->n_rows);
  ok = ok && (slot || table->n_columns < table->capacity || grow(cx, table));
  if (!ok) {
    th_release(column);
    return false;
  }
  if (slot) {
    th_replace_take(slot, column);
    return true;
  }
  table->names[table->n_columns] = name;
  table->columns[table->n_columns++] = column;
  return true;
}

bool th_table_set_take(ThContext *cx, ThTable *table, ThSymbol *name, ThValue column) {
  ThValue plain, made;
  bool ok = th_decay(cx, column, &plain);
  if (ok) {
    ok = make_column(cx, table->n_rows, name, plain, &made);
    th_release(plain);
  }
  th_release(column);
  return ok && th_table_add_take(cx, table, name, made);
}

static void table_release(ThObject *self) {
  ThTable *table = (ThTable *)self;
  th_release_all(table->columns, table->n_columns);
  th_release(table->name);
  th_heap_free(self->heap, table->names, table->capacity * sizeof *table->names);
  th_heap_free(self->heap, table->columns, table->capacity * sizeof *table->columns);
  th_object_free(self, sizeof *table);
}

static bool table_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  const ThTable *x = th_as_table(a), *y = th_as_table(b);
  *out = x->n_rows == y->n_rows && x->n_columns == y->n_columns;
  for (size_t i = 0; *out && i < x->n_columns; i++) {
    const ThValue *other = th_table_find(y, x->names[i]);
    *out = other != NULL;
    if (other && !th_equal(cx, x->columns[i], *other, out)) return false;
  }
  return true;
}

static bool table_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  const ThTable *table = th_as_table(self);
  if (axis > 1 && axis != SIZE_MAX)
    return th_fail(cx, TH_ERROR_SHAPE, "a table has 2 axes; there is no axis %zu", axis + 1);
  *out = axis == 1 ? table->n_columns : table->n_rows;
  return true;
}

static bool table_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  (void)cx;
  const ThValue *column = th_table_find(th_as_table(self), name);
  if (column) *out = th_retain(*column);
  return column != NULL;
}

static ThSymbol *table_field_name(ThContext *cx, ThValue self, size_t i) {
  (void)cx;
  const ThTable *table = th_as_table(self);
  return i < table->n_columns ? table->names[i] : NULL;
}

bool th_table_make_own(ThContext *cx, ThValue *self) {
  const ThTable *table = th_as_table(*self);
  if (table->object.references == 1) return true;
  ThTable *copy = th_table_new(cx, table->n_rows);
  if (!copy) return false;
  copy->name = th_retain(table->name);
  for (size_t i = 0; i < table->n_columns; i++) {
    if (!th_table_add_take(cx, copy, table->names[i], th_retain(table->columns[i]))) {
      th_release(th_object(copy));
      return false;
    }
  }
  th_replace_take(self, th_object(copy));
  return true;
}

static bool table_set_field(ThContext *cx, ThValue *self, ThSymbol *name, ThValue value) {
  if (!th_table_make_own(cx, self)) return false;
  ThTable *table = th_as_table(*self);
  size_t n;
  if (table->n_columns == 0 && table->n_rows == 0 && !th_is_scalar(value) && !th_is_string(value)) {
    if (!th_length(cx, value, SIZE_MAX, &n)) return false;
    table->n_rows = n; /* the first column of an empty table says how many rows there are */
  }
  return th_table_set_take(cx, table, name, th_retain(value));
}

const ThKind th_table_kind = {
    .name = "table",
    .release = table_release,
    .format = th_format_table,
    .equal = table_equal,
    .get_index = th_table_get_index,
    .set_index = th_table_set_index,
    .length = table_length,
    .get_field = table_get_field,
    .set_field = table_set_field,
    .field_name = table_field_name,
};
