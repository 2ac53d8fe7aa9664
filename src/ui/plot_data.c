/* plot_data.c - the numbers of a series as gnuplot gets them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture has some thousand dots across: of many points those are sent that make a difference to it. The columns
 * are read once, and nothing as long as they are is made. */
#include "ui/plot_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MANY_POINTS = 5000, /* from which on points that hide behind others are looked for */
  ACROSS = 1920,      /* dots of a picture of points */
  UP = 1200
};

/* What is read. */
typedef struct Reader {
  ThContext *cx;
  const ThSeries *series;
  size_t n;
  double shift; /* added to x */
  size_t dots;  /* across the picture; 0: all is kept */
  ThPlotData *d;
} Reader;

static double x_at(const Reader *r, size_t i) { return th_array_real(r->series->columns[0], i) + r->shift; }
static double y_at(const Reader *r, size_t i) { return th_array_real(r->series->columns[1], i); }

static double or_nan(double v) { return isfinite(v) ? v : (double)NAN; }

static bool reserve(ThContext *cx, ThPlotData *d, size_t rows) {
  size_t row = d->n_columns * sizeof(double);
  if (rows == 0) rows = 1;
  double *data = th_resize(cx, d->data, d->capacity * row, rows * row);
  if (!data) return false;
  d->data = data;
  d->capacity = rows;
  return true;
}

static bool push(const Reader *r, double x, double y) {
  ThPlotData *d = r->d;
  if (d->n == d->capacity && !reserve(r->cx, d, 2 * d->capacity + 1024)) return false;
  d->data[2 * d->n] = x;
  d->data[2 * d->n++ + 1] = y;
  return true;
}

/* Point i of two columns. */
static bool keep(const Reader *r, size_t i) { return push(r, or_nan(x_at(r, i)), or_nan(y_at(r, i))); }

static bool keep_gap(const Reader *r) { return push(r, (double)NAN, (double)NAN); }

/* --- All of it */

static bool copy(const Reader *r) {
  ThPlotData *d = r->d;
  if (!reserve(r->cx, d, r->n)) return false;
  d->n = r->n;
  for (size_t j = 0; j < d->n_columns; j++)
    for (size_t i = 0; i < d->n; i++)
      d->data[i * d->n_columns + j] = or_nan(j ? th_array_real(r->series->columns[j], i) : x_at(r, i));
  return true;
}

static bool copy_arrows(const Reader *r) {
  ThPlotData *d = r->d;
  d->n_columns = 4;
  if (!reserve(r->cx, d, r->n / 2)) return false;
  d->n = r->n / 2;
  for (size_t i = 0; i < 2 * d->n; i++) {
    d->data[2 * i] = or_nan(x_at(r, i));
    d->data[2 * i + 1] = or_nan(y_at(r, i));
  }
  return true;
}

static bool copy_grid(const Reader *r) {
  ThPlotData *d = r->d;
  size_t nx = r->series->columns[0]->length, ny = r->series->columns[1]->length;
  if (!reserve(r->cx, d, nx * ny)) return false;
  d->n = nx * ny;
  d->n_across = nx;
  for (size_t i = 0; i < d->n; i++) {
    d->data[3 * i] = th_array_real(r->series->columns[0], i % nx);
    d->data[3 * i + 1] = th_array_real(r->series->columns[1], i / nx);
    d->data[3 * i + 2] = or_nan(th_array_real(r->series->columns[2], i));
  }
  return true;
}

/* --- Less of it */

/* Does x never fall, and is everything finite? */
static bool is_sorted(const Reader *r) {
  double before = -HUGE_VAL;
  for (size_t i = 0; i < r->n; i++) {
    double x = x_at(r, i);
    if (!isfinite(x + y_at(r, i)) || x < before) return false;
    before = x;
  }
  return x_at(r, r->n - 1) > x_at(r, 0);
}

/* Of each stretch of x as wide as a dot the first, lowest, highest and last point: the line looks the same. */
static bool thin_line(const Reader *r) {
  double from = x_at(r, 0), scale = (double)r->dots / (x_at(r, r->n - 1) - from);
  for (size_t i = 0, end; i < r->n; i = end) {
    size_t low = i, high = i;
    double bucket = floor((x_at(r, i) - from) * scale), lowest = y_at(r, i), highest = lowest;
    double beyond = from + (bucket + 1) / scale;
    for (end = i + 1; end < r->n && x_at(r, end) < beyond; end++) {
      double y = y_at(r, end);
      if (y < lowest) low = end, lowest = y;
      if (y > highest) high = end, highest = y;
    }
    size_t wanted[4] = {i, low < high ? low : high, low < high ? high : low, end - 1};
    for (size_t k = 0; k < 4; k++)
      if ((k == 0 || wanted[k] != wanted[k - 1]) && !keep(r, wanted[k])) return false;
    if (!th_poll(r->cx)) return false;
  }
  return true;
}

/* The dot of the picture that a point falls on, SIZE_MAX outside. */
static size_t dot_of(const Reader *r, const ThFigure *figure, const ThPlotRange *range, size_t i) {
  double x = th_plot_unit(x_at(r, i), range->x, figure->log_x);
  double y = th_plot_unit(y_at(r, i), range->y, figure->log_y);
  return x >= 0 && x < 1 && y >= 0 && y < 1 ? (size_t)(y * UP) * ACROSS + (size_t)(x * ACROSS) : SIZE_MAX;
}

/* --- Lines that wander */

/* A dot of this grid is narrower than a line. */
enum { COARSE_ACROSS = ACROSS / 2, COARSE_UP = UP / 2, PATH_POINTS = 200 /* in one stroke */ };

