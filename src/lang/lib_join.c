/* lib_join.c - tables put together: side by side where keys agree, or one below the other */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/lib_support.h"
#include "lang/lib_table.h"
#include "lang/row_keys.h"
#include "val/table.h"

enum { LEFT, RIGHT, BY, HOW }; /* arguments of join */

/* Which rows without a partner are kept. */
typedef struct Kept {
  bool left, right;
} Kept;

/* Pairs of row numbers, TH_NO_ROW for a missing partner. */
typedef struct Pairs {
  size_t n, capacity;
  size_t *left, *right;
} Pairs;

static bool pairs_grow(ThContext *cx, Pairs *p) {
  size_t capacity = p->capacity * 2 + 16;
  size_t *both = th_alloc_array(cx, 2 * capacity, sizeof *both);
  if (!both) return false;
  if (p->n) {
    memcpy(both, p->left, p->n * sizeof *both);
    memcpy(both + capacity, p->right, p->n * sizeof *both);
  }
  th_free(cx, p->left, 2 * p->capacity * sizeof *both);
  *p = (Pairs){.n = p->n, .capacity = capacity, .left = both, .right = both + capacity};
  return true;
}

static bool add_pair(ThContext *cx, Pairs *p, size_t left, size_t right) {
  if (p->n == p->capacity && !pairs_grow(cx, p)) return false;
  if ((p->n & 0xFFFF) == 0xFFFF && !th_poll(cx)) return false;
  p->left[p->n] = left;
  p->right[p->n++] = right;
  return true;
}

/* The two tables' keys, and the right one's rows by group. */
typedef struct Join {
  ThContext *cx;
  const ThTable *a, *b;
  ThKeyColumns left, right;
  Kept kept;
  ThRowGroups groups;
  size_t *start, *rows;
  bool *found; /* has a group of the right table met a row of the left one? */
} Join;

/* Row i of the left table with every row of the right one that has its keys; a missing key meets nothing. */
static bool match_row(const Join *j, size_t i, Pairs *pairs) {
  size_t group = th_key_is_missing(&j->left, i) ? TH_NO_ROW : th_row_groups_find(&j->groups, &j->left, i);
  if (group == TH_NO_ROW) return !j->kept.left || add_pair(j->cx, pairs, i, TH_NO_ROW);
  if (j->kept.right) j->found[group] = true;
  const ThRowGroup *rows = &j->groups.groups[group];
  if (rows->count == 1)
    return add_pair(j->cx, pairs, i, rows->first); /* most often: one look into memory less */
  for (size_t k = j->start[group]; k < j->start[group + 1]; k++)
    if (!add_pair(j->cx, pairs, i, j->rows[k])) return false;
  return true;
}

static bool match_rows(const Join *j, Pairs *pairs) {
  for (size_t i = 0; i < j->a->n_rows; i++)
    if (!match_row(j, i, pairs) || ((i & 0xFFF) == 0xFFF && !th_poll(j->cx))) return false;
  for (size_t i = 0; j->kept.right && i < j->b->n_rows; i++)
    if (!j->found[j->groups.of_row[i]] && !add_pair(j->cx, pairs, TH_NO_ROW, i)) return false;
  return true;
}

/* The keys of rows that only the right table has. */
static bool fill_keys(const Join *j, const Pairs *pairs, ThTable *out) {
  for (size_t k = 0; j->kept.right && k < j->left.n; k++) {
    ThValue *column = th_table_find(out, j->left.names[k]), from = j->right.columns[k];
    for (size_t i = 0; i < pairs->n; i++) {
      if (pairs->left[i] != TH_NO_ROW) continue;
      size_t row = pairs->right[i];
      if (th_is_list(from))
        th_replace_take(&th_as_list(*column)->items[i], th_retain(th_as_list(from)->items[row]));
      else th_as_array(*column)->real[i] = th_as_array(from)->real[row];
    }
  }
  return th_poll(j->cx);
}

static bool is_key(const ThKeyColumns *keys, const ThSymbol *name) {
  for (size_t k = 0; k < keys->n; k++)
    if (keys->names[k] == name) return true;
  return false;
}

/* The name itself, or with _2, _3, … behind it when the table has it. */
static ThSymbol *free_name(ThContext *cx, const ThTable *table, ThSymbol *name) {
  ThSymbol *free = name;
  for (size_t k = 2; free && th_table_find(table, free); k++) {
    ThText text;
    th_text_init(&text, &cx->heap);
    th_text_format(&text, "%s_%zu", name->spelling, k);
    free = th_text_ok(&text, cx) ? th_symbol_of(cx, text.data) : NULL;
    th_text_clear(&text);
  }
  return free;
}

