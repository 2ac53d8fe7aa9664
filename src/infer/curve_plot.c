/* curve_plot.c - a fitted mean as a line with its band, beside the data: what the pictures of fits share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/curve_plot.h"

#include <math.h>
#include <stdio.h>

#include "num/stats.h"

ThArray *th_curve_grid(ThContext *cx, const ThFigure *figure, const ThArray *x) {
  double low = th_stats_min(x->length, x->real), high = th_stats_max(x->length, x->real);
  double margin = high > low ? 0.05 * (high - low) : 0.5;
  double from = isnan(figure->xrange[0]) ? low - margin : figure->xrange[0];
  double to = isnan(figure->xrange[1]) ? high + margin : figure->xrange[1];
  ThArray *grid = th_vector_new(cx, TH_DOUBLE, TH_CURVE_POINTS);
  for (size_t i = 0; grid && i < TH_CURVE_POINTS; i++)
    grid->real[i] = from + (to - from) * (double)i / (TH_CURVE_POINTS - 1);
  return grid;
}

bool th_curve_add_take(ThContext *cx, ThFigure *figure, ThMark mark, ThArray *x, ThArray *y, ThArray *z,
                       bool three, const char *label) {
  if (x && y && (z || !three)) return th_figure_add_take(cx, figure, mark, x, y, z, label);
  ThArray *held[] = {x, y, z};
  for (size_t i = 0; i < 3; i++)
    if (held[i]) th_release(th_object(held[i]));
  return false;
}

/* The colour that the next series gets by itself. */
static int next_color(const ThFigure *figure) {
  int n = 0;
  for (size_t i = 0; i < figure->n_series; i++) n += figure->series[i].color < 0;
  return n;
}

bool th_curve_add_band_take(ThContext *cx, ThFigure *figure, ThArray *grid, bool banded, ThArray *lower,
                            ThArray *upper, double level, ThArray *line, const char *label) {
  char band[64];
  int color = next_color(figure);
  snprintf(band, sizeof band, "%.4g %% band", 100 * level);
  bool ok = !banded ||
            th_curve_add_take(cx, figure, TH_MARK_BAND, th_curve_share(grid), lower, upper, true, band);
  if (!ok && line) th_release(th_object(line));
  ok = ok && th_curve_add_take(cx, figure, TH_MARK_LINE, th_curve_share(grid), line, NULL, false, label);
  if (ok && banded) figure->series[figure->n_series - 1].color = color;
  return ok;
}

/* A dashed line at 0 as long as the data are wide. */
static bool add_zero(ThContext *cx, ThFigure *figure, const ThArray *like) {
  ThArray *x = th_curve_grid(cx, figure, like), *y = x ? th_vector_new(cx, TH_DOUBLE, x->length) : NULL;
  for (size_t i = 0; y && i < y->length; i++) y->real[i] = 0;
  if (!th_curve_add_take(cx, figure, TH_MARK_DASHED, x, y, NULL, false, NULL)) return false;
  figure->series[figure->n_series - 1].color = 1;
  return true;
}

bool th_curve_add_residuals_take(ThContext *cx, ThFigure *figure, ThArray *x, ThArray *residuals,
                                 ThArray *errors) {
  bool drawn = x && x->length > 0 && add_zero(cx, figure, x);
  ThArray *held[] = {x, residuals, errors};
  if (drawn)
    return th_curve_add_take(cx, figure, errors ? TH_MARK_ERRORBARS : TH_MARK_POINTS, x, residuals, errors,
                             errors != NULL, NULL);
  for (size_t i = 0; i < 3; i++)
    if (held[i]) th_release(th_object(held[i]));
  return false;
}

bool th_curve_labels(ThContext *cx, ThFigure *figure, const char *x, const char *y) {
  return (!th_is_none(figure->xlabel) || th_figure_text(cx, &figure->xlabel, x)) &&
         (!th_is_none(figure->ylabel) || th_figure_text(cx, &figure->ylabel, y));
}
