/* lib_data.c - built-ins: lists, records and tables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/lib_support.h"
#include "lang/lib_table.h"
#include "lang/libs.h"

/* Lists. */

static bool body_list(ThContext *cx, const ThCall *call, ThValue *out) {
  ThList *list = th_list_new(cx, call->n_args);
  if (!list) return false;
  for (size_t i = 0; i < call->n_args; i++) list->items[list->length++] = th_retain(call->args[i]);
  *out = th_object(list);
  return true;
}

/* An array or range becomes the list of its elements. */
static bool body_to_list(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n;
  if (th_is_list(call->args[0])) {
    *out = th_retain(call->args[0]);
    return true;
  }
  if (!th_length(cx, call->args[0], SIZE_MAX, &n)) return false;
  ThList *list = th_list_new(cx, n);
  if (!list) return false;
  for (size_t i = 0; i < n; i++) {
    ThValue index = th_number((double)i + 1);
    if (!th_poll_at(cx, i) || !th_get_index(cx, call->args[0], &index, 1, &list->items[i])) {
      th_release(th_object(list));
      return false;
    }
    list->length++;
  }
  *out = th_object(list);
  return true;
}

static bool body_to_array(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!th_is_list(call->args[0])) return th_decay(cx, call->args[0], out);
  const ThList *list = th_as_list(call->args[0]);
  if (!th_stack(cx, list->items, list->length, out)) return false;
  if (th_is_array(*out) || th_is_traced(*out)) return true;
  th_release(*out);
  return th_fail_argument(cx, 1, TH_ERROR_TYPE, "the elements are not numbers, nor arrays of one shape");
}

/* A list that nobody else holds, lengthened where it is. */
static bool push_in_list(ThContext *cx, ThList *list, const ThValue *values, size_t n) {
  if (!th_list_reserve(cx, list, list->length + n)) return false;
  for (size_t i = 0; i < n; i++) list->items[list->length++] = th_retain(values[i]);
  return true;
}

/* Numbers at the end of a vector of numbers that nobody else holds. */
static bool push_in_vector(ThContext *cx, ThArray *a, const ThValue *values, size_t n) {
  if (!th_array_reserve(cx, a, a->length + n)) return false;
  for (size_t i = 0; i < n; i++) a->real[a->length++] = th_as_number(values[i]);
  a->shape[0] = a->length;
  return true;
}

/* Is v a row of a, of the same type of element? */
static bool is_row(const ThArray *a, ThValue v) {
  const ThArray *row = th_is_array(v) ? th_as_array(v) : NULL;
  return row && row->element == a->element &&
         th_same_dimensions(row->rank, row->shape, a->rank - 1, a->shape + 1);
}

/* Rows at the end of an array of more axes that nobody else holds. */
static bool push_in_rows(ThContext *cx, ThArray *a, const ThValue *rows, size_t n) {
  size_t size = th_element_size(a->element), added = 0;
  for (size_t i = 0; i < n; i++) added += th_as_array(rows[i])->length;
  if (!th_array_reserve(cx, a, a->length + added)) return false;
  for (size_t i = 0; i < n; i++) {
    const ThArray *row = th_as_array(rows[i]);
    if (row->length) memcpy((char *)a->data + a->length * size, row->data, row->length * size);
    a->length += row->length;
  }
  a->shape[0] += n;
  return true;
}

static bool are_rows(const ThArray *a, const ThValue *values, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!is_row(a, values[i])) return false;
  return a->rank > 1;
}

static bool are_numbers(const ThValue *values, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!th_is_number(values[i])) return false;
  return true;
}

/* Each value set one place past the end; v becomes the longer list or array. */
static bool push_each(ThContext *cx, ThValue *v, const ThValue *values, size_t n) {
  size_t length;
  if (!th_length(cx, *v, 0, &length)) return false;
  for (size_t i = 0; i < n; i++) {
    ThValue index = th_number((double)(length + i + 1));
    if (!th_set_index(cx, v, &index, 1, values[i])) return false;
  }
  return true;
}

