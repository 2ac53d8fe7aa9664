/* region_show.c - how a joint region prints, and its picture beside Wald's ellipses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/region.h"
#include "infer/report.h"
#include "num/stats.h"
#include "val/figure.h"

enum { POINTS = TH_REGION_ANGLES + 1 };

/* --- Text */

static bool is_open(const ThRegion *r, size_t level) {
  for (size_t i = 0; i < POINTS; i++)
    if (isnan(r->x[level * POINTS + i])) return true;
  return false;
}

/* "a in (1.2, 3.4)" */
static void add_extent(const ThRegion *r, size_t level, int which, ThText *out) {
  const double *x = (which ? r->y : r->x) + level * POINTS;
  double low = (double)INFINITY, high = -(double)INFINITY;
  for (size_t i = 0; i < POINTS; i++) {
    low = fmin(low, x[i]);
    high = fmax(high, x[i]);
  }
  th_region_name(r, which, out);
  th_text_add(out, " in ");
  th_report_interval(low, high, th_as_fit(r->fit)->se[r->elements[which]], r->cx->settings.digits, out);
}

static void add_label(const ThRegion *r, size_t i, ThText *out) {
  th_text_format(out, "%.3g %% (Δχ² = %.2f)", 100 * r->levels[i], r->chi2[i]);
}

bool th_region_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThRegion *r = th_as_region(self);
  th_text_add(out, "joint region of ");
  th_region_name(r, 0, out);
  th_text_add(out, " and ");
  th_region_name(r, 1, out);
  th_text_format(out, " in %s", th_question_model(&th_as_fit(r->fit)->question)->name->spelling);
  for (size_t i = 0; style == TH_STYLE_ECHO && i < r->n_levels; i++) {
    th_text_char(out, '\n');
    add_label(r, i, out);
    th_text_add(out, is_open(r, i) ? ": open" : ": ");
    if (is_open(r, i)) continue;
    add_extent(r, i, 0, out);
    th_text_add(out, ", ");
    add_extent(r, i, 1, out);
  }
  if (style == TH_STYLE_ECHO && th_is_string(r->words))
    th_text_format(out, "\n%s", th_as_string(r->words)->text);
  return th_text_ok(out, cx);
}

/* --- The picture */

/* A closed curve in a colour; its numbers are copied. */
static bool add_curve(ThContext *cx, ThFigure *figure, ThMark mark, const double *x, const double *y,
                      const char *label, int color) {
  ThValue columns[2] = {th_none(), th_none()};
  if (!th_vector_from(cx, x, POINTS, &columns[0]) || !th_vector_from(cx, y, POINTS, &columns[1])) {
    th_release_all(columns, 2);
    return false;
  }
  if (!th_figure_add_take(cx, figure, mark, th_as_array(columns[0]), th_as_array(columns[1]), NULL, label))
    return false;
  figure->series[figure->n_series - 1].color = color;
  return true;
}

static bool add_level(ThContext *cx, const ThRegion *r, size_t i, ThFigure *figure) {
  double x[POINTS], y[POINTS];
  ThText label;
  th_text_init(&label, &cx->heap);
  add_label(r, i, &label);
  bool ok = th_text_ok(&label, cx) && add_curve(cx, figure, TH_MARK_LINE, r->x + i * POINTS,
                                                r->y + i * POINTS, th_text_string(&label), (int)i);
  th_text_clear(&label);
  for (size_t j = 0; j < POINTS; j++) th_region_ellipse(r, sqrt(r->chi2[i]), j, &x[j], &y[j]);
  return ok && add_curve(cx, figure, TH_MARK_DASHED, x, y, i == 0 ? "Wald, from the ±" : NULL, (int)i);
}

static bool add_estimate(ThContext *cx, const ThRegion *r, ThFigure *figure) {
  const ThFit *fit = th_as_fit(r->fit);
  ThValue x, y;
  if (!th_vector_from(cx, &fit->estimate[r->elements[0]], 1, &x)) return false;
  if (!th_vector_from(cx, &fit->estimate[r->elements[1]], 1, &y)) {
    th_release(x);
    return false;
  }
  return th_figure_add_take(cx, figure, TH_MARK_POINTS, th_as_array(x), th_as_array(y), NULL, "estimate");
}

static bool name_axis(ThContext *cx, const ThRegion *r, int which, ThValue *slot) {
  ThText name;
  if (!th_is_none(*slot)) return true;
  th_text_init(&name, &cx->heap);
  th_region_name(r, which, &name);
  bool ok = th_text_ok(&name, cx) && th_figure_text(cx, slot, th_text_string(&name));
  th_text_clear(&name);
  return ok;
}

bool th_region_plot(ThContext *cx, ThValue self, void *out) {
  const ThRegion *r = th_as_region(self);
  ThFigure *figure = out;
  bool ok = true;
  for (size_t i = 0; ok && i < r->n_levels; i++) ok = add_level(cx, r, i, figure);
  return ok && add_estimate(cx, r, figure) && name_axis(cx, r, 0, &figure->xlabel) &&
         name_axis(cx, r, 1, &figure->ylabel);
}

/* The text, and then the picture. */
bool th_region_echo(ThContext *cx, ThValue self) {
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = th_region_format(cx, self, TH_STYLE_ECHO, &text);
  th_text_char(&text, '\n');
  ok = ok && th_text_ok(&text, cx);
  if (ok) th_write(cx, th_text_string(&text), text.length);
  th_text_clear(&text);
  ThFigure *figure = ok ? th_figure_new(cx) : NULL;
  ok = figure && th_region_plot(cx, self, figure) && th_figure_kind.echo(cx, th_object(figure));
  if (figure) th_release(th_object(figure));
  return ok;
}
