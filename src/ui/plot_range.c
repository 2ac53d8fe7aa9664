/* plot_range.c - what a figure covers: ranges, ticks, a free corner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both ways of drawing, gnuplot's and the one in letters, start from these numbers, so that they agree. */
#include "ui/plot_range.h"

#include <math.h>

#include "val/basic.h"

size_t th_series_length(const ThSeries *series) {
  return series->columns[0] && series->columns[1] ? series->columns[0]->length : 0;
}

const char *th_series_label(const ThSeries *series) {
  if (!th_is_string(series->label)) return NULL;
  const char *text = th_as_string(series->label)->text;
  return text[0] ? text : NULL;
}

int th_plot_layer(const ThSeries *series) {
  if (th_mark_is_grid(series->mark)) return 0;
  if (series->past) return 1;
  switch (series->mark) {
    case TH_MARK_BAND: return 2;
    case TH_MARK_BARS: return 3;
    case TH_MARK_LEVELS:
    case TH_MARK_DASHED:
    case TH_MARK_THIN: return 4;
    default: return 5;
  }
}

bool th_plot_has_scale(const ThFigure *figure) {
  for (size_t i = 0; i < figure->n_series; i++)
    if (th_mark_has_scale(figure->series[i].mark)) return true;
  return false;
}

bool th_plot_has_cells(const ThFigure *figure) {
  for (size_t i = 0; i < figure->n_series; i++)
    if (th_mark_is_grid(figure->series[i].mark)) return true;
  return false;
}

/* --- Ranges */

typedef struct Extent {
  double low, high;
  bool positive_only;
} Extent;

static void widen(Extent *extent, double v) {
  if (!isfinite(v) || (extent->positive_only && v <= 0)) return;
  if (v < extent->low) extent->low = v; /* a call of fmin would be most of the time that many points take */
  if (v > extent->high) extent->high = v;
}

/* The lowest and highest point of element i, and its edges in x. */
typedef struct Span {
  double left, right, low, high;
} Span;

static Span span_of(const ThSeries *s, size_t i) {
  double x = th_array_real(s->columns[0], i), y = th_array_real(s->columns[1], i);
  double z = s->columns[2] ? th_array_real(s->columns[2], i) : 0;
  switch (s->mark) {
    case TH_MARK_ERRORBARS: return (Span){x, x, y - z, y + z};
    case TH_MARK_BAND: return (Span){x, x, y, z};
    case TH_MARK_IMPULSES: return (Span){x, x, y < 0 ? y : 0, y > 0 ? y : 0};
    case TH_MARK_BARS: return (Span){x - z / 2, x + z / 2, y < 0 ? y : 0, y > 0 ? y : 0};
    default: return (Span){x, x, y, y};
  }
}

/* Widens by the series; y only where x lies within the limits. */
static void widen_by(const ThSeries *s, const double limits[2], Extent *x, Extent *y) {
  for (size_t i = 0; i < th_series_length(s); i++) {
    Span e = span_of(s, i);
    if (!isfinite(e.low + e.high)) continue;
    if (!isnan(limits[0]) && (e.right < limits[0] || e.left > limits[1])) continue;
    widen(x, e.left);
    widen(x, e.right);
    widen(y, e.low);
    widen(y, e.high);
  }
}

/* The cells of a grid reach half a step beyond its points. */
static void widen_by_grid(const ThSeries *s, Extent *x, Extent *y, Extent *z) {
  bool cells = s->mark == TH_MARK_CELLS;
  Extent *const of[] = {x, y};
  for (size_t k = 0; k < 2; k++) {
    const ThArray *a = s->columns[k];
    size_t n = a->length;
    if (n == 0) continue;
    double first = th_array_real(a, 0), last = th_array_real(a, n - 1);
    double room = !cells ? 0 : n > 1 ? (last - first) / (2 * ((double)n - 1)) : 0.5;
    widen(of[k], first - room);
    widen(of[k], last + room);
  }
  for (size_t i = 0; i < s->columns[2]->length; i++) widen(z, th_array_real(s->columns[2], i));
}

