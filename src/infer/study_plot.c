/* study_plot.c - the picture of a study: estimates at each size of the data, beside the normal limit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first parameter's: an outline of the estimates' frequencies for each size, and dashed the normal distribution
 * about the truth that they tend to, whose width is the Cramér–Rao bound, or where that is not known the
 * estimates' own. */
#include <math.h>
#include <stdio.h>

#include "infer/study.h"
#include "num/real.h"
#include "num/stats.h"
#include "val/figure.h"

enum { MOST_BINS = 24 };

/* Where the bulk of the estimates lies. */
static void bulk(size_t n, const double *sorted, double *low, double *high) {
  *low = th_stats_quantile_sorted(n, sorted, 0.005);
  *high = th_stats_quantile_sorted(n, sorted, 0.995);
  double room = *high > *low ? 0.05 * (*high - *low) : 0.5;
  *low -= room;
  *high += room;
}

/* The outline of a histogram, scaled to be a density: two points at each edge. */
static bool add_outline(const ThStudy *s, size_t i, const double *sorted, ThFigure *figure) {
  size_t n = s->done[i], bins = (size_t)ceil(sqrt((double)n));
  double low, high;
  char label[32];
  if (bins > MOST_BINS) bins = MOST_BINS;
  bulk(n, sorted, &low, &high);
  double width = (high - low) / (double)bins;
  ThArray *x = th_vector_new(s->cx, TH_DOUBLE, 2 * bins + 2),
          *y = x ? th_vector_new(s->cx, TH_DOUBLE, 2 * bins + 2) : NULL;
  if (!y) {
    if (x) th_release(th_object(x));
    return false;
  }
  for (size_t j = 0; j < 2 * bins + 2; j++) {
    x->real[j] = low + width * (double)(j / 2);
    y->real[j] = 0;
  }
  for (size_t r = 0; r < n; r++) {
    double at = (sorted[r] - low) / width;
    if (!(at >= 0 && at < (double)bins)) continue;
    size_t bin = (size_t)at;
    y->real[2 * bin + 1] += 1 / ((double)n * width);
    y->real[2 * bin + 2] = y->real[2 * bin + 1];
  }
  snprintf(label, sizeof label, "n = %.0f", s->sizes[i]);
  return th_figure_add_take(s->cx, figure, TH_MARK_LINE, x, y, NULL, label);
}

typedef struct Normal {
  double mean, sd;
} Normal;

static bool density(ThContext *cx, void *self, double x, double *y) {
  const Normal *d = self;
  double z = (x - d->mean) / d->sd;
  (void)cx;
  *y = exp(-0.5 * z * z) / (d->sd * sqrt(2 * TH_PI));
  return true;
}

static bool add_limit(const ThStudy *s, size_t i, double truth, ThFigure *figure) {
  const ThStudyCell *c = &s->cells[i * s->k];
  Normal d = {truth, isnan(c->bound) ? c->sd : c->bound};
  if (!(d.sd > 0) || isinf(d.sd)) return true;
  return th_figure_curve(s->cx, figure, TH_MARK_DASHED, density, &d, truth - 4 * d.sd, truth + 4 * d.sd,
                         i + 1 == s->n_done ? "normal limit" : NULL);
}

static bool add_size(const ThStudy *s, size_t i, double truth, double *x, ThFigure *figure) {
  if (!th_study_sorted(s, i, 0, x)) return false;
  if (i == 0 && isnan(figure->xrange[0])) bulk(s->done[i], x, &figure->xrange[0], &figure->xrange[1]);
  size_t first = figure->n_series;
  bool ok = add_outline(s, i, x, figure) && add_limit(s, i, truth, figure);
  for (size_t j = first; ok && j < figure->n_series; j++) figure->series[j].color = (int)i;
  return ok;
}

bool th_study_plot(ThContext *cx, ThValue self, void *figure) {
  const ThStudy *s = th_as_study(self);
  ThFigure *f = figure;
  double *x = th_alloc_array(cx, s->reps + s->k, sizeof *x), *truth = x ? x + s->reps : NULL;
  bool same, ok = x && th_flatten_read(cx, &s->form, s->truth, truth, &same);
  for (size_t i = 0; ok && i < s->n_done; i++) ok = add_size(s, i, truth[0], x, f);
  th_free(cx, x, (s->reps + s->k) * sizeof *x);
  if (!ok) return false;
  if (th_is_none(f->xlabel) && !th_figure_text(cx, &f->xlabel, "estimate")) return false;
  return !th_is_none(f->ylabel) || th_figure_text(cx, &f->ylabel, "density");
}
