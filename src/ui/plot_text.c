/* plot_text.c - a figure drawn in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From top to bottom: title, key, name of the y axis, the drawing with ticks at its left, ticks below, name
 * of the x axis. Curves are dots; bars and impulses are blocks of eighths of a line; without colours curves
 * differ by how they are dashed and by signs on them, as points do. */
#include "ui/plot_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/plot_drawing.h"

/* --- The key */

static void sample(ThDrawing *d, int row, int column, size_t i) {
  const ThSeries *s = &d->figure->series[i];
  int color = d->colors[i], on, period, phase = 0;
  bool utf8 = d->canvas.style.utf8;
  if (th_mark_is_line(s->mark)) {
    const char *sign = th_drawing_sign(d, i);
    th_drawing_dashes(d, i, &on, &period);
    int from[2] = {2 * column, 4 * row + 2}, to[2] = {2 * column + 7, 4 * row + 2};
    th_canvas_line(&d->canvas, from, to, color, on, period, &phase);
    if (sign) th_canvas_glyph(&d->canvas, row, column + 2, sign, color, false);
    return;
  }
  const char *glyph = s->mark == TH_MARK_BAND ? (utf8 ? "░" : ":")
                      : s->mark == TH_MARK_BARS || s->mark == TH_MARK_IMPULSES
                          ? (th_drawing_is_shaded(d, i) ? (utf8 ? "▒" : "%")
                             : utf8                     ? "█"
                                                        : "#")
                          : th_drawing_point(d, i);
  bool wide = s->mark != TH_MARK_POINTS && s->mark != TH_MARK_ERRORBARS;
  for (int k = wide ? 1 : 2; k < 3; k++) th_canvas_glyph(&d->canvas, row, column + k, glyph, color, false);
}

/* Lays the key out in lines of `width` columns; draws it when `draw`; returns how many lines it takes. */
static int lay_key(ThDrawing *d, int row, int width, bool draw) {
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

/* Rows and columns are counted: between whole numbers there is nothing. */
static void keep_whole(ThTicks *ticks) {
  size_t kept = 0;
  for (size_t i = 0; i < ticks->n; i++)
    if (ticks->at[i] == floor(ticks->at[i])) ticks->at[kept++] = ticks->at[i];
  ticks->n = kept;
}

static void fill_ticks(ThTicks *ticks, const double range[2], bool logarithmic, bool whole, size_t most) {
  ticks->n = th_plot_ticks(fmin(range[0], range[1]), fmax(range[0], range[1]), logarithmic,
                           most < TH_MAX_TICKS ? most : TH_MAX_TICKS, ticks->at);
  if (whole) keep_whole(ticks);
  for (size_t i = 0; i < ticks->n; i++) {
    double v = fabs(ticks->at[i]) < 1e-12 * fabs(range[1] - range[0]) ? 0 : ticks->at[i];
    snprintf(ticks->text[i], TH_TICK_SIZE, "%.6g", v + 0.0);
  }
}

static int widest(const ThTicks *ticks) {
  size_t width = 1;
  for (size_t i = 0; i < ticks->n; i++)
    if (strlen(ticks->text[i]) > width) width = strlen(ticks->text[i]);
  return (int)width;
}

static void draw_y_axis(ThDrawing *d) {
  bool utf8 = d->canvas.style.utf8;
  for (int row = 0; row < d->height; row++)
    th_canvas_glyph(&d->canvas, d->top + row, d->left - 1, utf8 ? "│" : "|", -1, false);
  int last = -2;
  for (size_t i = 0; i < d->y.n; i++) {
    int row = th_drawing_dot_y(d, d->y.at[i]) / 4;
    if (row == last) continue;
    last = row;
    int width = (int)strlen(d->y.text[i]);
    th_canvas_text(&d->canvas, row, d->left - 2 - width, d->y.text[i], width, -1);
    th_canvas_glyph(&d->canvas, row, d->left - 1, utf8 ? "┤" : "+", -1, false);
  }
}

/* One label under the axis, centred, if it does not touch the one before, which ends at *free_from. */
static void x_label(ThDrawing *d, int column, const char *text, int most, int *free_from) {
  int width = (int)th_utf8_width(text, strlen(text));
  if (width > most) width = most;
  int start = column - width / 2;
  if (start + width > d->canvas.width) start = d->canvas.width - width;
  if (start < *free_from) return;
  th_canvas_text(&d->canvas, d->top + d->height + 1, start, text, width, -1);
  *free_from = start + width + 1;
}

static void name_bars(ThDrawing *d) {
  const ThSeries *s = &d->figure->series[d->names_of];
  size_t n = th_series_length(s), count = d->names->length < n ? d->names->length : n;
  int free_from = 0, most = count ? d->width / (int)count - 1 : 0;
  for (size_t i = 0; i < count; i++) {
    double x = th_array_real(s->columns[0], i);
    if (th_is_string(d->names->items[i]) && th_drawing_unit_x(d, x) >= 0 && th_drawing_unit_x(d, x) <= 1)
      x_label(d, th_drawing_dot_x(d, x) / 2, th_as_string(d->names->items[i])->text, most > 2 ? most : 2,
              &free_from);
  }
}

static void draw_x_axis(ThDrawing *d) {
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
    int column = th_drawing_dot_x(d, d->x.at[i]) / 2;
    th_canvas_glyph(&d->canvas, row, column, utf8 ? "┬" : "+", -1, false);
    x_label(d, column, d->x.text[i], d->width, &free_from);
  }
}

