/* plot_map.c - what shows a third number by its colour, drawn in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With 256 colours a cell is two coloured halves, one above the other; without, the signs of a scale from light to
 * dark stand for the numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/plot_drawing.h"

enum { SIGNS = 5 };

/* Where z lies on the scale, 0 to 1. */
static double part_of(const ThDrawing *d, double z) {
  return (z - d->range.z[0]) / (d->range.z[1] - d->range.z[0]);
}

static bool has_halves(const ThDrawing *d) { return d->canvas.style.utf8 && d->canvas.style.colors >= 256; }

static const char *sign_of(const ThDrawing *d, double part) {
  static const char *const round[SIGNS] = {"·", "░", "▒", "▓", "█"}, *const plain[SIGNS] = {".", ":", "+",
                                                                                            "%", "#"};
  int k = (int)fmin(floor(fmax(part, 0) * SIGNS), SIGNS - 1);
  return (d->canvas.style.utf8 ? round : plain)[k];
}

/* The grid's nearest line to a value; its lines need not be evenly spaced, and may descend. */
static size_t nearest(const ThArray *a, double v) {
  size_t low = 0, high = a->length - 1;
  bool rises = th_array_real(a, high) >= th_array_real(a, 0);
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if ((th_array_real(a, middle) <= v) == rises) low = middle;
    else high = middle;
  }
  return fabs(th_array_real(a, low) - v) <= fabs(th_array_real(a, high) - v) ? low : high;
}

static double value_at(double unit, const double range[2], bool logarithmic) {
  return logarithmic ? range[0] * pow(range[1] / range[0], unit) : range[0] + unit * (range[1] - range[0]);
}

/* z at a place of the drawing's unit square; NaN outside the grid. */
static double z_at(const ThDrawing *d, const ThSeries *s, double u, double v) {
  double x = value_at(u, d->range.x, d->figure->log_x), y = value_at(v, d->range.y, d->figure->log_y);
  size_t nx = s->columns[0]->length;
  return th_array_real(s->columns[2], nearest(s->columns[1], y) * nx + nearest(s->columns[0], x));
}

static void draw_cell(ThDrawing *d, const ThSeries *s, int row, int column) {
  double u = (column + 0.5) / d->width, v = 1 - (row + 0.5) / d->height;
  if (!has_halves(d)) {
    double z = z_at(d, s, u, v);
    if (isfinite(z))
      th_canvas_glyph(&d->canvas, d->top + row, d->left + column, sign_of(d, part_of(d, z)), -1, true);
    return;
  }
  double upper = z_at(d, s, u, v + 0.25 / d->height), lower = z_at(d, s, u, v - 0.25 / d->height);
  if (!isfinite(upper + lower)) return;
  th_canvas_halves(&d->canvas, d->top + row, d->left + column, th_plot_scale_color(part_of(d, upper)),
                   th_plot_scale_color(part_of(d, lower)));
}

void th_drawing_cells(ThDrawing *d, const ThSeries *s) {
  if (s->columns[0]->length == 0 || s->columns[1]->length == 0) return;
  for (int row = 0; row < d->height && th_poll(d->cx); row++)
    for (int column = 0; column < d->width; column++) draw_cell(d, s, row, column);
}

/* Of the scale, for a line: the darkest colours do not show on black. */
static double line_part(double part) {
  return th_plot_dark.scale_from + (th_plot_dark.scale_to - th_plot_dark.scale_from) * part;
}

void th_drawing_levels(ThDrawing *d, const ThSeries *s) {
  for (size_t i = 0; i + 1 < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double p[4];
    int phase = 0;
    for (size_t k = 0; k < 2; k++) {
      p[2 * k] = th_plot_unit(th_array_real(s->columns[0], i + k), d->range.x, d->figure->log_x);
      p[2 * k + 1] = th_plot_unit(th_array_real(s->columns[1], i + k), d->range.y, d->figure->log_y);
    }
    th_canvas_ink(&d->canvas,
                  (long)th_plot_scale_color(line_part(part_of(d, th_array_real(s->columns[2], i)))));
    th_drawing_segment(d, p, -1, 1, 1, &phase);
  }
  th_canvas_ink(&d->canvas, -1);
}

static void scale_sign(ThDrawing *d, int row, int column, double part, bool cells) {
  unsigned rgb = th_plot_scale_color(cells ? part : line_part(part));
  if (cells && !has_halves(d)) {
    th_canvas_glyph(&d->canvas, row, column, sign_of(d, part), -1, false);
    return;
  }
  th_canvas_ink(&d->canvas, (long)rgb);
  th_canvas_glyph(&d->canvas, row, column, d->canvas.style.utf8 ? (cells ? "█" : "━") : "-", -1, false);
  th_canvas_ink(&d->canvas, -1);
}

void th_drawing_scale(ThDrawing *d, int row, int width) {
  enum { MOST = 20 };
  char ends[2][TH_TICK_SIZE];
  bool cells = th_plot_has_cells(d->figure);
  for (int k = 0; k < 2; k++) snprintf(ends[k], sizeof ends[k], "%.4g", d->range.z[k]);
  int used = (int)strlen(ends[0]) + (int)strlen(ends[1]) + 6, n = width - used < MOST ? width - used : MOST;
  int column = 2 + th_canvas_text(&d->canvas, row, 2, ends[0], width, -1) + 1;
  for (int k = 0; k < n; k++) scale_sign(d, row, column + k, (double)k / (n - 1), cells);
  th_canvas_text(&d->canvas, row, column + (n > 0 ? n : 0) + 1, ends[1], width, -1);
}