/* push(l, x): the longer list; l itself when nobody else holds it. */
static bool body_push(ThContext *cx, const ThCall *call, ThValue *out) {
  bool alone = th_call_alone(cx, call);
  ThValue longer = th_retain(call->args[0]);
  const ThValue *values = call->args + 1;
  size_t n = call->n_args - 1;
  ThArray *a = alone && th_is_array(longer) ? th_as_array(longer) : NULL;
  bool is_vector = a && a->rank == 1 && a->element == TH_DOUBLE, ok;
  if (alone && th_is_list(longer)) ok = push_in_list(cx, th_as_list(longer), values, n);
  else if (is_vector && are_numbers(values, n)) ok = push_in_vector(cx, a, values, n);
  else if (a && are_rows(a, values, n)) ok = push_in_rows(cx, a, values, n);
  else ok = push_each(cx, &longer, values, n);
  if (ok) *out = longer;
  else th_release(longer);
  return ok;
}

/* Records. */

static bool body_record(ThContext *cx, const ThCall *call, ThValue *out) {
  (void)cx;
  *out = th_retain(call->args[0]);
  return true;
}

static bool names_list(ThContext *cx, ThSymbol *const *names, size_t n, ThValue *out) {
  ThList *list = th_list_new(cx, n);
  if (!list) return false;
  for (size_t i = 0; i < n; i++) {
    if (!th_string_of(cx, names[i]->spelling, &list->items[i])) {
      th_release(th_object(list));
      return false;
    }
    list->length++;
  }
  *out = th_object(list);
  return true;
}

/* The names of a value's fields: of records and tables as they are, of other kinds as they tell. */
static bool body_fields(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0];
  char text[96];
  if (th_is_record(v)) return names_list(cx, th_as_record(v)->names, th_as_record(v)->length, out);
  if (th_is_table(v)) return names_list(cx, th_as_table(v)->names, th_as_table(v)->n_columns, out);
  const ThKind *kind = th_is_object(v) ? th_as_object(v)->kind : NULL;
  if (!kind || !kind->field_name)
    return th_fail_argument(cx, 1, TH_ERROR_TYPE, "%s has no fields", th_describe(v, text, sizeof text));
  ThList *list = th_list_new(cx, 0);
  if (!list) return false;
  *out = th_object(list);
  for (size_t i = 0;; i++) {
    ThSymbol *name = kind->field_name(cx, v, i);
    ThValue string;
    if (!name) return true;
    if (!th_string_of(cx, name->spelling, &string) || !th_list_push_take(cx, list, string)) {
      th_release(*out);
      return false;
    }
  }
}

/* The fields of the second record replace or follow those of the first. */
static bool body_merge(ThContext *cx, const ThCall *call, ThValue *out) {
  ThRecord *r = th_record_new(cx, 0);
  if (!r) return false;
  *out = th_object(r);
  for (size_t k = 0; k < call->n_args; k++) {
    const ThRecord *part = th_as_record(call->args[k]);
    for (size_t i = 0; i < part->length; i++) {
      if (!th_record_set_take(cx, r, part->names[i], th_retain(part->values[i]))) {
        th_release(*out);
        return false;
      }
    }
  }
  return true;
}

/* Fields and columns by name. */

/* The names of the arguments from `first` on, as symbols that the record or table has. Owned: free n places. */
static ThSymbol **read_names(ThContext *cx, const ThCall *call, size_t *n) {
  *n = call->n_args - 1;
  ThSymbol **names = th_alloc_array(cx, *n, sizeof *names);
  for (size_t k = 0; names && k < *n; k++) {
    const ThString *s = th_as_string(call->args[k + 1]);
    ThValue part;
    names[k] = th_symbol(cx, s->text, s->length);
    if (names[k] && th_get_field(cx, call->args[0], names[k], &part)) {
      th_release(part);
      continue;
    }
    if (cx->error.argument == 0) cx->error.argument = (int)k + 2;
    th_free(cx, names, *n * sizeof *names);
    names = NULL;
  }
  return names;
}

/* An empty record, or a table of as many rows; th_object(NULL) with an error. */
static ThValue empty_like(ThContext *cx, ThValue v) {
  return th_is_record(v) ? th_object(th_record_new(cx, 0))
                         : th_object(th_table_new(cx, th_as_table(v)->n_rows));
}

