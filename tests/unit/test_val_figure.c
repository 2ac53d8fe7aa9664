/* test_val_figure.c - tests of val/figure: copies, comparison, what was before */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "val/basic.h"
#include "val/figure.h"

static ThArray *vector(ThContext *cx, double a, double b) {
  ThArray *v = th_vector_new(cx, TH_DOUBLE, 2);
  ck_assert_ptr_nonnull(v);
  v->real[0] = a;
  v->real[1] = b;
  return v;
}

static ThFigure *line(ThContext *cx, double height, const char *label) {
  ThFigure *figure = th_figure_new(cx);
  ck_assert_ptr_nonnull(figure);
  ck_assert(
      th_figure_add_take(cx, figure, TH_MARK_POINTS, vector(cx, 1, 2), vector(cx, 2.385, 4), NULL, "data"));
  ck_assert(
      th_figure_add_take(cx, figure, TH_MARK_LINE, vector(cx, 1, 2), vector(cx, 0.5, height), NULL, label));
  return figure;
}

START_TEST(same) {
  ThContext cx;
  unit_context(&cx);
  ThFigure *a = line(&cx, 2.5, "fit"), *b = line(&cx, 2.5, "fit"), *c = line(&cx, 2.6, "fit"),
           *d = line(&cx, 2.5, "other");
  ck_assert(th_figure_same(a, b));
  ck_assert(!th_figure_same(a, c));
  ck_assert(!th_figure_same(a, d));
  b->log_x = true;
  ck_assert(!th_figure_same(a, b));
  ThFigure *all[] = {a, b, c, d};
  for (size_t i = 0; i < COUNT(all); i++) th_release(th_object(all[i]));
  unit_done(&cx);
}
END_TEST

/* The curve that moved stands behind, without a label; the data that did not move stand there once. */
START_TEST(over) {
  ThContext cx;
  unit_context(&cx);
  ThFigure *first = line(&cx, 2.5, "fit"), *second = line(&cx, 3.5, "fit"), *third = line(&cx, 4.5, "fit");
  ThValue both, again;
  ck_assert(th_figure_over(&cx, th_object(second), th_object(first), &both));
  const ThFigure *figure = (const ThFigure *)th_as_object(both);
  ck_assert_uint_eq(figure->n_series, 3);
  ck_assert(!figure->series[0].past && !figure->series[1].past && figure->series[2].past);
  ck_assert(th_is_none(figure->series[2].label) && th_is_string(figure->series[1].label));
  ck_assert_double_eq(figure->series[2].columns[1]->real[1], 2.5);
  /* what was past already is not kept: one earlier curve */
  ck_assert(th_figure_over(&cx, th_object(third), both, &again));
  figure = (const ThFigure *)th_as_object(again);
  ck_assert_uint_eq(figure->n_series, 3);
  ck_assert_double_eq(figure->series[2].columns[1]->real[1], 3.5);
  ck_assert_uint_eq(second->n_series, 2);
  th_release(both);
  th_release(again);
  th_release(th_object(first));
  th_release(th_object(second));
  th_release(th_object(third));
  unit_done(&cx);
}
END_TEST

static bool draw_over(ThContext *cx) {
  ThFigure *first = th_figure_new(cx);
  if (!first) return false;
  ThValue both;
  bool ok = th_figure_text(cx, &first->title, "before") &&
            th_figure_over(cx, th_object(first), th_object(first), &both);
  if (ok) th_release(both);
  th_release(th_object(first));
  return ok;
}

START_TEST(refused) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, draw_over);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_val_figure(void) {
  Suite *suite = suite_create("val_figure");
  ADD(suite, same);
  ADD(suite, over);
  ADD(suite, refused);
  return suite;
}
