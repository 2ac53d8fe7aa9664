/* compare_plot.c - the picture of a comparison: the lines of all fits over the data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/compare.h"
#include "infer/curve_plot.h"
#include "infer/posterior_curve.h"

/* Its own picture, over the range that the common one asks for. */
static bool draw_alone(ThContext *cx, const ThCompared *item, const ThFigure *common, ThFigure **out) {
  ThFigure *figure = *out = th_figure_new(cx);
  if (!figure) return false;
  for (int i = 0; i < 2; i++) figure->xrange[i] = common->xrange[i];
  bool ok = th_is_posterior(item->value) ? th_posterior_curve_draw(th_as_posterior(item->value), figure)
                                         : th_as_object(item->value)->kind->plot(cx, item->value, figure);
  if (!ok) th_release(th_object(figure));
  return ok;
}

static bool is_curve(ThMark mark) { return mark == TH_MARK_LINE || mark == TH_MARK_BAND; }

/* Lines and bands in the colour of the item, lines under its name; `data`: the points, instead. */
static bool take_over(ThContext *cx, const ThComparison *c, size_t i, const ThFigure *own, bool data,
                      ThFigure *figure) {
  for (size_t j = 0; j < own->n_series; j++) {
    ThValue label = th_none();
    if (is_curve(own->series[j].mark) == data) continue;
    if (!th_figure_add_copy(cx, figure, &own->series[j])) return false;
    ThSeries *series = &figure->series[figure->n_series - 1];
    series->color = (int)(data ? c->n : i);
    if (series->mark == TH_MARK_LINE && !th_string_of(cx, c->items[i].name, &label)) return false;
    if (!data) th_replace_take(&series->label, label);
  }
  return true;
}

/* Lines and bands of an item, and the names of its axes where there are none yet. */
static bool add_item(ThContext *cx, const ThComparison *c, size_t i, const ThFigure *own, ThFigure *figure) {
  bool named = th_is_string(own->xlabel) && th_is_string(own->ylabel);
  return take_over(cx, c, i, own, false, figure) &&
         (!named ||
          th_curve_labels(cx, figure, th_as_string(own->xlabel)->text, th_as_string(own->ylabel)->text));
}

/* Lines and bands of one after the other, then the data of the first one. */
bool th_compare_plot(ThContext *cx, ThValue self, void *figure) {
  const ThComparison *c = th_as_comparison(self);
  ThFigure *all = figure, *first;
  if (!draw_alone(cx, &c->items[0], all, &first)) return false;
  bool ok = add_item(cx, c, 0, first, all);
  for (size_t i = 1; ok && i < c->n; i++) {
    ThFigure *own;
    ok = draw_alone(cx, &c->items[i], all, &own);
    if (!ok) break;
    ok = add_item(cx, c, i, own, all);
    th_release(th_object(own));
  }
  ok = ok && take_over(cx, c, 0, first, true, all);
  th_release(th_object(first));
  return ok;
}
