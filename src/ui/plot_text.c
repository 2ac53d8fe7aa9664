/* plot_text.c - a figure drawn in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From top to bottom: title, key, name of the y axis, the drawing with ticks at its left, ticks below, name
 * of the x axis. Curves are dots; bars and impulses are blocks of eighths of a line; without colours curves
 * differ by how they are dashed and points by their sign. */
#include "ui/plot_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/plot_range.h"
#include "val/basic.h"

enum { MAX_TICKS = 32, TICK_SIZE = 24 };

typedef struct Ticks {
  size_t n;
  double at[MAX_TICKS];
  char text[MAX_TICKS][TICK_SIZE];
} Ticks;

typedef struct Drawing {
  ThContext *cx;
  const ThFigure *figure;
  ThPlotRange range;
  ThCanvas canvas;
  int *colors;
  const ThList *names;          /* under bars, or NULL */
  size_t names_of;              /* the series they belong to */
  int top, left, height, width; /* the cells inside the axes */
  Ticks y, x;
} Drawing;

/* --- Places */

static double unit_x(const Drawing *d, double x) { return th_plot_unit(x, d->range.x, d->figure->log_x); }
static double unit_y(const Drawing *d, double y) { return th_plot_unit(y, d->range.y, d->figure->log_y); }

/* A dot's place; far outside is brought near, so that integers do. */
static int dot_x(const Drawing *d, double x) {
  return 2 * d->left + (int)floor(fmin(fmax(unit_x(d, x), -4), 5) * (2 * d->width - 1) + 0.5);
}

static int dot_y(const Drawing *d, double y) {
  return 4 * d->top + (int)floor((1 - fmin(fmax(unit_y(d, y), -4), 5)) * (4 * d->height - 1) + 0.5);
}

static bool inside(const Drawing *d, double x, double y) {
  double u = unit_x(d, x), v = unit_y(d, y);
  return u >= -1e-9 && u <= 1 + 1e-9 && v >= -1e-9 && v <= 1 + 1e-9;
}

static bool inside_dots(const Drawing *d, int x, int y) {
  return x >= 2 * d->left && x < 2 * (d->left + d->width) && y >= 4 * d->top && y < 4 * (d->top + d->height);
}

/* --- Marks */

/* On and off of the dashes: of the n-th curve when colours cannot tell them apart, of a background line. */
static void dashes(const Drawing *d, const ThSeries *s, size_t number, int *on, int *period) {
  static const int pattern[][2] = {{1, 1}, {5, 8}, {1, 3}, {8, 10}, {2, 6}};
  if (s->past) {
    *on = 1;
    *period = 3;
    return;
  }
  size_t k = d->canvas.style.colors || s->mark == TH_MARK_DASHED ? 0 : number % 5;
  *on = s->mark == TH_MARK_DASHED ? 3 : pattern[k][0];
  *period = s->mark == TH_MARK_DASHED ? 6 : pattern[k][1];
}

/* The part of a segment inside the drawing (Liang and Barsky, 1984); false when there is none. */
static bool clip(double p[4]) {
  double from = 0, to = 1, dx = p[2] - p[0], dy = p[3] - p[1];
  double step[4] = {-dx, dx, -dy, dy}, room[4] = {p[0], 1 - p[0], p[1], 1 - p[1]};
  for (int i = 0; i < 4; i++) {
    if (step[i] == 0 && room[i] < 0) return false;
    if (step[i] < 0) from = fmax(from, room[i] / step[i]);
    if (step[i] > 0) to = fmin(to, room[i] / step[i]);
  }
  if (!(from <= to)) return false;
  double x = p[0], y = p[1];
  p[0] = x + from * dx, p[1] = y + from * dy;
  p[2] = x + to * dx, p[3] = y + to * dy;
  return true;
}

