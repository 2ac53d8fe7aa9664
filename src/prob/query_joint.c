/* query_joint.c - joint(X, Y): the probabilities of all combinations, as a table */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "prob/query.h"

enum { MOST_TARGETS = 8, MOST_CELLS = 100000, MOST_SIDE = 20 };

/* Combinations of values with their weights; rows are (n_targets values, weight). */
typedef struct Cells {
  ThContext *cx;
  size_t width, n, capacity;
  double *rows;
} Cells;

static int compare_rows(const double *a, const double *b, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

/* Where a combination stands in the sorted rows, or would. */
static size_t place_of(const Cells *c, const double *x, bool *found) {
  size_t low = 0, high = c->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_rows(c->rows + middle * c->width, x, c->width - 1) < 0) low = middle + 1;
    else high = middle;
  }
  *found = low < c->n && compare_rows(c->rows + low * c->width, x, c->width - 1) == 0;
  return low;
}

static bool insert(Cells *c, size_t at, const double *x, double weight) {
  if (c->n == MOST_CELLS)
    return th_fail(c->cx, TH_ERROR_LIMIT, "the joint table has more than %d rows", MOST_CELLS);
  if (c->n == c->capacity) {
    size_t capacity = 2 * c->capacity + 64, size = c->width * sizeof *c->rows;
    double *rows = th_resize(c->cx, c->rows, c->capacity * size, capacity * size);
    if (!rows) return false;
    c->rows = rows;
    c->capacity = capacity;
  }
  double *row = c->rows + at * c->width;
  memmove(row + c->width, row, (c->n - at) * c->width * sizeof *row);
  memcpy(row, x, (c->width - 1) * sizeof *row);
  row[c->width - 1] = weight;
  c->n++;
  return true;
}

static bool add_outcome(void *self, ThQuery *q, double weight, bool kept) {
  Cells *c = self;
  double x[MOST_TARGETS];
  bool found;
  (void)kept;
  for (size_t i = 0; i < q->n_targets; i++)
    if (!th_network_number_value(&q->net, q->targets[i], &x[i])) return false;
  size_t at = place_of(c, x, &found);
  if (!found) return insert(c, at, x, weight);
  c->rows[at * c->width + c->width - 1] += weight;
  return true;
}

static void normalise(Cells *c) {
  double sum = 0;
  for (size_t i = 0; i < c->n; i++) sum += c->rows[i * c->width + c->width - 1];
  for (size_t i = 0; i < c->n; i++) c->rows[i * c->width + c->width - 1] /= sum;
}

/* --- The table */

static ThSymbol *target_name(ThQuery *q, size_t i, const char *suffix) {
  ThText text;
  ThSymbol *symbol = NULL;
  th_text_init(&text, &q->cx->heap);
  if (th_variable_text(q->cx, q->targets[i], 60, &text)) {
    th_text_add(&text, suffix);
    if (th_text_ok(&text, q->cx)) symbol = th_symbol(q->cx, th_text_string(&text), text.length);
  }
  th_text_clear(&text);
  return symbol;
}

static bool set_column(ThContext *cx, ThTable *table, ThSymbol *name, ThArray *column) {
  if (!name || !column) {
    if (column) th_release(th_object(column));
    return false;
  }
  return th_table_set_take(cx, table, name, th_object(column));
}

/* A row for each combination. */
static bool long_table(ThQuery *q, const Cells *c, ThValue *out) {
  ThTable *table = th_table_new(q->cx, c->n);
  if (!table) return false;
  *out = th_object(table);
  for (size_t j = 0; j < c->width; j++) {
    ThArray *column = th_vector_new(q->cx, TH_DOUBLE, c->n);
    for (size_t i = 0; column && i < c->n; i++) column->real[i] = c->rows[i * c->width + j];
    ThSymbol *name = j + 1 < c->width ? target_name(q, j, "") : th_symbol_of(q->cx, "probability");
    if (set_column(q->cx, table, name, column)) continue;
    th_release(*out);
    return false;
  }
  return true;
}

/* The different values of target j, ascending. */
static size_t values_of(const Cells *c, size_t j, double *values) {
  size_t n = 0;
  for (size_t i = 0; i < c->n; i++) {
    double x = c->rows[i * c->width + j];
    size_t at = 0;
    while (at < n && values[at] < x) at++;
    if (at < n && values[at] == x) continue;
    if (n == MOST_SIDE) return 0;
    memmove(values + at + 1, values + at, (n - at) * sizeof *values);
    values[at] = x;
    n++;
  }
  return n;
}

