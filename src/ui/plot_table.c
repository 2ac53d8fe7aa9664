/* plot_table.c - a table as curves or bars */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/plot_items.h"

enum { MOST_CURVES = 7 };

/* --- Names */

static const char *name_of(const ThTable *table, size_t j) { return table->names[j]->spelling; }

/* The last column of a grid of `with` is the value of an expression, whose name is not known. */
static bool has_name(const ThTable *table, size_t j) { return strcmp(name_of(table, j), "value") != 0; }

static bool name_axis(ThContext *cx, ThValue *slot, const ThTable *table, size_t j) {
  return !th_is_none(*slot) || th_figure_text(cx, slot, name_of(table, j));
}

/* The series added last is all that the table shows: alone in its picture it names the axis, among others itself. */
static bool name_only(ThContext *cx, const ThTable *table, size_t j, ThFigure *figure) {
  ThValue *label = &figure->series[figure->n_series - 1].label;
  th_replace_take(label, th_none());
  if (!has_name(table, j)) return true;
  return figure->crowded ? th_figure_text(cx, label, name_of(table, j))
                         : name_axis(cx, &figure->ylabel, table, j);
}

/* --- A grid */

/* Row i * n_inner + k has value i of the outer name and value k of the inner one. */
typedef struct Grid {
  const ThArray *outer, *inner, *value;
  size_t n_outer, n_inner;
} Grid;

static const ThArray *numbers(const ThTable *table, size_t j) {
  ThValue column = table->columns[j];
  return th_is_array(column) && th_as_array(column)->rank == 1 && th_as_array(column)->element != TH_COMPLEX
             ? th_as_array(column)
             : NULL;
}

static bool read_grid(const ThTable *table, Grid *g) {
  if (table->n_columns != 3 || has_name(table, 2)) return false;
  g->outer = numbers(table, 0);
  g->inner = numbers(table, 1);
  g->value = numbers(table, 2);
  if (!g->outer || !g->inner || !g->value) return false;
  size_t n = g->value->length, run = 1;
  while (run < n && th_array_real(g->outer, run) == th_array_real(g->outer, 0)) run++;
  if (run < 2 || run == n || n % run != 0) return false;
  for (size_t i = 0; i < n; i++)
    if (th_array_real(g->outer, i) != th_array_real(g->outer, i - i % run) ||
        th_array_real(g->inner, i) != th_array_real(g->inner, i % run))
      return false;
  g->n_outer = n / run;
  g->n_inner = run;
  return true;
}

/* The curve at value `k` of the name that has fewer: every `step`-th row, `n` of them from row `first`. */
static bool add_curve(ThContext *cx, const Grid *g, size_t first, size_t step, size_t n, ThMark mark,
                      const char *label, ThFigure *figure) {
  const ThArray *over = step == 1 ? g->inner : g->outer;
  ThArray *x = th_vector_new(cx, TH_DOUBLE, n), *y = x ? th_vector_new(cx, TH_DOUBLE, n) : NULL;
  if (!y) {
    if (x) th_release(th_object(x));
    return false;
  }
  for (size_t i = 0; i < n; i++) {
    x->real[i] = th_array_real(over, first + i * step);
    y->real[i] = th_array_real(g->value, first + i * step);
    if (i > 0 && !(x->real[i] >= x->real[i - 1])) mark = TH_MARK_POINTS;
  }
  return th_figure_add_take(cx, figure, mark, x, y, NULL, label);
}

static bool add_grid(ThContext *cx, const ThTable *table, const Grid *g, ThMark mark, ThFigure *figure) {
  bool along_outer = g->n_outer >= g->n_inner;
  size_t n_curves = along_outer ? g->n_inner : g->n_outer,
         shown = n_curves < MOST_CURVES ? n_curves : MOST_CURVES;
  size_t over = along_outer ? 0 : 1, other = 1 - over;
  bool ok = name_axis(cx, &figure->xlabel, table, over);
  for (size_t k = 0; ok && k < shown; k++) {
    size_t at = (k * (n_curves - 1) + (shown - 1) / 2) / (shown - 1); /* a grid has two values at least */
    size_t first = along_outer ? at : at * g->n_inner;
    char label[96];
    snprintf(label, sizeof label, "%s = %.6g", name_of(table, other),
             th_array_real(along_outer ? g->inner : g->outer, first));
    ok = add_curve(cx, g, first, along_outer ? g->n_inner : 1, along_outer ? g->n_outer : g->n_inner, mark,
                   label, figure);
  }
  return ok;
}

/* --- Bars */

static bool add_bars(ThContext *cx, const ThTable *table, ThFigure *figure) {
  const ThArray *heights = numbers(table, 1);
  size_t n = heights->length;
  ThArray *columns[3] = {0};
  for (size_t k = 0; k < 3; k++) {
    columns[k] = th_vector_new(cx, TH_DOUBLE, n);
    for (size_t i = 0; columns[k] && i < n; i++)
      columns[k]->real[i] = k == 0 ? (double)i + 1 : k == 1 ? th_array_real(heights, i) : 0.8;
  }
  if (!columns[0] || !columns[1] || !columns[2]) {
    for (size_t k = 0; k < 3; k++)
      if (columns[k]) th_release(th_object(columns[k]));
    return false;
  }
  if (!th_figure_add_take(cx, figure, TH_MARK_BARS, columns[0], columns[1], columns[2], NULL)) return false;
  figure->series[figure->n_series - 1].labels = th_retain(table->columns[0]);
  return name_axis(cx, &figure->xlabel, table, 0) && name_only(cx, table, 1, figure);
}

/* --- Columns */

static bool is_sorted(const ThArray *x) {
  for (size_t i = 1; i < x->length; i++)
    if (!(th_array_real(x, i) >= th_array_real(x, i - 1))) return false;
  return true;
}

/* Columns of numbers over the first of them. */
static bool add_columns(ThContext *cx, const ThTable *table, ThMark mark, ThFigure *figure, bool *drawn) {
  const ThArray *x = NULL;
  size_t n = 0, last = 0;
  for (size_t j = 0; j < table->n_columns; j++) {
    ThArray *ys = NULL;
    if (!th_is_array(table->columns[j])) continue;
    if (!x) {
      x = th_as_array(table->columns[j]);
      if (!name_axis(cx, &figure->xlabel, table, j)) return false;
      continue;
    }
    if (!th_plot_column(cx, th_as_array(table->columns[j]), 0, &ys)) return false;
    ThArray *xs = th_as_array(th_retain(th_object((void *)(uintptr_t)x)));
    if (!th_figure_add_take(cx, figure, is_sorted(x) ? mark : TH_MARK_POINTS, xs, ys, NULL,
                            name_of(table, j)))
      return false;
    n++;
    last = j;
  }
  *drawn = n > 0;
  return n != 1 || name_only(cx, table, last, figure);
}

bool th_plot_table(ThContext *cx, const ThTable *table, ThMark mark, ThFigure *figure, bool *drawn) {
  Grid g;
  bool bars = table->n_columns == 2 && th_is_list(table->columns[0]) && numbers(table, 1);
  bool grid = !bars && read_grid(table, &g);
  *drawn = bars || grid;
  if (bars) return add_bars(cx, table, figure);
  return grid ? add_grid(cx, table, &g, mark, figure) : add_columns(cx, table, mark, figure, drawn);
}