static void draw_segment(Drawing *d, double p[4], int color, int on, int period, int *phase) {
  if (!isfinite(p[0] + p[1] + p[2] + p[3]) || !clip(p)) return;
  int from[2], to[2];
  for (int k = 0; k < 2; k++) {
    int *end = k ? to : from;
    end[0] = 2 * d->left + (int)floor(p[2 * k] * (2 * d->width - 1) + 0.5);
    end[1] = 4 * d->top + (int)floor((1 - p[2 * k + 1]) * (4 * d->height - 1) + 0.5);
  }
  if (*phase > 0 && period > 1) (*phase)--; /* the end of the last segment is the start of this one */
  th_canvas_line(&d->canvas, from, to, color, on, period, phase);
}

static void draw_line(Drawing *d, const ThSeries *s, size_t number, int color) {
  int on, period, phase = 0;
  dashes(d, s, number, &on, &period);
  for (size_t i = 0; i + 1 < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double p[4];
    for (size_t k = 0; k < 2; k++) {
      p[2 * k] = unit_x(d, th_array_real(s->columns[0], i + k));
      p[2 * k + 1] = unit_y(d, th_array_real(s->columns[1], i + k));
    }
    draw_segment(d, p, color, on, period, &phase);
  }
}

static const char *point_glyph(const Drawing *d, size_t number) {
  static const char *const round[] = {"•", "×", "+", "○", "◆"}, *const plain[] = {"o", "x", "+", "@", "%"};
  size_t k = number % 5;
  return d->canvas.style.utf8 ? round[k] : plain[k];
}

static void draw_points(Drawing *d, const ThSeries *s, size_t number, int color) {
  size_t n = th_series_length(s);
  for (size_t i = 0; i < n && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
    if (!inside(d, x, y)) continue;
    int column = dot_x(d, x), row = dot_y(d, y);
    if (n <= 150) th_canvas_glyph(&d->canvas, row / 4, column / 2, point_glyph(d, number), color, false);
    else th_canvas_dot(&d->canvas, column, row, color);
  }
}

static void draw_errorbars(Drawing *d, const ThSeries *s, size_t number, int color) {
  for (size_t i = 0; i < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
    double e = s->columns[2] ? th_array_real(s->columns[2], i) : 0;
    if (!isfinite(x + y + e)) continue;
    int column = dot_x(d, x);
    for (int row = dot_y(d, y + e); row <= dot_y(d, y - e); row++)
      if (inside_dots(d, column, row)) th_canvas_dot(&d->canvas, column, row, color);
  }
  draw_points(d, s, number, color);
}

static void draw_band_column(Drawing *d, int column, double low, double high, int color) {
  const char *glyph = d->canvas.style.utf8 ? "░" : ":";
  if (!isfinite(low + high)) return;
  int from = dot_y(d, fmax(low, high)) / 4, to = (dot_y(d, fmin(low, high)) - 1) / 4;
  for (int row = from; row <= to; row++)
    if (row >= d->top && row < d->top + d->height)
      th_canvas_glyph(&d->canvas, row, column, glyph, color, true);
}

static void draw_band(Drawing *d, const ThSeries *s, int color) {
  for (size_t i = 0; i + 1 < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x0 = th_array_real(s->columns[0], i), x1 = th_array_real(s->columns[0], i + 1);
    if (!isfinite(x0 + x1)) continue;
    int from = dot_x(d, fmin(x0, x1)) / 2, to = dot_x(d, fmax(x0, x1)) / 2;
    for (int column = from; column <= to; column++) {
      double t = from == to ? 0 : (double)(column - from) / (to - from), edge[2];
      for (size_t k = 0; k < 2; k++)
        edge[k] = th_array_real(s->columns[k + 1], i) * (1 - t) + th_array_real(s->columns[k + 1], i + 1) * t;
      if (column >= d->left && column < d->left + d->width)
        draw_band_column(d, column, edge[0], edge[1], color);
    }
  }
}