static double cell_of(const Cells *c, double x, double y) {
  bool found;
  double both[2] = {x, y};
  size_t at = place_of(c, both, &found);
  return found ? c->rows[at * c->width + 2] : 0;
}

/* The first column: the values of X, then "total". */
static bool label_column(ThQuery *q, ThTable *table, const double *xs, size_t n) {
  ThList *labels = th_list_new(q->cx, n + 1);
  if (!labels) return false;
  bool ok = true;
  for (size_t i = 0; ok && i <= n; i++) {
    ThText text;
    ThValue label;
    th_text_init(&text, &q->cx->heap);
    if (i < n) th_format_number(xs[i], q->cx->settings.digits, &text);
    else th_text_add(&text, "total");
    ok = th_text_ok(&text, q->cx) && th_string_of(q->cx, th_text_string(&text), &label) &&
         th_list_push_take(q->cx, labels, label);
    th_text_clear(&text);
  }
  ThSymbol *name = ok ? target_name(q, 0, "") : NULL;
  if (name) return th_table_set_take(q->cx, table, name, th_object(labels));
  th_release(th_object(labels));
  return false;
}

/* The column of Y = y, or of the totals when y is NaN. */
static bool value_column(ThQuery *q, const Cells *c, ThTable *table, const double *xs, size_t n, double y) {
  char suffix[48] = "";
  ThText text;
  ThArray *column = th_vector_new(q->cx, TH_DOUBLE, n + 1);
  if (!column) return false;
  column->real[n] = 0;
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t k = 0; isnan(y) && k < c->n; k++)
      sum += c->rows[k * c->width] == xs[i] ? c->rows[k * c->width + 2] : 0;
    column->real[i] = isnan(y) ? sum : cell_of(c, xs[i], y);
    column->real[n] += column->real[i];
  }
  if (isnan(y)) return set_column(q->cx, table, th_symbol_of(q->cx, "total"), column);
  th_text_init(&text, &q->cx->heap);
  th_format_number(y, q->cx->settings.digits, &text);
  snprintf(suffix, sizeof suffix, " = %s", th_text_string(&text));
  bool ok = th_text_ok(&text, q->cx);
  th_text_clear(&text);
  return set_column(q->cx, table, ok ? target_name(q, 1, suffix) : NULL, column);
}

/* Two variables of few values: one down, one across, with the margins. */
static bool cross_table(ThQuery *q, const Cells *c, ThValue *out, bool *fits) {
  double xs[MOST_SIDE + 1], ys[MOST_SIDE + 1];
  size_t n = values_of(c, 0, xs), m = values_of(c, 1, ys);
  *fits = n > 0 && m > 0;
  if (!*fits) return true;
  ThTable *table = th_table_new(q->cx, n + 1);
  if (!table) return false;
  *out = th_object(table);
  bool ok = label_column(q, table, xs, n);
  for (size_t j = 0; ok && j < m; j++) ok = value_column(q, c, table, xs, n, ys[j]);
  ok = ok && value_column(q, c, table, xs, n, (double)NAN);
  if (!ok) th_release(*out);
  return ok;
}

bool th_query_joint(ThQuery *q, ThValue *out) {
  ThWalk walk = {0};
  double n;
  Cells c = {.cx = q->cx, .width = q->n_targets + 1};
  bool crossed = false;
  if (q->n_targets > MOST_TARGETS)
    return th_fail(q->cx, TH_ERROR_LIMIT, "joint takes at most %d variables", MOST_TARGETS);
  if (!th_query_count_outcomes(q, &n)) return false;
  for (size_t k = 0; k < q->net.n_variables; k++)
    if (q->variables[k].support != TH_SUPPORT_DISCRETE && !q->variables[k].observed)
      return th_fail(q->cx, TH_ERROR_TYPE, "a joint table needs discrete variables; `%s` is not",
                     q->net.variables[k].variable->name->spelling);
  if (isnan(n)) walk.tail = 1e-12;
  bool ok = th_query_walk(q, &walk, add_outcome, &c);
  if (ok && c.n == 0) ok = th_query_fail_impossible(q);
  if (ok) normalise(&c);
  if (ok && q->n_targets == 2) ok = cross_table(q, &c, out, &crossed);
  if (ok && !crossed) ok = long_table(q, &c, out);
  th_free(q->cx, c.rows, c.capacity * c.width * sizeof *c.rows);
  return ok;
}
