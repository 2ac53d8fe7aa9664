/* minimum_plot.c - the picture of a descent: the path over level lines, or the value against calls */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "infer/curve_plot.h"
#include "infer/minimum.h"
#include "infer/oracle.h"
#include "num/stats.h"
#include "val/figure.h"

enum { GRID = 101, LEVELS = 10 };

static bool name_axis(ThContext *cx, ThValue *slot, const char *text) {
  return !th_is_none(*slot) || th_figure_text(cx, slot, text);
}

/* --- The value against calls */

static bool plot_values(ThContext *cx, const ThMinimum *m, ThFigure *figure) {
  const ThArray *values = th_as_array(m->values);
  double low = th_stats_min(values->length, values->real), high = th_stats_max(values->length, values->real);
  if (low > 0 && high > 100 * low && isfinite(high)) figure->log_y = true;
  return th_curve_add_take(cx, figure, TH_MARK_LINE, th_curve_share(th_as_array(m->counts)),
                           th_curve_share(th_as_array(m->values)), NULL, false, m->method->name) &&
         th_curve_labels(cx, figure, "calls", "value");
}

/* --- The path over level lines */

typedef struct Map {
  ThContext *cx;
  const ThMinimum *m;
  double x[GRID], y[GRID], z[GRID * GRID], sorted[GRID * GRID];
} Map;

/* A range of the path with room around it, within the bounds. */
static void find_range(const ThMinimum *m, size_t axis, double *grid) {
  const ThArray *path = th_as_array(m->path);
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < path->shape[0]; i++) {
    double x = path->real[2 * i + axis];
    if (!isfinite(x)) continue;
    low = fmin(low, x);
    high = fmax(high, x);
  }
  double room = high > low ? 0.25 * (high - low) : 0.5 * fmax(1, fabs(low));
  low -= room;
  high += room;
  if (m->lower) low = fmax(low, m->lower[axis]);
  if (m->upper) high = fmin(high, m->upper[axis]);
  for (int i = 0; i < GRID; i++) grid[i] = low + (high - low) * i / (GRID - 1);
}

/* The function on the grid; NaN where it is not defined or gives no number. */
static bool evaluate(Map *map) {
  ThContext *cx = map->cx;
  const ThMinimum *m = map->m;
  for (int i = 0; i < GRID; i++)
    for (int j = 0; j < GRID; j++) {
      const double x[2] = {map->x[j], map->y[i]};
      double *z = &map->z[i * GRID + j];
      ThValue argument, result;
      *z = NAN;
      if (!th_poll(cx) || !th_flatten_build(cx, &m->form, x, &argument)) return false;
      ThValue f = th_is_oracle(m->function) ? th_as_oracle(m->function)->function : m->function;
      bool ok = th_call_values(cx, f, &argument, 1, &result);
      th_release(argument);
      if (!ok && th_is_final(cx)) return false;
      if (!ok) th_error_clear(cx);
      if (!ok) continue;
      if (!th_to_number(result, z)) *z = NAN;
      th_release(result);
    }
  return true;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Levels whose distances from the lowest value grow by one factor: down in the valley they are as many as on the
 * slopes. The highest leaves out the tenth of the picture that is above it. */
static size_t choose_levels(Map *map, double *levels) {
  size_t n = 0;
  for (size_t i = 0; i < GRID * GRID; i++)
    if (isfinite(map->z[i])) map->sorted[n++] = map->z[i];
  if (n < 2) return 0;
  qsort(map->sorted, n, sizeof *map->sorted, compare);
  double lowest = fmin(map->sorted[0], map->m->value), top = map->sorted[n - 1 - n / 10] - lowest;
  double bottom = map->sorted[n / 100] - lowest;
  if (!(top > 0)) return 0;
  bottom = fmin(fmax(bottom, 2e-3 * top), 0.1 * top);
  for (int i = 0; i < LEVELS; i++) levels[i] = lowest + bottom * pow(top / bottom, (double)i / (LEVELS - 1));
  return LEVELS;
}

static bool draw_levels(Map *map, ThFigure *figure) {
  double levels[LEVELS];
  size_t before = figure->n_series;
  if (!evaluate(map)) return false;
  size_t n = choose_levels(map, levels);
  if (!th_figure_levels(map->cx, figure, TH_MARK_THIN, GRID, GRID, map->x, map->y, map->z, n, levels, NULL))
    return false;
  for (size_t i = before; i < figure->n_series; i++)
    figure->series[i].past = true; /* grey, behind the path */
  return true;
}

static ThArray *path_column(ThContext *cx, const ThMinimum *m, size_t axis) {
  const ThArray *path = th_as_array(m->path);
  ThArray *a = th_vector_new(cx, TH_DOUBLE, path->shape[0]);
  for (size_t i = 0; a && i < a->length; i++) a->real[i] = path->real[2 * i + axis];
  return a;
}

static bool name_coordinate(ThContext *cx, const ThMinimum *m, size_t axis, ThValue *slot) {
  ThText name;
  th_text_init(&name, &cx->heap);
  th_flatten_name(&m->form, "x", axis, &name);
  bool ok = th_text_ok(&name, cx) && name_axis(cx, slot, th_text_string(&name));
  th_text_clear(&name);
  return ok;
}

static bool plot_path(ThContext *cx, const ThMinimum *m, ThFigure *figure) {
  Map *map = th_alloc(cx, sizeof *map);
  if (!map) return false;
  map->cx = cx;
  map->m = m;
  find_range(m, 0, map->x);
  find_range(m, 1, map->y);
  bool ok = draw_levels(map, figure) &&
            th_curve_add_take(cx, figure, TH_MARK_LINE, path_column(cx, m, 0), path_column(cx, m, 1), NULL,
                              false, m->method->name) &&
            name_coordinate(cx, m, 0, &figure->xlabel) && name_coordinate(cx, m, 1, &figure->ylabel);
  th_figure_cover(figure->xrange, map->x[0], map->x[GRID - 1]); /* what the lines are drawn over */
  th_figure_cover(figure->yrange, map->y[0], map->y[GRID - 1]);
  th_free(cx, map, sizeof *map);
  return ok;
}

bool th_minimum_plot(ThContext *cx, ThValue self, void *figure) {
  const ThMinimum *m = th_as_minimum(self);
  return m->form.n == 2 && th_is_array(m->path) ? plot_path(cx, m, figure) : plot_values(cx, m, figure);
}
