/* fit_plot.c - the picture of a fit: data with error bars, the mean as a line, its band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line comes from running the body on a grid of the one input that the mean hangs on. */
#include <math.h>

#include "infer/curve_plot.h"
#include "infer/law.h"
#include "infer/mean.h"
#include "infer/predict.h"
#include "infer/report.h"

typedef struct Picture {
  ThContext *cx;
  const ThFit *fit;
  ThFigure *figure;
  ThRecord *parameters;
  ThSymbol *input, *response;
  ThArray *x, *y; /* borrowed: the data */
} Picture;

static bool no_picture(ThContext *cx, const ThModel *model, size_t n_inputs) {
  th_fail(cx, TH_ERROR_VALUE, "the picture of a fit needs one input; model `%s` has %zu",
          model->name->spelling, n_inputs);
  return th_hint(cx, "`predict(f, …)` gives a table that `plot` draws");
}

static bool is_column(ThValue v, size_t length) {
  return th_is_array(v) && th_as_array(v)->rank == 1 && th_as_array(v)->length == length;
}

/* The input and the response out of the model's arguments. */
static bool choose(Picture *p, const bool *is_input) {
  const ThQuestion *q = &p->fit->question;
  const ThModel *model = th_question_model(q);
  size_t n_inputs = 0;
  bool is_knob;
  for (size_t i = 0; i < q->data.n; i++) {
    ThSymbol *name = th_model_argument(model, i, &is_knob);
    if (th_is_array(q->data.values[i]) && th_model_observes(model, name))
      p->response = name, p->y = th_as_array(q->data.values[i]);
  }
  if (!p->response) return no_picture(p->cx, model, 0);
  for (size_t i = 0; i < q->data.n; i++) {
    if (!is_input[i] || !is_column(q->data.values[i], p->y->length)) continue;
    n_inputs++;
    p->input = th_model_argument(model, i, &is_knob);
    p->x = th_as_array(q->data.values[i]);
  }
  return (n_inputs == 1 && p->x->length > 0) || no_picture(p->cx, model, n_inputs);
}

static bool read_model(Picture *p) {
  const ThQuestion *q = &p->fit->question;
  bool *is_input = th_alloc_array(p->cx, q->data.n + 1, sizeof *is_input);
  bool ok = is_input && th_mean_inputs(p->cx, q, p->parameters, is_input) && choose(p, is_input);
  if (is_input) th_free(p->cx, is_input, (q->data.n + 1) * sizeof *is_input);
  return ok;
}

/* --- The line and its band */

static ThArray *column(const Picture *p, const ThBand *band, double z) {
  ThArray *a = th_vector_new(p->cx, TH_DOUBLE, TH_CURVE_POINTS);
  for (size_t i = 0; a && i < TH_CURVE_POINTS; i++) {
    size_t at = band->m == TH_CURVE_POINTS ? i : 0;
    a->real[i] = band->value[at] + z * band->se[at];
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
  ThRecord *named = th_record_new(p->cx, 1);
  ThArray *grid = named ? th_curve_grid(p->cx, p->figure, p->x) : NULL;
  ThModelData data;
  ThBand band;
  bool scalar, normal, sd_known;
  const ThSymbol *missing;
  bool ok = grid && th_record_set_take(p->cx, named, p->input, th_object(th_curve_share(grid))) &&
            th_mean_new_data(p->cx, &p->fit->question, p->parameters, th_unset(), named, &data, &sd_known,
                             &missing);
  if (ok) {
    ok = th_band_find(p->cx, p->fit, &data, &band, &scalar, &normal);
    if (ok) {
      ok = add_curves(p, grid, &band);
      th_band_clear(&band);
    }
    th_model_data_clear(p->cx, &data);
  }
  if (grid) th_release(th_object(grid));
  if (named) th_release(th_object(named));
  return ok;
}

/* --- The data */

static bool draw_data(const Picture *p) {
  ThMean at;
  if (!th_mean_find(p->cx, &p->fit->question, &p->fit->question.data, p->parameters, &at)) return false;
  bool normal = at.family == &th_family_normal;
  ThArray *error = normal ? th_vector_new(p->cx, TH_DOUBLE, p->x->length) : NULL;
  for (size_t i = 0; error && i < error->length; i++) error->real[i] = at.sd[at.m == 1 ? 0 : i];
  th_mean_clear(&at);
  return th_curve_add_take(p->cx, p->figure, normal ? TH_MARK_ERRORBARS : TH_MARK_POINTS,
                           th_curve_share(p->x), th_curve_share(p->y), error, normal, p->response->spelling);
}

bool th_fit_plot(ThContext *cx, ThValue self, void *figure) {
  Picture p = {.cx = cx, .fit = th_as_fit(self), .figure = figure};
  if (!th_fit_parameters(p.fit, NULL, &p.parameters)) return false;
  bool ok = read_model(&p) && draw_line(&p) && draw_data(&p) &&
            th_curve_labels(cx, figure, p.input->spelling, p.response->spelling);
  th_release(th_object(p.parameters));
  return ok;
}
