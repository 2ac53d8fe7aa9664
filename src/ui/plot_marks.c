/* plot_marks.c - the series of a figure drawn in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ui/plot_drawing.h"

/* --- Places */

double th_drawing_unit_x(const ThDrawing *d, double x) {
  return th_plot_unit(x, d->range.x, d->figure->log_x);
}
static double unit_y(const ThDrawing *d, double y) { return th_plot_unit(y, d->range.y, d->figure->log_y); }

int th_drawing_dot_x(const ThDrawing *d, double x) {
  return 2 * d->left + (int)floor(fmin(fmax(th_drawing_unit_x(d, x), -4), 5) * (2 * d->width - 1) + 0.5);
}

int th_drawing_dot_y(const ThDrawing *d, double y) {
  return 4 * d->top + (int)floor((1 - fmin(fmax(unit_y(d, y), -4), 5)) * (4 * d->height - 1) + 0.5);
}

static bool inside(const ThDrawing *d, double x, double y) {
  double u = th_drawing_unit_x(d, x), v = unit_y(d, y);
  return u >= -1e-9 && u <= 1 + 1e-9 && v >= -1e-9 && v <= 1 + 1e-9;
}

static bool inside_dots(const ThDrawing *d, int x, int y) {
  return x >= 2 * d->left && x < 2 * (d->left + d->width) && y >= 4 * d->top && y < 4 * (d->top + d->height);
}

/* --- Marks */

/* How many curves stand before series i; what is past or in the background is none. */
static size_t curves_before(const ThFigure *figure, size_t i) {
  size_t n = 0;
  for (size_t k = 0; k < i; k++) {
    const ThSeries *s = &figure->series[k];
    n += !s->past && (s->mark == TH_MARK_LINE || s->mark == TH_MARK_THIN);
  }
  return n;
}

