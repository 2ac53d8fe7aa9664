/* lib_table.c - built-ins that choose, group and join rows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything is done by lists of row numbers; taking rows out is indexing, which tables, matrices and lists
 * share. */
#include "lang/lib_table.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/random.h"
#include "num/stats.h"

/* Row numbers, 1-based, as an index; n of them. */
static bool take_rows(ThContext *cx, ThValue v, const size_t *rows, size_t n, ThValue *out) {
  ThArray *index = th_vector_new(cx, TH_DOUBLE, n);
  if (!index) return false;
  for (size_t i = 0; i < n; i++) index->real[i] = (double)rows[i] + 1;
  ThValue value = th_object(index);
  bool ok = th_get_index(cx, v, &value, 1, out);
  th_release(value);
  return ok;
}

static bool find_column(ThContext *cx, const ThTable *table, const ThString *name, ThValue *out) {
  ThSymbol *symbol = th_symbol(cx, name->text, name->length);
  return symbol && th_get_field(cx, th_object((void *)(uintptr_t)table), symbol, out);
}

/* Are rows i and j of a column equal? nan equals nan here: it is one group. */
static bool same_cell(ThValue column, size_t i, ThValue other, size_t j) {
  if (th_is_list(column)) {
    if (!th_is_list(other)) return false;
    return strcmp(th_as_string(th_as_list(column)->items[i])->text,
                  th_as_string(th_as_list(other)->items[j])->text) == 0;
  }
  if (th_is_list(other)) return false;
  double x = th_as_array(column)->real[i], y = th_as_array(other)->real[j];
  return x == y || (isnan(x) && isnan(y));
}

static bool cell_before(const void *self, size_t i, size_t j) {
  ThValue column = *(const ThValue *)self;
  if (th_is_list(column)) {
    return strcmp(th_as_string(th_as_list(column)->items[i])->text,
                  th_as_string(th_as_list(column)->items[j])->text) < 0;
  }
  double x = th_as_array(column)->real[i], y = th_as_array(column)->real[j];
  return x < y || (!isnan(x) && isnan(y));
}

/* The stable order of a column's rows; `order` has 2 n places, the second half for work. */
static void order_rows(ThValue column, size_t n, size_t *order) { th_stable_order(n, cell_before, &column, order); }

/* sort_by: t, column, reverse. */
static bool body_sort_by(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThTable *table = th_as_table(call->args[0]);
  size_t n = table->n_rows;
  ThValue column;
  if (!find_column(cx, table, th_as_string(call->args[1]), &column)) return false;
  size_t *order = th_alloc_array(cx, 2 * n, sizeof *order);
  bool ok = order != NULL;
  if (ok) {
    order_rows(column, n, order);
    for (size_t i = 0; th_arg_bool(call, 2) && i < n / 2; i++) {
      size_t swap = order[i];
      order[i] = order[n - 1 - i];
      order[n - 1 - i] = swap;
    }
    ok = take_rows(cx, call->args[0], order, n, out);
    th_free(cx, order, 2 * n * sizeof *order);
  }
  th_release(column);
  return ok;
}

/* group_by: t, column, f. Groups come in the order of their keys. */

typedef struct Groups {
  ThValue table, column;
  ThSymbol *name;
  size_t n, *order; /* rows sorted by the column */
} Groups;

/* The end of the group that starts at `start` of the order. */
static size_t group_end(const Groups *g, size_t start) {
  size_t end = start + 1;
  while (end < g->n && same_cell(g->column, g->order[start], g->column, g->order[end])) end++;
  return end;
}

static ThValue group_key(const Groups *g, size_t start) {
  if (th_is_list(g->column)) return th_retain(th_as_list(g->column)->items[g->order[start]]);
  return th_number(th_as_array(g->column)->real[g->order[start]]);
}

