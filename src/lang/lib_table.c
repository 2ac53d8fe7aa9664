/* lib_table.c - built-ins that choose and order rows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything is done by lists of row numbers; taking rows out is indexing, which tables, matrices and lists
 * share. */
#include <complex.h>
#include <math.h>

#include "lang/lib_support.h"
#include "lang/libs.h"
#include "lang/row_keys.h"
#include "num/random.h"
#include "val/table.h"

/* The rows (0-based) of a table, matrix or list. */
static bool take_rows(ThContext *cx, ThValue v, const size_t *rows, size_t n, ThValue *out) {
  if (th_is_table(v)) return th_table_take_rows(cx, th_as_table(v), rows, n, out);
  ThArray *index = th_vector_new(cx, TH_DOUBLE, n);
  if (!index) return false;
  for (size_t i = 0; i < n; i++) index->real[i] = (double)rows[i] + 1;
  ThValue value = th_object(index);
  bool ok = th_get_index(cx, v, &value, 1, out);
  th_release(value);
  return ok;
}

/* sort_by: t, by, reverse. */

typedef struct Sorting {
  ThKeyColumns keys;
  bool *reverse; /* of each key */
} Sorting;

/* Rows with a missing key come last in either direction. */
static bool comes_before(const void *self, size_t i, size_t j) {
  const Sorting *s = self;
  int order = 0;
  for (size_t k = 0; k < s->keys.n && order == 0; k++) {
    ThValue column = s->keys.columns[k];
    order = th_key_compare_cells(column, i, column, j);
    if (!s->reverse[k] || order == 0) continue;
    if (!th_key_cell_is_missing(column, i) && !th_key_cell_is_missing(column, j)) order = -order;
  }
  return order < 0;
}

/* One bool for all keys, or one for each. */
static bool read_reverse(ThContext *cx, const ThCall *call, Sorting *s) {
  ThValue v = call->args[2];
  const ThArray *array = th_is_array(v) ? th_as_array(v) : NULL;
  if (array && array->length != s->keys.n)
    return th_fail_argument(cx, 3, TH_ERROR_SHAPE, "%zu direction%s for %zu columns", array->length,
                            array->length == 1 ? "" : "s", s->keys.n);
  for (size_t k = 0; k < s->keys.n; k++)
    s->reverse[k] = array ? th_array_real(array, k) != 0 : th_arg_bool(call, 2);
  return true;
}

static bool sorted_rows(ThContext *cx, const ThCall *call, const Sorting *s, ThValue *out) {
  size_t n = s->keys.n_rows, *order = th_alloc_array(cx, 2 * n, sizeof *order);
  if (!order) return false;
  bool ok = th_stable_order(cx, n, comes_before, s, order) && take_rows(cx, call->args[0], order, n, out);
  th_free(cx, order, 2 * n * sizeof *order);
  return ok;
}

static bool body_sort_by(ThContext *cx, const ThCall *call, ThValue *out) {
  Sorting s;
  if (!th_key_columns_init(cx, th_as_table(call->args[0]), call->args[1], &s.keys)) {
    if (cx->error.argument == 0) cx->error.argument = 2;
    return false;
  }
  s.reverse = th_alloc_array(cx, s.keys.n, sizeof *s.reverse);
  bool ok = s.reverse && read_reverse(cx, call, &s) && sorted_rows(cx, call, &s, out);
  th_free(cx, s.reverse, s.keys.n * sizeof *s.reverse);
  th_key_columns_clear(cx, &s.keys);
  return ok;
}

/* drop_missing: x, by. */

static bool value_is_missing(ThValue v) {
  double number;
  return th_is_string(v) ? th_as_string(v)->length == 0 : th_to_number(v, &number) && isnan(number);
}

