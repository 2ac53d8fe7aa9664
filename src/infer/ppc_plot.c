/* ppc_plot.c - the picture of a posterior predictive check: the data, and behind them in grey what is replicated */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Densities are estimated with a normal kernel; of counts the share of each value is drawn, as the outline of bars. */
#include <math.h>

#include "infer/ppc.h"
#include "num/kde.h"
#include "num/stats.h"
#include "val/figure.h"

enum { N_POINTS = 201, MOST_VALUES = 200 };

/* Where the lines are drawn. */
typedef struct Range {
  double from, step;
  size_t n;
} Range;

static bool find_range(const ThPpc *c, double room, Range *out) {
  size_t n = c->replicates->length;
  double low, high, least = th_stats_min(c->y->length, c->y->real),
                    most = th_stats_max(c->y->length, c->y->real);
  if (!th_stats_quantile(c->cx, n, c->replicates->real, 0.001, &low) ||
      !th_stats_quantile(c->cx, n, c->replicates->real, 0.999, &high))
    return false;
  low = fmin(low, least) - room;
  high = fmax(high, most) + room;
  *out = (Range){low, (high - low) / (N_POINTS - 1), N_POINTS};
  return true;
}

/* --- Lines */

static ThArray *points(const ThPpc *c, size_t n) { return th_vector_new(c->cx, TH_DOUBLE, n); }

/* How often each value of a range comes. */
static void shares(const double *x, size_t n, const Range *range, double *y) {
  for (size_t i = 0; i < range->n; i++) y[i] = 0;
  for (size_t i = 0; i < n; i++) {
    double at = floor((x[i] - range->from) / range->step + 0.5);
    if (at >= 0 && at < (double)range->n) y[(size_t)at] += 1 / (double)n;
  }
}

/* Takes y, one a place of the range, as the outline of bars around them. */
static bool add_outline_take(const ThPpc *c, const Range *range, ThArray *y, const char *label,
                             ThFigure *figure) {
  size_t n = 2 * range->n + 2;
  ThArray *x = points(c, n), *outline = x ? points(c, n) : NULL;
  for (size_t i = 0; outline && i < n; i++) {
    x->real[i] = range->from + range->step * ((double)(i / 2) - 0.5);
    outline->real[i] = i == 0 || i == n - 1 ? 0 : y->real[(i - 1) / 2];
  }
  th_release(th_object(y));
  if (outline) return th_figure_add_take(c->cx, figure, TH_MARK_THIN, x, outline, NULL, label);
  if (x) th_release(th_object(x));
  return false;
}

/* Takes y as a line, or as bars. */
static bool add_curve_take(const ThPpc *c, const Range *range, ThArray *y, ThMark mark, const char *label,
                           ThFigure *figure) {
  ThArray *x = points(c, range->n);
  for (size_t i = 0; x && i < range->n; i++) x->real[i] = range->from + range->step * (double)i;
  if (x) return th_figure_add_take(c->cx, figure, mark, x, y, NULL, label);
  th_release(th_object(y));
  return false;
}

static bool density(ThContext *cx, const double *x, size_t n, double bandwidth, const Range *range,
                    double *y) {
  ThKde kde;
  if (!th_kde_init(cx, &kde, n, x, bandwidth)) return false;
  for (size_t i = 0; i < range->n; i++)
    y[i] = exp(th_kde_log_density(&kde, range->from + range->step * (double)i));
  th_kde_free(&cx->heap, &kde);
  return true;
}

/* One data set, a replicated one behind the others. */
static bool add_data(const ThPpc *c, const double *data, double bandwidth, const Range *range, bool behind,
                     const char *label, ThFigure *figure) {
  ThArray *y = points(c, range->n);
  if (!y) return false;
  ThMark mark = behind ? TH_MARK_THIN : c->is_discrete ? TH_MARK_IMPULSES : TH_MARK_LINE;
  if (c->is_discrete) shares(data, c->y->length, range, y->real);
  else if (!density(c->cx, data, c->y->length, bandwidth, range, y->real)) {
    th_release(th_object(y));
    return false;
  }
  bool outline = c->is_discrete && behind;
  if (!(outline ? add_outline_take(c, range, y, label, figure)
                : add_curve_take(c, range, y, mark, label, figure)))
    return false;
  figure->series[figure->n_series - 1].past = behind;
  return true;
}

/* Of each data set; that of the data for all, so that they look alike. */
static bool find_bandwidth(const ThPpc *c, double *out) {
  double *sorted = th_alloc_array(c->cx, c->y->length, sizeof *sorted);
  if (!sorted) return false;
  for (size_t i = 0; i < c->y->length; i++) sorted[i] = c->y->real[i];
  bool ok = th_stats_sort(c->cx, c->y->length, sorted);
  *out = th_kde_silverman(c->y->length, sorted);
  th_free(c->cx, sorted, c->y->length * sizeof *sorted);
  return ok;
}

static bool draw(const ThPpc *c, double bandwidth, const Range *range, ThFigure *figure) {
  size_t n = c->y->length;
  for (size_t i = 0; i < c->n_kept; i++)
    if (!add_data(c, c->replicates->real + i * n, bandwidth, range, true, i ? NULL : "replicated", figure))
      return false;
  return add_data(c, c->y->real, bandwidth, range, false, c->data->spelling, figure);
}

/* Whole numbers, or more of them at once. */
static void count_up(Range *range) {
  double low = floor(range->from), high = ceil(range->from + range->step * (N_POINTS - 1));
  double step = fmax(1, ceil((high - low) / MOST_VALUES));
  *range = (Range){low, step, (size_t)((high - low) / step) + 1};
}

bool th_ppc_plot(ThContext *cx, ThValue self, void *figure) {
  const ThPpc *c = th_as_ppc(self);
  ThFigure *f = figure;
  Range range;
  double bandwidth = 0;
  if (c->y->length < 2 || !find_bandwidth(c, &bandwidth))
    return c->y->length < 2 &&
           th_fail(cx, TH_ERROR_VALUE, "there are too few data for a picture of their distribution");
  if (!find_range(c, c->is_discrete ? 0 : 2 * bandwidth, &range)) return false;
  if (c->is_discrete) count_up(&range);
  if (!(bandwidth > 0)) bandwidth = range.step > 0 ? 5 * range.step : 1;
  if (!draw(c, bandwidth, &range, f)) return false;
  if (th_is_none(f->xlabel) && !th_figure_text(cx, &f->xlabel, c->data->spelling)) return false;
  return !th_is_none(f->ylabel) || th_figure_text(cx, &f->ylabel, c->is_discrete ? "share" : "density");
}