static void widen_by_series(const ThSeries *s, const double limits[2], Extent *x, Extent *y, Extent *z) {
  if (th_mark_is_grid(s->mark)) {
    widen_by_grid(s, x, y, z);
    return;
  }
  widen_by(s, limits, x, y);
  if (s->mark == TH_MARK_LEVELS)
    for (size_t i = 0; i < th_series_length(s); i++) widen(z, th_array_real(s->columns[2], i));
}

/* A range that is not empty, with room for marks at its edges. */
static void pad(const Extent *extent, double margin, bool floor_at_zero, double out[2]) {
  double low = extent->low, high = extent->high;
  if (!(low <= high)) low = extent->positive_only ? 0.1 : -1, high = 1;
  if (extent->positive_only) {
    double room = low == high ? 2 : pow(high / low, margin);
    out[0] = low / room;
    out[1] = high * room;
    return;
  }
  double size = high - low;
  if (!(size > 1e-12 * fmax(fabs(low), fabs(high)))) size = low == 0 ? 1 : fabs(low), margin = 0.5;
  bool on_floor = floor_at_zero && low >= 0 && low <= 0.15 * high;
  out[0] = on_floor ? 0 : low - margin * size;
  out[1] = high + margin * size;
}

/* Does it go back in x, as a path in the plane does? */
static bool turns_back(const ThSeries *s) {
  for (size_t i = 1; i < th_series_length(s); i++)
    if (th_array_real(s->columns[0], i) < th_array_real(s->columns[0], i - 1)) return true;
  return false;
}

/* Curves over x, which fill the picture from side to side. */
static bool only_lines(const ThFigure *figure) {
  for (size_t i = 0; i < figure->n_series; i++) {
    ThMark mark = figure->series[i].mark;
    if (!th_mark_is_line(mark) && mark != TH_MARK_BAND) return false;
    if (turns_back(&figure->series[i])) return false;
  }
  return true;
}

/* The figure's own range when it has a usable one. */
static void take_given(const double given[2], bool logarithmic, double out[2]) {
  double low = fmin(given[0], given[1]), high = fmax(given[0], given[1]);
  if (isnan(given[0]) || isnan(given[1]) || !(high > low) || (logarithmic && low <= 0)) return;
  out[0] = low;
  out[1] = high;
}

static void swap(double range[2]) {
  double first = range[0];
  range[0] = range[1];
  range[1] = first;
}

void th_plot_range(const ThFigure *figure, ThPlotRange *range) {
  Extent x = {HUGE_VAL, -HUGE_VAL, figure->log_x}, y = {HUGE_VAL, -HUGE_VAL, figure->log_y};
  double limits[2] = {(double)NAN, (double)NAN};
  take_given(figure->xrange, figure->log_x, limits);
  Extent z = {HUGE_VAL, -HUGE_VAL, false};
  for (size_t i = 0; i < figure->n_series; i++) widen_by_series(&figure->series[i], limits, &x, &y, &z);
  bool tight = th_plot_has_scale(figure); /* maps fill their frame */
  pad(&x, tight || only_lines(figure) ? 0 : 0.04, false, range->x);
  pad(&y, tight ? 0 : 0.05, !tight, range->y);
  pad(&z, 0, false, range->z);
  take_given(figure->xrange, figure->log_x, range->x);
  take_given(figure->yrange, figure->log_y, range->y);
  if (figure->y_down && !figure->log_y) swap(range->y);
}

double th_plot_shift(const ThFigure *figure, size_t i) {
  const ThSeries *s = &figure->series[i];
  size_t n = 0, before = 0, length = th_series_length(s);
  double gap = HUGE_VAL;
  if (s->mark != TH_MARK_IMPULSES) return 0;
  for (size_t k = 0; k < figure->n_series; k++) {
    bool impulses = figure->series[k].mark == TH_MARK_IMPULSES;
    n += impulses;
    before += impulses && k < i;
  }
  for (size_t k = 1; k < length; k++) {
    double step = fabs(th_array_real(s->columns[0], k) - th_array_real(s->columns[0], k - 1));
    if (step > 0) gap = fmin(gap, step);
  }
  if (n < 2 || !isfinite(gap)) return 0;
  return gap * fmin(0.25, 0.7 / (double)n) * ((double)before - ((double)n - 1) / 2);
}

/* --- The key */

typedef struct Corner {
  double x_from, y_from; /* of the unit square, from where on the box in a corner reaches to the edges */
  double counts[4], total;
} Corner;

