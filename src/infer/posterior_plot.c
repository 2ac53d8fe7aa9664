/* posterior_plot.c - the picture of a posterior: the density of each parameter */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/posterior.h"
#include "val/figure.h"

/* Names the series from `first` on that have no name yet. */
static bool label_series(const ThPosterior *p, size_t element, ThFigure *figure, size_t first) {
  ThText name;
  th_text_init(&name, &p->cx->heap);
  th_layout_name(&p->layout, element, &name);
  bool ok = th_text_ok(&name, p->cx);
  for (size_t i = first; ok && i < figure->n_series; i++) {
    ThValue label;
    ok = th_string(p->cx, th_text_string(&name), name.length, &label);
    if (ok) th_replace_take(&figure->series[i].label, label);
  }
  th_text_clear(&name);
  return ok;
}

static bool draw_element(const ThPosterior *p, size_t element, ThFigure *figure) {
  ThValue law;
  size_t first = figure->n_series;
  if (!th_posterior_law(p, element, &law)) return false;
  bool ok = th_distribution_kind.plot(p->cx, law, figure) && label_series(p, element, figure, first);
  th_release(law);
  return ok;
}

bool th_posterior_plot(ThContext *cx, ThValue self, void *figure) {
  const ThPosterior *p = th_as_posterior(self);
  if (p->k == 1) return th_variable_kind.plot(cx, th_posterior_component(p, 0), figure);
  for (size_t j = 0; j < p->k; j++)
    if (!draw_element(p, j, figure)) return false;
  return p->k > 0 || th_fail(cx, TH_ERROR_VALUE, "this posterior has no parameters left to draw");
}