/* Adds the columns of the right table's part, but for its keys. */
static bool add_columns(const Join *j, const ThTable *more, ThTable *out) {
  for (size_t k = 0; k < more->n_columns; k++) {
    if (is_key(&j->right, more->names[k])) continue;
    ThSymbol *name = free_name(j->cx, out, more->names[k]);
    if (!name || !th_table_set_take(j->cx, out, name, th_retain(more->columns[k]))) return false;
  }
  return true;
}

static bool join_pairs(const Join *j, const Pairs *pairs, ThValue *out) {
  ThValue left, right;
  if (!th_table_take_rows(j->cx, j->a, pairs->left, pairs->n, &left)) return false;
  bool ok = fill_keys(j, pairs, th_as_table(left)) &&
            th_table_take_rows(j->cx, j->b, pairs->right, pairs->n, &right);
  if (ok) {
    ok = add_columns(j, th_as_table(right), th_as_table(left));
    th_release(right);
  }
  if (ok) *out = left;
  else th_release(left);
  return ok;
}

static bool join_rows(Join *j, ThValue *out) {
  size_t n = j->b->n_rows;
  j->start = th_alloc_array(j->cx, j->groups.n + 1, sizeof *j->start);
  j->rows = j->start ? th_alloc_array(j->cx, n, sizeof *j->rows) : NULL;
  j->found = j->rows ? th_alloc_array(j->cx, j->groups.n, sizeof *j->found) : NULL;
  bool ok = j->found != NULL;
  if (ok) {
    Pairs pairs = {0};
    memset(j->found, 0, j->groups.n * sizeof *j->found);
    th_row_groups_order(&j->groups, j->start, j->rows);
    ok = match_rows(j, &pairs) && join_pairs(j, &pairs, out);
    th_free(j->cx, pairs.left, 2 * pairs.capacity * sizeof *pairs.left);
  }
  th_free(j->cx, j->start, (j->groups.n + 1) * sizeof *j->start);
  th_free(j->cx, j->rows, n * sizeof *j->rows);
  th_free(j->cx, j->found, j->groups.n * sizeof *j->found);
  return ok;
}

/* Keys. */

/* The only column that both tables have; NULL with an error when it is not one. */
static ThSymbol *common_name(ThContext *cx, const ThTable *a, const ThTable *b) {
  ThSymbol *common = NULL;
  size_t count = 0;
  for (size_t i = 0; i < a->n_columns; i++)
    if (th_table_find(b, a->names[i])) common = a->names[i], count++;
  if (count == 1) return common;
  th_fail(cx, TH_ERROR_VALUE, "the tables have %zu columns in common", count);
  th_hint(
      cx,
      "say which one joins them: `join(a, b, by = \"name\")`, several as a list, or `by = (id = \"number\")` "
      "where their names differ");
  return NULL;
}

/* The names that `by` gives the right table's keys and, for a record, the left table's. Lists, owned. */
static bool names_of_record(ThContext *cx, const ThRecord *by, ThValue *left, ThValue *right) {
  ThList *a = th_list_new(cx, by->length), *b = a ? th_list_new(cx, by->length) : NULL;
  bool ok = b != NULL;
  for (size_t i = 0; ok && i < by->length; i++) {
    ThValue name;
    ok = th_string_of(cx, by->names[i]->spelling, &name) && th_list_push_take(cx, a, name) &&
         th_list_push_take(cx, b, th_retain(by->values[i]));
  }
  if (ok) *left = th_object(a), *right = th_object(b);
  if (!ok && a) th_release(th_object(a));
  if (!ok && b) th_release(th_object(b));
  return ok;
}

static bool key_names(ThContext *cx, const ThCall *call, ThValue *left, ThValue *right) {
  ThValue by = call->args[BY];
  if (call->given[BY] && th_is_record(by)) return names_of_record(cx, th_as_record(by), left, right);
  if (call->given[BY]) {
    *left = th_retain(by);
  } else {
    ThSymbol *name = common_name(cx, th_as_table(call->args[LEFT]), th_as_table(call->args[RIGHT]));
    if (!name || !th_string_of(cx, name->spelling, left)) return false;
  }
  *right = th_retain(*left);
  return true;
}

static bool find_keys(const ThCall *call, Join *j) {
  ThValue left, right;
  if (!key_names(j->cx, call, &left, &right)) return false;
  bool ok = th_key_columns_init(j->cx, j->a, left, &j->left);
  if (ok && !th_key_columns_init(j->cx, j->b, right, &j->right)) {
    th_key_columns_clear(j->cx, &j->left);
    ok = false;
  }
  if (!ok && j->cx->error.argument == 0 && call->given[BY]) j->cx->error.argument = BY + 1;
  th_release(left);
  th_release(right);
  return ok;
}

