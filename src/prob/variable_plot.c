/* variable_plot.c - the picture of a random variable: its distribution, or a histogram of draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only parameter of a posterior is shown with its prior and the likelihood, which the two densities tell. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/real.h"
#include "prob/distribution_kind.h"
#include "prob/query.h"
#include "prob/variable_kind.h"
#include "val/figure.h"

/* --- Draws */

enum { PLOT_DRAWS = 20000, PLOT_BINS = 60 };

static bool plot_draws(ThContext *cx, ThValue self, ThFigure *figure, const char *label) {
  double *x = th_alloc_array(cx, PLOT_DRAWS, sizeof *x);
  ThArray *mid = x ? th_vector_new(cx, TH_DOUBLE, PLOT_BINS) : NULL,
          *height = mid ? th_vector_new(cx, TH_DOUBLE, PLOT_BINS) : NULL;
  ThArray *width = height ? th_vector_new(cx, TH_DOUBLE, PLOT_BINS) : NULL;
  bool ok = width && th_variable_draw(cx, self, true, PLOT_DRAWS, x);
  if (ok) {
    qsort(x, PLOT_DRAWS, sizeof *x, th_real_ascending);
    double low = x[PLOT_DRAWS / 1000], high = x[PLOT_DRAWS - 1 - PLOT_DRAWS / 1000];
    double step = high > low ? (high - low) / PLOT_BINS : 1;
    for (size_t i = 0; i < PLOT_BINS; i++)
      mid->real[i] = low + ((double)i + 0.5) * step, height->real[i] = 0, width->real[i] = step;
    for (size_t i = 0; i < PLOT_DRAWS; i++) {
      double at = (x[i] - low) / step;
      if (at >= 0 && at < PLOT_BINS) height->real[(size_t)at] += 1 / (PLOT_DRAWS * step);
    }
  }
  th_free(cx, x, PLOT_DRAWS * sizeof *x);
  if (ok) return th_figure_add_take(cx, figure, TH_MARK_BARS, mid, height, width, label);
  if (mid) th_release(th_object(mid));
  if (height) th_release(th_object(height));
  if (width) th_release(th_object(width));
  return false;
}

/* --- A parameter: what it was before the data, and what they say */

/* Over the posterior's range, and where the prior goes on as far again to each side. */
static bool find_range(ThContext *cx, const ThDistribution *prior, const ThDistribution *posterior,
                       double range[2]) {
  double of_prior[2], of_posterior[2];
  if (!th_distribution_view(cx, prior, 0, &of_prior[0], &of_prior[1]) ||
      !th_distribution_view(cx, posterior, 0, &of_posterior[0], &of_posterior[1]))
    return false;
  double width = of_posterior[1] - of_posterior[0];
  range[0] = fmax(fmin(of_prior[0], of_posterior[0]), of_posterior[0] - width);
  range[1] = fmin(fmax(of_prior[1], of_posterior[1]), of_posterior[1] + width);
  return true;
}

typedef struct Likelihood {
  const ThDistribution *prior, *posterior;
} Likelihood;

/* By Bayes' rule it is the ratio of the densities, but for a factor. */
static bool likelihood_at(ThContext *cx, void *self, double x, double *y) {
  const Likelihood *l = self;
  double before, after;
  if (!th_distribution_measure(cx, l->prior, 0, TH_PDF, x, &before) ||
      !th_distribution_measure(cx, l->posterior, 0, TH_PDF, x, &after))
    return false;
  *y = before > 0 && isfinite(before) && isfinite(after) ? after / before : (double)NAN;
  return true;
}

static bool prior_at(ThContext *cx, void *self, double x, double *y) {
  return th_distribution_measure(cx, ((const Likelihood *)self)->prior, 0, TH_PDF, x, y);
}

/* The largest of the numbers of a curve. */
static double highest(const ThSeries *s) {
  double most = 0;
  for (size_t i = 0; i < s->columns[1]->length; i++) {
    double y = th_array_real(s->columns[1], i);
    if (isfinite(y)) most = fmax(most, y);
  }
  return most;
}

/* A curve behind the posterior, in a colour that says what it is. */
static bool add_behind(ThContext *cx, ThFigure *f, ThCurve curve, Likelihood *l, const double range[2],
                       const char *label, int color) {
  if (!th_figure_curve(cx, f, TH_MARK_DASHED, curve, l, range[0], range[1], label)) return false;
  f->series[f->n_series - 1].color = color;
  return true;
}

/* As high as the posterior: its own height has no meaning. */
static bool add_likelihood(ThContext *cx, Likelihood *l, const double range[2], ThFigure *f) {
  enum { COLOR = 1 };
  if (!add_behind(cx, f, likelihood_at, l, range, "likelihood, scaled", COLOR)) return false;
  ThSeries *s = &f->series[f->n_series - 1];
  double most = highest(&f->series[0]), own = highest(s);
  for (size_t i = 0; own > 0 && i < s->columns[1]->length; i++) s->columns[1]->real[i] *= most / own;
  return true;
}

/* The prior and the likelihood behind the posterior. The ratio of a density that is smoothed from draws is left out. */
static bool plot_parameter(ThContext *cx, const ThVariable *v, ThValue law, ThFigure *f) {
  enum { COLOR = 2 };
  const ThDistribution *posterior = th_as_distribution(law);
  Likelihood l = {th_as_distribution(v->prior), posterior};
  double range[2];
  if (!find_range(cx, l.prior, posterior, range)) return false;
  if (isnan(f->xrange[0])) memcpy(f->xrange, range, sizeof range);
  memcpy(range, f->xrange, sizeof range);
  return th_distribution_plot(cx, law, f) && th_figure_text(cx, &f->series[0].label, "posterior") &&
         add_behind(cx, f, prior_at, &l, range, "prior", COLOR) &&
         (posterior->family == &th_family_kde || add_likelihood(cx, &l, range, f));
}

/* Is there a prior to be shown, and room for it? */
static bool has_background(const ThVariable *v, const ThDistribution *posterior, const ThFigure *f) {
  return th_is_distribution(v->prior) && !f->crowded && f->n_series == 0 && posterior->length == 1 &&
         !posterior->family->event && !th_distribution_is_discrete(posterior);
}

static bool plot_law(ThContext *cx, ThValue self, ThValue law, ThFigure *f, const char *label) {
  size_t before = f->n_series;
  if (has_background(th_as_variable(self), th_as_distribution(law), f))
    return plot_parameter(cx, th_as_variable(self), law, f) &&
           (!th_is_none(f->xlabel) || th_figure_text(cx, &f->xlabel, label));
  return th_distribution_plot(cx, law, f) &&
         (f->n_series == before || th_figure_text(cx, &f->series[before].label, label));
}

bool th_variable_plot(ThContext *cx, ThValue self, void *figure) {
  ThValue law;
  ThText label;
  th_text_init(&label, &cx->heap);
  bool ok = th_variable_text(cx, self, 60, &label) && th_text_ok(&label, cx);
  if (ok && th_query_simple(cx, TH_QUERY_DIST, self, &law)) {
    ok = plot_law(cx, self, law, figure, th_text_string(&label));
    th_release(law);
  } else if (ok && cx->error.code == TH_ERROR_VALUE) {
    th_error_clear(cx);
    ok = plot_draws(cx, self, figure, th_text_string(&label));
  } else {
    ok = false;
  }
  th_text_clear(&label);
  return ok;
}
