/* regression_plot.c - the picture of a regression: data with error bars, the mean as a line, its band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "infer/glm.h"
#include "infer/regression_predict.h"
#include "num/stats.h"
#include "val/figure.h"

enum { GRID = 201 };

typedef struct Picture {
  ThContext *cx;
  const ThRegression *r;
  ThFigure *figure;
  ThSymbol *input;
  ThArray *x; /* owned */
  char response[64];
} Picture;

static bool no_picture(ThContext *cx, const char *why) {
  th_fail(cx, TH_ERROR_VALUE, "the picture of a regression needs a formula with one input; %s", why);
  return th_hint(cx, "`predict(f, …)` gives a table that `plot` draws");
}

static bool read_data(Picture *p) {
  const ThRegression *r = p->r;
  ThText text;
  if (!th_is_formula(r->formula)) return no_picture(p->cx, "this one has a design matrix");
  if (th_is_list(r->classes)) return no_picture(p->cx, "this one has classes");
  if (!th_regression_input(p->cx, r, &p->input, &p->x)) return false;
  if (!p->input) return no_picture(p->cx, "this one has not just one");
  th_text_init(&text, &p->cx->heap);
  th_formula_text(th_as_formula(r->formula), SIZE_MAX, &text);
  snprintf(p->response, sizeof p->response, "%s", th_text_string(&text));
  bool ok = th_text_ok(&text, p->cx);
  th_text_clear(&text);
  if (!ok) th_release(th_object(p->x));
  return ok;
}

static ThArray *make_grid(const Picture *p) {
  double low = th_stats_min(p->x->length, p->x->real), high = th_stats_max(p->x->length, p->x->real);
  double margin = high > low ? 0.05 * (high - low) : 0.5;
  double from = isnan(p->figure->xrange[0]) ? low - margin : p->figure->xrange[0];
  double to = isnan(p->figure->xrange[1]) ? high + margin : p->figure->xrange[1];
  ThArray *grid = th_vector_new(p->cx, TH_DOUBLE, GRID);
  for (size_t i = 0; grid && i < GRID; i++) grid->real[i] = from + (to - from) * (double)i / (GRID - 1);
  return grid;
}

static ThArray *share(ThArray *a) {
  if (a) th_retain(th_object(a));
  return a;
}

/* Takes the columns. */
static bool add(const Picture *p, ThMark mark, ThArray *x, ThArray *y, ThArray *z, bool three,
                const char *label) {
  if (x && y && (z || !three)) return th_figure_add_take(p->cx, p->figure, mark, x, y, z, label);
  ThArray *held[] = {x, y, z};
  for (size_t i = 0; i < 3; i++)
    if (held[i]) th_release(th_object(held[i]));
  return false;
}

/* η + t se on the grid, as a mean. */
static ThArray *curve(const Picture *p, const double *eta, const double *se, double t) {
  ThArray *a = th_vector_new(p->cx, TH_DOUBLE, GRID);
  double value, mean, variance;
  for (size_t i = 0; a && i < GRID; i++) {
    a->real[i] = t == 0 ? eta[i] : eta[i] + t * se[i];
    if (!p->r->family) continue;
    p->r->family->cumulant(1, &a->real[i], &value, &mean, &variance);
    a->real[i] = mean;
  }
  return a;
}

static bool add_curves(const Picture *p, ThArray *grid, const double *eta, const double *se) {
  char label[64];
  bool banded = p->r->errors != TH_ERRORS_NONE;
  double t = banded ? th_regression_quantile(p->r, p->r->level) : 0;
  int color = 0;
  for (size_t i = 0; i < p->figure->n_series; i++) color += p->figure->series[i].color < 0;
  snprintf(label, sizeof label, "%.4g %% band", 100 * p->r->level);
  if (banded && !add(p, TH_MARK_BAND, share(grid), curve(p, eta, se, -t), curve(p, eta, se, t), true, label))
    return false;
  if (!add(p, TH_MARK_LINE, share(grid), curve(p, eta, se, 0), NULL, false, p->r->verb)) return false;
  if (banded) p->figure->series[p->figure->n_series - 1].color = color;
  return true;
}

static bool draw_line(const Picture *p) {
  ThRecord *named = th_record_new(p->cx, 1);
  ThArray *grid = named ? make_grid(p) : NULL;
  ThFormulaData data = {.named = named, .data = p->r->data};
  ThDesign design;
  bool ok = grid && th_record_set_take(p->cx, named, p->input, th_object(share(grid))) &&
            th_design_from_formula(p->cx, th_as_formula(p->r->formula), &data, GRID, p->r->design.levels,
                                   &design);
  if (ok) {
    double eta[GRID], se[GRID];
    th_regression_line(p->r, GRID, th_design_numbers(&design), eta, se);
    ok = add_curves(p, grid, eta, se);
    th_design_clear(&design);
  }
  if (grid) th_release(th_object(grid));
  if (named) th_release(th_object(named));
  return ok;
}

static bool draw_data(const Picture *p) {
  bool given = p->r->sigma_kind == TH_SIGMA_NUMBER || p->r->sigma_kind == TH_SIGMA_VECTOR;
  ThArray *error = given ? th_vector_new(p->cx, TH_DOUBLE, p->x->length) : NULL;
  for (size_t i = 0; error && i < error->length; i++)
    error->real[i] = th_is_scalar(p->r->sigma) ? th_as_scalar(p->r->sigma)
                                               : th_array_real(th_as_array(p->r->sigma), i);
  return add(p, given ? TH_MARK_ERRORBARS : TH_MARK_POINTS, share(p->x), share(th_as_array(p->r->y)), error,
             given, p->response);
}

static bool set_labels(const Picture *p) {
  ThFigure *f = p->figure;
  return (!th_is_none(f->xlabel) || th_figure_text(p->cx, &f->xlabel, p->input->spelling)) &&
         (!th_is_none(f->ylabel) || th_figure_text(p->cx, &f->ylabel, p->response));
}

bool th_regression_plot(ThContext *cx, ThValue self, void *figure) {
  Picture p = {.cx = cx, .r = th_as_regression(self), .figure = figure};
  if (!read_data(&p)) return false;
  bool ok = draw_line(&p) && draw_data(&p) && set_labels(&p);
  th_release(th_object(p.x));
  return ok;
}