/* A column of blocks from the floor to `y`, to an eighth of a cell. */
static void draw_block(Drawing *d, int column, double y, int color, bool shaded) {
  static const char *const eighths[] = {"", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double floor_at = d->figure->log_y ? d->range.y[0] : fmin(fmax(0, d->range.y[0]), d->range.y[1]);
  double zero = unit_y(d, floor_at) * d->height, top = fmin(fmax(unit_y(d, y), 0), 1) * d->height;
  if (!isfinite(y) || column < d->left || column >= d->left + d->width) return;
  double low = fmin(zero, top), high = fmax(zero, top);
  for (int k = (int)floor(low + 0.5); k < d->height; k++) {
    int part = (int)floor((high - k) * 8 + 0.5);
    if (part <= 0) break;
    if (part > 8) part = 8;
    const char *glyph = d->canvas.style.utf8 ? (shaded ? (part < 4 ? "░" : "▒") : eighths[part])
                        : part < 4           ? "_"
                        : shaded             ? "%"
                                             : "#";
    th_canvas_glyph(&d->canvas, d->top + d->height - 1 - k, column, glyph, color, false);
  }
}

/* Without colours every second series of bars is lighter, and what was before. */
static bool is_shaded(const Drawing *d, size_t number) {
  return !d->canvas.style.colors && (number % 2 == 1 || d->figure->series[number].past);
}

static void draw_bars(Drawing *d, const ThSeries *s, size_t number, int color) {
  for (size_t i = 0; i < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
    double half = s->columns[2] ? th_array_real(s->columns[2], i) / 2 : 0.4;
    double from = unit_x(d, x - half) * d->width, to = unit_x(d, x + half) * d->width;
    if (!isfinite(from + to)) continue;
    int first = d->left + (int)floor(fmax(from, -1) + 0.5),
        last = d->left + (int)floor(fmin(to, d->width) + 0.5) - 1;
    for (int column = first; column <= (last > first ? last : first); column++)
      draw_block(d, column, y, color, is_shaded(d, number));
  }
}

static void draw_impulses(Drawing *d, const ThSeries *s, size_t number, int color) {
  double shift = th_plot_shift(d->figure, number);
  for (size_t i = 0; i < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i) + shift;
    if (isfinite(x))
      draw_block(d, dot_x(d, x) / 2, th_array_real(s->columns[1], i), color, is_shaded(d, number));
  }
}

static void draw_series(Drawing *d, size_t i) {
  const ThSeries *s = &d->figure->series[i];
  int color = d->colors[i];
  switch (s->mark) {
    case TH_MARK_LINE:
    case TH_MARK_DASHED:
    case TH_MARK_THIN: draw_line(d, s, i, color); return;
    case TH_MARK_POINTS: draw_points(d, s, i, color); return;
    case TH_MARK_ERRORBARS: draw_errorbars(d, s, i, color); return;
    case TH_MARK_BAND: draw_band(d, s, color); return;
    case TH_MARK_IMPULSES: draw_impulses(d, s, i, color); return;
    case TH_MARK_BARS: draw_bars(d, s, i, color); return;
  }
}

/* --- The key */

static void sample(Drawing *d, int row, int column, size_t i) {
  const ThSeries *s = &d->figure->series[i];
  int color = d->colors[i], on, period, phase = 0;
  bool utf8 = d->canvas.style.utf8;
  if (th_mark_is_line(s->mark)) {
    dashes(d, s, i, &on, &period);
    int from[2] = {2 * column, 4 * row + 2}, to[2] = {2 * column + 7, 4 * row + 2};
    th_canvas_line(&d->canvas, from, to, color, on, period, &phase);
    return;
  }
  const char *glyph = s->mark == TH_MARK_BAND ? (utf8 ? "░" : ":")
                      : s->mark == TH_MARK_BARS || s->mark == TH_MARK_IMPULSES
                          ? (is_shaded(d, i) ? (utf8 ? "▒" : "%")
                             : utf8          ? "█"
                                             : "#")
                          : point_glyph(d, i);
  bool wide = s->mark != TH_MARK_POINTS && s->mark != TH_MARK_ERRORBARS;
  for (int k = wide ? 1 : 2; k < 3; k++) th_canvas_glyph(&d->canvas, row, column + k, glyph, color, false);
}