/* Is there something missing in row i of an array or list? */
static bool row_is_missing(ThValue x, size_t i) {
  if (th_is_list(x)) return value_is_missing(th_as_list(x)->items[i]);
  const ThArray *a = th_as_array(x);
  size_t width = a->length / a->shape[0];
  for (size_t j = i * width; j < (i + 1) * width; j++)
    if (isnan(creal(th_array_complex(a, j))) || isnan(cimag(th_array_complex(a, j)))) return true;
  return false;
}

/* The rows without a missing value; `keys` are the columns of a table, else NULL. */
static bool keep_present(ThContext *cx, ThValue x, const ThKeyColumns *keys, ThValue *out) {
  size_t n, kept = 0;
  if (!th_length(cx, x, SIZE_MAX, &n)) return false;
  size_t *rows = th_alloc_array(cx, n, sizeof *rows);
  bool ok = rows != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    if (!(keys ? th_key_is_missing(keys, i) : row_is_missing(x, i))) rows[kept++] = i;
    ok = (i & 0xFFFF) != 0xFFFF || th_poll(cx);
  }
  ok = ok && take_rows(cx, x, rows, kept, out);
  th_free(cx, rows, n * sizeof *rows);
  return ok;
}

static bool body_drop_missing(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue x = call->args[0];
  ThKeyColumns keys;
  if (!th_is_table(x)) return keep_present(cx, x, NULL, out);
  bool ok = call->given[1] ? th_key_columns_init(cx, th_as_table(x), call->args[1], &keys)
                           : th_key_columns_all(cx, th_as_table(x), &keys);
  if (!ok) return false;
  ok = keep_present(cx, x, &keys, out);
  th_key_columns_clear(cx, &keys);
  return ok;
}

/* Random rows. */

/* A random order of n rows; owned: free n places. */
static size_t *shuffled(ThContext *cx, size_t n) {
  size_t *order = th_alloc_array(cx, n, sizeof *order);
  if (!order || th_random_permutation(cx, cx->random, n, order)) return order;
  th_free(cx, order, n * sizeof *order);
  return NULL;
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
  for (size_t i = 0; again && i < want && !th_is_due(cx, i); i++)
    rows[i] = (size_t)th_random_below(cx->random, n);
  bool ok = th_poll(cx) && take_rows(cx, call->args[0], rows, want, out);
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
    {"sort_by(t: table, by: string|list, reverse: bool|array = false) -> table", body_sort_by, TABLES,
     "the rows of a table sorted by one column or several",
     "by: a column, or a list of them, of which the later ones settle ties of the earlier; reverse: true for "
     "descending, or a bool for each. Rows that are equal stay in "
     "their order; a missing value (nan or \"\") comes last.",
     "sort_by(table(x = [3, 1], y = [5, 7]), \"x\")\n#> x  y\n#> 1  7\n#> 3  5\n"
     "sort_by(table(x = [1, 3, 1], y = [5, 6, 7]), [\"x\", \"y\"], reverse = [false, true])\n"
     "#> x  y\n#> 1  7\n#> 1  5\n#> 3  6",
     "sort group_by", NULL},
    {"drop_missing(x: table|array|list, by: string|list = …) -> any", body_drop_missing, TABLES,
     "the rows without a missing value (nan or \"\")",
     "by: of a table, the columns that are looked at; else all",
     "drop_missing([1, nan, 3])\n#> [1, 3]\n"
     "drop_missing(table(x = [1, nan], y = [nan, 2]), by = \"x\")\n#> x    y\n#> 1  nan",
     "is_nan summary", NULL},
    {"sample_rows(t: table|array|list, n: count, replace: bool = false) -> any", body_sample_rows, TABLES,
     "n rows chosen at random", "replace = true: with replacement, as for the bootstrap",
     "length(sample_rows([5, 3, 8, 1], 2))\n#> 2", "split", NULL},
    {"split(t: table|array|list, part: number, shuffle: bool = true) -> list", body_split, TABLES,
     "two lists of rows: a part of them, chosen at random, and the rest", "(train, test) = split(t, 0.8)",
     "length(split(1:10, 0.8)[1])\n#> 8", "sample_rows", NULL},
    {0},
};