double th_plot_unit(double v, const double range[2], bool logarithmic) {
  if (!logarithmic) return (v - range[0]) / (range[1] - range[0]);
  return v > 0 ? log(v / range[0]) / log(range[1] / range[0]) : -1;
}

static void count_point(Corner *c, double x, double y) {
  if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return;
  c->total++;
  bool right = x > c->x_from, left = x<1 - c->x_from, top = y> c->y_from, bottom = y < 1 - c->y_from;
  c->counts[0] += right && top;
  c->counts[1] += left && top;
  c->counts[2] += right && bottom;
  c->counts[3] += left && bottom;
}

/* Points along the vertical extent of element i, and along the way to the next one. */
static void count_element(Corner *c, const ThFigure *f, const ThSeries *s, const ThPlotRange *r, size_t i,
                          size_t between) {
  Span a = span_of(s, i), b = i + 1 < th_series_length(s) ? span_of(s, i + 1) : a;
  bool joined = th_mark_is_line(s->mark) || s->mark == TH_MARK_BAND;
  for (size_t k = 0; k < (joined ? between : 1); k++) {
    double t = (double)k / (double)between;
    double x = th_plot_unit((a.left + a.right) / 2 * (1 - t) + (b.left + b.right) / 2 * t, r->x, f->log_x);
    double low = th_plot_unit(a.low * (1 - t) + b.low * t, r->y, f->log_y);
    double high = th_plot_unit(a.high * (1 - t) + b.high * t, r->y, f->log_y);
    int steps = high - low > 0.02 ? 20 : 1;
    for (int j = 0; j < steps; j++) count_point(c, x, high + (fmax(low, 0) - high) * j / 20);
  }
}

int th_plot_key_corner(const ThFigure *figure, const ThPlotRange *range, double width, double height) {
  Corner c = {.x_from = 1 - width, .y_from = 1 - height};
  if (!(width < 0.95 && height < 0.95)) return -1;
  for (size_t i = 0; i < figure->n_series; i++) {
    const ThSeries *s = &figure->series[i];
    if (th_mark_is_grid(s->mark)) return -1;
    size_t n = th_series_length(s), step = 1 + n / 2000, between = n ? 1 + 200 / n : 1;
    for (size_t j = 0; j < n; j += step) count_element(&c, figure, s, range, j, between);
  }
  int best = 0;
  for (int k = 1; k < 4; k++)
    if (c.counts[k] < c.counts[best]) best = k;
  return c.counts[best] <= 0.003 * c.total ? best : -1;
}

/* --- Ticks */

/* The smallest of 1, 2, 5 times a power of ten that is at least `least`. */
static double round_step(double least) {
  static const double steps[] = {1, 2, 5, 10};
  double power = pow(10, floor(log10(least)));
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (steps[i] * power >= least * (1 - 1e-9)) return steps[i] * power;
  return 10 * power;
}

static size_t linear_ticks(double from, double to, size_t most, double *ticks) {
  double step = round_step((to - from) / (double)(most > 1 ? most - 1 : 1));
  double slack = 1e-9 * (to - from);
  size_t n = 0;
  for (double k = ceil((from - slack) / step); k * step <= to + slack && n < most; k++) ticks[n++] = k * step;
  return n;
}

static size_t logarithmic_ticks(double from, double to, size_t most, double *ticks) {
  static const double within[] = {1, 2, 5};
  double decades = log10(to / from);
  size_t per_decade = decades * 3 < (double)most ? 3 : 1, n = 0;
  double stride = fmax(1, ceil(decades / (double)most));
  for (double k = floor(log10(from)); k <= log10(to) + 1; k += stride)
    for (size_t j = 0; j < per_decade; j++) {
      double tick = within[j] * pow(10, k);
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9) && n < most) ticks[n++] = tick;
    }
  return n;
}

size_t th_plot_ticks(double from, double to, bool logarithmic, size_t most, double *ticks) {
  if (!(to > from) || !isfinite(to - from) || most == 0) return 0;
  size_t n = logarithmic && from > 0 ? logarithmic_ticks(from, to, most, ticks) : 0;
  return n >= 2 ? n : linear_ticks(from, to, most < 2 ? 2 : most, ticks);
}
