/* plot_data.c - the numbers of a series as gnuplot gets them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_data.h"

#include <math.h>
#include <string.h>

#include "ui/plot_range.h"

enum {
  BUCKETS = 2000,    /* stretches of x into which a long line is thinned */
  MANY_POINTS = 5000 /* from which on points that hide behind others are looked for */
};

static bool copy(ThContext *cx, const ThSeries *series, double shift, ThPlotData *d) {
  d->n = th_series_length(series);
  d->n_columns = series->columns[2] ? 3 : 2;
  d->size = d->n * d->n_columns * sizeof(double);
  d->data = th_alloc(cx, d->size);
  if (!d->data) return false;
  for (size_t j = 0; j < d->n_columns; j++)
    for (size_t i = 0; i < d->n; i++) {
      double v = th_array_real(series->columns[j], i) + (j == 0 ? shift : 0);
      d->data[i * d->n_columns + j] = isfinite(v) ? v : (double)NAN;
    }
  return true;
}

static bool can_thin(const ThPlotData *d, ThMark mark) {
  if (!th_mark_is_line(mark) || d->n <= 8 * BUCKETS) return false;
  for (size_t i = 0; i < d->n; i++)
    if (isnan(d->data[2 * i] + d->data[2 * i + 1]) || (i > 0 && d->data[2 * i] < d->data[2 * i - 2]))
      return false;
  return d->data[2 * d->n - 2] > d->data[0];
}

static void keep(ThPlotData *d, size_t *kept, size_t i) {
  d->data[2 * *kept] = d->data[2 * i];
  d->data[2 * *kept + 1] = d->data[2 * i + 1];
  ++*kept;
}

/* A line of more points than a picture has columns looks the same when of each narrow stretch only the
 * first, lowest, highest and last are kept. */
static void thin_line(ThPlotData *d) {
  double from = d->data[0], scale = BUCKETS / (d->data[2 * d->n - 2] - from);
  size_t kept = 0;
  for (size_t i = 0, end; i < d->n; i = end) {
    size_t low = i, high = i;
    double bucket = floor((d->data[2 * i] - from) * scale);
    for (end = i; end < d->n && floor((d->data[2 * end] - from) * scale) == bucket; end++) {
      if (d->data[2 * end + 1] < d->data[2 * low + 1]) low = end;
      if (d->data[2 * end + 1] > d->data[2 * high + 1]) high = end;
    }
    size_t wanted[4] = {i, low < high ? low : high, low < high ? high : low, end - 1};
    for (size_t k = 0; k < 4; k++)
      if (k == 0 || wanted[k] != wanted[k - 1]) keep(d, &kept, wanted[k]);
  }
  d->n = kept;
}

/* Points that would fall on a dot that is taken already are left out: the picture is the same. */
static bool thin_points(ThContext *cx, const ThFigure *figure, ThPlotData *d) {
  enum { ACROSS = 1920, UP = 1200, SIZE = ACROSS * UP / 8 };
  ThPlotRange range;
  unsigned char *taken = th_alloc(cx, SIZE);
  if (!taken) return false;
  memset(taken, 0, SIZE);
  th_plot_range(figure, &range);
  size_t kept = 0;
  for (size_t i = 0; i < d->n && !th_is_due(cx, i); i++) {
    double x = th_plot_unit(d->data[2 * i], range.x, figure->log_x);
    double y = th_plot_unit(d->data[2 * i + 1], range.y, figure->log_y);
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) continue;
    size_t dot = (size_t)(y * UP) * ACROSS + (size_t)(x * ACROSS);
    if (taken[dot / 8] >> dot % 8 & 1) continue;
    taken[dot / 8] = (unsigned char)(taken[dot / 8] | 1u << dot % 8);
    keep(d, &kept, i);
  }
  d->n = kept;
  th_free(cx, taken, SIZE);
  return th_poll(cx);
}

bool th_plot_data_init(ThContext *cx, const ThFigure *figure, size_t i, bool thin, ThPlotData *d) {
  const ThSeries *series = &figure->series[i];
  if (!copy(cx, series, th_plot_shift(figure, i), d)) return false;
  if (thin && can_thin(d, series->mark)) thin_line(d);
  bool many = thin && series->mark == TH_MARK_POINTS && d->n_columns == 2 && d->n > MANY_POINTS;
  if (!many || thin_points(cx, figure, d)) return true;
  th_plot_data_clear(cx, d);
  return false;
}

void th_plot_data_clear(ThContext *cx, ThPlotData *d) {
  th_free(cx, d->data, d->size);
  *d = (ThPlotData){0};
}

void th_plot_data_print(const ThPlotData *d, ThText *out) {
  for (size_t i = 0; i < d->n; i++)
    for (size_t j = 0; j < d->n_columns; j++) {
      double v = d->data[i * d->n_columns + j];
      if (isnan(v)) th_text_add(out, "NaN");
      else th_text_format(out, "%.17g", v);
      th_text_char(out, j + 1 < d->n_columns ? ' ' : '\n');
    }
}