static void centre(ThDrawing *d, int row, ThValue text) {
  if (!th_is_string(text)) return;
  const ThString *s = th_as_string(text);
  int width = (int)th_utf8_width(s->text, s->length), start = d->left + (d->width - width) / 2;
  th_canvas_text(&d->canvas, row, start > 0 ? start : 0, s->text, d->canvas.width, -1);
}

/* --- All of it */

static void find_bar_names(ThDrawing *d) {
  for (size_t i = d->figure->n_series; i-- > 0;) {
    if (d->figure->series[i].mark != TH_MARK_BARS || !th_is_list(d->figure->series[i].labels)) continue;
    d->names = th_as_list(d->figure->series[i].labels);
    d->names_of = i;
  }
}

/* How the canvas is shared out among the parts; at least 3 by 10 cells for the drawing. */
static void lay_out(ThDrawing *d) {
  const ThFigure *f = d->figure;
  int above = (th_is_string(f->title) ? 1 : 0) + lay_key(d, 0, d->canvas.width, false) +
              (th_plot_has_scale(f) ? 1 : 0) + (th_is_string(f->ylabel) ? 1 : 0);
  int below = 2 + (th_is_string(f->xlabel) ? 1 : 0);
  d->top = above;
  d->height = d->canvas.height - above - below;
  if (d->height < 3) d->height = 3;
  fill_ticks(&d->y, d->range.y, f->log_y, f->y_down, (size_t)d->height / 3 + 2);
  d->left = widest(&d->y) + 2;
  d->width = d->canvas.width - d->left - 1;
  if (d->width < 10) d->width = 10;
  fill_ticks(&d->x, d->range.x, f->log_x, f->y_down, (size_t)d->width / 9 + 2);
}

static void draw(ThDrawing *d) {
  int row = 0;
  if (th_is_string(d->figure->title)) centre(d, row++, d->figure->title);
  row += lay_key(d, row, d->canvas.width, true);
  if (th_plot_has_scale(d->figure)) th_drawing_scale(d, row++, d->canvas.width);
  if (th_is_string(d->figure->ylabel))
    th_canvas_text(&d->canvas, row, d->left - 1, th_as_string(d->figure->ylabel)->text,
                   d->canvas.width - d->left, -1);
  draw_y_axis(d);
  draw_x_axis(d);
  for (int layer = 0; layer < TH_PLOT_LAYERS; layer++)
    for (size_t i = 0; i < d->figure->n_series; i++)
      if (th_plot_layer(&d->figure->series[i]) == layer) th_drawing_series(d, i);
  centre(d, d->top + d->height + 2, d->figure->xlabel);
}

/* One figure into a canvas of its own, which is to be cleared. */
static bool draw_single(ThContext *cx, const ThFigure *figure, int width, int height, ThCanvasStyle style,
                        ThCanvas *out) {
  ThDrawing d = {.cx = cx, .figure = figure};
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
    if (!ok) th_canvas_clear(&d.canvas);
  }
  th_free(cx, d.colors, n * sizeof *d.colors);
  *out = d.canvas;
  return ok;
}

/* As many panels stand beside each other as there is room for. */
static size_t panels_across(const ThFigure *figure, int width) {
  enum { LEAST_WIDTH = 24 };
  size_t most = (size_t)width / LEAST_WIDTH;
  return most < 1 ? 1 : figure->n_across > most ? most : figure->n_across;
}

static bool draw_panel(ThContext *cx, const ThFigure *part, ThCanvas *all, int row, int column, int width,
                       int height) {
  ThCanvas canvas;
  if (!part) return true;
  if (!draw_single(cx, part, width - 1, height, all->style, &canvas)) return false;
  th_canvas_place(all, &canvas, row, column);
  th_canvas_clear(&canvas);
  return true;
}

/* Where the terminal is too low or too narrow for all rows, panels keep the least size, and there are more lines. */
static bool draw_panels(ThContext *cx, const ThFigure *figure, int width, int height, ThCanvasStyle style,
                        ThCanvas *out) {
  enum { LEAST_HEIGHT = 12 };
  size_t n = th_figure_n_parts(figure), across = panels_across(figure, width),
         down = (n + across - 1) / across;
  int title = th_is_string(figure->title) ? 1 : 0, part_width = width / (int)across;
  int part_height = down ? (height - title) / (int)down : 1;
  if (part_height < LEAST_HEIGHT) part_height = LEAST_HEIGHT;
  if (!th_canvas_init(cx, out, width, title + part_height * (int)down, style)) return false;
  if (title) th_canvas_text(out, 0, 2, th_as_string(figure->title)->text, width - 2, -1);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++)
    ok = draw_panel(cx, th_figure_part(figure, i), out, title + (int)(i / across) * part_height,
                    (int)(i % across) * part_width, part_width, part_height);
  if (!ok) th_canvas_clear(out);
  return ok;
}

bool th_plot_text(ThContext *cx, const ThFigure *figure, int width, int height, ThCanvasStyle style,
                  ThText *out) {
  ThCanvas canvas;
  size_t n = th_figure_n_parts(figure);
  if (figure->form == TH_FIGURE_FRAMES) {
    const ThFigure *last = n ? th_figure_part(figure, n - 1) : NULL;
    return !last || th_plot_text(cx, last, width, height, style, out);
  }
  if (!(figure->form == TH_FIGURE_PANELS ? draw_panels : draw_single)(cx, figure, width, height, style,
                                                                      &canvas))
    return false;
  th_canvas_print(&canvas, out);
  th_canvas_clear(&canvas);
  return th_text_ok(out, cx);
}