/* What a wandering line has covered so far, and where the pen is. */
typedef struct Path {
  const Reader *r;
  const ThFigure *figure;
  const ThPlotRange *range;
  unsigned char *taken;
  size_t last; /* the point where the pen is; SIZE_MAX: nowhere */
  size_t n_pieces;
} Path;

/* The dot of point i, false when it lies outside the picture. */
static bool coarse_dot(const Path *p, size_t i, int dot[2]) {
  double x = th_plot_unit(x_at(p->r, i), p->range->x, p->figure->log_x);
  double y = th_plot_unit(y_at(p->r, i), p->range->y, p->figure->log_y);
  if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return false;
  dot[0] = (int)(x * (COARSE_ACROSS - 1) + 0.5);
  dot[1] = (int)(y * (COARSE_UP - 1) + 0.5);
  return true;
}

static bool take(Path *p, int x, int y) {
  unsigned char *dot = &p->taken[y * COARSE_ACROSS + x];
  bool is_new = !*dot;
  *dot = 1;
  return is_new;
}

/* Does the piece from point i to the next cover anything that was free? What leaves the picture does. */
static bool covers(Path *p, size_t i) {
  int a[2], b[2];
  if (!isfinite(x_at(p->r, i) + y_at(p->r, i) + x_at(p->r, i + 1) + y_at(p->r, i + 1))) return false;
  if (!coarse_dot(p, i, a) || !coarse_dot(p, i + 1, b)) return true;
  int dx = b[0] - a[0], dy = b[1] - a[1], steps = abs(dx) > abs(dy) ? abs(dx) : abs(dy);
  bool any = take(p, a[0], a[1]);
  for (int k = 1; k <= steps; k++)
    any = take(p, a[0] + (int)lround((double)dx * k / steps), a[1] + (int)lround((double)dy * k / steps)) ||
          any;
  return any;
}

/* Draws the piece. One stroke of very many pieces that cross each other would take its drawer minutes. */
static bool draw_piece(Path *p, size_t i) {
  bool goes_on = p->last == i && ++p->n_pieces % PATH_POINTS;
  if (!goes_on && ((p->r->d->n && !keep_gap(p->r)) || !keep(p->r, i))) return false;
  p->last = i + 1;
  return keep(p->r, i + 1);
}

/* A piece that only covers what is covered already is left out. */
static bool thin_path(const Reader *r, const ThFigure *figure, const ThPlotRange *range) {
  enum { SIZE = COARSE_ACROSS * COARSE_UP };
  Path p = {.r = r, .figure = figure, .range = range, .taken = th_alloc(r->cx, SIZE), .last = SIZE_MAX};
  if (!p.taken) return false;
  memset(p.taken, 0, SIZE);
  bool ok = true;
  for (size_t i = 0; ok && i + 1 < r->n && !th_is_due(r->cx, i); i++)
    ok = !covers(&p, i) || draw_piece(&p, i);
  th_free(r->cx, p.taken, SIZE);
  return ok && th_poll(r->cx);
}

/* --- Points */

/* Points that would fall on a dot that is taken already are left out: the picture is the same. */
static bool thin_points(const Reader *r, const ThFigure *figure, const ThPlotRange *range) {
  enum { SIZE = ACROSS * UP / 8 };
  unsigned char *taken = th_alloc(r->cx, SIZE);
  if (!taken) return false;
  memset(taken, 0, SIZE);
  bool ok = true;
  for (size_t i = 0; ok && i < r->n && !th_is_due(r->cx, i); i++) {
    size_t dot = dot_of(r, figure, range, i);
    if (dot == SIZE_MAX || (taken[dot / 8] >> dot % 8 & 1)) continue;
    taken[dot / 8] = (unsigned char)(taken[dot / 8] | 1u << dot % 8);
    ok = keep(r, i);
  }
  th_free(r->cx, taken, SIZE);
  return ok && th_poll(r->cx);
}

static bool read_series(const Reader *r, const ThFigure *figure, const ThPlotRange *range) {
  ThMark mark = r->series->mark;
  if (th_mark_is_grid(mark)) return copy_grid(r);
  if (mark == TH_MARK_ARROWS) return copy_arrows(r);
  if (!r->dots || r->d->n_columns != 2) return copy(r);
  if (th_mark_is_line(mark) && r->n > 4 * r->dots)
    return is_sorted(r) ? thin_line(r) : thin_path(r, figure, range);
  return mark == TH_MARK_POINTS && r->n > MANY_POINTS ? thin_points(r, figure, range) : copy(r);
}

bool th_plot_data_init(ThContext *cx, const ThFigure *figure, size_t i, const ThPlotRange *range, size_t dots,
                       ThPlotData *d) {
  const ThSeries *series = &figure->series[i];
  *d = (ThPlotData){.n_columns = series->columns[2] ? 3 : 2};
  Reader r = {cx, series, th_series_length(series), th_plot_shift(figure, i), dots, d};
  if (read_series(&r, figure, range)) return true;
  th_plot_data_clear(cx, d);
  return false;
}

void th_plot_data_clear(ThContext *cx, ThPlotData *d) {
  th_free(cx, d->data, d->capacity * d->n_columns * sizeof(double));
  *d = (ThPlotData){0};
}

void th_plot_data_print(const ThPlotData *d, ThText *out) {
  for (size_t i = 0; i < d->n; i++) {
    if (d->n_across && i && i % d->n_across == 0) th_text_char(out, '\n');
    for (size_t j = 0; j < d->n_columns; j++) {
      double v = d->data[i * d->n_columns + j];
      if (isnan(v)) th_text_add(out, "NaN");
      else th_text_format(out, "%.17g", v);
      th_text_char(out, j + 1 < d->n_columns ? ' ' : '\n');
    }
  }
}