static bool add_part_take(ThContext *cx, ThValue to, ThSymbol *name, ThValue part) {
  return th_is_record(to) ? th_record_set_take(cx, th_as_record(to), name, part)
                          : th_table_set_take(cx, th_as_table(to), name, part);
}

static size_t n_parts(ThValue v) {
  return th_is_record(v) ? th_as_record(v)->length : th_as_table(v)->n_columns;
}
static ThSymbol *part_name(ThValue v, size_t i) {
  return th_is_record(v) ? th_as_record(v)->names[i] : th_as_table(v)->names[i];
}
static ThValue part_at(ThValue v, size_t i) {
  return th_is_record(v) ? th_as_record(v)->values[i] : th_as_table(v)->columns[i];
}

static bool is_among(ThSymbol *const *names, size_t n, const ThSymbol *name) {
  for (size_t k = 0; k < n; k++)
    if (names[k] == name) return true;
  return false;
}

/* remove(x, "a", …): all parts but these. */
static bool body_remove(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n;
  ThValue x = call->args[0];
  ThSymbol **names = read_names(cx, call, &n);
  if (!names) return false;
  *out = empty_like(cx, x);
  bool ok = th_as_object(*out) != NULL;
  for (size_t i = 0; ok && i < n_parts(x); i++)
    if (!is_among(names, n, part_name(x, i)))
      ok = add_part_take(cx, *out, part_name(x, i), th_retain(part_at(x, i)));
  th_free(cx, names, n * sizeof *names);
  if (!ok && th_as_object(*out)) th_release(*out);
  return ok;
}

/* select(x, "a", …): these parts, in this order. */
static bool body_select(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n;
  ThSymbol **names = read_names(cx, call, &n);
  if (!names) return false;
  *out = empty_like(cx, call->args[0]);
  bool ok = th_as_object(*out) != NULL;
  for (size_t k = 0; ok && k < n; k++) {
    ThValue part;
    ok = th_get_field(cx, call->args[0], names[k], &part) && add_part_take(cx, *out, names[k], part);
  }
  th_free(cx, names, n * sizeof *names);
  if (!ok && th_as_object(*out)) th_release(*out);
  return ok;
}

/* rename(x, "old", "new"). */
static bool body_rename(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue x = call->args[0], part;
  const ThString *old_text = th_as_string(call->args[1]), *new_text = th_as_string(call->args[2]);
  ThSymbol *old = th_symbol(cx, old_text->text, old_text->length),
           *new = th_symbol(cx, new_text->text, new_text->length);
  if (!old || !new || !th_get_field(cx, x, old, &part)) return false;
  th_release(part);
  for (size_t i = 0; i < n_parts(x); i++)
    if (part_name(x, i) == new &&new != old)
      return th_fail_argument(cx, 3, TH_ERROR_NAME, "`%s` is there already", new->spelling);
  *out = empty_like(cx, x);
  bool ok = th_as_object(*out) != NULL;
  for (size_t i = 0; ok && i < n_parts(x); i++) {
    ThSymbol *name = part_name(x, i);
    ok = add_part_take(cx, *out, name == old ? new : name, th_retain(part_at(x, i)));
  }
  if (!ok && th_as_object(*out)) th_release(*out);
  return ok;
}

/* Tables. */

/* How many rows the columns make: of the longest that is not a single number or string. */
static bool count_rows(ThContext *cx, const ThRecord *columns, size_t *out) {
  *out = columns->length ? 1 : 0;
  for (size_t i = 0; i < columns->length; i++) {
    ThValue v = columns->values[i];
    double number;
    if (th_is_string(v) || th_to_number(v, &number)) continue;
    return th_length(cx, v, SIZE_MAX, out);
  }
  return true;
}

