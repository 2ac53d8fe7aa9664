/* test_ui_plot_table.c - tests of ui/plot_table: the tables of `with` as pictures */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "val/basic.h"
#include "val/figure.h"

static const struct {
  const char *items;
  size_t n_series, series, n, at; /* point `at` of `n` in a series */
  double x, y;
  const char *label, *xlabel, *ylabel; /* "" for none */
  ThMark mark;
} pictures[] = {
    {"(c with a in 1:5)", 1, 0, 5, 3, 4, 18.5, "", "a", "", TH_MARK_LINE},
    {"(c with a in 1:5, b in [2, 3.5, 4])", 3, 1, 5, 2, 3, 12.5, "b = 3.5", "a", "", TH_MARK_LINE},
    {"(c with b in [2, 3.5, 4], a in 1:5)", 3, 2, 5, 4, 5, 29, "b = 4", "a", "", TH_MARK_LINE},
    {"(c with a in [5, 1, 2], b in [2, 4])", 2, 0, 3, 1, 1, 3, "b = 2", "a", "", TH_MARK_POINTS},
    {"(c with a in 1:20, b in 1:13)", 7, 6, 20, 0, 1, 14, "b = 13", "a", "", TH_MARK_LINE},
    {"(c with a in 1:20, b in 1:13)", 7, 3, 20, 0, 1, 8, "b = 7", "a", "", TH_MARK_LINE},
    {"(mean(d) with d in list(Normal(2.5, 1), Gamma(2, 1)))", 1, 0, 2, 0, 1, 2.5, "", "d", "", TH_MARK_BARS},
    {"table(x = [1, 2], b = [3.5, 4])", 1, 0, 2, 1, 2, 4, "", "x", "b", TH_MARK_LINE},
    {"table(x = [1, 2], b = [3.5, 4]), [1, 2], [2, 3]", 2, 0, 2, 1, 2, 4, "b", "x", "", TH_MARK_LINE},
    {"(c with a in 1:5), [1, 2], [2, 3]", 2, 0, 5, 3, 4, 18.5, "c with a in 1:5", "a", "", TH_MARK_LINE},
    {"table(x = [1, 2], b = [3.5, 4], value = [5, 6])", 2, 0, 2, 1, 2, 4, "b", "x", "", TH_MARK_LINE},
};

static const char *text_of(ThValue v) { return th_is_string(v) ? th_as_string(v)->text : ""; }

START_TEST(tables) {
  ThSession *session = unit_session(NULL);
  char text[200];
  snprintf(text, sizeof text, "plot(%s)", pictures[_i].items);
  th_release(unit_evaluate(session, "a = 1; b = 2.5; d = Normal(0, 1)\nc := a^2 + b"));
  ThValue plot = unit_evaluate(session, text);
  ck_assert(th_is(plot, &th_figure_kind));
  const ThFigure *figure = (const ThFigure *)th_as_object(plot);
  ck_assert_uint_eq(figure->n_series, pictures[_i].n_series);
  const ThSeries *s = &figure->series[pictures[_i].series];
  ck_assert_int_eq(s->mark, pictures[_i].mark);
  ck_assert_uint_eq(s->columns[0]->length, pictures[_i].n);
  ck_assert_double_eq(th_array_real(s->columns[0], pictures[_i].at), pictures[_i].x);
  ck_assert_double_eq(th_array_real(s->columns[1], pictures[_i].at), pictures[_i].y);
  ck_assert_str_eq(text_of(s->label), pictures[_i].label);
  ck_assert_str_eq(text_of(figure->xlabel), pictures[_i].xlabel);
  ck_assert_str_eq(text_of(figure->ylabel), pictures[_i].ylabel);
  th_release(plot);
  th_session_free(session);
}
END_TEST

Suite *th_suite_ui_plot_table(void) {
  Suite *suite = suite_create("ui_plot_table");
  ADD_ROWS(suite, tables, COUNT(pictures));
  return suite;
}
