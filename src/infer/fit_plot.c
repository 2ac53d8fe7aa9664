/* fit_plot.c - the picture of a fit: data with error bars, the mean as a line, its band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line comes from running the body on a grid of the one input that the mean hangs on. */
#include <math.h>

#include "infer/data_picture.h"
#include "infer/predict.h"
#include "infer/report.h"

typedef struct Picture {
  ThContext *cx;
  const ThFit *fit;
  ThFigure *figure;
  ThDataPicture data;
} Picture;

/* --- The line and its band */

static ThArray *column(const Picture *p, const ThBand *band, double z) {
  ThArray *a = th_vector_new(p->cx, TH_DOUBLE, TH_CURVE_POINTS);
  for (size_t i = 0; a && i < TH_CURVE_POINTS; i++) {
    size_t at = band->m == TH_CURVE_POINTS ? i : 0;
    a->real[i] = th_band_end(band, at, z);
  }
  return a;
}

static bool has_errors(const ThFit *fit) {
  for (size_t j = 0; j < fit->k; j++)
    if (isnan(fit->se[j])) return false;
  return fit->k > 0;
}

static bool add_curves(const Picture *p, ThArray *grid, const ThBand *band) {
  double z = th_level_quantile(p->fit->question.level);
  bool banded = has_errors(p->fit);
  return th_curve_add_band_take(p->cx, p->figure, grid, banded, banded ? column(p, band, -z) : NULL,
                                banded ? column(p, band, z) : NULL, p->fit->question.level,
                                column(p, band, 0), th_question_model(&p->fit->question)->name->spelling);
}

/* The mean on the grid. */
static bool draw_line(const Picture *p) {
  ThArray *grid = th_curve_grid(p->cx, p->figure, p->data.x);
  ThModelData data;
  ThBand band;
  bool scalar, normal, ok = grid && th_data_picture_at(&p->data, grid, &data);
  if (ok) {
    ok = th_band_find(p->cx, p->fit, &data, &band, &scalar, &normal);
    if (ok) {
      ok = add_curves(p, grid, &band);
      th_band_clear(&band);
    }
    th_model_data_clear(p->cx, &data);
  }
  if (grid) th_release(th_object(grid));
  return ok;
}

bool th_fit_plot(ThContext *cx, ThValue self, void *figure) {
  Picture p = {.cx = cx, .fit = th_as_fit(self), .figure = figure};
  ThRecord *parameters;
  if (!th_fit_parameters(p.fit, NULL, &parameters)) return false;
  bool ok = th_data_picture_find(cx, &p.fit->question, parameters, &p.data) && draw_line(&p) &&
            th_data_picture_draw(&p.data, figure);
  th_release(th_object(parameters));
  return ok;
}

/* --- Residuals */

/* The input, when there is just one, and it has a residual for each of its numbers; else the places of the data. */
static bool find_input(const ThFit *fit, const ThRecord *parameters, size_t n, ThDataPicture *data,
                       ThArray **x) {
  *x = NULL;
  if (th_data_picture_find(fit->cx, &fit->question, parameters, data) && data->x->length == n) {
    *x = th_curve_share(data->x);
    return true;
  }
  if (th_is_final(fit->cx)) return false;
  th_error_clear(fit->cx);
  data->input = NULL;
  *x = th_vector_new(fit->cx, TH_DOUBLE, n);
  for (size_t i = 0; *x && i < n; i++) (*x)->real[i] = (double)i + 1;
  return *x != NULL;
}

bool th_fit_plot_residuals(ThContext *cx, ThFit *fit, void *figure) {
  ThArray *residuals = th_is_array(fit->residuals) ? th_as_array(fit->residuals) : NULL, *x = NULL,
          *error = NULL;
  ThDataPicture data;
  ThRecord *parameters;
  if (!residuals || residuals->length == 0) return th_fail(cx, TH_ERROR_VALUE, "this fit has no residuals");
  if (!th_fit_parameters(fit, NULL, &parameters)) return false;
  bool ok = find_input(fit, parameters, residuals->length, &data, &x);
  if (ok && data.input && !th_data_picture_errors(&data, &error)) {
    th_release(th_object(x));
    ok = false;
  }
  ok = ok && th_curve_add_residuals_take(cx, figure, x, th_curve_share(residuals), error) &&
       th_curve_labels(cx, figure, data.input ? data.input->spelling : "datum", "residual");
  th_release(th_object(parameters));
  return ok;
}
