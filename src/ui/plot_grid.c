/* plot_grid.c - the table of `value with a in xs, b in ys` as curves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_grid.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_CURVES = 7 };

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
  if (table->n_columns != 3 || strcmp(table->names[2]->name, "value") != 0) return false;
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

bool th_plot_grid(ThContext *cx, const ThTable *table, ThMark mark, ThFigure *figure, bool *is_grid) {
  Grid g;
  *is_grid = read_grid(table, &g);
  if (!*is_grid) return true;
  bool along_outer = g.n_outer >= g.n_inner;
  size_t n_curves = along_outer ? g.n_inner : g.n_outer, shown = n_curves < MOST_CURVES ? n_curves : MOST_CURVES;
  const ThSymbol *over = table->names[along_outer ? 0 : 1], *other = table->names[along_outer ? 1 : 0];
  bool ok = (!th_is_none(figure->xlabel) || th_figure_text(cx, &figure->xlabel, over->spelling));
  for (size_t k = 0; ok && k < shown; k++) {
    size_t at = shown == 1 ? 0 : (k * (n_curves - 1) + (shown - 1) / 2) / (shown - 1);
    size_t first = along_outer ? at : at * g.n_inner;
    char label[96];
    snprintf(label, sizeof label, "%s = %.6g", other->spelling,
             th_array_real(along_outer ? g.inner : g.outer, first));
    ok = add_curve(cx, &g, first, along_outer ? g.n_inner : 1, along_outer ? g.n_outer : g.n_inner, mark, label,
                   figure);
  }
  return ok;
}
