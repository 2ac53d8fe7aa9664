/* lib_group.c - built-ins that gather equal rows: group_by, unique */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/lib_support.h"
#include "lang/lib_table.h"
#include "lang/libs.h"
#include "lang/row_keys.h"
#include "val/table.h"

/* Groups of rows in the order of their keys. */
typedef struct Grouping {
  ThContext *cx;
  const ThTable *table;
  ThKeyColumns keys;
  ThRowGroups groups;
  size_t *start, *rows; /* as th_row_groups_order gives them */
  size_t *order;        /* of the groups; twice as many places */
} Grouping;

static bool group_before(const void *self, size_t i, size_t j) {
  const Grouping *g = self;
  return th_key_compare(&g->keys, g->groups.groups[i].first, &g->keys, g->groups.groups[j].first) < 0;
}

static void grouping_clear(Grouping *g) {
  ThContext *cx = g->cx;
  th_free(cx, g->start, (g->groups.n + 1) * sizeof *g->start);
  th_free(cx, g->rows, g->keys.n_rows * sizeof *g->rows);
  th_free(cx, g->order, 2 * g->groups.n * sizeof *g->order);
  th_row_groups_clear(cx, &g->groups);
  th_key_columns_clear(cx, &g->keys);
}

static bool grouping_init(ThContext *cx, const ThTable *table, ThValue by, Grouping *g) {
  *g = (Grouping){.cx = cx, .table = table};
  if (!th_key_columns_init(cx, table, by, &g->keys)) {
    if (cx->error.argument == 0) cx->error.argument = 2;
    return false;
  }
  if (!th_row_groups_init(cx, &g->keys, &g->groups)) {
    th_key_columns_clear(cx, &g->keys);
    return false;
  }
  g->start = th_alloc_array(cx, g->groups.n + 1, sizeof *g->start);
  g->rows = g->start ? th_alloc_array(cx, table->n_rows, sizeof *g->rows) : NULL;
  g->order = g->rows ? th_alloc_array(cx, 2 * g->groups.n, sizeof *g->order) : NULL;
  bool ok = g->order != NULL;
  if (ok) {
    th_row_groups_order(&g->groups, g->start, g->rows);
    ok = th_stable_order(cx, g->groups.n, group_before, g, g->order);
  }
  if (!ok) grouping_clear(g);
  return ok;
}

/* The k-th group's rows, as a table. */
static bool group_rows(const Grouping *g, size_t k, ThValue *out) {
  size_t at = g->order[k];
  return th_table_take_rows(g->cx, g->table, g->rows + g->start[at], g->groups.groups[at].count, out);
}

/* The k-th group's keys, as the first fields of a record. Owned. */
static ThRecord *group_keys(const Grouping *g, size_t k) {
  size_t row = g->groups.groups[g->order[k]].first;
  ThRecord *record = th_record_new(g->cx, g->keys.n + 1);
  for (size_t i = 0; record && i < g->keys.n; i++) {
    ThValue column = g->keys.columns[i], cell;
    if (th_is_list(column)) cell = th_retain(th_as_list(column)->items[row]);
    else cell = th_number(th_as_array(column)->real[row]);
    if (th_record_set_take(g->cx, record, g->keys.names[i], cell)) continue;
    th_release(th_object(record));
    record = NULL;
  }
  return record;
}

/* What is made of each group: a function's value, or the fields of its record; and a function for each further
 * column. Without any, the rows themselves. */
typedef struct Summary {
  ThValue f; /* or none */
  const ThRecord *columns;
} Summary;

static bool add_result(ThContext *cx, ThRecord *record, ThValue result) {
  if (!th_is_record(result)) return th_record_set_text(cx, record, "value", th_retain(result));
  const ThRecord *fields = th_as_record(result);
  for (size_t i = 0; i < fields->length; i++)
    if (!th_record_set_take(cx, record, fields->names[i], th_retain(fields->values[i]))) return false;
  return true;
}

static bool add_summaries(ThContext *cx, ThRecord *record, const Summary *s, ThValue rows) {
  ThValue result;
  if (th_is_object(s->f)) {
    if (!th_call_values(cx, s->f, &rows, 1, &result)) return false;
    bool ok = add_result(cx, record, result);
    th_release(result);
    if (!ok) return false;
  }
  for (size_t i = 0; i < s->columns->length; i++)
    if (!th_call_values(cx, s->columns->values[i], &rows, 1, &result) ||
        !th_record_set_take(cx, record, s->columns->names[i], result))
      return false;
  if (th_is_object(s->f) || s->columns->length > 0) return true;
  return th_record_set_text(cx, record, "rows", th_retain(rows));
}

