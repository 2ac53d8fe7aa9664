/* data_picture.c - the data of a model in the plane: one input that the mean hangs on, one response */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/data_picture.h"

#include "infer/law.h"

static bool no_picture(ThContext *cx, const ThModel *model, size_t n_inputs) {
  th_fail(cx, TH_ERROR_VALUE, "the picture of a fit needs one input; model `%s` has %zu",
          model->name->spelling, n_inputs);
  return th_hint(cx, "`predict(f, …)` gives a table that `plot` draws");
}

static bool is_column(ThValue v, size_t length) {
  return th_is_array(v) && th_as_array(v)->rank == 1 && th_as_array(v)->length == length;
}

/* The input and the response out of the model's arguments. */
static bool choose(ThDataPicture *p, const bool *is_input) {
  const ThQuestion *q = p->question;
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

bool th_data_picture_find(ThContext *cx, const ThQuestion *q, const ThRecord *parameters,
                          ThDataPicture *out) {
  *out = (ThDataPicture){.cx = cx, .question = q, .parameters = parameters};
  bool *is_input = th_alloc_array(cx, q->data.n + 1, sizeof *is_input);
  bool ok = is_input && th_mean_inputs(cx, q, parameters, is_input) && choose(out, is_input);
  if (is_input) th_free(cx, is_input, (q->data.n + 1) * sizeof *is_input);
  return ok;
}

bool th_data_picture_at(const ThDataPicture *p, ThArray *grid, ThModelData *out) {
  ThRecord *named = th_record_new(p->cx, 1);
  bool sd_known;
  const ThSymbol *missing;
  bool ok = named && th_record_set_take(p->cx, named, p->input, th_object(th_curve_share(grid))) &&
            th_mean_new_data(p->cx, p->question, p->parameters, th_unset(), named, out, &sd_known, &missing);
  if (named) th_release(th_object(named));
  return ok;
}

bool th_data_picture_errors(const ThDataPicture *p, ThArray **out) {
  ThMean at;
  *out = NULL;
  if (!th_mean_find(p->cx, p->question, &p->question->data, p->parameters, &at)) return false;
  bool normal = at.family == &th_family_normal;
  if (normal) *out = th_vector_new(p->cx, TH_DOUBLE, p->x->length);
  for (size_t i = 0; *out && i < (*out)->length; i++) (*out)->real[i] = at.sd[at.m == 1 ? 0 : i];
  th_mean_clear(&at);
  return !normal || *out;
}

bool th_data_picture_draw(const ThDataPicture *p, ThFigure *figure) {
  ThArray *error;
  if (!th_data_picture_errors(p, &error)) return false;
  bool normal = error != NULL;
  return th_curve_add_take(p->cx, figure, normal ? TH_MARK_ERRORBARS : TH_MARK_POINTS, th_curve_share(p->x),
                           th_curve_share(p->y), error, normal, p->response->spelling) &&
         th_curve_labels(p->cx, figure, p->input->spelling, p->response->spelling);
}
