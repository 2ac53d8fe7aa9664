/* regression_plot.c - the picture of a regression: data with error bars, the mean as a line, its band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "infer/curve_plot.h"
#include "infer/glm.h"
#include "infer/regression_predict.h"

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

/* η + t se on the grid, as a mean. */
static ThArray *curve(const Picture *p, const double *eta, const double *se, double t) {
  ThArray *a = th_vector_new(p->cx, TH_DOUBLE, TH_CURVE_POINTS);
  double value, mean, variance;
  for (size_t i = 0; a && i < TH_CURVE_POINTS; i++) {
    a->real[i] = t == 0 ? eta[i] : eta[i] + t * se[i];
    if (!p->r->family) continue;
    p->r->family->cumulant(1, &a->real[i], &value, &mean, &variance);
    a->real[i] = mean;
  }
  return a;
}

static bool add_curves(const Picture *p, ThArray *grid, const double *eta, const double *se) {
  bool banded = p->r->errors != TH_ERRORS_NONE;
  double t = banded ? th_regression_quantile(p->r, p->r->level) : 0;
  return th_curve_add_band_take(p->cx, p->figure, grid, banded, banded ? curve(p, eta, se, -t) : NULL,
                                banded ? curve(p, eta, se, t) : NULL, p->r->level, curve(p, eta, se, 0),
                                p->r->verb);
}

static bool draw_line(const Picture *p) {
  ThRecord *named = th_record_new(p->cx, 1);
  ThArray *grid = named ? th_curve_grid(p->cx, p->figure, p->x) : NULL;
  ThFormulaData data = {.named = named, .data = p->r->data};
  ThDesign design;
  bool ok = grid && th_record_set_take(p->cx, named, p->input, th_object(th_curve_share(grid))) &&
            th_design_from_formula(p->cx, th_as_formula(p->r->formula), &data, TH_CURVE_POINTS,
                                   p->r->design.levels, &design);
  if (ok) {
    double eta[TH_CURVE_POINTS], se[TH_CURVE_POINTS];
    th_regression_line(p->r, TH_CURVE_POINTS, th_design_numbers(&design), eta, se);
    ok = add_curves(p, grid, eta, se);
    th_design_clear(&design);
  }
  if (grid) th_release(th_object(grid));
  if (named) th_release(th_object(named));
  return ok;
}

static bool has_errors(const ThRegression *r) {
  return r->sigma_kind == TH_SIGMA_NUMBER || r->sigma_kind == TH_SIGMA_VECTOR;
}

/* The σ that were given, (n). */
static ThArray *given_errors(const Picture *p, size_t n) {
  ThArray *error = th_vector_new(p->cx, TH_DOUBLE, n);
  for (size_t i = 0; error && i < n; i++)
    error->real[i] = th_is_scalar(p->r->sigma) ? th_as_scalar(p->r->sigma)
                                               : th_array_real(th_as_array(p->r->sigma), i);
  return error;
}

static bool draw_data(const Picture *p) {
  bool given = has_errors(p->r);
  ThArray *error = given ? given_errors(p, p->x->length) : NULL;
  return th_curve_add_take(p->cx, p->figure, given ? TH_MARK_ERRORBARS : TH_MARK_POINTS, th_curve_share(p->x),
                           th_curve_share(th_as_array(p->r->y)), error, given, p->response);
}

bool th_regression_plot(ThContext *cx, ThValue self, void *figure) {
  Picture p = {.cx = cx, .r = th_as_regression(self), .figure = figure};
  if (!read_data(&p)) return false;
  bool ok = draw_line(&p) && draw_data(&p) && th_curve_labels(cx, figure, p.input->spelling, p.response);
  th_release(th_object(p.x));
  return ok;
}

/* --- Residuals */

bool th_regression_plot_residuals(ThContext *cx, ThRegression *r, void *figure) {
  Picture p = {.cx = cx, .r = r, .figure = figure};
  if (!th_is_array(r->residuals)) return th_fail(cx, TH_ERROR_VALUE, "classes have no residuals");
  ThArray *residuals = th_as_array(r->residuals), *error = NULL;
  if (th_is_formula(r->formula) && !th_regression_input(cx, r, &p.input, &p.x)) return false;
  if (!p.input) p.x = th_curve_share(th_as_array(r->fitted));
  if (has_errors(r) && !(error = given_errors(&p, residuals->length))) {
    th_release(th_object(p.x));
    return false;
  }
  return th_curve_add_residuals_take(cx, figure, p.x, th_curve_share(residuals), error) &&
         th_curve_labels(cx, figure, p.input ? p.input->spelling : "fitted", "residual");
}