static bool group_record(const Grouping *g, size_t k, const Summary *s, ThValue *out) {
  ThValue rows;
  ThRecord *record = group_keys(g, k);
  if (!record) return false;
  bool ok = group_rows(g, k, &rows);
  if (ok) {
    ok = add_summaries(g->cx, record, s, rows);
    th_release(rows);
  }
  if (ok) *out = th_object(record);
  else th_release(th_object(record));
  return ok;
}

static bool group_list(const Grouping *g, const Summary *s, ThValue *out) {
  ThList *list = th_list_new(g->cx, g->groups.n);
  bool ok = list != NULL;
  for (size_t k = 0; ok && k < g->groups.n; k++) {
    ThValue record;
    ok = th_poll(g->cx) && group_record(g, k, s, &record) && th_list_push_take(g->cx, list, record);
  }
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

/* Every further column is made by a function. */
static bool check_columns(ThContext *cx, const ThRecord *columns) {
  char text[96];
  for (size_t i = 0; i < columns->length; i++) {
    ThValue f = columns->values[i];
    if (th_is_object(f) && th_as_object(f)->kind->call) continue;
    const char *name = columns->names[i]->spelling;
    th_fail(cx, TH_ERROR_TYPE, "column `%s` is made by a function of each group's rows; got %s", name,
            th_describe(f, text, sizeof text));
    return th_hint(cx, "%s = g -> mean(g.x)", name);
  }
  return true;
}

/* A table without rows keeps the keys' columns. */
static bool no_groups(const Grouping *g, ThValue *out) {
  ThTable *table = th_table_new(g->cx, 0);
  bool ok = table != NULL;
  for (size_t i = 0; ok && i < g->keys.n; i++)
    ok = th_table_set_take(g->cx, table, g->keys.names[i], th_retain(g->keys.columns[i]));
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}

enum { TABLE, BY, F, COLUMNS }; /* arguments of group_by */

static bool body_group_by(ThContext *cx, const ThCall *call, ThValue *out) {
  Grouping g;
  ThValue list;
  Summary s = {.f = call->given[F] ? call->args[F] : th_none(), .columns = th_as_record(call->args[COLUMNS])};
  if (!check_columns(cx, s.columns) || !grouping_init(cx, th_as_table(call->args[TABLE]), call->args[BY], &g))
    return false;
  bool ok, table = th_is_object(s.f) || s.columns->length > 0;
  if (table && g.groups.n == 0) {
    ok = no_groups(&g, out);
  } else if ((ok = group_list(&g, &s, &list))) {
    if (table) {
      ok = th_table_of_records(cx, th_as_list(list), out);
      th_release(list);
    } else {
      *out = list;
    }
  }
  grouping_clear(&g);
  return ok;
}

bool th_table_unique(ThContext *cx, ThValue table, ThValue *out) {
  ThKeyColumns keys;
  ThRowGroups groups;
  if (!th_key_columns_all(cx, th_as_table(table), &keys)) return false;
  bool ok = th_row_groups_init(cx, &keys, &groups);
  if (ok) {
    size_t *rows = th_alloc_array(cx, groups.n, sizeof *rows), n = groups.n;
    for (size_t k = 0; rows && k < n; k++) rows[k] = groups.groups[k].first;
    ok = rows && th_table_take_rows(cx, th_as_table(table), rows, n, out);
    th_free(cx, rows, n * sizeof *rows);
    th_row_groups_clear(cx, &groups);
  }
  th_key_columns_clear(cx, &keys);
  return ok;
}

const ThBuiltin th_lib_group[] = {
    {"group_by(t: table, by: string|list, f: function = …; ...columns) -> any", body_group_by,
     "lists, records, tables", "the rows of a table in groups that agree in one column or several",
     "Every further argument name = function makes a column of that name: the function gets the table of a group's "
     "rows. f instead gives a record, whose fields become columns, or one value. Groups come in the order of their "
     "keys, missing ones last. Without any function: a list of records of the keys and the rows.",
     "t = table(g = [2, 1, 2], y = [5, 7, 9.5])\n"
     "group_by(t, \"g\", n = nrow, mean_y = g -> mean(g.y))\n"
     "#> g  n  mean_y\n#> 1  1    7\n#> 2  2    7.25\n"
     "group_by(t, \"g\", g -> max(g.y))\n#> g  value\n#> 1    7\n#> 2    9.5",
     "sort_by join unique summary", NULL},
    {0},
};