/* Lays the key out in lines of `width` columns; draws it when `draw`; returns how many lines it takes. */
static int lay_key(Drawing *d, int row, int width, bool draw) {
  int column = 0, lines = 0;
  for (size_t i = 0; i < d->figure->n_series; i++) {
    const char *label = th_series_label(&d->figure->series[i]);
    if (!label || th_series_length(&d->figure->series[i]) == 0) continue;
    int most = width - 6, text = (int)th_utf8_width(label, strlen(label));
    if (text > most) text = most;
    if (lines == 0 || column + 5 + text > width) lines++, column = 2;
    if (draw) {
      sample(d, row + lines - 1, column, i);
      th_canvas_text(&d->canvas, row + lines - 1, column + 5, label, text, -1);
    }
    column += 5 + text + 3;
  }
  return lines;
}

/* --- Axes */

static void fill_ticks(Ticks *ticks, const double range[2], bool logarithmic, size_t most) {
  ticks->n = th_plot_ticks(range[0], range[1], logarithmic, most < MAX_TICKS ? most : MAX_TICKS, ticks->at);
  for (size_t i = 0; i < ticks->n; i++) {
    double v = fabs(ticks->at[i]) < 1e-12 * (range[1] - range[0]) ? 0 : ticks->at[i];
    snprintf(ticks->text[i], TICK_SIZE, "%.6g", v + 0.0);
  }
}

static int widest(const Ticks *ticks) {
  size_t width = 1;
  for (size_t i = 0; i < ticks->n; i++)
    if (strlen(ticks->text[i]) > width) width = strlen(ticks->text[i]);
  return (int)width;
}

static void draw_y_axis(Drawing *d) {
  bool utf8 = d->canvas.style.utf8;
  for (int row = 0; row < d->height; row++)
    th_canvas_glyph(&d->canvas, d->top + row, d->left - 1, utf8 ? "│" : "|", -1, false);
  int last = -2;
  for (size_t i = 0; i < d->y.n; i++) {
    int row = dot_y(d, d->y.at[i]) / 4;
    if (row == last) continue;
    last = row;
    int width = (int)strlen(d->y.text[i]);
    th_canvas_text(&d->canvas, row, d->left - 2 - width, d->y.text[i], width, -1);
    th_canvas_glyph(&d->canvas, row, d->left - 1, utf8 ? "┤" : "+", -1, false);
  }
}

/* One label under the axis, centred, if it does not touch the one before, which ends at *free_from. */
static void x_label(Drawing *d, int column, const char *text, int most, int *free_from) {
  int width = (int)th_utf8_width(text, strlen(text));
  if (width > most) width = most;
  int start = column - width / 2;
  if (start + width > d->canvas.width) start = d->canvas.width - width;
  if (start < *free_from) return;
  th_canvas_text(&d->canvas, d->top + d->height + 1, start, text, width, -1);
  *free_from = start + width + 1;
}

static void name_bars(Drawing *d) {
  const ThSeries *s = &d->figure->series[d->names_of];
  size_t n = th_series_length(s), count = d->names->length < n ? d->names->length : n;
  int free_from = 0, most = count ? d->width / (int)count - 1 : 0;
  for (size_t i = 0; i < count; i++) {
    double x = th_array_real(s->columns[0], i);
    if (th_is_string(d->names->items[i]) && unit_x(d, x) >= 0 && unit_x(d, x) <= 1)
      x_label(d, dot_x(d, x) / 2, th_as_string(d->names->items[i])->text, most > 2 ? most : 2, &free_from);
  }
}