void th_drawing_dashes(const ThDrawing *d, size_t i, int *on, int *period) {
  static const int pattern[][2] = {{1, 1}, {5, 8}, {1, 3}, {8, 10}, {2, 6}};
  const ThSeries *s = &d->figure->series[i];
  if (s->past) {
    *on = 1;
    *period = d->canvas.style.colors ? 3 : 6; /* where no grey sets it behind the rest, sparser */
    return;
  }
  size_t k = d->canvas.style.colors || s->mark == TH_MARK_DASHED ? 0 : curves_before(d->figure, i) % 5;
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

void th_drawing_segment(ThDrawing *d, double p[4], int color, int on, int period, int *phase) {
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

const char *th_drawing_point(const ThDrawing *d, size_t number) {
  static const char *const round[] = {"•", "×", "+", "○", "◆"}, *const plain[] = {"o", "x", "+", "@", "%"};
  size_t k = number % 5;
  return d->canvas.style.utf8 ? round[k] : plain[k];
}

/* Is there a line that this one could be taken for? */
static bool has_likes(const ThFigure *figure, size_t i) {
  for (size_t k = 0; k < figure->n_series; k++) {
    ThMark mark = figure->series[k].mark;
    if (k != i && (mark == TH_MARK_LINE || mark == TH_MARK_THIN || mark == TH_MARK_LEVELS)) return true;
  }
  return false;
}

const char *th_drawing_sign(const ThDrawing *d, size_t i) {
  const ThSeries *s = &d->figure->series[i];
  bool curve = s->mark == TH_MARK_LINE && !s->past;
  return curve && !d->canvas.style.colors && has_likes(d->figure, i) ? th_drawing_point(d, i) : NULL;
}

/* Signs on a curve, at equal distances along it; those of several curves begin at different ones. */
typedef struct Signs {
  const char *sign;    /* or NULL */
  double walked, next; /* in columns; a line counts for two */
} Signs;

static Signs begin_signs(const ThDrawing *d, size_t i) {
  enum { FIRST = 4, SHIFT = 5, SHIFTS = 3 };
  return (Signs){.sign = th_drawing_sign(d, i), .next = FIRST + SHIFT * (double)(i % SHIFTS)};
}

static void sign_segment(ThDrawing *d, const double ends[4], int color, Signs *signs) {
  enum { APART = 16 };
  double p[4] = {ends[0], ends[1], ends[2], ends[3]};
  if (!signs->sign || !isfinite(p[0] + p[1] + p[2] + p[3]) || !clip(p)) return;
  double length = hypot((p[2] - p[0]) * d->width, (p[3] - p[1]) * 2 * d->height);
  for (; length > 0 && signs->next <= signs->walked + length; signs->next += APART) {
    double part = (signs->next - signs->walked) / length;
    double x = p[0] + part * (p[2] - p[0]), y = p[1] + part * (p[3] - p[1]);
    int row = (int)floor((1 - y) * (4 * d->height - 1) + 0.5) / 4,
        column = (int)floor(x * (2 * d->width - 1) + 0.5) / 2;
    th_canvas_glyph(&d->canvas, d->top + row, d->left + column, signs->sign, color, false);
  }
  signs->walked += length;
}

static void draw_line(ThDrawing *d, const ThSeries *s, size_t number, int color) {
  int on, period, phase = 0;
  Signs signs = begin_signs(d, number);
  th_drawing_dashes(d, number, &on, &period);
  for (size_t i = 0; i + 1 < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double p[4];
    for (size_t k = 0; k < 2; k++) {
      p[2 * k] = th_drawing_unit_x(d, th_array_real(s->columns[0], i + k));
      p[2 * k + 1] = unit_y(d, th_array_real(s->columns[1], i + k));
    }
    sign_segment(d, p, color, &signs);
    th_drawing_segment(d, p, color, on, period, &phase);
  }
}

static void draw_points(ThDrawing *d, const ThSeries *s, size_t number, int color) {
  size_t n = th_series_length(s);
  for (size_t i = 0; i < n && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
    if (!inside(d, x, y)) continue;
    int column = th_drawing_dot_x(d, x), row = th_drawing_dot_y(d, y);
    if (n <= 150) th_canvas_glyph(&d->canvas, row / 4, column / 2, th_drawing_point(d, number), color, false);
    else th_canvas_dot(&d->canvas, column, row, color);
  }
}

static void draw_errorbars(ThDrawing *d, const ThSeries *s, size_t number, int color) {
  for (size_t i = 0; i < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
    double e = s->columns[2] ? th_array_real(s->columns[2], i) : 0;
    if (!isfinite(x + y + e)) continue;
    int column = th_drawing_dot_x(d, x);
    for (int row = th_drawing_dot_y(d, y + e); row <= th_drawing_dot_y(d, y - e); row++)
      if (inside_dots(d, column, row)) th_canvas_dot(&d->canvas, column, row, color);
  }
  draw_points(d, s, number, color);
}

static void draw_band_column(ThDrawing *d, int column, double low, double high, int color) {
  const char *glyph = d->canvas.style.utf8 ? "░" : ":";
  if (!isfinite(low + high)) return;
  int from = th_drawing_dot_y(d, fmax(low, high)) / 4, to = (th_drawing_dot_y(d, fmin(low, high)) - 1) / 4;
  for (int row = from; row <= to; row++)
    if (row >= d->top && row < d->top + d->height)
      th_canvas_glyph(&d->canvas, row, column, glyph, color, true);
}

static void draw_band(ThDrawing *d, const ThSeries *s, int color) {
  for (size_t i = 0; i + 1 < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x0 = th_array_real(s->columns[0], i), x1 = th_array_real(s->columns[0], i + 1);
    if (!isfinite(x0 + x1)) continue;
    int from = th_drawing_dot_x(d, fmin(x0, x1)) / 2, to = th_drawing_dot_x(d, fmax(x0, x1)) / 2;
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
static void draw_block(ThDrawing *d, int column, double y, int color, bool shaded) {
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

bool th_drawing_is_shaded(const ThDrawing *d, size_t number) {
  return !d->canvas.style.colors && (number % 2 == 1 || d->figure->series[number].past);
}

static void draw_bars(ThDrawing *d, const ThSeries *s, size_t number, int color) {
  for (size_t i = 0; i < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
    double half = s->columns[2] ? th_array_real(s->columns[2], i) / 2 : 0.4;
    double from = th_drawing_unit_x(d, x - half) * d->width, to = th_drawing_unit_x(d, x + half) * d->width;
    if (!isfinite(from + to)) continue;
    int first = d->left + (int)floor(fmax(from, -1) + 0.5),
        last = d->left + (int)floor(fmin(to, d->width) + 0.5) - 1;
    for (int column = first; column <= (last > first ? last : first); column++)
      draw_block(d, column, y, color, th_drawing_is_shaded(d, number));
  }
}

static void draw_impulses(ThDrawing *d, const ThSeries *s, size_t number, int color) {
  double shift = th_plot_shift(d->figure, number);
  for (size_t i = 0; i < th_series_length(s) && !th_is_due(d->cx, i); i++) {
    double x = th_array_real(s->columns[0], i) + shift;
    if (isfinite(x))
      draw_block(d, th_drawing_dot_x(d, x) / 2, th_array_real(s->columns[1], i), color,
                 th_drawing_is_shaded(d, number));
  }
}

/* The head, by the eighth of the circle that the arrow points to. */
static const char *arrow_head(const ThDrawing *d, int dx, int dy) {
  static const char *const round[] = {"→", "↗", "↑", "↖", "←", "↙", "↓", "↘"}, *const plain[] = {
                                                                                   ">", "/", "^", "\\",
                                                                                   "<", "/", "v", "\\"};
  int eighth = (int)floor(atan2(-dy, dx) / 0.785398 + 8.5) % 8;
  return d->canvas.style.utf8 ? round[eighth] : plain[eighth];
}

static void draw_arrows(ThDrawing *d, const ThSeries *s, int color) {
  for (size_t i = 0; i + 1 < th_series_length(s) && !th_is_due(d->cx, i); i += 2) {
    double p[4];
    int phase = 0;
    for (size_t k = 0; k < 2; k++) {
      p[2 * k] = th_drawing_unit_x(d, th_array_real(s->columns[0], i + k));
      p[2 * k + 1] = unit_y(d, th_array_real(s->columns[1], i + k));
    }
    if (!isfinite(p[0] + p[1] + p[2] + p[3])) continue;
    th_drawing_segment(d, p, color, 1, 1, &phase);
    double x = th_array_real(s->columns[0], i + 1), y = th_array_real(s->columns[1], i + 1);
    int column = th_drawing_dot_x(d, x), row = th_drawing_dot_y(d, y);
    int dx = column - th_drawing_dot_x(d, th_array_real(s->columns[0], i)),
        dy = row - th_drawing_dot_y(d, th_array_real(s->columns[1], i));
    if (inside(d, x, y))
      th_canvas_glyph(&d->canvas, row / 4, column / 2, arrow_head(d, dx, dy), color, false);
  }
}

void th_drawing_series(ThDrawing *d, size_t i) {
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
    case TH_MARK_ARROWS: draw_arrows(d, s, color); return;
    case TH_MARK_LEVELS: th_drawing_levels(d, s); return;
    case TH_MARK_CELLS:
    case TH_MARK_SURFACE: th_drawing_cells(d, s); return;
  }
}