/* The record of a group: its key, then the fields of what f made of its rows, or the rows themselves. */
static bool group_record(ThContext *cx, const Groups *g, size_t start, size_t end, ThValue f, ThValue *out) {
  ThValue rows, result;
  if (!take_rows(cx, g->table, g->order + start, end - start, &rows)) return false;
  bool ok = true;
  if (th_is_object(f)) {
    ok = th_call_values(cx, f, &rows, 1, &result);
    th_release(rows);
  } else {
    result = rows;
  }
  if (!ok) return false;
  ThRecord *record = th_record_new(cx, 2);
  ok = record && th_record_set_take(cx, record, g->name, group_key(g, start));
  const ThRecord *fields = th_is_record(result) ? th_as_record(result) : NULL;
  for (size_t i = 0; ok && fields && i < fields->length; i++) {
    ok = th_record_set_take(cx, record, fields->names[i], th_retain(fields->values[i]));
  }
  if (ok && !fields)
    ok = th_record_set_text(cx, record, th_is_object(f) ? "value" : "rows", th_retain(result));
  th_release(result);
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

static bool group_list(ThContext *cx, const Groups *g, ThValue f, ThValue *out) {
  ThList *list = th_list_new(cx, 0);
  if (!list) return false;
  *out = th_object(list);
  for (size_t start = 0, end; start < g->n; start = end) {
    ThValue record;
    end = group_end(g, start);
    if (!group_record(cx, g, start, end, f, &record) || !th_list_push_take(cx, list, record)) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

/* The records of a list, which have the same fields, as a table; takes the list. */
static bool table_of_records_take(ThContext *cx, ThValue list_value, ThValue *out) {
  const ThList *list = th_as_list(list_value);
  ThTable *table = th_table_new(cx, list->length);
  bool ok = table != NULL;
  const ThRecord *first = list->length ? th_as_record(list->items[0]) : NULL;
  for (size_t j = 0; ok && first && j < first->length; j++) {
    ThList *column = th_list_new(cx, list->length);
    ok = column != NULL;
    for (size_t i = 0; ok && i < list->length; i++) {
      const ThValue *cell = th_record_find(th_as_record(list->items[i]), first->names[j]);
      ThValue plain;
      ok = cell ? th_decay(cx, *cell, &plain)
                : th_fail(cx, TH_ERROR_VALUE, "group %zu gave no field `%s`", i + 1,
                          first->names[j]->spelling);
      ok = ok && th_list_push_take(cx, column, plain);
    }
    if (ok) ok = th_table_set_take(cx, table, first->names[j], th_object(column));
    else if (column) th_release(th_object(column));
  }
  th_release(list_value);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

static bool body_group_by(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThTable *table = th_as_table(call->args[0]);
  const ThString *name = th_as_string(call->args[1]);
  ThValue f = call->given[2] ? call->args[2] : th_none(), list;
  Groups g = {.table = call->args[0], .n = table->n_rows};
  if (!find_column(cx, table, name, &g.column)) return false;
  g.name = th_symbol(cx, name->text, name->length);
  g.order = g.name ? th_alloc_array(cx, 2 * g.n, sizeof *g.order) : NULL;
  bool ok = g.order != NULL;
  if (ok) {
    order_rows(g.column, g.n, g.order);
    ok = group_list(cx, &g, f, &list);
    th_free(cx, g.order, 2 * g.n * sizeof *g.order);
  }
  th_release(g.column);
  if (!ok) return false;
  if (th_is_object(f)) return table_of_records_take(cx, list, out);
  *out = list;
  return true;
}

/* join(a, b, by): for each row of a, every row of b with the same value in the column. */

/* Pairs of row numbers. */
typedef struct Pairs {
  size_t n, capacity;
  size_t *left, *right;
} Pairs;

static bool pairs_grow(ThContext *cx, Pairs *p) {
  size_t capacity = p->capacity * 2 + 16, old = p->capacity * sizeof(size_t),
         size = capacity * sizeof(size_t);
  size_t *left = th_resize(cx, p->left, old, size);
  if (!left) return false;
  p->left = left;
  size_t *right = th_resize(cx, p->right, old, size);
  if (!right) { /* the left one is larger than the capacity says: bring it back */
    size_t *smaller = old ? th_heap_resize(&cx->heap, p->left, size, old) : NULL;
    if (old && smaller) p->left = smaller;
    if (!old) th_free(cx, p->left, size), p->left = NULL;
    return false;
  }
  p->right = right;
  p->capacity = capacity;
  return true;
}

static void pairs_clear(ThContext *cx, Pairs *p) {
  if (p->left) th_free(cx, p->left, p->capacity * sizeof *p->left);
  if (p->right) th_free(cx, p->right, p->capacity * sizeof *p->right);
}

/* Compares cell i of one column with cell j of another, both numbers or both strings; nan last. */
static int compare_cells(ThValue a, size_t i, ThValue b, size_t j) {
  if (th_is_list(a))
    return strcmp(th_as_string(th_as_list(a)->items[i])->text, th_as_string(th_as_list(b)->items[j])->text);
  double x = th_as_array(a)->real[i], y = th_as_array(b)->real[j];
  if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
  return (x > y) - (x < y);
}

/* Matches the rows of a, in their order, with those of b, whose sorted order is given. */
static bool match_rows(ThContext *cx, ThValue a, size_t n, ThValue b, size_t m, const size_t *order,
                       Pairs *pairs) {
  for (size_t i = 0; i < n; i++) {
    size_t low = 0, high = m;
    while (low < high) { /* the first row of b that does not come before */
      size_t middle = low + (high - low) / 2;
      if (compare_cells(b, order[middle], a, i) < 0) low = middle + 1;
      else high = middle;
    }
    for (; low < m && same_cell(a, i, b, order[low]); low++) {
      if (pairs->n == pairs->capacity && !pairs_grow(cx, pairs)) return false;
      pairs->left[pairs->n] = i;
      pairs->right[pairs->n++] = order[low];
    }
    if ((i & 0xFFF) == 0xFFF && !th_poll(cx)) return false;
  }
  return true;
}

/* The name of the column to join by: as given, or the only common one. */
static ThSymbol *join_name(ThContext *cx, const ThCall *call) {
  const ThTable *a = th_as_table(call->args[0]), *b = th_as_table(call->args[1]);
  ThSymbol *common = NULL;
  size_t count = 0;
  if (call->given[2]) {
    const ThString *name = th_as_string(call->args[2]);
    return th_symbol(cx, name->text, name->length);
  }
  for (size_t i = 0; i < a->n_columns; i++) {
    if (th_table_find(b, a->names[i])) common = a->names[i], count++;
  }
  if (count == 1) return common;
  th_fail(cx, TH_ERROR_VALUE, "the tables have %zu columns in common", count);
  th_hint(cx, "say which one joins them: `join(a, b, by = \"name\")`");
  return NULL;
}

/* Adds the columns of `more`, but for `key`, to *t; a name that is taken gets a `_2`. */
static bool add_columns(ThContext *cx, ThTable *t, const ThTable *more, const ThSymbol *key) {
  for (size_t j = 0; j < more->n_columns; j++) {
    ThSymbol *name = more->names[j];
    ThText text;
    if (name == key) continue;
    if (th_table_find(t, name)) {
      th_text_init(&text, &cx->heap);
      th_text_format(&text, "%s_2", name->spelling);
      name = th_text_ok(&text, cx) ? th_symbol_of(cx, th_text_string(&text)) : NULL;
      th_text_clear(&text);
      if (!name) return false;
    }
    if (!th_table_set_take(cx, t, name, th_retain(more->columns[j]))) return false;
  }
  return true;
}

static bool join_pairs(ThContext *cx, const ThCall *call, const Pairs *pairs, const ThSymbol *key,
                       ThValue *out) {
  ThValue left, right;
  if (!take_rows(cx, call->args[0], pairs->left, pairs->n, &left)) return false;
  bool ok = take_rows(cx, call->args[1], pairs->right, pairs->n, &right);
  if (ok) {
    ok = add_columns(cx, th_as_table(left), th_as_table(right), key);
    th_release(right);
  }
  if (ok) *out = left;
  else th_release(left);
  return ok;
}

static bool join_columns(ThContext *cx, const ThCall *call, ThSymbol *key, ThValue a, ThValue b,
                         ThValue *out) {
  size_t n = th_as_table(call->args[0])->n_rows, m = th_as_table(call->args[1])->n_rows;
  if (th_is_list(a) != th_is_list(b)) {
    return th_fail(cx, TH_ERROR_TYPE, "column `%s` holds numbers in one table and strings in the other",
                   key->spelling);
  }
  size_t *order = th_alloc_array(cx, 2 * m, sizeof *order);
  if (!order) return false;
  Pairs pairs = {0};
  order_rows(b, m, order);
  bool ok = match_rows(cx, a, n, b, m, order, &pairs) && join_pairs(cx, call, &pairs, key, out);
  pairs_clear(cx, &pairs);
  th_free(cx, order, 2 * m * sizeof *order);
  return ok;
}

bool th_table_join(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!th_is_table(call->args[1]))
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "a table joins a table; got a string");
  ThSymbol *key = join_name(cx, call);
  ThValue a, b;
  if (!key || !th_get_field(cx, call->args[0], key, &a)) return false;
  bool ok = th_get_field(cx, call->args[1], key, &b);
  if (ok) {
    ok = join_columns(cx, call, key, a, b, out);
    th_release(b);
  }
  th_release(a);
  return ok;
}

/* drop_missing */

static bool is_missing(ThValue column, size_t i) {
  if (th_is_list(column)) return th_as_string(th_as_list(column)->items[i])->length == 0;
  return isnan(th_as_array(column)->real[i]);
}

static bool body_drop_missing(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThTable *table = th_is_table(call->args[0]) ? th_as_table(call->args[0]) : NULL;
  const ThArray *a = table ? NULL : th_arg_array(call, 0);
  size_t n = table ? table->n_rows : a->shape[0], width = table || n == 0 ? 1 : a->length / n, kept = 0;
  size_t *rows = th_alloc_array(cx, n, sizeof *rows);
  if (!rows) return false;
  for (size_t i = 0; i < n; i++) {
    bool missing = false;
    for (size_t j = 0; table && j < table->n_columns; j++)
      missing = missing || is_missing(table->columns[j], i);
    for (size_t j = 0; a && j < width; j++)
      missing = missing || isnan(creal(th_array_complex(a, i * width + j)));
    if (!missing) rows[kept++] = i;
  }
  bool ok = take_rows(cx, call->args[0], rows, kept, out);
  th_free(cx, rows, n * sizeof *rows);
  return ok;
}

/* Random rows. */

/* A random order of n rows; owned: free n places. */
static size_t *shuffled(ThContext *cx, size_t n) {
  size_t *order = th_alloc_array(cx, n, sizeof *order);
  if (order) th_random_permutation(cx->random, n, order);
  return order;
}

static bool body_sample_rows(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n, want = th_arg_count(call, 1);
  bool again = th_arg_bool(call, 2);
  if (!th_length(cx, call->args[0], SIZE_MAX, &n)) return false;
  if (want > n && !again) {
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "there are only %zu rows", n);
    return th_hint(cx, "`replace = true` draws a row more than once");
  }
  if (n == 0 && want > 0) return th_fail_argument(cx, 1, TH_ERROR_VALUE, "there are no rows");
  size_t places = again ? want : n,
         *rows = again ? th_alloc_array(cx, places, sizeof *rows) : shuffled(cx, n);
  if (!rows) return false;
  for (size_t i = 0; again && i < want; i++) rows[i] = (size_t)th_random_below(cx->random, n);
  bool ok = take_rows(cx, call->args[0], rows, want, out);
  th_free(cx, rows, places * sizeof *rows);
  return ok;
}

static bool body_split(ThContext *cx, const ThCall *call, ThValue *out) {
  double part = th_arg_number(call, 1);
  size_t n;
  if (!(part >= 0 && part <= 1))
    return th_fail_argument(cx, 2, TH_ERROR_VALUE, "the part lies between 0 and 1; got %.6g", part);
  if (!th_length(cx, call->args[0], SIZE_MAX, &n)) return false;
  size_t *order = shuffled(cx, n), head = (size_t)round(part * (double)n);
  if (!order) return false;
  for (size_t i = 0; !th_arg_bool(call, 2) && i < n; i++) order[i] = i;
  ThList *list = th_list_new(cx, 2);
  bool ok = list && take_rows(cx, call->args[0], order, head, &list->items[0]);
  if (ok) list->length = 1;
  ok = ok && take_rows(cx, call->args[0], order + head, n - head, &list->items[1]);
  if (ok) list->length = 2;
  th_free(cx, order, n * sizeof *order);
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

#define TABLES "lists, records, tables"

const ThBuiltin th_lib_table[] = {
    {"sort_by(t: table, column: string, reverse: bool = false) -> table", body_sort_by, TABLES,
     "the rows of a table sorted by a column", NULL,
     "sort_by(table(x = [3, 1], y = [5, 7]), \"x\")\n#> x  y\n#> 1  7\n#> 3  5", "sort group_by", NULL},
    {"group_by(t: table, column: string, f: function = …) -> any", body_group_by, TABLES,
     "the rows of a table in groups that agree in a column",
     "f gets the table of each group; its value, or the fields of its record, make a table with a "
     "row per group. Without f: a list of "
     "records of the key and the rows.",
     "group_by(table(g = [2, 1, 2], y = [5, 7, 9]), \"g\", t -> mean(t.y))\n#> g  value\n"
     "#> 1      7\n#> 2      7",
     "sort_by join", NULL},
    {"drop_missing(t: table|array) -> any", body_drop_missing, TABLES,
     "the rows without a missing value (nan or \"\")", NULL,
     "drop_missing([1, nan, 3])\n"
     "#> [1, 3]",
     "is_nan", NULL},
    {"sample_rows(t: table|array|list, n: count, replace: bool = false) -> any", body_sample_rows, TABLES,
     "n rows chosen at random", "replace = true: with replacement, as for the bootstrap",
     "length(sample_rows([5, 3, 8, 1], 2))\n#> 2", "split", NULL},
    {"split(t: table|array|list, part: number, shuffle: bool = true) -> list", body_split, TABLES,
     "two lists of rows: a part of them, chosen at random, and the rest", "(train, test) = split(t, 0.8)",
     "length(split(1:10, 0.8)[1])\n#> 8", "sample_rows", NULL},
    {0},
};
