/* table_index.c - t[…], and t[…] = v */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is assigned is looked at before anything changes, so that a table never comes apart: columns keep one
 * length and one type. */
#include "val/table.h"

#include <math.h>

#include "val/array.h"
#include "val/array_index.h"

static ThSymbol *name_of(ThContext *cx, ThValue string) {
  return th_symbol(cx, th_as_string(string)->text, th_as_string(string)->length);
}

static bool are_names(ThValue v) {
  const ThList *list = th_is_list(v) ? th_as_list(v) : NULL;
  for (size_t i = 0; list && i < list->length; i++)
    if (!th_is_string(list->items[i])) return false;
  return list && list->length > 0;
}

/* Row i as a record. */
static bool table_row(ThContext *cx, const ThTable *table, size_t i, ThValue *out) {
  ThRecord *record = th_record_new(cx, table->n_columns);
  if (!record) return false;
  for (size_t j = 0; j < table->n_columns; j++) {
    ThValue column = table->columns[j], cell;
    if (th_is_list(column)) cell = th_retain(th_as_list(column)->items[i]);
    else cell = th_number(th_as_array(column)->real[i]);
    record->names[record->length] = table->names[j];
    record->values[record->length++] = cell;
  }
  *out = th_object(record);
  return true;
}

static bool table_part(ThContext *cx, const ThTable *table, ThValue index, size_t n_rows, ThValue *out) {
  ThTable *part = th_table_new(cx, n_rows);
  if (!part) return false;
  part->name = th_retain(table->name);
  *out = th_object(part);
  for (size_t j = 0; j < table->n_columns; j++) {
    ThValue column;
    if (!th_get_index(cx, table->columns[j], &index, 1, &column) ||
        !th_table_add_take(cx, part, table->names[j], column)) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

/* Cells at these rows; TH_NO_ROW is a missing one. */
static bool take_numbers(ThContext *cx, const ThArray *column, const size_t *rows, size_t n, ThValue *out) {
  ThArray *part = th_vector_new(cx, TH_DOUBLE, n);
  if (!part) return false;
  for (size_t i = 0; i < n; i++) part->real[i] = rows[i] == TH_NO_ROW ? (double)NAN : column->real[rows[i]];
  *out = th_object(part);
  return true;
}

static bool take_texts(ThContext *cx, const ThList *column, const size_t *rows, size_t n, ThValue *out) {
  ThList *part = th_list_new(cx, n);
  ThValue missing = th_none();
  bool ok = part && th_string(cx, "", 0, &missing);
  for (size_t i = 0; ok && i < n; i++)
    part->items[part->length++] = th_retain(rows[i] == TH_NO_ROW ? missing : column->items[rows[i]]);
  th_release(missing);
  if (ok) *out = th_object(part);
  else if (part) th_release(th_object(part));
  return ok;
}

bool th_table_take_rows(ThContext *cx, const ThTable *table, const size_t *rows, size_t n, ThValue *out) {
  ThTable *part = th_table_new(cx, n);
  bool ok = part != NULL;
  if (ok) part->name = th_retain(table->name);
  for (size_t j = 0; ok && j < table->n_columns; j++) {
    ThValue column = table->columns[j], taken;
    ok = th_is_list(column) ? take_texts(cx, th_as_list(column), rows, n, &taken)
                            : take_numbers(cx, th_as_array(column), rows, n, &taken);
    ok = ok && th_table_add_take(cx, part, table->names[j], taken) && th_poll(cx);
  }
  if (ok) *out = th_object(part);
  else if (part) th_release(th_object(part));
  return ok;
}

static bool table_rows(ThContext *cx, const ThTable *table, ThValue index, ThValue *out) {
  ThSelection rows;
  if (!th_select(cx, index, table->n_rows, 0, false, &rows)) return false;
  bool ok = rows.single ? table_row(cx, table, rows.first, out)
                        : table_part(cx, table, index, rows.count, out);
  th_selection_clear(cx, &rows);
  return ok;
}

/* The columns of these names, or at these places, as a table. */
static bool table_columns(ThContext *cx, const ThTable *table, ThValue index, ThValue *out) {
  ThSelection places = {.count = 0};
  bool by_name = th_is_list(index);
  if (!by_name && !th_select(cx, index, table->n_columns, 1, false, &places)) return false;
  size_t n = by_name ? th_as_list(index)->length : places.count;
  ThTable *part = th_table_new(cx, table->n_rows);
  bool ok = part != NULL;
  for (size_t k = 0; ok && k < n; k++) {
    ThSymbol *name = by_name ? name_of(cx, th_as_list(index)->items[k])
                             : table->names[th_selection_at(&places, k)];
    ThValue column;
    ok = name && th_get_field(cx, th_object((void *)(uintptr_t)table), name, &column) &&
         th_table_add_take(cx, part, name, column);
  }
  th_selection_clear(cx, &places);
  if (ok) *out = th_object(part);
  else if (part) th_release(th_object(part));
  return ok;
}

static bool table_column(ThContext *cx, ThValue self, ThValue index, ThValue *out) {
  const ThTable *table = th_as_table(self);
  size_t j;
  if (th_is_string(index)) {
    ThSymbol *name = name_of(cx, index);
    return name && th_get_field(cx, self, name, out);
  }
  if (!th_is_number(index)) return table_columns(cx, table, index, out);
  if (!th_select_one(cx, index, table->n_columns, 1, &j)) return false;
  *out = th_retain(table->columns[j]);
  return true;
}

/* t[2], t[cond], t[2:5]: rows; t["x"] a column, t[["x", "y"]] a table of them; with two indices rows of those. */
bool th_table_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  if (n > 2) return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a table takes 1 or 2 indices; got %zu", n);
  ThValue last = indices[n - 1], part;
  if (n == 1 && !th_is_string(last) && !are_names(last)) return table_rows(cx, th_as_table(self), last, out);
  if (!table_column(cx, self, last, n == 1 ? out : &part)) return false;
  if (n == 1) return true;
  bool ok = th_get_index(cx, part, indices, 1, out);
  th_release(part);
  return ok;
}

/* Assignment. */

static bool fail_cell(ThContext *cx, const ThSymbol *name, ThValue column, ThValue v) {
  char text[96];
  return th_fail(cx, TH_ERROR_TYPE, "column `%s` holds %s; got %s", name->spelling,
                 th_is_list(column) ? "strings" : "numbers", th_describe(v, text, sizeof text));
}

/* May v stand in the column's cell, or in several of them? */
static bool check_cells(ThContext *cx, const ThSymbol *name, ThValue column, bool single, ThValue v) {
  double number;
  bool fits = th_is_list(column) ? th_is_string(v) || (!single && are_names(v))
                                 : th_to_number(v, &number) ||
                                       (!single && th_is_array(v) && th_as_array(v)->element != TH_COMPLEX);
  return fits || fail_cell(cx, name, column, v);
}

static bool set_cells(ThContext *cx, ThTable *table, ThSymbol *name, bool single, ThValue rows,
                      ThValue plain) {
  ThValue *column = th_table_find(table, name);
  return check_cells(cx, name, *column, single, plain) && th_set_index(cx, column, &rows, 1, plain);
}

bool th_table_set_cells(ThContext *cx, ThValue *self, ThSymbol *name, ThValue rows, ThValue value) {
  ThSelection selection;
  ThValue plain, same;
  if (!th_get_field(cx, *self, name, &same)) return false; /* says that there is no such column */
  th_release(same);
  if (!th_select(cx, rows, th_as_table(*self)->n_rows, 0, false, &selection)) return false;
  th_selection_clear(cx, &selection);
  if (!th_table_make_own(cx, self) || !th_decay(cx, value, &plain)) return false;
  bool ok = set_cells(cx, th_as_table(*self), name, selection.single, rows, plain);
  th_release(plain);
  return ok;
}

/* The value for column j of what is assigned to rows: a record's field, a table's column, or the value itself. */
static const ThValue *value_for(const ThTable *table, size_t j, const ThValue *value) {
  if (th_is_record(*value)) return th_record_find(th_as_record(*value), table->names[j]);
  return th_is_table(*value) ? th_table_find(th_as_table(*value), table->names[j]) : value;
}

/* A row is a record, rows a table, of these very columns. */
static bool check_rows(ThContext *cx, const ThTable *table, bool single, const ThValue *value) {
  char text[96];
  bool record = th_is_record(*value);
  if (!record && !th_is_table(*value)) {
    th_fail(cx, TH_ERROR_TYPE, "a row of a table is a record; got %s",
            th_describe(*value, text, sizeof text));
    return th_hint(cx, "cells of one column are assigned as `t.x[2] = …`");
  }
  size_t n = record ? th_as_record(*value)->length : th_as_table(*value)->n_columns;
  for (size_t j = 0; j < table->n_columns; j++) {
    const ThValue *v = value_for(table, j, value);
    if (!v) return th_fail(cx, TH_ERROR_VALUE, "column `%s` gets no value", table->names[j]->spelling);
    if (!check_cells(cx, table->names[j], table->columns[j], single, *v)) return false;
  }
  if (n == table->n_columns) return true;
  ThSymbol *const *names = record ? th_as_record(*value)->names : th_as_table(*value)->names;
  for (size_t i = 0; i < n; i++)
    if (!th_table_find(table, names[i]))
      return th_fail(cx, TH_ERROR_NAME, "the table has no column `%s`", names[i]->spelling);
  return true;
}

/* A row that could not be added everywhere is taken off the columns that have it. */
static void take_back_row(ThTable *table) {
  for (size_t j = 0; j < table->n_columns; j++) {
    ThValue column = table->columns[j];
    if (th_is_list(column) && th_as_list(column)->length > table->n_rows)
      th_release(th_as_list(column)->items[--th_as_list(column)->length]);
    else if (th_is_array(column) && th_as_array(column)->length > table->n_rows)
      th_as_array(column)->length = th_as_array(column)->shape[0] = table->n_rows;
  }
}

/* Sets the rows in the columns from j on; when one fails those before are set back, so that nothing is half done (rows
 * that are appended are taken back by the caller). */
static bool set_columns(ThContext *cx, ThTable *table, size_t j, ThValue rows, bool appends,
                        const ThValue *value) {
  if (j == table->n_columns) return true;
  ThValue *column = &table->columns[j], old = th_none();
  if (!appends && !th_get_index(cx, *column, &rows, 1, &old)) return false;
  bool ok = th_set_index(cx, column, &rows, 1, *value_for(table, j, value));
  if (ok && !set_columns(cx, table, j + 1, rows, appends, value)) {
    ThError error;
    ok = false;
    th_error_take(cx, &error);
    if (!appends && !th_set_index(cx, column, &rows, 1, old)) th_error_clear(cx);
    th_error_restore(cx, &error);
  }
  th_release(old);
  return ok;
}

/* t[rows] = record or table; t[end + 1] = record is a new row. */
static bool set_rows(ThContext *cx, ThValue *self, ThValue rows, ThValue value) {
  ThSelection selection;
  if (!th_select(cx, rows, th_as_table(*self)->n_rows, 0, th_is_record(value), &selection)) return false;
  th_selection_clear(cx, &selection);
  bool ok = check_rows(cx, th_as_table(*self), selection.single, &value) && th_table_make_own(cx, self);
  if (!ok) return false;
  ThTable *table = th_as_table(*self);
  bool appends = selection.single && selection.first == table->n_rows;
  ok = set_columns(cx, table, 0, rows, appends, &value);
  if (ok && appends) table->n_rows++;
  else if (appends) take_back_row(table);
  return ok;
}

bool th_table_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  if (n > 2) return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a table takes 1 or 2 indices; got %zu", n);
  ThValue last = indices[n - 1];
  if (n == 1 && !th_is_string(last)) return set_rows(cx, self, last, value);
  size_t j;
  if (!th_is_string(last) && !th_select_one(cx, last, th_as_table(*self)->n_columns, 1, &j)) return false;
  ThSymbol *name = th_is_string(last) ? name_of(cx, last) : th_as_table(*self)->names[j];
  if (!name) return false;
  return n == 1 ? th_set_field(cx, self, name, value) : th_table_set_cells(cx, self, name, indices[0], value);
}
