/* posterior_curve.c - the mean of a posterior's data over its one input, as a line with a band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/posterior_curve.h"

#include "infer/data_picture.h"
#include "infer/posterior_draws.h"
#include "num/stats.h"

enum { N_DRAWS = 400 };

typedef struct Curves {
  const ThPosterior *p;
  ThContext *cx;
  double *parameters; /* (N_DRAWS, k) */
  double *means;      /* (points, N_DRAWS) */
} Curves;

/* The mean at draw i, on the grid. */
static bool follow(Curves *c, const ThQuestion *q, const ThModelData *data, size_t i) {
  ThRecord *record;
  ThMean mean;
  if (!th_layout_record(c->cx, &c->p->layout, c->parameters + i * c->p->k, false, &record)) return false;
  bool ok = th_mean_find(c->cx, q, data, record, &mean);
  th_release(th_object(record));
  if (!ok) return false;
  for (size_t at = 0; at < TH_CURVE_POINTS; at++)
    c->means[at * N_DRAWS + i] = mean.mean[mean.m == TH_CURVE_POINTS ? at : 0];
  th_mean_clear(&mean);
  return true;
}

static bool add_band(Curves *c, ThArray *grid, ThFigure *figure) {
  ThArray *parts[3] = {NULL, NULL, NULL};
  double tail = (1 - c->p->question.level) / 2;
  bool ok = true;
  for (int j = 0; j < 3 && ok; j++)
    ok = (parts[j] = th_vector_new(c->cx, TH_DOUBLE, TH_CURVE_POINTS)) != NULL;
  for (size_t at = 0; ok && at < TH_CURVE_POINTS; at++) {
    double *x = c->means + at * N_DRAWS;
    parts[2]->real[at] = th_stats_mean(N_DRAWS, x);
    ok = th_stats_sort(c->cx, N_DRAWS, x);
    parts[0]->real[at] = th_stats_quantile_sorted(N_DRAWS, x, tail);
    parts[1]->real[at] = th_stats_quantile_sorted(N_DRAWS, x, 1 - tail);
  }
  if (ok)
    return th_curve_add_band_take(c->cx, figure, grid, true, parts[0], parts[1], c->p->question.level,
                                  parts[2], th_question_model(&c->p->question)->name->spelling);
  for (int j = 0; j < 3; j++)
    if (parts[j]) th_release(th_object(parts[j]));
  return false;
}

static bool draw_band(Curves *c, const ThDataPicture *picture, ThFigure *figure) {
  ThArray *grid = th_curve_grid(c->cx, figure, picture->x);
  ThModelData data;
  bool ok = grid && th_data_picture_at(picture, grid, &data);
  if (ok) {
    ok = th_posterior_draws(c->p, N_DRAWS, c->parameters);
    for (size_t i = 0; ok && i < N_DRAWS; i++) ok = th_poll(c->cx) && follow(c, picture->question, &data, i);
    th_model_data_clear(c->cx, &data);
  }
  ok = ok && add_band(c, grid, figure);
  if (grid) th_release(th_object(grid));
  return ok;
}

bool th_posterior_curve_draw(const ThPosterior *p, ThFigure *figure) {
  Curves c = {.p = p, .cx = p->cx};
  ThQuestion question = th_posterior_question(p);
  size_t size = N_DRAWS * (p->k + TH_CURVE_POINTS);
  ThDataPicture picture;
  ThRecord *parameters;
  if (!th_layout_record(p->cx, &p->layout, p->mean, false, &parameters)) return false;
  c.parameters = th_alloc_array(p->cx, size, sizeof *c.parameters);
  bool ok = c.parameters != NULL;
  if (ok) {
    c.means = c.parameters + N_DRAWS * p->k;
    ok = th_data_picture_find(p->cx, &question, parameters, &picture) && draw_band(&c, &picture, figure) &&
         th_data_picture_draw(&picture, figure);
    th_free(p->cx, c.parameters, size * sizeof *c.parameters);
  }
  th_release(th_object(parameters));
  return ok;
}