static void draw_x_axis(Drawing *d) {
  bool utf8 = d->canvas.style.utf8;
  int row = d->top + d->height, free_from = 0;
  th_canvas_glyph(&d->canvas, row, d->left - 1, utf8 ? "└" : "+", -1, false);
  for (int column = 0; column < d->width; column++)
    th_canvas_glyph(&d->canvas, row, d->left + column, utf8 ? "─" : "-", -1, false);
  if (d->names) {
    name_bars(d);
    return;
  }
  for (size_t i = 0; i < d->x.n; i++) {
    int column = dot_x(d, d->x.at[i]) / 2;
    th_canvas_glyph(&d->canvas, row, column, utf8 ? "┬" : "+", -1, false);
    x_label(d, column, d->x.text[i], d->width, &free_from);
  }
}

static void centre(Drawing *d, int row, ThValue text) {
  if (!th_is_string(text)) return;
  const ThString *s = th_as_string(text);
  int width = (int)th_utf8_width(s->text, s->length), start = d->left + (d->width - width) / 2;
  th_canvas_text(&d->canvas, row, start > 0 ? start : 0, s->text, d->canvas.width, -1);
}

/* --- All of it */

static void find_bar_names(Drawing *d) {
  for (size_t i = d->figure->n_series; i-- > 0;) {
    if (d->figure->series[i].mark != TH_MARK_BARS || !th_is_list(d->figure->series[i].labels)) continue;
    d->names = th_as_list(d->figure->series[i].labels);
    d->names_of = i;
  }
}

/* How the canvas is shared out among the parts; at least 3 by 10 cells for the drawing. */
static void lay_out(Drawing *d) {
  const ThFigure *f = d->figure;
  int above = (th_is_string(f->title) ? 1 : 0) + lay_key(d, 0, d->canvas.width, false) +
              (th_is_string(f->ylabel) ? 1 : 0);
  int below = 2 + (th_is_string(f->xlabel) ? 1 : 0);
  d->top = above;
  d->height = d->canvas.height - above - below;
  if (d->height < 3) d->height = 3;
  fill_ticks(&d->y, d->range.y, f->log_y, (size_t)d->height / 3 + 2);
  d->left = widest(&d->y) + 2;
  d->width = d->canvas.width - d->left - 1;
  if (d->width < 10) d->width = 10;
  fill_ticks(&d->x, d->range.x, f->log_x, (size_t)d->width / 9 + 2);
}

static void draw(Drawing *d) {
  int row = 0;
  if (th_is_string(d->figure->title)) centre(d, row++, d->figure->title);
  row += lay_key(d, row, d->canvas.width, true);
  if (th_is_string(d->figure->ylabel))
    th_canvas_text(&d->canvas, row, d->left - 1, th_as_string(d->figure->ylabel)->text,
                   d->canvas.width - d->left, -1);
  draw_y_axis(d);
  draw_x_axis(d);
  for (int layer = 0; layer < TH_PLOT_LAYERS; layer++)
    for (size_t i = 0; i < d->figure->n_series; i++)
      if (th_plot_layer(&d->figure->series[i]) == layer) draw_series(d, i);
  centre(d, d->top + d->height + 2, d->figure->xlabel);
}

bool th_plot_text(ThContext *cx, const ThFigure *figure, int width, int height, ThCanvasStyle style,
                  ThText *out) {
  Drawing d = {.cx = cx, .figure = figure};
  size_t n = figure->n_series;
  d.colors = th_alloc_array(cx, n, sizeof *d.colors);
  if (!d.colors) return false;
  bool ok = th_canvas_init(cx, &d.canvas, width < 24 ? 24 : width, height < 8 ? 8 : height, style);
  if (ok) {
    th_plot_assign_colors(figure, d.colors);
    th_plot_range(figure, &d.range);
    find_bar_names(&d);
    lay_out(&d);
    draw(&d);
    ok = th_poll(cx);
    if (ok) th_canvas_print(&d.canvas, out);
    th_canvas_clear(&d.canvas);
  }
  th_free(cx, d.colors, n * sizeof *d.colors);
  return ok && th_text_ok(out, cx);
}