/* A record's fields as columns. */
static bool table_of_columns(ThContext *cx, const ThRecord *columns, ThValue *out) {
  size_t n_rows;
  if (!count_rows(cx, columns, &n_rows)) return false;
  ThTable *table = th_table_new(cx, n_rows);
  if (!table) return false;
  *out = th_object(table);
  for (size_t i = 0; i < columns->length; i++) {
    if (!th_table_set_take(cx, table, columns->names[i], th_retain(columns->values[i]))) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

/* The column of a field of every record. */
static bool column_of_records(ThContext *cx, const ThList *records, ThSymbol *name, ThValue *out) {
  ThList *column = th_list_new(cx, records->length);
  bool ok = column != NULL;
  for (size_t i = 0; ok && i < records->length; i++) {
    const ThValue *cell = th_record_find(th_as_record(records->items[i]), name);
    ThValue plain;
    ok = cell ? th_decay(cx, *cell, &plain)
              : th_fail(cx, TH_ERROR_VALUE, "row %zu has no field `%s`", i + 1, name->spelling);
    ok = ok && th_list_push_take(cx, column, plain);
  }
  if (ok) *out = th_object(column);
  else if (column) th_release(th_object(column));
  return ok;
}

bool th_table_of_records(ThContext *cx, const ThList *records, ThValue *out) {
  char text[96];
  for (size_t i = 0; i < records->length; i++)
    if (!th_is_record(records->items[i]))
      return th_fail(cx, TH_ERROR_TYPE, "a row of a table is a record; row %zu is %s", i + 1,
                     th_describe(records->items[i], text, sizeof text));
  const ThRecord *first = records->length ? th_as_record(records->items[0]) : NULL;
  ThTable *table = th_table_new(cx, records->length);
  bool ok = table != NULL;
  for (size_t j = 0; ok && first && j < first->length; j++) {
    ThValue column;
    ok = column_of_records(cx, records, first->names[j], &column) &&
         th_table_set_take(cx, table, first->names[j], column) && th_poll(cx);
  }
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

/* What the columns are added to: a record of columns, a list of records, or another table. */
static bool table_of(ThContext *cx, ThValue v, ThValue *out) {
  if (th_is_record(v)) return table_of_columns(cx, th_as_record(v), out);
  if (th_is_list(v)) return th_table_of_records(cx, th_as_list(v), out);
  *out = th_retain(v);
  return true;
}

/* Positional arguments come first, the columns as a record last. */
static bool body_table(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThRecord *columns = th_as_record(call->args[call->n_args - 1]);
  if (call->n_args == 1) return table_of_columns(cx, columns, out);
  if (call->n_args > 2) {
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "the columns of a table have names");
    return th_hint(cx, "table(x = …, y = …)");
  }
  bool ok = table_of(cx, call->args[0], out);
  if (!ok) return false;
  for (size_t i = 0; ok && i < columns->length; i++)
    ok = th_set_field(cx, out, columns->names[i], columns->values[i]);
  if (!ok) th_release(*out);
  return ok;
}

static bool count_along(ThContext *cx, const ThCall *call, size_t axis, ThValue *out) {
  size_t n;
  if (!th_length(cx, call->args[0], axis, &n)) return false;
  *out = th_number((double)n);
  return true;
}

static bool body_nrow(ThContext *cx, const ThCall *call, ThValue *out) {
  return count_along(cx, call, 0, out);
}
static bool body_ncol(ThContext *cx, const ThCall *call, ThValue *out) {
  return count_along(cx, call, 1, out);
}

static bool rows_between(ThContext *cx, ThValue v, size_t first, size_t last, ThValue *out) {
  ThValue range;
  if (!th_range(cx, (double)first, 1, (double)last, &range)) return false;
  bool ok = th_get_index(cx, v, &range, 1, out);
  th_release(range);
  return ok;
}

static bool body_head(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n, want = th_arg_count(call, 1);
  if (!th_length(cx, call->args[0], SIZE_MAX, &n)) return false;
  return rows_between(cx, call->args[0], 1, want < n ? want : n, out);
}

static bool body_tail(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n, want = th_arg_count(call, 1);
  if (!th_length(cx, call->args[0], SIZE_MAX, &n)) return false;
  return rows_between(cx, call->args[0], want < n ? n - want + 1 : 1, n, out);
}

#define DATA "lists, records, tables"

const ThBuiltin th_lib_data[] = {
    {"list(...x: any) -> list", body_list, DATA, "values of any types in order",
     "values of any types, in order; l[i] is one of them, l[2:3] a list",
     "list(1, \"a\", [1, 2])\n#> list(1, \"a\", [1, 2])\nlist(1, \"a\")[2]\n#> \"a\"",
     "push to_list to_array", NULL},
    {"to_list(x: any) -> list", body_to_list, DATA, "the elements of an array, string or table as a list",
     "of an array its elements, of a matrix its rows", "to_list([1, 2])\n#> list(1, 2)", "list to_array",
     NULL},
    {"to_array(x: any) -> array", body_to_array, DATA,
     "a list of numbers, or of arrays of one shape, as an array",
     "numbers become a vector, arrays of one shape its rows", "to_array(list(1, 2))\n#> [1, 2]",
     "to_list stack", NULL},
    {"push(l: list|array, ...x: any) -> any", body_push, DATA, "the longer list: l with x at its end",
     "l itself stays as it is; a vector gets numbers, a matrix rows. `l = push(l, x)` in a loop takes no copies.",
     "push(list(1), \"b\")\n#> list(1, \"b\")\npush([1, 2; 3, 4], [5, 6])\n#> [1, 2;\n#>  3, 4;\n#>  5, 6]",
     "list concat", NULL},
    {"record(; ...fields) -> record", body_record, DATA, "named values; the same as (name = value, …)",
     "record() is an empty one", "record(a = 1, b = [2, 3])\n#> (a = 1, b = [2, 3])", "fields merge remove",
     NULL},
    {"fields(x: any) -> list", body_fields, DATA, "the names of the fields", "in order, as a list of strings",
     "fields((a = 1, b = 2))\n#> list(\"a\", \"b\")", "columns merge", NULL},
    {"merge(r: record, ...others: record) -> record", body_merge, DATA,
     "the fields of several records in one; later ones win",
     "from left to right: later fields replace earlier ones of the same name",
     "merge((a = 1, b = 2), (b = 3, c = 4))\n#> (a = 1, b = 3, c = 4)", "record fields remove", NULL},
    {"remove(x: record|table, ...names: string) -> any", body_remove, DATA,
     "a record or table without these fields or columns", NULL, "remove((a = 1, b = 2), \"a\")\n#> (b = 2)",
     "select rename merge fields", NULL},
    {"select(x: record|table, ...names: string) -> any", body_select, DATA,
     "a record or table of these fields or columns, in this order", "of a table also t[[\"x\", \"y\"]]",
     "select((a = 1, b = 2, c = 3), \"c\", \"a\")\n#> (c = 3, a = 1)", "remove rename columns", NULL},
    {"rename(x: record|table, old: string, new: string) -> any", body_rename, DATA,
     "a record or table with another name for one field or column", NULL,
     "rename(table(x = [1, 2]), \"x\", \"t\")\n#> t\n#> 1\n#> 2", "select columns", NULL},
    {"table(...rows: record|list|table; ...columns) -> table", body_table, DATA,
     "named columns of one length, of numbers or strings",
     "A single number or string fills its column. Before the columns may stand what they are added to: a record of "
     "columns, a list of records (the rows), or a table. t.x is a column, t[2] a row as a record, t[t.x > 1] rows, "
     "t[[\"x\", \"y\"]] columns; t.z = … adds one; t.x[3] = …, t[2] = (x = …, y = …), t[end + 1] = … change or add "
     "rows.",
     "table(x = [1, 2], y = [2.5, 10])\n#> x     y\n#> 1   2.5\n"
     "#> 2  10",
     "columns nrow head sort_by select to_list", NULL},
    {"nrow(t: any) -> count", body_nrow, DATA, "how many rows a table has", NULL,
     "nrow(table(x = 1:3))\n#> 3", "ncol rows head", NULL},
    {"ncol(t: any) -> count", body_ncol, DATA, "how many columns a table has", NULL,
     "ncol(table(x = 1:3, y = 2))\n#> 2", "nrow cols columns", NULL},
    {"columns(t: table) -> list", body_fields, DATA, "the names of a table's columns", NULL,
     "columns(table(x = 1, y = 2))\n#> list(\"x\", \"y\")", "fields", NULL},
    {"head(x: any, n: count = 6) -> any", body_head, DATA,
     "the first rows of a table, or elements of an array or list", NULL, "head(1:100, 3)\n#> [1, 2, 3]",
     "tail nrow", NULL},
    {"tail(x: any, n: count = 6) -> any", body_tail, DATA,
     "the last rows of a table, or elements of an array or list", NULL, "tail(1:100, 3)\n#> [98, 99, 100]",
     "head nrow", NULL},
    {0},
};