static bool check_types(const Join *j) {
  for (size_t k = 0; k < j->left.n; k++)
    if (th_is_list(j->left.columns[k]) != th_is_list(j->right.columns[k]))
      return th_fail(j->cx, TH_ERROR_TYPE, "column `%s` holds numbers in one table and strings in the other",
                     j->left.names[k]->spelling);
  return true;
}

static bool read_how(ThContext *cx, const char *how, Kept *out) {
  *out = (Kept){.left = strcmp(how, "left") == 0 || strcmp(how, "outer") == 0,
                .right = strcmp(how, "right") == 0 || strcmp(how, "outer") == 0};
  if (out->left || out->right || strcmp(how, "inner") == 0) return true;
  return th_fail_argument(cx, HOW + 1, TH_ERROR_VALUE,
                          "`how` is \"inner\", \"left\", \"right\" or \"outer\"; got \"%s\"", how);
}

bool th_table_join(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!th_is_table(call->args[RIGHT]))
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "a table joins a table; got a string");
  Join j = {.cx = cx, .a = th_as_table(call->args[LEFT]), .b = th_as_table(call->args[RIGHT])};
  if (!read_how(cx, th_as_string(call->args[HOW])->text, &j.kept) || !find_keys(call, &j)) return false;
  bool ok = check_types(&j) && th_row_groups_init(cx, &j.right, &j.groups);
  if (ok) {
    ok = join_rows(&j, out);
    th_row_groups_clear(cx, &j.groups);
  }
  th_key_columns_clear(cx, &j.left);
  th_key_columns_clear(cx, &j.right);
  return ok;
}

/* Tables one below the other. */

static bool check_columns(ThContext *cx, const ThTable *first, const ThTable *t, size_t k) {
  for (size_t j = 0; j < first->n_columns; j++) {
    const ThValue *column = th_table_find(t, first->names[j]);
    if (!column)
      return th_fail(cx, TH_ERROR_VALUE, "table %zu has no column `%s`", k, first->names[j]->spelling);
    if (th_is_list(*column) != th_is_list(first->columns[j]))
      return th_fail(cx, TH_ERROR_TYPE, "column `%s` holds numbers in one table and strings in the other",
                     first->names[j]->spelling);
  }
  for (size_t j = 0; j < t->n_columns; j++)
    if (!th_table_find(first, t->names[j]))
      return th_fail(cx, TH_ERROR_VALUE, "table 1 has no column `%s`", t->names[j]->spelling);
  return true;
}

/* The column of this name of every table, one after the other. */
static bool concat_column(ThContext *cx, const ThValue *tables, size_t n, size_t n_rows, ThSymbol *name,
                          ThValue *out) {
  bool strings = th_is_list(*th_table_find(th_as_table(tables[0]), name));
  ThList *list = strings ? th_list_new(cx, n_rows) : NULL;
  ThArray *array = strings ? NULL : th_vector_new(cx, TH_DOUBLE, n_rows);
  if (!list && !array) return false;
  for (size_t k = 0, at = 0; k < n; k++) {
    const ThTable *t = th_as_table(tables[k]);
    ThValue part = *th_table_find(t, name);
    if (!strings) memcpy(array->real + at, th_as_array(part)->real, t->n_rows * sizeof *array->real);
    for (size_t i = 0; strings && i < t->n_rows; i++)
      list->items[list->length++] = th_retain(th_as_list(part)->items[i]);
    at += t->n_rows;
    if (th_poll(cx)) continue;
    th_release(strings ? th_object(list) : th_object(array));
    return false;
  }
  *out = strings ? th_object(list) : th_object(array);
  return true;
}

bool th_table_concat(ThContext *cx, const ThValue *tables, size_t n, ThValue *out) {
  char text[96];
  size_t n_rows = 0;
  for (size_t k = 0; k < n; k++) {
    if (!th_is_table(tables[k]))
      return th_fail_argument(cx, (int)k + 1, TH_ERROR_TYPE, "a table goes on with tables only; got %s",
                              th_describe(tables[k], text, sizeof text));
    if (!check_columns(cx, th_as_table(tables[0]), th_as_table(tables[k]), k + 1)) return false;
    n_rows += th_as_table(tables[k])->n_rows;
  }
  const ThTable *first = th_as_table(tables[0]);
  ThTable *table = th_table_new(cx, n_rows);
  bool ok = table != NULL;
  for (size_t j = 0; ok && j < first->n_columns; j++) {
    ThValue column;
    ok = concat_column(cx, tables, n, n_rows, first->names[j], &column) &&
         th_table_add_take(cx, table, first->names[j], column);
  }
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}
